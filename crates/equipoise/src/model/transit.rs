//! `equipoise model transit`: which routes shippers choose, who could stop them, and what that would cost.

mod contracts;
mod files;
mod print;
mod schedule;
mod states;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use equipoise_models::transit::{
    Flows, Loss, Outage, Shippers, dependence, double_outages, share_through_by_cargo, single_outages,
};

use crate::failure::Failure;
use crate::screen::Screen;
use files::Chart;

/// What `model transit` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  equipoise model transit --nodes nodes.csv --edges edges.csv --supply supply.csv
  equipoise model transit --nodes nodes.csv --edges edges.csv --supply supply.csv \\
      --close TERMINAL:PORT --limit HUB:TERMINAL=21000 --shut-in-cost 1000 --out flows
                                              an outage, half an outage, and the flows as CSV
  equipoise model transit … --contracts contracts.csv --outages 2
                                              take-or-pay and rights; what any two outages cost
  equipoise model transit … --periods quarters.csv --tanks tanks.csv
                                              stocks carried over a closure

Files (CSV; columns in any order, further columns are ignored; `capacity`, `cost`, `amount`, `price` may carry
their unit as in `capacity_kt_y`):
  nodes      node, kind, market_capacity, price     kind: market, or what the node is (field, hub, port …)
  edges      id, from, to, capacity, cost, crosses  crosses: codes of states, such as `RUS AZE`; id is optional
  supply     node, amount
  contracts  edge, supplier, minimum, maximum       what an edge must and may carry, of all or of one supplier
  periods    period, length, edge, availability     the share of its capacity an edge has in a period
  tanks      node, capacity, cost, at_start, at_end, end_value

Without a column `price` all markets pay nothing, and the answer is the cheapest way to ship everything.

Exit codes: 0 done; 2 the input is at fault, or contracts are in conflict.")]
pub struct TransitArgs {
    /// Places: node, kind, market_capacity, price.
    #[arg(long, value_name = "FILE")]
    pub nodes: PathBuf,
    /// Ways between them: id, from, to, capacity, cost, crosses.
    #[arg(long, value_name = "FILE")]
    pub edges: PathBuf,
    /// What is shipped: node, amount.
    #[arg(long, value_name = "FILE")]
    pub supply: PathBuf,
    /// Column of the supply file that holds the amounts [default: amount].
    #[arg(long, value_name = "COLUMN")]
    pub supply_column: Option<String>,
    /// Contracts and rights: edge, supplier, minimum, maximum.
    #[arg(long, value_name = "FILE")]
    pub contracts: Option<PathBuf>,
    /// Plan several periods at once: period, length, edge, availability.
    #[arg(long, value_name = "FILE", conflicts_with = "outages")]
    pub periods: Option<PathBuf>,
    /// Tanks that carry stocks between periods: node, capacity, cost, at_start, at_end, end_value.
    #[arg(long, value_name = "FILE", requires = "periods")]
    pub tanks: Option<PathBuf>,
    /// Close an edge, given as FROM:TO (all between the two) or by its id.
    #[arg(long, value_name = "EDGE")]
    pub close: Vec<String>,
    /// Change what an edge can carry.
    #[arg(long, value_name = "EDGE=CAPACITY")]
    pub limit: Vec<String>,
    /// Close every edge that crosses this state.
    #[arg(long, value_name = "STATE")]
    pub close_state: Vec<String>,
    /// What it costs to leave one unit in the ground.
    #[arg(long, value_name = "X", default_value_t = 1000.0, allow_negative_numbers = true)]
    pub shut_in_cost: f64,
    /// Also rank outages of single edges (1) or of pairs as well (2).
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=2))]
    pub outages: Option<u8>,
    /// Write edges.csv, nodes.csv, states.csv and outages.csv to this folder.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

/// What was found, beside the network it was found on.
struct Answer {
    chart: Chart,
    flows: Flows,
    share_through: Vec<f64>,
    dependence: Vec<Loss>,
    single: Option<Vec<Outage>>,
    double: Option<Vec<Outage>>,
}

/// Finds the flow shippers choose and who could stop it.
///
/// # Errors
/// The files cannot be used; contracts are in conflict; the output cannot be written.
pub fn transit(args: &TransitArgs, screen: &Screen) -> Result<ExitCode, Failure> {
    let (mut shippers, chart) = files::read(args)?;
    if let Some(periods) = &args.periods {
        return schedule::schedule(args, periods, &shippers, &chart, screen);
    }
    let found = answer(&mut shippers, args);
    let (flows, share_through, dependence, single, double) =
        found.map_err(|error| chart.explain_with(&error, shippers.rights()))?;
    let answer = Answer { chart, flows, share_through, dependence, single, double };
    if let Some(folder) = &args.out {
        print::write(&answer, &shippers, folder)?;
    }
    if screen.json {
        screen.print_json(&print::json(&answer, &shippers))?;
    } else {
        screen.print(&print::text(&answer, &shippers, screen))?;
    }
    Ok(ExitCode::SUCCESS)
}

type Found = (Flows, Vec<f64>, Vec<Loss>, Option<Vec<Outage>>, Option<Vec<Outage>>);

fn answer(
    shippers: &mut Shippers,
    args: &TransitArgs,
) -> Result<Found, equipoise_models::transit::TransitError> {
    let flows = shippers.solve()?;
    let shares = share_through_by_cargo(shippers)?;
    let losses = dependence(shippers)?;
    let single = args.outages.map(|_| single_outages(shippers)).transpose()?;
    let double = args.outages.filter(|n| *n == 2).map(|_| double_outages(shippers)).transpose()?;
    Ok((flows, shares, losses, single, double))
}
