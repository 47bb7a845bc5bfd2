//! Who voted how on what.

use std::ops::RangeInclusive;

/// A vote that was cast. Who was absent has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Vote {
    /// For the resolution.
    Yes,
    /// Neither for nor against it.
    Abstain,
    /// Against it.
    No,
}

impl Vote {
    /// All votes, in the order of the model: class 0, 1 and 2.
    pub const ALL: [Vote; 3] = [Vote::Yes, Vote::Abstain, Vote::No];

    /// The word for it in files.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Vote::Yes => "yes",
            Vote::Abstain => "abstain",
            Vote::No => "no",
        }
    }
}

/// One roll call: a resolution put to the vote on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RollCall {
    /// Its own name, that no other roll call has.
    pub id: String,
    /// Name of the text; may be empty, and may be that of another roll call (a vote on a part, an amendment).
    pub text: String,
    /// The session in which it was taken.
    pub session: u32,
    /// The day, counted from any fixed day.
    pub day: i32,
    /// An earlier roll call on a text that asks the same, by its index.
    pub repeats: Option<u32>,
}

/// One state's vote on one roll call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cast {
    /// Index of the roll call.
    pub roll_call: u32,
    /// Index of the state.
    pub state: u32,
    /// Its vote.
    pub vote: Vote,
}

/// A record of roll calls.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Votes {
    /// Names of the states.
    pub states: Vec<String>,
    /// The roll calls, in any order.
    pub roll_calls: Vec<RollCall>,
    /// The votes cast, in any order.
    pub casts: Vec<Cast>,
}

impl Votes {
    /// The roll calls for which `keep` holds, with their votes; all states stay. A repeat of one that is left out repeats
    /// what that one repeats, if anything.
    #[must_use]
    pub fn only(&self, keep: impl Fn(&RollCall) -> bool) -> Votes {
        let mut now = vec![None; self.roll_calls.len()];
        let mut kept = Vec::new();
        for (old, roll_call) in self.roll_calls.iter().enumerate().filter(|(_, roll_call)| keep(roll_call)) {
            now[old] = Some(kept.len() as u32);
            kept.push(roll_call.clone());
        }
        for roll_call in &mut kept {
            let mut earlier = roll_call.repeats;
            // A chain of repeats is no longer than there are roll calls, even where a caller has made a circle.
            for _ in 0..self.roll_calls.len() {
                match earlier {
                    Some(old) if now[old as usize].is_none() => {
                        earlier = self.roll_calls[old as usize].repeats;
                    }
                    _ => break,
                }
            }
            roll_call.repeats = earlier.and_then(|old| now[old as usize]);
        }
        let casts = self
            .casts
            .iter()
            .filter_map(|cast| now[cast.roll_call as usize].map(|roll_call| Cast { roll_call, ..*cast }));
        Votes { states: self.states.clone(), casts: casts.collect(), roll_calls: kept }
    }

    /// The roll calls of some sessions, as [`Votes::only`].
    #[must_use]
    pub fn sessions(&self, sessions: &RangeInclusive<u32>) -> Votes {
        self.only(|roll_call| sessions.contains(&roll_call.session))
    }

    /// How many voted yes, abstain and no on each roll call.
    #[must_use]
    pub(crate) fn tallies(&self) -> Vec<[u32; 3]> {
        let mut tallies = vec![[0; 3]; self.roll_calls.len()];
        for cast in &self.casts {
            tallies[cast.roll_call as usize][cast.vote as usize] += 1;
        }
        tallies
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeat_of_what_was_left_out_repeats_what_that_repeats() {
        let roll_call = |session: u32, repeats| RollCall {
            id: session.to_string(),
            text: String::new(),
            session,
            day: 0,
            repeats,
        };
        let votes = Votes {
            states: vec!["A".to_owned()],
            roll_calls: vec![roll_call(1, None), roll_call(2, Some(0)), roll_call(3, Some(1))],
            casts: (0..3).map(|roll_call| Cast { roll_call, state: 0, vote: Vote::No }).collect(),
        };
        let kept = votes.only(|roll_call| roll_call.session != 2);
        assert_eq!(kept.roll_calls[1].repeats, Some(0));
        assert_eq!(kept.casts.len(), 2);
        assert_eq!(votes.sessions(&(3..=3)).roll_calls[0].repeats, None);
        assert_eq!(kept.tallies(), [[0, 0, 1], [0, 0, 1]]);
    }
}
