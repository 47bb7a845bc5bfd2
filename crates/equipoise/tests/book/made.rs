//! Pages of reference that are made from the program itself, so that they cannot be wrong for long.

mod json;

use std::fmt::Write;
use std::fs;
use std::process::Command;

use assert_cmd::cargo::cargo_bin;
use serde_json::Value;

use crate::page::source;

#[test]
fn the_page_of_the_command_line_is_what_help_says() {
    let mut text = begun("Command line", "`equipoise … --help`, for every command");
    text += "\nEvery command takes `--json` (one JSON object on standard output), `--color` and `--help`.\n";
    let mut commands = vec![Vec::new()];
    while let Some(command) = commands.pop() {
        let help = printed(&[command.clone(), vec!["--help".to_owned()]].concat());
        let name = ["equipoise".to_owned()].iter().chain(&command).cloned().collect::<Vec<_>>().join(" ");
        write!(text, "\n## `{name}`\n\n```text\n{}\n```\n", without_line_ends(&help)).unwrap();
        let below = subcommands(&help).into_iter().map(|word| [command.clone(), vec![word]].concat());
        commands.extend(below.collect::<Vec<_>>().into_iter().rev());
    }
    same_as_page("reference/command-line.md", &text);
}

#[test]
fn the_page_of_scenario_files_is_what_the_schemas_say() {
    let schemas: Value = serde_json::from_str(&printed(&["schema", "--json"].map(str::to_owned))).unwrap();
    let mut text = begun("Scenario files", "`equipoise schema`");
    text += "\nA key or column is needed unless the table says otherwise. In a CSV file an empty cell is a key left \
             out. An *expression* may read the words of the [vocabulary](vocabulary.md), parameters and stocks.\n";
    for (file, schema) in schemas["schemas"].as_object().unwrap() {
        write!(text, "\n## {file}\n").unwrap();
        describe(schema, &mut text);
        for (name, inner) in schema["$defs"].as_object().into_iter().flatten() {
            if inner.get("properties").is_some() || inner.get("oneOf").is_some() {
                write!(text, "\n### {file}: {name}\n").unwrap();
                describe(inner, &mut text);
            }
        }
    }
    same_as_page("reference/scenario-files.md", &text);
}

#[test]
fn the_page_of_the_vocabulary_is_what_the_program_knows() {
    let words: Value =
        serde_json::from_str(&printed(&["schema", "--vocabulary"].map(str::to_owned))).unwrap();
    let mut text = begun("Vocabulary", "`equipoise schema --vocabulary`");
    let cell = |value: &Value| value.as_str().unwrap_or_default().replace('|', "\\|");
    text += "\n## What expressions can read\n\n| word | about | unit | meaning |\n|---|---|---|---|\n";
    for word in words["observables"].as_array().unwrap() {
        let [name, about, unit, meaning] = ["name", "about", "unit", "meaning"].map(|key| cell(&word[key]));
        writeln!(text, "| `{name}` | {about} | {unit} | {meaning} |").unwrap();
    }
    text += "\nBesides: parameters and stocks by their ids, the name of a shock or `decision.option` for \"has \
             happened\", and inside `[alliances]` `self`, the member that is asked. The only numbers are 0 and 1.\n";
    text += "\n## Functions\n\n| function | meaning |\n|---|---|\n";
    for function in words["functions"].as_array().unwrap() {
        writeln!(text, "| `{}` | {} |", cell(&function["signature"]), cell(&function["meaning"])).unwrap();
    }
    text += "\n## Actions\n\nWhat shocks and options can do: `{ do = \"WORD\", … }`.\n\n| word | needs | may have | \
             meaning |\n|---|---|---|---|\n";
    for action in words["actions"].as_array().unwrap() {
        let keys = |key: &str| {
            let keys = action[key].as_array().unwrap().iter();
            keys.map(|key| format!("`{}`", cell(key))).collect::<Vec<_>>().join(", ")
        };
        let (needs, may) = (keys("needs"), keys("may_have"));
        writeln!(text, "| `{}` | {needs} | {may} | {} |", cell(&action["name"]), cell(&action["meaning"]))
            .unwrap();
    }
    text += "\n## Events\n\nWhat stands in a chronicle, and what `first`, `last` and `happens` of an outcome may \
             name.\n\n| event | meaning |\n|---|---|\n";
    for event in words["events"].as_array().unwrap() {
        writeln!(text, "| `{}` | {} |", cell(&event["name"]), cell(&event["meaning"])).unwrap();
    }
    let units: Vec<String> = words["units"]
        .as_array()
        .unwrap()
        .iter()
        .map(|unit| format!("`{}`", unit.as_str().unwrap_or_default()))
        .collect();
    write!(
        text,
        "\n## Units\n\n{}, and products and quotients of them such as `persons / days`.\n",
        units.join(", ")
    )
    .unwrap();
    same_as_page("reference/vocabulary.md", &text);
}

