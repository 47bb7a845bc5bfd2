//! A request held against a treaty, and what past requests teach.

use equipoise_bundled::{open_case, open_treaty};
use equipoise_lab::treaty::{judge, learn};
use equipoise_scenario::treaty::{TreatyCase, parse_case, parse_treaty};
use equipoise_view::answer;
use pyo3::prelude::*;

use crate::failure::{ModelError, mistakes, of_lab};
use crate::watch::attend;

/// A file or a bundled one by name; or what it is to be called, and its text.
type Source = (String, Option<String>);

/// Judges the one case, or learns from several if `fit`; gives the answer of `model treaty --json`.
#[pyfunction]
pub fn treaty_judge(
    py: Python<'_>,
    treaty: Source,
    cases: Vec<Source>,
    fit: bool,
    draws: u32,
    seed: u64,
) -> PyResult<String> {
    let text = match treaty {
        (name, None) => open_treaty(&name),
        (name, Some(toml)) => parse_treaty(&name, &toml),
    };
    let text = text.map_err(|found| mistakes(&found))?;
    let read = cases.iter().map(|case| match case {
        (name, None) => open_case(name, &text),
        (name, Some(toml)) => parse_case(name, toml, &text),
    });
    let cases = read.collect::<Result<Vec<TreatyCase>, _>>().map_err(|found| mistakes(&found))?;
    attend(py, None, move |_| {
        let answer = if fit {
            let cases: Vec<&TreatyCase> = cases.iter().collect();
            learn(&text, &cases, draws, seed).map(|found| answer::treaty::learned(&found))
        } else {
            let [case] = &cases[..] else {
                return Err(ModelError::new_err("one case is judged alone"));
            };
            judge(&text, case, draws, seed).map(|found| answer::treaty::judged(case, &found))
        };
        Ok(answer.map_err(|error| of_lab(&error))?.to_string())
    })
}

/// Names of the bundled treaties, and of the bundled cases.
#[pyfunction]
pub fn treaty_bundled() -> (Vec<&'static str>, Vec<&'static str>) {
    (equipoise_bundled::treaties().collect(), equipoise_bundled::cases().collect())
}
