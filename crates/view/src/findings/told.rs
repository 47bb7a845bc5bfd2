//! Histories and reasons as they are told: days, events, causes.

use jiff::civil::Date;

/// One history told day by day.
#[derive(Debug, Clone, PartialEq)]
pub struct Timeline {
    /// "A typical history".
    pub title: String,
    /// By which rule it was chosen.
    pub rule: String,
    /// Its number.
    pub history: u64,
    /// Title of its account.
    pub account: String,
    /// Its headline outcomes: title and value in words.
    pub outcomes: Vec<(String, String)>,
    /// Everything that happened, in the order of time.
    pub events: Vec<TimelineEvent>,
}

/// One event of a timeline.
#[derive(Debug, Clone, PartialEq)]
pub struct TimelineEvent {
    /// Its number in the history.
    pub id: u32,
    /// The day.
    pub date: Date,
    /// The hour, where the mechanism has a clock of its own.
    pub hour: Option<u8>,
    /// What happened, one sentence without a full stop.
    pub text: String,
    /// Whether it concerns the whole state, or is the first of its kind; the rest is folded away.
    pub central: bool,
    /// Numbers of the events that caused it.
    pub causes: Vec<u32>,
    /// What led to it, back to the beginning, and how common that is; told once for each kind of event and subject.
    pub chain: Option<ChainTold>,
}

/// The main chain of causes behind an event, and how common both are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainTold {
    /// Numbers of the events from its latest cause, by that one's latest cause, back to one without any.
    pub causes: Vec<u32>,
    /// What the chain begins with, in words: "a shock from outside", "a draw of chance".
    pub begins: &'static str,
    /// Histories with a chain of the same kinds of events.
    pub same_chain: u64,
    /// Histories in which it happens at all.
    pub occurs: u64,
    /// All histories.
    pub histories: u64,
}

/// Why something happened in one history, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WhyTold {
    /// What was asked, of which history, and its value there.
    pub heading: String,
    /// How the event at the root of the tree was chosen.
    pub basis: String,
    /// The causes as a tree, the event itself first; empty if nothing belongs to it in this history.
    pub tree: Vec<WhyBranch>,
    /// The main chain in words, from the event back to the root.
    pub chain: String,
    /// Histories with the same main chain.
    pub same_chain: u64,
    /// What it means to occur, in words: "It happens in".
    pub occurrence: String,
    /// Histories in which what was asked about occurs.
    pub occurs: u64,
    /// All histories.
    pub histories: u64,
    /// The commonest main chains in words, each with its histories.
    pub commonest: Vec<(String, u64)>,
}

/// One line of a tree of causes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WhyBranch {
    /// Steps from the event asked about.
    pub depth: usize,
    /// Its date in words.
    pub date: String,
    /// What happened.
    pub text: String,
    /// Whether its causes stand further up already and are not repeated here.
    pub repeated: bool,
    /// Of an event without causes, what it begins with, in words: "a shock from outside", "a draw of chance".
    pub begins: Option<&'static str>,
}
