//! `explore discover` and `explore rare`: conditions from tables and runs, and what hardly ever happens.

use crate::workshop::Workshop;

/// Forty rows: it happens where x is above 0.5 and the account is "b".
fn tables(shop: &Workshop) {
    let (mut inputs, mut outcome) = ("x,days,account\n".to_owned(), "refused\n".to_owned());
    for i in 0..40 {
        let (x, account) = (f64::from(i % 20) / 20.0, if i < 20 { "a" } else { "b" });
        inputs += &format!("{x},{},{account}\n", i % 3);
        outcome += if x > 0.5 && account == "b" { "1\n" } else { "0\n" };
    }
    shop.write("x.csv", &inputs);
    shop.write("y.csv", &outcome);
}

const ASK: [&str; 6] = ["explore", "discover", "--table", "x.csv", "--outcome", "y.csv"];

#[test]
fn the_first_line_says_when_it_happens() {
    let shop = Workshop::empty();
    tables(&shop);
    let done = shop.equipoise(&ASK).succeeds();
    let first = done.stdout.lines().next().unwrap();
    assert!(first.starts_with("refused is 1 above all when x is at least 0.53 and account is b:"), "{first}");
    assert!(
        first.contains("this covers 100 % of such rows, and all rows within these limits are such"),
        "{first}"
    );
    assert!(done.stdout.contains("Quasi-p") && done.stdout.contains("Recurs"), "{}", done.stdout);
    let found = shop.equipoise(&[&ASK[..], &["--json"]].concat()).succeeds().json();
    let only = &found["boxes"][0];
    assert_eq!(only["limits"]["account"], serde_json::json!(["b"]));
    assert_eq!((only["coverage"].as_f64(), only["density"].as_f64()), (Some(1.0), Some(1.0)));
    assert_eq!(only["restricted"], serde_json::json!(["x", "account"]));
    assert!(only["trajectory"].as_array().unwrap().len() > 2);
    let tree = shop.equipoise(&[&ASK[..], &["--method", "cart", "--json"]].concat()).succeeds().json();
    assert_eq!(tree["method"], "cart");
    let densities: Vec<f64> =
        tree["boxes"].as_array().unwrap().iter().map(|leaf| leaf["density"].as_f64().unwrap()).collect();
    assert_eq!(densities[0], 1.0);
    assert!(densities.is_sorted_by(|a, b| a >= b), "{densities:?}");
    let told = shop.equipoise(&[&ASK[..], &["--method", "cart"]].concat()).succeeds().stdout;
    assert!(told.starts_with("refused is 1 above all when "), "{told}");
    assert!(told.contains("refused is 1 in no rows when x is at most 0.53 (about 1 in "), "{told}");
}

/// Two hundred rows: it happens in 3 of 10, in 7 of 10 where x is above 0.7.
fn noisy_tables(shop: &Workshop) {
    let (mut inputs, mut outcome) = ("x,z\n".to_owned(), "y\n".to_owned());
    for i in 0..200 {
        let (x, z) = (f64::from(i) / 200.0, f64::from(i * 37 % 200) / 200.0);
        inputs += &format!("{x},{z}\n");
        outcome += if i * 7 % 10 < if x > 0.7 { 7 } else { 3 } { "1\n" } else { "0\n" };
    }
    shop.write("x.csv", &inputs);
    shop.write("y.csv", &outcome);
}

#[test]
fn the_second_box_is_looked_for_beyond_the_one_that_is_told() {
    let shop = Workshop::empty();
    noisy_tables(&shop);
    let with = |more: &[&str]| {
        shop.equipoise(&[&ASK[..], &["--boxes", "2", "--resample", "0", "--json"], more].concat())
            .succeeds()
            .json()
    };
    for more in [&["--step", "12"][..], &["--step", "plain"], &[]] {
        let found = with(more);
        let (first, second) = (&found["boxes"][0], &found["boxes"][1]["trajectory"][0]);
        for of in ["rows", "cases"] {
            assert_eq!(second[of], found[of].as_u64().unwrap() - first[of].as_u64().unwrap(), "{more:?}");
        }
    }
    assert_ne!(with(&["--step", "12"])["boxes"][0]["rows"], with(&[])["boxes"][0]["rows"]);
}

