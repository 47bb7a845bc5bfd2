//! Whole ensembles with all tables written: histories per second on one and on two threads.

use std::sync::atomic::{AtomicBool, AtomicU64};

use equipoise_lab::{Control, Design, Plan, run};

fn main() {
    divan::main();
}

const HISTORIES: u64 = 1024;

#[divan::bench(args = [1, 2], sample_count = 10)]
fn ensemble_written_to_disk(bencher: divan::Bencher, threads: usize) {
    let files = equipoise_scenario::template("bench")
        .into_iter()
        .map(|(path, text)| (path, text.into_bytes()))
        .collect();
    let scenario = equipoise_scenario::load_files("bench", files)
        .unwrap_or_else(|mistakes| panic!("the template scenario does not load:\n{mistakes}"));
    let plan = Plan {
        histories: HISTORIES,
        seed: 1,
        design: Design::Sobol,
        shard_size: None,
        account: None,
        policy: None,
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
