//! Flows over several periods at once, with tanks between them.

use equipoise_models::transit::{Flows, Period, Schedule, Shippers, Tank, TransitError, schedule};
use pyo3::prelude::*;
use serde_json::json;

use super::super::{Answer, table};
use super::{Chart, Columns, read};
use crate::failure::ModelError;
use crate::table::Column;
use crate::watch::attend;

/// Periods and tanks as columns.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct Times {
    /// Names of periods; one with several rows says several availabilities.
    period: Vec<String>,
    length: Vec<f64>,
    /// An edge by name, where the row says what is open of it.
    edge: Vec<Option<String>>,
    availability: Vec<f64>,
    /// The node of each tank.
    tank: Vec<String>,
    tank_capacity: Vec<f64>,
    tank_cost: Vec<f64>,
    at_start: Vec<f64>,
    at_end: Vec<f64>,
    end_value: Vec<f64>,
}

/// The flow that shippers who know what is coming choose over all periods.
#[pyfunction]
pub fn transit_schedule(py: Python<'_>, columns: Columns, times: Times) -> PyResult<Answer> {
    let (shippers, chart) = read(columns)?;
    if !shippers.rights().is_empty() {
        let why = "contracts of single suppliers cannot be planned over periods; leave their suppliers out";
        return Err(ModelError::new_err(why));
    }
    let (names, periods) = times.periods(&chart)?;
    let tanks = times.tanks(&chart)?;
    let (found, chart, names, tanks) = attend(py, None, move |_| {
        let found = schedule(shippers.network(), &periods, &tanks);
        let found = found.map_err(|error| explain(&error, &chart, &shippers, &names))?;
        Ok((found, chart, names, tanks))
    })?;
    answer(&found, &chart, &names, &tanks)
}

fn answer(found: &Schedule, chart: &Chart, names: &[String], tanks: &[Tank]) -> PyResult<Answer> {
    let sum = |of: &dyn Fn(&Flows) -> f64| found.periods.iter().map(of).sum::<f64>();
    let told = json!({
        "objective": found.objective,
        "delivered": sum(&|flows| flows.delivered),
        "shut_in": sum(&|flows| flows.total_shut_in),
    });
    let each = |of: &dyn Fn(&Flows) -> f64| Column::Numbers(found.periods.iter().map(of).collect());
    let of_periods = table(vec![
        ("period", Column::Words(names.to_vec())),
        ("delivered", each(&|flows| flows.delivered)),
        ("shut_in", each(&|flows| flows.total_shut_in)),
        ("revenue", each(&|flows| flows.revenue)),
        ("transport_cost", each(&|flows| flows.transport_cost)),
    ])?;
    let repeated = |times: usize| names.iter().flat_map(|name| vec![name.clone(); times]).collect();
    let all = |of: &dyn Fn(&Flows) -> &[f64]| {
        Column::Numbers(found.periods.iter().flat_map(|flows| of(flows).to_vec()).collect())
    };
    let of_edges = table(vec![
        ("period", Column::Words(repeated(chart.edges.list.len()))),
        ("id", Column::Words(names.iter().flat_map(|_| chart.edges.list.clone()).collect())),
        ("flow", all(&|flows| &flows.flow)),
        ("shadow_price", all(&|flows| &flows.shadow_price)),
        ("contract_price", all(&|flows| &flows.contract_price)),
    ])?;
    let nodes: Vec<String> = tanks.iter().map(|tank| chart.nodes.list[tank.node].clone()).collect();
    let of_stocks = table(vec![
        ("period", Column::Words(repeated(tanks.len()))),
        ("tank", Column::Words(names.iter().flat_map(|_| nodes.clone()).collect())),
        ("stock", Column::Numbers(found.stocks.iter().flatten().copied().collect())),
    ])?;
    Ok((told.to_string(), vec![("periods", of_periods), ("edges", of_edges), ("stocks", of_stocks)]))
}

/// What is wrong, with names; edges are counted through the periods.
fn explain(error: &TransitError, chart: &Chart, shippers: &Shippers, names: &[String]) -> PyErr {
    let edges = chart.edges.list.len();
    let named = |at: usize| match at.checked_sub(edges * names.len()) {
        None => format!("`{}` in {}", chart.edges.list[at % edges], names[at / edges]),
        Some(_) => "the stock of a tank".to_owned(),
    };
    match error {
        TransitError::Conflict { contracts, promised, possible, .. } => {
            let contracts: Vec<String> = contracts.iter().map(|at| named(*at)).collect();
            ModelError::new_err(format!(
                "contracts in conflict, on {}: they ask for {promised}, but only {possible} can pass",
                contracts.join(", ")
            ))
        }
        TransitError::FloorAboveCapacity { edge, floor, capacity } => ModelError::new_err(format!(
            "contracts in conflict, on {}: they ask for {floor}, above its capacity of {capacity}",
            named(*edge)
        )),
        TransitError::DisconnectedSupply { node } => {
            let node = node % chart.nodes.list.len();
            chart.explain(&TransitError::DisconnectedSupply { node }, shippers)
        }
        other => ModelError::new_err(other.to_string()),
    }
}

impl Times {
    fn periods(&self, chart: &Chart) -> PyResult<(Vec<String>, Vec<Period>)> {
        let mut names: Vec<String> = Vec::new();
        let mut periods: Vec<Period> = Vec::new();
        for (row, name) in self.period.iter().enumerate() {
            let length = self.length[row];
            let at = names.iter().position(|known| known == name).unwrap_or_else(|| {
                names.push(name.clone());
                let availability = vec![1.0; chart.edges.list.len()];
                periods.push(Period { length, availability, ..Period::default() });
                names.len() - 1
            });
            if periods[at].length != length {
                return Err(ModelError::new_err(format!(
                    "periods, row {row}: {name} has length {length}, and had {} before",
                    periods[at].length
                )));
            }
            if let Some(edge) = &self.edge[row] {
                for edge in chart.meant(edge)? {
                    periods[at].availability[edge] = self.availability[row];
                }
            }
        }
        if periods.is_empty() {
            return Err(ModelError::new_err("there are no periods"));
        }
        Ok((names, periods))
    }

    fn tanks(&self, chart: &Chart) -> PyResult<Vec<Tank>> {
        let tank = |row: usize| {
            Ok(Tank {
                node: chart.nodes.find("node", &self.tank[row])?,
                capacity: self.tank_capacity[row],
                cost: self.tank_cost[row],
                at_start: self.at_start[row],
                at_end: self.at_end[row],
                end_value: self.end_value[row],
            })
        };
        (0..self.tank.len()).map(tank).collect()
    }
}
