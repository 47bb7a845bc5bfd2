//! Reading CSV files: columns are checked once, cells one by one, each with its place.

use std::ops::Range;

use super::{Entry, Raw, Table};
use crate::diagnostic::{Report, Spot};

/// Reads all rows of a file; `None` if its columns are not the expected ones.
///
/// Columns may stand in any order; those with optional cells may be left out.
pub(crate) fn read_rows<T: Table>(file: usize, report: &mut Report) -> Option<Vec<T>> {
    let text = report.text(file);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut header: Option<csv::StringRecord> = None;
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let start = error.position().map_or(0, |position| byte(position.byte()));
                report.error(Spot { file, start, end: start }, error.to_string()).expected("valid CSV");
                return None;
            }
        };
        let start = record.position().map_or(0, |position| byte(position.byte()));
        let cells = cell_ranges(&text, start, record.len());
        let spots: Vec<Spot> =
            cells.into_iter().map(|cell| Spot { file, start: cell.start, end: cell.end }).collect();
        let Some(columns) = &header else {
            if !columns_are_right::<T>(&record, &spots, report) {
                return None;
            }
            header = Some(record);
            continue;
        };
        if record.len() != columns.len() {
            report
                .error(spots[0], format!("this row has {} cells", record.len()))
                .expected(format!("{}, one for each column", columns.len()));
        }
        let cell = |(at, key)| match record.get(at).map(str::trim) {
            Some("") => None,
            Some(cell) => Some(Entry { key, raw: Raw::Cell(cell), spot: spots[at] }),
            None => Some(Entry { key, raw: Raw::Lost, spot: spots[0] }),
        };
        let entries: Vec<Entry<'_>> = columns.iter().enumerate().filter_map(cell).collect();
        rows.push(T::from_entries(spots[0], &entries, report));
    }
    if header.is_none() {
        report
            .error(Spot { file, start: 0, end: 0 }, "this file is empty")
            .expected(format!("a first line with the columns {}", T::REQUIRED.join(", ")));
        return None;
    }
    Some(rows)
}

fn columns_are_right<T: Table>(header: &csv::StringRecord, spots: &[Spot], report: &mut Report) -> bool {
    let known: Vec<&str> = T::REQUIRED.iter().chain(T::OPTIONAL).copied().collect();
    let mut right = true;
    for (i, name) in header.iter().enumerate() {
        if !known.contains(&name) {
            right = false;
            report
                .error(spots[i], format!("there is no column `{name}`"))
                .expected(format!("one of {}", known.join(", ")))
                .near(name, known.iter().copied());
        } else if header.iter().take(i).any(|earlier| earlier == name) {
            right = false;
            report.error(spots[i], format!("the column `{name}` appears twice"));
        }
    }
    for name in T::REQUIRED {
        if !header.iter().any(|column| column == *name) {
            right = false;
            report.error(spots[0], format!("the column `{name}` is missing")).near(name, header.iter());
        }
    }
    right
}

/// Byte ranges of the cells of the record that starts at `start`, quotes included: the `csv` crate tells only where
/// records start.
pub(crate) fn cell_ranges(text: &str, start: usize, cells: usize) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut at = start;
    while matches!(bytes.get(at), Some(b'\r' | b'\n')) {
        at += 1;
    }
    let mut ranges = Vec::with_capacity(cells);
    while ranges.len() < cells.max(1) {
        let from = at;
        let mut quoted = false;
        while let Some(&next) = bytes.get(at) {
            match next {
                b'"' => quoted = !quoted,
                b',' | b'\n' | b'\r' if !quoted => break,
                _ => {}
            }
            at += 1;
        }
        ranges.push(from..at);
        if bytes.get(at) == Some(&b',') {
            at += 1;
        }
    }
    ranges
}

fn byte(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_found_behind_quotes_and_commas() {
        let text = "a,b,c\r\n1,\"two, \"\"2\"\"\",3\n";
        let ranges = cell_ranges(text, 5, 3);
        assert_eq!(
            ranges.iter().map(|r| &text[r.clone()]).collect::<Vec<_>>(),
            ["1", "\"two, \"\"2\"\"\"", "3"]
        );
    }
}
