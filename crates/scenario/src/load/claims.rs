//! The evidence files: sources, subjects, claims and accounts.

use std::collections::HashSet;

use jiff::civil::Date;

use super::names::Index;
use super::{Shelf, accounts, in_order};
use crate::diagnostic::Report;
use crate::evidence::{
    Account, Claim, ClaimSubject, ClaimValue, Evidence, Modifier, Source, Status, SubjectKind,
};
use crate::format::accounts_file::AccountsFile;
use crate::format::rows::{ClaimRow, SourceRow, SubjectRow};
use crate::format::{At, Field};
use crate::unit::Unit;

/// Units of claims that expressions do not know; they count as plain numbers.
const PLAIN_UNITS: [&str; 6] = ["years", "months", "usd_per_barrel", "states", "sites", "flights"];

/// The evidence as far as it could be read: what is broken keeps its place as `None`.
pub(crate) struct ReadEvidence {
    pub sources: Index,
    pub subjects: Index,
    pub claims: Index,
    pub subject_items: Vec<Option<ClaimSubject>>,
    pub claim_items: Vec<Option<Claim>>,
    pub accounts: Option<Vec<Account>>,
    /// Subjects (by position) with a claim that could not be read: what claims say on them is not known in full.
    doubtful: HashSet<usize>,
    source_items: Vec<Option<Source>>,
    whole: bool,
}

impl ReadEvidence {
    /// Whether every claim on a subject could be read.
    pub fn is_complete(&self, subject: usize) -> bool {
        self.whole && !self.doubtful.contains(&subject)
    }

    /// The evidence, if all of it could be read.
    pub fn finish(self) -> Option<Evidence> {
        Some(Evidence {
            sources: self.source_items.into_iter().collect::<Option<_>>()?,
            subjects: self.subject_items.into_iter().collect::<Option<_>>()?,
            claims: self.claim_items.into_iter().collect::<Option<_>>()?,
            accounts: self.accounts.filter(|_| self.whole)?,
        })
    }
}

/// Unit of a subject in expressions; `None` if it is none.
pub(crate) fn subject_unit(subject: &ClaimSubject) -> Option<Unit> {
    match subject.kind {
        SubjectKind::Number => match subject.unit.as_str() {
            "tenge_per_litre" => Unit::parse("currency / litres").ok(),
            unit if PLAIN_UNITS.contains(&unit) => Some(Unit::NUMBER),
            unit => Unit::parse(unit).ok(),
        },
        SubjectKind::Share => Some(Unit::NUMBER),
        SubjectKind::YesNo | SubjectKind::Category => Some(Unit::YES_NO),
        SubjectKind::Date => None,
    }
}

/// Reads and checks the evidence files.
pub(crate) fn read(shelf: &Shelf, report: &mut Report) -> ReadEvidence {
    let source_rows = shelf.rows::<SourceRow>("sources.csv", report);
    let subject_rows = shelf.rows::<SubjectRow>("subjects.csv", report);
    let claim_rows = shelf.rows::<ClaimRow>("claims.csv", report);
    let accounts_file = shelf.toml::<AccountsFile>("accounts.toml", report);
    let whole = source_rows.is_some() && subject_rows.is_some() && claim_rows.is_some();

    let sources = match &source_rows {
        Some(rows) => Index::new("source", rows.iter().map(|row| row.id.given()), report),
        None => Index::unknown("source"),
    };
    let subjects = match &subject_rows {
        Some(rows) => Index::new("subject", rows.iter().map(|row| row.id.given()), report),
        None => Index::unknown("subject"),
    };
    let claims = match &claim_rows {
        Some(rows) => Index::new("claim", rows.iter().map(|row| row.id.given()), report),
        None => Index::unknown("claim"),
    };
    let source_items = source_rows.iter().flatten().map(source).collect();
    let subject_items: Vec<_> = subject_rows.iter().flatten().map(|row| subject(row, report)).collect();
    let claim_items: Vec<_> = claim_rows
        .iter()
        .flatten()
        .map(|row| claim(row, &sources, &subjects, &subject_items, report))
        .collect();
    let accounts =
        accounts_file.and_then(|file| accounts::read(&file, &claims, &sources, &claim_items, whole, report));
    let doubtful = claim_rows
        .iter()
        .flatten()
        .zip(&claim_items)
        .filter(|(_, claim)| claim.is_none())
        .filter_map(|(row, _)| subjects.peek(row.subject.value()?))
        .collect();
    ReadEvidence {
        sources,
        subjects,
        claims,
        subject_items,
        claim_items,
        accounts,
        doubtful,
        source_items,
        whole,
    }
}

