//! A request as a procedure with a clock in hours: each stage ends well, fails, or runs out of time.

use super::TreatyError;

/// What is done in a stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StageKind {
    /// The legal test: does any clause in force cover the case at all?
    Admissibility,
    /// The members talk; it ends well when they are ready to vote.
    Consultation,
    /// The members vote on what was asked.
    Vote,
    /// The members vote on what else they could give.
    LesserAnswer,
    /// The answer is made public.
    Announcement,
}

/// How a procedure can end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// What was asked is given.
    Granted,
    /// Something less is given.
    Lesser,
    /// Nothing is given.
    Refused,
    /// Time ran out without an answer.
    Lapsed,
    /// The requester took its request back.
    Withdrawn,
}

/// Where a stage leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// To another stage, by index.
    Stage(usize),
    /// To an end.
    End(End),
}

/// One stage.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stage {
    /// What is done.
    pub kind: StageKind,
    /// Shortest and longest time it takes, in hours.
    pub hours: [f64; 2],
    /// Hours after which it is given up, if there is a limit.
    pub limit_hours: Option<f64>,
    /// Where it leads when it ends well.
    pub done: Next,
    /// Where it leads when it fails.
    pub failed: Next,
    /// Where it leads when its time is up.
    pub late: Next,
}

impl Stage {
    /// Where the stage leads and after how many hours, if it takes `hours` and would end as told.
    #[must_use]
    pub fn pass(&self, hours: f64, succeeds: bool) -> (Next, f64) {
        let hours = hours.max(0.0);
        match self.limit_hours {
            Some(limit) if hours > limit => (self.late, limit.max(0.0)),
            _ if succeeds => (self.done, hours),
            _ => (self.failed, hours),
        }
    }

    /// The time it takes at a uniform number.
    #[must_use]
    pub fn duration(&self, uniform: f64) -> f64 {
        self.hours[0] + uniform * (self.hours[1] - self.hours[0])
    }
}

/// The stages of a request; the first one is where it begins.
#[derive(Clone, Debug, PartialEq)]
pub struct Procedure {
    stages: Vec<Stage>,
}

/// One way through a procedure.
#[derive(Clone, Debug, PartialEq)]
pub struct Passage {
    /// How it ended.
    pub end: End,
    /// After how many hours.
    pub hours: f64,
    /// The stages gone through and the hour at which each was left.
    pub stages: Vec<(usize, f64)>,
}

/// Stages after which a procedure that goes in circles counts as lapsed.
const MOST_STAGES: usize = 1000;

impl Procedure {
    /// A procedure of these stages.
    ///
    /// # Errors
    /// There is none, one leads to a stage that is not there, or from one no way leads to an end.
    pub fn new(stages: Vec<Stage>) -> Result<Procedure, TreatyError> {
        if stages.is_empty() {
            return Err(TreatyError::NoStage { stage: 0 });
        }
        let ways = |stage: &Stage| {
            let late = stage.limit_hours.map(|_| stage.late);
            [Some(stage.done), Some(stage.failed), late].into_iter().flatten()
        };
        for stage in &stages {
            for next in ways(stage) {
                if let Next::Stage(next) = next
                    && next >= stages.len()
                {
                    return Err(TreatyError::NoStage { stage: next });
                }
            }
        }
        let mut leads_out = vec![false; stages.len()];
        for _ in 0..stages.len() {
            for (at, stage) in stages.iter().enumerate() {
                leads_out[at] |= ways(stage).any(|next| match next {
                    Next::End(_) => true,
                    Next::Stage(next) => leads_out[next],
                });
            }
        }
        match leads_out.iter().position(|out| !out) {
            Some(stage) => Err(TreatyError::NoWayOut { stage }),
            None => Ok(Procedure { stages }),
        }
    }

    /// The stages.
    #[must_use]
    pub fn stages(&self) -> &[Stage] {
        &self.stages
    }

