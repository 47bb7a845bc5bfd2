//! Votes arranged for estimation: by resolution and by seat, with what cannot inform left out.

use std::collections::HashSet;
use std::ops::Range;

use super::error::RollCallError;
use super::votes::{Vote, Votes};

/// A state in one session: what has an ideal point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seat {
    /// Index of the state among [`Chamber::states`].
    pub state: u32,
    /// The session.
    pub session: u32,
    /// Votes it cast on divided roll calls in that session.
    pub votes: u32,
}

/// A state whose side is known: it orients the line.
#[derive(Clone, Debug, PartialEq)]
pub struct Anchor {
    /// Name of the state.
    pub state: String,
    /// Where it starts; positive is the high end.
    pub side: f64,
}

/// Votes arranged for estimation.
///
/// Left out are roll calls on which all who voted, voted alike, and states without a vote on any other.
#[derive(Clone, Debug)]
pub struct Chamber {
    /// Names of the states that voted on a divided roll call, as ordered in the votes.
    pub states: Vec<String>,
    /// Names of the states that did not.
    pub silent: Vec<String>,
    /// Number of unanimous roll calls left out.
    pub unanimous: usize,
    /// Number of roll calls used.
    pub roll_calls: usize,
    /// The seats, by state, then session.
    pub seats: Vec<Seat>,
    /// Side of each state where it is an anchor, else 0.
    pub(super) sides: Vec<f64>,
    /// How each seat leans on another of the same state.
    pub(super) leans: Vec<Lean>,
    /// Resolutions, repeats counted once.
    pub(super) items: Vec<Classes>,
    /// Seat of each vote, in the order of items and, within each, of yes, abstain and no.
    pub(super) seat_of: Vec<u32>,
    /// Roll call of each vote in the same order, an index into the votes given.
    pub(super) roll_call_of: Vec<u32>,
    /// Item of each roll call of the votes given, if it is divided.
    pub(super) item_of_roll_call: Vec<Option<u32>>,
    /// Votes of each seat, as ranges of `cast_by`.
    pub(super) ballots: Vec<Classes>,
    /// For each seat's votes, yes, abstain and no: where the vote stands in the order of items.
    pub(super) cast_by: Vec<u32>,
    /// The item of each of these.
    pub(super) cast_on: Vec<u32>,
}

/// A stretch of votes: first those for, then abstentions, then those against.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Classes {
    pub start: usize,
    pub abstain: usize,
    pub no: usize,
    pub end: usize,
}

impl Classes {
    pub fn all(self) -> Range<usize> {
        self.start..self.end
    }

    pub fn of(self, vote: Vote) -> Range<usize> {
        match vote {
            Vote::Yes => self.start..self.abstain,
            Vote::Abstain => self.abstain..self.no,
            Vote::No => self.no..self.end,
        }
    }
}

/// The prior of a seat: centred on the mean of another seat of the state, or on 0.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lean {
    /// The seat it leans on: the session before, or for the first the one after.
    pub on: Option<u32>,
    /// Precision of the prior.
    pub precision: f64,
}

/// Variance of a step between two sessions before it is scaled by the numbers of votes (the published `Smooth`).
const SMOOTH: f64 = 0.5;

