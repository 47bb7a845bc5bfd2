//! Newton's method in logs for systems that a simple price adjustment also solves, only slowly.
//!
//! One factorisation serves as long as it takes a digit off the residual per step; a step is halved until it
//! helps; where none does, or where Newton's steps lead nowhere for long, prices adjust to excess demand
//! instead, which is stable but slow, and which runs into the obstacle where there is no solution.

use super::{GravityError, Obstacle};

/// Equations f(x) = 0 in logs, determined up to a shift of x that [`System::normalise`] fixes.
pub(super) trait System {
    /// How many unknowns there are.
    fn size(&self) -> usize;
    /// Moves `x` to the normalisation.
    fn normalise(&self, x: &mut [f64]);
    /// Writes f(x), or says why x is not admissible.
    fn residual(&mut self, x: &[f64], f: &mut [f64]) -> Result<(), Obstacle>;
    /// Writes the derivative of f, row by row, at the x last given to [`System::residual`], with a multiple
    /// of the shift added so that it can be inverted.
    fn jacobian(&self, rows: &mut [f64]);
    /// The share of f by which the simple adjustment moves x.
    fn adjustment(&self) -> f64;
}

/// How a solution was reached.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Reached {
    pub(super) iterations: usize,
    /// The largest |e^f − 1|.
    pub(super) residual: f64,
}

const MOST_ITERATIONS: usize = 1000;
/// Of each round of this many iterations …
const ROUND: usize = 100;
/// … so many are Newton's, and the rest adjustments.
const NEWTON_OF_ROUND: usize = 40;
/// No step moves a log by more than this, lest exponentials overflow on the way.
const LONGEST_STEP: f64 = 3.0;
const SHORTEST_FRACTION: f64 = 1e-3;

/// Solves the system from `x`, until residual and the last Newton step are both below `tolerance`; that step
/// is still taken, so the answer is usually exact to rounding.
pub(super) fn solve<S: System>(system: &mut S, x: &mut [f64], tolerance: f64) -> Result<Reached, GravityError> {
    let n = system.size();
    let (mut f, mut trial_f, mut trial, mut step) = (vec![0.0; n], vec![0.0; n], vec![0.0; n], vec![0.0; n]);
    let mut factors = Factors::new(n);
    let mut stale = true;
    system.normalise(x);
    let start = system.residual(x, &mut f);
    start.map_err(|obstacle| failed(0, f64::INFINITY, obstacle))?;
    let mut hindrance = Obstacle::Iterations;
    for iteration in 1..=MOST_ITERATIONS {
        let before = largest(&f);
        let fresh = stale;
        let mut helped = false;
        if iteration % ROUND <= NEWTON_OF_ROUND {
            if stale {
                system.jacobian(&mut factors.rows);
                factors.factorise().map_err(|()| failed(iteration, excess(&f), Obstacle::Unpinned))?;
            }
            factors.solve(&f, &mut step);
            let length = largest(&step);
            if before < tolerance && length < tolerance {
                moved(x, &step, -1.0, &mut trial);
                system.normalise(&mut trial);
                let last = system.residual(&trial, &mut f);
                last.map_err(|obstacle| failed(iteration, before, obstacle))?;
                x.copy_from_slice(&trial);
                return Ok(Reached { iterations: iteration, residual: excess(&f) });
            }
            let mut fraction = (LONGEST_STEP / length).min(1.0);
            while fraction >= SHORTEST_FRACTION && !helped {
                moved(x, &step, -fraction, &mut trial);
                system.normalise(&mut trial);
                match system.residual(&trial, &mut trial_f) {
                    Ok(()) => helped = largest(&trial_f) <= (1.0 - 0.1 * fraction) * before,
                    Err(obstacle) => hindrance = obstacle,
                }
                fraction *= 0.5;
            }
            if !helped && fresh && before < tolerance {
                // The residual is at its floor of rounding, yet a step would still move the prices.
                return Err(failed(iteration, excess(&f), Obstacle::Unpinned));
            }
        }
        if !helped && fresh {
            moved(x, &f, system.adjustment(), &mut trial);
            system.normalise(&mut trial);
            let adjusted = system.residual(&trial, &mut trial_f);
            adjusted.map_err(|obstacle| failed(iteration, excess(&f), obstacle))?;
            helped = true;
        }
        if helped {
            x.copy_from_slice(&trial);
            std::mem::swap(&mut f, &mut trial_f);
            stale = largest(&f) > 0.1 * before;
        } else {
            // An old factorisation led nowhere: the system goes back to x for a new one.
            let back = system.residual(x, &mut f);
            back.map_err(|obstacle| failed(iteration, before, obstacle))?;
            stale = true;
        }
    }
    Err(failed(MOST_ITERATIONS, excess(&f), hindrance))
}

