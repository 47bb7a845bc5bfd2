//! Quantiles of samples, and the interval of a share estimated from a sample.

/// Two-sided 95 % point of the standard normal distribution.
pub(crate) const Z: f64 = 1.959_963_984_540_054;

/// The quantile at probability `p` (0 to 1) of values in ascending order, interpolated linearly between order
/// statistics (definition 7 of Hyndman and Fan 1996); NaN if there are no values.
#[must_use]
pub fn quantile(ascending: &[f64], p: f64) -> f64 {
    let Some(last) = ascending.len().checked_sub(1) else {
        return f64::NAN;
    };
    let at = p.clamp(0.0, 1.0) * last as f64;
    let below = at.floor() as usize;
    let above = (below + 1).min(last);
    let weight = at - below as f64;
    if weight == 0.0 {
        return ascending[below];
    }
    ascending[below] + weight * (ascending[above] - ascending[below])
}

/// The [`quantile`]s at some probabilities in ascending order, of values in any order; what order they are left in is
/// open. Faster than sorting them.
pub(crate) fn quantiles<const N: usize>(values: &mut [f32], probabilities: [f64; N]) -> [f64; N] {
    let Some(last) = values.len().checked_sub(1) else {
        return [f64::NAN; N];
    };
    // On most days of many series all histories are alike.
    if values.iter().all(|value| value.to_bits() == values[0].to_bits()) {
        return [f64::from(values[0]); N];
    }
    let mut found = probabilities;
    // From the highest on: each leaves to its left all that the lower ones need.
    let mut left = values;
    for p in found.iter_mut().rev() {
        let at = p.clamp(0.0, 1.0) * last as f64;
        let (below, weight) = (at.floor() as usize, at - at.floor());
        let upper = (below + usize::from(weight > 0.0)).min(last);
        let (lower, value, _) = left.select_nth_unstable_by(upper, f32::total_cmp);
        *p = f64::from(*value);
        if upper > below {
            let under = f64::from(lower.iter().copied().fold(f32::NEG_INFINITY, f32::max));
            *p = under + weight * (*p - under);
        }
        left = &mut left[..=upper];
    }
    found
}

/// The finite values of a sample, in ascending order.
#[must_use]
pub fn ascending(values: impl IntoIterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.into_iter().filter(|v| v.is_finite()).collect();
    values.sort_unstable_by(f64::total_cmp);
    values
}

/// The 95 % interval of a share seen `successes` times in `trials` (Wilson 1927); `[0, 1]` without trials.
#[must_use]
pub fn wilson_interval(successes: u64, trials: u64) -> [f64; 2] {
    if trials == 0 {
        return [0.0, 1.0];
    }
    share_interval(successes as f64 / trials as f64, trials as f64)
}

/// The same of a share that so many independent histories would tell as exactly, a number above 0.
pub(crate) fn share_interval(p: f64, n: f64) -> [f64; 2] {
    let centre = (p + Z * Z / (2.0 * n)) / (1.0 + Z * Z / n);
    let half = Z / (1.0 + Z * Z / n) * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    // At the ends the formula gives 0 and 1 exactly but for rounding.
    let low = if p == 0.0 { 0.0 } else { centre - half };
    let high = if p == 1.0 { 1.0 } else { centre + half };
    [low.max(0.0), high.min(1.0)]
}

/// The 95 % interval of a median, from values in ascending order: the order statistics about 1.96 standard deviations of
/// a binomial(n, ½) from the middle (David and Nagaraja 2003, section 7.1; recalled), which needs nothing of the values'
/// distribution. Both NaN without values.
#[must_use]
pub fn median_interval(ascending: &[f64]) -> [f64; 2] {
    median_interval_worth(ascending, ascending.len() as f64)
}

/// The same of values that tell a share as exactly as `worth` independent ones, a number above 0 (Woodruff 1952;
/// recalled).
pub(crate) fn median_interval_worth(ascending: &[f64], worth: f64) -> [f64; 2] {
    let n = ascending.len();
    if n == 0 {
        return [f64::NAN; 2];
    }
    let half = 0.5 * Z * n as f64 / worth.sqrt();
    // Ranks count from one, positions from nought.
    let low = ((n as f64 / 2.0 - half).floor() - 1.0).max(0.0) as usize;
    [ascending[low], ascending[n - 1 - low]]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_median_of_an_even_number_lies_between_the_middle_two() {
        assert_eq!(quantile(&[1.0, 2.0, 4.0, 10.0], 0.5), 3.0);
        assert_eq!(quantile(&[7.0], 0.9), 7.0);
        assert!(quantile(&[], 0.5).is_nan());
    }

    #[test]
    fn wilson_agrees_with_a_textbook_case() {
        // 81 of 263: 0.2553 to 0.3662 (Newcombe 1998, table I, method 3; recalled).
        let [low, high] = wilson_interval(81, 263);
        assert!((low - 0.2553).abs() < 5e-5 && (high - 0.3662).abs() < 5e-5);
    }

    #[test]
    fn nothing_seen_still_leaves_room() {
        let [low, high] = wilson_interval(0, 100);
        assert_eq!(low, 0.0);
        assert!(high > 0.03 && high < 0.04);
    }

    #[test]
    fn the_interval_of_a_median_is_that_of_the_sign_test() {
        // 100 values: the 40th and the 61st, which hold the median with 96.5 % (the 41st and 60th with 94.3 %).
        let values: Vec<f64> = (1..=100).map(f64::from).collect();
        assert_eq!(median_interval(&values), [40.0, 61.0]);
        assert_eq!(median_interval(&[5.0]), [5.0, 5.0]);
    }

    proptest! {
        #[test]
        fn quantiles_of_a_heap_are_those_of_the_sorted_list(
            mut values in prop::collection::vec(-9.0f32..9.0, 0..60), twice in 0usize..9,
        ) {
            let again: Vec<f32> = values.iter().take(twice).copied().collect();
            values.extend(again);
            let sorted = ascending(values.iter().copied().map(f64::from));
            let wanted = [0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0];
            let found = quantiles(&mut values, wanted).map(f64::to_bits);
            prop_assert_eq!(found, wanted.map(|p| quantile(&sorted, p).to_bits()));
        }

        #[test]
        fn quantiles_never_fall_as_the_probability_rises(
            values in prop::collection::vec(-1e6f64..1e6, 1..50), a in 0.0f64..1.0, b in 0.0f64..1.0,
        ) {
            let values = ascending(values);
            prop_assert!(quantile(&values, a.min(b)) <= quantile(&values, a.max(b)));
        }
    }
}
