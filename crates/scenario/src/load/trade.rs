//! Trade: regions.csv, trade.csv, customs unions and packages of sanctions become a checked [`Trade`].

use equipoise_models::gravity as model;

use super::Shelf;
use super::names::{Context, Index, entries};
use super::routes::{Reads, known_source};
use super::society::parameter_table;
use crate::diagnostic::Report;
use crate::format::scenario_file::{SanctionTable, ScenarioFile};
use crate::format::trade_files::{RegionRow, TradeRow, UnionFile};
use crate::format::{At, Field};
use crate::scenario::trade::{CustomsUnion, Region, RegionId, SanctionPackage, Trade, TradeRules};
use crate::unit::Unit;

/// The rows and files of trade; `None` for one that could not be read.
pub(crate) struct TradeFiles {
    pub regions: Option<Vec<RegionRow>>,
    rows: Option<Vec<TradeRow>>,
    pub unions: Vec<Option<UnionFile>>,
}

/// Reads the files, where the folder has trade.csv.
pub(crate) fn files(file: &ScenarioFile, shelf: &Shelf, report: &mut Report) -> Option<TradeFiles> {
    if !shelf.has("trade.csv") {
        return None;
    }
    Some(TradeFiles {
        regions: shelf.rows("regions.csv", report),
        rows: shelf.rows("trade.csv", report),
        unions: super::outside(&file.unions, "customs union", shelf, report),
    })
}

/// Checks the files; `Some(None)` where there is no trade.
pub(crate) fn read(
    files: Option<&TradeFiles>,
    reads: &Reads<'_>,
    context: &mut Context<'_>,
) -> Option<Option<Trade>> {
    let Some(files) = files else {
        let tables = [
            reads.file.trade.given().map(|at| at.spot),
            reads.file.unions.given().map(|at| at.spot),
            reads.file.sanctions.given().map(|at| at.spot),
        ];
        for spot in tables.into_iter().flatten() {
            context.report.error(spot, "there is no trade.csv").expected("the tables of trade beside it");
        }
        return Some(None);
    };
    let rules = if reads.file.trade.is_present() {
        parameter_table("trade", &reads.file.trade, TradeRules::FIELDS, context)
            .and_then(|ids| TradeRules::from_ids(&ids))
    } else {
        context
            .report
            .file_error("scenario.toml", "`[trade]` is missing, although there is a trade.csv")
            .expected("a table with the keys of trade");
        None
    };
    let names = files
        .regions
        .as_deref()
        .map(|rows| Index::new("region", rows.iter().map(|row| row.region.given()), context.report))?;
    let regions = regions(files.regions.as_deref()?, reads, context);
    let flows = flows(files.rows.as_deref()?, &names, reads, context);
    let unions: Vec<_> = files
        .unions
        .iter()
        .map(|file| file.as_ref().and_then(|file| union(file, &names, reads, context)))
        .collect();
    let sanctions: Vec<_> = entries(&reads.file.sanctions)
        .iter()
        .map(|(id, table)| sanction(id, table, &names, reads, context))
        .collect();
    let regions = regions?;
    let focus = regions.iter().position(|region| Some(region.actor) == reads.focus);
    if focus.is_none() && reads.focus.is_some() {
        context.report.file_error("regions.csv", "the focus state is no region").expected("a row for it");
    }
    let trade = Trade {
        regions,
        flows_musd: flows?,
        rules: rules?,
        unions: unions.into_iter().collect::<Option<_>>()?,
        sanctions: sanctions.into_iter().collect::<Option<_>>()?,
        focus: focus?,
    };
    solvable(&trade, files.regions.as_deref()?, reads, context)?;
    Some(Some(trade))
}

fn regions(rows: &[RegionRow], reads: &Reads<'_>, context: &mut Context<'_>) -> Option<Vec<Region>> {
    let regions: Vec<Option<Region>> = rows
        .iter()
        .map(|row| {
            let actor = row.region.given().and_then(|name| context.actor(name));
            let source = known_source(&row.source, reads, context);
            let gdp = row.gdp_musd.given()?;
            if gdp.value <= 0.0 {
                context
                    .report
                    .error(gdp.spot, format!("the product is {}", gdp.value))
                    .expected("a number above zero");
                return None;
            }
            source?;
            Some(Region { actor: actor?, gdp_musd: gdp.value })
        })
        .collect();
    regions.into_iter().collect()
}

fn flows(rows: &[TradeRow], names: &Index, reads: &Reads<'_>, context: &mut Context<'_>) -> Option<Vec<f64>> {
    let count = names.names().count();
    let mut flows = vec![0.0; count * count];
    let mut lines: Vec<Option<usize>> = vec![None; count * count];
    let mut sound = true;
    for row in rows {
        let exporter = row.exporter.given().and_then(|name| names.get(name, context.report));
        let importer = row.importer.given().and_then(|name| names.get(name, context.report));
        let source = known_source(&row.source, reads, context);
        let value = row.musd.given();
        let (Some(exporter), Some(importer), Some(()), Some(value)) = (exporter, importer, source, value)
        else {
            sound = false;
            continue;
        };
        let pair = || format!("`{}` to `{}`", row.exporter.text(), row.importer.text());
        let cell = exporter * count + importer;
        if exporter == importer {
            sound = false;
            context
                .report
                .error(row.spot, format!("this row goes from {}", pair()))
                .expected("two regions; sales at home follow from regions.csv");
        } else if value.value < 0.0 {
            sound = false;
            context.report.error(value.spot, format!("found {}", value.value)).expected("zero or more");
        } else if let Some(first) = lines[cell] {
            sound = false;
            context
                .report
                .error(row.spot, format!("the pair {} appears twice", pair()))
                .expected(format!("one row for each pair; the first one is on line {first}"));
        } else {
            lines[cell] = Some(context.report.line(row.spot));
            flows[cell] = value.value;
        }
    }
    sound.then_some(flows)
}

