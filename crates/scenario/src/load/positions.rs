//! Issues and who stands where on them, bargaining, and resolutions with those who vote on them.

use std::collections::HashMap;

use equipoise_models::bargaining::eum;
use jiff::civil::Date;

use super::names::{Context, Index, entries};
use super::{Shelf, actions, within_period};
use crate::chronicle::Subject;
use crate::expression::{Expected, Expression};
use crate::format::positions_files::{
    BallotRow, BargainingTable, IssueTable, ResolutionRow, StandingRow, VoterRow, VotingTable,
};
use crate::format::scenario_file::ScenarioFile;
use crate::format::{At, Field};
use crate::scenario::{
    ActorId, Bargaining, BargainingModel, Issue, Resolution, Standing, Vote, Voter, Voting,
};
use crate::unit::Unit;

/// What those who vote are called in messages.
const STATE: &str = "state that votes";

/// The CSV files that scenario.toml names, read but not yet understood.
pub(crate) struct Files {
    /// Rows of each issue.
    standings: Vec<Option<Vec<StandingRow>>>,
    voters: Option<Vec<VoterRow>>,
    resolutions: Option<Vec<ResolutionRow>>,
    ballots: Option<Vec<BallotRow>>,
}

impl Files {
    /// Reads the files and makes the names of issues and resolutions known to expressions.
    pub fn read(file: &ScenarioFile, shelf: &Shelf, context: &mut Context<'_>) -> Files {
        let standings = entries(&file.issues)
            .iter()
            .map(|(_, table)| shelf.rows(listed(&table.standings, shelf, context)?, context.report))
            .collect();
        let voting = file.voting.value();
        let mut path = |of: fn(&VotingTable) -> &Field<String>| listed(of(voting?), shelf, context);
        let (voters, texts, ballots) =
            (path(|table| &table.states), path(|table| &table.resolutions), path(|table| &table.ballots));
        let voters = voters.and_then(|path| shelf.rows(path, context.report));
        let resolutions: Option<Vec<ResolutionRow>> = texts.and_then(|path| shelf.rows(path, context.report));
        let ballots = ballots.and_then(|path| shelf.rows(path, context.report));
        let issues = super::names::keys("issue", &file.issues, context.report);
        let names = match (&resolutions, voting) {
            (Some(rows), _) => {
                Index::new("resolution", rows.iter().map(|row| row.id.given()), context.report)
            }
            (None, None) => Index::new("resolution", [], context.report),
            (None, Some(_)) => Index::unknown("resolution"),
        };
        let states = match (&voters, voting) {
            (Some(rows), _) => {
                Index::new(STATE, rows.iter().map(|row: &VoterRow| row.state.given()), context.report)
            }
            (None, None) => Index::new(STATE, [], context.report),
            (None, Some(_)) => Index::unknown(STATE),
        };
        context.know_issues_and_resolutions(issues, names, states);
        Files { standings, voters, resolutions, ballots }
    }
}

/// The path in a field, if there is such a file.
fn listed<'a>(field: &'a Field<String>, shelf: &Shelf, context: &mut Context<'_>) -> Option<&'a str> {
    let path = field.given()?;
    if shelf.has(&path.value) {
        return Some(&path.value);
    }
    context
        .report
        .error(path.spot, format!("there is no file `{}`", path.value))
        .near(&path.value, shelf.paths());
    None
}

/// Reads `[issues]`.
pub(crate) fn issues(file: &ScenarioFile, files: &Files, context: &mut Context<'_>) -> Option<Vec<Issue>> {
    let issues: Vec<_> = entries(&file.issues)
        .iter()
        .zip(&files.standings)
        .map(|((id, table), rows)| issue(id, table, rows.as_deref(), context))
        .collect();
    issues.into_iter().collect()
}

fn issue(
    id: &At<String>,
    table: &IssueTable,
    rows: Option<&[StandingRow]>,
    context: &mut Context<'_>,
) -> Option<Issue> {
    let rows = rows?;
    let mut seen: HashMap<ActorId, &At<String>> = HashMap::new();
    let mut standings = Vec::with_capacity(rows.len());
    for row in rows {
        let standing = standing(row, context);
        if let (Some(standing), Some(name)) = (&standing, row.actor.given())
            && let Some(first) = seen.insert(standing.actor, name)
        {
            let line = context.report.line(first.spot);
            context
                .report
                .error(name.spot, format!("`{}` stands on this issue twice", name.value))
                .expected(format!("one row; the first one is on line {line}"));
        }
        standings.push(standing);
    }
    Some(Issue {
        id: id.value.clone(),
        title: table.title.value()?.clone(),
        standings: standings.into_iter().collect::<Option<_>>()?,
    })
}

