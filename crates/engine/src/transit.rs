//! Routes: what is open, what shippers send over them, and what that earns.
//!
//! Flows are those of `equipoise_models::transit`: the greatest netback within capacities and contracts. They are found
//! anew only on days on which something has changed: a route limited, damaged or repaired, a state's routes closed or
//! opened, a field's supply, or the price by more than the planning threshold. What every state could take by closing
//! its routes is kept beside the plan, on networks of its own that are re-solved from their last answer.
//!
//! Accidents come by chance: the wait for the next on a route, and its repair, are exponential with the means the
//! scenario gives, drawn by keyed numbers (route, count), so that no day costs a draw.

use equipoise_models::noise::Noise;
use equipoise_models::transit::{Flows, Network, Shippers, TransitError, share_through};
use equipoise_scenario::Scenario;
use equipoise_scenario::chronicle::{EventKind, Subject};
use equipoise_scenario::scenario::transit::{NodeKind, RouteId, Transit};
use equipoise_scenario::scenario::{ActorId, ParameterId};
use equipoise_scenario::vocabulary::Observable;

use crate::history::{EventId, History, NO_EVENT};
use crate::keys::{Keys, ROUTE};
use crate::world::Traced;

const DAYS_PER_YEAR: f64 = 365.0;
const TONNES_PER_MT: f64 = 1e6;
/// A change of what is delivered below this many million tonnes a year is no event.
const NOTICED_MT_PER_YEAR: f64 = 0.05;
/// Draws of one accident: the wait, then the repair.
const WAIT: u32 = 0;
const REPAIR: u32 = 1;

/// What follows from the scenario alone.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    /// The states whose crossings the plan follows, in the model's order.
    states: Vec<ActorId>,
    /// Planned with every parameter in the middle of its range: each history starts from here.
    shippers: Shippers,
    /// Shippers who must do without one state, an index into `states`.
    without: Vec<(usize, Shippers)>,
    /// Shippers who sell to one buyer alone and avoid the avoided states.
    buyers: Vec<(ActorId, Shippers)>,
    /// Whether shares through states are read.
    shares: bool,
}

/// Routes and flows in one history.
#[derive(Debug, Clone)]
pub(crate) struct TransitState {
    shippers: Shippers,
    without: Vec<Shippers>,
    buyers: Vec<Shippers>,
    routes: Vec<RouteState>,
    /// Share of the usual supply of each node.
    supply: Vec<Traced>,
    /// Whether each state of the plan has closed its routes, as 0 or 1.
    closed: Vec<Traced>,
    /// Present place in the list of prices, and the price of the last plan in dollars a tonne.
    price_at: usize,
    planned_price: f64,
    /// The next day on which something changes by itself.
    wake: u32,
    changed: bool,
    /// The event behind the present flows.
    cause: EventId,
    /// Whether contracts rest because they cannot all be kept.
    resting: usize,
    price: f64,
    flow: Vec<f64>,
    delivered: f64,
    shut_in: f64,
    /// What markets pay beyond the benchmark price, million dollars a year.
    premium: f64,
    /// What concerns each actor of the scenario.
    of_actor: Vec<Figures>,
}

/// What routes mean for one actor.
#[derive(Debug, Clone, Copy, Default)]
struct Figures {
    share_through: f64,
    dependence: f64,
    potential: f64,
    /// Million dollars a year.
    fees: f64,
}

#[derive(Debug, Clone, Copy)]
struct RouteState {
    capacity: f64,
    /// Share of the usual capacity that actions leave.
    share: Traced,
    /// Day on which that share is 1 again.
    as_usual: u32,
    /// Share an accident leaves.
    damage: Traced,
    repaired: u32,
    next_accident: u32,
    accidents: u32,
}

