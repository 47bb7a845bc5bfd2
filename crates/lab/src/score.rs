//! Scoring an ensemble against the record: what happened, as claims, beside what the histories say.

mod baseline;
mod card;
mod crps;

use std::fmt;

use equipoise_models::noise::{Noise, Stream, entity};
use equipoise_scenario::Scenario;
use equipoise_scenario::evidence::{ClaimValue, SubjectKind};
use equipoise_scenario::scenario::{Outcome, RecordRow, Target};

use crate::error::LabError;
use crate::kin::Kin;
use crate::quantile::{ascending, quantile};
use crate::read::Run;
use crate::run_directory::{ColumnKind, UNIX_EPOCH};
use crate::summary::{of_account, share};
pub use baseline::Baseline;
pub use card::{Card, PIT_BINS, Part, Skill, cards};
pub use crps::crps;

/// Brier score of saying one half whatever happens: the baseline to beat.
pub const CLIMATOLOGY_BRIER: f64 = 0.25;

/// How one row of the record looks from the ensemble. The words are ours; they never say more than the interval does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The record meets the central half of the histories.
    Inside,
    /// It meets the central 90 % but not the central half.
    Edge,
    /// It lies outside the central 90 %.
    Outside,
    /// Yes/no: at least two thirds of the histories agree with the record.
    Agrees,
    /// Yes/no: between one third and two thirds agree.
    Open,
    /// Yes/no: less than a third agree.
    Disagrees,
    /// The record has a value and no history does.
    NeverHappens,
    /// The claim gives no value of the target's kind.
    NotScored,
}

impl Verdict {
    /// The word for tables.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Inside => "inside",
            Verdict::Edge => "edge",
            Verdict::Outside => "outside",
            Verdict::Agrees => "agrees",
            Verdict::Open => "open",
            Verdict::Disagrees => "disagrees",
            Verdict::NeverHappens => "never happens",
            Verdict::NotScored => "not scored",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// What a row's numbers are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScoreKind {
    /// Numbers in the target's unit.
    Number,
    /// Days since the scenario's start.
    Date,
    /// Yes as 1 and no as 0.
    YesNo,
}

impl ScoreKind {
    /// What an outcome's values are.
    #[must_use]
    pub fn of_outcome(outcome: &Outcome) -> ScoreKind {
        match ColumnKind::of_outcome(outcome) {
            ColumnKind::Number => ScoreKind::Number,
            ColumnKind::Date => ScoreKind::Date,
            ColumnKind::YesNo => ScoreKind::YesNo,
        }
    }
}

impl fmt::Display for ScoreKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ScoreKind::Number => "a number",
            ScoreKind::Date => "a date",
            ScoreKind::YesNo => "a yes/no",
        })
    }
}

/// One row of the record under all histories, or under those of one account.
#[derive(Debug, Clone, PartialEq)]
pub struct Score {
    /// Id of the outcome or series.
    pub target: String,
    /// The day of a series; `None` for an outcome.
    pub on: Option<jiff::civil::Date>,
    /// What the target is, for people.
    pub title: String,
    /// What the numbers are.
    pub kind: ScoreKind,
    /// The account whose histories count (an index); `None` for all.
    pub account: Option<usize>,
    /// The claim that reports what happened, in our own words.
    pub record: String,
    /// The interval the claim leaves open; an open end is infinite. A yes/no is `[1, 1]` or `[0, 0]`.
    pub claim: Option<[f64; 2]>,
    /// Whether calibration kept away from it.
    pub held_out: bool,
    /// Histories that count.
    pub histories: u64,
    /// Those with a value: everything below but `brier` is conditional on having one.
    pub with_value: u64,
    /// Median of the histories; for a yes/no the share that say yes.
    pub median: f64,
    /// Of a yes/no, the 95 % Monte Carlo interval of that share.
    pub share_interval: Option<[f64; 2]>,
    /// 5 % quantile; NaN for a yes/no.
    pub low: f64,
    /// 95 % quantile; NaN for a yes/no.
    pub high: f64,
    /// Where the claim falls among the histories: the share below its point, ties counting half. `None` for a yes/no.
    pub position: Option<f64>,
    /// Continuous ranked probability score at the claim's point (the middle of its interval, or its finite end).
    pub crps: Option<f64>,
    /// Brier score of the share that say yes (Brier 1950); compare with [`CLIMATOLOGY_BRIER`].
    pub brier: Option<f64>,
    /// Logarithmic score (Good 1952) of a yes/no: minus the logarithm of the probability given to what happened, which is
    /// taken as (agreeing + ½) / (histories + 1), so that a thing no history shows is punished but not without bound.
    pub log: Option<f64>,
    /// Interval scores of the central 50 and 90 % (Gneiting and Raftery 2007, equation 43; recalled): width, plus 2/α times
    /// the distance by which the claim's point lies outside. In the unit of the values; smaller is better.
    pub interval_scores: Option<[f64; 2]>,
    /// Probability integral transform of the claim's point, randomised where histories tie with it (Smith 1985; Czado,
    /// Gneiting and Held 2009; recalled): uniform over the rows of a record if the ensemble is calibrated.
    pub pit: Option<f64>,
    /// Whether the 5–95 % interval meets the claim's interval; `None` for a yes/no.
    pub covered: Option<bool>,
    /// The same for the 25–75 % interval.
    pub covered_half: Option<bool>,
    /// What the evidence alone says, without any dynamics.
    pub climatology: Option<Baseline>,
    /// What claims on the record say was expected.
    pub expected: Option<Baseline>,
    /// In one word.
    pub verdict: Verdict,
}

