//! The plane of who stands where, laid out so that places that act in the same turn lie side by side.
//!
//! A window is a lattice of squares of 16 × 16 places. A lane is the same place of each square: 256 places, one a square,
//! one after the other in memory. So are the places that lie in the same direction from them. What all of a lane do goes
//! through plain loops over bytes that compilers turn into vectors.

use super::window::{PLACES, SIDE};

/// Columns and rows of a square, and squares along a side of the window.
pub(super) const LANES: usize = 16;
/// Places of a lane.
pub(super) const LANE: usize = LANES * LANES;
/// A plane of bytes, with room for lanes that begin late.
pub(super) type Plane = [u8; PLACES + LANE];

/// Where a place lies in a plane of lanes: row and column in the square first, then row and column of the square. It is its
/// own inverse only in pairs of nibbles: see [`place_in`].
#[inline(always)]
pub(super) fn laned(place: u16) -> u16 {
    (place << 4 & 0xf000) | (place << 8 & 0x0f00) | (place >> 8 & 0x00f0) | (place >> 4 & 0x000f)
}

/// The place of a number in a lane that begins at `corner`, the lane's place in the first square.
#[inline(always)]
pub(super) fn place_in(corner: u16, number: usize) -> u16 {
    let number = number as u16;
    corner | (number << 8 & 0xf000) | (number << 4 & 0x00f0)
}

/// From a place to one beside it in a plane of lanes, by the column and row of the first in its square.
pub(super) fn offset(column: usize, row: usize, dx: i32, dy: i32) -> u16 {
    let lanes = LANES as i32;
    let along = |from: usize, by: i32, inner: i32, outer: i32| {
        let to = from as i32 + by;
        (to.rem_euclid(lanes) - from as i32) * inner + to.div_euclid(lanes) * outer
    };
    (along(column, dx, 256, 1) + along(row, dy, 4096, 16)) as u16
}

/// A row of places by column of the square and then by square, or back: the halves of the number of each column change
/// places, by four perfect shuffles.
#[inline(always)]
pub(super) fn turn(row: &[u8; SIDE]) -> [u8; SIDE] {
    shuffle(&shuffle(&shuffle(&shuffle(row))))
}

#[inline(always)]
fn shuffle(row: &[u8; SIDE]) -> [u8; SIDE] {
    let mut shuffled = [0; SIDE];
    let (near, far) = row.split_at(SIDE / 2);
    for ((pair, one), other) in shuffled.chunks_exact_mut(2).zip(near).zip(far) {
        pair[0] = *one;
        pair[1] = *other;
    }
    shuffled
}

/// Puts a row into the plane.
#[inline(always)]
pub(super) fn put_row(plane: &mut Plane, y: usize, row: &[u8; SIDE]) {
    let first = usize::from(laned((y * SIDE) as u16));
    for (column, squares) in turn(row).chunks_exact(LANES).enumerate() {
        let at = first + column * LANE;
        plane[at..at + LANES].copy_from_slice(squares);
    }
}

/// Takes a row from the plane.
#[inline(always)]
pub(super) fn row(plane: &Plane, y: usize) -> [u8; SIDE] {
    let first = usize::from(laned((y * SIDE) as u16));
    let mut row = [0; SIDE];
    for (column, squares) in row.chunks_exact_mut(LANES).enumerate() {
        let at = first + column * LANE;
        squares.copy_from_slice(&plane[at..at + LANES]);
    }
    turn(&row)
}

/// A byte of ones for true.
#[inline(always)]
pub(super) fn mask(is: bool) -> u8 {
    if is { 0xff } else { 0 }
}

/// The numbers of the bytes of a lane that are 0xff, from first to last; the others must be 0.
#[derive(Debug)]
pub(super) struct Numbers {
    /// A bit for each.
    flags: [u64; LANE / 64],
}

impl Numbers {
    #[inline(always)]
    pub fn of(masks: &[u8; LANE]) -> Numbers {
        let mut flags = [0; LANE / 64];
        for (flags, masks) in flags.iter_mut().zip(masks.chunks_exact(64)) {
            for (eight, masks) in masks.chunks_exact(8).enumerate() {
                let mut bytes = [0; 8];
                bytes.copy_from_slice(masks);
                // The lowest bit of byte k goes to bit 56 + k; no two products meet on the way.
                let lowest = u64::from_le_bytes(bytes) & 0x0101_0101_0101_0101;
                *flags |= (lowest.wrapping_mul(0x0102_0408_1020_4080) >> 56) << (8 * eight);
            }
        }
        Numbers { flags }
    }

    #[inline(always)]
    pub fn iter(&self) -> impl Iterator<Item = usize> {
        self.flags.iter().enumerate().flat_map(|(word, flags)| {
            let mut left = *flags;
            std::iter::from_fn(move || {
                if left == 0 {
                    return None;
                }
                let number = 64 * word + left.trailing_zeros() as usize;
                left &= left - 1;
                Some(number)
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::window::place;
    use super::*;

    #[test]
    fn a_row_goes_where_its_places_are_looked_for_and_comes_back() {
        let mut plane = Box::new([0; PLACES + LANE]);
        let line: [u8; SIDE] = std::array::from_fn(|column| column as u8);
        put_row(&mut plane, 83, &line);
        for column in 0..SIDE as u16 {
            let place = 83 * SIDE as u16 + column;
            assert_eq!(plane[usize::from(laned(place))], column as u8);
            let (corner, number) = (place & 0x0f0f, usize::from(laned(place)) % LANE);
            assert_eq!(place_in(corner, number), place);
        }
        assert_eq!(row(&plane, 83), line);
    }

    #[test]
    fn beside_is_beside_in_lanes_too() {
        for (x, y) in [(100, 90), (112, 95), (127, 96), (111, 80)] {
            for (dx, dy) in [(1, 0), (-1, 1), (7, -7), (0, 16), (-16, -3)] {
                let from = place(x, y);
                let by = offset(x as usize % LANES, y as usize % LANES, dx, dy);
                assert_eq!(laned(from).wrapping_add(by), laned(from.wrapping_add(place(dx, dy))));
            }
        }
    }

    #[test]
    fn masks_are_found_in_their_order() {
        let mut masks = [0; LANE];
        for number in [0, 3, 7, 8, 255] {
            masks[number] = mask(true);
        }
        assert_eq!(Numbers::of(&masks).iter().collect::<Vec<_>>(), [0, 3, 7, 8, 255]);
        assert_eq!(Numbers::of(&[0; LANE]).iter().count(), 0);
        assert!(Numbers::of(&[0xff; LANE]).iter().eq(0..256));
    }
}
