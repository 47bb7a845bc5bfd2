//! The network of routes: nodes.csv, routes.csv, contracts.csv and prices.csv become a checked [`Transit`].

mod sound;

use jiff::civil::Date;

use super::Shelf;
use super::claims::ReadEvidence;
use super::names::{Context, Index};
use super::society::parameter_table;
use crate::diagnostic::{Report, Spot};
use crate::format::route_rows::{ContractRow, NodeRow, NodeWord, PriceRow, RouteRow};
use crate::format::scenario_file::ScenarioFile;
use crate::format::value::{Day, NumberOrName};
use crate::format::{At, Field};
use crate::scenario::transit::{
    Accidents, Contract, Node, NodeKind, PricePoint, Quantity, Route, Tank, Transit, TransitRules,
};
use crate::scenario::{ActorId, Parameter};
use crate::unit::Unit;

/// The rows of the four files; `None` for one that could not be read.
pub(crate) struct RouteFiles {
    pub nodes: Option<Vec<NodeRow>>,
    pub routes: Option<Vec<RouteRow>>,
    contracts: Option<Vec<ContractRow>>,
    prices: Option<Vec<PriceRow>>,
}

/// Reads the files, where the folder has routes.csv.
pub(crate) fn files(shelf: &Shelf, report: &mut Report) -> Option<RouteFiles> {
    if !shelf.has("routes.csv") {
        return None;
    }
    let contracts =
        if shelf.has("contracts.csv") { shelf.rows("contracts.csv", report) } else { Some(Vec::new()) };
    Some(RouteFiles {
        nodes: shelf.rows("nodes.csv", report),
        routes: shelf.rows("routes.csv", report),
        contracts,
        prices: shelf.rows("prices.csv", report),
    })
}

/// What the checks read beside the context.
pub(crate) struct Reads<'a> {
    pub file: &'a ScenarioFile,
    pub evidence: &'a ReadEvidence,
    pub period: Option<(Date, u32)>,
    pub focus: Option<ActorId>,
    pub parameters: Option<&'a [Parameter]>,
    pub centres: &'a [f64],
}

/// Checks the files; `Some(None)` where there is no network.
pub(crate) fn read(
    files: Option<&RouteFiles>,
    reads: &Reads<'_>,
    context: &mut Context<'_>,
) -> Option<Option<Transit>> {
    let Some(files) = files else {
        let tables = [
            reads.file.transit.given().map(|at| at.spot),
            reads.file.avoided_states.given().map(|at| at.spot),
        ];
        for spot in tables.into_iter().flatten() {
            context
                .report
                .error(spot, "there is no routes.csv")
                .expected("the tables of the routes beside it");
        }
        return Some(None);
    };
    let rules = match reads.file.transit.given() {
        Some(_) => parameter_table("transit", &reads.file.transit, TransitRules::FIELDS, context)
            .and_then(|ids| TransitRules::from_ids(&ids)),
        None => {
            context
                .report
                .file_error("scenario.toml", "`[transit]` is missing, although there is a routes.csv")
                .expected("a table with the keys of the network");
            None
        }
    };
    let rules = rules.filter(|rules| {
        let spot = reads.file.transit.given().map(|at| at.spot);
        spot.and_then(|spot| starts_at_zero(rules.shut_in_cost_usd_per_tonne, spot, reads, context)).is_some()
    });
    let nodes = nodes(files.nodes.as_deref()?, reads, context);
    let names = Index::new("node", files.nodes.iter().flatten().map(|row| row.id.given()), context.report);
    let routes = routes(files.routes.as_deref()?, &names, reads, context);
    let contracts = contracts(files.contracts.as_deref()?, reads, context);
    let prices = prices(files.prices.as_deref()?, reads, context);
    let avoided = avoided(reads, context);
    let transit = Transit {
        nodes: nodes?,
        routes: routes?,
        contracts: contracts?,
        prices: prices?,
        rules: rules?,
        avoided: avoided?,
    };
    reads.parameters?;
    sound::connected(&transit, files.nodes.as_deref()?, context)?;
    sound::feasible(&transit, files.contracts.as_deref()?, reads, context)?;
    Some(Some(transit))
}

