//! Bargains: whom each actor challenges, what it proposes, and which of its bargains each actor takes.

use super::belief::{Assessment, View};
use super::contest::{coalitions, election};
use super::options::{BargainModel, Interpolation, ReceiverEstimate, Transition};
use super::scaled::percent_row;
use crate::noise::{Stream, entity};

/// A challenge must gain more than this to be made.
const LEAST_GAIN: f64 = 1e-5;
/// More than rounding can add to a gain.
const ROUNDING: f64 = 1e-12;
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

/// A bargain on the scale 0–1 before anyone has chosen.
struct Proposal {
    initiator: usize,
    receiver: usize,
    gain: f64,
    at_initiator: Vec<f64>,
    at_receiver: Vec<f64>,
}

/// What is proposed in a turn, and what each actor makes of it.
pub(super) struct Bargaining {
    proposals: Vec<Proposal>,
    choices: Vec<Choice>,
}

/// The bargains an actor can take, as indices of proposals, the probability of each, and the place of the one taken.
struct Choice {
    queue: Vec<usize>,
    chance: Vec<f64>,
    taken: usize,
}

/// The bargaining of a turn.
pub(super) fn bargain(
    assessment: &Assessment<'_>,
    own_views: &View<'_>,
    names: &[String],
    turn: usize,
) -> Bargaining {
    let proposals = proposals(assessment);
    let mut worth = Vec::with_capacity(proposals.len() * names.len());
    for proposal in &proposals {
        add_state_worth(assessment, own_views, proposal, &mut worth);
    }
    let choose = |(name, queue): (&String, Vec<usize>)| {
        let chance = chances(assessment, &queue, &worth);
        let taken = match assessment.options().transition {
            Transition::Deterministic => likeliest(&chance),
            Transition::Stochastic(noise) => {
                // Turns are capped far below 2³², so the cast keeps them apart.
                drawn(&chance, noise.uniform(CHOICE, entity(name), turn as u32, 0))
            }
        };
        Choice { queue, chance, taken }
    };
    let choices = names.iter().zip(queues(&proposals, names.len())).map(choose).collect();
    Bargaining { proposals, choices }
}

impl Bargaining {
    /// The positions on 0–1 that follow.
    pub(super) fn positions(&self) -> Vec<f64> {
        let mut positions = Vec::with_capacity(self.choices.len());
        for (actor, choice) in self.choices.iter().enumerate() {
            let chosen = &self.proposals[choice.queue[choice.taken]];
            positions.extend_from_slice(if chosen.initiator == actor {
                &chosen.at_initiator
            } else {
                &chosen.at_receiver
            });
        }
        positions
    }

    /// The bargains with what initiator and receiver make of each.
    pub(super) fn bargains(&self) -> Vec<Bargain> {
        let mut bargains: Vec<Bargain> = self.proposals.iter().map(untaken).collect();
        for (actor, choice) in self.choices.iter().enumerate() {
            for (place, &index) in choice.queue.iter().enumerate() {
                let bargain = &mut bargains[index];
                if bargain.initiator == actor {
                    bargain.initiator_probability = choice.chance[place];
                    bargain.initiator_takes = place == choice.taken;
                }
                if bargain.receiver == actor {
                    bargain.receiver_probability = choice.chance[place];
                    bargain.receiver_takes = place == choice.taken;
                }
            }
        }
        bargains
    }
}

/// For each actor its status quo, then what it proposes to its best target, if it has one.
fn proposals(assessment: &Assessment<'_>) -> Vec<Proposal> {
    // A status quo and two proposals each at the most.
    let mut all = Vec::with_capacity(3 * assessment.actors().count);
    for actor in 0..assessment.actors().count {
        let here = assessment.unit_position(actor).to_vec();
        all.push(Proposal {
            initiator: actor,
            receiver: actor,
            gain: 0.0,
            at_initiator: here.clone(),
            at_receiver: here,
        });
        if let Some((receiver, win, gain)) = best_target(assessment, actor) {
            propose(assessment, actor, receiver, win, gain, &mut all);
        }
    }
    all
}

/// The receiver whose challenge gains the actor most, with the chance of winning and the gain; of equal ones
/// the first.
fn best_target(assessment: &Assessment<'_>, actor: usize) -> Option<(usize, f64, f64)> {
    let view = assessment.view(actor);
    let mut best: Option<(usize, f64, f64)> = None;
    for receiver in (0..assessment.actors().count).filter(|&other| other != actor) {
        let most = best.map_or(LEAST_GAIN, |(_, _, most)| most);
        if view.most_gain(actor, receiver) + ROUNDING <= most {
            continue;
        }
        let challenge = view.challenge(actor, actor, receiver);
        let gain = challenge.gain();
        if gain > most {
            best = Some((receiver, challenge.win_probability, gain));
        }
    }
    best
}

