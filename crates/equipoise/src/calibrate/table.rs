//! `equipoise calibrate --table`: simulations that are there already, of any model, fitted to a record.

use std::fs;
use std::path::Path;

use equipoise_lab::calibrate::of_table::{self, DRAWS, Moved, MovedNames, MovedNumber, Nearest, Simulations};
use equipoise_lab::discover::Input;
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

/// Fits, prints what was found, and writes draws of the posterior if a file is named.
///
/// # Errors
/// A file cannot be read or has mistakes, an input is none of its columns, or too few rows would be kept.
pub fn calibrate(args: &CalibrateArgs, table: &Path, record: &Path, screen: &Screen) -> Result<(), Failure> {
    let mut sheet = rows_of(table)?;
    let outcomes = recorded(&mut sheet, table, record)?;
    let names = sheet.columns().to_vec();
    for wanted in &args.inputs {
        if !names.contains(wanted) {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            return Err(Failure::unknown("column", wanted, &names));
        }
    }
    let asked = |name: &String| {
        if args.inputs.is_empty() {
            let numbers_rows = ["", "history", "scenario"].contains(&name.as_str());
            !numbers_rows && !outcomes.iter().any(|outcome| outcome.name == *name)
        } else {
            args.inputs.contains(name)
        }
    };
    let inputs = names
        .iter()
        .enumerate()
        .filter(|(_, name)| asked(name))
        .map(|(at, name)| Input { name: name.clone(), values: column(&mut sheet, at) })
        .collect();
    sheet.checked()?;
    let simulations = Simulations { inputs, outcomes };
    let found = of_table::nearest(&simulations, args.nearest.unwrap_or(NEAREST))?;
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
