//! Routes of one commodity, as a scenario declares them: nodes, routes, contracts, and the price over time.
//!
//! Amounts are in million tonnes a year, costs and differentials in US dollars a tonne. The mathematics stands in
//! `equipoise_models::transit`; closures, accidents and repairs in the engine's transit step.

use equipoise_models::transit as model;

use super::{ActorId, ParameterId};
use crate::unit::Unit;

/// A rate no tank is filled or drawn on at, million tonnes a year: its own room and level bind before.
const MOST_THROUGH_A_TANK: f64 = 1e6;

/// Index of a route in [`Transit::routes`].
pub type RouteId = usize;

/// A number of a table: given with its source, or the value of a parameter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Quantity {
    /// Given in the file, with a source beside it.
    Given(f64),
    /// Each history's value of a parameter.
    Parameter(ParameterId),
}

impl Quantity {
    /// Its value under a history's parameters.
    pub fn value(self, parameters: &[f64]) -> f64 {
        match self {
            Quantity::Given(value) => value,
            Quantity::Parameter(id) => parameters[id],
        }
    }
}

/// A network of routes and what is paid at their ends.
#[derive(Debug, Clone)]
pub struct Transit {
    /// Where the commodity comes up, passes and is sold.
    pub nodes: Vec<Node>,
    /// Ways between nodes.
    pub routes: Vec<Route>,
    /// Minimums and rights, each on one route.
    pub contracts: Vec<Contract>,
    /// The benchmark price from each date on, in order.
    pub prices: Vec<PricePoint>,
    /// Numbers that hold for the whole network.
    pub rules: TransitRules,
    /// States whose routes do not count for the potential of sales to a buyer.
    pub avoided: Vec<ActorId>,
}

/// A node of the network.
#[derive(Debug, Clone)]
pub struct Node {
    /// Short name used in files.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// What happens there.
    pub kind: NodeKind,
    /// The tank that stands there, if there is one.
    pub tank: Option<Tank>,
}

/// A tank: what cannot be sold well today waits in it.
///
/// Shippers fill it with what would bring less than a tonne in it is worth, or be shut in, and draw on it while a tonne
/// brings more. They plan from one change to the next and do not look ahead.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tank {
    /// What it can hold beyond what never leaves it, million tonnes.
    pub capacity: Quantity,
    /// What it holds of that when the simulation starts, million tonnes; at most the capacity counts.
    pub at_start: Quantity,
    /// What a tonne in it is worth to its owner, US dollars.
    pub value: Quantity,
}

/// What happens at a node.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum NodeKind {
    /// The commodity comes up; other flows may pass.
    Supply {
        /// What is offered, million tonnes a year.
        amount: Quantity,
    },
    /// It only passes.
    Hub,
    /// It is sold.
    Market {
        /// The most that is bought, million tonnes a year.
        capacity: Quantity,
        /// What is paid over the benchmark price, US dollars a tonne (below zero: less).
        differential: Quantity,
        /// Who buys.
        buyer: Option<ActorId>,
    },
}

/// A way from one node to another.
#[derive(Debug, Clone)]
pub struct Route {
    /// Short name used in files and expressions.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Index of the node it leaves.
    pub from: usize,
    /// Index of the node it reaches.
    pub to: usize,
    /// The most it carries, million tonnes a year.
    pub capacity: Quantity,
    /// What it costs, US dollars a tonne.
    pub cost: Quantity,
    /// The states it crosses, the focus state apart.
    pub crosses: Vec<ActorId>,
    /// Accidents that come by chance, if any are expected.
    pub accidents: Option<Accidents>,
}

/// Accidents on a route: parameters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Accidents {
    /// Accidents expected in a year.
    pub per_year: ParameterId,
    /// Mean days until the repair is done.
    pub repair_days: ParameterId,
    /// Share of the capacity that is left until then.
    pub capacity_left: ParameterId,
}

/// A contract or a right on a route.
#[derive(Debug, Clone)]
pub struct Contract {
    /// Short name used in files.
    pub id: String,
    /// What it is, for people.
    pub name: String,
    /// The route it is about.
    pub route: RouteId,
    /// What must be carried (take or pay), million tonnes a year.
    pub minimum: Option<Quantity>,
    /// The most that may be carried, million tonnes a year.
    pub maximum: Option<Quantity>,
    /// Whether it rests while a state has closed its routes.
    pub rests: bool,
    /// The first day it is in force, counted from the start of the simulation; `i64::MIN` where it has no beginning.
    pub from: i64,
    /// The last day it is in force, counted likewise; `i64::MAX` where it has no end.
    pub until: i64,
}

impl Contract {
    /// Whether it is in force on a day of the simulation.
    pub fn in_force(&self, day: u32) -> bool {
        (self.from..=self.until).contains(&i64::from(day))
    }
}

/// The benchmark price from a date on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PricePoint {
    /// The first day it holds, counted from the start of the simulation; may lie before it.
    pub day: i64,
    /// US dollars a barrel.
    pub usd_per_barrel: f64,
}

