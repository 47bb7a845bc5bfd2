//! `[alliances]`: a treaty's text bound to the scenario's actors, parameters and expressions.

use equipoise_models::treaty::WEIGHT_NAMES;
use jiff::civil::Date;

use super::names::{Context, entries};
use super::{treaty_case, voices};
use crate::evidence::Account;
use crate::expression::{Expected, Expression};
use crate::format::alliance_tables::{AllianceMemberTable, AllianceTable, RatificationTable};
use crate::format::scenario_file::ScenarioFile;
use crate::format::treaty_file::TreatyFile;
use crate::format::{At, Field};
use crate::scenario::{
    ActorId, Basis, Member, Parameter, ParameterId, RatificationRule, StakeExpressions, Treaty,
};
use crate::treaty::TreatyText;
use crate::unit::Unit;

/// What a treaty is bound to beside the names.
pub(crate) struct Ground<'a> {
    pub focus: Option<ActorId>,
    pub start: Option<Date>,
    pub parameters: &'a [Parameter],
    /// The accounts, where they could be read.
    pub accounts: Option<&'a [Account]>,
}

/// Binds all treaties; `texts` belong to `files`, one each.
pub(crate) fn read(
    file: &ScenarioFile,
    files: &[Option<TreatyFile>],
    texts: &[Option<TreatyText>],
    ground: &Ground<'_>,
    context: &mut Context<'_>,
) -> Option<Vec<Treaty>> {
    for (id, _) in entries(&file.alliances) {
        context.treaty(id);
    }
    let treaties: Vec<_> = files
        .iter()
        .zip(texts)
        .map(|(treaty_file, text)| {
            let id = treaty_file.as_ref()?.id.given()?;
            let named = entries(&file.alliances).iter().find(|(name, _)| name.value == id.value);
            let Some((name, table)) = named else {
                if !matches!(file.alliances, Field::Broken) {
                    context
                        .report
                        .error(id.spot, format!("the treaty `{}` is not bound to this scenario", id.value))
                        .expected(format!("a table [alliances.{}] in scenario.toml", id.value));
                }
                return None;
            };
            treaty(text.as_ref()?, name, table, ground, context)
        })
        .collect();
    treaties.into_iter().collect()
}

fn treaty(
    text: &TreatyText,
    name: &At<String>,
    table: &AllianceTable,
    ground: &Ground<'_>,
    context: &mut Context<'_>,
) -> Option<Treaty> {
    let start = ground.start?;
    let members = members(text, name, table, start, ground, context);
    let actors: Vec<ActorId> = members.iter().flatten().map(|member| member.actor).collect();
    let facts = facts(text, table, &actors, context);
    let weights = weights(table, context);
    let latency_hours = context.parameter_field(&table.latency_hours, hours());
    let rationality = context.parameter_field(&table.rationality, Unit::NUMBER);
    let airlift_per_day = context.parameter_field(&table.airlift_per_day, persons_per_day());
    let withdrawal_days = context.parameter_field(&table.withdrawal_days, Unit::DAYS);
    let lead_decides = optional(&table.lead_decides, Unit::YES_NO, context);
    if let (Some(field), None) = (table.lead_decides.given(), &text.lead) {
        context.report.error(field.spot, "the treaty names no lead").expected("`lead` in the treaty's file");
    }
    let breach_points = optional(&table.breach_points, Unit::POINTS, context);
    let arrival_limit_days = limit(&table.arrival_limit_days, ground, context);
    let mandate_limit_days = limit(&table.mandate_limit_days, ground, context);
    consent_in_time(table, arrival_limit_days, ground, context);
    let place = place(text, table, ground, context);
    let audience: Vec<_> = entries(&table.audience)
        .iter()
        .map(|(actor, parameter)| {
            let actor = context.actor(actor);
            let parameter = context.parameter(parameter, Unit::NUMBER);
            Some((actor?, parameter?))
        })
        .collect();
    let voices = voices::read(name, table, &actors, ground, context);
    let members: Vec<Member> = members.into_iter().collect::<Option<_>>()?;
    let lead = text.lead.as_ref().and_then(|lead| context.actors.peek(lead));
    Some(Treaty {
        id: text.id.clone(),
        title: text.title.clone(),
        text: text.clone(),
        facts: facts?,
        weights: weights?,
        lead: lead.and_then(|lead| members.iter().position(|member| member.actor == lead)),
        lead_decides: lead_decides?,
        latency_hours: latency_hours?,
        rationality: rationality?,
        airlift_per_day: airlift_per_day?,
        withdrawal_days: withdrawal_days?,
        breach_points: breach_points?,
        arrival_limit_days: arrival_limit_days?,
        mandate_limit_days: mandate_limit_days?,
        place: place?,
        voices: voices?,
        audience: audience.into_iter().collect::<Option<_>>()?,
        members,
    })
}

