//! What was found, as JSON for the pages: words as the report would say them, beside the numbers that charts are drawn
//! from.

use equipoise_lab::live::{Sample, effects};
use equipoise_lab::paired::Difference;
use equipoise_scenario::Scenario;
use equipoise_view::findings::{self, ChangeTold, Found};
use equipoise_view::report::found_in_words;
use rayon::prelude::*;
use serde_json::{Value, json};

use crate::simulate::Wanted;

/// Everything one picture shows after the first `count` histories: cards of outcomes and fans of series.
pub fn picture(
    scenario: &Scenario,
    count: u64,
    baseline: &Sample,
    variant: Option<&Sample>,
    wanted: &Wanted,
) -> Value {
    let cards = wanted.outcomes.par_iter().map(|at| card(scenario, *at, baseline, variant, count));
    let fans = wanted.series.iter().map(|at| {
        json!({
            "series": scenario.series[*at].id,
            // The page keeps the baseline's fan; beside a trial it is not drawn anew.
            "quantiles": variant.unwrap_or(baseline).fan(*at, count, wanted.days),
        })
    });
    json!({
        "histories": count,
        "outcomes": cards.collect::<Vec<Value>>(),
        "fans": fans.collect::<Vec<Value>>(),
    })
}

/// One outcome: what was found in the baseline and in the trial, and the paired difference, over all histories and by
/// account.
fn card(scenario: &Scenario, at: usize, baseline: &Sample, variant: Option<&Sample>, count: u64) -> Value {
    let outcome = &scenario.outcomes[at];
    let found = |sample: &Sample| -> Vec<(Option<usize>, Value)> {
        let summaries = sample.summaries(scenario, at, count);
        summaries
            .iter()
            .map(|summary| {
                let mut told = told(&findings::found(scenario, summary), scenario, at);
                told["histories"] = json!(summary.histories);
                (summary.account, told)
            })
            .collect()
    };
    let changes: Vec<(Option<usize>, Value)> = variant.map_or_else(Vec::new, |variant| {
        let effects = effects(scenario, at, baseline, variant);
        effects
            .iter()
            .map(|effect| {
                (
                    effect.account,
                    change(&findings::change_told(scenario, outcome, effect), effect.change.main()),
                )
            })
            .collect()
    });
    let (before, after) = (found(baseline), variant.map_or_else(Vec::new, found));
    let of = |list: &[(Option<usize>, Value)], account: Option<usize>| {
        list.iter().find(|(there, _)| *there == account).map_or(Value::Null, |(_, value)| value.clone())
    };
    let row = |account: Option<usize>| json!({ "baseline": of(&before, account), "trial": of(&after, account), "change": of(&changes, account) });
    let accounts = scenario.evidence.accounts.iter().enumerate().map(|(number, account)| {
        let mut row = row(Some(number));
        row["account"] = json!(account.id);
        row
    });
    let mut all = row(None);
    all["outcome"] = json!(outcome.id);
    all["accounts"] = json!(accounts.collect::<Vec<Value>>());
    all
}

/// A finding in words, and as place and reach on a line: a probability, a number, or a day counted from the start.
fn told(found: &Found, scenario: &Scenario, outcome: usize) -> Value {
    let (centre, range) = found_in_words(found, scenario.outcomes[outcome].unit);
    let day = |date| scenario.day(date);
    match *found {
        Found::Nothing => json!({ "kind": "nothing", "centre": centre, "range": range }),
        Found::Probability { share, interval: (low, high) } => {
            json!({ "kind": "probability", "centre": centre, "range": range, "value": share, "low": low, "high": high })
        }
        Found::Number { median, interval: (low, high) } => {
            json!({ "kind": "number", "centre": centre, "range": range, "value": median, "low": low, "high": high })
        }
        Found::Date { happened, when, .. } => json!({
            "kind": "date",
            "centre": centre,
            "range": range,
            "comes": happened,
            "value": when.map(|(median, _)| day(median)),
            "low": when.map(|(_, (low, _))| day(low)),
            "high": when.map(|(_, (_, high))| day(high)),
        }),
    }
}

/// A paired difference in words, with the numbers behind it.
fn change(told: &ChangeTold, difference: &Difference) -> Value {
    let [low, high] = difference.interval;
    let examples =
        told.changed.examples.iter().map(
            |(history, before, after)| json!({ "history": history, "baseline": before, "trial": after }),
        );
    json!({
        "text": told.change,
        "also": told.also,
        "baseline": told.baseline,
        "trial": told.policy,
        "clear": told.clear,
        "difference": finite(difference.difference),
        "low": finite(low),
        "high": finite(high),
        "of": [finite(difference.baseline), finite(difference.policy)],
        "pairs": difference.pairs,
        "variance_ratio": told.variance_ratio,
        "changed": told.changed.count,
        "histories": told.changed.of,
        "examples": examples.collect::<Vec<Value>>(),
    })
}

/// A number, or nothing where there is none: JSON has no other words for it.
fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}
