//! A lever was moved: the histories again, beside the baseline, told coarse to fine.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use axum::http::StatusCode;
use equipoise_lab::live::{Sample, Setting, Simulator};
use equipoise_scenario::Scenario;
use rayon::ThreadPool;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::baseline::Opened;
use crate::refusal::Refusal;
use crate::server::on_pool;
use crate::told;
use crate::trial::{Trial, Variant};

/// Most series in one picture, most outcomes in one.
const MOST_SERIES: usize = 8;
const MOST_OUTCOMES: usize = 40;

/// What the page asks.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Who asks: a newer question of the same session takes the place of the older.
    pub session: String,
    /// Id of the scenario.
    pub scenario: String,
    /// The only account to believe, or all by their credence.
    pub account: Option<String>,
    /// The levers.
    #[serde(default)]
    pub trial: Trial,
    /// Outcomes to tell.
    pub outcomes: Vec<String>,
    /// Series to draw.
    pub series: Vec<String>,
    /// Days of them to draw, from the first on; all if it is left out.
    #[serde(default)]
    pub days: Option<usize>,
}

/// A question whose names are known.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// The levers.
    pub trial: Trial,
    /// The only account to believe (an index).
    pub account: Option<usize>,
    /// Outcomes (indices).
    pub outcomes: Vec<usize>,
    /// Series (indices).
    pub series: Vec<usize>,
    /// Days of them, from the first on.
    pub days: usize,
}

impl Question {
    /// Looks up what is asked for.
    ///
    /// # Errors
    /// A name is unknown, or too much is asked for at once (422).
    pub fn wanted(self, scenario: &Scenario) -> Result<Wanted, Refusal> {
        if self.series.len() > MOST_SERIES || self.outcomes.len() > MOST_OUTCOMES {
            return Err(Refusal::unfit(format!(
                "at most {MOST_SERIES} series and {MOST_OUTCOMES} outcomes are told at once"
            )));
        }
        let outcome = |id: &String| {
            let at = scenario.outcomes.iter().position(|outcome| outcome.id == *id);
            at.ok_or_else(|| Refusal::unfit(format!("this scenario has no outcome `{id}`")))
        };
        let series = |id: &String| {
            let at = scenario.series.iter().position(|series| series.id == *id);
            at.ok_or_else(|| Refusal::unfit(format!("this scenario has no series `{id}`")))
        };
        Ok(Wanted {
            account: account(scenario, self.account.as_deref())?,
            outcomes: self.outcomes.iter().map(outcome).collect::<Result<_, _>>()?,
            series: self.series.iter().map(series).collect::<Result<_, _>>()?,
            days: self.days.unwrap_or(scenario.days as usize),
            trial: self.trial,
        })
    }
}

/// Where an account stands among those of a scenario.
///
/// # Errors
/// There is none of this name (422).
pub fn account(scenario: &Scenario, id: Option<&str>) -> Result<Option<usize>, Refusal> {
    let Some(id) = id else { return Ok(None) };
    let at = scenario.evidence.accounts.iter().position(|account| account.id == id);
    at.map(Some).ok_or_else(|| Refusal::unfit(format!("this scenario has no account `{id}`")))
}

/// Fewer histories than this are no picture worth drawing on the way to more.
const COARSEST: u64 = 20;

/// The numbers of histories after which a picture is told: a hundredth, a tenth, all. Each costs the browser a drawing, on
/// the cores that simulate.
pub fn stages(histories: u64) -> Vec<u64> {
    let coarse = [100, 10].map(|part| histories / part).into_iter().filter(|count| *count >= COARSEST);
    coarse.chain([histories]).collect()
}

