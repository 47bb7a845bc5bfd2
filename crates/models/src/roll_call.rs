//! Ideal points from roll calls: where states stand on one line, read off how they vote, and how they will vote next.
//!
//! The model is the dynamic ordinal one of Bailey, Strezhnev and Voeten (2017, "Estimating Dynamic State Preferences
//! from United Nations Voting Data", Journal of Conflict Resolution 61(2); equations as in their published code). State
//! i in session t has the ideal point θ; resolution v has a slope β and two cutpoints:
//!
//! ```text
//! P(yes) = Φ(γ₁ − βθ)      P(yes or abstain) = Φ(γ₂ − βθ)      γ₁ ≤ γ₂
//! β ~ N(0, 1)     γ flat within ±7     θ(i,t) ~ N(mean of θ(i,t−1), ½·n(t)/(n(t) + n(t−1)))
//! ```
//!
//! with n the number of votes a state cast in a session. What a state did not vote on is missing, roll calls in which
//! all voted alike are left out, and a resolution that is voted on again shares its parameters with the earlier one,
//! which ties sessions together. Location and scale are fixed by giving all ideal points together the mean 0 and the
//! standard deviation 1, the sign by states whose side is known ([`Anchor`]).
//!
//! Gather [`Votes`], arrange them in a [`Chamber`], and estimate: [`gibbs()`](gibbs::gibbs) samples the posterior as
//! published, [`fast()`](fast::fast) finds its mode by a deterministic algorithm of our own in a small part of the time.
//! [`predict()`](predict::predict) says how states will vote on a text that has not been voted on. Everything parallel runs in the caller's
//! rayon pool and gives the same result on any number of threads.

mod chamber;
mod error;
mod estimate;
pub mod fast;
mod fast_normal;
pub mod gibbs;
mod ordered_logit;
mod ordinal;
pub mod predict;
mod repeats;
mod start;
mod votes;

pub use chamber::{Anchor, Chamber, Seat};
pub use error::RollCallError;
pub use estimate::{Estimate, Fit, Resolution};
pub use repeats::{find_repeats, repeats_by_title};
pub use votes::{Cast, RollCall, Vote, Votes};
