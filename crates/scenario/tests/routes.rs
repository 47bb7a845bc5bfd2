//! Routes, trade, sanctions and customs unions: what the files mean, and every kind of mistake in them.
#![allow(clippy::unwrap_used)]

use equipoise_scenario::scenario::transit::{NodeKind, Quantity};
use equipoise_scenario::scenario::{Action, Scenario};
use equipoise_scenario::{Diagnostic, load_files, template};

type Files = Vec<(String, String)>;

/// The template with routes and trade.
fn files() -> Files {
    let mut files = template("Varnia");
    let scenario = files.iter_mut().find(|(path, _)| path == "scenario.toml").unwrap();
    let text = &scenario.1;
    let lists = "treaties = [\"treaties/marches.toml\"]\n";
    assert!(text.contains(lists));
    let top = include_str!("fixtures/routes/top.toml");
    let text =
        text.replace(lists, &format!("{lists}{top}")) + "\n" + include_str!("fixtures/routes/added.toml");
    scenario.1 = text;
    let added = [
        ("nodes.csv", include_str!("fixtures/routes/nodes.csv")),
        ("routes.csv", include_str!("fixtures/routes/routes.csv")),
        ("contracts.csv", include_str!("fixtures/routes/contracts.csv")),
        ("prices.csv", include_str!("fixtures/routes/prices.csv")),
        ("regions.csv", include_str!("fixtures/routes/regions.csv")),
        ("trade.csv", include_str!("fixtures/routes/trade.csv")),
        ("treaties/customs.toml", include_str!("fixtures/routes/treaties/customs.toml")),
    ];
    files.extend(added.map(|(path, text)| (path.to_owned(), text.to_owned())));
    files
}

fn scenario() -> Scenario {
    load_files("routes", files()).unwrap_or_else(|mistakes| panic!("{mistakes}"))
}

/// What is reported first when one thing is changed, and how many mistakes there are.
fn mistakes(path: &str, old: &str, new: &str) -> Vec<Diagnostic> {
    let mut files = files();
    let text = &mut files.iter_mut().find(|(file, _)| file == path).unwrap().1;
    assert_eq!(text.matches(old).count(), 1, "`{old}` must stand once in {path}");
    *text = text.replace(old, new);
    load_files("routes", files).map(|_| ()).unwrap_err().list
}

#[track_caller]
fn one_mistake(path: &str, old: &str, new: &str, message: &str) -> Diagnostic {
    let found = mistakes(path, old, new);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].message.contains(message), "{}", found[0]);
    assert_eq!(found[0].file, path, "{}", found[0]);
    found[0].clone()
}

#[test]
fn tables_become_a_network_a_trade_matrix_and_a_union() {
    let scenario = scenario();
    let transit = scenario.transit.as_ref().unwrap();
    assert_eq!((transit.nodes.len(), transit.routes.len(), transit.contracts.len()), (4, 4, 1));
    assert_eq!(transit.nodes[0].kind, NodeKind::Supply { amount: Quantity::Given(10.0) });
    let ordmark = scenario.actors.iter().position(|actor| actor.id == "ORD").unwrap();
    assert_eq!(transit.routes[1].crosses, [ordmark]);
    assert_eq!(transit.avoided, [ordmark]);
    assert!(
        matches!(transit.routes[1].capacity, Quantity::Parameter(_)) && transit.routes[1].accidents.is_some()
    );
    assert_eq!(transit.prices.iter().map(|price| price.day).collect::<Vec<_>>(), [-28, 31]);
    let trade = scenario.trade.as_ref().unwrap();
    assert_eq!(trade.flows_musd, [0.0, 100.0, 200.0, 250.0, 0.0, 900.0, 60.0, 1000.0, 0.0]);
    assert_eq!(trade.flows_with_home_sales(2.0)[0], 1700.0);
    assert_eq!((trade.focus, trade.unions[0].members.as_slice()), (0, &[0, 1][..]));
    assert_eq!(trade.sanctions[1].against, trade.focus);
}

#[test]
fn a_shock_only_by_policy_waits_for_a_policy_to_move_it() {
    let mut files = files();
    let text = &mut files.iter_mut().find(|(path, _)| path == "scenario.toml").unwrap().1;
    text.push_str("\n[policies.close]\ntitle = \"c\"\nchanges = [{ move = \"closed\", to = 2030-03-07 }]\n");
    let scenario = load_files("routes", files).unwrap();
    let closed = scenario.shocks.iter().position(|shock| shock.id == "closed").unwrap();
    assert!(scenario.shocks[closed].cancelled);
    assert!(matches!(scenario.shocks[closed].actions[..], [Action::Transit { open: false, .. }]));
    let policy = scenario.with_policy("close").unwrap();
    assert!(!policy.shocks[closed].cancelled && policy.shocks[closed].date.to_string() == "2030-03-07");
}

