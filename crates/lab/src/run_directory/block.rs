//! A block of histories held column by column, and its encoding as one row group of each table.

use std::io::Write;
use std::path::Path;

use parquet::data_type::{
    BoolType, ByteArray, ByteArrayType, DataType, DoubleType, FloatType, Int32Type, Int64Type,
};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};

use super::Table;
use super::columns::{ColumnKind, Columns};
use crate::error::LabError;

/// One event as the table takes it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct EventCells<'a> {
    /// Day, counted from the start.
    pub day: u32,
    /// Hour of the day.
    pub hour: u8,
    /// The kind's word.
    pub kind: &'static str,
    /// Place of the subject's name in the names given to [`Block::new`].
    pub subject: usize,
    /// How much.
    pub amount: f32,
    /// Numbers of the causes within the history.
    pub causes: &'a [u32],
}

/// Histories waiting to be written.
pub(crate) struct Block {
    kinds: Vec<ColumnKind>,
    parameter_kinds: Vec<ColumnKind>,
    start: i32,
    days: u32,
    accounts: Vec<ByteArray>,
    subjects: Vec<ByteArray>,
    histories: Vec<i64>,
    account: Vec<ByteArray>,
    outcomes: Vec<Vec<f64>>,
    parameters: Vec<Vec<f64>>,
    series: Vec<Vec<f32>>,
    events: EventColumns,
}

#[derive(Default)]
struct EventColumns {
    history: Vec<i64>,
    event: Vec<i32>,
    date: Vec<i32>,
    hour: Vec<i32>,
    kind: Vec<ByteArray>,
    subject: Vec<ByteArray>,
    amount: Vec<f32>,
    causes: Vec<i32>,
    definition: Vec<i16>,
    repetition: Vec<i16>,
}

impl Block {
    /// An empty block; `subjects` are the names that [`EventCells::subject`] points into.
    pub(crate) fn new(columns: &Columns, subjects: &[String]) -> Block {
        let bytes = |name: &String| ByteArray::from(name.as_bytes().to_vec());
        Block {
            kinds: columns.outcomes.iter().map(|(_, kind)| *kind).collect(),
            parameter_kinds: columns.parameters.iter().map(|(_, kind)| *kind).collect(),
            start: columns.start,
            days: columns.days,
            accounts: columns.accounts.iter().map(bytes).collect(),
            subjects: subjects.iter().map(bytes).collect(),
            histories: Vec::new(),
            account: Vec::new(),
            outcomes: vec![Vec::new(); columns.outcomes.len()],
            parameters: vec![Vec::new(); columns.parameters.len()],
            series: vec![Vec::new(); columns.series.len()],
            events: EventColumns::default(),
        }
    }

    /// Takes in one history: its account, one value per outcome and parameter, and days × series, row-major.
    pub(crate) fn push(
        &mut self,
        history: u64,
        account: usize,
        outcomes: &[f64],
        parameters: &[f64],
        series: &[f32],
    ) {
        self.histories.push(history as i64);
        self.account.push(self.accounts[account].clone());
        for (column, value) in self.outcomes.iter_mut().zip(outcomes) {
            column.push(*value);
        }
        for (column, value) in self.parameters.iter_mut().zip(parameters) {
            column.push(*value);
        }
        let width = self.series.len();
        for (at, column) in self.series.iter_mut().enumerate() {
            column.extend(series.iter().skip(at).step_by(width.max(1)));
        }
    }

    /// Takes in the next event of the history pushed last.
    pub(crate) fn push_event(&mut self, event: u32, cells: &EventCells) {
        let columns = &mut self.events;
        let history = self.histories.last().copied().unwrap_or_default();
        columns.history.push(history);
        columns.event.push(event as i32);
        columns.date.push(self.start + cells.day as i32);
        columns.hour.push(i32::from(cells.hour));
        columns.kind.push(ByteArray::from(cells.kind));
        columns.subject.push(self.subjects[cells.subject].clone());
        columns.amount.push(cells.amount);
        if cells.causes.is_empty() {
            columns.definition.push(0);
            columns.repetition.push(0);
        }
        for (at, &cause) in cells.causes.iter().enumerate() {
            columns.causes.push(cause as i32);
            columns.definition.push(1);
            columns.repetition.push(i16::from(at > 0));
        }
    }

    /// Histories held.
    pub(crate) fn len(&self) -> u64 {
        self.histories.len() as u64
    }

    /// Rows a table gets from this block.
    pub(crate) fn rows(&self, table: Table) -> u64 {
        match table {
            Table::Outcomes | Table::Parameters => self.len(),
            Table::Series => self.len() * u64::from(self.days),
            Table::Events => self.events.event.len() as u64,
        }
    }

