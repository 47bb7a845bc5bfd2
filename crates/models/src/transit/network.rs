//! The network shippers find: nodes, edges, contracts and the states edges cross, checked.

use super::TransitError;

/// What is less is lost in the rounding of a sum near the largest number, and cannot make it overflow.
const NO_OVERFLOW_BY: f64 = 1e280;

/// A place where the commodity comes up, passes or is sold. Amounts are in one unit per unit of time, such as
/// thousand tonnes per year; prices and costs in dollars per the same unit of the commodity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Node {
    /// Offers an amount; other flows may pass through.
    Supply {
        /// What it offers.
        amount: f64,
    },
    /// Passes on what it gets.
    Hub,
    /// Buys up to its capacity; other flows may pass through.
    Market {
        /// What it buys at most.
        capacity: f64,
        /// What it pays.
        price: f64,
    },
}

/// A way from one node to another. Two nodes may have several.
#[derive(Clone, Debug, PartialEq)]
pub struct Edge {
    /// The index of the node it leaves.
    pub from: usize,
    /// The index of the node it reaches.
    pub to: usize,
    /// What it carries at most.
    pub capacity: f64,
    /// What it must carry by contract; 0 where there is none.
    pub floor: f64,
    /// What it costs.
    pub cost: f64,
    /// The indices of the states it crosses.
    pub crosses: Vec<usize>,
}

/// A checked network.
#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    pub(super) nodes: Vec<Node>,
    pub(super) edges: Vec<Edge>,
    pub(super) states: usize,
    pub(super) shut_in_cost: f64,
}

impl Network {
    /// A network over `states` states in which supply may be shut in at `shut_in_cost` per unit.
    ///
    /// # Errors
    /// A supply, capacity, floor or cost that is negative or not finite; a price or shut-in cost that is not
    /// finite; an edge to itself or to no node; a state that does not exist; a floor above its capacity; a
    /// supply no chain of edges leads from to a market, whatever their capacities; amounts times costs that
    /// overflow.
    pub fn new(
        nodes: Vec<Node>,
        edges: Vec<Edge>,
        states: usize,
        shut_in_cost: f64,
    ) -> Result<Network, TransitError> {
        if !(shut_in_cost.is_finite() && shut_in_cost >= 0.0) {
            return Err(TransitError::ShutInCost { cost: shut_in_cost });
        }
        for (node, kind) in nodes.iter().enumerate() {
            check_node(node, kind)?;
        }
        for (index, edge) in edges.iter().enumerate() {
            if let Some(node) = [edge.from, edge.to].into_iter().find(|&n| n >= nodes.len()) {
                return Err(TransitError::UnknownNode { node, nodes: nodes.len() });
            }
            if edge.from == edge.to {
                return Err(TransitError::Loop { edge: index });
            }
            check_edge(index, edge.capacity, edge.floor, edge.cost)?;
            if let Some(&state) = edge.crosses.iter().find(|&&s| s >= states) {
                return Err(TransitError::UnknownState { state, states });
            }
        }
        let network = Network { nodes, edges, states, shut_in_cost };
        network.check_supplies_reach_a_market()?;
        network.check_overflow()?;
        Ok(network)
    }

    /// The nodes.
    #[must_use]
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The edges.
    #[must_use]
    pub fn edges(&self) -> &[Edge] {
        &self.edges
    }

    /// How many states there are.
    #[must_use]
    pub fn states(&self) -> usize {
        self.states
    }

    /// The cost of shutting in one unit.
    #[must_use]
    pub fn shut_in_cost(&self) -> f64 {
        self.shut_in_cost
    }

    fn check_supplies_reach_a_market(&self) -> Result<(), TransitError> {
        let mut leads: Vec<bool> = self.nodes.iter().map(|n| matches!(n, Node::Market { .. })).collect();
        let mut arriving = vec![Vec::new(); self.nodes.len()];
        for edge in &self.edges {
            arriving[edge.to].push(edge.from);
        }
        let mut frontier: Vec<usize> = (0..self.nodes.len()).filter(|&n| leads[n]).collect();
        while let Some(here) = frontier.pop() {
            for &from in &arriving[here] {
                if !std::mem::replace(&mut leads[from], true) {
                    frontier.push(from);
                }
            }
        }
        let supplies = self.nodes.iter().enumerate();
        match supplies.filter(|(_, n)| matches!(n, Node::Supply { .. })).find(|&(n, _)| !leads[n]) {
            None => Ok(()),
            Some((node, _)) => Err(TransitError::DisconnectedSupply { node }),
        }
    }

