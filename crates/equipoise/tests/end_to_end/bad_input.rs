//! Every kind of bad input gets one clear message and exit code 2; `check` finds it too, with exit code 1.

use crate::workshop::Workshop;

/// `run` refuses the scenario, `check` finds its mistakes, both with all these words; nothing is written.
#[track_caller]
fn refused(shop: &Workshop, parts: &[&str]) {
    shop.equipoise(&["run", "varnia", "-n", "32"]).fails_with(parts);
    shop.equipoise(&["evidence", "varnia"]).fails_with(parts);
    let found = shop.equipoise(&["check", "varnia"]);
    assert_eq!(found.code, Some(1), "{}", found.stderr);
    assert_eq!(found.stderr, "");
    for part in parts {
        assert!(found.stdout.contains(part), "{part:?} is missing in:\n{}", found.stdout);
    }
    assert!(!shop.path("runs").exists());
}

/// The same, after one edit of one file.
#[track_caller]
fn refused_after(file: &str, from: &str, to: &str, parts: &[&str]) {
    let shop = Workshop::with_varnia();
    shop.edit(file, from, to);
    let mut parts = parts.to_vec();
    parts.push(file);
    refused(&shop, &parts);
}

#[test]
fn a_missing_file() {
    let shop = Workshop::with_varnia();
    std::fs::remove_file(shop.path("varnia/places.csv")).unwrap();
    refused(&shop, &["places.csv", "missing"]);
}

#[test]
fn an_unknown_column() {
    refused_after("places.csv", "population", "populaton", &["populaton", "population"]);
}

#[test]
fn a_date_that_is_none() {
    refused_after("scenario.toml", "date = 2030-03-10", "date = \"2030-02-30\"", &["2030-02-30"]);
}

#[test]
fn a_misspelt_actor() {
    refused_after(
        "scenario.toml",
        "actor = \"government\"",
        "actor = \"goverment\"",
        &["goverment", "did you mean", "government"],
    );
}

#[test]
fn a_negative_population() {
    refused_after("places.csv", "900000", "-900000", &["-900000", "places.csv:2"]);
}

#[test]
fn credences_that_do_not_sum_to_one() {
    refused_after("accounts.toml", "credence = 0.4", "credence = 0.5", &["1.1"]);
}

#[test]
fn a_parameter_without_claims_or_reason() {
    refused_after(
        "scenario.toml",
        "subject = \"foreign_share_of_rioters\"\n",
        "",
        &["foreign_share", "neither claims nor a reason"],
    );
}

#[test]
fn a_claim_whose_low_end_is_above_its_high_end() {
    refused_after(
        "claims.csv",
        "T02,fuel_price_ratio,2,,,at_least",
        "T02,fuel_price_ratio,,3,2,between",
        &["claims.csv:3"],
    );
}

#[test]
fn an_expression_with_an_unknown_name() {
    refused_after(
        "scenario.toml",
        "value = \"killed\"",
        "value = \"kiled\"",
        &["kiled", "did you mean", "killed"],
    );
}

#[test]
fn an_expression_whose_units_do_not_fit() {
    refused_after("scenario.toml", "value = \"killed\"", "value = \"killed + day\"", &["days", "persons"]);
}

#[test]
fn policies_that_include_each_other() {
    refused_after(
        "scenario.toml",
        "changes = [{ forbid = \"request_help.ask\" }]",
        "includes = [\"late-and-alone\"]\nchanges = []",
        &["no-request", "late-and-alone"],
    );
}

#[test]
fn several_mistakes_come_in_one_go() {
    let shop = Workshop::with_varnia();
    shop.edit("places.csv", "900000", "-900000");
    shop.edit("scenario.toml", "value = \"killed\"", "value = \"kiled\"");
    shop.edit("accounts.toml", "credence = 0.4", "credence = 0.5");
    let found = shop.equipoise(&["check", "varnia", "--json"]);
    assert_eq!(found.code, Some(1));
    let mistakes = found.json()["mistakes"].as_array().unwrap().clone();
    let files: Vec<&str> = mistakes.iter().map(|mistake| mistake["file"].as_str().unwrap()).collect();
    for file in ["accounts.toml", "places.csv", "scenario.toml"] {
        assert!(files.contains(&file), "{files:?}");
    }
    assert!(mistakes.iter().any(|mistake| mistake["suggestion"] == "killed"));
}