impl Plan {
    /// Prepares the network of a scenario that has one.
    pub fn new(scenario: &Scenario, transit: &Transit) -> Plan {
        let centres: Vec<f64> = scenario.parameters.iter().map(|parameter| parameter.draw(0.5, 0)).collect();
        let reads = Readings::of(scenario, transit);
        let planned = |network: Network| {
            let mut shippers = Shippers::new(network);
            // Contracts that conflict in the middle of the ranges were refused when the scenario was read; those that
            // a closed state makes impossible are looked at again in every history.
            let _ = shippers.solve();
            shippers
        };
        let network = transit
            .network(&centres, &reads.states)
            .expect("the network was built from the same numbers when the scenario was read");
        let shippers = planned(network.clone());
        let without = reads.dependence.iter().map(|&state| (state, shippers.clone())).collect();
        let buyers = reads.buyers.iter().map(|&buyer| (buyer, shippers.clone())).collect();
        Plan { states: reads.states, shippers, without, buyers, shares: reads.shares }
    }
}

/// What expressions and actions ask of the network.
struct Readings {
    states: Vec<ActorId>,
    dependence: Vec<usize>,
    buyers: Vec<ActorId>,
    shares: bool,
}

impl Readings {
    fn of(scenario: &Scenario, transit: &Transit) -> Readings {
        let mut found =
            Readings { states: Vec::new(), dependence: Vec::new(), buyers: Vec::new(), shares: false };
        for reference in crate::observe::all_reads(scenario) {
            let equipoise_scenario::expression::Reference::World(what, Some(about)) = reference else {
                continue;
            };
            match what {
                Observable::ShareThrough => {
                    found.shares = true;
                    found.state(about);
                }
                Observable::Dependence => {
                    let state = found.state(about);
                    if !found.dependence.contains(&state) {
                        found.dependence.push(state);
                    }
                }
                Observable::Potential if !found.buyers.contains(&about) => found.buyers.push(about),
                _ => {}
            }
        }
        for state in
            crate::observe::transit_states(scenario).into_iter().chain(transit.avoided.iter().copied())
        {
            found.state(state);
        }
        found
    }

    fn state(&mut self, actor: ActorId) -> usize {
        self.states.iter().position(|state| *state == actor).unwrap_or_else(|| {
            self.states.push(actor);
            self.states.len() - 1
        })
    }
}

/// What the step reads beside its own state.
pub(crate) struct Reads<'a> {
    pub scenario: &'a Scenario,
    pub plan: &'a Plan,
    pub keys: &'a Keys,
    pub noise: &'a Noise,
    pub parameters: &'a [f64],
    pub day: u32,
}

impl TransitState {
    pub fn new(plan: &Plan, scenario: &Scenario, transit: &Transit) -> TransitState {
        let idle = RouteState {
            capacity: 0.0,
            share: Traced { value: 1.0, cause: NO_EVENT },
            as_usual: u32::MAX,
            damage: Traced { value: 1.0, cause: NO_EVENT },
            repaired: u32::MAX,
            next_accident: u32::MAX,
            accidents: 0,
        };
        TransitState {
            shippers: plan.shippers.clone(),
            without: plan.without.iter().map(|(_, shippers)| shippers.clone()).collect(),
            buyers: plan.buyers.iter().map(|(_, shippers)| shippers.clone()).collect(),
            routes: vec![idle; transit.routes.len()],
            supply: vec![Traced { value: 1.0, cause: NO_EVENT }; transit.nodes.len()],
            closed: vec![Traced { value: 0.0, cause: NO_EVENT }; plan.states.len()],
            price_at: 0,
            planned_price: 0.0,
            wake: 0,
            changed: true,
            cause: NO_EVENT,
            resting: 0,
            price: 0.0,
            flow: vec![0.0; transit.routes.len()],
            delivered: 0.0,
            shut_in: 0.0,
            premium: 0.0,
            of_actor: vec![Figures::default(); scenario.actors.len()],
        }
    }

    /// The morning of the first day: every history starts from the same plan, so that none depends on the one before.
    pub fn reset(&mut self, reads: &Reads<'_>, transit: &Transit) {
        *self = TransitState::new(reads.plan, reads.scenario, transit);
        for (at, (state, route)) in self.routes.iter_mut().zip(&transit.routes).enumerate() {
            state.capacity = route.capacity.value(reads.parameters);
            if let Some(accidents) = route.accidents {
                state.next_accident = wait(reads, at, 0, accidents.per_year, 0);
            }
        }
    }

