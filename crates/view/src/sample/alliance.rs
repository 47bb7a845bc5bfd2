//! Made-up votes: on requests to an alliance, and on resolutions.

use equipoise_lab::treaty::{CaseLearned, Learned, Score, TextAlone};
use equipoise_models::treaty::{CaseFit, Fit, Forecast, Observed, Span, WeightFit};
use jiff::civil::date;

use crate::findings::*;

/// A treaty with two members and two past requests.
pub(super) fn alliances() -> Alliances {
    let span = |mean| Span { mean, low: mean / 2.0, high: (1.0 + mean) / 2.0 };
    let forecast = |mean| Forecast { formal: span(mean), lead: span(mean), either: span(mean) };
    let case = |id: &str, granted, grants, p: f64| CaseLearned {
        title: format!("Request {id}"),
        date: date(2024, 6, 1),
        requester: "Estria".into(),
        answer: "A statement".into(),
        text: TextAlone { degree: [0.2, 0.9], grants },
        fit: CaseFit {
            id: id.into(),
            observed: Observed { granted, lead_in_favour: Some(granted) },
            prior: forecast(0.5),
            left_out: forecast(p),
            fitted: forecast(p),
            weights_without: [span(0.5); 8],
            lead_alone_without: 0.5,
        },
    };
    let belief = |hearer: &str, member, first: f64, voices: [f64; 2]| BeliefRow {
        hearer: hearer.into(),
        member,
        days: (0..31).map(|day| span(first * 0.95f64.powi(day))).collect(),
        framing: first,
        voices: voices.to_vec(),
        accounts: vec![Some(0.05), None],
    };
    let row = |member: &str, leads, shares, parts| VoteRow {
        treaty: "PACT".into(),
        member: member.into(),
        leads,
        votes: 420,
        shares,
        parts,
    };
    Alliances {
        course: Vec::new(),
        histories: 1000,
        votes: vec![
            row("Ordmark", true, [0.7, 0.25, 0.05], [0.3, 1.2, 0.0, 0.0, -0.4, 0.0, 0.0]),
            row("Lisse", false, [0.4, 0.4, 0.2], [-0.2, 0.1, 0.0, 0.0, -0.6, 0.0, 0.5]),
        ],
        beliefs: vec![BeliefTable {
            treaty: "Pact of the North".into(),
            histories: 640,
            voices: vec!["The press".into(), "Ordmark".into()],
            accounts: vec!["Protest at home".into(), "Attack from abroad".into()],
            rows: vec![
                belief("Lisse", true, 0.55, [-0.3, 0.1]),
                belief("People at home", false, 0.3, [-0.2, 0.0]),
            ],
        }],
        past: vec![PastRequests {
            treaty: "Pact of the North".into(),
            learned: Learned {
                fit: Fit {
                    weights: vec![WeightFit { name: "obligation", prior: span(1.5), posterior: span(1.6) }],
                    cases: Vec::new(),
                    log_evidence: [-1.0, -0.9],
                    lead_alone: 0.52,
                    effective_draws: 900.0,
                },
                cases: vec![case("one", false, true, 0.1), case("two", true, true, 0.6)],
                scores: vec![Score { name: "text alone", brier: 0.5, log: -2.3 }],
                draws: 1000,
            },
        }],
    }
}

pub(super) fn ballots() -> BallotTable {
    let row = |state: &str, shares, record| BallotRow { state: state.into(), shares, record };
    BallotTable {
        title: "On the land question".into(),
        date: date(2031, 3, 2),
        histories: 10_000,
        rows: vec![
            row("Estria of the votes", [0.25, 0.62, 0.1, 0.03], Some(1)),
            row("Ordland", [0.7, 0.2, 0.1, 0.0], Some(2)),
        ],
        fit: Some(equipoise_lab::votes::VoteFit {
            states: 2,
            right: 1,
            persistent: 1,
            modal: 1,
            log_score: -1.39,
        }),
    }
}
