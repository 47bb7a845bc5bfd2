//! `equipoise explore drivers`: how much of an outcome each input answers for, in a run or in a table.

mod table;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use equipoise_lab::Run;
use equipoise_lab::drivers::of_run::RunInputs;
use equipoise_lab::drivers::table::Options;
use equipoise_lab::drivers::{Method, Resampling, SLICES, Unanswerable};
use equipoise_view::answer::drivers::Told;
use serde_json::{Value, json};

use crate::failure::Failure;
use crate::screen::Screen;

/// What `explore drivers` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  equipoise explore drivers runs/kazakhstan-2022
                                    the headline outcomes of a run, by the method its design allows
  equipoise explore drivers runs/kazakhstan-2022 --outcome killed --method pawn
  equipoise explore drivers --table X.csv --outcome Y.csv --method sobol
  equipoise explore drivers --table X.csv --outcome Y.csv --method morris --levels 6
  equipoise explore drivers --table all.csv --outcome y --method given-data --group demand=x1,x2

Methods: sobol (rows of Saltelli's design, in SALib's order), morris (trajectories), given-data, pawn and
delta (any sample). A run made with `run --design saltelli-groups` tells chance from interplay.")]
pub struct DriversArgs {
    /// The folder of a finished run.
    #[arg(conflicts_with = "table", required_unless_present = "table")]
    pub run: Option<PathBuf>,
    /// A table of inputs instead of a run: CSV, a column for each input, a row for each evaluation.
    #[arg(long, value_name = "FILE", requires = "outcome", requires = "method")]
    pub table: Option<PathBuf>,
    /// With a run, the outcome [default: the headline outcomes]. With a table, a CSV file with one value per row, or a
    /// column of the table.
    #[arg(long, value_name = "NAME|FILE")]
    pub outcome: Option<String>,
    /// Column of the outcome's file [default: its only one].
    #[arg(long, value_name = "NAME", requires = "table")]
    pub column: Option<String>,
    /// Method [default with a run: the one its design was made for].
    #[arg(long, value_name = "METHOD", value_parser = method_parser())]
    pub method: Option<Method>,
    /// Inputs that belong together: factors of the design for sobol and morris, shares that add up for given-data.
    #[arg(long, value_name = "GROUP=INPUT,INPUT", requires = "table")]
    pub group: Vec<String>,
    /// Whether the rows are those of Saltelli's design with second order [default: as the rows say].
    #[arg(long, value_name = "yes|no", requires = "table", value_parser = yes_no_parser())]
    pub second_order: Option<bool>,
    /// Levels of Morris's grid [default: as the rows say].
    #[arg(long, value_name = "P", requires = "table", value_parser = clap::value_parser!(u16).range(2..))]
    pub levels: Option<u16>,
    /// Range of an input, for the length of Morris's steps [default: as the rows say].
    #[arg(long, value_name = "INPUT=LOW:HIGH", requires = "table")]
    pub bounds: Vec<String>,
    /// Slices of pawn.
    #[arg(long, value_name = "N", default_value_t = SLICES as u16, value_parser = clap::value_parser!(u16).range(2..=1000))]
    pub slices: u16,
    /// Resamples of the bootstrap [default: 1000; 100 for pawn and delta].
    #[arg(long, alias = "num-resamples", value_name = "N", value_parser = clap::value_parser!(u32).range(2..=1_000_000))]
    pub resamples: Option<u32>,
    /// Probability of the intervals.
    #[arg(long, value_name = "P", default_value_t = 0.95, value_parser = confidence)]
    pub confidence: f64,
    /// Seed of the bootstrap.
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub seed: u64,
}

impl DriversArgs {
    fn options(&self, method: Method) -> Options {
        let usual = if matches!(method, Method::Pawn | Method::Delta) { 100 } else { 1000 };
        Options {
            second_order: self.second_order,
            levels: self.levels.map(usize::from),
            slices: usize::from(self.slices),
            resampling: Resampling {
                resamples: self.resamples.unwrap_or(usual) as usize,
                confidence: self.confidence,
                seed: self.seed,
            },
        }
    }
}

