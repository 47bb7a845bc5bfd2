//! What `model transit` found, as JSON, as tables, and as CSV.

use std::fmt::Write;
use std::path::Path;

use equipoise_models::transit::{Loss, Node, Outage, Shippers};
use serde_json::{Map, Value, json};

use super::Answer;
use crate::failure::Failure;
use crate::model::listing::{Listing, grouped};
use crate::screen::Screen;

/// Outages shown on the terminal.
const SHOWN: usize = 10;

/// The answer as one object.
pub fn json(answer: &Answer, shippers: &Shippers) -> Value {
    let Answer { chart, flows, .. } = answer;
    let network = shippers.network();
    let edges: Vec<Value> = network
        .edges()
        .iter()
        .enumerate()
        .map(|(e, edge)| {
            json!({
                "id": chart.edges[e],
                "from": chart.nodes[edge.from],
                "to": chart.nodes[edge.to],
                "capacity": edge.capacity,
                "flow": flows.flow[e],
                "shadow_price": flows.shadow_price[e],
                "contract_price": flows.contract_price[e],
            })
        })
        .collect();
    let nodes: Vec<Value> = network
        .nodes()
        .iter()
        .enumerate()
        .map(|(n, node)| {
            let mut value = json!({ "id": chart.nodes[n], "value": flows.node_value[n] });
            match node {
                Node::Supply { amount } => {
                    value["supply"] = json!(amount);
                    value["shut_in"] = json!(flows.shut_in[n]);
                }
                Node::Hub => {}
                Node::Market { .. } => value["sold"] = json!(flows.sold[n]),
            }
            value
        })
        .collect();
    let by_state = |value: &dyn Fn(usize) -> Value| -> Value {
        let entries = chart.states.iter().enumerate().map(|(s, code)| (code.clone(), value(s)));
        Value::Object(entries.collect::<Map<String, Value>>())
    };
    let mut found = json!({
        "objective": flows.objective,
        "netback": -flows.objective,
        "delivered": flows.delivered,
        "shut_in": flows.total_shut_in,
        "revenue": flows.revenue,
        "transport_cost": flows.transport_cost,
        "mean_cost": flows.mean_cost(),
        "edges": edges,
        "nodes": nodes,
        "share_through": by_state(&|s| json!(answer.share_through[s])),
        "dependence": by_state(&|s| json!(answer.dependence[s].netback)),
        "undelivered": by_state(&|s| json!(answer.dependence[s].delivered)),
    });
    if !chart.cargoes.is_empty() {
        let parts = shippers.by_cargo();
        let listed = chart.cargoes.iter().zip(&parts).map(|(supplier, part)| {
            let flows = chart.edges.iter().cloned().zip(part.flow.iter().map(|flow| json!(flow)));
            json!({
                "supplier": supplier,
                "delivered": part.delivered,
                "shut_in": part.total_shut_in,
                "netback": -part.objective,
                "flow": flows.collect::<Map<String, Value>>(),
            })
        });
        found["by_supplier"] = Value::Array(listed.collect());
    }
    for (name, outages) in [("single_outages", &answer.single), ("double_outages", &answer.double)] {
        if let Some(outages) = outages {
            let listed = outages.iter().map(|outage| outage_json(answer, outage));
            found[name] = Value::Array(listed.collect());
        }
    }
    found
}

fn outage_json(answer: &Answer, outage: &Outage) -> Value {
    let named = |edges: &[usize]| -> Vec<&String> { edges.iter().map(|&e| &answer.chart.edges[e]).collect() };
    json!({
        "edges": named(&outage.edges),
        "netback": outage.loss.netback,
        "delivered": outage.loss.delivered,
        "suspended": named(&outage.loss.suspended),
    })
}

/// The answer as tables.
pub fn text(answer: &Answer, shippers: &Shippers, screen: &Screen) -> String {
    let Answer { chart, flows, .. } = answer;
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = writeln!(
        out,
        "delivered {}, shut in {}, transport {}{}",
        grouped(flows.delivered, 1),
        grouped(flows.total_shut_in, 1),
        grouped(flows.transport_cost, 0),
        flows.mean_cost().map_or(String::new(), |mean| format!(" ({} per unit)", grouped(mean, 3))),
    );
    let _ = if chart.priced {
        writeln!(out, "revenue {}, netback {}\n", grouped(flows.revenue, 0), grouped(-flows.objective, 0))
    } else {
        writeln!(
            out,
            "cost with shut-in {} (no prices given: the cheapest way)\n",
            grouped(flows.objective, 0)
        )
    };
    out += &edges(answer, shippers, &|value, digits| grouped(value, digits)).text(screen);
    if !chart.states.is_empty() {
        out.push('\n');
        out += &states(answer, &|value, digits| grouped(value, digits)).text(screen);
    }
    for (title, outages) in [("one edge out", &answer.single), ("two edges out", &answer.double)] {
        if let Some(outages) = outages {
            let _ = write!(out, "\n{title}, the costliest first\n");
            let listing = listed(answer, outages, &|value, digits| grouped(value, digits));
            out += &listing.first(SHOWN).text(screen);
            if outages.len() > SHOWN {
                let _ = writeln!(out, "… {} more; --json and --out give all", outages.len() - SHOWN);
            }
        }
    }
    out
}

