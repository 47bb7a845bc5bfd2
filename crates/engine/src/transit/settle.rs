//! A new plan: what shippers send, what they would without a state or to one buyer alone, and whom that concerns.

use equipoise_models::transit::{Flows, Shippers, share_through};
use equipoise_scenario::chronicle::{EventKind, Subject};
use equipoise_scenario::scenario::transit::{RouteId, Transit};

use super::terms::{Terms, plan_of};
use super::{NOTICED_MT_PER_YEAR, Plan, Reads, TransitState};
use crate::history::History;

impl TransitState {
    /// Shippers plan anew, and so do those who must do without a state or avoid some.
    pub(super) fn settle(&mut self, reads: &Reads<'_>, transit: &Transit, history: &mut History) {
        let first = self.planned_price == 0.0;
        let only_price = self.told && !self.changed;
        (self.changed, self.told) = (false, false);
        self.planned_price = self.price;
        let emergency = self.closed.iter().any(|closed| closed.value > 0.0);
        let (routes, supply) = (&self.routes, &self.supply);
        let terms = Terms { reads, transit, routes, supply, price: self.price, only_price };
        let crosses = |route: RouteId| &reads.plan.shippers.network().edges()[route].crosses;
        let open = |route: RouteId, beside: Option<usize>| {
            crosses(route).iter().all(|&state| self.closed[state].value == 0.0 && beside != Some(state))
        };
        terms.put(&mut self.shippers, emergency, |route| open(route, None), None);
        self.tanks.offer(&mut self.shippers);
        let Some((flows, resting)) = plan_of(&mut self.shippers, Shippers::solve) else { return };
        self.tanks.follow(&flows);
        let sales = self.tanks.sales(&flows, self.shippers.network());
        let before = self.delivered;
        let netback = sales.revenue - sales.transport_cost;
        let mut told = resting == 0;
        for ((state, _), asked) in reads.plan.without.iter().zip(&mut self.without) {
            let crossed = self.closed[*state].value == 0.0;
            let differs = terms.put(&mut asked.shippers, true, |route| open(route, Some(*state)), None);
            self.of_actor[reads.plan.states[*state]].dependence = match asked.answer(differs) {
                Some(rerouted) if crossed && netback > 0.0 => {
                    ((rerouted.objective - sales.objective) / netback).clamp(0.0, 1.0)
                }
                _ => 0.0,
            };
            told &= asked.keeps_all();
        }
        for ((buyer, _), asked) in reads.plan.buyers.iter().zip(&mut self.buyers) {
            let usable = |route: RouteId| !reads.plan.avoided[route] && open(route, None);
            let differs = terms.put(&mut asked.shippers, true, usable, Some(*buyer));
            self.of_actor[*buyer].potential = asked.answer(differs).map_or(0.0, |answer| answer.delivered);
            told &= asked.keeps_all();
        }
        self.told = told;
        self.take_over(flows, reads.plan, transit);
        self.premium = sales.revenue - sales.delivered * self.price;
        self.delivered = sales.delivered;
        self.shut_in = sales.shut_in;
        let mut event = self.cause;
        if resting > self.resting {
            let (kind, resting) = (EventKind::ContractsRest, resting as f64);
            event = history.record(reads.day, 0, kind, Subject::Nation, resting, &[event]);
        }
        self.resting = resting;
        let change = self.delivered - before;
        if !first && change.abs() > NOTICED_MT_PER_YEAR {
            let kind = if change < 0.0 { EventKind::ExportsFall } else { EventKind::ExportsRise };
            event = history.record(reads.day, 0, kind, Subject::Nation, change.abs(), &[event]);
        }
        self.cause = event;
    }

    /// Keeps the flows, and, where they are other than before, whose land they cross and who earns on them.
    fn take_over(&mut self, flows: Flows, plan: &Plan, transit: &Transit) {
        if flows.flow == self.flow && flows.sold == self.sold {
            return;
        }
        let network = self.shippers.network();
        if plan.shares
            && let Ok(shares) = share_through(network, &flows)
        {
            for (share, &actor) in shares.into_iter().zip(&plan.states) {
                self.of_actor[actor].share_through = share;
            }
        }
        for figures in &mut self.of_actor {
            figures.fees = 0.0;
        }
        for ((route, flow), edge) in transit.routes.iter().zip(&flows.flow).zip(network.edges()) {
            for &actor in &route.crosses {
                self.of_actor[actor].fees += flow * edge.cost;
            }
        }
        (self.flow, self.sold) = (flows.flow, flows.sold);
    }
}
