//! From a position in the design of experiments to the value of a parameter.

use crate::evidence::Pool;
use crate::scenario::{Basis, Parameter, Shape};
use crate::unit::Unit;

/// What a parameter is drawn from, without its names and reasons: those of a scenario fit in the nearest cache.
#[derive(Debug, Clone, Copy)]
pub enum Distribution<'s> {
    /// Evidenced: one pool for each account.
    Pools(&'s [Pool]),
    /// Assumed, yes/no: 1 from this position on.
    YesFrom(f64),
    /// Assumed, any other number: a shape over a range.
    Shape(Shape, [f64; 2]),
}

impl Distribution<'_> {
    /// The value at `u`, from 0 to 1, under an account (index).
    ///
    /// # Panics
    /// If there is no such account.
    #[inline]
    pub fn draw(self, u: f64, account: usize) -> f64 {
        match self {
            Distribution::Pools(pools) => pools[account].draw(u),
            Distribution::YesFrom(position) => f64::from(u8::from(u >= position)),
            Distribution::Shape(shape, range) => shape.quantile(u, range),
        }
    }
}

impl Parameter {
    /// What it is drawn from. An assumed yes/no is 1 with the mean of its range as the probability, and 1 lies at the
    /// upper end.
    pub fn distribution(&self) -> Distribution<'_> {
        match &self.basis {
            Basis::Evidenced { pools, .. } => Distribution::Pools(pools),
            Basis::Assumption { range: [low, high], .. } if self.unit == Unit::YES_NO => {
                Distribution::YesFrom(1.0 - f64::midpoint(*low, *high))
            }
            Basis::Assumption { range, shape, .. } => Distribution::Shape(*shape, *range),
        }
    }

    /// The value at `u`, from 0 to 1, under an account (index): the quantile of the parameter's distribution.
    ///
    /// # Panics
    /// If there is no such account.
    pub fn draw(&self, u: f64, account: usize) -> f64 {
        self.distribution().draw(u, account)
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
