//! How states will vote on a text before they do.
//!
//! What counts for one state, all of it known before the vote:
//!
//! * its *last vote*, on the text's predecessor (or that it was absent), which tells more where both are equally severe;
//! * its *issue position*: where it stands on the issue for a text of such severity: the mean of its last votes (yes 1,
//!   abstain 0, no −1) at each severity that earlier texts of the issue had, weighted by exp(−2·|difference in
//!   severity|), so that a harsh text asks most of all how states last took a harsh one;
//! * its *general ideal point* of the last session in which it voted ([`fast`], on votes of the six
//!   years before), times its correlation with the votes on the predecessor: on some texts the high end says yes, on others
//!   no, on some it says nothing;
//! * the change in *severity* from the predecessor to the text: how strong it is, coded by the caller from its words.
//!
//! An ordered logit joins these, fitted anew for each text on pairs of an earlier and a later roll call that were both
//! voted on before the day of the text, by a penalised likelihood. Which pairs, is decided by whether the *situation* the
//! text speaks of is that of its predecessor:
//!
//! * the same situation: all pairs of earlier texts of the issue that share their situation, and pairs of repeated roll calls of the six years
//!   before ([`find_repeats`]), for which severity does not change;
//! * a new situation, say a war where there was a dispute: the past of the issue is no longer what is voted on, so states
//!   are taken to vote as on any text: pairs of neighbouring roll calls that do not repeat each other.
//!
//! A rule of our own; it has no counterpart in the literature that we know of. Each prediction uses earlier votes only, but
//! which features the rule has was settled with sight of how it did on General Assembly texts of 2017 to 2025: its scores
//! there flatter it a little.

use std::collections::HashMap;

use super::chamber::{Anchor, Chamber};
use super::error::RollCallError;
use super::estimate::likeliest;
use super::fast::{FastSettings, fast};
use super::ordered_logit::{OrderedLogit, Row};
use super::repeats::find_repeats;
use super::votes::{Vote, Votes};

/// What is known of a text beyond its votes.
#[derive(Clone, Debug, PartialEq)]
pub struct Text {
    /// Index of its roll call.
    pub roll_call: u32,
    /// The issue: texts of one issue range states on one line.
    pub issue: String,
    /// The situation it speaks of.
    pub situation: String,
    /// How strong it is, in steps of a scale of the caller's.
    pub severity: f64,
}

/// A prediction of the votes on a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Prediction {
    /// For each state of the votes, the probabilities of yes, abstain and no if it votes; none for states without any vote
    /// in the six years before.
    pub probabilities: Vec<Option<[f64; 3]>>,
    /// Share of votes that did not change on repeated roll calls of the six years before: how far to trust persistence.
    pub unchanged: f64,
    /// Pairs of votes the ordered logit was fitted on.
    pub pairs: usize,
}

/// How a prediction compares with what was voted, and with two simple rules.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score {
    /// Votes cast on the text by states with a prediction.
    pub votes: usize,
    /// Of all votes cast, those without a prediction.
    pub unpredicted: usize,
    /// By the prediction.
    pub predicted: Skill,
    /// By the most frequent vote on the text itself, for all: a rule that knows the outcome's tally.
    pub modal: Skill,
    /// By the vote on the predecessor; by its most frequent vote for who was absent.
    pub persistence: Skill,
}

/// How good probabilities were.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Skill {
    /// Share of votes that had the greatest probability.
    pub accuracy: f64,
    /// Mean logarithm of the probability of the vote cast: 0 at best.
    pub log_score: f64,
}

/// How fast votes lose weight with each step of severity that they are away.
const PER_STEP: f64 = 2.0;
/// Days before a text that count.
const MEMORY_DAYS: i32 = 2192;
/// Pairs of repeated and of unlike roll calls that are used at most, the latest.
const MOST_PAIRS: usize = 150;