fn nodes(rows: &[NodeRow], reads: &Reads<'_>, context: &mut Context<'_>) -> Option<Vec<Node>> {
    let nodes: Vec<_> = rows.iter().map(|row| node(row, reads, context)).collect();
    let whole: Vec<Node> = nodes.into_iter().collect::<Option<_>>()?;
    if !whole.iter().any(|node| matches!(node.kind, NodeKind::Market { .. })) {
        context.report.file_error("nodes.csv", "no node is a market").expected("at least one");
        return None;
    }
    Some(whole)
}

fn node(row: &NodeRow, reads: &Reads<'_>, context: &mut Context<'_>) -> Option<Node> {
    let amount = quantity(&row.amount_mt_per_year, Sign::NotNegative, &row.source, reads, context);
    let differential = quantity(&row.differential_usd_per_tonne, Sign::Any, &row.source, reads, context);
    let buyer = match &row.buyer {
        Field::Absent => Some(None),
        field => field.given().and_then(|name| context.actor(name)).map(Some),
    };
    let source = known_source(&row.source, reads, context);
    let tank = tank(row, reads, context);
    let word = row.kind.value()?.0;
    let mut missing = |field: &Field<NumberOrName>, what: &str| {
        if matches!(field, Field::Absent) {
            context
                .report
                .error(row.spot, format!("{what} of `{}` is missing", row.id.text()))
                .expected("a number with a source, or the name of a parameter");
        }
    };
    let kind = match word {
        NodeWord::Hub => NodeKind::Hub,
        NodeWord::Supply => {
            missing(&row.amount_mt_per_year, "the supply");
            NodeKind::Supply { amount: amount?? }
        }
        NodeWord::Market => {
            missing(&row.amount_mt_per_year, "the capacity of the market");
            missing(&row.differential_usd_per_tonne, "the price (its difference to the benchmark)");
            NodeKind::Market { capacity: amount??, differential: differential??, buyer: buyer? }
        }
    };
    source?;
    Some(Node { id: row.id.value()?.clone(), name: row.name.value()?.clone(), kind, tank: tank? })
}

/// The tank of a node; `Some(None)` where it has none.
fn tank(row: &NodeRow, reads: &Reads<'_>, context: &mut Context<'_>) -> Option<Option<Tank>> {
    let capacity = quantity(&row.storage_mt, Sign::NotNegative, &row.source, reads, context);
    let at_start = quantity(&row.stored_at_start_mt, Sign::NotNegative, &row.source, reads, context);
    let value = quantity(&row.stored_value_usd_per_tonne, Sign::NotNegative, &row.source, reads, context);
    if !row.storage_mt.is_present()
        && !row.stored_at_start_mt.is_present()
        && !row.stored_value_usd_per_tonne.is_present()
    {
        return Some(None);
    }
    let mut wrong = |message: String, expected: &str| {
        context.report.error(row.spot, message).expected(expected);
        None
    };
    let id = row.id.text();
    if !row.storage_mt.is_present() || !row.stored_value_usd_per_tonne.is_present() {
        return wrong(
            format!("the tank of `{id}` is not told in full"),
            "storage_mt and stored_value_usd_per_tonne together",
        );
    }
    if row.kind.value().is_some_and(|word| word.0 == NodeWord::Market) {
        return wrong(format!("`{id}` is a market and has a tank"), "a tank at a supply or a hub");
    }
    let (capacity, at_start, value) = (capacity??, at_start?.unwrap_or(Quantity::Given(0.0)), value??);
    if let (Quantity::Given(room), Quantity::Given(start)) = (capacity, at_start)
        && start > room
    {
        return wrong(
            format!("the tank of `{id}` holds {room} and starts with {start}"),
            "no more than it holds",
        );
    }
    Some(Some(Tank { capacity, at_start, value }))
}

fn routes(
    rows: &[RouteRow],
    nodes: &Index,
    reads: &Reads<'_>,
    context: &mut Context<'_>,
) -> Option<Vec<Route>> {
    let routes: Vec<_> = rows.iter().map(|row| route(row, nodes, reads, context)).collect();
    routes.into_iter().collect()
}

