//! What actors believe at one turn: risk attitudes, utilities, chances of winning, and what a challenge gains.

use std::borrow::Cow;

use super::contest::{coalitions, election, per_rule};
use super::options::{Options, RiskAdjust, RiskRange, ThirdParty, VotingRule};
use super::scaled::{Scaled, distance_on_a_line, percent_row, to_unit};
use crate::bargaining::Actors;

/// Positions nearer than this on 0–1 are one position (KTAB's `posTol`).
const SAME_POSITION: f64 = 1e-3;
/// What the two sides of a contest have before anyone joins, so that no probability is 0/0.
const LEAST_SIDE: f64 = 1e-10;
/// Third parties whose votes are worked out side by side.
const LANES: usize = 4;
/// Below this spread of probabilities everyone is equally likely but for rounding (ours).
const NO_SPREAD: f64 = 1e-12;

/// The beliefs of all actors at one turn.
#[derive(Clone, Debug)]
pub struct Assessment<'a> {
    options: &'a Options,
    scaled: Cow<'a, Scaled>,
    positions: Vec<f64>,
    /// Column j holds the distance of every actor's ideal from j's position.
    distance: Vec<f64>,
    risk: Vec<f64>,
}

impl<'a> Assessment<'a> {
    /// The beliefs of `actors` standing at `positions` and wanting `ideals`, both on 0–100, one row per
    /// actor and one column per dimension.
    ///
    /// # Panics
    /// If `positions` or `ideals` have another shape than the actors' own positions.
    #[must_use]
    pub fn new(
        actors: &Actors,
        options: &'a Options,
        positions: &[Vec<f64>],
        ideals: &[Vec<f64>],
    ) -> Assessment<'a> {
        let shape = (actors.count(), actors.dimensions());
        for rows in [positions, ideals] {
            let right = rows.len() == shape.0 && rows.iter().all(|row| row.len() == shape.1);
            assert!(right, "one row per actor, one column per dimension");
        }
        Assessment::scaled(Cow::Owned(Scaled::new(actors)), options, to_unit(positions), &to_unit(ideals))
    }

    pub(super) fn scaled(
        scaled: Cow<'a, Scaled>,
        options: &'a Options,
        positions: Vec<f64>,
        ideals: &[f64],
    ) -> Assessment<'a> {
        let n = scaled.count;
        let mut distance = Vec::with_capacity(n * n);
        for j in 0..n {
            if scaled.dimensions == 1 {
                let actors = ideals.iter().zip(&scaled.salience);
                distance.extend(actors.map(|(&ideal, &s)| distance_on_a_line(ideal, positions[j], s)));
            } else {
                let position = scaled.row(&positions, j);
                distance.extend((0..n).map(|i| scaled.distance(i, scaled.row(ideals, i), position)));
            }
        }
        let neutral: Vec<f64> = distance.iter().map(|&d| utility(d, 0.0)).collect();
        let strength = coalitions(options.voting_rule, &scaled.capability, neutral.chunks_exact(n));
        let chance = election(options.equilibrium, options.victory_model, &strength, n);
        let risk = risk_attitudes(options.risk_range, &chance);
        Assessment { options, scaled, positions, distance, risk }
    }

    /// Each actor's risk attitude R, within the bounds of the [`RiskRange`].
    ///
    /// If all positions are equally likely everyone is neutral, R = 0 (ours; KTAB stops there).
    #[must_use]
    pub fn risk(&self) -> &[f64] {
        &self.risk
    }

    /// What `observer` takes the risk attitude of `actor` to be.
    #[must_use]
    pub fn estimated_risk(&self, observer: usize, actor: usize) -> f64 {
        let (own, other) = (self.risk[observer], self.risk[actor]);
        match self.options.risk_adjust {
            RiskAdjust::None => own,
            RiskAdjust::OneThird => (2.0 * own + other) / 3.0,
            RiskAdjust::Half => (own + other) / 2.0,
            RiskAdjust::TwoThirds => (own + 2.0 * other) / 3.0,
            RiskAdjust::Full => other,
        }
    }

    /// How `observer` sees everyone.
    #[must_use]
    pub fn view(&self, observer: usize) -> View<'_> {
        View::new(self, |actor| self.estimated_risk(observer, actor))
    }

    /// Everyone as it sees itself.
    #[must_use]
    pub fn own_views(&self) -> View<'_> {
        View::new(self, |actor| self.estimated_risk(actor, actor))
    }

    /// Which standing each actor has: actors of one standing are within 0.1 (on 0–100) of its first holder.
    #[must_use]
    pub fn standings(&self) -> Vec<usize> {
        let first = self.first_holders();
        (0..self.scaled.count)
            .map(|actor| {
                let held = first.iter().rposition(|&holder| self.same_position(actor, holder));
                held.expect("every actor is near a first holder, or is one itself")
            })
            .collect()
    }

    /// Where `actor` stands, on 0–100.
    #[must_use]
    pub fn position(&self, actor: usize) -> Vec<f64> {
        percent_row(self.unit_position(actor))
    }

    pub(super) fn unit_position(&self, actor: usize) -> &[f64] {
        self.scaled.row(&self.positions, actor)
    }

    pub(super) fn actors(&self) -> &Scaled {
        &self.scaled
    }

    pub(super) fn options(&self) -> &'a Options {
        self.options
    }

    /// Adds what a position on 0–1 is worth to each actor as seen from where it stands, not from its ideal (as KTAB values
    /// bargains).
    pub(super) fn add_worth(&self, position: &[f64], worth: &mut [f64]) {
        if let &[position] = position {
            let stand = self.positions.iter().zip(&self.scaled.salience).zip(&self.risk);
            for (worth, ((&from, &salience), &risk)) in worth.iter_mut().zip(stand) {
                *worth += utility(distance_on_a_line(from, position, salience), risk);
            }
            return;
        }
        for (actor, worth) in worth.iter_mut().enumerate() {
            let distance = self.scaled.distance(actor, self.unit_position(actor), position);
            *worth += utility(distance, self.risk[actor]);
        }
    }

    /// The first actor at each distinct position, in order.
    fn first_holders(&self) -> Vec<usize> {
        let mut first: Vec<usize> = Vec::new();
        for actor in 0..self.scaled.count {
            if !first.iter().any(|&holder| self.same_position(actor, holder)) {
                first.push(actor);
            }
        }
        first
    }

    fn same_position(&self, a: usize, b: usize) -> bool {
        let apart: f64 =
            self.unit_position(a).iter().zip(self.unit_position(b)).map(|(x, y)| (x - y) * (x - y)).sum();
        apart.sqrt() < SAME_POSITION
    }
}

