//! A request held against a treaty, and what past requests teach.

use equipoise_lab::treaty::{CaseLearned, Judged, Learned};
use equipoise_models::treaty::{End, Forecast, Span, VoteParts, WEIGHT_NAMES};
use equipoise_scenario::treaty::TreatyCase;
use serde_json::{Map, Value, json};

use crate::wording;

/// A case as it was judged.
#[must_use]
pub fn judged(case: &TreatyCase, judged: &Judged) -> Value {
    let admissible = judged.clauses.iter().map(|clause| {
        json!({
            "clause": clause.id,
            "article": clause.article,
            "in_force_since": clause.since,
            "degree": 0.5 * (clause.degree[0] + clause.degree[1]),
            "degree_low": clause.degree[0],
            "degree_high": clause.degree[1],
            "strength": clause.strength,
            "outside": clause.outside,
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

/// Weights learnt, and each case told from the others.
#[must_use]
pub fn learned(learned: &Learned) -> Value {
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
