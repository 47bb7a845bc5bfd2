//! Which coordinates of a run's histories change together, and whose chance each history meets.

use std::ops::Range;

use equipoise_scenario::Scenario;
use equipoise_scenario::scenario::Basis;

use super::morris::LEVELS;
use super::{Design, Directions, Morris, Points, Saltelli, Side};

/// What a structured design changes at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Factor {
    /// The account.
    Account,
    /// One parameter (an index).
    Parameter(usize),
    /// All evidenced parameters.
    Evidence,
    /// All assumptions.
    Assumption,
    /// What the history draws while it runs.
    Chance,
}

/// The layout of a run: what its design makes of coordinates and chance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    design: Design,
    /// The factors, in the order in which they are changed; empty where histories stand each on their own.
    factors: Vec<Factor>,
    /// The factor of each coordinate (account, then parameters); `None` where nothing changes it alone.
    factor_of: Vec<Option<usize>>,
}

impl Layout {
    /// The layout of a design over a scenario; with a fixed `account`, the account is no factor.
    #[must_use]
    pub fn of(scenario: &Scenario, design: Design, account: Option<usize>) -> Layout {
        let bases = || scenario.parameters.iter().map(|parameter| &parameter.basis);
        let evidenced = |basis: &Basis| matches!(basis, Basis::Evidenced { .. });
        let mut factors: Vec<Factor> = Vec::new();
        factors.extend(account.is_none().then_some(Factor::Account));
        match design {
            Design::Saltelli | Design::Morris => {
                factors.extend((0..scenario.parameters.len()).map(Factor::Parameter));
            }
            Design::SaltelliGroups => {
                factors.extend(bases().any(evidenced).then_some(Factor::Evidence));
                factors.extend(bases().any(|basis| !evidenced(basis)).then_some(Factor::Assumption));
            }
            Design::Sobol | Design::LatinHypercube | Design::Random | Design::Table => {
                return Layout { design, factors: Vec::new(), factor_of: Vec::new() };
            }
        }
        factors.push(Factor::Chance);
        let place = |factor: Factor| factors.iter().position(|known| *known == factor);
        let of_parameter = |(at, basis): (usize, &Basis)| {
            let group = if evidenced(basis) { Factor::Evidence } else { Factor::Assumption };
            place(Factor::Parameter(at)).or_else(|| place(group))
        };
        let factor_of =
            std::iter::once(place(Factor::Account)).chain(bases().enumerate().map(of_parameter)).collect();
        Layout { design, factors, factor_of }
    }

    /// The factors, in the order in which they are changed; empty where histories stand each on their own.
    #[must_use]
    pub fn factors(&self) -> &[Factor] {
        &self.factors
    }

    /// Histories that belong together: those of one base point or trajectory; 1 where each stands on its own.
    #[must_use]
    pub fn rows_per_point(&self) -> u64 {
        let rows = match self.design {
            Design::Saltelli | Design::SaltelliGroups => self.saltelli().rows_per_point(),
            Design::Morris => self.factors.len() + 1,
            Design::Sobol | Design::LatinHypercube | Design::Random | Design::Table => 1,
        };
        rows as u64
    }

    /// Coordinate `dimension` of a history, in (0, 1).
    #[must_use]
    pub fn coordinate(&self, points: &Points, history: u64, dimension: usize) -> f64 {
        let (point, within) = self.place(history);
        let factor = self.factor_of.get(dimension).copied().flatten();
        match self.design {
            Design::Sobol | Design::LatinHypercube | Design::Random | Design::Table => {
                points.point(history, dimension)
            }
            Design::Saltelli | Design::SaltelliGroups => {
                let side = factor.map_or(Side::A, |factor| self.saltelli().side(within, factor));
                // The second sample stands on the coordinates behind those of the first.
                let behind = if side == Side::B { self.factor_of.len() } else { 0 };
                points.point(point, behind + dimension)
            }
            Design::Morris => factor.map_or_else(
                || points.point(point, dimension),
                |factor| {
                    let design = self.morris(points.seed);
                    design.coordinate(design.level(point, within, factor))
                },
            ),
        }
    }

