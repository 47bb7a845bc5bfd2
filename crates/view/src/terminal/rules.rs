//! Rules: the sentence first, then the limits with what speaks for them, then the trade-off.

use super::table::{Cell, set};
use super::{Style, tame};
use crate::findings::Standing;
use crate::findings::rule::{Part, Told};
use crate::wording;

/// Every rule: its sentence, its limits, its trade-off.
pub fn rules(told: &[&Told], style: Style) -> String {
    let mut out = String::new();
    for (number, told) in told.iter().enumerate() {
        if number > 0 {
            out.push('\n');
        }
        // On one line, however long: the sentence can be copied, or taken with `head -1`.
        out.push_str(&style.bold(&tame(&format!("{}.", told.rule.sentence()))));
        out.push('\n');
        if !told.rule.terms.is_empty() {
            out.push('\n');
            out.push_str(&limits(told, style));
        }
        if !told.tradeoff.is_empty() {
            out.push('\n');
            out.push_str(&tradeoff(told, style));
        }
    }
    out
}

fn limits(told: &Told, style: Style) -> String {
    let resampled = told.recurs.iter().any(Option::is_some);
    let mut headings = vec!["Limit", "Holds", "Of", "Quasi-p"];
    if resampled {
        headings.push("Recurs (coverage, density)");
    }
    let rows: Vec<Vec<Cell>> = told
        .rule
        .terms
        .iter()
        .enumerate()
        .map(|(at, term)| {
            let of = match &term.part {
                Part::Range { ends: [low, high], .. } => format!("{low} to {high}"),
                Part::Levels { levels } => wording::counted(levels.len() as u64, "level", "levels"),
            };
            let mut row = vec![
                Cell::plain(&term.title),
                Cell::plain(&term.said),
                Cell::plain(of),
                Cell::plain(term.quasi_p.map_or("–".to_owned(), small)),
            ];
            if let Some(Some([coverage, density])) = told.recurs.get(at) {
                let both = format!("{}, {}", wording::percent(*coverage), wording::percent(*density));
                row.push(Cell::plain(both));
            }
            row
        })
        .collect();
    set(&headings, &rows, style)
}

fn tradeoff(told: &Told, style: Style) -> String {
    let rows: Vec<Vec<Cell>> = told
        .tradeoff
        .iter()
        .map(|step| {
            let cell = |text: String| {
                if step.told { Cell::judged(text, Standing::Fits) } else { Cell::plain(text) }
            };
            let mark = if step.told { "● " } else { "  " };
            vec![
                cell(format!("{mark}{}", step.step)),
                cell(step.restricted.to_string()),
                cell(wording::percent(step.coverage)),
                cell(wording::percent(step.density)),
                cell(wording::percent(step.mass)),
            ]
        })
        .collect();
    let headings = ["Step", "Limited inputs", "Coverage", "Density", "Share of all"];
    set(&headings, &rows, style)
}

/// A small probability: two decimals, or "under 0.001".
fn small(value: f64) -> String {
    if value < 0.001 { "under 0.001".to_owned() } else { format!("{value:.3}") }
}
