//! One city's day: who joins, who withdraws, by chance or on average.

use crate::noise::{Noise, Stream};

/// How exposure to unrest, Λ in persons, turns into the hazard of joining, Ψ per susceptible person and day.
///
/// Both forms are those of Bonnasse-Gahot and others 2018 (recalled).
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Response {
    /// Ψ = β·Λ.
    Linear {
        /// Hazard per active person and day.
        beta: f64,
    },
    /// Ψ = η·(1 − exp(−γ·(Λ − Λ_c))) above the threshold Λ_c, and 0 below.
    Saturating {
        /// The largest hazard η, per day.
        eta: f64,
        /// How fast it is reached, γ per active person.
        gamma: f64,
        /// The exposure Λ_c below which nobody joins, persons.
        threshold: f64,
    },
}

impl Response {
    /// Ψ(Λ), per day; never below 0.
    #[must_use]
    pub fn hazard(&self, exposure: f64) -> f64 {
        let hazard = match *self {
            Response::Linear { beta } => beta * exposure,
            Response::Saturating { eta, gamma, threshold } => {
                eta * -(-gamma * (exposure - threshold).max(0.0)).exp_m1()
            }
        };
        hazard.max(0.0)
    }
}

/// The probability of joining within a day at hazard `psi`: 1 − e^−Ψ. A hazard below 0 or NaN counts as 0.
#[must_use]
pub fn joining_probability(psi: f64) -> f64 {
    -(-psi.max(0.0)).exp_m1()
}

/// The persons of one city who could take part, do, or did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Would join if exposed enough (σ).
    pub susceptible: u64,
    /// In the streets (λ).
    pub active: u64,
    /// Gave up and do not return.
    pub withdrawn: u64,
}

/// Who moved on one day, in persons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayFlow {
    /// From susceptible to active.
    pub joined: u64,
    /// From active to withdrawn.
    pub withdrew: u64,
}

/// One day of one city by chance: each susceptible person joins with probability 1 − e^−`psi`, each person
/// active in the morning withdraws with probability 1 − e^−`omega` (hazards per day).
///
/// Takes draws 0 (joining) and 1 (withdrawing) of (stream, entity, day). Persons are conserved.
pub fn step(
    counts: &mut Counts,
    psi: f64,
    omega: f64,
    noise: &Noise,
    stream: Stream,
    entity: u32,
    day: u32,
) -> DayFlow {
    // The exponentials cost as much as the draws: none for a city without anyone to move.
    let moving = |persons: u64, hazard: f64, draw: u32| {
        if persons == 0 || hazard <= 0.0 {
            return 0;
        }
        noise.binomial(stream, entity, day, draw, persons, joining_probability(hazard))
    };
    let joined = moving(counts.susceptible, psi, 0);
    let withdrew = moving(counts.active, omega, 1);
    counts.susceptible -= joined;
    counts.active = counts.active - withdrew + joined;
    counts.withdrawn += withdrew;
    DayFlow { joined, withdrew }
}

/// The mean of [`Counts`], in persons that need not be whole.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ExpectedCounts {
    /// Would join if exposed enough (σ).
    pub susceptible: f64,
    /// In the streets (λ).
    pub active: f64,
    /// Gave up and do not return.
    pub withdrawn: f64,
}

impl From<Counts> for ExpectedCounts {
    fn from(counts: Counts) -> ExpectedCounts {
        ExpectedCounts {
            susceptible: counts.susceptible as f64,
            active: counts.active as f64,
            withdrawn: counts.withdrawn as f64,
        }
    }
}

