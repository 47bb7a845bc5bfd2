//! Why something happened: the event that decides it, its causes back to their roots, and how common that chain is.
//!
//! The *main chain* of an event follows, again and again, its latest cause, until an event without causes. Two
//! histories share a chain if the kinds and subjects along it are the same. Both notions are ours.

mod chains;
mod decider;
mod tally;

use equipoise_engine::History;
use equipoise_scenario::Scenario;
use equipoise_scenario::chronicle::EventKind;
use equipoise_scenario::scenario::Measure;

use crate::error::LabError;
use crate::read::{EventGroup, EventRow, Run};
use crate::run_directory::Subjects;
pub use chains::{EventChain, chains};
pub use decider::Basis;
use decider::Decider;
use tally::Tally;

/// What is asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// An outcome (index).
    Outcome(usize),
    /// The first event of a kind, about a subject (as tables name it) or any.
    Event {
        /// The kind.
        kind: EventKind,
        /// The subject's name, or any.
        subject: Option<String>,
    },
}

impl Question {
    /// Reads a question as analysts type it: the id of an outcome, an event word with or without its subject in
    /// parentheses (`granted(CSTO)`), an option (`request_help.ask`), or a shock.
    ///
    /// # Errors
    /// It is none of them; the outcomes and event words are listed.
    pub fn parse(scenario: &Scenario, text: &str) -> Result<Question, LabError> {
        let text = text.trim();
        if let Some(at) = scenario.outcomes.iter().position(|outcome| outcome.id == text) {
            return Ok(Question::Outcome(at));
        }
        let (word, subject) = match text.strip_suffix(')').and_then(|text| text.split_once('(')) {
            Some((word, subject)) => (word.trim(), Some(subject.trim().to_owned())),
            None => (text, None),
        };
        let subjects = Subjects::of(scenario);
        let known = |name: &str| subjects.names().iter().any(|there| there == name);
        if let Some(kind) = EventKind::named(word)
            && subject.as_deref().is_none_or(known)
        {
            return Ok(Question::Event { kind, subject });
        }
        let named = |kind| Question::Event { kind, subject: Some(text.to_owned()) };
        if scenario.shocks.iter().any(|shock| shock.id == text) {
            return Ok(named(EventKind::Shock));
        }
        if text.contains('.') && known(text) {
            return Ok(named(EventKind::Choice));
        }
        let outcomes = scenario.outcomes.iter().map(|outcome| outcome.id.clone());
        let events = EventKind::ALL.iter().map(|kind| kind.name().to_owned());
        Err(LabError::Unknown {
            what: "outcome or event",
            name: text.to_owned(),
            known: outcomes.chain(events).collect(),
        })
    }
}

/// One link of a chain: what kind of thing, about what.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Link {
    /// Kind.
    pub kind: EventKind,
    /// Subject's name; nothing for the nation.
    pub subject: String,
}

/// One line of the tree of causes.
#[derive(Debug, Clone, PartialEq)]
pub struct Branch {
    /// How many steps from the event asked about.
    pub depth: usize,
    /// The event.
    pub event: EventRow,
    /// Whether its causes stand further up already and are not repeated here.
    pub repeated: bool,
}

/// A chain of kinds of events and how common it is. Links about a place or a member name no subject, and several such
/// links of one kind in a row are told once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainShare {
    /// From the event back to the root.
    pub chain: Vec<Link>,
    /// Histories whose main chain it is.
    pub histories: u64,
    /// The first of them.
    pub example: u64,
}

/// The answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Why {
    /// The history it is told for.
    pub history: u64,
    /// The outcome's value in it (as [`Run::outcome`]); `None` where an event was asked about.
    pub value: Option<f64>,
    /// How the event was chosen.
    pub basis: Basis,
    /// The causes as a tree, the event itself first; empty if nothing belongs to it in this history.
    pub tree: Vec<Branch>,
    /// The main chain, from the event back to the root.
    pub chain: Vec<Link>,
    /// Histories with the same main chain, whatever the places and members it went by.
    pub same_chain: u64,
    /// Histories in which what was asked about occurs at all (for a number: in which it has a value).
    pub occurs: u64,
    /// All histories.
    pub histories: u64,
    /// The commonest main chains, the commonest first, at most five.
    pub commonest: Vec<ChainShare>,
}

