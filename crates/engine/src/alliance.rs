//! Treaties: a request goes through the stages of its treaty's procedure, each with a clock in hours, to an answer.
//!
//! The mathematics of each stage (admissibility, rules of decision, ballots, procedure) stands in
//! `equipoise_models::treaty`; here it meets the state of the world. Missions are in `mission.rs`, beliefs in `belief.rs`.

mod belief;
mod mission;

use equipoise_models::choice;
use equipoise_models::noise::entity;
use equipoise_models::treaty::{
    self, BALLOTS, Ballot, End, Next, Rule, Stage, StageKind, Stakes, VoteParts, VoteWeights, vote_weights,
};
use equipoise_scenario::Scenario;
use equipoise_scenario::chronicle::{EventKind, Subject};
use equipoise_scenario::scenario::{Treaty, TreatyId};
use equipoise_scenario::treaty::Carried;

use crate::actions::Reads;
use crate::history::{EventId, History, NO_EVENT, Vote};
use crate::keys::{BALLOT, CLOCK, STAGE};
use crate::observe::{evaluate, trace};
use crate::world::{Clock, World};

pub use belief::Hearing;
pub(crate) use belief::{frame, hearings, overhear};
pub(crate) use mission::{end_mission, extend_mission};

const HOURS_PER_DAY: f64 = 24.0;

/// Keys of the three ballots, in the order of their utilities.
const BALLOT_KEYS: [u32; 3] = [entity("yes"), entity("abstain"), entity("no")];

/// One day of every treaty's procedure and mission.
pub(crate) fn step(world: &mut World, reads: &Reads<'_>, causes: &mut Vec<EventId>, history: &mut History) {
    for id in 0..world.treaties.len() {
        belief::hear(world, reads, id, causes);
        world.treaties[id].hours_left = HOURS_PER_DAY;
        let tomorrow = f64::from(world.day + 1) * HOURS_PER_DAY;
        while let Some(clock) = world.treaties[id].clock.filter(|clock| clock.due_hour < tomorrow) {
            leave(world, reads, id, clock, causes, history);
        }
        if world.treaties[id].granted && world.treaties[id].over == NO_EVENT {
            mission::step(world, reads, id, history);
        }
    }
}

/// A request goes out at some hour of the day and starts the procedure's clock; one that is open or granted stays as it
/// is.
pub(crate) fn request(
    world: &mut World,
    reads: &Reads<'_>,
    id: TreatyId,
    cause: EventId,
    history: &mut History,
) {
    if world.treaties[id].clock.is_some() || world.treaties[id].granted {
        return;
    }
    let hour = HOURS_PER_DAY * reads.noise.uniform(CLOCK, reads.keys.treaties[id], world.day, 0);
    let causes = [cause, world.state.framed.cause];
    let subject = Subject::Treaty(id);
    let event = history.record(world.day, hour as u8, EventKind::Requested, subject, 0.0, &causes);
    let state = &mut world.treaties[id];
    state.requested = event;
    state.refused = false;
    enter(world, reads, id, 0, f64::from(world.day) * HOURS_PER_DAY + hour);
}

/// The requester takes back a request that waits for its answer, or calls off what was granted and is not all there.
pub(crate) fn withdraw_request(
    world: &mut World,
    scenario: &Scenario,
    id: TreatyId,
    cause: EventId,
    history: &mut History,
) {
    let state = &mut world.treaties[id];
    if state.clock.take().is_some() {
        let causes = [cause, state.requested];
        let subject = Subject::Treaty(id);
        state.decided = history.record(world.day, 0, EventKind::RequestWithdrawn, subject, 0.0, &causes);
    } else {
        mission::call_off(world, scenario, id, cause, history);
    }
}

