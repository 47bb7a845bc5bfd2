//! The actors of a bargain from a file: KTAB's CSV, or a plain one of ours.

use std::path::Path;

use equipoise_models::bargaining::{Actors, ActorsError};
use equipoise_scenario::Sheet;

use crate::failure::Failure;
use crate::screen::Screen;

/// The largest capability the models take.
const MOST_CAPABILITY: f64 = 1e8;

/// Where the columns stand.
struct Columns {
    actor: usize,
    capability: usize,
    /// (position, salience) per dimension.
    dimensions: Vec<(usize, usize)>,
}

/// Reads the actors of a file; what was taken to be meant is told on standard error.
///
/// # Errors
/// The file cannot be read, or no model can be run on what stands in it.
pub fn actors(path: &Path, screen: &Screen) -> Result<Actors, Failure> {
    let is_title =
        |cells: &[String]| cells.len() >= 4 && cells[2..4].iter().all(|cell| cell.parse::<usize>().is_ok());
    let (title, mut sheet) = Sheet::read_titled(path, is_title)?;
    let columns = match &title {
        Some(title) => ktab_columns(title, &mut sheet),
        None => plain_columns(&mut sheet),
    };
    sheet.checked()?;
    let Some(columns) = columns else {
        return Err(Failure::Wrong(format!("{} has no columns of actors", path.display())));
    };
    let names: Vec<String> = (0..sheet.len()).map(|row| sheet.text(row, columns.actor).to_owned()).collect();
    for row in (0..names.len()).filter(|&row| names[row].is_empty()) {
        sheet.error(row, columns.actor, "this actor has no name").expected("a name");
    }
    let rows = 0..sheet.len();
    let capability: Vec<f64> = rows
        .clone()
        .filter_map(|row| within(&mut sheet, row, columns.capability, "capability", MOST_CAPABILITY))
        .collect();
    let mut of = |what, which: fn(&(usize, usize)) -> usize| -> Vec<Vec<f64>> {
        let mut row_of = |row| {
            let cells = columns.dimensions.iter().map(which);
            cells.filter_map(|column| within(&mut sheet, row, column, what, 100.0)).collect()
        };
        rows.clone().map(&mut row_of).collect()
    };
    let positions = of("position", |pair| pair.0);
    let mut saliences = of("salience", |pair| pair.1);
    sheet.checked()?;
    if title.is_none()
        && !saliences.is_empty()
        && saliences.iter().flatten().all(|&s| (0.0..=1.0).contains(&s))
    {
        saliences.iter_mut().flatten().for_each(|salience| *salience *= 100.0);
        screen.note("note: no salience is above 1, so they are read as shares");
    }
    if let Some(twice) =
        names.iter().enumerate().find_map(|(row, name)| names[..row].contains(name).then_some(name))
    {
        screen.note(&format!(
            "note: more than one actor is called {twice}; they are told apart by their order"
        ));
    }
    match Actors::new(names, capability, positions, saliences) {
        Ok(actors) => Ok(actors),
        Err(error) => {
            point(&error, &columns, &mut sheet);
            sheet.checked()?;
            Err(Failure::Wrong(format!("{}: {error}", path.display())))
        }
    }
}

/// A number of a cell that must lie within 0 and `most`.
fn within(sheet: &mut Sheet, row: usize, column: usize, what: &str, most: f64) -> Option<f64> {
    let value = sheet.number(row, column)?;
    if !(0.0..=most).contains(&value) {
        sheet.error(row, column, format!("the {what} is {value}")).expected(format!("0 to {most}"));
        return None;
    }
    Some(value)
}

/// KTAB tells columns by their place: name, description, capability, then position and salience per dimension.
fn ktab_columns(title: &[String], sheet: &mut Sheet) -> Option<Columns> {
    let number = |cell: usize| title[cell].parse::<usize>().unwrap_or(0);
    let (count, dimensions) = (number(2), number(3));
    if count != sheet.len() {
        sheet
            .table_error(format!("there are {} rows of actors", sheet.len()))
            .expected(format!("{count}, as the title line says"));
    }
    let needed = dimensions.checked_mul(2)?.checked_add(3)?;
    if dimensions == 0 || sheet.columns().len() != needed {
        sheet
            .table_error(format!("there are {} columns", sheet.columns().len()))
            .expected(format!("{needed} for the {dimensions} dimensions that the title line says"));
        return None;
    }
    Some(Columns {
        actor: 0,
        capability: 2,
        dimensions: (0..dimensions).map(|k| (3 + 2 * k, 4 + 2 * k)).collect(),
    })
}

/// Ours has names; those of common data sets are known too, in any case.
fn plain_columns(sheet: &mut Sheet) -> Option<Columns> {
    let lower: Vec<String> = sheet.columns().iter().map(|name| name.to_lowercase()).collect();
    let find = |names: &[&str]| lower.iter().position(|column| names.contains(&column.as_str()));
    let actor = find(&["actor", "name", "stakeholder"]);
    let capability = find(&["capability", "power", "influence", "resources"]);
    let mut dimensions = Vec::new();
    if let (Some(position), Some(salience)) = (find(&["position"]), find(&["salience"])) {
        dimensions.push((position, salience));
    } else {
        let pair = |k: usize| Some((find(&[&format!("position_{k}")])?, find(&[&format!("salience_{k}")])?));
        dimensions.extend((1..).map_while(pair));
    }
    // What is missing is told by the name it should have.
    let actor = actor.or_else(|| sheet.required("actor"));
    let capability = capability.or_else(|| sheet.required("capability"));
    if dimensions.is_empty() {
        let (position, salience) = (sheet.required("position"), sheet.required("salience"));
        dimensions.extend(position.zip(salience));
    }
    Some(Columns { actor: actor?, capability: capability?, dimensions })
}

/// Points at the cell behind an error; what no cell is to blame for is left to the caller.
fn point(error: &ActorsError, columns: &Columns, sheet: &mut Sheet) {
    match *error {
        ActorsError::SaliencesAbove100 { actor, total } => {
            sheet
                .error(
                    actor,
                    columns.dimensions[0].1,
                    format!("the saliences of this actor add up to {total}"),
                )
                .expected("100 at most: they are shares of its attention");
        }
        ActorsError::CaresForNothing { actor } => {
            sheet
                .error(actor, columns.dimensions[0].1, "this actor has salience 0 on every dimension")
                .expected("salience on one dimension at least, or no such actor");
        }
        ActorsError::NoCapability => {
            sheet
                .column_error(columns.capability, "nobody has any capability")
                .expected("at least one actor with a capability above zero");
        }
        ActorsError::NobodyCares { dimension } => {
            sheet
                .column_error(
                    columns.dimensions[dimension].1,
                    "nobody cares about this dimension: all saliences are 0",
                )
                .expected("at least one salience above zero, or no such dimension");
        }
        ActorsError::TooFew { found } => {
            sheet
                .table_error(format!("there {} {found} actor", if found == 1 { "is" } else { "are" }))
                .expected("two or more: nobody bargains alone");
        }
        // Cell by cell these were ruled out when the file was read.
        ActorsError::Capability { .. }
        | ActorsError::OutOfRange { .. }
        | ActorsError::RowCount { .. }
        | ActorsError::ColumnCount { .. }
        | ActorsError::NoDimensions => {}
    }
}
