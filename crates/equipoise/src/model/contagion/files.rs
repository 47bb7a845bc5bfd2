//! The table of towns, with its dates as days of a window.

use equipoise_models::contagion::Site;
use equipoise_models::contagion::onset::{OnsetError, Town, Towns};
use equipoise_models::noise::entity;
use equipoise_scenario::Sheet;
use jiff::civil::Date;

use super::ContagionArgs;
use crate::failure::Failure;

/// The towns as read.
#[derive(Debug)]
pub struct Table {
    /// Their ids, in the order of the file.
    pub names: Vec<String>,
    /// The towns and the days watched.
    pub towns: Towns,
    /// Day 0.
    pub from: Date,
}

impl Table {
    /// A day as a date.
    pub fn date(&self, day: u32) -> Date {
        self.from.saturating_add(jiff::Span::new().days(i64::from(day)))
    }
}

/// The most days that are watched.
const MOST_DAYS: i32 = 3660;

/// Reads the file and the options that speak of days.
pub fn read(args: &ContagionArgs) -> Result<Table, Failure> {
    let mut sheet = Sheet::read(&args.cities)?;
    let columns =
        ["id", "latitude", "longitude", "population", "first_protest"].map(|name| sheet.required(name));
    let shock = args.shock.as_deref().and_then(|name| sheet.required(name));
    sheet.checked()?;
    let [Some(id), Some(latitude), Some(longitude), Some(population), Some(first)] = columns else {
        return Err(Failure::Wrong("a column is missing".to_owned()));
    };
    if sheet.len() < 3 {
        sheet.table_error("there are fewer than three towns").expected("towns to hold out and towns to see");
    }
    let mut rows: Vec<(String, Site, f64, Option<Date>)> = Vec::new();
    for row in 0..sheet.len() {
        let name = sheet.text(row, id).to_owned();
        if name.is_empty() || rows.iter().any(|(known, ..)| *known == name) {
            sheet.error(row, id, format!("found `{name}`")).expected("a name of its own for each town");
        }
        let number = |sheet: &mut Sheet, column, expected: &str, fits: &dyn Fn(f64) -> bool| {
            let found = sheet.number(row, column)?;
            if !fits(found) {
                sheet.error(row, column, format!("found {found}")).expected(expected);
            }
            Some(found)
        };
        let latitude = number(&mut sheet, latitude, "degrees from -90 to 90", &|x| x.abs() <= 90.0);
        let longitude = number(&mut sheet, longitude, "degrees from -180 to 180", &|x| x.abs() <= 180.0);
        let population = number(&mut sheet, population, "a number above 0", &|x| x > 0.0);
        let weight = match shock {
            Some(column) => number(&mut sheet, column, "a number of 0 or more", &|x| x >= 0.0),
            None => Some(1.0),
        };
        let begins = match sheet.text(row, first) {
            "" => None,
            text => match text.parse::<Date>() {
                Ok(date) => Some(date),
                Err(_) => {
                    let found = format!("found `{text}`");
                    sheet.error(row, first, found).expected("a date such as 2022-01-31, or nothing");
                    None
                }
            },
        };
        if let (Some(latitude_deg), Some(longitude_deg), Some(population), Some(weight)) =
            (latitude, longitude, population, weight)
        {
            rows.push((name, Site { latitude_deg, longitude_deg, population }, weight, begins));
        }
    }
    sheet.checked()?;
    let dates = || rows.iter().filter_map(|(.., date)| *date);
    let (Some(earliest), Some(latest)) = (dates().min(), dates().max()) else {
        sheet.table_error("no town has a first protest").expected("at least one date in `first_protest`");
        sheet.checked()?;
        return Err(Failure::Wrong("no town has a first protest".to_owned()));
    };
    let from = match &args.from {
        Some(text) => day("--from", text)?,
        None => earliest.yesterday().unwrap_or(earliest),
    };
    let until = match &args.until {
        Some(text) => day("--until", text)?,
        None => latest,
    };
    if from > earliest || until < latest || from > until {
        return Err(Failure::Wrong(format!(
            "the days watched are {from} to {until}, but first protests are dated {earliest} to {latest}"
        )));
    }
    let since = |date: Date| (date - from).get_days();
    if since(until) >= MOST_DAYS {
        return Err(Failure::Wrong(format!(
            "{} days would be watched, expected at most {MOST_DAYS}; a date of another year?",
            since(until)
        )));
    }
    let mut access = vec![1.0; since(until) as usize + 1];
    for entry in &args.internet {
        let wrong = || {
            Failure::Wrong(format!(
                "--internet: found `{entry}`, expected a day watched and a share from 0 to 1, as in {from}=0.3"
            ))
        };
        let (date, share) = entry.split_once('=').ok_or_else(wrong)?;
        let date = day("--internet", date)?;
        let share: f64 = share.trim().parse().map_err(|_| wrong())?;
        let at = usize::try_from(since(date)).ok().filter(|at| *at < access.len()).ok_or_else(wrong)?;
        if !(0.0..=1.0).contains(&share) {
            return Err(wrong());
        }
        access[at] = share;
    }
    let towns = rows.iter().map(|(name, site, weight, begins)| Town {
        key: entity(name),
        site: *site,
        shock: *weight,
        first: begins.map(|date| since(date) as u32),
    });
    let names: Vec<String> = rows.iter().map(|(name, ..)| name.clone()).collect();
    let towns = Towns::new(towns.collect(), access).map_err(|error| explained(error, &names))?;
    Ok(Table { names, towns, from })
}

fn day(option: &str, text: &str) -> Result<Date, Failure> {
    text.trim()
        .parse()
        .map_err(|_| Failure::Wrong(format!("{option}: found `{text}`, expected a date such as 2022-01-31")))
}

fn explained(error: OnsetError, names: &[String]) -> Failure {
    let named = |town: usize| names.get(town).cloned().unwrap_or_default();
    Failure::Wrong(match error {
        OnsetError::NoDay | OnsetError::NoTown => error.to_string(),
        OnsetError::Population { town }
        | OnsetError::Place { town }
        | OnsetError::Shock { town }
        | OnsetError::Outside { town } => format!("{}: {error}", named(town)),
    })
}
