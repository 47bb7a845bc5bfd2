//! Calibration: parameters that agree with the part of the record marked `fit`, judged on the part marked `held_out`.
//!
//! Likelihood-free, by [`smc`]. The prior is the scenario's own: accounts by credence, evidenced parameters by their
//! pools, assumptions by their ranges. All of them are updated, so the record can also speak against evidence; where it
//! does, the shift is flagged ([`Shift::flagged`]).

pub mod distance;
pub mod of_table;
mod posterior;
mod ranks;
mod shift;
pub mod smc;

use std::sync::atomic::Ordering;
use std::time::Instant;

use equipoise_engine::{Engine, History, Workspace};
use equipoise_scenario::Scenario;
use equipoise_scenario::scenario::Target as RecordTarget;
use rayon::prelude::*;

use crate::design::{Design, Points};
use crate::draws::Draws;
use crate::ensemble::Control;
use crate::error::LabError;
use crate::quantile::{ascending, quantile};
use crate::score::{Score, ScoreKind, score_row};
pub use distance::Target;
pub use posterior::{Posterior, PosteriorParticle};
pub use ranks::Ranks;
pub use shift::{FLAGGED, Shift};
pub use smc::{Ending, Round, Settings};

/// A scenario fitted to its record.
#[derive(Debug, Clone)]
pub struct Calibration {
    /// The posterior, all of equal weight.
    pub particles: Vec<PosteriorParticle>,
    /// Each parameter before and after, the one that moved most first.
    pub shifts: Vec<Shift>,
    /// Credence of each account before (as drawn) and after.
    pub credences: Vec<[f64; 2]>,
    /// Every row of the record under prior and posterior, predicted with new chance.
    pub rows: Vec<RowFit>,
    /// How many independent draws the particles are worth: the median over account and parameters
    /// ([`smc::Sample::effective`]).
    pub effective: f64,
    /// The rounds of the sampler.
    pub rounds: Vec<Round>,
    /// Simulations in all, those of the predictions included.
    pub simulations: u64,
    /// Why the sampler stopped.
    pub ending: Ending,
    /// Seconds it took.
    pub seconds: f64,
}

/// A row of the record before and after.
#[derive(Debug, Clone)]
pub struct RowFit {
    /// Under the prior.
    pub prior: Score,
    /// Under the posterior.
    pub posterior: Score,
}

impl RowFit {
    /// Score of the posterior over score of the prior (CRPS, or Brier for a yes/no): below 1 is better. `None` where the
    /// row is not scored or the prior is already exact.
    #[must_use]
    pub fn ratio(&self) -> Option<f64> {
        let of = |score: &Score| score.brier.or(score.crps);
        match (of(&self.prior), of(&self.posterior)) {
            (Some(before), Some(after)) if before > 0.0 => Some(after / before),
            _ => None,
        }
    }
}

