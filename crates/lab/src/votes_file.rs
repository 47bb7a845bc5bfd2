//! Records of votes in files, CSV or Parquet, told apart by their first bytes.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use equipoise_models::roll_call::Votes;
use equipoise_scenario::votes::{MOST_MISTAKES, VOTE_COLUMNS, VoteRecord, read_votes_csv};
use equipoise_scenario::{Diagnostic, Diagnostics};
use jiff::civil::Date;
use parquet::basic::{ConvertedType, LogicalType};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{DataType, Int32Type};
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, RowGroupReader, SerializedFileReader};
use parquet::schema::types::ColumnDescriptor;

/// Rows read at a time.
const BATCH: usize = 16_384;

/// Reads a record of votes with the columns session, date, resolution_id, unres, country_iso3 and vote, among others.
///
/// In Parquet, session and resolution_id may be whole numbers or text, the date may be a date or text.
///
/// # Errors
/// The file cannot be read, lacks columns, or has rows that cannot be used: the first twenty of these are told.
pub fn read_votes(path: &Path) -> Result<Votes, Diagnostics> {
    let mut magic = [0; 4];
    let is_parquet =
        File::open(path).and_then(|mut file| file.read_exact(&mut magic)).is_ok() && magic == *b"PAR1";
    if !is_parquet {
        return read_votes_csv(path);
    }
    let name = path.display().to_string();
    let unreadable = |error: ParquetError| Diagnostics {
        list: vec![wrong(&name, format!("cannot read this file: {error}"), None)],
        files: vec![],
    };
    let file = File::open(path).map_err(|error| unreadable(error.into()))?;
    let reader = SerializedFileReader::new(file).map_err(unreadable)?;
    let columns = find_columns(&reader, &name)?;
    let mut record = VoteRecord::default();
    let mut found = Found { name: &name, list: Vec::new(), more: 0, row: 0 };
    for group in 0..reader.num_row_groups() {
        let group = reader.get_row_group(group).map_err(unreadable)?;
        read_group(group.as_ref(), columns, &mut record, &mut found).map_err(unreadable)?;
    }
    found.finish().map(|()| record.finish())
}

/// Mistakes noted so far.
struct Found<'a> {
    name: &'a str,
    list: Vec<Diagnostic>,
    more: usize,
    /// Rows read.
    row: usize,
}

impl Found<'_> {
    fn finish(mut self) -> Result<(), Diagnostics> {
        if self.list.is_empty() {
            return Ok(());
        }
        if self.more > 0 {
            self.list.push(wrong(self.name, format!("{} more rows cannot be used", self.more), None));
        }
        Err(Diagnostics { list: self.list, files: vec![] })
    }
}

fn wrong(file: &str, message: String, expected: Option<String>) -> Diagnostic {
    Diagnostic { file: file.to_owned(), span: None, line: 0, column: 0, message, expected, suggestion: None }
}

/// Where the columns stand.
fn find_columns(reader: &SerializedFileReader<File>, name: &str) -> Result<[usize; 6], Diagnostics> {
    let schema = reader.metadata().file_metadata().schema_descr();
    let names: Vec<&str> = schema.columns().iter().map(|column| column.name()).collect();
    let mut places = [0; 6];
    let mut list = Vec::new();
    for (place, wanted) in places.iter_mut().zip(VOTE_COLUMNS) {
        match names.iter().position(|name| *name == wanted) {
            Some(at) if schema.column(at).max_rep_level() > 0 => {
                list.push(wrong(name, format!("the column `{wanted}` holds lists"), None));
            }
            Some(at) => *place = at,
            None => {
                let mut missing = wrong(name, format!("the column `{wanted}` is missing"), None);
                missing.near(wanted, names.iter().copied());
                list.push(missing);
            }
        }
    }
    if list.is_empty() { Ok(places) } else { Err(Diagnostics { list, files: vec![] }) }
}

/// Reads a row group in batches, all columns in step.
fn read_group(
    group: &dyn RowGroupReader,
    columns: [usize; 6],
    record: &mut VoteRecord,
    found: &mut Found,
) -> Result<(), ParquetError> {
    let mut readers = Vec::with_capacity(columns.len());
    for column in columns {
        let description = group.metadata().column(column).column_descr_ptr();
        readers.push((group.get_column_reader(column)?, description));
    }
    let mut left = group.metadata().num_rows() as usize;
    while left > 0 {
        let count = left.min(BATCH);
        let mut cells: Vec<Vec<String>> = Vec::with_capacity(columns.len());
        for (reader, description) in &mut readers {
            cells.push(read_text(reader, description, count)?);
        }
        #[expect(clippy::needless_range_loop, reason = "a row cuts across the columns")]
        for row in 0..count {
            found.row += 1;
            let Err(mistake) = record.add(std::array::from_fn(|column| cells[column][row].trim())) else {
                continue;
            };
            if found.list.len() < MOST_MISTAKES {
                let column = VOTE_COLUMNS[mistake.column];
                let message = format!("row {}, column `{column}`: {}", found.row, mistake.message);
                found.list.push(wrong(found.name, message, Some(mistake.expected)));
            } else {
                found.more += 1;
            }
        }
        left -= count;
    }
    Ok(())
}

