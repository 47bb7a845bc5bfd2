//! Routes and trade day by day: a small network and three regions whose answers can be worked out by hand.
#![allow(clippy::unwrap_used, missing_docs)]

use equipoise_engine::{Engine, Event, History};
use equipoise_models::noise::{Noise, Stream};
use equipoise_scenario::chronicle::{EventKind, Subject};
use equipoise_scenario::{Scenario, load_files, template};
use proptest::prelude::*;

/// The template with the routes and trade of the scenario crate's fixture, under a policy that brings these shocks.
fn scenario(shocks: &[&str]) -> Scenario {
    scenario_of(shocks, "0,0,200", "")
}

/// The same with a tank at the junction: what it holds, what is in it at the start, what a tonne in it is worth.
fn scenario_with_tank(shocks: &[&str], tank: &str) -> Scenario {
    scenario_of(shocks, tank, "")
}

/// The same with more contracts: what is carried at least and at most, the first and the last day.
fn scenario_of(shocks: &[&str], tank: &str, contracts: &str) -> Scenario {
    let contracts = include_str!("../../scenario/tests/fixtures/routes/contracts.csv")
        .replace("maximum_mt_per_year,", "maximum_mt_per_year,from,until,")
        .replace("no,1,,", "no,1,,,,")
        + contracts;
    let nodes = include_str!("../../scenario/tests/fixtures/routes/nodes.csv")
        .replace(",0,0,200", &format!(",{tank}"));
    let moves = shocks.iter().map(|shock| {
        let day = match *shock {
            "opened" | "relieved" | "joined" => 20,
            "complied" => 6,
            _ => 5,
        };
        format!("{{ move = \"{shock}\", to = 2030-03-{day:02} }}")
    });
    let moves = moves.collect::<Vec<_>>().join(", ");
    let policy = format!("\n[policies.test]\ntitle = \"t\"\nchanges = [{moves}]\n");
    let lists = "treaties = [\"treaties/marches.toml\"]\n";
    let top = include_str!("../../scenario/tests/fixtures/routes/top.toml");
    let added = include_str!("../../scenario/tests/fixtures/routes/added.toml");
    let mut files: Vec<(String, Vec<u8>)> = template("Varnia")
        .into_iter()
        .map(|(path, text)| {
            let text = if path == "scenario.toml" {
                text.replace(lists, &format!("{lists}{top}")) + "\n" + added + &policy
            } else {
                text
            };
            (path, text.into_bytes())
        })
        .collect();
    for (path, text) in [
        ("nodes.csv", nodes.as_str()),
        ("routes.csv", include_str!("../../scenario/tests/fixtures/routes/routes.csv")),
        ("contracts.csv", contracts.as_str()),
        ("prices.csv", include_str!("../../scenario/tests/fixtures/routes/prices.csv")),
        ("regions.csv", include_str!("../../scenario/tests/fixtures/routes/regions.csv")),
        ("trade.csv", include_str!("../../scenario/tests/fixtures/routes/trade.csv")),
        ("treaties/customs.toml", include_str!("../../scenario/tests/fixtures/routes/treaties/customs.toml")),
    ] {
        files.push((path.to_owned(), text.as_bytes().to_vec()));
    }
    load_files("routes", files).unwrap_or_else(|mistakes| panic!("{mistakes}")).with_policy("test").unwrap()
}

fn parameters(scenario: &Scenario, history: u64) -> Vec<f64> {
    let noise = Noise::new(7, history);
    let draw = |id: &str| noise.uniform(Stream::named(id), 0, 0, 0);
    scenario.parameters.iter().map(|parameter| parameter.draw(draw(&parameter.id), 0)).collect()
}

fn set(scenario: &Scenario, parameters: &mut [f64], id: &str, value: f64) {
    parameters[scenario.parameters.iter().position(|parameter| parameter.id == id).unwrap()] = value;
}

fn simulate(scenario: &Scenario, number: u64, parameters: &[f64]) -> History {
    let engine = Engine::new(scenario);
    let mut into = History::default();
    engine.simulate(1, number, parameters, &mut engine.workspace(), &mut into);
    into
}

/// The first history under a policy that brings these shocks, and how to read its series.
struct Told {
    scenario: Scenario,
    history: History,
}

impl Told {
    fn with(shocks: &[&str]) -> Told {
        Told::of(scenario(shocks))
    }

