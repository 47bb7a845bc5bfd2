//! Who and where: actors, places, and the tables of parameters about unrest, forces, legitimacy, relations and stocks.

use super::names::{Context, entries};
use crate::expression::Expected;
use crate::format::rows::{ActorRow, OutlineRow, PlaceRow};
use crate::format::scenario_file::{ScenarioFile, StockTable};
use crate::format::{At, Field, Named};
use crate::scenario::{Actor, ActorId, Forces, Legitimacy, ParameterId, Place, Reporting, Stock, Unrest};
use crate::unit::Unit;

/// Reads actors.csv; what is wrong with its cells is noted already.
pub(crate) fn actors(rows: &[ActorRow]) -> Option<Vec<Actor>> {
    let actor = |row: &ActorRow| {
        Some(Actor {
            id: row.id.value()?.clone(),
            name: row.name.value()?.clone(),
            kind: row.kind.value()?.0,
        })
    };
    rows.iter().map(actor).collect()
}

/// Reads places.csv.
pub(crate) fn places(rows: &[PlaceRow], context: &mut Context<'_>) -> Option<Vec<Place>> {
    if rows.is_empty() {
        context.report.file_error("places.csv", "there is no place").expected("at least one");
        return None;
    }
    let places: Vec<_> = rows.iter().map(|row| place(row, context)).collect();
    places.into_iter().collect()
}

fn place(row: &PlaceRow, context: &mut Context<'_>) -> Option<Place> {
    let mut sound = on_globe(&row.latitude, &row.longitude, context);
    let peopled = f64::MIN_POSITIVE..=f64::MAX;
    if let Some(number) = row.population.given().filter(|number| !peopled.contains(&number.value)) {
        sound = false;
        let message = format!("the population is {}", number.value);
        context.report.error(number.spot, message).expected("a number above zero");
    }
    let fuel_dependence = context.parameter_field(&row.fuel_dependence, Unit::NUMBER);
    let standing_grievance = context.parameter_field(&row.standing_grievance, Unit::NUMBER);
    if !sound {
        return None;
    }
    Some(Place {
        id: row.id.value()?.clone(),
        name: row.name.value()?.clone(),
        region: row.region.text(),
        latitude: *row.latitude.value()?,
        longitude: *row.longitude.value()?,
        population: *row.population.value()?,
        fuel_dependence: fuel_dependence?,
        standing_grievance: standing_grievance?,
        key_sites: *row.key_sites.value()?,
        capital: row.capital.value()?.0,
        first_protest: row.first_protest.value().map(|day| day.0),
    })
}

/// Fewest corners of a ring that encloses anything.
const FEWEST_CORNERS: usize = 3;

/// Reads outline.csv.
pub(crate) fn outline(rows: &[OutlineRow], context: &mut Context<'_>) -> Option<Vec<Vec<[f64; 2]>>> {
    let mut rings: Vec<(u32, Vec<[f64; 2]>)> = Vec::new();
    let mut sound = true;
    for row in rows {
        let on_globe = on_globe(&row.latitude, &row.longitude, context);
        let (Some(&ring), true) = (row.ring.value(), on_globe) else {
            sound = false;
            continue;
        };
        let corner = [*row.latitude.value()?, *row.longitude.value()?];
        match rings.last_mut() {
            Some((last, corners)) if *last == ring => corners.push(corner),
            _ => rings.push((ring, vec![corner])),
        }
    }
    for (ring, corners) in rings.iter().filter(|(_, corners)| corners.len() < FEWEST_CORNERS) {
        let message = format!("ring {ring} has {} of the corners of a ring side by side", corners.len());
        context.report.file_error("outline.csv", message).expected("three or more, one row after the other");
        sound = false;
    }
    sound.then(|| rings.into_iter().map(|(_, corners)| corners).collect())
}

/// Whether both lie on the globe; says so where they do not.
fn on_globe(latitude: &Field<f64>, longitude: &Field<f64>, context: &mut Context<'_>) -> bool {
    let limits = [
        ("latitude", latitude, 90.0, "degrees north, -90 to 90"),
        ("longitude", longitude, 180.0, "degrees east, -180 to 180"),
    ];
    let mut sound = true;
    for (name, field, most, expected) in limits {
        if let Some(number) = field.given().filter(|number| !(-most..=most).contains(&number.value)) {
            sound = false;
            context.report.error(number.spot, format!("the {name} is {}", number.value)).expected(expected);
        }
    }
    sound
}

