//! One pass over a tile: the agents that stand on it act in random order, each meeting the world as the one before left it.

use super::super::lattice::{Neighbourhood, Site};
use super::super::rules::{Activation, Movement, Rules, Sight, Target, Term};
use super::super::setting::Setting;
use super::draws::Draws;
use super::occupant::{ACTIVE, CLASS, COP, Classes, Occupant, PRESENT, STAMP};
use super::window::{Inmate, PLACES, Row, SIDE, Stencil, Window, place};

/// Places looked at before those that are occupied by agents still to act are gone through.
pub(super) const BATCH: usize = 128;
/// Places a jumping agent looks at in one go.
const PROBES: usize = 4;
/// Single places looked at before all free ones are listed.
const LOOKS: usize = 24;
/// Citizens stay on their place.
const STAY: u8 = 0;
/// Citizens take an adjacent place, if the one picked is free.
const WALK: u8 = 1;
/// Citizens take any free place in sight.
const JUMP: u8 = 2;
/// How far from home the released are put at most, as in the original program.
pub(super) const HOME_REACH: f64 = 16.0;

/// What does not change while a tick lasts.
#[derive(Debug, Clone)]
pub(super) struct Manner {
    pub rules: Rules,
    pub setting: Setting,
    pub classes: Classes,
    /// What citizens see.
    pub sight: Stencil,
    /// Whom cops can arrest.
    reach: Stencil,
    reach_sites: Vec<Site>,
    /// Whether a cop that would count no active where a citizen stands has nobody to arrest.
    counts_serve_cops: bool,
    /// Whether the actives that a citizen would see are those a cop there reaches.
    sight_is_reach: bool,
    citizen_steps: Steps,
    cop_steps: Steps,
    home: Vec<Site>,
    /// Sites around a tile that its agents can read or change.
    pub margin: usize,
}

/// Where an agent may go.
#[derive(Debug, Clone)]
struct Steps {
    offsets: Box<[u16; 256]>,
    count: usize,
    walks: bool,
}

impl Steps {
    fn new(movement: Movement, sees: &Neighbourhood) -> Steps {
        let adjacent = Neighbourhood::new(Sight::Moore, 1.0, false);
        let sites = if movement == Movement::Walk { &adjacent.sites } else { &sees.sites };
        let mut offsets = Box::new([0; 256]);
        for (offset, site) in offsets.iter_mut().zip(sites) {
            *offset = place(site.dx, site.dy);
        }
        Steps { offsets, count: sites.len(), walks: movement == Movement::Walk }
    }
}

impl Manner {
    pub fn new(rules: Rules, setting: Setting) -> Manner {
        let citizens_see = Neighbourhood::new(rules.sight, setting.citizen_vision, false);
        let cops_see = Neighbourhood::new(rules.sight, setting.cop_vision, false);
        let reach = Neighbourhood::new(rules.sight, setting.cop_vision, rules.reach_is_strict);
        let (citizen, cop) = (setting.citizen_vision.floor() as usize, setting.cop_vision.floor() as usize);
        // A citizen counts, after a jump; a cop takes a place after a jump and an arrest; whoever is released counts.
        let margin = (2 * citizen).max(2 * cop + citizen.max(cop)).max(HOME_REACH as usize + citizen);
        Manner {
            rules,
            setting,
            classes: Classes::new(&rules, &setting, setting.legitimacy),
            sight: Stencil::new(&citizens_see),
            reach: Stencil::new(&reach),
            counts_serve_cops: setting.cop_vision <= setting.citizen_vision,
            sight_is_reach: reach.sites == citizens_see.sites,
            citizen_steps: Steps::new(rules.citizens_move, &citizens_see),
            cop_steps: Steps::new(rules.cops_move, &cops_see),
            reach_sites: reach.sites,
            home: Neighbourhood::new(Sight::Disc, HOME_REACH, false).sites,
            margin,
        }
    }
}

/// A citizen whose term is over.
#[derive(Debug, Clone, Copy)]
pub(super) struct Released<W> {
    /// Before which batch of a pass it acts.
    pub batch: u16,
    /// Where it was arrested, as a place of the window.
    pub home: u16,
    pub who: W,
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
pub(super) struct Pass<'a, W> {
    pub manner: &'a Manner,
    pub window: &'a mut Window<W>,
    /// Rows of the window.
    pub rows: &'a mut [Row<W>],
    /// Column of the torus where the window begins.
    pub column: usize,
    pub tick: u32,
    pub draws: Draws,
    pub change: Change,
    /// Low bytes of agents that are still to act in this pass.
    pub waiting: &'a [bool; 256],
    /// Those of them that belong to quiet citizens.
    pub quiet: &'a [bool; 256],
}