fn route(row: &RouteRow, nodes: &Index, reads: &Reads<'_>, context: &mut Context<'_>) -> Option<Route> {
    let from = row.from.given().and_then(|name| nodes.get(name, context.report));
    let to = row.to.given().and_then(|name| nodes.get(name, context.report));
    if let (Some(from), Some(to), Some(at)) = (from, to, row.to.given())
        && from == to
    {
        context
            .report
            .error(at.spot, format!("the route `{}` leads from `{}` to itself", row.id.text(), at.value))
            .expected("two nodes");
        return None;
    }
    let capacity = quantity(&row.capacity_mt_per_year, Sign::NotNegative, &row.source, reads, context);
    let cost = quantity(&row.cost_usd_per_tonne, Sign::NotNegative, &row.source, reads, context);
    let crosses: Option<Vec<ActorId>> = parts(&row.crosses).iter().map(|name| context.actor(name)).collect();
    if let (Some(crosses), Some(focus), Some(at)) = (&crosses, reads.focus, row.crosses.given())
        && crosses.contains(&focus)
    {
        context
            .report
            .error(at.spot, "a route's crossings leave out the focus state")
            .expected("other states, separated by semicolons");
        return None;
    }
    let accidents = accidents(row, reads, context);
    let source = known_source(&row.source, reads, context);
    source?;
    Some(Route {
        id: row.id.value()?.clone(),
        name: row.name.value()?.clone(),
        from: from?,
        to: to?,
        capacity: capacity??,
        cost: cost??,
        crosses: crosses?,
        accidents: accidents?,
    })
}

fn accidents(row: &RouteRow, reads: &Reads<'_>, context: &mut Context<'_>) -> Option<Option<Accidents>> {
    let given = [&row.accidents_per_year, &row.repair_days, &row.capacity_left].map(Field::is_present);
    if given == [false; 3] {
        return Some(None);
    }
    if given != [true; 3] {
        context
            .report
            .error(row.spot, format!("the accidents of `{}` are not told in full", row.id.text()))
            .expected("accidents_per_year, repair_days and capacity_left together");
        return None;
    }
    let per_year = not_negative(&row.accidents_per_year, Unit::NUMBER, reads, context);
    let repair_days = not_negative(&row.repair_days, Unit::DAYS, reads, context);
    let capacity_left = not_negative(&row.capacity_left, Unit::NUMBER, reads, context);
    Some(Some(Accidents { per_year: per_year?, repair_days: repair_days?, capacity_left: capacity_left? }))
}

fn contracts(rows: &[ContractRow], reads: &Reads<'_>, context: &mut Context<'_>) -> Option<Vec<Contract>> {
    Index::new("contract", rows.iter().map(|row| row.id.given()), context.report);
    let contracts: Vec<_> = rows.iter().map(|row| contract(row, reads, context)).collect();
    contracts.into_iter().collect()
}

fn contract(row: &ContractRow, reads: &Reads<'_>, context: &mut Context<'_>) -> Option<Contract> {
    let route = row.route.given().and_then(|name| context.route(name));
    let minimum = quantity(&row.minimum_mt_per_year, Sign::NotNegative, &row.source, reads, context);
    let maximum = quantity(&row.maximum_mt_per_year, Sign::NotNegative, &row.source, reads, context);
    let source = known_source(&row.source, reads, context);
    let day = |field: &Field<Day>, open: i64| match field {
        Field::Absent => Some(open),
        field => {
            let (start, _) = reads.period?;
            field.given().map(|at| i64::from((at.value.0 - start).get_days()))
        }
    };
    let (from, until) = (day(&row.from, i64::MIN), day(&row.until, i64::MAX));
    if let (Some(first), Some(last), Some(at)) = (from, until, row.until.given())
        && last < first
    {
        let message = format!("the contract `{}` ends before it begins", row.id.text());
        context.report.error(at.spot, message).expected("a last day not before the first");
        return None;
    }
    if !row.minimum_mt_per_year.is_present() && !row.maximum_mt_per_year.is_present() {
        context
            .report
            .error(row.spot, format!("the contract `{}` limits nothing", row.id.text()))
            .expected("a minimum, a maximum or both");
        return None;
    }
    source?;
    Some(Contract {
        id: row.id.value()?.clone(),
        name: row.name.value()?.clone(),
        route: route?,
        minimum: minimum?,
        maximum: maximum?,
        rests: row.rests.value()?.0,
        from: from?,
        until: until?,
    })
}

