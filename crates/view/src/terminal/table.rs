//! A table of text: columns as wide as they need to be, the first one giving way where the whole is too wide.

use super::{Style, tame, wrap};
use crate::findings::Standing;

/// Space between columns.
const GAP: &str = "  ";
/// The narrowest the wrapped columns become.
const NARROW: usize = 12;

/// One cell: its text, how it stands, and where it is aligned.
#[derive(Debug, Clone)]
pub(super) struct Cell {
    text: String,
    standing: Option<Standing>,
}

impl Cell {
    /// A plain cell.
    pub(super) fn plain(text: impl AsRef<str>) -> Cell {
        Cell { text: tame(text.as_ref()), standing: None }
    }

    /// A cell coloured by how it stands.
    pub(super) fn judged(text: impl AsRef<str>, standing: Standing) -> Cell {
        Cell { text: tame(text.as_ref()), standing: Some(standing) }
    }
}

/// Sets rows under headings within the style's width: cells are wrapped, widest columns first, until all fits.
pub(super) fn set(headings: &[&str], rows: &[Vec<Cell>], style: Style) -> String {
    let mut widths: Vec<usize> = headings.iter().map(|heading| heading.chars().count()).collect();
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.text.chars().count());
        }
    }
    let room = style.columns().saturating_sub(GAP.len() * headings.len().saturating_sub(1));
    while widths.iter().sum::<usize>() > room {
        // The widest gives way by one; ties go to the first.
        let Some(widest) = (0..widths.len()).rev().max_by_key(|at| widths[*at]) else { break };
        if widths[widest] <= NARROW.min(room / headings.len().max(1)) {
            break;
        }
        widths[widest] -= 1;
    }
    let mut out = String::new();
    let heading: Vec<Cell> = headings.iter().map(Cell::plain).collect();
    line(&mut out, &heading, &widths, |text, _| style.quiet(text));
    for row in rows {
        line(&mut out, row, &widths, |text, cell| match cell.standing {
            Some(standing) => style.standing(standing, text),
            None => text.to_owned(),
        });
    }
    out
}

fn line(out: &mut String, row: &[Cell], widths: &[usize], paint: impl Fn(&str, &Cell) -> String) {
    let cells: Vec<Vec<String>> =
        row.iter().zip(widths).map(|(cell, width)| wrap(&cell.text, *width)).collect();
    for at in 0..cells.iter().map(Vec::len).max().unwrap_or(0) {
        let mut text = String::new();
        let mut owed = 0;
        for ((lines, width), cell) in cells.iter().zip(widths).zip(row) {
            let part = lines.get(at).map_or("", String::as_str);
            if !part.is_empty() {
                // Space is owed until something follows it, so that no line ends in blanks.
                text.push_str(&" ".repeat(owed));
                owed = 0;
                text.push_str(&paint(part, cell));
            }
            owed += width - part.chars().count() + GAP.len();
        }
        out.push_str(&text);
        out.push('\n');
    }
}
