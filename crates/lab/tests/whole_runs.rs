//! Whole runs of the template scenario: written, interrupted, read back, explained, scored.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use equipoise_engine::{Engine, History};
use equipoise_lab::score::{ScoreKind, Verdict, score};
use equipoise_lab::summary::{Finding, summarise};
use equipoise_lab::why::{Basis, Question, why};
use equipoise_lab::{Control, Design, Draws, LabError, Manifest, Plan, Points, Run, RunSummary, resume, run};
use equipoise_scenario::Scenario;

const TABLES: [&str; 4] = ["outcomes", "parameters", "series", "events"];

fn template() -> Scenario {
    scenario_with(|_| {})
}

/// The template with a change to its files.
fn scenario_with(change: impl FnOnce(&mut Vec<(String, String)>)) -> Scenario {
    let mut files = equipoise_scenario::template("varnia");
    change(&mut files);
    equipoise_scenario::load_files("varnia", files).unwrap()
}

fn plan(histories: u64) -> Plan {
    Plan { histories, seed: 7, threads: 2, ..Plan::default() }
}

type Command = fn(&Scenario, &Plan, &Path, &Control) -> Result<RunSummary, LabError>;

fn carry_out(command: Command, scenario: &Scenario, plan: &Plan, dir: &Path) -> Result<RunSummary, LabError> {
    let (cancel, done) = (AtomicBool::new(false), AtomicU64::new(0));
    let control = Control { cancel: &cancel, done: &done };
    let summary = command(scenario, plan, dir, &control)?;
    assert_eq!(done.load(Ordering::Relaxed), plan.histories);
    Ok(summary)
}

/// All bytes that equal runs must share.
fn bytes(dir: &Path) -> Vec<Vec<u8>> {
    let tables = TABLES.iter().map(|table| dir.join(format!("{table}.parquet")));
    let scenario = [dir.join("scenario/scenario.toml"), dir.join("manifest.json")];
    tables.chain(scenario).map(|path| fs::read(path).unwrap()).collect()
}

#[test]
fn a_run_reads_back_exactly_what_the_engine_simulates() {
    let scenario = template();
    let folder = tempfile::tempdir().unwrap();
    let plan = plan(70);
    let summary = carry_out(run, &scenario, &plan, folder.path()).unwrap();
    assert_eq!(summary.simulated, 70);
    let run = Run::open(folder.path()).unwrap();
    assert_eq!(run.manifest(), &summary.manifest);
    assert_eq!(run.scenario().hash, scenario.hash);

    let engine = Engine::new(&scenario);
    let points = Points { design: plan.design, seed: plan.seed };
    let draws = Draws::new(&scenario, points, None);
    let (mut workspace, mut history, mut parameters) = (engine.workspace(), History::default(), Vec::new());
    let accounts = run.accounts().unwrap();
    let outcomes: Vec<Vec<f64>> = scenario.outcomes.iter().map(|o| run.outcome(&o.id).unwrap()).collect();
    let drawn: Vec<Vec<f64>> = scenario.parameters.iter().map(|p| run.parameter(&p.id).unwrap()).collect();
    for number in 0..70 {
        let account = draws.fill(number, &mut parameters);
        engine.simulate(plan.seed, number, &parameters, &mut workspace, &mut history);
        let at = number as usize;
        assert_eq!(usize::from(accounts[at]), account);
        for (column, value) in drawn.iter().zip(&parameters) {
            assert_eq!(column[at], *value);
        }
        for (column, value) in outcomes.iter().zip(&history.outcomes) {
            assert!(column[at] == *value || column[at].is_nan() && value.is_nan());
        }
        assert_eq!(run.history_series(number).unwrap(), history.series);
        let events = run.history_events(number).unwrap();
        assert_eq!(events.len(), history.events.len());
        for (row, (id, event)) in events.iter().zip((0..).zip(&history.events)) {
            assert_eq!((row.event, row.day, row.hour), (id, u32::from(event.day), event.hour));
            assert_eq!((row.kind, row.amount), (event.kind, event.amount));
            assert_eq!(row.causes, history.causes(id));
        }
    }
}

