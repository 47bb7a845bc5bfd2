//! Flows over a network of routes.

mod periods;

use equipoise_models::transit::{
    Contract, Edge, Flows, Labels, Loss, Network, Node, Outage, Shippers, TransitError, by_supplier,
    dependence, double_outages, share_through_by_cargo, single_outages,
};
use pyo3::prelude::*;
use serde_json::json;

pub use periods::transit_schedule;

use super::{Answer, Names, table};
use crate::failure::ModelError;
use crate::table::{Column, Table};
use crate::watch::attend;

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
    /// Contracts by the edge's name.
    contract_edge: Vec<String>,
    /// Whose contract it is; of all suppliers together where there is none.
    contract_supplier: Vec<Option<String>>,
    contract_minimum: Vec<f64>,
    contract_maximum: Vec<f64>,
    /// Edges that are closed, by name.
    close: Vec<String>,
    /// Capacities of edges that are others than the columns say.
    limit: Vec<(String, f64)>,
    /// States all of whose edges are closed.
    close_state: Vec<String>,
    shut_in_cost: f64,
}

/// What was found on a network.
struct Found {
    flows: Flows,
    shares: Vec<f64>,
    losses: Vec<Loss>,
    /// Those asked for, single ones first.
    outages: Vec<Outage>,
}

/// The flow that shippers choose, and who could stop it. `outages` of single edges (1), of pairs as well (2), or none (0)
/// are ranked.
#[pyfunction]
pub fn transit_solve(py: Python<'_>, columns: Columns, outages: u8) -> PyResult<Answer> {
    let (mut shippers, chart) = read(columns)?;
    let (shippers, chart, found) = attend(py, None, move |_| {
        let found = find(&mut shippers, outages).map_err(|error| chart.explain(&error, &shippers))?;
        Ok((shippers, chart, found))
    })?;
    let Found { flows, shares, losses, outages } = found;
    let told = json!({
        "objective": flows.objective,
        "netback": -flows.objective,
        "delivered": flows.delivered,
        "shut_in": flows.total_shut_in,
        "revenue": flows.revenue,
        "transport_cost": flows.transport_cost,
        "mean_cost": flows.mean_cost(),
    });
    let edges = shippers.network().edges();
    let node = |at: usize| chart.nodes.list[at].clone();
    let of_edges = table(vec![
        ("id", Column::Words(chart.edges.list.clone())),
        ("from", Column::Words(edges.iter().map(|edge| node(edge.from)).collect())),
        ("to", Column::Words(edges.iter().map(|edge| node(edge.to)).collect())),
        ("capacity", Column::Numbers(edges.iter().map(|edge| edge.capacity).collect())),
        ("flow", Column::Numbers(flows.flow)),
        ("shadow_price", Column::Numbers(flows.shadow_price)),
        ("contract_price", Column::Numbers(flows.contract_price)),
    ])?;
    let of_nodes = table(vec![
        ("id", Column::Words(chart.nodes.list.clone())),
        ("value", Column::Numbers(flows.node_value)),
        ("sold", Column::Numbers(flows.sold)),
        ("shut_in", Column::Numbers(flows.shut_in)),
    ])?;
    let of_states = table(vec![
        ("state", Column::Words(chart.states.list.clone())),
        ("share_through", Column::Numbers(shares)),
        ("dependence", Column::Numbers(losses.iter().map(|loss| loss.netback).collect())),
        ("undelivered", Column::Numbers(losses.iter().map(|loss| loss.delivered).collect())),
        ("suspended", Column::Words(losses.iter().map(|loss| chart.together(&loss.suspended)).collect())),
    ])?;
    let of_outages = table(vec![
        ("edges", Column::Words(outages.iter().map(|outage| chart.together(&outage.edges)).collect())),
        ("netback_lost", Column::Numbers(outages.iter().map(|outage| outage.loss.netback).collect())),
        ("undelivered", Column::Numbers(outages.iter().map(|outage| outage.loss.delivered).collect())),
        (
            "suspended",
            Column::Words(outages.iter().map(|outage| chart.together(&outage.loss.suspended)).collect()),
        ),
    ])?;
    let tables = vec![
        ("edges", of_edges),
        ("nodes", of_nodes),
        ("states", of_states),
        ("suppliers", suppliers(&shippers, &chart)?),
        ("outages", of_outages),
    ];
    Ok((told.to_string(), tables))
}