/// Those who vote, in the treaty's order.
fn members(
    text: &TreatyText,
    name: &At<String>,
    table: &AllianceTable,
    start: Date,
    ground: &Ground<'_>,
    context: &mut Context<'_>,
) -> Vec<Option<Member>> {
    let given = entries(&table.members);
    for (id, _) in given {
        let actor = context.actor(id);
        if actor.is_some() && actor == ground.focus {
            context
                .report
                .error(id.spot, format!("the focus state `{}` is among those who vote", id.value))
                .expected("those who vote on its request");
        } else if actor.is_some() && !text.is_member(&id.value, start) {
            context
                .report
                .error(id.spot, format!("`{}` is no member of {} on {start}", id.value, text.id))
                .near(&id.value, text.members.iter().map(|member| member.actor.as_str()));
        }
    }
    let votes = |actor: &str, context: &Context<'_>| {
        context.actors.peek(actor).is_none_or(|actor| Some(actor) != ground.focus)
    };
    // A name that is no actor is probably the member that seems to be missing, or the focus state.
    let all_known =
        ground.focus.is_some() && given.iter().all(|(id, _)| context.actors.peek(&id.value).is_some());
    let mut found = Vec::new();
    for member in text.members.iter().filter(|member| member.on(start)) {
        if !votes(&member.actor, context) {
            continue;
        }
        match given.iter().find(|(id, _)| id.value == member.actor) {
            Some((id, own)) => {
                let actor = context.actors.peek(&id.value);
                found.push(actor.and_then(|actor| self::member(own, actor, member.weight, ground, context)));
            }
            None => {
                if all_known && !matches!(table.members, Field::Broken) {
                    context
                        .report
                        .error(
                            name.spot,
                            format!("the member `{}` of {} is not bound", member.actor, text.id),
                        )
                        .expected(format!("a table [alliances.{}.members.{}]", text.id, member.actor));
                }
                found.push(None);
            }
        }
    }
    found
}

fn member(
    table: &AllianceMemberTable,
    actor: ActorId,
    weight: f64,
    ground: &Ground<'_>,
    context: &mut Context<'_>,
) -> Option<Member> {
    let credulity = context.parameter_field(&table.credulity, Unit::NUMBER);
    let contingent = context.parameter_field(&table.contingent, Unit::PERSONS);
    if let Some(forces) = optional(&table.forces, Unit::PERSONS, context).flatten()
        && let (Some(pledge), Some(named)) = (contingent, table.contingent.given())
        && let (Some([least, _]), Some([_, most])) = (limits(pledge, ground), limits(forces, ground))
        && least > most
    {
        context
            .report
            .error(
                named.spot,
                format!("the pledge `{}` of at least {least} is above the forces there are", named.value),
            )
            .expected(format!("at most {most} persons"));
    }
    let ratification = match &table.ratification {
        Field::Absent => Some(None),
        Field::Broken => None,
        Field::Given(rule) => ratification(&rule.value, ground, context).map(Some),
    };
    let mut stake = |field: &Field<String>| match field {
        Field::Absent => {
            let zero = At { value: "0".to_owned(), spot: table.spot };
            context.expression(&zero, Expected::Unit(Unit::NUMBER), Some(actor))
        }
        field => context.expression(field.given()?, Expected::Unit(Unit::NUMBER), Some(actor)),
    };
    let interest = stake(&table.interest);
    let relation = stake(&table.relation);
    let capacity = stake(&table.capacity);
    let home = stake(&table.home);
    let precedent = stake(&table.precedent);
    Some(Member {
        actor,
        weight,
        credulity: credulity?,
        contingent: contingent?,
        stakes: StakeExpressions {
            interest: interest?,
            relation: relation?,
            capacity: capacity?,
            home: home?,
            precedent: precedent?,
        },
        ratification: ratification?,
        bound: None,
    })
}

