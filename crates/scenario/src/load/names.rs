//! What names stand for, and the two things done with them: looking one up, and compiling expressions.

use std::collections::{HashMap, HashSet};

use super::TreatyFiles;
use super::routes::RouteFiles;
use super::trade::TradeFiles;
use crate::diagnostic::{Report, Spot};
use crate::expression::{Expected, Expression, Names, is_reserved};
use crate::format::rows::{ActorRow, PlaceRow};
use crate::format::scenario_file::ScenarioFile;
use crate::format::{At, Field, Named};
use crate::scenario::transit::RouteId;
use crate::scenario::{ActorId, IssueId, ParameterId, PlaceId, ResolutionId, StockId, TreatyId};
use crate::unit::Unit;

/// Ids of one kind of thing, each with its position.
#[derive(Debug)]
pub(crate) struct Index {
    what: &'static str,
    map: HashMap<String, usize>,
    /// False where the file that lists them could not be read: then nothing is said about unknown names.
    known: bool,
}

impl Index {
    /// Numbers ids in their order, and notes those that appear twice. An id that could not be read keeps its number.
    pub fn new<'a>(
        what: &'static str,
        ids: impl IntoIterator<Item = Option<&'a At<String>>>,
        report: &mut Report,
    ) -> Index {
        let mut map = HashMap::new();
        let mut first: HashMap<&str, Spot> = HashMap::new();
        for (i, id) in ids.into_iter().enumerate() {
            let Some(id) = id else { continue };
            if let Some(earlier) = first.get(id.value.as_str()) {
                let line = report.line(*earlier);
                report
                    .error(id.spot, format!("the {what} `{}` appears twice", id.value))
                    .expected(format!("an id of its own; the first one is on line {line}"));
                continue;
            }
            first.insert(&id.value, id.spot);
            map.insert(id.value.clone(), i);
        }
        Index { what, map, known: true }
    }

    /// An index of things that could not be read.
    pub fn unknown(what: &'static str) -> Index {
        Index { what, map: HashMap::new(), known: false }
    }

    /// Position of a name; notes an unknown one.
    pub fn get(&self, name: &At<String>, report: &mut Report) -> Option<usize> {
        let position = self.map.get(&name.value).copied();
        if position.is_none() && self.known {
            report
                .error(name.spot, format!("there is no {} `{}`", self.what, name.value))
                .near(&name.value, self.map.keys().map(String::as_str));
        }
        position
    }

    /// All names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.map.keys().map(String::as_str)
    }

    /// The name at a position.
    pub fn name(&self, position: usize) -> Option<&str> {
        self.map.iter().find(|(_, at)| **at == position).map(|(name, _)| name.as_str())
    }

    /// Position of a name, without a word where there is none.
    pub fn peek(&self, name: &str) -> Option<usize> {
        self.map.get(name).copied()
    }
}

/// Everything a name in scenario.toml or a treaty can stand for.
pub(crate) struct Context<'a> {
    pub report: &'a mut Report,
    pub parameters: Index,
    parameter_units: Vec<Option<Unit>>,
    pub stocks: Index,
    pub stock_units: Vec<Option<Unit>>,
    pub actors: Index,
    pub places: Index,
    pub treaties: Index,
    pub routes: Index,
    pub nodes: Index,
    pub regions: Index,
    pub unions: Index,
    pub sanctions: Index,
    pub shocks: Index,
    pub options: Index,
    pub issues: Index,
    pub resolutions: Index,
    /// States by their place among those who vote.
    pub voters: Index,
    /// Decision and option behind each position in `options`.
    pub option_positions: Vec<(usize, usize)>,
    names: Names,
    /// Names that could not be read in full: expressions with them are not compiled, lest one mistake be told twice.
    tainted: HashSet<String>,
    /// Whether all lists of names could be read.
    complete: bool,
}

