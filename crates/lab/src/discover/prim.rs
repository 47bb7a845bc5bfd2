//! PRIM: peeling, pasting, covering.
//!
//! Columns are sorted once; a peel then looks only at the rows it would give up, and what is left of each column stays
//! sorted. So a box of n rows and d inputs costs about n·d/α steps after sorting.

use rayon::prelude::*;

use super::limits::{keeps, restricted, whole_table};
use super::objective::Count;
use super::{Bounds, DiscoverError, Inputs, Limit, Objective, Values};

/// How boxes are looked for. The defaults are EMA Workbench's.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PrimOptions {
    /// Share of the box's rows that a peel gives up, strictly between 0 and 1.
    pub peel_alpha: f64,
    /// Share of the rows beyond a limit that a paste takes in, strictly between 0 and 1.
    pub paste_alpha: f64,
    /// The smallest share of all rows that a box may hold, from 0 to 1.
    pub mass_min: f64,
    /// What makes a peel good.
    pub objective: Objective,
    /// Boxes to look for, one after the other, each in the rows that no earlier one holds.
    pub boxes: usize,
}

impl Default for PrimOptions {
    fn default() -> PrimOptions {
        PrimOptions {
            peel_alpha: 0.05,
            paste_alpha: 0.05,
            mass_min: 0.05,
            objective: Objective::Lenient1,
            boxes: 1,
        }
    }
}

/// A box on its way from the whole table to the smallest: one step of the trade-off between coverage and density.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Its limits, one per input.
    pub bounds: Bounds,
    /// The inputs (indices) whose limits differ from those of the whole table.
    pub restricted: Vec<usize>,
    /// Rows in it.
    pub rows: usize,
    /// Rows of interest in it.
    pub cases: usize,
    /// Share of all rows of interest that it holds.
    pub coverage: f64,
    /// Share of its rows that are of interest.
    pub density: f64,
    /// Share of all rows that it holds.
    pub mass: f64,
}

/// A box with the steps that led to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The smallest box that holds the whole table.
    pub whole: Bounds,
    /// From the unrestricted box to the one found, which is the last: as in EMA Workbench, what pasting adds comes last.
    pub steps: Vec<Step>,
    /// The rows it was looked for in: those that no earlier box holds.
    pub among: Vec<usize>,
}

impl Found {
    /// The box found.
    #[must_use]
    pub fn last(&self) -> &Step {
        &self.steps[self.last_step()]
    }

    /// The number of the last step.
    #[must_use]
    pub fn last_step(&self) -> usize {
        self.steps.len() - 1
    }
}

/// Looks for boxes in which rows of interest are dense.
///
/// Covering ends early where no row of interest is left. (EMA Workbench would go on with boxes of nothing.) A column
/// with a single level is left unrestricted.
///
/// # Errors
/// The outcome has another length than the table or is constant, or an option is out of its range.
pub fn prim(inputs: &Inputs, happens: &[bool], options: &PrimOptions) -> Result<Vec<Found>, DiscoverError> {
    let found = prim_choosing(inputs, happens, options, |found| Ok::<_, DiscoverError>(found.last_step()))?;
    Ok(found.into_iter().map(|(found, _)| found).collect())
}

/// As [`prim`], but of each box the step (an index) that `choose` names is the one that is meant, and the next box is
/// looked for in the rows that this step leaves (as after `select` in EMA Workbench).
///
/// # Errors
/// As [`prim`], or `choose` has none to name.
pub fn prim_choosing<E: From<DiscoverError>>(
    inputs: &Inputs,
    happens: &[bool],
    options: &PrimOptions,
    choose: impl FnMut(&Found) -> Result<usize, E>,
) -> Result<Vec<(Found, usize)>, E> {
    options.check()?;
    inputs.check_outcome(happens)?;
    boxes(inputs, happens, options, choose)
}

