//! Why a member votes as it does: what the treaty's text says of the case, and what a yes is worth to it.

use crate::choice::probabilities;

/// One clause of a treaty held against a case.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClauseTest {
    /// How far the clause's trigger is met, 0 to 1.
    pub degree: f64,
    /// How strongly the clause obliges once it is met, 0 to 1.
    pub strength: f64,
}

/// How far a request stands on the treaty's text: degree × strength of the clause that carries it best,
/// 0 to 1 (ours).
///
/// Values outside [0, 1] are clamped, NaN counts as 0, and without clauses the answer is 0.
#[must_use]
pub fn admissibility(tests: &[ClauseTest]) -> f64 {
    tests.iter().fold(0.0, |strongest, test| f64::max(strongest, share(test.degree) * share(test.strength)))
}

fn share(value: f64) -> f64 {
    if value.is_nan() { 0.0 } else { value.clamp(0.0, 1.0) }
}

/// What voting yes is worth to a member over voting no, by reason, in units of utility; a cost is negative.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct VoteParts {
    /// What the treaty's text asks of it.
    pub obligation: f64,
    /// What its own interest in the focus state says.
    pub interest: f64,
    /// What stronger members want of it.
    pub pressure: f64,
    /// What it can spare.
    pub capacity: f64,
    /// How its public would take it.
    pub home: f64,
    /// What granting or refusing means for its own later requests.
    pub precedent: f64,
}

impl VoteParts {
    /// The sum of the parts.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.obligation + self.interest + self.pressure + self.capacity + self.home + self.precedent
    }
}

/// The probability of voting yes: the logit 1 / (1 + exp(−rationality · total)), with the limits of
/// [`crate::choice::probabilities`]; a total that is NaN gives 0.
#[must_use]
pub fn yes_probability(parts: &VoteParts, rationality: f64) -> f64 {
    let mut yes_and_no = [0.0; 2];
    probabilities(&[parts.total(), 0.0], rationality, &mut yes_and_no);
    yes_and_no[0]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clause_that_carries_a_request_best_counts() {
        let clause = |degree, strength| ClauseTest { degree, strength };
        assert_eq!(admissibility(&[clause(0.2, 1.0), clause(0.9, 0.5), clause(1.0, 0.1)]), 0.45);
        assert_eq!(admissibility(&[]), 0.0);
        assert_eq!(admissibility(&[clause(f64::NAN, 1.0), clause(-2.0, 3.0)]), 0.0);
        assert_eq!(admissibility(&[clause(7.0, 0.5)]), 0.5);
    }

    #[test]
    fn a_vote_is_a_logit_of_its_parts() {
        let parts = VoteParts { obligation: 1.0, interest: 0.5, home: -0.7, ..VoteParts::default() };
        assert!((parts.total() - 0.8).abs() < 1e-15);
        let logit = 1.0 / (1.0 + (-1.6_f64).exp());
        assert!((yes_probability(&parts, 2.0) - logit).abs() < 1e-15);
        assert_eq!(yes_probability(&parts, f64::INFINITY), 1.0);
        assert_eq!(yes_probability(&VoteParts::default(), f64::INFINITY), 0.5);
    }
}
