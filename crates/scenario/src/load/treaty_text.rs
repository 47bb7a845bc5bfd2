//! A treaty's text: facts, clauses with dated wordings, members, procedure, lesser answers, priors.

use std::collections::HashMap;

use equipoise_models::treaty::{
    Answer, End, Next, Prior, Procedure, Rule, Stage, StageKind, TreatyError, WEIGHT_NAMES,
};

use super::names::{compiled, entries, snake_case};
use super::{in_order, treaty_area};
use crate::diagnostic::{Report, Spot};
use crate::expression::{Expected, Names, is_reserved};
use crate::format::treaty_file::{
    AnswerTable, ClauseTable, MembershipTable, PriorTable, RuleText, StageTable, StageWord, TreatyFile,
    VersionTable,
};
use crate::format::{At, Field, Named};
use crate::treaty::{Clause, HoldsIn, LesserAnswer, Membership, TreatyText, Version};
use crate::unit::Unit;

/// Strength and cost of breach are coded from 0 to this.
const MOST_STRENGTH: u32 = 3;

/// Words for the ends of a procedure.
const ENDS: [(&str, End); 5] = [
    ("granted", End::Granted),
    ("lesser", End::Lesser),
    ("refused", End::Refused),
    ("lapsed", End::Lapsed),
    ("withdrawn", End::Withdrawn),
];

/// Reads a treaty's file; what is wrong is noted.
pub(crate) fn read(file: &TreatyFile, report: &mut Report) -> Option<TreatyText> {
    let names = facts(file, report);
    let lead = lead(file, report);
    let rule = file.rule.given().and_then(|text| rule(&text.value, text.spot, file, report));
    let territories: Vec<_> = entries(&file.territories)
        .iter()
        .map(|(id, table)| treaty_area::territory(id, table, file, report))
        .collect();
    let areas: Vec<_> =
        entries(&file.areas).iter().map(|(id, table)| treaty_area::area(id, table, file, report)).collect();
    let clauses: Vec<_> =
        entries(&file.clauses).iter().map(|(id, table)| clause(id, table, &names, file, report)).collect();
    if entries(&file.clauses).is_empty() && file.clauses.value().is_some() {
        report.error(file.spot, "the treaty has no clause").expected("at least one under [clauses]");
    }
    let members: Vec<_> =
        entries(&file.members).iter().map(|(id, table)| membership(id, table, report)).collect();
    if entries(&file.members).is_empty() && file.members.value().is_some() {
        report.error(file.spot, "the treaty has no member").expected("at least one under [members]");
    }
    let (stages, procedure) = procedure(&file.procedure, report)?;
    let answers: Vec<_> =
        entries(&file.answers).iter().map(|(id, table)| answer(id, table, report)).collect();
    let priors = match &file.priors {
        Field::Absent => Some(None),
        Field::Broken => None,
        Field::Given(named) => priors(&named.value, named.spot, report).map(Some),
    };
    Some(TreatyText {
        id: file.id.value()?.clone(),
        title: file.title.value()?.clone(),
        signed: file.signed.value()?.0,
        rule: rule?,
        lead: lead?,
        facts: entries(&file.facts)
            .iter()
            .map(|(id, table)| (id.value.clone(), table.title.text()))
            .collect(),
        clauses: clauses.into_iter().collect::<Option<_>>()?,
        territories: territories.into_iter().collect::<Option<_>>()?,
        areas: areas.into_iter().collect::<Option<_>>()?,
        members: members.into_iter().collect::<Option<_>>()?,
        procedure,
        stages,
        answers: answers.into_iter().collect::<Option<_>>()?,
        priors: priors?,
    })
}

/// The names its triggers may use; notes a fact that has the name of a word of the language.
fn facts(file: &TreatyFile, report: &mut Report) -> Names {
    let mut names = Names::default();
    for (at, (id, _)) in entries(&file.facts).iter().enumerate() {
        snake_case("fact", id, report);
        if is_reserved(&id.value) {
            report
                .error(id.spot, format!("the fact `{}` has the name of a word of the language", id.value))
                .expected("a name of its own");
        }
        names.parameters.insert(id.value.clone(), (at, Unit::NUMBER));
    }
    names
}

