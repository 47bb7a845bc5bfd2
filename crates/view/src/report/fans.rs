//! Fans: how each series spreads over the histories day by day, with the record's points and the table behind.

use equipoise_scenario::unit::Unit;
use jiff::civil::Date;
use maud::{Markup, html};

use super::chart::{self, Axis};
use super::scrolling;
use crate::findings::{Fan, Findings, Scored};
use crate::wording;

pub(super) fn section(findings: &Findings) -> Markup {
    let (start, end) = findings.ensemble.period;
    let zoom = findings.zoom;
    let both = zoom != (start, end);
    html! {
        section id="days" aria-labelledby="days-heading" {
            h2 id="days-heading" { "Day by day" }
            p.quiet {
                "The dark band holds half of the histories of a day, the light band 90 %, the line is the median. "
                "Orange points are the record, with the interval its source leaves open. "
                "Point at a chart, or focus it and use the arrow keys, to read a day."
            }
            @if both {
                fieldset.period {
                    legend { "Period" }
                    label { input type="radio" name="period" id="period-zoom" checked; " " (wording::dates(zoom.0, zoom.1)) }
                    label { input type="radio" name="period" id="period-whole"; " " (wording::dates(start, end)) }
                }
            }
            div.fans { @for fan in &findings.fans { (figure(fan, start, end, zoom, both)) } }
        }
    }
}

/// The view of a position: the whole period, and the whole line from 0 to 100, so that actors can be compared.
const WHOLE_LINE: &str = "always";

/// A position over the whole period, whatever period the reader has chosen for the others.
pub(super) fn whole_figure(fan: &Fan, start: Date, end: Date) -> Markup {
    drawn(fan, start, end, (start, end), false, WHOLE_LINE)
}

fn figure(fan: &Fan, start: Date, end: Date, zoom: (Date, Date), both: bool) -> Markup {
    drawn(fan, start, end, zoom, both, "whole")
}

fn drawn(fan: &Fan, start: Date, end: Date, zoom: (Date, Date), both: bool, view: &str) -> Markup {
    let last = days_between(start, end).min(fan.quantiles.len() as i64 - 1);
    let heading = format!("fan-{}", fan.id);
    html! {
        figure.fan {
            figcaption {
                h3 id=(heading) { (fan.title) }
                @if fan.unit != Unit::PERSONS && !wording::unit_word(fan.unit).is_empty() { " " span.quiet { (wording::unit_word(fan.unit)) } }
            }
            @if last < 0 {
                p.quiet { "No history is complete, so there is nothing to draw." }
            } @else {
                output.readout aria-live="off" { (reading(fan, start, telling_day(fan, start, zoom))) }
                @let shown = telling_day(fan, start, zoom);
                @let zoomed = (days_between(start, zoom.0).clamp(0, last), days_between(start, zoom.1).clamp(0, last));
                @if both { (frame(fan, &heading, start, zoomed, shown, "zoom")) }
                (frame(fan, &heading, start, (0, last), shown, view))
                details {
                    summary { "The numbers: " (fan.title) }
                    @if fan.histories > 0 { p.quiet { "From " (wording::counted(fan.histories, "history", "histories")) "." } }
                    (scrolling(&format!("{}, day by day", fan.title), &table(fan, start)))
                }
            }
        }
    }
}

/// One view of a fan over the days `from..=until`.
fn frame(fan: &Fan, heading: &str, start: Date, (from, until): (i64, i64), shown: i64, view: &str) -> Markup {
    let days = &fan.quantiles[from as usize..=until as usize];
    let record: Vec<(f64, (f64, f64))> = fan
        .record
        .iter()
        .filter_map(|scored| Some((days_between(start, scored.day?) as f64, scored.interval?)))
        .filter(|(day, _)| (from as f64..=until as f64).contains(day))
        .collect();
    let ends = |(low, high): (f64, f64)| [low, high].into_iter().filter(|end| end.is_finite());
    let values =
        || days.iter().flatten().copied().chain(record.iter().flat_map(|(_, interval)| ends(*interval)));
    let (low, high) = if view == WHOLE_LINE {
        (0.0, 100.0)
    } else {
        (values().fold(0.0, f64::min), values().fold(f64::MIN, f64::max))
    };
    let (x, y) = (Axis::days(start, from, until, 6), Axis::numbers(low, high.max(low), fan.unit));

    let line = |quantile: usize| -> Vec<(String, String)> {
        days.iter().enumerate().map(|(i, q)| (x.x((from + i as i64) as f64), y.y(q[quantile]))).collect()
    };
    let reaches = |open: bool| -> String {
        let wide = record
            .iter()
            .filter(|(_, (low, high))| low != high && (low.is_finite() && high.is_finite()) != open);
        wide.map(|(day, (low, high))| {
            format!("M{} {}V{}", x.x(*day), y.y(low.max(y.low)), y.y(high.min(y.high)))
        })
        .collect()
    };
    let points: String = record
        .iter()
        .filter_map(|(day, interval)| Some(chart::dot(&x.x(*day), &y.y(chart::middle(*interval)?))))
        .collect();
    let drawing = chart::drawing(&html! {
        (y.rows())
        (chart::path("band-90", &chart::band(&line(4), &line(0))))
        (chart::path("band-50", &chart::band(&line(3), &line(1))))
        (chart::path("median", &chart::line(&line(2))))
        (chart::path("reach", &reaches(false)))
        (chart::path("reach open", &reaches(true)))
        (chart::path("point-rim", &points))
        (chart::path("point", &points))
        path.cursor d={ "M" (x.x(shown as f64)) " 0V1000" } {}
    });
    html! {
        div class={ "frame " (view) } {
            (y.beside())
            div.plot role="slider" tabindex="0" aria-labelledby=(heading) aria-orientation="horizontal"
                aria-valuemin=(from) aria-valuemax=(until) aria-valuenow=(shown)
                aria-valuetext=(wording::date(x_date(start, shown))) {
                (drawing)
            }
            (x.below())
        }
    }
}

