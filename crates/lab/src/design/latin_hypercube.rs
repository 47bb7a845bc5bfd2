//! Latin hypercube points without a table: in each dimension the strata are permuted by a keyed cipher.

use equipoise_models::noise::{Noise, Stream};

use super::permutation::{key, permute};

/// Coordinate `dimension` of point `i` of `size`, in (0, 1).
pub(super) fn point(seed: u64, size: u64, i: u64, dimension: usize) -> f64 {
    let size = size.max(1);
    let stream = Stream::named("latin hypercube");
    let stratum = permute(key(&Noise::new(seed, dimension as u64), stream), size, i % size);
    let jitter = Noise::new(seed, i).uniform(stream, dimension as u32, 1, 0);
    // Rounding must not carry the point over its stratum's upper edge, nor to 1.
    let edge = (stratum + 1) as f64 / size as f64;
    ((stratum as f64 + jitter) / size as f64).min(edge.next_down())
}
