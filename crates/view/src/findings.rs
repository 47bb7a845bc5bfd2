//! What was found, as plain data: everything a report or a table of the terminal shows, and nothing of how it looks.

mod alliance;
mod chosen;
mod compared;
mod drives;
mod gather;
mod happened;
mod rests;
mod routes;
pub mod rule;
mod unrest;

pub use alliance::{Alliances, PastRequests, VoteRow};
pub use chosen::{nearest_centre, told as events_told};
pub use compared::{
    ChangeTold, ChangedTold, Compared, ComparedOutcome, ComparedPolicy, PolicyName, told as change_told,
};
pub use gather::{found, gather};
pub use happened::{outcome_value, why_told};
pub use rests::{citation, conflicts, parameter, parameters, sources, unused, value as claim_value};
pub use routes::{NodeFound, Range, RouteFound, RoutesFound, StateFound};
pub use unrest::{UnrestDay, UnrestMap};

use equipoise_lab::score::{Card, Verdict};
use equipoise_lab::votes::VoteFit;
use equipoise_scenario::unit::Unit;
use jiff::civil::Date;

/// Everything the report shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Findings {
    /// Title of the scenario.
    pub title: String,
    /// The question the scenario was made to answer.
    pub question: String,
    /// What was run, so that anyone can run it again.
    pub ensemble: Ensemble,
    /// The accounts, in the scenario's order.
    pub accounts: Vec<AccountRow>,
    /// Every outcome, in the scenario's order.
    pub outcomes: Vec<OutcomeRow>,
    /// When each headline yes/no happens, in the scenario's order; what always or never happens is left out.
    pub rules: Vec<rule::Rule>,
    /// Every series, in the scenario's order.
    pub fans: Vec<Fan>,
    /// What drives the headline outcomes, in the scenario's order.
    pub drives: Vec<Drives>,
    /// Series that are the position of an actor on an issue, in the scenario's order; they are not among the fans.
    pub positions: Vec<Fan>,
    /// Resolutions that were put to the vote.
    pub ballots: Vec<BallotTable>,
    /// The days a fan shows at first (first and last); the whole period is one click away.
    pub zoom: (Date, Date),
    /// Unrest on the map, where anyone protests in the first weeks.
    pub unrest: Option<UnrestMap>,
    /// Routes and trade, where the scenario has them.
    pub routes: Option<RoutesFound>,
    /// What alliances did.
    pub alliances: Alliances,
    /// Chosen histories, told day by day.
    pub timelines: Vec<Timeline>,
    /// How each account fits the record, in the order of the accounts.
    pub fit: Vec<AccountFit>,
    /// Score cards: title of the account, or "All accounts", and its card.
    pub cards: Vec<(String, Card)>,
    /// Where each number of the model comes from.
    pub parameters: Vec<ParameterRow>,
    /// Claims that contradict each other.
    pub conflicts: Vec<Conflict>,
    /// The documents behind the claims.
    pub sources: Vec<SourceRow>,
}

/// What was run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ensemble {
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
pub struct AccountRow {
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

/// What the ensemble says about one outcome.
#[derive(Debug, Clone, PartialEq)]
pub enum Found {
    /// No history to read it off.
    Nothing,
    /// A yes/no: its probability with a Monte Carlo interval.
    Probability {
        /// Share of histories.
        share: f64,
        /// Bounds of the 95 % interval.
        interval: (f64, f64),
    },
    /// A number: median and 90 % of the histories, in the outcome's unit.
    Number {
        /// Median.
        median: f64,
        /// 5 and 95 % quantiles.
        interval: (f64, f64),
    },
    /// A date that may never come.
    Date {
        /// Share of histories in which it comes.
        happened: f64,
        /// Bounds of the 95 % Monte Carlo interval of that share.
        interval: (f64, f64),
        /// Median date and the 5 and 95 % quantiles, where it comes; `None` if it never does.
        when: Option<(Date, (Date, Date))>,
    },
}

/// One outcome: what was found, what really happened, and whether they agree.
#[derive(Debug, Clone, PartialEq)]
pub struct OutcomeRow {
    /// Short name: the column of the outcomes table.
    pub id: String,
    /// What it is, for people.
    pub title: String,
    /// Its unit.
    pub unit: Unit,
    /// Whether it belongs to the summary's first lines.
    pub headline: bool,
    /// Over all accounts, weighted by credence.
    pub found: Found,
    /// Under each account, in the order of the accounts.
    pub by_account: Vec<Found>,
    /// What really happened, with its score: one row per claim of the record.
    pub record: Vec<Scored>,
}

/// What drives one outcome: shares of its variance.
#[derive(Debug, Clone, PartialEq)]
pub struct Drives {
    /// Title of the outcome.
    pub outcome: String,
    /// Histories that say so.
    pub histories: u64,
    /// Why nothing can be said; then the rest is empty.
    pub nothing: Option<String>,
    /// What evidenced parameters explain by themselves, beyond the account.
    pub evidence: Share,
    /// What assumptions explain by themselves.
    pub assumption: Share,
    /// What the account explains by itself.
    pub account: Share,
    /// What is left: interplay and chance.
    pub rest: Share,
    /// The strongest inputs that can be told from nothing, strongest first.
    pub named: Vec<Driver>,
}

/// One input and its share.
#[derive(Debug, Clone, PartialEq)]
pub struct Driver {
    /// Name in expressions.
    pub id: String,
    /// What it is, for people.
    pub title: String,
    /// What it rests on: "evidence", "assumption" or "account".
    pub group: &'static str,
    /// Its share.
    pub share: Share,
}

/// A share of variance with its 95 % interval, each between 0 and 1.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Share {
    /// The share.
    pub value: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// One claim of the record and how the ensemble stands to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Scored {
    /// The claim's value in words: "225", "at least 225", "6 Jan 2022", "yes".
    pub value: String,
    /// Its interval on the outcome's scale (dates as days since the period's first day), where it has one.
    pub interval: Option<(f64, f64)>,
    /// The day it speaks of, for a series.
    pub day: Option<Date>,
    /// Where it is reported.
    pub citation: Citation,
    /// Whether calibration was kept from seeing it.
    pub held_out: bool,
    /// A remark for people.
    pub note: String,
    /// What the ensemble says beside it, in words.
    pub found: String,
    /// Share of the histories below it.
    pub position: Option<f64>,
    /// Continuous ranked probability score, in the outcome's unit; smaller is better.
    pub crps: Option<f64>,
    /// Brier score, 0 to 1; a coin scores 0.25.
    pub brier: Option<f64>,
    /// The verdict.
    pub verdict: Verdict,
}

