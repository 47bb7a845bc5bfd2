//! One arrangement of the actors on the issue: who would win against whom, and what challenging is worth.

use super::options::{Alternatives, Centre, Options, Probability};
use crate::bargaining::Actors;

/// Positions nearer than this share of the range differ by rounding only, and are one position (ours).
const SAME_POSITION: f64 = 32.0 * f64::EPSILON;

/// What does not change from round to round.
pub(super) struct Issue {
    pub(super) options: Options,
    /// Saliences on 0–1.
    pub(super) salience: Vec<f64>,
    /// Capability × salience.
    weight: Vec<f64>,
    /// The range of the first positions.
    range: f64,
}

impl Issue {
    pub(super) fn new(actors: &Actors, options: Options) -> Issue {
        let salience: Vec<f64> = actors.saliences().iter().map(|s| s[0] / 100.0).collect();
        let weight = salience.iter().zip(actors.capability()).map(|(s, c)| s * c).collect();
        let first = || actors.positions().iter().map(|row| row[0]);
        let range = first().fold(f64::NEG_INFINITY, f64::max) - first().fold(f64::INFINITY, f64::min);
        Issue { options, salience, weight, range }
    }

    /// Whether everyone stood at one point from the start, so that there is nothing to bargain about.
    pub(super) fn is_settled(&self) -> bool {
        self.range == 0.0
    }

    pub(super) fn same_position(&self, a: f64, b: f64) -> bool {
        (a - b).abs() <= SAME_POSITION * self.range
    }

    /// The mean position, weighing capability × salience; the plain mean where nobody has any weight.
    pub(super) fn mean(&self, x: &[f64]) -> f64 {
        let total: f64 = self.weight.iter().sum();
        if total > 0.0 {
            x.iter().zip(&self.weight).map(|(x, w)| w * x).sum::<f64>() / total
        } else {
            x.iter().sum::<f64>() / x.len() as f64
        }
    }

    /// The Condorcet winner among the positions held: the one no other beats by capability × salience ×
    /// difference of distances; of equals the lowest.
    ///
    /// Such votes are differences of one number per position (its weighted distance from everyone), so a
    /// winner always exists and cycles cannot (ours).
    pub(super) fn median(&self, x: &[f64]) -> f64 {
        let mut held = x.to_vec();
        held.sort_by(f64::total_cmp);
        held.dedup();
        let mut winner = held[0];
        for &position in &held[1..] {
            let votes: f64 = x
                .iter()
                .zip(&self.weight)
                .map(|(x, w)| w * ((x - winner).abs() - (x - position).abs()) / self.range)
                .sum();
            if votes > 0.0 {
                winner = position;
            }
        }
        winner
    }
}

/// The actors at the given positions, voting with the given risk exponents.
pub(super) struct Scene<'a> {
    issue: &'a Issue,
    x: &'a [f64],
    /// Row k holds the distances of all positions from voter k, raised to its exponent where votes are.
    reach: Vec<f64>,
    /// The votes cast between all pairs, under [`Probability::AllPairs`].
    all_votes: f64,
    centre: f64,
}

impl<'a> Scene<'a> {
    pub(super) fn new(issue: &'a Issue, x: &'a [f64], exponents: &[f64]) -> Scene<'a> {
        let raised = issue.options.probability == Probability::AllPairs;
        let mut reach = Vec::with_capacity(x.len() * x.len());
        for (voter, exponent) in x.iter().zip(exponents) {
            reach.extend(x.iter().map(|position| {
                let distance = (voter - position).abs() / issue.range;
                if raised { raise(distance, *exponent) } else { distance }
            }));
        }
        let all_votes = if raised {
            reach
                .chunks_exact(x.len())
                .zip(&issue.weight)
                .map(|(row, weight)| weight * all_differences(row))
                .sum()
        } else {
            0.0
        };
        let centre = match issue.options.centre {
            Centre::Mean => issue.mean(x),
            Centre::Median => issue.median(x),
        };
        Scene { issue, x, reach, all_votes, centre }
    }

    /// What i expects from challenging j with risk exponent `exponent`, and `chance` of winning.
    pub(super) fn expected(&self, i: usize, j: usize, chance: f64, exponent: f64) -> f64 {
        let Issue { options, salience, range, .. } = self.issue;
        let utility = |share: f64| 2.0 - 4.0 * raise(share, exponent);
        let apart = (self.x[i] - self.x[j]).abs() / range;
        let success = utility((0.5 - 0.5 * apart).max(0.0));
        let failure = utility(0.5 + 0.5 * apart);
        let fought = salience[j] * (chance * success + (1.0 - chance) * failure);
        let given = (1.0 - salience[j]) * success;
        let value = fought + given - options.unchanged * utility(0.5);
        if options.unchanged == 1.0 {
            return value;
        }
        let shift = 0.25 * ((self.x[i] - self.centre).abs() + (self.x[i] - self.x[j]).abs()) / range;
        // The centre may lie up to the range away, so half the range is the most a shift can be.
        let better = utility((0.5 - shift).max(0.0));
        let worse = utility(0.5 + shift);
        let changed = (1.0 - options.unchanged) * (options.better * better + (1.0 - options.better) * worse);
        match options.alternatives {
            Alternatives::Subtracted => value - changed,
            Alternatives::Added => value + changed,
        }
    }

    /// The probability that i wins against j; 0 if they stand at one point.
    pub(super) fn chance(&self, i: usize, j: usize) -> f64 {
        if self.issue.same_position(self.x[i], self.x[j]) {
            return 0.0;
        }
        let (mut for_i, mut for_j) = (0.0, 0.0);
        for (row, weight) in self.reach.chunks_exact(self.x.len()).zip(&self.issue.weight) {
            let vote = weight * (row[j] - row[i]);
            for_i += vote.max(0.0);
            for_j -= vote.min(0.0);
        }
        let (votes, all) = match self.issue.options.probability {
            Probability::Positive => (for_i, for_i + for_j),
            Probability::Net => ((for_i - for_j).max(0.0), for_i + for_j),
            Probability::AllPairs => (for_i, self.all_votes),
        };
        if all > 0.0 { votes / all } else { 0.0 }
    }

    /// What all others together expect from challenging i, being neutral to risk.
    pub(super) fn danger(&self, i: usize) -> f64 {
        (0..self.x.len()).filter(|&j| j != i).map(|j| self.expected(j, i, self.chance(j, i), 1.0)).sum()
    }
}

/// A number of 0–1 to a power, which is 1 as long as nobody's attitude to risk is known.
fn raise(base: f64, exponent: f64) -> f64 {
    if exponent == 1.0 { base } else { base.powf(exponent) }
}

/// The sum of |a − b| over all ordered pairs of values.
fn all_differences(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let n = sorted.len() as f64;
    sorted
        .iter()
        .enumerate()
        // The m-th smallest is added once for each smaller value and taken off once for each larger one.
        .map(|(m, value)| 2.0 * (2.0 * m as f64 + 1.0 - n) * value)
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn differences_add_up_as_pair_by_pair(values in prop::collection::vec(0.0..1.0f64, 1..12)) {
            let slow: f64 = values.iter().flat_map(|a| values.iter().map(move |b| (a - b).abs())).sum();
            prop_assert!((all_differences(&values) - slow).abs() < 1e-12);
        }
    }
}
