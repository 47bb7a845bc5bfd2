//! What the sampler leaves: its population, how it came about, and how many independent draws it is worth.

use std::collections::BTreeMap;

/// Rounds that lines are traced back. With fewer, likeness goes unseen; with more, too few lines are left to judge by. On
/// the model of the tests, whose truth is known from many runs, two rounds overstate the worth of a population by six tenths,
/// four to eight by about one.
pub const LAG: usize = 4;

/// One member of the population.
#[derive(Debug, Clone, PartialEq)]
pub struct Particle {
    /// Its place in the unit cube.
    pub point: Vec<f64>,
    /// What its simulation gave, one value per row; NaN where there is none.
    pub values: Vec<f64>,
    /// How far that lies from the record.
    pub distance: f64,
    /// The number of its simulation: particles with the same number are copies.
    pub history: u64,
}

/// How one round went.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Round {
    /// Largest distance accepted.
    pub tolerance: f64,
    /// Share of the moves that were accepted.
    pub acceptance: f64,
    /// Simulations of this round.
    pub simulations: u64,
    /// Particles that are not copies of one another at its end.
    pub distinct: usize,
}

/// Why the sampler stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Moves were hardly accepted any more.
    Acceptance,
    /// The next round did not fit into the budget.
    Budget,
    /// The tolerance cannot become smaller: the population agrees.
    Tolerance,
    /// It was told to stop.
    Interrupted,
}

/// What came out.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// The population of the last complete round, all of equal weight.
    pub particles: Vec<Particle>,
    /// The first population, drawn from the prior.
    pub prior: Vec<Particle>,
    /// For each particle, whose line it continues: a place in the population of [`LAG`] rounds ago (or the prior's).
    pub lines: Vec<usize>,
    /// The rounds, from the first tolerance on.
    pub rounds: Vec<Round>,
    /// Simulations in all.
    pub simulations: u64,
    /// Why it stopped.
    pub ending: Ending,
}

impl Sample {
    /// How many independent draws the population is worth for the mean of a quantity, one value per particle.
    ///
    /// Particles of one line are alike, for a copy moves on from where it was copied; the variance of the sums over lines
    /// tells what that costs (Chan and Lai 2013; with lines traced back [`LAG`] rounds, Olsson and Douc 2019; both
    /// recalled). At most the size of the population, and all of it where every value is the same.
    #[must_use]
    pub fn effective(&self, values: &[f64]) -> f64 {
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let mut sums: BTreeMap<usize, f64> = BTreeMap::new();
        for (value, line) in values.iter().zip(&self.lines) {
            *sums.entry(*line).or_default() += value - mean;
        }
        let apart: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
        let by_line: f64 = sums.values().map(|sum| sum * sum).sum();
        // One line alone sums to nothing but rounding: it tells no variance, and is worth one draw.
        match (apart > 0.0, sums.len()) {
            (false, _) => n,
            (true, 1) => 1.0,
            _ => (n * apart / by_line).min(n),
        }
    }
}