/// Scores every row of the record: first all histories, then each account that has histories.
///
/// # Errors
/// A table cannot be read.
pub fn score(run: &Run) -> Result<Vec<Score>, LabError> {
    let scenario = run.scenario();
    let accounts = run.accounts()?;
    let kin = Kin::of(run)?;
    let mut scores = Vec::new();
    for row in &scenario.record {
        let values = match row.target {
            Target::Outcome(at) => run.outcome(&scenario.outcomes[at].id)?,
            Target::Series(at, date) => {
                let day = scenario.day(date);
                let day = u32::try_from(day).unwrap_or(u32::MAX);
                run.series_on(&scenario.series[at].id, day)?
            }
        };
        scores.push(score_kin(scenario, row, None, &values, &kin));
        for account in 0..scenario.evidence.accounts.len() {
            let of_account = of_account(&values, &accounts, account);
            if !of_account.is_empty() {
                let kin = kin.only(|at| usize::from(accounts[at]) == account);
                scores.push(score_kin(scenario, row, Some(account), &of_account, &kin));
            }
        }
    }
    Ok(scores)
}

/// Scores one row of the record against values as [`Run::outcome`] gives them (NaN where there is none).
#[must_use]
pub fn score_row(scenario: &Scenario, row: &RecordRow, account: Option<usize>, values: &[f64]) -> Score {
    score_kin(scenario, row, account, values, &Kin::default())
}

/// The same of histories that may belong together.
fn score_kin(
    scenario: &Scenario,
    row: &RecordRow,
    account: Option<usize>,
    values: &[f64],
    kin: &Kin,
) -> Score {
    let (target, on, title, kind) = match row.target {
        Target::Outcome(at) => {
            let outcome = &scenario.outcomes[at];
            (outcome.id.clone(), None, outcome.title.clone(), ScoreKind::of_outcome(outcome))
        }
        Target::Series(at, date) => {
            let series = &scenario.series[at];
            (series.id.clone(), Some(date), series.title.clone(), ScoreKind::Number)
        }
    };
    let claim = claimed(scenario, row, kind);
    let present = ascending(values.iter().copied());
    let record = scenario.evidence.claims[row.claim].text.clone();
    let unscored = unscored(target, kind, claim, values.len(), &present);
    let with_value = kin.only(|at| values[at].is_finite());
    let yes = values.iter().filter(|value| value.is_finite()).map(|value| *value != 0.0);
    let share_interval = unscored.share_interval.map(|_| share(yes, &with_value).interval);
    let held_out = row.held_out;
    let mut score = Score { on, title, account, record, held_out, share_interval, ..unscored };
    let Some(claim) = claim else {
        if kind == ScoreKind::YesNo {
            score_yes_no(&mut score, &present);
        }
        return score;
    };
    if kind == ScoreKind::YesNo {
        score_yes_no(&mut score, &present);
    } else {
        score_number(&mut score, &present, claim, spread_of(scenario, row));
    }
    if let Some(point) = point_of(claim) {
        score.climatology = Baseline::climatology(scenario, row, account, kind, point);
        score.expected = Baseline::expected(scenario, row, kind, point);
    }
    score
}

