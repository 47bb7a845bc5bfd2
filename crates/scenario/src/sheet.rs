//! Tables of one published model or one analysis: CSV with the columns its command asks for, read cell by cell with a
//! pointed finger. The files of a scenario folder have types of their own (`format`).

use std::fs;
use std::path::Path;

use crate::diagnostic::{Diagnostic, Diagnostics, Report, Spot};
use crate::format::csv_file::cell_ranges;

/// A CSV file: a header, rows of text, and the mistakes noted so far.
///
/// Mistakes are gathered, so that all of a file are reported in one go: look up columns, [`Sheet::checked`], read
/// cells, [`Sheet::checked`] again.
#[derive(Debug)]
pub struct Sheet {
    columns: Vec<String>,
    /// One place per column.
    header: Vec<Spot>,
    rows: Vec<Row>,
    report: Report,
}

#[derive(Debug)]
struct Row {
    cells: Vec<String>,
    spots: Vec<Spot>,
}

impl Sheet {
    /// Reads a file.
    ///
    /// # Errors
    /// It cannot be read, is not UTF-8, is empty, or is no CSV with as many cells in each row as there are columns, or
    /// two columns have one name.
    pub fn read(path: &Path) -> Result<Sheet, Diagnostics> {
        let name = path.display().to_string();
        Sheet::parse(&name, &text_of(path)?)
    }

    /// Reads a file that may open with a title: a line above the names of the columns, of any number of cells. Where
    /// `is_title` knows the first line as one, it is taken off and returned, columns may share a name, and rows without
    /// a filled cell and a last column without a name are left out, as such files have them.
    ///
    /// # Errors
    /// As [`Sheet::read`].
    pub fn read_titled(
        path: &Path,
        is_title: impl Fn(&[String]) -> bool,
    ) -> Result<(Option<Vec<String>>, Sheet), Diagnostics> {
        let name = path.display().to_string();
        Sheet::parse_titled(&name, &text_of(path)?, is_title)
    }

    /// Reads a text; `name` is the file it is said to come from.
    ///
    /// # Errors
    /// As [`Sheet::read`].
    pub fn parse(name: &str, text: &str) -> Result<Sheet, Diagnostics> {
        Sheet::parse_titled(name, text, |_| false).map(|(_, sheet)| sheet)
    }

    /// Reads a text as [`Sheet::read_titled`] reads a file.
    ///
    /// # Errors
    /// As [`Sheet::read`].
    fn parse_titled(
        name: &str,
        text: &str,
        is_title: impl Fn(&[String]) -> bool,
    ) -> Result<(Option<Vec<String>>, Sheet), Diagnostics> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut report = Report::default();
        let file = report.add_file(name, text);
        let mut reader =
            csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        let mut rows: Vec<Row> = Vec::new();
        for record in reader.records() {
            let place = |position: Option<&csv::Position>| {
                position.map_or(0, |position| usize::try_from(position.byte()).unwrap_or(usize::MAX))
            };
            match record {
                Ok(record) => {
                    let spots = cell_ranges(text, place(record.position()), record.len());
                    let spots =
                        spots.into_iter().map(|at| Spot { file, start: at.start, end: at.end }).collect();
                    rows.push(Row {
                        cells: record.iter().map(|cell| cell.trim().to_owned()).collect(),
                        spots,
                    });
                }
                Err(error) => {
                    let start = place(error.position());
                    report.error(Spot { file, start, end: start }, error.to_string()).expected("valid CSV");
                    return Err(report.finish());
                }
            }
        }
        let title = rows.first().is_some_and(|first| is_title(&first.cells)).then(|| rows.remove(0).cells);
        if title.is_some() {
            rows.retain(|row| row.cells.iter().any(|cell| !cell.is_empty()));
            if rows.first().and_then(|header| header.cells.last()).is_some_and(String::is_empty) {
                let unnamed = rows[0].cells.len() - 1;
                for row in rows.iter_mut().filter(|row| row.cells.get(unnamed).is_none_or(String::is_empty)) {
                    row.cells.truncate(unnamed);
                }
            }
        }
        if rows.is_empty() {
            report
                .error(Spot { file, start: 0, end: 0 }, "this file is empty")
                .expected("a first line of column names");
            return Err(report.finish());
        }
        let Row { cells: columns, spots: header } = rows.remove(0);
        for (at, name) in columns.iter().enumerate() {
            if title.is_none() && columns[..at].contains(name) {
                report.error(header[at], format!("the column `{name}` appears twice"));
            }
        }
        for row in rows.iter().filter(|row| row.cells.len() != columns.len()) {
            report
                .error(row.spots[0], format!("this row has {} cells", row.cells.len()))
                .expected(format!("{}, one for each column", columns.len()));
        }
        if report.is_empty() {
            Ok((title, Sheet { columns, header, rows, report }))
        } else {
            Err(report.finish())
        }
    }

    /// Names of the columns, in the order of the file.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// Number of rows below the header.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is no row below the header.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Where a column stands, if there is one of this name.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column == name)
    }

    /// Where a column stands; a missing one is noted as a mistake.
    pub fn required(&mut self, name: &str) -> Option<usize> {
        let found = self.column(name);
        if found.is_none() {
            let spot = self.header.first().copied().unwrap_or_default();
            let columns: Vec<&str> = self.columns.iter().map(String::as_str).collect();
            self.report.error(spot, format!("the column `{name}` is missing")).near(name, columns);
        }
        found
    }

    /// The text of a cell, trimmed; empty where it is empty. Rows count from 0 below the header.
    pub fn text(&self, row: usize, column: usize) -> &str {
        &self.rows[row].cells[column]
    }

    /// A cell as a finite number; anything else is noted as a mistake.
    pub fn number(&mut self, row: usize, column: usize) -> Option<f64> {
        let cell = self.text(row, column);
        match cell.parse::<f64>() {
            Ok(number) if number.is_finite() => Some(number),
            _ => {
                let found =
                    if cell.is_empty() { "this cell is empty".to_owned() } else { format!("found `{cell}`") };
                self.error(row, column, found).expected("a finite number");
                None
            }
        }
    }

    /// Notes a mistake in a cell.
    pub fn error(&mut self, row: usize, column: usize, message: impl Into<String>) -> &mut Diagnostic {
        let spot = self.rows[row].spots[column];
        self.report.error(spot, message)
    }

    /// Notes a mistake in the name of a column.
    pub fn column_error(&mut self, column: usize, message: impl Into<String>) -> &mut Diagnostic {
        let spot = self.header[column];
        self.report.error(spot, message)
    }

    /// Notes a mistake about the table as a whole.
    pub fn table_error(&mut self, message: impl Into<String>) -> &mut Diagnostic {
        self.report.error(self.header.first().copied().unwrap_or_default(), message)
    }

    /// Ends here if anything is wrong so far.
    ///
    /// # Errors
    /// All mistakes noted, in the order of lines.
    pub fn checked(&mut self) -> Result<(), Diagnostics> {
        if self.report.is_empty() { Ok(()) } else { Err(std::mem::take(&mut self.report).finish()) }
    }
}

