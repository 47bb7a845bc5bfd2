//! The results of a bargain as files: tables, the JSON object, and a picture of the paths.

use std::fs;
use std::path::Path;

use equipoise_view::report::{Paths, paths_page};
use serde_json::Value;

use super::{Answer, Which};
use crate::failure::Failure;

/// Writes positions.csv, answer.json, paths.html, and variants.csv where there are variants.
///
/// # Errors
/// The folder or a file cannot be written.
pub fn all(dir: &Path, input: &Path, answer: &Answer, json: &Value) -> Result<(), Failure> {
    fs::create_dir_all(dir).map_err(|error| Failure::io("create", dir, &error))?;
    let write = |name: &str, text: &str| {
        let path = dir.join(name);
        fs::write(&path, text).map_err(|error| Failure::io("write", &path, &error))
    };
    write("positions.csv", &positions(answer))?;
    write("answer.json", &format!("{json:#}\n"))?;
    write("paths.html", &paths_page(&paths(input, answer)))?;
    if let Some(told) = &answer.variants {
        write("variants.csv", &told.csv)?;
    }
    Ok(())
}

fn positions(answer: &Answer) -> String {
    let last = if answer.model == Which::Smp { "win_probability" } else { "median" };
    let mut csv = format!("turn,actor,dimension,position,risk,{last}\n");
    for (number, turn) in answer.turns.iter().enumerate() {
        for (i, name) in answer.actors.names().iter().enumerate() {
            for (k, position) in turn.positions[i].iter().enumerate() {
                let value = turn.win_probability.get(i).copied().unwrap_or(turn.prevailing[k]);
                csv += &format!("{number},{},{},{position},{},{value}\n", quoted(name), k + 1, turn.risk[i]);
            }
        }
    }
    csv
}

/// A text as a cell of a CSV file.
fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

fn paths(input: &Path, answer: &Answer) -> Paths {
    let name = input.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let dimensions = answer.actors.dimensions();
    let per_dimension = |of: fn(&super::Turn) -> &Vec<f64>| -> Vec<Vec<f64>> {
        (0..dimensions).map(|k| answer.turns.iter().map(|turn| of(turn)[k]).collect()).collect()
    };
    Paths {
        title: format!("Positions over turns: {name}"),
        model: match answer.model {
            Which::Smp => "Spatial Model of Politics",
            Which::Eum => "Expected Utility Model",
        }
        .to_owned(),
        turn_word: if answer.model == Which::Smp { "Turn" } else { "Round" }.to_owned(),
        prevailing_word: if answer.model == Which::Smp { "likeliest position" } else { "median" }.to_owned(),
        actors: answer.actors.names().to_vec(),
        capability: answer.actors.capability().to_vec(),
        positions: (0..dimensions)
            .map(|k| {
                let of = |i: usize| answer.turns.iter().map(|turn| turn.positions[i][k]).collect();
                (0..answer.actors.count()).map(of).collect()
            })
            .collect(),
        mean: per_dimension(|turn| &turn.mean),
        prevailing: per_dimension(|turn| &turn.prevailing),
        remark: answer.variants.as_ref().map(|told| told.text.trim().to_owned()),
    }
}
