//! `equipoise explore design`: the rows of a design over inputs of one's own, for a model that runs elsewhere.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use equipoise_lab::Design;
use equipoise_lab::design::FactorDesign;
use equipoise_scenario::Sheet;
use serde_json::json;

use crate::failure::Failure;
use crate::model::listing::quoted;
use crate::run::write_whole;
use crate::screen::Screen;

/// What `explore design` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  equipoise explore design inputs.csv --points 1000 --out X.csv
  equipoise explore design inputs.csv --design saltelli --second-order --points 512 --out X.csv
  equipoise explore design inputs.csv --design lhs --from 1000 --points 1000
                                    the second thousand, behind the first

inputs.csv has the columns name, low and high, a row for each input. Run your model on every row, put its
results beside them, and ask: `equipoise explore drivers --table X.csv --outcome y.csv --method sobol`.
A larger design begins with the smaller one. For runs of a scenario take `run --design`.")]
pub struct DesignArgs {
    /// The inputs: a CSV file with the columns name, low and high.
    #[arg(value_name = "FILE")]
    pub inputs: PathBuf,
    /// Kind of design.
    #[arg(long, value_name = "KIND", default_value = "sobol", value_parser = ["sobol", "lhs", "random", "saltelli", "morris"])]
    pub design: String,
    /// Points: rows, or base points of saltelli (D + 2 rows each, 2 D + 2 with second order), or trajectories of morris
    /// (D + 1 rows each).
    #[arg(long, short = 'n', value_name = "N", value_parser = clap::value_parser!(u64).range(1..=100_000_000))]
    pub points: u64,
    /// The first point, counted from 0: what comes before is there already.
    #[arg(long, value_name = "K", default_value_t = 0, value_parser = clap::value_parser!(u64).range(..=1_000_000_000_000))]
    pub from: u64,
    /// With saltelli, the rows for second order too.
    #[arg(long)]
    pub second_order: bool,
    /// With morris, the levels of its grid, an even number.
    #[arg(long, value_name = "P", default_value_t = 4, value_parser = clap::value_parser!(u16).range(2..))]
    pub levels: u16,
    /// Seed.
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub seed: u64,
    /// Write the rows to this CSV file instead of printing them.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// An input and its range.
struct Input {
    name: String,
    low: f64,
    high: f64,
}

/// Prints or writes the rows of a design.
///
/// # Errors
/// The file of the inputs or the options cannot be used, or the rows cannot be written.
pub fn design(args: &DesignArgs, screen: &Screen) -> Result<ExitCode, Failure> {
    if args.levels % 2 == 1 {
        return Err(Failure::Wrong(format!("--levels {}: expected an even number", args.levels)));
    }
    let inputs = inputs(&args.inputs)?;
    let design = FactorDesign {
        // The parser knows the names of these designs only.
        design: Design::named(&args.design).unwrap_or_default(),
        inputs: inputs.len(),
        seed: args.seed,
        second_order: args.second_order,
        levels: usize::from(args.levels),
    };
    let rows_per_point = design.rows_per_point() as u64;
    let (first, last) = (args.from * rows_per_point, (args.from + args.points) * rows_per_point);
    let row = |row: u64| -> Vec<f64> {
        let value =
            |(at, input): (usize, &Input)| input.low + design.coordinate(row, at) * (input.high - input.low);
        inputs.iter().enumerate().map(value).collect()
    };
    if screen.json {
        let names: Vec<&str> = inputs.iter().map(|input| input.name.as_str()).collect();
        let rows: Vec<Vec<f64>> = (first..last).map(row).collect();
        screen.print_json(&json!({
            "equipoise": env!("CARGO_PKG_VERSION"),
            "design": args.design,
            "seed": args.seed,
            "points": args.points,
            "from": args.from,
            "rows_per_point": rows_per_point,
            "inputs": names,
            "rows": rows,
        }))?;
        return Ok(ExitCode::SUCCESS);
    }
    let names: Vec<String> = inputs.iter().map(|input| quoted(&input.name)).collect();
    let mut text = names.join(",") + "\n";
    for at in first..last {
        let cells: Vec<String> = row(at).iter().map(f64::to_string).collect();
        text += &cells.join(",");
        text.push('\n');
    }
    match &args.out {
        Some(path) => {
            write_whole(path, &text)?;
            screen.note(&format!("{} rows: {}", last - first, path.display()));
        }
        None => screen.print(text.trim_end())?,
    }
    Ok(ExitCode::SUCCESS)
}

/// The inputs a file names.
fn inputs(path: &Path) -> Result<Vec<Input>, Failure> {
    let mut sheet = Sheet::read(path)?;
    let columns = ["name", "low", "high"].map(|name| sheet.required(name));
    if sheet.is_empty() {
        sheet.table_error("there are no rows below the header").expected("a row for each input");
    }
    sheet.checked()?;
    let mut inputs: Vec<Input> = Vec::new();
    let [Some(name), Some(low), Some(high)] = columns else { return Ok(inputs) };
    for row in 0..sheet.len() {
        let named = sheet.text(row, name).trim().to_owned();
        if named.is_empty() {
            sheet.error(row, name, "this input has no name").expected("a name");
        } else if inputs.iter().any(|input| input.name == named) {
            sheet
                .error(row, name, format!("the input `{named}` stands here twice"))
                .expected("each input once");
        }
        if let (Some(from), Some(to)) = (sheet.number(row, low), sheet.number(row, high)) {
            if from >= to {
                let found = format!("the range of `{named}` goes from {from} to {to}");
                sheet.error(row, high, found).expected("a high end above the low one");
            }
            inputs.push(Input { name: named, low: from, high: to });
        }
    }
    sheet.checked()?;
    Ok(inputs)
}
