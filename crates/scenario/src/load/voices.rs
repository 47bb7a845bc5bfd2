//! `[alliances.ID.voices]`: who tells members and audience whether the unrest is an attack from abroad, and who trusts
//! whom how far.

use super::names::{Context, entries};
use super::treaties::{Ground, limits};
use crate::expression::Expected;
use crate::format::alliance_tables::{AllianceTable, VoiceTable};
use crate::format::{At, Field};
use crate::scenario::{ActorId, Basis, ParameterId, Telling, Voice};
use crate::unit::Unit;

/// All voices of an alliance; `members` are its voters, in order.
pub(super) fn read(
    name: &At<String>,
    table: &AllianceTable,
    members: &[ActorId],
    ground: &Ground<'_>,
    context: &mut Context<'_>,
) -> Option<Vec<Voice>> {
    let audience = entries(&table.audience).iter().map(|(actor, _)| context.actors.peek(&actor.value));
    let hearers: Vec<Option<ActorId>> = members.iter().map(|member| Some(*member)).chain(audience).collect();
    let shown = shown(name, table, hearers.len(), ground, context);
    let voices: Vec<_> = entries(&table.voices)
        .iter()
        .map(|(id, voice)| read_one(id, voice, &hearers, ground, context))
        .collect();
    let mut found: Vec<Voice> = shown?.into_iter().collect();
    found.extend(voices.into_iter().collect::<Option<Vec<_>>>()?);
    (!matches!(table.voices, Field::Broken)).then_some(found)
}

/// `belief_rate` and `evidence`: a voice that everybody trusts alike.
fn shown(
    name: &At<String>,
    table: &AllianceTable,
    hearers: usize,
    ground: &Ground<'_>,
    context: &mut Context<'_>,
) -> Option<Option<Voice>> {
    match (&table.belief_rate, &table.evidence) {
        (Field::Absent, Field::Absent) => Some(None),
        (Field::Absent, _) | (_, Field::Absent) => {
            context
                .report
                .error(name.spot, "`belief_rate` and `evidence` go together, one of them is missing")
                .expected("both or neither");
            None
        }
        (rate, evidence) => {
            let trust = trust(rate.given(), ground, context);
            let says = context.expression_field(evidence, Expected::Unit(Unit::NUMBER));
            Some(Some(Voice {
                id: "evidence".to_owned(),
                title: "What is seen".to_owned(),
                says: Telling::Value(says?),
                when: None,
                trust: vec![Some(trust?); hearers],
            }))
        }
    }
}

fn read_one(
    id: &At<String>,
    table: &VoiceTable,
    hearers: &[Option<ActorId>],
    ground: &Ground<'_>,
    context: &mut Context<'_>,
) -> Option<Voice> {
    let says = telling(id, table, ground, context);
    let when = match &table.when {
        Field::Absent => Some(None),
        field => context.expression_field(field, Expected::Unit(Unit::YES_NO)).map(Some),
    };
    let all = match &table.trust {
        Field::Absent => Some(None),
        field => trust(field.given(), ground, context).map(Some),
    };
    if !table.trust.is_present()
        && entries(&table.hearers).is_empty()
        && !matches!(table.hearers, Field::Broken)
    {
        context
            .report
            .error(id.spot, format!("nobody hears the voice `{}`", id.value))
            .expected("`trust` for all, or `hearers` with their own");
    }
    let mut trusted = vec![all?; hearers.len()];
    let mut sound = true;
    for (hearer, own) in entries(&table.hearers) {
        let own = trust(Some(own), ground, context);
        let at = context.actor(hearer).map(|actor| (actor, hearers.iter().position(|h| *h == Some(actor))));
        match (own, at) {
            (Some(own), Some((_, Some(at)))) => trusted[at] = Some(own),
            (_, Some((_, None))) if hearers.iter().all(Option::is_some) => {
                sound = false;
                let known: Vec<String> = hearers
                    .iter()
                    .flatten()
                    .filter_map(|actor| context.actors.name(*actor).map(str::to_owned))
                    .collect();
                context
                    .report
                    .error(hearer.spot, format!("`{}` neither votes nor is in the audience", hearer.value))
                    .expected("a voting member, or somebody under `audience`")
                    .near(&hearer.value, known.iter().map(String::as_str));
            }
            _ => sound = false,
        }
    }
    sound.then_some(())?;
    Some(Voice {
        id: id.value.clone(),
        title: table.title.value()?.clone(),
        says: says?,
        when: when?,
        trust: trusted,
    })
}

/// What a voice says; notes one that says nothing, or two things.
fn telling(
    id: &At<String>,
    table: &VoiceTable,
    ground: &Ground<'_>,
    context: &mut Context<'_>,
) -> Option<Telling> {
    match (&table.says, &table.account, &table.on) {
        (says, Field::Absent, Field::Absent) if says.is_present() => {
            context.expression_field(says, Expected::Unit(Unit::NUMBER)).map(Telling::Value)
        }
        (Field::Absent, account, on) if account.is_present() && on.is_present() => {
            let parameter = context.parameter_field(on, Unit::NUMBER);
            let account = account.given().and_then(|account| known_account(account, ground, context));
            let (parameter, account) = (ground.parameters.get(parameter?)?, account?);
            if matches!(parameter.basis, Basis::Assumption { .. }) {
                let named = on.given()?;
                context
                    .report
                    .error(
                        named.spot,
                        format!("`{}` is an assumption: no account says anything on it", named.value),
                    )
                    .expected("a parameter with a `subject`");
                return None;
            }
            Some(Telling::Account { account, holds: parameter.mean(account).clamp(0.0, 1.0) })
        }
        _ => {
            context
                .report
                .error(id.spot, format!("the voice `{}` must say one thing", id.value))
                .expected("either `says`, or `account` and `on`");
            None
        }
    }
}

fn known_account(account: &At<String>, ground: &Ground<'_>, context: &mut Context<'_>) -> Option<usize> {
    let accounts = ground.accounts?;
    let found = accounts.iter().position(|known| known.id == account.value);
    if found.is_none() {
        context
            .report
            .error(account.spot, format!("there is no account `{}`", account.value))
            .near(&account.value, accounts.iter().map(|known| known.id.as_str()));
    }
    found
}

/// A trust; notes one that can leave 0 to 1.
fn trust(name: Option<&At<String>>, ground: &Ground<'_>, context: &mut Context<'_>) -> Option<ParameterId> {
    let name = name?;
    let parameter = context.parameter(name, Unit::PER_DAY)?;
    if let Some([low, high]) = limits(parameter, ground)
        && !(0.0 <= low && high <= 1.0)
    {
        context
            .report
            .error(name.spot, format!("the trust `{}` can be from {low} to {high}", name.value))
            .expected("a share of the gap closed in a day, 0 to 1");
        return None;
    }
    Some(parameter)
}
