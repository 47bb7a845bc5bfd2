//! What a history works out at length, kept so that a variant of it need not work out the same again.
//!
//! A round of bargaining and an equilibrium of trade follow from lists of numbers and nothing else. A variant of a history
//! mostly meets the same lists: what it finds in its twin's recall under the same fingerprint is what it would find itself.
//! And it meets the same chance: where that spoke so clearly for putting a decision off that no utilities like today's
//! can change it, it need not be asked again.

use std::cmp::Ordering;
use std::collections::HashMap;

/// Leads of chance are kept in steps of this.
const LEAD_STEP: f64 = 0.125;
/// More than rounding can move what is compared with a lead.
const ROUNDING: f64 = 1e-6;

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
    /// Decisions that came up and were put off, in the order of days and then of the scenario.
    waits: Vec<Wait>,
}

/// A decision that was put off, and how far chance was ahead for that.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Wait {
    day: u16,
    decision: u16,
    /// In steps of [`LEAD_STEP`], rounded down.
    lead: i8,
}

/// What a history may look up and where it keeps what it finds.
#[derive(Debug, Default)]
pub struct Memory<'a> {
    twin: Option<&'a Recall>,
    kept: Option<&'a mut Recall>,
    /// The first wait of the twin that is not yet past.
    next_wait: usize,
}

impl<'a> Memory<'a> {
    /// With the recall of a history of the same number and seed, of this scenario but for changes, and one to keep what is
    /// found.
    #[must_use]
    pub fn new(twin: Option<&'a Recall>, kept: Option<&'a mut Recall>) -> Memory<'a> {
        Memory { twin, kept, next_wait: 0 }
    }

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

    /// Whether a decision (an index) is put off today whatever else chance says, because all other options are so far
    /// `behind`: the twin met the same chance. To be asked in the order of days and then of the scenario.
    pub(crate) fn surely_waits(&mut self, day: u32, decision: usize, behind: f64) -> bool {
        let Some(twin) = self.twin else { return false };
        let now = (day, decision);
        while let Some(wait) = twin.waits.get(self.next_wait) {
            match (u32::from(wait.day), usize::from(wait.decision)).cmp(&now) {
                Ordering::Less => self.next_wait += 1,
                Ordering::Equal => return behind < f64::from(wait.lead) * LEAD_STEP - ROUNDING,
                Ordering::Greater => return false,
            }
        }
        false
    }

    /// Keeps that a decision (an index) is put off today, and how far chance is ahead for that.
    pub(crate) fn keep_wait(&mut self, day: u32, decision: usize, lead: impl FnOnce() -> f64) {
        if let (Some(kept), Ok(day), Ok(decision)) =
            (&mut self.kept, u16::try_from(day), u16::try_from(decision))
        {
            let lead = (lead() / LEAD_STEP).floor();
            // What is too far behind to be told never settles anything.
            if lead >= f64::from(i8::MIN) {
                kept.waits.push(Wait { day, decision, lead: lead.min(f64::from(i8::MAX)) as i8 });
            }
        }
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
    fn a_decision_waits_again_only_where_chance_was_far_enough_ahead_on_that_day() {
        let mut recall = Recall::default();
        let mut keeping = Memory::new(None, Some(&mut recall));
        for (day, decision, lead) in [(0, 2, 1.0), (0, 5, -99.0), (3, 1, 99.0), (3, 2, -0.3)] {
            keeping.keep_wait(day, decision, || lead);
        }
        let mut looking = Memory::new(Some(&recall), None);
        assert!(!looking.surely_waits(0, 1, -20.0));
        assert!(looking.surely_waits(0, 2, 0.9) && !looking.surely_waits(0, 2, 1.0));
        assert!(!looking.surely_waits(0, 5, -99.0), "too far behind to be kept");
        assert!(looking.surely_waits(3, 1, 15.0) && !looking.surely_waits(3, 1, f64::NAN));
        assert!(looking.surely_waits(3, 2, -0.4) && !looking.surely_waits(3, 2, -0.3));
        assert!(!looking.surely_waits(4, 0, f64::NEG_INFINITY));
        assert!(!Memory::default().surely_waits(0, 2, -20.0));
    }

    #[test]
    fn what_is_kept_is_not_worked_out_again() {
        let print = Fingerprint::new(1).with(&[4.0]);
        let mut recall = Recall::default();
        let mut keeping = Memory::new(None, Some(&mut recall));
        assert_eq!(keeping.recall(print, || None), None);
        assert_eq!(keeping.recall(print, || Some(vec![2.0])), Some(vec![2.0]));
        let mut looking = Memory::new(Some(&recall), None);
        assert_eq!(looking.recall(print, || None), Some(vec![2.0]));
        assert_eq!(looking.recall(Fingerprint::new(1), || Some(vec![5.0])), Some(vec![5.0]));
    }
}
