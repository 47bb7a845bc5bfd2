//! Which histories of a baseline the changed rules of a variant leave as they are.

use equipoise_scenario::Scenario;
use equipoise_scenario::scenario::Change;

use super::Lived;

/// Where the changed rules of a variant can reach: which histories of the baseline they leave as they are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reach {
    /// Options that are forbidden.
    forbidden: Vec<(usize, usize)>,
    /// Treaties whose members are bound.
    bound: Vec<usize>,
    /// Whether any history may be another one.
    anywhere: bool,
}

impl Reach {
    /// The reach of some changes to a scenario. New ranges of parameters and new credences need none: they show in the
    /// parameters of a history. Only where there are routes a new range reaches everywhere: the plan that every history
    /// starts from is made at the middle of the ranges, and of equally good plans another may be found.
    #[must_use]
    pub fn of(scenario: &Scenario, changes: &[Change]) -> Reach {
        let mut reach = Reach::default();
        for change in changes {
            match change {
                Change::Parameter { .. } => reach.anywhere |= scenario.transit.is_some(),
                // Choosing to wait leaves no event, so nothing tells whether it was chosen.
                Change::Forbid { decision, option }
                    if scenario.decisions[*decision].options[*option].waits =>
                {
                    reach.anywhere = true;
                }
                Change::Forbid { decision, option } => reach.forbidden.push((*decision, *option)),
                Change::Ballot { treaty, .. } => reach.bound.push(*treaty),
                Change::Cancel { shock } => reach.anywhere |= !scenario.shocks[*shock].cancelled,
                Change::Move { shock, date } => {
                    let there = &scenario.shocks[*shock];
                    reach.anywhere |= there.cancelled || there.date != *date;
                }
            }
        }
        reach
    }

    /// Whether the changes leave a history of the baseline as it is, its parameters being the same.
    pub(super) fn spares(&self, history: &Lived) -> bool {
        !self.anywhere
            && !self.forbidden.iter().any(|option| history.chosen.contains(option))
            && !self.bound.iter().any(|treaty| history.requested.contains(treaty))
    }
}
