//! The report: findings as one HTML file that opens without network, in light and dark, on paper and to a screen reader.
//!
//! The charts are drawn here, as SVG, and not by a charting library in the page (uPlot was considered: 50 kB). Drawn
//! this way they take their colours from the style sheet, so that dark mode and print need no second drawing; they are
//! there without any script; and they are text, so that a test can read them. An SVG is stretched over its frame while
//! strokes keep their width and labels are HTML, so one drawing fits every screen. The one small script adds values on
//! hover and by arrow keys, read from the table that stands behind each chart.
//!
//! The same findings give the same bytes: no clock, no random ids.

mod accounts;
mod alliance;
mod answer;
mod chart;
mod compared;
mod drives;
mod evidence;
mod fans;
mod map;
mod outcomes;
mod paths;
pub mod pictures;
mod positions;
mod regret;
mod routes;
mod rules;
mod timelines;
mod trust;
mod votes;

pub use paths::{Paths, paths_page};

pub use compared::render_comparison;
use equipoise_lab::score::Verdict;
use maud::{DOCTYPE, Markup, PreEscaped, html};
pub use outcomes::said as found_in_words;

use crate::findings::{Findings, Standing};
use crate::wording;

/// The sections in order: id, heading in the list of contents.
const SECTIONS: &[(&str, &str)] = &[
    ("outcomes", "Outcomes"),
    ("when", "When does it happen?"),
    ("days", "Day by day"),
    ("map", "Where and when"),
    ("positions", "Positions over time"),
    ("votes", "Votes"),
    ("routes", "Routes and trade"),
    ("accounts", "If you believe …"),
    ("drivers", "What drives it"),
    ("alliance", "The alliance"),
    ("histories", "Histories to read"),
    ("trust", "How far to trust it"),
    ("evidence", "Where the numbers come from"),
];

/// The whole report as the text of one HTML file.
pub fn render(findings: &Findings) -> String {
    let script = [pictures::READING, include_str!("../assets/report.js")].join("\n");
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (findings.title) " · Equipoise" }
                style { (PreEscaped(pictures::STYLE)) }
            }
            body {
                a.skip href="#answer" { "Skip to the answer" }
                (opening(findings))
                main {
                    (outcomes::section(findings))
                    (rules::section(findings))
                    (fans::section(findings))
                    (map::section(findings))
                    (positions::section(findings))
                    (votes::section(findings))
                    (routes::section(findings))
                    (accounts::section(findings))
                    (drives::section(findings))
                    (alliance::section(findings))
                    (timelines::section(findings))
                    (trust::section(findings))
                    (evidence::section(findings))
                }
                (footer(findings))
                script type="module" { (PreEscaped(script)) }
            }
        }
    };
    unparted(&page.into_string())
}

/// A number never parts from its sign at the end of a line.
fn unparted(text: &str) -> String {
    text.replace(" %", "\u{a0}%").replace("¶ ", "¶\u{a0}")
}

fn opening(findings: &Findings) -> Markup {
    let ensemble = &findings.ensemble;
    html! {
        header {
            p.kicker {
                "Equipoise · " (wording::dates(ensemble.period.0, ensemble.period.1))
                @if let Some(policy) = &ensemble.policy { " · policy " strong { (policy) } }
            }
            h1 { (findings.title) }
            p.question { (findings.question) }
            section.answer id="answer" aria-labelledby="answer-heading" tabindex="-1" {
                h2 id="answer-heading" { "The answer" }
                @for sentence in answer::sentences(findings) { p { (sentence) } }
                p.quiet {
                    "Ranges after a probability are 95 % Monte Carlo intervals: how far chance alone could move it with "
                    (wording::counted(ensemble.histories, "history", "histories"))
                    ". They say nothing of errors in the model."
                }
            }
            nav aria-label="Contents" {
                ul { @for (id, heading) in SECTIONS.iter().filter(|(id, _)| is_shown(findings, id)) { li { a href={ "#" (id) } { (heading) } } } }
            }
        }
    }
}

/// Whether a section has anything to show.
fn is_shown(findings: &Findings, id: &str) -> bool {
    match id {
        "positions" => !findings.positions.is_empty(),
        "votes" => !findings.ballots.is_empty(),
        "alliance" => !findings.alliances.is_empty(),
        "map" => findings.unrest.is_some(),
        "routes" => findings.routes.is_some(),
        _ => true,
    }
}

