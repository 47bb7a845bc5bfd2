//! Score cards: how all rows of the record, or those fitted to and those held out, look together.

use super::{Baseline, Score, ScoreKind};

/// Bins of the PIT histogram.
pub const PIT_BINS: usize = 10;

/// Which rows of the record count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Every row.
    All,
    /// Those calibration may look at.
    Fit,
    /// Those kept aside.
    HeldOut,
}

impl Part {
    /// Every part, in the order of cards.
    pub const ALL: [Part; 3] = [Part::All, Part::Fit, Part::HeldOut];

    /// The word for tables.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Part::All => "all",
            Part::Fit => "fit",
            Part::HeldOut => "held out",
        }
    }
}

/// The scores of one account, or of all together, over a part of the record. Rows lean on each other (the same deaths
/// counted on several days), so few rows say less than their number suggests.
#[derive(Debug, Clone, PartialEq)]
pub struct Card {
    /// The account (an index); `None` for all.
    pub account: Option<usize>,
    /// Which rows.
    pub part: Part,
    /// Rows of this part, scored or not.
    pub rows: u64,
    /// Numbers and dates that could be scored.
    pub numbers: u64,
    /// Yes/no rows that could be scored.
    pub yes_no: u64,
    /// Numbers and dates whose claim meets the central half of the histories: about half would be right.
    pub within_half: u64,
    /// Those whose claim meets the central 90 %.
    pub within_90: u64,
    /// Mean Brier score of the yes/no rows.
    pub brier: Option<f64>,
    /// Mean logarithmic score of the yes/no rows.
    pub log: Option<f64>,
    /// PIT of the numbers and dates in equal bins from 0 to 1: level if calibrated, a hump if too vague, a bowl if too
    /// sure, a slope if biased.
    pub pit: [u64; PIT_BINS],
    /// Skill over what the evidence alone says.
    pub climatology: Skill,
    /// Skill over what was expected.
    pub expected: Skill,
}

/// How much better than a baseline: 1 is perfect, 0 no better, below 0 worse. `None` where no row can be compared.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Skill {
    /// Of numbers and dates: 1 less the geometric mean over rows of CRPS over the baseline's CRPS. Rows on which either is
    /// exact (CRPS 0) have no ratio and are left out.
    pub crps: Option<f64>,
    /// Rows that `crps` rests on.
    pub crps_rows: u64,
    /// Of yes/no rows: 1 less the mean Brier score over the baseline's.
    pub brier: Option<f64>,
    /// Rows that `brier` rests on.
    pub brier_rows: u64,
}

/// The cards of all histories and of each account, for all rows, those fitted to, and those held out. A part without rows
/// has a card that says so by its number of rows.
#[must_use]
pub fn cards(scores: &[Score]) -> Vec<Card> {
    let mut accounts: Vec<Option<usize>> = scores.iter().map(|score| score.account).collect();
    accounts.sort_unstable();
    accounts.dedup();
    let both = accounts.iter().flat_map(|account| Part::ALL.map(|part| (*account, part)));
    both.map(|(account, part)| {
        let rows = scores.iter().filter(|score| score.account == account).filter(|score| match part {
            Part::All => true,
            Part::Fit => !score.held_out,
            Part::HeldOut => score.held_out,
        });
        card(account, part, &rows.collect::<Vec<_>>())
    })
    .collect()
}

fn card(account: Option<usize>, part: Part, rows: &[&Score]) -> Card {
    let count =
        |held: fn(&Score) -> Option<bool>| rows.iter().filter(|row| held(row) == Some(true)).count() as u64;
    let mut pit = [0; PIT_BINS];
    for place in rows.iter().filter_map(|row| row.pit) {
        pit[((place * PIT_BINS as f64) as usize).min(PIT_BINS - 1)] += 1;
    }
    let brier: Vec<f64> = rows.iter().filter_map(|row| row.brier).collect();
    let log: Vec<f64> = rows.iter().filter_map(|row| row.log).collect();
    Card {
        account,
        part,
        rows: rows.len() as u64,
        numbers: rows.iter().filter(|row| row.covered.is_some()).count() as u64,
        yes_no: brier.len() as u64,
        within_half: count(|row| row.covered_half),
        within_90: count(|row| row.covered),
        brier: mean(&brier),
        log: mean(&log),
        pit,
        climatology: skill(rows, |row| row.climatology.as_ref()),
        expected: skill(rows, |row| row.expected.as_ref()),
    }
}

fn skill(rows: &[&Score], baseline: fn(&Score) -> Option<&Baseline>) -> Skill {
    let ratios: Vec<f64> = rows
        .iter()
        .filter(|row| row.kind != ScoreKind::YesNo)
        .filter_map(|row| Some((row.crps? / baseline(row)?.crps?).ln()))
        .filter(|ratio| ratio.is_finite())
        .collect();
    let pairs: Vec<(f64, f64)> =
        rows.iter().filter_map(|row| Some((row.brier?, baseline(row)?.brier?))).collect();
    let (own, theirs) = pairs.iter().fold((0.0, 0.0), |sums, pair| (sums.0 + pair.0, sums.1 + pair.1));
    Skill {
        crps: mean(&ratios).map(|ratio| 1.0 - ratio.exp()),
        crps_rows: ratios.len() as u64,
        // A baseline that is right on every row leaves nothing to compare with.
        brier: (theirs > 0.0).then(|| 1.0 - own / theirs),
        brier_rows: pairs.len() as u64,
    }
}

fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}
