//! Calibration from simulations that are there already: a table whose rows are inputs drawn from their prior, and what a
//! model made of them. Nothing is simulated, so any model will do.
//!
//! Rows near the record are kept (rejection; Pritchard et al. 1999) and weighted by Epanechnikov's kernel, 1 − (d/δ)² with
//! d the [`Distance`] of a row and δ the largest that is kept; then each number is moved along its weighted linear
//! regression on the gaps between outcomes and record, to where there would be none: θ − β̂ᵀ gap (local-linear regression;
//! Beaumont, Zhang and Balding 2002; recalled). A moved value beyond the range that was drawn stands at its end. Names, such
//! as accounts, are weighted and not moved.
//!
//! **What it cannot do.** The tolerance is what the table has: [`smc`](super::smc) goes nearer, since it simulates where it
//! matters. A regression is right where inputs depend on outcomes nearly linearly within the tolerance.

use equipoise_models::noise::{Noise, Stream};

use super::RowFit;
use super::distance::{Distance, Target};
use super::shift::{kolmogorov_smirnov, mean_and_sd};
use crate::discover::{Input, Values};
use crate::error::LabError;
use crate::quantile::{ascending, quantile};
use crate::score::{ScoreKind, score_values};

/// Draws in a posterior: enough for its quantiles, few enough to read.
pub const DRAWS: usize = 1000;
/// With fewer rows near the record, nothing is said about spread.
const FEWEST: usize = 20;

const ORDER: Stream = Stream::named("order of draws");

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
    /// The rows that are kept.
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

