//! Quantiles of the Poisson and binomial distributions, monotone in the uniform number and in the
//! probability or mean, at a bounded cost.
//!
//! Up to [`EXACT_COUNTS`] the distribution function is summed exactly; beyond, it is the one implied by a
//! Cornish–Fisher expansion. Which of the two serves is decided by the *count* and not by the mean, so for
//! each count there is a single function F(k; p), falling in p. The smallest k with F(k; p) ≥ u then
//! cannot fall when p or u rises, and no seam shows where the methods meet (our construction).
//!
//! "Exactly" is to rounding, so the last 2⁻⁴⁵ of u, where rounding would choose, is folded into one point.
//!
//! The expansion is Cornish and Fisher 1938 / Fisher and Cornish 1960 to the order 1/σ², with the
//! variance reduced by 1/12 for the lattice (the Euler–Maclaurin counterpart of Sheppard's correction).
//! Its Poisson case is the approximation Q̃N2 of Giles 2016, ACM TOMS 42:7 (recalled); the binomial terms
//! are derived here the same way.

use super::normal::normal_quantile;
use std::f64::consts::E;

/// Counts up to this one are found by exact summation.
const EXACT_COUNTS: u64 = 15;

/// The smallest count k that a Poisson number of mean `mean` does not exceed with probability `u` or more.
///
/// For results up to 15 the distribution function is exact to rounding; beyond, its largest error is
/// 2.2·10⁻⁵ (at means near 8.5, falling as the mean grows; measured against exact sums in the tests).
/// `u` must lie in (0, 1). A mean that is negative or NaN counts as 0; a mean above 2⁶² counts as 2⁶².
#[must_use]
pub fn poisson_quantile(u: f64, mean: f64) -> u64 {
    if mean.is_nan() || mean <= 0.0 {
        return 0;
    }
    let mean = mean.min((1u64 << 62) as f64);
    let u = below_rounding(u);
    if u <= 1.0 - mean {
        return 0; // e^−mean ≥ 1 − mean
    }
    if u <= ceiling_of_exact_part(mean)
        && let Some(count) = first_reaching(u, (-mean).exp(), mean, 0.0)
    {
        return count;
    }
    let mean = mean.max(SMALLEST_EXPANDED_MEAN);
    let x = cornish_fisher(normal_quantile(u), mean, 0.0);
    (x as u64).max(EXACT_COUNTS + 1)
}

/// The smallest number of successes that `n` trials of probability `p` do not exceed with probability `u`
/// or more; always within [0, n].
///
/// Where the result is within 15 of either end the distribution function is exact to rounding; between,
/// its largest error is 2.6·10⁻⁵ (at 33 trials of 0.425; measured against exact sums in the tests).
/// `u` must lie in (0, 1). `p` is clamped to [0, 1]; NaN counts as 0.
#[must_use]
pub fn binomial_quantile(u: f64, n: u64, p: f64) -> u64 {
    if p.is_nan() || p <= 0.0 || n == 0 {
        0
    } else if p >= 1.0 {
        n
    } else if p > 0.5 {
        // Counting failures keeps small probabilities small; 1 − u and 1 − p are exact here.
        n - rarer_outcome(1.0 - u, n, 1.0 - p, || failing(1.0 - p))
    } else {
        rarer_outcome(u, n, p, || failing(p))
    }
}

/// A probability that many counts are drawn with: what they all need of it is worked out once.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Chance {
    p: f64,
    failing: Failing,
}

impl Chance {
    /// Of a probability, clamped to [0, 1]; NaN counts as 0.
    #[must_use]
    pub fn new(p: f64) -> Chance {
        let p = if p.is_nan() { 0.0 } else { p.clamp(0.0, 1.0) };
        Chance { p, failing: failing(p.min(1.0 - p)) }
    }

    /// As [`binomial_quantile`] at this probability.
    #[must_use]
    pub fn binomial_quantile(&self, u: f64, n: u64) -> u64 {
        if self.p <= 0.0 || n == 0 {
            0
        } else if self.p >= 1.0 {
            n
        } else if self.p > 0.5 {
            n - rarer_outcome(1.0 - u, n, 1.0 - self.p, || self.failing)
        } else {
            rarer_outcome(u, n, self.p, || self.failing)
        }
    }
}

/// What sums of small counts need of a probability p.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Failing {
    /// ln(1 − p).
    log: f64,
    /// p / (1 − p).
    odds: f64,
}