impl PrimOptions {
    fn check(&self) -> Result<(), DiscoverError> {
        let wrong = |name, value: f64, expected| {
            Err(DiscoverError::Option { name, value: value.to_string(), expected })
        };
        for (name, value) in [("alpha", self.peel_alpha), ("paste-alpha", self.paste_alpha)] {
            if !(value > 0.0 && value < 1.0) {
                return wrong(name, value, "above 0 and below 1");
            }
        }
        if !(0.0..=1.0).contains(&self.mass_min) {
            return wrong("mass-min", self.mass_min, "from 0 to 1");
        }
        if self.boxes == 0 {
            return wrong("boxes", 0.0, "at least 1");
        }
        Ok(())
    }
}

/// As [`prim_choosing`], of a table and options that have been checked; a constant outcome gives the unrestricted box.
pub(super) fn boxes<E>(
    inputs: &Inputs,
    happens: &[bool],
    options: &PrimOptions,
    mut choose: impl FnMut(&Found) -> Result<usize, E>,
) -> Result<Vec<(Found, usize)>, E> {
    let search = Search::new(inputs, happens, options);
    let mut remaining = vec![true; inputs.rows()];
    let mut found: Vec<(Found, usize)> = Vec::new();
    while found.len() < options.boxes {
        let among: Vec<usize> = (0..remaining.len()).filter(|&row| remaining[row]).collect();
        if among.is_empty() || (!found.is_empty() && !among.iter().any(|&row| happens[row])) {
            break;
        }
        let next = search.find(&among, &remaining);
        let chosen = choose(&next)?;
        let step = &next.steps[chosen];
        for row in among {
            remaining[row] &= !holds(inputs, &step.bounds, &step.restricted, row);
        }
        found.push((next, chosen));
    }
    Ok(found)
}

/// Whether a box holds a row.
pub(super) fn holds(inputs: &Inputs, bounds: &[Limit], restricted: &[usize], row: usize) -> bool {
    restricted.iter().all(|&at| keeps(&inputs.columns()[at].values, row, &bounds[at]))
}

/// One value of a sorted column.
#[derive(Debug, Clone, Copy)]
struct Entry {
    value: f64,
    row: u32,
    case: bool,
}

/// A change of one limit, and the box that it leads to.
#[derive(Debug)]
struct Change {
    at: usize,
    limit: Limit,
    count: Count,
}

/// A box while it is peeled: its limits, its rows, and its columns still sorted.
struct Peeled {
    bounds: Bounds,
    count: Count,
    rows: Vec<u32>,
    sorted: Vec<Vec<Entry>>,
}

/// What stays the same while boxes are looked for.
struct Search<'a> {
    inputs: &'a Inputs,
    happens: &'a [bool],
    options: &'a PrimOptions,
    cases: usize,
    whole: Bounds,
    /// Candidates come in this order, and the first of equals wins: numbers, whole numbers, levels.
    reals: Vec<usize>,
    wholes: Vec<usize>,
    levels: Vec<usize>,
    /// Every numeric column in ascending order; empty for levels.
    sorted: Vec<Vec<Entry>>,
}

