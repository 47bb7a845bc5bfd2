//! Charts as stretched SVG with HTML labels: axes, bands, and the marks of the record.
//!
//! Inside an SVG both axes run from 0 to 1,000; strokes do not scale, and a dot is a stroke of no length with a round end.

use equipoise_scenario::unit::Unit;
use jiff::civil::Date;
use maud::{Markup, PreEscaped, html};

use crate::wording;

/// One axis: its ends and its labelled ticks.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Axis {
    /// Value at the start.
    pub(super) low: f64,
    /// Value at the end.
    pub(super) high: f64,
    /// Ticks: value and label; the flag keeps a label on narrow screens.
    pub(super) ticks: Vec<(f64, String, bool)>,
}

impl Axis {
    /// An axis over numbers with round ticks, four or five of them, that holds all of `low..high`.
    pub(super) fn numbers(low: f64, high: f64, unit: Unit) -> Axis {
        let span = if high > low { high - low } else { low.abs().max(1.0) };
        let rough = span / 4.0;
        let magnitude = 10f64.powf(rough.log10().floor());
        let step = [1.0, 2.0, 2.5, 5.0, 10.0]
            .iter()
            .map(|m| m * magnitude)
            .find(|step| *step >= rough)
            .unwrap_or(rough);
        let step = if unit == Unit::PERSONS { step.max(1.0) } else { step };
        let first = (low / step).floor();
        let last = (high / step).ceil().max(first + 1.0);
        let count = (last - first) as usize;
        let ticks = (0..=count)
            .map(|i| {
                let value = (first + i as f64) * step;
                (value, wording::short(value), count < 3 || i % 2 == 0)
            })
            .collect();
        Axis { low: first * step, high: last * step, ticks }
    }

    /// The axis of a probability.
    pub(super) fn shares() -> Axis {
        let ticks =
            [0.0, 0.25, 0.5, 0.75, 1.0].map(|v| (v, wording::exact(v), v != 0.25 && v != 0.75)).to_vec();
        Axis { low: 0.0, high: 1.0, ticks }
    }

    /// An axis over the days `low..=high`, counted from `start`, with about `most` labels: months if there are many days.
    pub(super) fn days(start: Date, low: i64, high: i64, most: i64) -> Axis {
        let date = |day: i64| start.saturating_add(jiff::Span::new().days(day));
        let span = (high - low).max(1);
        let every = [1, 2, 5, 10].into_iter().find(|every| span / every <= most);
        // Every so many months, so that their names do not run into each other.
        let months = (span / 30 / (most + 1)).max(0) + 1;
        let few = most < 5;
        let mut ticks = Vec::new();
        for day in low..=high {
            let (offset, date) = (day - low, date(day));
            match every {
                Some(every) if offset % every == 0 => {
                    ticks.push((day as f64, wording::day_and_month(date), few || (offset / every) % 2 == 0));
                }
                None if date.day() == 1 && (i64::from(date.month()) - 1) % months == 0 => {
                    ticks.push((day as f64, wording::month(date).to_owned(), few || date.month() % 2 == 1));
                }
                _ => {}
            }
        }
        Axis { low: low as f64, high: (low + span) as f64, ticks }
    }

    /// Where a value lies, 0 to 1; values beyond the ends lie on them.
    pub(super) fn place(&self, value: f64) -> f64 {
        ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0)
    }

    /// Horizontal coordinate in the SVG.
    pub(super) fn x(&self, value: f64) -> String {
        coordinate(self.place(value))
    }

    /// Vertical coordinate in the SVG (upwards).
    pub(super) fn y(&self, value: f64) -> String {
        coordinate(1.0 - self.place(value))
    }

    /// The labels below a frame.
    pub(super) fn below(&self) -> Markup {
        html! {
            div.axis.below aria-hidden="true" {
                @for (value, label, kept) in &self.ticks {
                    span.spare[!kept].last[self.place(*value) > 0.97] style={ "left:" (per_cent(self.place(*value))) } { (label) }
                }
            }
        }
    }

    /// The labels left of a frame.
    pub(super) fn beside(&self) -> Markup {
        html! {
            div.axis.beside aria-hidden="true" {
                @for (value, label, _) in &self.ticks {
                    span style={ "bottom:" (per_cent(self.place(*value))) } { (label) }
                }
            }
        }
    }

    /// Grid lines across a frame at the ticks of a vertical axis.
    pub(super) fn rows(&self) -> Markup {
        let d: String = self.ticks.iter().map(|(value, ..)| format!("M0 {}H1000", self.y(*value))).collect();
        html! { (path("grid", &d)) }
    }

    /// Grid lines down a frame at the ticks of a horizontal axis.
    pub(super) fn columns(&self) -> Markup {
        let d: String = self.ticks.iter().map(|(value, ..)| format!("M{} 0V1000", self.x(*value))).collect();
        html! { (path("grid", &d)) }
    }
}

