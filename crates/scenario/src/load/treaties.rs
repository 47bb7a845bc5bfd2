//! Treaties: clauses, the rule of decision, members.

use equipoise_models::treaty::Rule;

use super::names::{Context, entries, snake_case};
use super::{TreatyFiles, in_order};
use crate::expression::Expected;
use crate::format::treaty_file::{
    ClauseTable, MemberTable, RatificationTable, RuleText, TreatyFile, VoteTable,
};
use crate::format::{At, Field};
use crate::scenario::{ActorId, Clause, Member, ParameterId, RatificationRule, Treaty, VoteExpressions};
use crate::unit::Unit;

/// Reads all treaties; `centres` are the parameters' values in the middle, where those could be read.
pub(crate) fn read(
    files: &TreatyFiles,
    focus: Option<ActorId>,
    centres: &[f64],
    context: &mut Context<'_>,
) -> Option<Vec<Treaty>> {
    let treaties: Vec<_> = files
        .iter()
        .map(|file| file.as_ref().and_then(|file| treaty(file, focus, centres, context)))
        .collect();
    treaties.into_iter().collect()
}

fn treaty(
    file: &TreatyFile,
    focus: Option<ActorId>,
    centres: &[f64],
    context: &mut Context<'_>,
) -> Option<Treaty> {
    let actors: Vec<Option<ActorId>> =
        entries(&file.members).iter().map(|(actor, _)| context.actor(actor)).collect();
    for ((name, _), actor) in entries(&file.members).iter().zip(&actors) {
        if actor.is_some() && *actor == focus {
            context
                .report
                .error(name.spot, format!("the focus state `{}` is among the members", name.value))
                .expected("those who vote on its request");
        }
    }
    if entries(&file.members).is_empty() && file.members.value().is_some() {
        context.report.error(file.spot, "the treaty has no member").expected("at least one under [members]");
    }
    let lead = match file.lead.given() {
        None => Some(None),
        Some(name) => context.actor(name).and_then(|actor| {
            let position = actors.iter().position(|member| *member == Some(actor));
            if position.is_none() && file.members.value().is_some() {
                context.report.error(name.spot, format!("the lead `{}` is no member", name.value)).near(
                    &name.value,
                    entries(&file.members).iter().map(|(member, _)| member.value.as_str()),
                );
            }
            position.map(Some)
        }),
    };
    let rule = rule(file, centres, context);
    let lead_decides = match &file.lead_decides {
        Field::Absent => Some(None),
        field => context.parameter_field(field, Unit::YES_NO).map(Some),
    };
    if !file.lead.is_present() {
        let needs = matches!(file.rule.value(), Some(RuleText::Lead))
            .then(|| file.rule.given().map(|rule| rule.spot));
        for spot in [needs.flatten(), file.lead_decides.given().map(|at| at.spot)].into_iter().flatten() {
            context.report.error(spot, "the treaty names no lead").expected("`lead`, one of the members");
        }
    }
    let latency_hours = context.parameter_field(&file.latency_hours, hours());
    let rationality = context.parameter_field(&file.rationality, Unit::NUMBER);
    let airlift_per_day = context.parameter_field(&file.airlift_per_day, persons_per_day());
    let withdrawal_days = context.parameter_field(&file.withdrawal_days, Unit::DAYS);
    let clauses: Vec<_> =
        entries(&file.clauses).iter().map(|(id, table)| clause(id, table, &actors, context)).collect();
    let members: Vec<_> = entries(&file.members)
        .iter()
        .zip(&actors)
        .map(|((_, table), actor)| member(table, *actor, file, context))
        .collect();
    let (rule, threshold_share) = rule?;
    Some(Treaty {
        id: file.id.value()?.clone(),
        title: file.title.value()?.clone(),
        clauses: clauses.into_iter().collect::<Option<_>>()?,
        rule,
        threshold_share,
        lead: lead?,
        lead_decides: lead_decides?,
        latency_hours: latency_hours?,
        rationality: rationality?,
        airlift_per_day: airlift_per_day?,
        withdrawal_days: withdrawal_days?,
        members: members.into_iter().collect::<Option<_>>()?,
    })
}

fn rule(
    file: &TreatyFile,
    centres: &[f64],
    context: &mut Context<'_>,
) -> Option<(Rule, Option<ParameterId>)> {
    Some(match file.rule.value()? {
        RuleText::Consensus => (Rule::Consensus, None),
        RuleText::Majority => (Rule::Majority, None),
        RuleText::EachForItself => (Rule::EachForItself, None),
        RuleText::Lead => (Rule::Lead, None),
        RuleText::Weighted(name) => {
            let parameter = context.parameter(name, Unit::NUMBER)?;
            (Rule::Weighted { threshold_share: *centres.get(parameter)? }, Some(parameter))
        }
    })
}