/// Writes the answer as CSV files.
///
/// # Errors
/// A file cannot be written.
pub fn write(answer: &Answer, shippers: &Shippers, folder: &Path) -> Result<(), Failure> {
    let exact = |value: f64, _: usize| value.to_string();
    edges(answer, shippers, &exact).write(folder, "edges.csv")?;
    nodes(answer, shippers).write(folder, "nodes.csv")?;
    states(answer, &exact).write(folder, "states.csv")?;
    if !answer.chart.cargoes.is_empty() {
        suppliers(answer, shippers).write(folder, "suppliers.csv")?;
    }
    let outages: Vec<Outage> = answer.single.iter().chain(&answer.double).flatten().cloned().collect();
    if outages.is_empty() { Ok(()) } else { listed(answer, &outages, &exact).write(folder, "outages.csv") }
}

type Number<'a> = &'a dyn Fn(f64, usize) -> String;

fn edges(answer: &Answer, shippers: &Shippers, number: Number) -> Listing {
    let Answer { chart, flows, .. } = answer;
    let mut listing =
        Listing::new(["edge", "from", "to", "capacity", "flow", "shadow_price", "contract_price"]);
    for (e, edge) in shippers.network().edges().iter().enumerate() {
        listing.row(vec![
            chart.edges[e].clone(),
            chart.nodes[edge.from].clone(),
            chart.nodes[edge.to].clone(),
            number(edge.capacity, 1),
            number(flows.flow[e], 1),
            number(flows.shadow_price[e], 2),
            number(flows.contract_price[e], 2),
        ]);
    }
    listing
}

fn suppliers(answer: &Answer, shippers: &Shippers) -> Listing {
    let mut listing = Listing::new(["supplier", "edge", "flow", "right_price", "contract_price"]);
    for (supplier, part) in answer.chart.cargoes.iter().zip(shippers.by_cargo()) {
        for (e, edge) in answer.chart.edges.iter().enumerate() {
            let numbers = [part.flow[e], part.shadow_price[e], part.contract_price[e]].map(|v| v.to_string());
            listing.row([supplier.clone(), edge.clone()].into_iter().chain(numbers).collect());
        }
    }
    listing
}

fn nodes(answer: &Answer, shippers: &Shippers) -> Listing {
    let Answer { chart, flows, .. } = answer;
    let mut listing = Listing::new(["node", "kind", "value", "sold", "shut_in"]);
    for (n, node) in shippers.network().nodes().iter().enumerate() {
        let kind = match node {
            Node::Supply { .. } => "supply",
            Node::Hub => "hub",
            Node::Market { .. } => "market",
        };
        let amounts = [flows.node_value[n], flows.sold[n], flows.shut_in[n]].map(|value| value.to_string());
        listing.row([chart.nodes[n].clone(), kind.to_owned()].into_iter().chain(amounts).collect());
    }
    listing
}

fn states(answer: &Answer, number: Number) -> Listing {
    let mut listing = Listing::new(["state", "share_through", "dependence", "undelivered", "suspended"]);
    for (state, code) in answer.chart.states.iter().enumerate() {
        let Loss { netback, delivered, suspended } = &answer.dependence[state];
        listing.row(vec![
            code.clone(),
            number(answer.share_through[state], 4),
            number(*netback, 0),
            number(*delivered, 1),
            named(answer, suspended),
        ]);
    }
    listing
}

fn listed(answer: &Answer, outages: &[Outage], number: Number) -> Listing {
    let mut listing = Listing::new(["edges", "netback_lost", "undelivered", "suspended"]);
    for Outage { edges, loss } in outages {
        listing.row(vec![
            named(answer, edges),
            number(loss.netback, 0),
            number(loss.delivered, 1),
            named(answer, &loss.suspended),
        ]);
    }
    listing
}

fn named(answer: &Answer, edges: &[usize]) -> String {
    let names: Vec<&str> = edges.iter().map(|&e| answer.chart.edges[e].as_str()).collect();
    names.join(" + ")
}
