//! The turns of a run, from the first positions to where little moves.

use super::bargain::{Bargain, bargain};
use super::belief::Assessment;
use super::options::{Accommodation, Options, OptionsError};
use super::scaled::{Scaled, to_percent, to_unit};
use crate::bargaining::Actors;

/// A run never ends as quiet before this turn.
const FEWEST_TURNS: usize = 2;
/// Added to the first movement (on 0–1, summed over actors), so that a start at rest is quiet.
const LEAST_MOVEMENT: f64 = 1e-4;

/// The actors at one turn.
#[derive(Clone, Debug, PartialEq)]
pub struct Turn {
    /// Positions on 0–100, by actor and dimension.
    pub positions: Vec<Vec<f64>>,
    /// Ideals on 0–100, by actor and dimension.
    pub ideals: Vec<Vec<f64>>,
    /// Each actor's risk attitude.
    pub risk: Vec<f64>,
    /// The probability of each actor's position; see [`super::View::position_probability`].
    pub win_probability: Vec<f64>,
    /// Which actors share a position; see [`Assessment::standings`].
    pub standings: Vec<usize>,
    /// The bargains that lead to the next turn, each actor's status quo first; none at the last turn.
    pub bargains: Vec<Bargain>,
}

/// A whole run.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// From the actors' own positions at turn 0 to the last turn.
    pub turns: Vec<Turn>,
    /// Whether the run ended because little moved, and not because of `most_turns`.
    pub quiet: bool,
}

impl Run {
    /// The last turn.
    #[must_use]
    pub fn last(&self) -> &Turn {
        self.turns.last().expect("turn 0 is always there")
    }
}

/// Runs the model until the positions are quiet.
///
/// # Errors
/// If the options cannot be used with these actors; see [`Options::check`].
pub fn run(actors: &Actors, options: &Options) -> Result<Run, OptionsError> {
    options.check(actors.count())?;
    let scaled = Scaled::new(actors);
    let mut positions = to_unit(actors.positions());
    let mut ideals = positions.clone();
    let mut turns = Vec::new();
    let mut first_movement = 0.0;
    loop {
        let assessment = Assessment::scaled(scaled.clone(), options, positions.clone(), &ideals);
        let own_views = assessment.own_views();
        let mut turn = Turn {
            positions: to_percent(&positions, scaled.dimensions),
            ideals: to_percent(&ideals, scaled.dimensions),
            risk: assessment.risk().to_vec(),
            win_probability: own_views.position_probability(),
            standings: assessment.standings(),
            bargains: Vec::new(),
        };
        let made = turns.len();
        let movement = turns.last().map_or(0.0, |last: &Turn| movement(last, &turn));
        if made == 1 {
            first_movement = movement + LEAST_MOVEMENT;
        }
        let quiet = made >= FEWEST_TURNS && movement / first_movement < options.quiet_share;
        if quiet || made >= options.most_turns {
            turns.push(turn);
            return Ok(Run { turns, quiet });
        }
        let (bargains, moved) = bargain(&assessment, &own_views, actors.names(), made);
        turn.bargains = bargains;
        turns.push(turn);
        positions = moved;
        accommodate(&options.accommodation, scaled.dimensions, &positions, &mut ideals);
    }
}

/// How far all actors together moved between two turns, on 0–1.
fn movement(before: &Turn, after: &Turn) -> f64 {
    let rows = before.positions.iter().zip(&after.positions);
    rows.map(|(from, to)| {
        let squares = from.iter().zip(to).map(|(a, b)| ((a - b) / 100.0).powi(2));
        squares.sum::<f64>().sqrt()
    })
    .sum()
}

fn accommodate(accommodation: &Accommodation, dimensions: usize, positions: &[f64], ideals: &mut [f64]) {
    match accommodation {
        Accommodation::OwnPosition => ideals.copy_from_slice(positions),
        Accommodation::OwnPositionBy(share) => {
            for (ideal, position) in ideals.iter_mut().zip(positions) {
                *ideal = share * position + (1.0 - share) * *ideal;
            }
        }
        Accommodation::Matrix(rows) => {
            for (row, ideal) in rows.iter().zip(ideals.chunks_exact_mut(dimensions)) {
                let total: f64 = row.iter().sum();
                let keeps = 1.0 - total.min(1.0);
                for (k, value) in ideal.iter_mut().enumerate() {
                    let drawn_to: f64 = row
                        .iter()
                        .zip(positions.chunks_exact(dimensions))
                        .map(|(share, position)| share * position[k])
                        .sum();
                    *value = drawn_to + keeps * *value;
                }
            }
        }
    }
}