fn ratification(
    table: &RatificationTable,
    ground: &Ground<'_>,
    context: &mut Context<'_>,
) -> Option<RatificationRule> {
    let seats = context.parameter_field(&table.seats, Unit::NUMBER);
    let votes_needed = context.parameter_field(&table.votes_needed, Unit::NUMBER);
    let quorum = context.parameter_field(&table.quorum, Unit::NUMBER);
    let attendance = context.parameter_field(&table.attendance, Unit::NUMBER);
    let support = context.parameter_field(&table.support, Unit::NUMBER);
    let ballots = context.parameter_field(&table.ballots, Unit::NUMBER);
    let limit_days = limit(&table.limit_days, ground, context);
    let counts = [("votes needed", &table.votes_needed, votes_needed), ("quorum", &table.quorum, quorum)];
    for (what, field, parameter) in counts {
        if let (Some(named), Some(parameter), Some(seats)) = (field.given(), parameter, seats)
            && let (Some([least, _]), Some([_, most])) = (limits(parameter, ground), limits(seats, ground))
            && least > most
        {
            context
                .report
                .error(named.spot, format!("{what}: at least {least}, more than the chamber has seats"))
                .expected(format!("at most {most}"));
        }
    }
    Some(RatificationRule {
        seats: seats?,
        votes_needed: votes_needed?,
        quorum: quorum?,
        attendance: attendance?,
        support: support?,
        ballots: ballots?,
        limit_days: limit_days?,
    })
}

/// What the treaty's facts are here: by fact, then member.
fn facts(
    text: &TreatyText,
    table: &AllianceTable,
    actors: &[ActorId],
    context: &mut Context<'_>,
) -> Option<Vec<Vec<Expression>>> {
    let given = table.facts.given()?;
    for (name, _) in &given.value.0 {
        if !text.facts.iter().any(|(fact, _)| *fact == name.value) {
            context
                .report
                .error(name.spot, format!("the treaty {} knows no fact `{}`", text.id, name.value))
                .near(&name.value, text.facts.iter().map(|(fact, _)| fact.as_str()));
        }
    }
    let mut found = Vec::with_capacity(text.facts.len());
    for (fact, title) in &text.facts {
        let Some((_, expression)) = given.value.0.iter().find(|(name, _)| name.value == *fact) else {
            context
                .report
                .error(given.spot, format!("the fact `{fact}` of {} is missing", text.id))
                .expected(title.clone());
            found.push(None);
            continue;
        };
        let from: Vec<_> = actors
            .iter()
            .map(|&actor| context.expression(expression, Expected::NumberOrYesNo, Some(actor)))
            .collect();
        found.push(from.into_iter().collect::<Option<Vec<_>>>());
    }
    found.into_iter().collect()
}

