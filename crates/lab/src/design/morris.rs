//! Morris trajectories: from a random point of a grid, every factor moves once, in random order.

use equipoise_models::noise::{Noise, Stream};

use super::permutation::{key, permute};

/// Levels of the grid where a run uses it.
pub(super) const LEVELS: usize = 4;

const START: Stream = Stream::named("morris start");
const ORDER: Stream = Stream::named("morris order");

/// Morris's design over a number of factors (Morris 1991).
///
/// A trajectory has D + 1 rows; between one row and the next a single factor moves by half the grid, up or down. The
/// levels of the grid stand in the middle of as many equal cells of (0, 1), where Morris put them on its ends: so every
/// level has the same probability, no parameter is ever drawn at the very end of its range, and a run on this design
/// still resembles the others. A step is therefore 1/2 of the unit interval, whatever the number of levels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Morris {
    /// Number of factors, D.
    pub factors: usize,
    /// Levels of the grid, an even number.
    pub levels: usize,
    /// Seed of the trajectories.
    pub seed: u64,
}

impl Morris {
    /// Length of a step in the unit interval.
    pub const STEP: f64 = 0.5;

    /// The level of `factor` in row `within` of a trajectory, 0 to `levels` − 1.
    #[must_use]
    pub fn level(&self, trajectory: u64, within: usize, factor: usize) -> usize {
        let noise = Noise::new(self.seed, trajectory);
        let half = (self.levels / 2).max(1);
        let start = (noise.uniform(START, factor as u32, 0, 0) * half as f64) as usize;
        let high = self.is_high(trajectory, within, factor);
        start + if high { half } else { 0 }
    }

    /// Whether `factor` stands at the upper end of its step in row `within` of a trajectory.
    #[must_use]
    pub(crate) fn is_high(&self, trajectory: u64, within: usize, factor: usize) -> bool {
        let noise = Noise::new(self.seed, trajectory);
        let order = permute(key(&noise, ORDER), self.factors.max(1) as u64, factor as u64);
        let begins_high = noise.uniform(START, factor as u32, 1, 0) >= 0.5;
        begins_high != ((order as usize) < within)
    }

    /// The coordinate of a level, in (0, 1).
    #[must_use]
    pub fn coordinate(&self, level: usize) -> f64 {
        (level as f64 + 0.5) / self.levels as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DESIGN: Morris = Morris { factors: 7, levels: 6, seed: 3 };

    fn row(trajectory: u64, within: usize) -> Vec<usize> {
        (0..7).map(|factor| DESIGN.level(trajectory, within, factor)).collect()
    }

    #[test]
    fn every_factor_moves_once_and_by_half_the_grid() {
        for trajectory in 0..50 {
            let mut moved = Vec::new();
            for within in 1..=DESIGN.factors {
                let (before, after) = (row(trajectory, within - 1), row(trajectory, within));
                let changed: Vec<usize> = (0..7).filter(|at| before[*at] != after[*at]).collect();
                assert_eq!(changed.len(), 1);
                assert_eq!(before[changed[0]].abs_diff(after[changed[0]]), 3);
                moved.push(changed[0]);
            }
            moved.sort_unstable();
            assert_eq!(moved, [0, 1, 2, 3, 4, 5, 6]);
        }
    }

    #[test]
    fn levels_are_equally_likely_and_orders_differ() {
        let mut counts = [0u32; 6];
        let mut first = [0u32; 7];
        for trajectory in 0..6000 {
            counts[DESIGN.level(trajectory, 0, 4)] += 1;
            let (before, after) = (row(trajectory, 0), row(trajectory, 1));
            first[(0..7).find(|at| before[*at] != after[*at]).unwrap_or(0)] += 1;
        }
        // Six standard deviations of the counts are 173 and 163.
        assert!(counts.iter().all(|count| count.abs_diff(1000) < 173), "{counts:?}");
        assert!(first.iter().all(|count| count.abs_diff(857) < 163), "{first:?}");
    }
}
