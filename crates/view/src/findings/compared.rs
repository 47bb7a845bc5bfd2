//! A comparison of policies as plain data in words: what the terminal and the page show of it.

use equipoise_lab::paired::{Change, Changed, Difference, Effect, Effects, effects};
use equipoise_lab::quantile::wilson_interval;
use equipoise_lab::robust::Cases;
use equipoise_lab::{Comparison, LabError, Run, comparison::NO_POLICY};
use equipoise_scenario::Scenario;
use equipoise_scenario::scenario::Outcome;
use equipoise_scenario::unit::Unit;

use super::outcome::date;
use super::regret::{self, RegretRow};
use crate::wording;

/// Everything the page of a comparison shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Compared {
    /// Title of the scenario.
    pub(crate) title: String,
    /// The question the scenario was made to answer.
    pub(crate) question: String,
    /// Name of the scenario's folder.
    pub(crate) scenario: String,
    /// Its checksum.
    pub(crate) hash: String,
    /// Version of Equipoise.
    pub(crate) version: String,
    /// The folder of the comparison, as it was named.
    pub(crate) dir: String,
    /// The command that makes the same comparison.
    pub(crate) command: String,
    /// Histories under each policy.
    pub(crate) histories: u64,
    /// Seed of all randomness.
    pub(crate) seed: u64,
    /// Name of the design of experiments.
    pub(crate) design: String,
    /// What the policies are compared with.
    pub(crate) baseline: PolicyName,
    /// The policies, in the order they were named.
    pub(crate) policies: Vec<ComparedPolicy>,
    /// How much each policy may be regretted, the baseline among them, in every headline outcome.
    pub(crate) regrets: Vec<RegretRow>,
}

/// A policy's names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyName {
    /// Short name, and its folder in the comparison; "none" without a policy.
    pub id: String,
    /// Name for people.
    pub title: String,
}

/// What one policy changes.
#[derive(Debug, Clone, PartialEq)]
pub struct ComparedPolicy {
    /// Which.
    pub name: PolicyName,
    /// Whether every table is the same as without it: it changes nothing at all.
    pub nothing: bool,
    /// Histories in which any outcome changes.
    pub changed: ChangedTold,
    /// Every outcome, in the scenario's order.
    pub outcomes: Vec<ComparedOutcome>,
}

/// What one policy changes in one outcome.
#[derive(Debug, Clone, PartialEq)]
pub struct ComparedOutcome {
    /// Short name.
    pub id: String,
    /// What it is, for people.
    pub title: String,
    /// Whether it belongs to the first lines.
    pub headline: bool,
    /// Over all histories.
    pub all: ChangeTold,
    /// By account: its title and the change among its histories; accounts without histories are left out.
    pub by_account: Vec<(String, ChangeTold)>,
}

/// A change in words, and as numbers for a chart.
#[derive(Debug, Clone, PartialEq)]
pub struct ChangeTold {
    /// Value in the baseline.
    pub baseline: String,
    /// Value under the policy.
    pub policy: String,
    /// The difference with its 95 % interval and what it is of: "−12 (−14 to −10)".
    pub change: String,
    /// For a date that comes more or less often: the shift where it comes in both.
    pub also: String,
    /// Difference, lower and upper bound, for a chart; `None` where there is nothing to draw.
    pub drawn: Option<[f64; 3]>,
    /// Unit of what is drawn: a plain number for a probability.
    pub unit: Unit,
    /// Whether the sign of the difference is clear of chance.
    pub clear: bool,
    /// The difference in units of half its interval: how clear it is.
    pub clarity: f64,
    /// Variance of the paired difference over that of an unpaired one.
    pub variance_ratio: Option<f64>,
    /// In which histories.
    pub changed: ChangedTold,
}

/// Histories that change, in words.
#[derive(Debug, Clone, PartialEq)]
pub struct ChangedTold {
    /// How many.
    pub count: u64,
    /// Of how many.
    pub of: u64,
    /// 95 % Monte Carlo interval of the share.
    pub interval: (f64, f64),
    /// Histories to look at: number, value in the baseline, value under the policy.
    pub examples: Vec<(u64, String, String)>,
}

