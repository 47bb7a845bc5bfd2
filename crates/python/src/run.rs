//! A finished run as Python holds it: its tables, and the questions it answers.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use equipoise_lab::comparison::Comparison;
use equipoise_lab::discover::{Objective, PrimOptions};
use equipoise_lab::drivers::of_run::RunInputs;
use equipoise_lab::drivers::table::Options;
use equipoise_lab::drivers::{Method, Resampling, SLICES};
use equipoise_lab::paired::effects;
use equipoise_lab::run_directory::Table as RunTable;
use equipoise_lab::why::{Question as Why, why};
use equipoise_lab::{LabError, When};
use equipoise_scenario::chronicle::EventKind;
use equipoise_view::answer::discover::{self, Question, Search, Trouble, Which};
use equipoise_view::answer::drivers::Told;
use equipoise_view::findings::{self, Compared};
use equipoise_view::{answer, report};
use pyo3::prelude::*;
use serde_json::{Value, json};

use crate::failure::of_lab;
use crate::simulate::manifest_of;
use crate::table::Table;
use crate::watch::watch;

/// A finished run.
#[pyclass(frozen, module = "equipoise._equipoise")]
pub struct Run {
    inner: Arc<equipoise_lab::Run>,
}

#[pymethods]
impl Run {
    /// Opens the run in a folder.
    #[staticmethod]
    fn open(py: Python<'_>, dir: PathBuf) -> PyResult<Run> {
        let opened = py.detach(|| equipoise_lab::Run::open(&dir));
        Ok(Run { inner: Arc::new(opened.map_err(|error| of_lab(&error))?) })
    }

    /// Its folder.
    #[getter]
    fn dir(&self) -> PathBuf {
        self.inner.dir().to_owned()
    }

    /// What was run, as JSON.
    fn manifest(&self) -> PyResult<String> {
        manifest_of(self.inner.dir())
    }

    /// One of its tables.
    fn table(&self, name: &str) -> PyResult<Table> {
        let table = RunTable::ALL.into_iter().find(|table| table.name() == name).ok_or_else(|| {
            let known = RunTable::ALL.iter().map(|table| table.name().to_owned()).collect();
            of_lab(&LabError::Unknown { what: "table", name: name.to_owned(), known })
        })?;
        Table::of_file(table.path(self.inner.dir()))
    }

    /// Outcomes and scores, as `run --json` prints them.
    fn answer(&self, py: Python<'_>) -> PyResult<String> {
        let run = Arc::clone(&self.inner);
        watch(py, None, move |_| Ok(answer::ensemble(&run)?.to_string()))
    }

    /// What drives an outcome, or the headline outcomes, as `explore drivers --json` prints it.
    fn drivers(
        &self,
        py: Python<'_>,
        outcome: Option<String>,
        method: Option<String>,
        resamples: Option<usize>,
        confidence: f64,
        seed: u64,
    ) -> PyResult<String> {
        let run = Arc::clone(&self.inner);
        let told = watch(py, None, move |_| {
            let method = method.map(|name| {
                Method::named(&name).ok_or_else(|| LabError::Unknown {
                    what: "method",
                    name,
                    known: Method::ALL.iter().map(|method| method.name().to_owned()).collect(),
                })
            });
            drivers(&run, outcome, method.transpose()?, resamples, confidence, seed)
        })?;
        Ok(told.to_string())
    }

    /// Under which inputs something happens, as `explore discover --json` prints it.
    #[expect(clippy::too_many_arguments, reason = "they are the keywords of the Python method")]
    fn discover(
        &self,
        py: Python<'_>,
        when: String,
        method: String,
        alpha: f64,
        mass_min: f64,
        threshold: f64,
        boxes: usize,
        resample: u32,
        seed: u64,
    ) -> PyResult<String> {
        let run = Arc::clone(&self.inner);
        let told = watch(py, None, move |_| {
            let methods = [discover::Method::Prim, discover::Method::Cart];
            let method = methods.into_iter().find(|known| known.name() == method).ok_or_else(|| {
                let known = methods.iter().map(|method| method.name().to_owned()).collect();
                LabError::Unknown { what: "method", name: method.clone(), known }
            })?;
            let options = PrimOptions {
                peel_alpha: alpha,
                paste_alpha: alpha,
                mass_min,
                objective: Objective::Lenient1,
                boxes,
            };
            let step: Option<Which> = None;
            let search = Search { method, options, threshold, step, resample, seed };
            let when = When::parse(run.scenario(), &when)?;
            let question = Question::of_run(&run, &when, &search)?;
            match discover::discover(&question, &search) {
                Ok(found) => Ok(discover::boxes(&question, &search, &found)),
                Err(Trouble::Nothing { why, densest }) => {
                    Ok(discover::nothing(&question, &search, &why, densest))
                }
                Err(Trouble::Wrong(why)) => Err(LabError::BadPlan { why }),
            }
        })?;
        Ok(told.to_string())
    }

