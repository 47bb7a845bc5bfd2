//! What estimation gives: ideal points with their uncertainty, resolutions, and how well they fit.

use rayon::prelude::*;

use super::chamber::{Chamber, Classes};
use super::fast::{refit, single};
use super::ordinal::Item;
use super::votes::Vote;

/// What describes a resolution (and its repeats): P(yes) = Φ(γ₁ − βθ), P(yes or abstain) = Φ(γ₂ − βθ).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Resolution {
    /// γ₁ and γ₂, within ±7. Where nobody voted yes (or no) the cutpoint on that side is not informed by votes.
    pub cutpoints: [f64; 2],
    /// β: positive where the high end says no.
    pub slope: f64,
}

impl Resolution {
    /// Probabilities of yes, abstain and no at an ideal point.
    #[must_use]
    pub fn probabilities(&self, ideal_point: f64) -> [f64; 3] {
        let cuts = self.cutpoints.map(|cut| cut as f32);
        Item { cuts, slope: self.slope as f32 }.probabilities(ideal_point as f32)
    }
}

/// How well the estimates describe the votes they were made from.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Fit {
    /// Number of votes compared.
    pub votes: usize,
    /// Number of roll calls they were cast on.
    pub roll_calls: usize,
    /// Share of votes that are the likeliest of the three by the model.
    pub accuracy: f64,
    /// Aggregate proportional reduction in error: by how much fewer votes are missed than by taking each roll call's most
    /// frequent vote for all (Poole and Rosenthal 1997).
    pub apre: f64,
    /// Share of votes that are the most frequent of their roll call.
    pub modal: f64,
    /// Geometric mean of the probabilities of the votes cast.
    pub mean_probability: f64,
}

/// What estimation gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Estimate {
    /// Mean of the ideal point of each of the chamber's seats.
    pub means: Vec<f64>,
    /// Standard deviation of each.
    pub sds: Vec<f64>,
    /// The resolutions; which belongs to which roll call says [`Chamber::resolution_of`].
    pub resolutions: Vec<Resolution>,
    /// Rounds it took: iterations of the sampler, or sweeps.
    pub rounds: usize,
    /// Whether the deterministic estimator came to rest; the sampler never does, and says `true`.
    pub converged: bool,
}

/// Roll calls with a smaller share of votes outside the most frequent class are lopsided: they say little about where
/// states stand, and measures of fit are usually given without them (Poole and Rosenthal 1997).
const LOPSIDED: f64 = 0.025;

impl Chamber {
    /// Index of the resolution of a roll call of the votes given, unless the roll call was left out.
    #[must_use]
    pub fn resolution_of(&self, roll_call: usize) -> Option<usize> {
        self.item_of_roll_call.get(roll_call).copied().flatten().map(|item| item as usize)
    }

    /// How well ideal points describe the votes: on roll calls with at least 2.5 % outside the most frequent class if
    /// `contested` is set (all zero where there are none), else on all divided ones.
    ///
    /// So that estimates of any origin compare, each roll call's cutpoints and slope are fitted anew to the means of the
    /// ideal points, by ordinal probit, repeats apart.
    #[must_use]
    pub fn fit(&self, estimate: &Estimate, contested: bool) -> Fit {
        let points = single(&estimate.means);
        let roll_calls = self.item_of_roll_call.len();
        let mut seats: Vec<[Vec<u32>; 3]> = vec![Default::default(); roll_calls];
        for item in &self.items {
            for vote in Vote::ALL {
                for at in item.of(vote) {
                    seats[self.roll_call_of[at] as usize][vote as usize].push(self.seat_of[at]);
                }
            }
        }
        let described: Vec<([usize; 3], usize, f64)> = seats
            .par_iter()
            .zip(&self.item_of_roll_call)
            .map(|(seats, item)| match item {
                Some(item) => describe(seats, estimate.resolutions[*item as usize], &points),
                None => ([0; 3], 0, 0.0),
            })
            .collect();
        let (mut votes, mut roll_calls, mut right, mut modal, mut log) = (0, 0, 0, 0, 0.0);
        for (tally, hits, logs) in described {
            let cast: usize = tally.iter().sum();
            let most = tally.iter().copied().max().unwrap_or(0);
            if cast > 0 && !(contested && ((cast - most) as f64) < LOPSIDED * cast as f64) {
                votes += cast;
                roll_calls += 1;
                right += hits;
                modal += most;
                log += logs;
            }
        }
        if votes == 0 {
            return Fit::default();
        }
        let missed = (votes - modal) as f64;
        Fit {
            votes,
            roll_calls,
            accuracy: right as f64 / votes as f64,
            apre: (right as f64 - modal as f64) / missed,
            modal: modal as f64 / votes as f64,
            mean_probability: (log / votes as f64).exp(),
        }
    }
}

/// Refits a roll call: its tally, the votes that are the likeliest, and the sum of the logarithms of all probabilities.
fn describe(seats: &[Vec<u32>; 3], start: Resolution, points: &[f32]) -> ([usize; 3], usize, f64) {
    let tally = [seats[0].len(), seats[1].len(), seats[2].len()];
    let votes = Classes { start: 0, abstain: tally[0], no: tally[0] + tally[1], end: tally.iter().sum() };
    let start = Item { cuts: start.cutpoints.map(|cut| cut as f32), slope: start.slope as f32 };
    let item = refit(votes, &seats.concat(), points, start);
    let (mut hits, mut log) = (0, 0.0);
    for vote in Vote::ALL {
        for seat in &seats[vote as usize] {
            let odds = item.probabilities(points[*seat as usize]);
            hits += usize::from(likeliest(&odds) == vote);
            log += odds[vote as usize].max(f64::MIN_POSITIVE).ln();
        }
    }
    (tally, hits, log)
}

/// The vote of the greatest probability; of equals the first.
pub(super) fn likeliest(odds: &[f64; 3]) -> Vote {
    let most = odds.iter().fold(f64::MIN, |most, p| most.max(*p));
    Vote::ALL.into_iter().find(|vote| odds[*vote as usize] >= most).unwrap_or(Vote::Yes)
}
