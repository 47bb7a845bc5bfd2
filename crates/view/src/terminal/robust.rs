//! How policies stand up whichever account is true, as tables of the terminal.

use equipoise_lab::robust::{Cases, OutcomeRobustness, Pareto, Reach, Robustness};
use equipoise_lab::score::ScoreKind;

use super::table::{self, Cell};
use super::{Style, hanging, tame};
use crate::wording;

/// What stands out in a few lines, then the shares that meet the thresholds, then each outcome.
pub fn robust(cases: &Cases, found: &Robustness, style: Style) -> String {
    let mut out = String::new();
    for line in verdicts(cases, found) {
        out.push_str(&hanging("", &tame(&line), style.columns()));
    }
    if !found.satisficing.is_empty() {
        out.push_str(&format!("\n{}\n", style.bold("Thresholds met")));
        out.push_str(&satisficing(cases, found, style));
    }
    for outcome in &found.outcomes {
        let about = &cases.outcomes[outcome.goal.outcome];
        out.push_str(&format!("\n{}\n", style.bold(&tame(&about.title))));
        out.push_str(&values(cases, outcome, style));
    }
    let remark = if found.outcomes.iter().any(|outcome| outcome.goal.direction.is_none()) {
        "Say with --less or --more what is better, for the worst account, regret and the Pareto set. "
    } else {
        ""
    };
    let text = format!(
        "{remark}{}; expected values with their 95 % Monte Carlo intervals; regret is how much worse than the best policy.",
        wording::counted(cases.len() as u64, "case", "cases")
    );
    out.push('\n');
    out.push_str(&style.quiet(hanging("", &text, style.columns()).trim_end()));
    out.push('\n');
    out
}

/// The sentences of the answer.
fn verdicts(cases: &Cases, found: &Robustness) -> Vec<String> {
    let mut lines = Vec::new();
    let named = |which: &[usize]| -> String {
        let names: Vec<&str> = which.iter().map(|at| cases.policies[*at].as_str()).collect();
        names.join(", ")
    };
    for outcome in &found.outcomes {
        let about = &cases.outcomes[outcome.goal.outcome];
        if outcome.cases == 0 {
            lines.push(format!("{}: no history has a value under every policy.", about.title));
        } else if outcome.same_everywhere {
            lines.push(format!(
                "{}: the same under every policy in every history, so it cannot tell them apart.",
                about.title
            ));
        } else if let Some(best) = outcome.minimax_regret {
            let regret = outcome.policies[best].regret.as_ref().map_or(0.0, |regret| regret.worst_account.1);
            let how_much = if regret == 0.0 {
                "the best whichever account is true".to_owned()
            } else {
                format!(
                    "at most {} worse than the best, whichever account is true",
                    number(cases, outcome, regret)
                )
            };
            lines.push(format!("{}: least regret under {}: {how_much}.", about.title, cases.policies[best]));
        }
    }
    if let Some(Pareto { expected, worst_account }) = &found.pareto {
        let set = |beaten: &[Vec<usize>]| -> Vec<usize> {
            (0..beaten.len()).filter(|at| beaten[*at].is_empty()).collect()
        };
        let (expected, worst) = (set(expected), set(worst_account));
        lines.push(format!("Beaten by no other policy (Pareto set, expected values): {}.", named(&expected)));
        if worst != expected {
            lines.push(format!("Pareto set by each policy's worst account: {}.", named(&worst)));
        }
    }
    for reach in &found.thresholds {
        let text = threshold(cases, reach);
        if reach.nobody {
            let nearest = if reach.nearest.is_finite() {
                format!("; the nearest any comes is {}", value(cases, reach.threshold.outcome, reach.nearest))
            } else {
                String::new()
            };
            lines.push(format!("No history meets {text} under any policy{nearest}."));
        } else if reach.everybody {
            lines.push(format!("Every history meets {text} under every policy: it tells nothing apart."));
        }
    }
    lines
}

fn satisficing(cases: &Cases, found: &Robustness, style: Style) -> String {
    let single: Vec<String> = found.thresholds.iter().map(|reach| threshold(cases, reach)).collect();
    let several = found.thresholds.len() > 1;
    let mut headings =
        vec!["Policy", if several { "All of them" } else { single[0].as_str() }, "Worst account"];
    if several {
        headings.extend(single.iter().map(String::as_str));
    }
    let chance = |share: f64, [low, high]: [f64; 2]| {
        format!("{} ({})", wording::exact(share), wording::probability_interval(low, high))
    };
    let rows: Vec<Vec<Cell>> = found
        .satisficing
        .iter()
        .enumerate()
        .map(|(at, all)| {
            let worst = all.worst_account.map_or("–".to_owned(), |worst| {
                format!("{}, {}", cases.accounts[worst.account], chance(worst.value, worst.interval))
            });
            let mut row = vec![
                Cell::plain(&cases.policies[at]),
                Cell::plain(chance(all.share, all.interval)),
                Cell::plain(worst),
            ];
            if several {
                row.extend(found.thresholds.iter().map(|reach| {
                    let (share, interval) = reach.policies[at];
                    Cell::plain(chance(share, interval))
                }));
            }
            row
        })
        .collect();
    table::set(&headings, &rows, style)
}

