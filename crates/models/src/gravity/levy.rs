//! Who keeps part of what buyers pay: tariffs and the extra cost of a way round as someone's income.

use super::GravityError;

/// The share of what one country's buyers spend on another's goods that does not reach the exporter but is kept by a
/// country: a tariff t keeps t / (1 + t) for the importer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Levy {
    /// The exporter's index.
    pub exporter: usize,
    /// The importer's index.
    pub importer: usize,
    /// The index of the country that keeps it.
    pub keeper: usize,
    /// The share kept before the shock.
    pub old_share: f64,
    /// The share kept after it.
    pub new_share: f64,
}

impl Levy {
    /// The revenue of a tariff that goes from `old` to `new` (0.05 is five per cent), kept by the importer.
    ///
    /// # Errors
    /// A tariff that is negative or not finite: subsidies have no keeper.
    pub fn tariff(exporter: usize, importer: usize, old: f64, new: f64) -> Result<Levy, GravityError> {
        for (what, value) in [("old tariff", old), ("new tariff", new)] {
            if !(value.is_finite() && value >= 0.0) {
                return Err(GravityError::Least { what, value, least: 0.0 });
            }
        }
        let share = |tariff: f64| tariff / (1.0 + tariff);
        Ok(Levy { exporter, importer, keeper: importer, old_share: share(old), new_share: share(new) })
    }
}

/// What exporters get of a unit spent, exporter × importer.
pub(super) fn passed(levies: &[Levy], countries: usize, share: impl Fn(&Levy) -> f64) -> Vec<f64> {
    let mut passed = vec![1.0; countries * countries];
    for levy in levies {
        passed[levy.exporter * countries + levy.importer] -= share(levy);
    }
    passed
}

/// That levies can be: known countries, shares of 0 or more that leave exporters something.
pub(super) fn check(levies: &[Levy], countries: usize) -> Result<(), GravityError> {
    for levy in levies {
        let named = [levy.exporter, levy.importer, levy.keeper];
        if let Some(country) = named.into_iter().find(|&c| c >= countries) {
            return Err(GravityError::UnknownCountry { country, countries });
        }
        for (what, value) in [("share kept before", levy.old_share), ("share kept after", levy.new_share)] {
            if !(0.0..1.0).contains(&value) {
                return Err(GravityError::Share { what, value });
            }
        }
    }
    for of in [|levy: &Levy| levy.old_share, |levy: &Levy| levy.new_share] {
        if levies.is_empty() {
            break;
        }
        if let Some(left) = passed(levies, countries, of).into_iter().find(|left| *left <= 0.0) {
            return Err(GravityError::Share {
                what: "share of a pair's spending that is kept",
                value: 1.0 - left,
            });
        }
    }
    Ok(())
}
