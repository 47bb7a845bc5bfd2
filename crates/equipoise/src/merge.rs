//! `equipoise merge`: join the parts of a run that were simulated on several machines.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::AtomicU64;

use clap::Args;
use equipoise_lab::{Control, LabError};
use equipoise_view::wording;
use serde_json::json;

use crate::failure::Failure;
use crate::interrupt;
use crate::screen::Screen;

/// What `merge` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  equipoise run my-crisis --histories 1000000 --shard 1/2 --out parts/1
  equipoise run my-crisis --histories 1000000 --shard 2/2 --out parts/2
  equipoise merge parts/1 parts/2 --out runs/my-crisis
  equipoise merge parts/* --out runs/my-crisis

Every part is checked against its checksums, and their tables are copied together. The run is byte for byte
the one that a single machine would have made. The parts stay as they are.")]
pub struct MergeArgs {
    /// The folders of all parts, in any order.
    #[arg(required = true, value_name = "DIR")]
    pub parts: Vec<PathBuf>,
    /// Folder of the run.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
}

/// Joins the parts.
///
/// # Errors
/// A part is missing, damaged or of another run, or the folder cannot be written.
pub fn merge(args: &MergeArgs, screen: &Screen) -> Result<ExitCode, Failure> {
    let (cancel, done) = (interrupt::listen(), AtomicU64::new(0));
    let manifest =
        equipoise_lab::merge(&args.parts, &args.out, &Control { cancel, done: &done }).map_err(|error| {
            match error {
                LabError::Interrupted { .. } => {
                    Failure::Stopped("interrupted; the parts are as they were, join them again".to_owned())
                }
                other => other.into(),
            }
        })?;
    if screen.json {
        screen.print_json(&json!({
            "equipoise": manifest.equipoise,
            "scenario": manifest.scenario.id,
            "hash": manifest.scenario.hash,
            "histories": manifest.histories,
            "parts": args.parts.len(),
            "run": args.out,
        }))?;
    } else {
        let parts = wording::counted(args.parts.len() as u64, "part", "parts");
        let histories = wording::whole(manifest.histories);
        screen.print(&format!("{parts}, {histories} histories: {}", args.out.display()))?;
    }
    Ok(ExitCode::SUCCESS)
}