    fn of(scenario: Scenario) -> Told {
        let history = simulate(&scenario, 0, &parameters(&scenario, 0));
        Told { scenario, history }
    }

    /// A series at the end of a day of March 2030.
    fn on(&self, series: &str, day: usize) -> f64 {
        let at = self.scenario.series.iter().position(|s| s.id == series).unwrap();
        f64::from(self.history.series[(day - 1) * self.scenario.series.len() + at])
    }

    fn events(&self, kind: EventKind) -> Vec<(usize, &Event)> {
        self.history.events.iter().enumerate().filter(|(_, event)| event.kind == kind).collect()
    }

    fn shock_behind(&self, event: usize) -> &str {
        let mut at = event as u32;
        while let Some(&cause) = self.history.causes(at).first() {
            at = cause;
        }
        match self.history.events[at as usize].subject {
            Subject::Shock(shock) => &self.scenario.shocks[shock].id,
            other => panic!("{other:?} is no shock"),
        }
    }
}

#[track_caller]
fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 1e-6 * expected.abs().max(1.0), "{found} is not {expected}");
}

#[test]
fn shippers_take_the_best_netback_within_routes_and_contracts() {
    // Netbacks at the junction: 350 - 20 through Ordmark, 350 - 60 the long way, 320 - 10 to the east.
    let told = Told::with(&[]);
    near(told.on("through", 1), 8.0);
    near(told.on("east", 1), 2.0);
    near(told.on("long", 1), 0.0);
    near(told.on("share", 1), 0.8);
    near(told.on("price", 1), 350.0);
    near(told.on("revenue", 1), (8.0 * 350.0 + 2.0 * 320.0) * 1e6 / 365.0);
    near(told.on("fees", 1), 8.0 * 20.0 * 1e6 / 365.0);
    // What Lisse in the west could get without Ordmark: the long way alone.
    near(told.on("potential", 1), 3.0);
}

#[test]
fn what_a_state_could_take_is_what_it_takes_when_it_closes_its_routes() {
    let told = Told::with(&["closed"]);
    // Without Ordmark: 4 to the east, 3 the long way, 3 stay in the ground at 40 each.
    let before = 8.0 * (350.0 - 21.0) + 2.0 * (320.0 - 11.0);
    let after = 4.0 * (320.0 - 11.0) + 3.0 * (350.0 - 61.0) - 3.0 * 40.0;
    near(told.on("dependence", 1), (before - after) / before);
    near(told.on("exports", 4), 10.0);
    near(told.on("exports", 5), 7.0);
    near(told.on("shut", 5), 3.0);
    near(told.on("share", 5), 0.0);
    near(told.on("dependence", 5), 0.0);
    let fall = told.events(EventKind::ExportsFall);
    assert_eq!((fall.len(), fall[0].1.amount), (1, 3.0));
    assert_eq!(told.shock_behind(fall[0].0), "closed");
}

#[test]
fn opened_routes_carry_as_before() {
    let told = Told::with(&["closed", "opened"]);
    near(told.on("exports", 19), 7.0);
    for series in ["exports", "through", "share", "dependence", "potential"] {
        near(told.on(series, 20), told.on(series, 1));
    }
    assert_eq!(told.events(EventKind::TransitOpened).len(), 1);
    assert_eq!(told.shock_behind(told.events(EventKind::ExportsRise)[0].0), "opened");
}

#[test]
fn a_limit_for_some_days_ends_by_itself() {
    let told = Told::with(&["damaged"]);
    near(told.on("through", 5), 2.0);
    near(told.on("long", 5), 3.0);
    near(told.on("through", 14), 2.0);
    near(told.on("through", 15), 8.0);
    let restored = told.events(EventKind::RouteRestored);
    assert_eq!((restored.len(), restored[0].1.day), (1, 14));
    assert_eq!(told.shock_behind(restored[0].0), "damaged");
}

#[test]
fn a_contract_binds_from_its_first_day_to_its_last() {
    let told = Told::of(scenario_of(
        &[],
        "0,0,200",
        "pipe,Room in the pipe,through_ordmark,no,,5,,2030-03-10,courier-2030-03-14,\n\
         round,What the long way takes or pays,long_way,no,1.5,,2030-03-15,2030-03-20,courier-2030-03-14,\n",
    ));
    for day in 1..=31 {
        let (through, long) = match day {
            // Room for five; four go east, and the last one the long way.
            1..=10 => (5.0, 1.0),
            // The east keeps the one million it is promised, so that half a million leaves the pipe.
            15..=20 => (7.5, 1.5),
            _ => (8.0, 0.0),
        };
        near(told.on("through", day), through);
        near(told.on("long", day), long);
        near(told.on("exports", day), 10.0);
    }
}

