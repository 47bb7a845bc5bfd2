//! From files to a checked scenario: every name resolved, every expression compiled, every mistake reported at once.

mod accounts;
mod actions;
mod claims;
mod events;
mod folder;
mod names;
mod outcomes;
mod parameters;
mod policies;
mod positions;
mod routes;
mod society;
mod trade;
mod treaties;
mod treaty_area;
pub(crate) mod treaty_case;
mod treaty_text;
mod voices;

use std::collections::HashMap;
use std::path::Path;

use jiff::civil::Date;

use crate::diagnostic::{Diagnostics, Report, Spot};
use crate::format::case_file::CaseFile;
use crate::format::scenario_file::ScenarioFile;
use crate::format::treaty_file::TreatyFile;
use crate::format::value::Day;
use crate::format::{At, Field, Table, csv_file, rows, toml_file};
use crate::scenario::{Parameter, Scenario, TreatyId};
use crate::treaty::{TreatyCase, TreatyText};
use names::Context;

/// The longest simulation: days are told apart by sixteen bits of randomness.
const MOST_DAYS: i64 = 65_535;

pub use folder::FOLDERS;

/// Reads and checks a scenario folder; its name becomes the scenario's id.
///
/// # Errors
/// Everything that is wrong with it, with file, line and column.
pub fn load(folder: &Path) -> Result<Scenario, Diagnostics> {
    let (id, files) = folder::read(folder)?;
    load_files(&id, files)
}

/// Checks a scenario given as files: path relative to its folder, with `/` between parts, and bytes or text.
///
/// # Errors
/// Everything that is wrong with it, with file, line and column.
pub fn load_files(id: &str, files: Vec<(String, impl Into<Vec<u8>>)>) -> Result<Scenario, Diagnostics> {
    let mut files: Vec<(String, Vec<u8>)> =
        files.into_iter().map(|(path, content)| (path, content.into())).collect();
    files.sort();
    let mut report = Report::default();
    let shelf = Shelf::new(&files, &mut report);
    let scenario = read(id, &shelf, &mut report);
    match scenario {
        Some(mut scenario) if report.is_empty() => {
            scenario.hash = folder::hash(&files);
            scenario.files = files;
            Ok(scenario)
        }
        _ => {
            if report.is_empty() {
                report.file_error("scenario.toml", "the scenario could not be read");
            }
            Err(report.finish())
        }
    }
}

/// Paths of files beside a scenario's folder that its scenario.toml shares with other scenarios.
pub fn outside_files(scenario_toml: &str) -> Vec<String> {
    folder::listed(scenario_toml)
        .into_iter()
        .filter(|path| path.starts_with("../") && folder::is_allowed(path))
        .collect()
}

/// The files that could be read as text, by path.
pub(crate) struct Shelf {
    numbers: HashMap<String, Option<usize>>,
}

impl Shelf {
    fn new(files: &[(String, Vec<u8>)], report: &mut Report) -> Shelf {
        let mut numbers = HashMap::new();
        for (path, bytes) in files {
            if !path.ends_with(".toml") && !path.ends_with(".csv") {
                continue;
            }
            let text = String::from_utf8_lossy(bytes);
            let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
            let number = report.add_file(path, text);
            let known = match std::str::from_utf8(bytes) {
                Ok(_) => Some(number),
                Err(error) => {
                    let at = error.valid_up_to();
                    report
                        .error(Spot { file: number, start: at, end: at }, "this file is not text in UTF-8")
                        .expected("UTF-8");
                    None
                }
            };
            numbers.insert(path.clone(), known);
        }
        Shelf { numbers }
    }

    /// Number of a file that must be there.
    fn find(&self, path: &str, report: &mut Report) -> Option<usize> {
        match self.numbers.get(path) {
            Some(number) => *number,
            None => {
                report
                    .file_error(path, "this file is missing")
                    .near(path, self.numbers.keys().map(String::as_str));
                None
            }
        }
    }

    fn toml<T: Table>(&self, path: &str, report: &mut Report) -> Option<T> {
        toml_file::read_file(self.find(path, report)?, report)
    }

    fn rows<T: Table>(&self, path: &str, report: &mut Report) -> Option<Vec<T>> {
        csv_file::read_rows(self.find(path, report)?, report)
    }