fn union(
    file: &UnionFile,
    names: &Index,
    reads: &Reads<'_>,
    context: &mut Context<'_>,
) -> Option<CustomsUnion> {
    let members: Vec<_> =
        file.members.value().into_iter().flatten().map(|name| names.get(name, context.report)).collect();
    let external_tariff = share(&file.external_tariff, reads, context);
    let border_cost = share(&file.border_cost, reads, context);
    let claims = claims(&file.claims, reads, context);
    let members: Vec<RegionId> = members.into_iter().collect::<Option<_>>()?;
    if members.len() < 2 {
        context
            .report
            .error(file.spot, format!("the union `{}` has {} members", file.id.text(), members.len()))
            .expected("at least two");
        return None;
    }
    Some(CustomsUnion {
        id: file.id.value()?.clone(),
        title: file.title.value()?.clone(),
        members,
        external_tariff: external_tariff?,
        border_cost: border_cost?,
        claims: claims?,
    })
}

fn sanction(
    id: &At<String>,
    table: &SanctionTable,
    names: &Index,
    reads: &Reads<'_>,
    context: &mut Context<'_>,
) -> Option<SanctionPackage> {
    let by: Vec<_> =
        table.by.value().into_iter().flatten().map(|name| names.get(name, context.report)).collect();
    let against = table.against.given().and_then(|name| names.get(name, context.report));
    let covered = share(&table.covered, reads, context);
    let obeyed = share(&table.obeyed, reads, context);
    let claims = claims(&table.claims, reads, context);
    let (by, against) = (by.into_iter().collect::<Option<Vec<RegionId>>>()?, against?);
    if by.is_empty() || by.contains(&against) {
        context
            .report
            .error(id.spot, format!("the package `{}` is imposed by nobody, or by its own target", id.value))
            .expected("regions other than the target");
        return None;
    }
    Some(SanctionPackage {
        id: id.value.clone(),
        title: table.title.value()?.clone(),
        by,
        against,
        stops: table.stops.value()?.0,
        covered: covered?,
        obeyed: obeyed?,
        claims: claims?,
    })
}

/// A parameter that is a share: from zero to below one at most, since trade that stops in full has no price.
fn share(field: &Field<String>, reads: &Reads<'_>, context: &mut Context<'_>) -> Option<usize> {
    let parameter = context.parameter_field(field, Unit::NUMBER)?;
    let declared = &reads.parameters?[parameter];
    let (low, high) = (declared.lowest(), declared.highest());
    if low < 0.0 || high >= 1.0 {
        context
            .report
            .error(field.given()?.spot, format!("the parameter goes from {low} to {high}"))
            .expected("a share: from 0 to below 1");
        return None;
    }
    Some(parameter)
}

fn claims(
    field: &Field<Vec<At<String>>>,
    reads: &Reads<'_>,
    context: &mut Context<'_>,
) -> Option<Vec<usize>> {
    let names = field.value().into_iter().flatten();
    let found: Vec<_> = names.map(|name| reads.evidence.claims.get(name, context.report)).collect();
    found.into_iter().collect()
}

/// Notes regions without trade or without sales at home, and numbers no equilibrium can be found for.
fn solvable(trade: &Trade, rows: &[RegionRow], reads: &Reads<'_>, context: &mut Context<'_>) -> Option<()> {
    let count = trade.regions.len();
    let parameters = reads.parameters?;
    let mut sound = Some(());
    for (parameter, what) in [
        (trade.rules.elasticity, "the elasticity"),
        (trade.rules.output_per_gdp, "output over product"),
        (trade.rules.way_round_cost_factor, "the cost factor of the way round"),
    ] {
        let low = parameters[parameter].lowest();
        if low <= 0.0 {
            let spot = reads.file.trade.given()?.spot;
            context.report.error(spot, format!("{what} can be {low}")).expected("a parameter above zero");
            sound = None;
        }
    }
    sound?;
    let home = trade.flows_with_home_sales(parameters[trade.rules.output_per_gdp].lowest());
    for (at, row) in rows.iter().enumerate() {
        let name = row.region.text();
        let sells = (0..count).any(|other| trade.flows_musd[at * count + other] > 0.0);
        let buys = (0..count).any(|other| trade.flows_musd[other * count + at] > 0.0);
        if !sells && !buys {
            context
                .report
                .error(row.spot, format!("`{name}` neither sells nor buys anything in trade.csv"))
                .expected("at least one row with a value above zero");
            sound = None;
        } else if home[at * count + at] <= 0.0 {
            context
                .report
                .error(
                    row.spot,
                    format!("nothing is left for sales at home: `{name}` exports more than it makes"),
                )
                .expected("a larger product, or a larger ratio of output to product");
            sound = None;
        }
    }
    sound?;
    if let Err(error) = model::Trade::new(count, home) {
        context.report.file_error("trade.csv", format!("no equilibrium can be found: {error}"));
        return None;
    }
    Some(())
}
