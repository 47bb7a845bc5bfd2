//! Issues, bargaining and votes: their tables of scenario.toml, and the rows of `issues/*.csv` and `votes/*.csv`.

use super::action_tables::ActionTable;
use super::value::{Day, Word};
use super::{At, table};
use crate::scenario::Vote;

table! {
    /// An issue: a 0–100 line.
    IssueTable
    required {
        /// What its two ends mean, for people.
        title: String,
        /// File of the standings, relative to this folder: issues/x.csv.
        standings: String,
    }
    optional {}
}

table! {
    /// A row of issues/*.csv: where an actor stands on the issue.
    StandingRow
    required {
        /// Id of the actor.
        actor: String,
        /// Parameter (points): position on the first morning, 0 to 100.
        position: String,
    }
    optional {
        /// Expression (number): capability on the day of a round. Left out with salience, the actor does not bargain.
        capability: String,
        /// Expression (number): share of its attention on the day of a round, 0 to 1.
        salience: String,
        /// A remark for people.
        note: String,
    }
}

table! {
    /// When and how the actors bargain over all issues.
    BargainingTable
    required {
        /// smp, or eum: and the name of a reading, as eum:published.
        model: String,
        /// Days of the rounds.
        dates: Vec<At<Day>>,
        /// Parameter (number): turns of the model in a round.
        turns: String,
        /// Parameter (number): share of the way to the bargain that an actor goes in a round, 0 to 1.
        adoption: String,
        /// Parameter (number): share of the gap that relations close after a round to what positions make of them.
        relation_pull: String,
    }
    optional {}
}

table! {
    /// A body that votes on resolutions.
    VotingTable
    required {
        /// Name of the body, for people.
        title: String,
        /// File of those who vote: votes/states.csv.
        states: String,
        /// File of the texts: votes/resolutions.csv.
        resolutions: String,
        /// File of what they really voted: votes/ballots.csv.
        ballots: String,
        /// Parameter (number): rationality.
        rationality: String,
        /// Parameter (number): half the width of the zone of abstention, in utility.
        abstention: String,
        /// Expression (number), `self` is the state: what its position speaks for.
        position: String,
        /// Expression (number), `self` is the state: how strong the text is.
        severity: String,
        /// Expression (number), `self` is the state: how it voted on the text before.
        precedent: String,
    }
    optional {
        /// What the focus state sets off by voting for a text.
        r#for: Vec<At<ActionTable>>,
        /// What it sets off by abstaining.
        abstain: Vec<At<ActionTable>>,
        /// What it sets off by voting against.
        against: Vec<At<ActionTable>>,
        /// What it sets off by staying away.
        absent: Vec<At<ActionTable>>,
    }
}

table! {
    /// A row of votes/states.csv: a state that votes.
    VoterRow
    required {
        /// Id of the actor.
        state: String,
        /// Expression (number): the pressure it is under, towards a vote in favour.
        pressure: String,
        /// Expression (number): utility of staying away over taking part.
        absence: String,
    }
    optional {
        /// A remark for people.
        note: String,
    }
}

table! {
    /// A row of votes/resolutions.csv: a text.
    ResolutionRow
    required {
        /// Short name used in expressions.
        id: String,
        /// What it says, for people.
        title: String,
        /// Day of the vote.
        date: Day,
        /// Parameter (number): how strong it is, 0 to 1.
        severity: String,
    }
    optional {
        /// Id of an earlier text of the same kind.
        predecessor: String,
        /// Expression (yes/no): whether it is put to the vote.
        when: String,
        /// Where it comes from, for people.
        source: String,
    }
}

table! {
    /// A row of votes/ballots.csv: what a state really did.
    BallotRow
    required {
        /// Id of the text.
        resolution: String,
        /// Id of the state.
        state: String,
        /// for, abstain, against or absent.
        vote: Word<Vote>,
    }
    optional {}
}
