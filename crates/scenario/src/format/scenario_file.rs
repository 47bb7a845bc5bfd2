//! scenario.toml: the question, parameters, what drives the world, choices, and what is read off it.

use super::action_tables::ActionTable;
use super::alliance_tables::AllianceTable;
use super::positions_files::{BargainingTable, IssueTable, VotingTable};
use super::value::{Day, Word};
use super::{At, Named, table};
use crate::scenario::Shape;
use crate::scenario::trade::Stops;

table! {
    /// scenario.toml: a crisis, declared. Every number is the name of a parameter or an expression over such names.
    ScenarioFile
    required {
        /// Title for people.
        title: String,
        /// The question the scenario was made to answer, one sentence.
        question: String,
        /// The focus state: an actor.
        focus: String,
        /// First simulated day.
        start: Day,
        /// Last simulated day.
        end: Day,
        /// Uncertain numbers.
        parameters: Named<ParameterTable>,
        /// How protest spreads, turns violent and is put down: for each key the name of a parameter.
        unrest: Named<At<String>>,
        /// The national forces: for each key the name of a parameter.
        forces: Named<At<String>>,
        /// How the legitimacy of the government moves: for each key the name of a parameter.
        legitimacy: Named<At<String>>,
    }
    optional {
        /// Files of the treaties, relative to this folder.
        treaties: Vec<At<String>>,
        /// Past requests under these treaties, as files: what the report learns from.
        cases: Vec<At<String>>,
        /// For each treaty: what its facts are here, what its members have at stake, what they send.
        alliances: Named<AllianceTable>,
        /// How deaths, injuries and arrests come to be reported: for each key the name of a parameter.
        reporting: Named<At<String>>,
        /// Relations of the focus state at the start: for each actor the name of a parameter in points.
        relations: Named<At<String>>,
        /// Numbers of the network of routes: for each key the name of a parameter. Needed with routes.csv.
        transit: Named<At<String>>,
        /// States whose routes do not count for the potential of sales to a buyer.
        avoided_states: Vec<At<String>>,
        /// Numbers of the trade model: for each key the name of a parameter. Needed with trade.csv.
        trade: Named<At<String>>,
        /// Files of the customs unions, relative to this folder.
        unions: Vec<At<String>>,
        /// Packages of sanctions that actions may put into force.
        sanctions: Named<SanctionTable>,
        /// Quantities that only this scenario knows.
        stocks: Named<StockTable>,
        /// Dated changes from outside.
        shocks: Named<ShockTable>,
        /// Choices that actors face.
        decisions: Named<DecisionTable>,
        /// What is read off a history at its end.
        outcomes: Named<OutcomeTable>,
        /// What is recorded on every day.
        series: Named<SeriesTable>,
        /// Issues on which actors hold positions.
        issues: Named<IssueTable>,
        /// When and how the actors bargain over the issues.
        bargaining: BargainingTable,
        /// A body that votes on resolutions.
        voting: VotingTable,
        /// Named sets of changes an analyst may want to try.
        policies: Named<PolicyTable>,
    }
}

table! {
    /// A number the model needs: either `subject` (evidenced by claims) or `range` with `reason` (an assumption).
    ParameterTable
    required {
        /// What it is, for people.
        title: String,
        /// Its unit: number, share, yes_no, persons, days, hours, points, or a quotient like persons / days.
        unit: String,
    }
    optional {
        /// Subject of the claims it is resolved from.
        subject: String,
        /// For a subject of kind category: the word whose pooled probability makes this parameter a yes/no.
        category: String,
        /// Hard bounds of an evidenced parameter; needed where trusted claims leave an end open.
        bounds: [f64; 2],
        /// Smallest and largest value held possible; for yes/no a range of the probability, of which the mean counts.
        range: [f64; 2],
        /// Shape of the distribution inside the range.
        shape: Word<Shape>,
        /// Why this range.
        reason: String,
    }
}

table! {
    /// A quantity only this scenario knows.
    StockTable
    required {
        /// What it is, for people.
        title: String,
        /// Its unit.
        unit: String,
        /// Parameter (the stock's unit): value on the first morning.
        initial: String,
        /// Bounds it never leaves.
        bounds: [f64; 2],
    }
    optional {
        /// Expression (the stock's unit / days): change per day.
        change: String,
    }
}

