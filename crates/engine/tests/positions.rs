//! Bargaining over positions and votes on resolutions, whatever the parameters and the draws.
#![allow(clippy::unwrap_used, missing_docs)]

use equipoise_engine::{Engine, Event, History};
use equipoise_models::noise::{Noise, Stream};
use equipoise_scenario::chronicle::{EventKind, Subject};
use equipoise_scenario::{Scenario, load_files, template};

const LAND: &str = include_str!("fixtures/positions/land.csv");
const STATES: &str = include_str!("fixtures/positions/states.csv");
const RESOLUTIONS: &str = include_str!("fixtures/positions/resolutions.csv");
const BALLOTS: &str = include_str!("fixtures/positions/ballots.csv");

/// The small scenario with an issue, rounds of bargaining and an assembly.
fn scenario_with(edit: impl Fn(&str) -> String) -> Scenario {
    let added = edit(include_str!("fixtures/positions/added.toml"));
    let mut files: Vec<(String, Vec<u8>)> = template("Varnia")
        .into_iter()
        .map(|(path, text)| {
            let text = if path == "scenario.toml" { format!("{text}\n{added}\n") } else { text };
            (path, text.into_bytes())
        })
        .collect();
    for (path, text) in [
        ("issues/land.csv", LAND),
        ("votes/states.csv", STATES),
        ("votes/resolutions.csv", RESOLUTIONS),
        ("votes/ballots.csv", BALLOTS),
    ] {
        files.push((path.to_owned(), text.as_bytes().to_vec()));
    }
    load_files("varnia", files).unwrap()
}

fn scenario() -> Scenario {
    scenario_with(str::to_owned)
}

fn parameters(scenario: &Scenario, history: u64) -> Vec<f64> {
    let noise = Noise::new(99, history);
    let draw = |id: &str| noise.uniform(Stream::named(id), 0, 0, 0);
    scenario.parameters.iter().map(|parameter| parameter.draw(draw(&parameter.id), 0)).collect()
}

fn parameter(scenario: &Scenario, id: &str) -> usize {
    scenario.parameters.iter().position(|parameter| parameter.id == id).unwrap()
}

fn simulate(scenario: &Scenario, number: u64, parameters: &[f64]) -> History {
    let engine = Engine::new(scenario);
    let mut into = History::default();
    engine.simulate(1, number, parameters, &mut engine.workspace(), &mut into);
    into
}

fn series(scenario: &Scenario, history: &History, id: &str) -> Vec<f32> {
    let at = scenario.series.iter().position(|series| series.id == id).unwrap();
    history.series.chunks(scenario.series.len()).map(|day| day[at]).collect()
}

fn outcome(scenario: &Scenario, history: &History, id: &str) -> f64 {
    history.outcomes[scenario.outcomes.iter().position(|outcome| outcome.id == id).unwrap()]
}

/// Votes on a resolution: kind by state, in the order of those who vote.
fn votes(history: &History, resolution: usize) -> Vec<(usize, EventKind)> {
    let vote = |event: &Event| match event.subject {
        Subject::Vote(on, state) if on == resolution => Some((state, event.kind)),
        _ => None,
    };
    history.events.iter().filter_map(vote).collect()
}

#[test]
fn positions_move_on_the_days_of_a_round_and_stay_between_the_outermost() {
    let scenario = scenario();
    let rounds = [19, 50];
    let mut moved = false;
    for number in 0..30 {
        let parameters = parameters(&scenario, number);
        let history = simulate(&scenario, number, &parameters);
        let own = series(&scenario, &history, "land_own");
        assert!((f64::from(own[0]) - parameters[parameter(&scenario, "stand_own")]).abs() < 1e-4);
        for day in 1..own.len() {
            assert!(own[day] == own[day - 1] || rounds.contains(&day), "history {number} day {day}");
            moved |= own[day] != own[day - 1];
        }
        let low = parameters[parameter(&scenario, "stand_ordmark")] - 1e-4;
        let high = parameters[parameter(&scenario, "stand_lisse")] + 1e-4;
        assert!(own.iter().all(|&at| (low..=high).contains(&f64::from(at))));
        let bargains = history.events.iter().filter(|event| event.kind == EventKind::Bargain);
        assert_eq!(bargains.map(|event| event.day).collect::<Vec<_>>(), [19, 50]);
    }
    assert!(moved);
}

#[test]
fn who_adopts_nothing_stays_where_it_stands() {
    let scenario = scenario();
    let mut parameters = parameters(&scenario, 4);
    parameters[parameter(&scenario, "adoption")] = 0.0;
    let own = series(&scenario, &simulate(&scenario, 4, &parameters), "land_own");
    assert!(own.iter().all(|at| *at == own[0]));
}

