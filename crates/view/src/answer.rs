//! Answers as data: what the command line prints with `--json` and Python hands on. Shapes are stable: keys are added,
//! never renamed. Numbers that are missing or unbounded are null.

mod calibration;
mod comparison;
pub mod discover;
pub mod drivers;
mod ensemble;
mod evidence;
mod score;
pub mod treaty;
mod why;

use equipoise_scenario::Scenario;

pub use calibration::{calibration, nearest};
pub use comparison::{comparison, difference};
pub use ensemble::{ensemble, part};
pub use evidence::evidence;
pub use score::scores;
pub use why::why;

/// A day counted from the scenario's start, as a date; `None` where there is none.
#[must_use]
pub fn date(day: f64, scenario: &Scenario) -> Option<String> {
    let span =
        jiff::Span::new().try_days(if day.is_finite() { day.round() as i64 } else { return None }).ok()?;
    scenario.start.checked_add(span).ok().map(|date| date.to_string())
}
