//! A scenario under a policy.

use std::fmt;

use crate::diagnostic::nearest;
use crate::scenario::{Basis, Change, Scenario, Shape};

/// No policy has that name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownPolicy {
    /// The name that was asked for.
    pub name: String,
    /// The nearest name there is.
    pub suggestion: Option<String>,
    /// Every name there is.
    pub known: Vec<String>,
}

impl fmt::Display for UnknownPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there is no policy `{}`", self.name)?;
        if self.known.is_empty() {
            return f.write_str("; the scenario has none");
        }
        write!(f, "; expected one of {}", self.known.join(", "))?;
        if let Some(suggestion) = &self.suggestion {
            write!(f, "; did you mean `{suggestion}`?")?;
        }
        Ok(())
    }
}

impl std::error::Error for UnknownPolicy {}

impl Scenario {
    /// The same scenario under a policy: a later change overrides an earlier one. Every index stays what it was, so
    /// that histories with and without the policy share all randomness that the policy does not touch.
    ///
    /// # Errors
    /// If there is no policy of that name.
    pub fn with_policy(&self, id: &str) -> Result<Scenario, UnknownPolicy> {
        let Some(policy) = self.policies.iter().find(|policy| policy.id == id) else {
            let known: Vec<String> = self.policies.iter().map(|policy| policy.id.clone()).collect();
            let suggestion = nearest(id, known.iter().map(String::as_str));
            return Err(UnknownPolicy { name: id.to_owned(), suggestion, known });
        };
        Ok(self.under(&policy.changes))
    }

    /// The same scenario with some changes, as a policy would make them.
    #[must_use]
    pub fn under(&self, changes: &[Change]) -> Scenario {
        let mut scenario = self.clone();
        for change in changes {
            scenario.apply(change);
        }
        scenario
    }

    fn apply(&mut self, change: &Change) {
        match change {
            Change::Parameter { parameter, range, reason } => {
                self.parameters[*parameter].basis =
                    Basis::Assumption { range: *range, shape: Shape::Uniform, reason: reason.clone() };
            }
            Change::Forbid { decision, option } => {
                self.decisions[*decision].options[*option].forbidden = true;
            }
            Change::Cancel { shock } => self.shocks[*shock].cancelled = true,
            Change::Ballot { treaty, member, ballot } => {
                for voter in &mut self.treaties[*treaty].members {
                    if member.is_none_or(|member| member == voter.actor) {
                        voter.bound = Some(*ballot);
                    }
                }
            }
            Change::Move { shock, date } => {
                self.shocks[*shock].date = *date;
                self.shocks[*shock].cancelled = false;
            }
        }
    }
}