#[inline(always)]
fn failing(p: f64) -> Failing {
    let fails = 1.0 - p;
    // ln(1 − p) with the rounding of 1 − p put back: as exact as ln_1p and faster.
    Failing { log: fails.ln() + ((1.0 - fails) - p), odds: p / fails }
}

/// The binomial quantile for 0 < p ≤ ½.
fn rarer_outcome(u: f64, n: u64, p: f64, failing: impl FnOnce() -> Failing) -> u64 {
    let u = below_rounding(u);
    let trials = n as f64;
    let mean = trials * p;
    if u <= 1.0 - mean {
        return 0; // (1 − p)ⁿ ≥ 1 − n·p (Bernoulli's inequality)
    }
    // The Poisson bound serves the binomial too where the mean passes 16: its lower tail is the lighter
    // one there (Anderson and Samuels 1967, recalled; checked in the tests).
    if mean < EXACT_COUNTS as f64 + 1.0 || u <= ceiling_of_exact_part(mean) {
        let Failing { log, odds } = failing();
        match first_reaching(u, (trials * log).exp(), (trials + 1.0) * odds, odds) {
            Some(count) => return count.min(n),
            None if n <= EXACT_COUNTS => return n,
            None => {}
        }
    }
    // Up to 15 failures are summed exactly, by the other branch too when p passes ½: P(X ≤ k) is
    // P(failures ≥ n − k), so that is from k = n − 16 on.
    let upper_part = (n - EXACT_COUNTS - 1).max(EXACT_COUNTS + 1);
    if upper_part > EXACT_COUNTS + 1 {
        let p = p.max(SMALLEST_EXPANDED_MEAN / trials);
        let x = cornish_fisher(normal_quantile(u), trials * p, p) as u64;
        if x < upper_part {
            return x.max(EXACT_COUNTS + 1);
        }
    }
    from_the_top(1.0 - u, n, p, upper_part)
}

/// The smallest count from `lowest` on that is exceeded with probability `tail` or less, summed exactly
/// from n downwards: reached only when a small n lets the upper end carry weight.
fn from_the_top(tail: f64, n: u64, p: f64, lowest: u64) -> u64 {
    let odds = (1.0 - p) / p;
    let mut weight = (n as f64 * p.ln()).exp();
    let mut above = weight;
    let mut count = n;
    while count > lowest && above <= tail {
        let failures = (n - count + 1) as f64;
        weight *= count as f64 * odds / failures;
        above += weight;
        count -= 1;
    }
    count
}

/// The first count up to [`EXACT_COUNTS`] whose distribution function reaches `u`, where `none` is the
/// probability of 0 and rise/k − `fall` that of k over that of k − 1.
#[inline(always)]
fn first_reaching(u: f64, none: f64, rise: f64, fall: f64) -> Option<u64> {
    // Reciprocals from a table, and several counts tried without a branch: a division per step, or an exit
    // after each that cannot be foreseen, would cost more than the sums.
    let mut weight = none;
    let mut total = none;
    let mut short = u64::from(total < u);
    for some in RECIPROCALS.chunks_exact(5) {
        for per_k in some {
            weight *= rise * per_k - fall;
            total += weight;
            short += u64::from(total < u);
        }
        // No later weight is negative as long as there are trials left.
        if total >= u && rise >= fall * (EXACT_COUNTS + 1) as f64 {
            return Some(short);
        }
    }
    (short <= EXACT_COUNTS).then_some(short)
}

/// 1/k for k from 1 to [`EXACT_COUNTS`].
const RECIPROCALS: [f64; EXACT_COUNTS as usize] = {
    let mut reciprocals = [0.0; EXACT_COUNTS as usize];
    let mut i = 0;
    while i < reciprocals.len() {
        reciprocals[i] = 1.0 / (i + 1) as f64;
        i += 1;
    }
    reciprocals
};

/// Keeps `u` below 1 by more than the rounding of a sum of probabilities, without which rounding would
/// decide among counts that all have a distribution function of 1 − 10⁻¹⁵.
#[inline(always)]
fn below_rounding(u: f64) -> f64 {
    const HIGHEST: f64 = 1.0 - 1.0 / (1u64 << 45) as f64;
    u.min(HIGHEST)
}

/// The expansion is used from this mean on. A smaller mean reaches it with probability below 10⁻⁹, and
/// is then given the result of this one.
const SMALLEST_EXPANDED_MEAN: f64 = 2.0;

