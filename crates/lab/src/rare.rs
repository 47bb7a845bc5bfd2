//! Rare outcomes: a probability too small to be counted, by splitting.
//!
//! A history is a point of the unit cube (coordinate 0 the account, the others the parameters) and a number that keys
//! its chance; under the prior all of them are uniform and independent. Each has a *height*, a number that rises
//! towards the outcome. Between the ordinary and the rare lie levels L₁ < … < Lₘ; histories that reach one are copied,
//! moved about without falling below it, and the shares that reach the next are multiplied (importance splitting,
//! Kahn and Harris 1951; for a static law with Markov moves Cérou, Del Moral, Furon and Guyader 2012, "Sequential Monte
//! Carlo for rare event estimation").
//!
//! **Unbiased.** With levels fixed beforehand the product of the shares has the exact probability as its mean, for any
//! number of particles and any moves that leave the conditioned law unchanged, however badly they mix (Del Moral 2004,
//! Feynman–Kac formulae; recalled). Levels chosen on the way would bias it by about one part in the number of particles.
//! So a pilot chooses the levels, and independent repetitions with other random numbers use them. Their mean is the
//! estimate, and their spread its error: Student's interval over the repetitions, which treats their mean as normal. Few
//! repetitions with a wide spread make it too short; [`Rare::repetitions`] shows each.
//!
//! **Variance.** If moves forgot their start, one repetition of N particles would have relative variance
//! Σ (1 − pₖ)/(N pₖ) over its shares pₖ (same source); moves that forget slowly add to it. Chance moves only as a whole,
//! by a fresh key: it cannot be nudged as a parameter can. Where an outcome is rare by chance more than by parameters,
//! repetitions spread widely and to one side: most are too small and a few large ones carry the mean, so an interval from
//! few repetitions of few particles tends to lie too low. Compare the repetitions, and ask for more particles or moves
//! where they differ by factors.

pub mod counted;
mod repetition;

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use equipoise_engine::{Engine, History};
use equipoise_scenario::Scenario;
use rayon::prelude::*;

use crate::design::{Design, Points};
use crate::draws::Draws;
use crate::ensemble::Control;
use crate::error::LabError;
use crate::student::quantile_975;
use crate::when::{Comparison, Test, When};
use repetition::{Stage, pilot, repeat};

/// How hard to look.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RarePlan {
    /// Histories carried from level to level in each repetition, at least 10.
    pub particles: usize,
    /// Moves of each between two levels.
    pub moves: u32,
    /// Independent repetitions, at least 2.
    pub repetitions: u32,
    /// Share of the pilot's particles that each level keeps, strictly between 0 and 1.
    pub kept: f64,
    /// Levels after which the pilot gives up.
    pub most_levels: usize,
    /// Seed of everything.
    pub seed: u64,
    /// Number of threads; 0 for one per core. The estimate does not depend on it.
    pub threads: usize,
}

impl Default for RarePlan {
    fn default() -> RarePlan {
        RarePlan {
            particles: 500,
            moves: 10,
            repetitions: 20,
            kept: 0.2,
            most_levels: 40,
            seed: 1,
            threads: 0,
        }
    }
}

/// What one history shows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Seen {
    /// How near it came; −∞ where it has no value.
    pub height: f64,
    /// Whether it happened.
    pub happens: bool,
}

/// A rare outcome's probability and how it was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Rare {
    /// The estimate: the mean of the repetitions.
    pub probability: f64,
    /// Its 95 % interval.
    pub interval: [f64; 2],
    /// The estimate of each repetition, each unbiased by itself.
    pub repetitions: Vec<f64>,
    /// The levels, rising.
    pub levels: Vec<f64>,
    /// For each level, and last for the outcome itself, the mean share of particles that reached it.
    pub shares: Vec<f64>,
    /// For each level, the share of moves above it that were accepted.
    pub accepted: Vec<f64>,
    /// Histories simulated, the pilot's included.
    pub histories: u64,
    /// Histories of a plain ensemble that would know the probability as well, 0 where nothing was found.
    pub plain_histories: f64,
    /// The largest height seen by the pilot.
    pub highest: f64,
}

/// Histories that a plan simulates at most; fewer where the pilot finds fewer levels.
#[must_use]
pub fn most_histories(plan: &RarePlan, levels: usize) -> u64 {
    let stage = plan.particles as u64 * u64::from(plan.moves);
    let repetition = plan.particles as u64 + levels as u64 * stage;
    repetition * (1 + u64::from(plan.repetitions))
}