fn standing(row: &StandingRow, context: &mut Context<'_>) -> Option<Standing> {
    let actor = row.actor.given().and_then(|actor| context.actor(actor));
    let position = context.parameter_field(&row.position, Unit::POINTS);
    let mut weight =
        |field: &Field<String>| context.expression(field.given()?, Expected::Unit(Unit::NUMBER), actor);
    let weight = match (row.capability.is_present(), row.salience.is_present()) {
        (false, false) => Some(None),
        (true, true) => {
            let (capability, salience) = (weight(&row.capability), weight(&row.salience));
            capability.zip(salience).map(Some)
        }
        (capability, _) => {
            let given = if capability { &row.capability } else { &row.salience };
            if let Some(given) = given.given() {
                context
                    .report
                    .error(given.spot, "this actor has only one of capability and salience")
                    .expected("both, or neither for one that does not bargain");
            }
            None
        }
    };
    Some(Standing { actor: actor?, position: position?, weight: weight? })
}

/// Reads `[bargaining]`.
pub(crate) fn bargaining(
    file: &ScenarioFile,
    period: Option<(Date, u32)>,
    context: &mut Context<'_>,
) -> Option<Option<Bargaining>> {
    match &file.bargaining {
        Field::Absent => Some(None),
        Field::Broken => None,
        Field::Given(table) => rounds(&table.value, period, context).map(Some),
    }
}

fn rounds(
    table: &BargainingTable,
    period: Option<(Date, u32)>,
    context: &mut Context<'_>,
) -> Option<Bargaining> {
    let model = table.model.given().and_then(|model| bargaining_model(model, context));
    let dates = table.dates.given().map(|list| {
        for date in &list.value {
            within_period(date.value.0, period, date.spot, context.report);
        }
        list.value.iter().map(|date| date.value.0).collect()
    });
    let turns = context.parameter_field(&table.turns, Unit::NUMBER);
    let adoption = context.parameter_field(&table.adoption, Unit::NUMBER);
    let relation_pull = context.parameter_field(&table.relation_pull, Unit::NUMBER);
    Some(Bargaining {
        model: model?,
        dates: dates?,
        turns: turns?,
        adoption: adoption?,
        relation_pull: relation_pull?,
    })
}

fn bargaining_model(text: &At<String>, context: &mut Context<'_>) -> Option<BargainingModel> {
    if text.value == "smp" {
        return Some(BargainingModel::Smp);
    }
    let Some(reading) = text.value.strip_prefix("eum:") else {
        context
            .report
            .error(text.spot, format!("there is no bargaining model `{}`", text.value))
            .expected("smp, or eum: and a reading, as eum:published")
            .near(&text.value, ["smp", "eum:published"]);
        return None;
    };
    match reading.parse::<eum::Options>() {
        Ok(options) => Some(BargainingModel::Eum(options)),
        Err(error) => {
            context.report.error(text.spot, error.to_string());
            None
        }
    }
}

/// Reads `[voting]`.
pub(crate) fn voting(
    file: &ScenarioFile,
    files: &Files,
    period: Option<(Date, u32)>,
    context: &mut Context<'_>,
) -> Option<Option<Voting>> {
    match &file.voting {
        Field::Absent => Some(None),
        Field::Broken => None,
        Field::Given(table) => assembly(&table.value, files, period, context).map(Some),
    }
}

