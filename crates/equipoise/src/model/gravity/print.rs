//! What `model gravity` found, as JSON, as tables, and as CSV.

use std::path::Path;

use equipoise_models::gravity::{Equilibrium, Trade};
use serde_json::{Value, json};

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
}

impl Answer<'_> {
    /// One object.
    pub fn json(&self) -> Value {
        let countries: Vec<Value> = (0..self.names.names.len())
            .map(|c| {
                let entries =
                    self.figures().into_iter().map(|(name, values)| (name.to_owned(), json!(values[c])));
                let id = ("id".to_owned(), json!(self.names.names[c]));
                Value::Object(std::iter::once(id).chain(entries).collect())
            })
            .collect();
        json!({
            "countries": countries,
            "iterations": self.found.iterations,
            "residual": self.found.residual,
            "world_spending": self.found.world_spending,
        })
    }

    /// One table, and how exactly it was found.
    pub fn text(&self, screen: &Screen) -> String {
        let table = self.countries(&|value| grouped(value, 6)).text(screen);
        format!(
            "{table}\nnew/old; markets clear to {:.0e} after {} iterations\n",
            self.found.residual, self.found.iterations
        )
    }

    /// Writes countries.csv and flows.csv.
    ///
    /// # Errors
    /// A file cannot be written.
    pub fn write(&self, folder: &Path) -> Result<(), Failure> {
        self.countries(&|value| value.to_string()).write(folder, "countries.csv")?;
        let n = self.names.names.len();
        let mut flows = Listing::new(&["exporter", "importer", "old", "new"]);
        for cell in 0..n * n {
            let [from, to] = [cell / n, cell % n].map(|c| self.names.names[c].clone());
            flows.row(vec![
                from,
                to,
                self.trade.flows()[cell].to_string(),
                self.found.flows[cell].to_string(),
            ]);
        }
        flows.write(folder, "flows.csv")
    }

    fn countries(&self, number: &dyn Fn(f64) -> String) -> Listing {
        let figures = self.figures();
        let headings: Vec<&str> = std::iter::once("country").chain(figures.iter().map(|f| f.0)).collect();
        let mut listing = Listing::new(&headings);
        for (c, name) in self.names.names.iter().enumerate() {
            let cells = figures.iter().map(|(_, values)| number(values[c]));
            listing.row(std::iter::once(name.clone()).chain(cells).collect());
        }
        listing
    }

    fn figures(&self) -> Vec<(&'static str, Vec<f64>)> {
        let found = self.found;
        let n = self.names.names.len();
        let flows = self.trade.flows();
        let others = |c: usize| (0..n).filter(move |&o| o != c);
        let old_exports = (0..n).map(|c| others(c).map(|o| flows[c * n + o]).sum::<f64>());
        let old_imports = (0..n).map(|c| others(c).map(|o| flows[o * n + c]).sum::<f64>());
        // A country that never traded abroad has no change to tell: 1 where it still does not.
        let ratio = |new: f64, old: f64| if old == new { 1.0 } else { new / old };
        vec![
            ("factory_price", found.factory_price.clone()),
            ("price_index", found.price_index.clone()),
            ("welfare", found.welfare.clone()),
            ("real_income", found.real_income.clone()),
            ("expenditure", found.expenditure.clone()),
            (
                "exports",
                found.exports().into_iter().zip(old_exports).map(|(new, old)| ratio(new, old)).collect(),
            ),
            (
                "imports",
                found.imports().into_iter().zip(old_imports).map(|(new, old)| ratio(new, old)).collect(),
            ),
        ]
    }
}