    fn paths(&self) -> impl Iterator<Item = &str> {
        self.numbers.keys().map(String::as_str)
    }

    fn has(&self, path: &str) -> bool {
        self.numbers.contains_key(path)
    }
}

/// A treaty's file, or `None` where it could not be read.
pub(crate) type TreatyFiles = Vec<Option<TreatyFile>>;

fn read(id: &str, shelf: &Shelf, report: &mut Report) -> Option<Scenario> {
    let evidence = claims::read(shelf, report);
    let actor_rows = shelf.rows::<rows::ActorRow>("actors.csv", report);
    let place_rows = shelf.rows::<rows::PlaceRow>("places.csv", report);
    let outline_rows =
        if shelf.has("outline.csv") { shelf.rows("outline.csv", report) } else { Some(Vec::new()) };
    let record_rows =
        if shelf.has("record.csv") { shelf.rows("record.csv", report) } else { Some(Vec::new()) };
    let file = shelf.toml::<ScenarioFile>("scenario.toml", report)?;
    let treaty_files: TreatyFiles = outside(&file.treaties, "treaty", shelf, report);
    let texts: Vec<Option<TreatyText>> = treaty_files
        .iter()
        .map(|treaty| treaty.as_ref().and_then(|treaty| treaty_text::read(treaty, report)))
        .collect();
    let cases = cases(&file, &texts, shelf, report);

    let period = period(&file, report);
    let route_files = routes::files(shelf, report);
    let trade_files = trade::files(&file, shelf, report);
    let policy_files = policies::files(shelf, report);
    let mut context = Context::new(
        &file,
        &treaty_files,
        actor_rows.as_deref(),
        place_rows.as_deref(),
        route_files.as_ref(),
        trade_files.as_ref(),
        report,
    );
    let position_files = positions::Files::read(&file, shelf, &mut context);
    let parameters = parameters::read(&file, &evidence, &mut context);
    let focus = file.focus.given().and_then(|focus| context.actor(focus));
    let actors = actor_rows.as_deref().and_then(society::actors);
    let places = place_rows.as_deref().and_then(|rows| society::places(rows, &mut context));
    let outline = outline_rows.and_then(|rows| society::outline(&rows, &mut context));
    let unrest = society::unrest(&file, &mut context);
    let forces = society::forces(&file, &mut context);
    let legitimacy = society::legitimacy(&file, &mut context);
    let reporting = society::reporting(&file, &mut context);
    let relations = society::relations(&file, &mut context);
    let stocks = society::stocks(&file, &mut context);
    let ground = treaties::Ground {
        focus,
        start: period.map(|(start, _)| start),
        parameters: parameters.as_deref().unwrap_or(&[]),
        accounts: evidence.accounts.as_deref(),
    };
    let treaties = treaties::read(&file, &treaty_files, &texts, &ground, &mut context);
    // The middle of every parameter under the first account, to see whether contracts can be kept at all.
    let centres: Vec<f64> =
        parameters.iter().flatten().map(|parameter: &Parameter| parameter.draw(0.5, 0)).collect();
    let reads = routes::Reads {
        file: &file,
        evidence: &evidence,
        period,
        focus,
        parameters: parameters.as_deref(),
        centres: &centres,
    };
    let transit = routes::read(route_files.as_ref(), &reads, &mut context);
    let trade = trade::read(trade_files.as_ref(), &reads, &mut context);
    let shocks = events::shocks(&file, &evidence, period, &mut context);
    let decisions = events::decisions(&file, &mut context);
    let issues = positions::issues(&file, &position_files, &mut context);
    let bargaining = positions::bargaining(&file, period, &mut context);
    let voting = positions::voting(&file, &position_files, period, &mut context);
    let outcomes = outcomes::outcomes(&file, period, &mut context);
    let series = outcomes::series(&file, &mut context);
    let policies = policies::read(&file, policy_files.as_deref().unwrap_or(&[]), period, &mut context);
    let record = record_rows.and_then(|rows| outcomes::record(&file, &rows, &evidence, period, &mut context));
    let (start, days) = period?;
    Some(Scenario {
        id: id.to_owned(),
        title: file.title.text(),
        question: file.question.text(),
        focus: focus?,
        start,
        days,
        evidence: evidence.finish()?,
        parameters: parameters?,
        actors: actors?,
        places: places?,
        outline: outline?,
        unrest: unrest?,
        forces: forces?,
        legitimacy: legitimacy?,
        reporting: reporting?,
        relations: relations?,
        treaties: treaties?,
        transit: transit?,
        trade: trade?,
        cases: cases?,
        stocks: stocks?,
        shocks: shocks?,
        decisions: decisions?,
        outcomes: outcomes?,
        series: series?,
        issues: issues?,
        bargaining: bargaining?,
        voting: voting?,
        policies: policies.filter(|_| policy_files.is_some())?,
        record: record?,
        hash: String::new(),
        files: Vec::new(),
    })
}

