//! Opened scenarios, each with the histories of its baseline, which are kept and shared by all who compare with it.

use std::collections::HashMap;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};

use equipoise_lab::live::{Sample, Setting, Simulator};
use equipoise_scenario::Scenario;
use rayon::ThreadPool;

use crate::refusal::Refusal;
use crate::server::on_pool;

/// A scenario that is open.
#[derive(Debug)]
pub struct Opened {
    /// The scenario, as it was when it was opened.
    pub scenario: Scenario,
    baselines: Mutex<HashMap<Setting, Arc<Baseline>>>,
}

/// The baseline of one setting. It only ever grows.
#[derive(Debug)]
struct Baseline {
    sample: Mutex<Arc<Sample>>,
    /// Held while it grows, so that two who need more of it do not both simulate it.
    growing: tokio::sync::Mutex<()>,
}

impl Opened {
    /// Opens a scenario; nothing is simulated yet.
    pub fn new(scenario: Scenario) -> Opened {
        Opened { scenario, baselines: Mutex::default() }
    }

    /// At least so many histories of the baseline, simulated where they are not there yet.
    ///
    /// # Errors
    /// The threads that simulate are gone (503).
    pub async fn baseline(
        self: &Arc<Opened>,
        setting: Setting,
        until: u64,
        pool: &Arc<ThreadPool>,
    ) -> Result<Arc<Sample>, Refusal> {
        let baseline = self.of(setting);
        if let Some(sample) = baseline.with(until) {
            return Ok(sample);
        }
        let _growing = baseline.growing.lock().await;
        if let Some(sample) = baseline.with(until) {
            return Ok(sample);
        }
        let (opened, kept) = (self.clone(), baseline.sample());
        let grown = on_pool(pool, move || {
            let mut sample = Sample::clone(&kept);
            let simulator = Simulator::new(&opened.scenario, setting);
            // It is kept for all, so nobody who goes away stops it; it is bounded by the number of histories.
            simulator.grow(&mut sample, until, None, &AtomicBool::new(false));
            Arc::new(sample)
        })
        .await?;
        *baseline.sample.lock().unwrap_or_else(PoisonError::into_inner) = grown.clone();
        Ok(grown)
    }

    fn of(&self, setting: Setting) -> Arc<Baseline> {
        let mut baselines = self.baselines.lock().unwrap_or_else(PoisonError::into_inner);
        let new = || {
            let kept = (0..self.scenario.series.len()).collect();
            let sample = Mutex::new(Arc::new(Sample::remembering(&self.scenario, kept)));
            Arc::new(Baseline { sample, growing: tokio::sync::Mutex::default() })
        };
        baselines.entry(setting).or_insert_with(new).clone()
    }
}

impl Baseline {
    fn sample(&self) -> Arc<Sample> {
        self.sample.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn with(&self, until: u64) -> Option<Arc<Sample>> {
        Some(self.sample()).filter(|sample| sample.len() >= until)
    }
}
