//! Drivers against SALib, on the same samples: see `fixtures/drivers/PROVENANCE.md`.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;

use equipoise_lab::drivers::table::{Options, Table};
use equipoise_lab::drivers::{Estimate, Found, Method, Resampling, SLICES, Unanswerable};
use serde_json::Value;

/// Answers that rest on the same formula agree to rounding.
const SAME: f64 = 1e-10;

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/drivers")
}

/// A table of inputs and the outcome in its last column.
fn read(name: &str) -> (Table, Vec<f64>) {
    let text = fs::read_to_string(folder().join(format!("{name}.csv"))).unwrap();
    let mut lines = text.lines();
    let mut names: Vec<String> = lines.next().unwrap().split(',').map(str::to_owned).collect();
    let mut columns = vec![Vec::new(); names.len()];
    for line in lines {
        for (column, cell) in columns.iter_mut().zip(line.split(',')) {
            column.push(cell.parse::<f64>().unwrap());
        }
    }
    let outcome = columns.pop().unwrap();
    names.pop();
    let inputs = names.len();
    let factors = (0..inputs).map(|at| vec![at]).collect();
    (Table { names, columns, factors, bounds: vec![None; inputs] }, outcome)
}

fn answers(name: &str) -> Value {
    let text = fs::read_to_string(folder().join("answers.json")).unwrap().replace("NaN", "null");
    serde_json::from_str::<Value>(&text).unwrap()[name].clone()
}

fn listed(answer: &Value, key: &str) -> Vec<f64> {
    answer[key].as_array().unwrap().iter().map(|value| value.as_f64().unwrap()).collect()
}

fn options(resamples: usize) -> Options {
    let resampling = Resampling { resamples, ..Resampling::default() };
    Options { second_order: None, levels: None, slices: SLICES, resampling }
}

fn agree(found: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() <= tolerance, "{found} is not {expected}");
    }
}

fn values(estimates: &[Estimate]) -> Vec<f64> {
    estimates.iter().map(|estimate| estimate.value).collect()
}

/// Half widths of intervals agree within what 1,000 or 2,000 resamples on either side leave open.
fn as_wide(estimates: &[Estimate], expected: &[f64]) {
    for (estimate, expected) in estimates.iter().zip(expected) {
        let half = (estimate.high - estimate.low) / 2.0;
        // A spread over 1,000 resamples is known to 2.2 % for normal statistics, to some 4 % for those of small samples.
        assert!((half / expected - 1.0).abs() < 0.13, "{half} beside {expected}");
    }
}

#[test]
fn sobol_indices_are_those_of_salib() {
    for name in ["saltelli_second", "saltelli_first"] {
        let ((table, outcome), answer) = (read(name), answers(name));
        let Found::Sobol(found) = table.ask(Method::Sobol, &outcome, &options(2000)).unwrap() else {
            panic!()
        };
        agree(&values(&found.first), &listed(&answer, "S1"), SAME);
        agree(&values(&found.total), &listed(&answer, "ST"), SAME);
        as_wide(&found.first, &listed(&answer, "S1_conf"));
        as_wide(&found.total, &listed(&answer, "ST_conf"));
        let expected: Vec<f64> = answer.get("S2").map_or(Vec::new(), |rows| {
            rows.as_array()
                .unwrap()
                .iter()
                .flat_map(|row| row.as_array().unwrap())
                .filter_map(Value::as_f64)
                .collect()
        });
        agree(&found.second.iter().map(|pair| pair.index.value).collect::<Vec<f64>>(), &expected, SAME);
    }
}

#[test]
fn factors_of_several_inputs_are_one_factor() {
    let ((mut table, outcome), answer) = (read("saltelli_groups"), answers("saltelli_groups"));
    table.factors = vec![vec![0, 2], vec![1]];
    let Found::Sobol(found) = table.ask(Method::Sobol, &outcome, &options(50)).unwrap() else { panic!() };
    agree(&values(&found.first), &listed(&answer, "S1"), SAME);
    agree(&values(&found.total), &listed(&answer, "ST"), SAME);
}

#[test]
fn elementary_effects_are_those_of_salib_without_being_told_the_grid() {
    // Six levels; and four levels pushed through normal and log-normal distributions.
    for name in ["morris", "morris_skewed"] {
        let ((table, outcome), answer) = (read(name), answers(name));
        let Found::Morris(found) = table.ask(Method::Morris, &outcome, &options(2000)).unwrap() else {
            panic!()
        };
        agree(&found.iter().map(|it| it.mean.value).collect::<Vec<f64>>(), &listed(&answer, "mu"), SAME);
        agree(&found.iter().map(|it| it.size.value).collect::<Vec<f64>>(), &listed(&answer, "mu_star"), SAME);
        agree(&found.iter().map(|it| it.spread.value).collect::<Vec<f64>>(), &listed(&answer, "sigma"), SAME);
        as_wide(&found.iter().map(|it| it.size).collect::<Vec<Estimate>>(), &listed(&answer, "mu_star_conf"));
    }
}

