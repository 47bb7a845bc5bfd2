//! Votes, the coalitions they make, and who wins between coalitions.

use super::options::{Equilibrium, VictoryModel, VotingRule};

/// A coalition nobody supports still has this strength, so that no probability is 0/0.
const LEAST_COALITION: f64 = 1e-8;
/// Utilities closer than this are voted on in proportion under the binary rule.
const BINARY_WIDTH: f64 = 1e-8;
/// Voters whose votes are worked out side by side.
const LANES: usize = 4;
/// Sweeps after which a Markov election is taken as it stands; tens are typical.
const MOST_SWEEPS: usize = 100_000;

/// The vote of an actor of weight `weight` whose utilities of the two sides differ by `gain`.
#[inline(always)]
pub(super) fn vote(rule: VotingRule, weight: f64, gain: f64) -> f64 {
    let binary = || (gain / BINARY_WIDTH).clamp(-1.0, 1.0);
    match rule {
        VotingRule::Binary => weight * binary(),
        VotingRule::PropBin => weight * ((1.0 - 0.2) * gain + 0.2 * binary()),
        VotingRule::Proportional => weight * gain,
        VotingRule::PropCubic => weight * (0.5 * gain + 0.5 * (gain * gain * gain)),
        VotingRule::Cubic => weight * (gain * gain * gain),
        VotingRule::AsymmetricProspect if gain > 0.0 => (2.0 * weight * gain) / 3.0,
        VotingRule::AsymmetricProspect => weight * gain,
    }
}

/// Evaluates an expression with `vote` bound to one rule: one copy of its loops per rule, none with a branch on it.
macro_rules! per_rule {
    ($rule:expr, $vote:ident => $body:expr) => {
        per_rule!($rule, $vote => $body; Binary PropBin Proportional PropCubic Cubic AsymmetricProspect)
    };
    ($rule:expr, $vote:ident => $body:expr; $($name:ident)+) => {
        match $rule {
            $(VotingRule::$name => {
                let $vote = |weight, gain| $crate::bargaining::smp::contest::vote(VotingRule::$name, weight, gain);
                $body
            })+
        }
    };
}
pub(super) use per_rule;

/// Alternatives before those who vote on them.
pub(super) struct Ballot<'a> {
    pub(super) rule: VotingRule,
    pub(super) weights: &'a [f64],
    /// A row per alternative, with its utility to every actor.
    pub(super) utilities: &'a [f64],
}

impl Ballot<'_> {
    /// Works out the probability of each alternative.
    pub(super) fn elect(&self, equilibrium: Equilibrium, model: VictoryModel, chance: &mut [f64]) {
        let n = chance.len();
        match equilibrium {
            Equilibrium::Conditional => per_rule!(self.rule, vote => {
                beats_all(model, |i, j| poll(self.weights, self.row(i), self.row(j), &vote), chance);
            }),
            Equilibrium::MarkovUniform => {
                let strength = self.coalitions(n);
                uniform_challenges(&victories(model, in_pairs(&strength, n), n), chance);
            }
            Equilibrium::MarkovIncentive => {
                let strength = self.coalitions(n);
                incentive_challenges(&victories(model, in_pairs(&strength, n), n), &strength, chance);
            }
        }
    }

    /// The strength of the coalition for alternative i against j, row i, column j.
    fn coalitions(&self, n: usize) -> Vec<f64> {
        // A coalition of an alternative against itself is never asked for.
        let mut strength = vec![LEAST_COALITION; n * n];
        per_rule!(self.rule, vote => {
            for i in 0..n {
                for j in 0..i {
                    let (in_favour, against) = poll(self.weights, self.row(i), self.row(j), &vote);
                    strength[i * n + j] = in_favour;
                    strength[j * n + i] = against;
                }
            }
        });
        strength
    }

    #[inline(always)]
    fn row(&self, alternative: usize) -> &[f64] {
        &self.utilities[alternative * self.weights.len()..][..self.weights.len()]
    }
}

/// The coalitions for the first of two alternatives and for the second. Votes are added one after another, as in KTAB:
/// between states that are worth all but the same, rounding shows in the probabilities.
#[inline(always)]
fn poll(weights: &[f64], first: &[f64], second: &[f64], vote: &impl Fn(f64, f64) -> f64) -> (f64, f64) {
    let mut sides = [LEAST_COALITION; 2];
    let (weights, last_weights) = weights.as_chunks::<LANES>();
    let (first, last_first) = first.as_chunks::<LANES>();
    let (second, last_second) = second.as_chunks::<LANES>();
    for ((weights, a), b) in weights.iter().zip(first).zip(second) {
        let votes: [f64; LANES] = std::array::from_fn(|lane| vote(weights[lane], a[lane] - b[lane]));
        votes.into_iter().for_each(|vote| join(&mut sides, vote));
    }
    for ((&weight, a), b) in last_weights.iter().zip(last_first).zip(last_second) {
        join(&mut sides, vote(weight, a - b));
    }
    (sides[0], sides[1])
}

