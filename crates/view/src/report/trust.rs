//! How far to trust it: scores against the record with plain explanations, and what the model misses.

use maud::{Markup, html};

use super::{outcomes, scrolling, verdict};
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
