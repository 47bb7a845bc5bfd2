//! A country of cities: civil violence (Epstein 2002) in each, on a grid or a field of its own, and contagion between them.
//!
//! On one grid of a whole country the outbursts average away; in a country of cities they do not. Each city has the rules
//! and densities of [`civil_violence`](crate::civil_violence) and a size of its own. What is heard of unrest elsewhere
//! lowers legitimacy (the coupling is ours, with the kernel of [`contagion`](crate::contagion)):
//!
//! ```text
//! Lₖ(t) = L(t) − c·( 1 − exp(−Λₖ/h) )      Λₖ = Σ_{j≠k} Wₖⱼ·Aⱼ
//! ```
//!
//! with Aⱼ the actives of city j on the tick before, in persons. Three fidelities stand behind one interface: one agent per
//! citizen, one per k citizens, and the [mean field](crate::civil_violence::MeanField). Where they agree and where they do
//! not is a matter of what is asked: see the tests here and the page on contagion; [`judge`] tells it for one outcome of one
//! country from pilot runs.

mod pilot;

pub use pilot::{Outcome, Verdict, judge};

use rayon::prelude::*;

use crate::civil_violence::{
    Course, Crowd, CrowdError, Headcount, MeanField, Rules, Setting, SettingError, Society, Tick,
};
use crate::contagion::{Kernel, Response, Site, Spread, distances_km};

/// A city.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct City {
    /// Key of its random numbers ([`entity`](crate::noise::entity) of its id).
    pub key: u32,
    /// Where it is and how many live there.
    pub site: Site,
    /// Citizens per site of its grid, above 0 and at most 1.
    pub density: f64,
}

/// How closely cities are followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fidelity {
    /// One agent per citizen.
    Citizens,
    /// One agent for so many citizens, on grids smaller by as much; counts are multiplied.
    Sampled(u32),
    /// Expectations of the same rules, with the chance of the city's size.
    MeanField,
}

/// How unrest elsewhere lowers legitimacy.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Coupling {
    /// Distance and media.
    pub spread: Spread,
    /// The most legitimacy that is lost, c, 0 to 1.
    pub strength: f64,
    /// Actives heard of at which 63 % of it is lost, h, persons.
    pub persons: f64,
}

/// What makes a country impossible.
#[derive(Debug, Clone, PartialEq)]
pub enum CitiesError {
    /// There is no city.
    None,
    /// The setting does not work for a city.
    City {
        /// The city, from 0.
        city: usize,
        /// Why.
        error: SettingError,
    },
    /// Its grid would be smaller than what one agent sees.
    TooSmall {
        /// The city, from 0.
        city: usize,
        /// Agents it would have.
        agents: f64,
        /// Agents it needs.
        needed: f64,
    },
}

impl std::fmt::Display for CitiesError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            CitiesError::None => f.write_str("there is no city"),
            CitiesError::City { error, .. } => error.fmt(f),
            CitiesError::TooSmall { agents, needed, .. } => write!(
                f,
                "its grid would hold {agents:.0} agents, fewer than the {needed:.0} that fill one agent's sight"
            ),
        }
    }
}

impl std::error::Error for CitiesError {}

/// A running country.
#[derive(Debug, Clone)]
pub struct Cities {
    bodies: Vec<Body>,
    setting: Setting,
    kernel: Kernel,
    coupling: Coupling,
    tick: u32,
    active: Vec<f64>,
    heard: Vec<f64>,
    counts: Vec<Headcount>,
}

#[derive(Debug, Clone)]
enum Body {
    /// A grid too small for a crowd, or with rules that only a society has.
    Small {
        society: Box<Society>,
        each: u64,
    },
    Large {
        crowd: Box<Crowd>,
        each: u64,
    },
    Field(Box<MeanField>),
}

