//! What files may contain, for editors and for people: JSON Schemas and the vocabulary.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use serde_json::{Value, json};

use crate::chronicle::EventKind;
use crate::expression::FUNCTIONS;
use crate::format::accounts_file::AccountsFile;
use crate::format::action_tables::ACTIONS;
use crate::format::case_file::CaseFile;
use crate::format::positions_files::{BallotRow, ResolutionRow, StandingRow, VoterRow};
use crate::format::route_rows::{ContractRow, NodeRow, PriceRow, RouteRow};
use crate::format::rows::{ActorRow, ClaimRow, OutlineRow, PlaceRow, RecordFileRow, SourceRow, SubjectRow};
use crate::format::scenario_file::{PolicyTable, ScenarioFile};
use crate::format::trade_files::{RegionRow, TradeRow, UnionFile};
use crate::format::treaty_file::TreatyFile;
use crate::scenario::trade::TradeRules;
use crate::scenario::transit::TransitRules;
use crate::scenario::{Forces, Legitimacy, Reporting, Unrest};
use crate::unit::Unit;
use crate::vocabulary::{About, Observable};

/// A JSON Schema (draft 2020-12) for each kind of file: name of the file, schema. For a CSV file the schema is that of
/// one row, with every cell under its column's name; an empty cell is a key left out.
pub fn schemas() -> Vec<(&'static str, Value)> {
    vec![
        ("scenario.toml", scenario_schema()),
        ("treaty.toml", schema::<TreatyFile>()),
        ("case.toml", schema::<CaseFile>()),
        ("policies/*.toml", schema::<PolicyTable>()),
        ("accounts.toml", schema::<AccountsFile>()),
        ("sources.csv", schema::<SourceRow>()),
        ("subjects.csv", schema::<SubjectRow>()),
        ("claims.csv", schema::<ClaimRow>()),
        ("actors.csv", schema::<ActorRow>()),
        ("places.csv", schema::<PlaceRow>()),
        ("outline.csv", schema::<OutlineRow>()),
        ("record.csv", schema::<RecordFileRow>()),
        ("issues/*.csv", schema::<StandingRow>()),
        ("votes/states.csv", schema::<VoterRow>()),
        ("votes/resolutions.csv", schema::<ResolutionRow>()),
        ("votes/ballots.csv", schema::<BallotRow>()),
        ("nodes.csv", schema::<NodeRow>()),
        ("routes.csv", schema::<RouteRow>()),
        ("contracts.csv", schema::<ContractRow>()),
        ("prices.csv", schema::<PriceRow>()),
        ("regions.csv", schema::<RegionRow>()),
        ("trade.csv", schema::<TradeRow>()),
        ("union.toml", schema::<UnionFile>()),
    ]
}

/// Every word that expressions, outcomes and actions may use, with units and meanings.
pub fn vocabulary() -> Value {
    let observables: Vec<Value> = Observable::ALL
        .iter()
        .map(|observable| {
            json!({
                "name": observable.name(),
                "about": about(observable.about()),
                "unit": observable.unit().to_string(),
                "meaning": observable.meaning(),
            })
        })
        .collect();
    let events: Vec<Value> =
        EventKind::ALL.iter().map(|kind| json!({ "name": kind.name(), "meaning": kind.meaning() })).collect();
    let actions: Vec<Value> = ACTIONS
        .iter()
        .map(|action| {
            json!({
                "name": action.word,
                "needs": action.required,
                "may_have": action.optional,
                "meaning": action.meaning.trim(),
            })
        })
        .collect();
    let functions: Vec<Value> = FUNCTIONS
        .iter()
        .map(|f| json!({ "name": f.name, "signature": f.signature, "meaning": f.meaning }))
        .collect();
    json!({
        "observables": observables,
        "events": events,
        "actions": actions,
        "functions": functions,
        "units": Unit::BASES,
    })
}

fn about(about: About) -> &'static str {
    match about {
        About::Nation => "no argument",
        About::NationOrPlace => "a place, or nothing for the whole country",
        About::NationOrActor => "an actor, or nothing for the sum over all",
        About::Actor => "an actor",
        About::Treaty => "a treaty",
        About::ActorOnIssue => "an actor and an issue",
        About::ActorOnResolution => "an actor and a resolution",
        About::Route => "a route",
        About::NationOrNode => "a node, or nothing for the sum over all",
    }
}

fn schema<T: JsonSchema>() -> Value {
    let schema: Schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>();
    schema.to_value()
}

/// The tables of parameters have fixed keys, which stand with the engine's structs.
fn scenario_schema() -> Value {
    let mut schema = schema::<ScenarioFile>();
    for (table, fields) in [
        ("unrest", Unrest::FIELDS),
        ("forces", Forces::FIELDS),
        ("legitimacy", Legitimacy::FIELDS),
        ("reporting", Reporting::FIELDS),
        ("transit", TransitRules::FIELDS),
        ("trade", TradeRules::FIELDS),
    ] {
        let keys = fields.iter().map(|(field, unit)| {
            let description = format!("Name of a parameter in {unit}.");
            ((*field).to_owned(), json!({ "type": "string", "description": description }))
        });
        let properties: serde_json::Map<String, Value> = keys.collect();
        let required: Vec<&str> = fields.iter().map(|(field, _)| *field).collect();
        let entry = &mut schema["properties"][table];
        entry["properties"] = Value::Object(properties);
        entry["required"] = json!(required);
        entry["additionalProperties"] = json!(false);
    }
    schema
}
