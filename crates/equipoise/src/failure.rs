//! What can end a command early, and the exit code it ends with.

use std::fmt;
use std::io;
use std::path::PathBuf;

use equipoise_lab::LabError;
use equipoise_scenario::Diagnostics;
use equipoise_view::wording;

/// Why a command did not do what was asked.
#[derive(Debug)]
pub enum Failure {
    /// The input or the machine is at fault: one message.
    Wrong(String),
    /// A scenario's files have mistakes.
    Mistakes {
        /// The folder, as it was named.
        scenario: String,
        /// What is wrong in it.
        found: Diagnostics,
    },
    /// The user stopped a run; what is complete is kept.
    Interrupted {
        /// Histories kept.
        complete: u64,
        /// Histories planned.
        total: u64,
        /// The folder of the run.
        dir: PathBuf,
        /// The command that goes on with it.
        resume: String,
    },
    /// The user stopped something that leaves nothing behind.
    Stopped(String),
    /// Whoever read our output has closed it: nothing to say, and nobody to say it to.
    Unheard,
}

impl Failure {
    /// The exit code of the program.
    pub fn exit_code(&self) -> u8 {
        match self {
            Failure::Wrong(_) | Failure::Mistakes { .. } => 2,
            Failure::Interrupted { .. } | Failure::Stopped(_) => 130,
            Failure::Unheard => 0,
        }
    }

    /// A file or folder that could not be read or written.
    pub fn io(doing: &str, path: &std::path::Path, error: &io::Error) -> Failure {
        Failure::Wrong(format!("cannot {doing} {}: {error}", path.display()))
    }

    /// A name that is none of the known ones, with the nearest of them.
    pub fn unknown(what: &str, name: &str, known: &[&str]) -> Failure {
        Failure::Wrong(wording::unknown(what, name, known))
    }
}

impl From<LabError> for Failure {
    fn from(error: LabError) -> Failure {
        match &error {
            LabError::Unknown { what, name, known } => {
                let known: Vec<&str> = known.iter().map(String::as_str).collect();
                Failure::unknown(what, name, &known)
            }
            _ => Failure::Wrong(error.to_string()),
        }
    }
}

impl From<Diagnostics> for Failure {
    /// The mistakes of one input file.
    fn from(found: Diagnostics) -> Failure {
        let scenario = found.list.first().map_or(String::new(), |first| first.file.clone());
        Failure::Mistakes { scenario, found }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Wrong(message) | Failure::Stopped(message) => f.write_str(message),
            Failure::Mistakes { scenario, found } => write!(f, "{scenario}:\n{found}"),
            Failure::Interrupted { complete, total, dir, resume } => write!(
                f,
                "interrupted: {} of {} histories are complete and kept in {}; go on with\n  {resume}",
                wording::whole(*complete),
                wording::whole(*total),
                dir.display()
            ),
            Failure::Unheard => Ok(()),
        }
    }
}
