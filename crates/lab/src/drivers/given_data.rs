//! First-order indices from any sample of independent rows, and the shares of groups of inputs.
//!
//! **Estimator.** Rows are put in classes by the value of one input, near-equal in size, their number by the rule of
//! Plischke, Borgonovo and Smith (2013). The share of variance between classes is Pearson's correlation ratio η²
//! (1905). It is biased upwards: an input that does nothing still gets (M − 1)/(N − 1) for M classes and N rows. We give
//! Kelley's ε² (1935) instead, which takes the variance expected between classes by chance off again: with SSB, SSW, SST
//! the sums of squares between, within and in all, ε² = (SSB − (M − 1) SSW / (N − M)) / SST. (Sources recalled.)
//!
//! **Bias.** For an input without effect the expectation of ε² is exactly 0 if rows are exchangeable, whatever the
//! distribution of the outcome, so sums over many such inputs do not creep upwards. What is left is downwards: the
//! effect of differences *within* a class is missed, of order 1/M² for a smooth effect and zero for a yes/no.
//! Estimates are not cut off at 0: a small negative one says "nothing seen".
//!
//! **Within strata.** An evidenced parameter is drawn from the claims its account trusts, so it is not independent of
//! the account. Its classes are then formed within each account, and its share is what its value adds to knowing the
//! account: mean over accounts of the variance between the account's classes. Account, evidence and assumption add up.
//!
//! **Error.** The influence function of the ratio (Da Veiga and Gamboa 2013 use the same expansion; derivation our own): a
//! row with centred outcome y in a class of mean m, in a stratum of mean s, contributes (2my − m² − 2sy + s² − S y²)/V.
//! Its variance over N vanishes where the effect does, so the variance of the part left by chance, 2 df / N², is
//! added. Designs of low discrepancy are usually more exact than this says. Influences add, so the error of a sum takes
//! into account how its parts hang together.
//!
//! **Groups.** Inputs are independent (within accounts), so first orders add: a group's share is the sum over its
//! members, a lower bound of what the group can explain, since interplay belongs to no one alone. What is left of 1 is
//! *interplay and chance together*: an upper bound of chance. No estimator can part the two where every history has
//! inputs and chance of its own; a run on `--design saltelli-groups` keeps the one while it changes the other, and can.

use rayon::prelude::*;

use super::partition::{Partition, wanted_classes};
use super::{Estimate, Unanswerable, check_outcome};

/// Inputs whose influences are summed up together; fixed, so that threads leave no trace in a sum.
const TOGETHER: usize = 16;

/// A sample of inputs in classes, ready to be asked about one outcome after another.
#[derive(Debug, Clone)]
pub struct Inputs {
    rows: usize,
    whole: Partition,
    strata: Partition,
    inputs: Vec<Input>,
    groups: usize,
}

#[derive(Debug, Clone)]
struct Input {
    partition: Partition,
    /// Whether its share is what it adds to the strata.
    within: bool,
    group: usize,
}

/// What the inputs explain of one outcome.
#[derive(Debug, Clone, PartialEq)]
pub struct Explained {
    /// Rows with a value, which alone are used.
    pub rows: usize,
    /// First-order index of each input, in their order.
    pub first: Vec<Estimate>,
    /// Sum of the first-order indices of each group.
    pub groups: Vec<Estimate>,
    /// What all first orders together leave: interplay and chance.
    pub rest: Estimate,
}

impl Inputs {
    /// A sample of so many rows, in strata (such as accounts; none where the slice is empty), with so many groups.
    #[must_use]
    pub fn new(rows: usize, strata: &[u16], groups: usize) -> Inputs {
        let whole = Partition::whole(rows);
        let strata = if strata.is_empty() { whole.clone() } else { Partition::of_levels(strata) };
        Inputs { rows, whole, strata, inputs: Vec::new(), groups }
    }

    /// Adds columns of one value per row, each with its group and whether it is to be seen within the strata.
    pub fn push_all(&mut self, columns: &[(&[f64], usize, bool)]) {
        let added: Vec<Input> = columns
            .par_iter()
            .map(|(values, group, within)| {
                let strata = if *within { &self.strata } else { &self.whole };
                let partition = Partition::of_values(values, strata, wanted_classes);
                Input { partition, within: *within, group: *group }
            })
            .collect();
        self.inputs.extend(added);
    }

    /// Adds the strata themselves as an input, each stratum a class.
    pub fn push_strata(&mut self, group: usize) {
        self.inputs.push(Input { partition: self.strata.clone(), within: false, group });
    }