    /// One day. Returns whether flows or prices are other than yesterday.
    pub fn step(&mut self, reads: &Reads<'_>, history: &mut History) -> bool {
        if reads.day < self.wake && !self.changed {
            return false;
        }
        let Some(transit) = &reads.scenario.transit else { return false };
        self.price_of_the_day(reads, transit);
        self.accidents_and_repairs(reads, transit, history);
        let threshold = reads.parameters[transit.rules.planning_threshold];
        let moved = (self.price - self.planned_price).abs() > threshold * self.planned_price;
        if self.changed || moved {
            self.settle(reads, transit, history);
        }
        self.wake = self.next_change(transit);
        true
    }

    /// An action sets what share of its usual capacity a route has.
    pub fn limit(
        &mut self,
        route: RouteId,
        share: f64,
        days: Option<f64>,
        (day, cause): (u32, EventId),
        history: &mut History,
    ) {
        let share = share.max(0.0);
        if share == self.routes[route].share.value {
            return;
        }
        let kind = if share == 1.0 { EventKind::RouteRestored } else { EventKind::RouteLimited };
        let event = history.record(day, 0, kind, Subject::Route(route), share, &[cause]);
        let state = &mut self.routes[route];
        state.share.set(share, event);
        state.as_usual = days.map_or(u32::MAX, |days| day.saturating_add(days.max(1.0).round() as u32));
        self.because(event);
    }

    /// A state closes or opens its routes.
    pub fn pass(
        &mut self,
        through: ActorId,
        open: bool,
        plan: &Plan,
        (day, cause): (u32, EventId),
        history: &mut History,
    ) {
        let Some(at) = plan.states.iter().position(|state| *state == through) else { return };
        if (self.closed[at].value > 0.0) != open {
            return;
        }
        let kind = if open { EventKind::TransitOpened } else { EventKind::TransitClosed };
        let event = history.record(day, 0, kind, Subject::Actor(through), 0.0, &[cause]);
        self.closed[at].set(f64::from(u8::from(!open)), event);
        self.because(event);
    }

    /// A field's supply becomes a share of the usual.
    pub fn supply(&mut self, node: usize, share: f64, cause: EventId) {
        self.supply[node].set(share.max(0.0), cause);
        self.because(cause);
    }

    fn because(&mut self, event: EventId) {
        self.changed = true;
        self.cause = event;
    }

    fn price_of_the_day(&mut self, reads: &Reads<'_>, transit: &Transit) {
        let day = i64::from(reads.day);
        while transit.prices.get(self.price_at + 1).is_some_and(|next| next.day <= day) {
            self.price_at += 1;
        }
        let barrels = reads.parameters[transit.rules.barrels_per_tonne];
        self.price = transit.prices.get(self.price_at).map_or(0.0, |price| price.usd_per_barrel * barrels);
    }

    fn accidents_and_repairs(&mut self, reads: &Reads<'_>, transit: &Transit, history: &mut History) {
        for at in 0..self.routes.len() {
            let mut state = self.routes[at];
            let restored = (state.as_usual <= reads.day && state.share.value != 1.0)
                || (state.repaired <= reads.day && state.damage.value != 1.0);
            if restored {
                let causes = [state.share.cause, state.damage.cause];
                let event =
                    history.record(reads.day, 0, EventKind::RouteRestored, Subject::Route(at), 1.0, &causes);
                if state.as_usual <= reads.day {
                    state.share.set(1.0, event);
                    state.as_usual = u32::MAX;
                }
                if state.repaired <= reads.day {
                    state.damage.set(1.0, event);
                    state.repaired = u32::MAX;
                }
                self.because(event);
            }
            if let Some(accidents) = transit.routes[at].accidents
                && state.next_accident <= reads.day
            {
                let left = reads.parameters[accidents.capacity_left].min(1.0);
                let event =
                    history.record(reads.day, 0, EventKind::RouteDamaged, Subject::Route(at), left, &[]);
                state.damage.set(left, event);
                let u = reads.noise.uniform(ROUTE, reads.keys.routes[at], state.accidents, REPAIR);
                let repair = -reads.parameters[accidents.repair_days] * u.ln();
                state.repaired = reads.day.saturating_add(repair.ceil().clamp(1.0, 1e6) as u32);
                state.accidents += 1;
                state.next_accident = wait(reads, at, state.accidents, accidents.per_year, state.repaired);
                self.because(event);
            }
            self.routes[at] = state;
        }
    }

