//! What holds for requests and missions in every history: procedures, beliefs, deadlines, guard duty, breaches.
#![allow(clippy::unwrap_used, missing_docs)]

use equipoise_engine::{Engine, History};
use equipoise_models::noise::{Noise, Stream};
use equipoise_models::treaty::Ballot;
use equipoise_scenario::chronicle::EventKind;
use equipoise_scenario::{Scenario, load_files, template};

/// The small scenario with changes: (file, old text, new text).
fn scenario(changes: &[(&str, &str, &str)], added: &str) -> Scenario {
    let files = template("Varnia").into_iter().map(|(path, mut text)| {
        for (_, old, new) in changes.iter().filter(|(file, ..)| *file == path) {
            assert!(text.contains(old), "{path} has no {old:?}");
            text = text.replace(old, new);
        }
        if path == "scenario.toml" {
            text += added;
        }
        (path, text.into_bytes())
    });
    load_files("varnia", files.collect()).unwrap_or_else(|mistakes| panic!("{mistakes}"))
}

/// Histories whose request is granted as readily as the parameters allow.
fn histories(scenario: &Scenario, count: u64) -> Vec<History> {
    let engine = Engine::new(scenario);
    let mut workspace = engine.workspace();
    (0..count)
        .map(|number| {
            let noise = Noise::new(7, number);
            let draw = |id: &str| noise.uniform(Stream::named(id), 0, 0, 0);
            let parameters: Vec<f64> =
                scenario.parameters.iter().map(|parameter| parameter.draw(draw(&parameter.id), 0)).collect();
            let mut history = History::default();
            engine.simulate(1, number, &parameters, &mut workspace, &mut history);
            history
        })
        .collect()
}

fn count(histories: &[History], kind: EventKind) -> usize {
    histories.iter().flat_map(|history| &history.events).filter(|event| event.kind == kind).count()
}

fn series<'h>(scenario: &Scenario, history: &'h History, id: &str) -> impl Iterator<Item = f32> + 'h {
    let at = scenario.series.iter().position(|series| series.id == id).unwrap();
    let width = scenario.series.len();
    history.series.iter().skip(at).step_by(width).copied()
}

const TREATY: &str = "treaties/marches.toml";
const ALL_YES: &str = "ballot = \"yes\", treaty = \"MARCHES\"";

/// A policy `bound` with these changes.
fn bound(changes: &str) -> String {
    format!("\n[policies.bound]\ntitle = \"x\"\nchanges = [{changes}]\n")
}

#[test]
fn a_ballot_bound_by_a_policy_is_cast_and_the_others_vote_as_they_do() {
    let scenario = scenario(&[], &bound("{ ballot = \"no\", treaty = \"MARCHES\", member = \"LIS\" }"));
    let (free, bound) = (histories(&scenario, 200), histories(&scenario.with_policy("bound").unwrap(), 200));
    let lead = |histories: &[History]| -> Vec<(u32, Ballot)> {
        let first = histories.iter().filter_map(|history| history.votes.iter().find(|vote| vote.member == 0));
        first.map(|vote| (vote.event, vote.ballot)).collect()
    };
    assert_eq!(lead(&free), lead(&bound));
    let votes = bound.iter().flat_map(|history| &history.votes).filter(|vote| vote.member == 1);
    assert!(votes.clone().count() > 50 && votes.clone().all(|vote| vote.ballot == Ballot::No));
    assert!(count(&free, EventKind::Granted) > count(&bound, EventKind::Granted));
}

#[test]
fn a_vote_keeps_its_reasons_and_their_sum_is_the_margin_told() {
    let scenario = scenario(&[], "");
    for history in histories(&scenario, 60) {
        for vote in &history.votes {
            let event = &history.events[vote.event as usize];
            assert!((vote.parts.total() - f64::from(event.amount)).abs() < 1e-5);
        }
    }
}

