//! Drivers: how much of an outcome each input answers for, as data and as a table of text.

use equipoise_lab::design::Factor;
use equipoise_lab::drivers::of_run::{Answer, Group, RunInputs};
use equipoise_lab::drivers::table::Table;
use equipoise_lab::drivers::{Estimate, Found, Method, Unanswerable};
use equipoise_scenario::Scenario;
use serde_json::{Map, Value, json};

use crate::terminal::{Style, plain_table};

/// Inputs a table of text shows of a run, the strongest ones.
const SHOWN: usize = 15;

/// The answer for one outcome.
#[derive(Debug)]
pub struct Told {
    outcome: Option<String>,
    method: Method,
    /// Rows used and rows there are.
    rows: (usize, usize),
    entries: Vec<Entry>,
    /// Shares of groups: name, share alone, share with interplay.
    groups: Vec<(String, Estimate, Option<Estimate>)>,
    /// What first orders leave.
    rest: Option<Estimate>,
    found: Option<Found>,
    /// Why there is no answer.
    nothing: Option<String>,
    of_run: bool,
}

/// What an entry of the answer is of.
#[derive(Debug)]
struct Entry {
    name: String,
    title: Option<String>,
    group: Option<&'static str>,
}

impl Told {
    /// The answer from a table; `groups` are the names of its factors.
    #[must_use]
    pub fn of_table(
        table: &Table,
        groups: &[String],
        method: Method,
        outcome: &[f64],
        found: &Found,
    ) -> Told {
        let by_factor = matches!(method, Method::Sobol | Method::Morris);
        let names = if by_factor { groups } else { &table.names };
        let entries =
            names.iter().map(|name| Entry { name: name.clone(), title: None, group: None }).collect();
        let (shares, rest) = match found {
            // Groups of one input each say nothing new.
            Found::GivenData(explained) => {
                let apart = groups.len() == table.names.len();
                let shares = groups.iter().zip(&explained.groups).filter(|_| !apart);
                let shares = shares.map(|(name, share)| (name.clone(), *share, None)).collect();
                (shares, Some(explained.rest))
            }
            _ => (Vec::new(), None),
        };
        let used = outcome.iter().filter(|value| value.is_finite()).count();
        Told {
            outcome: None,
            method,
            rows: (used, outcome.len()),
            entries,
            groups: shares,
            rest,
            found: Some(found.clone()),
            nothing: None,
            of_run: false,
        }
    }

    /// The answer from a run.
    #[must_use]
    pub fn of_run(
        scenario: &Scenario,
        inputs: &RunInputs,
        method: Method,
        outcome: &str,
        values: &[f64],
        answer: &Answer,
    ) -> Told {
        let entry = |factor: &Factor| {
            let (name, title) = match factor {
                Factor::Account => ("account", "which account is true"),
                Factor::Parameter(at) => {
                    let parameter = &scenario.parameters[*at];
                    (parameter.id.as_str(), parameter.title.as_str())
                }
                Factor::Evidence => ("evidence", "every parameter that rests on claims"),
                Factor::Assumption => ("assumption", "every parameter that rests on a reason alone"),
                Factor::Chance => ("chance", "what a history draws while it runs"),
            };
            let group = Some(inputs.group(*factor).name());
            Entry { name: name.to_owned(), title: Some(title.to_owned()), group }
        };
        let named = |group: Group, share: Estimate, total| (group.name().to_owned(), share, total);
        let (groups, rest) = match &answer.found {
            Found::GivenData(explained) => {
                let shares = Group::ALL.into_iter().zip(&explained.groups);
                let shares = shares.map(|(group, share)| named(group, *share, None)).collect();
                (shares, Some(explained.rest))
            }
            Found::Sobol(indices) => {
                let total = |group| {
                    let mut own = answer.factors.iter().zip(&indices.total);
                    let mut own = own.by_ref().filter(|(factor, _)| inputs.group(**factor) == group);
                    // The total of a group is not the sum of those of its members: it is known of a single one.
                    let only = own.next();
                    only.filter(|_| own.next().is_none()).map(|(_, total)| *total)
                };
                let shares = Group::ALL.into_iter().zip(&indices.sets);
                let shares = shares.map(|(group, share)| named(group, *share, total(group))).collect();
                (shares, Some(indices.rest))
            }
            _ => (Vec::new(), None),
        };
        Told {
            outcome: Some(outcome.to_owned()),
            method,
            rows: (answer.histories, values.len()),
            entries: answer.factors.iter().map(entry).collect(),
            groups,
            rest,
            found: Some(answer.found.clone()),
            nothing: None,
            of_run: true,
        }
    }

