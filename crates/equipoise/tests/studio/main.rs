//! The studio as a person uses it: the real program in a real Chromium.

#![allow(clippy::unwrap_used)]

mod accessible;
mod beliefs;
mod driver;
mod histories;
mod kept;
mod open_studio;
mod pictures;
mod report;
mod side_by_side;
mod taking_away;

use std::fs;

use driver::{Browser, END, RIGHT};
use open_studio::{Desk, HISTORIES, Studio};
use serde_json::{Value, json};

/// Nothing was complained about, and nothing was asked of another machine.
fn assert_quiet(browser: &Browser, studio: &Studio) {
    assert_eq!(browser.complaints(), Vec::<String>::new());
    let ours = studio.address.split('/').take(3).collect::<Vec<_>>().join("/");
    for address in browser.requests() {
        let inside = ["blob:", "data:", "chrome:", "about:"].iter().any(|scheme| address.starts_with(scheme));
        assert!(inside || address.starts_with(&ours), "{address} is asked for");
    }
}

/// The page with its baseline simulated.
fn open(browser: &Browser, studio: &Studio) {
    browser.go(&studio.address);
    browser.wait("the scenario is open", "return document.querySelector('#cards .card') !== null");
    browser.settled();
}

/// Moves the first parameter that is offered to the end of its range, and gives its id.
fn move_a_parameter(browser: &Browser) -> String {
    browser.click("#group-parameters summary");
    browser.wait(
        "parameters are offered",
        "return document.querySelector('#group-parameters .lever input') !== null",
    );
    let id = browser.attribute("#group-parameters .lever input", "id").unwrap();
    browser.keys(&format!("#{id}"), END);
    browser.settled();
    id.strip_prefix("parameter-").unwrap().to_owned()
}

/// What the page says of an outcome of trial A: the difference and its interval.
fn shown_change(browser: &Browser, outcome: &str) -> [f64; 3] {
    let delta = format!("[data-outcome='{outcome}'] [data-delta='trial-0']");
    ["data-difference", "data-low", "data-high"]
        .map(|name| browser.attribute(&delta, name).unwrap().parse().unwrap())
}

/// What `compare` says of it.
fn compared_change(told: &Value, outcome: &str) -> [f64; 3] {
    let outcomes = told["policies"][0]["outcomes"].as_array().unwrap();
    let all = &outcomes.iter().find(|one| one["id"] == outcome).unwrap()["all"];
    let difference = ["probability", "mean"].iter().find_map(|kind| all.get(*kind)).unwrap();
    let interval = &difference["interval"];
    [difference["difference"].as_f64().unwrap(), interval[0].as_f64().unwrap(), interval[1].as_f64().unwrap()]
}

#[test]
fn a_lever_changes_the_numbers_as_the_command_line_does() {
    let desk = Desk::new();
    let studio = Studio::open(&desk, 0);
    let browser = Browser::start(1280, 900, false);
    open(&browser, &studio);
    assert!(browser.text("#progress").contains(&HISTORIES.to_string()));
    let before = browser.text("[data-outcome='killed'] [data-found='baseline']");
    assert!(!before.is_empty() && before != "…");

    let parameter = move_a_parameter(&browser);
    assert!(!browser.text("[data-outcome='killed'] [data-found='trial-0']").is_empty());
    let shown = ["troops_sent", "killed"].map(|outcome| shown_change(&browser, outcome));

    browser.click("#save");
    browser.click("#keep-policy");
    browser.wait(
        "the policy is kept",
        "return document.querySelector('#dialog').textContent.includes('Kept as')",
    );
    let file = desk.path("strait/policies/my-trial.toml");
    assert!(fs::read_to_string(file).unwrap().contains(&parameter));
    let told =
        desk.json(&["compare", "strait", "my-trial", "--histories", &HISTORIES.to_string(), "--quiet"]);
    for (shown, outcome) in shown.iter().zip(["troops_sent", "killed"]) {
        for (shown, told) in shown.iter().zip(compared_change(&told, outcome)) {
            assert!((shown - told).abs() <= 1e-9 * (1.0 + told.abs()), "{outcome}: {shown} and {told}");
        }
    }
    assert_quiet(&browser, &studio);
}

