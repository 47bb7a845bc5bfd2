//! `equipoise model civil-violence`: one society, or the same under many seeds, or a country of cities.

mod cities;

use std::fmt::Write;
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use clap::Args;
use equipoise_models::civil_violence::{
    Jail, Movement, Outburst, Ratio, Rules, Schedule, Setting, Sight, Society, Target, Tick, outbursts,
};
use equipoise_view::{terminal, wording};
use rayon::prelude::*;
use serde_json::{Value, json};

use crate::failure::Failure;
use crate::screen::Screen;
use crate::{interrupt, progress};

/// Where Linux says how much memory is left.
const MEMORY: &str = "/proc/meminfo";

/// What `model civil-violence` takes.
#[derive(Debug, Args)]
#[command(
    allow_negative_numbers = true,
    after_help = "\
Examples:
  equipoise model civil-violence --ticks 3000          run 2 by the original program's rules
  equipoise model civil-violence --rules pnas2002      the published text, literally: no outburst
  equipoise model civil-violence --preset run4 --ticks 300 --seeds 20
  equipoise model civil-violence --size 200 --legitimacy 0.8 --sight von-neumann --out out
  equipoise model civil-violence --cities scenarios/kazakhstan-2022/places.csv --fidelity sampled --ticks 100

Rules: brookings2001 (the original program), pnas2002 (the text), netlogo2004; each option below changes
one thing. One cop per 17.5 citizens is the model's, not a country's."
)]
pub struct CivilViolenceArgs {
    /// Named set of rules.
    #[arg(long, value_name = "NAME", default_value = "brookings2001")]
    pub rules: String,
    /// A published run: run1 to run8 (6 to 8 are of two groups).
    #[arg(long, value_name = "RUN", default_value = "run2")]
    pub preset: String,
    /// Schedules of runs 3 to 5 as printed, not as in the original program.
    #[arg(long)]
    pub printed: bool,
    /// Sites along each side of the torus.
    #[arg(long, value_name = "N")]
    pub size: Option<usize>,
    /// Seed of all randomness.
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub seed: u64,
    /// Number of societies, with seeds from --seed on.
    #[arg(long, value_name = "K", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..))]
    pub seeds: u64,
    /// Ticks of each.
    #[arg(long, value_name = "T", default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..))]
    pub ticks: u32,
    /// Citizens per site.
    #[arg(long, value_name = "SHARE")]
    pub citizen_density: Option<f64>,
    /// Cops per site.
    #[arg(long, value_name = "SHARE")]
    pub cop_density: Option<f64>,
    /// Vision of citizens, in sites.
    #[arg(long, value_name = "V")]
    pub citizen_vision: Option<f64>,
    /// Vision of cops, in sites.
    #[arg(long, value_name = "V")]
    pub cop_vision: Option<f64>,
    /// Legitimacy at the start, 0 to 1.
    #[arg(long, value_name = "L")]
    pub legitimacy: Option<f64>,
    /// Longest jail term in ticks; inf for ever.
    #[arg(long, value_name = "J")]
    pub longest_term: Option<f64>,
    /// Threshold T.
    #[arg(long, value_name = "T")]
    pub threshold: Option<f64>,
    /// Arrest constant k.
    #[arg(long, value_name = "K")]
    pub arrest_constant: Option<f64>,
    /// Shape of vision: disc, moore, von-neumann or cross.
    #[arg(long, value_name = "SHAPE")]
    pub sight: Option<String>,
    /// Ratio of cops to actives: exact, floor or round.
    #[arg(long, value_name = "KIND")]
    pub ratio: Option<String>,
    /// How citizens move: walk, jump or stay.
    #[arg(long, value_name = "KIND")]
    pub citizens_move: Option<String>,
    /// How cops move: walk or jump.
    #[arg(long, value_name = "KIND")]
    pub cops_move: Option<String>,
    /// Order within a tick: mixed or phases.
    #[arg(long, value_name = "KIND")]
    pub schedule: Option<String>,
    /// Whom a cop arrests: nearest or random.
    #[arg(long, value_name = "KIND")]
    pub target: Option<String>,
    /// Where the jailed are: away, in-place or blocking.
    #[arg(long, value_name = "KIND")]
    pub jail: Option<String>,
    /// Whether grievance carries the factor (1 − T).
    #[arg(long, value_name = "true|false")]
    pub threshold_factor: Option<bool>,
    /// Actives above which an outburst begins.
    #[arg(long, value_name = "N", default_value_t = 50)]
    pub outburst_limit: u32,
    /// A country of cities.
    #[command(flatten)]
    pub cities: cities::CitiesOptions,
    /// Folder for series.csv and outbursts.csv; for cities.csv with --cities.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Show no progress.
    #[arg(long, short)]
    pub quiet: bool,
}

