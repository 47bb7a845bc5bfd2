//! What calibration found: the record before and after, what moved, and how far the sampler got.

use equipoise_lab::calibrate::of_table::{Moved, MovedNumber, Nearest};
use equipoise_lab::calibrate::{Calibration, Ending, FLAGGED, Ranks, RowFit};
use equipoise_lab::score::{Score, ScoreKind};
use equipoise_scenario::Scenario;
use jiff::civil::Date;

use super::table::{self, Cell};
use super::{Style, hanging, tame};
use crate::findings::Standing;
use crate::wording;

/// Parameters shown of those that moved.
const SHOWN: usize = 12;

/// The result as text.
pub fn calibration(found: &Calibration, scenario: &Scenario, style: Style) -> String {
    let mut out = format!("{}\n", style.bold(&tame(&scenario.title)));
    out += &hanging("", &tame(&sampler(found)), style.columns());
    out += &record(&found.rows, "After", style, &|day| scenario.date(day.max(0.0) as u32));
    out += &format!("\n{}\n", style.bold("What the record changed"));
    out += &moved(found, scenario, style);
    out += &format!("\n{}\n", style.bold("Credence of the accounts"));
    let accounts = scenario.evidence.accounts.iter().zip(&found.credences);
    let cells: Vec<Vec<Cell>> = accounts
        .map(|(account, [before, after])| {
            vec![
                Cell::plain(&account.title),
                Cell::plain(wording::percent(*before)),
                Cell::plain(wording::percent(*after)),
            ]
        })
        .collect();
    out += &table::set(&["Account", "Before", "After"], &cells, style);
    out
}

/// What the nearest simulations of a table say, as text.
pub fn nearest(found: &Nearest, style: Style) -> String {
    let rows = found.rows.first().map_or(0, |row| row.prior.histories);
    let mut out = hanging(
        "",
        &format!(
            "{} of {} rows kept, worth {} of equal weight; tolerance {} (mean distance in spreads of the outcomes). {} \
             with all that was fitted.",
            wording::whole(found.kept.len() as u64),
            wording::whole(rows),
            wording::whole(found.effective.round() as u64),
            wording::number(found.tolerance),
            match found.agreeing as u64 {
                0 => "No row agrees".to_owned(),
                1 => "1 row agrees".to_owned(),
                rows => format!("{} rows agree", wording::whole(rows)),
            },
        ),
        style.columns(),
    );
    // A table has numbers and yes/no only.
    out += &record(&found.rows, "Nearest rows", style, &|_| Date::default());
    out += &format!("\n{}\n", style.bold("What the record changed"));
    let mut numbers: Vec<&MovedNumber> = Vec::new();
    let mut names: Vec<Vec<Cell>> = Vec::new();
    for moved in &found.inputs {
        match moved {
            Moved::Number(moved) => numbers.push(moved),
            Moved::Names(moved) => names.extend(moved.shares.iter().map(|(name, [before, after])| {
                let cells = [&moved.input, name, &wording::percent(*before), &wording::percent(*after)];
                cells.into_iter().map(Cell::plain).collect()
            })),
        }
    }
    numbers.sort_by(|a, b| b.distance.total_cmp(&a.distance));
    let cells: Vec<Vec<Cell>> = numbers
        .iter()
        .map(|moved| {
            let cells = [&moved.input, &range(moved.prior), &range(moved.nearest), &range(moved.posterior)];
            cells.into_iter().map(Cell::plain).collect()
        })
        .collect();
    if !cells.is_empty() {
        out += &table::set(&["Input", "Before", "Nearest rows", "After"], &cells, style);
    }
    if !names.is_empty() {
        out += &table::set(&["Input", "Value", "Before", "After"], &names, style);
    }
    out
}

/// The histograms of ranks as text: which parameters the sampler misjudges, if any.
pub fn ranks(ranks: &[Ranks], truths: u64, scenario: &Scenario, style: Style) -> String {
    let name = |at: usize| match at {
        0 => "the account".to_owned(),
        at => scenario.parameters[at - 1].id.clone(),
    };
    let outside: Vec<usize> = (0..ranks.len()).filter(|at| !ranks[*at].uniform).collect();
    let expected = ranks.len() as f64 * 0.05;
    let mut out = hanging(
        "",
        &format!(
            "Ranks of {} among their posteriors: {} of {} histograms are outside their 95 % band; chance alone leaves \
             about {} outside.",
            wording::counted(truths, "made-up truth", "made-up truths"),
            outside.len(),
            ranks.len(),
            wording::number(expected.round()),
        ),
        style.columns(),
    );
    let mut worst = outside;
    worst.sort_by(|a, b| ranks[*b].chi_square.total_cmp(&ranks[*a].chi_square));
    let cells: Vec<Vec<Cell>> = worst
        .iter()
        .take(SHOWN)
        .map(|at| {
            let bins: Vec<String> = ranks[*at].bins.iter().map(u64::to_string).collect();
            vec![Cell::plain(name(*at)), Cell::plain(bins.join(" "))]
        })
        .collect();
    if !cells.is_empty() {
        out += &table::set(&["Parameter", "Truths by rank, low to high"], &cells, style);
    }
    out
}

