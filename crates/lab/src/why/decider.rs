//! Which event decides an outcome in a history.
//!
//! For the date or the occurrence of an event it is that event. A number is decided by no single event: we take the
//! first event that sets off the first thing its expression reads (for people killed, the first death), and where
//! nothing of the kind is there, the latest event up to the day the number is read. [`Basis`] says which it was.

use std::ops::Range;

use equipoise_engine::History;
use equipoise_scenario::Scenario;
use equipoise_scenario::chronicle::{EventKind, Subject, Trigger};
use equipoise_scenario::expression::{Expression, Reference};
use equipoise_scenario::scenario::Measure;
use equipoise_scenario::vocabulary::Observable;

use super::Question;
use crate::error::LabError;
use crate::read::{EventGroup, Run};
use crate::run_directory::Subjects;

/// How the event that answers a question was chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// It is the event asked about.
    Decides,
    /// No single event decides a number; this one set off what the number measures.
    SetsOff,
    /// No event belongs to the number; this is the latest one up to the day it is read (for a peak, the day of the peak
    /// where a series with the same expression tells it).
    LatestBefore,
    /// Nothing of the kind happened in this history.
    Nothing,
}

/// The rule of one question.
pub(super) struct Decider {
    pattern: Option<Pattern>,
    latest: bool,
    number: bool,
    until: Until,
}

struct Pattern {
    kind: EventKind,
    subject: Option<Vec<u8>>,
}

/// The last day that counts for the latest event.
enum Until {
    Day(u32),
    /// The day on which this series peaks.
    PeakOf(String),
}

/// That day, for the histories of one row group.
pub(super) enum Days {
    Same(u32),
    Each(Vec<u32>),
}

impl Days {
    pub(super) fn day(&self, history: u64, block: u64) -> u32 {
        match self {
            Days::Same(day) => *day,
            Days::Each(days) => days.get((history % block) as usize).copied().unwrap_or(u32::MAX),
        }
    }
}

impl Decider {
    pub(super) fn new(scenario: &Scenario, question: &Question) -> Decider {
        let subjects = Subjects::of(scenario);
        let name = |subject: Subject| subjects.name(subject).as_bytes().to_vec();
        let matching = |trigger: &Trigger| Pattern { kind: trigger.kind, subject: trigger.subject.map(name) };
        let event = |pattern, latest| Decider {
            pattern: Some(pattern),
            latest,
            number: false,
            until: Until::Day(u32::MAX),
        };
        let number = |value: &Expression, until| Decider {
            pattern: value.reads().iter().find_map(|read| set_off_by(*read)).map(|t| matching(&t)),
            latest: false,
            number: true,
            until,
        };
        match question {
            Question::Event { kind, subject } => event(
                Pattern { kind: *kind, subject: subject.as_ref().map(|name| name.as_bytes().to_vec()) },
                false,
            ),
            Question::Outcome(at) => match &scenario.outcomes[*at].measure {
                Measure::First { event: trigger } | Measure::Happens { event: trigger } => {
                    event(matching(trigger), false)
                }
                Measure::Last { event: trigger } => event(matching(trigger), true),
                Measure::Value { value, on } => {
                    let day = on.map(|date| scenario.day(date).max(0) as u32);
                    number(value, Until::Day(day.unwrap_or(u32::MAX)))
                }
                Measure::Peak { value } => {
                    let same = scenario.series.iter().find(|series| series.value.source() == value.source());
                    number(
                        value,
                        same.map_or(Until::Day(u32::MAX), |series| Until::PeakOf(series.id.clone())),
                    )
                }
            },
        }
    }

    /// The last day that counts in each history of a row group.
    pub(super) fn days(&self, run: &Run, group: usize) -> Result<Days, LabError> {
        match &self.until {
            Until::Day(day) => Ok(Days::Same(*day)),
            Until::PeakOf(series) => {
                let values = run.series_of_group(series, group)?;
                let days = run.scenario().days.max(1) as usize;
                Ok(Days::Each(values.chunks(days).map(peak_day).collect()))
            }
        }
    }

    /// The last day that counts in each of some histories in memory.
    pub(super) fn days_in(&self, scenario: &Scenario, histories: &[History]) -> Days {
        match &self.until {
            Until::Day(day) => Days::Same(*day),
            Until::PeakOf(id) => {
                let width = scenario.series.len().max(1);
                let at = scenario.series.iter().position(|series| series.id == *id).unwrap_or(0);
                let of_one = |history: &History| {
                    let values: Vec<f32> = history.series.iter().skip(at).step_by(width).copied().collect();
                    peak_day(&values)
                };
                Days::Each(histories.iter().map(of_one).collect())
            }
        }
    }

