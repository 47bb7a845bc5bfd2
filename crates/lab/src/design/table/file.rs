//! Design tables in files: CSV, read with a pointed finger, or Parquet; told apart by their first bytes.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use equipoise_scenario::{Diagnostic, Diagnostics, Scenario, Sheet};
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;

use super::{DesignTable, Input, Space, expected, in_unit, input, is_possible};

/// Mistakes told of the cells of one file; more of the same help nobody.
const MOST_MISTAKES: usize = 20;

/// Columns by name.
type Columns = Vec<(String, Vec<f64>)>;

impl DesignTable {
    /// Reads a table from a CSV or Parquet file. Cells are values, those of a column `u(NAME)` coordinates of the unit
    /// cube; an account is given by its name or its place.
    ///
    /// # Errors
    /// The file cannot be read, a column is no input of the scenario, or a cell is no value that its input can have.
    pub fn read_file(scenario: &Scenario, path: &Path) -> Result<DesignTable, Diagnostics> {
        let mut magic = [0; 4];
        let is_parquet =
            File::open(path).and_then(|mut file| file.read_exact(&mut magic)).is_ok() && magic == *b"PAR1";
        if !is_parquet {
            return of_sheet(scenario, Sheet::read(path)?);
        }
        let wrong = |message: String| Diagnostics {
            list: vec![Diagnostic {
                file: path.display().to_string(),
                span: None,
                line: 0,
                column: 0,
                message,
                expected: None,
                suggestion: None,
            }],
            files: vec![],
        };
        let read = read_parquet(scenario, path);
        let columns =
            read.map_err(|error| wrong(format!("cannot read this file: {error}")))?.map_err(wrong)?;
        DesignTable::new(scenario, columns, Space::Values).map_err(|error| wrong(error.to_string()))
    }
}

/// A table from a CSV file. Every mistake in names is told, and then every mistake in cells.
fn of_sheet(scenario: &Scenario, mut sheet: Sheet) -> Result<DesignTable, Diagnostics> {
    let names = sheet.columns().to_vec();
    let inputs = inputs(scenario, &names, &mut sheet);
    if sheet.is_empty() {
        sheet.table_error("this table has no rows").expected("a row for each history");
    }
    sheet.checked()?;
    let mut columns: Columns = names.into_iter().map(|name| (name, Vec::new())).collect();
    let mut mistakes = 0;
    for row in 0..sheet.len() {
        for (at, &(input, space)) in inputs.iter().enumerate() {
            let value = number(scenario, input, space, sheet.text(row, at));
            if let Some(value) = value.filter(|value| is_possible(scenario, input, space, *value)) {
                columns[at].1.push(value);
                continue;
            }
            let cell = sheet.text(row, at);
            let found =
                if cell.is_empty() { "this cell is empty".to_owned() } else { format!("found `{cell}`") };
            sheet.error(row, at, found).expected(expected(scenario, input, space));
            mistakes += 1;
        }
        if mistakes >= MOST_MISTAKES {
            break;
        }
    }
    sheet.checked()?;
    DesignTable::new(scenario, columns, Space::Values).map_err(|error| {
        sheet.table_error(error.to_string());
        // Never the default: a mistake was noted just now.
        sheet.checked().err().unwrap_or_default()
    })
}

/// What each column stands for; names that stand for nothing are noted.
fn inputs(scenario: &Scenario, names: &[String], sheet: &mut Sheet) -> Vec<(Input, Space)> {
    let parameters = scenario.parameters.iter().map(|parameter| parameter.id.as_str());
    let known: Vec<&str> = parameters.chain(["account", "chance"]).collect();
    let mut inputs: Vec<(Input, Space)> = Vec::new();
    for (at, name) in names.iter().enumerate() {
        let (inner, space) = in_unit(name).map_or((name.as_str(), Space::Values), |it| (it, Space::Unit));
        match input(scenario, inner) {
            Ok(found) if inputs.iter().any(|(other, _)| *other == found) => {
                sheet.column_error(at, format!("there are two columns of `{inner}`"));
            }
            Ok(found) => inputs.push((found, space)),
            Err(_) => {
                sheet
                    .column_error(at, format!("there is no parameter `{inner}`"))
                    .expected("a parameter of the scenario, account or chance")
                    .near(inner, known.iter().copied());
            }
        }
    }
    inputs
}

