//! The page of a comparison: what each policy changes, side by side, then outcome by outcome and by account.

use equipoise_scenario::unit::Unit;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::chart::{self, Axis};
use super::{CHECKSUM, again, regret, scrolling};
use crate::findings::{ChangeTold, Compared, ComparedOutcome, ComparedPolicy};
use crate::wording;

/// The whole page as the text of one HTML file. It opens without network; its only links lead to the reports of the
/// single runs, in the folders beside it.
pub fn render_comparison(compared: &Compared) -> String {
    let style = include_str!("../../assets/report.css");
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { "Policies compared: " (compared.title) " · Equipoise" }
                style { (PreEscaped(style)) }
            }
            body {
                a.skip href="#answer" { "Skip to the answer" }
                (opening(compared))
                main {
                    (side_by_side(compared))
                    @for (at, policy) in compared.policies.iter().enumerate() { (one(compared, at, policy)) }
                    section id="regret" aria-labelledby="regret-heading" {
                        h2 id="regret-heading" { "Regret" }
                        (regret::all(&compared.regrets))
                    }
                    (reading(compared))
                }
                (footer(compared))
            }
        }
    }
    .into_string()
    // A number never parts from its sign at the end of a line.
    .replace(" %", "\u{a0}%")
}

fn opening(compared: &Compared) -> Markup {
    html! {
        header {
            p.kicker { "Equipoise · policies compared with “" (compared.baseline.title) "”" }
            h1 { (compared.title) }
            p.question { (compared.question) }
            section.answer id="answer" aria-labelledby="answer-heading" tabindex="-1" {
                h2 id="answer-heading" { "What each policy changes" }
                @for policy in &compared.policies { p { b { (policy.name.title) } ": " (sentence(policy)) } }
                p.quiet {
                    "Each of " (wording::counted(compared.histories, "history", "histories"))
                    " is simulated once without and once with each policy, with the same parameters and the same chance. "
                    "Ranges are 95 % Monte Carlo intervals of the paired difference. They say nothing of errors in the model."
                }
            }
            nav aria-label="Contents" {
                ul {
                    li { a href="#side-by-side" { "Side by side" } }
                    @for (at, policy) in compared.policies.iter().enumerate() {
                        li { a href={ "#policy-" (at) } { (policy.name.id) } }
                    }
                    li { a href="#regret" { "Regret" } }
                    li { a href="#reading" { "How to read it" } }
                }
            }
        }
    }
}

/// One policy in one or two sentences that never say more than the numbers.
fn sentence(policy: &ComparedPolicy) -> String {
    if policy.nothing {
        return "changes nothing at all; every history is the same, day by day.".to_owned();
    }
    if policy.changed.count == 0 {
        return "changes no outcome of any history, though days on the way differ.".to_owned();
    }
    let (low, high) = policy.changed.interval;
    let share = policy.changed.count as f64 / policy.changed.of.max(1) as f64;
    let mut text = format!(
        "changes at least one outcome in {} of the histories ({}).",
        wording::percent(share),
        wording::probability_interval(low, high)
    );
    match policy.clearest() {
        Some(outcome) => {
            text += &format!(
                " Most clearly “{}”: {}, from {} to {}.",
                outcome.title, outcome.all.change, outcome.all.baseline, outcome.all.policy
            );
        }
        None => text += " No headline outcome changes by more than chance explains.",
    }
    text
}

/// Every headline outcome: the policies' changes on one axis.
fn side_by_side(compared: &Compared) -> Markup {
    let headlines: Vec<&str> = compared.policies.first().map_or_else(Vec::new, |policy| {
        policy.headlines().iter().map(|outcome| outcome.id.as_str()).collect()
    });
    html! {
        section id="side-by-side" aria-labelledby="side-heading" {
            h2 id="side-heading" { "Side by side" }
            p.quiet { "A dot is the change against “" (compared.baseline.title) "”, its line the 95 % interval. Where the line crosses nought, chance alone could explain the change." }
            div.multiples { @for id in headlines { (multiple(compared, id)) } }
        }
    }
}

