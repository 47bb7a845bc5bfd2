//! Each mistake in a treaty, in what binds it to a scenario, or in a case brings one clear message at its line.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::PathBuf;

use equipoise_scenario::treaty::{read_case, read_treaty};
use equipoise_scenario::{Diagnostic, Diagnostics, load_files, template};

const TREATY: &str = "treaties/marches.toml";

fn changed(path: &str, old: &str, new: &str) -> Vec<(String, String)> {
    let mut files = template("broken");
    let text = &mut files.iter_mut().find(|(file, _)| file == path).unwrap().1;
    assert_eq!(text.matches(old).count(), 1, "`{old}` must stand once in {path}");
    *text = text.replace(old, new);
    files
}

fn only(found: Diagnostics) -> Diagnostic {
    assert_eq!(found.len(), 1, "{found}");
    found.list[0].clone()
}

/// The one mistake when a scenario's file is changed: its message.
fn message(path: &str, old: &str, new: &str) -> String {
    let found = only(load_files("broken", changed(path, old, new)).map(|_| ()).unwrap_err());
    assert!(found.line > 0 && (found.expected.is_some() || found.suggestion.is_some()), "{found}");
    found.message
}

#[test]
fn a_clause_without_a_trigger() {
    let found = message(TREATY, "trigger = \"armed_attack\"\n", "");
    assert_eq!(found, "the clause `defence` has no trigger: nothing says when it applies");
}

#[test]
fn a_trigger_reads_facts_of_the_treaty_only() {
    let found = message(TREATY, "trigger = \"armed_attack\"", "trigger = \"troops_arrive\"");
    assert!(found.contains("troops_arrive"), "{found}");
}

#[test]
fn a_rule_that_names_no_decider() {
    let found = only(
        load_files("broken", changed(TREATY, "lead = \"ORD\"\nrule = \"consensus\"", "rule = \"lead\""))
            .map(|_| ())
            .unwrap_err(),
    );
    assert_eq!(found.message, "the rule names no decider: the treaty has no lead");
    let all = "[members.VAR]\n[members.ORD]\n[members.LIS]\n";
    let weightless = all.replace("]\n", "]\nweight = 0\n");
    let mut files = changed(TREATY, "\"consensus\"", "{ weighted = 0.6 }");
    let text = &mut files.iter_mut().find(|(file, _)| file == TREATY).unwrap().1;
    *text = text.replace(all, &weightless);
    let found = only(load_files("broken", files).map(|_| ()).unwrap_err());
    assert_eq!(found.message, "the rule names no decider: no member has any weight");
    assert!(message(TREATY, "\"consensus\"", "{ weighted = 1.6 }").contains("1.6"));
}

#[test]
fn a_member_that_is_no_actor() {
    let found =
        load_files("broken", changed(TREATY, "[members.LIS]", "[members.LSI]")).map(|_| ()).unwrap_err();
    assert!(found.list.iter().any(|d| d.message == "`LIS` is no member of MARCHES on 2030-03-01"), "{found}");
    let nobody =
        changed("scenario.toml", "[alliances.MARCHES.members.LIS]", "[alliances.MARCHES.members.Lissabon]");
    let found = load_files("broken", nobody).map(|_| ()).unwrap_err();
    assert!(found.list.iter().any(|d| d.message == "there is no actor `Lissabon`" && d.line > 0), "{found}");
}

#[test]
fn a_treaty_in_force_before_it_is_signed() {
    let found = message(TREATY, "from = 2011-06-01", "from = 2011-05-03");
    assert_eq!(found, "`defence` is in force on 2011-05-03, before it was signed on 2011-05-04");
}

#[test]
fn two_wordings_on_one_day() {
    let second = "[[clauses.defence.versions]]\nsigned = 2011-06-01\nfrom = 2011-06-01\ntrigger = \"1\"\nstrength = 1\nwords = \"x\"\n\n[members.VAR]";
    let found = message(TREATY, "[members.VAR]", second);
    assert_eq!(found, "two wordings of `defence` come into force on 2011-06-01");
}

#[test]
fn a_pledge_above_capacity() {
    let found = message(
        "scenario.toml",
        "contingent = \"contingent_ordmark\"",
        "contingent = \"contingent_ordmark\"\nforces = \"contingent_lisse\"",
    );
    assert_eq!(found, "the pledge `contingent_ordmark` of at least 1000 is above the forces there are");
}

