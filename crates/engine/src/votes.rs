//! Votes on resolutions: on its day a text is put to the vote, each state decides, and the focus state's vote has
//! consequences.
//!
//! A state takes part with probability logistic(−r·absence). Then it takes one of three ordered levels by the
//! proportional-odds logit (McCullagh 1980): with u = position + severity + precedent + pressure, the rationality r and
//! half the width c of the zone of abstention, it votes in favour with probability logistic(r(u − c)), against with
//! logistic(r(−u − c)), and abstains otherwise. That these four parts make the utility is ours.

use equipoise_models::choice;
use equipoise_scenario::chronicle::{EventKind, Subject};
use equipoise_scenario::scenario::{Vote, Voting};

use crate::actions::{self, Reads};
use crate::history::{EventId, History, NO_EVENT};
use crate::keys::RESOLUTION;
use crate::observe::{evaluate, trace};
use crate::world::{UnderVote, World};

/// Puts one text (an index) to the vote, if its condition holds.
pub(crate) fn put_to_vote(
    world: &mut World,
    reads: &Reads<'_>,
    resolution: usize,
    causes: &mut Vec<EventId>,
    history: &mut History,
) {
    let Some(voting) = &reads.scenario.voting else { return };
    let text = &voting.resolutions[resolution];
    causes.clear();
    if let Some(when) = &text.when {
        if evaluate(world, when) <= 0.0 {
            return;
        }
        trace(world, reads.scenario, when, causes);
    }
    let severity = world.parameters[text.severity].clamp(0.0, 1.0);
    let subject = Subject::Resolution(resolution);
    let put = history.record(world.day, 0, EventKind::PutToVote, subject, severity, causes);
    world.under_vote = Some(UnderVote { severity, predecessor: text.predecessor, event: put });
    // All vote at once: nobody sees the others' votes on this text.
    for (v, voter) in voting.voters.iter().enumerate() {
        let (vote, utility) = decide(world, reads, voting, v, reads.keys.votes[resolution][v]);
        let kind = match vote {
            Vote::For => EventKind::VoteFor,
            Vote::Abstain => EventKind::VoteAbstain,
            Vote::Against => EventKind::VoteAgainst,
            Vote::Absent => EventKind::VoteAbsent,
        };
        causes.clear();
        causes.push(put);
        for part in [&voter.position, &voter.precedent, &voter.pressure] {
            trace(world, reads.scenario, part, causes);
        }
        let event = history.record(world.day, 0, kind, Subject::Vote(resolution, v), utility, causes);
        let cast = &mut world.votes[voter.actor * voting.resolutions.len() + resolution];
        cast.vote = Some(vote);
        cast.event = event;
    }
    world.under_vote = None;
    let own = world.votes[reads.scenario.focus * voting.resolutions.len() + resolution];
    if let (Some(vote), true) = (own.vote, own.event != NO_EVENT) {
        let consequences = &voting.consequences[vote as usize];
        actions::carry_out(world, reads, consequences, own.event, history);
    }
}

/// What one state does, and the utility of a vote in favour.
fn decide(world: &World, reads: &Reads<'_>, voting: &Voting, v: usize, key: u32) -> (Vote, f64) {
    let rationality = world.parameters[voting.rationality];
    let abstention = world.parameters[voting.abstention].max(0.0);
    let mut parts = [0.0; 5];
    reads.formulas.votes[v].tell(world, |part, value| parts[part] = value);
    let [position, severity, precedent, pressure, absence] = parts;
    let utility: f64 = [position, severity, precedent, pressure].iter().sum();
    let draw = |number| reads.noise.uniform(RESOLUTION, key, world.day, number);
    let vote = if choice::ordered(absence, &[0.0], rationality, draw(1)) == 1 {
        Vote::Absent
    } else {
        match choice::ordered(utility, &[-abstention, abstention], rationality, draw(0)) {
            0 => Vote::Against,
            1 => Vote::Abstain,
            _ => Vote::For,
        }
    };
    (vote, utility)
}
