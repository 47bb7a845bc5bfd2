//! A small cast of names for the tests of expressions, with the value each has there.

use std::collections::HashMap;

use super::{Expected, Expression, Names, Reference};
use crate::unit::Unit;

pub(super) fn names() -> Names {
    let ids = |words: &[&str]| {
        words.iter().enumerate().map(|(i, w)| ((*w).to_owned(), i)).collect::<HashMap<_, _>>()
    };
    let numbers = ["two", "three", "half"];
    Names {
        parameters: numbers.iter().enumerate().map(|(i, w)| ((*w).to_owned(), (i, Unit::NUMBER))).collect(),
        stocks: HashMap::from([("gratitude".to_owned(), (0, Unit::POINTS))]),
        places: ids(&["almaty", "nur-sultan"]),
        actors: ids(&["KAZ", "RUS", "security-forces"]),
        treaties: ids(&["CSTO"]),
        issues: ids(&["war_support", "trade"]),
        resolutions: ids(&["es_11_1"]),
        routes: ids(&["pipeline"]),
        nodes: ids(&["port"]),
        shocks: ids(&["war"]),
        options: HashMap::from([
            ("request_help.ask".to_owned(), (0, 0)),
            ("request_help.wait".to_owned(), (0, 1)),
        ]),
        itself: Some(2),
    }
}

/// The same names, with `half` a stock.
pub(super) fn names_with_a_stock() -> Names {
    let mut names = names();
    names.parameters.remove("half");
    names.stocks.insert("half".to_owned(), (1, Unit::NUMBER));
    names
}

pub(super) fn read(reference: Reference) -> f64 {
    match reference {
        Reference::Parameter(id) => [2.0, 3.0, 0.5][id],
        Reference::Stock(_) => 40.0,
        Reference::World(_, about) => 10.0 + about.map_or(0.0, |i| i as f64),
        Reference::Happened(_) => 0.0,
        Reference::DaysSince(_) => f64::INFINITY,
    }
}

#[track_caller]
pub(super) fn compile(text: &str, expected: Expected) -> Expression {
    match Expression::compile(text, &names(), expected) {
        Ok(expression) => expression,
        Err(errors) => panic!("{text}: {errors:?}"),
    }
}

#[track_caller]
pub(super) fn value(text: &str) -> f64 {
    compile(text, Expected::Any).evaluate(read)
}

/// The mistakes found: the text each points at, and what is said.
pub(super) fn faults(text: &str, expected: Expected) -> Vec<(String, String)> {
    let errors = Expression::compile(text, &names(), expected).err().unwrap_or_default();
    errors.into_iter().map(|e| (text[e.span.clone()].to_owned(), e.to_string())).collect()
}

#[track_caller]
pub(super) fn one_fault(text: &str, expected: Expected) -> (String, String) {
    let mut faults = faults(text, expected);
    assert_eq!(faults.len(), 1, "{text}: {faults:?}");
    faults.remove(0)
}
