//! How fast contingents arrive and leave.

/// One day of flying contingents in: takes at most `capacity` persons off `remaining` and writes to `lifted`
/// how many of each contingent went.
///
/// If not all can go, seats are shared in proportion to those waiting, in whole persons, the last seats by
/// largest remainder (Hamilton's method; a tie goes to the earlier contingent). A fraction of a person
/// waits for good; a value that is negative or NaN counts as 0.
///
/// # Panics
/// If `lifted` and `remaining` differ in length.
pub fn airlift(remaining: &mut [f64], capacity: f64, lifted: &mut [f64]) {
    assert_eq!(remaining.len(), lifted.len(), "one lift per contingent");
    // Whole numbers, so that seats are shared without rounding; a negative or NaN casts to 0.
    let seats = u128::from(capacity as u64);
    let waiting = |persons: f64| u128::from(persons as u64);
    let total: u128 = remaining.iter().map(|&persons| waiting(persons)).sum();
    if total <= seats {
        for (persons, gone) in remaining.iter_mut().zip(lifted) {
            *gone = persons.max(0.0).floor();
            *persons -= *gone;
        }
        return;
    }
    let quota = |persons: f64| seats * waiting(persons) / total;
    let remainder = |persons: f64| seats * waiting(persons) % total;
    let mut left = seats;
    for (&persons, gone) in remaining.iter().zip(lifted.iter_mut()) {
        *gone = quota(persons) as f64;
        left -= quota(persons);
    }
    for _ in 0..left {
        let mut next: Option<(usize, u128)> = None;
        for (contingent, &persons) in remaining.iter().enumerate() {
            let served = lifted[contingent] > quota(persons) as f64;
            let claim = remainder(persons);
            if !served && next.is_none_or(|(_, largest)| claim > largest) {
                next = Some((contingent, claim));
            }
        }
        if let Some((contingent, _)) = next {
            lifted[contingent] += 1.0;
        }
    }
    for (persons, gone) in remaining.iter_mut().zip(lifted) {
        *persons -= *gone;
    }
}

/// One day of an even withdrawal that ends on its deadline: takes from each contingent in `present` the whole
/// part of present / days left, and everyone on the last day; writes to `lifted` how many left.
///
/// `days_left` counts today: 1 is the last day, and 0 (the deadline has passed) is treated as the last.
/// A value that is negative or NaN counts as 0.
///
/// # Panics
/// If `lifted` and `present` differ in length.
pub fn withdrawal(present: &mut [f64], days_left: u32, lifted: &mut [f64]) {
    assert_eq!(present.len(), lifted.len(), "one lift per contingent");
    for (persons, gone) in present.iter_mut().zip(lifted) {
        let here = persons.max(0.0);
        *gone = if days_left <= 1 { here } else { (here / f64::from(days_left)).floor() };
        *persons = here - *gone;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_day_of_airlift_is_shared_in_proportion() {
        let mut remaining = [1500.0, 500.0, 250.0, 100.0];
        let mut lifted = [0.0; 4];
        airlift(&mut remaining, 235.0, &mut lifted);
        assert_eq!(lifted, [150.0, 50.0, 25.0, 10.0]);
        airlift(&mut remaining, 7.9, &mut lifted);
        assert_eq!(lifted, [4.0, 2.0, 1.0, 0.0]);
    }

    #[test]
    fn an_airlift_of_odd_numbers_takes_nobody() {
        let mut remaining = [f64::NAN, -4.0, 3.0];
        let mut lifted = [9.0; 3];
        airlift(&mut remaining, f64::NAN, &mut lifted);
        assert_eq!(lifted, [0.0; 3]);
        airlift(&mut remaining, f64::INFINITY, &mut lifted);
        assert_eq!(lifted, [0.0, 0.0, 3.0]);
    }

    proptest! {
        #[test]
        fn an_airlift_conserves_persons_and_is_fair(
            contingents in prop::collection::vec(0u32..5000, 1..8), capacity in 0u32..4000,
        ) {
            let start: Vec<f64> = contingents.iter().copied().map(f64::from).collect();
            let (mut remaining, mut lifted) = (start.clone(), vec![0.0; start.len()]);
            airlift(&mut remaining, f64::from(capacity), &mut lifted);
            let total: f64 = start.iter().sum();
            let carried: f64 = lifted.iter().sum();
            prop_assert_eq!(carried, total.min(f64::from(capacity)));
            for ((before, after), gone) in start.iter().zip(&remaining).zip(&lifted) {
                prop_assert!(*after >= 0.0 && after + gone == *before && gone.fract() == 0.0);
                prop_assert!((gone - before * carried / total.max(1.0)).abs() < 1.0);
            }
        }

        #[test]
        fn a_withdrawal_ends_on_its_deadline(
            contingents in prop::collection::vec(1u32..5000, 1..8), days in 1u32..60,
        ) {
            let start: Vec<f64> = contingents.iter().copied().map(f64::from).collect();
            let (mut present, mut lifted) = (start.clone(), vec![0.0; start.len()]);
            let mut gone = vec![0.0; start.len()];
            for days_left in (1..=days).rev() {
                prop_assert!(present.iter().all(|persons| *persons > 0.0), "gone before the deadline");
                withdrawal(&mut present, days_left, &mut lifted);
                for ((sum, day), all) in gone.iter_mut().zip(&lifted).zip(&start) {
                    prop_assert!((day - all / f64::from(days)).abs() <= 1.0, "uneven: {} of {}", day, all);
                    *sum += day;
                }
            }
            prop_assert!(present.iter().all(|persons| *persons == 0.0));
            prop_assert_eq!(gone, start);
        }
    }
}
