//! First-order indices from any sample of independent rows, and the shares of groups of inputs.
//!
//! **Estimator.** Rows are put in classes by the value of one input, near-equal in size, their number by the rule of
//! Plischke, Borgonovo and Smith (2013). The share of variance between classes is Pearson's correlation ratio η²
//! (1905). It is biased upwards: an input that does nothing still gets (M − 1)/(N − 1) for M classes and N rows. We give
//! Kelley's ε² (1935) instead, which takes the variance expected between classes by chance off again: with SSB, SSW, SST
//! the sums of squares between, within and in all, ε² = (SSB − (M − 1) SSW / (N − M)) / SST. (Sources recalled.)
//!
//! **Bias.** For an input without effect the expectation of ε² is exactly 0 if rows are exchangeable, whatever the
//! distribution of the outcome, so sums over many such inputs do not creep upwards. The other way, the effect of
//! differences *within* a class is missed: by an order of 1/M² for a smooth effect, by nothing for a yes/no. That order
//! is taken off by Richardson's extrapolation over the same classes joined in pairs, (4 ε²(M) − ε²(M/2)) / 3, which keeps
//! the expectation 0 where there is no effect (our own combination). What is left is of order 1/M⁴, or 1/M where the
//! effect jumps inside a class. Estimates are not cut off at 0: a small negative one says "nothing seen".
//!
//! **Within strata.** An evidenced parameter is drawn from the claims its account trusts, so it is not independent of
//! the account. Its classes are then formed within each account, and its share is what its value adds to knowing the
//! account: mean over accounts of the variance between the account's classes. Account, evidence and assumption add up.
//!
//! **Error.** The influence function of the ratio (Da Veiga and Gamboa 2013 use the same expansion; derivation our own): a
//! row with centred outcome y in a class of mean m, in a stratum of mean s, contributes (2my − m² − 2sy + s² − S y²)/V.
//! The means are those of the class without the row itself, or else a sum over many inputs would take the row's own
//! part in all its classes for an effect. Class means that are estimated make influences vary by 4 df (MSW/V)²/N² too much, which is taken off, and what is
//! left where there is no effect at all, 2 df (MSW/V)²/N², is put in its place. Designs of low discrepancy are usually
//! more exact than this says. Influences add, so the error of a sum takes into account how its parts hang together.
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
    pub(crate) fn push_strata(&mut self, group: usize) {
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

    /// Number of rows and sum of outcomes of each class.
    fn sums(&self, partition: &Partition) -> Vec<(f64, f64)> {
        let mut classes = vec![(0.0, 0.0); partition.classes];
        for (row, y) in &self.rows {
            let (count, sum) = &mut classes[partition.class[*row] as usize];
            *count += 1.0;
            *sum += y;
        }
        classes
    }

    /// What the classes explain beyond the strata they lie within.
    fn effect(&self, partition: &Partition, within: &Partition) -> Effect {
        let n = self.rows.len() as f64;
        let sums = self.sums(partition);
        let mut joined = vec![(0.0, 0.0); partition.half.last().map_or(0, |last| *last as usize + 1)];
        for ((count, sum), half) in sums.iter().zip(&partition.half) {
            let (of_half, sum_of_half) = &mut joined[*half as usize];
            *of_half += count;
            *sum_of_half += sum;
        }
        let of_strata = self.sums(within);
        let (fine, half, strata) = (Level::of(&sums), Level::of(&joined), Level::of(&of_strata));
        let variance = self.squares / n;
        let beyond = |level: &Level| {
            let freedom = level.used - strata.used;
            let noise = (self.squares - level.squares).max(0.0) / (n - level.used).max(1.0);
            (level.squares - strata.squares - freedom * noise) / self.squares
        };
        let share = (4.0 * beyond(&fine) - beyond(&half)) / 3.0;
        let influences = self.rows.iter().map(|(row, y)| {
            let class = partition.class[*row] as usize;
            let m = fine.mean_without(class, *y);
            let h = half.mean_without(partition.half[class] as usize, *y);
            let s = strata.mean_without(within.class[*row] as usize, *y);
            let explained = (4.0 * (2.0 * m * y - m * m) - (2.0 * h * y - h * h)) / 3.0;
            (explained - 2.0 * s * y + s * s - share * y * y) / variance
        });
        let noise = (self.squares - fine.squares).max(0.0) / (n - fine.used).max(1.0) / variance;
        // Sums of squares between nested classes vary together as far as the coarser ones go.
        let freedom = (16.0 * (fine.used - strata.used) - 7.0 * (half.used - strata.used)) / 9.0;
        Effect {
            share,
            influences: influences.collect(),
            variance: 0.0,
            by_chance: freedom * (noise / n).powi(2),
        }
    }
}

/// Classes of one fineness.
struct Level<'s> {
    /// Rows and sum of outcomes of each class.
    sums: &'s [(f64, f64)],
    /// Sum of squares between them.
    squares: f64,
    /// Number of classes that have rows.
    used: f64,
}

