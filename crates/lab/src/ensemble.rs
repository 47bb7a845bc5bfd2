//! Ensembles: many histories on one design, simulated in parallel into a run directory, and taken up again.

mod exactness;
mod fill;
mod longer;
mod prepare;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Instant;

use equipoise_engine::{Engine, History};
use equipoise_scenario::Scenario;

use crate::calibrate::Posterior;
use crate::design::{Design, DesignTable, Points};
use crate::draws::Draws;
use crate::error::LabError;
use crate::precision::Precision;
use crate::run_directory::{
    Block, Columns, EventCells, Manifest, Part, Subjects, remove_temporary_files, write_atomically,
};
use fill::{fill_directory, tidy};
use longer::{can_grow, grow};
pub(crate) use prepare::check_tables;
use prepare::{begin, check_same, check_same_precision, copy_scenario, is_vacant};

/// What to run.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Number of histories, at least one.
    pub histories: u64,
    /// Seed of the design and of every history.
    pub seed: u64,
    /// Kind of design.
    pub design: Design,
    /// Histories in a shard, rounded up to whole blocks; `None` for four shards per thread, of at most 2,048 histories. A
    /// shard is what an interruption can lose per thread; its size leaves no trace in a complete run.
    pub shard_size: Option<u64>,
    /// The only account to draw (an index into the evidence), or all by their credence.
    pub account: Option<usize>,
    /// The policy to run under (its id), or none.
    pub policy: Option<String>,
    /// The posterior to draw accounts and parameters from, instead of the scenario's own ranges.
    pub posterior: Option<Arc<Posterior>>,
    /// The table that gives the design row by row; with [`Design::Table`] and only there, and as many histories as rows.
    pub table: Option<Arc<DesignTable>>,
    /// The only part to simulate, or everything.
    pub part: Option<Part>,
    /// Number of threads; 0 for one per core.
    pub threads: usize,
}

impl Default for Plan {
    /// 10,000 histories of seed 1 on a Sobol design, by the scenario as it is, on one thread per core.
    fn default() -> Plan {
        Plan {
            histories: 10_000,
            seed: 1,
            design: Design::Sobol,
            shard_size: None,
            account: None,
            policy: None,
            posterior: None,
            table: None,
            part: None,
            threads: 0,
        }
    }
}

impl Plan {
    /// The plan that a run directory was begun with, on one thread per core; a posterior or a design table, of which the
    /// manifest only knows the checksum, is left to the caller.
    ///
    /// # Errors
    /// The run's account is none of the scenario's.
    pub fn of(manifest: &Manifest, scenario: &Scenario) -> Result<Plan, LabError> {
        let accounts = &scenario.evidence.accounts;
        let account = match &manifest.account {
            None => None,
            Some(id) => Some(accounts.iter().position(|account| account.id == *id).ok_or_else(|| {
                LabError::Unknown {
                    what: "account",
                    name: id.clone(),
                    known: accounts.iter().map(|account| account.id.clone()).collect(),
                }
            })?),
        };
        Ok(Plan {
            histories: manifest.planned(),
            seed: manifest.seed,
            design: manifest.design,
            shard_size: manifest.shard_size,
            account,
            policy: manifest.policy.clone(),
            posterior: None,
            table: None,
            part: manifest.part,
            threads: 0,
        })
    }
}

/// How a caller follows a run and stops it.
#[derive(Debug, Clone, Copy)]
pub struct Control<'a> {
    /// Set it to stop: complete shards are kept.
    pub cancel: &'a AtomicBool,
    /// Histories done so far, those of an earlier attempt included.
    pub done: &'a AtomicU64,
}

/// What a finished run was.
#[derive(Debug, Clone, PartialEq)]
pub struct RunSummary {
    /// The run's manifest.
    pub manifest: Manifest,
    /// Histories simulated by this call (fewer than all when it finished an earlier attempt).
    pub simulated: u64,
    /// Seconds this call took.
    pub seconds: f64,
}

/// Simulates an ensemble into a new run directory. The folder may exist if it is empty.
///
/// Memory does not grow with the number of histories, apart from the tables' directories of row groups.
///
/// # Errors
/// The folder holds something, the disk is full or read-only, the plan does not fit the scenario, or the run was
/// cancelled ([`LabError::Interrupted`]).
pub fn run(scenario: &Scenario, plan: &Plan, dir: &Path, control: &Control) -> Result<RunSummary, LabError> {
    run_until(scenario, plan, &[], dir, control)
}

