//! The sampler: the published Gibbs algorithm, in parallel.
//!
//! Each iteration has two passes. *Resolutions*, each on its own: cutpoints by a Metropolis step with a truncated normal
//! proposal, with latent utilities integrated out (Johnson and Albert 1999, after Cowles 1996; both recalled); a latent
//! utility for each vote, truncated normal (Albert and Chib 1993, recalled); the slope, normal. Then *states*, each on its
//! own: an ideal point a session, normal, leaning on the mean of the session before in the last iteration. Then all ideal
//! points are given the mean 0 and the standard deviation 1.
//!
//! As published but for the start (a few sweeps of the fast estimator in place of fixed values for some states, which
//! saves most of the burn-in) and the numbers: keyed randomness, one address for each draw, so that the result is the same
//! on any number of threads; utilities in single precision.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use rayon::prelude::*;

use super::chamber::{Chamber, Classes};
use super::error::RollCallError;
use super::estimate::{Estimate, Resolution};
use super::fast::{FARTHEST_CUT, FARTHEST_POINT, State, single};
use super::fast_normal::{below, cdf_and_density, within};
use super::ordinal::{Item, Side, abstention_masses, dot, held, log_ratio, one_sided_masses};
use super::votes::Vote;
use crate::noise::{Noise, Stream, normal_quantile};

const CUTPOINTS: Stream = Stream::named("roll call cutpoints");
const UTILITIES: Stream = Stream::named("roll call utilities");
const SLOPES: Stream = Stream::named("roll call slopes");
const POINTS: Stream = Stream::named("roll call ideal points");

/// Standard deviation of the proposal of a cutpoint, as published.
const PROPOSAL: f64 = 0.2 / 3.0;
/// Where latent utilities end, as published.
const FARTHEST_UTILITY: f32 = 9.0;
/// Sweeps of the fast estimator at the start.
const WARM_UP: usize = 25;

/// How long the sampler goes on, and from which seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GibbsSettings {
    /// Iterations, those of the burn-in included.
    pub iterations: usize,
    /// Iterations at the start that are left out of the result.
    pub burn_in: usize,
    /// Seed of all randomness.
    pub seed: u64,
}

/// What a caller sees of a sampler at work, and how it stops it.
#[derive(Clone, Copy, Debug)]
pub struct Watch<'a> {
    /// Iterations done.
    pub done: &'a AtomicU64,
    /// Set by the caller to stop after the current iteration.
    pub cancel: &'a AtomicBool,
}

/// Samples ideal points; bit for bit the same on any number of threads.
///
/// # Errors
/// The settings leave fewer than two iterations, all ideal points come out alike, or the caller cancelled.
pub fn gibbs(chamber: &Chamber, settings: GibbsSettings, watch: Watch) -> Result<Estimate, RollCallError> {
    if settings.iterations < settings.burn_in + 2 {
        return Err(RollCallError::Settings {
            why: "the sampler needs at least two iterations more than its burn-in",
        });
    }
    let mut sampler = Sampler::start(chamber, settings.seed)?;
    let mut sums = Sums::new(chamber);
    for iteration in 0..settings.iterations {
        if watch.cancel.load(Ordering::Relaxed) {
            return Err(RollCallError::Cancelled);
        }
        sampler.iterate(iteration as u32)?;
        if iteration >= settings.burn_in {
            sums.add(&sampler);
        }
        watch.done.store(iteration as u64 + 1, Ordering::Relaxed);
    }
    Ok(sums.estimate(chamber, settings))
}

/// One state of the chain.
struct Sampler<'a> {
    chamber: &'a Chamber,
    noise: Noise,
    items: Vec<Item>,
    /// Ideal points, in single precision for the votes.
    points: Vec<f32>,
    exact_points: Vec<f64>,
    /// Mean of each ideal point given the rest, of this iteration.
    centres: Vec<f64>,
    /// Slope times latent utility of each vote, by item.
    pulls: Vec<f32>,
}

