//! Weighted samples: quantiles, moments, how far from an unweighted one, and draws that stand for them.

use equipoise_models::noise::{Noise, Stream};

const ORDER: Stream = Stream::named("order of draws");

/// Values with weights above 0, in ascending order.
pub(super) struct Weighted {
    pairs: Vec<(f64, f64)>,
    total: f64,
}

impl Weighted {
    pub fn new(values: &[f64], weights: &[f64]) -> Weighted {
        let mut pairs: Vec<(f64, f64)> = values.iter().copied().zip(weights.iter().copied()).collect();
        pairs.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        Weighted { pairs, total: weights.iter().sum() }
    }

    /// The quantile at a probability: each value stands at the middle of its weight, linear in between (definition 5 of
    /// Hyndman and Fan 1996, for weights).
    pub fn quantile(&self, p: f64) -> f64 {
        let wanted = p * self.total;
        let (mut below, mut before) = (0.0, None);
        for (value, weight) in &self.pairs {
            let here = below + weight / 2.0;
            if here >= wanted {
                let Some((at, low)) = before else { return *value };
                return low + (value - low) * (wanted - at) / (here - at);
            }
            below += weight;
            before = Some((here, *value));
        }
        before.map_or(f64::NAN, |(_, value)| value)
    }

    pub fn mean(&self) -> f64 {
        self.pairs.iter().map(|(value, weight)| value * weight).sum::<f64>() / self.total
    }

    /// The largest difference between the distribution functions of this and of a sample in ascending order.
    pub fn distance(&self, other: &[f64]) -> f64 {
        let (mut at, mut of_other, mut below, mut largest) = (0, 0, 0.0, 0.0f64);
        while at < self.pairs.len() && of_other < other.len() {
            let next = self.pairs[at].0.min(other[of_other]);
            while at < self.pairs.len() && self.pairs[at].0 <= next {
                below += self.pairs[at].1;
                at += 1;
            }
            while of_other < other.len() && other[of_other] <= next {
                of_other += 1;
            }
            largest = largest.max((below / self.total - of_other as f64 / other.len() as f64).abs());
        }
        largest
    }
}

/// So many draws from weighted rows: each as often as its weight says, but for less than one (systematic resampling). Rows
/// are gone through in an order without meaning, lest what is left over fall on every third one.
pub(super) fn draws(weights: &[f64], count: usize) -> Vec<usize> {
    let step = weights.iter().sum::<f64>() / count as f64;
    let mut order: Vec<usize> = (0..weights.len()).collect();
    let key = |place: &usize| (Noise::new(0, *place as u64).uniform(ORDER, 0, 0, 0) * 2f64.powi(53)) as u64;
    order.sort_by_cached_key(key);
    let (mut at, mut sum) = (0, weights[order[0]]);
    let next = |draw: usize| {
        while sum <= (draw as f64 + 0.5) * step && at + 1 < order.len() {
            at += 1;
            sum += weights[order[at]];
        }
        order[at]
    };
    (0..count).map(next).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_weight_of_two_is_two_values_of_weight_one() {
        let (values, weights) = ([3.0, 1.0, 4.0, 1.5, 9.0], [1.0, 2.0, 1.0, 3.0, 2.0]);
        let repeated: Vec<f64> = values.iter().zip(weights).flat_map(|(v, w)| vec![*v; w as usize]).collect();
        let (one, other) = (Weighted::new(&values, &weights), Weighted::new(&repeated, &[1.0; 9]));
        assert!((one.mean() - other.mean()).abs() < 1e-12);
        let sample = [0.0, 1.2, 1.5, 3.5];
        assert!((one.distance(&sample) - other.distance(&sample)).abs() < 1e-12);
        // Between two values all that stands at one of them is drawn together to its middle.
        assert_eq!([one.quantile(0.0), one.quantile(1.0)], [1.0, 9.0]);
        assert_eq!(Weighted::new(&[1.0, 2.0, 3.0, 4.0], &[1.0; 4]).quantile(0.5), 2.5);
        let counts = draws(&weights, 900).iter().fold([0; 5], |mut counts, at| {
            counts[*at] += 1;
            counts
        });
        assert_eq!(counts, [100, 200, 100, 300, 200]);
    }

    #[test]
    fn equal_samples_have_no_distance_and_disjoint_ones_all() {
        let ones = [1.0; 3];
        assert_eq!(Weighted::new(&[2.0, 1.0, 2.0], &ones).distance(&[1.0, 2.0, 2.0]), 0.0);
        assert_eq!(Weighted::new(&[1.0, 2.0, 2.5], &ones).distance(&[3.0, 4.0]), 1.0);
    }
}
