//! What the days of first protest leave of the prior: weighted draws (importance sampling with a defensive mixture,
//! Owen and Zhou 2000, as recalled).
//!
//! Towns that are not seen are not left out of the country: they still begin and are heard, on days nobody knows. So each
//! draw of the parameters comes with a course of events in which they begin by chance, and its weight is the probability
//! of what the seen towns did along that course. The weighted courses are then draws from the distribution of the unseen
//! days given the seen ones (own derivation: the unseen towns are drawn forward from the mechanism itself, so their
//! probability cancels).

use super::prior::Parameter;
use super::{Law, Mechanism, Rates, Towns};
use crate::noise::{Noise, Stream};

const DRAW: Stream = Stream::named("contagion_draw");

/// Share of the draws that come from the prior itself: no set of towns can make their weights run away.
const DEFENSIVE: f64 = 0.3;
/// What the fitted normal is widened by.
const WIDENED: f64 = 1.2;
/// Rounds in which the draws look for their place.
const PILOTS: u64 = 3;

/// Draws of the parameters of one mechanism, to be weighted by the towns that are seen.
#[derive(Debug, Clone)]
pub struct Draws {
    mechanism: Mechanism,
    rates: Vec<Rates>,
    /// Standard normal coordinates, draw by draw.
    z: Vec<f64>,
    /// Log of prior over proposal.
    correction: Vec<f64>,
}

impl Draws {
    /// Makes `count` draws near where all towns together put the parameters. Where the draws lie changes how many are
    /// needed, not what they say: each carries the ratio of prior to proposal.
    #[must_use]
    pub fn new(towns: &Towns, mechanism: Mechanism, count: usize, seed: u64) -> Draws {
        let parameters = mechanism.parameters();
        let everything = vec![true; towns.list().len()];
        let mut first = vec![None; towns.list().len()];
        let mut fitted: Option<Normal> = None;
        for round in 0..PILOTS {
            let noise = Noise::new(seed, round);
            let pilot = Draws::propose(mechanism, count, &noise, fitted.as_ref());
            // The square root of the likelihood is about what half of the towns say: wide enough for any half.
            let half = |(rates, correction): (&Rates, &f64)| {
                let law = Law::new(towns, mechanism, rates);
                correction + 0.5 * law.course(&everything, &noise, 0, &mut first)
            };
            let log: Vec<f64> = pilot.rates.iter().zip(&pilot.correction).map(half).collect();
            fitted = Some(Normal::of(&pilot.z, &normalised(&log), parameters.len()));
        }
        Draws::propose(mechanism, count, &Noise::new(seed, PILOTS), fitted.as_ref())
    }

    /// Draws from the prior, or from a mixture of it and a normal.
    fn propose(mechanism: Mechanism, count: usize, noise: &Noise, fitted: Option<&Normal>) -> Draws {
        let parameters = mechanism.parameters();
        let mut draws = Draws {
            mechanism,
            rates: Vec::with_capacity(count),
            z: Vec::with_capacity(count * parameters.len()),
            correction: Vec::with_capacity(count),
        };
        for draw in 0..count {
            let normal = |p: usize| noise.normal(DRAW, draw as u32, p as u32, 0);
            let mut z: Vec<f64> = (0..parameters.len()).map(normal).collect();
            let mut correction = 0.0;
            if let Some(fitted) = fitted {
                if noise.uniform(DRAW, draw as u32, 0, 1) >= DEFENSIVE {
                    z = fitted.at(&z);
                }
                let prior: f64 = z.iter().map(|z| -0.5 * z * z).sum();
                let ratio = (fitted.log_density(&z) - prior).exp();
                correction = -(DEFENSIVE + (1.0 - DEFENSIVE) * ratio).ln();
            }
            draws.rates.push(Rates::at(parameters, &z));
            draws.z.append(&mut z);
            draws.correction.push(correction);
        }
        draws
    }

    /// The mechanism.
    #[must_use]
    pub fn mechanism(&self) -> Mechanism {
        self.mechanism
    }

    /// What the seen towns say, for each set of them and the chance of the others: the weight of each draw, and of each day
    /// of the towns that are not seen. Several sets at once are quicker than one after the other.
    ///
    /// # Panics
    /// If a set does not have one entry per town.
    #[must_use]
    pub fn posteriors(&self, towns: &Towns, seen: &[(Vec<bool>, Noise)]) -> Vec<Posterior> {
        let laws: Vec<Law<'_>> =
            self.rates.iter().map(|rates| Law::new(towns, self.mechanism, rates)).collect();
        seen.iter().map(|(seen, noise)| self.posterior(towns, &laws, seen, noise)).collect()
    }

