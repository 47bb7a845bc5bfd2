//! `equipoise explore robust`: which policy does acceptably well whichever account is true.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{ArgGroup, Args};
use equipoise_lab::robust::{
    Cases, Direction, Goal, OutcomeRobustness, PolicyValue, Reach, Robustness, Threshold, robustness,
};
use equipoise_lab::score::ScoreKind;
use equipoise_scenario::Sheet;
use equipoise_view::answer;
use serde_json::{Map, Value, json};

use crate::failure::Failure;
use crate::screen::Screen;

/// What `explore robust` takes.
#[derive(Debug, Args)]
#[command(
    group = ArgGroup::new("input").required(true).args(["comparison", "table"]),
    after_help = "\
Examples:
  equipoise explore robust runs/kazakhstan-2022-compare --less killed --more relation_russia_end
  equipoise explore robust runs/my-crisis-compare --threshold 'killed<=100' --threshold 'troops_sent=no'
  equipoise explore robust --table cases.csv --less cost
                                              a table of your own: columns policy, case, account (optional),
                                              and one column of numbers for each outcome

Regret is how much worse a policy does than the best of them. What is better is for you to say. A date that never
comes counts as the day after the last one simulated."
)]
pub struct RobustArgs {
    /// The folder of a finished comparison, also one under each account.
    pub comparison: Option<PathBuf>,
    /// Judge the cases of this CSV file instead.
    #[arg(long, value_name = "FILE")]
    pub table: Option<PathBuf>,
    /// Less of this outcome is better, or an earlier date.
    #[arg(long, value_name = "OUTCOME", num_args = 1..)]
    pub less: Vec<String>,
    /// More of this outcome is better, or a later date.
    #[arg(long, value_name = "OUTCOME", num_args = 1..)]
    pub more: Vec<String>,
    /// Show these outcomes too, without saying what is better [default: the headline outcomes, if nothing is asked].
    #[arg(long, value_name = "OUTCOME", num_args = 1.., value_delimiter = ',')]
    pub outcomes: Vec<String>,
    /// What must hold in a history for it to be acceptable, such as 'killed<=100', 'coup=no', 'order<=2022-01-15' (may
    /// be repeated).
    #[arg(long, value_name = "CONDITION")]
    pub threshold: Vec<String>,
}

