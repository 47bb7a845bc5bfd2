//! What changes: the shock file of `model gravity`, and customs unions from the command line.

use std::collections::HashMap;

use equipoise_models::gravity::{
    Ban, CustomsUnion, GravityError, Levy, Shock, ThirdState, cost_factor_log_change, tariff_log_change,
};
use equipoise_scenario::{Diagnostics, Sheet};

use super::GravityArgs;
use super::files::{self, Countries};
use crate::failure::Failure;

/// Changes of trade costs, which become a shock at an elasticity.
#[derive(Debug)]
pub struct Changes {
    countries: usize,
    pairs: Vec<Change>,
    union: Option<Membership>,
}

/// What changes for a pair.
#[derive(Debug)]
struct Change {
    exporter: usize,
    importer: usize,
    log_change: f64,
    cost_factor: f64,
    tariffs: Option<(f64, f64)>,
    ban: Option<Ban>,
}

/// Who leaves or joins a customs union.
#[derive(Debug)]
struct Membership {
    union: CustomsUnion,
    country: usize,
    own_tariff: f64,
    joins: bool,
}

impl Changes {
    /// The shock at an elasticity, and who keeps what of it.
    ///
    /// # Errors
    /// A change that cannot be.
    pub fn at(&self, elasticity: f64) -> Result<(Shock, Vec<Levy>), GravityError> {
        let n = self.countries;
        let (mut log_change, mut levies) = (vec![0.0; n * n], Vec::new());
        if let Some(Membership { union, country, own_tariff, joins }) = &self.union {
            let turn = if *joins { CustomsUnion::join } else { CustomsUnion::leave };
            let (shock, kept) = turn(union, *country, *own_tariff, n, elasticity)?;
            log_change.copy_from_slice(shock.log_change());
            levies = kept;
        }
        for change in &self.pairs {
            let cell = &mut log_change[change.exporter * n + change.importer];
            *cell += change.log_change + cost_factor_log_change(elasticity, change.cost_factor)?;
            if let Some((old, new)) = change.tariffs {
                *cell += tariff_log_change(elasticity, old, new)?;
                levies.push(Levy::tariff(change.exporter, change.importer, old, new)?);
            }
            if let Some(ban) = &change.ban {
                let leak = ban.leak(elasticity)?;
                *cell += leak.log_change;
                levies.extend(leak.levies);
            }
        }
        Ok((Shock::new(n, log_change)?, levies))
    }
}

/// Reads what changes from the shock file and the options.
///
/// # Errors
/// All mistakes of the file; a country nobody knows; a union nobody leaves or joins.
pub fn read(args: &GravityArgs, names: &Countries) -> Result<Changes, Failure> {
    let pairs = match &args.shock {
        Some(path) => read_pairs(&mut Sheet::read(path)?, names)?,
        None => Vec::new(),
    };
    let changes = Changes { countries: names.names.len(), pairs, union: membership(args, names)? };
    // What cannot be at this elasticity is told before anything is solved.
    changes.at(args.elasticity).map_err(|error| files::explain(&error, names))?;
    Ok(changes)
}

fn membership(args: &GravityArgs, names: &Countries) -> Result<Option<Membership>, Failure> {
    let find = |id: &String| {
        let known: Vec<&str> = names.names.iter().map(String::as_str).collect();
        names.find(id).ok_or_else(|| Failure::unknown("country", id, &known))
    };
    let (country, joins) = match (&args.leave, &args.join) {
        (Some(id), _) => (find(id)?, false),
        (None, Some(id)) => (find(id)?, true),
        (None, None) if args.union.is_empty() => return Ok(None),
        (None, None) => return Err(Failure::Wrong("--union needs --leave or --join".to_owned())),
    };
    for (option, tariff) in [("--external-tariff", args.external_tariff), ("--own-tariff", args.own_tariff)] {
        if !(tariff.is_finite() && tariff >= 0.0) {
            return Err(Failure::Wrong(format!(
                "{option} is {tariff}, expected a finite number of 0 or more"
            )));
        }
    }
    let members = args.union.iter().map(find).collect::<Result<Vec<usize>, Failure>>()?;
    let (agreement, external_tariff) = (args.agreement, args.external_tariff);
    let union = CustomsUnion { members, agreement, external_tariff };
    Ok(Some(Membership { union, country, own_tariff: args.own_tariff, joins }))
}

/// Columns that each say a change, alone or with another of them.
const CHANGES: [&str; 6] =
    ["log_change", "cost_factor", "old_tariff", "new_tariff", "covered_share", "compliance_share"];

/// The columns of a shock file.
struct Columns {
    log_change: Option<usize>,
    cost_factor: Option<usize>,
    tariffs: Option<(usize, usize)>,
    ban: Option<(usize, usize)>,
    through: Option<usize>,
    way: [Option<usize>; 4],
}

