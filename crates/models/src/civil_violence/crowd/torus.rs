//! The whole torus: its rows, how a tick goes over its tiles, and what is counted.

use rayon::prelude::*;

use super::super::rules::{Rules, Schedule};
use super::super::setting::{Course, Setting};
use super::super::society::Tick;
use super::draws::Draws;
use super::occupant::{ACTIVE, CLASS, COP, Classes, Occupant, PRESENT, STAMP};
use super::pass::{BATCH, Change, Manner, Pass, Released};
use super::window::{Inmate, Row, SIDE, Window};
use crate::noise::{Noise, Stream};

const BIRTH: Stream = Stream::named("civil_violence_crowd_birth");
const TILES: Stream = Stream::named("civil_violence_crowd_tiles");
const PASS: Stream = Stream::named("civil_violence_crowd_pass");
const MIRROR: Stream = Stream::named("civil_violence_crowd_mirror");
const TERMS: Stream = Stream::named("civil_violence_crowd_terms");

/// Longest side of a window: vectors of counts may reach sixteen columns past a place.
const LONGEST: usize = SIDE - 16;

/// How the torus is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tiling {
    /// Longest side of a tile.
    pub side: usize,
    /// Passes over all tiles in a tick; each activates a random share of the agents.
    pub passes: usize,
    /// Whether tiles lie anew every tick.
    pub shifted: bool,
}

impl Default for Tiling {
    fn default() -> Tiling {
        Tiling { side: LONGEST, passes: 1, shifted: true }
    }
}

impl Tiling {
    /// Shortest side of a torus whose tiles of one colour do not touch each other.
    pub fn least_side(manner: &Manner) -> usize {
        4 * manner.margin + 4
    }

    /// An even number of parts of a length that are at most so long and stay clear of each other.
    fn parts(&self, length: usize, margin: usize) -> usize {
        let most = self.side.min(LONGEST - 2 * margin);
        let parts = length.div_ceil(most).next_multiple_of(2);
        // Every second part is clear of its like if the one between is as long as two margins and a site.
        let fit = (length / (2 * margin + 1)).max(2);
        parts.min(fit - fit % 2).max(2)
    }
}

/// One direction of the tiling: where parts begin, and how long each is.
#[derive(Debug, Clone)]
struct Parts {
    starts: Vec<usize>,
    long: usize,
}

impl Parts {
    fn new(length: usize, count: usize) -> Parts {
        Parts { starts: (0..count).map(|part| part * length / count).collect(), long: length.div_ceil(count) }
    }

    /// The part a distance from the first start lies in.
    fn of(&self, distance: usize) -> usize {
        self.starts.partition_point(|start| *start <= distance) - 1
    }
}

#[derive(Debug, Clone)]
pub(super) struct Torus<W> {
    manner: Manner,
    noise: Noise,
    tiling: Tiling,
    bands: Parts,
    tiles: Parts,
    /// Rows from `top` on.
    rows: Vec<Row<W>>,
    top: usize,
    /// A window for each band of one colour.
    windows: Vec<Window<W>>,
    /// Places of a tile in the order of the tick.
    order: Vec<u16>,
    tick: u32,
    legitimacy: f64,
    cops: usize,
    /// Citizens by class, and what their hardships and risk aversions sum to.
    citizens: [Kin; 32],
    active: i64,
    /// Jailed by class.
    jailed: [i64; 32],
    /// What the last tick changed.
    pub last: Change,
}

/// The citizens of a class.
#[derive(Debug, Clone, Copy, Default)]
struct Kin {
    count: u64,
    hardship: f64,
    risk_aversion: f64,
}

impl<W: Occupant> Torus<W> {
    pub fn new(rules: Rules, setting: Setting, seed: u64, tiling: Tiling) -> Torus<W> {
        let noise = Noise::new(seed, 0);
        let manner = Manner::new(rules, setting);
        let bands = Parts::new(setting.height, tiling.parts(setting.height, manner.margin));
        let tiles = Parts::new(setting.width, tiling.parts(setting.width, manner.margin));
        let places = (0..bands.long).flat_map(|y| (0..tiles.long).map(move |x| (y * SIDE + x) as u16));
        let mut torus = Torus {
            noise,
            tiling,
            rows: Vec::with_capacity(setting.height),
            top: 0,
            windows: (0..bands.starts.len() / 2).map(|_| Window::new()).collect(),
            order: places.collect(),
            tick: 0,
            legitimacy: setting.legitimacy,
            cops: 0,
            citizens: [Kin::default(); 32],
            active: 0,
            jailed: [0; 32],
            last: Change::default(),
            manner,
            bands,
            tiles,
        };
        torus.settle();
        torus.count_cops();
        torus
    }