#[test]
fn a_threshold_chooses_among_the_steps_that_reach_it() {
    let shop = Workshop::empty();
    noisy_tables(&shop);
    let with = |more: &[&str]| {
        let done = shop.equipoise(&[&ASK[..], &["--step", "plain", "--json"], more].concat());
        (done.code, done.json())
    };
    let plainest = with(&[]).1["boxes"][0].clone();
    let steps = plainest["trajectory"].as_array().unwrap();
    let densest = steps.iter().map(|step| step["density"].as_f64().unwrap()).fold(0.0, f64::max);
    let told = plainest["density"].as_f64().unwrap();
    assert!(told < densest, "{told} {densest}");
    let found = with(&["--threshold", &densest.to_string()]).1;
    assert_eq!(found["boxes"][0]["density"], densest);
    let (code, answer) = with(&["--threshold", &(densest + 0.001).to_string()]);
    assert_eq!((code, &answer["densest"]), (Some(1), &densest.into()));
    let unreached =
        shop.equipoise(&[&ASK[..], &["--step", "0", "--threshold", &densest.to_string()]].concat());
    assert_eq!(unreached.code, Some(1));
    assert!(unreached.stdout.contains("step 0 does not reach a density of"), "{}", unreached.stdout);
}

#[test]
fn what_cannot_be_answered_is_said_with_an_exit_code() {
    let shop = Workshop::empty();
    tables(&shop);
    shop.write("never.csv", &format!("y\n{}", "0\n".repeat(40)));
    let done = shop.equipoise(&["explore", "discover", "--table", "x.csv", "--outcome", "never.csv"]);
    assert_eq!(done.code, Some(1));
    assert!(done.stdout.contains("none of the 40 rows"), "{}", done.stdout);
    shop.write("noisy.csv", &format!("y\n{}", "0\n1\n".repeat(20)));
    let unreached =
        ["explore", "discover", "--table", "x.csv", "--outcome", "noisy.csv", "--threshold", "1", "--json"];
    let done = shop.equipoise(&unreached);
    assert_eq!(done.code, Some(1), "{}", done.stdout);
    let answer = done.json();
    assert_eq!(answer["boxes"], serde_json::json!([]));
    assert!(answer["message"].as_str().unwrap().contains("no box reaches a density of 1"));
}

#[test]
fn bad_tables_are_pointed_at() {
    let shop = Workshop::empty();
    tables(&shop);
    let with = |table: &str, outcome: &str| {
        shop.write("bad_x.csv", table);
        shop.write("bad_y.csv", outcome);
        shop.equipoise(&["explore", "discover", "--table", "bad_x.csv", "--outcome", "bad_y.csv"])
    };
    with("x\n1\nNaN\n2\n", "y\n0\n1\n0\n").fails_with(&["bad_x.csv:3:1", "found `NaN`", "a finite number"]);
    with("x\n1\n3\n2\n", "y\n0\n2\n0\n").fails_with(&["bad_y.csv:3:1", "expected 0 or 1"]);
    with("x\n1\n3\n2\n", "y\n0\n\"\"\n1\n").fails_with(&["bad_y.csv:3:1", "this cell is empty"]);
    with("x\n1\n3\n2\n", "y\n0\n1\n").fails_with(&["there are 2 rows", "3, as in the table of inputs"]);
    with("x\n", "y\n").fails_with(&["no rows below the header"]);
    let missing = ["--column", "refusd"];
    shop.equipoise(&[&ASK[..], &missing[..]].concat()).fails_with(&["`refusd` is missing", "`refused`"]);
    shop.equipoise(&[&ASK[..], &["--alpha", "0"]].concat())
        .fails_with(&["alpha is 0", "above 0 and below 1"]);
}

#[test]
fn a_run_tells_when_its_outcomes_happen() {
    let shop = Workshop::with_varnia();
    shop.equipoise(&["run", "varnia", "--histories", "300", "--out", "r", "--quiet"]).succeeds();
    let outcome = "killed>=1";
    let done = shop.equipoise(&["explore", "discover", "r", "--when", outcome, "--json"]);
    assert!(done.code == Some(0) || done.code == Some(1), "{}", done.stderr);
    // What the trade-off holds can be asked for.
    let ask = ["explore", "discover", "r", "--when", "troops_sent", "--json", "--threshold"];
    let some = shop.equipoise(&[&ask[..], &["0"]].concat()).succeeds().json();
    let steps = some["boxes"][0]["trajectory"].as_array().unwrap();
    let densest = steps.iter().map(|step| step["density"].as_f64().unwrap()).fold(0.0, f64::max);
    let dense = shop.equipoise(&[&ask[..], &[&densest.to_string()]].concat()).succeeds().json();
    assert!(dense["boxes"][0]["density"].as_f64().unwrap() >= densest);
    let none = shop.equipoise(&[&ask[..], &["1"]].concat()).json();
    let known = none["densest"].as_f64().or(none["boxes"][0]["density"].as_f64());
    assert!(known.unwrap() >= densest, "{none}");
    shop.equipoise(&["explore", "discover", "r", "--when", "kiled>=1"]).fails_with(&["kiled", "killed"]);
    shop.equipoise(&["explore", "discover", "r", "--when", "killed"]).fails_with(&["say which values count"]);
}