fn multiple(compared: &Compared, id: &str) -> Markup {
    let rows: Vec<(&str, &ComparedOutcome)> = compared
        .policies
        .iter()
        .filter_map(|policy| {
            let outcome = policy.outcomes.iter().find(|outcome| outcome.id == id)?;
            Some((policy.name.id.as_str(), outcome))
        })
        .collect();
    let Some((_, first)) = rows.first() else { return html! {} };
    let baseline = &first.all.baseline;
    // A date may be compared by how often it comes under one policy and by its days under another: two axes.
    let axis_of =
        |unit: Unit| axis(rows.iter().map(|(_, outcome)| &outcome.all).filter(|told| told.unit == unit));
    let one_axis = rows.iter().all(|(_, outcome)| outcome.all.unit == first.all.unit);
    html! {
        figure.multiple {
            figcaption { h3 { (first.title) } " " span.quiet { (compared.baseline.id) ": " (baseline) } }
            table.dots {
                thead.hidden { tr { th scope="col" { "Policy" } th scope="col" { "Chart" } th scope="col" { "Change" } } }
                tbody {
                    @for (policy, outcome) in &rows {
                        tr {
                            th scope="row" { (policy) }
                            td.strip { @if let Some(axis) = axis_of(outcome.all.unit) { (strip(&outcome.all, &axis)) } }
                            td.value { b { (outcome.all.change) } @if !outcome.all.also.is_empty() { " " span.quiet { (outcome.all.also) } } }
                        }
                    }
                }
                @if one_axis && let Some(axis) = axis_of(first.all.unit) {
                    tfoot aria-hidden="true" { tr { td {} td.strip { (axis.below()) } td {} } }
                }
            }
        }
    }
}

/// An axis that holds every interval, and nought.
fn axis<'a>(told: impl Iterator<Item = &'a ChangeTold>) -> Option<Axis> {
    let mut ends: Option<(f64, f64, Unit)> = None;
    for told in told {
        let Some([_, low, high]) = told.drawn else { continue };
        let (least, most, _) = ends.unwrap_or((0.0, 0.0, told.unit));
        ends = Some((least.min(low), most.max(high), told.unit));
    }
    ends.map(|(low, high, unit)| {
        Axis::numbers(low, high, if unit == Unit::PERSONS { unit } else { Unit::NUMBER })
    })
}

fn strip(told: &ChangeTold, axis: &Axis) -> Markup {
    chart::drawing(&html! {
        (axis.columns())
        (chart::path("zero", &format!("M{} 0V1000", axis.x(0.0))))
        @if let Some([difference, low, high]) = told.drawn {
            (chart::path("range", &format!("M{} 500H{}", axis.x(low), axis.x(high))))
            (chart::path("dot", &chart::dot(&axis.x(difference), "500")))
        }
    })
}

/// One policy, outcome by outcome.
fn one(compared: &Compared, at: usize, policy: &ComparedPolicy) -> Markup {
    let headlines = policy.headlines();
    let rest: Vec<&ComparedOutcome> =
        policy.outcomes.iter().filter(|outcome| !headlines.iter().any(|h| h.id == outcome.id)).collect();
    html! {
        section id={ "policy-" (at) } aria-labelledby={ "policy-" (at) "-heading" } {
            h2 id={ "policy-" (at) "-heading" } { (policy.name.title) }
            p.quiet {
                "Policy " code { (policy.name.id) } ". "
                a href={ (policy.name.id) "/report.html" } { "Report of its run" }
                " · " a href={ (compared.baseline.id) "/report.html" } { "report of the baseline" }
            }
            @if policy.nothing {
                p { "It changes nothing: outcomes, days and events of every history are the same as in the baseline." }
            } @else {
                (table(compared, policy, "Headline outcomes", &headlines))
                @if !rest.is_empty() {
                    details {
                        summary { "The other " (wording::counted(rest.len() as u64, "outcome", "outcomes")) }
                        (table(compared, policy, "Other outcomes", &rest))
                    }
                }
                @if policy.outcomes.iter().any(|outcome| outcome.by_account.len() > 1) {
                    details {
                        summary { "By account" }
                        (by_account(&headlines))
                    }
                }
                (to_look_at(compared, policy, &headlines))
            }
        }
    }
}

fn table(compared: &Compared, policy: &ComparedPolicy, label: &str, outcomes: &[&ComparedOutcome]) -> Markup {
    scrolling(
        &format!("{label}, {}", policy.name.id),
        &html! {
            table {
                thead { tr {
                    th scope="col" { "Outcome" } th scope="col" { (compared.baseline.id) } th scope="col" { (policy.name.id) }
                    th scope="col" { "Change" } th.number scope="col" { "Histories changed" } th.number scope="col" { "Variance ratio" }
                } }
                tbody {
                    @for outcome in outcomes {
                        @let told = &outcome.all;
                        tr {
                            th scope="row" { (outcome.title) }
                            td { (told.baseline) }
                            td { (told.policy) }
                            td { (change(told)) }
                            td.number { (share(told)) }
                            td.number { (told.variance_ratio.map_or("–".to_owned(), wording::number)) }
                        }
                    }
                }
            }
        },
    )
}

fn change(told: &ChangeTold) -> Markup {
    html! {
        @if told.changed.count == 0 { span.quiet { "none" } }
        @else if told.clear { b { (told.change) } }
        @else { (told.change) " " span.quiet { "not clear of chance" } }
        @if !told.also.is_empty() { span.note { (told.also) } }
    }
}

