//! Sobol indices from Saltelli's design: shares of variance of each factor alone, with all its interplay, and of pairs.
//!
//! With A, B the outcomes of the two samples, ABj those of A with factor j from B, BAj those of B with factor j from A,
//! and V the variance of A and B together (Saltelli et al. 2010, table 2, and Saltelli 2002; recalled, and checked
//! against SALib):
//!
//! * first order: mean of B (ABj − A), over V (Saltelli 2010);
//! * total: half the mean of (A − ABj)², over V (Jansen 1999);
//! * second order: mean of BAj ABk − A B, over V, less both first orders (Saltelli 2002).
//!
//! The outcome is standardised first, which leaves the estimands alone and takes the estimators' dependence on the mean
//! away. Intervals: the estimate ± z times its spread over bootstrapped base points.

use rayon::prelude::*;

use super::resample::spread;
use super::{Estimate, Resampling, Unanswerable, check_outcome};
use crate::design::Saltelli;

/// The fewest base points answered for: of a handful, resamples are so alike that neither an index nor its interval
/// means anything.
pub const FEWEST: usize = 16;

/// Sobol indices.
#[derive(Debug, Clone, PartialEq)]
pub struct Indices {
    /// Base points, N.
    pub points: usize,
    /// Each factor alone.
    pub first: Vec<Estimate>,
    /// Each factor with all its interplay with others.
    pub total: Vec<Estimate>,
    /// Each pair beyond both alone; empty without the rows for it.
    pub second: Vec<Pair>,
    /// Sums of first orders over each set of factors that was asked for.
    pub sets: Vec<Estimate>,
    /// What all first orders together leave: interplay, of which no factor can be said to have it alone.
    pub rest: Estimate,
}

/// What a pair of factors does together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    /// The first factor, from 0.
    pub one: usize,
    /// The second factor, after the first.
    pub other: usize,
    /// Its share of variance beyond both first orders.
    pub index: Estimate,
}

/// Sobol indices of an outcome whose rows stand in the order of the design, and the sums of first orders over some sets
/// of factors; rows of a last base point that is not complete are left out.
///
/// # Errors
/// The outcome lacks values, is constant, or has fewer than [`FEWEST`] complete base points.
pub fn sobol(
    outcome: &[f64],
    design: Saltelli,
    sets: &[Vec<usize>],
    resampling: &Resampling,
) -> Result<Indices, Unanswerable> {
    let step = design.rows_per_point();
    let points = outcome.len() / step;
    if points < FEWEST {
        return Err(Unanswerable::TooFew {
            rows: outcome.len(),
            needed: FEWEST * step,
            why: format!(
                "{step} for each base point of {} factors, and {FEWEST} base points",
                design.factors
            ),
        });
    }
    let outcome = &outcome[..points * step];
    check_outcome(outcome)?;
    let columns = columns(&standardised(outcome), design);
    let sums: Vec<f64> = columns.iter().map(|column| column.iter().sum()).collect();
    let shape = Shape { factors: design.factors, points: points as f64 };
    if shape.variance(&sums) <= f64::EPSILON {
        return Err(Unanswerable::Constant { value: outcome[0] });
    }
    let resampled = resampling.sums(&columns);
    let estimate = |statistic: &dyn Fn(&[f64]) -> f64| {
        let error = spread(resampled.iter().map(|sums| statistic(sums)));
        Estimate::normal(statistic(&sums), error, resampling.confidence)
    };
    let factors = 0..design.factors;
    let mut second = Vec::new();
    if design.second_order {
        for one in factors.clone() {
            for other in one + 1..design.factors {
                let index = estimate(&|sums| shape.second(sums, one, other));
                second.push(Pair { one, other, index });
            }
        }
    }
    Ok(Indices {
        points,
        first: factors.clone().map(|factor| estimate(&|sums| shape.first(sums, factor))).collect(),
        total: factors.map(|factor| estimate(&|sums| shape.total(sums, factor))).collect(),
        second,
        sets: sets
            .iter()
            .map(|set| estimate(&|sums| set.iter().map(|factor| shape.first(sums, *factor)).sum()))
            .collect(),
        rest: estimate(&|sums| {
            1.0 - (0..design.factors).map(|factor| shape.first(sums, factor)).sum::<f64>()
        }),
    })
}

/// Mean 0 and variance 1.
fn standardised(outcome: &[f64]) -> Vec<f64> {
    let n = outcome.len() as f64;
    let mean = outcome.iter().sum::<f64>() / n;
    let deviation = (outcome.iter().map(|y| (y - mean).powi(2)).sum::<f64>() / n).sqrt();
    outcome.iter().map(|y| (y - mean) / deviation).collect()
}

/// The terms of the estimators, one column each over base points: A + B, A² + B², a first-order and a total term for
/// each factor, and with second order a term for each pair.
fn columns(outcome: &[f64], design: Saltelli) -> Vec<Vec<f64>> {
    type Term = Box<dyn Fn(&[f64]) -> f64 + Sync + Send>;
    let factors = design.factors;
    let last = design.rows_per_point() - 1;
    let mut terms: Vec<Term> =
        vec![Box::new(move |y| y[0] + y[last]), Box::new(move |y| y[0] * y[0] + y[last] * y[last])];
    for factor in 0..factors {
        terms.push(Box::new(move |y| y[last] * (y[1 + factor] - y[0])));
        terms.push(Box::new(move |y| 0.5 * (y[0] - y[1 + factor]).powi(2)));
    }
    if design.second_order {
        for one in 0..factors {
            for other in one + 1..factors {
                terms.push(Box::new(move |y| y[1 + factors + one] * y[1 + other] - y[0] * y[last]));
            }
        }
    }
    terms.par_iter().map(|term| outcome.chunks_exact(last + 1).map(term).collect()).collect()
}

/// Where the sums of the columns stand.
struct Shape {
    factors: usize,
    points: f64,
}

impl Shape {
    fn variance(&self, sums: &[f64]) -> f64 {
        let mean = sums[0] / (2.0 * self.points);
        sums[1] / (2.0 * self.points) - mean * mean
    }

    fn index(&self, sums: &[f64], column: usize) -> f64 {
        let variance = self.variance(sums);
        // A resample without variance says nothing of shares.
        if variance <= f64::EPSILON { 0.0 } else { sums[column] / self.points / variance }
    }

    fn first(&self, sums: &[f64], factor: usize) -> f64 {
        self.index(sums, 2 + 2 * factor)
    }

    fn total(&self, sums: &[f64], factor: usize) -> f64 {
        self.index(sums, 3 + 2 * factor)
    }

    fn second(&self, sums: &[f64], one: usize, other: usize) -> f64 {
        // Pairs before those of `one`, then those of `one` before `other`.
        let pair = one * (2 * self.factors - one - 1) / 2 + other - one - 1;
        let together = self.index(sums, 2 + 2 * self.factors + pair);
        together - self.first(sums, one) - self.first(sums, other)
    }
}
