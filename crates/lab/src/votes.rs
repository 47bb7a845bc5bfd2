//! Votes on resolutions over all histories: how often each state took each side, beside what it really did and what two
//! simple rules would have said.

use std::collections::HashMap;

use equipoise_engine::History;
use equipoise_scenario::Scenario;
use equipoise_scenario::chronicle::EventKind;
use equipoise_scenario::scenario::{Resolution, Vote};

use crate::again::Again;
use crate::error::LabError;
use crate::read::Run;
use crate::run_directory::Subjects;

/// A share below this counts as this in a log score, so that one history too few is not infinitely wrong.
const LEAST_SHARE: f64 = 1e-3;

/// The votes on one resolution, by state in the order of those who vote.
#[derive(Debug, Clone, PartialEq)]
pub struct ResolutionVotes {
    /// Index of the resolution.
    pub resolution: usize,
    /// Histories in which it was put to the vote.
    pub histories: u64,
    /// Share of those in which each state voted for, abstained, voted against and stayed away.
    pub shares: Vec<[f64; 4]>,
    /// How well the shares tell what the states really did; none where the record is empty.
    pub fit: Option<VoteFit>,
}

/// Predicted votes beside the record, over the states whose vote is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct VoteFit {
    /// States with a known vote.
    pub states: usize,
    /// Of them those whose commonest simulated vote is the real one.
    pub right: usize,
    /// Those who really did what they had done on the predecessor; of a text without one, or a vote unknown, nobody.
    pub persistent: usize,
    /// Those who really did what most states did: a rule of hindsight.
    pub modal: usize,
    /// Mean of the natural logarithm of the share given to the real vote; shares below a thousandth count as one.
    pub log_score: f64,
}

/// The votes of all histories of a run, resolution by resolution; those never put to the vote are left out.
///
/// # Errors
/// The table of events cannot be read.
pub fn votes(run: &Run) -> Result<Vec<ResolutionVotes>, LabError> {
    let mut count = Count::new(run.scenario());
    if count.places.is_empty() {
        return Ok(Vec::new());
    }
    let table = run.event_table()?;
    for group in 0..table.groups() {
        let group = run.event_group(table, group)?;
        for (row, kind) in group.kind.iter().enumerate() {
            if let Some(side) = side(*kind) {
                count.add(group.subject(row), side);
            }
        }
    }
    Ok(count.told(run.scenario()))
}

/// The votes of some histories simulated again, as [`votes`]; `None` once nobody waits any more.
#[must_use]
pub fn votes_again(again: &Again<'_>) -> Option<Vec<ResolutionVotes>> {
    let scenario = again.scenario();
    let mut count = Count::new(scenario);
    if count.places.is_empty() {
        return Some(Vec::new());
    }
    let cast = again.map(|same, workspace| {
        let mut history = History::default();
        same.engine.simulate(same.seed, same.chance, same.parameters, workspace, &mut history);
        let votes = history.events.iter().filter_map(|event| Some((event.subject, side(event.kind)?)));
        votes.collect::<Vec<_>>()
    })?;
    let subjects = Subjects::of(scenario);
    for (subject, side) in cast.into_iter().flatten() {
        count.add(subjects.name(subject).as_bytes(), side);
    }
    Some(count.told(scenario))
}

/// The side that an event tells of.
fn side(kind: EventKind) -> Option<Vote> {
    match kind {
        EventKind::VoteFor => Some(Vote::For),
        EventKind::VoteAbstain => Some(Vote::Abstain),
        EventKind::VoteAgainst => Some(Vote::Against),
        EventKind::VoteAbsent => Some(Vote::Absent),
        _ => None,
    }
}

/// Votes counted by resolution, state and side.
struct Count {
    /// Where the votes on a subject, as tables name it, are counted.
    places: HashMap<Vec<u8>, (usize, usize)>,
    counts: Vec<Vec<[u64; 4]>>,
}

impl Count {
    fn new(scenario: &Scenario) -> Count {
        let mut count = Count { places: HashMap::new(), counts: Vec::new() };
        let Some(voting) = &scenario.voting else { return count };
        for (r, resolution) in voting.resolutions.iter().enumerate() {
            for (v, voter) in voting.voters.iter().enumerate() {
                let name = format!("{}.{}", resolution.id, scenario.actors[voter.actor].id);
                count.places.insert(name.into_bytes(), (r, v));
            }
        }
        count.counts = vec![vec![[0; 4]; voting.voters.len()]; voting.resolutions.len()];
        count
    }

