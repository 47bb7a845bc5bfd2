//! What actors believe at one turn: risk attitudes, utilities, chances of winning, and what a challenge gains.

use std::borrow::Cow;
use std::ops::Range;

use super::challenge::{Challenge, Contest};
use super::contest::Ballot;
use super::options::{Options, RiskAdjust, RiskRange};
use super::scaled::{Scaled, distance_on_a_line, percent_row, to_unit};
use crate::bargaining::Actors;

/// Positions nearer than this on 0–1 are one position (KTAB's `posTol`).
const SAME_POSITION: f64 = 1e-3;
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
        let mut chance = vec![1.0; n];
        Ballot { rule: options.voting_rule, weights: &scaled.capability, utilities: &neutral }.elect(
            options.equilibrium,
            options.victory_model,
            &mut chance,
        );
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
        estimate(self.options.risk_adjust, self.risk[observer], self.risk[actor])
    }

    /// What `observer` takes everyone's risk attitude to be.
    pub(super) fn estimate_risks(&self, observer: usize, estimates: &mut [f64]) {
        let (adjust, own) = (self.options.risk_adjust, self.risk[observer]);
        for (seen, &other) in estimates.iter_mut().zip(&self.risk) {
            *seen = estimate(adjust, own, other);
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

    /// The distance of every actor's ideal from each actor's position, position after position.
    pub(super) fn distances(&self) -> &[f64] {
        &self.distance
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

#[inline(always)]
fn estimate(adjust: RiskAdjust, own: f64, other: f64) -> f64 {
    match adjust {
        RiskAdjust::None => own,
        RiskAdjust::OneThird => (2.0 * own + other) / 3.0,
        RiskAdjust::Half => (own + other) / 2.0,
        RiskAdjust::TwoThirds => (own + 2.0 * other) / 3.0,
        RiskAdjust::Full => other,
    }
}

/// The utility of a position at distance d for risk attitude R: (1 − d)(1 + R·d), within 0–1 for d ≤ 1.
#[inline(always)]
pub(super) fn utility(distance: f64, risk: f64) -> f64 {
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
    /// Column j holds the utility of j's position to every actor.
    utilities: Vec<f64>,
}

impl<'a> View<'a> {
    fn new(assessment: &'a Assessment<'a>, risk: impl Fn(usize) -> f64) -> View<'a> {
        let n = assessment.scaled.count;
        let risk: Vec<f64> = (0..n).map(risk).collect();
        let mut utilities = Vec::with_capacity(n * n);
        for column in assessment.distance.chunks_exact(n) {
            utilities.extend(column.iter().zip(&risk).map(|(&distance, &risk)| utility(distance, risk)));
        }
        View { assessment, utilities }
    }

    /// The utility of `holder`'s position to `actor`, within 0–1.
    #[must_use]
    pub fn utility(&self, actor: usize, holder: usize) -> f64 {
        self.column(holder)[actor]
    }

    /// What `initiator` challenging `receiver` means to `affected`.
    #[must_use]
    pub fn challenge(&self, affected: usize, initiator: usize, receiver: usize) -> Challenge {
        let n = self.assessment.scaled.count;
        let own: Vec<f64> = (0..n).map(|actor| self.utility(actor, actor)).collect();
        let (of_initiator, of_receiver) = (self.column(initiator), self.column(receiver));
        let contest = Contest { initiator, receiver, of_initiator, of_receiver, own: &own };
        let win = contest.chances(self.assessment, &mut vec![0.0; n]);
        let fights = self.assessment.scaled.attention[receiver];
        Challenge::new(win, of_initiator[affected], of_receiver[affected], fights)
    }

    /// The probability of each actor's position to be the outcome; actors of one standing are told the same
    /// number, and the numbers of the distinct standings sum to 1.
    #[must_use]
    pub fn position_probability(&self) -> Vec<f64> {
        let options = self.assessment.options;
        let first = self.assessment.first_holders();
        let weights = &self.assessment.scaled.capability;
        let columns: Vec<f64> = first.iter().flat_map(|&holder| self.column(holder)).copied().collect();
        let mut chance = vec![0.0; first.len()];
        Ballot { rule: options.voting_rule, weights, utilities: &columns }.elect(
            options.equilibrium,
            options.victory_model,
            &mut chance,
        );
        let standings = self.assessment.standings();
        standings.into_iter().map(|held| chance[held]).collect()
    }

    /// What the positions of these are worth to every actor, one after another.
    pub(super) fn columns(&self, holders: Range<usize>) -> &[f64] {
        let n = self.assessment.scaled.count;
        &self.utilities[holders.start * n..holders.end * n]
    }

    fn column(&self, holder: usize) -> &[f64] {
        self.columns(holder..holder + 1)
    }
}
