//! A probability read off rows that are there: counted, or weighed where they were drawn from another distribution.

use crate::binomial_tail::at_least;
use crate::quantile::Z;

/// How probable something is, as rows say.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Counted {
    /// Number of rows.
    pub rows: u64,
    /// Rows in which it happens.
    pub reached: u64,
    /// The estimate: unbiased, with weights too.
    pub probability: f64,
    /// Its 95 % interval. Without weights Clopper and Pearson's (1934), which holds the truth at least that often however
    /// rare it is. With weights the normal one about the mean, which few large weights make too short; 0 to 1 where the rows
    /// leave its width open.
    pub interval: [f64; 2],
    /// With weights, how many of the rows in which it happens would tell as much if all weighed the same: (Σw)² / Σw²
    /// (Kish 1965).
    pub effective: Option<f64>,
    /// With weights, their mean and its standard error, infinite for a single row. Densities over densities have the mean 1
    /// where the rows reach everything that is asked about, and a smaller one in a sample that leaves some of it out.
    pub mean_weight: Option<[f64; 2]>,
}

impl Counted {
    /// Rows that a plain sample takes to know the probability to a tenth of itself, one standard error; `None` where it is
    /// not known to be above 0.
    #[must_use]
    pub fn rows_for_a_tenth(&self) -> Option<f64> {
        (self.probability > 0.0).then(|| (1.0 - self.probability).max(0.0) / self.probability / 0.01)
    }

    /// Whether the weights are not densities over densities: their sum is 1, or their mean more than four standard errors
    /// above 1.
    #[must_use]
    pub fn weights_are_off(&self) -> bool {
        self.mean_weight.is_some_and(|[mean, error]| {
            let shares = self.rows > 1 && (mean * self.rows as f64 - 1.0).abs() < 1e-6;
            shares || mean - 1.0 > 4.0 * error + 1e-9
        })
    }

    /// Whether the mean weight is more than four standard errors below 1: the rows leave out much of the distribution asked
    /// about. The estimate is right as long as it does not happen there.
    #[must_use]
    pub fn rows_leave_out_much(&self) -> bool {
        self.mean_weight.is_some_and(|[mean, error]| 1.0 - mean > 4.0 * error + 1e-9)
    }
}

/// The probability that something happens, from independent rows of its distribution: the share of them.
#[must_use]
pub fn counted(happens: &[bool]) -> Counted {
    let rows = happens.len() as u64;
    let reached = happens.iter().filter(|happens| **happens).count() as u64;
    let probability = reached as f64 / rows.max(1) as f64;
    Counted {
        rows,
        reached,
        probability,
        interval: clopper_pearson(reached, rows),
        effective: None,
        mean_weight: None,
    }
}

/// The same from rows of another distribution, each with a weight: its density under the distribution asked about over its
/// density under the one it was drawn from (importance sampling; Kahn and Marshall 1953). Weights are finite and not negative.
#[must_use]
pub fn weighed(happens: &[bool], weights: &[f64]) -> Counted {
    let rows = happens.len() as f64;
    let parts: Vec<f64> =
        happens.iter().zip(weights).map(|(happens, weight)| if *happens { *weight } else { 0.0 }).collect();
    let [probability, error] = mean_and_error(&parts);
    let squares: f64 = parts.iter().map(|part| part * part).sum();
    let reached = happens.iter().filter(|happens| **happens).count() as u64;
    let interval = if weights.iter().all(|weight| *weight == 1.0) {
        clopper_pearson(reached, happens.len() as u64)
    } else if error > 0.0 && error.is_finite() {
        [probability - Z * error, probability + Z * error].map(|end| end.clamp(0.0, 1.0))
    } else {
        [0.0, 1.0]
    };
    Counted {
        rows: happens.len() as u64,
        reached,
        probability,
        interval,
        effective: Some(if squares > 0.0 { (probability * rows).powi(2) / squares } else { 0.0 }),
        mean_weight: Some(mean_and_error(weights)),
    }
}

/// The mean and its standard error.
fn mean_and_error(values: &[f64]) -> [f64; 2] {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    [mean, if n > 1.0 { (squares / (n - 1.0) / n).sqrt() } else { f64::INFINITY }]
}

/// The probabilities under which so many or more, and so many or fewer, are seen with 2.5 %.
fn clopper_pearson(reached: u64, rows: u64) -> [f64; 2] {
    // Both tails are monotone in the probability, so halving finds where one crosses.
    let crossing = |above: &dyn Fn(f64) -> bool| {
        let [mut low, mut high] = [0.0, 1.0];
        for _ in 0..200 {
            let middle = f64::midpoint(low, high);
            if above(middle) { high = middle } else { low = middle }
        }
        f64::midpoint(low, high)
    };
    let low = if reached == 0 { 0.0 } else { crossing(&|p| at_least(reached, rows, p) >= 0.025) };
    let high = if reached == rows { 1.0 } else { crossing(&|p| at_least(reached + 1, rows, p) >= 0.975) };
    [low, high]
}

