//! From a run directory to findings: the only place that reads runs.

use equipoise_lab::quantile::wilson_interval;
use equipoise_lab::score::{Card, Score, ScoreKind, cards, score};
use equipoise_lab::summary::{Finding, Summary, summarise};
use equipoise_lab::votes::votes;
use equipoise_lab::{LabError, Run};
use equipoise_scenario::Scenario;
use equipoise_scenario::expression::{Expression, Reference};
use equipoise_scenario::scenario::{RecordRow, Target};
use equipoise_scenario::vocabulary::Observable;
use jiff::civil::Date;

use super::alliance;
use super::chosen;
use super::drives;
use super::rests;
use super::{
    AccountFit, AccountRow, BallotRow, BallotTable, Ensemble, Fan, Findings, Found, OutcomeRow, Scored,
};
use super::{routes, rule, unrest};
use crate::wording;

/// Days of the period's beginning that fans show at first.
const ZOOM_DAYS: u32 = 31;

/// Everything the report shows, from a complete run; `command` is what makes the same run again.
///
/// # Errors
/// A table of the run cannot be read.
pub fn gather(run: &Run, command: &str) -> Result<Findings, LabError> {
    let scenario = run.scenario();
    let scores = score(run)?;
    let scored = all_scored(scenario, &scores);
    let of = |target: &dyn Fn(Target) -> bool| -> Vec<Scored> {
        scored.iter().filter(|(at, ..)| target(*at)).map(|(_, row, _)| row.clone()).collect()
    };
    let summaries = summarise(run)?;
    let outcomes: Vec<OutcomeRow> = (0..scenario.outcomes.len())
        .map(|at| outcome(scenario, at, &summaries, of(&|target| target == Target::Outcome(at))))
        .collect();
    let (mut fans, mut positions) = (Vec::new(), Vec::new());
    for (at, series) in scenario.series.iter().enumerate() {
        let list = if is_position(&series.value) { &mut positions } else { &mut fans };
        list.push(fan(run, at, of(&|target| matches!(target, Target::Series(series, _) if series == at)))?);
    }
    let last = scenario.days.saturating_sub(1);
    Ok(Findings {
        title: scenario.title.clone(),
        question: scenario.question.clone(),
        ensemble: ensemble(run, command),
        accounts: accounts(run)?,
        alliances: alliance::alliances(run)?,
        timelines: chosen::timelines(run, &outcomes)?,
        outcomes,
        rules: rule::rules(run)?,
        fans,
        drives: drives::drives(run)?,
        positions,
        ballots: ballots(run)?,
        zoom: (scenario.start, scenario.date(if last >= 2 * ZOOM_DAYS { ZOOM_DAYS - 1 } else { last })),
        unrest: unrest::unrest(run)?,
        routes: routes::routes(run)?,
        fit: fit(scenario, &scored),
        cards: titled_cards(scenario, &scores),
        parameters: rests::parameters(scenario),
        conflicts: rests::conflicts(scenario),
        sources: rests::sources(scenario),
    })
}

/// Whether an expression is the position of an actor on an issue and nothing else.
fn is_position(value: &Expression) -> bool {
    matches!(value.reads(), [Reference::World(Observable::Position, _)]) && value.source().ends_with(')')
}

/// The votes on every resolution, the focus state first.
fn ballots(run: &Run) -> Result<Vec<BallotTable>, LabError> {
    let scenario = run.scenario();
    let Some(voting) = &scenario.voting else { return Ok(Vec::new()) };
    let told = votes(run)?.into_iter().map(|votes| {
        let resolution = &voting.resolutions[votes.resolution];
        let row = |v: usize| BallotRow {
            state: scenario.actors[voting.voters[v].actor].name.clone(),
            shares: votes.shares[v],
            record: resolution.record[v].map(|vote| vote as usize),
        };
        let is_focus = |v: &usize| voting.voters[*v].actor == scenario.focus;
        let all = 0..voting.voters.len();
        let rows = all.clone().filter(is_focus).chain(all.filter(|v| !is_focus(v))).map(row).collect();
        BallotTable {
            title: resolution.title.clone(),
            date: resolution.date,
            histories: votes.histories,
            rows,
            fit: votes.fit,
        }
    });
    Ok(told.collect())
}

