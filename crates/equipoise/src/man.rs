//! `equipoise man`: manual pages, made from the commands themselves.

use std::fs;
use std::process::ExitCode;

use clap::{Command, CommandFactory};
use clap_mangen::Man;
use serde_json::json;

use crate::args::{Cli, ManArgs};
use crate::failure::Failure;
use crate::screen::Screen;

/// Prints the page of the program, or writes that of each command into a folder.
///
/// # Errors
/// The folder cannot be made or written, or nobody reads what is printed.
pub fn man(args: &ManArgs, screen: &Screen) -> Result<ExitCode, Failure> {
    let mut command = Cli::command();
    command.build();
    let Some(dir) = &args.out else {
        let page = rendered(&command)?;
        if screen.json {
            screen.print_json(&json!({ "page": page }))?;
        } else {
            screen.print(&page)?;
        }
        return Ok(ExitCode::SUCCESS);
    };
    fs::create_dir_all(dir).map_err(|error| Failure::io("make", dir, &error))?;
    let mut files = Vec::new();
    for command in all(&command) {
        let path = dir.join(format!("{}.1", name_of(command)));
        fs::write(&path, rendered(command)?).map_err(|error| Failure::io("write", &path, &error))?;
        files.push(path.display().to_string());
    }
    if screen.json {
        screen.print_json(&json!({ "files": files }))?;
    } else {
        screen.print(&format!("Wrote {} pages to {}", files.len(), dir.display()))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// A command and all below it.
fn all(command: &Command) -> Vec<&Command> {
    let below = command.get_subcommands().flat_map(all);
    [command].into_iter().chain(below).collect()
}

/// The name of a command's page: `equipoise-model-transit`.
fn name_of(command: &Command) -> &str {
    command.get_display_name().unwrap_or_else(|| command.get_name())
}

fn rendered(command: &Command) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    Man::new(command.clone()).render(&mut bytes).map_err(|error| {
        Failure::Wrong(format!("the manual page of {} cannot be made: {error}", name_of(command)))
    })?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
