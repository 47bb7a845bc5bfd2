//! Trade in general equilibrium.

use equipoise_models::gravity::parity::{Baseline, counterfactual};
use equipoise_models::gravity::{Closure, Equilibrium, Pair, Shock, Trade, equilibrium};
use pyo3::prelude::*;
use serde_json::json;

use super::{Answer, Names, chosen, table};
use crate::failure::of_model;
use crate::table::Column;
use crate::watch::attend;

/// Flows and a shock as columns.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct Columns {
    exporter: Vec<String>,
    importer: Vec<String>,
    /// What the exporter sells to the importer, domestic sales included.
    value: Vec<f64>,
    shock_exporter: Vec<String>,
    shock_importer: Vec<String>,
    /// Change of the log of the trade-cost term.
    log_change: Vec<f64>,
    elasticity: f64,
}

impl Columns {
    fn read(&self) -> PyResult<(Names, Trade, Shock)> {
        let mut names = Names::default();
        let mut pairs = Vec::new();
        for ((exporter, importer), value) in self.exporter.iter().zip(&self.importer).zip(&self.value) {
            pairs.push(Pair { exporter: names.add(exporter), importer: names.add(importer), value: *value });
        }
        let mut changes = Vec::new();
        for (at, value) in self.log_change.iter().enumerate() {
            let exporter = names.find("country", &self.shock_exporter[at])?;
            let importer = names.find("country", &self.shock_importer[at])?;
            changes.push(Pair { exporter, importer, value: *value });
        }
        let countries = names.list.len();
        let trade = Trade::from_pairs(countries, &pairs).map_err(of_model)?;
        let shock = Shock::from_pairs(countries, &changes).map_err(of_model)?;
        Ok((names, trade, shock))
    }
}

/// The new equilibrium after a shock, every figure new over old.
#[pyfunction]
pub fn gravity_solve(py: Python<'_>, columns: Columns, closure: &str) -> PyResult<Answer> {
    let known = [("additive", Closure::Additive), ("multiplicative", Closure::Multiplicative)];
    let closure = chosen("closure", closure, &known)?;
    let (names, trade, shock) = columns.read()?;
    let (trade, found) = attend(py, None, move |_| {
        let found = equilibrium(&trade, &shock, columns.elasticity, closure).map_err(of_model)?;
        Ok((trade, found))
    })?;
    let Equilibrium { iterations, residual, world_spending, .. } = found;
    let told = json!({ "iterations": iterations, "residual": residual, "world_spending": world_spending });
    let (exports, imports) = (found.exports(), found.imports());
    let countries = table(vec![
        ("id", Column::Words(names.list.clone())),
        ("factory_price", Column::Numbers(found.factory_price)),
        ("price_index", Column::Numbers(found.price_index)),
        ("expenditure", Column::Numbers(found.expenditure)),
        ("welfare", Column::Numbers(found.welfare)),
        ("real_income", Column::Numbers(found.real_income)),
        ("exports", Column::Numbers(exports)),
        ("imports", Column::Numbers(imports)),
    ])?;
    let flows = of_flows(&names, trade.flows(), &found.flows)?;
    Ok((told.to_string(), vec![("countries", countries), ("flows", flows)]))
}

/// The figures of the package gegravity 0.3, which does not feed incomes back.
#[pyfunction]
pub fn gravity_parity(py: Python<'_>, columns: Columns, reference: Option<&str>) -> PyResult<Answer> {
    let (names, trade, shock) = columns.read()?;
    let reference = reference.map_or(Ok(0), |name| names.find("country", name))?;
    let found = attend(py, None, move |_| {
        let baseline = Baseline::of_trade(&trade, reference).map_err(of_model)?;
        counterfactual(&baseline, &shock, columns.elasticity).map_err(of_model)
    })?;
    let told = json!({ "iterations": found.iterations, "residual": found.residual });
    let countries = table(vec![
        ("id", Column::Words(names.list.clone())),
        ("factory_price", Column::Numbers(found.factory_price)),
        ("real_output", Column::Numbers(found.real_output)),
        ("welfare_statistic", Column::Numbers(found.welfare_statistic)),
    ])?;
    let flows = of_flows(&names, &found.baseline_flows, &found.flows)?;
    Ok((told.to_string(), vec![("countries", countries), ("flows", flows)]))
}

/// Flows that there are, before and after.
fn of_flows(names: &Names, before: &[f64], after: &[f64]) -> PyResult<crate::table::Table> {
    let n = names.list.len();
    let cells: Vec<usize> = (0..n * n).filter(|cell| before[*cell] > 0.0).collect();
    let named =
        |at: &dyn Fn(usize) -> usize| cells.iter().map(|cell| names.list[at(*cell)].clone()).collect();
    table(vec![
        ("exporter", Column::Words(named(&|cell| cell / n))),
        ("importer", Column::Words(named(&|cell| cell % n))),
        ("before", Column::Numbers(cells.iter().map(|cell| before[*cell]).collect())),
        ("after", Column::Numbers(cells.iter().map(|cell| after[*cell]).collect())),
    ])
}