/// A stage of the procedure begins at an hour; a stage whose limit is shorter than its time will end late.
fn enter(world: &mut World, reads: &Reads<'_>, id: TreatyId, stage: usize, hour: f64) {
    let treaty = &reads.scenario.treaties[id];
    let stages = treaty.text.procedure.stages();
    let takes = if Some(stage) == longest(stages) {
        let others = stages.iter().enumerate().filter(|(at, s)| *at != stage && on_the_way(s));
        let rest: f64 = others.map(|(_, s)| s.duration(0.5)).sum();
        (world.parameters[treaty.latency_hours] - rest).max(0.0)
    } else {
        let key = reads.keys.treaties[id];
        stages[stage].duration(reads.noise.uniform(STAGE, key, world.day, stage as u32))
    };
    let late = stages[stage].limit_hours.is_some_and(|limit| takes > limit);
    let (_, hours) = stages[stage].pass(takes, true);
    world.treaties[id].clock = Some(Clock { stage, due_hour: hour + hours, late });
}

/// The stage that takes what is left of the time from request to decision: consultation, or else the vote.
fn longest(stages: &[Stage]) -> Option<usize> {
    let of = |kind| stages.iter().position(|stage| stage.kind == kind);
    of(StageKind::Consultation).or_else(|| of(StageKind::Vote))
}

fn on_the_way(stage: &Stage) -> bool {
    stage.kind != StageKind::LesserAnswer
}

/// A stage ends: well, badly or late; the next one begins, or the request has its answer.
fn leave(
    world: &mut World,
    reads: &Reads<'_>,
    id: TreatyId,
    clock: Clock,
    causes: &mut Vec<EventId>,
    history: &mut History,
) {
    let stage = &reads.scenario.treaties[id].text.procedure.stages()[clock.stage];
    let hour = (clock.due_hour - f64::from(world.day) * HOURS_PER_DAY).clamp(0.0, HOURS_PER_DAY);
    let next = if clock.late {
        stage.late
    } else {
        let succeeds = match stage.kind {
            StageKind::Admissibility => is_admissible(world, reads.scenario, id),
            StageKind::Vote => council(world, reads, id, hour, causes, history),
            StageKind::LesserAnswer => lesser_answer(world, reads, id),
            StageKind::Consultation | StageKind::Announcement => true,
        };
        if succeeds { stage.done } else { stage.failed }
    };
    world.treaties[id].clock = None;
    match next {
        Next::Stage(next) => enter(world, reads, id, next, clock.due_hour),
        Next::End(end) => announce(world, reads.scenario, id, end, hour, causes, history),
    }
}

/// Whether any clause in force covers the case at all, in any member's eyes.
fn is_admissible(world: &World, scenario: &Scenario, id: TreatyId) -> bool {
    let treaty = &scenario.treaties[id];
    (0..treaty.members.len()).any(|m| legal_test(world, scenario, treaty, m).talk > 0.0)
}

/// The clauses in force today against the facts, from the standpoint of one member.
fn legal_test(world: &World, scenario: &Scenario, treaty: &Treaty, member: usize) -> Carried {
    let facts: Vec<f64> =
        treaty.facts.iter().map(|of| evaluate(world, &of[member]).clamp(0.0, 1.0)).collect();
    treaty.text.carry(scenario.date(world.day), &treaty.place, &facts)
}

/// Legal test, votes of the members, and the decision by the rule that applies: the leading member's vote comes first.
fn council(
    world: &mut World,
    reads: &Reads<'_>,
    id: TreatyId,
    hour: f64,
    causes: &mut Vec<EventId>,
    history: &mut History,
) -> bool {
    let treaty = &reads.scenario.treaties[id];
    world.treaties[id].lead_in_favour = false;
    let lead_first =
        treaty.lead.into_iter().chain((0..treaty.members.len()).filter(|m| Some(*m) != treaty.lead));
    let mut ballots = vec![Ballot::Absent; treaty.members.len()];
    let mut covered = 0.0;
    let mut rule = treaty.text.rule;
    for m in lead_first {
        let carried = legal_test(world, reads.scenario, treaty, m);
        covered += carried.help;
        if Some(m) == treaty.lead || treaty.lead.is_none() {
            rule = carried.rule;
        }
        world.treaties[id].admissibility = carried.help;
        ballots[m] = vote(world, reads, id, m, hour, causes, history);
        if Some(m) == treaty.lead {
            world.treaties[id].lead_in_favour = ballots[m] == Ballot::Yes;
        }
    }
    world.treaties[id].admissibility = covered / treaty.members.len().max(1) as f64;
    decides(world, treaty, rule, &ballots)
}

