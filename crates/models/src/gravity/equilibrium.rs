//! The equilibrium after a change of trade costs, with incomes feeding back.

use super::newton::{System, solve};
use super::shock::check_elasticity;
use super::trade::check_connected;
use super::{GravityError, Levy, Obstacle, Shock, Trade};

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

/// Rounds of spending what is kept; each is smaller by the share kept.
const MOST_ROUNDS: usize = 500;
const SETTLED: f64 = 1e-15;

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
    /// New flows, row by row (exporter × importer), in the unit of the old ones: what exporters get.
    pub flows: Vec<f64>,
    /// What each country keeps of levies (tariff revenue, earnings from transhipment), in the unit of the flows.
    pub kept: Vec<f64>,
    /// World expenditure over world output: 1 under the additive closure; under the multiplicative one, where
    /// markets clear up to this common factor, usually 1 within a few millionths.
    pub world_spending: f64,
    /// Iterations made: Newton steps, and price adjustments where those led nowhere.
    pub iterations: usize,
    /// The largest relative excess demand left on any market, beyond the common factor.
    pub residual: f64,
}

impl Equilibrium {
    /// Whether a number holds every figure.
    fn is_finite(&self) -> bool {
        [
            &self.factory_price,
            &self.price_index,
            &self.expenditure,
            &self.welfare,
            &self.real_income,
            &self.flows,
            &self.kept,
        ]
        .into_iter()
        .flatten()
        .chain([&self.world_spending])
        .all(|figure| figure.is_finite())
    }

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
/// world into groups that no longer trade; no convergence to [`TOLERANCE`], or a figure that no number holds, with the
/// obstacle.
pub fn equilibrium(
    trade: &Trade,
    shock: &Shock,
    elasticity: f64,
    closure: Closure,
) -> Result<Equilibrium, GravityError> {
    equilibrium_with_levies(trade, shock, &[], elasticity, closure)
}

/// The same where part of what buyers pay is kept by someone: tariffs by the importer's state, the extra cost of a way
/// round by the state it leads through. What is kept is spent where it is kept (as tariff revenue in Caliendo and Parro
/// 2015, recalled; one sector here).
///
/// With ℓ the share of a pair's spending that is kept, the flows given are what exporters get, (1 − ℓ) of spending, and
///
/// ```text
/// ŵᵢ Yᵢ = Σⱼ (1 − ℓ′ᵢⱼ) π′ᵢⱼ E′ⱼ        E′ₖ = (as above, with D = E − Y − R) + R′ₖ        R′ₖ = Σ ℓ′ᵢⱼ π′ᵢⱼ E′ⱼ kept by k
/// ```
///
/// Levies move incomes; what they do to prices belongs into the shock.
///
/// # Errors
/// As [`equilibrium`]; a levy of a country that does not exist, or shares of a pair that are negative or add up to 1 or
/// more.
pub fn equilibrium_with_levies(
    trade: &Trade,
    shock: &Shock,
    levies: &[Levy],
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
    super::levy::check(levies, n)?;
    let mut market = Market::new(trade, shock, levies, elasticity, closure);
    check_connected(n, &market.shifted)?;
    let mut log_price = vec![0.0; n];
    let reached = solve(&mut market, &mut log_price, TOLERANCE)?;
    let found = market.equilibrium(&log_price, reached.iterations, reached.residual);
    if found.is_finite() {
        Ok(found)
    } else {
        let (iterations, residual) = (found.iterations, found.residual);
        Err(GravityError::NotConverged { iterations, residual, obstacle: Obstacle::Overflow })
    }
}

/// Market clearing in the logs of factory-gate prices: f = ln(demand for a country's output / its output).
struct Market<'a> {
    trade: &'a Trade,
    closure: Closure,
    theta: f64,
    levies: &'a [Levy],
    /// What exporters get of a unit spent after the shock, exporter × importer; empty if nothing is kept.
    passed: Vec<f64>,
    /// Expenditure before, levies included.
    old_spending: Vec<f64>,
    /// E − R before.
    old_earned: Vec<f64>,
    /// πᵢⱼ e^bᵢⱼ, exporter × importer.
    shifted: Vec<f64>,
    world: f64,
    /// ŵ^−θ, exporters.
    appeal: Vec<f64>,
    /// P̂^−θ, importers.
    index: Vec<f64>,
    /// E′ − R′, importers.
    earned: Vec<f64>,
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
    fn new(trade: &'a Trade, shock: &Shock, levies: &'a [Levy], theta: f64, closure: Closure) -> Market<'a> {
        let n = trade.countries();
        let mut shifted = trade.flows().to_vec();
        let (mut old_spending, mut old_earned) = (trade.expenditure().to_vec(), trade.expenditure().to_vec());
        let mut passed = Vec::new();
        if !levies.is_empty() {
            passed = super::levy::passed(levies, n, |levy| levy.new_share);
            for (flow, passed) in
                shifted.iter_mut().zip(super::levy::passed(levies, n, |levy| levy.old_share))
            {
                *flow /= passed;
            }
            old_spending = (0..n).map(|j| (0..n).map(|i| shifted[i * n + j]).sum()).collect();
            old_earned.clone_from(&old_spending);
            for levy in levies {
                old_earned[levy.keeper] -= levy.old_share * shifted[levy.exporter * n + levy.importer];
            }
        }
        for (row, changes) in shifted.chunks_exact_mut(n).zip(shock.log_change().chunks_exact(n)) {
            for ((share, change), spent) in row.iter_mut().zip(changes).zip(&old_spending) {
                *share = *share / spent * if *change == 0.0 { 1.0 } else { change.exp() };
            }
        }
        let blank = vec![0.0; n];
        Market {
            trade,
            closure,
            theta,
            levies,
            passed,
            old_spending,
            old_earned,
            shifted,
            world: trade.output().iter().sum(),
            appeal: blank.clone(),
            index: blank.clone(),
            earned: blank.clone(),
            spending: blank.clone(),
            pull: blank.clone(),
            sales: blank.clone(),
            output: blank,
            rescale: 1.0,
        }
    }

    fn spend(&mut self) -> Result<(), Obstacle> {
        let before = self.trade.output().iter().zip(&self.old_earned);
        for (j, ((old_output, old_earned), output)) in before.zip(&self.output).enumerate() {
            self.earned[j] = match self.closure {
                Closure::Additive => output + (old_earned - old_output),
                Closure::Multiplicative => old_earned * (output / old_output),
            };
            if self.earned[j] <= 0.0 {
                return Err(Obstacle::Expenditure { country: j });
            }
        }
        if self.closure == Closure::Multiplicative {
            // Relative prices do not depend on this, but without it no prices clear every market.
            self.rescale = self.world / self.earned.iter().sum::<f64>();
            self.earned.iter_mut().for_each(|e| *e *= self.rescale);
        }
        self.spending.copy_from_slice(&self.earned);
        if !self.levies.is_empty() {
            self.spend_what_is_kept();
        }
        Ok(())
    }

    /// What is kept is spent, and part of that is kept again: less each time, as shares stay below 1.
    fn spend_what_is_kept(&mut self) {
        let n = self.spending.len();
        for _ in 0..MOST_ROUNDS {
            let mut next = self.earned.clone();
            for levy in self.levies {
                let cell = levy.exporter * n + levy.importer;
                let bought = self.shifted[cell] * self.appeal[levy.exporter] / self.index[levy.importer];
                next[levy.keeper] += levy.new_share * bought * self.spending[levy.importer];
            }
            let moved = next.iter().zip(&self.spending).map(|(a, b)| ((a - b) / b).abs()).fold(0.0, f64::max);
            self.spending = next;
            if moved < SETTLED {
                break;
            }
        }
    }

    fn equilibrium(&self, log_price: &[f64], iterations: usize, residual: f64) -> Equilibrium {
        let n = self.spending.len();
        let factory_price: Vec<f64> = log_price.iter().map(|x| x.exp()).collect();
        let price_index: Vec<f64> = self.index.iter().map(|p| p.powf(-1.0 / self.theta)).collect();
        let expenditure: Vec<f64> =
            self.spending.iter().zip(&self.old_spending).map(|(e, old)| e / self.rescale / old).collect();
        let ratio = |over: &[f64]| over.iter().zip(&price_index).map(|(a, p)| a / p).collect();
        let (welfare, real_income) = (ratio(&expenditure), ratio(&factory_price));
        let passed = |cell: usize| self.passed.get(cell).copied().unwrap_or(1.0);
        let flow = |cell| {
            self.shifted[cell] * self.appeal[cell / n] * self.pull[cell % n] / self.rescale * passed(cell)
        };
        let kept = self.spending.iter().zip(&self.earned).map(|(e, earned)| (e - earned) / self.rescale);
        Equilibrium {
            factory_price,
            price_index,
            expenditure,
            welfare,
            real_income,
            flows: (0..n * n).map(flow).collect(),
            kept: kept.collect(),
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
        self.index.fill(0.0);
        for (row, appeal) in self.shifted.chunks_exact(n).zip(&self.appeal) {
            for (index, share) in self.index.iter_mut().zip(row) {
                *index += share * appeal;
            }
        }
        self.spend()?;
        for j in 0..n {
            self.pull[j] = self.spending[j] / self.index[j];
        }
        for (i, row) in self.shifted.chunks_exact(n).enumerate() {
            let demand: f64 = match self.passed.get(i * n..(i + 1) * n) {
                None => row.iter().zip(&self.pull).map(|(share, pull)| share * pull).sum(),
                Some(passed) => row
                    .iter()
                    .zip(&self.pull)
                    .zip(passed)
                    .map(|((share, pull), passed)| share * pull * passed)
                    .sum(),
            };
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
        let total: f64 = self.earned.iter().sum();
        // How the share that is kept moves is left out: steps stay good, and the answer does not depend on it.
        for (i, row) in rows.chunks_exact_mut(n).enumerate() {
            for (entry, output) in row.iter_mut().zip(&self.output) {
                *entry = -output / self.world;
            }
            for (j, shares) in shares.chunks_exact(n).enumerate() {
                let passed = self.passed.get(i * n + j).copied().unwrap_or(1.0);
                let sold = self.shifted[i * n + j] * self.appeal[i] * self.pull[j] * passed / self.sales[i];
                for (entry, share) in row.iter_mut().zip(shares) {
                    *entry += sold * share;
                }
                row[j] += match self.closure {
                    Closure::Additive => sold * self.output[j] / self.earned[j],
                    Closure::Multiplicative => sold - self.earned[j] / total,
                };
            }
            row[i] -= 1.0 + self.theta;
        }
    }

    fn adjustment(&self) -> f64 {
        1.0 / (1.0 + self.theta)
    }
}