    /// Puts agents on random sites, row by row: each site in turn gets one with the probability that is left (selection
    /// sampling, Knuth, The Art of Computer Programming 2, 3.4.2, algorithm S; recalled).
    fn settle(&mut self) {
        let Setting { width, height, .. } = self.manner.setting;
        let mut sites = width * height;
        let mut citizens = self.manner.setting.citizens();
        let mut cops = self.manner.setting.cops_at(self.manner.setting.cop_density).min(sites - citizens);
        self.cops = cops;
        for y in 0..height {
            let mut draws = Draws::new(self.noise.word(BIRTH, y as u32, 0, 0));
            let mut who = vec![W::default(); width];
            for site in &mut who {
                let at = draws.below(sites);
                sites -= 1;
                if at < citizens {
                    citizens -= 1;
                    let (hardship, risk_aversion) = (draws.share(), draws.share());
                    // What the wide form forgets of a temper must not count.
                    let newborn = W::new(PRESENT, hardship, risk_aversion);
                    let temper = if W::WIDE { newborn.temper() } else { (hardship, risk_aversion) };
                    let class = self.manner.classes.of(temper.0, temper.1);
                    self.citizens[usize::from(class)].admit(temper);
                    *site = newborn.with(PRESENT | class);
                } else if at < citizens + cops {
                    cops -= 1;
                    *site = W::new(PRESENT | COP, 0.0, 0.0);
                }
            }
            let (seen, jail, due) = (vec![0; width], Vec::new(), Vec::new());
            self.rows.push(Row { who, cops: seen.clone(), actives: seen, jail, due });
        }
    }

    /// Works out the cops in sight of every site.
    fn count_cops(&mut self) {
        let Setting { width, height, citizen_vision, .. } = self.manner.setting;
        let sees = super::Neighbourhood::new(self.manner.rules.sight, citizen_vision, false);
        for y in 0..height {
            for x in 0..width {
                if self.rows[y].who[x].low() != PRESENT | COP {
                    continue;
                }
                for &(dy, half) in sees.rows() {
                    let row =
                        &mut self.rows[(y as i64 + i64::from(dy)).rem_euclid(height as i64) as usize].cops;
                    for dx in 0..=2 * half {
                        row[(x + width + dx - half) % width] += 1;
                    }
                }
            }
        }
    }

    pub fn agents(&self) -> usize {
        self.manner.setting.citizens() + self.cops
    }

    pub fn tick(&mut self) -> Tick {
        let Setting { legitimacy, legitimacy_course, .. } = self.manner.setting;
        self.tick_under(legitimacy_course.at(self.tick + 1, legitimacy))
    }

    pub fn tick_under(&mut self, legitimacy: f64) -> Tick {
        self.tick += 1;
        self.last = Change::default();
        self.change_legitimacy(legitimacy);
        self.end_terms();
        let mut draws = Draws::new(self.noise.word(TILES, 0, self.tick, 0));
        let Setting { width, height, .. } = self.manner.setting;
        let (x, y) = if self.tiling.shifted { (draws.below(width), draws.below(height)) } else { (0, 0) };
        let mut order = std::mem::take(&mut self.order);
        draws.shuffle(&mut order);
        let phases: &[[bool; 2]] = match self.manner.rules.schedule {
            Schedule::Mixed => &[[true, true]],
            Schedule::Phases => &[[true, false], [false, true]],
        };
        for (phase, [citizens, cops]) in phases.iter().enumerate() {
            let waiting = waiting(self.tick, *citizens, *cops);
            for pass in 0..self.tiling.passes {
                let share =
                    pass * order.len() / self.tiling.passes..(pass + 1) * order.len() / self.tiling.passes;
                let first = draws.below(2);
                for colour in [first, 1 - first] {
                    let key = ((phase * self.tiling.passes + pass) * 2 + colour) as u32;
                    self.sweep(colour, (x, y), &order[share.clone()], pass, *citizens, &waiting, key);
                }
            }
        }
        self.order = order;
        self.active += self.last.active;
        for (all, change) in self.jailed.iter_mut().zip(self.last.jailed) {
            *all += change;
        }
        self.look()
    }

