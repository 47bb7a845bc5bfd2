//! Where a run goes: never over another one.

use std::fs;
use std::path::{Path, PathBuf};

use equipoise_lab::Manifest;

use crate::args::RunArgs;

/// The folder of a run.
#[derive(Debug, PartialEq, Eq)]
pub struct Place {
    /// Where it goes.
    pub dir: PathBuf,
    /// The folder it would have gone to, had that not been taken.
    pub taken: Option<PathBuf>,
}

/// Chooses the folder: the one given; else the first free of `runs/<scenario>[-<policy>]`, `…-2`, `…-3`; to resume, the
/// last of them that is unfinished, or else the last. A part always goes to `runs/<scenario>[-<policy>]-part-3-of-16`.
pub fn choose(args: &RunArgs, scenario: &str) -> Place {
    match &args.out {
        Some(dir) => Place { dir: dir.clone(), taken: None },
        None => {
            let policy = args.policy.as_ref();
            let base = policy.map_or(scenario.to_owned(), |policy| format!("{scenario}-{policy}"));
            if let Some(part) = args.shard {
                let dir = Path::new("runs").join(format!("{base}-part-{}-of-{}", part.number, part.of));
                return Place { dir, taken: None };
            }
            let unfinished = |dir: &Path| Manifest::read(dir).is_ok_and(|manifest| !manifest.complete);
            by_default(Path::new("runs"), &base, args.resume, &unfinished)
        }
    }
}

/// The first free of `base`, `base-2`, `base-3` …; to resume, the last of them that is unfinished, or else the last.
pub fn by_default(runs: &Path, base: &str, resume: bool, unfinished: &dyn Fn(&Path) -> bool) -> Place {
    let numbered =
        |number: u64| runs.join(if number == 1 { base.to_owned() } else { format!("{base}-{number}") });
    let taken: Vec<PathBuf> = (1..).map(numbered).take_while(|dir| is_taken(dir)).collect();
    let free = numbered(taken.len() as u64 + 1);
    if resume {
        let dir = taken.iter().rev().find(|dir| unfinished(dir)).or(taken.last()).cloned().unwrap_or(free);
        return Place { dir, taken: None };
    }
    Place { dir: free, taken: taken.last().cloned() }
}

/// Whether something lies there: an empty folder is as good as none.
fn is_taken(dir: &Path) -> bool {
    match fs::read_dir(dir) {
        Ok(mut entries) => entries.next().is_some(),
        Err(_) => dir.exists(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_run_never_goes_over_another() {
        let runs = tempfile::tempdir().unwrap();
        let at = |name: &str| runs.path().join(name);
        assert_eq!(by_default(runs.path(), "x", false, &|_| false), Place { dir: at("x"), taken: None });
        for name in ["x", "x-2", "x-early"] {
            fs::create_dir(at(name)).unwrap();
            fs::write(at(name).join("file"), "").unwrap();
        }
        assert_eq!(
            by_default(runs.path(), "x", false, &|_| false),
            Place { dir: at("x-3"), taken: Some(at("x-2")) }
        );
        assert_eq!(by_default(runs.path(), "x-early", false, &|_| false).dir, at("x-early-2"));
    }

    #[test]
    fn resuming_takes_up_the_last_run() {
        let runs = tempfile::tempdir().unwrap();
        let at = |name: &str| runs.path().join(name);
        assert_eq!(by_default(runs.path(), "x", true, &|_| false).dir, at("x"));
        for name in ["x", "x-2"] {
            fs::create_dir(at(name)).unwrap();
            fs::write(at(name).join("file"), "").unwrap();
        }
        assert_eq!(by_default(runs.path(), "x", true, &|_| false), Place { dir: at("x-2"), taken: None });
    }
}
