//! Before anything is simulated: a folder becomes a run directory, or is checked to be the right one.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use equipoise_scenario::Scenario;
use rayon::prelude::*;

use super::Plan;
use super::longer::can_grow;
use crate::error::LabError;
use crate::precision::{Precision, Reached, Until};
use crate::run_directory::{
    FORMAT_VERSION, Manifest, Part, ScenarioKey, StoredFile, Table, block_size, is_temporary,
    remove_temporary_files, seal_of, shard_size, stored_path, write_atomically,
};

/// The largest block of a run that stops when it is exact enough.
const LOOK_BLOCK: u64 = 512;

/// Whether a folder is missing, empty, or holds no more than files half written.
pub(super) fn is_vacant(dir: &Path) -> Result<bool, LabError> {
    let entries = match fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(true),
        Err(error) => return Err(LabError::io("read", dir)(error)),
    };
    for entry in entries {
        let path = entry.map_err(LabError::io("read", dir))?.path();
        if !is_temporary(&path) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Makes the folder and writes its manifest; from then on it can be resumed.
pub(super) fn begin(
    scenario: &Scenario,
    plan: &Plan,
    until: &[Precision],
    dir: &Path,
) -> Result<(), LabError> {
    fs::create_dir_all(dir).map_err(LabError::io("create", dir))?;
    let mut entries = fs::read_dir(dir).map_err(LabError::io("read", dir))?;
    if entries.next().is_some() {
        return Err(LabError::NotEmpty { path: dir.to_owned() });
    }
    let block = block_size(plan.histories, scenario.days, scenario.series.len());
    let threads = if plan.threads == 0 { rayon::current_num_threads() } else { plan.threads };
    let shard = plan.shard_size.unwrap_or_else(|| shard_size(plan.histories, block, threads));
    let shard = shard.clamp(1, plan.histories).next_multiple_of(block);
    let until = (!until.is_empty()).then(|| {
        let goals = until.iter().map(|wanted| Reached { wanted: wanted.clone(), reached: None });
        Until { at_most: plan.histories, goals: goals.collect() }
    });
    // A run that may stop at any look has shards that end there: single blocks.
    let (block, shard) =
        if until.is_some() { (block.min(LOOK_BLOCK), block.min(LOOK_BLOCK)) } else { (block, shard) };
    let files = scenario.files.iter().map(|(path, content)| StoredFile {
        path: path.clone(),
        copy: stored_path(path),
        bytes: content.len() as u64,
        blake3: blake3::hash(content).to_hex().to_string(),
    });
    let manifest = Manifest {
        format: FORMAT_VERSION,
        equipoise: env!("CARGO_PKG_VERSION").to_owned(),
        scenario: ScenarioKey { id: scenario.id.clone(), hash: scenario.hash.clone() },
        policy: plan.policy.clone(),
        posterior: plan.posterior.as_ref().map(|posterior| posterior.checksum.clone()),
        account: plan.account.map(|account| scenario.evidence.accounts[account].id.clone()),
        seed: plan.seed,
        design: plan.design,
        design_table: plan.table.as_ref().map(|table| table.checksum.clone()),
        histories: plan.histories,
        part: plan.part,
        until,
        kept: None,
        block,
        shard_size: Some(shard),
        complete: false,
        files: files.collect(),
        tables: BTreeMap::new(),
    };
    if manifest.held().is_empty() {
        return Err(LabError::BadPlan {
            why: format!(
                "{} histories are {} blocks, which cannot be divided into more parts",
                plan.histories,
                plan.histories.div_ceil(block)
            ),
        });
    }
    if let Some(table) = &plan.table {
        table.write(dir)?;
    }
    manifest.write(dir)
}

/// Whether a run directory is one of this scenario and plan. The number of threads and the shard size may differ, and the
/// plan may be longer than a finished run.
pub(super) fn check_same(
    manifest: &Manifest,
    scenario: &Scenario,
    plan: &Plan,
    dir: &Path,
) -> Result<(), LabError> {
    let (kept, now) = (&manifest.scenario, scenario);
    if kept.id != now.id || kept.hash != now.hash {
        return Err(LabError::OtherScenario {
            path: dir.to_owned(),
            found: [kept.id.clone(), kept.hash.clone()],
            expected: [now.id.clone(), now.hash.clone()],
        });
    }
    let account = plan.account.map(|account| scenario.evidence.accounts[account].id.clone());
    let posterior = plan.posterior.as_ref().map(|posterior| posterior.checksum.clone());
    let table = plan.table.as_ref().map(|table| table.checksum.clone());
    let part = |part: Option<Part>| part.map(|part| part.to_string());
    let or_none = |option: &Option<String>| option.clone().unwrap_or_else(|| "none".to_owned());
    let histories = if can_grow(manifest, plan) { manifest.histories } else { plan.histories };
    let options = [
        ("--seed", manifest.seed.to_string(), plan.seed.to_string()),
        ("--design", manifest.design.to_string(), plan.design.to_string()),
        ("--histories", manifest.planned().to_string(), histories.to_string()),
        ("--account", or_none(&manifest.account), or_none(&account)),
        ("--policy", or_none(&manifest.policy), or_none(&plan.policy)),
        ("--posterior", or_none(&manifest.posterior), or_none(&posterior)),
        ("the design table", or_none(&manifest.design_table), or_none(&table)),
        ("--shard", or_none(&part(manifest.part)), or_none(&part(plan.part))),
    ];
    for (option, found, expected) in options {
        if found != expected {
            return Err(LabError::OtherPlan { path: dir.to_owned(), option, found, expected });
        }
    }
    let version = env!("CARGO_PKG_VERSION");
    if manifest.equipoise != version && !manifest.complete {
        return Err(LabError::NotARun {
            path: dir.to_owned(),
            why: format!(
                "it was begun by Equipoise {}, and only that version can finish it (this is {version})",
                manifest.equipoise
            ),
        });
    }
    Ok(())
}

/// Whether a run was begun with this precision.
pub(super) fn check_same_precision(
    manifest: &Manifest,
    until: &[Precision],
    dir: &Path,
) -> Result<(), LabError> {
    let listed = |all: &mut dyn Iterator<Item = &Precision>| {
        let texts: Vec<String> = all.map(ToString::to_string).collect();
        if texts.is_empty() { "none".to_owned() } else { texts.join(" --until ") }
    };
    let goals = manifest.until.iter().flat_map(|until| &until.goals);
    let found = listed(&mut goals.map(|goal| &goal.wanted));
    let expected = listed(&mut until.iter());
    if found == expected {
        return Ok(());
    }
    Err(LabError::OtherPlan { path: dir.to_owned(), option: "--until", found, expected })
}

/// Puts the copy of the scenario in its place, where it is not there already.
pub(super) fn copy_scenario(scenario: &Scenario, manifest: &Manifest, dir: &Path) -> Result<(), LabError> {
    for (stored, (_, content)) in manifest.files.iter().zip(&scenario.files) {
        let path = dir.join(&stored.copy);
        let there = seal_of(&path)?.is_some_and(|seal| seal.blake3 == stored.blake3);
        if !there {
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder).map_err(LabError::io("create", folder))?;
                remove_temporary_files(folder)?;
            }
            write_atomically(&path, content)?;
        }
    }
    Ok(())
}

/// Whether the tables of a complete run are as written.
pub(crate) fn check_tables(manifest: &Manifest, dir: &Path) -> Result<(), LabError> {
    Table::ALL.par_iter().try_for_each(|table| {
        let path = table.path(dir);
        match manifest.tables.get(table.name()) {
            Some(seal) => seal.check(
                &path,
                seal_of(&path)?,
                "run the ensemble again in another folder, or restore the file from a copy",
            ),
            None => Err(LabError::NotARun {
                path: dir.to_owned(),
                why: format!("its manifest.json says nothing of {}", table.name()),
            }),
        }
    })
}
