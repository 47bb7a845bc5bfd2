//! An alliance's text as rules: whether a clause applies, how members vote, how a request runs its course, what a
//! chamber must ratify, how fast what was promised arrives and leaves, and what past requests teach.
//!
//! The voting rules are those written in alliance treaties and rules of procedure; which alliance has which
//! is data, not code. The utility of a yes follows the reasons the literature on alliance reliability
//! gives (Smith 1995; Leeds 2003; recalled), as a logit (McFadden 1974); the sum of named parts is ours.

mod answers;
mod ballots;
mod chamber;
mod council;
mod deployment;
mod error;
mod fit;
mod pledge;
mod procedure;
mod reasons;

pub use answers::Answer;
pub use ballots::{Ballot, Decision, Rule, decide};
pub use chamber::{Chamber, Ratification, ratify};
pub use council::{Council, Prospects, prospects};
pub use deployment::{airlift, withdrawal};
pub use error::TreatyError;
pub use fit::{
    CaseFit, Fit, FitCase, FitMember, Forecast, Observed, Prior, Span, WEIGHT_NAMES, WeightFit, fit,
    vote_weights,
};
pub use pledge::Pledge;
pub use procedure::{End, Next, Passage, Procedure, Stage, StageKind};
pub use reasons::{BALLOTS, ClauseTest, Stakes, VoteParts, VoteWeights, admissibility, ballot_probabilities};
