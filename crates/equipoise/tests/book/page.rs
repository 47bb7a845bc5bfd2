//! Reading the pages of the book: their fenced blocks, headings and links.

use std::fs;
use std::path::{Path, PathBuf};

/// The folder of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// The folder of the pages.
pub fn source() -> PathBuf {
    root().join("docs/src")
}

/// One page.
pub struct Page {
    /// Path under `docs/src`, such as `tutorial/first-finding.md`.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// A fenced block of a page.
#[derive(Debug, PartialEq)]
pub struct Block {
    /// Number of the line with the opening fence, from one.
    pub line: usize,
    /// First word after the fence: `console`, `toml`, `csv`.
    pub language: String,
    /// What follows it as `key=value`, such as `file=my-crisis/claims.csv`.
    pub settings: Vec<(String, String)>,
    /// What stands inside, with a line end after each line.
    pub text: String,
}

impl Block {
    /// A setting of the opening fence.
    pub fn setting(&self, key: &str) -> Option<&str> {
        self.settings.iter().find(|(known, _)| known == key).map(|(_, value)| value.as_str())
    }
}

/// Every page, in the order of their paths.
pub fn pages() -> Vec<Page> {
    let mut paths = Vec::new();
    gather(&source(), &mut paths);
    paths.sort();
    let read = |path: PathBuf| Page {
        text: fs::read_to_string(&path).unwrap(),
        path: path.strip_prefix(source()).unwrap().to_str().unwrap().to_owned(),
    };
    paths.into_iter().map(read).collect()
}

fn gather(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            gather(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "md") {
            found.push(path);
        }
    }
}

impl Page {
    /// The fenced blocks, from top to bottom.
    pub fn blocks(&self) -> Vec<Block> {
        let mut blocks = Vec::new();
        let mut open: Option<(String, Block)> = None;
        for (number, line) in self.text.lines().enumerate() {
            open = match open {
                Some((fence, block)) if line.trim_end() == fence => {
                    blocks.push(block);
                    None
                }
                Some((fence, mut block)) => {
                    block.text += line;
                    block.text.push('\n');
                    Some((fence, block))
                }
                None => opening(line).map(|(fence, information)| (fence, begun(number + 1, &information))),
            };
        }
        assert!(open.is_none(), "{}: a fenced block does not end", self.path);
        blocks
    }

    /// The text without its fenced blocks, line by line.
    pub fn prose(&self) -> Vec<(usize, &str)> {
        let mut lines = Vec::new();
        let mut fence: Option<String> = None;
        for (number, line) in self.text.lines().enumerate() {
            match &fence {
                Some(end) if line.trim_end() == end => fence = None,
                Some(_) => {}
                None => match opening(line) {
                    Some((mark, _)) => fence = Some(mark),
                    None => lines.push((number + 1, line)),
                },
            }
        }
        lines
    }
}

fn opening(line: &str) -> Option<(String, String)> {
    let marks = line.chars().take_while(|c| *c == '`').count();
    (marks >= 3).then(|| ("`".repeat(marks), line[marks..].trim().to_owned()))
}

fn begun(line: usize, information: &str) -> Block {
    let mut words = information.split_whitespace();
    let language = words.next().unwrap_or_default().to_owned();
    let settings = words
        .map(|word| word.split_once('=').unwrap_or((word, "")))
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect();
    Block { line, language, settings, text: String::new() }
}

#[test]
fn blocks_are_read_with_their_settings_and_prose_without_them() {
    let page = Page {
        path: "x.md".to_owned(),
        text: "a\n```toml file=b/c.toml\nx = 1\n```\nd\n````text\n```\n````\n".to_owned(),
    };
    let blocks = page.blocks();
    assert_eq!(blocks.len(), 2);
    assert_eq!((blocks[0].line, blocks[0].language.as_str()), (2, "toml"));
    assert_eq!(blocks[0].setting("file"), Some("b/c.toml"));
    assert_eq!(blocks[0].text, "x = 1\n");
    assert_eq!(blocks[1].text, "```\n");
    assert_eq!(page.prose(), [(1, "a"), (5, "d")]);
}
