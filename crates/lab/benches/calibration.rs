//! The sampler of calibration on a model whose posterior is known: the mean of a normal distribution.
//!
//! Prior uniform on (−5, 5), 4 observations of standard deviation 1 with mean 1.2, so the posterior is normal around 1.2
//! with standard deviation 0.5. Every seed has a prior population, proposals and chance of its own, so the spread of the
//! means over seeds is the Monte Carlo error of one run. Prints one line of JSON; `benches/peers/calibration.py` sets
//! pyABC beside it.

use std::hint::black_box;
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::time::Instant;

use equipoise_lab::calibrate::smc::{Problem, sample};
use equipoise_lab::calibrate::{Settings, Target};
use equipoise_models::noise::{Noise, Stream};

const DATA: Stream = Stream::named("data");
const SEEDS: u64 = 100;

/// Mean and standard deviation of the posterior, simulations, seconds.
struct Fit {
    posterior: [f64; 2],
    simulations: f64,
    seconds: f64,
}

fn fit(seed: u64) -> Option<Fit> {
    let settings =
        Settings { population: 500, budget: 30_000, least_acceptance: 0.05, seed, ..Settings::default() };
    let targets = [Some(Target { interval: [1.2; 2], least_scale: 0.0 })];
    let problem = Problem {
        dimensions: 1,
        targets: &targets,
        prior: |i, _| Noise::new(1_000 + seed, i).uniform(DATA, 0, 0, 1),
        worker: || (),
        simulate: |(): &mut (), history, point: &[f64], values: &mut Vec<f64>| {
            values.push(
                10.0 * (point[0] - 0.5) + Noise::new(2_000 + seed, history).normal(DATA, 0, 0, 0) / 2.0,
            );
        },
    };
    let begun = Instant::now();
    let found = black_box(sample(&problem, &settings, &AtomicBool::new(false), &AtomicU64::new(0)))?;
    let seconds = begun.elapsed().as_secs_f64();
    let means: Vec<f64> = found.particles.iter().map(|particle| 10.0 * (particle.point[0] - 0.5)).collect();
    let mean = means.iter().sum::<f64>() / means.len() as f64;
    let variance = means.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / means.len() as f64;
    Some(Fit { posterior: [mean, variance.sqrt()], simulations: found.simulations as f64, seconds })
}

/// Mean and standard deviation.
fn spread(values: &[f64]) -> [f64; 2] {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    [mean, (values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt()]
}

fn main() {
    let fits: Vec<Fit> = (0..SEEDS).filter_map(fit).collect();
    let of = |what: &dyn Fn(&Fit) -> f64| spread(&fits.iter().map(what).collect::<Vec<f64>>());
    let ([mean, mean_varies], [sd, sd_varies]) = (of(&|fit| fit.posterior[0]), of(&|fit| fit.posterior[1]));
    println!(
        "{{\"runs\": {}, \"mean\": {mean}, \"mean_varies\": {mean_varies}, \"sd\": {sd}, \"sd_varies\": {sd_varies}, \"simulations\": {}, \"seconds\": {}}}",
        fits.len(),
        of(&|fit| fit.simulations)[0],
        of(&|fit| fit.seconds)[0],
    );
}