#[test]
fn numbers_that_cannot_be_are_pointed_at() {
    one_mistake("routes.csv", "junction,12,1,", "junction,-12,1,", "found -12");
    one_mistake("routes.csv", "west,3,60,", "west,3,-60,", "found -60");
    one_mistake("routes.csv", "west,3,60,", "west,3,nan,", "`nan`");
    one_mistake("routes.csv", "west,3,60,", "west,3,1e999,", "`1e999`");
    one_mistake("nodes.csv", "supply,10,", "supply,-10,", "found -10");
    one_mistake("contracts.csv", "no,1,,", "no,-1,,", "found -1");
    one_mistake("prices.csv", "2030-04-01,60", "2030-04-01,0", "the price is 0");
    one_mistake("regions.csv", "VAR,1000", "VAR,0", "the product is 0");
    one_mistake("trade.csv", "VAR,LIS,200", "VAR,LIS,-200", "found -200");
    let found = one_mistake("routes.csv", "west,3,60,", "west,east_discount,60,", "can be -30");
    assert!(found.expected.unwrap().contains("zero or above"));
}

#[test]
fn a_bare_number_without_a_source_is_refused() {
    let found = mistakes("routes.csv", "12,1,,,,,courier-2030-03-14,", "12,1,,,,,,");
    assert_eq!(found.len(), 2, "capacity and cost: {found:?}");
    assert!(found[0].message.contains("the number 12 has no source"), "{}", found[0]);
    let found = mistakes("trade.csv", "VAR,LIS,200,courier-2030-03-14", "VAR,LIS,200,courier-2030-03-41");
    assert_eq!(found[0].suggestion.as_deref(), Some("courier-2030-03-14"), "{found:?}");
}

#[test]
fn a_tank_that_cannot_be_is_pointed_at() {
    one_mistake("nodes.csv", "14,,0,0,200", "14,,-1,0,200", "found -1");
    one_mistake("nodes.csv", "14,,0,0,200", "14,,0,0,", "the tank of `junction` is not told in full");
    one_mistake("nodes.csv", "14,,0,0,200", "14,,,0,", "the tank of `junction` is not told in full");
    one_mistake("nodes.csv", "14,,0,0,200", "14,,2,3,200", "holds 2 and starts with 3");
    one_mistake(
        "nodes.csv",
        "LIS,courier-2030-03-14,,,,",
        "LIS,courier-2030-03-14,,1,,200",
        "`west` is a market",
    );
    let nowhere = "value = \"stored_mt(junctoin)\"";
    let found = one_mistake("scenario.toml", "value = \"stored_mt(junction)\"", nowhere, "there is no node");
    assert_eq!(found.suggestion.as_deref(), Some("junction"));
}

#[test]
fn shutting_in_cannot_pay() {
    let text = "[parameters.shut_in_cost]\ntitle = \"shut_in_cost\"\nunit = \"number\"\nrange = [40, 40]";
    one_mistake("scenario.toml", text, &text.replace("[40, 40]", "[-5, 40]"), "can be -5");
}

#[test]
fn names_nobody_knows_are_pointed_at_with_the_nearest() {
    let near = |path, old, new, message, suggestion: &str| {
        assert_eq!(one_mistake(path, old, new, message).suggestion.as_deref(), Some(suggestion));
    };
    near("routes.csv", "20,ORD,", "20,ORT,", "there is no actor `ORT`", "ORD");
    near("routes.csv", "field,junction,12", "field,juncton,12", "there is no node `juncton`", "junction");
    near("nodes.csv", "20,0,LIS", "20,0,LISS", "there is no actor `LISS`", "LIS");
    near("contracts.csv", ",eastward,", ",eastwards,", "there is no route `eastwards`", "eastward");
    near("trade.csv", "LIS,ORD,1000", "LIS,ORT,1000", "there is no region `ORT`", "ORD");
    near(
        "treaties/customs.toml",
        "[\"VAR\", \"ORD\"]",
        "[\"VAR\", \"ORT\"]",
        "there is no region `ORT`",
        "ORD",
    );
    near(
        "scenario.toml",
        "package = \"second\"",
        "package = \"secnd\"",
        "package of sanctions `secnd`",
        "second",
    );
    near(
        "scenario.toml",
        "flow_mt_per_year(long_way)",
        "flow_mt_per_year(long_wai)",
        "no route `long_wai`",
        "long_way",
    );
    near("scenario.toml", "node = \"field\"", "node = \"feld\"", "there is no node `feld`", "field");
}

