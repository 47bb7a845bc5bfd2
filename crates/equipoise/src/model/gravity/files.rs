//! The files of `model gravity`: flows and shocks by pair of countries.

use std::collections::HashMap;
use std::path::Path;

use equipoise_models::gravity::{GravityError, Obstacle, Pair, Trade};
use equipoise_scenario::{Diagnostics, Sheet};

use crate::failure::Failure;

/// Countries in the order they first appear.
#[derive(Debug, Default)]
pub struct Countries {
    /// Their names.
    pub names: Vec<String>,
    index: HashMap<String, usize>,
}

impl Countries {
    /// The index of a country, if it is known.
    pub fn find(&self, name: &str) -> Option<usize> {
        self.index.get(name).copied()
    }

    fn find_or_add(&mut self, name: &str) -> usize {
        self.find(name).unwrap_or_else(|| {
            self.names.push(name.to_owned());
            self.index.insert(name.to_owned(), self.names.len() - 1);
            self.names.len() - 1
        })
    }
}

/// The rows of a flows file as pairs, with the file they came from.
pub struct FlowRows {
    /// The file.
    pub sheet: Sheet,
    /// One for each row.
    pub pairs: Vec<Pair>,
    exporter: usize,
}

/// Reads the flows of a file.
///
/// # Errors
/// All mistakes of the file.
pub fn flows(path: &Path) -> Result<(Countries, Trade, FlowRows), Failure> {
    let (names, mut rows) = pairs_of_flows(path)?;
    let trade = match Trade::from_pairs(names.names.len(), &rows.pairs) {
        Ok(trade) => trade,
        Err(error) => return Err(point_at(&mut rows, &error, &names)),
    };
    Ok((names, trade, rows))
}

/// Reads the rows of a flows file without asking whether they make a world.
///
/// # Errors
/// All mistakes of the file.
pub fn pairs_of_flows(path: &Path) -> Result<(Countries, FlowRows), Diagnostics> {
    let mut sheet = Sheet::read(path)?;
    let (exporter, importer) = (sheet.required("exporter"), sheet.required("importer"));
    let value = ["value", "flow", "trade"].into_iter().find_map(|name| sheet.column(name));
    let value = value.or_else(|| sheet.required("value"));
    sheet.checked()?;
    let mut names = Countries::default();
    let (Some(exporter), Some(importer), Some(value)) = (exporter, importer, value) else {
        return Ok((names, FlowRows { sheet, pairs: Vec::new(), exporter: 0 }));
    };
    let mut first: HashMap<(usize, usize), usize> = HashMap::new();
    let mut pairs = Vec::new();
    for row in 0..sheet.len() {
        let ends = [exporter, importer].map(|column| {
            if sheet.text(row, column).is_empty() {
                sheet.error(row, column, "this cell is empty").expected("a country");
            }
            names.find_or_add(sheet.text(row, column))
        });
        once(&mut sheet, row, exporter, ends, &mut first, &names);
        let number = sheet.number(row, value);
        if let Some(number) = number.filter(|number| *number < 0.0) {
            sheet.error(row, value, format!("found {number}")).expected("a flow of 0 or more");
        }
        pairs.push(Pair { exporter: ends[0], importer: ends[1], value: number.unwrap_or(0.0) });
    }
    if pairs.is_empty() {
        sheet.table_error("there are no flows");
    }
    sheet.checked()?;
    Ok((names, FlowRows { sheet, pairs, exporter }))
}

/// The country a cell names.
pub fn known(sheet: &mut Sheet, row: usize, column: usize, names: &Countries) -> Option<usize> {
    let name = sheet.text(row, column).to_owned();
    let found = names.find(&name);
    if found.is_none() {
        sheet
            .error(row, column, format!("there is no country `{name}`"))
            .expected("a country of the flows file")
            .near(&name, names.names.iter().map(String::as_str));
    }
    found
}

/// Notes a pair that was there before.
pub fn once(
    sheet: &mut Sheet,
    row: usize,
    column: usize,
    pair: [usize; 2],
    first: &mut HashMap<(usize, usize), usize>,
    names: &Countries,
) {
    if let Some(before) = first.insert((pair[0], pair[1]), row) {
        let [from, to] = pair.map(|c| &names.names[c]);
        // The header is line 1.
        let message = format!("the pair {from} → {to} is given twice, first in row {}", before + 2);
        sheet.error(row, column, message);
    }
}

/// A mistake of the world the flows make, at the first row of the country it is about.
fn point_at(rows: &mut FlowRows, error: &GravityError, names: &Countries) -> Failure {
    let (country, expected) = match error {
        GravityError::NoFlows { country } => (*country, "some flow"),
        GravityError::NoDomesticFlow { country } => {
            (*country, "a row with the country as exporter and importer")
        }
        GravityError::Unconnected { country, .. } => (*country, "some chain of trade between all countries"),
        _ => return explain(error, names),
    };
    let about = |pair: &Pair| pair.exporter == country || pair.importer == country;
    let row = rows.pairs.iter().position(about).unwrap_or_default();
    rows.sheet.error(row, rows.exporter, sentence(error, names)).expected(expected);
    rows.sheet.checked().map_or_else(Failure::from, |()| explain(error, names))
}

/// What is wrong, with names instead of indices.
pub fn explain(error: &GravityError, names: &Countries) -> Failure {
    Failure::Wrong(sentence(error, names))
}

fn sentence(error: &GravityError, names: &Countries) -> String {
    let name = |country: usize| names.names.get(country).map_or("?", String::as_str);
    match *error {
        GravityError::NoFlows { country } => {
            format!("{} neither sells nor buys anything: its row and column are all 0", name(country))
        }
        GravityError::NoDomesticFlow { country } => format!("{} has no sales to itself", name(country)),
        GravityError::Unconnected { country, from } => format!(
            "no chain of trade connects {} with {}, so their relative prices mean nothing",
            name(country),
            name(from)
        ),
        GravityError::LogChange { exporter, importer, log_change } => format!(
            "the log change from {} to {} is {log_change}, expected a number whose exponential does not overflow",
            name(exporter),
            name(importer)
        ),
        GravityError::CostTerm { exporter, importer, value } => format!(
            "the trade-cost term from {} to {} is {value}, expected a finite number above 0",
            name(exporter),
            name(importer)
        ),
        GravityError::Total { what, country, value } => {
            format!("the {what} of {} is {value}, expected a finite number above 0", name(country))
        }
        GravityError::Membership { country, member } => {
            format!(
                "{} is {} of the union",
                name(country),
                if member { "a member already" } else { "no member" }
            )
        }
        GravityError::NotConverged { iterations, residual, obstacle: Obstacle::Expenditure { country } } => {
            format!(
                "no equilibrium after {iterations} iterations: the trade surplus of {} comes to exceed its output, so \
             that nothing is left to spend (--closure multiplicative avoids this); the largest relative excess \
             demand left is {residual:e}",
                name(country)
            )
        }
        ref other => other.to_string(),
    }
}
