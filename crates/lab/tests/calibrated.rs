//! Calibration of the template scenario: the posterior is nearer to the record, kept, and reused.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64};

use equipoise_lab::calibrate::{Calibration, Ending, Posterior, Settings, calibrate, rank_truths};
use equipoise_lab::{Control, LabError, Plan, Run, run};
use equipoise_scenario::Scenario;

fn varnia(change: impl Fn(&str, String) -> String) -> Scenario {
    let files = equipoise_scenario::template("varnia").into_iter();
    let files = files.map(|(path, text)| (path.clone(), change(&path, text))).collect();
    equipoise_scenario::load_files("varnia", files).unwrap()
}

fn fit(scenario: &Scenario, settings: &Settings) -> Result<Calibration, LabError> {
    let (cancel, done) = (AtomicBool::new(false), AtomicU64::new(0));
    calibrate(scenario, settings, None, &Control { cancel: &cancel, done: &done })
}

fn small() -> Settings {
    Settings { population: 200, budget: 4_000, ..Settings::default() }
}

fn simulated(
    scenario: &Scenario,
    posterior: Option<Posterior>,
    policy: Option<&str>,
) -> Result<Run, LabError> {
    let dir = tempfile::tempdir().unwrap();
    let plan = Plan {
        histories: 300,
        seed: 3,
        policy: policy.map(str::to_owned),
        posterior: posterior.map(Arc::new),
        threads: 2,
        ..Plan::default()
    };
    let (cancel, done) = (AtomicBool::new(false), AtomicU64::new(0));
    run(scenario, &plan, dir.path(), &Control { cancel: &cancel, done: &done })?;
    // The folder outlives the test: its tables are read later.
    Run::open(&dir.keep())
}

#[test]
fn the_posterior_is_nearer_to_the_fitted_row_and_can_be_reused() {
    let scenario = varnia(|_, text| text);
    let found = fit(&scenario, &small()).unwrap();
    let last = found.rounds.last().unwrap();
    assert!(last.tolerance < found.rounds[0].tolerance);
    let fitted = found.rows.iter().find(|row| !row.prior.held_out).unwrap();
    assert!(fitted.ratio().unwrap() < 0.9, "{:?}", fitted.ratio());
    assert_eq!(found.shifts.len(), scenario.parameters.len());
    assert!((found.credences.iter().map(|pair| pair[1]).sum::<f64>() - 1.0).abs() < 1e-9);

    let dir = tempfile::tempdir().unwrap();
    let written =
        Posterior::write(&scenario, found.particles.clone(), serde_json::Map::new(), dir.path()).unwrap();
    let read = Posterior::read(&scenario, dir.path()).unwrap();
    assert_eq!(read, written);
    let again = simulated(&scenario, Some(read.clone()), None).unwrap();
    let series =
        again.series_on(&fitted.prior.target, scenario.day(fitted.prior.on.unwrap()) as u32).unwrap();
    let prior = simulated(&scenario, None, None).unwrap();
    let before =
        prior.series_on(&fitted.prior.target, scenario.day(fitted.prior.on.unwrap()) as u32).unwrap();
    let far = |values: &[f64]| {
        let [low, high] = fitted.prior.claim.unwrap();
        values.iter().map(|value| (low - value).max(value - high).max(0.0)).sum::<f64>()
    };
    assert!(far(&series) < far(&before));

    // Every set of parameters comes from the posterior, whatever the policy forbids.
    let alone = simulated(&scenario, Some(read.clone()), Some("no-request")).unwrap();
    let grievance = scenario.parameters.iter().position(|parameter| parameter.id == "grievance").unwrap();
    let drawn = alone.parameter("grievance").unwrap();
    assert_eq!(drawn, again.parameter("grievance").unwrap());
    assert!(drawn.iter().all(|value| read.particles.iter().any(|p| p.parameters[grievance] == *value)));
}

