//! What alliances did: the course of a mission against dated facts, who voted how and why, and what past requests teach.

use equipoise_lab::treaty::{Learned, learn, votes};
use equipoise_lab::{LabError, Run};
use equipoise_scenario::Scenario;
use equipoise_scenario::chronicle::EventKind;
use equipoise_scenario::scenario::Measure;
use equipoise_scenario::treaty::TreatyCase;

use super::{Findings, OutcomeRow};

/// Histories simulated again for the reasons of votes.
const HISTORIES_WITH_REASONS: u64 = 300;
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
}

impl Findings {
    /// The outcomes that make up the course of a mission.
    pub fn course(&self) -> impl Iterator<Item = &OutcomeRow> {
        self.alliances.course.iter().filter_map(|at| self.outcomes.get(*at))
    }
}

/// What alliances did in a run.
pub(super) fn alliances(run: &Run) -> Result<Alliances, LabError> {
    let scenario = run.scenario();
    let votes = votes(run, HISTORIES_WITH_REASONS)?;
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
            let learned = learn(&treaty.text, &cases, DRAWS, run.manifest().seed)?;
            past.push(PastRequests { treaty: treaty.title.clone(), learned });
        }
    }
    Ok(Alliances {
        course: course(scenario),
        histories: run.histories().min(HISTORIES_WITH_REASONS),
        votes: rows.collect(),
        past,
    })
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
