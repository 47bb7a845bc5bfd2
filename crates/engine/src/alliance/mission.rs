//! Missions: consent of parliaments, airlift, arrival, guard duty, the end of the mandate, departure and its deadline.

use equipoise_models::noise::Noise;
use equipoise_models::treaty::{self, Chamber, Ratification};
use equipoise_scenario::Scenario;
use equipoise_scenario::chronicle::{EventKind, Subject};
use equipoise_scenario::scenario::{RatificationRule, Treaty, TreatyId};

use super::HOURS_PER_DAY;
use crate::actions::Reads;
use crate::history::{EventId, History, NO_EVENT};
use crate::keys::CHAMBER;
use crate::world::World;

/// One day of a mission that was granted and is not over.
pub(super) fn step(world: &mut World, reads: &Reads<'_>, id: TreatyId, history: &mut History) {
    let treaty = &reads.scenario.treaties[id];
    parliaments(world, reads, id, history);
    airlift(world, treaty, id, history);
    withdraw(world, treaty, id, history);
}

/// The mandate ends: nobody else is flown in, and the troops leave by the deadline.
pub(crate) fn end_mission(
    world: &mut World,
    scenario: &Scenario,
    id: TreatyId,
    cause: EventId,
    history: &mut History,
) {
    if !world.treaties[id].granted || world.treaties[id].ended != NO_EVENT {
        return;
    }
    let days = world.parameters[scenario.treaties[id].withdrawal_days].max(0.0).ceil();
    let causes = [cause, world.treaties[id].arrived];
    let event = history.record(world.day, 0, EventKind::MandateEnds, Subject::Treaty(id), days, &causes);
    let day = world.day;
    let state = &mut world.treaties[id];
    state.ended = event;
    state.deadline = day.saturating_add(days as u32);
    state.leave_by = state.deadline.saturating_add(state.extension);
    state.waiting.fill(0.0);
}

/// The troops stay longer than they promised to.
pub(crate) fn extend_mission(world: &mut World, id: TreatyId, days: f64) {
    let days = days.max(0.0).ceil() as u32;
    let state = &mut world.treaties[id];
    if state.ended == NO_EVENT {
        state.extension = state.extension.saturating_add(days);
    } else {
        state.leave_by = state.leave_by.saturating_add(days);
    }
}

/// Parliaments that must consent meet from the day after the decision, one ballot a day.
fn parliaments(world: &mut World, reads: &Reads<'_>, id: TreatyId, history: &mut History) {
    let treaty = &reads.scenario.treaties[id];
    if world.treaties[id].hours_left < HOURS_PER_DAY || world.treaties[id].ended != NO_EVENT {
        return;
    }
    for (m, member) in treaty.members.iter().enumerate() {
        let Some(rule) = &member.ratification else { continue };
        if world.treaties[id].members[m].ballots_left == 0 {
            continue;
        }
        let Some(result) = ballot(world, rule, reads.noise, reads.keys.members[id][m]) else {
            world.treaties[id].members[m].ballots_left = 0;
            continue;
        };
        let state = &mut world.treaties[id].members[m];
        state.ballots_left -= 1;
        let passed = matches!(result, Ratification::Passed { .. });
        let yes = match result {
            Ratification::Passed { yes, .. } | Ratification::Failed { yes, .. } => f64::from(yes),
            Ratification::NoQuorum => 0.0,
        };
        let kind = if passed { EventKind::Ratified } else { EventKind::RatificationFailed };
        let causes = [state.vote, state.ratified, world.treaties[id].decided];
        let event = history.record(world.day, 0, kind, Subject::Actor(member.actor), yes, &causes);
        let contingent = world.parameters[member.contingent].max(0.0).round();
        let state = &mut world.treaties[id];
        state.members[m].ratified = event;
        if passed {
            state.members[m].ballots_left = 0;
            state.waiting[m] = contingent;
        }
    }
}

