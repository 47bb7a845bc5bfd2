//! Flows over several periods: tanks that carry stocks from one to the next, edges that are open only at times.
//!
//! The network is copied once for each period and a tank becomes an edge from its node to the same node one period on
//! (the time-expanded network of Ford and Fulkerson 1958, recalled), so that one minimum-cost flow plans all periods
//! with full foresight: what shippers would do who know what is coming. Rates become amounts by the length of a period.

use super::flows::{Moved, Prices};
use super::{Edge, Flows, Network, Node, Shippers, TransitError};

/// A stretch of time in which nothing changes. Lists that are empty mean: as in the network.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Period {
    /// Units of time it lasts, above 0: a quarter is 0.25 where rates are yearly.
    pub length: f64,
    /// The share of its capacity that each edge has, 0 or more; one entry for each edge, or none at all.
    pub availability: Vec<f64>,
    /// The share of its amount that each supply offers, or of its capacity that each market buys, 0 or more; one entry
    /// for each node, or none at all.
    pub activity: Vec<f64>,
    /// What each market pays; one entry for each node, or none at all.
    pub price: Vec<f64>,
}

/// Room for stocks at a node. Amounts, not rates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tank {
    /// The node's index.
    pub node: usize,
    /// What it holds at most.
    pub capacity: f64,
    /// What holding a unit from one period to the next costs.
    pub cost: f64,
    /// What it holds before the first period.
    pub at_start: f64,
    /// What it must hold after the last.
    pub at_end: f64,
    /// What a unit is worth that is still there after the last.
    pub end_value: f64,
}

/// The plan of several periods.
#[derive(Clone, Debug, PartialEq)]
pub struct Schedule {
    /// The flow of each period, as amounts. Objectives hold neither the cost of tanks nor the worth of stocks; prices are
    /// those of the plan as a whole.
    pub periods: Vec<Flows>,
    /// What each tank holds after each period: period by tank.
    pub stocks: Vec<Vec<f64>>,
    /// What is minimised: the objectives of all periods, and the cost of tanks, less the worth of the last stocks.
    pub objective: f64,
}

/// Plans the flow of all periods at once. Contracts hold in every period in which their edge is open in full, and shrink
/// with its availability.
///
/// # Errors
/// A length that is 0 or less, a share, stock, room or cost that is negative, a price or worth that is not finite; a list
/// with a wrong number of entries; a tank at no node, or that holds more than it can; as [`Shippers::solve`], with edges
/// counted through the copies of the periods.
pub fn schedule(network: &Network, periods: &[Period], tanks: &[Tank]) -> Result<Schedule, TransitError> {
    check(network, periods, tanks)?;
    let mut shippers = Shippers::new(expanded(network, periods, tanks)?);
    let all = shippers.solve()?;
    let (nodes, edges) = (network.nodes.len(), network.edges.len());
    let per_period: Vec<Flows> = periods
        .iter()
        .enumerate()
        .map(|(t, period)| {
            part(network, period, &all, t * nodes..(t + 1) * nodes, t * edges..(t + 1) * edges)
        })
        .collect();
    // Behind the copies of the edges stand, period by period, the edges of the tanks; behind them the first stocks.
    let behind = periods.len() * edges;
    let stocks = |t: usize| all.flow[behind + t * tanks.len()..behind + (t + 1) * tanks.len()].to_vec();
    let stocks: Vec<Vec<f64>> = (0..periods.len()).map(stocks).collect();
    Ok(Schedule { periods: per_period, stocks, objective: all.objective })
}

