//! A society at the scale of a country: the same rules as [`Society`](super::Society), made for tens of millions of agents.
//!
//! **What is the same.** Activation is asynchronous: within a tick every free agent is activated once, in random order, and
//! meets the world as the one before it left it. No decision is skipped: everybody moves, looks and decides. Only the
//! jailed, who can do nothing until their term ends, are kept in lists and not touched.
//!
//! **What is different.** The torus is worked on in tiles of some two hundred sites a side, and the order is random within a
//! tile, not over the whole torus. Tiles lie anew every tick, so no place is at a border twice; those worked on at the same
//! time are too far apart to see or touch each other, so results do not depend on the number of threads. Within a tile the
//! agents of one place of a square of 16 × 16 take their turn together, one after the other, and turns are in random order:
//! among agents less than sixteen rows and columns apart every order is as likely as any other.
//!
//! **How it is fast.** A citizen is one byte. With legitimacy that stays, hardship and risk aversion matter only through
//! the class of a citizen: at how many cops per active it stops being active. A class decides by one look into a table. How
//! many cops and actives are in sight of each site is kept up to date: few agents are cops or active, so changing 149
//! counts when one of those moves is less work than counting 149 sites whenever anybody decides. Quiet citizens of one turn
//! who walk do so at once, by vectors. A tile is copied into a window that stays in the cache of its thread.

mod draws;
mod lanes;
mod occupant;
mod pass;
mod steps;
mod stretch;
mod tiling;
mod torus;
mod turns;
mod window;

use std::fmt;

use super::lattice::Neighbourhood;
use super::rules::{Activation, Jail, Rules};
use super::setting::{Course, Setting, SettingError};
use super::society::Tick;
use tiling::Tiling;
use torus::Torus;

/// Most sites in sight, the own one included: counts are bytes.
const MOST_SEEN: usize = 253;

/// Farthest vision, in sites: what a cross of that length sees still leaves room for a tile in its window.
const FARTHEST: f64 = 16.0;

/// A running society of many.
#[derive(Debug, Clone)]
pub struct Crowd {
    kind: Kind,
}

/// Citizens of one byte, or of four where their tempers are needed.
#[derive(Debug, Clone)]
enum Kind {
    Narrow(Torus<()>),
    Wide(Torus<[u8; 3]>),
}

impl Crowd {
    /// Sets up a society: agents on random sites, everybody quiet, hardship and risk aversion uniform on (0, 1).
    ///
    /// The whole ratios are exact. The exact ratio ([`Ratio::Exact`](super::Ratio)), a legitimacy that changes and an arrest
    /// constant below 1.2 need four bytes a citizen and put hardship and risk aversion on a grid of 1/4096.
    ///
    /// # Errors
    /// The setting is impossible, or asks for what only [`Society`](super::Society) does: two groups, a changing number of
    /// cops, the jailed kept on their sites, citizens that act before they move, a small torus, a very wide vision.
    pub fn new(rules: Rules, setting: Setting, seed: u64) -> Result<Crowd, CrowdError> {
        Crowd::tiled(rules, setting, seed, Tiling::default())
    }

    fn tiled(rules: Rules, setting: Setting, seed: u64, tiling: Tiling) -> Result<Crowd, CrowdError> {
        Crowd::check(&rules, &setting)?;
        let kind = if occupant::needs_temper(&rules, &setting) {
            Kind::Wide(Torus::new(rules, setting, seed, tiling))
        } else {
            Kind::Narrow(Torus::new(rules, setting, seed, tiling))
        };
        Ok(Crowd { kind })
    }

