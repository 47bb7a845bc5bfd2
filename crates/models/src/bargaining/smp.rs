//! The Spatial Model of Politics: actors challenge, bargain and move, turn by turn, until little moves.
//!
//! One turn, as KTAB 1.4 has it (KAPSARC, 2015–2017; read from its `smp.cpp`, `smpbcn.cpp` and `kmodel.cpp`;
//! the theory behind it is Wise, Lester and Efird 2015, recalled):
//!
//! 1. Everyone values every position by its salience-weighted distance from the own ideal, at first
//!    without regard to risk; the coalitions that form give each position a probability, and whoever
//!    holds a likely one can afford to take risks ([`Assessment`]).
//! 2. Everyone looks for the one challenge with the largest expected gain ([`View::challenge`]) and
//!    proposes a bargain between the two positions to its target.
//! 3. Everyone weighs its bargains and the status quo by the coalitions of *all* actors, and takes the
//!    likeliest (or draws one), whatever the counterpart does.
//! 4. Ideals follow positions as the [`Accommodation`] says.
//!
//! A turn costs O(n³) for n actors.

mod bargain;
mod belief;
mod challenge;
mod contest;
mod options;
mod run;
mod scaled;

pub use bargain::Bargain;
pub use belief::{Assessment, View};
pub use challenge::Challenge;
pub use options::{
    Accommodation, BargainModel, Equilibrium, Interpolation, Options, OptionsError, ReceiverEstimate,
    RiskAdjust, RiskRange, ThirdParty, Transition, VictoryModel, VotingRule,
};
pub use run::{Run, Turn, last_positions, last_positions_on_a_line, run};