fn ensemble(run: &Run, command: &str) -> Ensemble {
    let (scenario, manifest) = (run.scenario(), run.manifest());
    Ensemble {
        scenario: manifest.scenario.id.clone(),
        hash: manifest.scenario.hash.clone(),
        policy: manifest.policy.clone(),
        histories: run.histories(),
        seed: manifest.seed,
        design: manifest.design.name().to_owned(),
        version: manifest.equipoise.clone(),
        command: command.to_owned(),
        period: (scenario.start, scenario.date(scenario.days.saturating_sub(1))),
    }
}

fn accounts(run: &Run) -> Result<Vec<AccountRow>, LabError> {
    let drawn = run.accounts()?;
    let rows = run.scenario().evidence.accounts.iter().enumerate().map(|(at, account)| AccountRow {
        id: account.id.clone(),
        title: account.title.clone(),
        explanation: account.explanation.clone(),
        credence: account.credence,
        histories: drawn.iter().filter(|there| usize::from(**there) == at).count() as u64,
    });
    Ok(rows.collect())
}

fn outcome(scenario: &Scenario, at: usize, summaries: &[Summary], record: Vec<Scored>) -> OutcomeRow {
    let outcome = &scenario.outcomes[at];
    let under = |account: Option<usize>| {
        summaries
            .iter()
            .find(|summary| summary.outcome == at && summary.account == account)
            .map_or(Found::Nothing, |summary| found(scenario, summary))
    };
    OutcomeRow {
        id: outcome.id.clone(),
        title: outcome.title.clone(),
        unit: outcome.unit,
        headline: outcome.headline,
        found: under(None),
        by_account: (0..scenario.evidence.accounts.len()).map(|account| under(Some(account))).collect(),
        record,
    }
}

/// What a summary found, with dates for days.
pub fn found(scenario: &Scenario, summary: &Summary) -> Found {
    if summary.histories == 0 {
        return Found::Nothing;
    }
    match summary.finding {
        Finding::Probability(share) if share.share.is_nan() => Found::Nothing,
        Finding::Probability(share) => {
            Found::Probability { share: share.share, interval: share.interval.into() }
        }
        Finding::Number { spread, .. } if spread.median.is_nan() => Found::Nothing,
        Finding::Number { spread, .. } => {
            Found::Number { median: spread.median, interval: (spread.low, spread.high) }
        }
        Finding::Date { happens, spread } => Found::Date {
            happened: happens.share,
            interval: happens.interval.into(),
            when: (!spread.median.is_nan()).then(|| {
                (date(scenario, spread.median), (date(scenario, spread.low), date(scenario, spread.high)))
            }),
        },
    }
}

/// The date of a day counted from the start, rounded to a whole one.
pub(super) fn date(scenario: &Scenario, day: f64) -> Date {
    // Quantiles of days lie within the simulated period, so the cast cannot lose anything.
    scenario.start.saturating_add(jiff::Span::new().days(day.round() as i64))
}

/// Every row of the record: its target, how it looks from all histories, and its scores (all histories first, then accounts).
fn all_scored<'a>(scenario: &Scenario, scores: &'a [Score]) -> Vec<(Target, Scored, &'a [Score])> {
    // Scores come row by row, each row beginning with that over all histories.
    let rows = scores.chunk_by(|_, next| next.account.is_some());
    scenario
        .record
        .iter()
        .zip(rows)
        .map(|(row, scores)| (row.target, scored(scenario, row, &scores[0]), scores))
        .collect()
}