/// What the ballots come to by a rule, or by the leading member alone where that is how it is in fact.
fn decides(world: &World, treaty: &Treaty, rule: Rule, ballots: &[Ballot]) -> bool {
    let alone = treaty.lead_decides.is_some_and(|id| world.parameters[id] > 0.0);
    let rule = if alone { Rule::Lead } else { rule };
    let weights: Vec<f64> = treaty.members.iter().map(|member| member.weight).collect();
    // A rule that cannot decide (the lead is the requester itself) grants nothing.
    treaty::decide(&rule, ballots, &weights, treaty.lead).is_ok_and(|decision| decision.granted)
}

/// A member's ballot: a multinomial logit over the utilities of yes, abstaining and an open no.
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
    let lead = lead_seen_by(world, treaty, id, m);
    let parts = VoteParts::weigh(
        &weights(world, treaty),
        &stakes(world, treaty, m),
        world.treaties[id].admissibility,
        lead,
    );
    let ballot = cast(world, reads, id, m, 0, &parts);
    let kind = match ballot {
        Ballot::Yes => EventKind::VotedYes,
        Ballot::No => EventKind::VotedNo,
        Ballot::Abstain | Ballot::Absent => EventKind::Abstained,
    };
    causes.clear();
    causes.push(world.treaties[id].requested);
    for fact in &treaty.facts {
        trace(world, reads.scenario, &fact[m], causes);
    }
    for stake in [
        &member.stakes.interest,
        &member.stakes.relation,
        &member.stakes.capacity,
        &member.stakes.home,
        &member.stakes.precedent,
    ] {
        trace(world, reads.scenario, stake, causes);
    }
    if let (Some(lead), true) = (treaty.lead, Some(m) != treaty.lead) {
        causes.push(world.treaties[id].members[lead].vote);
    }
    let subject = Subject::Actor(member.actor);
    let event = history.record(world.day, hour as u8, kind, subject, parts.total(), causes);
    history.votes.push(Vote { event, treaty: id, member: m, ballot, parts });
    let state = &mut world.treaties[id].members[m];
    state.vote = event;
    state.in_favour = ballot == Ballot::Yes;
    ballot
}

/// The ballot a member casts, unless a policy binds it; `question` tells votes on different answers apart.
fn cast(
    world: &World,
    reads: &Reads<'_>,
    id: TreatyId,
    m: usize,
    question: u32,
    parts: &VoteParts,
) -> Ballot {
    let treaty = &reads.scenario.treaties[id];
    if let Some(bound) = treaty.members[m].bound {
        return bound;
    }
    let key = reads.keys.members[id][m];
    let rationality = world.parameters[treaty.rationality];
    let utilities = parts.utilities();
    let chosen =
        choice::choose(reads.noise, BALLOT, key, world.day, question, &utilities, &BALLOT_KEYS, rationality);
    chosen.map_or(Ballot::Abstain, |chosen| BALLOTS[chosen])
}

/// The leading member's vote as another one sees it.
fn lead_seen_by(world: &World, treaty: &Treaty, id: TreatyId, m: usize) -> Option<bool> {
    treaty.lead.filter(|&lead| lead != m).map(|_| world.treaties[id].lead_in_favour)
}

fn weights(world: &World, treaty: &Treaty) -> VoteWeights {
    vote_weights(&treaty.weights.map(|id| id.map_or(0.0, |id| world.parameters[id])))
}

