//! A comparison: what each policy changes, in pairs.

use equipoise_lab::paired::{Change, Changed, Difference, Effect, Effects};
use equipoise_lab::{Comparison, Run};
use equipoise_scenario::Scenario;
use serde_json::{Map, Value, json};

use super::date;

/// The comparison: per policy and outcome the paired differences, over all histories and by account. Numbers that are
/// missing or unbounded are null.
pub fn comparison(comparison: &Comparison, runs: &[Run], effects: &[Effects]) -> Value {
    let file = comparison.file();
    let scenario = runs[0].scenario();
    let policies: Vec<Value> = file.policies[1..]
        .iter()
        .zip(&runs[1..])
        .zip(effects)
        .map(|((policy, run), effects)| {
            json!({
                "policy": policy,
                "title": title(scenario, policy),
                "run": run.dir(),
                "changes_nothing": effects.nothing,
                "changed": changed(&effects.changed, &|count| json!(count)),
                "outcomes": outcomes(scenario, effects),
            })
        })
        .collect();
    json!({
        "equipoise": runs[0].manifest().equipoise,
        "scenario": file.scenario.id,
        "hash": file.scenario.hash,
        "account": file.account,
        "seed": file.seed,
        "design": file.design.name(),
        "histories": file.histories,
        "comparison": comparison.dir(),
        "baseline": { "policy": file.policies[0], "title": title(scenario, &file.policies[0]), "run": runs[0].dir() },
        "policies": policies,
    })
}

fn title<'s>(scenario: &'s Scenario, policy: &str) -> Option<&'s str> {
    scenario.policies.iter().find(|known| known.id == policy).map(|known| known.title.as_str())
}

fn outcomes(scenario: &Scenario, effects: &Effects) -> Vec<Value> {
    let all = scenario.outcomes.iter().enumerate().map(|(at, outcome)| {
        let of_outcome = || effects.outcomes.iter().filter(move |effect| effect.outcome == at);
        let all = of_outcome().find(|effect| effect.account.is_none());
        let by_account = of_outcome().filter_map(|effect| {
            let account = &scenario.evidence.accounts[effect.account?].id;
            Some((account.clone(), one(scenario, effect)))
        });
        json!({
            "id": outcome.id,
            "title": outcome.title,
            "unit": outcome.unit.to_string(),
            "headline": outcome.headline,
            "all": all.map(|effect| one(scenario, effect)),
            "by_account": by_account.collect::<Map<String, Value>>(),
        })
    });
    all.collect()
}

fn one(scenario: &Scenario, effect: &Effect) -> Value {
    let number = |value: f64| json!(value);
    let (mut told, value): (Value, &dyn Fn(f64) -> Value) = match &effect.change {
        Change::Probability(share) => {
            (json!({ "kind": "probability", "probability": difference(share) }), &number)
        }
        Change::Number { mean, medians: [baseline, policy] } => (
            json!({ "kind": "number", "mean": difference(mean), "median": { "baseline": baseline, "policy": policy } }),
            &number,
        ),
        Change::Date { comes, shift, medians: [baseline, policy] } => (
            json!({
                "kind": "date",
                "comes": difference(comes),
                "shift_days": difference(shift),
                "median": { "baseline": date(*baseline, scenario), "policy": date(*policy, scenario) },
            }),
            &|day| json!(date(day, scenario)),
        ),
    };
    told["changed"] = changed(&effect.changed, value);
    told
}

/// A difference between two runs of the same histories, or two policies on the same cases.
#[must_use]
pub fn difference(difference: &Difference) -> Value {
    json!({
        "pairs": difference.pairs,
        "baseline": difference.baseline,
        "policy": difference.policy,
        "difference": difference.difference,
        "interval": difference.interval,
        "unpaired_interval": difference.unpaired,
        "variance_ratio": difference.variance_ratio,
        "clear": difference.is_clear(),
    })
}

fn changed(changed: &Changed, value: &dyn Fn(f64) -> Value) -> Value {
    let examples = changed.examples.iter().map(|example| {
        json!({
            "history": example.history,
            "baseline": value(example.baseline),
            "policy": value(example.policy),
        })
    });
    json!({
        "histories": changed.count,
        "of": changed.of,
        "share": changed.share(),
        "interval": changed.interval,
        "examples": examples.collect::<Vec<Value>>(),
    })
}
