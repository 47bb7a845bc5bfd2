//! The order of a pass, and quiet citizens of a lane at once.
//!
//! A tile is cut into squares of 16 × 16 places. A turn is one place of the square: all agents that stand on that place of
//! their squares act. Turns come in random order, drawn for each tile and tick. So of any two agents less than sixteen rows
//! and columns apart either may come first, with equal chance and whoever else there is: around each agent the order is that
//! of a random permutation. Those of one turn are sixteen places apart or more. A quiet citizen who walks touches the places
//! beside it and no more, so that those of one turn can go at once and each still meets the world as all before it left it.

use super::lanes::{LANE, LANES, Numbers, laned, mask, place_in};
use super::occupant::{ACTIVE, CLASS, COP, PRESENT, STAMP, Temper};
use super::pass::{Pass, Released, STAYS, search};
use super::window::place;

/// Turns of a pass.
pub(super) const TURNS: usize = LANES * LANES;
/// Places a jumping citizen looks at in one go.
const PROBES: usize = 4;

/// A lane, or as much of it as lies in rows of the tile.
struct Lane {
    /// Its place in the first square.
    corner: u16,
    /// Where it begins in the plane.
    at: u16,
    /// The numbers of its places on the tile.
    rows: std::ops::Range<usize>,
    /// Who stands there when the turn begins.
    here: [u8; LANE],
    /// Quiet citizens that are to act.
    quiet: [u8; LANE],
}

impl<T: Temper> Pass<'_, T> {
    /// Activates the agents of the rows `top` to `bottom` turn by turn, and in between releases the inmates due (in the
    /// order of their turns).
    #[inline(always)]
    pub fn run(&mut self, top: usize, bottom: usize, due: &[Released<T>]) {
        let mut turns: [u8; TURNS] = std::array::from_fn(|turn| turn as u8);
        self.draws.shuffle(&mut turns);
        let mut due = due.iter().peekable();
        for (number, turn) in turns.into_iter().enumerate() {
            while let Some(released) = due.next_if(|released| usize::from(released.turn) <= number) {
                self.release(released);
            }
            let (row, column) = (usize::from(turn) / LANES, usize::from(turn) % LANES);
            // Squares whose place of this turn lies in the rows.
            let squares = (top + LANES - 1 - row) / LANES..(bottom + LANES - 1 - row) / LANES;
            self.turn(place(column as i32, row as i32), squares.start * LANES..squares.end * LANES);
        }
        for released in due {
            self.release(released);
        }
    }

    #[inline(always)]
    fn turn(&mut self, corner: u16, rows: std::ops::Range<usize>) {
        let at = laned(corner);
        let mut lane = Lane { corner, at, rows: rows.clone(), here: [0; LANE], quiet: [0; LANE] };
        let mut others = [0; LANE];
        let whole = usize::from(at)..usize::from(at) + LANE;
        lane.here.copy_from_slice(&self.window.who[whole]);
        let inside = &self.inside[usize::from(corner) % LANES][rows.clone()];
        let acted = PRESENT | (STAMP ^ self.stamp());
        let acting = [mask(self.citizens), mask(self.cops)];
        sort(
            &lane.here[rows.clone()],
            inside,
            acted,
            acting,
            &mut lane.quiet[rows.clone()],
            &mut others[rows.clone()],
        );
        if self.citizens {
            if !self.manner.setting.citizens_move {
                self.stay(&lane);
            } else if self.manner.citizen_steps.walks {
                self.walk_quietly(&lane);
            } else {
                self.jump_quietly(&lane);
            }
        }
        for number in Numbers::of(&others).iter() {
            self.activate(place_in(corner, number));
        }
    }

    fn stay(&mut self, lane: &Lane) {
        let mut left = lane.here;
        stamp(&mut left, &lane.quiet);
        self.leave(lane, &left);
        self.ask(lane, |number| place_in(lane.corner, number));
    }

    /// Each picks one of the eight places beside it and goes there if it is free.
    #[inline(always)]
    fn walk_quietly(&mut self, lane: &Lane) {
        let steps = &self.manner.citizen_steps.to;
        let rows = lane.rows.clone();
        let mut step = [0xff; LANE];
        for sixteen in step[rows.clone()].chunks_exact_mut(LANES) {
            let word = self.draws.next();
            sixteen[..8].copy_from_slice(&(word & 0x0707_0707_0707_0707).to_le_bytes());
            sixteen[8..].copy_from_slice(&((word >> 4) & 0x0707_0707_0707_0707).to_le_bytes());
        }
        keep_still(&mut step, &lane.quiet);
        let mut gone = [0; LANE];
        let mut stamped = lane.here;
        stamp(&mut stamped, &lane.quiet);
        for number in 0..STAYS {
            let to = usize::from(lane.at.wrapping_add(steps.laned(lane.corner, number)));
            let there = &mut self.window.who[to..to + LANE][rows.clone()];
            go(there, &stamped[rows.clone()], &step[rows.clone()], number as u8, &mut gone[rows.clone()]);
        }
        let mut left = stamped;
        vanish(&mut left, &gone);
        self.leave(lane, &left);
        keep_still(&mut step, &gone);
        // A step of 0xff is none: there is no offset at that number.
        let to = |number: usize| steps.place(place_in(lane.corner, number), usize::from(step[number]));
        if T::KEPT {
            for number in Numbers::of(&gone).iter() {
                self.window.carry(place_in(lane.corner, number), to(number));
            }
        }
        self.ask(lane, to);
    }

    /// Puts back who is left in a lane.
    #[inline(always)]
    fn leave(&mut self, lane: &Lane, left: &[u8; LANE]) {
        let whole = usize::from(lane.at)..usize::from(lane.at) + LANE;
        self.window.who[whole][lane.rows.clone()].copy_from_slice(&left[lane.rows.clone()]);
    }

    /// Asks those whose class is not "never" whether they become active where they are now: nearly all remain quiet.
    #[inline(always)]
    fn ask(&mut self, lane: &Lane, to: impl Fn(usize) -> u16) {
        let mut could = lane.quiet;
        leave_out_never(&mut could, &lane.here);
        for number in Numbers::of(&could).iter() {
            self.ask_one(lane.here[number], to(number));
        }
    }

    /// Asks a quiet citizen that stands there by now.
    #[inline(always)]
    fn ask_one(&mut self, low: u8, at: u16) {
        self.change.decided += 1;
        let counted = self.window.actives[usize::from(at)].wrapping_add(1);
        let class = usize::from(low & CLASS);
        if self.window.cops[usize::from(at)] < self.manner.classes.possible[class << 8 | usize::from(counted)]
        {
            self.settle(low, at, at, STAYS);
        }
    }

    /// Each goes to a random free place in sight.
    #[inline(always)]
    fn jump_quietly(&mut self, lane: &Lane) {
        let steps = &self.manner.citizen_steps.to;
        let offsets = steps.all_laned(lane.corner);
        for number in Numbers::of(&lane.quiet).iter() {
            let low = lane.here[number];
            let (here, from) = (lane.at + number as u16, place_in(lane.corner, number));
            let word = self.draws.next();
            let probe = |nth: usize| {
                let part = (word >> (16 * nth)) as u16;
                ((u32::from(part) * steps.count as u32) >> 16) as usize & 0xff
            };
            let probes: [usize; PROBES] = std::array::from_fn(probe);
            let free = |nth: usize| {
                let there = here.wrapping_add(offsets[probes[nth]]);
                u32::from(self.window.who[usize::from(there)] < PRESENT) << nth
            };
            let free = free(0) | free(1) | free(2) | free(3);
            let to = if free != 0 {
                let chosen = probes[free.trailing_zeros() as usize & 3];
                self.window.who[usize::from(here.wrapping_add(offsets[chosen]))] = low ^ STAMP;
                steps.place(from, chosen)
            } else {
                let to = search(self.window, steps, from, &mut self.draws);
                self.window.put(to, low ^ STAMP);
                to
            };
            if to != from {
                self.window.who[usize::from(here)] = 0;
                self.window.carry(from, to);
            }
            if low & CLASS != 0 {
                self.ask_one(low, to);
            }
        }
    }
}

