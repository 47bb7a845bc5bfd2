//! One pass over a tile: what a single agent does when its turn comes. The order, and quiet citizens sixteen at once, are
//! in [`turns`](super::turns).

use super::super::lattice::Neighbourhood;
use super::super::rules::{Activation, Rules, Sight, Target, Term};
use super::super::setting::Setting;
use super::draws::Draws;
use super::lanes::{LANE, LANES, laned};
use super::occupant::{ACTIVE, CLASS, COP, Classes, PRESENT, STAMP, Temper};
use super::steps::{Offsets, Steps, adjacent};
use super::window::{Inmate, Row, SIDE, Stencil, Window};

/// Single places looked at before all free ones are listed.
const LOOKS: usize = 24;
/// How far from home the released are put at most, as in the original program.
pub(super) const HOME_REACH: f64 = 16.0;
/// The number of a step that is none.
pub(super) const STAYS: usize = 8;

/// What does not change while a tick lasts.
#[derive(Debug, Clone)]
pub(super) struct Manner {
    pub rules: Rules,
    pub setting: Setting,
    pub classes: Classes,
    /// Who is seen by citizens around.
    sight: Stencil,
    /// What a step to an adjacent place changes in that.
    stepped: Vec<Stencil>,
    /// Whom cops can arrest.
    reach: Offsets,
    /// Whether a cop that would count no active where a citizen stands has nobody to arrest.
    counts_serve_cops: bool,
    /// Whether the actives that a citizen would see are those a cop there reaches.
    sight_is_reach: bool,
    pub citizen_steps: Steps,
    cop_steps: Steps,
    /// Sites where the released are put, from near to far, with the squares of their distances.
    home: Vec<(u16, i32)>,
    /// Sites around a tile that its agents can read or change.
    pub margin: usize,
}

impl Manner {
    pub fn new(rules: Rules, setting: Setting) -> Manner {
        let citizens_see = Neighbourhood::new(rules.sight, setting.citizen_vision, false);
        let cops_see = Neighbourhood::new(rules.sight, setting.cop_vision, false);
        let reach = Neighbourhood::new(rules.sight, setting.cop_vision, rules.reach_is_strict);
        let (citizen, cop) = (setting.citizen_vision.floor() as usize, setting.cop_vision.floor() as usize);
        // A citizen counts, after a jump; a cop takes a place after a jump and an arrest; whoever is released counts.
        let margin = (2 * citizen).max(2 * cop + citizen.max(cop)).max(HOME_REACH as usize + citizen);
        let home = Neighbourhood::new(Sight::Disc, HOME_REACH, false);
        let stepped = |site: &super::super::lattice::Site| Stencil::step(&citizens_see, site.dx, site.dy);
        Manner {
            rules,
            setting,
            classes: Classes::new(&rules, &setting, setting.legitimacy),
            sight: Stencil::new(&citizens_see),
            stepped: adjacent().sites.iter().map(stepped).collect(),
            counts_serve_cops: setting.cop_vision <= setting.citizen_vision,
            sight_is_reach: reach.sites == citizens_see.sites,
            citizen_steps: Steps::new(rules.citizens_move, &citizens_see),
            cop_steps: Steps::new(rules.cops_move, &cops_see),
            reach: Offsets::new(&reach),
            home: home
                .sites
                .iter()
                .map(|site| (super::window::place(site.dx, site.dy), site.squared))
                .collect(),
            margin,
        }
    }
}

/// A citizen whose term is over.
#[derive(Debug, Clone, Copy)]
pub(super) struct Released<T> {
    /// Before which turn of a pass it acts.
    pub turn: u16,
    /// Where it was arrested, as a place of the window.
    pub home: u16,
    pub who: u8,
    pub temper: T,
}

/// How a pass changes the totals.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Change {
    pub active: i64,
    /// Citizens of each class sent to jail, less those released.
    pub jailed: [i64; 32],
    /// Decisions worked out: citizens that could be active and were asked.
    pub decided: u64,
    /// Arrests.
    pub arrests: u64,
}

impl Change {
    pub fn and(mut self, other: Change) -> Change {
        self.active += other.active;
        self.decided += other.decided;
        self.arrests += other.arrests;
        for (one, other) in self.jailed.iter_mut().zip(other.jailed) {
            *one += other;
        }
        self
    }
}

