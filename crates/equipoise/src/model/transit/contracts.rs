//! The contracts file of `model transit`: what edges must and may carry, of all suppliers together or of one.

use equipoise_models::transit::{Contract, Edge, Node};
use equipoise_scenario::{Diagnostics, Sheet};

use super::files::{Chart, negative, quantity};

/// Reads contracts: those of all suppliers into the edges, those of one into a list.
///
/// # Errors
/// All mistakes of the file.
pub fn read(
    sheet: &mut Sheet,
    chart: &Chart,
    nodes: &[Node],
    edges: &mut [Edge],
) -> Result<Vec<Contract>, Diagnostics> {
    let edge = sheet.required("edge");
    let supplier = sheet.column("supplier");
    let (minimum, maximum) = (quantity(sheet, "minimum"), quantity(sheet, "maximum"));
    if minimum.is_none() && maximum.is_none() {
        let _ = sheet.required("minimum");
    }
    sheet.checked()?;
    let Some(edge) = edge else { return Ok(Vec::new()) };
    let mut held: Vec<Contract> = Vec::new();
    for row in 0..sheet.len() {
        let at = known_edge(sheet, row, edge, chart);
        let of = supplier.filter(|column| !sheet.text(row, *column).is_empty());
        let who = of.map(|column| known_supplier(sheet, row, column, chart, nodes));
        let mut bound = |column: Option<usize>| {
            let column = column.filter(|column| !sheet.text(row, *column).is_empty())?;
            let number = sheet.number(row, column)?;
            if number < 0.0 {
                negative(sheet, row, column, number);
            }
            Some(number)
        };
        let (low, high) = (bound(minimum).unwrap_or(0.0), bound(maximum).unwrap_or(f64::INFINITY));
        if low > high {
            let column = minimum.unwrap_or(edge);
            sheet.error(row, column, format!("the minimum {low} is above the maximum {high}"));
        }
        let Some(at) = at else { continue };
        match who {
            None => {
                edges[at].floor = edges[at].floor.max(low);
                edges[at].capacity = edges[at].capacity.min(high);
            }
            Some(None) => {}
            Some(Some(supplier)) => {
                if held.iter().any(|h| h.supplier == supplier && h.edge == at) {
                    sheet.error(row, edge, "this contract of the supplier is listed twice");
                }
                held.push(Contract { supplier, edge: at, minimum: low, maximum: high });
            }
        }
    }
    sheet.checked()?;
    Ok(held)
}

/// The edge a cell names: by id, or as FROM:TO where that is its id.
pub fn known_edge(sheet: &mut Sheet, row: usize, column: usize, chart: &Chart) -> Option<usize> {
    let name = sheet.text(row, column).to_owned();
    let found = chart.edges.iter().position(|id| *id == name);
    let found = found.or_else(|| chart.ends.iter().position(|ends| *ends == name));
    if found.is_none() {
        sheet
            .error(row, column, format!("there is no edge `{name}`"))
            .near(&name, chart.edges.iter().chain(&chart.ends).map(String::as_str));
    }
    found
}

fn known_supplier(
    sheet: &mut Sheet,
    row: usize,
    column: usize,
    chart: &Chart,
    nodes: &[Node],
) -> Option<usize> {
    let name = sheet.text(row, column).to_owned();
    let is_supply = |n: &usize| matches!(nodes[*n], Node::Supply { .. });
    let found = chart.nodes.iter().position(|node| *node == name).filter(is_supply);
    if found.is_none() {
        let supplies = (0..nodes.len()).filter(is_supply).map(|n| chart.nodes[n].as_str());
        let supplies: Vec<&str> = supplies.collect();
        sheet.error(row, column, format!("there is no supply `{name}`")).near(&name, supplies);
    }
    found
}
