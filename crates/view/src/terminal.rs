//! What the terminal shows: tables, trees and diagnostics as text, coloured only where that is asked for.

mod calibration;
mod compared;
mod diagnostics;
mod evidence;
mod outcomes;
mod robust;
mod rules;
mod sparkline;
mod table;
mod treaty;
mod why;

pub use calibration::{calibration, nearest, ranks};
pub use compared::compared;
pub use diagnostics::diagnostics;
pub use evidence::{evidence, unused};
pub use outcomes::outcomes;
pub use robust::robust;
pub use rules::rules;
pub use sparkline::sparkline;
pub use treaty::{judged, learned};
pub use why::why;

use crate::findings::Standing;

/// How text is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Whether colours may be used.
    pub colour: bool,
    /// Columns to fill; tables keep within 40 to 100 of them.
    pub width: usize,
}

impl Style {
    /// The style for standard output: `terminal` says whether it is one, `no_colour` whether the environment variable
    /// `NO_COLOR` is set and not empty, `columns` how wide the terminal is if that is known.
    pub fn of(terminal: bool, no_colour: bool, columns: Option<usize>) -> Style {
        Style { colour: terminal && !no_colour, width: columns.unwrap_or(100) }
    }

    /// The width tables keep to.
    fn columns(self) -> usize {
        self.width.clamp(40, 100)
    }

    fn paint(self, code: &str, text: &str) -> String {
        if self.colour && !text.is_empty() { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }

    fn bold(self, text: &str) -> String {
        self.paint("1", text)
    }

    fn quiet(self, text: &str) -> String {
        self.paint("2", text)
    }

    fn standing(self, standing: Standing, text: &str) -> String {
        let code = match standing {
            Standing::Unscored => "2",
            Standing::Fits => "32",
            Standing::Possible => "33",
            Standing::Missed => "31",
        };
        self.paint(code, text)
    }
}

/// A table of text under headings, within the style's width.
pub fn plain_table(headings: &[impl AsRef<str>], rows: &[Vec<String>], style: Style) -> String {
    let headings: Vec<&str> = headings.iter().map(AsRef::as_ref).collect();
    let rows: Vec<Vec<table::Cell>> =
        rows.iter().map(|row| row.iter().map(table::Cell::plain).collect()).collect();
    table::set(&headings, &rows, style)
}

/// Names and texts come from files: control characters, which could move the cursor or recolour the screen, are shown
/// as a replacement mark.
fn tame(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

/// Text broken at spaces into lines of at most `width` characters; a longer word stands alone on its line, cut in pieces.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(1);
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut length = 0;
    for word in text.split_whitespace() {
        let mut word: Vec<char> = word.chars().collect();
        if length > 0 && length + 1 + word.len() > width {
            lines.push(std::mem::take(&mut line));
            length = 0;
        }
        while word.len() > width {
            lines.push(word.drain(..width).collect());
        }
        if length > 0 {
            line.push(' ');
            length += 1;
        }
        length += word.len();
        line.extend(word);
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines
}

/// Wrapped text, its first line after `first`, the others after as many spaces.
fn hanging(first: &str, text: &str, width: usize) -> String {
    let indent = first.chars().count();
    let mut out = String::new();
    for (i, line) in wrap(text, width.saturating_sub(indent).max(20)).iter().enumerate() {
        out.push_str(&if i == 0 { first.to_owned() } else { " ".repeat(indent) });
        out.push_str(line);
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn colour_is_for_terminals_that_want_it() {
        assert!(Style::of(true, false, Some(80)).colour);
        assert!(!Style::of(true, true, Some(80)).colour);
        assert!(!Style::of(false, false, None).colour);
    }

    #[test]
    fn texts_from_files_cannot_steer_the_terminal() {
        assert_eq!(tame("a\x1b[31mb\n"), "a\u{fffd}[31mb\u{fffd}");
    }

    proptest! {
        #[test]
        fn wrapping_keeps_every_letter_and_every_width(text in "[a-zé ]{0,200}", width in 1usize..60) {
            let lines = wrap(&text, width);
            prop_assert!(lines.iter().all(|line| line.chars().count() <= width));
            let letters = |text: &str| text.split_whitespace().collect::<String>();
            prop_assert_eq!(letters(&lines.concat()), letters(&text));
        }
    }
}
