//! Newton's method in logs for systems that a simple price adjustment also solves, only slowly.
//!
//! One factorisation serves as long as it takes a digit off the residual per step, and a step is halved until
//! it helps. Where Newton's steps lead nowhere, prices adjust to excess demand for a while and Newton's method
//! is tried again from there: the adjustment is stable but slow, and it runs into the obstacle where there is
//! no solution.

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

/// Newton steps in one attempt.
const NEWTON_STEPS: usize = 60;
/// Price adjustments before the second attempt; each later one has twice as many before it.
const FIRST_ADJUSTMENTS: usize = 100;
const ATTEMPTS: usize = 10;
/// No step moves a log by more than this, lest exponentials overflow on the way.
const LONGEST_STEP: f64 = 3.0;
const SHORTEST_FRACTION: f64 = 1e-3;

/// Solves the system from `x`, until residual and the last Newton step are both below `tolerance`; that step
/// is still taken, so the answer is usually exact to rounding.
pub(super) fn solve<S: System>(
    system: &mut S,
    x: &mut [f64],
    tolerance: f64,
) -> Result<Reached, GravityError> {
    let mut workspace = Workspace::new(system.size());
    let mut iterations = 0;
    system.normalise(x);
    for attempt in 0..ATTEMPTS {
        if attempt > 0 {
            let adjustments = FIRST_ADJUSTMENTS << (attempt - 1);
            workspace
                .adjust(system, x, adjustments)
                .map_err(|obstacle| workspace.failed(iterations, obstacle))?;
            iterations += adjustments;
        }
        let mut end = x.to_vec();
        let found = workspace.newton(system, &mut end, tolerance, &mut iterations);
        if found.map_err(|obstacle| workspace.failed(iterations, obstacle))? {
            x.copy_from_slice(&end);
            return Ok(Reached { iterations, residual: excess(&workspace.f) });
        }
    }
    Err(workspace.failed(iterations, Obstacle::Iterations))
}

/// Room for the vectors and the matrix of one solution.
struct Workspace {
    f: Vec<f64>,
    trial: Vec<f64>,
    trial_f: Vec<f64>,
    step: Vec<f64>,
    factors: Factors,
}

impl Workspace {
    fn new(n: usize) -> Workspace {
        let blank = || vec![0.0; n];
        Workspace { f: blank(), trial: blank(), trial_f: blank(), step: blank(), factors: Factors::new(n) }
    }

    /// Newton's method from `x`: whether it reached the tolerance, or why it never will.
    fn newton<S: System>(
        &mut self,
        system: &mut S,
        x: &mut [f64],
        tolerance: f64,
        iterations: &mut usize,
    ) -> Result<bool, Obstacle> {
        system.residual(x, &mut self.f)?;
        let mut stale = true;
        for _ in 0..NEWTON_STEPS {
            *iterations += 1;
            let before = largest(&self.f);
            let fresh = stale;
            if stale {
                system.jacobian(&mut self.factors.rows);
                self.factors.factorise().map_err(|()| Obstacle::Unpinned)?;
            }
            self.factors.solve(&self.f, &mut self.step);
            let length = largest(&self.step);
            if before < tolerance && length < tolerance {
                moved(x, &self.step, -1.0, &mut self.trial);
                system.normalise(&mut self.trial);
                system.residual(&self.trial, &mut self.f)?;
                x.copy_from_slice(&self.trial);
                return Ok(true);
            }
            if self.search(system, x, before, LONGEST_STEP / length) {
                x.copy_from_slice(&self.trial);
                std::mem::swap(&mut self.f, &mut self.trial_f);
                stale = largest(&self.f) > 0.1 * before;
            } else if !fresh {
                // An old factorisation led nowhere: the system goes back to x for a new one.
                system.residual(x, &mut self.f)?;
                stale = true;
            } else if before < tolerance {
                // The residual is at its floor of rounding, yet a step would still move the prices.
                return Err(Obstacle::Unpinned);
            } else {
                return Ok(false);
            }
        }
        Ok(false)
    }

    /// Halves the step until the residual falls with it: whether it does, with `trial` where it leads.
    fn search<S: System>(&mut self, system: &mut S, x: &[f64], before: f64, longest: f64) -> bool {
        let mut fraction = longest.min(1.0);
        while fraction >= SHORTEST_FRACTION {
            moved(x, &self.step, -fraction, &mut self.trial);
            system.normalise(&mut self.trial);
            let admissible = system.residual(&self.trial, &mut self.trial_f).is_ok();
            if admissible && largest(&self.trial_f) <= (1.0 - 0.1 * fraction) * before {
                return true;
            }
            fraction *= 0.5;
        }
        false
    }

    /// Lets prices adjust to excess demand `times` times.
    fn adjust<S: System>(&mut self, system: &mut S, x: &mut [f64], times: usize) -> Result<(), Obstacle> {
        for _ in 0..times {
            system.residual(x, &mut self.f)?;
            moved(x, &self.f, system.adjustment(), &mut self.trial);
            system.normalise(&mut self.trial);
            x.copy_from_slice(&self.trial);
        }
        Ok(())
    }

    fn failed(&self, iterations: usize, obstacle: Obstacle) -> GravityError {
        GravityError::NotConverged { iterations, residual: excess(&self.f), obstacle }
    }
}

/// Writes `from` moved by `share` of `step`.
fn moved(from: &[f64], step: &[f64], share: f64, to: &mut [f64]) {
    for ((to, from), by) in to.iter_mut().zip(from).zip(step) {
        *to = from + share * by;
    }
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
            let known: f64 =
                self.rows[row * n..row * n + row].iter().zip(&*solution).map(|(a, b)| a * b).sum();
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
