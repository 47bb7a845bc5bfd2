//! Which account, which parameters and whose chance each history gets.

use equipoise_scenario::scenario::{Change, Parameter};
use equipoise_scenario::{Distribution, Scenario};

use crate::calibrate::Posterior;
use crate::design::{DesignTable, Directions, Given, Layout, Points};

/// The accounts and parameters of an ensemble: a pure function of the history's number.
#[derive(Debug, Clone)]
pub struct Draws<'s> {
    distributions: Vec<Distribution<'s>>,
    points: Points,
    layout: Layout,
    /// Of all parameters' dimensions, where the layout has them.
    directions: Option<Directions>,
    account: Option<usize>,
    cumulative: Vec<f64>,
    posterior: Option<&'s Posterior>,
    table: Option<&'s DesignTable>,
    /// Parameters that are not taken from the posterior, nor as values from the table.
    overridden: Vec<usize>,
}

impl<'s> Draws<'s> {
    /// The draws of a scenario on a design. With an `account`, every history stands on that one (an index into the
    /// evidence); else accounts are drawn by credence, stratified as far as the design's first dimension is.
    #[must_use]
    pub fn new(scenario: &'s Scenario, points: Points, account: Option<usize>) -> Draws<'s> {
        let mut sum = 0.0;
        let cumulative = scenario
            .evidence
            .accounts
            .iter()
            .map(|account| {
                sum += account.credence;
                sum
            })
            .collect();
        let layout = Layout::of(scenario, points.design, account);
        Draws {
            distributions: scenario.parameters.iter().map(Parameter::distribution).collect(),
            points,
            directions: layout.directions(1..1 + scenario.parameters.len()),
            layout,
            account,
            cumulative,
            posterior: None,
            table: None,
            overridden: Vec::new(),
        }
    }

    /// The draws from a posterior of the scenario: the design's first dimension picks a particle. Parameters that the
    /// `policy` changes (its id) are drawn as it says.
    #[must_use]
    pub(crate) fn from_posterior(
        scenario: &'s Scenario,
        points: Points,
        posterior: &'s Posterior,
        policy: Option<&str>,
    ) -> Draws<'s> {
        let overridden = changed_by(scenario, policy);
        Draws { posterior: Some(posterior), overridden, ..Draws::new(scenario, points, None) }
    }

