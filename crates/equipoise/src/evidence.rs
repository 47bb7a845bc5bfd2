//! `equipoise evidence`: claims, the conflicts between them, and what each number of the model rests on.

use std::process::ExitCode;

use equipoise_view::{answer, findings, terminal};

use crate::args::EvidenceArgs;
use crate::failure::Failure;
use crate::library;
use crate::screen::Screen;

/// Shows what a scenario rests on.
///
/// # Errors
/// The scenario cannot be loaded.
pub fn evidence(args: &EvidenceArgs, screen: &Screen) -> Result<ExitCode, Failure> {
    let scenario = library::scenario(args.scenario.as_deref())?;
    if screen.json {
        screen.print_json(&answer::evidence(&scenario, args.unused))?;
    } else if args.unused {
        screen.print(&terminal::unused(&findings::unused(&scenario), screen.out))?;
    } else {
        let (sources, parameters) = (findings::sources(&scenario), findings::parameters(&scenario));
        let conflicts = findings::conflicts(&scenario);
        screen.print(&terminal::evidence(&sources, &parameters, &conflicts, screen.out))?;
    }
    Ok(ExitCode::SUCCESS)
}