fn share(told: &ChangeTold) -> String {
    format!("{} of {}", wording::whole(told.changed.count), wording::whole(told.changed.of))
}

fn by_account(outcomes: &[&ComparedOutcome]) -> Markup {
    scrolling(
        "Changes by account",
        &html! {
            table {
                thead { tr { th scope="col" { "Outcome" } th scope="col" { "Account" } th scope="col" { "Baseline" } th scope="col" { "Policy" } th scope="col" { "Change" } th.number scope="col" { "Histories changed" } } }
                tbody {
                    @for outcome in outcomes {
                        @for (account, told) in &outcome.by_account {
                            tr { th scope="row" { (outcome.title) } td { (account) } td { (told.baseline) } td { (told.policy) } td { (change(told)) } td.number { (share(told)) } }
                        }
                    }
                }
            }
        },
    )
}

/// A few histories that change, with the commands that tell why.
fn to_look_at(compared: &Compared, policy: &ComparedPolicy, outcomes: &[&ComparedOutcome]) -> Markup {
    let changed: Vec<&&ComparedOutcome> =
        outcomes.iter().filter(|outcome| !outcome.all.changed.examples.is_empty()).collect();
    html! {
        @if !changed.is_empty() {
            details {
                summary { "Histories to look at" }
                p.quiet { "The largest changes, what comes or goes first. Ask both runs why." }
                @for outcome in changed {
                    h3 { (outcome.title) }
                    ul {
                        @for (history, before, after) in &outcome.all.changed.examples {
                            li { "history " (history) ": " (before) " → " (after) }
                        }
                    }
                    @if let Some((history, ..)) = outcome.all.changed.examples.first() {
                        @for run in [&compared.baseline.id, &policy.name.id] {
                            pre tabindex="0" { code { "equipoise why " (compared.dir) "/" (run) " --outcome " (outcome.id) " --history " (history) } }
                        }
                    }
                }
            }
        }
    }
}

fn reading(compared: &Compared) -> Markup {
    html! {
        section id="reading" aria-labelledby="reading-heading" {
            h2 id="reading-heading" { "How to read it" }
            dl.legend {
                div { dt { "Change" } dd { "under the policy less “" (compared.baseline.title) "”: of a probability, of a mean, or of a date in days, where later is positive" } }
                div { dt { "A date that may never come" } dd { "is told twice: how much more often it comes, and how it shifts in the histories in which it comes in both runs; the policy may change which those are" } }
                div { dt { "Histories changed" } dd { "those whose value is another one at all" } }
                div { dt { "Variance ratio" } dd { "variance of the paired difference over that of two independent runs; at 0.1 it would take ten times as many histories to know as much without pairing. A dash: nothing varies" } }
                div { dt { "Many changes" } dd { "each interval is for its change alone; of some twenty changes one lies outside its interval by chance" } }
            }
        }
    }
}

fn footer(compared: &Compared) -> Markup {
    again(
        &compared.command,
        &[
            ("Equipoise", compared.version.clone()),
            ("Scenario", compared.scenario.clone()),
            (CHECKSUM, compared.hash.clone()),
            ("Histories", wording::whole(compared.histories)),
            ("Design", compared.design.clone()),
            ("Seed", compared.seed.to_string()),
        ],
    )
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::sample;

    /// Set `EQUIPOISE_SAMPLE_COMPARISON` to a path to look at the made-up page in a browser.
    #[test]
    fn the_page_is_one_file_whose_links_stay_in_its_folder() {
        let text = render_comparison(&sample::compared());
        if let Ok(path) = std::env::var("EQUIPOISE_SAMPLE_COMPARISON") {
            std::fs::write(path, &text).unwrap();
        }
        for outside in ["http://", "https://", "src=", "<link", "@import", "url(", "<script", "NaN", "inf"] {
            assert!(!text.replace("information", "").contains(outside), "{outside}");
        }
        let ids: Vec<&str> =
            text.split(" id=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
        for link in text.split("href=\"#").skip(1).map(|rest| rest.split('"').next().unwrap()) {
            assert_eq!(ids.iter().filter(|id| **id == link).count(), 1, "#{link}");
        }
    }

    #[test]
    fn a_policy_that_changes_nothing_is_said_to() {
        let text = render_comparison(&sample::compared());
        assert!(text.contains("changes nothing at all"));
        assert!(text.contains("It changes nothing: outcomes, days and events"));
    }

    #[test]
    fn names_from_files_cannot_become_markup() {
        let evil = "<script>alert('&\"')</script>";
        let mut compared = sample::compared();
        compared.title = evil.into();
        compared.command = evil.into();
        compared.policies[0].name.title = evil.into();
        compared.policies[0].outcomes[0].title = evil.into();
        compared.policies[0].outcomes[0].by_account[0].0 = evil.into();
        assert!(!render_comparison(&compared).contains("<script>"));
    }
}