    fn add(&mut self, subject: &[u8], side: Vote) {
        if let Some(&(r, v)) = self.places.get(subject) {
            self.counts[r][v][side as usize] += 1;
        }
    }

    fn told(&self, scenario: &Scenario) -> Vec<ResolutionVotes> {
        let told = self.counts.iter().enumerate().filter_map(|(r, counts)| {
            let histories = counts.first()?.iter().sum::<u64>();
            (histories > 0).then(|| of_resolution(scenario, r, histories, counts))
        });
        told.collect()
    }
}

fn of_resolution(scenario: &Scenario, r: usize, histories: u64, counts: &[[u64; 4]]) -> ResolutionVotes {
    let shares: Vec<[f64; 4]> =
        counts.iter().map(|sides| sides.map(|count| count as f64 / histories as f64)).collect();
    let resolutions = scenario.voting.as_ref().map_or(&[][..], |voting| &voting.resolutions);
    let fit = fit(&resolutions[r], resolutions, &shares);
    ResolutionVotes { resolution: r, histories, shares, fit }
}

fn fit(resolution: &Resolution, all: &[Resolution], shares: &[[f64; 4]]) -> Option<VoteFit> {
    let known: Vec<(usize, Vote)> =
        resolution.record.iter().enumerate().filter_map(|(v, vote)| Some((v, (*vote)?))).collect();
    if known.is_empty() {
        return None;
    }
    let commonest = |counts: &[f64; 4]| {
        Vote::ALL.into_iter().reduce(|a, b| if counts[b as usize] > counts[a as usize] { b } else { a })
    };
    let mut real = [0.0; 4];
    known.iter().for_each(|(_, vote)| real[*vote as usize] += 1.0);
    let mode = commonest(&real);
    let count =
        |holds: &dyn Fn(usize, Vote) -> bool| known.iter().filter(|(v, vote)| holds(*v, *vote)).count();
    let before = resolution.predecessor.map(|at| &all[at].record);
    let logs = known.iter().map(|(v, vote)| shares[*v][*vote as usize].max(LEAST_SHARE).ln());
    Some(VoteFit {
        states: known.len(),
        right: count(&|v, vote| commonest(&shares[v]) == Some(vote)),
        persistent: count(&|v, vote| before.is_some_and(|record| record[v] == Some(vote))),
        modal: count(&|_, vote| mode == Some(vote)),
        log_score: logs.sum::<f64>() / known.len() as f64,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn text(record: [Option<Vote>; 4], predecessor: Option<usize>) -> Resolution {
        Resolution {
            id: "text".into(),
            title: "A text".into(),
            date: date(2022, 3, 2),
            severity: 0,
            predecessor,
            when: None,
            record: record.to_vec(),
        }
    }

    #[test]
    fn a_prediction_is_judged_beside_persistence_and_the_commonest_vote() {
        let (yes, no) = (Some(Vote::For), Some(Vote::Against));
        let all = [text([yes, no, no, None], None), text([yes, no, yes, None], Some(0))];
        let sure = |vote: Vote| {
            let mut shares = [0.0; 4];
            shares[vote as usize] = 1.0;
            shares
        };
        let shares = [sure(Vote::For), sure(Vote::For), [0.5, 0.25, 0.25, 0.0], sure(Vote::Absent)];
        let fit = fit(&all[1], &all, &shares).unwrap();
        assert_eq!((fit.states, fit.right, fit.persistent, fit.modal), (3, 2, 2, 2));
        // One certain and right, one certain and wrong, one at a half.
        let expected = (0.0 + LEAST_SHARE.ln() + 0.5_f64.ln()) / 3.0;
        assert!((fit.log_score - expected).abs() < 1e-12);
    }

    #[test]
    fn without_a_record_nothing_is_judged() {
        let nobody = text([None; 4], None);
        assert_eq!(fit(&nobody, std::slice::from_ref(&nobody), &[[0.25; 4]; 4]), None);
    }
}
