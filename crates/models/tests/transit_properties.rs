//! What holds of the chosen flow on any network.
#![allow(clippy::unwrap_used)]

use equipoise_models::transit::{Edge, Flows, Network, Node, Shippers, TransitError};
use proptest::prelude::*;

/// Networks with a chain that connects everything and further edges, some with contracts.
fn networks(contracts: bool) -> impl Strategy<Value = Network> {
    (1usize..5, 0usize..5, 1usize..4).prop_flat_map(move |(supplies, hubs, markets)| {
        let n = supplies + hubs + markets;
        let edge = (0..n, 1..n, 0.0..30.0f64, 0.0..20.0f64, 0.0..1.0f64, prop::bool::weighted(0.2));
        let kinds = prop::collection::vec((0.0..25.0f64, 0.0..60.0f64), n);
        let chain = prop::collection::vec((0.0..30.0f64, 0.0..20.0f64), n - 1);
        (kinds, chain, prop::collection::vec(edge, 0..3 * n)).prop_map(move |(kinds, chain, extra)| {
            let node = |(k, &(amount, price)): (usize, &(f64, f64))| {
                if k < supplies {
                    Node::Supply { amount }
                } else if k < supplies + hubs {
                    Node::Hub
                } else {
                    Node::Market { capacity: amount, price }
                }
            };
            let mut edges: Vec<Edge> = chain
                .iter()
                .enumerate()
                .map(|(k, &(capacity, cost))| Edge {
                    from: k,
                    to: k + 1,
                    capacity,
                    floor: 0.0,
                    cost,
                    crosses: vec![],
                })
                .collect();
            edges.extend(extra.iter().map(|&(from, skip, capacity, cost, share, bound)| Edge {
                from,
                to: (from + skip) % n,
                capacity,
                floor: if contracts && bound { share * capacity } else { 0.0 },
                cost,
                crosses: vec![],
            }));
            Network::new(kinds.iter().enumerate().map(node).collect(), edges, 0, 15.0).unwrap()
        })
    })
}

const TINY: f64 = 1e-7;

/// Conservation, bounds, and complementary slackness with the prices given: together they prove the optimum.
fn check_optimal(network: &Network, flows: &Flows) -> Result<(), TestCaseError> {
    let mut balance = vec![0.0; network.nodes().len()];
    for (index, (edge, &flow)) in network.edges().iter().zip(&flows.flow).enumerate() {
        balance[edge.from] -= flow;
        balance[edge.to] += flow;
        prop_assert!(flow >= edge.floor - TINY && flow <= edge.capacity + TINY);
        let gain = flows.node_value[edge.to] - flows.node_value[edge.from] - edge.cost;
        if flow < edge.capacity - TINY {
            prop_assert!(gain < TINY, "edge {index} has room and gains {gain}");
            prop_assert!(flows.shadow_price[index] < TINY);
        }
        if flow > edge.floor + TINY {
            prop_assert!(gain > -TINY, "edge {index} loses {gain} beyond its contract");
            prop_assert!(flows.contract_price[index] < TINY);
        }
    }
    for (n, node) in network.nodes().iter().enumerate() {
        let value = flows.node_value[n];
        match *node {
            Node::Supply { amount } => {
                let shut_in = flows.shut_in[n];
                prop_assert!(shut_in > -TINY && shut_in < amount + TINY);
                prop_assert!((balance[n] + amount - shut_in).abs() < TINY);
                prop_assert!(shut_in < TINY || value < -network.shut_in_cost() + TINY);
                prop_assert!(shut_in > amount - TINY || value > -network.shut_in_cost() - TINY);
            }
            Node::Hub => prop_assert!(balance[n].abs() < TINY),
            Node::Market { capacity, price } => {
                let sold = flows.sold[n];
                prop_assert!(sold > -TINY && sold < capacity + TINY);
                prop_assert!((balance[n] - sold).abs() < TINY);
                prop_assert!(sold > capacity - TINY || value > price - TINY);
                prop_assert!(sold < TINY || value < price + TINY);
            }
        }
    }
    Ok(())
}

/// A grid with fields in its first column, markets in its last, and contracts on a few edges.
fn grid(side: usize, seed: u64) -> Network {
    let drawn = |k: usize, most: u64| ((k as u64 + seed).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 20) % most;
    let node = |k: usize| match k % side {
        0 => Node::Supply { amount: 10.0 + drawn(k, 97) as f64 },
        c if c + 1 == side => Node::Market { capacity: 10.0 + drawn(k, 89) as f64, price: 500.0 },
        _ => Node::Hub,
    };
    let mut list = Vec::new();
    for k in 0..side * side {
        let (row, column) = (k / side, k % side);
        let ends = [(column + 1 < side, k + 1), (row + 1 < side, k + side), (row > 0, k.wrapping_sub(side))];
        for (_, to) in ends.into_iter().filter(|(there, _)| *there) {
            let draw = 3 * k + to;
            let floor = if drawn(draw, 211) == 0 { 1.0 } else { 0.0 };
            let (capacity, cost) = (5.0 + drawn(draw, 83) as f64, 1.0 + drawn(draw, 31) as f64);
            list.push(Edge { from: k, to, capacity, floor, cost, crosses: vec![] });
        }
    }
    Network::new((0..side * side).map(node).collect(), list, 0, 1000.0).unwrap()
}