/// Fits the share `keep` (above 0, at most 1) of the rows that lies nearest to the record. Rows as near as the last one
/// kept are kept too. A row without a value of a fitted outcome is never near.
///
/// # Errors
/// `keep` is out of its range, nothing is to be fitted, or too few rows have a value of every fitted outcome.
pub fn nearest(simulations: &Simulations, keep: f64) -> Result<Nearest, LabError> {
    let bad = |why: String| LabError::BadPlan { why };
    if !(keep > 0.0 && keep <= 1.0) {
        return Err(bad(format!(
            "the share of rows to keep is {keep}, but must lie above 0 and at most at 1"
        )));
    }
    let fitted: Vec<&Recorded> = simulations.outcomes.iter().filter(|outcome| !outcome.held_out).collect();
    let Some(rows) = fitted.first().map(|outcome| outcome.values.len()) else {
        return Err(bad("the record has no row to fit".to_owned()));
    };
    let targets: Vec<Option<Target>> = fitted
        .iter()
        .map(|outcome| {
            let least_scale = if outcome.kind == ScoreKind::YesNo { 0.5 } else { 0.0 };
            Some(Target { interval: outcome.interval, least_scale })
        })
        .collect();
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
    let wanted = (keep * rows as f64).ceil() as usize;
    let least = FEWEST.max(2 * (fitted.len() + 1));
    if near.len().min(wanted) < least {
        return Err(bad(format!(
            "{} of {rows} rows would be kept, {} have a value of every fitted outcome; at least {least} are needed",
            near.len().min(wanted),
            near.len(),
        )));
    }
    let tolerance = near[wanted.min(near.len()) - 1].0;
    near.truncate(near.partition_point(|(distance, _)| *distance <= tolerance));
    let agreeing = near.partition_point(|(distance, _)| *distance == 0.0);
    let kernel: Vec<f64> = near.iter().map(|(distance, _)| 1.0 - (distance / tolerance).powi(2)).collect();
    // Where all are equally near there is nothing to weigh.
    let told_apart = kernel.iter().any(|weight| *weight > 0.0);
    let weights = if told_apart { kernel } else { vec![1.0; near.len()] };
    let kept: Vec<usize> = near.iter().map(|(_, row)| *row).collect();
    let gaps: Vec<Vec<f64>> = fitted
        .iter()
        .map(|outcome| {
            let [low, high] = outcome.interval;
            kept.iter().map(|row| outcome.values[*row]).map(|value| value - value.clamp(low, high)).collect()
        })
        .collect();
    let regression = Regression::new(&gaps, &weights);
    let drawn = draws(&weights);
    let inputs = simulations.inputs.iter().map(|Input { name, values }| match values {
        Values::Real(values) | Values::Whole(values) => {
            Moved::Number(moved(name, values, &kept, &weights, &regression, &drawn))
        }
        Values::Levels { names, of } => {
            let before = |name| of.iter().filter(|one| **one == name).count() as f64 / rows as f64;
            let total: f64 = weights.iter().sum();
            let after = |name| {
                let of_name = kept.iter().zip(&weights).filter(|(row, _)| of[**row] == name);
                of_name.map(|(_, weight)| weight).sum::<f64>() / total
            };
            let shares = names.iter().enumerate().map(|(at, name)| (name.clone(), [before(at), after(at)]));
            Moved::Names(MovedNames {
                input: name.clone(),
                shares: shares.collect(),
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
    let [sum, squares] = weights.iter().fold([0.0, 0.0], |[sum, squares], w| [sum + w, squares + w * w]);
    Ok(Nearest { kept, agreeing, tolerance, effective: sum * sum / squares, inputs, rows })
}

fn moved(
    input: &str,
    values: &[f64],
    kept: &[usize],
    weights: &[f64],
    regression: &Regression,
    drawn: &[usize],
) -> MovedNumber {
    let before = ascending(values.iter().copied());
    let near: Vec<f64> = kept.iter().map(|row| values[*row]).collect();
    let after = regression.without_gaps(&near, weights);
    let (low, high) = (before[0], before[before.len() - 1]);
    let draws: Vec<f64> = drawn.iter().map(|at| after[*at].clamp(low, high)).collect();
    let quantiles = |values: &[f64]| [0.05, 0.5, 0.95].map(|p| quantile(values, p));
    let posterior = ascending(draws.iter().copied());
    let ([from, sd], [to, _]) = (mean_and_sd(&before), mean_and_sd(&posterior));
    MovedNumber {
        input: input.to_owned(),
        prior: quantiles(&before),
        nearest: quantiles(&ascending(drawn.iter().map(|at| near[*at]))),
        posterior: quantiles(&posterior),
        standardised: if sd > 0.0 { (to - from) / sd } else { 0.0 },
        distance: kolmogorov_smirnov(&before, &posterior),
        draws,
    }
}

/// Which of the kept rows stand for the posterior: each as often as its weight says, but for less than one (systematic
/// resampling). They are gone through in an order without meaning, lest what is left over fall on every third row.
fn draws(weights: &[f64]) -> Vec<usize> {
    let step = weights.iter().sum::<f64>() / DRAWS as f64;
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
    (0..DRAWS).map(next).collect()
}

/// Weighted least squares of anything on the gaps, by Gram–Schmidt: directions of one weighted length, each a mixture of
/// the gaps, at right angles to a constant and to each other. A gap that the others already tell has no direction.
struct Regression {
    /// For each direction its value in each row, measured from the weighted mean.
    directions: Vec<Vec<f64>>,
    /// For each direction its value in each row as the gaps make it, so that it is 0 where there are none.
    from_record: Vec<Vec<f64>>,
}

impl Regression {
    fn new(gaps: &[Vec<f64>], weights: &[f64]) -> Regression {
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
            if length > 1e-12 * before {
                let scale = 1.0 / length.sqrt();
                regression.directions.push(centred.iter().map(|value| value * scale).collect());
                regression.from_record.push(from_record.iter().map(|value| value * scale).collect());
            }
        }
        regression
    }

    /// Values less what their regression says of the gaps.
    fn without_gaps(&self, values: &[f64], weights: &[f64]) -> Vec<f64> {
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
#[allow(clippy::unwrap_used)]
mod tests {
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
            // A row more or less of a hundred among a thousand draws.
            assert!((a - b).abs() < 0.03, "{a} and {b}");
        }
        assert_eq!(plain.kept.len(), other.kept.len());
        assert!((plain.effective - other.effective).abs() < 1e-9 * plain.effective);
        assert!((plain.tolerance - other.tolerance).abs() < 1e-12);
    }

    #[test]
    fn what_follows_from_gaps_alone_is_moved_to_one_value_also_where_gaps_repeat_each_other() {
        let gap = |a: f64, b: f64| (0..40).map(|row| (a * f64::from(row)).sin() + b).collect::<Vec<f64>>();
        let (one, other) = (gap(1.0, 0.3), gap(2.6, -0.8));
        let both: Vec<f64> = one.iter().zip(&other).map(|(a, b)| 5.0 * a - b).collect();
        let weights: Vec<f64> = (0..40).map(|row| f64::from(row % 7)).collect();
        let values: Vec<f64> = one.iter().zip(&other).map(|(a, b)| 3.0 + 2.0 * a - b).collect();
        let regression = Regression::new(&[one, both, other], &weights);
        assert_eq!(regression.directions.len(), 2);
        for value in regression.without_gaps(&values, &weights) {
            assert!((value - 3.0).abs() < 1e-12, "{value}");
        }
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
    fn rows_without_a_value_are_never_near_and_too_few_rows_are_refused() {
        let mut simulations = known(2, 300);
        simulations.outcomes[0].values[..270].fill(f64::NAN);
        let found = nearest(&simulations, 0.1).unwrap();
        assert!(found.kept.iter().all(|row| *row >= 270) && found.kept.len() == 30);
        simulations.outcomes[0].values[..290].fill(f64::NAN);
        let why = nearest(&simulations, 0.1).unwrap_err().to_string();
        assert!(why.contains("10 of 300 rows") && why.contains("at least 20"), "{why}");
        assert!(nearest(&simulations, 0.0).unwrap_err().to_string().contains("above 0"));
        simulations.outcomes[0].held_out = true;
        assert!(nearest(&simulations, 0.1).unwrap_err().to_string().contains("no row to fit"));
    }
}
