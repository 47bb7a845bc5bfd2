//! Parameters: resolved from claims, or assumed with a reason.

use super::claims::{ReadEvidence, subject_unit};
use super::names::{Context, entries};
use crate::diagnostic::Spot;
use crate::evidence::{Account, Claim, ClaimSubject, ClaimValue, Pool, PoolPart, SubjectKind};
use crate::format::scenario_file::{ParameterTable, ScenarioFile};
use crate::format::{At, Field};
use crate::scenario::{Basis, Parameter, Shape};
use crate::unit::Unit;

/// A guard against a slip in a generated file. The Sobol design has 256 dimensions of its own; beyond that it is padded
/// with the same directions under another scramble, so that a scenario may have more.
const MOST_PARAMETERS: usize = 1000;

/// Reads all parameters; `None` if one is wrong.
pub(crate) fn read(
    file: &ScenarioFile,
    evidence: &ReadEvidence,
    context: &mut Context<'_>,
) -> Option<Vec<Parameter>> {
    let list = entries(&file.parameters);
    if let Some((id, _)) = list.get(MOST_PARAMETERS) {
        context
            .report
            .error(id.spot, format!("there are {} parameters", list.len()))
            .expected(format!("at most {MOST_PARAMETERS}"));
    }
    let parameters: Vec<_> = list
        .iter()
        .enumerate()
        .map(|(at, (id, table))| parameter(at, id, table, evidence, context))
        .collect();
    file.parameters.value()?;
    parameters.into_iter().collect()
}

fn parameter(
    at: usize,
    id: &At<String>,
    table: &ParameterTable,
    evidence: &ReadEvidence,
    context: &mut Context<'_>,
) -> Option<Parameter> {
    let unit = context.parameter_unit(at);
    let assumed = table.range.is_present() || table.reason.is_present();
    let basis = match (table.subject.is_present(), assumed) {
        (true, true) => {
            context
                .report
                .error(id.spot, format!("the parameter `{}` has both claims and a range", id.value))
                .expected("either `subject`, or `range` and `reason`");
            None
        }
        (false, false) => {
            context
                .report
                .error(id.spot, format!("the parameter `{}` has neither claims nor a reason", id.value))
                .expected("either `subject`, or `range` and `reason`");
            None
        }
        (true, false) => evidenced(id, table, unit, evidence, context),
        (false, true) => assumption(id, table, unit, context),
    };
    Some(Parameter { id: id.value.clone(), title: table.title.value()?.clone(), unit: unit?, basis: basis? })
}

fn assumption(
    id: &At<String>,
    table: &ParameterTable,
    unit: Option<Unit>,
    context: &mut Context<'_>,
) -> Option<Basis> {
    for (name, spot) in [
        ("bounds", table.bounds.given().map(|at| at.spot)),
        ("category", table.category.given().map(|at| at.spot)),
    ] {
        if let Some(spot) = spot {
            context
                .report
                .error(spot, format!("`{name}` belongs to a parameter with claims"))
                .expected("only `range`");
        }
    }
    let reason = table.reason.value().map_or("", |reason| reason.trim());
    if reason.is_empty() && !matches!(table.reason, Field::Broken) {
        let spot = table.reason.given().map_or(id.spot, |reason| reason.spot);
        context
            .report
            .error(spot, format!("the range of the parameter `{}` has no reason", id.value))
            .expected("a `reason`, one sentence");
    }
    if !table.range.is_present() {
        context
            .report
            .error(id.spot, format!("the parameter `{}` has a reason but no range", id.value))
            .expected("`range = [low, high]`");
    }
    let range = table.range.given()?;
    let shape = table.shape.value().map_or(Shape::Uniform, |shape| shape.0);
    let share = unit == Some(Unit::YES_NO) || table.unit.value().is_some_and(|unit| unit.trim() == "share");
    let sound = check_range(&range.value, range.spot, share, context);
    if shape == Shape::LogUniform && range.value[0] <= 0.0 {
        context
            .report
            .error(range.spot, format!("a log-uniform range starts at {}", range.value[0]))
            .expected("a low end above zero");
        return None;
    }
    (sound && !reason.is_empty()).then(|| Basis::Assumption {
        range: range.value,
        shape,
        reason: reason.to_owned(),
    })
}

/// Notes a range whose ends are swapped, or that leaves 0 to 1 where it is of a share or a probability.
pub(crate) fn check_range(range: &[f64; 2], spot: Spot, share: bool, context: &mut Context<'_>) -> bool {
    let [low, high] = *range;
    if low > high {
        context
            .report
            .error(spot, format!("the low end {low} is above the high end {high}"))
            .expected("low ≤ high");
        return false;
    }
    if share && (low < 0.0 || high > 1.0) {
        context
            .report
            .error(spot, format!("the range {low} to {high} leaves that of a share"))
            .expected("0 to 1");
        return false;
    }
    true
}

