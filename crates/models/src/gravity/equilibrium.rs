//! The equilibrium after a change of trade costs, with incomes feeding back.

use super::newton::{System, solve};
use super::shock::check_elasticity;
use super::trade::check_connected;
use super::{GravityError, Obstacle, Shock, Trade};

/// What becomes of a country's trade balance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closure {
    /// The balance stays the same number in units of world output: E′ = Y ŵ + D.
    Additive,
    /// Expenditure stays the same multiple of output: E′ = E ŵ. Without imbalances the two closures agree.
    /// With them, countries of unlike balances grow unlike, and the world no longer spends exactly what it
    /// earns: see [`Equilibrium::world_spending`].
    Multiplicative,
}

/// A market clears when demand for a country's output and the output differ by less than this share of it.
pub const TOLERANCE: f64 = 1e-10;

/// The equilibrium after a shock. Each list has one entry per country; changes are new/old.
#[derive(Clone, Debug, PartialEq)]
pub struct Equilibrium {
    /// Change of the factory-gate price (and of nominal output), world output being the numeraire.
    pub factory_price: Vec<f64>,
    /// Change of the consumer price index.
    pub price_index: Vec<f64>,
    /// Change of nominal expenditure.
    pub expenditure: Vec<f64>,
    /// Change of welfare: expenditure over the price index.
    pub welfare: Vec<f64>,
    /// Change of real income: output over the price index.
    pub real_income: Vec<f64>,
    /// New flows, row by row (exporter × importer), in the unit of the old ones.
    pub flows: Vec<f64>,
    /// World expenditure over world output: 1 under the additive closure; under the multiplicative one, where
    /// markets clear up to this common factor, usually 1 within a few millionths.
    pub world_spending: f64,
    /// Iterations made: Newton steps, and price adjustments where those led nowhere.
    pub iterations: usize,
    /// The largest relative excess demand left on any market, beyond the common factor.
    pub residual: f64,
}

impl Equilibrium {
    /// What each country sells abroad, in the unit of the flows.
    #[must_use]
    pub fn exports(&self) -> Vec<f64> {
        let n = self.welfare.len();
        (0..n).map(|i| (0..n).filter(|&j| j != i).map(|j| self.flows[i * n + j]).sum()).collect()
    }

    /// What each country buys abroad, in the unit of the flows.
    #[must_use]
    pub fn imports(&self) -> Vec<f64> {
        let n = self.welfare.len();
        (0..n).map(|j| (0..n).filter(|&i| i != j).map(|i| self.flows[i * n + j]).sum()).collect()
    }
}

/// The new equilibrium of `trade` under `shock`, for a trade elasticity θ (the elasticity of substitution
/// less one, in Armington's reading).
///
/// # Errors
/// A shock for another number of countries; an elasticity of 0 or less, or not finite; a shock that cuts the
/// world into groups that no longer trade; no convergence to [`TOLERANCE`], with the obstacle.
pub fn equilibrium(
    trade: &Trade,
    shock: &Shock,
    elasticity: f64,
    closure: Closure,
) -> Result<Equilibrium, GravityError> {
    check_elasticity(elasticity)?;
    let n = trade.countries();
    if shock.countries() != n {
        return Err(GravityError::Count {
            what: "log changes of trade-cost terms",
            found: shock.log_change().len(),
            expected: n * n,
        });
    }
    let mut market = Market::new(trade, shock, elasticity, closure);
    check_connected(n, &market.shifted)?;
    let mut log_price = vec![0.0; n];
    let reached = solve(&mut market, &mut log_price, TOLERANCE)?;
    Ok(market.equilibrium(&log_price, reached.iterations, reached.residual))
}

/// Market clearing in the logs of factory-gate prices: f = ln(demand for a country's output / its output).
struct Market<'a> {
    trade: &'a Trade,
    closure: Closure,
    theta: f64,
    /// πᵢⱼ e^bᵢⱼ, exporter × importer.
    shifted: Vec<f64>,
    world: f64,
    /// ŵ^−θ, exporters.
    appeal: Vec<f64>,
    /// P̂^−θ, importers.
    index: Vec<f64>,
    /// E′, importers.
    spending: Vec<f64>,
    /// E′ / P̂^−θ, importers.
    pull: Vec<f64>,
    /// Σⱼ X′ᵢⱼ, exporters.
    sales: Vec<f64>,
    /// Yᵢ ŵᵢ.
    output: Vec<f64>,
    /// What E′ was multiplied by so that world expenditure is world output.
    rescale: f64,
}

