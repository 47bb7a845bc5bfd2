//! Where people are in the street, and when: what the report's maps show.

use equipoise_lab::again::Again;
use equipoise_lab::places::unrest_by_place;
use equipoise_scenario::Scenario;
use jiff::civil::Date;

/// Histories that are looked at again for their places.
pub(super) const HISTORIES: u64 = 200;
/// Days that are looked at, from the start.
const DAYS: u32 = 31;
/// Maps that are drawn.
const MAPS: usize = 6;
/// Unrest is over when fewer than this share of its peak are in the street.
const OVER: f64 = 0.1;

/// Unrest on the map, on a few days from its first to where it has ebbed away.
#[derive(Debug, Clone, PartialEq)]
pub struct UnrestMap {
    /// Histories that were looked at.
    pub histories: u64,
    /// Rings of the focus state's outline, corners as degrees north and east; none where the scenario has no outline.
    pub outline: Vec<Vec<[f64; 2]>>,
    /// Name of each place and where it lies, degrees north and east.
    pub places: Vec<(String, [f64; 2])>,
    /// The days.
    pub days: Vec<UnrestDay>,
}

/// Unrest on one day.
#[derive(Debug, Clone, PartialEq)]
pub struct UnrestDay {
    /// Which.
    pub date: Date,
    /// By place: mean number of protesters over all histories, and the share of the histories with violence.
    pub places: Vec<(f64, f64)>,
}

/// What some histories say; nothing where nobody protests in the first weeks.
pub(super) fn unrest(scenario: &Scenario, again: &Again<'_>) -> Option<UnrestMap> {
    let seen = unrest_by_place(again, DAYS)?;
    let crowds: Vec<f64> = seen.days.iter().map(|day| day.iter().map(|place| place.crowd).sum()).collect();
    let days = chosen(&crowds).into_iter().map(|day| UnrestDay {
        date: scenario.date(day as u32),
        places: seen.days[day].iter().map(|place| (place.crowd, place.in_violence)).collect(),
    });
    let days: Vec<UnrestDay> = days.collect();
    (!days.is_empty()).then(|| UnrestMap {
        histories: seen.histories,
        outline: scenario.outline.clone(),
        places: scenario
            .places
            .iter()
            .map(|place| (place.name.clone(), [place.latitude, place.longitude]))
            .collect(),
        days,
    })
}

/// The days to draw: spread evenly from the first with anyone in the street to the last before it has ebbed away.
fn chosen(crowds: &[f64]) -> Vec<usize> {
    let peak = crowds.iter().copied().fold(0.0, f64::max);
    let Some(first) = crowds.iter().position(|&crowd| crowd > 0.0) else { return Vec::new() };
    let last = crowds.iter().rposition(|&crowd| crowd >= OVER * peak).unwrap_or(first).max(first);
    let steps = (MAPS - 1).min(last - first);
    (0..=steps).map(|step| first + (step * (last - first)).div_ceil(steps.max(1))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_are_drawn_from_the_first_protest_to_its_ebb() {
        let mut crowds = vec![0.0, 10.0, 500.0, 900.0, 1000.0, 700.0, 400.0, 200.0, 120.0, 100.0, 99.0];
        assert_eq!(chosen(&crowds), [1, 3, 5, 6, 8, 9]);
        crowds.fill(0.0);
        assert!(chosen(&crowds).is_empty());
        assert_eq!(chosen(&[0.0, 5.0, 0.1]), [1]);
        assert_eq!(chosen(&[5.0, 5.0, 5.0]), [0, 1, 2]);
    }
}
