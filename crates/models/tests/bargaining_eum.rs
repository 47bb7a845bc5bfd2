//! The Expected Utility Model against two public replications and 48 combinations of its options.

#![allow(clippy::unwrap_used, missing_docs)]

use equipoise_models::bargaining::Actors;
use equipoise_models::bargaining::eum::{Offer, OfferKind, Options, OptionsError, Turn, run};
use proptest::prelude::*;
use serde_json::Value;

fn fixture(name: &str) -> String {
    format!("{}/tests/fixtures/bargaining/eum/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// The emissions example, saliences brought to 0–100.
fn emissions() -> Actors {
    let mut reader = csv::Reader::from_path(fixture("input_emissions.csv")).unwrap();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let column = |k: usize| rows.iter().map(move |row| row[k].parse::<f64>().unwrap());
    Actors::new(
        rows.iter().map(|row| row[0].to_owned()).collect(),
        column(1).collect(),
        column(2).map(|x| vec![x]).collect(),
        column(3).map(|s| vec![s * 100.0]).collect(),
    )
    .unwrap()
}

fn named(name: &str) -> Options {
    name.parse().unwrap()
}

fn json(name: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(fixture(name)).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

fn deviation(found: &[f64], expected: impl Iterator<Item = f64>) -> f64 {
    found.iter().zip(expected).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}

#[test]
fn scholz_program_is_matched_with_its_offers() {
    let (actors, reference) = (emissions(), json("jmckib_ExampleActors_q1.0.json"));
    let turns = run(&actors, &named("jmckib"), reference.len() - 1).unwrap();
    let mut largest = 0.0_f64;
    for (turn, expected) in turns.iter().zip(&reference) {
        let of = |key: &str| {
            let list = expected[key].clone();
            actors.names().iter().map(move |name| number(&list[name]))
        };
        largest = largest
            .max(deviation(&turn.positions, of("positions")))
            .max((turn.median - number(&expected["median"])).abs())
            .max((turn.mean - number(&expected["mean"])).abs());
        if expected.get("offers").is_none() {
            continue;
        }
        largest = largest.max(deviation(&turn.risk, of("risk_exponent")));
        for (name, offer) in actors.names().iter().zip(&turn.offers) {
            largest = largest.max(compare_offer(&actors, offer.as_ref(), &expected["offers"][name]));
        }
    }
    println!("jmckib: largest deviation {largest:e}");
    assert!(largest < 1e-10, "{largest:e}");
}

fn compare_offer(actors: &Actors, found: Option<&Offer>, expected: &Value) -> f64 {
    let Some(offer) = found else {
        assert!(expected.is_null(), "no offer for {expected}");
        return 0.0;
    };
    let kind = match offer.kind {
        OfferKind::Confrontation => "confrontation",
        OfferKind::Compromise => "compromise",
        OfferKind::Capitulation => "capitulation",
    };
    assert_eq!(kind, expected["type"]);
    assert_eq!(actors.names()[offer.proposer], expected["proposer"].as_str().unwrap());
    let numbers = [offer.receiver_expects, offer.proposer_expects, offer.position];
    let keys = ["eu", "other_eu", "position"].into_iter();
    deviation(&numbers, keys.map(|key| number(&expected[key])))
}

#[test]
fn the_group_decision_model_is_matched() {
    let reference = json("masad_GroupDecisionModel_emissions_q1.json");
    let turns = run(&emissions(), &named("masad"), reference.len() - 1).unwrap();
    let mut largest = 0.0_f64;
    for (turn, expected) in turns.iter().zip(&reference) {
        let list = |key: &str| expected[key].as_array().cloned().unwrap_or_default();
        largest = largest
            .max(deviation(&turn.positions, list("x").iter().map(number)))
            .max(deviation(&turn.risk, list("r").iter().map(number)))
            .max((turn.mean - number(&expected["mean"])).abs());
    }
    println!("masad: largest deviation {largest:e}");
    assert!(largest < 1e-10, "{largest:e}");
}

#[test]
fn all_48_combinations_are_matched() {
    let actors = emissions();
    let mut reader = csv::Reader::from_path(fixture("variants_emissions.csv")).unwrap();
    let (mut largest, mut variants) = (0.0_f64, 0);
    let mut turns: Vec<Turn> = Vec::new();
    for row in reader.records().map(Result::unwrap) {
        let number = |k: usize| row[k].parse::<f64>().unwrap();
        let round = number(1) as usize;
        if round == 0 {
            turns = run(&actors, &named(&row[0]), 10).unwrap();
            variants += 1;
        }
        let turn = &turns[round];
        let worst = (turn.median - number(2))
            .abs()
            .max((turn.mean - number(3)).abs())
            .max(deviation(&turn.positions, (4..14).map(number)))
            .max(deviation(&turn.risk, (14..24).map(number)));
        assert!(worst < 1e-10, "{} round {round}: {worst:e}", &row[0]);
        largest = largest.max(worst);
    }
    println!("48 combinations: largest deviation {largest:e}");
    assert_eq!(variants, 48);
}

#[test]
fn the_first_centres_are_the_published_ones() {
    let start = &run(&emissions(), &Options::default(), 0).unwrap()[0];
    assert_eq!(start.median, 7.0);
    assert!((start.mean - 7.389956).abs() < 1e-6);
}

#[test]
fn two_dimensions_are_one_too_many() {
    let rows = || vec![vec![10.0, 20.0], vec![30.0, 40.0]];
    let actors = Actors::new(vec!["a".into(), "b".into()], vec![1.0; 2], rows(), rows()).unwrap();
    let error = run(&actors, &Options::default(), 1).unwrap_err();
    assert_eq!(error, OptionsError::Dimensions { found: 2 });
}

#[test]
fn where_all_agree_nobody_moves() {
    let rows = vec![vec![50.0]; 3];
    let names = ["a", "b", "c"].map(String::from).to_vec();
    let actors = Actors::new(names, vec![1.0, 2.0, 0.0], rows.clone(), rows).unwrap();
    let turns = run(&actors, &Options::default(), 3).unwrap();
    assert_eq!(turns.len(), 4);
    assert!(turns.iter().all(|turn| *turn == turns[0]));
    assert_eq!((turns[0].median, turns[0].mean), (50.0, 50.0));
}

#[test]
fn two_identical_actors_move_alike() {
    let actors = Actors::new(
        ["a", "twin", "twin", "d"].map(String::from).to_vec(),
        vec![3.0, 1.0, 1.0, 2.0],
        [5.0, 40.0, 40.0, 90.0].map(|x| vec![x]).to_vec(),
        [80.0, 30.0, 30.0, 60.0].map(|s| vec![s]).to_vec(),
    )
    .unwrap();
    for (name, options) in Options::NAMED {
        for turn in run(&actors, options, 8).unwrap() {
            assert_eq!(turn.positions[1], turn.positions[2], "{name}");
            assert_eq!(turn.risk[1], turn.risk[2], "{name}");
        }
    }
}

fn any_actors() -> impl Strategy<Value = Actors> {
    let actor = (0.0..5.0f64, 0.0..100.0f64, 1.0..100.0f64);
    prop::collection::vec(actor, 2..9).prop_map(|list| {
        let names = (0..list.len()).map(|i| format!("actor {i}")).collect();
        Actors::new(
            names,
            list.iter().map(|a| a.0 + 0.01).collect(),
            list.iter().map(|a| vec![a.1]).collect(),
            list.iter().map(|a| vec![a.2]).collect(),
        )
        .unwrap()
    })
}

fn any_options() -> impl Strategy<Value = Options> {
    let choices = equipoise_models::bargaining::EumChoices::all().combinations();
    prop::sample::select(choices)
}

proptest! {
    #[test]
    fn positions_stay_between_the_first_ones(actors in any_actors(), options in any_options()) {
        let first = || actors.positions().iter().map(|row| row[0]);
        let (low, high) = (first().fold(100.0, f64::min), first().fold(0.0, f64::max));
        for turn in run(&actors, &options, 6).unwrap() {
            prop_assert!(turn.positions.iter().all(|x| (low - 1e-9..=high + 1e-9).contains(x)));
            prop_assert!((low - 1e-9..=high + 1e-9).contains(&turn.mean));
            prop_assert!(turn.positions.contains(&turn.median));
        }
    }

    #[test]
    fn risk_exponents_and_expectations_are_bounded(actors in any_actors(), options in any_options()) {
        for turn in run(&actors, &options, 4).unwrap() {
            prop_assert!(turn.risk.iter().all(|r| (0.5 - 1e-9..=2.0 + 1e-9).contains(r)));
            for offer in turn.offers.iter().flatten() {
                // Each utility lies within −2 and 2, and the expectation is a difference of two means.
                prop_assert!(offer.receiver_expects.abs() <= 4.0 + 1e-9);
                prop_assert!(offer.proposer_expects > 0.0 && offer.proposer_expects <= 4.0 + 1e-9);
            }
        }
    }

    #[test]
    fn permuting_the_actors_permutes_the_first_round(
        actors in any_actors(), options in any_options(), turn_by in 1usize..8,
    ) {
        let n = actors.count();
        let place = |i: usize| (i + turn_by) % n;
        let turned = Actors::new(
            (0..n).map(|i| actors.names()[place(i)].clone()).collect(),
            (0..n).map(|i| actors.capability()[place(i)]).collect(),
            (0..n).map(|i| actors.positions()[place(i)].clone()).collect(),
            (0..n).map(|i| actors.saliences()[place(i)].clone()).collect(),
        ).unwrap();
        let before = &run(&actors, &options, 1).unwrap()[1];
        let after = &run(&turned, &options, 1).unwrap()[1];
        for i in 0..n {
            prop_assert!((before.positions[place(i)] - after.positions[i]).abs() < 1e-6);
            prop_assert!((before.risk[place(i)] - after.risk[i]).abs() < 1e-6);
        }
    }
}
