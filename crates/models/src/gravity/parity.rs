//! The system the Python package gegravity 0.3 (USITC) solves, read from its source, to reproduce its figures.
//!
//! With u = P^(σ−1) the inward and v = Π^(σ−1) the outward resistance ratios, y and e the shares of world
//! output and expenditure at the *baseline*, T the trade-cost terms, and u = 1 for a reference importer:
//!
//! ```text
//! 1 = uⱼ Σᵢ Tᵢⱼ yᵢ vᵢ        1 = vᵢ Σⱼ Tᵢⱼ eⱼ uⱼ        p̂ᵢ = Πᵢ / Π′ᵢ
//! ```
//!
//! The package's "full GE" adds the factory price p̂ to this as one more unknown, but y and e stay as they
//! were, so that p̂ follows in closed form and incomes do not feed back (Larch and Yotov 2016, which it cites,
//! let output and expenditure move, as recalled). [`super::equilibrium`] does feed back.

use super::newton::{System, solve};
use super::shock::check_elasticity;
use super::trade::check_size;
use super::{GravityError, Obstacle, Shock, TOLERANCE, Trade};

/// What the package starts from.
#[derive(Clone, Debug, PartialEq)]
pub struct Baseline {
    /// Output of each country.
    pub output: Vec<f64>,
    /// Expenditure of each country, in the same unit. The two need not add up to the same.
    pub expenditure: Vec<f64>,
    /// Trade-cost terms (cost to the power 1 − σ), row by row: exporter × importer.
    pub cost_terms: Vec<f64>,
    /// The importer whose inward resistance is 1.
    pub reference: usize,
}

impl Baseline {
    /// The baseline that fits observed flows exactly: Tᵢⱼ = Xᵢⱼ W / (Yᵢ Eⱼ), with W world output, which makes
    /// every resistance 1 at the start. (Ours; the package takes costs from an estimated equation.)
    ///
    /// # Errors
    /// A pair without trade, for the package's cost terms cannot be 0.
    pub fn of_trade(trade: &Trade, reference: usize) -> Result<Baseline, GravityError> {
        let n = trade.countries();
        let world: f64 = trade.output().iter().sum();
        let term = |cell: usize| {
            trade.flows()[cell] / trade.output()[cell / n] / trade.expenditure()[cell % n] * world
        };
        let baseline = Baseline {
            output: trade.output().to_vec(),
            expenditure: trade.expenditure().to_vec(),
            cost_terms: (0..n * n).map(term).collect(),
            reference,
        };
        baseline.check()?;
        Ok(baseline)
    }

    fn check(&self) -> Result<(), GravityError> {
        let n = self.output.len();
        check_size("trade-cost terms", n, self.cost_terms.len())?;
        let (what, found) = ("expenditures", self.expenditure.len());
        if found != n {
            return Err(GravityError::Count { what, found, expected: n });
        }
        if self.reference >= n {
            return Err(GravityError::UnknownCountry { country: self.reference, countries: n });
        }
        for (what, totals) in [("output", &self.output), ("expenditure", &self.expenditure)] {
            for (country, &value) in totals.iter().enumerate() {
                if !(value.is_finite() && value > 0.0) {
                    return Err(GravityError::Total { what, country, value });
                }
            }
            if !totals.iter().sum::<f64>().is_finite() {
                return Err(GravityError::TotalOverflow { what });
            }
        }
        for (cell, &value) in self.cost_terms.iter().enumerate() {
            if !(value.is_finite() && value > 0.0) {
                return Err(GravityError::CostTerm { exporter: cell / n, importer: cell % n, value });
            }
        }
        Ok(())
    }
}

/// Inward and outward multilateral resistances, as levels.
#[derive(Clone, Debug, PartialEq)]
pub struct Resistances {
    /// Inward: the consumer price index, relative to the reference importer's.
    pub inward: Vec<f64>,
    /// Outward.
    pub outward: Vec<f64>,
}

/// What the package reports, with every change as new/old instead of a percentage.
#[derive(Clone, Debug, PartialEq)]
pub struct Counterfactual {
    /// Resistances at the old costs.
    pub baseline: Resistances,
    /// Resistances at the new costs (the package's conditional and its full equilibrium agree).
    pub experiment: Resistances,
    /// Change of the factory-gate price, of output and of expenditure, which are one number here.
    pub factory_price: Vec<f64>,
    /// Change of output over the inward resistance, called GDP (and terms of trade) there.
    pub real_output: Vec<f64>,
    /// The package's welfare statistic, old/new: *below* 1 is a gain.
    pub welfare_statistic: Vec<f64>,
    /// Modelled flows at the old costs, row by row. They do not add up to the outputs given.
    pub baseline_flows: Vec<f64>,
    /// Modelled flows at the new costs.
    pub flows: Vec<f64>,
    /// Iterations made, both solutions together.
    pub iterations: usize,
    /// The larger residual of the two solutions.
    pub residual: f64,
}

