//! The dual simplex for linear programmes in which everything has finite bounds, re-solved from any basis.
//!
//! Rows are sums of variables between two bounds; each row has a variable of its own, minus its sum. As every bound is
//! finite, a variable outside the basis can always lie at the bound its reduced cost asks for, so that any basis is
//! dual feasible, as in [`super::simplex`]. The inverse is kept as a product of elementary matrices (Dantzig and
//! Orchard-Hays 1954, recalled), made anew in an order that leaves networks without fill: rows with a single column
//! first. A row that cannot be brought within its bounds is a proof that nothing fits (Farkas 1902, recalled).

/// Why there is no solution.
#[derive(Debug)]
pub(super) enum Stuck {
    /// These bounds exclude each other: the variable, and whether it is its upper bound.
    Bounds(Vec<(usize, bool)>),
    /// The pivots allowed were used up.
    Pivots(usize),
}

/// A programme with its basis. Variables from `columns` on belong to the rows.
#[derive(Clone, Debug)]
pub(super) struct Linear {
    pub(super) low: Vec<f64>,
    pub(super) high: Vec<f64>,
    pub(super) cost: Vec<f64>,
    pub(super) value: Vec<f64>,
    /// What one more unit of a variable costs, given the prices of the rows; 0 in the basis.
    pub(super) reduced: Vec<f64>,
    /// Where the entries of each column begin, and where the last one ends.
    begins: Vec<usize>,
    entries: Vec<(usize, f64)>,
    columns: usize,
    /// The basic variable of each row.
    basic: Vec<usize>,
    in_basis: Vec<bool>,
    at_high: Vec<bool>,
    factors: Vec<Factor>,
    /// Factors left by the last inversion.
    inverted: usize,
}

/// An elementary matrix: the identity but for one column.
#[derive(Clone, Debug)]
struct Factor {
    row: usize,
    pivot: f64,
    others: Vec<(usize, f64)>,
}

/// A variable, the bounds between which it lies, its cost, and its entries by row.
pub(super) struct Column {
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) cost: f64,
    pub(super) entries: Vec<(usize, f64)>,
}

/// Pivots after which the inverse is made anew.
const PATIENCE_WITH_FACTORS: usize = 64;
/// Entries of a row smaller than this are nothing.
const SMALLEST_PIVOT: f64 = 1e-9;

impl Linear {
    /// A programme of `columns` whose rows lie between these bounds.
    pub(super) fn new(columns: Vec<Column>, rows: &[(f64, f64)]) -> Linear {
        let (n, m) = (columns.len(), rows.len());
        let mut linear = Linear {
            low: columns.iter().map(|c| c.low).chain(rows.iter().map(|r| -r.1)).collect(),
            high: columns.iter().map(|c| c.high).chain(rows.iter().map(|r| -r.0)).collect(),
            cost: columns.iter().map(|c| c.cost).chain(std::iter::repeat_n(0.0, m)).collect(),
            value: vec![0.0; n + m],
            reduced: vec![0.0; n + m],
            begins: vec![0],
            entries: Vec::new(),
            columns: n,
            basic: (n..n + m).collect(),
            in_basis: (0..n + m).map(|v| v >= n).collect(),
            at_high: vec![false; n + m],
            factors: Vec::new(),
            inverted: 0,
        };
        let own = (0..m).map(|row| vec![(row, 1.0)]);
        for entries in columns.into_iter().map(|c| c.entries).chain(own) {
            linear.entries.extend(entries);
            linear.begins.push(linear.entries.len());
        }
        linear
    }

    /// The variable that is minus a row's sum.
    pub(super) fn of_row(&self, row: usize) -> usize {
        self.columns + row
    }

    /// What one more unit on a row's right-hand side costs.
    pub(super) fn row_price(&self, row: usize) -> f64 {
        -self.reduced[self.of_row(row)]
    }

    /// Bounds a row's sum.
    pub(super) fn bound_row(&mut self, row: usize, least: f64, most: f64) {
        let variable = self.of_row(row);
        (self.low[variable], self.high[variable]) = (-most, -least);
    }

