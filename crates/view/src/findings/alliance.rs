//! What alliances did: the course of a mission against dated facts, who voted how and why, and what past requests teach.

use equipoise_lab::again::Again;
use equipoise_lab::treaty::{Beliefs, Learned, learn, votes_and_beliefs};
use equipoise_lab::{LabError, Run};
use equipoise_models::treaty::Span;
use equipoise_scenario::Scenario;
use equipoise_scenario::chronicle::EventKind;
use equipoise_scenario::scenario::{Measure, Treaty};
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
    /// Beliefs in an attack from abroad, by treaty.
    pub beliefs: Vec<BeliefTable>,
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

/// What members of a treaty and their audience believed of an attack from abroad.
#[derive(Debug, Clone, PartialEq)]
pub struct BeliefTable {
    /// The treaty, for people.
    pub treaty: String,
    /// Histories in which beliefs moved.
    pub histories: u64,
    /// The voices, for people.
    pub voices: Vec<String>,
    /// Titles of the accounts that histories follow.
    pub accounts: Vec<String>,
    /// Members, then audience.
    pub rows: Vec<BeliefRow>,
}

/// What one hearer believed.
#[derive(Debug, Clone, PartialEq)]
pub struct BeliefRow {
    /// The hearer, for people.
    pub hearer: String,
    /// Whether it votes.
    pub member: bool,
    /// Belief by days since beliefs first moved, with nine tenths of the histories.
    pub days: Vec<Span>,
    /// How far the framing moved it, a mean.
    pub framing: f64,
    /// How far each voice moved it, means.
    pub voices: Vec<f64>,
    /// Mean belief on the last of the days by account, in the order of the table's accounts.
    pub accounts: Vec<Option<f64>>,
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
        self.course.is_empty() && self.votes.is_empty() && self.beliefs.is_empty() && self.past.is_empty()
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
    let Some((votes, beliefs)) = votes_and_beliefs(again) else { return Ok(None) };
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
        beliefs: tables(scenario, &beliefs),
        past,
    }))
}

/// Beliefs by treaty.
fn tables(scenario: &Scenario, beliefs: &[Beliefs]) -> Vec<BeliefTable> {
    let table = |(at, treaty): (usize, &Treaty)| {
        let own: Vec<&Beliefs> = beliefs.iter().filter(|row| row.treaty == at).collect();
        let actors: Vec<usize> = treaty.hearers().map(|(actor, _)| actor).collect();
        let accounts = scenario.evidence.accounts.iter().map(|account| account.title.clone());
        Some(BeliefTable {
            treaty: treaty.title.clone(),
            histories: own.first()?.histories,
            voices: treaty.voices.iter().map(|voice| voice.title.clone()).collect(),
            accounts: accounts.collect(),
            rows: own
                .iter()
                .map(|row| BeliefRow {
                    hearer: scenario.actors[actors[row.hearer]].name.clone(),
                    member: row.hearer < treaty.members.len(),
                    days: row.days.clone(),
                    framing: row.framing,
                    voices: row.voices.clone(),
                    accounts: row.accounts.clone(),
                })
                .collect(),
        })
    };
    scenario.treaties.iter().enumerate().filter_map(table).collect()
}

/// Dated outcomes of a mission, in the order in which a mission runs.
fn course(scenario: &Scenario) -> Vec<usize> {
    const STAGES: [EventKind; 10] = [
        EventKind::Requested,
        EventKind::Granted,
        EventKind::LesserAnswer,
        EventKind::Refused,
        EventKind::RequestCalledOff,
        EventKind::TroopsArrive,
        EventKind::MandateEnds,
        EventKind::TroopsLeave,
        EventKind::MissionOver,
        EventKind::MissionLapsed,
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