fn footer(findings: &Findings) -> Markup {
    let ensemble = &findings.ensemble;
    again(
        &ensemble.command,
        &[
            ("Equipoise", ensemble.version.clone()),
            ("Scenario", ensemble.scenario.clone()),
            (CHECKSUM, ensemble.hash.clone()),
            ("Histories", wording::whole(ensemble.histories)),
            ("Design", ensemble.design.clone()),
            ("Seed", ensemble.seed.to_string()),
            ("Policy", ensemble.policy.clone().unwrap_or_default()),
        ],
    )
}

/// The fact that is shown as code.
const CHECKSUM: &str = "Checksum (BLAKE3)";

/// The end of a page: the command that makes it again, and what identifies the run; empty facts are left out.
fn again(command: &str, facts: &[(&str, String)]) -> Markup {
    html! {
        footer aria-labelledby="again" {
            h2 id="again" { "To make this again" }
            pre tabindex="0" { code { (command) } }
            dl.facts {
                @for (name, fact) in facts.iter().filter(|(_, fact)| !fact.is_empty()) {
                    div { dt { (name) } dd { @if *name == CHECKSUM { code { (fact) } } @else { (fact) } } }
                }
            }
            p.quiet { "The same command gives the same histories, bit for bit, on any number of threads." }
        }
    }
}

/// A verdict as a mark and a word, coloured.
fn verdict(verdict: Verdict) -> Markup {
    let standing = Standing::of(verdict);
    let class = match standing {
        Standing::Unscored => "unscored",
        Standing::Fits => "fits",
        Standing::Possible => "possible",
        Standing::Missed => "missed",
    };
    html! { span class={ "verdict " (class) } { span.mark aria-hidden="true" { (standing.mark()) } " " (verdict.word()) } }
}

/// A wide table that scrolls inside its own frame, reachable by keyboard.
fn scrolling(label: &str, table: &Markup) -> Markup {
    html! { div.scroll role="region" tabindex="0" aria-label=(label) { (table) } }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::sample;

    /// Set `EQUIPOISE_SAMPLE_REPORT` to a path to look at the made-up report in a browser.
    #[test]
    fn the_report_is_one_file_without_anything_from_outside() {
        let text = render(&sample::findings());
        if let Ok(path) = std::env::var("EQUIPOISE_SAMPLE_REPORT") {
            std::fs::write(path, &text).unwrap();
        }
        for outside in ["http://", "https://", "src=", "<link", "@import", "url("] {
            assert!(!text.contains(outside), "{outside}");
        }
        assert!(text.len() < 1_000_000, "{} bytes", text.len());
    }

    #[test]
    fn the_same_findings_give_the_same_bytes() {
        assert_eq!(render(&sample::findings()), render(&sample::findings()));
    }

    #[test]
    fn names_from_files_cannot_become_markup() {
        let evil = "<script>alert('&\"')</script>";
        let mut findings = sample::findings();
        findings.title = evil.into();
        findings.question = evil.into();
        findings.ensemble.command = evil.into();
        findings.outcomes[0].title = evil.into();
        findings.fans[0].title = evil.into();
        findings.accounts[0].explanation = evil.into();
        findings.timelines[0].events[0].text = evil.into();
        findings.sources[0].id = "a\"><script>".into();
        findings.conflicts[0].sides[0][0].citation.source = "a\"><script>".into();
        let text = render(&findings);
        assert_eq!(text.matches("<script").count(), 1, "only our own script");
        assert!(text.contains("&lt;script&gt;alert('&amp;&quot;')&lt;/script&gt;"));
    }

    #[test]
    fn every_link_has_its_target_and_every_id_is_unique() {
        let text = render(&sample::findings());
        let ids: Vec<&str> =
            text.split(" id=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
        let unique: std::collections::BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(unique.len(), ids.len());
        for link in text.split("href=\"#").skip(1).map(|rest| rest.split('"').next().unwrap()) {
            assert!(unique.contains(link), "#{link}");
        }
    }

    #[test]
    fn headings_never_skip_a_level() {
        let text = render(&sample::findings());
        let levels: Vec<u32> = text
            .match_indices("<h")
            .filter_map(|(at, _)| text[at + 2..].chars().next()?.to_digit(10))
            .collect();
        assert_eq!(levels[0], 1);
        assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{levels:?}");
    }

    #[test]
    fn empty_single_and_uneventful_runs_are_told_too() {
        for findings in [sample::empty(), sample::single_account(), sample::never_happened()] {
            let text = render(&findings);
            assert!(text.ends_with("</html>") && !text.contains("NaN") && !text.contains("inf<"));
        }
    }
}
