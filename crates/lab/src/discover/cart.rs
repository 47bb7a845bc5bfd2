//! CART: a classification tree whose leaves are boxes, as a second view beside PRIM.

use super::limits::{restricted, whole_table};
use super::{Bounds, DiscoverError, Inputs, Limit, Step, Values};

/// Grows a classification tree (Breiman, Friedman, Olshen and Stone 1984) by the Gini index until leaves are pure or a
/// split would leave a leaf with less than `mass_min` of the rows, and gives its leaves from left to right.
///
/// The tree is the one that EMA Workbench grows with scikit-learn, except where several splits are equally good: there
/// scikit-learn takes one by chance, and this takes the first input's smallest cut. Numbers are cut halfway between two
/// values; a category is split into one level and the rest. A leaf on the right of such a split holds that level alone
/// (EMA Workbench's boxes forget that).
///
/// # Errors
/// The outcome has another length than the table or is constant, or `mass_min` is not from 0 to 1.
pub fn cart(inputs: &Inputs, happens: &[bool], mass_min: f64) -> Result<Vec<Step>, DiscoverError> {
    if !(0.0..=1.0).contains(&mass_min) {
        return Err(DiscoverError::Option {
            name: "mass-min",
            value: mass_min.to_string(),
            expected: "from 0 to 1",
        });
    }
    inputs.check_outcome(happens)?;
    let whole = whole_table(inputs);
    let tree = Tree {
        inputs,
        happens,
        cases: happens.iter().filter(|yes| **yes).count(),
        least: ((mass_min * inputs.rows() as f64) as usize).max(1),
        whole: &whole,
    };
    let mut leaves = Vec::new();
    tree.grow((0..inputs.rows()).collect(), whole.clone(), &mut leaves);
    Ok(leaves)
}

struct Tree<'a> {
    inputs: &'a Inputs,
    happens: &'a [bool],
    cases: usize,
    /// Rows that a leaf must hold.
    least: usize,
    whole: &'a Bounds,
}

/// A way to part rows in two: the limit of the left part and that of the right one.
struct Split {
    at: usize,
    left: Limit,
    right: Limit,
    /// Cases² and others² over rows, summed over both parts: the larger, the purer.
    purity: f64,
}

impl Tree<'_> {
    fn grow(&self, rows: Vec<usize>, bounds: Bounds, leaves: &mut Vec<Step>) {
        let cases = rows.iter().filter(|&&row| self.happens[row]).count();
        let pure = cases == 0 || cases == rows.len();
        let split =
            if pure || rows.len() < 2 * self.least { None } else { self.split(&rows, cases, &bounds) };
        let Some(split) = split else {
            leaves.push(Step {
                restricted: restricted(&bounds, self.whole),
                rows: rows.len(),
                cases,
                coverage: cases as f64 / self.cases as f64,
                density: cases as f64 / rows.len() as f64,
                mass: rows.len() as f64 / self.happens.len() as f64,
                bounds,
            });
            return;
        };
        let values = &self.inputs.columns()[split.at].values;
        let goes_left = |row: &usize| match (values, &split.left) {
            (Values::Real(numbers) | Values::Whole(numbers), Limit::Range { high, .. }) => {
                numbers[*row] <= *high
            }
            (Values::Levels { of, .. }, Limit::Levels(allowed)) => allowed[of[*row]],
            _ => unreachable!("a limit of another kind than its input"),
        };
        let (left, right): (Vec<usize>, Vec<usize>) = rows.into_iter().partition(goes_left);
        let mut left_bounds = bounds.clone();
        left_bounds[split.at] = split.left;
        let mut right_bounds = bounds;
        right_bounds[split.at] = split.right;
        self.grow(left, left_bounds, leaves);
        self.grow(right, right_bounds, leaves);
    }

    /// The split that leaves the parts purest; numbers come before levels, and the first of equals wins.
    fn split(&self, rows: &[usize], cases: usize, bounds: &Bounds) -> Option<Split> {
        let mut best: Option<Split> = None;
        let mut consider = |split: Split| {
            if best.as_ref().is_none_or(|best| split.purity > best.purity) {
                best = Some(split);
            }
        };
        for (at, column) in self.inputs.columns().iter().enumerate() {
            if let Values::Real(numbers) | Values::Whole(numbers) = &column.values {
                self.cuts(at, numbers, rows, cases, &bounds[at], &mut consider);
            }
        }
        for (at, column) in self.inputs.columns().iter().enumerate() {
            if let (Values::Levels { of, .. }, Limit::Levels(allowed)) = (&column.values, &bounds[at]) {
                self.levels(at, of, rows, cases, allowed, &mut consider);
            }
        }
        best
    }

    fn cuts(
        &self,
        at: usize,
        numbers: &[f64],
        rows: &[usize],
        cases: usize,
        limit: &Limit,
        consider: &mut impl FnMut(Split),
    ) {
        let Limit::Range { low, high } = *limit else { return };
        let mut sorted: Vec<(f64, bool)> =
            rows.iter().map(|&row| (numbers[row], self.happens[row])).collect();
        sorted.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        let mut left_cases = 0;
        for left in 1..sorted.len() {
            left_cases += usize::from(sorted[left - 1].1);
            let (below, above) = (sorted[left - 1].0, sorted[left].0);
            if below == above || left < self.least || sorted.len() - left < self.least {
                continue;
            }
            let middle = below / 2.0 + above / 2.0;
            let cut = if middle >= above { below } else { middle };
            consider(Split {
                at,
                left: Limit::Range { low, high: cut },
                right: Limit::Range { low: cut, high },
                purity: purity(left, left_cases) + purity(sorted.len() - left, cases - left_cases),
            });
        }
    }

    fn levels(
        &self,
        at: usize,
        of: &[usize],
        rows: &[usize],
        cases: usize,
        allowed: &[bool],
        consider: &mut impl FnMut(Split),
    ) {
        for level in (0..allowed.len()).filter(|&level| allowed[level]) {
            let there = rows.iter().filter(|&&row| of[row] == level);
            let (count, there_cases) =
                there.fold((0, 0), |(rows, cases), &row| (rows + 1, cases + usize::from(self.happens[row])));
            if count < self.least || rows.len() - count < self.least {
                continue;
            }
            let mut others = allowed.to_vec();
            others[level] = false;
            let mut alone = vec![false; allowed.len()];
            alone[level] = true;
            consider(Split {
                at,
                left: Limit::Levels(others),
                right: Limit::Levels(alone),
                purity: purity(count, there_cases) + purity(rows.len() - count, cases - there_cases),
            });
        }
    }
}

