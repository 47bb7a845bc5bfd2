//! The continuous ranked probability score of an ensemble.

/// The score of an ensemble, in ascending order, against what was observed: the mean distance of its members from the
/// observation, less half the mean distance between two members (Gneiting and Raftery 2007, equation 21; Hersbach 2000).
/// In the unit of the values; 0 is perfect; NaN without members.
///
/// This is the score of the ensemble's own distribution, exact, in one pass over the ordered members: the sum of
/// distances between all pairs is Σ (2i − m − 1)·xᵢ.
#[must_use]
pub fn crps(ascending: &[f64], observed: f64) -> f64 {
    if ascending.is_empty() {
        return f64::NAN;
    }
    let m = ascending.len() as f64;
    let mut distance = 0.0;
    let mut spread = 0.0;
    for (at, value) in ascending.iter().enumerate() {
        distance += (value - observed).abs();
        // Offsets from the observation keep the sum exact where values are large and close.
        spread += (2.0 * at as f64 + 1.0 - m) * (value - observed);
    }
    // Never negative but for rounding.
    (distance / m - spread / (m * m)).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_single_member_scores_its_distance() {
        assert_eq!(crps(&[3.0], 5.0), 2.0);
        assert_eq!(crps(&[5.0, 5.0, 5.0], 5.0), 0.0);
        assert!(crps(&[], 5.0).is_nan());
    }

    proptest! {
        #[test]
        fn the_ordered_formula_equals_the_double_sum(
            mut members in prop::collection::vec(-1e3f64..1e3, 1..60), observed in -1e3f64..1e3,
        ) {
            members.sort_by(f64::total_cmp);
            let m = members.len() as f64;
            let distance: f64 = members.iter().map(|x| (x - observed).abs()).sum::<f64>() / m;
            let pairs: f64 = members.iter().flat_map(|x| members.iter().map(move |y| (x - y).abs())).sum();
            let direct = distance - pairs / (2.0 * m * m);
            prop_assert!((crps(&members, observed) - direct).abs() < 1e-9 * (1.0 + direct.abs()));
        }

        #[test]
        fn it_is_the_integrated_squared_difference_of_distribution_functions(
            mut members in prop::collection::vec(-10i32..10, 1..12), observed in -10i32..10,
        ) {
            members.sort_unstable();
            // On whole numbers both distribution functions are constant between neighbours.
            let integral: f64 = (-11..11).map(|x| {
                let share = members.iter().filter(|m| **m <= x).count() as f64 / members.len() as f64;
                let step = if observed <= x { 1.0 } else { 0.0 };
                (share - step) * (share - step)
            }).sum();
            let members: Vec<f64> = members.into_iter().map(f64::from).collect();
            prop_assert!((crps(&members, f64::from(observed)) - integral).abs() < 1e-9);
        }
    }
}
