//! An ordered logit with three classes (McCullagh 1980, recalled): P(yes) = Λ(c₁ + x·b), P(yes or abstain) = Λ(c₂ + x·b).

use super::votes::Vote;

/// What is known of one vote, and the vote.
#[derive(Clone, Debug)]
pub(super) struct Row<const N: usize> {
    pub known: [f64; N],
    pub vote: Vote,
}

/// A fitted model.
#[derive(Clone, Debug)]
pub(super) struct OrderedLogit<const N: usize> {
    /// c₁, and the logarithm of c₂ − c₁.
    cuts: [f64; 2],
    weights: [f64; N],
}

/// Precision of the normal prior of each weight: as weak as one vote.
const PENALTY: f64 = 1.0;
/// Steps of at most this size, and at most so many.
const LONGEST_STEP: f64 = 1.0;
const STEPS: usize = 200;

impl<const N: usize> OrderedLogit<N> {
    /// The mode of the penalised likelihood, by Fisher scoring; without rows, all three votes about alike likely.
    pub fn fit(rows: &[Row<N>]) -> OrderedLogit<N> {
        let mut model = OrderedLogit { cuts: [0.0, 0.0], weights: [0.0; N] };
        for _ in 0..STEPS {
            let step = model.step(rows);
            let longest = step.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
            let length = if longest > LONGEST_STEP { LONGEST_STEP / longest } else { 1.0 };
            for (own, step) in model.cuts.iter_mut().chain(&mut model.weights).zip(&step) {
                *own += length * step;
            }
            if longest < 1e-7 {
                break;
            }
        }
        model
    }

    pub fn probabilities(&self, known: &[f64; N]) -> [f64; 3] {
        let at: f64 = known.iter().zip(&self.weights).map(|(x, w)| x * w).sum();
        let low = logistic(self.cuts[0] + at);
        let high = logistic(self.cuts[0] + self.cuts[1].exp() + at);
        [low, (high - low).max(1e-12), 1.0 - high]
    }

    /// Step of Fisher's scoring: the information's inverse times the score.
    fn step(&self, rows: &[Row<N>]) -> Vec<f64> {
        let size = N + 2;
        let gap = self.cuts[1].exp();
        let mut score = vec![0.0; size];
        let mut information = vec![vec![0.0; size]; size];
        for row in rows {
            let odds = self.probabilities(&row.known);
            let (low, high) = (odds[0], 1.0 - odds[2]);
            // Derivatives of the two distribution functions by the parameters.
            let (slope_low, slope_high) = (low * (1.0 - low), high * odds[2]);
            let mut by_low = vec![slope_low; size];
            let mut by_high = vec![slope_high; size];
            by_low[1] = 0.0;
            by_high[1] = slope_high * gap;
            for ((low, high), known) in by_low[2..].iter_mut().zip(&mut by_high[2..]).zip(&row.known) {
                *low *= known;
                *high *= known;
            }
            let by_class = |class: usize, k: usize| match class {
                0 => by_low[k],
                1 => by_high[k] - by_low[k],
                _ => -by_high[k],
            };
            for i in 0..size {
                score[i] += by_class(row.vote as usize, i) / odds[row.vote as usize].max(1e-12);
                for (j, entry) in information[i].iter_mut().enumerate().take(i + 1) {
                    *entry += (0..3)
                        .map(|class| by_class(class, i) * by_class(class, j) / odds[class].max(1e-12))
                        .sum::<f64>();
                }
            }
        }
        for (k, own) in self.cuts.iter().chain(&self.weights).enumerate() {
            information[k][k] += PENALTY;
            score[k] -= PENALTY * own;
        }
        solve(information, score)
    }
}

/// Solves a positive definite system given by its lower triangle, by Cholesky's method.
fn solve(mut matrix: Vec<Vec<f64>>, mut right: Vec<f64>) -> Vec<f64> {
    let n = right.len();
    for i in 0..n {
        for j in 0..=i {
            let before: f64 = (0..j).map(|k| matrix[i][k] * matrix[j][k]).sum();
            let entry = matrix[i][j] - before;
            matrix[i][j] = if i == j { entry.max(1e-12).sqrt() } else { entry / matrix[j][j] };
        }
        let before: f64 = (0..i).map(|k| matrix[i][k] * right[k]).sum();
        right[i] = (right[i] - before) / matrix[i][i];
    }
    for i in (0..n).rev() {
        let after: f64 = (i + 1..n).map(|k| matrix[k][i] * right[k]).sum();
        right[i] = (right[i] - after) / matrix[i][i];
    }
    right
}

fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weights_behind_simulated_votes_are_found() {
        let truth = OrderedLogit { cuts: [0.5, 0.2], weights: [1.5, -0.7] };
        let noise = crate::noise::Noise::new(3, 0);
        let stream = crate::noise::Stream::named("test");
        let rows: Vec<Row<2>> = (0..20_000)
            .map(|i| {
                let known = [noise.normal(stream, 1, i, 0), noise.normal(stream, 2, i, 0)];
                let odds = truth.probabilities(&known);
                let u = noise.uniform(stream, 3, i, 0);
                let vote = if u < odds[0] {
                    Vote::Yes
                } else if u < odds[0] + odds[1] {
                    Vote::Abstain
                } else {
                    Vote::No
                };
                Row { known, vote }
            })
            .collect();
        let found = OrderedLogit::fit(&rows);
        for (found, truth) in
            found.weights.iter().chain(&found.cuts).zip(truth.weights.iter().chain(&truth.cuts))
        {
            assert!((found - truth).abs() < 0.07, "{found} for {truth}");
        }
    }
}
