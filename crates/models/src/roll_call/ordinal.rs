//! The ordinal probit over rows of votes: probabilities, scores and curvatures, in loops that become vector code.

use super::fast_normal::{FARTHEST, between, cdf_and_density, ln};
use super::votes::Vote;

/// What describes a resolution.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Item {
    /// The cutpoint γ₁ between yes and abstain, and γ₂ between abstain and no.
    pub cuts: [f32; 2],
    /// The slope β.
    pub slope: f32,
}

impl Item {
    /// The probabilities of yes, abstain and no at an ideal point; they sum to 1.
    pub fn probabilities(&self, point: f32) -> [f64; 3] {
        let at = self.slope * point;
        let (low, high) = (held(self.cuts[0] - at), held(self.cuts[1] - at));
        let yes = f64::from(cdf_and_density(low).0);
        let no = f64::from(cdf_and_density(-high).0);
        let abstain = f64::from(between(low, high));
        let sum = yes + abstain + no;
        [yes / sum, abstain / sum, no / sum]
    }
}

/// Holds a distance from a cutpoint within what single precision can do.
#[inline(always)]
pub(super) fn held(distance: f32) -> f32 {
    distance.clamp(-FARTHEST, FARTHEST)
}

/// Which end of a cutpoint a vote lies on.
#[derive(Clone, Copy)]
pub(super) enum Side {
    /// Yes: below γ₁.
    Below,
    /// No: above γ₂.
    Above,
}

impl Side {
    pub fn sign(self) -> f32 {
        match self {
            Side::Below => 1.0,
            Side::Above => -1.0,
        }
    }
}

/// Probabilities of votes on one side of `cut`, with `at` the βθ of each.
pub(super) fn one_sided_masses(side: Side, cut: f32, at: &[f32], mass: &mut [f32]) {
    let sign = side.sign();
    for (mass, at) in mass.iter_mut().zip(at) {
        *mass = cdf_and_density(held(sign * (cut - at))).0;
    }
}

/// Probabilities of abstentions.
pub(super) fn abstention_masses(cuts: [f32; 2], at: &[f32], mass: &mut [f32]) {
    for (mass, at) in mass.iter_mut().zip(at) {
        *mass = between(held(cuts[0] - at), held(cuts[1] - at));
    }
}

/// Σ ln(numerator/denominator).
pub(super) fn log_ratio(numerator: &[f32], denominator: &[f32]) -> f64 {
    let mut lanes = [0.0_f32; LANES];
    let (tops, top) = numerator.as_chunks::<LANES>();
    let (bottoms, bottom) = denominator.as_chunks::<LANES>();
    for (t, b) in tops.iter().zip(bottoms) {
        for (lane, (t, b)) in lanes.iter_mut().zip(t.iter().zip(b)) {
            *lane += ln(t / b);
        }
    }
    let rest: f32 = top.iter().zip(bottom).map(|(t, b)| ln(t / b)).sum();
    f64::from(lanes.iter().sum::<f32>() + rest)
}

/// Σ x y, in fixed order.
pub(super) fn dot(x: &[f32], y: &[f32]) -> f64 {
    let mut lanes = [0.0_f32; LANES];
    let (xs, x) = x.as_chunks::<LANES>();
    let (ys, y) = y.as_chunks::<LANES>();
    for (x, y) in xs.iter().zip(ys) {
        for (lane, (x, y)) in lanes.iter_mut().zip(x.iter().zip(y)) {
            *lane += x * y;
        }
    }
    let rest: f32 = x.iter().zip(y).map(|(x, y)| x * y).sum();
    f64::from(lanes.iter().sum::<f32>() + rest)
}

/// Sums are kept in this many lanes, whatever the machine, so that their rounding is the same everywhere.
const LANES: usize = 8;

/// Derivatives of the log-probability of each vote by its distances from γ₁ and γ₂: once by the first (`score`), twice
/// by the first (`curve`), and the same for the second and mixed where the vote is an abstention.
#[derive(Default)]
pub(super) struct Scores {
    pub score: [Vec<f32>; 2],
    pub curve: [Vec<f32>; 2],
    pub mixed: Vec<f32>,
}

impl Scores {
    /// Makes room for rows of up to this many votes.
    pub fn with_room(votes: usize) -> Scores {
        let row = || vec![0.0; votes];
        Scores { score: [row(), row()], curve: [row(), row()], mixed: row() }
    }