fn purity(rows: usize, cases: usize) -> f64 {
    let (cases, others) = (cases as f64, (rows - cases) as f64);
    (cases * cases + others * others) / rows as f64
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::discover::Input;

    fn input(name: &str, values: Values) -> Input {
        Input { name: name.to_owned(), values }
    }

    #[test]
    fn a_corner_and_a_level_are_found_as_one_pure_leaf() {
        let rows = 400;
        let x: Vec<f64> = (0..rows).map(|i| f64::from(i % 20) / 20.0).collect();
        let account: Vec<&str> = (0..rows).map(|i| ["home", "abroad"][i as usize / 20 % 2]).collect();
        let happens: Vec<bool> = x.iter().zip(&account).map(|(x, a)| *x >= 0.5 && *a == "abroad").collect();
        let inputs = Inputs::new(vec![
            input("x", Values::Real(x)),
            input("account", Values::levels(account.iter().copied())),
        ])
        .unwrap();
        let leaves = cart(&inputs, &happens, 0.05).unwrap();
        let leaf = leaves.iter().find(|leaf| leaf.cases > 0).unwrap();
        assert_eq!((leaf.coverage, leaf.density), (1.0, 1.0));
        assert_eq!(leaf.bounds[0], Limit::Range { low: 0.475, high: 0.95 });
        assert_eq!(leaf.bounds[1], Limit::Levels(vec![true, false]));
    }

    proptest! {
        #[test]
        fn the_leaves_of_a_tree_share_out_all_rows_and_none_is_too_small(
            rows in prop::collection::vec((0.0f64..1.0, 0i32..4, 0usize..3, any::<bool>()), 20..120),
        ) {
            let happens: Vec<bool> = rows.iter().map(|row| row.3).collect();
            prop_assume!(happens.contains(&true) && happens.contains(&false));
            let inputs = Inputs::new(vec![
                input("real", Values::Real(rows.iter().map(|row| row.0).collect())),
                input("whole", Values::Whole(rows.iter().map(|row| f64::from(row.1)).collect())),
                input("level", Values::levels(rows.iter().map(|row| ["a", "b", "c"][row.2]))),
            ]).unwrap();
            let leaves = cart(&inputs, &happens, 0.1).unwrap();
            prop_assert_eq!(leaves.iter().map(|leaf| leaf.rows).sum::<usize>(), rows.len());
            prop_assert!((leaves.iter().map(|leaf| leaf.coverage).sum::<f64>() - 1.0).abs() < 1e-12);
            for leaf in &leaves {
                prop_assert!(leaf.rows >= rows.len() / 10);
            }
        }
    }
}
