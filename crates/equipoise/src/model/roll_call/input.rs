//! What `roll-call` reads beside votes: anchors, repeats, texts.

use std::collections::HashMap;
use std::path::Path;

use equipoise_models::roll_call::predict::Text;
use equipoise_models::roll_call::{Anchor, RollCall, RollCallError, Votes, find_repeats, repeats_by_title};
use equipoise_scenario::Sheet;
use equipoise_scenario::votes::days_since_1970;

use super::{EstimateArgs, Repeats};
use crate::failure::Failure;

/// The anchors of the publication.
const ANCHORS: &str = include_str!("../../../data/roll_call/anchors.csv");

/// States whose side is known.
pub(super) fn anchors(file: Option<&Path>) -> Result<Vec<Anchor>, Failure> {
    let mut sheet = match file {
        Some(path) => Sheet::read(path)?,
        None => Sheet::parse("anchors.csv", ANCHORS)?,
    };
    let columns = (sheet.required("country_iso3"), sheet.required("side"));
    sheet.checked()?;
    let mut anchors = Vec::new();
    if let (Some(state), Some(side)) = columns {
        for row in 0..sheet.len() {
            if let Some(side) = sheet.number(row, side) {
                anchors.push(Anchor { state: sheet.text(row, state).to_owned(), side });
            }
        }
    }
    sheet.checked()?;
    Ok(anchors)
}

/// Finds or reads which roll calls repeat earlier ones, and notes it in the votes; how many.
pub(super) fn note_repeats(votes: &mut Votes, args: &EstimateArgs) -> Result<usize, Failure> {
    let pairs = if let Some(path) = &args.matches {
        matches(votes, path)?
    } else if let Some(path) = &args.titles {
        repeats_by_title(votes, &titles(votes, path)?)
    } else if args.repeats == Repeats::Votes {
        find_repeats(votes)
    } else {
        Vec::new()
    };
    for &(later, earlier) in &pairs {
        votes.roll_calls[later as usize].repeats = Some(earlier);
    }
    Ok(pairs.len())
}

fn index(votes: &Votes) -> HashMap<&str, u32> {
    votes.roll_calls.iter().map(|roll_call| roll_call.id.as_str()).zip(0..).collect()
}

/// Pairs from a file. Those with a roll call that is not among the votes are passed over: a list of matches covers more
/// sessions than are asked for.
fn matches(votes: &Votes, path: &Path) -> Result<Vec<(u32, u32)>, Failure> {
    let mut sheet = Sheet::read(path)?;
    let columns = (sheet.required("resolution_id"), sheet.required("repeats"));
    sheet.checked()?;
    let known = index(votes);
    let mut pairs = Vec::new();
    if let (Some(later), Some(earlier)) = columns {
        for row in 0..sheet.len() {
            if let (Some(&later), Some(&earlier)) =
                (known.get(sheet.text(row, later)), known.get(sheet.text(row, earlier)))
            {
                pairs.push((later, earlier));
            }
        }
    }
    Ok(pairs)
}

fn titles(votes: &Votes, path: &Path) -> Result<Vec<String>, Failure> {
    let mut sheet = Sheet::read(path)?;
    let columns = (sheet.required("resolution_id"), sheet.required("title"));
    sheet.checked()?;
    let known = index(votes);
    let mut titles = vec![String::new(); votes.roll_calls.len()];
    if let (Some(id), Some(title)) = columns {
        for row in 0..sheet.len() {
            if let Some(&at) = known.get(sheet.text(row, id)) {
                titles[at as usize] = sheet.text(row, title).to_owned();
            }
        }
    }
    Ok(titles)
}

/// Texts, and for each the predecessors to predict it from, as indices into the texts.
pub(super) struct Texts {
    pub texts: Vec<Text>,
    pub predecessors: Vec<Vec<usize>>,
}

/// Reads texts. One that has not been voted on is added to the votes, on the day the file gives.
pub(super) fn texts(votes: &mut Votes, path: &Path) -> Result<Texts, Failure> {
    let mut sheet = Sheet::read(path)?;
    let wanted =
        ["resolution_id", "issue", "situation", "severity", "predecessor"].map(|name| sheet.required(name));
    let date = sheet.column("date");
    sheet.checked()?;
    let [Some(id), Some(issue), Some(situation), Some(severity), Some(predecessor)] = wanted else {
        return Ok(Texts { texts: Vec::new(), predecessors: Vec::new() });
    };
    let mut known: HashMap<String, u32> =
        votes.roll_calls.iter().map(|roll_call| roll_call.id.clone()).zip(0..).collect();
    let mut rows: HashMap<String, usize> = HashMap::new();
    let mut texts = Vec::new();
    for row in 0..sheet.len() {
        let name = sheet.text(row, id).to_owned();
        if rows.insert(name.clone(), row).is_some() {
            sheet.error(row, id, format!("the text `{name}` appears twice"));
        }
        let roll_call = match known.get(&name) {
            Some(&at) => Some(at),
            None => coming(votes, &mut sheet, row, id, date),
        };
        let severity = sheet.number(row, severity);
        let (issue, situation) = (sheet.text(row, issue).to_owned(), sheet.text(row, situation).to_owned());
        if let (Some(roll_call), Some(severity)) = (roll_call, severity) {
            known.insert(name, roll_call);
            texts.push(Text { roll_call, issue, situation, severity });
        }
    }
    let mut predecessors = Vec::new();
    for row in 0..sheet.len() {
        let mut own = Vec::new();
        let cell = sheet.text(row, predecessor).to_owned();
        for name in cell.split(';').map(str::trim).filter(|name| !name.is_empty()) {
            match rows.get(name) {
                Some(&at) => own.push(at),
                None => {
                    sheet
                        .error(row, predecessor, format!("there is no text `{name}` in this file"))
                        .near(name, rows.keys().map(String::as_str));
                }
            }
        }
        predecessors.push(own);
    }
    sheet.checked()?;
    Ok(Texts { texts, predecessors })
}

/// Adds a text that has not been voted on.
fn coming(votes: &mut Votes, sheet: &mut Sheet, row: usize, id: usize, date: Option<usize>) -> Option<u32> {
    let name = sheet.text(row, id).to_owned();
    let Some(date) = date.filter(|date| !sheet.text(row, *date).is_empty()) else {
        sheet
            .error(row, id, format!("there is no roll call `{name}` among the votes"))
            .expected("one that was voted on, or a date in a column `date` for a vote to come");
        return None;
    };
    let Ok(day) = sheet.text(row, date).parse::<jiff::civil::Date>() else {
        let found = format!("found `{}`", sheet.text(row, date));
        sheet.error(row, date, found).expected("a date as year-month-day, such as 2022-03-02");
        return None;
    };
    let session = votes.roll_calls.iter().map(|roll_call| roll_call.session).max().unwrap_or(0);
    votes.roll_calls.push(RollCall {
        id: name,
        text: String::new(),
        session,
        day: days_since_1970(day),
        repeats: None,
    });
    Some(votes.roll_calls.len() as u32 - 1)
}

/// What the model says about the votes in a file.
pub(super) fn refused(path: &Path, error: &RollCallError) -> Failure {
    match error {
        RollCallError::Cancelled => Failure::Stopped("interrupted: nothing was kept".to_owned()),
        RollCallError::Settings { .. } => Failure::Wrong(error.to_string()),
        _ => Failure::Wrong(format!("{}: {error}", path.display())),
    }
}
