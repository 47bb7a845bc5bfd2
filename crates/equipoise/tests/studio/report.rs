//! The report as a person opens it: a file, without network, at every width and in both themes.

use serde_json::json;

use crate::accessible;
use crate::driver::Browser;
use crate::open_studio::Desk;

/// Most work to open a report of a small scenario, in seconds of the page's own thread. Ten thousand histories of the
/// largest bundled scenario take 1.2; this report is a tenth as large, and takes 0.2.
const WORK: f64 = 0.8;

/// Seconds that the page has worked since it was asked for: parsing, styles, layout and scripts.
fn work(browser: &Browser) -> f64 {
    let told = browser.devtools("Performance.getMetrics", &json!({}));
    let metrics = told["metrics"].as_array().unwrap();
    metrics.iter().find(|metric| metric["name"] == "TaskDuration").unwrap()["value"].as_f64().unwrap()
}

#[test]
fn the_report_can_be_read_by_everybody_and_asks_nothing_of_anyone() {
    let desk = Desk::new();
    desk.json(&["run", "strait", "--histories", "400", "--quiet", "--out", "told"]);
    let address = format!("file://{}", desk.path("told/report.html").display());
    for (width, dark) in [(1280, false), (390, true), (1920, true), (390, false)] {
        let browser = Browser::start(width, 900, dark);
        // Counted on the thread's clock, so that whatever else the machine does is no part of it.
        browser.devtools("Performance.enable", &json!({ "timeDomain": "threadTicks" }));
        browser.go(&address);
        let work = work(&browser);
        assert!((0.01..WORK).contains(&work), "the report takes {work} s of work to open");
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
        assert!(browser.text(".fan .readout").starts_with("1 Mar 2030"), "{}", browser.text(".fan .readout"));
        assert_eq!(browser.complaints(), Vec::<String>::new());
        for request in browser.requests() {
            assert!(request.starts_with("file:") || request.starts_with("data:"), "{request} is asked for");
        }
        browser.picture(&format!("report-{width}-{}", if dark { "dark" } else { "light" }));
    }
}
