//! A society: its citizens and cops, and one tick of their lives.
//!
//! Activation is asynchronous and exact: in a random order, each agent meets the world as the one before it left it.

use super::lattice::{ACTIVE, Lattice, NOBODY, Neighbourhood, Site};
use super::rules::{Activation, Jail, Movement, Ratio, Rules, Schedule};
use super::setting::{Setting, SettingError};
use crate::noise::{Noise, Stream};

const ORDER: Stream = Stream::named("civil_violence_order");
pub(super) const BIRTH: Stream = Stream::named("civil_violence_birth");
const CITIZEN: Stream = Stream::named("civil_violence_citizen");
const POLICE: Stream = Stream::named("civil_violence_police");
pub(super) const STAFFING: Stream = Stream::named("civil_violence_staffing");

/// Marks a cop in the order of activation.
const IS_COP: u32 = 1 << 31;
/// How far from home the released are put at most, as in the original program.
const HOME_REACH: f64 = 16.0;
/// Random sites tried before all are looked through.
const PROBES: u32 = 12;

/// Draws of one activation.
pub(super) mod draw {
    pub const MOVE: u32 = 0;
    pub const TARGET: u32 = 1;
    pub const TERM: u32 = 2;
    pub const HOME: u32 = 3;
    pub const CLONE: u32 = 4;
    pub const CLONE_SITE: u32 = 5;
    pub const VICTIM: u32 = 6;
    /// First of the probes for a free site.
    pub const PROBE: u32 = 16;
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Quiet,
    Active,
    Jailed,
    Dead,
}

/// Citizens, one entry each.
#[derive(Debug, Clone, Default)]
pub(super) struct Citizens {
    /// A number for life: randomness is keyed by it.
    pub(super) id: Vec<u32>,
    pub(super) site: Vec<u32>,
    pub(super) state: Vec<State>,
    pub(super) hardship: Vec<f32>,
    pub(super) risk_aversion: Vec<f32>,
    /// First tick of freedom, while jailed.
    pub(super) free_at: Vec<f32>,
    /// Tick of natural death; infinite without groups.
    pub(super) dies_at: Vec<f32>,
    pub(super) group: Vec<u8>,
    /// Next agent on the same site.
    pub(super) next: Vec<u32>,
}

/// What a tick looks like at its end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tick {
    /// Its number, from 1.
    pub tick: u32,
    /// Active citizens.
    pub active: u32,
    /// Jailed citizens.
    pub jailed: u32,
    /// Quiet citizens.
    pub quiet: u32,
    /// Cops.
    pub cops: u32,
    /// Free citizens of each group; without groups all are in the first.
    pub groups: [u32; 2],
    /// Legitimacy.
    pub legitimacy: f64,
    /// The tension index of the original program: mean grievance of the free, times the share of citizens that are quiet,
    /// over the mean risk aversion of the free.
    pub tension: f64,
}

/// A running society.
#[derive(Debug, Clone)]
pub struct Society {
    pub(super) rules: Rules,
    pub(super) setting: Setting,
    pub(super) noise: Noise,
    pub(super) lattice: Lattice,
    pub(super) citizens: Citizens,
    pub(super) cops: Vec<u32>,
    pub(super) born: u32,
    pub(super) dead: usize,
    pub(super) tick: u32,
    pub(super) legitimacy: f64,
    pub(super) arrests: u32,
    pub(super) citizens_see: Neighbourhood,
    pub(super) cops_see: Neighbourhood,
    pub(super) cops_reach: Neighbourhood,
    pub(super) home: Neighbourhood,
    pub(super) order: Vec<u32>,
    pub(super) found: Vec<u32>,
}

