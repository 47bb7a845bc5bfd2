//! Series and outbursts as CSV or Parquet.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use equipoise_lab::numbers_file::{Numbers, write_numbers};
use equipoise_models::civil_violence::{Outburst, Tick};

use super::Run;
use crate::failure::Failure;

/// Writes both tables into a folder.
///
/// # Errors
/// The folder or a file cannot be written.
pub(super) fn tables(dir: &Path, runs: &[Run], parquet: bool) -> Result<(), Failure> {
    fs::create_dir_all(dir).map_err(|error| Failure::io("create", dir, &error))?;
    let [series, outbursts] = [series(runs), outbursts(runs)];
    for (name, columns) in [("series", series), ("outbursts", outbursts)] {
        if parquet {
            write_numbers(&dir.join(format!("{name}.parquet")), &columns)?;
        } else {
            let path = dir.join(format!("{name}.csv"));
            fs::write(&path, csv(&columns)).map_err(|error| Failure::io("write", &path, &error))?;
        }
    }
    Ok(())
}

fn series(runs: &[Run]) -> Vec<(&'static str, Numbers)> {
    let whole = |of: fn(&Tick) -> u32| {
        let ticks = runs.iter().flat_map(|run| &run.ticks);
        Numbers::Whole(ticks.map(|tick| Some(i64::from(of(tick)))).collect())
    };
    let real = |of: fn(&Tick) -> f64| Numbers::Real(runs.iter().flat_map(|run| &run.ticks).map(of).collect());
    let seeds = runs.iter().flat_map(|run| std::iter::repeat_n(Some(run.seed as i64), run.ticks.len()));
    let arrests = runs.iter().flat_map(|run| &run.arrests).map(|arrests| Some(i64::from(*arrests)));
    vec![
        ("seed", Numbers::Whole(seeds.collect())),
        ("tick", whole(|tick| tick.tick)),
        ("active", whole(|tick| tick.active)),
        ("jailed", whole(|tick| tick.jailed)),
        ("quiet", whole(|tick| tick.quiet)),
        ("cops", whole(|tick| tick.cops)),
        ("group_1", whole(|tick| tick.groups[0])),
        ("group_2", whole(|tick| tick.groups[1])),
        ("legitimacy", real(|tick| tick.legitimacy)),
        ("tension", real(|tick| tick.tension)),
        ("arrests", Numbers::Whole(arrests.collect())),
    ]
}

fn outbursts(runs: &[Run]) -> Vec<(&'static str, Numbers)> {
    let column = |of: fn(&Outburst) -> Option<i64>| {
        Numbers::Whole(runs.iter().flat_map(|run| &run.outbursts).map(of).collect())
    };
    let seeds = runs.iter().flat_map(|run| std::iter::repeat_n(Some(run.seed as i64), run.outbursts.len()));
    vec![
        ("seed", Numbers::Whole(seeds.collect())),
        ("start", column(|one| Some(i64::from(one.start)))),
        ("end", column(|one| Some(i64::from(one.end)))),
        ("activation", column(|one| i64::try_from(one.activation).ok())),
        ("wait", column(|one| one.wait.map(i64::from))),
    ]
}

fn csv(columns: &[(&str, Numbers)]) -> String {
    let mut text = String::new();
    let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    let _ = writeln!(text, "{}", names.join(","));
    let rows = columns.first().map_or(0, |(_, numbers)| match numbers {
        Numbers::Whole(numbers) => numbers.len(),
        Numbers::Real(numbers) => numbers.len(),
    });
    for row in 0..rows {
        for (at, (_, numbers)) in columns.iter().enumerate() {
            let comma = if at == 0 { "" } else { "," };
            let _ = match numbers {
                Numbers::Whole(numbers) => match numbers[row] {
                    Some(number) => write!(text, "{comma}{number}"),
                    None => write!(text, "{comma}"),
                },
                Numbers::Real(numbers) => write!(text, "{comma}{}", numbers[row]),
            };
        }
        text.push('\n');
    }
    text
}
