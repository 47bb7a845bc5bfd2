//! A request held against a treaty, and what past requests teach, as text.

use std::fmt::Write;

use equipoise_lab::treaty::{Judged, Learned};
use equipoise_models::treaty::{End, Span, VoteParts};
use equipoise_scenario::treaty::{TreatyCase, TreatyText};

use super::Style;
use super::table::{Cell, set};
use crate::findings::Standing;
use crate::wording;

/// A case held against its treaty; `explain` adds the parts of each member's utility.
pub fn judged(text: &TreatyText, case: &TreatyCase, judged: &Judged, explain: bool, style: Style) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{}", style.bold(&case.title));
    let _ = writeln!(out, "{}, {}, requester {}\n", text.title, case.date, case.requester);
    let clauses: Vec<Vec<Cell>> = judged
        .clauses
        .iter()
        .map(|clause| {
            vec![
                Cell::plain(&clause.article),
                Cell::plain(wording::obligation(clause.obligation)),
                Cell::plain(clause.since.to_string()),
                Cell::plain(range(clause.degree)),
                Cell::plain(format!("{:.2}", clause.strength)),
            ]
        })
        .collect();
    out += &set(
        &["clause in force", "obliges to", "wording since", "condition met", "strength"],
        &clauses,
        style,
    );
    if explain {
        for clause in &judged.clauses {
            if let Some(area) = &clause.outside {
                let _ = writeln!(
                    out,
                    "\n{} is inadmissible: it does not hold in {}, outside {area}.",
                    clause.article,
                    text.place_title(&case.place)
                );
            }
        }
    }
    let _ = writeln!(
        out,
        "\nThe text alone covers the case by {}: taken at its word it says {}.\n",
        range(judged.text.degree),
        if judged.text.grants { "help" } else { "no help" }
    );
    let members: Vec<Vec<Cell>> = judged
        .members
        .iter()
        .map(|member| {
            let name = if member.leads { format!("{} (leads)", member.actor) } else { member.actor.clone() };
            let mut row = vec![Cell::plain(name), Cell::plain(range(member.admissibility))];
            row.extend(member.ballot.iter().map(|chance| Cell::plain(wording::percent(*chance))));
            row
        })
        .collect();
    out += &set(&["member", "covered in its eyes", "yes", "abstain", "no"], &members, style);
    if explain {
        out += "\nParts of the utility of yes over abstaining, means over draws:\n";
        let rows: Vec<Vec<Cell>> = judged
            .members
            .iter()
            .map(|member| {
                let mut row = vec![Cell::plain(&member.actor)];
                row.extend(member.parts.iter().map(|part| Cell::plain(signed(part.mean))));
                row
            })
            .collect();
        let headings: Vec<&str> = ["member"].into_iter().chain(VoteParts::NAMES).collect();
        out += &set(&headings, &rows, style);
    }
    let _ = writeln!(out, "\nGranted by {}: {}", wording::rule(judged.rule), chance(&judged.written));
    if let Some(alone) = &judged.lead_alone {
        let _ = writeln!(out, "Granted if the leading member decides alone: {}", chance(alone));
    }
    let given: Vec<String> = judged
        .answers
        .iter()
        .map(|(title, chance)| format!("{} {}", title.to_lowercase(), wording::percent(*chance)))
        .collect();
    if !given.is_empty() {
        let _ = writeln!(out, "Otherwise: {}", given.join(", "));
    }
    out += "\n";
    let ends: Vec<Vec<Cell>> = judged
        .ends
        .iter()
        .map(|end| {
            vec![
                Cell::plain(end_words(end.end)),
                Cell::plain(wording::percent(end.probability)),
                Cell::plain(format!("{:.0} ({:.0} to {:.0})", end.hours.mean, end.hours.low, end.hours.high)),
            ]
        })
        .collect();
    out += &set(&["the request ends", "probability", "after hours"], &ends, style);
    if let Some(observed) = &case.observed {
        let _ = writeln!(
            out,
            "\nWhat came of it: {}; {}",
            if observed.granted { "granted" } else { "not granted" },
            observed.answer
        );
    }
    out
}

/// What past requests teach about the weights of votes, and how well each is foretold by the others.
pub fn learned(title: &str, learned: &Learned, style: Style) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{}: what {} requests teach\n", style.bold(title), learned.cases.len());
    let rows: Vec<Vec<Cell>> = learned
        .fit
        .weights
        .iter()
        .map(|weight| {
            vec![
                Cell::plain(weight.name),
                Cell::plain(span(&weight.prior)),
                Cell::plain(span(&weight.posterior)),
            ]
        })
        .collect();
    out += &set(&["weight of", "before (90 %)", "after (90 %)"], &rows, style);
    let _ = writeln!(
        out,
        "\nThe leading member decides alone: {} (before: 50 %). Draws worth {:.0} of {}.\n",
        wording::percent(learned.fit.lead_alone),
        learned.fit.effective_draws,
        learned.draws
    );
    let rows: Vec<Vec<Cell>> = learned
        .cases
        .iter()
        .map(|case| {
            let observed = case.fit.observed.granted;
            let verdict = |right: bool| if right { Standing::Fits } else { Standing::Missed };
            vec![
                Cell::plain(format!("{} {}", case.date, case.requester)),
                Cell::plain(if observed { "granted" } else { "refused" }),
                Cell::judged(
                    format!(
                        "{} {}",
                        if case.text.grants { "grants" } else { "refuses" },
                        range(case.text.degree)
                    ),
                    verdict(case.text.grants == observed),
                ),
                Cell::plain(chance(&case.fit.left_out.formal)),
                Cell::plain(chance(&case.fit.left_out.lead)),
                Cell::plain(chance(&case.fit.left_out.either)),
                Cell::plain(chance(&case.fit.fitted.either)),
            ]
        })
        .collect();
    let headings = [
        "request",
        "really",
        "text alone",
        "left out: written rule",
        "left out: lead alone",
        "left out: both",
        "fitted",
    ];
    out += &set(&headings, &rows, style);
    out += "\nProbability of a grant, with nine tenths of what is not known of weights and facts.\n* this request left out: learnt from the others only. Fitted: from all, so no test.\n\n";
    let rows: Vec<Vec<Cell>> = learned
        .scores
        .iter()
        .map(|score| {
            vec![
                Cell::plain(score.name),
                Cell::plain(format!("{:.3}", score.brier)),
                Cell::plain(format!("{:.3}", score.log)),
            ]
        })
        .collect();
    out += &set(&["foretold by", "Brier score", "mean log score"], &rows, style);
    out
}

fn end_words(end: End) -> &'static str {
    match end {
        End::Granted => "with what was asked",
        End::Lesser => "with something less",
        End::Refused => "with nothing",
        End::Lapsed => "without an answer",
        End::Withdrawn => "taken back",
    }
}

fn range([low, high]: [f64; 2]) -> String {
    if low == high { format!("{low:.2}") } else { format!("{low:.2} to {high:.2}") }
}

fn span(span: &Span) -> String {
    format!("{:.2} ({:.2} to {:.2})", span.mean, span.low, span.high)
}

/// A number with its sign; what rounds to nothing has none.
fn signed(value: f64) -> String {
    let rounded = (value * 100.0).round() / 100.0;
    if rounded == 0.0 { "0".to_owned() } else { format!("{rounded:+.2}") }
}

fn chance(span: &Span) -> String {
    format!(
        "{} ({} to {})",
        wording::percent(span.mean),
        wording::percent(span.low),
        wording::percent(span.high)
    )
}