impl Chamber {
    /// Arranges votes. Anchors that do not vote are of no account.
    ///
    /// A state that sits in one session only has the prior N(0, 1), for it has no other session to lean on (our choice;
    /// the publication has no such case).
    ///
    /// # Errors
    /// An index is out of range, a state voted twice on a roll call, no roll call divides, or there are fewer votes than
    /// unknowns (three for each resolution, one for each seat).
    pub fn new(votes: &Votes, anchors: &[Anchor]) -> Result<Chamber, RollCallError> {
        check(votes)?;
        let tallies = votes.tallies();
        let voted = |tally: &[u32; 3]| tally.iter().filter(|&&n| n > 0).count();
        let divided: Vec<bool> = tallies.iter().map(|tally| voted(tally) > 1).collect();
        let unanimous = tallies.iter().filter(|tally| voted(tally) == 1).count();
        if !divided.contains(&true) {
            return Err(RollCallError::NothingDivides { unanimous });
        }
        let (item_of_roll_call, items) = number_items(votes, &divided);

        let mut casts: Vec<_> =
            votes.casts.iter().filter(|cast| divided[cast.roll_call as usize]).copied().collect();
        let session = |roll_call: u32| votes.roll_calls[roll_call as usize].session;
        casts.sort_unstable_by_key(|cast| (cast.state, session(cast.roll_call), cast.vote, cast.roll_call));
        let mut states = Vec::new();
        let mut sides = Vec::new();
        let mut chains: Vec<Range<usize>> = Vec::new();
        let mut seats: Vec<Seat> = Vec::new();
        let mut present = vec![false; votes.states.len()];
        let mut seat_of_cast = Vec::with_capacity(casts.len());
        for cast in &casts {
            if !std::mem::replace(&mut present[cast.state as usize], true) {
                let name = &votes.states[cast.state as usize];
                sides.push(anchors.iter().find(|anchor| anchor.state == *name).map_or(0.0, |a| a.side));
                states.push(name.clone());
                chains.push(seats.len()..seats.len());
            }
            let state = states.len() as u32 - 1;
            let now = session(cast.roll_call);
            if seats.last().is_none_or(|seat| (seat.state, seat.session) != (state, now)) {
                seats.push(Seat { state, session: now, votes: 0 });
                chains[state as usize].end = seats.len();
            }
            let seat = seats.len() - 1;
            seats[seat].votes += 1;
            seat_of_cast.push(seat as u32);
        }
        if casts.len() < 3 * items + seats.len() {
            return Err(RollCallError::TooFew { votes: casts.len(), resolutions: items, seats: seats.len() });
        }

        // By item, yes before abstain before no; within these by seat.
        let item = |k: usize| item_of_roll_call[casts[k].roll_call as usize].unwrap_or_default();
        let mut order: Vec<usize> = (0..casts.len()).collect();
        order.sort_by_key(|&k| (item(k), casts[k].vote));
        let mut place = vec![0_u32; casts.len()];
        for (at, &k) in order.iter().enumerate() {
            place[k] = at as u32;
        }
        let silent = votes.states.iter().zip(&present).filter(|(_, there)| !**there);
        Ok(Chamber {
            silent: silent.map(|(name, _)| name.clone()).collect(),
            unanimous,
            roll_calls: divided.iter().filter(|divided| **divided).count(),
            sides,
            leans: leans(&seats, &chains),
            items: classes(items, order.iter().map(|&k| (item(k) as usize, casts[k].vote))),
            seat_of: order.iter().map(|&k| seat_of_cast[k]).collect(),
            roll_call_of: order.iter().map(|&k| casts[k].roll_call).collect(),
            ballots: classes(
                seats.len(),
                (0..casts.len()).map(|k| (seat_of_cast[k] as usize, casts[k].vote)),
            ),
            cast_on: (0..casts.len()).map(item).collect(),
            cast_by: place,
            item_of_roll_call,
            states,
            seats,
        })
    }

    /// Number of resolutions, repeats counted once.
    #[must_use]
    pub fn resolutions(&self) -> usize {
        self.items.len()
    }

    /// Number of votes used.
    #[must_use]
    pub fn votes(&self) -> usize {
        self.seat_of.len()
    }

    /// Whether an anchor votes, so that the ends of the line have names.
    #[must_use]
    pub fn is_anchored(&self) -> bool {
        self.sides.iter().any(|side| *side != 0.0)
    }

