//! Taking away what is shown: charts as SVG and PNG, outcomes as CSV, the run with its report.

use serde_json::json;

use crate::driver::Browser;
use crate::open_studio::{Desk, HISTORIES, Studio};
use crate::{assert_quiet, open};

#[test]
fn charts_tables_and_the_run_can_be_taken_away() {
    let desk = Desk::new();
    let studio = Studio::open(&desk, 0);
    let browser = Browser::start(1280, 900, false);
    open(&browser, &studio);
    browser.click("#group-policies input");
    browser.click("#picture-map summary");
    browser.settled();
    browser.wait(
        "the map is drawn",
        "return document.querySelector('#picture-map .picture')?.shadowRoot?.querySelector('svg.map') !== undefined \
         && document.querySelector('#picture-map .picture').shadowRoot.querySelector('svg.map') !== null",
    );
    browser.click("#export");
    let charts =
        "return [...document.querySelectorAll('#which-chart option')].map((option) => option.textContent)";
    let charts = browser.script(charts, &[]);
    let charts: Vec<String> =
        charts.as_array().unwrap().iter().map(|one| one.as_str().unwrap().to_owned()).collect();
    let place = |wanted: &str| charts.iter().position(|title| title.starts_with(wanted)).unwrap();

    // A card and a map of the report: drawings that carry their own colours.
    for (at, inside) in [(0, "path"), (place("Where and when"), "circle")] {
        browser.choose("#which-chart", &at.to_string());
        browser.click("#export-svg");
        let name: String = charts[at].to_lowercase();
        let name: Vec<&str> =
            name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty()).collect();
        let name = name.join("-");
        let svg = String::from_utf8(browser.downloaded(&format!("{name}.svg"))).unwrap();
        assert!(svg.starts_with("<svg") && svg.contains("http://www.w3.org/2000/svg"), "{svg:.200}");
        assert!(
            svg.contains(&format!("<{inside} "))
                && svg.contains("fill=\"rgb(")
                && !svg.contains("class=\"grid")
        );
        browser.click("#export-png");
        let png = browser.downloaded(&format!("{name}.png"));
        assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n");
        let pixels = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
        let [width, height] = ["width", "height"].map(|side| {
            let text = svg.split(&format!(" {side}=\"")).nth(1).unwrap().split('"').next().unwrap();
            text.parse::<f64>().unwrap()
        });
        // Three pixels for each of the page's, on either side.
        assert!((f64::from(pixels(16)) - 3.0 * width).abs() <= 3.0, "{} of {width}", pixels(16));
        assert!((f64::from(pixels(20)) - 3.0 * height).abs() <= 3.0, "{} of {height}", pixels(20));
        assert!(png.len() > 2_000, "an empty picture would be smaller");
    }

    browser.click("#export-csv");
    let csv = String::from_utf8(browser.downloaded("strait-outcomes.csv")).unwrap();
    assert_eq!(
        csv.lines().count() as u64,
        1 + 2 * HISTORIES,
        "a line for each history of baseline and trial"
    );

    browser.click("#export-run");
    browser.wait("the run is written", "return document.querySelector('#dialog a[download]') !== null");
    let report = desk.path("runs/strait-studio/report.html");
    browser.click("#dialog a[download]");
    let taken = browser.downloaded("strait-studio.html");
    assert_eq!(taken, std::fs::read(report).unwrap());
    assert_eq!(browser.script("return document.querySelectorAll('#dialog .less').length", &[]), json!(0));
    assert_quiet(&browser, &studio);
}
