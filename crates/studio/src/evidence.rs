//! What a parameter rests on: its claims with their sources and weights, or its range and reason.

use equipoise_scenario::Scenario;
use equipoise_view::findings::{self, BasisRow, Conflict};
use equipoise_view::wording;
use serde_json::{Value, json};

use crate::refusal::Refusal;

/// The evidence behind a parameter, by its id.
///
/// # Errors
/// There is none of this id (404).
pub fn behind(scenario: &Scenario, id: &str) -> Result<Value, Refusal> {
    let at = scenario.parameters.iter().position(|parameter| parameter.id == id);
    let at = at.ok_or_else(|| Refusal::missing("parameter", id))?;
    let row = findings::parameter(scenario, at);
    let title = |account: &str| {
        let known = scenario.evidence.accounts.iter().find(|known| known.id == account);
        known.map_or_else(|| account.to_owned(), |known| known.title.clone())
    };
    Ok(match row.basis {
        BasisRow::Assumption { range: [low, high], shape, reason } => json!({
            "parameter": row.id,
            "title": row.title,
            "basis": "assumption",
            "range": format!("{} to {}", wording::exact(low), wording::exact(high)),
            "shape": shape,
            "reason": reason,
        }),
        BasisRow::Evidence { subject, claims } => {
            let claims = claims.iter().map(|trusted| {
                let (claim, at) = (&trusted.claim, &trusted.claim.citation);
                let weights = trusted.weights.iter().map(|(account, weight)| {
                    json!({ "account": title(account), "weight": weight, "words": wording::percent(*weight) })
                });
                json!({
                    "id": at.claim,
                    "value": claim.value,
                    "text": claim.text,
                    "status": claim.status,
                    "chain": claim.chain,
                    "source": format!("{}, {}, ¶ {}", at.outlet, at.date, at.paragraph),
                    "weights": weights.collect::<Vec<Value>>(),
                })
            });
            let all = findings::conflicts(scenario);
            let conflicts = all.iter().filter(|conflict| conflict.subject == subject).map(conflict);
            json!({
                "parameter": row.id,
                "title": row.title,
                "basis": "evidence",
                "subject": subject,
                "claims": claims.collect::<Vec<Value>>(),
                "conflicts": conflicts.collect::<Vec<Value>>(),
            })
        }
    })
}

/// The sides of a conflict, each with what it says.
fn conflict(conflict: &Conflict) -> Value {
    let sides = conflict.sides.iter().map(|side| {
        let claims = side.iter().map(|claim| format!("{} ({})", claim.value, claim.citation.outlet));
        claims.collect::<Vec<String>>()
    });
    json!({ "group": conflict.group, "sides": sides.collect::<Vec<Vec<String>>>() })
}