#[test]
fn threads_and_shard_sizes_leave_no_trace() {
    let scenario = template();
    let mut seen: Option<Vec<Vec<u8>>> = None;
    for (threads, shard_size) in [(1, None), (2, None), (7, None), (2, Some(33)), (1, Some(10_000))] {
        let folder = tempfile::tempdir().unwrap();
        let plan = Plan { threads, shard_size, ..plan(300) };
        carry_out(run, &scenario, &plan, folder.path()).unwrap();
        let run = bytes(folder.path());
        assert!(seen.get_or_insert_with(|| run.clone()) == &run, "{threads} threads, {shard_size:?}");
    }
}

#[test]
fn an_interrupted_run_resumes_to_the_same_bytes() {
    let scenario = template();
    let whole = tempfile::tempdir().unwrap();
    carry_out(run, &scenario, &plan(600), whole.path()).unwrap();

    let folder = tempfile::tempdir().unwrap();
    let (cancel, done) = (AtomicBool::new(false), AtomicU64::new(0));
    let control = Control { cancel: &cancel, done: &done };
    let outcome = std::thread::scope(|scope| {
        scope.spawn(|| {
            while done.load(Ordering::Relaxed) < 50 {
                std::thread::yield_now();
            }
            cancel.store(true, Ordering::Relaxed);
        });
        run(&scenario, &plan(600), folder.path(), &control)
    });
    match outcome {
        Err(LabError::Interrupted { total: 600, .. }) => {
            assert!(matches!(Run::open(folder.path()), Err(LabError::Unfinished { .. })));
        }
        other => panic!("{other:?}"),
    }
    carry_out(resume, &scenario, &plan(600), folder.path()).unwrap();
    assert!(bytes(folder.path()) == bytes(whole.path()));
    assert!(!folder.path().join("shards").exists());

    // Resuming a complete run changes nothing and simulates nothing.
    assert_eq!(carry_out(resume, &scenario, &plan(600), folder.path()).unwrap().simulated, 0);
}

#[test]
fn a_finished_run_is_made_longer_without_simulating_what_it_has() {
    let scenario = template();
    for design in [Design::Sobol, Design::LatinHypercube, Design::SaltelliGroups, Design::Morris] {
        let of = |histories| Plan { design, ..plan(histories) };
        let (whole, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        carry_out(run, &scenario, &of(400), whole.path()).unwrap();
        carry_out(run, &scenario, &of(150), folder.path()).unwrap();
        // 150 histories are two blocks of 64, which are kept, and part of a third.
        assert_eq!(carry_out(resume, &scenario, &of(400), folder.path()).unwrap().simulated, 400 - 128);
        assert!(bytes(folder.path()) == bytes(whole.path()), "{design}");
        assert!(!folder.path().join("shards").exists());
    }
}

#[test]
fn a_run_killed_while_it_was_made_longer_ends_the_same() {
    let scenario = template();
    let whole = tempfile::tempdir().unwrap();
    carry_out(run, &scenario, &plan(400), whole.path()).unwrap();
    // How many tables were joined anew when it was killed; none of them, with two not even moved, for `None`.
    for joined in [None, Some(0), Some(2), Some(4)] {
        let folder = tempfile::tempdir().unwrap();
        carry_out(run, &scenario, &plan(150), folder.path()).unwrap();
        let (cancel, done) = (AtomicBool::new(true), AtomicU64::new(0));
        let stopped = resume(&scenario, &plan(400), folder.path(), &Control { cancel: &cancel, done: &done });
        assert!(matches!(stopped, Err(LabError::Interrupted { complete: 128, total: 400 })), "{stopped:?}");
        let shards = folder.path().join("shards");
        for (at, table) in TABLES.iter().enumerate() {
            let top = folder.path().join(format!("{table}.parquet"));
            let kept = shards.join(format!("kept.{table}.parquet"));
            if joined.is_some() || at < 2 {
                fs::rename(&top, &kept).unwrap();
            }
            if joined.is_some_and(|joined| at < joined) {
                fs::copy(whole.path().join(format!("{table}.parquet")), &top).unwrap();
            }
        }
        carry_out(resume, &scenario, &plan(400), folder.path()).unwrap();
        assert!(bytes(folder.path()) == bytes(whole.path()), "{joined:?}");
    }
}

#[test]
fn a_damaged_table_is_found_before_a_run_is_made_longer() {
    let scenario = template();
    let folder = tempfile::tempdir().unwrap();
    carry_out(run, &scenario, &plan(150), folder.path()).unwrap();
    let path = folder.path().join("series.parquet");
    let mut content = fs::read(&path).unwrap();
    content[40] ^= 1;
    fs::write(&path, content).unwrap();
    let manifest = fs::read(folder.path().join("manifest.json")).unwrap();
    let message = carry_out(resume, &scenario, &plan(400), folder.path()).unwrap_err().to_string();
    assert!(message.contains("series.parquet is damaged"), "{message}");
    assert!(fs::read(folder.path().join("manifest.json")).unwrap() == manifest);
}

#[test]
fn resuming_where_nothing_began_begins() {
    let scenario = template();
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("manifest.json.partial"), b"{").unwrap();
    let summary = carry_out(resume, &scenario, &plan(40), folder.path()).unwrap();
    assert_eq!(summary.simulated, 40);
}