impl<'a> Sampler<'a> {
    fn start(chamber: &'a Chamber, seed: u64) -> Result<Sampler<'a>, RollCallError> {
        let mut state = State::start(chamber);
        for _ in 0..WARM_UP {
            state.sweep(chamber)?;
        }
        state.orient(chamber);
        Ok(Sampler {
            chamber,
            noise: Noise::new(seed, 0),
            items: state.items,
            points: single(&state.means),
            centres: state.means.clone(),
            exact_points: state.means,
            pulls: vec![0.0; chamber.votes()],
        })
    }

    fn iterate(&mut self, iteration: u32) -> Result<(), RollCallError> {
        self.draw_resolutions(iteration);
        self.draw_points(iteration);
        self.standardise()
    }

    fn draw_resolutions(&mut self, iteration: u32) {
        let (chamber, points, noise) = (self.chamber, &self.points, self.noise);
        let most = chamber.items.iter().map(|item| item.all().len()).max().unwrap_or(0);
        // One stretch of the pulls for each item.
        let mut rest = self.pulls.as_mut_slice();
        let mut stretches = Vec::with_capacity(self.items.len());
        for votes in &chamber.items {
            let (own, others) = rest.split_at_mut(votes.all().len());
            stretches.push(own);
            rest = others;
        }
        let work = self.items.par_iter_mut().zip(&chamber.items).zip(stretches).enumerate();
        work.for_each_init(
            || Desk::with_room(most),
            |desk, (number, ((item, votes), pulls))| {
                let draw = Draw { noise, item: number as u32, iteration };
                desk.draw_resolution(draw, item, *votes, &chamber.seat_of[votes.all()], points, pulls);
            },
        );
    }

    fn draw_points(&mut self, iteration: u32) {
        let slopes: Vec<f64> = self.items.iter().map(|item| f64::from(item.slope)).collect();
        let squares: Vec<f64> = slopes.iter().map(|slope| slope * slope).collect();
        let (chamber, noise, centres, pulls) = (self.chamber, self.noise, &self.centres, &self.pulls);
        let drawn: Vec<(f64, f64)> = (0..chamber.seats.len())
            .into_par_iter()
            .with_min_len(32)
            .map(|seat| {
                let lean = chamber.leans[seat];
                let votes = chamber.ballots[seat].all();
                let centre = lean.on.map_or(0.0, |other| centres[other as usize]);
                let (mut precision, mut pull) = (lean.precision, lean.precision * centre);
                for (&by, &on) in chamber.cast_by[votes.clone()].iter().zip(&chamber.cast_on[votes]) {
                    precision += squares[on as usize];
                    // z = βθ + e up to sign: the model's utility falls below the cutpoint for a yes.
                    pull += f64::from(pulls[by as usize]);
                }
                let mean = pull / precision;
                let chance = noise.normal(POINTS, seat as u32, iteration, 0);
                let point = (mean + chance / precision.sqrt()).clamp(-FARTHEST_POINT, FARTHEST_POINT);
                (point, mean)
            })
            .collect();
        (self.exact_points, self.centres) = drawn.into_iter().unzip();
    }

    fn standardise(&mut self) -> Result<(), RollCallError> {
        let n = self.exact_points.len() as f64;
        let mean = self.exact_points.iter().sum::<f64>() / n;
        let spread = (self.exact_points.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n).sqrt();
        if !(spread > 1e-6 && spread.is_finite()) {
            return Err(RollCallError::NoSpread);
        }
        self.exact_points.iter_mut().for_each(|x| *x = (*x - mean) / spread);
        self.centres.iter_mut().for_each(|x| *x = (*x - mean) / spread);
        self.points = single(&self.exact_points);
        Ok(())
    }
}

/// Address of the draws of one resolution in one iteration.
#[derive(Clone, Copy)]
struct Draw {
    noise: Noise,
    item: u32,
    iteration: u32,
}

/// Room for the rows of one resolution.
struct Desk {
    points: Vec<f32>,
    at: Vec<f32>,
    mass: Vec<f32>,
    proposed: Vec<f32>,
    uniform: Vec<f32>,
}

impl Desk {
    fn with_room(votes: usize) -> Desk {
        let row = || vec![0.0; votes];
        Desk { points: row(), at: row(), mass: row(), proposed: row(), uniform: row() }
    }

    /// Draws cutpoints, utilities and slope of a resolution, and leaves slope times utility in `pulls`.
    fn draw_resolution(
        &mut self,
        draw: Draw,
        item: &mut Item,
        votes: Classes,
        seats: &[u32],
        points: &[f32],
        pulls: &mut [f32],
    ) {
        let n = seats.len();
        for ((point, at), &seat) in self.points.iter_mut().zip(&mut self.at).zip(seats) {
            *point = points[seat as usize];
            *at = item.slope * *point;
        }
        self.draw_cuts(draw, item, votes);
        draw.noise.fill_uniform_f32(UTILITIES, draw.item, draw.iteration, &mut self.uniform[..n]);
        self.draw_utilities(item, votes, pulls);
        let own = &self.points[..n];
        let precision = 1.0 + dot(own, own);
        let chance = draw.noise.normal(SLOPES, draw.item, draw.iteration, 0);
        item.slope = (dot(own, pulls) / precision + chance / precision.sqrt()) as f32;
        pulls.iter_mut().for_each(|pull| *pull *= item.slope);
    }

