//! Rules: the limits of a box in words, and the sentence that says when something happens.

use equipoise_lab::discover::{
    Discovery, Found, Inputs, Limit, PrimOptions, Values, of_run, of_sample, plain, prim, quasi_p, telling,
};
use equipoise_lab::live::Sample;
use equipoise_lab::when::{Comparison, Test, When};
use equipoise_lab::{LabError, Run};
use equipoise_scenario::Scenario;
use equipoise_scenario::scenario::Measure;
use equipoise_scenario::unit::Unit;

use crate::wording;

/// When something happens: a box in words.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// What happens, as a clause: "“The alliance sends troops” happens".
    pub happens: String,
    /// What the rows of the table are: "histories", "rows".
    pub noun: String,
    /// The limits, all of which must hold; none where no rule was found.
    pub terms: Vec<Term>,
    /// Share of the histories in which it happens that the rule holds.
    pub coverage: f64,
    /// Share of the histories under the rule in which it happens.
    pub density: f64,
    /// Share of all histories in which it happens.
    pub base: f64,
    /// Share of all histories that the rule holds.
    pub mass: f64,
}

/// A rule with what an analyst weighs it by.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// The rule.
    pub rule: Rule,
    /// For each term, how often its input is restricted again in half tables, nearest in coverage and in density; empty
    /// or `None` where that was not looked for.
    pub recurs: Vec<Option<[f64; 2]>>,
    /// The steps that show the trade-off; empty where there is none.
    pub tradeoff: Vec<Tradeoff>,
}

/// One step of the trade-off between coverage, density and the number of limits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tradeoff {
    /// Its number.
    pub step: usize,
    /// Restricted inputs.
    pub restricted: usize,
    /// Share of the cases it covers.
    pub coverage: f64,
    /// Share of its rows that are cases.
    pub density: f64,
    /// Share of all rows it holds.
    pub mass: f64,
    /// Whether this is the box told.
    pub told: bool,
}

impl Tradeoff {
    /// The steps worth showing: the first, the last with each set of restricted inputs, and the one told.
    pub fn of(found: &Found, told: usize) -> Vec<Tradeoff> {
        let steps = &found.steps;
        let worth = |at: usize| {
            at == 0
                || at == told
                || steps.get(at + 1).is_none_or(|next| next.restricted != steps[at].restricted)
        };
        let shown = (0..steps.len()).filter(|&at| worth(at)).map(|at| Tradeoff {
            step: at,
            restricted: steps[at].restricted.len(),
            coverage: steps[at].coverage,
            density: steps[at].density,
            mass: steps[at].mass,
            told: at == told,
        });
        shown.collect()
    }
}

/// One limit of a rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Term {
    /// The input, for people.
    pub title: String,
    /// The limit in words: "at most 0.4", "one of a, b".
    pub said: String,
    /// What it leaves of the input.
    pub part: Part,
    /// The largest quasi-p-value of its ends.
    pub quasi_p: Option<f64>,
}

/// What a limit leaves of its input.
#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    /// A stretch of a range.
    Range {
        /// The limit.
        kept: [f64; 2],
        /// Smallest and largest value of all.
        whole: [f64; 2],
        /// The ends of the whole range in words.
        ends: [String; 2],
    },
    /// Some of the levels.
    Levels {
        /// Every level and whether it is kept.
        levels: Vec<(String, bool)>,
    },
}

/// How an input is called and measured.
#[derive(Debug, Clone, PartialEq)]
pub struct Named {
    /// For people.
    pub title: String,
    /// Its unit.
    pub unit: Unit,
    /// Titles of its levels, where they differ from their names; empty otherwise.
    pub levels: Vec<String>,
}