/// The Cornish–Fisher quantile at normal quantile `z`, shifted so that its whole part is the count.
///
/// With p = 0 it is the Poisson case.
#[inline]
fn cornish_fisher(z: f64, mean: f64, p: f64) -> f64 {
    let variance = mean * (1.0 - p);
    let deviation = variance.sqrt();
    let per_deviation = deviation * variance.recip();
    let skew = 1.0 - 2.0 * p;
    let spread = p * (1.0 - p);
    let z2 = z * z;
    let second = 0.5 + skew * (z2 - 1.0) / 6.0;
    let third = -z * ((1.0 + 2.0 * spread) * z2 + (2.0 - 14.0 * spread)) / 72.0;
    let fourth = skew * (1.0 + 0.5 * spread) * ((3.0 * z2 + 7.0) * z2 - 16.0) / 810.0;
    mean + deviation * z + second + per_deviation * (third + per_deviation * fourth)
}

/// An upper bound of the Poisson probability of at most [`EXACT_COUNTS`] at this mean, so that the exact
/// sum can be skipped when it cannot hold the answer. Beyond the table the tail is below the grid of u.
#[inline]
fn ceiling_of_exact_part(mean: f64) -> f64 {
    LOWER_TAIL.get(mean as usize).copied().unwrap_or(0.0)
}

