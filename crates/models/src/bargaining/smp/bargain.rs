//! Bargains: whom each actor challenges, what it proposes, and which of its bargains each actor takes.

use super::belief::{Assessment, View};
use super::challenge::{Challenger, Target};
use super::contest::Ballot;
use super::options::{BargainModel, Interpolation, ReceiverEstimate, Transition};
use super::scaled::{filled, percent_row};
use crate::noise::{Stream, entity};

/// What an actor's own position weighs in a bargain even if it neither cares nor can win.
const LEAST_WEIGHT: f64 = 1e-6;
/// The draws of a stochastic transition.
const CHOICE: Stream = Stream::named("bargaining smp choice");

/// A bargain of one turn, or an actor's status quo (then initiator and receiver are the same actor).
#[derive(Clone, Debug, PartialEq)]
pub struct Bargain {
    /// Who proposes it.
    pub initiator: usize,
    /// To whom.
    pub receiver: usize,
    /// What challenging the receiver would gain the initiator, by its own estimate; 0 for a status quo.
    pub gain: f64,
    /// Where the initiator would stand, on 0–100 per dimension.
    pub initiator_position: Vec<f64>,
    /// Where the receiver would stand, on 0–100 per dimension.
    pub receiver_position: Vec<f64>,
    /// The bargain's probability among the initiator's.
    pub initiator_probability: f64,
    /// Whether the initiator moves by it.
    pub initiator_takes: bool,
    /// The bargain's probability among the receiver's; for a status quo as for the initiator.
    pub receiver_probability: f64,
    /// Whether the receiver moves by it; for a status quo as for the initiator.
    pub receiver_takes: bool,
}

/// A bargain before anyone has chosen; where the two would stand is kept beside it.
struct Proposal {
    initiator: usize,
    receiver: usize,
    gain: f64,
    /// Which state it leads to, in the order they were proposed; 0 is the status quo, whoever's.
    state: usize,
}

impl Proposal {
    fn is_status_quo(&self) -> bool {
        self.state == 0
    }

    /// Initiator and receiver; of a status quo the one.
    fn parties(&self) -> impl Iterator<Item = usize> {
        std::iter::once(self.initiator).chain((!self.is_status_quo()).then_some(self.receiver))
    }
}

/// What is proposed in a turn.
struct Proposals {
    dimensions: usize,
    made: Vec<Proposal>,
    /// How many states they lead to, the status quo among them.
    states: usize,
    /// Where initiator and receiver of each would stand, on 0–1.
    places: Vec<f64>,
}

impl Proposals {
    fn keep(&mut self, actor: usize, here: &[f64]) {
        self.made.push(Proposal { initiator: actor, receiver: actor, gain: 0.0, state: 0 });
        self.places.extend_from_slice(here);
        self.places.extend_from_slice(here);
    }

    /// Proposes what the places that follow tell.
    fn propose(&mut self, initiator: usize, receiver: usize, gain: f64) {
        self.made.push(Proposal { initiator, receiver, gain, state: self.states });
        self.states += 1;
    }

    /// Where initiator and receiver of a proposal would stand.
    fn places(&self, proposal: usize) -> (&[f64], &[f64]) {
        self.places[2 * self.dimensions * proposal..][..2 * self.dimensions].split_at(self.dimensions)
    }
}

/// What is proposed in a turn, and what each actor makes of it.
pub(super) struct Bargaining {
    proposals: Proposals,
    /// The bargains each actor can take, actor after actor in the order they were made, as indices of proposals, and the
    /// probability of each among the actor's.
    queues: Vec<usize>,
    chances: Vec<f64>,
    /// Where each actor's bargains end, and which it takes.
    choices: Vec<Choice>,
}

#[derive(Clone, Copy)]
struct Choice {
    end: usize,
    taken: usize,
}

