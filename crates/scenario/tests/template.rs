//! The template is a whole scenario: it loads, what it declares is what its files say, and policies change only that.
#![allow(clippy::unwrap_used)]

use equipoise_models::treaty::{Ballot, Rule};
use equipoise_scenario::chronicle::{EventKind, Subject};
use equipoise_scenario::scenario::{Action, Basis, Measure, Scenario, Scope};
use equipoise_scenario::{load_files, template};

fn load(files: Vec<(String, String)>) -> Scenario {
    load_files("new", files).unwrap_or_else(|mistakes| panic!("{mistakes}"))
}

fn changed(path: &str, old: &str, new: &str) -> Scenario {
    let mut files = template("new");
    let text = &mut files.iter_mut().find(|(file, _)| file == path).unwrap().1;
    assert!(text.contains(old));
    *text = text.replace(old, new);
    load(files)
}

fn parameter(scenario: &Scenario, id: &str) -> usize {
    scenario.parameters.iter().position(|parameter| parameter.id == id).unwrap()
}

#[test]
fn the_template_loads_without_a_mistake_whatever_its_name() {
    for name in ["my-crisis", "Ärger \"im\" Land\\", ""] {
        let scenario = load(template(name));
        assert_eq!((scenario.places.len(), scenario.decisions.len(), scenario.days), (3, 3, 92));
    }
}

#[test]
fn every_parameter_can_be_drawn_under_every_account_within_its_bounds() {
    let scenario = load(template("new"));
    for parameter in &scenario.parameters {
        let [low, high] = match &parameter.basis {
            Basis::Evidenced { bounds, .. } => *bounds,
            Basis::Assumption { range, .. } => *range,
        };
        for account in 0..scenario.evidence.accounts.len() {
            for step in 0..=20 {
                let value = parameter.draw(f64::from(step) / 20.0, account);
                assert!((low..=high).contains(&value), "{} {value}", parameter.id);
            }
        }
    }
}

#[test]
fn accounts_choose_between_claims_that_conflict() {
    let scenario = load(template("new"));
    let foreign = &scenario.parameters[parameter(&scenario, "foreign_share")];
    assert_eq!(foreign.draw(0.5, 0), 0.0);
    assert_eq!(foreign.draw(0.5, 1), 0.75);
    let conflicts = scenario.evidence.conflicts();
    let groups: Vec<&str> = conflicts.iter().map(|conflict| conflict.group.as_str()).collect();
    assert_eq!(groups, ["origin", "who-decides"]);
    assert!(conflicts.iter().all(|conflict| conflict.sides.len() == 2));
}

#[test]
fn a_parameter_can_be_followed_to_the_paragraph() {
    let scenario = load(template("new"));
    let chain = scenario.chain(parameter(&scenario, "price_after")).unwrap();
    let claims = &chain.accounts[0].claims;
    assert_eq!(claims.iter().map(|link| link.claim.as_str()).collect::<Vec<_>>(), ["T01", "T02"]);
    assert_eq!((claims[1].interval, claims[1].weight), ([2.0, 4.0], 0.5));
    assert_eq!((claims[1].outlet.as_str(), claims[1].paragraph.as_str()), ("Ordmark Herald", "2"));
    assert_eq!(claims[1].attribution, ["Ordmark Herald", "traders"]);
    assert_eq!(scenario.chain(parameter(&scenario, "latency")), None);
    assert!(scenario.unused_claims().is_empty());
}

#[test]
fn members_are_asked_from_their_own_standpoint() {
    let scenario = load(template("new"));
    let treaty = &scenario.treaties[0];
    assert_eq!(treaty.facts[0].len(), treaty.members.len());
    assert_ne!(treaty.facts[0][0].reads(), treaty.facts[0][1].reads());
    assert_eq!((treaty.lead, treaty.members.len()), (Some(0), 2));
    assert_eq!(treaty.members[0].stakes.interest.source(), "1");
    assert_eq!(treaty.members[0].stakes.relation.source(), "0");
    assert_eq!(treaty.weights[3], None);
}

#[test]
fn words_of_events_and_scopes_mean_what_they_say() {
    let scenario = load(template("new"));
    let Measure::First { event } = &scenario.outcomes[1].measure else { panic!() };
    assert_eq!((event.kind, event.subject), (EventKind::Requested, Some(Subject::Treaty(0))));
    let Action::Price { scope, .. } = &scenario.shocks[0].actions[0] else { panic!() };
    assert_eq!(*scope, Scope::Country);
    let scenario = changed("scenario.toml", "happens = \"troops_arrive\"", "happens = \"request_help.ask\"");
    let Measure::Happens { event } = &scenario.outcomes[0].measure else { panic!() };
    assert_eq!((event.kind, event.subject), (EventKind::Choice, Some(Subject::Option(1, 0))));
    let scenario = changed("scenario.toml", "scope = \"disorder\"", "scope = [\"north-haven\", \"vell\"]");
    let Action::Emergency { scope } = &scenario.decisions[0].options[0].actions[0] else { panic!() };
    assert_eq!(*scope, Scope::Places(vec![1, 0]));
}

