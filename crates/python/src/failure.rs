//! What can go wrong, as exceptions with the words of the command line.

use std::fmt::Display;

use equipoise_bundled::OpenError;
use equipoise_lab::LabError;
use equipoise_scenario::Diagnostics;
use equipoise_view::terminal::{Style, diagnostics};
use equipoise_view::wording;
use pyo3::create_exception;
use pyo3::exceptions::PyException;
use pyo3::prelude::*;

create_exception!(equipoise, EquipoiseError, PyException, "What Equipoise cannot do, and why.");
create_exception!(
    equipoise,
    ScenarioError,
    EquipoiseError,
    "A scenario cannot be found or has mistakes; each is told with file, line, what was found and what was expected."
);
create_exception!(equipoise, RunError, EquipoiseError, "A run cannot be made, read or asked.");
create_exception!(equipoise, ModelError, EquipoiseError, "The input of a model cannot be used.");

/// Columns that mistakes are set in.
const WIDTH: usize = 100;

/// Every mistake of a scenario or an input, as the command line shows them without colour.
pub fn mistakes(found: &Diagnostics) -> PyErr {
    let shown = diagnostics(found, Style { colour: false, width: WIDTH });
    ScenarioError::new_err(shown.trim_end().to_owned())
}

/// Why a scenario cannot be opened.
pub fn unopened(error: &OpenError) -> PyErr {
    match error {
        OpenError::Missing(why) => ScenarioError::new_err(why.clone()),
        OpenError::Mistakes(found) => mistakes(found),
    }
}

/// What the lab refuses or cannot do.
pub fn of_lab(error: &LabError) -> PyErr {
    match error {
        LabError::Unknown { what, name, known } => {
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            RunError::new_err(wording::unknown(what, name, &known))
        }
        other => RunError::new_err(other.to_string()),
    }
}

/// What a model refuses.
pub fn of_model(error: impl Display) -> PyErr {
    ModelError::new_err(error.to_string())
}
