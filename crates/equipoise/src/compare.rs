//! `equipoise compare`: the same histories under several policies, paired.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::AtomicU64;

use clap::Args;
use equipoise_lab::comparison::{Comparison, NO_POLICY};
use equipoise_lab::paired::effects;
use equipoise_lab::{Control, Design, LabError, Manifest, Plan};
use equipoise_scenario::Scenario;
use equipoise_view::findings::{self, Compared};
use equipoise_view::{answer, wording};
use serde_json::{Value, json};

use crate::args::design_parser;
use crate::failure::Failure;
use crate::names::shell_quoted;
use crate::run::{HISTORIES, REPORT, SEED, account_named, folder, write_whole};
use crate::screen::Screen;
use crate::{interrupt, library, progress};

/// Name of the page in the folder of a comparison.
const PAGE: &str = "compare.html";

/// What `compare` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  equipoise compare kazakhstan-2022 no-request no-shooting
  equipoise compare my-crisis late-and-alone --histories 2000
  equipoise compare my-crisis none late --baseline early
                                              `none` stands for the run without a policy
  equipoise compare my-crisis late --each-account
                                              every policy under every account
  equipoise compare my-crisis --resume        finish what was interrupted, or with more --histories make it longer
  equipoise explore robust runs/my-crisis-compare --less killed

Every policy meets the same histories: same parameters, same chance. The folder holds a run for each,
so `why`, and any other question to a run, can be asked of all of them.")]
pub struct CompareArgs {
    /// A scenario's folder, or the name of a bundled scenario.
    pub scenario: String,
    /// The policies to try; with --resume, those it was begun with.
    #[arg(value_name = "POLICY")]
    pub policies: Vec<String>,
    /// Compare with this policy [default: none, the run without a policy].
    #[arg(long, value_name = "POLICY")]
    pub baseline: Option<String>,
    /// Number of histories under each policy [default: 10000].
    #[arg(long, short = 'n', value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub histories: Option<u64>,
    /// Seed of all randomness [default: 1].
    #[arg(long, value_name = "S")]
    pub seed: Option<u64>,
    /// Number of threads [default: one per core].
    #[arg(long, value_name = "T")]
    pub threads: Option<NonZeroUsize>,
    /// Believe this account only [default: all, by their credence].
    #[arg(long, value_name = "A")]
    pub account: Option<String>,
    /// Every policy under every account by itself, on the same points and chance: a full factorial.
    #[arg(long, conflicts_with = "account")]
    pub each_account: bool,
    /// Design of the experiment [default: sobol].
    #[arg(long, value_name = "KIND", value_parser = design_parser())]
    pub design: Option<Design>,
    /// Folder of the comparison [default: runs/SCENARIO-compare, with a number if that is taken].
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Histories written in one piece: what an interruption can cost per thread.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub shard_size: Option<u64>,
    /// Finish an interrupted comparison: the one in --out, or else the last in the default place.
    #[arg(long)]
    pub resume: bool,
    /// Show no progress.
    #[arg(long, short)]
    pub quiet: bool,
}

