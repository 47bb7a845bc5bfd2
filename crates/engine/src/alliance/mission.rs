//! Missions: consent of parliaments, airlift, arrival, guard duty, the end of the mandate, departure and its deadline;
//! and the ways in which what was pledged does not come: no consent, no time left, called off, mandate over.

use equipoise_models::noise::Noise;
use equipoise_models::treaty::{self, Chamber, Pledge, Ratification};
use equipoise_scenario::Scenario;
use equipoise_scenario::chronicle::{EventKind, Subject};
use equipoise_scenario::scenario::{RatificationRule, Treaty, TreatyId};

use super::HOURS_PER_DAY;
use crate::actions::Reads;
use crate::history::{EventId, History, NO_EVENT};
use crate::keys::CHAMBER;
use crate::world::{TreatyState, World};

/// One day of a mission that was granted and is not over.
pub(super) fn step(world: &mut World, reads: &Reads<'_>, id: TreatyId, history: &mut History) {
    let treaty = &reads.scenario.treaties[id];
    overdue(world, treaty, id, history);
    parliaments(world, reads, id, history);
    airlift(world, treaty, id, history);
    mandate_runs_out(world, reads.scenario, id, history);
    withdraw(world, treaty, id, history);
    nobody_comes(world, id, history);
}

/// Those who voted for a request pledge their contingents.
pub(super) fn pledge(world: &mut World, treaty: &Treaty, id: TreatyId) {
    let World { parameters, treaties, day, .. } = world;
    let state = &mut treaties[id];
    state.granted_day = *day;
    for (state, member) in state.members.iter_mut().zip(&treaty.members).filter(|(state, _)| state.in_favour)
    {
        let soldiers = parameters[member.contingent].max(0.0).round();
        state.pledge = Pledge::of(soldiers, member.ratification.is_some());
        if let Some(rule) = &member.ratification {
            state.ballots_left = parameters[rule.ballots].max(0.0).round() as u32;
        }
    }
}

/// The requester calls off what was granted and is not all there: nobody else comes, and those who came go home.
pub(super) fn call_off(
    world: &mut World,
    scenario: &Scenario,
    id: TreatyId,
    cause: EventId,
    history: &mut History,
) {
    let state = &world.treaties[id];
    let awaited = state.awaited();
    if !state.granted || state.over != NO_EVENT || state.ended != NO_EVENT || awaited <= 0.0 {
        return;
    }
    let (causes, came) = ([cause, state.decided, state.arrived], state.arrived != NO_EVENT);
    let subject = Subject::Treaty(id);
    let event = history.record(world.day, 0, EventKind::RequestCalledOff, subject, awaited, &causes);
    world.treaties[id].called_off = event;
    if came {
        end_mission(world, scenario, id, event, history);
    } else {
        release(world, &scenario.treaties[id], id, event, history);
        nobody_comes(world, id, history);
    }
}