impl<'a> Context<'a> {
    /// Gathers the names of all files.
    pub fn new(
        file: &ScenarioFile,
        treaties: &TreatyFiles,
        actors: Option<&[ActorRow]>,
        places: Option<&[PlaceRow]>,
        routes: Option<&RouteFiles>,
        trade: Option<&TradeFiles>,
        report: &'a mut Report,
    ) -> Context<'a> {
        let parameters = keys("parameter", &file.parameters, report);
        let stocks = keys("stock", &file.stocks, report);
        let shocks = keys("shock", &file.shocks, report);
        let decisions = keys("decision", &file.decisions, report);
        let actor_index = match actors {
            Some(rows) => Index::new("actor", rows.iter().map(|row| row.id.given()), report),
            None => Index::unknown("actor"),
        };
        let place_index = match places {
            Some(rows) => Index::new("place", rows.iter().map(|row| row.id.given()), report),
            None => Index::unknown("place"),
        };
        let mut treaty_index = Index::new(
            "treaty",
            treaties.iter().map(|treaty| treaty.as_ref().and_then(|t| t.id.given())),
            report,
        );
        treaty_index.known = treaties.iter().all(|t| t.as_ref().is_some_and(|t| t.id.given().is_some()))
            && !broken(&file.treaties);
        let route_index = named("route", routes.map(|files| files.routes.as_deref()), |row| &row.id, report);
        let node_index = named("node", routes.map(|files| files.nodes.as_deref()), |row| &row.id, report);
        let region_index =
            named("region", trade.map(|files| files.regions.as_deref()), |row| &row.region, report);
        let union_ids = trade.map_or(&[][..], |files| files.unions.as_slice());
        let mut unions = Index::new(
            "customs union",
            union_ids.iter().map(|file| file.as_ref().and_then(|file| file.id.given())),
            report,
        );
        unions.known = union_ids.iter().all(Option::is_some);
        let sanctions = keys("package of sanctions", &file.sanctions, report);
        let mut option_ids = Vec::new();
        let mut option_positions = Vec::new();
        for (d, (decision, table)) in entries(&file.decisions).iter().enumerate() {
            for (o, (option, _)) in entries(&table.options).iter().enumerate() {
                snake_case("option", option, report);
                let value = format!("{}.{}", decision.value, option.value);
                option_ids.push(At { value, spot: option.spot });
                option_positions.push((d, o));
            }
        }
        let mut options = Index::new("option", option_ids.iter().map(Some), report);
        options.known =
            decisions.known && entries(&file.decisions).iter().all(|(_, table)| !broken(&table.options));
        let ids = actors.into_iter().flatten().map(|row| ("actor", &row.id));
        let ids = ids.chain(places.into_iter().flatten().map(|row| ("place", &row.id)));
        let ids =
            ids.chain(routes.iter().flat_map(|f| f.routes.iter().flatten()).map(|row| ("route", &row.id)));
        let ids =
            ids.chain(routes.iter().flat_map(|f| f.nodes.iter().flatten()).map(|row| ("node", &row.id)));
        for (what, id) in ids.chain(treaties.iter().flatten().map(|treaty| ("treaty", &treaty.id))) {
            argument(what, id, report);
        }
        clashes(file, report);

