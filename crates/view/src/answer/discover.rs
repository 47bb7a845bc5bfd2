//! Discovery: under which inputs something happens.

mod search;

use equipoise_lab::discover::{Found, Inputs, Limit, Values, quasi_p};
use serde_json::{Map, Value, json};

pub use search::{Discovered, Method, Question, Search, Trouble, Which, discover};

/// The rules found, as data.
#[must_use]
pub fn boxes(question: &Question, search: &Search, found: &[Discovered]) -> Value {
    let boxes: Vec<Value> = found.iter().map(|one| of_box(question, search, one)).collect();
    json!({
        "method": search.method.name(),
        "rows": question.happens.len(),
        "cases": question.happens.iter().filter(|yes| **yes).count(),
        "ignored": question.ignored,
        "boxes": boxes,
    })
}

/// That there are none, and why, as data.
#[must_use]
pub fn nothing(question: &Question, search: &Search, why: &str, densest: Option<f64>) -> Value {
    json!({
        "method": search.method.name(),
        "rows": question.happens.len(),
        "cases": question.happens.iter().filter(|yes| **yes).count(),
        "boxes": [],
        "densest": densest,
        "message": why,
    })
}

fn of_box(question: &Question, search: &Search, one: &Discovered) -> Value {
    let Question { inputs, happens, .. } = question;
    let Discovered { told, found, step, recurrences } = one;
    let now = &found.steps[*step];
    let mut shown = json!({
        "sentence": told.rule.sentence(),
        "limits": limits(inputs, &now.bounds, 0..inputs.columns().len()),
        "coverage": now.coverage,
        "density": now.density,
        "mass": now.mass,
        "rows": now.rows,
        "cases": now.cases,
        "restricted": names(inputs, &now.restricted),
        "quasi_p": quasi(inputs, happens, found, *step),
    });
    if search.method == Method::Prim {
        let steps = (0..found.steps.len()).map(|at| {
            let step = &found.steps[at];
            json!({
                "coverage": step.coverage,
                "density": step.density,
                "mass": step.mass,
                "rows": step.rows,
                "cases": step.cases,
                "restricted": names(inputs, &step.restricted),
                "limits": limits(inputs, &step.bounds, step.restricted.iter().copied()),
                "quasi_p": quasi(inputs, happens, found, at),
            })
        });
        shown["step"] = json!(step);
        shown["trajectory"] = steps.collect();
        let recurs = recurrences.iter().map(|one| {
            json!({
                "name": inputs.columns()[one.input].name,
                "at_coverage": one.at_coverage,
                "at_density": one.at_density,
            })
        });
        shown["resampling"] = recurs.collect();
    }
    shown
}

fn names(inputs: &Inputs, at: &[usize]) -> Vec<String> {
    at.iter().map(|&at| inputs.columns()[at].name.clone()).collect()
}

/// Limits by name: two ends of a number, the list of levels of a category.
fn limits(inputs: &Inputs, bounds: &[Limit], which: impl Iterator<Item = usize>) -> Value {
    let entries = which.map(|at| {
        let input = &inputs.columns()[at];
        let value = match (&bounds[at], &input.values) {
            (Limit::Levels(allowed), Values::Levels { names, .. }) => {
                names.iter().zip(allowed).filter(|(_, yes)| **yes).map(|(name, _)| json!(name)).collect()
            }
            (Limit::Range { low, high }, Values::Whole(_)) => json!([whole(*low), whole(*high)]),
            (Limit::Range { low, high }, _) => json!([low, high]),
            (Limit::Levels(_), _) => Value::Null,
        };
        (input.name.clone(), value)
    });
    Value::Object(entries.collect::<Map<String, Value>>())
}

/// A limit of a whole number, written as one where it is.
fn whole(value: f64) -> Value {
    if value.fract() == 0.0 && value.abs() < 9e15 { json!(value as i64) } else { json!(value) }
}

/// Quasi-p-values by name: of the lower and of the upper limit, null where that is not restricted.
fn quasi(inputs: &Inputs, happens: &[bool], found: &Found, step: usize) -> Value {
    let tests = quasi_p(inputs, happens, &found.among, &found.steps[step].bounds, &found.whole);
    let entries =
        tests.iter().map(|test| (inputs.columns()[test.input].name.clone(), json!([test.low, test.high])));
    Value::Object(entries.collect::<Map<String, Value>>())
}
