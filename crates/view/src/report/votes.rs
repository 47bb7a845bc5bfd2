//! Votes: what each state did on each resolution in how many histories, beside what it really did.

use maud::{Markup, html};

use super::scrolling;
use crate::findings::{BallotRow, BallotTable, Findings};
use crate::wording;

/// The sides in the order of the shares.
const SIDES: [&str; 4] = ["for", "abstain", "against", "absent"];

pub(super) fn section(findings: &Findings) -> Markup {
    html! {
        @if !findings.ballots.is_empty() {
            section id="votes" aria-labelledby="votes-heading" {
                h2 id="votes-heading" { "Votes" }
                (resolutions(&findings.ballots))
            }
        }
    }
}

/// Every resolution.
pub(super) fn resolutions(ballots: &[BallotTable]) -> Markup {
    html! {
        p.quiet {
            "Shares of the histories in which a state took each side. The bar shows for, abstaining, against and "
            "absent, from left to right; what the state really did stands beside it, with the share of the "
            "histories that agree."
        }
        @for table in ballots { (resolution(table)) }
    }
}

fn resolution(table: &BallotTable) -> Markup {
    html! {
        h3 { (table.title) " " span.quiet { (wording::date(table.date)) } }
        p { (verdict(table)) }
        @if let Some(first) = table.rows.first() { (scrolling(&table.title, &rows(std::slice::from_ref(first)))) }
        details {
            summary { "All " (wording::counted(table.rows.len() as u64, "state", "states")) ": " (table.title) }
            (scrolling(&table.title, &rows(&table.rows)))
        }
    }
}

/// How well the text was predicted, beside two simple rules.
fn verdict(table: &BallotTable) -> String {
    let put = format!("Put to the vote in {}.", wording::counted(table.histories, "history", "histories"));
    let Some(fit) = table.fit else { return format!("{put} There is no record to compare with.") };
    format!(
        "{put} The commonest simulated vote is the real one for {} of {} states; \u{201c}as on the text before\u{201d} would have been right for {}, \u{201c}as most did\u{201d}, known only afterwards, for {}. Mean log score {}.",
        fit.right,
        fit.states,
        fit.persistent,
        fit.modal,
        format!("{:.2}", fit.log_score).replace('-', "−")
    )
}

fn rows(rows: &[BallotRow]) -> Markup {
    html! {
        table.ballots {
            thead { tr {
                th scope="col" { "State" }
                th scope="col" { "Simulated" }
                @for side in SIDES { th.number scope="col" { (side) } }
                th scope="col" { "Record" }
                th.number scope="col" { "Agree" }
            } }
            tbody { @for row in rows { (state(row)) } }
        }
    }
}

fn state(row: &BallotRow) -> Markup {
    html! {
        tr {
            th scope="row" { (row.state) }
            td {
                div.sides-bar aria-hidden="true" {
                    @for (side, share) in SIDES.iter().zip(row.shares) {
                        @if share > 0.0 { span class={ "side-" (side) } style={ "width:" (format!("{:.2}%", share * 100.0)) } {} }
                    }
                }
            }
            @for (at, share) in row.shares.iter().enumerate() {
                td.number { @if row.record == Some(at) { b { (wording::percent(*share)) } } @else { (wording::percent(*share)) } }
            }
            td { (row.record.map_or("unknown", |at| SIDES[at])) }
            td.number { @if let Some(at) = row.record { (wording::percent(row.shares[at])) } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn each_state_has_its_shares_its_record_and_how_many_histories_agree() {
        let findings = sample::findings();
        let text = section(&findings).into_string();
        let table = &findings.ballots[0];
        // The first row stands open, and again among all.
        assert_eq!(text.matches(&table.rows[0].state).count(), 2);
        assert!(text.contains("<b>62 %</b>") && text.contains("side-abstain"));
        assert!(text.contains("real one for 1 of 2 states"));
    }

    #[test]
    fn without_votes_there_is_no_section() {
        let mut findings = sample::findings();
        findings.ballots.clear();
        assert!(section(&findings).into_string().is_empty());
    }
}
