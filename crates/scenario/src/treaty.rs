//! A treaty's text as data: what it obliges to and when, who decides by which rule, how a request runs its course, and
//! what past requests were.
//!
//! A treaty stands on its own: its triggers are conditions over facts that it names itself. A scenario says what those
//! facts are in its world; a case says what was known of them on one day. So one file serves both.

use equipoise_models::treaty::{Answer, ClauseTest, Prior, Procedure, Rule, admissibility};
use jiff::civil::Date;

use crate::expression::{Expression, Reference};
use crate::scenario::Obligation;

pub use crate::load::treaty_case::{parse_case, parse_treaty, read_case, read_treaty};

/// A treaty and the rules of procedure made for it.
#[derive(Debug, Clone)]
pub struct TreatyText {
    /// Short name used in files.
    pub id: String,
    /// Name for people.
    pub title: String,
    /// The day it was signed.
    pub signed: Date,
    /// Rule by which the members decide where a clause names none of its own.
    pub rule: Rule,
    /// The leading member's name, if one leads.
    pub lead: Option<String>,
    /// Facts that triggers read: short name and title.
    pub facts: Vec<(String, String)>,
    /// Obligations.
    pub clauses: Vec<Clause>,
    /// Territories that are no member by themselves.
    pub territories: Vec<Territory>,
    /// Areas in which clauses hold.
    pub areas: Vec<Area>,
    /// All who ever were members.
    pub members: Vec<Membership>,
    /// The course of a request.
    pub procedure: Procedure,
    /// Short names of the procedure's stages.
    pub stages: Vec<String>,
    /// What can be given instead, the most helpful first.
    pub answers: Vec<LesserAnswer>,
    /// What is held possible of the weights of votes, with the reason, in the order of the models' `WEIGHT_NAMES`.
    pub priors: Option<[(Prior, String); 8]>,
}

/// One obligation of a treaty.
#[derive(Debug, Clone)]
pub struct Clause {
    /// Short name used in files.
    pub id: String,
    /// The article it stands in, for people.
    pub article: String,
    /// Kind of obligation, as the field codes it.
    pub obligation: Obligation,
    /// Where it holds.
    pub holds_in: HoldsIn,
    /// Rule by which it is invoked, where that is not the treaty's.
    pub decides: Option<Rule>,
    /// Its wordings, the oldest first.
    pub versions: Vec<Version>,
}

/// Where a clause holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HoldsIn {
    /// Everywhere.
    Everywhere,
    /// On the territory of whoever is a member on the day.
    Members,
    /// In one of the treaty's areas (index).
    Area(usize),
}

/// A territory that is no member by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Territory {
    /// Short name used in files.
    pub id: String,
    /// Name for people.
    pub title: String,
    /// The member it belongs to, if any.
    pub of: Option<String>,
}

/// Members and territories in which a clause holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Area {
    /// Short name used in files.
    pub id: String,
    /// Name for people.
    pub title: String,
    /// Members and territories in it.
    pub covers: Vec<String>,
}

/// One wording of a clause.
#[derive(Debug, Clone)]
pub struct Version {
    /// The day it was signed.
    pub signed: Date,
    /// First day in force.
    pub from: Date,
    /// Last day in force.
    pub until: Option<Date>,
    /// How far its condition is met, 0 to 1: an expression whose parameters are the treaty's facts, by index.
    pub trigger: Expression,
    /// How strongly it binds once it is met, 0 to 1.
    pub strength: f64,
    /// What a breach costs in standing, 0 to 1.
    pub breach_cost: f64,
}

/// Who is a member, and when.
#[derive(Debug, Clone, PartialEq)]
pub struct Membership {
    /// Its name among the actors.
    pub actor: String,
    /// First day, if not from the beginning.
    pub from: Option<Date>,
    /// Last day, if it left.
    pub until: Option<Date>,
    /// Its weight in a weighted vote.
    pub weight: f64,
}

