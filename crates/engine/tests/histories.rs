//! What holds for every history, whatever the scenario, the parameters and the draws.
#![allow(clippy::unwrap_used, missing_docs)]

use equipoise_engine::{Engine, Event, History};
use equipoise_models::noise::{Noise, Stream};
use equipoise_scenario::chronicle::{EventKind, Subject};
use equipoise_scenario::{Scenario, load_files, template};
use proptest::prelude::*;

/// The small scenario, with lines added to its scenario.toml.
fn scenario(added: &str) -> Scenario {
    let files = template("Varnia").into_iter().map(|(path, text)| {
        let text = if path == "scenario.toml" { format!("{text}\n{added}\n") } else { text };
        (path, text.into_bytes())
    });
    load_files("varnia", files.collect()).unwrap()
}

/// Parameters drawn for a history; each by its name, so that more parameters leave the others as they are.
fn parameters(scenario: &Scenario, history: u64) -> Vec<f64> {
    let noise = Noise::new(99, history);
    let draw = |id: &str| noise.uniform(Stream::named(id), 0, 0, 0);
    scenario.parameters.iter().map(|parameter| parameter.draw(draw(&parameter.id), 0)).collect()
}

fn simulate(scenario: &Scenario, seed: u64, number: u64, parameters: &[f64]) -> History {
    let engine = Engine::new(scenario);
    let mut into = History::default();
    engine.simulate(seed, number, parameters, &mut engine.workspace(), &mut into);
    into
}

fn run(scenario: &Scenario, number: u64) -> History {
    simulate(scenario, 1, number, &parameters(scenario, number))
}

fn events(history: &History, kind: EventKind) -> Vec<&Event> {
    history.events.iter().filter(|event| event.kind == kind).collect()
}

#[test]
fn the_same_history_comes_out_the_same_in_a_used_workspace() {
    let scenario = scenario("");
    let engine = Engine::new(&scenario);
    let mut workspace = engine.workspace();
    let mut used = History::default();
    for number in 0..40 {
        let parameters = parameters(&scenario, number);
        engine.simulate(1, number, &parameters, &mut workspace, &mut used);
        assert!(bits(&used) == bits(&simulate(&scenario, 1, number, &parameters)), "history {number}");
    }
}

/// Everything of a history, comparable although some outcomes are missing.
fn bits(history: &History) -> (Vec<u64>, Vec<u32>, Vec<Event>, Vec<Vec<u32>>) {
    (
        history.outcomes.iter().map(|value| value.to_bits()).collect(),
        history.series.iter().map(|value| value.to_bits()).collect(),
        history.events.clone(),
        (0..history.events.len() as u32).map(|event| history.causes(event).to_vec()).collect(),
    )
}

#[test]
fn another_seed_or_another_number_is_another_history() {
    let scenario = scenario("");
    let parameters = parameters(&scenario, 5);
    let base = simulate(&scenario, 1, 5, &parameters);
    assert!((2..20).any(|seed| bits(&simulate(&scenario, seed, 5, &parameters)) != bits(&base)));
    assert!((6..20).any(|number| bits(&simulate(&scenario, 1, number, &parameters)) != bits(&base)));
}

#[test]
fn an_unrelated_decision_leaves_every_other_draw_untouched() {
    let plain = scenario("");
    let more = scenario(
        r#"
        [decisions.unrelated]
        title = "A choice that concerns nobody else"
        actor = "VAR"
        when = "day > 0"
        once = false
        rationality = "rationality"
        [decisions.unrelated.options.this]
        title = "This"
        utility = "0"
        waits = false
        [decisions.unrelated.options.that]
        title = "That"
        utility = "0"
        waits = false
        "#,
    );
    let added = more.decisions.len() - 1;
    let others = |history: &History| -> Vec<(u16, u8, EventKind, Subject, u32)> {
        let is_new =
            |event: &&Event| !matches!(event.subject, Subject::Option(decision, _) if decision == added);
        let row = |e: &Event| (e.day, e.hour, e.kind, e.subject, e.amount.to_bits());
        history.events.iter().filter(is_new).map(row).collect()
    };
    for number in 0..60 {
        let (base, with) = (run(&plain, number), run(&more, number));
        assert_eq!(others(&base), others(&with), "history {number}");
        assert_eq!(bits(&base).0, bits(&with).0, "outcomes of history {number}");
        assert_eq!(bits(&base).1, bits(&with).1, "series of history {number}");
        assert!(with.events.len() > base.events.len());
    }
}

