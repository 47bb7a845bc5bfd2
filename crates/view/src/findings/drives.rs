//! What drives the headline outcomes, from the ensemble's own histories.

use equipoise_lab::design::Factor;
use equipoise_lab::drivers::of_run::{Group, RunInputs};
use equipoise_lab::drivers::table::Options;
use equipoise_lab::drivers::{Estimate, Found, Method, Resampling, SLICES};
use equipoise_lab::live::{Sample, Setting};
use equipoise_lab::{LabError, Run};
use equipoise_scenario::Scenario;

/// What drives one outcome: shares of its variance.
#[derive(Debug, Clone, PartialEq)]
pub struct Drives {
    /// Title of the outcome.
    pub outcome: String,
    /// Histories that say so.
    pub histories: u64,
    /// Why nothing can be said; then the rest is empty.
    pub nothing: Option<String>,
    /// What evidenced parameters explain by themselves, beyond the account.
    pub evidence: Share,
    /// What assumptions explain by themselves.
    pub assumption: Share,
    /// What the account explains by itself.
    pub account: Share,
    /// What is left: interplay and chance.
    pub rest: Share,
    /// The strongest inputs that can be told from nothing, strongest first.
    pub named: Vec<Driver>,
}

/// One input and its share.
#[derive(Debug, Clone, PartialEq)]
pub struct Driver {
    /// Name in expressions.
    pub id: String,
    /// What it is, for people.
    pub title: String,
    /// What it rests on: "evidence", "assumption" or "account".
    pub group: &'static str,
    /// Its share.
    pub share: Share,
}

/// A share of variance with its 95 % interval, each between 0 and 1.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Share {
    /// The share.
    pub value: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// Inputs that are named for each outcome.
const NAMED: usize = 6;

/// What drives the headline outcomes of a run, by the estimator for any sample.
///
/// # Errors
/// A table of the run cannot be read.
pub(super) fn of_run(run: &Run) -> Result<Vec<Drives>, LabError> {
    let scenario = run.scenario();
    let asked = asked(scenario);
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let inputs = RunInputs::read(run)?;
    let told = asked
        .into_iter()
        .map(|at| Ok(of_outcome(scenario, &inputs, at, &run.outcome(&scenario.outcomes[at].id)?)));
    told.collect()
}

/// What drives the headline outcomes of a sample in memory.
pub(super) fn of_sample(scenario: &Scenario, setting: Setting, sample: &Sample) -> Vec<Drives> {
    let inputs = RunInputs::of_sample(scenario, setting, sample);
    let told = asked(scenario).into_iter().map(|at| {
        let values: Vec<f64> = sample.histories.iter().map(|lived| lived.outcomes[at]).collect();
        of_outcome(scenario, &inputs, at, &values)
    });
    told.collect()
}

/// The headline outcomes; all of them if the scenario marks none.
fn asked(scenario: &Scenario) -> Vec<usize> {
    let all = 0..scenario.outcomes.len();
    let headlines: Vec<usize> = all.clone().filter(|at| scenario.outcomes[*at].headline).collect();
    if headlines.is_empty() { all.collect() } else { headlines }
}

fn of_outcome(scenario: &Scenario, inputs: &RunInputs, at: usize, values: &[f64]) -> Drives {
    let outcome = &scenario.outcomes[at];
    let options =
        Options { second_order: None, levels: None, slices: SLICES, resampling: Resampling::default() };
    let nothing = |why: String| Drives {
        outcome: outcome.title.clone(),
        histories: 0,
        nothing: Some(why),
        evidence: Share::default(),
        assumption: Share::default(),
        account: Share::default(),
        rest: Share::default(),
        named: Vec::new(),
    };
    let answer = match inputs.ask(Method::GivenData, values, &options) {
        Ok(answer) => answer,
        Err(why) => return nothing(why.to_string()),
    };
    let Found::GivenData(explained) = &answer.found else {
        return nothing("it was not asked of given data".to_owned());
    };
    let mut order: Vec<usize> = (0..answer.factors.len()).collect();
    order.sort_by(|a, b| explained.first[*b].value.total_cmp(&explained.first[*a].value));
    // Only what can be told from nothing is named.
    let seen = order.into_iter().filter(|at| explained.first[*at].low > 0.0).take(NAMED);
    let driver = |at: usize| {
        let factor = answer.factors[at];
        let (id, title) = match factor {
            Factor::Parameter(at) => {
                (scenario.parameters[at].id.clone(), scenario.parameters[at].title.clone())
            }
            _ => ("account".to_owned(), "which account is true".to_owned()),
        };
        Driver { id, title, group: inputs.group(factor).name(), share: share(&explained.first[at]) }
    };
    let of = |group: Group| share(&explained.groups[group as usize]);
    Drives {
        outcome: outcome.title.clone(),
        histories: answer.histories as u64,
        nothing: None,
        evidence: of(Group::Evidence),
        assumption: of(Group::Assumption),
        account: of(Group::Account),
        rest: share(&explained.rest),
        named: seen.map(driver).collect(),
    }
}

/// For people a share lies between nothing and all.
fn share(estimate: &Estimate) -> Share {
    let within = |value: f64| value.clamp(0.0, 1.0);
    Share { value: within(estimate.value), low: within(estimate.low), high: within(estimate.high) }
}
