//! Each kind of mistake in a folder is reported at its line, with what was expected and what was probably meant.
#![allow(clippy::unwrap_used)]

use equipoise_scenario::{Diagnostic, Diagnostics, load, load_files, template};
use proptest::prelude::*;

type Files = Vec<(String, String)>;

fn files() -> Files {
    template("broken")
}

fn text<'a>(files: &'a Files, path: &str) -> &'a str {
    &files.iter().find(|(file, _)| file == path).unwrap().1
}

/// Replaces the one place where `old` stands.
fn change(files: &mut Files, path: &str, old: &str, new: &str) {
    let before = text(files, path).to_owned();
    assert_eq!(before.matches(old).count(), 1, "`{old}` must stand once in {path}");
    files.iter_mut().find(|(file, _)| file == path).unwrap().1 = before.replace(old, new);
}

fn mistakes(files: Files) -> Diagnostics {
    load_files("broken", files).map(|_| ()).unwrap_err()
}

/// What is reported when one thing is changed: exactly one mistake, on the line where `at` stands.
fn mistake(path: &str, old: &str, new: &str, at: &str) -> Diagnostic {
    let mut files = files();
    change(&mut files, path, old, new);
    let changed = text(&files, path).to_owned();
    let line = changed[..changed.find(at).unwrap()].matches('\n').count() + 1;
    let found = mistakes(files);
    assert_eq!(found.len(), 1, "{found}");
    let found = found.list[0].clone();
    assert_eq!((found.file.as_str(), found.line), (path, line), "{found}");
    found
}

fn says(found: &Diagnostic, message: &str, suggestion: Option<&str>) {
    assert!(found.message.contains(message), "{found}");
    assert_eq!(found.suggestion.as_deref(), suggestion, "{found}");
}

#[test]
fn a_missing_folder_is_named() {
    let found = load(std::path::Path::new("no/such/folder")).map(|_| ()).unwrap_err();
    assert_eq!(found.len(), 1);
    says(&found.list[0], "does not exist", None);
}

#[test]
fn a_missing_file_is_named_and_a_misspelt_one_offered() {
    let mut files = files();
    files.iter_mut().find(|(path, _)| path == "actors.csv").unwrap().0 = "actor.csv".to_owned();
    let found = mistakes(files);
    assert_eq!(found.len(), 1, "{found}");
    assert_eq!(found.list[0].file, "actors.csv");
    says(&found.list[0], "missing", Some("actor.csv"));
}

#[test]
fn a_treaty_that_is_not_there_is_reported_where_it_is_listed() {
    let found =
        mistake("scenario.toml", "treaties/marches.toml", "treaties/marshes.toml", "treaties/marshes");
    says(&found, "no file", Some("treaties/marches.toml"));
    let found = mistake("scenario.toml", "treaties/marches.toml", "../../marches.toml", "../../marches");
    says(&found, "no path of a treaty", None);
}

#[test]
fn an_unknown_column_brings_the_nearest_one() {
    let mut files = files();
    change(&mut files, "places.csv", "population", "populaton");
    let found = mistakes(files);
    assert_eq!(found.len(), 2, "{found}");
    assert!(found.list.iter().any(|d| d.message.contains("no column `populaton`") && d.line == 1));
    assert!(found.list.iter().any(|d| d.message.contains("`population` is missing")), "{found}");
    assert!(found.list.iter().all(|d| d.suggestion.is_some()));
}

#[test]
fn a_column_may_not_appear_twice() {
    let found = mistake("sources.csv", "affiliation,note", "note,note", "note");
    says(&found, "twice", None);
    assert_eq!(found.column, "id,outlet,title,date,language,note,".len() + 1);
}

#[test]
fn a_row_has_a_cell_for_each_column() {
    let found = mistake("actors.csv", "LIS,Lisse,state,Marches,", "LIS,Lisse,state", "LIS,");
    says(&found, "3 cells", None);
}

#[test]
fn a_date_must_be_one_of_the_calendar() {
    let found = mistake("claims.csv", "2030-03-20,2030-03-20", "2030-02-30,2030-03-20", "2030-02-30");
    says(&found, "2030-02-30", None);
    assert!(found.expected.unwrap().contains("YYYY-MM-DD"));
    let found = mistake("scenario.toml", "start = 2030-03-01", "start = \"2030-03-01\"", "start =");
    says(&found, "2030-03-01", None);
    assert!(found.expected.unwrap().contains("without quotes"));
    let found = mistake("scenario.toml", "end = 2030-05-31", "end = 2030-01-31", "end =");
    says(&found, "before the start", None);
}