fn source(row: &SourceRow) -> Option<Source> {
    Some(Source {
        id: row.id.value()?.clone(),
        outlet: row.outlet.value()?.clone(),
        title: row.title.value()?.clone(),
        date: row.date.text(),
        language: row.language.text(),
        affiliation: row.affiliation.text(),
        note: row.note.text(),
    })
}

fn subject(row: &SubjectRow, report: &mut Report) -> Option<ClaimSubject> {
    let kind = row.kind.value()?.0;
    if let Some(unit) = row.unit.given() {
        let words = PLAIN_UNITS.into_iter().chain(["tenge_per_litre", "number"]).chain(Unit::BASES);
        if kind != SubjectKind::Number {
            report.error(unit.spot, "only a subject of kind number has a unit").expected("an empty cell");
        } else if !words.clone().any(|word| word == unit.value)
            && !matches!(Unit::parse(&unit.value), Ok(Unit::Quantity(_)))
        {
            report
                .error(unit.spot, format!("there is no unit `{}`", unit.value))
                .expected(format!("one of {}", words.clone().collect::<Vec<_>>().join(", ")))
                .near(&unit.value, words);
            return None;
        }
    } else if kind == SubjectKind::Number {
        report
            .error(row.spot, "the unit of this number is missing")
            .expected("a unit; `number` for a plain number");
    }
    Some(ClaimSubject { id: row.id.value()?.clone(), kind, unit: row.unit.text(), title: row.title.text() })
}

fn claim(
    row: &ClaimRow,
    sources: &Index,
    subjects: &Index,
    subject_items: &[Option<ClaimSubject>],
    report: &mut Report,
) -> Option<Claim> {
    let source = row.source.given().and_then(|source| sources.get(source, report));
    let subject = row.subject.given().and_then(|subject| subjects.get(subject, report));
    in_order(&row.from, &row.to, report);
    let its = subject_items.get(subject?)?.as_ref()?;
    let (value, interval) = stand(row, its, report)?;
    Some(Claim {
        id: row.id.value()?.clone(),
        subject: subject?,
        value,
        modifier: row.modifier.value().map_or(Modifier::Exactly, |word| word.0),
        interval,
        from: row.from.value().map(|day| day.0),
        to: row.to.value().map(|day| day.0),
        place: row.place.text(),
        actor: row.actor.text(),
        attribution: links(&row.attribution.text()),
        status: row.status.value()?.0,
        source: source?,
        paragraph: row.paragraph.text(),
        group: row.group.text(),
        text: row.text.value()?.clone(),
    })
}