impl Society {
    /// Sets up a society: agents on random sites, everybody quiet, hardship and risk aversion uniform on (0, 1).
    ///
    /// # Errors
    /// The setting is impossible.
    pub fn new(rules: Rules, setting: Setting, seed: u64) -> Result<Society, SettingError> {
        setting.check()?;
        let noise = Noise::new(seed, 0);
        let vision = setting.citizen_vision.max(setting.cop_vision);
        let mut society = Society {
            rules,
            setting,
            noise,
            lattice: Lattice::new(setting.width, setting.height, vision),
            citizens: Citizens::default(),
            cops: Vec::new(),
            born: 0,
            dead: 0,
            tick: 0,
            legitimacy: setting.legitimacy,
            arrests: 0,
            citizens_see: Neighbourhood::new(rules.sight, setting.citizen_vision, false),
            cops_see: Neighbourhood::new(rules.sight, setting.cop_vision, false),
            cops_reach: Neighbourhood::new(rules.sight, setting.cop_vision, rules.reach_is_strict),
            home: Neighbourhood::new(super::rules::Sight::Disc, HOME_REACH, false),
            order: Vec::new(),
            found: Vec::new(),
        };
        let mut sites: Vec<u32> = (0..society.lattice.sites() as u32).collect();
        shuffle(&mut sites, &noise, 0, 2);
        let (citizens, cops) = (setting.citizens(), setting.cops_at(setting.cop_density));
        for &site in sites.iter().take(citizens) {
            let of = |draw| noise.uniform(BIRTH, society.born, 0, draw) as f32;
            let (hardship, risk_aversion, group) = (of(0), of(1), u8::from(of(2) < 0.5));
            let life = of(3);
            let group = if setting.groups.is_some() { group } else { 0 };
            society.give_birth(site, hardship, risk_aversion, group, life, true);
        }
        for &site in sites.iter().skip(citizens).take(cops) {
            society.hire(site);
        }
        Ok(society)
    }

    /// One tick: every agent is activated once.
    pub fn tick(&mut self) -> Tick {
        self.tick_under(self.setting.legitimacy_course.at(self.tick + 1, self.setting.legitimacy))
    }

    /// One tick under a legitimacy (0 to 1) that comes from outside, such as from what is heard of other cities.
    pub fn tick_under(&mut self, legitimacy: f64) -> Tick {
        self.tick += 1;
        self.arrests = 0;
        self.legitimacy = legitimacy;
        self.staff();
        let mut order = std::mem::take(&mut self.order);
        let citizens = 0..self.citizens.id.len() as u32;
        let cops = (0..self.cops.len() as u32).map(|cop| cop | IS_COP);
        let phases = match self.rules.schedule {
            Schedule::Mixed => 1,
            Schedule::Phases => 2,
        };
        for phase in 0..phases {
            order.clear();
            if phase == 0 {
                order.extend(citizens.clone());
            }
            if phase + 1 == phases {
                order.extend(cops.clone());
            }
            shuffle(&mut order, &self.noise, self.tick, phase);
            for &agent in &order {
                if agent & IS_COP == 0 {
                    self.activate_citizen(agent);
                } else {
                    self.activate_cop((agent ^ IS_COP) as usize);
                }
            }
        }
        self.order = order;
        if self.dead * 4 > self.citizens.id.len() {
            self.bury();
        }
        self.look()
    }

    /// Agents alive: what a tick activates.
    #[must_use]
    pub fn agents(&self) -> usize {
        self.citizens.id.len() - self.dead + self.cops.len()
    }

    /// Arrests of the last tick.
    #[must_use]
    pub fn arrests(&self) -> u32 {
        self.arrests
    }

    /// What stands on each site, row by row: 0 nobody free, 1 a quiet citizen, 2 an active one, 3 a cop.
    #[must_use]
    pub fn picture(&self) -> Vec<u8> {
        let mut picture = vec![0; self.lattice.sites()];
        for (site, state) in self.citizens.site.iter().zip(&self.citizens.state) {
            match state {
                State::Quiet => picture[*site as usize] = 1,
                State::Active => picture[*site as usize] = 2,
                State::Jailed | State::Dead => {}
            }
        }
        for site in &self.cops {
            picture[*site as usize] = 3;
        }
        picture
    }

