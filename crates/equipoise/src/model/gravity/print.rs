//! What `model gravity` found, as JSON, as tables, and as CSV.

use std::path::Path;

use equipoise_models::gravity::{Equilibrium, Spread, Trade};
use serde_json::{Map, Value, json};

use super::files::Countries;
use crate::failure::Failure;
use crate::model::listing::{Listing, grouped};
use crate::screen::Screen;

/// What was found, beside the trade it started from.
pub struct Answer<'a> {
    /// Countries.
    pub names: &'a Countries,
    /// Trade before.
    pub trade: &'a Trade,
    /// Trade after.
    pub found: &'a Equilibrium,
    /// What the uncertainty of the elasticity makes of it.
    pub spread: Option<&'a Spread>,
}

/// A figure by country: its name and its values.
type Figure = (String, Vec<f64>);

impl Answer<'_> {
    /// One object.
    pub fn json(&self) -> Value {
        let figures = self.figures();
        let names = &self.names.names;
        let countries: Vec<Value> = (0..names.len())
            .map(|c| {
                let id = ("id".to_owned(), json!(names[c]));
                let entries = figures.iter().map(|(name, values)| (name.clone(), json!(values[c])));
                Value::Object(std::iter::once(id).chain(entries).collect())
            })
            .collect();
        let pairs: Vec<Value> = (0..names.len() * names.len())
            .filter(|&cell| self.trade.flows()[cell] > 0.0)
            .map(|cell| {
                let [from, to] = [cell / names.len(), cell % names.len()].map(|c| &names[c]);
                let mut pair = Map::from_iter([
                    ("exporter".to_owned(), json!(from)),
                    ("importer".to_owned(), json!(to)),
                ]);
                pair.extend(self.flow(cell).into_iter().map(|(name, value)| (name.to_owned(), json!(value))));
                Value::Object(pair)
            })
            .collect();
        json!({
            "countries": countries,
            "iterations": self.found.iterations,
            "residual": self.found.residual,
            "world_spending": self.found.world_spending,
            "flows": pairs,
        })
    }

    /// One table, and how exactly it was found.
    pub fn text(&self, screen: &Screen) -> String {
        let shown = |name: &str| match self.spread {
            None => name != "expenditure" && (name != "kept" || self.found.kept.iter().any(|k| *k != 0.0)),
            Some(_) => ["welfare", "price_index", "factory_price"].iter().any(|kept| name.starts_with(kept)),
        };
        let figures = self.figures().into_iter().filter(|(name, _)| shown(name)).collect();
        let table = self.countries(figures, &|value| grouped(value, 6)).text(screen);
        let spread = match self.spread {
            None => "",
            Some(_) => "; low and high are the 5 % and 95 % quantiles over the elasticity",
        };
        format!(
            "{table}\nnew/old; markets clear to {:.0e} after {} iterations{spread}\n",
            self.found.residual, self.found.iterations
        )
    }

    /// Writes countries.csv and flows.csv.
    ///
    /// # Errors
    /// A file cannot be written.
    pub fn write(&self, folder: &Path) -> Result<(), Failure> {
        self.countries(self.figures(), &|value| value.to_string()).write(folder, "countries.csv")?;
        let n = self.names.names.len();
        let values = self.flow(0).into_iter().map(|(name, _)| name.to_owned());
        let headings = ["exporter", "importer"].map(str::to_owned).into_iter().chain(values);
        let mut flows = Listing::new(headings);
        for cell in 0..n * n {
            let ends = [cell / n, cell % n].map(|c| self.names.names[c].clone());
            let values = self.flow(cell).into_iter().map(|(_, value)| value.to_string());
            flows.row(ends.into_iter().chain(values).collect());
        }
        flows.write(folder, "flows.csv")
    }

    fn countries(&self, figures: Vec<Figure>, number: &dyn Fn(f64) -> String) -> Listing {
        let headings = std::iter::once("country".to_owned()).chain(figures.iter().map(|f| f.0.clone()));
        let mut listing = Listing::new(headings);
        for (c, name) in self.names.names.iter().enumerate() {
            let cells = figures.iter().map(|(_, values)| number(values[c]));
            listing.row(std::iter::once(name.clone()).chain(cells).collect());
        }
        listing
    }

    /// The flow of a pair before and after.
    fn flow(&self, cell: usize) -> Vec<(&'static str, f64)> {
        let mut values = vec![("old", self.trade.flows()[cell]), ("new", self.found.flows[cell])];
        if let Some(Spread { low, median, high }) = self.spread {
            let spread = [("new_low", low), ("new_median", median), ("new_high", high)];
            values.extend(spread.map(|(name, of)| (name, of.flows[cell])));
        }
        values
    }

    fn figures(&self) -> Vec<Figure> {
        let found = self.found;
        let mut figures: Vec<Figure> = Vec::new();
        for (name, of) in PRICES_AND_INCOMES {
            figures.push((name.to_owned(), of(found).clone()));
            if let Some(Spread { low, median, high }) = self.spread {
                for (end, spread) in [("low", low), ("median", median), ("high", high)] {
                    figures.push((format!("{name}_{end}"), of(spread).clone()));
                }
            }
        }
        let n = self.names.names.len();
        let flows = self.trade.flows();
        let others = |c: usize| (0..n).filter(move |&o| o != c);
        let old_exports = (0..n).map(|c| others(c).map(|o| flows[c * n + o]).sum::<f64>());
        let old_imports = (0..n).map(|c| others(c).map(|o| flows[o * n + c]).sum::<f64>());
        // A country that never traded abroad has no change to tell: 1 where it still does not.
        let ratio = |(new, old): (f64, f64)| if old == new { 1.0 } else { new / old };
        let exports = found.exports().into_iter().zip(old_exports).map(ratio).collect();
        let imports = found.imports().into_iter().zip(old_imports).map(ratio).collect();
        figures.extend([("exports".to_owned(), exports), ("imports".to_owned(), imports)]);
        figures
    }
}

type Of = fn(&Equilibrium) -> &Vec<f64>;

const PRICES_AND_INCOMES: [(&str, Of); 6] = [
    ("factory_price", |e| &e.factory_price),
    ("price_index", |e| &e.price_index),
    ("welfare", |e| &e.welfare),
    ("real_income", |e| &e.real_income),
    ("expenditure", |e| &e.expenditure),
    ("kept", |e| &e.kept),
];