impl Columns {
    fn of(sheet: &mut Sheet) -> Columns {
        let mut both = |one: &str, other: &str| match (sheet.column(one), sheet.column(other)) {
            (None, None) => None,
            _ => sheet.required(one).zip(sheet.required(other)),
        };
        let tariffs = both("old_tariff", "new_tariff");
        let ban = both("covered_share", "compliance_share");
        let (log_change, cost_factor) = (sheet.column("log_change"), sheet.column("cost_factor"));
        let through = sheet.column("through");
        let names = ["reach_share", "cost_factor_through", "through_compliance", "earned_share"];
        let way = names.map(|name| if through.is_some() { sheet.required(name) } else { None });
        if CHANGES.iter().all(|name| sheet.column(name).is_none()) {
            sheet
                .table_error("no column says what changes")
                .expected(format!("one of {}", CHANGES.join(", ")));
        }
        Columns { log_change, cost_factor, tariffs, ban, through, way }
    }
}

fn read_pairs(sheet: &mut Sheet, names: &Countries) -> Result<Vec<Change>, Diagnostics> {
    let (exporter, importer) = (sheet.required("exporter"), sheet.required("importer"));
    let columns = Columns::of(sheet);
    sheet.checked()?;
    let (Some(exporter), Some(importer)) = (exporter, importer) else { return Ok(Vec::new()) };
    let mut first: HashMap<(usize, usize), usize> = HashMap::new();
    let mut changes: Vec<Change> = Vec::new();
    for row in 0..sheet.len() {
        let [from, to] = [exporter, importer].map(|column| files::known(sheet, row, column, names));
        let (Some(from), Some(to)) = (from, to) else {
            // The cells behind are still read, for their mistakes.
            let _ = change(sheet, row, &columns, names, [0, 0]);
            continue;
        };
        let read = change(sheet, row, &columns, names, [from, to]);
        let ways = read.ban.iter().flat_map(|ban| &ban.ways_round);
        for way in ways.filter(|way| [from, to].contains(&way.country)) {
            let message = format!("`{}` is a party to the ban", names.names[way.country]);
            sheet.error(row, columns.through.unwrap_or(exporter), message).expected("a third state");
        }
        let known = changes.iter_mut().find(|c| c.exporter == from && c.importer == to);
        match (known.and_then(|c| c.ban.as_mut()), &read.ban) {
            // Another way round the same ban.
            (Some(ban), Some(more)) if !more.ways_round.is_empty() && !ban.ways_round.is_empty() => {
                ban.ways_round.extend(more.ways_round.iter().copied());
            }
            _ => {
                files::once(sheet, row, exporter, [from, to], &mut first, names);
                changes.push(read);
            }
        }
    }
    sheet.checked()?;
    Ok(changes)
}

/// What the cells of a row say; empty ones say nothing.
fn change(sheet: &mut Sheet, row: usize, columns: &Columns, names: &Countries, pair: [usize; 2]) -> Change {
    let [exporter, importer] = pair;
    let mut cell = |column: Option<usize>, expected: &str, fits: &dyn Fn(f64) -> bool| {
        let column = column.filter(|column| !sheet.text(row, *column).is_empty())?;
        let number = sheet.number(row, column)?;
        if !fits(number) {
            sheet.error(row, column, format!("found {number}")).expected(expected);
            return None;
        }
        Some(number)
    };
    let overflows = |change: f64| change.exp().is_infinite();
    let log_change = cell(columns.log_change, "a change whose exponential is a number", &|c| !overflows(c));
    let cost_factor = cell(columns.cost_factor, "a factor above 0", &|factor| factor > 0.0);
    let tariff = |rate: f64| rate >= 0.0;
    let share = |share: f64| (0.0..=1.0).contains(&share);
    let tariffs = columns.tariffs.and_then(|(old, new)| {
        let expected = "a tariff of 0 or more";
        let (old, new) = (cell(Some(old), expected, &tariff), cell(Some(new), expected, &tariff));
        (old.is_some() || new.is_some()).then(|| (old.unwrap_or(0.0), new.unwrap_or(0.0)))
    });
    let shares = columns.ban.map(|(covered, compliance)| {
        let expected = "a share from 0 to 1";
        (cell(Some(covered), expected, &share), cell(Some(compliance), expected, &share))
    });
    let [reach, factor, complies, earned] = columns.way;
    let way = (
        cell(reach, "a share from 0 to 1", &share),
        cell(factor, "a factor of 1 or more", &|factor| factor >= 1.0),
        cell(complies, "a share from 0 to 1", &share),
        cell(earned, "a share from 0 to 1", &share),
    );
    let through = columns.through.filter(|column| !sheet.text(row, *column).is_empty());
    let country = through.and_then(|column| files::known(sheet, row, column, names));
    let ways_round = country.map(|country| ThirdState {
        country,
        reach_share: way.0.unwrap_or(1.0),
        cost_factor: way.1.unwrap_or(1.0),
        compliance_share: way.2.unwrap_or(0.0),
        earned_share: way.3.unwrap_or(1.0),
    });
    let ban = shares.filter(|(covered, _)| covered.is_some()).map(|(covered, compliance)| Ban {
        exporter,
        importer,
        covered_share: covered.unwrap_or(0.0),
        compliance_share: compliance.unwrap_or(1.0),
        ways_round: ways_round.into_iter().collect(),
    });
    Change {
        exporter,
        importer,
        log_change: log_change.unwrap_or(0.0),
        cost_factor: cost_factor.unwrap_or(1.0),
        tariffs,
        ban,
    }
}
