//! `equipoise explore score`: an ensemble in a table beside what really happened.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use equipoise_lab::score::{Part, Score, ScoreKind, cards, score_values};
use equipoise_scenario::Sheet;
use equipoise_view::{answer, wording};

use crate::failure::Failure;
use crate::model::listing::Listing;
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
    let mut table = Sheet::read(&args.table)?;
    if table.is_empty() {
        table.table_error("there are no rows below the header").expected("a row for each history");
        table.checked()?;
    }
    let scores = scored(args, &mut table)?;
    if screen.json {
        screen.print_json(&answer::scores(&scores))?;
    } else {
        screen.print(told(&scores, screen).trim_end())?;
    }
    Ok(ExitCode::SUCCESS)
}

fn scored(args: &ScoreArgs, table: &mut Sheet) -> Result<Vec<Score>, Failure> {
    let mut record = Sheet::read(&args.record)?;
    let columns = ["target", "low", "high"].map(|name| record.required(name));
    let kind_column = record.column("kind");
    if record.is_empty() {
        record.table_error("there are no rows below the header").expected("a row for each quantity");
    }
    record.checked()?;
    let [Some(target), Some(low), Some(high)] = columns else { return Ok(Vec::new()) };
    let mut scores = Vec::new();
    for row in 0..record.len() {
        let name = record.text(row, target).to_owned();
        let end = |record: &mut Sheet, column: usize, open: f64| {
            if record.text(row, column).is_empty() { Some(open) } else { record.number(row, column) }
        };
        let kind = match kind_column.map(|column| record.text(row, column).to_owned()).as_deref() {
            None | Some("" | "number") => ScoreKind::Number,
            Some("yes_no") => ScoreKind::YesNo,
            Some(other) => {
                let at = kind_column.unwrap_or(target);
                record.error(row, at, format!("found `{other}`")).expected("number or yes_no");
                continue;
            }
        };
        let (from, to) = (end(&mut record, low, f64::NEG_INFINITY), end(&mut record, high, f64::INFINITY));
        let (Some(from), Some(to)) = (from, to) else { continue };
        if from > to || (from.is_infinite() && to.is_infinite()) {
            let found = if from > to {
                format!("the record goes from {from} to {to}")
            } else {
                "both ends are open".into()
            };
            record.error(row, high, found).expected("a low end, a high end above it, or both");
        } else if kind == ScoreKind::YesNo && !(from == to && [0.0, 1.0].contains(&from)) {
            let found = format!("a yes/no is recorded as {from} to {to}");
            record.error(row, high, found).expected("0 and 0, or 1 and 1");
        } else if let Some(column) = table.column(&name) {
            scores.push(score_values(&name, kind, &values(table, column, kind), [from, to]));
        } else {
            let known = table.columns().join(", ");
            record
                .error(row, target, format!("{} has no column `{name}`", args.table.display()))
                .expected(format!("one of {known}"));
        }
    }
    record.checked()?;
    table.checked()?;
    Ok(scores)
}

/// A column of the ensemble; an empty cell is a history without a value.
fn values(table: &mut Sheet, column: usize, kind: ScoreKind) -> Vec<f64> {
    let mut values = Vec::with_capacity(table.len());
    for row in 0..table.len() {
        if table.text(row, column).is_empty() {
            values.push(f64::NAN);
        } else if let Some(value) = table.number(row, column) {
            if kind == ScoreKind::YesNo && ![0.0, 1.0].contains(&value) {
                table
                    .error(row, column, format!("found {value}"))
                    .expected("0 or 1, as the record is a yes/no");
            }
            values.push(value);
        }
    }
    values
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