/// Why an outcome, or an event, is what it is in a history; `None` takes the first history of the commonest chain.
///
/// Streams over all events of the run; memory is bounded by one row group and by 65,536 different chains, beyond which
/// only chains met before are counted (the one asked about is always counted).
///
/// # Errors
/// There is no such history, or a table cannot be read.
pub fn why(run: &Run, question: &Question, history: Option<u64>) -> Result<Why, LabError> {
    let histories = run.histories();
    if let Some(history) = history
        && history >= histories
    {
        return Err(LabError::NoSuchHistory { history, histories });
    }
    let decider = Decider::new(run.scenario(), question);
    let asked_chain = match history {
        Some(history) => chain_in(run, &decider, history)?,
        None => None,
    };
    let mut tally = Tally::new(asked_chain);
    let mut with_event = 0;
    let file = run.event_table()?;
    for number in 0..file.groups() {
        let group = run.event_group(file, number)?;
        let days = decider.days(run, number)?;
        for (at, span) in &group.spans {
            let day = days.day(*at, run.manifest().block);
            if let Some((row, _)) = decider.decide(&group, span.clone(), day) {
                with_event += 1;
                tally.count(*at, &main_chain(&group, span.start, row));
            }
        }
    }
    let commonest = tally.commonest(5);
    let history = history.or_else(|| commonest.first().map(|chain| chain.example)).unwrap_or(0);
    let (basis, tree, chain) = tell(run, &decider, history)?;
    let (value, occurs) = match question {
        Question::Event { .. } => (None, with_event),
        Question::Outcome(at) => {
            let outcome = &run.scenario().outcomes[*at];
            let values = run.outcome(&outcome.id)?;
            (values.get(history as usize).copied(), occurrences(&outcome.measure, &values))
        }
    };
    let same_chain = if chain.is_empty() { 0 } else { tally.of(&chain) };
    Ok(Why { history, value, basis, tree, chain, same_chain, occurs, histories, commonest })
}

/// As [`why`], among histories in memory, which are numbered from nought in their order.
///
/// # Errors
/// There is no such history.
pub fn why_among(
    scenario: &Scenario,
    histories: &[History],
    question: &Question,
    history: Option<u64>,
) -> Result<Why, LabError> {
    let all = histories.len() as u64;
    if let Some(history) = history
        && history >= all
    {
        return Err(LabError::NoSuchHistory { history, histories: all });
    }
    let decider = Decider::new(scenario, question);
    let group = EventGroup::of_histories(&Subjects::of(scenario), histories);
    let days = decider.days_in(scenario, histories);
    // As long as there is one group, the place of a history in it is its number.
    let told = |history| tell_in(&group, &decider, history, days.day(history, u64::MAX));
    let asked = history.map(|history| told(history).2).filter(|chain| !chain.is_empty());
    let mut tally = Tally::new(asked);
    let mut with_event = 0;
    for (at, span) in &group.spans {
        if let Some((row, _)) = decider.decide(&group, span.clone(), days.day(*at, u64::MAX)) {
            with_event += 1;
            tally.count(*at, &main_chain(&group, span.start, row));
        }
    }
    let commonest = tally.commonest(5);
    let history = history.or_else(|| commonest.first().map(|chain| chain.example)).unwrap_or(0);
    let (basis, tree, chain) = told(history);
    let (value, occurs) = match question {
        Question::Event { .. } => (None, with_event),
        Question::Outcome(at) => {
            let values: Vec<f64> = histories.iter().map(|history| history.outcomes[*at]).collect();
            (values.get(history as usize).copied(), occurrences(&scenario.outcomes[*at].measure, &values))
        }
    };
    let same_chain = if chain.is_empty() { 0 } else { tally.of(&chain) };
    Ok(Why { history, value, basis, tree, chain, same_chain, occurs, histories: all, commonest })
}

