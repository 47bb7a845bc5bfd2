//! What the columns of the tables are, and how each is encoded.

use std::sync::Arc;

use equipoise_scenario::Scenario;
use equipoise_scenario::scenario::{Measure, Outcome};
use equipoise_scenario::unit::Unit;
use jiff::civil::Date;
use parquet::basic::{Compression, ConvertedType, Encoding, LogicalType, Repetition, Type as Physical};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::{ColumnPath, Type, TypePtr};

use super::Table;

/// The day Parquet counts dates from.
pub(crate) const UNIX_EPOCH: Date = Date::constant(1970, 1, 1);

/// What the values of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ColumnKind {
    /// A number.
    Number,
    /// True or false.
    YesNo,
    /// A day.
    Date,
}

impl ColumnKind {
    /// What an outcome's values are.
    pub(crate) fn of_outcome(outcome: &Outcome) -> ColumnKind {
        match outcome.measure {
            Measure::First { .. } | Measure::Last { .. } => ColumnKind::Date,
            Measure::Happens { .. } => ColumnKind::YesNo,
            Measure::Value { .. } | Measure::Peak { .. } if outcome.unit == Unit::YES_NO => ColumnKind::YesNo,
            Measure::Value { .. } | Measure::Peak { .. } => ColumnKind::Number,
        }
    }
}

/// The columns of a scenario's tables.
#[derive(Debug, Clone)]
pub(crate) struct Columns {
    /// Ids of the accounts.
    pub accounts: Vec<String>,
    /// Outcomes: id and kind.
    pub outcomes: Vec<(String, ColumnKind)>,
    /// Parameters: id and kind (never a date).
    pub parameters: Vec<(String, ColumnKind)>,
    /// Ids of the series.
    pub series: Vec<String>,
    /// First simulated day, counted from 1970-01-01.
    pub start: i32,
    /// Simulated days.
    pub days: u32,
}

impl Columns {
    /// The columns of a scenario.
    pub(crate) fn of(scenario: &Scenario) -> Columns {
        Columns {
            accounts: scenario.evidence.accounts.iter().map(|account| account.id.clone()).collect(),
            outcomes: scenario
                .outcomes
                .iter()
                .map(|outcome| (outcome.id.clone(), ColumnKind::of_outcome(outcome)))
                .collect(),
            parameters: scenario
                .parameters
                .iter()
                .map(|parameter| {
                    let yes_no = parameter.unit == Unit::YES_NO;
                    let kind = if yes_no { ColumnKind::YesNo } else { ColumnKind::Number };
                    (parameter.id.clone(), kind)
                })
                .collect(),
            series: scenario.series.iter().map(|series| series.id.clone()).collect(),
            start: (scenario.start - UNIX_EPOCH).get_days(),
            days: scenario.days,
        }
    }

    /// An outcome, parameter or series with the name of a column that every table has.
    pub(crate) fn clash(&self) -> Option<&str> {
        let values = self.outcomes.iter().chain(&self.parameters).map(|(id, _)| id);
        let mut ids = values.chain(&self.series).map(String::as_str);
        ids.find(|id| matches!(*id, "history" | "account" | "date"))
    }

    /// The Parquet schema of a table.
    pub(crate) fn schema(&self, table: Table) -> Result<TypePtr, ParquetError> {
        let mut fields = vec![history()?];
        match table {
            Table::Outcomes => {
                fields.push(text("account")?);
                for (id, kind) in &self.outcomes {
                    fields.push(value(id, *kind, Repetition::OPTIONAL)?);
                }
            }
            Table::Parameters => {
                fields.push(text("account")?);
                for (id, kind) in &self.parameters {
                    fields.push(value(id, *kind, Repetition::REQUIRED)?);
                }
            }
            Table::Series => {
                fields.push(value("date", ColumnKind::Date, Repetition::REQUIRED)?);
                for id in &self.series {
                    fields.push(plain(id, Physical::FLOAT)?);
                }
            }
            Table::Events => {
                fields.push(plain("event", Physical::INT32)?);
                fields.push(value("date", ColumnKind::Date, Repetition::REQUIRED)?);
                fields.push(plain("hour", Physical::INT32)?);
                fields.push(text("kind")?);
                fields.push(text("subject")?);
                fields.push(plain("amount", Physical::FLOAT)?);
                fields.push(causes()?);
            }
        }
        Ok(Arc::new(Type::group_type_builder(table.name()).with_fields(fields).build()?))
    }

