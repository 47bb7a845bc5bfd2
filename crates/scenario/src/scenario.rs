//! A checked scenario: every name resolved to an index, every expression compiled, every number a parameter.
//!
//! This is what the engine reads. Files become this in [`load`](crate::load); nothing here knows of files.

mod positions;

use equipoise_models::treaty::Ballot;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::chronicle::Trigger;
use crate::evidence::Evidence;
use crate::expression::Expression;
use crate::treaty::{TreatyCase, TreatyText};
use crate::unit::Unit;

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
pub use positions::{
    Bargaining, BargainingModel, Issue, IssueId, Resolution, ResolutionId, Standing, Vote, Voter, Voting,
};

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

/// A number the model needs: evidenced or assumed, never bare.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// Name in expressions.
    pub id: String,
    /// What it is, for people.
    pub title: String,
    /// Its unit.
    pub unit: Unit,
    /// Where its value comes from.
    pub basis: Basis,
}

/// Where a parameter's value comes from.
#[derive(Debug, Clone)]
pub enum Basis {
    /// Resolved from the claims on a subject under the history's account, within hard bounds.
    Evidenced {
        /// Index of the subject in the evidence.
        subject: usize,
        /// Hard bounds.
        bounds: [f64; 2],
        /// For each account, the pool its claims form (linear opinion pool).
        pools: Vec<crate::evidence::Pool>,
    },
    /// A range with a written reason.
    Assumption {
        /// Smallest and largest value held possible.
        range: [f64; 2],
        /// Shape of the distribution inside the range.
        shape: Shape,
        /// Why this range.
        reason: String,
    },
}

/// Shape of an assumption's distribution inside its range.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, Default, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// Every value equally likely.
    #[default]
    Uniform,
    /// Every order of magnitude equally likely (range must be positive).
    LogUniform,
    /// Values in the middle of the range more likely (symmetric triangle).
    Triangular,
}

/// A state, an organisation, or a group inside the focus state.
#[derive(Debug, Clone)]
pub struct Actor {
    /// Short name used in files.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// `state`, `organisation` or `group`.
    pub kind: ActorKind,
}

/// Kinds of actors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ActorKind {
    /// A state.
    State,
    /// An organisation of states.
    Organisation,
    /// A group or an office inside the focus state.
    Group,
}

/// A city or region of the focus state.
#[derive(Debug, Clone)]
pub struct Place {
    /// Short name used in files.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// The region it lies in, for people.
    pub region: String,
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// Inhabitants.
    pub population: f64,
    /// Dependence on the shocked fuel, 0 to 1.
    pub fuel_dependence: ParameterId,
    /// Grievance that does not depend on the price, 0 to 1.
    pub standing_grievance: ParameterId,
    /// Number of key sites (administration, police, airport).
    pub key_sites: u32,
    /// Whether it is the seat of government.
    pub capital: bool,
    /// Day of the first protest as reported, for scoring only.
    pub first_protest: Option<Date>,
}

