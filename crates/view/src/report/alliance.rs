//! Alliances: a mission from the request to the last departure against dated facts, who voted how and why, and past
//! requests, each foretold from the others.

use equipoise_lab::treaty::{CaseLearned, TEXT_GRANTS_FROM};
use equipoise_models::treaty::{Span, VoteParts};
use jiff::civil::Date;
use maud::{Markup, html};

use super::accounts::{extent, strip};
use super::chart::{self, Axis};
use super::outcomes;
use super::scrolling;
use crate::findings::{Alliances, BeliefRow, BeliefTable, Findings, OutcomeRow, PastRequests, VoteRow};
use crate::wording;

pub(super) fn section(findings: &Findings) -> Markup {
    let alliances = &findings.alliances;
    html! {
        @if !alliances.is_empty() {
            section id="alliance" aria-labelledby="alliance-heading" {
                h2 id="alliance-heading" { "What the alliance did" }
                (missions(alliances, &findings.outcomes, findings.ensemble.period.0))
            }
        }
    }
}

/// The course of a mission, who voted how, and past requests.
pub(super) fn missions(alliances: &Alliances, outcomes: &[OutcomeRow], start: Date) -> Markup {
    html! {
        div.missions {
            (course(&alliances.course_among(outcomes), start))
            @if !alliances.votes.is_empty() { (votes(&alliances.votes, alliances.histories)) }
            @for table in &alliances.beliefs { (beliefs(table)) }
            @for past in &alliances.past { (requests(past)) }
        }
    }
}

/// A mission from the request to the last departure: one line per dated event, on one axis.
fn course(rows: &[&OutcomeRow], start: Date) -> Markup {
    let Some(axis) = axis(rows, start) else { return html! {} };
    html! {
        figure.multiple.course {
            figcaption {
                h3 { "From the request to the last departure" }
                p.quiet { "A dot is the median day where it happens, with 90 % of those histories; an orange line or band is the dated fact." }
            }
            table.dots {
                thead.hidden { tr { th scope="col" { "Event" } th scope="col" { "Chart" } th scope="col" { "Day" } } }
                tbody {
                    @for row in rows {
                        @let (centre, interval) = outcomes::said(&row.found, row.unit);
                        tr {
                            th scope="row" { (row.title) }
                            td.strip { (strip(&row.found, row, &axis, start)) }
                            td.value {
                                b { (centre) } " " span.quiet {
                                    (interval)
                                    @for scored in &row.record { "; record " (scored.value) }
                                }
                            }
                        }
                    }
                }
                tfoot aria-hidden="true" { tr { td {} td.strip { (axis.below()) } td {} } }
            }
        }
    }
}

fn axis(rows: &[&OutcomeRow], start: Date) -> Option<Axis> {
    let found =
        rows.iter().filter_map(|row| extent(&row.found, start)).flat_map(|(_, low, high)| [low, high]);
    let record = rows.iter().flat_map(|row| &row.record).filter_map(|scored| scored.interval);
    let days: Vec<f64> =
        found.chain(record.flat_map(|(low, high)| [low, high])).filter(|day| day.is_finite()).collect();
    let low = days.iter().copied().reduce(f64::min)?;
    let high = days.iter().copied().reduce(f64::max)?;
    Some(Axis::days(start, low.floor() as i64 - 1, high.ceil() as i64 + 1, 5))
}

/// Who voted how, and why.
fn votes(rows: &[VoteRow], histories: u64) -> Markup {
    html! {
        h3 { "Who voted how, and why" }
        p.quiet {
            "Over the votes in " (wording::counted(histories, "history", "histories")) " simulated again for their reasons. "
            "Reasons are the mean parts of the utility of yes over abstaining: 1 makes yes e times as likely."
        }
        (scrolling("Votes by member", &html! {
            table.votes {
                thead { tr {
                    th scope="col" { "Member" } th.number scope="col" { "Votes" }
                    th.number scope="col" { "Yes" } th.number scope="col" { "Abstains" } th.number scope="col" { "No" }
                    th scope="col" { "For it" } th scope="col" { "Against it" }
                } }
                tbody { @for row in rows { tr {
                    th scope="row" { (row.member) @if row.leads { span.tag { "leads" } } }
                    td.number { (wording::whole(row.votes)) }
                    @for share in row.shares { td.number { (percent(share)) } }
                    td { (reasons(row, 1.0)) }
                    td { (reasons(row, -1.0)) }
                } } }
            }
        }))
    }
}