/// A stretched drawing; what it shows stands in the text beside it.
pub(super) fn drawing(content: &Markup) -> Markup {
    html! { svg viewBox="0 0 1000 1000" preserveAspectRatio="none" aria-hidden="true" focusable="false" { (content) } }
}

/// A path of a class of the style sheet.
pub(super) fn path(class: &str, d: &str) -> Markup {
    // An empty path is left out: it would draw nothing.
    if d.is_empty() {
        PreEscaped(String::new())
    } else {
        html! { path class=(class) d=(d) {} }
    }
}

/// A line through points.
pub(super) fn line(points: &[(String, String)]) -> String {
    points
        .iter()
        .enumerate()
        .map(|(i, (x, y))| format!("{}{x} {y}", if i == 0 { "M" } else { "L" }))
        .collect()
}

/// The area between an upper and a lower line.
pub(super) fn band(upper: &[(String, String)], lower: &[(String, String)]) -> String {
    if upper.is_empty() {
        return String::new();
    }
    let back: String = lower.iter().rev().map(|(x, y)| format!("L{x} {y}")).collect();
    format!("{}{back}Z", line(upper))
}

/// A dot: a stroke of no length.
pub(super) fn dot(x: &str, y: &str) -> String {
    format!("M{x} {y}h0")
}

/// What stands for an interval as one value: its middle, or its finite end.
pub(super) fn middle((low, high): (f64, f64)) -> Option<f64> {
    match (low.is_finite(), high.is_finite()) {
        (true, true) => Some(f64::midpoint(low, high)),
        (true, false) => Some(low),
        (false, true) => Some(high),
        (false, false) => None,
    }
}

fn coordinate(part: f64) -> String {
    let text = format!("{:.1}", part * 1000.0);
    text.strip_suffix(".0").map_or_else(|| text.clone(), str::to_owned)
}

fn per_cent(part: f64) -> String {
    format!("{:.2}%", part * 100.0)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ticks_are_round_numbers() {
        let labels = |axis: Axis| axis.ticks.into_iter().map(|tick| tick.1).collect::<Vec<_>>();
        assert_eq!(labels(Axis::numbers(0.0, 48_000.0, Unit::PERSONS)), ["0", "20,000", "40,000", "60,000"]);
        assert_eq!(labels(Axis::numbers(0.0, 0.9, Unit::NUMBER)), ["0", "0.25", "0.5", "0.75", "1"]);
        assert_eq!(labels(Axis::numbers(0.0, 0.0, Unit::PERSONS)), ["0", "1"]);
    }

    #[test]
    fn a_long_period_is_labelled_by_months_and_a_short_one_by_days() {
        let labels = |axis: Axis| axis.ticks.into_iter().map(|tick| tick.1).collect::<Vec<_>>();
        let start = date(2022, 1, 1);
        assert_eq!(
            labels(Axis::days(start, 0, 120, 6)),
            ["1 Jan", "1 Feb", "1 Mar", "1 Apr", "1 May"].map(|l| l[2..].to_owned())
        );
        assert_eq!(
            labels(Axis::days(start, 0, 30, 6)),
            ["1 Jan", "6 Jan", "11 Jan", "16 Jan", "21 Jan", "26 Jan", "31 Jan"]
        );
    }

    proptest! {
        #[test]
        fn an_axis_holds_what_it_was_made_for(low in -1e9f64..1e9, span in 0.0f64..1e9) {
            let axis = Axis::numbers(low, low + span, Unit::NUMBER);
            prop_assert!(axis.low <= low + 1e-6 && low + span <= axis.high + 1e-3);
            prop_assert!((2..=7).contains(&axis.ticks.len()), "{axis:?}");
        }
    }
}
