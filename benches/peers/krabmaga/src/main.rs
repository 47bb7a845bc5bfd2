//! Agent-steps a second of Epstein's (2002) civil violence in krABMaga: the inputs of run 2 on a square torus, whole ratios,
//! sight a disc of radius 7, agents that walk to an adjacent free site, arrested ones off the grid until their term ends.
//!
//! Written for this comparison, after the fashion of krABMaga's own examples, and not tuned by its authors. Its fields are
//! double-buffered, so that agents see the world of the tick before: other physics than ours. Who stands where is a
//! `DenseNumberGrid2D`, its fastest field for this.
//!
//! Arguments: side, ticks before the clock starts, ticks measured, seed. Prints agent-steps a second, then the shares of
//! citizens active and jailed at the end.

use std::any::Any;
use std::time::Instant;

use krabmaga::engine::agent::Agent;
use krabmaga::engine::fields::dense_number_grid_2d::DenseNumberGrid2D;
use krabmaga::engine::fields::field::Field;
use krabmaga::engine::location::Int2D;
use krabmaga::engine::schedule::Schedule;
use krabmaga::engine::state::State;
use krabmaga::rand::rngs::StdRng;
use krabmaga::rand::seq::SliceRandom;
use krabmaga::rand::{Rng, SeedableRng};

const CITIZENS: f64 = 0.7;
const COPS: f64 = 0.04;
const LEGITIMACY: f64 = 0.82;
const THRESHOLD: f64 = 0.1;
const ARREST_CONSTANT: f64 = 2.3;
const LONGEST_TERM: u32 = 30;
const VISION: i32 = 7;

const QUIET: u8 = 0;
const ACTIVE: u8 = 1;
const COP: u8 = 2;

struct Torus {
    side: i32,
    who: DenseNumberGrid2D<u8>,
    /// Terms handed out to whoever is active on a site, 0 where nobody is arrested.
    arrests: Vec<u32>,
    /// Offsets of the sites in sight.
    sight: Vec<(i32, i32)>,
    random: StdRng,
    active: usize,
    jailed: usize,
}

#[derive(Clone)]
struct Person {
    x: i32,
    y: i32,
    cop: bool,
    active: bool,
    hardship: f64,
    risk_aversion: f64,
    term: u32,
}

impl Torus {
    fn at(&self, x: i32, y: i32) -> Int2D {
        Int2D { x: x.rem_euclid(self.side), y: y.rem_euclid(self.side) }
    }

    fn number(&self, x: i32, y: i32) -> usize {
        let site = self.at(x, y);
        (site.x * self.side + site.y) as usize
    }

    /// Whether nobody stood there at the tick before and nobody has come since.
    fn is_free(&self, site: &Int2D) -> bool {
        self.who.get_value(site).is_none() && self.who.get_value_unbuffered(site).is_none()
    }
}

impl Person {
    fn look(&self, torus: &Torus) -> (u32, u32) {
        let (mut cops, mut actives) = (0, 0);
        for &(dx, dy) in &torus.sight {
            match torus.who.get_value(&torus.at(self.x + dx, self.y + dy)) {
                Some(COP) => cops += 1,
                Some(ACTIVE) => actives += 1,
                _ => {}
            }
        }
        (cops, actives)
    }

    fn decide(&mut self, torus: &Torus) {
        let (cops, actives) = self.look(torus);
        let others = actives - u32::from(self.active).min(actives);
        let ratio = f64::from(cops / (1 + others));
        let arrest = 1.0 - (-ARREST_CONSTANT * ratio).exp();
        let grievance = self.hardship * (1.0 - LEGITIMACY);
        self.active = grievance - self.risk_aversion * arrest > THRESHOLD;
    }

    fn arrest(&self, torus: &mut Torus) {
        let seen: Vec<(i32, i32)> = torus
            .sight
            .iter()
            .map(|(dx, dy)| (self.x + dx, self.y + dy))
            .filter(|&(x, y)| torus.who.get_value(&torus.at(x, y)) == Some(ACTIVE))
            .filter(|&(x, y)| torus.arrests[torus.number(x, y)] == 0)
            .collect();
        if !seen.is_empty() {
            let (x, y) = seen[torus.random.random_range(0..seen.len())];
            let term = torus.random.random_range(1..=LONGEST_TERM);
            let number = torus.number(x, y);
            torus.arrests[number] = term;
        }
    }