#[test]
fn a_run_killed_after_its_manifest_but_before_its_shards_were_removed_is_tidied() {
    let scenario = template();
    let folder = tempfile::tempdir().unwrap();
    carry_out(run, &scenario, &plan(40), folder.path()).unwrap();
    let before = bytes(folder.path());
    fs::create_dir(folder.path().join("shards")).unwrap();
    fs::write(folder.path().join("shards/00000.json"), b"{}").unwrap();
    fs::remove_file(folder.path().join("scenario/scenario.toml")).unwrap();
    carry_out(resume, &scenario, &plan(40), folder.path()).unwrap();
    assert!(bytes(folder.path()) == before);
    assert!(!folder.path().join("shards").exists());
}

#[test]
fn a_run_of_another_scenario_is_not_resumed() {
    let scenario = template();
    let folder = tempfile::tempdir().unwrap();
    carry_out(run, &scenario, &plan(40), folder.path()).unwrap();
    let other = scenario_with(|files| {
        let file = files.iter_mut().find(|(path, _)| path == "scenario.toml").unwrap();
        file.1.push_str("\n# one more line\n");
    });
    let message = carry_out(resume, &other, &plan(40), folder.path()).unwrap_err().to_string();
    assert!(message.contains(&scenario.hash[..12]) && message.contains(&other.hash[..12]), "{message}");
    assert!(message.contains("varnia"), "{message}");
}

#[test]
fn a_run_with_other_options_is_not_resumed_and_both_values_are_named() {
    let scenario = template();
    let folder = tempfile::tempdir().unwrap();
    carry_out(run, &scenario, &plan(40), folder.path()).unwrap();
    let refused = |plan: Plan| carry_out(resume, &scenario, &plan, folder.path()).unwrap_err().to_string();
    assert!(refused(Plan { seed: 8, ..plan(40) }).contains("--seed 7, not 8"));
    assert!(refused(plan(39)).contains("--histories 40, not 39"));
    assert!(refused(Plan { design: Design::Random, ..plan(40) }).contains("--design sobol, not random"));
    assert!(refused(Plan { account: Some(1), ..plan(40) }).contains("--account none, not from-abroad"));
    let policy = Some("no-request".to_owned());
    assert!(refused(Plan { policy, ..plan(40) }).contains("--policy none, not no-request"));
}

