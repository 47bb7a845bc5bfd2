//! `model gravity`: published results and the peer's example through the binary, and every kind of bad input.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::workshop::Workshop;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../models/tests/fixtures/gravity").join(name)
}

/// A column of a fixture by country.
fn column(file: &str, name: &str) -> HashMap<String, f64> {
    let text = std::fs::read_to_string(fixture(file)).unwrap();
    let mut lines = text.lines().map(|line| line.split(',').collect::<Vec<&str>>());
    let at = lines.next().unwrap().iter().position(|head| *head == name).unwrap();
    lines.map(|cells| (cells[0].to_owned(), cells[at].parse().unwrap())).collect()
}

fn largest_gap(found: &Value, figure: &str, expected: &HashMap<String, f64>) -> f64 {
    let countries = found["countries"].as_array().unwrap();
    assert_eq!(countries.len(), expected.len());
    countries
        .iter()
        .map(|c| (c[figure].as_f64().unwrap() - expected[c["id"].as_str().unwrap()]).abs())
        .fold(0.0, f64::max)
}

#[test]
fn published_welfare_of_44_economies_comes_out_of_the_binary() {
    let shop = Workshop::empty();
    let pairs = fixture("pairs_44.csv");
    let pairs = pairs.to_str().unwrap();
    for closure in ["additive", "multiplicative"] {
        let args = ["model", "gravity", "--flows", pairs, "--shock", pairs, "--elasticity", "4"];
        let found =
            shop.equipoise(&[&args[..], &["--closure", closure, "--json"]].concat()).succeeds().json();
        assert!(largest_gap(&found, "welfare", &column("welfare_44.csv", closure)) < 2e-7);
        assert!(found["residual"].as_f64().unwrap() < 1e-10);
    }
}

#[test]
fn the_peers_example_comes_out_of_the_binary_in_both_modes() {
    let shop = Workshop::empty();
    let percent = |name: &str| -> HashMap<String, f64> {
        column("peer_30.csv", name).into_iter().map(|(c, p)| (c, 1.0 + p / 100.0)).collect()
    };
    // The peer's totals as columns of the flows, as its own files have them.
    let (output, expenditure) = (column("peer_30.csv", "output"), column("peer_30.csv", "expenditure"));
    let pairs = std::fs::read_to_string(fixture("pairs_30.csv")).unwrap();
    let mut lines = pairs.lines();
    let mut flows = format!("{},Y,E\n", lines.next().unwrap());
    for line in lines {
        let cells: Vec<&str> = line.split(',').collect();
        flows += &format!("{line},{},{}\n", output[cells[0]], expenditure[cells[1]]);
    }
    shop.write("flows.csv", &flows);
    shop.write("shock.csv", "exporter,importer,log_change\nCAN,JPN,0.4711383\nJPN,CAN,0.4711383\n");
    let costs = fixture("cost_coefficients.csv");
    let args =
        ["model", "gravity", "--flows", "flows.csv", "--shock", "shock.csv", "--elasticity", "4", "--json"];
    let parity = ["--parity", "gegravity", "--reference", "DEU", "--coefficients", costs.to_str().unwrap()];
    let found = shop.equipoise(&[&args[..], &parity].concat()).succeeds().json();
    for (figure, name) in [
        ("factory_price", "factory_price_percent"),
        ("welfare", "real_output_percent"),
        ("exports", "exports_percent"),
        ("imports", "imports_percent"),
    ] {
        assert!(largest_gap(&found, figure, &percent(name)) < 1e-7, "{figure}");
    }
    assert!(largest_gap(&found, "experiment_inward", &column("peer_30.csv", "experiment_inward")) < 1e-7);
    let found = shop.equipoise(&args).succeeds().json();
    assert!(largest_gap(&found, "factory_price", &column("feedback_30.csv", "additive_price")) < 1e-10);
    assert!(largest_gap(&found, "price_index", &column("feedback_30.csv", "additive_index")) < 1e-10);
}

