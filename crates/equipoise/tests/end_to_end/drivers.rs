//! `explore drivers`: of tables and of runs, and what it says to rows it cannot use.

use serde_json::Value;

use crate::workshop::Workshop;

/// A table of y = x1 + 2 x2 + x1 x2 on Saltelli's design without second order, three factors, `points` base points;
/// inputs and outcome apart.
fn saltelli(points: usize) -> (String, String) {
    let (mut x, mut y) = ("x1,x2,x3\n".to_owned(), "y\n".to_owned());
    // Multiples of irrational numbers: as good as random here, and the same everywhere.
    let part = |i: usize, k: usize| {
        ((i + 1) as f64 * [0.618_034, 0.754_878, 0.569_84, 0.819_173, 0.671_044, 0.549_7][k]).fract()
    };
    for i in 0..points {
        let rows: [[usize; 3]; 5] = [[0, 1, 2], [3, 1, 2], [0, 4, 2], [0, 1, 5], [3, 4, 5]];
        for row in rows.map(|row| row.map(|k| part(i, k))) {
            x += &format!("{},{},{}\n", row[0], row[1], row[2]);
            y += &format!("{}\n", row[0] + 2.0 * row[1] + row[0] * row[1]);
        }
    }
    (x, y)
}

fn values(answer: &Value, key: &str) -> Vec<f64> {
    answer["parameters"].as_array().unwrap().iter().map(|one| one[key].as_f64().unwrap()).collect()
}

#[test]
fn a_table_is_answered_with_intervals_as_json_and_as_text() {
    let shop = Workshop::empty();
    let (x, y) = saltelli(512);
    shop.write("X.csv", &x);
    shop.write("Y.csv", &y);
    let ask = ["explore", "drivers", "--table", "X.csv", "--outcome", "Y.csv", "--method"];
    let answer = shop.equipoise(&[&ask[..], &["sobol", "--json"]].concat()).succeeds().json();
    let names: Vec<&str> =
        answer["parameters"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["x1", "x2", "x3"]);
    // Exact: first orders of 1.5 (x1 − ½) and 2.5 (x2 − ½), interplay of 1/144.
    let variance = (2.25 + 6.25) / 12.0 + 1.0 / 144.0;
    for (found, exact) in values(&answer, "first").iter().zip([2.25 / 12.0, 6.25 / 12.0, 0.0]) {
        assert!((found - exact / variance).abs() < 0.03, "{answer:#}");
    }
    assert!(
        values(&answer, "total_low")
            .iter()
            .zip(values(&answer, "total_high"))
            .all(|(low, high)| *low <= high)
    );
    assert_eq!(answer["pairs"], serde_json::json!([]));
    let text = shop.equipoise(&[&ask[..], &["sobol"]].concat()).succeeds().stdout;
    assert!(text.contains("Input") && text.contains("total") && text.contains("x3"), "{text}");
    for method in ["given-data", "pawn", "delta"] {
        let answer =
            shop.equipoise(&[&ask[..], &[method, "--resamples", "10", "--json"]].concat()).succeeds().json();
        let key = if method == "given-data" { "first" } else { method };
        let found = values(&answer, key);
        assert!(found[1] > found[0] && found[0] > found[2], "{answer:#}");
    }
}

