//! One history to read, and why something happened in it.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use equipoise_lab::live::{Setting, Simulator, event_rows};
use equipoise_lab::why::{Question as WhyQuestion, why_among};
use equipoise_scenario::Scenario;
use equipoise_scenario::scenario::Measure;
use equipoise_view::findings::{self, Kind};
use equipoise_view::wording;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::baseline::Opened;
use crate::refusal::Refusal;
use crate::server::on_pool;
use crate::simulate::{Run, account};
use crate::trial::Trial;

/// Which history.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// Id of the scenario.
    pub scenario: String,
    /// The only account to believe, or all.
    pub account: Option<String>,
    /// The levers.
    #[serde(default)]
    pub trial: Trial,
    /// Its number.
    pub history: Option<u64>,
    /// Where no number is given, which one of the baseline's; left out, the most typical.
    pub choose: Option<Choose>,
}

/// A history that is worth reading, whatever its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Choose {
    /// Its outcomes lie nearest to the centre of all.
    Typical,
    /// In it something comes out as it seldom does.
    Surprising,
    /// It misses the record by least.
    Closest,
}

/// What is asked of it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WhyWanted {
    /// Who asks: a newer question of the same session takes the place of the older.
    pub session: String,
    /// Id of the scenario.
    pub scenario: String,
    /// The only account to believe, or all.
    pub account: Option<String>,
    /// The levers.
    #[serde(default)]
    pub trial: Trial,
    /// The history.
    pub history: u64,
    /// An outcome, or an event as `why` is asked: `granted(CSTO)`.
    pub about: String,
}

/// One history day by day.
///
/// # Errors
/// The levers do not fit, there is no such history, or the threads that simulate are gone.
pub async fn history(opened: &Arc<Opened>, wanted: Wanted, run: &Run) -> Result<Value, Refusal> {
    let setting = Setting { seed: run.seed, account: account(&opened.scenario, wanted.account.as_deref())? };
    let (number, chosen) = match wanted.history {
        Some(number) if number >= run.histories => {
            return Err(Refusal::missing("history", &number.to_string()));
        }
        Some(number) => (number, None),
        None => {
            let baseline = opened.baseline(setting, run.histories, &run.pool).await?;
            let kind = match wanted.choose.unwrap_or(Choose::Typical) {
                Choose::Typical => Kind::Typical,
                Choose::Surprising => Kind::Surprising,
                Choose::Closest => Kind::Closest,
            };
            let chosen = findings::chosen_among(&opened.scenario, &baseline);
            let chosen = chosen.into_iter().find(|chosen| chosen.kind == kind);
            let chosen = chosen.ok_or_else(|| Refusal::unfit(nothing_of(kind)))?;
            (chosen.history, Some(chosen))
        }
    };
    let opened = opened.clone();
    let variant = wanted.trial.variant(&opened.scenario)?;
    on_pool(&run.pool, move || {
        let (account, history) = Simulator::new(&variant.scenario, setting).history(number);
        let scenario = &opened.scenario;
        let rows = event_rows(scenario, &history);
        let events = findings::events_told(scenario, &rows).into_iter().map(|event| {
            let row = &rows[event.id as usize];
            let name = row.kind.name();
            let about = if row.subject.is_empty() { name.to_owned() } else { format!("{name}({})", row.subject) };
            json!({
                "id": event.id,
                "day": row.day,
                "date": wording::date(event.date),
                "hour": event.hour,
                "text": event.text,
                "central": event.central,
                "causes": event.causes,
                "about": about,
            })
        });
        let outcomes = (0..scenario.outcomes.len()).filter(|at| scenario.outcomes[*at].headline).map(|at| {
            let value = findings::outcome_value(scenario, at, history.outcomes[at]);
            json!({ "outcome": scenario.outcomes[at].id, "title": scenario.outcomes[at].title, "value": value })
        });
        let believed = &scenario.evidence.accounts[account];
        json!({
            "history": number,
            "chosen": chosen.map(|chosen| json!({ "title": chosen.kind.title(), "rule": chosen.rule })),
            "account": { "id": believed.id, "title": believed.title },
            "outcomes": outcomes.collect::<Vec<Value>>(),
            "events": events.collect::<Vec<Value>>(),
        })
    })
    .await
}