/// The bargaining of a turn; without names, draws are those of an empty one.
pub(super) fn bargain(
    assessment: &Assessment<'_>,
    own_views: &View<'_>,
    names: &[String],
    turn: usize,
) -> Bargaining {
    let proposals = proposals(assessment);
    let worth = worths(assessment, own_views, &proposals);
    let count = assessment.actors().count;
    let (queues, ends) = queues(&proposals.made, count);
    let mut chances = vec![1.0; queues.len()];
    let mut choices = Vec::with_capacity(count);
    // Most queues are short.
    let (mut begin, mut rows) = (0, Vec::with_capacity(4 * count));
    for (actor, end) in ends.into_iter().enumerate() {
        let chance = &mut chances[begin..end];
        let states = queues[begin..end].iter().map(|&proposal| proposals.made[proposal].state);
        elect(assessment, states, &worth, chance, &mut rows);
        let place = match assessment.options().transition {
            Transition::Deterministic => likeliest(chance),
            Transition::Stochastic(noise) => {
                let name = names.get(actor).map_or("", String::as_str);
                // Turns are capped far below 2³², so the cast keeps them apart.
                drawn(chance, noise.uniform(CHOICE, entity(name), turn as u32, 0))
            }
        };
        choices.push(Choice { end, taken: begin + place });
        begin = end;
    }
    Bargaining { proposals, queues, chances, choices }
}

impl Bargaining {
    /// The positions on 0–1 that follow.
    pub(super) fn positions(&self) -> Vec<f64> {
        let mut positions = Vec::with_capacity(self.choices.len() * self.proposals.dimensions);
        for (actor, choice) in self.choices.iter().enumerate() {
            let chosen = self.queues[choice.taken];
            let (at_initiator, at_receiver) = self.proposals.places(chosen);
            let initiates = self.proposals.made[chosen].initiator == actor;
            positions.extend_from_slice(if initiates { at_initiator } else { at_receiver });
        }
        positions
    }

    /// The bargains with what initiator and receiver make of each.
    pub(super) fn bargains(&self) -> Vec<Bargain> {
        let mut bargains: Vec<Bargain> =
            (0..self.proposals.made.len()).map(|index| self.untaken(index)).collect();
        let mut begin = 0;
        for (actor, choice) in self.choices.iter().enumerate() {
            for place in begin..choice.end {
                let bargain = &mut bargains[self.queues[place]];
                if bargain.initiator == actor {
                    bargain.initiator_probability = self.chances[place];
                    bargain.initiator_takes = place == choice.taken;
                }
                if bargain.receiver == actor {
                    bargain.receiver_probability = self.chances[place];
                    bargain.receiver_takes = place == choice.taken;
                }
            }
            begin = choice.end;
        }
        bargains
    }

    fn untaken(&self, index: usize) -> Bargain {
        let &Proposal { initiator, receiver, gain, .. } = &self.proposals.made[index];
        let (at_initiator, at_receiver) = self.proposals.places(index);
        Bargain {
            initiator,
            receiver,
            gain,
            initiator_position: percent_row(at_initiator),
            receiver_position: percent_row(at_receiver),
            initiator_probability: 0.0,
            initiator_takes: false,
            receiver_probability: 0.0,
            receiver_takes: false,
        }
    }
}

/// For each actor its status quo, then what it proposes to its best target, if it has one.
fn proposals(assessment: &Assessment<'_>) -> Proposals {
    let (count, dimensions) = (assessment.actors().count, assessment.actors().dimensions);
    // A status quo and, as a rule, one proposal each.
    let mut all = Proposals {
        dimensions,
        made: Vec::with_capacity(2 * count),
        states: 1,
        places: Vec::with_capacity(4 * count * dimensions),
    };
    let mut challenger = Challenger::new(assessment);
    for actor in 0..count {
        all.keep(actor, assessment.unit_position(actor));
        if let Some(target) = challenger.best_target(actor) {
            propose(assessment, actor, &target, &mut all);
        }
    }
    all
}

fn propose(assessment: &Assessment<'_>, initiator: usize, target: &Target, all: &mut Proposals) {
    let &Target { receiver, win, gain } = target;
    let options = assessment.options();
    if options.bargain_model == BargainModel::InitiatorOnly {
        all.propose(initiator, receiver, gain);
        return between(assessment, initiator, receiver, win, &mut all.places);
    }
    let seen = assessment.view(receiver).challenge(initiator, initiator, receiver);
    let (their_win, weigher) = match options.receiver_estimate {
        ReceiverEstimate::AsInKtab => (seen.gain(), initiator),
        ReceiverEstimate::AsStated => (seen.win_probability, receiver),
    };
    if options.bargain_model == BargainModel::InitiatorAndReceiver {
        for estimate in [win, their_win] {
            all.propose(initiator, receiver, gain);
            between(assessment, initiator, receiver, estimate, &mut all.places);
        }
        return;
    }
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    between(assessment, initiator, receiver, win, &mut ours);
    between(assessment, initiator, receiver, their_win, &mut theirs);
    let actors = assessment.actors();
    let weight = actors.capability[initiator] * actors.attention[initiator];
    let their_weight = actors.capability[weigher] * actors.attention[receiver];
    all.propose(initiator, receiver, gain);
    all.places.extend(weighted(&ours, weight, &theirs, their_weight));
}

