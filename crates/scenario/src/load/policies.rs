//! Policies: named sets of changes, with what they include merged in. They stand in `scenario.toml`, or each in a file
//! of its own in `policies/`, named for it.

use equipoise_models::treaty::Ballot;
use jiff::civil::Date;

use super::names::{Context, Index, entries, kebab_case};
use super::parameters::check_range;
use super::{Shelf, within_period};
use crate::diagnostic::{Report, Spot};
use crate::format::scenario_file::{ChangeTable, PolicyTable, ScenarioFile};
use crate::format::{At, Field};
use crate::scenario::{Change, Policy};
use crate::unit::Unit;

/// The folder of policies that have a file of their own.
const FOLDER: &str = "policies/";

/// Reads the files in `policies/`, in the order of their names; an id is a file's name without its ending.
pub(crate) fn files(shelf: &Shelf, report: &mut Report) -> Option<Vec<(At<String>, PolicyTable)>> {
    let mut paths: Vec<&str> = shelf.paths().filter(|path| path.starts_with(FOLDER)).collect();
    paths.sort_unstable();
    let read: Vec<_> = paths
        .into_iter()
        .map(|path| {
            let Some(id) = path[FOLDER.len()..].strip_suffix(".toml") else {
                report.file_error(path, "this is no policy").expected("a file that ends in .toml");
                return None;
            };
            let spot = Spot { file: shelf.find(path, report)?, start: 0, end: 0 };
            Some((At { value: id.to_owned(), spot }, shelf.toml(path, report)?))
        })
        .collect();
    read.into_iter().collect()
}

/// Reads `[policies]`, and after them those that have a file of their own.
pub(crate) fn read(
    file: &ScenarioFile,
    files: &[(At<String>, PolicyTable)],
    period: Option<(Date, u32)>,
    context: &mut Context<'_>,
) -> Option<Vec<Policy>> {
    let list: Vec<&(At<String>, PolicyTable)> = entries(&file.policies).iter().chain(files).collect();
    let list = list.as_slice();
    let index = Index::new("policy", list.iter().map(|(id, _)| Some(id)), context.report);
    let includes: Vec<Option<Vec<usize>>> = list
        .iter()
        .map(|(id, table)| {
            kebab_case("policy", id, context.report);
            included(table, &index, context)
        })
        .collect();
    let own: Vec<Option<Vec<Change>>> =
        list.iter().map(|(_, table)| changes(table, period, context)).collect();
    let includes: Vec<Vec<usize>> = includes.into_iter().collect::<Option<_>>()?;
    if cycles(list, &includes, context) {
        return None;
    }
    let own: Vec<Vec<Change>> = own.into_iter().collect::<Option<_>>()?;
    let policies = list.iter().enumerate().map(|(at, (id, table))| {
        let mut changes = Vec::new();
        merge(at, &includes, &own, &mut changes);
        Some(Policy { id: id.value.clone(), title: table.title.value()?.clone(), changes })
    });
    policies.collect()
}

fn included(table: &PolicyTable, index: &Index, context: &mut Context<'_>) -> Option<Vec<usize>> {
    match &table.includes {
        Field::Absent => Some(Vec::new()),
        Field::Broken => None,
        Field::Given(names) => {
            let found: Vec<_> = names.value.iter().map(|name| index.get(name, context.report)).collect();
            found.into_iter().collect()
        }
    }
}

/// Notes every cycle of includes, each once: at the first of its policies in file order.
fn cycles(list: &[&(At<String>, PolicyTable)], includes: &[Vec<usize>], context: &mut Context<'_>) -> bool {
    let mut found = false;
    for start in 0..list.len() {
        let Some(path) = way_back(start, includes) else { continue };
        found = true;
        if path.iter().any(|at| *at < start) {
            continue;
        }
        let names: Vec<&str> = path.iter().map(|at| list[*at].0.value.as_str()).collect();
        context
            .report
            .error(
                list[start].0.spot,
                format!("policies include each other in a circle: {}", names.join(" → ")),
            )
            .expected("includes without a way back");
    }
    found
}