/// Scores values that come without a scenario, such as a column of a table, against the interval their record leaves open
/// (`[1, 1]` or `[0, 0]` for a yes/no; an open end is infinite). NaN is a history without a value. There is no evidence, so
/// there are no baselines.
#[must_use]
pub fn score_values(target: &str, kind: ScoreKind, values: &[f64], record: [f64; 2]) -> Score {
    let present = ascending(values.iter().copied());
    let mut score = unscored(target.to_owned(), kind, Some(record), values.len(), &present);
    if kind == ScoreKind::YesNo {
        score_yes_no(&mut score, &present);
    } else {
        let tie = Noise::new(0, u64::from(entity(target))).uniform(Stream::named("pit"), 0, 0, 0);
        score_number(&mut score, &present, record, tie);
    }
    score
}

/// A row with its values, before it is scored.
fn unscored(
    target: String,
    kind: ScoreKind,
    claim: Option<[f64; 2]>,
    histories: usize,
    present: &[f64],
) -> Score {
    Score {
        target,
        on: None,
        title: String::new(),
        kind,
        account: None,
        record: String::new(),
        claim,
        held_out: false,
        histories: histories as u64,
        with_value: present.len() as u64,
        median: quantile(present, 0.5),
        share_interval: (kind == ScoreKind::YesNo && !present.is_empty())
            .then(|| share(present.iter().map(|value| *value != 0.0), &Kin::default()).interval),
        low: quantile(present, 0.05),
        high: quantile(present, 0.95),
        position: None,
        crps: None,
        brier: None,
        log: None,
        interval_scores: None,
        pit: None,
        covered: None,
        covered_half: None,
        climatology: None,
        expected: None,
        verdict: Verdict::NotScored,
    }
}

fn score_yes_no(score: &mut Score, present: &[f64]) {
    let yes = present.iter().sum::<f64>() / present.len() as f64;
    (score.median, score.low, score.high) = (yes, f64::NAN, f64::NAN);
    let Some([happened, _]) = score.claim else {
        return;
    };
    if present.is_empty() {
        score.verdict = Verdict::NeverHappens;
        return;
    }
    score.brier = Some((yes - happened) * (yes - happened));
    let n = present.len() as f64;
    let agreeing = if happened == 1.0 { yes * n } else { n - yes * n };
    score.log = Some(-((agreeing + 0.5) / (n + 1.0)).ln());
    let agreeing = 1.0 - (yes - happened).abs();
    score.verdict = if agreeing >= 2.0 / 3.0 {
        Verdict::Agrees
    } else if agreeing >= 1.0 / 3.0 {
        Verdict::Open
    } else {
        Verdict::Disagrees
    };
}

/// The number that spreads the PIT of a row over the histories that tie with it: always the same for the same row.
fn spread_of(scenario: &Scenario, row: &RecordRow) -> f64 {
    let claim = &scenario.evidence.claims[row.claim].id;
    let (target, day) = match row.target {
        Target::Outcome(at) => (&scenario.outcomes[at].id, 0),
        Target::Series(at, date) => (&scenario.series[at].id, scenario.day(date).unsigned_abs() as u32 + 1),
    };
    Noise::new(0, u64::from(entity(target))).uniform(Stream::named("pit"), entity(claim), day, 0)
}

fn score_number(score: &mut Score, present: &[f64], claim: [f64; 2], tie: f64) {
    let Some(point) = point_of(claim) else {
        return;
    };
    if present.is_empty() {
        score.verdict = Verdict::NeverHappens;
        return;
    }
    let below = present.partition_point(|value| *value < point) as f64;
    let up_to = present.partition_point(|value| *value <= point) as f64;
    score.position = Some((below + up_to) / (2.0 * present.len() as f64));
    score.crps = Some(crps(present, point));
    score.pit = Some((below + tie * (up_to - below)) / present.len() as f64);
    let quartiles = [quantile(present, 0.25), quantile(present, 0.75)];
    score.interval_scores =
        Some([interval_score(quartiles, 0.5, point), interval_score([score.low, score.high], 0.1, point)]);
    let meets = |low: f64, high: f64| low <= claim[1] && claim[0] <= high;
    let covered = meets(score.low, score.high);
    score.covered = Some(covered);
    let half = meets(quartiles[0], quartiles[1]);
    score.covered_half = Some(half);
    score.verdict = if half {
        Verdict::Inside
    } else if covered {
        Verdict::Edge
    } else {
        Verdict::Outside
    };
}

