//! Shippers on a network: the flow they choose, and choose again after a change.

use super::cargo::Holds;
use super::flows::{Flows, Totals, check_balance, flows, totals};
use super::network::{check_edge, check_node};
use super::simplex::{Arc, Failure, Found, Simplex};
use super::{Cargo, Limit, Network, Node, Right, TransitError};

/// Shippers who keep their last plan, from which the next is found quickly.
#[derive(Clone, Debug)]
pub struct Shippers {
    network: Network,
    plan: Plan,
}

/// How the flow is found: on the bare network if all supplies mix, by cargo if they do not.
#[derive(Clone, Debug)]
enum Plan {
    Mixed(Box<Simplex>),
    ByCargo(Box<Holds>),
}

impl Shippers {
    /// Shippers on `network`, without a plan yet.
    #[must_use]
    pub fn new(network: Network) -> Shippers {
        let nodes = network.nodes.len();
        let edges = network.edges.iter().map(|edge| Arc {
            from: edge.from,
            to: edge.to,
            low: edge.floor,
            high: edge.capacity,
            cost: edge.cost,
        });
        let outside = network.nodes.iter().enumerate().map(|(n, kind)| outside_arc(&network, n, kind));
        let simplex = Simplex::new(nodes, edges.chain(outside).collect());
        Shippers { network, plan: Plan::Mixed(Box::new(simplex)) }
    }

    /// Shippers whose cargoes must not be mixed up, and their rights. Every supply belongs to one cargo.
    ///
    /// # Errors
    /// A supply without a cargo or with two; a node, edge or cargo that does not exist; a room of 0 or less; a premium
    /// that is not finite; a right that is negative or whose minimum is above its maximum.
    pub fn with_rights(
        network: Network,
        cargoes: Vec<Cargo>,
        rights: Vec<Right>,
    ) -> Result<Shippers, TransitError> {
        let holds = Holds::new(&network, cargoes, rights)?;
        Ok(Shippers { network, plan: Plan::ByCargo(Box::new(holds)) })
    }

    /// The cargoes; none if all supplies mix.
    #[must_use]
    pub fn cargoes(&self) -> &[Cargo] {
        match &self.plan {
            Plan::Mixed(_) => &[],
            Plan::ByCargo(holds) => &holds.cargoes,
        }
    }

    /// The rights of cargoes on edges.
    #[must_use]
    pub fn rights(&self) -> &[Right] {
        match &self.plan {
            Plan::Mixed(_) => &[],
            Plan::ByCargo(holds) => &holds.rights,
        }
    }

    /// Changes what a right asks for and allows.
    ///
    /// # Errors
    /// No such right; a number negative or not finite; a minimum above the maximum.
    pub fn set_right(&mut self, right: usize, minimum: f64, maximum: f64) -> Result<(), TransitError> {
        let rights = self.rights().len();
        let Plan::ByCargo(holds) = &mut self.plan else {
            return Err(TransitError::UnknownRight { right, rights });
        };
        holds.set_right(&self.network, right, minimum, maximum)
    }

    /// Lets a right's minimum rest: it asks for nothing any more.
    ///
    /// # Errors
    /// No such right.
    pub fn suspend_right(&mut self, right: usize) -> Result<(), TransitError> {
        let maximum = self.rights().get(right).map_or(0.0, |r| r.maximum);
        self.set_right(right, 0.0, maximum)
    }

    /// The network as it now stands.
    #[must_use]
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// Changes an edge's capacity, contracted minimum and cost.
    ///
    /// # Errors
    /// No such edge; a number negative or not finite; a floor above the capacity; an overflow.
    pub fn set_edge(
        &mut self,
        edge: usize,
        capacity: f64,
        floor: f64,
        cost: f64,
    ) -> Result<(), TransitError> {
        let edges = self.network.edges.len();
        check_edge(edge, capacity, floor, cost)?;
        let known = self.network.edges.get_mut(edge).ok_or(TransitError::UnknownEdge { edge, edges })?;
        let old = (known.capacity, known.floor, known.cost);
        (known.capacity, known.floor, known.cost) = (capacity, floor, cost);
        if let Err(error) = self.network.check_overflow_by(capacity * (1.0 + cost) + cost) {
            let known = &mut self.network.edges[edge];
            (known.capacity, known.floor, known.cost) = old;
            return Err(error);
        }
        match &mut self.plan {
            Plan::Mixed(simplex) => simplex.set_arc(edge, floor, capacity, cost),
            Plan::ByCargo(holds) => holds.edge_changed(&self.network, edge),
        }
        Ok(())
    }

