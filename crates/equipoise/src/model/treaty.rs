//! `equipoise model treaty`: a request held against a treaty, or what past requests teach.

use std::process::ExitCode;

use clap::Args;
use equipoise_bundled::{open_case, open_treaty};
use equipoise_lab::treaty::{judge, learn};
use equipoise_scenario::treaty::TreatyCase;
use equipoise_view::{answer, terminal};

use crate::failure::Failure;
use crate::screen::Screen;

/// What `model treaty` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  equipoise model treaty csto csto-2022-09-armenia --explain
                                              a bundled treaty, and a request under it
  equipoise model treaty --fit scenarios/treaties/csto.toml scenarios/treaties/cases/csto-*.toml
                                              learn the weights of votes from past requests, each left out in turn
  equipoise model treaty nato my-request.toml --json

TREATY is a treaty's text as data, CASE what was known on the day of a request; `equipoise schema treaty.toml` and
`equipoise schema case.toml` describe them. Weights come from the priors in TREATY; with --fit from the cases.")]
pub struct TreatyArgs {
    /// The treaty: a TOML file, or the name of a bundled one.
    pub treaty: String,
    /// The case, or with --fit all cases: TOML files, or names of bundled ones.
    #[arg(required = true, value_name = "CASE")]
    pub cases: Vec<String>,
    /// Learn the weights from the cases, and foretell each from the others.
    #[arg(long)]
    pub fit: bool,
    /// Show the parts of each member's utility.
    #[arg(long, conflicts_with = "fit")]
    pub explain: bool,
    /// Draws of weights and facts [default: 4000, with --fit 20000].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub draws: Option<u32>,
    /// Seed of all randomness.
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub seed: u64,
}

/// Judges a case, or learns from several.
///
/// # Errors
/// A file has mistakes, or there are several cases without `--fit`.
pub fn treaty(args: &TreatyArgs, screen: &Screen) -> Result<ExitCode, Failure> {
    let text = open_treaty(&args.treaty)?;
    let cases = args.cases.iter().map(|name| open_case(name, &text)).collect::<Result<Vec<_>, _>>()?;
    if args.fit {
        let cases: Vec<&TreatyCase> = cases.iter().collect();
        let learned = learn(&text, &cases, args.draws.unwrap_or(20_000), args.seed)?;
        if screen.json {
            screen.print_json(&answer::treaty::learned(&learned))?;
        } else {
            screen.print(&terminal::learned(&text.title, &learned, screen.out))?;
        }
        return Ok(ExitCode::SUCCESS);
    }
    let [case] = &cases[..] else {
        return Err(Failure::Wrong(format!(
            "{} cases are given; one is judged alone, several need --fit",
            cases.len()
        )));
    };
    let judged = judge(&text, case, args.draws.unwrap_or(4000), args.seed)?;
    if screen.json {
        screen.print_json(&answer::treaty::judged(case, &judged))?;
    } else {
        screen.print(&terminal::judged(&text, case, &judged, args.explain, screen.out))?;
    }
    Ok(ExitCode::SUCCESS)
}
