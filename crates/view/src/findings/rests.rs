//! What a scenario rests on, as plain rows: claims in words, where they stand, parameters, conflicts, sources.

use equipoise_scenario::Scenario;
use equipoise_scenario::evidence::{Claim, ClaimValue, Modifier, Status, SubjectKind};
use equipoise_scenario::scenario::{Basis, Parameter, Shape};

use super::{BasisRow, Citation, ClaimRow, Conflict, ParameterRow, SourceRow, TrustedClaim};
use crate::wording;

/// Every parameter with its basis: the claims of its pools (and those on its subject that no account trusts), or its
/// range and reason.
pub fn parameters(scenario: &Scenario) -> Vec<ParameterRow> {
    (0..scenario.parameters.len()).map(|at| parameter(scenario, at)).collect()
}

/// One parameter (an index) with its basis.
pub fn parameter(scenario: &Scenario, at: usize) -> ParameterRow {
    let parameter = &scenario.parameters[at];
    ParameterRow {
        id: parameter.id.clone(),
        title: parameter.title.clone(),
        unit: parameter.unit,
        basis: basis(scenario, parameter),
    }
}

/// Claims that contradict each other, side by side.
pub fn conflicts(scenario: &Scenario) -> Vec<Conflict> {
    scenario
        .evidence
        .conflicts()
        .into_iter()
        .map(|conflict| Conflict {
            group: conflict.group,
            subject: scenario.evidence.subjects[conflict.subject].title.clone(),
            sides: conflict
                .sides
                .iter()
                .map(|side| side.iter().map(|claim| claim_row(scenario, *claim)).collect())
                .collect(),
        })
        .collect()
}

/// The documents behind the claims.
pub fn sources(scenario: &Scenario) -> Vec<SourceRow> {
    let claims =
        |at: usize| scenario.evidence.claims.iter().filter(|claim| claim.source == at).count() as u64;
    scenario
        .evidence
        .sources
        .iter()
        .enumerate()
        .map(|(at, source)| SourceRow {
            id: source.id.clone(),
            outlet: source.outlet.clone(),
            title: source.title.clone(),
            date: printed_date(&source.date),
            language: source.language.clone(),
            affiliation: source.affiliation.clone(),
            note: source.note.clone(),
            claims: claims(at),
        })
        .collect()
}

/// The claims nothing in the scenario uses.
pub fn unused(scenario: &Scenario) -> Vec<ClaimRow> {
    scenario.unused_claims().into_iter().map(|claim| claim_row(scenario, claim)).collect()
}

/// A claim (an index) in words, with its place.
fn claim_row(scenario: &Scenario, at: usize) -> ClaimRow {
    let claim = &scenario.evidence.claims[at];
    let outlet = &scenario.evidence.sources[claim.source].outlet;
    ClaimRow {
        value: value(scenario, at),
        text: claim.text.clone(),
        status: status_word(claim.status).to_owned(),
        chain: if claim.attribution.is_empty() { outlet.clone() } else { claim.attribution.join(" ← ") },
        citation: citation(scenario, at),
    }
}

/// Where a claim (an index) is reported.
pub fn citation(scenario: &Scenario, at: usize) -> Citation {
    let claim = &scenario.evidence.claims[at];
    let source = &scenario.evidence.sources[claim.source];
    Citation {
        claim: claim.id.clone(),
        source: source.id.clone(),
        outlet: source.outlet.clone(),
        date: printed_date(&source.date),
        paragraph: claim.paragraph.replace(';', ", "),
    }
}

/// What a claim (an index) says, hedge included: "at least 225", "6 Jan 2022", "yes".
pub fn value(scenario: &Scenario, at: usize) -> String {
    let claim = &scenario.evidence.claims[at];
    let subject = &scenario.evidence.subjects[claim.subject];
    let bare = match &claim.value {
        Some(ClaimValue::YesNo(answer)) => return if *answer { "yes" } else { "no" }.to_owned(),
        Some(ClaimValue::Category(word)) => return word.replace('_', " "),
        Some(ClaimValue::Date(date)) => Some(wording::date(*date)),
        Some(ClaimValue::Number(number)) if subject.kind == SubjectKind::Share => Some(share(*number)),
        Some(ClaimValue::Number(number)) => Some(wording::exact(*number)),
        None => None,
    };
    let text = hedged(claim, subject.kind, bare);
    match subject.unit.as_str() {
        "" | "persons" | "number" => text,
        _ if text == "unknown" => text,
        unit => format!("{text} {}", unit.replace('_', " ")),
    }
}