        let mut tainted = HashSet::new();
        let mut units =
            |texts: Vec<(&At<String>, &Field<String>)>, report: &mut Report| -> Vec<Option<Unit>> {
                texts
                    .into_iter()
                    .map(|(id, text)| {
                        let unit = text.given().and_then(|text| unit(text, report));
                        if unit.is_none() {
                            tainted.insert(id.value.clone());
                        }
                        unit
                    })
                    .collect()
            };
        let parameter_units =
            units(entries(&file.parameters).iter().map(|(id, table)| (id, &table.unit)).collect(), report);
        let stock_units =
            units(entries(&file.stocks).iter().map(|(id, table)| (id, &table.unit)).collect(), report);
        let complete = [
            &parameters,
            &stocks,
            &shocks,
            &decisions,
            &actor_index,
            &place_index,
            &treaty_index,
            &route_index,
            &node_index,
            &options,
        ]
        .iter()
        .all(|index| index.known);
        let with_units = |index: &Index, units: &[Option<Unit>]| -> HashMap<String, (usize, Unit)> {
            index.map.iter().filter_map(|(name, at)| Some((name.clone(), (*at, units[*at]?)))).collect()
        };
        let names = Names {
            parameters: with_units(&parameters, &parameter_units),
            stocks: with_units(&stocks, &stock_units),
            places: place_index.map.clone(),
            actors: actor_index.map.clone(),
            treaties: treaty_index.map.clone(),
            issues: HashMap::new(),
            resolutions: HashMap::new(),
            routes: route_index.map.clone(),
            nodes: node_index.map.clone(),
            shocks: shocks.map.clone(),
            options: options.map.iter().map(|(name, at)| (name.clone(), option_positions[*at])).collect(),
            itself: None,
        };
        Context {
            report,
            parameters,
            parameter_units,
            stocks,
            stock_units,
            actors: actor_index,
            places: place_index,
            treaties: treaty_index,
            routes: route_index,
            nodes: node_index,
            regions: region_index,
            unions,
            sanctions,
            shocks,
            options,
            issues: Index::unknown("issue"),
            resolutions: Index::unknown("resolution"),
            voters: Index::unknown("state"),
            option_positions,
            names,
            tainted,
            complete,
        }
    }

    /// Adds the names of issues and resolutions, which stand in files of their own.
    pub fn know_issues_and_resolutions(&mut self, issues: Index, resolutions: Index, voters: Index) {
        self.names.issues.clone_from(&issues.map);
        self.names.resolutions.clone_from(&resolutions.map);
        self.complete &= issues.known && resolutions.known;
        self.issues = issues;
        self.resolutions = resolutions;
        self.voters = voters;
    }

    /// The issue of that id.
    pub fn issue(&mut self, name: &At<String>) -> Option<IssueId> {
        self.issues.get(name, self.report)
    }

    /// The resolution of that id.
    pub fn resolution(&mut self, name: &At<String>) -> Option<ResolutionId> {
        self.resolutions.get(name, self.report)
    }

    /// The actor of that id.
    pub fn actor(&mut self, name: &At<String>) -> Option<ActorId> {
        self.actors.get(name, self.report)
    }

    /// The place of that id.
    pub fn place(&mut self, name: &At<String>) -> Option<PlaceId> {
        self.places.get(name, self.report)
    }

    /// The treaty of that id.
    pub fn treaty(&mut self, name: &At<String>) -> Option<TreatyId> {
        self.treaties.get(name, self.report)
    }

    /// The route of that id.
    pub fn route(&mut self, name: &At<String>) -> Option<RouteId> {
        self.routes.get(name, self.report)
    }

    /// The stock of that id.
    pub fn stock(&mut self, name: &At<String>) -> Option<StockId> {
        self.stocks.get(name, self.report)
    }

    /// The shock of that id.
    pub fn shock(&mut self, name: &At<String>) -> Option<usize> {
        self.shocks.get(name, self.report)
    }

    /// Decision and option of a dotted name.
    pub fn option(&mut self, name: &At<String>) -> Option<(usize, usize)> {
        let at = self.options.get(name, self.report)?;
        Some(self.option_positions[at])
    }

    /// Unit of a parameter, where it could be read.
    pub fn parameter_unit(&self, parameter: ParameterId) -> Option<Unit> {
        self.parameter_units.get(parameter).copied().flatten()
    }

    /// The parameter of that name, which must have that unit.
    pub fn parameter(&mut self, name: &At<String>, unit: Unit) -> Option<ParameterId> {
        let at = self.parameters.get(name, self.report)?;
        let its = self.parameter_unit(at)?;
        if its != unit {
            self.report
                .error(name.spot, format!("the parameter `{}` is in {its}", name.value))
                .expected(format!("a parameter in {unit}"));
            return None;
        }
        Some(at)
    }

    /// The parameter a field names.
    pub fn parameter_field(&mut self, field: &Field<String>, unit: Unit) -> Option<ParameterId> {
        self.parameter(field.given()?, unit)
    }

    /// The expression in a text; `itself` is what `self` stands for.
    pub fn expression(
        &mut self,
        text: &At<String>,
        expected: Expected,
        itself: Option<ActorId>,
    ) -> Option<Expression> {
        if !self.complete || words(&text.value).any(|word| self.tainted.contains(word)) {
            return None;
        }
        self.names.itself = itself;
        compiled(text, &self.names, expected, self.report)
    }

    /// The expression a field holds.
    pub fn expression_field(&mut self, field: &Field<String>, expected: Expected) -> Option<Expression> {
        self.expression(field.given()?, expected, None)
    }
}

/// The expression in a text; what is wrong with it is pointed at inside the text.
pub(crate) fn compiled(
    text: &At<String>,
    names: &Names,
    expected: Expected,
    report: &mut Report,
) -> Option<Expression> {
    let errors = match Expression::compile(&text.value, names, expected) {
        Ok(expression) => return Some(expression),
        Err(errors) => errors,
    };
    // Escapes move the text about inside its quotes: then the whole value is pointed at.
    let offset = report.slice(text.spot).find(&text.value).filter(|_| !text.value.is_empty());
    for error in errors {
        let spot = match offset {
            Some(offset) => {
                let start = text.spot.start + offset;
                text.spot.at(start + error.span.start..start + error.span.end)
            }
            None => text.spot,
        };
        let mistake = report.error(spot, error.message);
        mistake.expected = error.expected;
        mistake.suggestion = error.suggestion;
    }
    None
}

