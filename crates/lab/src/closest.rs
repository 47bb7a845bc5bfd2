//! The history closest to what really happened.

use equipoise_scenario::Scenario;
use equipoise_scenario::scenario::{RecordRow, Target as About};

use crate::calibrate::distance::{Distance, Target};
use crate::error::LabError;
use crate::live::Sample;
use crate::read::Run;
use crate::score::{ScoreKind, score_row};

/// Histories that are looked at, at most: the first ones, so that memory stays bounded.
const ENOUGH: u64 = 20_000;

/// The history of the smallest distance to the record; the first of equals.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Closest {
    /// Its number.
    pub history: u64,
    /// Its distance: the mean over the rows of how far it lies outside what the record leaves open, in spreads of the
    /// ensemble, as [`Distance`] measures it.
    pub distance: f64,
    /// Rows of the record that can be compared: held out or not, since nothing is fitted here.
    pub rows: usize,
    /// Histories that were looked at.
    pub among: u64,
}

/// The closest history of a run, among its first 20,000; nothing without histories or without a record to compare with.
///
/// # Errors
/// A table cannot be read.
pub fn closest(run: &Run) -> Result<Option<Closest>, LabError> {
    let scenario = run.scenario();
    let among = run.histories().min(ENOUGH);
    let mut columns: Vec<Vec<f64>> = vec![Vec::new(); scenario.record.len()];
    for (at, row) in scenario.record.iter().enumerate() {
        if let About::Outcome(outcome) = row.target {
            columns[at] = run.outcome(&scenario.outcomes[outcome].id)?;
        }
    }
    for (series, declared) in scenario.series.iter().enumerate() {
        // Each series is read once, whatever number of days the record speaks of.
        let rows: Vec<(usize, u32)> = scenario
            .record
            .iter()
            .enumerate()
            .filter_map(|(at, row)| Some((at, day(scenario, row, series)?)))
            .collect();
        if rows.is_empty() {
            continue;
        }
        let days: Vec<u32> = rows.iter().map(|(_, day)| *day).collect();
        for ((at, _), values) in rows.iter().zip(run.series_on_days(&declared.id, &days, among)?) {
            columns[*at] = values;
        }
    }
    let values = |history: usize| columns.iter().map(|column| column[history]).collect();
    Ok(nearest(scenario, (0..among as usize).map(values).collect()))
}

/// The closest history of a sample in memory that keeps every series; nothing without histories or without a record to
/// compare with.
#[must_use]
pub fn closest_among(scenario: &Scenario, sample: &Sample) -> Option<Closest> {
    let values = |history: usize| {
        let value = |row: &RecordRow| match row.target {
            About::Outcome(at) => sample.histories[history].outcomes[at],
            About::Series(series, date) => {
                let day = usize::try_from(scenario.day(date)).ok();
                day.and_then(|day| sample.value(history, series, day)).unwrap_or(f64::NAN)
            }
        };
        scenario.record.iter().map(value).collect()
    };
    nearest(scenario, (0..sample.histories.len().min(ENOUGH as usize)).map(values).collect())
}

/// The simulated day on which a row of the record speaks of a series.
fn day(scenario: &Scenario, row: &RecordRow, series: usize) -> Option<u32> {
    match row.target {
        About::Series(at, date) if at == series => {
            u32::try_from(scenario.day(date)).ok().filter(|day| *day < scenario.days)
        }
        _ => None,
    }
}

/// The nearest of histories given by their values, one for each row of the record.
fn nearest(scenario: &Scenario, values: Vec<Vec<f64>>) -> Option<Closest> {
    let distance = Distance::new(&comparable(scenario), &values);
    if distance.rows() == 0 {
        return None;
    }
    let distances = values.iter().map(|values| distance.of(values)).enumerate();
    let (history, nearest) = distances.min_by(|a, b| a.1.total_cmp(&b.1))?;
    Some(Closest {
        history: history as u64,
        distance: nearest,
        rows: distance.rows(),
        among: values.len() as u64,
    })
}

/// The rows of the record that give a value, whether held out or not.
fn comparable(scenario: &Scenario) -> Vec<Option<Target>> {
    let target = |row: &RecordRow| {
        let score = score_row(scenario, row, None, &[]);
        let least_scale = if score.kind == ScoreKind::Number { 0.0 } else { 0.5 };
        let interval = score.claim.filter(|claim| claim.iter().any(|end| end.is_finite()))?;
        Some(Target { interval, least_scale })
    };
    scenario.record.iter().map(target).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use super::*;
    use crate::live::{Setting, Simulator};

    fn scenario() -> Scenario {
        equipoise_scenario::load_files("strait", equipoise_scenario::template("strait")).unwrap()
    }

    #[test]
    fn a_history_that_is_as_the_record_says_is_the_closest() {
        let scenario = scenario();
        let targets = comparable(&scenario);
        let rows = targets.iter().flatten().count();
        assert!(rows > 0);
        let as_recorded = |target: &Option<Target>| {
            let [low, high] = target.map_or([0.0; 2], |target| target.interval);
            if low.is_finite() { low } else { high }
        };
        let real: Vec<f64> = targets.iter().map(as_recorded).collect();
        let off = |by: f64| real.iter().map(|value| value + by).collect::<Vec<f64>>();
        let found =
            nearest(&scenario, vec![off(-7.0), off(90.0), real.clone(), off(-3.0), real.clone()]).unwrap();
        assert_eq!(found, Closest { history: 2, distance: 0.0, rows, among: 5 });
    }

    #[test]
    fn among_simulated_histories_no_other_is_nearer() {
        let scenario = scenario();
        let mut sample = Sample::empty(&scenario, (0..scenario.series.len()).collect());
        assert_eq!(closest_among(&scenario, &sample), None, "nothing is closest among none");
        let simulator = Simulator::new(&scenario, Setting { seed: 1, account: None });
        assert!(simulator.grow(&mut sample, 60, None, &AtomicBool::new(false)));
        let found = closest_among(&scenario, &sample).unwrap();
        assert_eq!(found.among, 60);
        // A twin of the closest is as close, and the first of equals is named.
        let twin = sample.histories[found.history as usize].clone();
        sample.histories.push(twin);
        assert_eq!(closest_among(&scenario, &sample).unwrap().history, found.history);
    }
}
