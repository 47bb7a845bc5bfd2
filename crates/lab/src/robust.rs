//! Robustness: which policy does acceptably well whichever account is true.
//!
//! Every measure is read off the same cases under each policy (histories of a comparison, or rows of a table):
//!
//! * the *expected* value over all cases, accounts counting by their credence (as often as they were drawn);
//! * the *worst account*: the least wanted of the expected values under each account alone (Wald's maximin, 1950);
//! * *regret* (Savage 1951): how much worse a policy does than the best policy there, under each account and in each
//!   case; the policy with the smallest largest regret over accounts is the minimax-regret one;
//! * *satisficing* (Simon 1956; the domain criterion of Starr 1962 and Schneller and Sphicas 1983): the share of cases in
//!   which stated thresholds are met;
//! * the *Pareto set* over outcomes with stated directions: the policies that no other beats in one outcome without
//!   losing in another.
//!
//! The measures are those compared by McPhail et al. (2018); all of these references are recalled. What is better is for
//! the user to say: nothing here knows whether fewer or more of an outcome is wanted. Estimates carry Monte Carlo error:
//! `paired` tells whether two policies differ by more than chance.

mod cases;
mod threshold;

use crate::paired::Difference;
use crate::quantile::{Z, ascending, quantile, wilson_interval};
use crate::score::ScoreKind;
pub use cases::{CaseOutcome, Cases};
pub use threshold::{Relation, Threshold};

/// What is wanted of an outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Less of it, or an earlier date.
    Less,
    /// More of it, or a later date.
    More,
}

/// An outcome to be judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Goal {
    /// The outcome (an index into the cases).
    pub outcome: usize,
    /// What is wanted of it; `None` leaves out what needs to know (worst account, regret, Pareto set).
    pub direction: Option<Direction>,
}

/// How policies stand up. Vectors over policies are in the order of the cases.
#[derive(Debug, Clone, PartialEq)]
pub struct Robustness {
    /// For each goal.
    pub outcomes: Vec<OutcomeRobustness>,
    /// For each threshold.
    pub thresholds: Vec<Reach>,
    /// For each policy, the cases that meet every threshold together; empty without thresholds.
    pub satisficing: Vec<Satisficing>,
    /// The Pareto sets over the goals with a direction; `None` for fewer than two of them.
    pub pareto: Option<Pareto>,
}

/// One outcome under every policy.
#[derive(Debug, Clone, PartialEq)]
pub struct OutcomeRobustness {
    /// What was asked.
    pub goal: Goal,
    /// For each policy.
    pub policies: Vec<PolicyValue>,
    /// Cases that count: those with a value under every policy.
    pub cases: u64,
    /// Cases that do not count: those without a value under some policy.
    pub left_out: u64,
    /// The accounts (indices) of which no case counts.
    pub without_cases: Vec<usize>,
    /// Whether it has the same value under every policy in every case: it cannot tell the policies apart.
    pub same_everywhere: bool,
    /// The policies with the smallest largest regret over accounts, several where they tie; empty where there is none.
    pub minimax_regret: Vec<usize>,
}

/// One outcome under one policy.
#[derive(Debug, Clone, PartialEq)]
pub struct PolicyValue {
    /// Mean over all cases; NaN without cases. A date that never comes counts as the day after the last one simulated
    /// (the restricted mean of survival analysis; Royston and Parmar 2013, recalled).
    pub expected: f64,
    /// 95 % Monte Carlo interval of the mean.
    pub interval: [f64; 2],
    /// Mean under each account; NaN where it has no cases.
    pub by_account: Vec<f64>,
    /// The least wanted of these.
    pub worst_account: Option<Worst>,
    /// How much worse than the best policy.
    pub regret: Option<Regret>,
    /// What it changes against the first policy, case by case; `None` for the first itself.
    pub against_first: Option<Difference>,
}

/// How much worse than the best policy, in the outcome's unit; never negative.
#[derive(Debug, Clone, PartialEq)]
pub struct Regret {
    /// Under each account, of the means; NaN where it has no cases.
    pub by_account: Vec<f64>,
    /// The largest of these: account and regret. Without accounts the regret of the mean over all cases.
    pub worst_account: (Option<usize>, f64),
    /// Mean over cases of the regret in each.
    pub mean_over_cases: f64,
    /// 95 % quantile over cases.
    pub high_over_cases: f64,
    /// The largest over cases: case and regret.
    pub worst_case: (usize, f64),
}

