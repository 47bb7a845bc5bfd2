//! `equipoise explore rare`: how probable is what hardly ever happens?

mod table;

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::AtomicU64;

use clap::Args;
use equipoise_lab::rare::{Rare, RarePlan, estimate_outcome, most_histories};
use equipoise_lab::{Control, LabError, When};
use equipoise_scenario::Scenario;
use equipoise_view::findings::rule;
use equipoise_view::wording;
use serde_json::{Value, json};

use crate::failure::Failure;
use crate::screen::Screen;
use crate::{interrupt, library, progress};

/// Levels that the progress bar reckons with before the pilot has chosen them.
const USUAL_LEVELS: usize = 6;

/// What `explore rare` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  equipoise explore rare kazakhstan-2022 --outcome 'killed>=3000'
  equipoise explore rare my-crisis --outcome troops_sent --by killed --particles 1000
  equipoise explore rare --table drawn.csv --outcome 'loss>=1e6' --weight ratio
                                              rows of a model of your own, drawn where losses are large

Histories that come near are copied and varied, level by level (importance splitting); a pilot chooses the
levels, independent repetitions give an unbiased probability and its interval. Of a table the rows are
counted, or weighed by how much more probable each is than where it was drawn from (importance sampling); an
empty cell counts as not reached.
Exit code 1: it was not reached.")]
pub struct RareArgs {
    /// A scenario's folder, or the name of a bundled scenario.
    #[arg(required_unless_present = "table")]
    pub scenario: Option<String>,
    /// What happens: a comparison such as 'killed>=3000', or a yes/no with --by.
    #[arg(long, value_name = "OUTCOME")]
    pub outcome: String,
    /// Read the outcome off the rows of this CSV file instead; a yes/no is a column of 0 and 1.
    #[arg(long, value_name = "FILE",
        conflicts_with_all = ["scenario", "by", "account", "policy", "particles", "moves", "repetitions", "seed", "threads"])]
    pub table: Option<PathBuf>,
    /// With --table, the column of weights: density under the distribution asked about over density where drawn.
    #[arg(long, value_name = "NAME", requires = "table")]
    pub weight: Option<String>,
    /// The number that rises towards a yes/no.
    #[arg(long, value_name = "OUTCOME")]
    pub by: Option<String>,
    /// Believe one account only.
    #[arg(long, value_name = "ACCOUNT")]
    pub account: Option<String>,
    /// Under a policy.
    #[arg(long, value_name = "POLICY")]
    pub policy: Option<String>,
    /// Histories carried from level to level.
    #[arg(long, value_name = "N", default_value_t = 500)]
    pub particles: usize,
    /// Moves of each history between two levels.
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub moves: u32,
    /// Independent repetitions; their spread is the error.
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub repetitions: u32,
    /// Seed of all randomness.
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub seed: u64,
    /// Number of threads [default: one per core].
    #[arg(long, value_name = "T")]
    pub threads: Option<NonZeroUsize>,
}

/// Estimates and tells a rare probability; exit code 1 where nothing reached it.
///
/// # Errors
/// The scenario or the options cannot be used, or the work was interrupted.
pub fn rare(args: &RareArgs, screen: &Screen) -> Result<ExitCode, Failure> {
    if let Some(path) = &args.table {
        return table::rare(args, path, screen);
    }
    let mut scenario = library::scenario(args.scenario.as_deref())?;
    if let Some(policy) = &args.policy {
        let policies: Vec<&str> = scenario.policies.iter().map(|policy| policy.id.as_str()).collect();
        scenario = scenario.with_policy(policy).map_err(|_| Failure::unknown("policy", policy, &policies))?;
    }
    let when = When::parse(&scenario, &args.outcome)?;
    let outcomes: Vec<&str> = scenario.outcomes.iter().map(|outcome| outcome.id.as_str()).collect();
    let by = place("outcome", args.by.as_deref(), &outcomes)?;
    let accounts: Vec<&str> = scenario.evidence.accounts.iter().map(|account| account.id.as_str()).collect();
    let account = place("account", args.account.as_deref(), &accounts)?;
    let plan = RarePlan {
        particles: args.particles,
        moves: args.moves,
        repetitions: args.repetitions,
        seed: args.seed,
        threads: args.threads.map_or(0, usize::from),
        ..RarePlan::default()
    };
    let cancel = interrupt::listen();
    let done = AtomicU64::new(0);
    let control = Control { cancel, done: &done };
    let found = progress::during(most_histories(&plan, USUAL_LEVELS), &done, cancel, || {
        estimate_outcome(&scenario, &when, by, account, &plan, &control)
    });
    let found = match found {
        Err(LabError::Interrupted { complete, .. }) => {
            return Err(Failure::Stopped(format!(
                "interrupted after {}; an estimate needs all of them, so nothing is kept",
                wording::counted(complete, "history", "histories")
            )));
        }
        other => other?,
    };
    if screen.json {
        screen.print_json(&as_json(&when, &found))?;
    } else {
        screen.print(&told(&scenario, &when, &found))?;
    }
    Ok(ExitCode::from(u8::from(found.probability == 0.0)))
}

