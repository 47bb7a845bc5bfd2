//! Designs of experiments, ensembles, run directories, and what is read back from them.
//!
//! [`run`] simulates an ensemble into a run directory and [`resume`] finishes one that was interrupted; [`Run`] reads
//! it back; [`why()`](why::why) follows causes, [`score()`](score::score) compares with the record and
//! [`summarise`](summary::summarise) says what came out; [`calibrate()`](calibrate::calibrate) fits to it.

pub mod again;
mod binomial_tail;
pub mod calibrate;
pub mod closest;
pub mod comparison;
pub mod contagion;
pub mod design;
pub mod discover;
pub mod draws;
pub mod drivers;
pub mod ensemble;
pub mod error;
mod kin;
pub mod live;
pub mod merge;
pub mod numbers_file;
pub mod paired;
pub mod places;
pub mod precision;
pub mod quantile;
pub mod rare;
pub mod read;
pub mod robust;
pub mod routes;
pub mod run_directory;
pub mod score;
mod student;
pub mod summary;
mod threads;
pub mod treaty;
pub mod votes;
pub mod votes_file;
pub mod when;
pub mod why;

pub use comparison::Comparison;
pub use design::{Design, DesignTable, Points};
pub use draws::Draws;
pub use ensemble::{Control, Plan, RunSummary, resume, resume_until, run, run_until};
pub use error::LabError;
pub use merge::merge;
pub use precision::Precision;
pub use read::Run;
pub use run_directory::{Manifest, Part};
pub use threads::in_threads;
pub use when::When;
