//! Boxes: what each input may be inside one.

use super::{Inputs, Values};

/// What one input may be inside a box.
#[derive(Debug, Clone, PartialEq)]
pub enum Limit {
    /// From low to high, both included.
    Range {
        /// Smallest value.
        low: f64,
        /// Largest value.
        high: f64,
    },
    /// One of some levels: a yes for each level that is.
    Levels(Vec<bool>),
}

/// The limits of a box, one per input in the order of the table.
pub type Bounds = Vec<Limit>;

/// The smallest box that holds the whole table.
#[must_use]
pub fn whole_table(inputs: &Inputs) -> Bounds {
    let bounds = inputs.columns().iter().map(|column| match &column.values {
        Values::Real(numbers) | Values::Whole(numbers) => Limit::Range {
            low: numbers.iter().copied().fold(f64::INFINITY, f64::min),
            high: numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        },
        Values::Levels { names, of } => {
            let mut there = vec![false; names.len()];
            for &level in of {
                there[level] = true;
            }
            Limit::Levels(there)
        }
    });
    bounds.collect()
}

/// The inputs, by index, whose limits differ from those of the whole table.
pub(super) fn restricted(bounds: &[Limit], whole: &[Limit]) -> Vec<usize> {
    (0..whole.len()).filter(|&at| bounds[at] != whole[at]).collect()
}

/// Whether a row's value of one input keeps to its limit.
pub(super) fn keeps(values: &Values, row: usize, limit: &Limit) -> bool {
    match (values, limit) {
        (Values::Real(numbers) | Values::Whole(numbers), Limit::Range { low, high }) => {
            *low <= numbers[row] && numbers[row] <= *high
        }
        (Values::Levels { of, .. }, Limit::Levels(allowed)) => allowed[of[row]],
        // A limit is made from its own input's values.
        _ => unreachable!("a limit of another kind than its input"),
    }
}