/// One society from its first tick to its last.
struct Run {
    seed: u64,
    ticks: Vec<Tick>,
    outbursts: Vec<Outburst>,
    agent_steps: u64,
    seconds: f64,
}

/// Simulates the societies and prints their outbursts.
///
/// # Errors
/// An option makes no sense, memory does not suffice, a file cannot be written, or it was interrupted.
pub fn run(args: &CivilViolenceArgs, screen: &Screen) -> Result<ExitCode, Failure> {
    let (rules, setting) = (rules(args)?, setting(args)?);
    if let Some(file) = &args.cities.file {
        let (seed, ticks, out) = (args.seed, args.ticks, args.out.as_deref());
        let asked =
            cities::Asked { options: &args.cities, rules, setting, seed, ticks, out, quiet: args.quiet };
        return cities::run(&asked, file, screen);
    }
    setting.check().map_err(|error| Failure::Wrong(error.to_string()))?;
    check_memory(&setting, args.seeds)?;
    let cancel = interrupt::listen();
    let done = AtomicU64::new(0);
    let total = args.seeds.saturating_mul(u64::from(args.ticks));
    let work = || {
        (args.seed..args.seed.saturating_add(args.seeds))
            .into_par_iter()
            .map(|seed| {
                let begun = Instant::now();
                let mut society =
                    Society::new(rules, setting, seed).map_err(|error| Failure::Wrong(error.to_string()))?;
                let (mut ticks, mut agent_steps) = (Vec::new(), 0);
                while ticks.len() < args.ticks as usize && !cancel.load(Ordering::Relaxed) {
                    agent_steps += society.agents() as u64;
                    ticks.push(society.tick());
                    done.fetch_add(1, Ordering::Relaxed);
                }
                let active: Vec<u32> = ticks.iter().map(|tick| tick.active).collect();
                let outbursts = outbursts(&active, args.outburst_limit);
                Ok(Run { seed, ticks, outbursts, agent_steps, seconds: begun.elapsed().as_secs_f64() })
            })
            .collect::<Result<Vec<Run>, Failure>>()
    };
    let runs = if args.quiet { work() } else { progress::during_of(total, "ticks", &done, cancel, work) }?;
    let stopped = cancel.load(Ordering::Relaxed);
    interrupt::let_go();
    if stopped {
        return Err(Failure::Stopped("interrupted: nothing was written".to_owned()));
    }
    if let Some(dir) = &args.out {
        write(dir, &runs)?;
    }
    if screen.json {
        screen.print_json(&as_json(&runs))?;
    } else {
        screen.print(&as_text(args, &setting, &runs, screen))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn rules(args: &CivilViolenceArgs) -> Result<Rules, Failure> {
    let mut rules = chosen("set of rules", &args.rules, &Rules::NAMED)?;
    if let Some(name) = &args.sight {
        let shapes = [
            ("disc", Sight::Disc),
            ("moore", Sight::Moore),
            ("von-neumann", Sight::VonNeumann),
            ("cross", Sight::Cross),
        ];
        rules.sight = chosen("shape of vision", name, &shapes)?;
    }
    if let Some(name) = &args.ratio {
        let ratios = [("exact", Ratio::Exact), ("floor", Ratio::Floor), ("round", Ratio::Round)];
        rules.ratio = chosen("ratio", name, &ratios)?;
    }
    let movements = [("walk", Movement::Walk), ("jump", Movement::Jump)];
    if let Some(name) = args.citizens_move.as_ref().filter(|name| *name != "stay") {
        let known = [movements[0], movements[1], ("stay", Movement::Walk)];
        rules.citizens_move = chosen("movement", name, &known)?;
    }
    if let Some(name) = &args.cops_move {
        rules.cops_move = chosen("movement", name, &movements)?;
    }
    if let Some(name) = &args.schedule {
        rules.schedule =
            chosen("schedule", name, &[("mixed", Schedule::Mixed), ("phases", Schedule::Phases)])?;
    }
    if let Some(name) = &args.target {
        rules.target = chosen("target", name, &[("nearest", Target::Nearest), ("random", Target::Random)])?;
    }
    if let Some(name) = &args.jail {
        let jails = [("away", Jail::Away), ("in-place", Jail::InPlace), ("blocking", Jail::Blocking)];
        rules.jail = chosen("jail", name, &jails)?;
    }
    rules.threshold_factor = args.threshold_factor.unwrap_or(rules.threshold_factor);
    Ok(rules)
}

fn setting(args: &CivilViolenceArgs) -> Result<Setting, Failure> {
    let number = args.preset.strip_prefix("run").and_then(|number| number.parse().ok());
    let preset = number.and_then(|run| Setting::published(run, args.printed)).ok_or_else(|| {
        Failure::unknown(
            "preset",
            &args.preset,
            &["run1", "run2", "run3", "run4", "run5", "run6", "run7", "run8"],
        )
    })?;
    Ok(Setting {
        width: args.size.unwrap_or(preset.width),
        height: args.size.unwrap_or(preset.height),
        citizen_density: args.citizen_density.unwrap_or(preset.citizen_density),
        cop_density: args.cop_density.unwrap_or(preset.cop_density),
        citizen_vision: args.citizen_vision.unwrap_or(preset.citizen_vision),
        cop_vision: args.cop_vision.unwrap_or(preset.cop_vision),
        legitimacy: args.legitimacy.unwrap_or(preset.legitimacy),
        longest_term: args.longest_term.unwrap_or(preset.longest_term),
        threshold: args.threshold.unwrap_or(preset.threshold),
        arrest_constant: args.arrest_constant.unwrap_or(preset.arrest_constant),
        citizens_move: match args.citizens_move.as_deref() {
            None => preset.citizens_move,
            Some(name) => name != "stay",
        },
        ..preset
    })
}

fn chosen<T: Copy>(what: &str, name: &str, known: &[(&str, T)]) -> Result<T, Failure> {
    known.iter().find(|(known, _)| *known == name).map(|(_, value)| *value).ok_or_else(|| {
        let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
        Failure::unknown(what, name, &names)
    })
}

/// Says how much memory is missing before anything is begun.
fn check_memory(setting: &Setting, seeds: u64) -> Result<(), Failure> {
    let at_once = (rayon::current_num_threads() as u64).min(seeds) as f64;
    check_available(setting.bytes() * at_once, "a smaller --size")
}

/// Where the system does not tell how much memory is left, nothing is said.
fn check_available(needed: f64, choose: &str) -> Result<(), Failure> {
    let available = fs::read_to_string(MEMORY).ok().and_then(|text| {
        let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?.trim().to_owned();
        line.strip_suffix(" kB")?.trim().parse::<f64>().ok()
    });
    match available {
        Some(kilobytes) if needed > kilobytes * 1024.0 => Err(Failure::Wrong(format!(
            "this takes about {:.1} GB of memory and {:.1} GB are available; choose {choose}",
            needed / 1e9,
            kilobytes * 1024.0 / 1e9
        ))),
        _ => Ok(()),
    }
}

fn write(dir: &std::path::Path, runs: &[Run]) -> Result<(), Failure> {
    fs::create_dir_all(dir).map_err(|error| Failure::io("create", dir, &error))?;
    let mut series = String::from("seed,tick,active,jailed,quiet,cops,group_1,group_2,legitimacy,tension\n");
    let mut list = String::from("seed,start,end,activation,wait\n");
    for run in runs {
        for tick in &run.ticks {
            let Tick { tick, active, jailed, quiet, cops, groups: [one, two], legitimacy, tension } = tick;
            let seed = run.seed;
            let _ = writeln!(
                series,
                "{seed},{tick},{active},{jailed},{quiet},{cops},{one},{two},{legitimacy},{tension}"
            );
        }
        for Outburst { start, end, activation, wait } in &run.outbursts {
            let wait = wait.map_or(String::new(), |wait| wait.to_string());
            let _ = writeln!(list, "{},{start},{end},{activation},{wait}", run.seed);
        }
    }
    for (name, text) in [("series.csv", series), ("outbursts.csv", list)] {
        let path = dir.join(name);
        fs::write(&path, text).map_err(|error| Failure::io("write", &path, &error))?;
    }
    Ok(())
}

/// The first society whole; all of them under `runs` where there are several.
fn as_json(runs: &[Run]) -> Value {
    let one = |run: &Run| {
        let series: Vec<Value> = run
            .ticks
            .iter()
            .map(|tick| {
                json!({
                    "tick": tick.tick,
                    "active": tick.active,
                    "jailed": tick.jailed,
                    "quiet": tick.quiet,
                    "cops": tick.cops,
                    "groups": tick.groups,
                    "legitimacy": tick.legitimacy,
                    "tension": tick.tension,
                })
            })
            .collect();
        let outbursts: Vec<Value> = run
            .outbursts
            .iter()
            .map(|one| {
                json!({ "start": one.start, "end": one.end, "activation": one.activation, "wait": one.wait })
            })
            .collect();
        json!({
            "seed": run.seed,
            "series": series,
            "outbursts": outbursts,
            "agent_steps_per_second": run.agent_steps as f64 / run.seconds.max(1e-9),
        })
    };
    let mut first = runs.first().map_or_else(|| json!({}), one);
    if runs.len() > 1 {
        first["runs"] = runs.iter().map(one).collect();
    }
    first
}

fn as_text(args: &CivilViolenceArgs, setting: &Setting, runs: &[Run], screen: &Screen) -> String {
    let waits: Vec<f64> =
        runs.iter().flat_map(|run| &run.outbursts).filter_map(|one| one.wait).map(f64::from).collect();
    let sizes: Vec<f64> =
        runs.iter().flat_map(|run| &run.outbursts).map(|one| one.activation as f64).collect();
    let spread = |values: &[f64]| match values.len() {
        0 => "–".to_owned(),
        n => {
            let mean = values.iter().sum::<f64>() / n as f64;
            let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / n as f64;
            format!("{mean:.0} ± {:.0}", variance.sqrt())
        }
    };
    let mut text = format!(
        "{} by the rules {}: {} × {} sites, {} citizens, {}\n",
        args.preset,
        args.rules,
        setting.width,
        setting.height,
        wording::whole(setting.citizens() as u64),
        wording::counted(runs.len() as u64, "society", "societies"),
    );
    for run in runs.iter().take(5) {
        let active: Vec<f64> = run.ticks.iter().map(|tick| f64::from(tick.active)).collect();
        let width = screen.out.width.saturating_sub(24).max(20);
        let _ = writeln!(
            text,
            "seed {:<6} {}  peak {}",
            run.seed,
            terminal::sparkline(&active, width),
            active.iter().fold(0.0f64, |a, b| a.max(*b))
        );
    }
    let steps: u64 = runs.iter().map(|run| run.agent_steps).sum();
    let seconds: f64 = runs.iter().map(|run| run.seconds).sum();
    let per_run = sizes.len() as f64 / runs.len().max(1) as f64;
    let _ = write!(
        text,
        "Outbursts (more than {} active): {} in {} ticks; wait {}, total activation {} (mean ± standard deviation)\n\
         {} million agent-steps a second and thread",
        args.outburst_limit,
        wording::number(per_run),
        wording::whole(u64::from(args.ticks)),
        spread(&waits),
        spread(&sizes),
        wording::number(steps as f64 / seconds.max(1e-9) / 1e6),
    );
    if let Some(dir) = &args.out {
        let _ = write!(text, "\nSeries and outbursts: {}", dir.display());
    }
    text
}
