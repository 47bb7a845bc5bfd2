//! `model transit`: the reference cases through the binary, and every kind of bad input.

use std::collections::HashMap;
use std::path::Path;

use serde_json::Value;

use crate::workshop::Workshop;

fn fixture(name: &str) -> Vec<HashMap<String, String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../models/tests/fixtures/transit").join(name);
    let text = std::fs::read_to_string(path).unwrap();
    let mut lines = text.lines().map(|line| line.split(',').map(str::to_owned).collect::<Vec<String>>());
    let head = lines.next().unwrap();
    lines.map(|cells| head.iter().cloned().zip(cells).collect()).collect()
}

/// The oil network as files.
fn oil() -> Workshop {
    let shop = Workshop::empty();
    let market = |node: &str| match node {
        "MARKET_MED" => "60000,0",
        "MARKET_NWE" => "10000,0",
        "MARKET_CHN" => "20000,0",
        _ => ",",
    };
    let nodes = fixture("nodes.csv");
    let lines = nodes.iter().map(|r| format!("{},{},{}\n", r["node"], r["kind"], market(&r["node"])));
    shop.write(
        "nodes.csv",
        &(String::from("node,kind,market_capacity,price\n") + &lines.collect::<String>()),
    );
    let edges = fixture("edges.csv");
    let lines = edges.iter().enumerate().map(|(e, r)| {
        let crosses = if r["crosses_russia"] == "1" { "RUS" } else { "" };
        format!("e{e},{},{},{},{},{crosses}\n", r["from"], r["to"], r["capacity_kt_y"], r["cost_usd_t"])
    });
    shop.write(
        "edges.csv",
        &(String::from("id,from,to,capacity,cost,crosses\n") + &lines.collect::<String>()),
    );
    for year in ["2021", "2022"] {
        let supply = fixture("supply.csv");
        let lines = supply.iter().map(|r| format!("{},{}\n", r["node"], r[year]));
        let text = String::from("node,amount\n") + &lines.collect::<String>();
        shop.write(&format!("supply_{year}.csv"), &text);
    }
    shop
}

fn solved(shop: &Workshop, supply: &str, more: &[&str]) -> Value {
    let files =
        ["model", "transit", "--nodes", "nodes.csv", "--edges", "edges.csv", "--supply", supply, "--json"];
    let found = shop.equipoise(&[&files[..], more].concat());
    found.succeeds().json()
}

#[test]
fn every_reference_case_comes_out_of_the_binary() {
    let shop = oil();
    for expected in fixture("summary.csv") {
        let outage: &[&str] = match expected["case"].as_str() {
            "cpc_closed" => &["--close", "ATYRAU:CPC_TERMINAL"],
            "cpc_spm_1_of_3" => &["--limit", "ATYRAU:CPC_TERMINAL=21000"],
            _ => &[],
        };
        let found = solved(&shop, &format!("supply_{}.csv", expected["year"]), outage);
        let number = |name: &str| expected[name].parse::<f64>().unwrap();
        assert!((found["objective"].as_f64().unwrap() - number("objective")).abs() < 1e-6);
        assert!((found["delivered"].as_f64().unwrap() - number("exported_kt")).abs() < 1e-6);
        assert!((found["shut_in"].as_f64().unwrap() - number("shut_in_kt")).abs() < 1e-6);
        assert!((found["share_through"]["RUS"].as_f64().unwrap() - number("share_over_russia")).abs() < 6e-5);
        assert!(found["dependence"]["RUS"].as_f64().unwrap() > 0.0);
        assert_eq!(found["edges"].as_array().unwrap().len(), 28);
        assert_eq!(found["edges"][0]["id"], "e0");
    }
}

#[test]
fn tables_and_files_say_the_same() {
    let shop = oil();
    let files =
        ["model", "transit", "--nodes", "nodes.csv", "--edges", "edges.csv", "--supply", "supply_2021.csv"];
    let shown =
        shop.equipoise(&[&files[..], &["--outages", "2", "--out", "found"]].concat()).succeeds().stdout;
    assert!(
        shown.starts_with("delivered 67,600.0, shut in 0.0, transport 2,978,300 (44.058 per unit)"),
        "{shown}"
    );
    assert!(shop.read("found/edges.csv").contains("e0,TENGIZ,ATYRAU,40000,26500,0,0\n"));
    assert!(
        shop.read("found/states.csv")
            .starts_with("state,share_through,dependence,undelivered,suspended\nRUS,0.775")
    );
    assert_eq!(shop.read("found/outages.csv").lines().count(), 1 + 28 + 28 * 27 / 2);
}

#[test]
fn a_supplier_with_rights_and_a_tank_over_a_closure() {
    let shop = oil();
    shop.write("held.csv", "edge,supplier,minimum,maximum\nATYRAU:CPC_TERMINAL,KASHAGAN,2000,9000\n");
    let found = solved(&shop, "supply_2021.csv", &["--contracts", "held.csv"]);
    let part = &found["by_supplier"][0];
    assert_eq!(part["supplier"], "KASHAGAN");
    assert!(part["flow"]["e11"].as_f64().unwrap() <= 9000.0);
    assert!(found["objective"].as_f64().unwrap() > 2_978_300.0);
    shop.write("weeks.csv", "period,length,edge,availability\nfirst,0.02,e11,0\nsecond,0.02,,\n");
    shop.write("tanks.csv", "node,capacity\nATYRAU,300\n");
    let found = solved(&shop, "supply_2021.csv", &["--periods", "weeks.csv", "--tanks", "tanks.csv"]);
    assert_eq!(found["periods"][0]["stocks"]["ATYRAU"], 300.0);
}

