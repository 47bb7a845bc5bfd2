//! Drawing a value from the claims an account trusts.

use super::{Pool, PoolPart};

impl Pool {
    /// Pools claims by their weights, which need not sum to one yet.
    ///
    /// Parts are ordered by the middle of their intervals, so that a larger `u` in [`Pool::draw`] means a larger
    /// value as far as intervals do not overlap. Claims of weight zero are left out.
    pub fn new(parts: impl IntoIterator<Item = PoolPart>) -> Pool {
        let mut parts: Vec<PoolPart> = parts.into_iter().filter(|part| part.weight > 0.0).collect();
        let sum: f64 = parts.iter().map(|part| part.weight).sum();
        for part in &mut parts {
            part.weight /= sum;
        }
        parts.sort_by(|a, b| {
            let middle = |part: &PoolPart| f64::midpoint(part.interval[0], part.interval[1]);
            middle(a).total_cmp(&middle(b)).then(a.claim.cmp(&b.claim))
        });
        Pool { parts }
    }

    /// The value at `u`, from 0 to 1: `u` picks the claim by cumulated weight, and what is left of `u` is the position
    /// inside that claim's interval. For yes/no the value is 1 with the pooled probability, else 0.
    ///
    /// This is the quantile form of a linear opinion pool (Stone 1961) of uniform densities, except that overlapping
    /// intervals are not merged; the form is this project's own. An empty pool gives 0; loading never makes one.
    pub fn draw(&self, u: f64) -> f64 {
        let mut below = 0.0;
        for (i, part) in self.parts.iter().enumerate() {
            // Rounding may leave the cumulated weights a hair under one: the last part takes the rest.
            if u < below + part.weight || i + 1 == self.parts.len() {
                let position = ((u - below) / part.weight).clamp(0.0, 1.0);
                let [low, high] = part.interval;
                return (low + (high - low) * position).clamp(low, high);
            }
            below += part.weight;
        }
        0.0
    }

    /// Mean of the pool: for yes/no the pooled probability.
    pub fn mean(&self) -> f64 {
        self.parts.iter().map(|part| part.weight * f64::midpoint(part.interval[0], part.interval[1])).sum()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn pools() -> impl Strategy<Value = Pool> {
        prop::collection::vec((0.01..1.0, -100.0..100.0, 0.0..50.0), 1..8).prop_map(|parts| {
            Pool::new(parts.into_iter().enumerate().map(|(claim, (weight, low, width))| PoolPart {
                claim,
                weight,
                interval: [low, low + width],
            }))
        })
    }

    proptest! {
        #[test]
        fn a_draw_lies_in_the_interval_of_the_claim_it_picked_and_rises_with_u(pool in pools(), u in 0.0..1.0, v in 0.0..1.0) {
            let pick = |u: f64| {
                let mut below = 0.0;
                pool.parts.iter().position(|part| { below += part.weight; u < below }).unwrap_or(pool.parts.len() - 1)
            };
            let part = &pool.parts[pick(u)];
            prop_assert!((part.interval[0]..=part.interval[1]).contains(&pool.draw(u)));
            if pick(u) == pick(v) && u <= v {
                prop_assert!(pool.draw(u) <= pool.draw(v));
            }
        }

        #[test]
        fn claims_are_picked_as_often_as_they_weigh(weights in prop::collection::vec(0.05..1.0, 1..6)) {
            let pool = Pool::new(weights.iter().enumerate().map(|(claim, weight)| PoolPart {
                claim, weight: *weight, interval: [claim as f64; 2],
            }));
            let sum: f64 = weights.iter().sum();
            let draws: Vec<f64> = (0..10_000).map(|i| pool.draw((f64::from(i) + 0.5) / 10_000.0)).collect();
            for (claim, weight) in weights.iter().enumerate() {
                let share = draws.iter().filter(|draw| **draw == claim as f64).count() as f64 / 10_000.0;
                prop_assert!((share - weight / sum).abs() < 2e-4);
            }
        }
    }

    #[test]
    fn yes_comes_with_its_pooled_probability() {
        let part = |claim, weight, answer: f64| PoolPart { claim, weight, interval: [answer; 2] };
        let pool = Pool::new([part(0, 1.0, 1.0), part(1, 0.5, 0.0), part(2, 0.5, 0.0), part(3, 0.0, 1.0)]);
        assert_eq!(pool.parts.len(), 3);
        assert_eq!(pool.mean(), 0.5);
        assert_eq!(
            (pool.draw(0.0), pool.draw(0.499), pool.draw(0.501), pool.draw(1.0)),
            (0.0, 0.0, 1.0, 1.0)
        );
    }
}
