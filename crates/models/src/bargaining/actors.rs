//! Who bargains: names, capabilities, positions and saliences, checked once.

use std::fmt;

/// Capabilities stay below this, as in KTAB, so that their eighth powers are finite.
const MOST_CAPABILITY: f64 = 1e8;
/// Saliences below this are none: their squares would vanish.
const LEAST_SALIENCE: f64 = 1e-100;
/// How far a sum of saliences may pass 100 through rounding alone.
const SALIENCE_ROUNDING: f64 = 1e-9;

/// Actors with capabilities, and positions and saliences on one or more dimensions.
///
/// Two actors that agree in everything are two actors: their capabilities add up in every coalition, each
/// makes and receives its own bargains, and each is told the win probability of the position they share.
/// Names are not compared; they serve to key the random draws of a stochastic run, so that actors of one
/// name draw the same numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Actors {
    names: Vec<String>,
    capability: Vec<f64>,
    positions: Vec<Vec<f64>>,
    saliences: Vec<Vec<f64>>,
}

impl Actors {
    /// Checks and keeps the actors.
    ///
    /// `capability` is one number of 0–10⁸ per actor, in any unit common to all. `positions` and `saliences`
    /// have one row per actor and one column per dimension, both on 0–100; an actor's saliences are shares
    /// of its attention and add up to 100 at most.
    ///
    /// # Errors
    /// The first thing found wrong, with the indices of actor and dimension: see [`ActorsError`].
    pub fn new(
        names: Vec<String>,
        capability: Vec<f64>,
        positions: Vec<Vec<f64>>,
        saliences: Vec<Vec<f64>>,
    ) -> Result<Actors, ActorsError> {
        let count = names.len();
        if count < 2 {
            return Err(ActorsError::TooFew { found: count });
        }
        for (what, found) in [
            ("capabilities", capability.len()),
            ("rows of positions", positions.len()),
            ("rows of saliences", saliences.len()),
        ] {
            if found != count {
                return Err(ActorsError::RowCount { what, found, count });
            }
        }
        let dimensions = positions[0].len();
        if dimensions == 0 {
            return Err(ActorsError::NoDimensions);
        }
        check(&capability, dimensions, |actor| &positions[actor], |actor| &saliences[actor])?;
        Ok(Actors { names, capability, positions, saliences })
    }

    /// How many actors there are, at least two.
    #[must_use]
    pub fn count(&self) -> usize {
        self.names.len()
    }

    /// How many dimensions there are, at least one.
    #[must_use]
    pub fn dimensions(&self) -> usize {
        self.positions[0].len()
    }

    /// The actors' names.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Capability per actor, ≥ 0.
    #[must_use]
    pub fn capability(&self) -> &[f64] {
        &self.capability
    }

    /// Positions on 0–100, by actor and dimension.
    #[must_use]
    pub fn positions(&self) -> &[Vec<f64>] {
        &self.positions
    }

    /// Saliences on 0–100, by actor and dimension.
    #[must_use]
    pub fn saliences(&self) -> &[Vec<f64>] {
        &self.saliences
    }

    /// The mean position per dimension on 0–100, each actor weighing capability × salience there; where
    /// those weights are all zero (only actors without capability care), the plain mean.
    ///
    /// # Panics
    /// If `positions` is not one row per actor with one column per dimension.
    #[must_use]
    pub fn weighted_mean(&self, positions: &[Vec<f64>]) -> Vec<f64> {
        assert_eq!(positions.len(), self.count(), "one row per actor");
        (0..self.dimensions())
            .map(|k| {
                let (mut total, mut weights) = (0.0, 0.0);
                for (actor, row) in positions.iter().enumerate() {
                    let weight = self.capability[actor] * self.saliences[actor][k];
                    total += weight * row[k];
                    weights += weight;
                }
                if weights > 0.0 {
                    total / weights
                } else {
                    positions.iter().map(|row| row[k]).sum::<f64>() / positions.len() as f64
                }
            })
            .collect()
    }
}

/// Actors on one dimension, without names and borrowed: for those who bargain over and over.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    capability: &'a [f64],
    positions: &'a [f64],
    saliences: &'a [f64],
}

impl<'a> Line<'a> {
    /// Checks the actors: one capability, position and salience each, in the units of [`Actors::new`].
    ///
    /// # Errors
    /// As [`Actors::new`].
    pub fn new(
        capability: &'a [f64],
        positions: &'a [f64],
        saliences: &'a [f64],
    ) -> Result<Line<'a>, ActorsError> {
        let count = capability.len();
        if count < 2 {
            return Err(ActorsError::TooFew { found: count });
        }
        for (what, found) in [("positions", positions.len()), ("saliences", saliences.len())] {
            if found != count {
                return Err(ActorsError::RowCount { what, found, count });
            }
        }
        let single = |list: &'a [f64]| move |actor: usize| std::slice::from_ref(&list[actor]);
        check(capability, 1, single(positions), single(saliences))?;
        Ok(Line { capability, positions, saliences })
    }

    /// Capability per actor, ≥ 0.
    #[must_use]
    pub fn capability(&self) -> &'a [f64] {
        self.capability
    }

    /// Position per actor on 0–100.
    #[must_use]
    pub fn positions(&self) -> &'a [f64] {
        self.positions
    }

    /// Salience per actor on 0–100.
    #[must_use]
    pub fn saliences(&self) -> &'a [f64] {
        self.saliences
    }
}

