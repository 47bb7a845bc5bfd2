//! The shapes of the files: one type per table or row, from which files are read and JSON Schemas are made.
//!
//! A value that is missing or of the wrong type is noted and skipped, so that everything wrong with a folder is
//! found in one reading. What values *mean* is checked in [`load`](crate::load()).

pub(crate) mod accounts_file;
pub(crate) mod action_tables;
pub(crate) mod alliance_tables;
pub(crate) mod case_file;
pub(crate) mod csv_file;
pub(crate) mod positions_files;
pub(crate) mod route_rows;
pub(crate) mod rows;
pub(crate) mod scenario_file;
pub(crate) mod toml_file;
pub(crate) mod trade_files;
pub(crate) mod treaty_file;
pub(crate) mod value;

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use toml::de::DeValue;

use crate::diagnostic::{Report, Spot};

/// A value with its place in the file.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct At<T> {
    pub value: T,
    pub spot: Spot,
}

/// A value of a table or row.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) enum Field<T> {
    /// Left out.
    #[default]
    Absent,
    /// Given but unreadable; already noted.
    Broken,
    /// Given.
    Given(At<T>),
}

impl<T> Field<T> {
    /// The value with its place, if it could be read.
    pub fn given(&self) -> Option<&At<T>> {
        match self {
            Field::Given(at) => Some(at),
            _ => None,
        }
    }

    /// The value, if it could be read.
    pub fn value(&self) -> Option<&T> {
        self.given().map(|at| &at.value)
    }

    /// Whether the file has something there, readable or not.
    pub fn is_present(&self) -> bool {
        !matches!(self, Field::Absent)
    }
}

impl Field<String> {
    /// The text, empty if left out.
    pub fn text(&self) -> String {
        self.value().cloned().unwrap_or_default()
    }
}

/// A table whose keys are ids, in file order.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Named<T>(pub Vec<(At<String>, T)>);

/// A value before it is known what it should be.
pub(crate) enum Raw<'a> {
    /// A value of a TOML file.
    Toml(&'a DeValue<'a>),
    /// A cell of a CSV file, not empty.
    Cell(&'a str),
    /// A cell that its row lacks; already noted.
    Lost,
}

/// One key of a table, or one filled cell of a row.
pub(crate) struct Entry<'a> {
    pub key: &'a str,
    pub raw: Raw<'a>,
    pub spot: Spot,
}

/// What can be read from a value; notes what is wrong where it cannot.
pub(crate) trait Read: Sized {
    fn read(raw: &Raw<'_>, spot: Spot, report: &mut Report) -> Option<Self>;
}

impl<T: Read> Read for At<T> {
    fn read(raw: &Raw<'_>, spot: Spot, report: &mut Report) -> Option<Self> {
        T::read(raw, spot, report).map(|value| At { value, spot })
    }
}

/// A struct that is read key by key.
pub(crate) trait Table: Sized {
    const REQUIRED: &'static [&'static str];
    const OPTIONAL: &'static [&'static str];
    fn from_entries(spot: Spot, entries: &[Entry<'_>], report: &mut Report) -> Self;
}

/// Declares a table or row: its keys with their types and docs, from which reading and schema both follow.
macro_rules! table {
    ($(#[$doc:meta])* $name:ident
     required { $($(#[$required_doc:meta])* $required:ident: $required_type:ty,)* }
     optional { $($(#[$optional_doc:meta])* $optional:ident: $optional_type:ty,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, schemars::JsonSchema)]
        #[schemars(deny_unknown_fields)]
        pub(crate) struct $name {
            #[schemars(skip)]
            #[allow(dead_code)]
            pub spot: crate::diagnostic::Spot,
            $($(#[$required_doc])* #[allow(dead_code)] pub $required: crate::format::Field<$required_type>,)*
            $($(#[$optional_doc])* #[allow(dead_code)] #[schemars(default)] pub $optional: crate::format::Field<$optional_type>,)*
        }

        impl crate::format::Table for $name {
            const REQUIRED: &'static [&'static str] = &[$(crate::format::plain(stringify!($required))),*];
            const OPTIONAL: &'static [&'static str] = &[$(crate::format::plain(stringify!($optional))),*];

            #[allow(unused_variables)]
            fn from_entries(
                spot: crate::diagnostic::Spot,
                entries: &[crate::format::Entry<'_>],
                report: &mut crate::diagnostic::Report,
            ) -> Self {
                Self {
                    spot,
                    $($required: crate::format::required(crate::format::plain(stringify!($required)), spot, entries, report),)*
                    $($optional: crate::format::optional(crate::format::plain(stringify!($optional)), entries, report),)*
                }
            }
        }

        impl crate::format::Read for $name {
            fn read(
                raw: &crate::format::Raw<'_>,
                spot: crate::diagnostic::Spot,
                report: &mut crate::diagnostic::Report,
            ) -> Option<Self> {
                crate::format::toml_file::read_table(raw, spot, &[], report)
            }
        }
    };
}
pub(crate) use table;

/// A field's name as it stands in files: Rust writes its own keywords as `r#move`.
pub(crate) const fn plain(name: &'static str) -> &'static str {
    match name.as_bytes() {
        [b'r', b'#', ..] => name.split_at(2).1,
        _ => name,
    }
}

/// Reads a key that must be there.
pub(crate) fn required<T: Read>(
    key: &str,
    spot: Spot,
    entries: &[Entry<'_>],
    report: &mut Report,
) -> Field<T> {
    let field = optional(key, entries, report);
    if matches!(field, Field::Absent) {
        report.error(spot, format!("`{key}` is missing"));
        return Field::Broken;
    }
    field
}

/// Reads a key that may be left out.
pub(crate) fn optional<T: Read>(key: &str, entries: &[Entry<'_>], report: &mut Report) -> Field<T> {
    match entries.iter().find(|entry| entry.key == key) {
        None => Field::Absent,
        Some(Entry { raw: Raw::Lost, .. }) => Field::Broken,
        Some(entry) => match T::read(&entry.raw, entry.spot, report) {
            Some(value) => Field::Given(At { value, spot: entry.spot }),
            None => Field::Broken,
        },
    }
}

/// The schema of a wrapper is the schema of what it wraps.
macro_rules! schema_of_inner {
    ($($wrapper:ident),*) => {
        $(impl<T: JsonSchema> JsonSchema for $wrapper<T> {
            fn inline_schema() -> bool { T::inline_schema() }
            fn schema_name() -> Cow<'static, str> { T::schema_name() }
            fn schema_id() -> Cow<'static, str> { T::schema_id() }
            fn json_schema(generator: &mut SchemaGenerator) -> Schema { T::json_schema(generator) }
        })*
    };
}
schema_of_inner!(At, Field);

impl<T: JsonSchema> JsonSchema for Named<T> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        format!("Table_of_{}", T::schema_name()).into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let inner = generator.subschema_for::<T>();
        schemars::json_schema!({ "type": "object", "additionalProperties": inner })
    }
}
