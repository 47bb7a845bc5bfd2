//! What holds of cargoes that do not mix, and of rights, on any network.
#![allow(clippy::unwrap_used)]

#[path = "fixtures/transit/oil_network.rs"]
mod oil_network;

use equipoise_models::transit::{
    Cargo, Edge, Flows, Network, Node, Right, Shippers, TransitError, dependence, share_through_by_cargo,
};
use proptest::prelude::*;

const TINY: f64 = 1e-6;

/// A network, and two or three cargoes whose supplies come first.
fn shared() -> impl Strategy<Value = (Network, Vec<Cargo>)> {
    (2usize..5, 0usize..4, 1usize..4).prop_flat_map(|(supplies, hubs, markets)| {
        let n = supplies + hubs + markets;
        let kinds = prop::collection::vec((0.0..25.0f64, 0.0..60.0f64), n);
        let chain = prop::collection::vec((0.0..30.0f64, 0.0..20.0f64), n - 1);
        let edge = (0..n, 1..n, 0.0..30.0f64, 0.0..20.0f64);
        let extra = prop::collection::vec(edge, 0..3 * n);
        let premiums = prop::collection::vec(-8.0..8.0f64, 3);
        (kinds, chain, extra, premiums).prop_map(move |(kinds, chain, extra, premiums)| {
            let node = |(k, &(amount, price)): (usize, &(f64, f64))| {
                if k < supplies {
                    Node::Supply { amount }
                } else if k < supplies + hubs {
                    Node::Hub
                } else {
                    Node::Market { capacity: amount, price }
                }
            };
            let edge =
                |from, to, capacity, cost| Edge { from, to, capacity, floor: 0.0, cost, crosses: vec![] };
            let mut edges: Vec<Edge> =
                chain.iter().enumerate().map(|(k, &(u, c))| edge(k, k + 1, u, c)).collect();
            edges.extend(extra.iter().map(|&(from, skip, u, c)| edge(from, (from + skip) % n, u, c)));
            let network = Network::new(kinds.iter().enumerate().map(node).collect(), edges, 0, 15.0).unwrap();
            let last = n - 1;
            let mut cargoes = vec![Cargo::of(vec![0]), Cargo::of((1..supplies).collect())];
            cargoes[0].premiums = vec![(last, premiums[0])];
            cargoes[1].premiums = vec![(last, premiums[1])];
            if premiums[2] > 6.0 {
                cargoes[1].refused_by = vec![last];
            }
            (network, cargoes)
        })
    })
}

/// Rights on some edges: minimums that may conflict, maximums that bite.
fn rights(edges: usize) -> impl Strategy<Value = Vec<Right>> {
    let right =
        (0..edges, 0usize..2, 0.0..1.0f64, prop::bool::ANY).prop_map(|(edge, cargo, share, least)| Right {
            edge,
            cargo,
            minimum: if least { 4.0 * share } else { 0.0 },
            maximum: if least { f64::INFINITY } else { 12.0 * share },
        });
    prop::collection::vec(right, 0..4).prop_map(|mut rights| {
        rights.sort_by_key(|r| (r.edge, r.cargo));
        rights.dedup_by_key(|r| (r.edge, r.cargo));
        rights
    })
}

fn with_rights() -> impl Strategy<Value = (Network, Vec<Cargo>, Vec<Right>)> {
    shared().prop_flat_map(|(network, cargoes)| {
        let edges = network.edges().len();
        (Just(network), Just(cargoes), rights(edges))
    })
}

