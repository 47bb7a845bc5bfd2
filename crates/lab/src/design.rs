//! Designs of experiments: which point of the unit cube each history stands on.
//!
//! A design is a pure function of (kind, seed, history, dimension): nothing is stored and nothing advanced, so
//! any thread can ask for any point. Dimension 0 chooses the account, dimension 1 + p draws parameter p.
//!
//! Every design can be extended: a smaller one is the beginning of a larger one, point by point, or for structured designs
//! base point by base point. So none of them needs to know its size.
//!
//! *Structured* designs ([`Saltelli`], [`Morris`]) change the factors of a base point one at a time; their [`Layout`]
//! says which histories belong together. There chance is a factor like any other: the seed of a history is kept where
//! only inputs change, and changed where only chance does.

mod factors;
mod latin_hypercube;
mod layout;
mod morris;
mod permutation;
mod random;
mod saltelli;
mod sobol;
mod table;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use factors::FactorDesign;
pub use layout::{Factor, Layout};
pub use morris::Morris;
pub use saltelli::{Saltelli, Side};
pub(crate) use sobol::Directions;
pub(crate) use table::Given;
pub use table::{DesignTable, Space};

/// Kinds of designs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
pub enum Design {
    /// Owen-scrambled Sobol points (Sobol 1967, Owen 1995, by the hash of Burley 2020), in blocks of 2¹⁶ points.
    ///
    /// Each block carries a scramble of its own, so the blocks are independent replicates of a randomised
    /// quasi-Monte Carlo rule. A smaller design is the beginning of a larger one. More than 256 dimensions are padded:
    /// the next 256 use the same directions under another scramble, independent of the first.
    #[default]
    #[serde(rename = "sobol")]
    Sobol,
    /// A Latin hypercube (McKay, Beckman and Conover 1979) that grows by doubling (Sallaberry, Helton and Hora 2008): after
    /// 2ᵏ points there is one in each of 2ᵏ strata of every dimension. In between, no two points share a stratum of the
    /// next finer division and none of the last is empty. A smaller design is the beginning of a larger one.
    #[serde(rename = "lhs")]
    LatinHypercube,
    /// Independent uniform points. A smaller design is the beginning of a larger one.
    #[serde(rename = "random")]
    Random,
    /// Saltelli's design over every input and chance: account, each parameter, chance; see [`Saltelli`]. On Sobol points.
    #[serde(rename = "saltelli")]
    Saltelli,
    /// Saltelli's design over four factors: the account, all evidenced parameters together, all assumptions together,
    /// and chance. Six histories tell the shares of one base point, however many parameters there are.
    #[serde(rename = "saltelli-groups")]
    SaltelliGroups,
    /// Morris trajectories over every input and chance; see [`Morris`].
    #[serde(rename = "morris")]
    Morris,
    /// A table made elsewhere ([`DesignTable`]), a row for each history; what it leaves open stands on Sobol points.
    #[serde(rename = "table")]
    Table,
}

impl Design {
    /// Every kind that needs nothing but its name, in the order of the documentation: all but [`Design::Table`].
    pub const ALL: &'static [Design] = &[
        Design::Sobol,
        Design::LatinHypercube,
        Design::Random,
        Design::Saltelli,
        Design::SaltelliGroups,
        Design::Morris,
    ];

    /// The word that stands for it on the command line and in manifests.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Design::Sobol => "sobol",
            Design::LatinHypercube => "lhs",
            Design::Random => "random",
            Design::Saltelli => "saltelli",
            Design::SaltelliGroups => "saltelli-groups",
            Design::Morris => "morris",
            Design::Table => "table",
        }
    }

    /// Whether its histories belong together, in base points or trajectories.
    #[must_use]
    pub(crate) fn is_structured(self) -> bool {
        matches!(self, Design::Saltelli | Design::SaltelliGroups | Design::Morris)
    }

    /// The kind of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Design> {
        Design::ALL.iter().copied().find(|design| design.name() == name)
    }
}