impl Cities {
    /// Sets up a country. `setting` gives rules' numbers for every city; its width, height and density of citizens give
    /// way to each city's own.
    ///
    /// # Errors
    /// There is no city, or one has an impossible setting or too few agents.
    pub fn new(
        rules: Rules,
        setting: Setting,
        cities: &[City],
        coupling: Coupling,
        fidelity: Fidelity,
        seed: u64,
    ) -> Result<Cities, CitiesError> {
        if cities.is_empty() {
            return Err(CitiesError::None);
        }
        let body = |(at, city): (usize, &City)| {
            let own = setting_of(&setting, city, fidelity);
            let wrong = |error| CitiesError::City { city: at, error };
            let (agents, needed) = (own.citizen_density * (own.width * own.height) as f64, least(&own));
            if agents < needed {
                return Err(CitiesError::TooSmall { city: at, agents, needed });
            }
            // Another multiplier per city: keys alone differ in few bits.
            let seed = seed ^ (u64::from(city.key) + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            Ok(match fidelity {
                Fidelity::MeanField => {
                    Body::Field(Box::new(MeanField::new(rules, own, seed).map_err(wrong)?))
                }
                Fidelity::Citizens | Fidelity::Sampled(_) => {
                    grid(rules, own, seed, each(fidelity)).map_err(wrong)?
                }
            })
        };
        let bodies: Result<Vec<Body>, CitiesError> = cities.par_iter().enumerate().map(body).collect();
        let sites: Vec<Site> = cities.iter().map(|city| city.site).collect();
        let populations: Vec<f64> = sites.iter().map(|site| site.population).collect();
        Ok(Cities {
            bodies: bodies?,
            setting,
            kernel: Kernel::new(&distances_km(&sites), &populations, &coupling.spread),
            coupling,
            tick: 0,
            active: vec![0.0; cities.len()],
            heard: vec![0.0; cities.len()],
            counts: vec![Headcount::default(); cities.len()],
        })
    }

    /// Bytes a country takes, about: what an agent takes, times agents.
    #[must_use]
    pub fn bytes(rules: &Rules, setting: &Setting, cities: &[City], fidelity: Fidelity) -> f64 {
        match fidelity {
            Fidelity::MeanField => 1e6 * cities.len() as f64,
            _ => cities.iter().map(|city| Crowd::bytes(rules, &setting_of(setting, city, fidelity))).sum(),
        }
    }

    /// One tick of all cities, in parallel on the caller's threads; the same on any number of them. `shock` is how far
    /// legitimacy is lowered everywhere today, `media_access` how much of the media part of what is heard comes through.
    /// Counts are in persons.
    pub fn tick(&mut self, shock: f64, media_access: f64) -> &[Headcount] {
        self.tick += 1;
        self.kernel.exposure(&self.active, media_access, &mut self.heard);
        let base = self.setting.legitimacy_course.at(self.tick, self.setting.legitimacy) - shock;
        let gamma = 1.0 / self.coupling.persons;
        let response = Response::Saturating { eta: self.coupling.strength, gamma, threshold: 0.0 };
        let work =
            self.bodies.par_iter_mut().zip(&mut self.counts).zip(self.heard.par_iter().zip(&self.active));
        work.for_each(|((body, count), (heard, own))| {
            // What stirs in the city itself is in its grid already.
            let legitimacy = (base - response.hazard(heard - own)).clamp(0.0, 1.0);
            *count = body.tick(legitimacy);
        });
        for (active, count) in self.active.iter_mut().zip(&self.counts) {
            *active = count.active as f64;
        }
        &self.counts
    }

    /// Agents or, in a mean field, citizens: what a tick stands for.
    #[must_use]
    pub fn agents(&self) -> u64 {
        let of = |body: &Body| match body {
            Body::Small { society, .. } => society.agents() as u64,
            Body::Large { crowd, .. } => crowd.agents() as u64,
            Body::Field(field) => field.citizens(),
        };
        self.bodies.iter().map(of).sum()
    }
}

impl Body {
    fn tick(&mut self, legitimacy: f64) -> Headcount {
        match self {
            Body::Field(field) => field.tick_under(legitimacy),
            Body::Small { society, each } => {
                let tick = society.tick_under(legitimacy);
                counted(&tick, society.arrests(), *each)
            }
            Body::Large { crowd, each } => {
                let tick = crowd.tick_under(legitimacy);
                counted(&tick, crowd.arrests(), *each)
            }
        }
    }
}

/// A grid of agents: a crowd where there can be one, since it is a hundred times as quick.
fn grid(rules: Rules, setting: Setting, seed: u64, each: u64) -> Result<Body, SettingError> {
    // A course that never comes: legitimacy is told tick by tick.
    let told =
        Setting { legitimacy_course: Course::Jump { at: u32::MAX, to: setting.legitimacy }, ..setting };
    match Crowd::new(rules, told, seed) {
        Ok(crowd) => Ok(Body::Large { crowd: Box::new(crowd), each }),
        Err(CrowdError::Setting(error)) => Err(error),
        Err(_) => {
            Society::new(rules, told, seed).map(|society| Body::Small { society: Box::new(society), each })
        }
    }
}

/// Counts of agents as persons.
fn counted(tick: &Tick, arrested: u32, each: u64) -> Headcount {
    let persons = |agents: u32| u64::from(agents) * each;
    Headcount {
        active: persons(tick.active),
        jailed: persons(tick.jailed),
        quiet: persons(tick.quiet),
        arrested: persons(arrested),
    }
}

/// How many citizens one agent stands for.
fn each(fidelity: Fidelity) -> u64 {
    match fidelity {
        Fidelity::Sampled(each) => u64::from(each.max(1)),
        Fidelity::Citizens | Fidelity::MeanField => 1,
    }
}

/// The setting of one city: a square with as many sites as its citizens take up at its density.
fn setting_of(setting: &Setting, city: &City, fidelity: Fidelity) -> Setting {
    let agents = city.site.population / each(fidelity) as f64;
    let side = (agents / city.density).sqrt().ceil().max(1.0);
    Setting {
        width: side as usize,
        height: side as usize,
        // The last row is filled in part: the number of citizens is kept, not the density to the last digit.
        citizen_density: agents / (side * side),
        ..*setting
    }
}

/// The fewest agents of a city: as many as stand where one of them can see.
fn least(setting: &Setting) -> f64 {
    let across = 2.0 * setting.citizen_vision.max(setting.cop_vision).floor() + 1.0;
    setting.citizen_density * across * across
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const NEAR: Coupling = Coupling {
        spread: Spread { scale_km: 100.0, exponent: 1.0, media_share: 0.5 },
        strength: 0.15,
        persons: 200.0,
    };

    fn cities(populations: &[f64]) -> Vec<City> {
        let of = |(at, &population): (usize, &f64)| City {
            key: at as u32,
            site: Site { latitude_deg: 45.0, longitude_deg: 50.0 + at as f64, population },
            density: 0.7,
        };
        populations.iter().enumerate().map(of).collect()
    }

    fn setting(legitimacy: f64) -> Setting {
        Setting { legitimacy, ..Setting::published(2, false).unwrap() }
    }

    fn run(country: &mut Cities, ticks: usize) -> Vec<Vec<Headcount>> {
        (0..ticks).map(|_| country.tick(0.0, 1.0).to_vec()).collect()
    }

    fn country(populations: &[f64], legitimacy: f64, coupling: Coupling, fidelity: Fidelity) -> Cities {
        let rules = Rules::BROOKINGS_2001;
        Cities::new(rules, setting(legitimacy), &cities(populations), coupling, fidelity, 3).unwrap()
    }

    /// Mean shares of actives and jailed over some ticks, of all citizens.
    fn shares(series: &[Vec<Headcount>], population: f64) -> (f64, f64) {
        let n = series.len() as f64 * population;
        let sum = |of: &dyn Fn(&Headcount) -> u64| series.iter().flatten().map(of).sum::<u64>() as f64 / n;
        (sum(&|count| count.active), sum(&|count| count.jailed))
    }

    #[test]
    fn without_coupling_a_city_does_not_know_of_the_others() {
        let alone = Coupling { strength: 0.0, ..NEAR };
        for fidelity in [Fidelity::Citizens, Fidelity::MeanField] {
            let both = run(&mut country(&[3000.0, 5000.0], 0.8, alone, fidelity), 25);
            let one = run(&mut country(&[3000.0], 0.8, alone, fidelity), 25);
            for (both, one) in both.iter().zip(&one) {
                assert_eq!(both[0], one[0]);
            }
        }
    }

    #[test]
    fn unrest_heard_of_makes_more_unrest() {
        let sizes = [4000.0, 3000.0, 3000.0];
        let active = |coupling| {
            let series = run(&mut country(&sizes, 0.83, coupling, Fidelity::Citizens), 60);
            shares(&series, 10_000.0).0
        };
        assert!(active(NEAR) > 1.3 * active(Coupling { strength: 0.0, ..NEAR }));
    }

    #[test]
    fn the_number_of_threads_changes_nothing() {
        for fidelity in [Fidelity::Citizens, Fidelity::Sampled(2), Fidelity::MeanField] {
            let on = |threads| {
                let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
                pool.install(|| run(&mut country(&[3000.0, 2000.0, 4000.0], 0.8, NEAR, fidelity), 20))
            };
            assert_eq!(on(1), on(3));
        }
    }

    /// Where they agree: nothing happens, and how a great shock opens.
    #[test]
    fn fidelities_agree_that_nothing_happens_and_on_how_a_great_shock_opens() {
        let sizes = [40_000.0, 20_000.0];
        let all = [Fidelity::Citizens, Fidelity::Sampled(4), Fidelity::MeanField];
        for fidelity in all {
            let calm = run(&mut country(&sizes, 0.9, NEAR, fidelity), 15);
            assert_eq!(shares(&calm, 60_000.0), (0.0, 0.0), "{fidelity:?}");
        }
        let opening = all.map(|fidelity| {
            let series = run(&mut country(&sizes, 0.5, NEAR, fidelity), 4);
            shares(&series[1..], 60_000.0)
        });
        for (active, jailed) in opening {
            assert!((active / opening[0].0 - 1.0).abs() < 0.05, "{opening:?}");
            assert!((jailed / opening[0].1 - 1.0).abs() < 0.05, "{opening:?}");
        }
    }

    /// Where they do not: what lasts is made of clusters, and a mean field has none.
    #[test]
    fn a_sample_simmers_as_the_whole_does_and_a_mean_field_does_not() {
        let alone = Coupling { strength: 0.0, ..NEAR };
        let lasting = |fidelity| {
            let series = run(&mut country(&[40_000.0], 0.7, alone, fidelity), 120);
            shares(&series[60..], 40_000.0)
        };
        let (whole, sample, field) =
            (lasting(Fidelity::Citizens), lasting(Fidelity::Sampled(4)), lasting(Fidelity::MeanField));
        assert!((sample.0 / whole.0 - 1.0).abs() < 0.15, "{whole:?} {sample:?}");
        assert!((sample.1 / whole.1 - 1.0).abs() < 0.05, "{whole:?} {sample:?}");
        assert!(field.0 < 0.1 * whole.0 && field.1 < 0.5 * whole.1, "{whole:?} {field:?}");
    }

    #[test]
    fn a_city_smaller_than_what_an_agent_sees_is_an_error() {
        let of = |population, fidelity| {
            Cities::new(Rules::BROOKINGS_2001, setting(0.8), &cities(&[population]), NEAR, fidelity, 1).err()
        };
        assert!(matches!(of(100.0, Fidelity::Citizens), Some(CitiesError::TooSmall { city: 0, .. })));
        assert!(matches!(of(5000.0, Fidelity::Sampled(100)), Some(CitiesError::TooSmall { .. })));
        assert_eq!(of(5000.0, Fidelity::Sampled(10)), None);
        let none = Cities::new(Rules::BROOKINGS_2001, setting(0.8), &[], NEAR, Fidelity::MeanField, 1);
        assert_eq!(none.err(), Some(CitiesError::None));
    }
}
