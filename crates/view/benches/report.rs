//! The report: how long it takes to gather what a run says, to draw it and to write it, and how large it is.
//!
//! `cargo bench -p equipoise-view -- [FOLDER]`

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::time::Instant;

use equipoise_lab::{Control, Plan, Run, run};
use equipoise_scenario::Scenario;
use equipoise_view::{findings, report};

const HISTORIES: [u64; 3] = [100, 1_000, 10_000];

fn main() {
    if let Err(message) = measure() {
        eprintln!("{message}");
        std::process::exit(2);
    }
}

fn measure() -> Result<(), String> {
    let named = std::env::args().skip(1).find(|argument| !argument.starts_with("--"));
    let bundled = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scenarios/kazakhstan-2022");
    let folder = PathBuf::from(named.unwrap_or_else(|| bundled.to_owned()));
    let scenario = equipoise_scenario::load(&folder).map_err(|mistakes| mistakes.to_string())?;
    println!("{}", scenario.id);
    println!("{:>10} {:>9} {:>9} {:>9} {:>9}", "histories", "gather s", "draw s", "write s", "MB");
    for histories in HISTORIES {
        let root = tempfile::tempdir().map_err(|error| error.to_string())?;
        let [gather, draw, write, megabytes] =
            of(&scenario, histories, root.path()).map_err(|error| error.to_string())?;
        println!("{histories:>10} {gather:>9.2} {draw:>9.2} {write:>9.2} {megabytes:>9.2}");
    }
    Ok(())
}

/// Seconds to gather, to draw and to write the report of a run of so many histories, and its size in megabytes.
fn of(scenario: &Scenario, histories: u64, root: &Path) -> Result<[f64; 4], Box<dyn std::error::Error>> {
    let plan = Plan { histories, ..Plan::default() };
    let dir = root.join("run");
    let control = Control { cancel: &AtomicBool::new(false), done: &AtomicU64::new(0) };
    run(scenario, &plan, &dir, &control)?;
    let run = Run::open(&dir)?;
    let begun = Instant::now();
    let found = findings::gather(&run, "equipoise run")?;
    let gathered = Instant::now();
    let text = report::render(&found);
    let drawn = Instant::now();
    std::fs::write(root.join("report.html"), &text)?;
    let written = drawn.elapsed();
    let seconds = [gathered - begun, drawn - gathered, written].map(|time| time.as_secs_f64());
    Ok([seconds[0], seconds[1], seconds[2], text.len() as f64 / 1e6])
}
