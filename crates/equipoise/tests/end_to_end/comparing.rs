//! `compare`, `explore robust` and `run --until`: policies side by side, and enough histories.

use std::process::Stdio;
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::workshop::{TABLES, Workshop};

const COMPARE: [&str; 5] = ["compare", "varnia", "no-request", "late-and-alone", "-n"];

fn tables(shop: &Workshop, run: &str) -> Vec<Vec<u8>> {
    TABLES.iter().map(|table| std::fs::read(shop.path(run).join(table)).unwrap()).collect()
}

#[test]
fn a_comparison_prints_what_changes_and_leaves_pages_and_runs() {
    let shop = Workshop::with_varnia();
    let done = shop.equipoise(&[&COMPARE[..], &["200"]].concat()).succeeds();
    for part in [
        "What changes most clearly",
        "Allied troops arrive",
        "Pairing: the variance",
        "equipoise why runs/varnia-compare/none",
    ] {
        assert!(done.stdout.contains(part), "{part:?} is missing in:\n{}", done.stdout);
    }
    assert!(
        done.stdout.trim_end().ends_with("Comparison: runs/varnia-compare/compare.html"),
        "{}",
        done.stdout
    );
    assert!(done.stderr.contains("under policy no-request (2 of 3)"), "{}", done.stderr);
    let page = shop.read("runs/varnia-compare/compare.html");
    for link in page.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert!(link.starts_with('#') || shop.path("runs/varnia-compare").join(link).is_file(), "{link}");
    }
    // The baseline is an ordinary run, byte for byte, and so is a policy.
    shop.equipoise(&["run", "varnia", "-n", "200", "--out", "base", "-q"]).succeeds();
    assert!(tables(&shop, "base") == tables(&shop, "runs/varnia-compare/none"));
    shop.equipoise(&["run", "varnia", "-n", "200", "--policy", "no-request", "--out", "p", "-q"]).succeeds();
    assert!(tables(&shop, "p") == tables(&shop, "runs/varnia-compare/no-request"));
    // What it says to look at can be looked at.
    let told = done.stdout.split("equipoise why ").nth(1).unwrap().split(',').next().unwrap().to_owned();
    let words: Vec<&str> = told.split_whitespace().collect();
    shop.equipoise(&[&["why"], &words[..]].concat()).succeeds();
}

#[test]
fn every_policy_meets_every_account_at_the_same_points() {
    let shop = Workshop::with_varnia();
    let each = ["compare", "varnia", "no-request", "-n", "60", "-q", "--each-account"];
    let done = shop.equipoise(&each).succeeds();
    let answer = shop.equipoise(&[&each[..], &["--json", "--out", "crossed"]].concat()).succeeds().json();
    let accounts = answer["accounts"].as_object().unwrap();
    assert!(accounts.len() > 1);
    for (account, told) in accounts {
        assert!(done.stdout.contains(&format!("({account})")), "{}", done.stdout);
        assert_eq!(told["policies"][0]["policy"], "no-request");
        let alone = ["run", "varnia", "-n", "60", "-q", "--account", account, "--out", account];
        shop.equipoise(&alone).succeeds();
        assert!(tables(&shop, account) == tables(&shop, &format!("crossed/{account}/none")));
    }
}

