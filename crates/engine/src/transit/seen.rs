//! The routes as someone sees them who looks at a whole day.

use equipoise_models::transit::{Edge, Network, Shippers, TransitError, share_through};
use equipoise_scenario::scenario::transit::{RouteId, Transit};

use super::terms::{Terms, plan_of};
use super::{DAYS_PER_YEAR, Plan, Reads, TONNES_PER_MT, TransitState};

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

impl TransitState {
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
            Edge { crosses: crosses.collect(), ..edge.clone() }
        });
        // Tanks, which stand behind the scenario's own nodes, rest in the picture.
        let nodes = now.nodes()[..transit.nodes.len()].to_vec();
        let network = Network::new(nodes, edges.collect(), states.len(), now.shut_in_cost())?;
        let mut shippers = Shippers::new(network);
        let mut seen = RoutesSeen {
            flow_mt_per_year: self.flow[..transit.routes.len()].to_vec(),
            delivered_mt_per_year: self.delivered,
            shut_in_mt_per_year: self.shut_in,
            revenue_usd_per_day: self.revenue(),
            share_through: vec![0.0; states.len()],
            loss_mt_per_year: vec![0.0; states.len()],
            loss_usd_per_day: vec![0.0; states.len()],
        };
        let Some((planned, _)) = plan_of(&mut shippers, Shippers::solve) else { return Ok(seen) };
        seen.share_through = share_through(shippers.network(), &planned)?;
        let (routes, supply) = (&self.routes, &self.supply);
        let terms = Terms { reads, transit, routes, supply, price: self.planned_price, only_price: false };
        for (at, state) in states.iter().enumerate() {
            let open = |route: RouteId| self.is_open(route, reads.plan, transit);
            // Nothing more can be taken by a state whose routes carry nothing.
            if seen.share_through[at] == 0.0 {
                continue;
            }
            let crosses = |route: RouteId| transit.routes[route].crosses.contains(state);
            terms.put(&mut shippers, true, |route| open(route) && !crosses(route), None);
            if let Some((rerouted, _)) = plan_of(&mut shippers, Shippers::solve) {
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
