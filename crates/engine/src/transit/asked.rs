//! Shippers asked what they would do under other terms than today's.

use equipoise_models::transit::Shippers;

use super::terms::plan_of;

/// Shippers on a network of their own beside the plan, and their last answer.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub(super) shippers: Shippers,
    answer: Option<Answer>,
    /// Whether they answered, and keep all contracts in it.
    keeps_all: bool,
    /// Whether they would answer the same again, as their last plan was found without a pivot.
    stands: bool,
}

/// What of a plan is asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Answer {
    /// Transport and shut-in cost less revenue.
    pub(super) objective: f64,
    pub(super) delivered: f64,
}

impl Asked {
    pub(super) fn new(shippers: &Shippers) -> Asked {
        Asked { shippers: shippers.clone(), answer: None, keeps_all: false, stands: false }
    }

    /// What they would do, where something they know `differs` from the last time or does not; nothing where rounding
    /// keeps the model from an answer.
    pub(super) fn answer(&mut self, differs: bool) -> Option<Answer> {
        if differs || !self.stands {
            let plan = plan_of(&mut self.shippers);
            self.keeps_all = plan.as_ref().is_some_and(|(_, resting)| *resting == 0);
            self.stands = self.keeps_all && plan.as_ref().is_some_and(|(flows, _)| flows.pivots == 0);
            self.answer =
                plan.map(|(flows, _)| Answer { objective: flows.objective, delivered: flows.delivered });
        }
        self.answer
    }

    /// Whether they answered and keep all contracts.
    pub(super) fn keeps_all(&self) -> bool {
        self.keeps_all
    }
}
