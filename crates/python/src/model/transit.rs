//! Flows over a network of routes.

use equipoise_models::transit::{
    Edge, Limit, Network, Node, Outage, Shippers, TransitError, dependence, double_outages, share_through,
    single_outages,
};
use pyo3::prelude::*;
use serde_json::json;

use super::{Answer, Names, table};
use crate::failure::ModelError;
use crate::table::Column;

/// A network as columns.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct Columns {
    /// Names of nodes.
    node: Vec<String>,
    /// What each supplies; NaN where it supplies nothing.
    supply: Vec<f64>,
    /// What each buys at most; NaN where it is no market.
    market_capacity: Vec<f64>,
    /// What each pays.
    price: Vec<f64>,
    /// Names of edges.
    edge: Vec<String>,
    from: Vec<String>,
    to: Vec<String>,
    capacity: Vec<f64>,
    /// What each edge must carry by contract.
    minimum: Vec<f64>,
    cost: Vec<f64>,
    /// The states each edge crosses.
    crosses: Vec<Vec<String>>,
    /// Edges that are closed, by name.
    close: Vec<String>,
    /// States all of whose edges are closed.
    close_state: Vec<String>,
    shut_in_cost: f64,
    /// Rank outages of single edges (1), of pairs as well (2), or none (0).
    outages: u8,
}

/// The flow that shippers choose, and who could stop it.
#[pyfunction]
pub fn transit_solve(py: Python<'_>, columns: Columns) -> PyResult<Answer> {
    let (nodes, edges, states) = (names(&columns.node)?, names(&columns.edge)?, states(&columns));
    let mut shippers = Shippers::new(network(&columns, &nodes, &states)?);
    for name in &columns.close {
        let edge = edges.find("edge", name)?;
        shippers.close(edge).map_err(|error| explain(&error, &columns))?;
    }
    for name in &columns.close_state {
        let state = states.find("state that an edge crosses", name)?;
        for edge in 0..columns.edge.len() {
            if shippers.network().edges()[edge].crosses.contains(&state) {
                shippers.close(edge).map_err(|error| explain(&error, &columns))?;
            }
        }
    }
    let outages = columns.outages;
    let solved = py.detach(|| {
        let flows = shippers.solve()?;
        let shares = share_through(shippers.network(), &flows)?;
        let losses = dependence(&shippers)?;
        let mut out: Vec<Outage> = Vec::new();
        if outages >= 1 {
            out.extend(single_outages(&shippers)?);
        }
        if outages >= 2 {
            out.extend(double_outages(&shippers)?);
        }
        Ok((flows, shares, losses, out))
    });
    let (flows, shares, losses, out) = solved.map_err(|error: TransitError| explain(&error, &columns))?;
    let told = json!({
        "objective": flows.objective,
        "netback": -flows.objective,
        "delivered": flows.delivered,
        "shut_in": flows.total_shut_in,
        "revenue": flows.revenue,
        "transport_cost": flows.transport_cost,
        "mean_cost": flows.mean_cost(),
    });
    let of_edges = table(vec![
        ("id", Column::Words(columns.edge.clone())),
        ("from", Column::Words(columns.from.clone())),
        ("to", Column::Words(columns.to.clone())),
        ("capacity", Column::Numbers(shippers.network().edges().iter().map(|edge| edge.capacity).collect())),
        ("flow", Column::Numbers(flows.flow)),
        ("shadow_price", Column::Numbers(flows.shadow_price)),
        ("contract_price", Column::Numbers(flows.contract_price)),
    ])?;
    let of_nodes = table(vec![
        ("id", Column::Words(columns.node.clone())),
        ("value", Column::Numbers(flows.node_value)),
        ("sold", Column::Numbers(flows.sold)),
        ("shut_in", Column::Numbers(flows.shut_in)),
    ])?;
    let of_states = table(vec![
        ("state", Column::Words(states.list.clone())),
        ("share_through", Column::Numbers(shares)),
        ("dependence", Column::Numbers(losses.iter().map(|loss| loss.netback).collect())),
        ("undelivered", Column::Numbers(losses.iter().map(|loss| loss.delivered).collect())),
    ])?;
    let together = |edges: &[usize]| {
        let named: Vec<&str> = edges.iter().map(|edge| columns.edge[*edge].as_str()).collect();
        named.join(" + ")
    };
    let of_outages = table(vec![
        ("edges", Column::Words(out.iter().map(|outage| together(&outage.edges)).collect())),
        ("netback_lost", Column::Numbers(out.iter().map(|outage| outage.loss.netback).collect())),
        ("undelivered", Column::Numbers(out.iter().map(|outage| outage.loss.delivered).collect())),
    ])?;
    let tables =
        vec![("edges", of_edges), ("nodes", of_nodes), ("states", of_states), ("outages", of_outages)];
    Ok((told.to_string(), tables))
}

