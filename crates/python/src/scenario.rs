//! A scenario as Python holds it.

use std::sync::Arc;

use equipoise_scenario::scenario::{Basis, Shape};
use equipoise_scenario::unit::Unit;
use equipoise_view::answer;
use pyo3::prelude::*;
use serde_json::{Value, json};

use crate::failure::unopened;

/// A checked scenario.
#[pyclass(frozen, module = "equipoise._equipoise")]
pub struct Scenario {
    pub(crate) inner: Arc<equipoise_scenario::Scenario>,
    /// As it was named when it was loaded.
    #[pyo3(get)]
    pub(crate) named: String,
}

/// Loads a folder or a bundled scenario.
#[pyfunction]
pub fn load(py: Python<'_>, name: String) -> PyResult<Scenario> {
    let opened = py.detach(|| equipoise_bundled::open(&name));
    let inner = Arc::new(opened.map_err(|error| unopened(&error))?);
    Ok(Scenario { inner, named: name })
}

/// Names of the bundled scenarios.
#[pyfunction]
pub fn bundled() -> Vec<&'static str> {
    equipoise_bundled::ids().collect()
}

#[pymethods]
impl Scenario {
    /// Loads a scenario from its files, wherever its folder is.
    #[staticmethod]
    fn from_files(id: String, files: Vec<(String, Vec<u8>)>) -> PyResult<Scenario> {
        let loaded = equipoise_scenario::load_files(&id, files);
        let inner = Arc::new(loaded.map_err(|found| crate::failure::mistakes(&found))?);
        Ok(Scenario { inner, named: id })
    }

    /// Its files: path within the folder, and content.
    fn files(&self) -> Vec<(String, Vec<u8>)> {
        self.inner.files.clone()
    }

    #[getter]
    fn id(&self) -> &str {
        &self.inner.id
    }

    #[getter]
    fn hash(&self) -> &str {
        &self.inner.hash
    }

    /// What it is, as JSON.
    fn describe(&self) -> String {
        let scenario = &*self.inner;
        let outcomes = scenario.outcomes.iter().map(|outcome| {
            json!({
                "id": outcome.id,
                "title": outcome.title,
                "unit": outcome.unit.to_string(),
                "headline": outcome.headline,
            })
        });
        let policies =
            scenario.policies.iter().map(|policy| json!({ "id": policy.id, "title": policy.title }));
        let accounts = scenario.evidence.accounts.iter().map(|account| {
            json!({
                "id": account.id,
                "title": account.title,
                "credence": account.credence,
                "explanation": account.explanation,
            })
        });
        let series = scenario.series.iter().map(|series| json!({ "id": series.id, "title": series.title }));
        json!({
            "id": scenario.id,
            "hash": scenario.hash,
            "title": scenario.title,
            "question": scenario.question,
            "start": scenario.start.to_string(),
            "days": scenario.days,
            "outcomes": outcomes.collect::<Vec<Value>>(),
            "policies": policies.collect::<Vec<Value>>(),
            "accounts": accounts.collect::<Vec<Value>>(),
            "series": series.collect::<Vec<Value>>(),
        })
        .to_string()
    }

    /// Sources, claims, conflicts and what parameters rest on, as `evidence --json` prints them.
    fn evidence(&self) -> String {
        answer::evidence(&self.inner, false).to_string()
    }

    /// Every parameter with what it rests on and the ends of its range, as JSON. Of an evidenced parameter the ends are
    /// those over all accounts.
    fn parameters(&self) -> String {
        let accounts = 0..self.inner.evidence.accounts.len();
        let parameters = self.inner.parameters.iter().map(|parameter| {
            let ends = |u: f64| accounts.clone().map(move |account| parameter.draw(u, account));
            let (basis, [low, high], shape, reason) = match &parameter.basis {
                Basis::Evidenced { .. } => {
                    let low = ends(f64::MIN_POSITIVE).fold(f64::INFINITY, f64::min);
                    let high = ends(1.0f64.next_down()).fold(f64::NEG_INFINITY, f64::max);
                    ("evidence", [low, high], None, None)
                }
                Basis::Assumption { range, shape, reason } => {
                    ("assumption", *range, Some(shape), Some(reason))
                }
            };
            json!({
                "id": parameter.id,
                "title": parameter.title,
                "unit": parameter.unit.to_string(),
                "yes_no": parameter.unit == Unit::YES_NO,
                "basis": basis,
                "low": low,
                "high": high,
                "shape": shape.map(|shape| match shape {
                    Shape::Uniform => "uniform",
                    Shape::LogUniform => "log-uniform",
                    Shape::Triangular => "triangular",
                }),
                "reason": reason,
            })
        });
        Value::Array(parameters.collect()).to_string()
    }
}
