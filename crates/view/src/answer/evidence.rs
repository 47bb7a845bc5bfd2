//! The evidence of a scenario: sources, claims, conflicts, and what each parameter rests on.

use equipoise_scenario::Scenario;
use equipoise_scenario::evidence::{Claim, ClaimValue};
use equipoise_scenario::scenario::Basis;
use serde_json::{Value, json};

/// What a scenario rests on; of the claims only those that nothing uses, if `unused_only`.
#[must_use]
pub fn evidence(scenario: &Scenario, unused_only: bool) -> Value {
    let evidence = &scenario.evidence;
    let unused = scenario.unused_claims();
    if unused_only {
        let claims: Vec<Value> = unused.iter().map(|&at| claim(scenario, &evidence.claims[at])).collect();
        return json!({ "scenario": scenario.id, "unused": claims });
    }
    let id = |claim: &usize| evidence.claims[*claim].id.as_str();
    let sources = evidence.sources.iter().map(|source| {
        json!({
            "id": source.id,
            "outlet": source.outlet,
            "title": source.title,
            "date": source.date,
            "language": source.language,
            "affiliation": source.affiliation,
            "note": source.note,
        })
    });
    let accounts = evidence.accounts.iter().map(|account| {
        json!({
            "id": account.id,
            "title": account.title,
            "credence": account.credence,
            "explanation": account.explanation,
        })
    });
    let conflicts = evidence.conflicts().into_iter().map(|conflict| {
        let sides: Vec<Vec<&str>> = conflict.sides.iter().map(|side| side.iter().map(id).collect()).collect();
        json!({
            "group": conflict.group,
            "subject": evidence.subjects[conflict.subject].id,
            "sides": sides,
        })
    });
    let parameters = scenario.parameters.iter().enumerate().map(|(at, parameter)| {
        json!({
            "id": parameter.id,
            "title": parameter.title,
            "unit": parameter.unit.to_string(),
            "evidence": scenario.chain(at),
            "assumption": match &parameter.basis {
                Basis::Assumption { range, shape, reason } => {
                    Some(json!({ "range": range, "shape": shape, "reason": reason }))
                }
                Basis::Evidenced { .. } => None,
            },
        })
    });
    json!({
        "scenario": scenario.id,
        "hash": scenario.hash,
        "sources": sources.collect::<Vec<Value>>(),
        "claims": evidence.claims.iter().map(|one| claim(scenario, one)).collect::<Vec<Value>>(),
        "accounts": accounts.collect::<Vec<Value>>(),
        "conflicts": conflicts.collect::<Vec<Value>>(),
        "parameters": parameters.collect::<Vec<Value>>(),
        "unused": unused.iter().map(id).collect::<Vec<&str>>(),
    })
}

fn claim(scenario: &Scenario, claim: &Claim) -> Value {
    let value = claim.value.as_ref().map(|value| match value {
        ClaimValue::Number(number) => json!(number),
        ClaimValue::Date(date) => json!(date.to_string()),
        ClaimValue::YesNo(answer) => json!(answer),
        ClaimValue::Category(word) => json!(word),
    });
    json!({
        "id": claim.id,
        "subject": scenario.evidence.subjects[claim.subject].id,
        "value": value,
        "modifier": claim.modifier,
        "from": claim.from.map(|date| date.to_string()),
        "to": claim.to.map(|date| date.to_string()),
        "place": claim.place,
        "actor": claim.actor,
        "attribution": claim.attribution,
        "status": claim.status,
        "source": scenario.evidence.sources[claim.source].id,
        "paragraph": claim.paragraph,
        "group": claim.group,
        "text": claim.text,
    })
}
