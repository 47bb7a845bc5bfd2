//! The state of one history on one day, and which event last changed each part of it.

mod places;
mod treaties;

use std::cell::Cell;

use equipoise_models::contagion::Kernel;
use equipoise_scenario::Scenario;
use equipoise_scenario::scenario::{Resolution, ResolutionId, Vote};

use crate::formulas::Formulas;
use crate::history::{EventId, NO_EVENT};
use crate::reporting::Reports;
use crate::trade::TradeState;
use crate::transit::{self, TransitState};
use crate::unrest::Rates;

pub(crate) use places::{PlaceState, StateOfAffairs, Totals};
pub(crate) use treaties::{Clock, TreatyState, Voices};

/// Everything that can change in the course of a history.
#[derive(Debug, Clone)]
pub(crate) struct World {
    /// Day, counted from the start.
    pub day: u32,
    /// The history's parameters.
    pub parameters: Vec<f64>,
    /// Whether the causes of events are asked for.
    pub traced: bool,
    /// Registers of the scenario's formulas.
    pub registers: Vec<Cell<f64>>,
    /// The places of the focus state.
    pub places: Vec<PlaceState>,
    /// Daily rates that mostly stay as they are, and the chances they come to.
    pub rates: Rates,
    /// Sums over the places, brought up to date after every step that changes them.
    pub totals: Totals,
    /// What is reported of deaths, injuries and arrests.
    pub reports: Reports,
    /// The government and its forces.
    pub state: StateOfAffairs,
    /// One for each treaty.
    pub treaties: Vec<TreatyState>,
    /// Routes and trade, where the scenario has them.
    pub transit: Option<TransitState>,
    pub trade: Option<TradeState>,
    /// One for each actor.
    pub actors: Vec<ActorState>,
    /// Positions, by actor and then issue; the middle where an actor has none.
    pub positions: Vec<Traced>,
    /// Votes, by actor and then resolution.
    pub votes: Vec<Cast>,
    /// The resolution that is being voted on, while it is.
    pub under_vote: Option<UnderVote>,
    /// Values of the stocks.
    pub stocks: Vec<Traced>,
    /// The event of each shock that has happened.
    pub shocks: Vec<Happening>,
    /// The event of each option that was chosen, by decision.
    pub options: Vec<Vec<Happening>>,
    /// One for each decision.
    pub decisions: Vec<DecisionState>,
}

/// A number and the event that last changed it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Traced {
    pub value: f64,
    pub cause: EventId,
}

impl Traced {
    fn new(value: f64) -> Traced {
        Traced { value, cause: NO_EVENT }
    }

    /// Sets the value and remembers why.
    pub fn set(&mut self, value: f64, cause: EventId) {
        self.value = value;
        self.cause = cause;
    }
}

/// Whether and when something happened.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Happening {
    pub event: EventId,
    pub day: u32,
}

impl Happening {
    pub const NEVER: Happening = Happening { event: NO_EVENT, day: 0 };

    pub fn happened(&self) -> bool {
        self.event != NO_EVENT
    }
}

/// What is kept of a decision.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DecisionState {
    /// It was taken, once for all.
    pub closed: bool,
    /// Whether its condition held when it was last looked at.
    pub held: bool,
    /// How many events there were then; none before.
    pub looked_at: usize,
    /// How far ahead of putting it off the best other option was then; NaN where that was not asked.
    pub behind: f64,
}

impl DecisionState {
    const OPEN: DecisionState =
        DecisionState { closed: false, held: false, looked_at: usize::MAX, behind: f64::NAN };
}

/// What is kept of an actor.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ActorState {
    /// Belief that the unrest is an attack from abroad.
    pub belief: Traced,
    /// Relation with the focus state, in points.
    pub relation: Traced,
    /// Its soldiers in the focus state.
    pub troops: f64,
}

/// A state's vote on a resolution.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cast {
    /// None before the vote, or where the record does not tell.
    pub vote: Option<Vote>,
    /// The vote's event; none where it lies before the first day.
    pub event: EventId,
}

impl Cast {
    const NONE: Cast = Cast { vote: None, event: NO_EVENT };
}

