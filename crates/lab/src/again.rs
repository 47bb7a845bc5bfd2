//! Histories of a run simulated again, for who asks what its tables do not hold.
//!
//! They stand on the parameters that the run wrote down and meet the chance it met, so they are the same histories.

use equipoise_engine::{Engine, Workspace};
use rayon::prelude::*;

use crate::design::Points;
use crate::draws::Draws;
use crate::error::LabError;
use crate::read::Run;

/// The first histories of a run, ready to be simulated again.
pub(crate) struct Again<'r> {
    engine: Engine<'r>,
    /// Says whose chance a history meets.
    draws: Draws<'r>,
    seed: u64,
    histories: u64,
    /// One column per parameter.
    parameters: Vec<Vec<f64>>,
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
    /// The table of parameters cannot be read.
    pub(crate) fn new(run: &'r Run, most: u64) -> Result<Again<'r>, LabError> {
        let manifest = run.manifest();
        let points = Points { design: manifest.design, seed: manifest.seed, size: manifest.histories };
        let histories = manifest.histories.min(most);
        Ok(Again {
            engine: Engine::new(run.scenario()),
            draws: Draws::new(run.scenario(), points, None),
            seed: manifest.seed,
            histories,
            parameters: run.first_parameters(histories as usize)?,
        })
    }

    /// How many there are.
    pub(crate) fn histories(&self) -> u64 {
        self.histories
    }

    /// What `look` sees in each of them, in their order.
    pub(crate) fn map<T: Send>(&self, look: impl Fn(&Same<'_>, &mut Workspace) -> T + Sync) -> Vec<T> {
        let begin = || (self.engine.workspace(), Vec::new());
        let seen = (0..self.histories).into_par_iter().map_init(begin, |(workspace, parameters), history| {
            parameters.clear();
            parameters.extend(self.parameters.iter().map(|column| column[history as usize]));
            let chance = self.draws.chance(history);
            look(&Same { engine: &self.engine, seed: self.seed, chance, parameters }, workspace)
        });
        seen.collect()
    }
}