    /// Why an outcome of a run has no answer.
    #[must_use]
    pub fn nothing(outcome: &str, method: Method, why: &Unanswerable) -> Told {
        Told {
            outcome: Some(outcome.to_owned()),
            method,
            rows: (0, 0),
            entries: Vec::new(),
            groups: Vec::new(),
            rest: None,
            found: None,
            nothing: Some(why.to_string()),
            of_run: true,
        }
    }

    /// The answer as JSON: `parameters`, and what the method has beyond.
    #[must_use]
    pub fn as_json(&self) -> Value {
        let mut all = Map::new();
        if let Some(outcome) = &self.outcome {
            all.insert("outcome".into(), json!(outcome));
        }
        all.insert("method".into(), json!(self.method.name()));
        all.insert(if self.of_run { "histories" } else { "rows" }.into(), json!(self.rows.0));
        if let Some(why) = &self.nothing {
            all.insert("nothing".into(), json!(why));
        }
        let parameters = self.entries.iter().enumerate().map(|(at, entry)| {
            let mut one = Map::new();
            one.insert("name".into(), json!(entry.name));
            for (key, value) in [("title", entry.title.as_deref()), ("group", entry.group)] {
                if let Some(value) = value {
                    one.insert(key.into(), json!(value));
                }
            }
            for (name, estimate) in self.estimates(at) {
                put(&mut one, name, &estimate);
            }
            if let Some(Found::Pawn(moved)) = &self.found {
                let distances = moved.inputs[at];
                one.insert("median".into(), json!(distances.median.value));
                one.insert("minimum".into(), json!(distances.minimum));
                one.insert("mean".into(), json!(distances.mean));
                one.insert("maximum".into(), json!(distances.maximum));
                one.insert("stdev".into(), json!(distances.deviation));
                one.insert("cv".into(), json!(distances.deviation / distances.mean));
            }
            Value::Object(one)
        });
        all.insert("parameters".into(), parameters.collect());
        match &self.found {
            Some(Found::Sobol(indices)) => {
                all.insert("points".into(), json!(indices.points));
                let pairs = indices.second.iter().map(|pair| {
                    let mut one = Map::new();
                    one.insert("name".into(), json!(self.entries[pair.one].name));
                    one.insert("with".into(), json!(self.entries[pair.other].name));
                    put(&mut one, "second", &pair.index);
                    Value::Object(one)
                });
                all.insert("pairs".into(), pairs.collect());
            }
            Some(Found::Pawn(moved)) => {
                all.insert("dummy".into(), json!(moved.dummy));
            }
            _ => {}
        }
        if !self.groups.is_empty() {
            let groups = self.groups.iter().map(|(name, share, total)| {
                let mut one = Map::new();
                one.insert("name".into(), json!(name));
                put(&mut one, "share", share);
                if let Some(total) = total {
                    put(&mut one, "total", total);
                }
                Value::Object(one)
            });
            all.insert("groups".into(), groups.collect());
        }
        if let Some(rest) = &self.rest {
            let mut one = Map::new();
            one.insert("means".into(), json!(self.rest_means()));
            put(&mut one, "share", rest);
            all.insert("rest".into(), Value::Object(one));
        }
        Value::Object(all)
    }

