//! What is read off a history, and what really happened.

use jiff::civil::Date;

use crate::chronicle::Trigger;
use crate::expression::Expression;
use crate::unit::Unit;

/// One number, date or yes/no read off a history.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// Short name: the column of the outcomes table.
    pub id: String,
    /// What it is, for people.
    pub title: String,
    /// How it is read.
    pub measure: Measure,
    /// Its unit: `Unit::YES_NO` for yes/no; dates are told by the measure.
    pub unit: Unit,
    /// Shown in the summary's first lines.
    pub headline: bool,
}

/// How an outcome is read off a history.
#[derive(Debug, Clone)]
pub enum Measure {
    /// An expression at the end of a day (the last one if none is named).
    Value {
        /// The expression.
        value: Expression,
        /// The day.
        on: Option<Date>,
    },
    /// The largest value an expression reaches at the end of any day.
    Peak {
        /// The expression.
        value: Expression,
    },
    /// The date of the first event that matches; missing if there is none.
    First {
        /// What is looked for.
        event: Trigger,
    },
    /// The date of the last event that matches; missing if there is none.
    Last {
        /// What is looked for.
        event: Trigger,
    },
    /// Whether an event that matches happens.
    Happens {
        /// What is looked for.
        event: Trigger,
    },
}

/// A quantity recorded at the end of every day.
#[derive(Debug, Clone)]
pub struct Series {
    /// Short name: the column of the series table.
    pub id: String,
    /// What it is, for people.
    pub title: String,
    /// The expression.
    pub value: Expression,
    /// Its unit.
    pub unit: Unit,
}

/// One thing that really happened, as a claim, to score the ensemble against.
#[derive(Debug, Clone)]
pub struct RecordRow {
    /// What it scores.
    pub target: Target,
    /// The claim that reports it (index into the evidence).
    pub claim: usize,
    /// Whether calibration may look at it.
    pub held_out: bool,
    /// Claims that say what was expected before it happened (indices into the evidence), to be scored beside the
    /// ensemble; none for most rows.
    pub expected: Vec<usize>,
    /// A remark for people.
    pub note: String,
}

/// What a row of the record scores.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// An outcome (index).
    Outcome(usize),
    /// A series (index) on a day.
    Series(usize, Date),
}
