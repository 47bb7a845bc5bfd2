//! How a source puts a claim, and how far that alone is trusted.

use serde::{Deserialize, Serialize};

/// How a source puts a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// In the outlet's own voice.
    Asserted,
    /// As what somebody reports.
    Reported,
    /// As what somebody accuses somebody of.
    Alleged,
    /// As what somebody says, without support.
    Claimed,
    /// As what somebody denies.
    Denied,
    /// As what somebody in charge makes known.
    Announced,
    /// As what somebody means to do.
    Planned,
    /// As what somebody expects.
    Forecast,
    /// As what somebody thinks.
    Opinion,
    /// As something nobody knows.
    Unknown,
    /// As something that could not be checked.
    Unverified,
}

impl Status {
    /// Trust in a claim that no rule of the account speaks of, 0 to 1. The figures are this project's own judgement.
    pub(crate) fn default_trust(self) -> f64 {
        match self {
            Status::Asserted | Status::Reported | Status::Announced => 1.0,
            Status::Planned => 0.8,
            Status::Claimed | Status::Opinion | Status::Forecast => 0.5,
            Status::Alleged | Status::Unverified => 0.4,
            Status::Denied | Status::Unknown => 0.0,
        }
    }
}