/// Why something happened in a history, and how common its chain of causes is among all.
///
/// # Errors
/// As [`history`]; and the question is about nothing the scenario knows.
pub async fn why(
    opened: &Arc<Opened>,
    wanted: WhyWanted,
    run: &Run,
    cancel: &Arc<AtomicBool>,
) -> Result<Value, Refusal> {
    let setting = Setting { seed: run.seed, account: account(&opened.scenario, wanted.account.as_deref())? };
    let question = WhyQuestion::parse(&opened.scenario, &wanted.about)
        .map_err(|_| Refusal::unfit(format!("this scenario has no outcome or event `{}`", wanted.about)))?;
    let variant = wanted.trial.variant(&opened.scenario)?;
    let Ok(_turn) = run.turns.acquire().await else { return Ok(Value::Null) };
    let (cancel, histories) = (cancel.clone(), run.histories);
    on_pool(&run.pool, move || {
        let Some(all) = Simulator::new(&variant.scenario, setting).histories(histories, &cancel) else {
            return Ok(Value::Null);
        };
        let scenario = &variant.scenario;
        let why = why_among(scenario, &all, &question, Some(wanted.history))
            .map_err(|_| Refusal::missing("history", &wanted.history.to_string()))?;
        let told = findings::why_told(scenario, &question, &why);
        let tree = told.tree.iter().zip(&why.tree).map(|(line, branch)| {
            json!({
                "depth": line.depth,
                "event": branch.event.event,
                "date": line.date,
                "text": line.text,
                "repeated": line.repeated,
                "begins": line.begins,
            })
        });
        Ok(json!({
            "heading": told.heading,
            "basis": told.basis,
            "tree": tree.collect::<Vec<Value>>(),
            "chain": told.chain,
            "same_chain": told.same_chain,
            "occurs": told.occurs,
            "occurrence": told.occurrence,
            "histories": told.histories,
            "commonest": told.commonest.iter().map(|(chain, count)| json!({ "chain": chain, "histories": count })).collect::<Vec<Value>>(),
        }))
    })
    .await?
}

/// Why there is no history of a kind.
fn nothing_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Typical => "there is no history to read",
        Kind::Surprising => "nothing in these histories is rare",
        Kind::Closest => "this scenario has no record to compare histories with",
    }
}

/// The table of outcomes of every history, as CSV: the baseline, and the trial beside it.
///
/// # Errors
/// As [`history`].
pub async fn table(opened: &Arc<Opened>, wanted: Wanted, run: &Run) -> Result<String, Refusal> {
    let setting = Setting { seed: run.seed, account: account(&opened.scenario, wanted.account.as_deref())? };
    let baseline = opened.baseline(setting, run.histories, &run.pool).await?;
    let variant = wanted.trial.variant(&opened.scenario)?;
    let Ok(_turn) = run.turns.acquire().await else { return Ok(String::new()) };
    let (opened, histories) = (opened.clone(), run.histories);
    on_pool(&run.pool, move || {
        let mut sample = equipoise_lab::live::Sample::empty(&variant.scenario, Vec::new());
        let beside = Some((&*baseline, &variant.reach));
        let never = AtomicBool::new(false);
        Simulator::new(&variant.scenario, setting).grow(&mut sample, histories, beside, &never);
        rows(&opened.scenario, &[("baseline", &baseline), ("trial", &sample)])
    })
    .await
}

/// One line per history: which run, its number, its account, its outcomes; a cell without value is empty.
fn rows(scenario: &Scenario, runs: &[(&str, &equipoise_lab::live::Sample)]) -> String {
    let mut text = String::from("run,history,account");
    for outcome in &scenario.outcomes {
        text += &format!(",{}", outcome.id);
    }
    text.push('\n');
    for (name, sample) in runs {
        for (number, lived) in sample.histories.iter().enumerate() {
            text += &format!("{name},{number},{}", scenario.evidence.accounts[lived.account].id);
            for (outcome, value) in scenario.outcomes.iter().zip(&lived.outcomes) {
                text.push(',');
                if value.is_finite() {
                    text += &match outcome.measure {
                        Measure::First { .. } | Measure::Last { .. } => {
                            scenario.date(*value as u32).to_string()
                        }
                        _ => value.to_string(),
                    };
                }
            }
            text.push('\n');
        }
    }
    text
}