impl Compared {
    /// The runs of a comparison, compared; `dir` and `command` are how its folder and command were typed.
    ///
    /// # Errors
    /// A run is missing or unfinished, does not belong to the comparison, or cannot be read.
    pub fn gather(comparison: &Comparison, dir: &str, command: &str) -> Result<Compared, LabError> {
        let runs = comparison.open()?;
        let (Some(first), file) = (runs.first(), comparison.file()) else {
            return Err(LabError::NotAComparison {
                path: comparison.dir().to_owned(),
                why: "it names no policies".to_owned(),
            });
        };
        let scenario = first.scenario();
        let mut policies = Vec::new();
        for (run, id) in runs.iter().zip(&file.policies).skip(1) {
            policies.push(policy(scenario, id, &effects(first, run)?));
        }
        Ok(Compared {
            title: scenario.title.clone(),
            question: scenario.question.clone(),
            scenario: file.scenario.id.clone(),
            hash: file.scenario.hash.clone(),
            version: first.manifest().equipoise.clone(),
            dir: dir.to_owned(),
            command: command.to_owned(),
            histories: file.histories,
            seed: file.seed,
            design: file.design.name().to_owned(),
            baseline: name(scenario, baseline_of(first)),
            policies,
            regrets: regret::of_cases(scenario, &Cases::of(comparison)?.0),
        })
    }
}

impl ComparedPolicy {
    /// The outcomes shown first: the headlines, or all if the scenario marks none.
    pub fn headlines(&self) -> Vec<&ComparedOutcome> {
        let marked: Vec<&ComparedOutcome> = self.outcomes.iter().filter(|outcome| outcome.headline).collect();
        if marked.is_empty() { self.outcomes.iter().collect() } else { marked }
    }

    /// The headline outcome that changes most clearly, if any does.
    pub fn clearest(&self) -> Option<&ComparedOutcome> {
        let mut clearest: Option<&ComparedOutcome> = None;
        for outcome in self.headlines().into_iter().filter(|outcome| outcome.all.clear) {
            if clearest.is_none_or(|best| outcome.all.clarity > best.all.clarity) {
                clearest = Some(outcome);
            }
        }
        clearest
    }

    /// Variance ratios of the outcomes that change.
    pub fn variance_ratios(&self) -> impl Iterator<Item = f64> {
        let changing = self.outcomes.iter().filter(|outcome| outcome.all.changed.count > 0);
        changing.filter_map(|outcome| outcome.all.variance_ratio)
    }
}

fn baseline_of(run: &Run) -> &str {
    run.manifest().policy.as_deref().unwrap_or(NO_POLICY)
}

fn name(scenario: &Scenario, id: &str) -> PolicyName {
    let known = scenario.policies.iter().find(|policy| policy.id == id);
    PolicyName {
        id: id.to_owned(),
        title: known.map_or_else(|| "Without a policy".to_owned(), |policy| policy.title.clone()),
    }
}

fn policy(scenario: &Scenario, id: &str, effects: &Effects) -> ComparedPolicy {
    let outcomes = scenario.outcomes.iter().enumerate().filter_map(|(at, outcome)| {
        let of_outcome = || effects.outcomes.iter().filter(move |effect| effect.outcome == at);
        let all = of_outcome().find(|effect| effect.account.is_none())?;
        let by_account = of_outcome().filter_map(|effect| {
            let title = scenario.evidence.accounts[effect.account?].title.clone();
            Some((title, told(scenario, outcome, effect)))
        });
        Some(ComparedOutcome {
            id: outcome.id.clone(),
            title: outcome.title.clone(),
            headline: outcome.headline,
            all: told(scenario, outcome, all),
            by_account: by_account.collect(),
        })
    });
    ComparedPolicy {
        name: name(scenario, id),
        nothing: effects.nothing,
        changed: changed(&effects.changed, &|_| String::new(), &|outcomes| {
            wording::counted(outcomes as u64, "outcome", "outcomes")
        }),
        outcomes: outcomes.collect(),
    }
}

