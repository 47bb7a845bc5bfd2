//! The day loop.

use equipoise_models::contagion::{Kernel, Site, Spread, distances_km};
use equipoise_models::noise::Noise;
use equipoise_scenario::Scenario;
use equipoise_scenario::chronicle::{EventKind, Subject};

use crate::alliance::Hearing;
use crate::calendar::{self, Appointments};
use crate::formulas::{Formulas, Measured};
use crate::history::History;
use crate::keys::Keys;
use crate::recall::Memory;
use crate::transit::RoutesSeen;
use crate::world::{Happening, PlaceState, Workspace, World};
use crate::{actions, alliance, decisions, measures, positions, reporting, response, transit, unrest, votes};

/// A scenario made ready to be simulated: what depends on the scenario alone is worked out once.
#[derive(Debug)]
pub struct Engine<'s> {
    scenario: &'s Scenario,
    keys: Keys,
    distances_km: Vec<f64>,
    populations: Vec<f64>,
    /// What is set for each day.
    calendar: Vec<Appointments>,
    /// What is evaluated day after day.
    formulas: Formulas<'s>,
    measured: Measured,
    /// The network of routes, planned once.
    routes: Option<transit::Plan>,
}

/// The street of one place on one day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Street {
    /// Protesters, violent ones among them.
    pub crowd: u64,
    /// Violent protesters.
    pub violent: u64,
}

/// What a history shows on one day beyond its series.
#[derive(Debug, Clone, PartialEq)]
pub struct Glimpse {
    /// The day, counted from the start.
    pub day: u32,
    /// The routes, where the scenario has them.
    pub routes: Option<RoutesSeen>,
    /// Change of welfare of each region of trade, per cent; zero while no measure is in force.
    pub welfare_percent: Vec<f64>,
}