fn prices(rows: &[PriceRow], reads: &Reads<'_>, context: &mut Context<'_>) -> Option<Vec<PricePoint>> {
    let mut points: Vec<PricePoint> = Vec::with_capacity(rows.len());
    let (start, _) = reads.period?;
    for row in rows {
        let source = known_source(&row.source, reads, context);
        let (from, price) = (row.from.given()?, row.usd_per_barrel.given()?);
        if price.value <= 0.0 {
            context
                .report
                .error(price.spot, format!("the price is {}", price.value))
                .expected("a number above zero");
            return None;
        }
        let day = i64::from((from.value.0 - start).get_days());
        if points.last().is_some_and(|before| before.day >= day) {
            context
                .report
                .error(from.spot, format!("{} does not follow the date above it", from.value.0))
                .expected("dates in order, each once");
            return None;
        }
        source?;
        points.push(PricePoint { day, usd_per_barrel: price.value });
    }
    match points.first() {
        Some(first) if first.day <= 0 => Some(points),
        found => {
            let message = match found {
                Some(_) => format!("there is no price on the first day, {start}"),
                None => "there is no price".to_owned(),
            };
            context.report.file_error("prices.csv", message).expected(format!("a price from {start} on"));
            None
        }
    }
}

fn avoided(reads: &Reads<'_>, context: &mut Context<'_>) -> Option<Vec<ActorId>> {
    let names = reads.file.avoided_states.value().into_iter().flatten();
    let found: Vec<_> = names.map(|name| context.actor(name)).collect();
    found.into_iter().collect()
}

/// Which numbers a cell may hold.
#[derive(Clone, Copy, PartialEq)]
enum Sign {
    Any,
    NotNegative,
}

/// A cell that is a number with a source or the name of a parameter; `Some(None)` where it is empty.
fn quantity(
    field: &Field<NumberOrName>,
    sign: Sign,
    source: &Field<String>,
    reads: &Reads<'_>,
    context: &mut Context<'_>,
) -> Option<Option<Quantity>> {
    let at = match field {
        Field::Absent => return Some(None),
        Field::Broken => return None,
        Field::Given(at) => at,
    };
    match &at.value {
        NumberOrName::Number(number) => {
            if sign == Sign::NotNegative && *number < 0.0 {
                context.report.error(at.spot, format!("found {number}")).expected("zero or more");
                return None;
            }
            if !source.is_present() {
                context
                    .report
                    .error(at.spot, format!("the number {number} has no source"))
                    .expected("an id of sources.csv in the column `source`, or the name of a parameter here");
                return None;
            }
            Some(Some(Quantity::Given(*number)))
        }
        NumberOrName::Name(name) => {
            let name = At { value: name.clone(), spot: at.spot };
            let parameter = context.parameter(&name, Unit::NUMBER)?;
            if sign == Sign::NotNegative {
                starts_at_zero(parameter, at.spot, reads, context)?;
            }
            Some(Some(Quantity::Parameter(parameter)))
        }
    }
}

fn not_negative(
    field: &Field<String>,
    unit: Unit,
    reads: &Reads<'_>,
    context: &mut Context<'_>,
) -> Option<usize> {
    let parameter = context.parameter_field(field, unit)?;
    starts_at_zero(parameter, field.given()?.spot, reads, context)?;
    Some(parameter)
}

/// Notes a parameter that can be below zero.
fn starts_at_zero(parameter: usize, spot: Spot, reads: &Reads<'_>, context: &mut Context<'_>) -> Option<()> {
    let low = reads.parameters?[parameter].lowest();
    if low < 0.0 {
        context
            .report
            .error(spot, format!("the parameter can be {low}"))
            .expected("a parameter whose range starts at zero or above");
        return None;
    }
    Some(())
}

/// Notes a source that nobody knows.
pub(super) fn known_source(
    field: &Field<String>,
    reads: &Reads<'_>,
    context: &mut Context<'_>,
) -> Option<()> {
    match field {
        Field::Absent => Some(()),
        Field::Broken => None,
        Field::Given(name) => reads.evidence.sources.get(name, context.report).map(|_| ()),
    }
}

/// The parts of a cell, separated by semicolons, each with its place.
fn parts(field: &Field<String>) -> Vec<At<String>> {
    let Some(at) = field.given() else { return Vec::new() };
    at.value
        .split(';')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(|part| At { value: part.to_owned(), spot: at.spot })
        .collect()
}
