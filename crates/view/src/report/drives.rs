//! What drives it: shares of variance by what inputs rest on, and the strongest inputs.

use maud::{Markup, html};

use super::scrolling;
use crate::findings::{Drives, Findings, Share};
use crate::wording;

pub(super) fn section(findings: &Findings) -> Markup {
    html! {
        section id="drivers" aria-labelledby="drivers-heading" {
            h2 id="drivers-heading" { "What drives it" }
            (shares_of(&findings.drives))
        }
    }
}

/// Shares of variance of every outcome, in sentences and in tables.
pub(super) fn shares_of(drives: &[Drives]) -> Markup {
    let told: Vec<&Drives> = drives.iter().filter(|drives| drives.nothing.is_none()).collect();
    let untold = untold(drives);
    html! {
        @if told.is_empty() {
            p { "Nothing can be said of what drives the headline outcomes." }
        } @else {
            @for drives in &told { p { (sentence(drives)) } }
            (shares(&told))
            p.quiet.after {
                "Shares of the variance that each input explains by itself, with 95 % intervals, from "
                (wording::counted(told.iter().map(|drives| drives.histories).max().unwrap_or(0), "history", "histories"))
                ". Evidence is what claims add to knowing the account. What inputs do only together, and what chance does, cannot be told apart here; a run with --design saltelli-groups can."
            }
            details {
                summary { "The strongest inputs of each outcome" }
                @for drives in &told { (strongest(drives)) }
            }
        }
        @if !untold.is_empty() {
            ul { @for (outcomes, why) in untold { li { b { (outcomes.join(", ")) } ": " (why) "." } } }
        }
    }
}

/// Why nothing can be said, and of which outcomes; those with one reason together.
fn untold(drives: &[Drives]) -> Vec<(Vec<&str>, &str)> {
    let mut reasons: Vec<(Vec<&str>, &str)> = Vec::new();
    for drives in drives {
        let Some(why) = drives.nothing.as_deref() else { continue };
        match reasons.iter_mut().find(|(_, known)| *known == why) {
            Some((outcomes, _)) => outcomes.push(&drives.outcome),
            None => reasons.push((vec![&drives.outcome], why)),
        }
    }
    reasons
}

/// The outcome's largest share in one sentence.
fn sentence(drives: &Drives) -> String {
    let parts = [
        (drives.assumption, "is assumption: numbers nobody has evidence for"),
        (drives.evidence, "is evidence: claims that leave room even once an account is believed"),
        (drives.account, "is which account one believes"),
        (drives.rest, "is chance, and what inputs do only together"),
    ];
    let largest = parts.iter().max_by(|a, b| a.0.value.total_cmp(&b.0.value));
    let (share, what) = largest.map_or((Share::default(), ""), |(share, what)| (*share, what));
    let mut text =
        format!("{}: {} of the uncertainty {what}.", drives.outcome, wording::percent(share.value));
    if let Some(first) = drives.named.first() {
        text += &format!(
            " The strongest single input is “{}” ({}, {}).",
            first.title,
            first.group,
            wording::percent(first.share.value)
        );
    }
    text
}

fn shares(told: &[&Drives]) -> Markup {
    scrolling(
        "Shares of variance",
        &html! {
            table {
                thead { tr {
                    th scope="col" { "Outcome" }
                    th.number scope="col" { "Assumption" } th.number scope="col" { "Evidence" }
                    th.number scope="col" { "Account" } th.number scope="col" { "Interplay and chance" }
                } }
                tbody {
                    @for drives in told {
                        tr {
                            th scope="row" { (drives.outcome) }
                            @for share in [drives.assumption, drives.evidence, drives.account, drives.rest] {
                                td.number { (said(share)) }
                            }
                        }
                    }
                }
            }
        },
    )
}

fn strongest(drives: &Drives) -> Markup {
    html! {
        h3 { (drives.outcome) }
        @if drives.named.is_empty() {
            p { "No single input can be told from nothing." }
        } @else {
            (scrolling(
                &format!("Strongest inputs: {}", drives.outcome),
                &html! {
                    table {
                        thead { tr { th scope="col" { "Input" } th scope="col" { "Rests on" } th.number scope="col" { "Share of variance" } } }
                        tbody {
                            @for driver in &drives.named {
                                tr {
                                    th scope="row" { (driver.title) span.note { code { (driver.id) } } }
                                    td { (driver.group) }
                                    td.number { (said(driver.share)) }
                                }
                            }
                        }
                    }
                },
            ))
        }
    }
}

/// A share with its interval, in per cent: "62 % (58–66)".
fn said(share: Share) -> String {
    let bare = |value: f64| format!("{:.0}", 100.0 * value);
    format!("{} ({}–{})", wording::percent(share.value), bare(share.low), bare(share.high))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn the_largest_share_is_said_first_and_the_rest_stands_in_a_table() {
        let text = section(&sample::findings()).into_string();
        assert!(text.contains(
            "People killed: 62 % of the uncertainty is assumption: numbers nobody has evidence for. The strongest \
             single input is “Civilians killed per clash pair and day” (assumption, 31 %)."
        ));
        assert!(text.contains("<td class=\"number\">9 % (7–11)</td>"), "{text}");
        assert!(text.contains("Order restored</b>: the outcome is 3 in every row"), "{text}");
    }

    #[test]
    fn one_reason_is_given_once() {
        let mut drives = sample::findings().drives;
        drives.iter_mut().for_each(|one| one.nothing = Some("there are too few histories".into()));
        let text = shares_of(&drives).into_string();
        assert_eq!(text.matches("there are too few histories.").count(), 1, "{text}");
        assert!(drives.iter().all(|one| text.contains(&one.outcome)), "{text}");
    }

    #[test]
    fn without_an_answer_nothing_is_claimed() {
        assert!(section(&sample::empty()).into_string().contains("Nothing can be said"));
    }
}