/// The leading member, if one is named; `None` where it is no member.
fn lead(file: &TreatyFile, report: &mut Report) -> Option<Option<String>> {
    let Some(lead) = file.lead.given() else { return Some(None) };
    let members = entries(&file.members);
    if file.members.value().is_some() && !members.iter().any(|(member, _)| member.value == lead.value) {
        report
            .error(lead.spot, format!("the lead `{}` is no member", lead.value))
            .near(&lead.value, members.iter().map(|(member, _)| member.value.as_str()));
        return None;
    }
    Some(Some(lead.value.clone()))
}

/// A rule of decision; notes one that names no decider.
fn rule(text: &RuleText, spot: Spot, file: &TreatyFile, report: &mut Report) -> Option<Rule> {
    Some(match text {
        RuleText::Consensus => Rule::Consensus,
        RuleText::Unanimity => Rule::Unanimity,
        RuleText::Majority => Rule::Majority,
        RuleText::EachForItself => Rule::EachForItself,
        RuleText::Lead => {
            if !file.lead.is_present() {
                report
                    .error(spot, "the rule names no decider: the treaty has no lead")
                    .expected("`lead`, one of the members");
                return None;
            }
            Rule::Lead
        }
        RuleText::Weighted(share) => {
            if !(share.value > 0.0 && share.value <= 1.0) {
                report
                    .error(share.spot, format!("the threshold {} is no share of the weight", share.value))
                    .expected("a number above 0, at most 1");
                return None;
            }
            let weight = |table: &MembershipTable| table.weight.value().copied().unwrap_or(1.0);
            if entries(&file.members).iter().all(|(_, table)| weight(table) <= 0.0) {
                report
                    .error(spot, "the rule names no decider: no member has any weight")
                    .expected("a `weight` above 0 for some member");
                return None;
            }
            Rule::Weighted { threshold_share: share.value }
        }
    })
}

fn clause(
    id: &At<String>,
    table: &ClauseTable,
    names: &Names,
    file: &TreatyFile,
    report: &mut Report,
) -> Option<Clause> {
    snake_case("clause", id, report);
    let decides = match &table.decides {
        Field::Absent => Some(None),
        Field::Broken => None,
        Field::Given(text) => rule(&text.value, text.spot, file, report).map(Some),
    };
    let holds_in = match &table.area {
        Field::Absent => Some(HoldsIn::Everywhere),
        field => field.given().and_then(|word| treaty_area::holds_in(word, file, report)),
    };
    let texts = table.versions.given()?;
    if texts.value.is_empty() {
        report
            .error(texts.spot, format!("the clause `{}` has no wording", id.value))
            .expected("at least one");
        return None;
    }
    let versions: Vec<_> = texts.value.iter().map(|text| version(id, text, names, report)).collect();
    for pair in texts.value.windows(2) {
        let (Some(earlier), Some(later)) = (pair[0].value.from.given(), pair[1].value.from.given()) else {
            continue;
        };
        if later.value.0 == earlier.value.0 {
            report
                .error(
                    later.spot,
                    format!("two wordings of `{}` come into force on {}", id.value, later.value.0),
                )
                .expected("a later day");
        } else if later.value.0 < earlier.value.0 {
            report
                .error(
                    later.spot,
                    format!("the wordings of `{}` are not in the order of their days", id.value),
                )
                .expected("the oldest first");
        }
    }
    Some(Clause {
        id: id.value.clone(),
        article: table.article.value()?.clone(),
        obligation: table.obligation.value()?.0,
        holds_in: holds_in?,
        decides: decides?,
        versions: versions.into_iter().collect::<Option<_>>()?,
    })
}

