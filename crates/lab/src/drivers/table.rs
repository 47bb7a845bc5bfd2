//! A table of inputs beside its outcomes: which design it is of, read off the values themselves.

use super::delta::delta;
use super::given_data::Inputs;
use super::morris::{Steps, morris};
use super::pawn::pawn;
use super::sobol::sobol;
use super::{Found, Method, Resampling, Unanswerable};
use crate::design::{Saltelli, Side};

/// Inputs in columns of one value per row, all finite, in any unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Names of the columns.
    pub names: Vec<String>,
    /// The columns.
    pub columns: Vec<Vec<f64>>,
    /// Factors: the columns that a design changes together, each column in one factor.
    pub factors: Vec<Vec<usize>>,
    /// Smallest and largest value of each column, where the design says so.
    pub bounds: Vec<Option<[f64; 2]>>,
}

/// What the rows do not say.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    /// Whether a table of Saltelli's design has rows for second order; `None` to see by its rows.
    pub second_order: Option<bool>,
    /// Levels of Morris's grid, an even number of two or more; `None` to see by its rows.
    pub levels: Option<usize>,
    /// Slices of PAWN.
    pub slices: usize,
    /// How intervals are made.
    pub resampling: Resampling,
}

impl Table {
    /// Number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.columns.first().map_or(0, Vec::len)
    }

    /// What drives an outcome of one value per row. Sobol and Morris answer for factors; given data for columns, with
    /// factors as groups; PAWN and δ for columns.
    ///
    /// # Errors
    /// The rows are not of the method's design, are too few, or the outcome is constant or has gaps.
    pub fn ask(&self, method: Method, outcome: &[f64], options: &Options) -> Result<Found, Unanswerable> {
        let resampling = &options.resampling;
        match method {
            Method::Sobol => {
                let design = self.saltelli(options.second_order)?;
                Ok(Found::Sobol(sobol(outcome, design, &[], resampling)?))
            }
            Method::Morris => Ok(Found::Morris(morris(outcome, &self.steps(options.levels)?, resampling)?)),
            Method::GivenData => {
                let mut inputs = Inputs::new(self.rows(), &[], self.factors.len());
                let group = |column| self.factors.iter().position(|factor| factor.contains(&column));
                let columns = self.columns.iter().enumerate();
                let columns: Vec<_> =
                    columns.map(|(at, column)| (column.as_slice(), group(at).unwrap_or(0), false)).collect();
                inputs.push_all(&columns);
                Ok(Found::GivenData(inputs.explain(outcome, resampling.confidence)?))
            }
            Method::Pawn | Method::Delta => {
                let there: Vec<usize> = (0..outcome.len()).filter(|row| outcome[*row].is_finite()).collect();
                let of = |values: &[f64]| there.iter().map(|row| values[*row]).collect::<Vec<f64>>();
                let columns: Vec<Vec<f64>> = self.columns.iter().map(|column| of(column)).collect();
                if method == Method::Pawn {
                    Ok(Found::Pawn(pawn(&columns, &of(outcome), options.slices, resampling)?))
                } else {
                    Ok(Found::Delta(delta(&columns, &of(outcome), resampling)?))
                }
            }
        }
    }

    /// The Saltelli design whose rows these are: with second order or without, as asked or else as the values say.
    ///
    /// # Errors
    /// The number of rows fits neither, or a row is not what the design has there.
    pub fn saltelli(&self, second_order: Option<bool>) -> Result<Saltelli, Unanswerable> {
        let (rows, factors) = (self.rows(), self.factors.len());
        let candidates =
            [true, false].into_iter().filter(|second| second_order.is_none_or(|it| it == *second));
        let candidates: Vec<Saltelli> =
            candidates.map(|second_order| Saltelli { factors, second_order }).collect();
        let fitting = || candidates.iter().filter(|design| rows > 0 && rows % design.rows_per_point() == 0);
        let mut wrong = Unanswerable::Rows {
            rows,
            multiples: candidates
                .iter()
                .map(|design| {
                    let order = if design.second_order { "with" } else { "without" };
                    format!(
                        "{} (Saltelli's design of {factors} factors {order} second order)",
                        design.rows_per_point()
                    )
                })
                .collect::<Vec<String>>()
                .join(" nor of "),
        };
        let mut furthest = 0;
        for design in fitting() {
            match self.stranger(*design) {
                None => return Ok(*design),
                Some((row, why)) => {
                    if row >= furthest {
                        furthest = row;
                        wrong = Unanswerable::Layout { row, why };
                    }
                }
            }
        }
        Err(wrong)
    }

    /// The first row that is not what the design has there, and why.
    fn stranger(&self, design: Saltelli) -> Option<(usize, String)> {
        let step = design.rows_per_point();
        for base in (0..self.rows()).step_by(step) {
            for within in 1..step - 1 {
                for (factor, columns) in self.factors.iter().enumerate() {
                    let side = design.side(within, factor);
                    let from = if side == Side::A { base } else { base + step - 1 };
                    for column in columns {
                        let values = &self.columns[*column];
                        if values[base + within] != values[from] {
                            let why = format!(
                                "{} is {}, and in Saltelli's design {} second order it would repeat the {} of row \
                                 {}; are the rows in another order, or of another design?",
                                self.names[*column],
                                values[base + within],
                                if design.second_order { "with" } else { "without" },
                                values[from],
                                from + 1
                            );
                            return Some((base + within, why));
                        }
                    }
                }
            }
        }
        None
    }

    /// The steps of Morris trajectories. Their length is a share of each column's range: given by the number of levels,
    /// p / (2 (p − 1)); or by the bounds; or else seen. Seen from evenly spaced levels: the step over the range of a
    /// column, the smallest over columns, since a column in which not every level occurs shows too short a range. From
    /// uneven levels (a grid pushed through a distribution): by counting them. From no grid at all: each step over its
    /// column's range.
    ///
    /// # Errors
    /// The rows are no whole trajectories, or between two rows of one not exactly one factor moves.
    pub fn steps(&self, levels: Option<usize>) -> Result<Steps, Unanswerable> {
        let (rows, factors) = (self.rows(), self.factors.len());
        let length = factors + 1;
        if rows == 0 || rows % length != 0 {
            let multiples = format!("{length} (Morris trajectories of {factors} factors)");
            return Err(Unanswerable::Rows { rows, multiples });
        }
        let mut steps: Steps = Vec::with_capacity(rows / length);
        for start in (0..rows).step_by(length) {
            let mut of_trajectory: Vec<Option<(usize, f64)>> = vec![None; factors];
            for row in start..start + factors {
                let moves = |column: &usize| self.columns[*column][row + 1] != self.columns[*column][row];
                let moved: Vec<usize> =
                    (0..factors).filter(|factor| self.factors[*factor].iter().any(moves)).collect();
                let [factor] = moved[..] else {
                    let why = format!(
                        "{} factors differ from the row before, and along a Morris trajectory exactly one does",
                        moved.len()
                    );
                    return Err(Unanswerable::Layout { row: row + 1, why });
                };
                if of_trajectory[factor].is_some() {
                    let name = &self.names[self.factors[factor][0]];
                    let why = format!("{name} moves, and has moved in this trajectory before");
                    return Err(Unanswerable::Layout { row: row + 1, why });
                }
                let column = self.factors[factor][0];
                of_trajectory[factor] =
                    Some((row, self.columns[column][row + 1] - self.columns[column][row]));
            }
            steps.push(of_trajectory.into_iter().flatten().collect());
        }
        let share = self.shares(&steps, levels);
        for trajectory in &mut steps {
            for (factor, (_, step)) in trajectory.iter_mut().enumerate() {
                *step = step.signum() * share(factor, step.abs());
            }
        }
        Ok(steps)
    }

    /// What share of its range a step is: a function of factor and length.
    fn shares(&self, steps: &Steps, levels: Option<usize>) -> impl Fn(usize, f64) -> f64 + use<> {
        let of_levels = |levels: usize| levels as f64 / (2.0 * (levels as f64 - 1.0));
        let lead = |factor: usize| self.factors[factor][0];
        let ranges: Vec<f64> = (0..self.factors.len())
            .map(|factor| {
                let [low, high] = self.bounds.get(lead(factor)).copied().flatten().unwrap_or_else(|| {
                    let column = &self.columns[lead(factor)];
                    let low = column.iter().copied().fold(f64::INFINITY, f64::min);
                    [low, column.iter().copied().fold(f64::NEG_INFINITY, f64::max)]
                });
                high - low
            })
            .collect();
        let bounded =
            (0..self.factors.len()).all(|factor| self.bounds.get(lead(factor)).is_some_and(Option::is_some));
        let one_share = if let Some(levels) = levels {
            Some(of_levels(levels))
        } else if bounded {
            None
        } else {
            self.even_share(steps, &ranges).or_else(|| self.level_count(steps).map(of_levels))
        };
        move |factor, step| one_share.unwrap_or(step / ranges[factor])
    }

    /// The share of the range that all steps have, if each column's steps are of one length.
    fn even_share(&self, steps: &Steps, ranges: &[f64]) -> Option<f64> {
        let mut smallest = f64::INFINITY;
        for (factor, range) in ranges.iter().enumerate() {
            let lengths = || steps.iter().map(|trajectory| trajectory[factor].1.abs());
            let longest = lengths().fold(0.0, f64::max);
            if lengths().any(|length| (length - longest).abs() > 1e-9 * longest) {
                return None;
            }
            smallest = smallest.min(longest / range);
        }
        Some(smallest)
    }

    /// The number of levels of a grid that was stretched unevenly: that of the column with the most distinct values, if
    /// every step in such columns passes half of them.
    fn level_count(&self, steps: &Steps) -> Option<usize> {
        let levels: Vec<Vec<f64>> = self
            .factors
            .iter()
            .map(|factor| {
                let mut values = self.columns[factor[0]].clone();
                values.sort_unstable_by(f64::total_cmp);
                values.dedup();
                values
            })
            .collect();
        let count = levels.iter().map(Vec::len).max().filter(|count| count % 2 == 0)?;
        for (factor, levels) in levels.iter().enumerate().filter(|(_, levels)| levels.len() == count) {
            let column = &self.columns[self.factors[factor][0]];
            let level = |row: usize| levels.partition_point(|value| *value < column[row]);
            let halves = |trajectory: &Vec<(usize, f64)>| {
                let row = trajectory[factor].0;
                level(row).abs_diff(level(row + 1)) == count / 2
            };
            if !steps.iter().all(halves) {
                return None;
            }
        }
        Some(count)
    }
}