#[test]
fn a_folder_with_something_in_it_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("thesis.txt"), b"years of work").unwrap();
    let scenario = template();
    let message = carry_out(run, &scenario, &plan(40), folder.path()).unwrap_err().to_string();
    assert!(message.contains("is not empty") && message.contains("--resume"), "{message}");
    let message = carry_out(resume, &scenario, &plan(40), folder.path()).unwrap_err().to_string();
    assert!(message.contains("is not a run directory"), "{message}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn what_is_no_run_directory_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let message = Run::open(folder.path()).unwrap_err().to_string();
    assert!(message.contains("is not a run directory: it has no manifest.json"), "{message}");
    fs::write(folder.path().join("manifest.json"), br#"{"format": 99}"#).unwrap();
    let message = Manifest::read(folder.path()).unwrap_err().to_string();
    assert!(message.contains("version 99"), "{message}");
    fs::write(folder.path().join("manifest.json"), b"[1, 2").unwrap();
    assert!(Manifest::read(folder.path()).is_err());
    // A file where the folder should be.
    let file = folder.path().join("file");
    fs::write(&file, b"").unwrap();
    assert!(carry_out(run, &template(), &plan(4), &file.join("run")).is_err());
    assert!(Run::open(&file).is_err());
}

#[test]
#[cfg(unix)]
fn a_read_only_folder_says_so() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o555)).unwrap();
    // Whoever may write everywhere can write here as well.
    if fs::write(folder.path().join("probe"), b"").is_ok() {
        return;
    }
    let message = carry_out(run, &template(), &plan(4), &folder.path().join("run")).unwrap_err().to_string();
    assert!(message.contains("permission denied"), "{message}");
}

#[test]
fn a_complete_run_that_was_damaged_is_noticed() {
    let scenario = template();
    let folder = tempfile::tempdir().unwrap();
    carry_out(run, &scenario, &plan(40), folder.path()).unwrap();
    let path = folder.path().join("series.parquet");
    let whole = fs::read(&path).unwrap();
    fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    let message = Run::open(folder.path()).unwrap_err().to_string();
    assert!(message.contains("series.parquet") && message.contains("bytes found"), "{message}");
    let mut flipped = whole;
    flipped[100] ^= 1;
    fs::write(&path, flipped).unwrap();
    let message = carry_out(resume, &scenario, &plan(40), folder.path()).unwrap_err().to_string();
    assert!(message.contains("checksum differs"), "{message}");
}

