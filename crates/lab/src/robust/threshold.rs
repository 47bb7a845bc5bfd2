//! A threshold that a user states: an outcome, a relation and a value.

use jiff::civil::Date;

use super::Cases;
use crate::error::LabError;
use crate::score::ScoreKind;

/// What must hold of an outcome.
#[derive(Debug, Clone, PartialEq)]
pub struct Threshold {
    /// The outcome (an index into the cases).
    pub outcome: usize,
    /// How it must stand to the value.
    pub relation: Relation,
    /// The value: a yes/no as 1 and 0, a date as days since the scenario's start.
    pub value: f64,
}

/// How an outcome must stand to a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// `<=`
    AtMost,
    /// `>=`
    AtLeast,
    /// `<`
    Below,
    /// `>`
    Above,
    /// `=`
    Equal,
}

impl Relation {
    /// As it is typed. Longer signs come first, so that `<=` is not read as `<`.
    const ALL: [(&'static str, Relation); 6] = [
        ("<=", Relation::AtMost),
        (">=", Relation::AtLeast),
        ("==", Relation::Equal),
        ("<", Relation::Below),
        (">", Relation::Above),
        ("=", Relation::Equal),
    ];

    /// As it is typed.
    #[must_use]
    pub fn sign(self) -> &'static str {
        Relation::ALL.iter().find(|(_, relation)| *relation == self).map_or("=", |(sign, _)| sign)
    }
}

impl Threshold {
    /// Reads `killed<=100`, `coup=no` or `order_restored_date<=2022-01-15`.
    ///
    /// # Errors
    /// The text has another form, the outcome is unknown, or the value is none of the outcome's kind.
    pub fn parse(text: &str, cases: &Cases) -> Result<Threshold, LabError> {
        let wrong = |why: String| LabError::BadPlan { why: format!("--threshold '{text}': {why}") };
        let found = Relation::ALL
            .iter()
            .filter_map(|(sign, relation)| Some((text.find(sign)?, *sign, *relation)))
            .min_by_key(|(at, sign, _)| (*at, std::cmp::Reverse(sign.len())));
        let Some((at, sign, relation)) = found else {
            return Err(wrong("expected an outcome, one of <= >= < > =, and a value".to_owned()));
        };
        let (name, value) = (text[..at].trim(), text[at + sign.len()..].trim());
        let outcome = cases.outcome(name)?;
        let kind = cases.outcomes[outcome].kind;
        let number = |text: &str| text.parse::<f64>().ok().filter(|number| number.is_finite());
        let read = match kind {
            ScoreKind::YesNo => match value {
                "yes" | "1" => Some(1.0),
                "no" | "0" => Some(0.0),
                _ => None,
            },
            ScoreKind::Date => cases.start.and_then(|(start, days)| {
                let day = f64::from((value.parse::<Date>().ok()? - start).get_days());
                // A date that never comes stands for the day after the last, so a threshold must lie before.
                (0.0..f64::from(days)).contains(&day).then_some(day)
            }),
            ScoreKind::Number => number(value),
        };
        let expected = match (kind, cases.start) {
            (ScoreKind::YesNo, _) => "yes or no".to_owned(),
            (ScoreKind::Date, Some((start, days))) => {
                let last = start.saturating_add(jiff::Span::new().days(i64::from(days) - 1));
                format!("a simulated day, {start} to {last}")
            }
            _ => "a finite number".to_owned(),
        };
        match read {
            Some(value) => Ok(Threshold { outcome, relation, value }),
            None => Err(wrong(format!("`{value}` is no value of `{name}`, {kind}; expected {expected}"))),
        }
    }

    /// Whether a value meets it; a missing one never does.
    #[must_use]
    pub(crate) fn is_met(&self, value: f64) -> bool {
        match self.relation {
            Relation::AtMost => value <= self.value,
            Relation::AtLeast => value >= self.value,
            Relation::Below => value < self.value,
            Relation::Above => value > self.value,
            Relation::Equal => value == self.value,
        }
    }

    /// How far a value is from meeting it; 0 where it does.
    pub(super) fn distance(&self, value: f64) -> f64 {
        if self.is_met(value) { 0.0 } else { (value - self.value).abs() }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::CaseOutcome;
    use super::*;

    fn cases() -> Cases {
        let outcome = |id: &str, kind| CaseOutcome {
            id: id.to_owned(),
            title: String::new(),
            unit: String::new(),
            kind,
            values: vec![vec![0.0]],
        };
        Cases {
            policies: vec!["none".to_owned()],
            accounts: Vec::new(),
            account_of: vec![0],
            outcomes: vec![
                outcome("killed", ScoreKind::Number),
                outcome("coup", ScoreKind::YesNo),
                outcome("order", ScoreKind::Date),
            ],
            per_account: None,
            start: Some((jiff::civil::date(2022, 1, 1), 31)),
        }
    }

    #[test]
    fn thresholds_are_read_in_the_outcomes_own_terms() {
        let read = |text: &str| {
            let threshold = Threshold::parse(text, &cases()).unwrap();
            (threshold.outcome, threshold.relation.sign(), threshold.value)
        };
        assert_eq!(read("killed<=100"), (0, "<=", 100.0));
        assert_eq!(read("killed > 1e3"), (0, ">", 1000.0));
        assert_eq!(read("coup=no"), (1, "==", 0.0));
        assert_eq!(read("order<2022-01-15"), (2, "<", 14.0));
    }

    #[test]
    fn what_is_no_threshold_says_what_one_looks_like() {
        let refused = |text: &str| Threshold::parse(text, &cases()).unwrap_err().to_string();
        assert!(refused("killed").contains("one of <= >= < > ="));
        assert!(refused("kiled<=1").contains("killed, coup, order"));
        assert!(refused("killed<=many").contains("a finite number"));
        assert!(refused("killed<=NaN").contains("a finite number"));
        assert!(refused("coup=maybe").contains("yes or no"));
        assert!(refused("order<=2022-03-01").contains("2022-01-01 to 2022-01-31"));
    }
}
