//! Run directories: how an ensemble lies on disk, so that nothing complete is ever lost.
//!
//! ```text
//! RUN/
//!   manifest.json             what was run, and once complete the size and checksum of every table
//!   scenario/                 a copy of the scenario's files
//!   outcomes.parquet parameters.parquet series.parquet events.parquet
//!   timing.json               how long it took (the only file that differs between equal runs)
//!   shards/00000.*.parquet    while running: the tables of a range of histories
//!   shards/00000.json         the shard's commit marker, written last, with sizes and checksums
//! ```
//!
//! Every file is written under a temporary name, synced and renamed; a manifest comes before what it describes is
//! begun and is completed after everything else is in place. Histories are grouped in *blocks* whose size depends only
//! on the plan and the scenario; a block is a row group in each table, and joining copies row groups as they are, so
//! threads, shards and interruptions leave no trace in the tables. One process at a time may write to a run directory.

mod atomic_file;
mod block;
mod columns;
mod join;
mod manifest;
mod part;
mod shard;
mod subjects;

use std::path::{Path, PathBuf};

pub(crate) use atomic_file::{is_temporary, remove_temporary_files, seal_of, sync_folder, write_atomically};
pub(crate) use block::{Block, EventCells};
pub(crate) use columns::{ColumnKind, Columns, UNIX_EPOCH};
pub(crate) use join::{Piece, join};
pub use manifest::{FORMAT_VERSION, Kept, Manifest, ScenarioKey, StoredFile, TableSeal};
pub use part::Part;
pub(crate) use shard::{Shard, ShardState, shard_state, write_shard};
pub(crate) use subjects::Subjects;

/// The four tables of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Table {
    /// One row per history: account and outcomes.
    Outcomes,
    /// One row per history: account and parameters.
    Parameters,
    /// One row per history and day.
    Series,
    /// One row per event.
    Events,
}

impl Table {
    /// Every table.
    pub const ALL: [Table; 4] = [Table::Outcomes, Table::Parameters, Table::Series, Table::Events];

    /// The word that stands for it in file names and manifests.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Table::Outcomes => "outcomes",
            Table::Parameters => "parameters",
            Table::Series => "series",
            Table::Events => "events",
        }
    }

    /// Its file in a complete run directory.
    #[must_use]
    pub fn path(self, dir: &Path) -> PathBuf {
        dir.join(format!("{}.parquet", self.name()))
    }
}

/// The folder of the shards.
pub(crate) fn shards_folder(dir: &Path) -> PathBuf {
    dir.join("shards")
}

/// The table of a shard.
pub(crate) fn shard_table(dir: &Path, shard: u64, table: Table) -> PathBuf {
    shards_folder(dir).join(format!("{shard:05}.{}.parquet", table.name()))
}

/// The commit marker of a shard.
pub(crate) fn shard_marker(dir: &Path, shard: u64) -> PathBuf {
    shards_folder(dir).join(format!("{shard:05}.json"))
}

/// Where a scenario file with this relative path is kept, relative to the run directory: steps out of the scenario's
/// folder (a treaty shared by several scenarios) are kept inside the copy.
pub(crate) fn stored_path(path: &str) -> String {
    let (mut outside, mut parts) = (0, Vec::new());
    for part in path.split(['/', '\\']) {
        match part {
            "" | "." => {}
            ".." => {
                if parts.pop().is_none() {
                    outside += 1;
                }
            }
            part => parts.push(part),
        }
    }
    let mut stored = String::from("scenario/");
    for _ in 0..outside {
        stored.push_str("outside/");
    }
    stored + &parts.join("/")
}

/// Histories in a block: about a thirty-second of the ensemble, so that threads share the work evenly; 64 to 2,048,
/// and fewer where long series would take more than 32 MiB.
pub(crate) fn block_size(histories: u64, days: u32, series: usize) -> u64 {
    const SERIES_BYTES: u64 = 32 << 20;
    let bytes = (u64::from(days) * series as u64 * 4).max(1);
    let fits = (SERIES_BYTES / bytes).clamp(1, 2048);
    // The greatest power of two that fits, so that the cap keeps blocks even.
    let fits = 1 << (63 - fits.leading_zeros());
    (histories / 32).clamp(1, 2048).next_power_of_two().clamp(64, 2048).min(fits)
}

/// Histories in a shard if none was asked for: four shards for each thread, so that none waits long for the last, of
/// at most 2,048 histories, so that an interruption loses little.
pub(crate) fn shard_size(histories: u64, block: u64, threads: usize) -> u64 {
    (histories / (4 * threads.max(1) as u64)).clamp(block, block.max(2048)).next_multiple_of(block)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stored_file_never_leaves_the_run_directory() {
        assert_eq!(stored_path("scenario.toml"), "scenario/scenario.toml");
        assert_eq!(stored_path("treaties/csto.toml"), "scenario/treaties/csto.toml");
        assert_eq!(stored_path("../shared/x.toml"), "scenario/outside/shared/x.toml");
        assert_eq!(stored_path("a/../../../x"), "scenario/outside/outside/x");
        assert_eq!(stored_path("/etc/x"), "scenario/etc/x");
    }

    #[test]
    fn blocks_grow_with_the_ensemble_up_to_a_bound() {
        assert_eq!(block_size(1, 200, 20), 64);
        assert_eq!(block_size(1000, 200, 20), 64);
        assert_eq!(block_size(10_000, 200, 20), 512);
        assert_eq!(block_size(10_000_000, 200, 20), 2048);
        assert_eq!(block_size(10_000_000, 3650, 50), 32);
        assert_eq!(block_size(10, 60_000, 10_000), 1);
    }
}
