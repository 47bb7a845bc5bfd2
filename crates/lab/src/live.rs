//! Ensembles in memory, for questions that are answered at once: a baseline that is kept, and variants beside it.
//!
//! History k of a variant meets the same point of the design and the same chance as history k of the baseline, and both
//! are those of a run directory with the same seed, Sobol points and account. So what is read here is what `compare`
//! would find with as many histories.
//!
//! A history is a pure function of the scenario's rules, its parameters and its chance. Where a variant's parameters are
//! those of the baseline and no rule it changes came into play, its history is the baseline's and is not simulated again
//! ([`Reach`] says when that is certain). Elsewhere two things spare work and change nothing: a sample can ask for some
//! outcomes and series alone ([`Sample::measuring`]), and a baseline can keep what its histories worked out at length
//! ([`Sample::remembering`]).

mod reach;
mod sample;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use equipoise_engine::{Engine, History, Measured, Memory, Recall, Workspace};
use equipoise_scenario::Scenario;
use equipoise_scenario::chronicle::{EventKind, Subject};
use rayon::prelude::*;

use crate::comparison::NO_POLICY;
use crate::design::{Design, Points};
use crate::draws::Draws;
use crate::read::EventRow;
use crate::run_directory::Subjects;

pub use reach::Reach;
pub use sample::{Lived, Sample, effects};

/// Histories simulated between two looks at whether anybody still waits for them, on each thread.
const STRETCH: u64 = 4;

/// Which histories: those of a run with this seed and account on Sobol points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Setting {
    /// Seed of the design and of every history.
    pub seed: u64,
    /// The only account (an index into the evidence), or all by their credence.
    pub account: Option<usize>,
}

/// The scenario as it stands, then each of its policies on top of it: the first histories of each, paired, without series.
/// `None` once `cancel` is set.
#[must_use]
pub fn under_each_policy(
    scenario: &Scenario,
    setting: Setting,
    histories: u64,
    cancel: &AtomicBool,
) -> Option<Vec<(String, Sample)>> {
    let grown = |scenario: &Scenario, beside: Option<(&Sample, &Reach)>| {
        let mut sample = Sample::empty(scenario, Vec::new());
        Simulator::new(scenario, setting).grow(&mut sample, histories, beside, cancel).then_some(sample)
    };
    let mut samples = vec![(NO_POLICY.to_owned(), grown(scenario, None)?)];
    for policy in &scenario.policies {
        let reach = Reach::of(scenario, &policy.changes);
        let sample = grown(&scenario.under(&policy.changes), Some((&samples[0].1, &reach)))?;
        samples.push((policy.id.clone(), sample));
    }
    Some(samples)
}

/// Simulates histories of one scenario, the baseline or a variant of it.
#[derive(Debug)]
pub struct Simulator<'s> {
    scenario: &'s Scenario,
    engine: Engine<'s>,
    draws: Draws<'s>,
    seed: u64,
}