/// Fits a scenario to its record. `account` keeps to one account (an index).
///
/// # Errors
/// The record has no row to fit, the settings make no sense, or it was interrupted before the first round was complete;
/// later interruptions give what the last complete round found, with [`Ending::Interrupted`].
pub fn calibrate(
    scenario: &Scenario,
    settings: &Settings,
    account: Option<usize>,
    control: &Control,
) -> Result<Calibration, LabError> {
    let started = Instant::now();
    check(scenario, settings)?;
    let simulator = Simulator::new(scenario, settings.seed, account);
    let targets = fitted_rows(scenario);
    if targets.iter().all(Option::is_none) {
        return Err(LabError::BadPlan {
            why: format!("the record of {} has no row marked fit that can be scored", scenario.id),
        });
    }
    let Some(sample) = simulator.sample(&targets, settings, control) else {
        return Err(LabError::Interrupted { complete: 0, total: settings.budget });
    };
    let particles =
        |of: &[smc::Particle]| of.iter().map(|particle| simulator.particle(&particle.point)).collect();
    let (prior, posterior): (Vec<PosteriorParticle>, Vec<PosteriorParticle>) =
        (particles(&sample.prior), particles(&sample.particles));
    // The population was selected by its chance as well as by its parameters; predictions need new chance.
    let predicted: Vec<Vec<f64>> = sample
        .particles
        .par_iter()
        .enumerate()
        .map_init(
            || simulator.memory(),
            |memory, (i, particle)| {
                let mut values = Vec::new();
                simulator.simulate(memory, sample.simulations + i as u64, &particle.point, &mut values);
                control.done.fetch_add(1, Ordering::Relaxed);
                values
            },
        )
        .collect();
    let rows = scenario.record.iter().enumerate().map(|(at, row)| {
        let before: Vec<f64> = sample.prior.iter().map(|particle| particle.values[at]).collect();
        let after: Vec<f64> = predicted.iter().map(|values| values[at]).collect();
        RowFit {
            prior: score_row(scenario, row, None, &before),
            posterior: score_row(scenario, row, None, &after),
        }
    });
    let rows = rows.collect();
    let dimensions = (0..simulator.dimensions()).map(|d| {
        let values: Vec<f64> = sample.particles.iter().map(|particle| particle.point[d]).collect();
        sample.effective(&values)
    });
    let effective = quantile(&ascending(dimensions), 0.5);
    let before = shift::credences(scenario, &prior);
    let after = shift::credences(scenario, &posterior);
    Ok(Calibration {
        shifts: shift::shifts(scenario, &prior, &posterior),
        credences: before.into_iter().zip(after).map(|(before, after)| [before, after]).collect(),
        rows,
        effective,
        rounds: sample.rounds,
        simulations: sample.simulations + posterior.len() as u64,
        ending: sample.ending,
        particles: posterior,
        seconds: started.elapsed().as_secs_f64(),
    })
}

/// Ranks of `truths` made-up truths, for the accounts' coordinate first and then for every parameter, in ten bins
/// ([`Ranks`]). Each truth is fitted with `settings` and a seed of its own.
///
/// # Errors
/// As [`calibrate`]; and fewer than 20 truths.
pub fn rank_truths(
    scenario: &Scenario,
    settings: &Settings,
    truths: u64,
    control: &Control,
) -> Result<Vec<Ranks>, LabError> {
    check(scenario, settings)?;
    if truths < 20 {
        return Err(LabError::BadPlan {
            why: format!("{truths} truths say little about ranks; ask for at least 20"),
        });
    }
    let recorded = fitted_rows(scenario);
    let mut positions: Vec<Vec<[u64; 3]>> = Vec::new();
    for truth in 0..truths {
        let seed = settings.seed.wrapping_add(1 + truth);
        let simulator = Simulator::new(scenario, seed, None);
        // A point and a chance that the sampler itself never meets.
        let apart = Points { design: Design::Random, seed: !seed };
        let point: Vec<f64> = (0..simulator.dimensions()).map(|d| apart.point(0, d)).collect();
        let mut values = Vec::new();
        simulator.simulate(&mut simulator.memory(), u64::MAX, &point, &mut values);
        // A made-up record is exact: a date or number is the one simulated; what never came cannot be fitted.
        let targets: Vec<Option<Target>> = recorded
            .iter()
            .zip(&values)
            .map(|(target, value)| {
                target.filter(|_| value.is_finite()).map(|target| Target { interval: [*value; 2], ..target })
            })
            .collect();
        let settings = Settings { seed, ..*settings };
        let sample = simulator.sample(&targets, &settings, control);
        let Some(sample) = sample.filter(|sample| sample.ending != Ending::Interrupted) else {
            return Err(LabError::Interrupted { complete: truth, total: truths });
        };
        let found: Vec<PosteriorParticle> =
            sample.particles.iter().map(|particle| simulator.particle(&particle.point)).collect();
        let actual = simulator.particle(&point);
        let place = |value: f64, of: &dyn Fn(&PosteriorParticle) -> f64| {
            let below = found.iter().filter(|particle| of(particle) < value).count() as u64;
            let equal = found.iter().filter(|particle| of(particle) == value).count() as u64;
            [below, equal, found.len() as u64]
        };
        let mut places = vec![place(actual.account as f64, &|particle| particle.account as f64)];
        for (at, value) in actual.parameters.iter().enumerate() {
            places.push(place(*value, &|particle| particle.parameters[at]));
        }
        positions.push(places);
    }
    let dimensions = positions.first().map_or(0, Vec::len);
    let of = |at: usize| {
        let column: Vec<[u64; 3]> = positions.iter().map(|places| places[at]).collect();
        ranks::ranks(&column, 10)
    };
    Ok((0..dimensions).map(of).collect())
}

