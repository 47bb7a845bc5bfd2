//! The day of first protest in each town, as a risk that answers to what is heard of the towns before it.
//!
//! Own construction, in the manner of event-history diffusion models (Myers 2000, doi 10.1086/303110) and with the
//! distances and media of the [`Kernel`]. Town k, in which nobody has protested before day t, begins on day t with
//! probability 1 − e^(−hₖ(t)):
//!
//! ```text
//! hₖ(t) = (Nₖ/N̄)^γ · ( a·wₖ·e^(r·t) + b·Λₖ(t) )
//! ```
//!
//! Nₖ is the population and N̄ the mean one, wₖ how hard the common shock hits the town (1 unless told otherwise), t
//! counts days since the shock, and Λₖ(t) is what is heard of the towns that began on an earlier day. The
//! [`Mechanism`]s differ in Λ and in r, and in nothing else.

mod fit;
mod prior;

pub use fit::{Draws, Posterior};
pub use prior::Parameter;

use super::kernel::{Kernel, Site, Spread, distances_km};
use crate::noise::{Noise, Stream};

const ONSET: Stream = Stream::named("contagion_onset");

/// A town, and the day of its first protest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Town {
    /// Key of its random numbers ([`entity`](crate::noise::entity) of its id).
    pub key: u32,
    /// Where it is and how many live there; the population is above 0.
    pub site: Site,
    /// How hard the common shock hits it, w; 0 or more.
    pub shock: f64,
    /// Day of the first protest, from 0 on the day of the shock; `None` if there was none within the window.
    pub first: Option<u32>,
}

/// What a town hears of the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mechanism {
    /// Nothing: Λ = 0, r = 0. One shock for all, and chance.
    CommonShock,
    /// Nothing, but the shock grows or fades: Λ = 0, r is free. Tells a calendar from a contagion.
    GrowingShock,
    /// Who is near: Λₖ = Σⱼ (1 + dₖⱼ/d₀)^−δ, all towns equally loud; r = 0.
    Distance,
    /// Who is near, who is large, and what media show while networks are open: Λₖ = Σⱼ Wₖⱼ·Nⱼ/N̄ with W of the
    /// [`Kernel`]; r = 0.
    Contagion,
}

impl Mechanism {
    /// All of them, with their names.
    pub const NAMED: [(&str, Mechanism); 4] = [
        ("contagion", Mechanism::Contagion),
        ("distance", Mechanism::Distance),
        ("common-shock", Mechanism::CommonShock),
        ("growing-shock", Mechanism::GrowingShock),
    ];

    /// The parameters it has.
    #[must_use]
    pub fn parameters(self) -> &'static [Parameter] {
        use Parameter::{Contagion, Exponent, Growth, MediaShare, ScaleKm, Shock, Size};
        match self {
            Mechanism::CommonShock => &[Shock, Size],
            Mechanism::GrowingShock => &[Shock, Size, Growth],
            Mechanism::Distance => &[Shock, Size, Contagion, ScaleKm, Exponent],
            Mechanism::Contagion => &[Shock, Size, Contagion, ScaleKm, Exponent, MediaShare],
        }
    }
}

/// Values of the parameters; those a mechanism does not have are without effect.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rates {
    /// Risk from the shock alone, a, per day in a town of mean size and shock 1.
    pub shock: f64,
    /// How fast it grows, r, per day.
    pub growth: f64,
    /// Exponent of a town's own size, γ.
    pub size: f64,
    /// Risk per day from one town of mean size next door, b.
    pub contagion: f64,
    /// Distance and media.
    pub spread: Spread,
}

/// Towns and the days they were watched.
#[derive(Debug, Clone)]
pub struct Towns {
    towns: Vec<Town>,
    /// Access to media on each day, 0 to 1.
    access: Vec<f64>,
    distances_km: Vec<f64>,
    populations: Vec<f64>,
    mean_population: f64,
}

impl Towns {
    /// Towns watched from day 0 (that of the shock) on, one day for each entry of `media_access` (0 to 1).
    ///
    /// # Errors
    /// There is no day, no town or no population, a first protest lies outside the days, a weight is below 0, or a
    /// number is not finite.
    pub fn new(towns: Vec<Town>, media_access: Vec<f64>) -> Result<Towns, OnsetError> {
        let days = media_access.len() as u32;
        if days == 0 {
            return Err(OnsetError::NoDay);
        }
        if towns.is_empty() {
            return Err(OnsetError::NoTown);
        }
        for (at, town) in towns.iter().enumerate() {
            let usable = |x: f64| x.is_finite();
            let site = &town.site;
            if !(usable(site.population) && site.population > 0.0) {
                return Err(OnsetError::Population { town: at });
            }
            if !(usable(site.latitude_deg) && usable(site.longitude_deg)) {
                return Err(OnsetError::Place { town: at });
            }
            if !(usable(town.shock) && town.shock >= 0.0) {
                return Err(OnsetError::Shock { town: at });
            }
            if town.first.is_some_and(|day| day >= days) {
                return Err(OnsetError::Outside { town: at });
            }
        }
        let sites: Vec<Site> = towns.iter().map(|town| town.site).collect();
        let populations: Vec<f64> = sites.iter().map(|site| site.population).collect();
        Ok(Towns {
            access: media_access.into_iter().map(|share| share.clamp(0.0, 1.0)).collect(),
            distances_km: distances_km(&sites),
            mean_population: populations.iter().sum::<f64>() / populations.len() as f64,
            populations,
            towns,
        })
    }

