//! Cost of one history of the bundled scenario (243 days), on one thread, nothing written.

use std::path::Path;

use equipoise_engine::{Engine, History};
use equipoise_models::noise::{Noise, Stream};
use equipoise_scenario::Scenario;

fn main() {
    divan::main();
}

/// Parameters of one history, drawn as plain Monte Carlo.
fn parameters(scenario: &Scenario, history: u64) -> Vec<f64> {
    let noise = Noise::new(1, history);
    let account = history as usize % scenario.evidence.accounts.len();
    let draw = |p: usize| noise.uniform(Stream::named("bench"), p as u32, 0, 0);
    scenario.parameters.iter().enumerate().map(|(p, parameter)| parameter.draw(draw(p), account)).collect()
}

#[divan::bench(sample_count = 20)]
fn a_hundred_histories_of_kazakhstan_2022(bencher: divan::Bencher<'_, '_>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/kazakhstan-2022");
    let scenario = match equipoise_scenario::load(&folder) {
        Ok(scenario) => scenario,
        Err(mistakes) => panic!("the bundled scenario does not load:\n{mistakes}"),
    };
    let engine = Engine::new(&scenario);
    let draws: Vec<Vec<f64>> = (0..100).map(|history| parameters(&scenario, history)).collect();
    let mut workspace = engine.workspace();
    let mut into = History::default();
    bencher.counter(divan::counter::ItemsCount::new(100u32)).bench_local(|| {
        for (history, parameters) in draws.iter().enumerate() {
            engine.simulate(1, history as u64, parameters, &mut workspace, &mut into);
            divan::black_box(&into);
        }
    });
}