/// The resolution that is being voted on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct UnderVote {
    pub severity: f64,
    pub predecessor: Option<ResolutionId>,
    pub event: EventId,
}

/// Where an actor without a position stands: the middle of the line.
const MIDDLE: f64 = 50.0;

/// Everything one history needs, made once per thread and used again for the next history.
#[derive(Debug, Clone)]
pub struct Workspace {
    pub(crate) world: World,
    pub(crate) kernel: Kernel,
    pub(crate) active: Vec<f64>,
    pub(crate) exposure: Vec<f64>,
    pub(crate) utilities: Vec<f64>,
    pub(crate) causes: Vec<EventId>,
    pub(crate) peaks: Vec<f64>,
    pub(crate) at_date: Vec<f64>,
}

impl World {
    /// A world before its first day; [`World::reset`] gives it the values of a history.
    pub fn new(scenario: &Scenario, plan: Option<&transit::Plan>, formulas: &Formulas<'_>) -> World {
        World {
            day: 0,
            traced: formulas.traced,
            registers: formulas.registers(),
            parameters: vec![0.0; scenario.parameters.len()],
            places: scenario.places.iter().map(|_| PlaceState::empty()).collect(),
            rates: Rates::default(),
            totals: Totals::default(),
            reports: Reports::default(),
            state: StateOfAffairs::calm(),
            treaties: scenario.treaties.iter().map(TreatyState::new).collect(),
            transit: scenario
                .transit
                .as_ref()
                .zip(plan)
                .map(|(transit, plan)| TransitState::new(plan, scenario, transit)),
            trade: scenario.trade.as_ref().map(|trade| TradeState::new(scenario, trade)),
            actors: vec![
                ActorState { belief: Traced::new(0.0), relation: Traced::new(50.0), troops: 0.0 };
                scenario.actors.len()
            ],
            positions: vec![Traced::new(MIDDLE); scenario.actors.len() * scenario.issues.len()],
            votes: vec![Cast::NONE; scenario.actors.len() * resolutions(scenario).len()],
            under_vote: None,
            stocks: vec![Traced::new(0.0); scenario.stocks.len()],
            shocks: vec![Happening::NEVER; scenario.shocks.len()],
            options: scenario.decisions.iter().map(|d| vec![Happening::NEVER; d.options.len()]).collect(),
            decisions: vec![DecisionState::OPEN; scenario.decisions.len()],
        }
    }

    /// The morning of the first day under these parameters.
    pub fn reset(&mut self, scenario: &Scenario, parameters: &[f64]) {
        self.day = 0;
        self.parameters.copy_from_slice(parameters);
        let value = |id: usize| parameters[id];
        let legitimacy = value(scenario.legitimacy.initial).clamp(0.0, 1.0);
        for (state, place) in self.places.iter_mut().zip(&scenario.places) {
            *state = PlaceState::empty();
            state.standing_grievance = value(place.standing_grievance);
            state.price_response = value(scenario.unrest.price_weight) * value(place.fuel_dependence);
            // Never below what the place had borne before.
            let eve = state.standing_grievance * (1.0 - legitimacy);
            state.threshold = value(scenario.unrest.onset_threshold).max(eve);
            let pool = place.population * value(scenario.unrest.mobilisable_share);
            state.susceptible = pool.max(0.0).round() as u64;
        }
        self.reports = Reports::default();
        self.state = StateOfAffairs::calm();
        self.state.legitimacy.value = legitimacy;
        self.state.loyalty.value = value(scenario.forces.loyalty).clamp(0.0, 1.0);
        self.state.reserve_ready.value = value(scenario.forces.reserve_ready_share).clamp(0.0, 1.0);
        for (state, treaty) in self.treaties.iter_mut().zip(&scenario.treaties) {
            state.reset(treaty, parameters);
        }
        self.actors.fill(ActorState { belief: Traced::new(0.0), relation: Traced::new(50.0), troops: 0.0 });
        for &(actor, start) in &scenario.relations {
            self.actors[actor].relation.value = value(start).clamp(0.0, 100.0);
        }
        self.set_out(scenario);
        for (stock, declared) in self.stocks.iter_mut().zip(&scenario.stocks) {
            *stock = Traced::new(value(declared.initial).clamp(declared.bounds[0], declared.bounds[1]));
        }
        if let (Some(state), Some(trade)) = (&mut self.trade, &scenario.trade) {
            state.reset(trade, parameters);
        }
        self.shocks.fill(Happening::NEVER);
        for options in &mut self.options {
            options.fill(Happening::NEVER);
        }
        self.decisions.fill(DecisionState::OPEN);
        self.sum_up(scenario);
    }

