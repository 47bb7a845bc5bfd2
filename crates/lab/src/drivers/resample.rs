//! The bootstrap (Efron 1979): rows drawn with replacement, as counts, keyed by seed and resample.
//!
//! A resample is a vector of counts, one per row, so that any sum over its rows is a product of counts and a column.
//! All statistics here are functions of such sums; the rows themselves are never copied.

use equipoise_models::noise::{Noise, Stream};
use rayon::prelude::*;

/// Resamples worked on together: each column is read once for all of them.
const TOGETHER: usize = 4;
/// Rows worked on together: their counts stay in the nearest cache.
const TILE: usize = 512;

const ROWS: Stream = Stream::named("bootstrap rows");

/// How intervals are made.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Resampling {
    /// Number of resamples, two or more.
    pub resamples: usize,
    /// Probability of the interval, 0 to 1.
    pub confidence: f64,
    /// Seed of the draws.
    pub seed: u64,
}

impl Default for Resampling {
    /// A thousand resamples, 95 % intervals, seed 1.
    fn default() -> Resampling {
        Resampling { resamples: 1000, confidence: 0.95, seed: 1 }
    }
}

impl Resampling {
    /// Sums of each column over the rows of each resample, resample after resample.
    pub(super) fn sums(&self, columns: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let rows = columns.first().map_or(0, Vec::len);
        let batches: Vec<Vec<Vec<f64>>> = (0..self.resamples.div_ceil(TOGETHER))
            .into_par_iter()
            .map_init(
                || [(); TOGETHER].map(|()| vec![0u16; rows]),
                |counts, batch| {
                    for (at, counts) in counts.iter_mut().enumerate() {
                        self.count(batch * TOGETHER + at, counts);
                    }
                    batch_sums(columns, counts)
                },
            )
            .collect();
        let mut sums: Vec<Vec<f64>> = batches.into_iter().flatten().collect();
        sums.truncate(self.resamples);
        sums
    }

    /// How often each row is drawn in a resample.
    pub(super) fn count(&self, resample: usize, counts: &mut [u16]) {
        counts.fill(0);
        let rows = counts.len() as u64;
        let start = (Noise::new(self.seed, resample as u64).uniform(ROWS, 0, 0, 0) * 2f64.powi(53)) as u64;
        let mut draw = |half: u64| {
            // The upper half of the product is uniform on 0..rows, to one part in 2³² / rows.
            let row = ((half & 0xffff_ffff) * rows) >> 32;
            counts[row as usize] = counts[row as usize].saturating_add(1);
        };
        for pair in 0..rows / 2 {
            let bits = scatter(start, pair);
            draw(bits);
            draw(bits >> 32);
        }
        if rows % 2 == 1 {
            draw(scatter(start, rows));
        }
    }
}

/// Number `i` of the sequence that begins at `start`: SplitMix64 (Steele, Lea and Flood 2014; recalled), whose state is a
/// counter, so that a number is a pure function of its place. Philox, which keys the start, would cost ten times as much.
fn scatter(start: u64, i: u64) -> u64 {
    let z = (start << 11).wrapping_add((i + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

fn batch_sums(columns: &[Vec<f64>], counts: &[Vec<u16>; TOGETHER]) -> Vec<Vec<f64>> {
    let rows = columns.first().map_or(0, Vec::len);
    let mut sums = vec![vec![0.0; columns.len()]; TOGETHER];
    let mut weights = [[0.0; TILE]; TOGETHER];
    for from in (0..rows).step_by(TILE) {
        let size = TILE.min(rows - from);
        for (weights, counts) in weights.iter_mut().zip(counts) {
            for (weight, count) in weights.iter_mut().zip(&counts[from..from + size]) {
                *weight = f64::from(*count);
            }
            weights[size..].fill(0.0);
        }
        for (at, column) in columns.iter().enumerate() {
            let products = products(&column[from..from + size], &weights);
            for (sums, product) in sums.iter_mut().zip(products) {
                sums[at] += product;
            }
        }
    }
    sums
}

/// The scalar products of a stretch of a column with the weights of each resample, in lanes of two.
fn products(column: &[f64], weights: &[[f64; TILE]; TOGETHER]) -> [f64; TOGETHER] {
    let mut lanes = [[0.0f64; 2]; TOGETHER];
    let (pairs, rest) = column.as_chunks::<2>();
    for (i, pair) in pairs.iter().enumerate() {
        for (lanes, weights) in lanes.iter_mut().zip(weights) {
            lanes[0] += pair[0] * weights[2 * i];
            lanes[1] += pair[1] * weights[2 * i + 1];
        }
    }
    let mut sums = lanes.map(|lanes| lanes[0] + lanes[1]);
    if let Some(last) = rest.first() {
        for (sum, weights) in sums.iter_mut().zip(weights) {
            *sum += last * weights[column.len() - 1];
        }
    }
    sums
}

/// The standard deviation of a statistic over resamples.
pub(super) fn spread(values: impl Iterator<Item = f64> + Clone) -> f64 {
    let n = values.clone().count() as f64;
    let mean = values.clone().sum::<f64>() / n;
    (values.map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0).max(1.0)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_over_resamples_are_sums_over_the_rows_drawn() {
        let columns: Vec<Vec<f64>> =
            (1..4).map(|k| (0..1237).map(|i| f64::from(i * k % 101)).collect()).collect();
        let bootstrap = Resampling { resamples: 6, confidence: 0.95, seed: 9 };
        let sums = bootstrap.sums(&columns);
        assert_eq!(sums.len(), 6);
        let mut counts = vec![0u16; 1237];
        for (resample, sums) in sums.iter().enumerate() {
            bootstrap.count(resample, &mut counts);
            assert_eq!(counts.iter().map(|count| u32::from(*count)).sum::<u32>(), 1237);
            for (column, sum) in columns.iter().zip(sums) {
                let by_hand: f64 = column.iter().zip(&counts).map(|(v, c)| v * f64::from(*c)).sum();
                assert!((sum - by_hand).abs() < 1e-6);
            }
        }
    }

    #[test]
    fn the_spread_of_a_resampled_mean_is_its_standard_error() {
        let column: Vec<f64> = (0..400).map(|i| f64::from(i * 7919 % 400)).collect();
        let bootstrap = Resampling { resamples: 4000, confidence: 0.95, seed: 2 };
        let sums = bootstrap.sums(&[column]);
        let spread = spread(sums.iter().map(|sums| sums[0] / 400.0));
        // The population 0..400 has standard deviation 115.47, and 4,000 resamples know a spread to 1.1 %.
        assert!((spread / (115.47 / 20.0) - 1.0).abs() < 0.05, "{spread}");
    }

    #[test]
    fn resamples_do_not_depend_on_how_many_there_are_or_on_threads() {
        let columns = vec![(0..300).map(f64::from).collect::<Vec<f64>>()];
        let of = |resamples| Resampling { resamples, confidence: 0.9, seed: 4 }.sums(&columns);
        assert_eq!(of(3), of(50)[..3]);
    }
}
