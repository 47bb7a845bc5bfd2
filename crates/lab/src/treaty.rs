//! A request held against a treaty: which clauses carry it, how members would vote and why, what comes of it and when;
//! and what past requests, each left out in turn, teach about the weights of the reasons.
//!
//! The mathematics is that of `equipoise_models::treaty`; here it meets treaties and cases as files give them. What is not
//! known (weights, facts within limits) is drawn anew for every draw, and results are means and intervals over draws.

mod beliefs;
mod judged;
mod learned;
mod votes;

pub use beliefs::Beliefs;
pub use judged::{ClauseJudged, EndJudged, Judged, MemberJudged, judge};
pub use learned::{CaseLearned, Learned, Score, TextAlone, learn};
pub use votes::MemberVotes;

use equipoise_engine::History;
use equipoise_models::treaty::{Prior, Span, TreatyError};
use equipoise_scenario::treaty::{Limits, TreatyCase, TreatyText};

use crate::again::Again;
use crate::error::LabError;

/// Degree of coverage from which the text alone, taken at its word, would have the alliance help.
pub const TEXT_GRANTS_FROM: f64 = 0.5;

/// Votes with their reasons, and beliefs, in some histories simulated again: tables keep neither. `None` once nobody
/// waits any more.
#[must_use]
pub fn votes_and_beliefs(again: &Again<'_>) -> Option<(Vec<MemberVotes>, Vec<Beliefs>)> {
    let scenario = again.scenario();
    if scenario.treaties.is_empty() {
        return Some((Vec::new(), Vec::new()));
    }
    let lived = again.map(|same, workspace| {
        let mut history = History::default();
        let heard = same.engine.hearings(same.seed, same.chance, same.parameters, workspace, &mut history);
        (history.votes, heard)
    })?;
    let (cast, heard): (Vec<_>, Vec<_>) = lived.into_iter().unzip();
    Some((votes::of_histories(scenario, &cast), beliefs::of_histories(scenario, &heard, again.accounts())))
}

/// What the text alone says of a case.
pub(crate) fn text_alone(text: &TreatyText, case: &TreatyCase) -> TextAlone {
    let degree = case.help(text, &case.facts);
    TextAlone { degree, grants: middle(degree) >= TEXT_GRANTS_FROM }
}

fn middle([low, high]: Limits) -> f64 {
    0.5 * (low + high)
}

/// The priors a treaty gives for the weights.
fn priors(text: &TreatyText) -> Result<[Prior; 8], LabError> {
    let given = text.priors.as_ref().ok_or_else(|| {
        LabError::Treaty(format!(
            "the treaty {} gives no priors for the weights of votes ([priors])",
            text.id
        ))
    })?;
    Ok(std::array::from_fn(|w| given[w].0))
}

fn wrong(error: TreatyError) -> LabError {
    LabError::Treaty(error.to_string())
}

/// Mean and the interval of nine tenths of equally good values.
fn spread(mut values: Vec<f64>) -> Span {
    values.sort_by(f64::total_cmp);
    let at = |share: f64| values[((values.len() - 1) as f64 * share).round() as usize];
    if values.is_empty() {
        return Span::default();
    }
    Span { mean: values.iter().sum::<f64>() / values.len() as f64, low: at(0.05), high: at(0.95) }
}