/// Finds the quiet citizens that are to act, and whoever else is.
#[inline(always)]
fn sort(here: &[u8], inside: &[u8], to_act: u8, acting: [u8; 2], quiet: &mut [u8], others: &mut [u8]) {
    for (((low, inside), quiet), others) in here.iter().zip(inside).zip(quiet).zip(others) {
        let acts = mask(low & (PRESENT | STAMP) == to_act) & inside;
        let cop = mask(low & CLASS == COP);
        let calm = mask(low & ACTIVE == 0) & !cop;
        *quiet = acts & calm & acting[0];
        *others = acts & !calm & ((cop & acting[1]) | (!cop & acting[0]));
    }
}

/// Marks who has acted.
#[inline(always)]
fn stamp(who: &mut [u8; LANE], acting: &[u8; LANE]) {
    for (who, acting) in who.iter_mut().zip(acting) {
        *who ^= STAMP & acting;
    }
}

/// Makes steps of those without a mask none.
#[inline(always)]
fn keep_still(step: &mut [u8; LANE], going: &[u8; LANE]) {
    for (step, going) in step.iter_mut().zip(going) {
        *step |= !going;
    }
}

/// Puts those whose step has that number on the places there, where they are free.
#[inline(always)]
fn go(there: &mut [u8], stamped: &[u8], step: &[u8], number: u8, gone: &mut [u8]) {
    for (((there, stamped), step), gone) in there.iter_mut().zip(stamped).zip(step).zip(gone) {
        let goes = mask(*step == number) & mask(*there < PRESENT);
        *there |= stamped & goes;
        *gone |= goes;
    }
}

/// Takes away who has gone.
#[inline(always)]
fn vanish(who: &mut [u8; LANE], gone: &[u8; LANE]) {
    for (who, gone) in who.iter_mut().zip(gone) {
        *who &= !gone;
    }
}

/// Keeps the masks of those whose class is not "never".
#[inline(always)]
fn leave_out_never(masks: &mut [u8; LANE], who: &[u8; LANE]) {
    for (mask, who) in masks.iter_mut().zip(who) {
        *mask &= super::lanes::mask(who & CLASS != 0);
    }
}
