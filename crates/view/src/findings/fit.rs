//! How the histories, and those of each account, fit the record.

use equipoise_lab::score::{Card, Score, cards};
use equipoise_scenario::Scenario;
use equipoise_scenario::scenario::Target;

use super::Scored;
use super::outcome::scored;

/// How one account fits the record.
#[derive(Debug, Clone, PartialEq)]
pub struct AccountFit {
    /// Title of the account; the first row is all accounts together.
    pub account: String,
    /// Numbers and dates of the record within its 90 % interval.
    pub covered: u64,
    /// Numbers and dates of the record compared.
    pub compared: u64,
    /// Mean Brier score over the record's yes/no rows.
    pub brier: Option<f64>,
    /// CRPS over that of all accounts together: the geometric mean over the record's numbers and dates; below 1 is better.
    pub crps_ratio: Option<f64>,
}

/// Every row of the record: its target, how it looks from all histories, and its scores (all histories first, then accounts).
pub(super) fn all_scored<'a>(scenario: &Scenario, scores: &'a [Score]) -> Vec<(Target, Scored, &'a [Score])> {
    // Scores come row by row, each row beginning with that over all histories.
    let rows = scores.chunk_by(|_, next| next.account.is_some());
    scenario
        .record
        .iter()
        .zip(rows)
        .map(|(row, scores)| (row.target, scored(scenario, row, &scores[0]), scores))
        .collect()
}

/// How all histories, and those of each account, fit the record.
pub(super) fn fit(scenario: &Scenario, scored: &[(Target, Scored, &[Score])]) -> Vec<AccountFit> {
    let accounts =
        scenario.evidence.accounts.iter().enumerate().map(|(at, account)| (Some(at), account.title.as_str()));
    std::iter::once((None, "All accounts"))
        .chain(accounts)
        .filter_map(|(account, title)| fit_of(scored, account, title))
        .collect()
}

/// Score cards with the titles of their accounts.
pub(super) fn titled_cards(scenario: &Scenario, scores: &[Score]) -> Vec<(String, Card)> {
    let title = |card: &Card| match card.account {
        None => "All accounts".to_owned(),
        Some(account) => scenario.evidence.accounts[account].title.clone(),
    };
    cards(scores).into_iter().map(|card| (title(&card), card)).collect()
}

fn fit_of(scored: &[(Target, Scored, &[Score])], account: Option<usize>, title: &str) -> Option<AccountFit> {
    let pairs: Vec<(&Score, &Score)> = scored
        .iter()
        .filter_map(|(.., scores)| Some((&scores[0], scores.iter().find(|score| score.account == account)?)))
        .collect();
    if pairs.is_empty() {
        return None;
    }
    let covered: Vec<bool> = pairs.iter().filter_map(|(_, score)| score.covered).collect();
    let brier: Vec<f64> = pairs.iter().filter_map(|(_, score)| score.brier).collect();
    let ratios: Vec<f64> = pairs
        .iter()
        .filter_map(|(all, score)| Some((score.crps? / all.crps?).ln()))
        .filter(|ratio| ratio.is_finite())
        .collect();
    let mean =
        |values: &[f64]| (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64);
    Some(AccountFit {
        account: title.to_owned(),
        covered: covered.iter().filter(|covered| **covered).count() as u64,
        compared: covered.len() as u64,
        brier: mean(&brier),
        crps_ratio: account.and_then(|_| mean(&ratios)).map(f64::exp),
    })
}
