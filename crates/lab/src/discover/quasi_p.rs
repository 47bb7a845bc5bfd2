//! Quasi-p-values: could a restriction be there by chance?

use super::limits::restricted;
use super::{Inputs, Limit, Values};
use crate::binomial_tail::at_least;

/// Quasi-p-values of one restricted input.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct QuasiP {
    /// The input (an index).
    pub input: usize,
    /// Of its lower limit, or of its levels; `None` where that end is not restricted.
    pub low: Option<f64>,
    /// Of its upper limit.
    pub high: Option<f64>,
}

/// For each restricted input the probability that the box would hold at least so many cases among so many rows, if the
/// restriction made no difference: a one-sided binomial test whose probability is the density without it (Bryant and
/// Lempert 2010, as EMA Workbench has it). It is "quasi" because the box was chosen for its density.
///
/// `among` are the rows the box was looked for in, `whole` the limits of the whole table.
#[must_use]
pub fn quasi_p(
    inputs: &Inputs,
    happens: &[bool],
    among: &[usize],
    bounds: &[Limit],
    whole: &[Limit],
) -> Vec<QuasiP> {
    let restricted = restricted(bounds, whole);
    let columns = inputs.columns();
    // Sides: 2·i is the lower limit (or the levels) of the i-th restricted input, 2·i + 1 the upper one.
    let broken = |side: usize, row: usize| {
        let at = restricted[side / 2];
        match (&columns[at].values, &bounds[at]) {
            (Values::Real(numbers) | Values::Whole(numbers), Limit::Range { low, high }) => {
                if side.is_multiple_of(2) { numbers[row] < *low } else { numbers[row] > *high }
            }
            (Values::Levels { of, .. }, Limit::Levels(allowed)) => {
                side.is_multiple_of(2) && !allowed[of[row]]
            }
            _ => unreachable!("a limit of another kind than its input"),
        }
    };
    let mut inside = (0u64, 0u64);
    let mut only = vec![(0u64, 0u64); 2 * restricted.len()];
    for &row in among {
        let mut sides = (0..only.len()).filter(|&side| broken(side, row));
        let tally = match (sides.next(), sides.next()) {
            (None, _) => &mut inside,
            (Some(side), None) => &mut only[side],
            _ => continue,
        };
        tally.0 += 1;
        tally.1 += u64::from(happens[row]);
    }
    let test = |side: usize| {
        let (rows, cases) = (inside.0 + only[side].0, inside.1 + only[side].1);
        at_least(inside.1, inside.0, cases as f64 / rows as f64)
    };
    let tested = restricted.iter().enumerate().map(|(i, &input)| {
        let (low, high) = match (&bounds[input], &whole[input]) {
            (Limit::Range { low, high }, Limit::Range { low: first, high: last }) => {
                (low != first, high != last)
            }
            _ => (true, false),
        };
        QuasiP { input, low: low.then(|| test(2 * i)), high: high.then(|| test(2 * i + 1)) }
    });
    tested.collect()
}
