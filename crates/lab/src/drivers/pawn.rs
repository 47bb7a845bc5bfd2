//! PAWN: how far the distribution of an outcome moves when an input is held in a slice of its values.
//!
//! Pianosi and Wagener (2015; for given data 2018): the values of an input are cut at quantiles into slices, and each
//! slice's outcomes are compared with all outcomes by the Kolmogorov–Smirnov distance; the index is the median of the
//! distances. It looks at the whole distribution and depends on the outcome's order alone, so it suits skewed outcomes.
//! Slices are those of SALib (edges by linear interpolation, each open above, so that the row with the largest value
//! lies in none), except that a largest value shared by several rows, as of a yes/no, is a slice of its own.
//!
//! **Bias.** Distances are never negative, so an input without effect has an index above 0. [`Moved::dummy`] is the
//! index of such an input, made up of random numbers (Khorashadi Zadeh et al. 2017): only what lies clearly above counts.

use equipoise_models::noise::{Noise, Stream};
use rayon::prelude::*;

use super::resample::spread;
use super::{Estimate, Resampling, Unanswerable, check_outcome};
use crate::quantile::quantile;

/// What PAWN says of an outcome.
#[derive(Debug, Clone, PartialEq)]
pub struct Moved {
    /// For each input, in their order.
    pub inputs: Vec<Distances>,
    /// The index of an input without effect.
    pub dummy: f64,
}

/// Distances between the outcomes of a slice and all outcomes, over the slices of one input.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Distances {
    /// The median, which is the index, with its bootstrap interval.
    pub median: Estimate,
    /// The smallest.
    pub minimum: f64,
    /// The mean.
    pub mean: f64,
    /// The largest.
    pub maximum: f64,
    /// Their standard deviation.
    pub deviation: f64,
}

/// The PAWN indices of the inputs (columns of one value per row), in so many slices.
///
/// # Errors
/// The outcome lacks values, is constant, or has fewer than two rows a slice.
pub fn pawn(
    inputs: &[Vec<f64>],
    outcome: &[f64],
    slices: usize,
    resampling: &Resampling,
) -> Result<Moved, Unanswerable> {
    check_outcome(outcome)?;
    let (rows, needed) = (outcome.len(), 2 * slices.max(1));
    if rows < needed {
        return Err(Unanswerable::TooFew { rows, needed, why: format!("two for each of {slices} slices") });
    }
    let ranked = Ranked::new(outcome);
    let ones = vec![1u16; rows];
    let index_of = |input: &[f64]| {
        let sliced = Sliced::new(input, slices);
        let distances = ranked.distances(&sliced, &ones);
        let medians: Vec<f64> = (0..resampling.resamples)
            .map(|resample| {
                let mut counts = vec![0u16; rows];
                resampling.count(resample, &mut counts);
                median(&ranked.distances(&sliced, &counts))
            })
            .collect();
        let error = spread(medians.iter().copied());
        let n = distances.len() as f64;
        let mean = distances.iter().sum::<f64>() / n;
        let squares = distances.iter().map(|distance| (distance - mean).powi(2)).sum::<f64>();
        Distances {
            median: Estimate::normal(median(&distances), error, resampling.confidence),
            minimum: distances.iter().copied().fold(f64::INFINITY, f64::min),
            mean,
            maximum: distances.iter().copied().fold(0.0, f64::max),
            deviation: (squares / n).sqrt(),
        }
    };
    let noise = |row| Noise::new(resampling.seed, row).uniform(Stream::named("dummy"), 0, 0, 0);
    let made_up: Vec<f64> = (0..rows as u64).map(noise).collect();
    Ok(Moved {
        inputs: inputs.par_iter().map(|input| index_of(input)).collect(),
        dummy: median(&ranked.distances(&Sliced::new(&made_up, slices), &ones)),
    })
}

fn median(distances: &[f64]) -> f64 {
    let mut distances = distances.to_vec();
    distances.sort_unstable_by(f64::total_cmp);
    quantile(&distances, 0.5)
}

/// The slice of each row; `NONE` for rows that lie in no slice.
struct Sliced {
    slice: Vec<u32>,
    slices: usize,
}

const NONE: u32 = u32::MAX;

impl Sliced {
    fn new(input: &[f64], slices: usize) -> Sliced {
        let mut sorted = input.to_vec();
        sorted.sort_unstable_by(f64::total_cmp);
        let step = 1.0 / slices as f64;
        let edges: Vec<f64> = (0..=slices).map(|at| edge(&sorted, (at as f64 * step).min(1.0))).collect();
        let top = edges[slices];
        let shared = sorted.iter().rev().take(2).filter(|value| **value == top).count() == 2;
        let slice = input.iter().map(|value| {
            // Edges that fall together bound an empty slice, so the last edge at or below the value is its own.
            match edges.partition_point(|edge| edge <= value) {
                above if above > slices => {
                    if shared {
                        slices as u32
                    } else {
                        NONE
                    }
                }
                above => (above as u32).wrapping_sub(1),
            }
        });
        Sliced { slice: slice.collect(), slices: slices + 1 }
    }
}

/// A quantile by linear interpolation, rounded as NumPy rounds it, so that rows at an edge fall as they do there.
fn edge(sorted: &[f64], p: f64) -> f64 {
    let last = sorted.len() - 1;
    let at = p * last as f64;
    let below = (at.floor() as usize).min(last);
    let (low, high) = (sorted[below], sorted[(below + 1).min(last)]);
    let weight = at - below as f64;
    if weight >= 0.5 { high - (high - low) * (1.0 - weight) } else { low + (high - low) * weight }
}

/// The rows in the order of the outcome.
struct Ranked {
    /// Row, and whether the next row has another value.
    order: Vec<(u32, bool)>,
}

impl Ranked {
    fn new(outcome: &[f64]) -> Ranked {
        let mut order: Vec<u32> = (0..outcome.len() as u32).collect();
        order.sort_unstable_by(|a, b| outcome[*a as usize].total_cmp(&outcome[*b as usize]).then(a.cmp(b)));
        let ends = |at: usize| {
            order.get(at + 1).is_none_or(|next| outcome[*next as usize] != outcome[order[at] as usize])
        };
        Ranked { order: (0..order.len()).map(|at| (order[at], ends(at))).collect() }
    }

    /// The Kolmogorov–Smirnov distance of each slice that has rows, with each row counted so often.
    fn distances(&self, sliced: &Sliced, counts: &[u16]) -> Vec<f64> {
        let mut sizes = vec![0u64; sliced.slices];
        for (slice, count) in sliced.slice.iter().zip(counts) {
            if *slice != NONE {
                sizes[*slice as usize] += u64::from(*count);
            }
        }
        let all: u64 = counts.iter().map(|count| u64::from(*count)).sum();
        let mut seen = vec![0u64; sliced.slices];
        let mut seen_of_all = 0u64;
        let mut distances = vec![0.0f64; sliced.slices];
        for (row, ends) in &self.order {
            let row = *row as usize;
            let count = u64::from(counts[row]);
            seen_of_all += count;
            if sliced.slice[row] != NONE {
                seen[sliced.slice[row] as usize] += count;
            }
            if *ends {
                let share = seen_of_all as f64 / all as f64;
                for ((distance, seen), size) in distances.iter_mut().zip(&seen).zip(&sizes) {
                    if *size > 0 {
                        *distance = distance.max((*seen as f64 / *size as f64 - share).abs());
                    }
                }
            }
        }
        distances.into_iter().zip(sizes).filter(|(_, size)| *size > 0).map(|(distance, _)| distance).collect()
    }
}
