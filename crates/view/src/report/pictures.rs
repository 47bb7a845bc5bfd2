//! Pictures of the report one by one, for pages that show them alone: the same drawing, without the report around it.
//!
//! Each is the text of an HTML fragment that looks as it should with [`STYLE`]; [`READING`] is a module whose
//! `readable` lets people read a day off a fan.

use equipoise_lab::LabError;
use equipoise_lab::live::Sample;
use maud::Markup;

use super::{alliance, drives, map, positions, regret, routes, rules, unparted, votes};
use crate::findings::live::Live;

/// The report's style sheet.
pub const STYLE: &str = include_str!("../../assets/report.css");
/// The module that reads days off fans.
pub const READING: &str = include_str!("../../assets/reading.js");

/// Unrest by place on a few days, from 200 histories simulated again at most; `None` where nobody protests, and once
/// nobody waits any more.
#[must_use]
pub fn unrest(live: &Live<'_>, histories: u64) -> Option<String> {
    live.unrest(histories).map(|found| text(map::maps(&found)))
}

/// When each headline yes/no happens, from a sample.
#[must_use]
pub fn rules(live: &Live<'_>, sample: &Sample) -> String {
    text(rules::all(&live.rules(sample)))
}

/// Positions over time, from a sample that keeps their series.
#[must_use]
pub fn positions(live: &Live<'_>, sample: &Sample) -> String {
    let scenario = live.scenario;
    let period = (scenario.start, scenario.date(scenario.days.saturating_sub(1)));
    text(positions::lines(&live.positions(sample), period))
}

/// Votes on resolutions, from so many histories simulated again; `None` where there was none, and once nobody waits any
/// more.
#[must_use]
pub fn ballots(live: &Live<'_>, histories: u64) -> Option<String> {
    let found = live.ballots(histories).filter(|ballots| !ballots.is_empty())?;
    Some(text(votes::resolutions(&found)))
}

/// Routes and trade before and after, from 48 histories simulated again at most; `None` where there are none, and once
/// nobody waits any more.
#[must_use]
pub fn routes(live: &Live<'_>, histories: u64) -> Option<String> {
    live.routes(histories).map(|found| text(routes::network(&found)))
}

/// What drives the headline outcomes, from a sample.
#[must_use]
pub fn drives(live: &Live<'_>, sample: &Sample) -> String {
    text(drives::shares_of(&live.drives(sample)))
}

/// The regret of each policy on top of the scenario as it stands, from 200 histories under each at most; `None` once
/// nobody waits any more.
#[must_use]
pub fn regrets(live: &Live<'_>, histories: u64) -> Option<String> {
    live.regrets(histories).map(|found| text(regret::all(&found)))
}

/// What alliances did, from 300 histories simulated again at most, and the course of a mission from a sample; `None`
/// where nothing was asked of them, and once nobody waits any more.
///
/// # Errors
/// Past requests teach nothing: their treaty's priors cannot be used.
pub fn alliances(live: &Live<'_>, histories: u64, sample: &Sample) -> Result<Option<String>, LabError> {
    let found = live.alliances(histories)?.filter(|found| !found.is_empty());
    Ok(found.map(|found| text(alliance::missions(&found, &live.outcomes(sample), live.scenario.start))))
}

fn text(markup: Markup) -> String {
    unparted(&markup.into_string())
}