const FLOWS: &str =
    "exporter,importer,value\nA,A,80\nA,B,6\nA,C,4\nB,A,5\nB,B,120\nB,C,9\nC,A,6\nC,B,8\nC,C,200\n";

fn shop(shock: &str) -> Workshop {
    let shop = Workshop::empty();
    shop.write("flows.csv", FLOWS);
    shop.write("shock.csv", shock);
    shop
}

const ARGS: [&str; 8] =
    ["model", "gravity", "--flows", "flows.csv", "--shock", "shock.csv", "--elasticity", "4"];

#[test]
fn a_ban_with_a_way_round_pays_the_third_state() {
    let head = "exporter,importer,covered_share,compliance_share,through,reach_share,cost_factor_through,\
                through_compliance,earned_share\n";
    let open = shop(&format!("{head}A,B,0.8,1,C,0.9,1.2,0,1\n"));
    let found = open.equipoise(&[&ARGS[..], &["--elasticity-sd", "1", "--out", "found", "--json"]].concat());
    let found = found.succeeds().json();
    let c = &found["countries"][2];
    assert!(c["kept"].as_f64().unwrap() > 0.0 && c["welfare"].as_f64().unwrap() > 1.0);
    let of = |name: &str| c[name].as_f64().unwrap();
    assert!(of("welfare_low") < of("welfare_median") && of("welfare_median") < of("welfare_high"));
    assert!(
        open.read("found/flows.csv")
            .starts_with("exporter,importer,old,new,new_low,new_median,new_high\nA,A,80,")
    );
    let closed = shop(&format!("{head}A,B,0.8,1,C,0.9,1.2,1,1\n"));
    let found = closed.equipoise(&[&ARGS[..], &["--json"]].concat()).succeeds().json();
    assert_eq!(found["countries"][2]["kept"], 0.0);
}

#[test]
fn a_full_ban_stops_a_pair_and_one_on_everything_leaves_no_world() {
    let head = "exporter,importer,covered_share,compliance_share\n";
    let found = shop(&format!("{head}A,B,1,1\n")).equipoise(&[&ARGS[..], &["--json"]].concat());
    let found = found.succeeds().json();
    let pair =
        found["flows"].as_array().unwrap().iter().find(|f| f["exporter"] == "A" && f["importer"] == "B");
    assert_eq!(pair.unwrap()["new"], 0.0);
    assert!(found["countries"][0]["welfare"].as_f64().unwrap() < 1.0);
    let cut_off = shop(&format!("{head}A,B,1,1\nB,A,1,1\nA,C,1,1\nC,A,1,1\n"));
    cut_off.equipoise(&ARGS).fails_with(&["no chain of trade connects B with A"]);
    let parity = shop(&format!("{head}A,B,1,1\n"));
    let refused = parity.equipoise(&[&ARGS[..], &["--parity", "gegravity"]].concat());
    refused.fails_with(&["trade-cost term from A to B is 0", "above 0"]);
}

#[test]
fn a_way_round_a_ban_is_dearer_and_leads_through_a_third_state() {
    let refused = |way: &str, parts: &[&str]| {
        let head = "exporter,importer,covered_share,compliance_share,through,reach_share,cost_factor_through,\
                    through_compliance,earned_share\n";
        shop(&format!("{head}A,B,0.8,1,{way}\n")).equipoise(&ARGS).fails_with(parts);
    };
    refused("C,0.9,0.5,0,1", &["shock.csv", "2", "found 0.5", "a factor of 1 or more"]);
    refused("A,0.9,1.2,0,1", &["shock.csv", "2", "`A` is a party to the ban", "a third state"]);
    refused("B,0.9,1.2,0,1", &["`B` is a party to the ban"]);
}

#[test]
fn figures_that_no_number_holds_are_no_answer() {
    let shop = shop("exporter,importer,log_change\nA,B,0.1\n");
    let args = [&ARGS[..7], &["1e-308"]].concat();
    shop.equipoise(&args).fails_with(&["no equilibrium", "range of a 64-bit float"]);
    let parity = [&args[..], &["--parity", "gegravity"]].concat();
    shop.equipoise(&parity).fails_with(&["range of a 64-bit float"]);
}

