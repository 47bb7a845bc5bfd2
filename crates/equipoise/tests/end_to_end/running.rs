//! `run`: what it prints and where it writes.

use crate::workshop::{TABLES, Workshop};

const FEW: [&str; 5] = ["run", "varnia", "--histories", "64", "--quiet"];

#[test]
fn the_bundled_scenario_runs_without_being_named() {
    let shop = Workshop::empty();
    let done = shop.equipoise(&["run", "--histories", "200"]).succeeds();
    assert!(done.stdout.trim_end().ends_with("Report: runs/kazakhstan-2022/report.html"), "{}", done.stdout);
    assert!(done.stderr.contains("Simulating 200 histories of kazakhstan-2022"), "{}", done.stderr);
    assert!(shop.read("runs/kazakhstan-2022/report.html").starts_with("<!DOCTYPE html>"));
    for table in TABLES {
        assert!(shop.path("runs/kazakhstan-2022").join(table).is_file(), "{table}");
    }
    assert!(!shop.path("runs/kazakhstan-2022/shards").exists());
}

#[test]
fn a_quiet_run_says_nothing_beside_its_table() {
    let shop = Workshop::with_varnia();
    let done = shop.equipoise(&FEW).succeeds();
    assert_eq!(done.stderr, "");
    assert!(done.stdout.contains("Allied troops arrive"), "{}", done.stdout);
}

#[test]
fn json_is_one_object_and_nothing_else_on_standard_output() {
    let shop = Workshop::with_varnia();
    let answer = shop.equipoise(&["run", "varnia", "--histories", "64", "--json"]).succeeds().json();
    assert_eq!(answer["scenario"], "varnia");
    assert_eq!(answer["histories"], 64);
    assert_eq!(answer["simulated"], 64);
    assert_eq!(answer["report"], "runs/varnia/report.html");
    let outcomes = answer["outcomes"].as_array().unwrap();
    let troops = outcomes.iter().find(|outcome| outcome["id"] == "troops_sent").unwrap();
    let share = troops["all"]["probability"]["share"].as_f64().unwrap();
    assert!((0.0..=1.0).contains(&share));
    assert!(
        troops["by_account"]["home-grown"].is_object() && troops["by_account"]["from-abroad"].is_object()
    );
    assert!(!answer["scores"].as_array().unwrap().is_empty());
}

#[test]
fn piped_output_has_no_escape_codes_unless_asked_for() {
    let shop = Workshop::with_varnia();
    let plain = shop.equipoise(&["run", "varnia", "--histories", "64"]).succeeds();
    assert!(!plain.stdout.contains('\u{1b}') && !plain.stderr.contains('\u{1b}'));
    assert!(!plain.stderr.contains('\r'), "{:?}", plain.stderr);
    shop.edit("actors.csv", "ORD,Ordmark,state", "ORD,Ordmark,staat");
    let plain = shop.equipoise(&["check", "varnia"]);
    assert!(!plain.stdout.contains('\u{1b}'));
    let coloured = shop.equipoise(&["check", "varnia", "--color", "always"]);
    assert!(coloured.stdout.contains('\u{1b}'));
    let mut command = shop.command(&["check", "varnia"]);
    let plain = command.env("NO_COLOR", "1").output().unwrap();
    assert!(!plain.stdout.contains(&0x1b));
}

#[test]
fn a_second_run_goes_beside_the_first_and_says_so() {
    let shop = Workshop::with_varnia();
    let again = ["run", "varnia", "--histories", "32"];
    shop.equipoise(&again).succeeds();
    let first = shop.results("runs/varnia");
    let done = shop.equipoise(&again).succeeds();
    assert!(done.stderr.contains("runs/varnia is taken"), "{}", done.stderr);
    assert!(done.stdout.trim_end().ends_with("Report: runs/varnia-2/report.html"), "{}", done.stdout);
    assert_eq!(shop.results("runs/varnia"), first);
    shop.equipoise(&again).succeeds();
    assert!(shop.path("runs/varnia-3/report.html").is_file());
}

#[test]
fn a_policy_has_a_folder_of_its_own_and_is_obeyed() {
    let shop = Workshop::with_varnia();
    let answer =
        shop.equipoise(&["run", "varnia", "-n", "64", "--policy", "no-request", "--json"]).succeeds().json();
    assert_eq!(answer["run"], "runs/varnia-no-request");
    assert_eq!(answer["policy"], "no-request");
    let outcomes = answer["outcomes"].as_array().unwrap();
    let troops = outcomes.iter().find(|outcome| outcome["id"] == "troops_sent").unwrap();
    assert_eq!(troops["all"]["probability"]["share"], 0.0);
}

#[test]
fn one_account_alone_can_be_believed() {
    let shop = Workshop::with_varnia();
    let answer =
        shop.equipoise(&["run", "varnia", "-n", "64", "--account", "home-grown", "--json"]).succeeds().json();
    assert_eq!(answer["account"], "home-grown");
    let accounts = answer["outcomes"][0]["by_account"].as_object().unwrap();
    assert_eq!(accounts.keys().collect::<Vec<_>>(), ["home-grown"]);
}

#[test]
fn every_design_runs() {
    let shop = Workshop::with_varnia();
    for design in ["sobol", "lhs", "random"] {
        let args = ["run", "varnia", "-n", "32", "--design", design, "--out", design, "--json"];
        assert_eq!(shop.equipoise(&args).succeeds().json()["design"], design);
    }
}

#[test]
fn resuming_a_finished_run_changes_nothing() {
    let shop = Workshop::with_varnia();
    shop.equipoise(&FEW).succeeds();
    let before = shop.results("runs/varnia");
    let answer = shop.equipoise(&["run", "varnia", "--resume", "--json"]).succeeds().json();
    assert_eq!((&answer["simulated"], &answer["histories"]), (&0.into(), &64.into()));
    assert_eq!(shop.results("runs/varnia"), before);
}