/// Whether a threshold is met.
#[derive(Debug, Clone, PartialEq)]
pub struct Reach {
    /// The threshold.
    pub threshold: Threshold,
    /// For each policy, share of cases that meet it, with its 95 % Monte Carlo interval.
    pub policies: Vec<(f64, [f64; 2])>,
    /// Whether no case meets it under any policy.
    pub nobody: bool,
    /// Whether every case meets it under every policy.
    pub everybody: bool,
    /// Cases without a value under some policy; there it is not met.
    pub missing: u64,
    /// The value nearest to meeting it under any policy; NaN if there is no value.
    pub nearest: f64,
}

/// How often one policy meets every threshold.
#[derive(Debug, Clone, PartialEq)]
pub struct Satisficing {
    /// Share of cases.
    pub share: f64,
    /// Its 95 % Monte Carlo interval.
    pub interval: [f64; 2],
    /// Where it is smallest.
    pub worst_account: Option<Worst>,
}

/// The account under which a policy does worst.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Worst {
    /// The account (an index).
    pub account: usize,
    /// Mean or share under it.
    pub value: f64,
    /// 95 % Monte Carlo interval of that, from the cases of this account.
    pub interval: [f64; 2],
}

/// Pareto sets, by estimates.
#[derive(Debug, Clone, PartialEq)]
pub struct Pareto {
    /// For each policy, those that beat it by expected values (no worse in any outcome, better in one): in the set if
    /// none.
    pub expected: Vec<Vec<usize>>,
    /// The same by the values under each policy's worst account.
    pub worst_account: Vec<Vec<usize>>,
}

/// Judges the policies.
#[must_use]
pub fn robustness(cases: &Cases, goals: &[Goal], thresholds: &[Threshold]) -> Robustness {
    let outcomes: Vec<OutcomeRobustness> = goals.iter().map(|goal| outcome(cases, *goal)).collect();
    let directed: Vec<&OutcomeRobustness> =
        outcomes.iter().filter(|outcome| outcome.goal.direction.is_some()).collect();
    let pareto = (directed.len() > 1).then(|| Pareto {
        expected: dominators(cases, &directed, |value| value.expected),
        worst_account: dominators(cases, &directed, |value| {
            value.worst_account.map_or(value.expected, |worst| worst.value)
        }),
    });
    Robustness {
        outcomes,
        thresholds: thresholds.iter().map(|threshold| reach(cases, threshold)).collect(),
        satisficing: if thresholds.is_empty() { Vec::new() } else { satisficing(cases, thresholds) },
        pareto,
    }
}

fn outcome(cases: &Cases, goal: Goal) -> OutcomeRobustness {
    let values = &cases.outcomes[goal.outcome].values;
    let counted: Vec<usize> =
        (0..cases.len()).filter(|case| values.iter().all(|policy| policy[*case].is_finite())).collect();
    let sign = if goal.direction == Some(Direction::More) { -1.0 } else { 1.0 };
    let mean_under = |policy: usize, account: usize| {
        mean(
            counted
                .iter()
                .filter(|case| cases.account_of[**case] == account)
                .map(|case| values[policy][*case]),
        )
    };
    let by_account: Vec<Vec<f64>> = (0..cases.policies.len())
        .map(|policy| (0..cases.accounts.len()).map(|account| mean_under(policy, account)).collect())
        .collect();
    let expected: Vec<f64> =
        values.iter().map(|policy| mean(counted.iter().map(|case| policy[*case]))).collect();
    let policies: Vec<PolicyValue> = (0..cases.policies.len())
        .map(|policy| {
            let losses = by_account[policy].iter().enumerate().filter(|(_, value)| value.is_finite());
            let worst = losses.max_by(|a, b| (sign * a.1).total_cmp(&(sign * b.1)));
            PolicyValue {
                expected: expected[policy],
                interval: interval(&counted.iter().map(|case| values[policy][*case]).collect::<Vec<_>>()),
                by_account: by_account[policy].clone(),
                worst_account: goal.direction.and(worst.map(|(account, value)| {
                    let of_account = counted.iter().filter(|case| cases.account_of[**case] == account);
                    let interval =
                        interval(&of_account.map(|case| values[policy][*case]).collect::<Vec<_>>());
                    Worst { account, value: *value, interval }
                })),
                regret: goal
                    .direction
                    .and_then(|_| regret(values, &counted, &by_account, &expected, policy, sign)),
                against_first: (policy > 0).then(|| {
                    let pairs: Vec<[f64; 2]> =
                        counted.iter().map(|case| [values[0][*case], values[policy][*case]]).collect();
                    match cases.outcomes[goal.outcome].kind {
                        ScoreKind::YesNo => Difference::of_shares(&pairs),
                        ScoreKind::Number | ScoreKind::Date => Difference::of_means(&pairs),
                    }
                }),
            }
        })
        .collect();
    let counts = |account: &usize| counted.iter().any(|case| cases.account_of[*case] == *account);
    let without_cases = (0..cases.accounts.len()).filter(|account| !counts(account)).collect();
    let first = counted.first().map(|case| values[0][*case]);
    OutcomeRobustness {
        goal,
        minimax_regret: least_regret(&policies),
        policies,
        cases: counted.len() as u64,
        left_out: (cases.len() - counted.len()) as u64,
        without_cases,
        same_everywhere: counted.iter().all(|case| values.iter().all(|policy| Some(policy[*case]) == first)),
    }
}

