//! How far to trust it: scores against the record with plain explanations, and what the model misses.

use equipoise_lab::score::{PIT_BINS, Part};
use maud::{Markup, html};

use super::{chart, outcomes, scrolling, verdict};
use crate::findings::{Findings, Standing};
use crate::wording;

pub(super) fn section(findings: &Findings) -> Markup {
    let scored: Vec<_> = findings
        .scored()
        .filter(|(_, _, scored)| Standing::of(scored.verdict) != Standing::Unscored)
        .collect();
    let open = findings.scored().count() - scored.len();
    let missed: Vec<_> =
        scored.iter().filter(|(_, _, scored)| Standing::of(scored.verdict) == Standing::Missed).collect();
    html! {
        section id="trust" aria-labelledby="trust-heading" {
            h2 id="trust-heading" { "How far to trust it" }
            @if scored.is_empty() {
                p { "Nothing of the record can be compared, so nothing here says how far the model can be trusted." }
            } @else {
                div.columns {
                    div {
                        h3 { "What the model misses" }
                        @if missed.is_empty() {
                            p { "Nothing on record lies outside 90 % of the histories, and no answer on record is one that less than a third of them give. That is agreement, not proof: the model may be right for wrong reasons, or merely vague." }
                        } @else {
                            p { (missed.len()) " of " (scored.len()) " things on record lie outside 90 % of the histories, or are answers that less than a third of them give:" }
                            ul.misses {
                                @for (title, _, row) in &missed {
                                    li {
                                        b { (title) }
                                        @if let Some(day) = row.day { " on " (wording::date(day)) }
                                        ": the record says " (row.value) ", the histories say " (row.found) "."
                                    }
                                }
                            }
                        }
                    }
                    div {
                        h3 { "How each account fits the record" }
                        (fit(findings))
                    }
                }
                (cards(findings))
                (pit(findings))
                (meanings())
                details {
                    summary { "Every score: " (wording::counted(scored.len() as u64, "row", "rows")) " of the record" @if open > 0 { ", and " (open) " with nothing to compare" } }
                    (scores(findings))
                }
            }
        }
    }
}

fn meanings() -> Markup {
    html! {
        dl.legend {
            div { dt { "Coverage" } dd { "how many numbers and dates of the record fall within 90 % of the histories; about 90 % would be right, all of them may mean the model is too vague" } }
            div { dt { "CRPS" } dd { "how far the histories as a whole lie from the record, in the unit of the outcome; 0 is perfect. Between accounts it is given as a ratio: below 1 fits better than all together" } }
            div { dt { "Brier" } dd { "squared error of a probability; 0 is perfect, saying 1 in 2 to everything scores 0.25" } }
            div { dt { "Log score" } dd { "minus the logarithm of the probability given to what happened; 0 is perfect, saying 1 in 2 to everything scores 0.69" } }
            div { dt { "Skill over evidence" } dd { "how much better than the other claims on the same subject, pooled by trust and credence without any model (one half for a yes/no nobody else speaks of): 1 is perfect, 0 no better, below 0 worse. Most of those claims were made during the events or after them, so this is no forecast but a reader of the sources" } }
            div { dt { "Skill over expectation" } dd { "the same against what claims named in the record say was expected, taken at their word" } }
            div { dt { "Position" } dd { "share of the histories below the record; near 0 or 100 % the record is a surprise" } }
        }
    }
}

fn fit(findings: &Findings) -> Markup {
    let optional = |value: Option<f64>| value.map_or("–".to_owned(), wording::number);
    scrolling(
        "Fit to the record by account",
        &html! {
            table {
                thead { tr { th scope="col" { "Account" } th.number scope="col" { "Coverage" } th.number scope="col" { "Brier" } th.number scope="col" { "CRPS ratio" } } }
                tbody {
                    @for row in &findings.fit {
                        tr {
                            th scope="row" { (row.account) }
                            td.number { @if row.compared > 0 { (row.covered) " of " (row.compared) } @else { "–" } }
                            td.number { (optional(row.brier)) }
                            td.number { (optional(row.crps_ratio)) }
                        }
                    }
                }
            }
        },
    )
}