/// As [`run`], but stops as soon as every stated precision is reached; the plan's number of histories is then the most it
/// may take ([`Precision`] says when it looks). The tables are those of the first histories of the plan.
///
/// # Errors
/// As [`run`]; and a precision is stated of an unknown outcome, or the design is structured or a table, or the plan draws
/// from a posterior.
pub fn run_until(
    scenario: &Scenario,
    plan: &Plan,
    until: &[Precision],
    dir: &Path,
    control: &Control,
) -> Result<RunSummary, LabError> {
    with_changes(scenario, plan, |changed| {
        check_until(scenario, plan, until)?;
        begin(scenario, plan, until, dir)?;
        finish(scenario, changed, plan, dir, control)
    })
}

/// Finishes a run directory that was interrupted, or begins one where there is nothing yet. What comes out is the same,
/// byte for byte, as if it had never been interrupted. A finished run of fewer histories than the plan's is made longer:
/// what it holds is kept, and the tables then hold the rows of a run that had that length from the start, in row groups of
/// the size it was begun with. A part, a run with a stated precision and one on a design table have the length they have.
///
/// # Errors
/// As [`run`]; and the folder is not a run directory, is one of another scenario or plan, or is damaged.
pub fn resume(
    scenario: &Scenario,
    plan: &Plan,
    dir: &Path,
    control: &Control,
) -> Result<RunSummary, LabError> {
    resume_until(scenario, plan, &[], dir, control)
}

/// As [`resume`], for a run with a stated precision. Without one here, that of the run directory is reached.
///
/// # Errors
/// As [`resume`] and [`run_until`]; and the run was begun with another precision.
pub fn resume_until(
    scenario: &Scenario,
    plan: &Plan,
    until: &[Precision],
    dir: &Path,
    control: &Control,
) -> Result<RunSummary, LabError> {
    with_changes(scenario, plan, |changed| {
        check_until(scenario, plan, until)?;
        if is_vacant(dir)? {
            remove_temporary_files(dir)?;
            begin(scenario, plan, until, dir)?;
        } else if !until.is_empty() {
            check_same_precision(&Manifest::read(dir)?, until, dir)?;
        }
        finish(scenario, changed, plan, dir, control)
    })
}

/// Checks that a precision can be reached by this plan.
fn check_until(scenario: &Scenario, plan: &Plan, until: &[Precision]) -> Result<(), LabError> {
    for precision in until {
        if !scenario.outcomes.iter().any(|outcome| outcome.id == precision.outcome) {
            return Err(LabError::Unknown {
                what: "outcome",
                name: precision.outcome.clone(),
                known: scenario.outcomes.iter().map(|outcome| outcome.id.clone()).collect(),
            });
        }
    }
    if !until.is_empty() && plan.part.is_some() {
        return Err(LabError::BadPlan {
            why: "where to stop is read off all histories, and a part has only its own; ask for a number of histories".to_owned(),
        });
    }
    // Where to stop is read off histories that stand for themselves.
    if !until.is_empty() {
        let why = match plan.design {
            Design::Table => {
                "the table says how many histories there are, which --until leaves open; choose --design sobol, lhs or random"
            }
            _ if plan.posterior.is_some() => {
                "histories from one line of the posterior belong together, and --until needs such as stand on their own; ask for a number of --histories"
            }
            design if design.is_structured() => {
                "the histories of this design belong together in groups, and --until needs such as stand on their own; choose --design sobol, lhs or random"
            }
            _ => return Ok(()),
        };
        return Err(LabError::BadPlan { why: why.to_owned() });
    }
    Ok(())
}

/// Checks a plan against its scenario and calls `then` with the scenario under the plan's policy.
fn with_changes<T>(
    scenario: &Scenario,
    plan: &Plan,
    then: impl FnOnce(&Scenario) -> Result<T, LabError>,
) -> Result<T, LabError> {
    if plan.histories == 0 {
        return Err(LabError::BadPlan {
            why: "0 histories were asked for, and at least one is needed".to_owned(),
        });
    }
    let accounts = &scenario.evidence.accounts;
    if accounts.is_empty() {
        return Err(LabError::BadPlan { why: format!("the scenario {} has no accounts", scenario.id) });
    }
    if let Some(name) = Columns::of(scenario).clash() {
        return Err(LabError::BadPlan {
            why: format!(
                "the tables have a column {name} of their own, so no outcome, parameter or series may have that name"
            ),
        });
    }
    if let Some(account) = plan.account
        && account >= accounts.len()
    {
        return Err(LabError::Unknown {
            what: "account",
            name: account.to_string(),
            known: accounts.iter().map(|account| account.id.clone()).collect(),
        });
    }
    check_table(plan)?;
    if plan.posterior.is_some() && plan.design.is_structured() {
        return Err(LabError::BadPlan {
            why: format!(
                "the design {} changes one input at a time, and those of a posterior only come together; take --design sobol",
                plan.design
            ),
        });
    }
    if plan.posterior.is_some() && plan.account.is_some() {
        return Err(LabError::BadPlan {
            why: "a posterior brings its own accounts; calibrate with one account instead of asking for it here".to_owned(),
        });
    }
    let Some(policy) = &plan.policy else {
        return then(scenario);
    };
    then(&under_policy(scenario, policy)?)
}

