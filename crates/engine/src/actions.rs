//! What shocks and choices do to the world: one function per word of the closed vocabulary of actions.

use equipoise_models::noise::Noise;
use equipoise_scenario::Scenario;
use equipoise_scenario::chronicle::{EventKind, Subject};
use equipoise_scenario::scenario::{Action, Scope};

use crate::alliance;
use crate::formulas::Formulas;
use crate::history::{EventId, History};
use crate::keys::Keys;
use crate::observe::evaluate;
use crate::transit;
use crate::world::World;

/// What the actions read beside the world.
pub(crate) struct Reads<'a> {
    pub scenario: &'a Scenario,
    pub keys: &'a Keys,
    pub noise: &'a Noise,
    pub routes: Option<&'a transit::Plan>,
    pub formulas: &'a Formulas<'a>,
}

/// Carries out actions in order; `cause` is the shock or the choice that set them off.
pub(crate) fn carry_out(
    world: &mut World,
    reads: &Reads<'_>,
    actions: &[Action],
    cause: EventId,
    history: &mut History,
) {
    for action in actions {
        carry_out_one(world, reads, action, cause, history);
    }
}

fn carry_out_one(
    world: &mut World,
    reads: &Reads<'_>,
    action: &Action,
    cause: EventId,
    history: &mut History,
) {
    match action {
        Action::Price { index, scope } => {
            let index = evaluate(world, index).max(0.0);
            world.state.borne = None;
            for k in places(world, reads.scenario, scope) {
                // A price that falls keeps the date of the rise it takes back a part of.
                if index > world.places[k].price_index.value {
                    world.places[k].price_day = world.day;
                }
                world.places[k].price_index.set(index, cause);
            }
            world.sum_up(reads.scenario);
        }
        Action::Emergency { scope } => declare_emergency(world, reads.scenario, scope, cause, history),
        Action::LiftEmergency => lift_emergency(world, reads.scenario, cause, history),
        Action::Internet { access } => set_internet(world, evaluate(world, access), cause, history),
        Action::LethalForce { allowed } => {
            let before = world.state.lethal_force.value > 0.0;
            if *allowed && !before {
                let event = nation(world, EventKind::ShootingAllowed, 0.0, cause, history);
                world.state.lethal_force.set(1.0, event);
            } else if !*allowed && before {
                world.state.lethal_force.set(0.0, cause);
            }
        }
        Action::Mobilise { persons } => {
            let persons = evaluate(world, persons).max(0.0);
            let event = nation(world, EventKind::ForcesMobilised, persons, cause, history);
            world.state.reserve_ready.set(1.0, event);
            world.state.called_up += persons;
        }
        Action::Frame => alliance::frame(world, reads.scenario, cause, history),
        Action::Request { treaty } => alliance::request(world, reads, *treaty, cause, history),
        Action::WithdrawRequest { treaty } => {
            alliance::withdraw_request(world, reads.scenario, *treaty, cause, history);
        }
        Action::ExtendMission { treaty, by } => {
            alliance::extend_mission(world, *treaty, evaluate(world, by));
        }
        Action::EndMission { treaty } => {
            alliance::end_mission(world, reads.scenario, *treaty, cause, history);
        }
        Action::Legitimacy { by } => {
            let value = world.state.legitimacy.value + evaluate(world, by);
            world.state.legitimacy.set(value.clamp(0.0, 1.0), cause);
        }
        Action::Loyalty { by } => {
            let value = world.state.loyalty.value + evaluate(world, by);
            world.state.loyalty.set(value.clamp(0.0, 1.0), cause);
        }
        Action::Relation { with, by } => {
            let value = world.actors[*with].relation.value + evaluate(world, by);
            world.actors[*with].relation.set(value.clamp(0.0, 100.0), cause);
        }
        Action::Move { actor, issue, by } => {
            let at = *actor * reads.scenario.issues.len() + *issue;
            let value = world.positions[at].value + evaluate(world, by);
            world.positions[at].set(value.clamp(0.0, 100.0), cause);
        }
        Action::Shift { stock, by } => {
            let [low, high] = reads.scenario.stocks[*stock].bounds;
            let value = world.stocks[*stock].value + evaluate(world, by);
            world.stocks[*stock].set(value.clamp(low, high), cause);
        }
        Action::LimitRoute { .. } | Action::Transit { .. } | Action::Supply { .. } => {
            on_routes(world, reads, action, cause, history);
        }
        Action::Sanction { .. } | Action::Compliance { .. } | Action::Membership { .. } => {
            on_trade(world, reads, action, cause, history);
        }
    }
}

