//! `model transit --periods`: several periods at once, with tanks.

use std::fmt::Write;
use std::path::Path;
use std::process::ExitCode;

use equipoise_models::transit::{Period, Schedule, Shippers, Tank, TransitError, schedule as plan};
use equipoise_scenario::{Diagnostics, Sheet};
use serde_json::{Map, Value, json};

use super::TransitArgs;
use super::contracts::known_edge;
use super::files::{Chart, negative, quantity};
use crate::failure::Failure;
use crate::model::listing::{Listing, grouped};
use crate::screen::Screen;

/// Plans all periods and says what was found.
///
/// # Errors
/// The files cannot be used; contracts are in conflict; the output cannot be written.
pub fn schedule(
    args: &TransitArgs,
    periods: &Path,
    shippers: &Shippers,
    chart: &Chart,
    screen: &Screen,
) -> Result<ExitCode, Failure> {
    if !shippers.rights().is_empty() {
        let message =
            "contracts of single suppliers cannot be planned over --periods; leave their suppliers out";
        return Err(Failure::Wrong(message.to_owned()));
    }
    let (names, periods) = read_periods(&mut Sheet::read(periods)?, chart)?;
    let tanks = match &args.tanks {
        Some(path) => read_tanks(&mut Sheet::read(path)?, chart)?,
        None => Vec::new(),
    };
    let found = plan(shippers.network(), &periods, &tanks).map_err(|error| explain(&error, chart, &names))?;
    if let Some(folder) = &args.out {
        edges(&found, chart, &names).write(folder, "edges.csv")?;
        stocks(&found, chart, &names, &tanks).write(folder, "stocks.csv")?;
    }
    if screen.json {
        screen.print_json(&as_json(&found, chart, &names, &tanks))?;
    } else {
        screen.print(&text(&found, chart, &names, &tanks, screen))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Edges are counted through the periods, so that a conflict can say when.
fn explain(error: &TransitError, chart: &Chart, names: &[String]) -> Failure {
    match error {
        TransitError::Conflict { contracts, promised, possible, .. } => {
            let (edges, periods) = (chart.edges.len(), names.len());
            let named: Vec<String> = contracts
                .iter()
                .map(|&at| match at.checked_sub(edges * periods) {
                    None => format!("`{}` in {}", chart.edges[at % edges], names[at / edges]),
                    Some(_) => "the stock of a tank".to_owned(),
                })
                .collect();
            Failure::Wrong(format!(
                "contracts in conflict, on {}: they ask for {promised}, but only {possible} can pass",
                named.join(", ")
            ))
        }
        TransitError::FloorAboveCapacity { floor, capacity, .. } => {
            Failure::Wrong(format!("a contract asks for {floor}, above the capacity of {capacity}"))
        }
        TransitError::Unbalanced { node, arrives, leaves } => {
            let (nodes, periods) = (chart.nodes.len(), names.len());
            let place = match node.checked_sub(nodes * periods) {
                None => format!("`{}` in {}", chart.nodes[node % nodes], names[node / nodes]),
                Some(_) => "the stock of a tank".to_owned(),
            };
            Failure::Wrong(format!(
                "the flow found does not add up at {place}: {arrives} arrives and {leaves} leaves; amounts span too \
                 many orders of magnitude"
            ))
        }
        other => Failure::Wrong(other.to_string()),
    }
}

fn read_periods(sheet: &mut Sheet, chart: &Chart) -> Result<(Vec<String>, Vec<Period>), Diagnostics> {
    let (name, length) = (sheet.required("period"), sheet.required("length"));
    let (edge, share) = (sheet.column("edge"), sheet.column("availability"));
    sheet.checked()?;
    let (Some(name), Some(length)) = (name, length) else { return Ok((Vec::new(), Vec::new())) };
    let mut names: Vec<String> = Vec::new();
    let mut periods: Vec<Period> = Vec::new();
    for row in 0..sheet.len() {
        let long = sheet.number(row, length).unwrap_or(1.0);
        if long <= 0.0 {
            sheet.error(row, length, format!("found {long}")).expected("a length above 0");
        }
        let known = names.iter().position(|known| known == sheet.text(row, name));
        let at = known.unwrap_or_else(|| {
            names.push(sheet.text(row, name).to_owned());
            let availability = vec![1.0; chart.edges.len()];
            periods.push(Period { length: long, availability, ..Period::default() });
            names.len() - 1
        });
        if periods[at].length != long {
            sheet.error(row, length, format!("this period had length {} before", periods[at].length));
        }
        let Some((edge, share)) = edge.zip(share).filter(|(edge, _)| !sheet.text(row, *edge).is_empty())
        else {
            continue;
        };
        if let (Some(edge), Some(number)) = (known_edge(sheet, row, edge, chart), sheet.number(row, share)) {
            if number < 0.0 {
                negative(sheet, row, share, number);
            }
            periods[at].availability[edge] = number;
        }
    }
    if periods.is_empty() {
        sheet.table_error("there are no periods");
    }
    sheet.checked()?;
    Ok((names, periods))
}

fn read_tanks(sheet: &mut Sheet, chart: &Chart) -> Result<Vec<Tank>, Diagnostics> {
    let (node, capacity) = (sheet.required("node"), sheet.required("capacity"));
    let others = ["cost", "at_start", "at_end", "end_value"].map(|name| quantity(sheet, name));
    sheet.checked()?;
    let (Some(node), Some(capacity)) = (node, capacity) else { return Ok(Vec::new()) };
    let mut tanks = Vec::new();
    for row in 0..sheet.len() {
        let name = sheet.text(row, node).to_owned();
        let at = chart.nodes.iter().position(|known| *known == name);
        if at.is_none() {
            let known = chart.nodes.iter().map(String::as_str);
            sheet.error(row, node, format!("there is no node `{name}`")).near(&name, known);
        }
        let mut amount = |column: Option<usize>, signed: bool| {
            let Some(column) = column.filter(|column| !sheet.text(row, *column).is_empty()) else {
                return 0.0;
            };
            let number = sheet.number(row, column).unwrap_or(0.0);
            if number < 0.0 && !signed {
                negative(sheet, row, column, number);
            }
            number
        };
        let room = amount(Some(capacity), false);
        let [cost, at_start, at_end] = [others[0], others[1], others[2]].map(|column| amount(column, false));
        let end_value = amount(others[3], true);
        if at_start > room || at_end > room {
            sheet
                .error(row, capacity, format!("found {room}"))
                .expected("room for the first and the last stock");
        }
        tanks.push(Tank { node: at.unwrap_or(0), capacity: room, cost, at_start, at_end, end_value });
    }
    sheet.checked()?;
    Ok(tanks)
}

fn as_json(found: &Schedule, chart: &Chart, names: &[String], tanks: &[Tank]) -> Value {
    let periods: Vec<Value> = names
        .iter()
        .zip(&found.periods)
        .zip(&found.stocks)
        .map(|((name, flows), stocks)| {
            let edges: Vec<Value> = (0..chart.edges.len())
                .map(|e| {
                    json!({ "id": chart.edges[e], "flow": flows.flow[e], "shadow_price": flows.shadow_price[e] })
                })
                .collect();
            let stocks = tanks.iter().zip(stocks).map(|(t, stock)| (chart.nodes[t.node].clone(), json!(stock)));
            json!({
                "period": name,
                "delivered": flows.delivered,
                "shut_in": flows.total_shut_in,
                "revenue": flows.revenue,
                "transport_cost": flows.transport_cost,
                "edges": edges,
                "stocks": stocks.collect::<Map<String, Value>>(),
            })
        })
        .collect();
    json!({
        "objective": found.objective,
        "delivered": found.periods.iter().map(|p| p.delivered).sum::<f64>(),
        "shut_in": found.periods.iter().map(|p| p.total_shut_in).sum::<f64>(),
        "periods": periods,
    })
}

fn text(found: &Schedule, chart: &Chart, names: &[String], tanks: &[Tank], screen: &Screen) -> String {
    let mut listing = Listing::new(["period", "delivered", "shut_in", "transport", "in_tanks"]);
    for ((name, flows), stocks) in names.iter().zip(&found.periods).zip(&found.stocks) {
        let numbers = [flows.delivered, flows.total_shut_in, flows.transport_cost, stocks.iter().sum()];
        listing.row([name.clone()].into_iter().chain(numbers.map(|value| grouped(value, 1))).collect());
    }
    let mut out = format!("cost less revenue {}\n\n{}", grouped(found.objective, 0), listing.text(screen));
    let listed = edges(found, chart, names).text(screen);
    // Writing to a string cannot fail.
    let _ = write!(out, "\n{listed}");
    if !tanks.is_empty() {
        let _ = write!(out, "\n{}", stocks(found, chart, names, tanks).text(screen));
    }
    out
}

fn edges(found: &Schedule, chart: &Chart, names: &[String]) -> Listing {
    let mut listing = Listing::new(["period", "edge", "flow", "shadow_price"]);
    for (name, flows) in names.iter().zip(&found.periods) {
        for (e, edge) in chart.edges.iter().enumerate() {
            let numbers = [flows.flow[e], flows.shadow_price[e]].map(|value| value.to_string());
            listing.row([name.clone(), edge.clone()].into_iter().chain(numbers).collect());
        }
    }
    listing
}

fn stocks(found: &Schedule, chart: &Chart, names: &[String], tanks: &[Tank]) -> Listing {
    let mut listing = Listing::new(["period", "tank", "stock"]);
    for (name, stocks) in names.iter().zip(&found.stocks) {
        for (tank, stock) in tanks.iter().zip(stocks) {
            listing.row(vec![name.clone(), chart.nodes[tank.node].clone(), stock.to_string()]);
        }
    }
    listing
}
