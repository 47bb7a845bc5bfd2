//! A Latin hypercube that can be made longer, without a table.
//!
//! The points come in doublings. Where 2ᵏ points fill the 2ᵏ strata of a dimension, one each, every stratum is halved; one
//! of its halves is taken, and of the next 2ᵏ points each goes to the empty half of another stratum, in an order that a
//! keyed permutation shuffles anew in every dimension and every doubling. This is the extension of Latin hypercube samples
//! by Sallaberry, Helton and Hora (2008), and nests as Qian's designs (2009) do; both recalled. After 2ᵏ points the sample
//! is a Latin hypercube in the strict sense; in between no two points share a stratum of the finer division, and no stratum
//! of the coarser one is empty.
//!
//! No coordinate needs the others: who stands in a stratum follows from its number. A stratum's first point is drawn when
//! the stratum's parent was halved, or was there before; so the way down from the whole interval to the stratum, taking the
//! newer point wherever the older one turned into the sister, ends at its occupant. Numbers are fractions of 2⁶⁴.

use equipoise_models::noise::{Noise, Stream};

use super::permutation::{key, permute, scatter};

const POINTS: Stream = Stream::named("latin hypercube");

/// Coordinate `dimension` of point `i`, in (0, 1).
pub(super) fn point(seed: u64, i: u64, dimension: usize) -> f64 {
    let line = Line { key: key(&Noise::new(seed, dimension as u64), POINTS) };
    let at = if i == 0 {
        line.drawn(0, 0)
    } else {
        let level = i.ilog2();
        let stratum = permute(line.order(level), 1 << level, i - (1 << level));
        let taken = stratum_of(line.occupant(level, stratum), level + 1);
        line.drawn(level + 1, taken ^ 1)
    };
    middle(at)
}

/// The middle of one of 2⁵² cells, which double precision holds exactly: never 0 nor 1, nor in another stratum.
fn middle(at: u64) -> f64 {
    ((at >> 12) as f64 + 0.5) / (1u64 << 52) as f64
}

/// One dimension: its points on the unit interval.
struct Line {
    key: u64,
}

impl Line {
    /// The key of the order in which the strata of the division into 2 to the `level` get their second points.
    fn order(&self, level: u32) -> u64 {
        scatter(!self.key ^ u64::from(level))
    }

    /// The point that is put into a stratum when that comes into being as the empty half.
    fn drawn(&self, level: u32, stratum: u64) -> u64 {
        let jitter = scatter(scatter(self.key ^ (u64::from(level) << 57)) ^ stratum);
        if level == 0 { jitter } else { (stratum << (64 - level)) | (jitter.checked_shr(level).unwrap_or(0)) }
    }

    /// The point in a stratum of the division into 2 to the `level`.
    fn occupant(&self, level: u32, stratum: u64) -> u64 {
        let mut at = self.drawn(0, 0);
        loop {
            let apart = (stratum_of(at, level) ^ stratum).checked_ilog2();
            let Some(highest) = apart else { return at };
            // They part where the strata are halved for the level at which they first differ.
            let parted = level - highest;
            at = self.drawn(parted, stratum >> highest);
        }
    }
}