    /// Closes an edge: nothing passes, and its contract and the minimums of rights on it rest.
    ///
    /// # Errors
    /// No such edge.
    pub fn close(&mut self, edge: usize) -> Result<(), TransitError> {
        let edges = self.network.edges.len();
        let cost = self.network.edges.get(edge).ok_or(TransitError::UnknownEdge { edge, edges })?.cost;
        for right in 0..self.rights().len() {
            if self.rights()[right].edge == edge {
                self.suspend_right(right)?;
            }
        }
        self.set_edge(edge, 0.0, 0.0, cost)
    }

    /// Changes what a supply offers.
    ///
    /// # Errors
    /// No such node, or no supply; an amount negative or not finite; an overflow.
    pub fn set_supply(&mut self, node: usize, amount: f64) -> Result<(), TransitError> {
        self.set_node(node, Node::Supply { amount }, "supply")
    }

    /// Changes what a market buys at most and what it pays.
    ///
    /// # Errors
    /// No such node, or no market; a capacity negative or not finite; a price not finite; an overflow.
    pub fn set_market(&mut self, node: usize, capacity: f64, price: f64) -> Result<(), TransitError> {
        self.set_node(node, Node::Market { capacity, price }, "market")
    }

    /// Changes what shutting in costs.
    ///
    /// # Errors
    /// A cost negative or not finite; an overflow.
    pub fn set_shut_in_cost(&mut self, cost: f64) -> Result<(), TransitError> {
        if !(cost.is_finite() && cost >= 0.0) {
            return Err(TransitError::ShutInCost { cost });
        }
        let old = std::mem::replace(&mut self.network.shut_in_cost, cost);
        if let Err(error) = self.network.check_overflow() {
            self.network.shut_in_cost = old;
            return Err(error);
        }
        let edges = self.network.edges.len();
        for (node, kind) in self.network.nodes.iter().enumerate() {
            match &mut self.plan {
                _ if !matches!(kind, Node::Supply { .. }) => {}
                Plan::Mixed(simplex) => {
                    let Arc { low, high, cost, .. } = outside_arc(&self.network, node, kind);
                    simplex.set_arc(edges + node, low, high, cost);
                }
                Plan::ByCargo(holds) => holds.node_changed(&self.network, node),
            }
        }
        Ok(())
    }

    /// The flow shippers choose now.
    ///
    /// # Errors
    /// Contracts in conflict, named; or, by rounding alone, no end of pivots or a flow that does not add up at a node (by
    /// a millionth of what passes the busiest). The network stays as it is.
    pub fn solve(&mut self) -> Result<Flows, TransitError> {
        match &mut self.plan {
            Plan::ByCargo(holds) => {
                let flows = holds.solve(&self.network)?;
                check_balance(&self.network, &flows)?;
                Ok(flows)
            }
            Plan::Mixed(simplex) => {
                let found = simplex.solve();
                answer(&self.network, simplex, found)
            }
        }
    }

    /// What [`Shippers::solve`] comes to, found faster where the flow stays as it was.
    ///
    /// # Errors
    /// As [`Shippers::solve`].
    pub fn solve_for_totals(&mut self) -> Result<Totals, TransitError> {
        if let Plan::Mixed(simplex) = &mut self.plan {
            let found = simplex.solve();
            if let Ok(Found { pivots, same_flow: true }) = found {
                return Ok(totals(&self.network, simplex, pivots));
            }
            return answer(&self.network, simplex, found).map(|flows| flows.totals());
        }
        self.solve().map(|flows| flows.totals())
    }

    /// The part of each cargo in the flow last solved for, empty if all supplies mix. Its shadow prices are what one
    /// more unit of the cargo's own maximum adds, its contract prices what one unit less of its own minimum does.
    #[must_use]
    pub fn by_cargo(&self) -> Vec<Flows> {
        match &self.plan {
            Plan::Mixed(_) => Vec::new(),
            Plan::ByCargo(holds) => holds.by_cargo(&self.network),
        }
    }

    fn set_node(&mut self, node: usize, kind: Node, expected: &'static str) -> Result<(), TransitError> {
        let nodes = self.network.nodes.len();
        let old = *self.network.nodes.get(node).ok_or(TransitError::UnknownNode { node, nodes })?;
        if std::mem::discriminant(&old) != std::mem::discriminant(&kind) {
            return Err(TransitError::WrongKind { node, expected });
        }
        check_node(node, &kind)?;
        self.network.nodes[node] = kind;
        if let Err(error) = self.network.check_overflow_by(self.network.most_at(&kind)) {
            self.network.nodes[node] = old;
            return Err(error);
        }
        match &mut self.plan {
            Plan::Mixed(simplex) => {
                let Arc { low, high, cost, .. } = outside_arc(&self.network, node, &kind);
                simplex.set_arc(self.network.edges.len() + node, low, high, cost);
            }
            Plan::ByCargo(holds) => holds.node_changed(&self.network, node),
        }
        Ok(())
    }
}

