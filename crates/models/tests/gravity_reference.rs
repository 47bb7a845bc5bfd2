//! The gravity model against published results, the peer's example and an independent solution.
#![allow(clippy::unwrap_used)]

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use equipoise_models::gravity::parity::{Baseline, Counterfactual, counterfactual};
use equipoise_models::gravity::{Closure, Equilibrium, Pair, Shock, TOLERANCE, Trade, equilibrium};

/// The rows of a fixture: columns by name.
fn rows(file: &str) -> Vec<HashMap<String, String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/gravity").join(file);
    csv::Reader::from_path(path).unwrap().deserialize().map(Result::unwrap).collect()
}

/// Country names in order, so that an index means the same in every file.
fn countries(rows: &[HashMap<String, String>]) -> Vec<String> {
    rows.iter().map(|r| r["exporter"].clone()).collect::<BTreeSet<_>>().into_iter().collect()
}

fn pairs(rows: &[HashMap<String, String>], value: impl Fn(&HashMap<String, String>) -> f64) -> Vec<Pair> {
    let names = countries(rows);
    let index = |name: &String| names.binary_search(name).unwrap();
    rows.iter()
        .map(|r| Pair { exporter: index(&r["exporter"]), importer: index(&r["importer"]), value: value(r) })
        .collect()
}

fn column(file: &str, name: &str) -> Vec<f64> {
    rows(file).iter().map(|r| r[name].parse().unwrap()).collect()
}

fn largest_gap(what: &str, found: &[f64], expected: &[f64]) -> f64 {
    assert_eq!(found.len(), expected.len());
    let gap = found.iter().zip(expected).map(|(f, e)| (f - e).abs()).fold(0.0, f64::max);
    println!("{what}: largest gap {gap:.2e}");
    gap
}

/// A column of percentages as new/old.
fn ratios(file: &str, percent: &str) -> Vec<f64> {
    column(file, percent).iter().map(|p| 1.0 + p / 100.0).collect()
}

fn enlargement(closure: Closure) -> Equilibrium {
    let rows = rows("pairs_44.csv");
    let trade = Trade::from_pairs(44, &pairs(&rows, |r| r["flow"].parse().unwrap())).unwrap();
    let shock = Shock::from_pairs(44, &pairs(&rows, |r| r["log_change"].parse().unwrap())).unwrap();
    equilibrium(&trade, &shock, 4.0, closure).unwrap()
}

#[test]
fn the_published_welfare_of_44_economies_is_matched_under_both_closures() {
    for (closure, name) in [(Closure::Additive, "additive"), (Closure::Multiplicative, "multiplicative")] {
        let found = enlargement(closure);
        assert!(found.residual < TOLERANCE);
        assert!(largest_gap(name, &found.welfare, &column("welfare_44.csv", name)) < 2e-7);
    }
}

/// The shock of the peer's example: Canada and Japan sign an agreement.
fn agreement(rows: &[HashMap<String, String>]) -> Shock {
    let coefficient = coefficients()["pta"];
    let joins = |r: &HashMap<String, String>| {
        (r["exporter"] == "CAN" && r["importer"] == "JPN")
            || (r["exporter"] == "JPN" && r["importer"] == "CAN")
    };
    Shock::from_pairs(30, &pairs(rows, |r| if joins(r) { coefficient } else { 0.0 })).unwrap()
}

fn coefficients() -> HashMap<String, f64> {
    let rows = rows("cost_coefficients.csv");
    rows.iter().map(|r| (r["term"].clone(), r["coefficient"].parse().unwrap())).collect()
}

fn peer_baseline(rows: &[HashMap<String, String>]) -> Baseline {
    let coefficients = coefficients();
    let term = |r: &HashMap<String, String>| {
        let log: f64 = coefficients
            .iter()
            .map(|(name, c)| c * r.get(name).map_or(1.0, |x| x.parse::<f64>().unwrap()))
            .sum();
        log.exp()
    };
    let mut cost_terms = vec![0.0; 900];
    for Pair { exporter, importer, value } in pairs(rows, term) {
        cost_terms[exporter * 30 + importer] = value;
    }
    Baseline {
        output: column("peer_30.csv", "output"),
        expenditure: column("peer_30.csv", "expenditure"),
        cost_terms,
        reference: countries(rows).iter().position(|c| c == "DEU").unwrap(),
    }
}