macro_rules! parameter_table {
    ($(#[$doc:meta])* $table:ident { $($(#[$field_doc:meta])* $field:ident: $unit:expr,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone)]
        pub struct $table { $($(#[$field_doc])* pub $field: ParameterId,)* }
        impl $table {
            /// Field names and the unit each parameter must have, in order.
            pub const FIELDS: &'static [(&'static str, Unit)] = &[$((stringify!($field), $unit)),*];
            /// Builds the table from parameter indices in the order of [`Self::FIELDS`].
            pub(crate) fn from_ids(ids: &[ParameterId]) -> Option<Self> {
                let mut ids = ids.iter().copied();
                Some(Self { $($field: ids.next()?,)* })
            }
        }
    };
}

parameter_table! {
    /// The parameters of unrest: names in the `[unrest]` table of a scenario. The equations stand in the engine's unrest step.
    Unrest {
        /// Share of inhabitants who could be mobilised at all (the susceptible pool, ζ).
        mobilisable_share: Unit::NUMBER,
        /// Weight of the price shock, times dependence, in grievance beside standing grievance.
        price_weight: Unit::NUMBER,
        /// Rate at which a price rise fades from grievance as people get used to it.
        shock_fading_rate: Unit::PER_DAY,
        /// Grievance above which people start a protest on their own.
        onset_threshold: Unit::NUMBER,
        /// Rate of joining without any example, per unit of grievance above the threshold.
        onset_rate: Unit::PER_DAY,
        /// Largest rate of joining by example, per unit of grievance (η).
        contagion_rate: Unit::PER_DAY,
        /// Gain of the response to exposure, per thousand protesters heard of (γ).
        contagion_gain: Unit::NUMBER,
        /// Distance at which the pull of another city starts to fall (d₀, km).
        distance_scale_km: Unit::NUMBER,
        /// Exponent of that fall (δ).
        distance_exponent: Unit::NUMBER,
        /// Share of what is heard that comes through media, whatever the distance.
        media_share: Unit::NUMBER,
        /// How much a full internet shutdown lowers joining by example at home (0 none, 1 all).
        shutdown_effect: Unit::NUMBER,
        /// Gain of the perceived probability of arrest on forces per protester (Epstein's k).
        arrest_perception: Unit::NUMBER,
        /// Mean risk aversion: how much perceived arrest keeps people at home.
        risk_aversion: Unit::NUMBER,
        /// Rate at which peaceful protesters go home (ω).
        leaving_rate: Unit::PER_DAY,
        /// Rate at which violent protesters stop.
        violent_leaving_rate: Unit::PER_DAY,
        /// Factor on both leaving rates under a state of emergency.
        emergency_effect: Unit::NUMBER,
        /// Rate at which violence breaks out in a place whose large crowd outnumbers the forces beyond measure.
        escalation_rate: Unit::PER_DAY,
        /// Rate at which violence breaks out in a place with a large crowd where rioters are organised from abroad.
        infiltration_rate: Unit::PER_DAY,
        /// Rate at which protesters turn violent where violence has broken out.
        radicalisation_rate: Unit::PER_DAY,
        /// Share of rioters who are foreign fighters.
        foreign_share: Unit::NUMBER,
        /// Crowd at which a place is half as likely to see violence as with the largest crowd.
        crowd_cover: Unit::PERSONS,
        /// Decisiveness of numbers in contests over sites (Tullock's exponent).
        contest_exponent: Unit::NUMBER,
        /// Rate at which contested sites change hands.
        contest_rate: Unit::PER_DAY,
        /// Effect of one rioter against one officer.
        rioter_strength: Unit::NUMBER,
        /// Arrests an officer on duty can make in a day, in the street.
        arrests_per_officer: Unit::PER_DAY,
        /// Rate at which those who took part in violence are found afterwards.
        pursuit_rate: Unit::PER_DAY,
        /// Civilians killed per clash pair and day without permission to shoot.
        civilian_death_rate: Unit::PER_DAY,
        /// Officers killed per clash pair and day.
        officer_death_rate: Unit::PER_DAY,
        /// Factor on civilian deaths when forces are allowed to shoot.
        lethal_factor: Unit::NUMBER,
        /// Factor on the rate at which violent protesters stop when forces are allowed to shoot.
        lethal_deterrence: Unit::NUMBER,
        /// Injured per clash pair and day.
        injury_rate: Unit::PER_DAY,
        /// Protesters below which a place without violence counts as in order, per hundred thousand inhabitants.
        calm_per_100000: Unit::NUMBER,
    }
}

parameter_table! {
    /// The parameters of the national forces: names in the `[forces]` table of a scenario.
    Forces {
        /// Police officers per 100,000 inhabitants.
        police_per_100000: Unit::NUMBER,
        /// Share of the police of a place that can be in its streets on one day.
        police_on_duty_share: Unit::NUMBER,
        /// Paramilitary forces, the mobile reserve of the country.
        reserve: Unit::PERSONS,
        /// Share of the reserve ready on an ordinary day.
        reserve_ready_share: Unit::NUMBER,
        /// Share of the distance to the wanted deployment that the reserve covers in a day.
        redeployment_share: Unit::NUMBER,
        /// Reserve tied to the guard of strategic sites while there is disorder.
        guard_duty: Unit::PERSONS,
        /// National guards that one foreign soldier on guard duty frees.
        guard_substitution: Unit::NUMBER,
        /// Loyalty of the forces at the start.
        loyalty: Unit::NUMBER,
        /// Loyalty lost per day and place with seized sites.
        loyalty_loss: Unit::PER_DAY,
    }
}

parameter_table! {
    /// The parameters of legitimacy: names in the `[legitimacy]` table of a scenario.
    Legitimacy {
        /// Legitimacy at the start, 0 to 1.
        initial: Unit::NUMBER,
        /// Share of the gap to the initial level that closes in a day.
        recovery_rate: Unit::PER_DAY,
        /// Loss per hundred people killed.
        loss_per_100_killed: Unit::NUMBER,
        /// Loss per day with foreign troops in the country.
        loss_per_troop_day: Unit::PER_DAY,
    }
}

parameter_table! {
    /// The parameters of reports of casualties and arrests: names in the `[reporting]` table of a scenario.
    Reporting {
        /// Days until a case is reported, on average, while the internet is on.
        delay: Unit::DAYS,
        /// Days more while it is off.
        offline_delay: Unit::DAYS,
        /// Share of cases that are never reported.
        missed_share: Unit::NUMBER,
        /// Share more that cannot be counted while the internet is off.
        offline_missed_share: Unit::NUMBER,
        /// Standard deviation of the logarithm of a day's additions.
        error: Unit::NUMBER,
        /// The same to be added while the internet is off.
        offline_error: Unit::NUMBER,
    }
}

pub mod trade;
pub mod transit;

/// An alliance in a scenario: its text, and what that text means in this world.
#[derive(Debug, Clone)]
pub struct Treaty {
    /// Short name used in files.
    pub id: String,
    /// Name for people.
    pub title: String,
    /// Clauses, rule of decision, procedure, lesser answers.
    pub text: TreatyText,
    /// What each of the text's facts is, 0 to 1 (or yes/no), from the standpoint of each member (`self`): by fact, then
    /// member.
    pub facts: Vec<Vec<Expression>>,
    /// How much each reason counts in a vote, in the order of the models' `WEIGHT_NAMES`; without one it plays no part.
    pub weights: [Option<ParameterId>; 8],
    /// The leading member, an index into `members`.
    pub lead: Option<usize>,
    /// Yes/no parameter: the leading member decides alone in fact.
    pub lead_decides: Option<ParameterId>,
    /// Hours from request to decision.
    pub latency_hours: ParameterId,
    /// Rationality of the members' votes.
    pub rationality: ParameterId,
    /// Soldiers the airlift carries in a day.
    pub airlift_per_day: ParameterId,
    /// Days from the end of the mandate to the last departure.
    pub withdrawal_days: ParameterId,
    /// Points of relation that a breach of the dearest kind costs a member with the requester.
    pub breach_points: Option<ParameterId>,
    /// How beliefs in the framing move afterwards: the share of the gap to the evidence that closes in a day, and what
    /// the evidence shows, 0 to 1.
    pub evidence: Option<(ParameterId, Expression)>,
    /// Others who hear the framing, with how readily they believe it.
    pub audience: Vec<(ActorId, ParameterId)>,
    /// Those who vote: every member on the first day but the focus state.
    pub members: Vec<Member>,
}

/// Kinds of obligation, in the field's coding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Obligation {
    /// Active help to a member under attack.
    Defence,
    /// Help outside a defensive case.
    Offence,
    /// Staying out of a partner's conflict.
    Neutrality,
    /// No force among members.
    NonAggression,
    /// Talking to one another in a crisis.
    Consultation,
    /// Help short of fighting: peacekeeping, equipment, money.
    Aid,
    /// A common market and tariff.
    CustomsUnion,
}

impl Obligation {
    /// Whether it asks members to help with forces or aid.
    pub fn is_to_help(self) -> bool {
        matches!(self, Obligation::Defence | Obligation::Offence | Obligation::Aid)
    }
}

/// A member of a treaty that votes on requests.
#[derive(Debug, Clone)]
pub struct Member {
    /// Who it is.
    pub actor: ActorId,
    /// Its weight in a weighted vote.
    pub weight: f64,
    /// How readily it believes the requester's framing, 0 to 1.
    pub credulity: ParameterId,
    /// Soldiers it sends if it agrees.
    pub contingent: ParameterId,
    /// What it has at stake.
    pub stakes: StakeExpressions,
    /// Consent of its parliament, where that is needed.
    pub ratification: Option<RatificationRule>,
    /// The ballot it casts whatever it thinks, where a policy says so.
    pub bound: Option<Ballot>,
}

/// What a member has at stake, each a plain number; the scales are those of the models' `Stakes`.
#[derive(Debug, Clone)]
pub struct StakeExpressions {
    /// Interest in the requester's stability.
    pub interest: Expression,
    /// What it would lose with the alleged attacker by helping.
    pub relation: Expression,
    /// Share of its forces that other commitments bind.
    pub capacity: Expression,
    /// Opposition at home.
    pub home: Expression,
    /// What a grant means for later cases.
    pub precedent: Expression,
}

/// Consent of a parliament.
#[derive(Debug, Clone)]
pub struct RatificationRule {
    /// Seats in the chamber.
    pub seats: ParameterId,
    /// Yes votes needed.
    pub votes_needed: ParameterId,
    /// Deputies needed for a quorum.
    pub quorum: ParameterId,
    /// Share of deputies who come on a day.
    pub attendance: ParameterId,
    /// Share of those present who vote yes.
    pub support: ParameterId,
    /// Ballots held before the chamber gives up.
    pub ballots: ParameterId,
}

/// A quantity only this scenario knows.
#[derive(Debug, Clone)]
pub struct Stock {
    /// Name in expressions.
    pub id: String,
    /// What it is, for people.
    pub title: String,
    /// Its unit.
    pub unit: Unit,
    /// Value on the first morning.
    pub initial: ParameterId,
    /// Change per day (unit of the stock per day), evaluated every day.
    pub change: Option<Expression>,
    /// Bounds it never leaves: parameters are not needed here, only 0 and 1 or 0 and 100.
    pub bounds: [f64; 2],
}

/// A dated change from outside.
#[derive(Debug, Clone)]
pub struct Shock {
    /// Name in expressions: true from its date on.
    pub id: String,
    /// What it is, for people.
    pub title: String,
    /// The day it happens.
    pub date: Date,
    /// The claims it rests on (indices into the evidence).
    pub claims: Vec<usize>,
    /// What it changes.
    pub actions: Vec<Action>,
    /// Whether a policy has cancelled it: it keeps its place, but never happens.
    pub cancelled: bool,
}

/// A choice an actor faces.
#[derive(Debug, Clone)]
pub struct Decision {
    /// Name in expressions, as in `decision.option`.
    pub id: String,
    /// What it is about, for people.
    pub title: String,
    /// Who chooses.
    pub actor: ActorId,
    /// The first day it can come up.
    pub from: Option<Date>,
    /// The last day it can come up.
    pub until: Option<Date>,
    /// Holds when the choice is open.
    pub when: Expression,
    /// Whether the decision is closed once an option with actions was taken.
    pub once: bool,
    /// Rationality of the multinomial logit.
    pub rationality: ParameterId,
    /// What can be chosen; an option without actions is waiting.
    pub options: Vec<DecisionOption>,
}

/// One option of a decision.
#[derive(Debug, Clone)]
pub struct DecisionOption {
    /// Name in expressions.
    pub id: String,
    /// What it is, for people.
    pub title: String,
    /// Its utility, a plain number.
    pub utility: Expression,
    /// What choosing it does, in order.
    pub actions: Vec<Action>,
    /// Whether choosing it leaves the decision open although it is `once` (waiting).
    pub waits: bool,
    /// Whether a policy forbids it: it keeps its place, with a utility of minus infinity.
    pub forbidden: bool,
}

/// The closed vocabulary of what shocks and options can do.
#[derive(Debug, Clone)]
pub enum Action {
    /// The fuel price index becomes this number (1 = before the shock), in some places or everywhere.
    Price {
        /// New index.
        index: Expression,
        /// Where.
        scope: Scope,
    },
    /// A state of emergency begins.
    Emergency {
        /// Where.
        scope: Scope,
    },
    /// The state of emergency ends everywhere.
    LiftEmergency,
    /// Internet access becomes this share of normal.
    Internet {
        /// New share, 0 to 1.
        access: Expression,
    },
    /// Forces are allowed to shoot, or no longer.
    LethalForce {
        /// Whether they may.
        allowed: bool,
    },
    /// The whole reserve (and this share of further forces, in persons) is called up.
    Mobilise {
        /// Persons added to the reserve.
        persons: Expression,
    },
    /// The unrest is called an attack from abroad: members believe as far as they are credulous.
    Frame,
    /// Help is requested under a treaty.
    Request {
        /// Which.
        treaty: TreatyId,
    },
    /// A request that waits for its answer is taken back.
    WithdrawRequest {
        /// Under which treaty.
        treaty: TreatyId,
    },
    /// Troops stay beyond the deadline they leave by.
    ExtendMission {
        /// Which treaty's mission.
        treaty: TreatyId,
        /// How much longer, in days.
        by: Expression,
    },
    /// The mandate ends and the troops begin to leave.
    EndMission {
        /// Which treaty's mission.
        treaty: TreatyId,
    },
    /// Legitimacy moves by this number.
    Legitimacy {
        /// Change.
        by: Expression,
    },
    /// Loyalty of the forces moves by this number.
    Loyalty {
        /// Change.
        by: Expression,
    },
    /// The relation with an actor moves by these points.
    Relation {
        /// With whom.
        with: ActorId,
        /// Change in points.
        by: Expression,
    },
    /// The position of an actor on an issue moves by these points.
    Move {
        /// Whose.
        actor: ActorId,
        /// On which issue.
        issue: IssueId,
        /// Change in points.
        by: Expression,
    },
    /// A stock moves by this much.
    Shift {
        /// Which.
        stock: StockId,
        /// Change, in the stock's unit.
        by: Expression,
    },
    /// A route's capacity becomes this share of the usual.
    LimitRoute {
        /// Which.
        route: transit::RouteId,
        /// Share of the usual capacity; above 1 where it is enlarged.
        share: Expression,
        /// Days until it is as usual again; for good where left out.
        days: Option<Expression>,
    },
    /// A state closes or opens every route that crosses it.
    Transit {
        /// Which state.
        through: ActorId,
        /// Whether the routes are open.
        open: bool,
    },
    /// A field's supply becomes this share of the usual.
    Supply {
        /// Index of the node.
        node: usize,
        /// Share of the usual supply.
        share: Expression,
    },
    /// A package of sanctions comes into force or is lifted.
    Sanction {
        /// Which.
        package: trade::SanctionId,
        /// Whether it comes into force.
        begins: bool,
    },
    /// The focus state's compliance with others' sanctions becomes this, 0 to 1.
    Compliance {
        /// New level.
        level: Expression,
    },
    /// A region joins or leaves a customs union.
    Membership {
        /// Which union.
        union: trade::UnionId,
        /// Who.
        member: trade::RegionId,
        /// Whether it belongs to it from now on.
        joins: bool,
        /// Its own tariff outside the union, a share of the value of goods.
        own_tariff: Expression,
    },
}

/// Where an action applies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// Everywhere.
    Country,
    /// Places with protest today.
    Protest,
    /// Places with violence or seized sites today, and their region.
    Disorder,
    /// The listed places.
    Places(Vec<PlaceId>),
}