    /// Goes through the procedure once. `uniform` gives a number of (0, 1) for each stage entered, `succeeds` says how
    /// a stage ends. The requester takes the request back after `patience_hours` (infinity: never).
    pub fn pass(
        &self,
        patience_hours: f64,
        mut uniform: impl FnMut(usize) -> f64,
        mut succeeds: impl FnMut(StageKind) -> bool,
    ) -> Passage {
        let (mut at, mut clock) = (0, 0.0);
        let mut stages = Vec::new();
        while stages.len() < MOST_STAGES {
            let stage = &self.stages[at];
            let (next, hours) = stage.pass(stage.duration(uniform(at)), succeeds(stage.kind));
            if clock + hours > patience_hours {
                return Passage { end: End::Withdrawn, hours: patience_hours, stages };
            }
            clock += hours;
            stages.push((at, clock));
            match next {
                Next::End(end) => return Passage { end, hours: clock, stages },
                Next::Stage(next) => at = next,
            }
        }
        Passage { end: End::Lapsed, hours: clock, stages }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn stage(kind: StageKind, done: Next, failed: Next) -> Stage {
        Stage { kind, hours: [2.0, 6.0], limit_hours: Some(5.0), done, failed, late: Next::End(End::Lapsed) }
    }

    fn council() -> Procedure {
        Procedure::new(vec![
            stage(StageKind::Admissibility, Next::Stage(1), Next::End(End::Refused)),
            stage(StageKind::Vote, Next::End(End::Granted), Next::Stage(2)),
            stage(StageKind::LesserAnswer, Next::End(End::Lesser), Next::End(End::Refused)),
        ])
        .unwrap()
    }

    #[test]
    fn every_stage_can_end_well_fail_run_late_or_be_left_by_the_requester() {
        let run = |patience, u: f64, good: fn(StageKind) -> bool| council().pass(patience, |_| u, good);
        let granted = run(f64::INFINITY, 0.25, |_| true);
        assert_eq!((granted.end, granted.hours), (End::Granted, 6.0));
        assert_eq!(granted.stages, [(0, 3.0), (1, 6.0)]);
        assert_eq!(run(f64::INFINITY, 0.25, |kind| kind != StageKind::Vote).end, End::Lesser);
        assert_eq!(run(f64::INFINITY, 0.25, |_| false).end, End::Refused);
        let late = run(f64::INFINITY, 0.9, |_| true);
        assert_eq!((late.end, late.hours), (End::Lapsed, 5.0));
        let left = run(4.0, 0.25, |_| true);
        assert_eq!((left.end, left.hours, left.stages.len()), (End::Withdrawn, 4.0, 1));
    }

    #[test]
    fn a_procedure_without_a_way_out_is_an_error() {
        let circle = vec![
            stage(StageKind::Consultation, Next::Stage(1), Next::Stage(1)),
            stage(StageKind::Vote, Next::Stage(0), Next::Stage(0)),
        ];
        let unlimited: Vec<Stage> = circle.iter().map(|s| Stage { limit_hours: None, ..*s }).collect();
        assert_eq!(Procedure::new(unlimited), Err(TreatyError::NoWayOut { stage: 0 }));
        assert!(Procedure::new(circle).is_ok(), "its limits lead out");
        assert_eq!(Procedure::new(Vec::new()), Err(TreatyError::NoStage { stage: 0 }));
        let nowhere = vec![stage(StageKind::Vote, Next::Stage(7), Next::End(End::Refused))];
        assert_eq!(Procedure::new(nowhere), Err(TreatyError::NoStage { stage: 7 }));
    }

    proptest! {
        #[test]
        fn a_procedure_always_ends_and_its_clock_never_runs_back(
            draws in prop::collection::vec(0.0..1.0f64, 8), patience in 0.0..40.0f64, good in any::<u8>(),
        ) {
            let (mut d, mut g) = (0, 0);
            let passage = council().pass(
                patience,
                |_| { d += 1; draws[d % draws.len()] },
                |_| { g += 1; good >> (g % 8) & 1 == 1 },
            );
            prop_assert!(passage.hours <= patience && passage.stages.len() <= 3);
            prop_assert!(passage.stages.windows(2).all(|pair| pair[0].1 <= pair[1].1));
        }
    }
}