    /// How a table is encoded.
    pub(crate) fn properties(&self, table: Table) -> WriterProperties {
        let history = || ColumnPath::from("history");
        let mut properties = WriterProperties::builder()
            .set_created_by(format!("equipoise {}", env!("CARGO_PKG_VERSION")))
            .set_compression(Compression::SNAPPY)
            .set_statistics_enabled(EnabledStatistics::None)
            .set_offset_index_disabled(true)
            // Readers skip the row groups of other histories by these bounds.
            .set_column_statistics_enabled(history(), EnabledStatistics::Chunk)
            .set_column_dictionary_enabled(history(), false)
            .set_column_encoding(history(), Encoding::DELTA_BINARY_PACKED)
            .set_column_compression(history(), Compression::UNCOMPRESSED);
        // Numbers hardly repeat within a block; with their bytes transposed they are both smaller and faster to write
        // than plain or in a dictionary (a fifth smaller than plain for drawn parameters, a third for daily series).
        let numbers: Vec<&String> = match table {
            Table::Parameters => {
                let numbers = self.parameters.iter().filter(|(_, kind)| *kind == ColumnKind::Number);
                numbers.map(|(id, _)| id).collect()
            }
            Table::Series => self.series.iter().collect(),
            Table::Outcomes | Table::Events => Vec::new(),
        };
        for id in numbers {
            let column = || ColumnPath::from(id.as_str());
            properties = properties
                .set_column_dictionary_enabled(column(), false)
                .set_column_encoding(column(), Encoding::BYTE_STREAM_SPLIT);
        }
        properties.build()
    }
}

fn plain(name: &str, physical: Physical) -> Result<TypePtr, ParquetError> {
    let column = Type::primitive_type_builder(name, physical).with_repetition(Repetition::REQUIRED);
    Ok(Arc::new(column.build()?))
}

fn history() -> Result<TypePtr, ParquetError> {
    let unsigned = LogicalType::integer(64, false);
    let column = Type::primitive_type_builder("history", Physical::INT64)
        .with_repetition(Repetition::REQUIRED)
        .with_logical_type(Some(unsigned))
        .with_converted_type(ConvertedType::UINT_64);
    Ok(Arc::new(column.build()?))
}

fn text(name: &str) -> Result<TypePtr, ParquetError> {
    let column = Type::primitive_type_builder(name, Physical::BYTE_ARRAY)
        .with_repetition(Repetition::REQUIRED)
        .with_logical_type(Some(LogicalType::String))
        .with_converted_type(ConvertedType::UTF8);
    Ok(Arc::new(column.build()?))
}

fn value(name: &str, kind: ColumnKind, repetition: Repetition) -> Result<TypePtr, ParquetError> {
    let physical = match kind {
        ColumnKind::Number => Physical::DOUBLE,
        ColumnKind::YesNo => Physical::BOOLEAN,
        ColumnKind::Date => Physical::INT32,
    };
    let mut column = Type::primitive_type_builder(name, physical).with_repetition(repetition);
    if kind == ColumnKind::Date {
        column = column.with_logical_type(Some(LogicalType::Date)).with_converted_type(ConvertedType::DATE);
    }
    Ok(Arc::new(column.build()?))
}

/// A list of event numbers, in the three levels every reader knows.
fn causes() -> Result<TypePtr, ParquetError> {
    let list = Type::group_type_builder("list")
        .with_repetition(Repetition::REPEATED)
        .with_fields(vec![plain("element", Physical::INT32)?])
        .build()?;
    let column = Type::group_type_builder("causes")
        .with_repetition(Repetition::REQUIRED)
        .with_logical_type(Some(LogicalType::List))
        .with_converted_type(ConvertedType::LIST)
        .with_fields(vec![Arc::new(list)])
        .build()?;
    Ok(Arc::new(column))
}
