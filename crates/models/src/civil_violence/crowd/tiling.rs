//! How a torus is cut into bands and tiles that can be worked on apart.

use super::pass::Manner;
use super::window::SIDE;

/// Longest side of a window: vectors of counts may reach sixteen columns past a place.
const LONGEST: usize = SIDE - 16;

/// How the torus is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tiling {
    /// Longest side of a tile.
    pub side: usize,
}

impl Default for Tiling {
    fn default() -> Tiling {
        Tiling { side: LONGEST }
    }
}

impl Tiling {
    /// Shortest side of a torus whose tiles of one colour do not touch each other.
    pub fn least_side(manner: &Manner) -> usize {
        4 * manner.margin + 4
    }

    /// Tiles of a band: a window must not reach around the torus to itself.
    pub fn tiles(&self, width: usize, margin: usize) -> usize {
        width.div_ceil(self.side.min(LONGEST - 2 * margin)).max(2)
    }

    /// An even number of bands that stay clear of each other.
    pub fn bands(&self, length: usize, margin: usize) -> usize {
        let parts = self.tiles(length, margin).next_multiple_of(2);
        // Every second part is clear of its like if the one between is as long as two margins and a site.
        let fit = (length / (2 * margin + 1)).max(2);
        parts.min(fit - fit % 2).max(2)
    }
}

/// One direction of the tiling: where parts begin, and how long each is.
#[derive(Debug, Clone)]
pub(super) struct Parts {
    pub starts: Vec<usize>,
    pub long: usize,
}

impl Parts {
    pub fn new(length: usize, count: usize) -> Parts {
        Parts { starts: (0..count).map(|part| part * length / count).collect(), long: length.div_ceil(count) }
    }

    /// The part a distance from the first start lies in.
    pub fn of(&self, distance: usize) -> usize {
        self.starts.partition_point(|start| *start <= distance) - 1
    }
}
