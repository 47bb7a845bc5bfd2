//! Permutations of 0..N without a table: a keyed cipher.
//!
//! The cipher is a Feistel network (Luby and Rackoff 1988) on the smallest power of two that holds N; values that fall
//! outside are enciphered again until they fall inside ("cycle walking", Black and Rogaway 2002), which keeps it a
//! permutation and takes less than two rounds of the network on average.

use equipoise_models::noise::{Noise, Stream};

/// Rounds of the network; four suffice in theory, small domains mix better with more.
const ROUNDS: u64 = 8;

/// A key of 64 bits: the first two numbers of a stream.
pub(super) fn key(noise: &Noise, stream: Stream) -> u64 {
    let half = |draw| (noise.uniform(stream, 0, 0, draw) * 4_294_967_296.0) as u64;
    (half(0) << 32) | half(1)
}

/// Where `i` of `0..size` comes to stand under this key.
pub(super) fn permute(key: u64, size: u64, i: u64) -> u64 {
    if size == 1 {
        return 0;
    }
    let bits = 64 - (size - 1).leading_zeros();
    let mut at = i;
    loop {
        at = encipher(key, bits, at);
        if at < size {
            return at;
        }
    }
}

/// One pass of the network over numbers of `bits` bits; halves of unequal width take turns, so any width will do.
fn encipher(key: u64, bits: u32, value: u64) -> u64 {
    let low_bits = bits / 2;
    let high_bits = bits - low_bits;
    let mask = |width: u32| (1u64 << width) - 1;
    let (mut high, mut low) = (value >> low_bits, value & mask(low_bits));
    for round in 0..ROUNDS {
        if round % 2 == 0 {
            high ^= scatter(key ^ (round << 56) ^ low) & mask(high_bits);
        } else {
            low ^= scatter(key ^ (round << 56) ^ high) & mask(low_bits);
        }
    }
    (high << low_bits) | low
}

/// The finaliser of SplitMix64 (Steele, Lea and Flood 2014, recalled), a bijection that spreads every bit.
pub(super) fn scatter(value: u64) -> u64 {
    let z = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
