//! Keyed randomness: every random number is a pure function of its address, so nothing here is ever advanced.
//!
//! A number's address is (seed, history, stream, entity, day, draw). The generator is Philox4x32-10
//! (Salmon, Moraes, Dror and Shaw 2011), a bijection of a 128-bit counter for each 64-bit key.
//!
//! * **Key** (64 bits): the history, passed through a bijection chosen by the seed. For one seed no two
//!   of the 2⁶⁴ histories share a key. Two different seeds with N histories each share one with
//!   probability about N²/2⁶⁴ (5·10⁻⁸ for a million histories).
//! * **Counter** (4 × 32 bits): low halves of day and draw · entity · stream · high halves of day and
//!   draw. No two addresses share a counter.
//!
//! A draw that belongs to one option of a choice ([`Noise::gumbel_of_option`]) keeps the option's key in
//! the fourth word, which is 0 for every plain draw with day and draw below 2¹⁶.
//!
//! Every distribution is the inverse of its cumulative distribution function at *one* uniform number.
//! Two runs that differ only in a probability or a mean are therefore coupled monotonically: the larger
//! probability or mean never gives the smaller count.
//!
//! Integer arithmetic and `+ − × ÷ √` are the same on every machine; `exp` and `ln` come from the
//! platform's mathematics library, so results are the same bit for bit on machines that share it.

mod counts;
mod gumbel;
mod normal;
mod philox;

pub use counts::{Chance, binomial_quantile, poisson_quantile};
pub(crate) use gumbel::LOWEST as LOWEST_GUMBEL;
pub use normal::normal_quantile;

/// A named concern that draws random numbers, such as "joining" or "vote": streams never interfere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Stream(u32);

impl Stream {
    /// The stream of this name: the 32-bit FNV-1a hash of it (Fowler, Noll and Vo 1991), a constant.
    #[must_use]
    pub const fn named(name: &str) -> Stream {
        Stream(fnv1a(name))
    }
}

/// The key of an actor, place or option: a stable hash of its id, so that adding one leaves the draws of
/// the others alone.
///
/// It is the 32-bit FNV-1a hash. Among n ids some two share a key with probability about n²/2³³ (one
/// in a million for 90 ids); two that do would draw the same numbers, so a caller that reads ids from
/// a file can compare their keys once.
#[must_use]
pub const fn entity(id: &str) -> u32 {
    fnv1a(id)
}

/// The random numbers of one history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Noise {
    key: [u32; 2],
}

impl Noise {
    /// The noise of history number `history` under `seed`.
    #[must_use]
    pub fn new(seed: u64, history: u64) -> Noise {
        // Even–Mansour: key, permute, key. A bijection of the history for every seed.
        let before = mix(seed ^ 0x243f_6a88_85a3_08d3);
        let after = mix(seed ^ 0x1319_8a2e_0370_7344);
        let key = mix(history ^ before) ^ after;
        Noise { key: [key as u32, (key >> 32) as u32] }
    }

    /// A number of the open interval (0, 1) on a grid of 2⁻⁵³, so that `1 − uniform` is exact.
    ///
    /// The grid is k·2⁻⁵³ for k from 1 to 2⁵³−1; the generator's zero is folded into k = 1.
    #[must_use]
    pub fn uniform(&self, stream: Stream, entity: u32, day: u32, draw: u32) -> f64 {
        let overflow = (day & 0xffff_0000) | (draw >> 16);
        self.uniform_at(stream, entity, day, draw, overflow)
    }

    /// A standard normal number (mean 0, variance 1).
    #[must_use]
    pub fn normal(&self, stream: Stream, entity: u32, day: u32, draw: u32) -> f64 {
        normal_quantile(self.uniform(stream, entity, day, draw))
    }

    /// The number of successes in `n` trials of probability `p`; see [`binomial_quantile`] for accuracy
    /// and for what is done with a `p` outside [0, 1].
    #[must_use]
    pub fn binomial(&self, stream: Stream, entity: u32, day: u32, draw: u32, n: u64, p: f64) -> u64 {
        // Most days of most cities are quiet: what is certain needs no draw.
        if n == 0 || p.is_nan() || p <= 0.0 {
            return 0;
        }
        binomial_quantile(self.uniform(stream, entity, day, draw), n, p)
    }