#[test]
fn threads_leave_no_trace_in_the_posterior() {
    let scenario = varnia(|_, text| text);
    let settings = Settings { population: 60, budget: 400, ..Settings::default() };
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| fit(&scenario, &settings)).unwrap().particles
    };
    assert_eq!(on(1), on(3));
}

#[test]
fn a_posterior_of_another_scenario_is_refused() {
    let scenario = varnia(|_, text| text);
    let found = fit(&scenario, &Settings { population: 20, budget: 60, ..Settings::default() }).unwrap();
    let dir = tempfile::tempdir().unwrap();
    Posterior::write(&scenario, found.particles, serde_json::Map::new(), dir.path()).unwrap();
    let other = varnia(|path, text| if path == "scenario.toml" { text + "\n# Another.\n" } else { text });
    let message = Posterior::read(&other, dir.path()).map(|_| ()).unwrap_err().to_string();
    assert!(message.contains("is of varnia") && message.contains("calibrate again"), "{message}");

    let table = dir.path().join("posterior.csv");
    fs::write(&table, fs::read_to_string(&table).unwrap().replace("0.1", "0.2")).unwrap();
    let message = Posterior::read(&scenario, dir.path()).map(|_| ()).unwrap_err().to_string();
    assert!(message.contains("checksum differs"), "{message}");
    let message = Posterior::read(&scenario, &dir.path().join("none")).unwrap_err().to_string();
    assert!(message.contains("has no calibration.json"), "{message}");
}

#[test]
fn without_rows_to_fit_there_is_nothing_to_calibrate() {
    let scenario =
        varnia(|path, text| if path == "record.csv" { text.replace(",fit,", ",held_out,") } else { text });
    let message = fit(&scenario, &small()).unwrap_err().to_string();
    assert!(message.contains("no row marked fit"), "{message}");
    // Without held-out rows it runs; there is only nothing to judge the fit by.
    let scenario =
        varnia(|path, text| if path == "record.csv" { text.replace(",held_out,", ",fit,") } else { text });
    let found = fit(&scenario, &Settings { population: 20, budget: 60, ..Settings::default() }).unwrap();
    assert!(found.rows.iter().all(|row| !row.prior.held_out));
}

#[test]
fn settings_that_make_no_sense_are_told() {
    let scenario = varnia(|_, text| text);
    for (settings, told) in [
        (Settings { population: 5, ..small() }, "too small"),
        (Settings { budget: 100, ..small() }, "does not let"),
        (Settings { keep: 1.0, ..small() }, "between 0 and 1"),
    ] {
        let message = fit(&scenario, &settings).unwrap_err().to_string();
        assert!(message.contains(told), "{message}");
    }
}

#[test]
fn an_early_interruption_leaves_nothing_and_a_later_one_the_last_round() {
    let scenario = varnia(|_, text| text);
    let (cancel, done) = (AtomicBool::new(true), AtomicU64::new(0));
    let control = Control { cancel: &cancel, done: &done };
    assert!(matches!(calibrate(&scenario, &small(), None, &control), Err(LabError::Interrupted { .. })));
    let found = fit(&scenario, &Settings { population: 40, budget: 80, ..Settings::default() }).unwrap();
    assert_eq!(found.ending, Ending::Budget);
}

#[test]
fn ranks_of_made_up_truths_are_mostly_uniform() {
    let scenario = varnia(|_, text| text);
    let settings = Settings { population: 40, budget: 200, ..Settings::default() };
    let (cancel, done) = (AtomicBool::new(false), AtomicU64::new(0));
    let control = Control { cancel: &cancel, done: &done };
    let ranks = rank_truths(&scenario, &settings, 60, &control).unwrap();
    assert_eq!(ranks.len(), 1 + scenario.parameters.len());
    let outside = ranks.iter().filter(|ranks| !ranks.uniform).count();
    // One in twenty is expected; binomial chance stays below 18 % of some 60 at the 99.9 % level.
    assert!((outside as f64) < 0.18 * ranks.len() as f64, "{outside} of {}", ranks.len());
    assert!(rank_truths(&scenario, &settings, 5, &control).unwrap_err().to_string().contains("at least 20"));
}