/// A change of one outcome, in words.
pub fn told(scenario: &Scenario, outcome: &Outcome, effect: &Effect) -> ChangeTold {
    let main = effect.change.main();
    let day =
        |day: f64| if day.is_finite() { wording::date(date(scenario, day)) } else { "never".to_owned() };
    let (baseline, policy, change, also, unit, value): (_, _, _, _, _, Box<dyn Fn(f64) -> String>) =
        match &effect.change {
            Change::Probability(share) => (
                chance(share.baseline, share.pairs),
                chance(share.policy, share.pairs),
                difference(share, ""),
                String::new(),
                Unit::NUMBER,
                Box::new(|value: f64| if value == 0.0 { "no" } else { "yes" }.to_owned()),
            ),
            Change::Number { mean, medians: [before, after] } => (
                format!(
                    "{} (median {})",
                    wording::amount(mean.baseline, outcome.unit),
                    bare(*before, outcome.unit)
                ),
                format!(
                    "{} (median {})",
                    wording::amount(mean.policy, outcome.unit),
                    bare(*after, outcome.unit)
                ),
                difference(mean, &unit_after(outcome.unit)),
                String::new(),
                outcome.unit,
                Box::new(|value: f64| wording::amount(value, outcome.unit)),
            ),
            Change::Date { comes, shift, medians: [before, after] } => {
                let often = |share: f64, median: f64| {
                    if share == 0.0 {
                        "never".to_owned()
                    } else if share == 1.0 {
                        day(median)
                    } else {
                        format!("{}, in {}", day(median), chance(share, comes.pairs))
                    }
                };
                let moved = if shift.pairs == 0 { String::new() } else { difference(shift, " days") };
                let (change, also) = if comes.difference == 0.0 {
                    (if shift.pairs == 0 { difference(comes, "") } else { moved }, String::new())
                } else {
                    let where_both =
                        if moved.is_empty() { moved } else { format!("where it comes in both: {moved}") };
                    (format!("{} of coming", difference(comes, "")), where_both)
                };
                (
                    often(comes.baseline, *before),
                    often(comes.policy, *after),
                    change,
                    also,
                    if comes.difference == 0.0 { Unit::DAYS } else { Unit::NUMBER },
                    Box::new(day),
                )
            }
        };
    let [low, high] = main.interval;
    let half = (high - low) / 2.0;
    ChangeTold {
        baseline,
        policy,
        change,
        also,
        drawn: (main.difference.is_finite() && half.is_finite()).then_some([main.difference, low, high]),
        unit,
        clear: main.is_clear(),
        // Where nothing is left to chance any difference is as clear as can be.
        clarity: if half > 0.0 { main.difference.abs() / half } else { f64::INFINITY },
        variance_ratio: main.variance_ratio,
        changed: changed(&effect.changed, &value, &value),
    }
}

/// A probability with its Monte Carlo interval: "0.69 (0.68–0.71)".
fn chance(share: f64, of: u64) -> String {
    if !share.is_finite() {
        return "no history".to_owned();
    }
    let [low, high] = wilson_interval((share * of as f64).round() as u64, of);
    let centre = if !(0.001..=0.999).contains(&share) {
        share.to_string().chars().take(6).collect()
    } else {
        wording::exact(share)
    };
    format!("{centre} ({})", wording::probability_interval(low, high))
}

fn difference(difference: &Difference, unit: &str) -> String {
    let [low, high] = difference.interval;
    let text = wording::change(difference.difference, low, high);
    match text.split_once(" (") {
        Some((centre, bounds)) => format!("{centre}{unit} ({bounds}"),
        None => format!("{text}{unit}"),
    }
}

fn unit_after(unit: Unit) -> String {
    match unit {
        Unit::PERSONS | Unit::NUMBER | Unit::YesNo => String::new(),
        other => format!(" {}", wording::unit_word(other)),
    }
}

/// A number without the word of its unit.
fn bare(value: f64, unit: Unit) -> String {
    wording::amount(value, if unit == Unit::PERSONS { unit } else { Unit::NUMBER })
}

fn changed(
    changed: &Changed,
    baseline: &dyn Fn(f64) -> String,
    policy: &dyn Fn(f64) -> String,
) -> ChangedTold {
    let value = |value: f64, say: &dyn Fn(f64) -> String| {
        if value.is_finite() { say(value) } else { "never".to_owned() }
    };
    let examples = changed
        .examples
        .iter()
        .map(|example| (example.history, value(example.baseline, baseline), value(example.policy, policy)));
    ChangedTold {
        count: changed.count,
        of: changed.of,
        interval: changed.interval.into(),
        examples: examples.collect(),
    }
}
