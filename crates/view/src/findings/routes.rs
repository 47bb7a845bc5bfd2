//! Routes and trade as the report shows them: names instead of indices.

use equipoise_lab::again::Again;
use equipoise_lab::routes::{RoutesAndTrade, Spread, routes_and_trade};
use equipoise_scenario::Scenario;
use equipoise_scenario::scenario::transit::{NodeKind, Transit};
use jiff::civil::Date;

/// Histories that are looked at again for their flows.
pub(super) const HISTORIES: u64 = 48;
const DAYS_PER_YEAR: f64 = 365.0;
/// Flows below this many million tonnes a year on both days are not shown.
const SHOWN: f64 = 0.05;

/// Routes and trade on the first and the last day.
#[derive(Debug, Clone, PartialEq)]
pub struct RoutesFound {
    /// Histories that were looked at.
    pub histories: u64,
    /// First and last day.
    pub days: [Date; 2],
    /// The nodes that some flow touches.
    pub nodes: Vec<NodeFound>,
    /// The routes that carry something.
    pub routes: Vec<RouteFound>,
    /// What all markets get, million tonnes a year: median, and 90 % of the histories.
    pub delivered: Option<[Range; 2]>,
    /// What they pay, billion US dollars a year.
    pub revenue: Option<[Range; 2]>,
    /// States that routes cross, the one with the largest share first.
    pub states: Vec<StateFound>,
    /// Regions with their change of welfare on the last day, per cent, the largest loss first.
    pub welfare: Vec<(String, Range)>,
}

/// Median, and 90 % of the histories.
pub type Range = (f64, (f64, f64));

/// A node of the network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeFound {
    /// Name for people.
    pub name: String,
    /// Whether the commodity comes up there.
    pub supplies: bool,
    /// Whether it is sold there.
    pub sells: bool,
}

/// A route that carries something.
#[derive(Debug, Clone, PartialEq)]
pub struct RouteFound {
    /// Name for people.
    pub name: String,
    /// Index of the node it leaves.
    pub from: usize,
    /// Index of the node it reaches.
    pub to: usize,
    /// Names of the states it crosses.
    pub crosses: Vec<String>,
    /// Whether it crosses the state with the largest share.
    pub main: bool,
    /// What it carries, million tonnes a year.
    pub flow: [Range; 2],
}

/// A state that routes cross.
#[derive(Debug, Clone, PartialEq)]
pub struct StateFound {
    /// Name for people.
    pub name: String,
    /// Share of what is delivered that crosses it.
    pub share: [Range; 2],
    /// What would no longer be delivered if it closed its routes, million tonnes a year.
    pub loss_mt_per_year: [Range; 2],
    /// The netback lost by that, billion US dollars a year.
    pub loss_busd_per_year: [Range; 2],
}

/// What some histories say of routes and trade; nothing where their scenario has neither.
pub(super) fn routes(scenario: &Scenario, again: &Again<'_>) -> Option<RoutesFound> {
    let seen = routes_and_trade(again)?;
    let name = |actor: usize| scenario.actors[actor].name.clone();
    let mut states: Vec<(usize, StateFound)> = seen
        .states
        .iter()
        .map(|state| {
            let found = StateFound {
                name: name(state.actor),
                share: state.share.map(range),
                loss_mt_per_year: state.loss_mt_per_year.map(range),
                loss_busd_per_year: state.loss_usd_per_day.map(billions_a_year),
            };
            (state.actor, found)
        })
        .collect();
    states.sort_by(|a, b| b.1.share[0].0.total_cmp(&a.1.share[0].0));
    let main = states.first().map(|(actor, _)| *actor);
    let (nodes, routes) = match &scenario.transit {
        Some(transit) => network(transit, &seen, main, &name),
        None => (Vec::new(), Vec::new()),
    };
    let mut welfare: Vec<(String, Range)> =
        seen.welfare.iter().map(|(actor, spread)| (name(*actor), range(*spread))).collect();
    welfare.sort_by(|a, b| a.1.0.total_cmp(&b.1.0));
    let pair = |[first, last]: [Option<Spread>; 2]| Some([first?, last?]);
    Some(RoutesFound {
        histories: seen.histories,
        days: seen.days.map(|day| scenario.date(day)),
        nodes,
        routes,
        delivered: pair(seen.delivered).map(|both| both.map(range)),
        revenue: pair(seen.revenue).map(|both| both.map(billions_a_year)),
        states: states.into_iter().map(|(_, state)| state).collect(),
        welfare,
    })
}

fn network(
    transit: &Transit,
    seen: &RoutesAndTrade,
    main: Option<usize>,
    name: &dyn Fn(usize) -> String,
) -> (Vec<NodeFound>, Vec<RouteFound>) {
    let shown: Vec<usize> = (0..transit.routes.len())
        .filter(|&at| seen.flows.iter().any(|flows| flows.get(at).is_some_and(|flow| flow.median >= SHOWN)))
        .collect();
    let touched = |node: &usize| {
        shown.iter().any(|&at| transit.routes[at].from == *node || transit.routes[at].to == *node)
    };
    let kept: Vec<usize> = (0..transit.nodes.len()).filter(touched).collect();
    let place = |node: usize| kept.iter().position(|there| *there == node).unwrap_or(0);
    let nodes = kept.iter().map(|&at| NodeFound {
        name: transit.nodes[at].name.clone(),
        supplies: matches!(transit.nodes[at].kind, NodeKind::Supply { .. }),
        sells: matches!(transit.nodes[at].kind, NodeKind::Market { .. }),
    });
    let routes = shown.iter().map(|&at| {
        let route = &transit.routes[at];
        RouteFound {
            name: route.name.clone(),
            from: place(route.from),
            to: place(route.to),
            crosses: route.crosses.iter().map(|actor| name(*actor)).collect(),
            main: main.is_some_and(|main| route.crosses.contains(&main)),
            flow: [range(seen.flows[0][at]), range(seen.flows[1][at])],
        }
    });
    (nodes.collect(), routes.collect())
}

fn range(spread: Spread) -> Range {
    (spread.median, (spread.low, spread.high))
}

fn billions_a_year(spread: Spread) -> Range {
    let scale = |value: f64| value * DAYS_PER_YEAR / 1e9;
    (scale(spread.median), (scale(spread.low), scale(spread.high)))
}