/// All rows, those open to fitting and those held out, for all accounts and each.
fn cards(findings: &Findings) -> Markup {
    let optional = |value: Option<f64>| value.map_or("–".to_owned(), wording::number);
    let skill = |value: Option<f64>, rows: u64| match value {
        Some(value) => format!("{} ({rows})", wording::signed(value)),
        None => "–".to_owned(),
    };
    let held = |held: u64, of: u64| if of > 0 { format!("{held} of {of}") } else { "–".to_owned() };
    let held_out_is_empty = findings
        .cards
        .iter()
        .any(|(_, card)| card.account.is_none() && card.part == Part::HeldOut && card.rows == 0);
    html! {
        h3 { "Scores, rows held out apart" }
        @if held_out_is_empty {
            p.quiet { "No row of the record is held out, so nothing here was kept from whoever chose the numbers of the model." }
        }
        (scrolling("Score cards", &html! {
            table {
                thead {
                    tr {
                        th scope="col" { "Account" } th scope="col" { "Rows" } th.number scope="col" { "In 50 %" } th.number scope="col" { "In 90 %" }
                        th.number scope="col" { "Brier" } th.number scope="col" { "Log score" }
                        th.number scope="col" { "Skill over evidence, CRPS (rows)" } th.number scope="col" { "… Brier (rows)" }
                        th.number scope="col" { "Skill over expectation, CRPS (rows)" } th.number scope="col" { "… Brier (rows)" }
                    }
                }
                tbody {
                    @for (title, card) in &findings.cards {
                        tr {
                            th scope="row" { (title) }
                            td { (card.part.word()) ", " (card.rows) }
                            td.number { (held(card.within_half, card.numbers)) }
                            td.number { (held(card.within_90, card.numbers)) }
                            td.number { (optional(card.brier)) }
                            td.number { (optional(card.log)) }
                            td.number { (skill(card.climatology.crps, card.climatology.crps_rows)) }
                            td.number { (skill(card.climatology.brier, card.climatology.brier_rows)) }
                            td.number { (skill(card.expected.crps, card.expected.crps_rows)) }
                            td.number { (skill(card.expected.brier, card.expected.brier_rows)) }
                        }
                    }
                }
            }
        }))
    }
}

/// The histogram of the probability integral transform over every row, as bars with their counts.
fn pit(findings: &Findings) -> Markup {
    let all = findings.cards.iter().map(|(_, card)| card);
    let Some(card) =
        all.clone().find(|card| card.account.is_none() && card.part == Part::All && card.numbers > 0)
    else {
        return html! {};
    };
    let most = card.pit.iter().copied().max().unwrap_or(1).max(1) as f64;
    let level = card.pit.iter().sum::<u64>() as f64 / PIT_BINS as f64;
    let mut bars = String::new();
    for (at, count) in card.pit.iter().enumerate().filter(|(_, count)| **count > 0) {
        let (from, until) = (at * 1000 / PIT_BINS + 8, (at + 1) * 1000 / PIT_BINS - 8);
        bars.push_str(&format!("M{from} 1000V{:.0}H{until}V1000Z", 1000.0 - 1000.0 * *count as f64 / most));
    }
    html! {
        figure.pit {
            figcaption {
                h3 { "Where the record falls among the histories" }
                p.quiet {
                    "Numbers and dates of the record by the share of the histories below them. Level, as the line, would be calibrated; "
                    "a bowl is too sure, a hump too vague, a slope biased."
                }
            }
            div.bars { (chart::drawing(&html! {
                (chart::path("band-50", &bars))
                (chart::path("zero", &format!("M0 {:.0}H1000", 1000.0 - 1000.0 * level / most)))
            })) }
            table.hidden {
                caption { "Rows by the share of the histories below them" }
                thead { tr { th scope="col" { "Histories below" } th scope="col" { "Rows" } } }
                tbody { @for (at, count) in card.pit.iter().enumerate() { tr { th scope="row" { (at * 100 / PIT_BINS) "–" ((at + 1) * 100 / PIT_BINS) " %" } td { (count) } } } }
            }
            p.quiet.ends { span { "0 %" } span { "50 %" } span { "100 %" } }
        }
    }
}

fn scores(findings: &Findings) -> Markup {
    scrolling(
        "Every score",
        &html! {
            table {
                thead { tr {
                    th scope="col" { "What" } th scope="col" { "Record" } th scope="col" { "Histories" }
                    th.number scope="col" { "Position" } th.number scope="col" { "CRPS" } th.number scope="col" { "Brier" } th scope="col" { "Verdict" }
                } }
                tbody {
                    @for (title, unit, row) in findings.scored() {
                        tr {
                            th scope="row" {
                                (title)
                                @if let Some(day) = row.day { span.quiet { " on " (wording::date(day)) } }
                                @if !row.note.is_empty() { span.note { (row.note) } }
                            }
                            td { (outcomes::claim(row)) }
                            td { (row.found) }
                            td.number { (row.position.map_or("–".to_owned(), wording::percent)) }
                            td.number { (row.crps.map_or("–".to_owned(), |crps| wording::amount(crps, unit))) }
                            td.number { (row.brier.map_or("–".to_owned(), wording::number)) }
                            td { (verdict(row.verdict)) }
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
    fn what_the_model_misses_is_listed_from_the_verdicts() {
        let text = section(&sample::findings()).into_string();
        let list = text.split("<ul class=\"misses\">").nth(1).and_then(|rest| rest.split("</ul>").next());
        insta::assert_snapshot!(list.unwrap_or_default().replace("</li><li>", "</li>\n<li>"));
    }

    #[test]
    fn without_a_record_nothing_is_claimed() {
        assert!(section(&sample::empty()).into_string().contains("Nothing of the record can be compared"));
    }
}
