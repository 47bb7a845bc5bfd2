//! What came out: each outcome's probability or median, over all histories and by account.

use equipoise_scenario::scenario::Outcome;

use crate::error::LabError;
use crate::kin::Kin;
use crate::quantile::{ascending, median_interval_worth, quantile, share_interval};
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
/// a Sobol or Latin hypercube design is usually more exact than it says. Histories that belong together (those of a base
/// point of a structured design, of a line of a posterior) count for as many as they are worth.
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
    let kin = Kin::of(run)?;
    let mut summaries = Vec::new();
    for (at, outcome) in scenario.outcomes.iter().enumerate() {
        let values = run.outcome(&outcome.id)?;
        let kind = ColumnKind::of_outcome(outcome);
        let mut add = |account, values: &[f64], kin: &Kin| {
            summaries.push(Summary {
                outcome: at,
                account,
                histories: values.len() as u64,
                finding: finding(kind, values, kin),
            });
        };
        add(None, &values, &kin);
        for account in 0..scenario.evidence.accounts.len() {
            let of_account = of_account(&values, &accounts, account);
            if !of_account.is_empty() {
                let kin = kin.only(|at| usize::from(accounts[at]) == account);
                add(Some(account), &of_account, &kin);
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
    let finding = finding(ColumnKind::of_outcome(declared), values, &Kin::default());
    Summary { outcome, account, histories: values.len() as u64, finding }
}

fn finding(kind: ColumnKind, values: &[f64], kin: &Kin) -> Finding {
    let with_value = kin.only(|at| values[at].is_finite());
    let there = || values.iter().copied().filter(|value| value.is_finite());
    if kind == ColumnKind::YesNo {
        return Finding::Probability(share(there().map(|value| value != 0.0), &with_value));
    }
    let present = ascending(there());
    let median = quantile(&present, 0.5);
    let spread = Spread {
        low: quantile(&present, 0.05),
        median,
        high: quantile(&present, 0.95),
        median_interval: median_interval_worth(
            &present,
            with_value.worth(there().map(|value| value <= median)),
        ),
    };
    let present = share(values.iter().map(|value| value.is_finite()), kin);
    match kind {
        ColumnKind::Date => Finding::Date { happens: present, spread },
        ColumnKind::Number | ColumnKind::YesNo => Finding::Number { present, spread },
    }
}

/// The share of histories that count.
pub(crate) fn share(count: impl Iterator<Item = bool> + Clone, kin: &Kin) -> Share {
    let (counted, all) =
        count.clone().fold((0u64, 0u64), |(of, all), counts| (of + u64::from(counts), all + 1));
    let share = counted as f64 / all as f64;
    let interval = if all == 0 { [0.0, 1.0] } else { share_interval(share, kin.worth(count)) };
    Share { share, interval }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_says_how_often_it_comes_and_when() {
        let Finding::Date { happens, spread } =
            finding(ColumnKind::Date, &[3.0, f64::NAN, 5.0, 4.0], &Kin::default())
        else {
            panic!("a date is summarised as a date");
        };
        assert_eq!((happens.share, spread.median), (0.75, 4.0));
        assert!(happens.interval[0] < 0.75 && happens.interval[1] > 0.75);
    }

    #[test]
    fn a_yes_or_no_is_a_share_with_its_sampling_error() {
        let Finding::Probability(share) = finding(ColumnKind::YesNo, &[1.0, 0.0, 0.0, 0.0], &Kin::default())
        else {
            panic!("a yes or no is summarised as a probability");
        };
        assert_eq!(share.share, 0.25);
    }
}
