//! The report as a person opens it: a file, without network, at every width and in both themes.

use std::time::Instant;

use serde_json::json;

use crate::accessible;
use crate::driver::Browser;
use crate::open_studio::Desk;

#[test]
fn the_report_can_be_read_by_everybody_and_asks_nothing_of_anyone() {
    let desk = Desk::new();
    desk.json(&["run", "strait", "--histories", "400", "--quiet", "--out", "told"]);
    let address = format!("file://{}", desk.path("told/report.html").display());
    for (width, dark) in [(1280, false), (390, true), (1920, true), (390, false)] {
        let browser = Browser::start(width, 900, dark);
        let begun = Instant::now();
        browser.go(&address);
        assert!(begun.elapsed().as_secs() < 20, "the report takes {:?} to open", begun.elapsed());
        accessible::check(&browser);
        let wide = browser.script("return document.documentElement.scrollWidth", &[]);
        assert!(wide.as_u64() <= Some(u64::from(width)), "the report is {wide} wide at {width}");

        // An event opens to what led to it; its first cause is a link to an event of the same history.
        browser.click("#histories summary.what");
        assert!(browser.text("#histories details.led[open]").contains("begins with"));
        let chains = "return [...document.querySelectorAll('#histories .back a')].every((link) => document.querySelector(link.getAttribute('href')))";
        assert_eq!(browser.script(chains, &[]), json!(true));
        // Following a cause brings the focus to it, even where it is folded away.
        browser.script(
            "const link = document.querySelector('#histories .because a'); link.scrollIntoView({ block: 'center' }); link.click()",
            &[],
        );
        browser
            .wait("the focus is on the cause", "return document.activeElement.classList.contains('event')");
        // A day is read by the keyboard.
        browser.script("document.querySelector('.frame.zoom .plot, .frame.whole .plot').focus()", &[]);
        browser.press(crate::driver::HOME);
        assert!(browser.text(".fan .readout").starts_with("1 Jan"), "{}", browser.text(".fan .readout"));
        assert_eq!(browser.complaints(), Vec::<String>::new());
        for request in browser.requests() {
            assert!(request.starts_with("file:") || request.starts_with("data:"), "{request} is asked for");
        }
        browser.picture(&format!("report-{width}-{}", if dark { "dark" } else { "light" }));
    }
}
