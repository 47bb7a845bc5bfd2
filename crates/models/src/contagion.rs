//! Unrest spreading between cities: people join where unrest elsewhere is near or seen, and give up in time.
//!
//! The several-site epidemic model of Bonnasse-Gahot, Berestycki, Depuiset, Gordon, Roche, Rodriguez and
//! Nadal 2018 (Scientific Reports 8:107, doi 10.1038/s41598-017-18093-4, arXiv 1701.07479), with the
//! structure recalled and not read line by line, and no fitted number taken over:
//!
//! ```text
//! dλₖ/dt = −ω λₖ + σₖ Ψ(Λₖ)     dσₖ/dt = −σₖ Ψ(Λₖ)     Λₖ = λₖ + Σ_{j≠k} Wₖⱼ λⱼ
//! ```
//!
//! with λ active, σ susceptible, and those who gave up not returning. Ours: the day step (everyone draws
//! on the state of the morning, with the exact probabilities 1 − e^−Ψ and 1 − e^−ω of one day), and the
//! media term of the [`Kernel`] (after the finding of Myers 2000, doi 10.1086/303110, that mass-media
//! networks carry diffusion).
//!
//! One day is: [`Kernel::exposure`] once, then per city [`Response::hazard`] and [`step`]. A trigger common
//! to all cities, such as a price rise, is added to the exposure by the caller. That unrest is contagious
//! at all is only shown if the fit beats [`Kernel::uncoupled`]: [`onset`] fits the days of first protest and holds
//! contagion against its nulls.

mod day;
mod kernel;
pub mod onset;

pub use day::{Counts, DayFlow, ExpectedCounts, Response, expected_step, joining_probability, step};
pub use kernel::{Kernel, Site, Spread, distances_km, great_circle_km};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::noise::{Noise, Stream};

    const SPREAD: Spread = Spread { scale_km: 36.0, exponent: 0.8, media_share: 0.3 };
    const UNREST: Stream = Stream::named("unrest");

    fn cities() -> Vec<Site> {
        [(43.3, 52.9, 110e3), (43.6, 51.2, 190e3), (47.1, 51.9, 350e3), (43.2, 76.9, 2e6)]
            .map(|(latitude_deg, longitude_deg, population)| Site { latitude_deg, longitude_deg, population })
            .to_vec()
    }

    fn kernel_of(sites: &[Site]) -> Kernel {
        let populations: Vec<f64> = sites.iter().map(|s| s.population).collect();
        Kernel::new(&distances_km(sites), &populations, &SPREAD)
    }

    fn start(sites: &[Site]) -> Vec<ExpectedCounts> {
        sites
            .iter()
            .map(|s| ExpectedCounts {
                susceptible: 0.002 * s.population,
                active: if s.population < 150e3 { 60.0 } else { 0.0 },
                withdrawn: 0.0,
            })
            .collect()
    }

    fn mean_days(kernel: &Kernel, counts: &mut [ExpectedCounts], days: u32) {
        let response = Response::Linear { beta: 4e-4 };
        let mut exposure = vec![0.0; counts.len()];
        for _ in 0..days {
            let active: Vec<f64> = counts.iter().map(|c| c.active).collect();
            kernel.exposure(&active, 1.0, &mut exposure);
            for (city, seen) in counts.iter_mut().zip(&exposure) {
                expected_step(city, response.hazard(*seen), 0.3);
            }
        }
    }

    #[test]
    fn renumbering_the_cities_renumbers_the_result() {
        let sites = cities();
        let order = [2, 0, 3, 1];
        let moved: Vec<Site> = order.iter().map(|&i| sites[i]).collect();
        let (mut plain, mut renumbered) = (start(&sites), start(&moved));
        mean_days(&kernel_of(&sites), &mut plain, 40);
        mean_days(&kernel_of(&moved), &mut renumbered, 40);
        for (here, &there) in renumbered.iter().zip(&order) {
            assert!((here.active - plain[there].active).abs() < 1e-9);
            assert!((here.susceptible - plain[there].susceptible).abs() < 1e-9);
        }
    }

    #[test]
    fn without_coupling_each_city_is_alone() {
        let sites = cities();
        let mut together = start(&sites);
        mean_days(&Kernel::uncoupled(sites.len()), &mut together, 30);
        for (city, alone) in together.iter().zip(start(&sites)) {
            let mut alone = [alone];
            mean_days(&Kernel::uncoupled(1), &mut alone, 30);
            assert_eq!(*city, alone[0]);
        }
        assert_eq!(together[3].active, 0.0, "unrest reached a city nothing leads to");
        let mut coupled = start(&sites);
        mean_days(&kernel_of(&sites), &mut coupled, 30);
        assert!(coupled[3].active > 1.0);
    }

    #[test]
    fn an_isolated_city_below_its_threshold_dies_out() {
        let response = Response::Saturating { eta: 0.6, gamma: 1.2, threshold: 50.0 };
        let kernel = Kernel::uncoupled(1);
        for history in 0..50 {
            let noise = Noise::new(1, history);
            let mut city = Counts { susceptible: 10_000, active: 49, withdrawn: 0 };
            let mut exposure = [0.0];
            for day in 0..120 {
                kernel.exposure(&[city.active as f64], 1.0, &mut exposure);
                step(&mut city, response.hazard(exposure[0]), 0.4, &noise, UNREST, 1, day);
            }
            let quiet = Counts { susceptible: 10_000, active: 0, withdrawn: 49 };
            assert_eq!(city, quiet);
        }
    }

    #[test]
    fn a_subcritical_city_withdraws_more_than_join() {
        // β σ / ω < 1: an outbreak of the mean field shrinks from the first day.
        let mut city = [ExpectedCounts { susceptible: 189.0, active: 5.0, withdrawn: 0.0 }];
        let kernel = Kernel::uncoupled(1);
        let mut exposure = [0.0];
        let mut last = city[0].active;
        for _ in 0..200 {
            kernel.exposure(&[city[0].active], 1.0, &mut exposure);
            let hazard = Response::Linear { beta: 1e-3 }.hazard(exposure[0]);
            expected_step(&mut city[0], hazard, 0.41);
            assert!(city[0].active < last);
            last = city[0].active;
        }
        assert!(last < 1e-3);
    }
}
