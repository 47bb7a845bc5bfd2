//! Does protest spread from town to town? Contagion held against its nulls on towns whose dates it has not seen.
//!
//! The risk of a first protest and the posterior of its parameters are [`equipoise_models::contagion::onset`]'s. Here
//! towns are split into seen and held out, the days of the held-out ones are predicted from those of the seen ones, and
//! what comes out is scored. The date of a held-out town is read by nobody: neither by the fit nor by the prediction of
//! another town.

use equipoise_models::contagion::onset::{Draws, Mechanism, Parameter, Posterior, Towns};
use equipoise_models::noise::{Noise, Stream};
use rayon::prelude::*;

const SPLIT: Stream = Stream::named("contagion_split");

/// Quantiles given of parameters and dates.
const INTERVAL: [f64; 3] = [0.05, 0.5, 0.95];

/// How contagion is to be judged.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trial {
    /// Share of the towns held out, above 0 and below 1; at least one town is held out and one seen.
    pub held_out: f64,
    /// Number of further splits of that share.
    pub splits: u32,
    /// Draws of the parameters.
    pub draws: usize,
    /// Seed of everything.
    pub seed: u64,
}

impl Default for Trial {
    fn default() -> Trial {
        Trial { held_out: 0.5, splits: 30, draws: 4000, seed: 1 }
    }
}

/// What one mechanism makes of the towns.
#[derive(Debug, Clone)]
pub struct Judged {
    /// The mechanism.
    pub mechanism: Mechanism,
    /// Its parameters, with all towns seen.
    pub estimates: Vec<Estimate>,
    /// How many independent draws the fit to all towns is worth.
    pub effective: f64,
    /// The same at the worst of all splits.
    pub least_effective: f64,
    /// The held-out towns of the first split, in the order of the towns.
    pub predicted: Vec<Predicted>,
    /// Mean scores of the held-out towns: the first split, then each further one.
    pub scores: Vec<Scores>,
    /// For each town the log of the probability of its day when all other towns are seen and it is not.
    pub one_left_out: Vec<f64>,
}

/// A parameter, before and after.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The parameter.
    pub parameter: Parameter,
    /// 5 %, 50 % and 95 % of the prior.
    pub prior: [f64; 3],
    /// 5 %, 50 % and 95 % of the posterior.
    pub posterior: [f64; 3],
}

/// A held-out town.
#[derive(Debug, Clone, PartialEq)]
pub struct Predicted {
    /// Which town, from 0.
    pub town: usize,
    /// Probability of a first protest on each day, and of none as the last entry.
    pub shares: Vec<f64>,
    /// Its scores.
    pub scores: Scores,
}

impl Predicted {
    /// The day by which the probability reaches `p`; `None` where it does so only with the towns that never begin.
    #[must_use]
    pub fn day_at(&self, p: f64) -> Option<u32> {
        let days = &self.shares[..self.shares.len() - 1];
        let mut below = 0.0;
        let reached = days.iter().position(|share| {
            below += share;
            below >= p
        });
        reached.map(|day| day as u32)
    }
}

/// Scores of predicted dates. Both are means over towns.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Scores {
    /// Log of the probability of what happened; larger is better.
    pub log: f64,
    /// Continuous ranked probability score in days, a town that never begins counted as beginning on the day after the
    /// last; smaller is better.
    pub crps: f64,
}

/// Which towns a split holds out: the first is that of the report, the others repeat it.
///
/// A town's place depends on its key and the split alone, so the order of the table does not matter.
#[must_use]
pub fn held_out(towns: &Towns, share: f64, split: u32, seed: u64) -> Vec<bool> {
    let noise = Noise::new(seed, 0);
    let count = towns.list().len();
    let wanted = ((share * count as f64).round() as usize).clamp(1, count.saturating_sub(1).max(1));
    let mut order: Vec<usize> = (0..count).collect();
    let place = |town: usize| noise.uniform(SPLIT, towns.list()[town].key, split, 0);
    order.sort_by(|&a, &b| place(a).total_cmp(&place(b)));
    let mut out = vec![false; count];
    for &town in order.iter().take(wanted) {
        out[town] = true;
    }
    out
}

/// Fits every mechanism and scores it on the towns held out, in parallel on the caller's threads; the same on any number
/// of them.
#[must_use]
pub fn judge(towns: &Towns, trial: &Trial) -> Vec<Judged> {
    let of = |(_, mechanism): &(&str, Mechanism)| of_mechanism(towns, trial, *mechanism);
    Mechanism::NAMED.par_iter().map(of).collect()
}

