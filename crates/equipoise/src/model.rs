//! `equipoise model NAME`: one published model alone. Each model has a file of its own with what it takes, reads and
//! prints.

use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::failure::Failure;
use crate::screen::Screen;

/// What `model` takes.
#[derive(Debug, Args)]
pub struct ModelArgs {
    /// The model.
    #[command(subcommand)]
    pub model: Model,
}

/// The models that can be used alone.
#[derive(Debug, Subcommand)]
pub enum Model {}

/// Runs one model.
///
/// # Errors
/// The input cannot be used, or the machine is at fault.
pub fn model(args: &ModelArgs, _screen: &Screen) -> Result<ExitCode, Failure> {
    match args.model {}
}
