//! Likelihood-free sampling of a posterior: a population that moves through ever smaller tolerances.
//!
//! Approximate Bayesian computation by sequential Monte Carlo with replenishment (Drovandi & Pettitt 2011, algorithm 4;
//! Del Moral, Doucet & Jasra 2012 for tolerances chosen on the way). The prior is uniform on the unit cube, which a
//! scenario's distributions turn into parameters, so the prior density cancels and a symmetric proposal is accepted
//! exactly when its simulation lies within the tolerance (Marjoram et al. 2003).
//!
//! A round:
//! 1. The next tolerance is the distance below which the best `keep` of the population lies.
//! 2. Particles beyond it are replaced by copies of others, drawn with equal probability.
//! 3. Every particle is moved by a Markov kernel that leaves the approximate posterior as it is: a step along the
//!    difference of two members of the population as it was (differential evolution from an archive, ter Braak &
//!    Vrugt 2008) in a random subset of the dimensions, folded back at the walls of the cube, with some coordinates
//!    drawn afresh, so that accounts and pools of claims, which are not ordered, are crossed too. The scale of the
//!    kernel adapts by itself: it is the population's own.
//! 4. Sweeps are repeated until nine in ten particles have moved at least once, by the acceptance seen.

mod population;

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use equipoise_models::noise::{Noise, Stream};
use rayon::prelude::*;

use super::distance::{Distance, Target};
pub use population::{Ending, LAG, Particle, Round, Sample};

/// How to sample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// Particles, at least 20.
    pub population: usize,
    /// Share of the population each new tolerance keeps, inside (0, 1).
    pub keep: f64,
    /// Most sweeps of moves in a round.
    pub sweeps: u32,
    /// The sampler stops when fewer moves than this share are accepted.
    pub least_acceptance: f64,
    /// Most simulations; a round that does not fit into what is left is not begun.
    pub budget: u64,
    /// Seed of proposals and of the simulations' chance.
    pub seed: u64,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { population: 1000, keep: 0.6, sweeps: 6, least_acceptance: 0.03, budget: 60_000, seed: 1 }
    }
}

/// What is sampled: the prior's points and a simulator.
pub struct Problem<'a, W, P, S> {
    /// Number of dimensions of the cube, at least one.
    pub dimensions: usize,
    /// One per row that a simulation gives; `None` for rows that are only watched.
    pub targets: &'a [Option<Target>],
    /// Coordinate d of the i-th point of the prior.
    pub prior: P,
    /// Memory of one thread.
    pub worker: W,
    /// Simulates a point under the chance of a history number and pushes one value per row.
    pub simulate: S,
}

/// Samples the posterior. The result does not depend on the number of threads.
///
/// `None` if it was told to stop before the prior population was complete.
pub fn sample<M, W, P, S>(
    problem: &Problem<'_, W, P, S>,
    settings: &Settings,
    cancel: &AtomicBool,
    done: &AtomicU64,
) -> Option<Sample>
where
    W: Fn() -> M + Sync,
    P: Fn(u64, usize) -> f64 + Sync,
    S: Fn(&mut M, u64, &[f64], &mut Vec<f64>) + Sync,
{
    let size = settings.population.max(20);
    let simulate = |memory: &mut M, history: u64, point: Vec<f64>| {
        let mut values = Vec::with_capacity(problem.targets.len());
        if !cancel.load(Ordering::Relaxed) {
            (problem.simulate)(memory, history, &point, &mut values);
            done.fetch_add(1, Ordering::Relaxed);
        }
        Particle { point, values, distance: f64::INFINITY, history }
    };
    let mut prior: Vec<Particle> = (0..size as u64)
        .into_par_iter()
        .map_init(&problem.worker, |memory, i| {
            let point = (0..problem.dimensions).map(|d| (problem.prior)(i, d)).collect();
            simulate(memory, i, point)
        })
        .collect();
    if cancel.load(Ordering::Relaxed) {
        return None;
    }
    let values: Vec<Vec<f64>> = prior.iter().map(|particle| particle.values.clone()).collect();
    let distance = Distance::new(problem.targets, &values);
    for particle in &mut prior {
        particle.distance = distance.of(&particle.values);
    }

    let mut particles = prior.clone();
    let mut rounds: Vec<Round> = Vec::new();
    // Who was copied from whom, in each of the last rounds.
    let mut copied: VecDeque<Vec<usize>> = VecDeque::new();
    let mut simulations = size as u64;
    let ending = loop {
        let Some(tolerance) = next_tolerance(&particles, settings.keep) else {
            break Ending::Tolerance;
        };
        if simulations + size as u64 > settings.budget {
            break Ending::Budget;
        }
        let sources = sources(&particles, tolerance, settings.seed, simulations);
        let mut moved: Vec<Particle> = sources.iter().map(|&from| particles[from].clone()).collect();
        let archive: Vec<Vec<f64>> = moved.iter().map(|particle| particle.point.clone()).collect();
        let begun = simulations;
        let mut accepted = 0;
        let mut sweeps = 1;
        let mut sweep = 0;
        while sweep < sweeps && simulations + size as u64 <= settings.budget {
            let first = simulations;
            accepted += moved
                .par_iter_mut()
                .enumerate()
                .map_init(&problem.worker, |memory, (i, particle)| {
                    let history = first + i as u64;
                    let point = proposal(&particle.point, &archive, settings.seed, history);
                    let mut candidate = simulate(memory, history, point);
                    if candidate.values.is_empty() {
                        return 0;
                    }
                    candidate.distance = distance.of(&candidate.values);
                    let accept = candidate.distance <= tolerance;
                    if accept {
                        *particle = candidate;
                    }
                    u64::from(accept)
                })
                .sum::<u64>();
            simulations += size as u64;
            sweep += 1;
            let acceptance = accepted as f64 / (simulations - begun) as f64;
            sweeps = sweeps_needed(acceptance).min(settings.sweeps);
        }
        if cancel.load(Ordering::Relaxed) {
            break Ending::Interrupted;
        }
        let acceptance = accepted as f64 / (simulations - begun) as f64;
        particles = moved;
        copied.push_back(sources);
        if copied.len() > LAG {
            copied.pop_front();
        }
        let distinct = distinct(&particles);
        rounds.push(Round { tolerance, acceptance, simulations: simulations - begun, distinct });
        if acceptance < settings.least_acceptance {
            break Ending::Acceptance;
        }
    };
    let line = |at: usize| copied.iter().rev().fold(at, |at, sources| sources[at]);
    let lines = (0..particles.len()).map(line).collect();
    Some(Sample { particles, prior, lines, rounds, simulations, ending })
}

