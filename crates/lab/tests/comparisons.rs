//! Comparisons of the template scenario: paired, resumed, refused; and runs that stop when they know enough.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64};

use equipoise_lab::comparison::{Comparison, NO_POLICY};
use equipoise_lab::paired::{Change, effects};
use equipoise_lab::precision::Quantity;
use equipoise_lab::robust::{Cases, Direction, Goal, robustness};
use equipoise_lab::score::{Part, cards, score};
use equipoise_lab::{Control, Design, LabError, Plan, Precision, Run, resume, resume_until, run, run_until};
use equipoise_scenario::Scenario;

const TABLES: [&str; 4] = ["outcomes", "parameters", "series", "events"];

/// The template with a change to one of its files.
fn scenario_with(file: &str, change: impl FnOnce(String) -> String) -> Scenario {
    let mut files = equipoise_scenario::template("varnia");
    let found = files.iter_mut().find(|(path, _)| path == file).unwrap();
    found.1 = change(std::mem::take(&mut found.1));
    equipoise_scenario::load_files("varnia", files).unwrap()
}

fn template() -> Scenario {
    scenario_with("README.md", |text| text)
}

fn plan(histories: u64) -> Plan {
    Plan { histories, seed: 7, threads: 2, ..Plan::default() }
}

fn names(policies: &[&str]) -> Vec<String> {
    policies.iter().map(|policy| (*policy).to_owned()).collect()
}

/// Begins a comparison and simulates its runs.
fn compared(scenario: &Scenario, plan: &Plan, policies: &[&str], dir: &Path) -> Comparison {
    let comparison = Comparison::begin(scenario, plan, &names(policies), dir).unwrap();
    for policy in policies {
        let plan = comparison.plan_under(plan, policy);
        carry_on(|control| resume(scenario, &plan, &comparison.run_dir(policy), control)).unwrap();
    }
    comparison
}

fn carry_on<T>(work: impl FnOnce(&Control) -> T) -> T {
    work(&Control { cancel: &AtomicBool::new(false), done: &AtomicU64::new(0) })
}

fn bytes(dir: &Path) -> Vec<Vec<u8>> {
    TABLES.iter().map(|table| fs::read(dir.join(format!("{table}.parquet"))).unwrap()).collect()
}

#[test]
fn a_finished_comparison_is_made_longer_and_an_unfinished_one_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let scenario = template();
    let policies = [NO_POLICY, "no-request"];
    let whole = compared(&scenario, &plan(200), &policies, &folder.path().join("whole"));
    let mut grown = compared(&scenario, &plan(100), &policies, &folder.path().join("grown"));
    let longer = plan(200);
    grown.lengthen(200).unwrap();
    for policy in policies {
        let plan = grown.plan_under(&longer, policy);
        let found = carry_on(|control| resume(&scenario, &plan, &grown.run_dir(policy), control)).unwrap();
        assert_eq!(found.simulated, 200 - 64);
        assert!(bytes(&grown.run_dir(policy)) == bytes(&whole.run_dir(policy)));
    }
    let read = Comparison::read(grown.dir()).unwrap();
    read.check_same(&scenario, &longer, &names(&policies)).unwrap();
    assert_eq!(read.open().unwrap().len(), 2);
    // Where a run has not begun, nothing is said to be longer.
    let dir = folder.path().join("begun");
    let mut begun = Comparison::begin(&scenario, &plan(100), &names(&policies), &dir).unwrap();
    begun.lengthen(200).unwrap();
    assert_eq!(begun.file().histories, 100);
}

#[test]
fn pairing_makes_differences_more_exact_and_the_baseline_is_an_ordinary_run() {
    let folder = tempfile::tempdir().unwrap();
    let scenario = template();
    let dir = folder.path().join("compare");
    let comparison = compared(&scenario, &plan(400), &[NO_POLICY, "no-request", "late-and-alone"], &dir);
    let alone = folder.path().join("alone");
    carry_on(|control| run(&scenario, &plan(400), &alone, control)).unwrap();
    assert!(bytes(&alone) == bytes(&comparison.run_dir(NO_POLICY)));

    let runs = comparison.open().unwrap();
    let found = effects(&runs[0], &runs[1]).unwrap();
    assert!(!found.nothing && found.changed.count > 0 && found.changed.count < 400);
    let mut below = 0;
    for effect in found.outcomes.iter().filter(|effect| effect.account.is_none()) {
        let main = effect.change.main();
        let Some(ratio) = main.variance_ratio.filter(|_| effect.changed.count > 0) else { continue };
        assert!(ratio < 1.0 + 1e-9, "{effect:?}");
        if let Change::Number { mean, .. } = &effect.change {
            let width = |[low, high]: [f64; 2]| high - low;
            assert!(width(mean.interval) < width(mean.unpaired), "{effect:?}");
            below += 1;
        }
    }
    assert!(below >= 2, "the template has numbers that the policy changes");
    // Where nobody asks, nobody comes, and the policy has nothing to change.
    let troops =
        found.outcomes.iter().find(|effect| effect.outcome == 0 && effect.account.is_none()).unwrap();
    assert_eq!(troops.change.main().policy, 0.0);
    let asked = runs[0].outcome("request_date").unwrap().iter().filter(|day| day.is_finite()).count() as u64;
    assert!(found.changed.count <= asked);
    // Accounts share out the histories.
    let of_accounts: u64 = found
        .outcomes
        .iter()
        .filter(|effect| effect.outcome == 0 && effect.account.is_some())
        .map(|effect| effect.changed.of)
        .sum();
    assert_eq!(of_accounts, 400);
}