const PROCEDURE: &str = "[procedure.talk]\nkind = \"consultation\"\nhours = [1, 2]\nLIMITdone = \"vote\"\nfailed = \"refused\"\nreason = \"r\"\n\n[procedure.vote]\nkind = \"vote\"\nhours = [0, 1]\ndone = \"granted\"\nfailed = \"instead\"\nreason = \"r\"\n\n[procedure.instead]\nkind = \"lesser_answer\"\nhours = [1, 5]\ndone = \"lesser\"\nfailed = \"refused\"\nreason = \"r\"\n\n[answers.statement]\ntitle = \"A statement\"\nhelp = 0.05\nburden = 0.0\nreason = \"r\"\n\n[members.VAR]";

#[test]
fn a_refused_request_can_get_something_less() {
    let procedure = PROCEDURE.replace("LIMIT", "");
    let with = scenario(&[(TREATY, "[members.VAR]", &procedure)], "");
    let (plain, laddered) = (histories(&scenario(&[], ""), 300), histories(&with, 300));
    assert_eq!(count(&plain, EventKind::LesserAnswer), 0);
    assert!(count(&laddered, EventKind::LesserAnswer) > 0);
    assert!(count(&laddered, EventKind::Refused) < count(&plain, EventKind::Refused));
}

#[test]
fn a_request_that_takes_longer_than_its_limit_lapses() {
    let procedure = PROCEDURE.replace("LIMIT", "limit_hours = 1\n");
    let scenario = scenario(&[(TREATY, "[members.VAR]", &procedure)], "");
    let histories = histories(&scenario, 100);
    assert!(count(&histories, EventKind::Requested) > 30);
    assert_eq!(count(&histories, EventKind::VotedYes) + count(&histories, EventKind::Granted), 0);
    let open = histories.iter().filter(|history| {
        let of = |kind| history.events.iter().filter(|event| event.kind == kind).count();
        of(EventKind::Requested) > of(EventKind::RequestLapsed) + 1
    });
    assert_eq!(open.count(), 0, "every request but one of the last day has lapsed");
}

#[test]
fn a_request_taken_back_gets_no_answer() {
    let decision = "\n[decisions.second_thoughts]\ntitle = \"x\"\nactor = \"government\"\nwhen = \"pending(MARCHES)\"\nrationality = \"rationality\"\n[decisions.second_thoughts.options.back]\ntitle = \"x\"\nutility = \"1\"\nactions = [{ do = \"withdraw_request\", treaty = \"MARCHES\" }]\n";
    let histories = histories(&scenario(&[], decision), 100);
    assert!(count(&histories, EventKind::RequestWithdrawn) > 30);
    assert_eq!(count(&histories, EventKind::Granted) + count(&histories, EventKind::Refused), 0);
}

const STAY: &str = "\n[decisions.linger]\ntitle = \"x\"\nactor = \"ORD\"\nwhen = \"withdrawing(MARCHES) and troops > 0\"\nrationality = \"rationality\"\n[decisions.linger.options.stay]\ntitle = \"x\"\nutility = \"1\"\nactions = [{ do = \"extend_mission\", treaty = \"MARCHES\", by = \"withdrawal\" }]\n";

#[test]
fn a_mission_that_stays_longer_misses_its_deadline_and_still_ends() {
    let bound = bound(&format!("{{ {ALL_YES} }}"));
    let kept = histories(&scenario(&[], &bound).with_policy("bound").unwrap(), 150);
    assert!(count(&kept, EventKind::DeadlineKept) > 20);
    assert_eq!(count(&kept, EventKind::DeadlineMissed), 0);
    let stayed = histories(&scenario(&[], &(bound + STAY)).with_policy("bound").unwrap(), 150);
    assert!(count(&stayed, EventKind::DeadlineMissed) > 20);
    assert_eq!(count(&stayed, EventKind::DeadlineKept), 0);
    assert!(count(&stayed, EventKind::MissionOver) > 10);
}