#[test]
fn a_market_without_a_price_and_a_supply_without_a_way_out_are_refused() {
    one_mistake("nodes.csv", "market,20,0,", "market,20,,", "the price");
    one_mistake("nodes.csv", "supply,10,,,courier", "supply,,,,courier", "the supply of `field` is missing");
}

#[test]
fn a_disconnected_supply_is_named_where_it_stands() {
    let found = mistakes(
        "routes.csv",
        "trunk,Field to junction,field,junction",
        "trunk,Field to junction,junction,field",
    );
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].file == "nodes.csv" && found[0].line == 2, "{}", found[0]);
    assert!(found[0].message.contains("no chain of routes leads from the supply `field`"), "{}", found[0]);
}

#[test]
fn things_that_stand_twice_or_lead_nowhere_are_refused() {
    one_mistake("trade.csv", "VAR,LIS,200", "VAR,ORD,200", "appears twice");
    one_mistake("trade.csv", "VAR,LIS,200", "VAR,VAR,200", "goes from `VAR` to `VAR`");
    one_mistake(
        "routes.csv",
        "trunk,Field to junction,field,junction",
        "trunk,Field to junction,field,field",
        "to itself",
    );
    one_mistake("routes.csv", "20,ORD,", "20,VAR,", "leave out the focus state");
    one_mistake("contracts.csv", "no,1,,", "no,,,", "limits nothing");
    let whole = include_str!("fixtures/routes/contracts.csv");
    let with = |first: &str, last: &str| {
        whole
            .replace("maximum_mt_per_year,", "maximum_mt_per_year,from,until,")
            .replace("no,1,,", &format!("no,1,,{first},{last},"))
    };
    one_mistake("contracts.csv", whole, &with("2030-03-10", "2030-03-09"), "ends before it begins");
    one_mistake("contracts.csv", whole, &with("2030-03-40", ""), "2030-03-40");
    one_mistake("prices.csv", "2030-04-01,60", "2030-01-01,60", "does not follow");
    one_mistake(
        "routes.csv",
        "accidents_per_year,repair_days,capacity_left,courier",
        "accidents_per_year,,capacity_left,courier",
        "not told in full",
    );
    one_mistake("scenario.toml", "against = \"VAR\"", "against = \"LIS\"", "its own target");
    one_mistake("treaties/customs.toml", "[\"VAR\", \"ORD\"]", "[\"VAR\"]", "has 1 members");
}

#[test]
fn trade_without_flows_or_without_sales_at_home_is_refused() {
    one_mistake("regions.csv", "VAR,1000", "VAR,100", "nothing is left for sales at home");
    let mut files = files();
    let regions = files.iter_mut().find(|(path, _)| path == "regions.csv").unwrap();
    regions.1.push_str("government,5,courier-2030-03-14,\n");
    let found = load_files("routes", files).map(|_| ()).unwrap_err().list;
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].message.contains("`government` neither sells nor buys"), "{}", found[0]);
    one_mistake(
        "scenario.toml",
        "[parameters.elasticity]\ntitle = \"elasticity\"\nunit = \"number\"\nrange = [4, 6]",
        "[parameters.elasticity]\ntitle = \"elasticity\"\nunit = \"number\"\nrange = [0, 6]",
        "the elasticity can be 0",
    );
}

#[test]
fn contracts_in_conflict_are_named_with_what_they_ask_for() {
    let mut files = files();
    for (path, old, new) in [("contracts.csv", "no,1,,", "no,4,,"), ("nodes.csv", "supply,10,", "supply,3,")]
    {
        let text = &mut files.iter_mut().find(|(file, _)| file == path).unwrap().1;
        *text = text.replace(old, new);
    }
    let found = load_files("routes", files).map(|_| ()).unwrap_err().list;
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((found[0].file.as_str(), found[0].line), ("contracts.csv", 2));
    assert!(
        found[0].message.contains("east_contract ask for 4.000, but only 3.000 can pass"),
        "{}",
        found[0]
    );
}