#[test]
fn a_misspelt_actor_brings_the_right_one() {
    let found = mistake("scenario.toml", "focus = \"VAR\"", "focus = \"VRA\"", "focus =");
    says(&found, "no actor `VRA`", Some("VAR"));
    let found = mistake(
        "scenario.toml",
        "[alliances.MARCHES.members.LIS]",
        "[alliances.MARCHES.members.LSI]",
        "[alliances.MARCHES.members.LSI]",
    );
    says(&found, "no actor `LSI`", Some("LIS"));
}

#[test]
fn nobody_lives_at_minus_nine_hundred_thousand() {
    let found = mistake("places.csv", "900000", "-900000", "-900000");
    says(&found, "population is -900000", None);
    assert_eq!(found.column, "vell,Vell,Centre,47.5,21.0,".len() + 1);
    let found = mistake("places.csv", "47.5", "147.5", "147.5");
    says(&found, "latitude", None);
}

#[test]
fn an_outline_is_made_of_rings_on_the_globe() {
    let with = |outline: &str| {
        let mut files = files();
        files.push(("outline.csv".to_owned(), outline.to_owned()));
        load_files("broken", files)
    };
    let square = "ring,latitude,longitude\n1,47,20\n1,48,20\n1,48,22\n1,47,22\n";
    assert_eq!(with(square).unwrap().outline, [[[47.0, 20.0], [48.0, 20.0], [48.0, 22.0], [47.0, 22.0]]]);
    let said = |outline: &str| with(outline).map(|_| ()).unwrap_err().to_string();
    assert!(said(&square.replace("48,22", "148,22")).contains("the latitude is 148"));
    assert!(said(&square.replace("1,47,22", "2,47,22")).contains("ring 2 has 1 of the corners"));
}

#[test]
fn credences_sum_to_one() {
    let found = mistake("accounts.toml", "credence = 0.4", "credence = 0.5", "credence = 0.5");
    says(&found, "sum to 1.1", None);
}

#[test]
fn trust_rules_name_what_exists() {
    let found = mistake("accounts.toml", "[\"T03\"]", "[\"TO3\"]", "TO3");
    says(&found, "no claim `TO3`", Some("T03"));
    let mut files = files();
    change(&mut files, "accounts.toml", "group = \"origin\"\nclaims", "group = \"origni\"\nclaims");
    says(&mistakes(files).list[0], "no claim has the group", Some("origin"));
}

#[test]
fn an_account_must_trust_some_claim_for_each_parameter() {
    let mut files = files();
    change(
        &mut files,
        "accounts.toml",
        "claims = [\"T03\"]\nweight = 1.0",
        "claims = [\"T03\"]\nweight = 0.0",
    );
    let found = mistakes(files);
    assert_eq!(found.len(), 1, "{found}");
    says(&found.list[0], "`home-grown` trusts no claim for the parameter `foreign_share`", None);
}

#[test]
fn a_parameter_needs_claims_or_a_reason_but_not_both() {
    let cut = "range = [0.05, 0.25]\nreason = \"Some discontent before the price rise; a template's guess.\"";
    let found = mistake("scenario.toml", cut, "", "[parameters.grievance]");
    says(&found, "`grievance` has neither claims nor a reason", None);
    let found = mistake("scenario.toml", cut, "range = [0.05, 0.25]", "[parameters.grievance]");
    says(&found, "has no reason", None);
    let both = "subject = \"fuel_price_ratio\"\nrange = [1, 2]\nreason = \"r\"";
    let found = mistake("scenario.toml", "subject = \"fuel_price_ratio\"", both, "[parameters.price_after]");
    says(&found, "both claims and a range", None);
}

#[test]
fn open_claims_need_bounds_that_meet_them() {
    let found = mistake("scenario.toml", "bounds = [1.0, 4.0]", "", "[parameters.price_after]");
    says(&found, "claim T02 leaves an end", None);
    let found = mistake("scenario.toml", "bounds = [1.0, 4.0]", "bounds = [3.0, 4.0]", "bounds = [3.0");
    says(&found, "claim T01 says 1.8 to 2.2, outside the bounds 3 to 4", None);
}

#[test]
fn a_claim_has_its_low_end_below_its_high_end() {
    let found = mistake("claims.csv", "killed,,,,dozens", "killed,,50,30,between", "killed,,50");
    says(&found, "claim T08: the low end 50 is above the high end 30", None);
    let found = mistake("claims.csv", "killed,,,,dozens", "killed,,,,dozen", "killed,,,,dozen");
    says(&found, "no word `dozen`", Some("dozens"));
    let found = mistake("claims.csv", "killed,,,,dozens", "killed,,,,about", "killed,,,,about");
    says(&found, "has no value", None);
}