/// Writes `from` moved by `share` of `step`.
fn moved(from: &[f64], step: &[f64], share: f64, to: &mut [f64]) {
    for ((to, from), by) in to.iter_mut().zip(from).zip(step) {
        *to = from + share * by;
    }
}

fn failed(iterations: usize, residual: f64, obstacle: Obstacle) -> GravityError {
    GravityError::NotConverged { iterations, residual, obstacle }
}

/// The largest absolute value; NaN counts as infinite.
fn largest(values: &[f64]) -> f64 {
    values.iter().fold(0.0, |most, v| if v.is_nan() { f64::INFINITY } else { v.abs().max(most) })
}

fn excess(logs: &[f64]) -> f64 {
    logs.iter().fold(0.0, |most, v| v.exp_m1().abs().max(most))
}

/// A square matrix as its LU factors, with rows exchanged (Gaussian elimination with partial pivoting).
struct Factors {
    n: usize,
    rows: Vec<f64>,
    order: Vec<usize>,
}

impl Factors {
    fn new(n: usize) -> Factors {
        Factors { n, rows: vec![0.0; n * n], order: Vec::with_capacity(n) }
    }

    /// Turns `rows` into its factors; fails if the matrix is singular.
    fn factorise(&mut self) -> Result<(), ()> {
        let n = self.n;
        self.order.clear();
        self.order.extend(0..n);
        for pivot in 0..n {
            let mut best = pivot;
            for row in pivot + 1..n {
                if self.rows[row * n + pivot].abs() > self.rows[best * n + pivot].abs() {
                    best = row;
                }
            }
            let size = self.rows[best * n + pivot].abs();
            if !(size > 0.0 && size.is_finite()) {
                return Err(());
            }
            if best != pivot {
                self.order.swap(best, pivot);
                let (upper, lower) = self.rows.split_at_mut(best * n);
                upper[pivot * n..(pivot + 1) * n].swap_with_slice(&mut lower[..n]);
            }
            let (upper, lower) = self.rows.split_at_mut((pivot + 1) * n);
            let top = &upper[pivot * n..];
            for row in lower.chunks_exact_mut(n) {
                let factor = row[pivot] / top[pivot];
                row[pivot] = factor;
                for (entry, above) in row[pivot + 1..].iter_mut().zip(&top[pivot + 1..]) {
                    *entry -= factor * above;
                }
            }
        }
        Ok(())
    }

    /// Writes the solution of (matrix) · `solution` = `right`.
    fn solve(&self, right: &[f64], solution: &mut [f64]) {
        let n = self.n;
        for row in 0..n {
            let known: f64 = self.rows[row * n..row * n + row].iter().zip(&*solution).map(|(a, b)| a * b).sum();
            solution[row] = right[self.order[row]] - known;
        }
        for row in (0..n).rev() {
            let right_of = row * n + row + 1..(row + 1) * n;
            let known: f64 = self.rows[right_of].iter().zip(&solution[row + 1..]).map(|(a, b)| a * b).sum();
            solution[row] = (solution[row] - known) / self.rows[row * n + row];
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn elimination_exchanges_rows_where_a_pivot_is_nothing() {
        let mut factors = Factors::new(3);
        factors.rows = vec![0.0, 2.0, 1.0, 1.0, -1.0, 0.0, 3.0, 0.0, -2.0];
        factors.factorise().unwrap();
        let mut solution = [0.0; 3];
        factors.solve(&[7.0, -1.0, -3.0], &mut solution);
        for (found, expected) in solution.iter().zip([1.0, 2.0, 3.0]) {
            assert!((found - expected).abs() < 1e-14, "{solution:?}");
        }
    }

    #[test]
    fn a_singular_matrix_is_refused() {
        let mut factors = Factors::new(2);
        factors.rows = vec![1.0, 2.0, 2.0, 4.0];
        assert!(factors.factorise().is_err());
    }
}