fn assembly(
    table: &VotingTable,
    files: &Files,
    period: Option<(Date, u32)>,
    context: &mut Context<'_>,
) -> Option<Voting> {
    let rationality = context.parameter_field(&table.rationality, Unit::NUMBER);
    let abstention = context.parameter_field(&table.abstention, Unit::NUMBER);
    let consequences = [&table.r#for, &table.abstain, &table.against, &table.absent]
        .map(|field| actions::read(field, context));
    let voters: Vec<_> = files.voters.as_ref()?.iter().map(|row| voter(row, table, context)).collect();
    let rows = files.resolutions.as_ref()?;
    let mut resolutions: Vec<_> =
        rows.iter().map(|row| resolution(row, rows, voters.len(), period, context)).collect();
    for ballot in files.ballots.as_ref()? {
        record(ballot, &mut resolutions, context);
    }
    let [in_favour, abstaining, against, absent] = consequences;
    Some(Voting {
        title: table.title.value()?.clone(),
        rationality: rationality?,
        abstention: abstention?,
        voters: voters.into_iter().collect::<Option<_>>()?,
        resolutions: resolutions.into_iter().collect::<Option<_>>()?,
        consequences: [in_favour?, abstaining?, against?, absent?],
    })
}

fn voter(row: &VoterRow, table: &VotingTable, context: &mut Context<'_>) -> Option<Voter> {
    let actor = row.state.given().and_then(|state| context.actor(state))?;
    let mut part = |field: &Field<String>| -> Option<Expression> {
        context.expression(field.given()?, Expected::Unit(Unit::NUMBER), Some(actor))
    };
    let (position, severity, precedent) =
        (part(&table.position), part(&table.severity), part(&table.precedent));
    let (pressure, absence) = (part(&row.pressure), part(&row.absence));
    Some(Voter {
        actor,
        position: position?,
        severity: severity?,
        precedent: precedent?,
        pressure: pressure?,
        absence: absence?,
    })
}

fn resolution(
    row: &ResolutionRow,
    rows: &[ResolutionRow],
    voters: usize,
    period: Option<(Date, u32)>,
    context: &mut Context<'_>,
) -> Option<Resolution> {
    let date = row.date.given();
    if let (Some(date), Some((start, _))) = (date, period)
        && date.value.0 >= start
    {
        within_period(date.value.0, period, date.spot, context.report);
    }
    let severity = context.parameter_field(&row.severity, Unit::NUMBER);
    let when = match &row.when {
        Field::Absent => Some(None),
        field => context.expression_field(field, Expected::YesNo).map(Some),
    };
    let predecessor = match row.predecessor.given() {
        None => Some(None),
        Some(name) => context.resolution(name).map(|at| {
            let earlier = rows[at].date.value().zip(row.date.value());
            if earlier.is_some_and(|(before, after)| before.0 >= after.0) {
                context
                    .report
                    .error(name.spot, format!("`{}` is no earlier text", name.value))
                    .expected("one with an earlier date");
            }
            Some(at)
        }),
    };
    Some(Resolution {
        id: row.id.value()?.clone(),
        title: row.title.value()?.clone(),
        date: date?.value.0,
        severity: severity?,
        predecessor: predecessor?,
        when: when?,
        record: vec![None; voters],
    })
}

/// Puts a ballot in its place.
fn record(row: &BallotRow, resolutions: &mut [Option<Resolution>], context: &mut Context<'_>) {
    let resolution = row.resolution.given().and_then(|name| context.resolution(name));
    let state = row.state.given().and_then(|name| context.voters.get(name, context.report));
    let (Some(resolution), Some(state), Some(vote)) = (resolution, state, row.vote.value()) else { return };
    let Some(Some(resolution)) = resolutions.get_mut(resolution) else { return };
    let before: &mut Option<Vote> = &mut resolution.record[state];
    if before.is_some() {
        context
            .report
            .error(row.spot, format!("this state's vote on `{}` stands here twice", resolution.id))
            .expected("one row for each text and state");
    }
    *before = Some(vote.0);
}

/// What `resolution.STATE` means in an event: the resolution, and the state by its place among those who vote.
pub(crate) fn vote(name: &At<String>, context: &mut Context<'_>) -> Option<Subject> {
    let Some((resolution, state)) = name.value.split_once('.') else {
        context
            .report
            .error(name.spot, format!("`{}` is not a vote", name.value))
            .expected("a resolution and a state, as first_text.ABC");
        return None;
    };
    let part = |text: &str| At { value: text.trim().to_owned(), spot: name.spot };
    let resolution = context.resolution(&part(resolution))?;
    let state = context.voters.get(&part(state), context.report)?;
    Some(Subject::Vote(resolution, state))
}
