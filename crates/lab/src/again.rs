//! Histories simulated again, for who asks what tables and samples do not hold.
//!
//! They stand on the same parameters and meet the same chance as those of a run directory, or of an ensemble in memory,
//! so they are the same histories.

use std::sync::atomic::{AtomicBool, Ordering};

use equipoise_engine::{Engine, Workspace};
use equipoise_scenario::Scenario;
use rayon::prelude::*;

use crate::design::{Design, Points};
use crate::draws::Draws;
use crate::error::LabError;
use crate::live::Setting;
use crate::read::Run;

/// Nobody cancels what is read off a run directory.
static NEVER: AtomicBool = AtomicBool::new(false);

/// The first histories of an ensemble, ready to be simulated again.
#[derive(Debug)]
pub struct Again<'s> {
    scenario: &'s Scenario,
    engine: Engine<'s>,
    seed: u64,
    /// Parameters of each, and the number that keys its chance.
    inputs: Vec<(Vec<f64>, u64)>,
    /// The account of each.
    accounts: Vec<usize>,
    cancel: &'s AtomicBool,
}

/// One of them.
pub(crate) struct Same<'a> {
    /// The engine of the scenario.
    pub engine: &'a Engine<'a>,
    /// The seed.
    pub seed: u64,
    /// The number that keys its chance.
    pub chance: u64,
    /// Its parameters.
    pub parameters: &'a [f64],
}

impl<'s> Again<'s> {
    /// The first `most` histories of a run.
    ///
    /// # Errors
    /// A table of the run cannot be read.
    pub fn of_run(run: &'s Run, most: u64) -> Result<Again<'s>, LabError> {
        let scenario = run.scenario();
        let inputs = run.first_inputs(most)?;
        let accounts = run.accounts()?.into_iter().take(inputs.len()).map(usize::from).collect();
        Ok(Again {
            scenario,
            engine: Engine::new(scenario),
            seed: run.manifest().seed,
            inputs,
            accounts,
            cancel: &NEVER,
        })
    }

    /// The first `most` histories of an ensemble in memory, until `cancel` is set.
    #[must_use]
    pub fn live(scenario: &'s Scenario, setting: Setting, most: u64, cancel: &'s AtomicBool) -> Again<'s> {
        let points = Points { design: Design::Sobol, seed: setting.seed };
        let draws = Draws::new(scenario, points, setting.account);
        let input = |number: u64| {
            let mut parameters = Vec::with_capacity(scenario.parameters.len());
            let account = draws.fill(number, &mut parameters);
            ((parameters, draws.chance(number)), account)
        };
        let (inputs, accounts) = (0..most).map(input).unzip();
        Again { scenario, engine: Engine::new(scenario), seed: setting.seed, inputs, accounts, cancel }
    }

    /// How many there are.
    #[must_use]
    pub fn histories(&self) -> u64 {
        self.inputs.len() as u64
    }

    /// The scenario they are of.
    pub(crate) fn scenario(&self) -> &'s Scenario {
        self.scenario
    }

    /// The account of each, an index into the scenario's evidence.
    pub(crate) fn accounts(&self) -> &[usize] {
        &self.accounts
    }

    /// What `look` sees in each of them, in their order; `None` once nobody waits any more.
    pub(crate) fn map<T: Send>(
        &self,
        look: impl Fn(&Same<'_>, &mut Workspace) -> T + Sync,
    ) -> Option<Vec<T>> {
        let begin = || self.engine.workspace();
        let seen = self.inputs.par_iter().map_init(begin, |workspace, (parameters, chance)| {
            let same = Same { engine: &self.engine, seed: self.seed, chance: *chance, parameters };
            (!self.cancel.load(Ordering::Relaxed)).then(|| look(&same, workspace))
        });
        seen.collect()
    }
}