/// What a verdict comes down to, in order of agreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Nothing to compare.
    Unscored,
    /// The record is central to the histories, or most agree with it.
    Fits,
    /// The record is possible but not central, or the histories are divided.
    Possible,
    /// The record lies outside 90 % of the histories, or few agree with it.
    Missed,
}

/// Where something is reported.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Citation {
    /// Short name of the claim.
    pub claim: String,
    /// Short name of the source, as in [`SourceRow::id`].
    pub source: String,
    /// Who published it.
    pub outlet: String,
    /// The source's day of publication, as far as it prints one.
    pub date: String,
    /// Its paragraph or paragraphs.
    pub paragraph: String,
}

/// A series over time: quantiles day by day, and the record's points.
#[derive(Debug, Clone, PartialEq)]
pub struct Fan {
    /// Short name: the column of the series table.
    pub id: String,
    /// What it is, for people.
    pub title: String,
    /// Its unit.
    pub unit: Unit,
    /// 5, 25, 50, 75 and 95 % quantiles of each day, from the period's first day on; empty without histories.
    pub quantiles: Vec<[f64; 5]>,
    /// Histories the quantiles were read off (a large run is read in part).
    pub histories: u64,
    /// What really happened.
    pub record: Vec<Scored>,
}

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

/// One history told day by day.
#[derive(Debug, Clone, PartialEq)]
pub struct Timeline {
    /// "A typical history".
    pub title: String,
    /// By which rule it was chosen.
    pub rule: String,
    /// Its number.
    pub history: u64,
    /// Title of its account.
    pub account: String,
    /// Its headline outcomes: title and value in words.
    pub outcomes: Vec<(String, String)>,
    /// Everything that happened, in the order of time.
    pub events: Vec<TimelineEvent>,
}

/// One event of a timeline.
#[derive(Debug, Clone, PartialEq)]
pub struct TimelineEvent {
    /// Its number in the history.
    pub id: u32,
    /// The day.
    pub date: Date,
    /// The hour, where the mechanism has a clock of its own.
    pub hour: Option<u8>,
    /// What happened, one sentence without a full stop.
    pub text: String,
    /// Whether it concerns the whole state, or is the first of its kind; the rest is folded away.
    pub central: bool,
    /// Numbers of the events that caused it.
    pub causes: Vec<u32>,
}

/// How one account fits the record.
#[derive(Debug, Clone, PartialEq)]
pub struct AccountFit {
    /// Title of the account; the first row is all accounts together.
    pub account: String,
    /// Numbers and dates of the record within its 90 % interval.
    pub covered: u64,
    /// Numbers and dates of the record compared.
    pub compared: u64,
    /// Mean Brier score over the record's yes/no rows.
    pub brier: Option<f64>,
    /// CRPS over that of all accounts together: the geometric mean over the record's numbers and dates; below 1 is better.
    pub crps_ratio: Option<f64>,
}

/// Where one number of the model comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct ParameterRow {
    /// Name in expressions.
    pub id: String,
    /// What it is, for people.
    pub title: String,
    /// Its unit.
    pub unit: Unit,
    /// Its basis.
    pub basis: BasisRow,
}

