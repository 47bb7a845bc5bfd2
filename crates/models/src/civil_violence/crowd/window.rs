//! A piece of the torus, copied out with what surrounds it, so that one thread can work on it in its nearest cache.

use super::super::lattice::Neighbourhood;
use super::lanes::{self, LANE, Plane, laned};
use super::occupant::{PRESENT, Temper};

/// Columns and rows of a window; a place is `row · SIDE + column`, and any sixteen bits are a place.
pub(super) const SIDE: usize = 256;
/// Places of a window.
pub(super) const PLACES: usize = SIDE * SIDE;
/// Columns a counting vector covers.
const ACROSS: usize = 16;

/// A row of the torus.
#[derive(Debug, Clone)]
pub(super) struct Row<T> {
    /// Who stands on each site.
    pub who: Vec<u8>,
    /// Their tempers.
    pub tempers: Vec<T>,
    /// Cops that a citizen on each site would see.
    pub cops: Vec<u8>,
    /// Actives that a citizen on each site would see, those on the site itself included.
    pub actives: Vec<u8>,
    /// The jailed whose home is in this row.
    pub jail: Vec<Inmate<T>>,
    /// Those of them whose term ends in this tick, each with its place in the order of a tile.
    pub due: Vec<(u16, Inmate<T>)>,
}

/// A jailed citizen.
#[derive(Debug, Clone, Copy)]
pub(super) struct Inmate<T> {
    /// First tick of freedom; `u32::MAX` for never.
    pub free_at: u32,
    /// Column of its home.
    pub column: u16,
    pub who: u8,
    pub temper: T,
}

/// The window of one thread.
#[derive(Debug, Clone)]
pub(super) struct Window<T> {
    /// In lanes: see [`laned`].
    pub who: Box<Plane>,
    pub tempers: Box<[T; PLACES]>,
    pub cops: Box<[u8; PLACES]>,
    pub actives: Box<[u8; PLACES]>,
}

/// What a change at a place adds to a plane of counts around it, as vectors.
#[derive(Debug, Clone)]
pub(super) struct Stencil {
    blocks: Vec<Block>,
}

/// Sixteen columns of a stencil.
#[derive(Debug, Clone)]
struct Block {
    /// From the place to the first row's first column.
    offset: u16,
    rows: Vec<[u8; ACROSS]>,
}

impl Block {
    /// Changes the counts that the block covers.
    #[inline(always)]
    fn change(&self, plane: &mut [u8; PLACES], at: u16, change: impl Fn(u8, u8) -> u8) {
        let first = usize::from(at.wrapping_add(self.offset));
        // Whole rows, so that the length of each is known; a window leaves room for it.
        let covered = &mut plane[first..first + self.rows.len() * SIDE];
        for (row, amounts) in covered.chunks_exact_mut(SIDE).zip(&self.rows) {
            for (lane, amount) in row[..ACROSS].iter_mut().zip(amounts) {
                *lane = change(*lane, *amount);
            }
        }
    }
}

impl Stencil {
    /// Of somebody seen from a neighbourhood, the own place included.
    pub fn new(neighbourhood: &Neighbourhood) -> Stencil {
        Stencil::moved(neighbourhood, 0, 0, |there, _| u8::from(there))
    }

    /// Of somebody who goes one step: one more where it is seen now, one less where it was.
    pub fn step(neighbourhood: &Neighbourhood, dx: i32, dy: i32) -> Stencil {
        Stencil::moved(neighbourhood, dx, dy, |there, here| u8::from(there).wrapping_sub(u8::from(here)))
    }

