//! The world, the day loop, decisions, and the chronicle of events and causes.
//!
//! [`Engine::simulate`] runs one history: a pure function of (scenario, parameters, seed, history number). A day is one
//! short loop body in `engine.rs`: shocks, response, unrest, treaties, transit, trade, stocks, bargaining, votes,
//! decisions, observation. Each step is a plain function in a file of its own that takes the world and a small struct of
//! what it reads. Whatever changes the world writes an event with its causes.

mod actions;
mod alliance;
mod calendar;
mod decisions;
mod engine;
mod formulas;
mod history;
mod keys;
mod measures;
mod observe;
mod positions;
mod recall;
mod reporting;
mod response;
mod trade;
mod transit;
mod unrest;
mod votes;
mod world;

pub use alliance::Hearing;
pub use engine::{Engine, Glimpse, Street};
pub use formulas::Measured;
pub use history::{Event, EventId, History, Vote};
pub use recall::{Memory, Recall};
pub use transit::RoutesSeen;
pub use world::Workspace;
