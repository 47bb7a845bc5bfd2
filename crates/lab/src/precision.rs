//! Enough histories: how exactly an ensemble must know an outcome before it may stop.
//!
//! A run with a stated precision goes on until the 95 % Monte Carlo interval of every stated quantity is narrow enough,
//! or a stated number of histories is reached. It looks at fixed numbers of histories, at no others, and
//! at nothing but the values of the histories before: so where it stops is the same for any number of threads, shards
//! and interruptions.
//!
//! Stopping by what was seen has a price: a run stops sooner where chance makes the spread look small, so intervals hold
//! the truth a little less often than they say (Chow and Robbins 1965 show that this vanishes as the precision grows;
//! recalled). Looking first after [`FIRST_LOOK`] histories, and then at steps of a quarter, keeps it mild. The estimate
//! itself of a probability or mean is biased by far less than its interval.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::LabError;
use crate::quantile::{Z, ascending, median_interval, wilson_interval};
use crate::score::ScoreKind;

/// Histories before the first look.
pub const FIRST_LOOK: u64 = 1024;

/// What must be known how exactly.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Precision {
    /// Id of the outcome.
    pub outcome: String,
    /// Of which quantity.
    pub of: Quantity,
    /// Largest half-width of its 95 % interval: a share for a probability, days for a date, else the outcome's unit.
    pub half_width: f64,
}

/// What is estimated of an outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quantity {
    /// The probability of a yes.
    Probability,
    /// The probability that a date comes.
    Comes,
    /// The median where there is a value; its interval is read off the order statistics.
    Median,
    /// The mean where there is a value; its interval is 1.96 standard errors wide on either side.
    Mean,
}

/// How exactly something is known at the end of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reached {
    /// The stated precision.
    #[serde(flatten)]
    pub wanted: Precision,
    /// Half-width of the 95 % interval at the end; `None` where it cannot be told (too few histories have a value).
    pub reached: Option<f64>,
}

/// The precision a run is to reach, kept in its manifest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Until {
    /// The most histories it may take.
    pub at_most: u64,
    /// What must be known how exactly; after the end, how exactly it is.
    pub goals: Vec<Reached>,
}

impl Until {
    /// Whether every goal is reached.
    #[must_use]
    pub fn is_reached(&self) -> bool {
        self.goals.iter().all(|goal| goal.reached.is_some_and(|half| half <= goal.wanted.half_width))
    }
}

impl Precision {
    /// Reads `outcome=±0.01`, `mean(outcome)=±5`, `median(outcome)=±5` or `comes(outcome)=±0.01`; `+-` stands for `±`,
    /// which may be left out. An outcome alone means the probability of a yes/no and the median of a number or date.
    ///
    /// # Errors
    /// The text has another form, the outcome is unknown, the quantity does not go with it, or the half-width is not a
    /// positive number.
    pub fn parse(text: &str, known: &[KnownOutcome]) -> Result<Precision, LabError> {
        let wrong = |why: String| LabError::BadPlan { why: format!("--until {text}: {why}") };
        let Some((left, right)) = text.split_once('=') else {
            return Err(wrong("expected an outcome and a half-width, such as killed=±10".to_owned()));
        };
        let (word, name) = match left.trim().split_once('(') {
            Some((word, rest)) => (Some(word.trim()), rest.trim_end().trim_end_matches(')').trim()),
            None => (None, left.trim()),
        };
        let Some(outcome) = known.iter().find(|outcome| outcome.id == name) else {
            return Err(LabError::Unknown {
                what: "outcome",
                name: name.to_owned(),
                known: known.iter().map(|outcome| outcome.id.to_owned()).collect(),
            });
        };
        let of = match (word, outcome.kind) {
            (None, ScoreKind::YesNo) => Quantity::Probability,
            (Some("comes"), ScoreKind::Date) => Quantity::Comes,
            (None | Some("median"), ScoreKind::Number | ScoreKind::Date) => Quantity::Median,
            (Some("mean"), ScoreKind::Number | ScoreKind::Date) => Quantity::Mean,
            (Some(word @ ("mean" | "median" | "comes")), kind) => {
                return Err(wrong(format!("`{word}` does not go with {kind}, which `{name}` is")));
            }
            (Some(word), _) => {
                return Err(wrong(format!(
                    "there is no `{word}(…)`; there are mean, median and, for dates, comes"
                )));
            }
        };
        let number = right.trim();
        let number = number.strip_prefix('±').or_else(|| number.strip_prefix("+-")).unwrap_or(number).trim();
        let half_width = number.parse::<f64>().ok().filter(|half| half.is_finite() && *half > 0.0);
        let Some(half_width) = half_width else {
            return Err(wrong(format!("`{number}` is no half-width; expected a number above 0")));
        };
        if matches!(of, Quantity::Probability | Quantity::Comes) && half_width >= 0.5 {
            return Err(wrong("a probability is always known to ±0.5; expected less".to_owned()));
        }
        Ok(Precision { outcome: name.to_owned(), of, half_width })
    }

