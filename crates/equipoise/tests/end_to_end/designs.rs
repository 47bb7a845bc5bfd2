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
