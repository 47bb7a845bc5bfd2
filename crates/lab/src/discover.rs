//! Scenario discovery: under which inputs does it happen? Rules that people can say, found in a table of inputs and a
//! yes/no for each row.
//!
//! [`prim`] is the patient rule induction method (Friedman and Fisher 1999) as scenario discovery uses it (Bryant and
//! Lempert 2010): it peels thin slices off a box until most of what is left is of interest. [`cart`] is a second view:
//! a classification tree (Breiman et al. 1984) whose leaves are boxes. Both see categories as categories, so accounts
//! may be inputs. [`of_run`] makes the table from a run directory, [`of_sample`] from an ensemble in memory.
//!
//! With the same options the boxes of [`prim`] are those of EMA Workbench 3.0.0 (Kwakkel 2017): its definition of a
//! quantile, its objectives, its order of candidates and its rules for ties and for stopping are kept, odd as some
//! are, and each is told where it is used.

mod cart;
mod error;
mod inputs;
mod limits;
mod objective;
mod of_run;
mod plain;
mod prim;
mod quasi_p;
mod resample;

pub use cart::cart;
pub use error::DiscoverError;
pub use inputs::{Input, Inputs, Values};
pub use limits::{Bounds, Limit, whole_table};
pub use objective::Objective;
pub use of_run::{Discovery, of_run, of_sample};
pub use plain::{plain, plain_of, telling};
pub use prim::{Found, PrimOptions, Step, prim, prim_choosing};
pub use quasi_p::{QuasiP, quasi_p};
pub use resample::{Recurrence, resample};