/// A cell as a number; an account is known by its name as well.
fn number(scenario: &Scenario, input: Input, space: Space, cell: &str) -> Option<f64> {
    let account = || scenario.evidence.accounts.iter().position(|account| account.id == cell);
    match (input, space) {
        (Input::Account, Space::Values) => account().map(|at| at as f64).or_else(|| cell.parse().ok()),
        _ => cell.parse().ok(),
    }
}

/// The columns of a Parquet file, or which cell is no number; rows are counted from 0.
fn read_parquet(scenario: &Scenario, path: &Path) -> Result<Result<Columns, String>, ParquetError> {
    let reader = SerializedFileReader::new(File::open(path)?)?;
    let fields = reader.metadata().file_metadata().schema().get_fields();
    let mut columns: Columns = fields.iter().map(|field| (field.name().to_owned(), Vec::new())).collect();
    for (row, cells) in reader.get_row_iter(None)?.enumerate() {
        for ((name, cell), (_, column)) in cells?.get_column_iter().zip(&mut columns) {
            let value = match cell {
                Field::Str(word) if name == "account" => {
                    number(scenario, Input::Account, Space::Values, word)
                }
                cell => of_field(cell),
            };
            match value {
                Some(value) => column.push(value),
                None => return Ok(Err(format!("row {row} of {name} is {cell}; expected a number"))),
            }
        }
    }
    Ok(Ok(columns))
}

/// A cell of a Parquet file as a number, if it is one; yes is 1.
fn of_field(cell: &Field) -> Option<f64> {
    Some(match cell {
        Field::Double(value) => *value,
        Field::Float(value) => f64::from(*value),
        Field::Bool(value) => f64::from(u8::from(*value)),
        Field::Byte(value) => f64::from(*value),
        Field::Short(value) => f64::from(*value),
        Field::Int(value) => f64::from(*value),
        Field::Long(value) => *value as f64,
        Field::UByte(value) => f64::from(*value),
        Field::UShort(value) => f64::from(*value),
        Field::UInt(value) => f64::from(*value),
        Field::ULong(value) => *value as f64,
        _ => return None,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::numbers_file::{Numbers, write_numbers};

    fn scenario() -> Scenario {
        equipoise_scenario::load_files("varnia", equipoise_scenario::template("varnia")).unwrap()
    }

    #[test]
    fn csv_and_parquet_say_the_same() {
        let scenario = scenario();
        let id = &scenario.parameters[0].id;
        let account = &scenario.evidence.accounts[1].id;
        let dir = tempfile::tempdir().unwrap();
        let (text, binary) = (dir.path().join("design.csv"), dir.path().join("design.parquet"));
        std::fs::write(&text, format!("u({id}),account\n0.25,{account}\n0.5,0\n")).unwrap();
        let columns = [
            (&*format!("u({id})"), Numbers::Real(vec![0.25, 0.5])),
            ("account", Numbers::Whole(vec![Some(1), Some(0)])),
        ];
        write_numbers(&binary, &columns).unwrap();
        let read = DesignTable::read_file(&scenario, &text).unwrap();
        assert_eq!(read.rows(), 2);
        assert_eq!(read, DesignTable::read_file(&scenario, &binary).unwrap());
    }

    #[test]
    fn a_gap_in_a_parquet_file_is_told_with_its_row() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("design.parquet");
        write_numbers(&path, &[("account", Numbers::Whole(vec![Some(0), None]))]).unwrap();
        let found = DesignTable::read_file(&scenario(), &path).unwrap_err().to_string();
        assert!(found.contains("row 1 of account is null; expected a number"), "{found}");
    }
}
