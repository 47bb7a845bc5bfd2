//! Rows of the CSV files.

use super::table;
use super::value::{Day, Word, YesNo};
use crate::evidence::{Modifier, Status, SubjectKind};
use crate::scenario::ActorKind;

table! {
    /// A row of sources.csv: a document that reports something.
    SourceRow
    required {
        /// Short name used in other files.
        id: String,
        /// Who published it.
        outlet: String,
        /// Its headline, or what it is.
        title: String,
    }
    optional {
        /// Day of publication as far as known (free text: a report may print none).
        date: String,
        /// Language (ISO 639-1).
        language: String,
        /// Whose outlet it is.
        affiliation: String,
        /// A remark for people.
        note: String,
    }
}

table! {
    /// A row of subjects.csv: what claims can be about.
    SubjectRow
    required {
        /// Short name used in other files.
        id: String,
        /// Type of the claims' values.
        kind: Word<SubjectKind>,
        /// What it is, for people.
        title: String,
    }
    optional {
        /// Unit of numbers: persons, hours, days, years, months, points, usd_per_barrel, tenge_per_litre, states,
        /// sites, flights or number; empty for other kinds.
        unit: String,
    }
}

table! {
    /// A row of claims.csv: one thing a source says.
    ClaimRow
    required {
        /// Short name used in other files.
        id: String,
        /// What it is about: an id of subjects.csv.
        subject: String,
        /// How the source puts it.
        status: Word<Status>,
        /// Who says so: an id of sources.csv.
        source: String,
        /// The claim in our own words.
        text: String,
    }
    optional {
        /// What it says: a number, a date, yes, no or a word, by the kind of its subject; empty if it says that
        /// something is unknown.
        value: String,
        /// Low end of the interval, where the modifier's rule does not fit.
        low: String,
        /// High end of the interval, where the modifier's rule does not fit.
        high: String,
        /// Hedge that turns the value into an interval; empty means exactly.
        modifier: Word<Modifier>,
        /// First day it speaks of.
        from: Day,
        /// Last day it speaks of.
        to: Day,
        /// Where.
        place: String,
        /// Who acts in it.
        actor: String,
        /// The chain from the outlet to the origin, separated by semicolons.
        attribution: String,
        /// Paragraph of the source, several as 3;7.
        paragraph: String,
        /// Conflict group: claims that cannot all be true.
        group: String,
    }
}

table! {
    /// A row of actors.csv: a state, an organisation, or a group inside the focus state.
    ActorRow
    required {
        /// Short name used in other files: ISO 3166-1 alpha-3 for states.
        id: String,
        /// Name for people.
        name: String,
        /// What it is.
        kind: Word<ActorKind>,
    }
    optional {
        /// The bloc it belongs to, for people.
        bloc: String,
        /// A remark for people.
        note: String,
    }
}

table! {
    /// A row of places.csv: a city or region of the focus state.
    PlaceRow
    required {
        /// Short name used in other files.
        id: String,
        /// Name for people.
        name: String,
        /// Degrees north.
        latitude: f64,
        /// Degrees east.
        longitude: f64,
        /// Inhabitants.
        population: f64,
        /// Name of the parameter: dependence on the shocked fuel, 0 to 1.
        fuel_dependence: String,
        /// Name of the parameter: grievance that does not depend on the price, 0 to 1.
        standing_grievance: String,
        /// Number of key sites (administration, police, airport).
        key_sites: u32,
        /// Whether it is the seat of government.
        capital: YesNo,
    }
    optional {
        /// The region it lies in, for people.
        region: String,
        /// Day of the first protest as reported, for scoring only.
        first_protest: Day,
        /// Where population and coordinates come from, for people.
        source: String,
    }
}

table! {
    /// A row of outline.csv: a corner of the focus state's outline on a map; the corners of a ring follow one another.
    OutlineRow
    required {
        /// Number of the ring: the mainland, an island.
        ring: u32,
        /// Degrees north.
        latitude: f64,
        /// Degrees east.
        longitude: f64,
    }
    optional {
    }
}

table! {
    /// A row of record.csv: one thing that really happened, as a claim.
    RecordFileRow
    required {
        /// What it scores: the id of an outcome, or of a series (then with a date).
        target: String,
        /// The claim that reports it.
        claim: String,
        /// Whether calibration may look at it.
        r#use: Word<RecordUse>,
    }
    optional {
        /// The day, for a series.
        date: Day,
        /// Claims that say what was expected before it happened, apart by `;`: scored beside the ensemble.
        expected: String,
        /// A remark for people.
        note: String,
    }
}

/// Whether calibration may look at a row of the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RecordUse {
    /// Calibration fits to it.
    Fit,
    /// Kept aside to judge the fit.
    HeldOut,
}
