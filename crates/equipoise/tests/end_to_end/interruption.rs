//! Killed or interrupted at any instant, a run can be finished, and what comes out is what would have come out anyway.
#![cfg(unix)]

use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::workshop::{Finished, Workshop};

fn run_into(out: &str) -> Vec<&str> {
    vec!["run", "varnia", "-n", "256", "--shard-size", "64", "--threads", "2", "--quiet", "--out", out]
}

#[test]
fn a_run_killed_again_and_again_ends_as_if_it_never_was() {
    let shop = Workshop::with_varnia();
    let started = Instant::now();
    shop.equipoise(&run_into("whole")).succeeds();
    let whole = started.elapsed();
    let expected = shop.results("whole");
    // Early instants meet the folder being made, late ones the joining of tables and the report.
    let attempts: [&[f64]; 3] = [&[0.05, 0.5], &[0.2, 0.4, 0.1], &[0.8]];
    for (number, instants) in attempts.iter().enumerate() {
        let out = format!("killed-{number}");
        let mut args = run_into(&out);
        args.push("--resume");
        for instant in *instants {
            let mut child = shop.command(&args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            sleep(whole.mul_f64(*instant));
            child.kill().unwrap();
            child.wait().unwrap();
        }
        shop.equipoise(&args).succeeds();
        assert!(shop.results(&out) == expected, "killed after {instants:?} of {whole:?}");
        assert!(!shop.path(&out).join("shards").exists());
    }
}

#[test]
fn ctrl_c_keeps_what_is_complete_and_says_how_to_go_on() {
    let shop = Workshop::with_varnia();
    let args = ["run", "varnia", "-n", "3000", "--threads", "2", "--out", "it", "--quiet"];
    let child = shop.command(&args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let patience = Instant::now() + Duration::from_secs(60);
    while shop.markers("it").is_empty() && Instant::now() < patience {
        sleep(Duration::from_millis(2));
    }
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let stopped = Finished::new(child.wait_with_output().unwrap());
    assert_eq!(stopped.code, Some(130), "{}", stopped.stderr);
    assert_eq!(stopped.stdout, "");
    let kept = shop.kept("it");
    assert!((1..3000).contains(&kept), "{kept}");
    assert!(
        stopped.stderr.contains(&format!("{} of 3,000 histories are complete", grouped(kept))),
        "{}",
        stopped.stderr
    );
    assert!(stopped.stderr.contains("equipoise run varnia --out it --resume"), "{}", stopped.stderr);
    shop.equipoise(&["why", "it", "--outcome", "killed"]).fails_with(&["not finished", "--resume"]);
}

#[test]
fn resuming_takes_what_it_was_begun_with_from_the_folder() {
    let shop = Workshop::with_varnia();
    let args =
        ["run", "varnia", "-n", "640", "--seed", "5", "--threads", "1", "--account", "home-grown", "--quiet"];
    let mut child = shop.command(&args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let patience = Instant::now() + Duration::from_secs(60);
    while shop.markers("runs/varnia").is_empty() && Instant::now() < patience {
        sleep(Duration::from_millis(2));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let answer = shop.equipoise(&["run", "varnia", "--resume", "--json"]).succeeds().json();
    assert_eq!(answer["run"], "runs/varnia");
    assert_eq!((&answer["histories"], &answer["seed"]), (&640.into(), &5.into()));
    assert_eq!(answer["account"], "home-grown");
    assert!(answer["simulated"].as_u64().unwrap() < 640);
}

fn grouped(number: u64) -> String {
    if number < 1000 { number.to_string() } else { format!("{},{:03}", number / 1000, number % 1000) }
}
