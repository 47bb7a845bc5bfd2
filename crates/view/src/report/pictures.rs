//! Pictures of the report one by one, for pages that show them alone: the same drawing, without the report around it.
//!
//! Each is the text of an HTML fragment that looks as it should with [`STYLE`]; [`READING`] is a module whose
//! `readable` lets people read a day off a fan.

use jiff::civil::Date;
use maud::Markup;

use super::{alliance, drives, map, positions, routes, unparted, votes};
use crate::findings::{Alliances, BallotTable, Drives, Fan, OutcomeRow, RoutesFound, UnrestMap};

/// The report's style sheet.
pub const STYLE: &str = include_str!("../../assets/report.css");
/// The module that reads days off fans.
pub const READING: &str = include_str!("../../assets/reading.js");

/// Unrest by place on a few days.
#[must_use]
pub fn unrest(map: &UnrestMap) -> String {
    text(map::maps(map))
}

/// Positions over time; the period's first and last day.
#[must_use]
pub fn positions(fans: &[Fan], period: (Date, Date)) -> String {
    text(positions::lines(fans, period))
}

/// Votes on resolutions.
#[must_use]
pub fn ballots(ballots: &[BallotTable]) -> String {
    text(votes::resolutions(ballots))
}

/// Routes and trade before and after.
#[must_use]
pub fn routes(routes: &RoutesFound) -> String {
    text(routes::network(routes))
}

/// What drives the headline outcomes.
#[must_use]
pub fn drives(drives: &[Drives]) -> String {
    text(drives::shares_of(drives))
}

/// What alliances did, with the outcomes of which some make up the course of a mission; the period's first day.
#[must_use]
pub fn alliances(alliances: &Alliances, outcomes: &[OutcomeRow], start: Date) -> String {
    text(alliance::missions(alliances, outcomes, start))
}

fn text(markup: Markup) -> String {
    unparted(&markup.into_string())
}
