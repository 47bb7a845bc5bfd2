//! Predictions: reads votes and texts, predicts each text from its predecessors, compares with what was voted.

use std::process::ExitCode;

use equipoise_lab::in_threads;
use equipoise_lab::votes_file::read_votes;
use equipoise_models::roll_call::predict::{Prediction, Score, Skill, predict as predict_text, score};
use equipoise_models::roll_call::{Vote, Votes};
use serde_json::{Value, json};

use super::{PredictArgs, input};
use crate::failure::Failure;
use crate::screen::Screen;

/// One text from one predecessor.
struct Answer {
    target: u32,
    predecessor: u32,
    prediction: Prediction,
    /// None for a text that has not been voted on.
    score: Option<Score>,
}

pub(super) fn predict(args: &PredictArgs, screen: &Screen) -> Result<ExitCode, Failure> {
    let anchors = input::anchors(args.anchors.as_deref())?;
    let mut votes = read_votes(&args.votes)?;
    let known = input::texts(&mut votes, &args.texts)?;
    let name = |at: usize| votes.roll_calls[known.texts[at].roll_call as usize].id.as_str();
    let ids: Vec<&str> = (0..known.texts.len()).map(name).collect();
    for wanted in &args.target {
        if !ids.contains(&wanted.as_str()) {
            return Err(Failure::unknown("text", wanted, &ids));
        }
    }
    let asked = |at: usize| args.target.is_empty() || args.target.iter().any(|wanted| wanted == ids[at]);
    let pairs: Vec<(usize, usize)> = (0..ids.len())
        .filter(|&at| asked(at))
        .flat_map(|at| known.predecessors[at].iter().map(move |&before| (at, before)))
        .collect();
    if pairs.is_empty() {
        let message = format!("{}: no text to predict has a predecessor", args.texts.display());
        return Err(Failure::Wrong(message));
    }
    let mut answers = Vec::new();
    for (target, predecessor) in pairs {
        let prediction =
            in_threads(args.threads, || predict_text(&votes, &known.texts, target, predecessor, &anchors))?
                .map_err(|error| {
                let about = format!("{} from {}", ids[target], ids[predecessor]);
                Failure::Wrong(format!("{}: cannot predict {about}: {error}", args.texts.display()))
            })?;
        let (target, predecessor) = (known.texts[target].roll_call, known.texts[predecessor].roll_call);
        let score = Some(score(&votes, &prediction, target, predecessor)).filter(|score| score.votes > 0);
        answers.push(Answer { target, predecessor, prediction, score });
    }
    if screen.json {
        screen.print_json(&as_json(&votes, &answers))?;
    } else {
        screen.print(&as_text(&votes, &answers))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Means over the texts that have been voted on: prediction, modal, persistence.
fn means(answers: &[Answer]) -> Option<[Skill; 3]> {
    let scores: Vec<&Score> = answers.iter().filter_map(|answer| answer.score.as_ref()).collect();
    if scores.is_empty() {
        return None;
    }
    let mean = |skill: fn(&Score) -> Skill| {
        let n = scores.len() as f64;
        Skill {
            accuracy: scores.iter().map(|score| skill(score).accuracy).sum::<f64>() / n,
            log_score: scores.iter().map(|score| skill(score).log_score).sum::<f64>() / n,
        }
    };
    Some([mean(|score| score.predicted), mean(|score| score.modal), mean(|score| score.persistence)])
}

fn as_json(votes: &Votes, answers: &[Answer]) -> Value {
    let skill = |skill: Skill| json!({ "accuracy": skill.accuracy, "log_score": skill.log_score });
    let id = |roll_call: u32| votes.roll_calls[roll_call as usize].id.as_str();
    let predictions: Vec<Value> = answers
        .iter()
        .map(|answer| {
            let states: Vec<Value> = votes
                .states
                .iter()
                .zip(&answer.prediction.probabilities)
                .filter_map(|(state, odds)| {
                    odds.map(|[yes, abstain, no]| {
                        json!({ "country": state, "yes": yes, "abstain": abstain, "no": no })
                    })
                })
                .collect();
            let mut entry = json!({
                "target": id(answer.target),
                "text": votes.roll_calls[answer.target as usize].text,
                "predecessor": id(answer.predecessor),
                "states": states,
            });
            if let Some(score) = &answer.score {
                entry["votes"] = json!(score.votes);
                entry["unpredicted"] = json!(score.unpredicted);
                entry["predicted"] = skill(score.predicted);
                entry["modal"] = skill(score.modal);
                entry["persistence"] = skill(score.persistence);
            }
            entry
        })
        .collect();
    let mean = means(answers).map(|[predicted, modal, persistence]| {
        json!({ "predicted": skill(predicted), "modal": skill(modal), "persistence": skill(persistence) })
    });
    json!({ "predictions": predictions, "mean": mean })
}

fn as_text(votes: &Votes, answers: &[Answer]) -> String {
    let name = |roll_call: u32| {
        let roll_call = &votes.roll_calls[roll_call as usize];
        if roll_call.text.is_empty() { roll_call.id.clone() } else { roll_call.text.clone() }
    };
    let mut text = String::from(
        "Share of votes predicted, and mean log-probability (nearer 0 is better)\n\n\
         text            from            votes   predicted       modal*          persistence\n",
    );
    let skill = |skill: Skill| format!("{:.3} {:>6.3}", skill.accuracy, skill.log_score);
    for answer in answers {
        let (target, before) = (name(answer.target), name(answer.predecessor));
        match &answer.score {
            Some(score) => {
                text += &format!(
                    "{target:<15} {before:<15} {:>5}   {}    {}    {}{}\n",
                    score.votes,
                    skill(score.predicted),
                    skill(score.modal),
                    skill(score.persistence),
                    if score.predicted.accuracy < score.modal.accuracy.max(score.persistence.accuracy) {
                        "   loses"
                    } else {
                        ""
                    }
                );
            }
            None => {
                text +=
                    &format!("{target:<15} {before:<15} not voted on; {}\n", expected(&answer.prediction));
            }
        }
    }
    if let Some([predicted, modal, persistence]) = means(answers) {
        text += &format!(
            "{:<15} {:<15} {:>5}   {}    {}    {}\n",
            "mean",
            "",
            "",
            skill(predicted),
            skill(modal),
            skill(persistence)
        );
    }
    text + "\n* The most frequent vote on the text itself: a rule that knows the tally.\n"
}

/// The tally to expect if all vote for whom there is a prediction.
fn expected(prediction: &Prediction) -> String {
    let sums = prediction.probabilities.iter().flatten().fold([0.0; 3], |mut sums, odds| {
        sums.iter_mut().zip(odds).for_each(|(sum, p)| *sum += p);
        sums
    });
    let parts: Vec<String> =
        Vote::ALL.iter().map(|vote| format!("{:.0} {}", sums[*vote as usize], vote.word())).collect();
    format!("expected if all vote: {}", parts.join(", "))
}
