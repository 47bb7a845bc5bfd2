//! The normal distribution in single precision, without branches, so that loops over votes become vector code.
//!
//! All polynomials are our own Chebyshev fits (interpolation at Chebyshev nodes, in double precision); the largest
//! errors, measured in the tests, are stated with each function. A sampler needs no more: a draw that is off by 10⁻⁵
//! of its size is far below its Monte Carlo error.

/// Arguments are held within ±this: Φ(−9.5) is 10⁻²¹.
pub(super) const FARTHEST: f32 = 9.5;

/// 1/√(2π).
const DENSITY_AT_ZERO: f32 = 0.398_942_3;

/// Φ(x), relative error below 6·10⁻⁶ (far out in the lower tail; below 10⁻⁶ within ±3), and φ(x). `x` must lie within ±[`FARTHEST`].
#[inline(always)]
pub(super) fn cdf_and_density(x: f32) -> (f32, f32) {
    let (tail, density) = tail_and_density(x.abs());
    (if x > 0.0 { 1.0 - tail } else { tail }, density)
}

/// Φ(−x) and φ(x) for 0 ≤ x ≤ [`FARTHEST`].
#[inline(always)]
fn tail_and_density(x: f32) -> (f32, f32) {
    // Φ(−x)·exp(x²/2) as a polynomial of t = 1/(1 + 0.3 x), which runs from 1/4 (x = 10) to 1.
    const SCALED_TAIL: [f32; 9] = [
        0.168_102,
        0.200_762_57,
        0.097_784_81,
        0.030_068_388,
        0.004_105_218,
        -0.000_607_681_3,
        -0.000_252_374_2,
        2.338_008e-5,
        1.369_060_5e-5,
    ];
    let t = 1.0 / (1.0 + 0.3 * x);
    let bell = exp(-0.5 * x * x);
    (polynomial(&SCALED_TAIL, (t - 0.625) * (1.0 / 0.375)) * bell, DENSITY_AT_ZERO * bell)
}

/// Φ(high) − Φ(low) for low ≤ high, without cancellation in the upper tail; at least 10⁻³⁰.
#[inline(always)]
pub(super) fn between(low: f32, high: f32) -> f32 {
    let flip = low + high > 0.0;
    let (from, to) = if flip { (-high, -low) } else { (low, high) };
    (cdf_and_density(to).0 - cdf_and_density(from).0).max(1e-30)
}

/// The z with Φ(z) = p, for 10⁻³¹ ≤ p < 1; relative error below 2·10⁻⁵.
#[inline(always)]
pub(super) fn quantile(p: f32) -> f32 {
    // z = (2p − 1)·R(w) with w = −ln(4p(1 − p)), after the form of Giles (2010, "Approximating the erfinv function",
    // recalled): R is a polynomial of w near the centre and of √w in the tails.
    const CENTRE: [f32; 9] = [
        2.464_733_7,
        1.164_973_5,
        -0.116_375_75,
        -0.029_297_868,
        0.033_764_58,
        -0.011_339_26,
        -0.001_414_734_3,
        0.002_471_358_3,
        -0.000_587_879_43,
    ];
    const TAIL: [f32; 9] = [
        7.666_694,
        4.170_523_6,
        -0.004_777_305,
        -0.004_887_155,
        0.005_162_275_5,
        0.002_263_957_2,
        -0.002_474_925_7,
        -0.005_694_822_4,
        0.004_477_700_6,
    ];
    const SEAM: f32 = 7.0;
    const ROOT_OF_SEAM: f32 = 2.645_751_3;
    const ROOT_OF_END: f32 = 8.485_281; // √72
    let w = -ln((4.0 * p * (1.0 - p)).max(1e-37));
    let centre = polynomial(&CENTRE, w * (2.0 / SEAM) - 1.0);
    let root = w.max(0.0).sqrt();
    let tail =
        polynomial(&TAIL, (2.0 * root - (ROOT_OF_END + ROOT_OF_SEAM)) * (1.0 / (ROOT_OF_END - ROOT_OF_SEAM)));
    (2.0 * p - 1.0) * if w < SEAM { centre } else { tail }
}

