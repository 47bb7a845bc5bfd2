//! Unrest by place and day: some histories simulated again, since series are of the whole country.

use equipoise_engine::Street;

use crate::again::Again;

/// Unrest in every place on the first days of an ensemble's first histories.
#[derive(Debug, Clone, PartialEq)]
pub struct UnrestByPlace {
    /// Histories looked at.
    pub histories: u64,
    /// By day from the start, then by place in the scenario's order.
    pub days: Vec<Vec<PlaceOnDay>>,
}

/// One place on one day, over histories.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlaceOnDay {
    /// Mean number of protesters.
    pub crowd: f64,
    /// Share of the histories with protest.
    pub in_protest: f64,
    /// Share of the histories with violence.
    pub in_violence: f64,
}

/// Looks at the first `days` days of some histories; nothing where there is none, or nobody waits any more.
#[must_use]
pub fn unrest_by_place(again: &Again<'_>, days: u32) -> Option<UnrestByPlace> {
    let histories = again.histories();
    if histories == 0 {
        return None;
    }
    let seen: Vec<Vec<Vec<Street>>> = again.map(|same, workspace| {
        same.engine.streets(same.seed, same.chance, same.parameters, workspace, days)
    })?;
    let nobody = PlaceOnDay { crowd: 0.0, in_protest: 0.0, in_violence: 0.0 };
    let scenario = again.scenario();
    let mut sums = vec![vec![nobody; scenario.places.len()]; days.min(scenario.days) as usize];
    let share = 1.0 / histories as f64;
    for history in &seen {
        for (places, streets) in sums.iter_mut().zip(history) {
            for (place, street) in places.iter_mut().zip(streets) {
                place.crowd += share * street.crowd as f64;
                place.in_protest += share * f64::from(u8::from(street.crowd > 0));
                place.in_violence += share * f64::from(u8::from(street.violent > 0));
            }
        }
    }
    Some(UnrestByPlace { histories, days: sums })
}