    /// The most that a node can add to what [`Network::check_overflow`] sums.
    pub(super) fn most_at(&self, node: &Node) -> f64 {
        match node {
            Node::Supply { amount } => amount * (1.0 + self.shut_in_cost),
            Node::Hub => 0.0,
            Node::Market { capacity, price } => capacity * (1.0 + price.abs()),
        }
    }

    /// The same after a change of one part, which can add `most`.
    pub(super) fn check_overflow_by(&self, most: f64) -> Result<(), TransitError> {
        if most < NO_OVERFLOW_BY { Ok(()) } else { self.check_overflow() }
    }

    pub(super) fn check_overflow(&self) -> Result<(), TransitError> {
        let at_nodes: f64 = self.nodes.iter().map(|node| self.most_at(node)).sum();
        let on_edges: f64 = self.edges.iter().map(|e| e.capacity * (1.0 + e.cost)).sum();
        let costs: f64 = self.edges.iter().map(|e| e.cost).sum();
        if (at_nodes + on_edges + costs).is_finite() { Ok(()) } else { Err(TransitError::Overflow) }
    }
}

/// That a node's numbers can be.
pub(super) fn check_node(node: usize, kind: &Node) -> Result<(), TransitError> {
    match *kind {
        Node::Supply { amount } => check_amount("the supply of node", node, amount),
        Node::Hub => Ok(()),
        Node::Market { capacity, price } => {
            check_amount("the market capacity of node", node, capacity)?;
            if price.is_finite() { Ok(()) } else { Err(TransitError::Price { node, price }) }
        }
    }
}

/// That an edge's numbers can be.
pub(super) fn check_edge(edge: usize, capacity: f64, floor: f64, cost: f64) -> Result<(), TransitError> {
    check_amount("the capacity of edge", edge, capacity)?;
    check_amount("the contracted minimum of edge", edge, floor)?;
    check_amount("the cost of edge", edge, cost)?;
    if floor <= capacity { Ok(()) } else { Err(TransitError::FloorAboveCapacity { edge, floor, capacity }) }
}

fn check_amount(what: &'static str, index: usize, value: f64) -> Result<(), TransitError> {
    if value.is_finite() && value >= 0.0 { Ok(()) } else { Err(TransitError::Amount { what, index, value }) }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn edge(from: usize, to: usize) -> Edge {
        Edge { from, to, capacity: 5.0, floor: 0.0, cost: 1.0, crosses: vec![] }
    }

    fn field_to_market(edge: Edge) -> Result<Network, TransitError> {
        let nodes = vec![Node::Supply { amount: 3.0 }, Node::Market { capacity: 4.0, price: 50.0 }];
        Network::new(nodes, vec![edge], 1, 100.0)
    }

    #[test]
    fn a_bad_edge_is_pointed_at() {
        assert!(field_to_market(edge(0, 1)).is_ok());
        let error = |e: Edge| field_to_market(e).unwrap_err();
        assert!(matches!(
            error(Edge { capacity: -1.0, ..edge(0, 1) }),
            TransitError::Amount { what: "the capacity of edge", index: 0, value: -1.0 }
        ));
        assert!(matches!(error(Edge { cost: -1.0, ..edge(0, 1) }), TransitError::Amount { .. }));
        assert!(matches!(error(Edge { cost: f64::NAN, ..edge(0, 1) }), TransitError::Amount { .. }));
        assert_eq!(
            error(Edge { floor: 6.0, ..edge(0, 1) }),
            TransitError::FloorAboveCapacity { edge: 0, floor: 6.0, capacity: 5.0 }
        );
        assert_eq!(error(edge(0, 2)), TransitError::UnknownNode { node: 2, nodes: 2 });
        assert_eq!(error(edge(1, 1)), TransitError::Loop { edge: 0 });
        let abroad = Edge { crosses: vec![1], ..edge(0, 1) };
        assert_eq!(error(abroad), TransitError::UnknownState { state: 1, states: 1 });
        assert_eq!(error(edge(1, 0)), TransitError::DisconnectedSupply { node: 0 });
        assert_eq!(error(Edge { cost: 1e308, ..edge(0, 1) }), TransitError::Overflow);
    }

    #[test]
    fn a_market_without_a_price_is_refused() {
        let market = Node::Market { capacity: 4.0, price: f64::NAN };
        let found = Network::new(vec![market], vec![], 0, 100.0);
        assert!(matches!(found, Err(TransitError::Price { node: 0, .. })));
        let found = Network::new(vec![Node::Hub], vec![], 0, f64::INFINITY);
        assert_eq!(found, Err(TransitError::ShutInCost { cost: f64::INFINITY }));
    }
}