#[cfg(test)]
mod tests {
    use equipoise_models::noise::{Noise, Stream};
    use proptest::prelude::*;

    use super::*;

    fn close(found: f64, expected: f64) {
        assert!((found / expected - 1.0).abs() < 1e-9, "{found} is not {expected}");
    }

    #[test]
    fn exact_intervals_are_those_of_another_program() {
        // SciPy 1.17.1, quantiles of the beta distribution.
        for (reached, rows, [low, high]) in REFERENCE {
            let [found_low, found_high] = clopper_pearson(reached, rows);
            if low == 0.0 {
                assert_eq!(found_low, 0.0);
            } else {
                close(found_low, low);
            }
            close(found_high, high);
        }
    }

    const REFERENCE: [(u64, u64, [f64; 2]); 5] = [
        (0, 300, [0.0, 0.012_220_974_694_293_55]),
        (1, 1000, [2.531_748_749_129_404e-5, 0.005_558_924_279_826_672]),
        (7, 50, [0.058_191_700_340_372_09, 0.267_396_002_497_008_4]),
        (120, 10_000, [0.009_958_933_431_861_524, 0.014_332_168_990_560_666]),
        (49, 50, [0.893_530_454_288_500_1, 0.999_493_772_016_959_2]),
    ];

    #[test]
    fn a_probability_of_a_ten_thousandth_is_found_by_weights_and_not_by_counting() {
        // P(x ≥ 3.719016) of a standard normal is 1e-4; drawn about 3.7, each row weighs exp(3.7²/2 − 3.7 x).
        let (rows, level, shift) = (4000u64, 3.719_016_485_455_68, 3.7);
        let normal = |row: u64, seed: u64| Noise::new(seed, row).normal(Stream::named("tail"), 0, 0, 0);
        let mut held = 0;
        let mut sum = 0.0;
        for seed in 0..40 {
            let drawn: Vec<f64> = (0..rows).map(|row| shift + normal(row, seed)).collect();
            let happens: Vec<bool> = drawn.iter().map(|x| *x >= level).collect();
            let weights: Vec<f64> = drawn.iter().map(|x| (shift * shift / 2.0 - shift * x).exp()).collect();
            let found = weighed(&happens, &weights);
            held += usize::from((found.interval[0]..=found.interval[1]).contains(&1e-4));
            sum += found.probability;
            assert!(found.interval[1] - found.interval[0] < 2e-5, "{found:?}");
            // Most of the distribution asked about is never drawn.
            assert!(!found.weights_are_off(), "{found:?}");
        }
        // 95 % of 40 are 38; fewer than 34 happen to one in two hundred.
        assert!(held >= 34, "{held} of 40 intervals hold it");
        assert!((sum / 40.0 / 1e-4 - 1.0).abs() < 0.02, "{}", sum / 40.0);
        let plain: Vec<bool> = (0..rows).map(|row| normal(row, 7) >= level).collect();
        assert!(counted(&plain).interval[1] > 5e-4);
    }

    #[test]
    fn equal_weights_count() {
        let happens: Vec<bool> = (0..200).map(|row| row % 8 == 0).collect();
        let (plain, found) = (counted(&happens), weighed(&happens, &[1.0; 200]));
        assert_eq!((plain.probability, plain.reached), (found.probability, found.reached));
        assert_eq!((found.effective, found.weights_are_off()), (Some(25.0), false));
        close(plain.rows_for_a_tenth().unwrap_or(0.0), 700.0);
        assert!(weighed(&happens, &[2.0; 200]).weights_are_off());
        assert_eq!(plain.interval, found.interval);
        assert!(weighed(&happens, &[1.0 / 200.0; 200]).weights_are_off());
        let never = weighed(&[false; 9], &[0.5; 9]);
        assert_eq!((never.probability, never.interval, never.effective), (0.0, [0.0, 1.0], Some(0.0)));
        let one = weighed(&[true], &[0.5]);
        assert_eq!((one.interval, one.weights_are_off()), ([0.0, 1.0], false));
    }

    #[test]
    fn an_interval_stays_between_0_and_1_also_where_the_estimate_does_not() {
        let weights: Vec<f64> = (0..400).map(|row| 1.0 + 0.1 * f64::from(row % 3)).collect();
        let found = weighed(&[true; 400], &weights);
        assert!(
            found.probability > 1.0 && found.interval[0] <= found.interval[1] && found.interval[1] <= 1.0
        );
    }

    proptest! {
        #[test]
        fn an_interval_holds_its_share_and_shrinks_with_more_rows(reached in 0u64..50, more in 0u64..2000) {
            let rows = reached + more + 1;
            let [low, high] = clopper_pearson(reached, rows);
            let share = reached as f64 / rows as f64;
            prop_assert!(low <= share && share <= high && (0.0..=1.0).contains(&low) && high <= 1.0);
            let [low_10, high_10] = clopper_pearson(10 * reached, 10 * rows);
            prop_assert!(high_10 - low_10 <= high - low);
        }
    }
}
