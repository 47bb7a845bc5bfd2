//! Reading single values: texts, numbers, dates, yes and no, and words from closed lists.

use std::borrow::Cow;
use std::fmt;

use jiff::civil::Date;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::DeserializeOwned;
use serde::de::value::StrDeserializer;
use toml::de::DeValue;

use super::{At, Raw, Read};
use crate::diagnostic::{Report, Spot};

/// A day, `2022-01-05`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Day(pub Date);

/// `yes` or `no` in a cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct YesNo(pub bool);

/// A number, or the name of a parameter.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum NumberOrName {
    Number(f64),
    Name(String),
}

/// A word from a closed list.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Word<T>(pub T);

/// What a value is, for messages.
pub(crate) fn kind(raw: &Raw<'_>) -> String {
    match raw {
        Raw::Lost => "nothing".to_owned(),
        Raw::Cell(text) => format!("`{text}`"),
        Raw::Toml(value) => match value {
            DeValue::String(text) => format!("the text \"{text}\""),
            DeValue::Integer(number) => format!("the number {number}"),
            DeValue::Float(number) => format!("the number {number}"),
            DeValue::Boolean(truth) => format!("`{truth}`"),
            DeValue::Datetime(date) => format!("the date {date}"),
            DeValue::Array(_) => "a list".to_owned(),
            DeValue::Table(_) => "a table".to_owned(),
        },
    }
}

/// Notes that something else was expected.
pub(crate) fn wrong(raw: &Raw<'_>, expected: &str, spot: Spot, report: &mut Report) {
    report.error(spot, format!("found {}", kind(raw))).expected(expected);
}

impl Read for String {
    fn read(raw: &Raw<'_>, spot: Spot, report: &mut Report) -> Option<Self> {
        match raw {
            Raw::Cell(text) => Some((*text).to_owned()),
            Raw::Toml(DeValue::String(text)) => Some(text.to_string()),
            _ => {
                wrong(raw, "a text in quotes", spot, report);
                None
            }
        }
    }
}

impl Read for f64 {
    fn read(raw: &Raw<'_>, spot: Spot, report: &mut Report) -> Option<Self> {
        let text = match raw {
            Raw::Lost => Cow::Borrowed(""),
            Raw::Cell(text) => Cow::Borrowed(*text),
            Raw::Toml(DeValue::Integer(number)) => match i64::from_str_radix(number.as_str(), number.radix())
            {
                Ok(number) => Cow::Owned(number.to_string()),
                Err(_) => Cow::Borrowed(""),
            },
            Raw::Toml(DeValue::Float(number)) => Cow::Borrowed(number.as_str()),
            Raw::Toml(_) => Cow::Borrowed(""),
        };
        match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Some(number),
            Ok(_) => {
                wrong(raw, "a finite number", spot, report);
                None
            }
            Err(_) => {
                wrong(raw, "a number", spot, report);
                None
            }
        }
    }
}

impl Read for u32 {
    fn read(raw: &Raw<'_>, spot: Spot, report: &mut Report) -> Option<Self> {
        let number = f64::read(raw, spot, report)?;
        if number.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&number) {
            return Some(number as u32);
        }
        wrong(raw, "a whole number, zero or more", spot, report);
        None
    }
}

impl Read for bool {
    fn read(raw: &Raw<'_>, spot: Spot, report: &mut Report) -> Option<Self> {
        if let Raw::Toml(DeValue::Boolean(truth)) = raw {
            return Some(*truth);
        }
        wrong(raw, "true or false", spot, report);
        None
    }
}

impl Read for YesNo {
    fn read(raw: &Raw<'_>, spot: Spot, report: &mut Report) -> Option<Self> {
        match raw {
            Raw::Cell("yes") => Some(YesNo(true)),
            Raw::Cell("no") => Some(YesNo(false)),
            _ => {
                wrong(raw, "yes or no", spot, report);
                None
            }
        }
    }
}

