//! Whole ensembles: histories per second with all tables written, on one and on two threads, beside the same histories
//! simulated and thrown away. The difference is what encoding and writing cost.

use std::sync::atomic::{AtomicBool, AtomicU64};

use equipoise_engine::{Engine, History};
use equipoise_lab::{Control, Design, Draws, Plan, Points, run};
use equipoise_scenario::Scenario;

fn main() {
    divan::main();
}

const HISTORIES: u64 = 1024;
const SEED: u64 = 1;

fn template() -> Scenario {
    let files = equipoise_scenario::template("bench")
        .into_iter()
        .map(|(path, text)| (path, text.into_bytes()))
        .collect();
    equipoise_scenario::load_files("bench", files)
        .unwrap_or_else(|mistakes| panic!("the template scenario does not load:\n{mistakes}"))
}

#[divan::bench(sample_count = 10)]
fn histories_simulated_and_thrown_away(bencher: divan::Bencher) {
    let scenario = template();
    let engine = Engine::new(&scenario);
    let points = Points { design: Design::Sobol, seed: SEED, size: HISTORIES };
    let draws = Draws::new(&scenario, points, None);
    let (mut workspace, mut history, mut parameters) = (engine.workspace(), History::default(), Vec::new());
    bencher.counter(divan::counter::ItemsCount::new(HISTORIES)).bench_local(|| {
        for number in 0..HISTORIES {
            draws.fill(number, &mut parameters);
            engine.simulate(SEED, number, &parameters, &mut workspace, &mut history);
            divan::black_box(&history);
        }
    });
}

#[divan::bench(args = [1, 2], sample_count = 10)]
fn ensemble_written_to_disk(bencher: divan::Bencher, threads: usize) {
    let scenario = template();
    let plan = Plan {
        histories: HISTORIES,
        seed: SEED,
        design: Design::Sobol,
        shard_size: None,
        account: None,
        policy: None,
        posterior: None,
        threads,
    };
    let (cancel, done) = (AtomicBool::new(false), AtomicU64::new(0));
    bencher
        .counter(divan::counter::ItemsCount::new(HISTORIES))
        .with_inputs(|| match tempfile::tempdir() {
            Ok(folder) => folder,
            Err(error) => panic!("no temporary folder: {error}"),
        })
        .bench_local_values(|folder| {
            let control = Control { cancel: &cancel, done: &done };
            if let Err(error) = run(&scenario, &plan, &folder.path().join("run"), &control) {
                panic!("{error}");
            }
            folder
        });
}
