//! Which roll calls ask again what an earlier one asked: the bridges between sessions.
//!
//! The authors matched repeated resolutions by hand; their list is not part of what we have. Either the caller knows the
//! matches, or titles are given ([`repeats_by_title`]), or the votes themselves must do ([`find_repeats`]).

use std::collections::HashMap;

use super::votes::Votes;

/// Votes that a pair must have in common.
const COMMON_VOTES: usize = 20;
/// The most changed votes, as a share of the smaller of the two minorities.
const MOST_CHANGED: f64 = 0.25;
/// Sessions after which a title is no longer taken for the same text.
const LONGEST_GAP: u32 = 5;

/// Pairs (later, earlier) of roll calls in neighbouring sessions on which states voted so much alike that they can only
/// be the same question: each is the other's best match, at least 20 states voted on both, and no more votes changed
/// than a quarter of the smaller minority (votes outside the most frequent class).
///
/// A rule of our own. It takes less change for granted than hand matching does, for a text on which many changed sides
/// is not recognised; two texts that all states treat alike may be paired wrongly, but then they do share their
/// parameters. Sessions are neighbours if no session of the votes lies between them.
#[must_use]
pub fn find_repeats(votes: &Votes) -> Vec<(u32, u32)> {
    let ballots = Ballots::of(votes);
    let mut by_session: HashMap<u32, Vec<usize>> = HashMap::new();
    for (at, roll_call) in votes.roll_calls.iter().enumerate() {
        if ballots.minority[at] > 0 {
            by_session.entry(roll_call.session).or_default().push(at);
        }
    }
    let mut sessions: Vec<u32> = by_session.keys().copied().collect();
    sessions.sort_unstable();
    let mut pairs = Vec::new();
    for neighbours in sessions.windows(2) {
        let (earlier, later) = (&by_session[&neighbours[0]], &by_session[&neighbours[1]]);
        let best_of = |own: usize, others: &[usize]| {
            let mut best: Option<(f64, usize)> = None;
            for &other in others {
                let changed = ballots.changed(own, other);
                if changed <= MOST_CHANGED && best.is_none_or(|(least, _)| changed < least) {
                    best = Some((changed, other));
                }
            }
            best.map(|(_, other)| other)
        };
        for &own in later {
            if let Some(match_of_own) = best_of(own, earlier)
                && best_of(match_of_own, later) == Some(own)
            {
                pairs.push((own as u32, match_of_own as u32));
            }
        }
    }
    pairs
}

/// Pairs (later, earlier) of roll calls with the same title, where no other roll call of either session has it and no more
/// than five sessions lie between. `titles` has one for each roll call, empty where it is not known; letters and digits
/// alone count.
#[must_use]
pub fn repeats_by_title(votes: &Votes, titles: &[String]) -> Vec<(u32, u32)> {
    let mut by_title: HashMap<String, Vec<(u32, u32)>> = HashMap::new();
    for (at, (roll_call, title)) in votes.roll_calls.iter().zip(titles).enumerate() {
        let words: String =
            title.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        if !words.is_empty() {
            by_title.entry(words).or_default().push((roll_call.session, at as u32));
        }
    }
    let mut pairs = Vec::new();
    for taken in by_title.values_mut() {
        taken.sort_unstable();
        let alone: Vec<(u32, u32)> = taken
            .iter()
            .filter(|(session, _)| taken.iter().filter(|(other, _)| other == session).count() == 1)
            .copied()
            .collect();
        let near = alone.windows(2).filter(|pair| pair[1].0 - pair[0].0 <= LONGEST_GAP);
        pairs.extend(near.map(|pair| (pair[1].1, pair[0].1)));
    }
    pairs.sort_unstable();
    pairs
}

/// Votes as sets of bits over states, for comparing many pairs.
struct Ballots {
    words: usize,
    /// For each roll call, the states that voted yes, abstain and no.
    sets: Vec<[Vec<u64>; 3]>,
    minority: Vec<usize>,
}

impl Ballots {
    fn of(votes: &Votes) -> Ballots {
        let words = votes.states.len().div_ceil(64);
        let mut sets: Vec<[Vec<u64>; 3]> =
            (0..votes.roll_calls.len()).map(|_| std::array::from_fn(|_| vec![0; words])).collect();
        for cast in &votes.casts {
            let set = &mut sets[cast.roll_call as usize][cast.vote as usize];
            set[cast.state as usize / 64] |= 1 << (cast.state % 64);
        }
        let minority = votes.tallies().into_iter().map(|tally| {
            let most = tally.iter().max().copied().unwrap_or(0);
            (tally.iter().sum::<u32>() - most) as usize
        });
        Ballots { words, minority: minority.collect(), sets }
    }

    /// Votes that differ among states that voted on both, as a share of the smaller minority; infinite for pairs with too
    /// few votes in common.
    fn changed(&self, a: usize, b: usize) -> f64 {
        let (mut common, mut same) = (0, 0);
        for word in 0..self.words {
            let [a0, a1, a2] = [0, 1, 2].map(|class| self.sets[a][class][word]);
            let [b0, b1, b2] = [0, 1, 2].map(|class| self.sets[b][class][word]);
            common += ((a0 | a1 | a2) & (b0 | b1 | b2)).count_ones() as usize;
            same += ((a0 & b0) | (a1 & b1) | (a2 & b2)).count_ones() as usize;
        }
        if common < COMMON_VOTES {
            return f64::INFINITY;
        }
        (common - same) as f64 / self.minority[a].min(self.minority[b]) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::roll_call::{Cast, RollCall, Vote};

    /// Two sessions of three questions each, asked of 40 states; the second time one state changes its vote.
    fn two_sessions() -> Votes {
        let mut votes =
            Votes { states: (0..40).map(|state| format!("S{state}")).collect(), ..Votes::default() };
        for session in 1..=2 {
            for question in 0..3_u32 {
                let roll_call = votes.roll_calls.len() as u32;
                votes.roll_calls.push(RollCall {
                    id: format!("{session}-{question}"),
                    text: String::new(),
                    session,
                    day: 0,
                    repeats: None,
                });
                for state in 0..40 {
                    let against = (state + 13 * question) % 40 < 15 || (session == 2 && state == question);
                    let vote = if against { Vote::No } else { Vote::Yes };
                    votes.casts.push(Cast { roll_call, state, vote });
                }
            }
        }
        votes
    }

    #[test]
    fn a_question_is_recognised_by_how_states_vote_on_it() {
        assert_eq!(find_repeats(&two_sessions()), [(3, 0), (4, 1), (5, 2)]);
    }

    #[test]
    fn a_title_that_two_roll_calls_of_a_session_share_bridges_nothing() {
        let titles = ["Peace", "Trade ", "Sea", "PEACE!", "trade", "trade"].map(str::to_owned);
        assert_eq!(repeats_by_title(&two_sessions(), &titles), [(3, 0)]);
    }
}
