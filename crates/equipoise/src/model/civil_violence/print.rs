//! What is printed at the end, as text and as JSON.

use std::fmt::Write;

use equipoise_models::civil_violence::Setting;
use equipoise_view::{terminal, wording};
use serde_json::{Value, json};

use super::{CivilViolenceArgs, Run};
use crate::screen::Screen;

/// The first society whole; all of them under `runs` where there are several.
pub(super) fn as_json(runs: &[Run]) -> Value {
    let one = |run: &Run| {
        let series: Vec<Value> = run
            .ticks
            .iter()
            .zip(&run.arrests)
            .map(|(tick, arrests)| {
                json!({
                    "tick": tick.tick,
                    "active": tick.active,
                    "jailed": tick.jailed,
                    "quiet": tick.quiet,
                    "cops": tick.cops,
                    "groups": tick.groups,
                    "legitimacy": tick.legitimacy,
                    "tension": tick.tension,
                    "arrests": arrests,
                })
            })
            .collect();
        let outbursts: Vec<Value> = run
            .outbursts
            .iter()
            .map(|one| {
                json!({ "start": one.start, "end": one.end, "activation": one.activation, "wait": one.wait })
            })
            .collect();
        json!({
            "seed": run.seed,
            "engine": run.engine,
            "series": series,
            "outbursts": outbursts,
            "agent_steps_per_second": run.agent_steps as f64 / run.seconds.max(1e-9),
        })
    };
    let mut first = runs.first().map_or_else(|| json!({}), one);
    if runs.len() > 1 {
        first["runs"] = runs.iter().map(one).collect();
    }
    first
}

pub(super) fn as_text(
    args: &CivilViolenceArgs,
    setting: &Setting,
    runs: &[Run],
    why_plain: Option<&str>,
    screen: &Screen,
) -> String {
    let waits: Vec<f64> =
        runs.iter().flat_map(|run| &run.outbursts).filter_map(|one| one.wait).map(f64::from).collect();
    let sizes: Vec<f64> =
        runs.iter().flat_map(|run| &run.outbursts).map(|one| one.activation as f64).collect();
    let spread = |values: &[f64]| match values.len() {
        0 => "–".to_owned(),
        n => {
            let mean = values.iter().sum::<f64>() / n as f64;
            let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / n as f64;
            format!("{mean:.0} ± {:.0}", variance.sqrt())
        }
    };
    let mut text = format!(
        "{} by the rules {}: {} × {} sites, {} citizens, {}\n",
        args.preset,
        args.rules,
        setting.width,
        setting.height,
        wording::whole(setting.citizens() as u64),
        wording::counted(runs.len() as u64, "society", "societies"),
    );
    for run in runs.iter().take(5) {
        let active: Vec<f64> = run.ticks.iter().map(|tick| f64::from(tick.active)).collect();
        let width = screen.out.width.saturating_sub(24).max(20);
        let _ = writeln!(
            text,
            "seed {:<6} {}  peak {}",
            run.seed,
            terminal::sparkline(&active, width),
            active.iter().fold(0.0f64, |a, b| a.max(*b))
        );
    }
    let steps: u64 = runs.iter().map(|run| run.agent_steps).sum();
    let seconds: f64 = runs.iter().map(|run| run.seconds).sum();
    let per_run = sizes.len() as f64 / runs.len().max(1) as f64;
    let _ = write!(
        text,
        "Outbursts (more than {} active): {} in {} ticks; wait {}, total activation {} (mean ± standard deviation)\n\
         {} million agent-steps a second",
        args.outburst_limit,
        wording::number(per_run),
        wording::whole(u64::from(args.ticks)),
        spread(&waits),
        spread(&sizes),
        wording::number(steps as f64 / seconds.max(1e-9) / 1e6),
    );
    if runs.iter().any(|run| run.engine == "crowd") {
        text += " (engine for crowds, all threads together)";
    } else if let Some(why) = why_plain {
        let _ = write!(text, " (plain engine: {why})");
    }
    if let Some(dir) = &args.out {
        let _ = write!(text, "\nSeries and outbursts: {}", dir.display());
    }
    if let Some(path) = &args.html {
        let _ = write!(text, "\nPage: {}", path.display());
    }
    text
}
