//! Why something came about: the tree of causes in one history, and how common its main chain is in all.

use equipoise_lab::why::{Basis, Link, Question, Why};
use equipoise_scenario::Scenario;
use equipoise_scenario::scenario::Measure;
use equipoise_scenario::unit::Unit;
use serde_json::{Value, json};

/// The answer to a question, `asked` as it was typed.
#[must_use]
pub fn why(asked: &str, question: &Question, answer: &Why, scenario: &Scenario) -> Value {
    let links = |chain: &[Link]| -> Vec<Value> {
        chain.iter().map(|link| json!({ "kind": link.kind.name(), "subject": link.subject })).collect()
    };
    let tree = answer.tree.iter().map(|branch| {
        json!({
            "depth": branch.depth,
            "event": branch.event.event,
            "date": scenario.date(branch.event.day).to_string(),
            "kind": branch.event.kind.name(),
            "subject": branch.event.subject,
            "amount": branch.event.amount,
            "repeated": branch.repeated,
        })
    });
    let commonest = answer.commonest.iter().map(|common| {
        json!({ "chain": links(&common.chain), "histories": common.histories, "example": common.example })
    });
    json!({
        "asked": asked,
        "history": answer.history,
        "value": value(question, answer, scenario),
        "basis": match answer.basis {
            Basis::Decides => "decides",
            Basis::SetsOff => "sets_off",
            Basis::LatestBefore => "latest_before",
            Basis::Nothing => "nothing",
        },
        "tree": tree.collect::<Vec<Value>>(),
        "chain": links(&answer.chain),
        "same_chain": answer.same_chain,
        "occurs": answer.occurs,
        "histories": answer.histories,
        "commonest": commonest.collect::<Vec<Value>>(),
    })
}

/// The outcome's value in the history: a number, a date or yes/no; null for an event, or where there is none.
fn value(question: &Question, answer: &Why, scenario: &Scenario) -> Value {
    let (Question::Outcome(at), Some(value)) = (question, answer.value.filter(|value| value.is_finite()))
    else {
        return Value::Null;
    };
    let outcome = &scenario.outcomes[*at];
    match outcome.measure {
        Measure::First { .. } | Measure::Last { .. } => json!(scenario.date(value as u32).to_string()),
        Measure::Happens { .. } => json!(value != 0.0),
        Measure::Value { .. } | Measure::Peak { .. } if outcome.unit == Unit::YES_NO => json!(value != 0.0),
        Measure::Value { .. } | Measure::Peak { .. } => json!(value),
    }
}
