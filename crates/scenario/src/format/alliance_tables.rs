//! `[alliances.ID]` of scenario.toml: what a treaty's text means in this scenario.

use super::{At, Named, table};

table! {
    /// A treaty in this scenario: what its facts are here, how votes weigh, what members send.
    AllianceTable
    required {
        /// For each fact of the treaty an expression, 0 to 1 or yes/no; may ask about `self`, the member.
        facts: Named<At<String>>,
        /// For each reason in a vote the parameter (number) with its weight; a reason left out plays no part.
        weights: Named<At<String>>,
        /// Parameter (hours): from request to decision.
        latency_hours: String,
        /// Parameter (number): rationality of the members' votes.
        rationality: String,
        /// Parameter (persons / days): what the airlift carries.
        airlift_per_day: String,
        /// Parameter (days): from the end of the mandate to the last departure.
        withdrawal_days: String,
        /// Those who vote: every member of the treaty on the first day but the focus state.
        members: Named<AllianceMemberTable>,
    }
    optional {
        /// Parameter (yes_no): the leading member decides alone in fact.
        lead_decides: String,
        /// Parameter (points): relation that a breach of the dearest kind costs.
        breach_points: String,
        /// Parameter (days): a pledge not flown in so many days after the grant lapses (default: no limit).
        arrival_limit_days: String,
        /// Parameter (days): the mandate ends so many days after the first arrival (default: no limit).
        mandate_limit_days: String,
        /// Where the case lies: a member or a territory of the treaty (default: the focus state).
        place: String,
        /// Those who tell members and audience whether it is an attack from abroad.
        voices: Named<VoiceTable>,
        /// Parameter (1 / days): how fast beliefs follow the evidence; with `evidence` short for one voice all trust alike.
        belief_rate: String,
        /// Expression (number): what the evidence shows of an attack from abroad, 0 to 1; needs `belief_rate`.
        evidence: String,
        /// Others who hear the framing: for each actor the parameter (number) of how readily it believes it.
        audience: Named<At<String>>,
    }
}

table! {
    /// A voice that members and audience hear day after day on whether the unrest is an attack from abroad.
    VoiceTable
    required {
        /// Who speaks, for people.
        title: String,
    }
    optional {
        /// Expression (number): what it says, from 0 (no attack) to 1.
        says: String,
        /// Account: it says what this account takes the parameter `on` to be, whatever account a history follows.
        account: String,
        /// Parameter (number) with a subject; needs `account`.
        on: String,
        /// Expression (yes/no): the days on which it speaks (default: once the unrest is called an attack).
        when: String,
        /// Parameter (1 / days): share of the gap to what it says that closes in a day, for all not named in `hearers`.
        trust: String,
        /// For single members or others in the audience the parameter (1 / days) of their own trust.
        hearers: Named<At<String>>,
    }
}

table! {
    /// A member in this scenario; stakes are expressions, plain numbers, and 0 where left out.
    AllianceMemberTable
    required {
        /// Parameter (number): how readily it believes the requester's framing, 0 to 1.
        credulity: String,
        /// Parameter (persons): soldiers it pledges if it agrees.
        contingent: String,
    }
    optional {
        /// Parameter (persons): soldiers it has at all for such a mission; a pledge cannot be above it.
        forces: String,
        /// Interest in the requester's stability, 0 to 1.
        interest: String,
        /// What it would lose with the alleged attacker by helping, 0 to 1.
        relation: String,
        /// Share of its forces that other commitments bind, 0 to 1.
        capacity: String,
        /// Opposition at home, 0 to 1.
        home: String,
        /// What a grant means for later cases, -1 (feared) to 1 (wanted).
        precedent: String,
        /// Consent of its parliament, where that is needed.
        ratification: RatificationTable,
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
    optional {
        /// Parameter (days): without consent so many days after the grant the pledge lapses (default: no limit).
        limit_days: String,
    }
}
