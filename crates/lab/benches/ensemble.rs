//! Whole ensembles: histories per second with all tables written, on one and on two threads, beside the same histories
//! simulated and thrown away. The difference is what encoding and writing cost.

use std::sync::atomic::{AtomicBool, AtomicU64};

use equipoise_engine::{Engine, History};
use equipoise_lab::paired::effects;
use equipoise_lab::{Control, Design, Draws, Plan, Points, Run, run};
use equipoise_scenario::Scenario;

fn main() {
    divan::main();
}

const HISTORIES: u64 = 1024;
const SEED: u64 = 1;
const TEMPLATE: &str = "template";

fn template() -> Scenario {
    equipoise_scenario::load_files("bench", equipoise_scenario::template("bench"))
        .unwrap_or_else(|mistakes| panic!("the template scenario does not load:\n{mistakes}"))
}

#[divan::bench(sample_count = 10)]
fn histories_simulated_and_thrown_away(bencher: divan::Bencher) {
    let scenario = template();
    let engine = Engine::new(&scenario);
    let points = Points { design: Design::Sobol, seed: SEED };
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

/// What the lab adds to a history before it is written: its point of the design, its account and its parameters.
#[divan::bench(args = [TEMPLATE, "kazakhstan-2022"], sample_count = 20)]
fn accounts_and_parameters_drawn(bencher: divan::Bencher, name: &str) {
    let scenario = match name {
        TEMPLATE => template(),
        name => equipoise_bundled::bundled(name).unwrap_or_else(|error| panic!("{error}")),
    };
    let points = Points { design: Design::Sobol, seed: SEED };
    let draws = Draws::new(&scenario, points, None);
    let mut parameters = Vec::new();
    bencher.counter(divan::counter::ItemsCount::new(HISTORIES)).bench_local(|| {
        for number in 0..HISTORIES {
            divan::black_box(draws.fill(number, &mut parameters));
        }
        divan::black_box(&parameters);
    });
}

/// What pairing adds to a history that is simulated under a policy as well: reading both runs and every difference.
#[divan::bench(sample_count = 20)]
fn two_runs_compared(bencher: divan::Bencher) {
    let scenario = template();
    let folder = match tempfile::tempdir() {
        Ok(folder) => folder,
        Err(error) => panic!("no temporary folder: {error}"),
    };
    let (cancel, done) = (AtomicBool::new(false), AtomicU64::new(0));
    let control = Control { cancel: &cancel, done: &done };
    let written = |policy: Option<&str>| {
        let plan = Plan {
            histories: HISTORIES,
            seed: SEED,
            policy: policy.map(str::to_owned),
            threads: 2,
            ..Plan::default()
        };
        let dir = folder.path().join(policy.unwrap_or("none"));
        match run(&scenario, &plan, &dir, &control).and_then(|_| Run::open(&dir)) {
            Ok(run) => run,
            Err(error) => panic!("{error}"),
        }
    };
    let (baseline, policy) = (written(None), written(Some("no-request")));
    bencher.counter(divan::counter::ItemsCount::new(HISTORIES)).bench_local(|| {
        match effects(&baseline, &policy) {
            Ok(effects) => effects,
            Err(error) => panic!("{error}"),
        }
    });
}

#[divan::bench(args = [1, 2], sample_count = 10)]
fn ensemble_written_to_disk(bencher: divan::Bencher, threads: usize) {
    let scenario = template();
    let plan = Plan { histories: HISTORIES, seed: SEED, threads, ..Plan::default() };
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
