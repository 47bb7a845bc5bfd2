//! Cops: patrol, arrest, and how many there are.

use super::lattice::{ACTIVE, COP, NOBODY, Site};
use super::rules::{Activation, Jail, Target, Term};
use super::society::{STAFFING, Society, State, draw, index};

impl Society {
    pub(super) fn activate_cop(&mut self, cop: usize) {
        if self.rules.cop == Activation::ActThenMove {
            self.patrol(cop);
        }
        let from = self.cops[cop];
        let u = self.of_cop(cop, draw::MOVE);
        let probe = |n: u32| self.of_cop(cop, draw::PROBE + n);
        if let Some(to) = self.destination(from, self.rules.cops_move, &self.cops_see, u, probe) {
            self.place_cop(cop, to);
        }
        if self.rules.cop == Activation::MoveThenAct {
            self.patrol(cop);
        }
    }

    /// Rule C: arrests one of the actives in reach.
    fn patrol(&mut self, cop: usize) {
        let site = self.cops[cop];
        if self.lattice.seen(site, &self.cops_see).1 == 0 {
            return;
        }
        let mut found = std::mem::take(&mut self.found);
        found.clear();
        let mut nearest = i32::MAX;
        let own = Site { dx: 0, dy: 0, squared: 0 };
        for reached in std::iter::once(&own).chain(&self.cops_reach.sites) {
            if self.rules.target == Target::Nearest && reached.squared > nearest {
                break;
            }
            let there = self.lattice.beside(site, reached.dx, reached.dy);
            let mut at = self.lattice.first(there);
            while at != NOBODY {
                if self.citizens.state[at as usize] == State::Active {
                    found.push(at);
                    nearest = reached.squared;
                }
                at = self.citizens.next[at as usize];
            }
        }
        if !found.is_empty() {
            let chosen = found[index(self.of_cop(cop, draw::TARGET), found.len())];
            let vacated = self.citizens.site[chosen as usize];
            self.arrest(chosen, self.of_cop(cop, draw::TERM));
            if self.rules.cop_follows && self.lattice.is_free(vacated) {
                self.place_cop(cop, vacated);
            }
        }
        self.found = found;
    }

    fn arrest(&mut self, at: u32, u: f64) {
        let i = at as usize;
        let site = self.citizens.site[i];
        self.arrests += 1;
        self.citizens.state[i] = State::Quiet;
        self.lattice.take(site, ACTIVE);
        let longest = self.setting.longest_term;
        let now = f64::from(self.tick);
        let free_at = match self.rules.term {
            _ if longest.is_infinite() => f64::INFINITY,
            Term::Continuous => now + u * longest,
            Term::Inclusive => now + 1.0 + (u * (longest.floor() + 1.0)).floor(),
            Term::Exclusive => {
                let term = (u * longest.floor()).floor();
                if term == 0.0 {
                    return;
                }
                now + term
            }
        };
        self.citizens.state[i] = State::Jailed;
        self.citizens.free_at[i] = free_at as f32;
        match self.rules.jail {
            Jail::Away => {
                self.lattice.unblock(site);
                self.lattice.lift(at, site, &mut self.citizens.next);
            }
            Jail::InPlace => self.lattice.unblock(site),
            Jail::Blocking => {}
        }
    }

    fn place_cop(&mut self, cop: usize, to: u32) {
        let from = self.cops[cop];
        self.lattice.unblock(from);
        self.lattice.take(from, COP);
        self.lattice.block(to);
        self.lattice.add(to, COP);
        self.cops[cop] = to;
    }

    /// Brings the number of cops to the course's density: random cops leave, new ones appear on random free sites.
    pub(super) fn staff(&mut self) {
        let density = self.setting.cop_course.at(self.tick, self.setting.cop_density);
        let wanted = self.setting.cops_at(density);
        let (noise, tick) = (self.noise, self.tick);
        let mut draw = 0;
        let mut next = || {
            draw += 1;
            noise.uniform(STAFFING, draw, tick, 0)
        };
        while self.cops.len() > wanted {
            let gone = self.cops.swap_remove(index(next(), self.cops.len()));
            self.lattice.unblock(gone);
            self.lattice.take(gone, COP);
        }
        // A full torus takes no more; some tries per cop are enough on any other.
        let mut tries = 50 * wanted.saturating_sub(self.cops.len());
        while self.cops.len() < wanted && tries > 0 {
            tries -= 1;
            let site = index(next(), self.lattice.sites()) as u32;
            if self.lattice.is_free(site) {
                self.hire(site);
            }
        }
    }

    pub(super) fn hire(&mut self, site: u32) {
        self.cops.push(site);
        self.lattice.block(site);
        self.lattice.add(site, COP);
    }
}