fn check(scenario: &Scenario, settings: &Settings) -> Result<(), LabError> {
    let bad = |why: String| Err(LabError::BadPlan { why });
    if scenario.evidence.accounts.is_empty() {
        return bad(format!("the scenario {} has no accounts", scenario.id));
    }
    if settings.population < 20 {
        return bad(format!("a population of {} is too small; take at least 20", settings.population));
    }
    if settings.budget < 2 * settings.population as u64 {
        return bad(format!(
            "a budget of {} histories does not let a population of {} move once; take at least {}",
            settings.budget,
            settings.population,
            2 * settings.population
        ));
    }
    if !(settings.keep > 0.0 && settings.keep < 1.0) {
        return bad(format!(
            "each round must keep a share between 0 and 1 of the population, not {}",
            settings.keep
        ));
    }
    Ok(())
}

/// The rows marked `fit` that the record gives a value for.
fn fitted_rows(scenario: &Scenario) -> Vec<Option<Target>> {
    let target = |row: &equipoise_scenario::scenario::RecordRow| {
        let score = score_row(scenario, row, None, &[]);
        let least_scale = match score.kind {
            ScoreKind::YesNo | ScoreKind::Date => 0.5,
            ScoreKind::Number => 0.0,
        };
        let interval = score.claim.filter(|claim| claim.iter().any(|end| end.is_finite()))?;
        (!row.held_out).then_some(Target { interval, least_scale })
    };
    scenario.record.iter().map(target).collect()
}

/// From a point of the cube and a history number to the values of the record's rows.
struct Simulator<'s> {
    scenario: &'s Scenario,
    engine: Engine<'s>,
    draws: Draws<'s>,
    points: Points,
    seed: u64,
}

struct Memory {
    workspace: Workspace,
    history: History,
    parameters: Vec<f64>,
}

impl<'s> Simulator<'s> {
    fn new(scenario: &'s Scenario, seed: u64, account: Option<usize>) -> Simulator<'s> {
        let points = Points { design: Design::Sobol, seed };
        Simulator {
            scenario,
            engine: Engine::new(scenario),
            draws: Draws::new(scenario, points, account),
            points,
            seed,
        }
    }

    fn dimensions(&self) -> usize {
        1 + self.scenario.parameters.len()
    }

    fn memory(&self) -> Memory {
        Memory { workspace: self.engine.workspace(), history: History::default(), parameters: Vec::new() }
    }

    /// Samples the posterior of these targets; `None` if it was told to stop before the prior population was complete.
    fn sample(
        &self,
        targets: &[Option<Target>],
        settings: &Settings,
        control: &Control,
    ) -> Option<smc::Sample> {
        let problem = smc::Problem {
            dimensions: self.dimensions(),
            targets,
            prior: |i, d| self.points.point(i, d),
            worker: || self.memory(),
            simulate: |memory: &mut Memory, history, point: &[f64], values: &mut Vec<f64>| {
                self.simulate(memory, history, point, values);
            },
        };
        smc::sample(&problem, settings, control.cancel, control.done)
    }

    fn particle(&self, point: &[f64]) -> PosteriorParticle {
        let mut parameters = Vec::new();
        let account = self.draws.at(|dimension| point[dimension], &mut parameters);
        PosteriorParticle { account, parameters }
    }

    fn simulate(&self, memory: &mut Memory, history: u64, point: &[f64], values: &mut Vec<f64>) {
        let Memory { workspace, history: into, parameters } = memory;
        self.draws.at(|dimension| point[dimension], parameters);
        self.engine.simulate(self.seed, history, parameters, workspace, into);
        let width = self.scenario.series.len();
        values.extend(self.scenario.record.iter().map(|row| {
            match row.target {
                RecordTarget::Outcome(at) => into.outcomes[at],
                RecordTarget::Series(at, date) => usize::try_from(self.scenario.day(date))
                    .ok()
                    .and_then(|day| into.series.get(day * width + at))
                    .map_or(f64::NAN, |value| f64::from(*value)),
            }
        }));
    }
}