impl<'s> Engine<'s> {
    /// Prepares a scenario.
    pub fn new(scenario: &'s Scenario) -> Engine<'s> {
        Engine::measuring(scenario, Measured::all(scenario))
    }

    /// Prepares a scenario of whose histories only some outcomes and series are asked for. What happens
    /// and whatever is asked for are as ever; the engine is the faster the less it is.
    ///
    /// # Panics
    /// If `measured` is not as long as the scenario's lists of outcomes and series.
    pub fn measuring(scenario: &'s Scenario, measured: Measured) -> Engine<'s> {
        let lengths = (measured.outcomes.len(), measured.series.len());
        assert_eq!(
            lengths,
            (scenario.outcomes.len(), scenario.series.len()),
            "an entry for each outcome and series"
        );
        let sites: Vec<Site> = scenario
            .places
            .iter()
            .map(|place| Site {
                latitude_deg: place.latitude,
                longitude_deg: place.longitude,
                population: place.population,
            })
            .collect();
        let formulas = Formulas::new(scenario, &measured);
        Engine {
            scenario,
            keys: Keys::new(scenario),
            distances_km: distances_km(&sites),
            populations: sites.iter().map(|site| site.population).collect(),
            calendar: calendar::of(scenario, &measured, &formulas),
            routes: scenario.transit.as_ref().map(|transit| transit::Plan::new(scenario, transit, &measured)),
            formulas,
            measured,
        }
    }

    /// Memory for one thread to simulate in.
    pub fn workspace(&self) -> Workspace {
        let count = self.populations.len();
        Workspace {
            world: World::new(self.scenario, self.routes.as_ref(), &self.formulas),
            kernel: Kernel::uncoupled(count),
            active: vec![0.0; count],
            exposure: vec![0.0; count],
            utilities: Vec::new(),
            causes: Vec::new(),
            peaks: Vec::new(),
            at_date: Vec::new(),
        }
    }

    /// Simulates one history: a pure function of the scenario, the seed, the history's number and its parameters
    /// (one value per parameter of the scenario, in its order, already resolved under the history's account).
    ///
    /// # Panics
    /// If `parameters` has another length than the scenario's parameters.
    pub fn simulate(
        &self,
        seed: u64,
        history: u64,
        parameters: &[f64],
        workspace: &mut Workspace,
        into: &mut History,
    ) {
        self.simulate_beside(seed, history, parameters, workspace, into, Memory::default());
    }

    /// The same history, with a memory: what it meets there of its own twin it need not work out, and what it works out can
    /// be kept for others.
    ///
    /// # Panics
    /// As [`Engine::simulate`].
    pub fn simulate_beside(
        &self,
        seed: u64,
        history: u64,
        parameters: &[f64],
        workspace: &mut Workspace,
        into: &mut History,
        memory: Memory<'_>,
    ) {
        let days = self.scenario.days;
        self.simulate_watched((seed, history), parameters, (workspace, memory), into, days, |_| {});
    }

    /// Simulates a history again and looks at its routes and trade at the end of some days.
    ///
    /// # Panics
    /// As [`Engine::simulate`].
    pub fn glimpses(
        &self,
        seed: u64,
        history: u64,
        parameters: &[f64],
        workspace: &mut Workspace,
        days: &[u32],
    ) -> Vec<Glimpse> {
        let mut seen = Vec::new();
        let noise = Noise::new(seed, history);
        let look = |world: &mut World| {
            if !days.contains(&world.day) {
                return;
            }
            let transit = self.scenario.transit.as_ref();
            let routes = transit.zip(world.transit.as_ref()).and_then(|(declared, state)| {
                let plan = self.routes.as_ref()?;
                let (keys, day) = (&self.keys, world.day);
                let reads =
                    transit::Reads { scenario: self.scenario, plan, keys, noise: &noise, parameters, day };
                state.seen(&reads, declared).ok()
            });
            let welfare = match (&self.scenario.trade, &mut world.trade) {
                (Some(trade), Some(state)) => {
                    state.settle(self.scenario, parameters, &mut Memory::default());
                    state.welfare(trade)
                }
                _ => Vec::new(),
            };
            seen.push(Glimpse { day: world.day, routes, welfare_percent: welfare });
        };
        let days = self.scenario.days;
        self.look_again((seed, history), parameters, workspace, days, look);
        seen
    }

    /// Simulates the first days of a history again and gives the street of every place, day after day.
    ///
    /// # Panics
    /// As [`Engine::simulate`].
    pub fn streets(
        &self,
        seed: u64,
        history: u64,
        parameters: &[f64],
        workspace: &mut Workspace,
        days: u32,
    ) -> Vec<Vec<Street>> {
        let mut seen = Vec::new();
        let look = |world: &mut World| {
            let street = |place: &PlaceState| Street { crowd: place.crowd(), violent: place.violent };
            seen.push(world.places.iter().map(street).collect());
        };
        self.look_again((seed, history), parameters, workspace, days, look);
        seen
    }

    /// Simulates a history and tells beside it what each hearer of each treaty believed, and what moved it.
    ///
    /// # Panics
    /// As [`Engine::simulate`].
    pub fn hearings(
        &self,
        seed: u64,
        history: u64,
        parameters: &[f64],
        workspace: &mut Workspace,
        into: &mut History,
    ) -> Vec<Hearing> {
        let mut found = alliance::hearings(self.scenario);
        let look = |world: &mut World| alliance::overhear(world, self.scenario, &mut found);
        let days = self.scenario.days;
        self.simulate_watched((seed, history), parameters, (workspace, Memory::default()), into, days, look);
        found
    }

    /// Simulates the first `days` of a history for nothing but what `look` sees at the end of each.
    fn look_again(
        &self,
        key: (u64, u64),
        parameters: &[f64],
        workspace: &mut Workspace,
        days: u32,
        look: impl FnMut(&mut World),
    ) {
        let forgotten = &mut History::default();
        self.simulate_watched(key, parameters, (workspace, Memory::default()), forgotten, days, look);
    }

    /// Simulates the first `days` of a history and calls `look` at the end of each. Outcomes are those of a history that
    /// ended there.
    fn simulate_watched(
        &self,
        (seed, history): (u64, u64),
        parameters: &[f64],
        (workspace, mut memory): (&mut Workspace, Memory<'_>),
        into: &mut History,
        days: u32,
        mut look: impl FnMut(&mut World),
    ) {
        let scenario = self.scenario;
        let noise = Noise::new(seed, history);
        let Workspace { world, kernel, active, exposure, utilities, causes, peaks, at_date } = workspace;
        into.clear(self.measured.causes);
        world.reset(scenario, parameters);
        self.formulas.settle(world);
        kernel.refill(&self.distances_km, &self.populations, &self.spread(parameters));
        let days = scenario.days.min(days);
        measures::start(scenario, days, peaks, at_date, into);
        let reads = actions::Reads {
            scenario,
            keys: &self.keys,
            noise: &noise,
            routes: self.routes.as_ref(),
            formulas: &self.formulas,
        };
        self.reset_routes(world, &noise, parameters);
        let mut was_quiet = false;
        for (day, due) in (0..days).zip(&self.calendar) {
            world.day = day;
            let events_yesterday = into.events.len();
            for &shock in &due.shocks {
                self.shock(world, &reads, shock, into);
            }
            let changed = !was_quiet || into.events.len() > events_yesterday;
            if changed || response::is_moving(world) {
                response::deploy(world, scenario);
            }
            let unrest_reads = unrest::Reads { scenario, keys: &self.keys, noise: &noise, kernel };
            unrest::step(world, &unrest_reads, active, exposure, into);
            response::settle(world, scenario, into);
            reporting::step(world, scenario, &noise);
            alliance::step(world, &reads, causes, into);
            let moved = self.transit(world, &noise, parameters, into);
            if let Some(state) = world.trade.as_mut().filter(|_| due.trade) {
                state.settle(scenario, parameters, &mut memory);
            }
            self.stocks(world, utilities);
            if let Some(bargaining) = scenario.bargaining.as_ref().filter(|_| due.bargaining) {
                positions::round(world, &reads, &mut memory, bargaining, causes, into);
            }
            for &resolution in &due.resolutions {
                votes::put_to_vote(world, &reads, resolution, causes, into);
            }
            let quiet = was_quiet && !moved && world.is_quiet() && into.events.len() == events_yesterday;
            decisions::step(world, &reads, (&due.decisions, quiet), &mut memory, utilities, causes, into);
            let still = quiet && into.events.len() == events_yesterday;
            self.observe(world, still, peaks, at_date, into);
            look(world);
            was_quiet = world.is_quiet() && into.events.len() == events_yesterday;
        }
        measures::finish(scenario, &self.measured, peaks, at_date, into);
    }

    fn spread(&self, parameters: &[f64]) -> Spread {
        let rules = &self.scenario.unrest;
        Spread {
            scale_km: parameters[rules.distance_scale_km],
            exponent: parameters[rules.distance_exponent],
            media_share: parameters[rules.media_share],
        }
    }

    /// Takes down the day; what cannot have changed on a still day is not worked out again.
    fn observe(
        &self,
        world: &World,
        still: bool,
        peaks: &mut [f64],
        at_date: &mut [f64],
        history: &mut History,
    ) {
        measures::observe_series(world, self.scenario, &self.formulas, still, history);
        measures::observe_outcomes(world, &self.formulas, still, peaks, at_date);
    }

    /// A dated change from outside.
    fn shock(&self, world: &mut World, reads: &actions::Reads<'_>, shock: usize, history: &mut History) {
        let event = history.record(world.day, 0, EventKind::Shock, Subject::Shock(shock), 0.0, &[]);
        world.shocks[shock] = Happening { event, day: world.day };
        actions::carry_out(world, reads, &self.scenario.shocks[shock].actions, event, history);
    }

    fn reset_routes(&self, world: &mut World, noise: &Noise, parameters: &[f64]) {
        let (Some(plan), Some(transit)) = (&self.routes, &self.scenario.transit) else { return };
        let reads =
            transit::Reads { scenario: self.scenario, plan, keys: &self.keys, noise, parameters, day: 0 };
        if let Some(state) = &mut world.transit {
            state.reset(&reads, transit);
        }
    }

    /// Routes open and close, shippers plan anew; says whether anything is other than yesterday.
    fn transit(&self, world: &mut World, noise: &Noise, parameters: &[f64], history: &mut History) -> bool {
        let (Some(plan), Some(state)) = (&self.routes, &mut world.transit) else { return false };
        let reads = transit::Reads {
            scenario: self.scenario,
            plan,
            keys: &self.keys,
            noise,
            parameters,
            day: world.day,
        };
        state.step(&reads, history)
    }

    /// Daily change of the scenario's own stocks, all from the values of the same moment; `changes` is room to work in.
    fn stocks(&self, world: &mut World, changes: &mut Vec<f64>) {
        changes.clear();
        self.formulas.changes.tell(world, |_, change| changes.push(change));
        for (&id, change) in self.formulas.changing.iter().zip(changes.iter()) {
            let [least, most] = self.scenario.stocks[id].bounds;
            let stock = &mut world.stocks[id];
            stock.value = (stock.value + change).clamp(least, most);
        }
    }
}