/// Simulates every policy, prints what each changes and writes the page.
///
/// # Errors
/// The scenario or the options cannot be used, the folder cannot be written, or the comparison was interrupted.
pub fn compare(args: &CompareArgs, screen: &Screen) -> Result<ExitCode, Failure> {
    let scenario = library::scenario(Some(&args.scenario))?;
    let dir = match &args.out {
        Some(dir) => dir.clone(),
        None => {
            let place = folder::by_default(
                Path::new("runs"),
                &format!("{}-compare", scenario.id),
                args.resume,
                &is_unfinished,
            );
            if let Some(taken) = place.taken.filter(|_| !args.quiet) {
                screen.note(&format!(
                    "{} is taken; this comparison goes into {}",
                    taken.display(),
                    place.dir.display()
                ));
            }
            place.dir
        }
    };
    if args.each_account {
        each_account(args, &scenario, &dir, screen)?;
        return Ok(ExitCode::SUCCESS);
    }
    let comparison = filled(args, &scenario, &dir, args.account.as_deref(), screen)?;
    interrupt::let_go();
    let told = tell(args, &comparison, screen)?;
    if screen.json {
        screen.print_json(&told.json)?;
    } else {
        screen.print(&told.text)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// A finished comparison as it is told.
struct Told {
    /// One JSON object; nothing where a table is wanted.
    json: Value,
    /// The table; empty where JSON is wanted.
    text: String,
}

/// A comparison under each account by itself, each in a folder named for it: every policy meets every account at the
/// same points with the same chance.
fn each_account(args: &CompareArgs, scenario: &Scenario, dir: &Path, screen: &Screen) -> Result<(), Failure> {
    let accounts = &scenario.evidence.accounts;
    let comparisons: Vec<Comparison> = accounts
        .iter()
        .map(|account| filled(args, scenario, &dir.join(&account.id), Some(&account.id), screen))
        .collect::<Result<_, _>>()?;
    interrupt::let_go();
    let mut all = serde_json::Map::new();
    for (account, comparison) in accounts.iter().zip(&comparisons) {
        let told = tell(args, comparison, screen)?;
        if screen.json {
            all.insert(account.id.clone(), told.json);
        } else {
            screen
                .print(&format!("If you believe “{}” ({})\n\n{}\n", account.title, account.id, told.text))?;
        }
    }
    if screen.json {
        screen.print_json(&json!({ "accounts": all }))?;
    }
    Ok(())
}

/// Simulates one comparison, or finishes it.
fn filled(
    args: &CompareArgs,
    scenario: &Scenario,
    dir: &Path,
    account: Option<&str>,
    screen: &Screen,
) -> Result<Comparison, Failure> {
    let (comparison, plan) = begin(args, scenario, dir, account)?;
    simulate(args, scenario, &comparison, &plan, screen)?;
    Ok(comparison)
}

/// Writes the pages of a finished comparison and tells it.
fn tell(args: &CompareArgs, comparison: &Comparison, screen: &Screen) -> Result<Told, Failure> {
    if !args.quiet {
        screen.note("Writing the pages");
    }
    let runs = comparison.open()?;
    for (run, policy) in runs.iter().zip(&comparison.file().policies) {
        let findings = findings::gather(run, &single_command(args, comparison, policy))?;
        write_whole(&run.dir().join(REPORT), &equipoise_view::report::render(&findings))?;
    }
    let page = comparison.dir().join(PAGE);
    let compared =
        Compared::gather(comparison, &comparison.dir().display().to_string(), &same_again(args, comparison))?;
    write_whole(&page, &equipoise_view::report::render_comparison(&compared))?;
    if screen.json {
        let mut all = Vec::new();
        for run in runs.iter().skip(1) {
            all.push(effects(&runs[0], run)?);
        }
        let mut json = answer::comparison(comparison, &runs, &all);
        json["report"] = json!(page);
        return Ok(Told { json, text: String::new() });
    }
    let table = equipoise_view::terminal::compared(&compared, screen.out);
    let text = format!("{}\n\nComparison: {}", table.trim_end(), page.display());
    Ok(Told { json: Value::Null, text })
}

/// Begins the comparison, or takes up the one in the folder: options given count, then those it was begun with.
fn begin(
    args: &CompareArgs,
    scenario: &Scenario,
    dir: &Path,
    account: Option<&str>,
) -> Result<(Comparison, Plan), Failure> {
    let begun = match Comparison::read(dir) {
        Ok(comparison) if args.resume => Some(comparison),
        // A folder that holds something else is told apart from one where nothing began.
        Err(LabError::NotAComparison { .. }) if args.resume && dir.join("manifest.json").exists() => {
            return Err(Comparison::read(dir).map_or_else(Failure::from, |_| Failure::Unheard));
        }
        _ => None,
    };
    let kept = begun.as_ref().map(Comparison::file);
    let account = match account.or(kept.and_then(|kept| kept.account.as_deref())) {
        None => None,
        Some(id) => Some(account_named(scenario, id)?),
    };
    let plan = Plan {
        histories: args.histories.or(kept.map(|kept| kept.histories)).unwrap_or(HISTORIES),
        seed: args.seed.or(kept.map(|kept| kept.seed)).unwrap_or(SEED),
        design: args.design.or(kept.map(|kept| kept.design)).unwrap_or_default(),
        shard_size: args.shard_size,
        account,
        threads: args.threads.map_or(0, usize::from),
        ..Plan::default()
    };
    let baseline = args.baseline.clone().or(kept.and_then(|kept| kept.policies.first().cloned()));
    let mut policies = vec![baseline.unwrap_or_else(|| NO_POLICY.to_owned())];
    match kept {
        Some(kept) if args.policies.is_empty() => policies.extend(kept.policies.iter().skip(1).cloned()),
        _ => policies.extend(args.policies.iter().cloned()),
    }
    if policies.len() < 2 {
        let known: Vec<&str> = scenario.policies.iter().map(|policy| policy.id.as_str()).collect();
        let known = if known.is_empty() {
            "the scenario has none".to_owned()
        } else {
            format!("there are: {}", known.join(", "))
        };
        return Err(Failure::Wrong(format!("which policy is to be compared? {known}")));
    }
    let comparison = match begun {
        Some(mut comparison) => {
            // All but the length is checked before the comparison says that it is longer.
            let as_it_is = Plan { histories: comparison.file().histories, ..plan.clone() };
            comparison.check_same(scenario, &as_it_is, &policies)?;
            comparison.lengthen(plan.histories)?;
            comparison.check_same(scenario, &plan, &policies)?;
            comparison
        }
        None => Comparison::begin(scenario, &plan, &policies, dir)?,
    };
    Ok((comparison, plan))
}

/// Simulates the runs one after the other; what is complete stays.
fn simulate(
    args: &CompareArgs,
    scenario: &Scenario,
    comparison: &Comparison,
    plan: &Plan,
    screen: &Screen,
) -> Result<(), Failure> {
    let cancel = interrupt::listen();
    let policies = &comparison.file().policies;
    for (at, policy) in policies.iter().enumerate() {
        let dir = comparison.run_dir(policy);
        let plan = comparison.plan_under(plan, policy);
        if !args.quiet {
            let under = if policy == NO_POLICY {
                "without a policy".to_owned()
            } else {
                format!("under policy {policy}")
            };
            let histories = wording::whole(plan.histories);
            let number = format!("{} of {}", at + 1, policies.len());
            screen.note(&format!("Simulating {histories} histories of {} {under} ({number})", scenario.id));
        }
        let done = AtomicU64::new(0);
        let control = Control { cancel, done: &done };
        let work = || equipoise_lab::resume(scenario, &plan, &dir, &control);
        let result = if args.quiet { work() } else { progress::during(plan.histories, &done, cancel, work) };
        result.map_err(|error| match error {
            LabError::Interrupted { complete, .. } => Failure::Interrupted {
                complete: at as u64 * plan.histories + complete,
                total: policies.len() as u64 * plan.histories,
                dir: comparison.dir().to_owned(),
                resume: resume(args, comparison),
            },
            other => other.into(),
        })?;
    }
    Ok(())
}

/// The command that finishes an interrupted comparison.
fn resume(args: &CompareArgs, comparison: &Comparison) -> String {
    let mut command = format!("equipoise compare {}", shell_quoted(&args.scenario));
    let mut dir = comparison.dir();
    if args.each_account {
        for policy in comparison.file().policies.iter().skip(1) {
            command += &format!(" {}", shell_quoted(policy));
        }
        command += " --each-account";
        dir = dir.parent().unwrap_or(dir);
    }
    format!("{command} --out {} --resume", shell_quoted(&dir.display().to_string()))
}

/// Whether a folder holds a comparison with a run still to be finished, or comparisons under each account.
fn is_unfinished(dir: &Path) -> bool {
    let inside = |entry: std::fs::DirEntry| holds_unfinished(&entry.path());
    holds_unfinished(dir) || std::fs::read_dir(dir).is_ok_and(|entries| entries.flatten().any(inside))
}

fn holds_unfinished(dir: &Path) -> bool {
    Comparison::read(dir).is_ok_and(|comparison| {
        let complete = |policy: &String| {
            Manifest::read(&comparison.run_dir(policy)).is_ok_and(|manifest| manifest.complete)
        };
        !comparison.file().policies.iter().all(complete)
    })
}

/// The command that makes the same comparison, whatever its folder and threads.
fn same_again(args: &CompareArgs, comparison: &Comparison) -> String {
    let file = comparison.file();
    let mut command = format!("equipoise compare {}", shell_quoted(&args.scenario));
    for policy in file.policies.iter().skip(1) {
        command += &format!(" {}", shell_quoted(policy));
    }
    if let Some(baseline) = file.policies.first().filter(|baseline| *baseline != NO_POLICY) {
        command += &format!(" --baseline {}", shell_quoted(baseline));
    }
    command + &options(comparison)
}

/// The command that makes one of the runs alone.
fn single_command(args: &CompareArgs, comparison: &Comparison, policy: &str) -> String {
    let mut command = format!("equipoise run {}{}", shell_quoted(&args.scenario), options(comparison));
    if policy != NO_POLICY {
        command += &format!(" --policy {}", shell_quoted(policy));
    }
    command
}

fn options(comparison: &Comparison) -> String {
    let file = comparison.file();
    let mut options =
        format!(" --histories {} --seed {} --design {}", file.histories, file.seed, file.design);
    if let Some(account) = &file.account {
        options += &format!(" --account {}", shell_quoted(account));
    }
    options
}
