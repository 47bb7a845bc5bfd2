//! Several trials beside each other, and several scenarios one after the other.

use serde_json::json;

use crate::driver::Browser;
use crate::open_studio::{Desk, Studio};
use crate::{assert_quiet, open};

#[test]
fn up_to_four_trials_stand_beside_each_other() {
    let desk = Desk::new();
    let studio = Studio::open(&desk, 0);
    let browser = Browser::start(1280, 900, true);
    open(&browser, &studio);
    let count = |selector: &str| {
        let script = "return document.querySelectorAll(arguments[0]).length";
        browser.script(script, &[json!(selector)]).as_u64().unwrap()
    };
    let policies = count("#group-policies li");
    assert!(policies >= 2, "the template has policies to compare");
    browser.click("#group-policies li:nth-child(1) input");
    for (at, name) in [(1, 'B'), (2, 'C'), (3, 'D')] {
        browser.click("[data-key='add']");
        // Each begins as the one before; another policy or another date tells it apart.
        if at == 1 {
            browser.click("#group-policies li:nth-child(2) input");
        } else {
            if at == 2 {
                browser.click("#group-shocks summary");
            }
            browser.keys("#group-shocks .lever input", crate::driver::RIGHT);
        }
        browser.settled();
        assert!(browser.text("#changed").contains(&format!("Trial {name}")), "{}", browser.text("#changed"));
        assert_eq!(count("[data-outcome='killed'] [data-delta]"), at + 1);
        assert_eq!(count("[data-outcome='killed'] circle.dot"), at + 2);
        assert_eq!(count("#accounts thead th"), at + 4);
    }
    assert_eq!(count("[data-key='add']"), 0, "there are no more than four");
    browser.picture("four-trials-1280-dark");
    let third = browser.text("[data-outcome='killed'] .row.trial-2");

    browser.click("[data-key='trial-1']");
    browser.click("[data-key='remove']");
    browser.settled();
    assert_eq!(count("[data-outcome='killed'] [data-delta]"), 3);
    let moved_up = browser.text("[data-outcome='killed'] .row.trial-1");
    assert_eq!(moved_up.replace("Trial B", "Trial C"), third, "the third is now the second");
    assert_quiet(&browser, &studio);
}

#[test]
fn another_scenario_is_opened_with_its_own_levers() {
    let desk = Desk::new();
    let studio = Studio::open(&desk, 0);
    let browser = Browser::start(1280, 900, false);
    open(&browser, &studio);
    browser.click("#group-policies input");
    browser.settled();
    let title = browser.text("#title");
    browser.choose("#scenario", "kazakhstan-2022");
    browser.wait(
        "the other scenario is open",
        "return document.querySelector('#title').textContent.startsWith('Kazakhstan')",
    );
    browser.settled();
    assert_eq!(
        browser.script("return document.querySelectorAll('[data-delta]').length", &[]),
        json!(0),
        "its levers are where the scenario has them"
    );
    assert!(browser.text("#cards").contains("The alliance sends troops"));
    browser.click("#undo");
    browser.wait(
        "the first is open again",
        &format!("return document.querySelector('#title').textContent === {}", json!(title)),
    );
    browser.settled();
    assert_eq!(
        browser.script("return document.querySelector('#group-policies input').checked", &[]),
        json!(true)
    );
    assert_quiet(&browser, &studio);
}
