//! The published models, each alone: columns in, tables and JSON out.

pub mod bargaining;
pub mod civil_violence;
pub mod gravity;
pub mod roll_call;
pub mod transit;
pub mod treaty;

use std::collections::HashMap;

use equipoise_view::wording;
use pyo3::prelude::*;

use crate::failure::ModelError;
use crate::table::{Column, Table};

/// Single numbers as JSON, and tables by name.
pub type Answer = (String, Vec<(&'static str, Table)>);

/// A table of named columns.
fn table(columns: Vec<(&str, Column)>) -> PyResult<Table> {
    Table::of_columns(columns.into_iter().map(|(name, column)| (name.to_owned(), column)).collect())
}

/// Words in the order of their first appearance, and where each stands.
#[derive(Default)]
struct Names {
    list: Vec<String>,
    at: HashMap<String, usize>,
}

impl Names {
    /// The place of a word, which is added where it is new.
    fn add(&mut self, word: &str) -> usize {
        if let Some(at) = self.at.get(word) {
            return *at;
        }
        self.list.push(word.to_owned());
        self.at.insert(word.to_owned(), self.list.len() - 1);
        self.list.len() - 1
    }

    /// The place of a word that must be there.
    fn find(&self, what: &str, word: &str) -> PyResult<usize> {
        self.at.get(word).copied().ok_or_else(|| {
            let known: Vec<&str> = self.list.iter().map(String::as_str).collect();
            ModelError::new_err(wording::unknown(what, word, &known))
        })
    }
}

/// The value of an option by its name.
fn chosen<T: Copy>(what: &str, name: &str, known: &[(&str, T)]) -> PyResult<T> {
    known.iter().find(|(known, _)| *known == name).map(|(_, value)| *value).ok_or_else(|| {
        let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
        ModelError::new_err(wording::unknown(what, name, &names))
    })
}
