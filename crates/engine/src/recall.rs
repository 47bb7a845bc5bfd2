//! What a history works out at length, kept so that a variant of it need not work out the same again.
//!
//! A round of bargaining and an equilibrium of trade follow from lists of numbers and nothing else. A variant of a history
//! mostly meets the same lists: what it finds in its twin's recall under the same fingerprint is what it would find itself.

use std::collections::HashMap;

/// A fingerprint of lists of numbers in 128 bits: of 10¹² different ones some two agree with probability about 10⁻¹⁵.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Fingerprint(u64, u64);

impl Fingerprint {
    /// Of nothing but a kind of work.
    pub fn new(kind: u64) -> Fingerprint {
        Fingerprint(kind, !kind)
    }

    /// With a list added; where it ends tells too.
    pub fn with(self, list: &[f64]) -> Fingerprint {
        let Fingerprint(mut one, mut other) = self;
        // Bijections of either half for each number, so lists that differ in one never agree.
        for word in list.iter().map(|value| value.to_bits()) {
            one = (one ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(31);
            other = other.wrapping_add(word).wrapping_mul(0xd1b5_4a32_d192_ed03).rotate_left(27);
        }
        let length = list.len() as u64;
        Fingerprint(scattered(one ^ length), scattered(other.wrapping_add(length)))
    }
}

/// The finaliser of SplitMix64 (Steele, Lea and Flood 2014), a bijection; the increment keeps 0 from staying 0.
fn scattered(word: u64) -> u64 {
    let x = word.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// What one history worked out at length.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Recall {
    found: HashMap<Fingerprint, Box<[f64]>>,
}

/// What a history may look up and where it keeps what it finds.
#[derive(Debug, Default)]
pub struct Memory<'a> {
    /// Of a history that is much the same.
    pub twin: Option<&'a Recall>,
    /// Of this one.
    pub kept: Option<&'a mut Recall>,
}

impl Memory<'_> {
    /// What is recalled under a fingerprint, or else worked out and kept.
    pub(crate) fn recall(
        &mut self,
        print: Fingerprint,
        work_out: impl FnOnce() -> Option<Vec<f64>>,
    ) -> Option<Vec<f64>> {
        if let Some(known) = self.twin.and_then(|twin| twin.found.get(&print)) {
            return Some(known.to_vec());
        }
        let found = work_out()?;
        if let Some(kept) = &mut self.kept {
            kept.found.insert(print, found.as_slice().into());
        }
        Some(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_that_differ_in_a_bit_or_in_where_they_end_have_other_fingerprints() {
        let of = |lists: &[&[f64]]| lists.iter().fold(Fingerprint::new(1), |print, list| print.with(list));
        let prints = [
            of(&[&[1.0, 2.0], &[3.0]]),
            of(&[&[1.0], &[2.0, 3.0]]),
            of(&[&[1.0, 2.0, 3.0], &[]]),
            of(&[&[2.0, 1.0], &[3.0]]),
            of(&[&[1.0 + f64::EPSILON, 2.0], &[3.0]]),
            of(&[&[0.0], &[-0.0]]),
            of(&[&[0.0], &[0.0]]),
            Fingerprint::new(2).with(&[1.0, 2.0]).with(&[3.0]),
        ];
        for (at, print) in prints.iter().enumerate() {
            assert!(!prints[..at].contains(print), "{at}");
        }
    }

    #[test]
    fn what_is_kept_is_not_worked_out_again() {
        let print = Fingerprint::new(1).with(&[4.0]);
        let mut recall = Recall::default();
        let mut keeping = Memory { twin: None, kept: Some(&mut recall) };
        assert_eq!(keeping.recall(print, || None), None);
        assert_eq!(keeping.recall(print, || Some(vec![2.0])), Some(vec![2.0]));
        let mut looking = Memory { twin: Some(&recall), kept: None };
        assert_eq!(looking.recall(print, || None), Some(vec![2.0]));
        assert_eq!(looking.recall(Fingerprint::new(1), || Some(vec![5.0])), Some(vec![5.0]));
    }
}
