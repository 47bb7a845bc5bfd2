//! A run: its outcomes over all histories and by account, and its scores against the record.

use std::path::Path;

use equipoise_lab::precision::{Quantity, Until};
use equipoise_lab::score::{cards, score};
use equipoise_lab::summary::{Finding, Share, Spread, Summary, summarise};
use equipoise_lab::{LabError, Manifest, Run};
use equipoise_scenario::Scenario;
use serde_json::{Value, json};

use super::date;
use super::score::{card_of_run, score_of_run};

/// The run, its outcomes over all histories and by account, and its scores against the record. Numbers that are missing
/// or unbounded are null.
///
/// # Errors
/// A table of the run cannot be read.
pub fn ensemble(run: &Run) -> Result<Value, LabError> {
    let (scenario, manifest) = (run.scenario(), run.manifest());
    let summaries = summarise(run)?;
    let outcomes = scenario.outcomes.iter().enumerate().map(|(at, outcome)| {
        let of_outcome = || summaries.iter().filter(move |summary| summary.outcome == at);
        let all = of_outcome().find(|summary| summary.account.is_none());
        let by_account = of_outcome().filter_map(|summary| {
            let account = &scenario.evidence.accounts[summary.account?].id;
            Some((account.clone(), finding(summary, scenario)))
        });
        json!({
            "id": outcome.id,
            "title": outcome.title,
            "unit": outcome.unit.to_string(),
            "headline": outcome.headline,
            "all": all.map(|summary| finding(summary, scenario)),
            "by_account": by_account.collect::<serde_json::Map<String, Value>>(),
        })
    });
    let outcomes: Vec<Value> = outcomes.collect();
    let scores = score(run)?;
    let cards: Vec<Value> = cards(&scores).iter().map(|card| card_of_run(card, scenario)).collect();
    let scores: Vec<Value> = scores.iter().map(|row| score_of_run(row, scenario)).collect();
    let mut answer = head(manifest, run.dir());
    answer["until"] = json!(manifest.until.as_ref().map(until));
    answer["outcomes"] = json!(outcomes);
    answer["scores"] = json!(scores);
    answer["score_cards"] = json!(cards);
    Ok(answer)
}

/// A part of a run: which histories it holds; what they amount to is told of the whole run.
#[must_use]
pub fn part(manifest: &Manifest, dir: &Path) -> Value {
    let held = manifest.held();
    let mut answer = head(manifest, dir);
    answer["part"] = json!(manifest.part.map(|part| {
        json!({
            "number": part.number,
            "of": part.of,
            "first": held.start,
            "histories": held.end - held.start,
        })
    }));
    answer
}

/// What was run, and where it lies.
fn head(manifest: &Manifest, dir: &Path) -> Value {
    json!({
        "equipoise": manifest.equipoise,
        "scenario": manifest.scenario.id,
        "hash": manifest.scenario.hash,
        "policy": manifest.policy,
        "account": manifest.account,
        "seed": manifest.seed,
        "design": manifest.design.name(),
        "histories": manifest.histories,
        "run": dir,
    })
}

fn until(until: &Until) -> Value {
    let goals = until.goals.iter().map(|goal| {
        json!({
            "outcome": goal.wanted.outcome,
            "of": match goal.wanted.of {
                Quantity::Probability | Quantity::Comes => "probability",
                Quantity::Median => "median",
                Quantity::Mean => "mean",
            },
            "half_width": goal.wanted.half_width,
            "reached": goal.reached,
        })
    });
    json!({ "at_most": until.at_most, "reached": until.is_reached(), "goals": goals.collect::<Vec<Value>>() })
}

fn finding(summary: &Summary, scenario: &Scenario) -> Value {
    let share = |share: &Share| json!({ "share": share.share, "interval": share.interval });
    match &summary.finding {
        Finding::Probability(probability) => {
            json!({ "kind": "probability", "histories": summary.histories, "probability": share(probability) })
        }
        Finding::Number { present, spread: Spread { low, median, high, median_interval } } => json!({
            "kind": "number",
            "histories": summary.histories,
            "has_value": share(present),
            "median": median,
            "median_interval": median_interval,
            "low": low,
            "high": high,
        }),
        Finding::Date { happens, spread: Spread { low, median, high, median_interval } } => json!({
            "kind": "date",
            "histories": summary.histories,
            "happens": share(happens),
            "median": date(*median, scenario),
            "median_interval": median_interval.map(|day| date(day, scenario)),
            "low": date(*low, scenario),
            "high": date(*high, scenario),
        }),
    }
}