    /// The row that decides among those of one history, and how it was chosen.
    pub(super) fn decide(
        &self,
        group: &EventGroup,
        mut span: Range<usize>,
        until: u32,
    ) -> Option<(usize, Basis)> {
        if let Some(pattern) = &self.pattern {
            let matches = |row: &usize| {
                group.kind[*row] == pattern.kind
                    && pattern.subject.as_ref().is_none_or(|name| name == group.subject(*row))
            };
            let found =
                if self.latest { span.clone().rev().find(matches) } else { span.clone().find(matches) };
            let basis = if self.number { Basis::SetsOff } else { Basis::Decides };
            if let Some(row) = found.filter(|&row| !self.number || group.day[row] as u32 <= until) {
                return Some((row, basis));
            }
        }
        if !self.number {
            return None;
        }
        span.rfind(|&row| group.day[row] as u32 <= until).map(|row| (row, Basis::LatestBefore))
    }
}

/// The first day of the largest value.
fn peak_day(values: &[f32]) -> u32 {
    let mut peak = 0;
    for (day, value) in values.iter().enumerate() {
        if *value > values[peak] {
            peak = day;
        }
    }
    peak as u32
}

/// Makes a subject from the index of what an observable is asked about.
type MakeSubject = fn(usize) -> Subject;

/// The event that sets off what an expression reads, if one kind does.
fn set_off_by(read: Reference) -> Option<Trigger> {
    let (observable, about) = match read {
        Reference::Happened(subject) | Reference::DaysSince(subject) => {
            let kind = match subject {
                Subject::Shock(_) => EventKind::Shock,
                Subject::Option(..) => EventKind::Choice,
                _ => return None,
            };
            return Some(Trigger { kind, subject: Some(subject) });
        }
        Reference::World(observable, about) => (observable, about),
        Reference::Parameter(_) | Reference::Stock(_) => return None,
    };
    let (kind, subject): (EventKind, Option<MakeSubject>) = match observable {
        Observable::Participants => (EventKind::ProtestBegins, Some(Subject::Place)),
        Observable::PlacesInProtest | Observable::Strain => (EventKind::ProtestBegins, None),
        Observable::Violent => (EventKind::ViolenceBegins, Some(Subject::Place)),
        Observable::PlacesInDisorder | Observable::DisorderDays | Observable::Disordered => {
            (EventKind::ViolenceBegins, None)
        }
        Observable::SitesHeld => (EventKind::SiteSeized, Some(Subject::Place)),
        Observable::OrderDays => (EventKind::CountryInOrder, None),
        Observable::Killed | Observable::KilledOfficers | Observable::ReportedKilled => {
            (EventKind::FirstDeath, None)
        }
        Observable::Injured | Observable::ReportedInjured => {
            (EventKind::ViolenceBegins, Some(Subject::Place))
        }
        Observable::Internet => (EventKind::InternetCut, None),
        Observable::Emergency => (EventKind::EmergencyBegins, None),
        Observable::LethalForce => (EventKind::ShootingAllowed, None),
        Observable::Framed => (EventKind::FramedForeign, None),
        Observable::Requested | Observable::Pending => (EventKind::Requested, Some(Subject::Treaty)),
        Observable::Granted => (EventKind::Granted, Some(Subject::Treaty)),
        Observable::Refused => (EventKind::Refused, Some(Subject::Treaty)),
        Observable::Troops => (EventKind::TroopsArrive, Some(Subject::Actor)),
        Observable::MissionDays => (EventKind::TroopsArrive, None),
        Observable::GuardsFreed => (EventKind::TroopsArrive, None),
        Observable::DeadlineMissed => (EventKind::DeadlineMissed, Some(Subject::Treaty)),
        Observable::DeadlineKept => (EventKind::DeadlineKept, Some(Subject::Treaty)),
        Observable::Withdrawing => (EventKind::MandateEnds, Some(Subject::Treaty)),
        Observable::Exports | Observable::ShutIn | Observable::ExportRevenue => {
            (EventKind::ExportsFall, None)
        }
        Observable::Compliance => (EventKind::ComplianceSet, None),
        Observable::Sanctioned
        | Observable::Welfare
        | Observable::ExportShare
        | Observable::ImportShare
        | Observable::WayRoundIncome => (EventKind::SanctionBegins, None),
        _ => return None,
    };
    Some(Trigger { kind, subject: subject.and_then(|make| about.map(make)) })
}