/// The weights given; notes a stake of a member that nothing weighs.
fn weights(table: &AllianceTable, context: &mut Context<'_>) -> Option<[Option<ParameterId>; 8]> {
    let given = table.weights.given()?;
    for (name, _) in &given.value.0 {
        if !WEIGHT_NAMES.contains(&name.value.as_str()) {
            context
                .report
                .error(name.spot, format!("there is no weight `{}`", name.value))
                .expected(format!("one of {}", WEIGHT_NAMES.join(", ")))
                .near(&name.value, WEIGHT_NAMES);
        }
    }
    let of = |weight: &str| given.value.0.iter().find(|(name, _)| name.value == weight);
    for (member, own) in entries(&table.members) {
        let stakes = [
            ("interest", &own.interest),
            ("relation", &own.relation),
            ("capacity", &own.capacity),
            ("home", &own.home),
            ("precedent", &own.precedent),
        ];
        for (name, field) in stakes {
            if let (Some(stake), None) = (field.given(), of(name)) {
                context
                    .report
                    .error(stake.spot, format!("the stake `{name}` of `{}` has no weight", member.value))
                    .expected(format!("`{name}` among the weights"));
            }
        }
    }
    let found: Vec<Option<Option<ParameterId>>> = WEIGHT_NAMES
        .iter()
        .map(|weight| match of(weight) {
            Some((_, parameter)) => context.parameter(parameter, Unit::NUMBER).map(Some),
            None => Some(None),
        })
        .collect();
    let found: Vec<Option<ParameterId>> = found.into_iter().collect::<Option<_>>()?;
    found.try_into().ok()
}

/// A limit in days; notes one that can be below 0.
fn limit(
    field: &Field<String>,
    ground: &Ground<'_>,
    context: &mut Context<'_>,
) -> Option<Option<ParameterId>> {
    let found = optional(field, Unit::DAYS, context)?;
    if let (Some(named), Some([low, _])) = (field.given(), found.and_then(|limit| limits(limit, ground)))
        && low < 0.0
    {
        context
            .report
            .error(named.spot, format!("the limit `{}` can be {low} days", named.value))
            .expected("a range from 0 upwards");
        return None;
    }
    Some(found)
}

/// Notes a parliament that may only consent when the time for arriving is over.
fn consent_in_time(
    table: &AllianceTable,
    arrival: Option<Option<ParameterId>>,
    ground: &Ground<'_>,
    context: &mut Context<'_>,
) {
    let Some([_, most]) = arrival.flatten().and_then(|arrival| limits(arrival, ground)) else { return };
    for (_, member) in entries(&table.members) {
        let Some(named) = member.ratification.given().and_then(|rule| rule.value.limit_days.given()) else {
            continue;
        };
        let consent = context.parameters.peek(&named.value).and_then(|consent| limits(consent, ground));
        if let Some([least, _]) = consent.filter(|[least, _]| *least > most) {
            context
                .report
                .error(
                    named.spot,
                    format!(
                        "`{}` leaves {least} days to consent, more than there are to arrive",
                        named.value
                    ),
                )
                .expected(format!("at most {most} days"));
        }
    }
}

/// Where the case lies: what the file says, or the focus state.
fn place(
    text: &TreatyText,
    table: &AllianceTable,
    ground: &Ground<'_>,
    context: &mut Context<'_>,
) -> Option<String> {
    match &table.place {
        Field::Absent => Some(context.actors.name(ground.focus?)?.to_owned()),
        field => treaty_case::known_place(field.given()?, text, context.report),
    }
}

pub(super) fn optional(
    field: &Field<String>,
    unit: Unit,
    context: &mut Context<'_>,
) -> Option<Option<ParameterId>> {
    match field {
        Field::Absent => Some(None),
        field => context.parameter_field(field, unit).map(Some),
    }
}

/// Smallest and largest value a parameter can take.
pub(super) fn limits(parameter: ParameterId, ground: &Ground<'_>) -> Option<[f64; 2]> {
    match &ground.parameters.get(parameter)?.basis {
        Basis::Evidenced { bounds, .. } => Some(*bounds),
        Basis::Assumption { range, .. } => Some(*range),
    }
}

/// Hours are the seventh of the base units.
fn hours() -> Unit {
    Unit::Quantity([0, 0, 0, 0, 0, 0, 1, 0])
}

fn persons_per_day() -> Unit {
    Unit::Quantity([1, -1, 0, 0, 0, 0, 0, 0])
}