/// In how many histories an outcome happens, or has a value.
fn occurrences(measure: &Measure, values: &[f64]) -> u64 {
    let occurs = |value: &&f64| match measure {
        Measure::Happens { .. } => **value == 1.0,
        _ => !value.is_nan(),
    };
    values.iter().filter(occurs).count() as u64
}

impl Why {
    /// The tree as lines of text, one event each, indented by depth, with its date and amount.
    #[must_use]
    pub fn lines(&self, scenario: &Scenario) -> Vec<String> {
        let line = |branch: &Branch| {
            let event = &branch.event;
            let mut line = "  ".repeat(branch.depth);
            line.push_str(if branch.depth == 0 { "" } else { "└ " });
            line.push_str(&format!("{} {}", scenario.date(event.day), event.kind.name()));
            if !event.subject.is_empty() {
                line.push_str(&format!(" {}", event.subject));
            }
            if event.amount != 0.0 {
                line.push_str(&format!(" ({})", event.amount));
            }
            if branch.repeated {
                line.push_str(" (causes above)");
            }
            line
        };
        self.tree.iter().map(line).collect()
    }
}

/// The main chain in one history, if something decides there.
fn chain_in(run: &Run, decider: &Decider, history: u64) -> Result<Option<Vec<Link>>, LabError> {
    let (_, _, chain) = tell(run, decider, history)?;
    Ok((!chain.is_empty()).then_some(chain))
}

/// Basis, tree and main chain in one history.
fn tell(run: &Run, decider: &Decider, history: u64) -> Result<(Basis, Vec<Branch>, Vec<Link>), LabError> {
    let block = run.manifest().block;
    let number = (history / block) as usize;
    let group = run.event_group(run.event_table()?, number)?;
    let day = decider.days(run, number)?.day(history, block);
    Ok(tell_in(&group, decider, history, day))
}

/// Basis, tree and main chain in one history of a group.
fn tell_in(group: &EventGroup, decider: &Decider, history: u64, day: u32) -> (Basis, Vec<Branch>, Vec<Link>) {
    let span = group.spans.iter().find(|(at, _)| *at == history);
    let decided = span.and_then(|(_, span)| {
        let (row, basis) = decider.decide(group, span.clone(), day)?;
        Some((span.start, row, basis))
    });
    match decided {
        None => (Basis::Nothing, Vec::new(), Vec::new()),
        Some((first, row, basis)) => {
            let chain = main_chain(group, first, row);
            let chain = chain.iter().map(|&row| link(group, row)).collect();
            (basis, tree(group, first, row), chain)
        }
    }
}

fn link(group: &EventGroup, row: usize) -> Link {
    Link { kind: group.kind[row], subject: String::from_utf8_lossy(group.subject(row)).into_owned() }
}

/// Rows of the main chain of a row; causes are always earlier, so it ends.
fn main_chain(group: &EventGroup, first: usize, row: usize) -> tally::Rows<'_> {
    let mut rows = vec![row];
    let mut at = row;
    while let Some(&cause) = group.causes(at).iter().max() {
        let next = first + cause as usize;
        if next >= at {
            break;
        }
        rows.push(next);
        at = next;
    }
    tally::Rows { group, rows }
}

/// The tree of causes of a row, latest causes first, each event's causes told once.
fn tree(group: &EventGroup, first: usize, row: usize) -> Vec<Branch> {
    let mut told = std::collections::HashSet::new();
    let mut waiting = vec![(0, row)];
    let mut branches = Vec::new();
    while let Some((depth, row)) = waiting.pop() {
        let new = told.insert(row);
        let causes = group.causes(row);
        branches.push(Branch { depth, event: group.row(row), repeated: !new && !causes.is_empty() });
        if new {
            let mut causes: Vec<usize> = causes.iter().map(|&cause| first + cause as usize).collect();
            causes.sort_unstable();
            waiting.extend(causes.into_iter().filter(|&cause| cause < row).map(|cause| (depth + 1, cause)));
        }
    }
    branches
}
