//! Rows in classes of near-equal size by the value of one input, as given-data estimators need them.

/// Which class each row belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Partition {
    /// The class of each row, from 0.
    pub class: Vec<u32>,
    /// Number of classes, none of them empty.
    pub classes: usize,
}

/// The number of classes for this many rows: the rule of Plischke, Borgonovo and Smith (2013), as SALib has it; 22 for
/// 10,000 rows, never more than 48.
pub(super) fn wanted_classes(rows: usize) -> usize {
    let n = rows as f64;
    let exponent = 2.0 / (7.0 + ((1500.0 - n) / 500.0).tanh());
    (n.powf(exponent).ceil() as usize).clamp(1, 48)
}

impl Partition {
    /// All rows in one class.
    pub fn whole(rows: usize) -> Partition {
        Partition { class: vec![0; rows], classes: usize::from(rows > 0) }
    }

    /// The classes of a column of levels, such as accounts.
    pub fn of_levels(levels: &[u16]) -> Partition {
        let values: Vec<f64> = levels.iter().map(|level| f64::from(*level)).collect();
        Partition::of_values(&values, &Partition::whole(values.len()), |_| usize::MAX)
    }

    /// Classes of near-equal size by value, within each class of `strata`; `wanted` gives their number for a number of
    /// rows. Rows of equal value stay together, in the class of their middle rank, so that a yes/no makes two classes
    /// and a value that many rows share one of its own.
    pub fn of_values(values: &[f64], strata: &Partition, wanted: impl Fn(usize) -> usize) -> Partition {
        let mut order: Vec<u32> = (0..values.len() as u32).collect();
        order.sort_unstable_by(|a, b| {
            let (a, b) = (*a as usize, *b as usize);
            (strata.class[a].cmp(&strata.class[b])).then(values[a].total_cmp(&values[b])).then(a.cmp(&b))
        });
        let mut class = vec![0u32; values.len()];
        let mut classes = 0;
        for stratum in order.chunk_by(|a, b| strata.class[*a as usize] == strata.class[*b as usize]) {
            let wanted = wanted(stratum.len()).min(stratum.len()) as u128;
            let (mut before, mut open) = (0u128, None);
            for run in stratum.chunk_by(|a, b| values[*a as usize] == values[*b as usize]) {
                // Ranks count from 1; the middle one of the run decides, twice it to stay whole.
                let twice_middle = 2 * before + run.len() as u128 + 1;
                let at = (twice_middle * wanted).div_ceil(2 * stratum.len() as u128).max(1) - 1;
                if open != Some(at) {
                    open = Some(at);
                    classes += 1;
                }
                for row in run {
                    class[*row as usize] = classes - 1;
                }
                before += run.len() as u128;
            }
        }
        Partition { class, classes: classes as usize }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_of_distinct_values_are_of_equal_size() {
        let values: Vec<f64> = (0..100).map(|i| f64::from(i * 37 % 100)).collect();
        let found = Partition::of_values(&values, &Partition::whole(100), |_| 4);
        assert_eq!(found.classes, 4);
        for (value, class) in values.iter().zip(&found.class) {
            assert_eq!(*class, *value as u32 / 25);
        }
    }

    #[test]
    fn equal_values_stay_together() {
        let values = [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 2.0, 3.0];
        let found = Partition::of_values(&values, &Partition::whole(10), |_| 5);
        assert_eq!(found.class, [0, 0, 0, 0, 0, 0, 1, 1, 2, 2]);
        assert_eq!(Partition::of_levels(&[7, 3, 3, 7]).class, [1, 0, 0, 1]);
    }

    #[test]
    fn classes_keep_to_their_stratum() {
        let strata = Partition::of_levels(&[0, 0, 0, 0, 1, 1, 1, 1]);
        let values = [1.0, 2.0, 3.0, 4.0, 1.0, 1.0, 9.0, 9.0];
        let found = Partition::of_values(&values, &strata, |rows| rows / 2);
        assert_eq!(found.class, [0, 0, 1, 1, 2, 2, 3, 3]);
        assert_eq!(found.classes, 4);
    }

    #[test]
    fn more_rows_make_more_classes_up_to_a_bound() {
        assert_eq!(wanted_classes(10_000), 22);
        assert_eq!(wanted_classes(10_000_000), 48);
        assert_eq!(wanted_classes(0), 1);
    }
}
