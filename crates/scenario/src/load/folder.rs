//! Reading the files of a folder, and their checksum.

use std::fs;
use std::path::Path;

use crate::diagnostic::{Diagnostics, Report};

/// Folders of a scenario's folder whose files belong to it.
pub const FOLDERS: [&str; 4] = ["treaties", "issues", "votes", "policies"];

/// Paths relative to the folder, and bytes.
pub(crate) type Files = Vec<(String, Vec<u8>)>;

/// Name of the folder and the files that belong to it: those at its top and in [`FOLDERS`], and shared
/// treaties and cases.
pub(crate) fn read(folder: &Path) -> Result<(String, Files), Diagnostics> {
    let mut report = Report::default();
    let shown = folder.display().to_string();
    if !folder.is_dir() {
        let mistake = report.file_error(
            &shown,
            if folder.exists() { "this is no folder" } else { "this folder does not exist" },
        );
        mistake.expected("a scenario folder with a scenario.toml");
        if let (Some(parent), Some(name)) =
            (folder.parent(), folder.file_name().and_then(|name| name.to_str()))
        {
            let parent = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
            let beside = names_in(parent);
            mistake.near(name, beside.iter().map(String::as_str));
        }
        return Err(report.finish());
    }
    let id = folder
        .canonicalize()
        .ok()
        .and_then(|path| Some(path.file_name()?.to_str()?.to_owned()))
        .unwrap_or(shown);
    let mut paths: Vec<String> = names_in(folder);
    for inner in FOLDERS {
        paths.extend(names_in(&folder.join(inner)).into_iter().map(|name| format!("{inner}/{name}")));
    }
    paths.retain(|path| [".toml", ".csv", ".md"].iter().any(|ending| path.ends_with(ending)));
    let scenario_toml = fs::read_to_string(folder.join("scenario.toml")).unwrap_or_default();
    for path in listed(&scenario_toml) {
        if is_allowed(&path) && !paths.contains(&path) && folder.join(&path).is_file() {
            paths.push(path);
        }
    }
    let mut files = Vec::with_capacity(paths.len());
    for path in paths {
        match fs::read(folder.join(&path)) {
            Ok(bytes) => files.push((path, bytes)),
            Err(error) => {
                report.file_error(&path, format!("this file cannot be read: {error}"));
            }
        }
    }
    if report.is_empty() { Ok((id, files)) } else { Err(report.finish()) }
}

/// Whether the path of a treaty or case stays in the folder or goes to one beside it.
pub(crate) fn is_allowed(path: &str) -> bool {
    let inside = path.strip_prefix("../").unwrap_or(path);
    path.ends_with(".toml")
        && inside.split('/').all(|part| !matches!(part, "" | "." | "..") && !part.contains(['\\', ':']))
}

/// Checksum over paths and bytes; documents for people do not count, since they change no history.
pub(crate) fn hash(files: &[(String, Vec<u8>)]) -> String {
    let mut hasher = blake3::Hasher::new();
    for (path, bytes) in files.iter().filter(|(path, _)| !path.ends_with(".md")) {
        for part in [path.as_bytes(), bytes] {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
    }
    hasher.finalize().to_hex().to_string()
}

fn names_in(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    entries
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| !name.starts_with('.'))
        .collect()
}

/// Paths in `treaties` and `cases`; mistakes are left to the checks that follow.
pub(crate) fn listed(scenario_toml: &str) -> Vec<String> {
    let (table, _) = toml::de::DeTable::parse_recoverable(scenario_toml);
    ["treaties", "cases"]
        .into_iter()
        .filter_map(|key| table.get_ref().get(key).and_then(|value| value.get_ref().as_array()))
        .flatten()
        .filter_map(|path| Some(path.get_ref().as_str()?.to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shared_file_lies_in_the_folder_or_in_one_beside_it() {
        assert!(is_allowed("treaties/csto.toml") && is_allowed("../treaties/csto.toml"));
        assert!(is_allowed("../treaties/cases/x.toml"));
        for path in ["/etc/x.toml", "../../x.toml", "a/../x.toml", "a\\x.toml", "x.csv", "C:/x.toml"] {
            assert!(!is_allowed(path), "{path}");
        }
    }

    #[test]
    fn documents_do_not_change_the_checksum_but_moved_bytes_do() {
        let file = |path: &str, text: &str| (path.to_owned(), text.as_bytes().to_vec());
        let plain = [file("a.csv", "x"), file("b.csv", "y")];
        assert_eq!(hash(&plain), hash(&[file("README.md", "z"), plain[0].clone(), plain[1].clone()]));
        assert_ne!(hash(&plain), hash(&[file("a.csv", "xb.csvy")]));
    }
}
