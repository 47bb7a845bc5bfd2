//! What is kept of a treaty: the request under way, its members, their soldiers.

use crate::history::{EventId, NO_EVENT};

/// Where a treaty's procedure stands.
#[derive(Debug, Clone)]
pub(crate) struct TreatyState {
    /// The last request.
    pub requested: EventId,
    /// Where a pending request stands.
    pub clock: Option<Clock>,
    /// The last grant or refusal.
    pub decided: EventId,
    pub granted: bool,
    pub refused: bool,
    /// How far the clauses cover the case, as last tested.
    pub admissibility: f64,
    pub lead_in_favour: bool,
    /// Number of the lesser answer given last, from 1; 0 for none.
    pub answer: u32,
    /// First arrival of troops.
    pub arrived: EventId,
    pub arrival_day: u32,
    /// End of the mandate.
    pub ended: EventId,
    /// Day by which the last soldier is to leave.
    pub deadline: u32,
    /// Day by which the last soldier does leave.
    pub leave_by: u32,
    /// Days added to the deadline before the mandate ended.
    pub extension: u32,
    pub deadline_missed: EventId,
    pub deadline_kept: EventId,
    pub over: EventId,
    /// Hours left for airlift on the day of the decision.
    pub hours_left: f64,
    pub members: Vec<MemberState>,
    /// Soldiers who wait for the airlift, and soldiers in the country, by member.
    pub waiting: Vec<f64>,
    pub present: Vec<f64>,
    /// Room for one day's movements.
    pub moved: Vec<f64>,
}

impl TreatyState {
    /// Whether nothing of it moves from day to day.
    pub fn is_idle(&self) -> bool {
        self.clock.is_none() && (!self.granted || self.over != NO_EVENT)
    }

    pub fn idle(members: Vec<MemberState>) -> TreatyState {
        let count = members.len();
        TreatyState {
            requested: NO_EVENT,
            clock: None,
            answer: 0,
            leave_by: 0,
            extension: 0,
            deadline_missed: NO_EVENT,
            deadline_kept: NO_EVENT,
            decided: NO_EVENT,
            granted: false,
            refused: false,
            admissibility: 0.0,
            lead_in_favour: false,
            arrived: NO_EVENT,
            arrival_day: 0,
            ended: NO_EVENT,
            deadline: 0,
            over: NO_EVENT,
            hours_left: 0.0,
            waiting: vec![0.0; count],
            present: vec![0.0; count],
            moved: vec![0.0; count],
            members,
        }
    }
}

/// The stage a request is in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clock {
    /// Index of the stage.
    pub stage: usize,
    /// Hour since the start at which it ends.
    pub due_hour: f64,
    /// Whether it ends because its time is up.
    pub late: bool,
}

/// Where a member stands in the present request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct MemberState {
    pub vote: EventId,
    pub in_favour: bool,
    /// Ballots still open in its parliament; none needed: zero.
    pub ballots_left: u32,
    pub ratified: EventId,
    pub arrived: EventId,
    pub left: bool,
}

impl MemberState {
    pub const UNASKED: MemberState = MemberState {
        vote: NO_EVENT,
        in_favour: false,
        ballots_left: 0,
        ratified: NO_EVENT,
        arrived: NO_EVENT,
        left: false,
    };
}
