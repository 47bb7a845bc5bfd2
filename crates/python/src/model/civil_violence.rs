//! Citizens, cops and jail on a torus.

use std::collections::HashMap;
use std::sync::atomic::Ordering;

use equipoise_models::civil_violence::{Rules, Setting, Society, Tick, outbursts};
use pyo3::exceptions::PyKeyboardInterrupt;
use pyo3::prelude::*;
use serde_json::json;

use super::{Answer, chosen, table};
use crate::failure::{ModelError, of_model};
use crate::table::Column;
use crate::watch::attend;

/// One society, tick by tick, and its outbursts. `changes` are numbers of the setting by name.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "they are the keywords of the Python function")]
pub fn civil_violence(
    py: Python<'_>,
    rules: &str,
    run: u32,
    changes: HashMap<String, f64>,
    seed: u64,
    ticks: u32,
    outburst_limit: u32,
    progress: Option<Py<PyAny>>,
) -> PyResult<Answer> {
    let rules = chosen("set of rules", rules, &Rules::NAMED)?;
    let mut setting = Setting::published(run, false)
        .ok_or_else(|| ModelError::new_err(format!("there is no published run {run}; there are 1 to 8")))?;
    for (name, value) in &changes {
        match name.as_str() {
            "size" => (setting.width, setting.height) = (*value as usize, *value as usize),
            "citizen_density" => setting.citizen_density = *value,
            "cop_density" => setting.cop_density = *value,
            "citizen_vision" => setting.citizen_vision = *value,
            "cop_vision" => setting.cop_vision = *value,
            "legitimacy" => setting.legitimacy = *value,
            "longest_term" => setting.longest_term = *value,
            "threshold" => setting.threshold = *value,
            "arrest_constant" => setting.arrest_constant = *value,
            other => return Err(ModelError::new_err(format!("there is no setting `{other}`"))),
        }
    }
    let mut society = Society::new(rules, setting, seed).map_err(of_model)?;
    let series = attend(py, progress, move |watched| {
        let control = watched.control();
        let mut series: Vec<Tick> = Vec::new();
        while series.len() < ticks as usize {
            if control.cancel.load(Ordering::Relaxed) {
                return Err(PyKeyboardInterrupt::new_err(()));
            }
            series.push(society.tick());
            control.done.fetch_add(1, Ordering::Relaxed);
        }
        Ok(series)
    })?;
    let active: Vec<u32> = series.iter().map(|tick| tick.active).collect();
    let found = outbursts(&active, outburst_limit);
    let whole =
        |of: &dyn Fn(&Tick) -> u32| Column::Whole(series.iter().map(|tick| i64::from(of(tick))).collect());
    let number = |of: &dyn Fn(&Tick) -> f64| Column::Numbers(series.iter().map(of).collect());
    let of_series = table(vec![
        ("tick", whole(&|tick| tick.tick)),
        ("active", whole(&|tick| tick.active)),
        ("jailed", whole(&|tick| tick.jailed)),
        ("quiet", whole(&|tick| tick.quiet)),
        ("cops", whole(&|tick| tick.cops)),
        ("legitimacy", number(&|tick| tick.legitimacy)),
        ("tension", number(&|tick| tick.tension)),
    ])?;
    let of_outbursts = table(vec![
        ("start", Column::Whole(found.iter().map(|one| i64::from(one.start)).collect())),
        ("end", Column::Whole(found.iter().map(|one| i64::from(one.end)).collect())),
        ("activation", Column::Whole(found.iter().map(|one| one.activation as i64).collect())),
        ("wait", Column::Maybe(found.iter().map(|one| one.wait.map(f64::from)).collect())),
    ])?;
    let told = json!({ "seed": seed, "ticks": ticks, "peak": active.iter().max() });
    Ok((told.to_string(), vec![("series", of_series), ("outbursts", of_outbursts)]))
}
