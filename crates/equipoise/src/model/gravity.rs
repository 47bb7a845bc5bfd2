//! `equipoise model gravity`: what a change of trade costs does to prices, trade and welfare everywhere.

mod changes;
mod files;
mod parity;
mod print;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use equipoise_models::gravity::{
    Closure, Equilibrium, GravityError, elasticities, equilibrium_with_levies, spread,
};

use crate::failure::Failure;
use crate::screen::Screen;

/// What `model gravity` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  equipoise model gravity --flows flows.csv --shock shock.csv --elasticity 4
  equipoise model gravity --flows flows.csv --shock shock.csv --elasticity 4 --closure multiplicative --out found
  equipoise model gravity --flows flows.csv --shock bans.csv --elasticity 4 --elasticity-sd 1
                                              low, median and high of every figure
  equipoise model gravity --flows flows.csv --union A,B,C --leave A --agreement 0.3 \\
      --external-tariff 0.06 --own-tariff 0.05 --elasticity 4
                                              a member leaves a customs union
  equipoise model gravity --flows sample.dlm --coefficients costs.csv --shock shock.csv --elasticity 4 \\
      --parity gegravity --reference DEU      the figures of the Python package gegravity 0.3

Files (CSV; columns in any order, further columns are ignored):
  flows   exporter, importer, value           every country's sales to itself included
  shock   exporter, importer, and one or more of
          log_change                          of the trade-cost term (cost to the power −elasticity)
          cost_factor                         what the cost is multiplied by: 1.1 is ten per cent dearer
          old_tariff, new_tariff              0.05 is five per cent; the importer's state keeps the revenue
          covered_share, compliance_share     a ban: what it names, and who obeys
          through, reach_share, cost_factor_through, through_compliance, earned_share
                                              a way round the ban: the third state, how much could go there, how
                                              much dearer, how far it complies, what it earns of the extra cost;
                                              several ways are several rows of the pair

A pair the shock does not name stays as it is. Figures are new/old; welfare is expenditure over the price index.
World output is the numeraire.")]
pub struct GravityArgs {
    /// Trade before: exporter, importer, value, with domestic sales.
    #[arg(long, value_name = "FILE")]
    pub flows: PathBuf,
    /// What changes: exporter, importer, and a column for the change, as told below.
    #[arg(long, value_name = "FILE", required_unless_present = "union")]
    pub shock: Option<PathBuf>,
    /// Trade elasticity (the elasticity of substitution less one).
    #[arg(long, value_name = "T", allow_negative_numbers = true)]
    pub elasticity: f64,
    /// Its standard deviation: gives the 5 %, 50 % and 95 % quantile of every figure.
    #[arg(long, value_name = "SD", conflicts_with = "parity", allow_negative_numbers = true)]
    pub elasticity_sd: Option<f64>,
    /// The members of a customs union, for --leave or --join.
    #[arg(long, value_name = "ID,ID…", value_delimiter = ',', conflicts_with = "parity")]
    pub union: Vec<String>,
    /// This member leaves.
    #[arg(long, value_name = "ID", requires = "union", conflicts_with = "join")]
    pub leave: Option<String>,
    /// This country joins.
    #[arg(long, value_name = "ID", requires = "union")]
    pub join: Option<String>,
    /// What membership adds to the log of the trade-cost term, beyond tariffs.
    #[arg(long, value_name = "B", default_value_t = 0.0, allow_negative_numbers = true)]
    pub agreement: f64,
    /// The tariff of the union on goods from outside.
    #[arg(long, value_name = "T", default_value_t = 0.0, allow_negative_numbers = true)]
    pub external_tariff: f64,
    /// The tariff of the country that leaves or joins while it is outside.
    #[arg(long, value_name = "T", default_value_t = 0.0, allow_negative_numbers = true)]
    pub own_tariff: f64,
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

/// Elasticities that stand for their distribution.
const ELASTICITIES: usize = 41;

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
    let changes = changes::read(args, &names)?;
    let closure = match args.closure {
        ClosureName::Additive => Closure::Additive,
        ClosureName::Multiplicative => Closure::Multiplicative,
    };
    let solve = |elasticity: f64| -> Result<Equilibrium, GravityError> {
        let (shock, levies) = changes.at(elasticity)?;
        equilibrium_with_levies(&trade, &shock, &levies, elasticity, closure)
    };
    let explain = |error: GravityError| files::explain(&error, &names);
    let found = solve(args.elasticity).map_err(explain)?;
    let over = match args.elasticity_sd {
        None => None,
        Some(sd) => {
            let drawn = elasticities(args.elasticity, sd, ELASTICITIES).map_err(explain)?;
            Some(spread(&drawn, solve).map_err(explain)?)
        }
    };
    let answer = print::Answer { names: &names, trade: &trade, found: &found, spread: over.as_ref() };
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
