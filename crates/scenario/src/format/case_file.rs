//! treaties/cases/*.toml: a request as it stood on one day.

use schemars::JsonSchema;
use toml::de::DeValue;

use super::value::{Day, wrong};
use super::{At, Named, Raw, Read, table};
use crate::diagnostic::{Report, Spot};

table! {
    /// A request under a treaty: what was known that day, what each member had at stake, what came of it.
    CaseFile
    required {
        /// Title for people.
        title: String,
        /// Id of the treaty.
        treaty: String,
        /// The day of the request.
        date: Day,
        /// Who asks.
        requester: String,
        /// What is known of the treaty's facts: yes/no, a degree from 0 to 1, or [low, high].
        facts: Named<Known>,
        /// What members have at stake; `default` holds for those that are not listed.
        stakes: Named<StakesTable>,
        /// Where all this is from.
        sources: Vec<At<String>>,
    }
    optional {
        /// Where it happens: a member or a territory of the treaty (default: the requester).
        place: String,
        /// What members hold the facts to be where that differs, by member.
        beliefs: Named<Named<Known>>,
        /// Members that stay away.
        absent: Vec<At<String>>,
        /// Hours after which the requester takes the request back.
        patience_hours: [f64; 2],
        /// What came of it.
        observed: ObservedTable,
        /// What has to be said about the coding.
        note: String,
    }
}

table! {
    /// What a member has at stake: degrees, or [low, high].
    StakesTable
    required {}
    optional {
        /// Interest in the requester's stability, 0 to 1.
        interest: Known,
        /// What it would lose with the alleged attacker by helping, 0 to 1.
        relation: Known,
        /// Share of its forces that other commitments bind, 0 to 1.
        capacity: Known,
        /// Opposition at home, 0 to 1.
        home: Known,
        /// What a grant means for later cases, -1 (feared) to 1 (wanted).
        precedent: Known,
    }
}

table! {
    /// What came of a request.
    ObservedTable
    required {
        /// Whether what was asked was given.
        granted: bool,
        /// What was given, in words.
        answer: String,
    }
    optional {
        /// Whether the leading member was in favour, where that is known.
        lead_in_favour: bool,
    }
}

/// A degree that may be known within limits only.
#[derive(Debug, Clone, Copy, PartialEq, JsonSchema)]
#[schemars(untagged)]
pub(crate) enum Known {
    /// Known well enough.
    Degree(f64),
    /// Between two limits.
    Between([f64; 2]),
}

impl Known {
    /// The lower and the upper limit.
    pub fn limits(self) -> [f64; 2] {
        match self {
            Known::Degree(value) => [value, value],
            Known::Between(limits) => limits,
        }
    }
}

impl Read for Known {
    fn read(raw: &Raw<'_>, spot: Spot, report: &mut Report) -> Option<Self> {
        match raw {
            Raw::Toml(DeValue::Boolean(truth)) => Some(Known::Degree(f64::from(*truth))),
            Raw::Toml(DeValue::Array(_)) => <[f64; 2]>::read(raw, spot, report).map(Known::Between),
            Raw::Toml(DeValue::Integer(_) | DeValue::Float(_)) => {
                f64::read(raw, spot, report).map(Known::Degree)
            }
            _ => {
                wrong(raw, "true, false, a number or [low, high]", spot, report);
                None
            }
        }
    }
}
