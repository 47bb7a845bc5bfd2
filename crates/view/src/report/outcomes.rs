//! The table of outcomes against the record: headlines first, the rest folded away.

use equipoise_lab::score::Verdict;
use equipoise_scenario::unit::Unit;
use maud::{Markup, html};

use super::{scrolling, verdict};
use crate::findings::{Findings, Found, OutcomeRow, Scored};
use crate::wording;

pub(super) fn section(findings: &Findings) -> Markup {
    let headlines = findings.headlines();
    let rest: Vec<&OutcomeRow> =
        findings.outcomes.iter().filter(|row| !headlines.iter().any(|h| h.id == row.id)).collect();
    html! {
        section id="outcomes" aria-labelledby="outcomes-heading" {
            h2 id="outcomes-heading" { "Outcomes against the record" }
            (table("Headline outcomes", &headlines))
            @if !rest.is_empty() {
                details {
                    summary { "The other " (wording::counted(rest.len() as u64, "outcome", "outcomes")) }
                    (table("Other outcomes", &rest))
                }
            }
            (legend())
        }
    }
}

/// What the verdicts mean, once.
fn legend() -> Markup {
    let meanings = [
        (
            [Verdict::Inside, Verdict::Agrees],
            "the record meets the middle half of the histories; for a yes/no, at least two thirds agree with it",
        ),
        (
            [Verdict::Edge, Verdict::Open],
            "it meets 90 % of the histories but not the middle half; for a yes/no, between one and two thirds agree",
        ),
        (
            [Verdict::Outside, Verdict::Disagrees],
            "it lies outside 90 % of the histories; for a yes/no, less than a third agree: the model misses it",
        ),
    ];
    html! {
        dl.legend {
            @for (words, meaning) in meanings {
                div { dt { (verdict(words[0])) " " (verdict(words[1])) } dd { (meaning) } }
            }
        }
    }
}

fn table(label: &str, rows: &[&OutcomeRow]) -> Markup {
    scrolling(
        label,
        &html! {
            table.outcomes {
                thead { tr { th scope="col" { "Outcome" } th scope="col" { "Probability or median" } th scope="col" { "Interval" } th scope="col" { "Record" } th scope="col" { "Verdict" } } }
                tbody {
                    @for row in rows {
                        @let (centre, interval) = said(&row.found, row.unit);
                        tr {
                            th scope="row" { (row.title) }
                            td.centre { (centre) }
                            td.interval { (interval) }
                            td.record { @for scored in &row.record { (claim(scored)) } @if row.record.is_empty() { span.quiet { "not on record" } } }
                            td.judged {
                                @for judged in row.verdicts() { (verdict(judged)) " " }
                                @if row.record.is_empty() { (verdict(Verdict::NotScored)) }
                            }
                        }
                    }
                }
            }
        },
    )
}

/// One claim of the record with its place.
pub(super) fn claim(scored: &Scored) -> Markup {
    let at = &scored.citation;
    html! {
        span.claim {
            (scored.value)
            @if scored.held_out { span.tag title="kept from calibration" { "held out" } }
            " " a.cite href={ "#source-" (at.source) } title={ (at.outlet) ", " (at.date) ", ¶ " (at.paragraph) } { (at.claim) }
        }
    }
}

/// What was found, in words: the centre and its interval.
pub fn said(found: &Found, unit: Unit) -> (String, String) {
    match *found {
        Found::Nothing => ("no history".to_owned(), "–".to_owned()),
        Found::Probability { share, interval } => {
            (wording::share_in_words(share), wording::probability_interval(interval.0, interval.1))
        }
        Found::Number { median, interval: (low, high) } => {
            (wording::amount(median, unit), wording::interval(low, high, unit))
        }
        Found::Date { interval, when: None, .. } => {
            ("never".to_owned(), wording::probability_interval(interval.0, interval.1))
        }
        Found::Date { happened, interval: (least, most), when: Some((median, (low, high))) } => {
            let interval = wording::dates(low, high);
            let when = if happened < 1.0 {
                format!("{interval}; it comes in {}", wording::probability(happened, least, most))
            } else {
                interval
            };
            (wording::date(median), when)
        }
    }
}
