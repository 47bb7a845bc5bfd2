//! Where every number comes from: evidence and assumptions with their shares, conflicts side by side, all sources.

use maud::{Markup, html};

use super::scrolling;
use crate::findings::{BasisRow, ClaimRow, Conflict, Findings, ParameterRow};
use crate::wording;

/// Sources that are listed without folding.
const FEW: usize = 8;

pub(super) fn section(findings: &Findings) -> Markup {
    let (assumed, all) = findings.assumed();
    html! {
        section id="evidence" aria-labelledby="evidence-heading" {
            h2 id="evidence-heading" { "Where every number comes from" }
            @if all > 0 {
                p { b { (assumed) " of " (all) " numbers are assumptions" } ": ranges with a written reason. The other " (all - assumed) " rest on claims that a source makes." }
                div.shares aria-hidden="true" {
                    @if assumed < all { span.evidenced style={ "flex-grow:" (all - assumed) } { (all - assumed) " evidence" } }
                    @if assumed > 0 { span.assumed style={ "flex-grow:" (assumed) } { (assumed) " assumptions" } }
                }
            }
            h3 { "What the numbers rest on" }
            details { summary { "The " (wording::counted((all - assumed) as u64, "number that rests", "numbers that rest")) " on evidence" } (evidenced(findings)) }
            details { summary { "The " (wording::counted(assumed as u64, "assumption", "assumptions")) " and their reasons" } (assumptions(findings)) }
            h3 { "Where the sources contradict each other" }
            @if findings.conflicts.is_empty() { p { "They do not, on anything the scenario uses." } }
            div.conflicts { @for (i, conflict) in findings.conflicts.iter().enumerate() { (contradiction(conflict, i == 0)) } }
            h3 { "Sources" }
            details open[findings.sources.len() <= FEW] {
                summary { (wording::counted(findings.sources.len() as u64, "source", "sources")) }
                (sources(findings))
            }
        }
    }
}

fn evidenced(findings: &Findings) -> Markup {
    html! {
        @for row in &findings.parameters {
            @if let BasisRow::Evidence { subject, claims } = &row.basis {
                div.parameter {
                    h4 { (row.title) " " code { (row.id) } }
                    p.quiet { "From what is claimed about: " (subject) }
                    ul {
                        @for trusted in claims {
                            li {
                                (said(&trusted.claim))
                                @if trusted.weights.is_empty() {
                                    span.note { "trusted by no account" }
                                } @else {
                                    span.note { "weight " @for (i, (account, weight)) in trusted.weights.iter().enumerate() { @if i > 0 { ", " } (wording::percent(*weight)) " in " (account) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn assumptions(findings: &Findings) -> Markup {
    let range = |row: &ParameterRow| match &row.basis {
        BasisRow::Assumption { range, shape, reason } => {
            let unit = wording::unit_word(row.unit);
            let ends = if range[0] == range[1] {
                wording::exact(range[0])
            } else {
                format!("{}–{}", wording::exact(range[0]), wording::exact(range[1]))
            };
            Some((format!("{ends} {unit}").trim_end().to_owned(), shape.clone(), reason.clone()))
        }
        BasisRow::Evidence { .. } => None,
    };
    scrolling(
        "Assumptions",
        &html! {
            table {
                thead { tr { th scope="col" { "Number" } th scope="col" { "Range" } th scope="col" { "Why" } } }
                tbody {
                    @for row in &findings.parameters {
                        @if let Some((range, shape, reason)) = range(row) {
                            tr { th scope="row" { (row.title) " " code { (row.id) } } td { (range) span.note { (shape) } } td.reason { (reason) } }
                        }
                    }
                }
            }
        },
    )
}

/// The sides of a conflict next to each other, folded under what they are about.
fn contradiction(conflict: &Conflict, open: bool) -> Markup {
    let sides: Vec<String> = conflict.sides.iter().enumerate().map(|(i, side)| heading(side, i)).collect();
    html! {
        details.conflict open[open] {
            summary { (conflict.subject) " " span.tag { (conflict.group) } " " span.quiet { (sides.join(" against ")) } }
            div.sides {
                @for (title, side) in sides.iter().zip(&conflict.sides) {
                    section.side {
                        h4 { (title) }
                        ul { @for claim in side { li { (said(claim)) } } }
                    }
                }
            }
        }
    }
}

/// What a side says: its values, each once, or its number where they are many.
fn heading(side: &[ClaimRow], number: usize) -> String {
    let mut values: Vec<&str> = Vec::new();
    for claim in side {
        if !values.contains(&claim.value.as_str()) {
            values.push(&claim.value);
        }
    }
    if values.len() <= 3 { values.join(" or ") } else { format!("side {}", number + 1) }
}

/// One claim: its words, value, status and place.
fn said(claim: &ClaimRow) -> Markup {
    let at = &claim.citation;
    html! {
        span.said { (claim.text) }
        span.note {
            (claim.value) " · " (claim.status) " · " (claim.chain) " · "
            a.cite href={ "#source-" (at.source) } { (at.outlet) ", " (at.date) }
            @if !at.paragraph.is_empty() { ", ¶ " (at.paragraph) }
            " · " (at.claim)
        }
    }
}

fn sources(findings: &Findings) -> Markup {
    scrolling(
        "Sources",
        &html! {
            table {
                thead { tr { th scope="col" { "Outlet" } th scope="col" { "Title" } th scope="col" { "Date" } th scope="col" { "Language" } th.number scope="col" { "Claims" } } }
                tbody {
                    @for source in &findings.sources {
                        tr id={ "source-" (source.id) } tabindex="-1" {
                            th scope="row" { (source.outlet) @if !source.affiliation.is_empty() { span.note { (source.affiliation) } } }
                            td.reason { (source.title) @if !source.note.is_empty() { span.note { (source.note) } } }
                            td.date { (source.date) }
                            td { (source.language) }
                            td.number { (source.claims) }
                        }
                    }
                }
            }
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn both_sides_of_a_conflict_stand_side_by_side() {
        let findings = sample::findings();
        insta::assert_snapshot!(
            contradiction(&findings.conflicts[0], true).into_string().replace("><", ">\n<")
        );
    }

    #[test]
    fn the_share_of_assumptions_is_said() {
        let findings = sample::findings();
        let (assumed, all) = findings.assumed();
        assert!(
            section(&findings)
                .into_string()
                .contains(&format!("<b>{assumed} of {all} numbers are assumptions</b>"))
        );
    }
}
