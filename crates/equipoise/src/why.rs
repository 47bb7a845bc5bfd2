//! `equipoise why`: the causal chain in one history, and how common it is in all.

use std::process::ExitCode;

use equipoise_lab::Run;
use equipoise_lab::why::{Basis, Link, Question, Why, why as ask};
use equipoise_scenario::Scenario;
use equipoise_scenario::chronicle::EventKind;
use equipoise_scenario::scenario::Measure;
use equipoise_scenario::unit::Unit;
use serde_json::{Value, json};

use crate::args::WhyArgs;
use crate::failure::Failure;
use crate::screen::Screen;

/// Tells why an outcome or event came about; exit code 1 where there is nothing to tell.
///
/// # Errors
/// The folder holds no finished run, or there is no such outcome, event or history.
pub fn why(args: &WhyArgs, screen: &Screen) -> Result<ExitCode, Failure> {
    let run = Run::open(&args.run)?;
    let (asked, question) = question(args, run.scenario())?;
    let answer = ask(&run, &question, args.history)?;
    if screen.json {
        screen.print_json(&as_json(asked, &question, &answer, run.scenario()))?;
    } else {
        let told = equipoise_view::findings::why_told(run.scenario(), &question, &answer);
        screen.print(&equipoise_view::terminal::why(&told, screen.out))?;
    }
    Ok(ExitCode::from(u8::from(answer.tree.is_empty())))
}

/// What is asked, as typed and as understood.
fn question<'a>(args: &'a WhyArgs, scenario: &Scenario) -> Result<(&'a str, Question), Failure> {
    match (&args.outcome, &args.event) {
        (Some(outcome), _) => {
            let at = scenario.outcomes.iter().position(|known| known.id == *outcome).ok_or_else(|| {
                let known: Vec<&str> = scenario.outcomes.iter().map(|outcome| outcome.id.as_str()).collect();
                Failure::unknown("outcome", outcome, &known)
            })?;
            Ok((outcome, Question::Outcome(at)))
        }
        (None, Some(event)) => {
            // An event may bear the name of an outcome; here it is the event that is meant.
            if let Some(kind) = EventKind::named(event.trim()) {
                return Ok((event, Question::Event { kind, subject: None }));
            }
            match Question::parse(scenario, event)? {
                Question::Outcome(_) => Err(Failure::Wrong(format!(
                    "`{event}` is an outcome and no event; ask with --outcome {event}"
                ))),
                question => Ok((event, question)),
            }
        }
        (None, None) => Err(Failure::Wrong("why what? name an --outcome or an --event".to_owned())),
    }
}

fn as_json(asked: &str, question: &Question, answer: &Why, scenario: &Scenario) -> Value {
    let links = |chain: &[Link]| -> Vec<Value> {
        chain.iter().map(|link| json!({ "kind": link.kind.name(), "subject": link.subject })).collect()
    };
    let tree = answer.tree.iter().map(|branch| {
        json!({
            "depth": branch.depth,
            "event": branch.event.event,
            "date": scenario.date(branch.event.day).to_string(),
            "kind": branch.event.kind.name(),
            "subject": branch.event.subject,
            "amount": branch.event.amount,
            "repeated": branch.repeated,
        })
    });
    let commonest = answer.commonest.iter().map(|common| {
        json!({ "chain": links(&common.chain), "histories": common.histories, "example": common.example })
    });
    json!({
        "asked": asked,
        "history": answer.history,
        "value": value(question, answer, scenario),
        "basis": match answer.basis {
            Basis::Decides => "decides",
            Basis::SetsOff => "sets_off",
            Basis::LatestBefore => "latest_before",
            Basis::Nothing => "nothing",
        },
        "tree": tree.collect::<Vec<Value>>(),
        "chain": links(&answer.chain),
        "same_chain": answer.same_chain,
        "occurs": answer.occurs,
        "histories": answer.histories,
        "commonest": commonest.collect::<Vec<Value>>(),
    })
}

/// The outcome's value in the history: a number, a date or yes/no; null for an event, or where there is none.
fn value(question: &Question, answer: &Why, scenario: &Scenario) -> Value {
    let (Question::Outcome(at), Some(value)) = (question, answer.value.filter(|value| value.is_finite()))
    else {
        return Value::Null;
    };
    let outcome = &scenario.outcomes[*at];
    match outcome.measure {
        Measure::First { .. } | Measure::Last { .. } => json!(scenario.date(value as u32).to_string()),
        Measure::Happens { .. } => json!(value != 0.0),
        Measure::Value { .. } | Measure::Peak { .. } if outcome.unit == Unit::YES_NO => json!(value != 0.0),
        Measure::Value { .. } | Measure::Peak { .. } => json!(value),
    }
}