fn scored(scenario: &Scenario, row: &RecordRow, score: &Score) -> Scored {
    let unit = match row.target {
        Target::Outcome(at) => scenario.outcomes[at].unit,
        Target::Series(at, _) => scenario.series[at].unit,
    };
    let found = match score.kind {
        _ if score.with_value == 0 => "never".to_owned(),
        ScoreKind::YesNo => {
            let yes = (score.median * score.with_value as f64).round() as u64;
            let [low, high] = wilson_interval(yes, score.with_value);
            format!("yes: {}", wording::probability(score.median, low, high))
        }
        ScoreKind::Number => wording::amount_within(score.median, score.low, score.high, unit),
        ScoreKind::Date => wording::date_within(
            date(scenario, score.median),
            date(scenario, score.low),
            date(scenario, score.high),
        ),
    };
    Scored {
        value: rests::value(scenario, row.claim),
        interval: score.claim.map(Into::into),
        day: score.on,
        citation: rests::citation(scenario, row.claim),
        held_out: row.held_out,
        note: row.note.clone(),
        found,
        position: score.position,
        crps: score.crps,
        brier: score.brier,
        verdict: score.verdict,
    }
}

/// How all histories, and those of each account, fit the record.
fn fit(scenario: &Scenario, scored: &[(Target, Scored, &[Score])]) -> Vec<AccountFit> {
    let accounts =
        scenario.evidence.accounts.iter().enumerate().map(|(at, account)| (Some(at), account.title.as_str()));
    std::iter::once((None, "All accounts"))
        .chain(accounts)
        .filter_map(|(account, title)| fit_of(scored, account, title))
        .collect()
}

fn titled_cards(scenario: &Scenario, scores: &[Score]) -> Vec<(String, Card)> {
    let title = |card: &Card| match card.account {
        None => "All accounts".to_owned(),
        Some(account) => scenario.evidence.accounts[account].title.clone(),
    };
    cards(scores).into_iter().map(|card| (title(&card), card)).collect()
}

fn fit_of(scored: &[(Target, Scored, &[Score])], account: Option<usize>, title: &str) -> Option<AccountFit> {
    let pairs: Vec<(&Score, &Score)> = scored
        .iter()
        .filter_map(|(.., scores)| Some((&scores[0], scores.iter().find(|score| score.account == account)?)))
        .collect();
    if pairs.is_empty() {
        return None;
    }
    let covered: Vec<bool> = pairs.iter().filter_map(|(_, score)| score.covered).collect();
    let brier: Vec<f64> = pairs.iter().filter_map(|(_, score)| score.brier).collect();
    let ratios: Vec<f64> = pairs
        .iter()
        .filter_map(|(all, score)| Some((score.crps? / all.crps?).ln()))
        .filter(|ratio| ratio.is_finite())
        .collect();
    let mean =
        |values: &[f64]| (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64);
    Some(AccountFit {
        account: title.to_owned(),
        covered: covered.iter().filter(|covered| **covered).count() as u64,
        compared: covered.len() as u64,
        brier: mean(&brier),
        crps_ratio: account.and_then(|_| mean(&ratios)).map(f64::exp),
    })
}

fn fan(run: &Run, at: usize, record: Vec<Scored>) -> Result<Fan, LabError> {
    let series = &run.scenario().series[at];
    let quantiles = run.series_quantiles(&series.id, &[0.05, 0.25, 0.5, 0.75, 0.95], None)?;
    let days = quantiles.days.iter().map_while(|day| <[f64; 5]>::try_from(day.as_slice()).ok());
    Ok(Fan {
        id: series.id.clone(),
        title: series.title.clone(),
        unit: series.unit,
        // Without histories the quantiles are NaN, and there is nothing to draw.
        quantiles: days.take_while(|day| day.iter().all(|value| value.is_finite())).collect(),
        histories: quantiles.histories,
        record,
    })
}
