//! Checked expressions, one or several, as a flat list of operations on numbered registers, and their evaluation without
//! allocation.
//!
//! The registers hold, in this order, what is read from the world, the constants, what follows from parameters and
//! constants alone, and the intermediate values. Each reference is read once an evaluation, however often it is named and
//! in however many of the expressions.
//! Both branches of an `if` are evaluated: nothing here can fail, and a straight line is faster than a jump.
//!
//! Whoever evaluates an expression many times in one history gives it registers of its own: what the history does not
//! change is then put there once ([`Tape::settle`]).

use std::cell::Cell;

use super::Reference;
use super::check::Step;
use super::operator::{Operator, defined};
use crate::scenario::ParameterId;

/// Most registers a tape may use.
const MOST: usize = 256;

/// A compiled expression.
#[derive(Debug, Clone)]
pub(super) struct Tape {
    constants: Box<[f64]>,
    /// The register of each parameter read, and of everything else.
    parameters: Box<[(u8, ParameterId)]>,
    moving: Box<[(u8, Reference)]>,
    /// Operations on parameters and constants alone, then the others.
    settled: Box<[Operation]>,
    operations: Box<[Operation]>,
    /// The register of each expression's value.
    results: Box<[u8]>,
    registers: usize,
    /// A reading without which the value of an only expression is 0 whatever the rest: `x` in `x and …` and in
    /// `x > 0 and …`. Conditions mostly begin so, and mostly do not hold.
    guard: Option<Reference>,
}

/// One operation: the register it writes, and those it reads (register 0 where it takes fewer than three).
#[derive(Debug, Clone, Copy)]
struct Operation {
    operator: Operator,
    to: u8,
    operands: [u8; 3],
}

/// A value while the tape is made.
#[derive(Debug, Clone, Copy)]
enum Value {
    Read(usize),
    Constant(f64),
    /// Follows from parameters and constants.
    Settled(usize),
    Intermediate(usize),
}

/// Calls a function of a tape with its registers as an array of one of a few sizes, so that no register number needs to
/// be checked.
macro_rules! sized {
    ($tape:expr, $size:ident => $call:expr) => {
        match $tape.registers {
            0..=8 => {
                const $size: usize = 8;
                $call
            }
            9..=16 => {
                const $size: usize = 16;
                $call
            }
            17..=64 => {
                const $size: usize = 64;
                $call
            }
            _ => {
                const $size: usize = MOST;
                $call
            }
        }
    };
}

impl Tape {
    /// Makes the tape of some expressions, with operations on constants done in advance; returns with it what it reads,
    /// each thing once in order of first appearance. `None` if it needs more registers than there are.
    pub(super) fn new(expressions: &[&[Step]]) -> Option<(Tape, Box<[Reference]>)> {
        let mut draft = Draft::default();
        for step in expressions.iter().copied().flatten() {
            match *step {
                Step::Constant(value) => draft.stack.push(Value::Constant(value)),
                Step::Read(reference) => draft.read(reference),
                Step::Apply(operator, operands) => draft.apply(operator, operands),
            }
        }
        // Checked steps leave exactly one value an expression, and what is on the stack keeps its register.
        let (mut tape, reads) = draft.number()?;
        if let [only] = expressions {
            tape.guard = guard(only);
        }
        Some((tape, reads))
    }

    /// The value of an only expression, with `read` giving the value of each reference of `reads`; a reading that is no number counts as 0.
    #[inline]
    pub(super) fn evaluate(&self, reads: &[Reference], read: impl Fn(Reference) -> f64) -> f64 {
        if let Some(guard) = self.guard
            && defined(read(guard)) <= 0.0
        {
            return 0.0;
        }
        // A single reading or constant needs no registers at all.
        if self.operations.is_empty() && self.settled.is_empty() {
            let read = reads.first().map(|reference| defined(read(*reference)));
            return read.or(self.constants.first().copied()).unwrap_or(0.0);
        }
        sized!(self, SIZE => self.run::<SIZE>(reads, read))
    }

    #[inline]
    fn run<const N: usize>(&self, reads: &[Reference], read: impl Fn(Reference) -> f64) -> f64 {
        let registers = [const { Cell::new(0.0) }; N];
        for (register, reference) in registers.iter().zip(reads) {
            register.set(defined(read(*reference)));
        }
        self.put_constants(&registers);
        operate(&self.settled, &registers);
        operate(&self.operations, &registers);
        registers[at::<N>(self.results[0])].get()
    }

