//! What came out: each outcome's probability or median, over all histories and by account.

use equipoise_scenario::scenario::Outcome;

use crate::error::LabError;
use crate::quantile::{ascending, median_interval, quantile, wilson_interval};
use crate::read::Run;
use crate::run_directory::ColumnKind;

/// One outcome over all histories, or over those of one account.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// The outcome (an index).
    pub outcome: usize,
    /// The account whose histories count (an index); `None` for all.
    pub account: Option<usize>,
    /// Histories that count.
    pub histories: u64,
    /// What they say.
    pub finding: Finding,
}

/// What histories say about an outcome.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Finding {
    /// A yes/no.
    Probability(Share),
    /// A number, where it has a value.
    Number {
        /// Histories with a value.
        present: Share,
        /// Its middle and 90 % interval.
        spread: Spread,
    },
    /// A date, in days since the scenario's start, where the event happens.
    Date {
        /// Histories in which the event happens.
        happens: Share,
        /// Its middle and 90 % interval.
        spread: Spread,
    },
}

/// A share of histories with its 95 % Monte Carlo interval (Wilson 1927). The interval treats histories as independent;
/// a Sobol or Latin hypercube design is usually more exact than it says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share {
    /// The share, 0 to 1; NaN without histories.
    pub share: f64,
    /// Interval.
    pub interval: [f64; 2],
}

/// Quantiles of the histories that have a value; NaN if none has.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// 5 % quantile.
    pub low: f64,
    /// Median.
    pub median: f64,
    /// 95 % quantile.
    pub high: f64,
    /// 95 % Monte Carlo interval of the median.
    pub median_interval: [f64; 2],
}

/// Every outcome: first over all histories, then by account, accounts without histories left out.
///
/// # Errors
/// The table cannot be read.
pub fn summarise(run: &Run) -> Result<Vec<Summary>, LabError> {
    let scenario = run.scenario();
    let accounts = run.accounts()?;
    let mut summaries = Vec::new();
    for (at, outcome) in scenario.outcomes.iter().enumerate() {
        let values = run.outcome(&outcome.id)?;
        let kind = ColumnKind::of_outcome(outcome);
        let mut add = |account, values: &[f64]| {
            summaries.push(Summary {
                outcome: at,
                account,
                histories: values.len() as u64,
                finding: finding(kind, values),
            });
        };
        add(None, &values);
        for account in 0..scenario.evidence.accounts.len() {
            let of_account = of_account(&values, &accounts, account);
            if !of_account.is_empty() {
                add(Some(account), &of_account);
            }
        }
    }
    Ok(summaries)
}

/// The values of the histories that believe this account; `accounts` gives that of each history.
pub(crate) fn of_account(values: &[f64], accounts: &[u16], account: usize) -> Vec<f64> {
    let believed = accounts.iter().map(|&there| usize::from(there) == account);
    values.iter().zip(believed).filter(|(_, believed)| *believed).map(|(&value, _)| value).collect()
}

/// What values in memory say about an outcome: those of all histories, or of one account.
#[must_use]
pub(crate) fn of_values(
    declared: &Outcome,
    outcome: usize,
    account: Option<usize>,
    values: &[f64],
) -> Summary {
    let finding = finding(ColumnKind::of_outcome(declared), values);
    Summary { outcome, account, histories: values.len() as u64, finding }
}

fn finding(kind: ColumnKind, values: &[f64]) -> Finding {
    let present = ascending(values.iter().copied());
    let share = |successes: usize, trials: usize| Share {
        share: successes as f64 / trials as f64,
        interval: wilson_interval(successes as u64, trials as u64),
    };
    let spread = Spread {
        low: quantile(&present, 0.05),
        median: quantile(&present, 0.5),
        high: quantile(&present, 0.95),
        median_interval: median_interval(&present),
    };
    match kind {
        ColumnKind::YesNo => {
            let yes = present.iter().filter(|value| **value != 0.0).count();
            Finding::Probability(share(yes, present.len()))
        }
        ColumnKind::Number => Finding::Number { present: share(present.len(), values.len()), spread },
        ColumnKind::Date => Finding::Date { happens: share(present.len(), values.len()), spread },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_says_how_often_it_comes_and_when() {
        let Finding::Date { happens, spread } = finding(ColumnKind::Date, &[3.0, f64::NAN, 5.0, 4.0]) else {
            panic!("a date is summarised as a date");
        };
        assert_eq!((happens.share, spread.median), (0.75, 4.0));
        assert!(happens.interval[0] < 0.75 && happens.interval[1] > 0.75);
    }

    #[test]
    fn a_yes_or_no_is_a_share_with_its_sampling_error() {
        let Finding::Probability(share) = finding(ColumnKind::YesNo, &[1.0, 0.0, 0.0, 0.0]) else {
            panic!("a yes or no is summarised as a probability");
        };
        assert_eq!(share.share, 0.25);
    }
}