fn expanded(network: &Network, periods: &[Period], tanks: &[Tank]) -> Result<Network, TransitError> {
    let (n, t) = (network.nodes.len(), periods.len());
    let mut nodes = Vec::with_capacity(n * t + 2 * tanks.len());
    let mut edges = Vec::with_capacity((network.edges.len() + tanks.len()) * t + tanks.len());
    for (at, period) in periods.iter().enumerate() {
        for (index, node) in network.nodes.iter().enumerate() {
            let rate = period.length * period.activity.get(index).copied().unwrap_or(1.0);
            nodes.push(match *node {
                Node::Supply { amount } => Node::Supply { amount: amount * rate },
                Node::Hub => Node::Hub,
                Node::Market { capacity, price } => Node::Market {
                    capacity: capacity * rate,
                    price: period.price.get(index).copied().unwrap_or(price),
                },
            });
        }
        edges.extend(network.edges.iter().enumerate().map(|(index, edge)| {
            let share = period.availability.get(index).copied().unwrap_or(1.0);
            Edge {
                from: edge.from + at * n,
                to: edge.to + at * n,
                capacity: edge.capacity * period.length * share,
                floor: edge.floor * period.length * share.min(1.0),
                ..edge.clone()
            }
        }));
    }
    let blank = Edge { from: 0, to: 0, capacity: 0.0, floor: 0.0, cost: 0.0, crosses: Vec::new() };
    for at in 0..t {
        for (k, tank) in tanks.iter().enumerate() {
            let last = at + 1 == t;
            edges.push(Edge {
                from: tank.node + at * n,
                to: if last { n * t + k } else { tank.node + (at + 1) * n },
                capacity: tank.capacity,
                floor: if last { tank.at_end } else { 0.0 },
                cost: tank.cost,
                ..blank.clone()
            });
        }
    }
    nodes.extend(tanks.iter().map(|tank| Node::Market { capacity: tank.capacity, price: tank.end_value }));
    for (k, tank) in tanks.iter().enumerate() {
        nodes.push(Node::Supply { amount: tank.at_start });
        // What is in the tank is there: it leaves the first stock whatever becomes of it.
        let (from, to) = (n * t + tanks.len() + k, tank.node);
        edges.push(Edge { from, to, capacity: tank.at_start, floor: tank.at_start, ..blank.clone() });
    }
    Network::new(nodes, edges, network.states, network.shut_in_cost)
}

/// The flow of one period out of the flow of all.
fn part(
    network: &Network,
    period: &Period,
    all: &Flows,
    nodes: std::ops::Range<usize>,
    edges: std::ops::Range<usize>,
) -> Flows {
    let (flow, sold) = (all.flow[edges.clone()].to_vec(), all.sold[nodes.clone()].to_vec());
    let shut_in = all.shut_in[nodes.clone()].to_vec();
    let paid = |(index, sold): (usize, &f64)| match network.nodes[index] {
        Node::Market { price, .. } => sold * period.price.get(index).copied().unwrap_or(price),
        _ => 0.0,
    };
    let revenue = sold.iter().enumerate().map(paid).sum::<f64>();
    let prices = Prices {
        shadow: all.shadow_price[edges.clone()].to_vec(),
        contract: all.contract_price[edges].to_vec(),
        node: all.node_value[nodes].to_vec(),
    };
    Flows::new(network, Moved { flow, sold, shut_in, revenue }, prices, all.pivots)
}