    /// Whether the value is one reading, as it is.
    pub(super) fn is_a_reading(&self) -> bool {
        self.operations.is_empty() && self.settled.is_empty() && self.constants.is_empty()
    }

    /// Whether only parameters decide the values.
    pub(super) fn is_settled(&self) -> bool {
        self.operations.is_empty() && self.moving.is_empty()
    }

    /// The reading that settles an only expression by being 0 or less.
    pub(super) fn guard(&self) -> Option<Reference> {
        self.guard
    }

    /// How many registers [`Self::work_out`] wants: a few more than are used.
    pub(super) fn registers(&self) -> usize {
        sized!(self, SIZE => SIZE)
    }

    /// Puts into the registers what only parameters decide.
    pub(super) fn settle(&self, registers: &[Cell<f64>], parameters: &[f64]) {
        sized!(self, SIZE => self.settle_sized::<SIZE>(registers, parameters));
    }

    fn settle_sized<const N: usize>(&self, registers: &[Cell<f64>], parameters: &[f64]) {
        let registers = whole::<N>(registers);
        for &(register, id) in &self.parameters {
            registers[at::<N>(register)].set(defined(parameters[id]));
        }
        self.put_constants(registers);
        operate(&self.settled, registers);
    }

    /// Works the values out in registers settled on the parameters that `read` gives.
    #[inline]
    pub(super) fn work_out(&self, registers: &[Cell<f64>], read: impl Fn(Reference) -> f64) {
        sized!(self, SIZE => self.work_out_sized::<SIZE>(registers, read));
    }

    #[inline]
    fn work_out_sized<const N: usize>(&self, registers: &[Cell<f64>], read: impl Fn(Reference) -> f64) {
        let registers = whole::<N>(registers);
        for &(register, reference) in &self.moving {
            registers[at::<N>(register)].set(defined(read(reference)));
        }
        operate(&self.operations, registers);
    }

    /// The register of the value of each expression.
    pub(super) fn results(&self) -> &[u8] {
        &self.results
    }

    fn put_constants<const N: usize>(&self, registers: &[Cell<f64>; N]) {
        let first = self.parameters.len() + self.moving.len();
        for (register, constant) in registers.iter().skip(first).zip(&self.constants) {
            register.set(*constant);
        }
    }
}

/// # Panics
/// If there are fewer registers than [`Tape::registers`] asked for.
#[inline(always)]
fn whole<const N: usize>(registers: &[Cell<f64>]) -> &[Cell<f64>; N] {
    registers.first_chunk().expect("as many registers as the expression asked for")
}

/// The sizes are powers of two above every register number: the mask changes nothing and spares the bounds check.
#[inline(always)]
fn at<const N: usize>(register: u8) -> usize {
    usize::from(register) & (N - 1)
}

fn operate<const N: usize>(operations: &[Operation], registers: &[Cell<f64>; N]) {
    for operation in operations {
        let [a, b, c] = operation.operands.map(|register| registers[at::<N>(register)].get());
        registers[at::<N>(operation.to)].set(operation.operator.apply(a, b, c));
    }
}

/// The reading that the only condition, or the first of several joined by `and`, is about, if its being 0 or less makes
/// the value 0.
fn guard(steps: &[Step]) -> Option<Reference> {
    let mut first = steps;
    while let [before @ .., Step::Apply(Operator::And, 2)] = first {
        first = &before[..start_of_last(before)];
    }
    match first {
        [Step::Read(reference)] if first.len() < steps.len() => Some(*reference),
        [Step::Read(reference), Step::Constant(0.0), Step::Apply(Operator::Greater, 2)] => Some(*reference),
        _ => None,
    }
}

/// Where the steps of the last value begin.
fn start_of_last(steps: &[Step]) -> usize {
    let mut missing = 1;
    let mut at = steps.len();
    while missing > 0 && at > 0 {
        at -= 1;
        missing -= 1;
        if let Step::Apply(_, operands) = steps[at] {
            missing += operands;
        }
    }
    at
}

/// An operation, the value it makes, and those it takes.
type Drafted = (Operator, Value, [Option<Value>; 3]);

/// A tape in the making.
#[derive(Default)]
struct Draft {
    reads: Vec<Reference>,
    constants: Vec<f64>,
    settled: Vec<Drafted>,
    /// How many settled values there are at once, and which places of theirs are free again.
    settled_places: usize,
    free: Vec<usize>,
    operations: Vec<Drafted>,
    /// Values not used up yet.
    stack: Vec<Value>,
    /// How many intermediate values are needed at once.
    intermediates: usize,
}

