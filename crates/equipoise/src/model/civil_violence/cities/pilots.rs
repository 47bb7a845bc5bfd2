//! `--fidelity auto`: pilot runs of each fidelity, and the cheapest that is right for the outcome asked.

use std::fmt::Write;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Instant;

use equipoise_models::cities::{Fidelity, Verdict, judge};
use serde_json::{Value, json};

use super::Country;
use crate::failure::Failure;
use crate::model::listing::Listing;
use crate::screen::Screen;

/// Pilot runs have seeds of their own, far from those of the runs that are reported.
const PILOT_SEEDS: u64 = 1 << 40;

/// What is tried, from the cheapest on; one agent per citizen is what the others are measured by.
pub(super) fn candidates() -> [Fidelity; 4] {
    [Fidelity::MeanField, Fidelity::Sampled(100), Fidelity::Sampled(10), Fidelity::Citizens]
}

/// The word a fidelity is chosen by.
pub(super) fn word(fidelity: Fidelity) -> &'static str {
    match fidelity {
        Fidelity::Citizens => "citizens",
        Fidelity::Sampled(_) => "sampled",
        Fidelity::MeanField => "mean-field",
    }
}

/// The same for a reader, with how many citizens an agent of a sample stands for.
pub(super) fn name(fidelity: Fidelity) -> String {
    match fidelity {
        Fidelity::Sampled(each) => format!("sampled, 1 in {each}"),
        _ => word(fidelity).to_owned(),
    }
}

/// What pilot runs said.
pub(super) struct Pilots {
    outcome: &'static str,
    tolerance: f64,
    runs: u64,
    /// Each with milliseconds a tick.
    verdicts: Vec<(Verdict, f64)>,
    /// Fidelities that cannot run this country, and why.
    left_out: Vec<(Fidelity, String)>,
}

/// Runs the pilots.
///
/// # Errors
/// One agent per citizen cannot be run.
pub(super) fn run(country: &Country<'_>, done: &AtomicU64, cancel: &AtomicBool) -> Result<Pilots, Failure> {
    let asked = country.asked;
    let (mut pilots, mut times, mut left_out) = (Vec::new(), Vec::new(), Vec::new());
    for fidelity in candidates() {
        let begun = Instant::now();
        let mut outcomes = Vec::new();
        for pilot in 0..asked.options.pilots {
            if cancel.load(Ordering::Relaxed) {
                break;
            }
            let seed = asked.seed.wrapping_add(PILOT_SEEDS + pilot);
            match country.simulate(fidelity, seed, done, cancel) {
                Ok((series, _)) => outcomes.push(country.outcome(&series)),
                // A city too small for its sample is no fault of the user's: that fidelity is out.
                Err(failure) if fidelity != Fidelity::Citizens => {
                    left_out.push((fidelity, failure.to_string()));
                    break;
                }
                Err(failure) => return Err(failure),
            }
        }
        if !outcomes.is_empty() {
            let ticks = outcomes.len() as f64 * f64::from(asked.ticks);
            times.push(begun.elapsed().as_secs_f64() * 1e3 / ticks);
            pilots.push((fidelity, outcomes));
        }
    }
    Ok(Pilots {
        outcome: asked.options.outcome.words(),
        tolerance: asked.options.tolerance,
        runs: asked.options.pilots,
        verdicts: judge(&pilots, asked.options.tolerance).into_iter().zip(times).collect(),
        left_out,
    })
}

impl Pilots {
    /// The cheapest that is right.
    pub(super) fn chosen(&self) -> Fidelity {
        let right = self.verdicts.iter().find(|(verdict, _)| verdict.is_right);
        right.map_or(Fidelity::Citizens, |(verdict, _)| verdict.fidelity)
    }

    pub(super) fn text(&self, screen: &Screen) -> String {
        let mut listing =
            Listing::new(["fidelity", "mean", "± error", "off by at most", "ms a tick", "right"]);
        for (verdict, milliseconds) in &self.verdicts {
            let off = if verdict.fidelity == Fidelity::Citizens {
                "–".to_owned()
            } else if verdict.off.is_finite() {
                format!("{:.0} %", 100.0 * verdict.off)
            } else {
                "more than all".to_owned()
            };
            listing.row(vec![
                name(verdict.fidelity),
                format!("{:.4}", verdict.mean),
                format!("{:.4}", verdict.error),
                off,
                format!("{milliseconds:.2}"),
                (if verdict.is_right { "yes" } else { "no" }).to_owned(),
            ]);
        }
        let mut text = format!(
            "Outcome: {}. {} pilot runs each; a fidelity is right if it is off one agent per citizen by at most {:.0} %,\n\
             its difference and two joint standard errors together. The cheapest right one is taken: {}.\n\n{}",
            self.outcome,
            self.runs,
            100.0 * self.tolerance,
            name(self.chosen()),
            listing.text(screen),
        );
        for (fidelity, why) in &self.left_out {
            let _ = writeln!(text, "{} cannot run this country: {why}", name(*fidelity));
        }
        text.push('\n');
        text
    }

    pub(super) fn json(&self) -> Value {
        let verdicts: Vec<Value> = self
            .verdicts
            .iter()
            .map(|(verdict, milliseconds)| {
                json!({
                    "fidelity": name(verdict.fidelity),
                    "mean": verdict.mean,
                    "standard_error": verdict.error,
                    "off": verdict.off.is_finite().then_some(verdict.off),
                    "is_right": verdict.is_right,
                    "milliseconds_per_tick": milliseconds,
                })
            })
            .collect();
        json!({
            "tolerance": self.tolerance,
            "runs": self.runs,
            "chosen": name(self.chosen()),
            "verdicts": verdicts,
            "left_out": self.left_out.iter()
                .map(|(fidelity, why)| json!({ "fidelity": name(*fidelity), "why": why }))
                .collect::<Vec<Value>>(),
        })
    }
}

/// Mean of some runs.
pub(super) fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / (values.len() as f64).max(1.0)
}

/// Standard deviation over some runs.
pub(super) fn deviation(values: &[f64]) -> f64 {
    let centre = mean(values);
    let squares: Vec<f64> = values.iter().map(|value| (value - centre).powi(2)).collect();
    mean(&squares).sqrt()
}