/// The policies with the smallest largest regret. Means of the same values in another order may differ in their last
/// bits, so regrets tie that differ by less than that.
fn least_regret(policies: &[PolicyValue]) -> Vec<usize> {
    let largest = |at: &usize| policies[*at].regret.as_ref().map(|regret| regret.worst_account.1);
    let means = policies.iter().flat_map(|policy| &policy.by_account).filter(|mean| mean.is_finite());
    let slack = 1e-12 * means.fold(0.0, |most: f64, mean| most.max(mean.abs()));
    let all = 0..policies.len();
    let least = all.clone().filter_map(|at| largest(&at)).fold(f64::INFINITY, f64::min);
    all.filter(|at| largest(at).is_some_and(|regret| regret <= least + slack)).collect()
}

fn regret(
    values: &[Vec<f64>],
    counted: &[usize],
    by_account: &[Vec<f64>],
    expected: &[f64],
    policy: usize,
    sign: f64,
) -> Option<Regret> {
    let best =
        |all: &mut dyn Iterator<Item = f64>| all.map(|value| sign * value).fold(f64::INFINITY, f64::min);
    let under: Vec<f64> = by_account[policy]
        .iter()
        .enumerate()
        .map(|(account, value)| sign * value - best(&mut by_account.iter().map(|policy| policy[account])))
        .collect();
    let worst = under.iter().enumerate().filter(|(_, regret)| regret.is_finite());
    let worst = worst.max_by(|a, b| a.1.total_cmp(b.1)).map(|(account, regret)| (Some(account), *regret));
    let overall = sign * expected[policy] - best(&mut expected.iter().copied());
    let in_case: Vec<f64> = counted
        .iter()
        .map(|case| sign * values[policy][*case] - best(&mut values.iter().map(|policy| policy[*case])))
        .collect();
    let (at, most) = in_case.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(&a.0)))?;
    Some(Regret {
        by_account: under,
        worst_account: worst.unwrap_or((None, overall)),
        mean_over_cases: mean(in_case.iter().copied()),
        high_over_cases: quantile(&ascending(in_case.iter().copied()), 0.95),
        worst_case: (counted[at], *most),
    })
}

/// For each policy, those that are no worse in any of the outcomes and better in one.
fn dominators(
    cases: &Cases,
    outcomes: &[&OutcomeRobustness],
    value: impl Fn(&PolicyValue) -> f64,
) -> Vec<Vec<usize>> {
    let loss = |policy: usize| -> Vec<f64> {
        let sign = |outcome: &OutcomeRobustness| {
            if outcome.goal.direction == Some(Direction::More) { -1.0 } else { 1.0 }
        };
        outcomes.iter().map(|outcome| sign(outcome) * value(&outcome.policies[policy])).collect()
    };
    let losses: Vec<Vec<f64>> = (0..cases.policies.len()).map(loss).collect();
    let beats =
        |a: &[f64], b: &[f64]| a.iter().zip(b).all(|(a, b)| a <= b) && a.iter().zip(b).any(|(a, b)| a < b);
    losses.iter().map(|one| (0..losses.len()).filter(|other| beats(&losses[*other], one)).collect()).collect()
}

fn reach(cases: &Cases, threshold: &Threshold) -> Reach {
    let outcome = &cases.outcomes[threshold.outcome];
    let met: Vec<u64> = outcome
        .values
        .iter()
        .map(|policy| policy.iter().filter(|value| threshold.is_met(**value)).count() as u64)
        .collect();
    let n = cases.len() as u64;
    let present = || outcome.values.iter().flatten().copied().filter(|value| value.is_finite());
    let nearest = present()
        .min_by(|a, b| threshold.distance(*a).total_cmp(&threshold.distance(*b)))
        .unwrap_or(f64::NAN);
    Reach {
        threshold: threshold.clone(),
        policies: met.iter().map(|met| (*met as f64 / n as f64, wilson_interval(*met, n))).collect(),
        nobody: met.iter().all(|met| *met == 0),
        everybody: met.iter().all(|met| *met == n),
        missing: (0..cases.len())
            .filter(|case| outcome.values.iter().any(|policy| !policy[*case].is_finite()))
            .count() as u64,
        nearest,
    }
}