/// One number, date or yes/no read off a history.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// Short name: the column of the outcomes table.
    pub id: String,
    /// What it is, for people.
    pub title: String,
    /// How it is read.
    pub measure: Measure,
    /// Its unit: `Unit::YES_NO` for yes/no; dates are told by the measure.
    pub unit: Unit,
    /// Shown in the summary's first lines.
    pub headline: bool,
}

/// How an outcome is read off a history.
#[derive(Debug, Clone)]
pub enum Measure {
    /// An expression at the end of a day (the last one if none is named).
    Value {
        /// The expression.
        value: Expression,
        /// The day.
        on: Option<Date>,
    },
    /// The largest value an expression reaches at the end of any day.
    Peak {
        /// The expression.
        value: Expression,
    },
    /// The date of the first event that matches; missing if there is none.
    First {
        /// What is looked for.
        event: Trigger,
    },
    /// The date of the last event that matches; missing if there is none.
    Last {
        /// What is looked for.
        event: Trigger,
    },
    /// Whether an event that matches happens.
    Happens {
        /// What is looked for.
        event: Trigger,
    },
}

/// A quantity recorded at the end of every day.
#[derive(Debug, Clone)]
pub struct Series {
    /// Short name: the column of the series table.
    pub id: String,
    /// What it is, for people.
    pub title: String,
    /// The expression.
    pub value: Expression,
    /// Its unit.
    pub unit: Unit,
}

