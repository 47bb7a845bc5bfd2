//! What alliances did: the course of a mission against dated facts, who voted how and why, and what past requests teach.

use equipoise_lab::again::Again;
use equipoise_lab::treaty::{Learned, learn, votes};
use equipoise_lab::{LabError, Run};
use equipoise_scenario::Scenario;
use equipoise_scenario::chronicle::EventKind;
use equipoise_scenario::scenario::Measure;
use equipoise_scenario::treaty::TreatyCase;

use super::OutcomeRow;

/// Histories simulated again for the reasons of votes.
pub(super) const HISTORIES_WITH_REASONS: u64 = 300;
/// Draws from the priors for what past requests teach.
const DRAWS: u32 = 5000;

/// Alliances in a run.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Alliances {
    /// The course of a mission: dated outcomes from the request to the last departure, positions in the outcomes.
    pub course: Vec<usize>,
    /// Histories looked at for the votes.
    pub histories: u64,
    /// Votes by member.
    pub votes: Vec<VoteRow>,
    /// Past requests, by treaty.
    pub past: Vec<PastRequests>,
}

/// How a member voted.
#[derive(Debug, Clone, PartialEq)]
pub struct VoteRow {
    /// The treaty's id.
    pub treaty: String,
    /// The member, for people.
    pub member: String,
    /// Whether it leads.
    pub leads: bool,
    /// Votes seen.
    pub votes: u64,
    /// Shares of yes, abstaining and no.
    pub shares: [f64; 3],
    /// Mean parts of its utility of yes over abstaining, in the order of the models' `VoteParts::NAMES`.
    pub parts: [f64; 7],
}

/// Past requests under a treaty and what they teach.
#[derive(Debug, Clone, PartialEq)]
pub struct PastRequests {
    /// The treaty, for people.
    pub treaty: String,
    /// What they teach.
    pub learned: Learned,
}

impl Alliances {
    /// Whether there is anything to show.
    pub fn is_empty(&self) -> bool {
        self.course.is_empty() && self.votes.is_empty() && self.past.is_empty()
    }

    /// The outcomes that make up the course of a mission, of all outcomes in the scenario's order.
    pub fn course_among<'o>(&self, outcomes: &'o [OutcomeRow]) -> Vec<&'o OutcomeRow> {
        self.course.iter().filter_map(|at| outcomes.get(*at)).collect()
    }
}

/// What alliances did in a run.
///
/// # Errors
/// A table of the run cannot be read, or past requests teach nothing.
pub(super) fn of_run(run: &Run) -> Result<Alliances, LabError> {
    let again = Again::of_run(run, HISTORIES_WITH_REASONS)?;
    // Nobody cancels what is read off a run.
    Ok(alliances(run.scenario(), &again, run.manifest().seed)?.unwrap_or_default())
}

/// What alliances did in some histories; `None` once nobody waits any more.
///
/// # Errors
/// Past requests teach nothing: their treaty's priors cannot be used.
pub(super) fn alliances(
    scenario: &Scenario,
    again: &Again<'_>,
    seed: u64,
) -> Result<Option<Alliances>, LabError> {
    let Some(votes) = votes(again) else { return Ok(None) };
    let rows = votes.into_iter().map(|row| {
        let treaty = &scenario.treaties[row.treaty];
        VoteRow {
            treaty: treaty.id.clone(),
            member: scenario.actors[treaty.members[row.member].actor].name.clone(),
            leads: treaty.lead == Some(row.member),
            votes: row.votes,
            shares: row.shares,
            parts: row.parts,
        }
    });
    let mut past = Vec::new();
    for (at, treaty) in scenario.treaties.iter().enumerate() {
        let cases: Vec<&TreatyCase> = scenario
            .cases
            .iter()
            .filter(|(of, case)| *of == at && case.observed.is_some())
            .map(|(_, case)| case)
            .collect();
        if !cases.is_empty() && treaty.text.priors.is_some() {
            let learned = learn(&treaty.text, &cases, DRAWS, seed)?;
            past.push(PastRequests { treaty: treaty.title.clone(), learned });
        }
    }
    Ok(Some(Alliances {
        course: course(scenario),
        histories: again.histories(),
        votes: rows.collect(),
        past,
    }))
}

/// Dated outcomes of a mission, in the order in which a mission runs.
fn course(scenario: &Scenario) -> Vec<usize> {
    const STAGES: [EventKind; 8] = [
        EventKind::Requested,
        EventKind::Granted,
        EventKind::LesserAnswer,
        EventKind::Refused,
        EventKind::TroopsArrive,
        EventKind::MandateEnds,
        EventKind::TroopsLeave,
        EventKind::MissionOver,
    ];
    let stage = |at: usize| match &scenario.outcomes[at].measure {
        Measure::First { event } | Measure::Last { event } => {
            STAGES.iter().position(|kind| *kind == event.kind)
        }
        _ => None,
    };
    let mut found: Vec<(usize, usize)> =
        (0..scenario.outcomes.len()).filter_map(|at| Some((stage(at)?, at))).collect();
    found.sort_unstable();
    found.into_iter().map(|(_, at)| at).collect()
}
