//! A society without a torus: the expectation of the same rules where everybody is as likely to be anywhere, with the
//! chance of a city of its size.
//!
//! Own derivation. Citizens are sorted by hardship and risk aversion into cells. A citizen sees C cops and A other actives
//! among the n sites in its vision, both Poisson with means n·κ and n·α (κ and α per site), and is active where the rule
//! says so: C/(A + 1) below the ratio at which its grievance is spent, which is a threshold for each cell. So the
//! probability of being active is a sum over A of the Poisson distribution function of C. A tick is four such steps, a
//! quarter of the citizens deciding in each, since in the model each citizen meets what the ones before it did.
//!
//! Cops arrest one active each if they see any. One after another they leave, with n′ sites in reach, S sites and x = n′A/S,
//!
//! ```text
//! dA/dc = −(1 − e^(−x))   ⇒   e^x − 1 = (e^x₀ − 1)·e^(−n′·κ)   once all have acted
//! ```
//!
//! Numbers of actives and of arrests are then drawn around their expectations for the city's own number of citizens. What
//! this leaves out is space: actives shelter each other where they stand, which is what outbursts are made of.

use super::lattice::Neighbourhood;
use super::rules::{Ratio, Rules, Term};
use super::setting::{Setting, SettingError};
use crate::noise::{Noise, Stream};

const FIELD: Stream = Stream::named("civil_violence_field");

/// Cells of hardship and of risk aversion.
const HARDSHIPS: usize = 200;
const AVERSIONS: usize = 12;
/// Steps of a tick.
const STEPS: usize = 4;

/// How many citizens are what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Headcount {
    /// Active.
    pub active: u64,
    /// Jailed.
    pub jailed: u64,
    /// Neither.
    pub quiet: u64,
    /// Arrested this tick.
    pub arrested: u64,
}

/// A running society of expectations.
#[derive(Debug, Clone)]
pub struct MeanField {
    rules: Rules,
    setting: Setting,
    noise: Noise,
    citizens: f64,
    sites: f64,
    cops: f64,
    /// Sites in the vision of a citizen, and in reach of a cop, but the own one.
    seen: f64,
    reached: f64,
    tick: u32,
    /// Legitimacy the thresholds are for.
    legitimacy: f64,
    /// By cell: threshold of cops per active, free citizens, active citizens.
    threshold: Vec<f64>,
    free: Vec<f64>,
    active: Vec<f64>,
    /// Arrests of the last ticks by cell, in a ring, and their sum; empty where nobody is ever released.
    arrests: Vec<Vec<f64>>,
    serving: Vec<f64>,
}

impl MeanField {
    /// Sets up a society of these rules and numbers; everybody is free and quiet.
    ///
    /// # Errors
    /// The setting is impossible, or of two groups, whose killings need places.
    pub fn new(rules: Rules, setting: Setting, seed: u64) -> Result<MeanField, SettingError> {
        setting.check()?;
        if setting.groups.is_some() {
            return Err(SettingError::Impossible {
                what: "the number of groups of a mean field",
                found: 2.0,
                expected: "one",
            });
        }
        let cells = HARDSHIPS * AVERSIONS;
        let citizens = setting.citizens() as f64;
        let reach = Neighbourhood::new(rules.sight, setting.cop_vision, rules.reach_is_strict);
        let longest = match (rules.term, setting.longest_term) {
            (_, term) if term.is_infinite() => 0,
            (Term::Inclusive, term) => term.floor() as usize + 1,
            (Term::Continuous, term) => (term.ceil() as usize).max(1),
            (Term::Exclusive, term) => (term.floor() as usize).saturating_sub(1).max(1),
        };
        Ok(MeanField {
            rules,
            setting,
            noise: Noise::new(seed, 0),
            citizens,
            sites: (setting.width * setting.height) as f64,
            cops: setting.cops_at(setting.cop_density) as f64,
            seen: Neighbourhood::new(rules.sight, setting.citizen_vision, false).sites.len() as f64,
            reached: reach.sites.len() as f64,
            tick: 0,
            legitimacy: f64::NAN,
            threshold: vec![0.0; cells],
            free: vec![citizens / cells as f64; cells],
            active: vec![0.0; cells],
            arrests: vec![vec![0.0; cells]; longest],
            serving: vec![0.0; cells],
        })
    }

    /// One tick under the setting's own course of legitimacy.
    pub fn tick(&mut self) -> Headcount {
        let next = self.tick + 1;
        self.tick_under(self.setting.legitimacy_course.at(next, self.setting.legitimacy))
    }

    /// One tick under a legitimacy from 0 to 1.
    pub fn tick_under(&mut self, legitimacy: f64) -> Headcount {
        self.tick += 1;
        self.set_thresholds(legitimacy);
        let density = self.setting.cop_course.at(self.tick, self.setting.cop_density);
        self.cops = self.setting.cops_at(density) as f64;
        self.release();
        self.decide();
        let arrested = self.arrest();
        let active: f64 = self.active.iter().sum();
        let free: f64 = self.free.iter().sum();
        let whole = |persons: f64| persons.max(0.0).round() as u64;
        Headcount {
            active: whole(active),
            jailed: whole(self.citizens - free),
            quiet: whole(free - active),
            arrested: whole(arrested),
        }
    }