/// A pass under way.
pub(super) struct Pass<'a, T> {
    pub manner: &'a Manner,
    pub window: &'a mut Window<T>,
    /// Rows of the window.
    pub rows: &'a mut [Row<T>],
    /// Column of the torus where the window begins.
    pub column: usize,
    pub tick: u32,
    pub draws: Draws,
    pub change: Change,
    /// Whether citizens act in this pass.
    pub citizens: bool,
    /// Whether cops do.
    pub cops: bool,
    /// Whether the places of lanes lie in columns of the tile, by column of the square.
    pub inside: &'a [[u8; LANE]; LANES],
}

impl<T: Temper> Pass<'_, T> {
    /// The stamp of those who have acted.
    #[inline(always)]
    pub fn stamp(&self) -> u8 {
        (self.tick as u8 & 1) * STAMP
    }

    /// Activates whoever stands there, a cop or an active citizen.
    pub fn activate(&mut self, from: u16) {
        let low = self.window.at(from);
        // Somebody may have been arrested since the turn began.
        if low & PRESENT == 0 || low & STAMP == self.stamp() {
            return;
        }
        if low & CLASS == COP {
            self.cop(low, from);
            return;
        }
        let steps = &self.manner.citizen_steps;
        let (to, step) = if !self.manner.setting.citizens_move {
            (from, STAYS)
        } else if steps.walks {
            self.walk(from)
        } else {
            (search(self.window, &steps.to, from, &mut self.draws), STAYS)
        };
        if from != to {
            self.window.put(from, 0);
            self.window.carry(from, to);
        }
        self.change.decided += u64::from(low & CLASS != 0);
        self.settle(low, from, to, step);
    }

    /// Puts a citizen that goes from a place to another down there, lets it decide (rule A) and keeps the counts.
    pub fn settle(&mut self, low: u8, from: u16, to: u16, step: usize) {
        let Manner { rules, classes, sight, stepped, .. } = self.manner;
        let window = &mut *self.window;
        let was = low & ACTIVE != 0;
        if was && from != to {
            match stepped.get(step) {
                Some(stepped) => stepped.add(&mut window.actives, from),
                None => {
                    sight.take(&mut window.actives, from);
                    sight.add(&mut window.actives, to);
                }
            }
        }
        let seen = window.actives[usize::from(to)] - u8::from(was);
        // Every citizen counts itself as one active.
        let counted = seen + 1 + u8::from(was && rules.counts_itself_twice);
        let cops = window.cops[usize::from(to)];
        let at = usize::from(low & CLASS) << 8 | usize::from(counted);
        let mut is = cops < classes.sure[at];
        if T::KEPT && !is && cops < classes.possible[at] {
            is = classes.decide(window.tempers[usize::from(to)].read(), cops, counted);
        }
        let stamp = (self.tick as u8 & 1) * STAMP;
        window.put(to, (low & !(STAMP | ACTIVE)) | stamp | (u8::from(is) * ACTIVE));
        self.change.active += i64::from(is) - i64::from(was);
        if is && !was {
            sight.add(&mut window.actives, to);
        } else if was && !is {
            sight.take(&mut window.actives, to);
        }
    }

    /// Where a walking agent goes, one adjacent place if it is free, and the number of the step.
    fn walk(&mut self, from: u16) -> (u16, usize) {
        let step = self.draws.below(STAYS);
        let to = self.manner.citizen_steps.to.place(from, step);
        if self.window.is_free(to) { (to, step) } else { (from, STAYS) }
    }

    fn cop(&mut self, who: u8, from: u16) {
        let first = self.manner.rules.cop;
        let mut at = from;
        if first == Activation::ActThenMove {
            at = self.patrol(who, at);
        }
        let steps = &self.manner.cop_steps;
        if steps.walks {
            let step = self.draws.below(STAYS);
            let to = steps.to.place(at, step);
            if self.window.is_free(to) {
                self.window.put(at, 0);
                self.window.put(to, who);
                self.manner.stepped[step].add(&mut self.window.cops, at);
                at = to;
            }
        } else {
            let to = search(self.window, &steps.to, at, &mut self.draws);
            self.place_cop(who, at, to);
            at = to;
        }
        if first == Activation::MoveThenAct {
            at = self.patrol(who, at);
        }
        let stamp = self.stamp();
        self.window.put(at, (who & !STAMP) | stamp);
    }

    fn place_cop(&mut self, who: u8, from: u16, to: u16) {
        if from != to {
            self.window.put(from, 0);
            self.window.put(to, who);
            self.manner.sight.take(&mut self.window.cops, from);
            self.manner.sight.add(&mut self.window.cops, to);
        }
    }

    /// Rule C: arrests one of the actives in reach; says where the cop is then.
    fn patrol(&mut self, who: u8, at: u16) -> u16 {
        if self.manner.counts_serve_cops && self.window.actives[usize::from(at)] == 0 {
            return at;
        }
        let Some(found) = self.target(at) else {
            return at;
        };
        self.arrest(found);
        if self.manner.rules.cop_follows && self.window.is_free(found) {
            self.place_cop(who, at, found);
            return found;
        }
        at
    }

    /// Whom a cop arrests.
    fn target(&mut self, at: u16) -> Option<u16> {
        let Manner { reach, rules, sight_is_reach, .. } = self.manner;
        let (who, start) = (&self.window.who, laned(at));
        let is_active =
            |number: &usize| who[usize::from(start.wrapping_add(reach.laned(at, *number)))] & ACTIVE != 0;
        let number = match rules.target {
            Target::Random => {
                let count = if *sight_is_reach {
                    usize::from(self.window.actives[usize::from(at)])
                } else {
                    (0..reach.count).filter(is_active).count()
                };
                if count == 0 {
                    return None;
                }
                let chosen = self.draws.below(count);
                (0..reach.count).filter(is_active).nth(chosen)?
            }
            Target::Nearest => {
                let first = (0..reach.count).find(is_active)?;
                let ring = first..first + reach.ring(first);
                let chosen = self.draws.below(ring.clone().filter(is_active).count());
                ring.into_iter().filter(is_active).nth(chosen)?
            }
        };
        Some(reach.place(at, number))
    }

    fn arrest(&mut self, at: u16) {
        let who = self.window.at(at);
        self.manner.sight.take(&mut self.window.actives, at);
        self.change.active -= 1;
        self.change.arrests += 1;
        let longest = self.manner.setting.longest_term;
        let whole = longest.floor() as u32;
        let share = self.draws.share();
        let free_at = if longest.is_infinite() {
            u32::MAX
        } else {
            match self.manner.rules.term {
                Term::Continuous => self.tick + (share * longest).ceil() as u32,
                Term::Inclusive => self.tick + 1 + (share * (f64::from(whole) + 1.0)) as u32,
                Term::Exclusive => {
                    let term = (share * f64::from(whole)) as u32;
                    if term == 0 {
                        self.window.put(at, who & !ACTIVE);
                        return;
                    }
                    self.tick + term
                }
            }
        };
        self.window.put(at, 0);
        let temper = self.window.tempers[usize::from(at)];
        let column = self.column_of(at);
        let inmate = Inmate { who: who & !ACTIVE, temper, free_at, column };
        self.rows[usize::from(at) / SIDE].jail.push(inmate);
        self.change.jailed[usize::from(who & CLASS)] += 1;
    }

    /// The column of the torus a place lies in.
    fn column_of(&self, at: u16) -> u16 {
        ((self.column + usize::from(at) % SIDE) % self.rows[0].who.len()) as u16
    }

    /// Puts a released citizen on the free place nearest to its home, where it decides; with none it has to wait.
    pub fn release(&mut self, released: &Released<T>) {
        let Released { home, who, temper, .. } = *released;
        let at = if self.window.is_free(home) {
            Some(home)
        } else {
            let sites = &self.manner.home;
            let is_free = |site: &&(u16, i32)| self.window.is_free(home.wrapping_add(site.0));
            sites.iter().position(|site| is_free(&site)).and_then(|first| {
                let ring =
                    || sites[first..].iter().take_while(|site| site.1 == sites[first].1).filter(is_free);
                let chosen = self.draws.below(ring().count());
                ring().nth(chosen).map(|site| home.wrapping_add(site.0))
            })
        };
        match at {
            None => {
                let column = self.column_of(home);
                let row = &mut self.rows[usize::from(home) / SIDE];
                row.jail.push(Inmate { who, temper, free_at: self.tick, column });
            }
            Some(at) => {
                self.change.jailed[usize::from(who & CLASS)] -= 1;
                self.change.decided += u64::from(who & CLASS != 0);
                self.window.tempers[usize::from(at)] = temper;
                self.settle(who | PRESENT, at, at, STAYS);
            }
        }
    }
}

/// A random free place within an agent's steps, by looking at single ones, then at all; its own where none is.
pub(super) fn search<T: Temper>(window: &Window<T>, steps: &Offsets, from: u16, draws: &mut Draws) -> u16 {
    for _ in 0..LOOKS {
        let to = steps.place(from, draws.below(steps.count));
        if window.is_free(to) {
            return to;
        }
    }
    let all = || (0..steps.count).map(|number| steps.place(from, number)).filter(|to| window.is_free(*to));
    match all().count() {
        0 => from,
        free => all().nth(draws.below(free)).unwrap_or(from),
    }
}
