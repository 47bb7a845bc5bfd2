//! `equipoise evidence`: claims, the conflicts between them, and what each number of the model rests on.

use std::process::ExitCode;

use equipoise_scenario::Scenario;
use equipoise_scenario::evidence::{Claim, ClaimValue};
use equipoise_scenario::scenario::Basis;
use equipoise_view::{findings, terminal};
use serde_json::{Value, json};

use crate::args::EvidenceArgs;
use crate::failure::Failure;
use crate::library;
use crate::screen::Screen;

/// Shows what a scenario rests on.
///
/// # Errors
/// The scenario cannot be loaded.
pub fn evidence(args: &EvidenceArgs, screen: &Screen) -> Result<ExitCode, Failure> {
    let scenario = library::scenario(args.scenario.as_deref())?;
    if screen.json {
        screen.print_json(&as_json(&scenario, args.unused))?;
    } else if args.unused {
        screen.print(&terminal::unused(&findings::unused(&scenario), screen.out))?;
    } else {
        let (sources, parameters) = (findings::sources(&scenario), findings::parameters(&scenario));
        let conflicts = findings::conflicts(&scenario);
        screen.print(&terminal::evidence(&sources, &parameters, &conflicts, screen.out))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn as_json(scenario: &Scenario, unused_only: bool) -> Value {
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
