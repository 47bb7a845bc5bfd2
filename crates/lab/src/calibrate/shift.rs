//! What the record changed: each parameter before and after, and each account's credence.

use equipoise_scenario::Scenario;
use equipoise_scenario::scenario::Basis;

use super::PosteriorParticle;
use crate::quantile::{ascending, quantile};

/// How far a parameter moved.
#[derive(Debug, Clone, PartialEq)]
pub struct Shift {
    /// The parameter (an index).
    pub parameter: usize,
    /// Whether it rests on evidence, not on an assumption.
    pub evidenced: bool,
    /// 5 %, 50 % and 95 % quantiles before.
    pub prior: [f64; 3],
    /// The same after.
    pub posterior: [f64; 3],
    /// Change of the mean in standard deviations of the prior; 0 where the prior has none.
    pub standardised: f64,
    /// Largest difference between the two distribution functions (Kolmogorov–Smirnov), 0 to 1.
    pub distance: f64,
    /// Evidence and record disagree: an evidenced parameter whose distance is at least [`FLAGGED`].
    pub flagged: bool,
}

/// Distance from which a shift away from evidence is flagged: a judgement of ours, above what chance gives
/// populations of a few hundred (about 0.1).
pub const FLAGGED: f64 = 0.25;

/// Every parameter's shift, the largest distance first.
#[must_use]
pub fn shifts(
    scenario: &Scenario,
    prior: &[PosteriorParticle],
    posterior: &[PosteriorParticle],
) -> Vec<Shift> {
    let column = |particles: &[PosteriorParticle], at: usize| {
        ascending(particles.iter().map(|particle| particle.parameters[at]))
    };
    let quantiles = |values: &[f64]| [0.05, 0.5, 0.95].map(|p| quantile(values, p));
    let mut shifts: Vec<Shift> = scenario
        .parameters
        .iter()
        .enumerate()
        .map(|(at, parameter)| {
            let (before, after) = (column(prior, at), column(posterior, at));
            let ([from, sd], [to, _]) = (mean_and_sd(&before), mean_and_sd(&after));
            let distance = kolmogorov_smirnov(&before, &after);
            let evidenced = matches!(parameter.basis, Basis::Evidenced { .. });
            Shift {
                parameter: at,
                evidenced,
                prior: quantiles(&before),
                posterior: quantiles(&after),
                standardised: if sd > 0.0 { (to - from) / sd } else { 0.0 },
                distance,
                flagged: evidenced && distance >= FLAGGED,
            }
        })
        .collect();
    shifts.sort_by(|a, b| b.distance.total_cmp(&a.distance));
    shifts
}

/// The share of particles on each account.
#[must_use]
pub fn credences(scenario: &Scenario, particles: &[PosteriorParticle]) -> Vec<f64> {
    let share = |account| {
        let count = particles.iter().filter(|particle| particle.account == account).count();
        count as f64 / particles.len().max(1) as f64
    };
    (0..scenario.evidence.accounts.len()).map(share).collect()
}

/// Mean and standard deviation; 0 where all are the same.
pub(super) fn mean_and_sd(values: &[f64]) -> [f64; 2] {
    if let Some(first) = values.first().filter(|first| values.iter().all(|value| value == *first)) {
        return [*first, 0.0];
    }
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    [mean, (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / n).sqrt()]
}

/// The largest difference between the distribution functions of two samples in ascending order.
fn kolmogorov_smirnov(a: &[f64], b: &[f64]) -> f64 {
    let (mut i, mut j, mut largest) = (0, 0, 0.0f64);
    while i < a.len() && j < b.len() {
        let next = a[i].min(b[j]);
        while i < a.len() && a[i] <= next {
            i += 1;
        }
        while j < b.len() && b[j] <= next {
            j += 1;
        }
        largest = largest.max((i as f64 / a.len() as f64 - j as f64 / b.len() as f64).abs());
    }
    largest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_samples_have_no_distance_and_disjoint_ones_all() {
        assert_eq!(kolmogorov_smirnov(&[1.0, 2.0, 2.0], &[1.0, 2.0, 2.0]), 0.0);
        assert_eq!(kolmogorov_smirnov(&[1.0, 2.0], &[3.0, 4.0]), 1.0);
        assert_eq!(kolmogorov_smirnov(&[1.0, 2.0, 3.0, 4.0], &[3.0, 4.0, 5.0, 6.0]), 0.5);
    }
}
