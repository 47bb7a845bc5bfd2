//! What can go wrong between a plan and a finished run, each said in one sentence with what to do.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// An error of the lab.
#[derive(Debug)]
pub enum LabError {
    /// A treaty or its cases cannot be judged or learnt from: why.
    Treaty(String),
    /// A file or folder could not be read or written.
    Io {
        /// What was tried, such as "write".
        doing: &'static str,
        /// Which file or folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A table could not be encoded or decoded.
    Table {
        /// Which file.
        path: PathBuf,
        /// What the Parquet library says.
        message: String,
    },
    /// The output folder holds something already.
    NotEmpty {
        /// Which folder.
        path: PathBuf,
    },
    /// The folder is not a run directory, or one of a kind this version cannot read.
    NotARun {
        /// Which folder.
        path: PathBuf,
        /// How that was seen.
        why: String,
    },
    /// The folder is not a comparison, or its runs do not belong together.
    NotAComparison {
        /// Which folder.
        path: PathBuf,
        /// How that was seen.
        why: String,
    },
    /// The folder holds no posterior, or none that can be used.
    NotAPosterior {
        /// Which folder.
        path: PathBuf,
        /// How that was seen.
        why: String,
    },
    /// The run was interrupted and has no tables yet.
    Unfinished {
        /// Which folder.
        path: PathBuf,
    },
    /// The run directory belongs to another scenario, or to another version of it.
    OtherScenario {
        /// Which folder.
        path: PathBuf,
        /// Id and hash in the folder.
        found: [String; 2],
        /// Id and hash that were asked for.
        expected: [String; 2],
    },
    /// The run directory was begun with other options.
    OtherPlan {
        /// Which folder.
        path: PathBuf,
        /// Which option.
        option: &'static str,
        /// Its value in the folder.
        found: String,
        /// Its value now.
        expected: String,
    },
    /// A file of the run directory is not what was written.
    Corrupt {
        /// Which file.
        path: PathBuf,
        /// Its size when written, in bytes.
        expected_bytes: u64,
        /// Its size now; `None` if it is gone.
        found_bytes: Option<u64>,
        /// What to do.
        advice: String,
    },
    /// A name that the scenario does not have.
    Unknown {
        /// What was looked for: "outcome", "account", "parameter", "series", "policy".
        what: &'static str,
        /// The name given.
        name: String,
        /// The names there are.
        known: Vec<String>,
    },
    /// A history number beyond the run's.
    NoSuchHistory {
        /// The number given.
        history: u64,
        /// How many there are.
        histories: u64,
    },
    /// The plan or the scenario cannot be run as it stands.
    BadPlan {
        /// Why.
        why: String,
    },
    /// The copy of the scenario in the run directory cannot be loaded.
    BadScenarioCopy {
        /// Which folder.
        path: PathBuf,
        /// The mistakes found.
        why: String,
    },
    /// The run was cancelled; everything complete is kept.
    Interrupted {
        /// Histories kept.
        complete: u64,
        /// Histories planned.
        total: u64,
    },
}

impl LabError {
    /// An [`LabError::Io`] for a path.
    pub(crate) fn io(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> LabError {
        move |source| LabError::Io { doing, path: path.to_owned(), source }
    }

    /// An error of the Parquet library; a system error inside it keeps its kind.
    pub(crate) fn table(
        doing: &'static str,
        path: &Path,
    ) -> impl FnOnce(parquet::errors::ParquetError) -> LabError {
        use parquet::errors::ParquetError;
        move |error| match error {
            ParquetError::External(inner) => match inner.downcast::<io::Error>() {
                Ok(source) => LabError::Io { doing, path: path.to_owned(), source: *source },
                Err(inner) => LabError::Table { path: path.to_owned(), message: inner.to_string() },
            },
            other => LabError::Table { path: path.to_owned(), message: other.to_string() },
        }
    }
}

impl fmt::Display for LabError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LabError::Treaty(why) => f.write_str(why),
            LabError::Io { doing, path, source } => {
                let path = path.display();
                match source.kind() {
                    io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => write!(
                        f,
                        "cannot {doing} {path}: the disk is full; free some space and go on with --resume"
                    ),
                    io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => write!(
                        f,
                        "cannot {doing} {path}: permission denied or a read-only file system; choose another folder with --out"
                    ),
                    io::ErrorKind::NotFound => write!(f, "cannot {doing} {path}: no such file or folder"),
                    _ => write!(f, "cannot {doing} {path}: {source}"),
                }
            }
            LabError::Table { path, message } => {
                write!(f, "cannot use the table {}: {message}", path.display())
            }
            LabError::NotEmpty { path } => write!(
                f,
                "{} is not empty; choose another folder with --out, or finish the run in it with --resume",
                path.display()
            ),
            LabError::NotARun { path, why } => {
                write!(f, "{} is not a run directory: {why}", path.display())
            }
            LabError::NotAComparison { path, why } => {
                write!(f, "{} is not a comparison: {why}; `equipoise compare` makes one", path.display())
            }
            LabError::NotAPosterior { path, why } => {
                write!(f, "{} holds no posterior that can be used: {why}", path.display())
            }
            LabError::Unfinished { path } => {
                write!(f, "the run in {} is not finished; finish it with --resume", path.display())
            }
            LabError::OtherScenario { path, found: [found_id, found_hash], expected: [id, hash] } => write!(
                f,
                "{} is a run of {found_id} (hash {}), not of {id} (hash {}); start a new run in another folder",
                path.display(),
                short(found_hash),
                short(hash)
            ),
            LabError::OtherPlan { path, option, found, expected } => write!(
                f,
                "{} was begun with {option} {found}, not {expected}; resume with {option} {found}, or start a new run in another folder",
                path.display()
            ),
            LabError::Corrupt { path, expected_bytes, found_bytes, advice } => match found_bytes {
                None => {
                    write!(f, "{} is missing ({expected_bytes} bytes expected); {advice}", path.display())
                }
                Some(found) if found == expected_bytes => write!(
                    f,
                    "{} is damaged: {expected_bytes} bytes expected, {found} bytes found, but the checksum differs; {advice}",
                    path.display()
                ),
                Some(found) => write!(
                    f,
                    "{} is damaged: {expected_bytes} bytes expected, {found} bytes found; {advice}",
                    path.display()
                ),
            },
            LabError::Unknown { what, name, known } => {
                if known.is_empty() {
                    write!(f, "there is no {what} {name:?}; this scenario has none")
                } else {
                    write!(f, "there is no {what} {name:?}; there are: {}", known.join(", "))
                }
            }
            LabError::NoSuchHistory { history, histories } => {
                write!(f, "there is no history {history}; the run has {histories}, counted from 0")
            }
            LabError::BadPlan { why } => write!(f, "this cannot be run: {why}"),
            LabError::BadScenarioCopy { path, why } => {
                write!(f, "the scenario kept in {} cannot be loaded: {why}", path.display())
            }
            LabError::Interrupted { complete, total } => write!(
                f,
                "interrupted with {complete} of {total} histories complete and kept; go on with --resume"
            ),
        }
    }
}

impl std::error::Error for LabError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            LabError::Io { source, .. } => Some(source),
            _ => None,
        }
    }
}

/// The first characters of a hash: enough to tell two apart.
fn short(hash: &str) -> &str {
    hash.get(..12).unwrap_or(hash)
}
