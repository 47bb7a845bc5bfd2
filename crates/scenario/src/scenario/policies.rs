//! Named sets of changes to try.

use equipoise_models::treaty::Ballot;
use jiff::civil::Date;

use super::{ActorId, ParameterId, TreatyId};

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
