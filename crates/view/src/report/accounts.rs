//! "If you believe …": each headline outcome under each account, as dots with their ranges.

use jiff::civil::Date;
use maud::{Markup, html};

use super::chart::{self, Axis};
use super::outcomes;
use crate::findings::{Findings, Found, OutcomeRow};
use crate::wording;

pub(super) fn section(findings: &Findings) -> Markup {
    html! {
        section id="accounts" aria-labelledby="accounts-heading" {
            h2 id="accounts-heading" { "If you believe …" }
            p.quiet {
                "An account is a coherent view of what to believe where the sources contradict each other. "
                "Each history is simulated under one account, in proportion to its credence."
            }
            ol.accounts {
                @for account in &findings.accounts {
                    li {
                        h3 { "… " (account.title) }
                        p.meter {
                            span.bar aria-hidden="true" { span style={ "width:" (format!("{:.1}%", account.credence * 100.0)) } {} }
                            "credence " (wording::exact(account.credence)) " · " (wording::counted(account.histories, "history", "histories"))
                        }
                        p { (account.explanation) }
                    }
                }
            }
            @if findings.ensemble.histories > 0 {
                p.quiet {
                    "Below, a dot is a probability with its 95 % Monte Carlo interval, or a median with 90 % of the histories. "
                    "An orange line or band is the record."
                }
                div.multiples {
                    @for row in findings.headlines() { (multiple(findings, row)) }
                }
            }
        }
    }
}

/// One outcome: a row for all accounts together, then one for each.
fn multiple(findings: &Findings, row: &OutcomeRow) -> Markup {
    let start = findings.ensemble.period.0;
    let axis = axis(row, start);
    let several = findings.accounts.len() > 1;
    html! {
        figure.multiple {
            figcaption { h3 { (row.title) } }
            table.dots {
                thead.hidden { tr { th scope="col" { "Account" } th scope="col" { "Chart" } th scope="col" { "Value" } } }
                tbody {
                    (line("All accounts", &row.found, row, axis.as_ref(), start, true))
                    @if several {
                        @for (account, found) in findings.accounts.iter().zip(&row.by_account) {
                            (line(&account.title, found, row, axis.as_ref(), start, false))
                        }
                    }
                }
                @if let Some(axis) = &axis { tfoot aria-hidden="true" { tr { td {} td.strip { (axis.below()) } td {} } } }
            }
        }
    }
}

fn line(label: &str, found: &Found, row: &OutcomeRow, axis: Option<&Axis>, start: Date, all: bool) -> Markup {
    let (centre, interval) = outcomes::said(found, row.unit);
    html! {
        tr.all[all] {
            th scope="row" { (label) }
            td.strip { @if let Some(axis) = axis { (strip(found, row, axis, start)) } }
            td.value { b { (centre) } " " span.quiet { (interval) } }
        }
    }
}

/// The dot and its range on the axis, over the record's band.
pub(super) fn strip(found: &Found, row: &OutcomeRow, axis: &Axis, start: Date) -> Markup {
    let mut bands = String::new();
    let mut lines = String::new();
    for (low, high) in row.record.iter().filter_map(|scored| scored.interval) {
        if low == high {
            lines.push_str(&format!("M{} 0V1000", axis.x(low)));
        } else {
            bands.push_str(&format!(
                "M{0} 0H{1}V1000H{0}Z",
                axis.x(low.max(axis.low)),
                axis.x(high.min(axis.high))
            ));
        }
    }
    let mark = extent(found, start);
    chart::drawing(&html! {
        (axis.columns())
        (chart::path("record-band", &bands))
        (chart::path("record-line", &lines))
        @if let Some((centre, low, high)) = mark {
            (chart::path("range", &format!("M{} 500H{}", axis.x(low), axis.x(high))))
            (chart::path("dot", &chart::dot(&axis.x(centre), "500")))
        }
    })
}

/// Centre and ends of what was found, on the outcome's scale (dates as days since the start).
pub(super) fn extent(found: &Found, start: Date) -> Option<(f64, f64, f64)> {
    let day = |date: Date| f64::from((date - start).get_days());
    match *found {
        Found::Nothing | Found::Date { when: None, .. } => None,
        Found::Probability { share, interval } => Some((share, interval.0, interval.1)),
        Found::Number { median, interval } => Some((median, interval.0, interval.1)),
        Found::Date { when: Some((median, (low, high))), .. } => Some((day(median), day(low), day(high))),
    }
}

/// One axis for every row of an outcome, the record included.
fn axis(row: &OutcomeRow, start: Date) -> Option<Axis> {
    if matches!(row.found, Found::Probability { .. }) {
        return Some(Axis::shares());
    }
    let shown = row.by_account.iter().chain([&row.found]).filter_map(|found| extent(found, start));
    let mut values: Vec<f64> = shown.flat_map(|(centre, low, high)| [centre, low, high]).collect();
    if values.is_empty() {
        return None;
    }
    values.extend(row.record.iter().filter_map(|scored| scored.interval).flat_map(|(low, high)| [low, high]));
    values.retain(|value| value.is_finite());
    let low = values.iter().copied().fold(f64::MAX, f64::min);
    let high = values.iter().copied().fold(f64::MIN, f64::max);
    if matches!(row.found, Found::Date { .. }) {
        return Some(Axis::days(start, low.floor() as i64 - 1, high.ceil() as i64 + 1, 3));
    }
    Some(Axis::numbers(low.min(0.0), high, row.unit))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn accounts_stand_side_by_side_on_one_axis() {
        let findings = sample::findings();
        let row = findings.headlines()[0];
        insta::assert_snapshot!(multiple(&findings, row).into_string().replace("><", ">\n<"));
    }

    #[test]
    fn one_account_is_shown_once() {
        let findings = sample::single_account();
        let text = multiple(&findings, findings.headlines()[0]).into_string();
        assert_eq!(text.matches("scope=\"row\"").count(), 1);
    }

    #[test]
    fn what_never_happened_has_words_but_no_dot() {
        let findings = sample::never_happened();
        let text = section(&findings).into_string();
        assert!(text.contains("never"));
    }
}
