//! What can be wrong with flows, shocks or an equilibrium that is not found.

use std::fmt;

/// Why an equilibrium was not reached.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Obstacle {
    /// The iterations allowed were used up while the residual still fell.
    Iterations,
    /// Trade between groups of countries is so thin that their relative prices cannot be told apart.
    Unpinned,
    /// This country's surplus exceeds its output at every price tried, so that nothing is left to spend.
    Expenditure {
        /// The country's index.
        country: usize,
    },
    /// Numbers left the range of a 64-bit float.
    Overflow,
}

/// What is wrong with the input of a gravity model, or why it has no answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum GravityError {
    /// There are no countries.
    NoCountries,
    /// A table has the wrong number of entries.
    Count {
        /// Which table.
        what: &'static str,
        /// Entries given.
        found: usize,
        /// Entries expected.
        expected: usize,
    },
    /// A pair, or a reference importer, names a country that does not exist.
    UnknownCountry {
        /// The index given.
        country: usize,
        /// Countries there are.
        countries: usize,
    },
    /// A pair is given twice.
    DuplicatePair {
        /// The exporter's index.
        exporter: usize,
        /// The importer's index.
        importer: usize,
    },
    /// A flow is negative or not finite.
    Flow {
        /// The exporter's index.
        exporter: usize,
        /// The importer's index.
        importer: usize,
        /// What was given.
        value: f64,
    },
    /// The country has no flow at all, neither sold nor bought.
    NoFlows {
        /// The country's index.
        country: usize,
    },
    /// The country's sales to itself are missing or 0.
    NoDomesticFlow {
        /// The country's index.
        country: usize,
    },
    /// No trade connects these two countries, not even through others: their relative prices mean nothing.
    Unconnected {
        /// The first country's index.
        country: usize,
        /// A country it has no chain of trade to.
        from: usize,
    },
    /// The elasticity is 0 or less, or not finite.
    Elasticity {
        /// What was given.
        elasticity: f64,
    },
    /// A log change of the trade-cost term is not a number, or its exponential overflows. (Minus infinity may be.)
    LogChange {
        /// The exporter's index.
        exporter: usize,
        /// The importer's index.
        importer: usize,
        /// What was given.
        log_change: f64,
    },
    /// A trade-cost term is 0, negative or not finite.
    CostTerm {
        /// The exporter's index.
        exporter: usize,
        /// The importer's index.
        importer: usize,
        /// What was given.
        value: f64,
    },
    /// A country's output or expenditure is 0, negative or not finite.
    Total {
        /// Which total.
        what: &'static str,
        /// The country's index.
        country: usize,
        /// What was given.
        value: f64,
    },
    /// A sum of flows or totals is more than a number holds.
    TotalOverflow {
        /// Which sum.
        what: &'static str,
    },
    /// A share is outside [0, 1].
    Share {
        /// Which share.
        what: &'static str,
        /// What was given.
        value: f64,
    },
    /// A tariff or a cost factor is below what it can be, or not finite.
    Cost {
        /// What was given.
        what: &'static str,
        /// Its value.
        value: f64,
        /// What it must exceed.
        above: f64,
    },
    /// A tariff, or the cost factor of a way round, is below the least it can be, or not finite.
    Least {
        /// What was given.
        what: &'static str,
        /// Its value.
        value: f64,
        /// The least it can be.
        least: f64,
    },
    /// A way round a ban leads through its exporter or its importer, which are no third state.
    WayRound {
        /// The country's index.
        country: usize,
    },
    /// A standard deviation of the elasticity is negative or not finite.
    Spread {
        /// What was given.
        sd: f64,
    },
    /// A country that is no member cannot leave a customs union, and one that is cannot join it.
    Membership {
        /// The country's index.
        country: usize,
        /// Whether it is a member.
        member: bool,
    },
    /// The equations were not solved to the tolerance.
    NotConverged {
        /// Iterations made.
        iterations: usize,
        /// The largest relative excess demand left.
        residual: f64,
        /// What stood in the way.
        obstacle: Obstacle,
    },
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Iterations => write!(f, "the iterations allowed were used up"),
            Self::Unpinned => {
                write!(f, "trade between groups of countries is too thin to pin down their relative prices")
            }
            Self::Expenditure { country } => write!(
                f,
                "the trade surplus of country {country} comes to exceed its output, so that nothing is left to \
                 spend (the multiplicative closure avoids this)"
            ),
            Self::Overflow => write!(f, "numbers left the range of a 64-bit float"),
        }
    }
}

impl fmt::Display for GravityError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoCountries => write!(f, "there are no countries"),
            Self::Count { what, found, expected } => {
                write!(f, "{what}: {found} entries, expected {expected}")
            }
            Self::UnknownCountry { country, countries } => {
                write!(f, "country {country} does not exist: there are {countries}, numbered from 0")
            }
            Self::DuplicatePair { exporter, importer } => {
                write!(f, "the pair exporter {exporter}, importer {importer} is given twice")
            }
            Self::Flow { exporter, importer, value } => write!(
                f,
                "flow from {exporter} to {importer} is {value}, expected a finite number of 0 or more"
            ),
            Self::NoFlows { country } => {
                write!(f, "country {country} neither sells nor buys anything: its row and column are all 0")
            }
            Self::NoDomesticFlow { country } => {
                write!(
                    f,
                    "country {country} has no sales to itself: domestic flows must be given and above 0"
                )
            }
            Self::Unconnected { country, from } => write!(
                f,
                "no chain of trade connects country {country} with country {from}, so their relative prices \
                 mean nothing: solve the two groups apart"
            ),
            Self::Elasticity { elasticity } => {
                write!(f, "trade elasticity is {elasticity}, expected a finite number above 0")
            }
            Self::LogChange { exporter, importer, log_change } => write!(
                f,
                "log change of the trade-cost term from {exporter} to {importer} is {log_change}, expected a \
                 number whose exponential does not overflow"
            ),
            Self::CostTerm { exporter, importer, value } => write!(
                f,
                "trade-cost term from {exporter} to {importer} is {value}, expected a finite number above 0"
            ),
            Self::Total { what, country, value } => {
                write!(f, "{what} of country {country} is {value}, expected a finite number above 0")
            }
            Self::TotalOverflow { what } => write!(f, "{what} add up to more than a number holds"),
            Self::Share { what, value } => write!(f, "{what} is {value}, expected 0 to 1"),
            Self::Cost { what, value, above } => {
                write!(f, "{what} is {value}, expected a finite number above {above}")
            }
            Self::Least { what, value, least } => {
                write!(f, "{what} is {value}, expected a finite number of {least} or more")
            }
            Self::WayRound { country } => {
                write!(
                    f,
                    "country {country} is a party to the ban: a way round it leads through a third state"
                )
            }
            Self::Spread { sd } => {
                write!(
                    f,
                    "the standard deviation of the elasticity is {sd}, expected a finite number of 0 or more"
                )
            }
            Self::Membership { country, member: true } => {
                write!(f, "country {country} is a member of the union already")
            }
            Self::Membership { country, member: false } => {
                write!(f, "country {country} is no member of the union")
            }
            Self::NotConverged { iterations, residual, obstacle } => write!(
                f,
                "no equilibrium after {iterations} iterations: {obstacle}; the largest relative excess demand \
                 left is {residual:e}"
            ),
        }
    }
}

impl std::error::Error for GravityError {}