/// The value of capacity left over: what complementary slackness forbids.
fn check_optimal(shippers: &Shippers, flows: &Flows) -> Result<(), TestCaseError> {
    let network = shippers.network();
    let parts = shippers.by_cargo();
    let mut total = vec![0.0; network.edges().len()];
    for (c, (part, cargo)) in parts.iter().zip(shippers.cargoes()).enumerate() {
        let mut balance = vec![0.0; network.nodes().len()];
        for (e, edge) in network.edges().iter().enumerate() {
            balance[edge.from] -= part.flow[e];
            balance[edge.to] += part.flow[e];
            total[e] += part.flow[e];
            let right = shippers.rights().iter().find(|r| r.edge == e && r.cargo == c);
            let (least, most) = right.map_or((0.0, f64::INFINITY), |r| (r.minimum, r.maximum));
            prop_assert!(part.flow[e] > least - TINY && part.flow[e] < most.min(edge.capacity) + TINY);
            // A unit more earns its gain, less the worth of the room it takes.
            let gain =
                part.node_value[edge.to] - part.node_value[edge.from] - edge.cost - flows.shadow_price[e];
            if part.flow[e] < most.min(edge.capacity) - TINY {
                prop_assert!(gain < TINY, "cargo {c} gains {gain} on edge {e}");
            }
            if part.flow[e] > least + TINY {
                prop_assert!(gain > -TINY, "cargo {c} loses {gain} on edge {e}");
            }
        }
        for (n, node) in network.nodes().iter().enumerate() {
            match *node {
                Node::Supply { amount } if cargo.supplies.contains(&n) => {
                    prop_assert!((balance[n] + amount - part.shut_in[n]).abs() < TINY);
                    prop_assert!(part.shut_in[n] > -TINY && part.shut_in[n] < amount + TINY);
                }
                Node::Market { .. } => {
                    prop_assert!((balance[n] - part.sold[n]).abs() < TINY);
                    prop_assert!(part.sold[n] < TINY || !cargo.refused_by.contains(&n));
                }
                _ => prop_assert!(balance[n].abs() < TINY),
            }
        }
    }
    for (e, edge) in network.edges().iter().enumerate() {
        prop_assert!(total[e] < edge.capacity + TINY && (total[e] - flows.flow[e]).abs() < TINY);
        prop_assert!(flows.shadow_price[e] < TINY || total[e] > edge.capacity - TINY);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn cargoes_that_are_alike_ship_as_if_they_mixed((network, cargoes) in shared()) {
        let alike: Vec<Cargo> = cargoes.into_iter().map(|c| Cargo::of(c.supplies)).collect();
        let apart = Shippers::with_rights(network.clone(), alike, vec![]).unwrap().solve().unwrap();
        let mixed = Shippers::new(network).solve().unwrap();
        prop_assert!((apart.objective - mixed.objective).abs() < TINY);
        prop_assert!((apart.revenue - apart.transport_cost - 15.0 * apart.total_shut_in + apart.objective).abs() < TINY);
    }

    #[test]
    fn each_cargo_is_conserved_and_its_flow_optimal((network, cargoes, rights) in with_rights()) {
        let mut shippers = Shippers::with_rights(network, cargoes, rights).unwrap();
        match shippers.solve() {
            Ok(flows) => check_optimal(&shippers, &flows)?,
            Err(TransitError::RightsConflict { contracts, rights, .. }) => {
                prop_assert!(contracts.is_empty());
                // Those named conflict without the others, and without one of them they no longer do.
                let mut alone = shippers.clone();
                for right in (0..shippers.rights().len()).filter(|r| !rights.contains(r)) {
                    alone.set_right(right, 0.0, f64::INFINITY).unwrap();
                }
                prop_assert!(matches!(alone.solve(), Err(TransitError::RightsConflict { .. })), "{rights:?}");
                alone.set_right(rights[0], 0.0, f64::INFINITY).unwrap();
                prop_assert!(alone.solve().is_ok(), "{rights:?}");
            }
            Err(other) => prop_assert!(false, "{other}"),
        }
    }

    #[test]
    fn any_change_is_re_solved_as_from_scratch(
        (network, cargoes, rights) in with_rights(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), 0.0..30.0f64, 0.0..20.0f64), 1..10),
    ) {
        let mut warm = Shippers::with_rights(network, cargoes.clone(), rights).unwrap();
        for (which, capacity, cost) in changes {
            let _ = warm.solve();
            let edge = which.index(warm.network().edges().len());
            warm.set_edge(edge, capacity, 0.0, cost).unwrap();
            let again = warm.solve();
            let rights = warm.rights().to_vec();
            let scratch = Shippers::with_rights(warm.network().clone(), cargoes.clone(), rights).unwrap().solve();
            match (again, scratch) {
                (Ok(again), Ok(scratch)) => {
                    prop_assert!((again.objective - scratch.objective).abs() < TINY);
                    check_optimal(&warm, &again)?;
                }
                (Err(TransitError::RightsConflict { .. }), Err(TransitError::RightsConflict { .. })) => {}
                (a, b) => prop_assert!(false, "{a:?} but {b:?}"),
            }
        }
    }

    #[test]
    fn more_capacity_never_lowers_the_netback_of_cargoes(
        (network, cargoes) in shared(), which in any::<prop::sample::Index>(), more in 0.1..20.0f64,
    ) {
        let mut shippers = Shippers::with_rights(network, cargoes, vec![]).unwrap();
        let before = shippers.solve().unwrap();
        let edge = which.index(shippers.network().edges().len());
        let Edge { capacity, cost, .. } = shippers.network().edges()[edge];
        shippers.set_edge(edge, capacity + more, 0.0, cost).unwrap();
        let after = shippers.solve().unwrap();
        let gain = before.objective - after.objective;
        prop_assert!(gain > -TINY && gain < before.shadow_price[edge] * more + TINY);
    }
}

