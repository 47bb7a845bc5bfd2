//! `equipoise model roll-call`: ideal points of states from how they vote, and predictions of votes.

mod estimate;
mod input;
mod predict;

use std::num::NonZeroUsize;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand, ValueEnum};

use crate::failure::Failure;
use crate::screen::Screen;

/// What `model roll-call` takes.
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    disable_help_subcommand = true,
    after_help = "\
VOTES is CSV or Parquet with the columns session, date, resolution_id, unres, country_iso3 and vote
(yes, abstain, no or absent). Who is absent has no vote, and unanimous roll calls are left out.

Examples:
  equipoise model roll-call votes.parquet --method fast --sessions 46-74
  equipoise model roll-call votes.csv --method gibbs --iterations 900 --seed 7 --json
  equipoise model roll-call predict votes.parquet --texts texts.csv

The same votes, options and seed give the same answer on any number of threads."
)]
pub struct RollCallArgs {
    /// Something else than ideal points.
    #[command(subcommand)]
    pub question: Option<Question>,
    /// What to estimate.
    #[command(flatten)]
    pub estimate: EstimateArgs,
}

/// What can be asked beside ideal points.
#[derive(Debug, Subcommand)]
pub enum Question {
    /// Predict votes on texts from what was voted before them.
    Predict(PredictArgs),
}

/// What estimation takes.
#[derive(Debug, Args)]
pub struct EstimateArgs {
    /// Record of votes, CSV or Parquet.
    #[arg(required = true)]
    pub votes: Option<PathBuf>,
    /// The sampler as published, or the fast deterministic estimator.
    #[arg(long, value_enum, default_value_t = Method::Fast)]
    pub method: Method,
    /// Sessions to use, as in 70-74 [default: all].
    #[arg(long, value_name = "A-B", value_parser = sessions)]
    pub sessions: Option<RangeInclusive<u32>>,
    /// Iterations of the sampler, burn-in included.
    #[arg(long, value_name = "N", default_value_t = 1500)]
    pub iterations: u32,
    /// Iterations left out at the start [default: a third].
    #[arg(long, value_name = "N")]
    pub burn: Option<u32>,
    /// Seed of the sampler.
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub seed: u64,
    /// What bridges sessions: roll calls that states voted alike on, or nothing.
    #[arg(long, value_enum, default_value_t = Repeats::Votes)]
    pub repeats: Repeats,
    /// Take roll calls of the same title for repeats: a CSV with resolution_id and title.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["repeats", "matches"])]
    pub titles: Option<PathBuf>,
    /// Take these for repeats: a CSV with resolution_id and repeats, the id of the earlier roll call.
    #[arg(long, value_name = "FILE", conflicts_with = "repeats")]
    pub matches: Option<PathBuf>,
    /// States whose side is known: a CSV with country_iso3 and side [default: those of the publication].
    #[arg(long, value_name = "FILE")]
    pub anchors: Option<PathBuf>,
    /// Number of threads [default: one per core].
    #[arg(long, value_name = "T")]
    pub threads: Option<NonZeroUsize>,
    /// Show no progress.
    #[arg(long, short)]
    pub quiet: bool,
}

/// What prediction takes.
#[derive(Debug, Args)]
#[command(after_help = "\
TEXTS is a CSV with the columns resolution_id, issue, situation, severity and predecessor (ids of earlier
texts in the file, separated by ; where there are several). Each text with a predecessor is predicted, from
votes before its day only. A text that is not in VOTES needs a date column.

Example:
  equipoise model roll-call predict votes.parquet --texts texts.csv --target 900009 --json")]
pub struct PredictArgs {
    /// Record of votes, CSV or Parquet.
    pub votes: PathBuf,
    /// The texts of the issue, with their severity.
    #[arg(long, value_name = "FILE", alias = "severity")]
    pub texts: PathBuf,
    /// Predict this text only; may be given several times.
    #[arg(long, value_name = "ID")]
    pub target: Vec<String>,
    /// States whose side is known: a CSV with country_iso3 and side [default: those of the publication].
    #[arg(long, value_name = "FILE")]
    pub anchors: Option<PathBuf>,
    /// Number of threads [default: one per core].
    #[arg(long, value_name = "T")]
    pub threads: Option<NonZeroUsize>,
}

/// How ideal points are estimated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Method {
    /// Sample the posterior by the published algorithm.
    Gibbs,
    /// Find the posterior's mode, deterministically.
    Fast,
}

impl Method {
    fn name(self) -> &'static str {
        match self {
            Method::Gibbs => "gibbs",
            Method::Fast => "fast",
        }
    }
}

/// Where repeats of roll calls come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Repeats {
    /// Found by how states voted.
    Votes,
    /// None.
    None,
}

/// Estimates ideal points or predicts votes.
///
/// # Errors
/// The input cannot be used, or the user stopped it.
pub fn roll_call(args: &RollCallArgs, screen: &Screen) -> Result<ExitCode, Failure> {
    match &args.question {
        Some(Question::Predict(args)) => predict::predict(args, screen),
        None => estimate::estimate(&args.estimate, screen),
    }
}

fn sessions(text: &str) -> Result<RangeInclusive<u32>, String> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    match (first.trim().parse(), last.trim().parse()) {
        (Ok(first), Ok(last)) if first <= last => Ok(first..=last),
        (Ok(_), Ok(_)) => Err("the first session is after the last".to_owned()),
        _ => Err("expected two numbers of sessions, as in 70-74".to_owned()),
    }
}