/// Says what drives the outcomes of a run or a table.
///
/// # Errors
/// The folder, the files or the options cannot be used, or the method cannot answer from such rows.
pub fn drivers(args: &DriversArgs, screen: &Screen) -> Result<ExitCode, Failure> {
    match (&args.run, &args.table, args.method) {
        (Some(run), ..) => of_run(&Run::open(run)?, args, screen),
        (None, Some(file), Some(method)) => {
            let (table, outcome, groups) = table::read(file, args, method)?;
            let options = args.options(method);
            let found =
                table.ask(method, &outcome, &options).map_err(|why| refused(&file.display(), &why))?;
            let told = Told::of_table(&table, &groups, method, &outcome, &found);
            print(&[told], true, screen)
        }
        (None, ..) => {
            Err(Failure::Wrong("name the folder of a run, or --table, --outcome and --method".into()))
        }
    }
}

fn of_run(run: &Run, args: &DriversArgs, screen: &Screen) -> Result<ExitCode, Failure> {
    let outcomes = &run.scenario().outcomes;
    let asked: Vec<&str> = match &args.outcome {
        Some(outcome) => vec![outcome],
        None => {
            let headlines: Vec<&str> =
                outcomes.iter().filter(|it| it.headline).map(|it| it.id.as_str()).collect();
            if headlines.is_empty() { outcomes.iter().map(|it| it.id.as_str()).collect() } else { headlines }
        }
    };
    // Outcomes come first: a name that is wrong is told before anything long is read.
    let columns: Vec<Vec<f64>> = asked.iter().map(|id| run.outcome(id)).collect::<Result<_, _>>()?;
    let inputs = RunInputs::read(run)?;
    let method = args.method.unwrap_or_else(|| inputs.fitting());
    if !inputs.allows(method) {
        let designs =
            if method == Method::Morris { "morris" } else { "saltelli or --design saltelli-groups" };
        return Err(Failure::Wrong(format!(
            "{} was made with --design {}, and {} needs --design {designs}; given-data, pawn and delta answer from any run",
            run.dir().display(),
            run.manifest().design,
            method.name()
        )));
    }
    let mut told = Vec::new();
    for (id, values) in asked.iter().zip(&columns) {
        match inputs.ask(method, values, &args.options(method)) {
            Ok(answer) => told.push(Told::of_run(run.scenario(), &inputs, method, id, values, &answer)),
            Err(why) if args.outcome.is_some() => return Err(refused(id, &why)),
            Err(why) => told.push(Told::nothing(id, method, &why)),
        }
    }
    print(&told, args.outcome.is_some(), screen)
}

fn print(told: &[Told], alone: bool, screen: &Screen) -> Result<ExitCode, Failure> {
    if screen.json {
        let mut answers: Vec<Value> = told.iter().map(Told::as_json).collect();
        let answer = match answers.pop() {
            Some(only) if alone => only,
            last => {
                answers.extend(last);
                json!({ "outcomes": answers })
            }
        };
        screen.print_json(&answer)?;
    } else {
        let texts: Vec<String> = told.iter().map(|told| told.as_text(screen.out)).collect();
        screen.print(&texts.join("\n"))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn refused(what: &dyn std::fmt::Display, why: &Unanswerable) -> Failure {
    Failure::Wrong(format!("{what}: {why}"))
}

fn method_parser() -> impl clap::builder::TypedValueParser<Value = Method> {
    use clap::builder::TypedValueParser;
    clap::builder::PossibleValuesParser::new(Method::ALL.iter().map(|method| method.name()))
        // Every possible value is the name of a method.
        .map(|name| Method::named(&name).unwrap_or(Method::GivenData))
}

fn yes_no_parser() -> impl clap::builder::TypedValueParser<Value = bool> {
    use clap::builder::TypedValueParser;
    clap::builder::PossibleValuesParser::new(["yes", "no", "true", "false"])
        .map(|word| word == "yes" || word == "true")
}

fn confidence(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(value) if value > 0.0 && value < 1.0 => Ok(value),
        _ => Err("a number between 0 and 1, such as 0.95, is expected".to_owned()),
    }
}