fn stakes(world: &World, treaty: &Treaty, m: usize) -> Stakes {
    let stakes = &treaty.members[m].stakes;
    Stakes {
        interest: evaluate(world, &stakes.interest),
        relation: evaluate(world, &stakes.relation),
        capacity: evaluate(world, &stakes.capacity),
        home: evaluate(world, &stakes.home),
        precedent: evaluate(world, &stakes.precedent),
    }
}

/// Goes down the list of lesser answers until the members agree on one.
fn lesser_answer(world: &mut World, reads: &Reads<'_>, id: TreatyId) -> bool {
    let treaty = &reads.scenario.treaties[id];
    let weights = weights(world, treaty);
    let carried: Vec<Carried> =
        (0..treaty.members.len()).map(|m| legal_test(world, reads.scenario, treaty, m)).collect();
    for (number, answer) in (1u32..).zip(&treaty.text.answers) {
        let mut ballots = vec![Ballot::Absent; treaty.members.len()];
        let mut ballot = |m: usize, lead: Option<bool>| {
            let (weights, stakes) = answer.answer.scale(&weights, &stakes(world, treaty, m));
            let parts = VoteParts::weigh(&weights, &stakes, carried[m].talk, lead);
            ballots[m] = cast(world, reads, id, m, number, &parts);
            ballots[m]
        };
        let led = treaty.lead.map(|lead| ballot(lead, None) == Ballot::Yes);
        for m in (0..treaty.members.len()).filter(|m| Some(*m) != treaty.lead) {
            ballot(m, led);
        }
        if decides(world, treaty, treaty.text.rule, &ballots) {
            world.treaties[id].answer = number;
            return true;
        }
    }
    false
}

/// Writes the answer down. After a grant those in favour pledge their contingents, where no parliament has to consent
/// first; whoever did not vote for a request that bound it pays for the breach.
fn announce(
    world: &mut World,
    scenario: &Scenario,
    id: TreatyId,
    end: End,
    hour: f64,
    causes: &mut Vec<EventId>,
    history: &mut History,
) {
    let granted = end == End::Granted;
    let state = &world.treaties[id];
    let (kind, amount) = match end {
        End::Granted => (EventKind::Granted, state.admissibility),
        End::Refused => (EventKind::Refused, state.admissibility),
        End::Lesser => (EventKind::LesserAnswer, f64::from(state.answer)),
        End::Lapsed => (EventKind::RequestLapsed, 0.0),
        End::Withdrawn => (EventKind::RequestWithdrawn, 0.0),
    };
    causes.clear();
    causes.push(state.requested);
    let deciding = state.members.iter().filter(|member| member.in_favour == granted);
    causes.extend(deciding.map(|member| member.vote));
    let event = history.record(world.day, hour as u8, kind, Subject::Treaty(id), amount, causes);
    let state = &mut world.treaties[id];
    state.decided = event;
    state.granted = granted;
    state.refused = !granted;
    state.hours_left = HOURS_PER_DAY - hour;
    if granted {
        mission::pledge(world, &scenario.treaties[id], id);
    } else {
        breach(world, scenario, id, event);
    }
}

/// A request without help costs each member that did not vote for it as much of its relation with the requester as the
/// clauses that cover the case, in its own eyes, make it a breach (ours).
fn breach(world: &mut World, scenario: &Scenario, id: TreatyId, event: EventId) {
    let treaty = &scenario.treaties[id];
    let Some(points) = treaty.breach_points.map(|points| world.parameters[points]) else { return };
    for (m, member) in treaty.members.iter().enumerate() {
        if world.treaties[id].members[m].in_favour {
            continue;
        }
        let cost = points * legal_test(world, scenario, treaty, m).breach;
        if cost > 0.0 {
            let relation = &mut world.actors[member.actor].relation;
            relation.set((relation.value - cost).clamp(0.0, 100.0), event);
        }
    }
}