fn satisficing(cases: &Cases, thresholds: &[Threshold]) -> Vec<Satisficing> {
    let meets = |policy: usize, case: usize| {
        let value = |threshold: &Threshold| cases.outcomes[threshold.outcome].values[policy][case];
        thresholds.iter().all(|threshold| threshold.is_met(value(threshold)))
    };
    (0..cases.policies.len())
        .map(|policy| {
            let met: Vec<bool> = (0..cases.len()).map(|case| meets(policy, case)).collect();
            let count = met.iter().filter(|met| **met).count() as u64;
            let under = (0..cases.accounts.len()).filter_map(|account| {
                let of_account = || met.iter().zip(&cases.account_of).filter(|(_, there)| **there == account);
                let (of, count) = (of_account().count(), of_account().filter(|(met, _)| **met).count());
                let interval = wilson_interval(count as u64, of as u64);
                (of > 0).then_some(Worst { account, value: count as f64 / of as f64, interval })
            });
            let worst = under.min_by(|a, b| a.value.total_cmp(&b.value));
            Satisficing {
                share: count as f64 / cases.len() as f64,
                interval: wilson_interval(count, cases.len() as u64),
                worst_account: worst,
            }
        })
        .collect()
}

fn mean(values: impl Iterator<Item = f64> + Clone) -> f64 {
    values.clone().sum::<f64>() / values.count() as f64
}