/// What an alliance may give instead of what was asked.
#[derive(Debug, Clone, PartialEq)]
pub struct LesserAnswer {
    /// Short name.
    pub id: String,
    /// Name for people.
    pub title: String,
    /// How much help and burden it is.
    pub answer: Answer,
}

/// A clause with a wording in force, held against facts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tested {
    /// Index of the clause.
    pub clause: usize,
    /// Index of the wording.
    pub version: usize,
    /// Whether the case lies where the clause holds.
    pub in_area: bool,
    /// How far its trigger is met, 0 to 1; 0 outside its area.
    pub degree: f64,
}

/// A treaty held against facts on a day.
#[derive(Debug, Clone, PartialEq)]
pub struct Carried {
    /// Each clause with a wording in force.
    pub tests: Vec<Tested>,
    /// How far clauses that oblige to help with forces or aid cover the case: degree times strength of the strongest.
    pub help: f64,
    /// The same, with clauses that oblige to consult.
    pub talk: f64,
    /// Standing lost by whoever does not help: degree times cost of breach of the dearest of the clauses on help.
    pub breach: f64,
    /// The rule of decision: that of the clause that carries the request, or the treaty's.
    pub rule: Rule,
}

impl TreatyText {
    /// Holds the clauses in force on a day against a case at a place (a member, a territory, or any other name) and its
    /// facts (one value of 0 to 1 for each of [`TreatyText::facts`]). A clause whose area the place is not in is not met.
    pub fn carry(&self, date: Date, place: &str, facts: &[f64]) -> Carried {
        let mut found = Carried { tests: Vec::new(), help: 0.0, talk: 0.0, breach: 0.0, rule: self.rule };
        for (c, clause) in self.clauses.iter().enumerate() {
            let Some(v) = clause.in_force(date) else { continue };
            let version = &clause.versions[v];
            let degree = version.trigger.evaluate(|reference| match reference {
                Reference::Parameter(fact) => facts.get(fact).copied().unwrap_or(0.0),
                _ => 0.0,
            });
            let in_area = self.holds_at(clause, place, date);
            let degree = if in_area { degree.clamp(0.0, 1.0) } else { 0.0 };
            found.tests.push(Tested { clause: c, version: v, in_area, degree });
            let carries = admissibility(&[ClauseTest { degree, strength: version.strength }]);
            if clause.obligation.is_to_help() {
                if carries > found.help {
                    found.help = carries;
                    found.rule = clause.decides.unwrap_or(self.rule);
                }
                found.breach = found.breach.max(degree * version.breach_cost);
            }
            if clause.obligation.is_to_help() || clause.obligation == Obligation::Consultation {
                found.talk = found.talk.max(carries);
            }
        }
        found
    }

    /// Whether a clause holds at a place on a day: a member counts while it is one, a territory while the member it
    /// belongs to is.
    pub fn holds_at(&self, clause: &Clause, place: &str, date: Date) -> bool {
        let counts = match self.territories.iter().find(|territory| territory.id == place) {
            Some(territory) => territory.of.as_ref().is_none_or(|of| self.is_member(of, date)),
            None => self.is_member(place, date),
        };
        match clause.holds_in {
            HoldsIn::Everywhere => true,
            HoldsIn::Members => counts && self.members.iter().any(|member| member.actor == place),
            HoldsIn::Area(area) => counts && self.areas[area].covers.iter().any(|covered| covered == place),
        }
    }

    /// The name of a place, for people.
    pub fn place_title<'t>(&'t self, place: &'t str) -> &'t str {
        self.territories
            .iter()
            .find(|territory| territory.id == place)
            .map_or(place, |territory| &territory.title)
    }

    /// The area of a clause, for people; none if it holds everywhere.
    pub fn area_title(&self, clause: &Clause) -> Option<&str> {
        match clause.holds_in {
            HoldsIn::Everywhere => None,
            HoldsIn::Members => Some("the territory of members"),
            HoldsIn::Area(area) => Some(&self.areas[area].title),
        }
    }

