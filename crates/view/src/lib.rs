//! What people see: the report (one self-contained HTML file) and the tables of the terminal.
//!
//! Everything shown is first gathered into [`findings`], plain data; [`report`] and [`terminal`] only draw it. [`answer`]
//! gives the same as data, for programs.

pub mod answer;
pub mod findings;
pub mod report;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod run_to_report;
#[cfg(test)]
mod sample;
pub mod terminal;
pub mod unrest_page;
pub mod wording;
