//! Designs made elsewhere: a table with a row for each history, and what is wrong with one.

use std::fs;

use crate::workshop::{TABLES, Workshop};

const RUN: [&str; 4] = ["run", "varnia", "--quiet", "--json"];

fn run(shop: &Workshop, more: &[&str]) -> crate::workshop::Finished {
    shop.equipoise(&[&RUN[..], more].concat())
}

#[test]
fn a_table_gives_each_history_what_its_row_says() {
    let shop = Workshop::with_varnia();
    let rows: String =
        (0..200).map(|row| format!("{},{},0.5\n", 0.2 + 0.001 * f64::from(row), row % 2)).collect();
    shop.write("design.csv", &format!("dependence_city,ordmark_decides,u(grievance)\n{rows}"));
    let told = run(&shop, &["--table", "design.csv", "--out", "run"]).succeeds().json();
    assert_eq!((&told["histories"], &told["design"]), (&200.into(), &"table".into()));
    let report = shop.read("run/report.html");
    assert!(
        report.contains("equipoise run varnia --histories 200 --seed 1 --table design.csv"),
        "the command"
    );

    // The table that the run keeps makes the same run, in one piece or in parts.
    run(&shop, &["--table", "run/design.csv", "--out", "again"]).succeeds();
    for part in ["1/2", "2/2"] {
        run(&shop, &["--table", "design.csv", "--shard", part, "--out", &format!("parts/{part}")]).succeeds();
    }
    shop.equipoise(&["merge", "parts/1/2", "parts/2/2", "--out", "joined"]).succeeds();
    for file in TABLES.iter().chain(&["manifest.json"]) {
        let read = |run: &str| fs::read(shop.path(run).join(file)).unwrap();
        assert!(read("run") == read("again") && read("run") == read("joined"), "{file}");
    }
    let done = run(&shop, &["--out", "run", "--resume"]).succeeds().json();
    assert_eq!(done["simulated"], 0, "the table is taken from the run");
}

#[test]
fn rows_that_share_inputs_and_chance_are_the_same_history() {
    let shop = Workshop::with_varnia();
    let scenario = equipoise_scenario::load(&shop.path("varnia")).unwrap();
    let mut header = "account,chance".to_owned();
    for parameter in &scenario.parameters {
        header += &format!(",u({})", parameter.id);
    }
    let row = |chance: f64| format!("from-abroad,{chance}{}\n", ",0.8".repeat(scenario.parameters.len()));
    let rows: String = [0.25, 0.75, 0.25, 0.75].map(row).concat();
    shop.write("design.csv", &format!("{header}\n{rows}"));
    run(&shop, &["--table", "design.csv", "--out", "run"]).succeeds();
    let peak = equipoise_lab::Run::open(&shop.path("run")).unwrap().outcome("peak_participants").unwrap();
    assert_eq!([peak[0], peak[1]], [peak[2], peak[3]]);
    assert_ne!(peak[0], peak[1]);
}

#[test]
fn every_mistake_of_a_table_is_pointed_at() {
    let shop = Workshop::with_varnia();
    let refused = |text: &str, parts: &[&str]| {
        shop.write("design.csv", text);
        run(&shop, &["--table", "design.csv", "--out", "run"]).fails_with(parts);
        assert!(!shop.path("run").exists());
    };
    refused(
        "greivance,dependence_city\n0.1,0.3\n",
        &["design.csv:1:1", "there is no parameter `greivance`", "did you mean `grievance`?"],
    );
    refused(
        "grievance,dependence_city,account\n0.1,0.9,home\nNaN,,home-grown\n",
        &[
            "design.csv:2:5",
            "found `0.9`",
            "expected a value within its range, 0.2 to 0.4",
            "design.csv:2:9",
            "found `home`",
            "expected an account (home-grown, from-abroad) or its place, from 0",
            "design.csv:3:1",
            "found `NaN`",
            "design.csv:3:5",
            "this cell is empty",
        ],
    );
    refused("u(grievance)\n1.5\n", &["found `1.5`", "expected a number from 0 to 1"]);
    refused("grievance,u(grievance)\n0.1,0.5\n", &["there are two columns of `grievance`"]);
    refused("ordmark_decides\n0.5\n", &["found `0.5`", "expected 0 or 1"]);
    refused("grievance\n", &["this table has no rows"]);
    run(&shop, &["--table", "nowhere.csv"]).fails_with(&["nowhere.csv", "cannot read this file"]);
    shop.write("design.csv", "grievance\n0.1\n0.2\n");
    run(&shop, &["--table", "design.csv", "-n", "5"])
        .fails_with(&["the design table has 2 rows, for 5 histories"]);
    let both = run(&shop, &["--table", "design.csv", "--design", "lhs"]);
    both.fails_with(&["--table", "--design"]);
}