/// Reads the files a list names: in this folder, or in one beside it that scenarios share.
fn outside<T: Table>(
    list: &Field<Vec<At<String>>>,
    what: &str,
    shelf: &Shelf,
    report: &mut Report,
) -> Vec<Option<T>> {
    let paths: &[At<String>] = list.value().map_or(&[], Vec::as_slice);
    paths
        .iter()
        .map(|path| {
            if !folder::is_allowed(&path.value) {
                report.error(path.spot, format!("`{}` is no path of a {what}", path.value)).expected(
                    "a file in this folder or in one beside it, like treaties/x.toml or ../treaties/x.toml",
                );
                return None;
            }
            if !shelf.has(&path.value) {
                report
                    .error(path.spot, format!("there is no file `{}`", path.value))
                    .near(&path.value, shelf.numbers.keys().map(String::as_str));
                return None;
            }
            shelf.toml(&path.value, report)
        })
        .collect()
}

/// Reads the past requests, each by the treaty it names.
fn cases(
    file: &ScenarioFile,
    texts: &[Option<TreatyText>],
    shelf: &Shelf,
    report: &mut Report,
) -> Option<Vec<(TreatyId, TreatyCase)>> {
    let files: Vec<Option<CaseFile>> = outside(&file.cases, "case", shelf, report);
    let paths: &[At<String>] = file.cases.value().map_or(&[], Vec::as_slice);
    let cases: Vec<_> = files
        .iter()
        .zip(paths)
        .map(|(case, path)| {
            let case = case.as_ref()?;
            let named = case.treaty.given()?;
            let known = || texts.iter().flatten().map(|text| text.id.as_str());
            let Some(treaty) =
                texts.iter().position(|text| text.as_ref().is_some_and(|text| text.id == named.value))
            else {
                if texts.iter().all(Option::is_some) {
                    report
                        .error(named.spot, format!("the scenario has no treaty `{}`", named.value))
                        .near(&named.value, known());
                }
                return None;
            };
            let name = path.value.rsplit('/').next().unwrap_or(&path.value);
            let id = name.strip_suffix(".toml").unwrap_or(name);
            Some((treaty, treaty_case::read(id, case, texts[treaty].as_ref()?, report)?))
        })
        .collect();
    cases.into_iter().collect()
}

/// First day and number of days.
fn period(file: &ScenarioFile, report: &mut Report) -> Option<(Date, u32)> {
    let (start, end) = (file.start.given()?, file.end.given()?);
    let days = i64::from((end.value.0 - start.value.0).get_days()) + 1;
    if days < 1 {
        report
            .error(end.spot, format!("the end {} lies before the start {}", end.value.0, start.value.0))
            .expected("a later day");
        return None;
    }
    if days > MOST_DAYS {
        report.error(end.spot, format!("{days} days are too many")).expected(format!("at most {MOST_DAYS}"));
        return None;
    }
    Some((start.value.0, u32::try_from(days).ok()?))
}

/// Notes a last day that lies before the first.
fn in_order(first: &Field<Day>, last: &Field<Day>, report: &mut Report) {
    let (Some(first), Some(last)) = (first.given(), last.given()) else { return };
    if first.value.0 > last.value.0 {
        report
            .error(last.spot, format!("the last day {} lies before the first", last.value.0))
            .expected("a later day");
    }
}

/// Notes a date outside the simulated days.
fn within_period(date: Date, period: Option<(Date, u32)>, spot: Spot, report: &mut Report) {
    let Some((start, days)) = period else { return };
    let end = start.saturating_add(jiff::Span::new().days(i64::from(days) - 1));
    if date < start || date > end {
        report
            .error(spot, format!("{date} is not a simulated day"))
            .expected(format!("a day from {start} to {end}"));
    }
}
