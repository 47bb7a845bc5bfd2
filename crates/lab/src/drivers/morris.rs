//! Morris's method: elementary effects along trajectories, their mean, mean size and spread.
//!
//! Morris (1991); μ* after Campolongo, Cariboni and Saltelli (2007). An elementary effect is the change of the outcome
//! over a step of one factor, divided by the length of the step as a share of the factor's range, and counted in the
//! direction in which the factor rises. Intervals: ± z times the spread over bootstrapped trajectories; trajectories
//! are drawn for all factors at once.

use super::resample::spread;
use super::{Estimate, Resampling, Unanswerable, check_outcome};

/// The fewest trajectories answered for, as many as Morris (1991) took.
pub const FEWEST: usize = 4;

/// What the effects of one factor look like.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Effects {
    /// Their mean, μ.
    pub mean: Estimate,
    /// The mean of their sizes, μ*.
    pub size: Estimate,
    /// Their standard deviation, σ: large beside μ* where the factor does not act in a straight line, or not alone.
    pub spread: Estimate,
}

/// The step of each factor in each trajectory: the row (from 0, of all rows) after which it moves, and by how much of
/// its range (negative where it falls).
pub type Steps = Vec<Vec<(usize, f64)>>;

/// Elementary effects of factors whose steps are known, `steps[trajectory][factor]`.
///
/// # Errors
/// The outcome lacks values or is constant, or there are fewer than [`FEWEST`] trajectories.
pub fn morris(outcome: &[f64], steps: &Steps, resampling: &Resampling) -> Result<Vec<Effects>, Unanswerable> {
    let factors = steps.first().map_or(0, Vec::len);
    if steps.len() < FEWEST {
        return Err(Unanswerable::TooFew {
            rows: outcome.len(),
            needed: FEWEST * (factors + 1),
            why: format!("{FEWEST} trajectories of {} rows", factors + 1),
        });
    }
    let outcome = &outcome[..(steps.len() * (factors + 1)).min(outcome.len())];
    check_outcome(outcome)?;
    let effect = |(row, step): (usize, f64)| (outcome[row + 1] - outcome[row]) / step;
    let mut columns = Vec::with_capacity(3 * factors);
    for factor in 0..factors {
        let effects: Vec<f64> = steps.iter().map(|steps| effect(steps[factor])).collect();
        columns.push(effects.iter().map(|effect| effect.abs()).collect());
        columns.push(effects.iter().map(|effect| effect * effect).collect());
        columns.push(effects);
    }
    let n = steps.len() as f64;
    let resampled = resampling.sums(&columns);
    let estimate = |value: f64, statistic: &dyn Fn(&[f64]) -> f64| {
        Estimate::normal(value, spread(resampled.iter().map(|sums| statistic(sums))), resampling.confidence)
    };
    let deviation = |sums: &[f64], factor: usize| {
        let mean = sums[3 * factor + 2] / n;
        ((sums[3 * factor + 1] - n * mean * mean) / (n - 1.0)).max(0.0).sqrt()
    };
    Ok((0..factors)
        .map(|factor| {
            let effects: &Vec<f64> = &columns[3 * factor + 2];
            let sizes: &Vec<f64> = &columns[3 * factor];
            Effects {
                mean: estimate(effects.iter().sum::<f64>() / n, &|sums| sums[3 * factor + 2] / n),
                size: estimate(sizes.iter().sum::<f64>() / n, &|sums| sums[3 * factor] / n),
                spread: estimate(spread(effects.iter().copied()), &|sums| deviation(sums, factor)),
            }
        })
        .collect())
}