fn hedged(claim: &Claim, kind: SubjectKind, bare: Option<String>) -> String {
    let between = |[low, high]: [f64; 2]| match kind {
        SubjectKind::Share => format!("{}–{}", wording::exact(low * 100.0), share(high)),
        SubjectKind::Date => wording::dates(epoch_date(low), epoch_date(high)),
        _ => wording::claimed(low, high, ""),
    };
    let word = match claim.modifier {
        Modifier::Dozens => return "dozens".to_owned(),
        Modifier::Hundreds => return "hundreds".to_owned(),
        Modifier::SeveralThousand => return "several thousand".to_owned(),
        Modifier::Several => return "several".to_owned(),
        Modifier::FewHours => return "a few".to_owned(),
        Modifier::Most => return "most".to_owned(),
        Modifier::Some => return "some".to_owned(),
        Modifier::Between => return claim.interval.map_or_else(|| "unknown".to_owned(), between),
        Modifier::Exactly => "",
        Modifier::About => "about ",
        Modifier::Estimated => "estimated ",
        Modifier::AtLeast => "at least ",
        Modifier::MoreThan => "more than ",
        Modifier::AtMost => "at most ",
        Modifier::Almost => "almost ",
        Modifier::Within => "within ",
        Modifier::Hardly => "hardly ",
    };
    bare.map_or_else(|| "unknown".to_owned(), |bare| format!("{word}{bare}"))
}

fn share(value: f64) -> String {
    format!("{} %", wording::exact(value * 100.0))
}

fn epoch_date(day: f64) -> jiff::civil::Date {
    jiff::civil::date(1970, 1, 1).saturating_add(jiff::Span::new().days(day.clamp(-1e6, 1e6) as i64))
}

fn basis(scenario: &Scenario, parameter: &Parameter) -> BasisRow {
    match &parameter.basis {
        Basis::Assumption { range, shape, reason } => {
            let shape = match shape {
                Shape::Uniform => "every value equally likely",
                Shape::LogUniform => "every order of magnitude equally likely",
                Shape::Triangular => "the middle likelier than the ends",
            };
            BasisRow::Assumption { range: *range, shape: shape.to_owned(), reason: reason.clone() }
        }
        Basis::Evidenced { subject, pools, .. } => {
            let claims =
                scenario.evidence.claims.iter().enumerate().filter(|(_, claim)| claim.subject == *subject);
            let claims = claims.map(|(at, _)| {
                let weights = scenario.evidence.accounts.iter().zip(pools).filter_map(|(account, pool)| {
                    let weight: f64 =
                        pool.parts.iter().filter(|part| part.claim == at).map(|part| part.weight).sum();
                    (weight > 0.0).then(|| (account.id.clone(), weight))
                });
                TrustedClaim { weights: weights.collect(), claim: claim_row(scenario, at) }
            });
            BasisRow::Evidence {
                subject: scenario.evidence.subjects[*subject].title.clone(),
                claims: claims.collect(),
            }
        }
    }
}

/// A source's date in our words where it is one, else as printed.
fn printed_date(text: &str) -> String {
    text.parse::<jiff::civil::Date>().map_or_else(|_| text.to_owned(), wording::date)
}

fn status_word(status: Status) -> &'static str {
    match status {
        Status::Asserted => "asserted",
        Status::Reported => "reported",
        Status::Alleged => "alleged",
        Status::Claimed => "claimed",
        Status::Denied => "denied",
        Status::Announced => "announced",
        Status::Planned => "planned",
        Status::Forecast => "forecast",
        Status::Opinion => "opinion",
        Status::Unknown => "unknown",
        Status::Unverified => "unverified",
    }
}
