//! `model roll-call`: ideal points and predictions from files, and what happens with files that cannot be used.

use crate::workshop::Workshop;

const HEADER: &str = "session,date,resolution_id,unres,country_iso3,vote\n";

/// Twelve states of two blocs with a few in between, two sessions of eight roll calls; one state is never there.
fn votes() -> String {
    let mut text = HEADER.to_owned();
    for session in 1..=2 {
        for number in 0..8 {
            let (id, day) = (session * 100 + number, number + 1);
            for state in 0..12 {
                let lean = state - 6 + (state * 7 + number * 5 + session) % 4 - 2;
                let word = match if number % 2 == 0 { lean } else { lean + 2 } {
                    ..=-2 => "yes",
                    -1..=0 => "abstain",
                    _ => "no",
                };
                text += &format!("{session},200{session}-01-0{day},{id},R/{id},S{state:02},{word}\n");
            }
            text += &format!("{session},200{session}-01-0{day},{id},R/{id},GONE,absent\n");
        }
    }
    text
}

fn shop(text: &str) -> Workshop {
    let shop = Workshop::empty();
    shop.write("votes.csv", text);
    shop
}

#[test]
fn both_methods_print_ideal_points_as_one_json_object_the_same_on_any_number_of_threads() {
    let shop = shop(&votes());
    shop.write("anchors.csv", "country_iso3,side\nS11,2\n");
    for method in ["fast", "gibbs"] {
        let args = |threads| {
            let common = ["model", "roll-call", "votes.csv", "--method", method, "--iterations", "60"];
            [&common[..], &["--anchors", "anchors.csv", "--json", "--threads", threads]].concat()
        };
        let found = shop.equipoise(&args("1")).succeeds();
        assert_eq!(found.stdout, shop.equipoise(&args("3")).succeeds().stdout);
        let json = found.json();
        let points = json["ideal_points"].as_array().unwrap();
        assert_eq!(points.len(), 24);
        let mean = |state: &str| {
            let of_state = points.iter().filter(|point| point["country"] == state);
            of_state.map(|point| point["mean"].as_f64().unwrap()).sum::<f64>()
        };
        assert!(mean("S11") > mean("S06") && mean("S06") > mean("S00"), "{method}");
        assert!(points.iter().all(|point| point["sd"].as_f64().unwrap() > 0.0));
        assert!(json["accuracy"].as_f64().unwrap() > 0.5 && json["apre"].is_number());
        assert_eq!(json["silent"], serde_json::json!(["GONE"]));
    }
}

#[test]
fn a_table_for_people_names_the_session_and_what_was_left_out() {
    let told =
        shop(&votes()).equipoise(&["model", "roll-call", "votes.csv", "--sessions", "2"]).succeeds().stdout;
    for part in
        ["Ideal points in session 2", "Without a vote on any of them: GONE", "No state whose side is known"]
    {
        assert!(told.contains(part), "{part:?} is missing in:\n{told}");
    }
}

#[test]
fn votes_that_cannot_be_used_are_refused_with_a_pointed_finger() {
    let refused = |text: &str, parts: &[&str]| {
        shop(text).equipoise(&["model", "roll-call", "votes.csv"]).fails_with(parts);
    };
    refused(
        &votes().replacen("abstain", "abstian", 1),
        &["votes.csv", "abstian", "yes, abstain, no or absent"],
    );
    let double = votes() + "2,2002-01-01,200,R/200,S01,yes\n";
    refused(&double, &["S01 has a second vote on roll call 200"]);
    let agreed = votes().replace(",no\n", ",yes\n").replace(",abstain\n", ",yes\n");
    refused(&agreed, &["all 16 roll calls are unanimous"]);
    refused(HEADER, &["there are no votes"]);
    let one: String = HEADER.to_owned() + "1,2001-01-01,1,R,A,yes\n1,2001-01-01,1,R,B,no\n";
    refused(&one, &["too few to identify"]);
    let shop = shop(&votes());
    let args = ["model", "roll-call", "votes.csv", "--sessions", "7-9"];
    shop.equipoise(&args).fails_with(&["no roll call is of sessions 7 to 9", "1 to 2"]);
    shop.equipoise(&["model", "roll-call", "none.csv"]).fails_with(&["none.csv", "cannot read"]);
}

#[test]
fn a_text_is_predicted_from_its_predecessor_and_one_to_come_too() {
    let shop = shop(&votes());
    shop.write(
        "texts.csv",
        "resolution_id,issue,situation,severity,predecessor,date\n100,x,s,1,,\n202,x,s,1,100,\n\
         coming,x,s,2,202,2002-03-01\n",
    );
    let args = ["model", "roll-call", "predict", "votes.csv", "--texts", "texts.csv"];
    let json = shop.equipoise(&[&args[..], &["--json"]].concat()).succeeds().json();
    let predictions = json["predictions"].as_array().unwrap();
    assert_eq!(predictions.len(), 2);
    assert!(predictions[0]["predicted"]["log_score"].as_f64().unwrap() < 0.0);
    assert!(predictions[1].get("predicted").is_none(), "nobody has voted on it");
    assert_eq!(predictions[1]["states"].as_array().unwrap().len(), 12);
    let told = shop.equipoise(&args).succeeds().stdout;
    assert!(told.contains("expected if all vote"), "{told}");
    shop.equipoise(&[&args[..], &["--target", "203"]].concat()).fails_with(&["there is no text `203`"]);
}
