//! Bargaining over issues: where the positions of actors with power and interest end up.
//!
//! Two published models, each with every choice its sources leave open as a named option:
//!
//! * [`smp`], the Spatial Model of Politics as the KAPSARC Toolkit for Behavioral Analysis (KTAB, 1.4) has
//!   it: any number of actors and dimensions. Its equations are read from KTAB's published program.
//! * [`eum`], the Expected Utility Model of Bueno de Mesquita (1994) as Scholz, Calbert and Smith (2011,
//!   "Unravelling Bueno de Mesquita's group decision model") restate it: one dimension. Its equations are
//!   read from two public replications; of the 2011 text only the opening was available.
//!
//! Both take the same [`Actors`]. How much a forecast owes to the open choices is told by
//! [`smp_variants`] and [`eum_variants`], which run every combination asked for.

// First, so that the modules below can use its macro.
#[macro_use]
mod named;

mod actors;
pub mod eum;
pub mod smp;
mod variants;

pub use actors::{Actors, ActorsError, Line, Quantity};
pub use named::UnknownName;
pub use variants::{EumChoices, Forecast, Range, SmpChoices, Spread, Variant, eum_variants, smp_variants};
