//! Ideal points in the General Assembly, sessions 70 to 74, against published estimates and an independent port.
#![allow(clippy::unwrap_used)]

#[path = "fixtures/roll_call/unga.rs"]
mod unga;

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64};

use equipoise_models::roll_call::fast::{FastSettings, fast};
use equipoise_models::roll_call::gibbs::{GibbsSettings, Watch, gibbs};
use equipoise_models::roll_call::{Chamber, Estimate, find_repeats};

/// Which published column rests on the votes of the fixture, by session (see PROVENANCE.md).
const PUBLISHED: [(u32, &str); 5] =
    [(70, "legacy"), (71, "all"), (72, "all"), (73, "legacy"), (74, "legacy")];

fn chamber() -> Chamber {
    let mut votes = unga::votes();
    for (later, earlier) in find_repeats(&votes) {
        votes.roll_calls[later as usize].repeats = Some(earlier);
    }
    Chamber::new(&votes, &unga::anchors()).unwrap()
}

fn reference(text: &str, column: &str) -> HashMap<(String, u32), f64> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let column = reader.headers().unwrap().iter().position(|name| name == column).unwrap();
    reader
        .records()
        .map(|record| {
            let record = record.unwrap();
            ((record[0].to_owned(), record[1].parse().unwrap()), record[column].parse().unwrap_or(f64::NAN))
        })
        .collect()
}

fn correlation(
    chamber: &Chamber,
    estimate: &Estimate,
    session: u32,
    other: &HashMap<(String, u32), f64>,
) -> f64 {
    let (mut x, mut y) = (Vec::new(), Vec::new());
    for (seat, mean) in chamber.seats.iter().zip(&estimate.means).filter(|(seat, _)| seat.session == session)
    {
        let key = (chamber.states[seat.state as usize].clone(), session);
        if let Some(other) = other.get(&key).filter(|value| value.is_finite()) {
            x.push(*mean);
            y.push(*other);
        }
    }
    assert!(x.len() > 180);
    let mean = |v: &[f64]| v.iter().sum::<f64>() / v.len() as f64;
    let (mx, my) = (mean(&x), mean(&y));
    let sum = |f: fn(f64, f64) -> f64| x.iter().zip(&y).map(|(a, b)| f(a - mx, b - my)).sum::<f64>();
    sum(|a, b| a * b) / (sum(|a, _| a * a) * sum(|_, b| b * b)).sqrt()
}

/// Correlations within each session with the published estimates and with the port.
fn agrees(chamber: &Chamber, estimate: &Estimate, published_least: f64, port_least: f64) {
    let port = reference(include_str!("fixtures/roll_call/port_70_74.csv"), "mean");
    for (session, column) in PUBLISHED {
        let published = reference(include_str!("fixtures/roll_call/published_70_74.csv"), column);
        let found = correlation(chamber, estimate, session, &published);
        assert!(found >= published_least, "session {session}: {found} with the published estimates");
        let found = correlation(chamber, estimate, session, &port);
        assert!(found >= port_least, "session {session}: {found} with the port");
    }
}

#[test]
fn the_fast_estimator_agrees_with_the_published_ideal_points_and_describes_the_votes() {
    let chamber = chamber();
    let estimate = fast(&chamber, FastSettings::default()).unwrap();
    assert!(estimate.converged);
    agrees(&chamber, &estimate, 0.985, 0.985);
    let fit = chamber.fit(&estimate, true);
    assert_eq!((fit.roll_calls, fit.votes), (424, 74_849));
    assert!(fit.accuracy >= 0.90 && fit.apre >= 0.545, "{fit:?}");
}

#[test]
fn the_sampler_agrees_with_the_published_ideal_points_and_with_their_uncertainty() {
    let chamber = chamber();
    let settings = GibbsSettings { iterations: 600, burn_in: 200, seed: 1 };
    let (done, cancel) = (AtomicU64::new(0), AtomicBool::new(false));
    let estimate = gibbs(&chamber, settings, Watch { done: &done, cancel: &cancel }).unwrap();
    agrees(&chamber, &estimate, 0.99, 0.995);
    let sds = reference(include_str!("fixtures/roll_call/port_70_74.csv"), "sd");
    let (mut own, mut port) = (0.0, 0.0);
    for (seat, sd) in chamber.seats.iter().zip(&estimate.sds) {
        if let Some(other) = sds.get(&(chamber.states[seat.state as usize].clone(), seat.session)) {
            own += sd;
            port += other;
        }
    }
    assert!((own / port - 1.0_f64).abs() < 0.05, "standard deviations are {} of the port's", own / port);
}
