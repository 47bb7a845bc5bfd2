//! What is wrong with a network, told with the names its user gave instead of numbers.

use super::{Limit, Right, TransitError};

/// Names of a network's parts, by index.
#[derive(Clone, Copy, Debug)]
pub struct Labels<'a> {
    /// Of nodes.
    pub nodes: &'a [String],
    /// Of edges.
    pub edges: &'a [String],
    /// Of cargoes; empty where there is one.
    pub cargoes: &'a [String],
    /// The rights that a conflict may speak of.
    pub rights: &'a [Right],
}

impl Labels<'_> {
    /// The error as a sentence with names.
    #[must_use]
    pub fn tell(&self, error: &TransitError) -> String {
        let node = |n: &usize| format!("`{}`", self.nodes[*n]);
        let edge = |e: &usize| format!("`{}`", self.edges[*e]);
        match error {
            TransitError::Conflict { contracts, promised, limits, possible } => format!(
                "contracts in conflict, on {}: they ask for {promised}, but only {possible} can pass{}",
                listed(contracts.iter().map(edge)),
                self.limits("limited by", limits)
            ),
            TransitError::RightsConflict { contracts, rights, limits } => {
                let contracts = contracts.iter().map(|e| format!("all of {}", edge(e)));
                let rights = rights.iter().filter_map(|&at| self.rights.get(at)).map(|right| {
                    let most =
                        if right.maximum.is_finite() { right.maximum.to_string() } else { "any".to_owned() };
                    let cargo = &self.cargoes[right.cargo];
                    format!("{cargo} on {} ({} to {most})", edge(&right.edge), right.minimum)
                });
                let named = listed(contracts.chain(rights));
                format!("contracts in conflict: {named}{}", self.limits("against", limits))
            }
            TransitError::DisconnectedSupply { node: n } => {
                format!("no chain of edges leads from the supply {} to a market", node(n))
            }
            TransitError::FloorAboveCapacity { edge: e, floor, capacity } => format!(
                "contracts in conflict, on {}: they ask for {floor}, above its capacity of {capacity}",
                edge(e)
            ),
            TransitError::Loop { edge: e } => format!("the edge {} leads from a node to itself", edge(e)),
            TransitError::Unbalanced { node: n, arrives, leaves } => format!(
                "the flow found does not add up at {}: {arrives} arrives and {leaves} leaves; amounts span too many \
                 orders of magnitude",
                node(n)
            ),
            TransitError::Price { node: n, price } => {
                format!("the market {} has price {price}, expected a finite number", node(n))
            }
            other => other.to_string(),
        }
    }

    fn limits(&self, word: &str, limits: &[Limit]) -> String {
        if limits.is_empty() {
            return String::new();
        }
        let named = limits.iter().map(|limit| match *limit {
            Limit::Edge(e) => format!("the capacity of `{}`", self.edges[e]),
            Limit::Supply(n) => format!("the supply of `{}`", self.nodes[n]),
            Limit::Market(n) => format!("the market `{}`", self.nodes[n]),
        });
        format!(", {word} {}", listed(named))
    }
}

fn listed(items: impl Iterator<Item = String>) -> String {
    items.collect::<Vec<String>>().join(", ")
}
