//! `equipoise completions`: a script for a shell, made from the commands themselves.

use std::process::ExitCode;

use clap::CommandFactory;
use serde_json::json;

use crate::args::{Cli, CompletionsArgs};
use crate::failure::Failure;
use crate::screen::Screen;

/// Prints the script; with `--json`, as one string.
///
/// # Errors
/// Nobody reads what is printed, or it cannot be written.
pub fn completions(args: &CompletionsArgs, screen: &Screen) -> Result<ExitCode, Failure> {
    let mut bytes = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "equipoise", &mut bytes);
    let script = String::from_utf8_lossy(&bytes);
    if screen.json {
        screen.print_json(&json!({ "shell": args.shell.to_string(), "script": script }))?;
    } else {
        screen.print(&script)?;
    }
    Ok(ExitCode::SUCCESS)
}
