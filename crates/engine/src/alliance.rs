//! Treaties and missions: request, legal test, council, parliaments, airlift, guard duty, withdrawal.
//!
//! The mathematics of each stage (admissibility, rules of decision, ballots, airlift) stands in
//! `equipoise_models::treaty`; here it meets the state of the world and the clock.

use equipoise_models::choice;
use equipoise_models::noise::{Noise, entity};
use equipoise_models::treaty::{self, Ballot, Chamber, ClauseTest, Ratification, Rule, VoteParts};
use equipoise_scenario::Scenario;
use equipoise_scenario::chronicle::{EventKind, Subject};
use equipoise_scenario::scenario::{Member, RatificationRule, Treaty, TreatyId};

use crate::actions::Reads;
use crate::history::{EventId, History, NO_EVENT};
use crate::keys::{BALLOT, CHAMBER, CLOCK};
use crate::observe::{evaluate, trace};
use crate::world::World;

const HOURS_PER_DAY: f64 = 24.0;

/// Keys of the three ballots, in the order of their utilities.
const BALLOT_KEYS: [u32; 3] = [entity("yes"), entity("abstain"), entity("no")];

/// One day of every treaty's procedure and mission.
pub(crate) fn step(world: &mut World, reads: &Reads<'_>, causes: &mut Vec<EventId>, history: &mut History) {
    for id in 0..world.treaties.len() {
        let treaty = &reads.scenario.treaties[id];
        world.treaties[id].hours_left = HOURS_PER_DAY;
        if let Some(hour) = world.treaties[id].decision_hour {
            let tomorrow = f64::from(world.day + 1) * HOURS_PER_DAY;
            if hour < tomorrow {
                let of_day = (hour - f64::from(world.day) * HOURS_PER_DAY).clamp(0.0, HOURS_PER_DAY);
                council(world, reads, id, of_day, causes, history);
            }
        }
        if world.treaties[id].granted && world.treaties[id].over == NO_EVENT {
            parliaments(world, reads, id, history);
            airlift(world, treaty, id, history);
            withdraw(world, treaty, id, history);
        }
    }
}

/// A request goes out at some hour of the day and starts the council's clock.
pub(crate) fn request(
    world: &mut World,
    reads: &Reads<'_>,
    id: TreatyId,
    cause: EventId,
    history: &mut History,
) {
    let treaty = &reads.scenario.treaties[id];
    let hour = HOURS_PER_DAY * reads.noise.uniform(CLOCK, reads.keys.treaties[id], world.day, 0);
    let latency = world.parameters[treaty.latency_hours].max(0.0);
    let framed = world.state.framed.cause;
    let event = history.record(
        world.day,
        hour as u8,
        EventKind::Requested,
        Subject::Treaty(id),
        0.0,
        &[cause, framed],
    );
    let state = &mut world.treaties[id];
    state.requested = event;
    state.refused = false;
    state.decision_hour = Some(f64::from(world.day) * HOURS_PER_DAY + hour + latency);
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
    state.deadline = day + days as u32;
    state.waiting.fill(0.0);
}

/// Legal test, votes of the members, and the decision by the treaty's rule.
fn council(
    world: &mut World,
    reads: &Reads<'_>,
    id: TreatyId,
    hour: f64,
    causes: &mut Vec<EventId>,
    history: &mut History,
) {
    let treaty = &reads.scenario.treaties[id];
    world.treaties[id].decision_hour = None;
    world.treaties[id].lead_in_favour = false;
    let lead_first =
        treaty.lead.into_iter().chain((0..treaty.members.len()).filter(|m| Some(*m) != treaty.lead));
    let mut ballots = vec![Ballot::Absent; treaty.members.len()];
    let mut admissibilities = 0.0;
    for m in lead_first {
        let admissibility = legal_test(world, reads.scenario, treaty, m);
        admissibilities += admissibility;
        world.treaties[id].admissibility = admissibility;
        ballots[m] = vote(world, reads, id, m, hour, causes, history);
        if Some(m) == treaty.lead {
            world.treaties[id].lead_in_favour = ballots[m] == Ballot::Yes;
        }
    }
    let members = treaty.members.len().max(1) as f64;
    world.treaties[id].admissibility = admissibilities / members;
    let rule = rule_of_decision(world, treaty);
    let weights = vec![1.0; treaty.members.len()];
    // A rule that cannot decide (no lead named, no members) grants nothing.
    let granted =
        treaty::decide(&rule, &ballots, &weights, treaty.lead).is_ok_and(|decision| decision.granted);
    announce(world, reads.scenario, id, granted, hour, causes, history);
}

/// The treaty's rule with the history's own threshold, or the leading member alone where that is how it is in fact.
fn rule_of_decision(world: &World, treaty: &Treaty) -> Rule {
    let lead_decides = treaty.lead_decides.is_some_and(|id| world.parameters[id] > 0.0);
    match (lead_decides, treaty.threshold_share) {
        (true, _) => Rule::Lead,
        (false, Some(id)) => Rule::Weighted { threshold_share: world.parameters[id] },
        (false, None) => treaty.rule,
    }
}