#[test]
fn a_ratification_threshold_above_the_chamber() {
    let chamber = "contingent = \"contingent_lisse\"\nratification = { seats = \"seats\", votes_needed = \"needed\", quorum = \"seats\", attendance = \"interest\", support = \"interest\", ballots = \"interest\" }\n";
    let mut files = changed("scenario.toml", "contingent = \"contingent_lisse\"\n", chamber);
    let text = &mut files.iter_mut().find(|(file, _)| file == "scenario.toml").unwrap().1;
    text.push_str(
        "\n[parameters.seats]\ntitle = \"s\"\nunit = \"number\"\nrange = [90, 90]\nreason = \"r\"\n\n[parameters.needed]\ntitle = \"n\"\nunit = \"number\"\nrange = [91, 95]\nreason = \"r\"\n",
    );
    let found = only(load_files("broken", files).map(|_| ()).unwrap_err());
    assert_eq!(found.message, "votes needed: at least 91, more than the chamber has seats");
    assert_eq!(found.expected.as_deref(), Some("at most 90"));
}

#[test]
fn a_procedure_with_no_way_out() {
    let circle = "[procedure.talk]\nkind = \"consultation\"\nhours = [1, 2]\ndone = \"vote\"\nfailed = \"vote\"\nreason = \"r\"\n\n[procedure.vote]\nkind = \"vote\"\nhours = [1, 2]\ndone = \"talk\"\nfailed = \"talk\"\nreason = \"r\"\n\n[members.VAR]";
    let found = message(TREATY, "[members.VAR]", circle);
    assert_eq!(found, "the procedure has no way out of the stage `talk`");
    assert!(
        load_files(
            "x",
            changed(TREATY, "[members.VAR]", &circle.replace("reason", "limit_hours = 3\nreason"))
        )
        .is_ok()
    );
    let found = message(TREATY, "[members.VAR]", &circle.replacen("done = \"vote\"", "done = \"vtoe\"", 1));
    assert_eq!(found, "there is neither a stage nor an end `vtoe`");
}

#[test]
fn a_treaty_that_nothing_binds_and_a_stake_that_nothing_weighs() {
    let unweighed = changed("scenario.toml", "home = \"cost_at_home\", ", "");
    let found = load_files("broken", unweighed).map(|_| ()).unwrap_err();
    let told: Vec<&str> = found.list.iter().map(|mistake| mistake.message.as_str()).collect();
    assert_eq!(told, ["the stake `home` of `ORD` has no weight", "the stake `home` of `LIS` has no weight"]);
}