/// The shortest way along includes from a policy back to itself.
fn way_back(start: usize, includes: &[Vec<usize>]) -> Option<Vec<usize>> {
    let mut before: Vec<Option<usize>> = vec![None; includes.len()];
    let mut queue = std::collections::VecDeque::from([start]);
    while let Some(at) = queue.pop_front() {
        for &next in &includes[at] {
            if next == start {
                let mut path = vec![start, at];
                let mut step = at;
                while let Some(earlier) = before[step] {
                    path.push(earlier);
                    step = earlier;
                }
                if at == start {
                    path.pop();
                    path.push(start);
                }
                path.reverse();
                return Some(path);
            }
            if before[next].is_none() {
                before[next] = Some(at);
                queue.push_back(next);
            }
        }
    }
    None
}

/// Changes of a policy after those of what it includes. Only called where there is no cycle.
fn merge(at: usize, includes: &[Vec<usize>], own: &[Vec<Change>], changes: &mut Vec<Change>) {
    for &other in &includes[at] {
        merge(other, includes, own, changes);
    }
    changes.extend(own[at].iter().cloned());
}

fn changes(
    table: &PolicyTable,
    period: Option<(Date, u32)>,
    context: &mut Context<'_>,
) -> Option<Vec<Change>> {
    let changes: Vec<_> = match &table.changes {
        Field::Absent => Vec::new(),
        Field::Broken => return None,
        Field::Given(list) => list.value.iter().map(|at| change(at, period, context)).collect(),
    };
    changes.into_iter().collect()
}

fn change(at: &At<ChangeTable>, period: Option<(Date, u32)>, context: &mut Context<'_>) -> Option<Change> {
    let table = &at.value;
    let words = [
        ("forbid", &table.forbid),
        ("cancel", &table.cancel),
        ("move", &table.r#move),
        ("ballot", &table.ballot),
        ("parameter", &table.parameter),
    ];
    let given: Vec<_> = words.into_iter().filter(|(_, field)| field.is_present()).collect();
    let [(word, field)] = given[..] else {
        context
            .report
            .error(at.spot, format!("a change with {} of its words", given.len()))
            .expected("exactly one of forbid, cancel, move, ballot and parameter");
        return None;
    };
    let companions = [
        ("to", table.to.is_present(), word == "move"),
        ("treaty", table.treaty.is_present(), word == "ballot"),
        ("range", table.range.is_present(), word == "parameter"),
        ("reason", table.reason.is_present(), word == "parameter"),
    ];
    let mut sound = true;
    for (name, present, wanted) in companions {
        if present != wanted {
            sound = false;
            let found = if present { "does not go with" } else { "is missing beside" };
            context.report.error(at.spot, format!("`{name}` {found} `{word}`"));
        }
    }
    if table.member.is_present() && word != "ballot" {
        context.report.error(at.spot, format!("`member` does not go with `{word}`"));
    }
    let name = field.given()?;
    let change = match word {
        "forbid" => {
            let (decision, option) = context.option(name)?;
            Change::Forbid { decision, option }
        }
        "cancel" => Change::Cancel { shock: context.shock(name)? },
        "move" => {
            let shock = context.shock(name)?;
            let to = table.to.given()?;
            within_period(to.value.0, period, to.spot, context.report);
            Change::Move { shock, date: to.value.0 }
        }
        "ballot" => ballot(name, table, context)?,
        _ => {
            let parameter = context.parameters.get(name, context.report)?;
            let range = table.range.given()?;
            let share = context.parameter_unit(parameter) == Some(Unit::YES_NO);
            if !check_range(&range.value, range.spot, share, context) {
                return None;
            }
            let reason = table.reason.given()?;
            if reason.value.trim().is_empty() {
                context.report.error(reason.spot, "the reason is empty").expected("one sentence");
            }
            Change::Parameter { parameter, range: range.value, reason: reason.value.clone() }
        }
    };
    sound.then_some(change)
}

fn ballot(word: &At<String>, table: &ChangeTable, context: &mut Context<'_>) -> Option<Change> {
    let ballot = match word.value.as_str() {
        "yes" => Ballot::Yes,
        "abstain" => Ballot::Abstain,
        "no" => Ballot::No,
        other => {
            context
                .report
                .error(word.spot, format!("there is no ballot `{other}`"))
                .expected("yes, abstain or no")
                .near(other, ["yes", "abstain", "no"]);
            return None;
        }
    };
    let treaty = context.treaty(table.treaty.given()?);
    let member = match &table.member {
        Field::Absent => Some(None),
        field => field.given().and_then(|name| context.actor(name)).map(Some),
    };
    Some(Change::Ballot { treaty: treaty?, member: member?, ballot })
}