#[test]
fn expressions_are_checked_where_they_stand() {
    let found = mistake(
        "scenario.toml",
        "strain_weight * ln(1 + strain)",
        "strain_weigth * ln(1 + strain)",
        "strain_weigth",
    );
    says(&found, "strain_weigth", Some("strain_weight"));
    assert_eq!(found.column, "utility = \"".len() + 1);
    let found = mistake(
        "scenario.toml",
        "participants > protest_limit",
        "participants > calm_days",
        "participants > calm_days",
    );
    says(&found, "days", None);
    let found = mistake("scenario.toml", "emergency < 1", "emergency < 0.5", "emergency < 0.5");
    says(&found, "0.5", None);
    assert!(found.to_string().contains("reason"), "{found}");
}

#[test]
fn policies_may_not_include_each_other_in_a_circle() {
    let old = "title = \"The government never asks for troops\"";
    let new = "title = \"x\"\nincludes = [\"late-and-alone\"]";
    let found = mistake("scenario.toml", old, new, "[policies.no-request]");
    says(&found, "no-request → late-and-alone → no-request", None);
    let found =
        mistake("scenario.toml", old, "title = \"x\"\nincludes = [\"no-request\"]", "[policies.no-request]");
    says(&found, "circle: no-request → no-request", None);
}

#[test]
fn an_id_stands_for_one_thing() {
    let found =
        mistake("actors.csv", "protesters,Protesters", "government,Protesters", "government,Protesters");
    says(&found, "the actor `government` appears twice", None);
    assert!(found.expected.unwrap().contains("line 6"));
    let mut twice = files();
    change(&mut twice, "scenario.toml", "[series.troops]", "[series.participants]");
    assert!(mistakes(twice).list[0].message.contains("duplicate"));
    let mut files = files();
    change(&mut files, "scenario.toml", "[parameters.calm]", "[parameters.strain]");
    let found = mistakes(files);
    assert!(found.list.iter().any(|d| d.message.contains("word of the language")), "{found}");
}

#[test]
fn an_unknown_action_brings_the_nearest_one() {
    let found = mistake("scenario.toml", "{ do = \"frame\" }", "{ do = \"farme\" }", "farme");
    says(&found, "no action `farme`", Some("frame"));
    let found = mistake(
        "scenario.toml",
        "{ do = \"frame\" }",
        "{ do = \"frame\", scope = \"country\" }",
        "do = \"frame\"",
    );
    says(&found, "no key `scope`", None);
    let mut files = files();
    change(&mut files, "scenario.toml", "{ do = \"price\", index", "{ do = \"price\", indx");
    let found = mistakes(files);
    assert!(found.list.iter().any(|d| d.suggestion.as_deref() == Some("index")), "{found}");
}

#[test]
fn the_tables_of_the_model_are_checked_key_by_key() {
    let found =
        mistake("scenario.toml", "onset_rate = \"onset_rate\"", "onset_rate = \"onset_rte\"", "onset_rte");
    says(&found, "no parameter `onset_rte`", Some("onset_rate"));
    let found = mistake(
        "scenario.toml",
        "onset_rate = \"onset_rate\"",
        "onset_rate = \"airlift\"",
        "onset_rate = \"airlift\"",
    );
    says(&found, "`airlift` is in persons / days", None);
    let mut files = files();
    change(&mut files, "scenario.toml", "crowd_cover = \"crowd_cover\"", "crowd_cove = \"crowd_cover\"");
    let found = mistakes(files);
    assert_eq!(found.len(), 2, "{found}");
    assert!(found.list.iter().any(|d| d.suggestion.as_deref() == Some("crowd_cover")), "{found}");
}

#[test]
fn units_are_words_of_the_list() {
    let found = mistake("scenario.toml", "unit = \"hours\"", "unit = \"huors\"", "huors");
    says(&found, "no unit `huors`", Some("hours"));
}

#[test]
fn neither_nan_nor_infinity_comes_in() {
    let found = mistake("scenario.toml", "range = [6.0, 72.0]", "range = [nan, 72.0]", "[nan");
    says(&found, "nan", None);
    let found = mistake("scenario.toml", "range = [6.0, 72.0]", "range = [6.0, inf]", "[6.0, inf");
    says(&found, "inf", None);
    let found = mistake("claims.csv", "participants,20000", "participants,NaN", "participants,NaN");
    says(&found, "`NaN`", None);
    let found = mistake("places.csv", "47.5", "inf", "inf");
    says(&found, "inf", None);
}