fn in_folder(name: &str, text: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("equipoise-treaty-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join(name);
    fs::write(&path, text).unwrap();
    path
}

#[test]
fn a_case_says_everything_its_treaty_asks_and_nothing_else() {
    let treaty = template("x").into_iter().find(|(path, _)| path == TREATY).unwrap().1;
    let text = read_treaty(&in_folder("marches.toml", &treaty)).unwrap();
    let good = "title = \"t\"\ntreaty = \"MARCHES\"\ndate = 2020-01-01\nrequester = \"VAR\"\nsources = [\"s\"]\n\n[facts]\narmed_attack = [0.2, 0.6]\n\n[beliefs.ORD]\narmed_attack = true\n\n[stakes.default]\ninterest = 0.5\n";
    let case = read_case(&in_folder("good.toml", good), &text).unwrap();
    assert_eq!((case.members.len(), case.lead), (2, Some(0)));
    assert_eq!(case.members[0].beliefs, [[1.0, 1.0]]);
    assert_eq!((case.members[1].beliefs[0], case.members[1].stakes[0]), ([0.2, 0.6], [0.5, 0.5]));
    let says = |name: &str, old: &str, new: &str, message: &str| {
        assert!(good.contains(old));
        let found = only(read_case(&in_folder(name, &good.replace(old, new)), &text).unwrap_err());
        assert_eq!(found.message, message);
    };
    says("a.toml", "[0.2, 0.6]", "[0.2, 1.6]", "`armed_attack` is 0.2 to 1.6");
    says("b.toml", "armed_attack = [0.2, 0.6]", "", "the fact `armed_attack` is missing");
    says("c.toml", "[stakes.default]", "[stakes.LSI]", "`LSI` is no member of MARCHES");
    says("d.toml", "\"MARCHES\"", "\"OTHER\"", "the case is about the treaty `OTHER`");
    let missing = read_treaty(std::path::Path::new("no/such/treaty.toml")).unwrap_err();
    assert!(only(missing).message.contains("cannot read this file"));
}

const CLAUSE_AREA: &str = "area = \"members\" ";
const LATENCY: &str = "latency_hours = \"latency\"";

#[test]
fn an_area_names_members_and_territories_there_are() {
    let found = only(
        load_files("broken", changed(TREATY, CLAUSE_AREA, "area = \"membrs\" ")).map(|_| ()).unwrap_err(),
    );
    assert_eq!(found.message, "the treaty has no area `membrs`");
    assert_eq!(found.suggestion.as_deref(), Some("members"));
    let area = |covers: &str| {
        let area = format!(
            "[territories.isle]\ntitle = \"The isle\"\nof = \"LIS\"\n\n[areas.north]\ntitle = \"The north\"\ncovers = {covers}\n\n[members.VAR]\n"
        );
        changed(TREATY, "[members.VAR]\n", &area)
    };
    assert!(load_files("sound", area("[\"VAR\", \"isle\"]")).is_ok());
    let found = only(load_files("broken", area("[\"VRA\", \"isle\"]")).map(|_| ()).unwrap_err());
    assert_eq!(found.message, "`VRA` is neither a member nor a territory");
    assert_eq!(found.suggestion.as_deref(), Some("VAR"));
    let found = only(load_files("broken", area("[]")).map(|_| ()).unwrap_err());
    assert_eq!(found.message, "the area `north` covers nothing");
    let held = message(
        TREATY,
        "[members.VAR]\n",
        "[territories.isle]\ntitle = \"t\"\nof = \"LSI\"\n\n[members.VAR]\n",
    );
    assert_eq!(held, "the territory `isle` belongs to `LSI`, which is no member");
    let named = message(TREATY, "[members.VAR]\n", "[territories.LIS]\ntitle = \"t\"\n\n[members.VAR]\n");
    assert_eq!(named, "the territory `LIS` has the name of a member");
    let place = message("scenario.toml", LATENCY, "latency_hours = \"latency\"\nplace = \"VRA\"");
    assert_eq!(place, "MARCHES knows no place `VRA`");
}

#[test]
fn a_clause_does_not_hold_outside_its_area() {
    let treaty = template("x").into_iter().find(|(path, _)| path == TREATY).unwrap().1;
    let with = "[territories.isle]\ntitle = \"The isle\"\nof = \"LIS\"\n\n[territories.colony]\ntitle = \"The colony\"\nof = \"LIS\"\n\n[areas.north]\ntitle = \"The north\"\ncovers = [\"VAR\", \"isle\"]\n\n[members.VAR]\n";
    let of = |area: &str, until: &str| {
        let treaty = treaty
            .replace("[members.VAR]\n", with)
            .replace(CLAUSE_AREA, area)
            .replace("[members.LIS]\n", &format!("[members.LIS]\n{until}"));
        read_treaty(&in_folder(&format!("area-{}.toml", area.len() + until.len()), &treaty)).unwrap()
    };
    let day = jiff::civil::date(2020, 6, 1);
    let covered = |area: &str, until: &str, place: &str| {
        let carried = of(area, until).carry(day, place, &[1.0]);
        assert_eq!(
            carried.tests[0].in_area,
            carried.help > 0.0,
            "a clear case is met wherever the clause holds"
        );
        assert_eq!(carried.help, carried.tests[0].degree);
        carried.help
    };
    let (north, everywhere) = ("area = \"north\" ", "");
    assert_eq!(covered(north, "", "VAR"), 1.0);
    assert_eq!(covered(north, "", "isle"), 1.0);
    assert_eq!(covered(north, "", "colony"), 0.0, "a member's territory outside the area");
    assert_eq!(covered(north, "", "ORD"), 0.0, "a member outside the area");
    assert_eq!(covered(north, "until = 2019-01-01\n", "isle"), 0.0, "its member has left");
    assert_eq!(covered(CLAUSE_AREA, "", "ORD"), 1.0);
    assert_eq!(covered(CLAUSE_AREA, "", "isle"), 0.0, "no member by itself");
    assert_eq!(covered(CLAUSE_AREA, "", "elsewhere"), 0.0);
    assert_eq!(covered(everywhere, "", "elsewhere"), 1.0);
}

/// The template with a voice and parameters it may use.
fn with_voice(voice: &str) -> Vec<(String, String)> {
    let text = format!(
        "latency_hours = \"latency\"\nplace = \"VAR\"\nvoices = {{ press = {{ title = \"The press\", {voice} }} }}"
    );
    let mut files = changed("scenario.toml", LATENCY, &text);
    let declared = &mut files.iter_mut().find(|(path, _)| path == "scenario.toml").unwrap().1;
    let trust = |id: &str, low: f64, high: f64| {
        format!(
            "\n[parameters.{id}]\ntitle = \"x\"\nunit = \"1 / days\"\nrange = [{low}, {high}]\nreason = \"r\"\n"
        )
    };
    *declared += &(trust("some", 0.0, 0.5) + &trust("double", 0.0, 2.0));
    files
}

#[test]
fn a_voice_says_one_thing_to_somebody() {
    let sound = load_files(
        "sound",
        with_voice("account = \"from-abroad\", on = \"foreign_share\", trust = \"some\""),
    );
    let sound = sound.unwrap_or_else(|mistakes| panic!("{mistakes}"));
    assert_eq!(sound.treaties[0].voices[0].trust.len(), 2);
    let of = |voice: &str| only(load_files("broken", with_voice(voice)).map(|_| ()).unwrap_err());
    let says = "says = \"foreign_share\"";
    assert_eq!(of("trust = \"some\"").message, "the voice `press` must say one thing");
    assert_eq!(
        of(&format!("{says}, on = \"foreign_share\", trust = \"some\"")).message,
        "the voice `press` must say one thing"
    );
    assert_eq!(of(says).message, "nobody hears the voice `press`");
    assert_eq!(of(&format!("{says}, trust = \"double\"")).message, "the trust `double` can be from 0 to 2");
    let unheard = of(&format!("{says}, hearers = {{ VAR = \"some\" }}"));
    assert_eq!(unheard.message, "`VAR` neither votes nor is in the audience");
    assert_eq!(
        of("account = \"from-abraod\", on = \"foreign_share\", trust = \"some\"").suggestion.as_deref(),
        Some("from-abroad")
    );
    let assumed = of("account = \"from-abroad\", on = \"interest\", trust = \"some\"");
    assert_eq!(assumed.message, "`interest` is an assumption: no account says anything on it");
}

#[test]
fn limits_of_pledges_leave_time() {
    let limit = |id: &str, low: f64, high: f64| {
        format!(
            "\n[parameters.{id}]\ntitle = \"x\"\nunit = \"days\"\nrange = [{low}, {high}]\nreason = \"r\"\n"
        )
    };
    let with = |binding: &str, rule: &str| {
        let mut files = changed("scenario.toml", LATENCY, &format!("latency_hours = \"latency\"\n{binding}"));
        let declared = &mut files.iter_mut().find(|(path, _)| path == "scenario.toml").unwrap().1;
        let contingent = "contingent = \"contingent_lisse\"";
        let text = declared.replace(contingent, &format!("{contingent}\n{rule}"));
        let number =
            "\n[parameters.some]\ntitle = \"x\"\nunit = \"number\"\nrange = [1, 1]\nreason = \"r\"\n";
        *declared =
            text + &limit("past", -1.0, 2.0) + &limit("short", 1.0, 3.0) + &limit("long", 5.0, 9.0) + number;
        load_files("broken", files).map(|_| ())
    };
    let rule = |limit: &str| {
        format!(
            "ratification = {{ seats = \"some\", votes_needed = \"some\", quorum = \"some\", attendance = \"some\", support = \"some\", ballots = \"some\", limit_days = \"{limit}\" }}"
        )
    };
    assert!(with("arrival_limit_days = \"long\"\nmandate_limit_days = \"short\"", &rule("short")).is_ok());
    let below = only(with("arrival_limit_days = \"past\"", "").unwrap_err());
    assert_eq!(below.message, "the limit `past` can be -1 days");
    let late = only(with("arrival_limit_days = \"short\"", &rule("long")).unwrap_err());
    assert_eq!(late.message, "`long` leaves 5 days to consent, more than there are to arrive");
    let unknown = only(with("mandate_limit_days = \"shrt\"", "").unwrap_err());
    assert_eq!(unknown.suggestion.as_deref(), Some("short"));
}

#[test]
fn a_case_happens_where_its_treaty_knows_of() {
    let treaty = template("x").into_iter().find(|(path, _)| path == TREATY).unwrap().1;
    let text = read_treaty(&in_folder("place.toml", &treaty)).unwrap();
    let case = |place: &str| {
        format!(
            "title = \"t\"\ntreaty = \"MARCHES\"\ndate = 2020-01-01\nrequester = \"VAR\"\n{place}sources = [\"s\"]\n\n[facts]\narmed_attack = 1.0\n\n[stakes.default]\n"
        )
    };
    assert_eq!(read_case(&in_folder("at-home.toml", &case("")), &text).unwrap().place, "VAR");
    let found = only(read_case(&in_folder("nowhere.toml", &case("place = \"LSI\"\n")), &text).unwrap_err());
    assert_eq!(
        (found.message.as_str(), found.suggestion.as_deref()),
        ("MARCHES knows no place `LSI`", Some("LIS"))
    );
}