fn find(shippers: &mut Shippers, outages: u8) -> Result<Found, TransitError> {
    let flows = shippers.solve()?;
    let shares = share_through_by_cargo(shippers)?;
    let losses = dependence(shippers)?;
    let mut ranked = Vec::new();
    if outages >= 1 {
        ranked.extend(single_outages(shippers)?);
    }
    if outages >= 2 {
        ranked.extend(double_outages(shippers)?);
    }
    Ok(Found { flows, shares, losses, outages: ranked })
}

/// What each cargo sends over each edge; empty where no supplier has a contract of its own.
fn suppliers(shippers: &Shippers, chart: &Chart) -> PyResult<Table> {
    let parts = shippers.by_cargo();
    let each = |of: &dyn Fn(&Flows) -> &[f64]| {
        Column::Numbers(parts.iter().flat_map(|part| of(part).to_vec()).collect())
    };
    let edges = chart.edges.list.len();
    let names = chart.cargoes.iter().flat_map(|cargo| vec![cargo.clone(); edges]);
    table(vec![
        ("supplier", Column::Words(names.collect())),
        ("edge", Column::Words(chart.cargoes.iter().flat_map(|_| chart.edges.list.clone()).collect())),
        ("flow", each(&|part| &part.flow)),
        ("right_price", each(&|part| &part.shadow_price)),
        ("contract_price", each(&|part| &part.contract_price)),
    ])
}

/// The names of a network's parts.
struct Chart {
    nodes: Names,
    edges: Names,
    /// The ends of edges, as FROM:TO.
    ends: Vec<String>,
    states: Names,
    cargoes: Vec<String>,
}

impl Chart {
    /// What is wrong, with names instead of numbers.
    fn explain(&self, error: &TransitError, shippers: &Shippers) -> PyErr {
        self.explain_with(error, shippers.rights())
    }

    fn explain_with(&self, error: &TransitError, rights: &[equipoise_models::transit::Right]) -> PyErr {
        let (nodes, edges, cargoes) = (&self.nodes.list, &self.edges.list, &self.cargoes);
        ModelError::new_err(Labels { nodes, edges, cargoes, rights }.tell(error))
    }

    /// The edges that a name means: an id, or all FROM:TO.
    fn meant(&self, name: &str) -> PyResult<Vec<usize>> {
        let between: Vec<usize> = (0..self.ends.len()).filter(|at| self.ends[*at] == name).collect();
        if self.edges.at.contains_key(name) || between.is_empty() {
            return self.edges.find("edge", name).map(|edge| vec![edge]);
        }
        Ok(between)
    }

    fn together(&self, edges: &[usize]) -> String {
        let named: Vec<&str> = edges.iter().map(|edge| self.edges.list[*edge].as_str()).collect();
        named.join(" + ")
    }
}