#[test]
fn a_design_over_inputs_of_ones_own_is_run_elsewhere_and_asked_for_its_drivers() {
    let shop = Workshop::empty();
    shop.write("inputs.csv", "name,low,high\na,0,2\nb,-1,1\nidle,10,20\n");
    let make =
        |more: &[&str]| shop.equipoise(&[&["explore", "design", "inputs.csv"][..], more].concat()).succeeds();
    make(&["--design", "saltelli", "--second-order", "--points", "256", "--out", "X.csv"]);
    let table = shop.read("X.csv");
    // The model runs elsewhere: here y = 3 a + b, which is nine tenths a.
    let outcomes = table.lines().skip(1).map(|row| {
        let cells: Vec<f64> = row.split(',').map(|cell| cell.parse().unwrap()).collect();
        assert!((0.0..2.0).contains(&cells[0]) && (10.0..20.0).contains(&cells[2]), "{row}");
        format!("{}\n", 3.0 * cells[0] + cells[1])
    });
    shop.write("y.csv", &format!("y\n{}", outcomes.collect::<String>()));
    let ask = ["explore", "drivers", "--table", "X.csv", "--outcome", "y.csv", "--method", "sobol", "--json"];
    let told = shop.equipoise(&ask).succeeds().json();
    for (at, share) in [0.9, 0.1, 0.0].into_iter().enumerate() {
        let first = told["parameters"][at]["first"].as_f64().unwrap();
        assert!((first - share).abs() < 0.03, "{told}");
    }

    // The first points of a larger design are the smaller one, and the rest can be made alone.
    for design in ["sobol", "lhs", "random", "saltelli", "morris"] {
        let rows = |more: &[&str]| {
            let told = make(&[&["--design", design, "--json"][..], more].concat()).json();
            told["rows"].as_array().unwrap().clone()
        };
        let whole = rows(&["--points", "20"]);
        let parts = [rows(&["--points", "13"]), rows(&["--from", "13", "--points", "7"])].concat();
        assert!(whole == parts, "{design}");
    }
    shop.write("wrong.csv", "name,low,high\na,2,1\na,0,x\n");
    shop.equipoise(&["explore", "design", "wrong.csv", "--points", "2"]).fails_with(&[
        "goes from 2 to 1",
        "stands here twice",
        "found `x`",
        "wrong.csv:3:5",
    ]);
}

#[test]
fn a_finished_run_is_made_longer() {
    let shop = Workshop::with_varnia();
    run(&shop, &["-n", "150", "--out", "grown"]).succeeds();
    let told = run(&shop, &["-n", "300", "--out", "grown", "--resume"]).succeeds().json();
    assert_eq!((&told["histories"], &told["simulated"]), (&300.into(), &172.into()));
    run(&shop, &["-n", "300", "--out", "whole"]).succeeds();
    assert!(shop.results("grown") == shop.results("whole"));
    let shorter = run(&shop, &["-n", "100", "--out", "grown", "--resume"]);
    shorter.fails_with(&["--histories 300, not 100"]);
}

#[test]
fn an_ensemble_in_a_table_is_scored_against_its_record() {
    let shop = Workshop::empty();
    let rows: String = (0..=100).map(|x| format!("{x},{}\n", u8::from(x < 80))).collect();
    shop.write("all.csv", &format!("killed,sent\n{rows},1\n"));
    shop.write("record.csv", "target,low,high,kind\nkilled,225,,\nsent,1,1,yes_no\n");
    let ask = ["explore", "score", "--table", "all.csv", "--record", "record.csv"];
    let told = shop.equipoise(&[&ask[..], &["--json"]].concat()).succeeds().json();
    let killed = &told["scores"][0];
    assert_eq!((&killed["with_value"], &killed["covered"]), (&101.into(), &false.into()));
    assert_eq!(killed["verdict"], "outside");
    let brier = told["scores"][1]["brier"].as_f64().unwrap();
    assert!((brier - (1.0 - 81.0 / 102.0_f64).powi(2)).abs() < 1e-12);
    let text = shop.equipoise(&ask).succeeds().stdout;
    assert!(text.contains("at least 225") && text.contains("Of 1 numbers 0 lie"), "{text}");
    shop.write("record.csv", "target,low,high,kind\nkiled,1,2,\nsent,0,1,yes_no\nkilled,,,\nkilled,3,2,\n");
    shop.equipoise(&ask).fails_with(&[
        "has no column `kiled`",
        "recorded as 0 to 1",
        "both ends are open",
        "goes from 3 to 2",
    ]);
}
