//! Believing: one account alone, accounts weighed anew, and what a parameter rests on.

use serde_json::{Value, json};

use crate::driver::{Browser, END, HOME};
use crate::open_studio::{Desk, HISTORIES, Studio};
use crate::{assert_quiet, open};

/// What the page says of an outcome in a run: value and interval.
fn shown(browser: &Browser, outcome: &str, run: &str) -> [f64; 3] {
    let found = format!("[data-outcome='{outcome}'] [data-found='{run}']");
    ["data-value", "data-low", "data-high"]
        .map(|name| browser.attribute(&found, name).unwrap().parse().unwrap())
}

/// What `run` says of it.
fn told(run: &Value, outcome: &str) -> [f64; 3] {
    let outcomes = run["outcomes"].as_array().unwrap();
    let all = &outcomes.iter().find(|one| one["id"] == outcome).unwrap()["all"];
    let number = |value: &Value| value.as_f64().unwrap();
    match all.get("probability") {
        Some(share) => {
            [number(&share["share"]), number(&share["interval"][0]), number(&share["interval"][1])]
        }
        None => [number(&all["median"]), number(&all["low"]), number(&all["high"])],
    }
}

/// Equal but for the last digit that printing and reading may cost.
fn assert_same(shown: [f64; 3], told: [f64; 3], what: &str) {
    let near = |(a, b): (f64, f64)| (a - b).abs() <= 1e-12 * (1.0 + b.abs());
    assert!(shown.into_iter().zip(told).all(near), "{what}: {shown:?} and {told:?}");
}

#[test]
fn believing_one_account_gives_the_numbers_of_the_command_line() {
    let desk = Desk::new();
    let studio = Studio::open(&desk, 0);
    let browser = Browser::start(1280, 900, false);
    open(&browser, &studio);
    let account = browser.attribute("#accounts tbody tr:last-child", "data-account").unwrap();
    browser.click("#accounts tbody tr:last-child button");
    browser.settled();
    assert_eq!(browser.script("return document.querySelector('#account').value", &[]), json!(account));
    assert!(browser.text("#accounts .told").contains("Only one account"));
    let histories = HISTORIES.to_string();
    let run = desk.json(&["run", "strait", "--account", &account, "--histories", &histories, "--quiet"]);
    for outcome in ["killed", "troops_sent"] {
        assert_same(shown(&browser, outcome, "baseline"), told(&run, outcome), outcome);
    }
    browser.click("[data-key='believe-all']");
    browser.settled();
    let all = desk.json(&["run", "strait", "--histories", &histories, "--quiet"]);
    assert_same(shown(&browser, "killed", "baseline"), told(&all, "killed"), "killed");
    assert_quiet(&browser, &studio);
}

#[test]
fn accounts_weighed_anew_change_a_trial_and_not_the_baseline() {
    let desk = Desk::new();
    let studio = Studio::open(&desk, 0);
    let browser = Browser::start(1280, 900, false);
    open(&browser, &studio);
    let before = shown(&browser, "killed", "baseline");
    browser.click("#group-belief summary");
    let accounts = browser.script(
        "return [...document.querySelectorAll('#accounts [data-account]')].map((row) => row.dataset.account)",
        &[],
    );
    let accounts: Vec<&str> = accounts.as_array().unwrap().iter().filter_map(Value::as_str).collect();
    let (first, others) = accounts.split_first().unwrap();
    browser.keys(&format!("#credence-{first}"), END);
    for other in others {
        browser.keys(&format!("#credence-{other}"), HOME);
    }
    browser.settled();
    assert_eq!(shown(&browser, "killed", "baseline"), before);
    // All weight on one account is believing it alone.
    let run =
        desk.json(&["run", "strait", "--account", first, "--histories", &HISTORIES.to_string(), "--quiet"]);
    for outcome in ["killed", "troops_sent"] {
        assert_same(shown(&browser, outcome, "trial-0"), told(&run, outcome), outcome);
    }
    assert!(browser.text("#group-belief .badge").contains(&format!("{} moved", accounts.len())));
    browser.click("#undo");
    browser.settled();
    assert!(browser.text("#group-belief .badge").contains(&format!("{} moved", accounts.len() - 1)));
    assert_quiet(&browser, &studio);
}

#[test]
fn what_a_parameter_rests_on_is_one_click_away() {
    let desk = Desk::new();
    let evidence = desk.json(&["evidence", "strait"]);
    let parameters = evidence["parameters"].as_array().unwrap();
    let assumed = parameters.iter().find(|one| !one["assumption"].is_null()).unwrap();
    let evidenced = parameters.iter().find(|one| one["assumption"].is_null()).unwrap();
    let studio = Studio::open(&desk, 0);
    let browser = Browser::start(390, 844, true);
    open(&browser, &studio);
    browser.click("#group-parameters summary");
    for (parameter, basis) in [(assumed, "assumption"), (evidenced, "evidence")] {
        let (id, title) = (parameter["id"].as_str().unwrap(), parameter["title"].as_str().unwrap());
        browser.script("const box = document.querySelector('#search'); box.value = arguments[0]; box.dispatchEvent(new Event('input'))", &[json!(id)]);
        browser.click(&format!("[data-key='evidence-parameter-{id}']"));
        browser.wait("the dialog is open", "return document.querySelector('dialog[open]') !== null");
        assert_eq!(browser.text("#dialog-heading"), title);
        assert_eq!(browser.text("#dialog .tag"), basis);
        let dialog = browser.text("#dialog");
        if basis == "assumption" {
            assert!(dialog.contains(parameter["assumption"]["reason"].as_str().unwrap()), "{dialog}");
        } else {
            let claims =
                browser.script("return document.querySelectorAll('#dialog .claims > li').length", &[]);
            assert!(claims.as_u64() >= Some(1) && dialog.contains('¶'), "{dialog}");
        }
        browser.click("#dialog .close button");
        browser.wait("the dialog is closed", "return document.querySelector('dialog[open]') === null");
    }
    assert_quiet(&browser, &studio);
}