#[test]
fn plans_that_cannot_be_run_say_why() {
    let scenario = template();
    let folder = tempfile::tempdir().unwrap();
    let refused = |plan: Plan| carry_out(run, &scenario, &plan, folder.path()).unwrap_err().to_string();
    assert!(refused(plan(0)).contains("0 histories"));
    assert!(refused(Plan { account: Some(9), ..plan(4) }).contains("home-grown, from-abroad"));
    let policy = Some("no-requests".to_owned());
    assert!(refused(Plan { policy, ..plan(4) }).contains("no-request, late-and-alone"));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn one_account_can_be_run_alone() {
    let folder = tempfile::tempdir().unwrap();
    let plan = Plan { account: Some(1), design: Design::LatinHypercube, ..plan(40) };
    carry_out(run, &template(), &plan, folder.path()).unwrap();
    let run = Run::open(folder.path()).unwrap();
    assert!(run.accounts().unwrap().iter().all(|account| *account == 1));
    assert_eq!(run.manifest().account.as_deref(), Some("from-abroad"));
    let again = Plan { threads: 2, ..Plan::of(run.manifest(), run.scenario()).unwrap() };
    assert_eq!(again, plan);
}

#[test]
fn a_policy_reaches_only_what_it_changes() {
    let scenario = template();
    let (base, without) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    carry_out(run, &scenario, &plan(100), base.path()).unwrap();
    let policy = Some("no-request".to_owned());
    carry_out(run, &scenario, &Plan { policy, ..plan(100) }, without.path()).unwrap();
    let (base, without) = (Run::open(base.path()).unwrap(), Run::open(without.path()).unwrap());
    assert!(without.outcome("troops_sent").unwrap().iter().all(|sent| *sent == 0.0));
    let base_dates = base.outcome("request_date").unwrap();
    for (history, date) in (0..).zip(base_dates) {
        if date.is_nan() {
            assert_eq!(base.history_series(history).unwrap(), without.history_series(history).unwrap());
        }
    }
}

#[test]
fn daily_quantiles_are_those_of_the_histories() {
    let folder = tempfile::tempdir().unwrap();
    carry_out(run, &template(), &plan(99), folder.path()).unwrap();
    let run = Run::open(folder.path()).unwrap();
    let fan = run.series_quantiles("participants", &[0.0, 0.5, 1.0], None).unwrap();
    assert_eq!((fan.histories, fan.days.len()), (99, run.scenario().days as usize));
    for day in [0, 20, 40] {
        let mut values = run.series_on("participants", day).unwrap();
        values.sort_by(f64::total_cmp);
        assert_eq!(fan.days[day as usize], [values[0], values[49], values[98]]);
    }
    let parts: u64 = (0..2).map(|a| run.series_quantiles("troops", &[0.5], Some(a)).unwrap().histories).sum();
    assert_eq!(parts, 99);
    let message = run.series_on("participants", 5000).unwrap_err().to_string();
    assert!(message.contains("2030-03-01 to 2030-05-31"), "{message}");
    assert!(run.outcome("kiled").unwrap_err().to_string().contains("killed"));
    assert!(run.history_events(99).unwrap_err().to_string().contains("the run has 99"));
}

#[test]
fn causes_lead_back_to_a_root_and_chains_are_counted() {
    let folder = tempfile::tempdir().unwrap();
    carry_out(run, &template(), &plan(200), folder.path()).unwrap();
    let run = Run::open(folder.path()).unwrap();
    for outcome in 0..run.scenario().outcomes.len() {
        let question = Question::Outcome(outcome);
        let why = why(&run, &question, None).unwrap();
        if why.tree.is_empty() {
            continue;
        }
        let first = why.commonest[0].chain.iter().map(|link| link.kind);
        let mut kinds: Vec<_> = why.chain.iter().map(|link| link.kind).collect();
        kinds.dedup();
        assert_eq!(first.collect::<Vec<_>>(), kinds);
        assert_eq!(why.commonest[0].histories, why.same_chain);
        assert!(why.same_chain >= 1 && why.same_chain <= why.occurs && why.occurs <= why.histories);
        let events = run.history_events(why.history).unwrap();
        let root = why.chain.last().unwrap();
        assert!(
            events.iter().any(|e| e.kind == root.kind && e.subject == root.subject && e.causes.is_empty())
        );
        // Every event reached stands in the tree, its causes told once.
        let told = why.tree.iter().filter(|branch| !branch.repeated);
        let mut numbers: Vec<u32> = told.map(|branch| branch.event.event).collect();
        numbers.sort_unstable();
        for branch in &why.tree {
            assert!(branch.event.causes.iter().all(|cause| numbers.binary_search(cause).is_ok()));
        }
        assert_eq!(why.lines(run.scenario()).len(), why.tree.len());
    }
}

#[test]
fn the_date_of_an_event_is_decided_by_that_event() {
    let folder = tempfile::tempdir().unwrap();
    carry_out(run, &template(), &plan(200), folder.path()).unwrap();
    let run = Run::open(folder.path()).unwrap();
    let question = Question::parse(run.scenario(), "request_date").unwrap();
    let dates = run.outcome("request_date").unwrap();
    let never = dates.iter().position(|date| date.is_nan());
    let asked = dates.iter().position(|date| !date.is_nan()).unwrap();
    let answer = why(&run, &question, Some(asked as u64)).unwrap();
    assert_eq!(answer.basis, Basis::Decides);
    assert_eq!(f64::from(answer.tree[0].event.day), dates[asked]);
    assert_eq!(answer.occurs, dates.iter().filter(|date| !date.is_nan()).count() as u64);
    if let Some(never) = never {
        let answer = why(&run, &question, Some(never as u64)).unwrap();
        assert_eq!((answer.basis, answer.same_chain), (Basis::Nothing, 0));
    }
    let event = Question::parse(run.scenario(), "requested(MARCHES)").unwrap();
    let same = why(&run, &event, Some(asked as u64)).unwrap();
    assert_eq!(same.tree, why(&run, &question, Some(asked as u64)).unwrap().tree);
    assert!(Question::parse(run.scenario(), "request_help.ask").is_ok());
    assert!(Question::parse(run.scenario(), "subsidy_ends").is_ok());
    let message = Question::parse(run.scenario(), "granted(NATO)").unwrap_err().to_string();
    assert!(message.contains("outcome or event") && message.contains("granted"), "{message}");
}

#[test]
fn the_record_is_scored_overall_and_by_account() {
    let folder = tempfile::tempdir().unwrap();
    carry_out(run, &template(), &plan(200), folder.path()).unwrap();
    let run = Run::open(folder.path()).unwrap();
    let scores = score(&run).unwrap();
    assert_eq!(scores.len(), run.scenario().record.len() * 3);
    let sent = &scores[0];
    assert_eq!((sent.target.as_str(), sent.kind, sent.account), ("troops_sent", ScoreKind::YesNo, None));
    let share = run.outcome("troops_sent").unwrap().iter().sum::<f64>() / 200.0;
    assert!((sent.brier.unwrap() - (1.0 - share).powi(2)).abs() < 1e-12);
    let killed = scores.iter().find(|score| score.target == "killed").unwrap();
    assert_eq!(killed.kind, ScoreKind::Number);
    assert!(killed.held_out && killed.claim.is_some() && killed.crps.unwrap() >= 0.0);
    assert!(killed.low <= killed.median && killed.median <= killed.high);
    let inside = matches!(killed.verdict, Verdict::Inside | Verdict::Edge);
    assert_eq!(killed.covered, Some(inside));
    let series = scores.iter().find(|score| score.on.is_some()).unwrap();
    assert_eq!(series.claim.map(|[low, high]| low < 20_000.0 && 20_000.0 < high), Some(true));

    let summaries = summarise(&run).unwrap();
    let overall = summaries.iter().filter(|summary| summary.account.is_none());
    assert_eq!(overall.count(), run.scenario().outcomes.len());
    let Finding::Probability(probability) = summaries[0].finding else { panic!("{summaries:?}") };
    assert!((probability.share - share).abs() < 1e-12);
}

#[test]
fn the_interval_of_a_share_holds_the_truth_also_where_histories_belong_together() {
    let scenario = template();
    let folder = tempfile::tempdir().unwrap();
    let sent = |design, seed: u64, histories| {
        let dir = folder.path().join(format!("{design}-{seed}"));
        let plan = Plan { design, seed, ..plan(histories) };
        carry_out(run, &scenario, &plan, &dir).unwrap();
        match summarise(&Run::open(&dir).unwrap()).unwrap()[0].finding {
            Finding::Probability(share) => share,
            other => panic!("{other:?}"),
        }
    };
    let truth = sent(Design::Random, 1, 6000).share;
    for design in [Design::Saltelli, Design::Morris] {
        // Of twenty intervals of 95 % fewer than sixteen hold the truth three times in a thousand.
        let holds = |seed: &u64| {
            let [low, high] = sent(design, *seed, 300).interval;
            (low..=high).contains(&truth)
        };
        let held = (1..=20).filter(holds).count();
        assert!(held >= 16, "{design}: {held} of 20");
    }
}
