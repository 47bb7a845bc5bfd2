//! What somebody comes to hold true who hears several voices day after day, each trusted in its own measure.
//!
//! The rule is the weighted averaging of DeGroot 1974 ("Reaching a consensus", recalled): tomorrow's opinion is a mean
//! of one's own and of those one hears. A voice that hears nobody stands fast, as an opponent does in Friedkin and
//! Johnsen 1990 (recalled). That trust above one in all leaves nothing of one's own opinion is ours.

/// A voice as one hearer hears it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Heard {
    /// Share of the gap between the hearer's opinion and the voice that closes when it is heard once, 0 to 1.
    pub trust: f64,
    /// What the voice says, 0 to 1.
    pub says: f64,
}

/// The opinion after the voices were heard once, all together: x + Σ wᵥ·(yᵥ − x) with trust w and word y. Where the
/// trusts add up to more than 1 they are divided by their sum. Writes to `moved` what each voice moved.
///
/// A trust that is NaN or below 0 counts as 0; opinion and words are held within 0 and 1.
///
/// # Panics
/// If `moved` and `heard` differ in length.
pub fn listen(opinion: f64, heard: &[Heard], moved: &mut [f64]) -> f64 {
    assert_eq!(heard.len(), moved.len(), "one movement per voice");
    let opinion = share(opinion);
    let total: f64 = heard.iter().map(|voice| voice.trust.max(0.0)).sum();
    let scale = if total > 1.0 { total.recip() } else { 1.0 };
    let mut after = opinion;
    for (voice, moved) in heard.iter().zip(moved) {
        *moved = if voice.trust > 0.0 { scale * voice.trust * (share(voice.says) - opinion) } else { 0.0 };
        after += *moved;
    }
    share(after)
}

/// NaN becomes 0.
fn share(value: f64) -> f64 {
    if value.is_nan() { 0.0 } else { value.clamp(0.0, 1.0) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn after(opinion: f64, heard: &[Heard]) -> f64 {
        listen(opinion, heard, &mut vec![0.0; heard.len()])
    }

    fn voices(most: f64) -> impl Strategy<Value = Vec<Heard>> {
        let voice = (0.0..most, 0.0..=1.0f64).prop_map(|(trust, says)| Heard { trust, says });
        prop::collection::vec(voice, 1..6)
    }

    #[test]
    fn one_voice_closes_the_share_of_the_gap_it_is_trusted_with() {
        let word = [Heard { trust: 0.25, says: 1.0 }];
        assert_eq!(after(0.0, &word), 0.25);
        assert_eq!(after(0.2, &word), 0.4);
        assert!((after(0.6, &[Heard { trust: 1.0, says: 0.1 }]) - 0.1).abs() < 1e-15);
    }

    #[test]
    fn what_is_no_number_is_no_voice() {
        let none = [Heard { trust: f64::NAN, says: 1.0 }, Heard { trust: -1.0, says: 1.0 }];
        assert_eq!(after(0.3, &none), 0.3);
        assert_eq!(after(f64::NAN, &none), 0.0);
    }

    proptest! {
        #[test]
        fn an_opinion_stays_between_what_is_held_and_what_is_heard(opinion in 0.0..=1.0f64, heard in voices(1.5)) {
            let low = heard.iter().map(|voice| voice.says).fold(opinion, f64::min);
            let high = heard.iter().map(|voice| voice.says).fold(opinion, f64::max);
            let after = after(opinion, &heard);
            prop_assert!(low - 1e-12 <= after && after <= high + 1e-12);
        }

        #[test]
        fn what_the_voices_moved_adds_up(opinion in 0.0..=1.0f64, heard in voices(1.5)) {
            let mut moved = vec![0.0; heard.len()];
            let after = listen(opinion, &heard, &mut moved);
            prop_assert!((after - opinion - moved.iter().sum::<f64>()).abs() < 1e-12);
        }

        #[test]
        fn a_more_alarming_word_never_calms(opinion in 0.0..=1.0f64, heard in voices(1.5), more in 0.0..1.0f64) {
            let mut louder = heard.clone();
            louder[0].says = (louder[0].says + more).min(1.0);
            prop_assert!(after(opinion, &louder) >= after(opinion, &heard) - 1e-12);
        }

        #[test]
        fn voices_that_stand_fast_are_believed_in_the_end_each_by_its_trust(
            opinion in 0.0..=1.0f64, heard in voices(0.2),
        ) {
            let trust: f64 = heard.iter().map(|voice| voice.trust).sum();
            prop_assume!(trust > 0.05);
            let mean = heard.iter().map(|voice| voice.trust * voice.says).sum::<f64>() / trust;
            let settled = (0..1000).fold(opinion, |opinion, _| after(opinion, &heard));
            prop_assert!((settled - mean).abs() < 1e-9);
        }
    }
}
