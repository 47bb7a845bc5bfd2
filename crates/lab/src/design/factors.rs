//! A design over inputs of one's own, without a scenario: the rows of its table, in the unit cube.

use super::{Design, Morris, Points, Saltelli, Side};

/// A design over some inputs. Its rows are a pure function of what stands here, and a smaller number of points is the
/// beginning of a larger one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FactorDesign {
    /// The kind: [`Design::Sobol`], [`Design::LatinHypercube`], [`Design::Random`], [`Design::Saltelli`] or
    /// [`Design::Morris`]; the others need a scenario and are taken as Sobol points.
    pub design: Design,
    /// Number of inputs.
    pub inputs: usize,
    /// Seed.
    pub seed: u64,
    /// Whether Saltelli's design has the rows for second order.
    pub second_order: bool,
    /// Levels of Morris's grid, an even number of two or more.
    pub levels: usize,
}

impl FactorDesign {
    /// Rows of one point: 1, or those of a base point or trajectory.
    #[must_use]
    pub fn rows_per_point(&self) -> usize {
        match self.design {
            Design::Saltelli => self.saltelli().rows_per_point(),
            Design::Morris => self.inputs + 1,
            _ => 1,
        }
    }

    /// Where an input stands in a row, counted over all points: in (0, 1), and for Morris's grid in [0, 1] with levels at
    /// both ends, as Morris (1991) has it.
    #[must_use]
    pub fn coordinate(&self, row: u64, input: usize) -> f64 {
        let rows = self.rows_per_point() as u64;
        let (point, within) = (row / rows, (row % rows) as usize);
        let points = Points { design: self.design, seed: self.seed };
        match self.design {
            Design::Saltelli => {
                let behind = if self.saltelli().side(within, input) == Side::B { self.inputs } else { 0 };
                points.point(point, behind + input)
            }
            Design::Morris => {
                let morris = Morris { factors: self.inputs, levels: self.levels, seed: self.seed };
                morris.level(point, within, input) as f64 / (self.levels - 1).max(1) as f64
            }
            _ => points.point(point, input),
        }
    }

    fn saltelli(&self) -> Saltelli {
        Saltelli { factors: self.inputs, second_order: self.second_order }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::drivers::table::{Options, Table};
    use crate::drivers::{Found, Method, Resampling};

    fn columns(design: &FactorDesign, points: u64) -> Vec<Vec<f64>> {
        let rows = points * design.rows_per_point() as u64;
        (0..design.inputs).map(|input| (0..rows).map(|row| design.coordinate(row, input)).collect()).collect()
    }

    /// What a table of this design says of y = 3 a + b, with a third input that does nothing.
    fn asked(design: &FactorDesign, points: u64, method: Method) -> Found {
        let columns = columns(design, points);
        let outcome: Vec<f64> = columns[0].iter().zip(&columns[1]).map(|(a, b)| 3.0 * a + b).collect();
        let names = ["a", "b", "c"].map(str::to_owned).to_vec();
        let table = Table { names, columns, factors: vec![vec![0], vec![1], vec![2]], bounds: vec![None; 3] };
        let resampling = Resampling { resamples: 20, confidence: 0.95, seed: 1 };
        table
            .ask(method, &outcome, &Options { second_order: None, levels: None, slices: 10, resampling })
            .unwrap()
    }

    #[test]
    fn what_is_made_here_is_understood_where_drivers_are_asked() {
        let design =
            FactorDesign { design: Design::Saltelli, inputs: 3, seed: 4, second_order: true, levels: 4 };
        let Found::Sobol(found) = asked(&design, 512, Method::Sobol) else { panic!() };
        // A sum: nine tenths of the variance from a, one from b.
        for (at, share) in [0.9, 0.1, 0.0].into_iter().enumerate() {
            assert!((found.first[at].value - share).abs() < 0.02, "{:?}", found.first[at]);
            assert!((found.total[at].value - share).abs() < 0.02, "{:?}", found.total[at]);
        }
        let design = FactorDesign { design: Design::Morris, ..design };
        let Found::Morris(found) = asked(&design, 20, Method::Morris) else { panic!() };
        for (effect, slope) in found.iter().zip([3.0, 1.0, 0.0]) {
            assert!((effect.size.value - slope).abs() < 1e-9, "{effect:?}");
        }
    }

    #[test]
    fn plain_designs_are_those_of_runs() {
        for kind in [Design::Sobol, Design::LatinHypercube, Design::Random] {
            let design = FactorDesign { design: kind, inputs: 3, seed: 4, second_order: false, levels: 4 };
            assert_eq!(design.rows_per_point(), 1);
            assert_eq!(design.coordinate(17, 2), Points { design: kind, seed: 4 }.point(17, 2));
        }
    }
}