/// The distance that the best `keep` of the population stay within; `None` if that excludes nobody.
fn next_tolerance(particles: &[Particle], keep: f64) -> Option<f64> {
    let mut distances: Vec<f64> = particles.iter().map(|particle| particle.distance).collect();
    distances.sort_unstable_by(f64::total_cmp);
    let last = *distances.last()?;
    let at = ((keep * distances.len() as f64).ceil() as usize).clamp(1, distances.len()) - 1;
    (distances[at] < last).then_some(distances[at])
}

/// Where each particle of the next population starts: those within the tolerance where they are, the others at one of these.
fn sources(particles: &[Particle], tolerance: f64, seed: u64, round: u64) -> Vec<usize> {
    const RESAMPLING: Stream = Stream::named("calibration_resampling");
    let within = |at: &usize| particles[*at].distance <= tolerance;
    let alive: Vec<usize> = (0..particles.len()).filter(within).collect();
    let noise = Noise::new(seed, round);
    let another = |at: usize| alive[index(noise.uniform(RESAMPLING, at as u32, 0, 0), alive.len())];
    (0..particles.len()).map(|at| if within(&at) { at } else { another(at) }).collect()
}

/// A point near `from`, symmetric: the way back has the same probability.
fn proposal(from: &[f64], archive: &[Vec<f64>], seed: u64, history: u64) -> Vec<f64> {
    const PROPOSAL: Stream = Stream::named("calibration_proposal");
    /// Share of the chosen coordinates that are drawn afresh.
    const AFRESH: f64 = 0.15;
    /// Standard deviation of the jitter that keeps a step from staying in the population's own subspace.
    const JITTER: f64 = 0.01;
    let noise = Noise::new(seed, history);
    let dimensions = from.len();
    let common = |draw: u32| noise.uniform(PROPOSAL, u32::MAX, 0, draw);
    // A few coordinates, a tenth of them, or half of them: what mixes best differs by problem.
    let share = [2.0 / dimensions as f64, 0.1, 0.5][index(common(0), 3)];
    let forced = index(common(1), dimensions);
    let chosen: Vec<usize> = (0..dimensions)
        .filter(|d| *d == forced || noise.uniform(PROPOSAL, *d as u32, 0, 0) < share)
        .collect();
    let (a, b) = (&archive[index(common(2), archive.len())], &archive[index(common(3), archive.len())]);
    // 2.38/√(2d) is the classical scale; one step in ten goes the whole way, from mode to mode.
    let whole = common(4) < 0.1;
    let scale = if whole { 1.0 } else { 2.38 / (2.0 * chosen.len() as f64).sqrt() * common(5) };
    let mut to = from.to_vec();
    for d in chosen {
        let entity = d as u32;
        to[d] = if noise.uniform(PROPOSAL, entity, 0, 1) < AFRESH {
            noise.uniform(PROPOSAL, entity, 0, 2)
        } else {
            let step = scale * (a[d] - b[d]) + JITTER * noise.normal(PROPOSAL, entity, 0, 3);
            folded(from[d] + step)
        };
    }
    to
}

