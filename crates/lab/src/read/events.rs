//! Events read back: one row each, grouped by history.

use std::ops::Range;

use equipoise_engine::History;
use equipoise_scenario::chronicle::EventKind;
use parquet::data_type::{ByteArray, ByteArrayType, FloatType, Int32Type, Int64Type};

use super::table_file::TableFile;
use crate::error::LabError;
use crate::run_directory::Subjects;

/// One event of a history, as the table tells it.
#[derive(Debug, Clone, PartialEq)]
pub struct EventRow {
    /// Its number within the history, in the order of time.
    pub event: u32,
    /// Day, counted from the scenario's start.
    pub day: u32,
    /// Hour of the day, where the mechanism has a clock of its own; else 0.
    pub hour: u8,
    /// What kind of thing.
    pub kind: EventKind,
    /// What it is about: the id of a place, actor, treaty or shock, `decision.option`, or nothing for the nation.
    pub subject: String,
    /// How much, where that means something; else 0.
    pub amount: f32,
    /// Numbers of the events that caused it.
    pub causes: Vec<u32>,
}

/// The events of a row group, column by column.
pub(crate) struct EventGroup {
    /// Histories with events, and their rows.
    pub spans: Vec<(u64, Range<usize>)>,
    /// Number of each event within its history.
    pub event: Vec<i32>,
    /// Days, counted from the start.
    pub day: Vec<i32>,
    /// Kinds.
    pub kind: Vec<EventKind>,
    hour: Vec<i32>,
    subject: Vec<ByteArray>,
    amount: Vec<f32>,
    causes: Vec<i32>,
    /// Where the causes of each row begin, and the end of the last.
    causes_from: Vec<usize>,
}

impl EventGroup {
    pub(super) fn read(file: &TableFile, group: usize, start: i32) -> Result<EventGroup, LabError> {
        let history = file.column::<Int64Type>(group, 0)?.values;
        let mut spans: Vec<(u64, Range<usize>)> = Vec::new();
        for (row, &number) in history.iter().enumerate() {
            match spans.last_mut() {
                Some((last, span)) if *last == number as u64 => span.end = row + 1,
                _ => spans.push((number as u64, row..row + 1)),
            }
        }
        let mut day = file.column::<Int32Type>(group, 2)?.values;
        day.iter_mut().for_each(|day| *day -= start);
        let kind = file.column::<ByteArrayType>(group, 4)?.values;
        let kind = kind
            .iter()
            .map(|name| {
                let name = String::from_utf8_lossy(name.data());
                EventKind::named(&name).ok_or_else(|| LabError::Unknown {
                    what: "kind of event",
                    name: name.into_owned(),
                    known: EventKind::ALL.iter().map(|kind| kind.name().to_owned()).collect(),
                })
            })
            .collect::<Result<_, _>>()?;
        let causes = file.column::<Int32Type>(group, 7)?;
        let mut causes_from = Vec::with_capacity(history.len() + 1);
        let mut seen = 0;
        for (definition, repetition) in causes.definition.iter().zip(&causes.repetition) {
            if *repetition == 0 {
                causes_from.push(seen);
            }
            seen += usize::from(*definition > 0);
        }
        causes_from.push(seen);
        Ok(EventGroup {
            spans,
            event: file.column::<Int32Type>(group, 1)?.values,
            day,
            kind,
            hour: file.column::<Int32Type>(group, 3)?.values,
            subject: file.column::<ByteArrayType>(group, 5)?.values,
            amount: file.column::<FloatType>(group, 6)?.values,
            causes: causes.values,
            causes_from,
        })
    }

    /// The events of histories in memory, which are numbered from nought, as one group.
    pub(crate) fn of_histories(subjects: &Subjects, histories: &[History]) -> EventGroup {
        let names: Vec<ByteArray> = subjects.names().iter().map(|name| name.as_str().into()).collect();
        let mut group = EventGroup {
            spans: Vec::new(),
            event: Vec::new(),
            day: Vec::new(),
            kind: Vec::new(),
            hour: Vec::new(),
            subject: Vec::new(),
            amount: Vec::new(),
            causes: Vec::new(),
            causes_from: vec![0],
        };
        for (number, history) in (0..).zip(histories) {
            let first = group.event.len();
            for (id, event) in (0..).zip(&history.events) {
                group.event.push(id as i32);
                group.day.push(i32::from(event.day));
                group.kind.push(event.kind);
                group.hour.push(i32::from(event.hour));
                group.subject.push(names[subjects.index(event.subject)].clone());
                group.amount.push(event.amount);
                group.causes.extend(history.causes(id).iter().map(|cause| *cause as i32));
                group.causes_from.push(group.causes.len());
            }
            if group.event.len() > first {
                group.spans.push((number, first..group.event.len()));
            }
        }
        group
    }

    /// The subject's name in one row.
    pub(crate) fn subject(&self, row: usize) -> &[u8] {
        self.subject[row].data()
    }

    /// Numbers of the causes in one row.
    pub(crate) fn causes(&self, row: usize) -> &[i32] {
        &self.causes[self.causes_from[row]..self.causes_from[row + 1]]
    }

    /// One row, whole.
    pub(crate) fn row(&self, row: usize) -> EventRow {
        EventRow {
            event: self.event[row] as u32,
            day: self.day[row] as u32,
            hour: self.hour[row] as u8,
            kind: self.kind[row],
            subject: String::from_utf8_lossy(self.subject(row)).into_owned(),
            amount: self.amount[row],
            causes: self.causes(row).iter().map(|&cause| cause as u32).collect(),
        }
    }
}