/// The 95 % interval of a mean: 1.96 standard errors on either side.
fn interval(values: &[f64]) -> [f64; 2] {
    let n = values.len() as f64;
    let centre = mean(values.iter().copied());
    let squares: f64 = values.iter().map(|value| (value - centre) * (value - centre)).sum();
    let half = Z * (squares / (n - 1.0) / n).sqrt();
    if half.is_finite() { [centre - half, centre + half] } else { [f64::NEG_INFINITY, f64::INFINITY] }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cases(values: Vec<Vec<Vec<f64>>>, account_of: Vec<usize>) -> Cases {
        let outcomes = values.into_iter().enumerate().map(|(at, values)| CaseOutcome {
            id: format!("y{at}"),
            title: format!("Y {at}"),
            unit: String::new(),
            kind: ScoreKind::Number,
            values,
        });
        let outcomes: Vec<CaseOutcome> = outcomes.collect();
        Cases {
            policies: (0..outcomes[0].values.len()).map(|at| format!("p{at}")).collect(),
            accounts: vec!["a".to_owned(), "b".to_owned()],
            account_of,
            outcomes,
            per_account: None,
            start: None,
        }
    }

    const LESS: Goal = Goal { outcome: 0, direction: Some(Direction::Less) };

    #[test]
    fn savages_table_is_solved_as_by_hand() {
        // Losses of three policies under two accounts, one case each: regrets (0, 8), (2, 3), (6, 0).
        let cases = cases(vec![vec![vec![2.0, 10.0], vec![4.0, 5.0], vec![8.0, 2.0]]], vec![0, 1]);
        let found = robustness(&cases, &[LESS], &[]);
        let policies = &found.outcomes[0].policies;
        let regrets: Vec<f64> =
            policies.iter().map(|policy| policy.regret.as_ref().unwrap().worst_account.1).collect();
        assert_eq!(regrets, [8.0, 3.0, 6.0]);
        assert_eq!(found.outcomes[0].minimax_regret, [1]);
        let worst = |policy: &PolicyValue| policy.worst_account.map(|worst| (worst.account, worst.value));
        assert_eq!(worst(&policies[0]), Some((1, 10.0)));
        assert_eq!(worst(&policies[2]), Some((0, 8.0)));
        assert_eq!(policies[1].expected, 4.5);
        let more = Goal { direction: Some(Direction::More), ..LESS };
        assert_eq!(worst(&robustness(&cases, &[more], &[]).outcomes[0].policies[0]), Some((0, 2.0)));
    }

    #[test]
    fn a_policy_stands_beside_the_first_case_by_case() {
        // Cases differ by hundreds, the second policy takes off one or two of each.
        let before: Vec<f64> = (0..50).map(|case| 100.0 * f64::from(case)).collect();
        let after = before.iter().enumerate().map(|(case, value)| value - 1.0 - (case % 2) as f64).collect();
        let found = robustness(&cases(vec![vec![before, after]], vec![0; 50]), &[LESS], &[]);
        let [first, second] = &found.outcomes[0].policies[..] else { panic!("{found:?}") };
        assert_eq!(first.against_first, None);
        let difference = second.against_first.unwrap();
        assert_eq!((difference.pairs, difference.difference), (50, -1.5));
        assert!(difference.is_clear() && difference.variance_ratio.unwrap() < 1e-6);
        assert!(difference.unpaired[0] < -500.0 && difference.unpaired[1] > 500.0);
    }

    #[test]
    fn policies_that_tie_share_the_least_regret() {
        // Means over the same three values, added up in another order.
        let tie = vec![vec![0.1, 0.2, 0.3], vec![0.3, 0.2, 0.1], vec![0.3, 0.3, 0.3]];
        let found = robustness(&cases(vec![tie], vec![0, 0, 0]), &[LESS], &[]);
        assert_eq!(found.outcomes[0].minimax_regret, [0, 1]);
        let undirected = robustness(
            &cases(vec![vec![vec![1.0], vec![1.0]]], vec![0]),
            &[Goal { direction: None, ..LESS }],
            &[],
        );
        assert!(undirected.outcomes[0].minimax_regret.is_empty());
    }

    #[test]
    fn a_case_without_a_value_is_counted_as_left_out_and_so_is_its_account() {
        let cases = cases(vec![vec![vec![3.0, 9.0, 4.0], vec![4.0, f64::NAN, 5.0]]], vec![0, 1, 0]);
        let outcome = &robustness(&cases, &[LESS], &[]).outcomes[0];
        assert_eq!((outcome.cases, outcome.left_out), (2, 1));
        assert_eq!(outcome.without_cases, [1]);
    }

    #[test]
    fn a_threshold_nobody_reaches_names_the_nearest_value() {
        let cases = cases(vec![vec![vec![3.0, 9.0], vec![4.0, f64::NAN]]], vec![0, 1]);
        let at_most = |value| Threshold { outcome: 0, relation: Relation::AtMost, value };
        let found = robustness(&cases, &[], &[at_most(1.0), at_most(20.0)]);
        assert!(found.thresholds[0].nobody && found.thresholds[0].nearest == 3.0);
        // A missing value meets nothing.
        assert_eq!(found.thresholds[1].policies[1].0, 0.5);
        assert!(!found.thresholds[1].everybody);
        assert_eq!(found.thresholds[1].missing, 1);
        assert_eq!(found.satisficing[0].share, 0.0);
    }

    #[test]
    fn the_pareto_set_is_what_nothing_beats() {
        let cases = cases(
            vec![
                vec![vec![1.0; 2], vec![2.0; 2], vec![2.0; 2]],
                vec![vec![5.0; 2], vec![1.0; 2], vec![6.0; 2]],
            ],
            vec![0, 1],
        );
        let goals = [LESS, Goal { outcome: 1, direction: Some(Direction::Less) }];
        let pareto = robustness(&cases, &goals, &[]).pareto.unwrap();
        assert_eq!(pareto.expected, [vec![], vec![], vec![0, 1]]);
        assert_eq!(robustness(&cases, &goals[..1], &[]).pareto, None);
    }

    #[test]
    fn an_outcome_that_never_varies_says_so() {
        let cases = cases(vec![vec![vec![1.0; 3], vec![1.0; 3]]], vec![0, 0, 1]);
        let found = robustness(&cases, &[LESS], &[]);
        assert!(found.outcomes[0].same_everywhere);
        assert_eq!(found.outcomes[0].minimax_regret, [0, 1]);
    }

    proptest! {
        #[test]
        fn regret_is_never_negative_and_somebody_has_none_in_each_case(
            values in prop::collection::vec(prop::collection::vec(-1e3f64..1e3, 6), 1..5), more: bool,
        ) {
            let policies = values.len();
            let cases = cases(vec![values], vec![0, 1, 0, 1, 1, 0]);
            let direction = Some(if more { Direction::More } else { Direction::Less });
            let found = robustness(&cases, &[Goal { outcome: 0, direction }], &[]);
            let regrets: Vec<&Regret> =
                found.outcomes[0].policies.iter().map(|policy| policy.regret.as_ref().unwrap()).collect();
            for regret in &regrets {
                prop_assert!(regret.mean_over_cases >= 0.0 && regret.worst_account.1 >= 0.0);
                prop_assert!(regret.worst_case.1 + 1e-9 >= regret.high_over_cases);
            }
            for account in 0..2 {
                prop_assert!(regrets.iter().any(|regret| regret.by_account[account] == 0.0));
            }
            let total: f64 = regrets.iter().map(|regret| regret.mean_over_cases).sum();
            prop_assert!(policies > 1 || total == 0.0);
        }
    }
}