#[test]
fn a_comparison_is_one_json_object() {
    let shop = Workshop::with_varnia();
    let answer = shop.equipoise(&[&COMPARE[..], &["100", "--json", "-q"]].concat()).succeeds().json();
    assert_eq!((&answer["histories"], &answer["baseline"]["policy"]), (&100.into(), &"none".into()));
    let first = &answer["policies"][0];
    assert_eq!((&first["policy"], &first["changes_nothing"]), (&"no-request".into(), &false.into()));
    let troops =
        first["outcomes"].as_array().unwrap().iter().find(|outcome| outcome["id"] == "troops_sent").unwrap();
    let change = &troops["all"]["probability"];
    assert_eq!(change["policy"], 0.0);
    assert!(change["difference"].as_f64().unwrap() < 0.0 && change["interval"][1].as_f64().unwrap() < 0.0);
    assert!(change["variance_ratio"].as_f64().unwrap() <= 1.0 + 1e-9);
    assert!(troops["by_account"]["home-grown"]["changed"]["of"].as_u64().unwrap() > 0);
    assert!(troops["all"]["changed"]["examples"][0]["history"].is_u64());
    // Against another baseline the same difference has the other sign.
    let back = ["compare", "varnia", "none", "--baseline", "no-request", "-n", "100", "--json", "-q"];
    let back = shop.equipoise(&back).succeeds().json();
    assert_eq!(back["comparison"], "runs/varnia-compare-2");
    let outcomes = back["policies"][0]["outcomes"].as_array().unwrap();
    let turned = outcomes.iter().find(|outcome| outcome["id"] == "troops_sent").unwrap();
    assert_eq!(
        turned["all"]["probability"]["difference"].as_f64().unwrap(),
        -change["difference"].as_f64().unwrap()
    );
}

fn compare_into(out: &str) -> Vec<&str> {
    vec!["compare", "varnia", "no-request", "-n", "256", "--shard-size", "64", "--quiet", "--out", out]
}

#[test]
fn a_comparison_killed_on_the_way_is_finished_to_the_same_bytes() {
    let shop = Workshop::with_varnia();
    let started = Instant::now();
    shop.equipoise(&compare_into("whole")).succeeds();
    let whole = started.elapsed();
    for (number, instant) in [0.2, 0.5, 0.8].into_iter().enumerate() {
        let out = format!("killed-{number}");
        let mut child =
            shop.command(&compare_into(&out)).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        sleep(Duration::from_secs_f64(whole.as_secs_f64() * instant));
        child.kill().unwrap();
        child.wait().unwrap();
        let mut again = compare_into(&out);
        again.push("--resume");
        shop.equipoise(&again).succeeds();
        for file in ["none", "no-request"] {
            assert!(
                shop.results(&format!("{out}/{file}")) == shop.results(&format!("whole/{file}")),
                "{out}"
            );
        }
        assert_eq!(shop.read(&format!("{out}/comparison.json")), shop.read("whole/comparison.json"));
        // The page differs only in the folder it names.
        assert_eq!(
            shop.read(&format!("{out}/compare.html")).replace(&out, "whole"),
            shop.read("whole/compare.html")
        );
    }
}

#[test]
fn comparisons_that_cannot_be_made_say_why() {
    let shop = Workshop::with_varnia();
    shop.equipoise(&["compare", "varnia", "no-requests"]).fails_with(&["did you mean `no-request`?"]);
    shop.equipoise(&["compare", "varnia"]).fails_with(&["which policy", "no-request, late-and-alone"]);
    shop.equipoise(&["compare", "varnia", "no-request", "--baseline", "no-request"])
        .fails_with(&["compared with itself"]);
    assert!(!shop.path("runs").exists());
    shop.equipoise(&["compare", "varnia", "no-request", "-n", "32", "--out", "c", "-q"]).succeeds();
    shop.equipoise(&["compare", "varnia", "no-request", "-n", "32", "--out", "c"])
        .fails_with(&["not empty", "--resume"]);
    shop.equipoise(&["compare", "varnia", "late-and-alone", "--out", "c", "--resume"])
        .fails_with(&["no-request, not late-and-alone"]);
    shop.edit("scenario.toml", "title = ", "# Changed since.\ntitle = ");
    shop.equipoise(&["compare", "varnia", "no-request", "--out", "c", "--resume"])
        .fails_with(&["is a run of varnia"]);
}