    fn next_change(&self, transit: &Transit) -> u32 {
        let price = transit.prices.get(self.price_at + 1).map_or(i64::from(u32::MAX), |next| next.day);
        let own = self.routes.iter().map(|route| route.as_usual.min(route.repaired).min(route.next_accident));
        own.min().unwrap_or(u32::MAX).min(u32::try_from(price).unwrap_or(u32::MAX))
    }

    /// Shippers plan anew, and so do those who must do without a state or avoid some.
    fn settle(&mut self, reads: &Reads<'_>, transit: &Transit, history: &mut History) {
        let first = self.planned_price == 0.0;
        self.changed = false;
        self.planned_price = self.price;
        let emergency = self.closed.iter().any(|closed| closed.value > 0.0);
        let terms = Terms { reads, transit, routes: &self.routes, supply: &self.supply, price: self.price };
        let open = |route: RouteId, beside: Option<usize>| {
            transit.routes[route].crosses.iter().all(|actor| {
                let state = reads.plan.states.iter().position(|state| state == actor);
                state.is_none_or(|state| self.closed[state].value == 0.0 && beside != Some(state))
            })
        };
        terms.put(&mut self.shippers, emergency, |route| open(route, None), None);
        let Some((flows, resting)) = plan_of(&mut self.shippers) else { return };
        let before = self.delivered;
        let planned = flows.objective;
        let netback = flows.revenue - flows.transport_cost;
        if reads.plan.shares
            && let Ok(shares) = share_through(self.shippers.network(), &flows)
        {
            for (share, &actor) in shares.into_iter().zip(&reads.plan.states) {
                self.of_actor[actor].share_through = share;
            }
        }
        for ((state, _), shippers) in reads.plan.without.iter().zip(&mut self.without) {
            let crossed = self.closed[*state].value == 0.0;
            terms.put(shippers, true, |route| open(route, Some(*state)), None);
            self.of_actor[reads.plan.states[*state]].dependence = match plan_of(shippers) {
                Some((rerouted, _)) if crossed && netback > 0.0 => {
                    ((rerouted.objective - planned) / netback).clamp(0.0, 1.0)
                }
                _ => 0.0,
            };
        }
        for ((buyer, _), shippers) in reads.plan.buyers.iter().zip(&mut self.buyers) {
            let avoided =
                |route: RouteId| transit.routes[route].crosses.iter().any(|a| transit.avoided.contains(a));
            terms.put(shippers, true, |route| open(route, None) && !avoided(route), Some(*buyer));
            self.of_actor[*buyer].potential = plan_of(shippers).map_or(0.0, |(flows, _)| flows.delivered);
        }
        for figures in &mut self.of_actor {
            figures.fees = 0.0;
        }
        for ((route, flow), edge) in
            transit.routes.iter().zip(&flows.flow).zip(self.shippers.network().edges())
        {
            for &actor in &route.crosses {
                self.of_actor[actor].fees += flow * edge.cost;
            }
        }
        self.premium = flows.revenue - flows.delivered * self.price;
        self.flow = flows.flow;
        self.delivered = flows.delivered;
        self.shut_in = flows.total_shut_in;
        let mut event = self.cause;
        if resting > self.resting {
            event = history.record(
                reads.day,
                0,
                EventKind::ContractsRest,
                Subject::Nation,
                resting as f64,
                &[event],
            );
        }
        self.resting = resting;
        let change = self.delivered - before;
        if !first && change.abs() > NOTICED_MT_PER_YEAR {
            let kind = if change < 0.0 { EventKind::ExportsFall } else { EventKind::ExportsRise };
            event = history.record(reads.day, 0, kind, Subject::Nation, change.abs(), &[event]);
        }
        self.cause = event;
    }

