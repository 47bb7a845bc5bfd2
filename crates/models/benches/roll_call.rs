//! Ideal points of the General Assembly, sessions 70 to 74 (88,479 votes on 500 divided roll calls). The counter is
//! observation-iterations, a vote once through an iteration or a sweep; divide by the number of threads for the figure per
//! core. Run `cargo bench -p equipoise-models --bench roll_call`.
#![allow(clippy::unwrap_used)]

#[path = "../tests/fixtures/roll_call/unga.rs"]
mod unga;

use std::sync::atomic::{AtomicBool, AtomicU64};

use divan::Bencher;
use divan::counter::ItemsCount;
use equipoise_models::roll_call::fast::{FastSettings, fast};
use equipoise_models::roll_call::gibbs::{GibbsSettings, Watch, gibbs};
use equipoise_models::roll_call::{Chamber, find_repeats};

fn main() {
    divan::main();
}

fn chamber() -> Chamber {
    let mut votes = unga::votes();
    for (later, earlier) in find_repeats(&votes) {
        votes.roll_calls[later as usize].repeats = Some(earlier);
    }
    Chamber::new(&votes, &unga::anchors()).unwrap()
}

/// A hundred iterations, the start included.
#[divan::bench(args = [1, 2], sample_count = 5)]
fn sampler(bencher: Bencher, threads: usize) {
    let chamber = chamber();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    let settings = GibbsSettings { iterations: 100, burn_in: 50, seed: 1 };
    bencher.counter(ItemsCount::new(100 * chamber.votes())).bench(|| {
        let watch = Watch { done: &AtomicU64::new(0), cancel: &AtomicBool::new(false) };
        pool.install(|| gibbs(&chamber, settings, watch)).unwrap()
    });
}

#[divan::bench(args = [1, 2], sample_count = 5)]
fn fast_estimator(bencher: Bencher, threads: usize) {
    let chamber = chamber();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    let sweeps = fast(&chamber, FastSettings::default()).unwrap().rounds;
    bencher
        .counter(ItemsCount::new(sweeps * chamber.votes()))
        .bench(|| pool.install(|| fast(&chamber, FastSettings::default())).unwrap());
}

/// From votes to rows for estimation, and finding repeats.
#[divan::bench]
fn arrangement(bencher: Bencher) {
    let votes = unga::votes();
    bencher.bench(|| (find_repeats(&votes).len(), Chamber::new(&votes, &[]).unwrap().votes()));
}
