//! The real binary, end to end: what an analyst types, what comes back, and what happens when things go wrong.

#![allow(clippy::unwrap_used)]

mod bad_input;
mod bad_machine;
mod bargaining;
mod calibrating;
mod civil_violence;
mod comparing;
mod contagion;
mod designs;
mod determinism;
mod discovering;
mod drivers;
mod help;
mod interruption;
mod model_gravity;
mod model_transit;
mod parts;
mod reading;
mod roll_call;
mod routes;
mod running;
mod treaties;
mod workshop;
