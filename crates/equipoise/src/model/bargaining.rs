//! `equipoise model bargaining`: the two published bargaining models alone, on KTAB's files or ours.

mod options;
mod read;
mod spread;
mod write;

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use equipoise_models::bargaining::{Actors, eum, smp};
use equipoise_view::terminal;
use serde_json::{Value, json};

use crate::failure::Failure;
use crate::screen::Screen;

/// What `model bargaining` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  equipoise model bargaining SOE-Pol-Comp.csv --model smp
  equipoise model bargaining actors.csv --model smp --voting-rule Cubic --third-party NoCommit --out paths
  equipoise model bargaining emissions.csv --model eum --variant jmckib --rounds 10 --json
  equipoise model bargaining emissions.csv --model eum --variants --rounds 10
                                              the range of the forecast over all readings of the model

FILE is KTAB's CSV (a title line `name,description,actors,dimensions`, a line of column names, then
name, description, capability and position, salience per dimension), or a plain CSV with the columns
actor, capability, position, salience (position_1, salience_1, position_2, … for several dimensions).
Positions lie within 0-100; an actor's saliences add up to 100 at most. Where no salience of a plain
CSV is above 1, they are read as shares.")]
pub struct BargainingArgs {
    /// The actors.
    pub file: PathBuf,
    /// The model: smp (Spatial Model of Politics, KTAB) or eum (Expected Utility Model, Bueno de Mesquita).
    #[arg(long, value_enum, value_name = "NAME", hide_possible_values = true)]
    pub model: Which,
    /// Report the spread of the forecast over all combinations of the options that are not given.
    #[arg(long)]
    pub variants: bool,
    /// Threads for --variants [default: one per core]; the answer does not depend on them.
    #[arg(long, value_name = "T")]
    pub threads: Option<NonZeroUsize>,
    /// Also write positions.csv, answer.json and paths.html (and variants.csv) into this folder.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    smp: options::SmpFlags,
    #[command(flatten)]
    eum: options::EumFlags,
}

/// The two models.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Which {
    /// The Spatial Model of Politics.
    Smp,
    /// The Expected Utility Model.
    Eum,
}

/// What a run of either model comes to.
struct Answer {
    model: Which,
    actors: Actors,
    turns: Vec<Turn>,
    /// Whether little moved at the end.
    at_rest: bool,
    variants: Option<spread::Told>,
}

/// The actors at one turn, as either model tells of them.
struct Turn {
    positions: Vec<Vec<f64>>,
    risk: Vec<f64>,
    /// Spatial Model of Politics only.
    win_probability: Vec<f64>,
    /// The weighted mean per dimension.
    mean: Vec<f64>,
    /// Per dimension: the likeliest position, or the median.
    prevailing: Vec<f64>,
}

