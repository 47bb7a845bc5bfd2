//! Simulation-based calibration: does the sampler find truths that are known because they were made up?
//!
//! A truth is drawn from the prior, the record is simulated from it, and the sampler is run on that record. Over many
//! truths the rank of each true parameter among the draws of its posterior is uniform if the sampler is right
//! (Talts, Betancourt, Simpson, Vehtari & Gelman 2018).

/// Ranks of the truths in one dimension.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranks {
    /// Truths per bin, from the lowest ranks to the highest.
    pub bins: Vec<u64>,
    /// χ² of the counts against equal ones, with bins − 1 degrees of freedom.
    pub chi_square: f64,
    /// Whether χ² lies within the 95 % its distribution leaves.
    pub uniform: bool,
}

/// The histogram of ranks: one (draws below the truth, draws equal to it, draws) per truth. Ties are shared out evenly
/// over the bins they span, so that a parameter of few values is judged fairly.
#[must_use]
pub fn ranks(of: &[[u64; 3]], bins: usize) -> Ranks {
    let mut mass = vec![0.0; bins];
    for [below, equal, draws] in of {
        let (from, to) =
            (*below as f64 / (draws + 1) as f64, (below + equal + 1) as f64 / (draws + 1) as f64);
        for (bin, mass) in mass.iter_mut().enumerate() {
            let (low, high) = (bin as f64 / bins as f64, (bin + 1) as f64 / bins as f64);
            *mass += (to.min(high) - from.max(low)).max(0.0) / (to - from);
        }
    }
    let expected = of.len() as f64 / bins as f64;
    let chi_square = mass.iter().map(|mass| (mass - expected).powi(2) / expected).sum();
    Ranks {
        bins: mass.iter().map(|mass| mass.round() as u64).collect(),
        chi_square,
        uniform: chi_square <= chi_square_95(bins.saturating_sub(1)),
    }
}

/// The 95 % quantile of χ² by the approximation of Wilson & Hilferty (1931), good to about 1 % from 3 degrees on.
fn chi_square_95(degrees: usize) -> f64 {
    const Z: f64 = 1.644_853_626_951_472;
    let k = degrees.max(1) as f64;
    let cube = 1.0 - 2.0 / (9.0 * k) + Z * (2.0 / (9.0 * k)).sqrt();
    k * cube.powi(3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn even_ranks_are_uniform_and_piled_ones_are_not() {
        let even: Vec<[u64; 3]> = (0..100).map(|rank| [rank, 0, 99]).collect();
        assert!(ranks(&even, 10).uniform);
        assert_eq!(ranks(&even, 10).bins, [10; 10]);
        let piled: Vec<[u64; 3]> = (0..100).map(|rank| [rank / 4, 0, 99]).collect();
        assert!(!ranks(&piled, 10).uniform);
    }

    #[test]
    fn a_value_that_all_draws_share_says_nothing() {
        let same = vec![[0, 99, 99]; 50];
        let ranks = ranks(&same, 5);
        assert!(ranks.chi_square < 1e-9 && ranks.uniform);
    }

    #[test]
    fn the_quantile_of_chi_square_is_that_of_the_tables() {
        // Tables: 16.919 for 9 degrees, 30.144 for 19.
        assert!((chi_square_95(9) - 16.919).abs() < 0.05);
        assert!((chi_square_95(19) - 30.144).abs() < 0.05);
    }
}
