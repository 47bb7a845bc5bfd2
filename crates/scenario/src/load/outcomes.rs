//! What is read off a history, and what really happened to score it against.

use jiff::civil::Date;

use super::claims::ReadEvidence;
use super::names::{Context, Index, entries, snake_case, unit};
use super::within_period;
use crate::chronicle::{EventKind, Subject, Trigger};
use crate::diagnostic::Spot;
use crate::evidence::SubjectKind;
use crate::expression::Expected;
use crate::format::rows::{RecordFileRow, RecordUse};
use crate::format::scenario_file::{OutcomeTable, ScenarioFile, SeriesTable};
use crate::format::{At, Field};
use crate::scenario::{Measure, Outcome, RecordRow, Series, Target};
use crate::unit::Unit;

/// Reads `[outcomes]`.
pub(crate) fn outcomes(
    file: &ScenarioFile,
    period: Option<(Date, u32)>,
    context: &mut Context<'_>,
) -> Option<Vec<Outcome>> {
    let outcomes: Vec<_> =
        entries(&file.outcomes).iter().map(|(id, table)| outcome(id, table, period, context)).collect();
    outcomes.into_iter().collect()
}

fn outcome(
    id: &At<String>,
    table: &OutcomeTable,
    period: Option<(Date, u32)>,
    context: &mut Context<'_>,
) -> Option<Outcome> {
    snake_case("outcome", id, context.report);
    let measures = [
        ("value", &table.value),
        ("peak", &table.peak),
        ("first", &table.first),
        ("last", &table.last),
        ("happens", &table.happens),
    ];
    let given: Vec<_> = measures.into_iter().filter(|(_, field)| field.is_present()).collect();
    let [(name, field)] = given[..] else {
        let names: Vec<_> = given.iter().map(|(name, _)| *name).collect();
        let found = if names.is_empty() { "nothing".to_owned() } else { names.join(" and ") };
        context
            .report
            .error(id.spot, format!("the outcome `{}` is read off {found}", id.value))
            .expected("exactly one of value, peak, first, last and happens");
        return None;
    };
    if let Some(on) = table.on.given() {
        within_period(on.value.0, period, on.spot, context.report);
        if name != "value" {
            context.report.error(on.spot, format!("`on` does not go with `{name}`")).expected("`value`");
        }
    }
    let (measure, unit) = if matches!(name, "value" | "peak") {
        let value = measured(field, &table.unit, context)?;
        let unit = value.unit();
        let measure = if name == "value" {
            Measure::Value { value, on: table.on.value().map(|day| day.0) }
        } else {
            Measure::Peak { value }
        };
        (measure, unit)
    } else {
        if let Some(unit) = table.unit.given() {
            context
                .report
                .error(unit.spot, format!("`unit` does not go with `{name}`"))
                .expected("no unit: it is a date or yes/no");
        }
        let event = trigger(field.given()?, context)?;
        match name {
            "first" => (Measure::First { event }, Unit::DAYS),
            "last" => (Measure::Last { event }, Unit::DAYS),
            _ => (Measure::Happens { event }, Unit::YES_NO),
        }
    };
    Some(Outcome {
        id: id.value.clone(),
        title: table.title.value()?.clone(),
        measure,
        unit,
        headline: *table.headline.value().unwrap_or(&false),
    })
}

/// An expression, in the unit that is written beside it, if one is.
fn measured(
    value: &Field<String>,
    written: &Field<String>,
    context: &mut Context<'_>,
) -> Option<crate::expression::Expression> {
    let expected = match written {
        Field::Absent => Expected::Any,
        field => match unit(field.given()?, context.report)? {
            Unit::YesNo => Expected::YesNo,
            quantity => Expected::Unit(quantity),
        },
    };
    context.expression_field(value, expected)
}

/// Reads `[series]`.
pub(crate) fn series(file: &ScenarioFile, context: &mut Context<'_>) -> Option<Vec<Series>> {
    let series: Vec<_> =
        entries(&file.series).iter().map(|(id, table)| one_series(id, table, context)).collect();
    series.into_iter().collect()
}

fn one_series(id: &At<String>, table: &SeriesTable, context: &mut Context<'_>) -> Option<Series> {
    snake_case("series", id, context.report);
    let value = measured(&table.value, &table.unit, context)?;
    Some(Series { id: id.value.clone(), title: table.title.value()?.clone(), unit: value.unit(), value })
}

/// What the subject of a kind of events can be.
enum Takes {
    Nothing,
    Place,
    Actor,
    Treaty,
    Shock,
    Option,
    Issue,
    Resolution,
    Vote,
    Route,
    Sanction,
}