impl Read for NumberOrName {
    fn read(raw: &Raw<'_>, spot: Spot, report: &mut Report) -> Option<Self> {
        match raw {
            Raw::Cell(text)
                if text.starts_with(|first: char| first.is_ascii_lowercase()) && *text != "nan" =>
            {
                Some(NumberOrName::Name((*text).to_owned()))
            }
            Raw::Cell(_) | Raw::Lost => f64::read(raw, spot, report).map(NumberOrName::Number),
            Raw::Toml(_) => {
                wrong(raw, "a number or the name of a parameter", spot, report);
                None
            }
        }
    }
}

impl Read for Day {
    fn read(raw: &Raw<'_>, spot: Spot, report: &mut Report) -> Option<Self> {
        let date = match raw {
            Raw::Cell(text) => text.parse::<Date>().ok().filter(|date| date.to_string() == *text),
            Raw::Toml(DeValue::Datetime(moment)) if moment.time.is_none() && moment.offset.is_none() => {
                moment.date.and_then(|date| {
                    let year = i16::try_from(date.year).ok()?;
                    Date::new(year, i8::try_from(date.month).ok()?, i8::try_from(date.day).ok()?).ok()
                })
            }
            Raw::Toml(_) | Raw::Lost => None,
        };
        if date.is_none() {
            let expected = match raw {
                Raw::Cell(_) | Raw::Lost => "a date of the calendar, YYYY-MM-DD",
                Raw::Toml(_) => "a date of the calendar without quotes, YYYY-MM-DD",
            };
            wrong(raw, expected, spot, report);
        }
        date.map(Day)
    }
}

impl Read for [f64; 2] {
    fn read(raw: &Raw<'_>, spot: Spot, report: &mut Report) -> Option<Self> {
        let list = match raw {
            Raw::Toml(DeValue::Array(_)) => Vec::<At<f64>>::read(raw, spot, report)?,
            _ => {
                wrong(raw, "two numbers, [low, high]", spot, report);
                return None;
            }
        };
        match list.as_slice() {
            [low, high] => Some([low.value, high.value]),
            _ => {
                report
                    .error(spot, format!("found a list of {} numbers", list.len()))
                    .expected("two numbers, [low, high]");
                None
            }
        }
    }
}

impl JsonSchema for NumberOrName {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "NumberOrName".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["number", "string"] })
    }
}

impl<T: DeserializeOwned> Read for Word<T> {
    fn read(raw: &Raw<'_>, spot: Spot, report: &mut Report) -> Option<Self> {
        let text = match raw {
            Raw::Cell(text) => *text,
            Raw::Toml(DeValue::String(text)) => text,
            Raw::Toml(_) | Raw::Lost => {
                wrong(raw, "a word in quotes", spot, report);
                return None;
            }
        };
        match word::<T>(text) {
            Ok(value) => Some(Word(value)),
            Err(words) => {
                report
                    .error(spot, format!("there is no word `{text}` here"))
                    .expected(format!("one of {}", words.join(", ")))
                    .near(text, words.iter().copied());
                None
            }
        }
    }
}

/// The value a word of a closed list stands for.
///
/// # Errors
/// The words of the list, where it is none of them.
fn word<T: DeserializeOwned>(text: &str) -> Result<T, &'static [&'static str]> {
    T::deserialize(StrDeserializer::<UnknownWord>::new(text)).map_err(|unknown| unknown.0)
}

/// Carries the list of words out of a derived `Deserialize`, so that the list stands in one place only.
#[derive(Debug)]
struct UnknownWord(&'static [&'static str]);

impl fmt::Display for UnknownWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "one of {}", self.0.join(", "))
    }
}

impl std::error::Error for UnknownWord {}

impl serde::de::Error for UnknownWord {
    fn custom<T: fmt::Display>(_: T) -> Self {
        UnknownWord(&[])
    }
    fn unknown_variant(_: &str, expected: &'static [&'static str]) -> Self {
        UnknownWord(expected)
    }
}

impl JsonSchema for Day {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "Day".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date" })
    }
}

impl JsonSchema for YesNo {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "YesNo".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "enum": ["yes", "no"] })
    }
}

impl<T: JsonSchema> JsonSchema for Word<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }
    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }
    fn schema_id() -> Cow<'static, str> {
        T::schema_id()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}
