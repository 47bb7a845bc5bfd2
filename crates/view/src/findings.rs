//! What was found, as plain data: everything a report or a table of the terminal shows, and nothing of how it looks.

mod alliance;
mod ballots;
mod chosen;
mod compared;
mod drives;
mod fans;
mod fit;
mod gather;
mod grounds;
mod happened;
pub mod live;
mod outcome;
mod regret;
mod rests;
mod routes;
pub mod rule;
mod told;
mod unrest;

pub use chosen::{Chosen, Kind, chosen_among, told as events_told};
pub use compared::{ChangeTold, ChangedTold, Compared, told as change_told};
pub use fans::positions;
pub use gather::gather;
pub use grounds::{BasisRow, Citation, Conflict, ParameterRow, SourceRow, TrustedClaim};
pub use happened::{outcome_value, why_told};
pub use outcome::{Found, found};
pub use rests::{citation, conflicts, parameter, parameters, sources, unused, value as claim_value};
pub use told::{TimelineEvent, WhyTold};

pub(crate) use alliance::{Alliances, BeliefRow, BeliefTable, PastRequests, VoteRow};
pub(crate) use ballots::{BallotRow, BallotTable};
pub(crate) use compared::{ComparedOutcome, ComparedPolicy};
pub(crate) use drives::{Drives, Share};
pub(crate) use fans::Fan;
pub(crate) use fit::AccountFit;
pub(crate) use grounds::ClaimRow;
pub(crate) use outcome::{OutcomeRow, Scored, Standing};
pub(crate) use regret::{Largest, PolicyRegret, RegretRow};
pub(crate) use routes::{NodeFound, Range, RouteFound, RoutesFound};
pub(crate) use told::{ChainTold, Timeline, WhyBranch};
pub(crate) use unrest::{UnrestDay, UnrestMap};
/// What only made-up findings name.
#[cfg(test)]
pub(crate) use {compared::PolicyName, drives::Driver, routes::StateFound};

use equipoise_lab::score::Card;
use equipoise_scenario::unit::Unit;
use jiff::civil::Date;

/// Everything the report shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Findings {
    /// Title of the scenario.
    pub(crate) title: String,
    /// The question the scenario was made to answer.
    pub(crate) question: String,
    /// What was run, so that anyone can run it again.
    pub(crate) ensemble: Ensemble,
    /// The accounts, in the scenario's order.
    pub(crate) accounts: Vec<AccountRow>,
    /// Every outcome, in the scenario's order.
    pub(crate) outcomes: Vec<OutcomeRow>,
    /// When each headline yes/no happens, in the scenario's order; what always or never happens is left out.
    pub(crate) rules: Vec<rule::Rule>,
    /// Every series, in the scenario's order.
    pub(crate) fans: Vec<Fan>,
    /// What drives the headline outcomes, in the scenario's order.
    pub(crate) drives: Vec<Drives>,
    /// Series that are the position of an actor on an issue, in the scenario's order; they are not among the fans.
    pub(crate) positions: Vec<Fan>,
    /// Resolutions that were put to the vote.
    pub(crate) ballots: Vec<BallotTable>,
    /// The days a fan shows at first (first and last); the whole period is one click away.
    pub(crate) zoom: (Date, Date),
    /// Unrest on the map, where anyone protests in the first weeks.
    pub(crate) unrest: Option<UnrestMap>,
    /// Routes and trade, where the scenario has them.
    pub(crate) routes: Option<RoutesFound>,
    /// What alliances did.
    pub(crate) alliances: Alliances,
    /// Chosen histories, told day by day.
    pub(crate) timelines: Vec<Timeline>,
    /// How each account fits the record, in the order of the accounts.
    pub(crate) fit: Vec<AccountFit>,
    /// Score cards: title of the account, or "All accounts", and its card.
    pub(crate) cards: Vec<(String, Card)>,
    /// Where each number of the model comes from.
    pub(crate) parameters: Vec<ParameterRow>,
    /// Claims that contradict each other.
    pub(crate) conflicts: Vec<Conflict>,
    /// The documents behind the claims.
    pub(crate) sources: Vec<SourceRow>,
}

/// What was run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ensemble {
    /// Name of the scenario's folder.
    pub scenario: String,
    /// Its checksum.
    pub hash: String,
    /// The policy applied, if any.
    pub policy: Option<String>,
    /// Number of complete histories.
    pub histories: u64,
    /// Seed of all randomness.
    pub seed: u64,
    /// Name of the design of experiments.
    pub design: String,
    /// Version of Equipoise.
    pub version: String,
    /// The command that makes the same run.
    pub command: String,
    /// First and last simulated day.
    pub period: (Date, Date),
}

/// One account and its part of the ensemble.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct AccountRow {
    /// Short name used in files.
    pub id: String,
    /// Name for people.
    pub title: String,
    /// Who tells it so, and why this credence.
    pub explanation: String,
    /// Prior weight, 0 to 1.
    pub credence: f64,
    /// Histories simulated under it.
    pub histories: u64,
}

impl Findings {
    /// Every row of the record with the title of what it scores: outcomes first, then series.
    pub(crate) fn scored(&self) -> impl Iterator<Item = (&str, Unit, &Scored)> {
        let outcomes = self.outcomes.iter().map(|row| (row.title.as_str(), row.unit, &row.record));
        let fans = self.fans.iter().map(|fan| (fan.title.as_str(), fan.unit, &fan.record));
        outcomes
            .chain(fans)
            .flat_map(|(title, unit, record)| record.iter().map(move |scored| (title, unit, scored)))
    }

    /// The outcomes of the first lines; all of them if the scenario marks none.
    pub(crate) fn headlines(&self) -> Vec<&OutcomeRow> {
        let marked: Vec<&OutcomeRow> = self.outcomes.iter().filter(|row| row.headline).collect();
        if marked.is_empty() { self.outcomes.iter().collect() } else { marked }
    }

    /// Numbers of the model that rest on assumptions, and all of them.
    pub(crate) fn assumed(&self) -> (usize, usize) {
        let assumed =
            self.parameters.iter().filter(|row| matches!(row.basis, BasisRow::Assumption { .. })).count();
        (assumed, self.parameters.len())
    }
}
