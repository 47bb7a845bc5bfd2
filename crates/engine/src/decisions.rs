//! Choices of actors: a decision that is open is taken by multinomial logit over the utilities of its options.

use equipoise_models::choice;
use equipoise_scenario::chronicle::{EventKind, Subject};

use crate::actions::{self, Reads};
use crate::history::{EventId, History};
use crate::keys::DECISION;
use crate::observe::trace;
use crate::world::{Happening, World};

/// When a decision can come up.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Opening {
    /// First day.
    pub first: u32,
    /// Last day.
    pub last: u32,
    /// Whether its condition can come to hold on a quiet day.
    pub drifts: bool,
    /// Whether its condition changes only where an event is written.
    pub follows_events: bool,
}

/// Every decision that is open today is taken, in the order of the scenario.
///
/// A condition that did not hold when it was last looked at is not looked at again while nothing it reads can have
/// changed: on a quiet day nothing changes but what drifts, and some conditions change only where an event is written.
pub(crate) fn step(
    world: &mut World,
    reads: &Reads<'_>,
    openings: &[Opening],
    quiet: bool,
    utilities: &mut Vec<f64>,
    causes: &mut Vec<EventId>,
    history: &mut History,
) {
    let events_before = history.events.len();
    for (d, opening) in openings.iter().enumerate() {
        if world.closed[d] || world.day < opening.first || world.day > opening.last {
            continue;
        }
        let unchanged = quiet && history.events.len() == events_before && world.day > opening.first;
        let uneventful = opening.follows_events && world.looked_at[d] == history.events.len();
        if !world.held[d] && (uneventful || (unchanged && !opening.drifts)) {
            continue;
        }
        world.held[d] = reads.formulas.conditions[d].value(world) > 0.0;
        world.looked_at[d] = history.events.len();
        if world.held[d] {
            take(world, reads, d, utilities, causes, history);
        }
    }
}

fn take(
    world: &mut World,
    reads: &Reads<'_>,
    d: usize,
    utilities: &mut Vec<f64>,
    causes: &mut Vec<EventId>,
    history: &mut History,
) {
    let decision = &reads.scenario.decisions[d];
    utilities.clear();
    for (option, utility) in decision.options.iter().zip(&reads.formulas.utilities[d]) {
        let utility = if option.forbidden { f64::NEG_INFINITY } else { utility.value(world) };
        utilities.push(utility);
    }
    let rationality = world.parameters[decision.rationality];
    let keys = &reads.keys.options[d];
    let key = reads.keys.decisions[d];
    let Some(chosen) = choice::choose(reads.noise, DECISION, key, world.day, 0, utilities, keys, rationality)
    else {
        return;
    };
    let option = &decision.options[chosen];
    if option.waits {
        return;
    }
    causes.clear();
    trace(world, reads.scenario, &decision.when, causes);
    trace(world, reads.scenario, &option.utility, causes);
    let subject = Subject::Option(d, chosen);
    let event = history.record(world.day, 0, EventKind::Choice, subject, utilities[chosen], causes);
    world.options[d][chosen] = Happening { event, day: world.day };
    world.closed[d] = decision.once;
    actions::carry_out(world, reads, &option.actions, event, history);
}