fn version(id: &At<String>, at: &At<VersionTable>, names: &Names, report: &mut Report) -> Option<Version> {
    let table = &at.value;
    if let (Some(signed), Some(from)) = (table.signed.given(), table.from.given())
        && from.value.0 < signed.value.0
    {
        report
            .error(
                from.spot,
                format!(
                    "`{}` is in force on {}, before it was signed on {}",
                    id.value, from.value.0, signed.value.0
                ),
            )
            .expected("a day on or after that");
    }
    in_order(&table.from, &table.until, report);
    if matches!(table.trigger, Field::Absent) {
        report
            .error(at.spot, format!("the clause `{}` has no trigger: nothing says when it applies", id.value))
            .expected("`trigger`, an expression over the treaty's facts (`1` for always)");
    }
    let trigger =
        table.trigger.given().and_then(|text| compiled(text, names, Expected::NumberOrYesNo, report));
    let mut coded = |field: &Field<u32>| {
        let code = field.given()?;
        if code.value > MOST_STRENGTH {
            report
                .error(code.spot, format!("{} is above the scale", code.value))
                .expected(format!("a whole number from 0 to {MOST_STRENGTH}"));
            return None;
        }
        Some(f64::from(code.value) / f64::from(MOST_STRENGTH))
    };
    let strength = coded(&table.strength);
    let breach_cost = if table.breach_cost.is_present() { coded(&table.breach_cost) } else { strength };
    Some(Version {
        signed: table.signed.value()?.0,
        from: table.from.value()?.0,
        until: table.until.value().map(|day| day.0),
        trigger: trigger?,
        strength: strength?,
        breach_cost: breach_cost?,
    })
}

fn membership(id: &At<String>, table: &MembershipTable, report: &mut Report) -> Option<Membership> {
    in_order(&table.from, &table.until, report);
    if let Some(weight) = table.weight.given().filter(|weight| weight.value < 0.0) {
        report
            .error(weight.spot, format!("the weight of `{}` is {}", id.value, weight.value))
            .expected("a number of 0 or more");
        return None;
    }
    Some(Membership {
        actor: id.value.clone(),
        from: table.from.value().map(|day| day.0),
        until: table.until.value().map(|day| day.0),
        weight: table.weight.value().copied().unwrap_or(1.0),
    })
}

/// Names of the stages, and the stages; members that just talk and vote where none are given.
fn procedure(field: &Field<Named<StageTable>>, report: &mut Report) -> Option<(Vec<String>, Procedure)> {
    let list = match field {
        Field::Absent => {
            let stage = |kind, done, failed| Stage {
                kind,
                hours: [0.0, 0.0],
                limit_hours: None,
                done,
                failed,
                late: Next::End(End::Lapsed),
            };
            let refused = Next::End(End::Refused);
            let stages = vec![
                stage(StageKind::Consultation, Next::Stage(1), refused),
                stage(StageKind::Vote, Next::End(End::Granted), refused),
            ];
            let names = vec!["consultation".to_owned(), "vote".to_owned()];
            return Some((names, Procedure::new(stages).ok()?));
        }
        Field::Broken => return None,
        Field::Given(named) => named,
    };
    let names: HashMap<&str, usize> =
        list.value.0.iter().enumerate().map(|(at, (id, _))| (id.value.as_str(), at)).collect();
    let stages: Vec<_> = list.value.0.iter().map(|(id, table)| stage(id, table, &names, report)).collect();
    let stages: Vec<Stage> = stages.into_iter().collect::<Option<_>>()?;
    let ids = list.value.0.iter().map(|(id, _)| id.value.clone()).collect();
    match Procedure::new(stages) {
        Ok(procedure) => Some((ids, procedure)),
        Err(TreatyError::NoWayOut { stage }) => {
            let (id, _) = &list.value.0[stage];
            report
                .error(id.spot, format!("the procedure has no way out of the stage `{}`", id.value))
                .expected("`done`, `failed` or a `limit_hours` that leads to an end");
            None
        }
        Err(_) => {
            report.error(list.spot, "the procedure has no stage").expected("at least one");
            None
        }
    }
}