    /// What an expression reads.
    pub fn read(&self, what: Observable, about: Option<usize>) -> f64 {
        let figures = || about.map_or(Figures::default(), |actor| self.of_actor[actor]);
        match what {
            Observable::Flow => about.map_or(0.0, |route| self.flow[route]),
            Observable::Exports => self.delivered,
            Observable::ShutIn => self.shut_in,
            Observable::ShareThrough => figures().share_through,
            Observable::Dependence => figures().dependence,
            Observable::Potential => figures().potential,
            Observable::TransitFees => figures().fees * TONNES_PER_MT / DAYS_PER_YEAR,
            Observable::BenchmarkPrice => self.price,
            Observable::ExportRevenue => self.revenue(),
            _ => 0.0,
        }
    }

    /// The event behind what an expression reads.
    pub fn cause(&self, what: Observable) -> EventId {
        if what == Observable::BenchmarkPrice { NO_EVENT } else { self.cause }
    }

    /// What markets pay at the price of the day, dollars a day.
    fn revenue(&self) -> f64 {
        (self.premium + self.delivered * self.price) * TONNES_PER_MT / DAYS_PER_YEAR
    }

    /// What the routes carry, and what each state they cross could take, for those who look at a whole day.
    ///
    /// # Errors
    /// What the model says of a network that cannot be, which the checks of the scenario rule out.
    pub fn seen(&self, reads: &Reads<'_>, transit: &Transit) -> Result<RoutesSeen, TransitError> {
        let states = transit.crossed();
        let now = self.shippers.network();
        let edges = now.edges().iter().zip(&transit.routes).map(|(edge, route)| {
            let crosses =
                route.crosses.iter().filter_map(|actor| states.iter().position(|state| state == actor));
            equipoise_models::transit::Edge { crosses: crosses.collect(), ..edge.clone() }
        });
        let network = Network::new(now.nodes().to_vec(), edges.collect(), states.len(), now.shut_in_cost())?;
        let mut shippers = Shippers::new(network);
        let mut seen = RoutesSeen {
            flow_mt_per_year: self.flow.clone(),
            delivered_mt_per_year: self.delivered,
            shut_in_mt_per_year: self.shut_in,
            revenue_usd_per_day: self.revenue(),
            share_through: vec![0.0; states.len()],
            loss_mt_per_year: vec![0.0; states.len()],
            loss_usd_per_day: vec![0.0; states.len()],
        };
        let Some((planned, _)) = plan_of(&mut shippers) else { return Ok(seen) };
        seen.share_through = share_through(shippers.network(), &planned)?;
        let terms =
            Terms { reads, transit, routes: &self.routes, supply: &self.supply, price: self.planned_price };
        for (at, state) in states.iter().enumerate() {
            let open = |route: RouteId| self.is_open(route, reads.plan, transit);
            // Nothing more can be taken by a state whose routes carry nothing.
            if seen.share_through[at] == 0.0 {
                continue;
            }
            let crosses = |route: RouteId| transit.routes[route].crosses.contains(state);
            terms.put(&mut shippers, true, |route| open(route) && !crosses(route), None);
            if let Some((rerouted, _)) = plan_of(&mut shippers) {
                let lost = (rerouted.objective - planned.objective).max(0.0);
                seen.loss_usd_per_day[at] = lost * TONNES_PER_MT / DAYS_PER_YEAR;
                seen.loss_mt_per_year[at] = (planned.delivered - rerouted.delivered).max(0.0);
            }
        }
        Ok(seen)
    }

    /// Whether no state that a route crosses has closed it.
    fn is_open(&self, route: RouteId, plan: &Plan, transit: &Transit) -> bool {
        transit.routes[route].crosses.iter().all(|actor| {
            let state = plan.states.iter().position(|state| state == actor);
            state.is_none_or(|state| self.closed[state].value == 0.0)
        })
    }
}

/// The routes on one day of one history. Lists about states are in the order of
/// [`Transit::crossed`](equipoise_scenario::scenario::transit::Transit::crossed).
#[derive(Debug, Clone, PartialEq)]
pub struct RoutesSeen {
    /// What each route carries.
    pub flow_mt_per_year: Vec<f64>,
    /// What all markets get.
    pub delivered_mt_per_year: f64,
    /// What is on offer but stays in the ground.
    pub shut_in_mt_per_year: f64,
    /// What markets pay.
    pub revenue_usd_per_day: f64,
    /// Share of what is delivered that crosses each state.
    pub share_through: Vec<f64>,
    /// What would no longer be delivered if each state closed its routes, after rerouting.
    pub loss_mt_per_year: Vec<f64>,
    /// The netback that would be lost by that.
    pub loss_usd_per_day: Vec<f64>,
}

