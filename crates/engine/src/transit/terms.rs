//! What holds on the network on a day, brought to the shippers, and the flow they choose under it.

use equipoise_models::transit::{Node, Shippers, TransitError};
use equipoise_scenario::scenario::ActorId;
use equipoise_scenario::scenario::transit::{NodeKind, RouteId, Transit};

use super::{Reads, RouteState};
use crate::world::Traced;

/// What holds on the network today.
pub(super) struct Terms<'a> {
    pub(super) reads: &'a Reads<'a>,
    pub(super) transit: &'a Transit,
    pub(super) routes: &'a [RouteState],
    pub(super) supply: &'a [Traced],
    pub(super) price: f64,
    /// Whether nothing but the price is other than when shippers were last told.
    pub(super) only_price: bool,
}

impl Terms<'_> {
    /// Brings shippers up to date where something differs, and returns whether anything did; with a `buyer` they sell to
    /// that one alone, at any price.
    pub(super) fn put(
        &self,
        shippers: &mut Shippers,
        emergency: bool,
        open: impl Fn(RouteId) -> bool,
        buyer: Option<ActorId>,
    ) -> bool {
        let routes = !self.only_price && self.put_routes(shippers, emergency, open, buyer);
        let nodes = !(self.only_price && buyer.is_some()) && self.put_nodes(shippers, buyer);
        routes || nodes
    }

    fn put_routes(
        &self,
        shippers: &mut Shippers,
        emergency: bool,
        open: impl Fn(RouteId) -> bool,
        buyer: Option<ActorId>,
    ) -> bool {
        let parameters = self.reads.parameters;
        let mut differs = false;
        for (at, (state, route)) in self.routes.iter().zip(&self.transit.routes).enumerate() {
            let usual = state.capacity * state.share.value * state.damage.value;
            let capacity = if open(at) { usual } else { 0.0 };
            let (floor, most) = match self.reads.plan.contracted[at] {
                true => self.transit.limits(at, capacity, parameters, self.reads.day, emergency),
                false => (0.0, capacity),
            };
            let floor = if buyer.is_some() { 0.0 } else { floor };
            let cost = route.cost.value(parameters);
            let now = &shippers.network().edges()[at];
            if (now.capacity, now.floor, now.cost) != (most, floor, cost) {
                shippers.set_edge(at, most, floor, cost).expect(CHECKED);
                differs = true;
            }
        }
        differs
    }

    fn put_nodes(&self, shippers: &mut Shippers, buyer: Option<ActorId>) -> bool {
        let parameters = self.reads.parameters;
        let mut differs = false;
        for (at, node) in self.transit.nodes.iter().enumerate() {
            let now = shippers.network().nodes()[at];
            match node.kind {
                NodeKind::Hub => {}
                NodeKind::Supply { amount } => {
                    let amount = amount.value(parameters) * self.supply[at].value;
                    if now != (Node::Supply { amount }) {
                        shippers.set_supply(at, amount).expect(CHECKED);
                        differs = true;
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
                        shippers.set_market(at, capacity, price).expect(CHECKED);
                        differs = true;
                    }
                }
            }
        }
        differs
    }
}

const CHECKED: &str = "numbers of a scenario are finite and not negative, as checked when it was read";
/// Dollars a tonne above any cost of transport, at which shippers send whatever can pass.
const PRICE_NO_COST_REACHES: f64 = 1e6;

/// The flow shippers choose, as much of it as `solve` tells; contracts that cannot all be kept rest in it. Also how many
/// rest; nothing where rounding keeps the model from an answer, and yesterday's flow goes on.
pub(super) fn plan_of<Plan>(
    shippers: &mut Shippers,
    solve: impl Fn(&mut Shippers) -> Result<Plan, TransitError>,
) -> Option<(Plan, usize)> {
    let mut resting = 0;
    loop {
        match solve(shippers) {
            Ok(plan) => return Some((plan, resting)),
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