fn clause(
    id: &At<String>,
    table: &ClauseTable,
    actors: &[Option<ActorId>],
    context: &mut Context<'_>,
) -> Option<Clause> {
    snake_case("clause", id, context.report);
    in_order(&table.from, &table.until, context.report);
    let strength = context.parameter_field(&table.strength, Unit::NUMBER);
    let trigger: Vec<_> = actors
        .iter()
        .map(|actor| context.expression(table.trigger.given()?, Expected::NumberOrYesNo, Some((*actor)?)))
        .collect();
    Some(Clause {
        id: id.value.clone(),
        article: table.article.value()?.clone(),
        obligation: table.obligation.value()?.0,
        from: table.from.value()?.0,
        until: table.until.value().map(|day| day.0),
        trigger: trigger.into_iter().collect::<Option<_>>()?,
        strength: strength?,
    })
}

fn member(
    table: &MemberTable,
    actor: Option<ActorId>,
    file: &TreatyFile,
    context: &mut Context<'_>,
) -> Option<Member> {
    let credulity = context.parameter_field(&table.credulity, Unit::NUMBER);
    let contingent = context.parameter_field(&table.contingent, Unit::PERSONS);
    let ratification = match &table.ratification {
        Field::Absent => Some(None),
        Field::Broken => None,
        Field::Given(rule) => ratification(&rule.value, context).map(Some),
    };
    let actor = actor?;
    let vote = vote(file, table.vote.value(), actor, context);
    Some(Member {
        actor,
        credulity: credulity?,
        contingent: contingent?,
        vote: vote?,
        ratification: ratification?,
    })
}

/// The parts of a member's utility: its own, or else the treaty's.
fn vote(
    file: &TreatyFile,
    own: Option<&VoteTable>,
    actor: ActorId,
    context: &mut Context<'_>,
) -> Option<VoteExpressions> {
    let mut part = |name: &str, pick: fn(&VoteTable) -> &Field<String>| {
        let own = own.map(pick).filter(|field| field.is_present());
        match own.or(file.vote.value().map(pick)) {
            Some(field) if field.is_present() => {
                context.expression(field.given()?, Expected::Unit(Unit::NUMBER), Some(actor))
            }
            _ => {
                if !matches!(file.vote, Field::Broken) {
                    context
                        .report
                        .error(
                            file.vote.given().map_or(file.spot, |vote| vote.spot),
                            format!("`{name}` is missing in [vote]"),
                        )
                        .expected("an expression, here or for every member (`0` where it plays no part)");
                }
                None
            }
        }
    };
    let obligation = part("obligation", |vote| &vote.obligation);
    let interest = part("interest", |vote| &vote.interest);
    let pressure = part("pressure", |vote| &vote.pressure);
    let capacity = part("capacity", |vote| &vote.capacity);
    let home = part("home", |vote| &vote.home);
    let precedent = part("precedent", |vote| &vote.precedent);
    Some(VoteExpressions {
        obligation: obligation?,
        interest: interest?,
        pressure: pressure?,
        capacity: capacity?,
        home: home?,
        precedent: precedent?,
    })
}

fn ratification(table: &RatificationTable, context: &mut Context<'_>) -> Option<RatificationRule> {
    let seats = context.parameter_field(&table.seats, Unit::NUMBER);
    let votes_needed = context.parameter_field(&table.votes_needed, Unit::NUMBER);
    let quorum = context.parameter_field(&table.quorum, Unit::NUMBER);
    let attendance = context.parameter_field(&table.attendance, Unit::NUMBER);
    let support = context.parameter_field(&table.support, Unit::NUMBER);
    let ballots = context.parameter_field(&table.ballots, Unit::NUMBER);
    Some(RatificationRule {
        seats: seats?,
        votes_needed: votes_needed?,
        quorum: quorum?,
        attendance: attendance?,
        support: support?,
        ballots: ballots?,
    })
}

/// Hours are the seventh of the base units.
fn hours() -> Unit {
    Unit::Quantity([0, 0, 0, 0, 0, 0, 1, 0])
}

fn persons_per_day() -> Unit {
    Unit::Quantity([1, -1, 0, 0, 0, 0, 0, 0])
}
