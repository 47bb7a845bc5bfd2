//! `model bargaining` through the real binary: the references of the models crate, the files it writes, bad input.

use std::fs;

use crate::workshop::Workshop;

fn fixture(name: &str) -> String {
    format!("{}/../models/tests/fixtures/bargaining/{name}", env!("CARGO_MANIFEST_DIR"))
}

fn rows(name: &str) -> Vec<Vec<f64>> {
    let text = fs::read_to_string(fixture(name)).unwrap();
    let numbers = |line: &str| line.split(',').map(|cell| cell.trim().parse().unwrap_or(f64::NAN)).collect();
    text.lines().skip(1).map(numbers).collect()
}

#[test]
fn ktabs_files_give_ktabs_positions_and_win_probabilities() {
    let shop = Workshop::empty();
    for (input, prefix) in [("dummyData_3Dim.csv", "d3"), ("SOE-Pol-Comp.csv", "soe_pc")] {
        let path = fixture(&format!("smp/{input}"));
        let answer =
            shop.equipoise(&["model", "bargaining", &path, "--model", "smp", "--json"]).succeeds().json();
        let turns = answer["turns"].as_array().unwrap();
        for row in rows(&format!("smp/{prefix}_positions.csv")) {
            let [t, i, k] = [row[0], row[1], row[2]].map(|v| v as usize);
            let found = turns[t]["positions"][i][k].as_f64().unwrap();
            assert!((found - row[3]).abs() < 1e-9, "{prefix} {row:?}: {found}");
        }
        let log = fs::read_to_string(fixture(&format!("smp/{prefix}_winprob.txt"))).unwrap();
        for (i, line) in log.lines().enumerate() {
            let logged = line.split_once(':').unwrap().1.split_whitespace();
            for (t, expected) in logged.enumerate() {
                let found = turns[t]["win_probability"][i].as_f64().unwrap();
                // The log has four decimals.
                assert!((found - expected.parse::<f64>().unwrap()).abs() <= 0.5e-4 + 1e-9);
            }
        }
        assert_eq!(
            answer["actors"].as_array().unwrap().len(),
            turns[0]["positions"].as_array().unwrap().len()
        );
    }
}

#[test]
fn named_readings_of_the_expected_utility_model_give_their_replications() {
    let shop = Workshop::empty();
    let path = fixture("eum/input_emissions.csv");
    let text = fs::read_to_string(fixture("eum/masad_GroupDecisionModel_emissions_q1.json")).unwrap();
    let reference: serde_json::Value = serde_json::from_str(&text).unwrap();
    let rounds = (reference.as_array().unwrap().len() - 1).to_string();
    let args =
        ["model", "bargaining", &path, "--model", "eum", "--variant", "masad", "--rounds", &rounds, "--json"];
    let answer = shop.equipoise(&args).succeeds().json();
    for (turn, expected) in answer["turns"].as_array().unwrap().iter().zip(reference.as_array().unwrap()) {
        let mean = turn["mean"].as_f64().unwrap() - expected["mean"].as_f64().unwrap();
        assert!(mean.abs() < 1e-10);
        for (found, x) in turn["positions"].as_array().unwrap().iter().zip(expected["x"].as_array().unwrap())
        {
            assert!((found[0].as_f64().unwrap() - x.as_f64().unwrap()).abs() < 1e-10);
        }
        assert!(turn["risk"].is_array() && turn["median"].is_number());
    }
}

#[test]
fn a_stochastic_run_and_the_spread_are_the_same_on_any_number_of_threads() {
    let shop = Workshop::empty();
    let (smp, eum) = (fixture("smp/dummyData_3Dim.csv"), fixture("eum/input_emissions.csv"));
    let drawn = |seed: &str| {
        let args = ["model", "bargaining", &smp, "--model", "smp", "--stochastic", seed, "--json"];
        shop.equipoise(&args).succeeds().stdout
    };
    assert_eq!(drawn("7"), drawn("7"));
    assert_ne!(drawn("7"), drawn("8"));
    let spread = |threads: &str| {
        let args = [
            "model",
            "bargaining",
            &eum,
            "--model",
            "eum",
            "--rounds",
            "3",
            "--variants",
            "--json",
            "--threads",
            threads,
        ];
        shop.equipoise(&args).succeeds()
    };
    let one = spread("1");
    assert_eq!(one.stdout, spread("3").stdout);
    let variants = &one.json()["variants"];
    assert_eq!(variants["count"], 1080);
    assert!(variants["mean"][0]["low"].as_f64() < variants["mean"][0]["high"].as_f64());
}

