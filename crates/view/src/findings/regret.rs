//! Regret: how much worse than the best of them each policy may turn out, whichever account is true.
//!
//! What is better is for people to say, so each outcome is told twice: as if less of it were wanted, and as if more.

use equipoise_lab::robust::{Cases, Direction, Goal, OutcomeRobustness, robustness};
use equipoise_lab::score::ScoreKind;
use equipoise_scenario::Scenario;
use equipoise_scenario::unit::Unit;

use crate::wording;

/// The regret of every policy in one outcome.
#[derive(Debug, Clone, PartialEq)]
pub struct RegretRow {
    /// What the outcome is, for people.
    pub outcome: String,
    /// The policies, in order; empty where the outcome is the same under all of them in every history.
    pub policies: Vec<PolicyRegret>,
    /// Histories in which it has a value under every policy.
    pub histories: u64,
}

/// How much one policy may be regretted.
#[derive(Debug, Clone, PartialEq)]
pub struct PolicyRegret {
    /// Short name; "none" without a policy.
    pub policy: String,
    /// If less of the outcome, or an earlier date, is wanted.
    pub less: Largest,
    /// If more of it, or a later date, is wanted.
    pub more: Largest,
}

/// The largest regret over accounts: how much worse than the best policy under the account where that is most.
#[derive(Debug, Clone, PartialEq)]
pub struct Largest {
    /// In words: "0.12", "14 days", "none".
    pub said: String,
    /// As a share of the largest of all policies, from 0 to 1, for a bar.
    pub share: f64,
    /// Title of the account; empty where there is no regret.
    pub account: String,
    /// Whether no policy has less.
    pub least: bool,
}

/// The regret of policies in every headline outcome.
pub(super) fn of_cases(scenario: &Scenario, cases: &Cases) -> Vec<RegretRow> {
    let headlines: Vec<usize> =
        (0..scenario.outcomes.len()).filter(|at| scenario.outcomes[*at].headline).collect();
    let asked = if headlines.is_empty() { (0..scenario.outcomes.len()).collect() } else { headlines };
    let judged = |direction: Direction| {
        let goals: Vec<Goal> =
            asked.iter().map(|outcome| Goal { outcome: *outcome, direction: Some(direction) }).collect();
        robustness(cases, &goals, &[]).outcomes
    };
    let row = |(less, more): (OutcomeRobustness, OutcomeRobustness)| {
        let at = less.goal.outcome;
        let nothing = less.same_everywhere || less.cases == 0;
        let (less_said, more_said) = (largest(scenario, cases, &less), largest(scenario, cases, &more));
        let both = cases.policies.iter().zip(less_said.into_iter().zip(more_said));
        let policies = both.map(|(policy, (less, more))| PolicyRegret { policy: policy.clone(), less, more });
        RegretRow {
            outcome: scenario.outcomes[at].title.clone(),
            policies: if nothing { Vec::new() } else { policies.collect() },
            histories: less.cases,
        }
    };
    judged(Direction::Less).into_iter().zip(judged(Direction::More)).map(row).collect()
}

/// The largest regret of each policy, in the order of the policies.
fn largest(scenario: &Scenario, cases: &Cases, judged: &OutcomeRobustness) -> Vec<Largest> {
    let about = &scenario.outcomes[judged.goal.outcome];
    let kind = cases.outcomes[judged.goal.outcome].kind;
    let of = |at: usize| judged.policies[at].regret.as_ref().map(|regret| regret.worst_account);
    let all = || (0..judged.policies.len()).filter_map(|at| Some(of(at)?.1));
    let (least, most) = (all().fold(f64::INFINITY, f64::min), all().fold(0.0, f64::max));
    let said = |regret: f64| match kind {
        _ if regret == 0.0 => "none".to_owned(),
        ScoreKind::YesNo => wording::exact(regret),
        ScoreKind::Date => format!("{} days", wording::number(regret)),
        ScoreKind::Number if about.unit == Unit::PERSONS => wording::number(regret),
        ScoreKind::Number => wording::amount(regret, about.unit),
    };
    let told = |at: usize| {
        let Some((account, regret)) = of(at) else {
            return Largest { said: "–".to_owned(), share: 0.0, account: String::new(), least: false };
        };
        let account = account.filter(|_| regret > 0.0);
        Largest {
            said: said(regret),
            share: if most > 0.0 { regret / most } else { 0.0 },
            account: account.map_or_else(String::new, |at| scenario.evidence.accounts[at].title.clone()),
            least: regret <= least,
        }
    };
    (0..judged.policies.len()).map(told).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use equipoise_lab::live::{Setting, under_each_policy};
    use std::sync::atomic::AtomicBool;

    #[test]
    fn some_policy_is_least_regretted_either_way_and_the_bars_share_one_scale() {
        let scenario =
            equipoise_scenario::load_files("strait", equipoise_scenario::template("strait")).unwrap();
        let setting = Setting { seed: 1, account: None };
        let samples = under_each_policy(&scenario, setting, 60, &AtomicBool::new(false)).unwrap();
        let rows = of_cases(&scenario, &Cases::of_samples(&scenario, &samples));
        let told: Vec<&RegretRow> = rows.iter().filter(|row| !row.policies.is_empty()).collect();
        assert!(!told.is_empty(), "the policies of the template change something");
        for row in told {
            assert_eq!(row.policies.len(), scenario.policies.len() + 1);
            assert_eq!(row.policies[0].policy, "none");
            for more in [false, true] {
                let side =
                    |policy: &PolicyRegret| if more { policy.more.clone() } else { policy.less.clone() };
                let all: Vec<Largest> = row.policies.iter().map(side).collect();
                assert!(all.iter().any(|one| one.least));
                assert!(all.iter().all(|one| (0.0..=1.0).contains(&one.share)), "{all:?}");
                assert!(all.iter().all(|one| one.account.is_empty() == (one.share == 0.0)), "{all:?}");
            }
        }
    }
}
