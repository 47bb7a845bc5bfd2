//! What a society is set up with, the published runs, and what makes a setting impossible.

use std::fmt;

/// Numbers of a society. Densities are shares of the sites.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Setting {
    /// Columns of the torus.
    pub width: usize,
    /// Rows of the torus.
    pub height: usize,
    /// Citizens per site.
    pub citizen_density: f64,
    /// Cops per site, at the start.
    pub cop_density: f64,
    /// Vision of citizens, v, in sites.
    pub citizen_vision: f64,
    /// Vision of cops, v*, in sites.
    pub cop_vision: f64,
    /// Perceived legitimacy of the regime, L, 0 to 1.
    pub legitimacy: f64,
    /// Longest jail term, J, in ticks; may be infinite.
    pub longest_term: f64,
    /// Threshold, T.
    pub threshold: f64,
    /// Arrest constant, k.
    pub arrest_constant: f64,
    /// Whether citizens move at all (cops always do).
    pub citizens_move: bool,
    /// How legitimacy changes.
    pub legitimacy_course: Course,
    /// How the density of cops changes.
    pub cop_course: Course,
    /// Two groups that kill each other instead of rebelling (Model II), or none.
    pub groups: Option<Groups>,
}

/// How a number changes over time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Course {
    /// It stays.
    Constant,
    /// From a tick on it changes by a step every so many ticks, down (or up) to an end.
    Steps {
        /// First tick with a changed number.
        from: u32,
        /// Ticks between changes.
        every: u32,
        /// Change each time.
        step: f64,
        /// Where it stops.
        until: f64,
    },
    /// At one tick it jumps.
    Jump {
        /// The tick.
        at: u32,
        /// The new number.
        to: f64,
    },
}

impl Course {
    /// The number at a tick, if it was `start` at the beginning.
    #[must_use]
    pub fn at(self, tick: u32, start: f64) -> f64 {
        match self {
            Course::Constant => start,
            Course::Jump { at, to } => {
                if tick >= at {
                    to
                } else {
                    start
                }
            }
            Course::Steps { from, every, step, until } => {
                if tick < from {
                    return start;
                }
                let steps = 1 + (tick - from) / every.max(1);
                let moved = start + step * f64::from(steps);
                if step < 0.0 { moved.max(until.min(start)) } else { moved.min(until.max(start)) }
            }
        }
    }
}

/// Two groups (Model II, as recalled from Epstein 2002): an active citizen kills a random member of the other group
/// within its vision; citizens clone themselves onto a free adjacent site and die of age.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Groups {
    /// Probability of a clone per tick and citizen.
    pub clone_probability: f64,
    /// Longest life in ticks; each citizen's is uniform up to it.
    pub longest_life: f64,
}