impl<'a> Market<'a> {
    fn new(trade: &'a Trade, shock: &Shock, theta: f64, closure: Closure) -> Market<'a> {
        let n = trade.countries();
        let mut shifted = trade.flows().to_vec();
        for (row, changes) in shifted.chunks_exact_mut(n).zip(shock.log_change().chunks_exact(n)) {
            for ((share, change), spent) in row.iter_mut().zip(changes).zip(trade.expenditure()) {
                *share = *share / spent * if *change == 0.0 { 1.0 } else { change.exp() };
            }
        }
        let blank = vec![0.0; n];
        Market {
            trade,
            closure,
            theta,
            shifted,
            world: trade.output().iter().sum(),
            appeal: blank.clone(),
            index: blank.clone(),
            spending: blank.clone(),
            pull: blank.clone(),
            sales: blank.clone(),
            output: blank,
            rescale: 1.0,
        }
    }

    fn spend(&mut self) -> Result<(), Obstacle> {
        let (old_output, old_spending) = (self.trade.output(), self.trade.expenditure());
        for j in 0..self.spending.len() {
            self.spending[j] = match self.closure {
                Closure::Additive => self.output[j] + (old_spending[j] - old_output[j]),
                Closure::Multiplicative => old_spending[j] * (self.output[j] / old_output[j]),
            };
            if self.spending[j] <= 0.0 {
                return Err(Obstacle::Expenditure { country: j });
            }
        }
        if self.closure == Closure::Multiplicative {
            // Relative prices do not depend on this, but without it no prices clear every market.
            self.rescale = self.world / self.spending.iter().sum::<f64>();
            self.spending.iter_mut().for_each(|e| *e *= self.rescale);
        }
        Ok(())
    }

    fn equilibrium(&self, log_price: &[f64], iterations: usize, residual: f64) -> Equilibrium {
        let n = self.spending.len();
        let factory_price: Vec<f64> = log_price.iter().map(|x| x.exp()).collect();
        let price_index: Vec<f64> = self.index.iter().map(|p| p.powf(-1.0 / self.theta)).collect();
        let expenditure: Vec<f64> = self
            .spending
            .iter()
            .zip(self.trade.expenditure())
            .map(|(e, old)| e / self.rescale / old)
            .collect();
        let ratio = |over: &[f64]| over.iter().zip(&price_index).map(|(a, p)| a / p).collect();
        let (welfare, real_income) = (ratio(&expenditure), ratio(&factory_price));
        let flow = |cell| self.shifted[cell] * self.appeal[cell / n] * self.pull[cell % n] / self.rescale;
        Equilibrium {
            factory_price,
            price_index,
            expenditure,
            welfare,
            real_income,
            flows: (0..n * n).map(flow).collect(),
            world_spending: 1.0 / self.rescale,
            iterations,
            residual,
        }
    }
}

impl System for Market<'_> {
    fn size(&self) -> usize {
        self.spending.len()
    }

    fn normalise(&self, x: &mut [f64]) {
        let output: f64 = x.iter().zip(self.trade.output()).map(|(x, y)| x.exp() * y).sum();
        let shift = (output / self.world).ln();
        x.iter_mut().for_each(|x| *x -= shift);
    }

    fn residual(&mut self, x: &[f64], f: &mut [f64]) -> Result<(), Obstacle> {
        let n = self.size();
        for (i, x) in x.iter().enumerate() {
            self.appeal[i] = (-self.theta * x).exp();
            self.output[i] = self.trade.output()[i] * x.exp();
        }
        self.spend()?;
        self.index.fill(0.0);
        for (row, appeal) in self.shifted.chunks_exact(n).zip(&self.appeal) {
            for (index, share) in self.index.iter_mut().zip(row) {
                *index += share * appeal;
            }
        }
        for j in 0..n {
            self.pull[j] = self.spending[j] / self.index[j];
        }
        for (i, row) in self.shifted.chunks_exact(n).enumerate() {
            let demand: f64 = row.iter().zip(&self.pull).map(|(share, pull)| share * pull).sum();
            self.sales[i] = demand * self.appeal[i];
            f[i] = (self.sales[i] / self.output[i]).ln();
        }
        if f.iter().all(|v| v.is_finite()) { Ok(()) } else { Err(Obstacle::Overflow) }
    }

    /// With Sᵢⱼ the share of j in i's sales and Π′ₖⱼ the share of k in j's spending,
    /// dfᵢ = Σⱼ Sᵢⱼ (d ln Eⱼ + θ Σₖ Π′ₖⱼ dxₖ) − (1 + θ) dxᵢ.
    fn jacobian(&self, rows: &mut [f64]) {
        let n = self.size();
        // Importer × exporter, so that the inner loop below runs along memory.
        let mut shares = vec![0.0; n * n];
        for i in 0..n {
            for j in 0..n {
                shares[j * n + i] = self.theta * self.shifted[i * n + j] * self.appeal[i] / self.index[j];
            }
        }
        let total: f64 = self.spending.iter().sum();
        for (i, row) in rows.chunks_exact_mut(n).enumerate() {
            for (entry, output) in row.iter_mut().zip(&self.output) {
                *entry = -output / self.world;
            }
            for (j, shares) in shares.chunks_exact(n).enumerate() {
                let sold = self.shifted[i * n + j] * self.appeal[i] * self.pull[j] / self.sales[i];
                for (entry, share) in row.iter_mut().zip(shares) {
                    *entry += sold * share;
                }
                row[j] += match self.closure {
                    Closure::Additive => sold * self.output[j] / self.spending[j],
                    Closure::Multiplicative => sold - self.spending[j] / total,
                };
            }
            row[i] -= 1.0 + self.theta;
        }
    }

    fn adjustment(&self) -> f64 {
        1.0 / (1.0 + self.theta)
    }
}
