//! The rounds of a run: risk exponents, offers, and who moves where.

use super::options::{Capitulation, Choice, Options, OptionsError, Perspective, RiskBasis};
use super::scene::{Issue, Scene};
use crate::bargaining::Actors;

/// Below this spread of dangers everyone is equally safe but for rounding, and neutral to risk (ours).
const NO_SPREAD: f64 = 1e-12;

/// What kind of offer a challenge amounts to, from the receiver's side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OfferKind {
    /// Both expect to gain, the proposer more: the receiver takes the proposer's position.
    Confrontation,
    /// The proposer expects to gain more than the receiver to lose: the receiver moves by the ratio.
    Compromise,
    /// The receiver expects to lose more than the proposer to gain: it takes the proposer's position.
    Capitulation,
}

/// An offer that makes its receiver move.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Offer {
    /// What kind it is.
    pub kind: OfferKind,
    /// Who makes it.
    pub proposer: usize,
    /// What the receiver expects from challenging the proposer.
    pub receiver_expects: f64,
    /// What the proposer is taken to expect from challenging the receiver.
    pub proposer_expects: f64,
    /// Where the receiver would move.
    pub position: f64,
}

/// The actors after so many rounds.
#[derive(Clone, Debug, PartialEq)]
pub struct Turn {
    /// Positions, in the actors' units.
    pub positions: Vec<f64>,
    /// The risk exponents with which the positions were reached; all 1 at turn 0.
    pub risk: Vec<f64>,
    /// The offers by which they were reached; none at turn 0.
    pub offers: Vec<Option<Offer>>,
    /// The Condorcet winner among the positions, weighing capability × salience; of equals the lowest.
    pub median: f64,
    /// The mean position, weighing capability × salience.
    pub mean: f64,
}

/// Runs so many rounds; turn 0 is where the actors start.
///
/// If all actors start at one point nobody ever moves, and all exponents stay 1.
///
/// # Errors
/// If there is more than one dimension, or Q or T is not within 0–1.
pub fn run(actors: &Actors, options: &Options, rounds: usize) -> Result<Vec<Turn>, OptionsError> {
    options.check()?;
    if actors.dimensions() != 1 {
        let found = actors.dimensions();
        return Err(OptionsError::Dimensions { found });
    }
    let issue = Issue::new(actors, *options);
    let start: Vec<f64> = actors.positions().iter().map(|row| row[0]).collect();
    let at_rest = |x: Vec<f64>| {
        let (risk, offers) = (vec![1.0; x.len()], vec![None; x.len()]);
        turn(&issue, x, risk, offers)
    };
    let mut turns = vec![at_rest(start.clone())];
    let mut x = start;
    for _ in 0..rounds {
        if issue.is_settled() {
            turns.push(at_rest(x.clone()));
            continue;
        }
        let risk = risk_exponents(&issue, &x);
        let offers = best_offers(&issue, &x, &risk);
        for (position, offer) in x.iter_mut().zip(&offers) {
            if let Some(offer) = offer {
                *position = offer.position;
            }
        }
        turns.push(turn(&issue, x.clone(), risk, offers));
    }
    Ok(turns)
}

fn turn(issue: &Issue, positions: Vec<f64>, risk: Vec<f64>, offers: Vec<Option<Offer>>) -> Turn {
    Turn { median: issue.median(&positions), mean: issue.mean(&positions), positions, risk, offers }
}

fn risk_exponents(issue: &Issue, x: &[f64]) -> Vec<f64> {
    let neutral = vec![1.0; x.len()];
    let scene = Scene::new(issue, x, &neutral);
    let danger: Vec<f64> = (0..x.len()).map(|i| scene.danger(i)).collect();
    match issue.options.risk_basis {
        RiskBasis::OtherActors => danger.iter().map(|&d| exponent(d, &danger)).collect(),
        RiskBasis::OwnPositions => {
            (0..x.len()).map(|i| exponent(danger[i], &dangers_elsewhere(issue, x, i))).collect()
        }
    }
}

/// The danger actor i would be in at each position held by anyone.
fn dangers_elsewhere(issue: &Issue, x: &[f64], i: usize) -> Vec<f64> {
    let neutral = vec![1.0; x.len()];
    let mut held = x.to_vec();
    held.sort_by(f64::total_cmp);
    held.dedup();
    let mut moved = x.to_vec();
    held.into_iter()
        .map(|position| {
            moved[i] = position;
            Scene::new(issue, &moved, &neutral).danger(i)
        })
        .collect()
}