#[test]
fn a_policy_that_changes_nothing_is_known_to() {
    let scenario = scenario_with("scenario.toml", |text| {
        text + "\n[policies.idle]\ntitle = \"Nothing\"\nchanges = [{ move = \"subsidy_ends\", to = 2030-03-10 }]\n"
    });
    let folder = tempfile::tempdir().unwrap();
    let comparison = compared(&scenario, &plan(64), &[NO_POLICY, "idle"], folder.path());
    let runs = comparison.open().unwrap();
    let found = effects(&runs[0], &runs[1]).unwrap();
    assert!(found.nothing && found.changed.count == 0);
    assert!(found.outcomes.iter().all(|effect| effect.change.main().difference == 0.0
        || effect.changed.of == 0
        || effect.change.main().difference.is_nan()));
    // Robustness then cannot tell the policies apart either.
    let (cases, _) = Cases::of(&comparison).unwrap();
    let goal = Goal { outcome: cases.outcome("killed").unwrap(), direction: Some(Direction::Less) };
    let robust = robustness(&cases, &[goal], &[]);
    let regrets =
        robust.outcomes[0].policies.iter().map(|policy| policy.regret.as_ref().unwrap().worst_case.1);
    assert_eq!(regrets.collect::<Vec<_>>(), [0.0, 0.0]);
}

#[test]
fn a_comparison_is_the_same_on_any_number_of_threads_and_after_an_interruption() {
    let scenario = template();
    let folder = tempfile::tempdir().unwrap();
    let policies = [NO_POLICY, "no-request"];
    let whole = compared(&scenario, &Plan { threads: 1, ..plan(300) }, &policies, &folder.path().join("one"));

    // Killed in the middle of the second run: the first is complete, the second has a manifest and no tables.
    let dir = folder.path().join("two");
    let plan = Plan { threads: 3, shard_size: Some(64), ..plan(300) };
    let begun = Comparison::begin(&scenario, &plan, &names(&policies), &dir).unwrap();
    carry_on(|control| run(&scenario, &plan, &begun.run_dir(NO_POLICY), control)).unwrap();
    let under = begun.plan_under(&plan, "no-request");
    let (cancel, done) = (AtomicBool::new(true), AtomicU64::new(0));
    let stopped =
        run(&scenario, &under, &begun.run_dir("no-request"), &Control { cancel: &cancel, done: &done });
    assert!(matches!(stopped, Err(LabError::Interrupted { .. })));
    let message = begun.open().unwrap_err().to_string();
    assert!(message.contains("no-request is not finished"), "{message}");

    let again = Comparison::read(&dir).unwrap();
    again.check_same(&scenario, &plan, &names(&policies)).unwrap();
    for policy in &again.file().policies {
        let plan = again.plan_under(&plan, policy);
        carry_on(|control| resume(&scenario, &plan, &again.run_dir(policy), control)).unwrap();
    }
    for policy in policies {
        assert!(bytes(&again.run_dir(policy)) == bytes(&whole.run_dir(policy)), "{policy}");
    }
    let file = |comparison: &Comparison| fs::read(comparison.dir().join("comparison.json")).unwrap();
    assert_eq!(file(&again), file(&whole));
}