#[test]
fn a_contract_no_supply_can_fill_rests_and_is_told() {
    let told = Told::with(&["dry"]);
    near(told.on("exports", 5), 0.0);
    assert_eq!(told.events(EventKind::ContractsRest).len(), 1);
}

#[test]
fn a_tank_takes_what_would_stay_in_the_ground_and_gives_it_back() {
    let told = Told::of(scenario_with_tank(&["closed", "opened"], "0.05,0,200"));
    near(told.on("stored", 4), 0.0);
    // Three of ten million tonnes a year find no way out: 6.08 days' worth of them have room.
    for day in 5..=10 {
        near(told.on("stored", day), (day - 4) as f64 * 3.0 / 365.0);
        near(told.on("shut", day), 0.0);
        near(told.on("exports", day), 7.0);
    }
    let rest = 0.05 * 365.0 - 6.0 * 3.0;
    near(told.on("shut", 11), 3.0 - rest);
    near(told.on("shut", 12), 3.0);
    near(told.on("stored", 19), 0.05);
    // With Ordmark open again, all ways together carry 15: the tank gives 5 until it is empty.
    near(told.on("exports", 20), 15.0);
    near(told.on("revenue", 20), (11.0 * 350.0 + 4.0 * 320.0) * 1e6 / 365.0);
    near(told.on("stored", 22), 0.05 - 15.0 / 365.0);
    near(told.on("exports", 23), 10.0 + 0.05 * 365.0 - 15.0);
    near(told.on("stored", 24), 0.0);
    near(told.on("exports", 24), 10.0);
    let fall = told.events(EventKind::ExportsFall);
    assert_eq!(told.shock_behind(fall[0].0), "closed");
}

#[test]
fn oil_that_is_worth_more_in_the_tank_stays_there() {
    // At the junction: 330 through Ordmark, 310 to the east, 290 the long way; a tonne in the tank is worth 300.
    let told = Told::of(scenario_with_tank(&["closed", "opened"], "0.05,0.02,300"));
    // Two more find room on the way east at 310.
    near(told.on("exports", 1), 12.0);
    near(told.on("long", 1), 0.0);
    near(told.on("stored", 1), 0.02 - 2.0 / 365.0);
    near(told.on("stored", 4), 0.0);
    // Closed: four go east, and the tank fills before the long way is taken.
    near(told.on("exports", 5), 4.0);
    near(told.on("stored", 5), 6.0 / 365.0);
    near(told.on("long", 9), 3.0);
    near(told.on("stored", 9), 0.05);
}

#[test]
fn a_full_tank_bridges_a_dry_field() {
    let told = Told::of(scenario_with_tank(&["dry"], "0.1,0.1,400"));
    // Nothing is worth as much as what is in the tank, so only the contract draws on it: one million tonnes a year.
    near(told.on("exports", 4), 10.0);
    near(told.on("exports", 5), 1.0);
    near(told.on("stored", 31), 0.1 - 27.0 / 365.0);
    // It lasts for 36 days and a half; on the day that begins with half a day's oil the contract rests.
    let rests = told.events(EventKind::ContractsRest);
    assert_eq!((rests.len(), rests[0].1.day), (1, 4 + 36));
}

#[test]
fn revenue_follows_the_price_and_flows_do_not() {
    let told = Told::with(&[]);
    // The price of April holds from its first day, day 32 of the simulation.
    near(told.on("price", 31), 350.0);
    near(told.on("price", 32), 420.0);
    near(told.on("revenue", 32), (8.0 * 420.0 + 2.0 * 390.0) * 1e6 / 365.0);
    near(told.on("through", 32), 8.0);
    assert!(told.events(EventKind::ExportsRise).is_empty());
}