/// What holds on the network today.
struct Terms<'a> {
    reads: &'a Reads<'a>,
    transit: &'a Transit,
    routes: &'a [RouteState],
    supply: &'a [Traced],
    price: f64,
}

impl Terms<'_> {
    /// Brings shippers up to date where something differs; with a `buyer` they sell to that one alone, at any price.
    fn put(
        &self,
        shippers: &mut Shippers,
        emergency: bool,
        open: impl Fn(RouteId) -> bool,
        buyer: Option<ActorId>,
    ) {
        let parameters = self.reads.parameters;
        let checked = "numbers of a scenario are finite and not negative, as checked when it was read";
        for (at, (state, route)) in self.routes.iter().zip(&self.transit.routes).enumerate() {
            let usual = state.capacity * state.share.value * state.damage.value;
            let capacity = if open(at) { usual } else { 0.0 };
            let (floor, most) = self.transit.limits(at, capacity, parameters, emergency);
            let floor = if buyer.is_some() { 0.0 } else { floor };
            let cost = route.cost.value(parameters);
            let now = &shippers.network().edges()[at];
            if (now.capacity, now.floor, now.cost) != (most, floor, cost) {
                shippers.set_edge(at, most, floor, cost).expect(checked);
            }
        }
        for (at, node) in self.transit.nodes.iter().enumerate() {
            use equipoise_models::transit::Node;
            let now = shippers.network().nodes()[at];
            match node.kind {
                NodeKind::Hub => {}
                NodeKind::Supply { amount } => {
                    let amount = amount.value(parameters) * self.supply[at].value;
                    if now != (Node::Supply { amount }) {
                        shippers.set_supply(at, amount).expect(checked);
                    }
                }
                NodeKind::Market { capacity, differential, buyer: its } => {
                    let mut capacity = capacity.value(parameters);
                    let mut price = self.price + differential.value(parameters);
                    if let Some(buyer) = buyer {
                        capacity = if its == Some(buyer) { capacity } else { 0.0 };
                        price = PRICE_NO_COST_REACHES;
                    }
                    if now != (Node::Market { capacity, price }) {
                        shippers.set_market(at, capacity, price).expect(checked);
                    }
                }
            }
        }
    }
}

/// Dollars a tonne above any cost of transport, at which shippers send whatever can pass.
const PRICE_NO_COST_REACHES: f64 = 1e6;

/// The flow shippers choose; contracts that cannot all be kept rest in it. Also how many rest; nothing where rounding
/// keeps the model from an answer, and yesterday's flow goes on.
fn plan_of(shippers: &mut Shippers) -> Option<(Flows, usize)> {
    let mut resting = 0;
    loop {
        match shippers.solve() {
            Ok(flows) => return Some((flows, resting)),
            Err(TransitError::Conflict { contracts, .. }) if !contracts.is_empty() => {
                resting += contracts.len();
                for edge in contracts {
                    let (capacity, cost) =
                        (shippers.network().edges()[edge].capacity, shippers.network().edges()[edge].cost);
                    shippers.set_edge(edge, capacity, 0.0, cost).ok()?;
                }
            }
            Err(_) => return None,
        }
    }
}

/// The day of a route's next accident, after `from`.
fn wait(reads: &Reads<'_>, route: RouteId, count: u32, per_year: ParameterId, from: u32) -> u32 {
    let rate = reads.parameters[per_year] / DAYS_PER_YEAR;
    if rate <= 0.0 {
        return u32::MAX;
    }
    let days = -reads.noise.uniform(ROUTE, reads.keys.routes[route], count, WAIT).ln() / rate;
    // A wait beyond any simulation is no accident at all.
    if days >= 1e8 { u32::MAX } else { from.saturating_add(days.ceil() as u32) }
}
