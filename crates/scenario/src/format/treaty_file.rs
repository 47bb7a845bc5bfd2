//! treaties/*.toml: a treaty's text as data. Its triggers read facts that it names itself; what those facts are, a
//! scenario or a case says.

use schemars::JsonSchema;
use serde::Deserialize;
use toml::de::DeValue;

use super::value::{Day, Word, wrong};
use super::{At, Named, Raw, Read, table};
use crate::diagnostic::{Report, Spot};
use crate::scenario::Obligation;

table! {
    /// A treaty: facts, clauses with dated wordings, members, the course of a request.
    TreatyFile
    required {
        /// Short name used in other files.
        id: String,
        /// Name for people.
        title: String,
        /// The day it was signed.
        signed: Day,
        /// Rule by which the members decide on a request.
        rule: RuleText,
        /// What the triggers of its clauses may ask.
        facts: Named<FactTable>,
        /// Obligations and what triggers them.
        clauses: Named<ClauseTable>,
        /// All who ever were members, by actor.
        members: Named<MembershipTable>,
    }
    optional {
        /// The leading member.
        lead: String,
        /// Territories that are no member by themselves, for areas and for places of cases.
        territories: Named<TerritoryTable>,
        /// Areas in which clauses hold.
        areas: Named<AreaTable>,
        /// The stages of a request, the first one first; if left out, members talk and vote.
        procedure: Named<StageTable>,
        /// What can be given instead of what was asked, the most helpful first.
        answers: Named<AnswerTable>,
        /// What is held possible of the weights of the reasons in a vote.
        priors: Named<PriorTable>,
    }
}

table! {
    /// Something a trigger may ask: a degree from 0 (no) to 1 (yes).
    FactTable
    required {
        /// What it is, for people.
        title: String,
    }
    optional {}
}

table! {
    /// One obligation of a treaty.
    ClauseTable
    required {
        /// The article it stands in, for people.
        article: String,
        /// Kind of obligation.
        obligation: Word<Obligation>,
        /// Its wordings, the oldest first.
        versions: Vec<At<VersionTable>>,
    }
    optional {
        /// Where it holds: `members` (the territory of whoever is a member that day) or one of `areas`; everywhere if left out.
        area: String,
        /// Rule by which it is invoked, where that is not the treaty's.
        decides: RuleText,
    }
}

table! {
    /// One wording of a clause: a request is judged by the one in force that day.
    VersionTable
    required {
        /// The day it was signed.
        signed: Day,
        /// First day in force.
        from: Day,
        /// How strongly it binds: 0 (not at all) to 3 (a duty).
        strength: u32,
        /// What it says, in own words.
        words: String,
    }
    optional {
        /// Expression over the treaty's facts: how far its condition is met, 0 to 1 or yes/no.
        trigger: String,
        /// Last day in force, where no later wording replaces it.
        until: Day,
        /// What a breach costs in standing: 0 (nothing) to 3 (much); the strength if left out.
        breach_cost: u32,
    }
}

table! {
    /// A territory that is no member by itself.
    TerritoryTable
    required {
        /// What it is, for people.
        title: String,
    }
    optional {
        /// The member it belongs to: it counts only while that is one.
        of: String,
    }
}

table! {
    /// Where a clause holds.
    AreaTable
    required {
        /// What it is, for people.
        title: String,
        /// Members (while they are) and territories in it.
        covers: Vec<At<String>>,
    }
    optional {}
}

table! {
    /// When an actor is a member.
    MembershipTable
    required {}
    optional {
        /// First day, if not from the beginning.
        from: Day,
        /// Last day, if it left.
        until: Day,
        /// Weight in a weighted vote (default 1).
        weight: f64,
    }
}

table! {
    /// A stage of a request.
    StageTable
    required {
        /// What is done.
        kind: Word<StageWord>,
        /// Shortest and longest time it takes, in hours.
        hours: [f64; 2],
        /// Where it leads when it ends well: a stage, or an end (granted, lesser, refused, lapsed, withdrawn).
        done: String,
        /// Where it leads when it fails.
        failed: String,
        /// Why these hours.
        reason: String,
    }
    optional {
        /// Hours after which it is given up.
        limit_hours: f64,
        /// Where it leads then (default: lapsed).
        late: String,
    }
}

/// What is done in a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum StageWord {
    /// The legal test.
    Admissibility,
    /// The members talk.
    Consultation,
    /// The members vote on what was asked.
    Vote,
    /// The members vote on what else they could give.
    LesserAnswer,
    /// The answer is made public.
    Announcement,
}

table! {
    /// What an alliance may give instead.
    AnswerTable
    required {
        /// What it is, for people.
        title: String,
        /// How much of the help it is, 0 to 1.
        help: f64,
        /// How much of the burden it is, 0 to 1.
        burden: f64,
        /// Why.
        reason: String,
    }
    optional {}
}

table! {
    /// What is held possible of a weight: exactly one of half_normal, normal and uniform.
    PriorTable
    required {
        /// Why.
        reason: String,
    }
    optional {
        /// Absolute value of a normal number with this standard deviation.
        half_normal: f64,
        /// A normal number: mean and standard deviation.
        normal: [f64; 2],
        /// Smallest and largest value.
        uniform: [f64; 2],
    }
}

/// Rule by which members decide.
#[derive(Debug, Clone, PartialEq, JsonSchema)]
#[schemars(rename_all = "snake_case")]
pub(crate) enum RuleText {
    /// No member votes against.
    Consensus,
    /// Every member present votes for.
    Unanimity,
    /// More members vote for than against.
    Majority,
    /// Those that say yes act, the others do not.
    EachForItself,
    /// The leading member decides.
    Lead,
    /// Those in favour hold this share of all weight.
    Weighted(At<f64>),
}

impl Read for RuleText {
    fn read(raw: &Raw<'_>, spot: Spot, report: &mut Report) -> Option<Self> {
        const WORDS: [&str; 5] = ["consensus", "unanimity", "majority", "each_for_itself", "lead"];
        let expected = format!("one of {}, or {{ weighted = 0.67 }}", WORDS.join(", "));
        match raw {
            Raw::Toml(DeValue::String(text)) => match text.as_ref() {
                "consensus" => Some(RuleText::Consensus),
                "unanimity" => Some(RuleText::Unanimity),
                "majority" => Some(RuleText::Majority),
                "each_for_itself" => Some(RuleText::EachForItself),
                "lead" => Some(RuleText::Lead),
                other => {
                    report
                        .error(spot, format!("there is no rule `{other}`"))
                        .expected(expected)
                        .near(other, WORDS);
                    None
                }
            },
            Raw::Toml(DeValue::Table(table)) if table.len() == 1 => match table.get("weighted") {
                Some(value) => {
                    let inner = spot.at(value.span());
                    f64::read(&Raw::Toml(value.get_ref()), inner, report)
                        .map(|value| RuleText::Weighted(At { value, spot: inner }))
                }
                None => {
                    wrong(raw, &expected, spot, report);
                    None
                }
            },
            _ => {
                wrong(raw, &expected, spot, report);
                None
            }
        }
    }
}
