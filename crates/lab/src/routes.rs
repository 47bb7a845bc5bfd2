//! Routes and trade of an ensemble, looked at more closely than tables allow.
//!
//! Flows of every route and effects on every region would make tables wide for few readers. A history is a pure
//! function of what it stands on, so a part of them is simulated again here and looked at on two days.

use equipoise_engine::{Glimpse, RoutesSeen};
use equipoise_scenario::scenario::ActorId;
use equipoise_scenario::scenario::transit::Transit;

use crate::again::Again;
use crate::quantile::quantile;

/// Median, and the 5 and 95 % quantiles.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// Half of the histories lie below.
    pub median: f64,
    /// A twentieth lies below.
    pub low: f64,
    /// A twentieth lies above.
    pub high: f64,
}

/// What routes and trade were like on two days.
#[derive(Debug, Clone, PartialEq)]
pub struct RoutesAndTrade {
    /// Histories looked at: the first ones.
    pub histories: u64,
    /// The two days, counted from the start.
    pub days: [u32; 2],
    /// Flow of each route, in the scenario's order, million tonnes a year.
    pub flows: [Vec<Spread>; 2],
    /// What all markets get, million tonnes a year.
    pub delivered: [Option<Spread>; 2],
    /// What markets pay, US dollars a day.
    pub revenue: [Option<Spread>; 2],
    /// Each state that routes cross.
    pub states: Vec<StateOnRoutes>,
    /// Change of welfare of each region on the second day, per cent.
    pub welfare: Vec<(ActorId, Spread)>,
}

/// What a state means to those who ship through it.
#[derive(Debug, Clone, PartialEq)]
pub struct StateOnRoutes {
    /// Which.
    pub actor: ActorId,
    /// Share of what is delivered that crosses it.
    pub share: [Spread; 2],
    /// What would no longer be delivered if it closed its routes, after rerouting, million tonnes a year.
    pub loss_mt_per_year: [Spread; 2],
    /// The netback that would be lost by that, US dollars a day.
    pub loss_usd_per_day: [Spread; 2],
}

/// Looks at the first and the last day of some histories; nothing where the scenario has neither routes nor trade, there
/// is no history, or nobody waits any more.
#[must_use]
pub fn routes_and_trade(again: &Again<'_>) -> Option<RoutesAndTrade> {
    let scenario = again.scenario();
    if (scenario.transit.is_none() && scenario.trade.is_none()) || again.histories() == 0 {
        return None;
    }
    let days = [0, scenario.days.saturating_sub(1)];
    let mut seen: [Vec<Glimpse>; 2] = [Vec::new(), Vec::new()];
    let glimpses = again.map(|same, workspace| {
        same.engine.glimpses(same.seed, same.chance, same.parameters, workspace, &days)
    })?;
    for glimpse in glimpses.into_iter().flatten() {
        seen[usize::from(glimpse.day != days[0])].push(glimpse);
    }
    if days[0] == days[1] {
        seen[1] = seen[0].clone();
    }
    let states = scenario.transit.iter().flat_map(Transit::crossed).enumerate();
    let each = |read: &dyn Fn(&RoutesSeen) -> f64| seen.each_ref().map(|seen| spread(routes(seen).map(read)));
    let routes_count = scenario.transit.as_ref().map_or(0, |transit| transit.routes.len());
    let regions = scenario.trade.iter().flat_map(|trade| &trade.regions).enumerate();
    Some(RoutesAndTrade {
        histories: again.histories(),
        days,
        flows: seen.each_ref().map(|seen| {
            (0..routes_count).filter_map(|at| spread(routes(seen).map(|r| r.flow_mt_per_year[at]))).collect()
        }),
        delivered: each(&|routes| routes.delivered_mt_per_year),
        revenue: each(&|routes| routes.revenue_usd_per_day),
        states: states
            .filter_map(|(at, actor)| {
                Some(StateOnRoutes {
                    actor,
                    share: both(each(&|routes| routes.share_through[at]))?,
                    loss_mt_per_year: both(each(&|routes| routes.loss_mt_per_year[at]))?,
                    loss_usd_per_day: both(each(&|routes| routes.loss_usd_per_day[at]))?,
                })
            })
            .collect(),
        welfare: regions
            .filter_map(|(at, region)| {
                let spread =
                    spread(seen[1].iter().filter_map(|glimpse| glimpse.welfare_percent.get(at).copied()))?;
                Some((region.actor, spread))
            })
            .collect(),
    })
}

fn routes(seen: &[Glimpse]) -> impl Iterator<Item = &RoutesSeen> {
    seen.iter().filter_map(|glimpse| glimpse.routes.as_ref())
}

fn both([first, last]: [Option<Spread>; 2]) -> Option<[Spread; 2]> {
    Some([first?, last?])
}

fn spread(values: impl Iterator<Item = f64>) -> Option<Spread> {
    let mut values: Vec<f64> = values.collect();
    if values.is_empty() {
        return None;
    }
    values.sort_by(f64::total_cmp);
    Some(Spread {
        median: quantile(&values, 0.5),
        low: quantile(&values, 0.05),
        high: quantile(&values, 0.95),
    })
}
