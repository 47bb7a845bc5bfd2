//! A table of inputs and its outcomes, read from CSV.

use std::path::Path;

use equipoise_lab::drivers::Method;
use equipoise_lab::drivers::table::Table;
use equipoise_scenario::Sheet;

use super::DriversArgs;
use crate::failure::Failure;

/// The table, the outcome of each row, and the names of its factors.
///
/// # Errors
/// A file cannot be read or holds what is no number, a column is missing, lengths differ, or an option names no input.
pub(super) fn read(
    file: &Path,
    args: &DriversArgs,
    method: Method,
) -> Result<(Table, Vec<f64>, Vec<String>), Failure> {
    let mut sheet = Sheet::read(file)?;
    let named = args.outcome.as_deref().unwrap_or_default();
    let (outcome, taken) = if Path::new(named).is_file() {
        let own = Path::new(named) == file;
        (
            of_file(Path::new(named), args, &sheet, own)?,
            own.then(|| outcome_column(&sheet, args, own)).flatten(),
        )
    } else if let Some(column) = sheet.column(named) {
        (values(&mut sheet, column)?, Some(column))
    } else {
        let columns = sheet.columns().join(", ");
        return Err(Failure::Wrong(format!(
            "--outcome {named}: there is no such file, and no such column in {} (it has {columns})",
            file.display()
        )));
    };
    let inputs: Vec<usize> = (0..sheet.columns().len()).filter(|column| Some(*column) != taken).collect();
    if inputs.is_empty() || sheet.is_empty() {
        sheet
            .table_error("this table has no inputs")
            .expected("a column for each input and a row for each evaluation");
    }
    sheet.checked()?;
    let names: Vec<String> = inputs.iter().map(|column| sheet.columns()[*column].clone()).collect();
    let mut columns: Vec<Vec<f64>> = vec![Vec::with_capacity(sheet.len()); inputs.len()];
    for row in 0..sheet.len() {
        for (column, values) in inputs.iter().zip(&mut columns) {
            // A cell that is no number is noted in the sheet.
            values.extend(sheet.number(row, *column));
        }
    }
    sheet.checked()?;
    if outcome.len() != sheet.len() {
        return Err(Failure::Wrong(format!(
            "{} has {} rows, and the outcome {named} has {}; a row of inputs and an outcome belong together",
            file.display(),
            sheet.len(),
            outcome.len()
        )));
    }
    let (factors, groups) = factors(&args.group, &names, method)?;
    let bounds = bounds(&args.bounds, &names)?;
    if args.levels.is_some_and(|levels| levels % 2 == 1) {
        return Err(Failure::Wrong("--levels: Morris's grid has an even number of levels".to_owned()));
    }
    Ok((Table { names, columns, factors, bounds }, outcome, groups))
}

fn of_file(file: &Path, args: &DriversArgs, inputs: &Sheet, own: bool) -> Result<Vec<f64>, Failure> {
    let mut sheet = Sheet::read(file)?;
    let column = match &args.column {
        Some(name) => sheet.required(name),
        None => {
            let others = |column: &usize| inputs.column(&sheet.columns()[*column]).is_none();
            let others: Vec<usize> = (0..sheet.columns().len()).filter(others).collect();
            match others[..] {
                _ if sheet.columns().len() == 1 => Some(0),
                [only] if !own => Some(only),
                _ => {
                    let columns = sheet.columns().join(", ");
                    sheet
                        .table_error(format!("this file has several columns ({columns})"))
                        .expected("the outcome alone, or --column with its name");
                    None
                }
            }
        }
    };
    sheet.checked()?;
    values(&mut sheet, column.unwrap_or_default())
}

/// The outcome's column where it stands among the inputs.
fn outcome_column(sheet: &Sheet, args: &DriversArgs, own: bool) -> Option<usize> {
    args.column.as_ref().filter(|_| own).and_then(|name| sheet.column(name))
}

fn values(sheet: &mut Sheet, column: usize) -> Result<Vec<f64>, Failure> {
    let values: Vec<f64> = (0..sheet.len()).filter_map(|row| sheet.number(row, column)).collect();
    sheet.checked()?;
    Ok(values)
}

/// The factors and their names: groups where they were asked for, every other input a factor of its own.
fn factors(
    asked: &[String],
    names: &[String],
    method: Method,
) -> Result<(Vec<Vec<usize>>, Vec<String>), Failure> {
    if !asked.is_empty() && matches!(method, Method::Pawn | Method::Delta) {
        return Err(Failure::Wrong(format!(
            "--group is for sobol, morris and given-data, not for {}",
            method.name()
        )));
    }
    let mut group_of: Vec<Option<&str>> = vec![None; names.len()];
    for text in asked {
        let Some((group, inputs)) = text.split_once('=') else {
            return Err(Failure::Wrong(format!("--group {text}: GROUP=INPUT,INPUT is expected")));
        };
        for input in inputs.split(',') {
            let at = input_named(input.trim(), names)?;
            if group_of[at].is_some_and(|other| other != group) {
                return Err(Failure::Wrong(format!("--group {text}: {input} is in another group already")));
            }
            group_of[at] = Some(group);
        }
    }
    let (mut factors, mut groups): (Vec<Vec<usize>>, Vec<String>) = (Vec::new(), Vec::new());
    for (at, name) in names.iter().enumerate() {
        let group = group_of[at].unwrap_or(name);
        match groups.iter().position(|known| known == group) {
            Some(known) => factors[known].push(at),
            None => {
                groups.push(group.to_owned());
                factors.push(vec![at]);
            }
        }
    }
    Ok((factors, groups))
}

fn bounds(asked: &[String], names: &[String]) -> Result<Vec<Option<[f64; 2]>>, Failure> {
    let mut bounds = vec![None; names.len()];
    for text in asked {
        let parsed = text.split_once('=').and_then(|(name, range)| {
            let (low, high) = range.split_once(':')?;
            Some((name, low.trim().parse::<f64>().ok()?, high.trim().parse::<f64>().ok()?))
        });
        match parsed {
            Some((name, low, high)) if low.is_finite() && high.is_finite() && low < high => {
                bounds[input_named(name.trim(), names)?] = Some([low, high]);
            }
            _ => {
                return Err(Failure::Wrong(format!(
                    "--bounds {text}: INPUT=LOW:HIGH is expected, with LOW below HIGH"
                )));
            }
        }
    }
    Ok(bounds)
}

fn input_named(name: &str, names: &[String]) -> Result<usize, Failure> {
    let known: Vec<&str> = names.iter().map(String::as_str).collect();
    names.iter().position(|known| known == name).ok_or_else(|| Failure::unknown("input", name, &known))
}