fn of_mechanism(towns: &Towns, trial: &Trial, mechanism: Mechanism) -> Judged {
    let count = towns.list().len();
    let draws = Draws::new(towns, mechanism, trial.draws, trial.seed);
    let chance = |history: u64| Noise::new(trial.seed, history);
    let everything = &draws.posteriors(towns, &[(vec![true; count], chance(0))])[0];
    let estimate = |parameter: &Parameter| {
        let after = draws.quantiles(*parameter, everything, &INTERVAL)?;
        let before = [-NINETY, 0.0, NINETY].map(|z| parameter.value(z));
        let posterior = [after[0], after[1], after[2]];
        Some(Estimate { parameter: *parameter, prior: before, posterior })
    };
    let predicted = |sets: Vec<Vec<bool>>| -> Vec<(Vec<Predicted>, f64)> {
        let all: Vec<(Vec<bool>, Noise)> = (1u64..).zip(sets).map(|(set, out)| (out, chance(set))).collect();
        let together = |sets: &[(Vec<bool>, Noise)]| -> Vec<(Vec<Predicted>, f64)> {
            let seen = |(out, noise): &(Vec<bool>, Noise)| (out.iter().map(|out| !out).collect(), *noise);
            let posteriors = draws.posteriors(towns, &sets.iter().map(seen).collect::<Vec<_>>());
            let told = sets.iter().zip(&posteriors);
            told.map(|((out, _), told)| (predictions(towns, out, told), told.effective)).collect()
        };
        all.par_chunks(TOGETHER).flat_map_iter(together).collect()
    };
    let mut splits = predicted(
        (0..=trial.splits).map(|split| held_out(towns, trial.held_out, split, trial.seed)).collect(),
    );
    let single = |town: usize| (0..count).map(|other| other == town).collect();
    let one_left_out = predicted((0..count).map(single).collect());
    Judged {
        mechanism,
        estimates: mechanism.parameters().iter().filter_map(estimate).collect(),
        effective: everything.effective,
        least_effective: splits.iter().map(|(_, effective)| *effective).fold(f64::INFINITY, f64::min),
        one_left_out: one_left_out.iter().map(|(predicted, _)| mean(predicted).log).collect(),
        scores: splits.iter().map(|(predicted, _)| mean(predicted)).collect(),
        predicted: splits.swap_remove(0).0,
    }
}

/// Splits that are worked on together: more are quicker and take more memory.
const TOGETHER: usize = 8;

/// The standard normal number with nine tenths between it and its negative.
const NINETY: f64 = 1.644_853_626_951_472_7;

/// Weight of the even distribution mixed into every prediction: a day that no course came up with is not impossible.
const DOUBT: f64 = 0.01;

/// What the posterior says of the held-out towns.
fn predictions(towns: &Towns, held_out: &[bool], posterior: &Posterior) -> Vec<Predicted> {
    let days = towns.days() as usize;
    let of = |town: usize| {
        let share = |share: &f64| (1.0 - DOUBT) * share + DOUBT / (days + 1) as f64;
        let shares: Vec<f64> = posterior.shares[town].iter().map(share).collect();
        let happened = towns.list()[town].first.map_or(days, |day| day as usize);
        let scores = Scores { log: shares[happened].ln(), crps: crps(&shares, happened) };
        Predicted { town, shares, scores }
    };
    (0..held_out.len()).filter(|town| held_out[*town]).map(of).collect()
}

/// The continuous ranked probability score of a distribution over days.
fn crps(shares: &[f64], happened: usize) -> f64 {
    let mut below = 0.0;
    let mut sum = 0.0;
    for (day, share) in shares.iter().enumerate().take(shares.len() - 1) {
        below += share;
        let truth = f64::from(happened <= day);
        sum += (below - truth).powi(2);
    }
    sum
}

fn mean(predicted: &[Predicted]) -> Scores {
    let count = predicted.len() as f64;
    Scores {
        log: predicted.iter().map(|one| one.scores.log).sum::<f64>() / count,
        crps: predicted.iter().map(|one| one.scores.crps).sum::<f64>() / count,
    }
}

/// How one mechanism compares with another on the same towns.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Comparison {
    /// Difference of mean log scores on the first split; above 0 the first mechanism is better.
    pub log: f64,
    /// Difference of mean CRPS on the first split, in days; below 0 the first is better.
    pub crps: f64,
    /// Share of all splits in which the first has the better log score.
    pub better_log: f64,
    /// Share of all splits in which the first has the better CRPS.
    pub better_crps: f64,
    /// Sum over towns of the difference of the log scores with one town left out at a time.
    pub one_left_out: f64,
    /// Its standard error, the towns taken as independent, which they are not quite.
    pub standard_error: f64,
}