    /// The towns.
    #[must_use]
    pub fn list(&self) -> &[Town] {
        &self.towns
    }

    /// Number of days watched.
    #[must_use]
    pub fn days(&self) -> u32 {
        self.access.len() as u32
    }
}

/// The risks of all towns under one mechanism and one set of rates, ready to be asked day by day.
#[derive(Debug, Clone)]
pub struct Law<'a> {
    towns: &'a Towns,
    mechanism: Mechanism,
    rates: Rates,
    kernel: Kernel,
    size: Vec<f64>,
    loudness: Vec<f64>,
}

impl<'a> Law<'a> {
    /// The risks of `towns` at `rates`.
    #[must_use]
    pub fn new(towns: &'a Towns, mechanism: Mechanism, rates: &Rates) -> Law<'a> {
        let populations = &towns.populations;
        let relative = populations.iter().map(|population| population / towns.mean_population);
        let equal = vec![1.0; populations.len()];
        let (kernel, loudness) = match mechanism {
            // Nothing is heard, so no kernel is needed.
            Mechanism::CommonShock | Mechanism::GrowingShock => (Kernel::uncoupled(0), Vec::new()),
            Mechanism::Distance => {
                let spread = Spread { media_share: 0.0, ..rates.spread };
                (Kernel::new(&towns.distances_km, &equal, &spread), equal)
            }
            Mechanism::Contagion => {
                (Kernel::new(&towns.distances_km, populations, &rates.spread), relative.clone().collect())
            }
        };
        let size = relative.map(|relative| relative.powf(rates.size)).collect();
        Law { towns, mechanism, rates: *rates, kernel, size, loudness }
    }

    /// One course of events: towns in `known` begin when they did, the others by chance. Writes the day of each town and
    /// returns the log of the probability of what the known towns did, given what came before. With all towns known that
    /// is the log-likelihood of the table; its exponential averaged over courses is the likelihood of the known towns.
    ///
    /// # Panics
    /// If `known` or `first` does not have one entry per town.
    pub fn course(&self, known: &[bool], noise: &Noise, path: u32, first: &mut [Option<u32>]) -> f64 {
        let mut room = Room::new(known.len());
        first.fill(None);
        (0..self.towns.days()).map(|day| self.day(day, known, noise, path, first, &mut room)).sum()
    }

    /// One day of a course: who begins today, given who began before.
    fn day(
        &self,
        day: u32,
        known: &[bool],
        noise: &Noise,
        path: u32,
        first: &mut [Option<u32>],
        room: &mut Room,
    ) -> f64 {
        assert_eq!(known.len(), self.towns.towns.len(), "one entry per town");
        assert_eq!(first.len(), known.len(), "one day per town");
        self.listen(first, self.towns.access[day as usize], room);
        let calendar = match self.mechanism {
            Mechanism::GrowingShock => (self.rates.growth * f64::from(day)).exp(),
            _ => 1.0,
        };
        let mut log = 0.0;
        for (k, town) in self.towns.towns.iter().enumerate() {
            if first[k].is_some() {
                continue;
            }
            let shock = self.rates.shock * town.shock * calendar;
            let risk = (self.size[k] * (shock + self.rates.contagion * room.heard[k])).min(LARGEST_RISK);
            let begins = if known[k] {
                let begins = town.first == Some(day);
                log += if begins { (-(-risk).exp_m1()).max(f64::MIN_POSITIVE).ln() } else { -risk };
                begins
            } else {
                noise.uniform(ONSET, town.key, path, day) > (-risk).exp()
            };
            if begins {
                first[k] = Some(day);
            }
        }
        log
    }

    /// What each town hears this morning of those that have begun.
    fn listen(&self, first: &[Option<u32>], access: f64, room: &mut Room) {
        if self.loudness.is_empty() {
            return;
        }
        for ((active, loudness), first) in room.active.iter_mut().zip(&self.loudness).zip(first) {
            *active = if first.is_some() { *loudness } else { 0.0 };
        }
        self.kernel.exposure(&room.active, access, &mut room.heard);
    }
}

/// Room to work in.
struct Room {
    active: Vec<f64>,
    heard: Vec<f64>,
}

impl Room {
    fn new(towns: usize) -> Room {
        Room { active: vec![0.0; towns], heard: vec![0.0; towns] }
    }
}

/// A day at this risk is certain to rounding; it keeps a wild draw of growth from becoming infinite.
const LARGEST_RISK: f64 = 1e3;

/// What makes a table of towns unusable; towns are counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnsetError {
    /// No day is watched.
    NoDay,
    /// There is no town.
    NoTown,
    /// Its population is not a finite number above 0.
    Population {
        /// The town.
        town: usize,
    },
    /// Its coordinates are no numbers.
    Place {
        /// The town.
        town: usize,
    },
    /// Its weight of the shock is not a finite number of 0 or more.
    Shock {
        /// The town.
        town: usize,
    },
    /// It begins outside the days watched.
    Outside {
        /// The town.
        town: usize,
    },
}

impl std::fmt::Display for OnsetError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            OnsetError::NoDay => f.write_str("no day is watched"),
            OnsetError::NoTown => f.write_str("there is no town"),
            OnsetError::Population { town } => write!(f, "town {town}: the population is not above 0"),
            OnsetError::Place { town } => write!(f, "town {town}: the coordinates are no numbers"),
            OnsetError::Shock { town } => write!(f, "town {town}: the weight of the shock is below 0"),
            OnsetError::Outside { town } => write!(f, "town {town}: it begins outside the days watched"),
        }
    }
}

impl std::error::Error for OnsetError {}