/// A normal number below `bound`, given Φ(bound) and a uniform number.
#[inline(always)]
pub(super) fn below(mass: f32, uniform: f32) -> f32 {
    quantile((uniform * mass).clamp(1e-31, LARGEST))
}

/// A normal number between `low` and `high`, given a uniform number.
#[inline(always)]
pub(super) fn within(low: f32, high: f32, uniform: f32) -> f32 {
    let flip = low + high > 0.0;
    let (from, to) = if flip { (-high, -low) } else { (low, high) };
    let (start, end) = (cdf_and_density(from).0, cdf_and_density(to).0);
    let z = quantile((start + uniform * (end - start)).clamp(1e-31, LARGEST)).max(from).min(to);
    if flip { -z } else { z }
}

/// The largest number below 1.
const LARGEST: f32 = 1.0 - f32::EPSILON / 2.0;

/// Adding and taking away 1.5·2²³ rounds to whole numbers and leaves them in the low bits: no conversion, no call.
const ROUNDER: f32 = 12_582_912.0;

/// eˣ for −87 ≤ x ≤ 0, relative error below 5·10⁻⁶ (from rounding x; 2·10⁻⁷ near 0).
#[inline(always)]
fn exp(x: f32) -> f32 {
    const POWER_OF_TWO: [f32; 6] =
        [1.0, std::f32::consts::LN_2, 0.240_221_07, 0.055_503_57, 0.009_676_032, 0.001_339_086_3];
    let scaled = x.max(-87.0) * std::f32::consts::LOG2_E;
    let shifted = scaled + ROUNDER;
    let whole = shifted - ROUNDER;
    let exponent = shifted.to_bits().wrapping_sub(ROUNDER.to_bits()).wrapping_add(127) << 23;
    polynomial(&POWER_OF_TWO, scaled - whole) * f32::from_bits(exponent)
}

/// ln x for normal positive x, error below 2·10⁻⁷ of max(1, |ln x|).
#[inline(always)]
pub(super) fn ln(x: f32) -> f32 {
    // ln(1 + f)/f for f from √½ − 1 to √2 − 1.
    const LOG: [f32; 8] = [
        0.970_843_1,
        -0.163_395_25,
        0.036_493_67,
        -0.009_150_667,
        0.002_419_630_2,
        -0.000_672_498_4,
        0.000_232_899_85,
        -6.833_076e-5,
    ];
    const ROOT_HALF: u32 = std::f32::consts::FRAC_1_SQRT_2.to_bits();
    const LOWEST: f32 = std::f32::consts::FRAC_1_SQRT_2 - 1.0;
    const HIGHEST: f32 = std::f32::consts::SQRT_2 - 1.0;
    let shifted = x.to_bits().wrapping_sub(ROOT_HALF);
    let exponent = ((shifted as i32) >> 23) as f32;
    let f = f32::from_bits((shifted & 0x007f_ffff).wrapping_add(ROOT_HALF)) - 1.0;
    let y = (2.0 * f - (LOWEST + HIGHEST)) * (1.0 / (HIGHEST - LOWEST));
    polynomial(&LOG, y) * f + exponent * std::f32::consts::LN_2
}

