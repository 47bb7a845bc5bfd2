//! Shippers' flows: the oil network, an outage re-solved, and synthetic grids. Run `cargo bench -p equipoise-models
//! --bench transit`.
#![allow(clippy::unwrap_used)]

#[path = "../tests/fixtures/transit/oil_network.rs"]
mod oil_network;

use divan::{Bencher, black_box};
use equipoise_models::transit::{Cargo, Edge, Network, Node, Right, Shippers, dependence, single_outages};

fn main() {
    divan::main();
}

#[divan::bench]
fn oil_from_scratch(bencher: Bencher) {
    let network = oil_network::network("2021");
    bencher.with_inputs(|| network.clone()).bench_values(|n| Shippers::new(n).solve().unwrap());
}

/// The pipeline's capacity falls to a third and comes back: two solutions, each from the last.
#[divan::bench]
fn oil_outage_and_repair(bencher: Bencher) {
    let mut shippers = Shippers::new(oil_network::network("2021"));
    let cpc = oil_network::cpc();
    shippers.solve().unwrap();
    bencher.bench_local(|| {
        shippers.set_edge(cpc, black_box(21_000.0), 0.0, 38.0).unwrap();
        let out = shippers.solve().unwrap().objective;
        shippers.set_edge(cpc, black_box(60_000.0), 0.0, 38.0).unwrap();
        out + shippers.solve().unwrap().objective
    });
}

#[divan::bench]
fn oil_dependence(bencher: Bencher) {
    let shippers = Shippers::new(oil_network::network("2021"));
    bencher.bench(|| dependence(black_box(&shippers)).unwrap());
}

#[divan::bench]
fn oil_single_outages(bencher: Bencher) {
    let shippers = Shippers::new(oil_network::network("2021"));
    bencher.bench(|| single_outages(black_box(&shippers)).unwrap());
}

/// Each supplier's oil apart, one of them held to a share of the pipeline.
fn by_supplier() -> Shippers {
    let network = oil_network::network("2021");
    let is_supply = |n: &usize| matches!(network.nodes()[*n], Node::Supply { .. });
    let cargoes = (0..network.nodes().len()).filter(is_supply).map(|n| Cargo::of(vec![n])).collect();
    let right = Right { edge: oil_network::cpc(), cargo: 1, minimum: 2_000.0, maximum: 9_000.0 };
    Shippers::with_rights(network, cargoes, vec![right]).unwrap()
}

#[divan::bench]
fn oil_by_supplier_from_scratch(bencher: Bencher) {
    let shippers = by_supplier();
    bencher.with_inputs(|| shippers.clone()).bench_values(|mut s| s.solve().unwrap());
}

#[divan::bench]
fn oil_by_supplier_outage_and_repair(bencher: Bencher) {
    let mut shippers = by_supplier();
    let cpc = oil_network::cpc();
    shippers.solve().unwrap();
    bencher.bench_local(|| {
        shippers.set_edge(cpc, black_box(21_000.0), 0.0, 38.0).unwrap();
        let out = shippers.solve().unwrap().objective;
        shippers.set_edge(cpc, black_box(60_000.0), 0.0, 38.0).unwrap();
        out + shippers.solve().unwrap().objective
    });
}

/// A grid with supplies in its first column, markets in its last, and edges right, up and down.
fn grid(edges: usize) -> Network {
    let side = (edges as f64 / 3.0).sqrt().round() as usize;
    let drawn = |k: usize, most: u64| (k as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) % most;
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
            let (capacity, cost) = (5.0 + drawn(draw, 83) as f64, 1.0 + drawn(draw, 31) as f64);
            list.push(Edge { from: k, to, capacity, floor: 0.0, cost, crosses: vec![] });
        }
    }
    Network::new((0..side * side).map(node).collect(), list, 0, 1000.0).unwrap()
}

#[divan::bench(args = [100, 1_000, 10_000], sample_count = 10)]
fn grid_from_scratch(bencher: Bencher, edges: usize) {
    let network = grid(edges);
    bencher.with_inputs(|| network.clone()).bench_values(|n| Shippers::new(n).solve().unwrap());
}

#[divan::bench(args = [100, 1_000, 10_000], sample_count = 10)]
fn grid_outage(bencher: Bencher, edges: usize) {
    let mut planned = Shippers::new(grid(edges));
    let flows = planned.solve().unwrap();
    let busiest = (0..flows.flow.len()).max_by(|&a, &b| flows.flow[a].total_cmp(&flows.flow[b])).unwrap();
    bencher.with_inputs(|| planned.clone()).bench_values(|mut s| {
        s.close(busiest).unwrap();
        s.solve().unwrap()
    });
}
