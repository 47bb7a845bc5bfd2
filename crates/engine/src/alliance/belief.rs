//! Beliefs in the framing: who is told that the unrest is an attack from abroad believes it by its credulity; from then
//! on each hearer listens to every voice of the alliance by its own trust in it.
//!
//! The rule is that of `equipoise_models::opinion`. All words of a day are taken down before anybody listens, so a voice
//! that says what a hearer believes says what it believed in the morning.

use equipoise_models::opinion::{Heard, listen};
use equipoise_scenario::Scenario;
use equipoise_scenario::chronicle::{EventKind, Subject};
use equipoise_scenario::scenario::{Telling, Treaty, TreatyId};

use crate::actions::Reads;
use crate::history::{EventId, History, NO_EVENT};
use crate::observe::trace;
use crate::world::{Voices, World};

/// What one hearer of a treaty believed in a history, and what moved it.
#[derive(Debug, Clone, PartialEq)]
pub struct Hearing {
    /// Index of the treaty.
    pub treaty: TreatyId,
    /// Index of the hearer: members, then audience.
    pub hearer: usize,
    /// Its belief in an attack from abroad at the end of each day, 0 to 1.
    pub belief: Vec<f32>,
    /// How far the framing moved it.
    pub framing: f64,
    /// How far each voice moved it in all, in the treaty's order.
    pub voices: Vec<f64>,
}

/// Every hearer of every treaty before the first day.
pub(crate) fn hearings(scenario: &Scenario) -> Vec<Hearing> {
    let of = |(treaty, declared): (TreatyId, &Treaty)| {
        let hearers = 0..declared.hearers().count();
        let deaf = |hearer| Hearing { treaty, hearer, belief: Vec::new(), framing: 0.0, voices: Vec::new() };
        hearers.map(deaf).collect::<Vec<_>>()
    };
    scenario.treaties.iter().enumerate().flat_map(of).collect()
}

/// Takes down the beliefs at the end of a day.
pub(crate) fn overhear(world: &World, scenario: &Scenario, found: &mut [Hearing]) {
    let hearers = scenario
        .treaties
        .iter()
        .zip(&world.treaties)
        .flat_map(|(declared, state)| declared.hearers().map(|(actor, _)| actor).zip(&state.heard));
    for (hearing, (actor, moved)) in found.iter_mut().zip(hearers) {
        hearing.belief.push(world.actors[actor].belief.value as f32);
        hearing.framing = moved.framing;
        hearing.voices.clone_from(&moved.voices);
    }
}

/// Calling the unrest an attack from abroad moves the belief of each who hears it towards certainty by its credulity.
pub(crate) fn frame(world: &mut World, scenario: &Scenario, cause: EventId, history: &mut History) {
    if world.state.framed.value > 0.0 {
        return;
    }
    let event = history.record(world.day, 0, EventKind::FramedForeign, Subject::Nation, 0.0, &[cause]);
    world.state.framed.set(1.0, event);
    for (id, treaty) in scenario.treaties.iter().enumerate() {
        for (at, (actor, credulity)) in treaty.hearers().enumerate() {
            let told = [Heard { trust: world.parameters[credulity].clamp(0.0, 1.0), says: 1.0 }];
            let belief = &mut world.actors[actor].belief;
            let mut moved = [0.0];
            belief.set(listen(belief.value, &told, &mut moved), event);
            world.treaties[id].heard[at].framing += moved[0];
        }
    }
}

/// A day on which every voice that speaks is heard.
pub(super) fn hear(world: &mut World, reads: &Reads<'_>, id: TreatyId, causes: &mut Vec<EventId>) {
    let treaty = &reads.scenario.treaties[id];
    let mut state = std::mem::take(&mut world.treaties[id].voices);
    let mut anybody = false;
    let voices = treaty.voices.iter().zip(&reads.formulas.voices[id]);
    for ((says, speaks), (voice, formulas)) in state.says.iter_mut().zip(&mut state.speaks).zip(voices) {
        // Without a condition of its own a voice speaks once the unrest is called an attack.
        let condition = formulas.when.as_ref().map_or(world.state.framed.value, |when| when.value(world));
        *speaks = condition > 0.0;
        anybody |= *speaks;
        *says = match (&voice.says, &formulas.says) {
            _ if !*speaks => 0.0,
            (Telling::Account { holds, .. }, _) => *holds,
            (Telling::Value(_), value) => {
                value.as_ref().map_or(0.0, |value| value.value(world)).clamp(0.0, 1.0)
            }
        };
    }
    if anybody {
        let Voices { speaks, says, trust, heard, moved } = &mut state;
        for (at, ((actor, _), trust)) in treaty.hearers().zip(trust.chunks_exact(speaks.len())).enumerate() {
            let words = speaks.iter().zip(&*says).zip(trust);
            for (heard, ((&speaks, &says), &trust)) in heard.iter_mut().zip(words) {
                *heard = Heard { trust: if speaks { trust } else { 0.0 }, says };
            }
            let before = world.actors[actor].belief;
            let after = listen(before.value, heard, moved);
            let cause = if before.cause == NO_EVENT && after != before.value {
                reason(world, reads.scenario, id, moved, causes)
            } else {
                before.cause
            };
            world.actors[actor].belief.set(after, cause);
            for (sum, moved) in world.treaties[id].heard[at].voices.iter_mut().zip(&*moved) {
                *sum += moved;
            }
        }
    }
    world.treaties[id].voices = state;
}

/// Why a belief moves before anything was framed: the latest event behind the voices that moved it.
fn reason(
    world: &World,
    scenario: &Scenario,
    id: TreatyId,
    moved: &[f64],
    causes: &mut Vec<EventId>,
) -> EventId {
    causes.clear();
    for (voice, _) in scenario.treaties[id].voices.iter().zip(moved).filter(|(_, moved)| **moved != 0.0) {
        let said = match &voice.says {
            Telling::Value(value) => Some(value),
            Telling::Account { .. } => None,
        };
        for expression in voice.when.iter().chain(said) {
            trace(world, scenario, expression, causes);
        }
    }
    causes.iter().copied().max().unwrap_or(NO_EVENT)
}
