//! Trade between regions, customs unions and sanctions, as a scenario declares them.
//!
//! The mathematics stands in `equipoise_models::gravity`; which measures are in force on a day in the engine's trade step.

use super::{ActorId, ParameterId};
use crate::unit::Unit;

/// Index of a region in [`Trade::regions`].
pub type RegionId = usize;
/// Index of a package in [`Trade::sanctions`].
pub type SanctionId = usize;
/// Index of a customs union in [`Trade::unions`].
pub type UnionId = usize;

/// The trade of the world and what may change its costs.
#[derive(Debug, Clone)]
pub struct Trade {
    /// Who trades.
    pub regions: Vec<Region>,
    /// What exporter i sells to importer j, million US dollars a year: row by row, nothing on the diagonal.
    pub flows_musd: Vec<f64>,
    /// Numbers of the whole model.
    pub rules: TradeRules,
    /// Customs unions at the start.
    pub unions: Vec<CustomsUnion>,
    /// Packages of sanctions that actions may put into force.
    pub sanctions: Vec<SanctionPackage>,
    /// The region of the focus state.
    pub focus: RegionId,
}

/// A region of the trade matrix.
#[derive(Debug, Clone, PartialEq)]
pub struct Region {
    /// The actor it stands for.
    pub actor: ActorId,
    /// Gross domestic product, million US dollars.
    pub gdp_musd: f64,
}

/// A customs union: no border inside, one tariff outside.
#[derive(Debug, Clone)]
pub struct CustomsUnion {
    /// Short name used in files.
    pub id: String,
    /// Name for people.
    pub title: String,
    /// Regions that belong to it at the start.
    pub members: Vec<RegionId>,
    /// Its tariff on goods from outside, a share of their value.
    pub external_tariff: ParameterId,
    /// What a border inside it would cost, a share of the value of goods.
    pub border_cost: ParameterId,
    /// The claims it rests on.
    pub claims: Vec<usize>,
}

/// Which goods a package stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Stops {
    /// What those who impose it sell to the target.
    Exports,
    /// What they buy from the target.
    Imports,
}

/// A package of sanctions on goods.
#[derive(Debug, Clone)]
pub struct SanctionPackage {
    /// Short name used in files.
    pub id: String,
    /// What it is, for people.
    pub title: String,
    /// Those who impose it.
    pub by: Vec<RegionId>,
    /// Whom it hits.
    pub against: RegionId,
    /// Which direction it stops.
    pub stops: Stops,
    /// Share of that trade it names.
    pub covered: ParameterId,
    /// Share of the named trade whose sellers or buyers obey.
    pub obeyed: ParameterId,
    /// The claims it rests on.
    pub claims: Vec<usize>,
}

parameter_table! {
    /// Numbers of the trade model: names in the `[trade]` table of a scenario.
    TradeRules {
        /// Elasticity of trade to its cost (θ).
        elasticity: Unit::NUMBER,
        /// Gross output over gross domestic product, of every region.
        output_per_gdp: Unit::NUMBER,
        /// Cost factor of the way round a sanction through third states.
        way_round_cost_factor: Unit::NUMBER,
        /// Share of what goes round that goes through the focus state if it lets everything pass.
        focus_share_of_way_round: Unit::NUMBER,
        /// Share of the value of what goes round that the focus state keeps.
        handling_margin: Unit::NUMBER,
        /// How far the focus state enforces others' sanctions at the start, 0 to 1.
        compliance: Unit::NUMBER,
    }
}

impl Trade {
    /// Flows with sales at home on the diagonal: gross output less exports, for this ratio of output to product.
    pub fn flows_with_home_sales(&self, output_per_gdp: f64) -> Vec<f64> {
        let count = self.regions.len();
        let mut flows = self.flows_musd.clone();
        for (at, region) in self.regions.iter().enumerate() {
            let exports: f64 = self.flows_musd[at * count..(at + 1) * count].iter().sum();
            flows[at * count + at] = region.gdp_musd * output_per_gdp - exports;
        }
        flows
    }
}