/// What a search for the flow has come to.
fn answer(
    network: &Network,
    simplex: &mut Simplex,
    found: Result<Found, Failure>,
) -> Result<Flows, TransitError> {
    match found {
        Ok(found) => {
            let flows = flows(network, simplex, found.pivots);
            // A flow that was found to add up still does.
            if !found.same_flow {
                check_balance(network, &flows).inspect_err(|_| simplex.unsettle())?;
            }
            Ok(flows)
        }
        Err(Failure::Pivots(pivots)) => Err(TransitError::Unsolved { pivots }),
        Err(Failure::Cut(inside)) => Err(conflict(network, simplex, &inside)),
    }
}

/// The contracts into the marked nodes, less those the others conflict without, against the limits out.
fn conflict(network: &Network, simplex: &Simplex, inside: &[bool]) -> TransitError {
    let edges = network.edges.len();
    let (mut contracts, mut limits) = (Vec::new(), Vec::new());
    let (mut promised, mut possible) = (0.0, 0.0);
    for (index, arc) in simplex.arcs().iter().enumerate() {
        if inside[arc.to] && !inside[arc.from] && arc.low > 0.0 {
            contracts.push(index);
            promised += arc.low;
        }
        if inside[arc.from] && !inside[arc.to] && arc.high > 0.0 {
            possible += arc.high;
            limits.push(match index.checked_sub(edges).map(|node| (node, network.nodes[node])) {
                None => Limit::Edge(index),
                Some((node, Node::Supply { .. })) => Limit::Supply(node),
                Some((node, _)) => Limit::Market(node),
            });
        }
    }
    contracts.sort_by(|&a, &b| simplex.arcs()[a].low.total_cmp(&simplex.arcs()[b].low));
    contracts.retain(|&contract| {
        let without = promised - simplex.arcs()[contract].low;
        let needless = without > possible;
        if needless {
            promised = without;
        }
        !needless
    });
    contracts.sort_unstable();
    TransitError::Conflict { contracts, promised, limits, possible }
}
/// The way between a node and the world outside: supplies come in, sales go out.
fn outside_arc(network: &Network, node: usize, kind: &Node) -> Arc {
    let root = network.nodes.len();
    match *kind {
        // Shipping a unit saves the cost of shutting it in.
        Node::Supply { amount } => {
            Arc { from: root, to: node, low: 0.0, high: amount, cost: -network.shut_in_cost }
        }
        Node::Hub => Arc { from: node, to: root, low: 0.0, high: 0.0, cost: 0.0 },
        Node::Market { capacity, price } => {
            Arc { from: node, to: root, low: 0.0, high: capacity, cost: -price }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::Edge;
    use super::*;

    /// A field (0) whose oil goes to one of two markets (1 and 2).
    fn choice_of_markets() -> Shippers {
        let market = |price| Node::Market { capacity: 8.0, price };
        let edge = |to, capacity, cost| Edge { from: 0, to, capacity, floor: 0.0, cost, crosses: vec![] };
        let nodes = vec![Node::Supply { amount: 10.0 }, market(50.0), market(40.0)];
        Shippers::new(Network::new(nodes, vec![edge(1, 6.0, 5.0), edge(2, 9.0, 1.0)], 0, 20.0).unwrap())
    }

    #[test]
    fn shippers_fill_the_way_with_the_better_netback_and_price_its_last_unit() {
        let flows = choice_of_markets().solve().unwrap();
        assert_eq!(flows.flow, [6.0, 4.0]);
        assert_eq!(flows.shadow_price, [6.0, 0.0]);
        assert_eq!(flows.node_value, [39.0, 50.0, 40.0]);
        assert_eq!(flows.revenue, 460.0);
        assert_eq!(flows.mean_cost(), Some(3.4));
        assert_eq!(flows.objective, 34.0 - 460.0);
    }

    #[test]
    fn totals_are_those_of_the_flow_whether_it_is_the_old_one_or_new() {
        let mut shippers = choice_of_markets();
        for (price, same) in [(40.0, false), (41.0, true), (70.0, false), (71.5, true)] {
            shippers.set_market(2, 8.0, price).unwrap();
            let totals = shippers.clone().solve_for_totals().unwrap();
            let flows = shippers.solve().unwrap();
            assert_eq!(totals, flows.totals(), "{price}");
            assert_eq!(flows.pivots == 0, same, "{price}");
        }
    }

    #[test]
    fn oil_that_would_lose_more_than_shutting_in_costs_stays_in_the_ground() {
        let mut shippers = choice_of_markets();
        shippers.set_market(1, 8.0, -10.0).unwrap();
        shippers.set_market(2, 8.0, -30.0).unwrap();
        let flows = shippers.solve().unwrap();
        assert_eq!((flows.flow[0], flows.flow[1]), (6.0, 0.0));
        assert_eq!(flows.total_shut_in, 4.0);
        assert_eq!(flows.node_value[0], -20.0);
    }

    #[test]
    fn shutting_in_that_costs_more_brings_more_to_market() {
        let mut shippers = choice_of_markets();
        shippers.set_market(1, 8.0, -10.0).unwrap();
        shippers.set_market(2, 8.0, -30.0).unwrap();
        assert_eq!(shippers.solve().unwrap().total_shut_in, 4.0);
        shippers.set_shut_in_cost(50.0).unwrap();
        let flows = shippers.solve().unwrap();
        assert_eq!((flows.total_shut_in, flows.objective), (0.0, 6.0 * 15.0 + 4.0 * 31.0));
        let mut fresh = Shippers::new(shippers.network().clone());
        assert_eq!(fresh.solve().unwrap().flow, flows.flow);
        assert_eq!(shippers.set_shut_in_cost(-1.0), Err(TransitError::ShutInCost { cost: -1.0 }));
        assert_eq!(shippers.network().shut_in_cost(), 50.0);
    }

    #[test]
    fn of_contracts_in_conflict_only_those_that_matter_are_named() {
        let mut shippers = choice_of_markets();
        shippers.set_supply(0, 5.0).unwrap();
        shippers.set_edge(0, 6.0, 6.0, 5.0).unwrap();
        shippers.set_edge(1, 9.0, 0.5, 1.0).unwrap();
        let found = shippers.solve().unwrap_err();
        let limits = vec![Limit::Supply(0)];
        assert_eq!(
            found,
            TransitError::Conflict { contracts: vec![0], promised: 6.0, limits, possible: 5.0 }
        );
        assert_eq!(
            found.to_string(),
            "contracts in conflict, on edge 0: they ask for 6, but only 5 can pass, limited by the supply of node 0"
        );
    }

    #[test]
    fn a_flow_that_does_not_add_up_is_no_answer() {
        let edge = |from, to| Edge { from, to, capacity: 20.0, floor: 0.0, cost: 5.0, crosses: vec![] };
        let chain = |amount| {
            let market = Node::Market { capacity: 50.0, price: 60.0 };
            let nodes = vec![Node::Supply { amount }, Node::Hub, market];
            Network::new(nodes, vec![edge(0, 1), edge(1, 2)], 0, 1000.0).unwrap()
        };
        let apart = |amount| Shippers::with_rights(chain(amount), vec![Cargo::of(vec![0])], vec![]).unwrap();
        for mut shippers in [Shippers::new(chain(1e7)), apart(1e7)] {
            assert_eq!(shippers.solve().unwrap().delivered, 20.0);
        }
        for mut shippers in [Shippers::new(chain(1e14)), apart(1e14)] {
            let found = shippers.solve();
            assert!(matches!(found, Err(TransitError::Unbalanced { .. })), "{found:?}");
        }
    }

    #[test]
    fn a_change_that_cannot_be_is_refused_and_changes_nothing() {
        let mut shippers = choice_of_markets();
        let before = shippers.network().clone();
        assert_eq!(shippers.close(2), Err(TransitError::UnknownEdge { edge: 2, edges: 2 }));
        assert_eq!(shippers.set_supply(1, 3.0), Err(TransitError::WrongKind { node: 1, expected: "supply" }));
        assert_eq!(shippers.set_supply(7, 3.0), Err(TransitError::UnknownNode { node: 7, nodes: 3 }));
        assert!(matches!(shippers.set_market(1, 8.0, f64::NAN), Err(TransitError::Price { node: 1, .. })));
        assert!(matches!(shippers.set_edge(0, -1.0, 0.0, 0.0), Err(TransitError::Amount { index: 0, .. })));
        assert_eq!(shippers.set_edge(0, 1e200, 0.0, 1e200), Err(TransitError::Overflow));
        assert_eq!(shippers.set_market(1, 1e300, 1e300), Err(TransitError::Overflow));
        assert_eq!(*shippers.network(), before);
    }
}