#[test]
fn what_does_not_belong_together_is_not_compared() {
    let scenario = template();
    let folder = tempfile::tempdir().unwrap();
    let refused = |policies: &[&str]| {
        Comparison::begin(&scenario, &plan(64), &names(policies), &folder.path().join("x"))
            .unwrap_err()
            .to_string()
    };
    assert!(refused(&[NO_POLICY]).contains("nothing to compare"));
    assert!(refused(&[NO_POLICY, "no-requests"]).contains("no-request, late-and-alone"));
    assert!(refused(&[NO_POLICY, "no-request", "no-request"]).contains("compared with itself"));
    assert!(!folder.path().join("x").exists());

    let dir = folder.path().join("compare");
    let comparison = compared(&scenario, &plan(64), &[NO_POLICY, "no-request"], &dir);
    let twice = Comparison::begin(&scenario, &plan(64), &names(&[NO_POLICY, "no-request"]), &dir);
    assert!(matches!(twice, Err(LabError::NotEmpty { .. })));
    let other = |plan: &Plan, policies: &[&str]| {
        comparison.check_same(&scenario, plan, &names(policies)).unwrap_err().to_string()
    };
    assert!(other(&Plan { seed: 8, ..plan(64) }, &[NO_POLICY, "no-request"]).contains("--seed 7, not 8"));
    assert!(other(&plan(64), &[NO_POLICY, "late-and-alone"]).contains("no-request, not late-and-alone"));
    let changed = scenario_with("scenario.toml", |text| text + "\n# One more line.\n");
    let message = comparison.check_same(&changed, &plan(64), &names(&[NO_POLICY, "no-request"])).unwrap_err();
    assert!(matches!(message, LabError::OtherScenario { .. }));

    // A run of another scenario, or with other histories, in the place of one of ours.
    let place = comparison.run_dir("no-request");
    fs::remove_dir_all(&place).unwrap();
    carry_on(|control| {
        run(&changed, &Plan { policy: Some("no-request".to_owned()), ..plan(64) }, &place, control)
    })
    .unwrap();
    assert!(matches!(comparison.open(), Err(LabError::OtherScenario { .. })));
    fs::remove_dir_all(&place).unwrap();
    let shorter = Plan { policy: Some("no-request".to_owned()), ..plan(32) };
    carry_on(|control| run(&scenario, &shorter, &place, control)).unwrap();
    assert!(comparison.open().unwrap_err().to_string().contains("is not the one"));
    let (one, other) = (Run::open(&comparison.run_dir(NO_POLICY)).unwrap(), Run::open(&place).unwrap());
    assert!(effects(&one, &other).unwrap_err().to_string().contains("its histories are not those of"));

    let message = Comparison::read(&comparison.run_dir(NO_POLICY)).unwrap_err().to_string();
    assert!(message.contains("it is a single run"), "{message}");
    assert!(Comparison::read(folder.path()).unwrap_err().to_string().contains("no comparison.json"));
    fs::write(dir.join("comparison.json"), "{\"policies\": [\"../elsewhere\"]}").unwrap();
    assert!(Comparison::read(&dir).is_err());
}

fn troops(half_width: f64) -> Precision {
    Precision { outcome: "troops_sent".to_owned(), of: Quantity::Probability, half_width }
}

#[test]
fn a_run_stops_where_it_knows_enough_whatever_the_threads_and_interruptions() {
    let scenario = template();
    let folder = tempfile::tempdir().unwrap();
    let until = [troops(0.026)];
    let at_most = plan(4000);
    let mut expected: Option<Vec<Vec<u8>>> = None;
    for threads in [1, 3] {
        let dir = folder.path().join(threads.to_string());
        let plan = Plan { threads, ..at_most.clone() };
        let summary = carry_on(|control| run_until(&scenario, &plan, &until, &dir, control)).unwrap();
        let reached = summary.manifest.until.clone().unwrap();
        assert!(reached.is_reached() && reached.at_most == 4000);
        assert!(summary.manifest.histories < 4000 && summary.simulated == summary.manifest.histories);
        assert!(expected.get_or_insert_with(|| bytes(&dir)) == &bytes(&dir), "{threads} threads");
        assert_eq!(
            Run::open(&dir).unwrap().outcome("killed").unwrap().len() as u64,
            summary.manifest.histories
        );
        // It is the beginning of the longer run.
        assert!(Plan { threads, ..Plan::of(&summary.manifest, &scenario).unwrap() } == plan);
    }
    let dir = folder.path().join("stopped");
    let (cancel, done) = (AtomicBool::new(false), AtomicU64::new(0));
    let stopped = std::thread::scope(|scope| {
        scope.spawn(|| {
            while done.load(std::sync::atomic::Ordering::Relaxed) < 600 {
                std::thread::yield_now();
            }
            cancel.store(true, std::sync::atomic::Ordering::Relaxed);
        });
        run_until(&scenario, &at_most, &until, &dir, &Control { cancel: &cancel, done: &done })
    });
    assert!(matches!(stopped, Err(LabError::Interrupted { total: 4000, .. })), "{stopped:?}");
    let other = carry_on(|control| resume_until(&scenario, &at_most, &[troops(0.01)], &dir, control));
    assert!(other.unwrap_err().to_string().contains("troops_sent=±0.026, not troops_sent=±0.01"));
    carry_on(|control| resume(&scenario, &at_most, &dir, control)).unwrap();
    assert!(expected.unwrap() == bytes(&dir));
}

