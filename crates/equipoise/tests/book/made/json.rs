//! The page of JSON shapes: every command typed with `--json`, and the shape of what comes back.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::os::unix::fs::symlink;

use serde_json::Value;
use tempfile::TempDir;

use super::{begun, same_as_page};
use crate::page::{pages, root};

/// The commands shown, in the order of the page. Later ones may read what earlier ones left.
const COMMANDS: [&str; 24] = [
    "equipoise new varnia --json",
    "equipoise check varnia --json",
    "equipoise evidence varnia --json",
    "equipoise run varnia -n 100 --quiet --json",
    "equipoise why runs/varnia --outcome killed --json",
    "equipoise compare varnia no-request -n 64 --quiet --json",
    "equipoise explore design inputs.csv --points 2 --json",
    "equipoise explore drivers runs/varnia --outcome killed --json",
    "equipoise explore discover runs/varnia --when \"killed > 0\" --json",
    "equipoise explore robust runs/varnia-compare --less killed --json",
    "equipoise calibrate varnia -n 300 --population 40 --quiet --json",
    "equipoise calibrate --table simulations.csv --record record.csv --nearest 0.5 --json",
    "equipoise model bargaining actors.csv --model smp --json",
    "equipoise model gravity --flows flows.csv --shock shock.csv --elasticity 4 --json",
    "equipoise model transit --nodes nodes.csv --edges edges.csv --supply supply.csv --close A:B --json",
    "equipoise model treaty treaty.toml case.toml --json",
    "equipoise model civil-violence --preset run2 --ticks 5 --json",
    "equipoise model contagion places.csv --from 2022-01-01 --splits 10 --json",
    "equipoise model roll-call votes.csv --method fast --json",
    "equipoise explore rare varnia --outcome \"killed>=100\" --particles 60 --repetitions 4 --moves 3 --json",
    "equipoise explore rare --table histories.csv --outcome \"killed>=20\" --json",
    "equipoise explore score --table histories.csv --record record.csv --json",
    "equipoise schema --vocabulary --json",
    "equipoise man --json",
];

#[test]
fn the_page_of_json_shapes_is_what_the_program_prints() {
    let folder = prepared();
    let mut text = begun("JSON shapes", "what the commands print with `--json`");
    text += "\nWith `--json` a command prints exactly one JSON object on standard output; messages go to standard \
             error. Shapes are stable: keys may be added, none is renamed. Below, a list shows the shape of its \
             entries, `ID` stands for a name from your files, and `or nothing` for a key that may be null.\n";
    for command in COMMANDS {
        let arguments = shell(command, &folder);
        let value: Value =
            serde_json::from_str(&arguments).unwrap_or_else(|error| panic!("{command}: {error}"));
        let mut title = command.split(' ').take_while(|word| is_command(word)).collect::<Vec<_>>().join(" ");
        if text.contains(&format!("## `{title}`")) {
            title += " --table";
        }
        write!(text, "\n## `{title}`\n\n```text\n").unwrap();
        text += &shape(&[&value], 0);
        write!(text, "\n```\n\nFrom `{command}`.\n").unwrap();
    }
    same_as_page("reference/json.md", &text);
}

/// Whether a word of a command line is part of the command's name.
fn is_command(word: &str) -> bool {
    word.chars().all(|c| c.is_ascii_lowercase() || c == '-') && !word.starts_with('-') && word != "varnia"
}

fn prepared() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let models = pages().into_iter().find(|page| page.path == "how-to/one-model-alone.md").unwrap();
    for block in models.blocks() {
        if let Some(name) = block.setting("file") {
            fs::write(folder.path().join(name), block.text).unwrap();
        }
    }
    fs::write(folder.path().join("votes.csv"), votes()).unwrap();
    let simulations: String = (0..60)
        .map(|row| format!("{},{},{},{}\n", row, ["home", "abroad"][row % 2], row / 2, row % 2))
        .collect();
    fs::write(folder.path().join("simulations.csv"), format!("demand,account,killed,sent\n{simulations}"))
        .unwrap();
    for (name, text) in [
        ("inputs.csv", "name,low,high\ndemand,50,150\nsupply,80,120\n"),
        ("histories.csv", "killed,sent\n10,1\n30,0\n20,1\n"),
        ("record.csv", "target,low,high,kind\nkilled,12,12,\nsent,1,1,yes_no\n"),
    ] {
        fs::write(folder.path().join(name), text).unwrap();
    }
    for (name, from) in [
        ("places.csv", root().join("scenarios/kazakhstan-2022/places.csv")),
        ("treaty.toml", root().join("scenarios/treaties/csto.toml")),
        ("case.toml", root().join("scenarios/treaties/cases/csto-2022-01-kazakhstan.toml")),
    ] {
        symlink(from, folder.path().join(name)).unwrap();
    }
    folder
}

