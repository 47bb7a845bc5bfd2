//! Routes: what is open, what shippers send over them, and what that earns.
//!
//! Flows are those of `equipoise_models::transit`: the greatest netback within capacities and contracts. They are found
//! anew only on days on which something has changed: a route limited, damaged or repaired, a state's routes closed or
//! opened, a contract begun or ended, a field's supply, or the price by more than the planning threshold. What every state could take by closing
//! its routes is kept beside the plan, on networks of its own that are re-solved from their last answer; tanks rest there.
//!
//! Accidents come by chance: the wait for the next on a route, and its repair, are exponential with the means the
//! scenario gives, drawn by keyed numbers (route, count), so that no day costs a draw.

mod asked;
mod plan;
mod seen;
mod settle;
mod tanks;
mod terms;

use equipoise_models::noise::Noise;
use equipoise_models::transit::Shippers;
use equipoise_scenario::Scenario;
use equipoise_scenario::chronicle::{EventKind, Subject};
use equipoise_scenario::scenario::transit::{RouteId, Transit};
use equipoise_scenario::scenario::{ActorId, ParameterId};
use equipoise_scenario::vocabulary::Observable;

use crate::history::{EventId, History, NO_EVENT};
use crate::keys::{Keys, ROUTE};
use crate::world::Traced;
use asked::Asked;
pub(crate) use plan::Plan;
pub use seen::RoutesSeen;
use tanks::Tanks;

const DAYS_PER_YEAR: f64 = 365.0;
const TONNES_PER_MT: f64 = 1e6;
/// A change of what is delivered below this many million tonnes a year is no event.
const NOTICED_MT_PER_YEAR: f64 = 0.05;
/// Draws of one accident: the wait, then the repair.
const WAIT: u32 = 0;
const REPAIR: u32 = 1;

/// Routes and flows in one history.
#[derive(Debug, Clone)]
pub(crate) struct TransitState {
    shippers: Shippers,
    without: Vec<Asked>,
    buyers: Vec<Asked>,
    routes: Vec<RouteState>,
    tanks: Tanks,
    /// Share of the usual supply of each node.
    supply: Vec<Traced>,
    /// Whether each state of the plan has closed its routes, as 0 or 1.
    closed: Vec<Traced>,
    /// Present place in the list of prices, and the price of the last plan in dollars a tonne.
    price_at: usize,
    planned_price: f64,
    /// The next day on which something changes by itself, and the next on which it does on a route.
    wake: u32,
    next_on_routes: u32,
    /// The next day on which a contract comes into force or has ended; the first day of all to begin with.
    next_contract: u32,
    changed: bool,
    /// Whether all shippers were told everything at the last plan and nothing was taken back, as contracts that rest are.
    told: bool,
    /// The event behind the present flows.
    cause: EventId,
    /// Whether contracts rest because they cannot all be kept.
    resting: usize,
    price: f64,
    /// What each edge carries and each node sells, of tanks too.
    flow: Vec<f64>,
    sold: Vec<f64>,
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
            without: plan.without.iter().map(|(_, shippers)| Asked::new(shippers)).collect(),
            buyers: plan.buyers.iter().map(|(_, shippers)| Asked::new(shippers)).collect(),
            routes: vec![idle; transit.routes.len()],
            tanks: Tanks::default(),
            supply: vec![Traced { value: 1.0, cause: NO_EVENT }; transit.nodes.len()],
            closed: vec![Traced { value: 0.0, cause: NO_EVENT }; plan.states.len()],
            price_at: 0,
            planned_price: 0.0,
            wake: 0,
            next_on_routes: 0,
            next_contract: 0,
            changed: true,
            told: false,
            cause: NO_EVENT,
            resting: 0,
            price: 0.0,
            flow: vec![0.0; transit.routes.len()],
            sold: Vec::new(),
            delivered: 0.0,
            shut_in: 0.0,
            premium: 0.0,
            of_actor: vec![Figures::default(); scenario.actors.len()],
        }
    }

    /// The morning of the first day: every history starts from the same plan, so that none depends on the one before.
    pub fn reset(&mut self, reads: &Reads<'_>, transit: &Transit) {
        *self = TransitState::new(reads.plan, reads.scenario, transit);
        self.tanks = Tanks::new(transit, reads.parameters);
        let shut_in_cost = reads.parameters[transit.rules.shut_in_cost_usd_per_tonne];
        let asked = self.without.iter_mut().chain(&mut self.buyers).map(|asked| &mut asked.shippers);
        for shippers in std::iter::once(&mut self.shippers).chain(asked) {
            let checked = "the cost of shutting in is finite and not negative, as checked when it was read";
            shippers.set_shut_in_cost(shut_in_cost).expect(checked);
        }
        for (at, (state, route)) in self.routes.iter_mut().zip(&transit.routes).enumerate() {
            state.capacity = route.capacity.value(reads.parameters);
            if let Some(accidents) = route.accidents {
                state.next_accident = wait(reads, at, 0, accidents.per_year, 0);
            }
        }
    }

    /// One day. Returns whether flows, prices or what is stored are other than yesterday.
    pub fn step(&mut self, reads: &Reads<'_>, history: &mut History) -> bool {
        let planned = self.plan_of_the_day(reads, history);
        let (moved, over) = self.tanks.end_day();
        self.changed |= over;
        planned || moved
    }

    /// Lets shippers plan anew where something has changed; returns whether anything has.
    fn plan_of_the_day(&mut self, reads: &Reads<'_>, history: &mut History) -> bool {
        if reads.day < self.wake && !self.changed {
            return false;
        }
        let Some(transit) = &reads.scenario.transit else { return false };
        self.price_of_the_day(reads, transit);
        self.accidents_and_repairs(reads, transit, history);
        if reads.day >= self.next_contract {
            self.changed = true;
            self.next_contract = transit.days_of_contracts(reads.day).min().unwrap_or(u32::MAX);
        }
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
        // Found again when shippers next plan.
        self.next_on_routes = 0;
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
        if reads.day < self.next_on_routes {
            return;
        }
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
        let next = |route: &RouteState| route.as_usual.min(route.repaired).min(route.next_accident);
        self.next_on_routes = self.routes.iter().map(next).min().unwrap_or(u32::MAX);
    }

    fn next_change(&self, transit: &Transit) -> u32 {
        let price = transit.prices.get(self.price_at + 1).map_or(i64::from(u32::MAX), |next| next.day);
        let own = self.next_on_routes.min(self.next_contract);
        own.min(u32::try_from(price).unwrap_or(u32::MAX))
    }

    /// What an expression reads.
    pub fn read(&self, what: Observable, about: Option<usize>) -> f64 {
        let figures = || about.map_or(Figures::default(), |actor| self.of_actor[actor]);
        match what {
            Observable::Flow => about.map_or(0.0, |route| self.flow[route]),
            Observable::Exports => self.delivered,
            Observable::ShutIn => self.shut_in,
            Observable::Stored => self.tanks.stored(about),
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