/// Predicts the votes on the text `target` from that on `predecessor`, both indices into `texts`.
///
/// # Errors
/// The predecessor is not earlier than the target, an index is out of range, or the votes before the target are too few
/// for general ideal points.
pub fn predict(
    votes: &Votes,
    texts: &[Text],
    target: usize,
    predecessor: usize,
    anchors: &[Anchor],
) -> Result<Prediction, RollCallError> {
    let past = Past::before(votes, texts, target, predecessor, anchors)?;
    let same_situation = texts[target].situation == texts[predecessor].situation;
    let mut rows = Vec::new();
    let repeats = find_repeats(&past.recent);
    if same_situation {
        for later in past.texts.iter().filter(|later| later.issue == texts[target].issue) {
            for earlier in &past.texts {
                let alike = earlier.issue == later.issue && earlier.situation == later.situation;
                if alike && past.day(earlier) < past.day(later) {
                    past.add_pair(&mut rows, later, earlier);
                }
            }
        }
        let known = past.of_recent(&repeats);
        for &(later, earlier) in known.iter().rev().take(MOST_PAIRS) {
            past.add_pair(&mut rows, &plain(later), &plain(earlier));
        }
    } else {
        for (later, earlier) in past.unlike(&repeats).into_iter().rev().take(MOST_PAIRS) {
            past.add_pair(&mut rows, &plain(later), &plain(earlier));
        }
        rows.iter_mut().for_each(|row| row.known[ISSUE] = 0.0);
    }
    let model = OrderedLogit::fit(&rows);
    let leaning = past.leaning(&texts[predecessor]);
    let probabilities = (0..votes.states.len() as u32)
        .map(|state| {
            let known =
                past.general.contains_key(&state) || past.vote(texts[predecessor].roll_call, state).is_some();
            known.then(|| {
                if same_situation {
                    let (target, predecessor) = (&texts[target], &texts[predecessor]);
                    return model.probabilities(&past.known(state, target, predecessor, leaning));
                }
                // Unlike pairs know of no issue and no severity.
                let (target, predecessor) =
                    (plain(texts[target].roll_call), plain(texts[predecessor].roll_call));
                let mut known = past.known(state, &target, &predecessor, leaning);
                known[ISSUE] = 0.0;
                model.probabilities(&known)
            })
        })
        .collect();
    Ok(Prediction { probabilities, unchanged: past.unchanged(&repeats), pairs: rows.len() })
}

/// Compares a prediction with the votes cast on `target`.
#[must_use]
pub fn score(votes: &Votes, prediction: &Prediction, target: u32, predecessor: u32) -> Score {
    let tallies = votes.tallies();
    let share = |roll_call: u32| {
        let tally = tallies[roll_call as usize];
        let sum: u32 = tally.iter().sum();
        tally.map(|n| f64::from(n) / f64::from(sum.max(1)))
    };
    let (modal, before) = (share(target), share(predecessor));
    let last: HashMap<u32, Vote> =
        votes.casts.iter().filter(|c| c.roll_call == predecessor).map(|c| (c.state, c.vote)).collect();
    let change = (1.0 - prediction.unchanged) / 2.0;
    let mut tallied = [Tally::default(); 3];
    let mut unpredicted = 0;
    for cast in votes.casts.iter().filter(|cast| cast.roll_call == target) {
        let Some(predicted) = prediction.probabilities[cast.state as usize] else {
            unpredicted += 1;
            continue;
        };
        let mut kept = [change; 3];
        let last = last.get(&cast.state).copied().unwrap_or(likeliest(&before));
        kept[last as usize] = prediction.unchanged;
        for (tally, odds) in tallied.iter_mut().zip([predicted, modal, kept]) {
            tally.add(&odds, cast.vote);
        }
    }
    let [predicted, modal, persistence] = tallied.map(Tally::skill);
    Score { votes: tallied[0].votes, unpredicted, predicted, modal, persistence }
}

#[derive(Clone, Copy, Default)]
struct Tally {
    votes: usize,
    right: usize,
    log: f64,
}

impl Tally {
    fn add(&mut self, odds: &[f64; 3], vote: Vote) {
        self.votes += 1;
        self.right += usize::from(likeliest(odds) == vote);
        self.log += odds[vote as usize].max(1e-12).ln();
    }

    fn skill(self) -> Skill {
        let n = self.votes.max(1) as f64;
        Skill { accuracy: self.right as f64 / n, log_score: self.log / n }
    }
}

/// Number of things known of a state, and what stands where: last vote yes or no, on a text as severe; the same, on a text
/// more or less severe; absent; issue position; general ideal point; change in severity.
const KNOWN: usize = 8;
const ISSUE: usize = 5;

/// A vote as a number.
fn own(vote: Vote) -> f64 {
    1.0 - f64::from(vote as u8)
}

