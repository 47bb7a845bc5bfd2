//! What happens to the focus state and what its actors may choose: shocks and decisions.

use jiff::civil::Date;

use super::claims::ReadEvidence;
use super::names::{Context, entries};
use super::{actions, in_order, within_period};
use crate::expression::Expected;
use crate::format::At;
use crate::format::scenario_file::{DecisionTable, OptionTable, ScenarioFile, ShockTable};
use crate::scenario::{Decision, DecisionOption, Shock};
use crate::unit::Unit;

/// Reads `[shocks]`.
pub(crate) fn shocks(
    file: &ScenarioFile,
    evidence: &ReadEvidence,
    period: Option<(Date, u32)>,
    context: &mut Context<'_>,
) -> Option<Vec<Shock>> {
    let shocks: Vec<_> =
        entries(&file.shocks).iter().map(|(id, table)| shock(id, table, evidence, period, context)).collect();
    shocks.into_iter().collect()
}

fn shock(
    id: &At<String>,
    table: &ShockTable,
    evidence: &ReadEvidence,
    period: Option<(Date, u32)>,
    context: &mut Context<'_>,
) -> Option<Shock> {
    if let Some(date) = table.date.given() {
        within_period(date.value.0, period, date.spot, context.report);
    }
    let names = table.claims.value().into_iter().flatten();
    let claims: Vec<_> = names.map(|name| evidence.claims.get(name, context.report)).collect();
    let actions = actions::read(&table.actions, context);
    Some(Shock {
        id: id.value.clone(),
        title: table.title.value()?.clone(),
        date: table.date.value()?.0,
        claims: claims.into_iter().collect::<Option<_>>()?,
        actions: actions?,
        cancelled: table.only_by_policy.value().copied().unwrap_or(false),
    })
}

/// Reads `[decisions]`.
pub(crate) fn decisions(file: &ScenarioFile, context: &mut Context<'_>) -> Option<Vec<Decision>> {
    let decisions: Vec<_> =
        entries(&file.decisions).iter().map(|(id, table)| decision(id, table, context)).collect();
    decisions.into_iter().collect()
}

fn decision(id: &At<String>, table: &DecisionTable, context: &mut Context<'_>) -> Option<Decision> {
    let actor = table.actor.given().and_then(|actor| context.actor(actor));
    let when = context.expression_field(&table.when, Expected::YesNo);
    let rationality = context.parameter_field(&table.rationality, Unit::NUMBER);
    in_order(&table.from, &table.until, context.report);
    let list = entries(&table.options);
    if list.is_empty() && table.options.value().is_some() {
        context
            .report
            .error(id.spot, format!("the decision `{}` has no option", id.value))
            .expected("at least one");
    }
    let options: Vec<_> = list.iter().map(|(id, table)| option(id, table, context)).collect();
    Some(Decision {
        id: id.value.clone(),
        title: table.title.value()?.clone(),
        actor: actor?,
        from: table.from.value().map(|day| day.0),
        until: table.until.value().map(|day| day.0),
        when: when?,
        once: *table.once.value().unwrap_or(&true),
        rationality: rationality?,
        options: options.into_iter().collect::<Option<_>>()?,
    })
}

fn option(id: &At<String>, table: &OptionTable, context: &mut Context<'_>) -> Option<DecisionOption> {
    let utility = context.expression_field(&table.utility, Expected::Unit(Unit::NUMBER));
    let actions = actions::read(&table.actions, context)?;
    Some(DecisionOption {
        id: id.value.clone(),
        title: table.title.value()?.clone(),
        utility: utility?,
        waits: table.waits.value().copied().unwrap_or(actions.is_empty()),
        actions,
        forbidden: false,
    })
}
