//! From a position in the design of experiments to the value of a parameter.

use crate::scenario::{Basis, Parameter, Shape};
use crate::unit::Unit;

impl Parameter {
    /// The value at `u`, from 0 to 1, under an account (index): the quantile of the parameter's distribution.
    ///
    /// Evidenced: from the account's pool ([`Pool::draw`](crate::evidence::Pool::draw)). Assumed: from the range in
    /// its shape; yes/no is 1 with the mean of the range as its probability, and 1 lies at the upper end of `u`.
    ///
    /// # Panics
    /// If there is no such account.
    pub fn draw(&self, u: f64, account: usize) -> f64 {
        match &self.basis {
            Basis::Evidenced { pools, .. } => pools[account].draw(u),
            Basis::Assumption { range: [low, high], .. } if self.unit == Unit::YES_NO => {
                f64::from(u8::from(u >= 1.0 - f64::midpoint(*low, *high)))
            }
            Basis::Assumption { range, shape, .. } => shape.quantile(u, *range),
        }
    }
}

/// Evenly spaced positions over which a mean is taken.
const MEAN_OVER: u32 = 1024;

impl Parameter {
    /// Its mean under an account (index), over 1,024 evenly spaced positions.
    ///
    /// # Panics
    /// If there is no such account.
    pub fn mean(&self, account: usize) -> f64 {
        let at = |k: u32| (f64::from(k) + 0.5) / f64::from(MEAN_OVER);
        (0..MEAN_OVER).map(|k| self.draw(at(k), account)).sum::<f64>() / f64::from(MEAN_OVER)
    }
}

impl Shape {
    /// The quantile at `u`, from 0 to 1, of this shape over a range.
    pub fn quantile(self, u: f64, [low, high]: [f64; 2]) -> f64 {
        let u = u.clamp(0.0, 1.0);
        let value = match self {
            Shape::Uniform => low + (high - low) * u,
            Shape::LogUniform => low * (high / low).powf(u),
            Shape::Triangular => {
                // The distribution function is 2x² up to the middle and mirrored beyond.
                let x = if u < 0.5 { (u / 2.0).sqrt() } else { 1.0 - ((1.0 - u) / 2.0).sqrt() };
                low + (high - low) * x
            }
        };
        value.clamp(low, high)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_shape_rises_with_u_and_keeps_to_its_range(low in 0.001..10.0, width in 0.0..100.0, u in 0.0..1.0, v in 0.0..1.0) {
            let range = [low, low + width];
            for shape in [Shape::Uniform, Shape::LogUniform, Shape::Triangular] {
                let (a, b) = (shape.quantile(u, range), shape.quantile(v, range));
                prop_assert!((range[0]..=range[1]).contains(&a));
                prop_assert!(u > v || a <= b);
            }
        }
    }

    #[test]
    fn the_median_of_each_shape_is_where_it_should_be() {
        assert_eq!(Shape::Uniform.quantile(0.5, [2.0, 8.0]), 5.0);
        assert_eq!(Shape::Triangular.quantile(0.5, [2.0, 8.0]), 5.0);
        assert!((Shape::LogUniform.quantile(0.5, [2.0, 8.0]) - 4.0).abs() < 1e-12);
        assert!((Shape::Triangular.quantile(0.125, [0.0, 4.0]) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn an_assumed_yes_comes_with_the_mean_of_its_range() {
        let parameter = Parameter {
            id: "p".to_owned(),
            title: String::new(),
            unit: Unit::YES_NO,
            basis: Basis::Assumption { range: [0.2, 0.4], shape: Shape::Uniform, reason: "r".to_owned() },
        };
        let yes = (0..1000).filter(|i| parameter.draw((f64::from(*i) + 0.5) / 1000.0, 0) == 1.0).count();
        assert_eq!(yes, 300);
    }
}
