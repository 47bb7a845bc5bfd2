//! From a scenario through a run to what people see: the template's run becomes a report and a table.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64};

use crate::findings::{self, gather, why_told};
use crate::report;
use crate::terminal::{self, Style};
use equipoise_lab::why::{Question, why};
use equipoise_lab::{Control, Plan, Run, run};
use equipoise_scenario::{Scenario, load, load_files, template};

const PLAIN: Style = Style { colour: false, width: 100 };

/// The template, or the scenario folder named by `EQUIPOISE_LOOK_AT`, to look at what becomes of it.
fn scenario() -> Scenario {
    match std::env::var_os("EQUIPOISE_LOOK_AT") {
        Some(folder) => load(Path::new(&folder)).unwrap(),
        None => load_files("look", template("look")).unwrap(),
    }
}

fn histories() -> u64 {
    std::env::var("EQUIPOISE_LOOK_HISTORIES").map_or(300, |text| text.parse().unwrap())
}

fn simulated(scenario: &Scenario, dir: &Path) -> Run {
    let plan = Plan { histories: histories(), threads: 2, ..Plan::default() };
    let control = Control { cancel: &AtomicBool::new(false), done: &AtomicU64::new(0) };
    run(scenario, &plan, dir, &control).unwrap();
    Run::open(dir).unwrap()
}

#[test]
fn a_run_becomes_a_report_a_table_and_a_reason() {
    let folder = tempfile::tempdir().unwrap();
    let run = simulated(&scenario(), &folder.path().join("run"));
    let scenario = run.scenario();
    let found = gather(&run, "equipoise run look --histories 300 --seed 1").unwrap();

    assert_eq!(found.ensemble.histories, histories());
    assert_eq!(found.outcomes.len(), scenario.outcomes.len());
    assert!(found.fans.iter().all(|fan| fan.quantiles.len() == scenario.days as usize));
    assert_eq!(found.timelines[0].title, "A typical history");
    let (assumed, all) = found.assumed();
    assert!(0 < assumed && assumed < all);

    let page = report::render(&found);
    assert!(page.len() < 1_000_000, "{} bytes", page.len());
    assert!(!page.contains("NaN"), "a missing number is said in words");
    let ids: Vec<&str> = page.split(" id=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    for link in page.split("href=\"#").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert!(ids.contains(&link), "#{link} leads nowhere");
    }
    assert_eq!(page, report::render(&gather(&run, "equipoise run look --histories 300 --seed 1").unwrap()));

    let table = terminal::outcomes(&found, PLAIN);
    assert!(table.lines().all(|line| line.chars().count() <= 100), "{table}");
    let evidence = terminal::evidence(&found.sources, &found.parameters, &found.conflicts, PLAIN);
    let unused = terminal::unused(&findings::unused(scenario), PLAIN);
    assert!(evidence.lines().chain(unused.lines()).all(|line| line.chars().count() <= 100), "{evidence}");

    let mut reasons = String::new();
    for (at, row) in found.outcomes.iter().enumerate() {
        let question = Question::Outcome(at);
        let told =
            why_told(scenario, &question, &why(&run, &question, Some(found.timelines[0].history)).unwrap());
        assert!(told.heading.starts_with(&row.title));
        reasons.push_str(&terminal::why(&told, PLAIN));
    }
    if let Some(out) = std::env::var_os("EQUIPOISE_LOOK_OUT") {
        let out = Path::new(&out);
        std::fs::write(out.join("look.html"), page).unwrap();
        std::fs::write(out.join("look.txt"), format!("{table}\n{evidence}\n{unused}\n{reasons}")).unwrap();
    }
}