impl fmt::Display for Design {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The points of one design.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Points {
    /// Its kind.
    pub design: Design,
    /// Its seed.
    pub seed: u64,
}

impl Points {
    /// Coordinate `dimension` of point `i`, in the open interval (0, 1). For a structured design this is a coordinate of
    /// its base sample, Sobol points; [`Layout::coordinate`] gives those of its histories.
    #[must_use]
    pub fn point(&self, i: u64, dimension: usize) -> f64 {
        match self.design {
            Design::LatinHypercube => latin_hypercube::point(self.seed, i, dimension),
            Design::Random => random::point(self.seed, i, dimension),
            Design::Sobol | Design::Saltelli | Design::SaltelliGroups | Design::Morris | Design::Table => {
                sobol::point(self.seed, i, dimension)
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_first_1024_sobol_points_fill_every_stratum_of_1024_in_each_dimension() {
        let design = Points { design: Design::Sobol, seed: 11 };
        for dimension in 0..256 {
            let mut strata: Vec<u64> =
                (0..1024).map(|i| (design.point(i, dimension) * 1024.0) as u64).collect();
            strata.sort_unstable();
            strata.dedup();
            assert_eq!(strata.len(), 1024, "dimension {dimension}");
        }
    }

    #[test]
    fn the_first_two_sobol_dimensions_form_a_net() {
        let design = Points { design: Design::Sobol, seed: 11 };
        let mut cells: Vec<(u64, u64)> = (0..1024)
            .map(|i| ((design.point(i, 0) * 32.0) as u64, (design.point(i, 1) * 32.0) as u64))
            .collect();
        cells.sort_unstable();
        cells.dedup();
        assert_eq!(cells.len(), 1024);
    }

    #[test]
    fn sobol_points_go_on_beyond_one_block_and_beyond_256_dimensions() {
        let design = Points { design: Design::Sobol, seed: 11 };
        let mut sums = [0.0; 3];
        for i in 0..4096 {
            let second_block = (1 << 16) + i;
            sums[0] += design.point(second_block, 5);
            sums[1] += design.point(i, 261);
            sums[2] += (design.point(second_block, 5) - 0.5) * (design.point(i, 5) - 0.5);
        }
        assert!((sums[0] / 4096.0 - 0.5).abs() < 1e-3);
        assert!((sums[1] / 4096.0 - 0.5).abs() < 1e-3);
        // Replicates are independent: a correlation of 4096 pairs has standard deviation 0.016.
        assert!((sums[2] * 12.0 / 4096.0).abs() < 0.07);
    }

    #[test]
    fn the_sobol_rule_integrates_a_smooth_function_better_than_random_points() {
        let error = |kind: Design| {
            let squares: f64 = (0..20)
                .map(|seed| {
                    let design = Points { design: kind, seed };
                    let sum: f64 =
                        (0..1024).map(|i| (0..4).map(|d| 2.0 * design.point(i, d)).product::<f64>()).sum();
                    (sum / 1024.0 - 1.0).powi(2)
                })
                .sum();
            (squares / 20.0).sqrt()
        };
        assert!(error(Design::Sobol) < error(Design::Random) / 10.0);
    }

    proptest! {
        #[test]
        fn every_coordinate_lies_strictly_inside_the_unit_interval(
            seed: u64, i: u64, dimension in 0usize..300,
        ) {
            for &design in Design::ALL {
                let u = Points { design, seed }.point(i, dimension);
                prop_assert!(u > 0.0 && u < 1.0);
            }
        }

        #[test]
        fn every_design_is_uniform_in_every_dimension(seed: u64, dimension in 0usize..300) {
            for &design in Design::ALL {
                let design = Points { design, seed };
                let mut tenths = [0u32; 10];
                for i in 0..4096 {
                    tenths[(design.point(i, dimension) * 10.0) as usize] += 1;
                }
                for count in tenths {
                    // Six standard deviations of a binomial(4096, 1/10) are 115.
                    prop_assert!((f64::from(count) - 409.6).abs() < 130.0);
                }
            }
        }
    }
}