#[test]
fn a_policy_that_changes_nothing_reproduces_the_baseline() {
    let scenario = scenario("[policies.nothing]\ntitle = \"Nothing is changed\"\nchanges = []");
    let same = scenario.with_policy("nothing").unwrap();
    for number in 0..60 {
        assert!(bits(&run(&scenario, number)) == bits(&run(&same, number)), "history {number}");
    }
}

#[test]
fn a_forbidden_option_is_never_chosen_and_a_cancelled_shock_never_comes() {
    let scenario =
        scenario("[policies.calm]\ntitle = \"No price rise\"\nchanges = [{ cancel = \"subsidy_ends\" }]");
    let silent = scenario.with_policy("no-request").unwrap();
    let calm = scenario.with_policy("calm").unwrap();
    let mut requests = 0;
    for number in 0..100 {
        requests += events(&run(&scenario, number), EventKind::Requested).len();
        assert!(events(&run(&silent, number), EventKind::Requested).is_empty(), "history {number}");
        assert!(events(&run(&calm, number), EventKind::Shock).is_empty(), "history {number}");
    }
    assert!(requests > 0, "help is asked for in some histories when it is allowed");
}

#[test]
fn a_fully_legitimate_government_sees_no_unrest() {
    let scenario = scenario("");
    for number in 0..40 {
        let mut parameters = parameters(&scenario, number);
        parameters[scenario.legitimacy.initial] = 1.0;
        let history = simulate(&scenario, 1, number, &parameters);
        assert!(events(&history, EventKind::ProtestBegins).is_empty(), "history {number}");
    }
}

#[test]
fn a_more_willing_lead_never_makes_a_grant_less_frequent() {
    let scenario = scenario("");
    let interest = scenario.parameters.iter().position(|p| p.id == "interest").unwrap();
    let grants = |value: f64| {
        let granted = |number: u64| {
            let mut parameters = parameters(&scenario, number);
            parameters[interest] = value;
            !events(&simulate(&scenario, 1, number, &parameters), EventKind::Granted).is_empty()
        };
        (0..300).filter(|&number| granted(number)).count()
    };
    let (low, high) = (grants(-20.0), grants(20.0));
    assert_eq!(low, 0, "nobody helps against a strong interest of its own");
    assert!(high > 0, "some help with a strong interest");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn causes_come_before_their_effects_and_nothing_but_shocks_comes_from_nowhere(number in 0u64..1_000_000) {
        let scenario = scenario("");
        let history = run(&scenario, number);
        for (id, event) in history.events.iter().enumerate() {
            for &cause in history.causes(id as u32) {
                prop_assert!((cause as usize) < id);
                prop_assert!(history.events[cause as usize].day <= event.day);
            }
            // A first protest may rest on standing grievance alone.
            let rootless = history.causes(id as u32).is_empty();
            let may_be = matches!(event.kind, EventKind::Shock | EventKind::ProtestBegins);
            prop_assert!(!rootless || may_be, "{:?} has no cause", event.kind);
        }
        prop_assert!(history.events.windows(2).all(|pair| pair[0].day <= pair[1].day));
    }

    #[test]
    fn series_stay_within_their_bounds(number in 0u64..1_000_000) {
        let scenario = scenario("");
        let history = run(&scenario, number);
        prop_assert_eq!(history.series.len(), scenario.series.len() * scenario.days as usize);
        prop_assert!(history.series.iter().all(|value| value.is_finite() && *value >= 0.0));
        let people: f64 = scenario.places.iter().map(|place| place.population).sum();
        let participants = scenario.series.iter().position(|series| series.id == "participants").unwrap();
        let column = history.series.iter().skip(participants).step_by(scenario.series.len());
        prop_assert!(column.copied().all(|value| f64::from(value) <= people));
    }

    #[test]
    fn every_soldier_who_comes_leaves_once_the_mandate_has_ended(number in 0u64..1_000_000) {
        let scenario = scenario("");
        let history = run(&scenario, number);
        let troops = scenario.series.iter().position(|series| series.id == "troops").unwrap();
        let on = |day: usize| history.series[day * scenario.series.len() + troops];
        let days = scenario.days as usize;
        let arrived = events(&history, EventKind::TroopsArrive);
        prop_assert!(arrived.is_empty() || !events(&history, EventKind::Granted).is_empty());
        for over in events(&history, EventKind::MissionOver) {
            prop_assert!((usize::from(over.day)..days).all(|day| on(day) == 0.0));
        }
        for ended in events(&history, EventKind::MandateEnds) {
            let deadline = usize::from(ended.day) + ended.amount as usize;
            prop_assert!((deadline..days).all(|day| on(day) == 0.0), "nobody stays beyond the deadline");
        }
    }
}