fn weighted(a: &[f64], weight_a: f64, b: &[f64], weight_b: f64) -> impl Iterator<Item = f64> {
    // Two actors without capability count alike (ours; KTAB would divide by zero).
    let (weight_a, weight_b) = if weight_a + weight_b > 0.0 { (weight_a, weight_b) } else { (1.0, 1.0) };
    a.iter().zip(b).map(move |(x, y)| (weight_a * x + weight_b * y) / (weight_a + weight_b))
}

/// Adds where the two would stand, all dimensions of the initiator first, if the initiator wins with probability `win`.
fn between(assessment: &Assessment<'_>, initiator: usize, receiver: usize, win: f64, places: &mut Vec<f64>) {
    let actors = assessment.actors();
    let from = assessment.unit_position(initiator);
    let to = assessment.unit_position(receiver);
    let cares = actors.row(&actors.salience, initiator);
    let they_care = actors.row(&actors.salience, receiver);
    let meet = |k: usize| {
        let ours = (from[k], cares[k], win);
        let theirs = (to[k], they_care[k], 1.0 - win);
        match assessment.options().interpolation {
            Interpolation::S1P1 => share_out(ours, theirs, |s, p| s * p),
            Interpolation::S2P2 => share_out(ours, theirs, |s, p| (s * s) * (p * p)),
            Interpolation::S2PMax => give_way(ours, theirs),
        }
    };
    let begin = places.len();
    places.resize(begin + 2 * actors.dimensions, 0.0);
    let (at_initiator, at_receiver) = places[begin..].split_at_mut(actors.dimensions);
    for k in 0..actors.dimensions {
        (at_initiator[k], at_receiver[k]) = meet(k);
    }
}

/// Both stand at the weighted mean of (position, salience, probability), to four decimals.
fn share_out(
    (x, s, p): (f64, f64, f64),
    (y, t, q): (f64, f64, f64),
    weight: impl Fn(f64, f64) -> f64,
) -> (f64, f64) {
    let (w, v) = (weight(s, p), weight(t, q));
    let total = w + LEAST_WEIGHT + v;
    // Only where KTAB has a gain for a probability can weights cancel; then nobody moves (ours).
    if total.abs() < LEAST_WEIGHT {
        return (x, y);
    }
    (round4(((w + LEAST_WEIGHT) * x + v * y) / total), round4((w * x + (LEAST_WEIGHT + v) * y) / total))
}

/// Only the one likely to lose moves.
fn give_way((x, s, p): (f64, f64, f64), (y, t, q): (f64, f64, f64)) -> (f64, f64) {
    let yields = |loss: f64, own: f64, other: f64| {
        let total = loss * other + LEAST_WEIGHT + (1.0 - loss) * own;
        // As above.
        if total.abs() < LEAST_WEIGHT { 0.0 } else { (loss * other) / total }
    };
    let (s, t) = (s * s, t * t);
    (x + yields((q - p).max(0.0), s, t) * (y - x), y + yields((p - q).max(0.0), t, s) * (x - y))
}

/// To four decimals, halves up; below zero KTAB's cast rounds towards zero after adding the half.
fn round4(value: f64) -> f64 {
    (0.5 + value * 10_000.0).trunc() / 10_000.0
}

/// What each state is worth to every actor, state after state: the mean utility of all positions in it.
fn worths(assessment: &Assessment<'_>, own_views: &View<'_>, proposals: &Proposals) -> Vec<f64> {
    let n = assessment.actors().count;
    let mut all = filled(0.0, proposals.states * n);
    let (status_quo, others) = all.split_at_mut(n);
    add(status_quo, own_views.columns(0..n));
    share(status_quo);
    let made = proposals.made.iter().enumerate().filter(|(_, proposal)| !proposal.is_status_quo());
    for (worth, (index, proposal)) in others.chunks_exact_mut(n).zip(made) {
        let (at_initiator, at_receiver) = proposals.places(index);
        assessment.add_worth(at_initiator, worth);
        assessment.add_worth(at_receiver, worth);
        // The others stay. Summed anew, not taken off the whole: so equal states are worth the same to the last bit.
        let (one, other) = (proposal.initiator, proposal.receiver);
        let (first, second) = (one.min(other), one.max(other));
        for stay in [0..first, first + 1..second, second + 1..n] {
            add(worth, own_views.columns(stay));
        }
        share(worth);
    }
    all
}