/// The network that columns describe, with its contracts, limits and closures.
fn read(columns: Columns) -> PyResult<(Shippers, Chart)> {
    let mut states = Names::default();
    for state in columns.crosses.iter().flatten() {
        states.add(state);
    }
    let ends = columns.from.iter().zip(&columns.to).map(|(from, to)| format!("{from}:{to}")).collect();
    let (nodes, edges) = (names("node", &columns.node)?, names("edge", &columns.edge)?);
    let mut chart = Chart { nodes, edges, ends, states, cargoes: Vec::new() };
    let (kinds, mut ways) = (kinds(&columns)?, ways(&columns, &chart)?);
    let held = contracts(&columns, &chart, &kinds, &mut ways)?;
    let network = Network::new(kinds, ways, chart.states.list.len(), columns.shut_in_cost)
        .map_err(|error| chart.explain_with(&error, &[]))?;
    let mut shippers = if held.is_empty() {
        Shippers::new(network)
    } else {
        let (cargoes, rights) = by_supplier(&network, &held);
        let named = cargoes.iter().map(|cargo| {
            let of: Vec<&str> = cargo.supplies.iter().map(|at| columns.node[*at].as_str()).collect();
            of.join(" + ")
        });
        chart.cargoes = named.collect();
        Shippers::with_rights(network, cargoes, rights).map_err(|error| chart.explain_with(&error, &[]))?
    };
    for (name, capacity) in &columns.limit {
        for edge in chart.meant(name)? {
            let Edge { floor, cost, .. } = shippers.network().edges()[edge];
            let limited = shippers.set_edge(edge, *capacity, floor, cost);
            limited.map_err(|error| chart.explain(&error, &shippers))?;
        }
    }
    let mut closed = Vec::new();
    for name in &columns.close {
        closed.extend(chart.meant(name)?);
    }
    for name in &columns.close_state {
        let state = chart.states.find("state that an edge crosses", name)?;
        let crosses = shippers.network().edges().iter().map(|edge| edge.crosses.contains(&state));
        closed.extend(crosses.enumerate().filter(|(_, crosses)| *crosses).map(|(edge, _)| edge));
    }
    for edge in closed {
        let shut = shippers.close(edge);
        shut.map_err(|error| chart.explain(&error, &shippers))?;
    }
    Ok((shippers, chart))
}

fn names(what: &str, list: &[String]) -> PyResult<Names> {
    let mut names = Names::default();
    for (at, name) in list.iter().enumerate() {
        if names.add(name) != at {
            return Err(ModelError::new_err(format!("the {what} `{name}` is listed twice")));
        }
    }
    Ok(names)
}

fn kinds(columns: &Columns) -> PyResult<Vec<Node>> {
    let kind = |at: usize| {
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
    };
    (0..columns.node.len()).map(kind).collect()
}

fn ways(columns: &Columns, chart: &Chart) -> PyResult<Vec<Edge>> {
    let way = |at: usize| {
        let crosses = columns.crosses[at].iter().map(|state| chart.states.find("state", state));
        Ok(Edge {
            from: chart.nodes.find("node", &columns.from[at])?,
            to: chart.nodes.find("node", &columns.to[at])?,
            capacity: columns.capacity[at],
            floor: columns.minimum[at],
            cost: columns.cost[at],
            crosses: crosses.collect::<PyResult<_>>()?,
        })
    };
    (0..columns.edge.len()).map(way).collect()
}

/// Puts contracts of all suppliers together into the edges, and gives those of single ones.
fn contracts(columns: &Columns, chart: &Chart, kinds: &[Node], ways: &mut [Edge]) -> PyResult<Vec<Contract>> {
    let mut held: Vec<Contract> = Vec::new();
    for (row, name) in columns.contract_edge.iter().enumerate() {
        let (minimum, maximum) = (columns.contract_minimum[row], columns.contract_maximum[row]);
        let refuse = |why: String| ModelError::new_err(format!("contracts, row {row}: {why}"));
        if !(minimum >= 0.0 && minimum <= maximum) {
            return Err(refuse(format!("the minimum {minimum} is negative, or above the maximum {maximum}")));
        }
        let [edge] = chart.meant(name)?[..] else {
            return Err(refuse(format!("several edges lead {name}; expected the id of one")));
        };
        let Some(supplier) = &columns.contract_supplier[row] else {
            ways[edge].floor = ways[edge].floor.max(minimum);
            ways[edge].capacity = ways[edge].capacity.min(maximum);
            continue;
        };
        let supplier = chart.nodes.find("supply", supplier)?;
        if !matches!(kinds[supplier], Node::Supply { .. }) {
            return Err(refuse(format!("`{}` supplies nothing", chart.nodes.list[supplier])));
        }
        if held.iter().any(|other| other.supplier == supplier && other.edge == edge) {
            return Err(refuse(format!("this contract of the supplier on `{name}` is listed twice")));
        }
        held.push(Contract { supplier, edge, minimum, maximum });
    }
    Ok(held)
}
