//! `model treaty`: requests held against treaties, past requests learnt from, and mistakes in both.

use std::path::{Path, PathBuf};

use crate::workshop::Workshop;

fn shared(name: &str) -> String {
    let path: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/treaties").join(name);
    path.display().to_string()
}

fn csto_cases() -> Vec<String> {
    [
        "2010-kyrgyzstan",
        "2020-armenia",
        "2021-05-armenia",
        "2021-11-armenia",
        "2022-01-kazakhstan",
        "2022-09-armenia",
    ]
    .map(|case| shared(&format!("cases/csto-{case}.toml")))
    .to_vec()
}

#[test]
fn a_clear_case_is_admissible_and_still_refused() {
    let (treaty, cases) = (shared("csto.toml"), csto_cases());
    let shop = Workshop::empty();
    let found = shop
        .equipoise(&["model", "treaty", &treaty, &cases[5], "--json", "--draws", "500"])
        .succeeds()
        .json();
    let clause = |id: &str| {
        let all = found["admissible"].as_array().unwrap();
        all.iter().find(|clause| clause["clause"] == id).unwrap()["degree"].as_f64().unwrap()
    };
    assert!(clause("art_4") > 0.9);
    assert_eq!(found["text_alone"]["grants"], true);
    assert!(found["granted"].as_f64().unwrap() < 0.3);
    let votes = found["votes"].as_array().unwrap();
    assert_eq!(votes.len(), 5, "neither the requester nor a former member votes");
    assert!(votes[0]["parts"]["relation"].as_f64().unwrap() < -0.5);
}

#[test]
fn the_wording_of_the_day_counts() {
    let (treaty, cases) = (shared("csto.toml"), csto_cases());
    let shop = Workshop::empty();
    let of = |case: &str| {
        let found =
            shop.equipoise(&["model", "treaty", &treaty, case, "--json", "--draws", "50"]).succeeds().json();
        let clauses = found["admissible"].as_array().unwrap().clone();
        clauses.into_iter().find(|clause| clause["clause"] == "art_4").unwrap()
    };
    assert_eq!(of(&cases[0])["in_force_since"], "1994-04-20");
    assert_eq!(of(&cases[0])["degree_high"], 0.0, "an armed attack by no state was none in 2010");
    assert_eq!(of(&cases[4])["in_force_since"], "2012-12-19");
}

#[test]
fn reasons_are_shown_when_asked_for() {
    let (treaty, cases) = (shared("csto.toml"), csto_cases());
    let shop = Workshop::empty();
    let told = shop
        .equipoise(&["model", "treaty", &treaty, &cases[4], "--explain", "--draws", "200"])
        .succeeds()
        .stdout;
    for word in ["RUS (leads)", "obligation", "pressure", "Granted by consensus", "the request ends"] {
        assert!(told.contains(word), "{word} is missing in:\n{told}");
    }
}

#[test]
fn six_requests_are_foretold_each_from_the_others_and_the_text_fails_both_ways() {
    let mut args = vec!["model".to_owned(), "treaty".to_owned(), "--fit".to_owned(), "--json".to_owned()];
    args.extend(["--draws".to_owned(), "3000".to_owned(), shared("csto.toml")]);
    args.extend(csto_cases());
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let shop = Workshop::empty();
    let first = shop.equipoise(&args).succeeds();
    let found = first.json();
    let cases = found["cases"].as_array().unwrap();
    let wrong: Vec<&str> = cases
        .iter()
        .filter(|case| case["text_alone"]["grants"] != case["granted"])
        .map(|case| case["case"].as_str().unwrap())
        .collect();
    assert_eq!(wrong, ["csto-2022-01-kazakhstan", "csto-2022-09-armenia"]);
    let left_out = |at: usize| &cases[at]["left_out"]["either"];
    let width = left_out(4)["high"].as_f64().unwrap() - left_out(4)["low"].as_f64().unwrap();
    assert!(width > 0.5, "six requests leave the one of January 2022 wide open: {width}");
    let mean = |at: usize| left_out(at)["mean"].as_f64().unwrap();
    assert!((0..6).filter(|at| *at != 4).all(|at| mean(at) < mean(4)));
    assert_eq!(shop.equipoise(&args).stdout, first.stdout, "the same seed, the same answer");
}