fn values(cases: &Cases, outcome: &OutcomeRobustness, style: Style) -> String {
    let told = |number: f64| value(cases, outcome.goal.outcome, number);
    let within = |number: f64, [low, high]: [f64; 2]| {
        if !number.is_finite() {
            "–".to_owned()
        } else if low.is_finite() {
            format!("{} ({}–{})", told(number), told(low), told(high))
        } else {
            told(number)
        }
    };
    let directed = outcome.goal.direction.is_some();
    let headings: &[&str] = if directed {
        &[
            "Policy",
            "Expected",
            "Worst account",
            "Largest regret by account",
            "Regret by history: mean, 95 %, most",
        ]
    } else {
        &["Policy", "Expected", "Lowest and highest account"]
    };
    let rows: Vec<Vec<Cell>> = outcome
        .policies
        .iter()
        .zip(&cases.policies)
        .map(|(policy, name)| {
            let expected = within(policy.expected, policy.interval);
            let mut row = vec![Cell::plain(name), Cell::plain(expected)];
            if let Some(regret) = &policy.regret {
                let under = |account: Option<usize>| {
                    account.map_or(String::new(), |account| format!(" ({})", cases.accounts[account]))
                };
                let worst = policy.worst_account.map_or("–".to_owned(), |worst| {
                    format!("{}, {}", cases.accounts[worst.account], within(worst.value, worst.interval))
                });
                let (account, largest) = regret.worst_account;
                let of = |value| number(cases, outcome, value);
                row.push(Cell::plain(worst));
                row.push(Cell::plain(format!(
                    "{}{}",
                    of(largest),
                    if largest > 0.0 { under(account) } else { String::new() }
                )));
                row.push(Cell::plain(format!(
                    "{}, {}, {}",
                    of(regret.mean_over_cases),
                    of(regret.high_over_cases),
                    of(regret.worst_case.1)
                )));
            } else {
                let known = || policy.by_account.iter().copied().filter(|value| value.is_finite());
                let ends = known().reduce(f64::min).zip(known().reduce(f64::max));
                row.push(Cell::plain(
                    ends.map_or("–".to_owned(), |(low, high)| format!("{} to {}", told(low), told(high))),
                ));
            }
            row
        })
        .collect();
    table::set(headings, &rows, style)
}

/// A value on the outcome's own scale; a mean date as a date.
fn value(cases: &Cases, outcome: usize, value: f64) -> String {
    match (cases.outcomes[outcome].kind, cases.start) {
        (ScoreKind::Date, Some((_, days))) if value >= f64::from(days) => "never".to_owned(),
        (ScoreKind::Date, Some((start, _))) => {
            wording::date(start.saturating_add(jiff::Span::new().days(value.round() as i64)))
        }
        (ScoreKind::YesNo, _) => wording::exact(value),
        _ => wording::number(value),
    }
}

/// A difference on the outcome's scale: days between dates.
fn number(cases: &Cases, outcome: &OutcomeRobustness, value: f64) -> String {
    match cases.outcomes[outcome.goal.outcome].kind {
        ScoreKind::Date => format!("{} days", wording::number(value)),
        ScoreKind::YesNo => wording::exact(value),
        ScoreKind::Number => wording::number(value),
    }
}

fn threshold(cases: &Cases, reach: &Reach) -> String {
    let about = &cases.outcomes[reach.threshold.outcome];
    let bound = match (about.kind, cases.start) {
        (ScoreKind::YesNo, _) => if reach.threshold.value == 0.0 { "no" } else { "yes" }.to_owned(),
        (ScoreKind::Date, Some((start, _))) => {
            start.saturating_add(jiff::Span::new().days(reach.threshold.value as i64)).to_string()
        }
        _ => wording::exact(reach.threshold.value),
    };
    format!("{} {} {bound}", about.id, reach.threshold.relation.sign())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use equipoise_lab::robust::{Direction, Goal, Threshold, robustness};
    use equipoise_scenario::Sheet;

    use super::*;

    fn cases() -> Cases {
        let table = "policy,case,account,killed,cost\n\
                     none,1,state,200,0\nnone,2,street,40,0\nearly,1,state,90,5\nearly,2,street,60,5\n\
                     late,1,state,210,6\nlate,2,street,45,6\n";
        Cases::of_table(Sheet::parse("cases.csv", table).unwrap()).unwrap()
    }

    fn told(less: &[usize], thresholds: &[&str]) -> String {
        let cases = cases();
        let goal = |outcome: &usize| Goal { outcome: *outcome, direction: Some(Direction::Less) };
        let thresholds: Vec<Threshold> =
            thresholds.iter().map(|text| Threshold::parse(text, &cases).unwrap()).collect();
        let goals: Vec<Goal> = less.iter().map(goal).collect();
        robust(&cases, &robustness(&cases, &goals, &thresholds), Style { colour: false, width: 100 })
    }

    #[test]
    fn the_robust_policy_is_named_first() {
        insta::assert_snapshot!(told(&[0, 1], &["killed<=100", "cost<=5"]));
    }

    #[test]
    fn a_threshold_nobody_reaches_is_said_with_the_nearest_value() {
        let text = told(&[], &["killed<=10", "cost<=100"]);
        assert!(
            text.contains("No history meets killed <= 10 under any policy; the nearest any comes is 40."),
            "{text}"
        );
        assert!(text.contains("Every history meets cost <= 100 under every policy"), "{text}");
    }
}