#[test]
fn a_rare_outcome_gets_an_interval_and_one_out_of_reach_says_how_near_it_came() {
    let shop = Workshop::with_varnia();
    let small = ["--particles", "20", "--moves", "1", "--repetitions", "3"];
    let ask = |outcome: &'static str| {
        [&["explore", "rare", "varnia", "--outcome", outcome, "--json"][..], &small[..]].concat()
    };
    let found = shop.equipoise(&ask("killed>=1")).succeeds().json();
    let of = |name: &str| found[name].as_f64().unwrap();
    assert!(of("low") <= of("probability") && of("probability") <= of("high"));
    assert_eq!(found["repetitions"].as_array().unwrap().len(), 3);
    assert!(of("histories") >= 80.0);
    let again = shop.equipoise(&[&ask("killed>=1")[..], &["--threads", "1"]].concat()).succeeds().json();
    assert_eq!(found, again);
}

#[test]
fn what_is_rare_is_counted_in_a_table_or_weighed() {
    let shop = Workshop::empty();
    // Rows of a loss uniform on 0 to 1, drawn with density 2x: each weighs 1 / 2x.
    let drawn = |k: u32| {
        let x = ((f64::from(k) + 0.5) / 1000.0).sqrt();
        format!("{x},{},{},{},{}\n", 0.5 / x, u8::from(x > 0.99), 3 + k % 2, k % 2)
    };
    let rows: String = (0..1000).map(drawn).collect();
    shop.write("drawn.csv", &format!("loss,ratio,ruin,big,p>=1\n{rows},0,0,3,\n"));
    let ask =
        |more: &[&str]| shop.equipoise(&[&["explore", "rare", "--table", "drawn.csv"][..], more].concat());
    let told = ask(&["--outcome", "loss>=0.99", "--weight", "ratio", "--json"]).succeeds().json();
    let [probability, low, high] = ["probability", "low", "high"].map(|key| told[key].as_f64().unwrap());
    assert!((probability - 0.01).abs() < 3e-4 && low < 0.01 && 0.01 < high, "{told}");
    let counted = ask(&["--outcome", "ruin", "--json"]).succeeds().json();
    assert_eq!((&counted["rows"], &counted["reached"]), (&1001.into(), &20.into()));
    let text = ask(&["--outcome", "loss>=0.99", "--weight", "ratio"]).succeeds().stdout;
    assert!(text.contains("20 of 1,001 rows, worth 20 of equal weight"), "{text}");
    let odd = ask(&["--outcome", "p>=1"]).succeeds().stdout;
    assert!(odd.contains("500 of 1,001 rows. 1 row has no value"), "{odd}");
    let tail = ask(&["--outcome", "loss>=0.99", "--weight", "ruin"]).succeeds().stdout;
    assert!(tail.contains("The mean weight is 0.02, below 1"), "{tail}");
    let never = ask(&["--outcome", "loss>=2"]);
    assert_eq!(never.code, Some(1));
    assert!(never.stdout.contains("probability at most 0.0037"), "{}", never.stdout);

    ask(&["--outcome", "los>=2"]).fails_with(&["there is no column `los`; did you mean `loss`?"]);
    ask(&["--outcome", "loss=2"]).fails_with(&["one of >=, <=, > and <"]);
    ask(&["--outcome", "loss>=much"]).fails_with(&["a finite number must follow"]);
    ask(&["--outcome", ">=3"]).fails_with(&["the name of a column must come before"]);
    ask(&["--outcome", "loss"]).fails_with(&["ask of a number with a comparison", "the first 50 are shown"]);
    ask(&["--outcome", "ruin", "--weight", "big"]).fails_with(&["mean of the weights is "]);
    ask(&["--outcome", "ruin", "--seed", "3"]).fails_with(&["cannot be used with"]);
    shop.equipoise(&["explore", "rare", "--outcome", "killed>=3"]).fails_with(&["required"]);
}
