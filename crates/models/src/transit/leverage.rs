//! Who could stop what: shares through states, dependence on them, and outages ranked by what they cost.

use super::{Edge, Flows, Network, Shippers, TransitError};

/// What a closure costs, after shippers have rerouted what they can.
#[derive(Clone, Debug, PartialEq)]
pub struct Loss {
    /// The netback lost per unit of time, in dollars. It can be negative only where contracts are suspended.
    pub netback: f64,
    /// The amount no longer delivered per unit of time.
    pub delivered: f64,
    /// The edges whose contracts the closure made impossible, and which are therefore suspended.
    pub suspended: Vec<usize>,
}

/// An outage of one or two edges.
#[derive(Clone, Debug, PartialEq)]
pub struct Outage {
    /// The edges that are out.
    pub edges: Vec<usize>,
    /// What that costs.
    pub loss: Loss,
}

/// The share of everything delivered that crosses each state at least once, between 0 and 1.
///
/// Where flows meet in a node, what leaves it is taken to be mixed (ours: routes through a node cannot be told
/// apart in the data). All 0 if nothing is delivered.
///
/// # Errors
/// Flows of another network.
pub fn share_through(network: &Network, flows: &Flows) -> Result<Vec<f64>, TransitError> {
    let (edges, nodes) = (network.edges().len(), network.nodes().len());
    if flows.flow.len() != edges {
        return Err(TransitError::UnknownEdge { edge: flows.flow.len(), edges });
    }
    if flows.sold.len() != nodes {
        return Err(TransitError::UnknownNode { node: flows.sold.len(), nodes });
    }
    let used: Vec<(&Edge, f64)> =
        network.edges().iter().zip(flows.flow.iter().copied()).filter(|(_, flow)| *flow > 0.0).collect();
    // What a node gets: all it sends on or sells, for what it supplies itself comes in too.
    let mut arriving = flows.sold.clone();
    for (edge, flow) in &used {
        arriving[edge.from] += flow;
    }
    Ok((0..network.states())
        .map(|state| {
            let crossed = crossed_shares(&used, &arriving, state);
            let sold: f64 = flows.sold.iter().zip(&crossed).map(|(sold, share)| sold * share).sum();
            if flows.delivered > 0.0 { sold / flows.delivered } else { 0.0 }
        })
        .collect())
}

/// The share of everything delivered that crosses each state at least once, cargo by cargo where they do not mix, so
/// that only what is one cargo is taken to be mixed.
///
/// # Errors
/// As [`Shippers::solve`].
pub fn share_through_by_cargo(shippers: &mut Shippers) -> Result<Vec<f64>, TransitError> {
    let flows = shippers.solve()?;
    let parts = shippers.by_cargo();
    if parts.is_empty() {
        return share_through(shippers.network(), &flows);
    }
    let mut crossed = vec![0.0; shippers.network().states()];
    for part in &parts {
        for (sum, share) in crossed.iter_mut().zip(share_through(shippers.network(), part)?) {
            *sum += share * part.delivered;
        }
    }
    Ok(crossed.iter().map(|c| if flows.delivered > 0.0 { c / flows.delivered } else { 0.0 }).collect())
}

/// What each state could cost shippers by closing every edge that crosses it.
///
/// # Errors
/// As [`Shippers::solve`] before any closure.
pub fn dependence(shippers: &Shippers) -> Result<Vec<Loss>, TransitError> {
    let network = shippers.network();
    let crossing = |state: usize| -> Vec<usize> {
        (0..network.edges().len()).filter(|&e| network.edges()[e].crosses.contains(&state)).collect()
    };
    (0..network.states()).map(|state| loss_without(shippers, &crossing(state))).collect()
}

/// What the closure of `edges` costs. Contracts it makes impossible are suspended, with those they conflict
/// with.
///
/// # Errors
/// No such edge; contracts in conflict before the closure.
pub fn loss_without(shippers: &Shippers, edges: &[usize]) -> Result<Loss, TransitError> {
    let mut before = shippers.clone();
    let planned = before.solve()?;
    without(&before, &planned, edges)
}

/// The outage of each edge alone, the costliest first.
///
/// # Errors
/// As [`loss_without`].
pub fn single_outages(shippers: &Shippers) -> Result<Vec<Outage>, TransitError> {
    let edges = shippers.network().edges().len();
    ranked(shippers, (0..edges).map(|e| vec![e]))
}

/// The outage of every pair of edges, the costliest first.
///
/// # Errors
/// As [`loss_without`].
pub fn double_outages(shippers: &Shippers) -> Result<Vec<Outage>, TransitError> {
    let edges = shippers.network().edges().len();
    ranked(shippers, (0..edges).flat_map(|a| (a + 1..edges).map(move |b| vec![a, b])))
}

fn ranked(
    shippers: &Shippers,
    outages: impl Iterator<Item = Vec<usize>>,
) -> Result<Vec<Outage>, TransitError> {
    let mut before = shippers.clone();
    let planned = before.solve()?;
    let mut found = outages
        .map(|edges| without(&before, &planned, &edges).map(|loss| Outage { edges, loss }))
        .collect::<Result<Vec<Outage>, TransitError>>()?;
    found.sort_by(|a, b| b.loss.netback.total_cmp(&a.loss.netback));
    Ok(found)
}

