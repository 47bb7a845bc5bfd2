//! What the pages tell people to type, typed; and the files they tell people to write, written.
//!
//! A page is followed from top to bottom in a folder of its own, in which `scenarios` is that of the repository:
//!
//! * ` ```console `: a line that begins with `$ ` is a command for a shell; the lines below it are what it prints. A
//!   line with nothing but `…` stands for any lines, `…` inside a line for any text. A block without output asks only
//!   for success. `? 1` as the first line below a command is its exit code where that is not 0.
//! * ` ```csv file=PATH `: a file with this text. `section=SOME-WORDS` instead replaces what stands below the
//!   comment `# ---- Some words … ----` of that file, up to the next; `section=head` what stands above the first.
//!   `add=SOME-WORDS` puts it at the end of that section, `append` at the end of the file.
//! * `<!-- continues PAGE -->`: this page goes on where that one ended.
//! * `<!-- leaves FOLDER as PATH -->`: at the end of the page FOLDER has the same files as PATH of the repository.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Mutex;

use assert_cmd::cargo::cargo_bin;
use tempfile::TempDir;

use crate::page::{Block, Page, pages, root};

#[test]
fn every_page_can_be_followed_and_shows_what_comes_back() {
    let pages = pages();
    let chains = chains(&pages);
    let next = Mutex::new(chains.into_iter());
    let complaints = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let chain = next.lock().unwrap().next();
                    let Some(chain) = chain else { break };
                    let folder = prepared();
                    for page in chain {
                        let found = follow(page, &folder);
                        complaints.lock().unwrap().extend(found);
                    }
                }
            });
        }
    });
    let complaints = complaints.into_inner().unwrap();
    assert!(complaints.is_empty(), "{}", complaints.join("\n\n"));
}

/// Pages that are followed one after the other: each with those that continue it.
fn chains(pages: &[Page]) -> Vec<Vec<&Page>> {
    let only = std::env::var("BOOK_PAGE").ok();
    let mut chains: Vec<Vec<&Page>> = Vec::new();
    let (later, first): (Vec<&Page>, Vec<&Page>) =
        pages.iter().partition(|page| directive(page, "continues").is_some());
    chains.extend(first.into_iter().map(|page| vec![page]));
    let mut left = later;
    while !left.is_empty() {
        let before = left.len();
        left.retain(|page| {
            let wanted = directive(page, "continues").unwrap();
            let chain = chains.iter_mut().find(|chain| chain.last().is_some_and(|last| last.path == wanted));
            chain.map(|chain| chain.push(page)).is_none()
        });
        assert!(left.len() < before, "{} continues a page that is not there", left[0].path);
    }
    chains.retain(|chain| {
        only.as_ref().is_none_or(|part| chain.iter().any(|page| page.path.contains(part.as_str())))
    });
    chains
}

/// The words of a comment such as `<!-- continues tutorial/x.md -->`.
fn directive(page: &Page, word: &str) -> Option<String> {
    let begin = format!("<!-- {word} ");
    let line = page.text.lines().find(|line| line.starts_with(&begin))?;
    Some(line[begin.len()..].trim_end_matches("-->").trim().to_owned())
}

fn prepared() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    symlink(root().join("scenarios"), folder.path().join("scenarios")).unwrap();
    folder
}

fn follow(page: &Page, folder: &TempDir) -> Vec<String> {
    let mut complaints = Vec::new();
    for block in page.blocks() {
        let at = format!("docs/src/{}:{}", page.path, block.line);
        if block.language == "console" {
            complaints.extend(type_in(&block, folder.path()).into_iter().map(|what| format!("{at}: {what}")));
        } else if let Some(path) = block.setting("file") {
            let written = write(&block, &folder.path().join(path));
            complaints.extend(written.err().map(|what| format!("{at}: {path}: {what}")));
        }
    }
    if let Some(words) = directive(page, "leaves") {
        let (left, as_path) = words.split_once(" as ").unwrap();
        complaints.extend(
            compare(&folder.path().join(left), &root().join(as_path))
                .into_iter()
                .map(|what| format!("docs/src/{}: {left} against {as_path}: {what}", page.path)),
        );
    }
    complaints
}

/// Writes a block into its file.
fn write(block: &Block, path: &Path) -> Result<(), String> {
    let before = || fs::read_to_string(path).map_err(|error| error.to_string());
    let text = if let Some(section) = block.setting("section") {
        with_section(&before()?, section, &block.text, false)?
    } else if let Some(section) = block.setting("add") {
        with_section(&before()?, section, &block.text, true)?
    } else if block.setting("append").is_some() {
        before()? + &block.text
    } else {
        block.text.clone()
    };
    fs::create_dir_all(path.parent().unwrap()).map_err(|error| error.to_string())?;
    fs::write(path, text).map_err(|error| error.to_string())
}

/// The text with one of its sections replaced, or with more at that section's end.
fn with_section(text: &str, section: &str, new: &str, keep: bool) -> Result<String, String> {
    let heading = format!("# ---- {}", section.replace('-', " "));
    let lines: Vec<&str> = text.lines().collect();
    let is_heading = |line: &str| line.starts_with("# ---- ");
    let begin = if section == "head" {
        0
    } else {
        1 + lines
            .iter()
            .position(|line| line.starts_with(&heading))
            .ok_or_else(|| format!("there is no section `{heading}`"))?
    };
    let end = begin + lines[begin..].iter().take_while(|line| !is_heading(line)).count();
    let last = if keep { end } else { begin };
    let mut result: Vec<&str> = lines[..last].to_vec();
    while result.last().is_some_and(|line| line.is_empty()) {
        result.pop();
    }
    if !result.is_empty() {
        result.push("");
    }
    result.extend(new.lines());
    if end < lines.len() {
        result.push("");
        result.extend(&lines[end..]);
    }
    Ok(result.join("\n") + "\n")
}

