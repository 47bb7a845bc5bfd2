//! What changes the world: stocks, shocks from outside, choices, and what these do.

use jiff::civil::Date;

use super::{ActorId, IssueId, ParameterId, PlaceId, StockId, TreatyId, trade, transit};
use crate::expression::Expression;
use crate::unit::Unit;

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
