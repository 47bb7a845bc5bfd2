//! `equipoise model civil-violence`: one society, or the same under many seeds, or a country of cities.

mod cities;

mod engine;
mod live;
mod memory;
mod options;
mod print;
mod write;

use std::io::{self, IsTerminal};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use clap::Args;
use equipoise_lab::in_threads;
use equipoise_models::civil_violence::{Outburst, Rules, Setting, Tick, outbursts};
use equipoise_view::unrest_page::{Frames, UnrestPage, unrest_page};
use rayon::prelude::*;

use crate::failure::Failure;
use crate::screen::Screen;
use crate::{interrupt, progress};
use engine::Engine;
use live::Live;

/// Pictures of the grid on a page, at most.
const FRAMES: u32 = 240;

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
  equipoise model civil-violence --cities cities.csv --fidelity auto --outcome jailed --ticks 60 --seeds 20
  equipoise model civil-violence --size 5224 --ticks 50      19.1 million citizens
  equipoise model civil-violence --ticks 400 --html watch.html

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
    /// Engine: plain (any setting), crowd (tiles and threads, from some hundred sites a side on) or auto (crowd from 500
    /// sites a side on where it can).
    #[arg(long, value_name = "NAME", default_value = "auto")]
    pub engine: String,
    /// Threads; all there are if not given.
    #[arg(long, value_name = "N")]
    pub threads: Option<NonZeroUsize>,
    /// Folder for series.csv and outbursts.csv; for cities.csv with --cities.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Parquet instead of CSV in that folder.
    #[arg(long, requires = "out")]
    pub parquet: bool,
    /// A page (one HTML file) to watch the first society's grid and outbursts on.
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// Show no progress.
    #[arg(long, short)]
    pub quiet: bool,
}

/// One society from its first tick to its last.
struct Run {
    seed: u64,
    engine: &'static str,
    ticks: Vec<Tick>,
    arrests: Vec<u32>,
    outbursts: Vec<Outburst>,
    agent_steps: u64,
    seconds: f64,
    /// Pictures of the grid, of the first society where a page is asked for.
    frames: Frames,
}

/// Simulates the societies and prints their outbursts.
///
/// # Errors
/// An option makes no sense, memory does not suffice, a file cannot be written, or it was interrupted.
pub fn run(args: &CivilViolenceArgs, screen: &Screen) -> Result<ExitCode, Failure> {
    let (rules, setting) = (options::rules(args)?, options::setting(args)?);
    if let Some(file) = &args.cities.file {
        let asked = cities::Asked {
            options: &args.cities,
            rules,
            setting,
            seed: args.seed,
            seeds: args.seeds,
            ticks: args.ticks,
            out: args.out.as_deref(),
            quiet: args.quiet,
        };
        return cities::run(&asked, file, screen);
    }
    setting.check().map_err(|error| Failure::Wrong(error.to_string()))?;
    let crowd = engine::is_crowd(&args.engine, &rules, &setting)?;
    let cancel = interrupt::listen();
    let done = AtomicU64::new(0);
    let total = args.seeds.saturating_mul(u64::from(args.ticks));
    let live = Live::new(args.seed, args.seeds, args.ticks, setting.citizens());
    let work = || {
        memory::check(&rules, &setting, crowd, args.seeds)?;
        let seeds = args.seed..args.seed.saturating_add(args.seeds);
        let one = |seed: u64| simulate(args, rules, setting, crowd, seed, &live, &done);
        // A crowd uses all threads by itself, and memory for one at a time.
        if crowd { seeds.map(one).collect() } else { seeds.into_par_iter().map(one).collect() }
    };
    let in_pool = || in_threads(args.threads, work)?;
    let runs: Result<Vec<Run>, Failure> = if args.quiet {
        in_pool()
    } else if !screen.json && io::stdout().is_terminal() {
        live.during(screen.out, in_pool)
    } else {
        progress::during_of(total, "ticks", &done, cancel, in_pool)
    };
    let runs = runs?;
    let stopped = cancel.load(Ordering::Relaxed);
    interrupt::let_go();
    if stopped {
        return Err(Failure::Stopped("interrupted: nothing was written".to_owned()));
    }
    if let Some(dir) = &args.out {
        write::tables(dir, &runs, args.parquet)?;
    }
    if let (Some(path), Some(first)) = (&args.html, runs.first()) {
        let page = page(args, &setting, first);
        std::fs::write(path, unrest_page(&page)).map_err(|error| Failure::io("write", path, &error))?;
    }
    if screen.json {
        screen.print_json(&print::as_json(&runs))?;
    } else {
        let why = engine::why_plain(&args.engine, &rules, &setting);
        screen.print(&print::as_text(args, &setting, &runs, why.as_deref(), screen))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn simulate(
    args: &CivilViolenceArgs,
    rules: Rules,
    setting: Setting,
    crowd: bool,
    seed: u64,
    live: &Live,
    done: &AtomicU64,
) -> Result<Run, Failure> {
    let cancel = interrupt::listen();
    let mut engine = Engine::new(crowd, rules, setting, seed)?;
    let begun = Instant::now();
    let (mut ticks, mut arrests, mut agent_steps) = (Vec::new(), Vec::new(), 0);
    let every = args.ticks.div_ceil(FRAMES);
    let mut frames = Frames::new(setting.width, setting.height, every);
    while ticks.len() < args.ticks as usize && !cancel.load(Ordering::Relaxed) {
        agent_steps += engine.agents() as u64;
        let tick = engine.tick();
        live.seen(seed, &tick, engine.arrests());
        if args.html.is_some() && seed == args.seed && tick.tick % every == 0 {
            frames.add(&engine.picture());
        }
        ticks.push(tick);
        arrests.push(engine.arrests());
        done.fetch_add(1, Ordering::Relaxed);
    }
    let active: Vec<u32> = ticks.iter().map(|tick| tick.active).collect();
    let outbursts = outbursts(&active, args.outburst_limit);
    let seconds = begun.elapsed().as_secs_f64();
    Ok(Run { seed, engine: engine.name(), ticks, arrests, outbursts, agent_steps, seconds, frames })
}

fn page<'a>(args: &CivilViolenceArgs, setting: &Setting, run: &'a Run) -> UnrestPage<'a> {
    UnrestPage {
        title: format!("Civil violence: {} by the rules {}", args.preset, args.rules),
        about: format!(
            "{} × {} sites, {} citizens, seed {}, {} ticks.",
            setting.width,
            setting.height,
            equipoise_view::wording::whole(setting.citizens() as u64),
            run.seed,
            args.ticks
        ),
        citizens: setting.citizens() as u32,
        active: run.ticks.iter().map(|tick| tick.active).collect(),
        jailed: run.ticks.iter().map(|tick| tick.jailed).collect(),
        arrests: run.arrests.clone(),
        outbursts: run.outbursts.iter().map(|one| (one.start, one.end, one.activation)).collect(),
        limit: args.outburst_limit,
        frames: &run.frames,
    }
}