/// The day read out at first: that of the record's highest point in the zoom, else that of the highest median there.
fn telling_day(fan: &Fan, start: Date, zoom: (Date, Date)) -> i64 {
    let last = fan.quantiles.len() as i64 - 1;
    let range = days_between(start, zoom.0).clamp(0, last)..=days_between(start, zoom.1).clamp(0, last);
    let recorded = fan.record.iter().filter_map(|scored| {
        let day = days_between(start, scored.day?);
        range.contains(&day).then_some((day, chart::middle(scored.interval?)?))
    });
    // The first of equals, so that a flat line is read at its beginning.
    let higher = |a: (i64, f64), b: (i64, f64)| if b.1 > a.1 { b } else { a };
    let medians = range.clone().map(|day| (day, fan.quantiles[day as usize][2]));
    recorded.reduce(higher).or_else(|| medians.reduce(higher)).map_or(0, |(day, _)| day)
}

/// The unit of the numbers beside a chart: heads stay whole; another unit stands in the heading and is not repeated.
fn bare(unit: Unit) -> Unit {
    if unit == Unit::PERSONS { unit } else { Unit::NUMBER }
}

/// One day in words; the script writes the same from the table.
fn reading(fan: &Fan, start: Date, day: i64) -> Markup {
    let date = x_date(start, day);
    let q = &fan.quantiles[day as usize];
    let record = on(&fan.record, date);
    html! {
        b { (wording::date(date)) }
        " · median " b { (wording::amount(q[2], bare(fan.unit))) }
        " · middle half " b { (wording::interval(q[1], q[3], bare(fan.unit))) }
        " · 90 % " b { (wording::interval(q[0], q[4], bare(fan.unit))) }
        @if !record.is_empty() { " · record " b { (record) } }
    }
}

fn table(fan: &Fan, start: Date) -> Markup {
    html! {
        table.days {
            thead { tr { th scope="col" { "Day" } th scope="col" { "Median" } th scope="col" { "Middle half" } th scope="col" { "90 %" } th scope="col" { "Record" } } }
            tbody {
                @for (day, q) in fan.quantiles.iter().enumerate() {
                    @let date = x_date(start, day as i64);
                    tr {
                        th scope="row" { (wording::date(date)) }
                        td { (wording::amount(q[2], bare(fan.unit))) }
                        td { (wording::interval(q[1], q[3], bare(fan.unit))) }
                        td { (wording::interval(q[0], q[4], bare(fan.unit))) }
                        td { (on(&fan.record, date)) }
                    }
                }
            }
        }
    }
}

/// The record's claims of a day, in words.
fn on(record: &[Scored], date: Date) -> String {
    let values: Vec<&str> =
        record.iter().filter(|scored| scored.day == Some(date)).map(|scored| scored.value.as_str()).collect();
    values.join("; ")
}

fn days_between(start: Date, date: Date) -> i64 {
    i64::from((date - start).get_days())
}

fn x_date(start: Date, day: i64) -> Date {
    start.saturating_add(jiff::Span::new().days(day))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn a_fan_is_drawn_with_bands_points_and_its_table() {
        let mut findings = sample::findings();
        findings.fans.truncate(1);
        findings.fans[0].quantiles.truncate(8);
        insta::assert_snapshot!(section(&findings).into_string().replace("><", ">\n<"));
    }

    #[test]
    fn an_open_interval_reaches_the_top_of_its_frame() {
        let mut fan = sample::findings().fans.remove(0);
        fan.record.truncate(1);
        let day = fan.record[0].day.unwrap();
        fan.record[0].interval = Some((100.0, f64::INFINITY));
        let start = sample::findings().ensemble.period.0;
        let text = frame(&fan, "h", start, (0, days_between(start, day) + 3), 0, "whole").into_string();
        let reach = text.split("class=\"reach open\" d=\"").nth(1).unwrap().split('"').next().unwrap();
        assert!(reach.ends_with("V0"), "{reach}");
    }

    #[test]
    fn without_histories_a_fan_says_so() {
        let text = section(&sample::empty()).into_string();
        assert!(text.contains("nothing to draw") && !text.contains("<svg"));
    }
}
