//! What is wrong with a file, with a pointed finger.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// One mistake in a scenario folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The file, relative to the scenario folder.
    pub file: String,
    /// Byte range in the file, where it is known.
    pub span: Option<Range<usize>>,
    /// Line, counted from 1 (0 if unknown).
    pub line: usize,
    /// Column in characters, counted from 1 (0 if unknown).
    pub column: usize,
    /// What is wrong, one sentence: what was found.
    pub message: String,
    /// What was expected, if not said already.
    pub expected: Option<String>,
    /// A near-miss name, if there is one.
    pub suggestion: Option<String>,
}

impl Diagnostic {
    /// Says what would have been right.
    pub fn expected(&mut self, text: impl Into<String>) -> &mut Self {
        self.expected = Some(text.into());
        self
    }

    /// Offers the candidate nearest to `word`, if one is near enough.
    pub fn near<'a>(&mut self, word: &str, candidates: impl IntoIterator<Item = &'a str>) -> &mut Self {
        self.suggestion = nearest(word, candidates);
        self
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line > 0 {
            write!(f, "{}:{}:{}: {}", self.file, self.line, self.column, self.message)?;
        } else {
            write!(f, "{}: {}", self.file, self.message)?;
        }
        if let Some(expected) = &self.expected {
            write!(f, "; expected {expected}")?;
        }
        if let Some(suggestion) = &self.suggestion {
            write!(f, "; did you mean `{suggestion}`?")?;
        }
        Ok(())
    }
}

/// Everything that is wrong with a scenario folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diagnostics {
    /// The mistakes, in the order of files and lines.
    pub list: Vec<Diagnostic>,
    /// Text of the files they point into: (relative path, content).
    pub files: Vec<(String, String)>,
}

impl Diagnostics {
    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// How many mistakes there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }
}

impl fmt::Display for Diagnostics {
    /// One line per mistake.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for diagnostic in &self.list {
            writeln!(f, "{diagnostic}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Diagnostics {}

/// A stretch of a file, by the file's number in the [`Report`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Spot {
    pub file: usize,
    pub start: usize,
    pub end: usize,
}

impl Spot {
    /// The stretch `range` of the same file.
    pub fn at(self, range: Range<usize>) -> Spot {
        Spot { file: self.file, start: range.start, end: range.end }
    }
}

/// Where mistakes are gathered while a folder is read.
#[derive(Debug, Default)]
pub(crate) struct Report {
    found: Vec<(usize, Diagnostic)>,
    files: Vec<(String, Arc<str>)>,
}

impl Report {
    /// Adds a file that mistakes may point into, and returns its number.
    pub fn add_file(&mut self, path: &str, text: &str) -> usize {
        self.files.push((path.to_owned(), Arc::from(text)));
        self.files.len() - 1
    }

    /// Text of a file.
    pub fn text(&self, file: usize) -> Arc<str> {
        self.files[file].1.clone()
    }

    /// Text of a stretch; empty where it lies outside the file.
    pub fn slice(&self, spot: Spot) -> &str {
        self.files[spot.file].1.get(spot.start..spot.end).unwrap_or("")
    }

    /// Line of a stretch, counted from 1.
    pub fn line(&self, spot: Spot) -> usize {
        line_and_column(&self.files[spot.file].1, spot.start).0
    }

    /// Notes a mistake at a stretch of a file.
    pub fn error(&mut self, spot: Spot, message: impl Into<String>) -> &mut Diagnostic {
        let (path, text) = &self.files[spot.file];
        let (line, column) = line_and_column(text, spot.start);
        let found = Diagnostic {
            file: path.clone(),
            span: Some(spot.start.min(text.len())..spot.end.min(text.len())),
            line,
            column,
            message: message.into(),
            expected: None,
            suggestion: None,
        };
        self.push(spot.file, found)
    }

    /// Notes a mistake about a file as a whole, which need not exist.
    pub fn file_error(&mut self, path: &str, message: impl Into<String>) -> &mut Diagnostic {
        let found = Diagnostic {
            file: path.to_owned(),
            span: None,
            line: 0,
            column: 0,
            message: message.into(),
            expected: None,
            suggestion: None,
        };
        // Missing files come first: they explain most of what follows.
        self.push(0, found)
    }

    /// Whether nothing was found so far.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// All mistakes in the order of files and lines, each once.
    pub fn finish(mut self) -> Diagnostics {
        self.found.sort_by_key(|(file, d)| (*file, d.line, d.column));
        let mut list: Vec<Diagnostic> = Vec::with_capacity(self.found.len());
        for (_, diagnostic) in self.found {
            // A treaty's expressions are compiled once per member and would repeat themselves.
            let mut beside =
                list.iter().rev().take_while(|d| d.file == diagnostic.file && d.line == diagnostic.line);
            if !beside.any(|d| *d == diagnostic) {
                list.push(diagnostic);
            }
        }
        let files = self.files.into_iter().map(|(path, text)| (path, text.to_string())).collect();
        Diagnostics { list, files }
    }

    fn push(&mut self, file: usize, diagnostic: Diagnostic) -> &mut Diagnostic {
        self.found.push((file, diagnostic));
        let last = self.found.len() - 1;
        &mut self.found[last].1
    }
}

/// The candidate nearest to `word`: at most a third of its letters wrong or swapped, upper and lower case alike.
#[must_use]
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let lower = word.to_lowercase();
    let letters = lower.chars().count();
    let allowed = (letters / 3).max(1);
    candidates
        .into_iter()
        .filter(|candidate| *candidate != word)
        .map(|candidate| (strsim::damerau_levenshtein(&lower, &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= allowed && *distance < letters)
        .min_by_key(|(distance, candidate)| {
            let likeness = strsim::jaro_winkler(&lower, candidate);
            (*distance, std::cmp::Reverse((likeness * 1e6) as u64), *candidate)
        })
        .map(|(_, candidate)| candidate.to_owned())
}

fn line_and_column(text: &str, at: usize) -> (usize, usize) {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let before = &text[..at];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_swapped_letter_is_still_recognised() {
        assert_eq!(nearest("RSU", ["USA", "RUS", "CSTO"]), Some("RUS".to_owned()));
        assert_eq!(nearest("onset_rte", ["onset_rate", "contest_rate"]), Some("onset_rate".to_owned()));
        assert_eq!(nearest("war", ["peace", "oil"]), None);
        assert_eq!(nearest("", ["x"]), None);
    }

    #[test]
    fn lines_and_columns_count_characters_from_one() {
        assert_eq!(line_and_column("ä = 1\nb", 0), (1, 1));
        assert_eq!(line_and_column("ä = 1\nb", 3), (1, 3));
        assert_eq!(line_and_column("ä = 1\nb", 7), (2, 1));
        assert_eq!(line_and_column("ä", 1), (1, 1));
    }

    #[test]
    fn mistakes_are_listed_once_and_in_the_order_of_lines() {
        let mut report = Report::default();
        let file = report.add_file("x.toml", "a\nb\n");
        for start in [2, 0, 2] {
            report.error(Spot { file, start, end: start + 1 }, "bad").expected("good");
        }
        let all = report.finish();
        assert_eq!(all.len(), 2);
        assert_eq!(all.to_string(), "x.toml:1:1: bad; expected good\nx.toml:2:1: bad; expected good\n");
    }
}
