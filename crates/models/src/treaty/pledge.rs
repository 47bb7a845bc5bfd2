//! What a member promised to send, and what became of it: every soldier pledged waits, has flown, or never comes.

/// A member's pledge in soldiers. What was pledged is at any time the sum of its parts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pledge {
    unratified: f64,
    waiting: f64,
    flown: f64,
    lapsed: f64,
}

impl Pledge {
    /// Nothing pledged.
    pub const NONE: Pledge = Pledge { unratified: 0.0, waiting: 0.0, flown: 0.0, lapsed: 0.0 };

    /// A pledge of so many soldiers (a number below 0 or NaN: none). One that a parliament must consent to waits for
    /// that first.
    #[must_use]
    pub fn of(soldiers: f64, needs_consent: bool) -> Pledge {
        let soldiers = soldiers.max(0.0);
        if needs_consent {
            Pledge { unratified: soldiers, ..Pledge::NONE }
        } else {
            Pledge { waiting: soldiers, ..Pledge::NONE }
        }
    }

    /// The parliament consents: from now on the soldiers wait for the airlift.
    pub fn ratify(&mut self) {
        self.waiting += self.unratified;
        self.unratified = 0.0;
    }

    /// So many are flown in, at most those who wait.
    pub fn fly(&mut self, soldiers: f64) {
        let flown = soldiers.max(0.0).min(self.waiting);
        self.waiting -= flown;
        self.flown += flown;
    }

    /// Whoever has not flown never will; gives how many that are.
    pub fn lapse(&mut self) -> f64 {
        let lapsed = self.awaited();
        self.unratified = 0.0;
        self.waiting = 0.0;
        self.lapsed += lapsed;
        lapsed
    }

    /// Whether it has run out of time so many days after it was made: without consent beyond the first limit, or not
    /// flown in full beyond the second. No limit: never.
    #[must_use]
    pub fn is_overdue(&self, days: f64, consent_limit: Option<f64>, arrival_limit: Option<f64>) -> bool {
        let beyond = |limit: Option<f64>| limit.is_some_and(|limit| days > limit.max(0.0));
        (self.unratified > 0.0 && beyond(consent_limit)) || (self.awaited() > 0.0 && beyond(arrival_limit))
    }

    /// Soldiers pledged.
    #[must_use]
    pub fn pledged(&self) -> f64 {
        self.unratified + self.waiting + self.flown + self.lapsed
    }

    /// Those who wait for the airlift.
    #[must_use]
    pub fn waiting(&self) -> f64 {
        self.waiting
    }

    /// Those who may still come, with or without the consent they need.
    #[must_use]
    pub fn awaited(&self) -> f64 {
        self.unratified + self.waiting
    }

    /// Those who were flown in.
    #[must_use]
    pub fn flown(&self) -> f64 {
        self.flown
    }

    /// Those who never came.
    #[must_use]
    pub fn lapsed(&self) -> f64 {
        self.lapsed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn nobody_flies_before_the_parliament_has_consented() {
        let mut pledge = Pledge::of(100.0, true);
        pledge.fly(40.0);
        assert_eq!((pledge.flown(), pledge.waiting(), pledge.awaited()), (0.0, 0.0, 100.0));
        pledge.ratify();
        pledge.fly(40.0);
        assert_eq!((pledge.flown(), pledge.waiting()), (40.0, 60.0));
    }

    #[test]
    fn a_pledge_is_overdue_once_the_day_of_its_limit_has_passed() {
        let unratified = Pledge::of(10.0, true);
        assert!(!unratified.is_overdue(3.0, Some(3.0), None) && unratified.is_overdue(4.0, Some(3.0), None));
        assert!(!unratified.is_overdue(1e6, None, None), "without a limit it waits for good");
        let mut flown = Pledge::of(10.0, false);
        assert!(!flown.is_overdue(9.0, Some(3.0), None), "consent it did not need cannot be late");
        assert!(flown.is_overdue(9.0, Some(3.0), Some(8.0)));
        flown.fly(10.0);
        assert!(!flown.is_overdue(9.0, Some(3.0), Some(8.0)), "whoever is there is not late");
    }

    proptest! {
        #[test]
        fn every_soldier_pledged_waits_has_flown_or_never_comes(
            soldiers in 0..5000u32, consent in any::<bool>(), steps in prop::collection::vec((0..3u8, 0..900u32), 0..20),
        ) {
            let soldiers = f64::from(soldiers);
            let mut pledge = Pledge::of(soldiers, consent);
            let mut lapsed = false;
            for (step, some) in steps {
                let before = pledge.flown();
                match step {
                    0 => pledge.ratify(),
                    1 => pledge.fly(f64::from(some)),
                    _ => { pledge.lapse(); lapsed = true; }
                }
                prop_assert_eq!(pledge.pledged(), soldiers);
                prop_assert!(pledge.flown() >= before && pledge.waiting() <= pledge.awaited());
                prop_assert!(!lapsed || pledge.awaited() == 0.0, "nobody comes after it lapsed");
                prop_assert!(pledge.flown() + pledge.lapsed() + pledge.awaited() == soldiers);
            }
        }
    }
}