    /// Finds the cheapest solution from the present basis, and says how many pivots it took.
    pub(super) fn solve(&mut self) -> Result<usize, Stuck> {
        let rows = self.basic.len();
        if self.factors.len() > self.inverted + PATIENCE_WITH_FACTORS {
            self.invert();
        }
        self.settle();
        let largest = self.high.iter().chain(&self.low).fold(0.0_f64, |most, b| most.max(b.abs()));
        let tolerance = 1e-10 * largest;
        let patience = 20 * (rows + self.columns);
        let (mut row, mut column) = (vec![0.0; self.value.len()], vec![0.0; rows]);
        for pivot in 0..20 * patience {
            if self.factors.len() > self.inverted + PATIENCE_WITH_FACTORS {
                self.invert();
                self.settle();
            }
            let Some((place, too_high)) = self.leaving(tolerance, pivot >= patience) else {
                if pivot > 0 {
                    // The rounding of many steps is taken out of the answer, which may ask for a few more.
                    self.settle();
                    if self.leaving(tolerance, false).is_some() {
                        continue;
                    }
                }
                self.finish();
                return Ok(pivot);
            };
            self.row_of_inverse(place, &mut row);
            let Some(entering) = self.entering(&row, too_high, pivot >= patience) else {
                return Err(Stuck::Bounds(self.proof(place, too_high, &row)));
            };
            column.fill(0.0);
            for &(r, a) in self.column(entering) {
                column[r] += a;
            }
            self.forward(&mut column);
            let stale = (column[place] - row[entering]).abs() > 1e-7 * (1.0 + row[entering].abs());
            if stale && self.factors.len() > self.inverted {
                self.invert();
                self.settle();
                continue;
            }
            self.exchange(place, too_high, entering, &row, &column);
        }
        Err(Stuck::Pivots(20 * patience))
    }

    fn column(&self, variable: usize) -> &[(usize, f64)] {
        &self.entries[self.begins[variable]..self.begins[variable + 1]]
    }

    /// Reduced costs from the basis, the bounds they ask for, and the basic values that follow.
    fn settle(&mut self) {
        let mut prices: Vec<f64> = self.basic.iter().map(|&v| self.cost[v]).collect();
        self.backward(&mut prices);
        let mut right = vec![0.0; self.basic.len()];
        for variable in 0..self.value.len() {
            if self.in_basis[variable] {
                self.reduced[variable] = 0.0;
                continue;
            }
            let charged: f64 = self.column(variable).iter().map(|&(r, a)| prices[r] * a).sum();
            let reduced = self.cost[variable] - charged;
            self.reduced[variable] = reduced;
            // Less than rounding could have made keeps its bound.
            if reduced.abs() > 1e-12 * (1.0 + self.cost[variable].abs() + charged.abs()) {
                self.at_high[variable] = reduced < 0.0;
            }
            let value = if self.at_high[variable] { self.high[variable] } else { self.low[variable] };
            self.value[variable] = value;
            if value != 0.0 {
                for &(r, a) in &self.entries[self.begins[variable]..self.begins[variable + 1]] {
                    right[r] -= a * value;
                }
            }
        }
        self.forward(&mut right);
        for (&variable, &value) in self.basic.iter().zip(&right) {
            self.value[variable] = value;
        }
    }

    /// The row whose basic variable is farthest out of its bounds, and whether above; or, when patience has run out,
    /// the one of lowest index (the rule of Bland 1977, recalled, which cannot cycle).
    fn leaving(&self, tolerance: f64, by_index: bool) -> Option<(usize, bool)> {
        let mut best: Option<(usize, bool)> = None;
        let mut most = tolerance;
        for (place, &variable) in self.basic.iter().enumerate() {
            let above = self.value[variable] - self.high[variable];
            let below = self.low[variable] - self.value[variable];
            let out = above.max(below);
            let better = match best {
                Some((other, _)) if by_index => out > tolerance && variable < self.basic[other],
                _ => out > most,
            };
            if better {
                best = Some((place, above > below));
                most = out;
            }
        }
        best
    }

    /// Writes the row of the tableau at `place`: for each variable outside the basis, what it takes there.
    fn row_of_inverse(&self, place: usize, row: &mut [f64]) {
        let mut unit = vec![0.0; self.basic.len()];
        unit[place] = 1.0;
        self.backward(&mut unit);
        for (variable, entry) in row.iter_mut().enumerate() {
            *entry = if self.in_basis[variable] {
                0.0
            } else {
                self.column(variable).iter().map(|&(r, a)| unit[r] * a).sum()
            };
        }
    }