/// The utility of a position at distance d for risk attitude R: (1 − d)(1 + R·d), within 0–1 for d ≤ 1.
fn utility(distance: f64, risk: f64) -> f64 {
    // Beyond 1 only by rounding, or by a bargain outside 0–1: then the slope at 1 goes on.
    (1.0 - distance) * (1.0 + risk * if distance < 1.0 { distance } else { 1.0 })
}

fn risk_attitudes(range: RiskRange, chance: &[f64]) -> Vec<f64> {
    let least = chance.iter().copied().fold(f64::INFINITY, f64::min);
    let most = chance.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let spread = most - least;
    chance
        .iter()
        .map(|&p| match range {
            _ if spread < NO_SPREAD => 0.0,
            RiskRange::Min => (p - least) / spread,
            RiskRange::Mid => (3.0 * p - (most + 2.0 * least)) / (2.0 * spread),
            RiskRange::Max => (2.0 * p - (most + least)) / spread,
        })
        .collect()
}

/// One way of seeing everyone: what each position is taken to be worth to each actor.
#[derive(Clone, Debug)]
pub struct View<'a> {
    assessment: &'a Assessment<'a>,
    /// What each actor's risk attitude is taken to be.
    risk: Vec<f64>,
    /// Column j holds the utility of j's position to every actor.
    utilities: Vec<f64>,
    /// The utility of every actor's position to itself; 1 where ideals are positions.
    own: Vec<f64>,
}

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
}