    /// The Metropolis step of both cutpoints; leaves the probability of each vote in `mass`.
    fn draw_cuts(&mut self, draw: Draw, item: &mut Item, votes: Classes) {
        let uniform = |number| draw.noise.uniform(CUTPOINTS, draw.item, draw.iteration, number);
        let [low, high] = item.cuts.map(f64::from);
        let new_low = truncated(low, -FARTHEST_CUT, high, uniform(0));
        let new_high = truncated(high, new_low, FARTHEST_CUT, uniform(1));
        let proposed = [new_low as f32, new_high as f32];
        let start = votes.start;
        let mut log = 0.0;
        for vote in Vote::ALL {
            let own = votes.of(vote);
            let own = own.start - start..own.end - start;
            let at = &self.at[own.clone()];
            let (mass, new) = (&mut self.mass[own.clone()], &mut self.proposed[own]);
            fill_masses(vote, item.cuts, at, mass);
            fill_masses(vote, proposed, at, new);
            log += log_ratio(new, mass);
        }
        // What the truncation of the proposals adds: the ratio of their normalising constants, there and back.
        let room = |from: f64, low: f64, high: f64| {
            let end = |x: f64| f64::from(cdf_and_density(held(((x - from) / PROPOSAL) as f32)).0);
            (end(high) - end(low)).max(1e-12).ln()
        };
        log += room(low, -FARTHEST_CUT, high) + room(high, new_low, FARTHEST_CUT);
        log -= room(new_low, -FARTHEST_CUT, new_high) + room(new_high, low, FARTHEST_CUT);
        if uniform(2).ln() < log {
            item.cuts = proposed;
            std::mem::swap(&mut self.mass, &mut self.proposed);
        }
    }

    /// Latent utilities: normal around βθ, below γ₁ for a yes, between for an abstention, above γ₂ for a no.
    fn draw_utilities(&self, item: &Item, votes: Classes, utilities: &mut [f32]) {
        for vote in Vote::ALL {
            let own = votes.of(vote);
            let own = own.start - votes.start..own.end - votes.start;
            let rows = utilities[own.clone()]
                .iter_mut()
                .zip(&self.at[own.clone()])
                .zip(self.mass[own.clone()].iter().zip(&self.uniform[own]));
            match vote {
                Vote::Yes | Vote::No => {
                    let sign = if vote == Vote::Yes { Side::Below } else { Side::Above }.sign();
                    for ((utility, at), (mass, uniform)) in rows {
                        let z = at + sign * below(*mass, *uniform);
                        *utility = z.clamp(-FARTHEST_UTILITY, FARTHEST_UTILITY);
                    }
                }
                Vote::Abstain => {
                    for ((utility, at), (_, uniform)) in rows {
                        let z = at + within(held(item.cuts[0] - at), held(item.cuts[1] - at), *uniform);
                        *utility = z.clamp(-FARTHEST_UTILITY, FARTHEST_UTILITY);
                    }
                }
            }
        }
    }
}

fn fill_masses(vote: Vote, cuts: [f32; 2], at: &[f32], mass: &mut [f32]) {
    match vote {
        Vote::Yes => one_sided_masses(Side::Below, cuts[0], at, mass),
        Vote::Abstain => abstention_masses(cuts, at, mass),
        Vote::No => one_sided_masses(Side::Above, cuts[1], at, mass),
    }
}

/// A proposal around `centre`, within bounds.
fn truncated(centre: f64, low: f64, high: f64, uniform: f64) -> f64 {
    let end = |x: f64| f64::from(cdf_and_density(held(((x - centre) / PROPOSAL) as f32)).0);
    let (from, to) = (end(low), end(high));
    let z = normal_quantile((from + uniform * (to - from)).clamp(1e-16, 1.0 - 1e-16));
    (centre + PROPOSAL * z).clamp(low, high)
}

/// Running sums of what is averaged.
struct Sums {
    points: Vec<f64>,
    squares: Vec<f64>,
    items: Vec<[f64; 3]>,
}

impl Sums {
    fn new(chamber: &Chamber) -> Sums {
        let seats = chamber.seats.len();
        Sums {
            points: vec![0.0; seats],
            squares: vec![0.0; seats],
            items: vec![[0.0; 3]; chamber.items.len()],
        }
    }

    fn add(&mut self, sampler: &Sampler) {
        for ((sum, square), point) in self.points.iter_mut().zip(&mut self.squares).zip(&sampler.exact_points)
        {
            *sum += point;
            *square += point * point;
        }
        for (sum, item) in self.items.iter_mut().zip(&sampler.items) {
            sum[0] += f64::from(item.cuts[0]);
            sum[1] += f64::from(item.cuts[1]);
            sum[2] += f64::from(item.slope);
        }
    }

    fn estimate(self, chamber: &Chamber, settings: GibbsSettings) -> Estimate {
        let n = (settings.iterations - settings.burn_in) as f64;
        let mut means: Vec<f64> = self.points.iter().map(|sum| sum / n).collect();
        let sds = self
            .squares
            .iter()
            .zip(&means)
            .map(|(square, mean)| ((square / n - mean * mean).max(0.0) * n / (n - 1.0)).sqrt());
        let sds = sds.collect();
        let mut resolutions: Vec<Resolution> = self
            .items
            .iter()
            .map(|sum| Resolution { cutpoints: [sum[0] / n, sum[1] / n], slope: sum[2] / n })
            .collect();
        let slopes: Vec<f64> = resolutions.iter().map(|resolution| resolution.slope).collect();
        if chamber.is_reversed(&means, &slopes) {
            means.iter_mut().for_each(|x| *x = -*x);
            resolutions.iter_mut().for_each(|resolution| resolution.slope = -resolution.slope);
        }
        Estimate { means, sds, resolutions, rounds: settings.iterations, converged: true }
    }
}
