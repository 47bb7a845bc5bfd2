//! Borgonovo's δ: half the mean area between the density of an outcome and its density in a class of one input.
//!
//! Borgonovo (2007), estimated from any sample as by Plischke, Borgonovo and Smith (2013, equation 26, as SALib has it):
//! rows in classes by the input, densities by Gaussian kernels with Silverman's width on a hundred points of the
//! outcome's range. An outcome of few values (a yes/no, a small count) has probabilities instead of densities. δ lies
//! between 0 (no effect) and 1, sees any change of the distribution, and does not rest on variance.
//!
//! **Bias.** Upwards, as for every distance between estimated densities. It is reduced by the bootstrap (equation 30:
//! twice the estimate less the mean over resamples), not removed; SALib 1.6 starts it from one resample, which leaves the
//! bias in and doubles the spread. Kernels smooth strongly skewed outcomes away, since
//! the points lie evenly between the smallest and the largest; [`pawn`](super::pawn) does not depend on the scale.

use rayon::prelude::*;

use super::partition::{Partition, wanted_classes};
use super::resample::spread;
use super::{Estimate, Resampling, Unanswerable, check_outcome};

/// Points at which densities are compared.
const POINTS: usize = 100;
/// Cells between two points, in which outcomes are counted before the kernel is laid over them.
const CELLS: usize = 4;
/// Outcomes of no more values than this have probabilities instead of densities.
const FEW: usize = 12;

/// δ of each input (columns of one value per row), with bootstrap intervals.
///
/// # Errors
/// The outcome lacks values or is constant, or there are fewer than ten rows a class.
pub fn delta(
    inputs: &[Vec<f64>],
    outcome: &[f64],
    resampling: &Resampling,
) -> Result<Vec<Estimate>, Unanswerable> {
    check_outcome(outcome)?;
    let (rows, classes) = (outcome.len(), wanted_classes(outcome.len()));
    if rows < 10 * classes {
        return Err(Unanswerable::TooFew {
            rows,
            needed: 10 * classes,
            why: format!("ten for each of {classes} classes of an input"),
        });
    }
    let scale = Scale::of(outcome);
    Ok(inputs
        .par_iter()
        .map(|input| {
            let partition = Partition::of_values(input, &Partition::whole(rows), wanted_classes);
            let plain = scale.delta(&partition, &vec![1u16; rows]);
            let mut counts = vec![0u16; rows];
            let reduced: Vec<f64> = (0..resampling.resamples)
                .map(|resample| {
                    resampling.count(resample, &mut counts);
                    2.0 * plain - scale.delta(&partition, &counts)
                })
                .collect();
            let value = reduced.iter().sum::<f64>() / reduced.len() as f64;
            Estimate::normal(value, spread(reduced.iter().copied()), resampling.confidence)
        })
        .collect())
}

/// Where each row's outcome lies, and how densities are made of that.
struct Scale {
    /// For each row the cell or value it lies at, and the part of it that lies at the next one.
    places: Vec<(u32, f64)>,
    outcome: Vec<f64>,
    /// Number of places.
    size: usize,
    /// Distance of two points; `None` for few values.
    step: Option<f64>,
}

impl Scale {
    fn of(outcome: &[f64]) -> Scale {
        let mut values = outcome.to_vec();
        values.sort_unstable_by(f64::total_cmp);
        let (low, high) = (values[0], values[values.len() - 1]);
        values.dedup();
        if values.len() <= FEW {
            let place = |y: &f64| (values.partition_point(|value| value < y) as u32, 0.0);
            let places = outcome.iter().map(place).collect();
            return Scale { places, outcome: outcome.to_vec(), size: values.len(), step: None };
        }
        let cells = (POINTS - 1) * CELLS;
        let place = |y: &f64| {
            let at = (y - low) / (high - low) * cells as f64;
            let cell = at.floor().min((cells - 1) as f64);
            (cell as u32, at - cell)
        };
        Scale {
            places: outcome.iter().map(place).collect(),
            // From the smallest: squares of large numbers would leave no digits for what sets them apart.
            outcome: outcome.iter().map(|y| y - low).collect(),
            size: cells + 1,
            step: Some((high - low) / (POINTS - 1) as f64),
        }
    }

