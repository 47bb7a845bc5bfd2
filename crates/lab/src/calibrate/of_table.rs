//! Calibration from simulations that are there already: a table whose rows are inputs drawn from their prior, and what a
//! model made of them. Nothing is simulated, so any model will do.
//!
//! Rows near the record are kept (rejection; Pritchard et al. 1999) and weighted by Epanechnikov's kernel, 1 − (d/δ)² with
//! d the [`Distance`] of a row and δ the largest that is kept; then each number is moved along its weighted linear
//! regression on the gaps between outcomes and record, to where there would be none: θ − β̂ᵀ gap (local-linear regression;
//! Beaumont, Zhang and Balding 2002; recalled). A moved value beyond the range that was drawn stands at its end, and a whole
//! number is rounded. Names, such as accounts, are weighted and not moved, and so are the outcomes.
//!
//! **What it cannot do.** The tolerance is what the table has: [`smc`](super::smc) goes nearer, since it simulates where it
//! matters. A regression is right where inputs depend on outcomes nearly linearly within the tolerance.

mod regression;
mod weighted;

use std::fmt;

use super::RowFit;
use super::distance::{Distance, Target};
use super::shift::mean_and_sd;
use crate::discover::{Input, Values};
use crate::quantile::{ascending, quantile};
use crate::score::{ScoreKind, score_values};
use regression::Regression;
use weighted::{Weighted, draws};

/// Draws in a posterior: enough for its quantiles, few enough to read.
pub const DRAWS: usize = 1000;
/// With kept rows worth fewer than this, nothing is said about spread.
const FEWEST: f64 = 20.0;
/// Rows that the kept ones must be worth for each number the regression finds.
const FOR_EACH: f64 = 5.0;

/// What was drawn and what came of it, all columns of one length.
#[derive(Debug, Clone, PartialEq)]
pub struct Simulations {
    /// What was drawn.
    pub inputs: Vec<Input>,
    /// What came of it, where something is on record.
    pub outcomes: Vec<Recorded>,
}

/// An outcome with a record.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    /// Its name.
    pub name: String,
    /// What its values are; a yes/no is 0 and 1.
    pub kind: ScoreKind,
    /// What the record leaves open; an open end is infinite.
    pub interval: [f64; 2],
    /// Kept for judging, not fitted.
    pub held_out: bool,
    /// Its value in each row; NaN where there is none.
    pub values: Vec<f64>,
}

/// What a record makes of simulations.
#[derive(Debug, Clone)]
pub struct Nearest {
    /// The rows that are kept, of weight above 0.
    pub kept: Vec<usize>,
    /// Rows in which every fitted outcome agrees with its record.
    pub agreeing: usize,
    /// The largest distance kept, δ, in spreads of the outcomes.
    pub tolerance: f64,
    /// How many equally weighted rows the kept ones are worth: (Σw)² / Σw² (Kish 1965).
    pub effective: f64,
    /// Every input before and after, in the order of the table.
    pub inputs: Vec<Moved>,
    /// Each row of the record before and after.
    pub rows: Vec<RowFit>,
}

/// An input before and after.
#[derive(Debug, Clone, PartialEq)]
pub enum Moved {
    /// A number.
    Number(MovedNumber),
    /// Names.
    Names(MovedNames),
}

/// A number before and after.
#[derive(Debug, Clone, PartialEq)]
pub struct MovedNumber {
    /// The input.
    pub input: String,
    /// 5 %, 50 % and 95 % quantiles of all rows.
    pub prior: [f64; 3],
    /// The same of the rows that are kept, by weight, before the regression.
    pub nearest: [f64; 3],
    /// The same after the regression.
    pub posterior: [f64; 3],
    /// Change of the mean in standard deviations of the prior; 0 where the prior has none.
    pub standardised: f64,
    /// Largest difference between the distribution functions before and after (Kolmogorov–Smirnov), 0 to 1.
    pub distance: f64,
    /// [`DRAWS`] values of equal weight after the regression; those at one place in every input belong together.
    pub draws: Vec<f64>,
}