/// The mandate ends: nobody else is flown in, and the troops leave by the deadline.
pub(crate) fn end_mission(
    world: &mut World,
    scenario: &Scenario,
    id: TreatyId,
    cause: EventId,
    history: &mut History,
) {
    let state = &world.treaties[id];
    if !state.granted || state.ended != NO_EVENT || state.over != NO_EVENT {
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
    release(world, &scenario.treaties[id], id, event, history);
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

/// Members are released from what they have not sent.
fn release(world: &mut World, treaty: &Treaty, id: TreatyId, cause: EventId, history: &mut History) {
    let day = world.day;
    for (state, member) in world.treaties[id].members.iter_mut().zip(&treaty.members) {
        let released = state.pledge.lapse();
        state.ballots_left = 0;
        if released > 0.0 {
            let subject = Subject::Actor(member.actor);
            let causes = [cause, state.vote, state.ratified];
            history.record(day, 0, EventKind::PledgeReleased, subject, released, &causes);
        }
    }
}

/// Pledges beyond their limits lapse; the mission goes on with the others.
fn overdue(world: &mut World, treaty: &Treaty, id: TreatyId, history: &mut History) {
    let days = f64::from(world.day - world.treaties[id].granted_day);
    let value = |limit: Option<usize>| limit.map(|limit| world.parameters[limit]);
    let arrival = value(treaty.arrival_limit_days);
    for (m, member) in treaty.members.iter().enumerate() {
        let consent = member.ratification.as_ref().and_then(|rule| value(rule.limit_days));
        if world.treaties[id].members[m].pledge.is_overdue(days, consent, arrival) {
            lapse(&mut world.treaties[id], m, member.actor, world.day, history);
        }
    }
}

/// A member's pledge lapses.
fn lapse(state: &mut TreatyState, m: usize, actor: usize, day: u32, history: &mut History) {
    let decided = state.decided;
    let member = &mut state.members[m];
    member.ballots_left = 0;
    let lapsed = member.pledge.lapse();
    let causes = [decided, member.vote, member.ratified];
    history.record(day, 0, EventKind::PledgeLapsed, Subject::Actor(actor), lapsed, &causes);
}

/// Parliaments that must consent meet from the day after the decision, one ballot a day.
fn parliaments(world: &mut World, reads: &Reads<'_>, id: TreatyId, history: &mut History) {
    let treaty = &reads.scenario.treaties[id];
    if world.treaties[id].hours_left < HOURS_PER_DAY || world.treaties[id].ended != NO_EVENT {
        return;
    }
    for (m, member) in treaty.members.iter().enumerate() {
        let Some(rule) = &member.ratification else { continue };
        let state = &world.treaties[id].members[m];
        if state.ballots_left == 0 {
            // Nobody is to ask it: then it never consents.
            if state.pledge.awaited() > state.pledge.waiting() {
                lapse(&mut world.treaties[id], m, member.actor, world.day, history);
            }
            continue;
        }
        let result = ballot(world, rule, reads.noise, reads.keys.members[id][m]);
        let decided = world.treaties[id].decided;
        let state = &mut world.treaties[id].members[m];
        state.ballots_left -= 1;
        if let Some(result) = result {
            let passed = matches!(result, Ratification::Passed { .. });
            let yes = match result {
                Ratification::Passed { yes, .. } | Ratification::Failed { yes, .. } => f64::from(yes),
                Ratification::NoQuorum => 0.0,
            };
            let kind = if passed { EventKind::Ratified } else { EventKind::RatificationFailed };
            let causes = [state.vote, state.ratified, decided];
            state.ratified = history.record(world.day, 0, kind, Subject::Actor(member.actor), yes, &causes);
            if passed {
                state.ballots_left = 0;
                state.pledge.ratify();
            }
        } else {
            // A chamber whose numbers contradict each other never consents.
            state.ballots_left = 0;
        }
        if state.ballots_left == 0 && state.pledge.awaited() > state.pledge.waiting() {
            lapse(&mut world.treaties[id], m, member.actor, world.day, history);
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
    if state.members.iter().all(|member| member.pledge.waiting() <= 0.0) {
        return;
    }
    for (queue, member) in state.queue.iter_mut().zip(&state.members) {
        *queue = member.pledge.waiting();
    }
    let capacity = capacity * state.hours_left / HOURS_PER_DAY;
    treaty::airlift(&mut state.queue, capacity, &mut state.moved);
    for (m, member) in treaty.members.iter().enumerate() {
        let state = &mut world.treaties[id];
        let flown = state.moved[m];
        if flown <= 0.0 {
            continue;
        }
        state.members[m].pledge.fly(flown);
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

/// The mandate ends by itself where it has a limit and that has passed.
fn mandate_runs_out(world: &mut World, scenario: &Scenario, id: TreatyId, history: &mut History) {
    let Some(limit) = scenario.treaties[id].mandate_limit_days else { return };
    let (arrived, since) = (world.treaties[id].arrived, world.treaties[id].arrival_day);
    if arrived != NO_EVENT && f64::from(world.day - since) >= world.parameters[limit].max(0.0) {
        end_mission(world, scenario, id, arrived, history);
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

/// A mission to which nobody came and nobody is left who could is over before it began.
fn nobody_comes(world: &mut World, id: TreatyId, history: &mut History) {
    let state = &mut world.treaties[id];
    if state.over != NO_EVENT || state.arrived != NO_EVENT || state.awaited() > 0.0 {
        return;
    }
    let mut causes = vec![state.decided, state.called_off, state.ended];
    causes.extend(state.members.iter().map(|member| member.ratified));
    state.over = history.record(world.day, 0, EventKind::MissionLapsed, Subject::Treaty(id), 0.0, &causes);
}
