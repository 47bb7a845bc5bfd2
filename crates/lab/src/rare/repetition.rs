//! One climb: particles, levels, moves.

use equipoise_models::noise::{Noise, Stream};

use super::{RarePlan, Seen, go_on};
use crate::ensemble::Control;
use crate::error::LabError;

const START: Stream = Stream::named("rare start");
const CHANCE: Stream = Stream::named("rare chance");
const CHOICE: Stream = Stream::named("rare choice");
const MOVE: Stream = Stream::named("rare move");
const SELECT: Stream = Stream::named("rare select");

/// The number of the pilot among the repetitions.
const PILOT: u64 = 0;

/// A history carried along.
#[derive(Debug, Clone)]
struct Particle {
    point: Vec<f64>,
    key: u64,
    seen: Seen,
}

/// What happened at one level of one repetition.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Stage {
    /// Particles that reached the level.
    pub reached: u64,
    /// Particles there were.
    pub particles: u64,
    /// Moves that were accepted above it.
    pub accepted: u64,
    /// Moves tried.
    pub moves: u64,
}

/// Chooses levels: each the height that the wanted share of particles reaches, until that share of them happens. Also
/// gives the largest height seen.
pub(super) fn pilot(
    dimensions: usize,
    plan: &RarePlan,
    control: &Control,
    see: &mut impl FnMut(&[f64], u64) -> Seen,
) -> Result<(Vec<f64>, f64), LabError> {
    let noise = Noise::new(plan.seed, PILOT);
    let mut particles = start(dimensions, plan, &noise, control, see)?;
    let mut levels: Vec<f64> = Vec::new();
    let kept = ((plan.particles as f64 * plan.kept).ceil() as usize).clamp(1, plan.particles - 1);
    loop {
        let mut heights: Vec<f64> = particles.iter().map(|particle| particle.seen.height).collect();
        heights.sort_unstable_by(|a, b| b.total_cmp(a));
        let highest = heights[0];
        let happened = particles.iter().filter(|particle| particle.seen.happens).count();
        if happened >= kept || levels.len() >= plan.most_levels {
            return Ok((levels, highest));
        }
        // Where many stand at one height, the level is the next height above the last one.
        let last = levels.last().copied().unwrap_or(f64::NEG_INFINITY);
        let next = if heights[kept - 1] > last {
            heights[kept - 1]
        } else {
            match heights.iter().rev().find(|height| **height > last) {
                Some(height) => *height,
                None => return Ok((levels, highest)),
            }
        };
        levels.push(next);
        climb(&mut particles, next, levels.len() as u32, plan, &noise, control, see)?;
    }
}

/// One repetition with fixed levels: its unbiased estimate, and what happened at each level and at the outcome.
pub(super) fn repeat(
    dimensions: usize,
    plan: &RarePlan,
    number: u64,
    levels: &[f64],
    control: &Control,
    see: &mut impl FnMut(&[f64], u64) -> Seen,
) -> Result<(f64, Vec<Stage>), LabError> {
    let noise = Noise::new(plan.seed, number);
    let mut particles = start(dimensions, plan, &noise, control, see)?;
    let mut product = 1.0;
    let mut stages = Vec::with_capacity(levels.len() + 1);
    for (at, &level) in levels.iter().enumerate() {
        let stage = climb(&mut particles, level, at as u32 + 1, plan, &noise, control, see)?;
        stages.push(stage);
        product *= stage.reached as f64 / stage.particles as f64;
        if stage.reached == 0 {
            return Ok((0.0, stages));
        }
    }
    let happened = particles.iter().filter(|particle| particle.seen.happens).count() as u64;
    stages.push(Stage { reached: happened, particles: plan.particles as u64, ..Stage::default() });
    Ok((product * happened as f64 / plan.particles as f64, stages))
}

