//! A checked expression as a flat list of operations on numbered registers, and its evaluation without allocation.
//!
//! The registers hold, in this order, what is read from the world, the constants, and the intermediate values. Each
//! reference is read once an evaluation, however often it is named. Both branches of an `if` are evaluated: nothing
//! here can fail, and a straight line is faster than a jump.

use super::Reference;
use super::check::Step;
use super::operator::{Operator, defined};

/// Most registers a tape may use.
const MOST: usize = 256;

/// A compiled expression.
#[derive(Debug, Clone)]
pub(super) struct Tape {
    constants: Box<[f64]>,
    operations: Box<[Operation]>,
    /// The register of the value.
    result: u8,
    registers: usize,
    /// A reading without which the value is 0 whatever the rest: `x` in `x and …` and in `x > 0 and …`. Conditions
    /// mostly begin so, and mostly do not hold.
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
    Intermediate(usize),
}

impl Tape {
    /// Makes the tape, with operations on constants done in advance; returns with it what it reads, each thing once
    /// in order of first appearance. `None` if it needs more registers than there are.
    pub(super) fn new(steps: &[Step]) -> Option<(Tape, Box<[Reference]>)> {
        let mut draft = Draft::default();
        for step in steps {
            match *step {
                Step::Constant(value) => draft.stack.push(Value::Constant(value)),
                Step::Read(reference) => draft.read(reference),
                Step::Apply(operator, operands) => draft.apply(operator, operands),
            }
        }
        let result = draft.stack.pop().expect("checked steps leave exactly one value");
        let (mut tape, reads) = draft.number(result)?;
        tape.guard = guard(steps);
        Some((tape, reads))
    }

    /// The value, with `read` giving the value of each reference of `reads`; a reading that is no number counts as 0.
    #[inline]
    pub(super) fn evaluate(&self, reads: &[Reference], read: impl Fn(Reference) -> f64) -> f64 {
        if let Some(guard) = self.guard
            && defined(read(guard)) <= 0.0
        {
            return 0.0;
        }
        // A single reading or constant needs no registers at all.
        if self.operations.is_empty() {
            let read = reads.first().map(|reference| defined(read(*reference)));
            return read.or(self.constants.first().copied()).unwrap_or(0.0);
        }
        // Three sizes, because clearing the registers is a good part of the work of a short expression.
        match self.registers {
            0..=16 => self.run::<16>(reads, read),
            17..=64 => self.run::<64>(reads, read),
            _ => self.run::<MOST>(reads, read),
        }
    }

    #[inline]
    fn run<const N: usize>(&self, reads: &[Reference], read: impl Fn(Reference) -> f64) -> f64 {
        let mut registers = [0.0; N];
        for (register, reference) in registers.iter_mut().zip(reads) {
            *register = defined(read(*reference));
        }
        self.operate(&mut registers, reads.len())
    }

    fn operate<const N: usize>(&self, registers: &mut [f64; N], reads: usize) -> f64 {
        // N is a power of two above every register number: the mask changes nothing and spares the bounds check.
        let at = |register: u8| usize::from(register) & (N - 1);
        for (register, constant) in registers.iter_mut().skip(reads).zip(&self.constants) {
            *register = *constant;
        }
        for operation in &self.operations {
            let [a, b, c] = operation.operands.map(|register| registers[at(register)]);
            registers[at(operation.to)] = operation.operator.apply(a, b, c);
        }
        registers[at(self.result)]
    }
}

/// The reading that the first of several conditions joined by `and` is about, if its being 0 or less settles it.
fn guard(steps: &[Step]) -> Option<Reference> {
    let mut first = steps;
    while let [before @ .., Step::Apply(Operator::And, 2)] = first {
        first = &before[..start_of_last(before)];
    }
    match first {
        _ if first.len() == steps.len() => None,
        [Step::Read(reference)] => Some(*reference),
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

/// A tape in the making.
#[derive(Default)]
struct Draft {
    reads: Vec<Reference>,
    constants: Vec<f64>,
    operations: Vec<(Operator, usize, [Option<Value>; 3])>,
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
        let to = self.stack.iter().filter(|v| matches!(v, Value::Intermediate(_))).count();
        self.intermediates = self.intermediates.max(to + 1);
        self.operations.push((operator, to, operands));
        self.stack.push(Value::Intermediate(to));
    }

    /// Gives every value its register.
    fn number(mut self, result: Value) -> Option<(Tape, Box<[Reference]>)> {
        let reads = self.reads.len();
        let used = self.operations.iter().flat_map(|(_, _, operands)| operands.iter().flatten());
        for value in used.chain([&result]) {
            if let Value::Constant(constant) = value
                && !self.constants.iter().any(|known| known.to_bits() == constant.to_bits())
            {
                self.constants.push(*constant);
            }
        }
        let first_intermediate = reads + self.constants.len();
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
                Value::Intermediate(at) => first_intermediate + at,
            };
            u8::try_from(number).expect("no register number reaches 256")
        };
        let operations = self.operations.iter().map(|(operator, to, operands)| Operation {
            operator: *operator,
            to: register(Value::Intermediate(*to)),
            operands: operands.map(|operand| operand.map_or(0, register)),
        });
        let tape = Tape {
            operations: operations.collect(),
            result: register(result),
            constants: self.constants.clone().into(),
            registers,
            guard: None,
        };
        Some((tape, self.reads.into()))
    }
}
