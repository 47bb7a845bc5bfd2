//! Which box of a trade-off can be said in one sentence.

use super::{Found, Inputs, quasi_p};

/// Restrictions that fit into a sentence.
const MOST: usize = 3;
/// A restriction with a larger quasi-p-value may be there by chance.
const CHANCE: f64 = 0.05;

/// The step (an index) that tells most in a sentence: among those of at most three restrictions, all of them unlikely to
/// be there by chance, the one with the largest harmonic mean of coverage and density. Where no step qualifies, the
/// unrestricted one. The rule is our own; Bryant and Lempert leave the choice to the analyst.
#[must_use]
pub fn plain(inputs: &Inputs, happens: &[bool], found: &Found) -> usize {
    let harmonic = |at: usize| {
        let step = &found.steps[at];
        let sum = step.coverage + step.density;
        if sum > 0.0 { 2.0 * step.coverage * step.density / sum } else { 0.0 }
    };
    let mut candidates: Vec<usize> =
        (0..found.steps.len()).filter(|&at| (1..=MOST).contains(&found.steps[at].restricted.len())).collect();
    candidates.sort_by(|&a, &b| harmonic(b).total_cmp(&harmonic(a)));
    let sure = |at: &usize| {
        let step = &found.steps[*at];
        quasi_p(inputs, happens, &found.among, &step.bounds, &found.whole)
            .iter()
            .all(|test| test.low.unwrap_or(0.0) <= CHANCE && test.high.unwrap_or(0.0) <= CHANCE)
    };
    candidates.into_iter().find(sure).unwrap_or(0)
}