/// Checks actors whose positions and saliences have a row each.
fn check<'a>(
    capability: &[f64],
    dimensions: usize,
    positions: impl Fn(usize) -> &'a [f64],
    saliences: impl Fn(usize) -> &'a [f64],
) -> Result<(), ActorsError> {
    for (actor, &value) in capability.iter().enumerate() {
        check_capability(actor, value)?;
        check_row(Quantity::Position, actor, positions(actor), dimensions)?;
        check_row(Quantity::Salience, actor, saliences(actor), dimensions)?;
        check_attention(actor, saliences(actor))?;
    }
    if capability.iter().all(|&c| c == 0.0) {
        return Err(ActorsError::NoCapability);
    }
    let all = || (0..capability.len()).map(&saliences);
    if let Some(dimension) = (0..dimensions).find(|&k| all().all(|row| row[k] < LEAST_SALIENCE)) {
        return Err(ActorsError::NobodyCares { dimension });
    }
    if let Some(actor) = all().position(|row| row.iter().all(|&v| v < LEAST_SALIENCE)) {
        return Err(ActorsError::CaresForNothing { actor });
    }
    Ok(())
}

fn check_capability(actor: usize, value: f64) -> Result<(), ActorsError> {
    if (0.0..=MOST_CAPABILITY).contains(&value) {
        Ok(())
    } else {
        Err(ActorsError::Capability { actor, value })
    }
}

fn check_row(quantity: Quantity, actor: usize, row: &[f64], dimensions: usize) -> Result<(), ActorsError> {
    if row.len() != dimensions {
        return Err(ActorsError::ColumnCount { quantity, actor, found: row.len(), dimensions });
    }
    match row.iter().position(|v| !(0.0..=100.0).contains(v)) {
        Some(dimension) => Err(ActorsError::OutOfRange { quantity, actor, dimension, value: row[dimension] }),
        None => Ok(()),
    }
}

fn check_attention(actor: usize, saliences: &[f64]) -> Result<(), ActorsError> {
    let total: f64 = saliences.iter().sum();
    if total > 100.0 + SALIENCE_ROUNDING {
        return Err(ActorsError::SaliencesAbove100 { actor, total });
    }
    Ok(())
}

/// What a row of numbers on 0–100 holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// Where an actor stands.
    Position,
    /// How much an actor cares.
    Salience,
}

/// What is wrong with the actors. Actors and dimensions are named by their index from 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ActorsError {
    /// Fewer than two actors: nobody to bargain with.
    TooFew {
        /// How many there are.
        found: usize,
    },
    /// A list does not have one entry per actor.
    RowCount {
        /// The list.
        what: &'static str,
        /// Its entries.
        found: usize,
        /// The actors.
        count: usize,
    },
    /// There is no dimension to bargain over.
    NoDimensions,
    /// A row does not have one number per dimension.
    ColumnCount {
        /// What the row holds.
        quantity: Quantity,
        /// Whose row it is.
        actor: usize,
        /// Its numbers.
        found: usize,
        /// The dimensions, as the first actor's positions have them.
        dimensions: usize,
    },
    /// A capability is not a number of 0–10⁸.
    Capability {
        /// Whose it is.
        actor: usize,
        /// What was given.
        value: f64,
    },
    /// A position or salience is not a number of 0–100.
    OutOfRange {
        /// Which of the two.
        quantity: Quantity,
        /// Whose it is.
        actor: usize,
        /// On which dimension.
        dimension: usize,
        /// What was given.
        value: f64,
    },
    /// An actor's saliences add up to more than 100.
    SaliencesAbove100 {
        /// Whose they are.
        actor: usize,
        /// Their sum.
        total: f64,
    },
    /// Nobody has any capability.
    NoCapability,
    /// A dimension has salience 0 (or below 10⁻¹⁰⁰) for everyone.
    NobodyCares {
        /// Which dimension.
        dimension: usize,
    },
    /// An actor has salience 0 (or below 10⁻¹⁰⁰) on every dimension, so that distances mean nothing to it.
    CaresForNothing {
        /// Which actor.
        actor: usize,
    },
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Position => "position",
            Self::Salience => "salience",
        })
    }
}

