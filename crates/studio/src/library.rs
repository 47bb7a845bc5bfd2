//! What can be opened: scenarios that are part of the program, and folders named when the studio was started.
//!
//! A request names a scenario by its id and never by a path: ids are looked up here, and only here becomes one a folder.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use equipoise_scenario::{Diagnostics, Scenario, load, load_files};

use crate::refusal::Refusal;

/// Paths relative to a scenario's folder, and bytes.
type Files = Vec<(String, Vec<u8>)>;

/// A scenario that is part of the program.
#[derive(Debug, Clone)]
pub struct Bundled {
    /// Its id.
    pub id: String,
    /// Its files.
    pub files: Files,
}

/// Where a scenario is found.
#[derive(Debug, Clone)]
enum Place {
    Bundled(Files),
    Folder(PathBuf),
}

/// The scenarios that can be opened.
#[derive(Debug, Clone, Default)]
pub struct Library {
    places: BTreeMap<String, Place>,
    first: String,
}

impl Library {
    /// Scenarios of the program, of which `first` is opened at the start.
    #[must_use]
    pub fn of_bundled(bundled: Vec<Bundled>, first: &str) -> Library {
        let places = bundled.into_iter().map(|one| (one.id, Place::Bundled(one.files))).collect();
        Library { places, first: first.to_owned() }
    }

    /// Adds a scenario's folder, or every scenario's folder in a folder, and opens the first of them at the start. A
    /// folder stands for a bundled scenario of the same name. Returns whether there was any.
    pub fn add_folder(&mut self, folder: &Path) -> bool {
        let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        let mut folders = Vec::new();
        if folder.join("scenario.toml").is_file() {
            folders.push(folder);
        } else {
            let inside = std::fs::read_dir(&folder).into_iter().flatten().flatten().map(|entry| entry.path());
            folders.extend(inside.filter(|path| path.join("scenario.toml").is_file()));
            folders.sort();
        }
        let named: Vec<(String, PathBuf)> = folders
            .into_iter()
            .filter_map(|folder| Some((folder.file_name()?.to_str()?.to_owned(), folder)))
            .collect();
        if let Some((id, _)) = named.first() {
            self.first.clone_from(id);
        }
        let any = !named.is_empty();
        self.places.extend(named.into_iter().map(|(id, folder)| (id, Place::Folder(folder))));
        any
    }

    /// The id of the scenario to open at the start.
    #[must_use]
    pub fn first(&self) -> &str {
        &self.first
    }

    /// Every id, and whether it is a folder that a policy can be kept in.
    pub fn list(&self) -> impl Iterator<Item = (&str, bool)> {
        self.places.iter().map(|(id, place)| (id.as_str(), matches!(place, Place::Folder(_))))
    }

    /// Loads a scenario as it is now.
    ///
    /// # Errors
    /// There is none of this id (404), or it has mistakes (422).
    pub fn load(&self, id: &str) -> Result<Scenario, Refusal> {
        let found: Result<Scenario, Diagnostics> = match self.places.get(id) {
            None => return Err(Refusal::missing("scenario", id)),
            Some(Place::Bundled(files)) => load_files(id, files.clone()),
            Some(Place::Folder(folder)) => load(folder),
        };
        found.map_err(|mistakes| Refusal::mistakes(id, &mistakes))
    }

    /// The folder of a scenario, if it has one of its own.
    #[must_use]
    pub fn folder(&self, id: &str) -> Option<&Path> {
        match self.places.get(id) {
            Some(Place::Folder(folder)) => Some(folder),
            _ => None,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn write_scenario(folder: &Path) {
        std::fs::create_dir_all(folder).unwrap();
        for (path, text) in equipoise_scenario::template("strait") {
            let path = folder.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
    }

    #[test]
    fn a_folder_of_scenarios_offers_all_of_them_and_nothing_beside() {
        let root = tempfile::tempdir().unwrap();
        write_scenario(&root.path().join("shelf/a"));
        write_scenario(&root.path().join("shelf/b"));
        write_scenario(&root.path().join("outside"));
        let mut library = Library::of_bundled(Vec::new(), "none");
        assert!(library.add_folder(&root.path().join("shelf")));
        assert_eq!(library.list().collect::<Vec<_>>(), [("a", true), ("b", true)]);
        assert_eq!(library.first(), "a");
        assert!(library.load("a").is_ok());
        for id in ["outside", "../outside", "/etc", "a/../../outside", ""] {
            assert_eq!(library.load(id).unwrap_err().status.as_u16(), 404, "{id}");
        }
        assert!(!library.add_folder(&root.path().join("nothing")));
    }

    #[test]
    fn mistakes_come_with_the_text_around_them_and_without_the_path_to_it() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("broken");
        write_scenario(&folder);
        let file = folder.join("scenario.toml");
        let text = std::fs::read_to_string(&file).unwrap().replacen("title = ", "titel = ", 1);
        std::fs::write(&file, text).unwrap();
        let mut library = Library::default();
        library.add_folder(&folder);
        let refusal = library.load("broken").unwrap_err();
        let told = refusal.mistakes.unwrap().to_string();
        assert!(told.contains("titel") && told.contains("scenario.toml"), "{told}");
        assert!(!told.contains(root.path().to_str().unwrap()), "{told}");
    }
}
