//! The table at the end of a run: outcome, what was found, the record, the verdict.

use equipoise_lab::score::{Card, Part};

use super::table::{self, Cell};
use super::{Style, hanging, tame};
use crate::findings::{Findings, Found, OutcomeRow, Standing};
use crate::wording;

/// Title, the table of outcomes (headlines first), and one line on what was run.
pub fn outcomes(findings: &Findings, style: Style) -> String {
    let mut out = String::new();
    out.push_str(&style.bold(hanging("", &tame(&findings.title), style.columns()).trim_end()));
    out.push('\n');
    out.push_str(&hanging("", &tame(&findings.question), style.columns()));
    out.push('\n');
    let headlines = findings.headlines();
    let rest = findings.outcomes.iter().filter(|row| !headlines.iter().any(|headline| headline.id == row.id));
    let rows: Vec<Vec<Cell>> = headlines.iter().copied().chain(rest).map(row).collect();
    out.push_str(&table::set(&["Outcome", "Found", "Record", "Verdict"], &rows, style));
    out.push('\n');
    for line in trust(findings) {
        out.push_str(&hanging("", &tame(&line), style.columns()));
    }
    out.push_str(&style.quiet(hanging("", &run(findings), style.columns()).trim_end()));
    out.push('\n');
    out
}

fn row(row: &OutcomeRow) -> Vec<Cell> {
    let record: Vec<&str> = row.record.iter().map(|scored| scored.value.as_str()).collect();
    let verdicts = row.verdicts();
    let standing = verdicts.iter().copied().map(Standing::of).max().unwrap_or(Standing::Unscored);
    let judged: Vec<String> = verdicts
        .iter()
        .map(|verdict| format!("{} {}", Standing::of(*verdict).mark(), verdict.word()))
        .collect();
    let (record, judged) = if record.is_empty() {
        ("–".to_owned(), "–".to_owned())
    } else {
        (record.join("; "), judged.join("; "))
    };
    vec![
        Cell::plain(&row.title),
        Cell::plain(found(row)),
        Cell::plain(record),
        Cell::judged(judged, standing),
    ]
}

/// Probability with its Monte Carlo interval, or median with 90 % of the histories.
fn found(row: &OutcomeRow) -> String {
    match row.found {
        Found::Nothing => "no history".to_owned(),
        Found::Probability { share, interval } => wording::probability(share, interval.0, interval.1),
        Found::Number { median, interval: (low, high) } => {
            wording::amount_within(median, low, high, row.unit)
        }
        Found::Date { interval, when: None, .. } => wording::probability(0.0, interval.0, interval.1),
        Found::Date { happened, interval, when: Some((median, (low, high))) } => {
            let comes = if happened < 1.0 {
                format!("; {}", wording::probability(happened, interval.0, interval.1))
            } else {
                String::new()
            };
            format!("{}{comes}", wording::date_within(median, low, high))
        }
    }
}

/// How the whole ensemble stands to the record, in one or two sentences.
fn trust(findings: &Findings) -> Vec<String> {
    let of = |part| {
        findings.cards.iter().map(|(_, card)| card).find(|card| card.account.is_none() && card.part == part)
    };
    let Some(all) = of(Part::All).filter(|card| card.numbers + card.yes_no > 0) else {
        return Vec::new();
    };
    let mut lines = Vec::new();
    if all.numbers > 0 {
        lines.push(format!(
            "Against the record: of {} the middle 50 % of the histories hold {}, 90 % hold {}.",
            wording::counted(all.numbers, "number or date", "numbers and dates"),
            all.within_half,
            all.within_90
        ));
    }
    let skill = |card: &Card| {
        let parts = [("numbers and dates", card.climatology.crps), ("yes/no", card.climatology.brier)];
        let told = parts.iter().filter_map(|(what, skill)| {
            Some(format!("{} on {what}", wording::signed(skill.as_ref().copied()?)))
        });
        told.collect::<Vec<String>>().join(", ")
    };
    let parts = [(Part::Fit, "rows open to fitting"), (Part::HeldOut, "held-out rows")];
    let told: Vec<String> = parts
        .iter()
        .filter_map(|(part, what)| Some((of(*part)?, what)))
        .map(|(card, what)| {
            let skill = skill(card);
            if skill.is_empty() { format!("{what}: nothing to compare") } else { format!("{what}: {skill}") }
        })
        .collect();
    lines.push(format!(
        "Skill over the evidence read without the model (1 perfect, below 0 worse than it): {}.",
        told.join("; ")
    ));
    lines
}

fn run(findings: &Findings) -> String {
    let ensemble = &findings.ensemble;
    let (assumed, all) = findings.assumed();
    let policy = ensemble.policy.as_ref().map_or(String::new(), |policy| format!(", policy {policy}"));
    tame(&format!(
        "{}, seed {}{policy}. After a probability: its 95 % Monte Carlo interval; after a median: 90 % of the \
         histories. {assumed} of {all} numbers are assumptions.",
        wording::counted(ensemble.histories, "history", "histories"),
        ensemble.seed
    ))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use equipoise_lab::score::Verdict;

    use super::*;
    use crate::sample;

    const PLAIN: Style = Style { colour: false, width: 100 };

    #[test]
    fn a_run_ends_with_a_compact_table() {
        insta::assert_snapshot!(outcomes(&sample::findings(), PLAIN));
    }

    #[test]
    fn a_narrow_terminal_wraps_the_table() {
        let text = outcomes(&sample::findings(), Style { colour: false, width: 60 });
        assert!(text.lines().all(|line| line.chars().count() <= 60), "{text}");
        insta::assert_snapshot!(text);
    }

    #[test]
    fn colour_changes_nothing_but_colour() {
        let coloured = outcomes(&sample::findings(), Style { colour: true, width: 100 });
        assert!(coloured.contains("\x1b[32m"));
        let mut bare = String::new();
        for (i, part) in coloured.split('\x1b').enumerate() {
            bare.push_str(if i == 0 { part } else { part.split_once('m').map_or("", |(_, rest)| rest) });
        }
        assert_eq!(bare, outcomes(&sample::findings(), PLAIN));
    }

    #[test]
    fn claims_that_contradict_each_other_are_judged_one_by_one() {
        let mut findings = sample::findings();
        let row = findings.outcomes.iter_mut().find(|row| !row.record.is_empty()).unwrap();
        let mut other = row.record[0].clone();
        (other.value, other.verdict) = ("no".to_owned(), Verdict::Disagrees);
        row.record.push(other);
        let text = outcomes(&findings, PLAIN);
        assert!(text.contains("yes; no") && text.contains("● agrees; ○ disagrees"), "{text}");
        let row = findings.outcomes.iter_mut().find(|row| row.record.len() == 2).unwrap();
        row.record[0].verdict = Verdict::Disagrees;
        assert!(!outcomes(&findings, PLAIN).contains("○ disagrees; "));
    }

    #[test]
    fn runs_without_histories_and_without_happenings_have_tables_too() {
        assert!(outcomes(&sample::empty(), PLAIN).contains("no history"));
        assert!(outcomes(&sample::never_happened(), PLAIN).contains("never (0–0.0004)"));
    }
}