/// The reasons of one sign, the weightiest first.
fn reasons(row: &VoteRow, sign: f64) -> String {
    let mut found: Vec<(f64, &str)> = row
        .parts
        .iter()
        .zip(VoteParts::NAMES)
        .filter(|(part, _)| **part * sign >= 0.005)
        .map(|(part, name)| (part.abs(), name))
        .collect();
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    let words: Vec<String> = found.iter().map(|(part, name)| format!("{name} {part:.2}")).collect();
    if words.is_empty() { "–".to_owned() } else { words.join(", ") }
}

/// What members and audience believed of an attack from abroad, day after day, and what moved them.
fn beliefs(table: &BeliefTable) -> Markup {
    let last = table.rows.iter().map(|row| row.days.len()).max().unwrap_or(0).saturating_sub(1);
    html! {
        h3 { "Who believed in an attack from abroad" }
        p.quiet {
            "From the day on which the unrest was first called one, in the "
            (wording::counted(table.histories, "history", "histories")) " of those simulated again in which it was: "
            "the mean belief, from 0 (none) to 1 (certain), with 90 % of these histories in the band. "
            "The framing moves a belief once; then each voice closes a share of the gap to what it says every day."
        }
        @if last > 0 {
            div.multiples { @for row in &table.rows { (believed(row)) } }
        }
        (scrolling("What moved the beliefs", &html! {
            table.beliefs {
                thead { tr {
                    th scope="col" { "Hearer" } th.number scope="col" { "First day" }
                    th.number scope="col" { "Day " (last) }
                    th.number scope="col" { "Moved by the framing" }
                    @for voice in &table.voices { th.number scope="col" { (voice) } }
                } }
                tbody { @for row in &table.rows { tr {
                    th scope="row" { (row.hearer) @if !row.member { span.tag { "audience" } } }
                    td.number { (degree(row.days.first())) }
                    td.number { (degree(row.days.last())) }
                    td.number { (movement(row.framing)) }
                    @for moved in &row.voices { td.number { (movement(*moved)) } }
                } } }
            }
        }))
        p.quiet { "Movements are means over whole histories, up to the last simulated day." }
        @if table.accounts.len() > 1 {
            details {
                summary { "Belief on day " (last) ", by the account a history follows" }
                (scrolling("Belief by account", &html! {
                    table {
                        thead { tr {
                            th scope="col" { "Hearer" }
                            @for account in &table.accounts { th.number scope="col" { (account) } }
                        } }
                        tbody { @for row in &table.rows { tr {
                            th scope="row" { (row.hearer) }
                            @for mean in &row.accounts {
                                td.number { @if let Some(mean) = mean { (format!("{mean:.2}")) } @else { "–" } }
                            }
                        } } }
                    }
                }))
            }
        }
    }
}

/// One hearer's belief over the days.
fn believed(row: &BeliefRow) -> Markup {
    let last = row.days.len().saturating_sub(1);
    let ticks = [0, last / 2, last].map(|day| (day as f64, format!("day {day}"), true)).to_vec();
    let (x, y) = (Axis { low: 0.0, high: last.max(1) as f64, ticks }, Axis::shares());
    let line = |of: fn(&Span) -> f64| -> Vec<(String, String)> {
        row.days.iter().enumerate().map(|(day, span)| (x.x(day as f64), y.y(of(span)))).collect()
    };
    html! {
        figure.fan {
            figcaption { h4 { (row.hearer) } }
            div.frame.always {
                (y.beside())
                div.plot {
                    (chart::drawing(&html! {
                        (y.rows())
                        (chart::path("band-90", &chart::band(&line(|span| span.high), &line(|span| span.low))))
                        (chart::path("median", &chart::line(&line(|span| span.mean))))
                    }))
                }
                (x.below())
            }
            details {
                summary { "The numbers: " (row.hearer) }
                (scrolling(&format!("Belief of {}, day by day", row.hearer), &html! {
                    table {
                        thead { tr {
                            th scope="col" { "Day" } th.number scope="col" { "Mean" }
                            th.number scope="col" { "5 %" } th.number scope="col" { "95 %" }
                        } }
                        tbody { @for (day, span) in row.days.iter().enumerate() { tr {
                            th scope="row" { (day) }
                            @for share in [span.mean, span.low, span.high] { td.number { (format!("{share:.2}")) } }
                        } } }
                    }
                }))
            }
        }
    }
}

/// How far something moved a belief; what rounds to nothing is a dash.
fn movement(moved: f64) -> String {
    if moved.abs() < 0.005 { "–".to_owned() } else { format!("{moved:+.2}") }
}