/// The package's answer to `shock`, for a trade elasticity θ = σ − 1.
///
/// # Errors
/// A baseline with a wrong number of entries, a total or cost term not finite and above 0, or a reference that
/// is no country; a shock for another number of countries; an elasticity of 0 or less; a cost term that overflows
/// or becomes 0; no convergence to [`TOLERANCE`], or a figure that no number holds, with the obstacle.
pub fn counterfactual(
    baseline: &Baseline,
    shock: &Shock,
    elasticity: f64,
) -> Result<Counterfactual, GravityError> {
    check_elasticity(elasticity)?;
    baseline.check()?;
    let n = baseline.output.len();
    let (what, found) = ("log changes of trade-cost terms", shock.log_change().len());
    if shock.countries() != n {
        return Err(GravityError::Count { what, found, expected: n * n });
    }
    let mut terms = baseline.cost_terms.clone();
    for (cell, (term, change)) in terms.iter_mut().zip(shock.log_change()).enumerate() {
        *term *= change.exp();
        // As at the start, cost terms cannot be 0: a pair whose trade is stopped altogether has no place here.
        if !(term.is_finite() && *term > 0.0) {
            return Err(GravityError::CostTerm { exporter: cell / n, importer: cell % n, value: *term });
        }
    }

    let mut before = Balance::new(baseline, &baseline.cost_terms);
    let mut x = vec![0.0; n];
    let first = solve(&mut before, &mut x, TOLERANCE)?;
    let mut after = Balance::new(baseline, &terms);
    let second = solve(&mut after, &mut x, TOLERANCE)?;

    let (old, new) = (before.levels(elasticity), after.levels(elasticity));
    let factory_price: Vec<f64> = old.outward.iter().zip(&new.outward).map(|(old, new)| old / new).collect();
    let real_output: Vec<f64> = (0..n).map(|i| factory_price[i] * old.inward[i] / new.inward[i]).collect();
    let welfare_statistic = real_output.iter().map(|r| 1.0 / r).collect();
    let still = vec![1.0; n];
    let found = Counterfactual {
        baseline_flows: before.flows(baseline, &still),
        flows: after.flows(baseline, &factory_price),
        baseline: old,
        experiment: new,
        factory_price,
        real_output,
        welfare_statistic,
        iterations: first.iterations + second.iterations,
        residual: first.residual.max(second.residual),
    };
    let figures = [&found.experiment.inward, &found.real_output, &found.welfare_statistic, &found.flows];
    if figures.into_iter().flatten().all(|figure| figure.is_finite()) {
        Ok(found)
    } else {
        let (iterations, residual) = (found.iterations, found.residual);
        Err(GravityError::NotConverged { iterations, residual, obstacle: Obstacle::Overflow })
    }
}

/// The resistance system with v eliminated: fⱼ = −ln(uⱼ Σᵢ Tᵢⱼ yᵢ vᵢ) in x = ln u.
struct Balance<'a> {
    terms: &'a [f64],
    output_share: Vec<f64>,
    expenditure_share: Vec<f64>,
    reference: usize,
    /// u, importers.
    inward: Vec<f64>,
    /// v, exporters.
    outward: Vec<f64>,
    /// Σᵢ Tᵢⱼ yᵢ vᵢ, importers.
    supply: Vec<f64>,
}

impl<'a> Balance<'a> {
    fn new(baseline: &Baseline, terms: &'a [f64]) -> Balance<'a> {
        let share = |totals: &[f64]| -> Vec<f64> {
            let world: f64 = totals.iter().sum();
            totals.iter().map(|t| t / world).collect()
        };
        let ones = vec![1.0; baseline.output.len()];
        Balance {
            terms,
            output_share: share(&baseline.output),
            expenditure_share: share(&baseline.expenditure),
            reference: baseline.reference,
            inward: ones.clone(),
            outward: ones.clone(),
            supply: ones,
        }
    }

    fn levels(&self, elasticity: f64) -> Resistances {
        let level = |ratios: &[f64]| ratios.iter().map(|r| r.powf(1.0 / elasticity)).collect();
        Resistances { inward: level(&self.inward), outward: level(&self.outward) }
    }

    /// T e′ (Y′ / ΣY′) u v, with output and expenditure moved by the factory price.
    fn flows(&self, baseline: &Baseline, factory_price: &[f64]) -> Vec<f64> {
        let n = self.inward.len();
        let moved =
            |totals: &[f64]| -> Vec<f64> { totals.iter().zip(factory_price).map(|(t, p)| t * p).collect() };
        let (output, expenditure) = (moved(&baseline.output), moved(&baseline.expenditure));
        let world: f64 = output.iter().sum();
        let flow = |cell: usize| {
            let (i, j) = (cell / n, cell % n);
            self.terms[cell] * expenditure[j] * (output[i] / world) * self.inward[j] * self.outward[i]
        };
        (0..n * n).map(flow).collect()
    }
}

impl System for Balance<'_> {
    fn size(&self) -> usize {
        self.inward.len()
    }

