//! Chosen histories as timelines: every event lists its causes, and each cause is a link to the event it names.

use jiff::civil::Date;
use maud::{Markup, html};

use crate::findings::{Findings, Timeline, TimelineEvent};
use crate::wording;

pub(super) fn section(findings: &Findings) -> Markup {
    html! {
        section id="histories" aria-labelledby="histories-heading" {
            h2 id="histories-heading" { "A typical and a surprising history" }
            @if findings.timelines.is_empty() {
                p.quiet { "No history is complete, so there is none to tell." }
            } @else {
                p.quiet { "Each event names what caused it; follow a cause to go to it. Events of single places are folded away unless they are the first of their kind." }
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
                        summary { (wording::counted(folded.len() as u64, "event", "events")) " in single places" }
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
            span.what {
                @if let Some(hour) = event.hour { span.hour { (format!("{hour:02}:00")) } " " }
                (event.text)
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
    fn a_timeline_is_grouped_by_day() {
        let findings = sample::findings();
        insta::assert_snapshot!(told(0, &findings.timelines[0]).into_string().replace("><", ">\n<"));
    }
}