    /// Why an outcome or event came about, as `why --json` prints it.
    fn why(&self, py: Python<'_>, asked: String, history: Option<u64>) -> PyResult<String> {
        let run = Arc::clone(&self.inner);
        watch(py, None, move |_| {
            let scenario = run.scenario();
            let outcome = scenario.outcomes.iter().position(|known| known.id == asked);
            let question = match (outcome, EventKind::named(asked.trim())) {
                (Some(at), _) => Why::Outcome(at),
                (None, Some(kind)) => Why::Event { kind, subject: None },
                (None, None) => Why::parse(scenario, &asked)?,
            };
            let found = why(&run, &question, history)?;
            Ok(answer::why(&asked, &question, &found, scenario).to_string())
        })
    }

    /// Writes the report; `command` is told as what makes the same run again.
    fn report(&self, py: Python<'_>, path: PathBuf, command: String) -> PyResult<()> {
        let run = Arc::clone(&self.inner);
        watch(py, None, move |_| {
            let page = report::render(&findings::gather(&run, &command)?);
            write(&path, &page)
        })
    }
}

/// A comparison's differences, as `compare --json` prints them.
#[pyfunction]
pub fn comparison(py: Python<'_>, dir: PathBuf) -> PyResult<String> {
    watch(py, None, move |_| {
        let comparison = Comparison::read(&dir)?;
        let runs = comparison.open()?;
        let all = runs.iter().skip(1).map(|run| effects(&runs[0], run)).collect::<Result<Vec<_>, _>>()?;
        Ok(answer::comparison(&comparison, &runs, &all).to_string())
    })
}

/// Writes the page of a comparison.
#[pyfunction]
pub fn comparison_report(py: Python<'_>, dir: PathBuf, path: PathBuf, command: String) -> PyResult<()> {
    watch(py, None, move |_| {
        let comparison = Comparison::read(&dir)?;
        let found = Compared::gather(&comparison, &dir.display().to_string(), &command)?;
        write(&path, &report::render_comparison(&found))
    })
}

fn drivers(
    run: &equipoise_lab::Run,
    outcome: Option<String>,
    method: Option<Method>,
    resamples: Option<usize>,
    confidence: f64,
    seed: u64,
) -> Result<Value, LabError> {
    let outcomes = &run.scenario().outcomes;
    let headlines = || outcomes.iter().filter(|outcome| outcome.headline).map(|outcome| outcome.id.clone());
    let alone = outcome.is_some();
    let asked: Vec<String> = match outcome {
        Some(outcome) => vec![outcome],
        None if headlines().next().is_some() => headlines().collect(),
        None => outcomes.iter().map(|outcome| outcome.id.clone()).collect(),
    };
    let columns = asked.iter().map(|id| run.outcome(id)).collect::<Result<Vec<_>, _>>()?;
    let inputs = RunInputs::read(run)?;
    let method = method.unwrap_or_else(|| inputs.fitting());
    if !inputs.allows(method) {
        let designs = if method == Method::Morris { "morris" } else { "saltelli or saltelli-groups" };
        return Err(LabError::BadPlan {
            why: format!(
                "the run has the design {}, and {} needs {designs}; given-data, pawn and delta answer from any",
                run.manifest().design,
                method.name()
            ),
        });
    }
    if !(0.0..1.0).contains(&confidence) || confidence == 0.0 {
        return Err(LabError::BadPlan { why: format!("confidence is {confidence}, not between 0 and 1") });
    }
    let usual = if matches!(method, Method::Pawn | Method::Delta) { 100 } else { 1000 };
    let options = Options {
        second_order: None,
        levels: None,
        slices: SLICES,
        resampling: Resampling { resamples: resamples.unwrap_or(usual).max(2), confidence, seed },
    };
    let mut told = Vec::new();
    for (id, values) in asked.iter().zip(&columns) {
        let answer = match inputs.ask(method, values, &options) {
            Ok(answer) => Told::of_run(run.scenario(), &inputs, method, id, values, &answer),
            Err(why) if alone => return Err(LabError::BadPlan { why: format!("{id}: {why}") }),
            Err(why) => Told::nothing(id, method, &why),
        };
        told.push(answer.as_json());
    }
    Ok(json!({ "outcomes": told }))
}

fn write(path: &std::path::Path, text: &str) -> Result<(), LabError> {
    let unwritten = |source| LabError::Io { doing: "write", path: path.to_owned(), source };
    fs::write(path, text).map_err(unwritten)
}