/// What one number of the model rests on.
#[derive(Debug, Clone, PartialEq)]
pub enum BasisRow {
    /// Claims, each trusted by some accounts.
    Evidence {
        /// What the claims are about.
        subject: String,
        /// The claims.
        claims: Vec<TrustedClaim>,
    },
    /// A range held possible.
    Assumption {
        /// Smallest and largest value.
        range: [f64; 2],
        /// How values spread within it, in words.
        shape: String,
        /// Why.
        reason: String,
    },
}

/// A claim and what each account makes of it.
#[derive(Debug, Clone, PartialEq)]
pub struct TrustedClaim {
    /// The claim.
    pub claim: ClaimRow,
    /// Its weight under each account that gives it any: (account's short name, share of the pool).
    pub weights: Vec<(String, f64)>,
}

/// One thing a source says.
#[derive(Debug, Clone, PartialEq)]
pub struct ClaimRow {
    /// Value or interval in words.
    pub value: String,
    /// The claim in our own words.
    pub text: String,
    /// How the source puts it: "asserted", "alleged".
    pub status: String,
    /// The chain from the outlet to the origin: "nd ← Khabar".
    pub chain: String,
    /// Where it is reported.
    pub citation: Citation,
}

/// Claims that contradict each other on one subject.
#[derive(Debug, Clone, PartialEq)]
pub struct Conflict {
    /// Name of the conflict group.
    pub group: String,
    /// What it is about.
    pub subject: String,
    /// The sides: each the claims that agree with one another.
    pub sides: Vec<Vec<ClaimRow>>,
}

/// Why something happened in one history, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WhyTold {
    /// What was asked, of which history, and its value there.
    pub heading: String,
    /// How the event at the root of the tree was chosen.
    pub basis: String,
    /// The causes as a tree, the event itself first; empty if nothing belongs to it in this history.
    pub tree: Vec<WhyBranch>,
    /// The main chain in words, from the event back to the root.
    pub chain: String,
    /// Histories with the same main chain.
    pub same_chain: u64,
    /// What it means to occur, in words: "It happens in".
    pub occurrence: String,
    /// Histories in which what was asked about occurs.
    pub occurs: u64,
    /// All histories.
    pub histories: u64,
    /// The commonest main chains in words, each with its histories.
    pub commonest: Vec<(String, u64)>,
}

/// One line of a tree of causes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WhyBranch {
    /// Steps from the event asked about.
    pub depth: usize,
    /// Its date in words.
    pub date: String,
    /// What happened.
    pub text: String,
    /// Whether its causes stand further up already and are not repeated here.
    pub repeated: bool,
}

/// A document behind claims.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceRow {
    /// Short name used in files.
    pub id: String,
    /// Who published it.
    pub outlet: String,
    /// Its headline, or what it is.
    pub title: String,
    /// Day of publication as far as known.
    pub date: String,
    /// Language.
    pub language: String,
    /// Whose outlet it is.
    pub affiliation: String,
    /// A remark for people.
    pub note: String,
    /// Number of claims it makes.
    pub claims: u64,
}

impl Standing {
    /// What a verdict comes down to.
    pub fn of(verdict: Verdict) -> Standing {
        match verdict {
            Verdict::NotScored => Standing::Unscored,
            Verdict::Inside | Verdict::Agrees => Standing::Fits,
            Verdict::Edge | Verdict::Open => Standing::Possible,
            Verdict::Outside | Verdict::Disagrees | Verdict::NeverHappens => Standing::Missed,
        }
    }

    /// A mark that tells it without colour.
    pub fn mark(self) -> &'static str {
        match self {
            Standing::Unscored => "–",
            Standing::Fits => "●",
            Standing::Possible => "◐",
            Standing::Missed => "○",
        }
    }
}

impl OutcomeRow {
    /// The verdict on the whole row: that on its worst claim.
    pub fn verdict(&self) -> Verdict {
        let verdicts = self.record.iter().map(|scored| scored.verdict);
        verdicts.max_by_key(|verdict| Standing::of(*verdict)).unwrap_or(Verdict::NotScored)
    }
}

impl Findings {
    /// Every row of the record with the title of what it scores: outcomes first, then series.
    pub fn scored(&self) -> impl Iterator<Item = (&str, Unit, &Scored)> {
        let outcomes = self.outcomes.iter().map(|row| (row.title.as_str(), row.unit, &row.record));
        let fans = self.fans.iter().map(|fan| (fan.title.as_str(), fan.unit, &fan.record));
        outcomes
            .chain(fans)
            .flat_map(|(title, unit, record)| record.iter().map(move |scored| (title, unit, scored)))
    }

    /// The outcomes of the first lines; all of them if the scenario marks none.
    pub fn headlines(&self) -> Vec<&OutcomeRow> {
        let marked: Vec<&OutcomeRow> = self.outcomes.iter().filter(|row| row.headline).collect();
        if marked.is_empty() { self.outcomes.iter().collect() } else { marked }
    }

    /// Numbers of the model that rest on assumptions, and all of them.
    pub fn assumed(&self) -> (usize, usize) {
        let assumed =
            self.parameters.iter().filter(|row| matches!(row.basis, BasisRow::Assumption { .. })).count();
        (assumed, self.parameters.len())
    }
}
