//! A design made elsewhere: a table with a row for each history.
//!
//! A column is a parameter, `account`, or `chance`; what has no column is drawn as ever, on Sobol points. In the unit
//! cube a cell is where in its distribution an input stands, as in the designs of SALib; else it is the value itself.
//! Rows with the same `chance` meet the same random numbers; without that column each row has its own.
//!
//! A column named `u(NAME)` holds coordinates of the unit cube whatever the others hold: a table says by itself what it
//! means, and the one that a run directory keeps can be given to another run.

mod file;

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use equipoise_scenario::Scenario;
use equipoise_scenario::scenario::Basis;
use equipoise_scenario::unit::Unit;

use crate::error::LabError;
use crate::run_directory::write_atomically;

/// Name of the table's file in a run directory.
const FILE: &str = "design.csv";

/// What the cells of a design table are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Space {
    /// Values; of the account, its place among the scenario's accounts.
    Values,
    /// Coordinates of the unit cube, from 0 to 1.
    Unit,
}

/// A design given row by row.
#[derive(Debug, Clone, PartialEq)]
pub struct DesignTable {
    /// Checksum of the table (BLAKE3, hexadecimal): says which table a run was made with.
    pub checksum: String,
    rows: u64,
    columns: Vec<Column>,
}

#[derive(Debug, Clone, PartialEq)]
struct Column {
    name: String,
    input: Input,
    space: Space,
    cells: Vec<f64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Input {
    Account,
    Chance,
    Parameter(usize),
}

/// One cell, by what it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Given {
    /// A value.
    Value(f64),
    /// A coordinate strictly inside the unit interval.
    Unit(f64),
}

impl DesignTable {
    /// A table of columns by name; cells are what `space` says, those of a column `u(NAME)` always coordinates.
    ///
    /// # Errors
    /// There are no columns or no rows, columns differ in length, a name is no parameter, or a cell is no number that its
    /// input can be: a coordinate is from 0 to 1, a value within the range that the scenario gives.
    pub fn new(
        scenario: &Scenario,
        columns: Vec<(String, Vec<f64>)>,
        space: Space,
    ) -> Result<DesignTable, LabError> {
        let told = columns.into_iter().map(|(name, cells)| match in_unit(&name) {
            Some(inner) => (inner.to_owned(), cells, Space::Unit),
            None => (name, cells, space),
        });
        DesignTable::of(scenario, told.collect())
    }

    fn of(scenario: &Scenario, columns: Vec<(String, Vec<f64>, Space)>) -> Result<DesignTable, LabError> {
        let refuse = |why: String| Err(LabError::BadPlan { why: format!("the design table: {why}") });
        let Some(rows) = columns.first().map(|(_, cells, _)| cells.len()).filter(|rows| *rows > 0) else {
            return refuse("it has no rows".to_owned());
        };
        let mut read: Vec<Column> = Vec::new();
        for (name, cells, space) in columns {
            if cells.len() != rows {
                return refuse(format!("{name} has {} rows, and the first column has {rows}", cells.len()));
            }
            if read.iter().any(|column| column.name == name) {
                return refuse(format!("it has two columns {name}"));
            }
            let input = input(scenario, &name)?;
            let wrong = cells.iter().position(|cell| !is_possible(scenario, input, space, *cell));
            if let Some(row) = wrong {
                let expected = expected(scenario, input, space);
                return refuse(format!("row {row} of {name} is {}; expected {expected}", cells[row]));
            }
            read.push(Column { name, input, space, cells });
        }
        let text = text(&read, rows);
        let checksum = blake3::hash(text.as_bytes()).to_hex().to_string();
        Ok(DesignTable { checksum, rows: rows as u64, columns: read })
    }

    /// Number of rows.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Where a run directory keeps its table.
    #[must_use]
    pub fn path(dir: &Path) -> PathBuf {
        dir.join(FILE)
    }

    /// Writes the table into a run directory.
    pub(crate) fn write(&self, dir: &Path) -> Result<(), LabError> {
        write_atomically(&DesignTable::path(dir), text(&self.columns, self.rows as usize).as_bytes())
            .map(|_| ())
    }

