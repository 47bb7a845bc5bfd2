//! Whole ensembles: histories per second with all tables written, on one and on two threads, beside the same histories
//! simulated and thrown away. The difference is what encoding and writing cost.

use std::sync::atomic::{AtomicBool, AtomicU64};

use equipoise_engine::{Engine, History};
use equipoise_lab::live::{Sample, Setting, Simulator};
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
    loaded(equipoise_scenario::template("bench"))
}

fn loaded(files: Vec<(String, String)>) -> Scenario {
    equipoise_scenario::load_files("bench", files)
        .unwrap_or_else(|mistakes| panic!("the template scenario does not load:\n{mistakes}"))
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap_or_else(|error| panic!("no temporary folder: {error}"))
}

/// The template cut to its day of the shock: 70 parameters, 5 outcomes, and next to nothing to simulate.
fn one_day() -> Scenario {
    let mut files = equipoise_scenario::template("bench");
    for (path, text) in &mut files {
        match path.as_str() {
            "scenario.toml" => {
                let kept = text.split("[policies.no-request]").next().unwrap_or_default();
                *text = kept
                    .replace("start = 2030-03-01", "start = 2030-03-10")
                    .replace("end = 2030-05-31", "end = 2030-03-10")
                    .replace("from = 2030-03-11", "from = 2030-03-10");
            }
            "record.csv" => *text = text.lines().take(3).map(|line| format!("{line}\n")).collect(),
            _ => {}
        }
    }
    loaded(files)
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

/// A model that returns at once: simulated alone, in an ensemble whose outcomes stay in memory, and in one whose tables are
/// written. What the two take more than the first is what the lab adds to a history.
#[divan::bench(args = ["simulated", "kept", "written"], sample_count = 20)]
fn histories_of_one_day(bencher: divan::Bencher, what: &str) {
    /// So many that opening four files does not show.
    const MANY: u64 = 16 * HISTORIES;
    let scenario = one_day();
    let bencher = bencher.counter(divan::counter::ItemsCount::new(MANY));
    let (cancel, done) = (AtomicBool::new(false), AtomicU64::new(0));
    match what {
        "simulated" => {
            let engine = Engine::new(&scenario);
            let draws = Draws::new(&scenario, Points { design: Design::Sobol, seed: SEED }, None);
            let (mut workspace, mut history, mut parameters) =
                (engine.workspace(), History::default(), Vec::new());
            draws.fill(0, &mut parameters);
            bencher.bench_local(|| {
                for number in 0..MANY {
                    engine.simulate(SEED, number, &parameters, &mut workspace, &mut history);
                    divan::black_box(&history);
                }
            });
        }
        "kept" => {
            let simulator = Simulator::new(&scenario, Setting { seed: SEED, account: None });
            let pool = match rayon::ThreadPoolBuilder::new().num_threads(1).build() {
                Ok(pool) => pool,
                Err(error) => panic!("no thread: {error}"),
            };
            bencher.bench_local(|| {
                let mut sample = Sample::empty(&scenario, Vec::new());
                pool.install(|| simulator.grow(&mut sample, MANY, None, &cancel));
                sample
            });
        }
        _ => {
            let plan = Plan { histories: MANY, seed: SEED, threads: 1, ..Plan::default() };
            bencher.with_inputs(folder).bench_local_values(|folder| {
                let control = Control { cancel: &cancel, done: &done };
                if let Err(error) = run(&scenario, &plan, &folder.path().join("run"), &control) {
                    panic!("{error}");
                }
                folder
            });
        }
    }
}

/// What pairing adds to a history that is simulated under a policy as well: reading both runs and every difference.
#[divan::bench(sample_count = 20)]
fn two_runs_compared(bencher: divan::Bencher) {
    let scenario = template();
    let folder = folder();
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
    bencher.counter(divan::counter::ItemsCount::new(HISTORIES)).with_inputs(folder).bench_local_values(
        |folder| {
            let control = Control { cancel: &cancel, done: &done };
            if let Err(error) = run(&scenario, &plan, &folder.path().join("run"), &control) {
                panic!("{error}");
            }
            folder
        },
    );
}