    fn posterior(&self, towns: &Towns, laws: &[Law<'_>], seen: &[bool], noise: &Noise) -> Posterior {
        let (count, days) = (towns.list().len(), towns.days());
        let mut first = vec![None; laws.len() * count];
        let courses = first.chunks_exact_mut(count).zip(laws).zip(&self.correction);
        let log: Vec<f64> = courses
            .zip(0u32..)
            .map(|(((first, law), correction), path)| correction + law.course(seen, noise, path, first))
            .collect();
        let weights = normalised(&log);
        let mut shares = vec![vec![0.0; days as usize + 1]; count];
        for (first, weight) in first.chunks_exact(count).zip(&weights) {
            for (shares, day) in shares.iter_mut().zip(first) {
                shares[day.unwrap_or(days) as usize] += weight;
            }
        }
        Posterior { effective: effective_number(&weights), weights, shares }
    }

    /// The values of a parameter below which the shares `p` of the posterior lie; `None` where the mechanism has no such
    /// parameter.
    #[must_use]
    pub fn quantiles(&self, parameter: Parameter, posterior: &Posterior, p: &[f64]) -> Option<Vec<f64>> {
        let parameters = self.mechanism.parameters();
        let at = parameters.iter().position(|other| *other == parameter)?;
        let mut drawn: Vec<(f64, f64)> = posterior
            .weights
            .iter()
            .enumerate()
            .map(|(draw, weight)| (self.z[draw * parameters.len() + at], *weight))
            .collect();
        drawn.sort_by(|a, b| a.0.total_cmp(&b.0));
        let quantile = |p: f64| {
            let mut below = 0.0;
            let found = drawn.iter().find(|(_, weight)| {
                below += weight;
                below >= p
            });
            parameter.value(found.or(drawn.last()).map_or(f64::NAN, |(z, _)| *z))
        };
        Some(p.iter().map(|p| quantile(*p)).collect())
    }
}

/// A normal distribution of several numbers that hang together.
#[derive(Debug, Clone)]
struct Normal {
    mean: Vec<f64>,
    /// Lower triangle of the root of the covariance (Cholesky), row by row, zeros above.
    root: Vec<f64>,
}

impl Normal {
    /// The one with the mean and the covariance of weighted points of `width` numbers each, widened.
    fn of(points: &[f64], weights: &[f64], width: usize) -> Normal {
        let rows = || points.chunks_exact(width).zip(weights);
        let mean: Vec<f64> = (0..width).map(|p| rows().map(|(z, w)| w * z[p]).sum()).collect();
        let covariance = |p: usize, q: usize| -> f64 {
            let sum: f64 = rows().map(|(z, w)| w * (z[p] - mean[p]) * (z[q] - mean[q])).sum();
            WIDENED * WIDENED * (sum + if p == q { NARROWEST } else { 0.0 })
        };
        let mut root = vec![0.0; width * width];
        for p in 0..width {
            for q in 0..=p {
                let before: f64 = (0..q).map(|r| root[p * width + r] * root[q * width + r]).sum();
                let left = covariance(p, q) - before;
                root[p * width + q] =
                    if p == q { left.max(NARROWEST).sqrt() } else { left / root[q * width + q] };
            }
        }
        Normal { mean, root }
    }

    /// The point at independent standard normal numbers.
    fn at(&self, z: &[f64]) -> Vec<f64> {
        let rows = self.mean.iter().zip(self.root.chunks_exact(self.mean.len()));
        rows.map(|(mean, row)| mean + row.iter().zip(z).map(|(r, z)| r * z).sum::<f64>()).collect()
    }

