//! Votes on resolutions, state by state.

use equipoise_lab::votes::{ResolutionVotes, VoteFit};
use equipoise_scenario::Scenario;
use jiff::civil::Date;

/// The votes on one resolution, over all histories.
#[derive(Debug, Clone, PartialEq)]
pub struct BallotTable {
    /// What it says.
    pub title: String,
    /// Day of the vote.
    pub date: Date,
    /// Histories in which it was put to the vote.
    pub histories: u64,
    /// One row per state, the focus state first.
    pub rows: Vec<BallotRow>,
    /// How well it was predicted; none without a record.
    pub fit: Option<VoteFit>,
}

/// One state's votes on a resolution.
#[derive(Debug, Clone, PartialEq)]
pub struct BallotRow {
    /// Name of the state.
    pub state: String,
    /// Shares of the histories: for, abstain, against, absent.
    pub shares: [f64; 4],
    /// What it really did, as its place among the shares.
    pub record: Option<usize>,
}

/// The votes on every resolution, the focus state first.
pub(super) fn ballots(scenario: &Scenario, votes: Vec<ResolutionVotes>) -> Vec<BallotTable> {
    let Some(voting) = &scenario.voting else { return Vec::new() };
    let told = votes.into_iter().map(|votes| {
        let resolution = &voting.resolutions[votes.resolution];
        let row = |v: usize| BallotRow {
            state: scenario.actors[voting.voters[v].actor].name.clone(),
            shares: votes.shares[v],
            record: resolution.record[v].map(|vote| vote as usize),
        };
        let is_focus = |v: &usize| voting.voters[*v].actor == scenario.focus;
        let all = 0..voting.voters.len();
        let rows = all.clone().filter(is_focus).chain(all.filter(|v| !is_focus(v))).map(row).collect();
        BallotTable {
            title: resolution.title.clone(),
            date: resolution.date,
            histories: votes.histories,
            rows,
            fit: votes.fit,
        }
    });
    told.collect()
}
