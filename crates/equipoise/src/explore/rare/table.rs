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
    let (happens, empty) = happens(&mut sheet, &args.outcome)?;
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
            "{}: the mean of the weights is {}, but densities over densities have the mean 1; are they divided by their \
             sum, or is it another column?",
            path.display(),
            scientific(mean)
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
            "without_value": empty,
            "reached": found.reached,
            "effective": found.effective,
            "mean_weight": found.mean_weight.map(|[mean, _]| mean),
        }))?;
    } else {
        screen.print(&told(&args.outcome, &found, empty))?;
    }
    Ok(ExitCode::from(u8::from(found.probability == 0.0)))
}

/// Whether each row counts, by a column of 0 and 1 or of numbers compared with one; and how many have no value, which do not.
fn happens(sheet: &mut Sheet, outcome: &str) -> Result<(Vec<bool>, usize), Failure> {
    let bad = |why: &str| Failure::Wrong(format!("`{outcome}` cannot be asked: {why}"));
    let outcome = outcome.trim();
    // A column may be called what looks like a comparison.
    let sign = outcome.find(['<', '>', '=']).filter(|_| sheet.column(outcome).is_none());
    let (at, test) = match sign {
        None => (column(sheet, outcome)?, None),
        Some(sign) => {
            let (name, rest) = outcome.split_at(sign);
            let split =
                [">=", "<=", ">", "<"].iter().find_map(|sign| Some((*sign, rest.strip_prefix(sign)?.trim())));
            let (sign, value) = split.ok_or_else(|| bad("a comparison is one of >=, <=, > and <"))?;
            let limit = value.parse::<f64>().ok().filter(|value| value.is_finite());
            let limit = limit.ok_or_else(|| bad("a finite number must follow the comparison"))?;
            if name.trim().is_empty() {
                return Err(bad("the name of a column must come before the comparison"));
            }
            (column(sheet, name.trim())?, Some((sign, limit)))
        }
    };
    let mut happens = Vec::with_capacity(sheet.len());
    for row in 0..sheet.len() {
        let text = sheet.text(row, at).to_owned();
        let is = match (text.as_str(), test) {
            ("", _) => false,
            (_, Some((sign, limit))) => sheet.number(row, at).is_some_and(|value| match sign {
                ">=" => value >= limit,
                "<=" => value <= limit,
                ">" => value > limit,
                _ => value < limit,
            }),
            ("0" | "1", None) => text == "1",
            (_, None) => {
                let found = format!("found `{text}`");
                sheet.error(row, at, found).expected("0 or 1; ask of a number with a comparison");
                false
            }
        };
        happens.push(is);
    }
    let empty = (0..sheet.len()).filter(|row| sheet.text(*row, at).is_empty()).count();
    Ok((happens, empty))
}

fn column(sheet: &Sheet, name: &str) -> Result<usize, Failure> {
    let known: Vec<&str> = sheet.columns().iter().map(String::as_str).collect();
    sheet.column(name).ok_or_else(|| Failure::unknown("column", name, &known))
}

fn told(outcome: &str, found: &Counted, empty: usize) -> String {
    let rows = wording::counted(found.rows, "row", "rows");
    let [low, high] = found.interval;
    let mut text = match (found.probability > 0.0, found.effective) {
        (true, _) => format!(
            "{outcome} in {}: probability {} (95 % interval {}–{}).\n{} of {rows}",
            wording::share_of(found.probability, "rows"),
            scientific(found.probability),
            if low > 0.0 { scientific(low) } else { "0".to_owned() },
            scientific(high),
            wording::whole(found.reached),
        ),
        (false, None) => {
            format!("{outcome} in none of {rows}: probability at most {} (95 %)", scientific(high))
        }
        (false, Some(_)) => {
            format!("{outcome} in none of {rows} that weigh: they say nothing about what was never drawn")
        }
    };
    if let Some(effective) = found.effective.filter(|effective| *effective > 0.0) {
        text += &format!(", worth {} of equal weight", wording::count(effective));
    }
    text += ".";
    if empty > 0 {
        text += &format!(
            " {} no value and counted as not reached.",
            if empty == 1 {
                "1 row has".to_owned()
            } else {
                format!("{} rows have", wording::whole(empty as u64))
            }
        );
    }
    if let Some(rows) = found.rows_for_a_tenth().filter(|rows| *rows > found.rows as f64) {
        text += &format!(" To count it to a tenth of itself takes about {} rows.", wording::count(rows));
    }
    if found.effective.is_some_and(|effective| effective > 0.0 && effective < FEW) {
        text += "\nFew rows carry it, so the interval may be too short.";
    }
    if found.rows_leave_out_much() {
        let mean = found.mean_weight.map_or(0.0, |[mean, _]| mean);
        text += &format!(
            "\nThe mean weight is {}, below 1: much of the distribution asked about was never drawn. The estimate is right \
             if it cannot happen there.",
            scientific(mean)
        );
    }
    text
}
