//! When an outcome counts as having happened: `granted`, `killed>=300`, `first_grant<=2022-01-10`.

use equipoise_scenario::Scenario;
use jiff::civil::Date;

use crate::error::LabError;
use crate::run_directory::ColumnKind;

/// How an outcome is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// ≥
    AtLeast,
    /// ≤
    AtMost,
    /// >
    Above,
    /// <
    Below,
}

/// What a value must be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Test {
    /// A yes/no is yes.
    Yes,
    /// A date comes at all.
    Comes,
    /// A number, or a date in days since the scenario's start, compares so.
    Compares(Comparison, f64),
}

/// A yes/no read off an outcome.
#[derive(Debug, Clone, PartialEq)]
pub struct When {
    /// The outcome (an index).
    pub outcome: usize,
    /// What its value must be.
    pub test: Test,
    /// As it was typed, without blanks around it.
    pub text: String,
}

impl When {
    /// Reads what was typed: the name of an outcome, then, for numbers and dates, a comparison with a value.
    ///
    /// # Errors
    /// There is no such outcome, the value is no number or date, or a number is not compared with anything.
    pub fn parse(scenario: &Scenario, text: &str) -> Result<When, LabError> {
        let text = text.trim();
        let (name, limit) = match text.find(['<', '>', '=']) {
            None => (text, None),
            Some(at) => {
                let (name, rest) = text.split_at(at);
                let symbols = [
                    (">=", Comparison::AtLeast),
                    ("<=", Comparison::AtMost),
                    (">", Comparison::Above),
                    ("<", Comparison::Below),
                ];
                let found = symbols.into_iter().find_map(|(symbol, comparison)| {
                    rest.strip_prefix(symbol).map(|value| (comparison, value.trim()))
                });
                let Some(found) = found else {
                    return Err(bad(text, "a comparison is one of >=, <=, > and <"));
                };
                (name.trim(), Some(found))
            }
        };
        let outcome = scenario.outcomes.iter().position(|outcome| outcome.id == name).ok_or_else(|| {
            LabError::Unknown {
                what: "outcome",
                name: name.to_owned(),
                known: scenario.outcomes.iter().map(|outcome| outcome.id.clone()).collect(),
            }
        })?;
        let test = match (ColumnKind::of_outcome(&scenario.outcomes[outcome]), limit) {
            (ColumnKind::Number, None) => {
                return Err(bad(
                    text,
                    &format!("{name} is a number: say which values count, as in '{name}>=100'"),
                ));
            }
            (ColumnKind::YesNo, Some(_)) => {
                return Err(bad(text, &format!("{name} is a yes/no: its name alone is enough")));
            }
            (ColumnKind::YesNo, None) => Test::Yes,
            (ColumnKind::Date, None) => Test::Comes,
            (ColumnKind::Date, Some((comparison, value))) => {
                let date: Date = value.parse().map_err(|_| {
                    bad(text, &format!("{name} is a date: compare it with one like 2022-01-10"))
                })?;
                Test::Compares(comparison, scenario.day(date) as f64)
            }
            (ColumnKind::Number, Some((comparison, value))) => match value.parse::<f64>() {
                Ok(number) if number.is_finite() => Test::Compares(comparison, number),
                _ => return Err(bad(text, &format!("{value:?} is no finite number"))),
            },
        };
        Ok(When { outcome, test, text: text.to_owned() })
    }

    /// That a yes/no is yes, that a date comes at all; a number cannot be asked without a comparison.
    #[must_use]
    pub fn plainly(scenario: &Scenario, outcome: usize) -> Option<When> {
        let test = match ColumnKind::of_outcome(&scenario.outcomes[outcome]) {
            ColumnKind::YesNo => Test::Yes,
            ColumnKind::Date => Test::Comes,
            ColumnKind::Number => return None,
        };
        Some(When { outcome, test, text: scenario.outcomes[outcome].id.clone() })
    }

    /// Whether a value of the outcome counts. Where a history has no value (NaN), it does not.
    #[must_use]
    pub fn holds(&self, value: f64) -> bool {
        match self.test {
            Test::Yes => value == 1.0,
            Test::Comes => !value.is_nan(),
            Test::Compares(Comparison::AtLeast, limit) => value >= limit,
            Test::Compares(Comparison::AtMost, limit) => value <= limit,
            Test::Compares(Comparison::Above, limit) => value > limit,
            Test::Compares(Comparison::Below, limit) => value < limit,
        }
    }
}

fn bad(text: &str, why: &str) -> LabError {
    LabError::BadPlan { why: format!("`{text}` cannot be asked: {why}") }
}