    /// The draws of a design table of the scenario; accounts and parameters without a column are drawn as by
    /// [`Draws::new`]. Values of parameters that the `policy` changes (its id) are drawn as it says.
    #[must_use]
    pub(crate) fn from_table(
        scenario: &'s Scenario,
        points: Points,
        table: &'s DesignTable,
        account: Option<usize>,
        policy: Option<&str>,
    ) -> Draws<'s> {
        let overridden = changed_by(scenario, policy);
        Draws { table: Some(table), overridden, ..Draws::new(scenario, points, account) }
    }

    /// Fills in one value per parameter, in the scenario's order, and gives the history's account.
    pub fn fill(&self, history: u64, parameters: &mut Vec<f64>) -> usize {
        if let Some(table) = self.table {
            return self.of_table(table, history, parameters);
        }
        let Some(posterior) = self.posterior else {
            return self.of_design(history, parameters);
        };
        let point = |dimension| self.coordinate(history, dimension);
        let count = posterior.particles.len();
        let particle = &posterior.particles[((point(0) * count as f64) as usize).min(count - 1)];
        parameters.clear();
        parameters.extend(&particle.parameters);
        for &at in &self.overridden {
            parameters[at] = self.distributions[at].draw(point(1 + at), particle.account);
        }
        particle.account
    }

    /// [`Draws::at`] the history's own point, whose coordinates are had together.
    fn of_design(&self, history: u64, parameters: &mut Vec<f64>) -> usize {
        let account =
            self.account.unwrap_or_else(|| account_at(&self.cumulative, self.coordinate(history, 0)));
        parameters.resize(self.distributions.len(), 0.0);
        match &self.directions {
            Some(directions) => directions.coordinates(self.points.seed, history, parameters),
            None => {
                for (dimension, coordinate) in (1..).zip(&mut *parameters) {
                    *coordinate = self.coordinate(history, dimension);
                }
            }
        }
        for (value, distribution) in parameters.iter_mut().zip(&self.distributions) {
            *value = distribution.draw(*value, account);
        }
        account
    }

    fn of_table(&self, table: &DesignTable, history: u64, parameters: &mut Vec<f64>) -> usize {
        let account = match table.account(history) {
            Some(Given::Value(at)) => at as usize,
            Some(Given::Unit(u)) => account_at(&self.cumulative, u),
            None => self.account.unwrap_or_else(|| account_at(&self.cumulative, self.coordinate(history, 0))),
        };
        parameters.clear();
        for (at, distribution) in self.distributions.iter().enumerate() {
            parameters.push(match table.parameter(at, history) {
                Some(Given::Value(value)) if !self.overridden.contains(&at) => value,
                Some(Given::Unit(u)) => distribution.draw(u, account),
                _ => distribution.draw(self.coordinate(history, 1 + at), account),
            });
        }
        account
    }

    /// Fills in the parameters at a point of the unit cube, given by its coordinates, and gives its account.
    pub fn at(&self, point: impl Fn(usize) -> f64, parameters: &mut Vec<f64>) -> usize {
        let account = self.account.unwrap_or_else(|| account_at(&self.cumulative, point(0)));
        parameters.clear();
        for (at, distribution) in self.distributions.iter().enumerate() {
            parameters.push(distribution.draw(point(1 + at), account));
        }
        account
    }

    /// Whose chance a history meets: the number that keys its random draws, its own one unless the design keeps chance
    /// while inputs change.
    #[must_use]
    pub fn chance(&self, history: u64) -> u64 {
        match self.table {
            Some(table) => table.chance(history),
            None => self.layout.chance(&self.points, history),
        }
    }

    fn coordinate(&self, history: u64, dimension: usize) -> f64 {
        self.layout.coordinate(&self.points, history, dimension)
    }
}

/// The parameters that a policy (its id) changes.
pub(crate) fn changed_by(scenario: &Scenario, policy: Option<&str>) -> Vec<usize> {
    let policy = scenario.policies.iter().find(|known| Some(known.id.as_str()) == policy);
    let changes = policy.map_or(&[][..], |policy| &policy.changes);
    let parameters = changes.iter().filter_map(|change| match change {
        Change::Parameter { parameter, .. } => Some(*parameter),
        _ => None,
    });
    parameters.collect()
}

/// The account whose stretch of the cumulative credences holds `u`; one without credence has no stretch.
fn account_at(cumulative: &[f64], u: f64) -> usize {
    let total = cumulative.last().copied().unwrap_or(1.0);
    let at = cumulative.partition_point(|&upper| upper <= u * total);
    at.min(cumulative.len().saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::design::Design;

    #[test]
    fn accounts_are_stratified_by_credence() {
        let cumulative = [0.5, 0.5, 0.83, 1.0];
        for design in [Design::Sobol, Design::LatinHypercube] {
            let points = Points { design, seed: 3 };
            let mut counts = [0i32; 4];
            for i in 0..1024 {
                counts[account_at(&cumulative, points.point(i, 0))] += 1;
            }
            assert_eq!(counts[1], 0);
            for (count, share) in counts.iter().zip([0.5, 0.0, 0.33, 0.17]) {
                assert!((f64::from(*count) - 1024.0 * share).abs() <= 1.0, "{counts:?}");
            }
        }
    }

    #[test]
    fn rounding_never_falls_off_the_last_account() {
        assert_eq!(account_at(&[0.3, 0.999_999_999_9], 1.0f64.next_down()), 1);
        assert_eq!(account_at(&[0.3, 1.0], f64::MIN_POSITIVE), 0);
    }
}