    /// The log of the density at a point, but for the constant that a standard normal has as well.
    fn log_density(&self, point: &[f64]) -> f64 {
        let width = self.mean.len();
        let mut z = vec![0.0; width];
        let mut log = 0.0;
        for p in 0..width {
            let row = &self.root[p * width..][..width];
            let before: f64 = row.iter().zip(&z).take(p).map(|(r, z)| r * z).sum();
            z[p] = (point[p] - self.mean[p] - before) / row[p];
            log -= 0.5 * z[p] * z[p] + row[p].ln();
        }
        log
    }
}

/// Variance added to the fitted normal, in prior standard deviations: it never shrinks to a point.
const NARROWEST: f64 = 1e-3;

/// What the seen towns say.
#[derive(Debug, Clone)]
pub struct Posterior {
    /// One weight per draw, adding up to one.
    pub weights: Vec<f64>,
    /// For each town the probability of a first protest on each day, and of none as the last entry; for a seen town its
    /// own day.
    pub shares: Vec<Vec<f64>>,
    /// How many draws of equal weight the weighted ones are worth.
    pub effective: f64,
}

/// How many draws of equal weight weighted ones are worth (Kong 1992): 1 over the sum of squares.
fn effective_number(weights: &[f64]) -> f64 {
    1.0 / weights.iter().map(|weight| weight * weight).sum::<f64>()
}

/// Weights that add up to one, from their logarithms.
fn normalised(log: &[f64]) -> Vec<f64> {
    let largest = log.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let weights: Vec<f64> = log.iter().map(|l| (l - largest).exp()).collect();
    let sum: f64 = weights.iter().sum();
    weights.into_iter().map(|weight| weight / sum).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::Town;
    use super::*;
    use crate::contagion::{Site, Spread};

    /// Sixty towns along a road; their days are a course of events under given rates.
    fn road(mechanism: Mechanism, rates: &Rates, days: usize) -> Towns {
        let town = |k: u32| Town {
            key: k,
            site: Site {
                latitude_deg: 45.0,
                longitude_deg: 50.0 + 0.5 * f64::from(k),
                population: 1e5 * (1.0 + f64::from(k * 7 % 11)),
            },
            shock: 1.0,
            first: None,
        };
        let blank = Towns::new((0..60).map(town).collect(), vec![1.0; days]).unwrap();
        let mut first = [None; 60];
        Law::new(&blank, mechanism, rates).course(&[false; 60], &Noise::new(5, 0), 0, &mut first);
        let dated = blank.list().iter().zip(first).map(|(town, first)| Town { first, ..*town });
        Towns::new(dated.collect(), vec![1.0; days]).unwrap()
    }

    const NEAR: Rates = Rates {
        shock: 0.01,
        growth: 0.0,
        size: 0.5,
        contagion: 0.4,
        spread: Spread { scale_km: 60.0, exponent: 1.6, media_share: 0.1 },
    };

    #[test]
    fn the_truth_lies_within_what_the_days_leave_of_the_prior() {
        let towns = road(Mechanism::Contagion, &NEAR, 30);
        let draws = Draws::new(&towns, Mechanism::Contagion, 4000, 1);
        let posterior = &draws.posteriors(&towns, &[(vec![true; 60], Noise::new(1, 2))])[0];
        assert!(posterior.effective > 200.0, "{}", posterior.effective);
        for (parameter, truth) in [
            (Parameter::Shock, NEAR.shock),
            (Parameter::Size, NEAR.size),
            (Parameter::Contagion, NEAR.contagion),
            (Parameter::Exponent, NEAR.spread.exponent),
        ] {
            let found = draws.quantiles(parameter, posterior, &[0.02, 0.98]).unwrap();
            assert!(found[0] < truth && truth < found[1], "{parameter:?}: {truth} not in {found:?}");
        }
    }

    #[test]
    fn seeing_nothing_leaves_the_prior() {
        let towns = road(Mechanism::Contagion, &NEAR, 30);
        let draws = Draws::new(&towns, Mechanism::Contagion, 8000, 1);
        let posterior = &draws.posteriors(&towns, &[(vec![false; 60], Noise::new(1, 2))])[0];
        let found = draws.quantiles(Parameter::ScaleKm, posterior, &[0.05, 0.5, 0.95]).unwrap();
        for (found, expected) in found.iter().zip([-1.645, 0.0, 1.645]) {
            let expected = Parameter::ScaleKm.value(expected);
            assert!((found / expected).ln().abs() < 0.15, "{found} is far from {expected}");
        }
        assert_eq!(draws.quantiles(Parameter::Growth, posterior, &[0.5]), None);
    }

    #[test]
    fn under_a_shock_alone_the_days_are_geometric() {
        let rates = Rates { shock: 0.2, contagion: 0.0, size: 0.0, ..NEAR };
        let towns = road(Mechanism::CommonShock, &rates, 9);
        let law = Law::new(&towns, Mechanism::CommonShock, &rates);
        let found = law.course(&[true; 60], &Noise::new(1, 0), 0, &mut [None; 60]);
        let of = |town: &Town| match town.first {
            Some(day) => -0.2 * f64::from(day) + (1.0 - (-0.2_f64).exp()).ln(),
            None => -0.2 * 9.0,
        };
        assert!((found - towns.list().iter().map(of).sum::<f64>()).abs() < 1e-9);
        assert!(towns.list().iter().any(|town| town.first.is_none()));
    }

    #[test]
    fn courses_with_some_towns_unknown_average_to_the_likelihood_of_the_others() {
        // Three towns, two days, the middle one unknown: summed over its three possible days by hand.
        let town = |k: u32, first| Town {
            key: k,
            site: Site { latitude_deg: 45.0, longitude_deg: 50.0 + f64::from(k), population: 1e5 },
            shock: 1.0,
            first,
        };
        let rates = Rates { shock: 0.3, ..NEAR };
        let noise = Noise::new(3, 0);
        let with = |middle| {
            Towns::new(vec![town(0, Some(0)), town(1, middle), town(2, Some(1))], vec![1.0; 2]).unwrap()
        };
        let likelihood = |towns: &Towns, known: [bool; 3], paths: u32| -> f64 {
            let law = Law::new(towns, Mechanism::Distance, &rates);
            let one = |path| law.course(&known, &noise, path, &mut [None; 3]).exp();
            (0..paths).map(one).sum::<f64>() / f64::from(paths)
        };
        let whole: f64 =
            [Some(0), Some(1), None].map(|middle| likelihood(&with(middle), [true; 3], 1)).iter().sum();
        let mean = likelihood(&with(None), [true, false, true], 40_000);
        assert!((mean / whole - 1.0).abs() < 0.01, "{mean} is not {whole}");
    }
}
