//! What drives the headline outcomes, from the run's own histories.

use equipoise_lab::design::Factor;
use equipoise_lab::drivers::of_run::{Group, RunInputs};
use equipoise_lab::drivers::table::Options;
use equipoise_lab::drivers::{Estimate, Found, Method, Resampling, SLICES};
use equipoise_lab::{LabError, Run};
use equipoise_scenario::scenario::Outcome;

use super::{Driver, Drives, Share};

/// Inputs that are named for each outcome.
const NAMED: usize = 6;

/// What drives each of these outcomes, by the estimator for any sample.
///
/// # Errors
/// A table of the run cannot be read.
pub(super) fn drives(run: &Run) -> Result<Vec<Drives>, LabError> {
    let scenario = run.scenario();
    let headlines: Vec<&Outcome> = scenario.outcomes.iter().filter(|outcome| outcome.headline).collect();
    let outcomes = if headlines.is_empty() { scenario.outcomes.iter().collect() } else { headlines };
    if outcomes.is_empty() {
        return Ok(Vec::new());
    }
    let inputs = RunInputs::read(run)?;
    let options =
        Options { second_order: None, levels: None, slices: SLICES, resampling: Resampling::default() };
    outcomes.into_iter().map(|outcome| of_outcome(run, &inputs, outcome, &options)).collect()
}

fn of_outcome(
    run: &Run,
    inputs: &RunInputs,
    outcome: &Outcome,
    options: &Options,
) -> Result<Drives, LabError> {
    let scenario = run.scenario();
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
    let answer = match inputs.ask(Method::GivenData, &run.outcome(&outcome.id)?, options) {
        Ok(answer) => answer,
        Err(why) => return Ok(nothing(why.to_string())),
    };
    let Found::GivenData(explained) = &answer.found else {
        return Ok(nothing("it was not asked of given data".to_owned()));
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
    Ok(Drives {
        outcome: outcome.title.clone(),
        histories: answer.histories as u64,
        nothing: None,
        evidence: of(Group::Evidence),
        assumption: of(Group::Assumption),
        account: of(Group::Account),
        rest: share(&explained.rest),
        named: seen.map(driver).collect(),
    })
}

/// For people a share lies between nothing and all.
fn share(estimate: &Estimate) -> Share {
    let within = |value: f64| value.clamp(0.0, 1.0);
    Share { value: within(estimate.value), low: within(estimate.low), high: within(estimate.high) }
}
