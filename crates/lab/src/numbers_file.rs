//! Tables of numbers as Parquet files, for single models.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use parquet::basic::{Compression, Repetition, Type as Physical};
use parquet::data_type::{DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;

use crate::error::LabError;

/// A column of numbers.
#[derive(Debug, Clone, PartialEq)]
pub enum Numbers {
    /// Whole numbers, some of which may be missing.
    Whole(Vec<Option<i64>>),
    /// Numbers.
    Real(Vec<f64>),
}

/// Writes columns of one length, with their names, as one row group.
///
/// # Errors
/// The file cannot be written, or columns differ in length.
pub fn write_numbers(path: &Path, columns: &[(&str, Numbers)]) -> Result<(), LabError> {
    let fail = |error: ParquetError| LabError::table("write", path)(error);
    let file = File::create(path).map_err(|error| fail(error.into()))?;
    write(file, columns).map_err(fail)
}

fn write(file: File, columns: &[(&str, Numbers)]) -> Result<(), ParquetError> {
    let mut fields = Vec::new();
    for (name, numbers) in columns {
        let (physical, repetition) = match numbers {
            Numbers::Whole(_) => (Physical::INT64, Repetition::OPTIONAL),
            Numbers::Real(_) => (Physical::DOUBLE, Repetition::REQUIRED),
        };
        fields.push(Arc::new(
            Type::primitive_type_builder(name, physical).with_repetition(repetition).build()?,
        ));
    }
    let schema = Arc::new(Type::group_type_builder("numbers").with_fields(fields).build()?);
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let mut writer = SerializedFileWriter::new(file, schema, Arc::new(properties))?;
    let mut group = writer.next_row_group()?;
    let mut at = columns.iter();
    while let Some(mut column) = group.next_column()? {
        match at.next().map(|(_, numbers)| numbers) {
            Some(Numbers::Whole(numbers)) => {
                let there: Vec<i64> = numbers.iter().flatten().copied().collect();
                let levels: Vec<i16> = numbers.iter().map(|number| i16::from(number.is_some())).collect();
                column.typed::<Int64Type>().write_batch(&there, Some(&levels), None)?;
            }
            Some(Numbers::Real(numbers)) => {
                column.typed::<DoubleType>().write_batch(numbers, None, None)?;
            }
            None => {}
        }
        column.close()?;
    }
    group.close()?;
    writer.close()?;
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use parquet::file::reader::{FileReader, SerializedFileReader};

    #[test]
    fn numbers_and_gaps_are_read_back_as_they_were_written() {
        let path = tempfile::tempdir().unwrap().keep().join("numbers.parquet");
        let columns =
            [("wait", Numbers::Whole(vec![None, Some(12)])), ("tension", Numbers::Real(vec![0.5, 0.25]))];
        write_numbers(&path, &columns).unwrap();
        let reader = SerializedFileReader::new(File::open(&path).unwrap()).unwrap();
        let rows: Vec<String> =
            reader.get_row_iter(None).unwrap().map(|row| row.unwrap().to_string()).collect();
        assert_eq!(rows, ["{wait: null, tension: 0.5}", "{wait: 12, tension: 0.25}"]);
        std::fs::remove_dir_all(path.parent().unwrap()).unwrap();
    }
}