impl Rule {
    /// A step of a box in words. `named` has one entry per input.
    pub fn of(
        happens: String,
        noun: &str,
        named: &[Named],
        inputs: &Inputs,
        outcome: &[bool],
        found: &Found,
        step: usize,
    ) -> Rule {
        let step = &found.steps[step];
        let tests = quasi_p(inputs, outcome, &found.among, &step.bounds, &found.whole);
        let terms = tests.iter().map(|test| {
            let at = test.input;
            let chance = [test.low, test.high].into_iter().flatten().fold(0.0, f64::max);
            term(&named[at], &inputs.columns()[at].values, &step.bounds[at], &found.whole[at], Some(chance))
        });
        Rule {
            happens,
            noun: noun.to_owned(),
            terms: terms.collect(),
            coverage: step.coverage,
            density: step.density,
            base: outcome.iter().filter(|yes| **yes).count() as f64 / outcome.len().max(1) as f64,
            mass: step.mass,
        }
    }

    /// The rule as one sentence, without a full stop.
    pub fn sentence(&self) -> String {
        let noun = &self.noun;
        if self.terms.is_empty() {
            return format!(
                "No limits on the inputs tell when {}; it does in {}",
                self.happens,
                wording::share_of(self.base, noun)
            );
        }
        let terms: Vec<String> =
            self.terms.iter().map(|term| format!("{} is {}", quoted(&term.title), term.said)).collect();
        let (happens, terms) = (&self.happens, terms.join(" and "));
        let density = wording::share_of(self.density, noun);
        let base = wording::share_in_words(self.base);
        if self.density <= 0.0 {
            return format!("{happens} in {density} when {terms} ({base} of all)");
        }
        let covers = format!("this covers {} of such {noun}", wording::percent(self.coverage));
        if self.density <= self.base {
            return format!(
                "{happens} in {density} when {terms}, no more often than in all ({base}): {covers}"
            );
        }
        format!(
            "{happens} above all when {terms}: {covers}, and {density} within these limits are such ({base} of all)"
        )
    }
}

/// How an input of a run is called: the account and the parameters by their titles.
pub fn named(scenario: &Scenario, discovery: &Discovery) -> Vec<Named> {
    let names = discovery.parameters.iter().map(|parameter| match parameter {
        None => Named {
            title: "the account".to_owned(),
            unit: Unit::NUMBER,
            levels: scenario.evidence.accounts.iter().map(|account| account.title.clone()).collect(),
        },
        Some(at) => {
            let parameter = &scenario.parameters[*at];
            Named { title: parameter.title.clone(), unit: parameter.unit, levels: Vec::new() }
        }
    });
    names.collect()
}

/// For each headline yes/no of a run the rule that says most in a sentence; what always or never happens is left out.
///
/// # Errors
/// A table of the run cannot be read.
pub(super) fn of_run_directory(run: &Run) -> Result<Vec<Rule>, LabError> {
    let scenario = run.scenario();
    let asked = asked(scenario);
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    // A run in which nothing varies has no table of inputs, and so no rules.
    let Ok(discovery) = of_run(run) else { return Ok(Vec::new()) };
    let mut rules = Vec::new();
    for when in asked {
        rules.extend(rule_for(scenario, &discovery, &when, &Discovery::happens(run, &when)?));
    }
    Ok(rules)
}

/// The same of an ensemble in memory.
pub(super) fn of_memory(scenario: &Scenario, sample: &Sample) -> Vec<Rule> {
    let Ok(discovery) = of_sample(scenario, sample) else { return Vec::new() };
    let rule = |when: &When| {
        let value = |at: usize| sample.histories[at].outcomes[when.outcome];
        let outcome: Vec<bool> = (0..sample.histories.len()).map(|at| when.holds(value(at))).collect();
        rule_for(scenario, &discovery, when, &outcome)
    };
    asked(scenario).iter().filter_map(rule).collect()
}

/// Every headline yes/no.
fn asked(scenario: &Scenario) -> Vec<When> {
    (0..scenario.outcomes.len())
        .filter(|&at| scenario.outcomes[at].headline && scenario.outcomes[at].unit == Unit::YES_NO)
        .filter_map(|at| When::plainly(scenario, at))
        .collect()
}

/// The rule that says most in a sentence; `None` for what is the same in all histories.
fn rule_for(scenario: &Scenario, discovery: &Discovery, when: &When, outcome: &[bool]) -> Option<Rule> {
    let options = PrimOptions::default();
    let few = discovery.only(&telling(&discovery.inputs, outcome, &options).ok()?);
    let found = prim(&few.inputs, outcome, &options).ok()?;
    let step = plain(&few.inputs, outcome, &found[0]);
    let named = named(scenario, &few);
    Some(Rule::of(clause(scenario, when), "histories", &named, &few.inputs, outcome, &found[0], step))
}

