//! A listing: headings and rows of what a model found, as columns for the terminal and as CSV for a file.

use std::fs;
use std::path::Path;

use crate::failure::Failure;
use crate::screen::Screen;

/// Headings and rows of text, one cell for each heading.
#[derive(Debug, Clone)]
pub struct Listing {
    headings: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Listing {
    /// A listing without rows.
    pub fn new<H: Into<String>>(headings: impl IntoIterator<Item = H>) -> Listing {
        Listing { headings: headings.into_iter().map(Into::into).collect(), rows: Vec::new() }
    }

    /// Adds a row.
    pub fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    /// Keeps the first rows only.
    pub fn first(mut self, rows: usize) -> Listing {
        self.rows.truncate(rows);
        self
    }

    /// Columns as wide as they need to be: words to the left, numbers to the right.
    pub fn text(&self, screen: &Screen) -> String {
        // Names come from files: a control character could move the cursor.
        let tame = |cell: &str| -> String {
            cell.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
        };
        let columns = 0..self.headings.len();
        let width = |at: usize| {
            let cells = self.rows.iter().map(|row| row[at].chars().count());
            cells.chain([self.headings[at].chars().count()]).max().unwrap_or(0)
        };
        let widths: Vec<usize> = columns.clone().map(width).collect();
        let numeric: Vec<bool> = columns.map(|at| self.rows.iter().all(|row| is_number(&row[at]))).collect();
        let line = |cells: &mut dyn Iterator<Item = &str>| -> String {
            let set = cells.zip(widths.iter().zip(&numeric)).map(|(cell, (width, right))| {
                let cell = tame(cell);
                if *right { format!("{cell:>width$}") } else { format!("{cell:<width$}") }
            });
            set.collect::<Vec<String>>().join("  ").trim_end().to_owned()
        };
        let head = line(&mut self.headings.iter().map(String::as_str));
        let mut out = if screen.out.colour { format!("\u{1b}[2m{head}\u{1b}[0m\n") } else { head + "\n" };
        for row in &self.rows {
            out += &line(&mut row.iter().map(String::as_str));
            out.push('\n');
        }
        out
    }

    /// Writes a CSV file into a folder, which is made if it is not there.
    ///
    /// # Errors
    /// The folder or the file cannot be written.
    pub fn write(&self, folder: &Path, name: &str) -> Result<(), Failure> {
        fs::create_dir_all(folder).map_err(|error| Failure::io("make", folder, &error))?;
        let path = folder.join(name);
        fs::write(&path, self.csv()).map_err(|error| Failure::io("write", &path, &error))
    }

    /// As RFC 4180 has it, with a header.
    pub fn csv(&self) -> String {
        let mut out = String::new();
        for row in std::iter::once(&self.headings).chain(&self.rows) {
            let cells: Vec<String> = row.iter().map(|cell| quoted(cell)).collect();
            out += &cells.join(",");
            out.push('\n');
        }
        out
    }
}

fn is_number(cell: &str) -> bool {
    let plain: String = cell.chars().filter(|c| !matches!(c, ',' | '%' | '–' | ' ')).collect();
    plain.is_empty() || plain.parse::<f64>().is_ok() || plain.chars().all(|c| "0123456789.-+".contains(c))
}

/// A cell as RFC 4180 has it.
pub fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

/// A number for people: thousands apart, `digits` behind the point.
pub fn grouped(value: f64, digits: usize) -> String {
    let text = format!("{:.digits$}", value.abs());
    let (whole, rest) =
        text.split_once('.').map_or((text.as_str(), String::new()), |(w, r)| (w, format!(".{r}")));
    let mut out = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    let nothing = text.chars().all(|c| matches!(c, '0' | '.'));
    if value < 0.0 && !nothing { format!("-{out}{rest}") } else { out + &rest }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::Colour;

    #[test]
    fn words_stand_left_and_numbers_right() {
        let mut listing = Listing::new(["edge", "flow"]);
        listing.row(vec!["north".into(), "1,200".into()]);
        listing.row(vec!["the long way, south".into(), "5".into()]);
        let screen = Screen::new(false, Colour::Never);
        assert_eq!(
            listing.text(&screen),
            "edge                  flow\nnorth                1,200\nthe long way, south      5\n"
        );
        assert_eq!(listing.csv(), "edge,flow\nnorth,\"1,200\"\n\"the long way, south\",5\n");
    }

    #[test]
    fn thousands_stand_apart_and_nothing_has_no_sign() {
        assert_eq!(grouped(2_978_300.0, 0), "2,978,300");
        assert_eq!(grouped(-1234.56, 1), "-1,234.6");
        assert_eq!(grouped(-0.001, 1), "0.0");
        assert_eq!(grouped(999.0, 0), "999");
    }
}
