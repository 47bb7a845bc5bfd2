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

/// All vote yes; the parliament of Lisse must consent, as likely as its chamber's numbers allow.
fn consent(support: &str, limit: &str) -> (String, String) {
    let rule = format!(
        "contingent = \"contingent_lisse\"\nratification = {{ seats = \"seats\", votes_needed = \"half\", quorum = \"half\", attendance = \"attending\", support = \"{support}\", ballots = \"ballots\"{limit} }}"
    );
    let number = |id: &str, unit: &str, value: f64| {
        format!(
            "\n[parameters.{id}]\ntitle = \"x\"\nunit = \"{unit}\"\nrange = [{value}, {value}]\nreason = \"r\"\n"
        )
    };
    let added = [
        ("seats", 100.0),
        ("half", 50.0),
        ("attending", 0.95),
        ("never", 0.0),
        ("always", 1.0),
        ("ballots", 9.0),
    ]
    .map(|(id, value)| number(id, "number", value))
    .concat()
        + &number("two_days", "days", 2.0)
        + &number("no_days", "days", 0.0)
        + &number("five_days", "days", 5.0);
    (rule, added)
}

/// Soldiers pledged to each member's name, as the history's parameters have it, and who came, lapsed or was released.
fn sum(history: &History, kind: EventKind) -> f64 {
    history.events.iter().filter(|event| event.kind == kind).map(|event| f64::from(event.amount)).sum()
}

const CALL_OFF: &str = "\n[decisions.call_off]\ntitle = \"x\"\nactor = \"government\"\nwhen = \"granted(MARCHES) and awaited > 0\"\nrationality = \"rationality\"\n[decisions.call_off.options.off]\ntitle = \"x\"\nutility = \"1\"\nactions = [{ do = \"withdraw_request\", treaty = \"MARCHES\" }]\n\n[series.awaited]\ntitle = \"x\"\nvalue = \"awaited\"\n\n[series.awaited_lisse]\ntitle = \"x\"\nvalue = \"awaited(LIS)\"\n\n[series.off]\ntitle = \"x\"\nvalue = \"if(called_off(MARCHES), 1, 0)\"\n";

/// The airlift carries this many a day.
fn airlift(a_day: f64) -> String {
    format!("range = [{a_day}, {a_day}]")
}

#[test]
fn after_a_call_off_nobody_else_arrives_and_those_there_go_home() {
    let added =
        bound(&format!("{{ {ALL_YES} }}, {{ parameter = \"airlift\", {}, reason = \"r\" }}", airlift(300.0)));
    let scenario = scenario(&[], &(added + CALL_OFF)).with_policy("bound").unwrap();
    let mut seen = 0;
    for history in histories(&scenario, 150) {
        let Some(off) = history.events.iter().position(|event| event.kind == EventKind::RequestCalledOff)
        else {
            assert!(!history.events.iter().any(|event| event.kind == EventKind::PledgeReleased));
            continue;
        };
        let day = usize::from(history.events[off].day);
        let later = &history.events[off..];
        assert!(!later.iter().any(|event| event.kind == EventKind::TroopsArrive));
        assert_eq!(sum(&history, EventKind::PledgeReleased), f64::from(history.events[off].amount));
        assert!(series(&scenario, &history, "awaited").skip(day).all(|awaited| awaited == 0.0));
        assert!(series(&scenario, &history, "awaited_lisse").skip(day).all(|awaited| awaited == 0.0));
        assert!(series(&scenario, &history, "off").skip(day).all(|off| off == 1.0));
        let troops: Vec<f32> = series(&scenario, &history, "troops").skip(day).collect();
        assert!(troops.windows(2).all(|pair| pair[1] <= pair[0]), "{troops:?}");
        let why = history.causes(off as u32);
        let kinds: Vec<EventKind> = why.iter().map(|cause| history.events[*cause as usize].kind).collect();
        assert!(kinds.contains(&EventKind::Choice) && kinds.contains(&EventKind::Granted), "{kinds:?}");
        if later.iter().any(|event| event.kind == EventKind::MissionOver) {
            seen += 1;
            assert_eq!(troops.last(), Some(&0.0));
        }
    }
    assert!(seen > 20, "{seen}");
}

#[test]
fn help_called_off_before_anybody_came_is_over_at_once() {
    let (rule, parameters) = consent("never", "");
    let other = "contingent = \"contingent_ordmark\"";
    let alone = rule.replace("contingent_lisse", "contingent_ordmark");
    let changes = [
        ("scenario.toml", "contingent = \"contingent_lisse\"", rule.as_str()),
        ("scenario.toml", other, &alone),
    ];
    let added = bound(&format!("{{ {ALL_YES} }}")) + CALL_OFF + &parameters;
    let scenario = scenario(&changes, &added).with_policy("bound").unwrap();
    let histories = histories(&scenario, 150);
    assert!(count(&histories, EventKind::RequestCalledOff) > 20);
    assert_eq!(count(&histories, EventKind::RequestCalledOff), count(&histories, EventKind::MissionLapsed));
    assert_eq!(count(&histories, EventKind::TroopsArrive) + count(&histories, EventKind::MandateEnds), 0);
    for history in &histories {
        let off = history.events.iter().position(|event| event.kind == EventKind::RequestCalledOff);
        let later = &history.events[off.unwrap_or(history.events.len())..];
        assert!(
            !later.iter().any(|event| event.kind == EventKind::RatificationFailed),
            "no parliament meets over it"
        );
    }
}

