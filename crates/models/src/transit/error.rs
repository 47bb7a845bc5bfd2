//! What can be wrong with a network, and why it may have no flow at all.

use std::fmt;

/// Something that can carry no more than its limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// The capacity of this edge.
    Edge(usize),
    /// The supply of this node.
    Supply(usize),
    /// The capacity of the market at this node.
    Market(usize),
}

/// What is wrong with a network, or why it has no flow.
#[derive(Clone, Debug, PartialEq)]
pub enum TransitError {
    /// A node's supply, a market's capacity or an edge's capacity, floor or cost is negative or not finite.
    Amount {
        /// Which number.
        what: &'static str,
        /// The index of the node or edge.
        index: usize,
        /// What was given.
        value: f64,
    },
    /// A market has no price, or one that is not finite.
    Price {
        /// The node's index.
        node: usize,
        /// What was given.
        price: f64,
    },
    /// The cost of shutting in is negative or not finite.
    ShutInCost {
        /// What was given.
        cost: f64,
    },
    /// An edge or a change names a node that does not exist.
    UnknownNode {
        /// The index given.
        node: usize,
        /// Nodes there are.
        nodes: usize,
    },
    /// A change or a closure names an edge that does not exist.
    UnknownEdge {
        /// The index given.
        edge: usize,
        /// Edges there are.
        edges: usize,
    },
    /// An edge crosses a state that does not exist.
    UnknownState {
        /// The index given.
        state: usize,
        /// States there are.
        states: usize,
    },
    /// An edge leads from a node to itself.
    Loop {
        /// The edge's index.
        edge: usize,
    },
    /// A contract asks for more than the edge can carry.
    FloorAboveCapacity {
        /// The edge's index.
        edge: usize,
        /// The contracted minimum.
        floor: f64,
        /// The capacity.
        capacity: f64,
    },
    /// No chain of edges leads from this supply to any market.
    DisconnectedSupply {
        /// The node's index.
        node: usize,
    },
    /// The node is no supply, or no market, as the change assumes.
    WrongKind {
        /// The node's index.
        node: usize,
        /// What it was taken for.
        expected: &'static str,
    },
    /// Amounts times costs or prices add up to more than a number holds.
    Overflow,
    /// Contracts ask for more than the network can bring to them or take away from them.
    Conflict {
        /// The edges whose contracts conflict; without any one of them the rest fit through these limits.
        contracts: Vec<usize>,
        /// What they ask for together.
        promised: f64,
        /// The limits that stand against them.
        limits: Vec<Limit>,
        /// What the limits allow together.
        possible: f64,
    },
    /// Cargoes' rights ask for more than the network can bring to them or take away from them.
    RightsConflict {
        /// The edges whose contracts take part.
        contracts: Vec<usize>,
        /// The rights that take part: some ask for too much, some allow too little.
        rights: Vec<usize>,
        /// The limits that stand against them.
        limits: Vec<Limit>,
    },
    /// A right names a cargo that does not exist.
    UnknownCargo {
        /// The index given.
        cargo: usize,
        /// Cargoes there are.
        cargoes: usize,
    },
    /// A change names a right that does not exist.
    UnknownRight {
        /// The index given.
        right: usize,
        /// Rights there are.
        rights: usize,
    },
    /// The flow found does not add up at a node: amounts are of too different sizes for a number to hold both.
    Unbalanced {
        /// The node's index.
        node: usize,
        /// What comes to it.
        arrives: f64,
        /// What leaves it.
        leaves: f64,
    },
    /// The pivots allowed were used up, which rounding alone can cause.
    Unsolved {
        /// Pivots made.
        pivots: usize,
    },
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Edge(edge) => write!(f, "the capacity of edge {edge}"),
            Self::Supply(node) => write!(f, "the supply of node {node}"),
            Self::Market(node) => write!(f, "the market at node {node}"),
        }
    }
}

impl fmt::Display for TransitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Amount { what, index, value } => {
                write!(f, "{what} {index} is {value}, expected a finite number of 0 or more")
            }
            Self::Price { node, price } => {
                write!(f, "the market at node {node} has price {price}, expected a finite number")
            }
            Self::ShutInCost { cost } => {
                write!(f, "the cost of shutting in is {cost}, expected a finite number of 0 or more")
            }
            Self::UnknownNode { node, nodes } => {
                write!(f, "node {node} does not exist: there are {nodes}, numbered from 0")
            }
            Self::UnknownEdge { edge, edges } => {
                write!(f, "edge {edge} does not exist: there are {edges}, numbered from 0")
            }
            Self::UnknownState { state, states } => {
                write!(f, "state {state} does not exist: there are {states}, numbered from 0")
            }
            Self::Loop { edge } => write!(f, "edge {edge} leads from a node to itself"),
            Self::FloorAboveCapacity { edge, floor, capacity } => {
                write!(f, "the contract on edge {edge} asks for {floor}, above its capacity of {capacity}")
            }
            Self::DisconnectedSupply { node } => {
                write!(f, "no chain of edges leads from the supply at node {node} to a market")
            }
            Self::WrongKind { node, expected } => write!(f, "node {node} is no {expected}"),
            Self::Overflow => write!(f, "amounts times costs or prices add up to more than a number holds"),
            Self::Conflict { contracts, promised, limits, possible } => {
                write!(
                    f,
                    "contracts in conflict, on {}",
                    if contracts.len() == 1 { "edge " } else { "edges " }
                )?;
                list(f, contracts)?;
                write!(f, ": they ask for {promised}, but only {possible} can pass")?;
                if limits.is_empty() {
                    return Ok(());
                }
                write!(f, ", limited by ")?;
                list(f, limits)
            }
            Self::RightsConflict { contracts, rights, limits } => {
                write!(f, "contracts in conflict: ")?;
                let named = contracts.iter().map(|edge| format!("the contract on edge {edge}"));
                let named = named.chain(rights.iter().map(|right| format!("right {right}")));
                list(f, &named.collect::<Vec<String>>())?;
                if limits.is_empty() {
                    return Ok(());
                }
                write!(f, ", against ")?;
                list(f, limits)
            }
            Self::UnknownCargo { cargo, cargoes } => {
                write!(f, "cargo {cargo} does not exist: there are {cargoes}, numbered from 0")
            }
            Self::UnknownRight { right, rights } => {
                write!(f, "right {right} does not exist: there are {rights}, numbered from 0")
            }
            Self::Unbalanced { node, arrives, leaves } => write!(
                f,
                "the flow found does not add up at node {node}: {arrives} arrives and {leaves} leaves; amounts \
                 span too many orders of magnitude"
            ),
            Self::Unsolved { pivots } => {
                write!(
                    f,
                    "no flow found after {pivots} pivots: amounts may span too many orders of magnitude"
                )
            }
        }
    }
}

impl std::error::Error for TransitError {}

fn list<T: fmt::Display>(f: &mut fmt::Formatter<'_>, items: &[T]) -> fmt::Result {
    for (k, item) in items.iter().enumerate() {
        let joint = if k == 0 { "" } else { ", " };
        write!(f, "{joint}{item}")?;
    }
    Ok(())
}