    /// A Poisson count of mean `mean`; see [`poisson_quantile`] for accuracy and for odd means.
    #[must_use]
    pub fn poisson(&self, stream: Stream, entity: u32, day: u32, draw: u32, mean: f64) -> u64 {
        if mean.is_nan() || mean <= 0.0 {
            return 0;
        }
        poisson_quantile(self.uniform(stream, entity, day, draw), mean)
    }

    /// A standard Gumbel number, −ln(−ln u): mean 0.5772…, variance π²/6.
    #[must_use]
    pub fn gumbel(&self, stream: Stream, entity: u32, day: u32, draw: u32) -> f64 {
        gumbel::quantile(self.uniform(stream, entity, day, draw))
    }

    /// The standard Gumbel shock of one option of a choice, the same whichever other options there are.
    ///
    /// `option` is the option's key ([`entity`] of its id). `day` and `draw` count modulo 2¹⁶ here.
    #[must_use]
    pub fn gumbel_of_option(&self, stream: Stream, entity: u32, day: u32, draw: u32, option: u32) -> f64 {
        gumbel::quantile(self.uniform_at(stream, entity, day, draw, option))
    }

    /// Two numbers between which [`Noise::gumbel_of_option`] lies, at a fraction of its cost.
    #[inline]
    pub(crate) fn gumbel_of_option_within(
        &self,
        stream: Stream,
        entity: u32,
        day: u32,
        draw: u32,
        option: u32,
    ) -> [f64; 2] {
        gumbel::within(self.uniform_at(stream, entity, day, draw, option))
    }

    /// Whether something of probability `p` happens: one trial of [`Noise::binomial`], so a larger `p`
    /// never turns a yes into a no. `p` is clamped to [0, 1]; NaN counts as 0.
    #[must_use]
    pub fn bernoulli(&self, stream: Stream, entity: u32, day: u32, draw: u32, p: f64) -> bool {
        p > 0.0 && self.uniform(stream, entity, day, draw) > 1.0 - p
    }

    /// Fills `out` with numbers of the open interval (0, 1) in single precision, four from each block of the generator.
    ///
    /// The number at place k is word k mod 4 of the block at draw k / 4: it does not depend on the length of `out`. The
    /// grid is (i + ½)·2⁻²³. A stream filled this way should serve nothing else: its blocks are those of the plain draws.
    pub fn fill_uniform_f32(&self, stream: Stream, entity: u32, day: u32, out: &mut [f32]) {
        const GRID: f32 = 1.0 / (1u32 << 23) as f32;
        for (draw, four) in (0u32..).zip(out.chunks_mut(4)) {
            let overflow = (day & 0xffff_0000) | (draw >> 16);
            let counter = [(day << 16) | (draw & 0xffff), entity, stream.0, overflow];
            for (slot, word) in four.iter_mut().zip(philox::philox4x32_10(counter, self.key)) {
                *slot = ((word >> 9) as f32 + 0.5) * GRID;
            }
        }
    }

    /// Sixty-four random bits: a key for a stream of its own. Those of [`Noise::uniform`] at the same address are its
    /// upper 53.
    #[must_use]
    pub fn word(&self, stream: Stream, entity: u32, day: u32, draw: u32) -> u64 {
        self.word_at(stream, entity, day, draw, (day & 0xffff_0000) | (draw >> 16))
    }

    #[inline]
    fn uniform_at(&self, stream: Stream, entity: u32, day: u32, draw: u32, last: u32) -> f64 {
        let bits = self.word_at(stream, entity, day, draw, last) >> 11;
        const GRID: f64 = 1.0 / (1u64 << 53) as f64;
        // Below 2⁶³, from where signed numbers convert faster.
        bits.max(1) as i64 as f64 * GRID
    }

    /// Not inlined: ten rounds at every draw there is would crowd out what they are for.
    #[inline(never)]
    fn word_at(&self, stream: Stream, entity: u32, day: u32, draw: u32, last: u32) -> u64 {
        let when = (day << 16) | (draw & 0xffff);
        let words = philox::philox4x32_10([when, entity, stream.0, last], self.key);
        u64::from(words[1]) << 32 | u64::from(words[0])
    }
}

const fn fnv1a(text: &str) -> u32 {
    let bytes = text.as_bytes();
    let mut hash = 0x811c_9dc5_u32;
    let mut i = 0;
    while i < bytes.len() {
        hash = (hash ^ bytes[i] as u32).wrapping_mul(0x0100_0193);
        i += 1;
    }
    hash
}