/// Names before and after.
#[derive(Debug, Clone, PartialEq)]
pub struct MovedNames {
    /// The input.
    pub input: String,
    /// Each name, with its share of all rows and its share by weight of those that are kept.
    pub shares: Vec<(String, [f64; 2])>,
    /// As the draws of a number: indices into the shares.
    pub draws: Vec<usize>,
}

/// Why simulations cannot be fitted.
#[derive(Debug, Clone, PartialEq)]
pub enum Unfit {
    /// The share to keep is none.
    Share(f64),
    /// Nothing on record is to be fitted.
    Nothing,
    /// The rows that would be kept are worth too few.
    TooFew {
        /// Rows in all.
        rows: usize,
        /// Rows with a value of every fitted outcome.
        with_values: usize,
        /// Rows that would be kept.
        kept: usize,
        /// How many of equal weight they are worth.
        effective: f64,
        /// How many would do.
        needed: f64,
    },
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unfit::Share(share) => {
                write!(f, "the share of rows to keep is {share}, but must lie above 0 and at most at 1")
            }
            Unfit::Nothing => write!(f, "the record has no row to fit"),
            Unfit::TooFew { rows, with_values, kept, effective, needed } => {
                write!(f, "{kept} of {rows} rows would be kept, worth {effective:.0} of equal weight")?;
                if with_values < rows {
                    write!(f, " ({with_values} have a value of every fitted outcome)")?;
                }
                write!(f, "; {needed} are needed to say anything: keep more of them, or simulate more")
            }
        }
    }
}

impl std::error::Error for Unfit {}

/// Fits the share `keep` (above 0, at most 1) of the rows that lies nearest to the record. Rows as near as the last one
/// kept are kept too. A row without a value of a fitted outcome is never near.
///
/// # Errors
/// `keep` is out of its range, nothing is to be fitted, or the rows kept are worth too few.
pub fn nearest(simulations: &Simulations, keep: f64) -> Result<Nearest, Unfit> {
    if !(keep > 0.0 && keep <= 1.0) {
        return Err(Unfit::Share(keep));
    }
    let fitted: Vec<&Recorded> = simulations.outcomes.iter().filter(|outcome| !outcome.held_out).collect();
    let rows = fitted.first().map(|outcome| outcome.values.len()).ok_or(Unfit::Nothing)?;
    let near = by_distance(&fitted, rows);
    let wanted = ((keep * rows as f64).ceil() as usize).min(near.len());
    let tolerance = wanted.checked_sub(1).map_or(0.0, |last| near[last].0);
    let within = &near[..near.partition_point(|(distance, _)| *distance <= tolerance)];
    let kernel = |distance: f64| 1.0 - (distance / tolerance).powi(2);
    // Where all are equally near there is nothing to weigh.
    let told_apart = within.iter().any(|(distance, _)| kernel(*distance) > 0.0);
    let weight = |distance: f64| if told_apart { kernel(distance) } else { 1.0 };
    let (kept, weights): (Vec<usize>, Vec<f64>) = within
        .iter()
        .map(|(distance, row)| (*row, weight(*distance)))
        .filter(|(_, weight)| *weight > 0.0)
        .unzip();
    let [sum, squares] = weights.iter().fold([0.0, 0.0], |[sum, squares], w| [sum + w, squares + w * w]);
    let effective = if squares > 0.0 { sum * sum / squares } else { 0.0 };
    let needed = FEWEST.max(FOR_EACH * (fitted.len() + 1) as f64);
    if effective < needed {
        return Err(Unfit::TooFew { rows, with_values: near.len(), kept: kept.len(), effective, needed });
    }
    let agreeing = near.partition_point(|(distance, _)| *distance == 0.0);
    let gaps: Vec<Vec<f64>> = fitted
        .iter()
        .map(|outcome| {
            let [low, high] = outcome.interval;
            kept.iter().map(|row| outcome.values[*row]).map(|value| value - value.clamp(low, high)).collect()
        })
        .collect();
    let regression = Regression::new(&gaps, &weights);
    let drawn = draws(&weights, DRAWS);
    let inputs = simulations.inputs.iter().map(|Input { name, values }| match values {
        Values::Real(numbers) | Values::Whole(numbers) => {
            let whole = matches!(values, Values::Whole(_));
            let near: Vec<f64> = kept.iter().map(|row| numbers[*row]).collect();
            let mut after = regression.without_gaps(&near, &weights);
            if whole {
                after.iter_mut().for_each(|value| *value = value.round());
            }
            Moved::Number(moved(name, numbers, &near, after, &weights, &drawn))
        }
        Values::Levels { names, of } => {
            let mut shares = vec![[0.0; 2]; names.len()];
            of.iter().for_each(|name| shares[*name][0] += 1.0 / rows as f64);
            kept.iter().zip(&weights).for_each(|(row, weight)| shares[of[*row]][1] += weight / sum);
            Moved::Names(MovedNames {
                input: name.clone(),
                shares: names.iter().cloned().zip(shares).collect(),
                draws: drawn.iter().map(|at| of[kept[*at]]).collect(),
            })
        }
    });
    let inputs = inputs.collect();
    let rows = simulations.outcomes.iter().map(|outcome| {
        let after: Vec<f64> = drawn.iter().map(|at| outcome.values[kept[*at]]).collect();
        let scored = |values: &[f64]| {
            let mut score = score_values(&outcome.name, outcome.kind, values, outcome.interval);
            score.title.clone_from(&outcome.name);
            score.held_out = outcome.held_out;
            score
        };
        RowFit { prior: scored(&outcome.values), posterior: scored(&after) }
    });
    let rows = rows.collect();
    Ok(Nearest { kept, agreeing, tolerance, effective, inputs, rows })
}