#[test]
fn accidents_come_at_their_rate_and_are_repaired() {
    let scenario = scenario(&[]);
    let engine = Engine::new(&scenario);
    let (mut workspace, mut history) = (engine.workspace(), History::default());
    let (mut accidents, mut repairs) = (0, 0);
    for number in 0..400 {
        let mut parameters = parameters(&scenario, number);
        set(&scenario, &mut parameters, "accidents_per_year", 4.0);
        engine.simulate(1, number, &parameters, &mut workspace, &mut history);
        let count = |kind| history.events.iter().filter(|event| event.kind == kind).count();
        accidents += count(EventKind::RouteDamaged);
        repairs += count(EventKind::RouteRestored);
    }
    // 92 days at four a year, less the mean repair of ten days after each: 0.9 in a history, with a standard error
    // of 0.05.
    let mean = accidents as f64 / 400.0;
    assert!((0.75..1.05).contains(&mean), "{mean}");
    assert!(repairs > accidents * 3 / 4 && repairs <= accidents, "{repairs} of {accidents}");
}

#[test]
fn a_history_with_accidents_is_the_same_in_a_used_workspace() {
    let scenario = scenario(&["closed", "squeezed"]);
    let engine = Engine::new(&scenario);
    let (mut workspace, mut used) = (engine.workspace(), History::default());
    for number in 0..30 {
        let mut parameters = parameters(&scenario, number);
        set(&scenario, &mut parameters, "accidents_per_year", 6.0);
        set(&scenario, &mut parameters, "pipe_capacity", 5.0 + number as f64 / 7.0);
        engine.simulate(1, number, &parameters, &mut workspace, &mut used);
        let fresh = simulate(&scenario, number, &parameters);
        let bits = |history: &History| -> Vec<u32> { history.series.iter().map(|v| v.to_bits()).collect() };
        assert!(bits(&used) == bits(&fresh) && used.events == fresh.events, "history {number}");
    }
}

#[test]
fn without_measures_trade_is_as_observed() {
    let told = Told::with(&[]);
    for series in ["welfare_own", "welfare_ord", "welfare_lis", "income"] {
        near(told.on(series, 31), 0.0);
    }
    near(told.on("import_share", 31), 250.0 / 310.0);
    near(told.on("export_share", 31), 100.0 / 300.0);
}

#[test]
fn sanctions_cost_their_target_most_and_compliance_closes_the_way_round() {
    let open = Told::with(&["squeezed"]);
    let closed = Told::with(&["squeezed", "complied"]);
    assert!(open.on("welfare_ord", 5) < open.on("welfare_lis", 5) && open.on("welfare_lis", 5) < 0.0);
    assert!(open.on("income", 31) > 0.0);
    near(closed.on("income", 5), open.on("income", 5));
    near(closed.on("income", 6), 0.0);
    assert!(closed.on("welfare_ord", 6) < open.on("welfare_ord", 6));
    near(closed.on("level", 6), 1.0);
    let begins = open.events(EventKind::SanctionBegins);
    assert_eq!((begins.len(), open.shock_behind(begins[0].0)), (1, "squeezed"));
}

#[test]
fn a_ban_on_everything_that_nothing_goes_round_costs_more_than_one_that_leaks() {
    let banned = |own_share: f64| {
        let scenario = scenario(&["squeezed", "complied"]);
        let mut parameters = parameters(&scenario, 0);
        for (id, value) in [("named_share", 1.0), ("obeyed_share", 1.0), ("own_share", own_share)] {
            set(&scenario, &mut parameters, id, value);
        }
        let history = simulate(&scenario, 0, &parameters);
        Told { scenario, history }
    };
    // The whole way round leads through the focus state, which closes it on the sixth day.
    let (whole, leaks) = (banned(1.0), banned(0.9));
    assert!(whole.on("welfare_ord", 6) < leaks.on("welfare_ord", 6));
    assert!(leaks.on("welfare_ord", 6) < whole.on("welfare_ord", 5));
    assert!(whole.on("income", 5) > 0.0);
    near(whole.on("income", 6), 0.0);
}

#[test]
fn lifted_sanctions_and_rejoined_unions_leave_no_trace() {
    let told = Told::with(&["squeezed", "relieved", "left", "joined"]);
    assert!(told.on("welfare_own", 19) < 0.0);
    for series in ["welfare_own", "welfare_ord", "welfare_lis"] {
        near(told.on(series, 20), 0.0);
    }
    near(told.on("import_share", 20), 250.0 / 310.0);
    assert_eq!(told.events(EventKind::UnionLeft).len() + told.events(EventKind::UnionJoined).len(), 2);
}

