//! Gravity equilibria: the peer's example and synthetic worlds. Run `cargo bench -p equipoise-models --bench gravity`.
#![allow(clippy::unwrap_used)]

use divan::{Bencher, black_box};
use equipoise_models::gravity::parity::{Baseline, counterfactual};
use equipoise_models::gravity::{Closure, Shock, Trade, equilibrium};

fn main() {
    divan::main();
}

/// A world whose trade falls with the distance on a ring, and an agreement between two of its members.
fn world(n: usize) -> (Trade, Shock) {
    let size = |i: usize| 1.0 + 40.0 * ((i * 7919) % 101) as f64 / 101.0;
    let flow = |cell: usize| {
        let (i, j) = (cell / n, cell % n);
        let apart = i.abs_diff(j).min(n - i.abs_diff(j)) as f64;
        size(i) * size(j) * if i == j { 1.0 } else { 0.05 / (1.0 + apart) }
    };
    let mut change = vec![0.0; n * n];
    (change[1], change[n]) = (0.47, 0.47);
    (Trade::new(n, (0..n * n).map(flow).collect()).unwrap(), Shock::new(n, change).unwrap())
}

#[divan::bench(args = [30, 50, 100, 194])]
fn feedback(bencher: Bencher, countries: usize) {
    let (trade, shock) = world(countries);
    bencher.bench(|| equilibrium(black_box(&trade), &shock, 4.0, Closure::Additive).unwrap());
}

#[divan::bench(args = [30, 50, 100, 194])]
fn parity(bencher: Bencher, countries: usize) {
    let (trade, shock) = world(countries);
    let baseline = Baseline::of_trade(&trade, 0).unwrap();
    bencher.bench(|| counterfactual(black_box(&baseline), &shock, 4.0).unwrap());
}
