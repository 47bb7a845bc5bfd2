//! The whole torus: its rows, how a tick goes over its tiles, and what is counted.

use rayon::prelude::*;

use super::super::rules::{Rules, Schedule};
use super::super::setting::{Course, Setting};
use super::super::society::Tick;
use super::draws::Draws;
use super::lanes::{LANE, LANES, mask};
use super::occupant::{ACTIVE, CLASS, COP, Classes, PRESENT, Temper};
use super::pass::{Change, Manner};
use super::stretch::Stretch;
use super::tiling::{Parts, Tiling};
use super::turns::TURNS;
use super::window::{Row, Window};
use crate::noise::{Noise, Stream};

const BIRTH: Stream = Stream::named("civil_violence_crowd_birth");
const TILES: Stream = Stream::named("civil_violence_crowd_tiles");
const PASS: Stream = Stream::named("civil_violence_crowd_pass");
const TERMS: Stream = Stream::named("civil_violence_crowd_terms");

#[derive(Debug, Clone)]
pub(super) struct Torus<T> {
    manner: Manner,
    noise: Noise,
    bands: Parts,
    tiles: Parts,
    /// Rows from `top` on.
    rows: Vec<Row<T>>,
    top: usize,
    /// A window for each band of one colour.
    windows: Vec<Window<T>>,
    /// Whether the places of lanes lie in columns of a tile, by column of the square.
    inside: Box<[[u8; LANE]; LANES]>,
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

impl<T: Temper> Torus<T> {
    pub fn new(rules: Rules, setting: Setting, seed: u64, tiling: Tiling) -> Torus<T> {
        let noise = Noise::new(seed, 0);
        let manner = Manner::new(rules, setting);
        let bands = Parts::new(setting.height, tiling.bands(setting.height, manner.margin));
        let tiles = Parts::new(setting.width, tiling.tiles(setting.width, manner.margin));
        let on_tile = |column: usize| (manner.margin..manner.margin + tiles.long).contains(&column);
        let inside = std::array::from_fn(|column| {
            std::array::from_fn(|number| mask(on_tile(number % LANES * LANES + column)))
        });
        let mut torus = Torus {
            noise,
            rows: Vec::with_capacity(setting.height),
            top: 0,
            windows: (0..bands.starts.len() / 2).map(|_| Window::new()).collect(),
            inside: Box::new(inside),
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
            let mut who = vec![0; width];
            let mut tempers = vec![T::default(); width];
            for (site, temper) in who.iter_mut().zip(&mut tempers) {
                let at = draws.below(sites);
                sites -= 1;
                if at < citizens {
                    citizens -= 1;
                    let (hardship, risk_aversion) = (draws.share(), draws.share());
                    *temper = T::new(hardship, risk_aversion);
                    // What is forgotten of a temper must not count.
                    let exact = if T::KEPT { temper.read() } else { (hardship, risk_aversion) };
                    let class = self.manner.classes.of(exact.0, exact.1);
                    self.citizens[usize::from(class)].admit(exact);
                    *site = PRESENT | class;
                } else if at < citizens + cops {
                    cops -= 1;
                    *site = PRESENT | COP;
                }
            }
            let (seen, jail, due) = (vec![0; width], Vec::new(), Vec::new());
            self.rows.push(Row { who, tempers, cops: seen.clone(), actives: seen, jail, due });
        }
    }

