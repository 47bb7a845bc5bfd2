//! Saltelli's design: two independent samples A and B, and copies of them in which one factor is swapped.

/// Saltelli's design over a number of factors (Saltelli 2002, as recalled; radial form of Saltelli et al. 2010).
///
/// Each base point takes D + 2 rows, or 2 D + 2 with second order: A; A with factor j from B, for each j; with second
/// order B with factor j from A, for each j; B. This is the order of SALib's `saltelli` and `sobol` samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Saltelli {
    /// Number of factors, D.
    pub factors: usize,
    /// Whether B is taken with each factor from A as well, which second-order indices need.
    pub second_order: bool,
}

/// Which of the two samples a factor's value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The first sample.
    A,
    /// The second, independent of the first.
    B,
}

impl Saltelli {
    /// Rows of one base point.
    #[must_use]
    pub fn rows_per_point(&self) -> usize {
        if self.second_order { 2 * self.factors + 2 } else { self.factors + 2 }
    }

    /// Which sample the value of `factor` (from 0) comes from in row `within` of a base point.
    #[must_use]
    pub fn side(&self, within: usize, factor: usize) -> Side {
        let last = self.rows_per_point() - 1;
        let from_b = match within {
            0 => false,
            row if row >= last => true,
            row if row <= self.factors => row - 1 == factor,
            row => row - 1 - self.factors != factor,
        };
        if from_b { Side::B } else { Side::A }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(design: Saltelli) -> Vec<String> {
        let letter = |row, factor| if design.side(row, factor) == Side::A { 'a' } else { 'b' };
        (0..design.rows_per_point())
            .map(|row| (0..design.factors).map(|factor| letter(row, factor)).collect())
            .collect()
    }

    #[test]
    fn rows_stand_in_the_order_of_salib() {
        let both = Saltelli { factors: 3, second_order: true };
        assert_eq!(rows(both), ["aaa", "baa", "aba", "aab", "abb", "bab", "bba", "bbb"]);
        let first = Saltelli { factors: 3, second_order: false };
        assert_eq!(rows(first), ["aaa", "baa", "aba", "aab", "bbb"]);
    }

    #[test]
    fn one_factor_and_none_have_rows_too() {
        assert_eq!(rows(Saltelli { factors: 1, second_order: true }), ["a", "b", "a", "b"]);
        assert_eq!(rows(Saltelli { factors: 0, second_order: false }), ["", ""]);
    }
}
