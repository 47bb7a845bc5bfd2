//! The report's pictures in the studio: drawn by the same code, for the levers as they stand, when their panel is open.

use serde_json::json;

use crate::driver::Browser;
use crate::open_studio::{Desk, Studio};
use crate::{accessible, assert_quiet, move_a_parameter, open};

/// What a panel shows: the text of everything in it.
fn panel(browser: &Browser, picture: &str) -> String {
    let script = "return document.querySelector(arguments[0]).shadowRoot?.textContent ?? ''";
    let told = browser.script(script, &[json!(format!("#picture-{picture} .picture"))]);
    told.as_str().unwrap_or("").to_owned()
}

/// Waits until a panel shows what it should.
fn drawn(browser: &Browser, picture: &str, of: &str) {
    let state = json!(format!("#picture-{picture} > p"));
    let script = format!("return document.querySelector({state}).textContent === {}", json!(of));
    browser.wait(&format!("{picture} {of}"), &script);
}

fn count(browser: &Browser, picture: &str, inside: &str) -> u64 {
    let script =
        "return document.querySelector(arguments[0]).shadowRoot.querySelectorAll(arguments[1]).length";
    let told = browser.script(script, &[json!(format!("#picture-{picture} .picture")), json!(inside)]);
    told.as_u64().unwrap()
}

#[test]
fn every_picture_of_the_report_is_drawn_for_the_bundled_scenario() {
    let desk = Desk::new();
    let studio = Studio::open(&desk, 0);
    for (width, dark) in [(1280, false), (390, true)] {
        let browser = Browser::start(width, 900, dark);
        open(&browser, &studio);
        browser.choose("#scenario", "kazakhstan-2022");
        browser.wait(
            "it is open",
            "return document.querySelector('#title').textContent.startsWith('Kazakhstan')",
        );
        browser.settled();
        for (picture, inside, words) in [
            ("rules", "figure.rule .sentence", "“The alliance sends troops” happens"),
            ("map", "svg.map circle.crowd", "Almaty"),
            ("positions", "figure.fan .plot", "Kazakhstan on the war"),
            ("votes", "table.ballots .sides-bar", "Put to the vote in"),
            ("routes", "svg.sankey path.flow", "Who could stop what"),
            ("drivers", "table td.number", "of the uncertainty"),
            ("alliance", "table.dots .strip svg", "From the request to the last departure"),
        ] {
            browser.click(&format!("#picture-{picture} summary"));
            drawn(&browser, picture, "Of the baseline.");
            assert!(count(&browser, picture, inside) > 0, "{picture}");
            assert!(panel(&browser, picture).contains(words), "{picture}: {}", panel(&browser, picture));
            // Styles that come as data are styles again.
            assert_eq!(count(&browser, picture, "[data-style]"), 0);
        }
        assert!(count(&browser, "votes", ".sides-bar span[style]") > 0);
        // A position is read by the arrow keys, as in the report.
        browser.script(
            "const plot = document.querySelector('#picture-positions .picture').shadowRoot.querySelector('.plot'); \
             plot.focus(); plot.dispatchEvent(new KeyboardEvent('keydown', { key: 'Home', bubbles: true }))",
            &[],
        );
        let plot = "return document.querySelector('#picture-positions .picture').shadowRoot.querySelector('.plot').getAttribute('aria-valuetext')";
        assert!(browser.script(plot, &[]).as_str().unwrap().starts_with("1 Jan 2022: Median"));
        accessible::check(&browser);
        let wide = browser.script("return document.documentElement.scrollWidth", &[]);
        assert!(wide.as_u64() <= Some(u64::from(width)), "the page is {wide} wide at {width}");
        browser.picture(&format!("pictures-{width}-{}", if dark { "dark" } else { "light" }));
        assert_quiet(&browser, &studio);
    }
}

#[test]
fn every_policy_can_be_regretted_and_the_rules_follow_the_levers() {
    let desk = Desk::new();
    let studio = Studio::open(&desk, 0);
    let browser = Browser::start(1280, 900, false);
    open(&browser, &studio);
    browser.click("#picture-regret summary");
    drawn(&browser, "regret", "Of the baseline.");
    let told = panel(&browser, "regret");
    let policies = "return [...document.querySelectorAll('#group-policies input')].map((input) => input.id.replace(/^policy-/, ''))";
    let policies = browser.script(policies, &[]);
    let all = policies.as_array().unwrap().iter().map(|policy| policy.as_str().unwrap());
    for policy in all.chain(["none"]) {
        assert!(told.contains(policy), "{policy} is not judged: {told}");
    }
    assert!(panel(&browser, "regret").contains("Least regret if less is wanted"));

    browser.click("#picture-rules summary");
    drawn(&browser, "rules", "Of the baseline.");
    let before = panel(&browser, "rules");
    assert!(before.contains("happens above all when"), "{before}");
    move_a_parameter(&browser);
    for picture in ["rules", "regret"] {
        drawn(&browser, picture, "Of trial A.");
    }
    assert_ne!(panel(&browser, "rules"), before, "what is fixed is in no rule");
    accessible::check(&browser);
    browser.picture("regret-1280-light");
    assert_quiet(&browser, &studio);
}

#[test]
fn an_open_picture_follows_the_levers_and_a_closed_one_does_not() {
    let desk = Desk::new();
    let studio = Studio::open(&desk, 0);
    let browser = Browser::start(1280, 900, true);
    open(&browser, &studio);
    browser.click("#picture-map summary");
    drawn(&browser, "map", "Of the baseline.");
    let before = panel(&browser, "map");
    browser.click("#picture-map summary");
    browser.click("#group-shocks summary");
    browser.keys("#group-shocks .lever input", crate::driver::END);
    browser.settled();
    assert_eq!(panel(&browser, "map"), before, "closed, it stays as it was");
    browser.click("#picture-map summary");
    drawn(&browser, "map", "Of trial A.");
    assert_ne!(panel(&browser, "map"), before, "another date of the shock, another map");
    browser.choose("#pictures-of", "-1");
    drawn(&browser, "map", "Of the baseline.");
    assert_eq!(panel(&browser, "map"), before);
    assert_quiet(&browser, &studio);
}
