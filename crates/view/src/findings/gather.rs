//! From a run directory to findings: the only place that reads runs.

use equipoise_lab::again::Again;
use equipoise_lab::score::score;
use equipoise_lab::summary::summarise;
use equipoise_lab::votes::votes;
use equipoise_lab::{LabError, Run};
use equipoise_scenario::scenario::Target;

use super::{
    AccountRow, Ensemble, Findings, OutcomeRow, Scored, alliance, ballots, chosen, drives, fans, fit,
    outcome, rests, routes, rule, unrest,
};

/// Days of the period's beginning that fans show at first.
const ZOOM_DAYS: u32 = 31;

/// Everything the report shows, from a complete run; `command` is what makes the same run again.
///
/// # Errors
/// A table of the run cannot be read.
pub fn gather(run: &Run, command: &str) -> Result<Findings, LabError> {
    let scenario = run.scenario();
    let scores = score(run)?;
    let scored = fit::all_scored(scenario, &scores);
    let of = |target: &dyn Fn(Target) -> bool| -> Vec<Scored> {
        scored.iter().filter(|(at, ..)| target(*at)).map(|(_, row, _)| row.clone()).collect()
    };
    let summaries = summarise(run)?;
    let outcomes: Vec<OutcomeRow> = (0..scenario.outcomes.len())
        .map(|at| outcome::row(scenario, at, &summaries, of(&|target| target == Target::Outcome(at))))
        .collect();
    let (mut others, mut positions) = (Vec::new(), Vec::new());
    for (at, series) in scenario.series.iter().enumerate() {
        let list = if fans::is_position(&series.value) { &mut positions } else { &mut others };
        list.push(fans::of_run(
            run,
            at,
            of(&|target| matches!(target, Target::Series(series, _) if series == at)),
        )?);
    }
    let last = scenario.days.saturating_sub(1);
    Ok(Findings {
        title: scenario.title.clone(),
        question: scenario.question.clone(),
        ensemble: ensemble(run, command),
        accounts: accounts(run)?,
        alliances: alliance::of_run(run)?,
        timelines: chosen::timelines(run, &outcomes)?,
        outcomes,
        rules: rule::of_run_directory(run)?,
        fans: others,
        drives: drives::of_run(run)?,
        positions,
        ballots: ballots::ballots(scenario, votes(run)?),
        zoom: (scenario.start, scenario.date(if last >= 2 * ZOOM_DAYS { ZOOM_DAYS - 1 } else { last })),
        unrest: unrest::unrest(scenario, &Again::of_run(run, unrest::HISTORIES)?),
        routes: routes::routes(scenario, &Again::of_run(run, routes::HISTORIES)?),
        fit: fit::fit(scenario, &scored),
        cards: fit::titled_cards(scenario, &scores),
        parameters: rests::parameters(scenario),
        conflicts: rests::conflicts(scenario),
        sources: rests::sources(scenario),
    })
}

fn ensemble(run: &Run, command: &str) -> Ensemble {
    let (scenario, manifest) = (run.scenario(), run.manifest());
    Ensemble {
        scenario: manifest.scenario.id.clone(),
        hash: manifest.scenario.hash.clone(),
        policy: manifest.policy.clone(),
        histories: run.histories(),
        seed: manifest.seed,
        design: manifest.design.name().to_owned(),
        version: manifest.equipoise.clone(),
        command: command.to_owned(),
        period: (scenario.start, scenario.date(scenario.days.saturating_sub(1))),
    }
}

fn accounts(run: &Run) -> Result<Vec<AccountRow>, LabError> {
    let drawn = run.accounts()?;
    let rows = run.scenario().evidence.accounts.iter().enumerate().map(|(at, account)| AccountRow {
        id: account.id.clone(),
        title: account.title.clone(),
        explanation: account.explanation.clone(),
        credence: account.credence,
        histories: drawn.iter().filter(|there| usize::from(**there) == at).count() as u64,
    });
    Ok(rows.collect())
}