/// A bijection of 64 bits that scatters neighbours: the finaliser of SplitMix64 (Steele, Lea and Flood
/// 2014, with Stafford's constants; recalled).
const fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashSet;

    const JOINING: Stream = Stream::named("joining");
    const LEAVING: Stream = Stream::named("leaving");

    fn uniforms(count: u32) -> Vec<f64> {
        let noise = Noise::new(7, 3);
        (0..count).map(|i| noise.uniform(JOINING, entity("almaty"), i / 100, i % 100)).collect()
    }

    #[test]
    fn hashes_are_the_published_fnv1a() {
        assert_eq!(entity(""), 0x811c_9dc5);
        assert_eq!(entity("a"), 0xe40c_292c);
        assert_eq!(entity("foobar"), 0xbf9c_f968);
        assert_eq!(Stream::named("foobar"), Stream(0xbf9c_f968));
    }

    #[test]
    fn a_number_depends_on_every_part_of_its_address() {
        let base = Noise::new(1, 1).uniform(JOINING, 5, 6, 7);
        assert_eq!(base, Noise::new(1, 1).uniform(JOINING, 5, 6, 7));
        let others = [
            Noise::new(2, 1).uniform(JOINING, 5, 6, 7),
            Noise::new(1, 2).uniform(JOINING, 5, 6, 7),
            Noise::new(1, 1).uniform(LEAVING, 5, 6, 7),
            Noise::new(1, 1).uniform(JOINING, 6, 6, 7),
            Noise::new(1, 1).uniform(JOINING, 5, 7, 7),
            Noise::new(1, 1).uniform(JOINING, 5, 6, 8),
            Noise::new(1, 1).uniform(JOINING, 5, 6 + (1 << 16), 7),
            Noise::new(1, 1).uniform(JOINING, 5, 6, 7 + (1 << 16)),
        ];
        let distinct: HashSet<u64> = others.iter().chain([&base]).map(|u| u.to_bits()).collect();
        assert_eq!(distinct.len(), others.len() + 1);
    }

    #[test]
    fn histories_of_one_seed_have_different_keys() {
        let keys: HashSet<[u32; 2]> = (0..100_000).map(|h| Noise::new(42, h).key).collect();
        assert_eq!(keys.len(), 100_000);
    }

    #[test]
    fn uniforms_fill_the_interval_evenly() {
        let mut values = uniforms(100_000);
        values.sort_by(f64::total_cmp);
        let n = values.len() as f64;
        let distance = values
            .iter()
            .enumerate()
            .map(|(i, u)| (u - i as f64 / n).abs().max(((i + 1) as f64 / n - u).abs()))
            .fold(0.0, f64::max);
        // Kolmogorov–Smirnov: 1.95/√n is passed by 999 of 1000 true samples.
        assert!(distance < 1.95 / n.sqrt(), "distance {distance}");
    }

    #[test]
    fn uniform_bytes_pass_a_chi_square_test() {
        let mut cells = [0.0_f64; 256];
        for u in uniforms(100_000) {
            cells[(u * 256.0) as usize] += 1.0;
        }
        let expected = 100_000.0 / 256.0;
        let statistic: f64 = cells.iter().map(|c| (c - expected).powi(2) / expected).sum();
        assert!((170.0..360.0).contains(&statistic), "chi-square {statistic}");
    }

    #[test]
    fn neighbouring_days_entities_streams_and_histories_are_uncorrelated() {
        type Neighbour = fn(u32) -> (f64, f64);
        let neighbours: [Neighbour; 5] = [
            |i| (at(1, JOINING, 9, i, 0), at(1, JOINING, 9, i + 1, 0)),
            |i| (at(1, JOINING, i, 4, 0), at(1, JOINING, i + 1, 4, 0)),
            |i| (at(1, JOINING, i, 4, 0), at(1, LEAVING, i, 4, 0)),
            |i| (at(1, JOINING, 9, 4, i), at(1, JOINING, 9, 4, i + 1)),
            |i| (at(u64::from(i), JOINING, 9, 4, 0), at(u64::from(i) + 1, JOINING, 9, 4, 0)),
        ];
        for (which, pair) in neighbours.iter().enumerate() {
            let n = 50_000;
            let mean: f64 = (0..n)
                .map(|i| {
                    let (a, b) = pair(i);
                    12.0 * (a - 0.5) * (b - 0.5)
                })
                .sum::<f64>()
                / f64::from(n);
            // Under independence the sample correlation has standard deviation 1/√n.
            assert!(mean.abs() < 4.0 / f64::from(n).sqrt(), "pair {which}: {mean}");
        }
    }

    fn at(history: u64, stream: Stream, entity: u32, day: u32, draw: u32) -> f64 {
        Noise::new(11, history).uniform(stream, entity, day, draw)
    }

    fn mean_and_variance(draw: impl Fn(u32) -> f64) -> (f64, f64) {
        let n = 100_000;
        let mean = (0..n).map(&draw).sum::<f64>() / f64::from(n);
        let variance = (0..n).map(|i| (draw(i) - mean).powi(2)).sum::<f64>() / f64::from(n);
        (mean, variance)
    }

    #[test]
    fn distributions_have_their_textbook_mean_and_variance() {
        let noise = Noise::new(5, 0);
        let near = |(mean, variance): (f64, f64), true_mean: f64, true_variance: f64| {
            let error = (true_variance / 100_000.0).sqrt();
            assert!((mean - true_mean).abs() < 4.0 * error, "{mean} for {true_mean}");
            assert!((variance / true_variance - 1.0).abs() < 0.05, "{variance} for {true_variance}");
        };
        near(mean_and_variance(|i| noise.uniform(JOINING, 1, i, 0)), 0.5, 1.0 / 12.0);
        near(mean_and_variance(|i| noise.normal(JOINING, 1, i, 0)), 0.0, 1.0);
        let euler = 0.577_215_664_901_532_9;
        let gumbel_variance = std::f64::consts::PI.powi(2) / 6.0;
        near(mean_and_variance(|i| noise.gumbel(JOINING, 1, i, 0)), euler, gumbel_variance);
        for mean in [0.3, 4.0, 15.0, 40.0, 3000.0] {
            let draw = |i| noise.poisson(JOINING, 1, i, 0, mean) as f64;
            near(mean_and_variance(draw), mean, mean);
        }
        for (n, p) in [(1, 0.2), (12, 0.9), (45, 0.5), (300, 0.05), (100_000, 0.31)] {
            let draw = |i| noise.binomial(JOINING, 1, i, 0, n, p) as f64;
            let mean = n as f64 * p;
            near(mean_and_variance(draw), mean, mean * (1.0 - p));
        }
    }

    #[test]
    fn a_filled_row_is_uniform_and_does_not_depend_on_its_length() {
        let noise = Noise::new(7, 3);
        let mut long = vec![0.0; 40_001];
        noise.fill_uniform_f32(JOINING, 5, 9, &mut long);
        let mut short = [0.0; 7];
        noise.fill_uniform_f32(JOINING, 5, 9, &mut short);
        assert_eq!(short, long[..7]);
        let n = long.len() as f64;
        let mean = long.iter().map(|&u| f64::from(u)).sum::<f64>() / n;
        let variance = long.iter().map(|&u| (f64::from(u) - mean).powi(2)).sum::<f64>() / n;
        assert!((mean - 0.5).abs() < 4.0 / (12.0 * n).sqrt(), "mean {mean}");
        assert!((variance * 12.0 - 1.0).abs() < 0.03, "variance {variance}");
        assert!(long.iter().all(|&u| u > 0.0 && u < 1.0));
    }

    proptest! {
        #[test]
        fn what_happens_at_a_probability_happens_at_every_larger_one(
            history: u64, day in 0u32..400, p in 0.0..1.0f64, more in 0.0..0.5f64,
        ) {
            let noise = Noise::new(1, history);
            let happens = |p| noise.bernoulli(JOINING, 3, day, 0, p);
            prop_assert!(!happens(p) || happens(p + more));
            prop_assert_eq!(happens(p), noise.binomial(JOINING, 3, day, 0, 1, p) == 1);
            prop_assert!(!happens(0.0) && happens(1.0) && happens(2.0));
            prop_assert!(!happens(-1.0) && !happens(f64::NAN));
        }

        #[test]
        fn a_uniform_number_is_never_zero_or_one(seed: u64, history: u64, entity: u32, day: u32, draw: u32) {
            let u = Noise::new(seed, history).uniform(JOINING, entity, day, draw);
            prop_assert!(u > 0.0 && u < 1.0);
        }
    }
}