#[test]
fn a_link_brings_everything_back_and_every_step_can_be_undone() {
    let desk = Desk::new();
    let studio = Studio::open(&desk, 0);
    let browser = Browser::start(1280, 900, true);
    open(&browser, &studio);
    browser.click("#group-policies input");
    browser.settled();
    let with_policy = browser.text("#cards");
    assert!(browser.text("#changed").contains("Trial A"));
    browser.wait(
        "the address holds the levers",
        "const bytes = atob(location.hash.slice(1).replaceAll('-', '+').replaceAll('_', '/')); \
         return JSON.parse(bytes).trials[0].policies.length === 1",
    );
    let link = browser.script("return location.href", &[]).as_str().unwrap().to_owned();

    browser.click("#undo");
    browser.settled();
    assert_eq!(
        browser.script("return document.querySelector('#group-policies input').checked", &[]),
        json!(false)
    );
    browser.click("#redo");
    browser.settled();
    assert_eq!(browser.text("#cards"), with_policy);

    browser.go("about:blank");
    browser.go(&link);
    browser.wait("the scenario is open", "return document.querySelector('#cards .card') !== null");
    browser.settled();
    assert_eq!(browser.text("#cards"), with_policy);
    browser.reload();
    browser.wait("the scenario is open", "return document.querySelector('#cards .card') !== null");
    browser.settled();
    assert_eq!(browser.text("#cards"), with_policy);

    // A second trial beside the first, with one lever more.
    browser.click("[data-key='add']");
    browser.click("#group-shocks summary");
    browser.keys("#group-shocks .lever input", RIGHT);
    browser.settled();
    assert!(browser.text("#changed").contains("Trial B"));
    assert_eq!(
        browser
            .script("return document.querySelectorAll(\"[data-outcome='killed'] [data-delta]\").length", &[]),
        json!(2)
    );
    assert_quiet(&browser, &studio);
}

#[test]
fn a_studio_that_was_stopped_is_missed_and_gone_on_with() {
    let desk = Desk::new();
    let studio = Studio::open(&desk, 0);
    let browser = Browser::start(390, 844, true);
    open(&browser, &studio);
    browser.click("#group-policies input");
    browser.settled();
    let before = browser.text("#cards");
    let port = studio.port();
    assert_quiet(&browser, &studio);
    drop(studio);
    browser.click("#group-policies li:nth-child(2) input");
    browser.wait("the loss is told", "return !document.querySelector('#lost').hidden");
    assert!(browser.text("#lost").contains("does not answer"));

    let again = Studio::open(&desk, port);
    browser.wait("it goes on", "return document.querySelector('#lost').hidden");
    browser.settled();
    browser.click("#group-policies li:nth-child(2) input");
    browser.settled();
    assert_eq!(browser.text("#cards"), before);
    assert_eq!(again.port(), port);
}

#[test]
fn mistakes_stand_beside_the_text_that_caused_them() {
    let desk = Desk::new();
    let file = desk.path("strait/scenario.toml");
    let sound = fs::read_to_string(&file).unwrap();
    fs::write(&file, sound.replacen("title = ", "titel = ", 1)).unwrap();
    let studio = Studio::open(&desk, 0);
    let browser = Browser::start(1280, 900, false);
    browser.go(&studio.address);
    browser.wait("the mistakes are told", "return document.querySelector('#mistakes mark') !== null");
    assert!(browser.text("#mistakes mark").contains("titel") || browser.text("#mistakes").contains("titel"));
    browser.picture("mistakes");
    fs::write(&file, sound).unwrap();
    browser.click("#again");
    browser.wait("the scenario is open", "return document.querySelector('#cards .card') !== null");
}

#[test]
fn the_page_can_be_used_by_everybody_at_every_width_and_in_both_themes() {
    let desk = Desk::new();
    let studio = Studio::open(&desk, 0);
    for (width, dark) in [(1280, false), (390, true), (390, false), (1920, true)] {
        let browser = Browser::start(width, 900, dark);
        open(&browser, &studio);
        browser.click("#group-policies input");
        browser.click("#typical");
        browser.wait("a history is told", "return document.querySelectorAll('#timeline .event').length > 2");
        browser.settled();
        accessible::check(&browser);
        let wide = browser.script("return document.documentElement.scrollWidth", &[]);
        assert!(wide.as_u64() <= Some(u64::from(width)), "the page is {wide} wide at {width}");
        browser.picture(&format!("studio-{width}-{}", if dark { "dark" } else { "light" }));
        assert_quiet(&browser, &studio);
    }
}
