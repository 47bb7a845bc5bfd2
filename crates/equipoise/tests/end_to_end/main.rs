//! The real binary, end to end: what an analyst types, what comes back, and what happens when things go wrong.

#![allow(clippy::unwrap_used)]

mod bad_input;
mod bad_machine;
mod calibrating;
mod civil_violence;
mod determinism;
mod help;
mod interruption;
mod reading;
mod routes;
mod running;
mod workshop;