/// What happens, as a clause: the outcome's title, or the comparison as it was typed.
pub fn clause(scenario: &Scenario, when: &When) -> String {
    let outcome = &scenario.outcomes[when.outcome];
    match when.test {
        Test::Yes => format!("{} happens", quoted(&outcome.title)),
        Test::Comes => format!("{} comes", quoted(&outcome.title)),
        Test::Compares(comparison, limit) => {
            let words = match comparison {
                Comparison::AtLeast => "at least",
                Comparison::AtMost => "at most",
                Comparison::Above => "above",
                Comparison::Below => "below",
            };
            let date = matches!(outcome.measure, Measure::First { .. } | Measure::Last { .. });
            let value = if date {
                wording::date(scenario.date(limit.clamp(0.0, f64::from(u32::MAX)) as u32))
            } else {
                let unit = if outcome.unit == Unit::PERSONS { "" } else { &wording::unit_word(outcome.unit) };
                format!("{} {unit}", wording::exact(limit)).trim_end().to_owned()
            };
            format!("{} is {words} {value}", quoted(&outcome.title))
        }
    }
}

/// One limit in words.
pub fn term(named: &Named, values: &Values, limit: &Limit, whole: &Limit, quasi_p: Option<f64>) -> Term {
    let (said, part) = match (limit, whole, values) {
        (Limit::Range { low, high }, Limit::Range { low: first, high: last }, _) => {
            let say = |value: f64| amount(value, last - first, named.unit);
            let said = match (low != first, high != last) {
                (true, true) => format!("between {} and {}", bare(*low, last - first), say(*high)),
                (true, false) => format!("at least {}", say(*low)),
                _ => format!("at most {}", say(*high)),
            };
            let ends = [say(*first), say(*last)];
            (said, Part::Range { kept: [*low, *high], whole: [*first, *last], ends })
        }
        (Limit::Levels(allowed), Limit::Levels(there), Values::Levels { names, .. }) => {
            let titles = if named.levels.len() == names.len() { &named.levels } else { names };
            let of = |yes: bool| -> Vec<&str> {
                let levels = titles.iter().zip(allowed).zip(there);
                levels.filter(|((_, a), t)| **t && **a == yes).map(|((title, _), _)| title.as_str()).collect()
            };
            let (kept, left_out) = (of(true), of(false));
            let said = if kept.len() > left_out.len() && left_out.len() <= 2 {
                format!("not {}", listed(&left_out, "or"))
            } else {
                listed(&kept, "or")
            };
            let levels = titles.iter().zip(allowed).zip(there).filter(|(_, there)| **there);
            (said, Part::Levels { levels: levels.map(|((title, kept), _)| (title.clone(), *kept)).collect() })
        }
        _ => unreachable!("a limit of another kind than its input"),
    };
    Term { title: named.title.clone(), said, part, quasi_p }
}

/// "a", "a or b", "a, b or c"; names of several words in quotes.
fn listed(names: &[&str], last: &str) -> String {
    let names: Vec<String> = names.iter().map(|name| quoted(name)).collect();
    match names.split_last() {
        Some((end, rest)) if !rest.is_empty() => format!("{} {last} {end}", rest.join(", ")),
        _ => names.concat(),
    }
}

/// A name of several words in quotes, so that it reads as one thing.
fn quoted(name: &str) -> String {
    if name.contains(' ') && !name.starts_with("the ") { format!("“{name}”") } else { name.to_owned() }
}

fn amount(value: f64, span: f64, unit: Unit) -> String {
    let unit = if unit == Unit::PERSONS { String::new() } else { wording::unit_word(unit) };
    format!("{} {unit}", bare(value, span)).trim_end().to_owned()
}

