//! A Parquet table opened for reading: columns of row groups, whole or in part.

use std::fs::{self, File};
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use parquet::column::reader::get_typed_column_reader;
use parquet::data_type::DataType;
use parquet::errors::Result as ParquetResult;
use parquet::file::reader::{ChunkReader, FileReader, Length, SerializedFileReader};

use crate::error::LabError;
use crate::run_directory::Table;

/// An open table, which any number of threads may read at once.
pub(crate) struct TableFile {
    path: PathBuf,
    reader: SerializedFileReader<Reopened>,
}

/// Values of a column with the levels that say where they belong.
pub(crate) struct Column<T> {
    /// Values that are there.
    pub values: Vec<T>,
    /// For each row (or list element), whether there is a value; empty for columns that always have one.
    pub definition: Vec<i16>,
    /// For each list element, whether it continues the row before; empty but for lists.
    pub repetition: Vec<i16>,
}

impl TableFile {
    pub(crate) fn open(dir: &Path, table: Table) -> Result<TableFile, LabError> {
        TableFile::open_path(table.path(dir))
    }

    pub(crate) fn open_path(path: PathBuf) -> Result<TableFile, LabError> {
        let bytes = fs::metadata(&path).map_err(LabError::io("read", &path))?.len();
        let file = Reopened { path: path.clone(), bytes };
        let reader = SerializedFileReader::new(file).map_err(LabError::table("read", &path))?;
        Ok(TableFile { path, reader })
    }

    /// Number of row groups.
    pub(crate) fn groups(&self) -> usize {
        self.reader.num_row_groups()
    }

    /// A whole column of a row group.
    pub(crate) fn column<T: DataType>(&self, group: usize, column: usize) -> Result<Column<T::T>, LabError> {
        let rows = self.reader.metadata().row_group(group).num_rows() as usize;
        self.part::<T>(group, column, 0, rows)
    }

    /// The rows `from..from + count` of a column of a row group.
    pub(crate) fn part<T: DataType>(
        &self,
        group: usize,
        column: usize,
        from: usize,
        count: usize,
    ) -> Result<Column<T::T>, LabError> {
        let wrong = |message: &str| LabError::Table {
            path: self.path.clone(),
            message: format!("column {column} {message}"),
        };
        let groups = self.reader.metadata();
        if group >= groups.num_row_groups() || column >= groups.row_group(group).num_columns() {
            return Err(wrong("is missing"));
        }
        let description = groups.row_group(group).column(column).column_descr_ptr();
        if description.physical_type() != T::get_physical_type() {
            return Err(wrong("is of another type than was written"));
        }
        let failed = || LabError::table("read", &self.path);
        let reader = self
            .reader
            .get_row_group(group)
            .and_then(|group| group.get_column_reader(column))
            .map_err(failed())?;
        let mut reader = get_typed_column_reader::<T>(reader);
        let mut read = Column { values: Vec::new(), definition: Vec::new(), repetition: Vec::new() };
        let skipped = if from > 0 { reader.skip_records(from).map_err(failed())? } else { 0 };
        let mut done = 0;
        while done < count {
            let (records, _, _) = reader
                .read_records(
                    count - done,
                    (description.max_def_level() > 0).then_some(&mut read.definition),
                    (description.max_rep_level() > 0).then_some(&mut read.repetition),
                    &mut read.values,
                )
                .map_err(failed())?;
            if records == 0 {
                break;
            }
            done += records;
        }
        if skipped < from || done < count {
            return Err(wrong("ends before its row group does"));
        }
        Ok(read)
    }
}

impl std::fmt::Debug for TableFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("TableFile").field(&self.path).finish()
    }
}

/// A file that every read opens anew: threads that share one open file would move each other's place in it.
struct Reopened {
    path: PathBuf,
    bytes: u64,
}

impl Reopened {
    fn at(&self, start: u64) -> ParquetResult<File> {
        let mut file = File::open(&self.path)?;
        file.seek(SeekFrom::Start(start))?;
        Ok(file)
    }
}

impl Length for Reopened {
    fn len(&self) -> u64 {
        self.bytes
    }
}

impl ChunkReader for Reopened {
    type T = BufReader<File>;

    fn get_read(&self, start: u64) -> ParquetResult<Self::T> {
        Ok(BufReader::new(self.at(start)?))
    }

    fn get_bytes(&self, start: u64, length: usize) -> ParquetResult<Bytes> {
        let mut bytes = vec![0; length];
        self.at(start)?.read_exact(&mut bytes)?;
        Ok(bytes.into())
    }
}

/// Appends the values of an optional column to `into`, NaN where there is none.
pub(crate) fn spread<T>(column: &Column<T>, number: impl Fn(&T) -> f64, into: &mut Vec<f64>) {
    let mut values = column.values.iter();
    if column.definition.is_empty() {
        into.extend(values.map(number));
        return;
    }
    into.extend(column.definition.iter().map(|&there| {
        let value = if there > 0 { values.next() } else { None };
        value.map_or(f64::NAN, &number)
    }));
}
