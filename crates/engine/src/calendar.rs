//! What a scenario sets for each of its days.

use equipoise_scenario::Scenario;

use crate::decisions::{self, Open};
use crate::formulas::{Formulas, Measured};
use crate::{observe, trade};

/// What is due on one day.
#[derive(Debug, Clone, Default)]
pub(crate) struct Appointments {
    /// Shocks (indices).
    pub shocks: Vec<usize>,
    /// Whether somebody reads how trade stands.
    pub trade: bool,
    /// Whether there is a round of bargaining.
    pub bargaining: bool,
    /// Resolutions put to the vote (indices).
    pub resolutions: Vec<usize>,
    /// Decisions that can come up.
    pub decisions: Vec<Open>,
}

/// The simulated days. What lies outside them never comes.
pub(crate) fn of(scenario: &Scenario, measured: &Measured, formulas: &Formulas<'_>) -> Vec<Appointments> {
    let daily = observe::daily_reads(scenario, measured).iter().any(trade::is_read_by);
    let mut days = vec![Appointments { trade: daily, ..Appointments::default() }; scenario.days as usize];
    let day_of = |date| usize::try_from(scenario.day(date)).ok().filter(|day| *day < scenario.days as usize);
    for (s, shock) in scenario.shocks.iter().enumerate().filter(|(_, shock)| !shock.cancelled) {
        if let Some(day) = day_of(shock.date) {
            days[day].shocks.push(s);
        }
    }
    for (_, formula, day) in &formulas.values {
        days[*day as usize].trade |= formula.reads().iter().any(trade::is_read_by);
    }
    for day in
        scenario.bargaining.iter().flat_map(|bargaining| &bargaining.dates).filter_map(|&date| day_of(date))
    {
        days[day].bargaining = true;
    }
    for (r, resolution) in scenario.voting.iter().flat_map(|voting| &voting.resolutions).enumerate() {
        if let Some(day) = day_of(resolution.date) {
            days[day].resolutions.push(r);
        }
    }
    for (day, open) in decisions::open(scenario) {
        days[day].decisions.push(open);
    }
    days
}
