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
        if outcome.cases > 0 && !outcome.same_everywhere {
            out.push_str(&differences(cases, outcome, style));
        }
    }
    let remark = if found.outcomes.iter().any(|outcome| outcome.goal.direction.is_none()) {
        "Say with --less or --more what is better, for the worst account, regret and the Pareto set. "
    } else {
        ""
    };
    let alike = if cases.per_account.is_some() {
        "every account has as many histories, so expected values count all accounts alike, whatever their credence; "
    } else {
        ""
    };
    let text = format!(
        "{remark}{}; {alike}expected values with their 95 % Monte Carlo intervals; regret is how much worse than the best policy.",
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
        if outcome.left_out > 0 && outcome.cases > 0 {
            let emptied = accounts(cases, &outcome.without_cases);
            lines.push(format!(
                "{}: {} of {} left out for want of a value under some policy{}.",
                about.title,
                outcome.left_out,
                wording::counted(cases.len() as u64, "case", "cases"),
                if emptied.is_empty() { String::new() } else { format!("; none counts under {emptied}") }
            ));
        }
        if outcome.cases == 0 {
            lines.push(format!("{}: no history has a value under every policy.", about.title));
        } else if outcome.same_everywhere {
            lines.push(format!(
                "{}: the same under every policy in every history, so it cannot tell them apart.",
                about.title
            ));
        } else if !outcome.minimax_regret.is_empty() {
            let regrets =
                outcome.minimax_regret.iter().filter_map(|at| outcome.policies[*at].regret.as_ref());
            let regret = regrets.map(|regret| regret.worst_account.1).fold(f64::INFINITY, f64::min);
            let how_much = if regret > 0.0 {
                format!("at most {} worse than the best,", number(cases, outcome, regret))
            } else if outcome.minimax_regret.len() > 1 {
                "none is better,".to_owned()
            } else {
                "the best".to_owned()
            };
            let best: Vec<&str> =
                outcome.minimax_regret.iter().map(|at| cases.policies[*at].as_str()).collect();
            lines.push(format!(
                "{}: least regret under {}: {how_much} {}.",
                about.title,
                best.join(" and "),
                far(cases, outcome)
            ));
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
        if reach.missing > 0 {
            lines.push(format!(
                "{} of {} without a value under some policy; there {text} counts as not met.",
                reach.missing,
                wording::counted(cases.len() as u64, "case", "cases")
            ));
        }
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

/// How far a judgement reaches: over all accounts only where each has cases that count.
fn far(cases: &Cases, outcome: &OutcomeRobustness) -> String {
    if cases.accounts.is_empty() {
        "by the expected value".to_owned()
    } else if outcome.without_cases.is_empty() {
        "whichever account is true".to_owned()
    } else {
        let without = accounts(cases, &outcome.without_cases);
        format!("under every account that has cases (none counts under {without})")
    }
}

fn accounts(cases: &Cases, which: &[usize]) -> String {
    let names: Vec<&str> = which.iter().map(|at| cases.accounts[*at].as_str()).collect();
    names.join(", ")
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

/// What each policy changes against the first, with what pairing saves.
fn differences(cases: &Cases, outcome: &OutcomeRobustness, style: Style) -> String {
    let days = if cases.outcomes[outcome.goal.outcome].kind == ScoreKind::Date { " days" } else { "" };
    let rows: Vec<Vec<Cell>> = outcome
        .policies
        .iter()
        .zip(&cases.policies)
        .filter_map(|(policy, name)| Some((policy.against_first?, name)))
        .map(|(difference, name)| {
            let within = |[low, high]: [f64; 2]| {
                format!("{}{days}", wording::change(difference.difference, low, high))
            };
            vec![
                Cell::plain(name),
                Cell::plain(within(difference.interval)),
                Cell::plain(within(difference.unpaired)),
                Cell::plain(difference.variance_ratio.map_or("–".to_owned(), wording::number)),
            ]
        })
        .collect();
    let against = format!("Against {}", cases.policies[0]);
    table::set(&[&against, "Change, case by case", "As if unpaired", "Variance ratio"], &rows, style)
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
        told_of(&cases(), less, thresholds)
    }

    fn told_of(cases: &Cases, less: &[usize], thresholds: &[&str]) -> String {
        let goal = |outcome: &usize| Goal { outcome: *outcome, direction: Some(Direction::Less) };
        let thresholds: Vec<Threshold> =
            thresholds.iter().map(|text| Threshold::parse(text, cases).unwrap()).collect();
        let goals: Vec<Goal> = less.iter().map(goal).collect();
        robust(cases, &robustness(cases, &goals, &thresholds), Style { colour: false, width: 100 })
    }

    #[test]
    fn the_robust_policy_is_named_first() {
        insta::assert_snapshot!(told(&[0, 1], &["killed<=100", "cost<=5"]));
    }

    fn of_table(text: &str) -> Cases {
        Cases::of_table(Sheet::parse("cases.csv", text).unwrap()).unwrap()
    }

    #[test]
    fn a_claim_for_whichever_account_is_made_only_where_each_has_cases() {
        let gap = "policy,case,account,cost\na,1,x,3\na,2,y,5\nb,1,x,\nb,2,y,4\n";
        let text = told_of(&of_table(gap), &[0], &["cost<=4"]);
        assert!(
            text.contains(
                "cost: 1 of 2 cases left out for want of a value under some policy; none counts under x."
            ),
            "{text}"
        );
        assert!(
            text.contains("b: the best under every account that has cases (none counts under x)."),
            "{text}"
        );
        assert!(
            text.contains(
                "1 of 2 cases without a value under some policy; there cost <= 4 counts as not met."
            ),
            "{text}"
        );
        assert!(!text.contains("whichever account"), "{text}");
        let whole = told_of(&of_table(&gap.replace("b,1,x,", "b,1,x,2")), &[0], &[]);
        assert!(whole.contains("b: the best whichever account is true."), "{whole}");
        assert!(!whole.contains("left out"), "{whole}");
        let single = told_of(&of_table("policy,case,cost\na,1,3\nb,1,4\n"), &[0], &[]);
        assert!(single.contains("a: the best by the expected value."), "{single}");
    }

    #[test]
    fn policies_that_tie_are_all_named() {
        let tie = "policy,case,account,cost\na,1,x,3\na,2,y,5\nb,1,x,5\nb,2,y,3\nc,1,x,9\nc,2,y,9\n";
        let text = told_of(&of_table(tie), &[0], &[]);
        assert!(
            text.contains(
                "least regret under a and b: at most 2 worse than the best, whichever account is true."
            ),
            "{text}"
        );
        let text = told_of(&of_table(&tie.replace("b,1,x,5\nb,2,y,3", "b,1,x,3\nb,2,y,5")), &[0], &[]);
        assert!(
            text.contains("least regret under a and b: none is better, whichever account is true."),
            "{text}"
        );
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