/// Adds a vote to the first of two sides, or to the second if it is below zero.
#[inline(always)]
pub(super) fn join(sides: &mut [f64; 2], vote: f64) {
    for (side, vote) in sides.iter_mut().zip([vote, -vote]) {
        *side += if vote > 0.0 { vote } else { 0.0 };
    }
}

/// The strengths of a later alternative against an earlier one and of the earlier against the later.
fn in_pairs(strength: &[f64], n: usize) -> impl Fn(usize, usize) -> (f64, f64) {
    move |later, earlier| (strength[later * n + earlier], strength[earlier * n + later])
}

fn victories(model: VictoryModel, coalitions: impl Fn(usize, usize) -> (f64, f64), n: usize) -> Vec<f64> {
    let mut victory = vec![0.5; n * n];
    for i in 0..n {
        for j in 0..i {
            let (first, second) = coalitions(i, j);
            (victory[i * n + j], victory[j * n + i]) = victory_chances(model, first, second);
        }
    }
    victory
}

/// The probabilities that the first and the second of two coalitions wins.
fn victory_chances(model: VictoryModel, first: f64, second: f64) -> (f64, f64) {
    let (a, b) = match model {
        VictoryModel::Linear => (first, second),
        VictoryModel::Square => (first.powi(2), second.powi(2)),
        VictoryModel::Quartic => (first.powi(4), second.powi(4)),
        VictoryModel::Octic => (first.powi(8), second.powi(8)),
        VictoryModel::Binary => threshold(first, second),
    };
    (a / (a + b), b / (a + b))
}

/// Almost 1 : 0 from an advantage of a tenth on, with a straight line from one side to the other.
fn threshold(first: f64, second: f64) -> (f64, f64) {
    const ADVANTAGE: f64 = 1.10;
    const LEAST: f64 = 1e-6;
    if first >= ADVANTAGE * second {
        (1.0, LEAST)
    } else if second >= ADVANTAGE * first {
        (LEAST, 1.0)
    } else {
        let share = first / (first + second);
        // Rounding alone can pass either end.
        let win = ((share * (ADVANTAGE + 1.0) - 1.0) / (ADVANTAGE - 1.0)).clamp(0.0, 1.0);
        (win, 1.0 - win)
    }
}

/// `coalitions` tells strengths as [`in_pairs`] does.
#[inline(always)]
fn beats_all(model: VictoryModel, coalitions: impl Fn(usize, usize) -> (f64, f64), chance: &mut [f64]) {
    let n = chance.len();
    chance.fill(1.0);
    for i in 0..n {
        for j in 0..i {
            let (first, second) = coalitions(i, j);
            let (win, lose) = victory_chances(model, first, second);
            chance[i] *= win;
            chance[j] *= lose;
        }
    }
    if chance.iter().sum::<f64>() < f64::MIN_POSITIVE {
        by_logarithms(model, coalitions, chance);
    }
    let total: f64 = chance.iter().sum();
    chance.iter_mut().for_each(|p| *p /= total);
}

/// Ours: with many alternatives every product can underflow; their ratios are still known.
#[cold]
fn by_logarithms(model: VictoryModel, coalitions: impl Fn(usize, usize) -> (f64, f64), chance: &mut [f64]) {
    let n = chance.len();
    let victory = victories(model, coalitions, n);
    let logs: Vec<f64> =
        victory.chunks_exact(n).map(|row| row.iter().map(|p| p.max(f64::MIN_POSITIVE).ln()).sum()).collect();
    let largest = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    for (chance, log) in chance.iter_mut().zip(&logs) {
        *chance = (log - largest).exp();
    }
}

fn uniform_challenges(victory: &[f64], chance: &mut [f64]) {
    let n = chance.len();
    stationary(chance, 1e-6, |i, chance| {
        let row = &victory[i * n..][..n];
        let sum: f64 = row.iter().zip(chance).map(|(win, other)| win * (chance[i] + other)).sum();
        sum / n as f64
    });
}

fn incentive_challenges(victory: &[f64], strength: &[f64], chance: &mut [f64]) {
    let n = chance.len();
    // Support for oneself, so that a unanimous favourite is challenged by itself alone.
    const OWN_SUPPORT: f64 = 1e-10;
    let mut challenge = vec![0.0; n * n];
    for j in 0..n {
        let mut total = 0.0;
        for i in 0..n {
            let own = if i == j { OWN_SUPPORT } else { 0.0 };
            challenge[i * n + j] = strength[i * n + j] * victory[i * n + j] + own;
            total += challenge[i * n + j];
        }
        for i in 0..n {
            challenge[i * n + j] /= total;
        }
    }
    stationary(chance, 1e-8, |i, chance| {
        (0..n)
            .map(|j| {
                let contest = chance[i] * challenge[j * n + i] + chance[j] * challenge[i * n + j];
                victory[i * n + j] * contest
            })
            .sum()
    });
}

