//! What shocks and options do.

use super::names::Context;
use crate::expression::Expected;
use crate::format::action_tables::{ActionTable, ScopeText};
use crate::format::{At, Field};
use crate::scenario::{Action, Scope};
use crate::unit::Unit;

/// Reads a list of actions; `None` if one is wrong.
pub(crate) fn read(field: &Field<Vec<At<ActionTable>>>, context: &mut Context<'_>) -> Option<Vec<Action>> {
    let actions: Vec<_> = match field {
        Field::Absent => Vec::new(),
        Field::Broken => return None,
        Field::Given(list) => list.value.iter().map(|table| action(&table.value, context)).collect(),
    };
    actions.into_iter().collect()
}

fn action(table: &ActionTable, context: &mut Context<'_>) -> Option<Action> {
    let number = Expected::Unit(Unit::NUMBER);
    Some(match table {
        ActionTable::Price(price) => {
            let index = context.expression_field(&price.index, number);
            let scope = scope(&price.scope, context);
            Action::Price { index: index?, scope: scope? }
        }
        ActionTable::Emergency(emergency) => Action::Emergency { scope: scope(&emergency.scope, context)? },
        ActionTable::LiftEmergency(_) => Action::LiftEmergency,
        ActionTable::Internet(internet) => {
            Action::Internet { access: context.expression_field(&internet.access, number)? }
        }
        ActionTable::LethalForce(force) => {
            Action::LethalForce { allowed: *force.allowed.value().unwrap_or(&true) }
        }
        ActionTable::Mobilise(mobilise) => {
            let persons = context.expression_field(&mobilise.persons, Expected::Unit(Unit::PERSONS))?;
            Action::Mobilise { persons }
        }
        ActionTable::Frame(_) => Action::Frame,
        ActionTable::Request(request) => Action::Request { treaty: context.treaty(request.treaty.given()?)? },
        ActionTable::WithdrawRequest(request) => {
            Action::WithdrawRequest { treaty: context.treaty(request.treaty.given()?)? }
        }
        ActionTable::ExtendMission(mission) => {
            let treaty = mission.treaty.given().and_then(|treaty| context.treaty(treaty));
            let by = context.expression_field(&mission.by, Expected::Unit(Unit::DAYS));
            Action::ExtendMission { treaty: treaty?, by: by? }
        }
        ActionTable::EndMission(mission) => {
            Action::EndMission { treaty: context.treaty(mission.treaty.given()?)? }
        }
        ActionTable::Legitimacy(change) => {
            Action::Legitimacy { by: context.expression_field(&change.by, number)? }
        }
        ActionTable::Loyalty(change) => Action::Loyalty { by: context.expression_field(&change.by, number)? },
        ActionTable::Relation(change) => {
            let with = change.with.given().and_then(|with| context.actor(with));
            let by = context.expression_field(&change.by, Expected::Unit(Unit::POINTS));
            Action::Relation { with: with?, by: by? }
        }
        ActionTable::Move(change) => {
            let actor = change.actor.given().and_then(|actor| context.actor(actor));
            let issue = change.issue.given().and_then(|issue| context.issue(issue));
            let by = context.expression_field(&change.by, Expected::Unit(Unit::POINTS));
            Action::Move { actor: actor?, issue: issue?, by: by? }
        }
        ActionTable::Shift(change) => {
            let stock = context.stock(change.stock.given()?)?;
            let unit = context.stock_units[stock]?;
            Action::Shift { stock, by: context.expression_field(&change.by, Expected::Unit(unit))? }
        }
        ActionTable::LimitRoute(limit) => {
            let route = limit.route.given().and_then(|route| context.route(route));
            let share = context.expression_field(&limit.share, number);
            let days = match &limit.days {
                Field::Absent => Some(None),
                field => context.expression_field(field, Expected::Unit(Unit::DAYS)).map(Some),
            };
            Action::LimitRoute { route: route?, share: share?, days: days? }
        }
        ActionTable::CloseTransit(transit) => {
            Action::Transit { through: context.actor(transit.state.given()?)?, open: false }
        }
        ActionTable::OpenTransit(transit) => {
            Action::Transit { through: context.actor(transit.state.given()?)?, open: true }
        }
        ActionTable::Supply(supply) => {
            let node = supply.node.given().and_then(|node| context.nodes.get(node, context.report));
            let share = context.expression_field(&supply.share, number);
            Action::Supply { node: node?, share: share? }
        }
        ActionTable::Sanction(sanction) => {
            let package = context.sanctions.get(sanction.package.given()?, context.report)?;
            Action::Sanction { package, begins: true }
        }
        ActionTable::LiftSanction(sanction) => {
            let package = context.sanctions.get(sanction.package.given()?, context.report)?;
            Action::Sanction { package, begins: false }
        }
        ActionTable::Compliance(change) => {
            Action::Compliance { level: context.expression_field(&change.level, number)? }
        }
        ActionTable::LeaveUnion(change) => {
            membership(&change.union, &change.member, &change.own_tariff, false, context)?
        }
        ActionTable::JoinUnion(change) => {
            membership(&change.union, &change.member, &change.own_tariff, true, context)?
        }
    })
}

fn membership(
    union: &Field<String>,
    member: &Field<String>,
    own_tariff: &Field<String>,
    joins: bool,
    context: &mut Context<'_>,
) -> Option<Action> {
    let union = union.given().and_then(|name| context.unions.get(name, context.report));
    let member = member.given().and_then(|name| context.regions.get(name, context.report));
    let own_tariff = context.expression_field(own_tariff, Expected::Unit(Unit::NUMBER));
    Some(Action::Membership { union: union?, member: member?, joins, own_tariff: own_tariff? })
}

fn scope(field: &Field<ScopeText>, context: &mut Context<'_>) -> Option<Scope> {
    match field {
        Field::Absent => Some(Scope::Country),
        Field::Broken => None,
        Field::Given(at) => match &at.value {
            ScopeText::Word(word) => Some(match word.as_str() {
                "protest" => Scope::Protest,
                "disorder" => Scope::Disorder,
                _ => Scope::Country,
            }),
            ScopeText::Places(names) => {
                let places: Vec<_> = names.iter().map(|name| context.place(name)).collect();
                places.into_iter().collect::<Option<Vec<_>>>().map(Scope::Places)
            }
        },
    }
}