#[test]
fn robust_judges_policies_by_what_the_user_wants() {
    let shop = Workshop::with_varnia();
    shop.equipoise(&["compare", "varnia", "no-request", "-n", "128", "--out", "c", "-q"]).succeeds();
    let asked = [
        "explore",
        "robust",
        "c",
        "--less",
        "killed",
        "--more",
        "gratitude_left",
        "--threshold",
        "killed<=50",
        "--threshold",
        "request_date>=2030-03-12",
    ];
    let told = shop.equipoise(&asked).succeeds().stdout;
    for part in ["least regret under", "Pareto set", "Thresholds met", "People killed"] {
        assert!(told.contains(part), "{part:?} is missing in:\n{told}");
    }
    let answer = shop.equipoise(&[&asked[..], &["--json"]].concat()).succeeds().json();
    assert_eq!(answer["policies"], serde_json::json!(["none", "no-request"]));
    let regret = &answer["outcomes"][0]["policies"][0]["regret"];
    assert!(regret["worst_account"]["regret"].as_f64().unwrap() >= 0.0);
    assert_eq!(answer["pareto"]["expected"].as_array().unwrap().len(), 2);
    // Whoever never asks never asks early.
    assert_eq!(answer["thresholds"][1]["policies"][1]["share"], 1.0);

    let told = shop.equipoise(&["explore", "robust", "c", "--threshold", "killed<0"]).succeeds().stdout;
    assert!(
        told.contains("No history meets killed < 0 under any policy; the nearest any comes is"),
        "{told}"
    );
    shop.equipoise(&["explore", "robust", "c"]).succeeds();

    let fails = |extra: &[&str], parts: &[&str]| {
        shop.equipoise(&[&["explore", "robust", "c"], extra].concat()).fails_with(parts);
    };
    fails(&["--less", "kiled"], &["did you mean `killed`?"]);
    fails(&["--threshold", "kiled<=1"], &["did you mean `killed`?"]);
    fails(&["--threshold", "killed"], &["<= >= < > ="]);
    fails(&["--threshold", "troops_sent<=many"], &["yes or no"]);
    fails(&["--less", "killed", "--more", "killed"], &["say one of them"]);
    shop.equipoise(&["explore", "robust", "c/none"]).fails_with(&["single run", "equipoise compare"]);
    std::fs::remove_file(shop.path("c/no-request/manifest.json")).unwrap();
    fails(&[], &["c/no-request is not finished"]);
}

#[test]
fn robust_judges_a_comparison_under_each_account_as_one() {
    let shop = Workshop::with_varnia();
    shop.equipoise(&["compare", "varnia", "no-request", "-n", "60", "-q", "--each-account", "--out", "e"])
        .succeeds();
    let ask = ["explore", "robust", "e", "--less", "killed", "--threshold", "killed<=50"];
    let told = shop.equipoise(&ask).succeeds().stdout;
    for part in ["least regret under", "whichever account is true", "count all accounts alike"] {
        assert!(told.contains(part), "{part:?} is missing in:\n{told}");
    }
    let json = |folder: &str| {
        let ask = ["explore", "robust", folder, "--less", "killed", "--json"];
        shop.equipoise(&ask).succeeds().json()
    };
    let all = json("e");
    assert_eq!((&all["cases"], &all["policies"]), (&120.into(), &serde_json::json!(["none", "no-request"])));
    for account in ["from-abroad", "home-grown"] {
        let alone = json(&format!("e/{account}"));
        for policy in [0, 1] {
            let of = |answer: &serde_json::Value| {
                answer["outcomes"][0]["policies"][policy]["by_account"][account].clone()
            };
            assert!(of(&all).is_number());
            assert_eq!(of(&all), of(&alone), "{account}");
        }
    }
    let worst = &all["outcomes"][0]["policies"][0]["regret"]["worst_history"];
    assert!(worst["history"].as_u64().unwrap() < 60 && worst["account"].is_string(), "{worst}");

    std::fs::remove_dir_all(shop.path("e/home-grown")).unwrap();
    shop.equipoise(&ask).fails_with(&["none under `home-grown`", "--each-account --resume"]);
    shop.equipoise(&["explore", "robust", "varnia"]).fails_with(&["it has no comparison.json"]);
}