    /// Works on every second band.
    #[allow(clippy::too_many_arguments)]
    fn sweep(
        &mut self,
        colour: usize,
        (x, y): (usize, usize),
        order: &[u16],
        pass: usize,
        citizens: bool,
        waiting: &[bool; 256],
        key: u32,
    ) {
        let height = self.rows.len();
        let (margin, long) = (self.manner.margin, self.bands.long);
        let own = self.bands.starts[colour];
        self.turn_to((y + own + height - margin) % height);
        let mut rest = &mut self.rows[..];
        let mut passed = 0;
        let mut bands = Vec::new();
        for (band, start) in self.bands.starts.iter().enumerate().skip(colour).step_by(2) {
            let (_, from) = rest.split_at_mut(start - own - passed);
            let (rows, after) = from.split_at_mut(long + 2 * margin);
            passed = start - own + rows.len();
            rest = after;
            bands.push((band, rows));
        }
        let (noise, tick, tiles, passes) = (self.noise, self.tick, &self.tiles, self.tiling.passes);
        let manner = &self.manner;
        let change = bands
            .into_par_iter()
            .zip(&mut self.windows)
            .map(|((band, rows), window)| {
                let stretch = Stretch { manner, tiles, rows, x, order, tick, waiting };
                let entity = |tile: usize| (band * (tiles.starts.len() + 1) + tile) as u32;
                let word = |tile: usize| noise.word(PASS, entity(tile), tick, key);
                // The same in all passes of a tick: which share of the order a place is in must not change.
                let mirrored = |tile: usize| noise.word(MIRROR, entity(tile), tick, 0) & 1 == 1;
                let numbers = pass * BATCH_NUMBERS / passes..(pass + 1) * BATCH_NUMBERS / passes;
                stretch.run(window, if citizens { numbers } else { 0..0 }, word, mirrored)
            })
            .reduce(Change::default, Change::and);
        self.last = std::mem::take(&mut self.last).and(change);
    }

    /// Turns the list of rows so that it begins with one.
    fn turn_to(&mut self, row: usize) {
        let height = self.rows.len();
        self.rows.rotate_left((row + height - self.top) % height);
        self.top = row;
    }

    /// Puts the jailed whose term is over on the lists of the due, with a random number.
    fn end_terms(&mut self) {
        if self.manner.setting.longest_term.is_infinite() {
            return;
        }
        let (noise, tick, top, height) = (self.noise, self.tick, self.top, self.rows.len());
        self.rows.par_iter_mut().enumerate().for_each(|(at, row)| {
            let mut draws = Draws::new(noise.word(TERMS, ((top + at) % height) as u32, tick, 0));
            let Row { jail, due, .. } = row;
            jail.retain(|inmate| {
                let over = inmate.free_at <= tick;
                if over {
                    due.push((draws.below(BATCH_NUMBERS) as u16, *inmate));
                }
                !over
            });
        });
    }

    /// Sorts citizens into classes anew where legitimacy has changed.
    fn change_legitimacy(&mut self, now: f64) {
        if self.manner.setting.legitimacy_course == Course::Constant || now == self.legitimacy {
            return;
        }
        self.legitimacy = now;
        self.manner.classes = Classes::new(&self.manner.rules, &self.manner.setting, now);
        let classes = &self.manner.classes;
        let sorted = |who: W| {
            let low = who.low();
            let is_citizen = low & PRESENT != 0 && low & CLASS != COP;
            let (hardship, risk_aversion) = who.temper();
            if is_citizen { who.with((low & !CLASS) | classes.of(hardship, risk_aversion)) } else { who }
        };
        (self.citizens, self.jailed) = self
            .rows
            .par_iter_mut()
            .map(|row| {
                let mut kin = [Kin::default(); 32];
                let mut jailed = [0i64; 32];
                for who in &mut row.who {
                    *who = sorted(*who);
                    let class = who.low() & CLASS;
                    if who.low() & PRESENT != 0 && class != COP {
                        kin[usize::from(class)].admit(who.temper());
                    }
                }
                for inmate in &mut row.jail {
                    inmate.who = sorted(inmate.who);
                    let class = usize::from(inmate.who.low() & CLASS);
                    kin[class].admit(inmate.who.temper());
                    jailed[class] += 1;
                }
                (kin, jailed)
            })
            // Hardships are multiples of 2⁻¹³, so that sums do not depend on their order.
            .reduce(
                || ([Kin::default(); 32], [0; 32]),
                |(kin, jailed), (others, more)| {
                    (
                        std::array::from_fn(|class| kin[class].and(others[class])),
                        std::array::from_fn(|class| jailed[class] + more[class]),
                    )
                },
            );
    }

