//! Why no rule can be looked for.

use std::fmt;

/// A table, an outcome or an option that scenario discovery cannot use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DiscoverError {
    /// There is no input, or no row.
    Empty {
        /// What is missing: "input" or "row".
        what: &'static str,
    },
    /// An input or the outcome has another number of rows.
    Lengths {
        /// Which one.
        name: String,
        /// Its rows.
        found: usize,
        /// The rows of the first input.
        expected: usize,
    },
    /// A number is NaN or infinite.
    NotFinite {
        /// Of which input.
        name: String,
        /// In which row, counted from 0.
        row: usize,
    },
    /// The outcome is the same in every row, so nothing tells rows apart.
    Constant {
        /// Whether it always happens; it never does otherwise.
        happens: bool,
        /// Rows.
        rows: usize,
    },
    /// An option is out of its range.
    Option {
        /// Which one.
        name: &'static str,
        /// The value given.
        value: String,
        /// What it must be.
        expected: &'static str,
    },
}

impl fmt::Display for DiscoverError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DiscoverError::Empty { what } => write!(f, "the table has no {what}; at least one is needed"),
            DiscoverError::Lengths { name, found, expected } => {
                write!(f, "{name} has {found} rows, but the inputs have {expected}")
            }
            DiscoverError::NotFinite { name, row } => write!(
                f,
                "the input {name} has no finite number in row {} (counted from 1); fill it in or leave the row out",
                row + 1
            ),
            DiscoverError::Constant { happens: true, rows } => write!(
                f,
                "it happens in every one of the {rows} rows, so no input can tell when; choose a stricter threshold"
            ),
            DiscoverError::Constant { happens: false, rows } => write!(
                f,
                "it happens in none of the {rows} rows, so no input can tell when; choose a threshold that is reached"
            ),
            DiscoverError::Option { name, value, expected } => {
                write!(f, "{name} is {value}, but must be {expected}")
            }
        }
    }
}

impl std::error::Error for DiscoverError {}