    /// Says what keeps a society from being run as a crowd.
    ///
    /// # Errors
    /// The first reason found, as for [`Crowd::new`].
    pub fn check(rules: &Rules, setting: &Setting) -> Result<(), CrowdError> {
        setting.check().map_err(CrowdError::Setting)?;
        let only = |what| Err(CrowdError::OnlySociety { what });
        if setting.groups.is_some() {
            return only("two groups");
        }
        if setting.cop_course != Course::Constant {
            return only("a changing number of cops");
        }
        if rules.jail != Jail::Away {
            return only("keeping the jailed on their sites");
        }
        if rules.citizen != Activation::MoveThenAct {
            return only("citizens that act before they move");
        }
        for vision in [setting.citizen_vision, setting.cop_vision] {
            let sites = Neighbourhood::new(rules.sight, vision.min(64.0), false).sites.len() + 1;
            if sites > MOST_SEEN {
                return Err(CrowdError::SeesTooMuch { sites, most: MOST_SEEN });
            }
        }
        if setting.citizen_vision.max(setting.cop_vision) > FARTHEST {
            return only("seeing farther than sixteen sites");
        }
        let least = Tiling::least_side(&pass::Manner::new(*rules, *setting));
        let side = setting.width.min(setting.height);
        if side < least {
            return Err(CrowdError::TooSmall { side, least });
        }
        if setting.width > usize::from(u16::MAX) {
            return Err(CrowdError::Setting(SettingError::TooLarge { bytes: Crowd::bytes(rules, setting) }));
        }
        Ok(())
    }

    /// One tick: every agent is activated once. Works in the caller's rayon pool; the result is the same on any.
    pub fn tick(&mut self) -> Tick {
        match &mut self.kind {
            Kind::Narrow(torus) => torus.tick(),
            Kind::Wide(torus) => torus.tick(),
        }
    }

    /// One tick under a legitimacy (0 to 1) that comes from outside. Only a crowd whose setting has a course of legitimacy
    /// keeps what that takes; under a constant one the legitimacy of the setting stays.
    pub fn tick_under(&mut self, legitimacy: f64) -> Tick {
        match &mut self.kind {
            Kind::Narrow(torus) => torus.tick_under(legitimacy),
            Kind::Wide(torus) => torus.tick_under(legitimacy),
        }
    }

    /// Agents: what a tick activates, the jailed among them.
    #[must_use]
    pub fn agents(&self) -> usize {
        match &self.kind {
            Kind::Narrow(torus) => torus.agents(),
            Kind::Wide(torus) => torus.agents(),
        }
    }

    /// Arrests of the last tick.
    #[must_use]
    pub fn arrests(&self) -> u32 {
        match &self.kind {
            Kind::Narrow(torus) => torus.last.arrests as u32,
            Kind::Wide(torus) => torus.last.arrests as u32,
        }
    }

    /// Citizens whom the last tick asked whether to be active and who could have been: the rest were never going to be
    /// (their grievance is below the threshold without any cop), or in jail.
    #[must_use]
    pub fn deciders(&self) -> u64 {
        match &self.kind {
            Kind::Narrow(torus) => torus.last.decided,
            Kind::Wide(torus) => torus.last.decided,
        }
    }

    /// What stands on each site, row by row: 0 nobody free, 1 a quiet citizen, 2 an active one, 3 a cop.
    #[must_use]
    pub fn picture(&self) -> Vec<u8> {
        match &self.kind {
            Kind::Narrow(torus) => torus.picture(),
            Kind::Wide(torus) => torus.picture(),
        }
    }

    /// Bytes a crowd of this setting takes, about, with a quarter of its citizens in jail.
    #[must_use]
    pub fn bytes(rules: &Rules, setting: &Setting) -> f64 {
        let site = if occupant::needs_temper(rules, setting) { 6.0 } else { 3.0 };
        let sites = setting.width as f64 * setting.height as f64;
        // A place in jail takes twelve bytes; lists grow by doubling.
        sites * (site + setting.citizen_density * 0.25 * 12.0 * 1.5) + 8e6
    }
}

/// Why a society cannot be run as a crowd.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum CrowdError {
    /// It cannot be set up at all.
    Setting(SettingError),
    /// It asks for what only the plain engine does.
    OnlySociety {
        /// What that is.
        what: &'static str,
    },
    /// The shorter side of the torus is too short for tiles that do not touch each other.
    TooSmall {
        /// Sites along it.
        side: usize,
        /// Sites that would do.
        least: usize,
    },
    /// An agent would see more sites than can be counted in a byte.
    SeesTooMuch {
        /// Sites it would see.
        sites: usize,
        /// Sites that would do.
        most: usize,
    },
}

