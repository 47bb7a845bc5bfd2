//! Challenges: the contest of two before all others, what it gains, and whom an actor would rather challenge.

use super::belief::{Assessment, utility};
use super::contest::{join, per_rule};
use super::options::{ThirdParty, VotingRule};
use super::scaled::filled;

/// What the two sides of a contest have before anyone joins, so that no probability is 0/0.
const LEAST_SIDE: f64 = 1e-10;
/// A challenge must gain more than this to be made.
const LEAST_GAIN: f64 = 1e-5;
/// More than rounding can add to a gain.
const ROUNDING: f64 = 1e-12;

/// A challenge of one actor by another as it bears on a third (or on one of the two).
///
/// Utilities are sums over the positions of initiator and receiver, so they lie within 0–2.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Challenge {
    /// The probability that the initiator wins if it comes to a contest.
    pub win_probability: f64,
    /// Utility if nobody challenges.
    pub status_quo: f64,
    /// Utility if the receiver gives in.
    pub victory: f64,
    /// Expected utility of a contest.
    pub contest: f64,
    /// Expected utility of the challenge: the receiver fights with the probability of its salience.
    pub challenge: f64,
}

impl Challenge {
    /// What the challenge gains over the status quo.
    #[must_use]
    pub fn gain(&self) -> f64 {
        self.challenge - self.status_quo
    }

    /// From the probabilities that initiator and receiver win, what their positions are worth to whom it bears on, and how
    /// likely the receiver is to fight.
    pub(super) fn new(win: (f64, f64), of_initiator: f64, of_receiver: f64, fights: f64) -> Challenge {
        let victory = of_initiator + of_initiator;
        let contest = win.0 * victory + win.1 * (of_receiver + of_receiver);
        Challenge {
            win_probability: win.0,
            status_quo: of_initiator + of_receiver,
            victory,
            contest,
            challenge: (1.0 - fights) * victory + fights * contest,
        }
    }
}

/// A contest as one observer sees it.
pub(super) struct Contest<'a> {
    pub(super) initiator: usize,
    pub(super) receiver: usize,
    /// What the positions of the two are worth to every actor.
    pub(super) of_initiator: &'a [f64],
    pub(super) of_receiver: &'a [f64],
    /// What every actor's own position is worth to itself.
    pub(super) own: &'a [f64],
}

impl Contest<'_> {
    /// The probabilities that initiator and receiver win; `votes` is room to work in, one place per actor.
    pub(super) fn chances(&self, assessment: &Assessment<'_>, votes: &mut [f64]) -> (f64, f64) {
        let options = assessment.options();
        let weight = &assessment.actors().strength;
        let semi = options.third_party == ThirdParty::SemiCommitment;
        let (for_it, against) = per_rule!(options.voting_rule, vote => self.sides(weight, semi, votes, vote));
        (for_it / (for_it + against), against / (for_it + against))
    }

    /// The strengths of the two sides: the principals', and what each third party adds having looked at the little contest
    /// of the three alone.
    #[inline(always)]
    fn sides(
        &self,
        weight: &[f64],
        semi: bool,
        votes: &mut [f64],
        vote: impl Fn(f64, f64) -> f64,
    ) -> (f64, f64) {
        let n = weight.len();
        let (of_i, of_j, own) = (&self.of_initiator[..n], &self.of_receiver[..n], &self.own[..n]);
        let (mut side_i, mut side_j) = (LEAST_SIDE, LEAST_SIDE);
        for principal in [self.initiator, self.receiver] {
            let vote = vote(weight[principal], of_i[principal] - of_j[principal]);
            side_i += vote.max(0.0);
            side_j -= vote.min(0.0);
        }
        // Unless a third party stakes its own position on the winner's side and only there, both sides are worth the same to
        // it, and it joins neither.
        if !semi {
            return (side_i, side_j);
        }
        let (start_i, start_j) = (side_i, side_j);
        // What a third party expects from siding with the initiator rather than the receiver, three positions summed.
        let vote_of = |weight: f64, u_i: f64, u_j: f64, own: f64| {
            let first = vote(weight, u_i - u_j);
            let with_i = start_i + if first > 0.0 { first } else { 0.0 };
            let with_j = start_j - if first < 0.0 { first } else { 0.0 };
            let win = with_i / (with_i + with_j);
            vote(weight, win * (own - u_i) + (1.0 - win) * (u_j - own))
        };
        // Votes are worked out side by side and added one after another.
        let votes = &mut votes[..n];
        for third in 0..n {
            votes[third] = vote_of(weight[third], of_i[third], of_j[third], own[third]);
        }
        votes[self.initiator] = 0.0;
        votes[self.receiver] = 0.0;
        let mut sides = [side_i, side_j];
        votes.iter().for_each(|&vote| join(&mut sides, vote));
        (sides[0], sides[1])
    }
}