    /// Writes the block as the next row group of a table.
    pub(crate) fn write<W: Write + Send>(
        &self,
        table: Table,
        writer: &mut SerializedFileWriter<W>,
        path: &Path,
    ) -> Result<(), LabError> {
        let mut group = writer.next_row_group().map_err(LabError::table("write", path))?;
        let group_ref = &mut group;
        match table {
            Table::Outcomes => self.write_outcomes(group_ref),
            Table::Parameters => self.write_parameters(group_ref),
            Table::Series => self.write_series(group_ref),
            Table::Events => self.write_events(group_ref),
        }
        .map_err(LabError::table("write", path))?;
        group.close().map_err(LabError::table("write", path))?;
        Ok(())
    }

    /// Empties the block, keeping its memory.
    pub(crate) fn clear(&mut self) {
        self.histories.clear();
        self.account.clear();
        self.outcomes.iter_mut().for_each(Vec::clear);
        self.parameters.iter_mut().for_each(Vec::clear);
        self.series.iter_mut().for_each(Vec::clear);
        let events = &mut self.events;
        events.history.clear();
        events.event.clear();
        events.date.clear();
        events.hour.clear();
        events.kind.clear();
        events.subject.clear();
        events.amount.clear();
        events.causes.clear();
        events.definition.clear();
        events.repetition.clear();
    }

    fn write_outcomes<W: Write + Send>(&self, group: &mut Group<'_, W>) -> Written {
        put::<Int64Type, W>(group, &self.histories)?;
        put::<ByteArrayType, W>(group, &self.account)?;
        let mut definition = Vec::new();
        for (column, kind) in self.outcomes.iter().zip(&self.kinds) {
            definition.clear();
            definition.extend(column.iter().map(|value| i16::from(!value.is_nan())));
            let present = column.iter().copied().filter(|value| !value.is_nan());
            match kind {
                ColumnKind::Number => {
                    let values: Vec<f64> = present.collect();
                    put_optional::<DoubleType, W>(group, &values, &definition)?;
                }
                ColumnKind::YesNo => {
                    let values: Vec<bool> = present.map(|value| value != 0.0).collect();
                    put_optional::<BoolType, W>(group, &values, &definition)?;
                }
                ColumnKind::Date => {
                    let values: Vec<i32> = present.map(|day| self.start + day.floor() as i32).collect();
                    put_optional::<Int32Type, W>(group, &values, &definition)?;
                }
            }
        }
        Ok(())
    }

    fn write_parameters<W: Write + Send>(&self, group: &mut Group<'_, W>) -> Written {
        put::<Int64Type, W>(group, &self.histories)?;
        put::<ByteArrayType, W>(group, &self.account)?;
        for (column, kind) in self.parameters.iter().zip(&self.parameter_kinds) {
            if *kind == ColumnKind::YesNo {
                let values: Vec<bool> = column.iter().map(|&value| value != 0.0).collect();
                put::<BoolType, W>(group, &values)?;
            } else {
                put::<DoubleType, W>(group, column)?;
            }
        }
        Ok(())
    }

    fn write_series<W: Write + Send>(&self, group: &mut Group<'_, W>) -> Written {
        let days = self.days as usize;
        let mut history = Vec::with_capacity(self.histories.len() * days);
        let mut date = Vec::with_capacity(self.histories.len() * days);
        for &number in &self.histories {
            history.extend(std::iter::repeat_n(number, days));
            date.extend((0..self.days).map(|day| self.start + day as i32));
        }
        put::<Int64Type, W>(group, &history)?;
        put::<Int32Type, W>(group, &date)?;
        for column in &self.series {
            put::<FloatType, W>(group, column)?;
        }
        Ok(())
    }

    fn write_events<W: Write + Send>(&self, group: &mut Group<'_, W>) -> Written {
        let events = &self.events;
        put::<Int64Type, W>(group, &events.history)?;
        put::<Int32Type, W>(group, &events.event)?;
        put::<Int32Type, W>(group, &events.date)?;
        put::<Int32Type, W>(group, &events.hour)?;
        put::<ByteArrayType, W>(group, &events.kind)?;
        put::<ByteArrayType, W>(group, &events.subject)?;
        put::<FloatType, W>(group, &events.amount)?;
        write_column::<Int32Type, W>(
            group,
            &events.causes,
            Some(&events.definition),
            Some(&events.repetition),
        )
    }
}

type Group<'a, W> = SerializedRowGroupWriter<'a, W>;
type Written = Result<(), parquet::errors::ParquetError>;

fn put<T: DataType, W: Write + Send>(group: &mut Group<'_, W>, values: &[T::T]) -> Written {
    write_column::<T, W>(group, values, None, None)
}

fn put_optional<T: DataType, W: Write + Send>(
    group: &mut Group<'_, W>,
    values: &[T::T],
    definition: &[i16],
) -> Written {
    write_column::<T, W>(group, values, Some(definition), None)
}

fn write_column<T: DataType, W: Write + Send>(
    group: &mut Group<'_, W>,
    values: &[T::T],
    definition: Option<&[i16]>,
    repetition: Option<&[i16]>,
) -> Written {
    // The schema and the writers above are built from the same columns, so there is always a next one.
    if let Some(mut column) = group.next_column()? {
        column.typed::<T>().write_batch(values, definition, repetition)?;
        column.close()?;
    }
    Ok(())
}