/// Reads `[unrest]`.
pub(crate) fn unrest(file: &ScenarioFile, context: &mut Context<'_>) -> Option<Unrest> {
    Unrest::from_ids(&parameter_table("unrest", &file.unrest, Unrest::FIELDS, context)?)
}

/// Reads `[forces]`.
pub(crate) fn forces(file: &ScenarioFile, context: &mut Context<'_>) -> Option<Forces> {
    Forces::from_ids(&parameter_table("forces", &file.forces, Forces::FIELDS, context)?)
}

/// Reads `[legitimacy]`.
pub(crate) fn legitimacy(file: &ScenarioFile, context: &mut Context<'_>) -> Option<Legitimacy> {
    Legitimacy::from_ids(&parameter_table("legitimacy", &file.legitimacy, Legitimacy::FIELDS, context)?)
}

/// Reads `[reporting]`, where there is one.
pub(crate) fn reporting(file: &ScenarioFile, context: &mut Context<'_>) -> Option<Option<Reporting>> {
    if file.reporting.given().is_none() {
        return Some(None);
    }
    let ids = parameter_table("reporting", &file.reporting, Reporting::FIELDS, context)?;
    Reporting::from_ids(&ids).map(Some)
}

pub(super) fn parameter_table(
    name: &str,
    table: &Field<Named<At<String>>>,
    fields: &[(&str, Unit)],
    context: &mut Context<'_>,
) -> Option<Vec<ParameterId>> {
    let given = table.given()?;
    for (key, _) in &given.value.0 {
        if !fields.iter().any(|(field, _)| *field == key.value) {
            context
                .report
                .error(key.spot, format!("there is no key `{}` in [{name}]", key.value))
                .near(&key.value, fields.iter().map(|(field, _)| *field));
        }
    }
    let mut ids = Vec::with_capacity(fields.len());
    for (field, unit) in fields {
        match given.value.0.iter().find(|(key, _)| key.value == *field) {
            Some((_, parameter)) => ids.push(context.parameter(parameter, *unit)),
            None => {
                context
                    .report
                    .error(given.spot, format!("`{field}` is missing in [{name}]"))
                    .expected(format!("the name of a parameter in {unit}"));
                ids.push(None);
            }
        }
    }
    ids.into_iter().collect()
}

/// Reads `[relations]`.
pub(crate) fn relations(
    file: &ScenarioFile,
    context: &mut Context<'_>,
) -> Option<Vec<(ActorId, ParameterId)>> {
    let relations: Vec<_> = entries(&file.relations)
        .iter()
        .map(|(actor, parameter)| {
            let actor = context.actor(actor);
            let parameter = context.parameter(parameter, Unit::POINTS);
            Some((actor?, parameter?))
        })
        .collect();
    relations.into_iter().collect()
}

/// Reads `[stocks]`.
pub(crate) fn stocks(file: &ScenarioFile, context: &mut Context<'_>) -> Option<Vec<Stock>> {
    let stocks: Vec<_> = entries(&file.stocks)
        .iter()
        .enumerate()
        .map(|(at, (id, table))| stock(at, id, table, context))
        .collect();
    stocks.into_iter().collect()
}

fn stock(at: usize, id: &At<String>, table: &StockTable, context: &mut Context<'_>) -> Option<Stock> {
    if let Some(bounds) = table.bounds.given() {
        super::parameters::check_range(&bounds.value, bounds.spot, false, context);
    }
    let unit = context.stock_units.get(at).copied().flatten()?;
    let Unit::Quantity(mut powers) = unit else {
        let spot = table.unit.given().map_or(id.spot, |unit| unit.spot);
        context
            .report
            .error(spot, format!("the stock `{}` is yes/no", id.value))
            .expected("a unit of a quantity");
        return None;
    };
    // Days are the second of the base units: a change is so much a day.
    powers[1] = powers[1].saturating_sub(1);
    let initial = context.parameter_field(&table.initial, unit);
    let change = match &table.change {
        Field::Absent => Some(None),
        field => context.expression_field(field, Expected::Unit(Unit::Quantity(powers))).map(Some),
    };
    Some(Stock {
        id: id.value.clone(),
        title: table.title.value()?.clone(),
        unit,
        initial: initial?,
        change: change?,
        bounds: *table.bounds.value()?,
    })
}
