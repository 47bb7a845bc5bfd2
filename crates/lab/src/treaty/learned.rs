//! What past requests teach, and how well what the others teach foretells each of them.

use equipoise_models::treaty::{CaseFit, Fit, FitCase, fit};
use equipoise_scenario::treaty::{Limits, TreatyCase, TreatyText};
use jiff::civil::Date;

use super::{priors, text_alone, wrong};
use crate::error::LabError;

/// What the text alone says of a case.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TextAlone {
    /// How far clauses on help cover it on the facts, lowest and highest.
    pub degree: Limits,
    /// Whether that is enough, taken at its word.
    pub grants: bool,
}

/// Past requests and what they teach.
#[derive(Debug, Clone, PartialEq)]
pub struct Learned {
    /// The fit.
    pub fit: Fit,
    /// The cases in the order of their days.
    pub cases: Vec<CaseLearned>,
    /// How well each way to foretell did, the best first.
    pub scores: Vec<Score>,
    /// Draws made.
    pub draws: u32,
}

/// A past request.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseLearned {
    /// Its title.
    pub title: String,
    /// Its day.
    pub date: Date,
    /// Who asked.
    pub requester: String,
    /// What was given.
    pub answer: String,
    /// What the text alone would have decided.
    pub text: TextAlone,
    /// Forecasts, with the case itself and without.
    pub fit: CaseFit,
}

/// How well one way to foretell did over all cases.
#[derive(Debug, Clone, PartialEq)]
pub struct Score {
    /// Which way.
    pub name: &'static str,
    /// Mean squared error of the probability (Brier 1950, recalled).
    pub brier: f64,
    /// Mean logarithm of the probability given to what happened; a certain miss counts as one in a hundred.
    pub log: f64,
}

/// The least probability a forecast counts as having given to what happened.
const FLOOR: f64 = 0.01;

/// Learns from cases with a known end, with `draws` draws.
///
/// # Errors
/// The treaty gives no priors, no case has a known end, or a rule cannot decide.
pub fn learn(text: &TreatyText, cases: &[&TreatyCase], draws: u32, seed: u64) -> Result<Learned, LabError> {
    let priors = priors(text)?;
    let mut ended: Vec<(&TreatyCase, FitCase)> =
        cases.iter().filter_map(|case| Some((*case, case.for_fit(text)?))).collect();
    ended.sort_by(|a, b| (a.0.date, &a.0.id).cmp(&(b.0.date, &b.0.id)));
    let models: Vec<FitCase> = ended.iter().map(|(_, model)| model.clone()).collect();
    let fit = fit(&priors, &models, draws, seed).map_err(wrong)?;
    let cases: Vec<CaseLearned> = ended
        .iter()
        .zip(&fit.cases)
        .map(|((case, _), fit)| CaseLearned {
            title: case.title.clone(),
            date: case.date,
            requester: case.requester.clone(),
            answer: case.observed.as_ref().map_or_else(String::new, |observed| observed.answer.clone()),
            text: text_alone(text, case),
            fit: fit.clone(),
        })
        .collect();
    let scores = scores(&cases);
    Ok(Learned { fit, cases, scores, draws })
}

/// The probability of a grant by one way of foretelling, with its name.
type Forecaster<'a> = (&'static str, &'a dyn Fn(&CaseLearned) -> f64);

fn scores(cases: &[CaseLearned]) -> Vec<Score> {
    let granted = cases.iter().filter(|case| case.fit.observed.granted).count() as f64;
    let others = cases.len() as f64 - 1.0;
    // Laplace's rule of succession over the other cases.
    let rate = |case: &CaseLearned| (granted - f64::from(case.fit.observed.granted) + 1.0) / (others + 2.0);
    let ways: [Forecaster<'_>; 6] = [
        ("written rule, case left out", &|case| case.fit.left_out.formal.mean),
        ("leading member alone, case left out", &|case| case.fit.left_out.lead.mean),
        ("both rules, case left out", &|case| case.fit.left_out.either.mean),
        ("priors only", &|case| case.fit.prior.either.mean),
        ("how often the others were granted", &rate),
        ("text alone", &|case| f64::from(case.text.grants)),
    ];
    let count = cases.len().max(1) as f64;
    let mut found: Vec<Score> = ways
        .into_iter()
        .map(|(name, forecast)| {
            let (mut brier, mut log) = (0.0, 0.0);
            for case in cases {
                let p = forecast(case);
                let right = if case.fit.observed.granted { p } else { 1.0 - p };
                brier += (1.0 - right) * (1.0 - right) / count;
                log += right.max(FLOOR).ln() / count;
            }
            Score { name, brier, log }
        })
        .collect();
    found.sort_by(|a, b| a.brier.total_cmp(&b.brier));
    found
}
