//! From lever to picture: how long the histories, their comparison with the baseline and the JSON of the whole picture
//! take, without network and browser. Medians and 95 % quantiles over a drag through the range of one parameter, for
//! each of sixteen parameters.
//!
//! `cargo bench -p equipoise-studio -- [FOLDER]`

use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use equipoise_lab::live::{Sample, Setting, Simulator};
use equipoise_scenario::Scenario;
use equipoise_studio::{Trial, picture};

/// That of the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Places of a lever along its range, for each number of histories.
const STEPS: [(u64, usize); 3] = [(100, 12), (1_000, 5), (10_000, 1)];
/// Parameters that are dragged.
const LEVERS: usize = 16;

fn main() {
    let named = std::env::args().skip(1).find(|argument| !argument.starts_with("--"));
    let bundled = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scenarios/kazakhstan-2022");
    let folder = PathBuf::from(named.unwrap_or_else(|| bundled.to_owned()));
    let scenario = match equipoise_scenario::load(&folder) {
        Ok(scenario) => scenario,
        Err(mistakes) => {
            eprintln!("{mistakes}");
            std::process::exit(2);
        }
    };
    let setting = Setting { seed: 1, account: None };
    let simulator = Simulator::new(&scenario, setting);
    let mut baseline = Sample::remembering(&scenario, (0..scenario.series.len()).collect());
    println!("{} on {} threads", scenario.id, rayon::current_num_threads());
    println!("{:>10} {:>10} {:>10} {:>8}", "histories", "p50 ms", "p95 ms", "moves");
    for (histories, steps) in STEPS {
        simulator.grow(&mut baseline, histories, None, &AtomicBool::new(false));
        let mut times = Vec::new();
        for parameter in levers(&scenario) {
            for step in 0..steps {
                let trial = at(&scenario, parameter, step, steps);
                let begun = Instant::now();
                let told =
                    picture(&scenario, &trial, &baseline, setting.seed).map(|told| told.to_string().len());
                times.push(begun.elapsed().as_secs_f64() * 1000.0);
                if let Err(message) = told {
                    eprintln!("{message}");
                    std::process::exit(2);
                }
            }
        }
        times.sort_by(f64::total_cmp);
        let quantile = |p: f64| times[((times.len() - 1) as f64 * p).round() as usize];
        println!("{histories:>10} {:>10.0} {:>10.0} {:>8}", quantile(0.5), quantile(0.95), times.len());
    }
}

/// Parameters spread over the scenario's list, of those that have a range.
fn levers(scenario: &Scenario) -> Vec<usize> {
    let ranged: Vec<usize> = (0..scenario.parameters.len())
        .filter(|at| {
            let parameter = &scenario.parameters[*at];
            parameter.lowest().is_finite()
                && parameter.highest().is_finite()
                && parameter.lowest() < parameter.highest()
        })
        .collect();
    ranged.iter().copied().step_by((ranged.len() / LEVERS).max(1)).take(LEVERS).collect()
}

/// A trial with one parameter fixed along its range.
fn at(scenario: &Scenario, parameter: usize, step: usize, steps: usize) -> Trial {
    let parameter = &scenario.parameters[parameter];
    let share = (step as f64 + 0.5) / steps as f64;
    let value = parameter.lowest() + (parameter.highest() - parameter.lowest()) * share;
    Trial { parameters: [(parameter.id.clone(), value)].into(), ..Trial::default() }
}
