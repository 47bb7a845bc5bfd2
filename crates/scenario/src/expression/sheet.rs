//! Expressions that are evaluated together, many times in one history.

use std::cell::Cell;

use super::tape::Tape;
use super::{Expression, Reference};

/// One or several expressions with one set of registers: what they read is read once for all, and what only parameters
/// decide is worked out once a history.
#[derive(Debug, Clone)]
pub struct Sheet {
    tape: Tape,
}

impl Sheet {
    /// The sheet of some expressions; `None` if they need more registers together than there are (256). One
    /// expression always finds room.
    pub fn of(expressions: &[&Expression]) -> Option<Sheet> {
        let steps: Vec<_> = expressions.iter().map(|expression| &*expression.steps).collect();
        Tape::new(&steps).map(|(tape, _)| Sheet { tape })
    }

    /// How many registers it wants.
    pub fn registers(&self) -> usize {
        self.tape.registers()
    }

    /// Whether only parameters decide the values: [`Sheet::settle`] has then done all there is to do.
    pub fn is_settled(&self) -> bool {
        self.tape.is_settled()
    }

    /// Puts into `registers` what only parameters decide.
    ///
    /// # Panics
    /// If there are fewer than [`Self::registers`], or a parameter it reads is missing.
    pub fn settle(&self, registers: &[Cell<f64>], parameters: &[f64]) {
        self.tape.settle(registers, parameters);
    }

    /// Works the values out anew, in registers that [`Self::settle`] has prepared; `read` is asked for other things than
    /// parameters only.
    ///
    /// # Panics
    /// If there are fewer than [`Self::registers`].
    #[inline]
    pub fn work_out(&self, registers: &[Cell<f64>], read: impl Fn(Reference) -> f64) {
        self.tape.work_out(registers, read);
    }

    /// In which register the value of each expression then stands, as [`Expression::evaluate`] gives it.
    pub fn results(&self) -> &[u8] {
        self.tape.results()
    }
}
