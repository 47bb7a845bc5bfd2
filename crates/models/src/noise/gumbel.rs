//! The quantile of the standard Gumbel distribution, and bounds of it that need no logarithm.

use std::sync::LazyLock;

/// Parts of equal length into which the interval (0, 1) is cut for the bounds.
const PARTS: usize = 256;
/// More than rounding can move a quantile.
const ROUNDING: f64 = 1e-9;
/// The smallest number of the grid of uniform numbers, and the distance of the largest from 1.
const GRID: f64 = 1.0 / (1u64 << 53) as f64;

/// No standard Gumbel number of the grid lies below this: the quantile at 2⁻⁵³ is −3.604.
pub(crate) const LOWEST: f64 = -3.61;

/// The number below which a standard Gumbel number lies with probability `u`: −ln(−ln u).
pub(super) fn quantile(u: f64) -> f64 {
    -(-u.ln()).ln()
}

/// Two numbers between which the quantile at `u` lies; `u` within [2⁻⁵³, 1 − 2⁻⁵³].
#[inline]
pub(super) fn within(u: f64) -> [f64; 2] {
    static BOUNDS: LazyLock<Box<[[f64; 2]; PARTS]>> = LazyLock::new(|| {
        let at = |part: usize| quantile((part as f64 / PARTS as f64).clamp(GRID, 1.0 - GRID));
        Box::new(std::array::from_fn(|part| [at(part) - ROUNDING, at(part + 1) + ROUNDING]))
    });
    BOUNDS[(u * PARTS as f64) as usize & (PARTS - 1)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn holds(u: f64) -> bool {
        let [low, high] = within(u);
        let exact = quantile(u);
        low < exact && exact < high
    }

    #[test]
    fn bounds_hold_at_both_ends_and_at_every_seam() {
        assert!(holds(GRID) && holds(1.0 - GRID));
        assert!(LOWEST < within(GRID)[0]);
        for part in 1..PARTS {
            let seam = part as f64 / PARTS as f64;
            assert!(holds(seam) && holds(seam - GRID) && holds(seam + GRID), "{seam}");
        }
    }

    proptest! {
        #[test]
        fn bounds_hold_everywhere(u in GRID..1.0 - GRID) {
            prop_assert!(holds(u));
        }
    }
}
