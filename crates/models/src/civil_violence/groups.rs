//! Two groups that kill each other (Model II), births and deaths.

use super::lattice::{ACTIVE, NOBODY};
use super::rules::{Jail, Movement};
use super::society::{BIRTH, Society, State, draw, index};

impl Society {
    /// Model II: an active citizen kills one of the other group; anybody may clone itself.
    pub(super) fn fight_and_multiply(&mut self, at: u32) {
        let i = at as usize;
        let Some(groups) = self.setting.groups else {
            return;
        };
        let site = self.citizens.site[i];
        if self.citizens.state[i] == State::Active {
            let mut found = std::mem::take(&mut self.found);
            found.clear();
            for seen in &self.citizens_see.sites {
                let mut other = self.lattice.first(self.lattice.beside(site, seen.dx, seen.dy));
                while other != NOBODY {
                    let j = other as usize;
                    let free = matches!(self.citizens.state[j], State::Quiet | State::Active);
                    if free && self.citizens.group[j] != self.citizens.group[i] {
                        found.push(other);
                    }
                    other = self.citizens.next[j];
                }
            }
            if !found.is_empty() {
                self.die(found[index(self.of_citizen(i, draw::VICTIM), found.len())]);
            }
            self.found = found;
        }
        if self.of_citizen(i, draw::CLONE) < groups.clone_probability {
            let child = self.destination(
                site,
                Movement::Walk,
                &self.citizens_see,
                self.of_citizen(i, draw::CLONE_SITE),
                |_| 0.5,
            );
            if let Some(child) = child {
                let life = self.noise.uniform(BIRTH, self.born, 0, 3) as f32;
                let (hardship, risk_aversion) = (self.citizens.hardship[i], self.citizens.risk_aversion[i]);
                self.give_birth(child, hardship, risk_aversion, self.citizens.group[i], life, false);
            }
        }
    }

    pub(super) fn die(&mut self, at: u32) {
        let i = at as usize;
        let site = self.citizens.site[i];
        let jailed = self.citizens.state[i] == State::Jailed;
        if self.citizens.state[i] == State::Active {
            self.lattice.take(site, ACTIVE);
        }
        if !jailed || self.rules.jail != Jail::Away {
            self.lattice.lift(at, site, &mut self.citizens.next);
        }
        if !jailed || self.rules.jail == Jail::Blocking {
            self.lattice.unblock(site);
        }
        self.citizens.state[i] = State::Dead;
        self.dead += 1;
    }

    /// Drops the dead from the lists.
    pub(super) fn bury(&mut self) {
        let old = std::mem::take(&mut self.citizens);
        for at in 0..old.id.len() {
            let away = old.state[at] == State::Jailed && self.rules.jail == Jail::Away;
            if old.state[at] != State::Dead && !away {
                // The chains are rebuilt: first every agent off, then the living back on.
                self.lattice.clear(old.site[at]);
            }
        }
        let citizens = &mut self.citizens;
        for at in (0..old.id.len()).filter(|at| old.state[*at] != State::Dead) {
            let new = citizens.id.len() as u32;
            citizens.id.push(old.id[at]);
            citizens.site.push(old.site[at]);
            citizens.state.push(old.state[at]);
            citizens.hardship.push(old.hardship[at]);
            citizens.risk_aversion.push(old.risk_aversion[at]);
            citizens.free_at.push(old.free_at[at]);
            citizens.dies_at.push(old.dies_at[at]);
            citizens.group.push(old.group[at]);
            citizens.next.push(NOBODY);
            if old.state[at] != State::Jailed || self.rules.jail != Jail::Away {
                self.lattice.put(new, old.site[at], &mut citizens.next);
            }
        }
        self.dead = 0;
    }
}