#[test]
fn rows_that_cannot_be_used_get_one_clear_message() {
    let shop = Workshop::empty();
    let (x, y) = saltelli(40);
    shop.write("X.csv", &x);
    shop.write("Y.csv", &y);
    shop.write("short.csv", &y.lines().take(100).collect::<Vec<_>>().join("\n"));
    shop.write("constant.csv", &format!("y\n{}", "3\n".repeat(200)));
    let third = y.lines().nth(3).unwrap();
    shop.write("gap.csv", &y.replacen(&format!("\n{third}\n"), "\nNaN\n", 1));
    let few: Vec<&str> = x.lines().take(4).collect();
    shop.write("few.csv", &few.join("\n"));
    shop.write("few_y.csv", "y\n1\n2\n3\n");
    let refused = |table: &str, outcome: &str, method: &str, parts: &[&str]| {
        let args = ["explore", "drivers", "--table", table, "--outcome", outcome, "--method", method];
        shop.equipoise(&args).fails_with(parts);
    };
    refused("X.csv", "short.csv", "sobol", &["X.csv has 200 rows", "short.csv has 99"]);
    refused("X.csv", "constant.csv", "sobol", &["the outcome is 3 in every row"]);
    refused("X.csv", "constant.csv", "given-data", &["the outcome is 3 in every row"]);
    refused("X.csv", "gap.csv", "sobol", &["gap.csv", "found `NaN`", "a finite number"]);
    refused("few.csv", "few_y.csv", "given-data", &["there are 3 rows", "are needed"]);
    refused("few.csv", "few_y.csv", "sobol", &["3 rows, which is no multiple of 8", "nor of 5"]);
    refused("X.csv", "Y.csv", "morris", &["exactly one does"]);
    refused("X.csv", "Z.csv", "sobol", &["--outcome Z.csv", "no such file", "x1, x2, x3"]);
    let args = ["explore", "drivers", "--table", "X.csv", "--outcome", "Y.csv", "--method", "given-data"];
    shop.equipoise(&[&args[..], &["--group", "a=x1,x9"]].concat()).fails_with(&["no input `x9`"]);
    shop.equipoise(&[&args[..], &["--column", "z"]].concat()).fails_with(&["the column `z` is missing"]);
}

#[test]
fn a_run_tells_evidence_assumption_account_and_chance_apart() {
    let shop = Workshop::with_varnia();
    shop.equipoise(&["run", "varnia", "-n", "600", "--out", "plain", "--quiet"]).succeeds();
    let answer =
        shop.equipoise(&["explore", "drivers", "plain", "--outcome", "killed", "--json"]).succeeds().json();
    assert_eq!(answer["method"], "given-data");
    let groups: Vec<&str> =
        answer["groups"].as_array().unwrap().iter().map(|group| group["name"].as_str().unwrap()).collect();
    assert_eq!(groups, ["evidence", "assumption", "account"]);
    let all = answer["groups"]
        .as_array()
        .unwrap()
        .iter()
        .map(|group| group["share"].as_f64().unwrap())
        .sum::<f64>();
    assert!((all + answer["rest"]["share"].as_f64().unwrap() - 1.0).abs() < 1e-9);
    assert!(shop.read("plain/report.html").contains("What drives it"));
    shop.equipoise(&["explore", "drivers", "plain", "--method", "sobol"])
        .fails_with(&["--design sobol", "saltelli-groups"]);
    shop.equipoise(&["explore", "drivers", "plain", "--outcome", "kiled"])
        .fails_with(&["did you mean `killed`"]);

    let grouped =
        ["run", "varnia", "-n", "900", "--design", "saltelli-groups", "--out", "grouped", "--quiet"];
    shop.equipoise(&grouped).succeeds();
    let answer =
        shop.equipoise(&["explore", "drivers", "grouped", "--outcome", "killed", "--json"]).succeeds().json();
    assert_eq!(answer["method"], "sobol");
    let chance = &answer["groups"][3];
    assert_eq!(chance["name"], "chance");
    assert!(chance["total"].as_f64().unwrap() > 0.0 && chance["total_low"].is_number(), "{answer:#}");
}

#[test]
fn a_run_on_morris_trajectories_is_screened() {
    let shop = Workshop::with_varnia();
    let run = ["run", "varnia", "-n", "1000", "--design", "morris", "--out", "screened", "--quiet"];
    shop.equipoise(&run).succeeds();
    let answer = shop
        .equipoise(&["explore", "drivers", "screened", "--outcome", "killed", "--json"])
        .succeeds()
        .json();
    assert_eq!(answer["method"], "morris");
    assert!(values(&answer, "mu_star").iter().any(|effect| *effect > 0.0));
    assert_eq!(answer["parameters"].as_array().unwrap().last().unwrap()["name"], "chance");
}
