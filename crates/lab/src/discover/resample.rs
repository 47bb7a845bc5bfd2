//! Resampling: how often does each restriction come back in other tables of the same kind?

use std::convert::Infallible;

use equipoise_models::noise::{Noise, Stream};
use rayon::prelude::*;

use super::prim::boxes;
use super::{Found, Inputs, PrimOptions};

const ROWS: Stream = Stream::named("resample");

/// How often an input is restricted again when boxes are looked for in half of the rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Recurrence {
    /// The input (an index).
    pub input: usize,
    /// Share of the half tables in which the box nearest in coverage restricts it.
    pub at_coverage: f64,
    /// Share in which the box nearest in density does.
    pub at_density: f64,
}

/// Looks for boxes in `times` random halves of the rows and says how often each input is restricted there, at the step
/// nearest in coverage and at the step nearest in density to `step` (Bryant and Lempert 2010, section 3.4; recalled).
///
/// As in EMA Workbench, but with all of the caller's options in each half (it goes back to its default mass and
/// objective), and with keyed randomness: the halves depend on the seed alone.
#[must_use]
pub fn resample(
    inputs: &Inputs,
    happens: &[bool],
    found: &Found,
    step: usize,
    options: &PrimOptions,
    times: u32,
    seed: u64,
) -> Vec<Recurrence> {
    let target = &found.steps[step];
    let options = PrimOptions { boxes: 1, ..*options };
    let halves: Vec<[Vec<usize>; 2]> = (0..times)
        .into_par_iter()
        .filter_map(|time| {
            let noise = Noise::new(seed, u64::from(time));
            let mut rows: Vec<(f64, usize)> =
                found.among.iter().map(|&row| (noise.uniform(ROWS, row as u32, 0, 0), row)).collect();
            rows.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
            let mut half: Vec<usize> = rows[..rows.len() / 2].iter().map(|(_, row)| *row).collect();
            half.sort_unstable();
            if half.is_empty() {
                return None;
            }
            let outcome: Vec<bool> = half.iter().map(|&row| happens[row]).collect();
            let last = |found: &Found| Ok::<_, Infallible>(found.last_step());
            let Ok(mut again) = boxes(&inputs.taken(&half), &outcome, &options, last);
            let (again, _) = again.pop()?;
            let nearest = |of: fn(&super::Step) -> f64| {
                let distance = |step: &super::Step| (of(step) - of(target)).abs();
                let steps = again.steps.iter();
                steps.min_by(|a, b| distance(a).total_cmp(&distance(b))).map(|step| step.restricted.clone())
            };
            Some([nearest(|step| step.coverage)?, nearest(|step| step.density)?])
        })
        .collect();
    let share = |input: usize, by: usize| {
        halves.iter().filter(|half| half[by].contains(&input)).count() as f64 / halves.len().max(1) as f64
    };
    (0..inputs.columns().len())
        .map(|input| Recurrence { input, at_coverage: share(input, 0), at_density: share(input, 1) })
        .collect()
}