/// The challenge an actor would rather make than any other.
pub(super) struct Target {
    pub(super) receiver: usize,
    /// The chance of winning a contest, as the actor sees it.
    pub(super) win: f64,
    /// What the challenge gains it.
    pub(super) gain: f64,
}

/// An actor looking for someone to challenge, one after another in the same room: of how it sees the others, only what
/// it needs to know is worked out.
pub(super) struct Challenger<'a> {
    assessment: &'a Assessment<'a>,
    actor: usize,
    /// What it takes each actor's risk attitude to be.
    risk: Vec<f64>,
    /// What every actor's own position is worth to itself: 1 where ideals are positions.
    own: Vec<f64>,
    ideals_are_positions: bool,
    /// What its own position, and a receiver's, are worth to every actor.
    ours: Vec<f64>,
    theirs: Vec<f64>,
    votes: Vec<f64>,
    /// The most that challenging each of the others can gain it.
    bounds: Vec<f64>,
}

impl<'a> Challenger<'a> {
    /// The first actor.
    pub(super) fn new(assessment: &'a Assessment<'a>) -> Challenger<'a> {
        let n = assessment.actors().count;
        let room = filled(0.0, n);
        let mut columns = assessment.distances().chunks_exact(n).enumerate();
        Challenger {
            assessment,
            actor: 0,
            risk: room.clone(),
            own: vec![1.0; n],
            ideals_are_positions: columns.all(|(actor, column)| column[actor] == 0.0),
            ours: room.clone(),
            theirs: room.clone(),
            votes: room.clone(),
            bounds: room,
        }
    }

    /// The receiver whose challenge gains the actor most; of equal ones the first. Those that can gain most are looked at
    /// first, because most of the others then need not be.
    pub(super) fn best_target(&mut self, actor: usize) -> Option<Target> {
        self.look_from(actor);
        let mut best: Option<Target> = None;
        loop {
            let (receiver, bound) = first_largest(&self.bounds);
            let most = best.as_ref().map_or(LEAST_GAIN, |best| best.gain);
            if bound <= most {
                return best;
            }
            self.bounds[receiver] = f64::NEG_INFINITY;
            let challenge = self.challenge(receiver);
            let gain = challenge.gain();
            let first_of_equals = best.as_ref().is_some_and(|best| gain == most && receiver < best.receiver);
            if gain > most || first_of_equals {
                best = Some(Target { receiver, win: challenge.win_probability, gain });
            }
        }
    }

    fn look_from(&mut self, actor: usize) {
        self.actor = actor;
        self.assessment.estimate_risks(actor, &mut self.risk);
        let n = self.risk.len();
        let distances = self.assessment.distances();
        if !self.ideals_are_positions {
            for (other, own) in self.own.iter_mut().enumerate() {
                *own = utility(distances[other * n + other], self.risk[other]);
            }
        }
        utilities(&distances[actor * n..][..n], &self.risk, &mut self.ours);
        // The gain is a straight line in the probability of winning, so it is largest at 0 or at 1.
        let (here, risk) = (self.ours[actor], self.risk[actor]);
        let receivers = distances.chunks_exact(n).zip(&self.assessment.actors().attention);
        for (bound, (column, fights)) in self.bounds.iter_mut().zip(receivers) {
            let ahead = here - utility(column[actor], risk);
            let lost = (1.0 - 2.0 * fights) * ahead;
            *bound = if lost > ahead { lost } else { ahead } + ROUNDING;
        }
        self.bounds[actor] = f64::NEG_INFINITY;
    }

    fn challenge(&mut self, receiver: usize) -> Challenge {
        let n = self.risk.len();
        utilities(&self.assessment.distances()[receiver * n..][..n], &self.risk, &mut self.theirs);
        let contest = Contest {
            initiator: self.actor,
            receiver,
            of_initiator: &self.ours,
            of_receiver: &self.theirs,
            own: &self.own,
        };
        let win = contest.chances(self.assessment, &mut self.votes);
        let fights = self.assessment.actors().attention[receiver];
        Challenge::new(win, self.ours[self.actor], self.theirs[self.actor], fights)
    }
}

/// What positions at these distances are worth at these risk attitudes.
fn utilities(distances: &[f64], risk: &[f64], worth: &mut [f64]) {
    for ((worth, &distance), &risk) in worth.iter_mut().zip(distances).zip(risk) {
        *worth = utility(distance, risk);
    }
}

fn first_largest(values: &[f64]) -> (usize, f64) {
    let mut largest = (0, values[0]);
    for (place, &value) in values.iter().enumerate().skip(1) {
        if value > largest.1 {
            largest = (place, value);
        }
    }
    largest
}
