//! What the book names in the repository is there: files, lines of scenarios, tests.
//!
//! Three kinds of `code` are checked on every page: a path that begins with `crates/`, `scenarios/`, `benches/` or
//! `docs/`; `PATH::test`, a function of that file; and `PATH#id`, a key of a TOML file (`decisions.ask.options.yes`) or
//! a row of a CSV file, by its first cell. Paths of scenarios may leave out `scenarios/`.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use crate::page::{Page, pages, root};

#[test]
fn every_file_line_and_test_that_a_page_names_exists() {
    let mut missing = Vec::new();
    let mut tables = Tables::new();
    for page in pages().iter().filter(|page| !page.path.starts_with("reference/")) {
        for (line, code) in codes(page) {
            if let Err(what) = known(&code, &mut tables) {
                missing.push(format!("docs/src/{}:{line}: `{code}`: {what}", page.path));
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

/// The page of mechanisms has one section for each, with its state, code, and a test.
#[test]
fn each_of_the_57_mechanisms_has_its_place() {
    let pages = pages();
    let page = pages.iter().find(|page| page.path == "mechanisms.md").unwrap();
    let mut sections: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    let mut current = None;
    for (_, line) in page.prose() {
        if let Some(heading) = line.strip_prefix("### ") {
            let id = heading.split_whitespace().next().unwrap().to_owned();
            assert!(sections.insert(id.clone(), Vec::new()).is_none(), "{id} stands there twice");
            current = Some(id);
        } else if line.starts_with("## ") {
            current = None;
        } else if let Some(lines) = current.as_ref().and_then(|id| sections.get_mut(id)) {
            lines.push(line);
        }
    }
    let expected: Vec<String> = (1..=57).map(|number| format!("S{number:02}")).collect();
    assert_eq!(sections.keys().cloned().collect::<Vec<_>>(), expected);
    for (id, lines) in sections {
        let has = |mark: &str| lines.iter().any(|line| line.contains(mark));
        let state = ["**Realised.**", "**In part.**", "**Not realised.**"];
        assert_eq!(state.iter().filter(|state| has(state)).count(), 1, "{id} must say one of {state:?}");
        if !has("**Not realised.**") {
            assert!(has("`crates/"), "{id} names no code");
            assert!(has(".toml#") || has(".csv#") || has(".csv`"), "{id} names no line of a scenario");
            assert!(has(".rs::"), "{id} names no test");
        }
    }
}

/// The `code` of a page's prose.
fn codes(page: &Page) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (number, line) in page.prose() {
        found.extend(line.split('`').skip(1).step_by(2).map(|code| (number, code.to_owned())));
    }
    found
}

/// TOML files already read, by path: the largest takes a while.
type Tables = BTreeMap<String, toml::Value>;

fn known(code: &str, tables: &mut Tables) -> Result<(), String> {
    if code.contains(' ') || code.contains('*') {
        return Ok(());
    }
    if let Some((path, name)) = code.split_once(".rs::") {
        let text = read(&format!("{path}.rs"))?;
        let defined = text.contains(&format!("fn {name}("));
        return if defined { Ok(()) } else { Err("there is no such function".to_owned()) };
    }
    if let Some((path, id)) = code.split_once('#') {
        return if path.ends_with(".toml") {
            key(path, id, tables)
        } else if path.ends_with(".csv") {
            row(&read(path)?, id)
        } else {
            Ok(())
        };
    }
    let in_repository =
        ["crates/", "scenarios/", "benches/", "docs/"].iter().any(|top| code.starts_with(top));
    if in_repository && !root().join(code).exists() {
        return Err("there is no such file".to_owned());
    }
    Ok(())
}

fn read(path: &str) -> Result<String, String> {
    let places: [PathBuf; 2] = [root().join(path), root().join("scenarios").join(path)];
    let found = places.iter().find_map(|place| fs::read_to_string(place).ok());
    found.ok_or_else(|| "there is no such file".to_owned())
}

fn key(path: &str, id: &str, tables: &mut Tables) -> Result<(), String> {
    if !tables.contains_key(path) {
        let table: toml::Table = read(path)?.parse().map_err(|error| format!("{error}"))?;
        tables.insert(path.to_owned(), toml::Value::Table(table));
    }
    let mut value = &tables[path];
    for part in id.split('.') {
        value = value.get(part).ok_or_else(|| format!("there is no key `{part}`"))?;
    }
    Ok(())
}

fn row(text: &str, id: &str) -> Result<(), String> {
    let begins = |line: &str| {
        line.strip_prefix(id).is_some_and(|rest| rest.starts_with(','))
            || line.starts_with(&format!("\"{id}\","))
    };
    if text.lines().any(begins) { Ok(()) } else { Err(format!("there is no row `{id}`")) }
}
