//! Where states stand, read off how they vote.

use std::collections::HashMap;

use equipoise_models::roll_call::fast::{FastSettings, fast};
use equipoise_models::roll_call::gibbs::{GibbsSettings, Watch, gibbs};
use equipoise_models::roll_call::{
    Anchor, Cast, Chamber, Estimate, RollCall, RollCallError, Vote, Votes, find_repeats,
};
use pyo3::prelude::*;
use serde_json::json;

use super::{Answer, Names, chosen, table};
use crate::failure::{ModelError, of_model};
use crate::table::Column;
use crate::watch::attend;

/// Votes as columns, a row for each vote of a state.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct Columns {
    country: Vec<String>,
    session: Vec<u32>,
    resolution: Vec<String>,
    /// yes, abstain or no.
    vote: Vec<String>,
    /// Whether roll calls that repeat earlier ones are looked for.
    repeats: bool,
}

/// Ideal points by session.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "they are the keywords of the Python function")]
pub fn roll_call(
    py: Python<'_>,
    columns: Columns,
    anchors: HashMap<String, f64>,
    method: &str,
    iterations: usize,
    burn_in: usize,
    seed: u64,
    progress: Option<Py<PyAny>>,
) -> PyResult<Answer> {
    let samples = chosen("method", method, &[("fast", false), ("gibbs", true)])?;
    let mut votes = columns.votes()?;
    if columns.repeats {
        for (later, earlier) in find_repeats(&votes) {
            votes.roll_calls[later as usize].repeats = Some(earlier);
        }
    }
    let mut anchors: Vec<Anchor> = anchors.into_iter().map(|(state, side)| Anchor { state, side }).collect();
    anchors.sort_by(|a, b| a.state.cmp(&b.state));
    let chamber = Chamber::new(&votes, &anchors).map_err(of_model)?;
    let (chamber, found) = attend(py, progress, move |watched| {
        let control = watched.control();
        let found: Result<Estimate, RollCallError> = if samples {
            let watch = Watch { done: control.done, cancel: control.cancel };
            gibbs(&chamber, GibbsSettings { iterations, burn_in, seed }, watch)
        } else {
            fast(&chamber, FastSettings::default())
        };
        Ok((chamber, found.map_err(of_model)?))
    })?;
    let fit = chamber.fit(&found, false);
    let told = json!({
        "method": method,
        "accuracy": fit.accuracy,
        "apre": fit.apre,
        "mean_probability": fit.mean_probability,
        "votes": chamber.votes(),
        "roll_calls": chamber.roll_calls,
        "unanimous": chamber.unanimous,
        "silent": chamber.silent,
        "anchored": chamber.is_anchored(),
        "rounds": found.rounds,
        "converged": found.converged,
    });
    let seats = &chamber.seats;
    let points = table(vec![
        (
            "country",
            Column::Words(seats.iter().map(|it| chamber.states[it.state as usize].clone()).collect()),
        ),
        ("session", Column::Whole(seats.iter().map(|seat| i64::from(seat.session)).collect())),
        ("mean", Column::Numbers(found.means)),
        ("sd", Column::Numbers(found.sds)),
        ("votes", Column::Whole(seats.iter().map(|seat| i64::from(seat.votes)).collect())),
    ])?;
    Ok((told.to_string(), vec![("ideal_points", points)]))
}

impl Columns {
    fn votes(&self) -> PyResult<Votes> {
        let (mut states, mut ids) = (Names::default(), Names::default());
        let mut votes = Votes::default();
        for (row, country) in self.country.iter().enumerate() {
            let (id, session) = (&self.resolution[row], self.session[row]);
            let roll_call = ids.add(id);
            if roll_call == votes.roll_calls.len() {
                // Roll calls are told apart by session and id; the order of days within a session plays no part here.
                let day = session as i32;
                votes.roll_calls.push(RollCall {
                    id: id.clone(),
                    text: id.clone(),
                    session,
                    day,
                    repeats: None,
                });
            } else if votes.roll_calls[roll_call].session != session {
                let first = votes.roll_calls[roll_call].session;
                let why = format!(
                    "row {row}: the resolution `{id}` is of session {session}, before it was of {first}"
                );
                return Err(ModelError::new_err(why));
            }
            let vote = Vote::ALL.into_iter().find(|vote| vote.word() == self.vote[row]).ok_or_else(|| {
                ModelError::new_err(format!(
                    "row {row}: found `{}`; expected yes, abstain or no",
                    self.vote[row]
                ))
            })?;
            let state = states.add(country) as u32;
            votes.casts.push(Cast { roll_call: roll_call as u32, state, vote });
        }
        votes.states = states.list;
        Ok(votes)
    }
}