    fn normalise(&self, x: &mut [f64]) {
        let shift = x[self.reference];
        x.iter_mut().for_each(|x| *x -= shift);
    }

    fn residual(&mut self, x: &[f64], f: &mut [f64]) -> Result<(), Obstacle> {
        let n = self.size();
        for (u, x) in self.inward.iter_mut().zip(x) {
            *u = x.exp();
        }
        self.supply.fill(0.0);
        for (i, row) in self.terms.chunks_exact(n).enumerate() {
            let demand = row.iter().zip(&self.expenditure_share).zip(&self.inward);
            self.outward[i] = 1.0 / demand.map(|((term, e), u)| term * e * u).sum::<f64>();
            let offer = self.output_share[i] * self.outward[i];
            for (supply, term) in self.supply.iter_mut().zip(row) {
                *supply += term * offer;
            }
        }
        for j in 0..n {
            f[j] = -(x[j] + self.supply[j].ln());
        }
        if f.iter().all(|v| v.is_finite()) { Ok(()) } else { Err(Obstacle::Overflow) }
    }

    /// With Bᵢⱼ the share of i in what j is supplied and Aᵢₖ the share of k in i's outward resistance,
    /// dfⱼ = Σᵢ Bᵢⱼ Σₖ Aᵢₖ dxₖ − dxⱼ.
    fn jacobian(&self, rows: &mut [f64]) {
        let n = self.size();
        for (j, row) in rows.chunks_exact_mut(n).enumerate() {
            for (entry, e) in row.iter_mut().zip(&self.expenditure_share) {
                *entry = -e;
            }
            for (i, terms) in self.terms.chunks_exact(n).enumerate() {
                let bought = terms[j] * self.output_share[i] * self.outward[i] / self.supply[j];
                let scale = bought * self.outward[i];
                for (k, (entry, term)) in row.iter_mut().zip(terms).enumerate() {
                    *entry += scale * term * self.expenditure_share[k] * self.inward[k];
                }
            }
            row[j] -= 1.0;
        }
    }

    fn adjustment(&self) -> f64 {
        1.0
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn flows_fitted_exactly_start_without_resistance() {
        let trade = Trade::new(3, vec![50.0, 3.0, 2.0, 4.0, 70.0, 1.0, 2.0, 5.0, 20.0]).unwrap();
        let baseline = Baseline::of_trade(&trade, 1).unwrap();
        let same = counterfactual(&baseline, &Shock::new(3, vec![0.0; 9]).unwrap(), 4.0).unwrap();
        for level in same.baseline.inward.iter().chain(&same.experiment.outward).chain(&same.factory_price) {
            assert!((level - 1.0).abs() < 1e-12);
        }
        for (modelled, observed) in same.flows.iter().zip(trade.flows()) {
            assert!((modelled / observed - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn a_baseline_that_cannot_be_is_pointed_at() {
        let good = Baseline {
            output: vec![1.0, 2.0],
            expenditure: vec![2.0, 1.0],
            cost_terms: vec![1.0, 0.5, 0.5, 1.0],
            reference: 0,
        };
        let still = Shock::new(2, vec![0.0; 4]).unwrap();
        let error = |b: Baseline| counterfactual(&b, &still, 4.0).unwrap_err();
        assert_eq!(
            error(Baseline { reference: 2, ..good.clone() }),
            GravityError::UnknownCountry { country: 2, countries: 2 }
        );
        assert_eq!(
            error(Baseline { output: vec![1.0, -2.0], ..good.clone() }),
            GravityError::Total { what: "output", country: 1, value: -2.0 }
        );
        assert_eq!(
            error(Baseline { cost_terms: vec![1.0, 0.0, 0.5, 1.0], ..good.clone() }),
            GravityError::CostTerm { exporter: 0, importer: 1, value: 0.0 }
        );
        assert_eq!(
            error(Baseline { expenditure: vec![1.0], ..good.clone() }),
            GravityError::Count { what: "expenditures", found: 1, expected: 2 }
        );
        let wide = Shock::new(1, vec![0.0]).unwrap();
        assert!(matches!(counterfactual(&good, &wide, 4.0), Err(GravityError::Count { .. })));
        assert!(matches!(counterfactual(&good, &still, -1.0), Err(GravityError::Elasticity { .. })));
    }
}