/// The rows that have a value of every fitted outcome, each with its distance to the record, from near to far.
fn by_distance(fitted: &[&Recorded], rows: usize) -> Vec<(f64, usize)> {
    let target = |outcome: &&Recorded| {
        let least_scale = if outcome.kind == ScoreKind::YesNo { 0.5 } else { 0.0 };
        Some(Target { interval: outcome.interval, least_scale })
    };
    let targets: Vec<Option<Target>> = fitted.iter().map(target).collect();
    let values: Vec<Vec<f64>> =
        (0..rows).map(|row| fitted.iter().map(|outcome| outcome.values[row]).collect()).collect();
    let distance = Distance::new(&targets, &values);
    let mut near: Vec<(f64, usize)> = values
        .iter()
        .enumerate()
        .filter(|(_, values)| values.iter().all(|value| value.is_finite()))
        .map(|(row, values)| (distance.of(values), row))
        .collect();
    near.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    near
}

/// An input before, among the kept rows (`near`), and after the regression.
fn moved(
    input: &str,
    values: &[f64],
    near: &[f64],
    mut after: Vec<f64>,
    weights: &[f64],
    drawn: &[usize],
) -> MovedNumber {
    let before = ascending(values.iter().copied());
    let (low, high) = (before[0], before[before.len() - 1]);
    after.iter_mut().for_each(|value| *value = value.clamp(low, high));
    let posterior = Weighted::new(&after, weights);
    let near = Weighted::new(near, weights);
    let quantiles = |of: &Weighted| [0.05, 0.5, 0.95].map(|p| of.quantile(p));
    let [from, sd] = mean_and_sd(&before);
    MovedNumber {
        input: input.to_owned(),
        prior: [0.05, 0.5, 0.95].map(|p| quantile(&before, p)),
        nearest: quantiles(&near),
        posterior: quantiles(&posterior),
        standardised: if sd > 0.0 { (posterior.mean() - from) / sd } else { 0.0 },
        distance: posterior.distance(&before),
        draws: drawn.iter().map(|at| after[*at]).collect(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use equipoise_models::noise::{Noise, Stream};

    use super::*;

    fn number(name: &str, values: Vec<f64>) -> Input {
        Input { name: name.to_owned(), values: Values::Real(values) }
    }

    fn recorded(values: Vec<f64>, interval: [f64; 2]) -> Recorded {
        Recorded { name: "y".to_owned(), kind: ScoreKind::Number, interval, held_out: false, values }
    }

    /// A normal prior N(0, 1) for a mean, of which one observation with standard deviation 1/2 is on record as 1.
    fn known(seed: u64, rows: u64) -> Simulations {
        let normal = |stream: &str| -> Vec<f64> {
            (0..rows).map(|row| Noise::new(seed, row).normal(Stream::named(stream), 0, 0, 0)).collect()
        };
        let (means, errors) = (normal("mean"), normal("error"));
        let seen = means.iter().zip(&errors).map(|(mean, error)| mean + 0.5 * error).collect();
        Simulations {
            inputs: vec![number("mean", means), number("idle", normal("idle"))],
            outcomes: vec![recorded(seen, [1.0, 1.0])],
        }
    }

    fn of_number(found: &Nearest, input: usize) -> &MovedNumber {
        let Moved::Number(moved) = &found.inputs[input] else { panic!() };
        moved
    }

    #[test]
    fn over_many_seeds_the_posterior_of_a_normal_mean_is_the_known_one() {
        // Precisions add: 1 + 4, so the posterior is N(0.8, 1/5).
        let [mut means, mut spreads] = [Vec::new(), Vec::new()];
        for seed in 0..40 {
            let found = nearest(&known(seed, 4000), 0.2).unwrap();
            let [mean, sd] = mean_and_sd(&of_number(&found, 0).draws);
            means.push(mean);
            spreads.push(sd);
            // Half the table lies too far off to be weighed, and what has no part in it stays.
            assert!(found.effective > 400.0 && found.effective < 800.0, "{}", found.effective);
            assert!(of_number(&found, 1).distance < 0.1, "{}", of_number(&found, 1).distance);
        }
        for (values, known) in [(means, 0.8), (spreads, 0.2f64.sqrt())] {
            let [mean, sd] = mean_and_sd(&values);
            assert!(
                (mean - known).abs() < 3.0 * sd / 40f64.sqrt(),
                "{mean} for {known}, {sd} from seed to seed"
            );
        }
    }

    #[test]
    fn without_the_regression_the_rows_that_are_kept_are_too_wide() {
        let found = nearest(&known(1, 4000), 0.5).unwrap();
        let width = |[low, _, high]: [f64; 3]| high - low;
        let moved = of_number(&found, 0);
        // 2 × 1.645 standard deviations of the known posterior.
        let known = 3.29 * 0.2f64.sqrt();
        assert!((width(moved.posterior) / known - 1.0).abs() < 0.1, "{:?}", moved.posterior);
        assert!(width(moved.nearest) > 1.15 * known, "{:?}", moved.nearest);
    }

    #[test]
    fn the_order_of_rows_and_what_outcomes_are_measured_in_change_nothing() {
        let plain = known(3, 1000);
        let mut other = plain.clone();
        for input in &mut other.inputs {
            let Values::Real(values) = &mut input.values else { panic!() };
            values.reverse();
        }
        let outcome = &mut other.outcomes[0];
        outcome.values = outcome.values.iter().rev().map(|value| 1000.0 * value).collect();
        outcome.interval = [1000.0; 2];
        let (plain, other) = (nearest(&plain, 0.1).unwrap(), nearest(&other, 0.1).unwrap());
        for (a, b) in of_number(&plain, 0).posterior.iter().zip(of_number(&other, 0).posterior) {
            assert!((a - b).abs() < 1e-9, "{a} and {b}");
        }
        assert_eq!(plain.kept.len(), other.kept.len());
        assert!((plain.effective - other.effective).abs() < 1e-9 * plain.effective);
        assert!((plain.tolerance - other.tolerance).abs() < 1e-12);
    }

    #[test]
    fn a_record_that_everything_meets_teaches_nothing() {
        let mut simulations = known(5, 500);
        simulations.outcomes[0].interval = [f64::NEG_INFINITY, f64::INFINITY];
        let found = nearest(&simulations, 0.1).unwrap();
        assert_eq!((found.kept.len(), found.agreeing, found.tolerance), (500, 500, 0.0));
        let moved = of_number(&found, 0);
        for (before, after) in moved.prior.iter().zip(moved.posterior) {
            assert!((before - after).abs() < 0.02, "{before} and {after}");
        }
    }

    #[test]
    fn names_are_weighed_and_a_yes_no_keeps_those_that_agree() {
        let rows = 400;
        let of: Vec<usize> = (0..rows).map(|row| row % 4).collect();
        // It happens under the first name, and in half of the rows of the second.
        let happens = of
            .iter()
            .enumerate()
            .map(|(row, name)| f64::from(u8::from(*name == 0 || (*name == 1 && row % 8 < 4))));
        let outcome = Recorded { kind: ScoreKind::YesNo, ..recorded(happens.collect(), [1.0, 1.0]) };
        let names: Vec<String> = ["a", "b", "c", "d"].map(str::to_owned).to_vec();
        let inputs = vec![Input { name: "account".to_owned(), values: Values::Levels { names, of } }];
        let found = nearest(&Simulations { inputs, outcomes: vec![outcome] }, 0.5).unwrap();
        let Moved::Names(MovedNames { shares, draws, .. }) = &found.inputs[0] else { panic!() };
        let expected = [2.0 / 3.0, 1.0 / 3.0, 0.0, 0.0];
        for ((_, [before, after]), expected) in shares.iter().zip(expected) {
            assert!((before - 0.25).abs() < 1e-12 && (after - expected).abs() < 1e-12, "{shares:?}");
        }
        let first = draws.iter().filter(|name| **name == 0).count() as f64 / DRAWS as f64;
        assert!((first - expected[0]).abs() < 0.02, "{first}");
    }

    #[test]
    fn a_yes_no_that_hardly_any_row_meets_says_nothing_about_spread() {
        let mut simulations = known(4, 2000);
        let outcome = &mut simulations.outcomes[0];
        outcome.kind = ScoreKind::YesNo;
        outcome.values = (0..2000).map(|row| f64::from(u8::from(row == 7))).collect();
        let found = nearest(&simulations, 0.1);
        assert!(matches!(found, Err(Unfit::TooFew { kept: 1, .. })), "{found:?}");
    }

    #[test]
    fn an_outcome_that_is_the_same_in_every_row_moves_nothing() {
        let plain = nearest(&known(6, 2000), 0.1).unwrap();
        for record in [1.0, 3.0, 5.0, 0.4] {
            let mut simulations = known(6, 2000);
            // With rounding, as columns that were worked out have it.
            let values = (0..2000).map(|row| if row % 3 == 0 { 0.1 + 0.2 } else { 0.3 });
            simulations.outcomes.push(recorded(values.collect(), [record; 2]));
            let found = nearest(&simulations, 0.1).unwrap();
            for (a, b) in of_number(&plain, 0).posterior.iter().zip(of_number(&found, 0).posterior) {
                assert!((a - b).abs() < 0.1, "{a} and {b} with {record} on record");
            }
        }
    }

    #[test]
    fn whole_numbers_stay_whole_and_a_constant_has_not_moved() {
        let mut simulations = known(8, 1000);
        let Values::Real(means) = &simulations.inputs[0].values else { panic!() };
        let whole = means.iter().map(|mean| (3.0 * mean).round()).collect();
        simulations.inputs.push(Input { name: "whole".to_owned(), values: Values::Whole(whole) });
        simulations.inputs.push(number("constant", vec![0.1; 1000]));
        let found = nearest(&simulations, 0.2).unwrap();
        assert!(of_number(&found, 2).draws.iter().all(|value| *value == value.round()));
        let constant = of_number(&found, 3);
        assert_eq!((constant.posterior, constant.standardised, constant.distance), ([0.1; 3], 0.0, 0.0));
    }

    #[test]
    fn rows_without_a_value_are_never_near_and_too_few_rows_are_refused() {
        let mut simulations = known(2, 300);
        simulations.outcomes[0].values[..270].fill(f64::NAN);
        let found = nearest(&simulations, 0.1).unwrap();
        assert!(found.kept.iter().all(|row| *row >= 270) && found.kept.len() == 29);
        simulations.outcomes[0].values[..290].fill(f64::NAN);
        let why = nearest(&simulations, 0.1).unwrap_err().to_string();
        assert!(why.contains("9 of 300 rows would be kept") && why.contains("20 are needed"), "{why}");
        assert!(why.contains("(10 have a value"), "{why}");
        assert!(nearest(&simulations, 0.0).unwrap_err().to_string().contains("above 0"));
        simulations.outcomes[0].held_out = true;
        assert!(nearest(&simulations, 0.1).unwrap_err().to_string().contains("no row to fit"));
    }
}
