//! Customs unions: what joining or leaving one changes, for the member and for those it trades with.
//!
//! Inside there is no tariff, and trade is easier by the coefficient of an estimated gravity equation; outside all members
//! charge one tariff. Who leaves trades with the others under tariffs again, sets its own for everyone, and loses what
//! the agreement did beyond tariffs. Ours as a composition; its parts are [`super::tariff_log_change`] and [`Levy`].

use super::shock::tariff_log_change;
use super::{GravityError, Levy, Shock};

/// A customs union among the countries of a trade matrix.
#[derive(Clone, Debug, PartialEq)]
pub struct CustomsUnion {
    /// The indices of the members.
    pub members: Vec<usize>,
    /// What membership adds to the log of the trade-cost term between members, beyond tariffs.
    pub agreement: f64,
    /// The tariff on goods from outside (0.05 is five per cent).
    pub external_tariff: f64,
}

impl CustomsUnion {
    /// What follows if a member leaves and charges `own_tariff` on everyone's goods.
    ///
    /// # Errors
    /// No member; an index that is no country; a tariff that is negative or not finite; a bad elasticity.
    pub fn leave(
        &self,
        country: usize,
        own_tariff: f64,
        countries: usize,
        elasticity: f64,
    ) -> Result<(Shock, Vec<Levy>), GravityError> {
        if !self.members.contains(&country) {
            return Err(GravityError::Membership { country, member: false });
        }
        self.change(country, own_tariff, countries, elasticity, false)
    }

    /// What follows if a country joins that charged `own_tariff` on everyone's goods.
    ///
    /// # Errors
    /// A member already; as [`CustomsUnion::leave`].
    pub fn join(
        &self,
        country: usize,
        own_tariff: f64,
        countries: usize,
        elasticity: f64,
    ) -> Result<(Shock, Vec<Levy>), GravityError> {
        if self.members.contains(&country) {
            return Err(GravityError::Membership { country, member: true });
        }
        self.change(country, own_tariff, countries, elasticity, true)
    }

    fn change(
        &self,
        country: usize,
        own: f64,
        countries: usize,
        elasticity: f64,
        joins: bool,
    ) -> Result<(Shock, Vec<Levy>), GravityError> {
        let named = self.members.iter().copied().chain([country]);
        if let Some(country) = named.into_iter().find(|&c| c >= countries) {
            return Err(GravityError::UnknownCountry { country, countries });
        }
        for (what, value) in [("external tariff", self.external_tariff), ("own tariff", own)] {
            if !(value.is_finite() && value >= 0.0) {
                return Err(GravityError::Least { what, value, least: 0.0 });
            }
        }
        let mut log_change = vec![0.0; countries * countries];
        let mut levies = Vec::new();
        let mut set = |exporter: usize, importer: usize, outside: f64, inside: f64, agreement: f64| {
            let (old, new) = if joins { (outside, inside) } else { (inside, outside) };
            let levy = Levy::tariff(exporter, importer, old, new)?;
            log_change[exporter * countries + importer] =
                tariff_log_change(elasticity, old, new)? + if joins { agreement } else { -agreement };
            levies.push(levy);
            Ok::<(), GravityError>(())
        };
        for other in (0..countries).filter(|&other| other != country) {
            if self.members.contains(&other) {
                set(country, other, self.external_tariff, 0.0, self.agreement)?;
                set(other, country, own, 0.0, self.agreement)?;
            } else {
                set(other, country, own, self.external_tariff, 0.0)?;
            }
        }
        // What the members charge on everyone else stays, and so does its revenue.
        for &importer in self.members.iter().filter(|&&member| member != country) {
            for exporter in (0..countries).filter(|c| *c != country && !self.members.contains(c)) {
                levies.push(Levy::tariff(exporter, importer, self.external_tariff, self.external_tariff)?);
            }
        }
        Ok((Shock::new(countries, log_change)?, levies))
    }
}