    /// Reads the table that a run directory was made with, of the checksum that its manifest gives.
    ///
    /// # Errors
    /// The file is not there, or is not the one that was written.
    pub fn read(scenario: &Scenario, checksum: &str, dir: &Path) -> Result<DesignTable, LabError> {
        let path = DesignTable::path(dir);
        let text = fs::read_to_string(&path).map_err(LabError::io("read", &path))?;
        let bad = |why: &str| LabError::NotARun { path: dir.to_owned(), why: format!("its {FILE} {why}") };
        if blake3::hash(text.as_bytes()).to_hex().as_str() != checksum {
            return Err(bad("is not the one that was written: the checksum differs"));
        }
        let mut lines = text.lines();
        let names = lines.next().unwrap_or_default().split(',');
        let mut columns: Vec<(String, Vec<f64>, Space)> = names
            .map(|name| match in_unit(name) {
                Some(name) => (name.to_owned(), Vec::new(), Space::Unit),
                None => (name.to_owned(), Vec::new(), Space::Values),
            })
            .collect();
        for line in lines {
            for ((_, cells, _), cell) in columns.iter_mut().zip(line.split(',')) {
                cells.push(cell.parse().map_err(|_| bad("holds what is no number"))?);
            }
        }
        DesignTable::of(scenario, columns)
    }

    /// The account of a history, if the table says.
    pub(crate) fn account(&self, history: u64) -> Option<Given> {
        self.cell(Input::Account, history)
    }

    /// A parameter (an index) of a history, if the table says.
    pub(crate) fn parameter(&self, at: usize, history: u64) -> Option<Given> {
        self.cell(Input::Parameter(at), history)
    }

    /// What keys the random numbers of a history: equal cells give equal keys.
    pub(crate) fn chance(&self, history: u64) -> u64 {
        match self.cell(Input::Chance, history) {
            // Zero has two signs and is one number.
            Some(Given::Value(value) | Given::Unit(value)) => (value + 0.0).to_bits(),
            None => history,
        }
    }

    fn cell(&self, input: Input, history: u64) -> Option<Given> {
        let column = self.columns.iter().find(|column| column.input == input)?;
        let cell = *column.cells.get(history as usize)?;
        Some(match column.space {
            Space::Values => Given::Value(cell),
            Space::Unit => Given::Unit(cell.clamp(f64::MIN_POSITIVE, 1.0f64.next_down())),
        })
    }
}

fn input(scenario: &Scenario, name: &str) -> Result<Input, LabError> {
    match name {
        "account" => return Ok(Input::Account),
        "chance" => return Ok(Input::Chance),
        _ => {}
    }
    let found = scenario.parameters.iter().position(|parameter| parameter.id == name);
    found.map(Input::Parameter).ok_or_else(|| LabError::Unknown {
        what: "parameter",
        name: name.to_owned(),
        known: scenario.parameters.iter().map(|parameter| parameter.id.clone()).collect(),
    })
}

/// The name inside `u(NAME)`.
fn in_unit(name: &str) -> Option<&str> {
    name.strip_prefix("u(").and_then(|name| name.strip_suffix(')'))
}

fn is_possible(scenario: &Scenario, input: Input, space: Space, cell: f64) -> bool {
    match (space, input) {
        (Space::Unit, _) => (0.0..=1.0).contains(&cell),
        (Space::Values, Input::Account) => {
            cell >= 0.0 && cell.fract() == 0.0 && cell < scenario.evidence.accounts.len() as f64
        }
        (Space::Values, Input::Parameter(at)) if scenario.parameters[at].unit == Unit::YES_NO => {
            cell == 0.0 || cell == 1.0
        }
        (Space::Values, Input::Parameter(at)) => {
            let [low, high] = range(scenario, at);
            // The ends as they come out of a distribution may differ from those of the file by a rounding.
            let slack = |end: f64| 1e-12 * end.abs();
            cell.is_finite() && (low - slack(low)..=high + slack(high)).contains(&cell)
        }
        (Space::Values, Input::Chance) => cell.is_finite(),
    }
}

