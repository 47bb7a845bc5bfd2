//! The command line of Equipoise: thin, one command a file.
//!
//! Commands load, call the floors below and print; errors are values until `main` turns them into a message on standard
//! error and an exit code.

mod args;
mod calibrate;
mod check;
mod columns;
mod compare;
mod completions;
mod evidence;
mod explore;
mod failure;
mod interrupt;
mod library;
mod man;
mod merge;
mod model;
mod names;
mod new;
mod progress;
mod recorded_table;
mod run;
mod schema;
mod screen;
mod studio;
mod why;

use std::process::ExitCode;

use clap::Parser;

use args::{Cli, Command, RunArgs};
use failure::Failure;
use screen::Screen;

/// Histories make many short lists on every thread: a twentieth less time than with the allocator of glibc.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(message) => {
            // Help, version or a misuse; where nobody reads it, nothing is lost.
            let _ = message.print();
            return ExitCode::from(if message.use_stderr() { 2 } else { 0 });
        }
    };
    let screen = Screen::new(cli.json, cli.color);
    obey(cli.command.unwrap_or_else(|| Command::Run(RunArgs::default())), &screen).unwrap_or_else(|failure| {
        screen.complain(&failure);
        ExitCode::from(failure.exit_code())
    })
}

fn obey(command: Command, screen: &Screen) -> Result<ExitCode, Failure> {
    match command {
        Command::Run(args) => run::run(&args, screen),
        Command::Compare(args) => compare::compare(&args, screen),
        Command::Why(args) => why::why(&args, screen),
        Command::Evidence(args) => evidence::evidence(&args, screen),
        Command::Check(args) => check::check(&args, screen),
        Command::Merge(args) => merge::merge(&args, screen),
        Command::Calibrate(args) => calibrate::calibrate(&args, screen),
        Command::Model(args) => model::model(&args, screen),
        Command::Studio(args) => studio::studio(&args, screen),
        Command::Explore(args) => explore::explore(&args, screen),
        Command::New(args) => new::new(&args, screen),
        Command::Schema(args) => schema::schema(&args, screen),
        Command::Completions(args) => completions::completions(&args, screen),
        Command::Man(args) => man::man(&args, screen),
    }
}