/// A roll call of which nothing is known but its votes.
fn plain(roll_call: u32) -> Text {
    Text { roll_call, issue: String::new(), situation: String::new(), severity: 0.0 }
}

/// What is known before a text.
struct Past<'a> {
    votes: &'a Votes,
    /// Votes of the six years before, and the roll calls they are of.
    recent: Votes,
    recent_roll_calls: Vec<u32>,
    /// Texts voted on before.
    texts: Vec<Text>,
    /// By roll call, who voted how.
    ballots: HashMap<u32, HashMap<u32, Vote>>,
    /// General ideal point of each state.
    general: HashMap<u32, f64>,
}

impl<'a> Past<'a> {
    fn before(
        votes: &'a Votes,
        texts: &[Text],
        target: usize,
        predecessor: usize,
        anchors: &[Anchor],
    ) -> Result<Past<'a>, RollCallError> {
        if let Some(at) = texts.iter().position(|text| text.roll_call as usize >= votes.roll_calls.len()) {
            return Err(RollCallError::OutOfRange { at });
        }
        let day = |text: &Text| votes.roll_calls[text.roll_call as usize].day;
        let today = day(&texts[target]);
        if day(&texts[predecessor]) >= today {
            return Err(RollCallError::Settings { why: "the predecessor was not voted on before the text" });
        }
        let is_recent = |day: i32| day < today && day >= today - MEMORY_DAYS;
        let recent = votes.only(|roll_call| is_recent(roll_call.day));
        let texts: Vec<Text> = texts.iter().filter(|text| day(text) < today).cloned().collect();
        let recent_roll_calls: Vec<u32> = (0..votes.roll_calls.len() as u32)
            .filter(|&at| is_recent(votes.roll_calls[at as usize].day))
            .collect();
        let mut ballots: HashMap<u32, HashMap<u32, Vote>> = recent_roll_calls
            .iter()
            .copied()
            .chain(texts.iter().map(|text| text.roll_call))
            .map(|roll_call| (roll_call, HashMap::new()))
            .collect();
        for cast in &votes.casts {
            if let Some(ballot) = ballots.get_mut(&cast.roll_call) {
                ballot.insert(cast.state, cast.vote);
            }
        }
        let general = general_points(&recent, anchors)?;
        Ok(Past { votes, recent, recent_roll_calls, texts, ballots, general })
    }

    fn day(&self, text: &Text) -> i32 {
        self.votes.roll_calls[text.roll_call as usize].day
    }

    fn vote(&self, roll_call: u32, state: u32) -> Option<Vote> {
        self.ballots.get(&roll_call)?.get(&state).copied()
    }

    /// Correlation of the votes on a text (yes 1, abstain 0, no −1) with general ideal points; 0 where one does not vary.
    fn leaning(&self, text: &Text) -> f64 {
        let Some(ballot) = self.ballots.get(&text.roll_call) else { return 0.0 };
        let mut cast: Vec<(u32, f64, f64)> = ballot
            .iter()
            .filter_map(|(state, &vote)| Some((*state, own(vote), *self.general.get(state)?)))
            .collect();
        // In fixed order, so that the sums round alike.
        cast.sort_unstable_by_key(|(state, ..)| *state);
        let n = cast.len() as f64;
        let mean = |of: fn(&(u32, f64, f64)) -> f64| cast.iter().map(of).sum::<f64>() / n;
        let (votes, points) = (mean(|cast| cast.1), mean(|cast| cast.2));
        let sum = |of: &dyn Fn(f64, f64) -> f64| {
            cast.iter().map(|(_, vote, point)| of(vote - votes, point - points)).sum::<f64>()
        };
        let scale = (sum(&|vote, _| vote * vote) * sum(&|_, point| point * point)).sqrt();
        if scale > 1e-9 { sum(&|vote, point| vote * point) / scale } else { 0.0 }
    }

    /// What is known of a state before `later`, with `earlier` its predecessor of that leaning.
    fn known(&self, state: u32, later: &Text, earlier: &Text, leaning: f64) -> [f64; KNOWN] {
        let last = self.vote(earlier.roll_call, state);
        let is = |vote: Option<Vote>| f64::from(u8::from(last == vote));
        let today = self.day(later);
        let (mut sum, mut weights) = (0.0, 0.0);
        if later.issue.is_empty() {
            // Of repeats, the last vote is all there is.
            (sum, weights) = last.map_or((0.0, 0.0), |vote| (own(vote), 1.0));
        } else {
            let cast: Vec<(&Text, Vote)> = self
                .texts
                .iter()
                .filter(|text| text.issue == later.issue && self.day(text) < today)
                .filter_map(|text| self.vote(text.roll_call, state).map(|vote| (text, vote)))
                .collect();
            for (text, vote) in &cast {
                let is_later = |(other, _): &(&Text, Vote)| {
                    other.severity == text.severity && self.day(other) > self.day(text)
                };
                if !cast.iter().any(is_later) {
                    let weight = (-PER_STEP * (text.severity - later.severity).abs()).exp();
                    sum += weight * own(*vote);
                    weights += weight;
                }
            }
        }
        let issue = if weights > 0.0 { sum / weights } else { 0.0 };
        let general = leaning * self.general.get(&state).copied().unwrap_or(0.0);
        let change = later.severity - earlier.severity;
        let (yes, no) = (is(Some(Vote::Yes)), is(Some(Vote::No)));
        let alike = f64::from(u8::from(change == 0.0));
        let other = 1.0 - alike;
        [alike * yes, alike * no, other * yes, other * no, is(None), issue, general, change]
    }

    /// A row for each state that voted on `later`.
    fn add_pair(&self, rows: &mut Vec<Row<KNOWN>>, later: &Text, earlier: &Text) {
        let Some(ballot) = self.ballots.get(&later.roll_call) else { return };
        let mut cast: Vec<(u32, Vote)> = ballot.iter().map(|(&state, &vote)| (state, vote)).collect();
        cast.sort_unstable();
        let leaning = self.leaning(earlier);
        rows.extend(
            cast.into_iter()
                .map(|(state, vote)| Row { known: self.known(state, later, earlier, leaning), vote }),
        );
    }

    /// Pairs of the recent votes, as pairs of all votes.
    fn of_recent(&self, pairs: &[(u32, u32)]) -> Vec<(u32, u32)> {
        let all = |recent: u32| self.recent_roll_calls[recent as usize];
        pairs.iter().map(|&(later, earlier)| (all(later), all(earlier))).collect()
    }

    /// Neighbouring roll calls, by day, that do not repeat each other and divide.
    fn unlike(&self, repeats: &[(u32, u32)]) -> Vec<(u32, u32)> {
        let tallies = self.recent.tallies();
        let mut order: Vec<u32> = (0..tallies.len() as u32)
            .filter(|&at| tallies[at as usize].iter().filter(|n| **n > 0).count() > 1)
            .collect();
        order.sort_by_key(|&at| (self.recent.roll_calls[at as usize].day, at));
        let pairs: Vec<(u32, u32)> =
            order.windows(2).map(|pair| (pair[1], pair[0])).filter(|pair| !repeats.contains(pair)).collect();
        self.of_recent(&pairs)
    }

    /// Share of votes that stayed the same on repeated roll calls; nine in ten where there are none.
    fn unchanged(&self, repeats: &[(u32, u32)]) -> f64 {
        let (mut same, mut all) = (9.0, 10.0);
        for (later, earlier) in self.of_recent(repeats) {
            for (state, vote) in &self.ballots[&later] {
                if let Some(before) = self.vote(earlier, *state) {
                    all += 1.0;
                    same += f64::from(u8::from(before == *vote));
                }
            }
        }
        same / all
    }
}

/// The ideal point of each state in the last session in which it voted.
fn general_points(recent: &Votes, anchors: &[Anchor]) -> Result<HashMap<u32, f64>, RollCallError> {
    let chamber = Chamber::new(recent, anchors)?;
    let settings = FastSettings { tolerance: 1e-3, most_sweeps: 100 };
    let estimate = fast(&chamber, settings)?;
    let index: HashMap<&str, u32> = recent.states.iter().map(String::as_str).zip(0..).collect();
    let mut points = HashMap::new();
    // Seats of a state stand in the order of sessions: the last one stays.
    for (seat, mean) in chamber.seats.iter().zip(&estimate.means) {
        if let Some(&state) = index.get(chamber.states[seat.state as usize].as_str()) {
            points.insert(state, *mean);
        }
    }
    Ok(points)
}