fn sampler(found: &Calibration) -> String {
    let end = match found.ending {
        Ending::Acceptance => "until moves were hardly accepted any more",
        Ending::Budget => "until the budget was spent",
        Ending::Tolerance => "until the tolerance could not fall any more",
        Ending::Interrupted => "until it was interrupted",
    };
    let rounds = wording::counted(found.rounds.len() as u64, "round", "rounds");
    let histories = wording::whole(found.simulations);
    match found.rounds.last() {
        None => format!("No round was completed ({histories} histories, {end}): the posterior is the prior."),
        Some(last) => format!(
            "{rounds} of {histories} histories in all, {end}. Tolerance {} (mean distance in prior spreads), {} \
             distinct sets of parameters among {}, worth {} independent draws; {} of the last moves accepted.",
            wording::number(last.tolerance),
            wording::whole(last.distinct as u64),
            wording::whole(found.particles.len() as u64),
            wording::whole(found.effective.round() as u64),
            wording::percent(last.acceptance),
        ),
    }
}

/// Each row of the record before and after: those that were fitted, then those held out.
fn record(rows: &[RowFit], after: &str, style: Style, date: &dyn Fn(f64) -> Date) -> String {
    let mut out = String::new();
    for (held_out, title) in [(false, "Fitted to"), (true, "Held out, for judging the fit")] {
        let rows: Vec<&RowFit> = rows.iter().filter(|row| row.prior.held_out == held_out).collect();
        out += &format!("\n{}\n", style.bold(title));
        if rows.is_empty() {
            out += "No row of the record is marked so.\n";
            continue;
        }
        let cells: Vec<Vec<Cell>> = rows.iter().map(|row| record_row(row, date)).collect();
        out += &table::set(&["Record", "Before", after, "Score"], &cells, style);
        out += &hanging("", &in_sum(&rows), style.columns());
    }
    out
}

fn record_row(row: &RowFit, date: &dyn Fn(f64) -> Date) -> Vec<Cell> {
    let told = |score: &Score| match score.kind {
        ScoreKind::YesNo => wording::percent(score.median),
        _ if score.with_value == 0 => "never".to_owned(),
        ScoreKind::Number => {
            format!(
                "{} ({}–{})",
                wording::number(score.median),
                wording::number(score.low),
                wording::number(score.high)
            )
        }
        ScoreKind::Date => {
            let [middle, low, high] = [score.median, score.low, score.high].map(date);
            wording::date_within(middle, low, high)
        }
    };
    let when = row.prior.on.map_or(String::new(), |date| format!(", {}", wording::day_and_month(date)));
    let verdict = row.posterior.verdict;
    let ratio = row.ratio().map_or("–".to_owned(), |ratio| format!("× {}", wording::number(ratio)));
    vec![
        Cell::plain(format!("{}{when}", row.prior.title)),
        Cell::plain(told(&row.prior)),
        Cell::judged(told(&row.posterior), Standing::of(verdict)),
        Cell::plain(ratio),
    ]
}

/// How scores changed over several rows.
fn in_sum(rows: &[&RowFit]) -> String {
    let ratios: Vec<f64> = rows.iter().filter_map(|row| row.ratio()).collect();
    if ratios.is_empty() {
        return "No row could be scored before and after.\n".to_owned();
    }
    let mut ordered = ratios.clone();
    ordered.sort_unstable_by(f64::total_cmp);
    let middle = f64::midpoint(ordered[(ordered.len() - 1) / 2], ordered[ordered.len() / 2]);
    let better = ratios.iter().filter(|ratio| **ratio < 1.0).count();
    format!(
        "Score after over score before (below 1 is better): {} in the median of {}, better in {better}.",
        wording::number(middle),
        wording::counted(ratios.len() as u64, "row", "rows"),
    )
}

fn moved(found: &Calibration, scenario: &Scenario, style: Style) -> String {
    let flagged = found.shifts.iter().filter(|shift| shift.flagged);
    let rest = found.shifts.iter().filter(|shift| !shift.flagged).take(SHOWN);
    let cells: Vec<Vec<Cell>> = flagged
        .clone()
        .chain(rest)
        .map(|shift| {
            let basis = match (shift.evidenced, shift.flagged) {
                (true, true) => "! against evidence",
                (true, false) => "evidence",
                (false, _) => "assumption",
            };
            vec![
                Cell::plain(&scenario.parameters[shift.parameter].title),
                Cell::plain(range(shift.prior)),
                Cell::plain(range(shift.posterior)),
                Cell::plain(basis),
            ]
        })
        .collect();
    let mut out = table::set(&["Parameter", "Before", "After", "Basis"], &cells, style);
    let flagged = flagged.count();
    let evidenced = found.shifts.iter().filter(|shift| shift.evidenced).count();
    out += &hanging(
        "",
        &format!(
            "{flagged} of {} moved against their evidence (distance {FLAGGED} or more); {} in all.",
            wording::counted(evidenced as u64, "evidenced parameter", "evidenced parameters"),
            wording::counted(found.shifts.len() as u64, "parameter", "parameters"),
        ),
        style.columns(),
    );
    out
}

/// A median and its 5 and 95 % quantiles.
fn range([low, middle, high]: [f64; 3]) -> String {
    format!("{} ({}–{})", small(middle), small(low), small(high))
}

/// A number to two significant digits, however small.
fn small(value: f64) -> String {
    let magnitude = value.abs();
    if magnitude == 0.0 || magnitude >= 0.1 {
        return wording::number(value);
    }
    let decimals = (1.0 - magnitude.log10().floor()).clamp(0.0, 12.0) as usize;
    format!("{value:.decimals$}").replace('-', "−")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_numbers_keep_two_digits() {
        assert_eq!(
            [small(0.0031), small(-0.028), small(0.1), small(0.0), small(12_345.0)],
            ["0.0031", "−0.028", "0.1", "0", "12,000"]
        );
    }
}