/// A number folded into the open unit interval, as by mirrors at 0 and 1.
fn folded(x: f64) -> f64 {
    let x = x.rem_euclid(2.0);
    let x = if x > 1.0 { 2.0 - x } else { x };
    x.clamp(f64::EPSILON, 1.0 - f64::EPSILON)
}

/// Sweeps after which nine in ten particles have moved, at this acceptance.
fn sweeps_needed(acceptance: f64) -> u32 {
    let needed = (0.1f64.ln() / (1.0 - acceptance).ln()).ceil();
    // No acceptance at all gives −∞/0; all accepted gives −0.
    if needed.is_finite() {
        (needed as u32).max(1)
    } else if acceptance > 0.5 {
        1
    } else {
        u32::MAX
    }
}

fn distinct(particles: &[Particle]) -> usize {
    let mut histories: Vec<u64> = particles.iter().map(|particle| particle.history).collect();
    histories.sort_unstable();
    histories.dedup();
    histories.len()
}

fn index(u: f64, count: usize) -> usize {
    ((u * count as f64) as usize).min(count.saturating_sub(1))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Samples the mean of a normal distribution with known standard deviation 1 from the mean of `n` observations; the
    /// prior of the mean is uniform on (−5, 5). Prior, proposals and data all follow the seed.
    fn normal_mean(n: f64, observed: f64, settings: &Settings) -> Sample {
        const DATA: Stream = Stream::named("data");
        let targets = [Some(Target { interval: [observed; 2], least_scale: 0.0 })];
        let problem = Problem {
            dimensions: 1,
            targets: &targets,
            prior: |i, _| Noise::new(1_000 + settings.seed, i).uniform(DATA, 0, 0, 1),
            worker: || (),
            simulate: |(): &mut (), history, point: &[f64], values: &mut Vec<f64>| {
                let noise = Noise::new(2_000 + settings.seed, history).normal(DATA, 0, 0, 0);
                values.push(10.0 * (point[0] - 0.5) + noise / n.sqrt());
            },
        };
        sample(&problem, settings, &AtomicBool::new(false), &AtomicU64::new(0)).unwrap()
    }

    fn mean_and_sd(sample: &Sample) -> [f64; 2] {
        let at: Vec<f64> = sample.particles.iter().map(|particle| 10.0 * (particle.point[0] - 0.5)).collect();
        let mean = at.iter().sum::<f64>() / at.len() as f64;
        let variance = at.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / at.len() as f64;
        [mean, variance.sqrt()]
    }

    #[test]
    fn over_many_seeds_the_posterior_of_a_normal_mean_is_the_known_one() {
        // Exact: normal around 1.2 with standard deviation 1/√4 = 0.5. One run errs; the mean of many may not.
        const SEEDS: u64 = 40;
        let mut found = [Vec::new(), Vec::new(), Vec::new()];
        for seed in 0..SEEDS {
            let settings = Settings {
                population: 500,
                budget: 20_000,
                least_acceptance: 0.05,
                seed,
                ..Settings::default()
            };
            let sample = normal_mean(4.0, 1.2, &settings);
            // Distances are in units of the prior predictive spread, about 3.7. A tolerance of 0.15 in the model's own units
            // widens the posterior by its variance of 0.15²/3, to a standard deviation of 0.507.
            let last = sample.rounds.last().unwrap();
            assert!(last.tolerance < 0.15 / 3.0, "{last:?}");
            let [mean, sd] = mean_and_sd(&sample);
            let points: Vec<f64> = sample.particles.iter().map(|particle| particle.point[0]).collect();
            for (values, value) in found.iter_mut().zip([mean, sd, 1.0 / sample.effective(&points)]) {
                values.push(value);
            }
        }
        for (values, exact, widened) in [(&found[0], 1.2, 0.0), (&found[1], 0.5, 0.008)] {
            let n = values.len() as f64;
            let mean = values.iter().sum::<f64>() / n;
            let varies = (values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt();
            let error = varies / n.sqrt();
            assert!(error < 0.01, "{error}: too few seeds to tell a bias");
            assert!((mean - exact).abs() < 3.0 * error + widened, "{mean} ± {error}, not {exact}");
        }
        // What a population says it is worth is what its mean is worth: 0.25 over the variance of the means.
        let variance = found[0].iter().map(|mean| (mean - 1.2).powi(2)).sum::<f64>() / SEEDS as f64;
        let stated = found[2].iter().sum::<f64>() / SEEDS as f64 * 0.25;
        let ratio = stated / variance;
        // A variance of 40 means is known to 22 %.
        assert!((0.5..1.6).contains(&ratio), "{ratio}");
    }

    #[test]
    fn more_data_narrow_the_posterior() {
        let settings = Settings { population: 500, budget: 40_000, ..Settings::default() };
        let wide = mean_and_sd(&normal_mean(1.0, 0.0, &settings))[1];
        let narrow = mean_and_sd(&normal_mean(25.0, 0.0, &settings))[1];
        assert!(narrow < wide / 2.0, "{narrow} {wide}");
    }

    #[test]
    fn copies_count_once_and_strangers_each() {
        let prior = normal_mean(4.0, 1.0, &Settings { population: 100, budget: 200, ..Settings::default() });
        let values: Vec<f64> = (0..100).map(f64::from).collect();
        let of = |lines: Vec<usize>| Sample { lines, ..prior.clone() }.effective(&values);
        assert_eq!(of((0..100).collect()), 100.0);
        assert_eq!(of(vec![0; 100]), 1.0);
        // Ten lines of ten neighbours each are worth ten draws and a little.
        let lines = of((0..100).map(|at| at / 10).collect());
        assert!((10.0..10.2).contains(&lines), "{lines}");
        assert_eq!(prior.effective(&[3.0; 100]), 100.0);
    }

    #[test]
    fn threads_leave_no_trace() {
        let settings = Settings { population: 100, budget: 2_000, ..Settings::default() };
        let on = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| normal_mean(4.0, 1.0, &settings))
        };
        assert_eq!(on(1), on(3));
    }

    #[test]
    fn tolerances_only_fall_and_the_budget_is_kept() {
        let settings = Settings { population: 50, budget: 1_234, ..Settings::default() };
        let sample = normal_mean(4.0, 1.0, &settings);
        assert!(sample.simulations <= 1_234);
        assert!(sample.rounds.windows(2).all(|pair| pair[1].tolerance < pair[0].tolerance));
        let last = sample.rounds.last().unwrap().tolerance;
        assert!(sample.particles.iter().all(|particle| particle.distance <= last));
    }

    #[test]
    fn without_a_target_the_prior_stays_the_prior() {
        let targets = [None];
        let problem = Problem {
            dimensions: 2,
            targets: &targets,
            prior: |i, d| Noise::new(1, i).uniform(Stream::named("p"), d as u32, 0, 0),
            worker: || (),
            simulate: |(): &mut (), _, _: &[f64], values: &mut Vec<f64>| values.push(0.0),
        };
        let sample =
            sample(&problem, &Settings::default(), &AtomicBool::new(false), &AtomicU64::new(0)).unwrap();
        assert_eq!(sample.ending, Ending::Tolerance);
        assert_eq!(sample.particles, sample.prior);
    }

    #[test]
    fn a_cancelled_sampler_keeps_its_last_complete_round() {
        let cancel = AtomicBool::new(false);
        let targets = [Some(Target { interval: [0.0; 2], least_scale: 0.0 })];
        let problem = Problem {
            dimensions: 1,
            targets: &targets,
            prior: |i, _| (i as f64 + 0.5) / 100.0,
            worker: || (),
            simulate: |(): &mut (), history, point: &[f64], values: &mut Vec<f64>| {
                if history == 350 {
                    cancel.store(true, Ordering::Relaxed);
                }
                values.push(point[0]);
            },
        };
        let settings = Settings { population: 100, ..Settings::default() };
        let sample = sample(&problem, &settings, &cancel, &AtomicU64::new(0)).unwrap();
        assert_eq!(sample.ending, Ending::Interrupted);
        assert!(sample.particles.iter().all(|particle| particle.values.len() == 1));
    }

    proptest! {
        #[test]
        fn a_proposal_stays_in_the_cube(
            point in prop::collection::vec(0.001f64..0.999, 1..20), seed: u64, history: u64,
        ) {
            let archive = [point.clone(), vec![0.01; point.len()], vec![0.99; point.len()]];
            let to = proposal(&point, &archive, seed, history);
            prop_assert_eq!(to.len(), point.len());
            prop_assert!(to.iter().all(|x| *x > 0.0 && *x < 1.0));
        }

        #[test]
        fn folding_is_a_mirror(x in 0.01f64..0.99) {
            prop_assert!((folded(-x) - x).abs() < 1e-12);
            prop_assert!((folded(2.0 - x) - x).abs() < 1e-12);
            prop_assert!((folded(x + 2.0) - x).abs() < 1e-12);
        }
    }
}
