//! Which box of a trade-off can be said in one sentence.

use super::{DiscoverError, Found, Inputs, PrimOptions, QuasiP, prim, quasi_p};

/// Restrictions that fit into a sentence.
const MOST: usize = 3;
/// A restriction with a larger quasi-p-value may be there by chance.
const CHANCE: f64 = 0.05;

/// The step (an index) that tells most in a sentence: among those of at most three restricted inputs, each with an end (or
/// levels) unlikely to be there by chance, the one with the largest harmonic mean of coverage and density. Where no step qualifies, the
/// unrestricted one. The rule is our own; Bryant and Lempert leave the choice to the analyst.
#[must_use]
pub fn plain(inputs: &Inputs, happens: &[bool], found: &Found) -> usize {
    plain_of(inputs, happens, found, 0..found.steps.len()).unwrap_or(0)
}

/// As [`plain`], of some of the steps only; `None` where none of these qualifies.
#[must_use]
pub fn plain_of(
    inputs: &Inputs,
    happens: &[bool],
    found: &Found,
    steps: impl Iterator<Item = usize>,
) -> Option<usize> {
    let harmonic = |at: usize| {
        let step = &found.steps[at];
        let sum = step.coverage + step.density;
        if sum > 0.0 { 2.0 * step.coverage * step.density / sum } else { 0.0 }
    };
    let mut candidates: Vec<usize> =
        steps.filter(|&at| (1..=MOST).contains(&found.steps[at].restricted.len())).collect();
    candidates.sort_by(|&a, &b| harmonic(b).total_cmp(&harmonic(a)));
    let sure = |at: &usize| {
        let step = &found.steps[*at];
        quasi_p(inputs, happens, &found.among, &step.bounds, &found.whole)
            .iter()
            .all(|test| smallest(test) <= CHANCE)
    };
    candidates.into_iter().find(sure)
}

/// The inputs (indices, at most three) that matter most for when it happens: those of the last box whose limits are
/// least likely to be there by chance. With many inputs a box is otherwise spread over dozens of limits that each say
/// little; looked for again in these inputs alone, it can be said (after the constrained PRIM of Kwakkel 2019, with a
/// choice by quasi-p-value of our own instead of trying all combinations).
///
/// # Errors
/// As [`prim`].
pub fn telling(
    inputs: &Inputs,
    happens: &[bool],
    options: &PrimOptions,
) -> Result<Vec<usize>, DiscoverError> {
    let found = prim(inputs, happens, &PrimOptions { boxes: 1, ..*options })?.remove(0);
    let mut tests = quasi_p(inputs, happens, &found.among, &found.last().bounds, &found.whole);
    tests.sort_by(|a, b| smallest(a).total_cmp(&smallest(b)));
    let mut inputs: Vec<usize> = tests.iter().take(MOST).map(|test| test.input).collect();
    inputs.sort_unstable();
    Ok(inputs)
}

/// The quasi-p-value of an input's surer end.
fn smallest(test: &QuasiP) -> f64 {
    test.low.unwrap_or(1.0).min(test.high.unwrap_or(1.0))
}
