//! The state's forces: police in every place, a mobile reserve that goes where the crowds are, guard duty at sites.
//!
//! Guard duty ties national forces while there is disorder; foreign soldiers who guard instead free them, in the
//! proportion that the scenario's evidence gives.

use equipoise_scenario::Scenario;
use equipoise_scenario::chronicle::{EventKind, Subject};

use crate::history::{History, NO_EVENT};
use crate::world::World;

/// Whether the reserve is still on its way home from somewhere.
pub(crate) fn is_moving(world: &World) -> bool {
    world.places.iter().any(|place| place.reserve >= 1.0)
}

/// Distributes the forces over the places for the coming day.
pub(crate) fn deploy(world: &mut World, scenario: &Scenario) {
    let value = |id: usize| world.parameters[id];
    let forces = &scenario.forces;
    let loyalty = world.state.loyalty.value;
    let active = world.totals.participants > 0.0 || world.totals.sites_held > 0.0;
    let disorder = world.totals.places_in_disorder > 0.0;
    let guard_duty = if disorder || world.totals.emergency > 0.0 { value(forces.guard_duty) } else { 0.0 };
    let freed = (world.troops() * value(forces.guard_substitution)).min(guard_duty);
    let called = value(forces.reserve) * world.state.reserve_ready.value + world.state.called_up;
    let free = (called * loyalty - guard_duty + freed).max(0.0);
    let moving = value(forces.redeployment_share).clamp(0.0, 1.0);
    let police_share =
        value(forces.police_per_100000) / 100_000.0 * value(forces.police_on_duty_share) * loyalty;
    world.state.free_reserve = free;
    world.state.guards_freed = freed;
    let crowd: f64 = world.places.iter().map(|place| place.crowd() as f64).sum();
    for (place, declared) in world.places.iter_mut().zip(&scenario.places) {
        let wanted = if active && crowd > 0.0 { free * place.crowd() as f64 / crowd } else { 0.0 };
        place.reserve += moving * (wanted - place.reserve);
        place.force = declared.population * police_share + place.reserve;
    }
}

/// Moves legitimacy, loyalty and the counters of order after a day of unrest.
pub(crate) fn settle(world: &mut World, scenario: &Scenario, history: &mut History) {
    let value = |id: usize| world.parameters[id];
    let rules = &scenario.legitimacy;
    let killed_today = world.totals.killed - world.state.killed_yesterday;
    let troops = world.troops() > 0.0;
    let before = world.state.legitimacy.value;
    let initial = value(rules.initial).clamp(0.0, 1.0);
    let foreign = if troops { value(rules.loss_per_troop_day) } else { 0.0 };
    let loss = value(rules.loss_per_100_killed) * killed_today / 100.0 + foreign;
    let after = before + value(rules.recovery_rate) * (initial - before) - loss;
    world.state.legitimacy.value = after.clamp(0.0, 1.0);
    if killed_today > 0.0 {
        world.state.legitimacy.cause = world.state.deaths;
    }
    world.state.killed_yesterday = world.totals.killed;
    if world.totals.sites_held > 0.0 {
        let seized = || world.places.iter().filter(|place| place.sites_held > 0);
        let loyalty =
            world.state.loyalty.value - value(scenario.forces.loyalty_loss) * seized().count() as f64;
        let cause = seized().next_back().map_or(NO_EVENT, |place| place.sites);
        world.state.loyalty.set(loyalty.clamp(0.0, 1.0), cause);
    }
    count_days_of_order(world, history);
}

fn count_days_of_order(world: &mut World, history: &mut History) {
    for place in &mut world.places {
        let ordered = place.order != NO_EVENT && !place.disordered;
        place.order_days = if ordered { place.order_days + 1 } else { 0 };
    }
    let disordered = world.places.iter().any(|place| place.disordered);
    let state = &mut world.state;
    if disordered {
        state.disordered = true;
        state.disorder_days += 1;
        state.order_days = 0;
        return;
    }
    if !state.disordered {
        return;
    }
    if state.disorder_days > 0 {
        let causes: Vec<_> =
            world.places.iter().map(|place| place.order).filter(|&e| e != NO_EVENT).collect();
        let last = causes.iter().copied().max().unwrap_or(NO_EVENT);
        state.country_in_order =
            history.record(world.day, 0, EventKind::CountryInOrder, Subject::Nation, 0.0, &[last]);
        state.disorder_days = 0;
    }
    state.order_days += 1;
}
