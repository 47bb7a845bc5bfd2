//! `explore rare --table`: how probable something is, read off rows that are there.

use std::path::Path;
use std::process::ExitCode;

use equipoise_lab::rare::counted::{Counted, counted, weighed};
use equipoise_scenario::Sheet;
use equipoise_view::wording;
use serde_json::json;

use super::{RareArgs, scientific};
use crate::failure::Failure;
use crate::recorded_table::rows_of;
use crate::screen::Screen;

/// Rows in which it happens, by weight, below which an interval is not to be trusted.
const FEW: f64 = 30.0;

/// Reads the probability off the rows and tells it; exit code 1 where it happens in none.
///
/// # Errors
/// The file cannot be read or has mistakes, or the outcome cannot be asked of it.
pub(super) fn rare(args: &RareArgs, path: &Path, screen: &Screen) -> Result<ExitCode, Failure> {
    let mut sheet = rows_of(path)?;
    let happens = happens(&mut sheet, &args.outcome)?;
    let weights = match &args.weight {
        None => None,
        Some(name) => {
            let at = column(&sheet, name)?;
            let weights: Vec<f64> = (0..sheet.len())
                .map(|row| {
                    let weight = sheet.number(row, at).unwrap_or(0.0);
                    if weight < 0.0 {
                        sheet.error(row, at, format!("found {weight}")).expected("a weight, 0 or more");
                    }
                    weight
                })
                .collect();
            Some(weights)
        }
    };
    sheet.checked()?;
    let found = weights.map_or_else(|| counted(&happens), |weights| weighed(&happens, &weights));
    if let Some([mean, _]) = found.mean_weight.filter(|_| found.weights_are_off()) {
        return Err(Failure::Wrong(format!(
            "the mean of the weights is {}, but densities over densities have the mean 1; are they divided by their sum, \
             or of another column?",
            wording::number(mean)
        )));
    }
    if screen.json {
        screen.print_json(&json!({
            "table": path,
            "outcome": args.outcome,
            "probability": found.probability,
            "low": found.interval[0],
            "high": found.interval[1],
            "rows": found.rows,
            "reached": found.reached,
            "effective": found.effective,
            "mean_weight": found.mean_weight.map(|[mean, _]| mean),
        }))?;
    } else {
        screen.print(&told(&args.outcome, &found))?;
    }
    Ok(ExitCode::from(u8::from(found.reached == 0)))
}

/// Whether each row counts: a column of 0 and 1, or a column of numbers compared with one. An empty cell does not.
fn happens(sheet: &mut Sheet, outcome: &str) -> Result<Vec<bool>, Failure> {
    let bad = |why: &str| Failure::Wrong(format!("`{outcome}` cannot be asked: {why}"));
    let Some(sign) = outcome.find(['<', '>', '=']) else {
        let at = column(sheet, outcome.trim())?;
        let mut happens = Vec::with_capacity(sheet.len());
        for row in 0..sheet.len() {
            let text = sheet.text(row, at);
            if !["", "0", "1"].contains(&text) {
                let found = format!("found `{text}`");
                sheet.error(row, at, found).expected("0 or 1; ask of a number with a comparison");
            }
            happens.push(sheet.text(row, at) == "1");
        }
        return Ok(happens);
    };
    let (name, rest) = outcome.split_at(sign);
    let split = [">=", "<=", ">", "<"].iter().find_map(|sign| Some((*sign, rest.strip_prefix(sign)?.trim())));
    let Some((sign, value)) = split else {
        return Err(bad("a comparison is one of >=, <=, > and <"));
    };
    let Some(limit) = value.parse::<f64>().ok().filter(|value| value.is_finite()) else {
        return Err(bad(&format!("`{value}` is no finite number")));
    };
    let at = column(sheet, name.trim())?;
    let holds = |value: f64| match sign {
        ">=" => value >= limit,
        "<=" => value <= limit,
        ">" => value > limit,
        _ => value < limit,
    };
    let rows = 0..sheet.len();
    let row = |row: usize| !sheet.text(row, at).is_empty() && sheet.number(row, at).is_some_and(holds);
    Ok(rows.map(row).collect())
}

fn column(sheet: &Sheet, name: &str) -> Result<usize, Failure> {
    let known: Vec<&str> = sheet.columns().iter().map(String::as_str).collect();
    sheet.column(name).ok_or_else(|| Failure::unknown("column", name, &known))
}

fn told(outcome: &str, found: &Counted) -> String {
    let rows = wording::counted(found.rows, "row", "rows");
    let [low, high] = found.interval;
    if found.reached == 0 {
        return match found.effective {
            None => format!("{outcome} in none of {rows}: probability at most {} (95 %).", scientific(high)),
            Some(_) => {
                format!("{outcome} in none of {rows}: weights say nothing about what was never drawn.")
            }
        };
    }
    let mut text = format!(
        "{outcome} in {}: probability {} (95 % interval {}–{}).\n{} of {rows}",
        wording::share_of(found.probability, "rows"),
        scientific(found.probability),
        if low > 0.0 { scientific(low) } else { "0".to_owned() },
        scientific(high),
        wording::whole(found.reached),
    );
    if let Some(effective) = found.effective {
        text += &format!(", worth {} of equal weight", wording::count(effective));
    }
    text += ".";
    if let Some(rows) = found.rows_for_a_tenth().filter(|rows| *rows > 1.0) {
        text += &format!(" To count it to a tenth of itself takes about {} rows.", wording::count(rows));
    }
    if found.effective.is_some_and(|effective| effective < FEW) {
        text += "\nFew rows carry it, so the interval may be too short.";
    }
    text
}