/// The stratum a number lies in where the interval is divided into 2 to the `level`.
fn stratum_of(at: u64, level: u32) -> u64 {
    at.checked_shr(64 - level).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// How many of the first `points` lie in each of `strata` equal strata.
    fn counts(seed: u64, points: u64, strata: u64, dimension: usize) -> Vec<u32> {
        let mut counts = vec![0; strata as usize];
        for i in 0..points {
            counts[(point(seed, i, dimension) * strata as f64) as usize] += 1;
        }
        counts
    }

    /// The mean of Σ over four dimensions of u − 1/2, over the first points.
    fn additive(seed: u64, points: u64, coordinate: impl Fn(u64, u64, usize) -> f64) -> f64 {
        let sum: f64 = (0..points).map(|i| (0..4).map(|d| coordinate(seed, i, d) - 0.5).sum::<f64>()).sum();
        sum / points as f64
    }

    fn correlation(seed: u64, points: u64, dimensions: [usize; 2]) -> f64 {
        let [a, b] = dimensions.map(|d| (0..points).map(|i| point(seed, i, d)).collect::<Vec<f64>>());
        let mean = |x: &[f64]| x.iter().sum::<f64>() / points as f64;
        let (ma, mb) = (mean(&a), mean(&b));
        let with = |x: &[f64], y: &[f64], mx: f64, my: f64| {
            x.iter().zip(y).map(|(x, y)| (x - mx) * (y - my)).sum::<f64>()
        };
        with(&a, &b, ma, mb) / (with(&a, &a, ma, ma) * with(&b, &b, mb, mb)).sqrt()
    }

    proptest! {
        #[test]
        fn at_powers_of_two_every_stratum_holds_one_point(seed: u64, power in 0u32..12, dimension in 0usize..400) {
            let points = 1 << power;
            prop_assert!(counts(seed, points, points, dimension).iter().all(|count| *count == 1));
        }

        #[test]
        fn in_between_no_fine_stratum_holds_two_and_no_coarse_one_none(
            seed: u64, points in 1u64..3000, dimension in 0usize..400,
        ) {
            let fine = points.next_power_of_two();
            prop_assert!(counts(seed, points, fine, dimension).iter().all(|count| *count <= 1));
            let coarse = 1 << points.ilog2();
            prop_assert!(counts(seed, points, coarse, dimension).iter().all(|count| *count >= 1));
        }

        #[test]
        fn whoever_stands_in_a_stratum_is_a_point_before(seed: u64, power in 0u32..8, dimension in 0usize..50) {
            let line = Line { key: key(&Noise::new(seed, dimension as u64), POINTS) };
            let mut standing: Vec<u64> = (0..1 << power).map(|s| line.occupant(power, s) >> 12).collect();
            let mut points: Vec<u64> =
                (0..1 << power).map(|i| (point(seed, i, dimension) * (1u64 << 52) as f64) as u64).collect();
            standing.sort_unstable();
            points.sort_unstable();
            prop_assert_eq!(standing, points);
        }
    }

    #[test]
    fn the_last_cell_is_not_one() {
        assert!(middle(u64::MAX) < 1.0 && middle(0) > 0.0);
        assert!(middle(1 << 63) > 0.5 && middle((1 << 63) - 1) < 0.5);
    }

    #[test]
    fn dimensions_are_independent_of_one_another() {
        for points in [64, 100, 256] {
            let (mut sum, mut squares, seeds) = (0.0, 0.0, 400);
            for seed in 0..seeds {
                let r = correlation(seed, points, [3, 4]);
                sum += r;
                squares += r * r;
            }
            let (n, seeds) = (points as f64, seeds as f64);
            // Two random orders have a correlation of mean 0 and variance 1/(N − 1); each band is four standard errors.
            assert!((sum / seeds).abs() < 4.0 / ((n - 1.0) * seeds).sqrt(), "{points}: {}", sum / seeds);
            let ratio = squares / seeds * (n - 1.0);
            assert!((ratio - 1.0).abs() < 4.0 * (2.0 / seeds).sqrt(), "{points}: {ratio}");
        }
    }

    #[test]
    fn points_within_a_stratum_are_uniform_and_so_is_every_single_point() {
        for i in [0, 1, 2, 5, 77, 1000] {
            let mut tenths = [0i32; 10];
            for seed in 0..4000 {
                tenths[(point(seed, i, 2) * 10.0) as usize] += 1;
            }
            // Five standard deviations of a binomial(4000, 1/10) are 95.
            assert!(tenths.iter().all(|count| (count - 400).abs() < 95), "{i}: {tenths:?}");
        }
    }

    #[test]
    fn an_additive_function_is_integrated_better_than_by_random_points() {
        let variance = |points: u64, coordinate: &dyn Fn(u64, u64, usize) -> f64| {
            (0..300).map(|seed| additive(seed, points, coordinate).powi(2)).sum::<f64>() / 300.0
        };
        let nested = |seed, i, d| point(seed, i, d);
        let random = |seed, i, d| super::super::random::point(seed, i, d);
        // Exactly stratified: by a factor of N². Half way to the next doubling the new points are a random half of the
        // strata, with variance σ²/2ᵏ at a weight of 1/3, where random points have σ²/(1.5 · 2ᵏ): by a factor of six.
        assert!(variance(256, &random) / variance(256, &nested) > 10_000.0);
        let half_way = variance(384, &random) / variance(384, &nested);
        assert!(half_way > 4.0 && half_way < 9.0, "{half_way}");
    }
}