/// The mean of [`step`] from the same morning, at the same hazards.
pub fn expected_step(counts: &mut ExpectedCounts, psi: f64, omega: f64) {
    let joined = counts.susceptible * joining_probability(psi);
    let withdrew = counts.active * joining_probability(omega);
    counts.susceptible -= joined;
    counts.active += joined - withdrew;
    counts.withdrawn += withdrew;
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const UNREST: Stream = Stream::named("unrest");

    #[test]
    fn responses_have_their_published_shape() {
        assert_eq!(Response::Linear { beta: 2e-3 }.hazard(100.0), 0.2);
        let saturating = Response::Saturating { eta: 0.6, gamma: 0.1, threshold: 20.0 };
        assert_eq!(saturating.hazard(20.0), 0.0);
        assert!((saturating.hazard(30.0) - 0.6 * (1.0 - (-1.0_f64).exp())).abs() < 1e-15);
        assert!((saturating.hazard(1e9) - 0.6).abs() < 1e-15);
        assert_eq!(joining_probability(f64::NAN), 0.0);
        assert_eq!(joining_probability(f64::INFINITY), 1.0);
    }

    #[test]
    fn the_mean_of_many_days_is_the_expected_day() {
        for (susceptible, active, psi, omega) in
            [(40, 7, 0.1, 0.4), (5000, 300, 0.01, 0.3), (200_000, 9000, 0.4, 1.5)]
        {
            let morning = Counts { susceptible, active, withdrawn: 3 };
            let mut expected = ExpectedCounts::from(morning);
            expected_step(&mut expected, psi, omega);
            let days = 20_000;
            let (mut joined, mut withdrew) = (0.0, 0.0);
            for day in 0..days {
                let flow = step(&mut morning.clone(), psi, omega, &Noise::new(2, 9), UNREST, 4, day);
                joined += flow.joined as f64 / f64::from(days);
                withdrew += flow.withdrew as f64 / f64::from(days);
            }
            let within = |found: f64, trials: u64, hazard: f64| {
                let p = joining_probability(hazard);
                let error = (trials as f64 * p * (1.0 - p) / f64::from(days)).sqrt();
                assert!((found - trials as f64 * p).abs() < 4.0 * error);
            };
            within(joined, susceptible, psi);
            within(withdrew, active, omega);
            let left = susceptible as f64 - joined;
            assert!((left - expected.susceptible).abs() < 0.01 * susceptible as f64);
        }
    }

    proptest! {
        #[test]
        fn persons_are_conserved_and_never_negative(
            susceptible in 0u64..500_000, active in 0u64..500_000, withdrawn in 0u64..1000,
            psi in -1.0..5.0f64, omega in 0.0..5.0f64, history: u64,
        ) {
            let mut counts = Counts { susceptible, active, withdrawn };
            let mut expected = ExpectedCounts::from(counts);
            let flow = step(&mut counts, psi, omega, &Noise::new(1, history), UNREST, 1, 0);
            prop_assert!(flow.joined <= susceptible && flow.withdrew <= active);
            let everyone = susceptible + active + withdrawn;
            prop_assert_eq!(counts.susceptible + counts.active + counts.withdrawn, everyone);
            expected_step(&mut expected, psi, omega);
            let total = expected.susceptible + expected.active + expected.withdrawn;
            prop_assert!((total - everyone as f64).abs() < 1e-6);
            prop_assert!(expected.susceptible >= 0.0 && expected.active >= 0.0);
        }

        #[test]
        fn more_exposure_never_means_fewer_who_join(
            exposure in 0.0..5000.0f64, more in 0.0..5000.0f64, history: u64, saturates: bool,
        ) {
            let response = if saturates {
                Response::Saturating { eta: 0.6, gamma: 1e-3, threshold: 100.0 }
            } else {
                Response::Linear { beta: 2e-4 }
            };
            let joined = |exposure| {
                let mut counts = Counts { susceptible: 4000, active: 10, withdrawn: 0 };
                let noise = Noise::new(1, history);
                step(&mut counts, response.hazard(exposure), 0.3, &noise, UNREST, 1, 0).joined
            };
            prop_assert!(joined(exposure) <= joined(exposure + more));
        }
    }
}