impl Level<'_> {
    fn of(sums: &[(f64, f64)]) -> Level<'_> {
        let used = || sums.iter().filter(|(count, _)| *count > 0.0);
        Level {
            sums,
            squares: used().map(|(count, sum)| sum * sum / count).sum(),
            used: used().count() as f64,
        }
    }

    /// The mean of a class without one of its rows; that of all rows, 0, if it has no other.
    fn mean_without(&self, class: usize, y: f64) -> f64 {
        let (count, sum) = self.sums[class];
        if count > 1.0 { (sum - y) / (count - 1.0) } else { 0.0 }
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
    /// df (MSW/V)²/N²: half the variance of the share where there is no effect.
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
        let by_effect = (self.variance_of_mean() - 4.0 * self.by_chance).max(0.0);
        Estimate::normal(self.share, (by_effect + 2.0 * self.by_chance).sqrt(), confidence)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use equipoise_models::noise::{Noise, Stream};

    fn column(seed: u64, rows: usize, which: u32) -> Vec<f64> {
        let of = |row| Noise::new(seed, row).uniform(Stream::named("test"), which, 0, 0);
        (0..rows as u64).map(of).collect()
    }

    /// First orders of columns, each a group of its own.
    fn first(columns: &[Vec<f64>], outcome: &[f64]) -> Explained {
        let mut inputs = Inputs::new(outcome.len(), &[], columns.len());
        let columns: Vec<_> =
            columns.iter().enumerate().map(|(at, column)| (column.as_slice(), at, false)).collect();
        inputs.push_all(&columns);
        inputs.explain(outcome, 0.95).unwrap()
    }

    #[test]
    fn intervals_cover_what_they_should() {
        // y = x + noise of three times its variance: the share is 1/4; beside it an input without effect, and a yes/no
        // that adds as much as x does.
        let (mut covered, mut nothing, mut yes_no, trials) = (0, 0, 0, 250);
        for seed in 0..trials {
            let columns = [column(seed, 600, 0), column(seed, 600, 1), column(seed, 600, 2)];
            let coin: Vec<f64> = columns[2].iter().map(|u| f64::from(u8::from(*u < 0.5))).collect();
            let noise = column(seed, 600, 3);
            let outcome: Vec<f64> =
                (0..600).map(|i| columns[0][i] + coin[i] / 3f64.sqrt() + 2f64.sqrt() * noise[i]).collect();
            let found = first(&[columns[0].clone(), columns[1].clone(), coin], &outcome);
            let holds = |estimate: Estimate, truth: f64| estimate.low <= truth && truth <= estimate.high;
            covered += u32::from(holds(found.first[0], 0.25));
            nothing += u32::from(holds(found.first[1], 0.0));
            yes_no += u32::from(holds(found.first[2], 0.25));
        }
        for share in [covered, nothing, yes_no].map(|count| f64::from(count) / trials as f64) {
            // Three standard deviations below 95 % are 90.9 %.
            assert!(share > 0.908, "{covered} {nothing} {yes_no} of {trials}");
        }
    }

    #[test]
    fn inputs_without_effect_add_up_to_nothing() {
        let columns: Vec<Vec<f64>> = (0..150).map(|which| column(5, 2000, which)).collect();
        let outcome: Vec<f64> = column(5, 2000, 999).iter().map(|u| (8.0 * u).exp()).collect();
        let mut inputs = Inputs::new(2000, &[], 1);
        let columns: Vec<_> = columns.iter().map(|column| (column.as_slice(), 0, false)).collect();
        inputs.push_all(&columns);
        let all = inputs.explain(&outcome, 0.95).unwrap().groups[0];
        assert!(all.low < 0.0 && all.high > 0.0 && all.high - all.low < 0.2, "{all:?}");
    }

    #[test]
    fn an_evidenced_input_answers_only_for_what_it_adds_to_the_account() {
        // Two accounts draw x from different halves of its range; the outcome knows the account and the place in the half.
        let (account, place) = (column(8, 4000, 0), column(8, 4000, 1));
        let accounts: Vec<u16> = account.iter().map(|u| u16::from(*u < 0.5)).collect();
        let x: Vec<f64> = accounts.iter().zip(&place).map(|(a, u)| f64::from(*a) + u).collect();
        let outcome: Vec<f64> =
            accounts.iter().zip(&place).map(|(a, u)| f64::from(*a) + u * 3f64.sqrt()).collect();
        let mut inputs = Inputs::new(4000, &accounts, 2);
        inputs.push_strata(0);
        inputs.push_all(&[(&x, 1, true)]);
        let found = inputs.explain(&outcome, 0.95).unwrap();
        // Both have a variance of 1/4.
        assert!((found.groups[0].value - 0.5).abs() < 0.03 && (found.groups[1].value - 0.5).abs() < 0.03);
        assert!(found.rest.value.abs() < 0.01, "{found:?}");
    }

    #[test]
    fn rows_without_a_value_are_left_out_and_too_few_rows_refused() {
        let x = column(1, 100, 0);
        let outcome: Vec<f64> = x.iter().map(|u| if *u < 0.3 { f64::NAN } else { *u }).collect();
        let there = outcome.iter().filter(|value| value.is_finite()).count();
        let found = first(std::slice::from_ref(&x), &outcome);
        assert_eq!(found.rows, there);
        assert!(found.first[0].value > 0.9);
        let columns: Vec<Vec<f64>> = (0..40).map(|which| column(1, 30, which)).collect();
        let mut inputs = Inputs::new(30, &[], 1);
        let columns: Vec<_> = columns.iter().map(|column| (column.as_slice(), 0, false)).collect();
        inputs.push_all(&columns);
        let refused = inputs.explain(&x[..30], 0.95).unwrap_err().to_string();
        assert!(refused.contains("there are 30 rows, and 41 are needed"), "{refused}");
        let constant = inputs.explain(&[4.0; 41], 0.95);
        assert!(constant.is_err());
    }
}
