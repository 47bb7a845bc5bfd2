//! What a treaty's text means in a scenario: its members, their stakes, their parliaments.

use equipoise_models::treaty::Ballot;
use serde::{Deserialize, Serialize};

use super::{ActorId, ParameterId};
use crate::expression::Expression;
use crate::treaty::TreatyText;

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
    /// Days after the grant by which a pledge must have been flown in.
    pub arrival_limit_days: Option<ParameterId>,
    /// Days after the first arrival at which the mandate ends by itself.
    pub mandate_limit_days: Option<ParameterId>,
    /// Where the case lies, by the name that the treaty's areas use.
    pub place: String,
    /// Those who tell the hearers whether the unrest is an attack from abroad.
    pub voices: Vec<Voice>,
    /// Others who hear the framing, with how readily they believe it.
    pub audience: Vec<(ActorId, ParameterId)>,
    /// Those who vote: every member on the first day but the focus state.
    pub members: Vec<Member>,
}

impl Treaty {
    /// Members, then the audience: who hears the framing and the voices, with how readily each believes the framing.
    pub fn hearers(&self) -> impl Iterator<Item = (ActorId, ParameterId)> + '_ {
        let members = self.members.iter().map(|member| (member.actor, member.credulity));
        members.chain(self.audience.iter().copied())
    }
}

/// Somebody who tells the hearers whether the unrest is an attack from abroad.
#[derive(Debug, Clone)]
pub struct Voice {
    /// Short name used in files.
    pub id: String,
    /// Who speaks, for people.
    pub title: String,
    /// What it says.
    pub says: Telling,
    /// On which days it speaks; without a condition from the framing on.
    pub when: Option<Expression>,
    /// By hearer, in the order of [`Treaty::hearers`]: the share of the gap to what it says that closes in a day. None
    /// where it is not heard.
    pub trust: Vec<Option<ParameterId>>,
}

/// What a voice says of an attack from abroad, 0 (none) to 1.
#[derive(Debug, Clone)]
pub enum Telling {
    /// The value of an expression on the day.
    Value(Expression),
    /// What an account (index) holds true, whatever account a history follows: the mean of a parameter under it.
    Account {
        /// Index of the account.
        account: usize,
        /// What it holds.
        holds: f64,
    },
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
    /// Days after the grant by which it must have consented.
    pub limit_days: Option<ParameterId>,
}
