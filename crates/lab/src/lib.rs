//! Designs of experiments, ensembles, run directories, and what is read back from them.
//!
//! [`run`] simulates an ensemble into a run directory and [`resume`] finishes one that was interrupted; [`Run`] reads
//! it back; [`why()`](why::why) follows causes, [`score()`](score::score) compares with the record and
//! [`summarise`](summary::summarise) says what came out; [`calibrate()`](calibrate::calibrate) fits to it.

pub mod calibrate;
pub mod design;
pub mod draws;
pub mod ensemble;
pub mod error;
pub mod quantile;
pub mod read;
pub mod routes;
pub mod run_directory;
pub mod score;
pub mod summary;
pub mod why;

pub use design::{Design, Points};
pub use draws::Draws;
pub use ensemble::{Control, Plan, RunSummary, resume, run};
pub use error::LabError;
pub use read::Run;
pub use run_directory::Manifest;
