//! Every event of some histories with the chain of causes behind it, and how common that chain is among all histories.

use std::collections::HashMap;

use rayon::prelude::*;

use super::{Run, main_chain};
use crate::error::LabError;
use crate::read::EventGroup;

/// An event of a history, the chain that led to it, and how common both are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventChain {
    /// The event's number in its history.
    pub event: u32,
    /// Its main chain: the numbers of its latest cause, of that one's latest cause, and so on to an event without any.
    pub causes: Vec<u32>,
    /// Histories in which an event of this kind about this subject has, when it first happens, a chain of the same kinds.
    pub same_chain: u64,
    /// Histories in which an event of this kind about this subject happens at all.
    pub occurs: u64,
}

/// The events of some histories, each told once by kind and subject (when it first happens), with their main chains.
///
/// Streams over all events of the run once, row groups in parallel; memory is bounded by a row group a thread.
///
/// # Errors
/// There is no such history, or a table cannot be read.
pub fn chains(run: &Run, histories: &[u64]) -> Result<Vec<Vec<EventChain>>, LabError> {
    let mut asked = Asked::default();
    let file = run.event_table()?;
    for &history in histories {
        if history >= run.histories() {
            return Err(LabError::NoSuchHistory { history, histories: run.histories() });
        }
        let group = run.event_group(file, (history / run.manifest().block) as usize)?;
        asked.add(&group, history);
    }
    let counts = (0..file.groups())
        .into_par_iter()
        .map(|number| Ok(asked.count(&run.event_group(file, number)?)))
        .try_reduce(|| vec![[0; 2]; asked.chains.len()], |a, b| Ok(sum(a, &b)))?;
    let mut told = vec![Vec::new(); histories.len()];
    for (one, [occurs, same_chain]) in asked.chains.into_iter().zip(counts) {
        told[one.of].push(EventChain { event: one.event, causes: one.causes, same_chain, occurs });
    }
    Ok(told)
}

fn sum(mut counts: Vec<[u64; 2]>, more: &[[u64; 2]]) -> Vec<[u64; 2]> {
    for (count, more) in counts.iter_mut().zip(more) {
        count[0] += more[0];
        count[1] += more[1];
    }
    counts
}

/// What is asked about.
#[derive(Default)]
struct Asked {
    chains: Vec<Chain>,
    /// Where in `chains` an event of a kind and subject is asked about.
    places: HashMap<Vec<u8>, Vec<usize>>,
    /// Histories added so far.
    histories: usize,
}

/// One event that is asked about.
struct Chain {
    /// Which of the histories.
    of: usize,
    event: u32,
    causes: Vec<u32>,
    /// Its chain by kinds.
    key: Vec<u8>,
}

impl Asked {
    /// Asks about every event of a history of a group.
    fn add(&mut self, group: &EventGroup, history: u64) {
        let of = self.histories;
        self.histories += 1;
        let Some((_, span)) = group.spans.iter().find(|(number, _)| *number == history) else { return };
        let mut name = Vec::new();
        for row in span.clone() {
            write_name(group, row, &mut name);
            let places = self.places.entry(name.clone()).or_default();
            if places.iter().any(|at| self.chains[*at].of == of) {
                continue;
            }
            places.push(self.chains.len());
            let chain = main_chain(group, span.start, row);
            let mut key = Vec::new();
            chain.write_key(&mut key);
            let causes = chain.iter().skip(1).map(|&row| group.event[row] as u32).collect();
            self.chains.push(Chain { of, event: group.event[row] as u32, causes, key });
        }
    }

    /// For each event that is asked about: histories of a group in which it happens, and in which its chain is the same.
    fn count(&self, group: &EventGroup) -> Vec<[u64; 2]> {
        let mut counts = vec![[0; 2]; self.chains.len()];
        let mut met = vec![u64::MAX; self.chains.len()];
        let (mut name, mut key) = (Vec::new(), Vec::new());
        for (history, span) in &group.spans {
            for row in span.clone() {
                write_name(group, row, &mut name);
                let Some(places) = self.places.get(&name) else { continue };
                // Only the first of its kind and subject in a history counts.
                if met[places[0]] == *history {
                    continue;
                }
                main_chain(group, span.start, row).write_key(&mut key);
                for &at in places {
                    met[at] = *history;
                    counts[at][0] += 1;
                    counts[at][1] += u64::from(self.chains[at].key == key);
                }
            }
        }
        counts
    }
}

/// Kind and subject of an event as bytes.
fn write_name(group: &EventGroup, row: usize, name: &mut Vec<u8>) {
    name.clear();
    name.push(group.kind[row] as u8);
    name.extend_from_slice(group.subject(row));
}
