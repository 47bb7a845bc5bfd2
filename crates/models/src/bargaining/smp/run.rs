//! The turns of a run, from the first positions to where little moves.

use std::borrow::Cow;

use super::bargain::{Bargain, bargain};
use super::belief::Assessment;
use super::options::{Accommodation, Options, OptionsError};
use super::scaled::{Scaled, list_to_unit, percent_row, to_percent, to_unit};
use crate::bargaining::{Actors, Line};

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
    let mut course = Course::new(actors);
    let mut turns = Vec::new();
    loop {
        let end = course.end(options);
        let assessment = course.assessment(&scaled, options);
        let own_views = assessment.own_views();
        let mut turn = Turn {
            positions: to_percent(&course.positions, scaled.dimensions),
            ideals: to_percent(&course.ideals, scaled.dimensions),
            risk: assessment.risk().to_vec(),
            win_probability: own_views.position_probability(),
            standings: assessment.standings(),
            bargains: Vec::new(),
        };
        if let Some(quiet) = end {
            turns.push(turn);
            return Ok(Run { turns, quiet });
        }
        let bargaining = bargain(&assessment, &own_views, actors.names(), course.turn);
        turn.bargains = bargaining.bargains();
        turns.push(turn);
        course.go_on(bargaining.positions(), options);
    }
}

/// Where [`run`] leaves the actors, on 0–100, by actor and dimension; what only the tables of a run show is left out.
///
/// # Errors
/// As [`run`].
pub fn last_positions(actors: &Actors, options: &Options) -> Result<Vec<Vec<f64>>, OptionsError> {
    options.check(actors.count())?;
    let course = Course::new(actors).run_to_its_end(&Scaled::new(actors), actors.names(), options);
    Ok(to_percent(&course.positions, course.dimensions))
}

/// The same on one dimension. Draws of a stochastic run are those of actors whose name is empty.
///
/// # Errors
/// As [`run`].
pub fn last_positions_on_a_line(line: &Line<'_>, options: &Options) -> Result<Vec<f64>, OptionsError> {
    options.check(line.capability().len())?;
    let course = Course::at(1, list_to_unit(line.positions()));
    Ok(percent_row(&course.run_to_its_end(&Scaled::on_a_line(line), &[], options).positions))
}

/// A run at one of its turns.
struct Course {
    dimensions: usize,
    /// Number of the turn.
    turn: usize,
    /// On 0–1.
    positions: Vec<f64>,
    ideals: Vec<f64>,
    /// How far all actors together moved at the first and at the last turn.
    first_movement: f64,
    movement: f64,
}

impl Course {
    fn new(actors: &Actors) -> Course {
        Course::at(actors.dimensions(), to_unit(actors.positions()))
    }

    fn at(dimensions: usize, positions: Vec<f64>) -> Course {
        let ideals = positions.clone();
        Course { dimensions, turn: 0, positions, ideals, first_movement: 0.0, movement: 0.0 }
    }

    fn run_to_its_end(mut self, scaled: &Scaled, names: &[String], options: &Options) -> Course {
        while self.end(options).is_none() {
            let assessment = self.assessment(scaled, options);
            let bargaining = bargain(&assessment, &assessment.own_views(), names, self.turn);
            self.go_on(bargaining.positions(), options);
        }
        self
    }

    fn assessment<'a>(&self, scaled: &'a Scaled, options: &'a Options) -> Assessment<'a> {
        Assessment::scaled(Cow::Borrowed(scaled), options, self.positions.clone(), &self.ideals)
    }

    /// Whether the run ends at this turn, and then whether because little moved.
    fn end(&self, options: &Options) -> Option<bool> {
        let quiet = self.turn >= FEWEST_TURNS && self.movement / self.first_movement < options.quiet_share;
        (quiet || self.turn >= options.most_turns).then_some(quiet)
    }

    /// The next turn, with everyone at these positions.
    fn go_on(&mut self, positions: Vec<f64>, options: &Options) {
        self.movement = movement(&self.positions, &positions, self.dimensions);
        if self.turn == 0 {
            self.first_movement = self.movement + LEAST_MOVEMENT;
        }
        self.turn += 1;
        self.positions = positions;
        accommodate(&options.accommodation, self.dimensions, &self.positions, &mut self.ideals);
    }
}

/// How far all actors together move from one list of positions to another, on 0–1.
fn movement(before: &[f64], after: &[f64], dimensions: usize) -> f64 {
    let rows = before.chunks_exact(dimensions).zip(after.chunks_exact(dimensions));
    rows.map(|(from, to)| from.iter().zip(to).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt()).sum()
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
