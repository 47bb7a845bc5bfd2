//! A finished run made longer: its tables are kept, and only the histories behind them are simulated.
//!
//! The points of every design and the chance of every history depend on its number alone, so the first histories of a
//! larger run are the smaller one. The manifest first says what is kept, with its checksums; then the tables move in among
//! the shards, from where they are joined like any other. Killed at any instant, the run is finished by resuming it.

use std::fs;
use std::path::{Path, PathBuf};

use super::Plan;
use super::fill::tidy;
use super::prepare::check_tables;
use crate::design::Design;
use crate::error::LabError;
use crate::run_directory::{Kept, Manifest, Piece, Table, seal_of, shard_size, shards_folder, sync_folder};

/// Whether a run can be made as long as the plan asks for.
pub(super) fn can_grow(manifest: &Manifest, plan: &Plan) -> bool {
    manifest.complete
        && manifest.until.is_none()
        && manifest.part.is_none()
        && manifest.design != Design::Table
        && plan.histories > manifest.histories
}

/// Makes a finished run an unfinished longer one. Whole blocks are kept; the histories of a last, shorter block are
/// simulated again.
pub(super) fn grow(mut manifest: Manifest, plan: &Plan, dir: &Path) -> Result<Manifest, LabError> {
    let version = env!("CARGO_PKG_VERSION");
    if manifest.equipoise != version {
        return Err(LabError::NotARun {
            path: dir.to_owned(),
            why: format!(
                "it was made by Equipoise {}, and only that version can make it longer (this is {version})",
                manifest.equipoise
            ),
        });
    }
    check_tables(&manifest, dir)?;
    // Shards that an earlier attempt did not get to remove are none of the longer run's.
    tidy(dir)?;
    let kept = manifest.histories / manifest.block * manifest.block;
    let more = plan.histories - kept;
    let threads = if plan.threads == 0 { rayon::current_num_threads() } else { plan.threads };
    let shard = plan.shard_size.unwrap_or_else(|| shard_size(more, manifest.block, threads));
    manifest.shard_size = Some(shard.clamp(1, more).next_multiple_of(manifest.block));
    manifest.histories = plan.histories;
    manifest.complete = false;
    manifest.kept =
        (kept > 0).then(|| Kept { histories: kept, tables: std::mem::take(&mut manifest.tables) });
    manifest.tables.clear();
    manifest.write(dir)?;
    Ok(manifest)
}

/// The kept rows of a table, moved in among the shards where that has not been done.
pub(super) fn kept_piece(dir: &Path, manifest: &Manifest, table: Table) -> Result<Option<Piece>, LabError> {
    let Some(kept) = &manifest.kept else { return Ok(None) };
    let (from, to) = (table.path(dir), kept_path(dir, table));
    if !to.exists() {
        fs::rename(&from, &to).map_err(LabError::io("move", &from))?;
        sync_folder(&shards_folder(dir));
        sync_folder(dir);
    }
    let advice = "restore it from a copy, or run the ensemble again in another folder";
    let Some(seal) = kept.tables.get(table.name()) else {
        return Err(LabError::NotARun {
            path: dir.to_owned(),
            why: format!("its manifest.json says nothing of the {} it keeps", table.name()),
        });
    };
    seal.check(&to, seal_of(&to)?, advice)?;
    Ok(Some(Piece { path: to, row_groups: (kept.histories / manifest.block) as usize }))
}

/// Where the tables of a run wait while it is made longer.
fn kept_path(dir: &Path, table: Table) -> PathBuf {
    shards_folder(dir).join(format!("kept.{}.parquet", table.name()))
}