    /// The variable that brings the row back at the lowest price for each unit.
    fn entering(&self, row: &[f64], too_high: bool, by_index: bool) -> Option<usize> {
        let mut best = None;
        let (mut least, mut size) = (f64::INFINITY, 0.0);
        for (variable, &entry) in row.iter().enumerate() {
            if entry.abs() < SMALLEST_PIVOT || self.low[variable] == self.high[variable] {
                continue;
            }
            // More of the variable takes from the basic one where the entry is positive.
            if (entry > 0.0) == (self.at_high[variable] != too_high) {
                let price = self.reduced[variable].abs() / entry.abs();
                let tie = (price - least).abs() <= 1e-12 * (1.0 + least);
                if (!tie && price < least) || (tie && !by_index && entry.abs() > size) {
                    (least, size, best) = (price, entry.abs(), Some(variable));
                }
            }
        }
        best
    }

    fn exchange(&mut self, place: usize, too_high: bool, entering: usize, row: &[f64], column: &[f64]) {
        let leaving = self.basic[place];
        let bound = if too_high { self.high[leaving] } else { self.low[leaving] };
        let step = (self.value[leaving] - bound) / column[place];
        for (&variable, &share) in self.basic.iter().zip(column) {
            self.value[variable] -= share * step;
        }
        self.value[entering] += step;
        self.value[leaving] = bound;
        let price = self.reduced[entering] / row[entering];
        for (reduced, &entry) in self.reduced.iter_mut().zip(row) {
            *reduced -= price * entry;
        }
        self.reduced[entering] = 0.0;
        self.reduced[leaving] = -price;
        self.at_high[leaving] = too_high;
        self.in_basis[leaving] = false;
        self.in_basis[entering] = true;
        self.basic[place] = entering;
        self.factors.push(Factor::of(place, column));
    }

    /// The bounds that exclude each other: what the row at `place` needs, and the bounds all others stand at.
    fn proof(&self, place: usize, too_high: bool, row: &[f64]) -> Vec<(usize, bool)> {
        let standing = row.iter().enumerate().filter(|(_, entry)| entry.abs() >= SMALLEST_PIVOT);
        let bound = |(variable, &entry): (usize, &f64)| (variable, (entry > 0.0) == too_high);
        // A variable that cannot move stands at both its bounds: the one that excludes is the one it would pass.
        let mut bounds: Vec<(usize, bool)> = standing.map(bound).collect();
        bounds.push((self.basic[place], too_high));
        bounds
    }

    /// Multiplies by the inverse of the basis.
    fn forward(&self, vector: &mut [f64]) {
        for factor in &self.factors {
            let at = vector[factor.row];
            if at != 0.0 {
                let at = at / factor.pivot;
                vector[factor.row] = at;
                for &(r, a) in &factor.others {
                    vector[r] -= a * at;
                }
            }
        }
    }

    /// Multiplies the inverse of the basis from the left.
    fn backward(&self, vector: &mut [f64]) {
        for factor in self.factors.iter().rev() {
            let known: f64 = factor.others.iter().map(|&(r, a)| vector[r] * a).sum();
            vector[factor.row] = (vector[factor.row] - known) / factor.pivot;
        }
    }