    /// δ with each row counted so often.
    fn delta(&self, partition: &Partition, counts: &[u16]) -> f64 {
        let mut classes = vec![Part::new(self.size); partition.classes];
        for (row, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
            classes[partition.class[row] as usize].add(
                f64::from(*count),
                self.outcome[row],
                self.places[row],
            );
        }
        let mut all = Part::new(self.size);
        for class in &classes {
            all.join(class);
        }
        let density = all.density(self.step);
        let distances = classes.iter().filter(|class| class.rows > 0.0).map(|class| {
            let apart = class.density(self.step).into_iter().zip(&density).map(|(a, b)| (a - b).abs());
            let area = match self.step {
                None => apart.sum::<f64>(),
                Some(step) => {
                    let heights: Vec<f64> = apart.collect();
                    let ends = heights[0] + heights[heights.len() - 1];
                    step * (heights.iter().sum::<f64>() - ends / 2.0)
                }
            };
            class.rows / (2.0 * all.rows) * area
        });
        distances.sum()
    }
}

/// The outcomes of a class.
#[derive(Clone)]
struct Part {
    rows: f64,
    sum: f64,
    squares: f64,
    weights: Vec<f64>,
}

impl Part {
    fn new(size: usize) -> Part {
        Part { rows: 0.0, sum: 0.0, squares: 0.0, weights: vec![0.0; size] }
    }

    fn add(&mut self, count: f64, y: f64, (place, beyond): (u32, f64)) {
        self.rows += count;
        self.sum += count * y;
        self.squares += count * y * y;
        let place = place as usize;
        self.weights[place] += count * (1.0 - beyond);
        if beyond > 0.0 {
            self.weights[place + 1] += count * beyond;
        }
    }

    fn join(&mut self, other: &Part) {
        self.rows += other.rows;
        self.sum += other.sum;
        self.squares += other.squares;
        for (sum, part) in self.weights.iter_mut().zip(&other.weights) {
            *sum += part;
        }
    }

    /// Probabilities of the values, or the density at the points.
    fn density(&self, step: Option<f64>) -> Vec<f64> {
        let Some(step) = step else {
            return self.weights.iter().map(|weight| weight / self.rows).collect();
        };
        let mean = self.sum / self.rows;
        let variance = (self.squares - self.sum * mean) / (self.rows - 1.0).max(1.0);
        // A class whose outcomes are all but equal has no width of its own: it stands on its point as a peak.
        let silverman = (0.75 * self.rows).powf(-0.2) * variance.max(0.0).sqrt();
        let width = silverman.max(step / CELLS as f64);
        let cell = step / CELLS as f64;
        let reach = ((6.0 * width / cell).ceil() as usize).min(self.weights.len());
        let kernel: Vec<f64> =
            (0..=reach).map(|at| (-0.5 * (at as f64 * cell / width).powi(2)).exp()).collect();
        let height = 1.0 / (self.rows * width * std::f64::consts::TAU.sqrt());
        (0..POINTS)
            .map(|point| {
                let centre = point * CELLS;
                let from = centre.saturating_sub(reach);
                let until = (centre + reach).min(self.weights.len() - 1);
                let near = self.weights[from..=until].iter().enumerate();
                height * near.map(|(at, weight)| weight * kernel[(from + at).abs_diff(centre)]).sum::<f64>()
            })
            .collect()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn of_a_whole_sample_it_is_that_of_salib_but_for_the_cells() {
        let text = include_str!("../../tests/fixtures/drivers/latin.csv");
        let rows: Vec<Vec<f64>> = text
            .lines()
            .skip(1)
            .map(|line| line.split(',').map(|cell| cell.parse().unwrap()).collect())
            .collect();
        let column = |at: usize| rows.iter().map(|row| row[at]).collect::<Vec<f64>>();
        let scale = Scale::of(&column(3));
        // `plain` of answers.json; outcomes counted into cells move it by no more than a few hundred-thousandths.
        for (input, expected) in
            [0.202_719_791_141_377, 0.215_083_634_389_620, 0.135_669_408_786_816].into_iter().enumerate()
        {
            let partition =
                Partition::of_values(&column(input), &Partition::whole(rows.len()), wanted_classes);
            let found = scale.delta(&partition, &vec![1; rows.len()]);
            assert!((found - expected).abs() < 2e-5, "{found} beside {expected}");
            let far: Vec<f64> = column(3).iter().map(|y| y + 1e9).collect();
            let moved = Scale::of(&far).delta(&partition, &vec![1; rows.len()]);
            assert!((moved - found).abs() < 1e-6, "{moved} beside {found}");
        }
    }
}
