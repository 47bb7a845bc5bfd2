//! One band of the torus in one phase: its tiles one after the other.

use super::draws::Draws;
use super::lanes::{LANE, LANES};
use super::occupant::Temper;
use super::pass::{Change, Manner, Pass, Released};
use super::tiling::Parts;
use super::window::{Inmate, Row, SIDE, Window};

/// The tiles of a band, under way.
pub(super) struct Stretch<'a, T> {
    pub manner: &'a Manner,
    pub tiles: &'a Parts,
    /// Rows of the band and of the margins on both sides.
    pub rows: &'a mut [Row<T>],
    /// Column of the torus where the first tile begins.
    pub x: usize,
    pub tick: u32,
    /// Whether citizens act, and whether cops do.
    pub acting: [bool; 2],
    pub inside: &'a [[u8; LANE]; LANES],
}

impl<T: Temper> Stretch<'_, T> {
    /// Goes over the tiles in random order. Where the processor has vectors of 32 bytes they are used, which takes a tenth to
    /// a sixth less time where citizens walk; what comes out is the same.
    pub fn run(self, window: &mut Window<T>, word: impl Fn(usize) -> u64) -> Change {
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("avx2")
            && is_x86_feature_detected!("bmi1")
            && is_x86_feature_detected!("bmi2")
        {
            // SAFETY: the processor has what the function is compiled for.
            #[allow(unsafe_code)]
            return unsafe { self.work_wide(window, word) };
        }
        self.work(window, word)
    }

    /// As [`work`](Self::work), compiled for newer processors: what is inlined into it is too.
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2,bmi1,bmi2")]
    fn work_wide(self, window: &mut Window<T>, word: impl Fn(usize) -> u64) -> Change {
        self.work(window, word)
    }

    /// As [`run`](Self::run), on any processor.
    #[inline(always)]
    pub(super) fn work(mut self, window: &mut Window<T>, word: impl Fn(usize) -> u64) -> Change {
        let width = self.rows[0].who.len();
        let margin = self.manner.margin;
        let count = self.tiles.starts.len();
        let mut due = self.due();
        let mut draws = Draws::new(word(count));
        let mut places: Vec<usize> = (0..count).collect();
        draws.shuffle(&mut places);
        let mut change = Change::default();
        for tile in places {
            let column = (self.x + self.tiles.starts[tile] + width - margin) % width;
            let columns = self.tiles.long + 2 * margin;
            due[tile].sort_by_key(|released| released.turn);
            window.load(self.rows, column, columns);
            let bottom = self.rows.len() - margin;
            let mut pass = Pass {
                manner: self.manner,
                window,
                rows: self.rows,
                column,
                tick: self.tick,
                draws: Draws::new(word(tile)),
                change: Change::default(),
                citizens: self.acting[0],
                cops: self.acting[1],
                inside: self.inside,
            };
            pass.run(margin, bottom, &due[tile]);
            change = change.and(pass.change);
            window.store(self.rows, column, columns, self.acting[1]);
        }
        change
    }

    /// Takes the due off their lists, by tile.
    fn due(&mut self) -> Vec<Vec<Released<T>>> {
        let mut due = vec![Vec::new(); self.tiles.starts.len()];
        if !self.acting[0] {
            return due;
        }
        let width = self.rows[0].who.len();
        let margin = self.manner.margin;
        let last = self.rows.len() - margin;
        for (at, row) in self.rows.iter_mut().enumerate().take(last).skip(margin) {
            for (turn, Inmate { who, temper, column, .. }) in row.due.drain(..) {
                let distance = (usize::from(column) + width - self.x) % width;
                let tile = self.tiles.of(distance);
                let home = (at * SIDE + margin + distance - self.tiles.starts[tile]) as u16;
                due[tile].push(Released { turn, home, who, temper });
            }
        }
        due
    }
}
