//! The floors of the house: each crate knows only what stands below it, and facts about a state are data.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

use toml::Table;

/// Every crate of the workspace and the floor it stands on.
const FLOORS: [(&str, u8); 9] = [
    ("equipoise-models", 1),
    ("equipoise-scenario", 2),
    ("equipoise-bundled", 3),
    ("equipoise-engine", 3),
    ("equipoise-lab", 4),
    ("equipoise-view", 5),
    ("equipoise-studio", 6),
    ("equipoise", 7),
    ("equipoise-py", 7),
];

/// What the models may use from outside: mathematics, and the caller's thread pool.
const OPEN_TO_MODELS: [&str; 1] = ["rayon"];

/// Names in the standard library that stand for files, clocks and the machine around a program.
const CLOSED_TO_MODELS: [&str; 6] =
    ["std::env", "std::fs", "std::io", "std::net", "std::process", "std::time"];

#[test]
fn every_crate_has_a_floor_and_every_floor_its_crate() {
    let mut names: Vec<String> = manifests().iter().map(name).collect();
    names.sort();
    let mut known: Vec<&str> = FLOORS.iter().map(|(name, _)| *name).collect();
    known.sort_unstable();
    assert_eq!(names, known);
}

#[test]
fn a_crate_depends_only_on_lower_floors_tests_included() {
    for manifest in manifests() {
        let name = name(&manifest);
        for dependency in ["dependencies", "dev-dependencies", "build-dependencies"]
            .into_iter()
            .flat_map(|section| dependencies(&manifest, section))
        {
            let below = floor(&dependency).is_none_or(|floor_of_it| Some(floor_of_it) < floor(&name));
            assert!(below, "{name} must not depend on {dependency}, which does not stand below it");
        }
    }
}

#[test]
fn the_models_depend_on_mathematics_alone() {
    let manifest = manifests().into_iter().find(|manifest| name(manifest) == "equipoise-models").unwrap();
    for section in ["dependencies", "build-dependencies"] {
        for dependency in dependencies(&manifest, section) {
            assert!(OPEN_TO_MODELS.contains(&dependency.as_str()), "the models must not know {dependency}");
        }
    }
}

#[test]
fn the_models_know_no_files_and_no_clocks() {
    for (path, text) in sources(&root().join("crates/models/src")) {
        for closed in CLOSED_TO_MODELS {
            assert!(!text.contains(closed), "{} must not use {closed}", path.display());
        }
    }
}

#[test]
fn below_the_command_line_no_code_names_a_state_we_have_a_scenario_of() {
    let states: Vec<String> = fs::read_dir(root().join("scenarios"))
        .unwrap()
        .map(|folder| folder.unwrap())
        .filter(|folder| folder.path().join("scenario.toml").is_file())
        .map(|folder| folder.file_name().into_string().unwrap())
        .map(|folder| folder.split('-').next().unwrap().to_lowercase())
        .collect();
    assert!(!states.is_empty());
    for floor in ["models", "scenario", "bundled", "engine", "lab", "view", "studio"] {
        for (path, text) in sources(&root().join("crates").join(floor).join("src")) {
            let text = text.to_lowercase();
            for state in &states {
                assert!(!text.contains(state), "{} speaks of {state}: facts are data", path.display());
            }
        }
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn manifests() -> Vec<Table> {
    fs::read_dir(root().join("crates"))
        .unwrap()
        .map(|folder| folder.unwrap().path().join("Cargo.toml"))
        .map(|path| fs::read_to_string(path).unwrap().parse().unwrap())
        .collect()
}

fn name(manifest: &Table) -> String {
    manifest["package"]["name"].as_str().unwrap().to_owned()
}

fn floor(name: &str) -> Option<u8> {
    FLOORS.iter().find(|(known, _)| *known == name).map(|(_, floor)| *floor)
}

/// Names of the packages in a section, for every platform, under their own names where they are renamed.
fn dependencies(manifest: &Table, section: &str) -> Vec<String> {
    let platforms =
        manifest.get("target").and_then(toml::Value::as_table).into_iter().flat_map(Table::values);
    let tables = platforms.filter_map(toml::Value::as_table).chain([manifest]);
    tables
        .filter_map(|table| table.get(section)?.as_table())
        .flatten()
        .map(|(key, value)| value.get("package").and_then(toml::Value::as_str).unwrap_or(key).to_owned())
        .collect()
}

/// Every Rust file under a folder, with its text.
fn sources(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            found.push((path, text));
        }
    }
    found
}
