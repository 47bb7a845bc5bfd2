//! Which fidelity is right for an outcome: pilot runs of each, beside pilot runs of one agent per citizen. The rule is ours.

use super::Fidelity;
use crate::civil_violence::Headcount;

/// A number read off a run of a country, over all its cities. Shares are of all citizens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Largest share active in a tick.
    Peak,
    /// Share active on the third tick (the last, if there are fewer).
    Opening,
    /// Mean share active in the second half of the ticks.
    Active,
    /// Mean share in jail in the second half.
    Jailed,
    /// Coefficient of variation of the active share in the second half; 0 where nobody is active.
    Variation,
}

impl Outcome {
    /// The outcome of a run: counts by tick and city, of a country of so many citizens. 0 for a run without ticks.
    #[must_use]
    pub fn read(self, series: &[Vec<Headcount>], citizens: f64) -> f64 {
        let share = |tick: &Vec<Headcount>, of: fn(&Headcount) -> u64| {
            tick.iter().map(of).sum::<u64>() as f64 / citizens.max(1.0)
        };
        let active: Vec<f64> = series.iter().map(|tick| share(tick, |count| count.active)).collect();
        let late = &active[active.len() / 2..];
        match self {
            Outcome::Peak => active.iter().copied().fold(0.0, f64::max),
            Outcome::Opening => active.iter().take(3).next_back().copied().unwrap_or(0.0),
            Outcome::Active => mean(late),
            Outcome::Jailed => {
                let jailed = series[series.len() / 2..].iter().map(|tick| share(tick, |count| count.jailed));
                mean(&jailed.collect::<Vec<f64>>())
            }
            Outcome::Variation => {
                let centre = mean(late);
                let squares: Vec<f64> = late.iter().map(|share| (share - centre).powi(2)).collect();
                if centre > 0.0 { mean(&squares).sqrt() / centre } else { 0.0 }
            }
        }
    }
}

/// What pilot runs say of a fidelity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Verdict {
    /// The fidelity.
    pub fidelity: Fidelity,
    /// Mean of the outcome.
    pub mean: f64,
    /// Standard error of that mean; infinite for a single run.
    pub error: f64,
    /// How far it may be off one agent per citizen, as a share of that: the difference of the means and two joint standard
    /// errors. 0 where all runs of both gave the same, infinite where one agent per citizen gave 0 and this did not.
    pub off: f64,
    /// Whether that is within the tolerance. One agent per citizen is always right.
    pub is_right: bool,
}

/// Judges pilot runs (outcomes by run) of fidelities, given from the cheapest to one agent per citizen, which must be the
/// last. The cheapest that is right is the first whose verdict says so. Without pilots there is no verdict.
///
/// Two joint standard errors are about 95 % for many runs; for five runs each they are about 92 %.
#[must_use]
pub fn judge(pilots: &[(Fidelity, Vec<f64>)], tolerance: f64) -> Vec<Verdict> {
    let Some((_, whole)) = pilots.last() else {
        return Vec::new();
    };
    let (truth, doubt) = (mean(whole), error(whole));
    let last = pilots.len() - 1;
    pilots
        .iter()
        .enumerate()
        .map(|(at, (fidelity, runs))| {
            let (mean, error) = (mean(runs), error(runs));
            let apart =
                if at == last { 2.0 * doubt } else { (mean - truth).abs() + 2.0 * error.hypot(doubt) };
            let off = if apart == 0.0 { 0.0 } else { apart / truth.abs() };
            Verdict { fidelity: *fidelity, mean, error, off, is_right: at == last || off <= tolerance }
        })
        .collect()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / (values.len() as f64).max(1.0)
}

fn error(values: &[f64]) -> f64 {
    if values.len() < 2 {
        return f64::INFINITY;
    }
    let (centre, n) = (mean(values), values.len() as f64);
    let squares: f64 = values.iter().map(|value| (value - centre).powi(2)).sum();
    (squares / (n - 1.0) / n).sqrt()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn tick(active: u64, jailed: u64) -> Vec<Headcount> {
        let half = Headcount { active: active / 2, jailed, quiet: 0, arrested: 0 };
        vec![half, Headcount { jailed: 0, ..half }]
    }

    #[test]
    fn outcomes_are_read_off_all_cities() {
        let series = [tick(10, 0), tick(40, 5), tick(20, 10), tick(0, 20), tick(20, 30), tick(10, 40)];
        let read = |outcome: Outcome| outcome.read(&series, 100.0);
        assert_eq!(read(Outcome::Peak), 0.4);
        assert_eq!(read(Outcome::Opening), 0.2);
        assert!((read(Outcome::Active) - 0.1).abs() < 1e-12);
        assert!((read(Outcome::Jailed) - 0.3).abs() < 1e-12);
        assert!((read(Outcome::Variation) - f64::sqrt(2.0 / 3.0)).abs() < 1e-12);
        assert_eq!(Outcome::Variation.read(&[], 100.0), 0.0);
    }

    #[test]
    fn the_cheapest_within_the_tolerance_is_right_and_citizens_always_are() {
        let pilots = |field: [f64; 3], sample: [f64; 3]| {
            vec![
                (Fidelity::MeanField, field.to_vec()),
                (Fidelity::Sampled(10), sample.to_vec()),
                (Fidelity::Citizens, vec![0.10, 0.11, 0.09]),
            ]
        };
        let right = |field, sample, tolerance| {
            let verdicts = judge(&pilots(field, sample), tolerance);
            verdicts.into_iter().find(|verdict| verdict.is_right).unwrap().fidelity
        };
        let (far, near, sure) = ([0.01, 0.01, 0.01], [0.10, 0.12, 0.08], [0.101, 0.100, 0.099]);
        assert_eq!(right(far, near, 0.1), Fidelity::Citizens);
        assert_eq!(right(far, near, 0.3), Fidelity::Sampled(10));
        assert_eq!(right(sure, near, 0.15), Fidelity::MeanField);
        assert_eq!(right(far, far, 1.2), Fidelity::MeanField);
    }

    #[test]
    fn where_nothing_happens_all_agree_and_a_single_run_shows_nothing() {
        let calm = judge(&[(Fidelity::MeanField, vec![0.0; 3]), (Fidelity::Citizens, vec![0.0; 3])], 0.0);
        assert!(calm[0].is_right && calm[0].off == 0.0);
        let single = judge(&[(Fidelity::MeanField, vec![0.1]), (Fidelity::Citizens, vec![0.1])], 0.5);
        assert!(!single[0].is_right && single[1].is_right);
        let stirred = judge(&[(Fidelity::MeanField, vec![0.1; 3]), (Fidelity::Citizens, vec![0.0; 3])], 9.0);
        assert!(!stirred[0].is_right && stirred[0].off.is_infinite());
        assert_eq!(judge(&[], 0.1), []);
    }
}