    /// Citizens, the jailed among them.
    #[must_use]
    pub fn citizens(&self) -> u64 {
        self.citizens as u64
    }

    /// The number of cops per active below which a citizen of each cell is active.
    fn set_thresholds(&mut self, legitimacy: f64) {
        if legitimacy == self.legitimacy {
            return;
        }
        self.legitimacy = legitimacy;
        let factor = if self.rules.threshold_factor { 1.0 - self.setting.threshold } else { 1.0 };
        for (cell, threshold) in self.threshold.iter_mut().enumerate() {
            let hardship = ((cell / AVERSIONS) as f64 + 0.5) / HARDSHIPS as f64;
            let aversion = ((cell % AVERSIONS) as f64 + 0.5) / AVERSIONS as f64;
            let surplus = hardship * (1.0 - legitimacy) * factor - self.setting.threshold;
            *threshold = if surplus <= 0.0 {
                0.0
            } else if surplus >= aversion {
                f64::INFINITY
            } else {
                let ratio = -(1.0 - surplus / aversion).ln() / self.setting.arrest_constant;
                // A rounded ratio is below a number where the ratio itself is below the next step.
                match self.rules.ratio {
                    Ratio::Exact => ratio,
                    Ratio::Floor => ratio.ceil(),
                    Ratio::Round => ratio.ceil() - 0.5,
                }
            };
        }
    }

    /// A term is as likely to end on any of the ticks on which it can.
    fn release(&mut self) {
        let longest = self.arrests.len();
        if longest > 0 {
            for (free, serving) in self.free.iter_mut().zip(&self.serving) {
                *free += serving / longest as f64;
            }
        }
    }

    fn decide(&mut self) {
        let cops = Poisson::of(self.cops / self.sites * self.seen);
        let was = self.active.clone();
        for _ in 0..STEPS {
            let actives = Poisson::of(self.active.iter().sum::<f64>() / self.sites * self.seen);
            let mut known: Vec<(f64, [f64; 2])> = Vec::new();
            for (cell, &threshold) in self.threshold.iter().enumerate() {
                let [quiet, active] = match known.iter().find(|(at, _)| *at == threshold) {
                    Some((_, found)) => *found,
                    None => {
                        let quiet = probability(threshold, &cops, &actives, 1.0);
                        let twice = self.rules.counts_itself_twice;
                        let active = if twice { probability(threshold, &cops, &actives, 2.0) } else { quiet };
                        if known.len() < MOST_KNOWN {
                            known.push((threshold, [quiet, active]));
                        }
                        [quiet, active]
                    }
                };
                let then = was[cell] * active + (self.free[cell] - was[cell]) * quiet;
                self.active[cell] += (then - was[cell]) / STEPS as f64;
            }
        }
        self.draw_actives();
    }

    /// The chance of a city of this size.
    fn draw_actives(&mut self) {
        let free: f64 = self.free.iter().sum();
        let expected: f64 = self.active.iter().sum();
        if expected <= 0.0 || free < 0.5 {
            return;
        }
        let share = (expected / free).min(1.0);
        let drawn = self.noise.binomial(FIELD, 0, self.tick, 0, free.round() as u64, share) as f64;
        for (active, free) in self.active.iter_mut().zip(&self.free) {
            *active = (*active * drawn / expected).min(*free);
        }
    }

    fn arrest(&mut self) -> f64 {
        let active: f64 = self.active.iter().sum();
        let mut arrested = 0.0;
        if active > 0.0 && self.cops > 0.0 {
            let before = self.reached * active / self.sites;
            let after = (before.exp_m1() * (-self.reached * self.cops / self.sites).exp()).ln_1p();
            // Beyond what a float holds, every cop finds somebody.
            let left = if after.is_finite() { after / self.reached * self.sites } else { active - self.cops };
            let expected = (active - left).clamp(0.0, active.min(self.cops));
            let drawn = self.noise.binomial(FIELD, 0, self.tick, 1, self.cops as u64, expected / self.cops);
            arrested = (drawn as f64).min(active);
            if self.rules.term == Term::Exclusive && self.setting.longest_term.is_finite() {
                // A term of 0 is none.
                arrested *= 1.0 - 1.0 / self.setting.longest_term.floor().max(1.0);
            }
        }
        let slot = self.tick as usize % self.arrests.len().max(1);
        for cell in 0..self.free.len() {
            let taken = if active > 0.0 { arrested * self.active[cell] / active } else { 0.0 };
            self.active[cell] -= taken;
            self.free[cell] -= taken;
            if let Some(oldest) = self.arrests.get_mut(slot) {
                self.serving[cell] = (self.serving[cell] - oldest[cell] + taken).max(0.0);
                oldest[cell] = taken;
            }
        }
        arrested
    }
}

