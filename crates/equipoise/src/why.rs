//! `equipoise why`: the causal chain in one history, and how common it is in all.

use std::process::ExitCode;

use equipoise_lab::Run;
use equipoise_lab::why::{Question, why as ask};
use equipoise_scenario::Scenario;
use equipoise_scenario::chronicle::EventKind;
use equipoise_view::answer;

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
        screen.print_json(&answer::why(asked, &question, &answer, run.scenario()))?;
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
