//! A piece of the torus, copied out with what surrounds it, so that one thread can work on it in its nearest cache.

use super::super::lattice::Neighbourhood;
use super::occupant::{ACTIVE, Occupant, PRESENT};

/// Columns and rows of a window; a place is `row · SIDE + column`, and any sixteen bits are a place.
pub(super) const SIDE: usize = 256;
/// Places of a window.
pub(super) const PLACES: usize = SIDE * SIDE;
/// Columns a counting vector covers.
const LANES: usize = 16;

/// A row of the torus.
#[derive(Debug, Clone)]
pub(super) struct Row<W> {
    /// Who stands on each site.
    pub who: Vec<W>,
    /// Cops that a citizen on each site would see.
    pub cops: Vec<u8>,
    /// Actives that a citizen on each site would see, those on the site itself included.
    pub actives: Vec<u8>,
    /// The jailed whose home is in this row.
    pub jail: Vec<Inmate<W>>,
    /// Those of them whose term ends in this tick, each with its place in the order of a tile.
    pub due: Vec<(u16, Inmate<W>)>,
}

/// A jailed citizen.
#[derive(Debug, Clone, Copy)]
pub(super) struct Inmate<W> {
    pub who: W,
    /// First tick of freedom; `u32::MAX` for never.
    pub free_at: u32,
    /// Column of its home.
    pub column: u16,
}

/// The window of one thread.
#[derive(Debug, Clone)]
pub(super) struct Window<W> {
    pub who: Box<[W; PLACES]>,
    pub cops: Box<[u8; PLACES]>,
    pub actives: Box<[u8; PLACES]>,
}

/// What is seen from a place, as vectors of ones and zeros to be added to a plane of counts.
#[derive(Debug, Clone)]
pub(super) struct Stencil {
    blocks: Vec<Block>,
}

/// Sixteen columns of a stencil.
#[derive(Debug, Clone)]
struct Block {
    /// From the place looked from to the first row's first column.
    offset: u16,
    rows: Vec<[u8; LANES]>,
}

impl Block {
    /// The stretch of a plane that the block covers, row by row.
    #[inline(always)]
    fn over<'a, T>(
        &'a self,
        plane: &'a [T; PLACES],
        at: u16,
    ) -> impl Iterator<Item = (&'a [T], &'a [u8; LANES])> {
        let first = usize::from(at.wrapping_add(self.offset));
        plane[first..first + self.rows.len() * SIDE].chunks_exact(SIDE).zip(&self.rows)
    }

    /// Changes the counts that the block covers.
    #[inline(always)]
    fn change(&self, plane: &mut [u8; PLACES], at: u16, change: impl Fn(u8, u8) -> u8) {
        let first = usize::from(at.wrapping_add(self.offset));
        // Whole rows, so that the length of each is known; a window leaves room for it.
        let covered = &mut plane[first..first + self.rows.len() * SIDE];
        for (row, ones) in covered.chunks_exact_mut(SIDE).zip(&self.rows) {
            for (lane, one) in row[..LANES].iter_mut().zip(ones) {
                *lane = change(*lane, *one);
            }
        }
    }
}

impl Stencil {
    /// The stencil of a neighbourhood, the own place included.
    pub fn new(neighbourhood: &Neighbourhood) -> Stencil {
        let rows = neighbourhood.rows();
        let reach = rows.iter().map(|(_, half)| *half as i32).max().unwrap_or(0);
        let top = rows.first().map_or(0, |(dy, _)| *dy);
        let block = |first: i32| Block {
            offset: place(first, top),
            rows: rows
                .iter()
                .map(|(_, half)| {
                    std::array::from_fn(|lane| {
                        u8::from((first + lane as i32).unsigned_abs() as usize <= *half)
                    })
                })
                .collect(),
        };
        Stencil { blocks: (-reach..=reach).step_by(LANES).map(block).collect() }
    }

    /// Adds one to all counts in sight of a place.
    pub fn add(&self, plane: &mut [u8; PLACES], at: u16) {
        for block in &self.blocks {
            block.change(plane, at, u8::wrapping_add);
        }
    }

    /// Takes one from all counts in sight of a place.
    pub fn take(&self, plane: &mut [u8; PLACES], at: u16) {
        for block in &self.blocks {
            block.change(plane, at, u8::wrapping_sub);
        }
    }

    /// The active citizens in sight of a place.
    pub fn count_active<W: Occupant>(&self, who: &[W; PLACES], at: u16) -> usize {
        let rows = self.blocks.iter().flat_map(|block| block.over(who, at));
        rows.map(|(row, ones)| usize::from(active(row, ones))).sum()
    }