    fn look(&self) -> Tick {
        let all: u64 = self.citizens.iter().map(|kin| kin.count).sum();
        let jailed: i64 = self.jailed.iter().sum();
        let active = self.active as u32;
        let quiet = (all as i64 - jailed - self.active) as u32;
        let (mut hardship, mut risk_aversion) = (0.0, 0.0);
        // Who of a class is in jail is not known: the free have the means of their class.
        for (kin, jailed) in self.citizens.iter().zip(self.jailed).filter(|(kin, _)| kin.count > 0) {
            let free = (kin.count as i64 - jailed) as f64 / kin.count as f64;
            hardship += free * kin.hardship;
            risk_aversion += free * kin.risk_aversion;
        }
        let grievance = hardship * self.manner.classes.illegitimacy;
        let tension = if risk_aversion > 0.0 {
            grievance * (f64::from(quiet) / all as f64) / risk_aversion
        } else {
            0.0
        };
        Tick {
            tick: self.tick,
            active,
            jailed: jailed as u32,
            quiet,
            cops: self.cops as u32,
            groups: [active + quiet, 0],
            legitimacy: self.legitimacy,
            tension,
        }
    }

    pub fn picture(&self) -> Vec<u8> {
        let (height, top) = (self.rows.len(), self.top);
        let row = |y: usize| &self.rows[(y + height - top) % height].who;
        let cell = |who: &W| match who.low() {
            low if low & PRESENT == 0 => 0,
            low if low & CLASS == COP => 3,
            low if low & ACTIVE != 0 => 2,
            _ => 1,
        };
        (0..height).flat_map(|y| row(y).iter().map(cell)).collect()
    }
}

/// Numbers the due draw from: the resolution of their place in the order of a tile.
const BATCH_NUMBERS: usize = 1 << 15;

impl Kin {
    fn admit(&mut self, (hardship, risk_aversion): (f64, f64)) {
        self.count += 1;
        self.hardship += hardship;
        self.risk_aversion += risk_aversion;
    }

    fn and(self, other: Kin) -> Kin {
        Kin {
            count: self.count + other.count,
            hardship: self.hardship + other.hardship,
            risk_aversion: self.risk_aversion + other.risk_aversion,
        }
    }
}

/// Which low bytes belong to agents still to act.
fn waiting(tick: u32, citizens: bool, cops: bool) -> [bool; 256] {
    std::array::from_fn(|low| {
        let low = low as u8;
        let acted = (low & STAMP != 0) == (tick & 1 == 1);
        let asked = if low & CLASS == COP { cops } else { citizens };
        low & PRESENT != 0 && !acted && asked
    })
}

/// The tiles of a band, under way.
struct Stretch<'a, W> {
    manner: &'a Manner,
    tiles: &'a Parts,
    /// Rows of the band and of the margins on both sides.
    rows: &'a mut [Row<W>],
    /// Column of the torus where the first tile begins.
    x: usize,
    order: &'a [u16],
    tick: u32,
    waiting: &'a [bool; 256],
}

