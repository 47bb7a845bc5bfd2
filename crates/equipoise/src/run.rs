//! `equipoise run`: simulate an ensemble, print what was found, write the report.

pub mod folder;

use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use equipoise_lab::calibrate::Posterior;
use equipoise_lab::precision::{KnownOutcome, Until};
use equipoise_lab::score::ScoreKind;
use equipoise_lab::{
    Control, Design, DesignTable, LabError, Manifest, Part, Plan, Precision, Run, RunSummary,
};
use equipoise_scenario::Scenario;
use equipoise_view::{answer, findings, wording};
use serde_json::json;

use crate::args::RunArgs;
use crate::failure::Failure;
use crate::names::shell_quoted;
use crate::screen::Screen;
use crate::{interrupt, library, progress};
use folder::Place;

/// Histories of a run that asks for no number.
pub const HISTORIES: u64 = 10_000;
/// The most histories of a run with a stated precision that names no most.
const HISTORIES_UNTIL: u64 = 100_000;
/// Seed of a run that asks for none.
pub const SEED: u64 = 1;
/// Name of the report in the folder of a run.
pub const REPORT: &str = "report.html";

/// Simulates, prints the table of outcomes and writes the report.
///
/// # Errors
/// The scenario or the options cannot be used, the folder cannot be written, or the run was interrupted.
pub fn run(args: &RunArgs, screen: &Screen) -> Result<ExitCode, Failure> {
    let scenario = library::scenario(args.scenario.as_deref())?;
    let place = folder::choose(args, &scenario.id);
    let until = precisions(args, &scenario)?;
    let plan = plan(args, &scenario, &place.dir)?;
    if !args.quiet {
        announce(&plan, &until, &scenario, &place, screen);
    }
    let summary = simulate(args, &scenario, &plan, &until, &place.dir)?;
    interrupt::let_go();
    if let Some(part) = args.shard {
        return tell_part(part, &summary, &place.dir, screen);
    }
    if !args.quiet {
        screen.note("Writing the report");
    }
    let run = Run::open(&place.dir)?;
    let findings = findings::gather(&run, &same_again(args, run.manifest(), &place.dir))?;
    let report = place.dir.join(REPORT);
    write_whole(&report, &equipoise_view::report::render(&findings))?;
    if screen.json {
        let mut answer = answer::ensemble(&run)?;
        answer["simulated"] = json!(summary.simulated);
        answer["seconds"] = json!(summary.seconds);
        answer["report"] = json!(report);
        screen.print_json(&answer)?;
    } else {
        let table = equipoise_view::terminal::outcomes(&findings, screen.out);
        let table = format!("{}\n{}", table.trim_end(), exactness(run.manifest()));
        screen.print(&format!("{}\n\nReport: {}", table.trim_end(), report.display()))?;
    }
    let reached = run.manifest().until.as_ref().is_none_or(Until::is_reached);
    Ok(ExitCode::from(u8::from(!reached)))
}

