//! What expressions do with values: operators and functions, with their arithmetic that never leaves the numbers.

/// A function of the language, for help and schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Function {
    /// The word that calls it.
    pub name: &'static str,
    /// How it is written.
    pub signature: &'static str,
    /// What it gives, in one line.
    pub meaning: &'static str,
}

/// Every function, in the order of the documentation.
pub const FUNCTIONS: &[Function] = &[
    function("if", "if(condition, a, b)", "a where the condition holds, otherwise b (same unit)."),
    function("min", "min(a, b, …)", "The smallest of two or more values (same unit)."),
    function("max", "max(a, b, …)", "The largest of two or more values (same unit)."),
    function(
        "clamp",
        "clamp(x, low, high)",
        "x held between low and high (same unit); high wins if low is above it.",
    ),
    function("abs", "abs(x)", "x without its sign."),
    function("sqrt", "sqrt(x)", "Square root, of a unit with even powers; 0 below zero."),
    function("exp", "exp(x)", "e to the power of a plain number."),
    function(
        "ln",
        "ln(x)",
        "Natural logarithm of a plain number; the floor ln(2.2e-308), about -708.4, at or below zero.",
    ),
    function(
        "days_since",
        "days_since(event)",
        "Days since a shock or a `decision.option` happened; infinite before.",
    ),
];

const fn function(name: &'static str, signature: &'static str, meaning: &'static str) -> Function {
    Function { name, signature, meaning }
}

/// An operator, or a function that takes expressions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Operator {
    Or,
    And,
    Not,
    Less,
    AtMost,
    Greater,
    AtLeast,
    Equal,
    Unequal,
    Add,
    Subtract,
    Multiply,
    Divide,
    Negate,
    If,
    Min,
    Max,
    Clamp,
    Abs,
    Sqrt,
    Exp,
    Ln,
}

impl Operator {
    /// The function of that name.
    pub(super) fn function(name: &str) -> Option<Operator> {
        Some(match name {
            "if" => Operator::If,
            "min" => Operator::Min,
            "max" => Operator::Max,
            "clamp" => Operator::Clamp,
            "abs" => Operator::Abs,
            "sqrt" => Operator::Sqrt,
            "exp" => Operator::Exp,
            "ln" => Operator::Ln,
            _ => return None,
        })
    }

    /// How it is written.
    pub(super) fn sign(self) -> &'static str {
        match self {
            Operator::Or => "or",
            Operator::And => "and",
            Operator::Not => "not",
            Operator::Less => "<",
            Operator::AtMost => "<=",
            Operator::Greater => ">",
            Operator::AtLeast => ">=",
            Operator::Equal => "==",
            Operator::Unequal => "!=",
            Operator::Add => "+",
            Operator::Subtract | Operator::Negate => "-",
            Operator::Multiply => "*",
            Operator::Divide => "/",
            Operator::If => "if",
            Operator::Min => "min",
            Operator::Max => "max",
            Operator::Clamp => "clamp",
            Operator::Abs => "abs",
            Operator::Sqrt => "sqrt",
            Operator::Exp => "exp",
            Operator::Ln => "ln",
        }
    }

    /// Whether it takes this many operands.
    pub(super) fn takes(self, operands: usize) -> bool {
        match self {
            Operator::If | Operator::Clamp => operands == 3,
            Operator::Min | Operator::Max => operands >= 2,
            Operator::Not | Operator::Negate => operands == 1,
            Operator::Abs | Operator::Sqrt | Operator::Exp | Operator::Ln => operands == 1,
            _ => operands == 2,
        }
    }

    /// Its value; operands it does not take are ignored. Given no NaN it gives no NaN:
    /// ∞ − ∞, 0 · ∞ and ∞ / ∞ are 0, and so is every quotient by 0 ("no ratio").
    #[inline(always)]
    pub(super) fn apply(self, a: f64, b: f64, c: f64) -> f64 {
        match self {
            Operator::Or => yes(a != 0.0 || b != 0.0),
            Operator::And => yes(a != 0.0 && b != 0.0),
            Operator::Not => yes(a == 0.0),
            Operator::Less => yes(a < b),
            Operator::AtMost => yes(a <= b),
            Operator::Greater => yes(a > b),
            Operator::AtLeast => yes(a >= b),
            Operator::Equal => yes(a == b),
            Operator::Unequal => yes(a != b),
            Operator::Add => defined(a + b),
            Operator::Subtract => defined(a - b),
            Operator::Multiply => defined(a * b),
            Operator::Divide if b == 0.0 => 0.0,
            Operator::Divide => defined(a / b),
            Operator::Negate => -a,
            Operator::If if a != 0.0 => b,
            Operator::If => c,
            Operator::Min => a.min(b),
            Operator::Max => a.max(b),
            Operator::Clamp => a.max(b).min(c),
            Operator::Abs => a.abs(),
            Operator::Sqrt => a.max(0.0).sqrt(),
            Operator::Exp => a.exp(),
            Operator::Ln => a.max(f64::MIN_POSITIVE).ln(),
        }
    }
}

/// The number, or 0 for what is none.
#[inline(always)]
pub(super) fn defined(value: f64) -> f64 {
    if value.is_nan() { 0.0 } else { value }
}

#[inline(always)]
fn yes(holds: bool) -> f64 {
    f64::from(u8::from(holds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_function_but_days_since_is_an_operator_of_that_name() {
        for function in FUNCTIONS.iter().filter(|f| f.name != "days_since") {
            let operator = Operator::function(function.name);
            assert_eq!(operator.map(Operator::sign), Some(function.name));
        }
    }

    #[test]
    fn a_ratio_to_nothing_is_no_ratio_and_a_logarithm_has_a_floor() {
        assert_eq!(Operator::Divide.apply(3.0, 0.0, 0.0), 0.0);
        assert_eq!(Operator::Divide.apply(0.0, -0.0, 0.0), 0.0);
        assert_eq!(Operator::Sqrt.apply(-4.0, 0.0, 0.0), 0.0);
        let floor = Operator::Ln.apply(0.0, 0.0, 0.0);
        assert!((floor + 708.396).abs() < 1e-3);
        assert_eq!(Operator::Ln.apply(-5.0, 0.0, 0.0), floor);
    }

    #[test]
    fn no_operator_makes_a_nan_out_of_numbers_and_infinities() {
        use Operator::*;
        let values = [f64::NEG_INFINITY, -1e308, -1.0, -0.0, 0.0, 5e-324, 1.0, 1e308, f64::INFINITY];
        for operator in [
            Or, And, Not, Less, AtMost, Greater, AtLeast, Equal, Unequal, Add, Subtract, Multiply, Divide,
            Negate, If, Min, Max, Clamp, Abs, Sqrt, Exp, Ln,
        ] {
            for a in values {
                for b in values {
                    for c in values {
                        assert!(!operator.apply(a, b, c).is_nan(), "{operator:?} {a} {b} {c}");
                    }
                }
            }
        }
    }
}