    /// The directions of these dimensions, where each history stands on a Sobol point of its own: what they give together
    /// is what [`Layout::coordinate`] gives one by one.
    pub(crate) fn directions(&self, dimensions: Range<usize>) -> Option<Directions> {
        let own_point = self.factors.is_empty() && matches!(self.design, Design::Sobol | Design::Table);
        own_point.then(|| Directions::new(dimensions))
    }

    /// Whose chance a history meets: the number its random draws are keyed by.
    #[must_use]
    pub fn chance(&self, points: &Points, history: u64) -> u64 {
        let (point, within) = self.place(history);
        let chance = self.factors.len().saturating_sub(1);
        let other = match self.design {
            Design::Sobol | Design::LatinHypercube | Design::Random | Design::Table => return history,
            Design::Saltelli | Design::SaltelliGroups => self.saltelli().side(within, chance) == Side::B,
            Design::Morris => self.morris(points.seed).is_high(point, within, chance),
        };
        2 * point + u64::from(other)
    }

    fn place(&self, history: u64) -> (u64, usize) {
        let rows = self.rows_per_point();
        (history / rows, (history % rows) as usize)
    }

    fn saltelli(&self) -> Saltelli {
        Saltelli { factors: self.factors.len(), second_order: false }
    }

    fn morris(&self, seed: u64) -> Morris {
        Morris { factors: self.factors.len(), levels: LEVELS, seed }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn scenario() -> Scenario {
        equipoise_scenario::load_files("varnia", equipoise_scenario::template("varnia")).unwrap()
    }

    /// Which factors differ between two histories.
    fn changed(layout: &Layout, points: &Points, one: u64, other: u64) -> BTreeSet<usize> {
        let mut found: BTreeSet<usize> = (0..layout.factor_of.len())
            .filter(|at| layout.coordinate(points, one, *at) != layout.coordinate(points, other, *at))
            .filter_map(|at| layout.factor_of[at])
            .collect();
        if layout.chance(points, one) != layout.chance(points, other) {
            found.insert(layout.factors.len() - 1);
        }
        found
    }

    #[test]
    fn a_row_of_saltelli_differs_from_its_base_in_one_factor() {
        let scenario = scenario();
        for design in [Design::Saltelli, Design::SaltelliGroups] {
            let layout = Layout::of(&scenario, design, None);
            let points = Points { design, seed: 5 };
            let rows = layout.rows_per_point();
            for factor in 0..layout.factors.len() {
                let base = 3 * rows;
                let row = base + 1 + factor as u64;
                assert_eq!(changed(&layout, &points, base, row), BTreeSet::from([factor]));
            }
            assert_eq!(changed(&layout, &points, 0, rows - 1).len(), layout.factors.len());
        }
    }

    #[test]
    fn a_step_of_morris_changes_one_factor() {
        let layout = Layout::of(&scenario(), Design::Morris, Some(0));
        assert!(!layout.factors.contains(&Factor::Account));
        let points = Points { design: Design::Morris, seed: 5 };
        let rows = layout.rows_per_point();
        let steps: Vec<BTreeSet<usize>> =
            (1..rows).map(|row| changed(&layout, &points, rows + row - 1, rows + row)).collect();
        assert!(steps.iter().all(|step| step.len() == 1));
        assert_eq!(steps.into_iter().flatten().collect::<BTreeSet<usize>>().len(), layout.factors.len());
    }

    #[test]
    fn groups_are_four_factors_and_plain_designs_have_none() {
        let scenario = scenario();
        let layout = Layout::of(&scenario, Design::SaltelliGroups, None);
        assert_eq!(layout.factors(), [Factor::Account, Factor::Evidence, Factor::Assumption, Factor::Chance]);
        let plain = Layout::of(&scenario, Design::Sobol, None);
        let points = Points { design: Design::Sobol, seed: 5 };
        assert!(plain.factors().is_empty());
        assert_eq!(plain.chance(&points, 17), 17);
        assert_eq!(plain.coordinate(&points, 17, 3), points.point(17, 3));
    }
}