/// Types the commands of a block.
fn type_in(block: &Block, folder: &Path) -> Vec<String> {
    let mut complaints = Vec::new();
    for (command, expected) in commands(&block.text) {
        let (code, expected) = match expected.first().and_then(|line| line.strip_prefix("? ")) {
            Some(code) => (code.trim().parse().unwrap(), &expected[1..]),
            None => (0, &expected[..]),
        };
        let (found_code, printed) = run(&command, folder);
        if found_code != Some(code) {
            complaints.push(format!("`{command}` ended with {found_code:?} instead of {code}:\n{printed}"));
        } else if !expected.is_empty() && !fits(expected, &printed.lines().collect::<Vec<_>>()) {
            complaints.push(format!("`{command}` printed otherwise:\n{printed}"));
        }
    }
    complaints
}

/// Commands with the lines expected below them. A command goes on after a `\` at a line's end.
fn commands(text: &str) -> Vec<(String, Vec<&str>)> {
    let mut commands: Vec<(String, Vec<&str>)> = Vec::new();
    let mut continued = false;
    for line in text.lines() {
        if let Some(command) = line.strip_prefix("$ ") {
            commands.push((command.to_owned(), Vec::new()));
        } else if let Some((command, _)) = commands.last_mut().filter(|_| continued) {
            *command += "\n";
            *command += line;
        } else {
            commands.last_mut().expect("a console block begins with a command").1.push(line);
        }
        continued = line.ends_with('\\');
    }
    commands
}

fn run(command: &str, folder: &Path) -> (Option<i32>, String) {
    let program = cargo_bin!("equipoise");
    let path = format!("{}:{}", program.parent().unwrap().display(), std::env::var("PATH").unwrap());
    let output = Command::new("sh")
        .args(["-c", &format!("exec 2>&1\n{command}")])
        .current_dir(folder)
        .env("PATH", path)
        .env_remove("CLICOLOR_FORCE")
        .env_remove("COLUMNS")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Whether lines are as expected; ends of lines, and empty lines at the end, do not count.
fn fits(expected: &[&str], printed: &[&str]) -> bool {
    let Some((first, rest)) = expected.split_first() else {
        return printed.iter().all(|line| line.trim().is_empty());
    };
    if first.trim() == "…" {
        return (0..=printed.len()).any(|skipped| fits(rest, &printed[skipped..]));
    }
    match printed.split_first() {
        Some((line, others)) => line_fits(first.trim_end(), line.trim_end()) && fits(rest, others),
        None => expected.iter().all(|line| line.trim().is_empty()),
    }
}

fn line_fits(expected: &str, printed: &str) -> bool {
    let Some((before, after)) = expected.split_once('…') else { return expected == printed };
    let Some(rest) = printed.strip_prefix(before) else { return false };
    let starts = rest.char_indices().map(|(at, _)| at).chain([rest.len()]);
    starts.into_iter().any(|at| line_fits(after, &rest[at..]))
}

/// What differs between two folders; `BOOK=write` makes the second like the first.
fn compare(left: &Path, right: &Path) -> Vec<String> {
    let found = files(left);
    if std::env::var("BOOK").is_ok_and(|mode| mode == "write") {
        let _ = fs::remove_dir_all(right);
        for (path, text) in &found {
            let path = right.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
    }
    let kept = files(right);
    let paths: std::collections::BTreeSet<&String> = found.keys().chain(kept.keys()).collect();
    let differ = |path: &&&String| found.get(**path) != kept.get(**path);
    paths.iter().filter(differ).map(|path| format!("{path} differs")).collect()
}

fn files(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            found.extend(files(&path).into_iter().map(|(inner, text)| (format!("{name}/{inner}"), text)));
        } else {
            found.insert(name, fs::read_to_string(path).unwrap());
        }
    }
    found
}

#[test]
fn elisions_stand_for_any_lines_and_any_text() {
    assert!(fits(&["a", "…", "d … f"], &["a", "b", "c", "d e f", ""]));
    assert!(fits(&["…"], &[]));
    assert!(!fits(&["a", "c"], &["a", "b", "c"]));
    assert!(!fits(&["a"], &["a", "b"]));
    assert!(!fits(&["d … g"], &["d e f"]));
}

#[test]
fn a_section_is_replaced_and_its_neighbours_stay() {
    let text = "a\n\n# ---- One: x ----\n\nb\n\n# ---- Two ----\n\nc\n";
    assert_eq!(
        with_section(text, "One", "new\n", false).unwrap(),
        "a\n\n# ---- One: x ----\n\nnew\n\n# ---- Two ----\n\nc\n"
    );
    assert_eq!(with_section(text, "head", "new\n", false).unwrap(), format!("new\n{}", &text[2..]));
    assert_eq!(
        with_section(text, "One", "more\n", true).unwrap(),
        "a\n\n# ---- One: x ----\n\nb\n\nmore\n\n# ---- Two ----\n\nc\n"
    );
    assert!(with_section(text, "Three", "", false).is_err());
    assert_eq!(
        with_section(text, "Two", "new\n", false).unwrap(),
        "a\n\n# ---- One: x ----\n\nb\n\n# ---- Two ----\n\nnew\n"
    );
}

#[test]
fn a_command_goes_on_after_a_backslash() {
    let found = commands("$ a \\\n    b\nout\n$ c\n");
    assert_eq!(found, [("a \\\n    b".to_owned(), vec!["out"]), ("c".to_owned(), vec![])]);
}
