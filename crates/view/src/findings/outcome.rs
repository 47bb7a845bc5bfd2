//! Outcomes: what the histories say, and what really happened beside it.

use equipoise_lab::score::{Score, ScoreKind, Verdict};
use equipoise_lab::summary::{Finding, Summary};
use equipoise_scenario::Scenario;
use equipoise_scenario::scenario::{RecordRow, Target};
use equipoise_scenario::unit::Unit;
use jiff::civil::Date;

use super::Citation;
use super::rests;
use crate::wording;

/// What the ensemble says about one outcome.
#[derive(Debug, Clone, PartialEq)]
pub enum Found {
    /// No history to read it off.
    Nothing,
    /// A yes/no: its probability with a Monte Carlo interval.
    Probability {
        /// Share of histories.
        share: f64,
        /// Bounds of the 95 % interval.
        interval: (f64, f64),
    },
    /// A number: median and 90 % of the histories, in the outcome's unit.
    Number {
        /// Median.
        median: f64,
        /// 5 and 95 % quantiles.
        interval: (f64, f64),
    },
    /// A date that may never come.
    Date {
        /// Share of histories in which it comes.
        happened: f64,
        /// Bounds of the 95 % Monte Carlo interval of that share.
        interval: (f64, f64),
        /// Median date and the 5 and 95 % quantiles, where it comes; `None` if it never does.
        when: Option<(Date, (Date, Date))>,
    },
}

/// One outcome: what was found, what really happened, and whether they agree.
#[derive(Debug, Clone, PartialEq)]
pub struct OutcomeRow {
    /// Short name: the column of the outcomes table.
    pub id: String,
    /// What it is, for people.
    pub title: String,
    /// Its unit.
    pub unit: Unit,
    /// Whether it belongs to the summary's first lines.
    pub headline: bool,
    /// Over all accounts, weighted by credence.
    pub found: Found,
    /// Under each account, in the order of the accounts.
    pub by_account: Vec<Found>,
    /// What really happened, with its score: one row per claim of the record.
    pub record: Vec<Scored>,
}

/// One claim of the record and how the ensemble stands to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Scored {
    /// The claim's value in words: "225", "at least 225", "6 Jan 2022", "yes".
    pub value: String,
    /// Its interval on the outcome's scale (dates as days since the period's first day), where it has one.
    pub interval: Option<(f64, f64)>,
    /// The day it speaks of, for a series.
    pub day: Option<Date>,
    /// Where it is reported.
    pub citation: Citation,
    /// Whether calibration was kept from seeing it.
    pub held_out: bool,
    /// A remark for people.
    pub note: String,
    /// What the ensemble says beside it, in words.
    pub found: String,
    /// Share of the histories below it.
    pub position: Option<f64>,
    /// Continuous ranked probability score, in the outcome's unit; smaller is better.
    pub crps: Option<f64>,
    /// Brier score, 0 to 1; a coin scores 0.25.
    pub brier: Option<f64>,
    /// The verdict.
    pub verdict: Verdict,
}

/// What a verdict comes down to, in order of agreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Nothing to compare.
    Unscored,
    /// The record is central to the histories, or most agree with it.
    Fits,
    /// The record is possible but not central, or the histories are divided.
    Possible,
    /// The record lies outside 90 % of the histories, or few agree with it.
    Missed,
}

impl Standing {
    /// What a verdict comes down to.
    pub fn of(verdict: Verdict) -> Standing {
        match verdict {
            Verdict::NotScored => Standing::Unscored,
            Verdict::Inside | Verdict::Agrees => Standing::Fits,
            Verdict::Edge | Verdict::Open => Standing::Possible,
            Verdict::Outside | Verdict::Disagrees | Verdict::NeverHappens => Standing::Missed,
        }
    }

    /// A mark that tells it without colour.
    pub fn mark(self) -> &'static str {
        match self {
            Standing::Unscored => "–",
            Standing::Fits => "●",
            Standing::Possible => "◐",
            Standing::Missed => "○",
        }
    }
}

impl OutcomeRow {
    /// The verdicts on its claims, in their order; one where all are the same, none without a claim.
    pub fn verdicts(&self) -> Vec<Verdict> {
        let mut verdicts: Vec<Verdict> = self.record.iter().map(|scored| scored.verdict).collect();
        if verdicts.iter().all(|verdict| *verdict == verdicts[0]) {
            verdicts.truncate(1);
        }
        verdicts
    }
}

/// One outcome (an index) with what its record came to.
pub(super) fn row(scenario: &Scenario, at: usize, summaries: &[Summary], record: Vec<Scored>) -> OutcomeRow {
    let outcome = &scenario.outcomes[at];
    let under = |account: Option<usize>| {
        summaries
            .iter()
            .find(|summary| summary.outcome == at && summary.account == account)
            .map_or(Found::Nothing, |summary| found(scenario, summary))
    };
    OutcomeRow {
        id: outcome.id.clone(),
        title: outcome.title.clone(),
        unit: outcome.unit,
        headline: outcome.headline,
        found: under(None),
        by_account: (0..scenario.evidence.accounts.len()).map(|account| under(Some(account))).collect(),
        record,
    }
}

/// What a summary found, with dates for days.
pub fn found(scenario: &Scenario, summary: &Summary) -> Found {
    if summary.histories == 0 {
        return Found::Nothing;
    }
    match summary.finding {
        Finding::Probability(share) if share.share.is_nan() => Found::Nothing,
        Finding::Probability(share) => {
            Found::Probability { share: share.share, interval: share.interval.into() }
        }
        Finding::Number { spread, .. } if spread.median.is_nan() => Found::Nothing,
        Finding::Number { spread, .. } => {
            Found::Number { median: spread.median, interval: (spread.low, spread.high) }
        }
        Finding::Date { happens, spread } => Found::Date {
            happened: happens.share,
            interval: happens.interval.into(),
            when: (!spread.median.is_nan()).then(|| {
                (date(scenario, spread.median), (date(scenario, spread.low), date(scenario, spread.high)))
            }),
        },
    }
}

/// A row of the record beside what all histories say.
pub(super) fn scored(scenario: &Scenario, row: &RecordRow, score: &Score) -> Scored {
    let unit = match row.target {
        Target::Outcome(at) => scenario.outcomes[at].unit,
        Target::Series(at, _) => scenario.series[at].unit,
    };
    let found = match score.kind {
        _ if score.with_value == 0 => "never".to_owned(),
        ScoreKind::YesNo => {
            let [low, high] = score.share_interval.unwrap_or([0.0, 1.0]);
            format!("yes: {}", wording::probability(score.median, low, high))
        }
        ScoreKind::Number => wording::amount_within(score.median, score.low, score.high, unit),
        ScoreKind::Date => wording::date_within(
            date(scenario, score.median),
            date(scenario, score.low),
            date(scenario, score.high),
        ),
    };
    Scored {
        value: rests::value(scenario, row.claim),
        interval: score.claim.map(Into::into),
        day: score.on,
        citation: rests::citation(scenario, row.claim),
        held_out: row.held_out,
        note: row.note.clone(),
        found,
        position: score.position,
        crps: score.crps,
        brier: score.brier,
        verdict: score.verdict,
    }
}

/// The date of a day counted from the start, rounded to a whole one.
pub(super) fn date(scenario: &Scenario, day: f64) -> Date {
    // Quantiles of days lie within the simulated period, so the cast cannot lose anything.
    scenario.start.saturating_add(jiff::Span::new().days(day.round() as i64))
}