/// A polynomial by Horner's scheme.
#[inline(always)]
fn polynomial<const N: usize>(coefficients: &[f32; N], x: f32) -> f32 {
    let mut sum = coefficients[N - 1];
    for k in (0..N - 1).rev() {
        sum = sum * x + coefficients[k];
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::noise::normal_quantile;

    /// Φ(−x) in double precision for x ≥ 0: the series of the error function to 3, Lentz's continued fraction beyond
    /// (Abramowitz and Stegun 1964, 26.2.11 and 26.2.14).
    fn exact_tail(x: f64) -> f64 {
        let density = (-0.5 * x * x).exp() / (2.0 * std::f64::consts::PI).sqrt();
        if x < 3.0 {
            let (mut term, mut sum, mut k) = (x, x, 1.0);
            while term > 1e-18 {
                k += 2.0;
                term *= x * x / k;
                sum += term;
            }
            return 0.5 - density * sum;
        }
        let fraction = (1..=200).rev().fold(x, |below, k| x + f64::from(k) / below);
        density / fraction
    }

    fn grid(from: f64, to: f64) -> impl Iterator<Item = f64> {
        (0..=20_000).map(move |i| from + (to - from) * f64::from(i) / 20_000.0)
    }

    #[test]
    fn the_distribution_function_is_right_to_six_millionths_in_the_tail_and_to_one_near_the_centre() {
        for x in grid(-9.5, 9.5) {
            let x = f64::from(x as f32);
            let (cdf, density) = cdf_and_density(x as f32);
            let exact = if x > 0.0 { 1.0 - exact_tail(x) } else { exact_tail(-x) };
            let most = if x.abs() < 3.0 { 1e-6 } else { 6e-6 };
            assert!((f64::from(cdf) / exact - 1.0).abs() < most, "{x}: {cdf} for {exact}");
            let bell = (-0.5 * x * x).exp() / (2.0 * std::f64::consts::PI).sqrt();
            assert!((f64::from(density) / bell - 1.0).abs() < 6e-6, "{x}: {density} for {bell}");
        }
    }

    #[test]
    fn the_quantile_is_right_to_two_in_a_hundred_thousand() {
        for z in grid(-11.4, 5.0).filter(|z| z.abs() > 1e-3) {
            let p = if z < 0.0 { exact_tail(-z) } else { 1.0 - exact_tail(z) };
            let p = p as f32;
            let exact = normal_quantile(f64::from(p));
            // Beyond the lower half, single precision itself blurs p.
            let blur = if p > 0.5 { 6e-8 / exact_tail(exact).max(1e-30) } else { 0.0 };
            let error = (f64::from(quantile(p)) / exact - 1.0).abs();
            assert!(error < 2e-5 + blur, "{p}: {} for {exact}", quantile(p));
        }
    }

    #[test]
    fn logarithms_and_exponentials_are_right() {
        for x in grid(-85.0, 0.0) {
            let x = x as f32;
            let exact = f64::from(x).exp();
            assert!((f64::from(exp(x)) / exact - 1.0).abs() < 5e-6, "exp {x}");
            let p = exact as f32;
            let log = f64::from(p).ln();
            assert!((f64::from(ln(p)) - log).abs() < 2e-7 * log.abs().max(1.0), "ln {p}");
        }
    }

    #[test]
    fn a_truncated_normal_number_has_the_textbook_mean_and_stays_within_its_bounds() {
        // Johnson, Kotz and Balakrishnan 1994, 13.134: the mean is (φ(a) − φ(b)) / (Φ(b) − Φ(a)).
        for (low, high) in [(-1.0, 0.5), (0.2, 0.3), (2.0, 5.0), (-8.0, -6.0), (6.0, 8.0), (-9.0, 9.0)] {
            let n = 40_000;
            let draws = (0..n).map(|i| f64::from(within(low, high, (i as f32 + 0.5) / n as f32)));
            let (mut sum, mut count) = (0.0, 0.0);
            for z in draws {
                assert!((f64::from(low)..=f64::from(high)).contains(&z), "{z} outside {low}..{high}");
                sum += z;
                count += 1.0;
            }
            let bell = |x: f32| (-0.5 * f64::from(x).powi(2)).exp() / (2.0 * std::f64::consts::PI).sqrt();
            let (lowest, highest) = if low + high > 0.0 { (-high, -low) } else { (low, high) };
            let tail = |x: f32| if x > 0.0 { 1.0 - exact_tail(x.into()) } else { exact_tail(-f64::from(x)) };
            let mean = (bell(low) - bell(high)) / (tail(highest) - tail(lowest));
            assert!((sum / count - mean).abs() < 3e-4, "mean {} for {mean} in {low}..{high}", sum / count);
        }
    }

    #[test]
    fn one_sided_draws_fill_the_side_evenly() {
        for bound in [-7.0_f32, -1.0, 0.0, 2.0] {
            let mass = cdf_and_density(bound).0;
            for i in 1..100 {
                let u = i as f32 / 100.0;
                let z = below(mass, u);
                assert!(z <= bound + 1e-3, "{z} above {bound}");
                assert!((cdf_and_density(z).0 / mass - u).abs() < 1e-3, "bound {bound}, u {u}");
            }
        }
    }
}
