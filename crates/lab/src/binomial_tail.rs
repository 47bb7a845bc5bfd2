//! The upper tail of the binomial distribution, to near full precision.

use std::f64::consts::PI;

/// The probability of at least `successes` in `trials` trials of probability `p`.
///
/// One term is worked out by the saddle-point form of Loader 2000 ("Fast and accurate computation of binomial
/// probabilities"; recalled), its neighbours by their ratio. The side without the bulk is summed.
pub(crate) fn at_least(successes: u64, trials: u64, p: f64) -> f64 {
    if successes == 0 {
        return 1.0;
    }
    if successes > trials || p <= 0.0 {
        return 0.0;
    }
    if p >= 1.0 {
        return 1.0;
    }
    let odds = p / (1.0 - p);
    let n = trials as f64;
    if successes as f64 > n * p {
        let (mut term, mut sum) = (probability(successes, trials, p), 0.0);
        for k in successes..=trials {
            sum += term;
            term *= (n - k as f64) / (k as f64 + 1.0) * odds;
            if term < sum * 1e-18 {
                break;
            }
        }
        sum.min(1.0)
    } else {
        let (mut term, mut sum) = (probability(successes - 1, trials, p), 0.0);
        for k in (0..successes).rev() {
            sum += term;
            term *= k as f64 / (n - k as f64 + 1.0) / odds;
            if term < sum * 1e-18 {
                break;
            }
        }
        (1.0 - sum).clamp(0.0, 1.0)
    }
}

/// The probability of exactly `successes`, for p strictly between 0 and 1.
fn probability(successes: u64, trials: u64, p: f64) -> f64 {
    let (x, n) = (successes as f64, trials as f64);
    if successes == 0 {
        return (n * (-p).ln_1p()).exp();
    }
    if successes == trials {
        return (n * p.ln()).exp();
    }
    let exponent = stirling_error(trials)
        - stirling_error(successes)
        - stirling_error(trials - successes)
        - deviance(x, n * p)
        - deviance(n - x, n * (1.0 - p));
    (n / (2.0 * PI * x * (n - x))).sqrt() * exponent.exp()
}

/// ln n! less Stirling's formula: ln n! − (n + ½) ln n + n − ½ ln 2π.
fn stirling_error(n: u64) -> f64 {
    let x = n as f64;
    if n < 16 {
        let factorial: f64 = (2..=n).map(|k| k as f64).product();
        return factorial.ln() - (x + 0.5) * x.ln() + x - 0.5 * (2.0 * PI).ln();
    }
    let square = x * x;
    (1.0 / 12.0
        - (1.0 / 360.0 - (1.0 / 1260.0 - (1.0 / 1680.0 - 1.0 / 1188.0 / square) / square) / square) / square)
        / x
}

/// x ln(x/m) + m − x, without cancellation where x is near m.
fn deviance(x: f64, m: f64) -> f64 {
    if (x - m).abs() >= 0.1 * (x + m) {
        return x * (x / m).ln() + m - x;
    }
    let v = (x - m) / (x + m);
    let mut sum = (x - m) * v;
    let mut power = 2.0 * x * v;
    for j in 1.. {
        power *= v * v;
        let next = sum + power / f64::from(2 * j + 1);
        if next == sum {
            break;
        }
        sum = next;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tail_is_the_sum_of_its_terms() {
        // Exact sums in rational arithmetic: 3 of 4 fair coins or more, 2 of 3 dice or more showing a six.
        assert!((at_least(3, 4, 0.5) - 5.0 / 16.0).abs() < 1e-15);
        assert!((at_least(2, 3, 1.0 / 6.0) - 16.0 / 216.0).abs() < 1e-15);
        assert_eq!(at_least(0, 9, 0.3), 1.0);
        assert_eq!(at_least(9, 9, 1.0), 1.0);
        assert_eq!(at_least(1, 9, 0.0), 0.0);
    }

    #[test]
    fn both_tails_together_hold_everything() {
        for trials in [1, 7, 40, 1000, 20_000] {
            for p in [0.001, 0.1, 0.37, 0.5, 0.92] {
                for successes in [1, trials / 10 + 1, trials / 3 + 1, trials / 2 + 1, trials] {
                    let above = at_least(successes, trials, p);
                    let below = at_least(trials - successes + 1, trials, 1.0 - p);
                    assert!((above + below - 1.0).abs() < 1e-12, "{successes} of {trials} at {p}");
                }
            }
        }
    }
}
