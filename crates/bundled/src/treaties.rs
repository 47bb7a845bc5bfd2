//! The treaties that are part of Equipoise, and past requests under them.

use std::path::Path;

use equipoise_scenario::Diagnostics;
use equipoise_scenario::treaty::{TreatyCase, TreatyText, parse_case, parse_treaty, read_case, read_treaty};
use include_dir::Dir;

use crate::BUNDLED;

const TREATIES: &str = "treaties";
const CASES: &str = "treaties/cases";

/// Opens a treaty: a TOML file if there is one, else the bundled one of that name.
///
/// # Errors
/// There is neither, or it has mistakes.
pub fn open_treaty(name: &str) -> Result<TreatyText, Diagnostics> {
    match text(TREATIES, name) {
        Some((path, toml)) => parse_treaty(&path, toml),
        None => read_treaty(Path::new(name)).map_err(|found| with_nearest(found, name, treaties())),
    }
}

/// Opens a case under a treaty: a TOML file if there is one, else the bundled one of that name.
///
/// # Errors
/// There is neither, or it has mistakes.
pub fn open_case(name: &str, treaty: &TreatyText) -> Result<TreatyCase, Diagnostics> {
    match text(CASES, name) {
        Some((path, toml)) => parse_case(&path, toml, treaty),
        None => read_case(Path::new(name), treaty).map_err(|found| with_nearest(found, name, cases())),
    }
}

/// Names of the bundled treaties.
pub fn treaties() -> impl Iterator<Item = &'static str> {
    names(TREATIES)
}

/// Names of the bundled cases.
pub fn cases() -> impl Iterator<Item = &'static str> {
    names(CASES)
}

fn names(folder: &'static str) -> impl Iterator<Item = &'static str> {
    let files = BUNDLED.get_dir(folder).into_iter().flat_map(Dir::files);
    files.filter_map(|file| file.path().file_name()?.to_str()?.strip_suffix(".toml"))
}

/// Path and text of a bundled file, unless a file of one's own has that name.
fn text(folder: &str, name: &str) -> Option<(String, &'static str)> {
    if Path::new(name).is_file() {
        return None;
    }
    let path = format!("{folder}/{name}.toml");
    let toml = BUNDLED.get_file(&path)?.contents_utf8()?;
    Some((path, toml))
}

/// Points to a bundled name that is near, where a file is missing.
fn with_nearest(
    mut found: Diagnostics,
    name: &str,
    known: impl Iterator<Item = &'static str>,
) -> Diagnostics {
    if !Path::new(name).is_file()
        && let Some(first) = found.list.first_mut()
    {
        first.near(name, known);
    }
    found
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_bundled_case_is_one_of_a_bundled_treaty() {
        let texts: Vec<TreatyText> = treaties().map(|name| open_treaty(name).unwrap()).collect();
        assert!(texts.len() >= 3 && cases().count() >= 9);
        for case in cases() {
            assert!(texts.iter().any(|text| open_case(case, text).is_ok()), "{case}");
        }
    }

    #[test]
    fn a_misspelt_treaty_is_recognised() {
        let name = treaties().next().unwrap();
        let found = open_treaty(&format!("{name}o")).unwrap_err().to_string();
        assert!(found.contains(&format!("did you mean `{name}`?")), "{found}");
    }
}
