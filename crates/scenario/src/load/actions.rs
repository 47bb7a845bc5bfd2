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
    })
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
