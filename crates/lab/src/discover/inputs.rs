//! The table of inputs: columns of numbers, whole numbers or levels, one row per history.

use super::DiscoverError;

/// One column of inputs.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    /// Its name, as in the table's header.
    pub name: String,
    /// Its value in each row.
    pub values: Values,
}

/// The values of one input.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// Numbers, cut anywhere.
    Real(Vec<f64>),
    /// Whole numbers, cut at whole numbers.
    Whole(Vec<f64>),
    /// Categories without order.
    Levels {
        /// Their names, in the order in which ties between them are broken.
        names: Vec<String>,
        /// The level of each row, an index into `names`.
        of: Vec<usize>,
    },
}

impl Values {
    /// A column of text as levels, in the order of the alphabet.
    #[must_use]
    pub fn levels<'a>(texts: impl IntoIterator<Item = &'a str>) -> Values {
        let texts: Vec<&str> = texts.into_iter().collect();
        let mut names: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
        names.sort();
        names.dedup();
        let of = texts.iter().map(|text| names.partition_point(|name| name.as_str() < *text)).collect();
        Values::Levels { names, of }
    }

    fn len(&self) -> usize {
        match self {
            Values::Real(numbers) | Values::Whole(numbers) => numbers.len(),
            Values::Levels { of, .. } => of.len(),
        }
    }
}

/// Inputs that have been checked: of equal length, at least one row, all numbers finite.
#[derive(Debug, Clone, PartialEq)]
pub struct Inputs {
    columns: Vec<Input>,
    rows: usize,
}

impl Inputs {
    /// Checks the columns.
    ///
    /// # Errors
    /// There is no column or no row, the columns differ in length, or a number is not finite.
    pub fn new(columns: Vec<Input>) -> Result<Inputs, DiscoverError> {
        let Some(first) = columns.first() else {
            return Err(DiscoverError::Empty { what: "input" });
        };
        let rows = first.values.len();
        if rows == 0 {
            return Err(DiscoverError::Empty { what: "row" });
        }
        for column in &columns {
            let found = column.values.len();
            if found != rows {
                return Err(DiscoverError::Lengths { name: column.name.clone(), found, expected: rows });
            }
            if let Values::Real(numbers) | Values::Whole(numbers) = &column.values
                && let Some(row) = numbers.iter().position(|number| !number.is_finite())
            {
                return Err(DiscoverError::NotFinite { name: column.name.clone(), row });
            }
        }
        Ok(Inputs { columns, rows })
    }

    /// The columns, in the order of the table.
    #[must_use]
    pub fn columns(&self) -> &[Input] {
        &self.columns
    }

    /// Number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Some of the columns (indices), all of them where none is named.
    #[must_use]
    pub fn only(&self, columns: &[usize]) -> Inputs {
        let kept = |at: &usize| columns.is_empty() || columns.contains(at);
        let columns = (0..self.columns.len()).filter(kept).map(|at| self.columns[at].clone());
        Inputs { columns: columns.collect(), rows: self.rows }
    }

    /// Some of the rows, in the order given.
    pub(super) fn taken(&self, rows: &[usize]) -> Inputs {
        let pick = |numbers: &[f64]| rows.iter().map(|&row| numbers[row]).collect();
        let columns = self.columns.iter().map(|column| Input {
            name: column.name.clone(),
            values: match &column.values {
                Values::Real(numbers) => Values::Real(pick(numbers)),
                Values::Whole(numbers) => Values::Whole(pick(numbers)),
                Values::Levels { names, of } => {
                    Values::Levels { names: names.clone(), of: rows.iter().map(|&row| of[row]).collect() }
                }
            },
        });
        Inputs { columns: columns.collect(), rows: rows.len() }
    }

    /// Checks a yes/no for each row: as many as rows, and not all the same.
    ///
    /// # Errors
    /// It has another length, or is constant.
    pub(super) fn check_outcome(&self, happens: &[bool]) -> Result<(), DiscoverError> {
        if happens.len() != self.rows {
            return Err(DiscoverError::Lengths {
                name: "the outcome".to_owned(),
                found: happens.len(),
                expected: self.rows,
            });
        }
        if happens.iter().all(|yes| *yes == happens[0]) {
            return Err(DiscoverError::Constant { happens: happens[0], rows: self.rows });
        }
        Ok(())
    }
}
