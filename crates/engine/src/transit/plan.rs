//! The network made ready: what is asked of it anywhere in the scenario, and a first plan with every parameter in the
//! middle of its range.

use equipoise_models::transit::{Network, Shippers};
use equipoise_scenario::Scenario;
use equipoise_scenario::expression::Reference;
use equipoise_scenario::scenario::ActorId;
use equipoise_scenario::scenario::transit::{Route, RouteId, Transit};
use equipoise_scenario::vocabulary::Observable;

use crate::formulas::Measured;
use crate::observe::{all_reads, transit_states};

/// What follows from the scenario alone.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    /// The states whose crossings the plan follows, in the model's order.
    pub(super) states: Vec<ActorId>,
    /// Planned with every parameter in the middle of its range: each history starts from here.
    pub(super) shippers: Shippers,
    /// Shippers who must do without one state, an index into `states`.
    pub(super) without: Vec<(usize, Shippers)>,
    /// Shippers who sell to one buyer alone and avoid the avoided states.
    pub(super) buyers: Vec<(ActorId, Shippers)>,
    /// Whether shares through states are read.
    pub(super) shares: bool,
    /// Whether there is a contract on each route, in force or not.
    pub(super) contracted: Vec<bool>,
    /// Whether each route crosses an avoided state.
    pub(super) avoided: Vec<bool>,
}

impl Plan {
    /// Prepares the network of a scenario that has one.
    pub fn new(scenario: &Scenario, transit: &Transit, measured: &Measured) -> Plan {
        let centres: Vec<f64> = scenario.parameters.iter().map(|parameter| parameter.draw(0.5, 0)).collect();
        let reads = Readings::of(scenario, transit, measured);
        let planned = |network: Network| {
            let mut shippers = Shippers::new(network);
            // Contracts that conflict in the middle of the ranges were refused when the scenario was read; those that
            // a closed state makes impossible are looked at again in every history.
            let _ = shippers.solve();
            shippers
        };
        let network = |states: &[ActorId]| {
            let checked = "the network was built from the same numbers when the scenario was read";
            transit.network(&centres, states, 0).expect(checked)
        };
        let shippers = planned(network(&reads.states));
        // Nobody asks whose land the flows of those cross who are only asked what they would do.
        let only_asked = planned(network(&[]));
        let without = reads.dependence.iter().map(|&state| (state, only_asked.clone())).collect();
        let buyers = reads.buyers.iter().map(|&buyer| (buyer, only_asked.clone())).collect();
        let contracted = |route: RouteId| transit.contracts.iter().any(|contract| contract.route == route);
        let avoided = |route: &Route| route.crosses.iter().any(|state| transit.avoided.contains(state));
        Plan {
            states: reads.states,
            shippers,
            without,
            buyers,
            shares: reads.shares,
            contracted: (0..transit.routes.len()).map(contracted).collect(),
            avoided: transit.routes.iter().map(avoided).collect(),
        }
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
    fn of(scenario: &Scenario, transit: &Transit, measured: &Measured) -> Readings {
        let mut found =
            Readings { states: Vec::new(), dependence: Vec::new(), buyers: Vec::new(), shares: false };
        for reference in all_reads(scenario, measured) {
            let Reference::World(what, Some(about)) = reference else {
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
        for state in transit_states(scenario).into_iter().chain(transit.avoided.iter().copied()) {
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
