//! What was found about the towns, for people, for programs and for files.

use std::fmt::Write;
use std::path::Path;

use equipoise_lab::contagion::{Comparison, Judged, compare};
use equipoise_models::contagion::onset::Mechanism;
use serde_json::{Value, json};

use super::files::Table;
use crate::failure::Failure;
use crate::model::listing::Listing;
use crate::screen::Screen;

/// The towns and what each mechanism makes of them.
pub struct Answer<'a> {
    /// The towns.
    pub table: &'a Table,
    /// One entry per mechanism, contagion first.
    pub judged: &'a [Judged],
}

/// The name of a mechanism.
pub fn name(mechanism: Mechanism) -> &'static str {
    Mechanism::NAMED.iter().find(|(_, known)| *known == mechanism).map_or("", |(name, _)| name)
}

impl Answer<'_> {
    /// Contagion and what it is held against.
    fn comparisons(&self) -> impl Iterator<Item = (&'static str, Comparison)> {
        let first = &self.judged[0];
        self.judged[1..].iter().map(move |null| (name(null.mechanism), compare(first, null)))
    }

    fn date(&self, day: Option<u32>) -> Option<String> {
        day.map(|day| self.table.date(day).to_string())
    }

    /// The held-out towns of the first split, as contagion predicts them.
    fn predictions(&self) -> Listing {
        let headings =
            ["town", "happened", "low_5", "median", "high_95", "probability", "log_score", "crps_days"];
        let mut listing = Listing::new(headings);
        for one in &self.judged[0].predicted {
            let town = self.table.towns.list()[one.town];
            let at = |p: f64| self.date(one.day_at(p)).unwrap_or_else(|| "none".to_owned());
            listing.row(vec![
                self.table.names[one.town].clone(),
                self.date(town.first).unwrap_or_else(|| "none".to_owned()),
                at(0.05),
                at(0.5),
                at(0.95),
                format!("{:.3}", one.scores.log.exp()),
                format!("{:.2}", one.scores.log),
                format!("{:.2}", one.scores.crps),
            ]);
        }
        listing
    }

    fn mechanisms(&self) -> Listing {
        let headings = [
            "mechanism",
            "log_score",
            "crps_days",
            "all_splits_log",
            "all_splits_crps",
            "contagion_better_log",
            "contagion_better_crps",
            "left_out_gain",
            "standard_error",
        ];
        let mut listing = Listing::new(headings);
        for one in self.judged {
            let mean = |of: &dyn Fn(usize) -> f64| {
                (0..one.scores.len()).map(of).sum::<f64>() / one.scores.len() as f64
            };
            let mut row = vec![
                name(one.mechanism).to_owned(),
                format!("{:.2}", one.scores[0].log),
                format!("{:.2}", one.scores[0].crps),
                format!("{:.2}", mean(&|split| one.scores[split].log)),
                format!("{:.2}", mean(&|split| one.scores[split].crps)),
            ];
            let compared = self.comparisons().find(|(other, _)| *other == name(one.mechanism));
            match compared {
                None => row.extend(std::iter::repeat_n(String::new(), 4)),
                Some((_, found)) => row.extend([
                    format!("{:.0}%", 100.0 * found.better_log),
                    format!("{:.0}%", 100.0 * found.better_crps),
                    format!("{:.2}", found.one_left_out),
                    format!("{:.2}", found.standard_error),
                ]),
            }
            listing.row(row);
        }
        listing
    }

    fn parameters(&self) -> Listing {
        let headings =
            ["mechanism", "parameter", "median", "low_5", "high_95", "prior_median", "prior_5", "prior_95"];
        let mut listing = Listing::new(headings);
        for one in self.judged {
            for found in &one.estimates {
                let ([low, median, high], [below, middle, above]) = (found.posterior, found.prior);
                let mut row = vec![name(one.mechanism).to_owned(), found.parameter.name().to_owned()];
                row.extend([median, low, high, middle, below, above].map(|value| format!("{value:.3}")));
                listing.row(row);
            }
        }
        listing
    }

    /// Writes the tables to a folder.
    pub fn write(&self, folder: &Path) -> Result<(), Failure> {
        self.predictions().write(folder, "predictions.csv")?;
        self.mechanisms().write(folder, "mechanisms.csv")?;
        self.parameters().write(folder, "parameters.csv")
    }

    /// Whether contagion is better than a null in what counts.
    fn verdict(&self) -> String {
        let mut text = String::new();
        for (null, found) in self.comparisons() {
            let (gain, error) = (found.one_left_out, found.standard_error);
            let said = if gain > 2.0 * error && found.better_log > 0.5 {
                "beaten"
            } else if gain < 0.0 && found.better_log < 0.5 {
                "not beaten: it predicts better"
            } else {
                "not clearly beaten: the difference is within its error"
            };
            let _ = writeln!(
                text,
                "  {null:<13} {said} ({gain:+.1} ± {error:.1} nats over all towns, better in {:.0}% of splits)",
                100.0 * found.better_log
            );
        }
        text
    }

    /// For people.
    pub fn text(&self, screen: &Screen) -> String {
        let towns = self.table.towns.list();
        let begun = towns.iter().filter(|town| town.first.is_some()).count();
        let splits = self.judged[0].scores.len();
        let worst = self.judged.iter().map(|one| one.least_effective).fold(f64::INFINITY, f64::min);
        let mut text = format!(
            "{} towns, {begun} with a first protest, watched {} to {}; {} held out\n\n",
            towns.len(),
            self.table.from,
            self.table.date(self.table.towns.days() - 1),
            self.judged[0].predicted.len(),
        );
        text += &self.predictions().text(screen);
        text += "\nScores of the held-out towns (means), here and over all splits\n";
        text += &self.mechanisms().text(screen);
        text += "\nDoes contagion beat its nulls, one town predicted at a time from all others?\n";
        text += &self.verdict();
        text += "\nParameters, from all towns: median and 90 %\n";
        text += &self.parameters().text(screen);
        let _ = write!(
            text,
            "\n{splits} splits, which share towns, so the percentages are no test. Weighted draws worth {:.0} \
             (contagion, all towns), {worst:.0} at worst.",
            self.judged[0].effective
        );
        text
    }

    /// For programs.
    pub fn json(&self) -> Value {
        let dates: Vec<String> =
            (0..self.table.towns.days()).map(|day| self.table.date(day).to_string()).collect();
        let mechanisms: Vec<Value> = self
            .judged
            .iter()
            .map(|one| {
                let parameters: Vec<Value> = one
                    .estimates
                    .iter()
                    .map(|found| {
                        json!({
                            "name": found.parameter.name(),
                            "median": found.posterior[1],
                            "low": found.posterior[0],
                            "high": found.posterior[2],
                            "prior": found.prior,
                        })
                    })
                    .collect();
                let held_out: Vec<Value> = one
                    .predicted
                    .iter()
                    .map(|predicted| {
                        let town = self.table.towns.list()[predicted.town];
                        json!({
                            "town": self.table.names[predicted.town],
                            "first_protest": self.date(town.first),
                            "low": self.date(predicted.day_at(0.05)),
                            "median": self.date(predicted.day_at(0.5)),
                            "high": self.date(predicted.day_at(0.95)),
                            "probabilities": predicted.shares[..predicted.shares.len() - 1],
                            "none": predicted.shares.last(),
                            "log_score": predicted.scores.log,
                            "crps_days": predicted.scores.crps,
                        })
                    })
                    .collect();
                json!({
                    "mechanism": name(one.mechanism),
                    "parameters": parameters,
                    "held_out": held_out,
                    "log_score": one.scores[0].log,
                    "crps_days": one.scores[0].crps,
                    "splits_log_score": one.scores.iter().map(|scores| scores.log).collect::<Vec<f64>>(),
                    "splits_crps_days": one.scores.iter().map(|scores| scores.crps).collect::<Vec<f64>>(),
                    "one_left_out_log_score": one.one_left_out,
                    "effective_draws": one.effective,
                    "least_effective_draws": one.least_effective,
                })
            })
            .collect();
        let against: Vec<Value> = self
            .comparisons()
            .map(|(mechanism, found)| {
                json!({
                    "mechanism": mechanism,
                    "log_score_gain": found.log,
                    "crps_days_change": found.crps,
                    "share_of_splits_better_log": found.better_log,
                    "share_of_splits_better_crps": found.better_crps,
                    "one_left_out_gain": found.one_left_out,
                    "standard_error": found.standard_error,
                })
            })
            .collect();
        json!({ "days": dates, "mechanisms": mechanisms, "against": against })
    }
}