    /// Works out the cops in sight of every site.
    fn count_cops(&mut self) {
        let Setting { width, height, citizen_vision, .. } = self.manner.setting;
        let sees = super::Neighbourhood::new(self.manner.rules.sight, citizen_vision, false);
        for y in 0..height {
            for x in 0..width {
                if self.rows[y].who[x] != PRESENT | COP {
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
        let (x, y) = (draws.below(width), draws.below(height));
        let phases: &[[bool; 2]] = match self.manner.rules.schedule {
            Schedule::Mixed => &[[true, true]],
            Schedule::Phases => &[[true, false], [false, true]],
        };
        for (phase, acting) in (0..).zip(phases) {
            let first = draws.below(2);
            let bands = self.bands.starts.len();
            // Every second band, then those that follow on each.
            let every_second = |from: usize| (0..bands / 2).map(move |nth| (from + 2 * nth) % bands);
            let order: Vec<usize> = every_second(first).chain(every_second(first + 1)).collect();
            for together in order.chunks(at_once(bands / 2, rayon::current_num_threads())) {
                self.sweep(together, (x, y), *acting, phase);
            }
        }
        self.active += self.last.active;
        for (all, change) in self.jailed.iter_mut().zip(self.last.jailed) {
            *all += change;
        }
        self.look()
    }

    /// Works on bands that do not touch each other.
    fn sweep(&mut self, together: &[usize], (x, y): (usize, usize), acting: [bool; 2], phase: u32) {
        let height = self.rows.len();
        let (margin, long) = (self.manner.margin, self.bands.long);
        let mut together = together.to_vec();
        together.sort_unstable();
        let first = self.bands.starts[together[0]];
        self.turn_to((y + first + height - margin) % height);
        let mut rest = &mut self.rows[..];
        let mut passed = 0;
        let mut bands = Vec::new();
        for band in together {
            let (_, from) = rest.split_at_mut(self.bands.starts[band] - first - passed);
            let (rows, after) = from.split_at_mut(long + 2 * margin);
            passed = self.bands.starts[band] - first + rows.len();
            rest = after;
            bands.push((band, rows));
        }
        let (noise, tick, tiles, inside) = (self.noise, self.tick, &self.tiles, &*self.inside);
        let manner = &self.manner;
        let change = bands
            .into_par_iter()
            .zip(&mut self.windows)
            .map(|((band, rows), window)| {
                let stretch = Stretch { manner, tiles, rows, x, tick, acting, inside };
                let entity = |tile: usize| (band * (tiles.starts.len() + 1) + tile) as u32;
                let key = phase * 2 + band as u32 % 2;
                stretch.run(window, |tile| noise.word(PASS, entity(tile), tick, key))
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
                    due.push((draws.below(TURNS) as u16, *inmate));
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
        let sorted = |who: u8, temper: T| {
            let is_citizen = who & PRESENT != 0 && who & CLASS != COP;
            let (hardship, risk_aversion) = temper.read();
            if is_citizen { (who & !CLASS) | classes.of(hardship, risk_aversion) } else { who }
        };
        (self.citizens, self.jailed) = self
            .rows
            .par_iter_mut()
            .map(|row| {
                let mut kin = [Kin::default(); 32];
                let mut jailed = [0i64; 32];
                for (who, temper) in row.who.iter_mut().zip(&row.tempers) {
                    *who = sorted(*who, *temper);
                    let class = *who & CLASS;
                    if *who & PRESENT != 0 && class != COP {
                        kin[usize::from(class)].admit(temper.read());
                    }
                }
                for inmate in &mut row.jail {
                    inmate.who = sorted(inmate.who, inmate.temper);
                    let class = usize::from(inmate.who & CLASS);
                    kin[class].admit(inmate.temper.read());
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
        let cell = |who: &u8| match *who {
            low if low & PRESENT == 0 => 0,
            low if low & CLASS == COP => 3,
            low if low & ACTIVE != 0 => 2,
            _ => 1,
        };
        (0..height).flat_map(|y| row(y).iter().map(cell)).collect()
    }
}

/// How many bands are worked on at a time, of so many in each of two colours: as many as keep all threads busy. The last of
/// the first colour may go with the first of the second, which lie elsewhere; every band still meets its neighbours of the
/// first colour when those are done, or is one of them, so that results do not depend on this.
fn at_once(of_a_colour: usize, threads: usize) -> usize {
    if threads < of_a_colour { of_a_colour - of_a_colour % threads } else { of_a_colour }
}

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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::super::rules::Ratio;
    use super::super::occupant::STAMP;
    use super::*;

    fn torus<T: Temper>(rules: Rules, side: usize) -> Torus<T> {
        let setting = Setting { width: side, height: side + 3, ..Setting::published(2, false).unwrap() };
        Torus::new(rules, setting, 5, Tiling { side: 60 })
    }

    #[test]
    fn wider_vectors_make_no_other_society() {
        for rules in [Rules::BROOKINGS_2001, Rules { ratio: Ratio::Floor, ..Rules::PNAS_2002 }] {
            let mut begun = torus::<()>(rules, 120);
            (0..20).for_each(|_| {
                begun.tick();
            });
            let swept = |wide: bool| {
                let mut torus = begun.clone();
                let (tick, noise) = (torus.tick + 1, torus.noise);
                let Torus { manner, tiles, rows, inside, bands, .. } = &mut torus;
                let rows = &mut rows[..bands.long + 2 * manner.margin];
                let acting = [true, true];
                let stretch = Stretch { manner, tiles, rows, x: 31, tick, acting, inside };
                let word = |tile: usize| noise.word(PASS, tile as u32, tick, 0);
                let mut window = Window::new();
                let change =
                    if wide { stretch.run(&mut window, word) } else { stretch.work(&mut window, word) };
                assert!(change.decided > 0);
                (change.decided, change.arrests, torus.picture())
            };
            assert!(swept(true) == swept(false));
            assert!(swept(true).2 != begun.picture());
        }
    }

    /// The counts that were kept up to date are those that counting anew gives; nobody is lost, everybody acted.
    fn check<T: Temper>(mut torus: Torus<T>, ticks: u32) {
        for _ in 0..ticks {
            let seen = torus.tick();
            let (height, width) = (torus.rows.len(), torus.rows[0].who.len());
            let mut anew = vec![(0u8, 0u8); height * width];
            let sees = super::super::Neighbourhood::new(torus.manner.rules.sight, 7.0, false);
            let (mut active, mut citizens, mut cops) = (0, 0, 0);
            for y in 0..height {
                for x in 0..width {
                    let low = torus.rows[y].who[x];
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
        let floor = Rules { ratio: Ratio::Floor, ..Rules::PNAS_2002 };
        check(torus::<()>(floor, 117), 25);
        check(torus::<()>(Rules::BROOKINGS_2001, 130), 25);
        check(torus::<[u8; 3]>(Rules::PNAS_2002, 96), 25);
        check(
            torus::<[u8; 3]>(
                Rules { jail: super::super::super::rules::Jail::Away, ..Rules::NETLOGO_2004 },
                117,
            ),
            25,
        );
    }
}
