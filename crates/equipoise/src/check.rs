//! `equipoise check`: every mistake of a scenario in one go.

use std::process::ExitCode;

use equipoise_scenario::scenario::Basis;
use equipoise_scenario::{Diagnostics, Scenario};
use equipoise_view::wording;
use serde_json::{Value, json};

use crate::args::CheckArgs;
use crate::failure::Failure;
use crate::library;
use crate::screen::Screen;

/// Says whether a scenario is without mistakes; exit code 1 if not.
///
/// # Errors
/// There is no such scenario.
pub fn check(args: &CheckArgs, screen: &Screen) -> Result<ExitCode, Failure> {
    match library::scenario(Some(&args.scenario)) {
        Ok(scenario) => {
            if screen.json {
                screen
                    .print_json(&json!({ "scenario": scenario.id, "hash": scenario.hash, "mistakes": [] }))?;
            } else {
                screen.print(&inventory(&scenario))?;
            }
            Ok(ExitCode::SUCCESS)
        }
        Err(Failure::Mistakes { scenario, found }) => {
            if screen.json {
                screen.print_json(&json!({ "scenario": scenario, "mistakes": mistakes(&found) }))?;
            } else {
                screen.print(&equipoise_view::terminal::diagnostics(&found, screen.out))?;
            }
            Ok(ExitCode::from(1))
        }
        Err(other) => Err(other),
    }
}

fn mistakes(found: &Diagnostics) -> Vec<Value> {
    let position = |number: usize| (number > 0).then_some(number);
    let mistakes = found.list.iter().map(|mistake| {
        json!({
            "file": mistake.file,
            "line": position(mistake.line),
            "column": position(mistake.column),
            "message": mistake.message,
            "expected": mistake.expected,
            "suggestion": mistake.suggestion,
        })
    });
    mistakes.collect()
}

/// What a scenario without mistakes holds.
fn inventory(scenario: &Scenario) -> String {
    let evidence = &scenario.evidence;
    let is_evidenced = |basis: &Basis| matches!(basis, Basis::Evidenced { .. });
    let evidenced = scenario.parameters.iter().filter(|parameter| is_evidenced(&parameter.basis)).count();
    let last = scenario.date(scenario.days.saturating_sub(1));
    let counted = |count: usize, one, many| wording::counted(count as u64, one, many);
    let mut text = format!("{}: no mistakes\n", scenario.id);
    for (what, held) in [
        ("period", format!("{} to {last}", scenario.start)),
        (
            "evidence",
            format!(
                "{}, {}, {}",
                counted(evidence.claims.len(), "claim", "claims"),
                counted(evidence.sources.len(), "source", "sources"),
                counted(evidence.accounts.len(), "account", "accounts"),
            ),
        ),
        (
            "parameters",
            format!(
                "{}: {evidenced} on evidence, {} assumed",
                scenario.parameters.len(),
                scenario.parameters.len() - evidenced,
            ),
        ),
        (
            "society",
            format!(
                "{}, {}, {}",
                counted(scenario.actors.len(), "actor", "actors"),
                counted(scenario.places.len(), "place", "places"),
                counted(scenario.treaties.len(), "treaty", "treaties"),
            ),
        ),
        (
            "choices",
            format!(
                "{}, {}, {}",
                counted(scenario.decisions.len(), "decision", "decisions"),
                counted(scenario.shocks.len(), "shock", "shocks"),
                counted(scenario.policies.len(), "policy", "policies"),
            ),
        ),
        (
            "read off",
            format!(
                "{}, {}, {} of the record",
                counted(scenario.outcomes.len(), "outcome", "outcomes"),
                counted(scenario.series.len(), "series", "series"),
                counted(scenario.record.len(), "row", "rows"),
            ),
        ),
    ] {
        text += &format!("  {what:<11}{held}\n");
    }
    text
}