#[test]
fn other_treaties_need_no_code() {
    let shop = Workshop::empty();
    let granted = |treaty: &str, case: &str| {
        let (treaty, case) = (shared(treaty), shared(&format!("cases/{case}.toml")));
        let found = shop
            .equipoise(&["model", "treaty", &treaty, &case, "--json", "--draws", "400"])
            .succeeds()
            .json();
        found["granted"].as_f64().unwrap()
    };
    let (art_5, art_4) =
        (granted("nato.toml", "nato-2001-united-states"), granted("nato.toml", "nato-2012-turkiye"));
    assert!(art_5 > art_4, "{art_5} {art_4}");
    assert!(granted("russia-armenia-1997.toml", "russia-armenia-2021-11") < 0.5);
}

#[test]
fn mistakes_are_pointed_at() {
    let shop = Workshop::empty();
    let treaty = std::fs::read_to_string(shared("csto.toml")).unwrap();
    shop.write("t.toml", &treaty.replacen("trigger = \"threat\"\n", "", 1));
    let case = &csto_cases()[0];
    shop.equipoise(&["model", "treaty", "t.toml", case]).fails_with(&[
        "t.toml",
        "the clause `art_2` has no trigger",
        "nothing says when it applies",
    ]);
    let good = shared("csto.toml");
    shop.equipoise(&["model", "treaty", &good, "missing.toml"]).fails_with(&["cannot read this file"]);
    let two = csto_cases();
    shop.equipoise(&["model", "treaty", &good, &two[0], &two[1]]).fails_with(&["2 cases are given", "--fit"]);
    shop.equipoise(&["model", "treaty", &shared("nato.toml"), case])
        .fails_with(&["the case is about the treaty `CSTO`"]);
}

#[test]
fn outside_its_area_a_clause_is_inadmissible_and_that_is_said() {
    let (treaty, case) = (shared("nato.toml"), shared("cases/nato-1982-falklands.toml"));
    let shop = Workshop::empty();
    let of = |case: &str| {
        shop.equipoise(&["model", "treaty", &treaty, case, "--json", "--draws", "100"]).succeeds().json()
    };
    let there = of(&case);
    let clause = |found: &serde_json::Value, id: &str| {
        let all = found["admissible"].as_array().unwrap();
        all.iter().find(|clause| clause["clause"] == id).unwrap().clone()
    };
    let (art_4, art_5) = (clause(&there, "art_4"), clause(&there, "art_5"));
    assert_eq!(art_5["degree_high"], 0.0, "an attack, but outside the area");
    assert!(art_5["outside"].as_str().unwrap().contains("Art. 6"));
    assert!(art_4["outside"].is_null() && art_4["degree"] == 1.0, "consultation knows no area");
    let told =
        shop.equipoise(&["model", "treaty", &treaty, &case, "--explain", "--draws", "100"]).succeeds().stdout;
    assert!(
        told.contains(
            "Art. 5 is inadmissible: it does not hold in the Falkland Islands, outside the area of Art. 6"
        ),
        "{told}"
    );
    let at_home = std::fs::read_to_string(&case).unwrap().replace("place = \"falklands\"\n", "");
    shop.write("home.toml", &at_home);
    assert_eq!(clause(&of("home.toml"), "art_5")["degree"], 1.0);
    shop.write(
        "lost.toml",
        &at_home.replace("requester = \"GBR\"", "requester = \"GBR\"\nplace = \"falkland\""),
    );
    shop.equipoise(&["model", "treaty", &treaty, "lost.toml"])
        .fails_with(&["no place `falkland`", "falklands"]);
}
