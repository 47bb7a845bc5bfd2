//! `equipoise explore NAME`: questions to an ensemble. Each question has a file of its own with what it takes, reads and
//! prints.

mod design;
mod discover;
mod drivers;
mod rare;
mod robust;
mod score;

use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::failure::Failure;
use crate::screen::Screen;

/// What `explore` takes.
#[derive(Debug, Args)]
pub struct ExploreArgs {
    /// The question.
    #[command(subcommand)]
    pub question: Question,
}

/// The questions that can be asked.
#[derive(Debug, Subcommand)]
pub enum Question {
    /// The rows of a design over inputs of one's own, for a model that runs elsewhere.
    Design(design::DesignArgs),
    /// How much of an outcome each input answers for.
    Drivers(drivers::DriversArgs),
    /// Under which conditions does it happen? Rules from a run, or from any table.
    Discover(discover::DiscoverArgs),
    /// How probable is what hardly ever happens?
    Rare(rare::RareArgs),
    /// Which policy does acceptably well whichever account is true: worst account, regret, thresholds, Pareto set.
    Robust(robust::RobustArgs),
    /// An ensemble in a table beside what really happened: CRPS, Brier, coverage.
    Score(score::ScoreArgs),
}

/// Answers one question.
///
/// # Errors
/// The input cannot be used, or the machine is at fault.
pub fn explore(args: &ExploreArgs, screen: &Screen) -> Result<ExitCode, Failure> {
    match &args.question {
        Question::Design(args) => design::design(args, screen),
        Question::Drivers(args) => drivers::drivers(args, screen),
        Question::Discover(args) => discover::discover(args, screen),
        Question::Rare(args) => rare::rare(args, screen),
        Question::Robust(args) => robust::robust(args, screen),
        Question::Score(args) => score::score(args, screen),
    }
}
