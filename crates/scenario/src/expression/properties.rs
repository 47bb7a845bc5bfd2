//! What holds of every expression: it means what a naive interpreter says, and no text makes the compiler panic.

use std::cell::Cell;

use proptest::prelude::*;

use super::trial::{self, names};
use super::{Expected, Expression, Reference, Sheet};
use crate::unit::Unit;

/// An expression of plain numbers, kept as a tree: the naive interpreter that the tape is held against.
#[derive(Debug, Clone)]
enum Tree {
    Leaf(&'static str),
    One(&'static str, Box<Tree>),
    Two(&'static str, Box<Tree>, Box<Tree>),
    If(Box<Truth>, Box<Tree>, Box<Tree>),
    Clamp(Box<Tree>, Box<Tree>, Box<Tree>),
    Many(&'static str, Vec<Tree>),
}

#[derive(Debug, Clone)]
enum Truth {
    Leaf(&'static str),
    Not(Box<Truth>),
    Two(&'static str, Box<Truth>, Box<Truth>),
    Compare(&'static str, Box<Tree>, Box<Tree>),
}

impl Tree {
    /// Printed with no more parentheses than needed, where `above` binds the surroundings.
    fn print(&self, above: u8) -> String {
        let (own, text) = match self {
            Tree::Leaf(word) => (9, (*word).to_owned()),
            Tree::One("-", a) => (7, format!("-{}", a.print(7))),
            Tree::One(f, a) => (9, format!("{f}({})", a.print(0))),
            Tree::Two(o @ ("+" | "-"), a, b) => (5, format!("{} {o} {}", a.print(5), b.print(6))),
            Tree::Two(o, a, b) => (6, format!("{}{o}{}", a.print(6), b.print(7))),
            Tree::If(c, a, b) => (9, format!("if({}, {}, {})", c.print(0), a.print(0), b.print(0))),
            Tree::Clamp(x, a, b) => (9, format!("clamp({},{},{})", x.print(0), a.print(0), b.print(0))),
            Tree::Many(f, all) => {
                let all: Vec<String> = all.iter().map(|t| t.print(0)).collect();
                (9, format!("{f}({})", all.join(", ")))
            }
        };
        if own < above { format!("({text})") } else { text }
    }

    fn value(&self, readings: &[f64; 3]) -> f64 {
        let value = match self {
            Tree::Leaf("1") => 1.0,
            Tree::Leaf("0") => 0.0,
            Tree::Leaf("two") => readings[0],
            Tree::Leaf("three") => readings[1],
            Tree::Leaf(_) => readings[2],
            Tree::One(f, a) => {
                let a = a.value(readings);
                match *f {
                    "-" => -a,
                    "abs" => a.abs(),
                    "sqrt" => {
                        if a > 0.0 {
                            a.sqrt()
                        } else {
                            0.0
                        }
                    }
                    "exp" => a.exp(),
                    _ => {
                        if a > f64::MIN_POSITIVE {
                            a.ln()
                        } else {
                            f64::MIN_POSITIVE.ln()
                        }
                    }
                }
            }
            Tree::Two(o, a, b) => {
                let (a, b) = (a.value(readings), b.value(readings));
                match *o {
                    "+" => a + b,
                    "-" => a - b,
                    "*" => a * b,
                    _ => {
                        if b == 0.0 {
                            0.0
                        } else {
                            a / b
                        }
                    }
                }
            }
            Tree::If(c, a, b) => {
                if c.holds(readings) {
                    a.value(readings)
                } else {
                    b.value(readings)
                }
            }
            Tree::Clamp(x, a, b) => x.value(readings).max(a.value(readings)).min(b.value(readings)),
            Tree::Many(f, all) => {
                let all = all.iter().map(|t| t.value(readings));
                if *f == "min" {
                    all.fold(f64::INFINITY, f64::min)
                } else {
                    all.fold(f64::NEG_INFINITY, f64::max)
                }
            }
        };
        if value.is_nan() { 0.0 } else { value }
    }
}

impl Truth {
    fn print(&self, above: u8) -> String {
        let (own, text) = match self {
            Truth::Leaf(word) => (9, (*word).to_owned()),
            Truth::Not(a) => (3, format!("not {}", a.print(3))),
            Truth::Two("or", a, b) => (1, format!("{} or {}", a.print(1), b.print(2))),
            Truth::Two(_, a, b) => (2, format!("{} and {}", a.print(2), b.print(3))),
            Truth::Compare(o, a, b) => (4, format!("{} {o} {}", a.print(5), b.print(5))),
        };
        if own < above { format!("({text})") } else { text }
    }

    fn holds(&self, readings: &[f64; 3]) -> bool {
        match self {
            Truth::Leaf(word) => *word == "true",
            Truth::Not(a) => !a.holds(readings),
            Truth::Two("or", a, b) => a.holds(readings) || b.holds(readings),
            Truth::Two(_, a, b) => a.holds(readings) && b.holds(readings),
            Truth::Compare(o, a, b) => {
                let (a, b) = (a.value(readings), b.value(readings));
                match *o {
                    "<" => a < b,
                    "<=" => a <= b,
                    ">" => a > b,
                    ">=" => a >= b,
                    "==" => a == b,
                    _ => a != b,
                }
            }
        }
    }
}

/// Well-formed trees; a divisor never is the literal 0 alone, which is refused.
fn tree() -> impl Strategy<Value = Tree> {
    let leaf = prop::sample::select(vec!["0", "1", "two", "three", "half"]).prop_map(Tree::Leaf);
    leaf.prop_recursive(5, 40, 4, |inner| {
        let truth = truth(inner.clone());
        let pair = (inner.clone(), inner.clone());
        let named = inner.clone().prop_map(|t| Tree::Two("+", Box::new(t), Box::new(Tree::Leaf("half"))));
        prop_oneof![
            (prop::sample::select(vec!["-", "abs", "sqrt", "exp", "ln"]), inner.clone())
                .prop_map(|(f, a)| Tree::One(f, Box::new(a))),
            (prop::sample::select(vec!["+", "-", "*"]), pair).prop_map(|(o, (a, b))| Tree::Two(
                o,
                Box::new(a),
                Box::new(b)
            )),
            (inner.clone(), named).prop_map(|(a, b)| Tree::Two("/", Box::new(a), Box::new(b))),
            (truth, inner.clone(), inner.clone()).prop_map(|(c, a, b)| Tree::If(
                Box::new(c),
                Box::new(a),
                Box::new(b)
            )),
            (inner.clone(), inner.clone(), inner.clone()).prop_map(|(x, a, b)| Tree::Clamp(
                Box::new(x),
                Box::new(a),
                Box::new(b)
            )),
            (prop::sample::select(vec!["min", "max"]), prop::collection::vec(inner, 2..5))
                .prop_map(|(f, all)| Tree::Many(f, all)),
        ]
    })
}

fn truth(number: impl Strategy<Value = Tree> + Clone + 'static) -> impl Strategy<Value = Truth> {
    let comparison = prop::sample::select(vec!["<", "<=", ">", ">=", "==", "!="]);
    let leaf = prop_oneof![
        prop::sample::select(vec!["true", "false"]).prop_map(Truth::Leaf),
        (comparison, number.clone(), number).prop_map(|(o, a, b)| Truth::Compare(
            o,
            Box::new(a),
            Box::new(b)
        )),
    ];
    leaf.prop_recursive(3, 8, 2, |inner| {
        prop_oneof![
            inner.clone().prop_map(|a| Truth::Not(Box::new(a))),
            (prop::sample::select(vec!["or", "and"]), inner.clone(), inner).prop_map(|(o, a, b)| Truth::Two(
                o,
                Box::new(a),
                Box::new(b)
            )),
        ]
    })
}

fn readings() -> impl Strategy<Value = [f64; 3]> {
    prop::array::uniform3(prop_oneof![
        4 => -10.0..10.0,
        1 => prop::sample::select(vec![0.0, 1.0, -1.0, f64::INFINITY, f64::NEG_INFINITY, 1e308]),
    ])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn the_printed_tree_compiles_to_the_tree_s_own_value(tree in tree(), readings in readings()) {
        let text = tree.print(0);
        let compiled = Expression::compile(&text, &names(), Expected::Unit(Unit::NUMBER));
        let expression = compiled.map_err(|e| TestCaseError::fail(format!("{text}: {e:?}")))?;
        let read = |reference| match reference {
            Reference::Parameter(id) => readings[id],
            other => panic!("{other:?} was never named"),
        };
        let (found, wanted) = (expression.evaluate(read), tree.value(&readings));
        prop_assert!(found == wanted, "{text} at {readings:?}: {found} instead of {wanted}");
    }

    #[test]
    fn expressions_on_one_sheet_have_the_values_each_has_alone_day_after_day(
        trees in prop::collection::vec(tree(), 1..4), parameters in readings(),
        days in prop::collection::vec(readings(), 3),
    ) {
        let compile = |tree: &Tree| Expression::compile(&tree.print(0), &trial::names_with_a_stock(), Expected::Any);
        let compiled: Result<Vec<Expression>, _> = trees.iter().map(compile).collect();
        let expressions = compiled.map_err(|e| TestCaseError::fail(format!("{e:?}")))?;
        let sheet = Sheet::of(&expressions.iter().collect::<Vec<_>>());
        let sheet = sheet.ok_or_else(|| TestCaseError::fail("so few expressions find room"))?;
        let registers = vec![Cell::new(f64::NAN); sheet.registers()];
        sheet.settle(&registers, &parameters);
        for day in days {
            let read = |reference| match reference {
                Reference::Parameter(id) => parameters[id],
                _ => day[0],
            };
            if !sheet.is_settled() {
                sheet.work_out(&registers, read);
            }
            for (expression, result) in expressions.iter().zip(sheet.results()) {
                let (found, wanted) = (registers[usize::from(*result)].get(), expression.evaluate(read));
                prop_assert!(found.to_bits() == wanted.to_bits(), "{}: {found} instead of {wanted}", expression.source());
            }
        }
    }

    #[test]
    fn no_text_makes_the_compiler_panic(text in "\\PC{0,60}") {
        let errors = Expression::compile(&text, &names(), Expected::Any).err().unwrap_or_default();
        for error in errors {
            prop_assert!(text.get(error.span.clone()).is_some(), "{error:?}");
        }
    }

    #[test]
    fn no_jumble_of_words_makes_the_compiler_panic_or_yield_nan(
        words in prop::collection::vec(prop::sample::select(vec![
            "two", "half", "war", "belief", "troops", "(", ")", ",", "+", "-", "*", "/", "<", ">=", "==", "and",
            "or", "not", "if(", "max(", "clamp(", "sqrt(", "ln(", "belief(", "troops(", "RUS", "self", ")", "0",
            "1", "2.5", "days_since(", "request_help.ask", "участники", "&&", "=", "\n",
        ]), 0..20),
    ) {
        let text = words.join(" ");
        match Expression::compile(&text, &names(), Expected::Any) {
            Ok(expression) => prop_assert!(!expression.evaluate(trial::read).is_nan()),
            Err(errors) => {
                prop_assert!(!errors.is_empty());
                prop_assert!(errors.iter().all(|e| text.get(e.span.clone()).is_some()));
            }
        }
    }
}
