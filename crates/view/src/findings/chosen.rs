//! Which histories are told: the most typical one, and the most central of a rare kind. Both rules are our own.
//!
//! The distance of a history from the centre is the sum, over all outcomes, of squared standardised deviations: of a
//! number or date from the median, by the standard deviation; of a yes/no, and of whether a date came at all, from the
//! commoner case, by √(p(1−p)).

use std::collections::HashSet;

use equipoise_lab::quantile::{ascending, quantile};
use equipoise_lab::read::EventRow;
use equipoise_lab::{LabError, Run};
use equipoise_scenario::Scenario;

use super::happened;
use super::{OutcomeRow, Timeline, TimelineEvent};
use crate::wording;

/// The typical and the surprising history of a run; none without histories, only the first if nothing in it is rare.
pub(super) fn timelines(run: &Run, outcomes: &[OutcomeRow]) -> Result<Vec<Timeline>, LabError> {
    let mut columns = Vec::new();
    for row in outcomes {
        columns.push(Column { values: run.outcome(&row.id)?, yes_no: happened::is_yes_no(&row.found) });
    }
    let distances = distances(&columns, run.histories() as usize);
    let Some(typical) = nearest(&distances, |_| true) else { return Ok(Vec::new()) };
    let rule = "Of all histories its outcomes, standardised, lie nearest to the medians and to the commoner answers.".to_owned();
    let mut told = vec![timeline(run, outcomes, &columns, typical, "A typical history", rule)?];
    let headlines = (0..outcomes.len()).filter(|at| outcomes[*at].headline).chain(0..outcomes.len());
    if let Some((at, rare)) = headlines.into_iter().find_map(|at| Some((at, Rare::of(&columns[at])?)))
        && let Some(history) = nearest(&distances, |history| rare.holds(columns[at].values[history]))
    {
        let share = rare_share(&columns[at], &rare);
        let rule = format!(
            "“{}” {} in only {} of the histories; of those its outcomes lie nearest to the centre.",
            outcomes[at].title,
            rare.words(),
            wording::percent(share)
        );
        told.push(timeline(run, outcomes, &columns, history, "A surprising history", rule)?);
    }
    Ok(told)
}

/// An outcome in every history; NaN where it has none.
struct Column {
    values: Vec<f64>,
    yes_no: bool,
}

/// The least likely class of an outcome.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Rare {
    /// A yes/no comes out like this.
    Answer(f64),
    /// A number or date lies above this, its 95 % quantile.
    Above(f64),
}

impl Rare {
    /// The rarer answer of a yes/no, or the upper tail of a number; `None` if all histories are alike.
    fn of(column: &Column) -> Option<Rare> {
        let present = ascending(column.values.iter().copied());
        if *present.first()? == *present.last()? {
            return None;
        }
        if column.yes_no {
            let yes = present.iter().sum::<f64>() / present.len() as f64;
            return Some(Rare::Answer(if yes <= 0.5 { 1.0 } else { 0.0 }));
        }
        let tail = quantile(&present, 0.95);
        (tail < *present.last()?).then_some(Rare::Above(tail))
    }

    fn holds(self, value: f64) -> bool {
        match self {
            Rare::Answer(answer) => value == answer,
            Rare::Above(tail) => value > tail,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Rare::Answer(0.0) => "does not happen",
            Rare::Answer(_) => "happens",
            Rare::Above(_) => "lies above its 95 % quantile",
        }
    }
}

fn rare_share(column: &Column, rare: &Rare) -> f64 {
    column.values.iter().filter(|value| rare.holds(**value)).count() as f64 / column.values.len() as f64
}

/// The history of the smallest distance among those that count; the first of equals.
fn nearest(distances: &[f64], counts: impl Fn(usize) -> bool) -> Option<usize> {
    (0..distances.len()).filter(|at| counts(*at)).min_by(|a, b| distances[*a].total_cmp(&distances[*b]))
}

