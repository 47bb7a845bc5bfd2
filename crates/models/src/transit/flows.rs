//! What shippers send: a flow with its sales, costs and prices, read off a solved network.

use super::simplex::{Arc, Simplex};
use super::{Edge, Network, Node, TransitError};

/// What may be missing at a node, as a share of what passes the busiest one.
const LOST_TO_ROUNDING: f64 = 1e-6;

/// The flow shippers choose, and what its limits are worth. Where the best flow is not unique, or a limit is
/// only just met, prices are one of several that fit.
#[derive(Clone, Debug, PartialEq)]
pub struct Flows {
    /// What is minimised: transport and shut-in cost less revenue. The netback is its negative.
    pub objective: f64,
    /// The flow of each edge.
    pub flow: Vec<f64>,
    /// What one more unit of capacity of each edge adds to the netback, 0 or more.
    pub shadow_price: Vec<f64>,
    /// What one unit less of each edge's contract adds to the netback, 0 or more.
    pub contract_price: Vec<f64>,
    /// What one more unit at each node adds to the netback; at a supply that ships all, its netback per unit.
    pub node_value: Vec<f64>,
    /// What each node sells (0 where it is no market).
    pub sold: Vec<f64>,
    /// What each node shuts in (0 where it supplies nothing).
    pub shut_in: Vec<f64>,
    /// Everything sold.
    pub delivered: f64,
    /// Everything shut in.
    pub total_shut_in: f64,
    /// What markets pay.
    pub revenue: f64,
    /// What edges cost.
    pub transport_cost: f64,
    /// Pivots made since the last plan.
    pub pivots: usize,
}

/// What a plan comes to, as in [`Flows`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Totals {
    /// What is minimised.
    pub objective: f64,
    /// Everything sold.
    pub delivered: f64,
    /// Pivots made since the last plan.
    pub pivots: usize,
}

/// What a plan moves, sells and leaves in the ground, and what it is paid.
pub(super) struct Moved {
    pub flow: Vec<f64>,
    pub sold: Vec<f64>,
    pub shut_in: Vec<f64>,
    pub revenue: f64,
}

/// What its limits and nodes are worth, as in [`Flows`].
pub(super) struct Prices {
    pub shadow: Vec<f64>,
    pub contract: Vec<f64>,
    pub node: Vec<f64>,
}

impl Flows {
    /// Adds up a plan.
    pub(super) fn new(network: &Network, moved: Moved, prices: Prices, pivots: usize) -> Flows {
        let costs = moved.flow.iter().zip(&network.edges);
        let transport_cost = costs.map(|(flow, edge)| flow * edge.cost).sum::<f64>();
        let total_shut_in = moved.shut_in.iter().sum::<f64>();
        Flows {
            objective: transport_cost + network.shut_in_cost * total_shut_in - moved.revenue,
            shadow_price: prices.shadow,
            contract_price: prices.contract,
            node_value: prices.node,
            delivered: moved.sold.iter().sum(),
            flow: moved.flow,
            sold: moved.sold,
            shut_in: moved.shut_in,
            total_shut_in,
            revenue: moved.revenue,
            transport_cost,
            pivots,
        }
    }

    pub(super) fn totals(&self) -> Totals {
        Totals { objective: self.objective, delivered: self.delivered, pivots: self.pivots }
    }

    /// Transport cost per unit delivered; none if nothing is.
    #[must_use]
    pub fn mean_cost(&self) -> Option<f64> {
        (self.delivered > 0.0).then(|| self.transport_cost / self.delivered)
    }
}

/// The totals of [`flows`], to the last bit.
pub(super) fn totals(network: &Network, simplex: &Simplex, pivots: usize) -> Totals {
    let (flow, outside) = simplex.flow.split_at(network.edges.len());
    let transport_cost: f64 = flow.iter().zip(&network.edges).map(|(flow, edge)| flow * edge.cost).sum();
    let nodes = || network.nodes.iter().zip(outside);
    let shut_in = nodes().map(|(kind, passed)| match kind {
        Node::Supply { amount } => amount - passed,
        _ => 0.0,
    });
    let sold = nodes().map(|(kind, passed)| if let Node::Market { .. } = kind { *passed } else { 0.0 });
    let revenue = nodes().fold(0.0, |sum, (kind, passed)| match kind {
        Node::Market { price, .. } => sum + passed * price,
        _ => sum,
    });
    let total_shut_in: f64 = shut_in.sum();
    let objective = transport_cost + network.shut_in_cost * total_shut_in - revenue;
    Totals { objective, delivered: sold.sum(), pivots }
}

/// The flow of a solved network.
pub(super) fn flows(network: &Network, simplex: &Simplex, pivots: usize) -> Flows {
    let (edges, nodes) = (network.edges.len(), network.nodes.len());
    let (flow, outside) = (simplex.flow[..edges].to_vec(), &simplex.flow[edges..edges + nodes]);
    let (mut sold, mut shut_in, mut revenue) = (vec![0.0; nodes], vec![0.0; nodes], 0.0);
    for (((kind, passed), sold), shut_in) in
        network.nodes.iter().zip(outside).zip(&mut sold).zip(&mut shut_in)
    {
        match *kind {
            Node::Supply { amount } => *shut_in = amount - passed,
            Node::Hub => {}
            Node::Market { price, .. } => {
                *sold = *passed;
                revenue += passed * price;
            }
        }
    }
    let arcs = &simplex.arcs()[..edges];
    let contract = |(arc, edge): (&Arc, &Edge)| {
        if edge.floor > 0.0 { simplex.reduced_cost(arc).max(0.0) } else { 0.0 }
    };
    let prices = Prices {
        shadow: arcs.iter().map(|arc| (-simplex.reduced_cost(arc)).max(0.0)).collect(),
        contract: arcs.iter().zip(&network.edges).map(contract).collect(),
        node: simplex.value[..nodes].to_vec(),
    };
    Flows::new(network, Moved { flow, sold, shut_in, revenue }, prices, pivots)
}

/// That what comes to each node, from the ground or over edges, leaves it.
pub(super) fn check_balance(network: &Network, flows: &Flows) -> Result<(), TransitError> {
    let shipped = network.nodes.iter().zip(&flows.shut_in).map(|(node, shut_in)| match node {
        Node::Supply { amount } => amount - shut_in,
        _ => 0.0,
    });
    let (mut arrives, mut leaves): (Vec<f64>, Vec<f64>) = (shipped.collect(), flows.sold.clone());
    for (edge, flow) in network.edges.iter().zip(&flows.flow) {
        arrives[edge.to] += flow;
        leaves[edge.from] += flow;
    }
    let busiest = arrives.iter().chain(&leaves).fold(0.0_f64, |most, amount| most.max(*amount));
    let lost = |node: usize| (arrives[node] - leaves[node]).abs();
    match (0..arrives.len()).find(|node| lost(*node) > LOST_TO_ROUNDING * busiest) {
        None => Ok(()),
        Some(node) => Err(TransitError::Unbalanced { node, arrives: arrives[node], leaves: leaves[node] }),
    }
}
