//! Civil violence: agent-steps a second of the plain engine and of the one for crowds, by rules and size, after the opening
//! outburst. An agent-step is one agent's activation in one tick, the jailed counted as other programs count them.

#![allow(clippy::unwrap_used)]

use divan::counter::ItemsCount;
use equipoise_models::civil_violence::{Crowd, Ratio, Rules, Setting, Society};

fn main() {
    divan::main();
}

/// By name: the original program's rules, the text with whole ratios, the text.
fn rules(name: &str) -> Rules {
    match name {
        "walk" => Rules::BROOKINGS_2001,
        "jump" => Rules { ratio: Ratio::Floor, ..Rules::PNAS_2002 },
        _ => Rules::PNAS_2002,
    }
}

fn run_2(side: usize) -> Setting {
    Setting { width: side, height: side, ..Setting::published(2, false).unwrap() }
}

fn pool(threads: usize) -> rayon::ThreadPool {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap()
}

const NAMES: [&str; 3] = ["walk", "jump", "text"];

fn crowd_ticks(bencher: divan::Bencher, name: &str, side: usize, threads: usize, warm: usize) {
    let mut crowd = Crowd::new(rules(name), run_2(side), 1).unwrap();
    let pool = pool(threads);
    pool.install(|| {
        (0..warm).for_each(|_| {
            crowd.tick();
        });
    });
    bencher.counter(ItemsCount::new(crowd.agents())).bench_local(|| pool.install(|| crowd.tick()));
}

#[divan::bench(args = NAMES, sample_count = 40, sample_size = 1)]
fn crowd_1000_one_thread(bencher: divan::Bencher, name: &str) {
    crowd_ticks(bencher, name, 1000, 1, 40);
}

#[divan::bench(args = NAMES, sample_count = 40, sample_size = 1)]
fn crowd_1000_two_threads(bencher: divan::Bencher, name: &str) {
    crowd_ticks(bencher, name, 1000, 2, 40);
}

/// 19.1 million citizens.
#[divan::bench(args = NAMES, sample_count = 10, sample_size = 1)]
fn country_two_threads(bencher: divan::Bencher, name: &str) {
    crowd_ticks(bencher, name, 5224, 2, 20);
}

fn society_ticks(bencher: divan::Bencher, name: &str, side: usize) {
    let mut society = Society::new(rules(name), run_2(side), 1).unwrap();
    (0..30).for_each(|_| {
        society.tick();
    });
    bencher.counter(ItemsCount::new(society.agents())).bench_local(|| society.tick());
}

#[divan::bench(args = NAMES, sample_count = 20)]
fn plain_40(bencher: divan::Bencher, name: &str) {
    society_ticks(bencher, name, 40);
}

#[divan::bench(args = NAMES, sample_count = 3, sample_size = 1)]
fn plain_1000(bencher: divan::Bencher, name: &str) {
    society_ticks(bencher, name, 1000);
}