/// What HiGHS 1.15 and Clarabel 0.11.1 find for the six suppliers of 2021 apart, one of them bound to send 2 to 9 Mt over
/// the pipeline.
const BY_SUPPLIER: f64 = 2_993_300.0;

#[test]
fn six_suppliers_apart_cost_what_two_solvers_say() {
    let network = oil_network::network("2021");
    let is_supply = |n: &usize| matches!(network.nodes()[*n], Node::Supply { .. });
    let supplies: Vec<usize> = (0..network.nodes().len()).filter(is_supply).collect();
    let cargoes = supplies.iter().map(|&n| Cargo::of(vec![n])).collect();
    let right = Right { edge: oil_network::cpc(), cargo: 1, minimum: 2_000.0, maximum: 9_000.0 };
    let mut shippers = Shippers::with_rights(network, cargoes, vec![right]).unwrap();
    let flows = shippers.solve().unwrap();
    assert!((flows.objective - BY_SUPPLIER).abs() < 1e-6);
    // Cargo by cargo, only what is one supplier's is mixed; the share of the whole stays a share.
    let share = share_through_by_cargo(&mut shippers).unwrap()[oil_network::RUSSIA];
    assert!(share > 0.5 && share < 1.0);
    let loss = &dependence(&shippers).unwrap()[oil_network::RUSSIA];
    assert!(loss.delivered > 0.5 * flows.delivered && loss.suspended.is_empty());
}

/// Two fields, one pipe and one railway to one market.
fn two_fields() -> (Network, Vec<Cargo>) {
    let nodes = vec![
        Node::Supply { amount: 6.0 },
        Node::Supply { amount: 6.0 },
        Node::Hub,
        Node::Market { capacity: 20.0, price: 50.0 },
    ];
    let edge = |from, to, capacity, cost| Edge { from, to, capacity, floor: 0.0, cost, crosses: vec![] };
    let edges = vec![edge(0, 2, 9.0, 1.0), edge(1, 2, 9.0, 1.0), edge(2, 3, 8.0, 2.0), edge(2, 3, 9.0, 30.0)];
    (Network::new(nodes, edges, 0, 10.0).unwrap(), vec![Cargo::of(vec![0]), Cargo::of(vec![1])])
}

#[test]
fn a_right_to_the_pipe_sends_the_other_field_by_rail() {
    let (network, cargoes) = two_fields();
    let right = Right { edge: 2, cargo: 1, minimum: 0.0, maximum: 1.5 };
    let mut shippers = Shippers::with_rights(network, cargoes, vec![right]).unwrap();
    let flows = shippers.solve().unwrap();
    let parts = shippers.by_cargo();
    assert_eq!((parts[0].flow[2], parts[1].flow[2], parts[1].flow[3]), (6.0, 1.5, 4.5));
    shippers.set_right(0, 0.0, 1.0).unwrap();
    let tighter = shippers.solve().unwrap();
    // Half a unit goes by rail now, at 28 more.
    assert!((tighter.objective - flows.objective - 14.0).abs() < 1e-9);
    assert!((shippers.by_cargo()[1].shadow_price[2] - 28.0).abs() < 1e-9);
}

