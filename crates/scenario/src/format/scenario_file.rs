//! scenario.toml: the question, parameters, what drives the world, choices, and what is read off it.

use schemars::JsonSchema;
use toml::de::DeValue;

use super::toml_file::{read_table, text_of};
use super::value::{Day, Word, wrong};
use super::{At, Named, Raw, Read, table};
use crate::diagnostic::{Report, Spot};
use crate::scenario::Shape;

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
        /// Relations of the focus state at the start: for each actor the name of a parameter in points.
        relations: Named<At<String>>,
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
    /// A dated change from outside.
    ShockTable
    required {
        /// What it is, for people.
        title: String,
        /// The day it happens.
        date: Day,
    }
    optional {
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
    /// One change: exactly one of forbid, cancel, move (with to) and parameter (with range and reason).
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
        /// Parameter that takes another range.
        parameter: String,
        /// That range.
        range: [f64; 2],
        /// Why that range.
        reason: String,
    }
}

macro_rules! actions {
    ($($(#[doc = $doc:literal])* $word:literal $variant:ident($table:ident)
       required { $($(#[$required_doc:meta])* $required:ident: $required_type:ty,)* }
       optional { $($(#[$optional_doc:meta])* $optional:ident: $optional_type:ty,)* })*) => {
        $(table! {
            $(#[doc = $doc])* $table
            required { $($(#[$required_doc])* $required: $required_type,)* }
            optional { $($(#[$optional_doc])* $optional: $optional_type,)* }
        })*

        /// What shocks and options can do.
        #[derive(Debug, Clone, JsonSchema)]
        #[schemars(tag = "do", rename_all = "snake_case")]
        // Actions without keys have nothing to read in them but stand in the schema.
        #[allow(dead_code)]
        pub(crate) enum ActionTable { $($(#[doc = $doc])* $variant($table)),* }

        /// Every action: its word, its keys (those that may be left out in brackets), what it does.
        pub(crate) const ACTIONS: &[ActionWord] = &[$(ActionWord {
            word: $word,
            required: <$table as super::Table>::REQUIRED,
            optional: <$table as super::Table>::OPTIONAL,
            meaning: concat!($($doc),*),
        }),*];

        impl Read for ActionTable {
            fn read(raw: &Raw<'_>, spot: Spot, report: &mut Report) -> Option<Self> {
                let word = text_of(raw, "do", spot);
                match word.as_ref().map(|word| word.value.as_str()) {
                    $(Some($word) => read_table(raw, spot, &["do"], report).map(ActionTable::$variant),)*
                    Some(other) => {
                        let words = ACTIONS.iter().map(|action| action.word);
                        let at = word.as_ref().map_or(spot, |word| word.spot);
                        report
                            .error(at, format!("there is no action `{other}`"))
                            .expected(format!("one of {}", words.clone().collect::<Vec<_>>().join(", ")))
                            .near(other, words);
                        None
                    }
                    None => {
                        wrong(raw, "a table with the key `do`, the word of an action", spot, report);
                        None
                    }
                }
            }
        }
    };
}

/// A word of the closed vocabulary of actions.
pub(crate) struct ActionWord {
    pub word: &'static str,
    pub required: &'static [&'static str],
    pub optional: &'static [&'static str],
    pub meaning: &'static str,
}

/// Where an action applies.
#[derive(Debug, Clone, PartialEq, JsonSchema)]
#[schemars(untagged)]
pub(crate) enum ScopeText {
    /// `country`, `protest` (places with protest today) or `disorder` (places with violence or seized sites today).
    Word(String),
    /// The listed places.
    Places(Vec<At<String>>),
}

impl Read for ScopeText {
    fn read(raw: &Raw<'_>, spot: Spot, report: &mut Report) -> Option<Self> {
        const WORDS: [&str; 3] = ["country", "protest", "disorder"];
        match raw {
            Raw::Toml(DeValue::Array(_)) => Read::read(raw, spot, report).map(ScopeText::Places),
            Raw::Toml(DeValue::String(word)) if WORDS.contains(&word.as_ref()) => {
                Some(ScopeText::Word(word.to_string()))
            }
            _ => {
                let found = match raw {
                    Raw::Toml(DeValue::String(word)) => word.to_string(),
                    _ => String::new(),
                };
                report
                    .error(spot, format!("found {}", super::value::kind(raw)))
                    .expected("country, protest, disorder or a list of places")
                    .near(&found, WORDS);
                None
            }
        }
    }
}

actions! {
    /// The fuel price index becomes this number (1 = before the shock).
    "price" Price(PriceAction)
    required {
        /// Expression (number): the new index.
        index: String,
    }
    optional {
        /// Where (default: country).
        scope: ScopeText,
    }
    /// A state of emergency begins.
    "emergency" Emergency(EmergencyAction)
    required {}
    optional {
        /// Where (default: country).
        scope: ScopeText,
    }
    /// The state of emergency ends everywhere.
    "lift_emergency" LiftEmergency(LiftEmergencyAction)
    required {}
    optional {}
    /// Internet access becomes this share of normal.
    "internet" Internet(InternetAction)
    required {
        /// Expression (number): the new share, 0 to 1.
        access: String,
    }
    optional {}
    /// Forces are allowed to shoot, or no longer.
    "lethal_force" LethalForce(LethalForceAction)
    required {}
    optional {
        /// Whether they may (default true).
        allowed: bool,
    }
    /// The whole reserve and further persons are called up.
    "mobilise" Mobilise(MobiliseAction)
    required {
        /// Expression (persons): added to the reserve.
        persons: String,
    }
    optional {}
    /// The unrest is called an attack from abroad.
    "frame" Frame(FrameAction)
    required {}
    optional {}
    /// Help is requested under a treaty.
    "request" Request(RequestAction)
    required {
        /// Id of the treaty.
        treaty: String,
    }
    optional {}
    /// The mandate of a mission ends and its troops begin to leave.
    "end_mission" EndMission(EndMissionAction)
    required {
        /// Id of the treaty.
        treaty: String,
    }
    optional {}
    /// Legitimacy moves by this number.
    "legitimacy" Legitimacy(LegitimacyAction)
    required {
        /// Expression (number): the change.
        by: String,
    }
    optional {}
    /// Loyalty of the forces moves by this number.
    "loyalty" Loyalty(LoyaltyAction)
    required {
        /// Expression (number): the change.
        by: String,
    }
    optional {}
    /// The relation with an actor moves by these points.
    "relation" Relation(RelationAction)
    required {
        /// Id of the actor.
        with: String,
        /// Expression (points): the change.
        by: String,
    }
    optional {}
    /// A stock moves by this much.
    "shift" Shift(ShiftAction)
    required {
        /// Id of the stock.
        stock: String,
        /// Expression (the stock's unit): the change.
        by: String,
    }
    optional {}
}
