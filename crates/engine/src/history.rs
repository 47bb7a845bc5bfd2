//! What one simulated run leaves behind: outcomes, daily series, and the chronicle of events with their causes.

use equipoise_models::treaty::{Ballot, VoteParts};
use equipoise_scenario::chronicle::{EventKind, Subject};
use equipoise_scenario::scenario::TreatyId;

/// Number of an event within its history, counted from zero in the order of time.
pub type EventId = u32;

/// One dated thing that happened in a history.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Event {
    /// Day, counted from the start of the simulation.
    pub day: u16,
    /// Hour of that day, 0–23, where the mechanism has a clock of its own (alliance procedures); else 0.
    pub hour: u8,
    /// What kind of thing.
    pub kind: EventKind,
    /// What it is about.
    pub subject: Subject,
    /// How much, where that means something (persons killed, soldiers, utility margin); else 0.
    pub amount: f32,
    causes_from: u32,
    causes_until: u32,
}

/// A member's vote on a request and the reasons for it; its day stands with the event.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Vote {
    /// The event of the vote.
    pub event: EventId,
    /// Index of the treaty.
    pub treaty: TreatyId,
    /// Index of the member in the treaty.
    pub member: usize,
    /// How it voted.
    pub ballot: Ballot,
    /// The parts of its utility of yes over abstaining.
    pub parts: VoteParts,
}

/// One simulated run. Made once and filled again and again: filling allocates only while it still grows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct History {
    /// One value per outcome of the scenario: a number, a yes/no as 1 and 0, a date as days since the start;
    /// NaN where there is none (an event that never came).
    pub outcomes: Vec<f64>,
    /// Values at the end of each day, row-major: `series[day * number_of_series + series]`.
    pub series: Vec<f32>,
    /// Everything that happened, in the order of time.
    pub events: Vec<Event>,
    /// Every vote on a request with its reasons, in the order of time; not part of a run's tables.
    pub votes: Vec<Vote>,
    causes: Vec<EventId>,
    /// Whether causes are left out.
    untraced: bool,
}

impl History {
    /// The events that caused one event: earlier ones, without repetition; none for a shock.
    pub fn causes(&self, event: EventId) -> &[EventId] {
        let event = &self.events[event as usize];
        &self.causes[event.causes_from as usize..event.causes_until as usize]
    }

    /// Empties the history, keeping its memory; whether causes will be taken down.
    pub(crate) fn clear(&mut self, traced: bool) {
        self.untraced = !traced;
        self.outcomes.clear();
        self.series.clear();
        self.events.clear();
        self.votes.clear();
        self.causes.clear();
    }

    /// Writes an event with its causes ([`NO_EVENT`] and repetitions are left out) and gives its number.
    pub(crate) fn record(
        &mut self,
        day: u32,
        hour: u8,
        kind: EventKind,
        subject: Subject,
        amount: f64,
        causes: &[EventId],
    ) -> EventId {
        let from = self.causes.len();
        let causes = if self.untraced { &[] } else { causes };
        for &cause in causes {
            if cause != NO_EVENT && !self.causes[from..].contains(&cause) {
                self.causes.push(cause);
            }
        }
        self.causes[from..].sort_unstable();
        let id = self.events.len() as EventId;
        self.events.push(Event {
            day: day as u16,
            hour,
            kind,
            subject,
            amount: amount as f32,
            causes_from: from as u32,
            causes_until: self.causes.len() as u32,
        });
        id
    }
}

/// Stands for "nothing yet" where the last cause of a quantity is kept.
pub(crate) const NO_EVENT: EventId = EventId::MAX;
