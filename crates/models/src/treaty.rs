//! An alliance's text as rules: whether a clause applies, how members vote, what a chamber must ratify, and
//! how fast what was promised arrives and leaves.
//!
//! The voting rules are those written in alliance treaties and rules of procedure; which alliance has which
//! is data, not code. The utility of a yes follows the reasons the literature on alliance reliability
//! gives (Smith 1995; Leeds 2003; recalled), as a logit (McFadden 1974); the sum of named parts is ours.

mod ballots;
mod chamber;
mod deployment;
mod error;
mod reasons;

pub use ballots::{Ballot, Decision, Rule, decide};
pub use chamber::{Chamber, Ratification, ratify};
pub use deployment::{airlift, withdrawal};
pub use error::TreatyError;
pub use reasons::{ClauseTest, VoteParts, admissibility, yes_probability};