impl Setting {
    /// The published run of that number, 1 to 8 (Epstein 2002, table 2, all 40 × 40); `None` for other numbers.
    ///
    /// Runs 3 and 4 differ in how legitimacy falls. The original program does not follow the printed schedules: `printed`
    /// chooses between them. Run 3: 0.01 less every tick down to 0.2 as printed, every three ticks down to 0 in the
    /// program. Run 4: 0.7 at tick 77 as printed, 0.65 at tick 75 in the program. Run 5: the program takes one cop in a
    /// thousand sites away each tick from 0.06 on; the text gives no rate, so both do.
    #[must_use]
    pub fn published(run: u32, printed: bool) -> Option<Setting> {
        let base = Setting {
            width: 40,
            height: 40,
            citizen_density: 0.7,
            cop_density: 0.04,
            citizen_vision: 7.0,
            cop_vision: 7.0,
            legitimacy: 0.82,
            longest_term: 30.0,
            threshold: 0.1,
            arrest_constant: 2.3,
            citizens_move: true,
            legitimacy_course: Course::Constant,
            cop_course: Course::Constant,
            groups: None,
        };
        let groups = Setting {
            citizen_vision: 1.7,
            cop_vision: 1.7,
            longest_term: 15.0,
            legitimacy: 0.8,
            cop_density: 0.0,
            groups: Some(Groups { clone_probability: 0.05, longest_life: 200.0 }),
            ..base
        };
        let falling = Setting { legitimacy: 0.9, cop_density: 0.074, longest_term: f64::INFINITY, ..base };
        Some(match run {
            1 => Setting {
                citizen_vision: 1.7,
                cop_vision: 1.7,
                legitimacy: 0.89,
                longest_term: 15.0,
                citizens_move: false,
                ..base
            },
            2 => base,
            3 => Setting {
                legitimacy_course: if printed {
                    Course::Steps { from: 1, every: 1, step: -0.01, until: 0.2 }
                } else {
                    Course::Steps { from: 3, every: 3, step: -0.01, until: 0.0 }
                },
                ..falling
            },
            4 => Setting {
                legitimacy_course: if printed {
                    Course::Jump { at: 77, to: 0.7 }
                } else {
                    Course::Jump { at: 75, to: 0.65 }
                },
                ..falling
            },
            5 => Setting {
                legitimacy: 0.8,
                cop_density: if printed { 0.074 } else { 0.06 },
                longest_term: f64::INFINITY,
                cop_course: Course::Steps { from: 1, every: 1, step: -0.001, until: 0.0 },
                ..base
            },
            6 => Setting { legitimacy: 0.9, ..groups },
            7 => groups,
            8 => Setting { cop_density: 0.04, cop_course: Course::Constant, ..groups },
            _ => return None,
        })
    }

    /// Citizens of the setting: densities are truncated to whole agents, as the original program does.
    #[must_use]
    pub fn citizens(&self) -> usize {
        (self.citizen_density * (self.width * self.height) as f64) as usize
    }

    /// Cops at a density, truncated to whole agents.
    #[must_use]
    pub fn cops_at(&self, density: f64) -> usize {
        // A hair above, so that 0.06 of 1,600 less sixty steps of 0.001 is no cop instead of a rounding error.
        (density * (self.width * self.height) as f64 + 1e-6) as usize
    }

    /// Bytes a society of this setting takes, about.
    #[must_use]
    pub fn bytes(&self) -> f64 {
        let sites = (self.width as f64) * (self.height as f64);
        sites * 9.0 + sites * (self.citizen_density + self.cop_density) * 48.0
    }

    /// Says what makes the setting impossible.
    ///
    /// # Errors
    /// The first impossibility found.
    pub fn check(&self) -> Result<(), SettingError> {
        use SettingError::{Impossible, TooLarge};
        let wrong = |what: &'static str, found: f64, expected: &'static str| {
            Err(Impossible { what, found, expected })
        };
        let share = |x: f64| (0.0..=1.0).contains(&x);
        if self.width < 3 || self.height < 3 {
            return wrong(
                "the shorter side of the grid",
                self.width.min(self.height) as f64,
                "at least 3 sites",
            );
        }
        if self.width.saturating_mul(self.height) > 1 << 31 {
            return Err(TooLarge { bytes: self.bytes() });
        }
        if !share(self.citizen_density) {
            return wrong("the density of citizens", self.citizen_density, "0 to 1");
        }
        if !share(self.cop_density) {
            return wrong("the density of cops", self.cop_density, "0 to 1");
        }
        if self.citizen_density + self.cop_density > 1.0 {
            let sum = self.citizen_density + self.cop_density;
            return wrong("the density of citizens and cops together", sum, "at most 1: one agent a site");
        }
        if self.citizens() == 0 {
            return wrong("the number of citizens", 0.0, "at least one: cops alone have nothing to do");
        }
        for (what, vision) in
            [("the vision of citizens", self.citizen_vision), ("the vision of cops", self.cop_vision)]
        {
            if vision.is_nan() || vision < 1.0 {
                return wrong(what, vision, "at least 1 site");
            }
            if 2.0 * vision.floor() + 1.0 > self.width.min(self.height) as f64 {
                return wrong(what, vision, "less than half the shorter side of the grid");
            }
        }
        if !share(self.legitimacy) {
            return wrong("legitimacy", self.legitimacy, "0 to 1");
        }
        if self.longest_term.is_nan() || self.longest_term < 0.0 {
            return wrong("the longest jail term", self.longest_term, "0 or more ticks, or infinite");
        }
        if !share(self.threshold) {
            return wrong("the threshold", self.threshold, "0 to 1");
        }
        if !(self.arrest_constant > 0.0 && self.arrest_constant.is_finite()) {
            return wrong("the arrest constant", self.arrest_constant, "more than 0");
        }
        if let Some(Groups { clone_probability, longest_life }) = self.groups {
            if !share(clone_probability) {
                return wrong("the probability of a clone", clone_probability, "0 to 1");
            }
            if longest_life.is_nan() || longest_life < 1.0 {
                return wrong("the longest life", longest_life, "at least 1 tick");
            }
        }
        Ok(())
    }
}

