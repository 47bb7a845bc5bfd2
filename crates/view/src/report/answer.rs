//! The answer in a few sentences, written from the numbers by templates that never say more than the data.

use crate::findings::{Findings, Found, OutcomeRow, Standing};
use crate::wording;

/// Outcomes of one kind that a sentence names at most.
const NAMED: usize = 3;

/// The sentences: yes/no outcomes, numbers and dates, what the accounts change, what the record and the evidence say.
pub(super) fn sentences(findings: &Findings) -> Vec<String> {
    if findings.ensemble.histories == 0 {
        return vec!["No history is complete yet, so there is no answer.".to_owned()];
    }
    let headlines = findings.headlines();
    [
        probabilities(findings.ensemble.histories, &headlines),
        medians(&headlines),
        accounts(findings, &headlines),
        trust(findings),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn probabilities(histories: u64, headlines: &[&OutcomeRow]) -> Option<String> {
    let parts: Vec<String> = headlines
        .iter()
        .filter_map(|row| match row.found {
            Found::Probability { share, interval } => {
                let words = match wording::share_in_words(share).as_str() {
                    "never" => "none".to_owned(),
                    "always" => "all".to_owned(),
                    words => words.to_owned(),
                };
                Some(format!(
                    "“{}” happens in {words} ({})",
                    row.title,
                    wording::probability_interval(interval.0, interval.1)
                ))
            }
            _ => None,
        })
        .take(NAMED)
        .collect();
    if parts.is_empty() {
        return None;
    }
    let histories = wording::counted(histories, "simulated history", "simulated histories");
    Some(format!("Of {histories}, {}.", listed(&parts)))
}

fn medians(headlines: &[&OutcomeRow]) -> Option<String> {
    let parts: Vec<String> = headlines
        .iter()
        .filter_map(|row| match row.found {
            Found::Number { median, interval: (low, high) } => Some(format!(
                "“{}” {} (90 % of histories: {})",
                row.title,
                wording::amount(median, row.unit),
                wording::interval(low, high, row.unit)
            )),
            Found::Date { happened, interval, when: Some((median, (low, high))) } => {
                let where_it_comes = if happened < 1.0 {
                    format!(" in which it comes, {}", wording::probability(happened, interval.0, interval.1))
                } else {
                    String::new()
                };
                Some(format!(
                    "“{}” {} (90 % of histories{where_it_comes}: {})",
                    row.title,
                    wording::date(median),
                    wording::dates(low, high)
                ))
            }
            _ => None,
        })
        .take(NAMED)
        .collect();
    (!parts.is_empty()).then(|| format!("Medians, each read alone: {}.", parts.join("; ")))
}

/// The headline yes/no on which two accounts differ most, if by more than chance.
fn accounts(findings: &Findings, headlines: &[&OutcomeRow]) -> Option<String> {
    if findings.accounts.len() < 2 {
        return None;
    }
    let mut widest: Option<(f64, String)> = None;
    let mut compared = false;
    for row in headlines {
        let mut shares: Vec<(f64, (f64, f64), &str)> = row
            .by_account
            .iter()
            .zip(&findings.accounts)
            .filter_map(|(found, account)| match *found {
                Found::Probability { share, interval } => Some((share, interval, account.title.as_str())),
                _ => None,
            })
            .collect();
        shares.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (Some(low), Some(high)) = (shares.first(), shares.last()) else { continue };
        compared = true;
        // Intervals that touch may hold the same probability: then nothing is said.
        if low.1.1 < high.1.0 && widest.as_ref().is_none_or(|(gap, _)| high.0 - low.0 > *gap) {
            let said = |(share, interval, account): &(f64, (f64, f64), &str)| {
                format!("{} under “{account}”", wording::probability(*share, interval.0, interval.1))
            };
            widest = Some((
                high.0 - low.0,
                format!(
                    "The account believed matters most for “{}”: {}, {}.",
                    row.title,
                    said(low),
                    said(high)
                ),
            ));
        }
    }
    match widest {
        Some((_, sentence)) => Some(sentence),
        None if compared => Some(
            "On the headline yes/no outcomes the accounts do not differ by more than chance explains."
                .to_owned(),
        ),
        None => None,
    }
}

/// How the record compares, and how much of the model is assumed.
fn trust(findings: &Findings) -> Option<String> {
    let count = |wanted| findings.scored().filter(|(.., row)| Standing::of(row.verdict) == wanted).count();
    let [fits, possible, missed] = [Standing::Fits, Standing::Possible, Standing::Missed].map(count);
    let compared = fits + possible + missed;
    let be = |number| if number == 1 { "is" } else { "are" };
    let mut parts = Vec::new();
    if compared > 0 {
        let things = wording::counted(compared as u64, "comparable thing", "comparable things");
        let fit = if fits == 1 { "fits" } else { "fit" };
        parts.push(format!("Of {things} on record, {fits} {fit} what most histories show, {possible} {} possible but not central, and {missed} {} missed", be(possible), be(missed)));
    }
    let (assumed, all) = findings.assumed();
    if all > 0 {
        parts.push(format!(
            "{assumed} of the model’s {all} numbers {} assumptions, not evidence",
            be(assumed)
        ));
    }
    (!parts.is_empty()).then(|| format!("{}.", parts.join("; ")))
}

/// "a", "a and b", "a, b and c".
fn listed(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn the_answer_reads_as_sentences_with_numbers() {
        insta::assert_snapshot!(sentences(&sample::findings()).join("\n"));
    }

    #[test]
    fn without_histories_there_is_no_answer() {
        assert_eq!(sentences(&sample::empty()), ["No history is complete yet, so there is no answer."]);
    }

    #[test]
    fn one_account_is_not_compared_with_itself() {
        let said = sentences(&sample::single_account()).join(" ");
        assert!(!said.contains("account"), "{said}");
    }

    #[test]
    fn what_never_happened_is_said_to_come_about_in_none() {
        let said = sentences(&sample::never_happened()).join(" ");
        assert!(said.contains("happens in none (0–0.0004)"), "{said}");
    }
}