impl<W: Occupant> Stretch<'_, W> {
    /// Goes over the tiles in random order; `numbers` are those of the due that are released in this pass.
    fn run(
        mut self,
        window: &mut Window<W>,
        numbers: std::ops::Range<usize>,
        word: impl Fn(usize) -> u64,
        mirrored: impl Fn(usize) -> bool,
    ) -> Change {
        let width = self.rows[0].who.len();
        let margin = self.manner.margin;
        let count = self.tiles.starts.len();
        let mut due = self.due(&numbers);
        let is_quiet = |low: usize| self.waiting[low] && low as u8 & ACTIVE == 0 && low as u8 & CLASS != COP;
        let quiet: [bool; 256] = std::array::from_fn(is_quiet);
        let mut draws = Draws::new(word(count));
        let mut places: Vec<usize> = (0..count).collect();
        draws.shuffle(&mut places);
        let mut change = Change::default();
        for tile in places {
            let column = (self.x + self.tiles.starts[tile] + width - margin) % width;
            let columns = self.tiles.long + 2 * margin;
            due[tile].sort_by_key(|released| released.batch);
            window.load(self.rows, column, columns);
            let draws = Draws::new(word(tile));
            let mirrored = mirrored(tile);
            let last = self.rows.len() - 1 - margin;
            let corner =
                if mirrored { last * SIDE + margin + self.tiles.long - 1 } else { margin * SIDE + margin };
            let mut pass = Pass {
                manner: self.manner,
                window,
                rows: self.rows,
                column,
                tick: self.tick,
                draws,
                change: Change::default(),
                waiting: self.waiting,
                quiet: &quiet,
            };
            pass.run(self.order, corner as u16, mirrored, &due[tile]);
            change = change.and(pass.change);
            window.store(self.rows, column, columns);
        }
        change
    }

    /// Takes the due off their lists, by tile.
    fn due(&mut self, numbers: &std::ops::Range<usize>) -> Vec<Vec<Released<W>>> {
        let mut due = vec![Vec::new(); self.tiles.starts.len()];
        if numbers.is_empty() {
            return due;
        }
        let width = self.rows[0].who.len();
        let margin = self.manner.margin;
        let batches = self.order.len().div_ceil(BATCH);
        let last = self.rows.len() - margin;
        for (at, row) in self.rows.iter_mut().enumerate().take(last).skip(margin) {
            row.due.retain(|(number, Inmate { who, column, .. })| {
                let is_now = numbers.contains(&usize::from(*number));
                if is_now {
                    let distance = (usize::from(*column) + width - self.x) % width;
                    let tile = self.tiles.of(distance);
                    let home = at * SIDE + margin + distance - self.tiles.starts[tile];
                    let batch = (usize::from(*number) - numbers.start) * batches / numbers.len();
                    due[tile].push(Released { batch: batch as u16, home: home as u16, who: *who });
                }
                !is_now
            });
        }
        due
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn torus<W: Occupant>(rules: Rules, side: usize, passes: usize) -> Torus<W> {
        let setting = Setting { width: side, height: side + 3, ..Setting::published(2, false).unwrap() };
        Torus::new(rules, setting, 5, Tiling { side: 60, passes, shifted: true })
    }

    /// The counts that were kept up to date are those that counting anew gives; nobody is lost, everybody acted.
    fn check<W: Occupant>(mut torus: Torus<W>, ticks: u32) {
        for _ in 0..ticks {
            let seen = torus.tick();
            let (height, width) = (torus.rows.len(), torus.rows[0].who.len());
            let mut anew = vec![(0u8, 0u8); height * width];
            let sees = super::super::Neighbourhood::new(torus.manner.rules.sight, 7.0, false);
            let (mut active, mut citizens, mut cops) = (0, 0, 0);
            for y in 0..height {
                for x in 0..width {
                    let low = torus.rows[y].who[x].low();
                    if low & PRESENT == 0 {
                        assert_eq!(low, 0);
                        continue;
                    }
                    assert_eq!(low & STAMP != 0, seen.tick % 2 == 1, "site {x}, {y} has not acted");
                    let is_cop = low & CLASS == COP;
                    cops += u32::from(is_cop);
                    citizens += u32::from(!is_cop);
                    active += u32::from(low & ACTIVE != 0);
                    for &(dy, half) in sees.rows() {
                        let y = (y as i64 + i64::from(dy)).rem_euclid(height as i64) as usize;
                        for dx in 0..=2 * half {
                            let counts = &mut anew[y * width + (x + width + dx - half) % width];
                            counts.0 += u8::from(is_cop);
                            counts.1 += u8::from(low & ACTIVE != 0);
                        }
                    }
                }
            }
            assert_eq!((seen.active, seen.cops), (active, cops));
            assert_eq!(citizens, seen.active + seen.quiet);
            assert_eq!((citizens + seen.jailed) as usize, torus.manner.setting.citizens());
            let jailed: usize = torus.rows.iter().map(|row| row.jail.len()).sum();
            assert_eq!(jailed, seen.jailed as usize);
            assert!(torus.rows.iter().all(|row| row.due.is_empty()));
            for (y, row) in torus.rows.iter().enumerate() {
                for (x, (cops, actives)) in row.cops.iter().zip(&row.actives).enumerate() {
                    assert_eq!((*cops, *actives), anew[y * width + x], "site {x}, {y}");
                }
            }
        }
    }

    #[test]
    fn counts_kept_up_to_date_are_those_of_counting_anew() {
        let floor = Rules { ratio: super::super::super::rules::Ratio::Floor, ..Rules::PNAS_2002 };
        check(torus::<u8>(floor, 117, 1), 25);
        check(torus::<u8>(Rules::BROOKINGS_2001, 130, 2), 25);
        check(torus::<u32>(Rules::PNAS_2002, 96, 4), 25);
        check(
            torus::<u32>(
                Rules { jail: super::super::super::rules::Jail::Away, ..Rules::NETLOGO_2004 },
                117,
                1,
            ),
            25,
        );
    }
}
