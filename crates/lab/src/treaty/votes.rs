//! Who voted how, and why.

use equipoise_engine::Vote;
use equipoise_models::treaty::Ballot;
use equipoise_scenario::Scenario;

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

/// The votes in some histories; members that never voted are left out.
pub(super) fn of_histories(scenario: &Scenario, cast: &[Vec<Vote>]) -> Vec<MemberVotes> {
    let mut found: Vec<MemberVotes> = Vec::new();
    for (treaty, declared) in scenario.treaties.iter().enumerate() {
        let empty = |member| MemberVotes { treaty, member, votes: 0, shares: [0.0; 3], parts: [0.0; 7] };
        found.extend((0..declared.members.len()).map(empty));
    }
    for vote in cast.iter().flatten() {
        let Some(of) = found.iter_mut().find(|row| (row.treaty, row.member) == (vote.treaty, vote.member))
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
    found.retain(|row| row.votes > 0);
    for row in &mut found {
        let votes = row.votes as f64;
        row.shares.iter_mut().chain(&mut row.parts).for_each(|sum| *sum /= votes);
    }
    found
}