impl<'s> Simulator<'s> {
    /// Makes a scenario ready.
    #[must_use]
    pub fn new(scenario: &'s Scenario, setting: Setting) -> Simulator<'s> {
        Simulator::telling(scenario, setting, Measured::all(scenario))
    }

    /// Makes a scenario ready to tell what a sample asks for and no more: only this sample, or one that asks for less, can
    /// then be grown.
    #[must_use]
    pub fn of(scenario: &'s Scenario, setting: Setting, sample: &Sample) -> Simulator<'s> {
        Simulator::telling(scenario, setting, sample.measured(scenario))
    }

    fn telling(scenario: &'s Scenario, setting: Setting, measured: Measured) -> Simulator<'s> {
        let points = Points { design: Design::Sobol, seed: setting.seed };
        let draws = Draws::new(scenario, points, setting.account);
        Simulator { scenario, engine: Engine::measuring(scenario, measured), draws, seed: setting.seed }
    }

    /// Adds histories to a sample until it has `until`, in the current rayon pool. Beside a baseline with as many
    /// histories, those that the changes cannot reach are taken from it. Returns whether it got so far: on `cancel`
    /// it stops within a few histories and the sample stays as it was.
    pub fn grow(
        &self,
        sample: &mut Sample,
        until: u64,
        beside: Option<(&Sample, &Reach)>,
        cancel: &AtomicBool,
    ) -> bool {
        let stretches: Vec<u64> = (sample.len()..until).step_by(STRETCH as usize).collect();
        let (kept, remembered) = (&sample.kept, sample.remembered);
        let rooms: Vec<Mutex<Room>> = (0..rayon::current_num_threads()).map(|_| Mutex::default()).collect();
        let grown: Vec<Vec<Lived>> = stretches
            .into_par_iter()
            .with_max_len(1)
            .map(|first| {
                if cancel.load(Ordering::Relaxed) {
                    return Vec::new();
                }
                // Each thread has a room of its own, so that nobody waits; what a panic leaves there is put right by the
                // next history, which begins anew.
                let own = rayon::current_thread_index().unwrap_or(0) % rooms.len();
                let mut room = rooms[own].lock().unwrap_or_else(PoisonError::into_inner);
                (first..until.min(first + STRETCH))
                    .map(|number| self.lived(number, (kept, number < remembered), beside, &mut room))
                    .collect()
            })
            .collect();
        if cancel.load(Ordering::Relaxed) {
            return false;
        }
        sample.histories.extend(grown.into_iter().flatten());
        true
    }

    /// One history whole, with its account.
    #[must_use]
    pub fn history(&self, number: u64) -> (usize, History) {
        let (mut parameters, mut history) = (Vec::new(), History::default());
        let account = self.draws.fill(number, &mut parameters);
        let mut workspace = self.engine.workspace();
        self.engine.simulate(self.seed, self.draws.chance(number), &parameters, &mut workspace, &mut history);
        (account, history)
    }

    /// Histories from number 0 on, whole, in the current rayon pool; `None` on `cancel`.
    #[must_use]
    pub fn histories(&self, count: u64, cancel: &AtomicBool) -> Option<Vec<History>> {
        let simulate = |number: u64| (!cancel.load(Ordering::Relaxed)).then(|| self.history(number).1);
        (0..count).into_par_iter().map(simulate).collect()
    }

    fn lived(
        &self,
        number: u64,
        (kept, remembers): (&[usize], bool),
        beside: Option<(&Sample, &Reach)>,
        room: &mut Room,
    ) -> Lived {
        let mut parameters = Vec::with_capacity(self.scenario.parameters.len());
        let account = self.draws.fill(number, &mut parameters);
        let twin = beside.and_then(|(baseline, _)| baseline.histories.get(number as usize));
        if let Some((baseline, reach)) = beside
            && let Some(twin) = twin
            && twin.parameters == parameters
            && reach.spares(twin)
            && let Some(series) = baseline.some_series(twin, kept)
        {
            // The rest is the same; the account may be another one that believes the same.
            return Lived { account, series, recall: None, ..twin.clone() };
        }
        let Room { workspace, history } = room;
        let workspace = workspace.get_or_insert_with(|| self.engine.workspace());
        let mut recall = remembers.then(Recall::default);
        let twin = twin.and_then(|twin| twin.recall.as_deref());
        let memory = Memory::new(twin, recall.as_mut());
        let chance = self.draws.chance(number);
        self.engine.simulate_beside(self.seed, chance, &parameters, workspace, history, memory);
        let width = self.scenario.series.len();
        let days = self.scenario.days as usize;
        let mut series = Vec::with_capacity(kept.len() * days);
        for at in kept {
            series.extend(history.series.iter().skip(*at).step_by(width).take(days));
        }
        let mut chosen = Vec::new();
        let mut requested = Vec::new();
        for event in &history.events {
            match (event.kind, event.subject) {
                (EventKind::Choice, Subject::Option(decision, option)) => chosen.push((decision, option)),
                (EventKind::Requested, Subject::Treaty(treaty)) => requested.push(treaty),
                _ => {}
            }
        }
        let (outcomes, recall) = (history.outcomes.clone(), recall.map(Arc::new));
        Lived { account, parameters, outcomes, series, chosen, requested, recall }
    }
}

/// What one thread simulates in, made when first needed.
#[derive(Default)]
struct Room {
    workspace: Option<Workspace>,
    history: History,
}

/// The events of a history in memory, as rows of a table.
#[must_use]
pub fn event_rows(scenario: &Scenario, history: &History) -> Vec<EventRow> {
    let subjects = Subjects::of(scenario);
    let row = |(id, event): (u32, &equipoise_engine::Event)| EventRow {
        event: id,
        day: u32::from(event.day),
        hour: event.hour,
        kind: event.kind,
        subject: subjects.name(event.subject).to_owned(),
        amount: event.amount,
        causes: history.causes(id).to_vec(),
    };
    (0..).zip(&history.events).map(row).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use equipoise_scenario::scenario::Change;

    use super::*;

    const SETTING: Setting = Setting { seed: 1, account: None };

    fn scenario() -> Scenario {
        equipoise_scenario::load_files("strait", equipoise_scenario::template("strait")).unwrap()
    }

    fn sample(scenario: &Scenario, until: u64, beside: Option<(&Sample, &Reach)>) -> Sample {
        let mut sample = Sample::empty(scenario, (0..scenario.series.len()).collect());
        assert!(Simulator::new(scenario, SETTING).grow(&mut sample, until, beside, &AtomicBool::new(false)));
        sample
    }

    /// Bytes, so that a missing value equals a missing value.
    fn bits(sample: &Sample) -> Vec<(usize, Vec<u64>, Vec<f32>)> {
        let of = |lived: &Lived| {
            let outcomes = lived.outcomes.iter().map(|value| value.to_bits()).collect();
            (lived.account, outcomes, lived.series.clone())
        };
        sample.histories.iter().map(of).collect()
    }

    #[test]
    fn growing_in_steps_gives_the_same_histories() {
        let scenario = scenario();
        let simulator = Simulator::new(&scenario, SETTING);
        let mut stepped = Sample::empty(&scenario, (0..scenario.series.len()).collect());
        for until in [5, 40, 100] {
            assert!(simulator.grow(&mut stepped, until, None, &AtomicBool::new(false)));
        }
        assert_eq!(bits(&stepped), bits(&sample(&scenario, 100, None)));
    }

    #[test]
    fn leaving_out_what_no_change_can_reach_changes_no_history() {
        let scenario = scenario();
        let baseline = sample(&scenario, 150, None);
        let mut spared = 0;
        for policy in &scenario.policies {
            let changed = scenario.with_policy(&policy.id).unwrap();
            let reach = Reach::of(&scenario, &policy.changes);
            let quick = sample(&changed, 150, Some((&baseline, &reach)));
            assert_eq!(bits(&quick), bits(&sample(&changed, 150, None)), "{}", policy.id);
            spared += baseline.histories.iter().filter(|lived| reach.spares(lived)).count();
        }
        for (at, decision) in scenario.decisions.iter().enumerate() {
            for option in 0..decision.options.len() {
                let change = [Change::Forbid { decision: at, option }];
                let changed = scenario.under(&change);
                let reach = Reach::of(&scenario, &change);
                let quick = sample(&changed, 150, Some((&baseline, &reach)));
                assert_eq!(bits(&quick), bits(&sample(&changed, 150, None)), "{}.{option}", decision.id);
                spared += baseline.histories.iter().filter(|lived| reach.spares(lived)).count();
            }
        }
        assert!(spared > 150, "{spared}");
    }

    #[test]
    fn who_is_asked_for_less_or_beside_one_who_remembers_tells_the_same() {
        let mut bundled = equipoise_bundled::ids().map(|id| equipoise_bundled::bundled(id).unwrap());
        let whole = |scenario: &Scenario| scenario.trade.is_some() && scenario.bargaining.is_some();
        let scenario = bundled.find(whole).unwrap();
        let asked: Vec<usize> = (0..scenario.outcomes.len()).step_by(3).collect();
        let kept = vec![1, 4];
        for parameter in [3, 90, 200, 300] {
            let declared = &scenario.parameters[parameter];
            let range = [0.5 * (declared.lowest() + declared.highest()); 2];
            let changes = [Change::Parameter { parameter, range, reason: String::new() }];
            let variant = scenario.under(&changes);
            let grow = |simulator: &Simulator<'_>, mut sample: Sample, beside: Option<(&Sample, &Reach)>| {
                assert!(simulator.grow(&mut sample, 12, beside, &AtomicBool::new(false)));
                sample
            };
            let all = Sample::remembering(&scenario, (0..scenario.series.len()).collect());
            let baseline = grow(&Simulator::new(&scenario, SETTING), all, None);
            assert!(baseline.histories.iter().all(|lived| lived.recall.is_some()));
            let reach = Reach::of(&scenario, &changes);
            let few = Sample::measuring(&variant, &asked, kept.clone());
            let quick = grow(&Simulator::of(&variant, SETTING, &few), few, Some((&baseline, &reach)));
            let everything = Sample::empty(&variant, kept.clone());
            let whole = grow(&Simulator::new(&variant, SETTING), everything, None);
            for (quick, whole) in quick.histories.iter().zip(&whole.histories) {
                let of =
                    |lived: &Lived| asked.iter().map(|o| lived.outcomes[*o].to_bits()).collect::<Vec<_>>();
                assert_eq!((quick.account, of(quick)), (whole.account, of(whole)));
                assert_eq!(quick.series, whole.series);
            }
            let not_asked = (0..scenario.outcomes.len()).find(|outcome| !asked.contains(outcome)).unwrap();
            assert!(quick.summaries(&variant, not_asked, 12).is_empty());
            assert!(effects(&variant, not_asked, &baseline, &quick).is_empty());
            assert!(!effects(&variant, asked[0], &baseline, &quick).is_empty());
        }
    }

    #[test]
    fn a_change_of_credence_simulates_only_those_who_change_their_mind() {
        let scenario = scenario();
        let baseline = sample(&scenario, 100, None);
        let mut changed = scenario.clone();
        let last = changed.evidence.accounts.len() - 1;
        changed.evidence.accounts[0].credence *= 0.5;
        changed.evidence.accounts[last].credence += changed.evidence.accounts[0].credence;
        let quick = sample(&changed, 100, Some((&baseline, &Reach::default())));
        assert_eq!(bits(&quick), bits(&sample(&changed, 100, None)));
        assert_ne!(bits(&quick), bits(&baseline));
    }

    #[test]
    fn a_cancelled_simulation_leaves_the_sample_as_it_was() {
        let scenario = scenario();
        let mut sample = Sample::empty(&scenario, Vec::new());
        let cancel = AtomicBool::new(true);
        assert!(!Simulator::new(&scenario, SETTING).grow(&mut sample, 50, None, &cancel));
        assert!(sample.is_empty());
    }

    #[test]
    fn the_median_of_a_fan_lies_between_its_quarters() {
        let scenario = scenario();
        let sample = sample(&scenario, 60, None);
        let days = scenario.days as usize;
        let fan = sample.fan(0, 60, usize::MAX).unwrap();
        assert_eq!(fan.len(), days);
        assert!(fan.iter().all(|day| day.windows(2).all(|pair| pair[0] <= pair[1])));
        for some in [0, 1, 16, 17, days] {
            assert_eq!(sample.fan(0, 60, some).unwrap(), fan[..some], "the first {some} days");
        }
        assert_eq!(Sample::empty(&scenario, Vec::new()).fan(0, 1, days), None);
    }

    #[test]
    fn an_outcome_is_counted_over_all_and_by_account() {
        let scenario = scenario();
        let sample = sample(&scenario, 80, None);
        let summaries = sample.summaries(&scenario, 0, 80);
        assert_eq!(summaries[0].histories, 80);
        assert_eq!(summaries[1..].iter().map(|summary| summary.histories).sum::<u64>(), 80);
        let unchanged = effects(&scenario, 0, &sample, &sample);
        assert!(unchanged.iter().all(|effect| effect.changed.count == 0));
    }
}