fn without(before: &Shippers, planned: &Flows, edges: &[usize]) -> Result<Loss, TransitError> {
    let mut after = before.clone();
    for &edge in edges {
        after.close(edge)?;
    }
    let mut suspended = Vec::new();
    let rerouted = loop {
        match after.solve() {
            Ok(flows) => break flows,
            Err(TransitError::Conflict { contracts, .. }) if !contracts.is_empty() => {
                for &edge in &contracts {
                    let kept = &after.network().edges()[edge];
                    let (capacity, cost) = (kept.capacity, kept.cost);
                    after.set_edge(edge, capacity, 0.0, cost)?;
                }
                suspended.extend(contracts);
            }
            Err(TransitError::RightsConflict { contracts, rights, limits }) => {
                let asking = |right: &usize| after.rights()[*right].minimum > 0.0;
                let asked: Vec<usize> = rights.iter().copied().filter(asking).collect();
                if contracts.is_empty() && asked.is_empty() {
                    return Err(TransitError::RightsConflict { contracts, rights, limits });
                }
                for &edge in &contracts {
                    let kept = &after.network().edges()[edge];
                    let (capacity, cost) = (kept.capacity, kept.cost);
                    after.set_edge(edge, capacity, 0.0, cost)?;
                }
                for right in asked {
                    suspended.push(after.rights()[right].edge);
                    after.suspend_right(right)?;
                }
                suspended.extend(contracts);
            }
            Err(other) => return Err(other),
        }
    };
    suspended.sort_unstable();
    suspended.dedup();
    Ok(Loss {
        netback: rerouted.objective - planned.objective,
        delivered: planned.delivered - rerouted.delivered,
        suspended,
    })
}

/// The share of what reaches each node that has crossed the state, found by passing shares along the edges
/// until they settle: at once where flows have no cycles.
fn crossed_shares(used: &[(&Edge, f64)], arriving: &[f64], state: usize) -> Vec<f64> {
    let mut share = vec![0.0; arriving.len()];
    let crossing: Vec<bool> = used.iter().map(|(edge, _)| edge.crosses.contains(&state)).collect();
    if !crossing.contains(&true) {
        return share;
    }
    let mut crossed = vec![0.0; arriving.len()];
    for _ in 0..MOST_PASSES {
        crossed.fill(0.0);
        for ((edge, flow), crosses) in used.iter().zip(&crossing) {
            crossed[edge.to] += flow * if *crosses { 1.0 } else { share[edge.from] };
        }
        let mut moved = 0.0_f64;
        for ((share, crossed), arriving) in share.iter_mut().zip(&crossed).zip(arriving) {
            let new = if *arriving > 0.0 { (crossed / arriving).min(1.0) } else { 0.0 };
            moved = moved.max((new - *share).abs());
            *share = new;
        }
        if moved < SETTLED {
            break;
        }
    }
    share
}

/// Shares that move less than this have settled.
const SETTLED: f64 = 1e-13;
/// Far above what a flow without cycles needs, which is the length of its longest route.
const MOST_PASSES: usize = 10_000;

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::transit::Node;

    const TRANSIT_STATE: usize = 0;

    fn edge(from: usize, to: usize, capacity: f64, cost: f64, crosses: &[usize]) -> Edge {
        Edge { from, to, capacity, floor: 0.0, cost, crosses: crosses.to_vec() }
    }

    /// A field, two ways to a hub (the cheap one abroad), a cheap and a dear way on, the cheap one abroad too.
    fn abroad_twice() -> Shippers {
        let nodes =
            vec![Node::Supply { amount: 10.0 }, Node::Hub, Node::Market { capacity: 10.0, price: 50.0 }];
        let edges = vec![
            edge(0, 1, 5.0, 1.0, &[TRANSIT_STATE]),
            edge(0, 1, 5.0, 2.0, &[]),
            edge(1, 2, 5.0, 1.0, &[TRANSIT_STATE]),
            edge(1, 2, 7.0, 2.0, &[]),
        ];
        Shippers::new(Network::new(nodes, edges, 2, 10.0).unwrap())
    }

    #[test]
    fn what_crosses_a_state_twice_counts_once_and_mixes_where_it_meets() {
        let mut shippers = abroad_twice();
        let flows = shippers.solve().unwrap();
        // Half came through the state, and half of the rest goes on through it.
        assert_eq!(share_through(shippers.network(), &flows).unwrap(), [0.75, 0.0]);
    }

    #[test]
    fn a_state_no_edge_crosses_can_stop_nothing() {
        let loss = dependence(&abroad_twice()).unwrap();
        assert_eq!(loss[1], Loss { netback: 0.0, delivered: 0.0, suspended: vec![] });
        // 5 of 10 pass on without the state, at 46 each; the others cost 10 each to shut in.
        assert_eq!(loss[TRANSIT_STATE].delivered, 5.0);
        assert_eq!(loss[TRANSIT_STATE].netback, (500.0 - 15.0 - 15.0) - (5.0 * 46.0 - 5.0 * 10.0));
    }

    #[test]
    fn shares_settle_where_a_contract_sends_oil_in_a_circle() {
        let nodes =
            vec![Node::Supply { amount: 4.0 }, Node::Hub, Node::Market { capacity: 9.0, price: 50.0 }];
        let back = Edge { floor: 2.0, ..edge(1, 0, 2.0, 1.0, &[TRANSIT_STATE]) };
        let edges = vec![edge(0, 1, 9.0, 1.0, &[]), back, edge(1, 2, 9.0, 1.0, &[])];
        let mut shippers = Shippers::new(Network::new(nodes, edges, 1, 10.0).unwrap());
        let flows = shippers.solve().unwrap();
        // Of 6 at the hub 2 go round: a third of what leaves it has been round at least once.
        let share = share_through(shippers.network(), &flows).unwrap()[TRANSIT_STATE];
        assert!((share - 1.0 / 3.0).abs() < 1e-12, "{share}");
    }

    #[test]
    fn an_outage_of_an_edge_that_does_not_exist_is_refused() {
        let found = loss_without(&abroad_twice(), &[4]);
        assert_eq!(found, Err(TransitError::UnknownEdge { edge: 4, edges: 4 }));
    }
}
