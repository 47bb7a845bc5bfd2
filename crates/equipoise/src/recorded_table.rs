//! Histories in a table beside a record of what happened, both CSV, as `explore score` and `calibrate --table` read them.

use std::path::Path;

use equipoise_lab::calibrate::of_table::Recorded;
use equipoise_lab::score::ScoreKind;
use equipoise_scenario::Sheet;

use crate::failure::Failure;

/// A table with at least one row.
///
/// # Errors
/// It cannot be read, or has no row below its header.
pub fn rows_of(path: &Path) -> Result<Sheet, Failure> {
    let mut table = Sheet::read(path)?;
    if table.is_empty() {
        table.table_error("there are no rows below the header").expected("a row for each history");
        table.checked()?;
    }
    Ok(table)
}

/// The columns of the table that something is on record of, in the order of the record. A column may be there again (sources
/// contradict each other) unless `once`.
///
/// # Errors
/// The record cannot be read, it names a column again or a column the table does not have, or a cell holds what it cannot.
pub fn recorded(table: &mut Sheet, path: &Path, record: &Path, once: bool) -> Result<Vec<Recorded>, Failure> {
    let mut record = Sheet::read(record)?;
    let columns = ["target", "low", "high"].map(|name| record.required(name));
    let [kind_column, use_column] = ["kind", "use"].map(|name| record.column(name));
    if record.is_empty() {
        record.table_error("there are no rows below the header").expected("a row for each quantity");
    }
    record.checked()?;
    let [Some(target), Some(low), Some(high)] = columns else { return Ok(Vec::new()) };
    let mut found: Vec<Recorded> = Vec::new();
    for row in 0..record.len() {
        let name = record.text(row, target).to_owned();
        let kind = one_of(
            &mut record,
            row,
            kind_column,
            [("number", ScoreKind::Number), ("yes_no", ScoreKind::YesNo)],
        );
        let held_out = one_of(&mut record, row, use_column, [("fit", false), ("held_out", true)]);
        let end = |record: &mut Sheet, column: usize, open: f64| {
            if record.text(row, column).is_empty() { Some(open) } else { record.number(row, column) }
        };
        let (from, to) = (end(&mut record, low, f64::NEG_INFINITY), end(&mut record, high, f64::INFINITY));
        let (Some(kind), Some(held_out), Some(from), Some(to)) = (kind, held_out, from, to) else { continue };
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
        } else if once && found.iter().any(|one| one.name == name) {
            record
                .error(row, target, format!("`{name}` is here again"))
                .expected("one row for each quantity: what it is fitted to, or judged by");
        } else if let Some(column) = table.column(&name) {
            let values = values(table, column, kind);
            found.push(Recorded { name, kind, interval: [from, to], held_out, values });
        } else {
            let known = table.columns().join(", ");
            record
                .error(row, target, format!("{} has no column `{name}`", path.display()))
                .expected(format!("one of {known}"));
        }
    }
    record.checked()?;
    table.checked()?;
    Ok(found)
}

/// What a cell of an optional column says; the first where it is empty.
fn one_of<T: Copy>(
    record: &mut Sheet,
    row: usize,
    column: Option<usize>,
    known: [(&str, T); 2],
) -> Option<T> {
    let Some(at) = column else { return Some(known[0].1) };
    let text = record.text(row, at).to_owned();
    if text.is_empty() {
        return Some(known[0].1);
    }
    let found = known.iter().find(|(name, _)| *name == text).map(|(_, value)| *value);
    if found.is_none() {
        let [(one, _), (other, _)] = known;
        record.error(row, at, format!("found `{text}`")).expected(format!("{one} or {other}"));
    }
    found
}

/// A column of the table; an empty cell is a history without a value.
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
