//! The report's pictures, live: each drawn by the report's own code, for the levers as they stand, when its panel is open.
//!
//! Some cost nothing, being read off histories that are in memory; others simulate some histories again and look closer.
//! A question belongs to a session like any other, so a newer one, or a page that goes away, cancels it.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use equipoise_lab::live::{Sample, Setting, Simulator};
use equipoise_scenario::Scenario;
use equipoise_view::findings::{self, live::Live};
use equipoise_view::report::pictures;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::baseline::Opened;
use crate::refusal::Refusal;
use crate::server::on_pool;
use crate::simulate::{Run, account};
use crate::trial::Trial;

/// A picture of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Picture {
    /// Unrest by place on a few days.
    Map,
    /// The course of a mission, who voted how, past requests.
    Alliance,
    /// Positions of actors on issues.
    Positions,
    /// Votes on resolutions.
    Votes,
    /// Flows before and after, and what trade measures did.
    Routes,
    /// Shares of variance of the headline outcomes.
    Drivers,
    /// When each headline yes/no happens.
    Rules,
    /// How much each policy may be regretted.
    Regret,
}

/// Which picture of what.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// Who asks: a newer question of the same session takes the place of the older.
    pub session: String,
    /// Id of the scenario.
    pub scenario: String,
    /// The only account to believe, or all.
    pub account: Option<String>,
    /// The levers.
    #[serde(default)]
    pub trial: Trial,
    /// Which picture.
    pub picture: Picture,
}

impl Picture {
    /// In the order of the report.
    const ALL: [Picture; 8] = [
        Picture::Rules,
        Picture::Map,
        Picture::Positions,
        Picture::Votes,
        Picture::Routes,
        Picture::Drivers,
        Picture::Alliance,
        Picture::Regret,
    ];

    /// The pictures that a scenario has something for: name, heading, and what it takes to draw it.
    pub fn of_scenario(scenario: &Scenario) -> Value {
        let has = |picture: &Picture| match picture {
            Picture::Map => !scenario.places.is_empty(),
            Picture::Alliance => !scenario.treaties.is_empty(),
            Picture::Positions => !findings::positions(scenario).is_empty(),
            Picture::Votes => scenario.voting.is_some(),
            Picture::Routes => scenario.transit.is_some() || scenario.trade.is_some(),
            Picture::Rules | Picture::Drivers => true,
            Picture::Regret => !scenario.policies.is_empty(),
        };
        let told = Picture::ALL.into_iter().filter(has).map(|picture| {
            let (title, takes) = picture.told();
            json!({ "id": picture, "title": title, "takes": takes })
        });
        told.collect()
    }

    /// Its heading, and what it takes to draw it.
    fn told(self) -> (&'static str, &'static str) {
        match self {
            Picture::Map => {
                ("Where and when", "200 histories are simulated again and looked at place by place.")
            }
            Picture::Alliance => {
                ("What the alliance did", "300 histories are simulated again for the reasons of votes.")
            }
            Picture::Positions => (
                "Positions over time",
                "Of a trial, all histories are simulated again; of the baseline, none.",
            ),
            Picture::Votes => ("Votes", "All histories are simulated again, and votes counted."),
            Picture::Routes => {
                ("Routes and trade", "48 histories are simulated again and every flow is looked at.")
            }
            Picture::Rules => (
                "When does it happen?",
                "Of a trial, all histories are simulated again; of the baseline, none. Rules are looked for.",
            ),
            Picture::Regret => (
                "Regret of policies",
                "200 histories are simulated under each policy of the scenario, on top of the levers.",
            ),
            Picture::Drivers => {
                ("What drives it", "Of a trial, all histories are simulated again; of the baseline, none.")
            }
        }
    }

    /// Whether it is read off a sample of all histories.
    fn needs_sample(self) -> bool {
        matches!(self, Picture::Alliance | Picture::Positions | Picture::Drivers | Picture::Rules)
    }
}

