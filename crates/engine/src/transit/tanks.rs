//! Tanks at nodes: how full they are, what shippers may put in and take out today, and what of a plan goes through them.
//!
//! A tank is a market that pays what a stored tonne is worth, for as much as there is room; and a supply that offers what
//! is stored, at the same worth. So the plan that chooses routes also chooses what to store, and prefers any sale that
//! brings more. Rates hold from one plan to the next; when a tank would run over or dry within the next day, shippers plan
//! anew, so that no day ends beyond its walls. The rule is our own; it looks no further than the day.

use equipoise_models::transit::{Flows, Network, Shippers};
use equipoise_scenario::scenario::transit::Transit;

use super::DAYS_PER_YEAR;

/// Dollars a tonne that filling and drawing cost together, so that nothing goes in and out on the same day.
const HANDLING: f64 = 1e-3;
/// Million tonnes, or million tonnes a year, that are none: a thousandth of a tonne.
const NOTHING: f64 = 1e-9;

/// The tanks of one history, in the order of [`Transit::tanks`].
#[derive(Debug, Clone, Default)]
pub(super) struct Tanks {
    tanks: Vec<TankState>,
    /// The first node and the first edge that stand for tanks, behind the scenario's own.
    first_node: usize,
    first_edge: usize,
}

#[derive(Debug, Clone, Copy)]
struct TankState {
    /// The node it stands at.
    node: usize,
    /// Million tonnes.
    capacity: f64,
    level: f64,
    /// Dollars a tonne.
    value: f64,
    /// What goes in less what comes out, million tonnes a year.
    rate: f64,
}

/// What of a plan reaches markets and what it costs, tanks left out.
pub(super) struct Sales {
    pub(super) delivered: f64,
    pub(super) shut_in: f64,
    pub(super) revenue: f64,
    pub(super) transport_cost: f64,
    /// Transport and shut-in cost less revenue.
    pub(super) objective: f64,
}

impl Tanks {
    /// The tanks as they stand on the first morning.
    pub(super) fn new(transit: &Transit, parameters: &[f64]) -> Tanks {
        let tanks = transit.tanks().map(|(node, tank)| {
            let capacity = tank.capacity.value(parameters);
            let level = tank.at_start.value(parameters).min(capacity);
            TankState { node, capacity, level, value: tank.value.value(parameters), rate: 0.0 }
        });
        Tanks { tanks: tanks.collect(), first_node: transit.nodes.len(), first_edge: transit.routes.len() }
    }

    /// Tells shippers what they may put in and take out today.
    pub(super) fn offer(&self, shippers: &mut Shippers) {
        let checked = "levels and values of tanks are finite and not negative, as their parameters are";
        let shut_in_cost = shippers.network().shut_in_cost();
        for (at, tank) in self.tanks.iter().enumerate() {
            let [stored, room] = [tank.level, tank.capacity - tank.level]
                .map(|amount| if amount < NOTHING { 0.0 } else { amount * DAYS_PER_YEAR });
            let (edge, node) = (self.first_edge + 2 * at, self.first_node + 2 * at);
            let ways = &shippers.network().edges()[edge];
            // Leaving oil in the tank is not shutting it in: what the model thinks is saved by drawing is no gain.
            let (most, cost) = (ways.capacity, shut_in_cost + tank.value + HANDLING);
            shippers.set_edge(edge, most, 0.0, cost).expect(checked);
            shippers.set_supply(node, stored).expect(checked);
            shippers.set_market(node + 1, room, tank.value).expect(checked);
        }
    }

    /// Takes over what a plan puts in and takes out.
    pub(super) fn follow(&mut self, flows: &Flows) {
        for (at, tank) in self.tanks.iter_mut().enumerate() {
            let edge = self.first_edge + 2 * at;
            let rate = flows.flow[edge + 1] - flows.flow[edge];
            tank.rate = if rate.abs() < NOTHING { 0.0 } else { rate };
        }
    }

    /// Ends a day. Returns whether levels are other than before, and whether tomorrow cannot go on like this.
    pub(super) fn end_day(&mut self) -> (bool, bool) {
        let (mut moved, mut over) = (false, false);
        for tank in self.tanks.iter_mut().filter(|tank| tank.rate != 0.0) {
            let a_day = tank.rate / DAYS_PER_YEAR;
            tank.level = (tank.level + a_day).clamp(0.0, tank.capacity);
            moved = true;
            over |= !(0.0..=tank.capacity).contains(&(tank.level + a_day));
        }
        (moved, over)
    }

    /// What a plan sells and what that costs, tanks left out.
    pub(super) fn sales(&self, flows: &Flows, network: &Network) -> Sales {
        let mut sales = Sales {
            delivered: flows.delivered,
            shut_in: flows.total_shut_in,
            revenue: flows.revenue,
            transport_cost: flows.transport_cost,
            objective: flows.objective,
        };
        if self.tanks.is_empty() {
            return sales;
        }
        for (at, tank) in self.tanks.iter().enumerate() {
            let (edge, node) = (self.first_edge + 2 * at, self.first_node + 2 * at);
            sales.delivered -= flows.sold[node + 1];
            sales.revenue -= flows.sold[node + 1] * tank.value;
            sales.shut_in -= flows.shut_in[node];
            sales.transport_cost -= flows.flow[edge] * network.edges()[edge].cost;
        }
        sales.objective = sales.transport_cost + network.shut_in_cost() * sales.shut_in - sales.revenue;
        sales
    }

    /// What the tank at a node holds, or what all hold.
    pub(super) fn stored(&self, node: Option<usize>) -> f64 {
        let here = |tank: &&TankState| node.is_none_or(|node| node == tank.node);
        self.tanks.iter().filter(here).map(|tank| tank.level).sum()
    }
}
