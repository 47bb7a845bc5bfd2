//! Cheap random numbers for millions of activations a second, from keys that the noise of the society gives out.

/// A stream of 64-bit words that is a function of its key: word i is the folded 128-bit product of key + i·c and the same
/// with some bits turned over (wyrand by Wang Yi, recalled; the constants are its own).
///
/// One stream serves one pass over one tile, or one row; its key comes from [`crate::noise`]. So what is drawn depends on
/// (seed, tick, pass, tile) and on what happened in that tile before, never on threads.
#[derive(Debug, Clone, Copy)]
pub(super) struct Draws {
    at: u64,
}

impl Draws {
    /// The stream of a key.
    pub fn new(key: u64) -> Draws {
        Draws { at: key }
    }

    /// The next word.
    #[inline(always)]
    pub fn next(&mut self) -> u64 {
        self.at = self.at.wrapping_add(0xa076_1d64_78bd_642f);
        let product = u128::from(self.at) * u128::from(self.at ^ 0xe703_7ed1_a0b4_28db);
        (product >> 64) as u64 ^ product as u64
    }

    /// A number of 0 to `count` − 1. Some come up more often than others by a share of `count`/2³² at most.
    #[inline(always)]
    pub fn below(&mut self, count: usize) -> usize {
        (((self.next() >> 32) * count as u64) >> 32) as usize
    }

    /// A number of the interval [0, 1) on a grid of 2⁻⁵³.
    pub fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
    }

    /// Puts the entries in random order (Fisher–Yates).
    pub fn shuffle<T>(&mut self, entries: &mut [T]) {
        for last in (1..entries.len()).rev() {
            let chosen = self.below(last + 1);
            entries.swap(last, chosen);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::noise::{Noise, Stream};

    const TILES: Stream = Stream::named("test_tiles");

    /// Streams as tiles get them: neighbouring tiles and ticks, many short streams rather than one long one.
    fn words(streams: u32, each: usize) -> Vec<Vec<u64>> {
        let noise = Noise::new(9, 0);
        (0..streams)
            .map(|tile| {
                let mut draws = Draws::new(noise.word(TILES, tile % 64, tile / 64, 0));
                (0..each).map(|_| draws.next()).collect()
            })
            .collect()
    }

    #[test]
    fn every_sixteen_bits_of_a_word_are_uniform() {
        // The probes of a jump are the four quarters of one word.
        for part in 0..4 {
            let mut cells = vec![0.0f64; 4096];
            let all = words(512, 1024);
            for word in all.iter().flatten() {
                cells[((word >> (16 * part)) & 0xffff) as usize >> 4] += 1.0;
            }
            let expected = (512.0 * 1024.0) / 4096.0;
            let statistic: f64 = cells.iter().map(|c| (c - expected).powi(2) / expected).sum();
            // Chi-square with 4,095 degrees of freedom: standard deviation 90.5.
            assert!((statistic - 4095.0).abs() < 4.0 * 90.5, "part {part}: {statistic}");
        }
    }

    #[test]
    fn successive_words_parts_and_neighbouring_streams_are_uncorrelated() {
        let all = words(512, 1024);
        let share = |word: u64, part: u32| f64::from((word >> (16 * part)) as u16) / 65536.0 - 0.5;
        let mut sums = [0.0f64; 5];
        let mut count = 0.0;
        for (one, other) in all.iter().zip(&all[1..]) {
            for (at, pair) in one.windows(2).enumerate() {
                sums[0] += share(pair[0], 0) * share(pair[1], 0);
                sums[1] += share(pair[0], 3) * share(pair[1], 0);
                sums[2] += share(pair[0], 0) * share(pair[0], 1);
                sums[3] += share(pair[0], 2) * share(pair[0], 3);
                sums[4] += share(pair[0], 3) * share(other[at], 3);
                count += 1.0;
            }
        }
        for (which, sum) in sums.iter().enumerate() {
            let correlation = 12.0 * sum / count;
            assert!(correlation.abs() < 4.0 / f64::sqrt(count), "pair {which}: {correlation}");
        }
    }

    #[test]
    fn orders_are_evenly_mixed() {
        // Each of the 24 orders of four comes up equally often.
        let mut cells = std::collections::HashMap::new();
        let mut draws = Draws::new(Noise::new(3, 0).word(TILES, 0, 0, 0));
        for _ in 0..24_000 {
            let mut four = [0, 1, 2, 3];
            draws.shuffle(&mut four);
            *cells.entry(four).or_insert(0.0f64) += 1.0;
        }
        let statistic: f64 = cells.values().map(|c| (c - 1000.0).powi(2) / 1000.0).sum();
        assert_eq!(cells.len(), 24);
        assert!(statistic < 23.0 + 4.0 * 6.8, "{statistic}");
    }
}
