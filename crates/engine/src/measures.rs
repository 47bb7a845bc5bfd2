//! Reading outcomes and series off a world and its chronicle.

use equipoise_scenario::Scenario;
use equipoise_scenario::chronicle::Trigger;
use equipoise_scenario::scenario::Measure;

use crate::history::{Event, History};
use crate::formulas::Formula;
use crate::world::World;

/// Prepares the running values of a new history: peaks and values on a date, one slot per outcome.
pub(crate) fn start(scenario: &Scenario, peaks: &mut Vec<f64>, at_date: &mut Vec<f64>) {
    peaks.clear();
    peaks.resize(scenario.outcomes.len(), f64::NEG_INFINITY);
    at_date.clear();
    at_date.resize(scenario.outcomes.len(), f64::NAN);
}

/// Takes down the series at the end of the day; one that has not changed repeats yesterday's value.
pub(crate) fn observe_series(
    world: &World,
    series: &[Formula<'_>],
    changed: impl Fn(usize) -> bool,
    history: &mut History,
) {
    let count = series.len();
    for (s, formula) in series.iter().enumerate() {
        let yesterday = history.series.len().checked_sub(count).map(|at| history.series[at]);
        let value = match yesterday {
            Some(value) if !changed(s) => value,
            _ => formula.value(world) as f32,
        };
        history.series.push(value);
    }
}

/// Takes down the peaks, and the values due today. `due` holds the day of each dated value.
pub(crate) fn observe_outcomes(
    world: &World,
    scenario: &Scenario,
    formulas: &[Option<Formula<'_>>],
    due: &[u32],
    changed: impl Fn(usize) -> bool,
    peaks: &mut [f64],
    at_date: &mut [f64],
) {
    for (o, (outcome, formula)) in scenario.outcomes.iter().zip(formulas).enumerate() {
        let Some(formula) = formula else { continue };
        match outcome.measure {
            Measure::Peak { .. } if changed(o) => peaks[o] = peaks[o].max(formula.value(world)),
            Measure::Value { .. } if due[o] == world.day => at_date[o] = formula.value(world),
            _ => {}
        }
    }
}

/// Writes the outcomes once the last day is over.
pub(crate) fn finish(scenario: &Scenario, peaks: &[f64], at_date: &[f64], history: &mut History) {
    for (o, outcome) in scenario.outcomes.iter().enumerate() {
        let value = match &outcome.measure {
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
