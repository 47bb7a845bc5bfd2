//! What is not known of the elasticity, carried through to every figure.

use super::{Equilibrium, GravityError};
use crate::noise::normal_quantile;

/// Low, median and high of each figure over a list of equilibria. Each figure has its own: the lists are no equilibria
/// themselves and need not add up.
#[derive(Clone, Debug, PartialEq)]
pub struct Spread {
    /// The 5 % quantile of each figure.
    pub low: Equilibrium,
    /// The median of each figure.
    pub median: Equilibrium,
    /// The 95 % quantile of each figure.
    pub high: Equilibrium,
}

/// Elasticities that stand for a log-normal distribution with this median and, to first order, this standard deviation:
/// the midpoints of `points` slices of equal probability. The log-normal is ours: an elasticity is above 0.
///
/// # Errors
/// A median of 0 or less, or not finite; a standard deviation that is negative or not finite.
pub fn elasticities(median: f64, sd: f64, points: usize) -> Result<Vec<f64>, GravityError> {
    super::shock::check_elasticity(median)?;
    if !(sd.is_finite() && sd >= 0.0) {
        return Err(GravityError::Spread { sd });
    }
    let sigma = (1.0 + (sd / median).powi(2)).ln().sqrt();
    let point = |k: usize| median * (sigma * normal_quantile((k as f64 + 0.5) / points as f64)).exp();
    Ok((0..points).map(point).collect())
}

/// The spread of the answers of `solve` over elasticities.
///
/// # Errors
/// No elasticities; the first error of `solve`.
pub fn spread(
    elasticities: &[f64],
    solve: impl FnMut(f64) -> Result<Equilibrium, GravityError>,
) -> Result<Spread, GravityError> {
    let found =
        elasticities.iter().copied().map(solve).collect::<Result<Vec<Equilibrium>, GravityError>>()?;
    if found.is_empty() {
        return Err(GravityError::Count { what: "elasticities", found: 0, expected: 1 });
    }
    Ok(Spread { low: quantiles(&found, 0.05), median: quantiles(&found, 0.5), high: quantiles(&found, 0.95) })
}

fn quantiles(found: &[Equilibrium], share: f64) -> Equilibrium {
    let each = |figure: fn(&Equilibrium) -> &Vec<f64>| -> Vec<f64> {
        (0..figure(&found[0]).len())
            .map(|at| quantile(&mut found.iter().map(|e| figure(e)[at]).collect::<Vec<f64>>(), share))
            .collect()
    };
    Equilibrium {
        factory_price: each(|e| &e.factory_price),
        price_index: each(|e| &e.price_index),
        expenditure: each(|e| &e.expenditure),
        welfare: each(|e| &e.welfare),
        real_income: each(|e| &e.real_income),
        flows: each(|e| &e.flows),
        kept: each(|e| &e.kept),
        world_spending: quantile(&mut found.iter().map(|e| e.world_spending).collect::<Vec<f64>>(), share),
        iterations: found.iter().map(|e| e.iterations).max().unwrap_or(0),
        residual: found.iter().map(|e| e.residual).fold(0.0, f64::max),
    }
}

/// The quantile of a few values that stand for the midpoints of slices of equal probability, linear between them.
fn quantile(values: &mut [f64], share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let at = (share * values.len() as f64 - 0.5).clamp(0.0, (values.len() - 1) as f64);
    let (below, part) = (at.floor() as usize, at.fract());
    let above = (below + 1).min(values.len() - 1);
    values[below] + part * (values[above] - values[below])
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn elasticities_have_the_median_and_the_spread_asked_for() {
        let drawn = elasticities(4.0, 1.0, 201).unwrap();
        assert!((drawn[100] - 4.0).abs() < 1e-9);
        let mean = drawn.iter().sum::<f64>() / 201.0;
        let sd = (drawn.iter().map(|e| (e - mean).powi(2)).sum::<f64>() / 201.0).sqrt();
        assert!((sd - 1.0).abs() < 0.1, "{sd}");
        assert_eq!(elasticities(4.0, 0.0, 3).unwrap(), [4.0; 3]);
        assert!(matches!(elasticities(4.0, -1.0, 3), Err(GravityError::Spread { .. })));
        assert!(matches!(elasticities(0.0, 1.0, 3), Err(GravityError::Elasticity { .. })));
    }

    #[test]
    fn quantiles_lie_between_the_values() {
        let mut ten: Vec<f64> = (1..=10).rev().map(f64::from).collect();
        assert_eq!(quantile(&mut ten, 0.5), 5.5);
        assert_eq!(quantile(&mut ten, 0.05), 1.0);
        assert_eq!(quantile(&mut [7.0], 0.95), 7.0);
    }
}