fn exponent(danger: f64, among: &[f64]) -> f64 {
    let most = among.iter().copied().fold(danger, f64::max);
    let least = among.iter().copied().fold(danger, f64::min);
    if most - least < NO_SPREAD {
        return 1.0;
    }
    let risk = (2.0 * danger - most - least) / (most - least);
    (1.0 - risk / 3.0) / (1.0 + risk / 3.0)
}

fn best_offers(issue: &Issue, x: &[f64], risk: &[f64]) -> Vec<Option<Offer>> {
    let scene = Scene::new(issue, x, risk);
    (0..x.len())
        .map(|i| {
            let challenges = challenges(issue, &scene, x, risk, i);
            take(issue, x, i, &challenges)
        })
        .collect()
}

/// A challenge as its receiver sees it.
struct Challenge {
    proposer: usize,
    receiver_expects: f64,
    proposer_expects: f64,
}

fn challenges(issue: &Issue, scene: &Scene<'_>, x: &[f64], risk: &[f64], receiver: usize) -> Vec<Challenge> {
    (0..x.len())
        .filter(|&j| j != receiver && !issue.same_position(x[receiver], x[j]))
        .map(|proposer| {
            let lens = match issue.options.perspective {
                Perspective::Receiver => receiver,
                Perspective::Challenger => proposer,
            };
            let expects = |a, b, lens: usize| scene.expected(a, b, scene.chance(a, b), risk[lens]);
            Challenge {
                proposer,
                receiver_expects: expects(receiver, proposer, receiver),
                proposer_expects: expects(proposer, receiver, lens),
            }
        })
        .filter(|challenge| challenge.proposer_expects > 0.0)
        .collect()
}

fn take(issue: &Issue, x: &[f64], receiver: usize, challenges: &[Challenge]) -> Option<Offer> {
    let here = x[receiver];
    let move_of = |offer: &Offer| (offer.position - here).abs();
    let offers = || challenges.iter().filter_map(|c| offer(issue, x, receiver, c));
    let of_first_class = || {
        let class = offers().map(|offer| offer.kind).min();
        offers().filter(move |offer| Some(offer.kind) == class)
    };
    // Largest gain first, then the nearest proposer, then the first.
    let strongest = |gain: f64, proposer: usize| (-gain, (x[proposer] - here).abs());
    match issue.options.choice {
        Choice::LeastMove => first_least(offers(), |o| (move_of(o), 0.0)),
        Choice::ClassThenLeastMove => first_least(of_first_class(), |o| (move_of(o), 0.0)),
        Choice::ScholzProgram => first_least(of_first_class(), |o| match o.kind {
            OfferKind::Compromise => (weighted_mean(o, here, x[o.proposer]), 0.0),
            _ => (move_of(o), 0.0),
        }),
        Choice::LargestGain => first_least(offers(), |o| strongest(o.proposer_expects, o.proposer)),
        Choice::StrongestChallenger => {
            let by_strength = |c: &&Challenge| strongest(c.proposer_expects, c.proposer);
            let challenge = first_least(challenges.iter(), by_strength)?;
            offer(issue, x, receiver, challenge)
        }
    }
}

/// What the receiver does about a challenge by one who expects to gain from it; none if it stands firm.
fn offer(issue: &Issue, x: &[f64], receiver: usize, challenge: &Challenge) -> Option<Offer> {
    let (own, other) = (challenge.receiver_expects, challenge.proposer_expects);
    let (here, there) = (x[receiver], x[challenge.proposer]);
    let (kind, position) = if own > 0.0 && other > own {
        (OfferKind::Confrontation, there)
    } else if own < 0.0 && other > -own {
        let ratio = (own / other).abs();
        (OfferKind::Compromise, here + (there - here) * ratio)
    } else if own < 0.0 && other < -own && issue.options.capitulation == Capitulation::Happens {
        (OfferKind::Capitulation, there)
    } else {
        return None;
    };
    Some(Offer {
        kind,
        proposer: challenge.proposer,
        receiver_expects: own,
        proposer_expects: other,
        position,
    })
}

fn weighted_mean(offer: &Offer, here: f64, there: f64) -> f64 {
    let (own, other) = (offer.receiver_expects.abs(), offer.proposer_expects.abs());
    (own * here + other * there) / (own + other)
}

/// The first item with the least key.
fn first_least<T>(items: impl Iterator<Item = T>, key: impl Fn(&T) -> (f64, f64)) -> Option<T> {
    let mut best: Option<(T, (f64, f64))> = None;
    for item in items {
        let key = key(&item);
        if best.as_ref().is_none_or(|(_, least)| key < *least) {
            best = Some((item, key));
        }
    }
    best.map(|(item, _)| item)
}