#[test]
fn a_precision_out_of_reach_ends_at_the_most_and_says_so() {
    let scenario = template();
    let folder = tempfile::tempdir().unwrap();
    let summary =
        carry_on(|control| run_until(&scenario, &plan(200), &[troops(0.001)], folder.path(), control))
            .unwrap();
    assert_eq!(summary.manifest.histories, 200);
    let until = summary.manifest.until.unwrap();
    assert!(!until.is_reached() && until.goals[0].reached.unwrap() > 0.001);
    let saltelli = Plan { design: Design::SaltelliGroups, ..plan(200) };
    let refused = carry_on(|control| {
        run_until(&scenario, &saltelli, &[troops(0.01)], &folder.path().join("x"), control)
    });
    assert!(refused.unwrap_err().to_string().contains("belong together in groups"));
}

#[test]
fn histories_that_belong_together_are_not_compared_as_if_each_stood_on_its_own() {
    let folder = tempfile::tempdir().unwrap();
    for design in [Design::Saltelli, Design::SaltelliGroups, Design::Morris] {
        let plan = Plan { design, ..plan(200) };
        let policies = ["none".to_owned(), "no-request".to_owned()];
        let refused = Comparison::begin(&template(), &plan, &policies, &folder.path().join("x"));
        assert!(refused.unwrap_err().to_string().contains("--design sobol"), "{design}");
    }
}

#[test]
fn what_was_expected_is_scored_where_the_record_names_it() {
    let files = equipoise_scenario::template("varnia").into_iter().map(|(path, text)| {
        let text = match path.as_str() {
            "record.csv" => text
                .replace("target,date,claim,use,note", "target,date,claim,use,note,expected")
                .replace(",held_out,\n", ",held_out,,\n")
                .replace(",held_out,dozens\n", ",held_out,dozens,T10\n")
                .replace(",fit,\n", ",fit,,\n"),
            "claims.csv" => {
                text.trim_end().to_owned()
                    + "\nT10,killed,,5,10,between,2030-03-09,2030-03-09,,,Varnian Courier;analysts,forecast,courier-2030-03-14,7,,Analysts expect few deaths.\n"
            }
            _ => text,
        };
        (path, text.into_bytes())
    });
    let scenario = equipoise_scenario::load_files("varnia", files.collect()).unwrap();
    assert_eq!(scenario.record.iter().map(|row| row.expected.len()).collect::<Vec<_>>(), [0, 1, 0]);
    assert!(scenario.unused_claims().is_empty(), "an expectation is used");
    let folder = tempfile::tempdir().unwrap();
    carry_on(|control| run(&scenario, &plan(128), folder.path(), control)).unwrap();
    let scores = score(&Run::open(folder.path()).unwrap()).unwrap();
    let killed = scores.iter().find(|score| score.target == "killed").unwrap();
    let expected = killed.expected.as_ref().unwrap();
    assert!((5.0..=10.0).contains(&expected.median) && expected.crps.unwrap() > 0.0);
    assert_eq!(expected.claims.len(), 1);
    // The expectation is kept out of what the evidence alone says, which has nothing else on deaths.
    assert_eq!(killed.climatology, None);
    let held_out =
        cards(&scores).into_iter().find(|card| card.part == Part::HeldOut && card.account.is_none());
    assert_eq!(held_out.unwrap().expected.crps_rows, 1);
}

#[test]
fn scores_are_proper_numbers_and_an_empty_part_says_so() {
    let scenario = scenario_with("record.csv", |text| text.replace("held_out", "fit"));
    let folder = tempfile::tempdir().unwrap();
    carry_on(|control| run(&scenario, &plan(128), folder.path(), control)).unwrap();
    let scores = score(&Run::open(folder.path()).unwrap()).unwrap();
    for score in &scores {
        assert_eq!(score.pit.is_some(), score.crps.is_some());
        assert!(score.pit.is_none_or(|pit| (0.0..=1.0).contains(&pit)));
        assert!(score.log.is_none_or(|log| log > 0.0 && log.is_finite()));
        assert!(score.interval_scores.is_none_or(|scores| scores.iter().all(|score| *score >= 0.0)));
        assert!(score.covered != Some(false) || score.covered_half != Some(true));
    }
    // Nobody else speaks of whether troops came: one half.
    assert_eq!(scores[0].climatology.as_ref().map(|baseline| baseline.brier), Some(Some(0.25)));
    let cards = cards(&scores);
    assert_eq!(cards.len(), 9, "all and two accounts, three parts each");
    for card in &cards {
        assert_eq!(card.rows, if card.part == Part::HeldOut { 0 } else { 3 });
        assert_eq!(card.pit.iter().sum::<u64>(), card.numbers);
    }
    let all = &cards[0];
    assert_eq!((all.climatology.brier_rows, all.expected.brier_rows), (1, 0));
    let own = all.brier.unwrap();
    assert!((all.climatology.brier.unwrap() - (1.0 - own / 0.25)).abs() < 1e-12);
}