fn check(network: &Network, periods: &[Period], tanks: &[Tank]) -> Result<(), TransitError> {
    let amount = |what, index, value: f64| {
        if value.is_finite() && value >= 0.0 {
            Ok(())
        } else {
            Err(TransitError::Amount { what, index, value })
        }
    };
    for (index, period) in periods.iter().enumerate() {
        amount("the length of period", index, if period.length > 0.0 { period.length } else { f64::NAN })?;
        let (nodes, edges) = (network.nodes.len(), network.edges.len());
        if !period.availability.is_empty() && period.availability.len() != edges {
            return Err(TransitError::UnknownEdge { edge: period.availability.len(), edges });
        }
        for list in [&period.activity, &period.price] {
            if !list.is_empty() && list.len() != nodes {
                return Err(TransitError::UnknownNode { node: list.len(), nodes });
            }
        }
        for &share in period.availability.iter().chain(&period.activity) {
            amount("a share in period", index, share)?;
        }
        let market = |node: &usize| matches!(network.nodes[*node], Node::Market { .. });
        if let Some(node) = (0..period.price.len()).filter(market).find(|&n| !period.price[n].is_finite()) {
            return Err(TransitError::Price { node, price: period.price[node] });
        }
    }
    for (index, tank) in tanks.iter().enumerate() {
        if tank.node >= network.nodes.len() {
            return Err(TransitError::UnknownNode { node: tank.node, nodes: network.nodes.len() });
        }
        amount("the room of tank", index, tank.capacity)?;
        amount("the cost of tank", index, tank.cost)?;
        for (what, stock) in
            [("the first stock of tank", tank.at_start), ("the last stock of tank", tank.at_end)]
        {
            amount(what, index, if stock <= tank.capacity { stock } else { f64::NAN })?;
        }
        if !tank.end_value.is_finite() {
            return Err(TransitError::Price { node: tank.node, price: tank.end_value });
        }
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// A field, a port and a market; the way from port to market may close.
    fn port() -> Network {
        let nodes =
            vec![Node::Supply { amount: 12.0 }, Node::Hub, Node::Market { capacity: 40.0, price: 50.0 }];
        let edge = |from, to, capacity| Edge { from, to, capacity, floor: 0.0, cost: 1.0, crosses: vec![] };
        Network::new(nodes, vec![edge(0, 1, 20.0), edge(1, 2, 20.0)], 0, 10.0).unwrap()
    }

    fn quarter(availability: &[f64]) -> Period {
        Period { length: 0.25, availability: availability.to_vec(), ..Period::default() }
    }

    const TANK: Tank = Tank { node: 1, capacity: 2.0, cost: 0.5, at_start: 0.0, at_end: 0.0, end_value: 0.0 };

    #[test]
    fn a_tank_carries_oil_over_a_closure_and_what_it_cannot_hold_stays_in_the_ground() {
        let periods = [quarter(&[1.0, 0.0]), quarter(&[1.0, 1.0])];
        let found = schedule(&port(), &periods, &[TANK]).unwrap();
        assert_eq!(found.stocks, [[2.0], [0.0]]);
        assert_eq!((found.periods[0].delivered, found.periods[0].total_shut_in), (0.0, 1.0));
        // 3 of its own and 2 from the tank; the way carries 5 in a quarter.
        assert_eq!(found.periods[1].delivered, 5.0);
        assert_eq!(found.objective, 7.0 + 3.0 + 10.0 + 2.0 * 0.5 - 5.0 * 50.0);
        let without = schedule(&port(), &periods, &[]).unwrap();
        assert!(without.objective > found.objective && without.stocks == [[0.0; 0], [0.0; 0]]);
    }

    #[test]
    fn stocks_wait_for_the_better_price_and_are_kept_where_asked() {
        let dear = Period { price: vec![0.0, 0.0, 90.0], ..quarter(&[]) };
        let found =
            schedule(&port(), &[quarter(&[]), dear.clone()], &[Tank { at_start: 1.0, ..TANK }]).unwrap();
        assert_eq!(found.stocks, [[2.0], [0.0]]);
        let kept = Tank { at_end: 1.5, ..TANK };
        let found = schedule(&port(), &[quarter(&[]), dear], &[kept]).unwrap();
        assert_eq!(found.stocks[1], [1.5]);
        let worth = Tank { end_value: 60.0, ..TANK };
        assert_eq!(schedule(&port(), &[quarter(&[])], &[worth]).unwrap().stocks, [[2.0]]);
    }

    #[test]
    fn one_period_of_one_unit_of_time_is_the_network_itself() {
        let year = Period { length: 1.0, ..Period::default() };
        let found = schedule(&port(), &[year], &[]).unwrap();
        let plain = Shippers::new(port()).solve().unwrap();
        assert_eq!(found.periods[0].flow, plain.flow);
        assert_eq!(found.objective, plain.objective);
    }

    #[test]
    fn periods_and_tanks_that_cannot_be_are_refused() {
        let error = |period: Period, tank: Tank| schedule(&port(), &[period], &[tank]).unwrap_err();
        let never = Period { length: 0.0, ..Period::default() };
        assert!(matches!(error(never, TANK), TransitError::Amount { what: "the length of period", .. }));
        assert!(matches!(error(quarter(&[1.0]), TANK), TransitError::UnknownEdge { edge: 1, edges: 2 }));
        assert!(matches!(error(quarter(&[1.0, -1.0]), TANK), TransitError::Amount { .. }));
        assert!(matches!(error(quarter(&[]), Tank { node: 3, ..TANK }), TransitError::UnknownNode { .. }));
        assert!(matches!(error(quarter(&[]), Tank { at_start: 3.0, ..TANK }), TransitError::Amount { .. }));
        let full = Tank { at_start: 0.0, at_end: 2.0, ..TANK };
        let closed = quarter(&[0.0, 0.0]);
        assert!(matches!(error(closed, full), TransitError::Conflict { .. }));
    }
}
