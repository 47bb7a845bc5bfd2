//! Cases: a request under a treaty as it stood on one day. Also the reading of a treaty or a case alone.

use std::path::Path;

use super::names::entries;
use super::treaty_text;
use crate::diagnostic::{Diagnostics, Report};
use crate::format::case_file::{CaseFile, Known, StakesTable};
use crate::format::treaty_file::TreatyFile;
use crate::format::{At, Field, Named, Table, toml_file};
use crate::sheet::text_of;
use crate::treaty::{CaseMember, Limits, Observation, TreatyCase, TreatyText};

/// Reads a treaty's file alone.
///
/// # Errors
/// It cannot be read, or has mistakes: all of them, with line and column.
pub fn read_treaty(path: &Path) -> Result<TreatyText, Diagnostics> {
    parse_treaty(&path.display().to_string(), &text_of(path)?)
}

/// Reads a treaty from the text of a file; `name` is the file it is said to come from.
///
/// # Errors
/// It has mistakes: all of them, with line and column.
pub fn parse_treaty(name: &str, toml: &str) -> Result<TreatyText, Diagnostics> {
    let mut report = Report::default();
    let file: Option<TreatyFile> = parsed(name, toml, &mut report);
    let text = file.and_then(|file| treaty_text::read(&file, &mut report));
    finish(text, name, report)
}

/// Reads a case alone.
///
/// # Errors
/// It cannot be read, or has mistakes: all of them, with line and column.
pub fn read_case(path: &Path, text: &TreatyText) -> Result<TreatyCase, Diagnostics> {
    parse_case(&path.display().to_string(), &text_of(path)?, text)
}

/// Reads a case from the text of a file; `name` is the file it is said to come from, and gives the case its id.
///
/// # Errors
/// It has mistakes: all of them, with line and column.
pub fn parse_case(name: &str, toml: &str, text: &TreatyText) -> Result<TreatyCase, Diagnostics> {
    let mut report = Report::default();
    let id = Path::new(name).file_stem().and_then(|stem| stem.to_str()).unwrap_or("case");
    let file: Option<CaseFile> = parsed(name, toml, &mut report);
    let case = file.and_then(|file| read(id, &file, text, &mut report));
    finish(case, name, report)
}

fn parsed<T: Table>(name: &str, toml: &str, report: &mut Report) -> Option<T> {
    let file = report.add_file(name, toml.strip_prefix('\u{feff}').unwrap_or(toml));
    toml_file::read_file(file, report)
}

fn finish<T>(found: Option<T>, name: &str, mut report: Report) -> Result<T, Diagnostics> {
    match found {
        Some(found) if report.is_empty() => Ok(found),
        _ => {
            if report.is_empty() {
                report.file_error(name, "this file could not be read");
            }
            Err(report.finish())
        }
    }
}

/// Reads a case of a treaty; what is wrong is noted.
pub(crate) fn read(id: &str, file: &CaseFile, text: &TreatyText, report: &mut Report) -> Option<TreatyCase> {
    if let Some(named) = file.treaty.given().filter(|named| named.value != text.id) {
        report
            .error(named.spot, format!("the case is about the treaty `{}`", named.value))
            .expected(format!("`{}`, the one it is judged by", text.id));
    }
    let date = file.date.value()?.0;
    let absent: &[At<String>] = file.absent.value().map_or(&[], Vec::as_slice);
    for name in absent {
        known_member(name, text, report);
    }
    for (name, _) in entries(&file.beliefs) {
        known_member(name, text, report);
    }
    for (name, _) in entries(&file.stakes).iter().filter(|(name, _)| name.value != "default") {
        known_member(name, text, report);
    }
    let facts = facts(file.facts.given()?, None, text, report);
    let requester = file.requester.value()?;
    let place = match &file.place {
        Field::Absent => Some(requester.clone()),
        field => field.given().and_then(|place| known_place(place, text, report)),
    };
    let votes = |actor: &str| actor != requester && !absent.iter().any(|name| name.value == actor);
    let mut members = Vec::new();
    for member in text.members.iter().filter(|member| member.on(date) && votes(&member.actor)) {
        let own = entries(&file.beliefs).iter().find(|(name, _)| name.value == member.actor);
        let beliefs = match (own, &facts) {
            (Some((name, own)), Some(facts)) => {
                let at = At { value: own.clone(), spot: name.spot };
                self::facts(&at, Some(facts), text, report)
            }
            _ => facts.clone(),
        };
        let named = |wanted: &str| entries(&file.stakes).iter().find(|(name, _)| name.value == wanted);
        let stakes = stakes(named(&member.actor), named("default"), report);
        members.push(Some(CaseMember {
            actor: member.actor.clone(),
            weight: member.weight,
            beliefs: beliefs?,
            stakes: stakes?,
        }));
    }
    let members: Vec<CaseMember> = members.into_iter().collect::<Option<_>>()?;
    if members.is_empty() {
        report
            .error(file.spot, format!("nobody is left to vote on {date}"))
            .expected("a member beside the requester");
    }
    if let Some(hours) =
        file.patience_hours.given().filter(|hours| hours.value[0] < 0.0 || hours.value[0] > hours.value[1])
    {
        report.error(hours.spot, "these are no hours").expected("[shortest, longest], neither below 0");
    }
    Some(TreatyCase {
        id: id.to_owned(),
        title: file.title.value()?.clone(),
        date,
        requester: requester.clone(),
        place: place?,
        facts: facts?,
        lead: text.lead.as_ref().and_then(|lead| members.iter().position(|member| member.actor == *lead)),
        members,
        patience_hours: file.patience_hours.value().copied(),
        observed: match &file.observed {
            Field::Given(observed) => Some(Observation {
                granted: *observed.value.granted.value()?,
                lead_in_favour: observed.value.lead_in_favour.value().copied(),
                answer: observed.value.answer.text(),
            }),
            _ => None,
        },
        sources: file.sources.value()?.iter().map(|source| source.value.clone()).collect(),
        note: file.note.text(),
    })
}