#[test]
fn foreign_soldiers_free_guards_and_do_not_fight() {
    let added = "\n[series.freed]\ntitle = \"x\"\nvalue = \"guards_freed\"\n\n[series.free]\ntitle = \"x\"\nvalue = \"free_force\"\n";
    let all_yes = scenario(&[], &(bound(&format!("{{ {ALL_YES} }}")) + added)).with_policy("bound").unwrap();
    let mut seen = 0;
    for history in histories(&all_yes, 100) {
        let troops = series(&all_yes, &history, "troops");
        let yesterday = std::iter::once(0.0).chain(troops);
        for (freed, troops) in series(&all_yes, &history, "freed").zip(yesterday) {
            assert!(freed <= troops, "{freed} guards freed by {troops} soldiers of the morning");
            seen += u32::from(freed > 0.0);
        }
    }
    assert!(seen > 20);
}

#[test]
fn beliefs_follow_the_evidence_once_the_story_is_told() {
    let binding = "facts = { armed_attack = \"belief(self)\" }";
    let evidence = "belief_rate = \"rate\"\nevidence = \"foreign_share\"\naudience = { protesters = \"credulity_lisse\" }\nfacts = { armed_attack = \"belief(self)\" }";
    let added = "\n[parameters.rate]\ntitle = \"x\"\nunit = \"1 / days\"\nrange = [0.1, 0.1]\nreason = \"r\"\n\n[series.lisse]\ntitle = \"x\"\nvalue = \"belief(LIS)\"\n\n[series.street]\ntitle = \"x\"\nvalue = \"belief(protesters)\"\n\n[series.shown]\ntitle = \"x\"\nvalue = \"foreign_share\"\n";
    let scenario = scenario(&[("scenario.toml", binding, evidence)], added);
    let mut followed = 0;
    for history in histories(&scenario, 60) {
        let gaps: Vec<f32> = series(&scenario, &history, "lisse")
            .zip(series(&scenario, &history, "shown"))
            .map(|(belief, shown)| (belief - shown).abs())
            .collect();
        let framed = history.events.iter().find(|event| event.kind == EventKind::FramedForeign);
        let Some(framed) = framed.filter(|event| usize::from(event.day) + 30 < gaps.len()) else { continue };
        let day = usize::from(framed.day);
        assert!(gaps[day..].windows(2).all(|pair| pair[1] <= pair[0] + 1e-6));
        assert!(gaps[day + 30] <= 0.05 * gaps[day] + 1e-6);
        assert!(series(&scenario, &history, "street").nth(day).unwrap() > 0.0);
        followed += 1;
    }
    assert!(followed > 20);
}

#[test]
fn a_breach_costs_relation_only_where_a_clause_applies() {
    let refused = bound("{ ballot = \"no\", treaty = \"MARCHES\" }");
    let relation = "\n[parameters.points]\ntitle = \"x\"\nunit = \"points\"\nrange = [10, 10]\nreason = \"r\"\n\n[series.relation]\ntitle = \"x\"\nvalue = \"relation(ORD)\"\n";
    let lost = |trigger: &str| {
        let changes = [
            (
                "scenario.toml",
                "lead_decides = \"ordmark_decides\"\nlatency",
                "breach_points = \"points\"\nlatency",
            ),
            (TREATY, "trigger = \"armed_attack\"", trigger),
        ];
        let added = refused.clone() + relation;
        let scenario = scenario(&changes, &added).with_policy("bound").unwrap();
        let falls = histories(&scenario, 60).into_iter().map(|history| {
            let values: Vec<f32> = series(&scenario, &history, "relation").collect();
            f64::from(values[0] - values[values.len() - 1])
        });
        falls.sum::<f64>()
    };
    assert_eq!(lost("trigger = \"0\""), 0.0);
    assert!(lost("trigger = \"1\"") > 100.0);
}
