//! `why`, `evidence`, `check`, `new`, `schema`: reading what is there, and starting something new.

use crate::workshop::Workshop;

#[test]
fn a_new_scenario_is_without_mistakes_and_runs() {
    let shop = Workshop::empty();
    let made = shop.equipoise(&["new", "crises/my-crisis"]).succeeds();
    assert!(made.stdout.contains("equipoise run crises/my-crisis"), "{}", made.stdout);
    let checked = shop.equipoise(&["check", "crises/my-crisis"]).succeeds();
    assert!(checked.stdout.starts_with("my-crisis: no mistakes"), "{}", checked.stdout);
    let done = shop.equipoise(&["run", "crises/my-crisis", "--histories", "64"]).succeeds();
    assert!(done.stdout.contains("Report: runs/my-crisis/report.html"), "{}", done.stdout);
}

#[test]
fn a_new_scenario_never_overwrites() {
    let shop = Workshop::with_varnia();
    let before = shop.read("varnia/scenario.toml");
    shop.equipoise(&["new", "varnia"]).fails_with(&["varnia exists already", "nothing was written"]);
    assert_eq!(shop.read("varnia/scenario.toml"), before);
    for name in ["..", "a b", "x/", "-x"] {
        let done = shop.equipoise(&["new", "--", name]);
        assert_eq!(done.code, Some(if name == "x/" { 0 } else { 2 }), "{name}: {}", done.stderr);
    }
    shop.equipoise(&["check", "x"]).succeeds();
}

#[test]
fn the_bundled_scenario_has_no_mistakes() {
    let shop = Workshop::empty();
    let checked = shop.equipoise(&["check", "kazakhstan-2022"]).succeeds();
    assert!(checked.stdout.contains("on evidence"), "{}", checked.stdout);
    let answer = shop.equipoise(&["check", "kazakhstan-2022", "--json"]).succeeds().json();
    assert_eq!(answer["mistakes"], serde_json::json!([]));
}

#[test]
fn evidence_leads_from_a_number_to_a_paragraph() {
    let shop = Workshop::with_varnia();
    let shown = shop.equipoise(&["evidence", "varnia"]).succeeds().stdout;
    for part in
        ["Varnian Courier", "Ordmark Herald", "T03", "T04", "foreign_share", "Shifts, leave and desk work."]
    {
        assert!(shown.contains(part), "{part} is missing in:\n{shown}");
    }
    let all = shop.equipoise(&["evidence", "varnia", "--json"]).succeeds().json();
    let parameters = all["parameters"].as_array().unwrap();
    let share = parameters.iter().find(|parameter| parameter["id"] == "foreign_share").unwrap();
    assert_eq!(share["evidence"]["accounts"][0]["claims"][0]["outlet"], "Varnian Courier");
    assert!(share["assumption"].is_null());
    let police = parameters.iter().find(|parameter| parameter["id"] == "police").unwrap();
    assert!(police["evidence"].is_null() && police["assumption"]["reason"].is_string());
    let conflicts = all["conflicts"].as_array().unwrap();
    assert!(conflicts.iter().any(|conflict| conflict["group"] == "origin"));
}

#[test]
fn claims_that_nothing_uses_are_listed() {
    let shop = Workshop::with_varnia();
    let unused =
        |shop: &Workshop| shop.equipoise(&["evidence", "varnia", "--unused", "--json"]).succeeds().json();
    assert_eq!(unused(&shop)["unused"].as_array().unwrap().len(), 0);
    shop.edit("record.csv", "killed,,T08,held_out,dozens\n", "");
    assert_eq!(unused(&shop)["unused"][0]["id"], "T08");
    assert!(shop.equipoise(&["evidence", "varnia", "--unused"]).succeeds().stdout.contains("T08"));
}

#[test]
fn why_tells_a_chain_back_to_its_root() {
    let shop = Workshop::with_varnia();
    shop.equipoise(&["run", "varnia", "-n", "128", "--out", "it", "-q"]).succeeds();
    let told = shop.equipoise(&["why", "it", "--event", "protest_begins"]).succeeds().stdout;
    assert!(told.contains("The subsidy on heating fuel ends"), "{told}");
    let told = shop.equipoise(&["why", "it", "--event", "protest_begins(vell)", "--json"]).succeeds().json();
    let chain = told["chain"].as_array().unwrap();
    assert_eq!(chain[0], serde_json::json!({ "kind": "protest_begins", "subject": "vell" }));
    assert_eq!(chain.last().unwrap()["subject"], "subsidy_ends");
    assert!(told["same_chain"].as_u64().unwrap() <= told["occurs"].as_u64().unwrap());
    assert_eq!(told["histories"], 128);
    let told =
        shop.equipoise(&["why", "it", "--outcome", "peak_participants", "--history", "3"]).succeeds().stdout;
    assert!(told.contains('3'), "{told}");
}

#[test]
fn why_says_so_when_a_thing_never_happens() {
    let shop = Workshop::with_varnia();
    shop.equipoise(&["run", "varnia", "-n", "32", "--policy", "no-request", "--out", "it", "-q"]).succeeds();
    let told = shop.equipoise(&["why", "it", "--event", "requested"]);
    assert_eq!(told.code, Some(1), "{}", told.stderr);
    assert!(!told.stdout.is_empty());
    let told = shop.equipoise(&["why", "it", "--outcome", "troops_sent", "--json"]);
    assert_eq!((told.code, &told.json()["occurs"]), (Some(1), &0.into()));
}

#[test]
fn schemas_are_json_and_found_by_name() {
    let shop = Workshop::empty();
    let list = shop.equipoise(&["schema"]).succeeds().stdout;
    assert!(list.contains("scenario.toml") && list.contains("claims.csv"), "{list}");
    let schema = shop.equipoise(&["schema", "scenario.toml"]).succeeds().json();
    assert!(schema["properties"]["parameters"].is_object());
    assert_eq!(shop.equipoise(&["schema", "scenario"]).succeeds().json(), schema);
    assert_eq!(shop.equipoise(&["schema", "--json"]).succeeds().json()["schemas"]["scenario.toml"], schema);
    let words = shop.equipoise(&["schema", "--vocabulary"]).succeeds().json();
    let events = words["events"].as_array().unwrap();
    assert!(events.iter().any(|event| event["name"] == "troops_arrive"));
    shop.equipoise(&["schema", "claim.csv"]).fails_with(&["did you mean `claims.csv`?"]);
}
