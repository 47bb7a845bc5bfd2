//! Contracts of single suppliers, turned into cargoes and rights.

use super::{Cargo, Network, Node, Right};

/// What one supplier must and may send over an edge.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Contract {
    /// The supplier's node.
    pub supplier: usize,
    /// The edge's index.
    pub edge: usize,
    /// What it must send.
    pub minimum: f64,
    /// What it may send; infinite if the edge alone limits it.
    pub maximum: f64,
}

/// A cargo for each supplier with contracts of its own, in the order of their nodes, and one for all others, with the
/// rights that follow.
#[must_use]
pub fn by_supplier(network: &Network, contracts: &[Contract]) -> (Vec<Cargo>, Vec<Right>) {
    let mut own: Vec<usize> = contracts.iter().map(|contract| contract.supplier).collect();
    own.sort_unstable();
    own.dedup();
    let rights = contracts.iter().filter_map(|&Contract { supplier, edge, minimum, maximum }| {
        let cargo = own.iter().position(|known| *known == supplier)?;
        Some(Right { edge, cargo, minimum, maximum })
    });
    let supplies = network.nodes().iter().enumerate().filter(|(_, node)| matches!(node, Node::Supply { .. }));
    let others: Vec<usize> = supplies.map(|(node, _)| node).filter(|node| !own.contains(node)).collect();
    let rights = rights.collect();
    let mut cargoes: Vec<Cargo> = own.into_iter().map(|supplier| Cargo::of(vec![supplier])).collect();
    if !others.is_empty() {
        cargoes.push(Cargo::of(others));
    }
    (cargoes, rights)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::transit::Edge;

    #[test]
    fn suppliers_without_contracts_share_a_cargo() {
        let supply = Node::Supply { amount: 1.0 };
        let nodes = vec![supply, supply, supply, Node::Market { capacity: 9.0, price: 1.0 }];
        let edge = |from| Edge { from, to: 3, capacity: 9.0, floor: 0.0, cost: 0.0, crosses: Vec::new() };
        let network = Network::new(nodes, (0..3).map(edge).collect(), 0, 0.0).unwrap();
        let held = Contract { supplier: 1, edge: 1, minimum: 0.5, maximum: f64::INFINITY };
        let (cargoes, rights) = by_supplier(&network, &[held]);
        let supplies: Vec<&[usize]> = cargoes.iter().map(|cargo| &*cargo.supplies).collect();
        assert_eq!(supplies, [&[1][..], &[0, 2][..]]);
        assert_eq!(rights, [Right { edge: 1, cargo: 0, minimum: 0.5, maximum: f64::INFINITY }]);
    }
}