/// What each country sells abroad, buys abroad and sells at home.
fn foreign_and_domestic(flows: &[f64]) -> [Vec<f64>; 3] {
    let abroad = |cell: fn(usize, usize) -> usize| -> Vec<f64> {
        (0..30).map(|c| (0..30).filter(|&o| o != c).map(|o| flows[cell(c, o)]).sum()).collect()
    };
    [abroad(|c, o| c * 30 + o), abroad(|c, o| o * 30 + c), (0..30).map(|c| flows[c * 31]).collect()]
}

#[test]
fn parity_mode_reproduces_every_column_of_the_peer() {
    let rows = rows("pairs_30.csv");
    let found: Counterfactual = counterfactual(&peer_baseline(&rows), &agreement(&rows), 4.0).unwrap();
    let levels = [
        ("baseline_inward", &found.baseline.inward),
        ("experiment_inward", &found.experiment.inward),
        ("baseline_outward", &found.baseline.outward),
        ("experiment_outward", &found.experiment.outward),
        ("welfare_statistic", &found.welfare_statistic),
    ];
    for (name, level) in levels {
        assert!(largest_gap(name, level, &column("peer_30.csv", name)) < 1e-7, "{name}");
    }
    let (old, new) = (foreign_and_domestic(&found.baseline_flows), foreign_and_domestic(&found.flows));
    let change = |k: usize| -> Vec<f64> { new[k].iter().zip(&old[k]).map(|(n, o)| n / o).collect() };
    let changes = [
        ("factory_price_percent", found.factory_price.clone()),
        ("real_output_percent", found.real_output.clone()),
        ("exports_percent", change(0)),
        ("imports_percent", change(1)),
        ("domestic_percent", change(2)),
    ];
    for (name, change) in changes {
        assert!(largest_gap(name, &change, &ratios("peer_30.csv", name)) < 1e-7, "{name}");
    }
}

#[test]
fn feedback_on_observed_flows_matches_the_independent_solution() {
    let rows = rows("pairs_30.csv");
    let trade = Trade::from_pairs(30, &pairs(&rows, |r| r["trade"].parse().unwrap())).unwrap();
    for (closure, name) in [(Closure::Additive, "additive"), (Closure::Multiplicative, "multiplicative")] {
        let found = equilibrium(&trade, &agreement(&rows), 4.0, closure).unwrap();
        let price = column("feedback_30.csv", &format!("{name}_price"));
        let index = column("feedback_30.csv", &format!("{name}_index"));
        assert!(largest_gap(name, &found.factory_price, &price) < 1e-10);
        assert!(largest_gap(name, &found.price_index, &index) < 1e-10);
    }
}

#[test]
fn feedback_on_fitted_flows_matches_the_independent_solution() {
    let rows = rows("pairs_30.csv");
    let baseline = peer_baseline(&rows);
    let still = Shock::new(30, vec![0.0; 900]).unwrap();
    let fitted = counterfactual(&baseline, &still, 4.0).unwrap().baseline_flows;
    let found =
        equilibrium(&Trade::new(30, fitted).unwrap(), &agreement(&rows), 4.0, Closure::Multiplicative)
            .unwrap();
    let numeraire = found.price_index[baseline.reference];
    let relative = |values: &[f64]| -> Vec<f64> { values.iter().map(|v| v / numeraire).collect() };
    let expected = |name| column("feedback_30.csv", name);
    let price = expected("fitted_price_over_index_deu");
    assert!(largest_gap("price", &relative(&found.factory_price), &price) < 1e-10);
    let index = expected("fitted_index_over_index_deu");
    assert!(largest_gap("index", &relative(&found.price_index), &index) < 1e-10);
    let real = ratios("feedback_30.csv", "fitted_real_output_percent");
    assert!(largest_gap("real output", &found.real_income, &real) < 1e-10);
}
