//! `equipoise explore discover`: under which conditions does it happen?

mod answer;
mod table;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use equipoise_lab::discover::{
    DiscoverError, Discovery, Found, Inputs, Objective, PrimOptions, cart, of_run, plain, prim, resample,
    telling, whole_table,
};
use equipoise_lab::{Run, When};
use equipoise_scenario::unit::Unit;
use equipoise_view::findings::rule::{self, Named, Rule, Told, Tradeoff};
use serde_json::json;

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

/// A table with an outcome, and how its parts are called.
struct Question {
    inputs: Inputs,
    happens: Vec<bool>,
    named: Vec<Named>,
    /// What happens, as a clause.
    clause: String,
    /// What its rows are.
    noun: &'static str,
    /// Columns that say nothing.
    ignored: Vec<String>,
}

/// Looks for the conditions and tells them; exit code 1 where there are none to tell.
///
/// # Errors
/// The run, the tables or the options cannot be used.
pub fn discover(args: &DiscoverArgs, screen: &Screen) -> Result<ExitCode, Failure> {
    let question = question(args)?;
    let threshold = args.threshold.unwrap_or(0.0);
    if !(0.0..=1.0).contains(&threshold) {
        return Err(Failure::Wrong(format!("--threshold is {threshold}, but must be from 0 to 1")));
    }
    let told = match args.method {
        Method::Prim => boxes(args, &question),
        Method::Cart => leaves(args, &question),
    };
    let told = match told {
        Err(Trouble::Nothing(why)) => return nothing(args, &question, &why, None, screen),
        Err(Trouble::Failed(failure)) => return Err(failure),
        Ok(told) => told,
    };
    let densest = told.iter().map(|(told, _)| told.rule.density).fold(0.0, f64::max);
    // Covering ends with the first box that is too thin; leaves of a tree stand beside each other.
    let dense = |(told, _): &(Told, _)| told.rule.density >= threshold;
    let kept: Vec<(Told, answer::Extra)> = match args.method {
        Method::Prim => told.into_iter().take_while(dense).collect(),
        Method::Cart => told.into_iter().filter(dense).collect(),
    };
    if kept.is_empty() {
        let why = format!(
            "no {} reaches a density of {threshold}; the densest has {densest:.3}",
            if args.method == Method::Prim { "box" } else { "leaf" }
        );
        return nothing(args, &question, &why, Some(densest), screen);
    }
    if screen.json {
        screen.print_json(&answer::as_json(args, &question, &kept))?;
    } else {
        let told: Vec<&Told> = kept.iter().map(|(told, _)| told).collect();
        screen.print(&equipoise_view::terminal::rules(&told, screen.out))?;
        if question.inputs.rows() < question.inputs.columns().len() {
            screen.note("There are fewer rows than inputs: limits may well be there by chance.");
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Why there is nothing to tell.
enum Trouble {
    /// The answer is that nothing tells when.
    Nothing(String),
    /// The input is at fault.
    Failed(Failure),
}

impl From<DiscoverError> for Trouble {
    fn from(error: DiscoverError) -> Trouble {
        match error {
            DiscoverError::Constant { .. } => Trouble::Nothing(error.to_string()),
            other => Trouble::Failed(Failure::Wrong(other.to_string())),
        }
    }
}

fn nothing(
    args: &DiscoverArgs,
    question: &Question,
    why: &str,
    densest: Option<f64>,
    screen: &Screen,
) -> Result<ExitCode, Failure> {
    if screen.json {
        let cases = question.happens.iter().filter(|yes| **yes).count();
        screen.print_json(&json!({
            "method": answer::method(args.method),
            "rows": question.happens.len(),
            "cases": cases,
            "boxes": [],
            "densest": densest,
            "message": why,
        }))?;
    } else {
        screen.print(&format!("{}: {why}.", question.clause))?;
    }
    Ok(ExitCode::from(1))
}

fn question(args: &DiscoverArgs) -> Result<Question, Failure> {
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
    let mut discovery = of_run(&run)?;
    let happens = Discovery::happens(&run, &when)?;
    if args.step.is_none() && args.method == Method::Prim {
        // What cannot be used is told by the search itself.
        let telling = telling(&discovery.inputs, &happens, &options(args)).unwrap_or_default();
        discovery = discovery.only(&telling);
    }
    Ok(Question {
        happens,
        named: rule::named(run.scenario(), &discovery),
        clause: rule::clause(run.scenario(), &when),
        noun: "histories",
        ignored: Vec::new(),
        inputs: discovery.inputs,
    })
}

fn boxes(args: &DiscoverArgs, question: &Question) -> Result<Vec<(Told, answer::Extra)>, Trouble> {
    let options = options(args);
    let Question { inputs, happens, .. } = question;
    let found = prim(inputs, happens, &options)?;
    let mut told = Vec::new();
    for found in found {
        let step = step(args, question, &found).map_err(Trouble::Failed)?;
        let recurrences = if args.resample == 0 {
            Vec::new()
        } else {
            resample(inputs, happens, &found, step, &options, args.resample, args.seed)
        };
        let recurs = |name: &str| {
            let of = recurrences.iter().find(|one| inputs.columns()[one.input].name == name)?;
            Some([of.at_coverage, of.at_density])
        };
        let rule = rule_of(question, &found, step);
        let restricted = &found.steps[step].restricted;
        let recurs = restricted.iter().map(|&at| recurs(&inputs.columns()[at].name)).collect();
        let tradeoff = Tradeoff::of(&found, step);
        told.push((Told { rule, recurs, tradeoff }, answer::Extra { found, step, recurrences }));
    }
    Ok(told)
}

fn options(args: &DiscoverArgs) -> PrimOptions {
    PrimOptions {
        peel_alpha: args.alpha,
        paste_alpha: args.paste_alpha,
        mass_min: args.mass_min,
        objective: match args.objective {
            Goal::Lenient1 => Objective::Lenient1,
            Goal::Lenient2 => Objective::Lenient2,
            Goal::Original => Objective::Original,
        },
        boxes: args.boxes,
    }
}

fn leaves(args: &DiscoverArgs, question: &Question) -> Result<Vec<(Told, answer::Extra)>, Trouble> {
    let Question { inputs, happens, .. } = question;
    let leaves = cart(inputs, happens, args.mass_min)?;
    let told = leaves.into_iter().map(|leaf| {
        let found =
            Found { whole: whole_table(inputs), steps: vec![leaf], among: (0..inputs.rows()).collect() };
        let rule = rule_of(question, &found, 0);
        (
            Told { rule, recurs: Vec::new(), tradeoff: Vec::new() },
            answer::Extra { found, step: 0, recurrences: Vec::new() },
        )
    });
    Ok(told.collect())
}

fn rule_of(question: &Question, found: &Found, step: usize) -> Rule {
    let Question { inputs, happens, named, clause, noun, .. } = question;
    Rule::of(clause.clone(), noun, named, inputs, happens, found, step)
}

/// The step to tell, an index into those of the box.
fn step(args: &DiscoverArgs, question: &Question, found: &Found) -> Result<usize, Failure> {
    let otherwise = if args.run.is_some() { "plain" } else { "last" };
    let last = found.steps.len() - 1;
    match args.step.as_deref().unwrap_or(otherwise) {
        "last" => Ok(last),
        "plain" => Ok(plain(&question.inputs, &question.happens, found)),
        number => match number.parse::<usize>() {
            Ok(step) if step <= last => Ok(step),
            _ => Err(Failure::Wrong(format!(
                "there is no step `{number}` in this trade-off; say last, plain, or a number from 0 to {last}"
            ))),
        },
    }
}