/// One day in a parliament; `None` where the chamber's own numbers contradict each other.
fn ballot(world: &World, rule: &RatificationRule, noise: &Noise, key: u32) -> Option<Ratification> {
    let whole = |id: usize| world.parameters[id].max(0.0).round() as u32;
    let chamber = Chamber {
        seats: whole(rule.seats),
        quorum: whole(rule.quorum),
        votes_needed: whole(rule.votes_needed),
    };
    let attendance = world.parameters[rule.attendance];
    let present = noise.binomial(CHAMBER, key, world.day, 0, u64::from(chamber.seats), attendance);
    let yes = noise.binomial(CHAMBER, key, world.day, 1, present, world.parameters[rule.support]);
    treaty::ratify(&chamber, present as u32, yes as u32).ok()
}

/// Flies in as many of those who wait as the day's capacity carries.
fn airlift(world: &mut World, treaty: &Treaty, id: TreatyId, history: &mut History) {
    let capacity = world.parameters[treaty.airlift_per_day].max(0.0);
    let state = &mut world.treaties[id];
    if state.waiting.iter().all(|&waiting| waiting <= 0.0) {
        return;
    }
    let capacity = capacity * state.hours_left / HOURS_PER_DAY;
    treaty::airlift(&mut state.waiting, capacity, &mut state.moved);
    for (m, member) in treaty.members.iter().enumerate() {
        let state = &mut world.treaties[id];
        let flown = state.moved[m];
        if flown <= 0.0 {
            continue;
        }
        state.present[m] += flown;
        let first = state.members[m].arrived == NO_EVENT;
        let (decided, ratified) = (state.decided, state.members[m].ratified);
        world.actors[member.actor].troops += flown;
        if first {
            let subject = Subject::Actor(member.actor);
            let causes = [decided, ratified];
            let event = history.record(world.day, 0, EventKind::TroopsArrive, subject, flown, &causes);
            let state = &mut world.treaties[id];
            state.members[m].arrived = event;
            if state.arrived == NO_EVENT {
                state.arrived = event;
                state.arrival_day = world.day;
            }
        }
    }
}

/// Flies out the troops evenly until they are to be gone, and notes whether they kept the deadline.
fn withdraw(world: &mut World, treaty: &Treaty, id: TreatyId, history: &mut History) {
    let day = world.day;
    let state = &mut world.treaties[id];
    if state.ended == NO_EVENT {
        return;
    }
    // Today counts as a day of departures, the day to be gone by as the last one.
    let days_left = state.leave_by.saturating_sub(day) + 1;
    treaty::withdrawal(&mut state.present, days_left, &mut state.moved);
    let ended = state.ended;
    let mut last = NO_EVENT;
    for (m, member) in treaty.members.iter().enumerate() {
        let state = &mut world.treaties[id];
        world.actors[member.actor].troops -= state.moved[m];
        let gone = state.present[m] <= 0.0 && state.members[m].arrived != NO_EVENT;
        if gone && !state.members[m].left {
            state.members[m].left = true;
            let causes = [ended, state.members[m].arrived];
            let subject = Subject::Actor(member.actor);
            last = history.record(day, 0, EventKind::TroopsLeave, subject, 0.0, &causes);
        }
    }
    let state = &mut world.treaties[id];
    let subject = Subject::Treaty(id);
    let gone = state.present.iter().all(|&present| present <= 0.0);
    let missed = state.deadline_missed;
    if !gone && day > state.deadline && missed == NO_EVENT {
        state.deadline_missed = history.record(day, 0, EventKind::DeadlineMissed, subject, 0.0, &[ended]);
    }
    if gone && state.arrived != NO_EVENT {
        if missed == NO_EVENT {
            state.deadline_kept =
                history.record(day, 0, EventKind::DeadlineKept, subject, 0.0, &[ended, last]);
        }
        let causes = [ended, last, missed];
        state.over = history.record(day, 0, EventKind::MissionOver, subject, 0.0, &causes);
    }
}