#[test]
fn help_that_is_all_there_cannot_be_called_off() {
    let added =
        bound(&format!("{{ {ALL_YES} }}, {{ parameter = \"airlift\", {}, reason = \"r\" }}", airlift(1e6)));
    let late = CALL_OFF.replace("awaited > 0\"", "awaited == 0\"");
    let scenario = scenario(&[], &(added + &late)).with_policy("bound").unwrap();
    let histories = histories(&scenario, 100);
    assert!(count(&histories, EventKind::Choice) > 100 && count(&histories, EventKind::TroopsArrive) > 20);
    assert_eq!(count(&histories, EventKind::RequestCalledOff), 0);
}

#[test]
fn a_pledge_without_consent_in_time_lapses_and_the_others_come() {
    let (rule, parameters) = consent("never", ", limit_days = \"two_days\"");
    let changes = [("scenario.toml", "contingent = \"contingent_lisse\"", rule.as_str())];
    let scenario =
        scenario(&changes, &(bound(&format!("{{ {ALL_YES} }}")) + &parameters)).with_policy("bound").unwrap();
    let mut seen = 0;
    for history in histories(&scenario, 150) {
        let find = |kind| history.events.iter().find(|event| event.kind == kind);
        let (Some(granted), Some(lapsed)) = (find(EventKind::Granted), find(EventKind::PledgeLapsed)) else {
            continue;
        };
        assert_eq!(lapsed.day, granted.day + 3, "two days to consent, the third is too late");
        let mut tried = history.events.iter().filter(|event| event.kind == EventKind::RatificationFailed);
        assert!(tried.clone().count() >= 2 && tried.all(|ballot| ballot.day <= granted.day + 2));
        assert!(find(EventKind::TroopsArrive).is_some() && find(EventKind::MissionLapsed).is_none());
        seen += 1;
    }
    assert!(seen > 20, "{seen}");
}

#[test]
fn a_mission_from_which_every_pledge_lapses_ends_before_it_began() {
    let late = (
        "scenario.toml",
        "airlift_per_day = \"airlift\"",
        "airlift_per_day = \"airlift\"\narrival_limit_days = \"no_days\"",
    );
    let (_, parameters) = consent("never", "");
    let slow =
        bound(&format!("{{ {ALL_YES} }}, {{ parameter = \"airlift\", {}, reason = \"r\" }}", airlift(0.0)));
    let scenario = scenario(&[late], &(slow + &parameters)).with_policy("bound").unwrap();
    let histories = histories(&scenario, 100);
    let granted = count(&histories, EventKind::Granted);
    assert!(granted > 20);
    // One granted on the last day has no day left on which to lapse.
    assert!(count(&histories, EventKind::MissionLapsed) + 2 >= granted);
    assert_eq!(count(&histories, EventKind::PledgeLapsed), 2 * count(&histories, EventKind::MissionLapsed));
    assert_eq!(count(&histories, EventKind::TroopsArrive), 0);
}

#[test]
fn soldiers_pledged_have_come_or_lapsed_or_are_awaited() {
    let late = (
        "scenario.toml",
        "airlift_per_day = \"airlift\"",
        "airlift_per_day = \"airlift\"\narrival_limit_days = \"two_days\"\nmandate_limit_days = \"five_days\"",
    );
    let (rule, parameters) = consent("always", ", limit_days = \"two_days\"");
    let changes = [late, ("scenario.toml", "contingent = \"contingent_lisse\"", rule.as_str())];
    let sums = "\n[series.awaited]\ntitle = \"x\"\nvalue = \"awaited\"\n\n[series.pledged]\ntitle = \"x\"\nvalue = \"contingent_ordmark + contingent_lisse\"\n";
    let all_yes =
        bound(&format!("{{ {ALL_YES} }}, {{ parameter = \"airlift\", {}, reason = \"r\" }}", airlift(250.0)));
    let scenario = scenario(&changes, &(all_yes + &parameters + sums)).with_policy("bound").unwrap();
    let (mut lapsed, mut ended) = (0, 0);
    for history in histories(&scenario, 150) {
        let Some(granted) = history.events.iter().find(|event| event.kind == EventKind::Granted) else {
            continue;
        };
        let pledged = f64::from(series(&scenario, &history, "pledged").next().unwrap());
        let troops: Vec<f32> = series(&scenario, &history, "troops").collect();
        let awaited: Vec<f32> = series(&scenario, &history, "awaited").collect();
        let arrival =
            history.events.iter().find(|event| event.kind == EventKind::TroopsArrive).map(|event| event.day);
        for day in usize::from(granted.day)..troops.len() {
            let gone = |kind| -> f64 {
                let so_far =
                    history.events.iter().filter(|event| event.kind == kind && usize::from(event.day) <= day);
                so_far.map(|event| f64::from(event.amount)).sum()
            };
            let never = gone(EventKind::PledgeLapsed) + gone(EventKind::PledgeReleased);
            // Until the first leave, whoever has flown is there.
            if gone(EventKind::MandateEnds) == 0.0 {
                let all = f64::from(troops[day]) + f64::from(awaited[day]) + never;
                assert!((all - pledged).abs() <= 1.0, "{all} of {pledged} on day {day}");
            }
            assert!(day <= usize::from(granted.day) + 2 || awaited[day] == 0.0);
        }
        lapsed += u32::from(sum(&history, EventKind::PledgeLapsed) > 0.0);
        if let (Some(arrival), Some(over)) =
            (arrival, history.events.iter().find(|event| event.kind == EventKind::MandateEnds))
        {
            assert_eq!(over.day, arrival + 5, "the mandate ends by its limit");
            ended += 1;
        }
    }
    assert!(lapsed > 10 && ended > 10, "{lapsed} {ended}");
}