    /// What first orders leave, in words.
    fn rest_means(&self) -> &'static str {
        match self.method {
            Method::Sobol => "interplay",
            _ => "interplay and chance",
        }
    }

    /// What the method estimates of one entry; the first is what entries are sorted by.
    fn estimates(&self, at: usize) -> Vec<(&'static str, Estimate)> {
        match &self.found {
            Some(Found::Sobol(indices)) => vec![("first", indices.first[at]), ("total", indices.total[at])],
            Some(Found::Morris(effects)) => {
                vec![("mu_star", effects[at].size), ("mu", effects[at].mean), ("sigma", effects[at].spread)]
            }
            Some(Found::GivenData(explained)) => vec![("first", explained.first[at])],
            Some(Found::Pawn(moved)) => vec![("pawn", moved.inputs[at].median)],
            Some(Found::Delta(deltas)) => vec![("delta", deltas[at])],
            None => Vec::new(),
        }
    }

    /// The answer as tables of text.
    #[must_use]
    pub fn as_text(&self, style: Style) -> String {
        let rows = if self.of_run { "histories" } else { "rows" };
        let mut text = match &self.outcome {
            Some(outcome) => format!("What drives {outcome}"),
            None => "What drives the outcome".to_owned(),
        };
        if let Some(why) = &self.nothing {
            return format!("{text}: {why}\n");
        }
        text += &format!(" ({}, {} of {} {rows})\n", self.method.name(), self.rows.0, self.rows.1);
        let mut order: Vec<usize> = (0..self.entries.len()).collect();
        if self.of_run {
            order.sort_by(|a, b| {
                let first = |at: usize| self.estimates(at).first().map_or(0.0, |(_, it)| it.value);
                first(*b).total_cmp(&first(*a))
            });
        }
        let left_out = if self.of_run { order.len().saturating_sub(SHOWN) } else { 0 };
        order.truncate(order.len() - left_out);
        let names = self.estimates(0);
        let mut headings = vec!["Input"];
        headings.extend(names.iter().map(|(name, _)| *name));
        headings.extend(self.of_run.then_some("rests on"));
        let cells = |at: &usize| {
            let entry = &self.entries[*at];
            let mut cells = vec![entry.name.clone()];
            cells.extend(self.estimates(*at).iter().map(|(_, estimate)| said(estimate)));
            cells.extend(entry.group.map(str::to_owned));
            cells
        };
        let lines: Vec<Vec<String>> = order.iter().map(cells).collect();
        text += &plain_table(&headings, &lines, style);
        if left_out > 0 {
            text += &format!("and {left_out} more, all of them with --json\n");
        }
        match &self.found {
            Some(Found::Sobol(indices)) if !indices.second.is_empty() => {
                let pairs: Vec<Vec<String>> = indices
                    .second
                    .iter()
                    .map(|pair| {
                        let name = |at: usize| self.entries[at].name.clone();
                        vec![name(pair.one), name(pair.other), said(&pair.index)]
                    })
                    .collect();
                text += "\n";
                text += &plain_table(&["Input", "with", "second"], &pairs, style);
            }
            Some(Found::Pawn(moved)) => {
                text += &format!("An input without effect would show about {:.3}.\n", moved.dummy);
            }
            _ => {}
        }
        if !self.groups.is_empty() {
            let mut shares: Vec<Vec<String>> = self
                .groups
                .iter()
                .map(|(name, share, total)| {
                    vec![name.clone(), said(share), total.as_ref().map_or(String::new(), said)]
                })
                .collect();
            // Chance is a group only where the design keeps it while inputs change.
            shares.extend(
                self.rest.iter().map(|rest| vec![self.rest_means().to_owned(), said(rest), String::new()]),
            );
            text += "\n";
            text += &plain_table(&["Group", "share of variance", "with its interplay"], &shares, style);
        } else if let Some(rest) = &self.rest {
            text += &format!("{}: {}\n", self.rest_means(), said(rest));
        }
        text
    }
}

fn put(into: &mut Map<String, Value>, name: &str, estimate: &Estimate) {
    into.insert(name.to_owned(), json!(estimate.value));
    into.insert(format!("{name}_low"), json!(estimate.low));
    into.insert(format!("{name}_high"), json!(estimate.high));
}

/// A number with its interval, to three decimals, or as many digits as it needs.
fn said(estimate: &Estimate) -> String {
    let largest = [estimate.value, estimate.low, estimate.high].map(f64::abs).into_iter().fold(0.0, f64::max);
    let digits = if largest >= 100.0 { 1 } else { 3 };
    format!("{:.digits$} ({:.digits$} to {:.digits$})", estimate.value, estimate.low, estimate.high)
}
