//! Who voted how, and why: some histories simulated again, since tables keep events but no reasons.

use equipoise_engine::History;
use equipoise_models::treaty::Ballot;

use crate::again::Again;

/// How one member voted on requests under one treaty, over histories.
#[derive(Debug, Clone, PartialEq)]
pub struct MemberVotes {
    /// Index of the treaty.
    pub treaty: usize,
    /// Index of the member in the treaty.
    pub member: usize,
    /// Votes seen.
    pub votes: u64,
    /// Shares of yes, abstaining and no among them.
    pub shares: [f64; 3],
    /// Mean parts of its utility of yes over abstaining, in the order of `VoteParts::NAMES`.
    pub parts: [f64; 7],
}

/// The votes in some histories; members that never voted are left out. `None` once nobody waits any more.
#[must_use]
pub fn votes(again: &Again<'_>) -> Option<Vec<MemberVotes>> {
    let scenario = again.scenario();
    if scenario.treaties.is_empty() {
        return Some(Vec::new());
    }
    let mut found: Vec<MemberVotes> = Vec::new();
    for (treaty, declared) in scenario.treaties.iter().enumerate() {
        let empty = |member| MemberVotes { treaty, member, votes: 0, shares: [0.0; 3], parts: [0.0; 7] };
        found.extend((0..declared.members.len()).map(empty));
    }
    let cast = again.map(|same, workspace| {
        let mut history = History::default();
        same.engine.simulate(same.seed, same.chance, same.parameters, workspace, &mut history);
        history.votes
    })?;
    for votes in &cast {
        for vote in votes {
            let Some(of) =
                found.iter_mut().find(|row| (row.treaty, row.member) == (vote.treaty, vote.member))
            else {
                continue;
            };
            of.votes += 1;
            match vote.ballot {
                Ballot::Yes => of.shares[0] += 1.0,
                Ballot::Abstain | Ballot::Absent => of.shares[1] += 1.0,
                Ballot::No => of.shares[2] += 1.0,
            }
            for (sum, part) in of.parts.iter_mut().zip(vote.parts.values()) {
                *sum += part;
            }
        }
    }
    found.retain(|row| row.votes > 0);
    for row in &mut found {
        let votes = row.votes as f64;
        row.shares.iter_mut().chain(&mut row.parts).for_each(|sum| *sum /= votes);
    }
    Some(found)
}