impl<W: Occupant> Pass<'_, W> {
    /// Activates the agents on places in this order, counted from `corner` (backwards if `mirrored`), and in between
    /// releases the inmates due (in the order of their numbers of a batch).
    pub fn run(&mut self, order: &[u16], corner: u16, mirrored: bool, due: &[Released<W>]) {
        let mut due = due.iter().peekable();
        let mut listed = [0u16; BATCH];
        let mut probes = [0u16; PROBES * BATCH];
        for (batch, order) in order.chunks(BATCH).enumerate() {
            while let Some(released) = due.next_if(|released| usize::from(released.batch) <= batch) {
                self.release(*released);
            }
            let count = self.list(order, corner, mirrored, &mut listed);
            // Sixteen bits times the number of sites, the upper half: one vector instruction for eight.
            let sites = self.manner.citizen_steps.count as u16;
            for four in probes.chunks_exact_mut(PROBES).take(count) {
                let word = self.draws.next();
                let parts = [word as u16, (word >> 16) as u16, (word >> 32) as u16, (word >> 48) as u16];
                four.copy_from_slice(&parts);
            }
            for probe in &mut probes[..PROBES * count] {
                *probe = ((u32::from(*probe) * u32::from(sites)) >> 16) as u16;
            }
            let (listed, probes) = (&listed[..count], &probes[..PROBES * count]);
            let mut done = 0;
            while done < count {
                let (ahead, their_probes) = (&listed[done..], &probes[PROBES * done..]);
                done += match (self.manner.setting.citizens_move, self.manner.citizen_steps.walks) {
                    (false, _) => self.stay_quiet::<STAY>(ahead, their_probes),
                    (true, true) => self.stay_quiet::<WALK>(ahead, their_probes),
                    (true, false) => self.stay_quiet::<JUMP>(ahead, their_probes),
                };
                if let (Some(at), Some(four)) =
                    (listed.get(done), probes.get(PROBES * done..PROBES * (done + 1)))
                {
                    self.activate(*at, four);
                }
                done += 1;
            }
        }
        for released in due {
            self.release(*released);
        }
    }

    /// Lists the places of agents that are still to act.
    /// Lists the places of agents that are still to act.
    #[inline(always)]
    fn list(&self, order: &[u16], corner: u16, mirrored: bool, listed: &mut [u16; BATCH]) -> usize {
        let who = &*self.window.who;
        let waiting = self.waiting;
        let mut count = 0;
        let mut look = |at: u16| {
            listed[count % BATCH] = at;
            count += usize::from(waiting[usize::from(who[usize::from(at)].low())]);
        };
        if mirrored {
            order.iter().for_each(|offset| look(corner.wrapping_sub(*offset)));
        } else {
            order.iter().for_each(|offset| look(corner.wrapping_add(*offset)));
        }
        count
    }

    /// Activates agents as long as they are quiet citizens that remain quiet, and says how many: nearly all are, and this
    /// is all there is to do for them. It does the same as [`Pass::activate`] would.
    fn stay_quiet<const STEP: u8>(&mut self, listed: &[u16], probes: &[u16]) -> usize {
        let Manner { classes, citizen_steps, .. } = self.manner;
        let Window { who, cops, actives } = &mut *self.window;
        let (quiet, possible) = (self.quiet, &classes.possible);
        let (mut done, mut deciders) = (0, 0);
        for (from, probes) in listed.iter().zip(probes.chunks_exact(PROBES)) {
            let resident = who[usize::from(*from)];
            let low = resident.low();
            if !quiet[usize::from(low)] {
                break;
            }
            let to = match STEP {
                STAY => *from,
                WALK => walk(who, citizen_steps, *from, probes),
                _ => jump(who, citizen_steps, *from, probes, &mut self.draws),
            };
            let counted = actives[usize::from(to)].wrapping_add(1);
            let class = usize::from(low & CLASS);
            if cops[usize::from(to)] < possible[class << 8 | usize::from(counted)] {
                // It may become active: it is put there and asked again in full.
                self.change.decided += deciders;
                self.settle(resident, *from, to);
                return done + 1;
            }
            deciders += u64::from(class != 0);
            who[usize::from(*from)] = W::default();
            who[usize::from(to)] = resident.with(low ^ STAMP);
            done += 1;
        }
        self.change.decided += deciders;
        done
    }

    #[inline(always)]
    fn activate(&mut self, at: u16, probes: &[u16]) {
        let who = self.window.who[usize::from(at)];
        // Somebody may have been arrested since the list was made.
        if !self.waiting[usize::from(who.low())] {
            return;
        }
        if who.low() & CLASS == COP {
            self.cop(who, at);
            return;
        }
        let steps = &self.manner.citizen_steps;
        let to = if !self.manner.setting.citizens_move {
            at
        } else if steps.walks {
            walk(&self.window.who, steps, at, probes)
        } else {
            jump(&self.window.who, steps, at, probes, &mut self.draws)
        };
        self.settle(who, at, to);
    }

    /// Puts a citizen on a place and lets it decide there (rule A).
    #[inline(always)]
    fn settle(&mut self, who: W, from: u16, to: u16) {
        let Manner { rules, classes, sight, .. } = self.manner;
        let window = &mut *self.window;
        let low = who.low();
        let was = low & ACTIVE != 0;
        if was && from != to {
            sight.take(&mut window.actives, from);
        }
        window.who[usize::from(from)] = W::default();
        let seen = window.actives[usize::from(to)] - u8::from(was && from == to);
        // Every citizen counts itself as one active.
        let counted = seen + 1 + u8::from(was && rules.counts_itself_twice);
        let cops = window.cops[usize::from(to)];
        let at = usize::from(low & CLASS) << 8 | usize::from(counted);
        let mut is = cops < classes.sure[at];
        if W::WIDE && !is && cops < classes.possible[at] {
            is = classes.decide(who.temper(), cops, counted);
        }
        self.change.decided += u64::from(low & CLASS != 0);
        let stamp = (self.tick as u8 & 1) * STAMP;
        let now = (low & !(STAMP | ACTIVE)) | stamp | (u8::from(is) * ACTIVE);
        window.who[usize::from(to)] = who.with(now);
        if is | was {
            self.change.active += i64::from(is) - i64::from(was);
            if is && (!was || from != to) {
                sight.add(&mut window.actives, to);
            } else if !is && from == to {
                sight.take(&mut window.actives, to);
            }
        }
    }

    fn cop(&mut self, who: W, from: u16) {
        let first = self.manner.rules.cop;
        let mut at = from;
        if first == Activation::ActThenMove {
            at = self.patrol(who, at);
        }
        let steps = &self.manner.cop_steps;
        let to = if steps.walks {
            let to = at.wrapping_add(steps.offsets[self.draws.below(steps.count) & 0xff]);
            if self.window.is_free(to) { to } else { at }
        } else {
            search(&self.window.who, steps, at, &mut self.draws)
        };
        self.place_cop(who, at, to);
        at = to;
        if first == Activation::MoveThenAct {
            at = self.patrol(who, at);
        }
        let stamp = (self.tick as u8 & 1) * STAMP;
        self.window.who[usize::from(at)] = who.with((who.low() & !STAMP) | stamp);
    }

    fn place_cop(&mut self, who: W, from: u16, to: u16) {
        if from != to {
            self.window.who[usize::from(from)] = W::default();
            self.window.who[usize::from(to)] = who;
            self.manner.sight.take(&mut self.window.cops, from);
            self.manner.sight.add(&mut self.window.cops, to);
        }
    }

    /// Rule C: arrests one of the actives in reach; says where the cop is then.
    fn patrol(&mut self, who: W, at: u16) -> u16 {
        let manner = self.manner;
        if manner.counts_serve_cops && self.window.actives[usize::from(at)] == 0 {
            return at;
        }
        let found = match manner.rules.target {
            Target::Random => {
                let count = if manner.sight_is_reach {
                    usize::from(self.window.actives[usize::from(at)])
                } else {
                    manner.reach.count_active(&self.window.who, at)
                };
                if count == 0 {
                    return at;
                }
                let number = self.draws.below(count);
                manner.reach.nth_active(&self.window.who, at, number)
            }
            Target::Nearest => self.nearest(at),
        };
        let Some(found) = found else {
            return at;
        };
        self.arrest(found);
        if manner.rules.cop_follows && self.window.is_free(found) {
            self.place_cop(who, at, found);
            return found;
        }
        at
    }

    fn nearest(&mut self, at: u16) -> Option<u16> {
        let is_active = |site: &&Site| {
            let there = at.wrapping_add(place(site.dx, site.dy));
            self.window.who[usize::from(there)].low() & ACTIVE != 0
        };
        let sites = &self.manner.reach_sites;
        let first = sites.iter().position(|site| is_active(&site))?;
        let squared = sites[first].squared;
        let ring = || sites[first..].iter().take_while(|site| site.squared == squared).filter(is_active);
        let chosen = self.draws.below(ring().count());
        let site = ring().nth(chosen)?;
        Some(at.wrapping_add(place(site.dx, site.dy)))
    }

    fn arrest(&mut self, at: u16) {
        let who = self.window.who[usize::from(at)];
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
                        self.window.who[usize::from(at)] = who.with(who.low() & !ACTIVE);
                        return;
                    }
                    self.tick + term
                }
            }
        };
        self.window.who[usize::from(at)] = W::default();
        let quiet = who.with(who.low() & !ACTIVE);
        let column = self.column_of(at);
        self.rows[usize::from(at) / SIDE].jail.push(Inmate { who: quiet, free_at, column });
        self.change.jailed[usize::from(who.low() & CLASS)] += 1;
    }

    /// The column of the torus a place lies in.
    fn column_of(&self, at: u16) -> u16 {
        ((self.column + usize::from(at) % SIDE) % self.rows[0].who.len()) as u16
    }

    /// Puts a released citizen on the free place nearest to its home, where it decides; with none it has to wait.
    fn release(&mut self, released: Released<W>) {
        let home = released.home;
        let at = if self.window.is_free(home) {
            Some(home)
        } else {
            let beside = |site: &Site| home.wrapping_add(place(site.dx, site.dy));
            let is_free = |site: &&Site| self.window.is_free(beside(site));
            let sites = &self.manner.home;
            sites.iter().position(|site| is_free(&site)).and_then(|first| {
                let squared = sites[first].squared;
                let ring =
                    || sites[first..].iter().take_while(|site| site.squared == squared).filter(is_free);
                let chosen = self.draws.below(ring().count());
                ring().nth(chosen).map(beside)
            })
        };
        match at {
            None => {
                let column = self.column_of(home);
                let row = &mut self.rows[usize::from(home) / SIDE];
                row.jail.push(Inmate { who: released.who, free_at: self.tick, column });
            }
            Some(at) => {
                self.change.jailed[usize::from(released.who.low() & CLASS)] -= 1;
                self.settle(released.who.with(released.who.low() | PRESENT), at, at);
            }
        }
    }
}