fn degree(span: Option<&Span>) -> Markup {
    html! { @if let Some(span) = span {
        (format!("{:.2}", span.mean)) span.note { (format!("{:.2} to {:.2}", span.low, span.high)) }
    } }
}

/// Past requests, each foretold from the others.
fn requests(past: &PastRequests) -> Markup {
    let learned = &past.learned;
    html! {
        h3 { "Past requests: " (past.treaty) }
        p.quiet {
            "What the text alone, taken at its word from a coverage of " (wording::exact(TEXT_GRANTS_FROM))
            " on, would have decided, and the probability of a grant learnt from the "
            strong { "other" } " requests only (left out), with nine tenths of what is not known of weights and facts. "
            "What members had at stake was coded by people who know how it ended."
        }
        (scrolling("Past requests", &html! {
            table.requests {
                thead { tr {
                    th scope="col" { "Request" } th scope="col" { "Really" } th scope="col" { "Text alone" }
                    th scope="col" { "Left out: written rule" } th scope="col" { "Left out: leading member alone" }
                    th scope="col" { "Left out: both" } th scope="col" { "Fitted: no test" }
                } }
                tbody { @for case in &learned.cases { (request(case)) } }
            }
        }))
        p.quiet {
            "After all of them the leading member decides alone with a probability of " (percent(learned.fit.lead_alone))
            " (before: 50 %). Brier scores, the smaller the better: "
            @for (i, score) in learned.scores.iter().enumerate() {
                @if i > 0 { ", " } (score.name) " " (format!("{:.3}", score.brier))
            }
            "."
        }
        details {
            summary { "Weights of the reasons, before and after" }
            (scrolling("Weights", &html! {
                table {
                    thead { tr { th scope="col" { "Weight of" } th scope="col" { "Before" } th scope="col" { "After" } } }
                    tbody { @for weight in &learned.fit.weights { tr {
                        th scope="row" { (weight.name) } td { (span(&weight.prior)) } td { (span(&weight.posterior)) }
                    } } }
                }
            }))
        }
    }
}

fn request(case: &CaseLearned) -> Markup {
    let really = case.fit.observed.granted;
    let right = case.text.grants == really;
    let [low, high] = case.text.degree;
    html! {
        tr {
            th scope="row" { span.date { (wording::date(case.date)) } " " (case.requester) span.note { (case.title) } }
            td { (if really { "granted" } else { "refused" }) span.note { (case.answer) } }
            td class=(if right { "fits" } else { "missed" }) {
                (if case.text.grants { "grants" } else { "refuses" })
                span.note { "covers " (format!("{low:.2}")) @if low != high { " to " (format!("{high:.2}")) } }
            }
            td { (chance(&case.fit.left_out.formal)) }
            td { (chance(&case.fit.left_out.lead)) }
            td { (chance(&case.fit.left_out.either)) }
            td { (chance(&case.fit.fitted.either)) }
        }
    }
}

fn chance(span: &Span) -> Markup {
    html! { b { (percent(span.mean)) } span.note { (percent(span.low)) " to " (percent(span.high)) } }
}

fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

fn span(span: &Span) -> String {
    format!("{:.2} ({:.2} to {:.2})", span.mean, span.low, span.high)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn votes_come_with_their_reasons_the_weightiest_first() {
        let findings = sample::findings();
        let row = &findings.alliances.votes[0];
        assert_eq!(reasons(row, 1.0), "interest 1.20, obligation 0.30");
        assert_eq!(reasons(row, -1.0), "home 0.40");
        let text = section(&findings).into_string();
        assert!(text.contains("Who voted how, and why") && text.contains("leads"));
    }

    #[test]
    fn beliefs_are_drawn_for_every_hearer_with_what_moved_them_and_by_account() {
        let text = section(&sample::findings()).into_string();
        assert!(text.contains("Who believed in an attack from abroad"));
        assert_eq!(text.matches("<h4>").count(), 2, "one picture for each hearer");
        assert!(text.contains("The press") && text.contains("-0.30") && text.contains("audience"));
        assert!(text.contains("by the account a history follows"));
    }

    #[test]
    fn past_requests_say_what_was_left_out() {
        let text = section(&sample::findings()).into_string();
        assert!(text.contains("Left out: both") && text.contains("Fitted: no test"));
        assert!(text.contains("class=\"missed\""), "the text alone misses a case");
    }

    #[test]
    fn without_a_treaty_there_is_no_section_and_no_link_to_it() {
        let mut findings = sample::findings();
        findings.alliances = Default::default();
        assert!(!crate::report::render(&findings).contains("id=\"alliance\""));
        assert!(!crate::report::render(&findings).contains("href=\"#alliance\""));
    }
}