/// The entries of a table of named things; none where it is left out or broken.
pub(crate) fn entries<T>(field: &Field<Named<T>>) -> &[(At<String>, T)] {
    field.value().map_or(&[], |named| named.0.as_slice())
}

/// The unit a text means; notes a word that is none.
pub(crate) fn unit(text: &At<String>, report: &mut Report) -> Option<Unit> {
    match Unit::parse(&text.value) {
        Ok(unit) => Some(unit),
        Err(word) => {
            let words = Unit::BASES.into_iter().chain(["number", "share", "yes_no"]);
            report
                .error(text.spot, format!("there is no unit `{word}`"))
                .expected(format!(
                    "number, share, yes_no, or a product or quotient of {}",
                    Unit::BASES.join(", ")
                ))
                .near(&word, words);
            None
        }
    }
}

/// Numbers the ids of a table of named things.
pub(crate) fn keys<T>(what: &'static str, field: &Field<Named<T>>, report: &mut Report) -> Index {
    let list = entries(field);
    for (id, _) in list {
        snake_case(what, id, report);
    }
    let mut index = Index::new(what, list.iter().map(|(id, _)| Some(id)), report);
    index.known = !broken(field);
    index
}

/// An index over a file's rows: none where there is no such file, unknown where it could not be read.
fn named<T>(
    what: &'static str,
    rows: Option<Option<&[T]>>,
    id: impl Fn(&T) -> &Field<String>,
    report: &mut Report,
) -> Index {
    match rows {
        None => Index::new(what, std::iter::empty(), report),
        Some(None) => Index::unknown(what),
        Some(Some(rows)) => Index::new(what, rows.iter().map(|row| id(row).given()), report),
    }
}

fn broken<T>(field: &Field<T>) -> bool {
    matches!(field, Field::Broken)
}

/// Notes an id that an expression could not name.
pub(crate) fn snake_case(what: &str, id: &At<String>, report: &mut Report) {
    let letters =
        id.value.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    if !letters || !id.value.starts_with(|first: char| first.is_ascii_lowercase()) {
        report
            .error(id.spot, format!("`{}` cannot be the id of a {what}", id.value))
            .expected("small letters, digits and _, starting with a letter");
    }
}

/// Notes an id that could not be typed on a command line.
pub(crate) fn kebab_case(what: &str, id: &At<String>, report: &mut Report) {
    let letters =
        id.value.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    if !letters || !id.value.starts_with(|first: char| first.is_ascii_lowercase()) {
        report
            .error(id.spot, format!("`{}` cannot be the id of a {what}", id.value))
            .expected("small letters, digits and -, starting with a letter");
    }
}

/// Notes an id that an expression could not name in parentheses.
fn argument(what: &str, id: &Field<String>, report: &mut Report) {
    let Some(id) = id.given() else { return };
    let letters = id.value.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    if !letters || !id.value.starts_with(|first: char| first.is_ascii_alphabetic()) || id.value == "self" {
        report
            .error(id.spot, format!("`{}` cannot be the id of a {what}", id.value))
            .expected("letters, digits, - and _, starting with a letter");
    }
}

/// Notes names that mean two things in expressions.
fn clashes(file: &ScenarioFile, report: &mut Report) {
    let mut ids: Vec<(&str, &At<String>)> = Vec::new();
    ids.extend(entries(&file.parameters).iter().map(|(id, _)| ("parameter", id)));
    ids.extend(entries(&file.stocks).iter().map(|(id, _)| ("stock", id)));
    ids.extend(entries(&file.shocks).iter().map(|(id, _)| ("shock", id)));
    ids.extend(entries(&file.decisions).iter().map(|(id, _)| ("decision", id)));
    let mut meanings: HashMap<&str, (&str, Spot)> = HashMap::new();
    for (what, id) in ids {
        let taken = if is_reserved(&id.value) {
            Some(format!("the {what} `{}` has the name of a word of the language", id.value))
        } else {
            meanings.get(id.value.as_str()).map(|(other, spot)| {
                format!(
                    "the {what} `{}` has the name of the {other} on line {}",
                    id.value,
                    report.line(*spot)
                )
            })
        };
        match taken {
            Some(message) => {
                report.error(id.spot, message).expected("a name of its own");
            }
            None => {
                meanings.insert(&id.value, (what, id.spot));
            }
        }
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}
