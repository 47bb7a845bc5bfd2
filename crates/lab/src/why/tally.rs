//! Counting main chains over all histories in bounded memory.

use std::collections::HashMap;

use equipoise_scenario::chronicle::EventKind;

use super::{ChainShare, Link, link};
use crate::read::EventGroup;

/// Most different chains remembered.
const MOST_CHAINS: usize = 1 << 16;

/// Rows of a main chain in their row group.
pub(super) struct Rows<'g> {
    pub(super) group: &'g EventGroup,
    pub(super) rows: Vec<usize>,
}

impl Rows<'_> {
    pub(super) fn iter(&self) -> std::slice::Iter<'_, usize> {
        self.rows.iter()
    }

    /// The chain as bytes: equal for chains of the same kinds of events only.
    pub(super) fn write_key(&self, key: &mut Vec<u8>) {
        key.clear();
        let mut last = None;
        for &row in &self.rows {
            push_link(key, self.group.kind[row], self.group.subject(row), &mut last);
        }
    }
}

/// Chains met so far.
pub(super) struct Tally {
    counts: HashMap<Vec<u8>, Counted>,
    key: Vec<u8>,
}

struct Counted {
    histories: u64,
    example: u64,
    chain: Vec<Link>,
}

impl Tally {
    /// An empty tally that counts `asked` whatever else it meets.
    pub(super) fn new(asked: Option<Vec<Link>>) -> Tally {
        let mut counts = HashMap::new();
        if let Some(chain) = asked {
            let none = Counted { histories: 0, example: u64::MAX, chain: kinds_of(chain.into_iter()) };
            counts.insert(key_of(&none.chain), none);
        }
        Tally { counts, key: Vec::new() }
    }

    pub(super) fn count(&mut self, history: u64, rows: &Rows) {
        rows.write_key(&mut self.key);
        if let Some(counted) = self.counts.get_mut(&self.key) {
            counted.histories += 1;
            counted.example = counted.example.min(history);
        } else if self.counts.len() < MOST_CHAINS {
            let counted = Counted {
                histories: 1,
                example: history,
                chain: kinds_of(rows.iter().map(|&row| link(rows.group, row))),
            };
            self.counts.insert(self.key.clone(), counted);
        }
    }

    /// Histories with a chain of the same kinds of events.
    pub(super) fn of(&self, chain: &[Link]) -> u64 {
        self.counts.get(&key_of(chain)).map_or(0, |counted| counted.histories)
    }

    /// The commonest chains; among equals, the one met in the earlier history first.
    pub(super) fn commonest(&self, most: usize) -> Vec<ChainShare> {
        let mut chains: Vec<&Counted> = self.counts.values().filter(|c| c.histories > 0).collect();
        chains.sort_by_key(|counted| (std::cmp::Reverse(counted.histories), counted.example));
        let share = |counted: &Counted| ChainShare {
            chain: counted.chain.clone(),
            histories: counted.histories,
            example: counted.example,
        };
        chains.into_iter().take(most).map(share).collect()
    }
}

fn key_of(chain: &[Link]) -> Vec<u8> {
    let mut key = Vec::new();
    let mut last = None;
    for link in chain {
        push_link(&mut key, link.kind, link.subject.as_bytes(), &mut last);
    }
    key
}

/// A chain by the kinds of its events: without the places and members they are about, repetitions in a row told once.
fn kinds_of(chain: impl Iterator<Item = Link>) -> Vec<Link> {
    let mut kinds: Vec<Link> = Vec::new();
    for link in chain {
        let subject = if names_its_subject(link.kind) { link.subject } else { String::new() };
        let link = Link { kind: link.kind, subject };
        if kinds.last() != Some(&link) {
            kinds.push(link);
        }
    }
    kinds
}

/// Whether a chain with another subject there is another chain. That protest spread by this city or that, or that this
/// member or that voted yes last, is not; that another choice was made is.
fn names_its_subject(kind: EventKind) -> bool {
    let others = matches!(
        kind,
        EventKind::Shock
            | EventKind::Choice
            | EventKind::TransitClosed
            | EventKind::TransitOpened
            | EventKind::SanctionBegins
            | EventKind::SanctionEnds
    );
    others || kind.is_of_treaty()
}

/// Appends a link (its subject ended by a byte no text contains), unless it is of the kind before and neither is told
/// apart by its subject.
fn push_link(key: &mut Vec<u8>, kind: EventKind, subject: &[u8], last: &mut Option<EventKind>) {
    let named = names_its_subject(kind);
    if !named && *last == Some(kind) {
        return;
    }
    key.push(kind as u8);
    if named {
        key.extend_from_slice(subject);
    }
    key.push(0xff);
    *last = Some(kind);
}
