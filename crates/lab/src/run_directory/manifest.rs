//! The manifest: what was run, in one JSON file that is always whole.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::ops::Range;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::atomic_file::{Seal, write_atomically};
use super::part::Part;
use crate::design::Design;
use crate::error::LabError;
use crate::precision::Until;

/// Version of the layout of run directories.
pub const FORMAT_VERSION: u32 = 1;

/// What a run directory holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of the layout.
    pub format: u32,
    /// Version of Equipoise that began the run.
    pub equipoise: String,
    /// The scenario.
    pub scenario: ScenarioKey,
    /// The policy it was run under.
    pub policy: Option<String>,
    /// Checksum of the posterior that parameters were drawn from, if one was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub posterior: Option<String>,
    /// The only account that was drawn, if one was asked for.
    pub account: Option<String>,
    /// Seed of the design and of every history.
    pub seed: u64,
    /// Kind of design.
    pub design: Design,
    /// Checksum of the table that gave the design row by row, if one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub design_table: Option<String>,
    /// Number of histories; while a run with a stated precision goes on, the most it may take.
    pub histories: u64,
    /// The part of the histories that this folder holds, where it is not all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<Part>,
    /// The precision the run is to reach, if one was stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Until>,
    /// What is there already of a run that is being made longer; a complete run no longer knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept: Option<Kept>,
    /// Histories in a row group of the tables.
    pub block: u64,
    /// Histories in a shard, a multiple of the block, while running; a complete run no longer knows.
    pub shard_size: Option<u64>,
    /// Whether the tables are there.
    pub complete: bool,
    /// The scenario's files, and where their copies lie.
    pub files: Vec<StoredFile>,
    /// Rows, size and checksum of each table, by name; empty until complete.
    pub tables: BTreeMap<String, TableSeal>,
}

/// The first histories of a run that is being made longer, as they were written when it was shorter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// How many histories are kept, in whole blocks.
    pub histories: u64,
    /// Rows, size and checksum of each table they stand in, by name.
    pub tables: BTreeMap<String, TableSeal>,
}

/// Which scenario, exactly.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScenarioKey {
    /// Name of its folder.
    pub id: String,
    /// Its checksum.
    pub hash: String,
}

/// A file of the scenario and its copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredFile {
    /// Path relative to the scenario's folder.
    pub path: String,
    /// Path relative to the run directory.
    pub copy: String,
    /// Size of the copy.
    pub bytes: u64,
    /// BLAKE3 of the copy, hexadecimal.
    pub blake3: String,
}

/// Rows, size and checksum of a table's file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableSeal {
    /// Rows.
    pub rows: u64,
    /// Size of the file.
    pub bytes: u64,
    /// BLAKE3 of the file, hexadecimal.
    pub blake3: String,
}

impl TableSeal {
    pub(crate) fn new(rows: u64, seal: Seal) -> TableSeal {
        TableSeal { rows, bytes: seal.bytes, blake3: seal.blake3 }
    }

    /// Compares with the file as it is now.
    pub(crate) fn check(&self, path: &Path, found: Option<Seal>, advice: &str) -> Result<(), LabError> {
        let same = found.as_ref().is_some_and(|seal| seal.bytes == self.bytes && seal.blake3 == self.blake3);
        if same {
            return Ok(());
        }
        Err(LabError::Corrupt {
            path: path.to_owned(),
            expected_bytes: self.bytes,
            found_bytes: found.map(|seal| seal.bytes),
            advice: advice.to_owned(),
        })
    }
}

impl Manifest {
    /// Reads the manifest of a run directory, finished or not.
    ///
    /// # Errors
    /// The folder is not a run directory, or its manifest cannot be read.
    pub fn read(dir: &Path) -> Result<Manifest, LabError> {
        let path = dir.join("manifest.json");
        let not_a_run = |why: String| LabError::NotARun { path: dir.to_owned(), why };
        let text = match fs::read(&path) {
            Ok(text) => text,
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                return Err(not_a_run("it has no manifest.json".to_owned()));
            }
            Err(error) => return Err(LabError::io("read", &path)(error)),
        };
        let value: serde_json::Value = serde_json::from_slice(&text)
            .map_err(|error| not_a_run(format!("its manifest.json cannot be read ({error})")))?;
        if let Some(version) = value.get("format").and_then(serde_json::Value::as_u64)
            && version != u64::from(FORMAT_VERSION)
        {
            return Err(not_a_run(format!(
                "its format is version {version}, and this Equipoise reads version {FORMAT_VERSION}"
            )));
        }
        serde_json::from_value(value)
            .map_err(|error| not_a_run(format!("its manifest.json is not one of ours ({error})")))
    }

    /// The number of histories that was asked for: the most, where a precision was stated.
    #[must_use]
    pub fn planned(&self) -> u64 {
        self.until.as_ref().map_or(self.histories, |until| until.at_most)
    }

    /// The histories whose rows this folder holds.
    #[must_use]
    pub fn held(&self) -> Range<u64> {
        self.part.map_or(0..self.histories, |part| part.range(self.histories, self.block))
    }

    /// Puts the manifest in its place.
    pub(crate) fn write(&self, dir: &Path) -> Result<(), LabError> {
        let mut text = serde_json::to_vec_pretty(self).map_err(|error| LabError::BadPlan {
            why: format!("its manifest cannot be encoded ({error})"),
        })?;
        text.push(b'\n');
        write_atomically(&dir.join("manifest.json"), &text)?;
        Ok(())
    }
}
