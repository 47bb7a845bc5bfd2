//! Where agents may go and whom cops reach: sites around a place, by number.

use super::super::lattice::Neighbourhood;
use super::super::rules::{Movement, Sight};
use super::lanes::{LANES, offset};
use super::window::place;

/// Sites around a place, from near to far.
#[derive(Debug, Clone)]
pub(super) struct Offsets {
    pub count: usize,
    /// From place to place.
    places: Box<[u16; 256]>,
    /// The same in the plane of lanes, by column in the square: what the columns give.
    across: Box<[[u16; 256]; LANES]>,
    /// And by row in the square: what the rows give.
    down: Box<[[u16; 256]; LANES]>,
    /// Squares of the distances.
    squared: Vec<i32>,
}

impl Offsets {
    pub fn new(neighbourhood: &Neighbourhood) -> Offsets {
        let sites = &neighbourhood.sites;
        let empty = || Box::new([[0; 256]; LANES]);
        let (mut places, mut across, mut down) = (Box::new([0; 256]), empty(), empty());
        for (number, site) in sites.iter().enumerate() {
            places[number] = place(site.dx, site.dy);
            for at in 0..LANES {
                across[at][number] = offset(at, 0, site.dx, 0);
                down[at][number] = offset(0, at, 0, site.dy);
            }
        }
        let squared = sites.iter().map(|site| site.squared).collect();
        Offsets { count: sites.len(), places, across, down, squared }
    }

    /// The place of a site.
    #[inline(always)]
    pub fn place(&self, from: u16, number: usize) -> u16 {
        from.wrapping_add(self.places[number & 0xff])
    }

    /// The offset of a site in the plane of lanes.
    #[inline(always)]
    pub fn laned(&self, from: u16, number: usize) -> u16 {
        let (column, row) = (usize::from(from) % LANES, usize::from(from >> 8) % LANES);
        self.across[column][number & 0xff].wrapping_add(self.down[row][number & 0xff])
    }

    /// All of them.
    pub fn all_laned(&self, from: u16) -> [u16; 256] {
        std::array::from_fn(|number| self.laned(from, number))
    }

    /// How many sites from one on are as far as it.
    pub fn ring(&self, first: usize) -> usize {
        self.squared[first..].iter().take_while(|squared| **squared == self.squared[first]).count()
    }
}

/// Where an agent may go.
#[derive(Debug, Clone)]
pub(super) struct Steps {
    pub to: Offsets,
    pub walks: bool,
}

impl Steps {
    pub fn new(movement: Movement, sees: &Neighbourhood) -> Steps {
        let walks = movement == Movement::Walk;
        let to = if walks { Offsets::new(&adjacent()) } else { Offsets::new(sees) };
        Steps { to, walks }
    }
}

/// The eight sites around one.
pub(super) fn adjacent() -> Neighbourhood {
    Neighbourhood::new(Sight::Moore, 1.0, false)
}

#[cfg(test)]
mod tests {
    use super::super::lanes::laned;
    use super::*;

    #[test]
    fn a_site_is_the_same_by_place_and_by_lane() {
        let offsets = Offsets::new(&Neighbourhood::new(Sight::Disc, 7.0, false));
        for from in (40..60).map(|x| place(x, x / 3 + 40)) {
            let all = offsets.all_laned(from);
            for (number, offset) in all.iter().enumerate().take(offsets.count) {
                assert_eq!(laned(from).wrapping_add(*offset), laned(offsets.place(from, number)));
            }
        }
        assert_eq!([offsets.ring(0), offsets.ring(1), offsets.ring(3), offsets.ring(4)], [4, 3, 1, 4]);
    }
}
