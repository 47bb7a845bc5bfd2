//! `equipoise calibrate --table`: simulations that are there already, of any model, fitted to a record.

use std::fs;
use std::path::Path;

use equipoise_lab::calibrate::of_table::{
    self, DRAWS, Moved, MovedNames, MovedNumber, Nearest, Recorded, Simulations,
};
use equipoise_lab::discover::{Input, Values};
use equipoise_scenario::Sheet;
use equipoise_view::{answer, terminal};
use serde_json::{Value, json};

use crate::args::CalibrateArgs;
use crate::columns::column;
use crate::failure::Failure;
use crate::model::listing::Listing;
use crate::recorded_table::{recorded, rows_of};
use crate::screen::Screen;

/// Share of the rows that is kept where nothing is said.
const NEAREST: f64 = 0.1;
/// With more names than this a column does not say what was drawn, but which row it is.
const MOST_NAMES: usize = 50;

/// Fits, prints what was found, and writes draws of the posterior if a file is named.
///
/// # Errors
/// A file cannot be read or has mistakes, an input is none of its columns, or too few rows would be kept.
pub fn calibrate(args: &CalibrateArgs, table: &Path, record: &Path, screen: &Screen) -> Result<(), Failure> {
    if let Some(out) = &args.out {
        let is = |path: &Path| {
            fs::canonicalize(out).is_ok_and(|out| fs::canonicalize(path).is_ok_and(|path| path == out))
        };
        if is(table) || is(record) {
            return Err(Failure::Wrong(format!(
                "--out {} is what is read; name another file",
                out.display()
            )));
        }
    }
    let mut sheet = rows_of(table)?;
    let outcomes = recorded(&mut sheet, table, record, true)?;
    let inputs = inputs(args, &mut sheet, &outcomes, screen)?;
    let simulations = Simulations { inputs, outcomes };
    let found = of_table::nearest(&simulations, args.nearest.unwrap_or(NEAREST))
        .map_err(|error| Failure::Wrong(format!("{}: {error}", table.display())))?;
    if let Some(out) = &args.out {
        fs::write(out, draws(&found).csv()).map_err(|error| Failure::io("write", out, &error))?;
    }
    if screen.json {
        let mut answer = answer::nearest(&found);
        answer.insert("table".to_owned(), json!(table));
        answer.insert("posterior".to_owned(), json!(args.out));
        return screen.print_json(&Value::Object(answer));
    }
    let mut text = terminal::nearest(&found, screen.out).trim_end().to_owned();
    if let Some(out) = &args.out {
        text += &format!("\n\nPosterior: {}", out.display());
    }
    screen.print(&text)
}

/// The columns that were drawn: those named, or all that nothing is on record of and that do not only number the rows.
fn inputs(
    args: &CalibrateArgs,
    sheet: &mut Sheet,
    outcomes: &[Recorded],
    screen: &Screen,
) -> Result<Vec<Input>, Failure> {
    let names = sheet.columns().to_vec();
    let is_outcome = |name: &String| outcomes.iter().any(|outcome| outcome.name == *name);
    for wanted in &args.inputs {
        if !names.contains(wanted) {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            return Err(Failure::unknown("column", wanted, &names));
        }
        if is_outcome(wanted) {
            return Err(Failure::Wrong(format!("`{wanted}` is on record; an input is what was drawn")));
        }
    }
    let asked = |name: &String| {
        if args.inputs.is_empty() {
            !name.is_empty() && !is_outcome(name)
        } else {
            args.inputs.contains(name)
        }
    };
    let mut inputs = Vec::new();
    for (at, name) in names.iter().enumerate().filter(|(_, name)| asked(name)) {
        let values = column(sheet, at);
        match &values {
            Values::Whole(numbers) if args.inputs.is_empty() && counts_rows(numbers) => {
                screen.note(&format!("`{name}` numbers the rows and is left out; --inputs takes it in"));
                continue;
            }
            Values::Levels { names, .. } if names.len() > MOST_NAMES => {
                let found = format!("`{name}` has {} different names", names.len());
                let expected = format!("at most {MOST_NAMES}; say with --inputs which columns were drawn");
                sheet.column_error(at, found).expected(expected);
            }
            _ => {}
        }
        inputs.push(Input { name: name.clone(), values });
    }
    sheet.checked()?;
    if inputs.is_empty() {
        return Err(Failure::Wrong("no column is left that could be an input".to_owned()));
    }
    Ok(inputs)
}

/// Whether a column is 0, 1, 2 … or 1, 2, 3 …
fn counts_rows(numbers: &[f64]) -> bool {
    numbers.len() > 1 && numbers[0] <= 1.0 && numbers.windows(2).all(|pair| pair[1] - pair[0] == 1.0)
}

/// Draws of the posterior: a column for each input, a row for each draw.
fn draws(found: &Nearest) -> Listing {
    let mut listing = Listing::new(found.inputs.iter().map(|moved| match moved {
        Moved::Number(MovedNumber { input, .. }) | Moved::Names(MovedNames { input, .. }) => input.clone(),
    }));
    for draw in 0..DRAWS {
        let cell = |moved: &Moved| match moved {
            Moved::Number(moved) => moved.draws[draw].to_string(),
            Moved::Names(moved) => moved.shares[moved.draws[draw]].0.clone(),
        };
        listing.row(found.inputs.iter().map(cell).collect());
    }
    listing
}
