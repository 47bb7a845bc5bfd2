//! Quantiles of a series day by day, from as many histories as fit in bounded memory.

use crate::quantile::quantile;

/// Most histories a fan is drawn from.
const MOST_HISTORIES: usize = 20_000;
/// Most values held at once (128 MiB).
const MOST_VALUES: usize = 1 << 25;

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
        let mut column = Vec::new();
        let days = (0..self.days).map(|day| {
            column.clear();
            let values = self.values.iter().skip(day).step_by(self.days);
            column.extend(values.map(|value| f64::from(*value)).filter(|value| value.is_finite()));
            column.sort_unstable_by(f64::total_cmp);
            probabilities.iter().map(|p| quantile(&column, *p)).collect()
        });
        let days = days.collect();
        Fan {
            histories: (self.values.len() / self.days.max(1)) as u64,
            probabilities: probabilities.to_vec(),
            days,
        }
    }
}