/// Nine states on a line and eight roll calls that part them.
fn votes() -> String {
    let mut text = "session,date,resolution_id,unres,country_iso3,vote\n".to_owned();
    for call in 1..=8 {
        for state in 1..=9 {
            let vote = match state + call % 3 {
                ..=4 => "yes",
                5 => "abstain",
                _ => "no",
            };
            writeln!(text, "1,2001-01-0{call},{call},R/{call},S{state},{vote}").unwrap();
        }
    }
    text
}

fn shell(command: &str, folder: &TempDir) -> String {
    let program = assert_cmd::cargo::cargo_bin!("equipoise");
    let path = format!("{}:{}", program.parent().unwrap().display(), std::env::var("PATH").unwrap());
    let output = std::process::Command::new("sh")
        .args(["-c", command])
        .current_dir(folder.path())
        .env("PATH", path)
        .output()
        .unwrap();
    assert!(output.status.success(), "{command}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The common shape of values that stand in the same place.
fn shape(values: &[&Value], depth: usize) -> String {
    let given: Vec<&Value> = values.iter().copied().filter(|value| !value.is_null()).collect();
    let or_nothing = if given.len() < values.len() { " or nothing" } else { "" };
    let Some(first) = given.first() else { return "nothing".to_owned() };
    let text = match first {
        Value::Null => String::new(),
        Value::Bool(_) => "true or false".to_owned(),
        Value::Number(_) => "number".to_owned(),
        Value::String(_) => "text".to_owned(),
        Value::Array(_) => {
            let inner: Vec<&Value> = given.iter().filter_map(|value| value.as_array()).flatten().collect();
            if inner.is_empty() { "[]".to_owned() } else { format!("[{}]", shape(&inner, depth)) }
        }
        Value::Object(_) => object(&given, depth),
    };
    let kinds: BTreeSet<u8> = given.iter().map(|value| kind(value)).collect();
    let text = if kinds.len() > 1 { alternatives(&given, depth) } else { text };
    text + or_nothing
}

fn object(given: &[&Value], depth: usize) -> String {
    let tables: Vec<&serde_json::Map<String, Value>> =
        given.iter().filter_map(|value| value.as_object()).collect();
    let mut keys: Vec<&String> = Vec::new();
    for table in &tables {
        keys.extend(table.keys().filter(|key| !keys.contains(key)).collect::<Vec<_>>());
    }
    let indent = "  ".repeat(depth + 1);
    let under = |key: &String| -> Vec<&Value> { tables.iter().filter_map(|table| table.get(key)).collect() };
    let shapes: Vec<String> = keys.iter().map(|key| shape(&under(key), depth + 1)).collect();
    // Names from the user's files: several keys, all of one shape.
    let alike: BTreeSet<&String> = shapes.iter().collect();
    let named = keys.len() > 3 || (keys.len() > 1 && shapes[0].starts_with('{'));
    if named && alike.len() == 1 {
        return format!("{{ID: {}, …}}", shapes[0]);
    }
    let lines: Vec<String> =
        keys.iter().zip(&shapes).map(|(key, shape)| format!("{indent}\"{key}\": {shape}")).collect();
    if lines.is_empty() {
        "{}".to_owned()
    } else {
        format!("{{\n{}\n{}}}", lines.join(",\n"), "  ".repeat(depth))
    }
}

fn alternatives(given: &[&Value], depth: usize) -> String {
    let kinds: BTreeSet<u8> = given.iter().map(|value| kind(value)).collect();
    let each = kinds.into_iter().map(|wanted| {
        let some: Vec<&Value> = given.iter().copied().filter(|value| kind(value) == wanted).collect();
        shape(&some, depth)
    });
    each.collect::<Vec<_>>().join(" or ")
}

fn kind(value: &Value) -> u8 {
    match value {
        Value::Null => 0,
        Value::Bool(_) => 1,
        Value::Number(_) => 2,
        Value::String(_) => 3,
        Value::Array(_) => 4,
        Value::Object(_) => 5,
    }
}