    /// Scores of votes of one kind; `low` and `high` are the distances γ − βθ. Only the sides that bound the vote are
    /// filled.
    pub fn fill(&mut self, vote: Vote, low: &[f32], high: &[f32]) {
        let n = low.len();
        let [first, second] = &mut self.score;
        let [first_curve, second_curve] = &mut self.curve;
        match vote {
            Vote::Yes => one_sided_scores(1.0, low, &mut first[..n], &mut first_curve[..n]),
            Vote::No => one_sided_scores(-1.0, high, &mut second[..n], &mut second_curve[..n]),
            Vote::Abstain => {
                let rows = first[..n].iter_mut().zip(&mut second[..n]);
                let curves =
                    first_curve[..n].iter_mut().zip(&mut second_curve[..n]).zip(&mut self.mixed[..n]);
                for (((s1, s2), ((c1, c2), mixed)), (low, high)) in rows.zip(curves).zip(low.iter().zip(high))
                {
                    let (low, high) = (held(*low), held(*high));
                    let mass = between(low, high);
                    let (d1, d2) = (-cdf_and_density(low).1 / mass, cdf_and_density(high).1 / mass);
                    *s1 = d1;
                    *s2 = d2;
                    *c1 = -d1 * (low + d1);
                    *c2 = -d2 * (high + d2);
                    *mixed = -d1 * d2;
                }
            }
        }
    }
}

/// d ln Φ(s·x)/dx and its derivative.
fn one_sided_scores(sign: f32, distance: &[f32], score: &mut [f32], curve: &mut [f32]) {
    for ((score, curve), distance) in score.iter_mut().zip(curve).zip(distance) {
        let x = held(sign * distance);
        let (mass, density) = cdf_and_density(x);
        let hazard = density / mass;
        *score = sign * hazard;
        *curve = -hazard * (x + hazard);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn probabilities_sum_to_one_and_the_high_end_says_no_where_the_slope_is_positive(
            low in -3.0..2.0f32, gap in 0.0..1.0f32, slope in 0.1..2.0f32, point in -2.5..2.5f32,
        ) {
            let item = Item { cuts: [low, low + gap], slope };
            let here = item.probabilities(point);
            prop_assert!((here.iter().sum::<f64>() - 1.0).abs() < 1e-12);
            let higher = item.probabilities(point + 0.5);
            // Up to the rounding of single precision.
            prop_assert!(higher[0] <= here[0] + 1e-6 && higher[2] >= here[2] - 1e-6);
        }

        #[test]
        fn scores_are_the_slopes_of_the_log_probability(low in -3.0..3.0f64, gap in 0.2..2.0f64) {
            let masses = |low: f64, high: f64| {
                let mut out = [0.0_f32; 3];
                one_sided_masses(Side::Below, low as f32, &[0.0], &mut out[..1]);
                abstention_masses([low as f32, high as f32], &[0.0], &mut out[1..2]);
                one_sided_masses(Side::Above, high as f32, &[0.0], &mut out[2..]);
                out.map(|p| f64::from(p).ln())
            };
            let (high, step) = (low + gap, 0.02);
            let mut scores = Scores::with_room(1);
            for vote in Vote::ALL {
                scores.fill(vote, &[low as f32], &[high as f32]);
                let at = |a: f64, b: f64| masses(low + a * step, high + b * step)[vote as usize];
                if vote != Vote::No {
                    let slope = (at(1.0, 0.0) - at(-1.0, 0.0)) / (2.0 * step);
                    let bend = (at(1.0, 0.0) - 2.0 * at(0.0, 0.0) + at(-1.0, 0.0)) / (step * step);
                    prop_assert!((f64::from(scores.score[0][0]) - slope).abs() < 0.02);
                    prop_assert!((f64::from(scores.curve[0][0]) - bend).abs() < 0.05 + 0.02 * bend.abs());
                }
                if vote != Vote::Yes {
                    let slope = (at(0.0, 1.0) - at(0.0, -1.0)) / (2.0 * step);
                    prop_assert!((f64::from(scores.score[1][0]) - slope).abs() < 0.02);
                }
                if vote == Vote::Abstain {
                    let mixed = (at(1.0, 1.0) - at(1.0, -1.0) - at(-1.0, 1.0) + at(-1.0, -1.0))
                        / (4.0 * step * step);
                    prop_assert!((f64::from(scores.mixed[0]) - mixed).abs() < 0.05 + 0.02 * mixed.abs());
                }
            }
        }
    }
}
