//! Why ideal points cannot be estimated.

use std::fmt;

/// Why ideal points cannot be estimated from some votes, or were not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RollCallError {
    /// A vote or a repeat points to a state or roll call that there is none of.
    OutOfRange {
        /// Index of the vote, or of the roll call that repeats.
        at: usize,
    },
    /// A state voted twice on one roll call.
    TwoVotes {
        /// The state.
        state: String,
        /// The roll call.
        roll_call: String,
    },
    /// All roll calls are unanimous, or there is none: nothing tells states apart.
    NothingDivides {
        /// Roll calls on which somebody voted, all of them unanimous.
        unanimous: usize,
    },
    /// There are fewer votes than unknowns.
    TooFew {
        /// Votes cast on divided roll calls.
        votes: usize,
        /// Divided roll calls, repeats counted once: three unknowns each.
        resolutions: usize,
        /// States, counted once a session: one unknown each.
        seats: usize,
    },
    /// All ideal points came out alike, so that they have no scale.
    NoSpread,
    /// The settings cannot be used.
    Settings {
        /// Why.
        why: &'static str,
    },
    /// The caller asked to stop.
    Cancelled,
}

impl fmt::Display for RollCallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RollCallError::OutOfRange { at } => {
                write!(f, "entry {at} points to a state or roll call that there is none of")
            }
            RollCallError::TwoVotes { state, roll_call } => {
                write!(f, "{state} has two votes on roll call {roll_call}; expected one at most")
            }
            RollCallError::NothingDivides { unanimous: 0 } => {
                write!(f, "there are no votes; expected roll calls on which states voted differently")
            }
            RollCallError::NothingDivides { unanimous } => write!(
                f,
                "all {unanimous} roll calls are unanimous, so nothing tells states apart; expected some on which \
                 states voted differently"
            ),
            RollCallError::TooFew { votes, resolutions, seats } => write!(
                f,
                "{votes} votes are too few to identify {} unknowns (three for each of {resolutions} divided \
                 resolutions, one for each of {seats} states in a session); expected more roll calls or more states",
                3 * resolutions + seats
            ),
            RollCallError::NoSpread => {
                write!(f, "all ideal points came out alike: these votes do not range states on a line")
            }
            RollCallError::Settings { why } => f.write_str(why),
            RollCallError::Cancelled => write!(f, "stopped before the end"),
        }
    }
}

impl std::error::Error for RollCallError {}
