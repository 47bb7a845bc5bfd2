//! Reading outcomes and series off a world and its chronicle.

use equipoise_scenario::Scenario;
use equipoise_scenario::chronicle::Trigger;
use equipoise_scenario::scenario::Measure;

use crate::formulas::{Formulas, Measured};
use crate::history::{Event, History};
use crate::world::World;

/// Prepares the running values of a new history: peaks and values on a date, one slot per outcome; and the room for the
/// series of so many days.
pub(crate) fn start(
    scenario: &Scenario,
    days: u32,
    peaks: &mut Vec<f64>,
    at_date: &mut Vec<f64>,
    history: &mut History,
) {
    peaks.clear();
    peaks.resize(scenario.outcomes.len(), f64::NEG_INFINITY);
    at_date.clear();
    at_date.resize(scenario.outcomes.len(), f64::NAN);
    history.series.resize(scenario.series.len() * days as usize, f32::NAN);
}

/// Takes down the series at the end of the day; on a still day one that does not drift repeats yesterday's value.
pub(crate) fn observe_series(
    world: &World,
    scenario: &Scenario,
    formulas: &Formulas<'_>,
    still: bool,
    history: &mut History,
) {
    let width = scenario.series.len();
    let (past, today) = history.series.split_at_mut(width * world.day as usize);
    let yesterday = past.len().checked_sub(width).map(|at| &past[at..]);
    for (at, series) in &formulas.series {
        today[*at] = match yesterday {
            Some(values) if still && !series.drifts => values[*at],
            _ => series.formula.value(world) as f32,
        };
    }
}

/// Takes down the peaks, and the values due today.
pub(crate) fn observe_outcomes(
    world: &World,
    formulas: &Formulas<'_>,
    still: bool,
    peaks: &mut [f64],
    at_date: &mut [f64],
) {
    for (outcome, peak) in &formulas.peaks {
        if !still || peak.drifts {
            peaks[*outcome] = peaks[*outcome].max(peak.formula.value(world));
        }
    }
    for (outcome, formula, due) in &formulas.values {
        if *due == world.day {
            at_date[*outcome] = formula.value(world);
        }
    }
}

/// Writes the outcomes that are asked for once the last day is over.
pub(crate) fn finish(
    scenario: &Scenario,
    measured: &Measured,
    peaks: &[f64],
    at_date: &[f64],
    history: &mut History,
) {
    for (o, outcome) in scenario.outcomes.iter().enumerate() {
        let value = match &outcome.measure {
            _ if !measured.outcomes[o] => f64::NAN,
            Measure::Value { .. } => at_date[o],
            Measure::Peak { .. } => peaks[o],
            Measure::First { event } => date(history.events.iter().find(|e| matches(e, event))),
            Measure::Last { event } => date(history.events.iter().rev().find(|e| matches(e, event))),
            Measure::Happens { event } => f64::from(history.events.iter().any(|e| matches(e, event))),
        };
        history.outcomes.push(value);
    }
}

fn matches(event: &Event, trigger: &Trigger) -> bool {
    event.kind == trigger.kind && trigger.subject.is_none_or(|subject| subject == event.subject)
}

fn date(event: Option<&Event>) -> f64 {
    event.map_or(f64::NAN, |event| f64::from(event.day))
}
