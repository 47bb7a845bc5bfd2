//! Quantiles of a series day by day, from as many histories as fit in bounded memory.

use rayon::prelude::*;

/// Most histories a fan is drawn from.
const MOST_HISTORIES: usize = 20_000;
/// Most values held at once (128 MiB).
const MOST_VALUES: usize = 1 << 25;

/// Days whose values are gathered in one pass.
const DAYS_TOGETHER: usize = 16;

/// Daily quantiles of a series.
#[derive(Debug, Clone, PartialEq)]
pub struct Fan {
    /// Histories it is drawn from.
    pub histories: u64,
    /// Probabilities of the quantiles.
    pub probabilities: Vec<f64>,
    /// For each day, one value per probability; NaN if no history counts.
    pub days: Vec<Vec<f64>>,
}

/// Values of the histories taken so far.
pub(super) struct Sample {
    days: usize,
    seen: usize,
    most: usize,
    values: Vec<f32>,
}

impl Sample {
    pub(super) fn new(days: u32) -> Sample {
        let days = days as usize;
        Sample {
            days,
            seen: 0,
            most: (MOST_VALUES / days.max(1)).clamp(1, MOST_HISTORIES),
            values: Vec::new(),
        }
    }

    pub(super) fn is_full(&self) -> bool {
        self.seen >= self.most
    }

    /// Takes the histories that `count` (asked with the place in this group) and that still fit.
    pub(super) fn take(&mut self, group: &[f32], counts: impl Fn(usize) -> bool) {
        for (at, history) in group.chunks_exact(self.days.max(1)).enumerate() {
            if self.is_full() {
                return;
            }
            self.seen += 1;
            if counts(at) {
                self.values.extend_from_slice(history);
            }
        }
    }

    pub(super) fn quantiles(&self, probabilities: &[f64]) -> Fan {
        // Several days at a time, so that what a history holds side by side is read together.
        let begins: Vec<usize> = (0..self.days).step_by(DAYS_TOGETHER).collect();
        let days = begins.into_par_iter().map_init(
            || vec![Vec::new(); DAYS_TOGETHER],
            |columns, begin| {
                let end = (begin + DAYS_TOGETHER).min(self.days);
                columns.iter_mut().for_each(Vec::clear);
                for history in self.values.chunks_exact(self.days) {
                    for (column, &value) in columns.iter_mut().zip(&history[begin..end]) {
                        if value.is_finite() {
                            column.push(value);
                        }
                    }
                }
                let columns = columns[..end - begin].iter_mut();
                columns.map(|column| quantiles_of(column, probabilities)).collect::<Vec<_>>()
            },
        );
        let days = days.flatten_iter().collect();
        Fan {
            histories: (self.values.len() / self.days.max(1)) as u64,
            probabilities: probabilities.to_vec(),
            days,
        }
    }
}

/// The quantiles that [`crate::quantile::quantile`] gives, found without putting all values in order.
fn quantiles_of(values: &mut [f32], probabilities: &[f64]) -> Vec<f64> {
    let Some(last) = values.len().checked_sub(1) else { return vec![f64::NAN; probabilities.len()] };
    // Nothing before this place is larger than anything from it on.
    let mut apart = 0;
    let mut find = |p: &f64| {
        let at = p.clamp(0.0, 1.0) * last as f64;
        let below = at.floor() as usize;
        let begin = if below < apart { 0 } else { apart };
        let (_, value, larger) = values[begin..].select_nth_unstable_by(below - begin, f32::total_cmp);
        apart = below;
        let value = f64::from(*value);
        let next = larger.iter().copied().min_by(f32::total_cmp).map_or(value, f64::from);
        value + (at - below as f64) * (next - value)
    };
    probabilities.iter().map(&mut find).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::quantile::{ascending, quantile};

    proptest! {
        #[test]
        fn quantiles_are_those_of_the_values_in_order(
            values in prop::collection::vec(-10.0..10.0f32, 0..40),
            probabilities in prop::collection::vec(0.0..=1.0f64, 1..6),
        ) {
            let sorted = ascending(values.iter().copied().map(f64::from));
            let wanted: Vec<f64> = probabilities.iter().map(|p| quantile(&sorted, *p)).collect();
            let found = quantiles_of(&mut values.clone(), &probabilities);
            let same = |(a, b): (&f64, &f64)| a == b || (a.is_nan() && b.is_nan());
            prop_assert!(found.iter().zip(&wanted).all(same), "{found:?} instead of {wanted:?}");
        }

        #[test]
        fn every_day_has_the_quantiles_of_its_own_values(days in 1usize..70, histories in 1usize..5) {
            let mut sample = Sample::new(days as u32);
            let group: Vec<f32> = (0..days * histories).map(|at| ((at * 7919) % 1000) as f32).collect();
            sample.take(&group, |_| true);
            let fan = sample.quantiles(&[0.0, 0.5, 1.0]);
            for (day, found) in fan.days.iter().enumerate() {
                let values = ascending(group.iter().skip(day).step_by(days).copied().map(f64::from));
                let wanted: Vec<f64> = [0.0, 0.5, 1.0].iter().map(|p| quantile(&values, *p)).collect();
                prop_assert_eq!(found, &wanted);
            }
        }
    }
}
