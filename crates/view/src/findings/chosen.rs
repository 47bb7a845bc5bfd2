//! Which histories are told: the most typical one, the most central of a rare kind, and the one closest to the record.
//! The rules are our own.
//!
//! The distance of a history from the centre is the sum, over all outcomes, of squared standardised deviations: of a
//! number or date from the median, by the standard deviation; of a yes/no, and of whether a date came at all, from the
//! commoner case, by √(p(1−p)). The distance to the record is that of `equipoise_lab::closest`: the mean over the rows
//! of the record that can be compared, in spreads of the ensemble.

use std::collections::HashSet;

use equipoise_lab::closest::{Closest, closest, closest_among};
use equipoise_lab::live::Sample;
use equipoise_lab::quantile::{ascending, quantile};
use equipoise_lab::read::EventRow;
use equipoise_lab::score::ScoreKind;
use equipoise_lab::why::{EventChain, chains};
use equipoise_lab::{LabError, Run};
use equipoise_scenario::Scenario;
use equipoise_scenario::scenario::Outcome;

use super::happened;
use super::{ChainTold, OutcomeRow, Timeline, TimelineEvent};
use crate::wording;

/// A history worth telling, and by which rule it was chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// Its number.
    pub history: u64,
    /// What kind of history it is.
    pub kind: Kind,
    /// The rule, in words.
    pub rule: String,
}

/// What kind of history is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Its outcomes lie nearest to the centre of all.
    Typical,
    /// In it something comes out as it seldom does; of such histories, the most typical.
    Surprising,
    /// It misses the record by least.
    Closest,
}

impl Kind {
    /// As a heading.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Kind::Typical => "A typical history",
            Kind::Surprising => "A surprising history",
            Kind::Closest => "The history closest to the record",
        }
    }
}

/// The typical, the surprising and the closest history of a run, told; none without histories, the second only if
/// something is rare, the third only if there is a record.
pub(super) fn timelines(run: &Run, outcomes: &[OutcomeRow]) -> Result<Vec<Timeline>, LabError> {
    let mut columns = Vec::new();
    for row in outcomes {
        columns.push(Column { values: run.outcome(&row.id)?, yes_no: happened::is_yes_no(&row.found) });
    }
    let mut chosen = central_and_rare(run.scenario(), &columns);
    chosen.extend(closest(run)?.as_ref().map(nearest_to_record));
    let numbers: Vec<u64> = chosen.iter().map(|chosen| chosen.history).collect();
    let told = chosen.into_iter().zip(chains(run, &numbers)?).map(|(chosen, chains)| {
        let rows = run.history_events(chosen.history)?;
        let mut timeline = timeline(run, &columns, chosen, &rows)?;
        tell_chains(&mut timeline.events, &rows, chains, run.histories());
        Ok(timeline)
    });
    told.collect()
}

/// The histories of a sample in memory that are worth telling, as those of a run; the sample keeps every series.
#[must_use]
pub fn chosen_among(scenario: &Scenario, sample: &Sample) -> Vec<Chosen> {
    let column = |(at, outcome): (usize, &Outcome)| Column {
        values: sample.histories.iter().map(|lived| lived.outcomes[at]).collect(),
        yes_no: ScoreKind::of_outcome(outcome) == ScoreKind::YesNo,
    };
    let columns: Vec<Column> = scenario.outcomes.iter().enumerate().map(column).collect();
    let mut chosen = central_and_rare(scenario, &columns);
    chosen.extend(closest_among(scenario, sample).as_ref().map(nearest_to_record));
    chosen
}