    /// Positions of the first morning, and the votes cast before it.
    fn set_out(&mut self, scenario: &Scenario) {
        self.positions.fill(Traced::new(MIDDLE));
        for (i, issue) in scenario.issues.iter().enumerate() {
            for standing in &issue.standings {
                let start = self.parameters[standing.position].clamp(0.0, 100.0);
                self.positions[standing.actor * scenario.issues.len() + i] = Traced::new(start);
            }
        }
        self.under_vote = None;
        self.votes.fill(Cast::NONE);
        if let Some(voting) = &scenario.voting {
            for (r, resolution) in
                voting.resolutions.iter().enumerate().filter(|(_, r)| r.date < scenario.start)
            {
                for (voter, vote) in voting.voters.iter().zip(&resolution.record) {
                    self.votes[voter.actor * voting.resolutions.len() + r].vote = *vote;
                }
            }
        }
    }

    /// Foreign troops in the country, over all treaties.
    pub fn troops(&self) -> f64 {
        // Nobody is here before help is granted, nor once the mission is over.
        let missions = self.treaties.iter().filter(|treaty| treaty.granted && treaty.over == NO_EVENT);
        missions.flat_map(|treaty| &treaty.present).fold(0.0, |sum, present| sum + present)
    }

    /// Brings the sums over places up to date.
    pub fn sum_up(&mut self, scenario: &Scenario) {
        let mut sum = Totals::default();
        let mut population = 0.0;
        for (place, declared) in self.places.iter().zip(&scenario.places) {
            let crowd = place.crowd() as f64;
            sum.participants += crowd;
            sum.violent += place.violent as f64;
            sum.places_in_protest += f64::from(place.crowd() > 0);
            sum.sites_held += f64::from(place.sites_held);
            sum.detained += place.detained as f64;
            sum.killed += (place.killed_civilians + place.killed_officers) as f64;
            sum.killed_officers += place.killed_officers as f64;
            sum.injured += place.injured as f64;
            sum.fugitive += place.fugitive as f64;
            if place.in_disorder() {
                sum.places_in_disorder += 1.0;
                sum.crowd_in_disorder += crowd;
                sum.force_in_disorder += place.force;
            }
            population += declared.population;
            sum.price_index += place.price_index.value * declared.population;
            sum.emergency += place.emergency.value * declared.population;
        }
        if population > 0.0 {
            sum.price_index /= population;
            sum.emergency /= population;
        }
        self.totals = sum;
    }

    /// Whether nobody protests, no site is held, nobody is pursued, no foreign soldier is here or on the way, and no
    /// request is open: what the steps do on such a day is nothing but drift.
    pub fn is_quiet(&self) -> bool {
        let totals = &self.totals;
        totals.participants == 0.0
            && totals.sites_held == 0.0
            && (totals.fugitive == 0.0 || totals.emergency == 0.0)
            && self.treaties.iter().all(TreatyState::is_idle)
    }

    /// The place with the most protesters, if anyone protests.
    pub fn busiest_place(&self) -> Option<&PlaceState> {
        self.places.iter().filter(|place| place.crowd() > 0).max_by_key(|place| place.crowd())
    }

    /// The place with the most violence, or with seized sites.
    pub fn most_violent_place(&self) -> Option<&PlaceState> {
        self.places
            .iter()
            .filter(|place| place.violence != NO_EVENT)
            .max_by_key(|place| (place.violent, place.sites_held, place.killed_civilians))
    }
}

fn resolutions(scenario: &Scenario) -> &[Resolution] {
    scenario.voting.as_ref().map_or(&[], |voting| &voting.resolutions)
}
