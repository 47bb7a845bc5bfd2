//! Rows in classes of near-equal size by the value of one input, as given-data estimators need them.

/// Which class each row belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Partition {
    /// The class of each row, from 0.
    pub class: Vec<u32>,
    /// Number of classes, none of them empty.
    pub classes: usize,
    /// For each class, its class in the partition of half as many: neighbours in one stratum are joined in pairs, but a
    /// class of a single value stays alone.
    pub half: Vec<u32>,
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
        let classes = usize::from(rows > 0);
        Partition { class: vec![0; rows], classes, half: vec![0; classes] }
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
        // Of each class: its stratum, its place in it, and how many values it holds.
        let mut made: Vec<(usize, u128, usize)> = Vec::new();
        let by_stratum = order.chunk_by(|a, b| strata.class[*a as usize] == strata.class[*b as usize]);
        for (stratum, rows) in by_stratum.enumerate() {
            let wanted = wanted(rows.len()).min(rows.len()) as u128;
            let mut before = 0u128;
            for run in rows.chunk_by(|a, b| values[*a as usize] == values[*b as usize]) {
                // Ranks count from 1; the middle one of the run decides, twice it to stay whole.
                let twice_middle = 2 * before + run.len() as u128 + 1;
                let place = (twice_middle * wanted).div_ceil(2 * rows.len() as u128).max(1) - 1;
                match made.last_mut() {
                    Some((last, at, held)) if *last == stratum && *at == place => *held += 1,
                    _ => made.push((stratum, place, 1)),
                }
                for row in run {
                    class[*row as usize] = made.len() as u32 - 1;
                }
                before += run.len() as u128;
            }
        }
        let mut half: Vec<u32> = Vec::with_capacity(made.len());
        for (at, (stratum, place, held)) in made.iter().enumerate() {
            let joined = at > 0 && *held > 1 && {
                let (before, place_before, held_before) = made[at - 1];
                before == *stratum && place_before / 2 == place / 2 && held_before > 1
            };
            let last = half.last().copied();
            half.push(last.map_or(0, |last| if joined { last } else { last + 1 }));
        }
        Partition { class, classes: made.len(), half }
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
        assert_eq!(found.half, [0, 0, 1, 1]);
    }

    #[test]
    fn equal_values_stay_together() {
        let values = [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 2.0, 3.0];
        let found = Partition::of_values(&values, &Partition::whole(10), |_| 5);
        assert_eq!(found.class, [0, 0, 0, 0, 0, 0, 1, 1, 2, 2]);
        assert_eq!(found.half, [0, 1, 2]);
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