parameter_table! {
    /// Numbers of the whole network: names in the `[transit]` table of a scenario.
    TransitRules {
        /// Barrels in a tonne of the commodity.
        barrels_per_tonne: Unit::NUMBER,
        /// What shutting in costs, US dollars a tonne.
        shut_in_cost_usd_per_tonne: Unit::NUMBER,
        /// Share by which the price must move before shippers plan anew.
        planning_threshold: Unit::NUMBER,
    }
}

impl Transit {
    /// Every state that some route crosses, in the order of their first crossing.
    pub fn crossed(&self) -> Vec<ActorId> {
        let mut states = Vec::new();
        for &state in self.routes.iter().flat_map(|route| &route.crosses) {
            if !states.contains(&state) {
                states.push(state);
            }
        }
        states
    }
}

impl Transit {
    /// The days, after `day`, on which a contract comes into force or has ended, in no order.
    pub fn days_of_contracts(&self, day: u32) -> impl Iterator<Item = u32> {
        let ends = |contract: &Contract| [contract.from, contract.until.saturating_add(1)];
        let days = self.contracts.iter().flat_map(ends).filter_map(|end| u32::try_from(end).ok());
        days.filter(move |end| *end > day)
    }

    /// The tanks, each with the node it stands at.
    pub fn tanks(&self) -> impl Iterator<Item = (usize, &Tank)> {
        self.nodes.iter().enumerate().filter_map(|(at, node)| node.tank.as_ref().map(|tank| (at, tank)))
    }

    /// The network as the model takes it under these parameters, with every contract that is in force on `day`;
    /// `states` are those whose crossings count, in the model's order.
    ///
    /// Behind the nodes stand two more for each tank, and behind the routes two more edges: a supply with the edge that
    /// draws on the tank, and a market with the edge that fills it. All of these are idle here; who keeps the tanks'
    /// levels sets them day by day.
    ///
    /// A minimum above what its route can carry is cut to that (loading refuses one that is written down so), and several contracts on one route leave the largest
    /// minimum and the smallest maximum.
    ///
    /// # Errors
    /// What the model says of numbers that cannot be, such as amounts times costs that overflow.
    pub fn network(
        &self,
        parameters: &[f64],
        states: &[ActorId],
        day: u32,
    ) -> Result<model::Network, model::TransitError> {
        let price = self.prices.first().map_or(0.0, |price| price.usd_per_barrel)
            * parameters.get(self.rules.barrels_per_tonne).copied().unwrap_or(1.0);
        let nodes = self.nodes.iter().map(|node| match node.kind {
            NodeKind::Supply { amount } => model::Node::Supply { amount: amount.value(parameters) },
            NodeKind::Hub => model::Node::Hub,
            NodeKind::Market { capacity, differential, .. } => model::Node::Market {
                capacity: capacity.value(parameters),
                price: price + differential.value(parameters),
            },
        });
        let edges = self.routes.iter().enumerate().map(|(at, route)| {
            let (floor, capacity) = self.limits(at, route.capacity.value(parameters), parameters, day, false);
            let state = |actor: &ActorId| states.iter().position(|state| state == actor);
            model::Edge {
                from: route.from,
                to: route.to,
                capacity,
                floor,
                cost: route.cost.value(parameters),
                crosses: route.crosses.iter().filter_map(state).collect(),
            }
        });
        let (mut nodes, mut edges): (Vec<_>, Vec<_>) = (nodes.collect(), edges.collect());
        for (node, _) in self.tanks() {
            let idle = |from, to| model::Edge {
                from,
                to,
                capacity: MOST_THROUGH_A_TANK,
                floor: 0.0,
                cost: 0.0,
                crosses: Vec::new(),
            };
            edges.push(idle(nodes.len(), node));
            nodes.push(model::Node::Supply { amount: 0.0 });
            edges.push(idle(node, nodes.len()));
            nodes.push(model::Node::Market { capacity: 0.0, price: 0.0 });
        }
        let shut_in_cost = parameters[self.rules.shut_in_cost_usd_per_tonne];
        model::Network::new(nodes, edges, states.len(), shut_in_cost)
    }

    /// The least and the most a route may carry on a day when `capacity` is what it can carry; with `emergency`,
    /// contracts that rest in one do not count.
    pub fn limits(
        &self,
        route: RouteId,
        capacity: f64,
        parameters: &[f64],
        day: u32,
        emergency: bool,
    ) -> (f64, f64) {
        let (mut floor, mut most) = (0.0_f64, capacity);
        let on_it =
            self.contracts.iter().filter(|contract| contract.route == route && contract.in_force(day));
        for contract in on_it.filter(|contract| !(emergency && contract.rests)) {
            floor = contract.minimum.map_or(floor, |minimum| floor.max(minimum.value(parameters)));
            most = contract.maximum.map_or(most, |maximum| most.min(maximum.value(parameters)));
        }
        (floor.min(most), most)
    }
}
