//! The difference of a mean or a probability between two runs of the same histories, with its interval.

use crate::quantile::Z;

/// A difference, policy less baseline. Intervals are 95 % Monte Carlo intervals: how far chance in the choice of
/// histories could move the difference. They treat pairs as independent; a Sobol or Latin hypercube design is usually
/// more exact than they say.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference {
    /// Pairs that count: those with a value in both runs.
    pub pairs: u64,
    /// Mean (or probability) in the baseline, over these pairs.
    pub baseline: f64,
    /// The same under the policy.
    pub policy: f64,
    /// Mean of the differences within pairs; NaN without pairs.
    pub difference: f64,
    /// Interval from the differences within pairs; infinite where one pair cannot tell.
    pub interval: [f64; 2],
    /// The interval two independent ensembles of the same size would have: what pairing saves.
    pub unpaired: [f64; 2],
    /// Variance of the difference within pairs over the sum of the variances of both runs: below 1, pairing helps, and
    /// it takes 1/ratio times as many histories to know as much without. `None` where nothing varies in either run.
    pub variance_ratio: Option<f64>,
}

impl Difference {
    /// Difference of means of pairs `[baseline, policy]`, by the normal approximation: mean ± 1.96 standard errors. With
    /// less than some thirty pairs the interval is a little too narrow.
    #[must_use]
    pub fn of_means(pairs: &[[f64; 2]]) -> Difference {
        let n = pairs.len() as f64;
        let [baseline, policy, difference] = [
            Moments::of(pairs.iter().map(|[a, _]| *a)),
            Moments::of(pairs.iter().map(|[_, b]| *b)),
            Moments::of(pairs.iter().map(|[a, b]| b - a)),
        ];
        let around = |variance: f64| {
            if pairs.len() < 2 {
                return [f64::NEG_INFINITY, f64::INFINITY];
            }
            let half = Z * (variance / n).sqrt();
            [difference.mean - half, difference.mean + half]
        };
        let both = baseline.variance + policy.variance;
        Difference {
            pairs: pairs.len() as u64,
            baseline: baseline.mean,
            policy: policy.mean,
            difference: difference.mean,
            interval: around(difference.variance),
            unpaired: around(both),
            variance_ratio: (both > 0.0).then(|| difference.variance / both),
        }
    }

    /// Difference of probabilities of pairs of yes (1) and no (0), with the interval of Agresti and Min (2005; recalled):
    /// Wald's for matched pairs after half a pair is added to each of the four cells. Unlike Wald's it leaves room where
    /// no pair differs.
    #[must_use]
    pub(crate) fn of_shares(pairs: &[[f64; 2]]) -> Difference {
        let count = |wanted: [f64; 2]| pairs.iter().filter(|pair| **pair == wanted).count() as f64;
        let (gained, lost) = (count([0.0, 1.0]) + 0.5, count([1.0, 0.0]) + 0.5);
        let n = pairs.len() as f64 + 2.0;
        let centre = (gained - lost) / n;
        let half = Z * (((gained + lost) / n - centre * centre) / n).sqrt();
        Difference {
            interval: [(centre - half).max(-1.0), (centre + half).min(1.0)],
            ..Difference::of_means(pairs)
        }
    }

    /// Whether the interval leaves out zero: whether the sign of the difference is clear of chance.
    #[must_use]
    pub fn is_clear(&self) -> bool {
        self.interval[0] > 0.0 || self.interval[1] < 0.0
    }
}

/// Mean and variance of a sample, in two passes: exact where values are large and close.
struct Moments {
    mean: f64,
    variance: f64,
}

impl Moments {
    fn of(values: impl Iterator<Item = f64> + Clone) -> Moments {
        let n = values.clone().count() as f64;
        let mean = values.clone().sum::<f64>() / n;
        let squares: f64 = values.map(|value| (value - mean) * (value - mean)).sum();
        Moments { mean, variance: if n > 1.0 { squares / (n - 1.0) } else { 0.0 } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn pairing_takes_out_what_both_runs_share() {
        // The policy adds one to whatever the history would have been.
        let pairs: Vec<[f64; 2]> = (0..100).map(|i| [f64::from(i), f64::from(i) + 1.0]).collect();
        let difference = Difference::of_means(&pairs);
        assert_eq!((difference.difference, difference.variance_ratio), (1.0, Some(0.0)));
        assert_eq!(difference.interval, [1.0, 1.0]);
        assert!(difference.unpaired[0] < -5.0 && difference.unpaired[1] > 5.0);
    }

    #[test]
    fn a_difference_of_shares_agrees_with_a_worked_case() {
        // 1,600 pairs, 86 lost and 150 gained (the approval ratings of Agresti, Categorical Data Analysis, table 10.1;
        // recalled): Wald gives 0.040 ± 0.0187, and half a pair more in each cell changes the third digit at most.
        let mut pairs = vec![[0.0, 1.0]; 150];
        pairs.extend(vec![[1.0, 0.0]; 86]);
        pairs.extend(vec![[1.0, 1.0]; 794]);
        pairs.extend(vec![[0.0, 0.0]; 570]);
        let difference = Difference::of_shares(&pairs);
        assert!((difference.difference - 0.04).abs() < 1e-12);
        let half = (difference.interval[1] - difference.interval[0]) / 2.0;
        assert!((half - 0.0187).abs() < 1e-4, "{half}");
        assert!(difference.is_clear());
    }

    #[test]
    fn no_pair_differing_still_leaves_room() {
        let difference = Difference::of_shares(&[[1.0, 1.0]; 98]);
        assert_eq!((difference.difference, difference.variance_ratio), (0.0, None));
        assert!((difference.interval[1] - Z / 100.0).abs() < 1e-12 && !difference.is_clear());
    }

    #[test]
    fn one_pair_cannot_tell() {
        let difference = Difference::of_means(&[[1.0, 3.0]]);
        assert_eq!(difference.interval, [f64::NEG_INFINITY, f64::INFINITY]);
        assert!(!difference.is_clear());
    }

    proptest! {
        #[test]
        fn exchanging_baseline_and_policy_turns_the_difference_round(
            pairs in prop::collection::vec((-1e3f64..1e3, -1e3f64..1e3), 2..50),
        ) {
            let there: Vec<[f64; 2]> = pairs.iter().map(|(a, b)| [*a, *b]).collect();
            let back: Vec<[f64; 2]> = pairs.iter().map(|(a, b)| [*b, *a]).collect();
            let (there, back) = (Difference::of_means(&there), Difference::of_means(&back));
            prop_assert!((there.difference + back.difference).abs() < 1e-9);
            prop_assert!((there.interval[0] + back.interval[1]).abs() < 1e-9);
            // The variance of a difference is never more than twice the sum of variances.
            prop_assert!(there.variance_ratio.is_none_or(|ratio| (0.0..=2.0 + 1e-9).contains(&ratio)));
        }
    }
}
