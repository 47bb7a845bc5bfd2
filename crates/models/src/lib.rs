//! Published models as pure mathematics: no files, no clocks, no knowledge of scenarios.

pub mod bargaining;
pub mod choice;
pub mod cities;
pub mod civil_violence;
pub mod contagion;
pub mod gravity;
pub mod noise;
pub mod opinion;
pub mod roll_call;
pub mod transit;
pub mod treaty;