fn stage(
    id: &At<String>,
    table: &StageTable,
    names: &HashMap<&str, usize>,
    report: &mut Report,
) -> Option<Stage> {
    snake_case("stage", id, report);
    let mut next = |field: &Field<String>| {
        let word = field.given()?;
        let end = ENDS.iter().find(|(name, _)| *name == word.value).map(|(_, end)| Next::End(*end));
        let found = names.get(word.value.as_str()).map(|at| Next::Stage(*at)).or(end);
        if found.is_none() {
            let known = names.keys().copied().chain(ENDS.iter().map(|(name, _)| *name));
            report
                .error(word.spot, format!("there is neither a stage nor an end `{}`", word.value))
                .near(&word.value, known);
        }
        found
    };
    let (done, failed) = (next(&table.done), next(&table.failed));
    let late = if table.late.is_present() { next(&table.late) } else { Some(Next::End(End::Lapsed)) };
    let hours = table.hours.given()?;
    let [low, high] = hours.value;
    if !(0.0 <= low && low <= high) {
        report
            .error(hours.spot, format!("the stage `{}` takes {low} to {high} hours", id.value))
            .expected("[shortest, longest], neither below 0");
        return None;
    }
    if let Some(limit) = table.limit_hours.given().filter(|limit| limit.value <= 0.0) {
        report.error(limit.spot, format!("the limit is {} hours", limit.value)).expected("a number above 0");
        return None;
    }
    let kind = match table.kind.value()?.0 {
        StageWord::Admissibility => StageKind::Admissibility,
        StageWord::Consultation => StageKind::Consultation,
        StageWord::Vote => StageKind::Vote,
        StageWord::LesserAnswer => StageKind::LesserAnswer,
        StageWord::Announcement => StageKind::Announcement,
    };
    Some(Stage {
        kind,
        hours: hours.value,
        limit_hours: table.limit_hours.value().copied(),
        done: done?,
        failed: failed?,
        late: late?,
    })
}

fn answer(id: &At<String>, table: &AnswerTable, report: &mut Report) -> Option<LesserAnswer> {
    snake_case("answer", id, report);
    let mut share = |name: &str, field: &Field<f64>| {
        let value = field.given()?;
        if !(0.0..=1.0).contains(&value.value) {
            report.error(value.spot, format!("the {name} is {}", value.value)).expected("a share, 0 to 1");
            return None;
        }
        Some(value.value)
    };
    let (help, burden) = (share("help", &table.help), share("burden", &table.burden));
    Some(LesserAnswer {
        id: id.value.clone(),
        title: table.title.value()?.clone(),
        answer: Answer { help: help?, burden: burden? },
    })
}

fn priors(named: &Named<PriorTable>, spot: Spot, report: &mut Report) -> Option<[(Prior, String); 8]> {
    for (id, _) in &named.0 {
        if !WEIGHT_NAMES.contains(&id.value.as_str()) {
            report
                .error(id.spot, format!("there is no weight `{}`", id.value))
                .expected(format!("one of {}", WEIGHT_NAMES.join(", ")))
                .near(&id.value, WEIGHT_NAMES);
        }
    }
    let mut found = Vec::with_capacity(WEIGHT_NAMES.len());
    for name in WEIGHT_NAMES {
        match named.0.iter().find(|(id, _)| id.value == name) {
            Some((id, table)) => found.push(prior(id, table, report)),
            None => {
                report
                    .error(spot, format!("`{name}` is missing in [priors]"))
                    .expected("a prior for every weight");
                found.push(None);
            }
        }
    }
    let found: Vec<(Prior, String)> = found.into_iter().collect::<Option<_>>()?;
    found.try_into().ok()
}

fn prior(id: &At<String>, table: &PriorTable, report: &mut Report) -> Option<(Prior, String)> {
    let half = table.half_normal.value().map(|&scale| Prior::HalfNormal { scale });
    let normal = table.normal.value().map(|&[mean, sd]| Prior::Normal { mean, sd });
    let uniform = table.uniform.value().map(|&[low, high]| Prior::Uniform { low, high });
    let given: Vec<Prior> = [half, normal, uniform].into_iter().flatten().collect();
    let [prior] = given[..] else {
        report
            .error(id.spot, format!("the prior of `{}` has {} shapes", id.value, given.len()))
            .expected("exactly one of half_normal, normal and uniform");
        return None;
    };
    let sound = match prior {
        Prior::HalfNormal { scale } => scale >= 0.0,
        Prior::Normal { sd, .. } => sd >= 0.0,
        Prior::Uniform { low, high } => low <= high,
    };
    if !sound {
        report
            .error(id.spot, format!("the prior of `{}` has a width below 0", id.value))
            .expected("a width of 0 or more, the low end first");
        return None;
    }
    Some((prior, table.reason.value()?.clone()))
}