/// Judges the policies and prints how they stand up.
///
/// # Errors
/// The folder holds no finished comparison, the table has mistakes, or an outcome or threshold cannot be understood.
pub fn robust(args: &RobustArgs, screen: &Screen) -> Result<ExitCode, Failure> {
    let (cases, headlines) = cases(args)?;
    let goals = goals(args, &cases, &headlines)?;
    let thresholds: Vec<Threshold> =
        args.threshold.iter().map(|text| Threshold::parse(text, &cases)).collect::<Result<_, _>>()?;
    let found = robustness(&cases, &goals, &thresholds);
    if screen.json {
        screen.print_json(&as_json(args, &cases, &found))?;
    } else {
        screen.print(&equipoise_view::terminal::robust(&cases, &found, screen.out))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The cases, and the outcomes that are shown where none is named.
fn cases(args: &RobustArgs) -> Result<(Cases, Vec<usize>), Failure> {
    if let Some(table) = &args.table {
        let cases = Cases::of_table(Sheet::read(table)?)?;
        let all = (0..cases.outcomes.len()).collect();
        return Ok((cases, all));
    }
    let dir = args.comparison.as_deref().unwrap_or(Path::new("."));
    let (cases, scenario) = Cases::of_folder(dir)?;
    let marked: Vec<usize> =
        (0..scenario.outcomes.len()).filter(|at| scenario.outcomes[*at].headline).collect();
    let headlines = if marked.is_empty() { (0..scenario.outcomes.len()).collect() } else { marked };
    Ok((cases, headlines))
}

/// The outcomes that are asked about, each once.
fn goals(args: &RobustArgs, cases: &Cases, headlines: &[usize]) -> Result<Vec<Goal>, Failure> {
    let named = |names: &[String], direction: Option<Direction>| -> Result<Vec<Goal>, Failure> {
        let goal = |name: &String| Ok(Goal { outcome: cases.outcome(name)?, direction });
        names.iter().map(goal).collect()
    };
    let mut goals = named(&args.less, Some(Direction::Less))?;
    for goal in named(&args.more, Some(Direction::More))? {
        if goals.iter().any(|earlier| earlier.outcome == goal.outcome) {
            let name = &cases.outcomes[goal.outcome].id;
            return Err(Failure::Wrong(format!(
                "both less and more of `{name}` cannot be better; say one of them"
            )));
        }
        goals.push(goal);
    }
    let mut others = named(&args.outcomes, None)?;
    if goals.is_empty() && others.is_empty() && args.threshold.is_empty() {
        others = headlines.iter().map(|outcome| Goal { outcome: *outcome, direction: None }).collect();
    }
    for goal in others {
        if !goals.iter().any(|earlier| earlier.outcome == goal.outcome) {
            goals.push(goal);
        }
    }
    goals.dedup();
    Ok(goals)
}

/// Numbers that are missing are null; dates are told as days since the scenario's start.
fn as_json(args: &RobustArgs, cases: &Cases, found: &Robustness) -> Value {
    let policy = |at: usize| cases.policies[at].as_str();
    let pareto = |dominators: &[Vec<usize>]| -> Value {
        let all = dominators.iter().enumerate().map(|(at, by)| {
            let by: Vec<&str> = by.iter().map(|other| policy(*other)).collect();
            json!({ "policy": policy(at), "in_set": by.is_empty(), "beaten_by": by })
        });
        all.collect()
    };
    let satisficing = found.satisficing.iter().enumerate().map(|(at, policy_share)| {
        json!({
            "policy": policy(at),
            "share": policy_share.share,
            "interval": policy_share.interval,
            "worst_account": policy_share.worst_account.map(|worst| {
                json!({ "account": cases.accounts[worst.account], "share": worst.value, "interval": worst.interval })
            }),
        })
    });
    json!({
        "comparison": args.comparison,
        "table": args.table,
        "policies": cases.policies,
        "cases": cases.len(),
        "outcomes": found.outcomes.iter().map(|outcome| outcome_json(cases, outcome)).collect::<Vec<_>>(),
        "thresholds": found.thresholds.iter().map(|reach| reach_json(cases, reach)).collect::<Vec<_>>(),
        "satisficing": satisficing.collect::<Vec<_>>(),
        "pareto": found.pareto.as_ref().map(|both| {
            json!({ "expected": pareto(&both.expected), "worst_account": pareto(&both.worst_account) })
        }),
    })
}

fn outcome_json(cases: &Cases, outcome: &OutcomeRobustness) -> Value {
    let about = &cases.outcomes[outcome.goal.outcome];
    let policies = outcome.policies.iter().zip(&cases.policies).map(|(value, policy)| {
        let mut told = value_json(cases, value);
        told["policy"] = json!(policy);
        told
    });
    json!({
        "id": about.id,
        "title": about.title,
        "unit": about.unit,
        "kind": match about.kind { ScoreKind::Number => "number", ScoreKind::Date => "date", ScoreKind::YesNo => "probability" },
        "better": match outcome.goal.direction {
            None => Value::Null,
            Some(Direction::Less) => json!("less"),
            Some(Direction::More) => json!("more"),
        },
        "cases": outcome.cases,
        "same_everywhere": outcome.same_everywhere,
        "left_out": outcome.left_out,
        "accounts_without_cases":
            outcome.without_cases.iter().map(|at| cases.accounts[*at].as_str()).collect::<Vec<_>>(),
        "minimax_regret": outcome.minimax_regret.first().map(|at| cases.policies[*at].as_str()),
        "least_regret":
            outcome.minimax_regret.iter().map(|at| cases.policies[*at].as_str()).collect::<Vec<_>>(),
        "policies": policies.collect::<Vec<_>>(),
    })
}

fn value_json(cases: &Cases, value: &PolicyValue) -> Value {
    let by_account = |values: &[f64]| -> Map<String, Value> {
        cases.accounts.iter().cloned().zip(values.iter().map(|value| json!(value))).collect()
    };
    json!({
        "expected": value.expected,
        "interval": value.interval,
        "against_first": value.against_first.map(|against| answer::difference(&against)),
        "by_account": by_account(&value.by_account),
        "worst_account": value.worst_account.map(|worst| {
            json!({ "account": cases.accounts[worst.account], "value": worst.value, "interval": worst.interval })
        }),
        "regret": value.regret.as_ref().map(|regret| json!({
            "by_account": by_account(&regret.by_account),
            "worst_account": {
                "account": regret.worst_account.0.map(|account| cases.accounts[account].as_str()),
                "regret": regret.worst_account.1,
            },
            "mean_over_histories": regret.mean_over_cases,
            "high_over_histories": regret.high_over_cases,
            "worst_history": {
                "account": cases.accounts.get(cases.account_of[regret.worst_case.0]),
                "history": cases.history(regret.worst_case.0),
                "regret": regret.worst_case.1,
            },
        })),
    })
}

fn reach_json(cases: &Cases, reach: &Reach) -> Value {
    let policies =
        reach.policies.iter().zip(&cases.policies).map(
            |((share, interval), policy)| json!({ "policy": policy, "share": share, "interval": interval }),
        );
    json!({
        "outcome": cases.outcomes[reach.threshold.outcome].id,
        "relation": reach.threshold.relation.sign(),
        "value": reach.threshold.value,
        "met_by_nobody": reach.nobody,
        "met_by_everybody": reach.everybody,
        "missing": reach.missing,
        "nearest": reach.nearest,
        "policies": policies.collect::<Vec<_>>(),
    })
}