    /// Over the neighbourhoods of a place and of one beside it.
    fn moved(neighbourhood: &Neighbourhood, dx: i32, dy: i32, amount: impl Fn(bool, bool) -> u8) -> Stencil {
        let half =
            |y: i32| neighbourhood.rows().iter().find(|(dy, _)| *dy == y).map(|(_, half)| *half as i32);
        let sees = |x: i32, y: i32| half(y).is_some_and(|half| x.abs() <= half);
        let down = neighbourhood.rows().iter().map(|(dy, _)| dy.abs()).max().unwrap_or(0);
        let across = neighbourhood.rows().iter().map(|(_, half)| *half as i32).max().unwrap_or(0);
        let (left, right) = (-across + dx.min(0), across + dx.max(0));
        let (top, bottom) = (-down + dy.min(0), down + dy.max(0));
        let block = |first: i32| Block {
            offset: place(first, top),
            rows: (top..=bottom)
                .map(|y| {
                    std::array::from_fn(|lane| {
                        let x = first + lane as i32;
                        amount(sees(x - dx, y - dy), sees(x, y))
                    })
                })
                .collect(),
        };
        Stencil { blocks: (left..=right).step_by(ACROSS).map(block).collect() }
    }

    /// Adds to the counts around a place. Not inlined: compilers then know that plane and stencil are apart.
    #[inline(never)]
    pub fn add(&self, plane: &mut [u8; PLACES], at: u16) {
        for block in &self.blocks {
            block.change(plane, at, u8::wrapping_add);
        }
    }

    /// Takes from the counts around a place.
    #[inline(never)]
    pub fn take(&self, plane: &mut [u8; PLACES], at: u16) {
        for block in &self.blocks {
            block.change(plane, at, u8::wrapping_sub);
        }
    }
}

/// The place at an offset from place 0.
pub(super) fn place(dx: i32, dy: i32) -> u16 {
    (dy * SIDE as i32 + dx) as u16
}

impl<T: Temper> Window<T> {
    pub fn new() -> Window<T> {
        let who = vec![0; PLACES + LANE].into_boxed_slice();
        Window {
            who: who.try_into().expect("the vector has as many entries as the plane"),
            tempers: boxed(T::default()),
            cops: boxed(0),
            actives: boxed(0),
        }
    }

    /// Copies rows from a column on, around the torus.
    #[inline(always)]
    pub fn load(&mut self, rows: &[Row<T>], column: usize, columns: usize) {
        for (at, row) in rows.iter().enumerate() {
            let begin = at * SIDE;
            let here = begin..begin + columns;
            let (first, rest) = wrapped(column, columns, row.who.len());
            let mut line = [0; SIDE];
            copy(&row.who, &mut line[..columns], &first, &rest);
            copy(&row.tempers, &mut self.tempers[here.clone()], &first, &rest);
            copy(&row.cops, &mut self.cops[here.clone()], &first, &rest);
            copy(&row.actives, &mut self.actives[here], &first, &rest);
            // Last: vectors read at once what was just written in pieces would wait for it.
            lanes::put_row(&mut self.who, at, &line);
        }
    }

    /// Copies them back; the cops in sight only where cops have acted.
    #[inline(always)]
    pub fn store(&self, rows: &mut [Row<T>], column: usize, columns: usize, cops: bool) {
        for (at, row) in rows.iter_mut().enumerate() {
            let begin = at * SIDE;
            let here = begin..begin + columns;
            let (first, rest) = wrapped(column, columns, row.who.len());
            copy_back(&lanes::row(&self.who, at)[..columns], &mut row.who, &first, &rest);
            copy_back(&self.tempers[here.clone()], &mut row.tempers, &first, &rest);
            if cops {
                copy_back(&self.cops[here.clone()], &mut row.cops, &first, &rest);
            }
            copy_back(&self.actives[here], &mut row.actives, &first, &rest);
        }
    }

    /// Who stands there.
    #[inline(always)]
    pub fn at(&self, place: u16) -> u8 {
        self.who[usize::from(laned(place))]
    }

    /// Puts somebody there, or nobody.
    #[inline(always)]
    pub fn put(&mut self, place: u16, who: u8) {
        self.who[usize::from(laned(place))] = who;
    }

    /// Takes a temper along.
    #[inline(always)]
    pub fn carry(&mut self, from: u16, to: u16) {
        if T::KEPT {
            self.tempers[usize::from(to)] = self.tempers[usize::from(from)];
        }
    }

    /// Whether nobody stands there.
    #[inline(always)]
    pub fn is_free(&self, place: u16) -> bool {
        self.at(place) & PRESENT == 0
    }
}

/// Columns from one on, in two stretches of a row that closes on itself.
type Stretch = std::ops::Range<usize>;

