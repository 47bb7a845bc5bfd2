//! What is tried: policies, fixed parameters, moved shocks and changed credences, as the page sends them, and the variant
//! of the scenario they make.

use std::collections::BTreeMap;

use equipoise_lab::live::Reach;
use equipoise_scenario::Scenario;
use equipoise_scenario::scenario::Change;
use equipoise_scenario::unit::Unit;
use jiff::civil::Date;
use serde::Deserialize;

use crate::refusal::Refusal;

/// Why a parameter has one value only.
pub const REASON: &str = "Fixed in the studio.";

/// The levers of one trial; whatever is left out is as the scenario has it.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Trial {
    /// Policies of the scenario, in the order they apply.
    pub policies: Vec<String>,
    /// Parameters fixed at a value inside their range; a yes/no at a probability.
    pub parameters: BTreeMap<String, f64>,
    /// Dates of shocks; `None` where a shock does not happen.
    pub shocks: BTreeMap<String, Option<Date>>,
    /// Weights of accounts, which need not sum to 1; those left out keep their own.
    pub credences: BTreeMap<String, f64>,
}

/// A scenario as a trial has it.
#[derive(Debug)]
pub struct Variant {
    /// The changed scenario.
    pub scenario: Scenario,
    /// Where its changed rules reach.
    pub reach: Reach,
}

impl Trial {
    /// Whether everything is as the scenario has it.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        *self == Trial::default()
    }

    /// The changes to a scenario, in the order they apply: policies, shocks, parameters.
    ///
    /// # Errors
    /// A name is unknown, a value outside its range, a date outside the period (422).
    pub fn changes(&self, scenario: &Scenario) -> Result<Vec<Change>, Refusal> {
        let mut changes = Vec::new();
        for id in &self.policies {
            let policy = scenario.policies.iter().find(|policy| policy.id == *id);
            changes.extend(policy.ok_or_else(|| unknown("policy", id))?.changes.iter().cloned());
        }
        for (id, date) in &self.shocks {
            let shock = scenario.shocks.iter().position(|shock| shock.id == *id);
            let shock = shock.ok_or_else(|| unknown("shock", id))?;
            changes.push(match date {
                None => Change::Cancel { shock },
                Some(date) if (0..i64::from(scenario.days)).contains(&scenario.day(*date)) => {
                    Change::Move { shock, date: *date }
                }
                Some(date) => {
                    return Err(Refusal::unfit(format!("{date} is not a simulated day of this scenario")));
                }
            });
        }
        for (id, value) in &self.parameters {
            let parameter = scenario.parameters.iter().position(|parameter| parameter.id == *id);
            let parameter = parameter.ok_or_else(|| unknown("parameter", id))?;
            let [low, high] = range(scenario, parameter);
            if !(low..=high).contains(value) {
                return Err(Refusal::unfit(format!(
                    "{value} lies outside the range of `{id}`, {low} to {high}"
                )));
            }
            changes.push(Change::Parameter { parameter, range: [*value; 2], reason: REASON.to_owned() });
        }
        Ok(changes)
    }

    /// The scenario with the changes of this trial.
    ///
    /// # Errors
    /// As [`Trial::changes`]; and credences are negative, not finite or all nought.
    pub fn variant(&self, scenario: &Scenario) -> Result<Variant, Refusal> {
        let changes = self.changes(scenario)?;
        let mut changed = scenario.under(&changes);
        for (account, credence) in self.shares(scenario)?.into_iter().enumerate() {
            changed.evidence.accounts[account].credence = credence;
        }
        Ok(Variant { scenario: changed, reach: Reach::of(scenario, &changes) })
    }

    /// The credence of every account, summing to 1 where any was changed.
    ///
    /// # Errors
    /// As [`Trial::variant`].
    pub fn shares(&self, scenario: &Scenario) -> Result<Vec<f64>, Refusal> {
        let accounts = &scenario.evidence.accounts;
        let mut shares: Vec<f64> = accounts.iter().map(|account| account.credence).collect();
        for (id, weight) in &self.credences {
            let at = accounts.iter().position(|account| account.id == *id);
            let at = at.ok_or_else(|| unknown("account", id))?;
            if !(0.0..=1.0).contains(weight) {
                return Err(Refusal::unfit(format!(
                    "the credence {weight} of `{id}` is not between 0 and 1"
                )));
            }
            shares[at] = *weight;
        }
        if self.credences.is_empty() {
            return Ok(shares);
        }
        let sum: f64 = shares.iter().sum();
        if sum <= 0.0 {
            return Err(Refusal::unfit("no account is given any credence; at least one needs some"));
        }
        Ok(shares.into_iter().map(|share| share / sum).collect())
    }
}

