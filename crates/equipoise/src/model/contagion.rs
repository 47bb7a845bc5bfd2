//! `equipoise model contagion`: does protest spread from town to town? Contagion against its nulls.

mod draw;
mod files;
mod print;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use equipoise_lab::contagion::{Trial, judge};

use crate::failure::Failure;
use crate::screen::Screen;

/// What `model contagion` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  equipoise model contagion scenarios/kazakhstan-2022/places.csv --from 2022-01-01
                                              twenty cities, half of them held out
  equipoise model contagion places.csv --held-out 0.3 --splits 300
  equipoise model contagion places.csv --internet 2022-01-04=0.3,2022-01-05=0.02 --out found
                                              networks cut down: the media part of what is heard falls
  equipoise model contagion places.csv --shock fuel_share
                                              the shock hits each town in proportion to a column

File (CSV; columns in any order, further columns are ignored):
  id, latitude, longitude, population         degrees north and east; persons
  first_protest                               the first day, as 2022-01-31; empty where there was none

Held against contagion: distance alone (all towns equally loud, no media), a common shock alone, and a shock
that grows or fades with the calendar. The held-out towns' dates are read by nobody. Larger log scores and
smaller CRPS (days) are better.")]
pub struct ContagionArgs {
    /// The towns: id, latitude, longitude, population, first_protest.
    #[arg(value_name = "CITIES.csv")]
    pub cities: PathBuf,
    /// Share of the towns held out.
    #[arg(long, value_name = "SHARE", default_value_t = 0.5)]
    pub held_out: f64,
    /// Further splits of the same share.
    #[arg(long, value_name = "N", default_value_t = 30)]
    pub splits: u32,
    /// Day of the common shock [default: the day before the first protest].
    #[arg(long, value_name = "DATE")]
    pub from: Option<String>,
    /// Last day watched [default: the last first protest of the table].
    #[arg(long, value_name = "DATE")]
    pub until: Option<String>,
    /// Access to media on some days, 0 to 1; elsewhere it is 1.
    #[arg(long, value_name = "DATE=SHARE,…", value_delimiter = ',')]
    pub internet: Vec<String>,
    /// Column of how hard the common shock hits a town [default: all alike].
    #[arg(long, value_name = "COLUMN")]
    pub shock: Option<String>,
    /// Draws of the parameters.
    #[arg(long, value_name = "N", default_value_t = 4000, value_parser = clap::value_parser!(u32).range(100..=1_000_000))]
    pub draws: u32,
    /// Seed of all randomness.
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub seed: u64,
    /// Folder for predictions.csv, mechanisms.csv, parameters.csv and predictions.svg.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

/// Fits, predicts, compares.
///
/// # Errors
/// The file or an option cannot be used, or the output cannot be written.
pub fn contagion(args: &ContagionArgs, screen: &Screen) -> Result<ExitCode, Failure> {
    if !(args.held_out > 0.0 && args.held_out < 1.0) {
        return Err(Failure::Wrong(format!(
            "--held-out is {}, expected a share above 0 and below 1",
            args.held_out
        )));
    }
    let table = files::read(args)?;
    let trial =
        Trial { held_out: args.held_out, splits: args.splits, draws: args.draws as usize, seed: args.seed };
    let judged = judge(&table.towns, &trial);
    let answer = print::Answer { table: &table, judged: &judged };
    if let Some(folder) = &args.out {
        answer.write(folder)?;
        let path = folder.join("predictions.svg");
        std::fs::write(&path, draw::predictions(&table, &judged))
            .map_err(|error| Failure::io("write", &path, &error))?;
    }
    if screen.json {
        screen.print_json(&answer.json())?;
    } else {
        screen.print(&answer.text(screen))?;
    }
    Ok(ExitCode::SUCCESS)
}