/// Draws a picture: the text of an HTML fragment without styles, `null` once nobody waits any more.
///
/// # Errors
/// The levers do not fit, past requests teach nothing, or the threads that simulate are gone.
pub async fn draw(
    opened: &Arc<Opened>,
    wanted: Wanted,
    run: &Run,
    cancel: &Arc<AtomicBool>,
) -> Result<Value, Refusal> {
    let setting = Setting { seed: run.seed, account: account(&opened.scenario, wanted.account.as_deref())? };
    let variant = wanted.trial.variant(&opened.scenario)?;
    let is_baseline = wanted.trial.is_nothing();
    let baseline = match wanted.picture.needs_sample() {
        true => Some(opened.baseline(setting, run.histories, &run.pool).await?),
        false => None,
    };
    let Ok(_turn) = run.turns.acquire().await else { return Ok(Value::Null) };
    let (cancel, histories, picture) = (cancel.clone(), run.histories, wanted.picture);
    on_pool(&run.pool, move || {
        let live = Live { scenario: &variant.scenario, setting, cancel: &cancel };
        let sample = match baseline {
            Some(baseline) if !is_baseline => {
                let mut sample = Sample::empty(&variant.scenario, findings::positions(&variant.scenario));
                let beside = Some((&*baseline, &variant.reach));
                if !Simulator::new(&variant.scenario, setting).grow(&mut sample, histories, beside, &cancel) {
                    return Ok(Value::Null);
                }
                Some(Arc::new(sample))
            }
            baseline => baseline,
        };
        let drawn = drawn(&live, picture, sample.as_deref(), histories)?;
        let stopped = cancel.load(std::sync::atomic::Ordering::Relaxed);
        Ok(if stopped { Value::Null } else { json!({ "html": drawn.map(|html| unstyled(&html)) }) })
    })
    .await?
}

/// A picture as HTML; nothing where there is nothing to draw.
fn drawn(
    live: &Live<'_>,
    picture: Picture,
    sample: Option<&Sample>,
    histories: u64,
) -> Result<Option<String>, Refusal> {
    Ok(match picture {
        Picture::Map => pictures::unrest(live, histories),
        Picture::Routes => pictures::routes(live, histories),
        Picture::Votes => pictures::ballots(live, histories),
        Picture::Regret => pictures::regrets(live, histories),
        Picture::Positions => sample.map(|sample| pictures::positions(live, sample)),
        Picture::Drivers => sample.map(|sample| pictures::drives(live, sample)),
        Picture::Rules => sample.map(|sample| pictures::rules(live, sample)),
        Picture::Alliance => match sample {
            Some(sample) => pictures::alliances(live, histories, sample)
                .map_err(|error| Refusal::unfit(error.to_string()))?,
            None => None,
        },
    })
}

/// The studio's pages allow no styles in markup: they are handed over under another name, and the page sets them itself.
/// No text can hold the mark, since quotation marks in texts are escaped.
fn unstyled(html: &str) -> String {
    html.replace(" style=\"", " data-style=\"")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::trial::tests::small;

    const HISTORIES: u64 = 60;

    fn drawn_of(scenario: &Scenario, picture: Picture, cancel: bool) -> Option<String> {
        let (setting, cancel) = (Setting { seed: 1, account: None }, AtomicBool::new(cancel));
        let mut sample = Sample::empty(scenario, (0..scenario.series.len()).collect());
        let never = AtomicBool::new(false);
        Simulator::new(scenario, setting).grow(&mut sample, HISTORIES, None, &never);
        let live = Live { scenario, setting, cancel: &cancel };
        drawn(&live, picture, Some(&sample), HISTORIES).unwrap()
    }

    #[test]
    fn every_picture_that_is_offered_can_be_drawn() {
        let scenario = small();
        let offered = Picture::of_scenario(&scenario);
        assert!(!offered.as_array().unwrap().is_empty());
        for one in offered.as_array().unwrap() {
            let picture: Picture = serde_json::from_value(one["id"].clone()).unwrap();
            let html = unstyled(&drawn_of(&scenario, picture, false).unwrap());
            assert!(!html.is_empty() && !html.contains("NaN") && !html.contains(" style="), "{picture:?}");
            assert!(!html.contains("<h2"), "the panel has the heading: {picture:?}");
        }
    }

    #[test]
    fn who_is_gone_is_drawn_no_map() {
        assert_eq!(drawn_of(&small(), Picture::Map, true), None);
    }
}
