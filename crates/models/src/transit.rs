//! Flows of one commodity over a network of routes: where shippers send it, what binds, who can stop it.
//!
//! Shippers choose the flow with the greatest netback, that is market price less transport, within capacities
//! and contracts, and shut in what earns less than the cost of shutting in. With f the flow of an edge between
//! floor l and capacity u, c its cost, p and s price and sales of markets, h the cost and z the amount shut in:
//!
//! ```text
//! minimise  Σ c f − Σ p s + h Σ z     so that every node sends on or sells what it gets,  l ≤ f ≤ u
//! ```
//!
//! This is a minimum-cost circulation, solved by our own dual network simplex (textbook matter: Ahuja,
//! Magnanti and Orlin 1993, chapter 11, recalled; the dual version for changing bounds is worked out here).
//! We chose it over a linear-programming crate because a basis stays dual feasible when capacities, contracts,
//! prices or costs change, so that an outage is re-solved from the last answer in a few pivots, and because its
//! failure is one cut of the network that names the contracts in conflict. Where cargoes must not be mixed up, because
//! shippers have rights or grades differ, each has flows of its own ([`Cargo`], [`Right`]), solved by a dual simplex for
//! networks with shared limits. Tanks and edges open only at times are planned over several periods ([`schedule`]).
//! Losses on the way are not modelled.
//!
//! Start with a [`Network`], give it to [`Shippers`], and call [`Shippers::solve`]; [`share_through`],
//! [`dependence`], [`single_outages`] and [`double_outages`] read off who could stop what.

mod cargo;
mod contract;
mod error;
mod flows;
mod leverage;
mod linear;
mod network;
mod periods;
mod primal;
mod shippers;
mod simplex;
mod told;

pub use cargo::{Cargo, Right};
pub use contract::{Contract, by_supplier};
pub use error::{Limit, TransitError};
pub use flows::{Flows, Totals};
pub use leverage::{
    Loss, Outage, dependence, double_outages, loss_without, share_through, share_through_by_cargo,
    single_outages,
};
pub use network::{Edge, Network, Node};
pub use periods::{Period, Schedule, Tank, schedule};
pub use shippers::Shippers;
pub use told::Labels;