    fn look(&self) -> Tick {
        let citizens = &self.citizens;
        let mut counts = [0u32; 4];
        let mut groups = [0u32; 2];
        let (mut grievance, mut risk) = (0.0, 0.0);
        for at in 0..citizens.id.len() {
            let state = citizens.state[at];
            counts[state as usize] += 1;
            if matches!(state, State::Quiet | State::Active) {
                groups[usize::from(citizens.group[at])] += 1;
                grievance += self.grievance(at);
                risk += f64::from(citizens.risk_aversion[at]);
            }
        }
        let [quiet, active, jailed, _] = counts;
        let free = f64::from(quiet + active);
        let all = f64::from(quiet + active + jailed);
        // Both means are over the free, so their number cancels.
        let tension = if free > 0.0 { grievance * (f64::from(quiet) / all) / risk } else { 0.0 };
        Tick {
            tick: self.tick,
            active,
            jailed,
            quiet,
            cops: self.cops.len() as u32,
            groups,
            legitimacy: self.legitimacy,
            tension,
        }
    }

    fn activate_citizen(&mut self, at: u32) {
        let i = at as usize;
        let mut moves = self.setting.citizens_move;
        match self.citizens.state[i] {
            State::Dead => return,
            _ if f64::from(self.tick) >= f64::from(self.citizens.dies_at[i]) => return self.die(at),
            State::Jailed => {
                if f64::from(self.tick) < f64::from(self.citizens.free_at[i]) || !self.release(at) {
                    return;
                }
                moves &= self.rules.jail != Jail::Away;
            }
            State::Quiet | State::Active => {}
        }
        if moves && self.rules.citizen == Activation::MoveThenAct {
            self.move_citizen(at);
        }
        self.decide(at);
        if self.setting.groups.is_some() {
            self.fight_and_multiply(at);
        }
        if moves && self.rules.citizen == Activation::ActThenMove && self.citizens.state[i] != State::Dead {
            self.move_citizen(at);
        }
    }

    /// Grievance: hardship times illegitimacy (Epstein 2002), times (1 − T) in the original program.
    fn grievance(&self, at: usize) -> f64 {
        let factor = if self.rules.threshold_factor { 1.0 - self.setting.threshold } else { 1.0 };
        f64::from(self.citizens.hardship[at]) * (1.0 - self.legitimacy) * factor
    }

    /// Rule A: active if grievance less net risk is above the threshold, else quiet.
    fn decide(&mut self, at: u32) {
        let i = at as usize;
        let was = self.citizens.state[i] == State::Active;
        let grievance = self.grievance(i);
        let is = grievance > self.setting.threshold && {
            let (cops, actives) = self.lattice.seen(self.citizens.site[i], &self.citizens_see);
            // Every citizen counts itself as one active.
            let others = if was && !self.rules.counts_itself_twice { actives - 1 } else { actives };
            let quotient = f64::from(cops) / f64::from(others + 1);
            let ratio = match self.rules.ratio {
                Ratio::Exact => quotient,
                Ratio::Floor => quotient.floor(),
                Ratio::Round => quotient.round_ties_even(),
            };
            let arrest = 1.0 - (-self.setting.arrest_constant * ratio).exp();
            grievance - f64::from(self.citizens.risk_aversion[i]) * arrest > self.setting.threshold
        };
        if is != was {
            let site = self.citizens.site[i];
            if is {
                self.citizens.state[i] = State::Active;
                self.lattice.add(site, ACTIVE);
            } else {
                self.citizens.state[i] = State::Quiet;
                self.lattice.take(site, ACTIVE);
            }
        }
    }

    /// Sets a jailed citizen free; where there is no free site near its home it has to wait.
    fn release(&mut self, at: u32) -> bool {
        let i = at as usize;
        let home = self.citizens.site[i];
        match self.rules.jail {
            Jail::Away => {
                let Some(site) = self.nearest_free(home, self.of_citizen(i, draw::HOME)) else {
                    return false;
                };
                self.citizens.site[i] = site;
                self.lattice.put(at, site, &mut self.citizens.next);
                self.lattice.block(site);
            }
            Jail::InPlace => self.lattice.block(home),
            Jail::Blocking => {}
        }
        self.citizens.state[i] = State::Quiet;
        true
    }

