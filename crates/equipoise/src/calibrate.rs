//! `equipoise calibrate`: fit a scenario to its record, and keep the posterior.

mod table;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::AtomicU64;

use equipoise_lab::calibrate::{self, Calibration, Ending, Posterior, Ranks, Settings};
use equipoise_lab::{Control, LabError};
use equipoise_scenario::Scenario;
use equipoise_view::{answer, terminal, wording};
use serde_json::{Map, Value, json};

use crate::args::CalibrateArgs;
use crate::failure::Failure;
use crate::screen::Screen;
use crate::{interrupt, library, progress};

/// Exit code where the sampler was stopped and what it had found is kept.
const INTERRUPTED: u8 = 130;

/// Fits, prints what was found, writes the posterior; or, with made-up truths, prints their ranks.
///
/// # Errors
/// The scenario or the options cannot be used, the folder cannot be written, or it was interrupted too early.
pub fn calibrate(args: &CalibrateArgs, screen: &Screen) -> Result<ExitCode, Failure> {
    if let (Some(table), Some(record)) = (&args.table, &args.record) {
        table::calibrate(args, table, record, screen)?;
        return Ok(ExitCode::SUCCESS);
    }
    let scenario = library::scenario(args.scenario.as_deref())?;
    let accounts: Vec<&str> = scenario.evidence.accounts.iter().map(|account| account.id.as_str()).collect();
    let account = match &args.account {
        None => None,
        Some(id) => Some(
            accounts
                .iter()
                .position(|known| known == id)
                .ok_or_else(|| Failure::unknown("account", id, &accounts))?,
        ),
    };
    let settings = Settings {
        population: args.population,
        keep: args.keep,
        budget: args.histories,
        seed: args.seed,
        ..Settings::default()
    };
    if let Some(truths) = args.truths {
        return rank_truths(args, truths, &scenario, &settings, screen);
    }
    if !args.quiet {
        screen.note(&format!("Fitting {} to its record, seed {}", scenario.id, args.seed));
    }
    let total = settings.budget + settings.population as u64;
    let found = work(args, total, |control| calibrate::calibrate(&scenario, &settings, account, control))?;
    let dir = args.out.clone().unwrap_or_else(|| PathBuf::from(format!("runs/{}-posterior", scenario.id)));
    let answer = answer::calibration(&found, &settings, &scenario);
    Posterior::write(&scenario, found.particles.clone(), answer.clone(), &dir)?;
    print(&found, answer, &scenario, &dir, screen)?;
    if found.ending == Ending::Interrupted {
        screen.note("interrupted: the last complete round is kept");
        return Ok(ExitCode::from(INTERRUPTED));
    }
    Ok(ExitCode::SUCCESS)
}

fn print(
    found: &Calibration,
    mut answer: Map<String, Value>,
    scenario: &Scenario,
    dir: &Path,
    screen: &Screen,
) -> Result<(), Failure> {
    if screen.json {
        answer.insert("posterior".to_owned(), json!(dir));
        return screen.print_json(&Value::Object(answer));
    }
    let text = terminal::calibration(found, scenario, screen.out);
    screen.print(&format!("{}\n\nPosterior: {}", text.trim_end(), dir.display()))
}

fn rank_truths(
    args: &CalibrateArgs,
    truths: u64,
    scenario: &Scenario,
    settings: &Settings,
    screen: &Screen,
) -> Result<ExitCode, Failure> {
    if !args.quiet {
        let truths = wording::counted(truths, "made-up truth", "made-up truths");
        screen.note(&format!("Fitting {truths} of {}, seed {}", scenario.id, args.seed));
    }
    let total = truths.saturating_mul(settings.budget);
    let ranks = work(args, total, |control| calibrate::rank_truths(scenario, settings, truths, control))?;
    if screen.json {
        let name = |at: usize| match at {
            0 => "account",
            at => scenario.parameters[at - 1].id.as_str(),
        };
        let of = |(at, ranks): (usize, &Ranks)| json!({ "name": name(at), "bins": ranks.bins, "chi_square": ranks.chi_square, "uniform": ranks.uniform });
        let ranks: Vec<Value> = ranks.iter().enumerate().map(of).collect();
        screen.print_json(&json!({ "scenario": scenario.id, "truths": truths, "ranks": ranks }))?;
    } else {
        screen.print(&terminal::ranks(&ranks, truths, scenario, screen.out))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Runs the sampler on its threads, with progress, until it is done or Ctrl-C.
fn work<T: Send>(
    args: &CalibrateArgs,
    total: u64,
    sampler: impl FnOnce(&Control) -> Result<T, LabError> + Send,
) -> Result<T, Failure> {
    let threads = args.threads.map_or(0, usize::from);
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .map_err(|error| Failure::Wrong(format!("{threads} threads cannot be started ({error})")))?;
    let cancel = interrupt::listen();
    let done = AtomicU64::new(0);
    let run = || {
        let control = Control { cancel, done: &done };
        pool.install(|| sampler(&control))
    };
    let found = if args.quiet { run() } else { progress::during(total, &done, cancel, run) };
    interrupt::let_go();
    found.map_err(|error| match error {
        LabError::Interrupted { .. } => {
            Failure::Stopped("interrupted before there was anything to keep".to_owned())
        }
        other => other.into(),
    })
}
