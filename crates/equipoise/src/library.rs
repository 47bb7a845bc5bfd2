//! Where scenarios come from: a folder, or those that are part of the program.

use std::path::Path;

use equipoise_scenario::{FOLDERS, Scenario, load, load_files, outside_files};
use equipoise_studio::{Bundled, Library};
use include_dir::{Dir, DirEntry, include_dir};

use crate::failure::Failure;
use crate::names;

static BUNDLED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../scenarios");

/// The bundled scenario that is meant when none is named.
const DEFAULT: &str = "kazakhstan-2022";

/// Loads the scenario an argument names: a folder, a bundled id, or the default one.
///
/// # Errors
/// There is neither such a folder nor such a bundled scenario, or it has mistakes.
pub fn scenario(named: Option<&str>) -> Result<Scenario, Failure> {
    let name = named.unwrap_or(DEFAULT);
    let folder = Path::new(name);
    let loaded = if named.is_some() && folder.is_dir() {
        load(folder)
    } else if let Some(files) = bundled(name) {
        load_files(name, files)
    } else {
        return Err(missing(name));
    };
    loaded.map_err(|found| Failure::Mistakes { scenario: name.to_owned(), found })
}

/// What the studio can open: the bundled scenarios, and a folder where one is named.
///
/// # Errors
/// There is neither such a folder nor such a bundled scenario.
pub fn shelf(named: Option<&str>) -> Result<Library, Failure> {
    let bundled = bundled_ids().filter_map(|id| Some(Bundled { id: id.to_owned(), files: bundled(id)? }));
    let first = named.filter(|name| bundled_ids().any(|id| id == *name)).unwrap_or(DEFAULT);
    let mut library = Library::of_bundled(bundled.collect(), first);
    if let Some(name) = named {
        let is_open =
            if Path::new(name).is_dir() { library.add_folder(Path::new(name)) } else { first == name };
        if !is_open {
            return Err(missing(name));
        }
    }
    Ok(library)
}

/// Names of the bundled scenarios.
pub fn bundled_ids() -> impl Iterator<Item = &'static str> {
    BUNDLED
        .dirs()
        .filter(|dir| dir.get_file(dir.path().join("scenario.toml")).is_some())
        .filter_map(|dir| dir.path().to_str())
}

/// The files of a bundled scenario and those it shares, as they would be read from its folder.
fn bundled(id: &str) -> Option<Vec<(String, Vec<u8>)>> {
    bundled_ids().find(|known| *known == id)?;
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
fn missing(name: &str) -> Failure {
    let path = Path::new(name);
    if path.exists() {
        return Failure::Wrong(format!("{name} is a file; a scenario is a folder with a scenario.toml"));
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
    let folder = names::nearest(own_name, beside.iter().map(String::as_str)).map(|near| {
        if parent == Path::new(".") { near.to_owned() } else { parent.join(near).display().to_string() }
    });
    let near = folder.or_else(|| names::nearest(own_name, bundled_ids()).map(str::to_owned));
    let bundled: Vec<&str> = bundled_ids().collect();
    let hint = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("bundled are: {}", bundled.join(", ")),
    };
    Failure::Wrong(format!("there is no scenario `{name}`, neither a folder nor a bundled one; {hint}"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_bundled_scenario_is_the_same_as_its_folder() {
        for id in bundled_ids() {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios").join(id);
            assert_eq!(scenario(Some(id)).unwrap().hash, load(&folder).unwrap().hash);
        }
        assert!(bundled_ids().any(|id| id == DEFAULT));
    }

    #[test]
    fn a_misspelt_bundled_scenario_is_recognised() {
        let message = scenario(Some("kazakstan-2022")).unwrap_err().to_string();
        assert!(message.contains("did you mean `kazakhstan-2022`?"), "{message}");
    }
}
