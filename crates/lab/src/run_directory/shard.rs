//! Shards: a range of histories simulated, encoded and committed on its own.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use parquet::file::writer::SerializedFileWriter;
use serde::{Deserialize, Serialize};

use super::atomic_file::{AtomicFile, seal_of, sync_folder, write_atomically};
use super::manifest::TableSeal;
use super::{Block, Columns, Table, shard_marker, shard_table};
use crate::error::LabError;

/// A range of histories that is written together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Shard {
    /// Its number.
    pub number: u64,
    /// Its first history.
    pub first: u64,
    /// How many histories.
    pub histories: u64,
}

/// What the commit marker of a shard says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Marker {
    /// Which histories.
    #[serde(flatten)]
    pub shard: Shard,
    /// Rows, size and checksum of each table.
    pub tables: BTreeMap<String, TableSeal>,
}

/// Whether a shard is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ShardState {
    /// Committed, and its files are as written.
    Complete,
    /// Not committed.
    Missing,
}

/// Simulates and commits a shard. `fill` puts one history into the block and says whether to go on.
///
/// Returns whether the shard was committed; if `fill` stops, nothing of it is.
pub(crate) fn write_shard(
    dir: &Path,
    columns: &Columns,
    shard: Shard,
    block_size: u64,
    block: &mut Block,
    mut fill: impl FnMut(u64, &mut Block) -> bool,
) -> Result<bool, LabError> {
    let mut writers = Vec::new();
    for table in Table::ALL {
        let path = shard_table(dir, shard.number, table);
        let schema = columns.schema(table).map_err(LabError::table("write", &path))?;
        let properties = Arc::new(columns.properties(table));
        let file = AtomicFile::create(&path)?;
        let writer =
            SerializedFileWriter::new(file, schema, properties).map_err(LabError::table("write", &path))?;
        writers.push((table, path, writer, 0));
    }
    let end = shard.first + shard.histories;
    let mut from = shard.first;
    while from < end {
        let until = (from + block_size).min(end);
        block.clear();
        for history in from..until {
            if !fill(history, block) {
                return Ok(false);
            }
        }
        for (table, path, writer, rows) in &mut writers {
            block.write(*table, writer, path)?;
            *rows += block.rows(*table);
        }
        from = until;
    }
    let mut tables = BTreeMap::new();
    for (table, path, writer, rows) in writers {
        let file = writer.into_inner().map_err(LabError::table("write", &path))?;
        let seal = file.commit()?;
        tables.insert(table.name().to_owned(), TableSeal::new(rows, seal));
    }
    // The tables' names must last before the marker speaks of them.
    sync_folder(&super::shards_folder(dir));
    let marker = Marker { shard, tables };
    let text = serde_json::to_vec_pretty(&marker).map_err(|error| LabError::BadPlan {
        why: format!("the commit marker of a shard cannot be encoded ({error})"),
    })?;
    write_atomically(&shard_marker(dir, shard.number), &text)?;
    Ok(true)
}

/// Whether a shard is committed and undamaged.
///
/// # Errors
/// A damaged shard, with both sizes and what to do; nothing is removed.
pub(crate) fn shard_state(dir: &Path, shard: Shard) -> Result<ShardState, LabError> {
    let path = shard_marker(dir, shard.number);
    let text = match fs::read(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(ShardState::Missing),
        Err(error) => return Err(LabError::io("read", &path)(error)),
    };
    let advice = format!(
        "remove the files {:05}.* in {} and resume: their histories will be simulated again",
        shard.number,
        super::shards_folder(dir).display()
    );
    let marker = serde_json::from_slice::<Marker>(&text).ok().filter(|marker| {
        marker.shard == shard && Table::ALL.iter().all(|table| marker.tables.contains_key(table.name()))
    });
    let Some(marker) = marker else {
        return Err(LabError::NotARun {
            path,
            why: format!("this commit marker cannot be read or is of another shard; {advice}"),
        });
    };
    for table in Table::ALL {
        let path = shard_table(dir, shard.number, table);
        let expected = &marker.tables[table.name()];
        expected.check(&path, seal_of(&path)?, &advice)?;
    }
    Ok(ShardState::Complete)
}
