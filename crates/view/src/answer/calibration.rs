//! A calibration: rounds of the sampler, how far parameters moved, and the record before and after.

use equipoise_lab::calibrate::of_table::{Moved, Nearest};
use equipoise_lab::calibrate::{Calibration, Ending, RowFit, Settings};
use equipoise_lab::score::Score;
use equipoise_scenario::Scenario;
use serde_json::{Map, Value, json};

/// What was found, without the posterior itself.
#[must_use]
pub fn calibration(found: &Calibration, settings: &Settings, scenario: &Scenario) -> Map<String, Value> {
    let rounds: Vec<Value> = found
        .rounds
        .iter()
        .map(|round| {
            json!({
                "tolerance": round.tolerance,
                "acceptance": round.acceptance,
                "simulations": round.simulations,
                "distinct": round.distinct,
            })
        })
        .collect();
    let shifts: Vec<Value> = found
        .shifts
        .iter()
        .map(|shift| {
            json!({
                "parameter": scenario.parameters[shift.parameter].id,
                "basis": if shift.evidenced { "evidence" } else { "assumption" },
                "prior": shift.prior,
                "posterior": shift.posterior,
                "standardised": shift.standardised,
                "distance": shift.distance,
                "flagged": shift.flagged,
            })
        })
        .collect();
    let accounts: Map<String, Value> = scenario
        .evidence
        .accounts
        .iter()
        .zip(&found.credences)
        .map(|(account, [prior, posterior])| {
            (account.id.clone(), json!({ "prior": prior, "posterior": posterior }))
        })
        .collect();
    let rows: Vec<Value> = found.rows.iter().map(|fit| row(fit, "posterior")).collect();
    let answer = json!({
        "equipoise": env!("CARGO_PKG_VERSION"),
        "scenario": scenario.id,
        "hash": scenario.hash,
        "seed": settings.seed,
        "population": settings.population,
        "effective_sample_size": found.effective,
        "histories": found.simulations,
        "ending": match found.ending {
            Ending::Acceptance => "acceptance",
            Ending::Budget => "budget",
            Ending::Tolerance => "tolerance",
            Ending::Interrupted => "interrupted",
        },
        "rounds": rounds,
        "record": rows,
        "shifts": shifts,
        "accounts": accounts,
    });
    match answer {
        Value::Object(answer) => answer,
        _ => Map::new(),
    }
}

/// What the nearest simulations of a table say.
pub fn nearest(found: &Nearest) -> Map<String, Value> {
    let input = |moved: &Moved| match moved {
        Moved::Number(moved) => json!({
            "input": moved.input,
            "prior": moved.prior,
            "nearest": moved.nearest,
            "posterior": moved.posterior,
            "standardised": moved.standardised,
            "distance": moved.distance,
        }),
        Moved::Names(moved) => {
            let share = |(name, [prior, posterior]): &(String, [f64; 2])| {
                (name.clone(), json!({ "prior": prior, "posterior": posterior }))
            };
            json!({ "input": moved.input, "shares": moved.shares.iter().map(share).collect::<Map<String, Value>>() })
        }
    };
    let inputs: Vec<Value> = found.inputs.iter().map(input).collect();
    let rows: Vec<Value> = found.rows.iter().map(|fit| row(fit, "nearest")).collect();
    let answer = json!({
        "equipoise": env!("CARGO_PKG_VERSION"),
        "rows": found.rows.first().map(|row| row.prior.histories),
        "kept": found.kept.len(),
        "agreeing": found.agreeing,
        "tolerance": found.tolerance,
        "effective_sample_size": found.effective,
        "inputs": inputs,
        "record": rows,
    });
    match answer {
        Value::Object(answer) => answer,
        _ => Map::new(),
    }
}

/// A row of the record before, and after under a name.
fn row(row: &RowFit, after: &str) -> Value {
    let of = |score: &Score| {
        json!({
            "median": score.median,
            "low": score.low,
            "high": score.high,
            "crps": score.crps,
            "brier": score.brier,
            "covered": score.covered,
            "verdict": score.verdict.word(),
        })
    };
    json!({
        "target": row.prior.target,
        "on": row.prior.on.map(|date| date.to_string()),
        "claim": row.prior.claim,
        "held_out": row.prior.held_out,
        "prior": of(&row.prior),
        after: of(&row.posterior),
        "ratio": row.ratio(),
    })
}
