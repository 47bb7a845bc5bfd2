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

/// Simulations of a model y = 3 a + noise under two stories, and a record of y.
fn simulations(shop: &Workshop) {
    let row = |k: u32| {
        let (a, noise) = (f64::from(k % 100) / 100.0, f64::from(k * 7919 % 101) / 101.0 - 0.5);
        let story = if k.is_multiple_of(3) { "calm" } else { "storm" };
        format!("{k},{a},{story},{},{}\n", 3.0 * a + noise, u8::from(a > 0.5))
    };
    let rows: String = (0..1200).map(row).collect();
    shop.write("simulations.csv", &format!("history,a,story,y,late\n{rows}"));
    shop.write("record.csv", "target,low,high,kind,use\ny,1.5,1.5,,fit\nlate,1,1,yes_no,held_out\n");
}

#[test]
fn simulations_of_another_model_are_fitted_to_their_record() {
    let shop = Workshop::empty();
    simulations(&shop);
    let ask = ["calibrate", "--table", "simulations.csv", "--record", "record.csv", "--out", "posterior.csv"];
    let told = shop.equipoise(&[&ask[..], &["--json"]].concat()).succeeds().json();
    let inputs = told["inputs"].as_array().unwrap();
    let names: Vec<&str> = inputs.iter().map(|input| input["input"].as_str().unwrap()).collect();
    assert_eq!(names, ["a", "story"]);
    // a = (1.5 − noise) / 3 with noise uniform on ±0.5.
    let [low, middle, high] = [0, 1, 2].map(|at| inputs[0]["posterior"][at].as_f64().unwrap());
    for (found, exact) in [(low, 0.35), (middle, 0.5), (high, 0.65)] {
        assert!((found - exact).abs() < 0.03, "{found} for {exact}");
    }
    assert!(inputs[1]["shares"]["storm"]["posterior"].is_f64());
    assert_eq!(told["record"][1]["held_out"], true);
    let posterior = shop.read("posterior.csv");
    assert_eq!((posterior.lines().next(), posterior.lines().count()), (Some("a,story"), 1001));
    let text = shop.equipoise(&ask).succeeds().stdout;
    assert!(text.contains(" of 1,200 rows kept, worth ") && text.contains("Nearest rows"), "{text}");

    let wrong = |more: &[&str]| shop.equipoise(&[&ask[..5], more].concat());
    wrong(&["--inputs", "b"]).fails_with(&["there is no column `b`"]);
    wrong(&["--nearest", "0.01"]).fails_with(&[
        "simulations.csv: ",
        "of 1200 rows would be kept",
        "20 are needed",
    ]);
    wrong(&["--nearest", "2"]).fails_with(&["above 0 and at most at 1"]);
    wrong(&["--nearest", "-1"]).fails_with(&["the share of rows to keep is -1"]);
    wrong(&["--inputs", "a,y"]).fails_with(&["`y` is on record"]);
    wrong(&["--out", "simulations.csv"]).fails_with(&["simulations.csv is what is read"]);
    wrong(&["--population", "40"]).fails_with(&["cannot be used with"]);
    shop.write("record.csv", "target,low,high,use\ny,1.5,1.5,held\n");
    wrong(&[]).fails_with(&["found `held`", "fit or held_out"]);
    shop.write("record.csv", "target,low,high,use\ny,1.5,1.5,held_out\n");
    wrong(&[]).fails_with(&["no row to fit"]);
    shop.write("record.csv", "target,low,high,use\ny,1.5,1.5,fit\ny,1.5,1.5,held_out\n");
    wrong(&[]).fails_with(&["`y` is here again", "record.csv:3:1"]);
    shop.write("record.csv", "target,low,high\na,0.5,0.5\ny,1.5,1.5\nlate,1,1\nstory,1,1\n");
    wrong(&[]).fails_with(&["found `calm`"]);
    let ids: String = (0..60).map(|row| format!("r{row},{row}\n")).collect();
    shop.write("simulations.csv", &format!("id,y\n{ids}"));
    shop.write("record.csv", "target,low,high\ny,10,20\n");
    wrong(&[]).fails_with(&["`id` has 60 different names", "--inputs"]);
    shop.write("simulations.csv", &format!("history,y\n{}", ids.replace('r', "")));
    wrong(&[]).fails_with(&["`history` numbers the rows", "no column is left"]);
}