#[test]
fn shares_stay_between_zero_and_one() {
    let found = mistake("scenario.toml", "range = [0.05, 0.25]", "range = [0.05, 1.25]", "1.25");
    says(&found, "leaves that of a share", None);
    let found = mistake("scenario.toml", "range = [0.05, 0.25]", "range = [0.5, 0.25]", "[0.5, 0.25]");
    says(&found, "above the high end", None);
}

#[test]
fn outcomes_are_read_off_one_thing_and_events_exist() {
    let found = mistake(
        "scenario.toml",
        "peak = \"participants\"",
        "peak = \"participants\"\nvalue = \"killed\"",
        "[outcomes.peak_participants]",
    );
    says(&found, "value and peak", None);
    let found =
        mistake("scenario.toml", "happens = \"troops_arrive\"", "happens = \"troops_arive\"", "troops_arive");
    says(&found, "no event `troops_arive`", Some("troops_arrive"));
    let found = mistake(
        "scenario.toml",
        "first = \"requested(MARCHES)\"",
        "first = \"requested(MARCHS)\"",
        "MARCHS)",
    );
    says(&found, "no treaty `MARCHS`", Some("MARCHES"));
}

#[test]
fn the_record_names_what_it_scores() {
    let found = mistake("record.csv", "troops_sent,,T07", "troops_snt,,T07", "troops_snt");
    says(&found, "no outcome `troops_snt`", Some("troops_sent"));
    let found = mistake("record.csv", "troops_sent,,T07", "troops_sent,,T08", "troops_sent,,T08");
    says(&found, "does not fit `troops_sent`", None);
    let found = mistake("record.csv", "participants,2030-03-14", "participants,2031-03-14", "2031-03-14");
    says(&found, "not a simulated day", None);
}

#[test]
fn everything_wrong_with_a_folder_is_told_in_one_go() {
    let mut files = files();
    change(&mut files, "places.csv", "900000", "0");
    change(&mut files, "actors.csv", "ORD,Ordmark,state", "ORD,Ordmark,stat");
    change(&mut files, "accounts.toml", "credence = 0.4", "credence = 0.3");
    change(&mut files, "scenario.toml", "do = \"frame\"", "do = \"farme\"");
    change(&mut files, "scenario.toml", "onset_rate = \"onset_rate\"", "onset_rate = \"onset_rte\"");
    change(&mut files, "scenario.toml", "unit = \"hours\"", "unt = \"hours\"");
    change(&mut files, "treaties/marches.toml", "rule = \"consensus\"", "rule = \"concensus\"");
    change(&mut files, "treaties/marches.toml", "trigger = \"armed_attack\"", "trigger = \"armed_atack\"");
    let found = mistakes(files);
    let order: Vec<&str> = found.list.iter().map(|d| d.file.as_str()).collect();
    let mut sorted = order.clone();
    sorted.sort_unstable();
    assert_eq!(order, sorted, "{found}");
    // The misspelt `unt` is both an unknown key and a missing one.
    assert_eq!(found.len(), 9, "{found}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn random_changes_of_bytes_never_panic(file in 0_usize..10, cuts in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0_u8..3), 1..6)) {
        let as_bytes = |(path, text): (String, String)| (path, text.into_bytes());
        let mut files: Vec<(String, Vec<u8>)> = files().into_iter().map(as_bytes).collect();
        let bytes = &mut files[file].1;
        for (at, byte, how) in cuts {
            if bytes.is_empty() { break; }
            let at = at.index(bytes.len());
            match how {
                0 => bytes[at] = byte,
                1 => { bytes.remove(at); }
                _ => bytes.insert(at, byte),
            }
        }
        if let Err(found) = load_files("mutated", files) {
            prop_assert!(!found.is_empty());
            for d in &found.list {
                prop_assert!(!d.message.is_empty());
            }
            let _ = found.to_string();
        }
    }

    #[test]
    fn random_files_never_panic(texts in prop::collection::vec(".{0,200}", 9)) {
        let names = ["scenario.toml", "accounts.toml", "actors.csv", "places.csv", "claims.csv", "sources.csv", "subjects.csv", "record.csv", "treaties/x.toml"];
        let files = names.iter().zip(texts).map(|(name, text)| ((*name).to_owned(), text)).collect();
        prop_assert!(load_files("random", files).is_err());
    }
}