    fn nearest_free(&self, home: u32, u: f64) -> Option<u32> {
        if self.lattice.is_free(home) {
            return Some(home);
        }
        for ring in self.home.sites.chunk_by(|a, b| a.squared == b.squared) {
            let free = || {
                ring.iter()
                    .map(|s| self.lattice.beside(home, s.dx, s.dy))
                    .filter(|s| self.lattice.is_free(*s))
            };
            let count = free().count();
            if count > 0 {
                return free().nth(index(u, count));
            }
        }
        None
    }

    fn move_citizen(&mut self, at: u32) {
        let i = at as usize;
        let from = self.citizens.site[i];
        let u = self.of_citizen(i, draw::MOVE);
        let probe = |n: u32| self.of_citizen(i, draw::PROBE + n);
        let Some(to) = self.destination(from, self.rules.citizens_move, &self.citizens_see, u, probe) else {
            return;
        };
        let active = self.citizens.state[i] == State::Active;
        self.lattice.lift(at, from, &mut self.citizens.next);
        self.lattice.unblock(from);
        self.lattice.put(at, to, &mut self.citizens.next);
        self.lattice.block(to);
        if active {
            self.lattice.take(from, ACTIVE);
            self.lattice.add(to, ACTIVE);
        }
        self.citizens.site[i] = to;
    }

    /// Where a move leads; `None` where it stays.
    pub(super) fn destination(
        &self,
        from: u32,
        movement: Movement,
        sees: &Neighbourhood,
        u: f64,
        probe: impl Fn(u32) -> f64,
    ) -> Option<u32> {
        let beside = |site: &Site| self.lattice.beside(from, site.dx, site.dy);
        match movement {
            Movement::Walk => {
                // The eight adjacent sites are the nearest eight of any disc that reaches them.
                let to = beside(&self.home.sites[index(u, 8)]);
                self.lattice.is_free(to).then_some(to)
            }
            Movement::Jump => {
                // Trying random sites until one is free is uniform over the free ones, as is choosing among all of them.
                for n in 0..PROBES {
                    let to = beside(&sees.sites[index(probe(n), sees.sites.len())]);
                    if self.lattice.is_free(to) {
                        return Some(to);
                    }
                }
                let free: Vec<u32> =
                    sees.sites.iter().map(beside).filter(|to| self.lattice.is_free(*to)).collect();
                free.get(index(u, free.len())).copied()
            }
        }
    }

    /// A new citizen; one of the first `generation` is somewhere within its life already.
    pub(super) fn give_birth(
        &mut self,
        site: u32,
        hardship: f32,
        risk_aversion: f32,
        group: u8,
        life: f32,
        first: bool,
    ) {
        let at = self.citizens.id.len() as u32;
        let dies_at = self.setting.groups.map_or(f32::INFINITY, |groups| {
            let years = (f64::from(life) * groups.longest_life) as f32;
            let lived = if first { years * self.noise.uniform(BIRTH, self.born, 0, 4) as f32 } else { 0.0 };
            self.tick as f32 + years - lived
        });
        let citizens = &mut self.citizens;
        citizens.id.push(self.born);
        citizens.site.push(site);
        citizens.state.push(State::Quiet);
        citizens.hardship.push(hardship);
        citizens.risk_aversion.push(risk_aversion);
        citizens.free_at.push(0.0);
        citizens.dies_at.push(dies_at);
        citizens.group.push(group);
        citizens.next.push(NOBODY);
        self.born += 1;
        self.lattice.put(at, site, &mut citizens.next);
        self.lattice.block(site);
    }

    pub(super) fn of_citizen(&self, at: usize, draw: u32) -> f64 {
        self.noise.uniform(CITIZEN, self.citizens.id[at], self.tick, draw)
    }

    pub(super) fn of_cop(&self, cop: usize, draw: u32) -> f64 {
        self.noise.uniform(POLICE, cop as u32, self.tick, draw)
    }
}

/// Fisher–Yates.
fn shuffle(order: &mut [u32], noise: &Noise, tick: u32, phase: u32) {
    for last in (1..order.len()).rev() {
        let chosen = index(noise.uniform(ORDER, last as u32, tick, phase), last + 1);
        order.swap(last, chosen);
    }
}

pub(super) fn index(u: f64, count: usize) -> usize {
    ((u * count as f64) as usize).min(count.saturating_sub(1))
}