fn evidenced(
    id: &At<String>,
    table: &ParameterTable,
    unit: Option<Unit>,
    evidence: &ReadEvidence,
    context: &mut Context<'_>,
) -> Option<Basis> {
    if let Some(shape) = table.shape.given() {
        context
            .report
            .error(shape.spot, "`shape` belongs to an assumption")
            .expected("only `subject` and `bounds`");
    }
    let name = table.subject.given()?;
    let at = evidence.subjects.get(name, context.report)?;
    let subject = evidence.subject_items[at].as_ref()?;
    let unit = unit?;
    match subject_unit(subject) {
        None => {
            context
                .report
                .error(name.spot, format!("the subject `{}` is a date", subject.id))
                .expected("a subject of kind number, share, yes_no or category");
            return None;
        }
        Some(its) if its != unit => {
            context
                .report
                .error(name.spot, format!("the claims on `{}` are in {its}", subject.id))
                .expected(format!("a subject in {unit}"));
            return None;
        }
        Some(_) => {}
    }
    let category = match (subject.kind, table.category.given()) {
        (SubjectKind::Category, None) => {
            context
                .report
                .error(name.spot, format!("the subject `{}` is a word", subject.id))
                .expected("`category`, the word whose probability is meant");
            return None;
        }
        (SubjectKind::Category, Some(word)) => Some(word),
        (_, Some(word)) => {
            context.report.error(word.spot, format!("the subject `{}` has no categories", subject.id));
            return None;
        }
        (_, None) => None,
    };
    let claims: Vec<(usize, &Claim)> = evidence
        .claim_items
        .iter()
        .enumerate()
        .filter_map(|(i, claim)| Some((i, claim.as_ref()?)))
        .filter(|(_, claim)| claim.subject == at)
        .collect();
    if let Some(word) = category {
        let words: Vec<&str> = claims
            .iter()
            .filter_map(|(_, claim)| match &claim.value {
                Some(ClaimValue::Category(word)) => Some(word.as_str()),
                _ => None,
            })
            .collect();
        if !words.contains(&word.value.as_str()) {
            context
                .report
                .error(word.spot, format!("no claim says `{}`", word.value))
                .near(&word.value, words);
            return None;
        }
    }
    let stands: Vec<(usize, [f64; 2])> = claims
        .iter()
        .filter_map(|(i, claim)| Some((*i, interval(claim, category.map(|word| word.value.as_str()))?)))
        .collect();
    // What follows would blame the parameter for claims that could not be read.
    let accounts = evidence.accounts.as_deref().filter(|_| evidence.is_complete(at))?;
    let trusted = |claim: usize| accounts.iter().any(|account| account.trust[claim] > 0.0);
    let used: Vec<(usize, [f64; 2])> = stands.iter().copied().filter(|(claim, _)| trusted(*claim)).collect();
    let bounds = bounds(id, table, subject, &used, evidence, context)?;
    let mut sound = true;
    let mut parts = Vec::with_capacity(used.len());
    for (claim, [low, high]) in used {
        let clipped = [low.max(bounds[0]), high.min(bounds[1])];
        if clipped[0] > clipped[1] {
            sound = false;
            let spot = table.bounds.given().map_or(id.spot, |bounds| bounds.spot);
            let claim = evidence.claim_items[claim].as_ref().map_or("", |claim| claim.id.as_str());
            context
                .report
                .error(
                    spot,
                    format!(
                        "claim {claim} says {low} to {high}, outside the bounds {} to {}",
                        bounds[0], bounds[1]
                    ),
                )
                .expected("bounds that meet every trusted claim");
        }
        parts.push((claim, clipped));
    }
    let pools: Vec<Pool> = accounts.iter().map(|account| pool(account, &parts)).collect();
    for (account, _) in accounts.iter().zip(&pools).filter(|(_, pool)| pool.parts.is_empty()) {
        sound = false;
        context
            .report
            .error(
                name.spot,
                format!("the account `{}` trusts no claim for the parameter `{}`", account.id, id.value),
            )
            .expected(format!("at least one claim on `{}` with a value and a weight above zero", subject.id));
    }
    sound.then_some(Basis::Evidenced { subject: at, bounds, pools })
}

fn bounds(
    id: &At<String>,
    table: &ParameterTable,
    subject: &ClaimSubject,
    used: &[(usize, [f64; 2])],
    evidence: &ReadEvidence,
    context: &mut Context<'_>,
) -> Option<[f64; 2]> {
    if let Some(bounds) = table.bounds.given() {
        let share = subject.kind != SubjectKind::Number;
        return check_range(&bounds.value, bounds.spot, share, context).then_some(bounds.value);
    }
    if matches!(table.bounds, Field::Broken) {
        return None;
    }
    if let Some((claim, _)) = used.iter().find(|(_, ends)| ends.iter().any(|end| end.is_infinite())) {
        let claim = evidence.claim_items[*claim].as_ref().map_or("", |claim| claim.id.as_str());
        context
            .report
            .error(id.spot, format!("claim {claim} leaves an end of the parameter `{}` open", id.value))
            .expected("`bounds = [low, high]`");
        return None;
    }
    if subject.kind != SubjectKind::Number {
        return Some([0.0, 1.0]);
    }
    let low = used.iter().map(|(_, [low, _])| *low).fold(f64::INFINITY, f64::min);
    let high = used.iter().map(|(_, [_, high])| *high).fold(f64::NEG_INFINITY, f64::max);
    // Without any trusted claim the pools are empty, which is noted there.
    Some(if low <= high { [low, high] } else { [0.0, 0.0] })
}

fn interval(claim: &Claim, category: Option<&str>) -> Option<[f64; 2]> {
    let truth = match (&claim.value, category) {
        (Some(ClaimValue::YesNo(answer)), _) => *answer,
        (Some(ClaimValue::Category(word)), Some(category)) => word == category,
        _ => return claim.interval,
    };
    Some([f64::from(u8::from(truth)); 2])
}

fn pool(account: &Account, parts: &[(usize, [f64; 2])]) -> Pool {
    Pool::new(parts.iter().map(|(claim, interval)| PoolPart {
        claim: *claim,
        weight: account.trust[*claim],
        interval: *interval,
    }))
}