table! {
    /// A package of sanctions on goods.
    SanctionTable
    required {
        /// What it is, for people.
        title: String,
        /// Those who impose it: regions.
        by: Vec<At<String>>,
        /// Whom it hits: a region.
        against: String,
        /// What it stops: exports (what those who impose it sell to the target) or imports (what they buy from it).
        stops: Word<Stops>,
        /// Parameter (number): share of that trade it names.
        covered: String,
        /// Parameter (number): share of the named trade whose sellers or buyers obey.
        obeyed: String,
    }
    optional {
        /// The claims it rests on.
        claims: Vec<At<String>>,
    }
}

table! {
    /// A dated change from outside.
    ShockTable
    required {
        /// What it is, for people.
        title: String,
        /// The day it happens.
        date: Day,
    }
    optional {
        /// Whether it happens only where a policy moves it to a day (default false).
        only_by_policy: bool,
        /// The claims it rests on.
        claims: Vec<At<String>>,
        /// What it changes.
        actions: Vec<At<ActionTable>>,
    }
}

table! {
    /// A choice an actor faces.
    DecisionTable
    required {
        /// What it is about, for people.
        title: String,
        /// Who chooses.
        actor: String,
        /// Expression (yes/no): when the choice is open.
        when: String,
        /// Parameter (number): rationality of the multinomial logit.
        rationality: String,
        /// What can be chosen.
        options: Named<OptionTable>,
    }
    optional {
        /// First day it can come up.
        from: Day,
        /// Last day it can come up.
        until: Day,
        /// Whether it is closed once an option that does not wait was taken (default true).
        once: bool,
    }
}

table! {
    /// One option of a decision.
    OptionTable
    required {
        /// What it is, for people.
        title: String,
        /// Expression (number): its utility.
        utility: String,
    }
    optional {
        /// Whether choosing it leaves the decision open (default: true if it has no actions).
        waits: bool,
        /// What choosing it does, in order.
        actions: Vec<At<ActionTable>>,
    }
}

table! {
    /// One number, date or yes/no read off a history: exactly one of value, peak, first, last and happens.
    OutcomeTable
    required {
        /// What it is, for people.
        title: String,
    }
    optional {
        /// Its unit, for value and peak; if left out, the unit of the expression.
        unit: String,
        /// Expression at the end of a day.
        value: String,
        /// The day of `value`; the last one if left out.
        on: Day,
        /// Expression whose largest value counts.
        peak: String,
        /// Event whose first date counts: `granted(CSTO)`, `request_help.ask`, the name of a shock.
        first: String,
        /// Event whose last date counts.
        last: String,
        /// Event of which it counts whether it happens.
        happens: String,
        /// Shown in the summary's first lines.
        headline: bool,
    }
}

table! {
    /// A quantity recorded at the end of every day.
    SeriesTable
    required {
        /// What it is, for people.
        title: String,
        /// The expression.
        value: String,
    }
    optional {
        /// Its unit; if left out, the unit of the expression.
        unit: String,
    }
}

table! {
    /// A named set of changes.
    PolicyTable
    required {
        /// What it is, for people.
        title: String,
    }
    optional {
        /// Policies whose changes come first.
        includes: Vec<At<String>>,
        /// Its changes, in order.
        changes: Vec<At<ChangeTable>>,
    }
}

table! {
    /// One change: exactly one of forbid, cancel, move (with to), parameter (with range and reason) and ballot (with
    /// treaty and, for one member only, member).
    ChangeTable
    required {}
    optional {
        /// `decision.option` that cannot be chosen.
        forbid: String,
        /// Shock that does not happen.
        cancel: String,
        /// Shock that happens on another day.
        r#move: String,
        /// That day.
        to: Day,
        /// Ballot that members cast whatever they think: yes, abstain or no.
        ballot: String,
        /// The treaty they vote under.
        treaty: String,
        /// The one member that does; all if left out.
        member: String,
        /// Parameter that takes another range.
        parameter: String,
        /// That range.
        range: [f64; 2],
        /// Why that range.
        reason: String,
    }
}