fn bare(value: f64, span: f64) -> String {
    wording::within(value, span)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(title: &str, unit: Unit, kept: [f64; 2], whole: [f64; 2]) -> Term {
        let named = Named { title: title.to_owned(), unit, levels: Vec::new() };
        let limit = |[low, high]: [f64; 2]| Limit::Range { low, high };
        term(&named, &Values::Real(Vec::new()), &limit(kept), &limit(whole), Some(0.001))
    }

    #[test]
    fn a_rule_is_said_as_an_analyst_would() {
        let accounts = Named {
            title: "the account".to_owned(),
            unit: Unit::NUMBER,
            levels: ["Protest at home", "Seized", "Attack from abroad"].map(str::to_owned).to_vec(),
        };
        let levels = Values::levels(["home", "seized", "abroad"]);
        let all = Limit::Levels(vec![true; 3]);
        let rule = Rule {
            happens: "Troops are refused".to_owned(),
            noun: "histories".to_owned(),
            terms: vec![
                number("Legitimacy", Unit::NUMBER, [0.6183, 0.9], [0.1, 0.9]),
                term(&accounts, &levels, &Limit::Levels(vec![false, false, true]), &all, None),
            ],
            coverage: 0.813,
            density: 0.748,
            base: 0.11,
            mass: 0.12,
        };
        assert_eq!(
            rule.sentence(),
            "Troops are refused above all when Legitimacy is at least 0.62 and the account is “Attack from abroad”: \
             this covers 81 % of such histories, and about 3 in 4 histories within these limits are such \
             (about 1 in 9 of all)"
        );
    }

    #[test]
    fn what_happens_no_more_often_within_the_limits_is_not_said_to_happen_there_above_all() {
        let told = |density: f64, coverage: f64| {
            let terms = vec![number("x", Unit::NUMBER, [0.0, 0.4], [0.0, 1.0])];
            let (happens, noun) = ("y is 1".to_owned(), "rows".to_owned());
            Rule { happens, noun, terms, coverage, density, base: 0.25, mass: 0.4 }.sentence()
        };
        assert_eq!(told(0.0, 0.0), "y is 1 in no rows when x is at most 0.4 (about 1 in 4 of all)");
        assert_eq!(
            told(0.1, 0.16),
            "y is 1 in about 1 in 10 rows when x is at most 0.4, no more often than in all (about 1 in 4): \
             this covers 16 % of such rows"
        );
        assert!(told(0.25, 0.4).contains("no more often than in all"));
        assert!(told(0.26, 0.42).contains("y is 1 above all when x is at most 0.4"));
        assert!(told(1.0, 1.0).ends_with("and all rows within these limits are such (about 1 in 4 of all)"));
    }

    #[test]
    fn a_share_without_limits_reads_as_a_noun() {
        let told = |base: f64| {
            let (happens, noun) = ("It".to_owned(), "histories".to_owned());
            Rule { happens, noun, terms: Vec::new(), coverage: 1.0, density: base, base, mass: 1.0 }
                .sentence()
        };
        assert!(told(1.0).ends_with("it does in all histories"));
        assert!(told(0.0).ends_with("it does in no histories"));
        assert!(told(0.25).ends_with("it does in about 1 in 4 histories"));
    }

    #[test]
    fn limits_are_said_no_finer_than_their_range_needs() {
        assert_eq!(number("x", Unit::NUMBER, [67.0, 100.27], [67.0, 133.7]).said, "at most 100");
        assert_eq!(number("x", Unit::PERSONS, [12.3, 45.6], [0.0, 70.0]).said, "between 12 and 46");
        assert_eq!(
            number("x", Unit::PER_DAY, [0.012_34, 0.02], [0.01, 0.02]).said,
            "at least 0.0123 per day"
        );
    }

    #[test]
    fn a_single_level_left_out_is_said_by_what_it_is_not() {
        let named = Named { title: "account".to_owned(), unit: Unit::NUMBER, levels: Vec::new() };
        let levels = Values::levels(["a", "b", "c"]);
        let said = |allowed: [bool; 3]| {
            term(&named, &levels, &Limit::Levels(allowed.to_vec()), &Limit::Levels(vec![true; 3]), None).said
        };
        assert_eq!(said([true, false, true]), "not b");
        assert_eq!(said([false, true, false]), "b");
    }
}