impl fmt::Display for ActorsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooFew { found } => write!(f, "bargaining needs two actors or more; there are {found}"),
            Self::RowCount { what, found, count } => {
                write!(f, "{found} {what} for {count} actors")
            }
            Self::NoDimensions => write!(f, "there is no dimension to bargain over"),
            Self::ColumnCount { quantity, actor, found, dimensions } => {
                write!(f, "actor {actor} has {found} {quantity} values for {dimensions} dimensions")
            }
            Self::Capability { actor, value } => {
                write!(f, "actor {actor} has capability {value}; it must be within 0–1e8")
            }
            Self::OutOfRange { quantity, actor, dimension, value } => write!(
                f,
                "actor {actor} has {quantity} {value} on dimension {dimension}; it must be within 0–100"
            ),
            Self::SaliencesAbove100 { actor, total } => {
                write!(f, "the saliences of actor {actor} add up to {total}; they are shares of 100")
            }
            Self::NoCapability => write!(f, "no actor has any capability"),
            Self::NobodyCares { dimension } => {
                write!(f, "dimension {dimension} has salience 0 for every actor")
            }
            Self::CaresForNothing { actor } => {
                write!(f, "actor {actor} has salience 0 on every dimension; leave it out or give it one")
            }
        }
    }
}

impl std::error::Error for ActorsError {}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn three(
        edit: impl FnOnce(&mut Vec<f64>, &mut Vec<Vec<f64>>, &mut Vec<Vec<f64>>),
    ) -> Result<Actors, ActorsError> {
        let names = ["a", "b", "c"].map(String::from).to_vec();
        let mut capability = vec![1.0, 2.0, 3.0];
        let mut positions = vec![vec![0.0, 50.0], vec![100.0, 5.0], vec![20.0, 20.0]];
        let mut saliences = vec![vec![50.0, 50.0], vec![10.0, 0.0], vec![0.0, 90.0]];
        edit(&mut capability, &mut positions, &mut saliences);
        Actors::new(names, capability, positions, saliences)
    }

    #[test]
    fn sound_actors_are_kept_as_given() {
        let actors = three(|_, _, _| {}).unwrap();
        assert_eq!((actors.count(), actors.dimensions()), (3, 2));
        assert_eq!(actors.capability(), [1.0, 2.0, 3.0]);
        assert_eq!(actors.saliences()[2], [0.0, 90.0]);
        assert_eq!(actors.weighted_mean(actors.positions())[0], 2000.0 / 70.0);
    }

    #[test]
    fn every_bad_input_is_named() {
        use ActorsError as E;
        let position = Quantity::Position;
        assert_eq!(
            three(|_, p, _| p[1][1] = 100.5),
            Err(E::OutOfRange { quantity: position, actor: 1, dimension: 1, value: 100.5 })
        );
        assert_eq!(
            three(|_, p, _| p[2][0] = -0.1),
            Err(E::OutOfRange { quantity: position, actor: 2, dimension: 0, value: -0.1 })
        );
        assert_eq!(
            three(|_, _, s| s[0] = vec![60.0, 41.0]),
            Err(E::SaliencesAbove100 { actor: 0, total: 101.0 })
        );
        assert_eq!(three(|c, _, _| c.fill(0.0)), Err(E::NoCapability));
        assert_eq!(three(|c, _, _| c[1] = -1.0), Err(E::Capability { actor: 1, value: -1.0 }));
        assert_eq!(
            three(|_, _, s| s.iter_mut().for_each(|row| row[1] = 0.0)),
            Err(E::NobodyCares { dimension: 1 })
        );
        assert_eq!(three(|_, _, s| s[1] = vec![0.0, 0.0]), Err(E::CaresForNothing { actor: 1 }));
        assert_eq!(
            three(|_, p, _| p[1] = vec![1.0]),
            Err(E::ColumnCount { quantity: position, actor: 1, found: 1, dimensions: 2 })
        );
        assert_eq!(
            three(|c, _, _| c.truncate(2)),
            Err(E::RowCount { what: "capabilities", found: 2, count: 3 })
        );
        assert_eq!(three(|_, p, _| p[0].clear()), Err(E::NoDimensions));
    }

    #[test]
    fn nan_is_refused_wherever_it_stands() {
        assert!(matches!(three(|c, _, _| c[0] = f64::NAN), Err(ActorsError::Capability { actor: 0, .. })));
        assert!(matches!(
            three(|_, p, _| p[1][0] = f64::NAN),
            Err(ActorsError::OutOfRange { quantity: Quantity::Position, actor: 1, .. })
        ));
        assert!(matches!(
            three(|_, _, s| s[1][0] = f64::NAN),
            Err(ActorsError::OutOfRange { quantity: Quantity::Salience, actor: 1, .. })
        ));
    }

    #[test]
    fn one_actor_has_nobody_to_bargain_with() {
        let alone = Actors::new(vec!["a".into()], vec![1.0], vec![vec![5.0]], vec![vec![9.0]]);
        assert_eq!(alone, Err(ActorsError::TooFew { found: 1 }));
        assert!(alone.unwrap_err().to_string().contains("two actors"));
    }

    #[test]
    fn saliences_may_fill_a_hundred_by_thirds() {
        let third = 100.0 / 3.0;
        let rows = vec![vec![third; 3]; 2];
        let names = vec!["a".into(), "b".into()];
        assert!(Actors::new(names, vec![1.0; 2], rows.clone(), rows).is_ok());
    }
}
