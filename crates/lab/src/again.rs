//! Histories of a run simulated again, for who asks what its tables do not hold.
//!
//! They stand on the parameters that the run wrote down and meet the chance it met, so they are the same histories.

use equipoise_engine::{Engine, Workspace};
use rayon::prelude::*;

use crate::error::LabError;
use crate::read::Run;

/// The first histories of a run, ready to be simulated again.
pub(crate) struct Again<'r> {
    engine: Engine<'r>,
    seed: u64,
    /// Parameters of each, and the number that keys its chance.
    inputs: Vec<(Vec<f64>, u64)>,
}

/// One of them.
pub(crate) struct Same<'a> {
    /// The engine of the run's scenario.
    pub engine: &'a Engine<'a>,
    /// The run's seed.
    pub seed: u64,
    /// The number that keys its chance.
    pub chance: u64,
    /// Its parameters.
    pub parameters: &'a [f64],
}

impl<'r> Again<'r> {
    /// The first `most` histories of a run.
    ///
    /// # Errors
    /// A table of the run cannot be read.
    pub(crate) fn new(run: &'r Run, most: u64) -> Result<Again<'r>, LabError> {
        Ok(Again {
            engine: Engine::new(run.scenario()),
            seed: run.manifest().seed,
            inputs: run.first_inputs(most)?,
        })
    }

    /// How many there are.
    pub(crate) fn histories(&self) -> u64 {
        self.inputs.len() as u64
    }

    /// What `look` sees in each of them, in their order.
    pub(crate) fn map<T: Send>(&self, look: impl Fn(&Same<'_>, &mut Workspace) -> T + Sync) -> Vec<T> {
        let begin = || self.engine.workspace();
        let seen = self.inputs.par_iter().map_init(begin, |workspace, (parameters, chance)| {
            look(&Same { engine: &self.engine, seed: self.seed, chance: *chance, parameters }, workspace)
        });
        seen.collect()
    }
}
