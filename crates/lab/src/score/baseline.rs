//! Two simple baselines that an ensemble should beat: what the evidence says without any dynamics, and what was expected.
//!
//! *Climatology from the evidence alone*: the claims on the subject of a row, whatever day they speak of, pooled as the
//! parameters are (a linear opinion pool by the account's trust; over all accounts, mixed by their credence). Claims of
//! the record, and claims of what was expected, are left out. An open end of a claim counts as its finite end. For a
//! yes/no on which no other claim speaks it says one half; for a number or date it then says nothing, and the row is not
//! compared.
//!
//! This is no forecast: most claims were made during the events or after them. It asks whether the simulation says more
//! than reading the other sources would, and is the harder to beat the more the sources had seen.
//!
//! *What was expected*: the claims a row of the record names as expectations, equally weighted and taken at their word: a
//! yes is a probability of 1. Few reports state an expectation that can be scored, so few rows have one.

use equipoise_scenario::Scenario;
use equipoise_scenario::evidence::{Pool, PoolPart};
use equipoise_scenario::scenario::RecordRow;

use super::{ScoreKind, crps, point_of, said};
use crate::quantile::quantile;

/// Values that stand for a baseline's distribution.
const VALUES: usize = 1000;

/// A baseline beside one row of the record.
#[derive(Debug, Clone, PartialEq)]
pub struct Baseline {
    /// The claims it rests on (indices); none where it says one half for want of any.
    pub claims: Vec<usize>,
    /// Median; for a yes/no the probability of a yes.
    pub median: f64,
    /// 5 % quantile; NaN for a yes/no.
    pub low: f64,
    /// 95 % quantile; NaN for a yes/no.
    pub high: f64,
    /// Continuous ranked probability score of a number or date.
    pub crps: Option<f64>,
    /// Brier score of a yes/no.
    pub brier: Option<f64>,
}

impl Baseline {
    /// What the evidence alone says on a row under an account, or under all by their credence.
    pub(super) fn climatology(
        scenario: &Scenario,
        row: &RecordRow,
        account: Option<usize>,
        kind: ScoreKind,
        observed: f64,
    ) -> Option<Baseline> {
        let evidence = &scenario.evidence;
        let subject = evidence.claims[row.claim].subject;
        let kept_out = |claim: &usize| {
            scenario.record.iter().any(|row| row.claim == *claim || row.expected.contains(claim))
        };
        let free: Vec<(usize, [f64; 2])> = (0..evidence.claims.len())
            .filter(|claim| evidence.claims[*claim].subject == subject && !kept_out(claim))
            .filter_map(|claim| Some((claim, closed(said(scenario, claim, kind)?)?)))
            .collect();
        let believed = evidence.accounts.iter().enumerate();
        let pools: Vec<(f64, Pool)> = believed
            .filter(|(at, _)| account.is_none_or(|only| only == *at))
            .map(|(_, account)| {
                let part = |(claim, interval): &(usize, [f64; 2])| PoolPart {
                    claim: *claim,
                    weight: account.trust[*claim],
                    interval: *interval,
                };
                (account.credence, Pool::new(free.iter().map(part)))
            })
            .filter(|(_, pool)| !pool.parts.is_empty())
            .collect();
        Baseline::of(&pools, kind, observed).or_else(|| {
            let one_half = Baseline {
                claims: Vec::new(),
                median: 0.5,
                low: f64::NAN,
                high: f64::NAN,
                crps: None,
                brier: Some((0.5 - observed) * (0.5 - observed)),
            };
            (kind == ScoreKind::YesNo).then_some(one_half)
        })
    }

    /// What the claims a row names as expectations say.
    pub(super) fn expected(
        scenario: &Scenario,
        row: &RecordRow,
        kind: ScoreKind,
        observed: f64,
    ) -> Option<Baseline> {
        let parts = row.expected.iter().filter_map(|claim| {
            let interval = closed(said(scenario, *claim, kind)?)?;
            Some(PoolPart { claim: *claim, weight: 1.0, interval })
        });
        Baseline::of(&[(1.0, Pool::new(parts))], kind, observed)
    }

    /// A mixture of pools by weights; `None` where there is no claim or no weight.
    fn of(pools: &[(f64, Pool)], kind: ScoreKind, observed: f64) -> Option<Baseline> {
        let total: f64 = pools.iter().map(|(weight, _)| weight).sum();
        let mut claims: Vec<usize> =
            pools.iter().flat_map(|(_, pool)| pool.parts.iter().map(|part| part.claim)).collect();
        claims.sort_unstable();
        claims.dedup();
        if claims.is_empty() || total <= 0.0 {
            return None;
        }
        if kind == ScoreKind::YesNo {
            let yes = pools.iter().map(|(weight, pool)| weight / total * pool.mean()).sum::<f64>();
            return Some(Baseline {
                claims,
                median: yes,
                low: f64::NAN,
                high: f64::NAN,
                crps: None,
                brier: Some((yes - observed) * (yes - observed)),
            });
        }
        let mut values: Vec<f64> = (0..VALUES)
            .map(|at| {
                let mut u = (at as f64 + 0.5) / VALUES as f64 * total;
                for (weight, pool) in pools {
                    if u < *weight {
                        return pool.draw(u / weight);
                    }
                    u -= weight;
                }
                // Rounding may leave a hair beyond the last pool.
                pools.last().map_or(f64::NAN, |(_, pool)| pool.draw(1.0))
            })
            .collect();
        values.sort_unstable_by(f64::total_cmp);
        Some(Baseline {
            claims,
            median: quantile(&values, 0.5),
            low: quantile(&values, 0.05),
            high: quantile(&values, 0.95),
            crps: Some(crps(&values, observed)),
            brier: None,
        })
    }
}

/// An interval with an open end taken for its finite end.
fn closed([low, high]: [f64; 2]) -> Option<[f64; 2]> {
    if low.is_finite() && high.is_finite() {
        Some([low, high])
    } else {
        point_of([low, high]).map(|point| [point; 2])
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn pool(parts: &[(f64, [f64; 2])]) -> Pool {
        Pool::new(parts.iter().enumerate().map(|(claim, (weight, interval))| PoolPart {
            claim,
            weight: *weight,
            interval: *interval,
        }))
    }

    #[test]
    fn accounts_are_mixed_by_their_credence() {
        let pools = [(0.75, pool(&[(1.0, [10.0, 10.0])])), (0.25, pool(&[(1.0, [20.0, 20.0])]))];
        let baseline = Baseline::of(&pools, ScoreKind::Number, 10.0).unwrap();
        assert_eq!((baseline.median, baseline.high), (10.0, 20.0));
        // A quarter of the values lie 10 off: 0.25·10 − ½·2·0.75·0.25·10.
        assert!((baseline.crps.unwrap() - 0.625).abs() < 1e-12);
        let yes = [(1.0, pool(&[(3.0, [1.0, 1.0]), (1.0, [0.0, 0.0])]))];
        assert_eq!(Baseline::of(&yes, ScoreKind::YesNo, 1.0).unwrap().brier, Some(0.0625));
    }

    #[test]
    fn without_claims_a_number_has_no_baseline() {
        assert_eq!(Baseline::of(&[(1.0, Pool::default())], ScoreKind::Number, 1.0), None);
    }

    #[test]
    fn at_least_is_taken_for_its_end() {
        assert_eq!(closed([3.0, f64::INFINITY]), Some([3.0, 3.0]));
        assert_eq!(closed([f64::NEG_INFINITY, f64::INFINITY]), None);
    }
}
