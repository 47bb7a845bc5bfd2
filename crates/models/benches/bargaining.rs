//! Bargaining: whole runs of the Spatial Model of Politics by size, and rounds of the Expected Utility Model.

#![allow(clippy::unwrap_used)]

#[path = "../tests/fixtures/bargaining/ktab_csv.rs"]
mod ktab_csv;

use equipoise_models::bargaining::{Actors, EumChoices, SmpChoices, eum, eum_variants, smp, smp_variants};

fn main() {
    divan::main();
}

/// 7×3, 13×2, 26×1 (KTAB's SOE-Policy.csv has this size; here the first 26 of 40), 40×1, 80×1 and 160×1.
const INPUTS: [&str; 6] = [
    "dummyData_3Dim.csv",
    "SOE-Pol-Comp.csv",
    "26 of dummyData-a040.csv",
    "dummyData-a040.csv",
    "dummyData-a080.csv",
    "dummyData-a160.csv",
];

fn first(all: &Actors, count: usize) -> Actors {
    Actors::new(
        all.names()[..count].to_vec(),
        all.capability()[..count].to_vec(),
        all.positions()[..count].to_vec(),
        all.saliences()[..count].to_vec(),
    )
    .unwrap()
}

#[divan::bench(args = INPUTS, sample_count = 10)]
fn spatial_model_to_its_end(bencher: divan::Bencher, input: &str) {
    let actors = match input.split_once(" of ") {
        Some((count, whole)) => first(&ktab_csv::read(whole), count.parse().unwrap()),
        None => ktab_csv::read(input),
    };
    let options = smp::Options::default();
    bencher.bench_local(|| smp::run(&actors, &options).unwrap());
}

#[divan::bench(args = [10, 40], sample_count = 10)]
fn expected_utility_ten_rounds(bencher: divan::Bencher, count: usize) {
    let actors = first(&ktab_csv::read("dummyData-a040.csv"), count);
    let options = "jmckib".parse::<eum::Options>().unwrap();
    bencher.bench_local(|| eum::run(&actors, &options, 10).unwrap());
}

#[divan::bench(sample_count = 3)]
fn spatial_model_90_variants(bencher: divan::Bencher) {
    let actors = ktab_csv::read("dummyData_3Dim.csv");
    let all = SmpChoices::all(smp::Options::default());
    let choices = SmpChoices {
        bargain_model: vec![smp::BargainModel::InitiatorOnly],
        interpolation: vec![smp::Interpolation::S2P2],
        risk_adjust: vec![smp::RiskAdjust::OneThird],
        equilibrium: all.equilibrium[..1].to_vec(),
        risk_range: vec![smp::RiskRange::Mid],
        ..all
    };
    let options = choices.combinations();
    bencher
        .counter(divan::counter::ItemsCount::new(options.len()))
        .bench_local(|| smp_variants(&actors, options.clone()).unwrap());
}

#[divan::bench(sample_count = 3)]
fn expected_utility_all_variants(bencher: divan::Bencher) {
    let few = first(&ktab_csv::read("dummyData-a040.csv"), 10);
    let options = EumChoices::all().combinations();
    bencher
        .counter(divan::counter::ItemsCount::new(options.len()))
        .bench_local(|| eum_variants(&few, options.clone(), 10).unwrap());
}
