//! treaties/*.toml: an alliance as rules. Numbers are names of parameters of the scenario that lists the treaty.

use schemars::JsonSchema;
use toml::de::DeValue;

use super::value::{Day, Word, wrong};
use super::{At, Named, Raw, Read, table};
use crate::diagnostic::{Report, Spot};
use crate::scenario::Obligation;

table! {
    /// A treaty: clauses, a procedure, members.
    TreatyFile
    required {
        /// Short name used in other files.
        id: String,
        /// Name for people.
        title: String,
        /// Rule by which the members decide on a request.
        rule: RuleText,
        /// Parameter (hours): from request to decision.
        latency_hours: String,
        /// Parameter (number): rationality of the members' votes.
        rationality: String,
        /// Parameter (persons / days): what the airlift carries.
        airlift_per_day: String,
        /// Parameter (days): from the end of the mandate to the last departure.
        withdrawal_days: String,
        /// Obligations and what triggers them.
        clauses: Named<ClauseTable>,
        /// Those who vote, by actor: every member but the focus state.
        members: Named<MemberTable>,
    }
    optional {
        /// The leading member.
        lead: String,
        /// Parameter (yes_no): the leading member decides alone in fact.
        lead_decides: String,
        /// The parts of the utility of yes over no, for every member that does not give its own.
        vote: VoteTable,
    }
}

table! {
    /// One obligation of a treaty.
    ClauseTable
    required {
        /// The article it stands in, for people.
        article: String,
        /// Kind of obligation.
        obligation: Word<Obligation>,
        /// First day in force.
        from: Day,
        /// Expression: how far its condition is met, 0 to 1 or yes/no; may ask about `self`, the member.
        trigger: String,
        /// Parameter (number): how strongly it binds, 0 to 1.
        strength: String,
    }
    optional {
        /// Last day in force.
        until: Day,
    }
}

table! {
    /// A member of a treaty.
    MemberTable
    required {
        /// Parameter (number): how readily it believes the requester's framing, 0 to 1.
        credulity: String,
        /// Parameter (persons): soldiers it sends if it agrees.
        contingent: String,
    }
    optional {
        /// Parts of its utility that differ from the treaty's.
        vote: VoteTable,
        /// Consent of its parliament, where that is needed.
        ratification: RatificationTable,
    }
}

table! {
    /// The parts of a member's utility of yes over no: expressions, plain numbers; `self` is the member.
    VoteTable
    required {}
    optional {
        /// Duty under the clauses admitted.
        obligation: String,
        /// Interest in the requester's stability.
        interest: String,
        /// Pressure of the leading member.
        pressure: String,
        /// Cost of the forces it can spare.
        capacity: String,
        /// Cost at home.
        home: String,
        /// Weight of what was decided before.
        precedent: String,
    }
}

table! {
    /// Consent of a parliament: names of parameters, all plain numbers.
    RatificationTable
    required {
        /// Seats in the chamber.
        seats: String,
        /// Yes votes needed.
        votes_needed: String,
        /// Deputies needed for a quorum.
        quorum: String,
        /// Share of deputies who come on a day.
        attendance: String,
        /// Share of those present who vote yes.
        support: String,
        /// Ballots held before the chamber gives up.
        ballots: String,
    }
    optional {}
}

/// Rule by which the members decide.
#[derive(Debug, Clone, PartialEq, JsonSchema)]
#[schemars(rename_all = "snake_case")]
pub(crate) enum RuleText {
    /// No member votes against.
    Consensus,
    /// More than half of the members vote yes.
    Majority,
    /// Those that say yes act, the others do not.
    EachForItself,
    /// The leading member decides.
    Lead,
    /// The yes votes weigh more than a parameter (number): a share of all weights.
    Weighted(At<String>),
}

impl Read for RuleText {
    fn read(raw: &Raw<'_>, spot: Spot, report: &mut Report) -> Option<Self> {
        const WORDS: [&str; 4] = ["consensus", "majority", "each_for_itself", "lead"];
        let expected = format!("one of {}, or {{ weighted = \"a parameter\" }}", WORDS.join(", "));
        match raw {
            Raw::Toml(DeValue::String(text)) => match text.as_ref() {
                "consensus" => Some(RuleText::Consensus),
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
                    String::read(&Raw::Toml(value.get_ref()), inner, report)
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