#[test]
fn a_scenario_that_does_not_exist() {
    let shop = Workshop::with_varnia();
    for command in ["run", "check", "evidence"] {
        shop.equipoise(&[command, "vernia"]).fails_with(&["`vernia`", "did you mean `varnia`?"]);
        shop.equipoise(&[command, "kazakstan-2022"]).fails_with(&["did you mean `kazakhstan-2022`?"]);
        shop.equipoise(&[command, "atlantis"]).fails_with(&["`atlantis`", "kazakhstan-2022"]);
        shop.equipoise(&[command, "varnia/scenario.toml"]).fails_with(&["is a file"]);
    }
}

#[test]
fn names_that_the_scenario_does_not_have() {
    let shop = Workshop::with_varnia();
    shop.equipoise(&["run", "varnia", "--policy", "no-requst"])
        .fails_with(&["policy", "did you mean `no-request`?"]);
    shop.equipoise(&["run", "varnia", "--account", "homegrown"])
        .fails_with(&["account", "did you mean `home-grown`?"]);
    assert!(!shop.path("runs").exists());
}

#[test]
fn options_that_make_no_sense() {
    let shop = Workshop::with_varnia();
    for args in [
        ["--histories", "0"],
        ["--histories", "many"],
        ["--threads", "0"],
        ["--design", "sobel"],
        ["--seed", "-1"],
    ] {
        let done = shop.equipoise(&["run", "varnia", args[0], args[1]]);
        assert_eq!(done.code, Some(2), "{args:?}");
        assert!(done.stderr.starts_with("error: ") && done.stdout.is_empty(), "{}", done.stderr);
    }
    assert_eq!(shop.equipoise(&["simulate"]).code, Some(2));
}

#[test]
fn a_folder_of_another_scenario_given_to_resume() {
    let shop = Workshop::with_varnia();
    shop.equipoise(&["run", "varnia", "-n", "32", "--out", "it", "-q"]).succeeds();
    let before = shop.results("it");
    shop.equipoise(&["run", "--out", "it", "--resume", "-q"]).fails_with(&["varnia", "kazakhstan-2022"]);
    shop.equipoise(&["run", "varnia", "--seed", "2", "--out", "it", "--resume", "-q"])
        .fails_with(&["--seed 1", "2"]);
    shop.edit("scenario.toml", "range = [0.01, 0.05]", "range = [0.01, 0.06]");
    shop.equipoise(&["run", "varnia", "--out", "it", "--resume", "-q"]).fails_with(&["varnia", "hash"]);
    assert!(shop.results("it") == before);
}

#[test]
fn a_folder_that_is_taken() {
    let shop = Workshop::with_varnia();
    shop.write("mine/thesis.txt", "years of work");
    shop.equipoise(&["run", "varnia", "--out", "mine", "-q"]).fails_with(&["mine", "not empty", "--resume"]);
    shop.equipoise(&["run", "varnia", "--out", "mine", "--resume", "-q"])
        .fails_with(&["mine", "not a run directory"]);
    assert_eq!(shop.read("mine/thesis.txt"), "years of work");
    assert_eq!(std::fs::read_dir(shop.path("mine")).unwrap().count(), 1);
}

#[test]
fn questions_that_a_run_cannot_answer() {
    let shop = Workshop::with_varnia();
    shop.equipoise(&["run", "varnia", "-n", "32", "--out", "it", "-q"]).succeeds();
    shop.equipoise(&["why", "it", "--outcome", "kiled"]).fails_with(&["did you mean `killed`?"]);
    shop.equipoise(&["why", "it", "--event", "grantet"]).fails_with(&["did you mean `granted`?"]);
    shop.equipoise(&["why", "it", "--event", "granted(MARCHS)"]).fails_with(&["granted(MARCHS)"]);
    shop.equipoise(&["why", "it", "--outcome", "killed", "--history", "99"]).fails_with(&["99", "32"]);
    shop.equipoise(&["why", "nowhere", "--outcome", "killed"])
        .fails_with(&["nowhere", "not a run directory"]);
    assert_eq!(shop.equipoise(&["why", "it"]).code, Some(2));
}
