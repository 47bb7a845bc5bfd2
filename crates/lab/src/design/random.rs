//! Independent uniform points.

use equipoise_models::noise::{Noise, Stream};

/// Coordinate `dimension` of point `i`, in (0, 1).
pub(super) fn point(seed: u64, i: u64, dimension: usize) -> f64 {
    Noise::new(seed, i).uniform(Stream::named("design"), dimension as u32, 0, 0)
}
