//! What is kept of a treaty: the request under way, its members, their soldiers.

use equipoise_models::opinion::Heard;
use equipoise_models::treaty::Pledge;
use equipoise_scenario::scenario::{ActorId, Treaty};

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
    pub granted_day: u32,
    pub refused: bool,
    /// How far the clauses cover the case, as last tested.
    pub admissibility: f64,
    pub lead_in_favour: bool,
    /// Number of the lesser answer given last, from 1; 0 for none.
    pub answer: u32,
    /// The requester's call that nobody else come.
    pub called_off: EventId,
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
    /// Soldiers in the country, by member.
    pub present: Vec<f64>,
    /// Room for one day's queue for the airlift and its movements.
    pub queue: Vec<f64>,
    pub moved: Vec<f64>,
    /// What moved the belief of each hearer so far.
    pub heard: Vec<Moved>,
    pub voices: Voices,
}

/// What moved a hearer's belief so far: the framing, and each voice.
#[derive(Debug, Clone, Default)]
pub(crate) struct Moved {
    pub framing: f64,
    pub voices: Vec<f64>,
}

/// Voices on one day: which speak, what they say, how one hearer hears each, what that moves.
#[derive(Debug, Clone, Default)]
pub(crate) struct Voices {
    pub speaks: Vec<bool>,
    pub says: Vec<f64>,
    /// The trust of each hearer in each voice, hearer after hearer: 0 where it is not heard.
    pub trust: Vec<f64>,
    pub heard: Vec<Heard>,
    pub moved: Vec<f64>,
}

impl TreatyState {
    /// Whether nothing of it moves from day to day.
    pub fn is_idle(&self) -> bool {
        self.clock.is_none() && (!self.granted || self.over != NO_EVENT)
    }

    /// Soldiers pledged who may still come.
    pub fn awaited(&self) -> f64 {
        self.members.iter().map(|member| member.pledge.awaited()).sum()
    }

    /// The same of one actor.
    pub fn awaited_of(&self, actor: ActorId) -> f64 {
        let own = self.members.iter().filter(|member| member.actor == actor);
        own.map(|member| member.pledge.awaited()).sum()
    }

    /// Before anything was asked.
    pub fn new(treaty: &Treaty) -> TreatyState {
        let (members, voices) = (treaty.members.len(), treaty.voices.len());
        let moved = Moved { framing: 0.0, voices: vec![0.0; voices] };
        TreatyState {
            members: treaty.members.iter().map(|member| MemberState::unasked(member.actor)).collect(),
            present: vec![0.0; members],
            queue: vec![0.0; members],
            moved: vec![0.0; members],
            heard: vec![moved; treaty.hearers().count()],
            voices: Voices {
                speaks: vec![false; voices],
                says: vec![0.0; voices],
                trust: vec![0.0; voices * treaty.hearers().count()],
                heard: vec![Heard { trust: 0.0, says: 0.0 }; voices],
                moved: vec![0.0; voices],
            },
            ..TreatyState::unasked()
        }
    }

    /// The same under the parameters of a history, in the memory it has.
    pub fn reset(&mut self, treaty: &Treaty, parameters: &[f64]) {
        let mut kept = std::mem::replace(self, TreatyState::unasked());
        for member in &mut kept.members {
            *member = MemberState::unasked(member.actor);
        }
        kept.present.fill(0.0);
        for hearer in &mut kept.heard {
            hearer.framing = 0.0;
            hearer.voices.fill(0.0);
        }
        self.members = kept.members;
        self.present = kept.present;
        self.queue = kept.queue;
        self.moved = kept.moved;
        self.heard = kept.heard;
        self.voices = kept.voices;
        let voices = treaty.voices.len();
        for (v, voice) in treaty.voices.iter().enumerate() {
            let trusts = self.voices.trust.iter_mut().skip(v).step_by(voices);
            for (trust, id) in trusts.zip(&voice.trust) {
                *trust = id.map_or(0.0, |id| parameters[id].clamp(0.0, 1.0));
            }
        }
    }

    fn unasked() -> TreatyState {
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
            granted_day: 0,
            called_off: NO_EVENT,
            refused: false,
            admissibility: 0.0,
            lead_in_favour: false,
            arrived: NO_EVENT,
            arrival_day: 0,
            ended: NO_EVENT,
            deadline: 0,
            over: NO_EVENT,
            hours_left: 0.0,
            members: Vec::new(),
            present: Vec::new(),
            queue: Vec::new(),
            moved: Vec::new(),
            heard: Vec::new(),
            voices: Voices::default(),
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
    pub actor: ActorId,
    pub vote: EventId,
    pub in_favour: bool,
    pub pledge: Pledge,
    /// Ballots still open in its parliament; none needed: zero.
    pub ballots_left: u32,
    pub ratified: EventId,
    pub arrived: EventId,
    pub left: bool,
}

impl MemberState {
    pub fn unasked(actor: ActorId) -> MemberState {
        MemberState {
            actor,
            vote: NO_EVENT,
            in_favour: false,
            pledge: Pledge::NONE,
            ballots_left: 0,
            ratified: NO_EVENT,
            arrived: NO_EVENT,
            left: false,
        }
    }
}
