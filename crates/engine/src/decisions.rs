//! Choices of actors: a decision that is open is taken by multinomial logit over the utilities of its options.

use equipoise_models::choice;
use equipoise_scenario::chronicle::{EventKind, Subject};

use crate::actions::{self, Reads};
use crate::history::{EventId, History};
use crate::keys::DECISION;
use crate::observe::{evaluate, trace};
use crate::world::{Happening, World};

/// Every decision that is open today is taken, in the order of the scenario.
///
/// `windows` holds the first and last day of each decision.
pub(crate) fn step(
    world: &mut World,
    reads: &Reads<'_>,
    windows: &[(u32, u32)],
    utilities: &mut Vec<f64>,
    causes: &mut Vec<EventId>,
    history: &mut History,
) {
    for (d, &(first, last)) in windows.iter().enumerate() {
        if world.closed[d] || world.day < first || world.day > last {
            continue;
        }
        let decision = &reads.scenario.decisions[d];
        if evaluate(world, &decision.when) > 0.0 {
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
    for option in &decision.options {
        let utility = if option.forbidden { f64::NEG_INFINITY } else { evaluate(world, &option.utility) };
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
