//! A checked scenario: every name resolved to an index, every expression compiled, every number a parameter.
//!
//! This is what the engine reads. Files become this in [`load`](crate::load); nothing here knows of files.

#[macro_use]
mod parameter_table;

mod actors;
mod decisions;
mod outcomes;
mod parameters;
mod policies;
mod positions;
pub mod trade;
pub mod transit;
mod treaties;
mod unrest;

use jiff::civil::Date;

use crate::evidence::Evidence;
use crate::treaty::TreatyCase;

pub use actors::{Actor, ActorKind, Place};
pub use decisions::{Action, Decision, DecisionOption, Scope, Shock, Stock};
pub use outcomes::{Measure, Outcome, RecordRow, Series, Target};
pub use parameters::{Basis, Parameter, Shape};
pub use policies::{Change, Policy};
pub use positions::{
    Bargaining, BargainingModel, Issue, IssueId, Resolution, ResolutionId, Standing, Vote, Voter, Voting,
};
pub use treaties::{Member, Obligation, RatificationRule, StakeExpressions, Telling, Treaty, Voice};
pub use unrest::{Forces, Legitimacy, Reporting, Unrest};

/// Index of an actor in [`Scenario::actors`].
pub type ActorId = usize;
/// Index of a place in [`Scenario::places`].
pub type PlaceId = usize;
/// Index of a parameter in [`Scenario::parameters`].
pub type ParameterId = usize;
/// Index of a stock in [`Scenario::stocks`].
pub type StockId = usize;
/// Index of a treaty in [`Scenario::treaties`].
pub type TreatyId = usize;

/// A crisis, declared and checked.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// Name of the folder.
    pub id: String,
    /// Title for people.
    pub title: String,
    /// The question the scenario was made to answer, one sentence.
    pub question: String,
    /// The focus state.
    pub focus: ActorId,
    /// First simulated day.
    pub start: Date,
    /// Number of simulated days.
    pub days: u32,
    /// Sources, claims and accounts.
    pub evidence: Evidence,
    /// Uncertain numbers, in file order.
    pub parameters: Vec<Parameter>,
    /// States, organisations and groups.
    pub actors: Vec<Actor>,
    /// Cities or regions of the focus state.
    pub places: Vec<Place>,
    /// Rings of the focus state's outline, for maps: corners as degrees north and east. None where no file gives them.
    pub outline: Vec<Vec<[f64; 2]>>,
    /// How protest spreads, turns violent and is put down.
    pub unrest: Unrest,
    /// The forces of the focus state.
    pub forces: Forces,
    /// How the legitimacy of the government moves.
    pub legitimacy: Legitimacy,
    /// How deaths, injuries and arrests come to be reported; without it reports are at once and right.
    pub reporting: Option<Reporting>,
    /// Relations of the focus state at the start: (actor, parameter in points).
    pub relations: Vec<(ActorId, ParameterId)>,
    /// Alliances whose help may be requested.
    pub treaties: Vec<Treaty>,
    /// Routes of the commodity the focus state sells, if the scenario has them.
    pub transit: Option<transit::Transit>,
    /// Trade between regions, if the scenario has it.
    pub trade: Option<trade::Trade>,
    /// Past requests under these treaties: (treaty, case).
    pub cases: Vec<(TreatyId, TreatyCase)>,
    /// Quantities that only this scenario knows (gratitude, worry about sovereignty, stance).
    pub stocks: Vec<Stock>,
    /// Dated changes from outside.
    pub shocks: Vec<Shock>,
    /// Choices that actors face.
    pub decisions: Vec<Decision>,
    /// What is read off a history at its end.
    pub outcomes: Vec<Outcome>,
    /// What is recorded on every day.
    pub series: Vec<Series>,
    /// Issues on which actors hold positions.
    pub issues: Vec<Issue>,
    /// When and how the actors bargain over the issues; never if none.
    pub bargaining: Option<Bargaining>,
    /// The body whose resolutions are voted on; none if it is left out.
    pub voting: Option<Voting>,
    /// Named sets of changes an analyst may want to try.
    pub policies: Vec<Policy>,
    /// What really happened.
    pub record: Vec<RecordRow>,
    /// Checksum over all files of the folder (BLAKE3, hex): two folders with the same hash give the same histories.
    pub hash: String,
    /// The files themselves, relative path and bytes, sorted by path: a run directory keeps a copy.
    pub files: Vec<(String, Vec<u8>)>,
}

impl Scenario {
    /// The date of a simulated day, counted from zero.
    pub fn date(&self, day: u32) -> Date {
        self.start.saturating_add(jiff::Span::new().days(i64::from(day)))
    }

    /// The day of a date, counted from zero; negative before the start.
    pub fn day(&self, date: Date) -> i64 {
        i64::from((date - self.start).get_days())
    }
}
