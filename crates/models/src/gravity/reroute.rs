//! Sanctions that leak: goods that are stopped on the direct way go through third states that let them pass.
//!
//! Ours: an extension of [`super::Sanction`] with several ways round. With s the share of a pair's trade that is stopped,
//! aₖ the share of the stopped goods that could go through state k, mₖ how far k complies, fₖ the cost factor of its way:
//!
//! ```text
//! change of the trade-cost term = ln(1 − s + s Σₖ aₖ (1 − mₖ) fₖ^−θ)
//! ```
//!
//! Of what buyers pay for goods that came through k, the extra cost is 1 − 1/fₖ, and k keeps a share of that.

use super::shock::{check_elasticity, cost_factor_log_change};
use super::{GravityError, Levy};

/// A state that goods under a ban may pass through.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ThirdState {
    /// Its index among the countries: neither the exporter nor the importer under the ban.
    pub country: usize,
    /// The share of the stopped goods that could go this way, 0 to 1.
    pub reach_share: f64,
    /// The cost factor of the way, 1 or more: goods would go a cheaper way without a ban.
    pub cost_factor: f64,
    /// How far the state complies: 0 lets everything pass, 1 closes the way.
    pub compliance_share: f64,
    /// The share of the extra cost that its own people earn, 0 to 1.
    pub earned_share: f64,
}

/// A ban on part of what one country sells to another, with ways round it.
#[derive(Clone, Debug, PartialEq)]
pub struct Ban {
    /// The exporter's index.
    pub exporter: usize,
    /// The importer's index.
    pub importer: usize,
    /// The share of the pair's trade in goods the ban names, 0 to 1.
    pub covered_share: f64,
    /// The share of those goods whose sellers obey, 0 to 1.
    pub compliance_share: f64,
    /// The ways round. Their shares of reach add up to at most 1.
    pub ways_round: Vec<ThirdState>,
}

/// What a ban does: to the trade-cost term, and to the incomes of the states it is evaded through.
#[derive(Clone, Debug, PartialEq)]
pub struct Leak {
    /// The log change of the pair's trade-cost term; minus infinity where nothing remains of its trade.
    pub log_change: f64,
    /// What each third state that lets goods pass keeps of the pair's spending.
    pub levies: Vec<Levy>,
    /// The share of the pair's remaining trade that goes through each third state, in the order given; 0 where nothing
    /// remains.
    pub rerouted_share: Vec<f64>,
}

