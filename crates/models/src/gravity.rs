//! Trade in general equilibrium: what a change of trade costs does to prices, trade and welfare everywhere.
//!
//! The one-sector structural gravity model in exact hat algebra with full feedback of incomes (Dekle, Eaton
//! and Kortum 2008; the algorithm for one sector in Baier, Yotov and Zylkin 2019; both recalled, the system
//! below re-derived and checked against published results). With π the baseline shares of importer j's
//! spending, b the change in the log of the trade-cost term, θ the trade elasticity and hats new/old:
//!
//! ```text
//! P̂ⱼ^−θ = Σᵢ πᵢⱼ e^bᵢⱼ ŵᵢ^−θ          π′ᵢⱼ = πᵢⱼ e^bᵢⱼ ŵᵢ^−θ P̂ⱼ^θ
//! ŵᵢ Yᵢ = Σⱼ π′ᵢⱼ E′ⱼ                  Σᵢ ŵᵢ Yᵢ = Σᵢ Yᵢ  (the numeraire: world output)
//! E′ⱼ = Yⱼ ŵⱼ + Dⱼ  (additive)   or   E′ⱼ = Eⱼ ŵⱼ  (multiplicative),   D = E − Y
//! ```
//!
//! Under the multiplicative closure markets clear up to one common factor ([`Equilibrium::world_spending`]).
//! Welfare is Ê/P̂. Start with a [`Trade`] (the observed flows) and a [`Shock`], then call [`equilibrium`].
//! In [`equilibrium`] costs are melted goods, a tariff counts as waste; [`equilibrium_with_levies`] gives revenue, and
//! what third states earn on goods that evade a ban ([`Ban`]), to those who keep it. [`CustomsUnion`] turns joining and
//! leaving into a shock; [`spread`] carries the uncertainty of the elasticity through.
//!
//! [`parity`] solves the different system of the Python package gegravity 0.3, which does not feed output
//! back into the resistance terms, for those who must reproduce its numbers.

mod equilibrium;
mod error;
mod levy;
mod newton;
pub mod parity;
mod reroute;
mod shock;
mod spread;
mod trade;
mod union;

pub use equilibrium::{Closure, Equilibrium, TOLERANCE, equilibrium, equilibrium_with_levies};
pub use error::{GravityError, Obstacle};
pub use levy::Levy;
pub use reroute::{Ban, Leak, ThirdState};
pub use shock::{Sanction, Shock, cost_factor_log_change, tariff_log_change};
pub use spread::{Spread, elasticities, spread};
pub use trade::{Pair, Trade};
pub use union::CustomsUnion;