/// Estimates the probability that `see` says "happens" of a uniform point of the unit cube and a uniform chance key.
///
/// `see` makes what looks at one history, once per thread; it must be a pure function of point and key.
/// `control.done` counts histories.
///
/// # Errors
/// An option is out of its range, or the work was cancelled.
pub fn estimate<S: FnMut(&[f64], u64) -> Seen>(
    dimensions: usize,
    plan: &RarePlan,
    control: &Control,
    see: impl Fn() -> S + Sync + Send,
) -> Result<Rare, LabError> {
    check(plan)?;
    let (levels, highest) = pilot(dimensions, plan, control, &mut see())?;
    let pool = rayon::ThreadPoolBuilder::new().num_threads(plan.threads).build().map_err(|error| {
        LabError::BadPlan { why: format!("{} threads cannot be started ({error})", plan.threads) }
    })?;
    let climb =
        |see: &mut S, number: u32| repeat(dimensions, plan, u64::from(number) + 1, &levels, control, see);
    let all = || {
        (0..plan.repetitions).into_par_iter().with_max_len(1).map_init(&see, climb).collect::<Result<_, _>>()
    };
    let runs: Vec<(f64, Vec<Stage>)> = pool.install(all)?;
    let repetitions: Vec<f64> = runs.iter().map(|(estimate, _)| *estimate).collect();
    let count = repetitions.len() as f64;
    let probability = repetitions.iter().sum::<f64>() / count;
    let variance =
        repetitions.iter().map(|one| (one - probability).powi(2)).sum::<f64>() / (count - 1.0) / count;
    let half = quantile_975(plan.repetitions - 1) * variance.sqrt();
    let mean = |at: usize, of: fn(&Stage) -> (u64, u64)| {
        // A repetition that died out has no later stages.
        let parts = runs.iter().filter_map(|(_, stages)| stages.get(at)).map(of);
        let (part, whole) = parts.fold((0, 0), |sum, next| (sum.0 + next.0, sum.1 + next.1));
        if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
    };
    Ok(Rare {
        probability,
        interval: [(probability - half).max(0.0), (probability + half).min(1.0)],
        shares: (0..=levels.len()).map(|at| mean(at, |stage| (stage.reached, stage.particles))).collect(),
        accepted: (0..levels.len()).map(|at| mean(at, |stage| (stage.accepted, stage.moves))).collect(),
        repetitions,
        levels,
        histories: control.done.load(Ordering::Relaxed),
        plain_histories: if variance > 0.0 { probability * (1.0 - probability) / variance } else { 0.0 },
        highest,
    })
}

/// Estimates the probability of an outcome of a scenario. `by` names the number to climb by, where the outcome itself
/// has none; `account` keeps to one account (an index).
///
/// A number asked for by ≥ or > is climbed by itself, one asked for by ≤ or < by its negative; so are dates. A history
/// without a value stands below all others.
///
/// # Errors
/// As [`estimate`]; and a yes/no is asked for without a number to climb by.
pub fn estimate_outcome(
    scenario: &Scenario,
    when: &When,
    by: Option<usize>,
    account: Option<usize>,
    plan: &RarePlan,
    control: &Control,
) -> Result<Rare, LabError> {
    let (climbed, sign) = match (by, when.test) {
        (Some(by), _) => (by, 1.0),
        (None, Test::Compares(Comparison::AtLeast | Comparison::Above, _)) => (when.outcome, 1.0),
        (None, Test::Compares(..)) => (when.outcome, -1.0),
        (None, Test::Yes | Test::Comes) => {
            return Err(LabError::BadPlan {
                why: format!(
                    "`{}` either happens or not, with nothing between to climb by; name a number that rises towards it with --by, or ask for a comparison such as 'killed>=500'",
                    when.text
                ),
            });
        }
    };
    let engine = Engine::new(scenario);
    let seed = plan.seed;
    // Only the scenario's distributions are used: the points come from the sampler.
    let draws = Draws::new(scenario, Points { design: Design::Random, seed }, account);
    let see = || {
        let mut workspace = engine.workspace();
        let (mut history, mut parameters) = (History::default(), Vec::new());
        let (engine, draws) = (&engine, &draws);
        move |point: &[f64], key: u64| {
            draws.at(|dimension| point[dimension], &mut parameters);
            engine.simulate(seed, key, &parameters, &mut workspace, &mut history);
            let height = sign * history.outcomes[climbed];
            Seen {
                height: if height.is_nan() { f64::NEG_INFINITY } else { height },
                happens: when.holds(history.outcomes[when.outcome]),
            }
        }
    };
    estimate(1 + scenario.parameters.len(), plan, control, see)
}

