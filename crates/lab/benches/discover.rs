//! Scenario discovery: one PRIM box in tables of the sizes that the peers were measured on. `benches/peers/discover.py`
//! measures EMA Workbench beside it.

use equipoise_lab::discover::{Input, Inputs, PrimOptions, Values, cart, prim};
use equipoise_models::noise::{Noise, Stream};

fn main() {
    divan::main();
}

/// A table of uniform inputs in which a corner of the first three matters, with noise.
fn table(rows: u32, columns: u32) -> (Inputs, Vec<bool>) {
    let stream = Stream::named("bench");
    let noise = Noise::new(1, 0);
    let inputs: Vec<Input> = (0..columns)
        .map(|at| Input {
            name: format!("x{at}"),
            values: Values::Real((0..rows).map(|row| noise.uniform(stream, row, at, 0)).collect()),
        })
        .collect();
    let happens = (0..rows).map(|row| {
        let u = |at: u32| noise.uniform(stream, row, at, 0);
        (u(0) > 0.55 && u(1) < 0.45 && u(2) > 0.3) != (noise.uniform(stream, row, columns, 0) < 0.05)
    });
    let happens = happens.collect();
    match Inputs::new(inputs) {
        Ok(inputs) => (inputs, happens),
        Err(error) => panic!("{error}"),
    }
}

#[divan::bench(args = [(1000, 20), (5000, 7), (10_000, 160)], sample_count = 20)]
fn one_prim_box(bencher: divan::Bencher, size: (u32, u32)) {
    let (inputs, happens) = table(size.0, size.1);
    let options = PrimOptions::default();
    bencher.bench_local(|| prim(&inputs, &happens, &options));
}

#[divan::bench(args = [(5000, 7)], sample_count = 20)]
fn a_tree(bencher: divan::Bencher, size: (u32, u32)) {
    let (inputs, happens) = table(size.0, size.1);
    bencher.bench_local(|| cart(&inputs, &happens, 0.05));
}