/// Runs the model on a file.
///
/// # Errors
/// The file or the options cannot be used, or the results cannot be written.
pub fn bargaining(args: &BargainingArgs, screen: &Screen) -> Result<ExitCode, Failure> {
    let (foreign, owner) = match args.model {
        Which::Smp => (args.eum.given(), "eum"),
        Which::Eum => (args.smp.given(), "smp"),
    };
    if let Some(flag) = foreign.first() {
        return Err(Failure::Wrong(format!("{flag} is an option of --model {owner}")));
    }
    let actors = read::actors(&args.file, screen)?;
    let threads = args
        .threads
        .map_or_else(|| std::thread::available_parallelism().map_or(1, NonZeroUsize::get), NonZeroUsize::get);
    let answer = match args.model {
        Which::Smp => smp_answer(args, actors, threads, screen)?,
        Which::Eum => eum_answer(args, actors, threads, screen)?,
    };
    let json = to_json(&answer);
    if let Some(dir) = &args.out {
        write::all(dir, &args.file, &answer, &json)?;
    }
    if screen.json {
        screen.print_json(&json)?;
    } else {
        screen.print(&table(&answer, screen))?;
        if let Some(dir) = &args.out {
            screen.print(&format!("\nwritten to {}", dir.display()))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn smp_answer(
    args: &BargainingArgs,
    actors: Actors,
    threads: usize,
    screen: &Screen,
) -> Result<Answer, Failure> {
    let options = args.smp.options()?;
    let wrong = |error: smp::OptionsError| Failure::Wrong(error.to_string());
    let run = smp::run(&actors, &options).map_err(wrong)?;
    let turns = run.turns.iter().map(|turn| {
        let likeliest = likeliest(&turn.win_probability);
        Turn {
            positions: turn.positions.clone(),
            risk: turn.risk.clone(),
            win_probability: turn.win_probability.clone(),
            mean: actors.weighted_mean(&turn.positions),
            prevailing: turn.positions[likeliest].clone(),
        }
    });
    let turns = turns.collect();
    let variants = if args.variants {
        Some(spread::smp(&actors, &args.smp.choices(options), threads, screen).map_err(wrong)?)
    } else {
        None
    };
    Ok(Answer { model: Which::Smp, turns, at_rest: run.quiet, variants, actors })
}

fn eum_answer(
    args: &BargainingArgs,
    actors: Actors,
    threads: usize,
    screen: &Screen,
) -> Result<Answer, Failure> {
    let options = args.eum.options();
    let rounds = args.eum.rounds();
    let wrong = |error: eum::OptionsError| Failure::Wrong(error.to_string());
    let run = eum::run(&actors, &options, rounds).map_err(wrong)?;
    let at_rest = run.len() < 2 || run[run.len() - 1].positions == run[run.len() - 2].positions;
    let turns = run.into_iter().map(|turn| Turn {
        positions: turn.positions.iter().map(|&position| vec![position]).collect(),
        risk: turn.risk,
        win_probability: Vec::new(),
        mean: vec![turn.mean],
        prevailing: vec![turn.median],
    });
    let turns = turns.collect();
    let variants = if args.variants {
        Some(spread::eum(&actors, &args.eum.choices(), rounds, threads, screen).map_err(wrong)?)
    } else {
        None
    };
    Ok(Answer { model: Which::Eum, turns, at_rest, variants, actors })
}

/// Whose position is likeliest; of equals the first.
fn likeliest(probability: &[f64]) -> usize {
    let mut best = 0;
    for (actor, value) in probability.iter().enumerate() {
        if *value > probability[best] {
            best = actor;
        }
    }
    best
}

fn to_json(answer: &Answer) -> Value {
    let turns: Vec<Value> = answer
        .turns
        .iter()
        .enumerate()
        .map(|(number, turn)| match answer.model {
            Which::Smp => json!({
                "turn": number,
                "positions": turn.positions,
                "win_probability": turn.win_probability,
                "risk": turn.risk,
            }),
            Which::Eum => json!({
                "turn": number,
                "positions": turn.positions,
                "risk": turn.risk,
                "median": turn.prevailing[0],
                "mean": turn.mean[0],
            }),
        })
        .collect();
    let mut object = json!({ "actors": answer.actors.names(), "turns": turns, "at_rest": answer.at_rest });
    if let Some(told) = &answer.variants {
        object["variants"] = told.json.clone();
    }
    object
}

fn table(answer: &Answer, screen: &Screen) -> String {
    let dimensions = answer.actors.dimensions();
    let (first, last) = (&answer.turns[0], answer.turns.last().unwrap_or(&answer.turns[0]));
    let mut headings = vec!["actor".to_owned()];
    for k in 0..dimensions {
        let of = if dimensions > 1 { format!(" {}", k + 1) } else { String::new() };
        headings.extend([format!("from{of}"), format!("to{of}")]);
    }
    headings.push(if answer.model == Which::Smp { "win probability" } else { "risk" }.to_owned());
    let rows = (0..answer.actors.count()).map(|i| {
        let mut row = vec![answer.actors.names()[i].clone()];
        for k in 0..dimensions {
            row.push(format!("{:.2}", first.positions[i][k]));
            row.push(format!("{:.2}", last.positions[i][k]));
        }
        row.push(match answer.model {
            Which::Smp => format!("{:.4}", last.win_probability[i]),
            Which::Eum => format!("{:.3}", last.risk[i]),
        });
        row
    });
    let mut text = terminal::plain_table(&headings, &rows.collect::<Vec<_>>(), screen.out);
    let turns = answer.turns.len() - 1;
    let unit = match answer.model {
        Which::Smp if turns == 1 => "turn",
        Which::Smp => "turns",
        Which::Eum if turns == 1 => "round",
        Which::Eum => "rounds",
    };
    let end = if answer.at_rest { "at rest" } else { "still moving" };
    text += &format!("\n{turns} {unit}, {end} at the end\n");
    let prevailing = if answer.model == Which::Smp { "likeliest position" } else { "median" };
    for k in 0..dimensions {
        let of = if dimensions > 1 { format!(" on dimension {}", k + 1) } else { String::new() };
        text += &format!(
            "weighted mean{of}: {:.2}, at first {:.2}; {prevailing}: {:.2}\n",
            last.mean[k], first.mean[k], last.prevailing[k]
        );
    }
    if let Some(told) = &answer.variants {
        text += &told.text;
    }
    text
}
