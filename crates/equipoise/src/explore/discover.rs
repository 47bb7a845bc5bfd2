//! `equipoise explore discover`: under which conditions does it happen?

mod table;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use equipoise_lab::discover::{Objective, PrimOptions};
use equipoise_lab::{Run, When};
use equipoise_scenario::unit::Unit;
use equipoise_view::answer::discover::{self as answer, Question, Search, Trouble, Which};
use equipoise_view::findings::rule::{Named, Told};

use crate::failure::Failure;
use crate::screen::Screen;

/// What `explore discover` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  equipoise explore discover runs/kazakhstan-2022 --when troops_sent
  equipoise explore discover runs/kazakhstan-2022 --when 'killed>=500' --method cart
  equipoise explore discover --table inputs.csv --outcome happened.csv --alpha 0.1 --json

A table has one row per case and one column per input: numbers with a decimal point are cut anywhere, whole
numbers at whole numbers, anything else is a category. A column without a name, or named `scenario`, is left
out. The outcome is one column of 0 and 1. With the same options the boxes are those of EMA Workbench 3.0.

Of a table the last box of the trade-off is told (as EMA Workbench does). Of a run, the three inputs that matter
most are found first, and then the box in those that says most in a sentence. --step tells another, of all inputs. Exit code 1: no box is as dense as --threshold, or it never or always happens.")]
pub struct DiscoverArgs {
    /// The folder of a finished run.
    #[arg(required_unless_present = "table", conflicts_with = "table", requires = "when")]
    pub run: Option<PathBuf>,
    /// What happens: a yes/no or a date of the run, or a comparison such as 'killed>=500'.
    #[arg(long, value_name = "OUTCOME", requires = "run")]
    pub when: Option<String>,
    /// A CSV of inputs.
    #[arg(long, value_name = "FILE", requires = "outcome")]
    pub table: Option<PathBuf>,
    /// A CSV with one yes/no (0 or 1) for each row of the table.
    #[arg(long, value_name = "FILE", requires = "table")]
    pub outcome: Option<PathBuf>,
    /// The column of the outcome file, where it has several.
    #[arg(long, value_name = "NAME", requires = "outcome")]
    pub column: Option<String>,
    /// PRIM peels boxes; CART grows a tree.
    #[arg(long, value_enum, default_value_t = Method::Prim)]
    pub method: Method,
    /// Share of a box that a peel gives up.
    #[arg(long, value_name = "A", default_value_t = 0.05)]
    pub alpha: f64,
    /// Share of what lies beyond a limit that a paste takes in.
    #[arg(long, value_name = "A", default_value_t = 0.05)]
    pub paste_alpha: f64,
    /// The smallest share of all rows that a box (or a leaf) may hold.
    #[arg(long, value_name = "M", default_value_t = 0.05)]
    pub mass_min: f64,
    /// The density a box must reach to be told.
    #[arg(long, value_name = "D")]
    pub threshold: Option<f64>,
    /// What makes a peel good.
    #[arg(long, value_enum, default_value_t = Goal::Lenient1)]
    pub objective: Goal,
    /// Boxes to look for, each in what earlier ones leave.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub boxes: usize,
    /// Which step of the trade-off to tell: `last`, `plain` (the one that says most in a sentence) or its number.
    #[arg(long, value_name = "STEP")]
    pub step: Option<String>,
    /// Random halves of the rows in which the box is looked for again.
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub resample: u32,
    /// Seed of the halves.
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub seed: u64,
}

/// How rules are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Method {
    /// Patient rule induction: boxes.
    Prim,
    /// A classification tree: its leaves.
    Cart,
}

/// What makes a peel good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Goal {
    /// Gain in density per row given up.
    Lenient1,
    /// The same, times the rows kept.
    Lenient2,
    /// Density alone.
    Original,
}

/// Looks for the conditions and tells them; exit code 1 where there are none to tell.
///
/// # Errors
/// The run, the tables or the options cannot be used.
pub fn discover(args: &DiscoverArgs, screen: &Screen) -> Result<ExitCode, Failure> {
    let search = search(args)?;
    let question = question(args, &search)?;
    let found = match answer::discover(&question, &search) {
        Err(Trouble::Nothing { why, densest }) => {
            if screen.json {
                screen.print_json(&answer::nothing(&question, &search, &why, densest))?;
            } else {
                screen.print(&format!("{}: {why}.", question.clause))?;
            }
            return Ok(ExitCode::from(1));
        }
        Err(Trouble::Wrong(why)) => return Err(Failure::Wrong(why)),
        Ok(found) => found,
    };
    if screen.json {
        screen.print_json(&answer::boxes(&question, &search, &found))?;
    } else {
        let told: Vec<&Told> = found.iter().map(|one| &one.told).collect();
        screen.print(&equipoise_view::terminal::rules(&told, screen.out))?;
        if question.inputs.rows() < question.inputs.columns().len() {
            screen.note("There are fewer rows than inputs: limits may well be there by chance.");
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// How to look, as the options say.
fn search(args: &DiscoverArgs) -> Result<Search, Failure> {
    let step = match args.step.as_deref() {
        None => None,
        Some("last") => Some(Which::Last),
        Some("plain") => Some(Which::Plain),
        Some(number) => Some(Which::Number(number.parse().map_err(|_| {
            Failure::Wrong(format!("--step {number}: say last, plain, or the number of a step"))
        })?)),
    };
    let threshold = args.threshold.unwrap_or(0.0);
    if !(0.0..=1.0).contains(&threshold) {
        return Err(Failure::Wrong(format!("--threshold is {threshold}, but must be from 0 to 1")));
    }
    Ok(Search {
        method: match args.method {
            Method::Prim => answer::Method::Prim,
            Method::Cart => answer::Method::Cart,
        },
        options: PrimOptions {
            peel_alpha: args.alpha,
            paste_alpha: args.paste_alpha,
            mass_min: args.mass_min,
            objective: match args.objective {
                Goal::Lenient1 => Objective::Lenient1,
                Goal::Lenient2 => Objective::Lenient2,
                Goal::Original => Objective::Original,
            },
            boxes: args.boxes,
        },
        threshold,
        step,
        resample: args.resample,
        seed: args.seed,
    })
}

fn question(args: &DiscoverArgs, search: &Search) -> Result<Question, Failure> {
    if let (Some(table), Some(outcome)) = (&args.table, &args.outcome) {
        let (inputs, ignored) = table::inputs(table)?;
        let (column, happens) = table::outcome(outcome, args.column.as_deref(), inputs.rows())?;
        let named = inputs.columns().iter().map(|input| Named {
            title: input.name.clone(),
            unit: Unit::NUMBER,
            levels: Vec::new(),
        });
        let named = named.collect();
        return Ok(Question {
            inputs,
            happens,
            named,
            clause: format!("{column} is 1"),
            noun: "rows",
            ignored,
        });
    }
    let (Some(folder), Some(when)) = (&args.run, &args.when) else {
        return Err(Failure::Wrong(
            "discover what? name a run with --when, or a --table with its --outcome".to_owned(),
        ));
    };
    let run = Run::open(folder)?;
    let when = When::parse(run.scenario(), when)?;
    Ok(Question::of_run(&run, &when, search)?)
}
