//! Joining tables: row groups are copied as they are, never encoded again.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use parquet::column::writer::ColumnCloseResult;
use parquet::file::metadata::ParquetMetaDataReader;
use parquet::file::writer::SerializedFileWriter;

use super::atomic_file::AtomicFile;
use super::manifest::TableSeal;
use super::{Columns, Table};
use crate::error::LabError;

/// The first row groups of a file.
pub(crate) struct Piece {
    pub(crate) path: PathBuf,
    pub(crate) row_groups: usize,
}

impl Piece {
    /// All of a file.
    pub(crate) fn whole(path: PathBuf) -> Piece {
        Piece { path, row_groups: usize::MAX }
    }
}

/// Writes a table of a run directory from pieces with consecutive histories; `None` if cancelled on the way.
pub(crate) fn join(
    dir: &Path,
    columns: &Columns,
    table: Table,
    pieces: impl IntoIterator<Item = Piece>,
    cancel: &AtomicBool,
) -> Result<Option<TableSeal>, LabError> {
    let path = table.path(dir);
    let schema = columns.schema(table).map_err(LabError::table("write", &path))?;
    let properties = Arc::new(columns.properties(table));
    let mut writer = SerializedFileWriter::new(AtomicFile::create(&path)?, schema, properties)
        .map_err(LabError::table("write", &path))?;
    let mut rows = 0;
    for Piece { path: from, row_groups } in pieces {
        if cancel.load(Ordering::Relaxed) {
            return Ok(None);
        }
        let input = File::open(&from).map_err(LabError::io("read", &from))?;
        let metadata =
            ParquetMetaDataReader::new().parse_and_finish(&input).map_err(LabError::table("read", &from))?;
        for group in metadata.row_groups().iter().take(row_groups) {
            let mut out = writer.next_row_group().map_err(LabError::table("write", &path))?;
            for column in group.columns() {
                let chunk = ColumnCloseResult {
                    bytes_written: column.compressed_size() as u64,
                    rows_written: group.num_rows() as u64,
                    metadata: column.clone(),
                    bloom_filter: None,
                    column_index: None,
                    offset_index: None,
                };
                out.append_column(&input, chunk).map_err(LabError::table("write", &path))?;
            }
            rows += group.num_rows() as u64;
            out.close().map_err(LabError::table("write", &path))?;
        }
    }
    let file = writer.into_inner().map_err(LabError::table("write", &path))?;
    Ok(Some(TableSeal::new(rows, file.commit()?)))
}
