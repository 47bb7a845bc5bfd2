//! A change of trade costs, and how tariffs, cost factors and sanctions become one.

use super::GravityError;
use super::trade::{Pair, check_size, matrix_of};

/// The change in the log of the trade-cost term (cost to the power −θ) of each pair.
///
/// A change by an agreement is its coefficient in an estimated gravity equation, as it stands: negative to
/// leave it. Positive means cheaper trade; minus infinity leaves nothing of the pair's trade.
#[derive(Clone, Debug, PartialEq)]
pub struct Shock {
    countries: usize,
    log_change: Vec<f64>,
}

impl Shock {
    /// Changes given row by row: exporter × importer.
    ///
    /// # Errors
    /// No countries; a wrong number of entries; a change that is not a number or whose exponential overflows.
    pub fn new(countries: usize, log_change: Vec<f64>) -> Result<Shock, GravityError> {
        check_size("log changes of trade-cost terms", countries, log_change.len())?;
        for (cell, &value) in log_change.iter().enumerate() {
            // What is not above 0 has an exponential of at most 1.
            if !(value <= 0.0 || value.exp().is_finite()) {
                let (exporter, importer) = (cell / countries, cell % countries);
                return Err(GravityError::LogChange { exporter, importer, log_change: value });
            }
        }
        Ok(Shock { countries, log_change })
    }

    /// Changes given as a list of pairs; a pair left out does not change.
    ///
    /// # Errors
    /// As [`Shock::new`]; a pair given twice; an index that is no country.
    pub fn from_pairs(countries: usize, pairs: &[Pair]) -> Result<Shock, GravityError> {
        Shock::new(countries, matrix_of(countries, pairs)?)
    }

    /// How many countries there are.
    #[must_use]
    pub fn countries(&self) -> usize {
        self.countries
    }

    /// The changes, row by row: exporter × importer.
    #[must_use]
    pub fn log_change(&self) -> &[f64] {
        &self.log_change
    }
}

/// The log change of a pair whose trade cost (1 + the ad-valorem equivalent) is multiplied by `factor`:
/// −θ ln factor.
///
/// # Errors
/// An elasticity or a factor of 0 or less, or not finite.
pub fn cost_factor_log_change(elasticity: f64, factor: f64) -> Result<f64, GravityError> {
    check_elasticity(elasticity)?;
    if !(factor.is_finite() && factor > 0.0) {
        return Err(GravityError::Cost { what: "cost factor", value: factor, above: 0.0 });
    }
    Ok(-elasticity * factor.ln())
}

/// The log change of a pair whose tariff goes from `old` to `new` (0.05 is five per cent). The revenue is not
/// returned to anyone.
///
/// # Errors
/// An elasticity of 0 or less, a tariff of −1 or less, or one not finite.
pub fn tariff_log_change(elasticity: f64, old: f64, new: f64) -> Result<f64, GravityError> {
    for (what, value) in [("old tariff", old), ("new tariff", new)] {
        if !(value.is_finite() && value > -1.0) {
            return Err(GravityError::Cost { what, value, above: -1.0 });
        }
    }
    cost_factor_log_change(elasticity, (1.0 + new) / (1.0 + old))
}

/// A ban on part of what one country sells to another.
///
/// Ours: goods of a pair are alike, so that stopping a share of them scales the trade-cost term. What is
/// stopped may come through a third state that lets it pass, at a cost.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sanction {
    /// The share of the pair's trade in goods the ban names, 0 to 1.
    pub covered_share: f64,
    /// The share of those goods whose sellers obey, 0 to 1.
    pub compliance_share: f64,
    /// The cost factor (above 0, usually above 1) of the way through third states, or none if they close it.
    pub reroute_cost_factor: Option<f64>,
}

