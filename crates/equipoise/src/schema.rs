//! `equipoise schema`: what scenario files may contain, for editors and for people.

use std::process::ExitCode;

use equipoise_scenario::{schemas, vocabulary};
use serde_json::{Map, Value, json};

use crate::args::SchemaArgs;
use crate::failure::Failure;
use crate::screen::Screen;

/// Prints one schema, the vocabulary, or the list of files that have a schema (with `--json`, all schemas by file).
///
/// # Errors
/// There is no schema of that name.
pub fn schema(args: &SchemaArgs, screen: &Screen) -> Result<ExitCode, Failure> {
    let all = schemas();
    if args.vocabulary {
        screen.print_json(&vocabulary())?;
    } else if let Some(name) = &args.name {
        // `claims` does for `claims.csv`.
        let is_meant =
            |file: &str| file == name || file.split_once('.').is_some_and(|(stem, _)| stem == name);
        let Some((_, schema)) = all.iter().find(|(file, _)| is_meant(file)) else {
            let known: Vec<&str> = all.iter().map(|(file, _)| *file).collect();
            return Err(Failure::unknown("schema", name, &known));
        };
        screen.print_json(schema)?;
    } else if screen.json {
        let by_file: Map<String, Value> =
            all.into_iter().map(|(file, schema)| (file.to_owned(), schema)).collect();
        screen.print_json(&json!({ "schemas": by_file }))?;
    } else {
        let mut text = String::from("Files with a schema (for CSV, the schema of one row):\n");
        for (file, _) in &all {
            text += &format!("  equipoise schema {file}\n");
        }
        text += "The words of expressions, events and actions:\n  equipoise schema --vocabulary\n";
        screen.print(&text)?;
    }
    Ok(ExitCode::SUCCESS)
}