    /// Every name a place of a case can have: members and territories.
    pub(crate) fn places(&self) -> impl Iterator<Item = &str> {
        let members = self.members.iter().map(|member| member.actor.as_str());
        members.chain(self.territories.iter().map(|territory| territory.id.as_str()))
    }

    /// Whether somebody is a member on a day.
    pub(crate) fn is_member(&self, actor: &str, date: Date) -> bool {
        self.members.iter().any(|member| member.actor == actor && member.on(date))
    }
}

impl Clause {
    /// Index of the wording in force on a day.
    pub(crate) fn in_force(&self, date: Date) -> Option<usize> {
        self.versions
            .iter()
            .rposition(|version| version.from <= date)
            .filter(|&v| self.versions[v].until.is_none_or(|until| date <= until))
    }
}

impl Membership {
    /// Whether it is a member on a day.
    pub fn on(&self, date: Date) -> bool {
        self.from.is_none_or(|from| from <= date) && self.until.is_none_or(|until| date <= until)
    }
}

/// A figure known within limits, the lower first.
pub type Limits = [f64; 2];

/// A request as it stood on one day: what was known, what each member had at stake, and what came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct TreatyCase {
    /// Name of the file without its ending.
    pub id: String,
    /// Title for people.
    pub title: String,
    /// The day of the request.
    pub date: Date,
    /// Who asks.
    pub requester: String,
    /// Where it happens: the requester, another member, or a territory.
    pub place: String,
    /// What is known of each of the treaty's facts, in its order.
    pub facts: Vec<Limits>,
    /// Who can vote, with what it believes and has at stake.
    pub members: Vec<CaseMember>,
    /// Index of the leading member among them, if it can vote.
    pub lead: Option<usize>,
    /// Hours after which the requester takes the request back.
    pub patience_hours: Option<Limits>,
    /// What came of it.
    pub observed: Option<Observation>,
    /// Where the facts are from, for people.
    pub sources: Vec<String>,
    /// What has to be said about the coding, for people.
    pub note: String,
}

/// A member in a case.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseMember {
    /// Its name.
    pub actor: String,
    /// Its weight in a weighted vote.
    pub weight: f64,
    /// What it holds the facts to be, in the treaty's order.
    pub beliefs: Vec<Limits>,
    /// Interest, relation, capacity, home and precedent.
    pub stakes: [Limits; 5],
}

/// What came of a request.
#[derive(Debug, Clone, PartialEq)]
pub struct Observation {
    /// Whether what was asked was given.
    pub granted: bool,
    /// Whether the leading member was in favour, where that is known.
    pub lead_in_favour: Option<bool>,
    /// What was given instead, in words.
    pub answer: String,
}

impl TreatyCase {
    /// How far the clauses in force cover the case for somebody who takes the facts to be as told: at the lower and at
    /// the upper limits. Triggers rise with their facts in every treaty we know; where one falls, the two are swapped.
    pub fn help(&self, text: &TreatyText, facts: &[Limits]) -> Limits {
        let at = |end: usize| {
            let values: Vec<f64> = facts.iter().map(|limits| limits[end]).collect();
            text.carry(self.date, &self.place, &values).help
        };
        let (low, high) = (at(0), at(1));
        [low.min(high), low.max(high)]
    }

    /// The case as the models fit it.
    pub fn for_fit(&self, text: &TreatyText) -> Option<equipoise_models::treaty::FitCase> {
        use equipoise_models::treaty::{FitCase, FitMember, Observed};
        let observed = self.observed.as_ref()?;
        let middle: Vec<f64> = self.facts.iter().map(|[low, high]| 0.5 * (low + high)).collect();
        Some(FitCase {
            id: self.id.clone(),
            rule: text.carry(self.date, &self.place, &middle).rule,
            lead: self.lead,
            members: self
                .members
                .iter()
                .map(|member| FitMember {
                    admissibility: self.help(text, &member.beliefs),
                    stakes: member.stakes,
                    weight: member.weight,
                })
                .collect(),
            observed: Observed { granted: observed.granted, lead_in_favour: observed.lead_in_favour },
        })
    }
}
