//! Draws of a place on a day, and how many an event of a daily rate befalls.

use equipoise_models::noise::{Chance, binomial_quantile};

/// Draws of one place on one day, in a fixed order.
#[derive(Clone, Copy)]
pub(super) enum Draw {
    Joining,
    Outbreak,
    Radicalised,
    Seized,
    Recaptured,
    KilledCivilians,
    KilledOfficers,
    Injured,
    ArrestedViolent,
    ArrestedPeaceful,
    Found,
    LeavingPeaceful,
    LeavingViolent,
}

/// How many kinds of draws there are.
const DRAWS: usize = Draw::LeavingViolent as usize + 1;

/// The daily rate last met by each draw that keeps to one, and the chance it comes to.
#[derive(Debug, Clone)]
pub(crate) struct Rates([(f64, Chance); DRAWS]);

impl Default for Rates {
    fn default() -> Rates {
        Rates([(0.0, Chance::new(0.0)); DRAWS])
    }
}

impl Rates {
    pub(super) fn chance(&mut self, draw: Draw, rate: f64) -> Chance {
        let (last, chance) = &mut self.0[draw as usize];
        if *last != rate {
            (*last, *chance) = (rate, Chance::new(happens(rate)));
        }
        *chance
    }
}

/// How many of `n` an event of this daily rate befalls at a uniform number.
pub(super) fn count(u: f64, n: u64, rate: f64) -> u64 {
    if rate <= 0.0 || is_certainly_none(u, n, rate) { 0 } else { binomial_quantile(u, n, happens(rate)) }
}

/// Whether `u` already says that none of `n` is befallen at this rate: the probability of none is at least `1 − n·rate`.
pub(super) fn is_certainly_none(u: f64, n: u64, rate: f64) -> bool {
    u <= 1.0 - n as f64 * rate
}

/// The probability that an event of this daily rate happens within the day.
fn happens(rate: f64) -> f64 {
    -(-rate).exp_m1()
}
