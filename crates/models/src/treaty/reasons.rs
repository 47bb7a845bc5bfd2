//! Why a member votes as it does: what the treaty's text says of the case, and what a yes is worth to it.

use crate::choice::probabilities;

use super::Ballot;

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

/// What a member has at stake in a case, each on a scale of its own; what weighs how much is in [`VoteWeights`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Stakes {
    /// Interest in the requester's stability, 0 (none) to 1 (vital).
    pub interest: f64,
    /// What it would lose with the alleged attacker by helping, 0 (nothing, or no such state) to 1 (a vital partner).
    pub relation: f64,
    /// Share of the forces it could send that other commitments bind, 0 to 1.
    pub capacity: f64,
    /// Opposition at home to sending forces, 0 to 1.
    pub home: f64,
    /// What a grant means for later cases, −1 (a precedent it fears) to 1 (one it wants).
    pub precedent: f64,
}

/// How much each reason counts in a member's vote, in units of utility.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct VoteWeights {
    /// Treaty duty, per unit of admissibility.
    pub obligation: f64,
    /// Admissibility at which duty neither pulls nor pushes, 0 to 1.
    pub needed: f64,
    /// Interest in the requester.
    pub interest: f64,
    /// Relation to the alleged attacker.
    pub relation: f64,
    /// Own capacity.
    pub capacity: f64,
    /// Cost at home.
    pub home: f64,
    /// Precedent.
    pub precedent: f64,
    /// The leading member's example: for where it votes yes, against where it does not.
    pub pressure: f64,
}

/// What voting yes is worth to a member over abstaining, by reason, in units of utility; a cost is negative.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct VoteParts {
    /// What the treaty's text asks of it.
    pub obligation: f64,
    /// What its own interest in the focus state says.
    pub interest: f64,
    /// What it has to lose with the alleged attacker.
    pub relation: f64,
    /// What it can spare.
    pub capacity: f64,
    /// How its public would take it.
    pub home: f64,
    /// What granting or refusing means for its own later requests.
    pub precedent: f64,
    /// What the leading member wants of it.
    pub pressure: f64,
}

impl VoteParts {
    /// Names of the parts, in the order of [`VoteParts::values`].
    pub const NAMES: [&'static str; 7] =
        ["obligation", "interest", "relation", "capacity", "home", "precedent", "pressure"];

    /// The parts, weighed: `lead_in_favour` is `None` for the leading member itself, or where none leads (ours; the
    /// reasons are those of Smith 1995 and Leeds 2003, recalled).
    #[must_use]
    pub fn weigh(
        weights: &VoteWeights,
        stakes: &Stakes,
        admissibility: f64,
        lead_in_favour: Option<bool>,
    ) -> VoteParts {
        VoteParts {
            obligation: weights.obligation * (admissibility - weights.needed),
            interest: weights.interest * stakes.interest,
            relation: -weights.relation * stakes.relation,
            capacity: -weights.capacity * stakes.capacity,
            home: -weights.home * stakes.home,
            precedent: weights.precedent * stakes.precedent,
            pressure: match lead_in_favour {
                None => 0.0,
                Some(true) => weights.pressure,
                Some(false) => -weights.pressure,
            },
        }
    }

    /// The parts in the order of [`VoteParts::NAMES`].
    #[must_use]
    pub fn values(&self) -> [f64; 7] {
        [
            self.obligation,
            self.interest,
            self.relation,
            self.capacity,
            self.home,
            self.precedent,
            self.pressure,
        ]
    }

    /// The sum of the parts.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.values().iter().sum()
    }

    /// Utilities of yes, abstaining and an open no: no mirrors yes, and bears the leading member's example once more
    /// where that member votes yes (ours).
    #[must_use]
    pub fn utilities(&self) -> [f64; 3] {
        let yes = self.total();
        [yes, 0.0, -yes - self.pressure.max(0.0)]
    }
}

/// The ballots behind [`VoteParts::utilities`], in that order.
pub const BALLOTS: [Ballot; 3] = [Ballot::Yes, Ballot::Abstain, Ballot::No];

/// Probabilities of yes, abstaining and no: the multinomial logit of McFadden 1974, with the limits of
/// [`crate::choice::probabilities`].
#[must_use]
pub fn ballot_probabilities(parts: &VoteParts, rationality: f64) -> [f64; 3] {
    let mut out = [0.0; 3];
    probabilities(&parts.utilities(), rationality, &mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_clause_that_carries_a_request_best_counts() {
        let clause = |degree, strength| ClauseTest { degree, strength };
        assert_eq!(admissibility(&[clause(0.2, 1.0), clause(0.9, 0.5), clause(1.0, 0.1)]), 0.45);
        assert_eq!(admissibility(&[]), 0.0);
        assert_eq!(admissibility(&[clause(f64::NAN, 1.0), clause(-2.0, 3.0)]), 0.0);
        assert_eq!(admissibility(&[clause(7.0, 0.5)]), 0.5);
    }

    #[test]
    fn a_vote_is_a_logit_of_its_weighed_parts() {
        let weights =
            VoteWeights { obligation: 2.0, needed: 0.5, home: 1.0, pressure: 0.5, ..Default::default() };
        let stakes = Stakes { home: 0.7, ..Default::default() };
        let parts = VoteParts::weigh(&weights, &stakes, 1.0, Some(true));
        assert!((parts.total() - 0.8).abs() < 1e-15);
        let [yes, abstain, no] = ballot_probabilities(&parts, 2.0);
        let (e_yes, e_no) = (1.6_f64.exp(), (-2.6_f64).exp());
        let all = e_yes + 1.0 + e_no;
        assert!((yes - e_yes / all).abs() < 1e-15 && (abstain - 1.0 / all).abs() < 1e-15);
        assert!((no - e_no / all).abs() < 1e-15);
        assert_eq!(VoteParts::weigh(&weights, &stakes, 1.0, None).pressure, 0.0);
    }

    proptest! {
        #[test]
        fn each_reason_moves_a_vote_its_own_way(
            w in prop::array::uniform8(0.0..4.0f64), s in prop::array::uniform5(0.0..0.9f64), a in 0.0..0.9f64,
        ) {
            let weights = VoteWeights {
                obligation: w[0], needed: w[1] / 4.0, interest: w[2], relation: w[3], capacity: w[4], home: w[5],
                precedent: w[6], pressure: w[7],
            };
            let stakes =
                Stakes { interest: s[0], relation: s[1], capacity: s[2], home: s[3], precedent: s[4] };
            let yes = |stakes: &Stakes, a, lead| {
                ballot_probabilities(&VoteParts::weigh(&weights, stakes, a, lead), 1.0)[0]
            };
            let base = yes(&stakes, a, Some(false));
            let slack = 1e-12;
            prop_assert!(yes(&stakes, a + 0.1, Some(false)) >= base - slack);
            prop_assert!(yes(&stakes, a, Some(true)) >= base - slack);
            let more = |change: fn(&mut Stakes)| { let mut s = stakes; change(&mut s); yes(&s, a, Some(false)) };
            prop_assert!(more(|s| s.interest += 0.1) >= base - slack);
            prop_assert!(more(|s| s.precedent += 0.1) >= base - slack);
            prop_assert!(more(|s| s.relation += 0.1) <= base + slack);
            prop_assert!(more(|s| s.capacity += 0.1) <= base + slack);
            prop_assert!(more(|s| s.home += 0.1) <= base + slack);
        }
    }
}