/// Independent particles under the prior.
fn start(
    dimensions: usize,
    plan: &RarePlan,
    noise: &Noise,
    control: &Control,
    see: &mut impl FnMut(&[f64], u64) -> Seen,
) -> Result<Vec<Particle>, LabError> {
    (0..plan.particles as u32)
        .map(|particle| {
            go_on(control.cancel, control.done)?;
            let point: Vec<f64> =
                (0..dimensions as u32).map(|at| noise.uniform(START, particle, 0, at)).collect();
            let key = fresh_key(noise, particle, 0, 0);
            let seen = see(&point, key);
            Ok(Particle { point, key, seen })
        })
        .collect()
}

/// Keeps what reached the level, fills up with copies chosen evenly at random, and moves all above it.
fn climb(
    particles: &mut Vec<Particle>,
    level: f64,
    stage: u32,
    plan: &RarePlan,
    noise: &Noise,
    control: &Control,
    see: &mut impl FnMut(&[f64], u64) -> Seen,
) -> Result<Stage, LabError> {
    let there = particles.len();
    particles.retain(|particle| particle.seen.height >= level);
    let survivors = particles.len();
    let mut told = Stage { reached: survivors as u64, particles: there as u64, ..Stage::default() };
    if survivors == 0 {
        return Ok(told);
    }
    for slot in survivors..there {
        let u = noise.uniform(SELECT, slot as u32, stage, 0);
        particles.push(particles[(u * survivors as f64) as usize].clone());
    }
    for (slot, particle) in (0..).zip(particles.iter_mut()) {
        for turn in 0..plan.moves {
            go_on(control.cancel, control.done)?;
            told.moves += 1;
            let (point, key) = proposal(particle, noise, slot, stage, turn);
            let seen = see(&point, key);
            if seen.height >= level {
                told.accepted += 1;
                *particle = Particle { point, key, seen };
            }
        }
    }
    Ok(told)
}

/// Where a particle may go. Each kind of move is symmetric, and which one is tried does not depend on where the particle
/// stands, so accepting what stays above the level leaves the conditioned law unchanged (Metropolis et al. 1953).
fn proposal(particle: &Particle, noise: &Noise, slot: u32, stage: u32, turn: u32) -> (Vec<f64>, u64) {
    let choice = |draw: u32| noise.uniform(CHOICE, slot, stage, turn * 4 + draw);
    // A quarter of moves draw fresh chance. Of the others half draw some parameters anew, which crosses any distance, and
    // half nudge some by 1 % to all of the range, which stays near what was hard to reach.
    if choice(0) < 0.25 {
        return (particle.point.clone(), fresh_key(noise, slot, stage, turn + 1));
    }
    let width = 100f64.powf(-choice(1));
    let dimensions = particle.point.len();
    let share = match (choice(2) * 3.0) as u32 {
        0 => 1.0 / dimensions as f64,
        1 => (3.0 / dimensions as f64).max(0.1),
        _ => 0.5,
    };
    let anew = choice(3) < 0.5;
    let first = turn * 2 * dimensions as u32;
    let point = particle.point.iter().zip(0u32..).map(|(&u, at)| {
        if noise.uniform(MOVE, slot, stage, first + 2 * at) >= share {
            return u;
        }
        let fresh = noise.uniform(MOVE, slot, stage, first + 2 * at + 1);
        if anew { fresh } else { fold(u + width * (fresh - 0.5)) }
    });
    (point.collect(), particle.key)
}

/// A number folded back into the open unit interval at its ends, which keeps a symmetric step symmetric.
fn fold(u: f64) -> f64 {
    let folded = if u < 0.0 {
        -u
    } else if u > 1.0 {
        2.0 - u
    } else {
        u
    };
    folded.clamp(f64::EPSILON, 1.0 - f64::EPSILON)
}

/// A chance key of 53 random bits, beyond the numbers of ordinary histories.
fn fresh_key(noise: &Noise, slot: u32, stage: u32, turn: u32) -> u64 {
    let bits = (noise.uniform(CHANCE, slot, stage, turn) * (1u64 << 53) as f64) as u64;
    bits | (1 << 60)
}