/// Says which histories a part holds; what they amount to is told of the whole run.
fn tell_part(part: Part, summary: &RunSummary, dir: &Path, screen: &Screen) -> Result<ExitCode, Failure> {
    let manifest = &summary.manifest;
    let held = manifest.held();
    if screen.json {
        let mut answer = answer::part(manifest, dir);
        answer["simulated"] = json!(summary.simulated);
        answer["seconds"] = json!(summary.seconds);
        screen.print_json(&answer)?;
    } else {
        screen.print(&format!(
            "Part {part}: histories {} to {} of {}\n\nPart: {}",
            wording::whole(held.start),
            wording::whole(held.end - 1),
            wording::whole(manifest.histories),
            dir.display()
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The stated precisions, as typed.
fn precisions(args: &RunArgs, scenario: &Scenario) -> Result<Vec<Precision>, Failure> {
    let outcomes = scenario.outcomes.iter();
    let known: Vec<KnownOutcome> = outcomes
        .map(|outcome| KnownOutcome { id: &outcome.id, kind: ScoreKind::of_outcome(outcome) })
        .collect();
    let read = args.until.iter().map(|text| Precision::parse(text, &known).map_err(Failure::from));
    read.collect()
}

/// How exactly the run knows what it was to know, one line each; nothing for a run of a stated size.
fn exactness(manifest: &Manifest) -> String {
    let Some(until) = &manifest.until else {
        return String::new();
    };
    let mut text = String::new();
    for goal in &until.goals {
        let half = |half: f64| wording::exact((half * 1e4).ceil() / 1e4);
        let reached = goal.reached.map_or_else(
            || "not known: too few histories have a value".to_owned(),
            |reached| format!("known to ±{}", half(reached)),
        );
        text += &format!("\n{}: {reached}", goal.wanted);
    }
    if !until.is_reached() {
        text += &format!(
            "\nThe most of {} was reached first; raise --histories to know more.",
            wording::counted(until.at_most, "history", "histories")
        );
    }
    text
}

/// What to run: the options given, then those a run was begun with, then the defaults.
fn plan(args: &RunArgs, scenario: &Scenario, dir: &Path) -> Result<Plan, Failure> {
    let begun = match Manifest::read(dir) {
        // A run of another scenario is told by the lab, with both names.
        Ok(manifest) if args.resume && manifest.scenario.hash == scenario.hash => {
            let kept = manifest.design_table.as_deref();
            let table = kept.map(|checksum| DesignTable::read(scenario, checksum, dir)).transpose()?;
            Some(Plan { table: table.map(Arc::new), ..Plan::of(&manifest, scenario)? })
        }
        _ => None,
    };
    let account = match &args.account {
        None => None,
        Some(id) => Some(account_named(scenario, id)?),
    };
    if let Some(id) = &args.policy {
        let policies: Vec<&str> = scenario.policies.iter().map(|policy| policy.id.as_str()).collect();
        if !policies.contains(&id.as_str()) {
            return Err(Failure::unknown("policy", id, &policies));
        }
    }
    let begun = begun.as_ref();
    let by_default = if args.until.is_empty() { HISTORIES } else { HISTORIES_UNTIL };
    let posterior = args.posterior.as_deref().map(|dir| Posterior::read(scenario, dir)).transpose()?;
    let table = args.table.as_deref().map(|file| DesignTable::read_file(scenario, file)).transpose()?;
    let (rows, design) = match &table {
        Some(table) => (Some(table.rows()), Some(Design::Table)),
        None => (None, args.design),
    };
    Ok(Plan {
        histories: args.histories.or(begun.map(|plan| plan.histories)).or(rows).unwrap_or(by_default),
        seed: args.seed.or(begun.map(|plan| plan.seed)).unwrap_or(SEED),
        design: design.or(begun.map(|plan| plan.design)).unwrap_or_default(),
        shard_size: args.shard_size,
        account: account.or(begun.and_then(|plan| plan.account)),
        policy: args.policy.clone().or(begun.and_then(|plan| plan.policy.clone())),
        posterior: posterior.map(Arc::new),
        table: table.map(Arc::new).or(begun.and_then(|plan| plan.table.clone())),
        part: args.shard,
        threads: args.threads.map_or(0, usize::from),
    })
}

/// Where an account stands among those of the scenario.
///
/// # Errors
/// There is none of this name.
pub fn account_named(scenario: &Scenario, id: &str) -> Result<usize, Failure> {
    let accounts: Vec<&str> = scenario.evidence.accounts.iter().map(|account| account.id.as_str()).collect();
    let at = accounts.iter().position(|known| *known == id);
    at.ok_or_else(|| Failure::unknown("account", id, &accounts))
}

/// Says what is about to happen.
fn announce(plan: &Plan, until: &[Precision], scenario: &Scenario, place: &Place, screen: &Screen) {
    if let Some(taken) = &place.taken {
        let hint = match Manifest::read(taken) {
            Ok(manifest) if !manifest.complete => "holds an interrupted run, which --resume would finish",
            _ => "is taken and stays as it is",
        };
        screen.note(&format!("{} {hint}; this run goes into {}", taken.display(), place.dir.display()));
    }
    let under = plan.policy.as_ref().map_or(String::new(), |policy| format!(" under policy {policy}"));
    let at_most = if until.is_empty() { "" } else { "at most " };
    let part = plan.part.map_or(String::new(), |part| format!("part {part} of "));
    let histories = format!("{part}{at_most}{}", wording::whole(plan.histories));
    screen.note(&format!("Simulating {histories} histories of {}{under}, seed {}", scenario.id, plan.seed));
}

fn simulate(
    args: &RunArgs,
    scenario: &Scenario,
    plan: &Plan,
    until: &[Precision],
    dir: &Path,
) -> Result<RunSummary, Failure> {
    let cancel = interrupt::listen();
    let done = AtomicU64::new(0);
    let control = Control { cancel, done: &done };
    let work = || {
        // A part can be asked for again and again, as schedulers do.
        if args.resume || args.shard.is_some() {
            equipoise_lab::resume_until(scenario, plan, until, dir, &control)
        } else {
            equipoise_lab::run_until(scenario, plan, until, dir, &control)
        }
    };
    let result = if args.quiet { work() } else { progress::during(plan.histories, &done, cancel, work) };
    result.map_err(|error| match error {
        LabError::Interrupted { complete, total } => {
            Failure::Interrupted { complete, total, dir: dir.to_owned(), resume: resume_command(args, dir) }
        }
        other => other.into(),
    })
}

/// The command that finishes a run: what it was begun with stands in its folder.
fn resume_command(args: &RunArgs, dir: &Path) -> String {
    let scenario = args.scenario.as_ref().map_or(String::new(), |name| format!(" {}", shell_quoted(name)));
    let out = shell_quoted(&dir.display().to_string());
    let part = args.shard.map_or(String::new(), |part| format!(" --shard {part}"));
    format!("equipoise run{scenario}{}{part} --out {out} --resume", posterior_option(args))
}

fn posterior_option(args: &RunArgs) -> String {
    args.posterior
        .as_ref()
        .map_or(String::new(), |dir| format!(" --posterior {}", shell_quoted(&dir.display().to_string())))
}

/// The command that makes the same run, whatever its folder and threads. A design table whose file was not named is the
/// one that the run keeps.
fn same_again(args: &RunArgs, manifest: &Manifest, dir: &Path) -> String {
    let mut command = String::from("equipoise run");
    if let Some(scenario) = &args.scenario {
        command += &format!(" {}", shell_quoted(scenario));
    }
    command += &format!(" --histories {} --seed {}", manifest.planned(), manifest.seed);
    command += &if manifest.design == Design::Table {
        let kept = || DesignTable::path(dir);
        let file = args.table.clone().unwrap_or_else(kept);
        format!(" --table {}", shell_quoted(&file.display().to_string()))
    } else {
        format!(" --design {}", manifest.design)
    };
    for goal in manifest.until.iter().flat_map(|until| &until.goals) {
        command += &format!(" --until {}", shell_quoted(&goal.wanted.to_string()));
    }
    command += &posterior_option(args);
    for (option, value) in [("account", &manifest.account), ("policy", &manifest.policy)] {
        if let Some(value) = value {
            command += &format!(" --{option} {}", shell_quoted(value));
        }
    }
    command
}

/// Writes a file in one go: it is there whole or not at all.
///
/// # Errors
/// It cannot be written.
pub fn write_whole(path: &Path, text: &str) -> Result<(), Failure> {
    let unfinished = path.with_extension("html.partial");
    fs::write(&unfinished, text)
        .and_then(|()| fs::rename(&unfinished, path))
        .map_err(|error| Failure::io("write", path, &error))
}
