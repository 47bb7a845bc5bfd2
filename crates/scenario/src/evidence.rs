//! Evidence: sources, claims, accounts, and how claims that disagree become the value of a parameter.

mod chain;
mod conflict;
mod modifier;
mod pool;
mod status;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use chain::{Chain, ChainAccount, ChainLink};
pub use conflict::Conflict;
pub use modifier::Modifier;
pub use status::Status;

/// Everything a scenario folder says about what was reported by whom.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    /// Documents that report something.
    pub sources: Vec<Source>,
    /// What claims are about.
    pub subjects: Vec<ClaimSubject>,
    /// What sources say.
    pub claims: Vec<Claim>,
    /// Coherent views of what to believe.
    pub accounts: Vec<Account>,
}

/// A document that reports something.
#[derive(Debug, Clone)]
pub struct Source {
    /// Short name used in files.
    pub id: String,
    /// Who published it.
    pub outlet: String,
    /// Its headline, or what it is.
    pub title: String,
    /// Day of publication as far as known (free text: a report may print none).
    pub date: String,
    /// Language (ISO 639-1).
    pub language: String,
    /// Whose outlet it is.
    pub affiliation: String,
    /// A remark for people.
    pub note: String,
}

/// What a claim can be about, with its type.
#[derive(Debug, Clone)]
pub struct ClaimSubject {
    /// Short name used in files.
    pub id: String,
    /// Its type.
    pub kind: SubjectKind,
    /// Unit in words, for numbers.
    pub unit: String,
    /// What it is, for people.
    pub title: String,
}

/// Types of subjects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SubjectKind {
    /// A number with a unit.
    Number,
    /// A share between 0 and 1.
    Share,
    /// A day.
    Date,
    /// True or false.
    YesNo,
    /// One of several words.
    Category,
}

/// One thing a source says.
#[derive(Debug, Clone)]
pub struct Claim {
    /// Short name used in files.
    pub id: String,
    /// What it is about (index).
    pub subject: usize,
    /// What it says; `None` when it only says that something is unknown.
    pub value: Option<ClaimValue>,
    /// Hedge that turns the value into an interval.
    pub modifier: Modifier,
    /// The interval the claim leaves open, for numbers, shares and dates (dates as days since 1970-01-01).
    /// An open end is infinite.
    pub interval: Option<[f64; 2]>,
    /// First day it speaks of.
    pub from: Option<Date>,
    /// Last day it speaks of.
    pub to: Option<Date>,
    /// Where.
    pub place: String,
    /// Who acts in it.
    pub actor: String,
    /// The chain from the outlet to the origin.
    pub attribution: Vec<String>,
    /// How the source puts it.
    pub status: Status,
    /// The source (index).
    pub source: usize,
    /// Paragraph(s) of the source.
    pub paragraph: String,
    /// Conflict group, empty if none.
    pub group: String,
    /// The claim in our own words.
    pub text: String,
}

/// The value of a claim.
#[derive(Debug, Clone, PartialEq)]
pub enum ClaimValue {
    /// A number or a share.
    Number(f64),
    /// A day.
    Date(Date),
    /// True or false.
    YesNo(bool),
    /// A word.
    Category(String),
}

/// A coherent view of what to believe where claims conflict.
#[derive(Debug, Clone)]
pub struct Account {
    /// Short name used in files.
    pub id: String,
    /// Name for people.
    pub title: String,
    /// Who tells it so, and why this credence.
    pub explanation: String,
    /// Prior weight; all sum to one.
    pub credence: f64,
    /// For each claim, how far this account trusts it (0 to 1).
    pub trust: Vec<f64>,
}

/// The claims an account trusts on a subject: a linear opinion pool (Stone 1961).
#[derive(Debug, Clone, Default)]
pub struct Pool {
    /// Claims with positive weight; weights sum to one.
    pub parts: Vec<PoolPart>,
}

/// One claim in a pool.
#[derive(Debug, Clone)]
pub struct PoolPart {
    /// The claim (index).
    pub claim: usize,
    /// Its share of the pool.
    pub weight: f64,
    /// Interval within the parameter's hard bounds.
    pub interval: [f64; 2],
}