#[test]
fn an_option_that_is_given_is_not_varied() {
    let shop = Workshop::empty();
    let eum = fixture("eum/input_emissions.csv");
    let args = [
        "model",
        "bargaining",
        &eum,
        "--model",
        "eum",
        "--rounds",
        "1",
        "--variants",
        "--unchanged",
        "1",
        "--json",
    ];
    assert_eq!(shop.equipoise(&args).succeeds().json()["variants"]["count"], 120);
}

#[test]
fn tables_and_a_picture_are_written() {
    let shop = Workshop::empty();
    let path = fixture("smp/SOE-Pol-Comp.csv");
    let args = ["model", "bargaining", &path, "--model", "smp", "--out", "paths", "--json"];
    let told = shop.equipoise(&args).succeeds();
    assert_eq!(told.stdout, shop.read("paths/answer.json"));
    let csv = shop.read("paths/positions.csv");
    assert!(csv.starts_with("turn,actor,dimension,position,risk,win_probability\n0,XJ,1,30,"), "{csv:.80}");
    assert_eq!(csv.lines().count(), 1 + 28 * 13 * 2);
    let page = shop.read("paths/paths.html");
    assert!(page.contains("<svg") && page.contains("prefers-color-scheme") && !page.contains("http"));
}

#[test]
fn every_mistake_of_a_file_is_pointed_at() {
    let shop = Workshop::empty();
    let fails = |text: &str, parts: &[&str]| {
        shop.write("actors.csv", text);
        shop.equipoise(&["model", "bargaining", "actors.csv", "--model", "smp"]).fails_with(parts);
    };
    let head = "actor,capability,position,salience\n";
    let two = "actor,capability,position_1,salience_1,position_2,salience_2\n";
    fails(
        &format!("{head}a,1,120,50\nb,-1,10,x\n"),
        &["actors.csv:2:5", "the position is 120", "actors.csv:3:3", "actors.csv:3:9", "3 mistakes"],
    );
    fails(&format!("{head}a,1,20,50\n"), &["there is 1 actor", "nobody bargains alone"]);
    fails(&format!("{two}a,1,2,50,3,60\nb,1,2,3,4,5\n"), &["actors.csv:2:7", "add up to 110"]);
    fails(&format!("{head}a,0,20,50\nb,0,30,50\n"), &["actors.csv:1:7", "nobody has any capability"]);
    fails(&format!("{two}a,1,2,50,3,0\nb,1,2,3,4,0\n"), &["actors.csv:1:51", "nobody cares"]);
    fails(&format!("{head}a,1,20,50\nb,1,20,0\n"), &["actors.csv:3:8", "salience 0 on every dimension"]);
    fails("who,power,position,salience\na,1,2,3\n", &["the column `actor` is missing"]);
    fails("t,d,3,1\nActor,D,P,p,s\na,,1,2,3\nb,,1,2,4\n", &["actors.csv:2:1", "expected 3"]);
    fails("t,d,2,2\nActor,D,P,p,s\na,,1,2,3\nb,,1,2,4\n", &["expected 7 for the 2 dimensions"]);
}

#[test]
fn twins_are_two_actors_and_options_belong_to_their_model() {
    let shop = Workshop::empty();
    shop.write("twins.csv", "actor,capability,position,salience\na,1,20,50\na,1,20,50\nb,2,80,40\n");
    let told = shop.equipoise(&["model", "bargaining", "twins.csv", "--model", "smp", "--json"]).succeeds();
    assert!(told.stderr.contains("told apart by their order"));
    let last = told.json()["turns"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(last["positions"][0], last["positions"][1]);
    let args = ["model", "bargaining", "twins.csv", "--model", "smp", "--variant", "masad"];
    shop.equipoise(&args).fails_with(&["--variant is an option of --model eum"]);
    let args = ["model", "bargaining", "twins.csv", "--model", "eum", "--variant", "prob=most"];
    assert_eq!(shop.equipoise(&args).code, Some(2));
}