/// Checks that the design and its table belong together.
fn check_table(plan: &Plan) -> Result<(), LabError> {
    let why = match (&plan.table, plan.design) {
        (None, Design::Table) => "the design is a table, and none is given".to_owned(),
        (Some(_), design) if design != Design::Table => {
            format!("a design table is given, and the design is {design}")
        }
        (Some(table), _) if table.rows() != plan.histories => {
            format!("the design table has {} rows, for {} histories", table.rows(), plan.histories)
        }
        (Some(_), _) if plan.posterior.is_some() => {
            "a design table and a posterior both say what parameters are; give one of them".to_owned()
        }
        _ => return Ok(()),
    };
    Err(LabError::BadPlan { why })
}

/// A scenario under one of its policies.
pub(crate) fn under_policy(scenario: &Scenario, policy: &str) -> Result<Scenario, LabError> {
    scenario.with_policy(policy).map_err(|_| LabError::Unknown {
        what: "policy",
        name: policy.to_owned(),
        known: scenario.policies.iter().map(|policy| policy.id.clone()).collect(),
    })
}

/// Does what is missing in a run directory with a manifest: scenario copy, shards, joining, manifest, tidying.
fn finish(
    scenario: &Scenario,
    changed: &Scenario,
    plan: &Plan,
    dir: &Path,
    control: &Control,
) -> Result<RunSummary, LabError> {
    let started = Instant::now();
    let mut manifest = Manifest::read(dir)?;
    check_same(&manifest, scenario, plan, dir)?;
    copy_scenario(scenario, &manifest, dir)?;
    let pool = rayon::ThreadPoolBuilder::new().num_threads(plan.threads).build().map_err(|error| {
        LabError::BadPlan { why: format!("{} threads cannot be started ({error})", plan.threads) }
    })?;
    if can_grow(&manifest, plan) {
        manifest = pool.install(|| grow(manifest, plan, dir))?;
    }
    if manifest.complete {
        pool.install(|| check_tables(&manifest, dir))?;
        tidy(dir)?;
        let held = manifest.held();
        control.done.store(held.end - held.start, Ordering::Relaxed);
        return Ok(RunSummary { manifest, simulated: 0, seconds: started.elapsed().as_secs_f64() });
    }

    let engine = Engine::new(changed);
    let points = Points { design: manifest.design, seed: manifest.seed };
    let policy = plan.policy.as_deref();
    let draws = match (&plan.posterior, &plan.table) {
        (Some(posterior), _) => Draws::from_posterior(changed, points, posterior, policy),
        (None, Some(table)) => Draws::from_table(changed, points, table, plan.account, policy),
        (None, None) => Draws::new(changed, points, plan.account),
    };
    let subjects = Subjects::of(changed);
    let worker = || {
        let mut workspace = engine.workspace();
        let mut history = History::default();
        let mut parameters = Vec::new();
        let (engine, draws, subjects) = (&engine, &draws, &subjects);
        let seed = manifest.seed;
        move |number: u64, block: &mut Block| {
            let account = draws.fill(number, &mut parameters);
            engine.simulate(seed, draws.chance(number), &parameters, &mut workspace, &mut history);
            block.push(number, account, &history.outcomes, &parameters, &history.series);
            for (id, event) in (0..).zip(&history.events) {
                let cells = EventCells {
                    day: u32::from(event.day),
                    hour: event.hour,
                    kind: event.kind.name(),
                    subject: subjects.index(event.subject),
                    amount: event.amount,
                    causes: history.causes(id),
                };
                block.push_event(id, &cells);
            }
        }
    };
    let columns = Columns::of(changed);
    let (manifest, simulated) =
        pool.install(|| fill_directory(dir, manifest.clone(), &columns, subjects.names(), control, worker))?;
    let seconds = started.elapsed().as_secs_f64();
    write_timing(dir, &pool, simulated, seconds)?;
    Ok(RunSummary { manifest, simulated, seconds })
}

fn write_timing(dir: &Path, pool: &rayon::ThreadPool, simulated: u64, seconds: f64) -> Result<(), LabError> {
    let timing = serde_json::json!({
        "threads": pool.current_num_threads(),
        "histories_simulated": simulated,
        "seconds": seconds,
        "histories_per_second": simulated as f64 / seconds.max(1e-9),
    });
    write_atomically(&dir.join("timing.json"), format!("{timing:#}\n").as_bytes())?;
    Ok(())
}
