//! The first histories of an ensemble in memory, and what they tell.

use std::sync::Arc;

use equipoise_engine::{Measured, Recall};
use equipoise_scenario::Scenario;
use rayon::prelude::*;

use crate::paired::{self, Effect};
use crate::quantile::quantiles;
use crate::summary::{self, Summary};

/// Days of a series that a fan takes from each history at once: those of one line of the cache.
const DAYS_AT_ONCE: usize = 16;
/// Histories of which what they worked out is kept.
const REMEMBERED: u64 = 2000;

/// What one history leaves in memory.
#[derive(Debug, Clone, PartialEq)]
pub struct Lived {
    /// Its account, an index into the evidence.
    pub account: usize,
    /// One value per parameter of the scenario.
    pub parameters: Vec<f64>,
    /// One value per outcome, as the engine gives them: NaN where there is none, or where the sample does not ask.
    pub outcomes: Vec<f64>,
    /// The kept series, one after the other, each day by day.
    pub(super) series: Vec<f32>,
    /// Options that were chosen: decision and option.
    pub(super) chosen: Vec<(usize, usize)>,
    /// Treaties under which help was requested.
    pub(super) requested: Vec<usize>,
    /// What it worked out at length, where the sample keeps that for variants.
    pub(super) recall: Option<Arc<Recall>>,
}

/// The first histories of an ensemble, from number 0 on.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// The histories, in order.
    pub histories: Vec<Lived>,
    /// Whether each outcome is asked for.
    measured: Vec<bool>,
    /// Of how many histories what they worked out is kept.
    pub(super) remembered: u64,
    /// Series that are kept (indices), in order.
    pub(super) kept: Vec<usize>,
    days: usize,
}

impl Sample {
    /// A sample without histories that will keep some series (indices).
    #[must_use]
    pub fn empty(scenario: &Scenario, kept: Vec<usize>) -> Sample {
        let measured = vec![true; scenario.outcomes.len()];
        Sample { histories: Vec::new(), measured, remembered: 0, kept, days: scenario.days as usize }
    }

    /// The same, of which some outcomes (indices) are asked for alone: its histories are simulated faster.
    #[must_use]
    pub fn measuring(scenario: &Scenario, outcomes: &[usize], kept: Vec<usize>) -> Sample {
        let measured = (0..scenario.outcomes.len()).map(|outcome| outcomes.contains(&outcome)).collect();
        Sample { measured, ..Sample::empty(scenario, kept) }
    }

    /// The same, for a baseline beside which variants are simulated over and over: what the first histories work out at
    /// length is kept, some twelve kilobytes each, and variants need not work out the same again.
    #[must_use]
    pub fn remembering(scenario: &Scenario, kept: Vec<usize>) -> Sample {
        Sample { remembered: REMEMBERED, ..Sample::empty(scenario, kept) }
    }

    /// What its histories must tell.
    pub(super) fn measured(&self, scenario: &Scenario) -> Measured {
        let series = (0..scenario.series.len()).map(|series| self.kept.contains(&series)).collect();
        Measured { outcomes: self.measured.clone(), series, causes: false }
    }

    /// How many histories there are.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.histories.len() as u64
    }

    /// Whether there are none yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.histories.is_empty()
    }

    /// 5, 25, 50, 75 and 95 % quantiles of a series (an index) on each of the first `days` days, over the first `count`
    /// histories; `None` if the series is not kept.
    #[must_use]
    pub fn fan(&self, series: usize, count: u64, days: usize) -> Option<Vec<[f64; 5]>> {
        let at = self.kept.iter().position(|kept| *kept == series)? * self.days;
        let histories = &self.histories[..self.histories.len().min(count as usize)];
        let (count, days) = (histories.len(), days.min(self.days));
        let some_days = |first: usize| -> Vec<[f64; 5]> {
            let days = DAYS_AT_ONCE.min(days - first);
            let mut values = vec![0.0; days * count];
            for (number, history) in histories.iter().enumerate() {
                for (day, value) in history.series[at + first..][..days].iter().enumerate() {
                    values[day * count + number] = *value;
                }
            }
            let of_day = |day| quantiles(&mut values[day * count..][..count], [0.05, 0.25, 0.5, 0.75, 0.95]);
            (0..days).map(of_day).collect()
        };
        Some((0..days).into_par_iter().step_by(DAYS_AT_ONCE).flat_map_iter(some_days).collect())
    }

    /// A series (an index) of one history on one day, counted from the start; `None` if it is not kept.
    #[must_use]
    pub fn value(&self, history: usize, series: usize, day: usize) -> Option<f64> {
        let at = self.kept.iter().position(|kept| *kept == series)? * self.days;
        (day < self.days).then(|| f64::from(self.histories[history].series[at + day]))
    }

    /// One outcome (an index) over the first `count` histories: over all of them, then by account, accounts without
    /// histories left out. Nothing where the outcome is not asked for.
    #[must_use]
    pub fn summaries(&self, scenario: &Scenario, outcome: usize, count: u64) -> Vec<Summary> {
        if !self.measured[outcome] {
            return Vec::new();
        }
        let histories = &self.histories[..self.histories.len().min(count as usize)];
        let of = |account: Option<usize>| {
            let counts = |history: &&Lived| account.is_none_or(|account| history.account == account);
            let values = histories.iter().filter(counts).map(|history| history.outcomes[outcome]);
            summary::of_values(&scenario.outcomes[outcome], outcome, account, &values.collect::<Vec<f64>>())
        };
        let accounts = (0..scenario.evidence.accounts.len()).map(Some);
        std::iter::once(None).chain(accounts).map(of).filter(|summary| summary.histories > 0).collect()
    }

    /// Some series of a history, if all of them are kept.
    pub(super) fn some_series(&self, history: &Lived, wanted: &[usize]) -> Option<Vec<f32>> {
        let mut series = Vec::with_capacity(wanted.len() * self.days);
        for at in wanted {
            let at = self.kept.iter().position(|kept| kept == at)? * self.days;
            series.extend_from_slice(&history.series[at..at + self.days]);
        }
        Some(series)
    }
}

/// What a variant changes in one outcome (an index), over the histories both have: over all of them, then by account.
/// Under an account count the histories that stand on it in both. Nothing where one of the two does not ask for it.
#[must_use]
pub fn effects(scenario: &Scenario, outcome: usize, baseline: &Sample, variant: &Sample) -> Vec<Effect> {
    if !baseline.measured[outcome] || !variant.measured[outcome] {
        return Vec::new();
    }
    let pairs = || baseline.histories.iter().zip(&variant.histories).enumerate();
    let of = |account: Option<usize>| {
        let values = pairs()
            .filter(|(_, (one, other))| {
                account.is_none_or(|account| one.account == account && other.account == account)
            })
            .map(|(number, (one, other))| (number as u64, [one.outcomes[outcome], other.outcomes[outcome]]));
        paired::of_pairs(&scenario.outcomes[outcome], outcome, account, values)
    };
    let accounts = (0..scenario.evidence.accounts.len()).map(Some);
    std::iter::once(None).chain(accounts).map(of).filter(|effect| effect.changed.of > 0).collect()
}
