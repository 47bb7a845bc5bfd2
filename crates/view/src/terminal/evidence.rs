//! What a scenario rests on: sources, each number's chain down to the paragraph, conflicts side by side, unused claims.

use super::table::{self, Cell};
use super::{Style, hanging, tame, wrap};
use crate::findings::{BasisRow, ClaimRow, Conflict, ParameterRow, SourceRow};
use crate::wording;

/// Columns between two sides of a conflict.
const GUTTER: usize = 3;

/// The whole view: sources, numbers on evidence, numbers on assumptions, conflicts.
pub fn evidence(
    sources: &[SourceRow],
    parameters: &[ParameterRow],
    conflicts: &[Conflict],
    style: Style,
) -> String {
    let (assumed, claimed): (Vec<&ParameterRow>, Vec<&ParameterRow>) =
        parameters.iter().partition(|row| matches!(row.basis, BasisRow::Assumption { .. }));
    let mut out = heading("Sources", style);
    out.push_str(&listed(sources, style));
    out.push_str(&heading(
        &format!("Numbers on evidence ({} of {})", claimed.len(), parameters.len()),
        style,
    ));
    claimed.iter().for_each(|row| out.push_str(&parameter(row, style)));
    out.push_str(&heading(
        &format!("Numbers on assumptions ({} of {})", assumed.len(), parameters.len()),
        style,
    ));
    assumed.iter().for_each(|row| out.push_str(&parameter(row, style)));
    out.push_str(&heading(&format!("Conflicts ({})", conflicts.len()), style));
    conflicts.iter().for_each(|conflict| out.push_str(&sides(conflict, style)));
    out
}

/// The claims that nothing in the scenario uses.
pub fn unused(claims: &[ClaimRow], style: Style) -> String {
    let mut out = heading(&format!("Unused claims ({})", claims.len()), style);
    for claim in claims {
        out.push_str(&said("  ", claim, style.columns(), style));
    }
    out
}

fn heading(text: &str, style: Style) -> String {
    format!("\n{}\n", style.bold(text))
}

fn listed(sources: &[SourceRow], style: Style) -> String {
    let rows: Vec<Vec<Cell>> = sources
        .iter()
        .map(|source| {
            vec![
                Cell::plain(&source.id),
                Cell::plain(&source.outlet),
                Cell::plain(&source.title),
                Cell::plain(&source.date),
                Cell::plain(wording::whole(source.claims)),
            ]
        })
        .collect();
    table::set(&["Source", "Outlet", "Title", "Date", "Claims"], &rows, style)
}

fn parameter(row: &ParameterRow, style: Style) -> String {
    let width = style.columns();
    let mut out = hanging("", &format!("{}: {}", row.id, tame(&row.title)), width);
    match &row.basis {
        BasisRow::Evidence { claims, .. } => {
            for trusted in claims {
                out.push_str(&said("  ", &trusted.claim, width, style));
                let weights: Vec<String> = trusted
                    .weights
                    .iter()
                    .map(|(account, weight)| format!("{} in {account}", wording::percent(*weight)))
                    .collect();
                let weights =
                    if weights.is_empty() { "trusted by no account".to_owned() } else { weights.join(", ") };
                out.push_str(&style.quiet(hanging("      ", &tame(&weights), width).trim_end()));
                out.push('\n');
            }
        }
        BasisRow::Assumption { range, shape, reason } => {
            let unit = wording::unit_word(row.unit);
            let range = format!("{}–{} {unit}", wording::exact(range[0]), wording::exact(range[1]));
            out.push_str(&hanging("  ", &tame(&format!("{}, {shape}. {reason}", range.trim_end())), width));
        }
    }
    out
}

/// A claim on two lines or more: its value and words, then status, chain and place.
fn said(indent: &str, claim: &ClaimRow, width: usize, style: Style) -> String {
    let mut out = hanging(
        &format!("{indent}{}  ", claim.citation.claim),
        &tame(&format!("{}: {}", claim.value, claim.text)),
        width,
    );
    let under = " ".repeat(indent.len() + 4);
    out.push_str(&style.quiet(hanging(&under, &tame(&place(claim)), width).trim_end()));
    out.push('\n');
    out
}

fn place(claim: &ClaimRow) -> String {
    let at = &claim.citation;
    let paragraph = if at.paragraph.is_empty() { String::new() } else { format!(", ¶ {}", at.paragraph) };
    format!("{}; {}; {}, {}{paragraph}", claim.status, claim.chain, at.outlet, at.date)
}

/// Both (or all) sides in columns next to each other; below each other where columns would be too narrow.
fn sides(conflict: &Conflict, style: Style) -> String {
    let width = style.columns();
    let mut out = hanging("", &tame(&format!("{}: {}", conflict.group, conflict.subject)), width);
    let column = (width - 2).saturating_sub(GUTTER * conflict.sides.len().saturating_sub(1))
        / conflict.sides.len().max(1);
    let columns: Vec<Vec<String>> = conflict.sides.iter().map(|side| stacked(side, column.max(28))).collect();
    if column < 28 {
        for (i, side) in columns.iter().enumerate() {
            out.push_str(&format!("  side {}\n", i + 1));
            side.iter().for_each(|line| out.push_str(&format!("    {line}\n")));
        }
        return out;
    }
    for at in 0..columns.iter().map(Vec::len).max().unwrap_or(0) {
        let line: Vec<String> = columns
            .iter()
            .map(|side| {
                let text = side.get(at).map_or("", String::as_str);
                format!("{text}{}", " ".repeat(column.saturating_sub(text.chars().count())))
            })
            .collect();
        out.push_str(&format!("  {}\n", line.join(" │ ")).replace(" \n", "\n"));
    }
    let trimmed: Vec<&str> = out.lines().map(str::trim_end).collect();
    format!("{}\n", trimmed.join("\n"))
}

/// The claims of one side, one below the other, within a column.
fn stacked(side: &[ClaimRow], width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for (i, claim) in side.iter().enumerate() {
        if i > 0 {
            lines.push(String::new());
        }
        lines
            .extend(wrap(&tame(&format!("{} {}: {}", claim.citation.claim, claim.value, claim.text)), width));
        lines.extend(wrap(&tame(&place(claim)), width));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn every_number_is_followed_down_to_its_paragraph() {
        let findings = sample::findings();
        let style = Style { colour: false, width: 100 };
        let text = evidence(&findings.sources, &findings.parameters, &findings.conflicts, style);
        assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
        insta::assert_snapshot!(text);
    }

    #[test]
    fn narrow_terminals_stack_the_sides() {
        let findings = sample::findings();
        let text = sides(&findings.conflicts[0], Style { colour: false, width: 44 });
        assert!(text.contains("side 1") && text.contains("side 2"));
        assert!(text.lines().all(|line| line.chars().count() <= 44), "{text}");
    }

    #[test]
    fn unused_claims_are_listed_with_their_place() {
        let claims = &sample::findings().conflicts[0].sides[1];
        insta::assert_snapshot!(unused(claims, Style { colour: false, width: 80 }));
    }
}