    /// Half-width of the 95 % interval of the quantity, from values as [`Run::outcome`](crate::Run::outcome) gives them;
    /// `None` where fewer than two have a value.
    #[must_use]
    pub(crate) fn half_width_of(&self, values: &[f64]) -> Option<f64> {
        let present = || values.iter().copied().filter(|value| value.is_finite());
        let n = present().count();
        let [low, high] = match self.of {
            Quantity::Comes => wilson_interval(n as u64, values.len() as u64),
            Quantity::Probability => {
                wilson_interval(present().filter(|value| *value != 0.0).count() as u64, n as u64)
            }
            _ if n < 2 => return None,
            Quantity::Median => median_interval(&ascending(present())),
            Quantity::Mean => {
                let mean = present().sum::<f64>() / n as f64;
                let squares: f64 = present().map(|value| (value - mean) * (value - mean)).sum();
                let half = Z * (squares / (n - 1) as f64 / n as f64).sqrt();
                [-half, half]
            }
        };
        let half = (high - low) / 2.0;
        half.is_finite().then_some(half)
    }
}

impl fmt::Display for Precision {
    /// As it is typed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Precision { outcome, of, half_width } = self;
        match of {
            Quantity::Mean => write!(f, "mean({outcome})=±{half_width}"),
            Quantity::Comes => write!(f, "comes({outcome})=±{half_width}"),
            Quantity::Median | Quantity::Probability => write!(f, "{outcome}=±{half_width}"),
        }
    }
}

/// An outcome that can be named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownOutcome<'a> {
    /// Its id.
    pub id: &'a str,
    /// What its values are.
    pub kind: ScoreKind,
}

/// The number of histories at which a run looks again after `size`, in whole blocks: at [`FIRST_LOOK`], then a quarter
/// further each time, and at the end.
#[must_use]
pub(crate) fn next_look(size: u64, block: u64, at_most: u64) -> u64 {
    let step = if size == 0 { FIRST_LOOK.next_multiple_of(block) } else { (size / 4 / block).max(1) * block };
    (size + step).min(at_most)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const KNOWN: [KnownOutcome<'static>; 3] = [
        KnownOutcome { id: "killed", kind: ScoreKind::Number },
        KnownOutcome { id: "coup", kind: ScoreKind::YesNo },
        KnownOutcome { id: "request_date", kind: ScoreKind::Date },
    ];

    #[test]
    fn a_precision_is_read_as_it_is_said() {
        let read = |text: &str| Precision::parse(text, &KNOWN).map(|p| (p.of, p.half_width)).unwrap();
        assert_eq!(read("coup=±0.01"), (Quantity::Probability, 0.01));
        assert_eq!(read("coup=+-0.01"), (Quantity::Probability, 0.01));
        assert_eq!(read("killed = 10"), (Quantity::Median, 10.0));
        assert_eq!(read("mean(killed)=±5"), (Quantity::Mean, 5.0));
        assert_eq!(read("request_date=±0.5"), (Quantity::Median, 0.5));
        assert_eq!(read("comes(request_date)=±0.02"), (Quantity::Comes, 0.02));
    }

    #[test]
    fn what_cannot_be_reached_or_read_says_why() {
        let refused = |text: &str| Precision::parse(text, &KNOWN).unwrap_err().to_string();
        assert!(refused("kiled=±1").contains("killed"));
        assert!(refused("killed").contains("such as killed=±10"));
        assert!(refused("killed=±0").contains("above 0"));
        assert!(refused("killed=±x").contains("above 0"));
        assert!(refused("coup=±0.5").contains("always known"));
        assert!(refused("mean(coup)=±0.1").contains("does not go with a yes/no"));
        assert!(refused("comes(killed)=±0.1").contains("does not go with a number"));
        assert!(refused("mode(killed)=±0.1").contains("mean, median"));
    }

    #[test]
    fn a_constant_is_known_at_once_and_a_value_nobody_has_never() {
        let median = Precision { outcome: "killed".to_owned(), of: Quantity::Median, half_width: 1.0 };
        assert_eq!(median.half_width_of(&[7.0; 50]), Some(0.0));
        assert_eq!(median.half_width_of(&[f64::NAN; 50]), None);
        assert_eq!(median.half_width_of(&[]), None);
    }

    #[test]
    fn looks_are_whole_blocks_and_end_at_the_most() {
        let looks = |block, at_most| {
            let mut all = vec![0];
            while all[all.len() - 1] < at_most {
                all.push(next_look(all[all.len() - 1], block, at_most));
            }
            all.split_off(1)
        };
        assert_eq!(looks(512, 3000), [1024, 1536, 2048, 2560, 3000]);
        assert_eq!(looks(64, 500), [500]);
        assert_eq!(looks(512, 10_000)[..6], [1024, 1536, 2048, 2560, 3072, 3584]);
    }

    proptest! {
        #[test]
        fn what_is_printed_is_read_back(half in 0.001f64..0.49, which in 0usize..2) {
            let wanted = [
                Precision { outcome: "coup".to_owned(), of: Quantity::Probability, half_width: half },
                Precision { outcome: "killed".to_owned(), of: Quantity::Mean, half_width: half },
            ][which].clone();
            prop_assert_eq!(Precision::parse(&wanted.to_string(), &KNOWN).unwrap(), wanted);
        }

        #[test]
        fn a_look_never_goes_back(size in 0u64..1_000_000, block in 0u32..11, more in 1u64..1_000_000) {
            let next = next_look(size, 1 << block, size + more);
            prop_assert!(next > size && next <= size + more);
        }
    }
}