#[test]
fn leaving_the_union_costs_the_one_who_leaves_most_and_turns_its_trade_elsewhere() {
    let told = Told::with(&["left"]);
    assert!(told.on("welfare_own", 5) < told.on("welfare_ord", 5) && told.on("welfare_ord", 5) < 0.0);
    assert!(told.on("import_share", 5) < told.on("import_share", 4));
}

#[test]
fn sanctions_on_the_focus_state_do_not_go_round_through_itself() {
    let told = Told::with(&["punished"]);
    near(told.on("income", 31), 0.0);
    assert!(told.on("welfare_own", 31) < 0.0);
    near(told.on("welfare_ord", 4), 0.0);
}

#[test]
fn a_day_looked_at_shows_what_the_series_say() {
    let scenario = scenario(&["closed", "squeezed"]);
    let engine = Engine::new(&scenario);
    let parameters = parameters(&scenario, 0);
    let told = Told::with(&["closed", "squeezed"]);
    let seen = engine.glimpses(1, 0, &parameters, &mut engine.workspace(), &[0, 4]);
    assert_eq!(seen.len(), 2);
    for (glimpse, day) in seen.iter().zip([1, 5]) {
        let routes = glimpse.routes.as_ref().unwrap();
        near(f64::from(routes.delivered_mt_per_year as f32), told.on("exports", day));
        near(f64::from(routes.flow_mt_per_year[1] as f32), told.on("through", day));
        near(f64::from(glimpse.welfare_percent[1] as f32), told.on("welfare_ord", day));
    }
    // Of the states routes cross, Ordmark comes first and Lisse second; only Ordmark could keep oil in the ground.
    let before = seen[0].routes.as_ref().unwrap();
    near(before.loss_mt_per_year[0], 3.0);
    near(before.loss_mt_per_year[1], 0.0);
    near(before.share_through[1], 0.2);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn what_comes_up_is_sold_or_put_by_whatever_happens(
        number in 0u64..1_000_000, room in 0.0f64..0.3, full in 0.0f64..1.0, value in 0.0f64..450.0,
    ) {
        let tank = format!("{room:.6},{:.6},{value:.2}", room * full * 0.999);
        let scenario = scenario_with_tank(&["closed", "opened", "damaged"], &tank);
        let mut parameters = parameters(&scenario, number);
        set(&scenario, &mut parameters, "accidents_per_year", 8.0);
        set(&scenario, &mut parameters, "third", (number % 7) as f64 / 5.0);
        let history = simulate(&scenario, number, &parameters);
        let column = |id: &str| scenario.series.iter().position(|series| series.id == id).unwrap();
        let mut before: f64 = tank.split(',').nth(1).unwrap().parse().unwrap();
        for day in history.series.chunks(scenario.series.len()) {
            let on = |id: &str| f64::from(day[column(id)]);
            let stored = on("stored");
            prop_assert!((-1e-9..=room + 1e-6).contains(&stored));
            let change = (stored - before) * 365.0;
            // Series are single precision: a level of 0.3 is known to 1.5e-8, a year's rate of change to 1e-5.
            prop_assert!((on("exports") + on("shut") + change - 10.0).abs() < 3e-5, "{} {}", on("exports"), change);
            prop_assert!((on("through") + on("long") + on("east") - on("exports")).abs() < 1e-5);
            before = stored;
        }
    }

    #[test]
    fn what_is_on_offer_is_sold_or_stays_in_the_ground_whatever_happens(number in 0u64..1_000_000) {
        let scenario = scenario(&["closed", "opened", "damaged"]);
        let mut parameters = parameters(&scenario, number);
        set(&scenario, &mut parameters, "accidents_per_year", 8.0);
        set(&scenario, &mut parameters, "third", (number % 7) as f64 / 5.0);
        let history = simulate(&scenario, number, &parameters);
        let width = scenario.series.len();
        let column = |id: &str| scenario.series.iter().position(|series| series.id == id).unwrap();
        for day in history.series.chunks(width) {
            let on = |id: &str| f64::from(day[column(id)]);
            prop_assert!((on("exports") + on("shut") - 10.0).abs() < 1e-5);
            prop_assert!((on("through") + on("long") + on("east") - on("exports")).abs() < 1e-5);
            prop_assert!(on("east") <= 4.0 + 1e-6 && on("long") <= 3.0 + 1e-6);
            prop_assert!((0.0..=1.0).contains(&on("share")) && (0.0..=1.0).contains(&on("dependence")));
        }
    }
}