#[test]
fn contracts_in_conflict_are_named() {
    let shop = oil();
    shop.write("all.csv", "edge,minimum\nALASHANKOU:MARKET_CHN,12000\n");
    shop.write(
        "each.csv",
        "edge,supplier,minimum\nATYRAU:CPC_TERMINAL,KASHAGAN,14000\nATYRAU:CPC_TERMINAL,TENGIZ,10000\n",
    );
    let files =
        ["model", "transit", "--nodes", "nodes.csv", "--edges", "edges.csv", "--supply", "supply_2021.csv"];
    let refused = |more: &[&str], parts: &[&str]| {
        shop.equipoise(&[&files[..], more].concat()).fails_with(parts);
    };
    refused(&["--contracts", "all.csv"], &["contracts in conflict", "`e10`", "12000", "10000"]);
    refused(
        &["--contracts", "each.csv", "--limit", "e11=21000"],
        &["contracts in conflict", "KASHAGAN", "TENGIZ", "capacity of `e11`"],
    );
}

const NODES: &str = "node,kind,market_capacity,price\nfield,field,,\nport,hub,,\nsea,market,50,60\n";
const EDGES: &str = "id,from,to,capacity,cost,crosses\na,field,port,20,5,AZE\nb,port,sea,20,5,\n";
const SUPPLY: &str = "node,amount\nfield,10\n";

/// One file changed, and the message that follows.
#[track_caller]
fn refused(file: &str, text: &str, parts: &[&str]) {
    let shop = Workshop::empty();
    for (name, usual) in [("nodes.csv", NODES), ("edges.csv", EDGES), ("supply.csv", SUPPLY)] {
        shop.write(name, if name == file { text } else { usual });
    }
    let args = ["model", "transit", "--nodes", "nodes.csv", "--edges", "edges.csv", "--supply", "supply.csv"];
    shop.equipoise(&args).fails_with(parts);
}

#[test]
fn bad_input_gets_a_pointed_finger() {
    let edges = |from: &str, to: &str| EDGES.replacen(from, to, 1);
    let nodes = |from: &str, to: &str| NODES.replacen(from, to, 1);
    refused("edges.csv", &edges("20,5", "-20,5"), &["edges.csv", "-20", "0 or more"]);
    refused("edges.csv", &edges("20,5", "20,-5"), &["edges.csv", "-5", "0 or more"]);
    refused("edges.csv", &edges("20,5", "20,NaN"), &["NaN", "finite"]);
    refused("edges.csv", &edges("20,5", "1e200,1e200"), &["more than a number holds"]);
    refused("edges.csv", &edges("AZE", "AZX"), &["`AZX`", "AZE"]);
    refused("edges.csv", &edges("b,port,sea", "a,port,sea"), &["`a`", "twice"]);
    refused("edges.csv", &edges("b,port,sea", "b,port,see"), &["`see`", "did you mean `sea`"]);
    refused("edges.csv", &edges("b,port,sea", "b,sea,port"), &["supply.csv", "no chain of edges"]);
    refused("edges.csv", &edges("b,port,sea", "b,sea,sea"), &["itself"]);
    refused("edges.csv", &edges("capacity", "capazity"), &["column `capacity` is missing"]);
    refused("nodes.csv", &nodes("50,60", "50,"), &["no price"]);
    refused("nodes.csv", &nodes("50,60", "-50,60"), &["-50"]);
    refused("nodes.csv", &nodes("market,50", "markte,50"), &["did you mean `market`"]);
    refused("nodes.csv", &nodes("port,hub", "field,hub"), &["`field`", "twice"]);
    refused("supply.csv", "node,amount\nfield,-10\n", &["supply.csv", "-10"]);
    refused("supply.csv", "node,amount\nfeld,10\n", &["did you mean `field`"]);
    refused("supply.csv", "node,amount\nfield,10\nfield,5\n", &["twice"]);
    refused("supply.csv", "", &["empty"]);
}

#[test]
fn amounts_of_too_different_sizes_are_no_answer() {
    let parts = ["does not add up", "arrives", "orders of magnitude"];
    refused("supply.csv", "node,amount\nfield,1e14\n", &parts);
}

#[test]
fn options_that_cannot_be_are_refused() {
    let shop = Workshop::empty();
    for (name, text) in [("nodes.csv", NODES), ("edges.csv", EDGES), ("supply.csv", SUPPLY)] {
        shop.write(name, text);
    }
    let args = ["model", "transit", "--nodes", "nodes.csv", "--edges", "edges.csv", "--supply", "supply.csv"];
    let refused = |more: &[&str], parts: &[&str]| {
        shop.equipoise(&[&args[..], more].concat()).fails_with(parts);
    };
    refused(&["--close", "feld:port"], &["did you mean `field:port`"]);
    refused(&["--limit", "a=lots"], &["EDGE=CAPACITY"]);
    refused(&["--limit", "a=-1"], &["0 or more"]);
    refused(&["--close-state", "RUS"], &["`RUS`", "AZE"]);
    refused(&["--shut-in-cost", "-1"], &["--shut-in-cost"]);
}