#[test]
fn either_model_can_bargain() {
    let eum = scenario_with(|added| added.replace("model = \"smp\"", "model = \"eum:published\""));
    let smp = scenario();
    let paths = |scenario: &Scenario| {
        (0..20)
            .map(|number| {
                let history = simulate(scenario, number, &parameters(scenario, number));
                series(scenario, &history, "land_ordmark")
            })
            .collect::<Vec<_>>()
    };
    assert_ne!(paths(&eum), paths(&smp));
}

#[test]
fn each_state_votes_once_on_a_text_that_is_put_to_the_vote() {
    let scenario = scenario();
    for number in 0..30 {
        let history = simulate(&scenario, number, &parameters(&scenario, number));
        assert!(votes(&history, 0).is_empty(), "the first text lies before the first day");
        let states: Vec<usize> = votes(&history, 1).iter().map(|vote| vote.0).collect();
        assert_eq!(states, [0, 1, 2]);
        assert!(votes(&history, 2).is_empty(), "the third is never put to the vote");
        let in_favour = votes(&history, 1)[0].1 == EventKind::VoteFor;
        assert_eq!(outcome(&scenario, &history, "vote_in_favour"), f64::from(in_favour));
        assert_eq!(outcome(&scenario, &history, "for_at_the_end"), f64::from(in_favour));
    }
}

#[test]
fn a_state_that_stands_higher_never_votes_lower_in_the_same_history() {
    let scenario = scenario();
    let rank = |kind| match kind {
        EventKind::VoteAgainst => Some(0),
        EventKind::VoteAbstain => Some(1),
        EventKind::VoteFor => Some(2),
        _ => None,
    };
    let at = parameter(&scenario, "stand_own");
    let mut changed = false;
    for number in 0..60 {
        let mut parameters = parameters(&scenario, number);
        parameters[parameter(&scenario, "adoption")] = 0.0;
        let mut vote_at = |position: f64| {
            parameters[at] = position;
            rank(votes(&simulate(&scenario, number, &parameters), 1)[0].1)
        };
        let (low, high) = (vote_at(10.0), vote_at(90.0));
        // Presence does not hang on the position.
        assert_eq!(low.is_some(), high.is_some());
        assert!(low <= high, "history {number}");
        changed |= low != high;
    }
    assert!(changed);
}

#[test]
fn votes_follow_the_record_of_the_text_before() {
    let scenario = scenario();
    let flipped = {
        let mut scenario = scenario_with(str::to_owned);
        let first = &mut scenario.voting.as_mut().unwrap().resolutions[0];
        first.record[0] = Some(equipoise_scenario::scenario::Vote::Against);
        scenario
    };
    let in_favour = |scenario: &Scenario| {
        (0..200)
            .filter(|&number| {
                let history = simulate(scenario, number, &parameters(scenario, number));
                votes(&history, 1)[0].1 == EventKind::VoteFor
            })
            .count()
    };
    assert!(in_favour(&scenario) > in_favour(&flipped));
}

#[test]
fn the_vote_of_the_focus_state_has_consequences_with_their_cause() {
    let scenario = scenario();
    let mut seen = 0;
    for number in 0..60 {
        let mut parameters = parameters(&scenario, number);
        parameters[parameter(&scenario, "adoption")] = 0.0;
        let history = simulate(&scenario, number, &parameters);
        let vote = history.events.iter().position(|event| event.subject == Subject::Vote(1, 0)).unwrap();
        let put = history.events.iter().position(|event| event.kind == EventKind::PutToVote).unwrap();
        assert!(history.causes(vote as u32).contains(&(put as u32)));
        seen += usize::from(history.events[vote].kind == EventKind::VoteFor);
    }
    assert!(seen > 0);
}

#[test]
fn histories_are_the_same_on_any_thread() {
    let scenario = scenario();
    let run = |number| {
        let history = simulate(&scenario, number, &parameters(&scenario, number));
        (history.events.clone(), history.series.iter().map(|value| value.to_bits()).collect::<Vec<_>>())
    };
    let alone: Vec<_> = (0..8).map(run).collect();
    let together: Vec<_> = std::thread::scope(|scope| {
        let handles: Vec<_> = (0..8).map(|number| scope.spawn(move || run(number))).collect();
        handles.into_iter().map(|handle| handle.join().unwrap()).collect()
    });
    assert!(alone == together);
}

#[test]
fn an_assembly_changes_nothing_before_its_first_day() {
    let with = scenario();
    let without = scenario_with(|added| added.replace("2030-03-20, 2030-04-20", "2030-04-20"));
    let parameters = parameters(&with, 3);
    let early =
        |history: &History| history.events.iter().filter(|event| event.day < 19).copied().collect::<Vec<_>>();
    assert_eq!(early(&simulate(&with, 3, &parameters)), early(&simulate(&without, 3, &parameters)));
}
