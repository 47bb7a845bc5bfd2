//! Owen-scrambled Sobol points in blocks of 2¹⁶, each block an independent replicate.

use equipoise_models::noise::{Noise, Stream};
use sobol_burley::NUM_DIMENSIONS;

/// Coordinate `dimension` of point `i`, in (0, 1).
pub(super) fn point(seed: u64, i: u64, dimension: usize) -> f64 {
    let block = i >> 16;
    let within = (i & 0xffff) as u32;
    let directions = NUM_DIMENSIONS as usize;
    let padding = (dimension / directions) as u32;
    let scramble = Noise::new(seed, block).uniform(Stream::named("sobol"), padding, 0, 0);
    let key = (scramble * 4_294_967_296.0) as u32;
    let u = sobol_burley::sample(within, (dimension % directions) as u32, key);
    // Single precision puts the point on a grid of 2⁻²⁴ that includes 0; half a cell moves it to the cell's middle.
    (f64::from(u) + 1.0 / 33_554_432.0).min(1.0 - 1.0 / 33_554_432.0)
}