impl Sanction {
    /// The log change of the pair's trade-cost term: ln(1 − s + s f^−θ), with s the share stopped and f the
    /// cost factor of the way round; ln(1 − s) if there is none. It is minus infinity where everything is stopped and
    /// nothing goes round.
    ///
    /// # Errors
    /// A share outside [0, 1]; a bad elasticity or factor; a way round so cheap that its trade-cost term overflows.
    pub fn log_change(&self, elasticity: f64) -> Result<f64, GravityError> {
        check_elasticity(elasticity)?;
        let shares = [("covered share", self.covered_share), ("compliance share", self.compliance_share)];
        for (what, value) in shares {
            if !(0.0..=1.0).contains(&value) {
                return Err(GravityError::Share { what, value });
            }
        }
        let stopped = self.covered_share * self.compliance_share;
        let round = match self.reroute_cost_factor {
            Some(factor) => cost_factor_log_change(elasticity, factor)?.exp(),
            None => 0.0,
        };
        if !round.is_finite() {
            let what = "cost factor of the way round to the power of minus the elasticity";
            return Err(GravityError::Cost { what, value: round, above: 0.0 });
        }
        Ok((1.0 - stopped + stopped * round).ln())
    }
}

/// That the trade elasticity θ is a finite number above 0.
pub(super) fn check_elasticity(elasticity: f64) -> Result<(), GravityError> {
    if elasticity.is_finite() && elasticity > 0.0 {
        Ok(())
    } else {
        Err(GravityError::Elasticity { elasticity })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_tariff_that_stays_changes_nothing_and_a_higher_one_makes_trade_dearer() {
        assert_eq!(tariff_log_change(4.0, 0.05, 0.05).unwrap(), 0.0);
        let raised = tariff_log_change(4.0, 0.0, 0.1).unwrap();
        assert!((raised + 4.0 * 1.1_f64.ln()).abs() < 1e-15);
    }

    #[test]
    fn a_sanction_bites_by_what_it_covers_who_obeys_and_what_goes_round() {
        let ban = Sanction { covered_share: 0.5, compliance_share: 0.8, reroute_cost_factor: None };
        assert!((ban.log_change(4.0).unwrap() - 0.6_f64.ln()).abs() < 1e-15);
        let leaky = Sanction { reroute_cost_factor: Some(1.2), ..ban };
        assert!(leaky.log_change(4.0).unwrap() > ban.log_change(4.0).unwrap());
        let free = Sanction { reroute_cost_factor: Some(1.0), ..ban };
        assert!(free.log_change(4.0).unwrap().abs() < 1e-15);
    }

    #[test]
    fn a_full_ban_without_a_way_round_leaves_nothing() {
        let total = Sanction { covered_share: 1.0, compliance_share: 1.0, reroute_cost_factor: None };
        let change = total.log_change(4.0).unwrap();
        assert_eq!(change, f64::NEG_INFINITY);
        assert_eq!(Shock::new(1, vec![change]).unwrap().log_change(), [f64::NEG_INFINITY]);
        assert!(Shock::new(1, vec![f64::INFINITY]).is_err());
    }

    #[test]
    fn impossible_costs_are_refused() {
        assert!(matches!(cost_factor_log_change(0.0, 1.1), Err(GravityError::Elasticity { .. })));
        assert!(matches!(cost_factor_log_change(4.0, -1.0), Err(GravityError::Cost { .. })));
        assert!(matches!(
            tariff_log_change(4.0, -1.0, 0.0),
            Err(GravityError::Cost { what: "old tariff", .. })
        ));
        let total = Sanction { covered_share: 1.0, compliance_share: 1.0, reroute_cost_factor: None };
        let free = Sanction { reroute_cost_factor: Some(1e-200), ..total };
        assert!(matches!(free.log_change(4.0), Err(GravityError::Cost { .. })));
        let wrong = Sanction { covered_share: 1.5, ..total };
        assert_eq!(wrong.log_change(4.0), Err(GravityError::Share { what: "covered share", value: 1.5 }));
        assert_eq!(
            Shock::new(1, vec![800.0]),
            Err(GravityError::LogChange { exporter: 0, importer: 0, log_change: 800.0 })
        );
        assert!(Shock::new(1, vec![f64::NAN]).is_err());
    }
}