fn known_member(name: &At<String>, text: &TreatyText, report: &mut Report) {
    let members = text.members.iter().map(|member| member.actor.as_str());
    if !members.clone().any(|member| member == name.value) {
        report
            .error(name.spot, format!("`{}` is no member of {}", name.value, text.id))
            .near(&name.value, members);
    }
}

/// A place that a treaty knows; notes one it does not.
pub(super) fn known_place(place: &At<String>, text: &TreatyText, report: &mut Report) -> Option<String> {
    if text.places().any(|known| known == place.value) {
        return Some(place.value.clone());
    }
    report
        .error(place.spot, format!("{} knows no place `{}`", text.id, place.value))
        .expected("a member, or one of the treaty's territories")
        .near(&place.value, text.places());
    None
}

/// What the facts are, in the treaty's order; what is left out is as in `otherwise`, or else an error.
fn facts(
    given: &At<Named<Known>>,
    otherwise: Option<&Vec<Limits>>,
    text: &TreatyText,
    report: &mut Report,
) -> Option<Vec<Limits>> {
    let mut sound = true;
    for (name, _) in &given.value.0 {
        if !text.facts.iter().any(|(fact, _)| *fact == name.value) {
            sound = false;
            report
                .error(name.spot, format!("the treaty knows no fact `{}`", name.value))
                .near(&name.value, text.facts.iter().map(|(fact, _)| fact.as_str()));
        }
    }
    let mut found = Vec::with_capacity(text.facts.len());
    for (at, (fact, title)) in text.facts.iter().enumerate() {
        match given.value.0.iter().find(|(name, _)| name.value == *fact) {
            Some((name, known)) => {
                let limits = within(name, *known, [0.0, 1.0], report);
                sound &= limits.is_some();
                found.push(limits.unwrap_or_default());
            }
            None => match otherwise {
                Some(otherwise) => found.push(otherwise[at]),
                None => {
                    sound = false;
                    report.error(given.spot, format!("the fact `{fact}` is missing")).expected(title.clone());
                }
            },
        }
    }
    sound.then_some(found)
}

fn stakes(
    own: Option<&(At<String>, StakesTable)>,
    default: Option<&(At<String>, StakesTable)>,
    report: &mut Report,
) -> Option<[Limits; 5]> {
    let mut sound = true;
    let mut pick = |name: &str, field: fn(&StakesTable) -> &Field<Known>, bounds: Limits| {
        let found = [own, default].into_iter().flatten().find_map(|(_, table)| field(table).given());
        let Some(known) = found else { return [0.0, 0.0] };
        let at = At { value: name.to_owned(), spot: known.spot };
        let limits = within(&at, known.value, bounds, report);
        sound &= limits.is_some();
        limits.unwrap_or_default()
    };
    let found = [
        pick("interest", |table| &table.interest, [0.0, 1.0]),
        pick("relation", |table| &table.relation, [0.0, 1.0]),
        pick("capacity", |table| &table.capacity, [0.0, 1.0]),
        pick("home", |table| &table.home, [0.0, 1.0]),
        pick("precedent", |table| &table.precedent, [-1.0, 1.0]),
    ];
    sound.then_some(found)
}

fn within(name: &At<String>, known: Known, [low, high]: Limits, report: &mut Report) -> Option<Limits> {
    let limits = known.limits();
    if low <= limits[0] && limits[0] <= limits[1] && limits[1] <= high {
        return Some(limits);
    }
    let found = if limits[0] == limits[1] {
        format!("{}", limits[0])
    } else {
        format!("{} to {}", limits[0], limits[1])
    };
    report
        .error(name.spot, format!("`{}` is {found}", name.value))
        .expected(format!("a degree from {low} to {high}, or [low, high] between them"));
    None
}
