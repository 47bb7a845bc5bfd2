//! What the numbers of the model rest on: parameters, claims, conflicts, sources.

use equipoise_scenario::unit::Unit;

/// Where one number of the model comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct ParameterRow {
    /// Name in expressions.
    pub id: String,
    /// What it is, for people.
    pub title: String,
    /// Its unit.
    pub unit: Unit,
    /// Its basis.
    pub basis: BasisRow,
}

/// What one number of the model rests on.
#[derive(Debug, Clone, PartialEq)]
pub enum BasisRow {
    /// Claims, each trusted by some accounts.
    Evidence {
        /// What the claims are about.
        subject: String,
        /// The claims.
        claims: Vec<TrustedClaim>,
    },
    /// A range held possible.
    Assumption {
        /// Smallest and largest value.
        range: [f64; 2],
        /// How values spread within it, in words.
        shape: String,
        /// Why.
        reason: String,
    },
}

/// A claim and what each account makes of it.
#[derive(Debug, Clone, PartialEq)]
pub struct TrustedClaim {
    /// The claim.
    pub claim: ClaimRow,
    /// Its weight under each account that gives it any: (account's short name, share of the pool).
    pub weights: Vec<(String, f64)>,
}

/// One thing a source says.
#[derive(Debug, Clone, PartialEq)]
pub struct ClaimRow {
    /// Value or interval in words.
    pub value: String,
    /// The claim in our own words.
    pub text: String,
    /// How the source puts it: "asserted", "alleged".
    pub status: String,
    /// The chain from the outlet to the origin: "nd ← Khabar".
    pub chain: String,
    /// Where it is reported.
    pub citation: Citation,
}

/// Claims that contradict each other on one subject.
#[derive(Debug, Clone, PartialEq)]
pub struct Conflict {
    /// Name of the conflict group.
    pub group: String,
    /// What it is about.
    pub subject: String,
    /// The sides: each the claims that agree with one another.
    pub sides: Vec<Vec<ClaimRow>>,
}

/// A document behind claims.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceRow {
    /// Short name used in files.
    pub id: String,
    /// Who published it.
    pub outlet: String,
    /// Its headline, or what it is.
    pub title: String,
    /// Day of publication as far as known.
    pub date: String,
    /// Language.
    pub language: String,
    /// Whose outlet it is.
    pub affiliation: String,
    /// A remark for people.
    pub note: String,
    /// Number of claims it makes.
    pub claims: u64,
}

/// Where something is reported.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Citation {
    /// Short name of the claim.
    pub claim: String,
    /// Short name of the source, as in [`SourceRow::id`].
    pub source: String,
    /// Who published it.
    pub outlet: String,
    /// The source's day of publication, as far as it prints one.
    pub date: String,
    /// Its paragraph or paragraphs.
    pub paragraph: String,
}