fn place(what: &str, name: Option<&str>, known: &[&str]) -> Result<Option<usize>, Failure> {
    let Some(name) = name else { return Ok(None) };
    let at = known.iter().position(|one| *one == name);
    at.map(Some).ok_or_else(|| Failure::unknown(what, name, known))
}

fn as_json(when: &When, found: &Rare) -> Value {
    json!({
        "outcome": when.text,
        "probability": found.probability,
        "low": found.interval[0],
        "high": found.interval[1],
        "histories": found.histories,
        "plain_histories": found.plain_histories,
        "repetitions": found.repetitions,
        "levels": found.levels,
        "shares": found.shares,
        "accepted": found.accepted,
        "highest": found.highest,
    })
}

fn told(scenario: &Scenario, when: &When, found: &Rare) -> String {
    let clause = rule::clause(scenario, when);
    let cost = wording::counted(found.histories, "history", "histories");
    if found.probability == 0.0 {
        return format!(
            "{clause}: no history reached it; the highest came to {}.\n{cost} simulated, {} climbed.",
            wording::exact(found.highest.abs()),
            wording::counted(found.levels.len() as u64, "level", "levels"),
        );
    }
    let [low, high] = found.interval;
    let mut text = format!(
        "{clause} in {}: probability {} (95 % interval {}).\n{cost} simulated",
        wording::share_of(found.probability, "histories"),
        scientific(found.probability),
        if low > 0.0 {
            format!("{}–{}", scientific(low), scientific(high))
        } else {
            format!("0–{}", scientific(high))
        },
    );
    if found.plain_histories > 0.0 {
        text += &format!("; counting as exactly would take about {}", wording::count(found.plain_histories));
    }
    text += ".\n";
    for (at, level) in found.levels.iter().enumerate() {
        text += &format!(
            "  level {:>2}: {} reached by {}, moves accepted {}\n",
            at + 1,
            wording::exact(level.abs()),
            wording::percent(found.shares[at]),
            wording::percent(found.accepted[at]),
        );
    }
    let last = found.shares.last().copied().unwrap_or(0.0);
    text += &format!("  then it happens in {}\n", wording::percent(last));
    let smallest = found.repetitions.iter().copied().fold(f64::INFINITY, f64::min);
    let largest = found.repetitions.iter().copied().fold(0.0, f64::max);
    text += &format!(
        "The {} repetitions range from {} to {}.",
        found.repetitions.len(),
        scientific(smallest),
        scientific(largest)
    );
    if largest > 10.0 * smallest {
        text += " They differ widely, so the interval may lie too low: ask for more --particles or --moves.";
    }
    text
}

/// A small number to two digits: "0.012", "6.3·10⁻⁵".
fn scientific(value: f64) -> String {
    if value == 0.0 || value >= 0.001 {
        return format!("{value:.4}").trim_end_matches('0').trim_end_matches('.').to_owned();
    }
    let exponent = value.log10().floor() as i32;
    let digits: String = (-exponent)
        .to_string()
        .chars()
        .map(|digit| ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'][digit as usize - '0' as usize])
        .collect();
    format!("{:.1}·10⁻{digits}", value / 10f64.powi(exponent))
}
