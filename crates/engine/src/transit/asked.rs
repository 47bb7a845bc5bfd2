//! Shippers asked what they would do under other terms than today's.

use equipoise_models::transit::{Shippers, Totals};

use super::terms::plan_of;

/// Shippers on a network of their own beside the plan, and their last answer.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub(super) shippers: Shippers,
    answer: Option<Totals>,
    /// Whether they answered, and keep all contracts in it.
    keeps_all: bool,
    /// Whether they would answer the same again, as their last plan was found without a pivot.
    stands: bool,
}

impl Asked {
    pub(super) fn new(shippers: &Shippers) -> Asked {
        Asked { shippers: shippers.clone(), answer: None, keeps_all: false, stands: false }
    }

    /// What they would do, where something they know `differs` from the last time or does not; nothing where rounding
    /// keeps the model from an answer.
    pub(super) fn answer(&mut self, differs: bool) -> Option<Totals> {
        if differs || !self.stands {
            let plan = plan_of(&mut self.shippers, Shippers::solve_for_totals);
            self.keeps_all = plan.as_ref().is_some_and(|(_, resting)| *resting == 0);
            self.stands = self.keeps_all && plan.as_ref().is_some_and(|(totals, _)| totals.pivots == 0);
            self.answer = plan.map(|(totals, _)| totals);
        }
        self.answer
    }

    /// Whether they answered and keep all contracts.
    pub(super) fn keeps_all(&self) -> bool {
        self.keeps_all
    }
}