/// P(Poisson(m) ≤ 15) for m from 0 to 75, a little rounded up.
const LOWER_TAIL: [f64; 76] = {
    let mut tails = [1.0; 76];
    let mut none = 1.0;
    let mut m = 1;
    while m < tails.len() {
        none /= E;
        let mut weight = none;
        let mut total = none;
        let mut k = 1;
        while k <= EXACT_COUNTS {
            weight *= m as f64 / k as f64;
            total += weight;
            k += 1;
        }
        tails[m] = total * (1.0 + 1e-12);
        m += 1;
    }
    tails
};

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The distribution function at 0..=n, by sums of exponentials of log probabilities.
    fn distribution(n: u64, log_weight: impl Fn(u64) -> f64) -> Vec<f64> {
        let mut total = 0.0;
        (0..=n)
            .map(|k| {
                total += log_weight(k).exp();
                total
            })
            .collect()
    }

    fn log_factorials(n: u64) -> Vec<f64> {
        let mut sum = 0.0;
        (0..=n)
            .map(|k| {
                sum += (k.max(1) as f64).ln();
                sum
            })
            .collect()
    }

    fn poisson_distribution(mean: f64, n: u64) -> Vec<f64> {
        let factorial = log_factorials(n);
        distribution(n, |k| k as f64 * mean.ln() - mean - factorial[k as usize])
    }

    fn binomial_distribution(n: u64, p: f64) -> Vec<f64> {
        let factorial = log_factorials(n);
        distribution(n, |k| {
            let ways = factorial[n as usize] - factorial[k as usize] - factorial[(n - k) as usize];
            ways + k as f64 * p.ln() + (n - k) as f64 * (-p).ln_1p()
        })
    }

    /// The largest difference between `exact` and the distribution function that `quantile` implies.
    fn largest_error(exact: &[f64], quantile: impl Fn(f64) -> u64) -> f64 {
        let mut largest = 0.0_f64;
        for (count, &share) in exact.iter().enumerate() {
            if !(1e-7..1.0 - 1e-7).contains(&share) {
                continue;
            }
            let (mut low, mut high) = (0.0, 1.0);
            for _ in 0..30 {
                let middle = 0.5 * (low + high);
                if quantile(middle) <= count as u64 {
                    low = middle;
                } else {
                    high = middle;
                }
            }
            largest = largest.max((low - share).abs());
        }
        largest
    }

    #[test]
    fn poisson_quantiles_invert_the_exact_distribution() {
        for mean in [0.01, 0.7, 3.0, 7.0, 8.0, 8.5, 9.0, 12.0, 15.9, 22.0, 60.0, 400.0] {
            let exact = poisson_distribution(mean, (mean * 2.0) as u64 + 40);
            let error = largest_error(&exact, |u| poisson_quantile(u, mean));
            assert!(error < 2.2e-5, "mean {mean}: error {error}");
        }
    }

    #[test]
    fn binomial_quantiles_invert_the_exact_distribution() {
        for n in [1, 7, 15, 16, 17, 31, 32, 33, 34, 36, 40, 50, 64, 100, 300, 1000] {
            for p in [0.001, 0.02, 0.085, 0.17, 0.28, 0.4, 0.425, 0.5, 0.6, 0.75, 0.97] {
                let exact = binomial_distribution(n, p);
                let error = largest_error(&exact, |u| binomial_quantile(u, n, p));
                assert!(error < 2.6e-5, "{n} trials of {p}: error {error}");
            }
        }
    }

    #[test]
    fn results_near_either_end_are_exact() {
        for (n, p) in [(12, 0.3), (40, 0.1), (40, 0.9), (31, 0.5), (33, 0.5)] {
            let exact = binomial_distribution(n, p);
            for (count, share) in exact.iter().enumerate().take(n as usize) {
                if (1e-8..1.0 - 1e-8).contains(share) && (count <= 15 || count as u64 >= n - 16) {
                    assert!(binomial_quantile(share - 1e-12, n, p) <= count as u64);
                    assert!(binomial_quantile(share + 1e-12, n, p) > count as u64);
                }
            }
        }
    }

    #[test]
    fn the_bound_that_skips_the_exact_part_is_a_bound() {
        for (mean, &bound) in LOWER_TAIL.iter().enumerate().skip(1) {
            let mean = mean as f64;
            assert!(poisson_distribution(mean, EXACT_COUNTS)[15] <= bound);
            for n in [80, 200, 5000] {
                if mean < 16.0 {
                    continue;
                }
                assert!(binomial_distribution(n, mean / n as f64)[15] <= bound);
            }
        }
        assert!(poisson_distribution(76.0, EXACT_COUNTS)[15] < 2f64.powi(-53));
    }

    /// Uniform numbers from 2⁻⁵³ to 1 − 2⁻⁵³, dense in both tails.
    fn whole_range() -> impl Iterator<Item = f64> {
        let tails = (1..=53).map(|i| 2f64.powi(-i));
        tails.clone().chain((1..40).map(|i| f64::from(i) / 40.0)).chain(tails.map(|u| 1.0 - u))
    }

    #[test]
    fn counts_never_fall_along_a_fine_sweep_of_the_mean() {
        for u in whole_range() {
            let mut last = 0;
            for i in 0..1500 {
                let count = poisson_quantile(u, 1e-3 * 1.01_f64.powi(i));
                assert!(count >= last, "u {u}, step {i}: {count} after {last}");
                last = count;
            }
            for n in [5, 16, 31, 32, 33, 35, 42, 50, 70, 120, 1000, 250_000] {
                let mut last = 0;
                for i in 0..=600 {
                    // A logistic grid: fine near 0 and near 1, and symmetric about ½.
                    let p = 1.0 / (1.0 + (f64::from(300 - i) / 20.0).exp());
                    let count = binomial_quantile(u, n, p);
                    assert!(count >= last && count <= n, "u {u}, n {n}, p {p}: {count} after {last}");
                    last = count;
                }
            }
        }
    }

    #[test]
    fn odd_arguments_have_documented_answers() {
        assert_eq!(poisson_quantile(0.5, f64::NAN), 0);
        assert_eq!(poisson_quantile(0.5, -3.0), 0);
        assert_eq!(poisson_quantile(0.5, f64::INFINITY), 1 << 62);
        assert_eq!(binomial_quantile(0.9, 10, f64::NAN), 0);
        assert_eq!(binomial_quantile(0.9, 10, -0.1), 0);
        assert_eq!(binomial_quantile(0.1, 10, 1.5), 10);
        assert_eq!(binomial_quantile(0.9, 0, 0.5), 0);
        assert!(binomial_quantile(1.0 - 2f64.powi(-53), 1_000_000, 1e-9) <= 5);
        for p in [f64::NAN, -0.1, 0.0, 0.5, 1.0, 1.5] {
            assert_eq!(Chance::new(p).binomial_quantile(0.9, 10), binomial_quantile(0.9, 10, p));
        }
    }

    proptest! {
        #[test]
        fn a_larger_probability_never_gives_a_smaller_count(
            u in 1e-12..1.0f64, n in 0u64..3000, p in 0.0..1.0f64, q in 0.0..1.0f64,
        ) {
            let (low, high) = (binomial_quantile(u, n, p.min(q)), binomial_quantile(u, n, p.max(q)));
            prop_assert!(low <= high && high <= n);
            prop_assert_eq!(Chance::new(p).binomial_quantile(u, n), binomial_quantile(u, n, p));
        }

        #[test]
        fn a_larger_uniform_number_never_gives_a_smaller_count(
            u in 1e-12..1.0f64, v in 1e-12..1.0f64, n in 0u64..200_000, p in 0.0..1.0f64,
        ) {
            let (low, high) = (u.min(v), u.max(v));
            prop_assert!(binomial_quantile(low, n, p) <= binomial_quantile(high, n, p));
            let mean = n as f64 * p * p;
            prop_assert!(poisson_quantile(low, mean) <= poisson_quantile(high, mean));
        }
    }
}
