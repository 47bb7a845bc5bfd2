//! The tables of `explore discover`: a CSV of inputs and a CSV of yes/no.

use std::path::Path;

use equipoise_lab::discover::{Input, Inputs};
use equipoise_scenario::Sheet;

use crate::columns::column;
use crate::failure::Failure;

/// The inputs, and the names of the columns left out: those without a name, and one named `scenario` (as EMA Workbench
/// does: both are row numbers).
pub(super) fn inputs(path: &Path) -> Result<(Inputs, Vec<String>), Failure> {
    let mut sheet = Sheet::read(path)?;
    if sheet.is_empty() {
        sheet.table_error("there are no rows below the header").expected("at least one");
        sheet.checked()?;
    }
    let names = sheet.columns().to_vec();
    let (mut columns, mut ignored) = (Vec::new(), Vec::new());
    for (at, name) in names.into_iter().enumerate() {
        if name.is_empty() || name == "scenario" {
            ignored.push(name);
        } else {
            let values = column(&mut sheet, at);
            columns.push(Input { name, values });
        }
    }
    if columns.is_empty() {
        sheet.table_error("no column is an input").expected("at least one with a name");
    }
    sheet.checked()?;
    let inputs = Inputs::new(columns).map_err(|error| Failure::Wrong(error.to_string()))?;
    Ok((inputs, ignored))
}

/// The name of the outcome's column and its yes/no in each row.
pub(super) fn outcome(path: &Path, name: Option<&str>, rows: usize) -> Result<(String, Vec<bool>), Failure> {
    let mut sheet = Sheet::read(path)?;
    let at = match name {
        Some(name) => sheet.required(name),
        None => {
            let named: Vec<usize> =
                (0..sheet.columns().len()).filter(|&at| !sheet.columns()[at].is_empty()).collect();
            if named.len() != 1 {
                let columns = sheet.columns().join(", ");
                sheet
                    .table_error(format!("there are {} columns: {columns}", named.len()))
                    .expected("one, or --column to say which");
            }
            named.first().copied()
        }
    };
    if sheet.len() != rows {
        let found = sheet.len();
        sheet
            .table_error(format!("there are {found} rows"))
            .expected(format!("{rows}, as in the table of inputs"));
    }
    sheet.checked()?;
    let Some(at) = at else {
        return Err(Failure::Wrong(format!("{} has no column to read", path.display())));
    };
    let mut happens = Vec::with_capacity(rows);
    for row in 0..rows {
        let text = sheet.text(row, at).to_lowercase();
        let value = match (text.as_str(), text.parse::<f64>()) {
            ("true", _) => Some(true),
            ("false", _) => Some(false),
            (_, Ok(number)) if number == 0.0 || number == 1.0 => Some(number == 1.0),
            _ => None,
        };
        if value.is_none() {
            let found =
                if text.is_empty() { "this cell is empty".to_owned() } else { format!("found `{text}`") };
            sheet.error(row, at, found).expected("0 or 1");
        }
        happens.push(value.unwrap_or(false));
    }
    sheet.checked()?;
    Ok((sheet.columns()[at].clone(), happens))
}
