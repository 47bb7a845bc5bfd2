//! The scenarios that are part of Equipoise, and where a scenario is found: in a folder, or among these. The same of
//! treaties and cases.

mod treaties;

use std::error::Error;
use std::fmt;
use std::path::Path;

use equipoise_scenario::{Diagnostics, FOLDERS, Scenario, load, load_files, nearest, outside_files};
use include_dir::{Dir, DirEntry, include_dir};

pub use treaties::{cases, open_case, open_treaty, treaties};

static BUNDLED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/scenarios");

/// Why a scenario cannot be opened.
#[derive(Debug)]
pub enum OpenError {
    /// There is neither such a folder nor such a bundled scenario: a sentence, with the nearest name.
    Missing(String),
    /// Its files have mistakes.
    Mistakes(Diagnostics),
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            OpenError::Missing(why) => f.write_str(why),
            OpenError::Mistakes(found) => found.fmt(f),
        }
    }
}

impl Error for OpenError {}

/// Opens the scenario of that name: a folder if there is one, else the bundled one.
///
/// # Errors
/// There is neither, or it has mistakes.
pub fn open(name: &str) -> Result<Scenario, OpenError> {
    let folder = Path::new(name);
    if folder.is_dir() { load(folder).map_err(OpenError::Mistakes) } else { bundled(name) }
}

/// Opens a bundled scenario, whatever folders there are.
///
/// # Errors
/// There is none of this name, or it has mistakes.
pub fn bundled(id: &str) -> Result<Scenario, OpenError> {
    match files(id) {
        Some(files) => load_files(id, files).map_err(OpenError::Mistakes),
        None => Err(OpenError::Missing(missing(id))),
    }
}

/// Names of the bundled scenarios.
pub fn ids() -> impl Iterator<Item = &'static str> {
    BUNDLED
        .dirs()
        .filter(|dir| dir.get_file(dir.path().join("scenario.toml")).is_some())
        .filter_map(|dir| dir.path().to_str())
}

/// The files of a bundled scenario and those it shares, as they would be read from its folder; none if there is none of this name.
pub fn files(id: &str) -> Option<Vec<(String, Vec<u8>)>> {
    ids().find(|known| *known == id)?;
    let dir = BUNDLED.get_dir(id)?;
    let mut files = Vec::new();
    for entry in dir.entries() {
        match entry {
            DirEntry::File(_) => files.push(entry),
            DirEntry::Dir(inside) if FOLDERS.iter().any(|folder| inside.path().ends_with(folder)) => {
                files.extend(inside.entries());
            }
            DirEntry::Dir(_) => {}
        }
    }
    let is_read = |path: &str| [".toml", ".csv", ".md"].iter().any(|ending| path.ends_with(ending));
    let read = files.into_iter().filter_map(|entry| {
        let file = entry.as_file()?;
        let path = file.path().strip_prefix(id).ok()?.to_str()?.replace('\\', "/");
        is_read(&path).then(|| (path, file.contents().to_vec()))
    });
    let mut read: Vec<(String, Vec<u8>)> = read.collect();
    let scenario_toml = read.iter().find(|(path, _)| path == "scenario.toml");
    let text =
        scenario_toml.map(|(_, bytes)| String::from_utf8_lossy(bytes).into_owned()).unwrap_or_default();
    for path in outside_files(&text) {
        let shared = path.strip_prefix("../").and_then(|inside| BUNDLED.get_file(inside));
        if let Some(file) = shared.filter(|_| !read.iter().any(|(known, _)| *known == path)) {
            read.push((path, file.contents().to_vec()));
        }
    }
    Some(read)
}

/// Says that a scenario does not exist, with the nearest folder or bundled id.
pub fn missing(name: &str) -> String {
    let path = Path::new(name);
    if path.exists() {
        return format!("{name} is a file; a scenario is a folder with a scenario.toml");
    }
    let parent = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let beside: Vec<String> = std::fs::read_dir(parent)
        .into_iter()
        .flatten()
        .flatten()
        .filter(|entry| entry.path().join("scenario.toml").is_file())
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    let own_name = path.file_name().and_then(|name| name.to_str()).unwrap_or(name);
    let folder = nearest(own_name, beside.iter().map(String::as_str))
        .map(|near| if parent == Path::new(".") { near } else { parent.join(near).display().to_string() });
    let near = folder.or_else(|| nearest(own_name, ids()));
    let bundled: Vec<&str> = ids().collect();
    let hint = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("bundled are: {}", bundled.join(", ")),
    };
    format!("there is no scenario `{name}`, neither a folder nor a bundled one; {hint}")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_bundled_scenario_is_the_same_as_its_folder() {
        let mut seen = 0;
        for id in ids() {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios").join(id);
            assert_eq!(open(id).unwrap().hash, load(&folder).unwrap().hash);
            seen += 1;
        }
        assert!(seen >= 3);
    }

    #[test]
    fn evidence_is_counted_as_the_notes_beside_it_say() {
        let mut seen = 0;
        for id in ids() {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios").join(id);
            let Ok(notes) = std::fs::read_to_string(folder.join("EVIDENCE.md")) else { continue };
            let scenario = open(id).unwrap();
            let (evidence, record) = (&scenario.evidence, &scenario.record);
            let held_out = record.iter().filter(|row| row.held_out).count();
            let recollection = evidence.sources.iter().position(|source| source.id == "recollection");
            let recalled = evidence.claims.iter().filter(|claim| Some(claim.source) == recollection).count();
            for told in [
                format!(
                    "{} claims on {} subjects from {} sources",
                    evidence.claims.len(),
                    evidence.subjects.len(),
                    evidence.sources.len()
                ),
                format!("{} rows, {} to fit and {held_out} held out", record.len(), record.len() - held_out),
                format!("{recalled} claims were recalled"),
            ] {
                assert!(notes.contains(&told), "{id}: {told}");
            }
            seen += 1;
        }
        assert!(seen >= 1);
    }

    #[test]
    fn a_misspelt_bundled_scenario_is_recognised() {
        let id = ids().next().unwrap();
        let message = open(&id.replacen('e', "", 1)).unwrap_err().to_string();
        assert!(message.contains(&format!("did you mean `{id}`?")), "{message}");
    }
}