    /// What the inputs explain of an outcome; rows without a value (NaN) are left out.
    ///
    /// # Errors
    /// The outcome is constant where it has a value, or there are no more rows than inputs, or too few for the classes.
    pub fn explain(&self, outcome: &[f64], confidence: f64) -> Result<Explained, Unanswerable> {
        let rows: Vec<(usize, f64)> = outcome
            .iter()
            .take(self.rows)
            .copied()
            .enumerate()
            .filter(|(_, value)| value.is_finite())
            .collect();
        let classes = self.inputs.iter().map(|input| input.partition.classes).max().unwrap_or(0);
        let needed = (self.inputs.len() + 1).max(classes + 2).max(4);
        if rows.len() < needed {
            let why = format!(
                "more than there are inputs ({}), and than there are classes of one input ({classes})",
                self.inputs.len()
            );
            return Err(Unanswerable::TooFew { rows: rows.len(), needed, why });
        }
        let values: Vec<f64> = rows.iter().map(|(_, value)| *value).collect();
        check_outcome(&values)?;
        let sample = Sample::new(&rows);
        let batches: Vec<Batch> =
            self.inputs.par_chunks(TOGETHER).map(|inputs| self.batch(&sample, inputs)).collect();
        let first = batches.iter().flat_map(|batch| &batch.first);
        let first = first.map(|effect| effect.estimate(confidence)).collect();
        let mut groups = vec![Effect::none(sample.rows.len()); self.groups];
        let mut all = Effect::none(sample.rows.len());
        for batch in &batches {
            for (group, part) in groups.iter_mut().zip(&batch.groups) {
                group.add(part);
                all.add(part);
            }
        }
        let explained = all.estimate(confidence);
        Ok(Explained {
            rows: rows.len(),
            first,
            groups: groups.iter().map(|group| group.estimate(confidence)).collect(),
            rest: Estimate {
                value: 1.0 - explained.value,
                low: 1.0 - explained.high,
                high: 1.0 - explained.low,
            },
        })
    }

    fn batch(&self, sample: &Sample, inputs: &[Input]) -> Batch {
        let mut groups = vec![Effect::none(sample.rows.len()); self.groups];
        let mut first = Vec::with_capacity(inputs.len());
        for input in inputs {
            let within = if input.within { &self.strata } else { &self.whole };
            let mut effect = sample.effect(&input.partition, within);
            groups[input.group].add(&effect);
            // The influences are in their group's sum; alone, an input needs only their variance.
            effect.settle();
            first.push(effect);
        }
        Batch { first, groups }
    }
}

struct Batch {
    first: Vec<Effect>,
    groups: Vec<Effect>,
}

/// Rows that have a value: (row, outcome less its mean).
struct Sample {
    rows: Vec<(usize, f64)>,
    /// Sum of squares in all.
    squares: f64,
}

impl Sample {
    fn new(rows: &[(usize, f64)]) -> Sample {
        let mean = rows.iter().map(|(_, y)| y).sum::<f64>() / rows.len() as f64;
        let rows: Vec<(usize, f64)> = rows.iter().map(|(row, y)| (*row, y - mean)).collect();
        let squares = rows.iter().map(|(_, y)| y * y).sum();
        Sample { rows, squares }
    }

    /// Means of classes, the sum of squares between them, and the number of classes with rows.
    fn means(&self, partition: &Partition) -> (Vec<f64>, f64, usize) {
        let mut classes = vec![(0.0, 0.0); partition.classes];
        for (row, y) in &self.rows {
            let (count, sum) = &mut classes[partition.class[*row] as usize];
            *count += 1.0;
            *sum += y;
        }
        let between = classes.iter().filter(|(count, _)| *count > 0.0);
        let squares = between.clone().map(|(count, sum)| sum * sum / count).sum();
        let used = between.count();
        (classes.iter().map(|(count, sum)| sum / f64::max(*count, 1.0)).collect(), squares, used)
    }

    /// What the classes explain beyond the strata they lie within.
    fn effect(&self, partition: &Partition, within: &Partition) -> Effect {
        let n = self.rows.len() as f64;
        let (means, fine, classes) = self.means(partition);
        let (stratum_means, coarse, strata) = self.means(within);
        let freedom = (classes - strata) as f64;
        let noise = (self.squares - fine).max(0.0) / (n - classes as f64).max(1.0);
        let share = (fine - coarse - freedom * noise) / self.squares;
        let variance = self.squares / n;
        let influences = self.rows.iter().map(|(row, y)| {
            let m = means[partition.class[*row] as usize];
            let s = stratum_means[within.class[*row] as usize];
            (2.0 * m * y - m * m - 2.0 * s * y + s * s - share * y * y) / variance
        });
        Effect {
            share,
            influences: influences.collect(),
            variance: 0.0,
            by_chance: 2.0 * freedom * (noise / variance / n).powi(2),
        }
    }
}

/// A share of variance, with what its error follows from.
#[derive(Debug, Clone)]
struct Effect {
    share: f64,
    /// Of each row; empty once settled.
    influences: Vec<f64>,
    /// Variance of the influences over the number of rows, once settled.
    variance: f64,
    by_chance: f64,
}

impl Effect {
    fn none(rows: usize) -> Effect {
        Effect { share: 0.0, influences: vec![0.0; rows], variance: 0.0, by_chance: 0.0 }
    }

    fn add(&mut self, other: &Effect) {
        self.share += other.share;
        self.by_chance += other.by_chance;
        for (sum, part) in self.influences.iter_mut().zip(&other.influences) {
            *sum += part;
        }
    }

    /// Keeps only the variance of the influences.
    fn settle(&mut self) {
        self.variance = self.variance_of_mean();
        self.influences = Vec::new();
    }

    fn variance_of_mean(&self) -> f64 {
        let n = self.influences.len() as f64;
        if n == 0.0 {
            return self.variance;
        }
        let mean = self.influences.iter().sum::<f64>() / n;
        self.influences.iter().map(|i| (i - mean).powi(2)).sum::<f64>() / n / n
    }

    fn estimate(&self, confidence: f64) -> Estimate {
        Estimate::normal(self.share, (self.variance_of_mean() + self.by_chance).sqrt(), confidence)
    }
}
