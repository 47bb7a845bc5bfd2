//! `calibrate`, and runs from a posterior.

use crate::workshop::Workshop;

#[test]
fn a_posterior_is_fitted_kept_and_run() {
    let shop = Workshop::with_varnia();
    let args =
        ["calibrate", "varnia", "--population", "40", "-n", "200", "--out", "post", "--quiet", "--json"];
    let fitted = shop.equipoise(&args).succeeds().json();
    assert_eq!(fitted["scenario"], "varnia");
    assert_eq!(fitted["posterior"], "post");
    assert!(fitted["rounds"].as_array().unwrap().iter().all(|round| round["tolerance"].is_f64()));
    assert_eq!(shop.read("post/posterior.csv").lines().count(), 41);

    let run = ["run", "varnia", "-n", "64", "--posterior", "post", "--out", "fitted", "--quiet", "--json"];
    shop.equipoise(&run).succeeds();
    let resumed =
        ["run", "varnia", "--posterior", "post", "--out", "fitted", "--quiet", "--resume", "--json"];
    assert_eq!(shop.equipoise(&resumed).succeeds().json()["simulated"], 0);
    let again = ["run", "varnia", "--out", "fitted", "--resume"];
    shop.equipoise(&again).fails_with(&["--posterior", "not none"]);
}

#[test]
fn a_posterior_of_an_older_version_of_the_scenario_is_refused() {
    let shop = Workshop::with_varnia();
    let args = ["calibrate", "varnia", "--population", "20", "-n", "60", "--out", "post", "--quiet"];
    shop.equipoise(&args).succeeds();
    shop.edit("scenario.toml", "[0.01, 0.05]", "[0.01, 0.06]");
    shop.equipoise(&["run", "varnia", "--posterior", "post"]).fails_with(&["calibrate again"]);
    shop.equipoise(&["run", "varnia", "--posterior", "nowhere"]).fails_with(&["nowhere holds no posterior"]);
}

#[test]
fn made_up_truths_are_ranked() {
    let shop = Workshop::with_varnia();
    let args =
        ["calibrate", "varnia", "--truths", "20", "--population", "20", "-n", "40", "--quiet", "--json"];
    let ranks = shop.equipoise(&args).succeeds().json();
    assert_eq!(ranks["truths"], 20);
    let ranks = ranks["ranks"].as_array().unwrap().clone();
    assert_eq!(ranks[0]["name"], "account");
    assert_eq!(ranks[0]["bins"].as_array().unwrap().len(), 10);
}