fn names(list: &[String]) -> PyResult<Names> {
    let mut names = Names::default();
    for (at, name) in list.iter().enumerate() {
        if names.add(name) != at {
            return Err(ModelError::new_err(format!("`{name}` is listed twice")));
        }
    }
    Ok(names)
}

fn states(columns: &Columns) -> Names {
    let mut states = Names::default();
    for state in columns.crosses.iter().flatten() {
        states.add(state);
    }
    states
}

fn network(columns: &Columns, nodes: &Names, states: &Names) -> PyResult<Network> {
    let list = (0..columns.node.len()).map(|at| {
        let (amount, capacity) = (columns.supply[at], columns.market_capacity[at]);
        match (amount.is_nan(), capacity.is_nan()) {
            (false, false) => Err(ModelError::new_err(format!(
                "`{}` supplies and buys; expected a node that supplies or one that buys, with an edge between them",
                columns.node[at]
            ))),
            (false, true) => Ok(Node::Supply { amount }),
            (true, false) => Ok(Node::Market { capacity, price: columns.price[at] }),
            (true, true) => Ok(Node::Hub),
        }
    });
    let list = list.collect::<PyResult<Vec<Node>>>()?;
    let edges = (0..columns.edge.len()).map(|at| {
        let crosses = columns.crosses[at].iter().map(|state| states.find("state", state));
        Ok(Edge {
            from: nodes.find("node", &columns.from[at])?,
            to: nodes.find("node", &columns.to[at])?,
            capacity: columns.capacity[at],
            floor: columns.minimum[at],
            cost: columns.cost[at],
            crosses: crosses.collect::<PyResult<_>>()?,
        })
    });
    let edges = edges.collect::<PyResult<Vec<Edge>>>()?;
    Network::new(list, edges, states.list.len(), columns.shut_in_cost)
        .map_err(|error| explain(&error, columns))
}

/// What is wrong, with names instead of numbers.
fn explain(error: &TransitError, columns: &Columns) -> PyErr {
    let node = |at: usize| format!("`{}`", columns.node[at]);
    let edge = |at: usize| format!("`{}`", columns.edge[at]);
    let limit = |limit: &Limit| match *limit {
        Limit::Edge(at) => format!("the capacity of {}", edge(at)),
        Limit::Supply(at) => format!("the supply of {}", node(at)),
        Limit::Market(at) => format!("the market {}", node(at)),
    };
    ModelError::new_err(match error {
        TransitError::Conflict { contracts, promised, limits, possible } => {
            let named: Vec<String> = contracts.iter().map(|at| edge(*at)).collect();
            let limits: Vec<String> = limits.iter().map(limit).collect();
            let by =
                if limits.is_empty() { String::new() } else { format!(", limited by {}", limits.join(", ")) };
            format!(
                "contracts in conflict, on {}: they ask for {promised}, but only {possible} can pass{by}",
                named.join(", ")
            )
        }
        TransitError::DisconnectedSupply { node: at } => {
            format!("no chain of edges leads from the supply {} to a market", node(*at))
        }
        TransitError::FloorAboveCapacity { edge: at, floor, capacity } => format!(
            "contracts in conflict, on {}: they ask for {floor}, above its capacity of {capacity}",
            edge(*at)
        ),
        other => other.to_string(),
    })
}
