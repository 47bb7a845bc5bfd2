//! Filling a run directory: the missing shards in parallel, then the joined tables, then the completed manifest.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use rayon::prelude::*;

use super::Control;
use super::exactness::Exactness;
use super::longer::kept_piece;
use crate::error::LabError;
use crate::precision::next_look;
use crate::run_directory::{
    Block, Columns, Manifest, Piece, Shard, ShardState, Table, join, remove_temporary_files, shard_state,
    shard_table, shards_folder, sync_folder, write_shard,
};

/// Simulates the missing shards, joins all of them, completes the manifest and removes the shards. `worker` makes what
/// puts one history into a block, once for each stretch of work. Returns how many histories were simulated.
pub(super) fn fill_directory<W: FnMut(u64, &mut Block)>(
    dir: &Path,
    mut manifest: Manifest,
    columns: &Columns,
    subjects: &[String],
    control: &Control,
    worker: impl Fn() -> W + Sync + Send,
) -> Result<(Manifest, u64), LabError> {
    let folder = shards_folder(dir);
    fs::create_dir_all(&folder).map_err(LabError::io("create", &folder))?;
    let shard_size = manifest.shard_size.unwrap_or(manifest.block).max(1);
    let held = manifest.held();
    let begin = manifest.kept.as_ref().map_or(held.start, |kept| kept.histories);
    let mut shards: Vec<Shard> = (0..(held.end - begin).div_ceil(shard_size))
        .map(|number| {
            let first = begin + number * shard_size;
            let histories = shard_size.min(held.end - first);
            Shard { number, first, histories }
        })
        .collect();
    let states: Vec<ShardState> =
        shards.par_iter().map(|shard| shard_state(dir, *shard)).collect::<Result<_, _>>()?;
    remove_temporary_files(dir)?;
    remove_temporary_files(&folder)?;

    let all_kept = |(_, state): &(&Shard, &ShardState)| **state == ShardState::Complete;
    let committed: u64 = shards.iter().zip(&states).filter(all_kept).map(|(shard, _)| shard.histories).sum();
    let kept = begin - held.start + committed;
    control.done.store(kept, Ordering::Relaxed);
    let failed = AtomicBool::new(false);
    let simulated = AtomicU64::new(0);
    let stopped = || control.cancel.load(Ordering::Relaxed) || failed.load(Ordering::Relaxed);
    let mut precision = manifest.until.clone().map(|until| Exactness::new(until, columns));
    let planned = held.end - held.start;
    let mut size = held.start;
    while size < held.end {
        let from = size;
        size = if precision.is_some() { next_look(size, manifest.block, held.end) } else { held.end };
        let stage = || shards.iter().zip(&states).filter(|(shard, _)| (from..size).contains(&shard.first));
        let missing: Vec<&Shard> = stage().filter(|both| !all_kept(both)).map(|(shard, _)| shard).collect();
        missing.par_iter().with_max_len(1).try_for_each_init(
            || (worker(), Block::new(columns, subjects)),
            |(simulate, block), shard| {
                let fill = |history, block: &mut Block| {
                    if stopped() {
                        return false;
                    }
                    simulate(history, block);
                    control.done.fetch_add(1, Ordering::Relaxed);
                    true
                };
                let committed = write_shard(dir, columns, **shard, manifest.block, block, fill)
                    .inspect_err(|_| failed.store(true, Ordering::Relaxed))?;
                if committed {
                    simulated.fetch_add(shard.histories, Ordering::Relaxed);
                }
                Ok(())
            },
        )?;
        let complete = kept + simulated.load(Ordering::Relaxed);
        if stopped() && complete < planned {
            return Err(LabError::Interrupted { complete, total: planned });
        }
        if let Some(precision) = &mut precision {
            for (shard, _) in stage() {
                precision.add(dir, shard.number)?;
            }
            if precision.is_reached() {
                break;
            }
        }
    }
    let simulated = simulated.into_inner();
    let interrupted = LabError::Interrupted { complete: kept + simulated, total: planned };
    if let Some(precision) = precision {
        // What an earlier attempt simulated beyond the end, if anything, is not joined.
        manifest.histories = size;
        manifest.until = Some(precision.finish());
        shards.retain(|shard| shard.first < size);
    }

    let seals: Vec<_> = Table::ALL
        .par_iter()
        .map(|&table| {
            let kept = kept_piece(dir, &manifest, table)?;
            let new = (0..shards.len() as u64).map(|shard| Piece::whole(shard_table(dir, shard, table)));
            join(dir, columns, table, kept.into_iter().chain(new), control.cancel)
        })
        .collect::<Result<_, _>>()?;
    for (table, seal) in Table::ALL.iter().zip(seals) {
        let Some(seal) = seal else {
            return Err(interrupted);
        };
        manifest.tables.insert(table.name().to_owned(), seal);
    }
    manifest.complete = true;
    manifest.shard_size = None;
    manifest.kept = None;
    sync_folder(dir);
    manifest.write(dir)?;
    tidy(dir)?;
    Ok((manifest, simulated))
}