fn check(plan: &RarePlan) -> Result<(), LabError> {
    let wrong = |why: &str| Err(LabError::BadPlan { why: why.to_owned() });
    if plan.particles < 10 {
        return wrong("at least 10 particles are needed");
    }
    if plan.moves == 0 {
        return wrong("at least 1 move is needed");
    }
    if plan.repetitions < 2 {
        return wrong("at least 2 repetitions are needed: their spread is the error");
    }
    if !(plan.kept > 0.0 && plan.kept < 1.0) {
        return wrong("the share kept at each level must be above 0 and below 1");
    }
    Ok(())
}

/// Stops between two histories where that was asked for.
fn go_on(cancel: &AtomicBool, done: &AtomicU64) -> Result<(), LabError> {
    let complete = done.fetch_add(1, Ordering::Relaxed);
    if cancel.load(Ordering::Relaxed) {
        return Err(LabError::Interrupted { complete, total: complete });
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use equipoise_models::noise::{Noise, Stream};

    const OTHER: Stream = Stream::named("test chance");

    /// Two parameters and chance, each giving an exponential number; their sum is Erlang with three stages. A hard case:
    /// a third of the height is chance, which cannot be nudged.
    fn erlang(point: &[f64], key: u64) -> f64 {
        let chance = Noise::new(9, key).uniform(OTHER, 0, 0, 0);
        -(point[0].ln() + point[1].ln() + chance.ln())
    }

    /// P(Erlang(3) ≥ t) = e^−t (1 + t + t²/2).
    fn above(t: f64) -> f64 {
        (-t).exp() * (1.0 + t + t * t / 2.0)
    }

    /// Three parameters giving an exponential number each, and a uniform share of chance.
    fn with_some_chance(point: &[f64], key: u64) -> f64 {
        let chance = Noise::new(9, key).uniform(OTHER, 0, 0, 0);
        chance - (point[0].ln() + point[1].ln() + point[2].ln())
    }

    /// The height that [`with_some_chance`] passes with probability 10⁻⁴, by bisection: above t it is the integral of
    /// P(Erlang(3) ≥ s) from t − 1 to t.
    fn one_in_ten_thousand() -> f64 {
        let integral = |s: f64| (-s).exp() * (s * s / 2.0 + 2.0 * s + 3.0);
        let (mut low, mut high) = (2.0, 40.0);
        for _ in 0..80 {
            let middle = f64::midpoint(low, high);
            if integral(middle - 1.0) - integral(middle) > 1e-4 { low = middle } else { high = middle }
        }
        low
    }

    fn find(plan: &RarePlan, target: f64) -> Rare {
        let (cancel, done) = (AtomicBool::new(false), AtomicU64::new(0));
        let control = Control { cancel: &cancel, done: &done };
        let see = || {
            move |point: &[f64], key: u64| {
                let height = erlang(point, key);
                Seen { height, happens: height >= target }
            }
        };
        estimate(2, plan, &control, see).unwrap()
    }

    #[test]
    fn a_known_one_in_ten_thousand_lies_in_the_interval_and_costs_less_than_counting() {
        let target = one_in_ten_thousand();
        let (cancel, done) = (AtomicBool::new(false), AtomicU64::new(0));
        let control = Control { cancel: &cancel, done: &done };
        let see = || {
            move |point: &[f64], key: u64| {
                let height = with_some_chance(point, key);
                Seen { height, happens: height >= target }
            }
        };
        // As many particles as make one repetition nearly normal: with few, the interval tends to lie too low.
        let plan = RarePlan { particles: 1000, moves: 10, seed: 3, ..RarePlan::default() };
        let rare = estimate(3, &plan, &control, see).unwrap();
        assert!(rare.interval[0] < 1e-4 && 1e-4 < rare.interval[1], "{rare:?}");
        assert!(rare.interval[1] - rare.interval[0] < 1e-4, "{rare:?}");
        assert!(rare.plain_histories > rare.histories as f64, "{rare:?}");
        // Brute force on as many histories as make the comparison sharp.
        let noise = Noise::new(11, 0);
        let draws = 1_000_000u32;
        let point = |i: u32| [0, 1, 2].map(|at| noise.uniform(OTHER, i, 1, at));
        let counted = (0..draws).filter(|&i| with_some_chance(&point(i), u64::from(i)) >= target).count();
        let brute = counted as f64 / f64::from(draws);
        assert!((brute - 1e-4).abs() < 4.0 * (1e-4 / f64::from(draws)).sqrt(), "{brute}");
        assert!(rare.interval[0] < brute && brute < rare.interval[1]);
    }

    #[test]
    fn the_mean_of_many_small_repetitions_is_the_probability_although_each_is_poor() {
        // Twenty particles and one move mix badly; a bias of the method would stand out.
        let plan = RarePlan {
            particles: 20,
            moves: 1,
            repetitions: 6000,
            kept: 0.3,
            seed: 5,
            ..RarePlan::default()
        };
        let target = 7.0;
        let rare = find(&plan, target);
        let spread = rare.repetitions.iter().map(|one| (one - rare.probability).powi(2)).sum::<f64>();
        let error = (spread / 6000.0 / 5999.0).sqrt();
        assert!((rare.probability - above(target)).abs() < 3.5 * error, "{} ± {error}", rare.probability);
        assert!(error < 0.1 * above(target), "the test would see nothing: {error}");
    }

    #[test]
    fn intervals_hold_the_truth_about_as_often_as_they_say() {
        let target = 9.0;
        let plan = RarePlan { particles: 60, moves: 3, repetitions: 12, ..RarePlan::default() };
        let held = (0..200)
            .filter(|&seed| {
                let rare = find(&RarePlan { seed, ..plan }, target);
                rare.interval[0] <= above(target) && above(target) <= rare.interval[1]
            })
            .count();
        // 95 % of 200 are 190; the binomial spread is 3. Skewed repetitions cost a few.
        assert!((175..=199).contains(&held), "{held} of 200");
    }

    #[test]
    fn the_same_seed_gives_the_same_estimate_and_another_seed_another() {
        let plan = RarePlan { particles: 30, repetitions: 4, ..RarePlan::default() };
        assert_eq!(find(&plan, 8.0), find(&plan, 8.0));
        assert_ne!(find(&plan, 8.0).probability, find(&RarePlan { seed: 2, ..plan }, 8.0).probability);
    }

    #[test]
    fn what_no_history_can_reach_has_estimate_zero_and_says_how_high_it_came() {
        let (cancel, done) = (AtomicBool::new(false), AtomicU64::new(0));
        let control = Control { cancel: &cancel, done: &done };
        let see = || |point: &[f64], _: u64| Seen { height: point[0], happens: false };
        let plan = RarePlan { most_levels: 5, repetitions: 2, ..RarePlan::default() };
        let rare = estimate(1, &plan, &control, see).unwrap();
        assert_eq!((rare.probability, rare.plain_histories), (0.0, 0.0));
        assert!(rare.highest > 0.9 && rare.highest < 1.0);
    }

    #[test]
    fn heights_that_come_in_steps_are_climbed_all_the_same() {
        // Eight yes/no: all of them are yes with probability 0.3⁸ ≈ 6.6·10⁻⁵.
        let (cancel, done) = (AtomicBool::new(false), AtomicU64::new(0));
        let control = Control { cancel: &cancel, done: &done };
        let see = || {
            |point: &[f64], _: u64| {
                let yes = point.iter().filter(|u| **u < 0.3).count();
                Seen { height: yes as f64, happens: yes == 8 }
            }
        };
        let rare = estimate(8, &RarePlan { moves: 10, ..RarePlan::default() }, &control, see).unwrap();
        let truth = 0.3f64.powi(8);
        assert!(rare.interval[0] < truth && truth < rare.interval[1], "{rare:?}");
        assert!(rare.interval[1] < 2.0 * truth, "{rare:?}");
    }

    #[test]
    fn a_cancelled_estimate_says_how_far_it_came() {
        let (cancel, done) = (AtomicBool::new(true), AtomicU64::new(0));
        let control = Control { cancel: &cancel, done: &done };
        let see = || |_: &[f64], _: u64| Seen { height: 0.0, happens: false };
        let stopped = estimate(1, &RarePlan::default(), &control, see);
        assert!(matches!(stopped, Err(LabError::Interrupted { complete: 0, .. })));
    }
}