impl<'a> Search<'a> {
    fn new(inputs: &'a Inputs, happens: &'a [bool], options: &'a PrimOptions) -> Search<'a> {
        let columns = inputs.columns();
        let whole = whole_table(inputs);
        let of_kind = |wanted: fn(&Values, &Limit) -> bool| -> Vec<usize> {
            (0..columns.len()).filter(|&at| wanted(&columns[at].values, &whole[at])).collect()
        };
        let several = |limit: &Limit| match limit {
            Limit::Levels(there) => there.iter().filter(|yes| **yes).count() > 1,
            Limit::Range { .. } => true,
        };
        Search {
            reals: of_kind(|values, _| matches!(values, Values::Real(_))),
            wholes: of_kind(|values, _| matches!(values, Values::Whole(_))),
            levels: (0..columns.len())
                .filter(|&at| matches!(columns[at].values, Values::Levels { .. }) && several(&whole[at]))
                .collect(),
            sorted: columns.par_iter().map(|column| ascending(&column.values, happens)).collect(),
            cases: happens.iter().filter(|yes| **yes).count(),
            inputs,
            happens,
            options,
            whole,
        }
    }

    /// Looks for one box among some of the rows.
    fn find(&self, among: &[usize], remaining: &[bool]) -> Found {
        let sorted: Vec<Vec<Entry>> = self
            .sorted
            .iter()
            .map(|column| column.iter().copied().filter(|entry| remaining[entry.row as usize]).collect())
            .collect();
        let cases = among.iter().filter(|&&row| self.happens[row]).count();
        let mut peeled = Peeled {
            bounds: self.whole.clone(),
            count: Count { rows: among.len(), cases },
            rows: among.iter().map(|&row| row as u32).collect(),
            sorted,
        };
        let mut steps = vec![self.step(&peeled.bounds, peeled.count)];
        while let Some(change) = self.best(self.peels(&peeled), &peeled.bounds, peeled.count) {
            let worth = self.options.objective.worth(peeled.count, change.count);
            let enough = change.count.rows as f64 / self.happens.len() as f64 >= self.options.mass_min;
            if !(enough && change.count.rows < peeled.count.rows && worth > 0.0) {
                break;
            }
            self.apply(&mut peeled, change);
            steps.push(self.step(&peeled.bounds, peeled.count));
        }
        let Peeled { mut bounds, mut count, .. } = peeled;
        while let Some(change) = self.best(self.pastes(&bounds, count, among, remaining), &bounds, count) {
            let worth = self.options.objective.worth(count, change.count);
            let enough = change.count.rows as f64 / self.happens.len() as f64 >= self.options.mass_min;
            let denser = change.count.density() > count.density();
            if !(enough && change.count.rows > count.rows && worth > 0.0 && denser) {
                break;
            }
            bounds[change.at] = change.limit;
            count = change.count;
            steps.push(self.step(&bounds, count));
        }
        Found { whole: self.whole.clone(), steps, among: among.to_vec() }
    }

    fn step(&self, bounds: &Bounds, count: Count) -> Step {
        Step {
            bounds: bounds.clone(),
            restricted: restricted(bounds, &self.whole),
            rows: count.rows,
            cases: count.cases,
            coverage: count.cases as f64 / self.cases.max(1) as f64,
            density: count.density(),
            mass: count.rows as f64 / self.happens.len() as f64,
        }
    }

    /// The change of most worth; among equals the one that leaves fewer inputs restricted, then the first.
    fn best(&self, changes: Vec<Change>, bounds: &Bounds, count: Count) -> Option<Change> {
        let now = restricted(bounds, &self.whole);
        let score = |change: &Change| {
            let others = now.iter().filter(|&&at| at != change.at).count();
            let all = others + usize::from(change.limit != self.whole[change.at]);
            (self.options.objective.worth(count, change.count), all)
        };
        let mut best: Option<((f64, usize), Change)> = None;
        for change in changes {
            let (worth, all) = score(&change);
            let better = best
                .as_ref()
                .is_none_or(|((most, fewest), _)| worth > *most || (worth == *most && all < *fewest));
            if better {
                best = Some(((worth, all), change));
            }
        }
        best.map(|(_, change)| change)
    }

    /// Every way to peel a slice off: the upper and lower end of each number, each level of each category.
    fn peels(&self, peeled: &Peeled) -> Vec<Change> {
        let mut changes = Vec::with_capacity(2 * self.inputs.columns().len());
        for &at in &self.reals {
            changes.extend(self.peel_real(peeled, at));
        }
        for &at in &self.wholes {
            changes.extend(self.peel_whole(peeled, at));
        }
        for &at in &self.levels {
            let Limit::Levels(allowed) = &peeled.bounds[at] else { continue };
            if allowed.iter().filter(|yes| **yes).count() < 2 {
                continue;
            }
            let tally = self.tally(at, peeled.rows.iter().map(|&row| row as usize), allowed.len());
            for level in (0..allowed.len()).filter(|&level| allowed[level]) {
                let mut fewer = allowed.clone();
                fewer[level] = false;
                let gone = tally[level];
                let count =
                    Count { rows: peeled.count.rows - gone.rows, cases: peeled.count.cases - gone.cases };
                changes.push(Change { at, limit: Limit::Levels(fewer), count });
            }
        }
        changes
    }

    fn peel_real(&self, peeled: &Peeled, at: usize) -> [Change; 2] {
        let (low, high) = range(&peeled.bounds[at]);
        let column = &peeled.sorted[at];
        let edge = |share| edge(column.len(), |i| column[i].value, share);
        let top = edge(1.0 - self.options.peel_alpha);
        let bottom = edge(self.options.peel_alpha);
        let above = column.iter().rev().take_while(|entry| entry.value > top);
        let below = column.iter().take_while(|entry| entry.value < bottom);
        [
            Change { at, limit: Limit::Range { low, high: top }, count: less(peeled.count, above) },
            Change { at, limit: Limit::Range { low: bottom, high }, count: less(peeled.count, below) },
        ]
    }

    /// As for numbers, but the cut is a whole number, and takes at least the outermost value where it falls on it.
    fn peel_whole(&self, peeled: &Peeled, at: usize) -> [Change; 2] {
        let (low, high) = range(&peeled.bounds[at]);
        let column = &peeled.sorted[at];
        let edge = |share| edge(column.len(), |i| column[i].value, share).trunc();
        let (first, last) = (column.first(), column.last());
        let top = edge(1.0 - self.options.peel_alpha);
        let kept_below = |entry: &Entry| if top == high { entry.value < high } else { entry.value <= top };
        let new_high = column.iter().rev().find(|entry| kept_below(entry)).or(last).map_or(high, |e| e.value);
        let bottom = edge(self.options.peel_alpha);
        let kept_above =
            |entry: &Entry| if bottom == low { entry.value > low } else { entry.value >= bottom };
        let new_low = column.iter().find(|entry| kept_above(entry)).or(first).map_or(low, |e| e.value);
        let above = column.iter().rev().take_while(|entry| !kept_below(entry));
        let below = column.iter().take_while(|entry| !kept_above(entry));
        [
            Change { at, limit: Limit::Range { low, high: new_high }, count: less(peeled.count, above) },
            Change { at, limit: Limit::Range { low: new_low, high }, count: less(peeled.count, below) },
        ]
    }

    fn apply(&self, peeled: &mut Peeled, change: Change) {
        let values = &self.inputs.columns()[change.at].values;
        let mut inside = vec![false; self.happens.len()];
        peeled.rows.retain(|&row| {
            let kept = keeps(values, row as usize, &change.limit);
            inside[row as usize] = kept;
            kept
        });
        // In handfuls of columns, so that small tables stay on one thread.
        peeled.sorted.par_iter_mut().with_min_len(8).for_each(|column| {
            column.retain(|entry| inside[entry.row as usize]);
        });
        peeled.bounds[change.at] = change.limit;
        peeled.count = change.count;
    }

    /// Every way to move one limit outwards again.
    ///
    /// EMA Workbench gives up pasting where no column of real numbers is restricted; so does this.
    fn pastes(&self, bounds: &Bounds, count: Count, among: &[usize], remaining: &[bool]) -> Vec<Change> {
        let now = restricted(bounds, &self.whole);
        if !self.reals.iter().any(|at| now.contains(at)) {
            return Vec::new();
        }
        // For each row, how many inputs it breaks, and one of them.
        let columns = self.inputs.columns();
        let mut broken = vec![(0u32, 0usize); self.happens.len()];
        for &at in &now {
            for &row in among {
                if !keeps(&columns[at].values, row, &bounds[at]) {
                    broken[row] = (broken[row].0 + 1, at);
                }
            }
        }
        let others_kept = |row: usize, at: usize| match broken[row] {
            (0, _) => true,
            (1, only) => only == at,
            _ => false,
        };
        let mut changes = Vec::new();
        for &at in self.reals.iter().chain(&self.wholes).filter(|at| now.contains(at)) {
            let (low, high) = range(&bounds[at]);
            let (first, last) = range(&self.whole[at]);
            let ours = |entry: &&Entry| remaining[entry.row as usize] && others_kept(entry.row as usize, at);
            let below: Vec<Entry> =
                self.sorted[at].iter().take_while(|e| e.value <= low).filter(ours).copied().collect();
            let paste = edge_or(first, below.len(), |i| below[i].value, 1.0 - self.options.paste_alpha);
            let taken = below.iter().filter(|entry| entry.value >= paste && entry.value < low);
            changes.push(Change { at, limit: Limit::Range { low: paste, high }, count: more(count, taken) });
            let start = self.sorted[at].partition_point(|entry| entry.value < high);
            let above: Vec<Entry> = self.sorted[at][start..].iter().filter(ours).copied().collect();
            let paste = edge_or(last, above.len(), |i| above[i].value, self.options.paste_alpha);
            let taken = above.iter().filter(|entry| entry.value <= paste && entry.value > high);
            changes.push(Change { at, limit: Limit::Range { low, high: paste }, count: more(count, taken) });
        }
        for &at in self.levels.iter().filter(|at| now.contains(at)) {
            let (Limit::Levels(allowed), Limit::Levels(there)) = (&bounds[at], &self.whole[at]) else {
                continue;
            };
            let only_this = among.iter().copied().filter(|&row| broken[row] == (1, at));
            let tally = self.tally(at, only_this, allowed.len());
            for level in (0..allowed.len()).filter(|&level| there[level] && !allowed[level]) {
                let mut wider = allowed.clone();
                wider[level] = true;
                let new = tally[level];
                let count = Count { rows: count.rows + new.rows, cases: count.cases + new.cases };
                changes.push(Change { at, limit: Limit::Levels(wider), count });
            }
        }
        changes
    }

    /// Rows and cases of each level of a column.
    fn tally(&self, at: usize, rows: impl Iterator<Item = usize>, levels: usize) -> Vec<Count> {
        let mut tally = vec![Count { rows: 0, cases: 0 }; levels];
        if let Values::Levels { of, .. } = &self.inputs.columns()[at].values {
            for row in rows {
                tally[of[row]].rows += 1;
                tally[of[row]].cases += usize::from(self.happens[row]);
            }
        }
        tally
    }
}

fn ascending(values: &Values, happens: &[bool]) -> Vec<Entry> {
    let (Values::Real(numbers) | Values::Whole(numbers)) = values else {
        return Vec::new();
    };
    let mut entries: Vec<Entry> = numbers
        .iter()
        .zip(happens)
        .zip(0..)
        .map(|((&value, &case), row)| Entry { value, row, case })
        .collect();
    entries.sort_unstable_by(|a, b| a.value.total_cmp(&b.value));
    entries
}

fn range(limit: &Limit) -> (f64, f64) {
    match limit {
        Limit::Range { low, high } => (*low, *high),
        Limit::Levels(_) => unreachable!("a column of numbers is limited by a range"),
    }
}

fn less<'e>(count: Count, gone: impl Iterator<Item = &'e Entry>) -> Count {
    gone.fold(count, |left, entry| Count { rows: left.rows - 1, cases: left.cases - usize::from(entry.case) })
}

fn more<'e>(count: Count, taken: impl Iterator<Item = &'e Entry>) -> Count {
    taken.fold(count, |sum, entry| Count { rows: sum.rows + 1, cases: sum.cases + usize::from(entry.case) })
}

fn edge_or(otherwise: f64, len: usize, value: impl Fn(usize) -> f64, share: f64) -> f64 {
    if len == 0 { otherwise } else { edge(len, value, share) }
}

/// Where a sorted column is cut: halfway between the two values around the quantile, moved inwards past ties until the
/// two differ (as in the sdtoolkit of Bryant, which EMA Workbench follows).
fn edge(len: usize, value: impl Fn(usize) -> f64, share: f64) -> f64 {
    let at = (len - 1) as f64 * share;
    let (mut below, mut above) = (at.floor() as usize, at.ceil() as usize);
    if share > 0.5 {
        while value(below) == value(above) && below > 0 {
            below -= 1;
        }
    } else {
        while value(below) == value(above) && above < len - 1 {
            above += 1;
        }
    }
    (value(below) + value(above)) / 2.0
}
