//! Published models as pure mathematics: no files, no clocks, no knowledge of scenarios.

pub mod choice;
pub mod contagion;
pub mod noise;
pub mod treaty;
