//! `equipoise new`: a scenario folder to start from.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use equipoise_scenario::template;
use serde_json::json;

use crate::args::NewArgs;
use crate::failure::Failure;
use crate::names::shell_quoted;
use crate::screen::Screen;

/// Writes the template into a new folder: all of it, or nothing.
///
/// # Errors
/// The folder exists, its name would not do as a scenario's, or it cannot be written.
pub fn new(args: &NewArgs, screen: &Screen) -> Result<ExitCode, Failure> {
    let folder = &args.folder;
    let name = name_of(folder)?;
    if folder.exists() {
        return Err(Failure::Wrong(format!("{} exists already; nothing was written", folder.display())));
    }
    let files = template(name);
    let unfinished = folder.with_file_name(format!(".{name}.partial"));
    write(&unfinished, &files)
        .and_then(|()| fs::rename(&unfinished, folder).map_err(|error| (folder.clone(), error)))
        .map_err(|(path, error)| {
            // Only what was just begun; should that fail too, the first error is the one to tell.
            let _ = fs::remove_dir_all(&unfinished);
            Failure::io("write", &path, &error)
        })?;
    if screen.json {
        let paths: Vec<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
        screen.print_json(&json!({ "scenario": name, "folder": folder, "files": paths }))?;
    } else {
        let shown = shell_quoted(&folder.display().to_string());
        screen.print(&format!(
            "Wrote {} with {} files. Next:\n  \
             equipoise check {shown}\n  \
             equipoise run {shown} --histories 1000\n  \
             equipoise evidence {shown}\n\
             Its README.md says what stands where; `equipoise schema` lets an editor complete and check the files.",
            folder.display(),
            files.len(),
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The scenario's name: the last part of its folder's path.
fn name_of(folder: &Path) -> Result<&str, Failure> {
    let usable = |name: &&str| {
        name.starts_with(|c: char| c.is_alphanumeric())
            && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))
    };
    folder.file_name().and_then(|name| name.to_str()).filter(usable).ok_or_else(|| {
        Failure::Wrong(format!(
            "`{}` cannot name a scenario; expected letters, digits, `-`, `_` and `.`, a letter or digit first",
            folder.display()
        ))
    })
}

fn write(folder: &Path, files: &[(String, String)]) -> Result<(), (PathBuf, io::Error)> {
    let at = |path: &Path| {
        let path = path.to_owned();
        move |error| (path, error)
    };
    if let Some(parent) = folder.parent() {
        fs::create_dir_all(parent).map_err(at(parent))?;
    }
    fs::create_dir(folder).map_err(at(folder))?;
    for (path, text) in files {
        let path = folder.join(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(at(parent))?;
        }
        fs::write(&path, text).map_err(at(&path))?;
    }
    Ok(())
}
