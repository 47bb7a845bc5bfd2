//! Series over time: how their values spread over the histories, day by day.

use equipoise_lab::{LabError, Run};
use equipoise_scenario::Scenario;
use equipoise_scenario::expression::{Expression, Reference};
use equipoise_scenario::unit::Unit;
use equipoise_scenario::vocabulary::Observable;

use super::Scored;

/// A series over time: quantiles day by day, and the record's points.
#[derive(Debug, Clone, PartialEq)]
pub struct Fan {
    /// Short name: the column of the series table.
    pub id: String,
    /// What it is, for people.
    pub title: String,
    /// Its unit.
    pub unit: Unit,
    /// 5, 25, 50, 75 and 95 % quantiles of each day, from the period's first day on; empty without histories.
    pub quantiles: Vec<[f64; 5]>,
    /// Histories the quantiles were read off (a large run is read in part).
    pub histories: u64,
    /// What really happened.
    pub record: Vec<Scored>,
}

/// One series (an index) of a run.
///
/// # Errors
/// The table of series cannot be read.
pub(super) fn of_run(run: &Run, at: usize, record: Vec<Scored>) -> Result<Fan, LabError> {
    let id = &run.scenario().series[at].id;
    let quantiles = run.series_quantiles(id, &[0.05, 0.25, 0.5, 0.75, 0.95], None)?;
    let days = quantiles.days.iter().map_while(|day| <[f64; 5]>::try_from(day.as_slice()).ok());
    Ok(of(run.scenario(), at, days, quantiles.histories, record))
}

/// One series (an index) from the quantiles of its days.
pub(super) fn of(
    scenario: &Scenario,
    at: usize,
    days: impl Iterator<Item = [f64; 5]>,
    histories: u64,
    record: Vec<Scored>,
) -> Fan {
    let series = &scenario.series[at];
    Fan {
        id: series.id.clone(),
        title: series.title.clone(),
        unit: series.unit,
        // Without histories the quantiles are NaN, and there is nothing to draw.
        quantiles: days.take_while(|day| day.iter().all(|value| value.is_finite())).collect(),
        histories,
        record,
    }
}

/// The series that are the position of an actor on an issue, as indices.
pub fn positions(scenario: &Scenario) -> Vec<usize> {
    (0..scenario.series.len()).filter(|at| is_position(&scenario.series[*at].value)).collect()
}

/// Whether an expression is the position of an actor on an issue and nothing else.
pub(super) fn is_position(value: &Expression) -> bool {
    matches!(value.reads(), [Reference::World(Observable::Position, _)]) && value.source().ends_with(')')
}
