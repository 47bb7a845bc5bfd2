//! Rows of the tables of routes: nodes.csv, routes.csv, contracts.csv and prices.csv.

use super::table;
use super::value::{Day, NumberOrName, Word, YesNo};

/// What happens at a node of the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum NodeWord {
    /// The commodity comes up.
    Supply,
    /// It only passes.
    Hub,
    /// It is sold.
    Market,
}

table! {
    /// A row of nodes.csv: a node of the network of routes.
    NodeRow
    required {
        /// Short name used in other files.
        id: String,
        /// Name for people.
        name: String,
        /// supply, hub or market.
        kind: Word<NodeWord>,
    }
    optional {
        /// Supply: million tonnes a year on offer. Market: million tonnes a year it takes at most. A number with a
        /// source, or the name of a parameter.
        amount_mt_per_year: NumberOrName,
        /// Market: dollars a tonne over the benchmark price (below zero: less). A number with a source, or the name of
        /// a parameter.
        differential_usd_per_tonne: NumberOrName,
        /// Market: the actor that buys.
        buyer: String,
        /// Supply or hub with a tank: million tonnes it can hold beyond what never leaves it. A number with a source, or
        /// the name of a parameter.
        storage_mt: NumberOrName,
        /// Tank: million tonnes it holds when the simulation starts; none where the cell is empty.
        stored_at_start_mt: NumberOrName,
        /// Tank: dollars a tonne that oil in it is worth to its owner. It is filled with what would bring less, or be shut
        /// in, and drawn on while more can be had.
        stored_value_usd_per_tonne: NumberOrName,
        /// Where the row's numbers come from: an id of sources.csv.
        source: String,
        /// A remark for people.
        note: String,
    }
}

table! {
    /// A row of routes.csv: a way from one node to another.
    RouteRow
    required {
        /// Short name used in expressions and actions.
        id: String,
        /// Name for people.
        name: String,
        /// Id of the node it leaves.
        from: String,
        /// Id of the node it reaches.
        to: String,
        /// Million tonnes a year it carries at most: a number with a source, or the name of a parameter.
        capacity_mt_per_year: NumberOrName,
        /// Dollars a tonne: a number with a source, or the name of a parameter.
        cost_usd_per_tonne: NumberOrName,
    }
    optional {
        /// States it crosses, the focus state apart, separated by semicolons.
        crosses: String,
        /// Parameter (number): accidents expected in a year.
        accidents_per_year: String,
        /// Parameter (days): mean time of repair.
        repair_days: String,
        /// Parameter (number): share of the capacity left until the repair.
        capacity_left: String,
        /// Where the row's numbers come from: an id of sources.csv.
        source: String,
        /// A remark for people.
        note: String,
    }
}

table! {
    /// A row of contracts.csv: a minimum or a right on a route.
    ContractRow
    required {
        /// Short name used in messages.
        id: String,
        /// What it is, for people.
        name: String,
        /// Id of the route it is about.
        route: String,
        /// Whether it rests while a state has closed its routes.
        rests: YesNo,
    }
    optional {
        /// Million tonnes a year that must be carried: a number with a source, or the name of a parameter.
        minimum_mt_per_year: NumberOrName,
        /// Million tonnes a year that may be carried at most: a number with a source, or the name of a parameter.
        maximum_mt_per_year: NumberOrName,
        /// First day it is in force (default: from before the simulation).
        from: Day,
        /// Last day it is in force (default: beyond the simulation).
        until: Day,
        /// Where the row's numbers come from: an id of sources.csv.
        source: String,
        /// A remark for people.
        note: String,
    }
}

table! {
    /// A row of prices.csv: the benchmark price from a date on.
    PriceRow
    required {
        /// First day it holds.
        from: Day,
        /// US dollars a barrel.
        usd_per_barrel: f64,
        /// Where it comes from: an id of sources.csv.
        source: String,
    }
    optional {}
}
