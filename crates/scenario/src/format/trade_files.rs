//! The files of trade: regions.csv, trade.csv, and customs unions under treaties/.

use super::{At, table};

table! {
    /// A row of regions.csv: a region of the trade matrix.
    RegionRow
    required {
        /// The actor it stands for.
        region: String,
        /// Gross domestic product, million US dollars.
        gdp_musd: f64,
        /// Where it comes from: an id of sources.csv.
        source: String,
    }
    optional {
        /// A remark for people.
        note: String,
    }
}

table! {
    /// A row of trade.csv: what one region sells to another in a year.
    TradeRow
    required {
        /// Who sells.
        exporter: String,
        /// Who buys.
        importer: String,
        /// Million US dollars a year.
        musd: f64,
        /// Where it comes from: an id of sources.csv.
        source: String,
    }
    optional {}
}

table! {
    /// treaties/*.toml listed under `unions`: a customs union. Numbers are names of parameters.
    UnionFile
    required {
        /// Short name used in other files.
        id: String,
        /// Name for people.
        title: String,
        /// Members at the start: regions.
        members: Vec<At<String>>,
        /// Parameter (number): tariff on goods from outside, a share of their value.
        external_tariff: String,
        /// Parameter (number): what a border inside it would cost, a share of the value of goods.
        border_cost: String,
    }
    optional {
        /// The claims it rests on.
        claims: Vec<At<String>>,
    }
}
