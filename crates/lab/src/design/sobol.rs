//! Owen-scrambled Sobol points in blocks of 2¹⁶, each block an independent replicate.

use std::ops::Range;

use equipoise_models::noise::{Noise, Stream};
use sobol_burley::NUM_DIMENSIONS;
use sobol_burley::parts::{Int4, hash, hash_int4, owen_scramble_int4_rev, owen_scramble_rev, sobol_rev};

const DIMENSIONS: usize = NUM_DIMENSIONS as usize;

/// Bits of a point's number within its block.
const BITS: usize = 16;

/// Dimensions that are scrambled together.
const SET: usize = 4;

/// Dimensions that are summed together: so many fit the nearest cache beside their directions.
const CHUNK: usize = 64;

/// Coordinate `dimension` of point `i`, in (0, 1).
pub(super) fn point(seed: u64, i: u64, dimension: usize) -> f64 {
    let key = scramble(Noise::new(seed, i >> BITS), dimension / DIMENSIONS);
    inside(sobol_burley::sample((i & 0xffff) as u32, (dimension % DIMENSIONS) as u32, key))
}

/// The directions of consecutive dimensions, laid out so that a point's coordinates in them are had together.
///
/// A Sobol number is the exclusive or of the directions of the bits set in its point's number. One by one each dimension
/// looks for these bits anew; here they are found once, and each adds its direction to all dimensions in a row.
#[derive(Debug, Clone)]
pub(crate) struct Directions {
    wanted: Range<usize>,
    /// For each chunk of dimensions the directions of bit 0, of bit 1 and so on.
    chunks: Vec<[[u32; CHUNK]; BITS]>,
}

impl Directions {
    /// The directions of these dimensions.
    pub fn new(wanted: Range<usize>) -> Directions {
        let chunks = wanted.start / CHUNK..wanted.end.div_ceil(CHUNK);
        let chunk = |chunk: usize| {
            let direction = |bit: usize, at: usize| {
                sobol_rev(1 << (31 - bit), ((chunk * CHUNK + at) % DIMENSIONS) as u32)
            };
            std::array::from_fn(|bit| std::array::from_fn(|at| direction(bit, at)))
        };
        Directions { chunks: chunks.map(chunk).collect(), wanted }
    }

    /// The coordinates of point `i`, each as [`point`] gives it; `out` has a place for each dimension.
    pub fn coordinates(&self, seed: u64, i: u64, out: &mut [f64]) {
        let block = Noise::new(seed, i >> BITS);
        let first = self.wanted.start / CHUNK;
        let mut keys = Keys::new(block, i, first * CHUNK / DIMENSIONS);
        for (chunk, directions) in (first..).zip(&self.chunks) {
            let start = chunk * CHUNK;
            if start / DIMENSIONS != keys.padding {
                keys = Keys::new(block, i, start / DIMENSIONS);
            }
            let mut sums = [0u32; CHUNK];
            for &bit in &keys.bits[..keys.set_bits] {
                for (sum, direction) in sums.iter_mut().zip(&directions[bit]) {
                    *sum ^= direction;
                }
            }
            let mut coordinates = [0.0; CHUNK];
            let sets = sums.as_chunks::<SET>().0.iter().zip(coordinates.as_chunks_mut::<SET>().0);
            for (set, (sums, coordinates)) in (start % DIMENSIONS / SET..).zip(sets) {
                *coordinates = keys.scrambled(*sums, set as u32).map(inside);
            }
            let from = self.wanted.start.max(start);
            let until = self.wanted.end.min(start + CHUNK);
            out[from - self.wanted.start..until - self.wanted.start]
                .copy_from_slice(&coordinates[from - start..until - start]);
        }
    }
}

/// What the dimensions of one padding share in one point. The numbers are those by which `sobol_burley` 0.5 keys them.
struct Keys {
    padding: usize,
    /// The bits set in the point's shuffled number: so many of these.
    bits: [usize; BITS],
    set_bits: usize,
    key: Int4,
}

impl Keys {
    fn new(block: Noise, i: u64, padding: usize) -> Keys {
        let key = scramble(block, padding);
        let number = owen_scramble_rev(((i & 0xffff) as u32).reverse_bits(), hash(key ^ 0x79c6_8e4a));
        let (mut bits, mut set_bits) = ([0; BITS], 0);
        for bit in 0..BITS {
            if number & (1 << (31 - bit)) != 0 {
                bits[set_bits] = bit;
                set_bits += 1;
            }
        }
        let of_dimension: Int4 = [0x912f_69ba, 0x174f_18ab, 0x691e_72ca, 0xb40c_c1b8].into();
        Keys { padding, bits, set_bits, key: of_dimension ^ [key.wrapping_mul(0x9c8f_2d3b); SET].into() }
    }

    fn scrambled(&self, sums: [u32; SET], set: u32) -> [f32; SET] {
        let key = hash_int4(self.key ^ [set; SET].into());
        owen_scramble_int4_rev(sums.into(), key).reverse_bits().to_f32_norm()
    }
}

/// The scramble of a block's dimensions; each further 256 of them have another.
fn scramble(block: Noise, padding: usize) -> u32 {
    (block.uniform(Stream::named("sobol"), padding as u32, 0, 0) * 4_294_967_296.0) as u32
}

/// Single precision puts the point on a grid of 2⁻²⁴ that includes 0; half a cell moves it to the cell's middle.
fn inside(u: f32) -> f64 {
    (f64::from(u) + 1.0 / 33_554_432.0).min(1.0 - 1.0 / 33_554_432.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn coordinates_had_together_are_those_had_one_by_one(
            seed: u64, i: u64, first in 0usize..600, count in 0usize..600,
        ) {
            let mut together = vec![0.0; count];
            Directions::new(first..first + count).coordinates(seed, i, &mut together);
            let one_by_one: Vec<f64> = (first..first + count).map(|dimension| point(seed, i, dimension)).collect();
            prop_assert_eq!(together, one_by_one);
        }
    }
}