fn takes(kind: EventKind) -> Takes {
    match kind {
        EventKind::Shock => Takes::Shock,
        EventKind::Choice => Takes::Option,
        EventKind::ProtestBegins
        | EventKind::ViolenceBegins
        | EventKind::SiteSeized
        | EventKind::SitesRecaptured
        | EventKind::OrderRestored
        | EventKind::EmergencyBegins => Takes::Place,
        EventKind::VotedYes
        | EventKind::VotedNo
        | EventKind::Abstained
        | EventKind::Ratified
        | EventKind::RatificationFailed
        | EventKind::PledgeLapsed
        | EventKind::PledgeReleased
        | EventKind::TroopsArrive
        | EventKind::TroopsLeave => Takes::Actor,
        EventKind::Requested | EventKind::Granted | EventKind::Refused | EventKind::MandateEnds => {
            Takes::Treaty
        }
        EventKind::MissionOver
        | EventKind::MissionLapsed
        | EventKind::RequestCalledOff
        | EventKind::LesserAnswer
        | EventKind::RequestLapsed
        | EventKind::RequestWithdrawn
        | EventKind::DeadlineMissed
        | EventKind::DeadlineKept => Takes::Treaty,
        EventKind::Bargain => Takes::Issue,
        EventKind::PutToVote => Takes::Resolution,
        EventKind::VoteFor | EventKind::VoteAbstain | EventKind::VoteAgainst | EventKind::VoteAbsent => {
            Takes::Vote
        }
        EventKind::RouteLimited | EventKind::RouteDamaged | EventKind::RouteRestored => Takes::Route,
        EventKind::TransitClosed
        | EventKind::TransitOpened
        | EventKind::UnionLeft
        | EventKind::UnionJoined => Takes::Actor,
        EventKind::SanctionBegins | EventKind::SanctionEnds => Takes::Sanction,
        EventKind::CountryInOrder
        | EventKind::FirstDeath
        | EventKind::EmergencyNationwide
        | EventKind::EmergencyLifted
        | EventKind::InternetCut
        | EventKind::InternetRestored
        | EventKind::ForcesMobilised
        | EventKind::ShootingAllowed
        | EventKind::FramedForeign
        | EventKind::ContractsRest
        | EventKind::ExportsFall
        | EventKind::ExportsRise
        | EventKind::ComplianceSet => Takes::Nothing,
    }
}

/// The events a text means: a kind with or without a subject, `decision.option`, or the name of a shock.
fn trigger(text: &At<String>, context: &mut Context<'_>) -> Option<Trigger> {
    let whole = text.value.trim();
    let named = |value: &str| At { value: value.trim().to_owned(), spot: text.spot };
    if let Some((kind, subject)) = whole.strip_suffix(')').and_then(|inside| inside.split_once('(')) {
        let kind = kind_named(kind.trim(), text, context)?;
        let name = named(subject);
        let subject = match takes(kind) {
            Takes::Place => Subject::Place(context.place(&name)?),
            Takes::Actor => Subject::Actor(context.actor(&name)?),
            Takes::Treaty => Subject::Treaty(context.treaty(&name)?),
            Takes::Route => Subject::Route(context.route(&name)?),
            Takes::Sanction => Subject::Sanction(context.sanctions.get(&name, context.report)?),
            Takes::Shock => Subject::Shock(context.shock(&name)?),
            Takes::Issue => Subject::Issue(context.issue(&name)?),
            Takes::Resolution => Subject::Resolution(context.resolution(&name)?),
            Takes::Vote => super::positions::vote(&name, context)?,
            Takes::Option => {
                let (decision, option) = context.option(&name)?;
                Subject::Option(decision, option)
            }
            Takes::Nothing => {
                context
                    .report
                    .error(text.spot, format!("the event `{}` is about nobody in particular", kind.name()))
                    .expected(format!("`{}` without parentheses", kind.name()));
                return None;
            }
        };
        return Some(Trigger { kind, subject: Some(subject) });
    }
    if whole.contains('.') {
        let (decision, option) = context.option(&named(whole))?;
        return Some(Trigger { kind: EventKind::Choice, subject: Some(Subject::Option(decision, option)) });
    }
    if let Some(shock) = context.shocks.peek(whole) {
        return Some(Trigger { kind: EventKind::Shock, subject: Some(Subject::Shock(shock)) });
    }
    Some(Trigger { kind: kind_named(whole, text, context)?, subject: None })
}

fn kind_named(word: &str, text: &At<String>, context: &mut Context<'_>) -> Option<EventKind> {
    let kind = EventKind::named(word);
    if kind.is_none() {
        let kinds = EventKind::ALL.iter().map(|kind| kind.name());
        let mistake = context
            .report
            .error(text.spot, format!("there is no event `{word}`"))
            .expected("a kind of events, `decision.option` or a shock");
        mistake.near(word, kinds.chain(context.shocks.names()));
    }
    kind
}