    /// Makes the inverse anew. Variables of rows stand in their own rows; the others are taken in an order that peels
    /// off rows with a single column, then by fewest free rows.
    fn invert(&mut self) {
        let rows = self.basic.len();
        let mut free = vec![true; rows];
        let mut placed = vec![usize::MAX; rows];
        let mut waiting: Vec<usize> = Vec::new();
        for &variable in &self.basic {
            match variable.checked_sub(self.columns) {
                Some(row) => (free[row], placed[row]) = (false, variable),
                None => waiting.push(variable),
            }
        }
        let mut users: Vec<Vec<usize>> = vec![Vec::new(); rows];
        for &variable in &waiting {
            for &(r, _) in self.column(variable) {
                users[r].push(variable);
            }
        }
        let mut taken = vec![false; self.columns];
        let mut count: Vec<usize> = users.iter().map(Vec::len).collect();
        let mut single: Vec<usize> = (0..rows).filter(|&r| free[r] && count[r] == 1).collect();
        let mut order: Vec<(usize, Option<usize>)> = Vec::with_capacity(waiting.len());
        while let Some(row) = single.pop() {
            let Some(&variable) = users[row].iter().find(|v| !taken[**v]).filter(|_| free[row]) else {
                continue;
            };
            taken[variable] = true;
            free[row] = false;
            order.push((variable, Some(row)));
            for &(r, _) in self.column(variable) {
                count[r] -= 1;
                if free[r] && count[r] == 1 {
                    single.push(r);
                }
            }
        }
        let mut rest: Vec<usize> = waiting.into_iter().filter(|v| !taken[*v]).collect();
        rest.sort_by_key(|&v| self.column(v).iter().filter(|(r, _)| free[*r]).count());
        order.extend(rest.into_iter().map(|v| (v, None)));

        self.factors.clear();
        let mut column = vec![0.0; rows];
        let mut lost = Vec::new();
        for (variable, row) in order {
            column.fill(0.0);
            for &(r, a) in self.column(variable) {
                column[r] += a;
            }
            self.forward(&mut column);
            let widest = || {
                (0..rows).filter(|&r| free[r]).max_by(|&a, &b| column[a].abs().total_cmp(&column[b].abs()))
            };
            let row = row.or_else(widest).filter(|&r| column[r].abs() > SMALLEST_PIVOT);
            match row {
                Some(row) => {
                    (free[row], placed[row]) = (false, variable);
                    self.factors.push(Factor::of(row, &column));
                }
                None => lost.push(variable),
            }
        }
        // Rounding can make a basis singular: what was lost leaves it, and the rows left over take their own.
        for variable in lost {
            self.in_basis[variable] = false;
        }
        for (row, place) in placed.iter_mut().enumerate().filter(|(_, v)| **v == usize::MAX) {
            *place = self.columns + row;
            self.in_basis[*place] = true;
        }
        self.basic = placed;
        self.inverted = self.factors.len();
    }

    fn finish(&mut self) {
        for variable in 0..self.value.len() {
            self.value[variable] = self.value[variable].max(self.low[variable]).min(self.high[variable]);
        }
    }
}

impl Factor {
    fn of(row: usize, column: &[f64]) -> Factor {
        let others = column.iter().enumerate().filter(|&(r, a)| r != row && a.abs() > 1e-14);
        Factor { row, pivot: column[row], others: others.map(|(r, &a)| (r, a)).collect() }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn column(high: f64, cost: f64, entries: &[(usize, f64)]) -> Column {
        Column { low: 0.0, high, cost, entries: entries.to_vec() }
    }

    /// Two goods from two scarce materials: the best mix lies where both run out.
    fn mix() -> Linear {
        let columns =
            vec![column(100.0, -3.0, &[(0, 1.0), (1, 1.0)]), column(100.0, -2.0, &[(0, 1.0), (1, 3.0)])];
        Linear::new(columns, &[(0.0, 4.0), (0.0, 6.0)])
    }

    #[test]
    fn the_best_mix_uses_what_is_scarce_and_prices_it() {
        let mut mix = mix();
        mix.solve().unwrap();
        assert_eq!(mix.value[..2], [4.0, 0.0]);
        assert_eq!(mix.row_price(0), -3.0);
        mix.cost[1] = -5.0;
        mix.solve().unwrap();
        assert!((mix.value[0] - 3.0).abs() < 1e-12 && (mix.value[1] - 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_changed_bound_is_met_from_the_last_basis() {
        let mut mix = mix();
        mix.cost[1] = -5.0;
        mix.solve().unwrap();
        mix.bound_row(1, 0.0, 4.0);
        assert!(mix.solve().unwrap() <= 1);
        assert!((mix.value[0] - 4.0).abs() < 1e-12 && mix.value[1].abs() < 1e-12);
    }

    #[test]
    fn bounds_that_exclude_each_other_are_told() {
        let mut mix = mix();
        mix.bound_row(0, 0.0, 1.0);
        mix.low[1] = 2.0;
        match mix.solve() {
            Err(Stuck::Bounds(mut bounds)) => {
                bounds.sort_unstable();
                let row = mix.of_row(0);
                // The first good at its floor of 0, the second at 2, the row, which is minus its sum, at −1.
                assert_eq!(bounds, [(0, false), (1, false), (row, false)]);
            }
            other => panic!("{other:?}"),
        }
    }
}