    fn walk(&mut self, torus: &mut Torus) {
        let (dx, dy) = loop {
            let step = (torus.random.random_range(-1..=1), torus.random.random_range(-1..=1));
            if step != (0, 0) {
                break step;
            }
        };
        let to = torus.at(self.x + dx, self.y + dy);
        if torus.is_free(&to) {
            (self.x, self.y) = (to.x, to.y);
        }
    }
}

impl Agent for Person {
    fn step(&mut self, state: &mut dyn State) {
        let torus =
            state.as_any_mut().downcast_mut::<Torus>().expect("the state of this simulation is a torus");
        if self.term > 1 {
            self.term -= 1;
            torus.jailed += 1;
            return;
        }
        if self.term == 1 {
            // Where its place is taken the released one looks for another, tick by tick.
            if !torus.is_free(&torus.at(self.x, self.y)) {
                self.walk(torus);
                torus.jailed += 1;
                return;
            }
            self.term = 0;
        }
        let number = torus.number(self.x, self.y);
        if self.active && torus.arrests[number] > 0 {
            self.term = std::mem::take(&mut torus.arrests[number]);
            self.active = false;
            torus.jailed += 1;
            return;
        }
        self.walk(torus);
        if self.cop {
            self.arrest(torus);
        } else {
            self.decide(torus);
        }
        torus.active += usize::from(self.active);
        let code = if self.cop {
            COP
        } else if self.active {
            ACTIVE
        } else {
            QUIET
        };
        torus.who.set_value_location(code, &torus.at(self.x, self.y));
    }
}

impl State for Torus {
    fn init(&mut self, schedule: &mut Schedule) {
        let side = self.side;
        let mut sites: Vec<(i32, i32)> = (0..side).flat_map(|x| (0..side).map(move |y| (x, y))).collect();
        sites.shuffle(&mut self.random);
        let citizens = (sites.len() as f64 * CITIZENS) as usize;
        let cops = (sites.len() as f64 * COPS) as usize;
        for (number, &(x, y)) in sites[..citizens + cops].iter().enumerate() {
            let cop = number >= citizens;
            let (hardship, risk_aversion) = (self.random.random(), self.random.random());
            self.who.set_value_location(if cop { COP } else { QUIET }, &Int2D { x, y });
            let person = Person { x, y, cop, active: false, hardship, risk_aversion, term: 0 };
            // Cops first: whom they arrest stands where it stood at the tick before.
            schedule.schedule_repeating(Box::new(person), 0.0, i32::from(!cop));
        }
    }

    fn update(&mut self, _: u64) {
        self.who.lazy_update();
    }

    fn before_step(&mut self, _: &mut Schedule) {
        (self.active, self.jailed) = (0, 0);
    }

    fn reset(&mut self) {}

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }

    fn as_state(&self) -> &dyn State {
        self
    }

    fn as_state_mut(&mut self) -> &mut dyn State {
        self
    }
}

fn main() {
    let number = |nth: usize, otherwise: u64| {
        std::env::args().nth(nth).and_then(|text| text.parse().ok()).unwrap_or(otherwise)
    };
    let (side, warm, ticks, seed) = (number(1, 40) as i32, number(2, 20), number(3, 100), number(4, 1));
    let within = |(dx, dy): &(i32, i32)| dx * dx + dy * dy <= VISION * VISION && (*dx, *dy) != (0, 0);
    let mut torus = Torus {
        side,
        who: DenseNumberGrid2D::new(side, side),
        arrests: vec![0; (side * side) as usize],
        sight: (-VISION..=VISION)
            .flat_map(|x| (-VISION..=VISION).map(move |y| (x, y)))
            .filter(within)
            .collect(),
        random: StdRng::seed_from_u64(seed),
        active: 0,
        jailed: 0,
    };
    let mut schedule = Schedule::new();
    torus.init(&mut schedule);
    (0..warm).for_each(|_| schedule.step(&mut torus));
    let begun = Instant::now();
    (0..ticks).for_each(|_| schedule.step(&mut torus));
    let seconds = begun.elapsed().as_secs_f64();
    let sites = f64::from(side) * f64::from(side);
    let steps = (sites * CITIZENS).floor() + (sites * COPS).floor();
    let share = |count: usize| count as f64 / (sites * CITIZENS).floor();
    println!("{} {} {}", steps * ticks as f64 / seconds, share(torus.active), share(torus.jailed));
}