/// What the program prints.
pub fn printed(args: &[String]) -> String {
    let mut command = Command::new(cargo_bin!("equipoise"));
    command.args(args).env_remove("COLUMNS").env_remove("CLICOLOR_FORCE");
    let output = command.output().unwrap();
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The head of a page that is made.
pub fn begun(title: &str, from: &str) -> String {
    format!("# {title}\n\n*This page is made from {from}; a test keeps it true.*\n")
}

/// Compares with the page, or writes it.
pub fn same_as_page(path: &str, text: &str) {
    let file = source().join(path);
    if std::env::var("BOOK").is_ok_and(|mode| mode == "write") {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, text).unwrap();
    }
    let kept = fs::read_to_string(&file).unwrap_or_default();
    let first = kept.lines().zip(text.lines()).position(|(kept, made)| kept != made);
    let first = first.unwrap_or(kept.lines().count().min(text.lines().count()));
    assert!(
        kept == text,
        "docs/src/{path} differs from line {} on; `BOOK=write cargo test -p equipoise --test book` makes it anew:\n- {}\n+ {}",
        first + 1,
        kept.lines().nth(first).unwrap_or_default(),
        text.lines().nth(first).unwrap_or_default(),
    );
}

fn without_line_ends(text: &str) -> String {
    text.trim_end().lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

/// The words below `Commands:`; their explanations may go on in lines further in.
fn subcommands(help: &str) -> Vec<String> {
    let below = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let listed = below.take_while(|line| line.starts_with("  "));
    let first = listed.filter(|line| !line[2..].starts_with(' '));
    first.map(|line| line.split_whitespace().next().unwrap().to_owned()).collect()
}

/// A table of the keys of a schema, or of its alternatives.
fn describe(schema: &Value, text: &mut String) {
    if let Some(meaning) = schema["description"].as_str() {
        write!(text, "\n{}\n", flat(meaning)).unwrap();
    }
    if let Some(keys) = schema["properties"].as_object() {
        let needed: Vec<&str> =
            schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        text.push_str("\n| key | needed | type | meaning |\n|---|---|---|---|\n");
        for (key, value) in keys {
            let must = if needed.contains(&key.as_str()) { "yes" } else { "" };
            let meaning = flat(value["description"].as_str().unwrap_or_default()).replace('|', "\\|");
            writeln!(text, "| `{key}` | {must} | {} | {meaning} |", kind(value)).unwrap();
        }
        let inner = keys.iter().filter(|(_, value)| value.get("properties").is_some());
        for (key, value) in inner {
            write!(text, "\n`[{key}]`:\n\n| key | meaning |\n|---|---|\n").unwrap();
            for (name, value) in value["properties"].as_object().unwrap() {
                writeln!(text, "| `{name}` | {} |", flat(value["description"].as_str().unwrap_or_default()))
                    .unwrap();
            }
        }
    }
    let choices: Vec<&Value> =
        ["oneOf", "anyOf"].iter().filter_map(|key| schema[*key].as_array()).flatten().collect();
    if !choices.is_empty() {
        text.push_str("\n| one of | meaning |\n|---|---|\n");
        for choice in choices {
            let meaning = flat(choice["description"].as_str().unwrap_or_default());
            writeln!(text, "| {} | {} |", kind(choice), meaning.replace('|', "\\|")).unwrap();
        }
    }
}

/// What a value is, in a word or two.
fn kind(value: &Value) -> String {
    if let Some(word) = value["properties"]["do"]["const"].as_str().or(value["const"].as_str()) {
        return format!("`{word}`");
    }
    if let Some(reference) = value["$ref"].as_str() {
        return reference.rsplit('/').next().unwrap().to_owned();
    }
    if let Some(words) = value["enum"].as_array() {
        return words
            .iter()
            .filter_map(Value::as_str)
            .map(|word| format!("`{word}`"))
            .collect::<Vec<_>>()
            .join(", ");
    }
    for key in ["anyOf", "oneOf"] {
        if let Some(choices) = value[key].as_array() {
            let mut kinds: Vec<String> = choices.iter().map(kind).filter(|kind| kind != "nothing").collect();
            kinds.dedup();
            return kinds.join(" or ");
        }
    }
    match &value["type"] {
        Value::String(word) if word == "array" => format!("list of {}", kind(&value["items"])),
        Value::String(word) if word == "object" && value["additionalProperties"].is_object() => {
            format!("table of {}", kind(&value["additionalProperties"]))
        }
        Value::String(word) => plain(word).to_owned(),
        Value::Array(words) => {
            let words: Vec<&str> =
                words.iter().filter_map(Value::as_str).filter(|word| *word != "null").map(plain).collect();
            words.join(" or ")
        }
        _ => "value".to_owned(),
    }
}

fn plain(word: &str) -> &str {
    match word {
        "string" => "text",
        "boolean" => "true or false",
        "integer" => "whole number",
        "object" => "table",
        "null" => "nothing",
        other => other,
    }
}

fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
