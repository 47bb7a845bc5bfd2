//! From histories in memory to the parts of findings that single pictures show: what a report shows of a run, of an
//! ensemble that never was one.
//!
//! Whatever asks for histories simulated again gives `None` once nobody waits any more.

use std::sync::atomic::AtomicBool;

use equipoise_lab::LabError;
use equipoise_lab::again::Again;
use equipoise_lab::live::{Sample, Setting, under_each_policy};
use equipoise_lab::robust::Cases;
use equipoise_lab::score::score_row;
use equipoise_lab::votes::votes_again;
use equipoise_scenario::Scenario;
use equipoise_scenario::scenario::{RecordRow, Target};

use super::{
    Alliances, BallotTable, Drives, Fan, OutcomeRow, RegretRow, RoutesFound, UnrestMap, alliance, ballots,
    drives, fans, outcome, regret, routes, rule, unrest,
};

/// Histories simulated under each policy for its regret.
const HISTORIES_FOR_REGRET: u64 = 200;

/// An ensemble in memory: a scenario, or a variant of one, and which histories.
#[derive(Debug, Clone, Copy)]
pub struct Live<'s> {
    /// The scenario, or the variant.
    pub scenario: &'s Scenario,
    /// Which histories.
    pub setting: Setting,
    /// Set once nobody waits any more.
    pub cancel: &'s AtomicBool,
}

impl Live<'_> {
    /// Unrest by place on a few days, from 200 histories simulated again at most; inside, nothing where nobody protests.
    pub(crate) fn unrest(&self, histories: u64) -> Option<UnrestMap> {
        unrest::unrest(self.scenario, &self.again(histories.min(unrest::HISTORIES)))
    }

    /// Routes and trade on the first and the last day, from 48 histories simulated again at most.
    pub(crate) fn routes(&self, histories: u64) -> Option<RoutesFound> {
        routes::routes(self.scenario, &self.again(histories.min(routes::HISTORIES)))
    }

    /// Votes on resolutions, from so many histories simulated again.
    pub(crate) fn ballots(&self, histories: u64) -> Option<Vec<BallotTable>> {
        Some(ballots::ballots(self.scenario, votes_again(&self.again(histories))?))
    }

    /// What alliances did, from 300 histories simulated again at most.
    ///
    /// # Errors
    /// Past requests teach nothing: their treaty's priors cannot be used.
    pub(crate) fn alliances(&self, histories: u64) -> Result<Option<Alliances>, LabError> {
        let again = self.again(histories.min(alliance::HISTORIES_WITH_REASONS));
        alliance::alliances(self.scenario, &again, self.setting.seed)
    }

    /// What drives the headline outcomes, from a sample that is there already.
    pub(crate) fn drives(&self, sample: &Sample) -> Vec<Drives> {
        drives::of_sample(self.scenario, self.setting, sample)
    }

    /// When each headline yes/no happens, from a sample that is there already.
    pub(crate) fn rules(&self, sample: &Sample) -> Vec<rule::Rule> {
        rule::of_memory(self.scenario, sample)
    }

    /// The regret of each policy on top of the scenario as it stands, from 200 histories under each at most.
    pub(crate) fn regrets(&self, histories: u64) -> Option<Vec<RegretRow>> {
        let histories = histories.min(HISTORIES_FOR_REGRET);
        let samples = under_each_policy(self.scenario, self.setting, histories, self.cancel)?;
        Some(regret::of_cases(self.scenario, &Cases::of_samples(self.scenario, &samples)))
    }

    /// Positions over time, from a sample that keeps their series.
    pub(crate) fn positions(&self, sample: &Sample) -> Vec<Fan> {
        let scenario = self.scenario;
        let scored = |at: usize, row: &RecordRow| match row.target {
            Target::Series(series, date) if series == at => {
                let day = usize::try_from(scenario.day(date)).ok()?;
                let all = 0..sample.histories.len();
                let values: Vec<f64> = all.filter_map(|history| sample.value(history, at, day)).collect();
                Some(outcome::scored(scenario, row, &score_row(scenario, row, None, &values)))
            }
            _ => None,
        };
        let fan = |at: usize| {
            let record = scenario.record.iter().filter_map(|row| scored(at, row)).collect();
            Some(fans::of(
                scenario,
                at,
                sample.fan(at, sample.len(), scenario.days as usize)?.into_iter(),
                sample.len(),
                record,
            ))
        };
        fans::positions(scenario).into_iter().filter_map(fan).collect()
    }

    /// Every outcome beside the record, from a sample.
    pub(crate) fn outcomes(&self, sample: &Sample) -> Vec<OutcomeRow> {
        let scenario = self.scenario;
        let row = |at: usize| {
            let values: Vec<f64> = sample.histories.iter().map(|lived| lived.outcomes[at]).collect();
            let about = scenario.record.iter().filter(|row| row.target == Target::Outcome(at));
            let record =
                about.map(|row| outcome::scored(scenario, row, &score_row(scenario, row, None, &values)));
            outcome::row(scenario, at, &sample.summaries(scenario, at, sample.len()), record.collect())
        };
        (0..scenario.outcomes.len()).map(row).collect()
    }

    fn again(&self, histories: u64) -> Again<'_> {
        Again::live(self.scenario, self.setting, histories, self.cancel)
    }
}