/// The interval score of the central 1 − α interval.
fn interval_score([low, high]: [f64; 2], alpha: f64, observed: f64) -> f64 {
    high - low + 2.0 / alpha * ((low - observed).max(0.0) + (observed - high).max(0.0))
}

/// The one number that stands for an interval: its middle, or its finite end.
fn point_of([low, high]: [f64; 2]) -> Option<f64> {
    match (low.is_finite(), high.is_finite()) {
        (true, true) => Some(low + (high - low) / 2.0),
        (true, false) => Some(low),
        (false, true) => Some(high),
        (false, false) => None,
    }
}

/// What a row of the record says in its target's numbers, dates as days since the start; `None` if its claim gives no
/// value of the target's kind. An open end is infinite.
#[must_use]
pub fn recorded(scenario: &Scenario, row: &RecordRow) -> Option<[f64; 2]> {
    let kind = match row.target {
        Target::Outcome(at) => ScoreKind::of_outcome(&scenario.outcomes[at]),
        Target::Series(..) => ScoreKind::Number,
    };
    claimed(scenario, row, kind)
}

/// What a row's claim says about its target, in the target's numbers; `None` if it gives no value of that kind.
fn claimed(scenario: &Scenario, row: &RecordRow, kind: ScoreKind) -> Option<[f64; 2]> {
    said(scenario, row.claim, kind)
}

/// What a claim (an index) says, in the numbers of a kind of target.
fn said(scenario: &Scenario, claim: usize, kind: ScoreKind) -> Option<[f64; 2]> {
    let claim = &scenario.evidence.claims[claim];
    let start = f64::from((scenario.start - UNIX_EPOCH).get_days());
    let about = scenario.evidence.subjects[claim.subject].kind;
    match (kind, about, &claim.value) {
        (ScoreKind::Number, SubjectKind::Number | SubjectKind::Share, _) => claim.interval,
        (ScoreKind::Date, SubjectKind::Date, _) => claim.interval.map(|days| days.map(|day| day - start)),
        (ScoreKind::YesNo, SubjectKind::YesNo, Some(ClaimValue::YesNo(value))) => {
            Some([f64::from(u8::from(*value)); 2])
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_score_is_its_width_and_what_it_misses_by() {
        assert_eq!(interval_score([2.0, 6.0], 0.5, 4.0), 4.0);
        assert_eq!(interval_score([2.0, 6.0], 0.5, 1.0), 8.0);
        assert_eq!(interval_score([2.0, 6.0], 0.1, 7.0), 24.0);
    }

    #[test]
    fn a_column_of_a_table_is_scored_without_a_scenario() {
        let values: Vec<f64> = (0..=100).map(f64::from).chain([f64::NAN]).collect();
        let score = score_values("killed", ScoreKind::Number, &values, [70.0, 70.0]);
        assert_eq!((score.histories, score.with_value, score.median), (102, 101, 50.0));
        assert_eq!((score.verdict, score.covered), (Verdict::Inside, Some(true)));
        // The mean distance to 70 less half the mean distance of two histories.
        let away = (0..=100).map(|x| (f64::from(x) - 70.0).abs()).sum::<f64>() / 101.0;
        let apart = (101.0 * 101.0 - 1.0) / (3.0 * 101.0);
        assert!((score.crps.unwrap_or(f64::NAN) - (away - apart / 2.0)).abs() < 1e-9, "{score:?}");
        let yes: Vec<f64> = (0..10).map(|at| f64::from(u8::from(at < 8))).collect();
        let score = score_values("sent", ScoreKind::YesNo, &yes, [1.0, 1.0]);
        assert!((score.brier.unwrap_or(f64::NAN) - 0.04).abs() < 1e-12);
        assert_eq!(score.verdict, Verdict::Agrees);
        assert_eq!(
            score_values("never", ScoreKind::Number, &[f64::NAN], [1.0, 2.0]).verdict,
            Verdict::NeverHappens
        );
    }

    #[test]
    fn an_open_claim_stands_for_its_finite_end() {
        assert_eq!(point_of([225.0, f64::INFINITY]), Some(225.0));
        assert_eq!(point_of([2.0, 12.0]), Some(7.0));
        assert_eq!(point_of([f64::NEG_INFINITY, f64::INFINITY]), None);
    }
}