/// Adds rows of values one after another.
fn add(sums: &mut [f64], rows: &[f64]) {
    for row in rows.chunks_exact(sums.len()) {
        for (sum, value) in sums.iter_mut().zip(row) {
            *sum += value;
        }
    }
}

/// Makes means of sums over all actors.
fn share(sums: &mut [f64]) {
    let count = sums.len() as f64;
    sums.iter_mut().for_each(|sum| *sum /= count);
}

/// The proposals that concern each actor, actor after actor in the order they were made, and where each actor's end.
fn queues(made: &[Proposal], actors: usize) -> (Vec<usize>, Vec<usize>) {
    let mut ends = filled(0, actors);
    for proposal in made {
        proposal.parties().for_each(|actor| ends[actor] += 1);
    }
    let mut begin = 0;
    for end in &mut ends {
        begin += std::mem::replace(end, begin);
    }
    let mut queues = filled(0, begin);
    for (index, proposal) in made.iter().enumerate() {
        for actor in proposal.parties() {
            queues[ends[actor]] = index;
            ends[actor] += 1;
        }
    }
    (queues, ends)
}

/// Works out the probabilities of these states; `worth` holds one row per state, and `rows` is room to work in.
fn elect(
    assessment: &Assessment<'_>,
    states: impl Iterator<Item = usize>,
    worth: &[f64],
    chance: &mut [f64],
    rows: &mut Vec<f64>,
) {
    if chance.len() == 1 {
        chance[0] = 1.0;
        return;
    }
    let options = assessment.options();
    let weights = &assessment.actors().capability;
    rows.clear();
    for state in states {
        rows.extend_from_slice(&worth[state * weights.len()..][..weights.len()]);
    }
    Ballot { rule: options.voting_rule, weights, utilities: rows }.elect(
        options.equilibrium,
        options.victory_model,
        chance,
    );
}

fn likeliest(chance: &[f64]) -> usize {
    let mut best = 0;
    for (place, p) in chance.iter().enumerate() {
        if *p > chance[best] {
            best = place;
        }
    }
    best
}

fn drawn(chance: &[f64], uniform: f64) -> usize {
    let mut sum = 0.0;
    for (place, p) in chance.iter().enumerate() {
        sum += p;
        if uniform <= sum {
            return place;
        }
    }
    chance.len() - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    const S2P2: fn(f64, f64) -> f64 = |s, p| (s * s) * (p * p);

    #[test]
    fn the_stronger_and_keener_moves_less() {
        let (x, y) = share_out((0.0, 0.9, 0.8), (1.0, 0.3, 0.2), S2P2);
        assert!(x < 0.01 && (x - y).abs() < 2e-4);
    }

    #[test]
    fn where_nobody_cares_nobody_moves() {
        assert_eq!(share_out((0.25, 0.0, 0.5), (0.75, 0.0, 0.5), S2P2), (0.25, 0.75));
    }

    #[test]
    fn under_give_way_the_likely_winner_stays() {
        let (x, y) = give_way((0.2, 0.5, 0.7), (0.6, 0.5, 0.3));
        assert_eq!(x, 0.2);
        assert!(y < 0.6 && y > 0.2);
        assert_eq!(give_way((0.2, 0.5, 0.5), (0.6, 0.5, 0.5)), (0.2, 0.6));
    }

    #[test]
    fn coordinates_are_kept_to_four_decimals() {
        assert_eq!(round4(0.123_45), 0.1235);
        assert_eq!(round4(0.123_449), 0.1234);
        assert_eq!(round4(-0.123_49), -0.1234);
    }

    #[test]
    fn a_draw_takes_each_place_for_its_share_of_the_interval() {
        let chance = [0.2, 0.5, 0.3];
        let taken = [0.1, 0.2, 0.3, 0.69, 0.71, 0.999].map(|u| drawn(&chance, u));
        assert_eq!(taken, [0, 0, 1, 1, 2, 2]);
        assert_eq!(drawn(&[0.5, 0.5 - 1e-16], 1.0 - 1e-17), 1);
        assert_eq!(likeliest(&[0.4, 0.4, 0.2]), 0);
    }
}