/// Reads record.csv.
pub(crate) fn record(
    file: &ScenarioFile,
    rows: &[RecordFileRow],
    evidence: &ReadEvidence,
    period: Option<(Date, u32)>,
    context: &mut Context<'_>,
) -> Option<Vec<RecordRow>> {
    if matches!(file.outcomes, Field::Broken) || matches!(file.series, Field::Broken) {
        return None;
    }
    let outcomes =
        Index::new("outcome", entries(&file.outcomes).iter().map(|(id, _)| Some(id)), context.report);
    let series = Index::new("series", entries(&file.series).iter().map(|(id, _)| Some(id)), context.report);
    let mut seen: Vec<(Target, usize)> = Vec::new();
    let mut record = Vec::with_capacity(rows.len());
    for row in rows {
        let target = target(row, &outcomes, &series, period, context);
        let claim = row.claim.given().and_then(|claim| evidence.claims.get(claim, context.report));
        let (Some(target), Some(claim), Some(word)) = (target, claim, row.r#use.value()) else {
            continue;
        };
        if seen.contains(&(target, claim)) {
            context.report.error(row.spot, "this row of the record appears twice");
        }
        seen.push((target, claim));
        let spot = row.claim.given().map_or(row.spot, |at| at.spot);
        check_kind(row, spot, target, claim, file, evidence, context);
        let Some(expected) = expected(row, target, claim, file, evidence, context) else {
            continue;
        };
        record.push(RecordRow {
            target,
            claim,
            held_out: word.0 == RecordUse::HeldOut,
            expected,
            note: row.note.text(),
        });
    }
    (record.len() == rows.len()).then_some(record)
}

/// The claims that say what was expected.
fn expected(
    row: &RecordFileRow,
    target: Target,
    claim: usize,
    file: &ScenarioFile,
    evidence: &ReadEvidence,
    context: &mut Context<'_>,
) -> Option<Vec<usize>> {
    let Some(cell) = row.expected.given() else { return Some(Vec::new()) };
    let mut claims = Vec::new();
    let mut whole = true;
    for id in cell.value.split(';').map(str::trim).filter(|id| !id.is_empty()) {
        let name = At { value: id.to_owned(), spot: cell.spot };
        let Some(expected) = evidence.claims.get(&name, context.report) else {
            whole = false;
            continue;
        };
        if expected == claim || claims.contains(&expected) {
            let why = if expected == claim { "reports what happened" } else { "appears twice" };
            context
                .report
                .error(cell.spot, format!("claim {id} {why}"))
                .expected("claims on what was expected, each once");
        }
        check_kind(row, cell.spot, target, expected, file, evidence, context);
        claims.push(expected);
    }
    whole.then_some(claims)
}

/// With a date the row scores a series, without one an outcome: both may have the same name.
fn target(
    row: &RecordFileRow,
    outcomes: &Index,
    series: &Index,
    period: Option<(Date, u32)>,
    context: &mut Context<'_>,
) -> Option<Target> {
    let name = row.target.given()?;
    match &row.date {
        Field::Broken => None,
        Field::Given(date) => {
            within_period(date.value.0, period, date.spot, context.report);
            if series.peek(&name.value).is_none() && outcomes.peek(&name.value).is_some() {
                context
                    .report
                    .error(date.spot, format!("`{}` is an outcome, which has no date", name.value))
                    .expected("an empty cell");
                return None;
            }
            Some(Target::Series(series.get(name, context.report)?, date.value.0))
        }
        Field::Absent => {
            if outcomes.peek(&name.value).is_none() && series.peek(&name.value).is_some() {
                context
                    .report
                    .error(name.spot, format!("`{}` is a series, whose day is missing", name.value))
                    .expected("a `date`");
                return None;
            }
            Some(Target::Outcome(outcomes.get(name, context.report)?))
        }
    }
}

/// Notes a claim whose kind is not that of what it scores.
fn check_kind(
    row: &RecordFileRow,
    spot: Spot,
    target: Target,
    claim: usize,
    file: &ScenarioFile,
    evidence: &ReadEvidence,
    context: &mut Context<'_>,
) {
    let Some(claim) = evidence.claim_items[claim].as_ref() else { return };
    let Some(subject) = evidence.subject_items[claim.subject].as_ref() else { return };
    let expected = match target {
        Target::Series(..) => "a number or a share",
        Target::Outcome(at) => {
            let table = &entries(&file.outcomes)[at].1;
            if table.first.is_present() || table.last.is_present() {
                "a date"
            } else if table.happens.is_present() || table.unit.value().is_some_and(|unit| unit == "yes_no") {
                "yes or no"
            } else if table.unit.is_present() {
                "a number or a share"
            } else {
                return;
            }
        }
    };
    let fits = match subject.kind {
        SubjectKind::Number | SubjectKind::Share => expected == "a number or a share",
        SubjectKind::Date => expected == "a date",
        SubjectKind::YesNo => expected == "yes or no",
        SubjectKind::Category => false,
    };
    if !fits {
        context
            .report
            .error(
                spot,
                format!("claim {} on `{}` does not fit `{}`", claim.id, subject.id, row.target.text()),
            )
            .expected(format!("a claim that says {expected}"));
    } else if claim.value.is_none() && claim.interval.is_none() {
        context
            .report
            .error(spot, format!("claim {} has no value", claim.id))
            .expected("a claim with a value");
    }
}
