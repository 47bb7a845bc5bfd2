//! `equipoise explore score`: an ensemble in a table beside what really happened.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use equipoise_lab::score::{Part, Score, cards, score_values};
use equipoise_view::{answer, wording};

use crate::failure::Failure;
use crate::model::listing::Listing;
use crate::recorded_table::{recorded, rows_of};
use crate::screen::Screen;

/// What `explore score` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  equipoise explore score --table histories.csv --record record.csv

histories.csv has a column for each quantity and a row for each history; a cell stays empty where the
history has no value. record.csv has the columns target (the name of such a column), low and high (the same
where the record is exact, empty where it is open), and if need be kind: number, or yes_no with 0 and 1.
Runs of a scenario are scored by `run`, with baselines from their evidence.")]
pub struct ScoreArgs {
    /// The ensemble: a CSV file with a row for each history.
    #[arg(long, value_name = "FILE")]
    pub table: PathBuf,
    /// What happened: a CSV file with the columns target, low and high.
    #[arg(long, value_name = "FILE")]
    pub record: PathBuf,
}

/// Scores the columns of a table against their record.
///
/// # Errors
/// A file cannot be read, a column is missing, or a cell holds what it cannot.
pub fn score(args: &ScoreArgs, screen: &Screen) -> Result<ExitCode, Failure> {
    let mut table = rows_of(&args.table)?;
    let recorded = recorded(&mut table, &args.table, &args.record, false)?;
    let scores: Vec<Score> =
        recorded.iter().map(|one| score_values(&one.name, one.kind, &one.values, one.interval)).collect();
    if screen.json {
        screen.print_json(&answer::scores(&scores))?;
    } else {
        screen.print(told(&scores, screen).trim_end())?;
    }
    Ok(ExitCode::SUCCESS)
}

fn told(scores: &[Score], screen: &Screen) -> String {
    let mut listing =
        Listing::new(["quantity", "record", "median", "5 %", "95 %", "CRPS", "Brier", "verdict"]);
    for row in scores {
        let number = |value: f64| if value.is_finite() { wording::number(value) } else { String::new() };
        let [low, high] = row.claim.unwrap_or([f64::NAN; 2]);
        // The record stands as it was given; what the histories say is rounded.
        let record = match (low == high, low.is_finite(), high.is_finite()) {
            (true, ..) => low.to_string(),
            (false, true, true) => format!("{low}–{high}"),
            (false, true, false) => format!("at least {low}"),
            (false, false, _) => format!("at most {high}"),
        };
        let score = |value: Option<f64>| value.map(number).unwrap_or_default();
        listing.row(vec![
            row.target.clone(),
            record,
            number(row.median),
            number(row.low),
            number(row.high),
            score(row.crps),
            score(row.brier),
            row.verdict.to_string(),
        ]);
    }
    let mut text = listing.text(screen);
    if let Some(card) = cards(scores).into_iter().find(|card| card.part == Part::All && card.numbers > 0) {
        text += &format!(
            "\nOf {} numbers {} lie within the central half of the histories, {} within the central 90 %.\n",
            card.numbers, card.within_half, card.within_90
        );
    }
    text
}