/// Thresholds looked up instead of worked out again: with a rounded ratio there are few.
const MOST_KNOWN: usize = 16;

/// The probability that a citizen who counts itself `own` times is active: that cops per active stay below a threshold.
fn probability(threshold: f64, cops: &Poisson, actives: &Poisson, own: f64) -> f64 {
    if threshold <= 0.0 {
        return 0.0;
    }
    if threshold.is_infinite() {
        return 1.0;
    }
    let chances = actives.probability.iter().enumerate();
    chances.map(|(others, chance)| chance * cops.below(threshold * (others as f64 + own))).sum()
}

/// A Poisson distribution, as far as it matters.
struct Poisson {
    probability: Vec<f64>,
    /// Of this number or less.
    cumulated: Vec<f64>,
}

impl Poisson {
    fn of(mean: f64) -> Poisson {
        let last = (mean + 8.0 * mean.sqrt() + 12.0).ceil() as usize;
        let mut probability = Vec::with_capacity(last + 1);
        let mut log = -mean;
        for count in 0..=last {
            probability.push(log.exp());
            log += (mean.max(f64::MIN_POSITIVE) / (count as f64 + 1.0)).ln();
        }
        let mut sum = 0.0;
        let cumulated = probability
            .iter()
            .map(|share| {
                sum += share;
                sum
            })
            .collect();
        Poisson { probability, cumulated }
    }

    /// The probability of a number below `limit`.
    fn below(&self, limit: f64) -> f64 {
        let numbers = limit.ceil().max(0.0) as usize;
        match numbers {
            0 => 0.0,
            _ => self.cumulated.get(numbers - 1).copied().unwrap_or(1.0),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::Society;
    use super::*;

    fn run2(size: usize) -> Setting {
        Setting { width: size, height: size, ..Setting::published(2, false).unwrap() }
    }

    fn shares(setting: Setting, rules: Rules, ticks: u32) -> (f64, f64) {
        let mut field = MeanField::new(rules, setting, 1).unwrap();
        let citizens = field.citizens() as f64;
        let mut sums = (0.0, 0.0);
        for tick in 1..=ticks {
            let found = field.tick();
            if tick > ticks / 2 {
                sums.0 += found.active as f64;
                sums.1 += found.jailed as f64;
            }
        }
        let counted = citizens * f64::from(ticks - ticks / 2);
        (sums.0 / counted, sums.1 / counted)
    }

    #[test]
    fn without_cops_everybody_with_enough_grievance_is_active() {
        // P(H (1 − L)(1 − T) > T) for uniform H.
        let setting = Setting { cop_density: 0.0, ..run2(60) };
        let expected = 1.0 - 0.1 / (0.18 * 0.9);
        let (active, jailed) = shares(setting, Rules::BROOKINGS_2001, 40);
        assert!((active - expected).abs() < 0.01, "{active} is not {expected}");
        assert_eq!(jailed, 0.0);
        let mut grid = Society::new(Rules::BROOKINGS_2001, setting, 1).unwrap();
        let seen = f64::from(grid.tick().active) / setting.citizens() as f64;
        assert!((seen - expected).abs() < 0.03, "{seen} is not {expected}");
    }

    #[test]
    fn legitimacy_above_the_threshold_keeps_everybody_quiet() {
        let setting = Setting { legitimacy: 0.9, ..run2(60) };
        assert_eq!(shares(setting, Rules::BROOKINGS_2001, 20), (0.0, 0.0));
    }

    #[test]
    fn citizens_are_conserved_and_the_same_seed_is_the_same_course() {
        let setting = Setting { legitimacy: 0.7, ..run2(60) };
        let mut one = MeanField::new(Rules::BROOKINGS_2001, setting, 4).unwrap();
        let mut other = one.clone();
        for _ in 0..80 {
            let found = one.tick();
            assert_eq!(found, other.tick());
            let all = found.active + found.jailed + found.quiet;
            assert!(all.abs_diff(one.citizens()) <= 1, "{all} of {}", one.citizens());
            assert!(found.arrested <= setting.cops_at(setting.cop_density) as u64);
        }
    }

    #[test]
    fn nobody_leaves_a_jail_without_end() {
        let setting = Setting { legitimacy: 0.6, longest_term: f64::INFINITY, ..run2(60) };
        let mut field = MeanField::new(Rules::BROOKINGS_2001, setting, 1).unwrap();
        let mut jailed = 0;
        for _ in 0..60 {
            let now = field.tick().jailed;
            assert!(now >= jailed);
            jailed = now;
        }
        assert!(jailed > 0);
    }

    #[test]
    fn distributions_add_up() {
        for mean in [0.0, 0.3, 6.0, 150.0, 900.0] {
            let poisson = Poisson::of(mean);
            assert!((poisson.cumulated.last().unwrap() - 1.0).abs() < 1e-9, "{mean}");
            assert_eq!(poisson.below(0.0), 0.0);
            assert!((poisson.below(0.5) - (-mean).exp()).abs() < 1e-12);
        }
    }
}
