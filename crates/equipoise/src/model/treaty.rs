//! `equipoise model treaty`: a request held against a treaty, or what past requests teach.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use equipoise_lab::treaty::{CaseLearned, Judged, Learned, judge, learn};
use equipoise_models::treaty::{End, Forecast, Span, VoteParts, WEIGHT_NAMES};
use equipoise_scenario::treaty::{TreatyCase, read_case, read_treaty};
use equipoise_view::terminal;
use equipoise_view::wording;
use serde_json::{Map, Value, json};

use crate::failure::Failure;
use crate::screen::Screen;

/// What `model treaty` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  equipoise model treaty scenarios/treaties/csto.toml scenarios/treaties/cases/csto-2022-09-armenia.toml --explain
  equipoise model treaty --fit scenarios/treaties/csto.toml scenarios/treaties/cases/csto-*.toml
                                              learn the weights of votes from past requests, each left out in turn
  equipoise model treaty scenarios/treaties/nato.toml scenarios/treaties/cases/nato-2012-turkiye.toml --json

TREATY is a treaty's text as data, CASE what was known on the day of a request; `equipoise schema treaty.toml` and
`equipoise schema case.toml` describe them. Weights come from the priors in TREATY; with --fit from the cases.")]
pub struct TreatyArgs {
    /// The treaty: a TOML file.
    pub treaty: PathBuf,
    /// The case, or with --fit all cases: TOML files.
    #[arg(required = true, value_name = "CASE")]
    pub cases: Vec<PathBuf>,
    /// Learn the weights from the cases, and foretell each from the others.
    #[arg(long)]
    pub fit: bool,
    /// Show the parts of each member's utility.
    #[arg(long, conflicts_with = "fit")]
    pub explain: bool,
    /// Draws of weights and facts [default: 4000, with --fit 20000].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub draws: Option<u32>,
    /// Seed of all randomness.
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub seed: u64,
}

/// Judges a case, or learns from several.
///
/// # Errors
/// A file has mistakes, or there are several cases without `--fit`.
pub fn treaty(args: &TreatyArgs, screen: &Screen) -> Result<ExitCode, Failure> {
    let text = read_treaty(&args.treaty)?;
    let cases = args.cases.iter().map(|path| read_case(path, &text)).collect::<Result<Vec<_>, _>>()?;
    if args.fit {
        let cases: Vec<&TreatyCase> = cases.iter().collect();
        let learned = learn(&text, &cases, args.draws.unwrap_or(20_000), args.seed)?;
        if screen.json {
            screen.print_json(&learned_json(&learned))?;
        } else {
            screen.print(&terminal::learned(&text.title, &learned, screen.out))?;
        }
        return Ok(ExitCode::SUCCESS);
    }
    let [case] = &cases[..] else {
        return Err(Failure::Wrong(format!(
            "{} cases are given; one is judged alone, several need --fit",
            cases.len()
        )));
    };
    let judged = judge(&text, case, args.draws.unwrap_or(4000), args.seed)?;
    if screen.json {
        screen.print_json(&judged_json(case, &judged))?;
    } else {
        screen.print(&terminal::judged(&text, case, &judged, args.explain, screen.out))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn judged_json(case: &TreatyCase, judged: &Judged) -> Value {
    let admissible = judged.clauses.iter().map(|clause| {
        json!({
            "clause": clause.id,
            "article": clause.article,
            "in_force_since": clause.since,
            "degree": 0.5 * (clause.degree[0] + clause.degree[1]),
            "degree_low": clause.degree[0],
            "degree_high": clause.degree[1],
            "strength": clause.strength,
        })
    });
    let votes = judged.members.iter().map(|member| {
        let parts: Map<String, Value> = VoteParts::NAMES
            .iter()
            .zip(&member.parts)
            .map(|(name, part)| ((*name).to_owned(), json!(part.mean)))
            .collect();
        json!({
            "member": member.actor,
            "leads": member.leads,
            "yes": member.ballot[0],
            "abstain": member.ballot[1],
            "no": member.ballot[2],
            "parts": parts,
        })
    });
    let answers: Map<String, Value> =
        judged.answers.iter().map(|(title, chance)| (title.clone(), json!(chance))).collect();
    let ends = judged.ends.iter().map(
        |end| json!({ "end": end_word(end.end), "probability": end.probability, "hours": span(&end.hours) }),
    );
    json!({
        "case": case.id,
        "date": case.date,
        "requester": case.requester,
        "admissible": admissible.collect::<Vec<_>>(),
        "text_alone": { "degree": judged.text.degree, "grants": judged.text.grants },
        "votes": votes.collect::<Vec<_>>(),
        "rule": wording::rule(judged.rule),
        "granted": judged.written.mean,
        "granted_by": {
            "written_rule": span(&judged.written),
            "lead_alone": judged.lead_alone.as_ref().map(span),
        },
        "instead": answers,
        "ends": ends.collect::<Vec<_>>(),
        "observed": case.observed.as_ref().map(|observed| json!({
            "granted": observed.granted, "answer": observed.answer,
        })),
    })
}

fn learned_json(learned: &Learned) -> Value {
    let weights = learned.fit.weights.iter().map(|weight| {
        json!({ "name": weight.name, "prior": span(&weight.prior), "posterior": span(&weight.posterior) })
    });
    let scores = learned
        .scores
        .iter()
        .map(|score| json!({ "name": score.name, "brier": score.brier, "log": score.log }));
    json!({
        "weights": weights.collect::<Vec<_>>(),
        "lead_alone": learned.fit.lead_alone,
        "log_evidence": { "written_rule": learned.fit.log_evidence[0], "lead_alone": learned.fit.log_evidence[1] },
        "draws": learned.draws,
        "effective_draws": learned.fit.effective_draws,
        "cases": learned.cases.iter().map(case_json).collect::<Vec<_>>(),
        "scores": scores.collect::<Vec<_>>(),
    })
}

fn case_json(case: &CaseLearned) -> Value {
    let without: Map<String, Value> = WEIGHT_NAMES
        .iter()
        .zip(&case.fit.weights_without)
        .map(|(name, weight)| ((*name).to_owned(), span(weight)))
        .collect();
    json!({
        "case": case.fit.id,
        "date": case.date,
        "requester": case.requester,
        "granted": case.fit.observed.granted,
        "answer": case.answer,
        "text_alone": { "degree": case.text.degree, "grants": case.text.grants },
        "prior": forecast(&case.fit.prior),
        "left_out": forecast(&case.fit.left_out),
        "fitted": forecast(&case.fit.fitted),
        "weights_without": without,
        "lead_alone_without": case.fit.lead_alone_without,
    })
}

fn forecast(forecast: &Forecast) -> Value {
    json!({
        "written_rule": span(&forecast.formal),
        "lead_alone": span(&forecast.lead),
        "either": span(&forecast.either),
    })
}

fn span(span: &Span) -> Value {
    json!({ "mean": span.mean, "low": span.low, "high": span.high })
}

fn end_word(end: End) -> &'static str {
    match end {
        End::Granted => "granted",
        End::Lesser => "lesser",
        End::Refused => "refused",
        End::Lapsed => "lapsed",
        End::Withdrawn => "withdrawn",
    }
}
