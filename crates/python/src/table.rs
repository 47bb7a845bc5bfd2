//! Tables handed to other libraries through the Arrow C stream interface, without a copy.

use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::types::{Date32Type, Float32Type, Float64Type, Int32Type, Int64Type, UInt64Type};
use arrow_array::{
    Array, ArrayRef, Float64Array, Int64Array, RecordBatch, RecordBatchIterator, RecordBatchReader,
    StringArray,
};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyDict, PyList};

use crate::failure::RunError;

/// A table: of a run, decoded group by group while it is read, or an answer that is in memory.
#[pyclass(frozen, module = "equipoise._equipoise")]
pub struct Table {
    source: Source,
    schema: SchemaRef,
    #[pyo3(get)]
    num_rows: u64,
}

enum Source {
    /// A Parquet file.
    File(PathBuf),
    /// Rows in memory.
    Memory(RecordBatch),
}

impl Table {
    /// The table in a Parquet file.
    pub fn of_file(path: PathBuf) -> PyResult<Table> {
        let builder = open(&path)?;
        let schema = builder.schema().clone();
        let num_rows = builder.metadata().file_metadata().num_rows().unsigned_abs();
        Ok(Table { source: Source::File(path), schema, num_rows })
    }

    /// A table of columns by name.
    pub fn of_columns(columns: Vec<(String, Column)>) -> PyResult<Table> {
        let fields: Vec<Field> = columns
            .iter()
            .map(|(name, column)| Field::new(name, column.data_type(), column.is_nullable()))
            .collect();
        let schema = Arc::new(Schema::new(fields));
        let arrays: Vec<ArrayRef> = columns.into_iter().map(|(_, column)| column.into_array()).collect();
        let batch = RecordBatch::try_new(schema.clone(), arrays).map_err(|error| unreadable(&error))?;
        let num_rows = batch.num_rows() as u64;
        Ok(Table { source: Source::Memory(batch), schema, num_rows })
    }

    fn reader(&self) -> PyResult<Box<dyn RecordBatchReader + Send>> {
        Ok(match &self.source {
            Source::File(path) => Box::new(open(path)?.build().map_err(|error| unreadable(&error))?),
            Source::Memory(batch) => {
                let batches = [Ok::<_, ArrowError>(batch.clone())];
                Box::new(RecordBatchIterator::new(batches, self.schema.clone()))
            }
        })
    }
}

/// A column of an answer.
pub enum Column {
    /// Numbers, NaN among them left as they are.
    Numbers(Vec<f64>),
    /// Numbers, some of them missing.
    Maybe(Vec<Option<f64>>),
    /// Whole numbers.
    Whole(Vec<i64>),
    /// Words.
    Words(Vec<String>),
}

impl Column {
    fn data_type(&self) -> DataType {
        match self {
            Column::Numbers(_) | Column::Maybe(_) => DataType::Float64,
            Column::Whole(_) => DataType::Int64,
            Column::Words(_) => DataType::Utf8,
        }
    }

    fn is_nullable(&self) -> bool {
        matches!(self, Column::Maybe(_))
    }

    fn into_array(self) -> ArrayRef {
        match self {
            Column::Numbers(values) => Arc::new(Float64Array::from(values)),
            Column::Maybe(values) => Arc::new(Float64Array::from(values)),
            Column::Whole(values) => Arc::new(Int64Array::from(values)),
            Column::Words(values) => Arc::new(StringArray::from(values)),
        }
    }
}

#[pymethods]
impl Table {
    /// The Arrow C stream of the table. A schema that is asked for is not looked at: the consumer casts.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        drop(requested_schema);
        let stream = FFI_ArrowArrayStream::new(self.reader()?);
        PyCapsule::new_with_value(py, stream, c"arrow_array_stream")
    }

    /// Names of the columns.
    #[getter]
    fn column_names(&self) -> Vec<String> {
        self.schema.fields().iter().map(|field| field.name().clone()).collect()
    }

    /// Arrow's words for the types of the columns.
    #[getter]
    fn column_types(&self) -> Vec<String> {
        self.schema.fields().iter().map(|field| field.data_type().to_string()).collect()
    }

    /// The columns by name, as lists of Python values, of at most so many rows.
    #[pyo3(signature = (rows=None))]
    fn to_dict<'py>(&self, py: Python<'py>, rows: Option<usize>) -> PyResult<Bound<'py, PyDict>> {
        let lists: Vec<Bound<'py, PyList>> = self.schema.fields().iter().map(|_| PyList::empty(py)).collect();
        let mut left = rows.unwrap_or(usize::MAX);
        for batch in self.reader()? {
            let batch = batch.map_err(|error| unreadable(&error))?;
            let batch = batch.slice(0, batch.num_rows().min(left));
            left -= batch.num_rows();
            for (list, array) in lists.iter().zip(batch.columns()) {
                append(list, array)?;
            }
            if left == 0 {
                break;
            }
        }
        let dict = PyDict::new(py);
        for (field, list) in self.schema.fields().iter().zip(lists) {
            dict.set_item(field.name(), list)?;
        }
        Ok(dict)
    }
}

fn open(path: &PathBuf) -> PyResult<ParquetRecordBatchReaderBuilder<File>> {
    let file = File::open(path)
        .map_err(|error| RunError::new_err(format!("cannot read {}: {error}", path.display())))?;
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| unreadable(&error))?;
    Ok(builder.with_batch_size(1 << 16))
}

fn unreadable(error: &dyn std::fmt::Display) -> PyErr {
    RunError::new_err(format!("a table cannot be read: {error}"))
}

/// Appends the values of an array to a list. The tables of runs and answers have no other types than these.
fn append(list: &Bound<'_, PyList>, array: &ArrayRef) -> PyResult<()> {
    let py = list.py();
    let day_of = py.import("datetime")?.getattr("date")?.getattr("fromordinal")?;
    // Day 719163 of the proleptic Gregorian calendar is 1 January 1970.
    let date = |days: i32| day_of.call1((days + 719_163,));
    for at in 0..array.len() {
        if array.is_null(at) {
            list.append(py.None())?;
            continue;
        }
        match array.data_type() {
            DataType::UInt64 => list.append(array.as_primitive::<UInt64Type>().value(at))?,
            DataType::Int64 => list.append(array.as_primitive::<Int64Type>().value(at))?,
            DataType::Int32 => list.append(array.as_primitive::<Int32Type>().value(at))?,
            DataType::Float64 => list.append(array.as_primitive::<Float64Type>().value(at))?,
            DataType::Float32 => list.append(array.as_primitive::<Float32Type>().value(at))?,
            DataType::Boolean => list.append(array.as_boolean().value(at))?,
            DataType::Utf8 => list.append(array.as_string::<i32>().value(at))?,
            DataType::Date32 => list.append(date(array.as_primitive::<Date32Type>().value(at))?)?,
            DataType::List(_) => {
                let inside = PyList::empty(py);
                append(&inside, &array.as_list::<i32>().value(at))?;
                list.append(inside)?;
            }
            other => return Err(unreadable(&format!("columns of {other} are not known"))),
        }
    }
    Ok(())
}
