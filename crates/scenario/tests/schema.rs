//! Schemas know the files, and the vocabulary knows every word.
#![allow(clippy::unwrap_used)]

use equipoise_scenario::{schemas, vocabulary};
use serde_json::Value;

fn schema(name: &str) -> Value {
    schemas().into_iter().find(|(file, _)| *file == name).unwrap().1
}

#[test]
fn every_file_has_a_schema_that_forbids_unknown_keys() {
    for (file, schema) in schemas() {
        assert_eq!(schema["additionalProperties"], false, "{file}");
        assert!(schema["description"].is_string(), "{file}");
    }
}

#[test]
fn the_schema_knows_what_is_needed_what_may_be_left_out_and_what_it_means() {
    let claims = schema("claims.csv");
    let required: Vec<&str> =
        claims["required"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert_eq!(required, ["id", "subject", "status", "source", "text"]);
    assert_eq!(claims["properties"]["from"]["format"], "date");
    let scenario = schema("scenario.toml");
    assert_eq!(scenario["properties"]["start"]["format"], "date");
    assert!(scenario["properties"]["unrest"]["properties"]["onset_rate"].is_object());
    assert!(scenario["properties"]["question"]["description"].as_str().unwrap().contains("question"));
    let text = scenario.to_string();
    assert!(text.contains("lift_emergency") && text.contains("log_uniform") && !text.contains("\"spot\""));
    assert!(schema("treaty.toml").to_string().contains("non_aggression"));
}

#[test]
fn the_vocabulary_lists_every_kind_of_word() {
    let words = vocabulary();
    let names = |kind: &str| -> Vec<String> {
        let list = words[kind].as_array().unwrap();
        list.iter().map(|entry| entry["name"].as_str().unwrap().to_owned()).collect()
    };
    assert!(names("observables").contains(&"participants".to_owned()));
    assert!(names("events").contains(&"granted".to_owned()));
    assert!(names("actions").contains(&"shift".to_owned()));
    assert!(names("functions").contains(&"clamp".to_owned()));
}
