//! A scenario as the page needs it: its levers, what can be told and drawn, and the record beside it.

use equipoise_lab::live::Sample;
use equipoise_lab::score::recorded;
use equipoise_scenario::Scenario;
use equipoise_scenario::scenario::{Basis, Change, Measure, Shape, Target};
use equipoise_scenario::unit::Unit;
use equipoise_view::{findings, wording};
use serde_json::{Value, json};

use crate::pictures::Picture;
use crate::trial::range;

/// Parameters named as the strongest levers.
const STRONGEST: usize = 12;

/// Everything of a scenario that the page shows before anything is simulated.
pub fn scenario(scenario: &Scenario, can_keep: bool) -> Value {
    let accounts = scenario.evidence.accounts.iter().map(|account| {
        json!({ "id": account.id, "title": account.title, "explanation": account.explanation, "credence": account.credence })
    });
    let policies = scenario.policies.iter().map(|policy| {
        let changes: Vec<String> = policy.changes.iter().map(|change| told(scenario, change)).collect();
        json!({ "id": policy.id, "title": policy.title, "changes": changes })
    });
    let shocks = scenario.shocks.iter().map(|shock| {
        json!({ "id": shock.id, "title": shock.title, "date": shock.date.to_string(), "cancelled": shock.cancelled })
    });
    let outcomes = scenario.outcomes.iter().enumerate().map(|(at, outcome)| {
        let kind = match outcome.measure {
            Measure::First { .. } | Measure::Last { .. } => "date",
            Measure::Happens { .. } => "probability",
            _ if outcome.unit == Unit::YES_NO => "probability",
            _ => "number",
        };
        json!({
            "id": outcome.id,
            "title": outcome.title,
            "headline": outcome.headline,
            "kind": kind,
            "unit": wording::unit_word(outcome.unit),
            "record": record(scenario, |target| target == Target::Outcome(at)),
        })
    });
    let series = scenario.series.iter().enumerate().map(|(at, series)| {
        json!({
            "id": series.id,
            "title": series.title,
            "unit": wording::unit_word(series.unit),
            "whole": series.unit == Unit::PERSONS,
            "record": record(scenario, |target| matches!(target, Target::Series(there, _) if there == at)),
        })
    });
    json!({
        "id": scenario.id,
        "title": scenario.title,
        "question": scenario.question,
        "hash": scenario.hash,
        "start": scenario.start.to_string(),
        "days": scenario.days,
        "can_keep": can_keep,
        "accounts": accounts.collect::<Vec<Value>>(),
        "policies": policies.collect::<Vec<Value>>(),
        "shocks": shocks.collect::<Vec<Value>>(),
        "parameters": (0..scenario.parameters.len()).map(|at| parameter(scenario, at)).collect::<Vec<Value>>(),
        "outcomes": outcomes.collect::<Vec<Value>>(),
        "series": series.collect::<Vec<Value>>(),
        "pictures": Picture::of_scenario(scenario),
    })
}

fn parameter(scenario: &Scenario, at: usize) -> Value {
    let parameter = &scenario.parameters[at];
    let [low, high] = range(scenario, at);
    let (basis, logarithmic) = match &parameter.basis {
        Basis::Evidenced { .. } => ("evidence", false),
        Basis::Assumption { shape, .. } => ("assumption", *shape == Shape::LogUniform),
    };
    json!({
        "id": parameter.id,
        "title": parameter.title,
        "unit": wording::unit_word(parameter.unit),
        "yes_no": parameter.unit == Unit::YES_NO,
        "whole": parameter.unit == Unit::PERSONS,
        "low": low.is_finite().then_some(low),
        "high": high.is_finite().then_some(high),
        "logarithmic": logarithmic,
        "basis": basis,
    })
}

/// What a change of a policy does, in words.
fn told(scenario: &Scenario, change: &Change) -> String {
    match change {
        Change::Parameter { parameter, range: [low, high], .. } => {
            let value = if low == high {
                wording::exact(*low)
            } else {
                format!("{}–{}", wording::exact(*low), wording::exact(*high))
            };
            format!("{}: {value}", scenario.parameters[*parameter].title)
        }
        Change::Forbid { decision, option } => {
            let decision = &scenario.decisions[*decision];
            format!("Not open: {} ({})", decision.options[*option].title, decision.title)
        }
        Change::Cancel { shock } => format!("Does not happen: {}", scenario.shocks[*shock].title),
        Change::Move { shock, date } => {
            format!("{}: on {}", scenario.shocks[*shock].title, wording::date(*date))
        }
        Change::Ballot { treaty, member, ballot } => {
            let who = member.map_or("every member".to_owned(), |member| scenario.actors[member].name.clone());
            format!(
                "{} votes {} ({})",
                who,
                format!("{ballot:?}").to_lowercase(),
                scenario.treaties[*treaty].id
            )
        }
    }
}