/// Where a walking agent goes: one adjacent place, if it is free.
#[inline(always)]
fn walk<W: Occupant>(who: &[W; PLACES], steps: &Steps, from: u16, probes: &[u16]) -> u16 {
    let to = from.wrapping_add(steps.offsets[usize::from(probes[0] as u8)]);
    if who[usize::from(to)].low() & PRESENT == 0 { to } else { from }
}

/// Where a jumping agent goes: the first free one of the places it looks at.
#[inline(always)]
fn jump<W: Occupant>(who: &[W; PLACES], steps: &Steps, from: u16, probes: &[u16], draws: &mut Draws) -> u16 {
    let beside = |probe: u16| from.wrapping_add(steps.offsets[usize::from(probe as u8)]);
    let taken = |nth: usize| u32::from(who[usize::from(beside(probes[nth]))].low() / PRESENT) << nth;
    let free = !(taken(0) | taken(1) | taken(2) | taken(3)) & 0xf;
    if free == 0 {
        return search(who, steps, from, draws);
    }
    beside(probes[free.trailing_zeros() as usize & 3])
}

/// A random free place within an agent's steps, by looking at single ones, then at all; its own where none is.
fn search<W: Occupant>(who: &[W; PLACES], steps: &Steps, from: u16, draws: &mut Draws) -> u16 {
    let is_free = |to: &u16| who[usize::from(*to)].low() & PRESENT == 0;
    for _ in 0..LOOKS {
        let to = from.wrapping_add(steps.offsets[draws.below(steps.count) & 0xff]);
        if is_free(&to) {
            return to;
        }
    }
    let all = || steps.offsets[..steps.count].iter().map(|offset| from.wrapping_add(*offset)).filter(is_free);
    match all().count() {
        0 => from,
        free => all().nth(draws.below(free)).unwrap_or(from),
    }
}
