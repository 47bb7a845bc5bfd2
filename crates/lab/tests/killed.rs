//! A process killed outright, again and again, leaves a run directory that ends the same.
#![cfg(unix)]
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::time::Duration;

use equipoise_lab::{Control, Plan, resume};

/// Where the child process finds its run directory.
const FOLDER: &str = "EQUIPOISE_TEST_RUN";

fn simulate(dir: &Path) {
    let scenario = equipoise_scenario::load_files("varnia", equipoise_scenario::template("varnia")).unwrap();
    let plan = Plan { histories: 400, seed: 3, threads: 2, ..Plan::default() };
    let (cancel, done) = (AtomicBool::new(false), AtomicU64::new(0));
    resume(&scenario, &plan, dir, &Control { cancel: &cancel, done: &done }).unwrap();
}

/// Not a test of its own: what the killed process does.
#[test]
fn child_that_is_killed() {
    if let Some(dir) = std::env::var_os(FOLDER) {
        simulate(&PathBuf::from(dir));
    }
}

fn content(dir: &Path) -> Vec<Vec<u8>> {
    ["manifest.json", "outcomes.parquet", "parameters.parquet", "series.parquet", "events.parquet"]
        .iter()
        .map(|name| fs::read(dir.join(name)).unwrap())
        .collect()
}

#[test]
fn a_run_killed_at_any_instant_resumes_to_the_same_bytes() {
    let whole = tempfile::tempdir().unwrap();
    simulate(whole.path());
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("run");
    // Each attempt lives a little longer than the one before, so kills fall on every stage.
    let mut kills = 0;
    for attempt in 0..60u64 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["child_that_is_killed", "--exact"])
            .env(FOLDER, &dir)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(5 + 7 * attempt));
        let finished = child.try_wait().unwrap().is_some();
        child.kill().unwrap();
        child.wait().unwrap();
        if finished {
            break;
        }
        kills += 1;
    }
    simulate(&dir);
    assert!(kills > 0);
    assert!(content(&dir) == content(whole.path()));
    assert!(!dir.join("shards").exists());
}
