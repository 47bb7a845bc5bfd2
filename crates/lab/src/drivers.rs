//! What drives an outcome: how much of its variance, or of its distribution, each input answers for.
//!
//! | question | estimator | needs |
//! |---|---|---|
//! | [`sobol`] | first-order, total and second-order indices | Saltelli's design |
//! | [`morris`] | mean and spread of elementary effects | Morris trajectories |
//! | [`given_data`] | first-order indices, corrected for bias; shares of groups | any sample |
//! | [`pawn`], [`delta`] | change of the whole distribution, for skewed outcomes | any sample |
//!
//! All take plain columns, so each can be used alone; [`of_run`] asks them of an ensemble. Everything random is keyed by
//! a seed, and the answer is the same on any number of threads.

pub mod delta;
pub mod given_data;
pub mod morris;
pub mod of_run;
mod partition;
pub mod pawn;
mod resample;
pub mod sobol;
pub mod table;

use std::fmt;

use equipoise_models::noise::normal_quantile;

pub use resample::Resampling;

/// The estimators that can be asked for by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// [`sobol`](sobol::sobol).
    Sobol,
    /// [`morris`](morris::morris).
    Morris,
    /// [`given_data`].
    GivenData,
    /// [`pawn`](pawn::pawn).
    Pawn,
    /// [`delta`](delta::delta).
    Delta,
}

impl Method {
    /// Every method, in the order of the documentation.
    pub const ALL: [Method; 5] =
        [Method::Sobol, Method::Morris, Method::GivenData, Method::Pawn, Method::Delta];

    /// The word that stands for it on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Method::Sobol => "sobol",
            Method::Morris => "morris",
            Method::GivenData => "given-data",
            Method::Pawn => "pawn",
            Method::Delta => "delta",
        }
    }

    /// The method of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Method> {
        Method::ALL.into_iter().find(|method| method.name() == name)
    }
}

/// What a method found: one entry per factor or input, in their order.
#[derive(Debug, Clone, PartialEq)]
pub enum Found {
    /// Sobol indices.
    Sobol(sobol::Indices),
    /// Elementary effects.
    Morris(Vec<morris::Effects>),
    /// First orders from given data.
    GivenData(given_data::Explained),
    /// PAWN indices.
    Pawn(pawn::Moved),
    /// Borgonovo's δ.
    Delta(Vec<Estimate>),
}

/// Slices of PAWN where none are asked for, as in SALib.
pub const SLICES: usize = 10;

/// A number with its interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The estimate itself.
    pub value: f64,
    /// Lower end of the interval. Nothing is cut off at 0 or 1: an estimate may lie outside for lack of rows.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Estimate {
    /// An estimate with its standard error: the normal interval at `confidence` (0 to 1).
    #[must_use]
    pub fn normal(value: f64, error: f64, confidence: f64) -> Estimate {
        let half = normal_quantile(f64::midpoint(1.0, confidence)) * error;
        Estimate { value, low: value - half, high: value + half }
    }
}

/// Why a question cannot be answered from these rows.
#[derive(Debug, Clone, PartialEq)]
pub enum Unanswerable {
    /// The outcome is the same in every row.
    Constant {
        /// What it is.
        value: f64,
    },
    /// The outcome has no value in a row.
    NoValue {
        /// The first such row, from 0.
        row: usize,
        /// How many there are.
        rows: usize,
    },
    /// There are too few rows for what is asked.
    TooFew {
        /// Rows there are.
        rows: usize,
        /// Rows needed.
        needed: usize,
        /// What needs them.
        why: String,
    },
    /// The number of rows is that of no table of this design.
    Rows {
        /// Rows there are.
        rows: usize,
        /// What they would have to be a multiple of.
        multiples: String,
    },
    /// The inputs were drawn together, from a posterior, so that shares would overlap.
    Dependent,
    /// A row is not what the design has there.
    Layout {
        /// The row, from 0.
        row: usize,
        /// What is wrong with it.
        why: String,
    },
}

impl fmt::Display for Unanswerable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unanswerable::Constant { value } => {
                write!(f, "the outcome is {value} in every row, so there is nothing to be driven")
            }
            Unanswerable::NoValue { row, rows } => write!(
                f,
                "the outcome has no value in row {} ({rows} such in all), and this method needs every row; \
                 given-data, pawn and delta can be asked of the rows that have one",
                row + 1
            ),
            Unanswerable::TooFew { rows, needed, why } => {
                write!(f, "there are {rows} rows, and {needed} are needed: {why}")
            }
            Unanswerable::Rows { rows, multiples } => {
                write!(f, "there are {rows} rows, which is no multiple of {multiples}")
            }
            Unanswerable::Dependent => f.write_str(
                "the inputs come from a posterior and hang together, so what one explains cannot be told from what \
                 another does; pawn and delta can be asked of each by itself",
            ),
            Unanswerable::Layout { row, why } => write!(f, "row {}: {why}", row + 1),
        }
    }
}

impl std::error::Error for Unanswerable {}

/// Checks that an outcome has a value in each row and is not the same in all.
fn check_outcome(outcome: &[f64]) -> Result<(), Unanswerable> {
    let missing = || outcome.iter().enumerate().filter(|(_, value)| !value.is_finite());
    if let Some((row, _)) = missing().next() {
        return Err(Unanswerable::NoValue { row, rows: missing().count() });
    }
    match outcome.first() {
        None => Err(Unanswerable::TooFew { rows: 0, needed: 2, why: "the table is empty".to_owned() }),
        Some(first) if outcome.iter().all(|value| value == first) => {
            Err(Unanswerable::Constant { value: *first })
        }
        Some(_) => Ok(()),
    }
}