#[test]
fn a_tariff_of_a_union_below_zero_is_pointed_at_by_its_option() {
    let shop = shop("");
    let args =
        ["model", "gravity", "--flows", "flows.csv", "--elasticity", "4", "--union", "A,B", "--leave", "A"];
    for option in ["--external-tariff", "--own-tariff"] {
        let refused = shop.equipoise(&[&args[..], &[option, "-0.06"]].concat());
        refused.fails_with(&[option, "-0.06", "0 or more"]);
    }
}

#[test]
fn a_member_leaves_a_union_without_a_shock_file() {
    let shop = shop("");
    let args = ["model", "gravity", "--flows", "flows.csv", "--elasticity", "4", "--union", "A,B"];
    let leave =
        ["--leave", "A", "--agreement", "0.4", "--external-tariff", "0.06", "--own-tariff", "0.06", "--json"];
    let found = shop.equipoise(&[&args[..], &leave].concat()).succeeds().json();
    assert!(found["countries"][0]["welfare"].as_f64().unwrap() < 1.0);
    shop.equipoise(&[&args[..], &["--leave", "C"]].concat()).fails_with(&["C is no member of the union"]);
    shop.equipoise(&args).fails_with(&["--leave or --join"]);
}

#[test]
fn bad_input_gets_a_pointed_finger() {
    let still = "exporter,importer,log_change\nA,B,0.1\n";
    let flows = |text: String, parts: &[&str]| {
        let shop = shop(still);
        shop.write("flows.csv", &text);
        shop.equipoise(&ARGS).fails_with(parts);
    };
    flows(FLOWS.replace("A,B,6", "A,B,-6"), &["flows.csv", "-6", "0 or more"]);
    flows(FLOWS.replace("A,B,6", "A,B,NaN"), &["NaN", "finite"]);
    flows(FLOWS.replace("A,B,6", "A,B,1e308\nX,X,1e308\nX,A,1e308"), &["more than a number holds"]);
    flows(FLOWS.replace("A,A,80\n", ""), &["A has no sales to itself"]);
    flows(FLOWS.replace("A,B,6\n", "A,B,6\nA,B,7\n"), &["A → B", "twice"]);
    flows(format!("{FLOWS}D,D,0\nD,A,0\n"), &["D neither sells nor buys"]);
    flows(format!("{FLOWS}D,D,9\n"), &["no chain of trade", "D"]);
    flows("exporter,importer\nA,A\n".to_owned(), &["column `value` is missing"]);
    let shock = |text: &str, parts: &[&str]| {
        shop(text).equipoise(&ARGS).fails_with(parts);
    };
    shock("exporter,importer,log_change\nA,Z,0.1\n", &["`Z`", "flows"]);
    shock("exporter,importer,log_change\nA,B,0.1\nA,B,0.2\n", &["twice"]);
    shock("exporter,importer,log_change\nA,B,900\n", &["900"]);
    shock("exporter,importer,tariff\nA,B,0.1\n", &["no column says what changes", "cost_factor, old_tariff"]);
    shock("exporter,importer,cost_factor\nA,B,0\n", &["factor above 0"]);
    shock("exporter,importer,old_tariff,new_tariff\nA,B,0,-0.5\n", &["-0.5", "tariff of 0 or more"]);
    shock("exporter,importer,covered_share,compliance_share\nA,B,1.5,1\n", &["1.5", "share"]);
    for elasticity in ["0", "-4", "NaN", "inf"] {
        let args = [&ARGS[..7], &[elasticity]].concat();
        shop(still).equipoise(&args).fails_with(&["--elasticity", "above 0"]);
    }
    shop(still)
        .equipoise(&[&ARGS[..], &["--elasticity-sd", "-1"]].concat())
        .fails_with(&["standard deviation"]);
}
