//! What can be wrong with a vote or a chamber.

use std::fmt;

/// What is wrong with a vote or a chamber.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum TreatyError {
    /// There are no ballots.
    NoMembers,
    /// The threshold of a weighted vote is not in (0, 1].
    ThresholdShare {
        /// What was given.
        threshold: f64,
    },
    /// Weights and members differ in number.
    WeightCount {
        /// Weights given.
        weights: usize,
        /// Members that vote.
        members: usize,
    },
    /// A weight is negative or not finite.
    Weight {
        /// The member's index.
        member: usize,
        /// What was given.
        weight: f64,
    },
    /// The weights add up to nothing, or to more than a number holds.
    TotalWeight {
        /// Their sum.
        total: f64,
    },
    /// The lead decides but none was named.
    LeadMissing,
    /// The lead named is no member.
    LeadNotAMember {
        /// The index given.
        lead: usize,
        /// Members that vote.
        members: usize,
    },
    /// From a stage of a procedure no way leads to an end.
    NoWayOut {
        /// The stage's index.
        stage: usize,
    },
    /// A procedure has no stage, or a stage leads to one that is not there.
    NoStage {
        /// The index that was looked for.
        stage: usize,
    },
    /// There are no cases, or no draws, to fit.
    NothingToFit,
    /// The cases rule out every draw: nothing the priors hold possible explains them.
    Impossible,
    /// A count of a chamber is above what bounds it.
    AboveLimit {
        /// What is counted.
        what: &'static str,
        /// The count.
        count: u32,
        /// What bounds it.
        limit_name: &'static str,
        /// The bound.
        limit: u32,
    },
}

impl fmt::Display for TreatyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoMembers => write!(f, "the alliance has no members to vote"),
            Self::ThresholdShare { threshold } => {
                write!(f, "threshold share is {threshold}, expected above 0 and at most 1")
            }
            Self::WeightCount { weights, members } => {
                write!(f, "{weights} voting weights for {members} members, expected one each")
            }
            Self::Weight { member, weight } => write!(
                f,
                "voting weight of member {member} is {weight}, expected a finite number of 0 or more"
            ),
            Self::TotalWeight { total } => {
                write!(f, "voting weights add up to {total}, expected a finite sum above 0")
            }
            Self::LeadMissing => write!(f, "the lead member decides, but none is named"),
            Self::LeadNotAMember { lead, members } => {
                write!(f, "the lead is member {lead}, but members are numbered 0 to {}", members - 1)
            }
            Self::NoWayOut { stage } => {
                write!(f, "from stage {stage} of the procedure no way leads to an end")
            }
            Self::NoStage { stage } => write!(f, "the procedure has no stage {stage}"),
            Self::NothingToFit => write!(f, "there are no cases or no draws to fit"),
            Self::Impossible => write!(f, "no draw from the priors explains the cases"),
            Self::AboveLimit { what, count, limit_name, limit } => {
                write!(f, "{what}: {count}, expected at most the {limit_name}, {limit}")
            }
        }
    }
}

impl std::error::Error for TreatyError {}