/// Removes what only a running ensemble needs.
pub(super) fn tidy(dir: &Path) -> Result<(), LabError> {
    let folder = shards_folder(dir);
    match fs::remove_dir_all(&folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(LabError::io("remove", &folder)(error)),
        _ => remove_temporary_files(dir),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    use crate::design::Design;
    use crate::run_directory::{ColumnKind, EventCells, FORMAT_VERSION, ScenarioKey, shard_marker};

    const HISTORIES: u64 = 300;
    const BLOCK: u64 = 32;

    fn columns() -> Columns {
        Columns {
            accounts: vec!["state".to_owned(), "street".to_owned()],
            outcomes: vec![
                ("killed".to_owned(), ColumnKind::Number),
                ("granted".to_owned(), ColumnKind::YesNo),
                ("grant_date".to_owned(), ColumnKind::Date),
            ],
            parameters: vec![
                ("rate".to_owned(), ColumnKind::Number),
                ("lead_decides".to_owned(), ColumnKind::YesNo),
            ],
            series: vec!["crowd".to_owned(), "troops".to_owned()],
            start: 18_993,
            days: 10,
        }
    }

    fn manifest(shard_size: u64) -> Manifest {
        Manifest {
            format: FORMAT_VERSION,
            equipoise: "0".to_owned(),
            scenario: ScenarioKey { id: "invented".to_owned(), hash: "0".to_owned() },
            policy: None,
            posterior: None,
            account: None,
            seed: 1,
            design: Design::Sobol,
            design_table: None,
            histories: HISTORIES,
            part: None,
            until: None,
            kept: None,
            block: BLOCK,
            shard_size: Some(shard_size),
            complete: false,
            files: Vec::new(),
            tables: BTreeMap::new(),
        }
    }

    /// An invented history: everything in it follows from its number.
    fn invent(number: u64, block: &mut Block) {
        let x = number as f64;
        let granted = number.is_multiple_of(3);
        let date = if granted { (number % 7) as f64 } else { f64::NAN };
        let outcomes = [x.sqrt(), f64::from(u8::from(granted)), date];
        let series: Vec<f32> = (0..20).map(|i| (number * i) as f32).collect();
        block.push(number, (number % 2) as usize, &outcomes, &[x.sin(), x % 2.0], &series);
        let all: Vec<u32> = (0..number as u32 % 5).collect();
        for event in 0..number as u32 % 5 {
            let cells = EventCells {
                day: event,
                hour: 3,
                kind: "granted",
                subject: event as usize % 2,
                amount: x as f32,
                causes: &all[..event as usize],
            };
            block.push_event(event, &cells);
        }
    }

    fn names() -> Vec<String> {
        vec![String::new(), "CSTO".to_owned()]
    }

    /// Fills a folder on some threads; `stop_before` cancels just before that history.
    fn fill(dir: &Path, shard_size: u64, threads: usize, stop_before: Option<u64>) -> Result<u64, LabError> {
        let (cancel, done) = (AtomicBool::new(false), AtomicU64::new(0));
        let control = Control { cancel: &cancel, done: &done };
        let worker = || {
            |number: u64, block: &mut Block| {
                invent(number, block);
                if stop_before == Some(number + 1) {
                    cancel.store(true, Ordering::Relaxed);
                }
            }
        };
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| fill_directory(dir, manifest(shard_size), &columns(), &names(), &control, worker))
            .map(|(_, simulated)| simulated)
    }

    fn tables(dir: &Path) -> Vec<Vec<u8>> {
        Table::ALL.iter().map(|table| fs::read(table.path(dir)).unwrap()).collect()
    }

    fn reference() -> Vec<Vec<u8>> {
        let dir = tempfile::tempdir().unwrap();
        fill(dir.path(), BLOCK, 1, None).unwrap();
        tables(dir.path())
    }

    #[test]
    fn a_run_without_events_outcomes_or_series_is_a_run_all_the_same() {
        let dir = tempfile::tempdir().unwrap();
        let bare = Columns { outcomes: Vec::new(), parameters: Vec::new(), series: Vec::new(), ..columns() };
        let (cancel, done) = (AtomicBool::new(false), AtomicU64::new(0));
        let control = Control { cancel: &cancel, done: &done };
        let worker = || |number: u64, block: &mut Block| block.push(number, 0, &[], &[], &[]);
        let (manifest, _) =
            fill_directory(dir.path(), manifest(BLOCK), &bare, &names(), &control, worker).unwrap();
        let rows: Vec<u64> = manifest.tables.values().map(|table| table.rows).collect();
        // By name: events, outcomes, parameters, series (of ten days each).
        assert_eq!(rows, [0, HISTORIES, HISTORIES, HISTORIES * 10]);
    }

    #[test]
    fn threads_and_shards_leave_no_trace_in_the_tables() {
        let expected = reference();
        for threads in [1, 2, 7] {
            for shard_size in [32, 64, 96, 320] {
                let dir = tempfile::tempdir().unwrap();
                fill(dir.path(), shard_size, threads, None).unwrap();
                assert!(tables(dir.path()) == expected, "{threads} threads, shards of {shard_size}");
                assert!(!shards_folder(dir.path()).exists());
            }
        }
    }

    #[test]
    fn an_interrupted_run_keeps_its_shards_and_ends_the_same() {
        let expected = reference();
        for stop_before in [1, 33, 100, 299, 300] {
            let dir = tempfile::tempdir().unwrap();
            let error = fill(dir.path(), BLOCK, 1, Some(stop_before)).unwrap_err();
            let LabError::Interrupted { complete, total } = error else {
                panic!("{error}");
            };
            assert_eq!(total, HISTORIES);
            let whole_shards = if stop_before == 300 { 300 } else { stop_before / BLOCK * BLOCK };
            assert_eq!(complete, whole_shards);
            assert_eq!(fill(dir.path(), BLOCK, 2, None).unwrap(), HISTORIES - complete);
            assert!(tables(dir.path()) == expected, "stopped before {stop_before}");
        }
    }

    /// A folder in which every shard is committed and joining was cancelled.
    fn all_shards() -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        fill(dir.path(), BLOCK, 1, Some(HISTORIES)).unwrap_err();
        dir
    }

    #[test]
    fn a_run_killed_while_joining_ends_the_same() {
        let expected = reference();
        // Nothing joined; half a table under its temporary name; some tables in place; all in place.
        for stage in 0..4 {
            let dir = all_shards();
            match stage {
                1 => fs::write(dir.path().join("series.parquet.partial"), &expected[2][..100]).unwrap(),
                2 => fs::write(Table::Outcomes.path(dir.path()), &expected[0]).unwrap(),
                3 => {
                    for (table, bytes) in Table::ALL.iter().zip(&expected) {
                        fs::write(table.path(dir.path()), bytes).unwrap();
                    }
                }
                _ => {}
            }
            assert_eq!(fill(dir.path(), BLOCK, 2, None).unwrap(), 0);
            assert!(tables(dir.path()) == expected, "stage {stage}");
            assert!(!dir.path().join("series.parquet.partial").exists());
        }
    }

    #[test]
    fn a_run_killed_before_a_commit_marker_simulates_that_shard_again() {
        let expected = reference();
        let dir = all_shards();
        fs::remove_file(shard_marker(dir.path(), 3)).unwrap();
        fs::write(shard_table(dir.path(), 3, Table::Series), b"half").unwrap();
        fs::remove_file(shard_table(dir.path(), 3, Table::Events)).unwrap();
        fs::write(shards_folder(dir.path()).join("00003.events.parquet.partial"), b"PAR1").unwrap();
        assert_eq!(fill(dir.path(), BLOCK, 2, None).unwrap(), BLOCK);
        assert!(tables(dir.path()) == expected);
    }

    #[test]
    fn a_damaged_shard_is_named_with_both_sizes_and_nothing_is_removed() {
        let dir = all_shards();
        let path = shard_table(dir.path(), 2, Table::Series);
        let whole = fs::read(&path).unwrap();
        let before = fs::read_dir(shards_folder(dir.path())).unwrap().count();

        fs::write(&path, &whole[..whole.len() - 5]).unwrap();
        let message = fill(dir.path(), BLOCK, 1, None).unwrap_err().to_string();
        assert!(message.contains("00002.series.parquet"), "{message}");
        assert!(
            message.contains(&format!("{} bytes expected, {} bytes found", whole.len(), whole.len() - 5)),
            "{message}"
        );
        assert!(message.contains("remove the files 00002.*"), "{message}");

        let mut flipped = whole.clone();
        flipped[40] ^= 1;
        fs::write(&path, &flipped).unwrap();
        let message = fill(dir.path(), BLOCK, 1, None).unwrap_err().to_string();
        assert!(message.contains("checksum differs"), "{message}");

        fs::remove_file(&path).unwrap();
        let message = fill(dir.path(), BLOCK, 1, None).unwrap_err().to_string();
        assert!(message.contains("is missing"), "{message}");
        assert_eq!(fs::read_dir(shards_folder(dir.path())).unwrap().count(), before - 1);

        fs::write(shard_marker(dir.path(), 2), b"{").unwrap();
        let message = fill(dir.path(), BLOCK, 1, None).unwrap_err().to_string();
        assert!(message.contains("00002.json"), "{message}");
    }
}
