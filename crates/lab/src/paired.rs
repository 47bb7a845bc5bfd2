//! Paired differences: what a policy changes, history by history.
//!
//! Both runs meet the same design points and the same keyed randomness, so history k of one is history k of the other
//! with the policy's change and nothing else. The difference within pairs then varies less than the difference of two
//! independent ensembles: *common random numbers* (Heikes, Montgomery and Rardin 1976; recalled). How much less is told
//! by the variance ratio of every difference.

mod difference;

use equipoise_scenario::scenario::Outcome;

use crate::error::LabError;
use crate::quantile::{ascending, quantile, wilson_interval};
use crate::read::Run;
use crate::run_directory::{ColumnKind, Table};
pub use difference::Difference;

/// Histories that are named to be looked at.
const EXAMPLES: usize = 3;

/// What one policy changes against a baseline.
#[derive(Debug, Clone, PartialEq)]
pub struct Effects {
    /// Whether the tables of outcomes, series and events are the same bytes: the policy changes nothing at all.
    pub nothing: bool,
    /// Histories in which any outcome changes; the examples are those in which most outcomes do.
    pub changed: Changed,
    /// Every outcome: first over all histories, then by account, accounts without histories left out.
    pub outcomes: Vec<Effect>,
}

/// What a policy changes in one outcome, over all histories or those of one account.
#[derive(Debug, Clone, PartialEq)]
pub struct Effect {
    /// The outcome (an index).
    pub outcome: usize,
    /// The account whose histories count (an index); `None` for all.
    pub account: Option<usize>,
    /// What changes.
    pub change: Change,
    /// In which histories.
    pub changed: Changed,
}

/// How an outcome changes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Change {
    /// A yes/no: the difference of its probabilities.
    Probability(Difference),
    /// A number: the difference of its means, in its unit.
    Number {
        /// Difference of the means, over histories with a value in both runs.
        mean: Difference,
        /// Medians without and with the policy.
        medians: [f64; 2],
    },
    /// A date.
    Date {
        /// Difference of the probabilities that it comes.
        comes: Difference,
        /// Mean shift in days over the histories in which it comes in both runs; later is positive. Those histories are
        /// a selection that the policy itself may change.
        shift: Difference,
        /// Median dates without and with the policy, in days since the scenario's start; NaN if it never comes.
        medians: [f64; 2],
    },
}

impl Change {
    /// The difference that stands for the outcome in a table: of the probability, the mean, or, where a date comes
    /// equally often with and without the policy, of the date.
    #[must_use]
    pub fn main(&self) -> &Difference {
        match self {
            Change::Probability(difference) | Change::Number { mean: difference, .. } => difference,
            Change::Date { comes, shift, .. } if comes.difference == 0.0 => shift,
            Change::Date { comes, .. } => comes,
        }
    }
}

/// Histories whose value is another under the policy: another number, date or answer, or one that comes or goes.
#[derive(Debug, Clone, PartialEq)]
pub struct Changed {
    /// How many.
    pub count: u64,
    /// Of how many.
    pub of: u64,
    /// 95 % Monte Carlo interval of the share (Wilson 1927).
    pub interval: [f64; 2],
    /// Histories to look at with `why`, the largest change first: what comes or goes before any number, then the lower
    /// number of the history.
    pub examples: Vec<Example>,
}

/// One history with and without the policy.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Example {
    /// Its number.
    pub history: u64,
    /// Its value in the baseline, NaN if there is none. Where any outcome counts: 0.
    pub baseline: f64,
    /// Its value under the policy, NaN if there is none. Where any outcome counts: the number of outcomes that change.
    pub policy: f64,
}

impl Changed {
    /// The share of histories that change; NaN without histories.
    #[must_use]
    pub fn share(&self) -> f64 {
        self.count as f64 / self.of as f64
    }
}

/// Compares a run under a policy with the baseline, pair by pair.
///
/// # Errors
/// The two runs are not the same histories, or a table cannot be read.
pub fn effects(baseline: &Run, policy: &Run) -> Result<Effects, LabError> {
    let accounts = baseline.accounts()?;
    let (one, other) = (baseline.manifest(), policy.manifest());
    let same_histories = one.scenario == other.scenario
        && (one.seed, one.design, one.histories) == (other.seed, other.design, other.histories)
        && accounts == policy.accounts()?;
    if !same_histories {
        return Err(LabError::NotAComparison {
            path: policy.dir().to_owned(),
            why: format!("its histories are not those of {}", baseline.dir().display()),
        });
    }
    let seal = |run: &Run, table: Table| run.manifest().tables.get(table.name()).cloned();
    let nothing = [Table::Outcomes, Table::Series, Table::Events]
        .into_iter()
        .all(|table| seal(baseline, table) == seal(policy, table));

    let scenario = baseline.scenario();
    let mut outcomes = Vec::new();
    let mut changes = vec![0u32; accounts.len()];
    for (at, outcome) in scenario.outcomes.iter().enumerate() {
        let pairs: Vec<Pair> = (0..)
            .zip(baseline.outcome(&outcome.id)?)
            .zip(policy.outcome(&outcome.id)?)
            .map(|((history, baseline), policy)| Pair { history, values: [baseline, policy] })
            .collect();
        for (pair, changes) in pairs.iter().zip(&mut changes) {
            *changes += u32::from(pair.changes());
        }
        let kind = ColumnKind::of_outcome(outcome);
        outcomes.push(effect(at, None, kind, &pairs));
        for account in 0..scenario.evidence.accounts.len() {
            let of_account: Vec<Pair> = pairs
                .iter()
                .zip(&accounts)
                .filter(|(_, there)| usize::from(**there) == account)
                .map(|(pair, _)| *pair)
                .collect();
            if !of_account.is_empty() {
                outcomes.push(effect(at, Some(account), kind, &of_account));
            }
        }
    }
    let any: Vec<Pair> = (0..)
        .zip(&changes)
        .map(|(history, changes)| Pair { history, values: [0.0, f64::from(*changes)] })
        .collect();
    Ok(Effects { nothing, changed: changed(&any), outcomes })
}

