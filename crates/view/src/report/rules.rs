//! "When does it happen?": for each headline yes/no the rule that says most in a sentence, and a picture of its limits.

use maud::{Markup, html};

use super::scrolling;
use crate::findings::Findings;
use crate::findings::rule::{Part, Rule, Term};
use crate::wording;

pub(super) fn section(findings: &Findings) -> Markup {
    html! {
        section id="when" aria-labelledby="when-heading" {
            h2 id="when-heading" { "When does it happen?" }
            (all(&findings.rules))
        }
    }
}

/// Every rule, with how to read them.
pub(super) fn all(rules: &[Rule]) -> Markup {
    html! {
        @if rules.is_empty() {
            p.quiet { "No yes/no among the headlines happens in some histories and not in others, so there is nothing to tell apart." }
        } @else {
            p.quiet {
                "A rule holds limits on at most three inputs, found by peeling away histories in which it does not happen (PRIM). "
                "It says where such histories lie, not that the limits cause them."
            }
            @for rule in rules { (told(rule)) }
        }
    }
}

fn told(rule: &Rule) -> Markup {
    html! {
        figure.rule {
            figcaption { p.sentence { (rule.sentence()) "." } }
            @if !rule.terms.is_empty() {
                (scrolling(&format!("Limits: {}", rule.happens), &html! {
                    table {
                        thead { tr { th scope="col" { "Input" } th scope="col" { "Holds" } th scope="col" { "Of its range" } } }
                        tbody { @for term in &rule.terms { (row(term)) } }
                    }
                }))
            }
        }
    }
}

fn row(term: &Term) -> Markup {
    html! {
        tr {
            th scope="row" { (term.title) }
            td { (term.said) }
            td { (picture(&term.part)) }
        }
    }
}

/// The kept part of a range as a bar, or the levels with those left out struck through.
fn picture(part: &Part) -> Markup {
    match part {
        Part::Range { kept: [low, high], whole: [first, last], ends: [start, end] } => {
            let share = |value: f64| 100.0 * ((value - first) / (last - first)).clamp(0.0, 1.0);
            let (left, width) = (share(*low), share(*high) - share(*low));
            html! {
                span.left role="img" aria-label={ (wording::percent(width / 100.0)) " of the range" } {
                    span style={ "left:" (format!("{left:.1}%")) ";width:" (format!("{width:.1}%")) } {}
                }
                span.ends { span { (start) } span { (end) } }
            }
        }
        Part::Levels { levels } => html! {
            @for (at, (level, kept)) in levels.iter().enumerate() {
                @if at > 0 { " · " }
                @if *kept { b { (level) } } @else { span.out { (level) } }
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn a_rule_is_told_in_a_sentence_with_its_limits_drawn_to_scale() {
        let drawn = section(&sample::findings()).into_string();
        assert!(drawn.contains(
            "“The request is granted” happens above all when “Legitimacy on the first day” is at most 0.4 and"
        ));
        assert!(drawn.contains("left:0.0%;width:50.0%"));
        assert!(drawn.contains("50 % of the range"));
        assert!(drawn.contains(r#"<span class="out">Protest at home</span>"#));
    }

    #[test]
    fn without_a_rule_the_section_says_why() {
        let drawn = section(&sample::empty()).into_string();
        assert!(drawn.contains("nothing to tell apart"));
    }
}