fn expected(scenario: &Scenario, input: Input, space: Space) -> String {
    match (space, input) {
        (Space::Unit, _) => "a number from 0 to 1".to_owned(),
        (Space::Values, Input::Account) => {
            let accounts: Vec<&str> = scenario.evidence.accounts.iter().map(|it| it.id.as_str()).collect();
            format!("an account ({}) or its place, from 0", accounts.join(", "))
        }
        (Space::Values, Input::Parameter(at)) if scenario.parameters[at].unit == Unit::YES_NO => {
            "0 or 1".to_owned()
        }
        (Space::Values, Input::Parameter(at)) => {
            let [low, high] = range(scenario, at);
            if low.is_finite() || high.is_finite() {
                format!("a value within its range, {low} to {high}")
            } else {
                "a finite number".to_owned()
            }
        }
        (Space::Values, Input::Chance) => "a finite number".to_owned(),
    }
}

/// The ends that the scenario gives a parameter.
fn range(scenario: &Scenario, at: usize) -> [f64; 2] {
    match &scenario.parameters[at].basis {
        Basis::Evidenced { bounds, .. } => *bounds,
        Basis::Assumption { range, .. } => *range,
    }
}

fn text(columns: &[Column], rows: usize) -> String {
    let header: Vec<String> = columns
        .iter()
        .map(|column| match column.space {
            Space::Values => column.name.clone(),
            Space::Unit => format!("u({})", column.name),
        })
        .collect();
    let mut text = header.join(",");
    for row in 0..rows {
        for (at, column) in columns.iter().enumerate() {
            // Writing to a string cannot fail; numbers are written so that they read back as they are.
            let _ = write!(text, "{}{}", if at == 0 { '\n' } else { ',' }, column.cells[row]);
        }
    }
    text + "\n"
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn scenario() -> Scenario {
        equipoise_scenario::load_files("varnia", equipoise_scenario::template("varnia")).unwrap()
    }

    #[test]
    fn a_table_reads_back_as_it_was_written() {
        let scenario = scenario();
        let id = scenario.parameters[0].id.clone();
        let columns = vec![(id, vec![0.1, 1.0 / 3.0, 1e-17]), ("chance".to_owned(), vec![0.5, 0.5, 0.25])];
        let table = DesignTable::new(&scenario, columns, Space::Unit).unwrap();
        let dir = tempfile::tempdir().unwrap();
        table.write(dir.path()).unwrap();
        assert_eq!(DesignTable::read(&scenario, &table.checksum, dir.path()).unwrap(), table);
        assert!(DesignTable::read(&scenario, "0", dir.path()).is_err());
        assert_eq!(table.chance(0), table.chance(1));
        assert_ne!(table.chance(0), table.chance(2));
    }

    #[test]
    fn a_column_says_by_its_name_that_it_holds_coordinates() {
        let scenario = scenario();
        let id = scenario.parameters[0].id.clone();
        let table = |name: String, space| DesignTable::new(&scenario, vec![(name, vec![0.25, 0.75])], space);
        let coordinates = table(format!("u({id})"), Space::Values).unwrap();
        assert_eq!(coordinates, table(id, Space::Unit).unwrap());
        assert_eq!(coordinates.parameter(0, 1), Some(Given::Unit(0.75)));
    }

    #[test]
    fn a_cell_that_cannot_be_is_pointed_at() {
        let scenario = scenario();
        let id = scenario.parameters[0].id.clone();
        let refused = |columns: Vec<(&str, Vec<f64>)>, space| {
            let columns = columns.into_iter().map(|(name, cells)| (name.to_owned(), cells)).collect();
            DesignTable::new(&scenario, columns, space).unwrap_err().to_string()
        };
        assert!(refused(vec![(&id, vec![0.5, 1.5])], Space::Unit).contains("row 1 of"));
        assert!(refused(vec![(&id, vec![f64::NAN])], Space::Values).contains("is NaN; expected a"));
        assert!(
            refused(vec![("dependence_city", vec![0.3, 0.41])], Space::Values)
                .contains("row 1 of dependence_city is 0.41; expected a value within its range, 0.2 to 0.4")
        );
        assert!(refused(vec![("account", vec![9.0])], Space::Values).contains("row 0 of account is 9"));
        assert!(refused(vec![("nonsense", vec![0.5])], Space::Unit).contains("there is no parameter"));
        assert!(refused(vec![(&id, vec![0.5]), ("chance", vec![])], Space::Unit).contains("has 0 rows"));
        assert!(refused(vec![(&id, vec![0.5]), (&id, vec![0.5])], Space::Unit).contains("two columns"));
    }
}
