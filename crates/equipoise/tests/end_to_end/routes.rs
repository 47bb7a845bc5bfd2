//! Routes, trade and sanctions of the bundled scenario: its baseline against the record, and what its policies do.

use serde_json::Value;

use crate::workshop::Workshop;

/// What `run` prints for the bundled scenario under a policy.
fn run(policy: Option<&str>) -> Value {
    let shop = Workshop::empty();
    let mut words = vec!["run", "kazakhstan-2022", "--histories", "64", "--json"];
    words.extend(policy.iter().flat_map(|policy| ["--policy", policy]));
    shop.equipoise(&words).succeeds().json()
}

fn median(answer: &Value, outcome: &str) -> f64 {
    let outcomes = answer["outcomes"].as_array().unwrap();
    let row = outcomes.iter().find(|row| row["id"] == outcome).unwrap_or_else(|| panic!("no {outcome}"));
    row["all"]["median"].as_f64().unwrap_or_else(|| panic!("{row}"))
}

/// 90 % of the histories.
fn interval(answer: &Value, outcome: &str) -> (f64, f64) {
    let outcomes = answer["outcomes"].as_array().unwrap();
    let all = &outcomes.iter().find(|row| row["id"] == outcome).unwrap()["all"];
    (all["low"].as_f64().unwrap(), all["high"].as_f64().unwrap())
}

fn share(answer: &Value, outcome: &str) -> f64 {
    let outcomes = answer["outcomes"].as_array().unwrap();
    let row = outcomes.iter().find(|row| row["id"] == outcome).unwrap();
    row["all"]["probability"]["share"].as_f64().unwrap_or_else(|| panic!("{row}"))
}

#[test]
fn the_ordinary_year_comes_out_as_the_record_has_it() {
    let answer = run(None);
    // The record: 53.1 of 67.6 million tonnes through the Caspian pipeline, some 11 to Samara, 97 % through Russia.
    assert!((median(&answer, "cpc_flow_2021") - 53.1).abs() < 0.6);
    assert!((median(&answer, "exports_2021") - 67.6).abs() < 1.0);
    // To Samara the middle of the model is low: the record is within 90 % of the histories, not more.
    let (low, high) = interval(&answer, "samara_flow_2021");
    assert!(low < 11.0 && 11.0 < high, "{low} to {high}");
    assert!((median(&answer, "share_through_russia") - 0.970).abs() < 0.01);
    // No trade measure but those on Russia: hardly a trace at home.
    assert!(median(&answer, "welfare_kaz").abs() < 0.05 && median(&answer, "welfare_rus") < -0.02);
}

#[test]
fn closed_routes_leave_what_the_others_can_carry() {
    let (open, cpc, russia) = (run(None), run(Some("cpc-closed")), run(Some("russia-closes-transit")));
    let exports = |answer: &Value| median(answer, "exports_end");
    assert!(exports(&open) > exports(&cpc) && exports(&cpc) > exports(&russia));
    assert!(exports(&russia) < 20.0 && exports(&russia) > 10.0, "{}", exports(&russia));
    assert!(median(&russia, "oil_account_end") < 0.0 && median(&open, "oil_account_end") > 0.0);
    assert_eq!(share(&russia, "russia_closes_routes"), 1.0);
}

#[test]
fn a_wide_caspian_route_takes_from_the_neighbours_leverage() {
    let (narrow, wide) = (run(None), run(Some("middle-corridor-20mt")));
    assert!(median(&wide, "potential_to_europe") > median(&narrow, "potential_to_europe") + 10.0);
    assert!(median(&wide, "dependence_on_russia") < median(&narrow, "dependence_on_russia") - 0.1);
}

#[test]
fn compliance_and_the_customs_union_pay_or_cost_as_they_should() {
    let (full, none) = (run(Some("full-compliance")), run(Some("no-compliance")));
    assert!(median(&full, "compliance_end") > 0.8 && median(&none, "compliance_end") == 0.0);
    assert!(median(&none, "way_round_income") > median(&full, "way_round_income"));
    assert!(share(&none, "secondary_sanctions_come") >= share(&full, "secondary_sanctions_come"));
    let left = run(Some("leave-customs-union"));
    assert!(median(&left, "welfare_kaz") < -0.1, "{}", median(&left, "welfare_kaz"));
    assert!(median(&left, "import_share_russia") < median(&none, "import_share_russia"));
}
