//! `equipoise model NAME`: one published model alone. Each model has a file of its own with what it takes, reads and
//! prints.

mod civil_violence;

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
pub enum Model {
    /// Citizens, cops and jail on a torus (Epstein 2002): outbursts of unrest.
    CivilViolence(Box<civil_violence::CivilViolenceArgs>),
}

/// Runs one model.
///
/// # Errors
/// The input cannot be used, or the machine is at fault.
pub fn model(args: &ModelArgs, screen: &Screen) -> Result<ExitCode, Failure> {
    match &args.model {
        Model::CivilViolence(args) => civil_violence::run(args, screen),
    }
}
