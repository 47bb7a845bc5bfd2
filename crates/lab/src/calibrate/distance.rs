//! How far a simulated history lies from the record: one number from many rows.

use crate::quantile::{ascending, quantile};

/// A row to fit: the interval the record leaves open, in the row's own numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Target {
    /// The interval; an open end is infinite. A yes/no is `[1, 1]` or `[0, 0]`.
    pub interval: [f64; 2],
    /// The smallest scale the row's distance is measured in: half for a yes/no, half a day for a date, 0 for a number.
    pub least_scale: f64,
}

/// The distance between a history and the record: the mean over the fitted rows of |value − interval| in scales of the
/// row's own prior spread. An absolute (L1) mean, so that one row the model cannot reach does not outvote the others.
///
/// The scale is 1.4826 times the median absolute deviation of the prior histories, as usual for adaptive distances
/// (Prangle 2017, in the weighted L1 form); where that is 0 (most histories say the same) the standard deviation, and
/// never less than the target's `least_scale`. A history without a value, such as a date that never comes, is as far as
/// the farthest prior history.
#[derive(Debug, Clone)]
pub struct Distance {
    rows: Vec<Row>,
}

#[derive(Debug, Clone)]
struct Row {
    at: usize,
    interval: [f64; 2],
    scale: f64,
    missing: f64,
}

impl Distance {
    /// Takes the scales from prior histories: one slice of values per history, one value per row, NaN where there is
    /// none. Rows without a target are not fitted.
    #[must_use]
    pub fn new(targets: &[Option<Target>], prior: &[Vec<f64>]) -> Distance {
        let rows = targets.iter().enumerate().filter_map(|(at, target)| {
            let Target { interval, least_scale } = (*target)?;
            let present = ascending(prior.iter().map(|values| values[at]));
            let scale = spread(&present).max(least_scale);
            let farthest = present.iter().map(|value| gap(*value, interval)).fold(0.0, f64::max);
            // Without any spread the unit is the gap itself: the row can tell nothing but hit or miss.
            let scale = if scale > 0.0 { scale } else { farthest };
            let scale = if scale > 0.0 { scale } else { 1.0 };
            let missing = if farthest > 0.0 { farthest / scale } else { 1.0 };
            Some(Row { at, interval, scale, missing })
        });
        Distance { rows: rows.collect() }
    }

    /// Number of rows that are fitted.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows.len()
    }

    /// The distance of a history with these values; 0 where every fitted row lies in its interval.
    #[must_use]
    pub fn of(&self, values: &[f64]) -> f64 {
        let sum: f64 = self
            .rows
            .iter()
            .map(|row| match values[row.at] {
                value if value.is_finite() => gap(value, row.interval) / row.scale,
                _ => row.missing,
            })
            .sum();
        sum / self.rows.len().max(1) as f64
    }
}

fn gap(value: f64, [low, high]: [f64; 2]) -> f64 {
    (low - value).max(value - high).max(0.0)
}

/// A robust standard deviation of values in ascending order; 0 where they are all the same.
fn spread(present: &[f64]) -> f64 {
    let middle = quantile(present, 0.5);
    let deviation = quantile(&ascending(present.iter().map(|value| (value - middle).abs())), 0.5);
    // Values that differ by rounding alone are the same.
    let rounding = 1e-12 * present.first().map_or(0.0, |low| low.abs().max(present[present.len() - 1].abs()));
    if deviation > rounding {
        return 1.4826 * deviation;
    }
    let n = present.len() as f64;
    let mean = present.iter().sum::<f64>() / n;
    let variance = present.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / n;
    // No values at all give NaN here.
    if variance.sqrt() > rounding { variance.sqrt() } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(low: f64, high: f64) -> Option<Target> {
        Some(Target { interval: [low, high], least_scale: 0.0 })
    }

    fn column(values: &[f64]) -> Vec<Vec<f64>> {
        values.iter().map(|value| vec![*value]).collect()
    }

    #[test]
    fn inside_the_record_the_distance_is_nothing() {
        let distance = Distance::new(&[target(2.0, 3.0)], &column(&[0.0, 1.0, 2.0, 9.0]));
        assert_eq!(distance.of(&[2.5]), 0.0);
        assert!(distance.of(&[4.0]) > 0.0);
        assert_eq!(distance.of(&[1.0]), distance.of(&[4.0]));
    }

    #[test]
    fn units_do_not_matter() {
        let days = Distance::new(&[target(2.0, 2.0)], &column(&[0.0, 1.0, 4.0, 9.0]));
        let hours = Distance::new(&[target(48.0, 48.0)], &column(&[0.0, 24.0, 96.0, 216.0]));
        assert!((days.of(&[7.0]) - hours.of(&[168.0])).abs() < 1e-12);
    }

    #[test]
    fn what_never_comes_is_as_far_as_the_farthest_that_came() {
        let distance = Distance::new(&[target(0.0, 0.0)], &column(&[0.0, 1.0, 2.0, f64::NAN]));
        assert_eq!(distance.of(&[f64::NAN]), distance.of(&[2.0]));
    }

    #[test]
    fn rows_without_a_target_do_not_count() {
        let distance = Distance::new(&[None, target(1.0, 1.0)], &[vec![0.0, 0.0], vec![5.0, 2.0]]);
        assert_eq!(distance.rows(), 1);
        assert_eq!(distance.of(&[99.0, 1.0]), 0.0);
    }

    #[test]
    fn a_row_on_which_all_histories_agree_still_has_a_scale() {
        let never = Distance::new(&[target(1.0, 1.0)], &column(&[0.0, 0.0]));
        assert_eq!(never.of(&[0.0]), 1.0);
        let always = Distance::new(&[target(0.0, 0.0)], &column(&[0.0, 0.0]));
        assert_eq!(always.of(&[0.0]), 0.0);
        let nothing = Distance::new(&[target(0.0, 0.0)], &column(&[f64::NAN, f64::NAN]));
        assert_eq!(nothing.of(&[f64::NAN]), 1.0);
    }
}