fn propose(
    assessment: &Assessment<'_>,
    initiator: usize,
    receiver: usize,
    win: f64,
    gain: f64,
    all: &mut Vec<Proposal>,
) {
    let proposal =
        |(at_initiator, at_receiver)| Proposal { initiator, receiver, gain, at_initiator, at_receiver };
    let options = assessment.options();
    let by_initiator = between(assessment, initiator, receiver, win);
    if options.bargain_model == BargainModel::InitiatorOnly {
        all.push(proposal(by_initiator));
        return;
    }
    let seen = assessment.view(receiver).challenge(initiator, initiator, receiver);
    let (their_win, weigher) = match options.receiver_estimate {
        ReceiverEstimate::AsInKtab => (seen.gain(), initiator),
        ReceiverEstimate::AsStated => (seen.win_probability, receiver),
    };
    let by_receiver = between(assessment, initiator, receiver, their_win);
    if options.bargain_model == BargainModel::InitiatorAndReceiver {
        all.push(proposal(by_initiator));
        all.push(proposal(by_receiver));
        return;
    }
    let actors = assessment.actors();
    let weight = actors.capability[initiator] * actors.attention[initiator];
    let their_weight = actors.capability[weigher] * actors.attention[receiver];
    let mean = |ours: &[f64], theirs: &[f64]| weighted(ours, weight, theirs, their_weight);
    all.push(proposal((mean(&by_initiator.0, &by_receiver.0), mean(&by_initiator.1, &by_receiver.1))));
}

fn weighted(a: &[f64], weight_a: f64, b: &[f64], weight_b: f64) -> Vec<f64> {
    // Two actors without capability count alike (ours; KTAB would divide by zero).
    let (weight_a, weight_b) = if weight_a + weight_b > 0.0 { (weight_a, weight_b) } else { (1.0, 1.0) };
    a.iter().zip(b).map(|(x, y)| (weight_a * x + weight_b * y) / (weight_a + weight_b)).collect()
}

/// Where the two would stand, dimension by dimension, if the initiator wins with probability `win`.
fn between(assessment: &Assessment<'_>, initiator: usize, receiver: usize, win: f64) -> (Vec<f64>, Vec<f64>) {
    let actors = assessment.actors();
    let from = assessment.unit_position(initiator);
    let to = assessment.unit_position(receiver);
    let cares = actors.row(&actors.salience, initiator);
    let they_care = actors.row(&actors.salience, receiver);
    (0..actors.dimensions)
        .map(|k| {
            let ours = (from[k], cares[k], win);
            let theirs = (to[k], they_care[k], 1.0 - win);
            match assessment.options().interpolation {
                Interpolation::S1P1 => share_out(ours, theirs, |s, p| s * p),
                Interpolation::S2P2 => share_out(ours, theirs, |s, p| (s * s) * (p * p)),
                Interpolation::S2PMax => give_way(ours, theirs),
            }
        })
        .unzip()
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

/// Adds what the state after a bargain is worth to every actor: the mean utility of all positions in it.
fn add_state_worth(
    assessment: &Assessment<'_>,
    own_views: &View<'_>,
    proposal: &Proposal,
    worth: &mut Vec<f64>,
) {
    let n = assessment.actors().count;
    let unchanged = proposal.initiator == proposal.receiver;
    let begin = worth.len();
    worth.extend((0..n).map(|actor| {
        if unchanged {
            0.0
        } else {
            assessment.worth(actor, &proposal.at_initiator) + assessment.worth(actor, &proposal.at_receiver)
        }
    }));
    let worth = &mut worth[begin..];
    for holder in 0..n {
        if unchanged || (holder != proposal.initiator && holder != proposal.receiver) {
            for (sum, utility) in worth.iter_mut().zip(own_views.column(holder)) {
                *sum += utility;
            }
        }
    }
    worth.iter_mut().for_each(|sum| *sum /= n as f64);
}

/// The indices of each actor's bargains in the order they were made: what earlier actors proposed to it, its
/// status quo, its own proposals, what later actors proposed.
fn queues(proposals: &[Proposal], count: usize) -> Vec<Vec<usize>> {
    let mut queues = vec![Vec::new(); count];
    for (index, proposal) in proposals.iter().enumerate() {
        queues[proposal.initiator].push(index);
        if proposal.receiver != proposal.initiator {
            queues[proposal.receiver].push(index);
        }
    }
    queues
}

/// The probability of each bargain of a queue; `worth` holds one column per proposal.
fn chances(assessment: &Assessment<'_>, queue: &[usize], worth: &[f64]) -> Vec<f64> {
    if queue.len() == 1 {
        return vec![1.0];
    }
    let options = assessment.options();
    let weights = &assessment.actors().capability;
    let mut columns = Vec::with_capacity(queue.len() * weights.len());
    for &proposal in queue {
        columns.extend_from_slice(&worth[proposal * weights.len()..][..weights.len()]);
    }
    let strength = coalitions(options.voting_rule, weights, &columns);
    election(options.equilibrium, options.victory_model, &strength, queue.len())
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

fn untaken(proposal: &Proposal) -> Bargain {
    Bargain {
        initiator: proposal.initiator,
        receiver: proposal.receiver,
        gain: proposal.gain,
        initiator_position: percent_row(&proposal.at_initiator),
        receiver_position: percent_row(&proposal.at_receiver),
        initiator_probability: 0.0,
        initiator_takes: false,
        receiver_probability: 0.0,
        receiver_takes: false,
    }
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
