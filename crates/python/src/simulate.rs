//! Runs, comparisons and calibrations: what Python asked for becomes a plan of the lab.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use equipoise_lab::calibrate::{Posterior, Settings, calibrate as fit_to_record};
use equipoise_lab::comparison::Comparison;
use equipoise_lab::design::Space;
use equipoise_lab::{Design, DesignTable, LabError, Manifest, Part, Plan, in_threads};
use equipoise_view::answer;
use pyo3::prelude::*;
use serde_json::{Value, json};

use crate::failure::{RunError, of_lab};
use crate::scenario::Scenario;
use crate::watch::{Watched, watch};

/// What is asked of an ensemble, as Python says it.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct Asked {
    histories: u64,
    seed: u64,
    design: String,
    /// Columns of a design table: names and cells.
    table: Option<Vec<(String, Vec<f64>)>>,
    /// Whether cells of the table are coordinates of the unit cube.
    unit: bool,
    account: Option<String>,
    posterior: Option<PathBuf>,
    part: Option<(u64, u64)>,
    threads: usize,
    shard_size: Option<u64>,
}

impl Asked {
    fn plan(
        &self,
        scenario: &equipoise_scenario::Scenario,
        policy: Option<String>,
    ) -> Result<Plan, LabError> {
        let accounts = &scenario.evidence.accounts;
        let unknown =
            |what, name: &str, known: Vec<String>| LabError::Unknown { what, name: name.to_owned(), known };
        let account = self.account.as_ref().map(|id| {
            let found = accounts.iter().position(|account| account.id == *id);
            found.ok_or_else(|| unknown("account", id, accounts.iter().map(|it| it.id.clone()).collect()))
        });
        let posterior = self.posterior.as_deref().map(|dir| Posterior::read(scenario, dir));
        let space = if self.unit { Space::Unit } else { Space::Values };
        let table = self.table.clone().map(|columns| DesignTable::new(scenario, columns, space));
        let design = match &self.table {
            Some(_) => Design::Table,
            None => Design::named(&self.design).ok_or_else(|| {
                let known = Design::ALL.iter().map(|design| design.name().to_owned()).collect();
                unknown("design", &self.design, known)
            })?,
        };
        Ok(Plan {
            histories: self.histories,
            seed: self.seed,
            design,
            shard_size: self.shard_size,
            account: account.transpose()?,
            policy,
            posterior: posterior.transpose()?.map(Arc::new),
            table: table.transpose()?.map(Arc::new),
            part: self.part.map(|(number, of)| Part { number, of }),
            threads: self.threads,
        })
    }
}

/// Simulates an ensemble into a folder; a folder in which the same one was begun is gone on with if `resume`. Gives the
/// manifest as JSON.
#[pyfunction]
pub fn simulate(
    py: Python<'_>,
    scenario: &Scenario,
    asked: Asked,
    policy: Option<String>,
    out: PathBuf,
    resume: bool,
    progress: Option<Py<PyAny>>,
) -> PyResult<String> {
    let scenario = Arc::clone(&scenario.inner);
    let manifest = watch(py, progress, move |watched| {
        let plan = asked.plan(&scenario, policy)?;
        let simulate = if resume { equipoise_lab::resume } else { equipoise_lab::run };
        simulate(&scenario, &plan, &out, &watched.control()).map(|summary| summary.manifest)
    })?;
    as_json(&manifest)
}

/// Simulates the same histories under several policies, the baseline first, into a folder.
#[pyfunction]
pub fn compare(
    py: Python<'_>,
    scenario: &Scenario,
    asked: Asked,
    policies: Vec<String>,
    out: PathBuf,
    resume: bool,
    progress: Option<Py<PyAny>>,
) -> PyResult<()> {
    let scenario = Arc::clone(&scenario.inner);
    let begun = {
        let (scenario, out) = (Arc::clone(&scenario), out.clone());
        let plan = asked.plan(&scenario, None).map_err(|error| of_lab(&error))?;
        if plan.table.is_some() || plan.posterior.is_some() || plan.part.is_some() {
            let why = "policies are compared on designs that are known by name, without a posterior";
            return Err(RunError::new_err(why));
        }
        py.detach(move || -> Result<_, LabError> {
            let comparison = match Comparison::read(&out) {
                Ok(comparison) if resume => {
                    comparison.check_same(&scenario, &plan, &policies)?;
                    comparison
                }
                _ => Comparison::begin(&scenario, &plan, &policies, &out)?,
            };
            Ok((comparison, plan))
        })
    };
    let (comparison, plan) = begun.map_err(|error| of_lab(&error))?;
    for (at, policy) in comparison.file().policies.iter().enumerate() {
        let dir = comparison.run_dir(policy);
        let plan = comparison.plan_under(&plan, policy);
        let scenario = Arc::clone(&scenario);
        let progress = match &progress {
            None => None,
            // Progress counts the histories of all policies.
            Some(progress) => Some(progress.call_method1(py, "after", (at as u64 * plan.histories,))?),
        };
        watch(py, progress, move |watched: &Watched| {
            equipoise_lab::resume(&scenario, &plan, &dir, &watched.control()).map(|_| ())
        })?;
    }
    Ok(())
}

/// Joins the parts of a run. Gives the manifest as JSON.
#[pyfunction]
pub fn merge(py: Python<'_>, parts: Vec<PathBuf>, out: PathBuf) -> PyResult<String> {
    let manifest = watch(py, None, move |watched| equipoise_lab::merge(&parts, &out, &watched.control()))?;
    as_json(&manifest)
}

/// Fits a scenario to its record and keeps the posterior in a folder. Gives the answer as JSON.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "they are the keywords of the Python method")]
pub fn calibrate(
    py: Python<'_>,
    scenario: &Scenario,
    histories: u64,
    population: usize,
    keep: f64,
    seed: u64,
    account: Option<String>,
    threads: usize,
    out: PathBuf,
    progress: Option<Py<PyAny>>,
) -> PyResult<String> {
    let scenario = Arc::clone(&scenario.inner);
    let answer = watch(py, progress, move |watched| {
        let settings = Settings { population, keep, budget: histories, seed, ..Settings::default() };
        let accounts = &scenario.evidence.accounts;
        let account = account.map(|id| {
            accounts.iter().position(|known| known.id == id).ok_or_else(|| LabError::Unknown {
                what: "account",
                name: id,
                known: accounts.iter().map(|account| account.id.clone()).collect(),
            })
        });
        let account = account.transpose()?;
        let fit = || fit_to_record(&scenario, &settings, account, &watched.control());
        let found = in_threads(std::num::NonZeroUsize::new(threads), fit)??;
        let mut answer = answer::calibration(&found, &settings, &scenario);
        Posterior::write(&scenario, found.particles, answer.clone(), &out)?;
        answer.insert("posterior".to_owned(), json!(out));
        Ok(Value::Object(answer))
    })?;
    Ok(answer.to_string())
}

/// A manifest as JSON, with the histories that the folder holds.
fn as_json(manifest: &Manifest) -> PyResult<String> {
    let told = serde_json::to_value(manifest).map(|mut told| {
        let held = manifest.held();
        told["first"] = json!(held.start);
        told["held"] = json!(held.end - held.start);
        told.to_string()
    });
    told.map_err(|error| RunError::new_err(format!("a manifest cannot be told: {error}")))
}

/// The manifest of a folder, finished or not, as JSON.
pub fn manifest_of(dir: &Path) -> PyResult<String> {
    as_json(&Manifest::read(dir).map_err(|error| of_lab(&error))?)
}