/// Value and interval of a claim.
fn stand(
    row: &ClaimRow,
    subject: &ClaimSubject,
    report: &mut Report,
) -> Option<(Option<ClaimValue>, Option<[f64; 2]>)> {
    let value = match row.value.given() {
        None => None,
        Some(text) => Some(claim_value(text, subject, report)?),
    };
    if matches!(row.modifier, Field::Broken) {
        return None;
    }
    let modifier = row.modifier.value().map_or(Modifier::Exactly, |word| word.0);
    if matches!(subject.kind, SubjectKind::YesNo | SubjectKind::Category) {
        for end in [&row.low, &row.high] {
            if let Some(end) = end.given() {
                report.error(end.spot, "an answer or a word has no interval").expected("an empty cell");
            }
        }
        return Some((value, None));
    }
    let number = value.as_ref().and_then(as_number);
    let rule = modifier.interval(number, subject.kind);
    let low = end(&row.low, subject, report)?;
    let high = end(&row.high, subject, report)?;
    let interval = match (low.or(rule.map(|[low, _]| low)), high.or(rule.map(|[_, high]| high))) {
        (Some(low), Some(high)) => Some([low, high]),
        (None, None) => None,
        _ => {
            let (at, which) = if low.is_none() { (&row.high, "low") } else { (&row.low, "high") };
            report.error(at.given().map_or(row.spot, |end| end.spot), format!("the {which} end is missing"));
            return None;
        }
    };
    let id = row.id.text();
    if let Some([low, high]) = interval {
        let spot = row.low.given().or(row.high.given()).or(row.value.given()).map_or(row.spot, |at| at.spot);
        if low > high {
            let (low, high) = (shown(low, subject.kind), shown(high, subject.kind));
            report
                .error(spot, format!("claim {id}: the low end {low} is above the high end {high}"))
                .expected("low ≤ high");
            return None;
        }
        if let Some(number) = number.filter(|number| *number < low || *number > high) {
            // Hedges that are words of quantity replace the value; only written ends must hold it.
            if row.low.is_present() || row.high.is_present() {
                let number = shown(number, subject.kind);
                report.error(spot, format!("claim {id}: the value {number} lies outside its own interval"));
                return None;
            }
        }
    } else if !matches!(row.status.value().map(|word| word.0), Some(Status::Unknown) | None) {
        let expected = match modifier {
            Modifier::Between => "the cells `low` and `high`",
            _ => "a value, or the status unknown",
        };
        report.error(row.spot, format!("claim {id} says nothing: it has no value")).expected(expected);
        return None;
    }
    Some((value, interval))
}

/// One end of an interval: the outer `None` is a mistake already noted.
#[allow(clippy::option_option)]
fn end(field: &Field<String>, subject: &ClaimSubject, report: &mut Report) -> Option<Option<f64>> {
    match field.given() {
        None => Some(None),
        Some(text) => claim_value(text, subject, report).map(|value| as_number(&value)),
    }
}

fn claim_value(text: &At<String>, subject: &ClaimSubject, report: &mut Report) -> Option<ClaimValue> {
    let (value, expected) = match subject.kind {
        SubjectKind::Number => {
            let number = text.value.parse().ok().filter(|number: &f64| number.is_finite());
            let signed = matches!(subject.unit.as_str(), "number" | "points");
            let number = number.filter(|number| signed || *number >= 0.0);
            let expected = if signed { "a finite number" } else { "a finite number, zero or more" };
            (number.map(ClaimValue::Number), expected)
        }
        SubjectKind::Share => {
            let share = text.value.parse().ok().filter(|share: &f64| (0.0..=1.0).contains(share));
            (share.map(ClaimValue::Number), "a share from 0 to 1")
        }
        SubjectKind::Date => {
            let date = text.value.parse::<Date>().ok().filter(|date| date.to_string() == text.value);
            (date.map(ClaimValue::Date), "a date of the calendar, YYYY-MM-DD")
        }
        SubjectKind::YesNo => {
            let answer = match text.value.as_str() {
                "yes" => Some(true),
                "no" => Some(false),
                _ => None,
            };
            (answer.map(ClaimValue::YesNo), "yes or no")
        }
        SubjectKind::Category => (Some(ClaimValue::Category(text.value.clone())), "a word"),
    };
    if value.is_none() {
        report
            .error(text.spot, format!("`{}` is no value of the subject `{}`", text.value, subject.id))
            .expected(expected);
    }
    value
}

fn as_number(value: &ClaimValue) -> Option<f64> {
    match value {
        ClaimValue::Number(number) => Some(*number),
        ClaimValue::Date(date) => Some(f64::from((*date - jiff::civil::date(1970, 1, 1)).get_days())),
        ClaimValue::YesNo(_) | ClaimValue::Category(_) => None,
    }
}

/// A number of an interval as its file writes it.
fn shown(number: f64, kind: SubjectKind) -> String {
    if kind == SubjectKind::Date {
        let day = jiff::civil::date(1970, 1, 1).saturating_add(jiff::Span::new().days(number as i32));
        return day.to_string();
    }
    number.to_string()
}

fn links(chain: &str) -> Vec<String> {
    chain.split(';').map(str::trim).filter(|link| !link.is_empty()).map(str::to_owned).collect()
}