/// What really happened, as claims with their intervals and days.
fn record(scenario: &Scenario, about: impl Fn(Target) -> bool) -> Vec<Value> {
    let rows = scenario.record.iter().filter(|row| about(row.target));
    rows.map(|row| {
        let citation = findings::citation(scenario, row.claim);
        let interval = recorded(scenario, row);
        let end = |value: f64| value.is_finite().then_some(value);
        json!({
            "value": findings::claim_value(scenario, row.claim),
            "day": match row.target { Target::Series(_, date) => Some(scenario.day(date)), Target::Outcome(_) => None },
            "low": interval.and_then(|[low, _]| end(low)),
            "high": interval.and_then(|[_, high]| end(high)),
            "known": interval.is_some(),
            "source": format!("{}, {}, ¶ {}", citation.outlet, citation.date, citation.paragraph),
        })
    })
    .collect()
}

/// The parameters with the largest squared correlation with any headline outcome in the baseline: a first hint where to
/// pull, and no analysis of sensitivity, which `equipoise explore drivers` gives.
pub fn strongest(scenario: &Scenario, baseline: &Sample) -> Vec<String> {
    let headlines: Vec<usize> =
        (0..scenario.outcomes.len()).filter(|at| scenario.outcomes[*at].headline).collect();
    let strength = |parameter: usize| {
        let of_outcome = |outcome: &usize| {
            let pairs = baseline
                .histories
                .iter()
                .map(|lived| (lived.parameters[parameter], lived.outcomes[*outcome]));
            squared_correlation(pairs.filter(|(_, y)| y.is_finite()))
        };
        headlines.iter().map(of_outcome).fold(0.0, f64::max)
    };
    let mut ranked: Vec<(f64, usize)> = (0..scenario.parameters.len()).map(|at| (strength(at), at)).collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let named = ranked.iter().filter(|(strength, _)| *strength > 0.0).take(STRONGEST);
    named.map(|(_, at)| scenario.parameters[*at].id.clone()).collect()
}

/// Pearson's correlation, squared; 0 where one of the two does not vary.
fn squared_correlation(pairs: impl Iterator<Item = (f64, f64)>) -> f64 {
    let pairs: Vec<(f64, f64)> = pairs.collect();
    let n = pairs.len() as f64;
    let mean = |value: fn(&(f64, f64)) -> f64| pairs.iter().map(value).sum::<f64>() / n;
    let (mx, my) = (mean(|pair| pair.0), mean(|pair| pair.1));
    let (mut xx, mut yy, mut xy) = (0.0, 0.0, 0.0);
    for (x, y) in &pairs {
        xx += (x - mx) * (x - mx);
        yy += (y - my) * (y - my);
        xy += (x - mx) * (y - my);
    }
    if xx > 0.0 && yy > 0.0 { xy * xy / (xx * yy) } else { 0.0 }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::trial::tests::small;

    #[test]
    fn every_lever_has_a_title_and_a_range() {
        let told = scenario(&small(), true);
        let levers = told["parameters"].as_array().unwrap();
        assert!(!levers.is_empty() && !told["policies"].as_array().unwrap().is_empty());
        for lever in levers {
            assert!(!lever["title"].as_str().unwrap().is_empty());
            assert!(lever["low"].as_f64() <= lever["high"].as_f64(), "{lever}");
        }
    }

    #[test]
    fn correlation_is_one_on_a_line_and_nought_where_nothing_varies() {
        let line = (0..10).map(|x| (f64::from(x), 3.0 - 2.0 * f64::from(x)));
        assert!((squared_correlation(line) - 1.0).abs() < 1e-12);
        assert_eq!(squared_correlation((0..10).map(|x| (f64::from(x), 1.0))), 0.0);
        assert_eq!(squared_correlation(std::iter::empty()), 0.0);
    }
}