/// The most typical history, and the most typical of those in which something rare happens.
fn central_and_rare(scenario: &Scenario, columns: &[Column]) -> Vec<Chosen> {
    let distances = distances(columns, columns.first().map_or(0, |column| column.values.len()));
    let Some(typical) = nearest(&distances, |_| true) else { return Vec::new() };
    let rule = "Of all histories its outcomes, standardised, lie nearest to the medians and to the commoner answers.";
    let mut chosen = vec![Chosen { history: typical as u64, kind: Kind::Typical, rule: rule.to_owned() }];
    let all = 0..columns.len();
    let headlines = all.clone().filter(|at| scenario.outcomes[*at].headline).chain(all);
    if let Some((at, rare)) = headlines.into_iter().find_map(|at| Some((at, Rare::of(&columns[at])?)))
        && let Some(history) = nearest(&distances, |history| rare.holds(columns[at].values[history]))
    {
        let rule = format!(
            "“{}” {} in only {} of the histories; of those its outcomes lie nearest to the centre.",
            scenario.outcomes[at].title,
            rare.words(),
            wording::percent(rare_share(&columns[at], &rare))
        );
        chosen.push(Chosen { history: history as u64, kind: Kind::Surprising, rule });
    }
    chosen
}

/// The history closest to the record, with how close it comes.
fn nearest_to_record(closest: &Closest) -> Chosen {
    let rule = format!(
        "Of {} it misses the record by least: by {} of the spread of the histories, on average over the {} that can be compared.",
        wording::counted(closest.among, "history", "histories"),
        wording::exact((closest.distance * 100.0).round() / 100.0),
        wording::counted(closest.rows as u64, "thing on record", "things on record"),
    );
    Chosen { history: closest.history, kind: Kind::Closest, rule }
}

/// Puts beside each event what led to it.
fn tell_chains(told: &mut [TimelineEvent], rows: &[EventRow], chains: Vec<EventChain>, histories: u64) {
    for chain in chains {
        let Some(event) = told.iter_mut().find(|event| event.id == chain.event) else { continue };
        let first = chain.causes.last().copied().unwrap_or(chain.event);
        let kind = rows.iter().find(|row| row.event == first).map(|row| row.kind);
        event.chain = kind.map(|kind| ChainTold {
            causes: chain.causes,
            begins: happened::beginning(kind),
            same_chain: chain.same_chain,
            occurs: chain.occurs,
            histories,
        });
    }
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

fn timeline(run: &Run, columns: &[Column], chosen: Chosen, rows: &[EventRow]) -> Result<Timeline, LabError> {
    let scenario = run.scenario();
    let history = chosen.history as usize;
    let account = run.accounts()?.get(history).map_or(0, |account| usize::from(*account));
    let account = scenario.evidence.accounts.get(account);
    let headlines = (0..columns.len()).filter(|at| scenario.outcomes[*at].headline);
    let value = |at: usize| happened::outcome_value(scenario, at, columns[at].values[history]);
    Ok(Timeline {
        title: chosen.kind.title().to_owned(),
        rule: chosen.rule,
        history: chosen.history,
        account: account.map_or_else(String::new, |account| account.title.clone()),
        outcomes: headlines.map(|at| (scenario.outcomes[at].title.clone(), value(at))).collect(),
        events: told(scenario, rows),
    })
}

/// The events of a history in words; votes of states other than the focus state stand in tables of their own.
pub fn told(scenario: &Scenario, events: &[EventRow]) -> Vec<TimelineEvent> {
    let mut seen = HashSet::new();
    let at_home: Vec<_> = events.iter().filter(|event| !happened::is_foreign_vote(scenario, event)).collect();
    let shown: HashSet<u32> = at_home.iter().map(|event| event.event).collect();
    let mut said = HashSet::new();
    let told = at_home.iter().map(|event| {
        let text = happened::sentence(scenario, event);
        // What is said word for word again, such as a decision renewed day by day, is told once.
        let new = said.insert(text.clone());
        TimelineEvent {
            id: event.event,
            date: scenario.date(event.day),
            hour: (event.hour > 0).then_some(event.hour),
            text,
            central: seen.insert(event.kind) | (new && !happened::is_local(scenario, event)),
            causes: event.causes.iter().copied().filter(|cause| shown.contains(cause)).collect(),
            chain: None,
        }
    });
    told.collect()
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