impl fmt::Display for CrowdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CrowdError::Setting(error) => error.fmt(f),
            CrowdError::OnlySociety { what } => {
                write!(f, "{what}: only the plain engine does that, not the one for crowds")
            }
            CrowdError::TooSmall { side, least } => write!(
                f,
                "the engine for crowds needs at least {least} sites along the shorter side; found {side} (the plain \
                 engine takes any)"
            ),
            CrowdError::SeesTooMuch { sites, most } => write!(
                f,
                "the engine for crowds counts at most {most} sites in sight; this vision has {sites} (the plain engine \
                 takes any)"
            ),
        }
    }
}

impl std::error::Error for CrowdError {}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::rules::Ratio;
    use super::super::{Society, outbursts};
    use super::*;

    const JUMP: Rules = Rules { ratio: Ratio::Floor, ..Rules::PNAS_2002 };
    const CROSS: Rules = Rules { sight: super::super::rules::Sight::Cross, ..JUMP };
    const SIDE: usize = 120;
    /// A published torus is a ninth of ours.
    const DISTRICT: usize = 40;

    fn run_2(side: usize) -> Setting {
        Setting { width: side, height: side, ..Setting::published(2, false).unwrap() }
    }

    /// What both engines must agree on: means over seeds with their standard errors.
    #[derive(Debug)]
    struct Physics {
        active: (f64, f64),
        jailed: (f64, f64),
        /// Outbursts (more than 50 active) in a district of 40 × 40.
        outbursts: (f64, f64),
        wait: (f64, f64),
        activation: (f64, f64),
    }

    fn physics(seeds: u64, mut society: impl FnMut(u64) -> Box<dyn FnMut() -> (Tick, Vec<u8>)>) -> Physics {
        let mut figures: [Vec<f64>; 5] = Default::default();
        for seed in 1..=seeds {
            let mut tick = society(seed);
            let mut districts = vec![Vec::new(); 9];
            let (mut active, mut jailed) = (0.0, 0.0);
            for at in 0..500 {
                let (seen, picture) = tick();
                if at < 100 {
                    continue;
                }
                active += f64::from(seen.active) / 400.0;
                jailed += f64::from(seen.jailed) / 400.0;
                let mut counts = [0u32; 9];
                for (site, what) in picture.iter().enumerate() {
                    let (x, y) = (site % SIDE / DISTRICT, site / SIDE / DISTRICT);
                    counts[y * 3 + x] += u32::from(*what == 2);
                }
                for (series, count) in districts.iter_mut().zip(counts) {
                    series.push(count);
                }
            }
            let found: Vec<_> = districts.iter().flat_map(|series| outbursts(series, 50)).collect();
            let mean = |values: Vec<f64>| values.iter().sum::<f64>() / values.len() as f64;
            figures[0].push(active);
            figures[1].push(jailed);
            figures[2].push(found.len() as f64);
            figures[3].push(mean(found.iter().filter_map(|one| one.wait).map(f64::from).collect()));
            figures[4].push(mean(found.iter().map(|one| one.activation as f64).collect()));
        }
        let [active, jailed, outbursts, wait, activation] = figures.map(|values| {
            let n = values.len() as f64;
            let mean = values.iter().sum::<f64>() / n;
            let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0);
            (mean, (variance / n).sqrt())
        });
        Physics { active, jailed, outbursts, wait, activation }
    }

    /// What the plain engine gives for seeds 1 to 12 (`plain_figures`): it takes a minute, the one for crowds seconds.
    const PLAIN_JUMP: Physics = Physics {
        active: (246.966, 2.347),
        jailed: (2488.172, 15.284),
        outbursts: (156.667, 1.316),
        wait: (17.880, 0.178),
        activation: (409.462, 8.179),
    };
    const PLAIN_BROOKINGS: Physics = Physics {
        active: (187.202, 3.047),
        jailed: (1900.367, 22.914),
        outbursts: (120.583, 1.448),
        wait: (25.082, 0.388),
        activation: (468.127, 12.392),
    };

    fn plain(rules: Rules, seeds: u64) -> Physics {
        physics(seeds, |seed| {
            let mut society = Society::new(rules, run_2(SIDE), seed).unwrap();
            Box::new(move || (society.tick(), society.picture()))
        })
    }

    fn tiled(rules: Rules, seeds: u64, tiling: Tiling) -> Physics {
        physics(seeds, |seed| {
            let mut crowd = Crowd::tiled(rules, run_2(SIDE), 1000 + seed, tiling).unwrap();
            Box::new(move || (crowd.tick(), crowd.picture()))
        })
    }

    fn agree(one: &Physics, other: &Physics) {
        let pairs = [
            ("active", one.active, other.active),
            ("jailed", one.jailed, other.jailed),
            ("outbursts", one.outbursts, other.outbursts),
            ("wait", one.wait, other.wait),
            ("activation", one.activation, other.activation),
        ];
        for (name, (one, error), (other, more)) in pairs {
            let error = f64::hypot(error, more);
            // Four standard errors: one of ten true comparisons in 1,500 would fail by chance.
            assert!((one - other).abs() < 4.0 * error, "{name}: {one} and {other}, standard error {error}");
        }
    }

    #[test]
    #[ignore = "works out the constants above with the plain engine, which takes a minute"]
    fn plain_figures() {
        for rules in [JUMP, Rules::BROOKINGS_2001] {
            println!("{:.3?}", plain(rules, 12));
        }
    }

    #[test]
    fn a_tiled_order_has_the_physics_of_the_plain_random_order() {
        // Tiles of 60 sites, the smallest there can be: the torus of a country has tiles three times as wide.
        for (rules, plain) in [(JUMP, PLAIN_JUMP), (Rules::BROOKINGS_2001, PLAIN_BROOKINGS)] {
            let tiled = tiled(rules, 8, Tiling { side: 60 });
            println!("{tiled:.3?}");
            agree(&plain, &tiled);
        }
    }

    #[test]
    fn results_are_the_same_on_any_number_of_threads() {
        let run = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| {
                let tiling = Tiling { side: 50 };
                let setting = Setting { height: 331, ..run_2(150) };
                let mut crowd = Crowd::tiled(JUMP, setting, 3, tiling).unwrap();
                let ticks: Vec<Tick> = (0..20).map(|_| crowd.tick()).collect();
                (ticks, crowd.picture())
            })
        };
        let one = run(1);
        assert_eq!(one, run(2));
        assert_eq!(one, run(7));
    }

    #[test]
    fn the_text_taken_literally_never_rebels_in_a_crowd_either() {
        let mut crowd = Crowd::new(Rules::PNAS_2002, run_2(160), 1).unwrap();
        // 14 to 33 of 1,120 in the independent program, once the opening is over.
        for _ in 0..60 {
            let seen = crowd.tick();
            assert!(seen.tick < 20 || f64::from(seen.active) < 0.02 * 17_920.0, "{seen:?}");
        }
    }

    #[test]
    fn legitimacy_that_falls_at_once_sets_a_crowd_off() {
        let setting = Setting { width: 100, height: 100, ..Setting::published(4, false).unwrap() };
        let mut crowd = Crowd::new(Rules::BROOKINGS_2001, setting, 1).unwrap();
        let ticks: Vec<Tick> = (0..100).map(|_| crowd.tick()).collect();
        assert!(ticks[..74].iter().all(|tick| tick.active == 0 && tick.legitimacy == 0.9));
        assert!(ticks[74..].iter().any(|tick| tick.active > 300));
        assert!(ticks[74].tension > ticks[73].tension);
        assert!(crowd.agents() == 7_740 && crowd.deciders() > 0);
    }

    #[test]
    fn what_only_the_plain_engine_does_is_refused_with_the_reason() {
        let refused = |rules: Rules, setting: Setting| Crowd::new(rules, setting, 1).unwrap_err().to_string();
        for (message, told) in [
            (refused(Rules::NETLOGO_2004, run_2(200)), "keeping the jailed on their sites: only the plain"),
            (refused(JUMP, run_2(40)), "at least 96 sites along the shorter side; found 40"),
            (refused(JUMP, Setting { citizen_vision: 12.0, ..run_2(200) }), "at most 253 sites"),
            (
                refused(CROSS, Setting { cop_vision: 40.0, ..run_2(900) }),
                "seeing farther than sixteen sites: only",
            ),
            (refused(JUMP, Setting { legitimacy: 2.0, ..run_2(200) }), "legitimacy is 2"),
            (refused(JUMP, Setting::published(7, true).unwrap()), "two groups: only"),
            (refused(JUMP, Setting::published(5, true).unwrap()), "a changing number of cops: only"),
        ] {
            assert!(message.contains(told), "{message}");
        }
    }
}
