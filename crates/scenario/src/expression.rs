//! Expressions over named observables, compiled once, evaluated thousands of times a history.
//!
//! The language: `or`, `and`, `not`; comparisons, which do not chain; `+ - * /`; the functions that
//! [`vocabulary()`](crate::vocabulary()) lists; the numbers 0 and 1, and no others; names of parameters, stocks and
//! shocks; `decision.option` for "was chosen"; the words of the [vocabulary](mod@crate::vocabulary), with the id of a
//! place, actor or treaty in parentheses. Units are checked: sums and comparisons join like with like, products combine
//! units, 0 fits every unit.
//!
//! Arithmetic is total: ∞ − ∞, 0 · ∞, ∞ / ∞ and any quotient by 0 are 0, `sqrt` is 0 below zero, `ln` has a floor at
//! about −708.4, and a reading that is no number counts as 0. So a value is never NaN; it can be infinite only
//! through `days_since` before its event, or by overflow.

mod check;
mod names;
mod operator;
mod parse;
#[cfg(test)]
mod properties;
mod scan;
mod sheet;
mod tape;
#[cfg(test)]
mod trial;
mod units;

use std::fmt;
use std::ops::Range;

pub use names::Names;
pub(crate) use names::is_reserved;
pub(crate) use operator::FUNCTIONS;
pub use sheet::Sheet;

use crate::chronicle::Subject;
use crate::scenario::{ParameterId, StockId};
use crate::unit::Unit;
use crate::vocabulary::Observable;
use check::Step;
use tape::Tape;

/// One thing an expression reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reference {
    /// A parameter of the history.
    Parameter(ParameterId),
    /// A stock.
    Stock(StockId),
    /// An observable of the world, with the index of its argument (place, actor or treaty) if it has one.
    World(Observable, Option<usize>),
    /// Whether a shock or a choice has happened, as 0 or 1.
    Happened(Subject),
    /// Days since a shock or a choice happened; infinite before.
    DaysSince(Subject),
}

/// What an expression must be, where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// A condition.
    YesNo,
    /// A quantity in this unit.
    Unit(Unit),
    /// A plain number or a condition.
    NumberOrYesNo,
    /// Anything.
    Any,
}

/// One mistake in an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpressionError {
    /// Bytes of the text; empty where something is missing at the end.
    pub span: Range<usize>,
    /// What was found.
    pub message: String,
    /// What was expected, if not said already.
    pub expected: Option<String>,
    /// What was probably meant, to be put in place of the span.
    pub suggestion: Option<String>,
}

impl fmt::Display for ExpressionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        if let Some(expected) = &self.expected {
            write!(f, "; expected {expected}")?;
        }
        if let Some(suggestion) = &self.suggestion {
            write!(f, "; did you mean `{suggestion}`?")?;
        }
        Ok(())
    }
}

impl std::error::Error for ExpressionError {}

/// A compiled expression.
#[derive(Debug, Clone)]
pub struct Expression {
    source: String,
    unit: Unit,
    reads: Box<[Reference]>,
    steps: Box<[Step]>,
    tape: Tape,
}

impl Expression {
    /// Compiles a text in which these names may be used.
    ///
    /// # Errors
    /// Every mistake found, in the order of the text; never an empty list. After a mistake in the form itself (a
    /// parenthesis not closed, say) what follows it is not read, and only what precedes it is checked.
    pub fn compile(
        text: &str,
        names: &Names,
        expected: Expected,
    ) -> Result<Expression, Vec<ExpressionError>> {
        let parse::Parsed { nodes, mut errors, complete } = parse::parse(text);
        // What the whole is cannot be told from a part of it.
        let expected = if complete { expected } else { Expected::Any };
        let (steps, unit, unfit) = check::check(text, &nodes, names, expected);
        errors.extend(unfit);
        if !errors.is_empty() {
            errors.sort_by_key(|error| (error.span.start, error.span.end));
            return Err(errors);
        }
        match Tape::new(&[&steps]) {
            Some((tape, reads)) => {
                Ok(Expression { source: text.to_owned(), unit, reads, steps: steps.into(), tape })
            }
            None => Err(vec![ExpressionError {
                span: 0..text.len(),
                message: "the expression is too long: more than 256 values are needed at once".into(),
                expected: Some("part of it in a stock".into()),
                suggestion: None,
            }]),
        }
    }

    /// Its text.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Unit of its value.
    pub fn unit(&self) -> Unit {
        self.unit
    }

    /// What it reads, each thing once, in order of first appearance.
    pub fn reads(&self) -> &[Reference] {
        &self.reads
    }

    /// Its value, with `read` giving the value of each reference (yes/no as 1 and 0). `read` is asked for each of
    /// [`Self::reads`] in that order, or only for the one that settles a condition by itself. Never NaN, never allocates; the module says what happens at the edges.
    #[inline]
    pub fn evaluate(&self, read: impl Fn(Reference) -> f64) -> f64 {
        self.tape.evaluate(&self.reads, read)
    }

    /// The one thing it is the value of, where it does nothing but read it.
    pub fn reading(&self) -> Option<Reference> {
        self.tape.is_a_reading().then(|| self.reads.first().copied()).flatten()
    }

    /// The reading that makes it 0 by being 0 or less, whatever the rest, where it begins so.
    pub fn guard(&self) -> Option<Reference> {
        self.tape.guard()
    }
}
