//! Regret of policies: for each outcome a bar per policy, as if less of it were wanted and as if more were.

use maud::{Markup, html};

use super::scrolling;
use crate::findings::{Largest, PolicyRegret, RegretRow};
use crate::wording;

/// The regret of policies in every outcome, with how to read it.
pub(super) fn all(rows: &[RegretRow]) -> Markup {
    let (told, same): (Vec<&RegretRow>, Vec<&RegretRow>) =
        rows.iter().partition(|row| !row.policies.is_empty());
    html! {
        p.quiet {
            "Regret is how much worse a policy does than the best policy there, under the account where that is most. "
            "What is better is for you to say, so both readings are given. "
            @if let Some(row) = told.first() { "Of " (wording::counted(row.histories, "history", "histories")) ", paired; with few of them under an account the largest regret leans high." }
        }
        @for row in &told { (table(row)) }
        @if !same.is_empty() {
            p.quiet {
                "The same under every policy: "
                @for (at, row) in same.iter().enumerate() { @if at > 0 { "; " } (row.outcome) }
                "."
            }
        }
    }
}

fn table(row: &RegretRow) -> Markup {
    html! {
        figure.regret {
            figcaption { h3 { (row.outcome) } p { (sentence(row)) } }
            (scrolling(&format!("Regret: {}", row.outcome), &html! {
                table {
                    thead { tr { th scope="col" { "Policy" } th scope="col" { "If less is wanted" } th scope="col" { "If more is wanted" } } }
                    tbody {
                        @for (names, policy) in together(row) {
                            tr { th scope="row" { (names.join(", ")) } td { (bar(&policy.less)) } td { (bar(&policy.more)) } }
                        }
                    }
                }
            }))
        }
    }
}

/// Policies that may be regretted alike, under one of them: many change nothing of an outcome.
fn together(row: &RegretRow) -> Vec<(Vec<&str>, &PolicyRegret)> {
    let mut groups: Vec<(Vec<&str>, &PolicyRegret)> = Vec::new();
    for policy in &row.policies {
        let alike = |known: &&PolicyRegret| known.less == policy.less && known.more == policy.more;
        match groups.iter_mut().find(|(_, known)| alike(known)) {
            Some((names, _)) => names.push(&policy.policy),
            None => groups.push((vec![&policy.policy], policy)),
        }
    }
    groups
}

/// Which policies are regretted least.
fn sentence(row: &RegretRow) -> String {
    let least = |side: fn(&PolicyRegret) -> &Largest| {
        let names: Vec<&str> = row
            .policies
            .iter()
            .filter(|policy| side(policy).least)
            .map(|policy| policy.policy.as_str())
            .collect();
        match names.split_at_checked(3) {
            Some((first, rest)) if !rest.is_empty() => {
                format!("{} and {} more", first.join(", "), rest.len())
            }
            _ => names.join(", "),
        }
    };
    format!(
        "Least regret if less is wanted: {}; if more: {}.",
        least(|policy| &policy.less),
        least(|policy| &policy.more)
    )
}

fn bar(largest: &Largest) -> Markup {
    html! {
        span.left aria-hidden="true" { span style={ "left:0;width:" (format!("{:.1}%", 100.0 * largest.share)) } {} }
        span.said { @if largest.least { b { (largest.said) } } @else { (largest.said) } }
        @if !largest.account.is_empty() { " " span.quiet { (largest.account) } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn both_readings_are_drawn_on_one_scale_and_the_least_stands_out() {
        let drawn = all(&sample::regrets()).into_string();
        assert!(
            drawn.contains("Least regret if less is wanted: alliance-declines, kyrgyz-veto; if more: none."),
            "{drawn}"
        );
        assert!(drawn.contains("width:100.0%") && drawn.contains("width:0.0%"));
        assert!(drawn.contains("<b>none</b>"));
        assert!(
            drawn.contains("alliance-declines, kyrgyz-veto</th>"),
            "what is regretted alike stands together"
        );
        assert!(drawn.contains("The same under every policy: Order returns."));
    }
}