/// Lisse and the street hear the press, Lisse hears Ordmark too, and Ordmark trusts nobody.
const VOICES: &str = "audience = { protesters = \"credulity_lisse\" }\nfacts = { armed_attack = \"belief(self)\" }\nvoices = { press = { title = \"The press\", says = \"foreign_share\", hearers = { LIS = \"much\", protesters = \"much\" } }, lead = { title = \"Ordmark\", says = \"belief(ORD)\", hearers = { LIS = \"little\", ORD = \"none\" } } }";

fn trusts() -> String {
    let trust = |id: &str, value: f64| {
        format!(
            "\n[parameters.{id}]\ntitle = \"x\"\nunit = \"1 / days\"\nrange = [{value}, {value}]\nreason = \"r\"\n"
        )
    };
    let believes = |who: &str| {
        format!("\n[series.believes_{}]\ntitle = \"x\"\nvalue = \"belief({who})\"\n", who.to_lowercase())
    };
    trust("much", 0.3)
        + &trust("little", 0.1)
        + &trust("none", 0.0)
        + &["LIS", "ORD", "protesters"].map(believes).concat()
        + "\n[series.shown]\ntitle = \"x\"\nvalue = \"foreign_share\"\n"
}

#[test]
fn each_hearer_is_moved_by_each_voice_as_far_as_it_trusts_it() {
    let binding = "facts = { armed_attack = \"belief(self)\" }";
    let scenario = scenario(&[("scenario.toml", binding, VOICES)], &trusts());
    let mut heard = 0;
    for history in histories(&scenario, 60) {
        let framed = history.events.iter().find(|event| event.kind == EventKind::FramedForeign);
        let Some(day) = framed.map(|event| usize::from(event.day)) else { continue };
        let of = |id: &str| -> Vec<f64> { series(&scenario, &history, id).map(f64::from).collect() };
        let (lisse, ordmark, street, shown) =
            (of("believes_lis"), of("believes_ord"), of("believes_protesters"), of("shown"));
        assert!(lisse[..day].iter().chain(&street[..day]).all(|belief| *belief == 0.0));
        for t in day..lisse.len() - 1 {
            let expected = lisse[t] + 0.3 * (shown[t] - lisse[t]) + 0.1 * (ordmark[t] - lisse[t]);
            assert!((lisse[t + 1] - expected).abs() < 1e-5, "{} {expected}", lisse[t + 1]);
            let expected = street[t] + 0.3 * (shown[t] - street[t]);
            assert!((street[t + 1] - expected).abs() < 1e-5);
            assert_eq!(
                ordmark[t + 1],
                ordmark[day],
                "who trusts no voice keeps what the framing made it believe"
            );
        }
        heard += 1;
    }
    assert!(heard > 20);
}

#[test]
fn what_moved_a_belief_is_told_and_adds_up() {
    let binding = "facts = { armed_attack = \"belief(self)\" }";
    let scenario = scenario(&[("scenario.toml", binding, VOICES)], &trusts());
    let engine = Engine::new(&scenario);
    let (mut workspace, mut told) = (engine.workspace(), 0);
    for number in 0..60 {
        let noise = Noise::new(7, number);
        let draw = |id: &str| noise.uniform(Stream::named(id), 0, 0, 0);
        let parameters: Vec<f64> =
            scenario.parameters.iter().map(|parameter| parameter.draw(draw(&parameter.id), 0)).collect();
        let (mut plain, mut same) = (History::default(), History::default());
        engine.simulate(1, number, &parameters, &mut workspace, &mut plain);
        let hearings = engine.hearings(1, number, &parameters, &mut workspace, &mut same);
        assert_eq!(plain.events, same.events, "to overhear changes nothing");
        assert_eq!(hearings.len(), 3, "two members and the street");
        for hearing in &hearings {
            let end = f64::from(*hearing.belief.last().unwrap());
            assert!((hearing.framing + hearing.voices.iter().sum::<f64>() - end).abs() < 1e-5);
            told += u32::from(hearing.framing > 0.0);
        }
        assert_eq!(hearings[0].voices, [0.0, 0.0], "Ordmark trusts nobody");
    }
    assert!(told > 60);
}
