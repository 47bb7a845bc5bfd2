//! The actors as the arithmetic wants them: on the scale 0–1, one flat list each.

use crate::bargaining::{Actors, Line};

/// Actors on the scale 0–1; positions and saliences actor by actor, dimension by dimension.
#[derive(Clone, Debug)]
pub(super) struct Scaled {
    pub(super) count: usize,
    pub(super) dimensions: usize,
    pub(super) capability: Vec<f64>,
    pub(super) salience: Vec<f64>,
    /// The sum of an actor's saliences: how likely it is to fight over anything at all.
    pub(super) attention: Vec<f64>,
    /// Capability × attention: what an actor throws into a contest.
    pub(super) strength: Vec<f64>,
}

impl Scaled {
    pub(super) fn new(actors: &Actors) -> Scaled {
        Scaled::of(actors.capability(), actors.dimensions(), to_unit(actors.saliences()))
    }

    pub(super) fn on_a_line(line: &Line<'_>) -> Scaled {
        Scaled::of(line.capability(), 1, list_to_unit(line.saliences()))
    }

    fn of(capability: &[f64], dimensions: usize, salience: Vec<f64>) -> Scaled {
        let attention: Vec<f64> = salience.chunks_exact(dimensions).map(|row| row.iter().sum()).collect();
        let strength =
            attention.iter().zip(capability).map(|(attention, capability)| attention * capability).collect();
        let (count, capability) = (capability.len(), capability.to_vec());
        Scaled { count, dimensions, capability, salience, attention, strength }
    }

    pub(super) fn row<'a>(&self, flat: &'a [f64], actor: usize) -> &'a [f64] {
        &flat[actor * self.dimensions..][..self.dimensions]
    }

    /// How far `to` is from `from` for an actor: each dimension weighs by the square of its salience.
    pub(super) fn distance(&self, actor: usize, from: &[f64], to: &[f64]) -> f64 {
        let (mut apart, mut weight) = (0.0, 0.0);
        for ((a, b), s) in from.iter().zip(to).zip(self.row(&self.salience, actor)) {
            let part = (a - b) * s;
            apart += part * part;
            weight += s * s;
        }
        (apart / weight).sqrt()
    }
}

/// [`Scaled::distance`] on one line. The salience cancels but for rounding, which is kept: KTAB has it too, and where two
/// states are worth all but the same it shows in the probabilities.
#[inline(always)]
pub(super) fn distance_on_a_line(from: f64, to: f64, salience: f64) -> f64 {
    let part = (from - to) * salience;
    (part * part / (salience * salience)).sqrt()
}

/// A short list to be written over: memory that must come zeroed, as for `vec![0; count]`, allocators find more slowly.
pub(super) fn filled<T: Clone>(value: T, count: usize) -> Vec<T> {
    let mut list = Vec::with_capacity(count);
    list.resize(count, value);
    list
}

/// Rows on 0–100 as one list on 0–1.
pub(super) fn to_unit(rows: &[Vec<f64>]) -> Vec<f64> {
    let mut flat = Vec::with_capacity(rows.len() * rows[0].len());
    for row in rows {
        flat.extend(row.iter().map(|value| value / 100.0));
    }
    flat
}

/// A list on 0–100 as one on 0–1.
pub(super) fn list_to_unit(list: &[f64]) -> Vec<f64> {
    list.iter().map(|value| value / 100.0).collect()
}

/// One list on 0–1 as rows on 0–100.
pub(super) fn to_percent(flat: &[f64], dimensions: usize) -> Vec<Vec<f64>> {
    flat.chunks_exact(dimensions).map(percent_row).collect()
}

/// One row on 0–1 as a row on 0–100.
pub(super) fn percent_row(row: &[f64]) -> Vec<f64> {
    row.iter().map(|value| value * 100.0).collect()
}
