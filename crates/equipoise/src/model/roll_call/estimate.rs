//! Ideal points: reads votes, estimates, prints.

use std::process::ExitCode;
use std::sync::atomic::AtomicU64;

use equipoise_lab::in_threads;
use equipoise_lab::votes_file::read_votes;
use equipoise_models::roll_call::fast::{FastSettings, fast};
use equipoise_models::roll_call::gibbs::{GibbsSettings, Watch, gibbs};
use equipoise_models::roll_call::{Chamber, Estimate, Fit, Votes};
use equipoise_view::wording;
use serde_json::{Value, json};

use super::{EstimateArgs, Method, input};
use crate::failure::Failure;
use crate::screen::Screen;
use crate::{interrupt, progress};

pub(super) fn estimate(args: &EstimateArgs, screen: &Screen) -> Result<ExitCode, Failure> {
    let Some(path) = &args.votes else {
        return Err(Failure::Wrong("a record of votes is missing".to_owned()));
    };
    let anchors = input::anchors(args.anchors.as_deref())?;
    let mut votes = read_votes(path)?;
    if let Some(sessions) = &args.sessions {
        let there = sessions_of(&votes);
        votes = votes.sessions(sessions);
        if votes.roll_calls.is_empty() {
            let (first, last) = (sessions.start(), sessions.end());
            let message =
                format!("{}: no roll call is of sessions {first} to {last}; {there}", path.display());
            return Err(Failure::Wrong(message));
        }
    }
    let repeats = input::note_repeats(&mut votes, args)?;
    let chamber = Chamber::new(&votes, &anchors).map_err(|error| input::refused(path, &error))?;
    let found =
        in_threads(args.threads, || work(args, &chamber))?.map_err(|error| input::refused(path, &error))?;
    let fits = in_threads(args.threads, || [chamber.fit(&found, true), chamber.fit(&found, false)])?;
    interrupt::let_go();
    if screen.json {
        screen.print_json(&as_json(args, &chamber, &found, fits, repeats))?;
    } else {
        screen.print(&as_text(args, &chamber, &found, fits, repeats))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn work(
    args: &EstimateArgs,
    chamber: &Chamber,
) -> Result<Estimate, equipoise_models::roll_call::RollCallError> {
    let cancel = interrupt::listen();
    match args.method {
        // A second or two: Ctrl-C is heard at its end.
        Method::Fast => fast(chamber, FastSettings::default()),
        Method::Gibbs => {
            let settings = GibbsSettings {
                iterations: args.iterations as usize,
                burn_in: args.burn.unwrap_or(args.iterations / 3) as usize,
                seed: args.seed,
            };
            let done = AtomicU64::new(0);
            let sample = || gibbs(chamber, settings, Watch { done: &done, cancel });
            if args.quiet {
                sample()
            } else {
                progress::during_of(u64::from(args.iterations), "iterations", &done, cancel, sample)
            }
        }
    }
}

fn sessions_of(votes: &Votes) -> String {
    let sessions = votes.roll_calls.iter().map(|roll_call| roll_call.session);
    match (sessions.clone().min(), sessions.max()) {
        (Some(first), Some(last)) => format!("the file has {first} to {last}"),
        _ => "the file has none".to_owned(),
    }
}

fn as_json(
    args: &EstimateArgs,
    chamber: &Chamber,
    found: &Estimate,
    fits: [Fit; 2],
    repeats: usize,
) -> Value {
    let fit = |fit: Fit| {
        json!({
            "votes": fit.votes, "roll_calls": fit.roll_calls, "accuracy": fit.accuracy, "apre": fit.apre,
            "modal": fit.modal, "mean_probability": fit.mean_probability,
        })
    };
    let points: Vec<Value> = chamber
        .seats
        .iter()
        .zip(found.means.iter().zip(&found.sds))
        .map(|(seat, (mean, sd))| {
            json!({
                "country": chamber.states[seat.state as usize], "session": seat.session, "mean": mean, "sd": sd,
                "votes": seat.votes,
            })
        })
        .collect();
    json!({
        "method": args.method.name(),
        "ideal_points": points,
        "accuracy": fits[0].accuracy,
        "apre": fits[0].apre,
        "fit": { "contested": fit(fits[0]), "all": fit(fits[1]) },
        "roll_calls": chamber.roll_calls,
        "resolutions": chamber.resolutions(),
        "repeats": repeats,
        "votes": chamber.votes(),
        "unanimous": chamber.unanimous,
        "silent": chamber.silent,
        "anchored": chamber.is_anchored(),
        "rounds": found.rounds,
        "converged": found.converged,
    })
}

/// What was used, how well it fits, and the ideal points of the last session from the low end to the high.
fn as_text(
    args: &EstimateArgs,
    chamber: &Chamber,
    found: &Estimate,
    fits: [Fit; 2],
    repeats: usize,
) -> String {
    let whole = |n: usize| wording::whole(n as u64);
    let mut text = format!(
        "{} votes of {} states on {} roll calls ({} repeat an earlier one); {} unanimous ones left out\n",
        whole(chamber.votes()),
        chamber.states.len(),
        whole(chamber.roll_calls),
        whole(repeats),
        whole(chamber.unanimous)
    );
    if !chamber.silent.is_empty() {
        text += &format!("Without a vote on any of them: {}\n", chamber.silent.join(", "));
    }
    if !chamber.is_anchored() {
        text += "No state whose side is known votes: the high end is the one that says no more often\n";
    }
    if !found.converged {
        text += &format!("Not at rest after {} sweeps: take the last digits with care\n", found.rounds);
    }
    let [contested, all] = fits;
    if contested.votes > 0 {
        text += &format!(
            "Fit on {} contested roll calls: accuracy {:.3} (modal {:.3}), APRE {:.3}, mean probability {:.3}\n",
            whole(contested.roll_calls),
            contested.accuracy,
            contested.modal,
            contested.apre,
            contested.mean_probability
        );
    }
    text += &format!(
        "Fit on all {} divided roll calls: accuracy {:.3} (modal {:.3}), APRE {:.3}, mean probability {:.3}\n",
        whole(all.roll_calls),
        all.accuracy,
        all.modal,
        all.apre,
        all.mean_probability
    );
    let last = chamber.seats.iter().map(|seat| seat.session).max().unwrap_or(0);
    let mut rows: Vec<usize> =
        (0..chamber.seats.len()).filter(|&at| chamber.seats[at].session == last).collect();
    rows.sort_by(|&a, &b| found.means[a].total_cmp(&found.means[b]));
    text += &format!("\nIdeal points in session {last} ({}), low to high\n", args.method.name());
    text += "  state    mean     sd   votes\n";
    for at in rows {
        let seat = chamber.seats[at];
        text += &format!(
            "  {:<6} {:>6.2}  {:>5.2}  {:>6}\n",
            chamber.states[seat.state as usize], found.means[at], found.sds[at], seat.votes
        );
    }
    text
}
