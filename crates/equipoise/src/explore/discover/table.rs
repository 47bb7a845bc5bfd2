//! The tables of `explore discover`: a CSV of inputs and a CSV of yes/no.

use std::path::Path;

use equipoise_lab::discover::{Input, Inputs, Values};
use equipoise_scenario::Sheet;

use crate::failure::Failure;

/// What spreadsheets and data frames write where there is nothing.
const MISSING: [&str; 8] = ["", "nan", "na", "n/a", "null", "none", "inf", "-inf"];

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

/// A column's values: whole numbers, numbers or names. One in which most cells are numbers is a column of numbers, and
/// what is not a finite number in it is a mistake.
fn column(sheet: &mut Sheet, at: usize) -> Values {
    let rows = sheet.len();
    let texts: Vec<String> = (0..rows).map(|row| sheet.text(row, at).to_owned()).collect();
    let missing = |text: &str| MISSING.contains(&text.to_lowercase().as_str());
    let numbers = texts.iter().filter(|text| text.parse::<f64>().is_ok_and(f64::is_finite)).count();
    let names = texts.iter().filter(|text| !missing(text)).count() - numbers;
    if numbers > names {
        let values = (0..rows).map(|row| sheet.number(row, at).unwrap_or(0.0)).collect();
        let whole = texts.iter().all(|text| text.parse::<i64>().is_ok());
        return if whole { Values::Whole(values) } else { Values::Real(values) };
    }
    for (row, text) in texts.iter().enumerate() {
        if missing(text) {
            let found =
                if text.is_empty() { "this cell is empty".to_owned() } else { format!("found `{text}`") };
            sheet.error(row, at, found).expected("the name of a level, as in the other rows");
        }
    }
    Values::levels(texts.iter().map(String::as_str))
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