/// Compares two mechanisms judged on the same towns in the same trial.
#[must_use]
pub fn compare(first: &Judged, second: &Judged) -> Comparison {
    let pairs = || first.scores.iter().zip(&second.scores);
    let share = |better: &dyn Fn(&Scores, &Scores) -> bool| {
        pairs().filter(|(a, b)| better(a, b)).count() as f64 / first.scores.len() as f64
    };
    let differences: Vec<f64> =
        first.one_left_out.iter().zip(&second.one_left_out).map(|(a, b)| a - b).collect();
    let n = differences.len() as f64;
    let mean = differences.iter().sum::<f64>() / n;
    let variance = differences.iter().map(|d| (d - mean).powi(2)).sum::<f64>() / (n - 1.0).max(1.0);
    let at_first = |of: &dyn Fn(&Scores) -> f64| pairs().next().map_or(f64::NAN, |(a, b)| of(a) - of(b));
    Comparison {
        log: at_first(&|scores| scores.log),
        crps: at_first(&|scores| scores.crps),
        better_log: share(&|a, b| a.log > b.log),
        better_crps: share(&|a, b| a.crps < b.crps),
        one_left_out: mean * n,
        standard_error: (variance * n).sqrt(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use equipoise_models::contagion::onset::{Law, Rates, Town};
    use equipoise_models::contagion::{Site, Spread};

    /// Twenty-four towns along a road, their days a course of events under `mechanism` and `rates`.
    fn road(mechanism: Mechanism, rates: &Rates) -> Towns {
        let town = |k: u32| Town {
            key: k,
            site: Site {
                latitude_deg: 45.0,
                longitude_deg: 50.0 + 0.5 * f64::from(k),
                population: 1e5 * (1.0 + f64::from(k * 7 % 11)),
            },
            shock: 1.0,
            first: None,
        };
        let blank = Towns::new((0..24).map(town).collect(), vec![1.0; 20]).unwrap();
        let mut first = [None; 24];
        Law::new(&blank, mechanism, rates).course(&[false; 24], &Noise::new(4, 0), 0, &mut first);
        let dated = blank.list().iter().zip(first).map(|(town, first)| Town { first, ..*town });
        Towns::new(dated.collect(), vec![1.0; 20]).unwrap()
    }

    fn trial() -> Trial {
        Trial { splits: 6, draws: 1500, ..Trial::default() }
    }

    fn of(judged: &[Judged], mechanism: Mechanism) -> &Judged {
        judged.iter().find(|one| one.mechanism == mechanism).unwrap()
    }

    const SPREADING: Rates = Rates {
        shock: 0.004,
        growth: 0.0,
        size: 0.0,
        contagion: 8.0,
        spread: Spread { scale_km: 60.0, exponent: 5.0, media_share: 0.02 },
    };

    #[test]
    fn where_protest_did_spread_the_held_out_towns_show_it() {
        let towns = road(Mechanism::Contagion, &SPREADING);
        let judged = judge(&towns, &trial());
        for null in [Mechanism::CommonShock, Mechanism::GrowingShock] {
            let found = compare(of(&judged, Mechanism::Contagion), of(&judged, null));
            assert!(found.better_log > 0.5 && found.better_crps > 0.5, "{null:?}: {found:?}");
            assert!(found.one_left_out > 2.0 * found.standard_error, "{null:?}: {found:?}");
        }
    }

    #[test]
    fn where_each_town_began_on_its_own_contagion_is_not_found() {
        let towns = road(Mechanism::CommonShock, &Rates { shock: 0.12, ..SPREADING });
        let judged = judge(&towns, &trial());
        let found = compare(of(&judged, Mechanism::Contagion), of(&judged, Mechanism::CommonShock));
        assert!(found.one_left_out < 2.0 * found.standard_error, "{found:?}");
    }

    #[test]
    fn the_date_of_a_held_out_town_is_read_by_nobody() {
        let towns = road(Mechanism::Contagion, &SPREADING);
        let out = held_out(&towns, 0.5, 0, 1);
        let hidden = towns.list().iter().zip(&out).map(|(town, out)| {
            // Any other day will do.
            let first = if *out { town.first.map_or(Some(3), |_| None) } else { town.first };
            Town { first, ..*town }
        });
        let hidden = Towns::new(hidden.collect(), vec![1.0; 20]).unwrap();
        let draws = Draws::new(&towns, Mechanism::Contagion, 500, 1);
        let seen: Vec<bool> = out.iter().map(|out| !out).collect();
        let told = |towns: &Towns| {
            let posterior = draws.posteriors(towns, &[(seen.clone(), Noise::new(1, 9))]);
            (posterior[0].weights.clone(), posterior[0].shares.clone())
        };
        assert_eq!(told(&towns), told(&hidden), "with the same draws it says the same");
    }

    #[test]
    fn splits_do_not_depend_on_the_order_of_the_table() {
        let towns = road(Mechanism::CommonShock, &SPREADING);
        let mut turned = towns.list().to_vec();
        turned.reverse();
        let turned = Towns::new(turned, vec![1.0; 20]).unwrap();
        let mut there = held_out(&turned, 0.5, 3, 1);
        there.reverse();
        let here = held_out(&towns, 0.5, 3, 1);
        assert_eq!(here, there);
        assert_eq!(here.iter().filter(|out| **out).count(), 12);
        assert_ne!(here, held_out(&towns, 0.5, 4, 1));
    }

    #[test]
    fn a_sure_and_right_prediction_has_no_crps_and_a_wrong_one_its_days() {
        assert_eq!(crps(&[0.0, 1.0, 0.0, 0.0], 1), 0.0);
        assert_eq!(crps(&[0.0, 1.0, 0.0, 0.0], 3), 2.0);
        assert_eq!(crps(&[1.0, 0.0, 0.0, 0.0], 3), 3.0);
        assert!((crps(&[0.5, 0.0, 0.5], 0) - 0.5).abs() < 1e-15);
    }
}
