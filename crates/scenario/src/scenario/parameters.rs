//! Uncertain numbers: evidenced from claims, or assumed with a reason.

use serde::{Deserialize, Serialize};

use crate::unit::Unit;

/// A number the model needs: evidenced or assumed, never bare.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// Name in expressions.
    pub id: String,
    /// What it is, for people.
    pub title: String,
    /// Its unit.
    pub unit: Unit,
    /// Where its value comes from.
    pub basis: Basis,
}

/// Where a parameter's value comes from.
#[derive(Debug, Clone)]
pub enum Basis {
    /// Resolved from the claims on a subject under the history's account, within hard bounds.
    Evidenced {
        /// Index of the subject in the evidence.
        subject: usize,
        /// Hard bounds.
        bounds: [f64; 2],
        /// For each account, the pool its claims form (linear opinion pool).
        pools: Vec<crate::evidence::Pool>,
    },
    /// A range with a written reason.
    Assumption {
        /// Smallest and largest value held possible.
        range: [f64; 2],
        /// Shape of the distribution inside the range.
        shape: Shape,
        /// Why this range.
        reason: String,
    },
}

/// Shape of an assumption's distribution inside its range.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, Default, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// Every value equally likely.
    #[default]
    Uniform,
    /// Every order of magnitude equally likely (range must be positive).
    LogUniform,
    /// Values in the middle of the range more likely (symmetric triangle).
    Triangular,
}

impl Parameter {
    /// The smallest value it can take.
    pub fn lowest(&self) -> f64 {
        match &self.basis {
            Basis::Evidenced { bounds, .. } => bounds[0],
            Basis::Assumption { range, .. } => range[0],
        }
    }

    /// The largest value it can take.
    pub fn highest(&self) -> f64 {
        match &self.basis {
            Basis::Evidenced { bounds, .. } => bounds[1],
            Basis::Assumption { range, .. } => range[1],
        }
    }
}
