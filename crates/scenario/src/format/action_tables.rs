//! The closed vocabulary of what shocks and options can do, as tables of scenario.toml.

use schemars::JsonSchema;
use toml::de::DeValue;

use super::toml_file::{read_table, text_of};
use super::value::wrong;
use super::{At, Raw, Read, table};
use crate::diagnostic::{Report, Spot};

/// Declares the actions: the table of each, the enum of all, and the list of their words.
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
    /// A request that waits for its answer is taken back; help that was granted and is not all there yet is called off.
    "withdraw_request" WithdrawRequest(WithdrawRequestAction)
    required {
        /// Id of the treaty.
        treaty: String,
    }
    optional {}
    /// Troops stay beyond the deadline they leave by.
    "extend_mission" ExtendMission(ExtendMissionAction)
    required {
        /// Id of the treaty.
        treaty: String,
        /// Expression (days): how much longer.
        by: String,
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
    /// The position of an actor on an issue moves by these points.
    "move" Move(MoveAction)
    required {
        /// Id of the actor.
        actor: String,
        /// Id of the issue.
        issue: String,
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
    /// A route's capacity becomes this share of the usual.
    "limit_route" LimitRoute(LimitRouteAction)
    required {
        /// Id of the route.
        route: String,
        /// Expression (number): the share; 0 closes, above 1 enlarges.
        share: String,
    }
    optional {
        /// Expression (days): until it is as usual again (default: for good).
        days: String,
    }
    /// A state closes every route that crosses it.
    "close_transit" CloseTransit(TransitAction)
    required {
        /// The state.
        state: String,
    }
    optional {}
    /// A state opens its routes again.
    "open_transit" OpenTransit(OpenTransitAction)
    required {
        /// The state.
        state: String,
    }
    optional {}
    /// A field's supply becomes this share of the usual.
    "supply" Supply(SupplyAction)
    required {
        /// Id of the node.
        node: String,
        /// Expression (number): the share.
        share: String,
    }
    optional {}
    /// A package of sanctions comes into force.
    "sanction" Sanction(SanctionAction)
    required {
        /// Id of the package.
        package: String,
    }
    optional {}
    /// A package of sanctions is lifted.
    "lift_sanction" LiftSanction(LiftSanctionAction)
    required {
        /// Id of the package.
        package: String,
    }
    optional {}
    /// The focus state's compliance with others' sanctions becomes this level.
    "compliance" Compliance(ComplianceAction)
    required {
        /// Expression (number): the level, 0 to 1.
        level: String,
    }
    optional {}
    /// A region leaves a customs union.
    "leave_union" LeaveUnion(LeaveUnionAction)
    required {
        /// Id of the union.
        union: String,
        /// The region.
        member: String,
        /// Expression (number): its own tariff from then on, a share of the value of goods.
        own_tariff: String,
    }
    optional {}
    /// A region joins a customs union.
    "join_union" JoinUnion(JoinUnionAction)
    required {
        /// Id of the union.
        union: String,
        /// The region.
        member: String,
        /// Expression (number): its own tariff until then, a share of the value of goods.
        own_tariff: String,
    }
    optional {}
}
