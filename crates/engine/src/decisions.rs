//! Choices of actors: a decision that is open is taken by multinomial logit over the utilities of its options.

use equipoise_models::choice;
use equipoise_scenario::Scenario;
use equipoise_scenario::chronicle::{EventKind, Subject};
use equipoise_scenario::scenario::Decision;

use crate::actions::{self, Reads};
use crate::history::{EventId, History};
use crate::keys::DECISION;
use crate::observe::{drifts, follows_events, trace};
use crate::recall::Memory;
use crate::world::{DecisionState, Happening, World};

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

impl Opening {
    /// That of a decision of a scenario.
    pub fn of(decision: &Decision, scenario: &Scenario) -> Opening {
        let last = i64::from(scenario.days.saturating_sub(1));
        let first = decision.from.map_or(0, |date| scenario.day(date).clamp(0, u32::MAX.into()) as u32);
        let until = decision.until.map_or(last, |date| scenario.day(date));
        let (drifts, follows_events) = (drifts(scenario, &decision.when), follows_events(&decision.when));
        // A window that closes before the first day holds no day at all.
        if until < 0 {
            Opening { first: 1, last: 0, drifts, follows_events }
        } else {
            Opening { first, last: until.min(last) as u32, drifts, follows_events }
        }
    }
}

/// Every decision that is open today, by its opening, is taken, in the order of the scenario.
///
/// A condition that did not hold when it was last looked at is not looked at again while nothing it reads can have
/// changed: on a quiet day nothing changes but what drifts, and some conditions change only where an event is written.
pub(crate) fn step(
    world: &mut World,
    reads: &Reads<'_>,
    (openings, quiet): (&[Opening], bool),
    memory: &mut Memory<'_>,
    utilities: &mut Vec<f64>,
    causes: &mut Vec<EventId>,
    history: &mut History,
) {
    let events_before = history.events.len();
    for (d, opening) in openings.iter().enumerate() {
        let DecisionState { closed, held, looked_at } = world.decisions[d];
        if closed || world.day < opening.first || world.day > opening.last {
            continue;
        }
        let events = history.events.len();
        if !held {
            let uneventful = opening.follows_events && looked_at == events;
            let unchanged = quiet && events == events_before && world.day > opening.first;
            if uneventful || (unchanged && !opening.drifts) {
                continue;
            }
        }
        let holds = reads.formulas.conditions[d].value(world) > 0.0;
        world.decisions[d] = DecisionState { closed: false, held: holds, looked_at: events };
        if holds {
            take(world, reads, d, memory, utilities, causes, history);
        }
    }
}

fn take(
    world: &mut World,
    reads: &Reads<'_>,
    d: usize,
    memory: &mut Memory<'_>,
    utilities: &mut Vec<f64>,
    causes: &mut Vec<EventId>,
    history: &mut History,
) {
    let decision = &reads.scenario.decisions[d];
    utilities.clear();
    reads.formulas.utilities[d].tell(world, |option, utility| {
        utilities.push(if decision.options[option].forbidden { f64::NEG_INFINITY } else { utility });
    });
    let rationality = world.parameters[decision.rationality];
    let waiting = decision.options.iter().position(|option| option.waits);
    if let Some(waiting) = waiting
        && memory.surely_waits(world.day, d, behind(utilities, waiting, rationality))
    {
        return;
    }
    let (keys, key, day) = (&reads.keys.options[d], reads.keys.decisions[d], world.day);
    let chosen = choice::choose(reads.noise, DECISION, key, day, 0, utilities, keys, rationality);
    let Some(chosen) = chosen else { return };
    let option = &decision.options[chosen];
    if option.waits {
        if waiting == Some(chosen) {
            memory.keep_wait(day, d, || choice::lead(reads.noise, DECISION, key, day, 0, keys, chosen));
        }
        return;
    }
    causes.clear();
    trace(world, reads.scenario, &decision.when, causes);
    trace(world, reads.scenario, &option.utility, causes);
    let subject = Subject::Option(d, chosen);
    let event = history.record(world.day, 0, EventKind::Choice, subject, utilities[chosen], causes);
    world.options[d][chosen] = Happening { event, day: world.day };
    world.decisions[d].closed = decision.once;
    actions::carry_out(world, reads, &option.actions, event, history);
}

/// How far ahead of one option in r·u the best of the others is: below 0 where it is behind.
fn behind(utilities: &[f64], one: usize, rationality: f64) -> f64 {
    let others = utilities.iter().enumerate().filter(|(option, _)| *option != one);
    let best = others.map(|(_, utility)| *utility).fold(f64::NEG_INFINITY, f64::max);
    rationality.max(0.0) * (best - utilities[one])
}