#[test]
fn pawn_indices_are_those_of_salib() {
    let (table, outcome) = read("latin");
    for (name, slices) in [("pawn", 10), ("pawn_7", 7)] {
        let answer = answers(name);
        let asked = Options { slices, ..options(20) };
        let Found::Pawn(found) = table.ask(Method::Pawn, &outcome, &asked).unwrap() else { panic!() };
        let of = |get: fn(&equipoise_lab::drivers::pawn::Distances) -> f64| {
            found.inputs.iter().map(get).collect::<Vec<f64>>()
        };
        agree(&of(|it| it.median.value), &listed(&answer, "median"), SAME);
        agree(&of(|it| it.minimum), &listed(&answer, "minimum"), SAME);
        agree(&of(|it| it.mean), &listed(&answer, "mean"), SAME);
        agree(&of(|it| it.maximum), &listed(&answer, "maximum"), SAME);
        agree(&of(|it| it.deviation), &listed(&answer, "stdev"), SAME);
    }
}

#[test]
fn delta_agrees_with_salib_within_bootstrap_error() {
    let ((table, outcome), answer) = (read("latin"), answers("delta"));
    let Found::Delta(found) = table.ask(Method::Delta, &outcome, &options(1000)).unwrap() else { panic!() };
    // Equation 30 from the sample, by SALib's own estimator and as many resamples. Its classes are made anew in each
    // resample and ours stay: that sets the two apart, besides the resamples themselves.
    let (expected, half) = (listed(&answer, "reduced"), listed(&answer, "reduced_conf"));
    for ((found, expected), half) in found.iter().zip(expected).zip(&half) {
        assert!((found.value - expected).abs() < half / 3.0, "{found:?} beside {expected} ± {half}");
    }
    as_wide(&found, &half);
}

#[test]
fn what_salib_tells_of_delta_lies_about_the_mean_of_its_resamples() {
    // Its `delta_raw` starts from one resample: on average twice the plain value less the reduced one, not the reduced
    // one, and from seed to seed further apart than the interval it gives. So ours is not held against one run of it.
    let answer = answers("delta");
    let runs: Vec<Vec<f64>> = serde_json::from_value(answer["raw_of_20_seeds"].clone()).unwrap();
    let (plain, reduced) = (listed(&answer, "plain"), listed(&answer, "reduced"));
    let half = listed(&answer, "reduced_conf");
    for input in 0..3 {
        let told: Vec<f64> = runs.iter().map(|run| run[input]).collect();
        let mean = told.iter().sum::<f64>() / 20.0;
        let spread = (told.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / 19.0).sqrt();
        let of_resamples = 2.0 * plain[input] - reduced[input];
        assert!((mean - of_resamples).abs() < 2.0 * spread / 20f64.sqrt(), "{mean} beside {of_resamples}");
        assert!(spread > 1.4 * half[input] / 1.96, "{spread} beside {}", half[input] / 1.96);
    }
}

#[test]
fn given_data_agrees_with_the_published_indices_of_ishigami() {
    let (table, outcome) = read("latin");
    let Found::GivenData(found) = table.ask(Method::GivenData, &outcome, &options(2)).unwrap() else {
        panic!()
    };
    // Exact for a = 7, b = 0.1 (Ishigami and Homma 1990): 0.3139, 0.4424, 0.
    for (estimate, exact) in found.first.iter().zip([0.3139, 0.4424, 0.0]) {
        // With five classes the four waves of the second input are all but missed: there the estimate is a lower bound.
        assert!(estimate.low <= exact, "{estimate:?} beside {exact}");
    }
    assert!(found.first[0].high > 0.3139 && found.first[2].high > 0.0);
}

#[test]
fn rows_that_fit_no_design_are_pointed_at() {
    let (table, outcome) = read("saltelli_second");
    let refused = |table: &Table, method| table.ask(method, &outcome, &options(10)).unwrap_err();
    let mut swapped = table.clone();
    for column in &mut swapped.columns {
        column.swap(9, 11);
    }
    let Unanswerable::Layout { row, why } = refused(&swapped, Method::Sobol) else { panic!() };
    assert!((9..=11).contains(&row) && why.contains("another order"), "{row} {why}");
    let mut short = table.clone();
    for column in &mut short.columns {
        column.truncate(501);
    }
    let why = refused(&short, Method::Sobol).to_string();
    assert!(why.contains("501 rows") && why.contains('8') && why.contains('5'), "{why}");
    let why = refused(&table, Method::Morris).to_string();
    assert!(why.contains("exactly one does"), "{why}");
    let mut gap = outcome.clone();
    gap[17] = f64::NAN;
    let why = table.ask(Method::Sobol, &gap, &options(10)).unwrap_err();
    assert_eq!(why, Unanswerable::NoValue { row: 17, rows: 1 });
    for method in Method::ALL.into_iter().filter(|method| *method != Method::Morris) {
        let why = table.ask(method, &vec![2.5; outcome.len()], &options(10)).unwrap_err();
        assert_eq!(why, Unanswerable::Constant { value: 2.5 }, "{method:?}");
    }
}

#[test]
fn second_order_is_told_from_the_rows_and_can_be_insisted_on() {
    // 8 × 25 = 5 × 40 = 200 rows fit both layouts by their number; the values tell them apart.
    let (mut table, outcome) = read("saltelli_second");
    for column in &mut table.columns {
        column.truncate(200);
    }
    assert!(table.saltelli(None).unwrap().second_order);
    assert!(table.saltelli(Some(false)).is_err());
    let Found::Sobol(found) = table.ask(Method::Sobol, &outcome[..200], &options(10)).unwrap() else {
        panic!()
    };
    assert_eq!((found.points, found.second.len()), (25, 3));
}
