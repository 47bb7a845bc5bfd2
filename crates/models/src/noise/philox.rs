//! The counter-based generator Philox4x32-10 of Salmon, Moraes, Dror and Shaw 2011, "Parallel random
//! numbers: as easy as 1, 2, 3", SC '11, doi 10.1145/2063384.2063405.

/// Ten rounds of Philox on a 128-bit counter under a 64-bit key: four random words.
///
/// For each key this is a bijection of the counter.
#[inline(always)]
pub(super) fn philox4x32_10(counter: [u32; 4], key: [u32; 2]) -> [u32; 4] {
    let mut words = counter;
    let mut key = key;
    for _ in 0..10 {
        words = round(words, key);
        // The Weyl steps of the key schedule: the golden ratio and √3 − 1.
        key[0] = key[0].wrapping_add(0x9e37_79b9);
        key[1] = key[1].wrapping_add(0xbb67_ae85);
    }
    words
}

#[inline(always)]
fn round(words: [u32; 4], key: [u32; 2]) -> [u32; 4] {
    let first = u64::from(words[0]) * 0xd251_1f53;
    let second = u64::from(words[2]) * 0xcd9e_8d57;
    [
        (second >> 32) as u32 ^ words[1] ^ key[0],
        second as u32,
        (first >> 32) as u32 ^ words[3] ^ key[1],
        first as u32,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_known_answers_are_reproduced() {
        // `kat_vectors` of the authors' Random123 distribution, lines "philox4x32 10".
        let zeros = philox4x32_10([0; 4], [0; 2]);
        assert_eq!(zeros, [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]);
        let ones = philox4x32_10([u32::MAX; 4], [u32::MAX; 2]);
        assert_eq!(ones, [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]);
        let digits_of_pi =
            philox4x32_10([0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0]);
        assert_eq!(digits_of_pi, [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]);
    }
}