/// Why a society cannot be set up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum SettingError {
    /// A number that makes no sense.
    Impossible {
        /// What it is.
        what: &'static str,
        /// Its value.
        found: f64,
        /// What would do.
        expected: &'static str,
    },
    /// More sites than can be numbered.
    TooLarge {
        /// Bytes it would take.
        bytes: f64,
    },
}

impl fmt::Display for SettingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SettingError::Impossible { what, found, expected } => {
                write!(f, "{what} is {found}; expected {expected}")
            }
            SettingError::TooLarge { bytes } => {
                write!(f, "the grid is too large: it would take {:.0} GB of memory", bytes / 1e9)
            }
        }
    }
}

impl std::error::Error for SettingError {}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn published_runs_are_possible_and_there_are_eight() {
        for run in 1..=8 {
            for printed in [false, true] {
                Setting::published(run, printed).unwrap().check().unwrap();
            }
        }
        assert!(Setting::published(0, true).is_none() && Setting::published(9, true).is_none());
        assert_eq!(Setting::published(2, false).unwrap().citizens(), 1120);
        assert_eq!(Setting::published(2, false).unwrap().cops_at(0.04), 64);
    }

    #[test]
    fn salami_tactics_take_one_percent_a_cycle_and_stop() {
        let course = Course::Steps { from: 1, every: 1, step: -0.01, until: 0.2 };
        assert_eq!(course.at(0, 0.9), 0.9);
        assert!((course.at(1, 0.9) - 0.89).abs() < 1e-12);
        assert!((course.at(70, 0.9) - 0.2).abs() < 1e-12);
        assert_eq!(course.at(500, 0.9), 0.2);
        assert_eq!(Course::Jump { at: 77, to: 0.7 }.at(76, 0.9), 0.9);
        assert_eq!(Course::Jump { at: 77, to: 0.7 }.at(77, 0.9), 0.7);
    }

    #[test]
    fn impossible_settings_are_told_with_what_would_do() {
        let run = Setting::published(2, false).unwrap();
        for (setting, told) in [
            (Setting { citizen_density: 0.98, ..run }, "together is 1.02; expected at most 1"),
            (Setting { citizen_vision: 0.0, ..run }, "vision of citizens is 0"),
            (Setting { cop_vision: 25.0, ..run }, "less than half"),
            (Setting { width: 0, ..run }, "grid is 0"),
            (Setting { citizen_density: 0.0, ..run }, "cops alone"),
            (Setting { longest_term: f64::NAN, ..run }, "jail term is NaN"),
            (Setting { legitimacy: 1.2, ..run }, "legitimacy is 1.2"),
            (Setting { width: 1 << 20, height: 1 << 20, ..run }, "GB of memory"),
        ] {
            let message = setting.check().unwrap_err().to_string();
            assert!(message.contains(told), "{message}");
        }
        // A term of 0 is possible: whoever is arrested is free at the next activation.
        assert_eq!(Setting { longest_term: 0.0, ..run }.check(), Ok(()));
    }
}
