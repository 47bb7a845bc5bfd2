//! Where scenarios come from: a folder, or those that are part of the program.

use std::path::Path;

use equipoise_bundled::OpenError;
use equipoise_scenario::Scenario;
use equipoise_studio::{Bundled, Library};

use crate::failure::Failure;

/// The bundled scenario that is meant when none is named.
const DEFAULT: &str = "kazakhstan-2022";

/// Loads the scenario an argument names: a folder, a bundled id, or the default one.
///
/// # Errors
/// There is neither such a folder nor such a bundled scenario, or it has mistakes.
pub fn scenario(named: Option<&str>) -> Result<Scenario, Failure> {
    let opened = named.map_or_else(|| equipoise_bundled::bundled(DEFAULT), equipoise_bundled::open);
    opened.map_err(|error| match error {
        OpenError::Missing(why) => Failure::Wrong(why),
        OpenError::Mistakes(found) => {
            Failure::Mistakes { scenario: named.unwrap_or(DEFAULT).to_owned(), found }
        }
    })
}

/// What the studio can open: the bundled scenarios, and a folder where one is named.
///
/// # Errors
/// There is neither such a folder nor such a bundled scenario.
pub fn shelf(named: Option<&str>) -> Result<Library, Failure> {
    let bundled = equipoise_bundled::ids()
        .filter_map(|id| Some(Bundled { id: id.to_owned(), files: equipoise_bundled::files(id)? }));
    let first = named.filter(|name| equipoise_bundled::ids().any(|id| id == *name)).unwrap_or(DEFAULT);
    let mut library = Library::of_bundled(bundled.collect(), first);
    if let Some(name) = named {
        let is_open =
            if Path::new(name).is_dir() { library.add_folder(Path::new(name)) } else { first == name };
        if !is_open {
            return Err(Failure::Wrong(equipoise_bundled::missing(name)));
        }
    }
    Ok(library)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_bundled_scenario_is_meant_where_none_is_named() {
        assert_eq!(scenario(None).unwrap().id, DEFAULT);
    }
}
