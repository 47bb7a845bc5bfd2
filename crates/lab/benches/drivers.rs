//! Drivers: Sobol indices with second order and bootstrap on Ishigami's function, beside which `benches/peers/drivers.py`
//! puts SALib; and given data on as many inputs as a scenario has.

use equipoise_lab::design::{Saltelli, Side};
use equipoise_lab::drivers::given_data::Inputs;
use equipoise_lab::drivers::{Resampling, sobol::sobol};
use equipoise_lab::{Design, Points};

fn main() {
    divan::main();
}

const DESIGN: Saltelli = Saltelli { factors: 3, second_order: true };

/// Outcomes of Ishigami's function (a = 7, b = 0.1) over Saltelli's design on this many base points.
fn ishigami(points: u64) -> Vec<f64> {
    let base = Points { design: Design::Sobol, seed: 1 };
    let coordinate = |point, within, factor| {
        let behind = if DESIGN.side(within, factor) == Side::B { DESIGN.factors } else { 0 };
        std::f64::consts::PI * (2.0 * base.point(point, behind + factor) - 1.0)
    };
    (0..points)
        .flat_map(|point| (0..DESIGN.rows_per_point()).map(move |within| (point, within)))
        .map(|(point, within)| {
            let [x, y, z] = [0, 1, 2].map(|factor| coordinate(point, within, factor));
            x.sin() + 7.0 * y.sin().powi(2) + 0.1 * z.powi(4) * x.sin()
        })
        .collect()
}

fn indices(bencher: divan::Bencher, points: u64, resamples: usize) {
    let outcome = ishigami(points);
    let resampling = Resampling { resamples, ..Resampling::default() };
    bencher.bench(|| sobol(divan::black_box(&outcome), DESIGN, &[], &resampling));
}

#[divan::bench(sample_count = 10)]
fn sobol_16384_points_100_resamples(bencher: divan::Bencher) {
    indices(bencher, 1 << 14, 100);
}

#[divan::bench(sample_count = 10)]
fn sobol_16384_points_1000_resamples(bencher: divan::Bencher) {
    indices(bencher, 1 << 14, 1000);
}

#[divan::bench(sample_count = 10)]
fn sobol_65536_points_100_resamples(bencher: divan::Bencher) {
    indices(bencher, 1 << 16, 100);
}

#[divan::bench(sample_count = 10)]
fn sobol_65536_points_1000_resamples(bencher: divan::Bencher) {
    indices(bencher, 1 << 16, 1000);
}

#[divan::bench(sample_count = 10)]
fn given_data_10000_histories_160_inputs_6_outcomes(bencher: divan::Bencher) {
    let base = Points { design: Design::Sobol, seed: 1 };
    let column = |dimension| (0..10_000).map(|i| base.point(i, dimension)).collect::<Vec<f64>>();
    let columns: Vec<Vec<f64>> = (0..160).map(column).collect();
    let outcomes: Vec<Vec<f64>> =
        (0..6).map(|k| (0..10_000).map(|i| columns[k][i] + columns[k + 7][i].powi(3)).collect()).collect();
    bencher.bench(|| {
        let mut inputs = Inputs::new(10_000, &[], 2);
        let all: Vec<_> =
            columns.iter().enumerate().map(|(at, column)| (column.as_slice(), at % 2, false)).collect();
        inputs.push_all(&all);
        outcomes.iter().map(|outcome| inputs.explain(outcome, 0.95)).collect::<Vec<_>>()
    });
}