/// How far the clauses in force today cover the case, from the standpoint of one member.
fn legal_test(world: &World, scenario: &Scenario, treaty: &Treaty, member: usize) -> f64 {
    let today = scenario.date(world.day);
    let mut strongest: f64 = 0.0;
    for clause in &treaty.clauses {
        let in_force = clause.from <= today && clause.until.is_none_or(|until| today <= until);
        if in_force {
            let degree = evaluate(world, &clause.trigger[member]).clamp(0.0, 1.0);
            let strength = world.parameters[clause.strength].clamp(0.0, 1.0);
            strongest = strongest.max(treaty::admissibility(&[ClauseTest { degree, strength }]));
        }
    }
    strongest
}

/// A member's ballot: a multinomial logit between yes, whose utility over abstaining is the sum of its named parts,
/// abstaining, and an open no, which mirrors yes and bears the leading member's pressure once more (ours).
fn vote(
    world: &mut World,
    reads: &Reads<'_>,
    id: TreatyId,
    m: usize,
    hour: f64,
    causes: &mut Vec<EventId>,
    history: &mut History,
) -> Ballot {
    let treaty = &reads.scenario.treaties[id];
    let member = &treaty.members[m];
    let parts = vote_parts(world, member);
    let yes = parts.total();
    let utilities = [yes, 0.0, -yes - parts.pressure.max(0.0)];
    let key = reads.keys.members[id][m];
    let rationality = world.parameters[treaty.rationality];
    let choice =
        choice::choose(reads.noise, BALLOT, key, world.day, 0, &utilities, &BALLOT_KEYS, rationality);
    let (ballot, kind) = match choice {
        Some(0) => (Ballot::Yes, EventKind::VotedYes),
        Some(2) => (Ballot::No, EventKind::VotedNo),
        _ => (Ballot::Abstain, EventKind::Abstained),
    };
    causes.clear();
    causes.push(world.treaties[id].requested);
    for part in [&member.vote.obligation, &member.vote.interest, &member.vote.pressure, &member.vote.home] {
        trace(world, reads.scenario, part, causes);
    }
    if let (Some(lead), true) = (treaty.lead, Some(m) != treaty.lead) {
        causes.push(world.treaties[id].members[lead].vote);
    }
    let subject = Subject::Actor(member.actor);
    let event = history.record(world.day, hour as u8, kind, subject, yes, causes);
    let state = &mut world.treaties[id].members[m];
    state.vote = event;
    state.in_favour = ballot == Ballot::Yes;
    ballot
}

/// The parts of a member's utility of yes over no, today.
fn vote_parts(world: &World, member: &Member) -> VoteParts {
    let part = |expression| evaluate(world, expression);
    VoteParts {
        obligation: part(&member.vote.obligation),
        interest: part(&member.vote.interest),
        pressure: part(&member.vote.pressure),
        capacity: part(&member.vote.capacity),
        home: part(&member.vote.home),
        precedent: part(&member.vote.precedent),
    }
}

/// Writes the decision down; those in favour pledge their contingents, where no parliament has to consent first.
fn announce(
    world: &mut World,
    scenario: &Scenario,
    id: TreatyId,
    granted: bool,
    hour: f64,
    causes: &mut Vec<EventId>,
    history: &mut History,
) {
    let treaty = &scenario.treaties[id];
    causes.clear();
    causes.push(world.treaties[id].requested);
    let deciding = world.treaties[id].members.iter().filter(|member| member.in_favour == granted);
    causes.extend(deciding.map(|member| member.vote));
    let kind = if granted { EventKind::Granted } else { EventKind::Refused };
    let amount = world.treaties[id].admissibility;
    let event = history.record(world.day, hour as u8, kind, Subject::Treaty(id), amount, causes);
    let parameters = &world.parameters;
    let state = &mut world.treaties[id];
    state.decided = event;
    state.granted = granted;
    state.refused = !granted;
    state.hours_left = HOURS_PER_DAY - hour;
    if !granted {
        return;
    }
    for (m, member) in treaty.members.iter().enumerate() {
        if !state.members[m].in_favour {
            continue;
        }
        match &member.ratification {
            Some(rule) => state.members[m].ballots_left = parameters[rule.ballots].max(0.0).round() as u32,
            None => state.waiting[m] = parameters[member.contingent].max(0.0).round(),
        }
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

/// Flies out the troops evenly until the deadline.
fn withdraw(world: &mut World, treaty: &Treaty, id: TreatyId, history: &mut History) {
    let day = world.day;
    let state = &mut world.treaties[id];
    if state.ended == NO_EVENT {
        return;
    }
    // Today counts as a day of departures, the deadline as the last one.
    let days_left = state.deadline.saturating_sub(day) + 1;
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
    let arrived = state.arrived != NO_EVENT;
    if arrived && state.present.iter().all(|&present| present <= 0.0) {
        state.over = history.record(day, 0, EventKind::MissionOver, Subject::Treaty(id), 0.0, &[ended, last]);
    }
}