/// The next `count` cells of a column as text; empty where there is none.
fn read_text(
    reader: &mut ColumnReader,
    description: &ColumnDescriptor,
    count: usize,
) -> Result<Vec<String>, ParquetError> {
    let is_date = matches!(description.logical_type_ref(), Some(LogicalType::Date))
        || description.converted_type() == ConvertedType::DATE;
    match reader {
        ColumnReader::Int32ColumnReader(reader) if is_date => {
            let epoch = Date::constant(1970, 1, 1);
            read_cells::<Int32Type>(reader, description, count, |days| {
                let day = epoch.checked_add(jiff::Span::new().try_days(*days).unwrap_or_default());
                day.map_or_else(|_| days.to_string(), |day| day.to_string())
            })
        }
        ColumnReader::Int32ColumnReader(reader) => read_cells(reader, description, count, i32::to_string),
        ColumnReader::Int64ColumnReader(reader) => read_cells(reader, description, count, i64::to_string),
        ColumnReader::ByteArrayColumnReader(reader) => {
            read_cells(reader, description, count, |text| String::from_utf8_lossy(text.data()).into_owned())
        }
        _ => Err(ParquetError::General(format!(
            "the column `{}` is of type {}; expected text or whole numbers",
            description.name(),
            description.physical_type()
        ))),
    }
}

fn read_cells<T: DataType>(
    reader: &mut ColumnReaderImpl<T>,
    description: &ColumnDescriptor,
    count: usize,
    text: impl Fn(&T::T) -> String,
) -> Result<Vec<String>, ParquetError> {
    let (mut values, mut there) = (Vec::new(), Vec::new());
    let mut done = 0;
    while done < count {
        let levels = (description.max_def_level() > 0).then_some(&mut there);
        let (records, _, _) = reader.read_records(count - done, levels, None, &mut values)?;
        if records == 0 {
            return Err(ParquetError::EOF(format!("the column `{}` ends too early", description.name())));
        }
        done += records;
    }
    if there.is_empty() {
        return Ok(values.iter().map(text).collect());
    }
    let mut values = values.iter();
    let full = description.max_def_level();
    Ok(there
        .iter()
        .map(
            |&level| {
                if level == full { values.next().map_or_else(String::new, &text) } else { String::new() }
            },
        )
        .collect())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::sync::Arc;

    use equipoise_models::roll_call::Vote;
    use parquet::basic::{Compression, ZstdLevel};
    use parquet::data_type::{ByteArray, ByteArrayType, Int64Type};
    use parquet::file::properties::WriterProperties;
    use parquet::file::writer::SerializedFileWriter;
    use parquet::schema::parser::parse_message_type;

    use super::*;

    /// A file as Python writes it, zstd-compressed, with two votes on one roll call, of these words.
    fn written(dir: &Path, words: [&str; 2]) -> std::path::PathBuf {
        let schema = "message votes {
            optional int64 session; optional binary date (UTF8); optional int64 resolution_id;
            optional binary unres (UTF8); optional binary country_iso3 (UTF8); optional binary vote (UTF8); }";
        let path = dir.join("votes.parquet");
        let properties =
            WriterProperties::builder().set_compression(Compression::ZSTD(ZstdLevel::default())).build();
        let mut writer = SerializedFileWriter::new(
            File::create(&path).unwrap(),
            Arc::new(parse_message_type(schema).unwrap()),
            Arc::new(properties),
        )
        .unwrap();
        let mut group = writer.next_row_group().unwrap();
        let text = |cells: [&str; 2]| cells.map(ByteArray::from);
        let columns = [
            None,
            Some(text(["2000-01-31"; 2])),
            None,
            // The text has no name: both cells are empty.
            Some(text([""; 2])),
            Some(text(["AAA", "BBB"])),
            Some(text(words)),
        ];
        for (number, cells) in columns.into_iter().enumerate() {
            let mut column = group.next_column().unwrap().unwrap();
            match cells {
                None => column.typed::<Int64Type>().write_batch(&[7, 7], Some(&[1, 1]), None).unwrap(),
                Some(_) if number == 3 => {
                    column.typed::<ByteArrayType>().write_batch(&[], Some(&[0, 0]), None).unwrap()
                }
                Some(cells) => {
                    column.typed::<ByteArrayType>().write_batch(&cells, Some(&[1, 1]), None).unwrap()
                }
            };
            column.close().unwrap();
        }
        group.close().unwrap();
        writer.close().unwrap();
        path
    }

    #[test]
    fn parquet_and_csv_say_the_same() {
        let dir = tempfile::tempdir().unwrap();
        let votes = read_votes(&written(dir.path(), ["no", "absent"])).unwrap();
        let csv = dir.path().join("votes.csv");
        std::fs::write(
            &csv,
            "session,date,resolution_id,unres,country_iso3,vote\n7,2000-01-31,7,,AAA,no\n7,2000-01-31,7,,BBB,absent\n",
        )
        .unwrap();
        assert_eq!(votes, read_votes(&csv).unwrap());
        assert_eq!(votes.casts.iter().map(|cast| cast.vote).collect::<Vec<_>>(), [Vote::No]);
    }

    #[test]
    fn a_word_that_is_no_vote_is_told_with_its_row() {
        let dir = tempfile::tempdir().unwrap();
        let found = read_votes(&written(dir.path(), ["no", "perhaps"])).unwrap_err().to_string();
        assert!(found.contains("row 2, column `vote`: found `perhaps`; expected yes, abstain"), "{found}");
    }

    #[test]
    fn a_broken_parquet_file_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("votes.parquet");
        std::fs::write(&path, b"PAR1 and nothing more").unwrap();
        assert!(read_votes(&path).unwrap_err().to_string().contains("cannot read this file"));
    }
}