#[test]
fn a_contract_cannot_ask_for_more_than_its_route_may_carry() {
    let whole = include_str!("fixtures/routes/contracts.csv");
    let row = whole.lines().nth(1).unwrap();
    let right = |amount: &str, route: &str| {
        row.replace("east_contract,", "east_right,")
            .replace(",eastward,", route)
            .replace("no,1,,", &format!("no,,{amount},"))
    };
    let refused = |new: &str, line: usize, message: &str| {
        let found = one_mistake("contracts.csv", whole, new, message);
        assert_eq!(found.line, line, "{found}");
        assert!(found.expected.is_some());
    };
    // The route carries four, and the supply is ten.
    let carried = "the contract `east_contract` asks for 9.000, but the route `eastward` carries only 4.000";
    refused(&whole.replace("no,1,,", "no,9,,"), 2, carried);
    let own = "the contract `east_contract` asks for 3.000, but `east_contract` lets only 2.000 pass";
    refused(&whole.replace("no,1,,", "no,3,2,"), 2, own);
    let other = "the contract `east_contract` asks for 1.000, but `east_right` lets only 0.500 pass";
    refused(&format!("{whole}{}\n", right("0.5", ",eastward,")), 2, other);
    refused(&format!("{}\n{}\n{row}\n", whole.lines().next().unwrap(), right("0.5", ",eastward,")), 3, other);
    for fits in [right("1", ",eastward,"), right("0.5", ",long_way,")] {
        let mut files = files();
        files.iter_mut().find(|(file, _)| file == "contracts.csv").unwrap().1 = format!("{whole}{fits}\n");
        load_files("routes", files).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    }
}

#[test]
fn contracts_meet_only_on_days_on_which_both_are_in_force() {
    let whole = include_str!("fixtures/routes/contracts.csv");
    let dated = whole
        .replace("maximum_mt_per_year,", "maximum_mt_per_year,from,until,")
        .replace("no,1,,", "no,1,,,,");
    let row = dated.lines().nth(1).unwrap().replace("east_contract,", "east_right,");
    for (first, last, found) in [("2030-03-05", "", 1), ("", "2030-02-28", 0), ("2031-01-01", "", 0)] {
        let mut files = files();
        let text = &mut files.iter_mut().find(|(file, _)| file == "contracts.csv").unwrap().1;
        *text = format!("{dated}{}\n", row.replace("no,1,,,,", &format!("no,,0.5,{first},{last},")));
        let mistakes = load_files("routes", files).map_or_else(|mistakes| mistakes.list, |_| Vec::new());
        assert_eq!(mistakes.len(), found, "{first} to {last}: {mistakes:?}");
        assert!(mistakes.iter().all(|one| one.message.contains("`east_right` lets only 0.500 pass")));
    }
}

#[test]
fn a_contract_is_looked_at_on_the_days_on_which_it_is_in_force() {
    // Four million tonnes that only three can fill: from the second day on, to a day before it, beyond the simulation.
    for (first, last, found) in
        [("2030-03-02", "", 1), ("", "2030-02-28", 0), ("2031-01-01", "", 0), ("2030-03-05", "2030-03-05", 1)]
    {
        let mut files = files();
        for (path, old, new) in [
            ("contracts.csv", "maximum_mt_per_year,", "maximum_mt_per_year,from,until,"),
            ("contracts.csv", "no,1,,", &format!("no,4,,{first},{last},")),
            ("nodes.csv", "supply,10,", "supply,3,"),
        ] {
            let text = &mut files.iter_mut().find(|(file, _)| file == path).unwrap().1;
            *text = text.replace(old, new);
        }
        let mistakes = load_files("routes", files).map_or_else(|mistakes| mistakes.list.len(), |_| 0);
        assert_eq!(mistakes, found, "{first} to {last}");
    }
}

#[test]
fn tables_and_files_belong_together() {
    let mut without = files();
    without.retain(|(path, _)| path != "routes.csv");
    let found = load_files("routes", without).map(|_| ()).unwrap_err().list;
    assert!(found.iter().any(|d| d.message.contains("there is no routes.csv")), "{found:?}");
    let mut without = files();
    without.retain(|(path, _)| path != "prices.csv");
    let found = load_files("routes", without).map(|_| ()).unwrap_err().list;
    assert!(found.iter().any(|d| d.file == "prices.csv" && d.message.contains("missing")), "{found:?}");
    one_mistake("prices.csv", "2030-02-01", "2030-03-02", "no price on the first day");
}