/// The text of a file; what keeps it from being read is told as a mistake of it.
pub(crate) fn text_of(path: &Path) -> Result<String, Diagnostics> {
    let bytes = fs::read(path).map_err(|error| error.to_string());
    bytes
        .and_then(|bytes| {
            String::from_utf8(bytes).map_err(|error| format!("it is not UTF-8 text ({})", error.utf8_error()))
        })
        .map_err(|why| {
            let name = path.display().to_string();
            let mut report = Report::default();
            report.add_file(&name, "");
            report.file_error(&name, format!("cannot read this file: {why}"));
            report.finish()
        })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_title_above_the_columns_is_taken_off() {
        let is_title = |cells: &[String]| cells.first().is_some_and(|cell| cell == "a game");
        let text = "a game,2\nwho,mean,mean,\nx, 1,2,\n,,,\ny,3,4,\n";
        let (title, mut sheet) = Sheet::parse_titled("x.csv", text, is_title).unwrap();
        assert_eq!(title.unwrap(), ["a game", "2"]);
        assert_eq!((sheet.columns().len(), sheet.len()), (3, 2));
        assert_eq!(sheet.number(1, 2), Some(4.0));
        sheet.error(1, 2, "too much");
        assert!(sheet.checked().unwrap_err().to_string().starts_with("x.csv:5:5: too much"));
        let (title, _) = Sheet::parse_titled("x.csv", "who,mean\nx,1\n", is_title).unwrap();
        assert_eq!(title, None);
    }

    #[test]
    fn all_mistakes_of_a_table_are_reported_in_one_go() {
        let mut sheet = Sheet::parse("edges.csv", "id,capacity\na,12\nb,twelve\nc,\nd,NaN\n").unwrap();
        let capacity = sheet.required("capacity").unwrap();
        assert!(sheet.checked().is_ok());
        let numbers: Vec<Option<f64>> = (0..sheet.len()).map(|row| sheet.number(row, capacity)).collect();
        assert_eq!(numbers, [Some(12.0), None, None, None]);
        assert_eq!(
            sheet.checked().unwrap_err().to_string(),
            "edges.csv:3:3: found `twelve`; expected a finite number\n\
             edges.csv:4:3: this cell is empty; expected a finite number\n\
             edges.csv:5:3: found `NaN`; expected a finite number\n"
        );
    }

    #[test]
    fn a_misspelt_column_is_told_with_the_nearest_one() {
        let mut sheet = Sheet::parse("edges.csv", "id,capcity\n").unwrap();
        assert_eq!(sheet.required("capacity"), None);
        let found = sheet.checked().unwrap_err().to_string();
        assert_eq!(found, "edges.csv:1:1: the column `capacity` is missing; did you mean `capcity`?\n");
    }

    #[test]
    fn rows_of_another_length_and_files_without_a_line_are_mistakes() {
        assert!(Sheet::parse("x.csv", "a,b\n1\n").unwrap_err().to_string().contains("this row has 1 cells"));
        assert!(Sheet::parse("x.csv", "").unwrap_err().to_string().contains("this file is empty"));
        assert!(Sheet::parse("x.csv", "a,a\n").unwrap_err().to_string().contains("appears twice"));
        assert!(Sheet::read(Path::new("no/such.csv")).unwrap_err().to_string().contains("cannot read"));
    }
}