fn wrapped(column: usize, columns: usize, width: usize) -> (Stretch, Stretch) {
    let end = column + columns;
    (column..end.min(width), 0..end.saturating_sub(width))
}

#[inline(always)]
fn copy<T: Copy>(row: &[T], window: &mut [T], first: &Stretch, rest: &Stretch) {
    let (near, far) = window.split_at_mut(first.len());
    near.copy_from_slice(&row[first.clone()]);
    far.copy_from_slice(&row[rest.clone()]);
}

#[inline(always)]
fn copy_back<T: Copy>(window: &[T], row: &mut [T], first: &Stretch, rest: &Stretch) {
    let (near, far) = window.split_at(first.len());
    row[first.clone()].copy_from_slice(near);
    row[rest.clone()].copy_from_slice(far);
}

fn boxed<T: Copy + std::fmt::Debug>(value: T) -> Box<[T; PLACES]> {
    vec![value; PLACES].into_boxed_slice().try_into().expect("the vector has as many entries as the window")
}

#[cfg(test)]
mod tests {
    use super::super::super::rules::Sight;
    use super::*;

    const CENTRE: u16 = 90 * SIDE as u16 + 100;

    #[test]
    fn a_stencil_adds_to_what_is_seen_and_nothing_else() {
        for (sight, vision, sites) in [
            (Sight::Disc, 7.0, 149),
            (Sight::Disc, 9.0, 253),
            (Sight::Moore, 7.0, 225),
            (Sight::Cross, 3.0, 13),
        ] {
            let neighbourhood = Neighbourhood::new(sight, vision, false);
            let stencil = Stencil::new(&neighbourhood);
            let mut window = Window::<()>::new();
            stencil.add(&mut window.cops, CENTRE);
            assert_eq!(window.cops.iter().map(|count| usize::from(*count)).sum::<usize>(), sites);
            for site in &neighbourhood.sites {
                assert_eq!(window.cops[usize::from(CENTRE.wrapping_add(place(site.dx, site.dy)))], 1);
            }
            stencil.take(&mut window.cops, CENTRE);
            assert!(window.cops.iter().all(|count| *count == 0));
        }
    }

    #[test]
    fn a_step_changes_counts_as_going_and_coming_do() {
        for (sight, vision) in
            [(Sight::Disc, 7.0), (Sight::Disc, 9.0), (Sight::Cross, 3.0), (Sight::Moore, 1.7)]
        {
            let neighbourhood = Neighbourhood::new(sight, vision, false);
            let stands = Stencil::new(&neighbourhood);
            let (mut one, mut other) = (Window::<()>::new(), Window::<()>::new());
            let mut at = CENTRE;
            stands.add(&mut one.cops, at);
            stands.add(&mut other.cops, at);
            for site in &Neighbourhood::new(Sight::Moore, 1.0, false).sites {
                let to = at.wrapping_add(place(site.dx, site.dy));
                stands.take(&mut one.cops, at);
                stands.add(&mut one.cops, to);
                Stencil::step(&neighbourhood, site.dx, site.dy).add(&mut other.cops, at);
                assert!(one.cops == other.cops);
                at = to;
            }
        }
    }

    #[test]
    fn what_is_copied_out_comes_back_around_the_torus() {
        let row = |y: u8| Row::<()> {
            who: (0..90).map(|x| x + y).collect(),
            tempers: vec![(); 90],
            cops: (0..90).map(|x| x ^ y).collect(),
            actives: vec![y; 90],
            jail: Vec::new(),
            due: Vec::new(),
        };
        let rows: Vec<_> = (0..5).map(row).collect();
        let mut back: Vec<_> = (0..5).map(|_| row(100)).collect();
        let mut window = Window::<()>::new();
        window.load(&rows, 60, 90);
        assert_eq!(window.at(place(3, 2)), 65);
        assert_eq!(window.at(place(33, 2)), 5);
        window.store(&mut back, 60, 90, true);
        for (row, back) in rows.iter().zip(&back) {
            assert_eq!((&row.who, &row.cops, &row.actives), (&back.who, &back.cops, &back.actives));
        }
    }
}
