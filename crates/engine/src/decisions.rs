//! Choices of actors: a decision that is open is taken by multinomial logit over the utilities of its options.

use equipoise_models::choice;
use equipoise_scenario::Scenario;
use equipoise_scenario::chronicle::{EventKind, Subject};

use crate::actions::{self, Reads};
use crate::history::{EventId, History};
use crate::keys::DECISION;
use crate::observe::{drifts, follows_events, trace};
use crate::recall::Memory;
use crate::world::{DecisionState, Happening, World};

/// A decision that can come up on a day.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Open {
    /// Which (an index).
    pub decision: usize,
    /// Whether it could not the day before.
    pub newly: bool,
    /// Whether its condition can come to hold on a quiet day.
    pub drifts: bool,
    /// Whether its utilities can change on one.
    pub utilities_drift: bool,
    /// Whether its condition changes only where an event is written.
    pub follows_events: bool,
}

/// Each decision on each of the simulated days on which it can come up: the day, and the decision.
pub(crate) fn open(scenario: &Scenario) -> impl Iterator<Item = (usize, Open)> {
    scenario.decisions.iter().enumerate().flat_map(|(d, decision)| {
        let days = i64::from(scenario.days);
        let first = decision.from.map_or(0, |date| scenario.day(date)).max(0);
        let end = decision.until.map_or(days, |date| scenario.day(date) + 1).min(days);
        let open = Open {
            decision: d,
            newly: false,
            drifts: drifts(scenario, &decision.when),
            utilities_drift: decision.options.iter().any(|option| drifts(scenario, &option.utility)),
            follows_events: follows_events(&decision.when),
        };
        let open = move |day| Open { newly: day == first, ..open };
        // Neither end lies outside the simulated days.
        (first..end).map(move |day| (day as usize, open(day)))
    })
}

/// Every decision that is open today is taken, in the order of the scenario.
///
/// A condition that did not hold when it was last looked at is not looked at again while nothing it reads can have
/// changed: on a quiet day nothing changes but what drifts, and some conditions change only where an event is written. In
/// the same way a decision that was put off stays as far from being taken as it was, and only chance is asked again.
pub(crate) fn step(
    world: &mut World,
    reads: &Reads<'_>,
    (open, quiet): (&[Open], bool),
    memory: &mut Memory<'_>,
    utilities: &mut Vec<f64>,
    causes: &mut Vec<EventId>,
    history: &mut History,
) {
    let events_before = history.events.len();
    for open in open {
        let d = open.decision;
        let DecisionState { closed, held, looked_at, behind } = world.decisions[d];
        if closed {
            continue;
        }
        let events = history.events.len();
        let unchanged = quiet && events == events_before && !open.newly && !open.drifts;
        let uneventful = open.follows_events && looked_at == events;
        if !held && (unchanged || uneventful) {
            continue;
        }
        if held && unchanged && !open.utilities_drift && memory.surely_waits(world.day, d, behind) {
            continue;
        }
        let holds = (held && unchanged) || reads.formulas.conditions[d].value(world) > 0.0;
        world.decisions[d] =
            DecisionState { closed: false, held: holds, looked_at: events, behind: f64::NAN };
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
    if let Some(waiting) = waiting {
        let behind = behind(utilities, waiting, rationality);
        world.decisions[d].behind = behind;
        if memory.surely_waits(world.day, d, behind) {
            return;
        }
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
