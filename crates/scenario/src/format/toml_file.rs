//! Reading TOML files: every unknown, missing or mistyped key is noted, none stops the reading.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::value::wrong;
use super::{At, Entry, Named, Raw, Read, Table};
use crate::diagnostic::{Report, Spot};

/// Reads a whole file as one table; `None` if it is not TOML at all.
pub(crate) fn read_file<T: Table>(file: usize, report: &mut Report) -> Option<T> {
    let text = report.text(file);
    let (table, errors) = DeTable::parse_recoverable(&text);
    let whole = Spot { file, start: 0, end: 0 };
    for error in &errors {
        let span = error.span().unwrap_or(0..0);
        report.error(whole.at(span), error.message().to_owned()).expected("valid TOML");
    }
    if !errors.is_empty() {
        return None;
    }
    Some(from_toml_table(table.get_ref(), whole, &[], report))
}

/// Reads a value as a table; `also` are keys that somebody else has read.
pub(crate) fn read_table<T: Table>(
    raw: &Raw<'_>,
    spot: Spot,
    also: &[&str],
    report: &mut Report,
) -> Option<T> {
    let Raw::Toml(DeValue::Table(table)) = raw else {
        wrong(raw, &format!("a table with {}", quoted(T::REQUIRED)), spot, report);
        return None;
    };
    Some(from_toml_table(table, spot, also, report))
}

/// One text of a table, without a complaint where there is none.
pub(crate) fn text_of(raw: &Raw<'_>, key: &str, spot: Spot) -> Option<At<String>> {
    let Raw::Toml(DeValue::Table(table)) = raw else {
        return None;
    };
    let value = table.get(key)?;
    let text = value.get_ref().as_str()?;
    Some(At { value: text.to_owned(), spot: spot.at(value.span()) })
}

impl<T: Read> Read for Vec<At<T>> {
    fn read(raw: &Raw<'_>, spot: Spot, report: &mut Report) -> Option<Self> {
        let Raw::Toml(DeValue::Array(list)) = raw else {
            wrong(raw, "a list", spot, report);
            return None;
        };
        let mut whole = true;
        let mut values = Vec::with_capacity(list.len());
        for item in list.iter() {
            let spot = spot.at(item.span());
            match T::read(&Raw::Toml(item.get_ref()), spot, report) {
                Some(value) => values.push(At { value, spot }),
                None => whole = false,
            }
        }
        whole.then_some(values)
    }
}

impl<T: Read> Read for Named<T> {
    fn read(raw: &Raw<'_>, spot: Spot, report: &mut Report) -> Option<Self> {
        let Raw::Toml(DeValue::Table(table)) = raw else {
            wrong(raw, "a table of named entries", spot, report);
            return None;
        };
        let mut whole = true;
        let mut entries = Vec::with_capacity(table.len());
        for (key, value) in table {
            let id = At { value: key.get_ref().to_string(), spot: spot.at(key.span()) };
            match T::read(&Raw::Toml(value.get_ref()), table_spot(key, value, spot), report) {
                Some(value) => entries.push((id, value)),
                None => whole = false,
            }
        }
        whole.then_some(Named(entries))
    }
}

fn from_toml_table<T: Table>(table: &DeTable<'_>, spot: Spot, also: &[&str], report: &mut Report) -> T {
    let mut entries = Vec::with_capacity(table.len());
    for (key, value) in table {
        let name: &str = key.get_ref();
        if also.contains(&name) {
            continue;
        }
        if !T::REQUIRED.contains(&name) && !T::OPTIONAL.contains(&name) {
            let known = T::REQUIRED.iter().chain(T::OPTIONAL).copied();
            report
                .error(spot.at(key.span()), format!("there is no key `{name}` here"))
                .expected(format!("one of {}", known.clone().collect::<Vec<_>>().join(", ")))
                .near(name, known);
            continue;
        }
        entries.push(Entry {
            key: name,
            raw: Raw::Toml(value.get_ref()),
            spot: table_spot(key, value, spot),
        });
    }
    T::from_entries(spot, &entries, report)
}

/// Where mistakes about a value point: a table is pointed at by its key, since it may be spread over many lines.
fn table_spot(key: &Spanned<std::borrow::Cow<'_, str>>, value: &Spanned<DeValue<'_>>, spot: Spot) -> Spot {
    match value.get_ref() {
        DeValue::Table(_) => spot.at(key.span()),
        _ => spot.at(value.span()),
    }
}

fn quoted(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}
