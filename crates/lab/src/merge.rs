//! Joining the parts of a run that was divided among machines: they are checked and their tables copied together.
//!
//! Nothing is simulated or encoded again. Parts hold whole blocks, so the tables are byte for byte those of a run on
//! one machine.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::design::DesignTable;
use crate::ensemble::{Control, check_tables};
use crate::error::LabError;
use crate::read::scenario_of;
use crate::run_directory::{
    Columns, Manifest, Part, Piece, Table, is_temporary, join, remove_temporary_files, seal_of, sync_folder,
    write_atomically,
};

/// Joins complete parts into a run directory. A folder in which joining was begun before is gone on with.
///
/// # Errors
/// A folder is no complete part, parts belong to different runs, one is missing, given twice or damaged, the output
/// holds something else or cannot be written, or it was cancelled.
pub fn merge(parts: &[PathBuf], out: &Path, control: &Control) -> Result<Manifest, LabError> {
    let parts = in_order(parts)?;
    let (first_dir, first) = &parts[0];
    let whole = Manifest { part: None, complete: false, tables: BTreeMap::new(), ..first.clone() };
    check_free(out, &whole)?;
    parts.par_iter().try_for_each(|(dir, manifest)| check_tables(manifest, dir))?;
    fs::create_dir_all(out).map_err(LabError::io("create", out))?;
    let scenario = scenario_of(first, first_dir)?;
    for stored in &first.files {
        let (from, to) = (first_dir.join(&stored.copy), out.join(&stored.copy));
        let content = fs::read(&from).map_err(LabError::io("read", &from))?;
        if let Some(folder) = to.parent() {
            fs::create_dir_all(folder).map_err(LabError::io("create", folder))?;
        }
        write_atomically(&to, &content)?;
    }
    if let Some(checksum) = &first.design_table {
        DesignTable::read(&scenario, checksum, first_dir)?.write(out)?;
    }
    let columns = Columns::of(&scenario);
    let seals: Vec<_> = Table::ALL
        .par_iter()
        .map(|&table| {
            let files = parts.iter().map(|(dir, _)| Piece::whole(table.path(dir)));
            join(out, &columns, table, files, control.cancel)
        })
        .collect::<Result<_, _>>()?;
    let mut manifest = Manifest { complete: true, ..whole };
    for (table, seal) in Table::ALL.iter().zip(seals) {
        let Some(seal) = seal else {
            return Err(LabError::Interrupted { complete: 0, total: manifest.histories });
        };
        manifest.tables.insert(table.name().to_owned(), seal);
    }
    sync_folder(out);
    manifest.write(out)?;
    remove_temporary_files(out)?;
    Ok(manifest)
}

/// The parts in their order, every one there once.
fn in_order(dirs: &[PathBuf]) -> Result<Vec<(PathBuf, Manifest)>, LabError> {
    let mut found: Vec<(Part, PathBuf, Manifest)> = Vec::new();
    for dir in dirs {
        let manifest = Manifest::read(dir)?;
        let Some(part) = manifest.part else {
            return Err(not_a_part(dir, "it is a whole run; there is nothing to join"));
        };
        if !manifest.complete {
            return Err(LabError::Unfinished { path: dir.clone() });
        }
        found.push((part, dir.clone(), manifest));
    }
    found.sort_by_key(|(part, ..)| part.number);
    let Some((Part { of, .. }, first_dir, first)) = found.first().cloned() else {
        return Err(LabError::BadPlan { why: "no parts are given".to_owned() });
    };
    for (part, dir, manifest) in &found {
        if manifest.scenario != first.scenario {
            let both = |manifest: &Manifest| [manifest.scenario.id.clone(), manifest.scenario.hash.clone()];
            return Err(LabError::OtherScenario {
                path: dir.clone(),
                found: both(manifest),
                expected: both(&first),
            });
        }
        let other = Manifest { part: first.part, tables: first.tables.clone(), ..manifest.clone() };
        if other != first || part.of != of {
            let why = format!("it is a part of another run than {}", first_dir.display());
            return Err(not_a_part(dir, &why));
        }
    }
    for pair in found.windows(2) {
        if pair[0].0 == pair[1].0 {
            let why = format!("it is part {}, as is {}", pair[1].0, pair[0].1.display());
            return Err(not_a_part(&pair[1].1, &why));
        }
    }
    let missing: Vec<String> = (1..=of)
        .filter(|number| found.iter().all(|(part, ..)| part.number != *number))
        .map(|number| Part { number, of }.to_string())
        .collect();
    if !missing.is_empty() {
        return Err(LabError::BadPlan { why: format!("parts are missing: {}", missing.join(", ")) });
    }
    Ok(found.into_iter().map(|(_, dir, manifest)| (dir, manifest)).collect())
}

fn not_a_part(dir: &Path, why: &str) -> LabError {
    LabError::BadPlan { why: format!("{} cannot be joined: {why}", dir.display()) }
}

/// Whether the output is new, or holds no more than an earlier attempt left.
fn check_free(out: &Path, whole: &Manifest) -> Result<(), LabError> {
    if !out.exists() {
        return Ok(());
    }
    let tables = Table::ALL.map(|table| table.path(out));
    let ours = |path: &Path| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        is_temporary(path)
            || tables.iter().any(|table| table == path)
            || ["scenario", "design.csv"].contains(&name)
    };
    let taken = || LabError::NotEmpty { path: out.to_owned() };
    for entry in fs::read_dir(out).map_err(LabError::io("read", out))? {
        let path = entry.map_err(LabError::io("read", out))?.path();
        if !ours(&path) {
            return Err(taken());
        }
    }
    // Tables alone could be anybody's: the scenario, which is written first, says whose they are.
    for stored in &whole.files {
        let copy = seal_of(&out.join(&stored.copy))?;
        if copy.is_some_and(|seal| seal.blake3 != stored.blake3) {
            return Err(taken());
        }
    }
    Ok(())
}