impl Ban {
    /// What the ban does at a trade elasticity θ.
    ///
    /// # Errors
    /// A share outside [0, 1], or shares of reach that add up to more; a cost factor below 1; a way through the exporter
    /// or the importer; a bad elasticity.
    pub fn leak(&self, elasticity: f64) -> Result<Leak, GravityError> {
        check_elasticity(elasticity)?;
        let own = [("covered share", self.covered_share), ("compliance share", self.compliance_share)];
        let of_ways = self.ways_round.iter().flat_map(|way| {
            [
                ("share of reach", way.reach_share),
                ("compliance share of a third state", way.compliance_share),
                ("share of the extra cost that is earned", way.earned_share),
            ]
        });
        for (what, value) in own.into_iter().chain(of_ways) {
            if !(0.0..=1.0).contains(&value) {
                return Err(GravityError::Share { what, value });
            }
        }
        let reach = self.ways_round.iter().map(|way| way.reach_share).sum::<f64>();
        // Shares such as a third three times add up to 1 but for rounding.
        if reach > 1.0 + 1e-12 {
            return Err(GravityError::Share { what: "sum of the shares of reach", value: reach });
        }
        for way in &self.ways_round {
            if [self.exporter, self.importer].contains(&way.country) {
                return Err(GravityError::WayRound { country: way.country });
            }
            if !(way.cost_factor.is_finite() && way.cost_factor >= 1.0) {
                let what = "cost factor of a way round";
                return Err(GravityError::Least { what, value: way.cost_factor, least: 1.0 });
            }
        }
        let stopped = self.covered_share * self.compliance_share;
        let passing: Vec<f64> = self
            .ways_round
            .iter()
            .map(|way| {
                let dearer = cost_factor_log_change(elasticity, way.cost_factor)?.exp();
                Ok(stopped * way.reach_share * (1.0 - way.compliance_share) * dearer)
            })
            .collect::<Result<_, GravityError>>()?;
        let remaining = 1.0 - stopped + passing.iter().sum::<f64>();
        let rerouted_share: Vec<f64> =
            passing.iter().map(|p| if remaining > 0.0 { p / remaining } else { 0.0 }).collect();
        let levies = self.ways_round.iter().zip(&rerouted_share).map(|(way, share)| Levy {
            exporter: self.exporter,
            importer: self.importer,
            keeper: way.country,
            old_share: 0.0,
            new_share: share * way.earned_share * (1.0 - 1.0 / way.cost_factor),
        });
        Ok(Leak { log_change: remaining.ln(), levies: levies.collect(), rerouted_share })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::gravity::Sanction;

    const WAY: ThirdState = ThirdState {
        country: 2,
        reach_share: 0.5,
        cost_factor: 1.2,
        compliance_share: 0.0,
        earned_share: 1.0,
    };

    fn ban(ways_round: Vec<ThirdState>) -> Ban {
        Ban { exporter: 0, importer: 1, covered_share: 0.5, compliance_share: 0.8, ways_round }
    }

    #[test]
    fn without_a_way_round_a_ban_is_a_plain_sanction() {
        let plain = Sanction { covered_share: 0.5, compliance_share: 0.8, reroute_cost_factor: None };
        assert_eq!(ban(vec![]).leak(4.0).unwrap().log_change, plain.log_change(4.0).unwrap());
        let open = Sanction { reroute_cost_factor: Some(1.2), ..plain };
        let leaky = ban(vec![ThirdState { reach_share: 1.0, ..WAY }]).leak(4.0).unwrap();
        assert!((leaky.log_change - open.log_change(4.0).unwrap()).abs() < 1e-15);
    }

    #[test]
    fn a_state_that_complies_closes_its_way_and_earns_nothing() {
        let open = ban(vec![WAY]).leak(4.0).unwrap();
        let half = ban(vec![ThirdState { compliance_share: 0.5, ..WAY }]).leak(4.0).unwrap();
        let closed = ban(vec![ThirdState { compliance_share: 1.0, ..WAY }]).leak(4.0).unwrap();
        assert!(open.log_change > half.log_change && half.log_change > closed.log_change);
        assert!(open.levies[0].new_share > half.levies[0].new_share && half.levies[0].new_share > 0.0);
        assert_eq!((closed.levies[0].new_share, closed.rerouted_share[0]), (0.0, 0.0));
        assert_eq!(closed.log_change, ban(vec![]).leak(4.0).unwrap().log_change);
    }

    #[test]
    fn shares_that_cannot_be_are_refused() {
        let refused = |ban: Ban| matches!(ban.leak(4.0), Err(GravityError::Share { .. }));
        assert!(refused(ban(vec![WAY, WAY, WAY])));
        assert!(refused(Ban { covered_share: 1.5, ..ban(vec![]) }));
        assert!(ban(vec![WAY]).leak(0.0).is_err());
        let third = ThirdState { reach_share: 1.0 / 3.0, ..WAY };
        assert!(ban(vec![third, third, third]).leak(4.0).is_ok());
    }

    #[test]
    fn a_full_ban_leaves_what_goes_round_and_without_a_way_nothing() {
        let full = |ways| Ban { covered_share: 1.0, compliance_share: 1.0, ..ban(ways) };
        let shut = ThirdState { compliance_share: 1.0, ..WAY };
        let leak = full(vec![shut]).leak(4.0).unwrap();
        assert_eq!((leak.log_change, leak.rerouted_share), (f64::NEG_INFINITY, vec![0.0]));
        assert_eq!(leak.levies[0].new_share, 0.0);
        let leak = full(vec![WAY]).leak(4.0).unwrap();
        assert_eq!(leak.rerouted_share, [1.0]);
        assert!((leak.log_change - (0.5_f64 * 1.2_f64.powi(-4)).ln()).abs() < 1e-14);
    }

    #[test]
    fn a_way_round_is_no_cheaper_than_the_direct_one() {
        let through = |cost_factor| ban(vec![ThirdState { cost_factor, ..WAY }]).leak(4.0);
        let what = "cost factor of a way round";
        assert_eq!(through(0.9), Err(GravityError::Least { what, value: 0.9, least: 1.0 }));
        assert!(through(f64::INFINITY).is_err() && through(f64::NAN).is_err());
        assert_eq!(through(1.0).unwrap().levies[0].new_share, 0.0);
    }

    #[test]
    fn no_party_to_a_ban_is_a_way_round_it() {
        for country in [0, 1] {
            let found = ban(vec![ThirdState { country, ..WAY }]).leak(4.0);
            assert_eq!(found, Err(GravityError::WayRound { country }));
        }
    }
}