/// Iterates a Markov election from the even start, half a step at a time, until no probability changes by
/// more than `tolerance`.
fn stationary(chance: &mut [f64], tolerance: f64, next: impl Fn(usize, &[f64]) -> f64) {
    let n = chance.len();
    chance.fill(1.0 / n as f64);
    let mut target = chance.to_vec();
    for _ in 0..MOST_SWEEPS {
        let mut change = 0.0_f64;
        for i in 0..n {
            target[i] = next(i, chance);
            change = change.max((target[i] - chance[i]).abs());
        }
        for (p, q) in chance.iter_mut().zip(&target) {
            *p = (*p + q) / 2.0;
        }
        if change <= tolerance {
            break;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn elected(equilibrium: Equilibrium, model: VictoryModel, strength: &[f64]) -> Vec<f64> {
        let mut chance = vec![0.0; (strength.len() as f64).sqrt() as usize];
        let n = chance.len();
        let victory = victories(model, in_pairs(strength, n), n);
        match equilibrium {
            Equilibrium::Conditional => {
                beats_all(model, in_pairs(strength, n), &mut chance);
            }
            Equilibrium::MarkovUniform => uniform_challenges(&victory, &mut chance),
            Equilibrium::MarkovIncentive => incentive_challenges(&victory, strength, &mut chance),
        }
        chance
    }

    #[test]
    fn votes_follow_their_rules() {
        let votes = |gain| VotingRule::ALL.iter().map(|&rule| vote(rule, 6.0, gain)).collect::<Vec<_>>();
        let close = |a: Vec<f64>, b: [f64; 6]| {
            assert!(a.iter().zip(b).all(|(x, y)| (x - y).abs() < 1e-12), "{a:?}");
        };
        close(votes(0.5), [6.0, 3.6, 3.0, 1.875, 0.75, 2.0]);
        close(votes(-0.5), [-6.0, -3.6, -3.0, -1.875, -0.75, -3.0]);
    }

    #[test]
    fn two_alternatives_win_as_their_coalitions_are_strong() {
        let strength = [1e-8, 3.0, 1.0, 1e-8];
        for &equilibrium in Equilibrium::ALL {
            let found = elected(equilibrium, VictoryModel::Linear, &strength);
            assert!((found[0] - 0.75).abs() < 1e-5, "{equilibrium}: {found:?}");
        }
        let conditional = |model| elected(Equilibrium::Conditional, model, &strength)[0];
        assert!((conditional(VictoryModel::Square) - 0.9).abs() < 1e-12);
        assert!((conditional(VictoryModel::Quartic) - 81.0 / 82.0).abs() < 1e-12);
        assert!((conditional(VictoryModel::Octic) - 6561.0 / 6562.0).abs() < 1e-12);
        assert!((conditional(VictoryModel::Binary) - 1.0 / (1.0 + 1e-6)).abs() < 1e-12);
    }

    #[test]
    fn a_binary_victory_is_straight_within_a_tenth() {
        let win = |first: f64| victory_chances(VictoryModel::Binary, first, 1.0).0;
        assert!((win(1.0) - 0.5).abs() < 1e-12);
        assert!((win(1.0999999) - 1.0).abs() < 1e-5);
        assert!((win(1.0 / 1.0999999) - 0.0).abs() < 1e-5);
    }

    #[test]
    fn a_cycle_of_many_still_has_probabilities() {
        let n = 800;
        let strength: Vec<f64> = (0..n * n)
            .map(|at| {
                let (i, j) = (at / n, at % n);
                if i == j {
                    1e-8
                } else if (j + n - i) % n <= n / 2 {
                    10.0
                } else {
                    1e-6
                }
            })
            .collect();
        let found = elected(Equilibrium::Conditional, VictoryModel::Linear, &strength);
        assert!((found.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    }

    proptest! {
        #[test]
        fn every_election_hands_out_one_whole(
            strength in (2usize..7).prop_flat_map(|n| prop::collection::vec(1e-8..50.0f64, n * n)),
        ) {
            for &equilibrium in Equilibrium::ALL {
                for &model in VictoryModel::ALL {
                    let found = elected(equilibrium, model, &strength);
                    prop_assert!((found.iter().sum::<f64>() - 1.0).abs() < 1e-9, "{} {}", equilibrium, model);
                    prop_assert!(found.iter().all(|p| (0.0..=1.0).contains(p)));
                }
            }
        }

        #[test]
        fn coalitions_gain_from_their_supporters_only(
            utilities in prop::collection::vec(0.0..1.0f64, 12), more in 0.0..1.0f64,
        ) {
            let weights = [1.0, 2.0, 3.0];
            let rule = VotingRule::Proportional;
            let strengths = |utilities: &[f64]| Ballot { rule, weights: &weights, utilities }.coalitions(4);
            let before = strengths(&utilities);
            let mut better = utilities.clone();
            better[0] += more;
            let after = strengths(&better);
            for j in 1..4 {
                prop_assert!(after[j] >= before[j]);
                prop_assert!(after[j * 4] <= before[j * 4]);
            }
        }
    }
}