/// A named set of changes, resolved: what it includes is already merged in.
#[derive(Debug, Clone)]
pub struct Policy {
    /// Short name for the command line.
    pub id: String,
    /// What it is, for people.
    pub title: String,
    /// The changes, in order.
    pub changes: Vec<Change>,
}

/// One change of a policy.
#[derive(Debug, Clone)]
pub enum Change {
    /// A parameter takes this assumption instead of its basis.
    Parameter {
        /// Which.
        parameter: ParameterId,
        /// New range.
        range: [f64; 2],
        /// Why.
        reason: String,
    },
    /// An option cannot be chosen.
    Forbid {
        /// Index of the decision.
        decision: usize,
        /// Index of the option.
        option: usize,
    },
    /// A shock does not happen.
    Cancel {
        /// Index of the shock.
        shock: usize,
    },
    /// Members cast a ballot whatever they think.
    Ballot {
        /// Under which treaty.
        treaty: TreatyId,
        /// The one member that does, or all.
        member: Option<ActorId>,
        /// The ballot.
        ballot: Ballot,
    },
    /// A shock happens on another day.
    Move {
        /// Index of the shock.
        shock: usize,
        /// The new day.
        date: Date,
    },
}

/// One thing that really happened, as a claim, to score the ensemble against.
#[derive(Debug, Clone)]
pub struct RecordRow {
    /// What it scores.
    pub target: Target,
    /// The claim that reports it (index into the evidence).
    pub claim: usize,
    /// Whether calibration may look at it.
    pub held_out: bool,
    /// Claims that say what was expected before it happened (indices into the evidence), to be scored beside the
    /// ensemble; none for most rows.
    pub expected: Vec<usize>,
    /// A remark for people.
    pub note: String,
}

/// What a row of the record scores.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// An outcome (index).
    Outcome(usize),
    /// A series (index) on a day.
    Series(usize, Date),
}

impl Parameter {
    /// The smallest value it can take.
    pub fn lowest(&self) -> f64 {
        match &self.basis {
            Basis::Evidenced { bounds, .. } => bounds[0],
            Basis::Assumption { range, .. } => range[0],
        }
    }

    /// The largest value it can take.
    pub fn highest(&self) -> f64 {
        match &self.basis {
            Basis::Evidenced { bounds, .. } => bounds[1],
            Basis::Assumption { range, .. } => range[1],
        }
    }
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
