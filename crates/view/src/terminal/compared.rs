//! What a comparison prints: which policy changes what, first in one line each, then outcome by outcome.

use equipoise_lab::quantile::{ascending, quantile};

use super::table::{self, Cell};
use super::{Style, hanging, tame};
use crate::findings::{Compared, ComparedOutcome, ComparedPolicy};
use crate::wording;

/// The policies side by side, one table per policy, the histories to look at, and what the intervals mean.
pub fn compared(compared: &Compared, style: Style) -> String {
    let mut out = String::new();
    let mut paragraph = |text: &str| out.push_str(&hanging("", &tame(text), style.columns()));
    paragraph(&compared.title);
    paragraph(&format!(
        "{} under each policy, the same for all, beside “{}”",
        wording::counted(compared.histories, "history", "histories"),
        compared.baseline.title
    ));
    out.push('\n');
    let overview: Vec<Vec<Cell>> = compared.policies.iter().map(overview).collect();
    out.push_str(&table::set(
        &["Policy", "Histories changed", "What changes most clearly"],
        &overview,
        style,
    ));
    for policy in compared.policies.iter().filter(|policy| !policy.nothing) {
        out.push('\n');
        let heading = format!("{}: {}", policy.name.id, policy.name.title);
        out.push_str(&style.bold(hanging("", &tame(&heading), style.columns()).trim_end()));
        out.push('\n');
        out.push_str(&details(compared, policy, style));
    }
    out.push('\n');
    out.push_str(&style.quiet(hanging("", &tame(&remarks(compared)), style.columns()).trim_end()));
    out.push('\n');
    out
}

fn overview(policy: &ComparedPolicy) -> Vec<Cell> {
    let changed =
        format!("{} of {}", wording::whole(policy.changed.count), wording::whole(policy.changed.of));
    let what = match policy.clearest() {
        _ if policy.nothing => "nothing at all: every history is the same".to_owned(),
        _ if policy.changed.count == 0 => "no outcome, though days on the way differ".to_owned(),
        Some(outcome) => format!("{}: {}", outcome.title, outcome.all.change),
        None => "no headline outcome by more than chance explains".to_owned(),
    };
    vec![Cell::plain(&policy.name.id), Cell::plain(changed), Cell::plain(what)]
}

fn details(compared: &Compared, policy: &ComparedPolicy, style: Style) -> String {
    let headlines = policy.headlines();
    let is_headline = |outcome: &ComparedOutcome| headlines.iter().any(|headline| headline.id == outcome.id);
    let (moved, still): (Vec<&ComparedOutcome>, Vec<&ComparedOutcome>) =
        headlines.iter().copied().partition(|outcome| outcome.all.changed.count > 0);
    let others = || policy.outcomes.iter().filter(|outcome| !is_headline(outcome));
    let shown = moved.into_iter().chain(others().filter(|outcome| outcome.all.clear));
    let rows: Vec<Vec<Cell>> = shown.map(row).collect();
    let headings = ["Outcome", compared.baseline.id.as_str(), "Under it", "Change", "Histories changed"];
    let mut out = table::set(&headings, &rows, style);
    let mut quiet = |text: &str| {
        out.push_str(&style.quiet(hanging("", &tame(text), style.columns()).trim_end()));
        out.push('\n');
    };
    if !still.is_empty() {
        let titles: Vec<&str> = still.iter().map(|outcome| outcome.title.as_str()).collect();
        quiet(&format!("The same in every history: {}.", titles.join("; ")));
    }
    let unclear = others().filter(|outcome| !outcome.all.clear).count() as u64;
    if unclear > 0 {
        let outcomes = wording::counted(unclear, "other outcome does", "other outcomes do");
        quiet(&format!("{outcomes} not change by more than chance explains; --json has all of them."));
    }
    let example =
        policy.clearest().and_then(|outcome| Some((outcome, outcome.all.changed.examples.first()?)));
    if let Some((outcome, (history, baseline, under))) = example {
        let text = format!(
            "Look at history {history} ({baseline} → {under}): equipoise why {}/{} --outcome {} --history {history}, \
             and the same in {}/{}",
            compared.dir, compared.baseline.id, outcome.id, compared.dir, policy.name.id
        );
        out.push_str(&hanging("", &tame(&text), style.columns()));
    }
    out
}

fn row(outcome: &ComparedOutcome) -> Vec<Cell> {
    let told = &outcome.all;
    let mut change = told.change.clone();
    if !told.also.is_empty() {
        change += &format!("; {}", told.also);
    }
    vec![
        Cell::plain(&outcome.title),
        Cell::plain(&told.baseline),
        Cell::plain(&told.policy),
        Cell::plain(change),
        Cell::plain(wording::whole(told.changed.count)),
    ]
}

fn remarks(compared: &Compared) -> String {
    let mut text = String::from(
        "Numbers are means, with the median; dates are medians. In brackets: 95 % Monte Carlo intervals; of some \
         twenty changes one lies outside its interval by chance.",
    );
    let ratios = ascending(compared.policies.iter().flat_map(ComparedPolicy::variance_ratios));
    if let Some(most) = ratios.last() {
        text += &format!(
            " Pairing: the variance of a difference is {} of that of independent runs in the median, {} at most.",
            wording::number(quantile(&ratios, 0.5)),
            wording::number(*most)
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn a_comparison_says_first_which_policy_changes_what() {
        insta::assert_snapshot!(compared(&sample::compared(), Style { colour: false, width: 100 }));
    }

    #[test]
    fn a_narrow_terminal_wraps_it() {
        let text = compared(&sample::compared(), Style { colour: false, width: 60 });
        let long = text.lines().find(|line| line.chars().count() > 60);
        assert_eq!(long, None);
    }
}