#[test]
fn a_weighted_rule_has_the_threshold_of_the_text() {
    let scenario = changed("treaties/marches.toml", "rule = \"consensus\"", "rule = { weighted = 0.6 }");
    assert_eq!(scenario.treaties[0].text.rule, Rule::Weighted { threshold_share: 0.6 });
}

#[test]
fn a_request_is_judged_by_the_text_in_force_that_day() {
    let later = "strength = 3                        # 0 not at all, 3 a duty\nwords = \"An attack on one is answered by all.\"\n\n[[clauses.defence.versions]]\nsigned = 2020-01-01\nfrom = 2021-01-01\ntrigger = \"1\"\nstrength = 1\nwords = \"x\"";
    let old = "strength = 3                        # 0 not at all, 3 a duty\nwords = \"An attack on one is answered by all.\"";
    let text = changed("treaties/marches.toml", old, later).treaties[0].text.clone();
    let help = |year, attack| text.carry(jiff::civil::date(year, 6, 1), "VAR", &[attack]).help;
    assert_eq!(help(2011, 0.5), 0.5);
    assert_eq!((help(2010, 1.0), help(2020, 0.0)), (0.0, 0.0));
    assert_eq!(help(2022, 0.0), 1.0 / 3.0);
}

#[test]
fn a_policy_can_bind_ballots() {
    let old = "changes = [{ forbid = \"request_help.ask\" }]";
    let new = "changes = [{ ballot = \"no\", treaty = \"MARCHES\", member = \"LIS\" }]";
    let scenario = changed("scenario.toml", old, new).with_policy("no-request").unwrap();
    let bound: Vec<_> = scenario.treaties[0].members.iter().map(|member| member.bound).collect();
    assert_eq!(bound, [None, Some(Ballot::No)]);
}

#[test]
fn a_policy_changes_what_it_says_and_leaves_every_index_alone() {
    let scenario = load(template("new"));
    let policy = scenario.with_policy("late-and-alone").unwrap();
    assert!(policy.decisions[1].options[0].forbidden && !scenario.decisions[1].options[0].forbidden);
    assert_eq!(policy.shocks[0].date.to_string(), "2030-04-10");
    assert_eq!((policy.decisions[1].options.len(), policy.shocks.len()), (2, 1));

    let change = "changes = [{ parameter = \"latency\", range = [1, 2], reason = \"r\" }, { cancel = \"subsidy_ends\" }]";
    let scenario = changed("scenario.toml", "changes = [{ forbid = \"request_help.ask\" }]", change);
    let policy = scenario.with_policy("no-request").unwrap();
    assert!(policy.shocks[0].cancelled);
    assert_eq!(policy.parameters[parameter(&policy, "latency")].draw(0.5, 0), 1.5);

    let unknown = scenario.with_policy("no-reqest").unwrap_err();
    assert_eq!(unknown.suggestion.as_deref(), Some("no-request"));
}

#[test]
fn a_word_of_a_category_can_be_a_yes_no() {
    let mut files = template("new");
    let mut append = |path: &str, more: &str| {
        files.iter_mut().find(|(file, _)| file == path).unwrap().1.push_str(more);
    };
    append("subjects.csv", "colour,category,,Colour of the flags\n");
    append("claims.csv", "T10,colour,red,,,,,,,,Varnian Courier,asserted,courier-2030-03-14,9,,Red flags.\n");
    append("claims.csv", "T11,colour,blue,,,,,,,,Ordmark Herald,reported,herald-2030-03-15,9,,Blue flags.\n");
    append(
        "scenario.toml",
        "\n[parameters.red]\ntitle = \"Red flags\"\nunit = \"yes_no\"\nsubject = \"colour\"\ncategory = \"red\"\n",
    );
    let scenario = load(files);
    let red = &scenario.parameters[parameter(&scenario, "red")];
    assert_eq!((red.draw(0.4, 0), red.draw(0.6, 0)), (0.0, 1.0));
}

#[test]
fn the_checksum_sees_every_file_but_those_for_people() {
    let mut other = template("new");
    other.retain(|(path, _)| path != "README.md");
    assert_eq!(load(template("new")).hash, load(other).hash);
    assert_ne!(load(template("new")).hash, load(template("newer")).hash);
    assert_eq!(load(template("new")).hash.len(), 64);
}

#[test]
fn a_policy_may_have_a_file_of_its_own() {
    let mut with_file = template("new");
    let text = "title = \"Alone\"\nincludes = [\"no-request\"]\n";
    with_file.push(("policies/alone.toml".to_owned(), text.into()));
    let scenario = load(with_file.clone());
    let of = |id: &str| scenario.policies.iter().find(|policy| policy.id == id).unwrap();
    assert_eq!(of("alone").title, "Alone");
    assert_eq!(of("alone").changes.len(), of("no-request").changes.len());

    for (path, text, found) in [
        ("policies/no-request.toml", "title = \"Twice\"", "appears twice"),
        ("policies/Big.toml", "title = \"Big\"", "cannot be the id"),
        ("policies/list.csv", "title", "this is no policy"),
        ("policies/bare.toml", "", "`title` is missing"),
    ] {
        let mut wrong = template("new");
        wrong.push((path.to_owned(), text.into()));
        let mistakes = load_files("new", wrong).unwrap_err().to_string();
        assert!(mistakes.contains(path) && mistakes.contains(found), "{mistakes}");
    }
}