#[test]
fn a_quality_limit_keeps_a_grade_off_an_edge_and_bulk_takes_more_room() {
    let (network, mut cargoes) = two_fields();
    cargoes[0].room = 2.0;
    let banned = Right { edge: 2, cargo: 1, minimum: 0.0, maximum: 0.0 };
    let mut shippers = Shippers::with_rights(network, cargoes, vec![banned]).unwrap();
    shippers.solve().unwrap();
    let parts = shippers.by_cargo();
    // The first field's bulky oil fills the pipe with 4 units and its own way with 4.5.
    assert_eq!((parts[0].flow[2], parts[1].flow[2]), (4.0, 0.0));
    assert!((parts[0].delivered - 4.5).abs() < 1e-9);
}

#[test]
fn only_what_limits_a_cargo_stands_against_its_rights() {
    // The first field's oil cannot fill its right at the market, and what the second has does not matter.
    let edge = |from, to| Edge { from, to, capacity: 20.0, floor: 0.0, cost: 1.0, crosses: vec![] };
    let nodes = vec![
        Node::Supply { amount: 3.0 },
        Node::Supply { amount: 9.0 },
        Node::Hub,
        Node::Market { capacity: 50.0, price: 60.0 },
    ];
    let network = Network::new(nodes, vec![edge(0, 2), edge(1, 2), edge(2, 3)], 0, 10.0).unwrap();
    let right = Right { edge: 2, cargo: 0, minimum: 5.0, maximum: f64::INFINITY };
    let cargoes = vec![Cargo::of(vec![0]), Cargo::of(vec![1])];
    let found = Shippers::with_rights(network, cargoes, vec![right]).unwrap().solve();
    let limits = vec![equipoise_models::transit::Limit::Supply(0)];
    assert_eq!(found, Err(TransitError::RightsConflict { contracts: vec![], rights: vec![0], limits }));
}

#[test]
fn minimums_that_cannot_all_be_kept_are_named_with_what_stands_against_them() {
    let (network, cargoes) = two_fields();
    let take_or_pay = |cargo| Right { edge: 2, cargo, minimum: 5.0, maximum: f64::INFINITY };
    let idle = Right { edge: 0, cargo: 0, minimum: 1.0, maximum: f64::INFINITY };
    let mut shippers =
        Shippers::with_rights(network, cargoes, vec![take_or_pay(0), idle, take_or_pay(1)]).unwrap();
    match shippers.solve() {
        Err(TransitError::RightsConflict { contracts, rights, limits }) => {
            assert_eq!((contracts, rights), (vec![], vec![0, 2]));
            assert_eq!(limits, [equipoise_models::transit::Limit::Edge(2)]);
        }
        other => panic!("{other:?}"),
    }
    shippers.suspend_right(2).unwrap();
    assert!(shippers.solve().is_ok());
}

#[test]
fn cargoes_and_rights_that_cannot_be_are_refused() {
    let (network, cargoes) = two_fields();
    let refused = |cargoes: Vec<Cargo>, rights: Vec<Right>| {
        Shippers::with_rights(network.clone(), cargoes, rights).unwrap_err()
    };
    let right = Right { edge: 2, cargo: 1, minimum: 0.0, maximum: 5.0 };
    assert!(matches!(refused(vec![Cargo::of(vec![0])], vec![]), TransitError::WrongKind { node: 1, .. }));
    assert!(matches!(
        refused(vec![Cargo::of(vec![0, 1, 0])], vec![]),
        TransitError::WrongKind { node: 0, .. }
    ));
    assert!(matches!(
        refused(cargoes.clone(), vec![Right { edge: 9, ..right }]),
        TransitError::UnknownEdge { edge: 9, edges: 4 }
    ));
    assert!(matches!(
        refused(cargoes.clone(), vec![Right { cargo: 2, ..right }]),
        TransitError::UnknownCargo { cargo: 2, cargoes: 2 }
    ));
    assert!(matches!(
        refused(cargoes.clone(), vec![Right { minimum: -1.0, ..right }]),
        TransitError::Amount { index: 0, .. }
    ));
    assert!(matches!(
        refused(cargoes, vec![Right { minimum: 6.0, ..right }]),
        TransitError::RightsConflict { .. }
    ));
}