impl Draft {
    fn read(&mut self, reference: Reference) {
        let known = self.reads.iter().position(|r| *r == reference);
        let at = known.unwrap_or_else(|| {
            self.reads.push(reference);
            self.reads.len() - 1
        });
        self.stack.push(Value::Read(at));
    }

    fn apply(&mut self, operator: Operator, operands: usize) {
        match operands {
            1 => {
                let a = self.stack.pop();
                self.operate(operator, [a, None, None]);
            }
            3 if matches!(operator, Operator::If | Operator::Clamp) => {
                let (c, b, a) = (self.stack.pop(), self.stack.pop(), self.stack.pop());
                self.operate(operator, [a, b, c]);
            }
            // `min` and `max` of more than two: from the right, so that what waits stays on the stack.
            _ => {
                for _ in 1..operands {
                    let (b, a) = (self.stack.pop(), self.stack.pop());
                    self.operate(operator, [a, b, None]);
                }
            }
        }
    }

    fn operate(&mut self, operator: Operator, operands: [Option<Value>; 3]) {
        let constants = operands.map(|operand| match operand {
            None => Some(0.0),
            Some(Value::Constant(value)) => Some(value),
            Some(_) => None,
        });
        if let [Some(a), Some(b), Some(c)] = constants {
            self.stack.push(Value::Constant(operator.apply(a, b, c)));
            return;
        }
        if operands.iter().flatten().all(|operand| self.is_settled(operand)) {
            // Whatever settled values this uses up leave room for it and the next.
            self.free.extend(operands.iter().flatten().filter_map(|operand| match operand {
                Value::Settled(at) => Some(*at),
                _ => None,
            }));
            let to = self.free.pop().unwrap_or(self.settled_places);
            self.settled_places = self.settled_places.max(to + 1);
            self.settled.push((operator, Value::Settled(to), operands));
            self.stack.push(Value::Settled(to));
            return;
        }
        let to = self.stack.iter().filter(|v| matches!(v, Value::Intermediate(_))).count();
        self.intermediates = self.intermediates.max(to + 1);
        self.operations.push((operator, Value::Intermediate(to), operands));
        self.stack.push(Value::Intermediate(to));
    }

    fn is_settled(&self, value: &Value) -> bool {
        match value {
            Value::Read(at) => matches!(self.reads[*at], Reference::Parameter(_)),
            Value::Constant(_) | Value::Settled(_) => true,
            Value::Intermediate(_) => false,
        }
    }

    /// Gives every value its register; what is left on the stack are the results.
    fn number(mut self) -> Option<(Tape, Box<[Reference]>)> {
        let reads = self.reads.len();
        let steps = self.settled.iter().chain(&self.operations);
        let used = steps.flat_map(|(_, _, operands)| operands.iter().flatten());
        for value in used.chain(&self.stack) {
            if let Value::Constant(constant) = value
                && !self.constants.iter().any(|known| known.to_bits() == constant.to_bits())
            {
                self.constants.push(*constant);
            }
        }
        let first_settled = reads + self.constants.len();
        let first_intermediate = first_settled + self.settled_places;
        let registers = first_intermediate + self.intermediates;
        if registers > MOST {
            return None;
        }
        let register = |value: Value| {
            let number = match value {
                Value::Read(at) => at,
                Value::Constant(constant) => {
                    let known = self.constants.iter().position(|c| c.to_bits() == constant.to_bits());
                    reads + known.expect("every constant used was collected above")
                }
                Value::Settled(at) => first_settled + at,
                Value::Intermediate(at) => first_intermediate + at,
            };
            u8::try_from(number).expect("no register number reaches 256")
        };
        let operation = |&(operator, to, operands): &Drafted| Operation {
            operator,
            to: register(to),
            operands: operands.map(|operand| operand.map_or(0, register)),
        };
        let numbered = || self.reads.iter().enumerate().map(|(at, &read)| (register(Value::Read(at)), read));
        let tape = Tape {
            parameters: numbered()
                .filter_map(|(register, read)| match read {
                    Reference::Parameter(id) => Some((register, id)),
                    _ => None,
                })
                .collect(),
            moving: numbered().filter(|(_, read)| !matches!(read, Reference::Parameter(_))).collect(),
            settled: self.settled.iter().map(operation).collect(),
            operations: self.operations.iter().map(operation).collect(),
            results: self.stack.iter().map(|result| register(*result)).collect(),
            constants: self.constants.clone().into(),
            registers,
            guard: None,
        };
        Some((tape, self.reads.into()))
    }
}
