//! Whether a network can be used: every supply can be sold, and its contracts can be kept.

use equipoise_models::transit as model;

use super::Reads;
use crate::format::route_rows::{ContractRow, NodeRow};
use crate::load::names::Context;
use crate::scenario::transit::{Contract, NodeKind, Transit};

/// Notes a supply from which no chain of routes leads to a market.
pub(super) fn connected(transit: &Transit, rows: &[NodeRow], context: &mut Context<'_>) -> Option<()> {
    let mut leads: Vec<bool> =
        transit.nodes.iter().map(|node| matches!(node.kind, NodeKind::Market { .. })).collect();
    loop {
        let before = leads.iter().filter(|there| **there).count();
        for route in &transit.routes {
            leads[route.from] |= leads[route.to];
        }
        if leads.iter().filter(|there| **there).count() == before {
            break;
        }
    }
    let mut sound = Some(());
    for (at, node) in transit.nodes.iter().enumerate() {
        if matches!(node.kind, NodeKind::Supply { .. }) && !leads[at] {
            context
                .report
                .error(
                    rows[at].spot,
                    format!("no chain of routes leads from the supply `{}` to a market", node.id),
                )
                .expected("a way to sell it");
            sound = None;
        }
    }
    sound
}

/// Notes contracts that cannot all be kept with every parameter in the middle of its range, on the first day or on one
/// on which a contract begins or has ended.
pub(super) fn feasible(
    transit: &Transit,
    rows: &[ContractRow],
    reads: &Reads<'_>,
    context: &mut Context<'_>,
) -> Option<()> {
    let (_, days) = reads.period?;
    let mut ends: Vec<u32> = transit.days_of_contracts(0).filter(|end| *end < days).collect();
    ends.sort_unstable();
    ends.dedup();
    std::iter::once(0).chain(ends).try_for_each(|day| feasible_on(day, transit, rows, reads.centres, context))
}

fn feasible_on(
    day: u32,
    transit: &Transit,
    rows: &[ContractRow],
    centres: &[f64],
    context: &mut Context<'_>,
) -> Option<()> {
    routes_may_carry_minimums(day, transit, rows, centres, context)?;
    let network = match transit.network(centres, &[], day) {
        Ok(network) => network,
        Err(error) => {
            context.report.file_error("routes.csv", format!("this is no network: {error}"));
            return None;
        }
    };
    let conflict = match model::Shippers::new(network).solve() {
        Ok(_) => return Some(()),
        Err(model::TransitError::Conflict { contracts, promised, possible, .. }) => {
            (contracts, promised, possible)
        }
        Err(error) => {
            context.report.file_error("routes.csv", error.to_string());
            return None;
        }
    };
    let (edges, promised, possible) = conflict;
    let with = |contract: &&Contract| {
        contract.minimum.is_some() && contract.in_force(day) && edges.contains(&contract.route)
    };
    let names: Vec<&str> = transit.contracts.iter().filter(with).map(|c| c.id.as_str()).collect();
    let first = transit.contracts.iter().position(|contract| with(&contract)).unwrap_or(0);
    context
        .report
        .error(
            rows[first].spot,
            format!(
                "with every parameter in the middle of its range these contracts cannot all be kept: {} ask for {promised:.3}, but only {possible:.3} can pass",
                names.join(", ")
            ),
        )
        .expected("contracts that fit through the routes and supplies");
    None
}

/// Notes contracts in force on `day` that ask for more than the route they are about may carry.
///
/// A simulation cuts such a minimum, as damage may take capacity away; what is written down must fit.
fn routes_may_carry_minimums(
    day: u32,
    transit: &Transit,
    rows: &[ContractRow],
    centres: &[f64],
    context: &mut Context<'_>,
) -> Option<()> {
    let mut sound = Some(());
    for (at, contract) in transit.contracts.iter().enumerate() {
        let Some(minimum) = contract.minimum.filter(|_| contract.in_force(day)) else { continue };
        let (asked, route) = (minimum.value(centres), &transit.routes[contract.route]);
        let carried = route.capacity.value(centres);
        let rights = transit
            .contracts
            .iter()
            .filter(|other| other.route == contract.route && other.in_force(day))
            .filter_map(|other| Some((other.maximum?.value(centres), other)));
        let obstacle = match rights.min_by(|(one, _), (other, _)| one.total_cmp(other)) {
            Some((most, other)) if most < asked && most < carried => {
                format!("`{}` lets only {most:.3} pass", other.id)
            }
            _ if carried < asked => format!("the route `{}` carries only {carried:.3}", route.id),
            _ => continue,
        };
        context
            .report
            .error(
                rows[at].spot,
                format!(
                    "with every parameter in the middle of its range the contract `{}` asks for {asked:.3}, but {obstacle}",
                    contract.id
                ),
            )
            .expected("a minimum that the route may carry");
        sound = None;
    }
    sound
}
