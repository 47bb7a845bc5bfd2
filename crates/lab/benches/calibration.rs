//! The sampler of calibration on a model whose posterior is known: the mean of a normal distribution.
//!
//! Prior uniform on (−5, 5), 4 observations of standard deviation 1 with mean 1.2, so the posterior is normal around 1.2
//! with standard deviation 0.5. Prints one line of JSON; `benches/peers/calibration.py` sets pyABC beside it.

use std::hint::black_box;
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::time::Instant;

use equipoise_lab::calibrate::smc::{Problem, sample};
use equipoise_lab::calibrate::{Settings, Target};
use equipoise_models::noise::{Noise, Stream};

const DATA: Stream = Stream::named("data");

fn main() {
    let settings =
        Settings { population: 1000, budget: 60_000, least_acceptance: 0.05, ..Settings::default() };
    let targets = [Some(Target { interval: [1.2; 2], least_scale: 0.0 })];
    let problem = Problem {
        dimensions: 1,
        targets: &targets,
        prior: |i, _| Noise::new(99, i).uniform(DATA, 0, 0, 1),
        worker: || (),
        simulate: |(): &mut (), history, point: &[f64], values: &mut Vec<f64>| {
            values.push(10.0 * (point[0] - 0.5) + Noise::new(7, history).normal(DATA, 0, 0, 0) / 2.0);
        },
    };
    let begun = Instant::now();
    let Some(found) = black_box(sample(&problem, &settings, &AtomicBool::new(false), &AtomicU64::new(0)))
    else {
        return;
    };
    let seconds = begun.elapsed().as_secs_f64();
    let means: Vec<f64> = found.particles.iter().map(|particle| 10.0 * (particle.point[0] - 0.5)).collect();
    let mean = means.iter().sum::<f64>() / means.len() as f64;
    let variance = means.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / means.len() as f64;
    println!(
        "{{\"mean\": {mean}, \"sd\": {}, \"simulations\": {}, \"seconds\": {seconds}}}",
        variance.sqrt(),
        found.simulations
    );
}
