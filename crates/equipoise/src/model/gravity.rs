//! `equipoise model gravity`: what a change of trade costs does to prices, trade and welfare everywhere.

mod files;
mod parity;
mod print;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use equipoise_models::gravity::{Closure, equilibrium};

use crate::failure::Failure;
use crate::screen::Screen;

/// What `model gravity` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  equipoise model gravity --flows flows.csv --shock shock.csv --elasticity 4
  equipoise model gravity --flows flows.csv --shock shock.csv --elasticity 4 --closure multiplicative --out found
  equipoise model gravity --flows sample.dlm --coefficients costs.csv --shock shock.csv --elasticity 4 \\
      --parity gegravity --reference DEU      the figures of the Python package gegravity 0.3

Files (CSV; columns in any order, further columns are ignored):
  flows   exporter, importer, value           every country's sales to itself included
  shock   exporter, importer, and one or more of
          log_change                          of the trade-cost term (cost to the power −elasticity)
          cost_factor                         what the cost is multiplied by: 1.1 is ten per cent dearer
          old_tariff, new_tariff              0.05 is five per cent

A pair the shock does not name stays as it is. Figures are new/old; welfare is expenditure over the price index.
World output is the numeraire.")]
pub struct GravityArgs {
    /// Trade before: exporter, importer, value, with domestic sales.
    #[arg(long, value_name = "FILE")]
    pub flows: PathBuf,
    /// What changes: exporter, importer, log_change.
    #[arg(long, value_name = "FILE")]
    pub shock: PathBuf,
    /// Trade elasticity (the elasticity of substitution less one).
    #[arg(long, value_name = "T", allow_negative_numbers = true)]
    pub elasticity: f64,
    /// What becomes of trade balances: the same number, or the same share of output.
    #[arg(long, value_enum, default_value_t = ClosureName::Additive)]
    pub closure: ClosureName,
    /// Reproduce another package instead, which does not feed incomes back.
    #[arg(long, value_enum)]
    pub parity: Option<Peer>,
    /// With --parity: coefficients of the cost columns of the flows file (var, beta); without, costs fit the flows.
    #[arg(long, value_name = "FILE", requires = "parity")]
    pub coefficients: Option<PathBuf>,
    /// With --parity: the importer whose price index stays [default: the first country of the flows].
    #[arg(long, value_name = "ID", requires = "parity")]
    pub reference: Option<String>,
    /// Write countries.csv and flows.csv to this folder.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

/// The closures by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ClosureName {
    /// Balances stay the same number in units of world output.
    Additive,
    /// Expenditure stays the same multiple of output.
    Multiplicative,
}

/// Packages whose figures can be reproduced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Peer {
    /// The Python package gegravity 0.3 of the United States International Trade Commission.
    Gegravity,
}

/// Finds the equilibrium after a shock.
///
/// # Errors
/// The files cannot be used; there is no equilibrium; the output cannot be written.
pub fn gravity(args: &GravityArgs, screen: &Screen) -> Result<ExitCode, Failure> {
    if !(args.elasticity.is_finite() && args.elasticity > 0.0) {
        return Err(Failure::Wrong(format!(
            "--elasticity is {}, expected a finite number above 0",
            args.elasticity
        )));
    }
    if args.parity.is_some() {
        return parity::parity(args, screen);
    }
    let (names, trade, _) = files::flows(&args.flows)?;
    let shock = files::shock(&args.shock, &names, args.elasticity)?;
    let closure = match args.closure {
        ClosureName::Additive => Closure::Additive,
        ClosureName::Multiplicative => Closure::Multiplicative,
    };
    let found = equilibrium(&trade, &shock, args.elasticity, closure)
        .map_err(|error| files::explain(&error, &names))?;
    let answer = print::Answer { names: &names, trade: &trade, found: &found };
    if let Some(folder) = &args.out {
        answer.write(folder)?;
    }
    if screen.json {
        screen.print_json(&answer.json())?;
    } else {
        screen.print(&answer.text(screen))?;
    }
    Ok(ExitCode::SUCCESS)
}