impl<'a> View<'a> {
    fn new(assessment: &'a Assessment<'a>, risk: impl Fn(usize) -> f64) -> View<'a> {
        let n = assessment.scaled.count;
        let mut view =
            View { assessment, risk: vec![0.0; n], utilities: vec![0.0; n * n], own: vec![0.0; n] };
        view.look(risk);
        view
    }

    /// Sees everyone as `observer` does from now on.
    pub(super) fn look_from(&mut self, observer: usize) {
        let assessment = self.assessment;
        self.look(|actor| assessment.estimated_risk(observer, actor));
    }

    fn look(&mut self, risk: impl Fn(usize) -> f64) {
        let n = self.own.len();
        for (actor, estimate) in self.risk.iter_mut().enumerate() {
            *estimate = risk(actor);
        }
        let columns = self.utilities.chunks_exact_mut(n).zip(self.assessment.distance.chunks_exact(n));
        for (i, (seen, distance)) in columns.enumerate() {
            for ((seen, &distance), &risk) in seen.iter_mut().zip(distance).zip(&self.risk) {
                *seen = utility(distance, risk);
            }
            self.own[i] = seen[i];
        }
    }

    /// The utility of `holder`'s position to `actor`, within 0–1.
    #[must_use]
    pub fn utility(&self, actor: usize, holder: usize) -> f64 {
        self.column(holder)[actor]
    }

    /// What `initiator` challenging `receiver` means to `affected`.
    #[must_use]
    pub fn challenge(&self, affected: usize, initiator: usize, receiver: usize) -> Challenge {
        let win = self.win_probability(initiator, receiver);
        let of_initiator = self.utility(affected, initiator);
        let of_receiver = self.utility(affected, receiver);
        let fights = self.assessment.scaled.attention[receiver];
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

    /// A bound of what challenging `receiver` can gain `initiator`: the gain is a straight line in the probability of
    /// winning, so it is largest at 0 or at 1.
    pub(super) fn most_gain(&self, initiator: usize, receiver: usize) -> f64 {
        let ahead = self.utility(initiator, initiator) - self.utility(initiator, receiver);
        let fights = self.assessment.scaled.attention[receiver];
        ahead.max((1.0 - 2.0 * fights) * ahead)
    }

    /// The probability of each actor's position to be the outcome; actors of one standing are told the same
    /// number, and the numbers of the distinct standings sum to 1.
    #[must_use]
    pub fn position_probability(&self) -> Vec<f64> {
        let options = self.assessment.options;
        let first = self.assessment.first_holders();
        let weights = &self.assessment.scaled.capability;
        let columns = first.iter().map(|&holder| self.column(holder));
        let strength = coalitions(options.voting_rule, weights, columns);
        let chance = election(options.equilibrium, options.victory_model, &strength, first.len());
        let standings = self.assessment.standings();
        standings.into_iter().map(|held| chance[held]).collect()
    }

    pub(super) fn count(&self) -> usize {
        self.own.len()
    }

    pub(super) fn column(&self, holder: usize) -> &[f64] {
        let n = self.own.len();
        &self.utilities[holder * n..][..n]
    }

    /// The probabilities that initiator and receiver win a contest.
    fn win_probability(&self, initiator: usize, receiver: usize) -> (f64, f64) {
        let rule = self.assessment.options.voting_rule;
        let (for_it, against) = per_rule!(rule, vote => self.contest(initiator, receiver, vote));
        (for_it / (for_it + against), against / (for_it + against))
    }

    /// The strengths of the two sides of a contest: the principals', and what each third party adds having
    /// looked at the little contest of the three alone.
    #[inline(always)]
    fn contest(&self, initiator: usize, receiver: usize, vote: impl Fn(f64, f64) -> f64) -> (f64, f64) {
        let (for_i, for_j) = (self.column(initiator), self.column(receiver));
        let weight = &self.assessment.scaled.strength[..for_i.len()];
        let (mut side_i, mut side_j) = (LEAST_SIDE, LEAST_SIDE);
        for principal in [initiator, receiver] {
            let vote = vote(weight[principal], for_i[principal] - for_j[principal]);
            side_i += vote.max(0.0);
            side_j -= vote.min(0.0);
        }
        let (start_i, start_j) = (side_i, side_j);
        // What a third party expects from siding with the initiator rather than the receiver, three positions summed.
        // Unless it stakes its own position on the winner's side and only there, both come to the same.
        let staked = f64::from(self.assessment.options.third_party == ThirdParty::SemiCommitment);
        let vote_of = |weight: f64, u_i: f64, u_j: f64, own: f64| {
            let first = vote(weight, u_i - u_j);
            let with_i = start_i + if first > 0.0 { first } else { 0.0 };
            let with_j = start_j - if first < 0.0 { first } else { 0.0 };
            let win = with_i / (with_i + with_j);
            vote(weight, staked * (win * (own - u_i) + (1.0 - win) * (u_j - own)))
        };
        let mut join = |third: usize, vote: f64| {
            if third != initiator && third != receiver {
                side_i += if vote > 0.0 { vote } else { 0.0 };
                side_j -= if vote < 0.0 { vote } else { 0.0 };
            }
        };
        // Votes are worked out side by side and added one after another.
        let own = &self.own[..weight.len()];
        let mut votes = [0.0; LANES];
        let whole = weight.len() - weight.len() % LANES;
        for begin in (0..whole).step_by(LANES) {
            let block = begin..begin + LANES;
            let (weight, own) = (&weight[block.clone()], &own[block.clone()]);
            let (for_i, for_j) = (&for_i[block.clone()], &for_j[block]);
            for (lane, slot) in votes.iter_mut().enumerate() {
                *slot = vote_of(weight[lane], for_i[lane], for_j[lane], own[lane]);
            }
            votes.iter().zip(begin..).for_each(|(&vote, third)| join(third, vote));
        }
        for third in whole..weight.len() {
            join(third, vote_of(weight[third], for_i[third], for_j[third], own[third]));
        }
        (side_i, side_j)
    }
}