/// Smallest and largest value of a parameter (an index). A yes/no is fixed at a probability.
pub fn range(scenario: &Scenario, parameter: usize) -> [f64; 2] {
    let parameter = &scenario.parameters[parameter];
    if parameter.unit == Unit::YES_NO { [0.0, 1.0] } else { [parameter.lowest(), parameter.highest()] }
}

fn unknown(what: &str, name: &str) -> Refusal {
    Refusal::unfit(format!("this scenario has no {what} `{name}`"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
pub(crate) mod tests {
    use super::*;

    /// The scenario that new ones begin with.
    pub(crate) fn small() -> Scenario {
        equipoise_scenario::load_files("strait", equipoise_scenario::template("strait")).unwrap()
    }

    fn trial(json: serde_json::Value) -> Trial {
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn no_levers_change_nothing() {
        let (scenario, trial) = (small(), trial(serde_json::json!({})));
        assert!(trial.is_nothing());
        assert!(trial.changes(&scenario).unwrap().is_empty());
        let before: Vec<f64> = scenario.evidence.accounts.iter().map(|account| account.credence).collect();
        assert_eq!(trial.shares(&scenario).unwrap(), before);
    }

    #[test]
    fn a_fixed_parameter_is_what_a_policy_would_set() {
        let scenario = small();
        let parameter = &scenario.parameters[0];
        let middle = f64::midpoint(range(&scenario, 0)[0], range(&scenario, 0)[1]);
        let changed = trial(serde_json::json!({ "parameters": { (&parameter.id): middle } }));
        let variant = changed.variant(&scenario).unwrap();
        for u in [0.1, 0.9] {
            assert_eq!(variant.scenario.parameters[0].draw(u, 0), middle);
        }
    }

    #[test]
    fn credences_are_weights_and_sum_to_one() {
        let scenario = small();
        let first = &scenario.evidence.accounts[0].id;
        let all = trial(serde_json::json!({ "credences": { (first): 1.0 } }));
        let shares = all.shares(&scenario).unwrap();
        assert!(
            (shares.iter().sum::<f64>() - 1.0).abs() < 1e-12
                && shares[0] > scenario.evidence.accounts[0].credence
        );
        let none: BTreeMap<String, f64> =
            scenario.evidence.accounts.iter().map(|account| (account.id.clone(), 0.0)).collect();
        assert!(Trial { credences: none, ..Trial::default() }.shares(&scenario).is_err());
    }

    #[test]
    fn what_does_not_fit_is_refused_by_name() {
        let scenario = small();
        let parameter = scenario.parameters[0].id.clone();
        let shock = scenario.shocks[0].id.clone();
        for (wrong, word) in [
            (serde_json::json!({ "policies": ["nonsense"] }), "nonsense"),
            (serde_json::json!({ "parameters": { "nonsense": 1.0 } }), "nonsense"),
            (serde_json::json!({ "parameters": { (&parameter): 1e300 } }), parameter.as_str()),
            (serde_json::json!({ "shocks": { (&shock): "1066-10-14" } }), "1066-10-14"),
            (serde_json::json!({ "shocks": { "nonsense": null } }), "nonsense"),
            (serde_json::json!({ "credences": { "nonsense": 0.5 } }), "nonsense"),
        ] {
            let refusal = trial(wrong).variant(&scenario).unwrap_err();
            assert!(refusal.message.contains(word), "{}", refusal.message);
            assert_eq!(refusal.status.as_u16(), 422);
        }
        assert!(serde_json::from_value::<Trial>(serde_json::json!({ "policy": [] })).is_err());
    }
}
