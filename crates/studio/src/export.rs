//! A run directory of what is shown, with its report, as `run` would write it.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64};

use axum::http::StatusCode;
use equipoise_lab::{Control, LabError, Plan};
use equipoise_scenario::Scenario;
use equipoise_view::{findings, report};

use crate::policy_file::with_trial;
use crate::refusal::Refusal;
use crate::trial::Trial;

/// Name under which a trial stands among the policies of an exported run.
const POLICY: &str = "tried-in-the-studio";

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    /// The folder's name among the runs.
    pub folder: String,
    /// The report.
    pub report: PathBuf,
}

/// Writes a run of so many histories into a new folder among the runs, and its report.
///
/// # Errors
/// The levers do not fit, it was stopped (503), or the folder cannot be written (500).
pub fn export(
    scenario: &Scenario,
    trial: &Trial,
    account: Option<usize>,
    (histories, seed, threads): (u64, u64, usize),
    runs: &Path,
    cancel: &AtomicBool,
) -> Result<Exported, Refusal> {
    let changed = if trial.is_nothing() {
        None
    } else {
        Some(with_trial(scenario, trial, POLICY, "Tried in the studio")?)
    };
    let plan = Plan {
        histories,
        seed,
        account,
        policy: changed.as_ref().map(|_| POLICY.to_owned()),
        threads,
        ..Plan::default()
    };
    let scenario = changed.as_ref().unwrap_or(scenario);
    let folder = free(runs, &format!("{}-studio", scenario.id));
    let dir = runs.join(&folder);
    let done = AtomicU64::new(0);
    equipoise_lab::run(scenario, &plan, &dir, &Control { cancel, done: &done })
        .map_err(|error| failed(&error))?;
    let run = equipoise_lab::Run::open(&dir).map_err(|error| failed(&error))?;
    let id = &scenario.id;
    let mut command = format!("equipoise run {id} --histories {histories} --seed {seed}");
    if let Some(account) = account {
        command += &format!(" --account {}", scenario.evidence.accounts[account].id);
    }
    if changed.is_some() {
        // What the command needs is kept with the run.
        command += &format!(" --policy {POLICY}  # {folder}/scenario has the policy and the credences");
    }
    let found = findings::gather(&run, &command).map_err(|error| failed(&error))?;
    let report = dir.join("report.html");
    let unfinished = dir.join("report.html.partial");
    std::fs::write(&unfinished, report::render(&found))
        .and_then(|()| std::fs::rename(&unfinished, &report))
        .map_err(|_| Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "the report could not be written"))?;
    Ok(Exported { folder, report })
}

/// The first of `name`, `name-2`, `name-3` … that is free.
fn free(runs: &Path, name: &str) -> String {
    let numbered = (2..).map(|number: u64| format!("{name}-{number}"));
    std::iter::once(name.to_owned())
        .chain(numbered)
        .find(|name| !runs.join(name).exists())
        .unwrap_or_else(|| name.to_owned())
}

/// What went wrong, without the paths that the lab names.
fn failed(error: &LabError) -> Refusal {
    match error {
        LabError::Interrupted { .. } => Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "the run was stopped"),
        _ => Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "the run could not be written"),
    }
}