fn distances(columns: &[Column], histories: usize) -> Vec<f64> {
    let mut distances = vec![0.0; histories];
    for column in columns {
        let present = ascending(column.values.iter().copied());
        let share = present.len() as f64 / column.values.len() as f64;
        let median = quantile(&present, 0.5);
        // A yes/no has its commoner answer as centre, which the median of an even split is not.
        let centre = if column.yes_no { median.round() } else { median };
        let mean = present.iter().sum::<f64>() / present.len() as f64;
        let variance = present.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / present.len() as f64;
        for (distance, value) in distances.iter_mut().zip(&column.values) {
            let there = value.is_finite();
            if there != (share >= 0.5) {
                *distance += 1.0 / (share * (1.0 - share));
            }
            if there && variance > 0.0 {
                *distance += (value - centre).powi(2) / variance;
            }
        }
    }
    distances
}

fn timeline(
    run: &Run,
    outcomes: &[OutcomeRow],
    columns: &[Column],
    history: usize,
    title: &str,
    rule: String,
) -> Result<Timeline, LabError> {
    let scenario = run.scenario();
    let account = run.accounts()?.get(history).map_or(0, |account| usize::from(*account));
    let events = run.history_events(history as u64)?;
    let headline = |at: &usize| outcomes[*at].headline;
    Ok(Timeline {
        title: title.to_owned(),
        rule,
        history: history as u64,
        account: scenario
            .evidence
            .accounts
            .get(account)
            .map_or_else(String::new, |account| account.title.clone()),
        outcomes: (0..outcomes.len())
            .filter(headline)
            .map(|at| {
                (
                    outcomes[at].title.clone(),
                    happened::outcome_value(scenario, at, columns[at].values[history]),
                )
            })
            .collect(),
        events: told(scenario, &events),
    })
}

/// The events of a history in words; votes of states other than the focus state stand in tables of their own.
pub fn told(scenario: &Scenario, events: &[EventRow]) -> Vec<TimelineEvent> {
    let mut seen = HashSet::new();
    let at_home: Vec<_> = events.iter().filter(|event| !happened::is_foreign_vote(scenario, event)).collect();
    let shown: HashSet<u32> = at_home.iter().map(|event| event.event).collect();
    let told = at_home.iter().map(|event| TimelineEvent {
        id: event.event,
        date: scenario.date(event.day),
        hour: (event.hour > 0).then_some(event.hour),
        text: happened::sentence(scenario, event),
        central: seen.insert(event.kind) | !happened::is_local(scenario, event),
        causes: event.causes.iter().copied().filter(|cause| shown.contains(cause)).collect(),
    });
    told.collect()
}

/// The history whose outcomes lie nearest to the centre of all, from one column of values per outcome; `yes_no` says of
/// each outcome whether it is one. `None` without histories.
pub fn nearest_centre(columns: Vec<Vec<f64>>, yes_no: &[bool]) -> Option<usize> {
    let histories = columns.first().map_or(0, Vec::len);
    let columns = columns.into_iter().zip(yes_no).map(|(values, yes_no)| Column { values, yes_no: *yes_no });
    nearest(&distances(&columns.collect::<Vec<_>>(), histories), |_| true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(values: &[f64], yes_no: bool) -> Column {
        Column { values: values.to_vec(), yes_no }
    }

    #[test]
    fn the_typical_history_is_the_most_central_one() {
        let killed = column(&[10.0, 200.0, 190.0, 5_000.0], false);
        let sent = column(&[1.0, 1.0, 0.0, 1.0], true);
        assert_eq!(nearest(&distances(&[killed, sent], 4), |_| true), Some(1));
    }

    #[test]
    fn a_date_that_came_is_untypical_where_it_mostly_does_not() {
        let missing = f64::NAN;
        let distances = distances(&[column(&[missing, missing, 5.0], false)], 3);
        assert!(distances[0] < distances[2]);
    }

    #[test]
    fn the_rarer_answer_is_the_surprise() {
        assert_eq!(Rare::of(&column(&[1.0, 1.0, 0.0], true)), Some(Rare::Answer(0.0)));
        assert_eq!(Rare::of(&column(&[1.0, 1.0], true)), None);
        assert_eq!(Rare::of(&column(&[f64::NAN], true)), None);
    }

    #[test]
    fn outcomes_that_never_come_do_not_break_the_choice() {
        let never = column(&[f64::NAN, f64::NAN], false);
        assert_eq!(nearest(&distances(&[never], 2), |_| true), Some(0));
        assert_eq!(nearest(&distances(&[], 0), |_| true), None);
    }
}