#[test]
fn robust_reads_a_table_of_ones_own() {
    let shop = Workshop::empty();
    shop.write("t.csv", "policy,case,account,cost\na,1,x,3\na,2,y,9\nb,1,x,5\nb,2,y,6\n");
    let answer = shop
        .equipoise(&["explore", "robust", "--table", "t.csv", "--less", "cost", "--json"])
        .succeeds()
        .json();
    let outcome = &answer["outcomes"][0];
    assert_eq!((&outcome["minimax_regret"], &outcome["left_out"]), (&"b".into(), &0.into()));
    assert_eq!(outcome["least_regret"], serde_json::json!(["b"]));
    shop.write("t.csv", "policy,case,account,cost\na,1,x,3\na,2,y,9\nb,1,x,\nb,2,y,6\n");
    let gap = shop
        .equipoise(&["explore", "robust", "--table", "t.csv", "--less", "cost", "--json"])
        .succeeds()
        .json();
    assert_eq!(gap["outcomes"][0]["left_out"], 1);
    assert_eq!(gap["outcomes"][0]["accounts_without_cases"], serde_json::json!(["x"]));
    shop.write("t.csv", "policy,case,cost\na,1,3\nb,2,x\n");
    shop.equipoise(&["explore", "robust", "--table", "t.csv"]).fails_with(&["t.csv", "no case"]);
    shop.equipoise(&["explore", "robust", "--table", "none.csv"]).fails_with(&["cannot read"]);
    assert_eq!(shop.equipoise(&["explore", "robust"]).code, Some(2));
}

#[test]
fn a_run_goes_on_until_it_knows_enough() {
    let shop = Workshop::with_varnia();
    let run = |threads: &str, out: &str| {
        let args = [
            "run",
            "varnia",
            "--until",
            "troops_sent=±0.027",
            "-n",
            "4000",
            "--threads",
            threads,
            "--out",
            out,
            "--json",
            "-q",
        ];
        shop.equipoise(&args).succeeds().json()
    };
    let (one, other) = (run("1", "one"), run("3", "other"));
    assert!(one["histories"].as_u64().unwrap() < 4000);
    assert_eq!(one["until"], other["until"]);
    assert_eq!((&one["until"]["reached"], &one["until"]["at_most"]), (&true.into(), &4000.into()));
    assert!(shop.results("one") == shop.results("other"));
    // The interval that is reported is the one that was stated.
    let outcomes = one["outcomes"].as_array().unwrap();
    let troops = outcomes.iter().find(|outcome| outcome["id"] == "troops_sent").unwrap();
    let interval = &troops["all"]["probability"]["interval"];
    assert!(interval[1].as_f64().unwrap() - interval[0].as_f64().unwrap() <= 2.0 * 0.027);

    let short = shop.equipoise(&[
        "run",
        "varnia",
        "--until",
        "mean(killed)=±0.01",
        "-n",
        "64",
        "--out",
        "short",
        "-q",
    ]);
    assert_eq!(short.code, Some(1), "{}", short.stderr);
    assert!(short.stdout.contains("The most of 64 histories was reached first"), "{}", short.stdout);
    shop.equipoise(&["run", "varnia", "--until", "kiled=±1"]).fails_with(&["did you mean `killed`?"]);
    shop.equipoise(&["run", "varnia", "--until", "killed"]).fails_with(&["killed=±10"]);
    shop.equipoise(&["run", "varnia", "--until", "killed=±1", "--design", "morris"])
        .fails_with(&["belong together in groups", "sobol, lhs or random"]);
    shop.equipoise(&["run", "varnia", "--until", "killed=±2", "--out", "one", "--resume"])
        .fails_with(&["--until troops_sent=±0.027, not killed=±2"]);
}
