//! Scores against the record: of a run, and of an ensemble in a table.

use equipoise_lab::score::{Baseline, Card, Part, Score, ScoreKind, Skill, cards};
use equipoise_scenario::Scenario;
use serde_json::{Value, json};

use super::date;

/// The scores of an ensemble in a table, and what they amount to. Ends that are open are null.
#[must_use]
pub fn scores(scores: &[Score]) -> Value {
    let finite = |number: f64| json!(number.is_finite().then_some(number));
    let rows = scores.iter().map(|row| {
        let mut told = of_score(row, finite);
        told["record"] = json!(row.claim.map(|ends| ends.map(finite)));
        told
    });
    let card = cards(scores).into_iter().find(|card| card.part == Part::All);
    json!({
        "equipoise": env!("CARGO_PKG_VERSION"),
        "scores": rows.collect::<Vec<Value>>(),
        "card": card.as_ref().map(of_card),
    })
}

/// A score of a run's ensemble, with its place in the record and what others would have said.
pub(super) fn score_of_run(row: &Score, scenario: &Scenario) -> Value {
    let value = |number: f64| match row.kind {
        ScoreKind::Date => json!(date(number, scenario)),
        ScoreKind::Number | ScoreKind::YesNo => json!(number),
    };
    let baseline = |baseline: &Baseline| {
        let claims = &scenario.evidence.claims;
        json!({
            "claims": baseline.claims.iter().map(|claim| claims[*claim].id.as_str()).collect::<Vec<_>>(),
            "median": value(baseline.median),
            "low": value(baseline.low),
            "high": value(baseline.high),
            "crps": baseline.crps,
            "brier": baseline.brier,
        })
    };
    let mut told = of_score(row, value);
    told["claim"] = json!(row.claim.map(|ends| ends.map(value)));
    told["on"] = json!(row.on.map(|date| date.to_string()));
    told["account"] = json!(row.account.map(|account| scenario.evidence.accounts[account].id.as_str()));
    told["record"] = json!(row.record);
    told["held_out"] = json!(row.held_out);
    told["climatology"] = json!(row.climatology.as_ref().map(baseline));
    told["expected"] = json!(row.expected.as_ref().map(baseline));
    told
}

/// What the scores of one part of a run's record amount to.
pub(super) fn card_of_run(card: &Card, scenario: &Scenario) -> Value {
    let skill = |skill: &Skill| {
        json!({
            "crps": skill.crps,
            "crps_rows": skill.crps_rows,
            "brier": skill.brier,
            "brier_rows": skill.brier_rows,
        })
    };
    let mut told = of_card(card);
    told["account"] = json!(card.account.map(|account| scenario.evidence.accounts[account].id.as_str()));
    told["part"] = json!(match card.part {
        Part::All => "all",
        Part::Fit => "fit",
        Part::HeldOut => "held_out",
    });
    told["skill_climatology"] = skill(&card.climatology);
    told["skill_expected"] = skill(&card.expected);
    told
}

/// What every score says, its quantities told by `value`.
fn of_score(row: &Score, value: impl Fn(f64) -> Value) -> Value {
    json!({
        "target": row.target,
        "histories": row.histories,
        "with_value": row.with_value,
        "median": value(row.median),
        "low": value(row.low),
        "high": value(row.high),
        "position": row.position,
        "crps": row.crps,
        "brier": row.brier,
        "log": row.log,
        "interval_score": row.interval_scores.map(|[half, ninety]| json!({ "50": half, "90": ninety })),
        "pit": row.pit,
        "covered": row.covered,
        "covered_50": row.covered_half,
        "verdict": row.verdict.word(),
    })
}

/// What every card says.
fn of_card(card: &Card) -> Value {
    json!({
        "rows": card.rows,
        "numbers": card.numbers,
        "yes_no": card.yes_no,
        "within_50": card.within_half,
        "within_90": card.within_90,
        "brier": card.brier,
        "log": card.log,
        "pit": card.pit,
    })
}
