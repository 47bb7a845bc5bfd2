//! Issues with the positions of actors on them, and resolutions with those who vote on them.

use jiff::civil::Date;

use super::{Action, ActorId, ParameterId};
use crate::expression::Expression;

/// Index of an issue in [`Scenario::issues`](super::Scenario::issues).
pub type IssueId = usize;
/// Index of a resolution in [`Voting::resolutions`].
pub type ResolutionId = usize;

/// A 0–100 line on which actors hold positions.
#[derive(Debug, Clone)]
pub struct Issue {
    /// Name in expressions.
    pub id: String,
    /// What its two ends mean, for people.
    pub title: String,
    /// Who stands where, at most once per actor.
    pub standings: Vec<Standing>,
}

/// An actor's place on an issue.
#[derive(Debug, Clone)]
pub struct Standing {
    /// Who.
    pub actor: ActorId,
    /// Position on the first morning, in points.
    pub position: ParameterId,
    /// Capability (0 and more) and salience (share of attention, 0–1) on the day of a round; none for those who hold a
    /// position but do not bargain.
    pub weight: Option<(Expression, Expression)>,
}

/// When and how actors bargain over all issues.
#[derive(Debug, Clone)]
pub struct Bargaining {
    /// The model of one round.
    pub model: BargainingModel,
    /// Days of the rounds.
    pub dates: Vec<Date>,
    /// Turns of the model in a round, rounded to a whole number, at least 1.
    pub turns: ParameterId,
    /// Share of the way to the bargain that an actor goes by the end of the round, 0–1.
    pub adoption: ParameterId,
    /// Share of the gap that a relation of the focus state closes, after a round, to what positions make of it, 0–1.
    pub relation_pull: ParameterId,
}

/// The model of a round; each issue is a line of its own.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum BargainingModel {
    /// The Spatial Model of Politics with KTAB's defaults.
    Smp,
    /// The Expected Utility Model in a named reading.
    Eum(equipoise_models::bargaining::eum::Options),
}

/// A body that votes on resolutions.
#[derive(Debug, Clone)]
pub struct Voting {
    /// Name of the body, for people.
    pub title: String,
    /// Rationality: 1 means that a utility of one makes a vote in favour e times as likely.
    pub rationality: ParameterId,
    /// Half the width of the zone in which states abstain, in units of utility.
    pub abstention: ParameterId,
    /// Those who vote.
    pub voters: Vec<Voter>,
    /// The texts, by date; those before the first day are known, the others are put to the vote.
    pub resolutions: Vec<Resolution>,
    /// What the focus state's vote sets off: for, abstaining, against, absent.
    pub consequences: [Vec<Action>; 4],
}

/// A state that votes, and the parts of its utility of a vote in favour over one against, each a plain number.
#[derive(Debug, Clone)]
pub struct Voter {
    /// Who it is.
    pub actor: ActorId,
    /// What its position speaks for.
    pub position: Expression,
    /// How strong the text is.
    pub severity: Expression,
    /// How it voted on the text before.
    pub precedent: Expression,
    /// Who leans on it.
    pub pressure: Expression,
    /// Utility of staying away over taking part.
    pub absence: Expression,
}

/// A text put to the vote.
#[derive(Debug, Clone)]
pub struct Resolution {
    /// Name in expressions.
    pub id: String,
    /// What it says, for people.
    pub title: String,
    /// Day of the vote.
    pub date: Date,
    /// How strong it is, 0–1.
    pub severity: ParameterId,
    /// An earlier text of the same kind.
    pub predecessor: Option<ResolutionId>,
    /// Whether it is put to the vote at all; always if left out.
    pub when: Option<Expression>,
    /// What each voter really did, as far as known: data where the text lies before the first day, else the record.
    pub record: Vec<Option<Vote>>,
}

/// What a state does when a resolution is put to the vote.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Vote {
    /// In favour.
    For,
    /// Neither.
    Abstain,
    /// Against.
    Against,
    /// Not there, or there without voting.
    Absent,
}

impl Vote {
    /// Every vote, in the order of consequences.
    pub const ALL: [Vote; 4] = [Vote::For, Vote::Abstain, Vote::Against, Vote::Absent];

    /// The word in files.
    pub fn name(self) -> &'static str {
        match self {
            Vote::For => "for",
            Vote::Abstain => "abstain",
            Vote::Against => "against",
            Vote::Absent => "absent",
        }
    }
}