#[test]
fn large_networks_are_solved_as_exactly_as_small_ones() {
    for seed in 0..4 {
        let network = grid(18, 1000 * seed);
        let mut shippers = Shippers::new(network.clone());
        let flows = shippers.solve().unwrap();
        check_optimal(&network, &flows).unwrap();
        // The dual simplex has little left to do, and an outage is a matter of a few more pivots.
        assert!(flows.pivots < 200, "{}", flows.pivots);
        let busiest = (0..flows.flow.len()).max_by(|&a, &b| flows.flow[a].total_cmp(&flows.flow[b])).unwrap();
        shippers.close(busiest).unwrap();
        let again = shippers.solve().unwrap();
        check_optimal(shippers.network(), &again).unwrap();
        let scratch = Shippers::new(shippers.network().clone()).solve().unwrap();
        assert!((again.objective - scratch.objective).abs() < 1e-6);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn the_flow_is_conserved_bounded_and_optimal(network in networks(true)) {
        let mut shippers = Shippers::new(network.clone());
        match shippers.solve() {
            Ok(flows) => {
                check_optimal(&network, &flows)?;
                let spent: f64 = network.edges().iter().zip(&flows.flow).map(|(e, f)| e.cost * f).sum();
                let lost = network.shut_in_cost() * flows.total_shut_in;
                prop_assert!((flows.objective - (spent + lost - flows.revenue)).abs() < TINY);
            }
            Err(TransitError::Conflict { contracts, promised, possible, .. }) => {
                prop_assert!(!contracts.is_empty() && promised > possible);
                prop_assert!(contracts.iter().all(|&e| network.edges()[e].floor > 0.0));
                let named: f64 = contracts.iter().map(|&e| network.edges()[e].floor).sum();
                prop_assert!((named - promised).abs() < TINY);
                // Without any one of them the rest would pass this cut.
                prop_assert!(contracts.iter().all(|&e| promised - network.edges()[e].floor <= possible + TINY));
            }
            Err(other) => prop_assert!(false, "{other}"),
        }
    }

    #[test]
    fn any_change_is_re_solved_as_from_scratch(
        network in networks(true),
        changes in prop::collection::vec((any::<prop::sample::Index>(), 0.0..30.0f64, 0.0..20.0f64), 1..12),
    ) {
        let mut warm = Shippers::new(network);
        for (which, capacity, cost) in changes {
            let _ = warm.solve();
            let edge = which.index(warm.network().edges().len());
            let floor = warm.network().edges()[edge].floor.min(capacity);
            warm.set_edge(edge, capacity, floor, cost).unwrap();
            let again = warm.solve();
            let scratch = Shippers::new(warm.network().clone()).solve();
            match (again, scratch) {
                (Ok(again), Ok(scratch)) => {
                    prop_assert!((again.objective - scratch.objective).abs() < TINY);
                    check_optimal(warm.network(), &again)?;
                }
                (Err(TransitError::Conflict { .. }), Err(TransitError::Conflict { .. })) => {}
                (a, b) => prop_assert!(false, "{a:?} but {b:?}"),
            }
        }
    }

    #[test]
    fn more_capacity_never_lowers_the_netback_and_its_price_bounds_the_gain(
        network in networks(false), which in any::<prop::sample::Index>(), more in 0.1..20.0f64,
    ) {
        let mut shippers = Shippers::new(network);
        let before = shippers.solve().unwrap();
        let edge = which.index(shippers.network().edges().len());
        let Edge { capacity, cost, .. } = shippers.network().edges()[edge];
        shippers.set_edge(edge, capacity + more, 0.0, cost).unwrap();
        let gain = before.objective - shippers.solve().unwrap().objective;
        prop_assert!(gain > -TINY);
        prop_assert!(gain < before.shadow_price[edge] * more + TINY);
    }

    #[test]
    fn the_order_of_the_edges_does_not_matter(network in networks(true)) {
        let turned: Vec<Edge> = network.edges().iter().rev().cloned().collect();
        let again =
            Network::new(network.nodes().to_vec(), turned, network.states(), network.shut_in_cost()).unwrap();
        match (Shippers::new(network).solve(), Shippers::new(again).solve()) {
            // With costs drawn from a continuum the best flow is unique.
            (Ok(a), Ok(b)) => {
                prop_assert!((a.objective - b.objective).abs() < TINY);
                prop_assert!(a.flow.iter().zip(b.flow.iter().rev()).all(|(a, b)| (a - b).abs() < 1e-6));
            }
            (Err(TransitError::Conflict { .. }), Err(TransitError::Conflict { .. })) => {}
            (a, b) => prop_assert!(false, "{a:?} but {b:?}"),
        }
    }
}
