//! What a reader has opened, pointed at or focused stays while levers move: only what differs is drawn anew.

use serde_json::json;

use crate::driver::{Browser, RIGHT};
use crate::open_studio::{Desk, Studio};
use crate::{assert_quiet, move_a_parameter, open};

/// Rows of the table of the first fan.
fn rows(browser: &Browser) -> serde_json::Value {
    browser.script("return document.querySelectorAll('#fans .fan:first-of-type tbody tr').length", &[])
}

#[test]
fn what_is_read_stays_where_it_is_while_a_lever_moves() {
    let desk = Desk::new();
    let studio = Studio::open(&desk, 0);
    let browser = Browser::start(1280, 900, false);
    open(&browser, &studio);
    let columns = || {
        browser.script("return document.querySelectorAll('#fans .fan:first-of-type thead th').length", &[])
    };
    let cell = || browser.text("#fans .fan:first-of-type tbody tr:nth-child(6) td:last-child");

    // A table of numbers is open, a day is read out, and the plot has the focus.
    browser.click("#fans .fan:first-of-type .numbers summary");
    browser.wait(
        "the table is there",
        "return document.querySelector('#fans .fan:first-of-type table') !== null",
    );
    assert_eq!(columns(), json!(2), "day and baseline");
    let baseline = cell();
    let plot = "#fans .fan:first-of-type .plot";
    let told = browser.attribute(plot, "aria-valuenow").unwrap().parse::<u32>().unwrap();
    browser.keys(plot, RIGHT);
    let pointed = (told + 1).to_string();
    let reads =
        format!("return document.querySelector('{plot}').getAttribute('aria-valuenow') === '{pointed}'");
    browser.wait("the next day is read out", &reads);
    browser.script("window.card = document.querySelector('#cards .card')", &[]);

    move_a_parameter(&browser);
    assert_eq!(columns(), json!(3), "the trial has a column beside the baseline");
    assert_ne!(browser.text(&format!("{plot} + .numbers td:last-child")), "…");
    assert_eq!(browser.attribute(plot, "aria-valuenow").as_deref(), Some(pointed.as_str()));
    assert!(browser.text("#fans .fan:first-of-type .readout").contains("Trial A"));
    let same = "return window.card === document.querySelector('#cards .card') && window.card.isConnected";
    assert_eq!(browser.script(same, &[]), json!(true), "cards are not built anew");
    assert!(browser.text("#cards .card .row.trial-0").contains("Trial A"));

    // The whole period has more days, and the one read out stays.
    let last = || browser.attribute(plot, "aria-valuemax").unwrap().parse::<u32>().unwrap();
    let month = last();
    browser.click("[data-key='whole']");
    browser.settled();
    assert!(last() > month);
    assert_eq!(browser.attribute(plot, "aria-valuenow").as_deref(), Some(pointed.as_str()));
    assert_eq!(rows(&browser), json!(last() + 1), "a row for each of its days");
    browser.click("[data-key='whole']");
    browser.settled();
    assert_eq!(last(), month);

    // Without levers everything is as it was, and the table is still open.
    browser.click("[data-key='clear']");
    browser.settled();
    assert_eq!(columns(), json!(2));
    assert_eq!(cell(), baseline);
    assert_eq!(
        browser.script("return document.querySelectorAll('#cards .row.trial-0').length", &[]),
        json!(0)
    );
    assert_quiet(&browser, &studio);
}

#[test]
fn another_outcome_and_series_are_shown_and_taken_away_again() {
    let desk = Desk::new();
    let studio = Studio::open(&desk, 0);
    let browser = Browser::start(1280, 900, false);
    open(&browser, &studio);
    browser.choose("#scenario", "kazakhstan-2022");
    browser
        .wait("it is open", "return document.querySelector('#title').textContent.startsWith('Kazakhstan')");
    browser.settled();
    let ids = |selector: &str, name: &str| {
        let script = "return [...document.querySelectorAll(arguments[0])].map((one) => one.getAttribute(arguments[1]))";
        browser.script(script, &[json!(selector), json!(name)])
    };
    let offered = |select: &str| ids(&format!("{select} option"), "value").as_array().unwrap().len();
    for (select, shown, name, key) in [
        ("#add-outcome", "#cards .card", "data-outcome", "drop-"),
        ("#add-series", "#fans .fan", "data-series", "drop-fan-"),
    ] {
        let before = ids(shown, name);
        let choices = offered(select);
        let chosen = ids(&format!("{select} option:nth-child(2)"), "value")[0].as_str().unwrap().to_owned();
        browser.choose(select, &chosen);
        browser.settled();
        let mut with_it = before.as_array().unwrap().clone();
        with_it.push(json!(chosen));
        assert_eq!(ids(shown, name), json!(with_it));
        if choices > 2 {
            assert_eq!(offered(select), choices - 1, "what is shown is not offered");
            assert_eq!(
                browser.script("return document.querySelector(arguments[0]).value", &[json!(select)]),
                json!("")
            );
        }
        browser.click(&format!("[data-key='{key}{chosen}']"));
        browser.settled();
        assert_eq!(ids(shown, name), before);
        assert_eq!(offered(select), choices);
    }
    assert_quiet(&browser, &studio);
}
