//! Chosen histories as timelines: every event lists its causes, each a link to the event it names, and opens to the chain
//! that led to it, back to its beginning, with how common that is.

use jiff::civil::Date;
use maud::{Markup, html};

use crate::findings::{ChainTold, Findings, Timeline, TimelineEvent};
use crate::wording;

pub(super) fn section(findings: &Findings) -> Markup {
    html! {
        section id="histories" aria-labelledby="histories-heading" {
            h2 id="histories-heading" { "Histories to read" }
            @if findings.timelines.is_empty() {
                p.quiet { "No history is complete, so there is none to tell." }
            } @else {
                p.quiet {
                    "Each event names what caused it; follow a cause to go to it, or open an event to see what led to it from "
                    "the beginning, and in how many histories. Events of single places, and what happens again in the same "
                    "words, are folded away."
                }
                div.timelines { @for (i, timeline) in findings.timelines.iter().enumerate() { (told(i, timeline)) } }
            }
        }
    }
}

fn told(number: usize, timeline: &Timeline) -> Markup {
    let heading = format!("history-{number}");
    html! {
        article.timeline aria-labelledby=(heading) {
            h3 id=(heading) { (timeline.title) }
            p.quiet { "History " (wording::whole(timeline.history)) ", under “" (timeline.account) "”. " (timeline.rule) }
            @if !timeline.outcomes.is_empty() {
                dl.facts { @for (title, value) in &timeline.outcomes { div { dt { (title) } dd { (value) } } } }
            }
            @if timeline.events.is_empty() { p { "Nothing happened in it." } }
            ol.calendar { @for (date, events) in by_day(&timeline.events) { (day(number, timeline, date, events)) } }
        }
    }
}

/// The events of one date: the central ones listed, the others folded away.
fn day(number: usize, timeline: &Timeline, date: Date, events: &[TimelineEvent]) -> Markup {
    let folded: Vec<&TimelineEvent> = events.iter().filter(|event| !event.central).collect();
    html! {
        li {
            time datetime=(date.to_string()) { (wording::date(date)) }
            div.happened {
                ul { @for event in events.iter().filter(|event| event.central) { (entry(number, timeline, event)) } }
                @if !folded.is_empty() {
                    details {
                        summary { (wording::counted(folded.len() as u64, "further event", "further events")) }
                        ul { @for event in folded { (entry(number, timeline, event)) } }
                    }
                }
            }
        }
    }
}

fn entry(number: usize, timeline: &Timeline, event: &TimelineEvent) -> Markup {
    let causes = event.causes.iter().filter_map(|id| timeline.events.iter().find(|cause| cause.id == *id));
    let causes: Vec<&TimelineEvent> = causes.collect();
    html! {
        li.event id={ "h" (number) "e" (event.id) } tabindex="-1" {
            @if let Some(chain) = &event.chain {
                details.led {
                    summary.what { (said(event)) }
                    (led(number, timeline, chain))
                }
            } @else {
                span.what { (said(event)) }
            }
            @if !causes.is_empty() {
                span.because {
                    "because of "
                    @for (i, cause) in causes.iter().enumerate() {
                        @if i > 0 { ", " }
                        a href={ "#h" (number) "e" (cause.id) } { (cause.text) }
                    }
                }
            }
        }
    }
}

fn said(event: &TimelineEvent) -> Markup {
    html! {
        @if let Some(hour) = event.hour { span.hour { (format!("{hour:02}:00")) } " " }
        (event.text)
    }
}

/// What led to an event, from its latest cause back to the beginning, and how common that is.
fn led(number: usize, timeline: &Timeline, chain: &ChainTold) -> Markup {
    let told = chain.causes.iter().filter_map(|id| timeline.events.iter().find(|cause| cause.id == *id));
    let told: Vec<&TimelineEvent> = told.collect();
    html! {
        @if !told.is_empty() {
            ol.back {
                @for cause in &told {
                    li {
                        a href={ "#h" (number) "e" (cause.id) } { (cause.text) }
                        " " span.quiet { (wording::day_and_month(cause.date)) }
                    }
                }
            }
        }
        p.quiet {
            (if told.is_empty() { "It begins with " } else { "There it begins with " }) (chain.begins) ". "
            (wording::occurrence(chain.occurs, chain.histories)) "; "
            (wording::same_chain(chain.same_chain, chain.occurs))
        }
    }
}

/// Runs of events of one date.
fn by_day(events: &[TimelineEvent]) -> Vec<(Date, &[TimelineEvent])> {
    events.chunk_by(|a, b| a.date == b.date).map(|run| (run[0].date, run)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn every_cause_is_a_link_to_an_event_on_the_page() {
        let text = section(&sample::findings()).into_string();
        let links: Vec<&str> =
            text.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert!(!links.is_empty());
        for link in links {
            assert!(text.contains(&format!("id=\"{link}\"")), "{link}");
        }
    }

    #[test]
    fn an_event_opens_to_what_led_to_it_and_how_common_that_is() {
        let text = section(&sample::findings()).into_string();
        let told = text.split("<ol class=\"back\">").nth(1).unwrap_or_default();
        let causes = told.split("</ol>").next().unwrap_or_default();
        assert_eq!(causes.matches("<li>").count(), 7);
        assert!(causes.ends_with("<span class=\"quiet\">1 Jan</span></li>"), "{causes}");
        assert!(told.contains(
            "There it begins with a shock from outside. It happens in 6,200 of 10,000 histories; in 1,240 of them (20 %) from \
             the same chain of causes."
        ));
        assert!(text.contains(
            "It begins with a draw of chance. It happens in 800 of 10,000 histories; in all of them"
        ));
    }

    #[test]
    fn a_timeline_is_grouped_by_day() {
        let findings = sample::findings();
        insta::assert_snapshot!(told(0, &findings.timelines[0]).into_string().replace("><", ">\n<"));
    }
}
