//! Owen-scrambled Sobol points in blocks of 2¹⁶, each block an independent replicate.

use equipoise_models::noise::{Noise, Stream};
use sobol_burley::NUM_DIMENSIONS;

const DIRECTIONS: usize = NUM_DIMENSIONS as usize;

/// Dimensions that are computed together.
const SET: usize = 4;

/// Coordinate `dimension` of point `i`, in (0, 1).
pub(super) fn point(seed: u64, i: u64, dimension: usize) -> f64 {
    let key = scramble(Noise::new(seed, i >> 16), dimension / DIRECTIONS);
    inside(sobol_burley::sample((i & 0xffff) as u32, (dimension % DIRECTIONS) as u32, key))
}

/// The coordinates of point `i` from dimension `first` on, each as [`point`] gives it.
pub(super) fn coordinates(seed: u64, i: u64, first: usize, mut out: &mut [f64]) {
    let noise = Noise::new(seed, i >> 16);
    let within = (i & 0xffff) as u32;
    let mut dimension = first;
    let mut padding = dimension / DIRECTIONS;
    let mut key = scramble(noise, padding);
    while !out.is_empty() {
        if dimension / DIRECTIONS != padding {
            padding = dimension / DIRECTIONS;
            key = scramble(noise, padding);
        }
        let set = sobol_burley::sample_4d(within, (dimension % DIRECTIONS / SET) as u32, key);
        let wanted = &set[dimension % SET..];
        let (now, later) = out.split_at_mut(wanted.len().min(out.len()));
        for (coordinate, u) in now.iter_mut().zip(wanted) {
            *coordinate = inside(*u);
        }
        dimension += now.len();
        out = later;
    }
}

/// The scramble of a block's dimensions; each further 256 of them have another.
fn scramble(block: Noise, padding: usize) -> u32 {
    (block.uniform(Stream::named("sobol"), padding as u32, 0, 0) * 4_294_967_296.0) as u32
}

/// Single precision puts the point on a grid of 2⁻²⁴ that includes 0; half a cell moves it to the cell's middle.
fn inside(u: f32) -> f64 {
    (f64::from(u) + 1.0 / 33_554_432.0).min(1.0 - 1.0 / 33_554_432.0)
}