/// What changes in one outcome, from pairs in memory: the number of a history, its value in the baseline and under the
/// policy.
#[must_use]
pub(crate) fn of_pairs(
    declared: &Outcome,
    outcome: usize,
    account: Option<usize>,
    pairs: impl Iterator<Item = (u64, [f64; 2])>,
) -> Effect {
    let pairs: Vec<Pair> = pairs.map(|(history, values)| Pair { history, values }).collect();
    effect(outcome, account, ColumnKind::of_outcome(declared), &pairs)
}

/// The values of one history in the baseline and under the policy.
#[derive(Debug, Clone, Copy)]
struct Pair {
    history: u64,
    values: [f64; 2],
}

impl Pair {
    fn changes(&self) -> bool {
        let [baseline, policy] = self.values;
        baseline != policy && !(baseline.is_nan() && policy.is_nan())
    }

    /// How far the value moves; what comes or goes moves farthest.
    fn distance(&self) -> f64 {
        let [baseline, policy] = self.values;
        if baseline.is_nan() != policy.is_nan() { f64::INFINITY } else { (policy - baseline).abs() }
    }
}

fn effect(outcome: usize, account: Option<usize>, kind: ColumnKind, pairs: &[Pair]) -> Effect {
    let both: Vec<[f64; 2]> =
        pairs.iter().map(|pair| pair.values).filter(|[a, b]| a.is_finite() && b.is_finite()).collect();
    let medians = || [0, 1].map(|side| quantile(&ascending(pairs.iter().map(|pair| pair.values[side])), 0.5));
    let change = match kind {
        ColumnKind::YesNo => Change::Probability(Difference::of_shares(&both)),
        ColumnKind::Number => Change::Number { mean: Difference::of_means(&both), medians: medians() },
        ColumnKind::Date => {
            let comes: Vec<[f64; 2]> = pairs
                .iter()
                .map(|pair| pair.values.map(|day| f64::from(u8::from(day.is_finite()))))
                .collect();
            Change::Date {
                comes: Difference::of_shares(&comes),
                shift: Difference::of_means(&both),
                medians: medians(),
            }
        }
    };
    Effect { outcome, account, change, changed: changed(pairs) }
}

fn changed(pairs: &[Pair]) -> Changed {
    let mut which: Vec<&Pair> = pairs.iter().filter(|pair| pair.changes()).collect();
    let (count, of) = (which.len() as u64, pairs.len() as u64);
    which.sort_by(|a, b| b.distance().total_cmp(&a.distance()).then(a.history.cmp(&b.history)));
    let examples = which.iter().take(EXAMPLES).map(|pair| Example {
        history: pair.history,
        baseline: pair.values[0],
        policy: pair.values[1],
    });
    Changed { count, of, interval: wilson_interval(count, of), examples: examples.collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(values: &[[f64; 2]]) -> Vec<Pair> {
        (0..).zip(values).map(|(history, values)| Pair { history, values: *values }).collect()
    }

    #[test]
    fn a_date_that_comes_and_goes_changes_more_than_one_that_moves() {
        let none = f64::NAN;
        let effect = effect(
            0,
            None,
            ColumnKind::Date,
            &pairs(&[[3.0, 4.0], [3.0, 3.0], [none, 9.0], [none, none], [5.0, 1.0]]),
        );
        let Change::Date { comes, shift, medians } = effect.change else {
            panic!("a date changes as a date");
        };
        assert_eq!((comes.baseline, comes.policy), (0.6, 0.8));
        assert_eq!((shift.pairs, shift.difference), (3, -1.0));
        assert_eq!(medians, [3.0, 3.5]);
        assert_eq!(effect.changed.count, 3);
        let shown: Vec<u64> = effect.changed.examples.iter().map(|example| example.history).collect();
        assert_eq!(shown, [2, 4, 0]);
    }

    #[test]
    fn what_stays_the_same_is_no_change() {
        let changed = changed(&pairs(&[[1.0, 1.0], [f64::NAN, f64::NAN]]));
        assert_eq!((changed.count, changed.of), (0, 2));
        assert!(changed.examples.is_empty() && changed.interval[0] == 0.0 && changed.interval[1] > 0.0);
    }
}