    /// The place of the active citizen in sight with that number, from 0.
    pub fn nth_active<W: Occupant>(&self, who: &[W; PLACES], at: u16, mut number: usize) -> Option<u16> {
        for block in &self.blocks {
            let mut first = at.wrapping_add(block.offset);
            for (row, ones) in block.over(who, at) {
                let here = usize::from(active(row, ones));
                if number < here {
                    let mut seen = (0u16..).zip(row.iter().zip(ones));
                    let is_active = |(_, (who, one)): &(u16, (&W, &u8))| (who.low() / ACTIVE) & **one != 0;
                    let lanes = seen.by_ref().filter(is_active);
                    return lanes.map(|(lane, _)| first.wrapping_add(lane)).nth(number);
                }
                number -= here;
                first = first.wrapping_add(SIDE as u16);
            }
        }
        None
    }
}

/// The place at an offset from place 0.
pub(super) fn place(dx: i32, dy: i32) -> u16 {
    (dy * SIDE as i32 + dx) as u16
}

/// Active citizens among sixteen, where the ones are.
#[inline(always)]
fn active<W: Occupant>(row: &[W], ones: &[u8; LANES]) -> u8 {
    row[..LANES].iter().zip(ones).map(|(who, one)| (who.low() / ACTIVE) & one).sum()
}

impl<W: Occupant> Window<W> {
    pub fn new() -> Window<W> {
        Window { who: boxed(W::default()), cops: boxed(0), actives: boxed(0) }
    }

    /// Copies rows from a column on, around the torus.
    pub fn load(&mut self, rows: &[Row<W>], column: usize, columns: usize) {
        for (at, row) in rows.iter().enumerate() {
            let here = at * SIDE..at * SIDE + columns;
            let (first, rest) = wrapped(column, columns, row.who.len());
            let (near, far) = self.who[here.clone()].split_at_mut(first.len());
            near.copy_from_slice(&row.who[first.clone()]);
            far.copy_from_slice(&row.who[rest.clone()]);
            let (near, far) = self.cops[here.clone()].split_at_mut(first.len());
            near.copy_from_slice(&row.cops[first.clone()]);
            far.copy_from_slice(&row.cops[rest.clone()]);
            let (near, far) = self.actives[here].split_at_mut(first.len());
            near.copy_from_slice(&row.actives[first]);
            far.copy_from_slice(&row.actives[rest]);
        }
    }

    /// Copies them back.
    pub fn store(&self, rows: &mut [Row<W>], column: usize, columns: usize) {
        for (at, row) in rows.iter_mut().enumerate() {
            let here = at * SIDE..at * SIDE + columns;
            let (first, rest) = wrapped(column, columns, row.who.len());
            let (near, far) = self.who[here.clone()].split_at(first.len());
            row.who[first.clone()].copy_from_slice(near);
            row.who[rest.clone()].copy_from_slice(far);
            let (near, far) = self.cops[here.clone()].split_at(first.len());
            row.cops[first.clone()].copy_from_slice(near);
            row.cops[rest.clone()].copy_from_slice(far);
            let (near, far) = self.actives[here].split_at(first.len());
            row.actives[first].copy_from_slice(near);
            row.actives[rest].copy_from_slice(far);
        }
    }

    /// Whether nobody stands there.
    pub fn is_free(&self, at: u16) -> bool {
        self.who[usize::from(at)].low() & PRESENT == 0
    }
}

/// Columns from one on, in two stretches of a row that closes on itself.
fn wrapped(column: usize, columns: usize, width: usize) -> (std::ops::Range<usize>, std::ops::Range<usize>) {
    let end = column + columns;
    (column..end.min(width), 0..end.saturating_sub(width))
}

fn boxed<T: Copy + std::fmt::Debug>(value: T) -> Box<[T; PLACES]> {
    vec![value; PLACES].into_boxed_slice().try_into().expect("the vector has as many entries as the window")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::super::rules::Sight;
    use super::*;

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
            let mut window = Window::<u8>::new();
            let centre = place(100, 90);
            stencil.add(&mut window.cops, centre);
            assert_eq!(window.cops.iter().map(|count| usize::from(*count)).sum::<usize>(), sites);
            for site in &neighbourhood.sites {
                assert_eq!(window.cops[usize::from(centre.wrapping_add(place(site.dx, site.dy)))], 1);
            }
            stencil.take(&mut window.cops, centre);
            assert!(window.cops.iter().all(|count| *count == 0));
        }
    }

    #[test]
    fn actives_in_sight_are_counted_and_found_by_number() {
        let stencil = Stencil::new(&Neighbourhood::new(Sight::Disc, 7.0, false));
        let mut window = Window::<u8>::new();
        let centre = place(50, 50);
        let seen = [place(50, 43), place(44, 49), place(57, 50)];
        for at in seen.iter().chain(&[place(58, 50), place(45, 44)]) {
            window.who[usize::from(*at)] = PRESENT | ACTIVE;
        }
        window.who[usize::from(place(51, 50))] = PRESENT;
        assert_eq!(stencil.count_active(&window.who, centre), 3);
        for (number, at) in seen.iter().enumerate() {
            assert_eq!(stencil.nth_active(&window.who, centre, number), Some(*at));
        }
        assert_eq!(stencil.nth_active(&window.who, centre, 3), None);
    }
}
