//! Reading histories: the typical, the surprising, the closest to the record, any other by its number.

use serde_json::json;

use crate::driver::{Browser, ENTER};
use crate::open_studio::{Desk, HISTORIES, Studio};
use crate::{assert_quiet, open};

#[test]
fn a_history_is_read_and_a_cause_followed_on_a_narrow_screen() {
    let desk = Desk::new();
    let studio = Studio::open(&desk, 0);
    let browser = Browser::start(390, 844, false);
    open(&browser, &studio);
    browser.click("#typical");
    browser.wait("a history is told", "return document.querySelectorAll('#timeline .event').length > 2");
    browser.click("#timeline .day:last-child .event:last-child .what");
    browser.wait("its causes are told", "return document.querySelector('.why .share') !== null");
    assert!(browser.text(".why .share").contains(&format!("of {HISTORIES} histories")));
    let lines = browser.script("return document.querySelectorAll('.why .tree li').length", &[]);
    assert!(lines.as_u64() >= Some(2), "{}", browser.text(".why"));
    browser.click(".why .tree li:last-child button");
    let focused = browser.script("return document.activeElement.id", &[]);
    assert!(focused.as_str().unwrap().starts_with("event-"), "the focus is on {focused}");

    let wide = browser.script("return document.documentElement.scrollWidth", &[]);
    assert!(wide.as_u64() <= Some(390), "the page is {wide} wide");
    assert_quiet(&browser, &studio);
}

#[test]
fn the_surprising_the_closest_and_any_other_history_can_be_read() {
    let desk = Desk::new();
    let studio = Studio::open(&desk, 0);
    let browser = Browser::start(1280, 900, true);
    open(&browser, &studio);
    for (button, title) in [
        ("#typical", "A typical history"),
        ("#surprising", "A surprising history"),
        ("#closest", "The history closest to the record"),
    ] {
        browser.click(button);
        let told = json!(title);
        let script =
            format!("return document.querySelector('#chosen')?.textContent.startsWith({told}) === true");
        browser.wait(title, &script);
    }
    let rule = browser.text("#chosen");
    assert!(rule.contains(&format!("Of {HISTORIES} histories it misses the record by least")), "{rule}");

    browser.script("document.querySelector('#history-number').value = ''", &[]);
    browser.keys("#history-number", "7");
    browser.keys("#history-number", ENTER);
    browser.wait(
        "history 7",
        "return document.querySelector('#history .reading p').textContent.startsWith('History 7,')",
    );
    assert!(browser.text("#chosen").is_empty(), "nobody chose it but the reader");
    // It is the history of that number on the command line.
    let told = desk.json(&["run", "strait", "--histories", "8", "--quiet", "--out", "seven"]);
    let run = told["run"].as_str().unwrap();
    let why = desk.json(&["why", run, "--outcome", "killed", "--history", "7"]);
    let shown = browser.text("[data-key='why-killed']");
    assert!(shown.starts_with("Why?"), "{shown}");
    browser.click("[data-key='why-killed']");
    browser.wait("its causes are told", "return document.querySelector('.why .share') !== null");
    let lines = browser.script("return document.querySelectorAll('.why .tree li').length", &[]);
    assert_eq!(lines.as_u64().unwrap(), why["tree"].as_array().unwrap().len() as u64);
    // The chain begins somewhere, and that is said.
    assert!(browser.text(".why .tree").contains("begins with"), "{}", browser.text(".why .tree"));
    assert_quiet(&browser, &studio);
}