/// Simulates one trial in stages and tells each; `tell` returns false when nobody listens any more. Between stages
/// others get their turn.
///
/// # Errors
/// The levers do not fit the scenario, or the threads that simulate are gone.
pub async fn simulate<F: Future<Output = bool>>(
    opened: &Arc<Opened>,
    wanted: &Wanted,
    run: &Run,
    cancel: &Arc<AtomicBool>,
    mut tell: impl FnMut(Value) -> F,
) -> Result<(), Refusal> {
    let begun = Instant::now();
    let setting = Setting { seed: run.seed, account: wanted.account };
    let wanted = Arc::new(wanted.clone());
    let variant = if wanted.trial.is_nothing() {
        None
    } else {
        Some(Arc::new(wanted.trial.variant(&opened.scenario)?))
    };
    let asking = |scenario: &Scenario| Sample::measuring(scenario, &wanted.outcomes, wanted.series.clone());
    let mut sample = variant.as_ref().map(|variant| asking(&variant.scenario));
    for until in stages(run.histories) {
        // Closed only when the server is gone, and then nobody waits.
        let Ok(_turn) = run.turns.acquire().await else { return Ok(()) };
        if cancel.load(Ordering::Relaxed) {
            return Ok(());
        }
        let baseline = opened.baseline(setting, until, &run.pool).await?;
        let (opened, wanted, variant, cancel) =
            (opened.clone(), wanted.clone(), variant.clone(), cancel.clone());
        let last = until == run.histories;
        let (grown, told) = on_pool(&run.pool, move || {
            let picture = stage(
                &opened.scenario,
                &wanted,
                &baseline,
                variant.as_deref(),
                sample,
                setting,
                until,
                &cancel,
            );
            picture.map_or((None, None), |(sample, told)| (sample, Some(told)))
        })
        .await?;
        sample = grown;
        let Some(mut told) = told else { return Ok(()) };
        told["of"] = json!(run.histories);
        told["last"] = json!(last);
        told["milliseconds"] = json!(begun.elapsed().as_secs_f64() * 1000.0);
        if !tell(told).await {
            return Ok(());
        }
    }
    Ok(())
}

/// What simulations share.
#[derive(Debug, Clone)]
pub struct Run {
    /// The threads that simulate.
    pub pool: Arc<ThreadPool>,
    /// How many may simulate at once; the others wait in the order they came.
    pub turns: Arc<tokio::sync::Semaphore>,
    /// Histories of a whole picture.
    pub histories: u64,
    /// Seed of all randomness.
    pub seed: u64,
}

/// One stage: the sample grown, and the picture it gives; `None` when cancelled.
#[allow(clippy::too_many_arguments)]
fn stage(
    scenario: &Scenario,
    wanted: &Wanted,
    baseline: &Sample,
    variant: Option<&Variant>,
    sample: Option<Sample>,
    setting: Setting,
    until: u64,
    cancel: &AtomicBool,
) -> Option<(Option<Sample>, Value)> {
    let sample = match (variant, sample) {
        (Some(variant), Some(mut sample)) => {
            let simulator = Simulator::of(&variant.scenario, setting, &sample);
            if !simulator.grow(&mut sample, until, Some((baseline, &variant.reach)), cancel) {
                return None;
            }
            Some(sample)
        }
        _ => None,
    };
    let told = told::picture(scenario, until, baseline, sample.as_ref(), wanted);
    Some((sample, told))
}

/// The whole picture of a trial at once, in the current rayon pool, beside a baseline that is kept: what a lever costs
/// without the network. Outcomes are the headlines, series the first four, all days of them.
///
/// # Errors
/// The levers do not fit the scenario.
pub fn picture(scenario: &Scenario, trial: &Trial, baseline: &Sample, seed: u64) -> Result<Value, String> {
    let variant = trial.variant(scenario).map_err(|refusal| refusal.message)?;
    let wanted = Wanted {
        trial: trial.clone(),
        account: None,
        outcomes: (0..scenario.outcomes.len()).filter(|at| scenario.outcomes[*at].headline).collect(),
        series: (0..scenario.series.len().min(4)).collect(),
        days: scenario.days as usize,
    };
    let sample = Sample::measuring(&variant.scenario, &wanted.outcomes, wanted.series.clone());
    let setting = Setting { seed, account: None };
    let cancel = AtomicBool::new(false);
    let told =
        stage(scenario, &wanted, baseline, Some(&variant), Some(sample), setting, baseline.len(), &cancel);
    told.map(|(_, told)| told).ok_or_else(|| StatusCode::SERVICE_UNAVAILABLE.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_come_coarse_to_fine_and_end_with_all_histories() {
        assert_eq!(stages(1000), [100, 1000]);
        assert_eq!(stages(10_000), [100, 1000, 10_000]);
        assert_eq!(stages(500), [50, 500]);
        assert_eq!(stages(200), [20, 200]);
        assert_eq!(stages(100), [100]);
        assert_eq!(stages(1), [1]);
    }
}
