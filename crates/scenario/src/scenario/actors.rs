//! Who acts, and where it happens.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::ParameterId;

/// A state, an organisation, or a group inside the focus state.
#[derive(Debug, Clone)]
pub struct Actor {
    /// Short name used in files.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// `state`, `organisation` or `group`.
    pub kind: ActorKind,
}

/// Kinds of actors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ActorKind {
    /// A state.
    State,
    /// An organisation of states.
    Organisation,
    /// A group or an office inside the focus state.
    Group,
}

/// A city or region of the focus state.
#[derive(Debug, Clone)]
pub struct Place {
    /// Short name used in files.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// The region it lies in, for people.
    pub region: String,
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// Inhabitants.
    pub population: f64,
    /// Dependence on the shocked fuel, 0 to 1.
    pub fuel_dependence: ParameterId,
    /// Grievance that does not depend on the price, 0 to 1.
    pub standing_grievance: ParameterId,
    /// Number of key sites (administration, police, airport).
    pub key_sites: u32,
    /// Whether it is the seat of government.
    pub capital: bool,
    /// Day of the first protest as reported, for scoring only.
    pub first_protest: Option<Date>,
}
