//! Weighted least squares of anything on the gaps between outcomes and record.

/// By Gram–Schmidt: directions of one weighted length, each a mixture of the gaps, at right angles to a constant and to each
/// other. A gap that is the same in every row, or that the others already tell, has no direction.
pub(super) struct Regression {
    /// For each direction its value in each row, measured from the weighted mean.
    directions: Vec<Vec<f64>>,
    /// For each direction its value in each row as the gaps make it, so that it is 0 where there are none.
    from_record: Vec<Vec<f64>>,
}

impl Regression {
    pub fn new(gaps: &[Vec<f64>], weights: &[f64]) -> Regression {
        let mut regression = Regression { directions: Vec::new(), from_record: Vec::new() };
        for gap in gaps {
            let mut from_record = gap.clone();
            let mean = weighted_mean(gap, weights);
            let mut centred: Vec<f64> = gap.iter().map(|value| value - mean).collect();
            let before = product(&centred, &centred, weights);
            // Twice, since once leaves rounding of near-parallel gaps in.
            for _ in 0..2 {
                for (direction, whole) in regression.directions.iter().zip(&regression.from_record) {
                    let along = product(&centred, direction, weights);
                    take_away(&mut centred, along, direction);
                    take_away(&mut from_record, along, whole);
                }
            }
            let length = product(&centred, &centred, weights);
            // What is left of a constant after its mean is rounding, and so is what is left of a gap that others tell.
            let whole = product(gap, gap, weights);
            if length > 1e-12 * before && before > 1e-20 * whole {
                let scale = 1.0 / length.sqrt();
                regression.directions.push(centred.iter().map(|value| value * scale).collect());
                regression.from_record.push(from_record.iter().map(|value| value * scale).collect());
            }
        }
        regression
    }

    /// Values less what their regression says of the gaps.
    pub fn without_gaps(&self, values: &[f64], weights: &[f64]) -> Vec<f64> {
        let mut moved = values.to_vec();
        for (direction, whole) in self.directions.iter().zip(&self.from_record) {
            take_away(&mut moved, product(values, direction, weights), whole);
        }
        moved
    }
}

fn weighted_mean(values: &[f64], weights: &[f64]) -> f64 {
    let sum: f64 = values.iter().zip(weights).map(|(value, weight)| value * weight).sum();
    sum / weights.iter().sum::<f64>()
}

fn product(a: &[f64], b: &[f64], weights: &[f64]) -> f64 {
    a.iter().zip(b).zip(weights).map(|((a, b), weight)| a * b * weight).sum()
}

fn take_away(from: &mut [f64], times: f64, what: &[f64]) {
    for (value, what) in from.iter_mut().zip(what) {
        *value -= times * what;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gap(a: f64, b: f64) -> Vec<f64> {
        (0..40).map(|row| (a * f64::from(row)).sin() + b).collect()
    }

    fn weights() -> Vec<f64> {
        (0..40).map(|row| f64::from(row % 7)).collect()
    }

    #[test]
    fn what_follows_from_gaps_alone_is_moved_to_one_value_also_where_gaps_repeat_each_other() {
        let (one, other) = (gap(1.0, 0.3), gap(2.6, -0.8));
        let both: Vec<f64> = one.iter().zip(&other).map(|(a, b)| 5.0 * a - b).collect();
        let values: Vec<f64> = one.iter().zip(&other).map(|(a, b)| 3.0 + 2.0 * a - b).collect();
        let regression = Regression::new(&[one, both, other], &weights());
        assert_eq!(regression.directions.len(), 2);
        for value in regression.without_gaps(&values, &weights()) {
            assert!((value - 3.0).abs() < 1e-12, "{value}");
        }
    }

    #[test]
    fn a_gap_that_is_the_same_everywhere_moves_nothing() {
        // Means of some of these miss them by a rounding.
        for gap in [-0.1, 0.4, -3.0, 5.0, 1e-7, 7e9] {
            let values: Vec<f64> = (0..40).map(|row| f64::from(row * 7919 % 101)).collect();
            let regression = Regression::new(&[vec![gap; 40]], &weights());
            assert_eq!(regression.without_gaps(&values, &weights()), values, "{gap}");
        }
    }
}
