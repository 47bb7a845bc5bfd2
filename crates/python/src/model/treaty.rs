//! A request held against a treaty, and what past requests teach.

use std::path::PathBuf;

use equipoise_lab::treaty::{judge, learn};
use equipoise_scenario::treaty::{TreatyCase, read_case, read_treaty};
use equipoise_view::answer;
use pyo3::prelude::*;

use crate::failure::{ModelError, mistakes, of_lab};

/// Judges the one case, or learns from several if `fit`; gives the answer of `model treaty --json`.
#[pyfunction]
pub fn treaty_judge(
    py: Python<'_>,
    treaty: PathBuf,
    cases: Vec<PathBuf>,
    fit: bool,
    draws: u32,
    seed: u64,
) -> PyResult<String> {
    let text = read_treaty(&treaty).map_err(|found| mistakes(&found))?;
    let read = cases.iter().map(|path| read_case(path, &text).map_err(|found| mistakes(&found)));
    let cases = read.collect::<PyResult<Vec<TreatyCase>>>()?;
    let answer = if fit {
        let cases: Vec<&TreatyCase> = cases.iter().collect();
        py.detach(|| learn(&text, &cases, draws, seed)).map(|found| answer::treaty::learned(&found))
    } else {
        let [case] = &cases[..] else {
            return Err(ModelError::new_err("one case is judged alone"));
        };
        py.detach(|| judge(&text, case, draws, seed)).map(|found| answer::treaty::judged(case, &found))
    };
    Ok(answer.map_err(|error| of_lab(&error))?.to_string())
}