    /// Whether a line lies the wrong way round: anchors on the other side than theirs, or without anchors, the slope of
    /// the resolutions negative on average, so that the high end says no more rarely.
    pub(super) fn is_reversed(&self, ideal_points: &[f64], slopes: &[f64]) -> bool {
        if self.is_anchored() {
            let agreement: f64 = self
                .seats
                .iter()
                .zip(ideal_points)
                .map(|(seat, point)| self.sides[seat.state as usize] * point)
                .sum();
            agreement < 0.0
        } else {
            slopes.iter().sum::<f64>() < 0.0
        }
    }
}

/// Whether all indices are in range and no state voted twice.
fn check(votes: &Votes) -> Result<(), RollCallError> {
    let (roll_calls, states) = (votes.roll_calls.len(), votes.states.len());
    let mut seen = HashSet::with_capacity(votes.casts.len());
    for (at, cast) in votes.casts.iter().enumerate() {
        if cast.roll_call as usize >= roll_calls || cast.state as usize >= states {
            return Err(RollCallError::OutOfRange { at });
        }
        if !seen.insert((cast.roll_call, cast.state)) {
            return Err(RollCallError::TwoVotes {
                state: votes.states[cast.state as usize].clone(),
                roll_call: votes.roll_calls[cast.roll_call as usize].id.clone(),
            });
        }
    }
    let beyond = |earlier: Option<u32>| earlier.is_some_and(|earlier| earlier as usize >= roll_calls);
    match votes.roll_calls.iter().position(|roll_call| beyond(roll_call.repeats)) {
        Some(at) => Err(RollCallError::OutOfRange { at }),
        None => Ok(()),
    }
}

/// Gives divided roll calls the numbers of their items: repeats, and repeats of repeats, share one.
fn number_items(votes: &Votes, divided: &[bool]) -> (Vec<Option<u32>>, usize) {
    let mut root: Vec<usize> = (0..divided.len()).collect();
    fn find(root: &mut [usize], mut at: usize) -> usize {
        while root[at] != at {
            root[at] = root[root[at]];
            at = root[at];
        }
        at
    }
    for (later, roll_call) in votes.roll_calls.iter().enumerate() {
        if let Some(earlier) = roll_call.repeats {
            let (a, b) = (find(&mut root, earlier as usize), find(&mut root, later));
            root[a.max(b)] = a.min(b);
        }
    }
    let mut number = vec![None; divided.len()];
    let mut items = 0;
    let item_of = (0..divided.len())
        .map(|at| {
            divided[at].then(|| {
                *number[find(&mut root, at)].get_or_insert_with(|| {
                    items += 1;
                    items - 1
                })
            })
        })
        .collect();
    (item_of, items as usize)
}

/// The stretches of votes that are ordered by group and within each by vote.
fn classes(groups: usize, votes: impl Iterator<Item = (usize, Vote)>) -> Vec<Classes> {
    let mut counts = vec![[0_usize; 3]; groups];
    for (group, vote) in votes {
        counts[group][vote as usize] += 1;
    }
    let mut start = 0;
    counts
        .iter()
        .map(|&[yes, abstain, no]| {
            let here = Classes {
                start,
                abstain: start + yes,
                no: start + yes + abstain,
                end: start + yes + abstain + no,
            };
            start = here.end;
            here
        })
        .collect()
}

/// The published smoothing: each session leans on the last one the state sat in, the first on the one after it.
fn leans(seats: &[Seat], chains: &[Range<usize>]) -> Vec<Lean> {
    let mut leans = Vec::with_capacity(seats.len());
    for chain in chains {
        for seat in chain.clone() {
            let on = if seat > chain.start {
                Some(seat - 1)
            } else {
                Some(seat + 1).filter(|next| *next < chain.end)
            };
            leans.push(match on {
                None => Lean { on: None, precision: 1.0 },
                Some(other) => {
                    let (own, others) = (f64::from(seats[seat].votes), f64::from(seats[other].votes));
                    Lean { on: Some(other as u32), precision: (own + others) / (SMOOTH * own) }
                }
            });
        }
    }
    leans
}