/// What actions do to routes; nothing in a scenario without them, where no such action can be written.
fn on_routes(world: &mut World, reads: &Reads<'_>, action: &Action, cause: EventId, history: &mut History) {
    let value = match action {
        Action::LimitRoute { share, .. } | Action::Supply { share, .. } => evaluate(world, share),
        _ => 0.0,
    };
    let days = match action {
        Action::LimitRoute { days: Some(days), .. } => Some(evaluate(world, days)),
        _ => None,
    };
    let (Some(state), Some(plan)) = (&mut world.transit, reads.routes) else { return };
    match action {
        Action::LimitRoute { route, .. } => state.limit(*route, value, days, (world.day, cause), history),
        Action::Transit { through, open } => state.pass(*through, *open, plan, (world.day, cause), history),
        Action::Supply { node, .. } => state.supply(*node, value, cause),
        _ => {}
    }
}

/// What actions do to trade.
fn on_trade(world: &mut World, reads: &Reads<'_>, action: &Action, cause: EventId, history: &mut History) {
    let value = match action {
        Action::Compliance { level: value } | Action::Membership { own_tariff: value, .. } => {
            evaluate(world, value)
        }
        _ => 0.0,
    };
    let (Some(state), Some(trade)) = (&mut world.trade, &reads.scenario.trade) else { return };
    let when = (world.day, cause);
    match action {
        Action::Sanction { package, begins } => state.sanction(trade, (*package, *begins), when, history),
        Action::Compliance { .. } => state.comply(value, world.day, cause, history),
        Action::Membership { union, member, joins, .. } => {
            let actor = trade.regions[*member].actor;
            state.membership((*union, *member), (*joins, value), actor, when, history);
        }
        _ => {}
    }
}

/// The places a scope names today.
fn places(world: &World, scenario: &Scenario, scope: &Scope) -> Vec<usize> {
    let all = 0..world.places.len();
    match scope {
        Scope::Country => all.collect(),
        Scope::Places(listed) => listed.clone(),
        Scope::Protest => all.filter(|&k| world.places[k].crowd() > 0).collect(),
        Scope::Disorder => {
            let region = |k: usize| scenario.places[k].region.as_str();
            let troubled: Vec<&str> =
                all.clone().filter(|&k| world.places[k].in_disorder()).map(region).collect();
            all.filter(|&k| troubled.contains(&region(k))).collect()
        }
    }
}

fn nation(world: &World, kind: EventKind, amount: f64, cause: EventId, history: &mut History) -> EventId {
    history.record(world.day, 0, kind, Subject::Nation, amount, &[cause])
}

fn declare_emergency(
    world: &mut World,
    scenario: &Scenario,
    scope: &Scope,
    cause: EventId,
    history: &mut History,
) {
    let added: Vec<usize> = places(world, scenario, scope)
        .into_iter()
        .filter(|&k| world.places[k].emergency.value == 0.0)
        .collect();
    if added.is_empty() {
        return;
    }
    let was_on = world.totals.emergency > 0.0;
    let left = world.places.iter().filter(|place| place.emergency.value == 0.0).count() - added.len();
    let mut event = cause;
    if !was_on {
        event = nation(world, EventKind::EmergencyBegins, added.len() as f64, event, history);
    }
    if left == 0 {
        event = nation(world, EventKind::EmergencyNationwide, added.len() as f64, event, history);
    }
    for k in added {
        world.places[k].emergency.set(1.0, event);
    }
    world.state.emergency = event;
    world.sum_up(scenario);
}

fn lift_emergency(world: &mut World, scenario: &Scenario, cause: EventId, history: &mut History) {
    if world.totals.emergency == 0.0 {
        return;
    }
    let event = nation(world, EventKind::EmergencyLifted, 0.0, cause, history);
    for place in &mut world.places {
        place.emergency.set(0.0, event);
    }
    world.state.emergency = event;
    world.sum_up(scenario);
}

fn set_internet(world: &mut World, access: f64, cause: EventId, history: &mut History) {
    let access = access.clamp(0.0, 1.0);
    let before = world.state.internet.value;
    let kind = if access < before { EventKind::InternetCut } else { EventKind::InternetRestored };
    if access == before {
        return;
    }
    let event = nation(world, kind, access, cause, history);
    world.state.internet.set(access, event);
}
